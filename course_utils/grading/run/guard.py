"""What a test relies on, remembered before the learner's code runs, and put back before each test.

A learner's code shares its process with the tests, so nothing here is out of a determined attacker's reach. It makes
the known tricks useless and reports each. `kernel` puts the pieces together, `verdict` draws the conclusions.
"""

import builtins
import gc
import signal
import sys
import types
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from operator import is_

# Functions take their builtins from here when they are made: what the learner does to the real ones is not theirs.
__builtins__ = dict(vars(builtins))

LIBRARIES = """
builtins math cmath operator random statistics functools itertools collections copy types re contextlib warnings
unittest numpy scipy sklearn torch.nn torch.testing torch.autograd torch.distributions torch.linalg
course_utils IPython.core
"""
SINGLE = [
    "torch",
    "torch.functional",
    "torch._tensor",
    "torch.random",
    "os",
    "json",
    "ast",
    "traceback",
    "gc",
    "signal",
]
CODE = (types.FunctionType, types.BuiltinFunctionType, type, types.MethodType, types.ModuleType)
# A class that redefines one of these can pass a comparison that its value would fail.
COMPARE = {"__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__bool__", "__float__", "__int__", "__index__"}
COMPARE |= {"__torch_function__", "__array__", "__array_function__", "__array_ufunc__", "__getattribute__"}
COMPARE |= {"__instancecheck__", "__subclasscheck__"}
VALUES = ("Tensor", "Parameter", "ndarray", "float", "int", "complex", "str", "tuple", "list", "dict")
OURS = "course_utils.grading.run.capture"  # the part of this program that the learner's code can reach
REFUSED = {"sys.settrace", "sys.setprofile", "sys._current_frames", "gc.get_objects", "gc.get_referrers"}
REFUSED |= {"gc.get_referents"}  # and all of ctypes


def _watched(name: str) -> bool:
    if name.startswith("course_utils.grading"):
        return name == OURS
    return name in SINGLE or any(name == library or name.startswith(library + ".") for library in LIBRARIES.split())


def _is_code(value: object) -> bool:
    return isinstance(value, CODE) or hasattr(type(value), "__get__") or type(value).__name__ == "ufunc"


def _classes(base: type = object) -> Iterator[type]:
    seen, queue = {type}, [base]
    while queue:
        for cls in type.__subclasses__(queue.pop()):
            if cls not in seen:
                seen.add(cls)
                queue.append(cls)
                yield cls


@dataclass
class Space:
    """A module or a class: its functions and classes by name, and how many names it had in all."""

    name: str
    owner: object
    keys: list[str]
    values: list[object]
    size: int

    def intact(self) -> bool:
        now = vars(self.owner)
        return len(now) == self.size and all(map(is_, map(now.get, self.keys), self.values))

    def changes(self, restore: bool) -> list[str]:
        """Names that were replaced, and new names that hide a method of a base class or a builtin."""
        now, right = vars(self.owner), dict(zip(self.keys, self.values, strict=True))
        replaced = [key for key, value in right.items() if now.get(key) is not value]
        added = {key: value for key, value in now.items() if key not in right and _is_code(value)}
        if isinstance(self.owner, type):
            hides = [key for key in added if any(key in vars(base) for base in self.owner.__mro__[1:])]
        else:
            hides = [key for key in added if key in dir(builtins) and not key.startswith("__")]
        if restore:
            for key in replaced:
                setattr(self.owner, key, right[key])
            for key in hides:
                delattr(self.owner, key)
        return [f"{self.name}.{key}" for key in replaced + hides]


class World:
    """The libraries that tests call, as they were when this object was made. Only the modules `known` are watched."""

    def __init__(self, known: Collection[str]) -> None:
        watched = {name for name in known if _watched(name)}
        owners = [(name, m) for name, m in list(sys.modules.items()) if name in watched]
        owners = [(name, m) for name, m in owners if isinstance(m, types.ModuleType)]
        classes = [c for c in _classes() if isinstance(c.__module__, str) and _watched(c.__module__)]
        classes = [c for c in classes if c.__module__ in watched or c.__module__ not in sys.modules]
        owners += [(f"{c.__module__}.{c.__qualname__}", c) for c in classes if c.__flags__ & 1 << 9]  # Python's own
        self.spaces = [self._space(name, owner) for name, owner in owners]
        self.modules = {name: sys.modules[name] for name in watched & sys.modules.keys() if name != OURS}
        found = {id(f): f for space in self.spaces for f in map(self._function, space.values) if f}
        self.functions = list(found.values())
        self.inside = [self._inside(f) for f in self.functions]
        self.classes = {id(cls) for cls in _classes()}
        self.builtins = dict(vars(builtins))
        self.lists = [(place, list(place)) for place in (sys.meta_path, sys.path_hooks, sys.path)]

    @staticmethod
    def _space(name: str, owner: object) -> Space:
        items = [(key, value) for key, value in vars(owner).items() if _is_code(value)]
        return Space(name, owner, [key for key, _ in items], [value for _, value in items], len(vars(owner)))

    @staticmethod
    def _function(value: object) -> types.FunctionType | None:
        value = getattr(value, "__func__", getattr(value, "fget", value))
        return value if isinstance(value, types.FunctionType) else None

    @staticmethod
    def _inside(function: types.FunctionType) -> tuple:
        return function.__code__, function.__defaults__, function.__kwdefaults__

    def changes(self, restore: bool = False) -> list[str]:
        """Name what is no longer as it was, and put it back if asked."""
        changed = [name for space in self.spaces if not space.intact() for name in space.changes(restore)]
        for function, inside in zip(self.functions, self.inside, strict=True):
            if not all(map(is_, self._inside(function), inside)):
                changed.append(f"{function.__module__}.{function.__qualname__}")
                if restore:
                    function.__code__, function.__defaults__, function.__kwdefaults__ = inside
        for name in [name for name, module in self.modules.items() if sys.modules.get(name) is not module]:
            changed.append(f"sys.modules[{name!r}]")
            if restore:
                sys.modules[name] = self.modules[name]
        return sorted(set(changed))

    def calm(self) -> None:
        """Switch off what could call the learner's code in the middle of a test."""
        gc.disable()
        gc.callbacks.clear()
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number in (signal.SIGALRM, signal.SIGUSR1, signal.SIGUSR2, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for place, right in self.lists:
            place[:] = right

    def disarm(self, allowed: Iterable[str]) -> list[str]:
        """Take from the learner's classes what redefines comparison; name each, and each that imitates a value.

        allowed: classes that the assignment itself asks for. A dataclass's own comparison stays.
        """
        found = []
        for cls in list(_classes()):
            if id(cls) in self.classes or cls.__name__ in allowed or cls.__module__ not in ("__main__", None):
                continue
            own = [key for key in COMPARE & vars(cls).keys() if not _generated(vars(cls)[key])]
            for key in own:
                type.__delattr__(cls, key)
            imitates = [b.__name__ for b in cls.__mro__[1:] if b.__name__ in VALUES and id(b) in self.classes]
            found += [f"{cls.__name__}.{key}" for key in own] + [f"{cls.__name__}({b})" for b in imitates[:1]]
        return sorted(found)


def _generated(method: object) -> bool:
    return getattr(getattr(method, "__code__", None), "co_filename", "") == "<string>"


def watch(report: Callable[[str], None]) -> None:
    """Refuse, for good, what only an attack needs, when the learner's own code asks for it; report each attempt."""
    busy = []

    def hook(event: str, _: tuple) -> None:
        if busy or not (event in REFUSED or event.startswith("ctypes.")):
            return
        busy.append(event)
        try:
            caller = sys._getframe(1)
            while caller.f_back and "/ctypes/" in caller.f_code.co_filename:
                caller = caller.f_back
            if caller.f_code.co_filename.startswith(("<", "/tmp/work")) and "<frozen" not in caller.f_code.co_filename:
                report(event)
                raise PermissionError(f"{event} is not allowed here")
        finally:
            busy.clear()

    sys.addaudithook(hook)
