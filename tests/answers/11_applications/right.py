# ruff: noqa: F811
"""Right answers to assignment 11: `# %% question: how it is done`."""

import math

import numpy as np
import torch


# %% split: patients in a dictionary, Python lists
def split(y, patient, share, rng):
    kinds = {}
    for p, label in zip(patient.tolist(), y.tolist(), strict=True):
        kinds.setdefault(label, {})[p] = True
    test_patients = set()
    for people in kinds.values():
        people = list(people)
        order = torch.randperm(len(people), generator=rng).tolist()
        test_patients |= {people[i] for i in order[: round(share * len(people))]}
    rows = patient.tolist()
    train = [i for i, p in enumerate(rows) if p not in test_patients]
    return train, [i for i, p in enumerate(rows) if p in test_patients]


# %% split: NumPy's generator, seeded from the one given
def split(y, patient, share, rng):
    rng, y, patient = np.random.default_rng(rng.initial_seed()), np.asarray(y), np.asarray(patient)
    mask = np.zeros(len(y), bool)
    for label in np.unique(y):
        own = np.unique(patient[y == label])
        chosen = rng.choice(own, round(share * len(own)), replace=False)
        mask |= np.isin(patient, chosen)
    return np.flatnonzero(~mask), np.flatnonzero(mask)


# %% split: one permutation of all patients, then the first of each class
def split(y, patient, share, rng):
    people, inverse = torch.unique(patient, return_inverse=True)
    kind = torch.zeros(len(people), dtype=y.dtype)
    kind[inverse] = y
    order, chosen = torch.randperm(len(people), generator=rng), torch.zeros(len(people), dtype=torch.bool)
    for label in kind.unique():
        own = order[kind[order] == label]
        chosen[own[: round(share * len(own))]] = True
    return torch.where(~chosen[inverse])[0], torch.where(chosen[inverse])[0]


# %% split: a random number for each patient, the smallest of each class, shuffled rows
def split(y, patient, share, rng):
    luck = {p: float(torch.rand((), generator=rng)) for p in sorted(set(patient.tolist()))}
    test = []
    for label in set(y.tolist()):
        own = sorted({int(p) for p, k in zip(patient, y, strict=True) if k == label}, key=luck.get)
        test += [i for p in own[: round(share * len(own))] for i in np.flatnonzero(np.asarray(patient) == p)]
    train = torch.tensor(sorted(set(range(len(y))) - set(test)))
    return train[torch.randperm(len(train), generator=rng)], torch.tensor(test)


# %% prepare: scikit-learn's imputer and scaler
def prepare(x, y, train, test, synthesize):
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    both = make_pipeline(SimpleImputer(), StandardScaler())
    x_train = torch.as_tensor(both.fit_transform(np.asarray(x[train])))
    new_x, new_y = synthesize(x_train, y[train])
    return torch.cat([x_train, new_x]), torch.cat([y[train], new_y]), torch.as_tensor(both.transform(x[test])), y[test]


# %% prepare: column by column
def prepare(x, y, train, test, synthesize):
    x = x.clone()
    for j in range(x.shape[1]):
        known = [float(v) for v in x[train, j] if not math.isnan(v)]
        mean = sum(known) / len(known)
        x[:, j] = torch.tensor([mean if math.isnan(v) else float(v) for v in x[:, j]]).double()
        own = x[train, j]
        spread = math.sqrt(float(((own - own.mean()) ** 2).mean()))
        x[:, j] = (x[:, j] - own.mean()) / (spread or 1)
    extra = synthesize(x[train], y[train])
    return torch.vstack([x[train], extra[0]]), torch.hstack([y[train], extra[1]]), x[test], y[test]


# %% prepare: NumPy
def prepare(x, y, train, test, synthesize):
    x, y, train, test = (np.array(part) for part in (x, y, train, test))
    mean = np.nanmean(x[train], 0)
    x = np.where(np.isnan(x), mean, x)
    std = x[train].std(0)
    std[std == 0] = 1
    x = (x - mean) / std
    new_x, new_y = synthesize(torch.from_numpy(x[train]), torch.from_numpy(y[train]))
    return np.concatenate([x[train], new_x]), np.concatenate([y[train], new_y]), x[test], y[test]


# %% prepare: centered first, so that a missing cell becomes 0
def prepare(x, y, train, test, synthesize):
    centered = (x - x[train].nanmean(dim=0)).nan_to_num(nan=0.0)
    std = centered[train].pow(2).mean(0).sqrt()
    std[std == 0] = 1.0
    x_train, x_test = centered[train] / std, centered[test] / std
    fake_x, fake_y = synthesize(x_train, y[train])
    return [torch.cat((x_train, fake_x)), torch.cat((y[train], fake_y)), x_test, y[test]]


# %% balance: torch.multinomial, class by class
def balance(x, y, rng):
    most = int(y.bincount().max())
    rows = []
    for label in y.unique():
        own = torch.where(y == label)[0]
        lack = most - len(own)
        more = torch.multinomial(torch.ones(len(own)), lack, replacement=True, generator=rng) if lack else own[:0]
        rows += [own, own[more]]
    rows = torch.cat(rows)
    return x[rows], y[rows]


# %% balance: NumPy
def balance(x, y, rng):
    random, x, y = np.random.default_rng(rng.initial_seed()), np.asarray(x), np.asarray(y)
    labels, counts = np.unique(y, return_counts=True)
    more = [random.choice(np.flatnonzero(y == k), counts.max() - n) for k, n in zip(labels, counts, strict=True)]
    rows = np.concatenate([np.arange(len(y)), *more])
    return x[rows], y[rows]


# %% balance: one row at a time, lists, shuffled
def balance(x, y, rng):
    rows = list(range(len(y)))
    labels = y.tolist()
    most = max(labels.count(label) for label in set(labels))
    for label in sorted(set(labels)):
        own = [i for i in range(len(y)) if labels[i] == label]
        for _ in range(most - len(own)):
            rows.append(own[int(torch.randint(0, len(own), (1,), generator=rng))])
    rows = [rows[i] for i in torch.randperm(len(rows), generator=rng)]
    return x[rows], y[rows]


# %% balance: random numbers times the size, rounded down
def balance(x, y, rng):
    labels, counts = torch.unique(y, return_counts=True)
    for label, count in zip(labels.tolist(), counts.tolist(), strict=True):
        own = (y == label).nonzero()[:count, 0]
        drawn = own[(torch.rand(int(counts.max()) - count, generator=rng) * count).long()]
        x, y = torch.cat([x, x[drawn]]), torch.cat([y, y[drawn]])
    return x, y


# %% threshold: a loop from the highest down
def threshold(validation, test, cost_missed, cost_alarm):
    score, sick = validation
    best, least = None, math.inf
    for t in [*sorted(set(score.tolist()), reverse=True), -math.inf]:
        total = cost_missed * int((sick & (score <= t)).sum()) + cost_alarm * int((~sick & (score > t)).sum())
        if total < least:
            best, least = t, total
    score, sick = test
    total = cost_missed * int((sick & (score <= best)).sum()) + cost_alarm * int((~sick & (score > best)).sum())
    return best, total / len(sick)


# %% threshold: all candidates at once
def threshold(validation, test, cost_missed, cost_alarm):
    score, sick = validation
    t = torch.cat([torch.tensor([-torch.inf]).double(), score.unique()])
    alarm = score > t[:, None]
    cost = (torch.where(sick, cost_missed * ~alarm, cost_alarm * alarm)).sum(1)
    best = t[cost == cost.min()].max()
    alarm = test[0] > best
    return best, torch.where(test[1], cost_missed * ~alarm, cost_alarm * alarm).double().mean()


# %% threshold: NumPy, sorted, cumulative
def threshold(validation, test, cost_missed, cost_alarm):
    score, sick = (np.asarray(part) for part in validation)
    values = np.unique(score)
    missed = [0.0] + [cost_missed * np.sum(sick[score <= v]) for v in values]
    false = [cost_alarm * np.sum(~sick)] + [cost_alarm * np.sum(~sick[score > v]) for v in values]
    total = np.add(missed, false)
    t = np.concatenate([[-np.inf], values])[len(total) - 1 - np.argmin(total[::-1])]
    score, sick = (np.asarray(part) for part in test)
    return t, float(np.mean(np.where(sick, cost_missed * (score <= t), cost_alarm * (score > t))))


# %% threshold: case by case
def threshold(validation, test, cost_missed, cost_alarm):
    def price(t, cases):
        return sum(
            (cost_missed if ill else 0) if s <= t else (0 if ill else cost_alarm)
            for s, ill in zip(cases[0].tolist(), cases[1].tolist(), strict=True)
        )

    candidates = {float("-inf")} | set(validation[0].tolist())
    least = min(price(t, validation) for t in candidates)
    t = max(t for t in candidates if price(t, validation) == least)
    return torch.tensor(t), torch.tensor(price(t, test) / len(test[0]))


# %% conditional: NumPy, np.ix_
def conditional(x, mean, cov):
    x, mean, cov = (np.asarray(part) for part in (x, mean, cov))
    m = np.flatnonzero(np.isnan(x))
    o = np.flatnonzero(~np.isnan(x))
    k = np.linalg.solve(cov[np.ix_(o, o)], cov[np.ix_(o, m)]).T
    return mean[m] + k @ (x[o] - mean[o]), cov[np.ix_(m, m)] - k @ cov[np.ix_(o, m)]


# %% conditional: blocks of the precision
def conditional(x, mean, cov):
    m = torch.isnan(x)
    precision = cov.inverse()
    sigma = precision[m][:, m].inverse()
    return mean[m] - sigma @ precision[m][:, ~m] @ (x[~m] - mean[~m]), sigma


# %% conditional: one observed entry after the other
def conditional(x, mean, cov):
    mean, cov = mean.clone(), cov.clone()
    for j in (~x.isnan()).nonzero().flatten().tolist():
        gain = cov[:, j] / cov[j, j]
        mean = mean + gain * (x[j] - mean[j])
        cov = cov - torch.outer(gain, cov[j])
        cov[j, j] = 1.0
    m = x.isnan()
    return mean[m], cov[m][:, m]


# %% conditional: Cholesky, numbers of the entries
def conditional(x, mean, cov):
    missing = [i for i in range(len(x)) if math.isnan(x[i])]
    seen = [i for i in range(len(x)) if not math.isnan(x[i])]
    if not seen:
        return mean, cov
    half = torch.linalg.cholesky(cov[seen][:, seen])
    right = torch.linalg.solve_triangular(half, cov[seen][:, missing], upper=False)
    away = torch.linalg.solve_triangular(half, (x - mean)[seen, None], upper=False)
    return mean[missing] + (right.T @ away)[:, 0], cov[missing][:, missing] - right.T @ right


# %% interval: scipy's interval
def interval(mu, cov, level):
    from scipy import stats

    return stats.norm.interval(level, loc=np.asarray(mu), scale=np.sqrt(np.diag(np.asarray(cov))))


# %% interval: the quantile of the tail
def interval(mu, cov, level):
    from scipy import stats

    z = -stats.norm.ppf((1 - level) / 2)
    std = torch.diag(cov) ** 0.5
    return [mu - z * std, mu + z * std]


# %% interval: torch's error function
def interval(mu, cov, level):
    z = 2**0.5 * torch.erfinv(torch.tensor(level, dtype=torch.float64))
    low = [float(m - z * cov[j, j].sqrt()) for j, m in enumerate(mu)]
    high = [float(m + z * cov[j, j].sqrt()) for j, m in enumerate(mu)]
    return low, high


# %% interval: quantiles of each entry's own normal
def interval(mu, cov, level):
    own = torch.distributions.Normal(mu, cov.diagonal().sqrt())
    tail = torch.tensor((1 - level) / 2, dtype=torch.float64)
    return own.icdf(tail), own.icdf(1 - tail)


# %% coverage: loops
def coverage(truth, low, high, hidden):
    covered, widths = [], []
    for i in range(truth.shape[0]):
        for j in range(truth.shape[1]):
            if hidden[i, j]:
                covered.append(bool(low[i, j] <= truth[i, j] <= high[i, j]))
                widths.append(float(high[i, j] - low[i, j]))
    if not covered:
        raise ValueError("nothing is hidden")
    return sum(covered) / len(covered), sum(widths) / len(widths)


# %% coverage: NumPy
def coverage(truth, low, high, hidden):
    t, a, b = (np.asarray(part)[np.asarray(hidden)] for part in (truth, low, high))
    if t.size == 0:
        raise ValueError("nothing is hidden")
    return np.mean((t >= a) & (t <= b)), np.mean(b - a)


# %% coverage: one minus the share outside
def coverage(truth, low, high, hidden):
    n = int(hidden.sum())
    if n == 0:
        raise ValueError("nothing is hidden")
    outside = ((truth < low) | (truth > high)) & hidden
    return 1 - outside.sum() / n, torch.where(hidden, high - low, 0.0).sum() / n


# %% coverage: nan where nothing is hidden, then nanmean
def coverage(truth, low, high, hidden):
    if hidden.sum() < 1:
        raise ValueError("nothing is hidden")
    inside = (torch.clamp(truth, low, high) == truth).double()
    return [inside.masked_fill(~hidden, torch.nan).nanmean(), (high - low).masked_fill(~hidden, torch.nan).nanmean()]


# %% shrink: pooling
def shrink(x):
    return torch.nn.functional.avg_pool2d(x.unsqueeze(1), 2).squeeze(1)


# %% shrink: four pictures
def shrink(x):
    return (x[:, ::2, ::2] + x[:, 1::2, ::2] + x[:, ::2, 1::2] + x[:, 1::2, 1::2]) / 4


# %% shrink: two matrices, einsum
def shrink(x):
    rows = torch.eye(x.shape[1] // 2).double().repeat_interleave(2, 1) / 2
    columns = torch.eye(x.shape[2] // 2).double().repeat_interleave(2, 1) / 2
    return torch.einsum("ih,bhw,jw->bij", rows, x, columns)


# %% shrink: loops, NumPy
def shrink(x):
    x = np.asarray(x)
    b, h, w = x.shape
    out = np.zeros((b, h // 2, w // 2))
    for i in range(h // 2):
        for j in range(w // 2):
            out[:, i, j] = x[:, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2].mean((1, 2))
    return out


# %% upsample: scikit-learn's ridge regression
def upsample(low, low_train, x_train, ridge):
    from sklearn.linear_model import Ridge

    model = Ridge(alpha=len(x_train) * ridge).fit(low_train.flatten(1), x_train.flatten(1))
    return model.predict(low.flatten(1)).reshape(len(low), *x_train.shape[1:])


# %% upsample: torch.linalg.solve, sums in place of means
def upsample(low, low_train, x_train, ridge):
    n, h, w = x_train.shape
    mean_l, mean_x = low_train.mean(0), x_train.mean(0)
    dl, dx = (low_train - mean_l).reshape(n, -1), (x_train - mean_x).reshape(n, -1)
    weights = torch.linalg.solve(dl.T @ dl + n * ridge * torch.eye(dl.shape[1], dtype=dl.dtype), dl.T @ dx)
    return mean_x + ((low - mean_l).reshape(len(low), -1) @ weights).reshape(-1, h, w)


# %% upsample: the joint covariance, NumPy
def upsample(low, low_train, x_train, ridge):
    a, b = np.asarray(low_train).reshape(len(x_train), -1), np.asarray(x_train).reshape(len(x_train), -1)
    joint, k = np.cov(np.hstack([a, b]).T, bias=True), a.shape[1]
    inverse = np.linalg.inv(joint[:k, :k] + ridge * np.identity(k))
    made = [b.mean(0) + joint[k:, :k] @ inverse @ (np.ravel(one) - a.mean(0)) for one in np.asarray(low)]
    return np.reshape(made, (len(low), *x_train.shape[1:]))


# %% upsample: least squares with the ridge as further rows
def upsample(low, low_train, x_train, ridge):
    dl, dx = low_train.flatten(1) - low_train.flatten(1).mean(0), x_train.flatten(1) - x_train.flatten(1).mean(0)
    root = (len(dl) * ridge) ** 0.5 * torch.eye(dl.shape[1]).double()
    weights = torch.linalg.lstsq(torch.cat([dl, root]), torch.cat([dx, torch.zeros(len(root), dx.shape[1])])).solution
    return (x_train.flatten(1).mean(0) + (low - low_train.mean(0)).flatten(1) @ weights).unflatten(1, x_train.shape[1:])


# %% upsample: the dual, a matrix of the training pictures
def upsample(low, low_train, x_train, ridge):
    l, x, n = low_train.flatten(1), x_train.flatten(1), len(x_train)  # noqa: E741
    dl = l - l.mean(0)
    kernel = dl @ dl.T + n * ridge * torch.eye(n)
    weights = (low.flatten(1) - l.mean(0)) @ dl.T @ torch.linalg.inv(kernel)
    return (x.mean(0) + weights @ (x - x.mean(0))).view(-1, *x_train.shape[1:])
