"""What checks of the learner's modules share: building one, the range of its outputs, rows kept apart, gradients."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from course_utils.checks.kit.common import Answer, require, tensor
from course_utils.checks.kit.draws import repeats

AT_THE_END = {
    "LeakyReLU(0.2)": lambda x: F.leaky_relu(x, 0.2), "LeakyReLU": F.leaky_relu, "ELU": F.elu, "GELU": F.gelu,
    "SiLU": F.silu,
}  # fmt: skip


def build(answer: Answer, example: Tensor, *args: object, **kwargs: object) -> Answer:
    """The learner's module in evaluation mode, its parameters drawn anew so that no initialization hides a mistake.

    It is called with the example first, since only then does a lazy layer have parameters.
    """
    network = answer(*args, **kwargs)
    require(isinstance(network, nn.Module), f"{answer.name} must be a class derived from nn.Module.")
    Answer(network.eval(), answer.name)(example)
    hint = "Layers must be attributes, or be held by an nn.Sequential or nn.ModuleList."
    require(list(network.parameters()), f"{answer.name} has no parameters. {hint}")
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.normal_(0, 0.3)
    return Answer(network.eval(), answer.name)


def wide(answer: Answer, example: Tensor, **sizes: object) -> None:
    """Raise CheckFailed unless the network has a layer of `hidden` units."""
    hidden = 10
    network = build(answer, example, hidden=hidden, **sizes).function
    own = f"{answer.name} has no layer of {hidden} units for hidden = {hidden}. Use hidden, not a number of your own."
    require(any(hidden in parameter.shape for parameter in network.parameters()), own)


def from_codes(answer: Answer, latent: int, what: str) -> tuple[Answer, Tensor, Tensor]:
    """A network from codes to images, with 64 codes (64, 7) and its outputs for them, (64, 2, 3, 5).

    Raises CheckFailed unless its shapes are right, for two other events and for the default one; `latent`: the default.
    """
    tensor(build(answer, torch.randn(4, 5), (1, 8, 8), 5, 64)(torch.randn(4, 5)), (4, 1, 8, 8), what)
    flat = build(answer, torch.randn(2, 4), event=(7, 3), latent=4, hidden=10)(torch.randn(2, 4))
    tensor(flat, (2, 7, 3), f"{what} for the event (7, 3)")
    tensor(build(answer, torch.randn(3, latent))(torch.randn(3, latent)), (3, 1, 8, 8), what)
    z = torch.randn(64, 7)
    network = build(answer, z, event=(2, 3, 5), latent=7, hidden=64)
    outputs = tensor(network(z), (64, 2, 3, 5), what)
    rowwise(network, z, "code")
    return network, z, outputs


def linear_output(values: Tensor, what: str, note: str = "") -> None:
    """Raise CheckFailed if `values`, many outputs, look as if they had gone through an activation."""
    require(not repeats(values), f"{what} is the same for every input: it must depend on it.")
    low, high = values.min(), values.max()
    last = f"{what} must be a linear layer's output, with no activation after it.{note}"
    require(low < 0 or high > 1, f"{what} is never outside [0, 1]: is there a sigmoid at the end? {last}")
    require(low < 0, f"{what} is never negative: is there a ReLU, softplus or exp at the end? {last}")
    require(high > 0, f"{what} is never positive: is there a logarithm at the end? {last}")
    require(max(-low, high) > 1, f"{what} is never outside ±1: is there a tanh at the end? {last}")


def linear_end(network: Answer, inputs: Tensor) -> None:
    """Raise CheckFailed if the outputs are an activation of the last layer's that keeps both signs, as a LeakyReLU."""
    last: list[Tensor] = []
    layers = [layer for layer in network.function.modules() if isinstance(layer, nn.Linear)]
    hooks = [layer.register_forward_hook(lambda _, __, output: last.append(output.clone())) for layer in layers]
    value = network(inputs)
    outputs = (value if isinstance(value, Tensor) else joined(value)).flatten()
    for hook in hooks:
        hook.remove()
    before = last[-1].flatten() if last else outputs
    if before.shape != outputs.shape or torch.allclose(before, outputs, 1e-4):
        return
    for name, activation in AT_THE_END.items():
        same = torch.allclose(activation(before), outputs, 1e-4)
        require(not same, f"{network.name} ends in a {name}. End in a linear layer: the activation comes before it.")


def rowwise(network: Answer, inputs: Tensor, given: str) -> Tensor:
    """The outputs `(N, ...)`; CheckFailed if they are random, mix the batch, or do not depend on the input."""

    def outputs(batch: Tensor) -> Tensor:
        return joined(network(batch))

    first, name = outputs(inputs), network.name
    require(
        torch.equal(first, outputs(inputs)), f"{name} returns something else when called again. It must not draw noise."
    )
    alone = torch.allclose(first[:1], outputs(inputs[:1]), rtol=1e-3, atol=1e-3)
    require(
        alone, f"{name} mixes the data points of a batch: one result depends on the others. Keep dimension 0 apart."
    )
    require(not repeats(first), f"{name} gives the same result for every {given}: it does not use it.")
    return first


def trains(network: Answer, read: Callable[[object], Tensor], inputs: Tensor) -> None:
    """Raise CheckFailed unless the gradient of the output reaches every parameter, by name, and the input.

    `read` makes one tensor `(N, ...)` of what the network returns.
    """
    leaf = inputs.clone().requires_grad_()
    output = read(network(leaf))
    require(output.requires_grad, f"No gradient leaves {network.name}: no .detach(), .data or no_grad in forward.")
    parameters = dict(network.function.named_parameters())
    weighted = (torch.randn(output.shape, dtype=output.dtype) * output).sum()
    found = torch.autograd.grad(weighted, [leaf, *parameters.values()], allow_unused=True)
    for name, gradient in zip(parameters, found[1:], strict=True):
        used = gradient is not None and gradient.abs().max() > 0
        require(used, f"No gradient reaches {network.name}'s parameter {name}: its layer is not used, or is detached.")
    through = found[0] is not None and found[0].abs().max() > 0
    cut = f"No gradient reaches the input of {network.name}: no .detach(), .data or torch.tensor in forward."
    require(through, cut)
    share = (found[0] != 0).double().mean()
    early = f"{network.name} does not use {1 - share:.0%} of its inputs: is there an activation before the first layer?"
    require(share > 0.75, early)


def bends(network: Answer, read: Callable[[object], Tensor], inputs: Tensor) -> None:
    """Raise CheckFailed if the network is linear: halfway between two inputs it gives the mean of their outputs.

    Where `read` gives nan or infinity, nothing is compared.
    """
    one, other = inputs, inputs.flip(0)
    with torch.no_grad():
        ends, middle = (read(network(one)) + read(network(other))) / 2, read(network((one + other) / 2))
    flat = f"{network.name} is linear: without an activation between them, its layers are no more than one layer."
    inner = torch.isfinite(ends) & torch.isfinite(middle)
    gap, size = (middle - ends)[inner].abs().max(), ends[inner].abs().max()
    require(gap > 1e-3 * size, f"{flat} Put nn.ReLU() or another one between two layers.")


def joined(value: object) -> Tensor:
    """One tensor `(N, ...)` of what a network returns, one tensor or several."""
    return torch.cat([part.flatten(1) for part in (value if isinstance(value, tuple | list) else [value])], 1)
