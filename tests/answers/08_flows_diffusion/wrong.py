# ruff: noqa: F811, F841, RUF059
"""Wrong answers to assignment 08: `# %% question: a part of the message that they must meet`."""

import math

import torch


# %% coupling_forward: is not written yet
def coupling_forward(x, net):
    raise NotImplementedError()


# %% coupling_forward: is scaled by log_scale
def coupling_forward(x, net):
    k = x.shape[1] // 2
    a, b = x[:, :k], x[:, k:]
    log_scale, shift = net(a)
    return torch.cat([a, b * log_scale + shift], 1), log_scale.sum(1)


# %% coupling_forward: is what the inverse gives
def coupling_forward(x, net):
    k = x.shape[1] // 2
    a, b = x[:, :k], x[:, k:]
    log_scale, shift = net(a)
    return torch.cat([a, (b - shift) / log_scale.exp()], 1), log_scale.sum(1)


# %% coupling_forward: the shift added before the scaling
def coupling_forward(x, net):
    k = x.shape[1] // 2
    a, b = x[:, :k], x[:, k:]
    log_scale, shift = net(a)
    return torch.cat([a, (b + shift) * log_scale.exp()], 1), log_scale.sum(1)


# %% coupling_forward: is divided by the scale
def coupling_forward(x, net):
    k = x.shape[1] // 2
    a, b = x[:, :k], x[:, k:]
    log_scale, shift = net(a)
    return torch.cat([a, b / log_scale.exp() + shift], 1), log_scale.sum(1)


# %% coupling_forward: is scaled by exp(log_scale / 2)
def coupling_forward(x, net):
    k = x.shape[1] // 2
    a, b = x[:, :k], x[:, k:]
    log_scale, shift = net(a)
    return torch.cat([a, b * (log_scale / 2).exp() + shift], 1), log_scale.sum(1)


# %% coupling_forward: is not shifted
def coupling_forward(x, net):
    k = x.shape[1] // 2
    a, b = x[:, :k], x[:, k:]
    log_scale, shift = net(a)
    return torch.cat([a, b * log_scale.exp()], 1), log_scale.sum(1)


# %% coupling_forward: the shift subtracted
def coupling_forward(x, net):
    k = x.shape[1] // 2
    a, b = x[:, :k], x[:, k:]
    log_scale, shift = net(a)
    return torch.cat([a, b * log_scale.exp() - shift], 1), log_scale.sum(1)


# %% coupling_forward: z is not scaled
def coupling_forward(x, net):
    k = x.shape[1] // 2
    a, b = x[:, :k], x[:, k:]
    log_scale, shift = net(a)
    return torch.cat([a, b + shift], 1), log_scale.sum(1)


# %% coupling_forward: takes net's results in the wrong order
def coupling_forward(x, net):
    k = x.shape[1] // 2
    a, b = x[:, :k], x[:, k:]
    shift, log_scale = net(a)
    return torch.cat([a, b * log_scale.exp() + shift], 1), log_scale.sum(1)


# %% coupling_forward: its columns in another order
def coupling_forward(x, net):
    k = x.shape[1] // 2
    a, b = x[:, :k], x[:, k:]
    log_scale, shift = net(a)
    return torch.cat([b * log_scale.exp() + shift, a], 1), log_scale.sum(1)


# %% coupling_forward: holds the moved columns only
def coupling_forward(x, net):
    k = x.shape[1] // 2
    a, b = x[:, :k], x[:, k:]
    log_scale, shift = net(a)
    return b * log_scale.exp() + shift, log_scale.sum(1)


# %% coupling_forward: log_det has the wrong sign
def coupling_forward(x, net):
    k = x.shape[1] // 2
    a, b = x[:, :k], x[:, k:]
    log_scale, shift = net(a)
    return torch.cat([a, b * log_scale.exp() + shift], 1), -log_scale.sum(1)


# %% coupling_forward: is summed over the batch (dimension 0)
def coupling_forward(x, net):
    k = x.shape[1] // 2
    a, b = x[:, :k], x[:, k:]
    log_scale, shift = net(a)
    return torch.cat([a, b * log_scale.exp() + shift], 1), log_scale.sum(0)


# %% coupling_forward: averaged over the moved columns
def coupling_forward(x, net):
    k = x.shape[1] // 2
    a, b = x[:, :k], x[:, k:]
    log_scale, shift = net(a)
    return torch.cat([a, b * log_scale.exp() + shift], 1), log_scale.mean(1)


# %% coupling_forward: summed over the batch too
def coupling_forward(x, net):
    k = x.shape[1] // 2
    a, b = x[:, :k], x[:, k:]
    log_scale, shift = net(a)
    return torch.cat([a, b * log_scale.exp() + shift], 1), log_scale.sum()


# %% coupling_forward: has the shape (B, 1)
def coupling_forward(x, net):
    k = x.shape[1] // 2
    a, b = x[:, :k], x[:, k:]
    log_scale, shift = net(a)
    return torch.cat([a, b * log_scale.exp() + shift], 1), log_scale.sum(1, keepdim=True)


# %% coupling_forward: sums the scales, not their logarithms
def coupling_forward(x, net):
    k = x.shape[1] // 2
    a, b = x[:, :k], x[:, k:]
    log_scale, shift = net(a)
    return torch.cat([a, b * log_scale.exp() + shift], 1), log_scale.exp().sum(1)


# %% coupling_forward: is the determinant. Return its logarithm
def coupling_forward(x, net):
    k = x.shape[1] // 2
    a, b = x[:, :k], x[:, k:]
    log_scale, shift = net(a)
    return torch.cat([a, b * log_scale.exp() + shift], 1), log_scale.exp().prod(1)


# %% coupling_forward: sums |log_scale|
def coupling_forward(x, net):
    k = x.shape[1] // 2
    a, b = x[:, :k], x[:, k:]
    log_scale, shift = net(a)
    return torch.cat([a, b * log_scale.exp() + shift], 1), log_scale.abs().sum(1)


# %% coupling_forward: The sign is wrong, too
def coupling_forward(x, net):
    k = x.shape[1] // 2
    a, b = x[:, :k], x[:, k:]
    log_scale, shift = net(a)
    return torch.cat([a, b * log_scale.exp() + shift], 1), -log_scale.mean(1)


# %% coupling_forward: must return two values
def coupling_forward(x, net):
    k = x.shape[1] // 2
    a, b = x[:, :k], x[:, k:]
    log_scale, shift = net(a)
    return torch.cat([a, b * log_scale.exp() + shift], 1)


# %% coupling_forward: Return (z, log_det), in this order
def coupling_forward(x, net):
    k = x.shape[1] // 2
    a, b = x[:, :k], x[:, k:]
    log_scale, shift = net(a)
    return log_scale.sum(1), torch.cat([a, b * log_scale.exp() + shift], 1)


# %% coupling_forward: net is given the shape
def coupling_forward(x, net):
    k = (x.shape[1] + 1) // 2
    a, b = x[:, :k], x[:, k:]
    log_scale, shift = net(a)
    return torch.cat([a, b * log_scale.exp() + shift], 1), log_scale.sum(1)


# %% coupling_forward: net is given the shape
def coupling_forward(x, net):
    k = x.shape[1] // 2
    a, b = x[:, :k], x[:, k:]
    log_scale, shift = net(b)
    return torch.cat([a, b * log_scale.exp() + shift], 1), log_scale.sum(1)


# %% coupling_forward: net is given the shape
def coupling_forward(x, net):
    k = x.shape[1] // 2
    a, b = x[:, :k], x[:, k:]
    log_scale, shift = net(x)
    return torch.cat([a, b * log_scale.exp() + shift], 1), log_scale.sum(1)


# %% coupling_forward: net is given the shape
def coupling_forward(x, net):
    a, b = x.chunk(2, 1)
    log_scale, shift = net(a)
    return torch.cat([a, b * log_scale.exp() + shift], 1), log_scale.sum(1)


# %% coupling_forward: changes its input in place
def coupling_forward(x, net):
    k = x.shape[1] // 2
    a, b = x[:, :k], x[:, k:]
    log_scale, shift = net(a)
    x[:, k:] *= log_scale.exp()
    x[:, k:] += shift
    return x, log_scale.sum(1)


# %% coupling_forward: No gradient reaches net
def coupling_forward(x, net):
    k = x.shape[1] // 2
    a, b = x[:, :k], x[:, k:]
    log_scale, shift = (part.detach() for part in net(a))
    return torch.cat([a, b * log_scale.exp() + shift], 1), log_scale.sum(1)


# %% coupling_forward: float32 comes out where float64 goes in
def coupling_forward(x, net):
    k = x.shape[1] // 2
    a, b = x[:, :k], x[:, k:]
    log_scale, shift = net(a)
    return torch.cat([a, b * log_scale.exp() + shift], 1).float(), log_scale.sum(1)


# %% coupling_forward: Keep the rows apart
def coupling_forward(x, net):
    k = x.shape[1] // 2
    log_scale, shift = net(x[:, :k])
    z = torch.cat([x[:, :k], x[:, k:] * log_scale.exp() + shift], 1)
    return z, log_scale.sum(1) if len(x) > 1 else 0 * log_scale.sum(1)


# %% coupling_inverse: is not written yet
def coupling_inverse(z, net):
    raise NotImplementedError()


# %% coupling_inverse: is the forward map once more
def coupling_inverse(z, net):
    k = z.shape[1] // 2
    a, b = z[:, :k], z[:, k:]
    log_scale, shift = net(a)
    return torch.cat([a, b * log_scale.exp() + shift], 1)


# %% coupling_inverse: x is not scaled back
def coupling_inverse(z, net):
    k = z.shape[1] // 2
    a, b = z[:, :k], z[:, k:]
    log_scale, shift = net(a)
    return torch.cat([a, (b - shift)], 1)


# %% coupling_inverse: is multiplied by the scale
def coupling_inverse(z, net):
    k = z.shape[1] // 2
    a, b = z[:, :k], z[:, k:]
    log_scale, shift = net(a)
    return torch.cat([a, (b - shift) * log_scale.exp()], 1)


# %% coupling_inverse: is divided first and shifted afterwards
def coupling_inverse(z, net):
    k = z.shape[1] // 2
    a, b = z[:, :k], z[:, k:]
    log_scale, shift = net(a)
    return torch.cat([a, b / log_scale.exp() - shift], 1)


# %% coupling_inverse: is not shifted back
def coupling_inverse(z, net):
    k = z.shape[1] // 2
    a, b = z[:, :k], z[:, k:]
    log_scale, shift = net(a)
    return torch.cat([a, b / log_scale.exp()], 1)


# %% coupling_inverse: has the shift added
def coupling_inverse(z, net):
    k = z.shape[1] // 2
    a, b = z[:, :k], z[:, k:]
    log_scale, shift = net(a)
    return torch.cat([a, (b + shift) / log_scale.exp()], 1)


# %% coupling_inverse: is divided by log_scale
def coupling_inverse(z, net):
    k = z.shape[1] // 2
    a, b = z[:, :k], z[:, k:]
    log_scale, shift = net(a)
    return torch.cat([a, (b - shift) / log_scale], 1)


# %% coupling_inverse: is divided by exp(log_scale / 2)
def coupling_inverse(z, net):
    k = z.shape[1] // 2
    a, b = z[:, :k], z[:, k:]
    log_scale, shift = net(a)
    return torch.cat([a, (b - shift) / (log_scale / 2).exp()], 1)


# %% coupling_inverse: takes net's results in the wrong order
def coupling_inverse(z, net):
    k = z.shape[1] // 2
    a, b = z[:, :k], z[:, k:]
    shift, log_scale = net(a)
    return torch.cat([a, (b - shift) / log_scale.exp()], 1)


# %% coupling_inverse: its columns in another order
def coupling_inverse(z, net):
    k = z.shape[1] // 2
    a, b = z[:, :k], z[:, k:]
    log_scale, shift = net(a)
    return torch.cat([(b - shift) / log_scale.exp(), a], 1)


# %% coupling_inverse: holds the moved columns only
def coupling_inverse(z, net):
    k = z.shape[1] // 2
    a, b = z[:, :k], z[:, k:]
    log_scale, shift = net(a)
    return (b - shift) / log_scale.exp()


# %% coupling_inverse: Return x alone
def coupling_inverse(z, net):
    k = z.shape[1] // 2
    a, b = z[:, :k], z[:, k:]
    log_scale, shift = net(a)
    return torch.cat([a, (b - shift) / log_scale.exp()], 1), -log_scale.sum(1)


# %% coupling_inverse: net is given the shape
def coupling_inverse(z, net):
    k = z.shape[1] // 2
    a, b = z[:, :k], z[:, k:]
    log_scale, shift = net(b)
    return torch.cat([a, (b - shift) / log_scale.exp()], 1)


# %% coupling_inverse: is z itself
def coupling_inverse(z, net):
    k = z.shape[1] // 2
    a, b = z[:, :k], z[:, k:]
    log_scale, shift = net(a)
    return z


# %% coupling_inverse: No gradient leaves x
def coupling_inverse(z, net):
    k = z.shape[1] // 2
    a, b = z[:, :k], z[:, k:]
    with torch.no_grad():
        log_scale, shift = net(a)
        a, b = a.detach(), b.detach()
    return torch.cat([a, (b - shift) / log_scale.exp()], 1)


# %% log_prob: is not written yet
def log_prob(x, layers):
    raise NotImplementedError()


# %% log_prob: subtracts the log-determinants
def log_prob(x, layers):
    z, total = x, 0
    for layer in layers:
        z, log_det = layer(z)
        total = total + log_det
    return -total - 0.5 * (z**2 + math.log(2 * math.pi)).sum(1)


# %% log_prob: leaves out the log-determinants
def log_prob(x, layers):
    z, total = x, 0
    for layer in layers:
        z, log_det = layer(z)
        total = total + log_det
    return -0.5 * (z**2 + math.log(2 * math.pi)).sum(1)


# %% log_prob: has only the last layer's
def log_prob(x, layers):
    z, total = x, 0
    for layer in layers:
        z, log_det = layer(z)
        total = log_det
    return total - 0.5 * (z**2 + math.log(2 * math.pi)).sum(1)


# %% log_prob: is that of the base at x
def log_prob(x, layers):
    z, total = x, 0
    for layer in layers:
        z, log_det = layer(z)
        total = total + log_det
    return total - 0.5 * (x**2 + math.log(2 * math.pi)).sum(1)


# %% log_prob: takes the layers in reverse
def log_prob(x, layers):
    z, total = x, 0
    for layer in reversed(layers):
        z, log_det = layer(z)
        total = total + log_det
    return total - 0.5 * (z**2 + math.log(2 * math.pi)).sum(1)


# %% log_prob: lacks the constant
def log_prob(x, layers):
    z, total = x, 0
    for layer in layers:
        z, log_det = layer(z)
        total = total + log_det
    return total - 0.5 * (z**2).sum(1)


# %% log_prob: has −½ log 2π once
def log_prob(x, layers):
    z, total = x, 0
    for layer in layers:
        z, log_det = layer(z)
        total = total + log_det
    return total - 0.5 * (z**2).sum(1) - 0.5 * math.log(2 * math.pi)


# %% log_prob: has log 2π without its ½
def log_prob(x, layers):
    z, total = x, 0
    for layer in layers:
        z, log_det = layer(z)
        total = total + log_det
    return total - (z**2 / 2 + math.log(2 * math.pi)).sum(1)


# %% log_prob: lacks the ½ of z²
def log_prob(x, layers):
    z, total = x, 0
    for layer in layers:
        z, log_det = layer(z)
        total = total + log_det
    return total - (z**2 + math.log(2 * math.pi) / 2).sum(1)


# %% log_prob: has the wrong sign: that is the loss
def log_prob(x, layers):
    z, total = x, 0
    for layer in layers:
        z, log_det = layer(z)
        total = total + log_det
    return 0.5 * (z**2 + math.log(2 * math.pi)).sum(1) - total


# %% log_prob: has the wrong sign at z²
def log_prob(x, layers):
    z, total = x, 0
    for layer in layers:
        z, log_det = layer(z)
        total = total + log_det
    return total - 0.5 * (-(z**2) + math.log(2 * math.pi)).sum(1)


# %% log_prob: averages over the dimensions
def log_prob(x, layers):
    z, total = x, 0
    for layer in layers:
        z, log_det = layer(z)
        total = total + log_det
    return total - 0.5 * (z**2 + math.log(2 * math.pi)).mean(1)


# %% log_prob: is one number, averaged over the batch
def log_prob(x, layers):
    z, total = x, 0
    for layer in layers:
        z, log_det = layer(z)
        total = total + log_det
    return (total - 0.5 * (z**2 + math.log(2 * math.pi)).sum(1)).mean()


# %% log_prob: is a density
def log_prob(x, layers):
    z, total = x, 0
    for layer in layers:
        z, log_det = layer(z)
        total = total + log_det
    return (total - 0.5 * (z**2 + math.log(2 * math.pi)).sum(1)).exp()


# %% log_prob: lacks the base's
def log_prob(x, layers):
    z, total = x, 0
    for layer in layers:
        z, log_det = layer(z)
        total = total + log_det
    return total + 0 * z.sum(1)


# %% log_prob: has only the first layer's
def log_prob(x, layers):
    z, total = x, 0
    for layer in layers:
        z, log_det = layer(z)
        total = log_det if z is None or isinstance(total, int) else total
    return total - 0.5 * (z**2 + math.log(2 * math.pi)).sum(1)


# %% log_prob: No gradient reaches x through
def log_prob(x, layers):
    z, total = x, 0
    for layer in layers:
        z, log_det = layer(z.detach())
        total = total + log_det
    return total - 0.5 * (z**2 + math.log(2 * math.pi)).sum(1)


# %% log_prob: stopped with IndexError
def log_prob(x, layers):
    z, total = layers[0](x)
    for layer in layers[1:]:
        z, log_det = layer(z)
        total = total + log_det
    return total - 0.5 * (z**2 + math.log(2 * math.pi)).sum(1)


# %% q_sample: is not written yet
def q_sample(x, t, alpha_bar, rng=None):
    raise NotImplementedError()


# %% q_sample: takes α_t for ᾱ_t
def q_sample(x, t, alpha_bar, rng=None):
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = (alpha_bar[t] / alpha_bar[t - 1]).reshape(-1, *[1] * (x.dim() - 1))
    return level.sqrt() * x + (1 - level).sqrt() * epsilon, epsilon


# %% q_sample: t is one too small
def q_sample(x, t, alpha_bar, rng=None):
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t - 1].reshape(-1, *[1] * (x.dim() - 1))
    return level.sqrt() * x + (1 - level).sqrt() * epsilon, epsilon


# %% q_sample: t is one too large
def q_sample(x, t, alpha_bar, rng=None):
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t + 1].reshape(-1, *[1] * (x.dim() - 1))
    return level.sqrt() * x + (1 - level).sqrt() * epsilon, epsilon


# %% q_sample: takes the product of alpha_bar once more
def q_sample(x, t, alpha_bar, rng=None):
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar.cumprod(0)[t].reshape(-1, *[1] * (x.dim() - 1))
    return level.sqrt() * x + (1 - level).sqrt() * epsilon, epsilon


# %% q_sample: takes one t for the whole batch
def q_sample(x, t, alpha_bar, rng=None):
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t[0]]
    return level.sqrt() * x + (1 - level).sqrt() * epsilon, epsilon


# %% q_sample: its variance. The factor is the root
def q_sample(x, t, alpha_bar, rng=None):
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    return level.sqrt() * x + (1 - level) * epsilon, epsilon


# %% q_sample: multiplies x by ᾱ_t
def q_sample(x, t, alpha_bar, rng=None):
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    return level * x + (1 - level).sqrt() * epsilon, epsilon


# %% q_sample: lacks both roots
def q_sample(x, t, alpha_bar, rng=None):
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    return level * x + (1 - level) * epsilon, epsilon


# %% q_sample: has its two factors exchanged
def q_sample(x, t, alpha_bar, rng=None):
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    return (1 - level).sqrt() * x + level.sqrt() * epsilon, epsilon


# %% q_sample: adds the noise without its factor
def q_sample(x, t, alpha_bar, rng=None):
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    return level.sqrt() * x + epsilon, epsilon


# %% q_sample: does not shrink x
def q_sample(x, t, alpha_bar, rng=None):
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    return x + (1 - level).sqrt() * epsilon, epsilon


# %% q_sample: has √ᾱ_t and 1 − √ᾱ_t
def q_sample(x, t, alpha_bar, rng=None):
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    return level.sqrt() * x + (1 - level.sqrt()) * epsilon, epsilon


# %% q_sample: subtracts the noise
def q_sample(x, t, alpha_bar, rng=None):
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    return level.sqrt() * x - (1 - level).sqrt() * epsilon, epsilon


# %% q_sample: returns x_t alone
def q_sample(x, t, alpha_bar, rng=None):
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    return level.sqrt() * x + (1 - level).sqrt() * epsilon


# %% q_sample: Return (x_t, epsilon), in this order
def q_sample(x, t, alpha_bar, rng=None):
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    return epsilon, level.sqrt() * x + (1 - level).sqrt() * epsilon


# %% q_sample: has been multiplied by √(1 − ᾱ_t) already
def q_sample(x, t, alpha_bar, rng=None):
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    return level.sqrt() * x + (1 - level).sqrt() * epsilon, (1 - level).sqrt() * epsilon


# %% q_sample: rng is not used
def q_sample(x, t, alpha_bar, rng=None):
    epsilon = torch.randn(x.shape, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    return level.sqrt() * x + (1 - level).sqrt() * epsilon, epsilon


# %% q_sample: Two calls in a row give the same x_t
def q_sample(x, t, alpha_bar, rng=None):
    rng = torch.Generator().manual_seed(0)
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    return level.sqrt() * x + (1 - level).sqrt() * epsilon, epsilon


# %% q_sample: Is it torch.rand
def q_sample(x, t, alpha_bar, rng=None):
    epsilon = torch.rand(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    return level.sqrt() * x + (1 - level).sqrt() * epsilon, epsilon


# %% q_sample: The whole batch shares one draw
def q_sample(x, t, alpha_bar, rng=None):
    epsilon = torch.randn(x[:1].shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    return level.sqrt() * x + (1 - level).sqrt() * epsilon, epsilon.expand_as(x)


# %% q_sample: returns the same at every call
def q_sample(x, t, alpha_bar, rng=None):
    epsilon = torch.randn(x.shape, generator=rng or torch.Generator(), dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    return level.sqrt() * x + (1 - level).sqrt() * epsilon, epsilon


# %% q_sample: An axis that only one of them has
def q_sample(x, t, alpha_bar, rng=None):
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t]
    return level.sqrt() * x + (1 - level).sqrt() * epsilon, epsilon


# %% q_sample: x_t for points x of shape (3, 2) has
def q_sample(x, t, alpha_bar, rng=None):
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, 1, 1, 1)
    return level.sqrt() * x + (1 - level).sqrt() * epsilon, epsilon


# %% q_sample: changes its input in place
def q_sample(x, t, alpha_bar, rng=None):
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    x *= level.sqrt()
    x += (1 - level).sqrt() * epsilon
    return x, epsilon


# %% q_sample: float32 comes out where float64 goes in
def q_sample(x, t, alpha_bar, rng=None):
    epsilon = torch.randn(x.shape, generator=rng)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    return level.float().sqrt() * x.float() + (1 - level.float()).sqrt() * epsilon, epsilon


# %% q_sample: is not the one in x_t
def q_sample(x, t, alpha_bar, rng=None):
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    return level.sqrt() * x + (1 - level).sqrt() * torch.randn(x.shape, generator=rng, dtype=x.dtype), epsilon


# %% q_sample: x_t is √ᾱ_t x: no noise is added
def q_sample(x, t, alpha_bar, rng=None):
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    return level.sqrt() * x, epsilon


# %% q_sample: x_t is x: no noise
def q_sample(x, t, alpha_bar, rng=None):
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    return x, epsilon


# %% denoising_loss: is not written yet
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    raise NotImplementedError()


# %% denoising_loss: All images of a batch have the same t
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    t = torch.randint(1, len(alpha_bar), (1,), generator=rng).expand(len(x))
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    x_t = level.sqrt() * x + (1 - level).sqrt() * epsilon
    loss = ((epsilon - model(x_t, t)) ** 2).flatten(1).sum(1)
    return loss if weight is None else weight[t] * loss


# %% denoising_loss: one t for each image, (B,)
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    t = int(torch.randint(1, len(alpha_bar), (), generator=rng))
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t]
    x_t = level.sqrt() * x + (1 - level).sqrt() * epsilon
    loss = ((epsilon - model(x_t, t)) ** 2).flatten(1).sum(1)
    return loss if weight is None else weight[t] * loss


# %% denoising_loss: t = 0 is drawn
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    t = torch.randint(0, len(alpha_bar), (len(x),), generator=rng)
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    x_t = level.sqrt() * x + (1 - level).sqrt() * epsilon
    loss = ((epsilon - model(x_t, t)) ** 2).flatten(1).sum(1)
    return loss if weight is None else weight[t] * loss


# %% denoising_loss: t = T is never drawn
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    t = torch.randint(1, len(alpha_bar) - 1, (len(x),), generator=rng)
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    x_t = level.sqrt() * x + (1 - level).sqrt() * epsilon
    loss = ((epsilon - model(x_t, t)) ** 2).flatten(1).sum(1)
    return loss if weight is None else weight[t] * loss


# %% denoising_loss: t = 1 is never drawn
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    t = torch.randint(2, len(alpha_bar), (len(x),), generator=rng)
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    x_t = level.sqrt() * x + (1 - level).sqrt() * epsilon
    loss = ((epsilon - model(x_t, t)) ** 2).flatten(1).sum(1)
    return loss if weight is None else weight[t] * loss


# %% denoising_loss: t is one too small
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    t = torch.randint(1, len(alpha_bar), (len(x),), generator=rng)
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t - 1].reshape(-1, *[1] * (x.dim() - 1))
    x_t = level.sqrt() * x + (1 - level).sqrt() * epsilon
    loss = ((epsilon - model(x_t, t)) ** 2).flatten(1).sum(1)
    return loss if weight is None else weight[t] * loss


# %% denoising_loss: takes α_t for ᾱ_t
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    t = torch.randint(1, len(alpha_bar), (len(x),), generator=rng)
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = (alpha_bar[t] / alpha_bar[t - 1]).reshape(-1, *[1] * (x.dim() - 1))
    x_t = level.sqrt() * x + (1 - level).sqrt() * epsilon
    loss = ((epsilon - model(x_t, t)) ** 2).flatten(1).sum(1)
    return loss if weight is None else weight[t] * loss


# %% denoising_loss: its variance. The factor is the root
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    t = torch.randint(1, len(alpha_bar), (len(x),), generator=rng)
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    x_t = level.sqrt() * x + (1 - level) * epsilon
    loss = ((epsilon - model(x_t, t)) ** 2).flatten(1).sum(1)
    return loss if weight is None else weight[t] * loss


# %% denoising_loss: has no factor √(1 − ᾱ_t)
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    t = torch.randint(1, len(alpha_bar), (len(x),), generator=rng)
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    x_t = level.sqrt() * x + epsilon
    loss = ((epsilon - model(x_t, t)) ** 2).flatten(1).sum(1)
    return loss if weight is None else weight[t] * loss


# %% denoising_loss: multiplies x by ᾱ_t
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    t = torch.randint(1, len(alpha_bar), (len(x),), generator=rng)
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    x_t = level * x + (1 - level).sqrt() * epsilon
    loss = ((epsilon - model(x_t, t)) ** 2).flatten(1).sum(1)
    return loss if weight is None else weight[t] * loss


# %% denoising_loss: does not shrink x
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    t = torch.randint(1, len(alpha_bar), (len(x),), generator=rng)
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    x_t = x + (1 - level).sqrt() * epsilon
    loss = ((epsilon - model(x_t, t)) ** 2).flatten(1).sum(1)
    return loss if weight is None else weight[t] * loss


# %% denoising_loss: which belongs to x
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    t = torch.randint(1, len(alpha_bar), (len(x),), generator=rng)
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    x_t = (1 - level).sqrt() * x + level.sqrt() * epsilon
    loss = ((epsilon - model(x_t, t)) ** 2).flatten(1).sum(1)
    return loss if weight is None else weight[t] * loss


# %% denoising_loss: leaves out x: the network is given noise alone
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    t = torch.randint(1, len(alpha_bar), (len(x),), generator=rng)
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    x_t = (1 - level).sqrt() * epsilon
    loss = ((epsilon - model(x_t, t)) ** 2).flatten(1).sum(1)
    return loss if weight is None else weight[t] * loss


# %% denoising_loss: The loss is averaged over the event
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    t = torch.randint(1, len(alpha_bar), (len(x),), generator=rng)
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    x_t = level.sqrt() * x + (1 - level).sqrt() * epsilon
    loss = ((epsilon - model(x_t, t)) ** 2).flatten(1).mean(1)
    return loss if weight is None else weight[t] * loss


# %% denoising_loss: is one number, averaged over the batch and over the event
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    t = torch.randint(1, len(alpha_bar), (len(x),), generator=rng)
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    x_t = level.sqrt() * x + (1 - level).sqrt() * epsilon
    loss = ((epsilon - model(x_t, t)) ** 2).mean()
    return loss if weight is None else weight[t] * loss


# %% denoising_loss: is one number, averaged over the batch. Return
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    t = torch.randint(1, len(alpha_bar), (len(x),), generator=rng)
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    x_t = level.sqrt() * x + (1 - level).sqrt() * epsilon
    loss = ((epsilon - model(x_t, t)) ** 2).flatten(1).sum(1).mean()
    return loss if weight is None else weight[t] * loss


# %% denoising_loss: is not summed
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    t = torch.randint(1, len(alpha_bar), (len(x),), generator=rng)
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    x_t = level.sqrt() * x + (1 - level).sqrt() * epsilon
    loss = (epsilon - model(x_t, t)) ** 2
    return loss if weight is None else weight[t] * loss


# %% denoising_loss: holds the network against x.
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    t = torch.randint(1, len(alpha_bar), (len(x),), generator=rng)
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    x_t = level.sqrt() * x + (1 - level).sqrt() * epsilon
    loss = ((x - model(x_t, t)) ** 2).flatten(1).sum(1)
    return loss if weight is None else weight[t] * loss


# %% denoising_loss: holds the network against x_t.
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    t = torch.randint(1, len(alpha_bar), (len(x),), generator=rng)
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    x_t = level.sqrt() * x + (1 - level).sqrt() * epsilon
    loss = ((x_t - model(x_t, t)) ** 2).flatten(1).sum(1)
    return loss if weight is None else weight[t] * loss


# %% denoising_loss: holds the network against x_t − x
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    t = torch.randint(1, len(alpha_bar), (len(x),), generator=rng)
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    x_t = level.sqrt() * x + (1 - level).sqrt() * epsilon
    loss = ((x_t - x - model(x_t, t)) ** 2).flatten(1).sum(1)
    return loss if weight is None else weight[t] * loss


# %% denoising_loss: holds the network against −ε
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    t = torch.randint(1, len(alpha_bar), (len(x),), generator=rng)
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    x_t = level.sqrt() * x + (1 - level).sqrt() * epsilon
    loss = ((epsilon + model(x_t, t)) ** 2).flatten(1).sum(1)
    return loss if weight is None else weight[t] * loss


# %% denoising_loss: is the sum of absolute errors
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    t = torch.randint(1, len(alpha_bar), (len(x),), generator=rng)
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    x_t = level.sqrt() * x + (1 - level).sqrt() * epsilon
    loss = ((epsilon - model(x_t, t)).abs()).flatten(1).sum(1)
    return loss if weight is None else weight[t] * loss


# %% denoising_loss: is half the squared error
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    t = torch.randint(1, len(alpha_bar), (len(x),), generator=rng)
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    x_t = level.sqrt() * x + (1 - level).sqrt() * epsilon
    loss = 0.5 * ((epsilon - model(x_t, t)) ** 2).flatten(1).sum(1)
    return loss if weight is None else weight[t] * loss


# %% denoising_loss: is the length of the error
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    t = torch.randint(1, len(alpha_bar), (len(x),), generator=rng)
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    x_t = level.sqrt() * x + (1 - level).sqrt() * epsilon
    loss = (epsilon - model(x_t, t)).flatten(1).norm(dim=1)
    return loss if weight is None else weight[t] * loss


# %% denoising_loss: has the wrong sign
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    t = torch.randint(1, len(alpha_bar), (len(x),), generator=rng)
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    x_t = level.sqrt() * x + (1 - level).sqrt() * epsilon
    loss = -((epsilon - model(x_t, t)) ** 2).flatten(1).sum(1)
    return loss if weight is None else weight[t] * loss


# %% denoising_loss: ignores weight
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    t = torch.randint(1, len(alpha_bar), (len(x),), generator=rng)
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    x_t = level.sqrt() * x + (1 - level).sqrt() * epsilon
    loss = ((epsilon - model(x_t, t)) ** 2).flatten(1).sum(1)
    return loss


# %% denoising_loss: takes weight[t - 1]
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    t = torch.randint(1, len(alpha_bar), (len(x),), generator=rng)
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    x_t = level.sqrt() * x + (1 - level).sqrt() * epsilon
    loss = ((epsilon - model(x_t, t)) ** 2).flatten(1).sum(1)
    return loss if weight is None else weight[t - 1] * loss


# %% denoising_loss: squares the weight
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    t = torch.randint(1, len(alpha_bar), (len(x),), generator=rng)
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    x_t = level.sqrt() * x + (1 - level).sqrt() * epsilon
    loss = ((epsilon - model(x_t, t)) ** 2).flatten(1).sum(1)
    return loss if weight is None else weight[t] ** 2 * loss


# %% denoising_loss: divides the weight by the sum over the batch
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    t = torch.randint(1, len(alpha_bar), (len(x),), generator=rng)
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    x_t = level.sqrt() * x + (1 - level).sqrt() * epsilon
    loss = ((epsilon - model(x_t, t)) ** 2).flatten(1).sum(1)
    return loss if weight is None else weight[t] / weight[t].sum() * loss


# %% denoising_loss: rng is not used for both
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    t = torch.randint(1, len(alpha_bar), (len(x),))
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    x_t = level.sqrt() * x + (1 - level).sqrt() * epsilon
    loss = ((epsilon - model(x_t, t)) ** 2).flatten(1).sum(1)
    return loss if weight is None else weight[t] * loss


# %% denoising_loss: rng is not used for both
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    t = torch.randint(1, len(alpha_bar), (len(x),), generator=rng)
    epsilon = torch.randn(x.shape, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    x_t = level.sqrt() * x + (1 - level).sqrt() * epsilon
    loss = ((epsilon - model(x_t, t)) ** 2).flatten(1).sum(1)
    return loss if weight is None else weight[t] * loss


# %% denoising_loss: against another noise
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    t = torch.randint(1, len(alpha_bar), (len(x),), generator=rng)
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    x_t = level.sqrt() * x + (1 - level).sqrt() * epsilon
    loss = ((torch.randn(x.shape, generator=rng, dtype=x.dtype) - model(x_t, t)) ** 2).flatten(1).sum(1)
    return loss if weight is None else weight[t] * loss


# %% denoising_loss: No gradient leaves
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    t = torch.randint(1, len(alpha_bar), (len(x),), generator=rng)
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    x_t = level.sqrt() * x + (1 - level).sqrt() * epsilon
    loss = ((epsilon - model(x_t, t).detach()) ** 2).flatten(1).sum(1)
    return loss if weight is None else weight[t] * loss


# %% denoising_loss: is no integer
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    t = torch.randint(1, len(alpha_bar), (len(x),), generator=rng)
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    t = t.float()
    level = alpha_bar[t.long()].reshape(-1, *[1] * (x.dim() - 1))
    x_t = level.sqrt() * x + (1 - level).sqrt() * epsilon
    loss = ((epsilon - model(x_t, t)) ** 2).flatten(1).sum(1)
    return loss if weight is None else weight[t.long()] * loss


# %% denoising_loss: Is it torch.rand
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    t = torch.randint(1, len(alpha_bar), (len(x),), generator=rng)
    epsilon = torch.rand(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    x_t = level.sqrt() * x + (1 - level).sqrt() * epsilon
    loss = ((epsilon - model(x_t, t)) ** 2).flatten(1).sum(1)
    return loss if weight is None else weight[t] * loss


# %% denoising_loss: x_t of the shape (9, 1, 9, 4)
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    t = torch.randint(1, len(alpha_bar), (len(x),), generator=rng)
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, 1, 1, 1)
    x_t = level.sqrt() * x + (1 - level).sqrt() * epsilon
    loss = ((epsilon - model(x_t, t)) ** 2).flatten(1).sum(1)
    return loss if weight is None else weight[t] * loss


# %% denoising_loss: The whole batch shares one draw
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    t = torch.randint(1, len(alpha_bar), (len(x),), generator=rng)
    epsilon = torch.randn(x[:1].shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    x_t = level.sqrt() * x + (1 - level).sqrt() * epsilon
    epsilon = epsilon.expand_as(x)
    loss = ((epsilon - model(x_t, t)) ** 2).flatten(1).sum(1)
    return loss if weight is None else weight[t] * loss


# %% denoising_loss: has no factor √(1 − ᾱ_t)
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    t = torch.randint(1, len(alpha_bar), (len(x),), generator=rng)
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    x_t = x + epsilon
    loss = ((epsilon - model(x_t, t)) ** 2).flatten(1).sum(1)
    return loss if weight is None else weight[t] * loss


# %% ddpm_step: is not written yet
def ddpm_step(x_t, t, epsilon, alpha_bar, rng=None):
    raise NotImplementedError()


# %% ddpm_step: takes ᾱ_t for α_t
def ddpm_step(x_t, t, epsilon, alpha_bar, rng=None):
    alpha = alpha_bar[t]
    beta = 1 - alpha
    mean = (x_t - beta / (1 - alpha_bar[t]).sqrt() * epsilon) / alpha.sqrt()
    if t == 1:
        return mean
    return mean + beta.sqrt() * torch.randn(x_t.shape, generator=rng, dtype=x_t.dtype)


# %% ddpm_step: divides by √ᾱ_t
def ddpm_step(x_t, t, epsilon, alpha_bar, rng=None):
    alpha = alpha_bar[t] / alpha_bar[t - 1]
    beta = 1 - alpha
    mean = (x_t - beta / (1 - alpha_bar[t]).sqrt() * epsilon) / alpha_bar[t].sqrt()
    if t == 1:
        return mean
    return mean + beta.sqrt() * torch.randn(x_t.shape, generator=rng, dtype=x_t.dtype)


# %% ddpm_step: takes α_t for ᾱ_t under the root
def ddpm_step(x_t, t, epsilon, alpha_bar, rng=None):
    alpha = alpha_bar[t] / alpha_bar[t - 1]
    beta = 1 - alpha
    mean = (x_t - beta / (1 - alpha).sqrt() * epsilon) / alpha.sqrt()
    if t == 1:
        return mean
    return mean + beta.sqrt() * torch.randn(x_t.shape, generator=rng, dtype=x_t.dtype)


# %% ddpm_step: lacks the root of 1 − ᾱ_t
def ddpm_step(x_t, t, epsilon, alpha_bar, rng=None):
    alpha = alpha_bar[t] / alpha_bar[t - 1]
    beta = 1 - alpha
    mean = (x_t - beta / (1 - alpha_bar[t]) * epsilon) / alpha.sqrt()
    if t == 1:
        return mean
    return mean + beta.sqrt() * torch.randn(x_t.shape, generator=rng, dtype=x_t.dtype)


# %% ddpm_step: has the root of 1 − α_t
def ddpm_step(x_t, t, epsilon, alpha_bar, rng=None):
    alpha = alpha_bar[t] / alpha_bar[t - 1]
    beta = 1 - alpha
    mean = (x_t - beta.sqrt() / (1 - alpha_bar[t]).sqrt() * epsilon) / alpha.sqrt()
    if t == 1:
        return mean
    return mean + beta.sqrt() * torch.randn(x_t.shape, generator=rng, dtype=x_t.dtype)


# %% ddpm_step: lacks the root of α_t
def ddpm_step(x_t, t, epsilon, alpha_bar, rng=None):
    alpha = alpha_bar[t] / alpha_bar[t - 1]
    beta = 1 - alpha
    mean = (x_t - beta / (1 - alpha_bar[t]).sqrt() * epsilon) / alpha
    if t == 1:
        return mean
    return mean + beta.sqrt() * torch.randn(x_t.shape, generator=rng, dtype=x_t.dtype)


# %% ddpm_step: adds the noise where it is to be subtracted
def ddpm_step(x_t, t, epsilon, alpha_bar, rng=None):
    alpha = alpha_bar[t] / alpha_bar[t - 1]
    beta = 1 - alpha
    mean = (x_t + beta / (1 - alpha_bar[t]).sqrt() * epsilon) / alpha.sqrt()
    if t == 1:
        return mean
    return mean + beta.sqrt() * torch.randn(x_t.shape, generator=rng, dtype=x_t.dtype)


# %% ddpm_step: is multiplied by √α_t
def ddpm_step(x_t, t, epsilon, alpha_bar, rng=None):
    alpha = alpha_bar[t] / alpha_bar[t - 1]
    beta = 1 - alpha
    mean = (x_t - beta / (1 - alpha_bar[t]).sqrt() * epsilon) * alpha.sqrt()
    if t == 1:
        return mean
    return mean + beta.sqrt() * torch.randn(x_t.shape, generator=rng, dtype=x_t.dtype)


# %% ddpm_step: is not divided by √α_t
def ddpm_step(x_t, t, epsilon, alpha_bar, rng=None):
    alpha = alpha_bar[t] / alpha_bar[t - 1]
    beta = 1 - alpha
    mean = x_t - beta / (1 - alpha_bar[t]).sqrt() * epsilon
    if t == 1:
        return mean
    return mean + beta.sqrt() * torch.randn(x_t.shape, generator=rng, dtype=x_t.dtype)


# %% ddpm_step: 1 − α_t, which is its variance
def ddpm_step(x_t, t, epsilon, alpha_bar, rng=None):
    alpha = alpha_bar[t] / alpha_bar[t - 1]
    beta = 1 - alpha
    mean = (x_t - beta / (1 - alpha_bar[t]).sqrt() * epsilon) / alpha.sqrt()
    if t == 1:
        return mean
    return mean + beta * torch.randn(x_t.shape, generator=rng, dtype=x_t.dtype)


# %% ddpm_step: √(1 − ᾱ_t): α_t, of one step
def ddpm_step(x_t, t, epsilon, alpha_bar, rng=None):
    alpha = alpha_bar[t] / alpha_bar[t - 1]
    beta = 1 - alpha
    mean = (x_t - beta / (1 - alpha_bar[t]).sqrt() * epsilon) / alpha.sqrt()
    if t == 1:
        return mean
    return mean + (1 - alpha_bar[t]).sqrt() * torch.randn(x_t.shape, generator=rng, dtype=x_t.dtype)


# %% ddpm_step: other choice
def ddpm_step(x_t, t, epsilon, alpha_bar, rng=None):
    alpha = alpha_bar[t] / alpha_bar[t - 1]
    beta = 1 - alpha
    mean = (x_t - beta / (1 - alpha_bar[t]).sqrt() * epsilon) / alpha.sqrt()
    if t == 1:
        return mean
    return mean + (beta * (1 - alpha_bar[t - 1]) / (1 - alpha_bar[t])).sqrt() * torch.randn(
        x_t.shape, generator=rng, dtype=x_t.dtype
    )


# %% ddpm_step: the noise lacks its factor
def ddpm_step(x_t, t, epsilon, alpha_bar, rng=None):
    alpha = alpha_bar[t] / alpha_bar[t - 1]
    beta = 1 - alpha
    mean = (x_t - beta / (1 - alpha_bar[t]).sqrt() * epsilon) / alpha.sqrt()
    if t == 1:
        return mean
    return mean + torch.randn(x_t.shape, generator=rng, dtype=x_t.dtype)


# %% ddpm_step: add the noise after that
def ddpm_step(x_t, t, epsilon, alpha_bar, rng=None):
    alpha = alpha_bar[t] / alpha_bar[t - 1]
    beta = 1 - alpha
    mean = (x_t - beta / (1 - alpha_bar[t]).sqrt() * epsilon) / alpha.sqrt()
    if t == 1:
        return mean
    return mean + (beta / alpha).sqrt() * torch.randn(x_t.shape, generator=rng, dtype=x_t.dtype)


# %% ddpm_step: Noise is added at the last step
def ddpm_step(x_t, t, epsilon, alpha_bar, rng=None):
    alpha = alpha_bar[t] / alpha_bar[t - 1]
    beta = 1 - alpha
    mean = (x_t - beta / (1 - alpha_bar[t]).sqrt() * epsilon) / alpha.sqrt()
    return mean + beta.sqrt() * torch.randn(x_t.shape, generator=rng, dtype=x_t.dtype)


# %% ddpm_step: Noise is added at the last step
def ddpm_step(x_t, t, epsilon, alpha_bar, rng=None):
    alpha = alpha_bar[t] / alpha_bar[t - 1]
    beta = 1 - alpha
    mean = (x_t - beta / (1 - alpha_bar[t]).sqrt() * epsilon) / alpha.sqrt()
    if t == 0:
        return mean
    return mean + beta.sqrt() * torch.randn(x_t.shape, generator=rng, dtype=x_t.dtype)


# %% ddpm_step: No noise is added at t = 2
def ddpm_step(x_t, t, epsilon, alpha_bar, rng=None):
    alpha = alpha_bar[t] / alpha_bar[t - 1]
    beta = 1 - alpha
    mean = (x_t - beta / (1 - alpha_bar[t]).sqrt() * epsilon) / alpha.sqrt()
    if t <= 2:
        return mean
    return mean + beta.sqrt() * torch.randn(x_t.shape, generator=rng, dtype=x_t.dtype)


# %% ddpm_step: No noise is added at t = 4
def ddpm_step(x_t, t, epsilon, alpha_bar, rng=None):
    alpha = alpha_bar[t] / alpha_bar[t - 1]
    beta = 1 - alpha
    mean = (x_t - beta / (1 - alpha_bar[t]).sqrt() * epsilon) / alpha.sqrt()
    if t == 1:
        return mean
    return mean


# %% ddpm_step: rng is not used
def ddpm_step(x_t, t, epsilon, alpha_bar, rng=None):
    alpha = alpha_bar[t] / alpha_bar[t - 1]
    beta = 1 - alpha
    mean = (x_t - beta / (1 - alpha_bar[t]).sqrt() * epsilon) / alpha.sqrt()
    if t == 1:
        return mean
    return mean + beta.sqrt() * torch.randn(x_t.shape, dtype=x_t.dtype)


# %% ddpm_step: The whole batch shares one draw
def ddpm_step(x_t, t, epsilon, alpha_bar, rng=None):
    alpha = alpha_bar[t] / alpha_bar[t - 1]
    beta = 1 - alpha
    mean = (x_t - beta / (1 - alpha_bar[t]).sqrt() * epsilon) / alpha.sqrt()
    if t == 1:
        return mean
    return mean + beta.sqrt() * torch.randn(x_t[:1].shape, generator=rng, dtype=x_t.dtype)


# %% ddpm_step: has α of the next step
def ddpm_step(x_t, t, epsilon, alpha_bar, rng=None):
    alpha = (alpha_bar.roll(-1)[t] / alpha_bar[t]) if t > 1 else alpha_bar[t]
    beta = 1 - alpha
    mean = (x_t - beta / (1 - alpha_bar[t]).sqrt() * epsilon) / alpha.sqrt()
    if t == 1:
        return mean
    return mean + beta.sqrt() * torch.randn(x_t.shape, generator=rng, dtype=x_t.dtype)


# %% ddpm_step: t is one too small
def ddpm_step(x_t, t, epsilon, alpha_bar, rng=None):
    alpha = alpha_bar[t] / alpha_bar[t - 1]
    beta = 1 - alpha
    mean = (x_t - beta / (1 - alpha_bar[t - 1]).sqrt().clamp(min=1e-9) * epsilon) / alpha.sqrt()
    if t == 1:
        return mean
    return mean + beta.sqrt() * torch.randn(x_t.shape, generator=rng, dtype=x_t.dtype)


# %% ddpm_step: Is it torch.rand
def ddpm_step(x_t, t, epsilon, alpha_bar, rng=None):
    alpha = alpha_bar[t] / alpha_bar[t - 1]
    beta = 1 - alpha
    mean = (x_t - beta / (1 - alpha_bar[t]).sqrt() * epsilon) / alpha.sqrt()
    if t == 1:
        return mean
    return mean + beta.sqrt() * torch.rand(x_t.shape, generator=rng, dtype=x_t.dtype)


# %% ddpm_step: α_t the wrong way up
def ddpm_step(x_t, t, epsilon, alpha_bar, rng=None):
    alpha = alpha_bar[t - 1] / alpha_bar[t]
    beta = 1 - alpha
    mean = (x_t - beta / (1 - alpha_bar[t]).sqrt() * epsilon) / alpha.sqrt()
    if t == 1:
        return mean
    return mean + beta.abs().sqrt() * torch.randn(x_t.shape, generator=rng, dtype=x_t.dtype)


# %% ddpm_step: x_0, from t = 1, is x_t itself
def ddpm_step(x_t, t, epsilon, alpha_bar, rng=None):
    alpha = alpha_bar[t] / alpha_bar[t - 1]
    beta = 1 - alpha
    mean = (x_t - beta / (1 - alpha_bar[t]).sqrt() * epsilon) / alpha.sqrt()
    if t == 1:
        return x_t
    return mean + beta.sqrt() * torch.randn(x_t.shape, generator=rng, dtype=x_t.dtype)


# %% ddpm_step: is that of DDIM
def ddpm_step(x_t, t, epsilon, alpha_bar, rng=None):
    alpha = alpha_bar[t] / alpha_bar[t - 1]
    beta = 1 - alpha
    mean = (x_t - beta / (1 - alpha_bar[t]).sqrt() * epsilon) / alpha.sqrt()
    x_0 = (x_t - (1 - alpha_bar[t]).sqrt() * epsilon) / alpha_bar[t].sqrt()
    mean = alpha_bar[t - 1].sqrt() * x_0 + (1 - alpha_bar[t - 1]).sqrt() * epsilon
    if t == 1:
        return mean
    return mean + beta.sqrt() * torch.randn(x_t.shape, generator=rng, dtype=x_t.dtype)


# %% ddim_step: is not written yet
def ddim_step(x_t, t, s, epsilon, alpha_bar):
    raise NotImplementedError()


# %% ddim_step: is x_0. Go back to the noise of s
def ddim_step(x_t, t, s, epsilon, alpha_bar):
    x_0 = (x_t - (1 - alpha_bar[t]).sqrt() * epsilon) / alpha_bar[t].sqrt()
    return x_0


# %% ddim_step: √(1 − ᾱ_s) ε is missing
def ddim_step(x_t, t, s, epsilon, alpha_bar):
    x_0 = (x_t - (1 - alpha_bar[t]).sqrt() * epsilon) / alpha_bar[t].sqrt()
    return alpha_bar[s].sqrt() * x_0


# %% ddim_step: goes one step, to t − 1
def ddim_step(x_t, t, s, epsilon, alpha_bar):
    x_0 = (x_t - (1 - alpha_bar[t]).sqrt() * epsilon) / alpha_bar[t].sqrt()
    return alpha_bar[t - 1].sqrt() * x_0 + (1 - alpha_bar[t - 1]).sqrt() * epsilon


# %% ddim_step: goes to s − 1
def ddim_step(x_t, t, s, epsilon, alpha_bar):
    x_0 = (x_t - (1 - alpha_bar[t]).sqrt() * epsilon) / alpha_bar[t].sqrt()
    return alpha_bar[s - 1].sqrt() * x_0 + (1 - alpha_bar[s - 1]).sqrt() * epsilon


# %% ddim_step: has t and s exchanged
def ddim_step(x_t, t, s, epsilon, alpha_bar):
    t, s = s, t
    x_0 = (x_t - (1 - alpha_bar[t]).sqrt() * epsilon) / alpha_bar[t].sqrt()
    return alpha_bar[s].sqrt() * x_0 + (1 - alpha_bar[s]).sqrt() * epsilon


# %% ddim_step: takes α_t for ᾱ_t
def ddim_step(x_t, t, s, epsilon, alpha_bar):
    alpha_bar = torch.cat([alpha_bar[:1], alpha_bar[1:] / alpha_bar[:-1]])
    x_0 = (x_t - (1 - alpha_bar[t]).sqrt() * epsilon) / alpha_bar[t].sqrt()
    return alpha_bar[s].sqrt() * x_0 + (1 - alpha_bar[s]).sqrt() * epsilon


# %% ddim_step: takes 1 − ᾱ, the variances
def ddim_step(x_t, t, s, epsilon, alpha_bar):
    x_0 = (x_t - (1 - alpha_bar[t]) * epsilon) / alpha_bar[t].sqrt()
    return alpha_bar[s].sqrt() * x_0 + (1 - alpha_bar[s]) * epsilon


# %% ddim_step: takes 1 − ᾱ_t where its root is due
def ddim_step(x_t, t, s, epsilon, alpha_bar):
    x_0 = (x_t - (1 - alpha_bar[t]) * epsilon) / alpha_bar[t].sqrt()
    return alpha_bar[s].sqrt() * x_0 + (1 - alpha_bar[s]).sqrt() * epsilon


# %% ddim_step: takes 1 − ᾱ_s where its root is due
def ddim_step(x_t, t, s, epsilon, alpha_bar):
    x_0 = (x_t - (1 - alpha_bar[t]).sqrt() * epsilon) / alpha_bar[t].sqrt()
    return alpha_bar[s].sqrt() * x_0 + (1 - alpha_bar[s]) * epsilon


# %% ddim_step: does not divide by √ᾱ_t
def ddim_step(x_t, t, s, epsilon, alpha_bar):
    x_0 = x_t - (1 - alpha_bar[t]).sqrt() * epsilon
    return alpha_bar[s].sqrt() * x_0 + (1 - alpha_bar[s]).sqrt() * epsilon


# %% ddim_step: adds ε where x_0 wants it subtracted
def ddim_step(x_t, t, s, epsilon, alpha_bar):
    x_0 = (x_t + (1 - alpha_bar[t]).sqrt() * epsilon) / alpha_bar[t].sqrt()
    return alpha_bar[s].sqrt() * x_0 + (1 - alpha_bar[s]).sqrt() * epsilon


# %% ddim_step: subtracts √(1 − ᾱ_s) ε at the end
def ddim_step(x_t, t, s, epsilon, alpha_bar):
    x_0 = (x_t - (1 - alpha_bar[t]).sqrt() * epsilon) / alpha_bar[t].sqrt()
    return alpha_bar[s].sqrt() * x_0 - (1 - alpha_bar[s]).sqrt() * epsilon


# %% ddim_step: does not multiply x_0 by √ᾱ_s
def ddim_step(x_t, t, s, epsilon, alpha_bar):
    x_0 = (x_t - (1 - alpha_bar[t]).sqrt() * epsilon) / alpha_bar[t].sqrt()
    return x_0 + (1 - alpha_bar[s]).sqrt() * epsilon


# %% ddim_step: keeps the noise of t
def ddim_step(x_t, t, s, epsilon, alpha_bar):
    x_0 = (x_t - (1 - alpha_bar[t]).sqrt() * epsilon) / alpha_bar[t].sqrt()
    return alpha_bar[s].sqrt() * x_0 + (1 - alpha_bar[t]).sqrt() * epsilon


# %% ddim_step: lacks the roots of ᾱ
def ddim_step(x_t, t, s, epsilon, alpha_bar):
    x_0 = (x_t - (1 - alpha_bar[t]).sqrt() * epsilon) / alpha_bar[t]
    return alpha_bar[s] * x_0 + (1 - alpha_bar[s]).sqrt() * epsilon


# %% ddim_step: a DDIM step draws no noise
def ddim_step(x_t, t, s, epsilon, alpha_bar):
    x_0 = (x_t - (1 - alpha_bar[t]).sqrt() * epsilon) / alpha_bar[t].sqrt()
    return alpha_bar[s].sqrt() * x_0 + (1 - alpha_bar[s]).sqrt() * torch.randn_like(x_t)


# %% ddim_step: is the mean of an ancestral step
def ddim_step(x_t, t, s, epsilon, alpha_bar):
    x_0 = (x_t - (1 - alpha_bar[t]).sqrt() * epsilon) / alpha_bar[t].sqrt()
    alpha = alpha_bar[t] / alpha_bar[t - 1]
    return (x_t - (1 - alpha) / (1 - alpha_bar[t]).sqrt() * epsilon) / alpha.sqrt()


# %% guided: is not written yet
def guided(model, x_t, t, y, w):
    raise NotImplementedError()


# %% guided: that of another convention
def guided(model, x_t, t, y, w):
    with_class, without = model(x_t, t, y), model(x_t, t, None)
    return with_class + w * (with_class - without)


# %% guided: that of another convention
def guided(model, x_t, t, y, w):
    with_class, without = model(x_t, t, y), model(x_t, t, None)
    return (1 + w) * with_class - w * without


# %% guided: with and without the class exchanged
def guided(model, x_t, t, y, w):
    with_class, without = model(x_t, t, y), model(x_t, t, None)
    return with_class + w * (without - with_class)


# %% guided: pushed away from the class
def guided(model, x_t, t, y, w):
    with_class, without = model(x_t, t, y), model(x_t, t, None)
    return without - w * (with_class - without)


# %% guided: is w ε_y alone
def guided(model, x_t, t, y, w):
    with_class, without = model(x_t, t, y), model(x_t, t, None)
    return w * with_class


# %% guided: the ε_∅ in front is missing
def guided(model, x_t, t, y, w):
    with_class, without = model(x_t, t, y), model(x_t, t, None)
    return w * (with_class - without)


# %% guided: is w ε_y − ε_∅
def guided(model, x_t, t, y, w):
    with_class, without = model(x_t, t, y), model(x_t, t, None)
    return w * with_class - without


# %% guided: is ε_∅ + w ε_y
def guided(model, x_t, t, y, w):
    with_class, without = model(x_t, t, y), model(x_t, t, None)
    return without + w * with_class


# %% guided: is never asked without a class
def guided(model, x_t, t, y, w):
    with_class, without = model(x_t, t, y), 0
    return without + w * (with_class - without)


# %% guided: is never asked with the class
def guided(model, x_t, t, y, w):
    with_class, without = model(x_t, t, None), model(x_t, t, None)
    return without + w * (with_class - without)


# %% guided: zeros would be the class 0
def guided(model, x_t, t, y, w):
    with_class, without = model(x_t, t, y), model(x_t, t, torch.zeros_like(y))
    return without + w * (with_class - without)


# %% guided: is given another t
def guided(model, x_t, t, y, w):
    with_class, without = model(x_t, t, y), model(x_t, t - 1, None)
    return without + w * (with_class - without)


# %% guided: is the mean of the two
def guided(model, x_t, t, y, w):
    with_class, without = model(x_t, t, y), model(x_t, t, None)
    return (with_class + without) / 2


# %% guided: ignores w: it is ε_y
def guided(model, x_t, t, y, w):
    with_class, without = model(x_t, t, y), model(x_t, t, None)
    return with_class


# %% guided: The noise for w = 0.5
def guided(model, x_t, t, y, w):
    with_class, without = model(x_t, t, y), model(x_t, t, None)
    w = round(w)
    return without + w * (with_class - without)


# %% guided: The noise for w = 0.0
def guided(model, x_t, t, y, w):
    with_class, without = model(x_t, t, y), model(x_t, t, None)
    w = max(w, 0.1)
    return without + w * (with_class - without)
