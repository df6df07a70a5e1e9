"""Checks of assignment 08: a coupling layer, its inverse, and the density by change of variables."""

import math

import torch
from torch import Tensor, nn

from course_utils.checks.kit.answers import pair
from course_utils.checks.kit.common import Answer, gradients, negated, question, recognize, reductions, require, tensor
from course_utils.checks.kit.properties import fixed, one_row, precise

ORDER = "log_det = log |det ∂z/∂x| = Σ log_scale."


class _Net(nn.Module):
    """The network of a coupling layer: kept columns (B, kept) to (log_scale, shift), each (B, moved)."""

    def __init__(self, kept: int, moved: int) -> None:
        super().__init__()
        self.kept, self.weight = kept, nn.Parameter(0.7 * fixed(kept, 2 * moved, seed=5))

    def forward(self, a: Tensor) -> tuple[Tensor, Tensor]:
        shape, kept = tuple(getattr(a, "shape", ())), self.kept
        sees = f"net is given the shape {shape} instead of (B, D // 2), here (B, {kept}): it sees the first D // 2"
        require(len(shape) == 2 and shape[1] == kept, f"{sees} columns and no others.")
        log_scale, shift = (a @ self.weight.to(a)).chunk(2, 1)
        return log_scale.tanh(), shift + 0.3


def _case(columns: int, rows: int) -> tuple[_Net, Tensor, Tensor]:
    """A network, x (rows, columns), and the z that belongs to it."""
    kept = columns // 2
    net, x = _Net(kept, columns - kept), fixed(rows, columns, seed=2)
    with torch.no_grad():
        log_scale, shift = net(x[:, :kept])
    return net, x, torch.cat([x[:, :kept], x[:, kept:] * log_scale.exp() + shift], 1)


def _parts(value: object, shape: tuple[int, int]) -> tuple[Tensor, Tensor]:
    """(z, log_det) of these shapes, or CheckFailed."""
    z, log_det = pair(value, ("z", "log_det"), "coupling_forward")
    return tensor(z, shape, "z"), tensor(log_det, shape[:1], "log_det")


@question
def coupling_forward(answer: Answer) -> None:
    """z = (a, b exp(log_scale) + shift), log_det = Σ log_scale, for even and odd D; gradients to x and the network."""
    net, x, right = _case(5, 4)
    a, b = x[:, :2], x[:, 2:]
    log_scale, shift = (part.detach() for part in net(a))
    z, log_det = pair(answer(x, net), ("z", "log_det"), "coupling_forward")
    swapped = isinstance(z, Tensor) and isinstance(log_det, Tensor) and z.dim() < log_det.dim()
    require(not swapped, "coupling_forward returns (log_det, z). Return (z, log_det), in this order.")
    recognize(z, right, _forward_mistakes(a, b, log_scale, shift) | {"is x itself: nothing is moved.": x}, "z")
    recognize(log_det, log_scale.sum(1), _log_det_mistakes(log_scale), "log_det")
    leaf = x.clone().requires_grad_()
    for number, name in enumerate(("z", "log_det")):
        slopes = torch.autograd.grad(_reference(leaf, net)[number].sum(), [leaf, net.weight])
        expected = {"net": (net.weight, slopes[1]), "x": (leaf, slopes[0])}
        gradients(_parts(answer(leaf, net), (4, 5))[number], expected, name)
    for columns, rows in ((7, 2), (2, 3)):
        net, x, right = _case(columns, rows)
        z, log_det = _parts(answer(x, net), (rows, columns))
        recognize(z, right, {}, f"z for D = {columns}")
        recognize(log_det, _reference(x, net)[1].detach(), {}, f"log_det for D = {columns}")
    one_row(answer, [x], [net], read=lambda value: torch.cat([value[0], value[1][:, None]], 1))
    z, log_det = _parts(answer(x.double(), net), (3, 2))
    precise(z, "z")
    precise(log_det, "log_det")


def _reference(x: Tensor, net: _Net) -> tuple[Tensor, Tensor]:
    a, b = x[:, : net.kept], x[:, net.kept :]
    log_scale, shift = net(a)
    return torch.cat([a, b * log_scale.exp() + shift], 1), log_scale.sum(1)


def _forward_mistakes(a: Tensor, b: Tensor, log_scale: Tensor, shift: Tensor) -> dict[str, Tensor]:
    scale = log_scale.exp()
    moved = {
        "is scaled by log_scale. The scale is its exponential.": b * log_scale + shift,
        "is what the inverse gives. Forward, b is multiplied by exp(log_scale), then shifted.": (b - shift) / scale,
        "has the shift added before the scaling. First b · exp(log_scale), then + shift.": (b + shift) * scale,
        "is divided by the scale. Forward, b is multiplied by exp(log_scale).": b / scale + shift,
        "is scaled by exp(log_scale / 2). log_scale is the log of the scale, not of its square.": b * scale.sqrt()
        + shift,
        "is not scaled: b · exp(log_scale) + shift.": b + shift,
        "is not shifted: b · exp(log_scale) + shift.": b * scale,
        "has the shift subtracted where it is to be added.": b * scale - shift,
        "takes net's results in the wrong order: net returns (log_scale, shift).": b * shift.exp() + log_scale,
    }
    right = b * scale + shift
    return {message: torch.cat([a, part], 1) for message, part in moved.items()} | {
        "has its columns in another order. First those that stay, then those that were moved.": torch.cat(
            [right, a], 1
        ),
        "holds the moved columns only. Put the first D // 2, as they are, before them.": right,
    }


def _log_det_mistakes(log_scale: Tensor) -> dict[str, Tensor]:
    scale, total = log_scale.exp(), log_scale.sum(1)
    wrong = reductions(log_scale, "moved columns")
    return (
        wrong
        | {f"has the wrong sign: that is the log-determinant of the inverse. {ORDER}": -total}
        | negated(wrong, f"The sign is wrong, too: {ORDER}")
        | {
            f"sums the scales, not their logarithms. {ORDER}": scale.sum(1),
            f"is the logarithm of a sum. The determinant is a product: {ORDER}": scale.sum(1).log(),
            "is the determinant. Return its logarithm.": total.exp(),
            f"sums |log_scale|. The | | stand around the determinant: {ORDER}": log_scale.abs().sum(1),
            f"is multiplied over the columns. {ORDER}": log_scale.prod(1),
        }
    )


@question
def coupling_inverse(answer: Answer) -> None:
    """x = (a, (b − shift) exp(−log_scale)): the values, and back to where coupling_forward came from."""
    net, x, z = _case(5, 4)
    a, b = z[:, :2], z[:, 2:]
    log_scale, shift = (part.detach() for part in net(a))
    value = answer(z, net)
    alone = "coupling_inverse returns several values. Return x alone, (B, D)."
    require(not isinstance(value, tuple | list), alone)
    recognize(value, x, _inverse_mistakes(a, b, log_scale, shift) | {"is z itself: nothing is moved.": z}, "x")
    for columns, rows in ((7, 2), (2, 3)):
        net, x, z = _case(columns, rows)
        recognize(answer(z, net), x, {}, f"x for D = {columns}")
    leaf = z.clone().requires_grad_()
    log_scale, shift = net(leaf[:, :1])
    ours = torch.cat([leaf[:, :1], (leaf[:, 1:] - shift) / log_scale.exp()], 1).sum()
    slopes = torch.autograd.grad(ours, [leaf, net.weight])
    gradients(answer(leaf, net), {"net": (net.weight, slopes[1]), "z": (leaf, slopes[0])}, "x")
    one_row(answer, [z], [net], read=lambda value: value)
    precise(tensor(answer(z.double(), net), (3, 2), "x"), "x")


def _inverse_mistakes(a: Tensor, b: Tensor, log_scale: Tensor, shift: Tensor) -> dict[str, Tensor]:
    scale = log_scale.exp()
    steps = "Undo the last step first: subtract the shift, then divide by exp(log_scale)."
    moved = {
        f"is the forward map once more. {steps}": b * scale + shift,
        f"is not scaled back. {steps}": b - shift,
        f"is multiplied by the scale. {steps}": (b - shift) * scale,
        f"is divided first and shifted afterwards. {steps}": b / scale - shift,
        f"is not shifted back. {steps}": b / scale,
        f"has the shift added. {steps}": (b + shift) / scale,
        f"is divided by log_scale. {steps}": (b - shift) / log_scale,
        f"is divided by exp(log_scale / 2). {steps}": (b - shift) / scale.sqrt(),
        "takes net's results in the wrong order: net returns (log_scale, shift).": (b - log_scale) / shift.exp(),
    }
    right = (b - shift) / scale
    return {message: torch.cat([a, part], 1) for message, part in moved.items()} | {
        "has its columns in another order. First those that stay, then those that were moved.": torch.cat(
            [right, a], 1
        ),
        "holds the moved columns only. Put the first D // 2, as they are, before them.": right,
    }


class _Turn(nn.Module):
    """A triangular linear map of (B, 3): log_det is the same for every point."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.tensor([[0.5, 0.0, 0.0], [0.8, 1.5, 0.0], [-0.4, 0.3, 0.9]]))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        weight = self.weight.to(x)
        return x @ weight.T + 0.2, weight.diagonal().log().sum().expand(len(x))


class _Bend(nn.Module):
    """z = 1.6 asinh(x), whose log_det differs from point to point."""

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return 1.6 * x.asinh(), (1.6 / (1 + x**2).sqrt()).log().sum(1)


def _base(z: Tensor) -> Tensor:
    return -(z**2 + math.log(2 * math.pi)) / 2


@question
def log_prob(answer: Answer) -> None:
    """log N(z; 0, I) + Σ log_det through two layers, one layer and none; gradients to x and the layers."""
    x, turn, bend = 1.5 * fixed(4, 3, seed=3), _Turn(), _Bend()
    right = _through(x, [turn, bend]).detach()
    value = answer(x, [turn, bend])
    recognize(value, right, _density_mistakes(x, turn, bend), "log p(x)")
    recognize(answer(x, []), _base(x).sum(1), {}, "log p(x) without a layer, where it is log N(x; 0, I),")
    recognize(answer(x, [bend]), _through(x, [bend]), {}, "log p(x) through one layer")
    three = [turn, bend, turn]
    recognize(answer(x, three), _through(x, three).detach(), {}, "log p(x) through three layers")
    line = x[:, :1]
    recognize(answer(line, [bend]), _through(line, [bend]), {}, "log p(x) in one dimension")
    leaf = x.clone().requires_grad_()
    slopes = torch.autograd.grad(_through(leaf, [turn, bend]).sum(), [leaf, turn.weight])
    expected = {"x": (leaf, slopes[0]), "the layers": (turn.weight, slopes[1])}
    gradients(answer(leaf, [turn, bend]), expected, "log p(x)")
    one_row(answer, [x], [[turn, bend]], read=lambda value: value)
    precise(tensor(answer(x.double(), [turn, bend]), (4,), "log p(x)"), "log p(x)")


def _through(x: Tensor, layers: list[nn.Module]) -> Tensor:
    total = torch.zeros(len(x)).to(x)
    for layer in layers:
        x, log_det = layer(x)
        total = total + log_det
    return total + _base(x).sum(1)


def _density_mistakes(x: Tensor, turn: nn.Module, bend: nn.Module) -> dict[str, Tensor]:
    """Wrong values of log p(x) for the layers [turn, bend], with what is wrong about them."""
    with torch.no_grad():
        (y, first), (z, second) = turn(x), bend(turn(x)[0])
        other_way = _through(x, [bend, turn])
    dets, half = first + second, math.log(2 * math.pi) / 2
    base, squares = _base(z).sum(1), (z**2).sum(1)
    right = base + dets
    caller = "Return one value for each point, (B,): the mean over the batch is the caller's."
    return {
        "subtracts the log-determinants. In the direction x → z they are added.": base - dets,
        "leaves out the log-determinants: the stretching of space changes the density.": base,
        "has only the last layer's log-determinant. Add those of all layers.": base + second,
        "has only the first layer's log-determinant. Add those of all layers.": base + first,
        "is that of the base at x. Send x through the layers first.": _base(x).sum(1) + dets,
        "is that of the base before the last layer. It is evaluated at the z that leaves it.": _base(y).sum(1) + dets,
        "takes the layers in reverse. From x to z, layers[0] comes first.": other_way,
        "lacks the constant −½ log 2π of each dimension.": dets - squares / 2,
        "has −½ log 2π once. There is one for each dimension.": dets - squares / 2 - half,
        "has log 2π without its ½: −½ (z² + log 2π).": dets - squares / 2 - 2 * half * x.shape[1],
        "lacks the ½ of z²: log N(z; 0, 1) = −½ (z² + log 2π).": dets - squares - half * x.shape[1],
        "has the wrong sign at z²: the density falls away from the middle.": dets + squares / 2 - half * x.shape[1],
        "has the wrong sign: that is the loss. Return log p(x).": -right,
        "averages over the dimensions. log N(z; 0, I) is a sum over them.": _base(z).mean(1) + dets,
        "lacks the base's log N(z; 0, I).": dets,
        "is in bits. Use the natural logarithm.": right / math.log(2),
        "is a density. Return its logarithm.": right.exp(),
        f"is one number, averaged over the batch. {caller}": right.mean(),
        f"is one number, summed over the batch. {caller}": right.sum(),
        "is not summed over the dimensions: the batch is left, (B,).": _base(z) + dets[:, None],
        "has the shape (B, 1). Drop the last dimension (no keepdim).": right[:, None],
    }
