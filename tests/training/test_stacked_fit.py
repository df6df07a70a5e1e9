"""`fit` of networks side by side: each is the plain network of its seed, learns from its own images and weights."""

import pytest
import torch

from course_utils import data, losses, models, training
from course_utils.models.ensemble import one_of, stack
from course_utils.training import seeded


def plain_vaes(runs, event=(16,), latent=2, hidden=8, seed=0):
    networks = []
    for run in range(runs):
        with models.first_weights(seed + run):
            networks.append(models.VAE(event, latent, hidden))
    return networks


def objective(vae, x, rng, batch_dims=2):
    x_logits, mu, logvar = vae(x, rng)
    log_px_z = losses.log_bernoulli(x, x_logits, batch_dims=batch_dims)
    return losses.elbo(log_px_z, losses.kl_standard_normal(mu, logvar, batch_dims=batch_dims), beta=0.25)


def loss(vae, x, rng):
    return {"loss": -objective(vae, x, rng).mean(-1)}


def test_each_is_the_plain_vae_of_its_seed():
    plain, x = plain_vaes(2, latent=3, seed=5), torch.rand(2, 7, 16, generator=seeded())
    stacked = stack(plain)
    mu, logvar = stacked.encode(x)
    for run in range(2):
        torch.testing.assert_close(mu[run], plain[run].encode(x[run])[0])
        torch.testing.assert_close(stacked.decode(mu)[run], plain[run].decode(mu[run]))
        single = one_of(stacked.decoder, plain[run].decoder, run)
        torch.testing.assert_close(single(mu[run]), plain[run].decoder(mu[run]))
        std = (0.5 * logvar).exp() * torch.randn(mu.shape, generator=seeded(1))
        log_px_z = losses.log_bernoulli(x[run], plain[run].decode(mu[run] + std[run]))
        expected = losses.elbo(log_px_z, losses.kl_standard_normal(mu[run], logvar[run]), beta=0.25)
        torch.testing.assert_close(objective(stacked, x, seeded(1))[run], expected)


def test_training_raises_each_ones_objective_on_its_own_images_and_samples_are_pixels():
    x, _ = data.images("digits", "train")
    own = x[:120].unflatten(0, (2, 60))
    vaes = stack(plain_vaes(2, event=x.shape[1:], latent=8, hidden=32))
    before = objective(vaes, own, seeded()).mean(1)
    training.fit(vaes, loss, own, steps=120, progress=False)
    after, crossed = (objective(vaes, images, seeded()).mean(1) for images in (own, own.flip(0)))
    assert (after > before + 3).all() and (after > crossed).all()
    drawn = vaes.sample(5, rng=seeded())
    assert drawn.shape == (2, 5, 1, 8, 8) and drawn.min() >= 0 and drawn.max() <= 1


def test_an_image_of_weight_0_is_never_seen():
    x = torch.zeros(1, 2, 16)
    x[0, 1] = 1
    vaes = stack(plain_vaes(1))
    training.fit(vaes, loss, x, steps=300, weights=torch.tensor([[1.0, 0.0]]), lr=1e-2, progress=False)
    assert vaes.sample(20, rng=seeded()).mean() < 0.1


def test_a_fit_can_be_repeated_and_needs_one_of_epochs_and_steps():
    x = torch.rand(2, 20, 16, generator=seeded())
    runs = []
    for _ in range(2):
        vaes = stack(plain_vaes(2))
        training.fit(vaes, loss, x, steps=5, seed=4, progress=False)
        runs.append(vaes.sample(3, rng=seeded(1)))
    assert torch.equal(*runs)
    with pytest.raises(ValueError, match="epochs or steps"):
        training.fit(vaes, loss, x, progress=False)
