"""Small networks trained side by side: S seeds as one batch dimension, several times faster than one after another.

stacked = stack([models.Generator((2,), output=None) for seed in range(5)])
stacked(torch.randn(5, 64, 16))        # (5, 64, 2): each seed its own weights and its own batch
"""

import copy
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from course_utils.models.layers import largest_singular_value


class Linears(nn.Module):
    """Several linear maps of one shape as one batched product."""

    def __init__(self, layers: Sequence[nn.Linear]) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.stack([layer.weight.detach() for layer in layers]))
        self.bias = nn.Parameter(torch.stack([layer.bias.detach() for layer in layers])[:, None])
        self.register_buffer("u", torch.stack([layer.u for layer in layers]) if hasattr(layers[0], "u") else None)

    def forward(self, x: Tensor) -> Tensor:
        """x `(S, B, width_in)` to `(S, B, width_out)`."""
        weight = self.weight if self.u is None else self.weight / largest_singular_value(self.weight, self.u)
        return torch.baddbmm(self.bias, x, weight.mT)


def stack(models: Sequence[nn.Module]) -> nn.Module:
    """Networks of one architecture as one, with S, their number, as first dimension: x `(S, B, …)` to `(S, B, …)`.

    Each nn.Linear becomes a batched product; other layers must treat leading dimensions alike, as `Generator` and
    `Discriminator` do. Several times faster for small networks than one after another, and than `torch.func.vmap`.
    Weights are copied. Raises ValueError if the parameters' names or shapes differ.
    """
    shapes = [{name: p.shape for name, p in model.named_parameters()} for model in models]
    if any(shape != shapes[0] for shape in shapes):
        raise ValueError("stack needs networks with the same parameters' names and shapes.")
    stacked = copy.deepcopy(models[0])
    stacked.lead = (len(models),)
    for name, layer in models[0].named_modules():
        if isinstance(layer, nn.Linear):
            stacked.set_submodule(name, Linears([model.get_submodule(name) for model in models]))
    return stacked


def one_of(stacked: nn.Module, model: nn.Module, index: int) -> nn.Module:
    """A copy of `model`, a plain network, with the weights of network `index` of `stacked`."""
    state = {name: value[index] for name, value in stacked.state_dict().items()}
    single = copy.deepcopy(model)
    single.load_state_dict({name: state[name].reshape(value.shape) for name, value in single.state_dict().items()})
    return single
