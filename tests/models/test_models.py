"""The networks: shapes, a gradient that reaches every parameter, draws that repeat."""

import pytest
import torch

from course_utils import losses, models

EVENTS = [(1, 8, 8), (1, 28, 28), (5,)]


def elbo(x, x_logits, mu, logvar):
    return losses.elbo(losses.log_bernoulli(x, x_logits), losses.kl_standard_normal(mu, logvar)).mean()


@pytest.mark.parametrize("event", EVENTS)
def test_vae_shapes(event):
    model = models.VAE(event, latent=3, hidden=16)
    x = torch.rand(4, *event)
    x_logits, mu, logvar = model(x)
    assert x_logits.shape == x.shape
    assert mu.shape == logvar.shape == (4, 3)
    assert model.sample(6).shape == (6, *event)


@pytest.mark.parametrize("event", EVENTS)
def test_conditional_vae_shapes(event):
    model = models.ConditionalVAE(10, event, latent=3, hidden=16)
    x, y = torch.rand(4, *event), torch.tensor([0, 3, 9, 3])
    x_logits, mu, logvar = model(x, y)
    assert x_logits.shape == x.shape
    assert mu.shape == logvar.shape == (4, 3)
    assert model.sample(len(y), y=y).shape == x.shape


@pytest.mark.parametrize("conditional", [False, True])
def test_a_gradient_reaches_every_parameter(conditional):
    torch.manual_seed(0)
    x, y = torch.rand(32, 1, 8, 8), torch.arange(32) % 10
    model = models.ConditionalVAE() if conditional else models.VAE()
    elbo(x, *(model(x, y) if conditional else model(x))).backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None and parameter.grad.abs().sum() > 0, name


def test_the_class_changes_what_the_conditional_vae_decodes():
    torch.manual_seed(0)
    model, z = models.ConditionalVAE(), torch.randn(1, 8).expand(2, -1)
    a, b = model.decode(z, torch.tensor([0, 1]))
    assert not torch.allclose(a, b)


def test_sample_gives_probabilities_and_repeats_with_its_generator():
    model = models.VAE()
    draws = [model.sample(5, rng=torch.Generator().manual_seed(seed)) for seed in (0, 0, 1)]
    assert torch.equal(draws[0], draws[1]) and not torch.equal(draws[0], draws[2])
    assert draws[0].min() >= 0 and draws[0].max() <= 1 and not draws[0].requires_grad


def test_reparameterize_has_the_right_mean_standard_deviation_and_gradients():
    mu = torch.tensor([[1.0, -2.0]], dtype=torch.float64, requires_grad=True)
    logvar = torch.tensor([[0.0, -3.0]], dtype=torch.float64, requires_grad=True)
    rng = torch.Generator().manual_seed(0)
    z = models.reparameterize(mu.expand(50_000, -1), logvar.expand(50_000, -1), rng)
    sigma = (0.5 * logvar).exp()
    assert ((z.mean(0) - mu).abs() < 5 * sigma / 50_000**0.5).all()
    torch.testing.assert_close(z.std(0, keepdim=True), sigma, rtol=0.02, atol=0)
    z.mean(0).sum().backward()
    torch.testing.assert_close(mu.grad, torch.ones_like(mu))
    # z = mu + exp(logvar / 2) ε, so the gradient in logvar is ε σ / 2, whose mean over draws is near 0 but is not 0.
    assert (logvar.grad != 0).all()


def test_mlp_has_an_activation_between_layers_and_none_at_the_end():
    kinds = [type(layer).__name__ for layer in models.mlp(4, 8, 8, 2)]
    assert kinds == ["Linear", "ReLU", "Linear", "ReLU", "Linear"]
    with pytest.raises(ValueError, match="at least two"):
        models.mlp(4)
