"""What checks of the learner's modules share: building one, the range of its outputs, rows kept apart, gradients."""

import torch
from torch import Tensor, nn

from course_utils.checks.kit.common import Answer, require
from course_utils.checks.kit.draws import repeats


def build(answer: Answer, *args: object, **kwargs: object) -> Answer:
    """The learner's module in evaluation mode, its parameters drawn anew so that no initialization hides a mistake."""
    network = answer(*args, **kwargs)
    require(isinstance(network, nn.Module), f"{answer.name} must be a class derived from nn.Module.")
    hint = "Layers must be attributes, or be held by an nn.Sequential or nn.ModuleList."
    require(list(network.parameters()), f"{answer.name} has no parameters. {hint}")
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.normal_(0, 0.3)
    return Answer(network.eval(), answer.name)


def linear_output(values: Tensor, what: str, note: str = "") -> None:
    """Raise CheckFailed if `values`, many outputs, look as if they had gone through an activation."""
    low, high = values.min(), values.max()
    last = f"{what} must be a linear layer's output, with no activation after it.{note}"
    require(low < 0 or high > 1, f"{what} is never outside [0, 1]: is there a sigmoid at the end? {last}")
    require(low < 0, f"{what} is never negative: is there a ReLU, softplus or exp at the end? {last}")
    require(high > 0, f"{what} is never positive: is there a logarithm at the end? {last}")
    require(max(-low, high) > 1, f"{what} is never outside ±1: is there a tanh at the end? {last}")


def rowwise(network: Answer, inputs: Tensor, given: str) -> Tensor:
    """The outputs `(N, ...)`; CheckFailed if they are random, mix the batch, or do not depend on the input."""

    def outputs(batch: Tensor) -> Tensor:
        value = network(batch)
        return torch.cat([part.flatten(1) for part in (value if isinstance(value, tuple | list) else [value])], 1)

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


def trains(network: Answer, output: Tensor) -> None:
    """Raise CheckFailed, naming the parameter, unless the gradient of the output reaches every parameter."""
    require(output.requires_grad, f"No gradient leaves {network.name}: no .detach(), .data or no_grad in forward.")
    parameters = dict(network.function.named_parameters())
    weighted = (torch.randn(output.shape, dtype=output.dtype) * output).sum()
    found = torch.autograd.grad(weighted, list(parameters.values()), allow_unused=True)
    for name, gradient in zip(parameters, found, strict=True):
        used = gradient is not None and gradient.abs().max() > 0
        require(used, f"No gradient reaches {network.name}'s parameter {name}: its layer is not used, or is detached.")
