"""A Python kernel forked from a process which has the libraries already: it starts without their two seconds.

`serving(folder, environment)` keeps that process and gives the environment in which Jupyter finds its kernel under
the name python3.
Each kernel is a process of its own, with the folder, environment and streams of whoever asked for it; only imports are
shared. The program that Jupyter starts, sees and ends is `python warm_kernel.py SOCKET -f CONNECTION_FILE`: it asks for
the fork, passes interrupts on, and lives as long as the kernel; if it is ended, the kernel ends itself.
"""

import contextlib
import json
import os
import signal
import socket
import sys

COURSE = ("checks", "data", "labs", "losses", "metrics", "models", "plotting", "training", "widgets")
LIBRARIES = ("matplotlib.pyplot", "scipy.stats", "sklearn.datasets", "sklearn.decomposition", "sklearn.mixture")
WARM = ("torch", "torch._dynamo", *LIBRARIES, *(f"course_utils.{room}" for room in COURSE))


@contextlib.contextmanager
def serving(folder, environment):
    """Keep the warm process while the block runs; yields the environment in which Jupyter uses it."""
    import subprocess
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as short:  # a socket's path has at most 107 letters
        path, spec = f"{short}/s", Path(folder, "warm", "kernels", "python3")
        spec.mkdir(parents=True)
        command = [sys.executable, "-I", "-S", __file__, path, "-f", "{connection_file}"]
        spec.joinpath("kernel.json").write_text(
            json.dumps({"argv": command, "display_name": "Python 3", "language": "python"})
        )
        with subprocess.Popen(
            [sys.executable, __file__, path], stdout=subprocess.PIPE, cwd=folder, env=environment
        ) as server:
            try:
                assert server.stdout.readline() == b"ready\n", "the process with the libraries did not start"
                yield environment | {"JUPYTER_PATH": str(Path(folder, "warm"))}
            finally:
                server.kill()


def serve(path):
    """Import the libraries, then fork a kernel for each connection until ended."""
    import gc
    import importlib

    from ipykernel.kernelapp import IPKernelApp

    for name in WARM:
        importlib.import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(path)
        door.listen()
        print("ready", flush=True)
        while True:
            caller, _ = door.accept()
            gc.freeze()
            if os.fork() == 0:
                door.close()
                _become(caller, IPKernelApp)
            caller.close()


def _become(caller, application):
    """In the fork: take over the caller's streams, folder and environment, and be its kernel."""
    import random
    import threading

    import numpy as np

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    said, streams, *_ = socket.recv_fds(caller, 1 << 20, 3)
    asked = json.loads(said)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.setsid()
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    sys.path[0] = ""
    random.seed()
    np.random.seed()  # noqa: NPY002  (what a learner's code may use must differ from fork to fork)
    caller.sendall(str(os.getpid()).encode())
    threading.Thread(target=lambda: (caller.recv(1), os._exit(1)), daemon=True).start()
    sys.argv = ["ipykernel_launcher", *asked["arguments"]]
    application.launch_instance()
    os._exit(0)


def ask(path, *arguments):
    """Ask the warm process for a kernel, and stay until it has ended."""
    with socket.socket(socket.AF_UNIX) as door:
        door.connect(path)
        told = {"folder": os.getcwd(), "environment": dict(os.environ), "arguments": arguments}
        socket.send_fds(door, [json.dumps(told).encode()], [0, 1, 2])
        kernel = int(door.recv(32))
        signal.signal(signal.SIGINT, lambda *_: os.kill(kernel, signal.SIGINT))
        while door.recv(1):
            pass


if __name__ == "__main__":
    ask(*sys.argv[1:]) if sys.argv[2:] else serve(sys.argv[1])
