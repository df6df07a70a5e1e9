"""The Python in a cell, read without running it: its statements, the names that it binds, and those that it takes."""

import ast
import re
import symtable

# IPython's own translation takes time with the square of the number of magics; for reading, a line of it is a line.
MAGIC = re.compile(r"^(?P<indent>[ \t]*)(?:[%!?].*|[\w.]+\?+[ \t]*)$", re.MULTILINE)
ASSIGNED = re.compile(r"^(?P<head>[ \t]*\w[\w, \t]{0,200}=)[ \t]*[%!].*$", re.MULTILINE)


def translate(source: str) -> str:
    """A cell as plain Python of the same lines: magics and shell commands do nothing."""
    return ASSIGNED.sub(r"\g<head> None", MAGIC.sub(r"\g<indent>pass", source))


def parse(source: str) -> list[ast.stmt]:
    """The statements of a cell; none if it is no Python."""
    for text in (source, translate(source)):
        try:
            return ast.parse(text).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return []


def bound(node: ast.stmt) -> list[str]:
    """The names that a top-level statement binds."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [(alias.asname or alias.name).partition(".")[0] for alias in node.names]
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    return [n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]


def names(source: str) -> set[str]:
    """The names that a cell binds at its top level."""
    return {name for node in parse(source) for name in bound(node)}


def takes(source: str) -> set[str]:
    """The global names that a cell refers to, in functions too."""
    for text in (source, translate(source)):
        try:
            tables, found = [symtable.symtable(text, "<cell>", "exec")], set()
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        while tables:
            table = tables.pop()
            tables += table.get_children()
            found |= {s.get_name() for s in table.get_symbols() if s.is_referenced() and (s.is_global() or _top(table))}
        return found
    return set()


def _top(table: symtable.SymbolTable) -> bool:
    return table.get_type() == "module"
