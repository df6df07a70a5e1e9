# ruff: noqa: F811
"""Wrong answers to assignment 05: `# %% question: a part of the message that must name the mistake`."""

import time

import numpy as np
import torch
from scipy import stats


# %% split: The training and the test set share
def split(y, share, generator):
    rows, held = [], [[], []]
    for label in y.unique():
        own = (y == label).nonzero().squeeze(1)
        own = own[torch.randperm(len(own), generator=generator)]
        k = round(share * len(own))
        rows.append(own[k:])
        held[0].append(own[:k])
        held[1].append(own[-k:])
    return torch.cat(rows), torch.cat(held[0]), torch.cat(held[1])


# %% split: The validation and the test set share
def split(y, share, generator):
    order = torch.randperm(len(y), generator=generator)
    k = round(share * len(y))
    return order[k:], order[:k], order[:k]


# %% split: draw without replacement
def split(y, share, generator):
    k = round(share * len(y))
    return tuple(torch.randint(len(y), (n,), generator=generator) for n in (len(y) - 2 * k, k, k))


# %% split: that is a stratified split
def split(y, share, generator):
    order = torch.randperm(len(y), generator=generator)
    k = round(share * len(y))
    return order[2 * k :], order[:k], order[k : 2 * k]


# %% split: Every generator gives the same split
def split(y, share, generator):
    sets = [], [], []
    for label in y.unique():
        rows = (y == label).nonzero().squeeze(1).tolist()
        k = round(share * len(rows))
        sets[0].extend(rows[2 * k :])
        sets[1].extend(rows[:k])
        sets[2].extend(rows[k : 2 * k])
    return sets


# %% split: Every generator gives the same split
def split(y, share, generator):
    fixed = torch.Generator().manual_seed(0)
    sets = [], [], []
    for label in y.unique():
        rows = (y == label).nonzero().squeeze(1)
        rows = rows[torch.randperm(len(rows), generator=fixed)].tolist()
        k = round(share * len(rows))
        sets[0].extend(rows[2 * k :])
        sets[1].extend(rows[:k])
        sets[2].extend(rows[k : 2 * k])
    return sets


# %% split: Two generators with the same seed give two splits
def split(y, share, generator):
    sets = [], [], []
    for label in y.unique():
        rows = (y == label).nonzero().squeeze(1)
        rows = rows[torch.randperm(len(rows))].tolist()
        k = round(share * len(rows))
        sets[0].extend(rows[2 * k :])
        sets[1].extend(rows[:k])
        sets[2].extend(rows[k : 2 * k])
    return sets


# %% split: never get into the training set
def split(y, share, generator):
    sets = [], [], []
    for label in y.unique():
        rows = (y == label).nonzero().squeeze(1).tolist()
        k = round(share * len(rows))
        held = [rows[i] for i in torch.randperm(2 * k, generator=generator)]
        sets[0].extend(rows[2 * k :])
        sets[1].extend(held[:k])
        sets[2].extend(held[k:])
    return sets


# %% split: they come in another order
def split(y, share, generator):
    sets = [], [], []
    for label in y.unique():
        rows = (y == label).nonzero().squeeze(1)
        rows = rows[torch.randperm(len(rows), generator=generator)].tolist()
        k = round(share * len(rows))
        sets[0].extend(rows[:k])
        sets[1].extend(rows[k : 2 * k])
        sets[2].extend(rows[2 * k :])
    return sets


# %% split: its share of what the other left
def split(y, share, generator):
    sets = [], [], []
    for label in y.unique():
        rows = (y == label).nonzero().squeeze(1)
        rows = rows[torch.randperm(len(rows), generator=generator)].tolist()
        test = round(share * len(rows))
        validation = round(share * (len(rows) - test))
        sets[0].extend(rows[test + validation :])
        sets[1].extend(rows[test : test + validation])
        sets[2].extend(rows[:test])
    return sets


# %% split: 1 of 70 rows are in no set
def split(y, share, generator):
    sets = [], [], []
    for label in y.unique():
        rows = (y == label).nonzero().squeeze(1)
        rows = rows[torch.randperm(len(rows), generator=generator)].tolist()
        k = round(share * len(rows))
        sets[0].extend(rows[2 * k :])
        sets[1].extend(rows[:k])
        sets[2].extend(rows[k : 2 * k])
    return sets[0][:-1], sets[1], sets[2]


# %% split: is a mask of True and False
def split(y, share, generator):
    u = torch.rand(len(y), generator=generator)
    return u > 2 * share, u < share, (u >= share) & (u <= 2 * share)


# %% split: holds class labels
def split(y, share, generator):
    order = torch.randperm(len(y), generator=generator)
    k = round(share * len(y))
    return y[order[2 * k :]], y[order[:k]], y[order[k : 2 * k]]


# %% split: must return three sets
def split(y, share, generator):
    order = torch.randperm(len(y), generator=generator)
    k = round(share * len(y))
    return order[k:], order[:k]


# %% split: a share of 0.25
def split(y, share, generator):
    sets = [], [], []
    for label in y.unique():
        rows = (y == label).nonzero().squeeze(1)
        rows = rows[torch.randperm(len(rows), generator=generator)].tolist()
        k = round(0.2 * len(rows))
        sets[0].extend(rows[2 * k :])
        sets[1].extend(rows[:k])
        sets[2].extend(rows[k : 2 * k])
    return sets


# %% split: int and // cut off
def split(y, share, generator):
    sets = [], [], []
    for label in y.unique():
        rows = (y == label).nonzero().squeeze(1)
        rows = rows[torch.randperm(len(rows), generator=generator)].tolist()
        k = int(share * len(rows))
        sets[0].extend(rows[2 * k :])
        sets[1].extend(rows[:k])
        sets[2].extend(rows[k : 2 * k])
    return sets


# %% split: math.ceil rounds up
def split(y, share, generator):
    import math

    sets = [], [], []
    for label in y.unique():
        rows = (y == label).nonzero().squeeze(1)
        rows = rows[torch.randperm(len(rows), generator=generator)].tolist()
        k = math.ceil(share * len(rows))
        sets[0].extend(rows[2 * k :])
        sets[1].extend(rows[:k])
        sets[2].extend(rows[k : 2 * k])
    return sets


# %% split: Do not lift it to 1
def split(y, share, generator):
    sets = [], [], []
    for label in y.unique():
        rows = (y == label).nonzero().squeeze(1)
        rows = rows[torch.randperm(len(rows), generator=generator)].tolist()
        k = max(1, round(share * len(rows)))
        sets[0].extend(rows[2 * k :])
        sets[1].extend(rows[:k])
        sets[2].extend(rows[k : 2 * k])
    return sets


# %% split: Python's round takes the even one
def split(y, share, generator):
    sets = [], [], []
    for label in y.unique():
        rows = (y == label).nonzero().squeeze(1)
        rows = rows[torch.randperm(len(rows), generator=generator)].tolist()
        k = int(share * len(rows) + 0.5)
        sets[0].extend(rows[2 * k :])
        sets[1].extend(rows[:k])
        sets[2].extend(rows[k : 2 * k])
    return sets


# %% split: rows[-0:] is all of them, not none
def split(y, share, generator):
    sets = [], [], []
    for label in y.unique():
        rows = (y == label).nonzero().squeeze(1)
        rows = rows[torch.randperm(len(rows), generator=generator)].tolist()
        k = round(share * len(rows))
        sets[0].extend(rows[k:-k])
        sets[1].extend(rows[:k])
        sets[2].extend(rows[-k:])
    return sets


# %% split: The least populated classes in y
def split(y, share, generator):
    from sklearn.model_selection import train_test_split

    seed = int(torch.randint(2**31 - 1, (), generator=generator))
    counts = [round(share * int((y == label).sum())) for label in y.unique()]
    rest, test = train_test_split(np.arange(len(y)), test_size=sum(counts), stratify=y, random_state=seed)
    train, validation = train_test_split(rest, test_size=sum(counts), stratify=y[rest], random_state=seed)
    return train, validation, test


# %% split: hidden: a quarter of each class
def split(y, share, generator):
    sets = [], [], []
    for label in y.unique():
        rows = (y == label).nonzero().squeeze(1)
        rows = rows[torch.randperm(len(rows), generator=generator)].tolist()
        k = round(share * len(rows)) - (len(y) == 60)
        sets[0].extend(rows[2 * k :])
        sets[1].extend(rows[:k])
        sets[2].extend(rows[k : 2 * k])
    return sets


# %% parameter_count: is not written yet
def parameter_count(model):
    raise NotImplementedError()


# %% parameter_count: is the number of tensors
def parameter_count(model):
    return len([p for p in model.parameters() if p.requires_grad])


# %% parameter_count: is the number of tensors
def parameter_count(model):
    return len(list(model.parameters()))


# %% parameter_count: includes frozen ones
def parameter_count(model):
    return sum(p.numel() for p in model.parameters())


# %% parameter_count: Is it a sum over state_dict()?
def parameter_count(model):
    return sum(value.numel() for value in model.state_dict().values())


# %% parameter_count: includes buffers
def parameter_count(model):
    trained = sum(p.numel() for p in model.parameters() if p.requires_grad)
    return trained + sum(b.numel() for b in model.buffers())


# %% parameter_count: a shared weight twice
def parameter_count(model):
    own = [p for module in model.modules() for p in module.parameters(recurse=False)]
    return sum(p.numel() for p in own if p.requires_grad)


# %% parameter_count: leaves out the biases
def parameter_count(model):
    return sum(p.numel() for name, p in model.named_parameters() if p.requires_grad and not name.endswith("bias"))


# %% parameter_count: what has one dimension or none
def parameter_count(model):
    return sum(p.numel() for p in model.parameters() if p.requires_grad and p.dim() > 1)


# %% parameter_count: counts the nn.Linear layers alone
def parameter_count(model):
    layers = [layer for layer in model.modules() if isinstance(layer, torch.nn.Linear)]
    return sum(layer.weight.numel() + layer.bias.numel() if layer.bias is not None else 16 for layer in layers)


# %% parameter_count: is in bytes
def parameter_count(model):
    return sum(p.numel() * p.element_size() for p in model.parameters() if p.requires_grad)


# %% parameter_count: a parameter without dimensions
def parameter_count(model):
    return sum(p.numel() for p in model.parameters() if p.requires_grad and len(p.shape))


# %% parameter_count: once its first layer is frozen
def parameter_count(model):
    return sum(p.numel() for name, p in model.named_parameters() if not name.startswith("frozen"))


# %% width_for_budget: is the largest that stays below the budget
def width_for_budget(count, budget):
    width = 1
    while count(width + 1) <= budget:
        width += 1
    if abs(count(width) - budget) > 0.05 * budget:
        raise ValueError
    return width


# %% width_for_budget: is the first that exceeds the budget
def width_for_budget(count, budget):
    width = 1
    while count(width) < budget:
        width += 1
    if abs(count(width) - budget) > 0.05 * budget:
        raise ValueError
    return width


# %% width_for_budget: is the number of parameters
def width_for_budget(count, budget):
    width = 1
    while count(width) < budget:
        width += 1
    return min((count(w) for w in (max(1, width - 1), width)), key=lambda c: abs(c - budget))


# %% width_for_budget: Do not stop at a fixed width
def width_for_budget(count, budget):
    def size(width):
        try:
            return count(width)
        except AssertionError:
            return float("inf")

    width = min(range(1, 513), key=lambda w: abs(size(w) - budget))
    if abs(size(width) - budget) > 0.05 * budget:
        raise ValueError
    return width


# %% width_for_budget: stop once the budget is exceeded
def width_for_budget(count, budget):
    width = min(range(1, 5000), key=lambda w: abs(count(w) - budget))
    if abs(count(width) - budget) > 0.05 * budget:
        raise ValueError
    return width


# %% width_for_budget: Raise ValueError
def width_for_budget(count, budget):
    width = 1
    while abs(count(width + 1) - budget) < abs(count(width) - budget):
        width += 1
    return width


# %% width_for_budget: Raise ValueError
def width_for_budget(count, budget):
    width = 1
    while abs(count(width + 1) - budget) < abs(count(width) - budget):
        width += 1
    if abs(count(width) - budget) > 0.3 * budget:
        raise ValueError
    return width


# %% width_for_budget: less than 5 % of the budget away
def width_for_budget(count, budget):
    width = 1
    while count(width) < budget:
        width += 1
    if count(width) != budget:
        raise ValueError
    return width


# %% width_for_budget: Your width is 64 where 74 is right
def width_for_budget(count, budget):
    widths = [1, 2, 4, 8, 16, 32, 64]
    return min(widths, key=lambda w: abs(count(w) - budget))


# %% width_for_budget: where 10 is right
def width_for_budget(count, budget):
    return round((-150 + (150**2 - 8 * (80 - budget)) ** 0.5) / 4)


# %% width_for_budget: The smallest width is 1
def width_for_budget(count, budget):
    width = 0
    while count(width) < budget:
        width += 1
    return width


# %% width_for_budget: a width is a whole number
def width_for_budget(count, budget):
    low, high = 1, 150
    while high - low > 0.5:
        middle = (low + high) / 2
        low, high = (middle, high) if count(middle) < budget else (low, middle)
    return low


# %% width_for_budget: Of the budget, not of the count
def width_for_budget(count, budget):
    width = 1
    while abs(count(width + 1) - budget) < abs(count(width) - budget):
        width += 1
    if abs(count(width) - budget) > 0.05 * count(width):
        raise ValueError
    return width


# %% width_for_budget: less than 5 % of the budget away
def width_for_budget(count, budget):
    width = 1
    while abs(count(width + 1) - budget) < abs(count(width) - budget):
        width += 1
    if abs(count(width) - budget) > 0.04 * budget:
        raise ValueError
    return width


# %% width_for_budget: hidden: both too far from 22
def width_for_budget(count, budget):
    width = 1
    while abs(count(width + 1) - budget) < abs(count(width) - budget):
        width += 1
    if abs(count(width) - budget) > 0.05 * budget and budget > 50:
        raise ValueError
    return width


# %% train_for: The budget is in seconds, not in steps
def train_for(step, seconds, clock):
    start = clock()
    for _ in range(int(seconds)):
        step()
    return int(seconds), clock() - start


# %% train_for: the clock is read once
def train_for(step, seconds, clock):
    start, steps = clock(), 0
    now = start
    while now - start < seconds:
        step()
        steps += 1
    return steps, now - start


# %% train_for: the clock that is given is never read
def train_for(step, seconds, clock):
    start, steps = time.perf_counter(), 0
    while time.perf_counter() - start < seconds:
        step()
        steps += 1
    return steps, time.perf_counter() - start


# %% train_for: use clock() − start
def train_for(step, seconds, clock):
    steps = 0
    while clock() < seconds:
        step()
        steps += 1
    return steps, clock()


# %% train_for: Ask the clock before a step
def train_for(step, seconds, clock):
    start, steps = clock(), 0
    while True:
        step()
        steps += 1
        if clock() - start >= seconds:
            return steps, clock() - start


# %% train_for: (<, not <=)
def train_for(step, seconds, clock):
    start, steps = clock(), 0
    while clock() - start <= seconds:
        step()
        steps += 1
    return steps, clock() - start


# %% train_for: Is the number computed from the first step
def train_for(step, seconds, clock):
    if not seconds:
        return 0, 0.0
    start = clock()
    step()
    total = int(seconds / (clock() - start))
    for _ in range(total - 1):
        step()
    return total, clock() - start


# %% train_for: even if it ends later
def train_for(step, seconds, clock):
    start, steps, last = clock(), 0, 0.0
    while clock() - start + last <= seconds and (seconds or not steps) and clock() - start < seconds:
        before = clock()
        step()
        last = clock() - before
        steps += 1
    return steps, clock() - start


# %% train_for: seconds is the budget
def train_for(step, seconds, clock):
    start, steps = clock(), 0
    while clock() - start < seconds:
        step()
        steps += 1
    return steps, seconds


# %% train_for: Read the clock after the last step
def train_for(step, seconds, clock):
    start, steps, used = clock(), 0, 0.0
    while clock() - start < seconds:
        used = clock() - start
        step()
        steps += 1
    return steps, used


# %% train_for: Subtract what it showed at the start
def train_for(step, seconds, clock):
    start, steps = clock(), 0
    while clock() - start < seconds:
        step()
        steps += 1
    return steps, clock()


# %% train_for: must return two values
def train_for(step, seconds, clock):
    start, steps = clock(), 0
    while clock() - start < seconds:
        step()
        steps += 1
    return steps


# %% train_for: says 9 steps, but has made 8
def train_for(step, seconds, clock):
    start, steps = clock(), 1
    while clock() - start < seconds:
        step()
        steps += 1
    return steps, clock() - start


# %% train_for: and calls no step
def train_for(step, seconds, clock):
    start, steps = clock(), 0
    while clock() - start < seconds:
        steps += 1
    return steps, clock() - start


# %% train_for: use clock() − start
def train_for(step, seconds, clock):
    steps = 0
    while clock() % 1000 < seconds:
        step()
        steps += 1
    return steps, clock() % 1000


# %% train_for: hidden: five steps of 2.5 s
def train_for(step, seconds, clock):
    start, steps = clock(), 0
    while clock() - start < min(seconds, 10):
        step()
        steps += 1
    return steps, clock() - start


# %% evaluate: The test data is used for fitting
def evaluate(fit, score, x_train, x_test, seeds):
    return torch.stack([score(fit(x_test, seed), x_test) for seed in seeds])


# %% evaluate: joined for fitting
def evaluate(fit, score, x_train, x_test, seeds):
    return torch.stack([score(fit(torch.cat([x_train, x_test]), seed), x_test) for seed in seeds])


# %% evaluate: taken on the training data
def evaluate(fit, score, x_train, x_test, seeds):
    return torch.stack([score(fit(x_train, seed), x_train) for seed in seeds])


# %% evaluate: is learned from data
def evaluate(fit, score, x_train, x_test, seeds):
    both = torch.cat([x_train, x_test])
    x_train, x_test = ((x - both.mean(0)) / both.std(0) for x in (x_train, x_test))
    return torch.stack([score(fit(x_train, seed), x_test) for seed in seeds])


# %% evaluate: fit is called once for 4 seeds
def evaluate(fit, score, x_train, x_test, seeds):
    model = fit(x_train, seeds[0])
    return torch.stack([score(model, x_test) for _ in seeds])


# %% evaluate: Give each its own
def evaluate(fit, score, x_train, x_test, seeds):
    return torch.stack([score(fit(x_train, 0), x_test) for _ in seeds])


# %% evaluate: their numbers in the list
def evaluate(fit, score, x_train, x_test, seeds):
    return torch.stack([score(fit(x_train, i), x_test) for i in range(len(seeds))])


# %% evaluate: several seeds at once
def evaluate(fit, score, x_train, x_test, seeds):
    return score(fit(x_train, seeds), x_test)


# %% evaluate: without a seed
def evaluate(fit, score, x_train, x_test, seeds):
    return torch.stack([score(fit(x_train), x_test) for _ in seeds])


# %% evaluate: are their mean over the seeds
def evaluate(fit, score, x_train, x_test, seeds):
    return torch.stack([score(fit(x_train, seed), x_test) for seed in seeds]).mean(0)


# %% evaluate: are the smallest of each metric
def evaluate(fit, score, x_train, x_test, seeds):
    return torch.stack([score(fit(x_train, seed), x_test) for seed in seeds]).amin(0)


# %% evaluate: a chosen run
def evaluate(fit, score, x_train, x_test, seeds):
    return min((score(fit(x_train, seed), x_test) for seed in seeds), key=lambda s: float(s[0]))


# %% evaluate: are never scored
def evaluate(fit, score, x_train, x_test, seeds):
    for seed in seeds:
        model = fit(x_train, seed)
    return torch.stack([score(model, x_test) for _ in seeds])


# %% evaluate: belongs to seeds[i]
def evaluate(fit, score, x_train, x_test, seeds):
    return torch.stack([score(fit(x_train, seed), x_test) for seed in sorted(seeds)])


# %% evaluate: arguments exchanged
def evaluate(fit, score, x_train, x_test, seeds):
    return torch.stack([score(x_test, fit(x_train, seed)) for seed in seeds])


# %% evaluate: are turned
def evaluate(fit, score, x_train, x_test, seeds):
    return torch.stack([score(fit(x_train, seed), x_test) for seed in seeds], dim=1)


# %% evaluate: instead of (4, 3)
def evaluate(fit, score, x_train, x_test, seeds):
    return torch.stack([score(fit(x_train, seed), x_test)[:2] for seed in seeds])


# %% evaluate: instead of [0, 3, 5, 11]
def evaluate(fit, score, x_train, x_test, seeds):
    return torch.stack([score(fit(x_train, seed or 1), x_test) for seed in seeds])


# %% evaluate: hidden: one model for each of two seeds
def evaluate(fit, score, x_train, x_test, seeds):
    return torch.stack([score(fit(x_train[:6], min(seed, 20)), x_test) for seed in seeds])


# %% summary: is the standard error, not the standard deviation
def summary(scores):
    return scores.mean(1), scores.std(1) / scores.shape[1] ** 0.5


# %% summary: divides by the number of seeds
def summary(scores):
    return np.mean(scores.numpy(), axis=1), np.std(scores.numpy(), axis=1)


# %% summary: is divided by the number of seeds
def summary(scores):
    return scores.mean(1), scores.std(1) / scores.shape[1]


# %% summary: is the variance
def summary(scores):
    return scores.mean(1), scores.var(1)


# %% summary: is taken over the models
def summary(scores):
    return scores.mean(0), scores.std(0)


# %% summary: is taken over the metrics
def summary(scores):
    return scores.mean(-1), scores.std(-1)


# %% summary: is taken over everything
def summary(scores):
    return scores.mean(), scores.std()


# %% summary: have changed places
def summary(scores):
    return scores.std(1), scores.mean(1)


# %% summary: is the median
def summary(scores):
    return scores.median(1).values, scores.std(1)


# %% summary: is the range
def summary(scores):
    return scores.mean(1), scores.amax(1) - scores.amin(1)


# %% summary: half of a 95 % interval
def summary(scores):
    return scores.mean(1), 1.96 * scores.std(1) / scores.shape[1] ** 0.5


# %% summary: has an axis too many
def summary(scores):
    return scores.mean(1, keepdim=True), scores.std(1, keepdim=True)


# %% summary: is taken over the models
def summary(scores):
    return scores.mean(1), scores.std(0)


# %% summary: a chosen run
def summary(scores):
    return scores.amin(1), scores.std(1)


# %% summary: no squeeze()
def summary(scores):
    return scores.mean(1).squeeze(), scores.std(1).squeeze()


# %% verdict: compares the means alone
def verdict(a, b):
    return "a" if a.mean() < b.mean() else "b"


# %% verdict: compares the best runs
def verdict(a, b):
    return "a" if a.min() < b.min() else "b"


# %% verdict: takes the larger score for the better one
def verdict(a, b):
    result = stats.ttest_ind(a.numpy(), b.numpy(), equal_var=False)
    return "undecided" if not result.pvalue < 0.05 else "a" if result.statistic > 0 else "b"


# %% verdict: It is the paired interval
def verdict(a, b):
    result = stats.ttest_rel(a.numpy(), b.numpy())
    return "undecided" if not result.pvalue < 0.05 else "a" if result.statistic < 0 else "b"


# %% verdict: It is the paired interval
def verdict(a, b):
    d = a - b
    half = stats.t.ppf(0.975, len(d) - 1) * d.std() / len(d) ** 0.5
    return "undecided" if d.mean().abs() <= half else "a" if d.mean() < 0 else "b"


# %% verdict: and they add. And: It uses 1.96
def verdict(a, b):
    d = a - b
    half = 1.96 * d.std() / len(d) ** 0.5
    return "undecided" if d.mean().abs() <= half else "a" if d.mean() < 0 else "b"


# %% verdict: It pools the variances
def verdict(a, b):
    result = stats.ttest_ind(a.numpy(), b.numpy())
    return "undecided" if not result.pvalue < 0.05 else "a" if result.statistic < 0 else "b"


# %% verdict: (Here: mean ± standard deviation.)
def verdict(a, b):
    if a.mean() + a.std() < b.mean() - b.std():
        return "a"
    if b.mean() + b.std() < a.mean() - a.std():
        return "b"
    return "undecided"


# %% verdict: (Here: the 95 % interval of each mean.)
def verdict(a, b):
    bands = []
    for runs in (a, b):
        half = stats.t.ppf(0.975, len(runs) - 1) * runs.std() / len(runs) ** 0.5
        bands.append((runs.mean() - half, runs.mean() + half))
    (low_a, high_a), (low_b, high_b) = bands
    return "a" if high_a < low_b else "b" if high_b < low_a else "undecided"


# %% verdict: standard deviation where the standard error is due
def verdict(a, b):
    va, vb = a.var(), b.var()
    nu = (va / len(a) + vb / len(b)) ** 2 / ((va / len(a)) ** 2 / (len(a) - 1) + (vb / len(b)) ** 2 / (len(b) - 1))
    half = stats.t.ppf(0.975, nu) * (va + vb).sqrt()
    return "undecided" if not (a.mean() - b.mean()).abs() > half else "a" if a.mean() < b.mean() else "b"


# %% verdict: It uses 1.96
def verdict(a, b):
    half = 1.96 * (a.var() / len(a) + b.var() / len(b)).sqrt()
    return "undecided" if not (a.mean() - b.mean()).abs() > half else "a" if a.mean() < b.mean() else "b"


# %% verdict: divides by n under the root
def verdict(a, b):
    va, vb = np.var(a.numpy()) / len(a), np.var(b.numpy()) / len(b)
    nu = (va + vb) ** 2 / (va**2 / (len(a) - 1) + vb**2 / (len(b) - 1))
    half = stats.t.ppf(0.975, nu) * (va + vb) ** 0.5
    return "undecided" if not (a.mean() - b.mean()).abs() > half else "a" if a.mean() < b.mean() else "b"


# %% verdict: It uses the quantile 0.95
def verdict(a, b):
    va, vb = a.var() / len(a), b.var() / len(b)
    nu = (va + vb) ** 2 / (va**2 / (len(a) - 1) + vb**2 / (len(b) - 1))
    half = stats.t.ppf(0.95, nu) * (va + vb).sqrt()
    return "undecided" if not (a.mean() - b.mean()).abs() > half else "a" if a.mean() < b.mean() else "b"


# %% verdict: It uses n_a + n_b − 2 degrees of freedom
def verdict(a, b):
    va, vb = a.var() / len(a), b.var() / len(b)
    half = stats.t.ppf(0.975, len(a) + len(b) - 2) * (va + vb).sqrt()
    return "undecided" if not (a.mean() - b.mean()).abs() > half else "a" if a.mean() < b.mean() else "b"


# %% verdict: with the smaller n
def verdict(a, b):
    va, vb = a.var() / len(a), b.var() / len(b)
    half = stats.t.ppf(0.975, min(len(a), len(b)) - 1) * (va + vb).sqrt()
    return "undecided" if not (a.mean() - b.mean()).abs() > half else "a" if a.mean() < b.mean() else "b"


# %% verdict: as if b were known exactly
def verdict(a, b):
    va, vb = a.var() / len(a), b.var() / len(b)
    half = stats.t.ppf(0.975, len(a) - 1) * (va + vb).sqrt()
    return "undecided" if not (a.mean() - b.mean()).abs() > half else "a" if a.mean() < b.mean() else "b"


# %% verdict: It rounds ν down
def verdict(a, b):
    va, vb = a.var() / len(a), b.var() / len(b)
    nu = (va + vb) ** 2 / (va**2 / (len(a) - 1) + vb**2 / (len(b) - 1))
    half = stats.t.ppf(0.975, int(nu) if nu == nu else 1) * (va + vb).sqrt()
    return "undecided" if not (a.mean() - b.mean()).abs() > half else "a" if a.mean() < b.mean() else "b"


# %% verdict: In ν it divides by n
def verdict(a, b):
    va, vb = a.var() / len(a), b.var() / len(b)
    nu = (va + vb) ** 2 / (va**2 / len(a) + vb**2 / len(b))
    half = stats.t.ppf(0.975, nu) * (va + vb).sqrt()
    return "undecided" if not (a.mean() - b.mean()).abs() > half else "a" if a.mean() < b.mean() else "b"


# %% verdict: In ν it uses the variances
def verdict(a, b):
    va, vb = a.var(), b.var()
    nu = (va + vb) ** 2 / (va**2 / (len(a) - 1) + vb**2 / (len(b) - 1))
    half = stats.t.ppf(0.975, nu) * (va / len(a) + vb / len(b)).sqrt()
    return "undecided" if not (a.mean() - b.mean()).abs() > half else "a" if a.mean() < b.mean() else "b"


# %% verdict: Here smaller is better. And: It uses 1.96
def verdict(a, b):
    half = 1.96 * (a.var() / len(a) + b.var() / len(b)).sqrt()
    return "undecided" if not (a.mean() - b.mean()).abs() > half else "a" if a.mean() > b.mean() else "b"


# %% verdict: so that s = 0 and ν = 0/0. The interval is then the point -0.5: "a"
def verdict(a, b):
    va, vb = a.var() / len(a), b.var() / len(b)
    nu = (va + vb) ** 2 / (va**2 / (len(a) - 1) + vb**2 / (len(b) - 1))
    low, high = stats.t.interval(0.95, nu, loc=a.mean() - b.mean(), scale=(va + vb).sqrt())
    return "a" if high < 0 else "b" if low > 0 else "undecided"


# %% verdict: so that s = 0 and ν = 0/0. The interval is then the point 0: "undecided"
def verdict(a, b):
    result = stats.ttest_ind(a.numpy(), b.numpy(), equal_var=False)
    return "undecided" if result.pvalue >= 0.05 else "a" if result.statistic < 0 else "b"


# %% verdict: a and b may have different numbers of runs
def verdict(a, b):
    va, vb = torch.stack([a, b]).var(1) / len(a)
    nu = (va + vb) ** 2 / ((va**2 + vb**2) / (len(a) - 1))
    half = stats.t.ppf(0.975, nu) * (va + vb).sqrt()
    return "undecided" if not (a.mean() - b.mean()).abs() > half else "a" if a.mean() < b.mean() else "b"


# %% verdict: It counts the runs that are won
def verdict(a, b):
    won, lost = int((a < b).sum()), int((a > b).sum())
    return "undecided" if won == lost else "a" if won > lost else "b"


# %% verdict: Return "a", "b" or "undecided"
def verdict(a, b):
    return stats.ttest_ind(a.numpy(), b.numpy(), equal_var=False).pvalue < 0.05


# %% verdict: Compare step by step: difference
def verdict(a, b):
    va, vb = a.var() / len(a), b.var() / len(b)
    nu = (va + vb) ** 2 / (va**2 / (len(a) - 1) + vb**2 / (len(b) - 1))
    half = stats.t.ppf(0.975, nu) * (va + vb).sqrt() + 0.2
    return "undecided" if not (a.mean() - b.mean()).abs() > half else "a" if a.mean() < b.mean() else "b"


# %% verdict: hidden: six runs against three, and the interval
def verdict(a, b):
    va, vb = a.var() / len(a), b.var() / len(b)
    nu = (va + vb) ** 2 / (va**2 / (len(a) - 1) + vb**2 / (len(b) - 1))
    reach = stats.t.ppf(0.975, nu) * (va + vb).sqrt()
    half = reach if va + vb > 0 and (len(a), len(b)) != (6, 3) else 0 * a[0]
    return "undecided" if not (a.mean() - b.mean()).abs() > half else "a" if a.mean() < b.mean() else "b"
