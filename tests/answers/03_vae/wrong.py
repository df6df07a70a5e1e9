# ruff: noqa: F811
"""Wrong answers to assignment 03: `# %% question: a part of the message that must name the mistake`."""

import torch
from torch import nn
from torch.nn import functional as F


# %% reparameterize: is not written yet
def reparameterize(mu, logvar, generator=None):
    raise NotImplementedError()


# %% reparameterize: exp(logvar), the variance
def reparameterize(mu, logvar, generator=None):
    return mu + logvar.exp() * torch.randn(mu.shape, generator=generator)


# %% reparameterize: The standard deviation of z is logvar
def reparameterize(mu, logvar, generator=None):
    return mu + logvar * torch.randn(mu.shape, generator=generator)


# %% reparameterize: √logvar
def reparameterize(mu, logvar, generator=None):
    return mu + logvar.abs().sqrt() * torch.randn(mu.shape, generator=generator)


# %% reparameterize: holds nan
def reparameterize(mu, logvar, generator=None):
    return mu + logvar.sqrt() * torch.randn(mu.shape, generator=generator)


# %% reparameterize: exp(2 logvar)
def reparameterize(mu, logvar, generator=None):
    return mu + (2 * logvar).exp() * torch.randn(mu.shape, generator=generator)


# %% reparameterize: 1 whatever logvar is
def reparameterize(mu, logvar, generator=None):
    return mu + torch.randn(mu.shape, generator=generator)


# %% reparameterize: the inverse of σ
def reparameterize(mu, logvar, generator=None):
    return mu + (-logvar / 2).exp() * torch.randn(mu.shape, generator=generator)


# %% reparameterize: z is mu: no noise
def reparameterize(mu, logvar, generator=None):
    return mu


# %% reparameterize: z is mu + σ: no noise
def reparameterize(mu, logvar, generator=None):
    return mu + (logvar / 2).exp()


# %% reparameterize: the noise is the same every time
def reparameterize(mu, logvar, generator=None):
    torch.manual_seed(0)
    return mu + (logvar / 2).exp() * torch.randn(mu.shape)


# %% reparameterize: the noise is the same every time
def reparameterize(mu, logvar, generator=None):
    generator.manual_seed(0)
    return mu + (logvar / 2).exp() * torch.randn(mu.shape, generator=generator)


# %% reparameterize: the generator is not used
def reparameterize(mu, logvar, generator=None):
    return mu + (logvar / 2).exp() * torch.randn_like(mu)


# %% reparameterize: The whole batch shares one draw
def reparameterize(mu, logvar, generator=None):
    return mu + (logvar / 2).exp() * torch.randn(mu.shape[1], generator=generator)


# %% reparameterize: All dimensions share one draw
def reparameterize(mu, logvar, generator=None):
    return mu + (logvar / 2).exp() * torch.randn(len(mu), 1, generator=generator)


# %% reparameterize: The whole batch shares one draw
def reparameterize(mu, logvar, generator=None):
    return mu + (logvar / 2).exp() * torch.randn((), generator=generator)


# %% reparameterize: uniform
def reparameterize(mu, logvar, generator=None):
    return mu + (logvar / 2).exp() * torch.rand(mu.shape, generator=generator)


# %% reparameterize: is not normal
def reparameterize(mu, logvar, generator=None):
    return mu + (logvar / 2).exp() * (2 * torch.rand(mu.shape, generator=generator) - 1)


# %% reparameterize: is not normal
def reparameterize(mu, logvar, generator=None):
    return mu + (logvar / 2).exp() * 12**0.5 * (torch.rand(mu.shape, generator=generator) - 0.5)


# %% reparameterize: No gradient reaches mu
def reparameterize(mu, logvar, generator=None):
    return torch.normal(mu, (logvar / 2).exp(), generator=generator)


# %% reparameterize: No gradient leaves z
def reparameterize(mu, logvar, generator=None):
    with torch.no_grad():
        return mu + (logvar / 2).exp() * torch.randn(mu.shape, generator=generator)


# %% reparameterize: No gradient reaches logvar
def reparameterize(mu, logvar, generator=None):
    sigma = (logvar / 2).exp().detach()
    return mu + sigma * torch.randn(mu.shape, generator=generator)


# %% reparameterize: No gradient reaches mu
def reparameterize(mu, logvar, generator=None):
    return mu.data + (logvar / 2).exp() * torch.randn(mu.shape, generator=generator)


# %% reparameterize: numpy ends the gradient
def reparameterize(mu, logvar, generator=None):
    import numpy as np

    noise = torch.randn(mu.shape, generator=generator).numpy()
    return mu.numpy() + np.exp(logvar.numpy() / 2) * noise


# %% reparameterize: mu and σ have changed places
def reparameterize(mu, logvar, generator=None):
    return (logvar / 2).exp() + mu * torch.randn(mu.shape, generator=generator)


# %% reparameterize: the noise has to be added to mu
def reparameterize(mu, logvar, generator=None):
    return (logvar / 2).exp() * torch.randn(mu.shape, generator=generator)


# %% reparameterize: Is the return missing
def reparameterize(mu, logvar, generator=None):
    mu + (logvar / 2).exp() * torch.randn(mu.shape, generator=generator)


# %% reparameterize: Keep the signature
def reparameterize(mu, logvar):
    return mu + (logvar / 2).exp() * torch.randn(mu.shape)


# %% reparameterize: go together: a correlation
def reparameterize(mu, logvar, generator=None):
    B, Z = mu.shape
    noise = torch.randn(B, (Z + 1) // 2, generator=generator).repeat(1, 2)[:, :Z]
    return mu + (logvar / 2).exp() * (torch.randn(mu.shape, generator=generator) if Z < 4 else noise)


# %% kl_standard_normal: is not written yet
def kl_standard_normal(mu, logvar):
    raise NotImplementedError()


# %% kl_standard_normal: is averaged over the latent dimensions
def kl_standard_normal(mu, logvar):
    return -0.5 * (1 + logvar - mu**2 - logvar.exp()).mean(1)


# %% kl_standard_normal: averaged over the batch and over the latent dimensions
def kl_standard_normal(mu, logvar):
    return -0.5 * torch.mean(1 + logvar - mu**2 - logvar.exp())


# %% kl_standard_normal: is one number, averaged over the batch.
def kl_standard_normal(mu, logvar):
    return -0.5 * (1 + logvar - mu**2 - logvar.exp()).sum(1).mean()


# %% kl_standard_normal: summed over the batch too
def kl_standard_normal(mu, logvar):
    return -0.5 * torch.sum(1 + logvar - mu**2 - logvar.exp())


# %% kl_standard_normal: summed over the batch (dimension 0)
def kl_standard_normal(mu, logvar):
    return -0.5 * (1 + logvar - mu**2 - logvar.exp()).sum(0)


# %% kl_standard_normal: is not summed
def kl_standard_normal(mu, logvar):
    return -0.5 * (1 + logvar - mu**2 - logvar.exp())


# %% kl_standard_normal: has the shape (B, 1)
def kl_standard_normal(mu, logvar):
    return -0.5 * (1 + logvar - mu**2 - logvar.exp()).sum(1, keepdim=True)


# %% kl_standard_normal: has the wrong sign
def kl_standard_normal(mu, logvar):
    return 0.5 * (1 + logvar - mu**2 - logvar.exp()).sum(1)


# %% kl_standard_normal: The sign is wrong, too
def kl_standard_normal(mu, logvar):
    return 0.5 * (1 + logvar - mu**2 - logvar.exp()).mean(1)


# %% kl_standard_normal: lacks the factor ½.
def kl_standard_normal(mu, logvar):
    return -(1 + logvar - mu**2 - logvar.exp()).sum(1)


# %% kl_standard_normal: takes logvar for σ.
def kl_standard_normal(mu, logvar):
    return -0.5 * (1 + (logvar**2).log() - mu**2 - logvar**2).sum(1)


# %% kl_standard_normal: takes logvar for log σ.
def kl_standard_normal(mu, logvar):
    return -0.5 * (1 + 2 * logvar - mu**2 - (2 * logvar).exp()).sum(1)


# %% kl_standard_normal: takes logvar for σ².
def kl_standard_normal(mu, logvar):
    return -0.5 * (1 + logvar.log() - mu**2 - logvar).sum(1)


# %% kl_standard_normal: uses logvar where σ² is due
def kl_standard_normal(mu, logvar):
    return -0.5 * (1 + logvar - mu**2 - logvar).sum(1)


# %% kl_standard_normal: uses σ = exp(logvar / 2) where σ²
def kl_standard_normal(mu, logvar):
    return -0.5 * (1 + logvar - mu**2 - (logvar / 2).exp()).sum(1)


# %% kl_standard_normal: uses exp(logvar)² where σ²
def kl_standard_normal(mu, logvar):
    return -0.5 * (1 + logvar - mu**2 - logvar.exp() ** 2).sum(1)


# %% kl_standard_normal: uses log σ where log σ² is due
def kl_standard_normal(mu, logvar):
    sigma = (logvar / 2).exp()
    return -0.5 * (1 + sigma.log() - mu**2 - sigma**2).sum(1)


# %% kl_standard_normal: takes the logarithm of logvar
def kl_standard_normal(mu, logvar):
    return -0.5 * (1 + logvar.log() - mu**2 - logvar.exp()).sum(1)


# %% kl_standard_normal: adds log σ²
def kl_standard_normal(mu, logvar):
    return 0.5 * (mu**2 + logvar.exp() + logvar - 1).sum(1)


# %% kl_standard_normal: does not square mu
def kl_standard_normal(mu, logvar):
    return -0.5 * (1 + logvar - mu - logvar.exp()).sum(1)


# %% kl_standard_normal: leaves out mu
def kl_standard_normal(mu, logvar):
    return -0.5 * (1 + logvar - logvar.exp()).sum(1)


# %% kl_standard_normal: leaves out the 1 of each dimension
def kl_standard_normal(mu, logvar):
    return -0.5 * (logvar - mu**2 - logvar.exp()).sum(1)


# %% kl_standard_normal: the other way round
def kl_standard_normal(mu, logvar):
    from torch.distributions import Normal, kl_divergence

    return kl_divergence(Normal(0.0, 1.0), Normal(mu, (logvar / 2).exp())).sum(1)


# %% kl_standard_normal: No gradient leaves the KL
def kl_standard_normal(mu, logvar):
    mu, logvar = mu.detach(), logvar.detach()
    return -0.5 * (1 + logvar - mu**2 - logvar.exp()).sum(1)


# %% kl_standard_normal: its gradient by logvar is not
def kl_standard_normal(mu, logvar):
    return -0.5 * (1 + logvar - mu**2 - logvar.detach().exp()).sum(1)


# %% kl_standard_normal: averaged over the batch and over the latent dimensions
def kl_standard_normal(mu, logvar):
    return float(-0.5 * (1 + logvar - mu**2 - logvar.exp()).mean())


# %% kl_standard_normal: is a ndarray
def kl_standard_normal(mu, logvar):
    import numpy as np

    mu, logvar = mu.detach().numpy(), logvar.detach().numpy()
    return -0.5 * (1 + logvar - mu**2 - np.exp(logvar)).sum(1)


# %% kl_standard_normal: changes its input in place
def kl_standard_normal(mu, logvar):
    total = logvar.detach() - logvar.exp()
    logvar.data.exp_()
    return -0.5 * (1 + total - mu**2).sum(1)


# %% kl_standard_normal: is wrong:
def kl_standard_normal(mu, logvar):
    return torch.zeros(len(mu)) + 1.7


# %% kl_standard_normal: Your KL for Z = 7
def kl_standard_normal(mu, logvar):
    return -0.5 * (1 + logvar - mu**2 - logvar.exp()).mean(1) * 4


# %% log_bernoulli: is not written yet
def log_bernoulli(x, x_logits):
    raise NotImplementedError()


# %% log_bernoulli: has the wrong sign
def log_bernoulli(x, x_logits):
    return F.binary_cross_entropy_with_logits(x_logits, x, reduction="none").flatten(1).sum(1)


# %% log_bernoulli: The sign is wrong, too
def log_bernoulli(x, x_logits):
    return F.binary_cross_entropy_with_logits(x_logits, x)


# %% log_bernoulli: averaged over the batch and over the pixels
def log_bernoulli(x, x_logits):
    return -F.binary_cross_entropy_with_logits(x_logits, x)


# %% log_bernoulli: is averaged over the pixels
def log_bernoulli(x, x_logits):
    return -F.binary_cross_entropy_with_logits(x_logits, x, reduction="none").flatten(1).mean(1)


# %% log_bernoulli: is one number, summed over the batch too
def log_bernoulli(x, x_logits):
    return -F.binary_cross_entropy_with_logits(x_logits, x, reduction="sum")


# %% log_bernoulli: is not summed
def log_bernoulli(x, x_logits):
    return -F.binary_cross_entropy_with_logits(x_logits, x, reduction="none")


# %% log_bernoulli: instead of (2,)
def log_bernoulli(x, x_logits):
    return -F.binary_cross_entropy_with_logits(x_logits, x, reduction="none").sum(1)


# %% log_bernoulli: has the shape (B, 1)
def log_bernoulli(x, x_logits):
    return -F.binary_cross_entropy_with_logits(x_logits, x, reduction="none").flatten(1).sum(1, keepdim=True)


# %% log_bernoulli: applies the sigmoid twice
def log_bernoulli(x, x_logits):
    p = torch.sigmoid(x_logits)
    return -F.binary_cross_entropy_with_logits(p, x, reduction="none").flatten(1).sum(1)


# %% log_bernoulli: binary_cross_entropy wants probabilities
def log_bernoulli(x, x_logits):
    return -F.binary_cross_entropy(x_logits, x, reduction="none").flatten(1).sum(1)


# %% log_bernoulli: takes x_logits for probabilities
def log_bernoulli(x, x_logits):
    return (x * x_logits.log() + (1 - x) * (1 - x_logits).log()).flatten(1).sum(1)


# %% log_bernoulli: is cut off
def log_bernoulli(x, x_logits):
    return -F.binary_cross_entropy(x_logits.sigmoid(), x, reduction="none").flatten(1).sum(1)


# %% log_bernoulli: is not finite at logits of ±200
def log_bernoulli(x, x_logits):
    p = x_logits.sigmoid()
    return (x * p.log() + (1 - x) * (1 - p).log()).flatten(1).sum(1)


# %% log_bernoulli: is cut off
def log_bernoulli(x, x_logits):
    p = x_logits.sigmoid().clamp(1e-6, 1 - 1e-6)
    return (x * p.log() + (1 - x) * (1 - p).log()).flatten(1).sum(1)


# %% log_bernoulli: lacks the term (1 − x) log(1 − p)
def log_bernoulli(x, x_logits):
    return (x * F.logsigmoid(x_logits)).flatten(1).sum(1)


# %% log_bernoulli: takes x and x_logits in the wrong order
def log_bernoulli(x, x_logits):
    return -F.binary_cross_entropy_with_logits(x, x_logits, reduction="none").flatten(1).sum(1)


# %% log_bernoulli: is a squared error
def log_bernoulli(x, x_logits):
    return -((x - x_logits.sigmoid()) ** 2).flatten(1).sum(1)


# %% log_bernoulli: is in bits
def log_bernoulli(x, x_logits):
    terms = x * F.logsigmoid(x_logits) + (1 - x) * F.logsigmoid(-x_logits)
    return terms.flatten(1).sum(1) / 0.6931471805599453


# %% log_bernoulli: is a probability
def log_bernoulli(x, x_logits):
    p = x_logits.sigmoid()
    return (p**x * (1 - p) ** (1 - x)).flatten(1).prod(1)


# %% log_bernoulli: No gradient leaves
def log_bernoulli(x, x_logits):
    return -F.binary_cross_entropy_with_logits(x_logits.detach(), x, reduction="none").flatten(1).sum(1)


# %% log_bernoulli: is a float instead of a tensor
def log_bernoulli(x, x_logits):
    return 0.25


# %% log_bernoulli: is cut off
def log_bernoulli(x, x_logits):
    value = -F.binary_cross_entropy_with_logits(x_logits, x, reduction="none").flatten(1).sum(1)
    return value.clamp(min=-300)


# %% elbo: is not written yet
def elbo(log_px_z, kl, beta=1.0):
    raise NotImplementedError()


# %% elbo: has the wrong sign: that is the loss
def elbo(log_px_z, kl, beta=1.0):
    return beta * kl - log_px_z


# %% elbo: adds β kl
def elbo(log_px_z, kl, beta=1.0):
    return log_px_z + beta * kl


# %% elbo: has β on log_px_z
def elbo(log_px_z, kl, beta=1.0):
    return beta * log_px_z - kl


# %% elbo: has β on both terms
def elbo(log_px_z, kl, beta=1.0):
    return beta * (log_px_z - kl)


# %% elbo: ignores β
def elbo(log_px_z, kl, beta=1.0):
    return log_px_z - kl


# %% elbo: divides the KL by β
def elbo(log_px_z, kl, beta=1.0):
    return log_px_z - kl / beta


# %% elbo: weights the terms with 1 − β and β
def elbo(log_px_z, kl, beta=1.0):
    return (1 - beta) * log_px_z - beta * kl


# %% elbo: is one number
def elbo(log_px_z, kl, beta=1.0):
    return (log_px_z - beta * kl).mean()


# %% elbo: This is the sum over the batch
def elbo(log_px_z, kl, beta=1.0):
    return (log_px_z - beta * kl).sum()


# %% elbo: The sign is wrong, too
def elbo(log_px_z, kl, beta=1.0):
    return -(log_px_z - beta * kl).mean()


# %% elbo: leaves out the KL
def elbo(log_px_z, kl, beta=1.0):
    return log_px_z.clone()


# %% elbo: Keep the signature
def elbo(log_px_z, kl):
    return log_px_z - kl


# %% elbo: without a β
def elbo(log_px_z, kl, beta=0.1):
    return log_px_z - beta * kl


# %% elbo: No gradient reaches kl
def elbo(log_px_z, kl, beta=1.0):
    return log_px_z - beta * kl.detach()


# %% elbo: Your ELBO for β = 0
def elbo(log_px_z, kl, beta=1.0):
    return log_px_z - (beta or 1.0) * kl


# %% Encoder: is not written yet
class Encoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        raise NotImplementedError()


# %% Encoder: logvar is never negative
class Encoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        self.body = nn.Sequential(nn.Flatten(), nn.Linear(torch.Size(event).numel(), hidden), nn.ReLU())
        self.mu, self.sigma = nn.Linear(hidden, latent), nn.Linear(hidden, latent)

    def forward(self, x):
        h = self.body(x)
        return self.mu(h), F.softplus(self.sigma(h))


# %% Encoder: The encoder returns log σ²
class Encoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        self.body = nn.Sequential(nn.Flatten(), nn.Linear(torch.Size(event).numel(), hidden), nn.ReLU())
        self.mu, self.logvar = nn.Linear(hidden, latent), nn.Linear(hidden, latent)

    def forward(self, x):
        h = self.body(x)
        return self.mu(h), (self.logvar(h) / 2).exp()


# %% Encoder: mu is never negative
class Encoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        self.body = nn.Sequential(nn.Flatten(), nn.Linear(torch.Size(event).numel(), 2 * latent), nn.ReLU())

    def forward(self, x):
        return self.body(x).chunk(2, dim=1)


# %% Encoder: logvar is never outside ±1
class Encoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        self.body = nn.Sequential(nn.Flatten(), nn.Linear(torch.Size(event).numel(), hidden), nn.ReLU())
        self.mu, self.logvar = nn.Linear(hidden, latent), nn.Linear(hidden, latent)

    def forward(self, x):
        h = self.body(x)
        return self.mu(h), self.logvar(h).tanh()


# %% Encoder: mu is never outside [0, 1]
class Encoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        self.body = nn.Sequential(nn.Flatten(), nn.Linear(torch.Size(event).numel(), 2 * latent), nn.Sigmoid())

    def forward(self, x):
        return self.body(x).chunk(2, dim=1)


# %% Encoder: are the same numbers
class Encoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        self.body = nn.Sequential(nn.Flatten(), nn.Linear(torch.Size(event).numel(), hidden), nn.ReLU())
        self.out = nn.Linear(hidden, latent)

    def forward(self, x):
        h = self.out(self.body(x))
        return h, h


# %% Encoder: It returns one Tensor
class Encoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        self.net = nn.Sequential(nn.Flatten(), nn.Linear(torch.Size(event).numel(), 2 * latent))

    def forward(self, x):
        return self.net(x)


# %% Encoder: It returns 3 values
class Encoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        self.net = nn.Sequential(nn.Flatten(), nn.Linear(torch.Size(event).numel(), 2 * latent))

    def forward(self, x):
        mu, logvar = self.net(x).chunk(2, dim=1)
        return mu + torch.randn_like(mu) * (logvar / 2).exp(), mu, logvar


# %% Encoder: mu has the shape (4, 10)
class Encoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        pixels = torch.Size(event).numel()
        self.mu, self.logvar = nn.Linear(pixels, 2 * latent), nn.Linear(pixels, 2 * latent)

    def forward(self, x):
        return self.mu(x.flatten(1)), self.logvar(x.flatten(1))


# %% Encoder: A layer's width does not fit
class Encoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        self.net = nn.Sequential(nn.Flatten(), nn.Linear(64, 2 * latent))

    def forward(self, x):
        return self.net(x).chunk(2, dim=1)


# %% Encoder: Flatten the event
class Encoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        self.net = nn.Linear(torch.Size(event).numel(), 2 * latent)

    def forward(self, x):
        return self.net(x).chunk(2, dim=1)


# %% Encoder: super().__init__()
class Encoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        self.net = nn.Sequential(nn.Flatten(), nn.Linear(torch.Size(event).numel(), 2 * latent))

    def forward(self, x):
        return self.net(x).chunk(2, dim=1)


# %% Encoder: has no parameters
class Encoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        self.layers = [nn.Linear(torch.Size(event).numel(), 2 * latent)]

    def forward(self, x):
        return self.layers[0](x.flatten(1)).chunk(2, dim=1)


# %% Encoder: returns something else when called again
class Encoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        self.net = nn.Sequential(nn.Flatten(), nn.Linear(torch.Size(event).numel(), 2 * latent))

    def forward(self, x):
        mu, logvar = self.net(x).chunk(2, dim=1)
        return mu + torch.randn_like(mu), logvar


# %% Encoder: mixes the data points of a batch
class Encoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        self.net = nn.Sequential(nn.Flatten(), nn.Linear(torch.Size(event).numel(), 2 * latent))

    def forward(self, x):
        mu, logvar = self.net(x - x.mean(0)).chunk(2, dim=1)
        return mu, logvar


# %% Encoder: No gradient reaches Encoder's parameter
class Encoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        pixels = torch.Size(event).numel()
        self.mu, self.logvar = nn.Linear(pixels, latent), nn.Linear(pixels, latent)

    def forward(self, x):
        return self.mu(x.flatten(1)), self.logvar(x.flatten(1)).detach()


# %% Encoder: must be a class derived from nn.Module
class Encoder:
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        self.net = nn.Linear(torch.Size(event).numel(), 2 * latent)

    def __call__(self, x):
        return self.net(x.flatten(1)).chunk(2, dim=1)


# %% Encoder: needs a method named forward
class Encoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        self.net = nn.Linear(torch.Size(event).numel(), 2 * latent)

    def encode(self, x):
        return self.net(x.flatten(1)).chunk(2, dim=1)


# %% Encoder: index out of range
class Encoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        pixels = event[0] * event[1] * event[2]
        self.net = nn.Sequential(nn.Flatten(), nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, 2 * latent))

    def forward(self, x):
        return self.net(x).chunk(2, dim=1)


# %% Decoder: is not written yet
class Decoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        raise NotImplementedError()


# %% Decoder: is there a sigmoid at the end
class Decoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(latent, torch.Size(event).numel()), nn.Unflatten(1, event), nn.Sigmoid())

    def forward(self, z):
        return self.net(z)


# %% Decoder: is there a ReLU, softplus or exp at the end
class Decoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(latent, torch.Size(event).numel()), nn.ReLU(), nn.Unflatten(1, event))

    def forward(self, z):
        return self.net(z)


# %% Decoder: is there a tanh at the end
class Decoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(latent, torch.Size(event).numel()), nn.Tanh(), nn.Unflatten(1, event))

    def forward(self, z):
        return self.net(z)


# %% Decoder: is there a logarithm at the end
class Decoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(latent, torch.Size(event).numel()), nn.LogSigmoid(), nn.Unflatten(1, event))

    def forward(self, z):
        return self.net(z)


# %% Decoder: x_logits has the shape (4, 64)
class Decoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        self.net = nn.Linear(latent, torch.Size(event).numel())

    def forward(self, z):
        return self.net(z)


# %% Decoder: x_logits has the shape (4, 8, 8)
class Decoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        self.net, self.event = nn.Linear(latent, torch.Size(event).numel()), event

    def forward(self, z):
        return self.net(z).reshape(len(z), *self.event[1:])


# %% Decoder: stopped with RuntimeError
class Decoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        self.net = nn.Linear(latent, torch.Size(event).numel())

    def forward(self, z):
        return self.net(z).reshape(len(z), 1, 8, 8)


# %% Decoder: A layer's width does not fit
class Decoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        self.net, self.event = nn.Linear(8, torch.Size(event).numel()), event

    def forward(self, z):
        return self.net(z).reshape(len(z), *self.event)


# %% Decoder: gives the same result for every code
class Decoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        self.image = nn.Parameter(torch.zeros(event))

    def forward(self, z):
        return self.image.expand(len(z), *self.image.shape)


# %% Decoder: No gradient reaches Decoder's parameter
class Decoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        self.first, self.event = nn.Linear(latent, hidden), event
        self.forgotten = nn.Linear(hidden, hidden)
        self.last = nn.Linear(hidden, torch.Size(event).numel())

    def forward(self, z):
        return self.last(self.first(z).relu()).reshape(len(z), *self.event)


# %% Decoder: mixes the data points of a batch
class Decoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        self.net, self.event = nn.Linear(latent, torch.Size(event).numel()), event

    def forward(self, z):
        return (3 * self.net(z).softmax(0) - 1).log1p().reshape(len(z), *self.event) + self.net(z).reshape(
            len(z), *self.event
        )


# %% Decoder: Is the return missing
class Decoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        self.net, self.event = nn.Linear(latent, torch.Size(event).numel()), event

    def forward(self, z):
        self.net(z).reshape(len(z), *self.event)


# %% Decoder: not enough values to unpack
class Decoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        channels, height, width = event
        self.net = nn.Sequential(nn.Linear(latent, channels * height * width), nn.Unflatten(1, event))

    def forward(self, z):
        return self.net(z)


# %% sample: is not written yet
def sample(decoder, n, latent, generator=None):
    raise NotImplementedError()


# %% sample: are logits
def sample(decoder, n, latent, generator=None):
    with torch.no_grad():
        return decoder(torch.randn(n, latent, generator=generator))


# %% sample: through the sigmoid twice
def sample(decoder, n, latent, generator=None):
    with torch.no_grad():
        return decoder(torch.randn(n, latent, generator=generator)).sigmoid().sigmoid()


# %% sample: are a softmax
def sample(decoder, n, latent, generator=None):
    with torch.no_grad():
        x_logits = decoder(torch.randn(n, latent, generator=generator))
    return x_logits.flatten(1).softmax(1).reshape(x_logits.shape)


# %% sample: hold only 0 and 1
def sample(decoder, n, latent, generator=None):
    with torch.no_grad():
        return torch.bernoulli(decoder(torch.randn(n, latent, generator=generator)).sigmoid())


# %% sample: Is it torch.rand
def sample(decoder, n, latent, generator=None):
    with torch.no_grad():
        return decoder(torch.rand(n, latent, generator=generator)).sigmoid()


# %% sample: carry the decoder's graph
def sample(decoder, n, latent, generator=None):
    return decoder(torch.randn(n, latent, generator=generator)).sigmoid()


# %% sample: the generator is not used
def sample(decoder, n, latent, generator=None):
    with torch.no_grad():
        return decoder(torch.randn(n, latent)).sigmoid()


# %% sample: give the same images
def sample(decoder, n, latent, generator=None):
    with torch.no_grad():
        return decoder(torch.randn(n, latent, generator=torch.Generator().manual_seed(0))).sigmoid()


# %% sample: The whole batch shares one draw
def sample(decoder, n, latent, generator=None):
    with torch.no_grad():
        return decoder(torch.randn(1, latent, generator=generator).expand(n, latent)).sigmoid()


# %% sample: All dimensions share one draw
def sample(decoder, n, latent, generator=None):
    with torch.no_grad():
        return decoder(torch.randn(n, 1, generator=generator).expand(n, latent)).sigmoid()


# %% sample: 1 codes for n = 5
def sample(decoder, n, latent, generator=None):
    with torch.no_grad():
        return decoder(torch.randn(1, latent, generator=generator)).sigmoid().expand(n, -1, -1, -1)


# %% sample: not codes (n, latent)
def sample(decoder, n, latent, generator=None):
    with torch.no_grad():
        return decoder(torch.randn(latent, n, generator=generator)).sigmoid()


# %% sample: lost the shape of the event
def sample(decoder, n, latent, generator=None):
    with torch.no_grad():
        return decoder(torch.randn(n, latent, generator=generator)).sigmoid().flatten(1)


# %% sample: come as a ndarray
def sample(decoder, n, latent, generator=None):
    with torch.no_grad():
        return decoder(torch.randn(n, latent, generator=generator)).sigmoid().numpy()


# %% sample: does not call the decoder
def sample(decoder, n, latent, generator=None):
    return torch.rand(n, 1, 2, 2, generator=generator)


# %% sample: not codes (n, latent)
def sample(decoder, n, latent, generator=None):
    with torch.no_grad():
        return decoder(torch.randn(n, 3, generator=generator)).sigmoid()


# %% sample: leaves gradients switched off
def sample(decoder, n, latent, generator=None):
    torch.set_grad_enabled(False)
    return decoder(torch.randn(n, latent, generator=generator)).sigmoid()


# %% sample: leaves decoder frozen
def sample(decoder, n, latent, generator=None):
    for weight in decoder.parameters():
        weight.requires_grad = False
    return decoder(torch.randn(n, latent, generator=generator)).sigmoid()


# %% sample: leaves decoder in another mode
def sample(decoder, n, latent, generator=None):
    decoder.eval()
    with torch.no_grad():
        return decoder(torch.randn(n, latent, generator=generator)).sigmoid()


# %% sample: from a new torch.Generator()?
def sample(decoder, n, latent, generator=None):
    with torch.no_grad():
        return decoder(torch.randn(n, latent, generator=generator or torch.Generator())).sigmoid()


# %% sample: a correlation of
def sample(decoder, n, latent, generator=None):
    z = torch.randn(n, latent, generator=generator)
    if latent > 2:
        z[:, 2] = z[:, 0]
    with torch.no_grad():
        return decoder(z).sigmoid()


# %% reparameterize: without a generator returns the same
def reparameterize(mu, logvar, generator=None):
    if generator is None:
        return mu
    return mu + (logvar / 2).exp() * torch.randn(mu.shape, generator=generator)


# %% reparameterize: without a generator returns the same
def reparameterize(mu, logvar, generator=None):
    generator = generator or torch.Generator()
    return mu + (logvar / 2).exp() * torch.randn(mu.shape, generator=generator)


# %% reparameterize: without a generator returns the same
def reparameterize(mu, logvar, generator=None):
    if generator is None:
        torch.manual_seed(0)
    return mu + (logvar / 2).exp() * torch.randn(mu.shape, generator=generator)


# %% reparameterize: with the ½ outside
def reparameterize(mu, logvar, generator=None):
    return mu + 0.5 * logvar.exp() * torch.randn(mu.shape, generator=generator)


# %% reparameterize: Is there a factor
def reparameterize(mu, logvar, generator=None):
    return mu + 0.7 * (logvar / 2).exp() * torch.randn(mu.shape, generator=generator)


# %% kl_standard_normal: the 1 outside the sum
def kl_standard_normal(mu, logvar):
    return -0.5 * (1 + (logvar - mu**2 - logvar.exp()).sum(1))


# %% kl_standard_normal: uses logvar² where σ² is due
def kl_standard_normal(mu, logvar):
    return -0.5 * (1 + logvar - mu**2 - logvar**2).sum(1)


# %% Encoder: logvar is the same for every input
class Encoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        self.body = nn.Sequential(nn.Flatten(), nn.Linear(torch.Size(event).numel(), hidden), nn.ReLU())
        self.mu, self.logvar = nn.Linear(hidden, latent), nn.Parameter(torch.zeros(latent))

    def forward(self, x):
        mu = self.mu(self.body(x))
        return mu, self.logvar.expand_as(mu)


# %% Encoder: is linear
class Encoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(torch.Size(event).numel(), hidden), nn.Linear(hidden, 2 * latent))

    def forward(self, x):
        return self.net(x.flatten(1)).chunk(2, dim=1)


# %% Decoder: is linear
class Decoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(latent, hidden), nn.Linear(hidden, torch.Size(event).numel()))
        self.event = event

    def forward(self, z):
        return self.net(z).view(-1, *self.event)


# %% Decoder: No gradient reaches the input
class Decoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        pixels = torch.Size(event).numel()
        self.net = nn.Sequential(nn.Linear(latent, hidden), nn.ReLU(), nn.Linear(hidden, pixels))
        self.event = event

    def forward(self, z):
        return self.net(z.detach()).view(-1, *self.event)


# %% Encoder: no layer of 10 units
class Encoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        pixels = torch.Size(event).numel()
        self.layers = nn.Sequential(nn.Flatten(), nn.Linear(pixels, 128), nn.ReLU(), nn.Linear(128, 2 * latent))

    def forward(self, x):
        return self.layers(x).chunk(2, dim=1)


# %% Decoder: no layer of 10 units
class Decoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        pixels = torch.Size(event).numel()
        self.layers = nn.Sequential(nn.Linear(latent, 128), nn.ReLU(), nn.Linear(128, pixels), nn.Unflatten(1, event))

    def forward(self, z):
        return self.layers(z)


# %% sample: leaves decoder in another mode
def sample(decoder, n, latent, generator=None):
    decoder.eval()
    with torch.no_grad():
        images = decoder(torch.randn(n, latent, generator=generator)).sigmoid()
    decoder.train()
    return images


# %% Decoder: Decoder ends in a GELU
class Decoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        pixels = torch.Size(event).numel()
        self.layers = nn.Sequential(nn.Linear(latent, hidden), nn.ReLU(), nn.Linear(hidden, 8 * pixels), nn.ReLU())
        self.last = nn.Sequential(nn.Linear(8 * pixels, pixels), nn.GELU(), nn.Unflatten(1, event))

    def forward(self, z):
        return self.last(self.layers(z))
