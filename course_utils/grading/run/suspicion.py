"""Read the learner's code, without running it, for what an honest answer hardly needs. A finding is no verdict."""

import ast
from collections.abc import Iterator

from course_utils.grading.score.master import parse

MODULES = {"ctypes", "gc", "inspect", "builtins", "importlib", "unittest", "mock", "marshal", "signal", "threading"}
MODULES |= {"atexit", "traceback"}
NAMES = {"setattr", "delattr", "exec", "eval", "compile", "__import__", "__builtins__", "globals", "vars"}
ATTRIBUTES = {"__code__", "__globals__", "__dict__", "__builtins__", "__subclasses__", "__setattr__", "__closure__"}
ATTRIBUTES |= {"__defaults__", "__bases__", "f_back", "f_locals", "f_globals", "f_builtins", "tb_frame", "gi_frame"}
ATTRIBUTES |= {"cr_frame", "_getframe", "_current_frames", "settrace", "setprofile", "addaudithook", "setitimer"}
ATTRIBUTES |= {"ast_transformers", "input_transformers_cleanup", "input_transformers_post", "set_custom_exc"}
ATTRIBUTES |= {"showtraceback", "_showtraceback", "run_cell", "run_cell_async", "run_ast_nodes", "do_execute"}
ATTRIBUTES |= {"run_code", "safe_execfile"}
ATTRIBUTES |= {"_exit", "user_ns", "user_global_ns", "display_pub", "displayhook", "iopub_socket"}
# What reaches this program's own state: then no test's pass is worth its points by itself.
REACHING = {"f_back", "f_locals", "f_globals", "f_builtins", "tb_frame", "gi_frame", "cr_frame", "_getframe"}
REACHING |= {"_current_frames", "__globals__", "__closure__", "__subclasses__", "user_ns", "user_global_ns"}


def _root(node: ast.AST) -> str | None:
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else None


def _imported(trees: list[list[ast.stmt]]) -> set[str]:
    """Names of imported modules and of what was imported from them, and plain second names of these."""
    found, copies = set(), []
    for node in (node for tree in trees for top in tree for node in ast.walk(top)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            found |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Name | ast.Attribute):
            copies += [(target.id, _root(node.value)) for target in node.targets if isinstance(target, ast.Name)]
    for _ in copies:
        found |= {name for name, origin in copies if origin in found}
    return found


def _suspect(node: ast.AST, imported: set[str]) -> str | None:
    if isinstance(node, ast.Attribute):
        if (
            isinstance(node.ctx, ast.Store | ast.Del)
            and _root(node) in imported
            and ".backends." not in ast.unparse(node)
        ):
            return f"sets {ast.unparse(node)}"
        if ast.unparse(node) == "sys.modules" or (node.attr in ATTRIBUTES and ast.unparse(node) != "self.__dict__"):
            return f"uses .{node.attr}"
    if isinstance(node, ast.Name) and node.id in NAMES:
        return f"uses {node.id}"
    if isinstance(node, ast.Import | ast.ImportFrom):
        whole = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
        return next((f"imports {name}" for name in whole if name.partition(".")[0] in MODULES), None)
    return None


def _walk(node: ast.AST, inside: bool) -> Iterator[tuple[ast.AST, bool]]:
    yield node, inside
    body = inside or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    for child in ast.iter_child_nodes(node):
        yield from _walk(child, body)


def _bound(top: ast.stmt) -> list[str]:
    if isinstance(top, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [top.name]
    return [n.id for n in ast.walk(top) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]


def _used(top: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(top) if isinstance(node, ast.Name)}


class Reading:
    """What stands out in the learner's cells, and which of it a test would run by calling the learner's functions."""

    def __init__(self, sources: list[str], given: list[str]) -> None:
        # A cell magic would make a text of the code below it; all other IPython syntax is translated by `parse`.
        plain = [text.partition("\n")[2] if text.lstrip().startswith("%%") else text for text in sources]
        trees = [parse(text) for text in plain]
        imported = _imported([*trees, *(parse(text) for text in given)])
        self.findings: dict[str, None] = {}
        self.inside: list[tuple[str, list[str]]] = []  # what, and the names through which a test reaches it
        self.uses: dict[str, set[str]] = {}
        for top in (top for tree in trees for top in tree):
            try:
                self._read(top, imported)
            except RecursionError:
                self.findings["is nested too deeply to be read"] = None

    def _read(self, top: ast.stmt, imported: set[str]) -> None:
        for name in _bound(top):
            self.uses.setdefault(name, set()).update(_used(top))
        for node, inside in _walk(top, False):
            what = _suspect(node, imported)
            if what:
                self.findings[what] = None
                reaching = isinstance(node, ast.Attribute) and node.attr in REACHING
                self.inside += [(what, [])] if reaching else [(what, _bound(top))] if inside else []

    def reached(self, test: str) -> set[str]:
        """The names that a test uses, directly or through what the learner wrote."""
        found = set().union(*(_used(top) for top in parse(test)))
        queue = list(found)
        while queue:
            new = self.uses.get(queue.pop(), set()) - found
            found |= new
            queue += new
        return found

    def in_test(self, test: str) -> list[str]:
        """The findings that this test would run. What is bound to no name might run in every test."""
        reached = self.reached(test)
        return list(dict.fromkeys(what for what, names in self.inside if not names or reached & set(names)))
