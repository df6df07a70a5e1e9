# ruff: noqa: B905, F811
"""Right answers to assignment 08, several for each question: `# %% question: how it is done`."""

import math

import torch


# %% coupling_forward: as in the lecture
def coupling_forward(x, net):
    kept = x.shape[1] // 2
    log_scale, shift = net(x[:, :kept])
    moved = x[:, kept:] * torch.exp(log_scale) + shift
    return torch.cat([x[:, :kept], moved], dim=1), log_scale.sum(dim=1)


# %% coupling_forward: a copy that is written into
def coupling_forward(x, net):
    z = x.clone()
    k = x.size(-1) // 2
    s, m = net(x[:, :k])
    z[:, k:] = torch.addcmul(m, x[:, k:], s.exp())
    return [z, torch.einsum("bd->b", s)]


# %% coupling_forward: split into two pieces, the log of the product of scales
def coupling_forward(x, net):
    D = x.shape[1]
    a, b = torch.split(x, [D // 2, D - D // 2], dim=1)
    log_scale, shift = net(a)
    scale = math.e**log_scale
    return torch.hstack([a, b * scale + shift]), scale.prod(1).log()


# %% coupling_forward: tensor_split, dimensions first
def coupling_forward(x, net):
    columns = x.T
    k = len(columns) // 2
    log_scale, shift = (part.T for part in net(columns[:k].T))
    z = torch.cat([columns[:k], columns[k:] * log_scale.exp() + shift])
    return z.T, log_scale.sum(0)


# %% coupling_forward: column by column
def coupling_forward(x, net):
    k = x.shape[1] // 2
    log_scale, shift = net(x[:, :k])
    columns, log_det = [x[:, j] for j in range(k)], torch.zeros(len(x), dtype=x.dtype)
    for j in range(x.shape[1] - k):
        columns.append(x[:, k + j] * log_scale[:, j].exp() + shift[:, j])
        log_det = log_det + log_scale[:, j]
    return torch.stack(columns, 1), log_det


# %% coupling_inverse: as in the lecture
def coupling_inverse(z, net):
    kept = z.shape[1] // 2
    log_scale, shift = net(z[:, :kept])
    return torch.cat([z[:, :kept], (z[:, kept:] - shift) / log_scale.exp()], dim=1)


# %% coupling_inverse: a copy that is written into
def coupling_inverse(z, net):
    x, k = z.clone(), z.size(1) // 2
    s, m = net(z[:, :k])
    x[:, k:] = (z[:, k:] - m) * torch.exp(-s)
    return x


# %% coupling_inverse: row by row
def coupling_inverse(z, net):
    k, rows = z.shape[1] // 2, []
    for row in z.split(1):
        log_scale, shift = net(row[:, :k])
        rows.append(torch.cat([row[:, :k], (row[:, k:] - shift) * (-log_scale).exp()], 1))
    return torch.cat(rows)


# %% coupling_inverse: multiplied out
def coupling_inverse(z, net):
    a, b = z[:, : z.shape[1] // 2], z[:, z.shape[1] // 2 :]
    log_scale, shift = net(a)
    back = (-log_scale).exp()
    return torch.column_stack([a, b * back - shift * back])


# %% log_prob: as in the lecture
def log_prob(x, layers):
    z, log_dets = x, torch.zeros(len(x), dtype=x.dtype)
    for layer in layers:
        z, log_det = layer(z)
        log_dets = log_dets + log_det
    return -0.5 * (z**2).sum(1) - 0.5 * z.shape[1] * math.log(2 * math.pi) + log_dets


# %% log_prob: torch.distributions
def log_prob(x, layers):
    from torch.distributions import Independent, Normal

    dets = []
    for layer in layers:
        x, log_det = layer(x)
        dets.append(log_det)
    base = Independent(Normal(torch.zeros_like(x), torch.ones_like(x)), 1)
    return base.log_prob(x) + sum(dets)


# %% log_prob: recursive
def log_prob(x, layers):
    if len(layers) == 0:
        return torch.distributions.Normal(0.0, 1.0).log_prob(x).sum(-1)
    z, log_det = layers[0](x)
    return log_prob(z, layers[1:]) + log_det


# %% log_prob: a multivariate normal with the unit matrix
def log_prob(x, layers):
    total = x.new_zeros(x.shape[0])
    for layer in list(layers):
        x, log_det = layer(x)
        total = total + log_det
    eye = torch.eye(x.shape[1], dtype=x.dtype)
    return total + torch.distributions.MultivariateNormal(eye[0] * 0, eye).log_prob(x)


# %% q_sample: as in the lecture
def q_sample(x, t, alpha_bar, rng=None):
    level = alpha_bar[t].view(-1, *([1] * (x.ndim - 1)))
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    return torch.sqrt(level) * x + torch.sqrt(1 - level) * epsilon, epsilon


# %% q_sample: an empty tensor filled with noise, the event flattened meanwhile
def q_sample(x, t, alpha_bar, rng=None):
    noise = torch.empty_like(x).normal_(generator=rng)
    level = alpha_bar[t][:, None]
    x_t = level**0.5 * x.flatten(1) + (1 - level) ** 0.5 * noise.flatten(1) if x.dim() > 1 else None
    if x_t is None:
        x_t = alpha_bar[t] ** 0.5 * x + (1 - alpha_bar[t]) ** 0.5 * noise
    return x_t.reshape(x.shape), noise


# %% q_sample: the batch moved to the last axis
def q_sample(x, t, alpha_bar, rng=None):
    epsilon = torch.randn(x.numel(), generator=rng, dtype=x.dtype).reshape(x.shape)
    keep = alpha_bar.index_select(0, t)
    x_t = x.movedim(0, -1) * keep.sqrt() + epsilon.movedim(0, -1) * (1 - keep).sqrt()
    return [x_t.movedim(-1, 0), epsilon]


# %% q_sample: one image at a time
def q_sample(x, t, alpha_bar, rng=None):
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    images = []
    for image, noise, level in zip(x, epsilon, alpha_bar[t]):
        images.append(level.sqrt() * image + (1 - level).sqrt() * noise)
    return torch.stack(images), epsilon


# %% denoising_loss: as in the lecture
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    t = torch.randint(1, alpha_bar.shape[0], (x.shape[0],), generator=rng)
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].view(-1, *([1] * (x.ndim - 1)))
    x_t = level.sqrt() * x + (1 - level).sqrt() * epsilon
    loss = (model(x_t, t) - epsilon).square().flatten(1).sum(1)
    if weight is not None:
        loss = loss * weight[t]
    return loss


# %% denoising_loss: noise first, weights of one
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    epsilon = torch.empty_like(x).normal_(generator=rng)
    t = 1 + torch.randint(len(alpha_bar) - 1, (len(x),), generator=rng)
    if weight is None:
        weight = torch.ones_like(alpha_bar)
    shape = (-1,) + (1,) * (x.dim() - 1)
    x_t = alpha_bar[t].sqrt().reshape(shape) * x + (1 - alpha_bar[t]).sqrt().reshape(shape) * epsilon
    error = model(x_t, t) - epsilon
    return (weight[t].reshape(shape) * error**2).sum(tuple(range(1, x.dim())))


# %% denoising_loss: t by multinomial, the length of the error squared
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    t = torch.multinomial(torch.ones(len(alpha_bar) - 1), len(x), replacement=True, generator=rng) + 1
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    keep, add = (level.view(-1, *[1] * (x.dim() - 1)) ** 0.5 for level in (alpha_bar[t], 1 - alpha_bar[t]))
    error = (epsilon - model(keep * x + add * epsilon, t)).reshape(len(x), -1)
    loss = torch.einsum("bi,bi->b", error, error)
    return loss if weight is None else loss * torch.gather(weight, 0, t)


# %% denoising_loss: mse_loss without a reduction, t from uniform numbers
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    T = len(alpha_bar) - 1
    t = (torch.rand(len(x), generator=rng) * T).long().clamp(max=T - 1) + 1
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    flat = alpha_bar[t][:, None]
    x_t = (flat.sqrt() * x.flatten(1) + (1 - flat).sqrt() * epsilon.flatten(1)).view_as(x)
    terms = torch.nn.functional.mse_loss(model(x_t, t), epsilon, reduction="none")
    loss = terms.flatten(1).sum(1)
    return loss * (1 if weight is None else weight[t])


# %% ddpm_step: as in the lecture
def ddpm_step(x_t, t, epsilon, alpha_bar, rng=None):
    alpha = alpha_bar[t] / alpha_bar[t - 1]
    mean = (x_t - (1 - alpha) / torch.sqrt(1 - alpha_bar[t]) * epsilon) / torch.sqrt(alpha)
    z = torch.randn(x_t.shape, generator=rng, dtype=x_t.dtype) if t > 1 else torch.zeros_like(x_t)
    return mean + torch.sqrt(1 - alpha) * z


# %% ddpm_step: noise drawn always, and dropped at the end
def ddpm_step(x_t, t, epsilon, alpha_bar, rng=None):
    alphas = alpha_bar[1:] / alpha_bar[:-1]
    beta = 1 - alphas[t - 1]
    noise = torch.empty_like(x_t).normal_(generator=rng)
    mean = (1 - beta) ** -0.5 * (x_t - beta * (1 - alpha_bar[t]) ** -0.5 * epsilon)
    return mean + (t > 1) * beta**0.5 * noise


# %% ddpm_step: by way of x_0
def ddpm_step(x_t, t, epsilon, alpha_bar, rng=None):
    now, before = alpha_bar[t], alpha_bar[t - 1]
    alpha = now / before
    x_0 = (x_t - (1 - now).sqrt() * epsilon) / now.sqrt()
    mean = before.sqrt() * (1 - alpha) / (1 - now) * x_0 + alpha.sqrt() * (1 - before) / (1 - now) * x_t
    if t == 1:
        return mean
    return mean + (1 - alpha).sqrt() * torch.randn(x_t.shape, generator=rng, dtype=x_t.dtype)


# %% ddpm_step: by the score
def ddpm_step(x_t, t, epsilon, alpha_bar, rng=None):
    alpha = alpha_bar[t] / alpha_bar[t - 1]
    score = -epsilon / (1 - alpha_bar[t]).sqrt()
    x = (x_t + (1 - alpha) * score) / alpha.sqrt()
    if t > 1:
        x = torch.add(x, torch.randn(x_t.shape, generator=rng, dtype=x.dtype) * (1 - alpha).sqrt())
    return x


# %% ddim_step: as in the lecture
def ddim_step(x_t, t, s, epsilon, alpha_bar):
    x_0 = (x_t - torch.sqrt(1 - alpha_bar[t]) * epsilon) / torch.sqrt(alpha_bar[t])
    return torch.sqrt(alpha_bar[s]) * x_0 + torch.sqrt(1 - alpha_bar[s]) * epsilon


# %% ddim_step: in one line
def ddim_step(x_t, t, s, epsilon, alpha_bar):
    ratio = (alpha_bar[s] / alpha_bar[t]) ** 0.5
    return ratio * x_t + ((1 - alpha_bar[s]) ** 0.5 - ratio * (1 - alpha_bar[t]) ** 0.5) * epsilon


# %% ddim_step: in units of noise over signal
def ddim_step(x_t, t, s, epsilon, alpha_bar):
    sigma = ((1 - alpha_bar) / alpha_bar).sqrt()
    moved = x_t / alpha_bar[t].sqrt() + (sigma[s] - sigma[t]) * epsilon
    return moved * alpha_bar[s].sqrt()


# %% ddim_step: with a case for the data
def ddim_step(x_t, t, s, epsilon, alpha_bar):
    x_0 = (x_t - (1 - alpha_bar[t]).sqrt() * epsilon) / alpha_bar[t].sqrt()
    if s == 0:
        return x_0
    return torch.lerp(torch.zeros_like(x_0), x_0, alpha_bar[s].sqrt()) + (1 - alpha_bar[s]).sqrt() * epsilon


# %% guided: as in the lecture
def guided(model, x_t, t, y, w):
    epsilon_y, epsilon_0 = model(x_t, t, y), model(x_t, t, None)
    return epsilon_0 + w * (epsilon_y - epsilon_0)


# %% guided: as a weighted mean
def guided(model, x_t, t, y, w):
    return (1 - w) * model(x_t, t, None) + w * model(x_t, t, y)


# %% guided: torch.lerp
def guided(model, x_t, t, y, w):
    return torch.lerp(model(x_t, t, None), model(x_t, t, y), float(w))


# %% guided: from the side of the class
def guided(model, x_t, t, y, w):
    with_class = model(x_t, t, y)
    return with_class + (w - 1) * (with_class - model(x_t, t, None))
