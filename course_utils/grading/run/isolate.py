"""What a submission's process does to itself before it runs a line of the learner's: namespaces, limits, no rights.

Linux only, by the C library's own calls. The nursery prepares the process-id namespace (it counts for children only);
the child does the rest, then gives up every capability.
"""

import ctypes
import errno
import os
import platform
import resource
import signal
import struct

NEWNS, NEWIPC, NEWPID = 0x00020000, 0x08000000, 0x20000000
PRIVATE, NOSUID_NODEV, BIND = 0x40000 | 0x4000, 0x2 | 0x4, 0x1000 | 0x4000
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
CAPABILITIES_V3 = 0x20080522
# The kernel's name of the machine, and its numbers of the calls that take memory which belongs to no process:
# memfd_create, memfd_secret, shmget (linux/audit.h, asm/unistd.h).
UNOWNED_MEMORY = {"x86_64": (0xC000003E, (319, 447, 29)), "aarch64": (0xC00000B7, (279, 447, 194))}
LOAD, EQUAL, AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06  # instructions of the kernel's packet filter
ALLOW, REFUSE, OTHER_ABI = 0x7FFF0000, 0x00050000 | errno.ENOSYS, 0x40000000

_libc = ctypes.CDLL(None, use_errno=True)


def _call(name: str, *arguments: object) -> None:
    if getattr(_libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def hide() -> None:
    """Let no other process read or trace this one."""
    _call("prctl", PR_SET_DUMPABLE, 0, 0, 0, 0)


def die_with_parent() -> None:
    """End this process when the one that started it ends."""
    _call("prctl", PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def next_child_in_new_pid_namespace(own: int) -> None:
    """Make the next fork the first process of a new namespace. `own`: an open file of this process's namespace."""
    _call("setns", own, NEWPID)  # the last one ended with its first process
    _call("unshare", NEWPID)


def private_folders(megabytes: int, keep: list[str]) -> None:
    """Give this process its own empty /tmp and /dev/shm, a /proc of its own namespace, and its own shared memory.

    keep: folders below /tmp that stay visible (an environment that was installed there).
    """
    _call("unshare", NEWNS | NEWIPC)
    _call("mount", b"none", b"/", None, PRIVATE, None)
    kept = {folder: os.open(folder, os.O_PATH) for folder in keep}
    size = f"size={megabytes}m".encode()
    _call("mount", b"tmpfs", b"/tmp", b"tmpfs", NOSUID_NODEV, size)
    _call("mount", b"tmpfs", b"/dev/shm", b"tmpfs", NOSUID_NODEV, size)
    for folder, number in kept.items():
        os.makedirs(folder)
        _call("mount", f"/proc/self/fd/{number}".encode(), folder.encode(), None, BIND, None)
        os.close(number)
    _call("mount", b"proc", b"/proc", b"proc", NOSUID_NODEV, None)


def drop_rights() -> None:
    """Give up every capability, for good."""
    _call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(CAPABILITIES_V3, 0)
    _call("capset", header, (ctypes.c_uint32 * 6)())


def own_memory_only() -> None:
    """Refuse, for good, the calls that take memory which no process's size shows. Needs `drop_rights` before it.

    On a machine that UNOWNED_MEMORY does not name, nothing is refused.
    """
    if platform.machine() not in UNOWNED_MEMORY:
        return
    machine, numbers = UNOWNED_MEMORY[platform.machine()]
    last = len(numbers) + 5
    tests = [(AT_LEAST, last - 4, 0, OTHER_ABI)]
    tests += [(EQUAL, last - i, 0, number) for i, number in enumerate(numbers, 5)]
    rules = [(LOAD, 0, 0, 4), (EQUAL, 0, last - 2, machine), (LOAD, 0, 0, 0), *tests]
    rules += [(RETURN, 0, 0, ALLOW), (RETURN, 0, 0, REFUSE)]  # the last one is what a test jumps to
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *rule) for rule in rules))
    program = struct.pack("HxxxxxxP", len(rules), ctypes.addressof(code))
    _call("prctl", PR_SET_SECCOMP, 2, program, 0, 0)


def limit(memory_mb: float, seconds: float) -> None:
    """Bound address space (on top of what is mapped now), processor time, file size, open files, and processes."""
    bounds = {"CPU": int(seconds) + 5, "FSIZE": 64_000_000, "NOFILE": 256, "CORE": 0, "NPROC": 256}
    try:
        with open("/proc/self/statm") as file:
            bounds["AS"] = int(file.read().split()[0]) * resource.getpagesize() + int(memory_mb * 1e6)
    except OSError:
        pass  # no /proc: not Linux
    for name, bound in bounds.items():
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (bound, bound))
