# ruff: noqa: B905, F811
"""Wrong answers to assignment 02: `# %% question: a part of the message that must name the mistake`."""

import math

import torch


# %% log_components: is not written yet
def log_components(x, means, covariances):
    raise NotImplementedError()


# %% log_components: is the density. Return its logarithm
def log_components(x, means, covariances):
    normal = torch.distributions.MultivariateNormal(means, covariances)
    return normal.log_prob(x[:, None]).exp()


# %% log_components: the density underflows to 0
def log_components(x, means, covariances):
    import numpy as np
    from scipy.stats import multivariate_normal

    columns = [
        np.atleast_1d(multivariate_normal(m, c).pdf(x.numpy())) for m, c in zip(means.numpy(), covariances.numpy())
    ]
    return torch.log(torch.as_tensor(np.stack(columns, axis=1)).float())


# %% log_components: (K, B)
def log_components(x, means, covariances):
    return torch.stack([torch.distributions.MultivariateNormal(m, c).log_prob(x) for m, c in zip(means, covariances)])


# %% log_components: lacks −D/2 log 2π
def log_components(x, means, covariances):
    away = x[:, None] - means
    maha = torch.einsum("bki,kij,bkj->bk", away, covariances.inverse(), away)
    return -0.5 * (covariances.logdet() + maha)


# %% log_components: once for each dimension
def log_components(x, means, covariances):
    away = x[:, None] - means
    maha = torch.einsum("bki,kij,bkj->bk", away, covariances.inverse(), away)
    return -0.5 * (math.log(2 * math.pi) + covariances.logdet() + maha)


# %% log_components: lacks the determinant
def log_components(x, means, covariances):
    away = x[:, None] - means
    maha = torch.einsum("bki,kij,bkj->bk", away, covariances.inverse(), away)
    return -0.5 * (x.shape[1] * math.log(2 * math.pi) + maha)


# %% log_components: has log det Σ without the ½
def log_components(x, means, covariances):
    away = x[:, None] - means
    maha = torch.einsum("bki,kij,bkj->bk", away, covariances.inverse(), away)
    return -0.5 * (x.shape[1] * math.log(2 * math.pi) + maha) - covariances.logdet()


# %% log_components: Wider means lower
def log_components(x, means, covariances):
    away = x[:, None] - means
    maha = torch.einsum("bki,kij,bkj->bk", away, covariances.inverse(), away)
    return -0.5 * (x.shape[1] * math.log(2 * math.pi) + maha - covariances.logdet())


# %% log_components: lacks the ½ before
def log_components(x, means, covariances):
    away = x[:, None] - means
    maha = torch.einsum("bki,kij,bkj->bk", away, covariances.inverse(), away)
    return -0.5 * (x.shape[1] * math.log(2 * math.pi) + covariances.logdet()) - maha


# %% log_components: uses Σ where its inverse is due
def log_components(x, means, covariances):
    away = x[:, None] - means
    maha = torch.einsum("bki,kij,bkj->bk", away, covariances, away)
    return -0.5 * (x.shape[1] * math.log(2 * math.pi) + covariances.logdet() + maha)


# %% log_components: entry by entry
def log_components(x, means, covariances):
    away = x[:, None] - means
    maha = torch.einsum("bki,kij,bkj->bk", away, 1 / covariances, away)
    return -0.5 * (x.shape[1] * math.log(2 * math.pi) + covariances.logdet() + maha)


# %% log_components: takes the square root
def log_components(x, means, covariances):
    away = x[:, None] - means
    distance = torch.einsum("bki,kij,bkj->bk", away, covariances.inverse(), away).sqrt()
    return -0.5 * (x.shape[1] * math.log(2 * math.pi) + covariances.logdet() + distance)


# %% log_components: the correlations are lost
def log_components(x, means, covariances):
    sigma = covariances.diagonal(dim1=1, dim2=2).sqrt()
    return torch.distributions.Normal(means, sigma).log_prob(x[:, None]).sum(2)


# %% log_components: takes Σ for its Cholesky factor
def log_components(x, means, covariances):
    return torch.distributions.MultivariateNormal(means, scale_tril=covariances.tril()).log_prob(x[:, None])


# %% log_components: summed over the components
def log_components(x, means, covariances):
    return torch.distributions.MultivariateNormal(means, covariances).log_prob(x[:, None]).sum(1)


# %% log_components: in 1 dimension
def log_components(x, means, covariances):
    away = x[:, None] - means
    maha = torch.einsum("bki,kij,bkj->bk", away, covariances.inverse(), away)
    return -0.5 * (2 * math.log(2 * math.pi) + covariances.logdet() + maha)


# %% log_prob: is not written yet
def log_prob(log_px_k, weights):
    raise NotImplementedError()


# %% log_prob: exp gives 0 or inf there
def log_prob(log_px_k, weights):
    return torch.log((weights * torch.exp(log_px_k)).sum(1))


# %% log_prob: exp gives 0 or inf there
def log_prob(log_px_k, weights):
    return torch.log(log_px_k.exp() @ weights + 1e-300)


# %% log_prob: forgets the weights
def log_prob(log_px_k, weights):
    return torch.logsumexp(log_px_k, dim=1)


# %% log_prob: equal weights
def log_prob(log_px_k, weights):
    return torch.logsumexp(log_px_k, dim=1) - math.log(len(weights))


# %% log_prob: Add log π_k
def log_prob(log_px_k, weights):
    return torch.logsumexp(log_px_k + weights, dim=1)


# %% log_prob: multiplies the log-densities
def log_prob(log_px_k, weights):
    return torch.logsumexp(weights * log_px_k, dim=1)


# %% log_prob: the logarithm is inside the sum
def log_prob(log_px_k, weights):
    return (weights * log_px_k).sum(1)


# %% log_prob: logarithm of a product
def log_prob(log_px_k, weights):
    return (log_px_k + weights.log()).sum(1)


# %% log_prob: the largest component only
def log_prob(log_px_k, weights):
    return (log_px_k + weights.log()).amax(1)


# %% log_prob: Return its logarithm
def log_prob(log_px_k, weights):
    return log_px_k.exp() @ weights


# %% log_prob: the wrong sign
def log_prob(log_px_k, weights):
    return -torch.logsumexp(log_px_k + weights.log(), dim=1)


# %% log_prob: summed over the points
def log_prob(log_px_k, weights):
    return torch.logsumexp(log_px_k + weights.log(), dim=0)


# %% log_prob: has the shape (B, 1)
def log_prob(log_px_k, weights):
    return torch.logsumexp(log_px_k + weights.log(), dim=1, keepdim=True)


# %% log_prob: the mean over the batch
def log_prob(log_px_k, weights):
    return torch.logsumexp(log_px_k + weights.log(), dim=1).mean()


# %% log_prob: is not summed
def log_prob(log_px_k, weights):
    return log_px_k + weights.log()


# %% log_prob: changes its input
def log_prob(log_px_k, weights):
    log_px_k += weights.log()
    return torch.logsumexp(log_px_k, dim=1)


# %% log_prob: Your log p(x) for K = 5
def log_prob(log_px_k, weights):
    return torch.logsumexp(log_px_k[:, :3] + weights[:3].log(), dim=1)


# %% responsibilities: is not written yet
def responsibilities(log_px_k, weights):
    raise NotImplementedError()


# %% responsibilities: normalized over the points
def responsibilities(log_px_k, weights):
    return torch.softmax(log_px_k + weights.log(), dim=0)


# %% responsibilities: forget the prior
def responsibilities(log_px_k, weights):
    return torch.softmax(log_px_k, dim=1)


# %% responsibilities: Is the return missing
def responsibilities(log_px_k, weights):
    torch.softmax(log_px_k + weights.log(), dim=1)


# %% responsibilities: exp gives 0 or inf there
def responsibilities(log_px_k, weights):
    joint = weights * log_px_k.exp()
    return joint / joint.sum(1, keepdim=True)


# %% responsibilities: not yet divided
def responsibilities(log_px_k, weights):
    return weights * log_px_k.exp()


# %% responsibilities: over points and components
def responsibilities(log_px_k, weights):
    joint = weights * log_px_k.exp()
    return joint / joint.sum()


# %% responsibilities: Return probabilities
def responsibilities(log_px_k, weights):
    return torch.log_softmax(log_px_k + weights.log(), dim=1)


# %% responsibilities: logarithms divided by their sum
def responsibilities(log_px_k, weights):
    joint = log_px_k + weights.log()
    return joint / joint.sum(1, keepdim=True)


# %% responsibilities: a softmax of probabilities
def responsibilities(log_px_k, weights):
    return torch.softmax(weights * log_px_k.exp(), dim=1)


# %% responsibilities: Add log π_k
def responsibilities(log_px_k, weights):
    return torch.softmax(log_px_k + weights, dim=1)


# %% responsibilities: that is k-means
def responsibilities(log_px_k, weights):
    return torch.nn.functional.one_hot((log_px_k + weights.log()).argmax(1), len(weights)).float()


# %% responsibilities: the least likely component gets most
def responsibilities(log_px_k, weights):
    return torch.softmax(-(log_px_k + weights.log()), dim=1)


# %% responsibilities: (K, B)
def responsibilities(log_px_k, weights):
    return torch.softmax(log_px_k + weights.log(), dim=1).T


# %% responsibilities: after normalizing
def responsibilities(log_px_k, weights):
    return weights * torch.softmax(log_px_k, dim=1)


# %% responsibilities: Your responsibilities for K = 5
def responsibilities(log_px_k, weights):
    r = torch.softmax(log_px_k + weights.log(), dim=1)
    return r if len(weights) == 3 else r * 0.9


# %% m_step: is not written yet
def m_step(x, r):
    raise NotImplementedError()


# %% m_step: weights are the N_k
def m_step(x, r):
    counts = r.sum(0)
    means = r.T @ x / counts[:, None]
    centered = x - means[:, None]
    return counts, means, (r.T[:, :, None] * centered).mT @ centered / counts[:, None, None]


# %% m_step: weights are divided by K
def m_step(x, r):
    counts = r.sum(0)
    means = r.T @ x / counts[:, None]
    centered = x - means[:, None]
    return counts / r.shape[1], means, (r.T[:, :, None] * centered).mT @ centered / counts[:, None, None]


# %% m_step: weights are means over the components
def m_step(x, r):
    counts = r.sum(0)
    means = r.T @ x / counts[:, None]
    centered = x - means[:, None]
    return r.mean(1), means, (r.T[:, :, None] * centered).mT @ centered / counts[:, None, None]


# %% m_step: weights are equal
def m_step(x, r):
    counts = r.sum(0)
    means = r.T @ x / counts[:, None]
    centered = x - means[:, None]
    weights = torch.full((r.shape[1],), 1 / r.shape[1])
    return weights, means, (r.T[:, :, None] * centered).mT @ centered / counts[:, None, None]


# %% m_step: means are not divided by N_k
def m_step(x, r):
    means = r.T @ x
    centered = x - means[:, None]
    return r.mean(0), means, (r.T[:, :, None] * centered).mT @ centered / r.sum(0)[:, None, None]


# %% m_step: means are divided by N
def m_step(x, r):
    means = r.T @ x / len(x)
    centered = x - means[:, None]
    return r.mean(0), means, (r.T[:, :, None] * centered).mT @ centered / r.sum(0)[:, None, None]


# %% m_step: means are the plain mean
def m_step(x, r):
    means = x.mean(0).expand(r.shape[1], -1)
    centered = x - means[:, None]
    return r.mean(0), means, (r.T[:, :, None] * centered).mT @ centered / r.sum(0)[:, None, None]


# %% m_step: the mean is not removed
def m_step(x, r):
    counts = r.sum(0)
    return counts / len(x), r.T @ x / counts[:, None], torch.einsum("bk,bi,bj->kij", r, x, x) / counts[:, None, None]


# %% m_step: remove the mean of all points
def m_step(x, r):
    counts = r.sum(0)
    centered = x - x.mean(0)
    covariances = torch.einsum("bk,bi,bj->kij", r, centered, centered) / counts[:, None, None]
    return counts / len(x), r.T @ x / counts[:, None], covariances


# %% m_step: covariances are not divided by N_k
def m_step(x, r):
    counts = r.sum(0)
    means = r.T @ x / counts[:, None]
    centered = x - means[:, None]
    return counts / len(x), means, (r.T[:, :, None] * centered).mT @ centered


# %% m_step: covariances are divided by N
def m_step(x, r):
    counts = r.sum(0)
    means = r.T @ x / counts[:, None]
    centered = x - means[:, None]
    return counts / len(x), means, (r.T[:, :, None] * centered).mT @ centered / len(x)


# %% m_step: N_k − 1
def m_step(x, r):
    counts = r.sum(0)
    means = r.T @ x / counts[:, None]
    centered = x - means[:, None]
    return counts / len(x), means, (r.T[:, :, None] * centered).mT @ centered / (counts - 1)[:, None, None]


# %% m_step: r_nk²
def m_step(x, r):
    counts = r.sum(0)
    means = r.T @ x / counts[:, None]
    weighted = r.T[:, :, None] * (x - means[:, None])
    return counts / len(x), means, weighted.mT @ weighted / counts[:, None, None]


# %% m_step: covariances are not weighted
def m_step(x, r):
    counts = r.sum(0)
    means = r.T @ x / counts[:, None]
    centered = x - means[:, None]
    return counts / len(x), means, centered.mT @ centered / len(x)


# %% m_step: only their diagonal
def m_step(x, r):
    counts = r.sum(0)
    means = r.T @ x / counts[:, None]
    variances = (r.T[:, :, None] * (x - means[:, None]) ** 2).sum(1) / counts[:, None]
    return counts / len(x), means, torch.diag_embed(variances)


# %% m_step: only variances, (K, D)
def m_step(x, r):
    counts = r.sum(0)
    means = r.T @ x / counts[:, None]
    return counts / len(x), means, (r.T[:, :, None] * (x - means[:, None]) ** 2).sum(1) / counts[:, None]


# %% m_step: it returns 2 values
def m_step(x, r):
    counts = r.sum(0)
    return counts / len(x), r.T @ x / counts[:, None]


# %% sample: is not written yet
def sample(n, weights, means, covariances, generator=None):
    raise NotImplementedError()


# %% sample: must return two tensors
def sample(n, weights, means, covariances, generator=None):
    component = torch.multinomial(weights, n, True, generator=generator)
    noise = torch.randn(n, means.shape[1], 1, generator=generator)
    return means[component] + (torch.linalg.cholesky(covariances)[component] @ noise).squeeze(2)


# %% sample: use the weights
def sample(n, weights, means, covariances, generator=None):
    component = torch.randint(len(weights), (n,), generator=generator)
    noise = torch.randn(n, means.shape[1], 1, generator=generator)
    return means[component] + (torch.linalg.cholesky(covariances)[component] @ noise).squeeze(2), component


# %% sample: come from one component
def sample(n, weights, means, covariances, generator=None):
    component = torch.multinomial(weights, 1, generator=generator).expand(n)
    noise = torch.randn(n, means.shape[1], 1, generator=generator)
    return means[component] + (torch.linalg.cholesky(covariances)[component] @ noise).squeeze(2), component


# %% sample: come from one component
def sample(n, weights, means, covariances, generator=None):
    component = torch.full((n,), int(weights.argmax()))
    noise = torch.randn(n, means.shape[1], 1, generator=generator)
    return means[component] + (torch.linalg.cholesky(covariances)[component] @ noise).squeeze(2), component


# %% sample: Roll the die for each point
def sample(n, weights, means, covariances, generator=None):
    counts = (weights * n).round().long()
    counts[0] += n - counts.sum()
    component = torch.arange(len(weights)).repeat_interleave(counts)
    noise = torch.randn(n, means.shape[1], 1, generator=generator)
    return means[component] + (torch.linalg.cholesky(covariances)[component] @ noise).squeeze(2), component


# %% sample: do not lie around its mean
def sample(n, weights, means, covariances, generator=None):
    component = torch.multinomial(weights, n, True, generator=generator)
    noise = torch.randn(n, means.shape[1], 1, generator=generator)
    return (weights @ means) + (torch.linalg.cholesky(covariances)[component] @ noise).squeeze(2), component


# %% sample: do not lie around its mean
def sample(n, weights, means, covariances, generator=None):
    component = torch.multinomial(weights, n, True, generator=generator)
    noise = torch.randn(n, means.shape[1], 1, generator=generator)
    x = means[component] + (torch.linalg.cholesky(covariances)[component] @ noise).squeeze(2)
    return x, torch.multinomial(weights, n, True, generator=generator)


# %% sample: Σ is not used
def sample(n, weights, means, covariances, generator=None):
    component = torch.multinomial(weights, n, True, generator=generator)
    return means[component] + torch.randn(n, means.shape[1], generator=generator), component


# %% sample: its Cholesky factor L is due
def sample(n, weights, means, covariances, generator=None):
    component = torch.multinomial(weights, n, True, generator=generator)
    noise = torch.randn(n, means.shape[1], 1, generator=generator)
    return means[component] + (covariances[component] @ noise).squeeze(2), component


# %% sample: the factor is transposed
def sample(n, weights, means, covariances, generator=None):
    component = torch.multinomial(weights, n, True, generator=generator)
    noise = torch.randn(n, 1, means.shape[1], generator=generator)
    return means[component] + (noise @ torch.linalg.cholesky(covariances)[component]).squeeze(1), component


# %% sample: the correlation is lost
def sample(n, weights, means, covariances, generator=None):
    component = torch.multinomial(weights, n, True, generator=generator)
    sigma = covariances.diagonal(dim1=1, dim2=2).sqrt()
    return means[component] + sigma[component] * torch.randn(n, means.shape[1], generator=generator), component


# %% sample: a standard deviation is their root
def sample(n, weights, means, covariances, generator=None):
    component = torch.multinomial(weights, n, True, generator=generator)
    variance = covariances.diagonal(dim1=1, dim2=2)
    return means[component] + variance[component] * torch.randn(n, means.shape[1], generator=generator), component


# %% sample: Draw noise anew for each point
def sample(n, weights, means, covariances, generator=None):
    component = torch.multinomial(weights, n, True, generator=generator)
    noise = torch.randn(means.shape[1], 1, generator=generator)
    return means[component] + (torch.linalg.cholesky(covariances)[component] @ noise).squeeze(2), component


# %% sample: Both dimensions share one draw
def sample(n, weights, means, covariances, generator=None):
    component = torch.multinomial(weights, n, True, generator=generator)
    noise = torch.randn(n, 1, 1, generator=generator).expand(n, means.shape[1], 1)
    return means[component] + (torch.linalg.cholesky(covariances)[component] @ noise).squeeze(2), component


# %% sample: Is it torch.rand
def sample(n, weights, means, covariances, generator=None):
    component = torch.multinomial(weights, n, True, generator=generator)
    noise = 2 * torch.rand(n, means.shape[1], 1, generator=generator) - 1
    return means[component] + (torch.linalg.cholesky(covariances)[component] @ noise).squeeze(2), component


# %% sample: Two generators with the same seed give different points
def sample(n, weights, means, covariances, generator=None):
    component = torch.multinomial(weights, n, True)
    noise = torch.randn(n, means.shape[1], 1)
    return means[component] + (torch.linalg.cholesky(covariances)[component] @ noise).squeeze(2), component


# %% sample: Two calls in a row give the same points
def sample(n, weights, means, covariances, generator=None):
    torch.manual_seed(0)
    component = torch.multinomial(weights, n, True)
    noise = torch.randn(n, means.shape[1], 1)
    return means[component] + (torch.linalg.cholesky(covariances)[component] @ noise).squeeze(2), component


# %% bic: is not written yet
def bic(log_px, k, d, covariance_type="full"):
    raise NotImplementedError()


# %% bic: has the wrong sign
def bic(log_px, k, d, covariance_type="full"):
    one = d * (d + 1) // 2
    p = k - 1 + k * d + {"full": k * one, "tied": one, "diag": k * d, "spherical": k}[covariance_type]
    return 2 * log_px.sum().item() - p * math.log(len(log_px))


# %% bic: rewards a bad fit
def bic(log_px, k, d, covariance_type="full"):
    one = d * (d + 1) // 2
    p = k - 1 + k * d + {"full": k * one, "tied": one, "diag": k * d, "spherical": k}[covariance_type]
    return p * math.log(len(log_px)) + 2 * log_px.sum().item()


# %% bic: is the AIC
def bic(log_px, k, d, covariance_type="full"):
    one = d * (d + 1) // 2
    p = k - 1 + k * d + {"full": k * one, "tied": one, "diag": k * d, "spherical": k}[covariance_type]
    return 2 * p - 2 * log_px.sum().item()


# %% bic: lacks the 2 before
def bic(log_px, k, d, covariance_type="full"):
    one = d * (d + 1) // 2
    p = k - 1 + k * d + {"full": k * one, "tied": one, "diag": k * d, "spherical": k}[covariance_type]
    return p * math.log(len(log_px)) - log_px.sum().item()


# %% bic: averages log p(x)
def bic(log_px, k, d, covariance_type="full"):
    one = d * (d + 1) // 2
    p = k - 1 + k * d + {"full": k * one, "tied": one, "diag": k * d, "spherical": k}[covariance_type]
    return p * math.log(len(log_px)) - 2 * log_px.mean()


# %% bic: to base 10
def bic(log_px, k, d, covariance_type="full"):
    one = d * (d + 1) // 2
    p = k - 1 + k * d + {"full": k * one, "tied": one, "diag": k * d, "spherical": k}[covariance_type]
    return p * math.log10(len(log_px)) - 2 * log_px.sum()


# %% bic: counts K weights
def bic(log_px, k, d, covariance_type="full"):
    one = d * (d + 1) // 2
    p = k + k * d + {"full": k * one, "tied": one, "diag": k * d, "spherical": k}[covariance_type]
    return p * math.log(len(log_px)) - 2 * log_px.sum()


# %% bic: leaves out the weights
def bic(log_px, k, d, covariance_type="full"):
    one = d * (d + 1) // 2
    p = k * d + {"full": k * one, "tied": one, "diag": k * d, "spherical": k}[covariance_type]
    return p * math.log(len(log_px)) - 2 * log_px.sum()


# %% bic: K D numbers too few
def bic(log_px, k, d, covariance_type="full"):
    one = d * (d + 1) // 2
    p = k - 1 + {"full": k * one, "tied": one, "diag": k * d, "spherical": k}[covariance_type]
    return p * math.log(len(log_px)) - 2 * log_px.sum()


# %% bic: counts D² numbers
def bic(log_px, k, d, covariance_type="full"):
    p = k - 1 + k * d + {"full": k * d * d, "tied": d * d, "diag": k * d, "spherical": k}[covariance_type]
    return p * math.log(len(log_px)) - 2 * log_px.sum()


# %% bic: Tied components share one
def bic(log_px, k, d, covariance_type="full"):
    p = k - 1 + k * d + k * d * (d + 1) // 2
    return p * math.log(len(log_px)) - 2 * log_px.sum()


# %% bic: Diagonal ones have D.
def bic(log_px, k, d, covariance_type="full"):
    one = d * (d + 1) // 2
    p = k - 1 + k * d + {"full": k * one, "tied": one, "diag": k, "spherical": k}[covariance_type]
    return p * math.log(len(log_px)) - 2 * log_px.sum()


# %% bic: Spherical ones have one.
def bic(log_px, k, d, covariance_type="full"):
    one = d * (d + 1) // 2
    p = k - 1 + k * d + {"full": k * one, "tied": one, "diag": k * d, "spherical": k * d}[covariance_type]
    return p * math.log(len(log_px)) - 2 * log_px.sum()


# %% bic: Each has its own.
def bic(log_px, k, d, covariance_type="full"):
    one = d * (d + 1) // 2
    p = k - 1 + k * d + {"full": k * one, "tied": one, "diag": k * d, "spherical": 1}[covariance_type]
    return p * math.log(len(log_px)) - 2 * log_px.sum()


# %% bic: exponentiates log_px
def bic(log_px, k, d, covariance_type="full"):
    one = d * (d + 1) // 2
    p = k - 1 + k * d + {"full": k * one, "tied": one, "diag": k * d, "spherical": k}[covariance_type]
    return p * math.log(len(log_px)) - 2 * log_px.exp().sum()


# %% bic: without a type
def bic(log_px, k, d, covariance_type="diag"):
    one = d * (d + 1) // 2
    p = k - 1 + k * d + {"full": k * one, "tied": one, "diag": k * d, "spherical": k}[covariance_type]
    return p * math.log(len(log_px)) - 2 * log_px.sum()


# %% sample: The components come sorted
def sample(n, weights, means, covariances, generator=None):
    component = torch.multinomial(weights, n, replacement=True, generator=generator).sort().values
    noise = torch.randn(n, means.shape[1], 1, generator=generator)
    return means[component] + (torch.linalg.cholesky(covariances)[component] @ noise).squeeze(2), component


# %% sample: that of component 0
def sample(n, weights, means, covariances, generator=None):
    component = torch.multinomial(weights, n, replacement=True, generator=generator)
    noise = torch.randn(n, means.shape[1], generator=generator)
    return means[component] + noise @ torch.linalg.cholesky(covariances)[0].T, component


# %% sample: the mean of all three
def sample(n, weights, means, covariances, generator=None):
    component = torch.multinomial(weights, n, replacement=True, generator=generator)
    noise = torch.randn(n, means.shape[1], generator=generator)
    return means[component] + noise @ torch.linalg.cholesky(covariances.mean(0)).T, component


# %% sample: without a generator returns the same
def sample(n, weights, means, covariances, generator=None):
    generator = generator or torch.Generator()
    component = torch.multinomial(weights, n, replacement=True, generator=generator)
    noise = torch.randn(n, means.shape[1], 1, generator=generator)
    return means[component] + (torch.linalg.cholesky(covariances)[component] @ noise).squeeze(2), component


# %% sample: instead of (1, 3)
def sample(n, weights, means, covariances, generator=None):
    component = torch.multinomial(weights, n, replacement=True, generator=generator)
    noise = torch.randn(n, means.shape[1], 1, generator=generator)
    return (means[component] + (torch.linalg.cholesky(covariances)[component] @ noise).squeeze()).squeeze(), component


# %% m_step: Your covariances come as a list
def m_step(x, r):
    counts = r.sum(0)
    means = r.T @ x / counts[:, None]
    covariances = [torch.cov(x.T, correction=0, aweights=r[:, k]) for k in range(r.shape[1])]
    return counts / len(x), means, covariances


# %% sample: the mean of all three, weighted
def sample(n, weights, means, covariances, generator=None):
    component = torch.multinomial(weights, n, replacement=True, generator=generator)
    noise = torch.randn(n, means.shape[1], 1, generator=generator)
    root = torch.linalg.cholesky((weights[:, None, None] * covariances).sum(0))
    return means[component] + (root @ noise).squeeze(2), component


# %% sample: x has the shape (5, 5)
def sample(n, weights, means, covariances, generator=None):
    component = torch.multinomial(weights, n, replacement=True, generator=generator)
    noise = torch.randn(n, means.shape[1], 1, generator=generator)
    return means[component] + (torch.linalg.cholesky(covariances)[component] @ noise).squeeze(), component


# %% sample: have changed places
def sample(n, weights, means, covariances, generator=None):
    k = torch.multinomial(weights, n, replacement=True, generator=generator)
    e = torch.randn(n, means.shape[1], generator=generator)
    return k, means[k] + torch.einsum("nij,nj->ni", torch.linalg.cholesky(covariances)[k], e)


# %% bic: is divided by the number of points
def bic(log_px, k, d, covariance_type="full"):
    c = {"full": k * d * (d + 1) // 2, "tied": d * (d + 1) // 2, "diag": k * d, "spherical": k}[covariance_type]
    n = len(log_px)
    return ((k - 1 + k * d + c) * math.log(n) - 2 * float(log_px.sum())) / n


# %% log_prob: is not finite where
def log_prob(log_px_k, weights):
    terms = log_px_k + weights.log()
    least = terms.min(dim=1, keepdim=True).values
    return least[:, 0] + (terms - least).exp().sum(1).log()


# %% responsibilities: is not finite where
def responsibilities(log_px_k, weights):
    terms = log_px_k + weights.log()
    shares = (terms - terms.min(dim=1, keepdim=True).values).exp()
    return shares / shares.sum(1, keepdim=True)


# %% log_prob: log_prob stopped with IndexError
def log_prob(log_px_k, weights):
    joint = log_px_k + weights.log()
    return (joint - torch.log_softmax(joint, dim=1))[:, 1]
