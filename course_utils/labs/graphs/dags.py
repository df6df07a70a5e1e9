"""What a graph says without its tables: d-separation, and which graphs say the same."""

from collections.abc import Collection, Iterator, Sequence
from itertools import combinations, product

from course_utils.models.graphs import Parents


def connected(parents: Parents, start: str, observed: Collection[str] = ()) -> set[str]:
    """The variables that are not d-separated from `start` when others are observed.

    A walk along the arrows and against them: a variable that is observed stops it, except where two arrows meet, which
    let it pass only if they, or something below, are observed. Source: Koller & Friedman 2009, alg. 3.1.
    """
    children = _children(parents)
    above_observed = _ancestors(parents, observed)
    todo, seen, reached = [(start, "up")], set(), set()
    while todo:
        name, way = step = todo.pop()
        if step in seen:
            continue
        seen.add(step)
        if name not in observed:
            reached.add(name)
            todo += [(child, "down") for child in children[name]]
        if (way == "up" and name not in observed) or (way == "down" and name in above_observed):
            todo += [(parent, "up") for parent in parents.get(name, ())]
    return reached - {start}


def _children(parents: Parents) -> dict[str, list[str]]:
    names = {*parents, *(above for several in parents.values() for above in several)}
    return {name: [child for child in parents if name in parents[child]] for name in names}


def _ancestors(parents: Parents, names: Collection[str]) -> set[str]:
    """These variables and all above them."""
    found, todo = set(), list(names)
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += parents.get(name, ())
    return found


def every_graph(names: Sequence[str]) -> Iterator[dict[str, tuple[str, ...]]]:
    """All graphs without cycles on these names, as parents: 3 for two names, 25 for three, 543 for four."""
    pairs = list(combinations(names, 2))
    for arrows in product((None, 0, 1), repeat=len(pairs)):
        graph: dict[str, tuple[str, ...]] = {name: () for name in names}
        for pair, arrow in zip(pairs, arrows, strict=True):
            if arrow is not None:
                graph[pair[arrow]] += (pair[1 - arrow],)
        if in_order(graph) is not None:
            yield graph


def in_order(parents: Parents) -> list[str] | None:
    """The names, parents before children; None if the arrows run in a circle."""
    order, left = [], list(parents)
    while left:
        free = [name for name in left if set(parents[name]) <= set(order)]
        if not free:
            return None
        order += free
        left = [name for name in left if name not in free]
    return order


def equivalence(parents: Parents) -> tuple[frozenset, frozenset]:
    """Which pairs are joined, and where two arrows meet whose starts are not joined: equal for two graphs if and only
    if they say the same independences (Verma & Pearl 1990)."""
    joined = frozenset(frozenset((child, parent)) for child, above in parents.items() for parent in above)
    meetings = frozenset(
        (child, frozenset(pair))
        for child, above in parents.items()
        for pair in combinations(above, 2)
        if frozenset(pair) not in joined
    )
    return joined, meetings
