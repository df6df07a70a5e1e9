# ruff: noqa: F811
"""Right answers to assignment 01, several for each question: `# %% question: how it is done`."""

import torch


# %% fit: as in the lecture, by one-hot shares
def fit(x, y, classes):
    r = torch.nn.functional.one_hot(y, classes).to(x)
    count = r.sum(0)
    mean = r.T @ x / count[:, None]
    centered = x[:, None] - mean
    covariance = torch.einsum("nk,nki,nkj->kij", r, centered, centered) / count[:, None, None]
    return (count / len(x)).log(), mean, covariance


# %% fit: a loop over classes and another over points
def fit(x, y, classes):
    import math

    N, D = x.shape
    log_prior, mean, covariance = [], [], []
    for k in range(classes):
        points = [x[i] for i in range(N) if y[i] == k]
        m = sum(points) / len(points)
        S = torch.zeros(D, D, dtype=x.dtype)
        for point in points:
            S += torch.outer(point - m, point - m)
        log_prior.append(math.log(len(points) / N))
        mean.append(m)
        covariance.append(S / len(points))
    return torch.tensor(log_prior), torch.stack(mean), torch.stack(covariance)


# %% fit: NumPy, with bias=True
def fit(x, y, classes):
    import numpy as np

    x, y = x.numpy(), y.numpy()
    log_prior = np.log(np.bincount(y, minlength=classes) / len(y))
    mean = np.stack([x[y == k].mean(0) for k in range(classes)])
    covariance = np.stack([np.cov(x[y == k], rowvar=False, bias=True) for k in range(classes)])
    return torch.from_numpy(log_prior), torch.from_numpy(mean), torch.from_numpy(covariance)


# %% fit: the second moment minus the product of the means, returned as a list
def fit(x, y, classes):
    masks = [(y == k).double() for k in range(classes)]
    x = x.double()
    mean = torch.stack([m @ x / m.sum() for m in masks])
    second = torch.stack([(x * m[:, None]).T @ x / m.sum() for m in masks])
    prior = torch.stack([m.mean() for m in masks])
    return [prior.log(), mean, second - mean[:, :, None] * mean[:, None, :]]


# %% log_joint: the formula, with an inverse
def log_joint(x, log_prior, mean, covariance):
    import math

    centered = x[:, None] - mean
    quadratic = torch.einsum("bki,kij,bkj->bk", centered, torch.linalg.inv(covariance), centered)
    constant = x.shape[1] / 2 * math.log(2 * math.pi)
    return log_prior - quadratic / 2 - torch.logdet(covariance) / 2 - constant


# %% log_joint: scipy, one class at a time
def log_joint(x, log_prior, mean, covariance):
    from scipy.stats import multivariate_normal

    columns = []
    for k in range(len(mean)):
        density = multivariate_normal(mean[k].numpy(), covariance[k].numpy())
        columns.append(torch.as_tensor(density.logpdf(x.numpy())).reshape(len(x)) + log_prior[k])
    return torch.stack(columns, dim=1)


# %% log_joint: a loop over points and classes
def log_joint(x, log_prior, mean, covariance):
    import math

    out = torch.zeros(len(x), len(mean))
    for b in range(len(x)):
        for k in range(len(mean)):
            d = x[b] - mean[k]
            q = d @ torch.linalg.solve(covariance[k], d)
            out[b, k] = log_prior[k] - 0.5 * (
                q + torch.linalg.slogdet(covariance[k])[1] + len(d) * math.log(2 * math.pi)
            )
    return out


# %% log_joint: a Cholesky factor, in double precision
def log_joint(x, log_prior, mean, covariance):
    import math

    L = torch.linalg.cholesky(covariance.double())
    white = torch.linalg.solve_triangular(L, (x[None] - mean[:, None]).double().mT, upper=False)  # (K, D, B)
    log_det = L.diagonal(dim1=1, dim2=2).log().sum(1)
    log_normal = -white.square().sum(1) / 2 - log_det[:, None] - x.shape[1] / 2 * math.log(2 * math.pi)
    return log_normal.T + log_prior


# %% log_posterior: log_softmax
def log_posterior(log_joint):
    return log_joint.log_softmax(dim=1)


# %% log_posterior: the largest term taken out by hand
def log_posterior(log_joint):
    largest = log_joint.max(1, keepdim=True).values
    return log_joint - largest - (log_joint - largest).exp().sum(1, keepdim=True).log()


# %% log_posterior: scipy
def log_posterior(log_joint):
    from scipy.special import logsumexp

    values = log_joint.numpy()
    return torch.from_numpy(values - logsumexp(values, axis=1, keepdims=True))


# %% log_posterior: one point at a time
def log_posterior(log_joint):
    return torch.stack([row - torch.logsumexp(row, 0) for row in log_joint])


# %% sample: as in the lecture
def sample(y, mean, covariance, generator=None):
    L = torch.linalg.cholesky(covariance)
    noise = torch.randn(len(y), mean.shape[1], 1, generator=generator)
    return mean[y] + (L[y] @ noise)[:, :, 0]


# %% sample: a loop
def sample(y, mean, covariance, generator=None):
    points = []
    for k in y.tolist():
        noise = torch.randn(mean.shape[1], generator=generator)
        points.append(mean[k] + torch.linalg.cholesky(covariance[k]) @ noise)
    return torch.stack(points)


# %% sample: rows times the transposed factor
def sample(y, mean, covariance, generator=None):
    noise = torch.empty(len(y), mean.shape[1]).normal_(generator=generator)
    return mean[y] + torch.einsum("nd,ned->ne", noise, torch.linalg.cholesky(covariance)[y])


# %% sample: a symmetric root from eigenvectors, in double precision
def sample(y, mean, covariance, generator=None):
    values, vectors = torch.linalg.eigh(covariance.double())
    root = vectors @ torch.diag_embed(values.sqrt()) @ vectors.mT
    noise = torch.randn(len(y), mean.shape[1], 1, generator=generator, dtype=torch.float64)
    return mean[y].double() + (root[y] @ noise).squeeze(-1)


# %% joint_table: broadcasting
def joint_table(p_b, p_e, p_a, p_j):
    return p_b[:, None, None, None] * p_e[None, :, None, None] * p_a[:, :, :, None] * p_j[None, None, :, :]


# %% joint_table: four loops
def joint_table(p_b, p_e, p_a, p_j):
    joint = torch.zeros(2, 2, 2, 2)
    for b in range(2):
        for e in range(2):
            for a in range(2):
                for j in range(2):
                    joint[b, e, a, j] = p_b[b] * p_e[e] * p_a[b, e, a] * p_j[a, j]
    return joint


# %% joint_table: sums of logarithms
def joint_table(p_b, p_e, p_a, p_j):
    logs = (
        p_b.log().view(2, 1, 1, 1) + p_e.log().view(1, 2, 1, 1) + p_a.log().unsqueeze(-1) + p_j.log().view(1, 1, 2, 2)
    )
    return logs.exp()


# %% joint_table: an outer product, then the other tables
def joint_table(p_b, p_e, p_a, p_j):
    causes = torch.outer(p_b, p_e)
    return (causes[..., None] * p_a)[..., None] * p_j


# %% burglary_given_call: sums in two steps
def burglary_given_call(joint):
    called = joint[:, :, :, 1]
    return called.sum(dim=(1, 2)) / called.sum()


# %% burglary_given_call: einsum
def burglary_given_call(joint):
    both = torch.einsum("beaj->bj", joint)
    return both[:, 1] / both.sum(0)[1]


# %% burglary_given_call: a loop
def burglary_given_call(joint):
    totals = [0.0, 0.0]
    for b in range(2):
        for e in range(2):
            for a in range(2):
                totals[b] += joint[b, e, a, 1].item()
    return torch.tensor(totals) / sum(totals)


# %% burglary_given_call: Bayes' rule with p(b) and p(j | b)
def burglary_given_call(joint):
    p_b = joint.sum((1, 2, 3))
    p_call = joint[..., 1].sum((1, 2)) / p_b
    return torch.nn.functional.normalize(p_b * p_call, p=1, dim=0)
