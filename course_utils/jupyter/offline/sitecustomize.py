"""Python imports this file at its start when this folder is on PYTHONPATH: only this machine can then be reached.

`jupyter.execute` sets that for the kernel (child processes inherit it), so a lecture that needs the network fails.
The block is an audit hook: it sees each look-up and each connection, whoever makes it, and cannot be taken away again.
"""

import errno
import sys

_LOOK_UPS = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}  # (host, ...)
_SENDS = {"socket.connect", "socket.sendto", "socket.sendmsg"}  # (socket, address)


def _is_local(host: object) -> bool:
    name = host.decode(errors="replace") if isinstance(host, bytes) else host
    return name in (None, "", "localhost", "::1") or (isinstance(name, str) and name.startswith("127."))


def _refuse_outside(event: str, args: tuple) -> None:
    if event in _LOOK_UPS:
        host = args[0]
    elif event in _SENDS and isinstance(args[1], tuple):  # the address of a Unix socket is no tuple
        host = args[1][0]
    else:
        return
    if not _is_local(host):
        raise OSError(errno.ENETUNREACH, f"the network is blocked while a lecture is executed: {host}")


sys.addaudithook(_refuse_outside)
