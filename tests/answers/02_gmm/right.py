# ruff: noqa: B905, F811
"""Right answers to assignment 02, several for each question: `# %% question: how it is done`."""

import math

import torch


# %% log_components: as in the lecture
def log_components(x, means, covariances):
    factor = torch.linalg.cholesky(covariances)
    white = torch.linalg.solve_triangular(factor, x.T - means[:, :, None], upper=False)
    log_det = 2 * factor.diagonal(dim1=1, dim2=2).log().sum(1)
    return -0.5 * (x.shape[1] * math.log(2 * math.pi) + log_det + white.square().sum(1).T)


# %% log_components: a loop over points and components
def log_components(x, means, covariances):
    import math

    B, D = x.shape
    K = len(means)
    result = torch.zeros(B, K)
    for n in range(B):
        for k in range(K):
            away = x[n] - means[k]
            maha = away @ torch.inverse(covariances[k]) @ away
            det = torch.det(covariances[k])
            result[n, k] = -0.5 * (D * math.log(2 * math.pi) + torch.log(det) + maha)
    return result


# %% log_components: broadcast with einsum, in double precision
def log_components(x, means, covariances):
    import math

    x, means, covariances = x.double(), means.double(), covariances.double()
    centered = x[:, None, :] - means[None, :, :]
    maha = torch.einsum("bki,kij,bkj->bk", centered, torch.linalg.inv(covariances), centered)
    return -x.shape[1] / 2 * math.log(2 * math.pi) - torch.logdet(covariances) / 2 - maha / 2


# %% log_components: scipy, one component at a time
def log_components(x, means, covariances):
    import numpy as np
    from scipy.stats import multivariate_normal

    columns = []
    for m, c in zip(means.numpy(), covariances.numpy()):
        columns.append(np.atleast_1d(multivariate_normal(m, c).logpdf(x.numpy())))
    return torch.from_numpy(np.stack(columns, axis=1))


# %% log_components: torch.distributions
def log_components(x, means, covariances):
    from torch.distributions import MultivariateNormal

    return MultivariateNormal(means, covariance_matrix=covariances).log_prob(x.unsqueeze(1))


# %% log_prob: logsumexp
def log_prob(log_px_k, weights):
    return torch.logsumexp(log_px_k + weights.log(), dim=1)


# %% log_prob: the largest term taken out by hand
def log_prob(log_px_k, weights):
    terms = weights.log() + log_px_k
    top = terms.max(dim=1, keepdim=True).values
    return (top + (terms - top).exp().sum(1, keepdim=True).log()).squeeze(1)


# %% log_prob: scipy, with weights as factors
def log_prob(log_px_k, weights):
    from scipy.special import logsumexp

    return torch.as_tensor(logsumexp(log_px_k.numpy(), axis=1, b=weights.numpy()))


# %% log_prob: a loop with logaddexp, in double precision
def log_prob(log_px_k, weights):
    values = []
    for row in log_px_k.double():
        total = torch.tensor(-math.inf, dtype=torch.float64)
        for value, weight in zip(row, weights):
            total = torch.logaddexp(total, value + torch.log(weight))
        values.append(total)
    return torch.stack(values)


# %% log_prob: by way of log_softmax
def log_prob(log_px_k, weights):
    joint = log_px_k + torch.log(weights)
    return (joint - torch.log_softmax(joint, dim=1))[:, 0]


# %% responsibilities: softmax
def responsibilities(log_px_k, weights):
    return torch.softmax(log_px_k + weights.log(), dim=1)


# %% responsibilities: the largest logarithm subtracted first
def responsibilities(log_px_k, weights):
    joint = log_px_k + weights.log()
    joint = torch.exp(joint - joint.max(1, keepdim=True)[0])
    return joint / joint.sum(1, keepdim=True)


# %% responsibilities: exp of joint minus logsumexp, in double precision
def responsibilities(log_px_k, weights):
    joint = log_px_k.double() + weights.double().log()
    return (joint - joint.logsumexp(1)[:, None]).exp()


# %% responsibilities: a loop with scipy
def responsibilities(log_px_k, weights):
    from scipy.special import softmax

    rows = [softmax(row.numpy() + weights.log().numpy()) for row in log_px_k]
    return torch.stack([torch.as_tensor(row) for row in rows])


# %% responsibilities: weights as factors after the largest logarithm is out
def responsibilities(log_px_k, weights):
    likelihood = (log_px_k - log_px_k.amax(dim=1, keepdim=True)).exp()
    return weights * likelihood / (likelihood @ weights)[:, None]


# %% m_step: as in the lecture
def m_step(x, r):
    counts = r.sum(0)
    means = r.T @ x / counts[:, None]
    centered = x - means[:, None]
    covariances = (r.T[:, :, None] * centered).mT @ centered / counts[:, None, None]
    return counts / len(x), means, covariances


# %% m_step: a loop over components and points
def m_step(x, r):
    N, D = x.shape
    K = r.shape[1]
    weights, means, covariances = torch.zeros(K), torch.zeros(K, D), torch.zeros(K, D, D)
    for k in range(K):
        total = sum(r[n, k] for n in range(N))
        weights[k] = total / N
        for n in range(N):
            means[k] += r[n, k] * x[n] / total
        for n in range(N):
            covariances[k] += r[n, k] * torch.outer(x[n] - means[k], x[n] - means[k]) / total
    return weights, means, covariances


# %% m_step: einsum in double precision, as a list, with a tiny floor
def m_step(x, r):
    x, r = x.double(), r.double()
    share = r / r.sum(0)
    means = torch.einsum("bk,bd->kd", share, x)
    centered = x[:, None] - means
    covariances = torch.einsum("bk,bki,bkj->kij", share, centered, centered)
    return [r.mean(0), means, covariances + 1e-7 * torch.eye(x.shape[1])]


# %% m_step: second moment minus the outer product of the mean
def m_step(x, r):
    counts = r.sum(dim=0)
    means = (r[:, :, None] * x[:, None, :]).sum(0) / counts[:, None]
    squares = torch.einsum("bk,bi,bj->kij", r, x, x) / counts[:, None, None]
    return counts / counts.sum(), means, squares - means[:, :, None] * means[:, None, :]


# %% m_step: numpy's weighted average and covariance
def m_step(x, r):
    import numpy as np

    X, R = x.numpy(), r.numpy()
    means = np.stack([np.average(X, axis=0, weights=R[:, k]) for k in range(R.shape[1])])
    covariances = np.stack([np.cov(X.T, aweights=R[:, k], bias=True) for k in range(R.shape[1])])
    return torch.tensor(R.mean(0)), torch.tensor(means), torch.tensor(covariances)


# %% sample: as in the lecture
def sample(n, weights, means, covariances, generator=None):
    component = torch.multinomial(weights, n, replacement=True, generator=generator)
    noise = torch.randn(n, means.shape[1], 1, generator=generator)
    return means[component] + (torch.linalg.cholesky(covariances)[component] @ noise).squeeze(2), component


# %% sample: a loop over the points
def sample(n, weights, means, covariances, generator=None):
    xs, components = [], []
    factor = torch.linalg.cholesky(covariances)
    component = torch.multinomial(weights, n, True, generator=generator)
    for k in component:
        xs.append(means[k] + factor[k] @ torch.randn(means.shape[1], generator=generator))
        components.append(int(k))
    return torch.stack(xs), torch.tensor(components)


# %% sample: an inverse distribution function, and a symmetric square root
def sample(n, weights, means, covariances, generator=None):
    u = torch.rand(n, generator=generator)
    component = torch.searchsorted(weights.cumsum(0), u).clamp(max=len(weights) - 1)
    values, vectors = torch.linalg.eigh(covariances)
    root = vectors @ torch.diag_embed(values.sqrt()) @ vectors.mT
    noise = torch.randn(n, means.shape[1], generator=generator)
    return means[component] + torch.einsum("nij,nj->ni", root[component], noise), component


# %% sample: numpy, seeded from the generator
def sample(n, weights, means, covariances, generator=None):
    import numpy as np

    seed = int(torch.randint(2**31, (1,), generator=generator))
    rng = np.random.default_rng(seed)
    p = weights.double().numpy()
    component = rng.choice(len(p), size=n, p=p / p.sum())
    x = np.empty((n, means.shape[1]))
    for k in range(len(p)):
        own = component == k
        x[own] = rng.multivariate_normal(means[k].double().numpy(), covariances[k].double().numpy(), size=own.sum())
    return torch.from_numpy(x), torch.from_numpy(component)


# %% sample: the noise of every component drawn, one of them kept
def sample(n, weights, means, covariances, generator=None):
    K, D = means.shape
    component = torch.multinomial(weights.expand(n, K), 1, generator=generator)[:, 0]
    every = torch.randn(n, K, D, generator=generator)
    points = means + torch.einsum("kij,nkj->nki", torch.linalg.cholesky(covariances), every)
    return points[torch.arange(n), component], component


# %% bic: as in the lecture
def bic(log_px, k, d, covariance_type="full"):
    one = d * (d + 1) // 2
    covariances = {"full": k * one, "tied": one, "diag": k * d, "spherical": k}
    p = k - 1 + k * d + covariances[covariance_type]
    return p * math.log(len(log_px)) - 2 * log_px.sum().item()


# %% bic: a tensor, with a chain of ifs
def bic(log_px, k, d, covariance_type="full"):
    if covariance_type == "full":
        p = k * d * (d + 1) / 2
    elif covariance_type == "tied":
        p = d * (d + 1) / 2
    elif covariance_type == "diag":
        p = k * d
    else:
        p = k
    p = p + k * d + k - 1
    return p * torch.log(torch.tensor(float(len(log_px)))) - 2 * torch.sum(log_px)


# %% bic: counting entries one by one
def bic(log_px, k, d, covariance_type="full"):
    entries = {"full": sum(range(d + 1)), "tied": sum(range(d + 1)) / k, "diag": d, "spherical": 1}
    p = sum(d + entries[covariance_type] + 1 for _ in range(k)) - 1
    return torch.tensor([p * math.log(log_px.numel()) - 2 * sum(log_px.tolist())])


# %% bic: numpy
def bic(log_px, k, d, covariance_type="full"):
    import numpy as np

    shapes = {
        "full": k * len(np.tril_indices(d)[0]),
        "tied": len(np.tril_indices(d)[0]),
        "diag": np.zeros((k, d)).size,
        "spherical": np.zeros(k).size,
    }
    n = log_px.shape[0]
    return np.float32((k * (d + 1) - 1 + shapes[covariance_type]) * np.log(n) - 2 * log_px.numpy().sum())


# %% bic: n times a mean
def bic(log_px, k, d, covariance_type="full"):
    n = len(log_px)
    free = dict(full=k * d * (d + 1) // 2, tied=d * (d + 1) // 2, diag=k * d, spherical=k)[covariance_type]
    return -2 * n * log_px.mean() + (free + k * d + (k - 1)) * torch.tensor(n).log()
