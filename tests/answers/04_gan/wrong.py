# ruff: noqa: F811
"""Wrong answers to assignment 04: `# %% question: a part of the message that must name the mistake`."""

import torch
from torch import nn
from torch.nn import functional as F


# %% generator_loss_minimax: is the non-saturating loss
def generator_loss_minimax(fake_logits):
    return F.softplus(-fake_logits)


# %% generator_loss_minimax: wrong sign
def generator_loss_minimax(fake_logits):
    return F.softplus(fake_logits)


# %% generator_loss_minimax: is log D(G(z))
def generator_loss_minimax(fake_logits):
    return F.logsigmoid(fake_logits)


# %% generator_loss_minimax: sigmoid twice
def generator_loss_minimax(fake_logits):
    return -F.binary_cross_entropy_with_logits(fake_logits.sigmoid(), torch.zeros_like(fake_logits), reduction="none")


# %% generator_loss_minimax: not finite at logits
def generator_loss_minimax(fake_logits):
    return torch.log(1 - torch.sigmoid(fake_logits))


# %% generator_loss_minimax: cut off at logits
def generator_loss_minimax(fake_logits):
    return torch.log(1 - torch.sigmoid(fake_logits) + 1e-8)


# %% generator_loss_minimax: averaged over the batch
def generator_loss_minimax(fake_logits):
    return -F.softplus(fake_logits).mean()


# %% generator_loss_minimax: is 1 − D
def generator_loss_minimax(fake_logits):
    return 1 - fake_logits.sigmoid()


# %% generator_loss: is the minimax loss
def generator_loss(fake_logits):
    return -F.softplus(fake_logits)


# %% generator_loss: is log D(G(z))
def generator_loss(fake_logits):
    return F.logsigmoid(fake_logits)


# %% generator_loss: has the label 0
def generator_loss(fake_logits):
    return F.binary_cross_entropy_with_logits(fake_logits, torch.zeros_like(fake_logits), reduction="none")


# %% generator_loss: sigmoid twice
def generator_loss(fake_logits):
    return F.softplus(-fake_logits.sigmoid())


# %% generator_loss: averaged over the batch
def generator_loss(fake_logits):
    return F.binary_cross_entropy_with_logits(fake_logits, torch.ones_like(fake_logits))


# %% generator_loss: not finite at logits
def generator_loss(fake_logits):
    return -torch.log(1 - torch.sigmoid(-fake_logits))


# %% generator_loss: No gradient leaves
def generator_loss(fake_logits):
    return F.softplus(-fake_logits.detach())


# %% generator_loss: is None
def generator_loss(fake_logits):
    F.softplus(-fake_logits)


# %% discriminator_loss: labels swapped
def discriminator_loss(real_logits, fake_logits):
    return F.softplus(real_logits) + F.softplus(-fake_logits)


# %% discriminator_loss: wrong sign
def discriminator_loss(real_logits, fake_logits):
    return F.logsigmoid(real_logits) + F.logsigmoid(-fake_logits)


# %% discriminator_loss: sigmoid twice
def discriminator_loss(real_logits, fake_logits):
    real, fake = real_logits.sigmoid(), fake_logits.sigmoid()
    return F.softplus(-real) + F.softplus(fake)


# %% discriminator_loss: lacks the part of the generated
def discriminator_loss(real_logits, fake_logits):
    return F.softplus(-real_logits)


# %% discriminator_loss: lacks the part of the real
def discriminator_loss(real_logits, fake_logits):
    return F.softplus(fake_logits)


# %% discriminator_loss: is half
def discriminator_loss(real_logits, fake_logits):
    return (F.softplus(-real_logits) + F.softplus(fake_logits)) / 2


# %% discriminator_loss: averaged over the batch
def discriminator_loss(real_logits, fake_logits):
    return (F.softplus(-real_logits) + F.softplus(fake_logits)).mean()


# %% discriminator_loss: on generated points, too
def discriminator_loss(real_logits, fake_logits):
    return F.softplus(-real_logits) + F.softplus(-fake_logits)


# %% discriminator_loss: not finite at logits
def discriminator_loss(real_logits, fake_logits):
    return -torch.log(real_logits.sigmoid()) - torch.log(1 - fake_logits.sigmoid())


# %% Generator: Pixels lie in [0, 1]
class Generator(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=16, hidden=128):
        super().__init__()
        pixels = torch.Size(event).numel()
        self.event = event
        self.net = nn.Sequential(nn.Linear(latent, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def forward(self, x):
        return self.net(x).unflatten(1, self.event)


# %% Generator: is there a tanh
class Generator(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=16, hidden=128):
        super().__init__()
        pixels = torch.Size(event).numel()
        self.event = event
        self.net = nn.Sequential(nn.Linear(latent, hidden), nn.ReLU(), nn.Linear(hidden, pixels), nn.Tanh())

    def forward(self, x):
        return self.net(x).unflatten(1, self.event)


# %% Generator: shape (4, 64)
class Generator(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=16, hidden=128):
        super().__init__()
        pixels = torch.Size(event).numel()
        self.event = event
        self.net = nn.Sequential(nn.Linear(latent, hidden), nn.ReLU(), nn.Linear(hidden, pixels), nn.Sigmoid())

    def forward(self, x):
        return self.net(x)


# %% Generator: Pixels lie in [0, 1]
class Generator(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=16, hidden=128):
        super().__init__()
        pixels = torch.Size(event).numel()
        self.event = event
        self.net = nn.Sequential(nn.Linear(latent, hidden), nn.ReLU(), nn.Linear(hidden, pixels), nn.ReLU())

    def forward(self, x):
        return self.net(x).unflatten(1, self.event)


# %% Generator: apply the sigmoid once
class Generator(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=16, hidden=128):
        super().__init__()
        pixels = torch.Size(event).numel()
        self.event = event
        self.net = nn.Sequential(
            nn.Linear(latent, hidden), nn.ReLU(), nn.Linear(hidden, pixels), nn.Sigmoid(), nn.Sigmoid()
        )

    def forward(self, x):
        return self.net(x).unflatten(1, self.event)


# %% Generator: mixes the data points
class Generator(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=16, hidden=128):
        super().__init__()
        pixels = torch.Size(event).numel()
        self.event = event
        self.net = nn.Sequential(
            nn.Linear(latent, hidden), nn.ReLU(), nn.Linear(hidden, pixels), nn.Softmax(dim=0), nn.Sigmoid()
        )

    def forward(self, x):
        return self.net(x).unflatten(1, self.event)


# %% Generator: no parameters
class Generator(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=16, hidden=128):
        super().__init__()
        self.layers = [nn.Linear(latent, hidden), nn.Linear(hidden, 64)]

    def forward(self, x):
        return self.layers[1](self.layers[0](x)).sigmoid().view(-1, 1, 8, 8)


# %% Generator: shape
class Generator(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=16, hidden=128):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(latent, 64), nn.Sigmoid())

    def forward(self, x):
        return self.net(x).view(-1, 1, 8, 8)


# %% Discriminator: is there a sigmoid
class Discriminator(nn.Module):
    def __init__(self, event=(1, 8, 8), hidden=128):
        super().__init__()
        pixels = torch.Size(event).numel()
        self.net = nn.Sequential(
            nn.Flatten(), nn.Linear(pixels, hidden), nn.LeakyReLU(0.2), nn.Linear(hidden, 1), nn.Sigmoid()
        )

    def forward(self, x):
        return self.net(x).squeeze(1)


# %% Discriminator: has the shape (B, 1)
class Discriminator(nn.Module):
    def __init__(self, event=(1, 8, 8), hidden=128):
        super().__init__()
        pixels = torch.Size(event).numel()
        self.net = nn.Sequential(nn.Flatten(), nn.Linear(pixels, hidden), nn.LeakyReLU(0.2), nn.Linear(hidden, 1))

    def forward(self, x):
        return self.net(x)


# %% Discriminator: tanh at the end
class Discriminator(nn.Module):
    def __init__(self, event=(1, 8, 8), hidden=128):
        super().__init__()
        pixels = torch.Size(event).numel()
        self.net = nn.Sequential(
            nn.Flatten(), nn.Linear(pixels, hidden), nn.LeakyReLU(0.2), nn.Linear(hidden, 1), nn.Tanh()
        )

    def forward(self, x):
        return self.net(x).squeeze(1)


# %% Discriminator: shape ()
class Discriminator(nn.Module):
    def __init__(self, event=(1, 8, 8), hidden=128):
        super().__init__()
        pixels = torch.Size(event).numel()
        self.net = nn.Sequential(nn.Flatten(), nn.Linear(pixels, hidden), nn.LeakyReLU(0.2), nn.Linear(hidden, 1))

    def forward(self, x):
        return self.net(x).mean()


# %% Discriminator: mixes the data points
class Discriminator(nn.Module):
    def __init__(self, event=(1, 8, 8), hidden=128):
        super().__init__()
        pixels = torch.Size(event).numel()
        self.net = nn.Sequential(nn.Flatten(), nn.Linear(pixels, hidden), nn.LeakyReLU(0.2), nn.Linear(hidden, 1))

    def forward(self, x):
        return self.net(x - x.mean(0)).squeeze(1)


# %% Discriminator: batch of one image
class Discriminator(nn.Module):
    def __init__(self, event=(1, 8, 8), hidden=128):
        super().__init__()
        pixels = torch.Size(event).numel()
        self.net = nn.Sequential(nn.Flatten(), nn.Linear(pixels, hidden), nn.LeakyReLU(0.2), nn.Linear(hidden, 1))

    def forward(self, x):
        return self.net(x).squeeze()


# %% Discriminator: No gradient
class Discriminator(nn.Module):
    def __init__(self, event=(1, 8, 8), hidden=128):
        super().__init__()
        self.net = nn.Sequential(nn.Flatten(), nn.Linear(torch.Size(event).numel(), 1))

    def forward(self, x):
        return self.net(x).squeeze(1).detach()


# %% Discriminator: is there a ReLU
class Discriminator(nn.Module):
    def __init__(self, event=(1, 8, 8), hidden=128):
        super().__init__()
        self.net = nn.Sequential(nn.Flatten(), nn.Linear(torch.Size(event).numel(), 1), nn.ReLU())

    def forward(self, x):
        return self.net(x).squeeze(1)


# %% d_step: a detach is missing
def d_step(G, D, optimizer_d, x, z, loss_fn):
    x_fake = G(z)
    loss = loss_fn(D(x), D(x_fake)).mean()
    optimizer_d.zero_grad()
    loss.backward()
    optimizer_d.step()
    return loss.detach()


# %% d_step: labels the wrong way round
def d_step(G, D, optimizer_d, x, z, loss_fn):
    x_fake = G(z).detach()
    loss = loss_fn(D(x_fake), D(x)).mean()
    optimizer_d.zero_grad()
    loss.backward()
    optimizer_d.step()
    return loss.detach()


# %% d_step: trained on sigmoid
def d_step(G, D, optimizer_d, x, z, loss_fn):
    x_fake = G(z).detach()
    loss = loss_fn(D(x).sigmoid(), D(x_fake).sigmoid()).mean()
    optimizer_d.zero_grad()
    loss.backward()
    optimizer_d.step()
    return loss.detach()


# %% d_step: has not moved
def d_step(G, D, optimizer_d, x, z, loss_fn):
    x_fake = G(z).detach()
    loss = loss_fn(D(x), D(x_fake)).mean()
    optimizer_d.zero_grad()
    loss.backward()
    return loss.detach()


# %% d_step: older gradient
def d_step(G, D, optimizer_d, x, z, loss_fn):
    x_fake = G(z).detach()
    loss = loss_fn(D(x), D(x_fake)).mean()
    loss.backward()
    optimizer_d.step()
    return loss.detach()


# %% d_step: has not moved
def d_step(G, D, optimizer_d, x, z, loss_fn):
    x_fake = G(z).detach()
    loss = loss_fn(D(x), D(x_fake)).mean()
    loss.backward()
    optimizer_d.zero_grad()
    optimizer_d.step()
    return loss.detach()


# %% d_step: moved uphill
def d_step(G, D, optimizer_d, x, z, loss_fn):
    x_fake = G(z).detach()
    loss = -loss_fn(D(x), D(x_fake)).mean()
    optimizer_d.zero_grad()
    loss.backward()
    optimizer_d.step()
    return loss.detach()


# %% d_step: its sum
def d_step(G, D, optimizer_d, x, z, loss_fn):
    x_fake = G(z).detach()
    loss = loss_fn(D(x), D(x_fake)).sum()
    optimizer_d.zero_grad()
    loss.backward()
    optimizer_d.step()
    return loss.detach()


# %% d_step: trained on z
def d_step(G, D, optimizer_d, x, z, loss_fn):
    loss = loss_fn(D(x), D(z)).mean()
    optimizer_d.zero_grad()
    loss.backward()
    optimizer_d.step()
    return loss.detach()


# %% d_step: changes the weights of G
def d_step(G, D, optimizer_d, x, z, loss_fn):
    x_fake = G(z)
    loss = loss_fn(D(x), D(x_fake)).mean()
    optimizer_d.zero_grad()
    loss.backward()
    optimizer_d.step()
    torch.optim.SGD(G.parameters(), lr=0.1).step()
    return loss.detach()


# %% d_step: has moved twice
def d_step(G, D, optimizer_d, x, z, loss_fn):
    x_fake = G(z).detach()
    loss = loss_fn(D(x), D(x_fake)).mean()
    optimizer_d.zero_grad()
    loss.backward()
    optimizer_d.step()
    optimizer_d.step()
    return loss.detach()


# %% d_step: is None
def d_step(G, D, optimizer_d, x, z, loss_fn):
    x_fake = G(z).detach()
    optimizer_d.zero_grad()
    loss_fn(D(x), D(x_fake)).mean().backward()
    optimizer_d.step()


# %% g_step: has not moved
def g_step(G, D, optimizer_g, z, loss_fn):
    loss = loss_fn(D(G(z).detach())).mean()
    optimizer_g.zero_grad()
    loss.backward()
    optimizer_g.step()
    D.zero_grad()
    return loss.detach()


# %% g_step: changes the weights of D
def g_step(G, D, optimizer_g, z, loss_fn):
    loss = loss_fn(D(G(z))).mean()
    optimizer_g.zero_grad()
    loss.backward()
    optimizer_g.step()
    torch.optim.SGD(D.parameters(), lr=0.1).step()
    D.zero_grad()
    return loss.detach()


# %% g_step: trained on sigmoid
def g_step(G, D, optimizer_g, z, loss_fn):
    loss = loss_fn(D(G(z)).sigmoid()).mean()
    optimizer_g.zero_grad()
    loss.backward()
    optimizer_g.step()
    D.zero_grad()
    return loss.detach()


# %% g_step: older gradient
def g_step(G, D, optimizer_g, z, loss_fn):
    loss = loss_fn(D(G(z))).mean()
    loss.backward()
    optimizer_g.step()
    D.zero_grad()
    return loss.detach()


# %% g_step: has not moved
def g_step(G, D, optimizer_g, z, loss_fn):
    loss = loss_fn(D(G(z))).mean()
    optimizer_g.zero_grad()
    loss.backward()
    D.zero_grad()
    return loss.detach()


# %% g_step: moved uphill
def g_step(G, D, optimizer_g, z, loss_fn):
    loss = -loss_fn(D(G(z))).mean()
    optimizer_g.zero_grad()
    loss.backward()
    optimizer_g.step()
    D.zero_grad()
    return loss.detach()


# %% g_step: its sum
def g_step(G, D, optimizer_g, z, loss_fn):
    loss = loss_fn(D(G(z))).sum()
    optimizer_g.zero_grad()
    loss.backward()
    optimizer_g.step()
    D.zero_grad()
    return loss.detach()


# %% g_step: leaves D frozen
def g_step(G, D, optimizer_g, z, loss_fn):
    loss = loss_fn(D(G(z))).mean()
    D.requires_grad_(False)
    optimizer_g.zero_grad()
    loss.backward()
    optimizer_g.step()
    D.zero_grad()
    return loss.detach()


# %% mode_coverage: nearest to some point, good or not
def mode_coverage(x, modes, std):
    distance, nearest = torch.cdist(x, modes).min(1)
    return nearest.unique().numel(), (distance <= 3 * std).float().mean().item()


# %% mode_coverage: one standard deviation
def mode_coverage(x, modes, std):
    distance, nearest = torch.cdist(x, modes).min(1)
    good = distance <= std
    return nearest[good].unique().numel(), good.float().mean().item()


# %% mode_coverage: two standard deviations
def mode_coverage(x, modes, std):
    distance, nearest = torch.cdist(x, modes).min(1)
    good = distance <= 2 * std
    return nearest[good].unique().numel(), good.float().mean().item()


# %% mode_coverage: compares each coordinate
def mode_coverage(x, modes, std):
    inside = ((x[:, None] - modes).abs() <= 3 * std).all(2)
    return int(inside.any(0).sum()), inside.any(1).float().mean().item()


# %% mode_coverage: the squared distance
def mode_coverage(x, modes, std):
    distance, nearest = (x[:, None] - modes).square().sum(2).min(1)
    good = distance <= 3 * std
    return nearest[good].unique().numel(), good.float().mean().item()


# %% mode_coverage: the number of good points
def mode_coverage(x, modes, std):
    distance, nearest = torch.cdist(x, modes).min(1)
    good = distance <= 3 * std
    return nearest[good].unique().numel(), good.sum().item()


# %% mode_coverage: averages over points and modes
def mode_coverage(x, modes, std):
    good = torch.cdist(x, modes) <= 3 * std
    return int(good.any(0).sum()), good.float().mean().item()


# %% mode_coverage: the share of captured modes
def mode_coverage(x, modes, std):
    good = torch.cdist(x, modes).min(0).values <= 3 * std
    return int(good.sum()), good.float().mean().item()


# %% mode_coverage: in percent
def mode_coverage(x, modes, std):
    distance, nearest = torch.cdist(x, modes).min(1)
    good = distance <= 3 * std
    return nearest[good].unique().numel(), 100 * good.float().mean().item()


# %% mode_coverage: must return two values
def mode_coverage(x, modes, std):
    good = torch.cdist(x, modes).min(1).values <= 3 * std
    return good.float().mean()


# %% Discriminator: No gradient reaches the input
class Discriminator(nn.Module):
    def __init__(self, event=(1, 8, 8), hidden=128):
        super().__init__()
        pixels = torch.Size(event).numel()
        self.net = nn.Sequential(nn.Flatten(), nn.Linear(pixels, hidden), nn.LeakyReLU(0.2), nn.Linear(hidden, 1))

    def forward(self, x):
        return self.net(x.detach()).squeeze(1)


# %% Discriminator: is linear
class Discriminator(nn.Module):
    def __init__(self, event=(1, 8, 8), hidden=128):
        super().__init__()
        pixels = torch.Size(event).numel()
        self.net = nn.Sequential(nn.Flatten(), nn.Linear(pixels, hidden), nn.Linear(hidden, 1))

    def forward(self, x):
        return self.net(x).squeeze(1)


# %% Generator: is linear
class Generator(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=16, hidden=128):
        super().__init__()
        pixels = torch.Size(event).numel()
        self.net = nn.Sequential(nn.Linear(latent, hidden), nn.Linear(hidden, pixels), nn.Sigmoid())
        self.event = event

    def forward(self, z):
        return self.net(z).view(-1, *self.event)


# %% Generator: not enough values to unpack
class Generator(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=16, hidden=128):
        super().__init__()
        c, h, w = event
        layers = nn.Linear(latent, hidden), nn.ReLU(), nn.Linear(hidden, c * h * w), nn.Sigmoid()
        self.net = nn.Sequential(*layers, nn.Unflatten(1, (c, h, w)))

    def forward(self, z):
        return self.net(z)


# %% d_step: leaves G frozen
def d_step(G, D, optimizer_d, x, z, loss_fn):
    G.requires_grad_(False)
    loss = loss_fn(D(x), D(G(z))).mean()
    optimizer_d.zero_grad()
    loss.backward()
    optimizer_d.step()
    return loss.detach()


# %% d_step: the loss of task 3
def d_step(G, D, optimizer_d, x, z, loss_fn):
    loss = (F.softplus(-D(x)) + F.softplus(D(G(z).detach()))).mean()
    optimizer_d.zero_grad()
    loss.backward()
    optimizer_d.step()
    return loss.detach()


# %% d_step: gives other noise to G
def d_step(G, D, optimizer_d, x, z, loss_fn):
    loss = loss_fn(D(x), D(G(torch.randn_like(z)).detach())).mean()
    optimizer_d.zero_grad()
    loss.backward()
    optimizer_d.step()
    return loss.detach()


# %% d_step: is that after the step
def d_step(G, D, optimizer_d, x, z, loss_fn):
    loss = loss_fn(D(x), D(G(z).detach())).mean()
    optimizer_d.zero_grad()
    loss.backward()
    optimizer_d.step()
    return loss_fn(D(x), D(G(z).detach())).mean().detach()


# %% d_step: leaves G in another mode
def d_step(G, D, optimizer_d, x, z, loss_fn):
    G.eval()
    loss = loss_fn(D(x), D(G(z).detach())).mean()
    optimizer_d.zero_grad()
    loss.backward()
    optimizer_d.step()
    return loss.detach()


# %% g_step: the loss of task 2
def g_step(G, D, optimizer_g, z, loss_fn):
    loss = F.softplus(-D(G(z))).mean()
    optimizer_g.zero_grad()
    loss.backward()
    optimizer_g.step()
    return loss.detach()


# %% g_step: gives other noise to G
def g_step(G, D, optimizer_g, z, loss_fn):
    loss = loss_fn(D(G(torch.randn(z.shape)))).mean()
    optimizer_g.zero_grad()
    loss.backward()
    optimizer_g.step()
    return loss.detach()


# %% g_step: is that after the step
def g_step(G, D, optimizer_g, z, loss_fn):
    loss = loss_fn(D(G(z))).mean()
    optimizer_g.zero_grad()
    loss.backward()
    optimizer_g.step()
    return loss_fn(D(G(z))).mean().item()


# %% mode_coverage: leaves out a distance of exactly 3 std
def mode_coverage(x, modes, std):
    distance, nearest = torch.cdist(x, modes).min(1)
    good = distance < 3 * std
    return nearest[good].unique().numel(), good.float().mean().item()


# %% mode_coverage: a point for every mode it is near to
def mode_coverage(x, modes, std):
    near = torch.cdist(x, modes) <= 3 * std
    return int(near.any(0).sum()), near.any(1).float().mean().item()


# %% mode_coverage: the first 8 modes only
def mode_coverage(x, modes, std):
    distance, nearest = torch.cdist(x, modes[:8]).min(1)
    good = distance <= 3 * std
    return nearest[good].unique().numel(), good.float().mean().item()


# %% mode_coverage: a single good point captures
def mode_coverage(x, modes, std):
    distance, nearest = torch.cdist(x, modes).min(1)
    good = distance <= 3 * std
    counts = torch.bincount(nearest[good], minlength=len(modes))
    return int((counts > 0.1 * len(x) / len(modes)).sum()), good.float().mean().item()


# %% mode_coverage: adds up the coordinates
def mode_coverage(x, modes, std):
    distance, nearest = torch.cdist(x, modes, p=1).min(1)
    good = distance <= 3 * std
    return nearest[good].unique().numel(), good.float().mean().item()


# %% mode_coverage: in the wrong order
def mode_coverage(x, modes, std):
    distance, nearest = torch.cdist(x, modes).min(1)
    good = distance <= 3 * std
    return good.float().mean().item(), nearest[good].unique().numel()


# %% mode_coverage: divides the good points by the number of modes
def mode_coverage(x, modes, std):
    distance, nearest = torch.cdist(x, modes).min(1)
    good = distance <= 3 * std
    return nearest[good].unique().numel(), good.sum().item() / len(modes)


# %% mode_coverage: counts good points
def mode_coverage(x, modes, std):
    good = torch.cdist(x, modes).min(1).values <= 3 * std
    return int(good.sum()), good.float().mean().item()


# %% mode_coverage: judges by another standard deviation
def mode_coverage(x, modes, std):
    distance, nearest = torch.cdist(x, modes).min(1)
    good = distance <= 0.75
    return nearest[good].unique().numel(), good.float().mean().item()


# %% mode_coverage: first 8 modes only
def mode_coverage(x, modes, std):
    distance, nearest = torch.cdist(x, modes).min(1)
    good = distance <= 3 * std
    return sum(int((good & (nearest == k)).any()) for k in range(8)), good.float().mean().item()


# %% d_step: a detach is missing
def d_step(G, D, optimizer_d, x, z, loss_fn):
    loss = loss_fn(D(x), D(G(z))).mean()
    optimizer_d.zero_grad()
    loss.backward()
    optimizer_d.step()
    G.zero_grad()
    return loss.detach()


# %% Generator: is exactly 0 in
class Generator(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=16, hidden=128):
        super().__init__()
        pixels = torch.Size(event).numel()
        self.layers = nn.Sequential(nn.Linear(latent, hidden), nn.ReLU(), nn.Linear(hidden, pixels))
        self.event = event

    def forward(self, z):
        return self.layers(z).clamp(0, 1).unflatten(1, self.event)


# %% Discriminator: no layer of 10 units
class Discriminator(nn.Module):
    def __init__(self, event=(1, 8, 8), hidden=128):
        super().__init__()
        self.first, self.last = nn.Linear(torch.Size(event).numel(), 128), nn.Linear(128, 1)

    def forward(self, x):
        return self.last(F.leaky_relu(self.first(x.flatten(1)), 0.2)).squeeze(1)


# %% g_step: has made two steps
def g_step(G, D, optimizer_g, z, loss_fn):
    for _ in range(2):
        loss = loss_fn(D(G(z))).mean()
        optimizer_g.zero_grad()
        loss.backward()
        optimizer_g.step()
    return loss.detach()


# %% d_step: leaves G in another mode
def d_step(G, D, optimizer_d, x, z, loss_fn):
    G.eval()
    fake = G(z).detach()
    G.train()
    loss = loss_fn(D(x), D(fake)).mean()
    optimizer_d.zero_grad()
    loss.backward()
    optimizer_d.step()
    return loss.detach()


# %% g_step: leaves D in another mode
def g_step(G, D, optimizer_g, z, loss_fn):
    D.eval()
    loss = loss_fn(D(G(z))).mean()
    optimizer_g.zero_grad()
    loss.backward()
    optimizer_g.step()
    D.train()
    return loss.detach()


# %% Discriminator: Discriminator ends in a LeakyReLU
class Discriminator(nn.Module):
    def __init__(self, event=(1, 8, 8), hidden=128):
        super().__init__()
        self.first, self.last = nn.Linear(torch.Size(event).numel(), hidden), nn.Linear(hidden, 1)

    def forward(self, x):
        return F.leaky_relu(self.last(self.first(x.flatten(1))), 0.2).squeeze(1)


# %% Discriminator: Discriminator is linear
class Discriminator(nn.Module):
    def __init__(self, event=(1, 8, 8), hidden=128):
        super().__init__()
        self.first, self.last = nn.Linear(torch.Size(event).numel(), hidden), nn.Linear(hidden, 1)

    def forward(self, x):
        return self.last(self.first(F.leaky_relu(x.flatten(1), 0.2))).squeeze(1)


# %% Generator: only goes from
class Generator(nn.Module):
    def __init__(self, event=(1, 8, 8), latent=16, hidden=128):
        super().__init__()
        pixels = torch.Size(event).numel()
        self.layers = nn.Sequential(nn.Linear(latent, hidden), nn.ReLU(), nn.Linear(hidden, pixels), nn.Tanh())
        self.event = event

    def forward(self, z):
        return ((1 + self.layers(z)) / 3).unflatten(1, self.event)
