# ruff: noqa: F811
"""Right answers to assignment 04 that differ from the master: `# %% question: how it is done`."""

import torch
from torch import nn
from torch.nn import functional as F


# %% generator_loss_minimax: with logsigmoid
def generator_loss_minimax(fake_logits):
    return F.logsigmoid(-fake_logits)


# %% generator_loss_minimax: with binary cross-entropy
def generator_loss_minimax(fake_logits):
    return -F.binary_cross_entropy_with_logits(fake_logits, torch.zeros_like(fake_logits), reduction="none")


# %% generator_loss_minimax: by logaddexp
def generator_loss_minimax(fake_logits):
    return -torch.logaddexp(torch.zeros_like(fake_logits), fake_logits)


# %% generator_loss_minimax: by a loop
def generator_loss_minimax(fake_logits):
    return torch.stack([-F.softplus(logit) for logit in fake_logits])


# %% generator_loss: with logsigmoid
def generator_loss(fake_logits):
    return -F.logsigmoid(fake_logits)


# %% generator_loss: with binary cross-entropy
def generator_loss(fake_logits):
    return F.binary_cross_entropy_with_logits(fake_logits, torch.ones_like(fake_logits), reduction="none")


# %% generator_loss: by logaddexp
def generator_loss(fake_logits):
    return torch.logaddexp(torch.zeros_like(fake_logits), -fake_logits)


# %% generator_loss: by a distribution
def generator_loss(fake_logits):
    return -torch.distributions.Bernoulli(logits=fake_logits).log_prob(torch.ones_like(fake_logits))


# %% discriminator_loss: with logsigmoid
def discriminator_loss(real_logits, fake_logits):
    return -F.logsigmoid(real_logits) - F.logsigmoid(-fake_logits)


# %% discriminator_loss: with binary cross-entropy
def discriminator_loss(real_logits, fake_logits):
    bce = nn.BCEWithLogitsLoss(reduction="none")
    return bce(real_logits, torch.ones_like(real_logits)) + bce(fake_logits, torch.zeros_like(fake_logits))


# %% discriminator_loss: stacked
def discriminator_loss(real_logits, fake_logits):
    logits = torch.stack([-real_logits, fake_logits])
    return F.softplus(logits).sum(0)


# %% discriminator_loss: by a loop
def discriminator_loss(real_logits, fake_logits):
    pairs = zip(real_logits, fake_logits, strict=True)
    return torch.stack([F.softplus(-a) + F.softplus(b) for a, b in pairs])


# %% Generator: two layers
class Generator(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=16, hidden=128):
        super().__init__()
        pixels = torch.Size(event).numel()
        self.event = event
        self.net = nn.Sequential(nn.Linear(latent, hidden), nn.ReLU(), nn.Linear(hidden, pixels), nn.Sigmoid())

    def forward(self, x):
        return self.net(x).unflatten(1, self.event)


# %% Generator: functions in forward
class Generator(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=16, hidden=128):
        super().__init__()
        pixels = torch.Size(event).numel()
        self.event = event
        self.first, self.last = nn.Linear(latent, hidden), nn.Linear(hidden, pixels)

    def forward(self, x):
        return torch.sigmoid(self.last(torch.tanh(self.first(x)))).reshape(len(x), *self.event)


# %% Generator: a tanh moved to [0, 1]
class Generator(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=16, hidden=128):
        super().__init__()
        pixels = torch.Size(event).numel()
        self.event = event
        self.net = nn.Sequential(nn.Linear(latent, hidden), nn.GELU(), nn.Linear(hidden, pixels))

    def forward(self, x):
        return ((1 + torch.tanh(self.net(x))) / 2).unflatten(1, self.event)


# %% Generator: layers in a list
class Generator(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=16, hidden=128):
        super().__init__()
        pixels = torch.Size(event).numel()
        self.event = event
        self.layers = nn.ModuleList([nn.Linear(latent, hidden), nn.Linear(hidden, hidden), nn.Linear(hidden, pixels)])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.leaky_relu(layer(x))
        return self.layers[-1](x).sigmoid().view(-1, *self.event)


# %% Discriminator: two layers
class Discriminator(nn.Module):
    def __init__(self, event=(1, 8, 8), hidden=128):
        super().__init__()
        pixels = torch.Size(event).numel()
        self.net = nn.Sequential(nn.Flatten(), nn.Linear(pixels, hidden), nn.LeakyReLU(0.2), nn.Linear(hidden, 1))

    def forward(self, x):
        return self.net(x).squeeze(1)


# %% Discriminator: by an index
class Discriminator(nn.Module):
    def __init__(self, event=(1, 8, 8), hidden=128):
        super().__init__()
        pixels = torch.Size(event).numel()
        self.net = nn.Sequential(nn.Flatten(), nn.Linear(pixels, hidden), nn.LeakyReLU(0.2), nn.Linear(hidden, 1))

    def forward(self, x):
        return self.net(x)[:, 0]


# %% Discriminator: flatten at the end
class Discriminator(nn.Module):
    def __init__(self, event=(1, 8, 8), hidden=128):
        super().__init__()
        pixels = torch.Size(event).numel()
        self.net = nn.Sequential(
            nn.Flatten(), nn.Linear(pixels, hidden), nn.GELU(), nn.Linear(hidden, 1), nn.Flatten(0)
        )

    def forward(self, x):
        return self.net(x)


# %% Discriminator: reshaped, with tanh inside
class Discriminator(nn.Module):
    def __init__(self, event=(1, 8, 8), hidden=128):
        super().__init__()
        pixels = torch.Size(event).numel()
        self.first, self.last = nn.Linear(pixels, hidden), nn.Linear(hidden, 1)

    def forward(self, x):
        return self.last(torch.tanh(self.first(x.reshape(len(x), -1)))).view(-1)


# %% d_step: detach the other way round
def d_step(G, D, optimizer_d, x, z, loss_fn):
    x_fake = G(z)
    loss = loss_fn(D(x), D(x_fake.detach())).mean()
    optimizer_d.zero_grad()
    loss.backward()
    optimizer_d.step()
    return loss.detach()


# %% d_step: no_grad
def d_step(G, D, optimizer_d, x, z, loss_fn):
    with torch.no_grad():
        x_fake = G(z)
    optimizer_d.zero_grad(set_to_none=False)
    loss = loss_fn(D(x), D(x_fake)).mean()
    loss.backward()
    optimizer_d.step()
    return loss.item()


# %% d_step: both batches at once
def d_step(G, D, optimizer_d, x, z, loss_fn):
    x_fake = G(z).detach()
    real_logits, fake_logits = D(torch.cat([x, x_fake])).chunk(2)
    loss = loss_fn(real_logits, fake_logits).mean()
    optimizer_d.zero_grad()
    loss.backward()
    optimizer_d.step()
    return loss


# %% d_step: gradients asked for by name
def d_step(G, D, optimizer_d, x, z, loss_fn):
    weights = list(D.parameters())
    loss = loss_fn(D(x), D(G(z).detach())).sum() / len(x)
    for weight, slope in zip(weights, torch.autograd.grad(loss, weights), strict=True):
        weight.grad = slope
    optimizer_d.step()
    return loss.detach()


# %% g_step: D frozen meanwhile
def g_step(G, D, optimizer_g, z, loss_fn):
    D.requires_grad_(False)
    loss = loss_fn(D(G(z))).mean()
    optimizer_g.zero_grad()
    loss.backward()
    optimizer_g.step()
    D.requires_grad_(True)
    return loss.item()


# %% g_step: backward into G only
def g_step(G, D, optimizer_g, z, loss_fn):
    optimizer_g.zero_grad()
    loss = loss_fn(D(G(z))).mean()
    loss.backward(inputs=list(G.parameters()))
    optimizer_g.step()
    return loss


# %% g_step: gradients asked for by name
def g_step(G, D, optimizer_g, z, loss_fn):
    weights = list(G.parameters())
    loss = loss_fn(D(G(z))).mean()
    for weight, slope in zip(weights, torch.autograd.grad(loss, weights), strict=True):
        weight.grad = slope
    optimizer_g.step()
    return loss.detach()


# %% g_step: cleared by hand
def g_step(G, D, optimizer_g, z, loss_fn):
    for network in (G, D):
        network.zero_grad()
    loss = loss_fn(D(G(z))).mean()
    loss.backward()
    optimizer_g.step()
    for weight in D.parameters():
        weight.grad = None
    return loss.detach()


# %% mode_coverage: by broadcasting
def mode_coverage(x, modes, std):
    distance, nearest = (x[:, None] - modes).norm(dim=2).min(1)
    good = distance <= 3 * std
    return len(set(nearest[good].tolist())), float(good.double().mean())


# %% mode_coverage: by counting
def mode_coverage(x, modes, std):
    distance, nearest = torch.cdist(x, modes).min(1)
    counts = torch.bincount(nearest[distance <= 3 * std], minlength=len(modes))
    return (counts > 0).sum(), counts.sum() / len(x)


# %% mode_coverage: by a loop
def mode_coverage(x, modes, std):
    captured, good = set(), 0
    for point in x:
        distance = (modes - point).norm(dim=1)
        if distance.min() <= 3 * std:
            captured.add(int(distance.argmin()))
            good += 1
    return len(captured), good / len(x)


# %% mode_coverage: with squares
def mode_coverage(x, modes, std):
    distance, nearest = (x[:, None] - modes).square().sum(2).min(1)
    good = distance <= (3 * std) ** 2
    return nearest[good].unique().numel(), good.float().mean()


# %% g_step: as in the lecture, with gradients left in D
def g_step(G, D, optimizer_g, z, loss_fn):
    loss = loss_fn(D(G(z))).mean()
    optimizer_g.zero_grad()
    loss.backward()
    optimizer_g.step()
    return loss


# %% Discriminator: lazy layers
class Discriminator(nn.Module):
    def __init__(self, event=(1, 8, 8), hidden=128):
        super().__init__()
        self.net = nn.Sequential(nn.Flatten(), nn.LazyLinear(hidden), nn.LeakyReLU(0.2), nn.LazyLinear(1))

    def forward(self, x):
        return self.net(x)[:, 0]


# %% mode_coverage: sets of numbers, one point at a time
def mode_coverage(x, modes, std):
    captured, good = set(), 0
    for point in x:
        distances = [float(torch.linalg.vector_norm(point - mode)) for mode in modes]
        if min(distances) <= 3 * std:
            good += 1
            captured.add(distances.index(min(distances)))
    return len(captured), good / len(x)
