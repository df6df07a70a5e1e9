"""Generator, discriminator, their two training steps, and networks stacked side by side."""

import copy

import pytest
import torch

from course_utils import losses, models
from course_utils.data.toys import toy
from course_utils.models.ensemble import one_of, stack
from course_utils.training.gan import GAN, LOSSES, GANConfig

VARIANTS = [{}, {"pack": 2}, {"minibatch_stddev": True}, {"spectral": True}]
RING = toy("ring", std=0.1)


def draw(n, rng):
    return (RING.sample(n, rng=rng),)


def pair(seed=0, **options):
    torch.manual_seed(seed)
    return models.Generator((2,), 4, 16, output=None), models.Discriminator((2,), 16, **options)


def weights(network):
    return [p.detach().clone() for p in network.parameters()]


def equal(before, after):
    return all(torch.equal(a, b) for a, b in zip(before, after, strict=True))


@pytest.mark.parametrize("event", [(1, 8, 8), (2,)])
@pytest.mark.parametrize("classes", [0, 10])
def test_shapes_and_a_gradient_for_every_parameter(event, classes):
    torch.manual_seed(0)
    G, D = models.Generator(event, 5, 16, classes=classes), models.Discriminator(event, 16, classes=classes)
    y = (torch.arange(6) % 10,) if classes else ()
    x = G(torch.randn(6, 5), *y)
    assert x.shape == (6, *event) and x.min() >= 0 and x.max() <= 1
    logits = D(x, *y)
    assert logits.shape == (6,)
    losses.generator_loss(logits).mean().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for n in (G, D) for p in n.parameters())
    draws = [G.sample(6, y=y[0] if y else None, rng=torch.Generator().manual_seed(seed)) for seed in (0, 0, 1)]
    assert torch.equal(draws[0], draws[1]) and not torch.equal(draws[0], draws[2])


def test_the_class_changes_what_both_networks_say():
    torch.manual_seed(0)
    G, D = models.Generator(classes=10), models.Discriminator(classes=10)
    z, x, y = torch.randn(1, 16).expand(2, -1), torch.rand(1, 1, 8, 8).expand(2, -1, -1, -1), torch.tensor([0, 7])
    assert not torch.allclose(*G(z, y)) and D(x, y)[0] != D(x, y)[1]


def test_a_pack_is_judged_as_one_and_the_spread_is_seen():
    packed, x = pair(pack=3)[1], torch.randn(6, 2)
    assert packed(x).shape == (2,)
    other = torch.cat([x[:5], x[5:] + 1])
    assert packed(other)[0] == packed(x)[0] and packed(other)[1] != packed(x)[1]
    wide = pair(minibatch_stddev=True)[1]
    assert wide(other)[0] != wide(x)[0]


def test_spectral_norm_makes_the_discriminator_slope_at_most_one():
    torch.manual_seed(0)
    D = models.Discriminator((2,), 32, spectral=True)
    for layer in (*D.body, D.head):
        if hasattr(layer, "weight"):
            layer.weight.data *= 20
    x = torch.randn(500, 2)
    for _ in range(50):
        D(x)
    assert (2 * losses.r1_penalty(D, x)).sqrt().max() <= 1.001


@pytest.mark.parametrize("options", VARIANTS, ids=str)
def test_stacked_networks_are_the_networks_one_by_one(options):
    plain = [pair(seed, **options)[1] for seed in range(3)]
    x = torch.randn(3, 8, 2)
    stacked = stack(plain)
    together = stacked(x)
    torch.testing.assert_close(together, torch.stack([D(part) for D, part in zip(plain, x, strict=True)]))
    assert equal(weights(one_of(stacked, plain[0], 2)), weights(plain[2]))
    with pytest.raises(ValueError, match="same"):
        stack([models.mlp(2, 3), models.mlp(2, 4)])


@pytest.mark.parametrize("loss", LOSSES)
def test_training_side_by_side_is_training_one_by_one(loss):
    """Each run gets the data and noise it would get alone."""
    config = GANConfig(loss=loss, batch_size=8, d_steps=2, r1=0.1, average=0.9)
    pairs = [pair(seed) for seed in range(2)]
    reals = torch.randn(2, 8, 2)
    several = GAN(
        stack([p[0] for p in pairs]), stack([p[1] for p in pairs]), lambda n, g: (reals.flatten(0, 1),), config
    )
    noise = torch.randn(20, 2, 8, 4)
    calls = iter(noise)
    several.draw_z = lambda: next(calls)
    for _ in range(3):
        several.step()
    for run, (G, D) in enumerate(pairs):
        single = GAN(G, D, lambda n, g, run=run: (reals[run],), config)
        own = iter(noise[:, run])
        single.draw_z = lambda own=own: next(own)
        for _ in range(3):
            single.step()
        for stacked, plain in (
            (several.G, single.G),
            (several.D, single.D),
            (several.averaged, single.averaged),
        ):
            for a, b in zip(weights(one_of(stacked, plain, run)), weights(plain), strict=True):
                torch.testing.assert_close(a, b, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("options", VARIANTS, ids=str)
@pytest.mark.parametrize(
    "config", [GANConfig(loss=loss) for loss in LOSSES] + [GANConfig(instance_noise=0.1, r1=1.0, gradient_penalty=1.0)]
)
def test_each_step_moves_its_own_network_and_leaves_the_other(config, options):
    gan = GAN(*pair(**options), draw, config)
    G, D = weights(gan.G), weights(gan.D)
    terms = gan.d_step()
    assert equal(G, weights(gan.G)) and not equal(D, weights(gan.D))
    assert all(p.grad is None for p in gan.G.parameters())
    D, slopes = weights(gan.D), [p.grad.clone() for p in gan.D.parameters()]
    terms |= gan.g_step()
    assert equal(D, weights(gan.D)) and not equal(G, weights(gan.G))
    assert equal(slopes, [p.grad for p in gan.D.parameters()])
    assert set(terms) == {"d_loss", "real_logit", "fake_logit", "g_loss", "g_gradient"}
    assert all(value.isfinite() for value in terms.values())


def test_the_gradient_is_that_of_the_loss_of_each_point():
    gan = GAN(*pair(), draw, GANConfig())
    discriminator = copy.deepcopy(gan.D)
    gan.g_step()
    x = gan.x_fake.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(losses.generator_loss(discriminator(x)).sum(), x)
    torch.testing.assert_close(gan.gradient, gradient)


def test_one_step_of_each_by_hand():
    """Adam's first step is the learning rate times the sign of the gradient, and the gradient is known."""
    gan = GAN(*pair(), draw, GANConfig(lr=1e-3, lr_ratio=2.0))
    hand_g, hand_d, rng = copy.deepcopy(gan.G), copy.deepcopy(gan.D), torch.Generator().manual_seed(0)
    gan.d_step()
    x = draw(64, rng)[0]
    x_fake = hand_g(torch.randn(64, 4, generator=rng)).detach()
    losses.discriminator_loss(hand_d(x), hand_d(x_fake)).mean().backward()
    for p, moved in zip(hand_d.parameters(), gan.D.parameters(), strict=True):
        settled = p.grad.abs() > 1e-5  # far above Adam's epsilon
        torch.testing.assert_close((p - 2e-3 * p.grad.sign())[settled], moved[settled], atol=2e-5, rtol=0)


def test_a_run_repeats_with_its_seed_and_decay_restores_nothing_but_ends_at_rest():
    ends = []
    for seed in (0, 0, 1):
        gan = GAN(*pair(), draw, GANConfig(average=0.9), seed=seed)
        history = gan.train(6, decay=True, progress=False)
        ends.append(weights(gan.averaged))
        assert history.steps == 6 and len(history["d_loss"]) == 6
    assert equal(ends[0], ends[1]) and not equal(ends[0], ends[2])


def test_the_generator_learns_a_gaussian_over_seeds():
    target = torch.tensor([1.0, -1.0])
    pairs = [pair(seed) for seed in range(5)]
    gan = GAN(
        stack([p[0] for p in pairs]),
        stack([p[1] for p in pairs]),
        lambda n, g: (target + 0.5 * torch.randn(n, 2, generator=g),),
        GANConfig(lr=1e-2, r1=0.1, average=0.95),
    )
    gan.train(400, decay=True, progress=False)
    with torch.no_grad():
        x = gan.averaged(torch.randn(5, 2000, 4))
    assert ((x.mean(1) - target).norm(dim=-1) < 0.5).all()  # it starts 1.4 away
    assert ((x.std(1) > 0.05) & (x.std(1) < 1.5)).all()


def test_unknown_loss_is_refused():
    with pytest.raises(ValueError, match="minimax"):
        GANConfig(loss="hinge")
