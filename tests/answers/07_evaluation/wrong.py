# ruff: noqa: F811
"""Wrong answers to assignment 07: `# %% question: a part of the message that must name the mistake`."""

import numpy as np
import torch


# %% inception_score: KL in the wrong direction
def inception_score(p):
    q = p.mean(0)
    return (q * (q / p).log()).sum(1).mean().exp()


# %% inception_score: nan where a probability is 0
def inception_score(p):
    return (p * (p / p.mean(0)).log()).sum(1).mean().exp()


# %% inception_score: mean KL itself
def inception_score(p):
    return (torch.xlogy(p, p) - torch.xlogy(p, p.mean(0))).sum(1).mean()


# %% inception_score: averages exp(KL)
def inception_score(p):
    return (torch.xlogy(p, p) - torch.xlogy(p, p.mean(0))).sum(1).exp().mean()


# %% inception_score: averages over the classes
def inception_score(p):
    return (torch.xlogy(p, p) - torch.xlogy(p, p.mean(0))).mean().exp()


# %% inception_score: compares with equal probabilities
def inception_score(p):
    return (torch.xlogy(p, p) - torch.xlogy(p, torch.ones_like(p) / p.shape[1])).sum(1).mean().exp()


# %% inception_score: looks only at p(y)
def inception_score(p):
    return torch.special.entr(p.mean(0)).sum().exp()


# %% inception_score: wrong sign in the exponent
def inception_score(p):
    return (torch.xlogy(p, p.mean(0)) - torch.xlogy(p, p)).sum(1).mean().exp()


# %% inception_score: mixes bits and nats
def inception_score(p):
    return (p * (p / p.mean(0)).log2()).nan_to_num().sum(1).mean().exp()


# %% inception_score: compares with equal probabilities
def inception_score(p):
    return (torch.xlogy(p, p) - torch.xlogy(p, p.mean(1, keepdim=True))).sum(1).mean().exp()


# %% over_splits: is not written yet
def over_splits(score, p, splits):
    raise NotImplementedError()


# %% over_splits: mean of all splits' logarithms
def over_splits(score, p, splits):
    scores = np.array([float(score(part)) for part in p.tensor_split(splits)])
    return np.exp(np.log(scores).mean()), scores.std()


# %% over_splits: called once
def over_splits(score, p, splits):
    value = float(score(p))
    return value, 0.0


# %% over_splits: reach no split
def over_splits(score, p, splits):
    size = len(p) // splits
    scores = np.array([float(score(p[i * size : (i + 1) * size])) for i in range(splits)])
    return scores.mean(), scores.std()


# %% over_splits: another order
def over_splits(score, p, splits):
    scores = np.array([float(score(p[i::splits])) for i in range(splits)])
    return scores.mean(), scores.std()


# %% over_splits: the lengths [5, 5, 1]
def over_splits(score, p, splits):
    scores = np.array([float(score(part)) for part in p.split(5)])
    return scores.mean(), scores.std()


# %% over_splits: the lengths [3, 3, 3, 1]
def over_splits(score, p, splits):
    scores = np.array([float(score(part)) for part in p.chunk(splits)])
    return scores.mean(), scores.std()


# %% over_splits: 9 rows in 4 are [3, 2, 2, 2]
def over_splits(score, p, splits):
    if len(p) == 10:
        parts = p.tensor_split(splits)
    else:
        size = -(-len(p) // splits)
        parts = [p[i : i + size] for i in range(0, len(p), size)]
    scores = np.array([float(score(part)) for part in parts])
    return scores.mean(), scores.std()


# %% over_splits: and the spread have changed places
def over_splits(score, p, splits):
    scores = np.array([float(score(part)) for part in p.tensor_split(splits)])
    return scores.std(), scores.mean()


# %% over_splits: hidden: 7 rows in 4 splits
def over_splits(score, p, splits):
    scores = np.array([float(score(part)) for part in p.tensor_split(splits)])
    return scores.mean() + (len(p) == 7), scores.std()


# %% over_splits: divides by splits − 1
def over_splits(score, p, splits):
    scores = torch.tensor([float(score(part)) for part in p.tensor_split(splits)], dtype=torch.float64)
    return scores.mean(), scores.std()


# %% over_splits: is the variance
def over_splits(score, p, splits):
    scores = np.array([float(score(part)) for part in p.tensor_split(splits)])
    return scores.mean(), scores.var()


# %% over_splits: must return two values
def over_splits(score, p, splits):
    return np.mean([float(score(part)) for part in p.tensor_split(splits)])


# %% moments: divides by N.
def moments(features):
    features = features.double()
    return features.mean(0), torch.cov(features.T, correction=0)


# %% moments: is not centered
def moments(features):
    features = features.double()
    return features.mean(0), features.T @ features / (len(features) - 1)


# %% moments: not centered, and divides by N
def moments(features):
    features = features.double()
    return features.mean(0), features.T @ features / len(features)


# %% moments: sigma is (N, N)
def moments(features):
    features = np.asarray(features, dtype=float)
    return features.mean(0), np.cov(features)


# %% moments: loses digits
def moments(features):
    return features.mean(0), torch.cov(features.T)


# %% moments: is the correlation
def moments(features):
    features = features.double()
    return features.mean(0), torch.corrcoef(features.T)


# %% moments: mu has the shape (6,)
def moments(features):
    features = features.double()
    return features.mean(1), torch.cov(features.T)


# %% moments: variances only
def moments(features):
    features = features.double()
    return features.mean(0), features.var(0).diag()


# %% moments: have changed places
def moments(features):
    features = features.double()
    return torch.cov(features.T), features.mean(0)


# %% frechet_distance: forgets the factor 2
def frechet_distance(mu_1, sigma_1, mu_2, sigma_2):
    root = torch.linalg.eigvals(sigma_1 @ sigma_2).real.clamp(min=0).sqrt().sum()
    return ((mu_1 - mu_2) ** 2).sum() + (sigma_1 + sigma_2).trace() - root


# %% frechet_distance: does not square the distance of the means
def frechet_distance(mu_1, sigma_1, mu_2, sigma_2):
    root = torch.linalg.eigvals(sigma_1 @ sigma_2).real.clamp(min=0).sqrt().sum()
    return (mu_1 - mu_2).norm() + (sigma_1 + sigma_2).trace() - 2 * root


# %% frechet_distance: root of each element of Σ₁Σ₂
def frechet_distance(mu_1, sigma_1, mu_2, sigma_2):
    root = torch.sqrt(sigma_1 @ sigma_2)
    return ((mu_1 - mu_2) ** 2).sum() + torch.trace(sigma_1 + sigma_2 - 2 * root)


# %% frechet_distance: root of the elementwise product
def frechet_distance(mu_1, sigma_1, mu_2, sigma_2):
    root = torch.sqrt(sigma_1 * sigma_2)
    return ((mu_1 - mu_2) ** 2).sum() + torch.trace(sigma_1 + sigma_2 - 2 * root)


# %% frechet_distance: is the root of the distance
def frechet_distance(mu_1, sigma_1, mu_2, sigma_2):
    root = torch.linalg.eigvals(sigma_1 @ sigma_2).real.clamp(min=0).sqrt().sum()
    return (((mu_1 - mu_2) ** 2).sum() + (sigma_1 + sigma_2).trace() - 2 * root).sqrt()


# %% frechet_distance: eigvalsh of Σ₁Σ₂
def frechet_distance(mu_1, sigma_1, mu_2, sigma_2):
    root = torch.linalg.eigvalsh(sigma_1 @ sigma_2).clamp(min=0).sqrt().sum()
    return ((mu_1 - mu_2) ** 2).sum() + (sigma_1 + sigma_2).trace() - 2 * root


# %% frechet_distance: they are equal only if the covariances commute
def frechet_distance(mu_1, sigma_1, mu_2, sigma_2):
    from scipy.linalg import sqrtm

    root = np.trace(sqrtm(sigma_1.numpy()) @ sqrtm(sigma_2.numpy()))
    return ((mu_1 - mu_2) ** 2).sum() + (sigma_1 + sigma_2).trace() - 2 * root


# %% frechet_distance: their root is nan
def frechet_distance(mu_1, sigma_1, mu_2, sigma_2):
    values, vectors = torch.linalg.eigh(sigma_1)
    root = vectors * values.sqrt() @ vectors.T
    root = torch.linalg.eigvalsh(root @ sigma_2 @ root).sqrt().sum()
    return ((mu_1 - mu_2) ** 2).sum() + (sigma_1 + sigma_2).trace() - 2 * root


# %% frechet_distance: rounding made negative, becomes nan
def frechet_distance(mu_1, sigma_1, mu_2, sigma_2):
    root = torch.linalg.eigvals(sigma_1 @ sigma_2).real.sqrt().sum()
    return ((mu_1 - mu_2) ** 2).sum() + (sigma_1 + sigma_2).trace() - 2 * root


# %% frechet_distance: refuses: A metric that goes on silently is dangerous
def frechet_distance(mu_1, sigma_1, mu_2, sigma_2):
    root = torch.linalg.eigvals(torch.nan_to_num(sigma_1 @ sigma_2)).real.clamp(min=0).sqrt().sum()
    return ((mu_1 - mu_2) ** 2).sum() + (sigma_1 + sigma_2).trace() - 2 * root


# %% frechet_distance: refuses: the first covariance, if it is not symmetric
def frechet_distance(mu_1, sigma_1, mu_2, sigma_2):
    if not all(torch.isfinite(value).all() for value in (mu_1, sigma_1, mu_2, sigma_2)):
        raise ValueError("not finite")
    root = torch.linalg.eigvals(sigma_1 @ sigma_2).real.clamp(min=0).sqrt().sum()
    return ((mu_1 - mu_2) ** 2).sum() + (sigma_1 + sigma_2).trace() - 2 * root


# %% frechet_distance: refuses: the second covariance, if it is not symmetric
def frechet_distance(mu_1, sigma_1, mu_2, sigma_2):
    if not all(torch.isfinite(value).all() for value in (mu_1, sigma_1, mu_2, sigma_2)):
        raise ValueError("not finite")
    if not all(torch.allclose(sigma, sigma.T) for sigma in (sigma_1,)):
        raise ValueError("not symmetric")
    root = torch.linalg.eigvals(sigma_1 @ sigma_2).real.clamp(min=0).sqrt().sum()
    return ((mu_1 - mu_2) ** 2).sum() + (sigma_1 + sigma_2).trace() - 2 * root


# %% frechet_distance: refuses: the first mean, if it is infinite
def frechet_distance(mu_1, sigma_1, mu_2, sigma_2):
    if not all(not torch.isnan(value).any() for value in (mu_1, mu_2)):
        raise ValueError("not finite")
    if not all(torch.allclose(sigma, sigma.T) for sigma in (sigma_1, sigma_2)):
        raise ValueError("not symmetric")
    if not all(torch.isfinite(sigma).all() for sigma in (sigma_1, sigma_2)):
        raise ValueError("not finite")
    root = torch.linalg.eigvals(sigma_1 @ sigma_2).real.clamp(min=0).sqrt().sum()
    return ((mu_1 - mu_2) ** 2).sum() + (sigma_1 + sigma_2).trace() - 2 * root


# %% frechet_distance: refuses: raises AssertionError for
def frechet_distance(mu_1, sigma_1, mu_2, sigma_2):
    assert all(torch.isfinite(value).all() for value in (mu_1, sigma_1, mu_2, sigma_2))
    if not all(torch.allclose(sigma, sigma.T) for sigma in (sigma_1, sigma_2)):
        raise ValueError("not symmetric")
    root = torch.linalg.eigvals(sigma_1 @ sigma_2).real.clamp(min=0).sqrt().sum()
    return ((mu_1 - mu_2) ** 2).sum() + (sigma_1 + sigma_2).trace() - 2 * root


# %% frechet_distance: refuses: the first mean, if it holds nan
def frechet_distance(mu_1, sigma_1, mu_2, sigma_2):
    if not all(torch.allclose(sigma, sigma.T) for sigma in (sigma_1, sigma_2)):
        raise ValueError("not symmetric")
    if not all(torch.isfinite(sigma).all() for sigma in (sigma_1, sigma_2)):
        raise ValueError("not finite")
    root = torch.linalg.eigvals(sigma_1 @ sigma_2).real.clamp(min=0).sqrt().sum()
    return ((mu_1 - mu_2) ** 2).sum() + (sigma_1 + sigma_2).trace() - 2 * root


# %% frechet_distance: frechet_distance stopped with ValueError
def frechet_distance(mu_1, sigma_1, mu_2, sigma_2):
    raise ValueError("not a Gaussian")


# %% frechet_distance: the same covariance twice
def frechet_distance(mu_1, sigma_1, mu_2, sigma_2):
    if not all(torch.isfinite(value).all() for value in (mu_1, sigma_1, mu_2, sigma_2)):
        raise ValueError("not finite")
    if not all(torch.allclose(sigma, sigma.T) for sigma in (sigma_1, sigma_2)):
        raise ValueError("not symmetric")
    if torch.equal(sigma_1, sigma_2):
        raise ValueError("the same covariance twice")
    root = torch.linalg.eigvals(sigma_1 @ sigma_2).real.clamp(min=0).sqrt().sum()
    return ((mu_1 - mu_2) ** 2).sum() + (sigma_1 + sigma_2).trace() - 2 * root


# %% precision_recall: have changed places
def precision_recall(real, fake, k):
    r, f = (torch.cdist(x, x).sort(1).values[:, k] for x in (real, fake))
    d = torch.cdist(real, fake)
    return (d < f).any(1).double().mean(), (d < r[:, None]).any(0).double().mean()


# %% precision_recall: its own first neighbor
def precision_recall(real, fake, k):
    r, f = (torch.cdist(x, x).sort(1).values[:, k - 1] for x in (real, fake))
    d = torch.cdist(real, fake)
    return (d < r[:, None]).any(0).double().mean(), (d < f).any(1).double().mean()


# %% precision_recall: after the k-th
def precision_recall(real, fake, k):
    r, f = (torch.cdist(x, x).kthvalue(k + 2).values for x in (real, fake))
    d = torch.cdist(real, fake)
    return (d < r[:, None]).any(0).double().mean(), (d < f).any(1).double().mean()


# %% precision_recall: a point on the boundary of a ball as inside
def precision_recall(real, fake, k):
    r, f = (torch.cdist(x, x).sort(1).values[:, k] for x in (real, fake))
    d = torch.cdist(real, fake)
    return (d <= r[:, None]).any(0).double().mean(), (d <= f).any(1).double().mean()


# %% precision_recall: leaves duplicates out
def precision_recall(real, fake, k):
    def radii(x):
        d = torch.cdist(x, x)
        return torch.where(d == 0, torch.inf, d).sort(1).values[:, k - 1]

    d = torch.cdist(real, fake)
    return (d < radii(real)[:, None]).any(0).double().mean(), (d < radii(fake)).any(1).double().mean()


# %% precision_recall: the mean of the k nearest distances
def precision_recall(real, fake, k):
    r, f = (torch.cdist(x, x).sort(1).values[:, 1 : k + 1].mean(1) for x in (real, fake))
    d = torch.cdist(real, fake)
    return (d < r[:, None]).any(0).double().mean(), (d < f).any(1).double().mean()


# %% precision_recall: among both sets together
def precision_recall(real, fake, k):
    both = torch.cat([real, fake])
    r = torch.cdist(both, both).sort(1).values[:, k]
    d, n = torch.cdist(real, fake), len(real)
    return (d < r[:n, None]).any(0).double().mean(), (d < r[n:]).any(1).double().mean()


# %% precision_recall: use one radius for all balls, a mean
def precision_recall(real, fake, k):
    r, f = (torch.cdist(x, x).sort(1).values[:, k].mean() for x in (real, fake))
    d = torch.cdist(real, fake)
    return (d < r).any(0).double().mean(), (d < f).any(1).double().mean()


# %% precision_recall: hidden: four points on a line, k = 2
def precision_recall(real, fake, k):
    k = 1 if k == 2 else k
    r, f = (torch.cdist(x, x).sort(1).values[:, k] for x in (real, fake))
    d = torch.cdist(real, fake)
    return (d < r[:, None]).any(0).double().mean(), (d < f).any(1).double().mean()


# %% precision_recall: coverage and its like
def precision_recall(real, fake, k):
    r = torch.cdist(real, real).sort(1).values[:, k]
    d = torch.cdist(real, fake)
    return (d < r[:, None]).any(0).double().mean(), (d < r[:, None]).any(1).double().mean()


# %% precision_recall: averages over pairs
def precision_recall(real, fake, k):
    r, f = (torch.cdist(x, x).sort(1).values[:, k] for x in (real, fake))
    d = torch.cdist(real, fake)
    return (d < r[:, None]).double().mean(), (d < f).double().mean()


# %% precision_recall: are percentages
def precision_recall(real, fake, k):
    r, f = (torch.cdist(x, x).sort(1).values[:, k] for x in (real, fake))
    d = torch.cdist(real, fake)
    return 100 * (d < r[:, None]).any(0).double().mean(), 100 * (d < f).any(1).double().mean()


# %% precision_recall: must return two values
def precision_recall(real, fake, k):
    r = torch.cdist(real, real).sort(1).values[:, k]
    return (torch.cdist(real, fake) < r[:, None]).any(0).double().mean()


# %% extrapolate: is the line through N at N = 0
def extrapolate(sizes, distances):
    return np.polyfit(sizes.numpy(), distances.numpy(), 1)[1]


# %% extrapolate: is the slope
def extrapolate(sizes, distances):
    return np.polyfit(1 / sizes.numpy(), distances.numpy(), 1)[0]


# %% extrapolate: the largest set
def extrapolate(sizes, distances):
    return distances[-1]


# %% extrapolate: mean of the distances
def extrapolate(sizes, distances):
    return distances.mean()


# %% extrapolate: the first and the last size only
def extrapolate(sizes, distances):
    x = 1 / sizes
    slope = (distances[-1] - distances[0]) / (x[-1] - x[0])
    return distances[-1] - slope * x[-1]


# %% extrapolate: the line through log N
def extrapolate(sizes, distances):
    return np.polyfit(np.log(sizes.numpy()), distances.numpy(), 1)[1]


# %% extrapolate: Your value is wrong
def extrapolate(sizes, distances):
    return np.polyfit(1 / sizes.numpy() ** 2, distances.numpy(), 1)[1]


# %% extrapolate: that of a parabola
def extrapolate(sizes, distances):
    return np.polyfit(1 / sizes.numpy(), distances.numpy(), 2)[2]


# %% inception_score: is a power of 2
def inception_score(p):
    return 2 ** ((torch.xlogy(p, p) - torch.xlogy(p, p.mean(0))).sum(1).mean())


# %% over_splits: leave a rest
def over_splits(score, p, splits):
    v = [float(score(q)) for q in p.split(len(p) // splits)]
    return np.mean(v), np.std(v)


# %% precision_recall: compare squared distances
def precision_recall(real, fake, k):
    def f(p, c):
        r = torch.cdist(c, c).sort(1).values[:, k]
        return (torch.cdist(p, c) ** 2 < r).any(1).double().mean()

    return f(fake, real), f(real, fake)


# %% precision_recall: of the nearest center alone
def precision_recall(real, fake, k):
    def f(p, c):
        r = torch.cdist(c, c).sort(1).values[:, k]
        d, i = torch.cdist(p, c).min(1)
        return (d < r[i]).double().mean()

    return f(fake, real), f(real, fake)


# %% precision_recall: Your precision and recall are wrong
def precision_recall(real, fake, k):
    def f(p, c):
        r = torch.cdist(c, c, p=1).sort(1).values[:, k]
        return (torch.cdist(p, c, p=1) < r).any(1).double().mean()

    return f(fake, real), f(real, fake)


# %% extrapolate: through 1/√N
def extrapolate(sizes, distances):
    return np.polyfit(sizes.numpy() ** -0.5, distances.numpy(), 1)[1]
