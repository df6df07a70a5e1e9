"""What lecture 09a builds again and again: RBMs that begin at independent pixels, and the VAE beside them."""

import torch
from torch import Tensor

from course_utils import losses, models, training
from course_utils.models.energy import RBM


def new_rbm(visible: int, hidden: int, logits: Tensor, lead: tuple[int, ...] = (), seed: int = 0) -> RBM:
    """An RBM with small first weights by the seed, and the logits `(*lead, V)` of independent pixels as its biases."""
    rbm = RBM(visible, hidden, lead=lead, rng=training.seeded(seed))
    rbm.visible_bias.data.copy_(logits)
    return rbm


def one_of(machines: RBM, index: int = 0) -> RBM:
    """A copy of one of several RBMs that stand side by side, `lead` (S,), without gradients."""
    one = RBM(*machines.weight.shape[1:]).requires_grad_(False)
    for parameter, several in zip(one.parameters(), machines.parameters(), strict=True):
        parameter.copy_(several[index])
    return one


def vae_loss(model: models.VAE, x: Tensor, rng: torch.Generator | None) -> dict[str, Tensor]:
    """Minus the ELBO of binary x, as lecture 03 trains it."""
    x_logits, mu, logvar = model(x, rng)
    return {"loss": -losses.elbo(losses.log_bernoulli(x, x_logits), losses.kl_standard_normal(mu, logvar)).mean()}


@torch.no_grad()
@torch.no_grad()
def vae_bound(vae: models.VAE, x: Tensor, draws: int, rng: torch.Generator | None = None) -> Tensor:
    """The importance-weighted bound on log P(x) in nats, `(B,)`, with so many draws for each image (lecture 03)."""
    mu, logvar = vae.encode(x)
    zero, log_w = torch.zeros(()), []
    for _ in range(draws):
        z = models.reparameterize(mu, logvar, rng)
        log_joint = losses.log_bernoulli(x, vae.decode(z)) + losses.log_gaussian(z, zero, zero)
        log_w.append(log_joint - losses.log_gaussian(z, mu, logvar))
    return losses.iw_elbo(torch.stack(log_w))
