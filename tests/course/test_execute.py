"""Executing a notebook headless: what is measured, what is refused, and that the file is never written."""

import sys

import nbformat
import pytest

from course_utils.jupyter import execute as module
from course_utils.jupyter.execute import execute, main

OFFLINE = """
import http.server, socket, subprocess, sys, threading, urllib.request

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
threading.Thread(target=server.serve_forever, daemon=True).start()
assert urllib.request.urlopen(f"http://localhost:{server.server_port}").status == 200

def refused(action, *arguments):
    try:
        action(*arguments)
    except OSError as error:
        return "blocked while a lecture is executed" in str(error)

udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
assert refused(socket.create_connection, ("192.0.2.1", 80), 1)
assert refused(socket.getaddrinfo, "example.org", 80)
assert refused(socket.gethostbyname, "example.org")
assert refused(udp.sendto, b"x", ("192.0.2.1", 53))
assert refused(udp.connect, ("192.0.2.1", 53))

child = "import socket; socket.create_connection(('192.0.2.1', 80), 1)"
result = subprocess.run([sys.executable, "-c", child], capture_output=True, text=True)
assert "blocked while a lecture is executed" in result.stderr
"""
BIG_CHILD = """
import subprocess, sys
block = b"x" * 200_000_000
child = subprocess.run([sys.executable, "-c", "block = b'x' * 300_000_000; import time; time.sleep(0.5)"])
"""
BRIEF_PEAK = "block = b'x' * 400_000_000; del block"


@pytest.fixture
def write(tmp_path):
    def write(name, *sources):
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        path = tmp_path / f"{name}.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
        return path

    return write


def test_only_this_machine_can_be_reached(write):
    path = write("offline", OFFLINE, "import os; open('here', 'w').close(); 6 * 7")
    before = path.read_bytes()
    result = execute(path, timeout=60)
    assert result.passed, result.error
    assert (path.parent / "here").exists()  # it runs in the notebook's folder
    assert result.notebook.cells[1].outputs[0].data["text/plain"] == "42"
    assert path.read_bytes() == before


def test_the_block_can_be_left_out(write):
    block = "import sys; print('offline' in getattr(sys.modules.get('sitecustomize'), '__file__', ''))"
    assert execute(write("online", block), timeout=60, offline=False).notebook.cells[0].outputs[0].text == "False\n"


def test_peak_memory_counts_children_and_brief_peaks(write):
    assert 500 < execute(write("child", BIG_CHILD), timeout=60).peak_mb < 800
    if sys.platform == "linux":
        assert 400 < execute(write("brief", BRIEF_PEAK), timeout=60).peak_mb < 600


@pytest.mark.parametrize(
    ("sources", "timeout", "error"),
    [
        (["1 + 1", "1 / 0", "open('after', 'w')"], 60, "cell 2: ZeroDivisionError: division by zero"),
        (["import time; time.sleep(60)"], 2, "cell 1: TimeoutError"),
        (["import os; os._exit(1)"], 60, "cell 1: DeadKernelError"),
    ],
)
def test_says_what_stopped_a_notebook(write, sources, timeout, error):
    result = execute(write("failing", *sources), timeout=timeout)
    assert not result.passed and result.error.startswith(error)
    assert not (result.path.parent / "after").exists()


def test_the_table_and_the_exit_status(write, monkeypatch, capsys):
    def pretend(path, timeout, **_):
        return module.Result(path, 12.34, 567.8, "cell 3: E: why" if "bad" in path.name else None, None)

    monkeypatch.setattr(module, "execute", pretend)
    good, bad = str(write("good")), str(write("bad"))
    assert main([good]) == 0
    assert main([good, bad]) == 1
    rows = capsys.readouterr().out.splitlines()
    assert rows[0].split() == ["notebook", "seconds", "peak", "MB", "result"]
    assert rows[1].split() == [good, "12.3", "568", "pass"]
    assert rows[-1].split()[1:] == ["12.3", "568", "FAIL", "cell", "3:", "E:", "why"]


def test_no_lecture_is_a_failure(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main([]) == 1
