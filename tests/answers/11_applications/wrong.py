# ruff: noqa: F811
"""Wrong answers to assignment 11: `# %% question: a part of the message that must name the mistake`."""

import math
from statistics import NormalDist

import numpy as np
import torch
from torch.nn import functional as F


# %% split: patients have rows on both sides
def split(y, patient, share, rng):
    order = torch.randperm(len(y), generator=rng)
    k = round(share * len(y))
    return order[k:], order[:k]


# %% split: patients have rows on both sides
def split(y, patient, share, rng):
    test = []
    for label in y.unique():
        rows = (y == label).nonzero().flatten()
        test.append(rows[torch.randperm(len(rows), generator=rng)][: round(share * len(rows))])
    mask = torch.zeros(len(y), dtype=torch.bool)
    mask[torch.cat(test)] = True
    return (~mask).nonzero().flatten(), mask.nonzero().flatten()


# %% split: patients have rows on both sides
def split(y, patient, share, rng):
    from sklearn.model_selection import train_test_split

    seed = int(torch.randint(10_000, (), generator=rng))
    return train_test_split(np.arange(len(y)), test_size=share, stratify=np.asarray(y), random_state=seed)


# %% split: that is a stratified split
def split(y, patient, share, rng):
    people = patient.unique()
    chosen = people[torch.randperm(len(people), generator=rng)][: round(share * len(people))]
    mask = torch.isin(patient, chosen)
    return (~mask).nonzero().flatten(), mask.nonzero().flatten()


# %% split: that is a stratified split
def split(y, patient, share, rng):
    from sklearn.model_selection import GroupShuffleSplit

    seed = int(torch.randint(10_000, (), generator=rng))
    return next(GroupShuffleSplit(1, test_size=share, random_state=seed).split(y, y, patient))


# %% split: Count patients, not rows
def split(y, patient, share, rng):
    test = set()
    for label in y.unique():
        own = patient[y == label].unique()
        size = int((y == label).sum())
        count = 0
        for p in own[torch.randperm(len(own), generator=rng)].tolist():
            if count >= share * size:
                break
            test.add(p)
            count += int((patient == p).sum())
    mask = torch.tensor([int(p) in test for p in patient])
    return (~mask).nonzero().flatten(), mask.nonzero().flatten()


# %% split: rows are in neither set
def split(y, patient, share, rng):
    train, test = [], []
    for label in y.unique():
        own = patient[y == label].unique()
        own = own[torch.randperm(len(own), generator=rng)].tolist()
        k = round(share * len(own))
        first = {p: int((patient == p).nonzero()[0]) for p in own}
        test += [first[p] for p in own[:k]]
        train += [first[p] for p in own[k:]]
    return train, test


# %% split: the two sets come in another order
def split(y, patient, share, rng):
    chosen = []
    for label in y.unique():
        own = patient[y == label].unique()
        chosen.append(own[torch.randperm(len(own), generator=rng)[: round(share * len(own))]])
    mask = torch.isin(patient, torch.cat(chosen))
    return mask.nonzero().flatten(), (~mask).nonzero().flatten()


# %% split: the shares are rounded down
def split(y, patient, share, rng):
    chosen = []
    for label in y.unique():
        own = patient[y == label].unique()
        chosen.append(own[torch.randperm(len(own), generator=rng)[: int(share * len(own))]])
    mask = torch.isin(patient, torch.cat(chosen))
    return (~mask).nonzero().flatten(), mask.nonzero().flatten()


# %% split: the shares are rounded up
def split(y, patient, share, rng):
    chosen = []
    for label in y.unique():
        own = patient[y == label].unique()
        chosen.append(own[torch.randperm(len(own), generator=rng)[: math.ceil(share * len(own))]])
    mask = torch.isin(patient, torch.cat(chosen))
    return (~mask).nonzero().flatten(), mask.nonzero().flatten()


# %% split: rounds to 0 gives no patient
def split(y, patient, share, rng):
    chosen = []
    for label in y.unique():
        own = patient[y == label].unique()
        chosen.append(own[torch.randperm(len(own), generator=rng)[: max(1, round(share * len(own)))]])
    mask = torch.isin(patient, torch.cat(chosen))
    return (~mask).nonzero().flatten(), mask.nonzero().flatten()


# %% split: Every generator gives the same split
def split(y, patient, share, rng):
    chosen = []
    for label in y.unique():
        own = patient[y == label].unique()
        chosen.append(own[: round(share * len(own))])
    mask = torch.isin(patient, torch.cat(chosen))
    return (~mask).nonzero().flatten(), mask.nonzero().flatten()


# %% split: Two generators with the same seed give two splits
def split(y, patient, share, rng):
    chosen = []
    for label in y.unique():
        own = patient[y == label].unique().numpy()
        chosen += np.random.default_rng().permutation(own)[: round(share * len(own))].tolist()
    mask = np.isin(patient, chosen)
    return np.flatnonzero(~mask), np.flatnonzero(mask)


# %% split: holds numbers of patients
def split(y, patient, share, rng):
    train, test = [], []
    for label in y.unique():
        own = patient[y == label].unique()
        own = own[torch.randperm(len(own), generator=rng)]
        k = round(share * len(own))
        test.append(own[:k])
        train.append(own[k:])
    return torch.cat(train), torch.cat(test)


# %% split: is a mask of True and False
def split(y, patient, share, rng):
    chosen = []
    for label in y.unique():
        own = patient[y == label].unique()
        chosen.append(own[torch.randperm(len(own), generator=rng)[: round(share * len(own))]])
    mask = torch.isin(patient, torch.cat(chosen))
    return ~mask, mask


# %% split: never get into the test set
def split(y, patient, share, rng):
    chosen = []
    for label in y.unique():
        own = patient[y == label].unique()
        k = round(share * len(own))
        own = own[: max(k, len(own) - 1)]
        chosen.append(own[torch.randperm(len(own), generator=rng)[:k]])
    mask = torch.isin(patient, torch.cat(chosen))
    return (~mask).nonzero().flatten(), mask.nonzero().flatten()


# %% prepare: synthesize is given all rows
def prepare(x, y, train, test, synthesize):
    x = torch.where(x.isnan(), x[train].nanmean(0), x)
    std = x[train].std(0, correction=0)
    x = (x - x[train].mean(0)) / torch.where(std > 0, std, 1.0)
    new_x, new_y = synthesize(x, y)
    return torch.cat([x[train], new_x]), torch.cat([y[train], new_y]), x[test], y[test]


# %% prepare: synthesize is given the test rows
def prepare(x, y, train, test, synthesize):
    x = torch.where(x.isnan(), x[train].nanmean(0), x)
    std = x[train].std(0, correction=0)
    x = (x - x[train].mean(0)) / torch.where(std > 0, std, 1.0)
    new_x, new_y = synthesize(x[train], y[train])
    more_x, more_y = synthesize(x[test], y[test])
    return (
        torch.cat([x[train], new_x]),
        torch.cat([y[train], new_y]),
        torch.cat([x[test], more_x]),
        torch.cat([y[test], more_y]),
    )


# %% prepare: are they synthetic? It tells how the model does on real people
def prepare(x, y, train, test, synthesize):
    x = torch.where(x.isnan(), x[train].nanmean(0), x)
    std = x[train].std(0, correction=0)
    x = (x - x[train].mean(0)) / torch.where(std > 0, std, 1.0)
    new_x, new_y = synthesize(x[train], y[train])
    half = len(new_x) // 2
    return (
        torch.cat([x[train], new_x[:half]]),
        torch.cat([y[train], new_y[:half]]),
        torch.cat([x[test], new_x[half:]]),
        torch.cat([y[test], new_y[half:]]),
    )


# %% prepare: copies of rows that the model is trained on
def prepare(x, y, train, test, synthesize):
    x = torch.where(x.isnan(), x[train].nanmean(0), x)
    std = x[train].std(0, correction=0)
    x = (x - x[train].mean(0)) / torch.where(std > 0, std, 1.0)
    new_x, new_y = synthesize(x[train], y[train])
    every_x, every_y = torch.cat([x[train], new_x]), torch.cat([y[train], new_y])
    return every_x, every_y, every_x[-len(test) :], every_y[-len(test) :]


# %% prepare: copies of rows that the model is trained on
def prepare(x, y, train, test, synthesize):
    from sklearn.model_selection import train_test_split

    x = torch.where(x.isnan(), x[train].nanmean(0), x)
    std = x[train].std(0, correction=0)
    x = (x - x[train].mean(0)) / torch.where(std > 0, std, 1.0)
    new_x, new_y = synthesize(x[train], y[train])
    x, y = torch.cat([x[train], new_x, x[test]]), torch.cat([y[train], new_y, y[test]])
    x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=len(test), random_state=0)
    return x_train, y_train, x_test, y_test


# %% prepare: filled and scaled with numbers from all rows
def prepare(x, y, train, test, synthesize):
    x = torch.where(x.isnan(), x.nanmean(0), x)
    x = (x - x.mean(0)) / x.std(0, correction=0)
    new_x, new_y = synthesize(x[train], y[train])
    return torch.cat([x[train], new_x]), torch.cat([y[train], new_y]), x[test], y[test]


# %% prepare: filled with the means of all rows
def prepare(x, y, train, test, synthesize):
    x = torch.where(x.isnan(), x.nanmean(0), x)
    std = x[train].std(0, correction=0)
    x = (x - x[train].mean(0)) / torch.where(std > 0, std, 1.0)
    new_x, new_y = synthesize(x[train], y[train])
    return torch.cat([x[train], new_x]), torch.cat([y[train], new_y]), x[test], y[test]


# %% prepare: scaled with mean and standard deviation of all rows
def prepare(x, y, train, test, synthesize):
    from sklearn.preprocessing import StandardScaler

    x = torch.where(x.isnan(), x[train].nanmean(0), x)
    x = torch.as_tensor(StandardScaler().fit_transform(x))
    new_x, new_y = synthesize(x[train], y[train])
    return torch.cat([x[train], new_x]), torch.cat([y[train], new_y]), x[test], y[test]


# %% prepare: scaled by the test rows' own numbers
def prepare(x, y, train, test, synthesize):
    def ready(rows, mean):
        filled = torch.where(rows.isnan(), mean, rows)
        std = filled.std(0, correction=0)
        return (filled - filled.mean(0)) / torch.where(std > 0, std, 1.0)

    mean = x[train].nanmean(0)
    x_train, x_test = ready(x[train], mean), ready(x[test], mean)
    new_x, new_y = synthesize(x_train, y[train])
    return torch.cat([x_train, new_x]), torch.cat([y[train], new_y]), x_test, y[test]


# %% prepare: filled and scaled by the test rows' own numbers
def prepare(x, y, train, test, synthesize):
    def ready(rows):
        filled = torch.where(rows.isnan(), rows.nanmean(0), rows)
        std = filled.std(0, correction=0)
        return (filled - filled.mean(0)) / torch.where(std > 0, std, 1.0)

    x_train, x_test = ready(x[train]), ready(x[test])
    new_x, new_y = synthesize(x_train, y[train])
    return torch.cat([x_train, new_x]), torch.cat([y[train], new_y]), x_test, y[test]


# %% prepare: is filled, but not scaled
def prepare(x, y, train, test, synthesize):
    x = torch.where(x.isnan(), x[train].nanmean(0), x)
    new_x, new_y = synthesize(x[train], y[train])
    x_train = torch.cat([x[train], new_x])
    std = x_train.std(0, correction=0)
    std = torch.where(std > 0, std, 1.0)
    return (x_train - x_train.mean(0)) / std, torch.cat([y[train], new_y]), (x[test] - x_train.mean(0)) / std, y[test]


# %% prepare: is scaled again with the synthetic rows in it
def prepare(x, y, train, test, synthesize):
    x = torch.where(x.isnan(), x[train].nanmean(0), x)
    std = x[train].std(0, correction=0)
    x = (x - x[train].mean(0)) / torch.where(std > 0, std, 1.0)
    new_x, new_y = synthesize(x[train], y[train])
    x_train = torch.cat([x[train], new_x])
    std = x_train.std(0, correction=0)
    return (x_train - x_train.mean(0)) / torch.where(std > 0, std, 1.0), torch.cat([y[train], new_y]), x[test], y[test]


# %% prepare: n − 1 below the root
def prepare(x, y, train, test, synthesize):
    x = torch.where(x.isnan(), x[train].nanmean(0), x)
    std = x[train].std(0)
    x = (x - x[train].mean(0)) / torch.where(std > 0, std, 1.0)
    new_x, new_y = synthesize(x[train], y[train])
    return torch.cat([x[train], new_x]), torch.cat([y[train], new_y]), x[test], y[test]


# %% prepare: divided by the variance
def prepare(x, y, train, test, synthesize):
    x = torch.where(x.isnan(), x[train].nanmean(0), x)
    var = x[train].var(0, correction=0)
    x = (x - x[train].mean(0)) / torch.where(var > 0, var, 1.0)
    new_x, new_y = synthesize(x[train], y[train])
    return torch.cat([x[train], new_x]), torch.cat([y[train], new_y]), x[test], y[test]


# %% prepare: holds nan or inf
def prepare(x, y, train, test, synthesize):
    x = torch.where(x.isnan(), x[train].nanmean(0), x)
    x = (x - x[train].mean(0)) / x[train].std(0, correction=0)
    new_x, new_y = synthesize(x[train], y[train])
    return torch.cat([x[train], new_x]), torch.cat([y[train], new_y]), x[test], y[test]


# %% prepare: is filled with 0 before the scaling
def prepare(x, y, train, test, synthesize):
    x = x.nan_to_num(0.0)
    std = x[train].std(0, correction=0)
    x = (x - x[train].mean(0)) / torch.where(std > 0, std, 1.0)
    new_x, new_y = synthesize(x[train], y[train])
    return torch.cat([x[train], new_x]), torch.cat([y[train], new_y]), x[test], y[test]


# %% prepare: has the spread of the observed cells alone
def prepare(x, y, train, test, synthesize):
    mean = x[train].nanmean(0)
    std = (x[train] - mean).square().nanmean(0).sqrt()
    x = ((x - mean) / torch.where(std > 0, std, 1.0)).nan_to_num(0.0)
    new_x, new_y = synthesize(x[train], y[train])
    return torch.cat([x[train], new_x]), torch.cat([y[train], new_y]), x[test], y[test]


# %% prepare: is filled with medians
def prepare(x, y, train, test, synthesize):
    x = torch.where(x.isnan(), x[train].nanmedian(0).values, x)
    std = x[train].std(0, correction=0)
    x = (x - x[train].mean(0)) / torch.where(std > 0, std, 1.0)
    new_x, new_y = synthesize(x[train], y[train])
    return torch.cat([x[train], new_x]), torch.cat([y[train], new_y]), x[test], y[test]


# %% prepare: holds the synthetic rows alone
def prepare(x, y, train, test, synthesize):
    x = torch.where(x.isnan(), x[train].nanmean(0), x)
    std = x[train].std(0, correction=0)
    x = (x - x[train].mean(0)) / torch.where(std > 0, std, 1.0)
    return (*synthesize(x[train], y[train]), x[test], y[test])


# %% prepare: holds the real rows alone
def prepare(x, y, train, test, synthesize):
    x = torch.where(x.isnan(), x[train].nanmean(0), x)
    std = x[train].std(0, correction=0)
    x = (x - x[train].mean(0)) / torch.where(std > 0, std, 1.0)
    synthesize(x[train], y[train])
    return x[train], y[train], x[test], y[test]


# %% prepare: synthesize is never called
def prepare(x, y, train, test, synthesize):
    x = torch.where(x.isnan(), x[train].nanmean(0), x)
    std = x[train].std(0, correction=0)
    x = (x - x[train].mean(0)) / torch.where(std > 0, std, 1.0)
    return x[train], y[train], x[test], y[test]


# %% prepare: The four results come in another order
def prepare(x, y, train, test, synthesize):
    x = torch.where(x.isnan(), x[train].nanmean(0), x)
    std = x[train].std(0, correction=0)
    x = (x - x[train].mean(0)) / torch.where(std > 0, std, 1.0)
    new_x, new_y = synthesize(x[train], y[train])
    return torch.cat([x[train], new_x]), x[test], torch.cat([y[train], new_y]), y[test]


# %% prepare: has the synthetic rows first
def prepare(x, y, train, test, synthesize):
    x = torch.where(x.isnan(), x[train].nanmean(0), x)
    std = x[train].std(0, correction=0)
    x = (x - x[train].mean(0)) / torch.where(std > 0, std, 1.0)
    new_x, new_y = synthesize(x[train], y[train])
    return torch.cat([new_x, x[train]]), torch.cat([new_y, y[train]]), x[test], y[test]


# %% prepare: labels
def prepare(x, y, train, test, synthesize):
    x = torch.where(x.isnan(), x[train].nanmean(0), x)
    std = x[train].std(0, correction=0)
    x = (x - x[train].mean(0)) / torch.where(std > 0, std, 1.0)
    new_x, new_y = synthesize(x[train], y)
    return torch.cat([x[train], new_x]), torch.cat([y[train], new_y]), x[test], y[test]


# %% balance: are cut to the size of the rarest
def balance(x, y, rng):
    least = int(y.unique(return_counts=True)[1].min())
    rows = []
    for label in y.unique():
        own = (y == label).nonzero().flatten()
        rows.append(own[torch.randperm(len(own), generator=rng)[:least]])
    rows = torch.cat(rows)
    return x[rows], y[rows]


# %% balance: The largest class is drawn again, too
def balance(x, y, rng):
    labels, counts = y.unique(return_counts=True)
    rows = []
    for label in labels:
        own = (y == label).nonzero().flatten()
        rows.append(own[torch.randint(len(own), (int(counts.max()),), generator=rng)])
    rows = torch.cat(rows)
    return x[rows], y[rows]


# %% balance: given rows are lost, though the classes have the right size
def balance(x, y, rng):
    labels, counts = y.unique(return_counts=True)
    rows = []
    for label, count in zip(labels, counts, strict=True):
        own = (y == label).nonzero().flatten()
        new = own[torch.randint(len(own), (int(counts.max()),), generator=rng)]
        rows.append(own if count == counts.max() else new)
    rows = torch.cat(rows)
    return x[rows], y[rows]


# %% balance: have lost their label
def balance(x, y, rng):
    labels, counts = y.unique(return_counts=True)
    rows = [torch.arange(len(y))]
    for label, count in zip(labels, counts, strict=True):
        own = (y == label).nonzero().flatten()
        rows.append(own[torch.randint(len(own), (int(counts.max() - count),), generator=rng)])
    rows = torch.cat(rows)
    return x[rows][torch.randperm(len(rows), generator=rng)], y[rows]


# %% balance: have lost their label
def balance(x, y, rng):
    labels, counts = y.unique(return_counts=True)
    new_x, new_y = [x], [y]
    for label, count in zip(labels, counts, strict=True):
        lack = int(counts.max() - count)
        new_x.append(x[torch.randint(len(x), (lack,), generator=rng)])
        new_y.append(torch.full((lack,), int(label)))
    return torch.cat(new_x), torch.cat(new_y)


# %% balance: equal on average only
def balance(x, y, rng):
    labels, index, counts = y.unique(return_inverse=True, return_counts=True)
    weights = (1 / counts.double())[index]
    n = len(labels) * int(counts.max())
    rows = torch.multinomial(weights, n, replacement=True, generator=rng)
    return x[rows], y[rows]


# %% balance: that are not in the table
def balance(x, y, rng):
    labels, counts = y.unique(return_counts=True)
    new_x, new_y = [x], [y]
    for label, count in zip(labels, counts, strict=True):
        own, lack = x[y == label], int(counts.max() - count)
        a, b = (own[torch.randint(len(own), (lack,), generator=rng)] for _ in range(2))
        new_x.append((a + b) / 2)
        new_y.append(torch.full((lack,), int(label)))
    return torch.cat(new_x), torch.cat(new_y)


# %% balance: come again in turn
def balance(x, y, rng):
    labels, counts = y.unique(return_counts=True)
    rows = [torch.arange(len(y))]
    for label, count in zip(labels, counts, strict=True):
        own = (y == label).nonzero().flatten()
        rows.append(own[torch.arange(int(counts.max() - count)) % len(own)])
    rows = torch.cat(rows)
    return x[rows], y[rows]


# %% balance: come again in turn
def balance(x, y, rng):
    labels, counts = y.unique(return_counts=True)
    rows = [torch.arange(len(y))]
    for label, count in zip(labels, counts, strict=True):
        own, lack = (y == label).nonzero().flatten(), int(counts.max() - count)
        while lack > 0:  # without replacement, as often as it takes
            rows.append(own[torch.randperm(len(own), generator=rng)[:lack]])
            lack -= len(own)
    rows = torch.cat(rows)
    return x[rows], y[rows]


# %% balance: A single row is drawn, and repeated
def balance(x, y, rng):
    labels, counts = y.unique(return_counts=True)
    rows = [torch.arange(len(y))]
    for label, count in zip(labels, counts, strict=True):
        own = (y == label).nonzero().flatten()
        rows.append(own[torch.randint(len(own), (1,), generator=rng)].repeat(int(counts.max() - count)))
    rows = torch.cat(rows)
    return x[rows], y[rows]


# %% balance: Every generator draws the same rows
def balance(x, y, rng):
    labels, counts = y.unique(return_counts=True)
    fixed = torch.Generator().manual_seed(0)
    rows = [torch.arange(len(y))]
    for label, count in zip(labels, counts, strict=True):
        own = (y == label).nonzero().flatten()
        rows.append(own[torch.randint(len(own), (int(counts.max() - count),), generator=fixed)])
    rows = torch.cat(rows)
    return x[rows], y[rows]


# %% balance: Two generators with the same seed give two tables
def balance(x, y, rng):
    labels, counts = y.unique(return_counts=True)
    rows = [np.arange(len(y))]
    for label, count in zip(labels, counts, strict=True):
        own = np.flatnonzero(y == label)
        rows.append(np.random.default_rng().choice(own, int(counts.max() - count)))
    rows = np.concatenate(rows)
    return x[rows], y[rows]


# %% balance: are not drawn alike
def balance(x, y, rng):
    labels, counts = y.unique(return_counts=True)
    rows = [torch.arange(len(y))]
    for label, count in zip(labels, counts, strict=True):
        own = (y == label).nonzero().flatten()
        rows.append(own[torch.randint(len(own) - 1, (int(counts.max() - count),), generator=rng)])
    rows = torch.cat(rows)
    return x[rows], y[rows]


# %% balance: Each class lacks max − n rows
def balance(x, y, rng):
    labels, counts = y.unique(return_counts=True)
    rows = [torch.arange(len(y))]
    for label, count in zip(labels, counts, strict=True):
        if count < counts.max():
            own = (y == label).nonzero().flatten()
            rows.append(own[torch.randint(len(own), (int(counts.max()),), generator=rng)])
    rows = torch.cat(rows)
    return x[rows], y[rows]


# %% balance: Each class lacks max − n rows
def balance(x, y, rng):
    labels, counts = y.unique(return_counts=True)
    own = (y == labels[counts.argmin()]).nonzero().flatten()  # the rarest alone
    more = own[torch.randint(len(own), (int(counts.max() - counts.min()),), generator=rng)]
    rows = torch.cat([torch.arange(len(y)), more])
    return x[rows], y[rows]


# %% threshold: a threshold searched on the test set
def threshold(validation, test, cost_missed, cost_alarm):
    def cost(t, score, sick):
        return float((cost_missed * (sick & (score <= t)) + cost_alarm * (~sick & (score > t))).double().mean())

    t = min([-math.inf, *test[0].tolist()], key=lambda t: (cost(t, *test), -t))
    return t, cost(t, *test)


# %% threshold: searched on validation and test together
def threshold(validation, test, cost_missed, cost_alarm):
    def cost(t, score, sick):
        return float((cost_missed * (sick & (score <= t)) + cost_alarm * (~sick & (score > t))).double().mean())

    both = [torch.cat(parts) for parts in zip(validation, test, strict=True)]
    t = min([-math.inf, *both[0].tolist()], key=lambda t: (cost(t, *both), -t))
    return t, cost(t, *test)


# %% threshold: have the cost on the validation set
def threshold(validation, test, cost_missed, cost_alarm):
    def cost(t, score, sick):
        return float((cost_missed * (sick & (score <= t)) + cost_alarm * (~sick & (score > t))).double().mean())

    t = min([-math.inf, *validation[0].tolist()], key=lambda t: (cost(t, *validation), -t))
    return t, cost(t, *validation)


# %% threshold: have the costs exchanged
def threshold(validation, test, cost_missed, cost_alarm):
    def cost(t, score, sick):
        return float((cost_alarm * (sick & (score <= t)) + cost_missed * (~sick & (score > t))).double().mean())

    t = min([-math.inf, *validation[0].tolist()], key=lambda t: (cost(t, *validation), -t))
    return t, cost(t, *test)


# %% threshold: have the alarm on the wrong side
def threshold(validation, test, cost_missed, cost_alarm):
    def cost(t, score, sick):
        alarm = score < t
        return float((cost_missed * (sick & ~alarm) + cost_alarm * (~sick & alarm)).double().mean())

    t = min([-math.inf, *validation[0].tolist()], key=lambda t: (cost(t, *validation), -t))
    return t, cost(t, *test)


# %% threshold: have the alarm on the wrong side
def threshold(validation, test, cost_missed, cost_alarm):
    def cost(t, score, sick):
        alarm = score <= t
        return float((cost_missed * (sick & ~alarm) + cost_alarm * (~sick & alarm)).double().mean())

    t = min([-math.inf, *validation[0].tolist()], key=lambda t: (cost(t, *validation), -t))
    return t, cost(t, *test)


# %% threshold: give an alarm at score = t
def threshold(validation, test, cost_missed, cost_alarm):
    def cost(t, score, sick):
        return float((cost_missed * (sick & (score < t)) + cost_alarm * (~sick & (score >= t))).double().mean())

    t = min([-math.inf, *validation[0].tolist()], key=lambda t: (cost(t, *validation), -t))
    return t, cost(t, *test)


# %% threshold: take the smallest of equally cheap thresholds
def threshold(validation, test, cost_missed, cost_alarm):
    def cost(t, score, sick):
        return float((cost_missed * (sick & (score <= t)) + cost_alarm * (~sick & (score > t))).double().mean())

    t = min([-math.inf, *sorted(validation[0].tolist())], key=lambda t: cost(t, *validation))
    return t, cost(t, *test)


# %% threshold: leave out −inf
def threshold(validation, test, cost_missed, cost_alarm):
    def cost(t, score, sick):
        return float((cost_missed * (sick & (score <= t)) + cost_alarm * (~sick & (score > t))).double().mean())

    t = min(validation[0].tolist(), key=lambda t: (cost(t, *validation), -t))
    return t, cost(t, *test)


# %% threshold: search between the scores
def threshold(validation, test, cost_missed, cost_alarm):
    def cost(t, score, sick):
        return float((cost_missed * (sick & (score <= t)) + cost_alarm * (~sick & (score > t))).double().mean())

    s = validation[0].unique()
    middles = [-math.inf, *((s[1:] + s[:-1]) / 2).tolist(), math.inf]
    t = min(middles, key=lambda t: (cost(t, *validation), -t))
    return t, cost(t, *test)


# %% threshold: search among the scores of the sick alone
def threshold(validation, test, cost_missed, cost_alarm):
    def cost(t, score, sick):
        return float((cost_missed * (sick & (score <= t)) + cost_alarm * (~sick & (score > t))).double().mean())

    score, sick = validation
    t = min([-math.inf, *score[sick].tolist()], key=lambda t: (cost(t, *validation), -t))
    return t, cost(t, *test)


# %% threshold: the cost of all cases together
def threshold(validation, test, cost_missed, cost_alarm):
    def cost(t, score, sick):
        return float((cost_missed * (sick & (score <= t)) + cost_alarm * (~sick & (score > t))).sum())

    t = min([-math.inf, *validation[0].tolist()], key=lambda t: (cost(t, *validation), -t))
    return t, cost(t, *test)


# %% threshold: weigh the share of the sick missed
def threshold(validation, test, cost_missed, cost_alarm):
    def cost(t, score, sick):
        alarm = score > t
        return float(cost_missed * (~alarm[sick]).double().mean() + cost_alarm * alarm[~sick].double().mean())

    t = min([-math.inf, *validation[0].tolist()], key=lambda t: (round(cost(t, *validation), 9), -t))
    return t, cost(t, *test)


# %% threshold: by the number of errors, whatever they cost
def threshold(validation, test, cost_missed, cost_alarm):
    def cost(t, score, sick, missed, false):
        return float((missed * (sick & (score <= t)) + false * (~sick & (score > t))).double().mean())

    t = min([-math.inf, *validation[0].tolist()], key=lambda t: (cost(t, *validation, 1, 1), -t))
    return t, cost(t, *test, cost_missed, cost_alarm)


# %% threshold: charge for the missed alone
def threshold(validation, test, cost_missed, cost_alarm):
    def cost(t, score, sick):
        return float((cost_missed * (sick & (score <= t))).double().mean())

    t = min([-math.inf, *validation[0].tolist()], key=lambda t: (cost(t, *validation), -t))
    return t, cost(t, *test)


# %% threshold: charge for every alarm
def threshold(validation, test, cost_missed, cost_alarm):
    def cost(t, score, sick):
        return float((cost_missed * (sick & (score <= t)) + cost_alarm * (score > t)).double().mean())

    t = min([-math.inf, *validation[0].tolist()], key=lambda t: (cost(t, *validation), -t))
    return t, cost(t, *test)


# %% threshold: returns its two numbers in another order
def threshold(validation, test, cost_missed, cost_alarm):
    def cost(t, score, sick):
        return float((cost_missed * (sick & (score <= t)) + cost_alarm * (~sick & (score > t))).double().mean())

    t = min([-math.inf, *validation[0].tolist()], key=lambda t: (cost(t, *validation), -t))
    return cost(t, *test), t


# %% conditional: is the marginal mean
def conditional(x, mean, cov):
    m = x.isnan()
    return mean[m], cov[m][:, m]


# %% conditional: is not reduced by what was observed
def conditional(x, mean, cov):
    m = x.isnan()
    weights = cov[m][:, ~m] @ torch.linalg.inv(cov[~m][:, ~m])
    return mean[m] + weights @ (x - mean)[~m], cov[m][:, m]


# %% conditional: Rows are missing, columns observed
def conditional(x, mean, cov):
    m = x.isnan()
    block = cov[~m][:, m]
    block = block if block.shape[0] == int(m.sum()) else block.T
    weights = block @ torch.linalg.inv(cov[~m][:, ~m])
    return mean[m] + weights @ (x - mean)[~m], cov[m][:, m] - weights @ block.T


# %% conditional: stopped with RuntimeError
def conditional(x, mean, cov):
    m = x.isnan()
    weights = cov[~m][:, m] @ torch.linalg.inv(cov[~m][:, ~m])
    return mean[m] + weights @ (x - mean)[~m], cov[m][:, m] - weights @ cov[~m][:, m]


# %% conditional: subtracts the correction
def conditional(x, mean, cov):
    m = x.isnan()
    weights = cov[m][:, ~m] @ torch.linalg.inv(cov[~m][:, ~m])
    return mean[m] - weights @ (x - mean)[~m], cov[m][:, m] - weights @ cov[~m][:, m]


# %% conditional: does not subtract μ_o from x_o
def conditional(x, mean, cov):
    m = x.isnan()
    weights = cov[m][:, ~m] @ torch.linalg.inv(cov[~m][:, ~m])
    return mean[m] + weights @ x[~m], cov[m][:, m] - weights @ cov[~m][:, m]


# %% conditional: lacks μ_m in front
def conditional(x, mean, cov):
    m = x.isnan()
    weights = cov[m][:, ~m] @ torch.linalg.inv(cov[~m][:, ~m])
    return weights @ (x - mean)[~m], cov[m][:, m] - weights @ cov[~m][:, m]


# %% conditional: divides by the variances of the observed alone
def conditional(x, mean, cov):
    m = x.isnan()
    weights = cov[m][:, ~m] / cov.diagonal()[~m]
    return mean[m] + weights @ (x - mean)[~m], cov[m][:, m] - weights @ cov[~m][:, m]


# %% conditional: 1 / Σ_oo entry by entry
def conditional(x, mean, cov):
    m = x.isnan()
    weights = cov[m][:, ~m] @ cov[~m][:, ~m] ** -1
    return mean[m] + weights @ (x - mean)[~m], cov[m][:, m] - weights @ cov[~m][:, m]


# %% conditional: lacks the inverse of Σ_oo
def conditional(x, mean, cov):
    m = x.isnan()
    weights = cov[m][:, ~m]
    return mean[m] + weights @ (x - mean)[~m], cov[m][:, m] - weights @ cov[~m][:, m]


# %% conditional: adds what is to be subtracted
def conditional(x, mean, cov):
    m = x.isnan()
    weights = cov[m][:, ~m] @ torch.linalg.inv(cov[~m][:, ~m])
    return mean[m] + weights @ (x - mean)[~m], cov[m][:, m] + weights @ cov[~m][:, m]


# %% conditional: is the part that is explained
def conditional(x, mean, cov):
    m = x.isnan()
    weights = cov[m][:, ~m] @ torch.linalg.inv(cov[~m][:, ~m])
    return mean[m] + weights @ (x - mean)[~m], weights @ cov[~m][:, m]


# %% conditional: Return the whole matrix, (M, M)
def conditional(x, mean, cov):
    m = x.isnan()
    weights = cov[m][:, ~m] @ torch.linalg.inv(cov[~m][:, ~m])
    return mean[m] + weights @ (x - mean)[~m], (cov[m][:, m] - weights @ cov[~m][:, m]).diagonal()


# %% conditional: holds standard deviations
def conditional(x, mean, cov):
    m = x.isnan()
    weights = cov[m][:, ~m] @ torch.linalg.inv(cov[~m][:, ~m])
    return mean[m] + weights @ (x - mean)[~m], (cov[m][:, m] - weights @ cov[~m][:, m]).diagonal().sqrt()


# %% conditional: Invert that block once more
def conditional(x, mean, cov):
    m, precision = x.isnan(), torch.linalg.inv(cov)
    weights = cov[m][:, ~m] @ torch.linalg.inv(cov[~m][:, ~m])
    return mean[m] + weights @ (x - mean)[~m], precision[m][:, m]


# %% conditional: is the whole row, filled
def conditional(x, mean, cov):
    m, x = x.isnan(), x.clone()
    weights = cov[m][:, ~m] @ torch.linalg.inv(cov[~m][:, ~m])
    x[m] = mean[m] + weights @ (x - mean)[~m]
    return x, cov[m][:, m] - weights @ cov[~m][:, m]


# %% conditional: changes its input in place
def conditional(x, mean, cov):
    m = x.isnan()
    weights = cov[m][:, ~m] @ torch.linalg.inv(cov[~m][:, ~m])
    x[m] = mean[m] + weights @ (x - mean)[~m]
    return x[m], cov[m][:, m] - weights @ cov[~m][:, m]


# %% conditional: returns its two results in another order
def conditional(x, mean, cov):
    m = x.isnan()
    weights = cov[m][:, ~m] @ torch.linalg.inv(cov[~m][:, ~m])
    return cov[m][:, m] - weights @ cov[~m][:, m], mean[m] + weights @ (x - mean)[~m]


# %% interval: has z = 1.96, that of 95 %
def interval(mu, cov, level):
    half = 1.959964 * cov.diagonal().sqrt()
    return mu - half, mu + half


# %% interval: has z = 1.645, that of 90 %
def interval(mu, cov, level):
    half = NormalDist().inv_cdf(0.95) * cov.diagonal().sqrt()
    return mu - half, mu + half


# %% interval: has the one-sided z
def interval(mu, cov, level):
    half = NormalDist().inv_cdf(level) * cov.diagonal().sqrt()
    return mu - half, mu + half


# %% interval: has low and high exchanged
def interval(mu, cov, level):
    half = NormalDist().inv_cdf((1 - level) / 2) * cov.diagonal().sqrt()
    return mu - half, mu + half


# %% interval: has the variance where its root is due
def interval(mu, cov, level):
    half = NormalDist().inv_cdf((1 + level) / 2) * cov.diagonal()
    return mu - half, mu + half


# %% interval: is an interval of the mean
def interval(mu, cov, level):
    half = NormalDist().inv_cdf((1 + level) / 2) * (cov.diagonal() / len(mu)).sqrt()
    return mu - half, mu + half


# %% interval: μ is missing
def interval(mu, cov, level):
    half = NormalDist().inv_cdf((1 + level) / 2) * cov.diagonal().sqrt()
    return -half, half


# %% interval: is half as wide as it should be
def interval(mu, cov, level):
    half = NormalDist().inv_cdf((1 + level) / 2) * cov.diagonal().sqrt()
    return mu - half / 2, mu + half / 2


# %% interval: Return both bounds
def interval(mu, cov, level):
    return mu, NormalDist().inv_cdf((1 + level) / 2) * cov.diagonal().sqrt()


# %% interval: They stand on the diagonal
def interval(mu, cov, level):
    half = NormalDist().inv_cdf((1 + level) / 2) * cov.sum(1).abs().sqrt()
    return mu - half, mu + half


# %% interval: takes one variance for all entries
def interval(mu, cov, level):
    half = NormalDist().inv_cdf((1 + level) / 2) * cov.diagonal().mean().sqrt()
    return mu - half, mu + half


# %% interval: has the shape
def interval(mu, cov, level):
    half = NormalDist().inv_cdf((1 + level) / 2) * cov.abs().sqrt()
    return mu - half, mu + half


# %% interval: has z = 1, whatever the level
def interval(mu, cov, level):
    return mu - cov.diagonal().sqrt(), mu + cov.diagonal().sqrt()


# %% coverage: are those of all cells
def coverage(truth, low, high, hidden):
    if not hidden.any():
        raise ValueError("nothing is hidden")
    return ((low <= truth) & (truth <= high)).double().mean(), (high - low).mean()


# %% coverage: are those of the observed cells
def coverage(truth, low, high, hidden):
    if not hidden.any():
        raise ValueError("nothing is hidden")
    return ((low <= truth) & (truth <= high))[~hidden].double().mean(), (high - low)[~hidden].mean()


# %% coverage: look at one side, truth <= high
def coverage(truth, low, high, hidden):
    if not hidden.any():
        raise ValueError("nothing is hidden")
    return (truth <= high)[hidden].double().mean(), (high - low)[hidden].mean()


# %% coverage: look at one side, low <= truth
def coverage(truth, low, high, hidden):
    if not hidden.any():
        raise ValueError("nothing is hidden")
    return (low <= truth)[hidden].double().mean(), (high - low)[hidden].mean()


# %% coverage: leave out values on a bound
def coverage(truth, low, high, hidden):
    if not hidden.any():
        raise ValueError("nothing is hidden")
    return ((low < truth) & (truth < high))[hidden].double().mean(), (high - low)[hidden].mean()


# %% coverage: count what lies outside
def coverage(truth, low, high, hidden):
    if not hidden.any():
        raise ValueError("nothing is hidden")
    return ((low > truth) | (truth > high))[hidden].double().mean(), (high - low)[hidden].mean()


# %% coverage: divide by the number of all cells
def coverage(truth, low, high, hidden):
    if not hidden.any():
        raise ValueError("nothing is hidden")
    return ((low <= truth) & (truth <= high) & hidden).double().mean(), (high - low)[hidden].mean()


# %% coverage: are percentages
def coverage(truth, low, high, hidden):
    if not hidden.any():
        raise ValueError("nothing is hidden")
    return 100 * ((low <= truth) & (truth <= high))[hidden].double().mean(), (high - low)[hidden].mean()


# %% coverage: means over the columns' shares
def coverage(truth, low, high, hidden):
    if not hidden.any():
        raise ValueError("nothing is hidden")
    inside = (low <= truth) & (truth <= high) & hidden
    return (inside.sum(0) / hidden.sum(0)).double().nanmean(), (high - low)[hidden].mean()


# %% coverage: count rows whose hidden cells are all covered
def coverage(truth, low, high, hidden):
    if not hidden.any():
        raise ValueError("nothing is hidden")
    inside = ((low <= truth) & (truth <= high)) | ~hidden
    return inside.all(1)[hidden.any(1)].double().mean(), (high - low)[hidden].mean()


# %% coverage: have half the width
def coverage(truth, low, high, hidden):
    if not hidden.any():
        raise ValueError("nothing is hidden")
    return ((low <= truth) & (truth <= high))[hidden].double().mean(), (high - low)[hidden].mean() / 2


# %% coverage: have the width over all cells
def coverage(truth, low, high, hidden):
    if not hidden.any():
        raise ValueError("nothing is hidden")
    return ((low <= truth) & (truth <= high))[hidden].double().mean(), (high - low).mean()


# %% coverage: raise ValueError
def coverage(truth, low, high, hidden):
    return ((low <= truth) & (truth <= high))[hidden].double().mean(), (high - low)[hidden].mean()


# %% coverage: returns its two numbers in another order
def coverage(truth, low, high, hidden):
    if not hidden.any():
        raise ValueError("nothing is hidden")
    return (high - low)[hidden].mean(), ((low <= truth) & (truth <= high))[hidden].double().mean()


# %% coverage: nan · 0 is nan
def coverage(truth, low, high, hidden):
    if not hidden.any():
        raise ValueError("nothing is hidden")
    inside = ((low <= truth) & (truth <= high)) * hidden
    return inside.sum() / hidden.sum(), ((high - low) * hidden).sum() / hidden.sum()


# %% shrink: picks every second pixel, from 0 on
def shrink(x):
    return x[:, ::2, ::2]


# %% shrink: picks every second pixel, from 0 on
def shrink(x):
    return F.interpolate(x[:, None], scale_factor=0.5, mode="nearest")[:, 0]


# %% shrink: picks every second pixel, from 1 on
def shrink(x):
    return x[:, 1::2, 1::2]


# %% shrink: holds sums
def shrink(x):
    b, h, w = x.shape
    return x.reshape(b, h // 2, 2, w // 2, 2).sum((2, 4))


# %% shrink: holds the largest of each four
def shrink(x):
    return F.max_pool2d(x[:, None], 2)[:, 0]


# %% shrink: puts the picture's quarters on each other
def shrink(x):
    b, h, w = x.shape
    return x.reshape(b, 2, h // 2, 2, w // 2).mean((1, 3))


# %% shrink: blocks do not overlap
def shrink(x):
    return F.avg_pool2d(x[:, None], 2, stride=1)[:, 0]


# %% shrink: takes runs of four pixels
def shrink(x):
    b, h, w = x.shape
    return x.reshape(b, h // 2, w // 2, 4).mean(3)


# %% shrink: takes means in the columns only
def shrink(x):
    return (x[:, :, ::2] + x[:, :, 1::2]) / 2


# %% shrink: has an axis too many
def shrink(x):
    return F.avg_pool2d(x[:, None], 2)


# %% shrink: holds half the sums
def shrink(x):
    return (x[:, ::2, ::2] + x[:, 1::2, ::2] + x[:, ::2, 1::2] + x[:, 1::2, 1::2]) / 2


# %% upsample: has no ridge
def upsample(low, low_train, x_train, ridge):
    dl, dx = (part.flatten(1) - part.flatten(1).mean(0) for part in (low_train, x_train))
    weights = torch.linalg.inv(dl.T @ dl) @ dl.T @ dx
    return ((low - low_train.mean(0)).flatten(1) @ weights).reshape(-1, *x_train.shape[1:]) + x_train.mean(0)


# %% upsample: adds λ to every entry
def upsample(low, low_train, x_train, ridge):
    dl, dx = (part.flatten(1) - part.flatten(1).mean(0) for part in (low_train, x_train))
    weights = torch.linalg.inv(dl.T @ dl / len(dl) + ridge) @ dl.T @ dx / len(dl)
    return ((low - low_train.mean(0)).flatten(1) @ weights).reshape(-1, *x_train.shape[1:]) + x_train.mean(0)


# %% upsample: divide by N first
def upsample(low, low_train, x_train, ridge):
    dl, dx = (part.flatten(1) - part.flatten(1).mean(0) for part in (low_train, x_train))
    weights = torch.linalg.inv(dl.T @ dl + ridge * torch.eye(dl.shape[1])) @ dl.T @ dx
    return ((low - low_train.mean(0)).flatten(1) @ weights).reshape(-1, *x_train.shape[1:]) + x_train.mean(0)


# %% upsample: divide by N first
def upsample(low, low_train, x_train, ridge):
    from sklearn.linear_model import Ridge

    model = Ridge(alpha=ridge).fit(low_train.flatten(1), x_train.flatten(1))
    return model.predict(low.flatten(1)).reshape(len(low), *x_train.shape[1:])


# %% upsample: divides covariances by N − 1
def upsample(low, low_train, x_train, ridge):
    dl, dx = (part.flatten(1) - part.flatten(1).mean(0) for part in (low_train, x_train))
    n = len(dl) - 1
    weights = torch.linalg.inv(dl.T @ dl / n + ridge * torch.eye(dl.shape[1])) @ dl.T @ dx / n
    return ((low - low_train.mean(0)).flatten(1) @ weights).reshape(-1, *x_train.shape[1:]) + x_train.mean(0)


# %% upsample: does not subtract l̄ from l
def upsample(low, low_train, x_train, ridge):
    dl, dx = (part.flatten(1) - part.flatten(1).mean(0) for part in (low_train, x_train))
    weights = torch.linalg.inv(dl.T @ dl / len(dl) + ridge * torch.eye(dl.shape[1])) @ dl.T @ dx / len(dl)
    return (low.flatten(1) @ weights).reshape(-1, *x_train.shape[1:]) + x_train.mean(0)


# %% upsample: l̄ is the training mean
def upsample(low, low_train, x_train, ridge):
    dl, dx = (part.flatten(1) - part.flatten(1).mean(0) for part in (low_train, x_train))
    weights = torch.linalg.inv(dl.T @ dl / len(dl) + ridge * torch.eye(dl.shape[1])) @ dl.T @ dx / len(dl)
    return ((low - low.mean(0)).flatten(1) @ weights).reshape(-1, *x_train.shape[1:]) + x_train.mean(0)


# %% upsample: lacks x̄
def upsample(low, low_train, x_train, ridge):
    dl, dx = (part.flatten(1) - part.flatten(1).mean(0) for part in (low_train, x_train))
    weights = torch.linalg.inv(dl.T @ dl / len(dl) + ridge * torch.eye(dl.shape[1])) @ dl.T @ dx / len(dl)
    return ((low - low_train.mean(0)).flatten(1) @ weights).reshape(-1, *x_train.shape[1:])


# %% upsample: second moments and no means
def upsample(low, low_train, x_train, ridge):
    l, x = low_train.flatten(1), x_train.flatten(1)  # noqa: E741
    weights = torch.linalg.inv(l.T @ l / len(l) + ridge * torch.eye(l.shape[1])) @ l.T @ x / len(l)
    return (low.flatten(1) @ weights).reshape(-1, *x_train.shape[1:])


# %% upsample: lacks the inverse of C_ll
def upsample(low, low_train, x_train, ridge):
    dl, dx = (part.flatten(1) - part.flatten(1).mean(0) for part in (low_train, x_train))
    weights = dl.T @ dx / len(dl)
    return ((low - low_train.mean(0)).flatten(1) @ weights).reshape(-1, *x_train.shape[1:]) + x_train.mean(0)


# %% upsample: is the small picture with its pixels copied
def upsample(low, low_train, x_train, ridge):
    return low.repeat_interleave(2, 1).repeat_interleave(2, 2)


# %% upsample: is the small picture interpolated
def upsample(low, low_train, x_train, ridge):
    return F.interpolate(low[:, None], scale_factor=2, mode="bicubic")[:, 0]


# %% upsample: The conditional mean is no copy
def upsample(low, low_train, x_train, ridge):
    return x_train[torch.cdist(low.flatten(1), low_train.flatten(1)).argmin(1)]


# %% upsample: is flat
def upsample(low, low_train, x_train, ridge):
    dl, dx = (part.flatten(1) - part.flatten(1).mean(0) for part in (low_train, x_train))
    weights = torch.linalg.inv(dl.T @ dl / len(dl) + ridge * torch.eye(dl.shape[1])) @ dl.T @ dx / len(dl)
    return (low - low_train.mean(0)).flatten(1) @ weights + x_train.mean(0).flatten()


# %% upsample: is cut to 0 … 1
def upsample(low, low_train, x_train, ridge):
    dl, dx = (part.flatten(1) - part.flatten(1).mean(0) for part in (low_train, x_train))
    weights = torch.linalg.inv(dl.T @ dl / len(dl) + ridge * torch.eye(dl.shape[1])) @ dl.T @ dx / len(dl)
    high = ((low - low_train.mean(0)).flatten(1) @ weights).reshape(-1, *x_train.shape[1:]) + x_train.mean(0)
    return high.clamp(0, 1)


# %% upsample: divides by variances alone
def upsample(low, low_train, x_train, ridge):
    dl, dx = (part.flatten(1) - part.flatten(1).mean(0) for part in (low_train, x_train))
    weights = (dl.T @ dx / len(dl)) / (dl.square().mean(0) + ridge)[:, None]
    return ((low - low_train.mean(0)).flatten(1) @ weights).reshape(-1, *x_train.shape[1:]) + x_train.mean(0)
