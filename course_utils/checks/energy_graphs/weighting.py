"""Checks of assignment 09: draws of a network weighted by the evidence, and what is estimated from them."""

import itertools
import math
from collections.abc import Iterator, Mapping

import numpy as np
import torch
from torch import Tensor

from course_utils.checks.energy_graphs.tables import Network, exact, network, product
from course_utils.checks.kit.answers import array, pair, values
from course_utils.checks.kit.common import Answer, question, recognize, require
from course_utils.checks.kit.draws import FIXED, seeded
from course_utils.checks.kit.properties import draws_by_default

DRAWS = 8000
W_IS = "log w is the sum of log p(x_e | its parents) over the evidence."


@question
def likelihood_weighting(answer: Answer) -> None:
    """Evidence held, the others drawn given their parents, log w; generators; much and impossible evidence."""
    net, evidence, rng = network(), {3: 1, 1: 2}, seeded(1)
    x, _ = _draws(answer, net, evidence, 50, rng)
    second, again = (_draws(answer, net, evidence, 50, other)[0] for other in (rng, seeded(1)))
    require(not torch.equal(x, second), f"Two calls in a row give the same draws. {FIXED}")
    require(torch.equal(x, again), f"Two rng with the same seed give different draws: rng is not used. {FIXED}")
    for number, given in enumerate((evidence, {}, {0: 1, 4: 2})):
        x, log_w = _draws(answer, net, given, DRAWS, seeded(2 + number))
        _held(x, given)
        _weights(x, log_w, net, given)
        _apart(x, given)
        _frequencies(x, net, given)
    _extremes(answer)
    args = (*net, evidence, 40)
    draws_by_default(answer, *args, read=lambda value: _read(value, net, 40)[0])


def _draws(answer: Answer, net: Network, evidence: Mapping[int, int], n: int, rng: object) -> tuple[Tensor, Tensor]:
    return _read(answer(*net, dict(evidence), n, rng), net, n)


def _read(value: object, net: Network, n: int) -> tuple[Tensor, Tensor]:
    """x (n, V), whole numbers, and log_w (n,), in which −inf may stand; or CheckFailed."""
    x, log_w = pair(value, ("x", "log_w"), "likelihood_weighting")
    turned = getattr(x, "shape", None) == (n,) and getattr(log_w, "shape", None) == (n, len(net[1]))
    require(not turned, "x and log_w have changed places. Return (x, log_w).")
    x = array(x, (n, len(net[1])), "x")
    top = torch.tensor([table.shape[-1] - 1 for table in net[1]])
    whole = bool((x == x.round()).all() and (x >= 0).all() and (x <= top).all())
    require(whole, "x holds something else than the numbers of values, 0 … K_i − 1 in column i.")
    raw = torch.as_tensor(log_w if isinstance(log_w, Tensor) else list(log_w)).double().detach()
    require(raw.shape == (n,), f"log_w has the shape {tuple(raw.shape)} instead of {(n,)}: one weight for each draw.")
    require(not raw.isnan().any(), "log_w holds nan.")
    return x.long(), raw


def _held(x: Tensor, evidence: Mapping[int, int]) -> None:
    for j, value in evidence.items():
        held = f"x_{j} is observed to be {value}, but is drawn. What is observed is set, not drawn."
        require((x[:, j] == value).all(), held)


def _logs(x: Tensor, net: Network) -> Tensor:
    """log p(x_i | its parents), (n, V)."""
    parents, tables = net
    columns = [table[tuple(x[:, j] for j in (*parents[i], i))] for i, table in enumerate(tables)]
    return torch.stack(columns, 1).double().log()


def _weights(x: Tensor, log_w: Tensor, net: Network, evidence: Mapping[int, int]) -> None:
    logs, seen = _logs(x, net), sorted(evidence)
    free = [i for i in range(len(net[1])) if i not in evidence]
    right = logs[:, seen].sum(1)
    recognize(log_w, right, dict(_weight_mistakes(logs, right, seen, free)), "log_w")


def _weight_mistakes(logs: Tensor, right: Tensor, seen: list[int], free: list[int]) -> Iterator[tuple[str, Tensor]]:
    """Messages and wrong log-weights."""
    yield "is w. Return its logarithm: products of many small numbers become 0.", right.exp()
    yield f"has the wrong sign. {W_IS}", -right
    yield f"is log p(x) of the whole draw. What was drawn has its probability by being drawn. {W_IS}", logs.sum(1)
    yield f"is that of the variables that were drawn. {W_IS}", logs[:, free].sum(1)
    yield "is 0 throughout: the weights are missing. " + W_IS, torch.zeros_like(right)
    yield "is normalized over the draws. Return log w itself; who estimates, normalizes.", right - right.logsumexp(0)
    yield "is shifted by its largest entry. Return log w itself.", right - right.max()
    yield f"is the mean over the evidence. {W_IS}", right / max(1, len(seen))
    yield "is the logarithm of a sum. The probabilities of the evidence multiply.", logs[:, seen].exp().sum(1).log()
    yield "is the sum of the p, not of their logarithms.", logs[:, seen].exp().sum(1)
    if len(seen) > 1:
        yield f"has the evidence with the highest number only. {W_IS}", logs[:, seen[-1]]
        yield f"has the evidence with the lowest number only. {W_IS}", logs[:, seen[0]]


def _frequencies(x: Tensor, net: Network, evidence: Mapping[int, int]) -> None:
    """Check how often each value of an unobserved variable comes, for each state of its parents."""
    parents, tables = net
    whole = product(*net)
    for i, table in enumerate(tables):
        if i in evidence:
            continue
        for state in itertools.product(*(range(size) for size in table.shape[:-1])):
            rows = x[[*_where(x, parents[i], state)], i]
            if len(rows) < 100:
                continue
            given = "".join(f", x_{j} = {value}" for j, value in zip(parents[i], state, strict=True))
            found = torch.bincount(rows, minlength=table.shape[-1]) / len(rows)
            wrong = _share_mistakes(whole, i, dict(zip(parents[i], state, strict=True)), evidence, table, state)
            _share(found, table[state], len(rows), wrong, f"Where{given[1:]}, x_{i}" if given else f"x_{i}")


def _where(x: Tensor, above: tuple[int, ...], state: tuple[int, ...]) -> Tensor:
    same = torch.ones(len(x), dtype=torch.bool)
    for j, value in zip(above, state, strict=True):
        same &= x[:, j] == value
    return same.nonzero()[:, 0]


def _share_mistakes(
    whole: Tensor, i: int, above: dict[int, int], evidence: Mapping[int, int], table: Tensor, state: tuple[int, ...]
) -> dict[str, Tensor]:
    """Wrong shares of the values of variable i, given the state of its parents, with what is wrong about them."""
    swapped = table.mT if table.dim() == 2 else table.transpose(0, 1) if table.dim() == 3 else table
    other = swapped[state] if all(s < k for s, k in zip(state, swapped.shape, strict=False)) else table[state]
    return {
        "as if each value were as likely as the others": torch.full_like(table[state], 1 / table.shape[-1]),
        "as if its parents were unknown: read its row for the parents of the same draw": exact(whole, i, {}),
        "as if its parents were all 0: read its row for the parents of the same draw": table[(0,) * (table.dim() - 1)],
        "as if its parents were in another order: the axes of tables[i] are those of parents[i]": other,
        "as it is given the evidence: draw from its table, the weights do the rest": exact(
            whole, i, {**evidence, **above}
        ),
        "by its likeliest value only: draw": (table[state] == table[state].max()).to(table),
    }


def _share(found: Tensor, right: Tensor, n: int, wrong: Mapping[str, Tensor], what: str) -> None:
    """Raise CheckFailed unless shares of n draws lie within five standard errors."""

    def fits(p: Tensor) -> bool:
        return (
            bool(((found - p).abs() <= 5 * (p * (1 - p) / n).sqrt() + 2 / n).all()) if p.shape == found.shape else False
        )

    if not fits(right):
        for message, other in wrong.items():
            require(not fits(other), f"{what} is drawn {message}.")
        got, due = ([round(value, 2) for value in shares.tolist()] for shares in (found, right))
        require(False, f"{what} takes its values with the shares {got} instead of {due}.")


def _apart(x: Tensor, evidence: Mapping[int, int]) -> None:
    """Check that roots are drawn independently, of each other and of the draw before."""
    roots = [i for i in (0, 2) if i not in evidence]
    columns = [x[:, i].double() for i in roots if 0.1 < (x[:, i] == 0).double().mean() < 0.9]
    if len(columns) == 2:
        together = torch.corrcoef(torch.stack(columns))[0, 1].abs()
        require(together < 0.06, "x_0 and x_2 go together, though neither has a parent. Draw anew for each variable.")
    for column in columns:
        follows = torch.corrcoef(torch.stack([column[1:], column[:-1]]))[0, 1].abs()
        require(follows < 0.06, "Draws go with the draw before. Draw anew for each of them.")


def _extremes(answer: Answer) -> None:
    """Check evidence on 400 variables, and evidence that some draws make impossible."""
    leaf = torch.tensor([[0.99, 0.01], [0.98, 0.02]])
    big = [()] + [(0,)] * 400, [torch.tensor([0.5, 0.5])] + [leaf] * 400
    x, log_w = _draws(answer, big, dict.fromkeys(range(1, 401), 1), 30, seeded(7))
    low = "log_w is −inf for 400 observations: the product underflows to 0. Add up logarithms."
    require(not log_w.isinf().any(), low)
    right = torch.where(x[:, 0] == 0, 400 * math.log(0.01), 400 * math.log(0.02)).double()
    recognize(log_w, right, {}, "log_w of 400 observations")
    never = [(), (0,)], [torch.tensor([0.4, 0.6]), torch.tensor([[1.0, 0.0], [0.5, 0.5]])]
    x, log_w = _draws(answer, never, {1: 1}, 30, seeded(8))
    sure = "Where a draw makes the evidence impossible, w is 0 and log_w −inf: add no small number."
    require((log_w[x[:, 0] == 0] == -math.inf).all(), sure)
    require(torch.allclose(log_w[x[:, 0] == 1], torch.tensor(math.log(0.5)).double()), f"log_w is wrong. {W_IS}")


@question
def estimate(answer: Answer) -> None:
    """Σ w 1[value = k] / Σ w from log-weights: values, a value that never comes, log-weights of −2000 and −inf."""
    value = torch.tensor([0, 2, 2, 1, 0, 2, 1])
    log_w = torch.tensor([-1.0, -0.2, -3.0, -0.7, -2.1, 0.4, -1.6])
    what = "p(x = k | e)"
    right = _weighted(value, log_w, 3)
    recognize(values(answer(value, log_w, 3), what), right, _estimate_mistakes(value, log_w), what)
    more = _weighted(value, log_w, 5)
    found = values(answer(value, log_w, 5), f"{what} for K = 5")
    require(found.shape != (3,), "A value that never comes has the estimate 0: return all K entries, (K,).")
    recognize(found, more, {}, f"{what} for K = 5")
    low, high = log_w.double() - 2000, log_w.double() + 2000
    for far, size in ((low, "−2000"), (high, "2000")):
        got = _finite(
            answer(value, far, 3), f"{what} is not finite for log-weights near {size}: exp gives 0 or inf there."
        )
        recognize(values(got, what), right.double(), {}, f"{what} for log-weights near {size}")
    out = torch.tensor([-math.inf, -1.0, -0.5])
    some = torch.tensor([0, 1, 0])
    got = _finite(answer(some, out, 2), f"{what} is not finite where one log-weight is −inf, a weight of 0.")
    recognize(values(got, what), _weighted(some, out, 2), {}, f"{what} with a weight of 0")
    one = torch.tensor([0.0, 1.0])
    recognize(values(answer(torch.tensor([1]), torch.tensor([-5.0]), 2), what), one, {}, f"{what} from one draw")


def _finite(value: object, message: str) -> object:
    """`value`, or CheckFailed if it holds nan or inf."""
    bad = isinstance(value, Tensor | np.ndarray) and not np.isfinite(np.asarray(value, dtype=float)).all()
    require(not bad, f"{message} Subtract the largest log_w first, or take a softmax.")
    return value


def _weighted(value: Tensor, log_w: Tensor, count: int) -> Tensor:
    w = log_w.softmax(0)
    return torch.stack([w[value == k].sum() for k in range(count)])


def _estimate_mistakes(value: Tensor, log_w: Tensor) -> dict[str, Tensor]:
    w, right = log_w.exp(), _weighted(value, log_w, 3)
    counts = torch.bincount(value, minlength=3)
    sums = right * w.sum()
    logs = torch.stack([log_w[value == k].sum() for k in range(3)])
    means = sums / counts
    best = torch.stack([w[value == k].max() for k in range(3)])
    return {
        "does not use the weights: that is how often each value comes.": counts / len(value),
        "is not divided by the sum of the weights.": sums,
        "is divided by the number of draws. Divide by the sum of the weights.": sums / len(value),
        "is the mean weight of each value. Add the weights up, then divide by the sum of all.": means,
        "is the mean weight of each value, normalized. Add the weights up: how often a value comes counts.": means
        / means.sum(),
        "weights with log w. The weight is w = exp(log_w).": logs / log_w.sum(),
        "adds up log w, not w.": logs,
        "adds up log w, not w, before the softmax. Add up w = exp(log_w).": logs.softmax(0),
        "takes the heaviest draw of each value only. Add them up.": best / best.sum(),
        "holds logarithms. Return probabilities.": right.log(),
        "has the weights upside down, exp(−log_w).": _weighted(value, -log_w, 3),
        "is a softmax of the sums. Divide by the sum of all.": sums.softmax(0),
        "is the mean of the values. Return the probability of each value, (K,).": (right * torch.arange(3)).sum(),
        "is the likeliest value. Return the probability of each, (K,).": right.argmax(),
        "is one weight for each draw, (n,). Add up those of the same value, (K,).": log_w.softmax(0),
    }
