# ruff: noqa: F811
"""Right answers to assignment 07: `# %% question: how it is done`."""

import numpy as np
import torch


# %% inception_score: entropies, with torch.special.entr
def inception_score(p):
    return (torch.special.entr(p.mean(0)).sum() - torch.special.entr(p).sum(1).mean()).exp().item()


# %% inception_score: NumPy, zeros left out, a NumPy number
def inception_score(p):
    p = np.asarray(p)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(p > 0, p * (np.log(p) - np.log(p.mean(axis=0, keepdims=True))), 0)
    return np.exp(terms.sum(axis=1).mean())


# %% inception_score: loops
def inception_score(p):
    import math

    n, classes = p.shape
    marginal = [sum(float(p[i, c]) for i in range(n)) / n for c in range(classes)]
    total = 0.0
    for i in range(n):
        for c in range(classes):
            if p[i, c] > 0:
                total += float(p[i, c]) * math.log(float(p[i, c]) / marginal[c])
    return math.exp(total / n)


# %% inception_score: torch.distributions
def inception_score(p):
    from torch.distributions import Categorical, kl_divergence

    return kl_divergence(Categorical(p), Categorical(p.mean(0))).mean().exp()


# %% inception_score: a tiny number in the logarithm
def inception_score(p):
    return torch.exp((p * ((p + 1e-12) / (p.mean(0, keepdim=True) + 1e-12)).log()).sum(-1).mean())


# %% over_splits: numpy.array_split
def over_splits(score, p, splits):
    values = np.array([float(score(torch.tensor(part))) for part in np.array_split(p.numpy(), splits)])
    return values.mean(), values.std()


# %% over_splits: bounds by hand, torch
def over_splits(score, p, splits):
    short, extra = divmod(len(p), splits)
    begin, scores = 0, []
    for i in range(splits):
        end = begin + short + (i < extra)
        scores.append(float(score(p[begin:end])))
        begin = end
    scores = torch.tensor(scores, dtype=torch.float64)
    return scores.mean(), scores.std(unbiased=False)


# %% over_splits: the statistics module, a list
def over_splits(score, p, splits):
    import statistics

    scores = [float(score(part)) for part in p.tensor_split(splits, dim=0)]
    return [statistics.fmean(scores), statistics.pstdev(scores)]


# %% over_splits: numbers as tensors with one element
def over_splits(score, p, splits):
    scores = torch.stack([torch.as_tensor(float(score(x)), dtype=torch.float64) for x in torch.tensor_split(p, splits)])
    mean = scores.mean()
    return mean[None], ((scores - mean) ** 2).mean().sqrt()[None]


# %% moments: numpy.cov
def moments(features):
    features = np.asarray(features, dtype=np.float64)
    return features.mean(axis=0), np.cov(features, rowvar=False)


# %% moments: the formula
def moments(features):
    features = features.to(torch.float64)
    mu = features.mean(dim=0)
    centered = features - mu
    return mu, centered.T @ centered / (len(features) - 1)


# %% moments: a sum of outer products
def moments(features):
    x = features.double()
    mu = x.sum(0) / len(x)
    sigma = sum(torch.outer(row - mu, row - mu) for row in x) / (len(x) - 1)
    return [mu, sigma]


# %% moments: einsum and a correction
def moments(features):
    x = features.type(torch.float64)
    x_centered = x - x.mean(0, keepdim=True)
    return x.mean(0), torch.einsum("ni,nj->ij", x_centered, x_centered).div(x.shape[0] - 1)


# %% frechet_distance: scipy's matrix root of the product, real part
def frechet_distance(mu_1, sigma_1, mu_2, sigma_2):
    from scipy.linalg import sqrtm

    m1, s1, m2, s2 = (np.asarray(t) for t in (mu_1, sigma_1, mu_2, sigma_2))
    if not all(np.isfinite(a).all() for a in (m1, s1, m2, s2)):
        raise ValueError("not finite")
    if not (np.allclose(s1, s1.T) and np.allclose(s2, s2.T)):
        raise ValueError("not symmetric")
    root = sqrtm(s1 @ s2)
    return float(((m1 - m2) ** 2).sum() + np.trace(s1) + np.trace(s2) - 2 * np.trace(root).real)


# %% frechet_distance: eigenvalues of the product, which is not symmetric
def frechet_distance(mu_1, sigma_1, mu_2, sigma_2):
    values = [mu_1, sigma_1, mu_2, sigma_2]
    if any(not torch.isfinite(v).all() for v in values) or any(not torch.allclose(v, v.T) for v in values[1::2]):
        raise ValueError("bad input")
    eigenvalues = torch.linalg.eigvals(sigma_1 @ sigma_2).real.clamp(min=0)
    return (mu_1 - mu_2).dot(mu_1 - mu_2) + torch.trace(sigma_1 + sigma_2) - 2 * eigenvalues.sqrt().sum()


# %% frechet_distance: the nuclear norm of a product of roots, NumPy
def frechet_distance(mu_1, sigma_1, mu_2, sigma_2):
    def root(sigma):
        values, vectors = np.linalg.eigh(sigma)
        return vectors @ np.diag(np.sqrt(np.maximum(values, 0))) @ vectors.T

    mu_1, sigma_1, mu_2, sigma_2 = map(np.array, (mu_1, sigma_1, mu_2, sigma_2))
    for sigma in (sigma_1, sigma_2):
        if not np.isfinite(sigma).all() or np.abs(sigma - sigma.T).max() > 1e-8:
            raise ValueError("not a covariance")
    if not np.isfinite(mu_1 + mu_2).all():
        raise ValueError("not a mean")
    nuclear = np.linalg.svd(root(sigma_1) @ root(sigma_2), compute_uv=False).sum()
    return np.linalg.norm(mu_1 - mu_2) ** 2 + np.trace(sigma_1) + np.trace(sigma_2) - 2 * nuclear


# %% frechet_distance: singular values of scaled eigenvectors, a class of error of its own
def frechet_distance(mu_1, sigma_1, mu_2, sigma_2):
    class NotACovariance(ValueError):
        pass

    def factor(sigma):
        if sigma.isnan().any() or sigma.isinf().any() or (sigma != sigma.T).any():
            raise NotACovariance(sigma)
        values, vectors = torch.linalg.eigh(sigma)
        return vectors * values.clamp(min=0).sqrt()

    if (mu_1 - mu_2).isnan().any() or (mu_1 - mu_2).isinf().any():
        raise NotACovariance(mu_1)
    a, b = factor(sigma_1), factor(sigma_2)
    return torch.sum((mu_1 - mu_2) ** 2) + (a**2).sum() + (b**2).sum() - 2 * torch.linalg.svdvals(a.T @ b).sum()


# %% precision_recall: kthvalue, NumPy numbers
def precision_recall(real, fake, k):
    r = torch.cdist(real, real).kthvalue(k + 1).values
    f = torch.cdist(fake, fake).kthvalue(k + 1).values
    d = torch.cdist(real, fake)
    return np.mean((d < r[:, None]).any(0).numpy()), np.mean((d < f[None, :]).any(1).numpy())


# %% precision_recall: the diagonal set to infinity, topk
def precision_recall(real, fake, k):
    def radii(x):
        d = torch.cdist(x, x).fill_diagonal_(float("inf"))
        return d.topk(k, largest=False).values.max(1).values

    d = (real[:, None] - fake[None]).norm(dim=2)
    precision = (d < radii(real).unsqueeze(1)).sum(0) > 0
    recall = (d < radii(fake)).sum(1) > 0
    return precision.float().mean().item(), recall.float().mean().item()


# %% precision_recall: scikit-learn's neighbors
def precision_recall(real, fake, k):
    from sklearn.neighbors import NearestNeighbors

    def share(points, centers):
        neighbors = NearestNeighbors(n_neighbors=k).fit(centers)
        radius = neighbors.kneighbors()[0][:, -1]  # without the points themselves
        distances = np.linalg.norm(points[:, None] - centers[None], axis=-1)
        return float((distances < radius).any(axis=1).mean())

    real, fake = real.numpy(), fake.numpy()
    return share(fake, real), share(real, fake)


# %% precision_recall: loops and squared distances
def precision_recall(real, fake, k):
    def squares(point, others):
        return ((others - point) ** 2).sum(1)

    def share(points, centers):
        radii = [squares(c, centers).sort().values[k] for c in centers]
        inside = [any((squares(p, centers) < torch.stack(radii)).tolist()) for p in points]
        return sum(inside) / len(inside)

    return [share(fake, real), share(real, fake)]


# %% extrapolate: least squares in torch
def extrapolate(sizes, distances):
    design = torch.stack([torch.ones_like(sizes), 1 / sizes], dim=1)
    return torch.linalg.lstsq(design, distances[:, None]).solution[0, 0]


# %% extrapolate: slope and intercept by hand
def extrapolate(sizes, distances):
    x = 1 / sizes
    slope = ((x - x.mean()) * (distances - distances.mean())).sum() / ((x - x.mean()) ** 2).sum()
    return (distances.mean() - slope * x.mean()).item()


# %% extrapolate: scikit-learn
def extrapolate(sizes, distances):
    from sklearn.linear_model import LinearRegression

    return LinearRegression().fit((1 / sizes).numpy()[:, None], distances.numpy()).intercept_


# %% extrapolate: numpy's polynomial, read at zero
def extrapolate(sizes, distances):
    return np.polynomial.Polynomial.fit(1 / np.array(sizes), np.array(distances), 1)(0)
