"""The one protocol of all generative models: `sample(n, *, y=None, rng=None)`, and `log_prob(x)` where it exists.

A new family joins by an entry of `FAMILIES`; one with an inverse or a Jacobian adds their tests below, for all that
have them.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import torch
from torch.nn.functional import one_hot

from course_utils import losses, models
from course_utils.data import toy
from course_utils.labs import comparison as bench
from course_utils.labs.comparison import protocol
from course_utils.models import diffusion, energy, flows, mixtures
from course_utils.models.discriminant import GaussianDiscriminant
from course_utils.models.ensemble import stack
from course_utils.training import seeded

EVENT, N = (1, 4, 4), 6


@dataclass(frozen=True)
class Family:
    """How to build a model, the shape of one draw (the number of stacked networks before n), and what y may be."""

    build: Callable[[], Any]
    event: tuple[int, ...] = EVENT
    lead: tuple[int, ...] = ()
    classes: int = 0
    y: str = "refused"  # or "needed", or "optional"
    log_prob: bool = False
    loss: Callable[[Any], torch.Tensor] | None = None  # through which gradients reach all parameters


def images(*lead: int) -> torch.Tensor:
    return torch.rand(*lead, N, *EVENT, generator=seeded(7))


def vae_loss(model: models.VAE) -> torch.Tensor:
    x, dims = images(*model.lead), len(model.lead) + 1
    x_logits, mu, logvar = model(x, seeded(1))
    kl = losses.kl_standard_normal(mu, logvar, batch_dims=dims)
    return -losses.elbo(losses.log_bernoulli(x, x_logits, batch_dims=dims), kl).mean()


def conditional_loss(model: models.ConditionalVAE) -> torch.Tensor:
    x_logits, mu, logvar = model(images(), torch.arange(N) % 3, seeded(1))
    return -losses.elbo(losses.log_bernoulli(images(), x_logits), losses.kl_standard_normal(mu, logvar)).mean()


def generator_loss(model: models.Generator) -> torch.Tensor:
    y = (torch.arange(N) % 3,) if model.classes else ()
    return model(torch.randn(*model.lead, N, model.latent, generator=seeded(1)), *y).square().mean()


def denoising_loss(model: diffusion.Denoiser) -> torch.Tensor:
    y = torch.arange(N) % 3 if model.classes else None
    return diffusion.denoising_loss(model, images(*model.lead), y, seeded(1)).mean()


def gmm() -> mixtures.GMMParameters:
    return mixtures.start(torch.randn(50, 2, generator=seeded(3), dtype=torch.float64), 3, seeded(4))


def discriminant() -> GaussianDiscriminant:
    return GaussianDiscriminant(torch.randn(60, 2, generator=seeded(5)), one_hot(torch.arange(60) % 3).float())


def flow(base: Any = None) -> flows.Flow:
    made = flows.Flow(flows.alternating(2, 3), base, hidden=8)
    for parameter in made.parameters():  # as built, every layer is the identity
        parameter.data.copy_(0.4 * torch.randn(parameter.shape, generator=seeded(parameter.numel())))
    return made


def autoregression() -> flows.LinearAutoregression:
    model = flows.LinearAutoregression(EVENT)
    model.weight.data.normal_()
    return model


def exact_loss(model: Any) -> torch.Tensor:
    """The mean of −log p at points that a flow, stacked or not, or an autoregression over pixels may be given."""
    event = (2,) if isinstance(model, flows.Flow) else EVENT
    x = torch.rand(*getattr(model, "lead", ()), N, *event, generator=seeded(7))
    return -model.log_prob(x if isinstance(model, flows.Flow) else x.round()).mean()


def rbm_loss(model: energy.RBM) -> torch.Tensor:
    """The mean of −log p over two machines side by side."""
    return -model.log_prob(torch.rand(2, N, 6, generator=seeded(7)).round()).mean()


def bernoulli_mixture() -> mixtures.BernoulliMixture:
    return mixtures.em_bernoulli(torch.rand(50, 6, generator=seeded(3)).round(), 3, 2, seeded(4))


def contender(number: int) -> Callable[[], bench.Model]:
    return lambda: protocol.train(bench.CONTENDERS[number], bench.splits(), 0, 1).model


def several(build: Callable[[], torch.nn.Module]) -> Callable[[], torch.nn.Module]:
    return lambda: stack([build(), build()])


TOYS = {"ring": 8, "grid": 25, "moons": 2, "circles": 2, "checkerboard": 8, "blobs": 3, "pinwheel": 5}
FAMILIES = {
    "VAE": Family(lambda: models.VAE(EVENT, 3, 8), loss=vae_loss),
    "stacked VAE": Family(several(lambda: models.VAE(EVENT, 3, 8)), lead=(2,), loss=vae_loss),
    "conditional VAE": Family(
        lambda: models.ConditionalVAE(3, EVENT, 3, 8), classes=3, y="needed", loss=conditional_loss
    ),
    "GAN": Family(lambda: models.Generator(EVENT, 3, 8), loss=generator_loss),
    "stacked GAN": Family(several(lambda: models.Generator(EVENT, 3, 8)), lead=(2,), loss=generator_loss),
    "conditional GAN": Family(
        lambda: models.Generator(EVENT, 3, 8, classes=3), classes=3, y="needed", loss=generator_loss
    ),
    "diffusion": Family(lambda: diffusion.Denoiser(EVENT, 0, 8, steps=3), loss=denoising_loss),
    "stacked diffusion": Family(
        several(lambda: diffusion.Denoiser(EVENT, 0, 8, steps=3)), lead=(2,), loss=denoising_loss
    ),
    "conditional diffusion": Family(
        lambda: diffusion.Denoiser(EVENT, 3, 8, steps=3), classes=3, y="optional", loss=denoising_loss
    ),
    "mixture": Family(gmm, (2,), classes=3, y="optional", log_prob=True),
    "discriminant": Family(discriminant, (2,), classes=3, y="optional", log_prob=True),
    "flow": Family(flow, (2,), log_prob=True, loss=exact_loss),
    "flow from a mixture": Family(lambda: flow(toy("blobs")), (2,), log_prob=True, loss=exact_loss),
    "stacked flow": Family(several(flow), (2,), lead=(2,), loss=exact_loss),
    "autoregression": Family(autoregression, loss=exact_loss),
    "RBMs": Family(lambda: energy.RBM(6, 3, lead=(2,), std=0.5), (6,), lead=(2,), loss=rbm_loss),
    "Bernoulli mixture": Family(bernoulli_mixture, (6,), classes=3, y="optional"),
    **{
        name: Family(lambda name=name: toy(name), (2,), classes=parts, y="optional", log_prob=True)
        for name, parts in TOYS.items()
    },
    **{f"contender {bench.CONTENDERS[number].name}": Family(contender(number), (1, 8, 8)) for number in (1, 2)},
}
CASES = [pytest.param(family, id=name) for name, family in FAMILIES.items()]


def built(family: Family) -> Any:
    torch.manual_seed(0)
    return family.build()


def labels(family: Family, n: int = N) -> torch.Tensor | None:
    return torch.arange(n) % family.classes if family.y == "needed" else None


@pytest.mark.parametrize("family", CASES)
def test_a_draw_has_its_shape_and_hangs_on_no_graph(family):
    model = built(family)
    for n in (1, N):
        x = model.sample(n, y=labels(family, n), rng=seeded())
        assert x.shape == (*family.lead, n, *family.event)
        assert x.is_floating_point() and x.isfinite().all() and not x.requires_grad
    parameters = inspect.signature(model.sample).parameters
    assert list(parameters) == ["n", "y", "rng"]
    assert all(parameters[name].kind is inspect.Parameter.KEYWORD_ONLY for name in ("y", "rng"))


@pytest.mark.parametrize("family", CASES)
def test_the_same_seed_gives_the_same_draws(family):
    model, y = built(family), labels(family)
    first, again, other = (model.sample(N, y=y, rng=seeded(seed)) for seed in (0, 0, 1))
    assert torch.equal(first, again) and not torch.equal(first, other)
    torch.manual_seed(5)
    kept = torch.get_rng_state()
    by_global = model.sample(N, y=y)
    torch.manual_seed(5)
    assert torch.equal(model.sample(N, y=y), by_global), "without rng, torch's global random numbers are used"
    torch.manual_seed(5)
    model.sample(N, y=y, rng=seeded())
    assert torch.equal(torch.get_rng_state(), kept), "with rng, they are left alone"


@pytest.mark.parametrize("family", CASES)
def test_classes_are_taken_where_there_are_some_and_refused_where_not(family):
    model = built(family)
    if family.y == "refused":
        with pytest.raises(ValueError, match="no classes"):
            model.sample(N, y=torch.zeros(N, dtype=torch.long))
        return
    y = torch.arange(N) % family.classes
    x = model.sample(N, y=y, rng=seeded())
    assert x.shape == (*family.lead, N, *family.event)
    assert not torch.equal(x, model.sample(N, y=y.flip(0), rng=seeded())), "the class changes what is drawn"
    with pytest.raises(ValueError, match="got the shape"):
        model.sample(N + 1, y=y)
    if family.y == "needed":
        with pytest.raises(ValueError, match="got None"):
            model.sample(N)


@pytest.mark.parametrize("family", [case for case in CASES if case.values[0].log_prob])
def test_the_density_of_a_draw_is_a_number_and_higher_than_far_away(family):
    model = built(family)
    x = model.sample(200, rng=seeded())
    log_px = model.log_prob(x)
    assert log_px.shape == (200,) and log_px.dtype == x.dtype and log_px.isfinite().all()
    assert model.log_prob(x + 20).max() < log_px.min()


@pytest.mark.parametrize("family", [case for case in CASES if case.values[0].loss])
def test_gradients_reach_all_parameters(family):
    model = built(family)
    family.loss(model).backward()
    without = [name for name, p in model.named_parameters() if p.grad is None or not p.grad.abs().sum()]
    assert not without


def test_gradients_of_a_mixtures_density_reach_its_parameters():
    theta = mixtures.GMMParameters(*(part.clone().requires_grad_() for part in gmm()))
    theta.log_prob(torch.randn(9, 2, generator=seeded(), dtype=torch.float64)).sum().backward()
    assert all(part.grad.abs().sum() > 0 for part in theta)
