# ruff: noqa: F811
"""Right answers to assignment 05: `# %% question: how it is done`."""

import numpy as np
import torch
from scipy import stats


# %% split: one permutation of all rows, then class by class, lists
def split(y, share, generator):
    order = torch.randperm(len(y), generator=generator).tolist()
    train, validation, test = [], [], []
    for label in set(y.tolist()):
        rows = [i for i in order if int(y[i]) == label]
        k = round(share * len(rows))
        validation += rows[:k]
        test += rows[k : 2 * k]
        train += rows[2 * k :]
    return train, validation, test


# %% split: scikit-learn's shuffle, class by class
def split(y, share, generator):
    from sklearn.utils import shuffle

    seed = int(torch.randint(2**31 - 1, (), generator=generator))
    order, sets = shuffle(np.arange(len(y)), random_state=seed), ([], [], [])
    for label in y.unique():
        rows = order[np.asarray(y)[order] == int(label)]
        held = round(share * len(rows))
        for own, part in zip(sets, np.split(rows, [len(rows) - 2 * held, len(rows) - held]), strict=True):
            own.extend(part)
    return tuple(np.array(own) for own in sets)


# %% split: NumPy's generator, seeded from the one given, sorted sets
def split(y, share, generator):
    rng, y = np.random.default_rng(generator.initial_seed()), np.asarray(y)
    parts = []
    for label in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == label))
        k = round(share * len(rows))
        parts.append((rows[2 * k :], rows[:k], rows[k : 2 * k]))
    return tuple(np.sort(np.concatenate(part)) for part in zip(*parts, strict=True))


# %% split: the rank of a random number within the class
def split(y, share, generator):
    u = torch.rand(len(y), generator=generator)
    rank = ((u[None] < u[:, None]) & (y[None] == y[:, None])).sum(1)
    k = (share * (y[None] == y[:, None]).sum(1)).round()
    validation, test = rank < k, (rank >= k) & (rank < 2 * k)
    return [rows.nonzero().flatten() for rows in (~(validation | test), validation, test)]


# %% parameter_count: a loop
def parameter_count(model):
    total = 0
    for _, p in model.named_parameters():
        if p.requires_grad:
            total += p.numel()
    return total


# %% parameter_count: a dictionary by identity, through the modules
def parameter_count(model):
    own = {id(p): p for module in model.modules() for p in module.parameters(recurse=False)}
    return sum(p.numel() for p in own.values() if p.requires_grad)


# %% parameter_count: NumPy, products of shapes
def parameter_count(model):
    return np.sum([np.prod(p.shape) for p in model.parameters() if p.requires_grad])


# %% parameter_count: one long vector
def parameter_count(model):
    return len(torch.nn.utils.parameters_to_vector(p for p in model.parameters() if p.requires_grad))


# %% width_for_budget: doubling, then halving the interval
def width_for_budget(count, budget):
    high = 1
    while count(high) < budget:
        high *= 2
    low = max(1, high // 2)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if count(middle) < budget else (low, middle)
    best = low if budget - count(low) < count(high) - budget else high
    if budget < count(1):
        best = 1
    if abs(count(best) / budget - 1) > 0.05:
        raise ValueError("no such width")
    return best


# %% width_for_budget: all counts kept in a dictionary
def width_for_budget(count, budget):
    from itertools import count as numbers

    counts = {}
    for width in numbers(1):
        counts[width] = count(width)
        if counts[width] >= budget:
            break
    width, found = min(counts.items(), key=lambda item: abs(item[1] - budget))
    if not 0.95 * budget <= found <= 1.05 * budget:
        raise ValueError(f"{found} is too far from {budget}")
    return width


# %% width_for_budget: going on while it gets nearer
def width_for_budget(count, budget):
    width = 1
    while abs(count(width + 1) - budget) < abs(count(width) - budget):
        width = width + 1
    if abs(count(width) - budget) / budget > 0.05:
        raise ValueError
    return np.int64(width)


# %% width_for_budget: NumPy's nearest of a growing array
def width_for_budget(count, budget):
    counts = [count(1)]
    while counts[-1] <= budget:
        counts.append(count(len(counts) + 1))
    away = np.abs(np.array(counts) - budget)
    if away.min() > budget / 20:
        raise ValueError("the budget cannot be met")
    return away.argmin() + 1


# %% train_for: one reading before each step
def train_for(step, seconds, clock):
    start = now = clock()
    steps = 0
    while now - start < seconds:
        step()
        now = clock()
        steps += 1
    return steps, now - start


# %% train_for: a moment to end at
def train_for(step, seconds, clock):
    begin = clock()
    end = begin + seconds
    count = 0
    while True:
        if clock() >= end:
            break
        step()
        count += 1
    return [count, clock() - begin]


# %% train_for: the durations, summed
def train_for(step, seconds, clock):
    durations = []
    while sum(durations) < seconds:
        before = clock()
        step()
        durations.append(clock() - before)
    return len(durations), sum(durations)


# %% train_for: itertools
def train_for(step, seconds, clock):
    import itertools

    start = clock()
    for steps in itertools.count():
        used = clock() - start
        if used >= seconds:
            return np.int64(steps), np.float64(used)
        step()


# %% evaluate: a loop
def evaluate(fit, score, x_train, x_test, seeds):
    rows = []
    for seed in seeds:
        model = fit(x_train, seed)
        rows.append(score(model, x_test))
    return torch.stack(rows)


# %% evaluate: all models first, a list of lists
def evaluate(fit, score, x_train, x_test, seeds):
    fitted = {seed: fit(x_train, seed) for seed in seeds}
    return [[float(value) for value in score(fitted[seed], x_test)] for seed in seeds]


# %% evaluate: NumPy, keywords
def evaluate(fit, score, x_train, x_test, seeds):
    return np.array([np.asarray(score(fit(x_train, seed=int(s)), x_test)) for s in np.array(seeds)])


# %% evaluate: map, a list of tensors
def evaluate(fit, score, x_train, x_test, seeds):
    return list(map(lambda model: score(model, x_test), map(lambda seed: fit(x_train, seed), seeds)))


# %% summary: NumPy
def summary(scores):
    scores = np.asarray(scores)
    return scores.mean(axis=1), scores.std(axis=1, ddof=1)


# %% summary: the formula
def summary(scores):
    n = scores.shape[1]
    mean = scores.sum(dim=1) / n
    squares = (scores - mean.unsqueeze(1)) ** 2
    return mean, (squares.sum(dim=1) / (n - 1)).sqrt()


# %% summary: loops and the statistics module, lists
def summary(scores):
    import statistics

    columns = [[model[:, k].tolist() for k in range(scores.shape[2])] for model in scores]
    return (
        [[statistics.fmean(column) for column in model] for model in columns],
        [[statistics.stdev(column) for column in model] for model in columns],
    )


# %% summary: var_mean
def summary(scores):
    variance, mean = torch.var_mean(scores, dim=1)
    return mean, variance**0.5


# %% summary: one tensor of both
def summary(scores):
    return torch.stack([scores.mean(dim=-2), scores.std(dim=-2, unbiased=True)])


# %% verdict: SciPy's test with unequal variances
def verdict(a, b):
    result = stats.ttest_ind(np.asarray(a), np.asarray(b), equal_var=False)
    if not result.pvalue < 0.05:
        return "undecided"
    return "a" if result.statistic < 0 else "b"


# %% verdict: SciPy's interval of the test
def verdict(a, b):
    if a.std() == 0 and b.std() == 0:
        low = high = float(a.mean() - b.mean())
    else:
        low, high = stats.ttest_ind(a.numpy(), b.numpy(), equal_var=False).confidence_interval(0.95)
    if high < 0:
        return "a"
    if low > 0:
        return "b"
    return "undecided"


# %% verdict: torch, the t value against its quantile
def verdict(a, b):
    va, vb = a.var() / len(a), b.var() / len(b)
    if va + vb == 0:
        return "undecided" if a.mean() == b.mean() else "a" if a.mean() < b.mean() else "b"
    nu = (va + vb) ** 2 / (va**2 / (a.numel() - 1) + vb**2 / (b.numel() - 1))
    t = (b.mean() - a.mean()) / (va + vb).sqrt()
    quantile = stats.t.ppf(0.975, nu.item())
    if t > quantile:
        return "a"
    if t < -quantile:
        return "b"
    return "undecided"


# %% verdict: the statistics module
def verdict(a, b):
    from statistics import fmean, variance

    a, b = a.tolist(), b.tolist()
    u, v = variance(a) / len(a), variance(b) / len(b)
    reach = 0.0
    if u or v:
        degrees = (u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1))
        reach = stats.t.isf(0.025, degrees) * (u + v) ** 0.5
    bounds = fmean(a) - fmean(b) - reach, fmean(a) - fmean(b) + reach
    return "undecided" if bounds[0] <= 0 <= bounds[1] else "ab"[int(bounds[0] > 0)]


# %% verdict: SciPy's standard errors, in float32
def verdict(a, b):
    errors = np.array([stats.sem(a), stats.sem(b)])
    gap = np.float32(np.mean(a.numpy()) - np.mean(b.numpy()))
    if errors.any():
        nu = (errors**2).sum() ** 2 / (errors**4 / np.array([len(a) - 1, len(b) - 1])).sum()
        gap = gap if abs(gap) > stats.t.ppf(0.975, nu) * np.hypot(*errors) else 0
    return {-1: "a", 0: "undecided", 1: "b"}[int(np.sign(gap))]
