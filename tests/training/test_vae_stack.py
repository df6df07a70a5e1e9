"""VAEs side by side are plain VAEs: same numbers, own images, own weights; and they learn."""

import pytest
import torch

from course_utils import data, losses, models, training
from course_utils.models.ensemble import one_of, stack
from course_utils.training.vae_stack import VAEs


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def test_each_is_a_plain_vae_of_its_seed():
    stacked, x = VAEs(2, pixels=16, latent=3, hidden=8, weight=2.0, seed=5), torch.rand(2, 7, 16, generator=seeded())
    for run in range(2):
        torch.manual_seed(5 + run)
        plain = models.VAE((16,), 3, 8)
        mu, logvar = stacked.encode(x)
        torch.testing.assert_close(mu[run], plain.encode(x[run])[0])
        torch.testing.assert_close(one_of(stacked.decoder, plain.decoder, run)(mu[run]), plain.decode(mu[run]))
        noise = torch.randn(2, 7, 3, generator=seeded(1))[run]
        x_logits = plain.decode(mu[run] + (0.5 * logvar[run]).exp() * noise)
        kl = losses.kl_standard_normal(mu[run], logvar[run])
        expected = losses.elbo(2 * losses.log_bernoulli(x[run], x_logits), kl)
        torch.testing.assert_close(stacked.objective(x, seeded(1))[run], expected)


def test_building_draws_nothing_from_the_global_generator():
    torch.manual_seed(3)
    before = torch.rand(2)
    torch.manual_seed(3)
    VAEs(2, pixels=16, latent=3, hidden=8)
    assert torch.equal(torch.rand(2), before)


def test_training_raises_each_ones_score_on_its_own_images_and_samples_are_pixels():
    x, _ = data.images("digits", "train")
    own = x[:120].flatten(1).unflatten(0, (2, 60))
    vaes = VAEs(2, hidden=32)
    before = vaes.score(own).mean(1)
    vaes.fit(own, 60, progress=False)
    after, crossed = vaes.score(own).mean(1), vaes.score(own.flip(0)).mean(1)
    assert (after > before + 10).all() and (after > crossed).all()
    drawn = vaes.sample(5)
    assert drawn.shape == (2, 5, 64) and drawn.min() >= 0 and drawn.max() <= 1
    assert vaes.reconstruct(own).shape == own.shape


def test_an_image_of_weight_0_is_never_seen():
    x = torch.zeros(1, 2, 16)
    x[0, 1] = 1
    vaes = VAEs(1, pixels=16, latent=2, hidden=8)
    vaes.fit(x, 150, weights=torch.tensor([[1.0, 0.0]]), lr=1e-2, progress=False)
    assert vaes.sample(20).mean() < 0.1


def test_a_fit_can_be_repeated():
    x = torch.rand(2, 20, 16, generator=seeded())
    runs = []
    for _ in range(2):
        vaes = VAEs(2, pixels=16, latent=2, hidden=8)
        vaes.fit(x, 5, seed=4, progress=False)
        runs.append(vaes.sample(3, seed=1))
    assert torch.equal(*runs)


def test_fit_of_stacked_networks_is_what_vaes_do():
    x = torch.rand(2, 20, 16, generator=seeded())
    vaes, plain = VAEs(2, pixels=16, latent=2, hidden=8, weight=1.0, seed=3), []
    for seed in (3, 4):
        torch.manual_seed(seed)
        plain.append(models.VAE((16,), 2, 8))
    stacked = stack(plain)

    def loss(model, x, rng):
        x_logits, mu, logvar = model(x, rng)
        kl = losses.kl_standard_normal(mu, logvar, batch_dims=2)
        return {"loss": -losses.elbo(losses.log_bernoulli(x, x_logits, batch_dims=2), kl).mean(-1)}

    history = training.fit(stacked, loss, x, steps=5, progress=False)
    assert history["loss"] == vaes.fit(x, 5, progress=False)["loss"]
    assert torch.equal(stacked.sample(4, rng=seeded()), vaes.model.sample(4, rng=seeded()))
    with pytest.raises(ValueError, match="epochs or steps"):
        training.fit(stacked, loss, x, progress=False)
