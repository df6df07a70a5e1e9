# ruff: noqa: B905, F811, RUF007
"""Right answers to assignment 03, several for each question: `# %% question: how it is done`."""

import torch
from torch import nn
from torch.nn import functional as F


# %% reparameterize: as in the lecture
def reparameterize(mu, logvar, generator=None):
    return mu + (0.5 * logvar).exp() * torch.randn(mu.shape, generator=generator)


# %% reparameterize: an empty tensor filled with noise, and a square root
def reparameterize(mu, logvar, generator=None):
    noise = torch.empty_like(mu).normal_(generator=generator)
    return torch.addcmul(mu, torch.sqrt(torch.exp(logvar)), noise)


# %% reparameterize: one row at a time
def reparameterize(mu, logvar, generator=None):
    rows = []
    for m, lv in zip(mu, logvar):
        rows.append(m + torch.exp(lv / 2) * torch.randn(len(m), generator=generator))
    return torch.stack(rows)


# %% reparameterize: in double precision, noise drawn in another shape
def reparameterize(mu, logvar, generator=None):
    noise = torch.normal(0.0, 1.0, size=(mu.numel(),), generator=generator, dtype=torch.float64)
    return mu.double() + logvar.double().mul(0.5).exp() * noise.reshape(mu.shape)


# %% reparameterize: the noise of each dimension in turn, with a warning
def reparameterize(mu, logvar, generator=None):
    import warnings

    warnings.warn("a harmless remark of some library", stacklevel=1)
    B, Z = mu.shape
    noise = torch.randn(Z, B, generator=generator).T
    return noise * logvar.exp() ** 0.5 + mu


# %% kl_standard_normal: as in the lecture
def kl_standard_normal(mu, logvar):
    return -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp(), dim=1)


# %% kl_standard_normal: torch.distributions
def kl_standard_normal(mu, logvar):
    from torch.distributions import Independent, Normal, kl_divergence

    q = Independent(Normal(mu, (logvar / 2).exp()), 1)
    p = Independent(Normal(torch.zeros_like(mu), torch.ones_like(mu)), 1)
    return kl_divergence(q, p)


# %% kl_standard_normal: a loop over every number
def kl_standard_normal(mu, logvar):
    import math

    kl = []
    for m, lv in zip(mu, logvar):
        total = 0.0
        for j in range(len(m)):
            total = total + 0.5 * (m[j] ** 2 + math.e ** lv[j] - lv[j] - 1)
        kl.append(total)
    return torch.stack(kl)


# %% kl_standard_normal: einsum, dimensions first, in double precision
def kl_standard_normal(mu, logvar):
    mu, logvar = mu.T.double(), logvar.T.double()
    squares = torch.einsum("zb,zb->b", mu, mu)
    return (squares + (logvar.exp() - logvar).sum(0) - mu.shape[0]) / 2


# %% kl_standard_normal: from the multivariate formula, with traces and determinants
def kl_standard_normal(mu, logvar):
    covariance = torch.diag_embed(logvar.exp())
    trace = torch.diagonal(covariance, dim1=1, dim2=2).sum(-1)
    return 0.5 * (trace + (mu * mu).sum(-1) - mu.size(1) - torch.logdet(covariance))


# %% log_bernoulli: as in the lecture
def log_bernoulli(x, x_logits):
    return -F.binary_cross_entropy_with_logits(x_logits, x, reduction="none").flatten(1).sum(1)


# %% log_bernoulli: torch.distributions
def log_bernoulli(x, x_logits):
    coin = torch.distributions.Bernoulli(logits=x_logits, validate_args=False)
    return coin.log_prob(x).reshape(len(x), -1).sum(-1)


# %% log_bernoulli: two log-sigmoids and an einsum
def log_bernoulli(x, x_logits):
    log_p, log_q = F.logsigmoid(x_logits), F.logsigmoid(-x_logits)
    return torch.einsum("b...->b", x * log_p + (1 - x) * log_q)


# %% log_bernoulli: softplus, one image at a time
def log_bernoulli(x, x_logits):
    values = []
    for image, logits in zip(x, x_logits):
        values.append((image * logits - F.softplus(logits)).sum())
    return torch.stack(values)


# %% log_bernoulli: a stable formula by hand, in double precision
def log_bernoulli(x, x_logits):
    x, x_logits = x.double(), x_logits.double()
    negative = x_logits.abs().neg()
    terms = x_logits.clamp(min=0) - x * x_logits + torch.log1p(negative.exp())
    return -terms.sum(dim=tuple(range(1, terms.dim())))


# %% log_bernoulli: the cross-entropy of two classes
def log_bernoulli(x, x_logits):
    two = F.log_softmax(torch.stack([torch.zeros_like(x_logits), x_logits]), dim=0)
    return ((1 - x) * two[0] + x * two[1]).flatten(start_dim=1).sum(dim=1)


# %% elbo: as in the lecture
def elbo(log_px_z, kl, beta=1.0):
    return log_px_z - beta * kl


# %% elbo: torch.sub
def elbo(log_px_z, kl, beta=1.0):
    return torch.sub(log_px_z, kl, alpha=beta)


# %% elbo: a loop
def elbo(log_px_z, kl, beta=1.0):
    return torch.stack([a - beta * b for a, b in zip(log_px_z, kl)])


# %% elbo: a matrix product in double precision
def elbo(log_px_z, kl, beta=1.0):
    terms = torch.stack([log_px_z, kl], dim=1).double()
    return terms @ torch.tensor([1.0, -beta], dtype=torch.float64)


# %% Encoder: two heads
class Encoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        pixels = 1
        for size in event:
            pixels *= size
        self.first = nn.Linear(pixels, hidden)
        self.second = nn.Linear(hidden, hidden)
        self.mu = nn.Linear(hidden, latent)
        self.logvar = nn.Linear(hidden, latent)

    def forward(self, x):
        h = F.relu(self.second(F.relu(self.first(x.reshape(x.shape[0], -1)))))
        return self.mu(h), self.logvar(h)


# %% Encoder: one sequential and a split, tanh, logvar that begins at zero
class Encoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        pixels = torch.tensor(event).prod().item()
        self.latent = latent
        self.net = nn.Sequential(nn.Flatten(), nn.Linear(pixels, hidden), nn.Tanh(), nn.Linear(hidden, 2 * latent))
        nn.init.zeros_(self.net[-1].weight)
        nn.init.zeros_(self.net[-1].bias)

    def forward(self, x):
        return torch.split(self.net(x), self.latent, dim=1)


# %% Encoder: lazy width, a module list, layer norm, a list returned
class Encoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        widths = [torch.zeros(event).numel(), hidden, hidden]
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(widths[:-1], widths[1:]))
        self.norms = nn.ModuleList(nn.LayerNorm(b) for b in widths[1:])
        self.out = nn.Linear(hidden, 2 * latent, bias=False)
        self.latent = latent

    def forward(self, x):
        h = x.flatten(1) * 2 - 1
        for layer, norm in zip(self.layers, self.norms):
            h = F.gelu(norm(layer(h)))
        out = self.out(h).reshape(-1, 2, self.latent)
        return [out[:, 0], out[:, 1]]


# %% Encoder: a batch norm, a dropout and bounds that are wide enough
class Encoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        self.body = nn.Sequential(
            nn.Flatten(),
            nn.Linear(int(torch.Size(event).numel()), hidden),
            nn.BatchNorm1d(hidden),
            nn.ReLU(),
            nn.Dropout(0.1),
        )
        self.mu, self.logvar = nn.Linear(hidden, latent), nn.Linear(hidden, latent)

    def forward(self, x):
        h = self.body(x)
        return self.mu(h), torch.clamp(self.logvar(h), -12, 12)


# %% Decoder: a sequential with Unflatten
class Decoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        pixels = torch.Size(event).numel()
        self.net = nn.Sequential(
            nn.Linear(latent, hidden),
            nn.ReLU(),
            nn.Linear(hidden, hidden),
            nn.ReLU(),
            nn.Linear(hidden, pixels),
            nn.Unflatten(1, event),
        )

    def forward(self, z):
        return self.net(z)


# %% Decoder: layers by name, view
class Decoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        self.event = event
        self.one = nn.Linear(latent, hidden)
        self.two = nn.Linear(hidden, torch.ones(event).numel())

    def forward(self, z):
        return self.two(torch.relu(self.one(z))).view(z.size(0), *self.event)


# %% Decoder: weights of its own, einsum
class Decoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        self.a = nn.Parameter(torch.randn(latent, hidden) / latent**0.5)
        self.b = nn.Parameter(torch.randn(hidden, *event) / hidden**0.5)
        self.bias = nn.Parameter(torch.zeros(event))

    def forward(self, z):
        h = torch.tanh(torch.einsum("bz,zh->bh", z, self.a))
        return torch.tensordot(h, self.b, dims=1) + self.bias


# %% Decoder: a skip connection, reshape
class Decoder(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        super().__init__()
        self.event = list(event)
        pixels = 1
        for size in event:
            pixels = pixels * size
        self.up = nn.Sequential(nn.Linear(latent, hidden), nn.SiLU(), nn.Linear(hidden, pixels))
        self.skip = nn.Linear(latent, pixels)

    def forward(self, z):
        return (self.up(z) + self.skip(z)).reshape([-1, *self.event])


# %% sample: as in the lecture
def sample(decoder, n, latent, generator=None):
    with torch.no_grad():
        return torch.sigmoid(decoder(torch.randn(n, latent, generator=generator)))


# %% sample: a decorator
@torch.no_grad()
def sample(decoder, n, latent, generator=None):
    z = torch.empty(n, latent).normal_(generator=generator)
    return decoder(z).sigmoid()


# %% sample: one image at a time
def sample(decoder, n, latent, generator=None):
    images = []
    for _ in range(n):
        z = torch.randn(1, latent, generator=generator)
        images.append(torch.sigmoid(decoder(z))[0])
    return torch.stack(images).detach()


# %% sample: the logistic function by hand, in inference mode, in evaluation mode
def sample(decoder, n, latent, generator=None):
    before = decoder.training
    decoder.eval()
    z = torch.normal(torch.zeros(n, latent), torch.ones(n, latent), generator=generator)
    with torch.inference_mode():
        images = 1 / (1 + torch.exp(-decoder(z)))
    decoder.train(before)
    return images
