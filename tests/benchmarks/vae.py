"""The VAE's numbers for `tests.benchmarks`: its ELBO over seeds, and beside the usual example at the same wall time."""

import time

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from course_utils import data, losses, models, training

Row = tuple[str, float, str, str]
SECONDS = 10


def vae_loss(model: nn.Module, x: Tensor, rng: torch.Generator) -> dict[str, Tensor]:
    x_logits, mu, logvar = model(x, rng)
    log_px_z, kl = losses.log_bernoulli(x, x_logits), losses.kl_standard_normal(mu, logvar)
    return {"loss": -losses.elbo(log_px_z, kl).mean()}


@torch.no_grad()
def bounds(model: nn.Module, x: Tensor, k: int) -> tuple[float, float]:
    """The ELBO and the importance-weighted bound with k draws, means over x in nats."""
    rng, zero = torch.Generator().manual_seed(0), torch.zeros(())
    mu, logvar = model.encode(x)
    elbos, log_w = [], []
    for _ in range(k):
        z = models.reparameterize(mu, logvar, rng)
        log_px_z = losses.log_bernoulli(x, model.decode(z))
        elbos.append(losses.elbo(log_px_z, losses.kl_standard_normal(mu, logvar)).mean())
        log_w.append(log_px_z + losses.log_gaussian(z, zero, zero) - losses.log_gaussian(z, mu, logvar))
    return torch.stack(elbos).mean().item(), losses.iw_elbo(torch.stack(log_w)).mean().item()


class UsualVAE(nn.Module):
    """The VAE of pytorch/examples: 784-400-20 and back, one hidden layer each way."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder, self.heads = nn.Linear(784, 400), nn.Linear(400, 40)
        self.decoder = nn.Sequential(nn.Linear(20, 400), nn.ReLU(), nn.Linear(400, 784), nn.Unflatten(1, (1, 28, 28)))

    def encode(self, x: Tensor) -> tuple[Tensor, ...]:
        return self.heads(self.encoder(x.flatten(1)).relu()).chunk(2, dim=1)

    def decode(self, z: Tensor) -> Tensor:
        return self.decoder(z)


def train_usual(x: Tensor, seconds: float, seed: int) -> nn.Module:
    """As pytorch/examples trains it: Adam 1e-3, batches of 128, cross-entropy of the sigmoid, summed, plus the KL."""
    torch.manual_seed(seed)
    model = UsualVAE()
    optimizer, start = torch.optim.Adam(model.parameters(), lr=1e-3), time.perf_counter()
    while True:
        for (batch,) in data.batches(x, batch_size=128):
            if time.perf_counter() - start >= seconds:
                return model
            mu, logvar = model.encode(batch)
            pixels = model.decode(models.reparameterize(mu, logvar)).sigmoid()
            kl = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
            loss = F.binary_cross_entropy(pixels, batch, reduction="sum") + kl
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


def elbo() -> list[Row]:
    """Lecture 03's VAE on the rounded digits, five seeds: test ELBO, importance-weighted bound, seconds."""
    torch.set_num_threads(1)
    x, x_test = ((data.images("digits", split)[0] >= 0.5).float() for split in ("train", "test"))
    values = []
    for seed in range(5):
        torch.manual_seed(seed)
        model = models.VAE()
        history = training.fit(model, vae_loss, x, epochs=154, seed=seed, progress=False)
        values.append((*bounds(model, x_test, 500), history.seconds))
    mean, spread = torch.tensor(values).mean(0).tolist(), torch.tensor(values).std(0).tolist()
    return [
        ("digits, test ELBO, mean of 5 seeds", mean[0], "nat", "-17.8"),
        ("digits, test ELBO, sd of 5 seeds", spread[0], "nat", ""),
        ("digits, bound with K = 500, mean", mean[1], "nat", "-16.8"),
        ("digits, bound with K = 500, sd", spread[1], "nat", ""),
        ("digits, training, mean", mean[2], "s", ""),
    ]


def mnist() -> list[Row]:
    """On 8,000 of MNIST's test images (COURSE_DATA), gray levels as they are, tested on the other 2,000.

    The course's VAE trains for about SECONDS, then the usual one for exactly as long as that took; three seeds.
    """
    torch.set_num_threads(1)
    images, _ = data.images("mnist", "test")
    x, x_test, rows = images[:8000], images[8000:], []
    for seed in range(3):
        trial = training.fit(models.VAE((1, 28, 28), 16), vae_loss, x, epochs=1, progress=False)
        torch.manual_seed(seed)
        model = models.VAE((1, 28, 28), latent=16)
        history = training.fit(model, vae_loss, x, epochs=round(SECONDS / trial.seconds), seed=seed, progress=False)
        usual = train_usual(x, history.seconds, seed)
        rows += [
            (f"MNIST, seed {seed}, seconds for each", history.seconds, "s", ""),
            (f"MNIST, seed {seed}, ours, test ELBO", bounds(model, x_test, 10)[0], "nat", ""),
            (f"MNIST, seed {seed}, pytorch/examples, test ELBO", bounds(usual, x_test, 10)[0], "nat", ""),
        ]
    return rows
