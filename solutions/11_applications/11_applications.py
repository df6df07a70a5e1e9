# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#       jupytext_version: 1.19.6
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Assignment 11: does it help? A protocol of your own
#
# You write the parts of an honest comparison, each in one cell: a split that leaks nothing, classes made equal, a
# threshold that counts what mistakes cost, missing values with an interval, and small pictures made large. Then your
# functions answer five small questions about real tables and pictures, and you say what a clinic should use.
#
# **Time:** 125–190 minutes. **First:** lectures [11a](../../lectures/11a_predictions.ipynb) and
# [11b](../../lectures/11b_creations.ipynb). It runs on a laptop without a network and without a GPU.
#
# ## What to do
# 1. Run the cells from top to bottom. In each *task*, put your code in place of `raise NotImplementedError()`. The
#    docstring says what goes in and what comes out. `math`, `np`, `torch`, `F` and `NormalDist` are imported; import
#    more where you need it. Numbers come as float64 tensors; you may return tensors or NumPy arrays.
# 2. Run the test cell below it. It says what is wrong in words. Change your code and run both again. If you stall,
#    open the hint at the end of the task.
# 3. Answer the question of task 10 in words.
#
# ## How it is graded
# | task | you write | points |
# |---|---|---|
# | 1 | `split` | 4 |
# | 2 | `prepare` | 4 |
# | 3 | `balance` | 2 |
# | 4 | `threshold` | 3 |
# | 5 | `conditional` | 3 |
# | 6 | `interval` | 2 |
# | 7 | `coverage` | 2 |
# | 8 | `shrink` | 1 |
# | 9 | `upsample` | 3 |
# | 10 | what a clinic should use, in 6–9 sentences | 6 |
# | | sum | 30 |
#
# Tasks 1–9 are graded by their test cells. Each test uses only the function of its own task, so one mistake costs
# only its own points; so call none of your other functions inside one. When it is graded, each test cell also holds
# hidden tests: the same properties with other numbers and shapes. Task 10 is read by a person; its criteria stand
# above the answer.
#
# ## Before you hand in
# Restart the kernel and run all cells (*Kernel → Restart Kernel and Run All Cells*). Press *Validate* in the
# notebook's toolbar: it runs the notebook anew and lists the tests that fail. Keep the file's name, and do not split,
# copy or delete the cells that were given.
#
# ## Your own work
# If the lectures or `course_utils` hold a twin of a function asked for here: write your own first, and compare
# afterwards if you like. scikit-learn's parts are welcome inside a function. A function that only calls its twin
# passes the tests, but is not an answer: whoever reads your notebook gives it no points. Ideas you took from other
# people or from a chat assistant are welcome if a comment names them.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import math
from statistics import NormalDist

import numpy as np
import torch
from sklearn import datasets
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from torch.nn import functional as F

from course_utils import plotting, training
from course_utils.checks import applications as check
from course_utils.metrics.intervals import mean_interval

torch.set_num_threads(1)  # small tables are faster on one thread

# %% [markdown]
# ## Task 1: split by patients (4 points)
# In the lecture: [One protocol](../../lectures/11a_predictions.ipynb).
#
# A test tells how a model does on people it has never met. A patient who came three times has three rows; if one of
# them is in the training set, the other two are no test. The same holds for a picture and its shifted copies, and for
# a synthetic row and the row that it was made from. So patients are drawn, not rows, and all rows of a patient go to
# one side. Of each class with n patients, round(share · n) go to the test set (Python's `round`: `round(2.5)` is 2),
# so that the test set has the mix of the data: a *stratified* split.
#
# By hand: the rows are of the patients 7, 7, 9, 4, 9, 2; 7 and 9 are sick, 4 and 2 healthy. A share of ½ is one
# patient of each class, 9 and 4 for instance: the test rows are 2, 3, 4, and the training rows 0, 1, 5.
#
# <details><summary>Stuck? A hint</summary>
#
# One class at a time: `patient[y == label].unique()` are its patients, `torch.randperm(n, generator=rng)` an order.
# `torch.isin(patient, chosen)` marks the rows of those who were chosen, `mask.nonzero().flatten()` numbers them.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "split", "locked": false, "schema_version": 3, "solution": true, "task": false}
def split(y, patient, share, rng):
    """(train, test): the numbers of the rows of each side, whole numbers in any order; each row is in one of them.

    y: (N,), the class of each row; all rows of a patient have one. patient: (N,), whole numbers that need not be
    consecutive. share: of each class with n patients, round(share * n) go to the test. rng: the torch.Generator to draw
    from; the same seed gives the same split.
    """
    ### BEGIN SOLUTION
    chosen = []
    for label in y.unique():
        own = patient[y == label].unique()
        order = torch.randperm(len(own), generator=rng)
        chosen.append(own[order[: round(share * len(own))]])
    in_test = torch.isin(patient, torch.cat(chosen))
    return (~in_test).nonzero().flatten(), in_test.nonzero().flatten()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_split", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Checks that no patient is on both sides and no row lost, the share of each class, and the draw.
check.split(split)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    who = torch.arange(36).repeat_interleave(3).flip(0) + 1000
    kind = (who - 1000) // 12
    sides = [torch.as_tensor(np.asarray(s)).long() for s in split(kind, who, 0.25, torch.Generator().manual_seed(3))]
people = [set(who[side].tolist()) for side in sides]
assert sorted(torch.cat(sides).tolist()) == list(range(108)), "hidden test: each of 108 rows is on one side"
assert not people[0] & people[1], "hidden test: no patient of 36 is on both sides"
assert kind[sides[1]].bincount().tolist() == [9, 9, 9], "hidden test: three patients of each class, three rows each"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 2: fill, scale, augment, and touch no test row (4 points)
# In the lecture: [One protocol](../../lectures/11a_predictions.ipynb).
#
# Whatever is fitted, is fitted on the training rows, and then applied to all rows:
#
# 1. *Fill*: a missing cell (nan) becomes the mean of its column over the training rows in which it was observed.
# 2. *Scale*: from each column subtract its mean over the filled training rows, and divide by their standard deviation
#    (with n below the root, `correction=0`). A column that is constant there is only centered.
# 3. *Augment*: a generative model makes synthetic rows from the filled, scaled training rows. They join the training
#    set, behind the real ones. The test set stays real: it is what the verdict rests on.
#
# The order is the point. A model that augments first and splits afterwards is tested on near copies of what it was
# trained on; a scaler that saw all rows has seen the test.
#
# <details><summary>Stuck? A hint</summary>
#
# `x[train].nanmean(0)` ignores nan. `torch.where(x.isnan(), mean, x)` fills. A standard deviation of 0 becomes 1 by
# another `torch.where`. `x[train]` keeps the order of `train`.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "prepare", "locked": false, "schema_version": 3, "solution": true, "task": false}
def prepare(x, y, train, test, synthesize):
    """(x_train, y_train, x_test, y_test), filled and scaled; the training set with synthetic rows behind its own.

    x: (N, D), nan where a value is missing. y: (N,). train, test: numbers of rows; the results keep their order.
    synthesize(x, y) returns (new_x, new_y), tensors, for the rows that it is given; call it once.
    """
    ### BEGIN SOLUTION
    x = torch.where(x.isnan(), x[train].nanmean(0), x)
    std = x[train].std(0, correction=0)
    x = (x - x[train].mean(0)) / torch.where(std > 0, std, 1.0)
    new_x, new_y = synthesize(x[train], y[train])
    return torch.cat([x[train], new_x]), torch.cat([y[train], new_y]), x[test], y[test]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_prepare", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Checks what synthesize is given, and the four results, for two tables with missing cells and a constant column.
check.prepare(prepare)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

given = []


def doubled(x, y):
    given.append(torch.as_tensor(np.asarray(x)))
    return 2 * torch.as_tensor(np.asarray(x)), torch.as_tensor(np.asarray(y)) + 10


with quiet():
    table = torch.tensor([[1.0, 5.0], [3.0, 5.0], [math.nan, 5.0], [100.0, 7.0], [math.nan, math.nan]]).double()
    four = prepare(table, torch.arange(5), torch.tensor([1, 0, 2]), torch.tensor([4, 3]), doubled)
four = [torch.as_tensor(np.asarray(part)).double() for part in four]
unit = 1.5**0.5
assert len(given) == 1 and given[0].shape == (3, 2), "hidden test: synthesize is given three training rows, once"
assert torch.allclose(four[0][:3, 0], torch.tensor([unit, -unit, 0]).double()), "hidden test: scaled training rows"
assert torch.allclose(four[0][3:], 2 * four[0][:3]), "hidden test: synthetic rows stand behind the real ones"
assert torch.allclose(four[2][:, 0], torch.tensor([0, 98 * unit]).double()), "hidden test: two test rows"
assert torch.allclose(four[2][:, 1], torch.tensor([0.0, 2.0]).double()), "hidden test: a constant column is centered"
assert four[1].tolist() == [1, 0, 2, 11, 10, 12] and four[3].tolist() == [4, 3], "hidden test: the labels"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 3: classes of equal size (2 points)
# In the lecture: [Rare classes](../../lectures/11a_predictions.ipynb).
#
# The plain baseline for a rare class, against which any synthetic row has to win: *oversampling*. All rows stay. A
# class with n rows, where the largest class has m, gets m − n rows more, drawn with replacement from its own rows.
#
# By hand: two sick and five healthy. Three more rows come, each one of the two sick with probability ½. All three may
# be the same.


# %% nbgrader={"grade": false, "grade_id": "balance", "locked": false, "schema_version": 3, "solution": true, "task": false}
def balance(x, y, rng):
    """(x, y) with classes of equal size: all given rows, and rows of the rarer classes again. Any order.

    x: (N, *event), y: (N,), whole numbers. rng: the torch.Generator to draw from.
    """
    ### BEGIN SOLUTION
    labels, counts = y.unique(return_counts=True)
    rows = [torch.arange(len(y))]
    for label, count in zip(labels, counts, strict=True):
        own = (y == label).nonzero().flatten()
        rows.append(own[torch.randint(len(own), (counts.max() - count,), generator=rng)])
    return x[torch.cat(rows)], y[torch.cat(rows)]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_balance", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Checks the sizes of two and of three classes, that no given row is lost, the labels, and the draw.
check.balance(balance)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    marks = torch.tensor([4, 9, 9, 4, 9, 6, 9, 9])
    big_x, big_y = balance(torch.arange(8.0).double()[:, None], marks, torch.Generator().manual_seed(2))
big_x, big_y = torch.as_tensor(np.asarray(big_x))[:, 0].long(), torch.as_tensor(np.asarray(big_y)).long()
assert big_y.bincount()[[4, 6, 9]].tolist() == [5, 5, 5] and len(big_y) == 15, "hidden test: five rows of each class"
assert torch.equal(marks[big_x], big_y), "hidden test: each row keeps its label"
assert big_x.unique().tolist() == list(range(8)), "hidden test: all eight rows are still there"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 4: a threshold that counts what mistakes cost (3 points)
# In the lecture: [Defects, and what they cost](../../lectures/11a_predictions.ipynb).
#
# An anomaly score is high where something looks unusual. An alarm is given where **score > t**. A sick person without
# an alarm costs `cost_missed`, a healthy one with an alarm `cost_alarm`, everything else nothing. Choose t on the
# validation set, where the total cost is least. Candidates are −∞ (an alarm for everybody) and each score that occurs
# there; of equally cheap ones take the largest, that with the fewest alarms. Then charge it on the test set, which
# had no say: the cost per case.
#
# By hand: scores 1, 2, 2, 3, the second and the last sick, cost_missed 2, cost_alarm 1. t = 3 misses two and costs 4;
# t = 2 misses one: 2; t = 1 alarms a healthy one: 1; t = −∞ two of them: 2. So t = 1; on four such cases of the test
# set it would cost ¼ per case.
#
# <details><summary>Stuck? A hint</summary>
#
# Write the cost of one t for one set of scores first, as a function inside. `min(candidates, key=...)` takes the
# least; a key may be a pair, the cost and −t. `-math.inf` is a number that any score exceeds.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "threshold", "locked": false, "schema_version": 3, "solution": true, "task": false}
def threshold(validation, test, cost_missed, cost_alarm):
    """(t, cost): the cheapest threshold of the validation set, and its cost per case on the test set.

    validation, test: pairs (score, sick), each (N,): float64, and bool. The costs are numbers above 0. Alarm: score > t.
    """

    ### BEGIN SOLUTION
    def cost(t, score, sick):
        alarm = score > t
        return (cost_missed * (sick & ~alarm) + cost_alarm * (~sick & alarm)).double().mean()

    t = min([-math.inf, *validation[0].tolist()], key=lambda t: (cost(t, *validation), -t))
    return t, cost(t, *test)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_threshold", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Checks t and the cost on sets with ties, for eight pairs of costs; for two of them the best t is at an end.
check.threshold(threshold)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    seen = torch.tensor([0.5, 1.0, 1.5, 1.5, 4.0, 6.0]).double(), torch.tensor([False, False, True, False, True, False])
    later = torch.tensor([1.5, 1.0, 2.0, 7.0]).double(), torch.tensor([True, True, False, True])
    dear, equal, never = (threshold(seen, later, *costs) for costs in ((8, 1), (1, 1), (1, 8)))
    always = threshold((seen[0], ~seen[1]), later, 100, 1)
assert float(dear[0]) == 1 and abs(float(dear[1]) - 2.25) < 1e-6, "hidden test: a missed one costs eight"
assert float(equal[0]) == 6 and abs(float(equal[1]) - 0.5) < 1e-6, "hidden test: of equally cheap ones the largest"
assert float(never[0]) == 6 and abs(float(never[1]) - 0.5) < 1e-6, "hidden test: an alarm costs eight: none is given"
assert float(always[0]) == -math.inf and abs(float(always[1]) - 0.25) < 1e-6, "hidden test: an alarm for everybody"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 5: what the observed say of the missing (3 points)
# In the lecture: [Missing values, with intervals](../../lectures/11a_predictions.ipynb).
#
# A row x is a draw from a Gaussian with mean μ and covariance Σ. Some of its entries are missing (m), the others
# observed (o). Given those, the missing ones are Gaussian again:
#
# $$\mu_{m \mid o} = \mu_m + \Sigma_{mo}\,\Sigma_{oo}^{-1}\,(x_o - \mu_o), \qquad
# \Sigma_{m \mid o} = \Sigma_{mm} - \Sigma_{mo}\,\Sigma_{oo}^{-1}\,\Sigma_{om} .$$
#
# $\Sigma_{mo}$ has the rows of the missing and the columns of the observed. What is observed moves the mean, and it
# narrows: nothing is added to $\Sigma_{mm}$. Without an observed entry, μ and Σ remain as they were.
#
# By hand: μ = (0, 0), variances 4 and 1, covariance 1; the second entry is 3. The first has the mean 1 · 3 / 1 = 3
# and the variance 4 − 1 · 1 / 1 = 3.
#
# <details><summary>Stuck? A hint</summary>
#
# With m = x.isnan(), `cov[m][:, ~m]` is Σ_mo. Matrices without rows are welcome in torch: nothing special is needed
# where all or none are missing.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "conditional", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conditional(x, mean, cov):
    """(mu, cov) of the M missing entries of x, given the others: (M,) and (M, M), in the order of the row.

    x: (D,), nan where missing: some, all or none. mean: (D,). cov: (D, D), symmetric and positive definite.
    """
    ### BEGIN SOLUTION
    m = x.isnan()
    weights = cov[m][:, ~m] @ torch.linalg.inv(cov[~m][:, ~m])
    return mean[m] + weights @ (x - mean)[~m], cov[m][:, m] - weights @ cov[~m][:, m]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_conditional", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Checks mean and covariance for rows of two to six entries with one to four missing, with all, and with none.
check.conditional(conditional)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    lag = 0.5 ** (torch.arange(4)[:, None] - torch.arange(4)).abs().double()  # a Markov chain: the nearest tell all
    mu, sigma = conditional(torch.tensor([math.nan, 3.0, math.nan, 1.0]).double(), torch.ones(4).double(), lag)
    alone, spread = conditional(torch.full((1,), math.nan).double(), torch.full((1,), 7.0).double(), 4 * lag[:1, :1])
mu, sigma = (torch.as_tensor(np.asarray(part)) for part in (mu, sigma))
assert torch.allclose(mu, torch.tensor([2.0, 1.8]).double()), "hidden test: the means of two of four"
assert torch.allclose(sigma, torch.tensor([[0.75, 0.0], [0.0, 0.6]]).double(), atol=1e-8), "hidden test: the covariance"
assert float(np.asarray(alone).reshape(())) == 7, "hidden test: the mean of a single entry"
assert float(np.asarray(spread).reshape(())) == 4, "hidden test: the variance of a single entry"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 6: its interval (2 points)
# In the lecture: [Missing values, with intervals](../../lectures/11a_predictions.ipynb).
#
# A filled cell that hides how uncertain it is, is taken for a measurement. The central interval that holds a Gaussian
# value with probability `level` is
#
# $$\mu_j \pm z\,\sqrt{\Sigma_{jj}}, \qquad z = \Phi^{-1}\Big(\frac{1 + \texttt{level}}{2}\Big) .$$
#
# $\Phi^{-1}$ is the quantile of N(0, 1), `NormalDist().inv_cdf`. At 90 % there are 5 % on each side, so z = 1.645. It
# is an interval for the *value*, not for its mean: it does not shrink with the number of rows or entries.


# %% nbgrader={"grade": false, "grade_id": "interval", "locked": false, "schema_version": 3, "solution": true, "task": false}
def interval(mu, cov, level):
    """(low, high), each (M,): the central interval of each entry. mu: (M,), cov: (M, M), level between 0 and 1."""
    ### BEGIN SOLUTION
    half = NormalDist().inv_cdf((1 + level) / 2) * cov.diagonal().sqrt()
    return mu - half, mu + half
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_interval", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Checks both bounds at 90, 50, 99 and another level, for one entry and for several.
check.interval(interval)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    ends = interval(torch.tensor([1.0, -2.0]).double(), torch.tensor([[4.0, 1.0], [1.0, 0.25]]).double(), 0.8)
    inner = interval(torch.tensor([0.0]).double(), torch.tensor([[1.0]]).double(), 0.6826894921370859)
ends, inner = (np.stack([np.asarray(part) for part in pair]) for pair in (ends, inner))
assert np.allclose(ends, [[-1.5631031, -2.6407758], [3.5631031, -1.3592242]]), "hidden test: the level 0.8"
assert np.allclose(inner, [[-1], [1]]), "hidden test: one standard deviation on each side holds 68.27 %"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 7: does it cover? (2 points)
# In the lecture: [Missing values, with intervals](../../lectures/11a_predictions.ipynb).
#
# Hide cells whose value is known, predict an interval for each, and count how many hold the truth. At the level 0.9
# it should be about 0.9: less is overconfident, more is wider than need be. Endless intervals cover everything, so
# the mean width, high − low, stands beside it. Both are over the **hidden cells alone**: for an observed cell low,
# truth and high are the same number. A value on a bound is covered.


# %% nbgrader={"grade": false, "grade_id": "coverage", "locked": false, "schema_version": 3, "solution": true, "task": false}
def coverage(truth, low, high, hidden):
    """(share, width): the share of hidden cells with low <= truth <= high, and the mean of high − low over them.

    All are (N, D), hidden is bool. A cell that is not hidden counts for nothing, and may be nan in all three tables.
    Raises ValueError if no cell is hidden.
    """
    ### BEGIN SOLUTION
    if not hidden.any():
        raise ValueError("no cell is hidden: there is nothing to cover")
    inside = (low <= truth) & (truth <= high)
    return inside[hidden].double().mean(), (high - low)[hidden].mean()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_coverage", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Checks both numbers for tables with values on bounds and with cells that nobody knows, and one with nothing hidden.
check.coverage(coverage)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    real = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, math.nan]]).double()
    where = torch.tensor([[True, True, False], [False, True, False]])
    both = coverage(real, real - where * torch.tensor([1.0, -0.5, 0.0]), real + 3 * where, where)
    try:
        empty = coverage(real, real, real, torch.zeros_like(where))
    except ValueError:
        empty = None
assert abs(float(both[0]) - 1 / 3) < 1e-6, "hidden test: one of three hidden cells is covered"
assert abs(float(both[1]) - 3) < 1e-6, "hidden test: widths of 4, 2.5 and 2.5"
assert empty is None, "hidden test: no hidden cell: ValueError"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 8: make pictures small (1 point)
# In the lecture: [Repairing pictures](../../lectures/11b_creations.ipynb).
#
# A coarse sensor adds up the light that falls on it. So a small picture has the **mean** of each block of 2×2 pixels,
# not one of the four: from the rows (1, 2), (3, 6) comes 3.


# %% nbgrader={"grade": false, "grade_id": "shrink", "locked": false, "schema_version": 3, "solution": true, "task": false}
def shrink(x):
    """Pictures of half the height and half the width, (B, H / 2, W / 2). x: (B, H, W), H and W even."""
    ### BEGIN SOLUTION
    b, h, w = x.shape
    return x.reshape(b, h // 2, 2, w // 2, 2).mean((2, 4))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_shrink", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Checks square and oblong pictures, several and one.
check.shrink(shrink)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    little = np.asarray(shrink(torch.tensor([[[1.0, 2.0, 0.0, 4.0], [3.0, 6.0, 8.0, 0.0]]]).double()))
assert little.shape == (1, 1, 2) and np.allclose(little, [[[3, 3]]]), "hidden test: a picture of 2 by 4"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 9: make them large again (3 points)
# In the lecture: [Repairing pictures](../../lectures/11b_creations.ipynb).
#
# The formula of task 5 again: what is missing is the large picture x, what is observed the small one, l. With means
# x̄, l̄ and covariances (with N below) of N training pictures, as rows of numbers,
#
# $$\hat x = \bar x + C_{xl}\,(C_{ll} + \lambda I)^{-1}\,(l - \bar l), \qquad
# C_{xl} = \frac1N \sum_{i=1}^{N} (x_i - \bar x)(l_i - \bar l)^\top .$$
#
# The ridge λ is added on the diagonal of $C_{ll}$: a small pixel that is 0 in every training picture has no variance,
# and its inverse does not exist. x̂ is the mean of all large pictures that fit to l: of all guesses it has the least
# squared error, and it is smoother than any of them.
#
# <details><summary>Stuck? A hint</summary>
#
# `.flatten(1)` makes rows; at the end reshape to (−1, H, W). With rows of centered training pictures `dx` and `dl`,
# `dx.T @ dl / len(dl)` is C_xl. A row of data times a transposed matrix is a matrix times a column.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "upsample", "locked": false, "schema_version": 3, "solution": true, "task": false}
def upsample(low, low_train, x_train, ridge):
    """Large pictures (B, H, W): the conditional mean, given the small ones.

    low: (B, h, w), the small pictures to enlarge. low_train: (N, h, w), x_train: (N, H, W), the same N pictures small
    and large. ridge: λ, a number above 0.
    """
    ### BEGIN SOLUTION
    x, small = x_train.flatten(1), low_train.flatten(1)
    dx, dl = x - x.mean(0), small - small.mean(0)
    c_ll = dl.T @ dl / len(dl) + ridge * torch.eye(dl.shape[1])
    weights = dx.T @ dl / len(dl) @ torch.linalg.inv(c_ll)
    return (x.mean(0) + (low.flatten(1) - small.mean(0)) @ weights.T).reshape(-1, *x_train.shape[1:])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_upsample", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Checks square and oblong pictures, one alone, and a pixel that is always 0.
check.upsample(upsample)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    dots = torch.tensor([[[0.0, 4.0]], [[2.0, 0.0]], [[4.0, 2.0]]]).double()  # 1 × 2 from 1 × 1
    grown = np.asarray(upsample(torch.tensor([[[5.0]], [[2.0]]]).double(), dots.mean(2, keepdim=True), dots, 1 / 3))
expected = [[[2 + 3 * 2 / 3, 2 + 3 * 2 / 3]], [[2.0, 2.0]]]  # variance 2/3, covariance 2/3 of both: slope 2/3
assert grown.shape == (2, 1, 2), "hidden test: the shape of two pictures of 1 by 2"
assert np.allclose(grown, expected), "hidden test: a slope of (2/3) / (2/3 + 1/3) for both pixels"
### END HIDDEN TESTS

# %% [markdown]
# ## Five small questions
# Each over ten seeds: the mean, and the 95 % interval of the mean. `report` runs a function of the seed that returns
# one row of numbers for each method.


# %%
def report(run, methods, columns, seeds=10):
    runs = np.array([run(seed) for seed in range(seeds)], dtype=float)  # (seeds, methods, columns)
    print(" " * 30 + "".join(f"{name:>20}" for name in columns))
    for name, values in zip(methods, runs.swapaxes(0, 1), strict=True):
        cells = [np.round(mean_interval(column), 2) + 0.0 for column in values.T]
        print(f"{name:30}" + "".join(f"{'{:.2f} ({:.2f}–{:.2f})'.format(*cell):>20}" for cell in cells))


def spoiled(x, share, rng):
    return torch.where(torch.rand(x.shape, generator=rng) < share, torch.nan, x)


# %% [markdown]
# **1. How much does a leak flatter?** 442 people with diabetes (Efron et al. 2004), ten measurements each: does the
# disease progress more than in the median person? The data have one row a person; we make three visits of it, with
# noise of 0.3 standard deviations and a tenth of the cells missing. The classifier copies the label of the nearest
# training row. `jitter` plays the generative model: each row once more, with a little noise.

# %%
table, progression = (torch.as_tensor(part) for part in datasets.load_diabetes(return_X_y=True))
table = table * len(table) ** 0.5  # in standard deviations
worse = (progression > progression.median()).long().repeat_interleave(3)
patient = torch.arange(len(table)).repeat_interleave(3)
row = torch.arange(len(patient))


def nothing(x, y):
    return x[:0], y[:0]


def accuracy(x, y, group, synthesize, rng):
    x, y, x_test, y_test = map(np.asarray, prepare(x, y, *split(y, group, 0.25, rng), synthesize))
    return [KNeighborsClassifier(1).fit(x, y).score(x_test, y_test)]


# %%
def leak(seed):
    rng = training.seeded(seed)
    x = spoiled(table[patient] + 0.3 * torch.randn(len(patient), 10, generator=rng), 0.1, rng)

    def jitter(x, y):
        return x + 0.1 * torch.randn(x.shape, generator=rng), y

    more, labels = jitter(x, worse)
    twice = torch.cat([x, more]), torch.cat([worse, labels]), torch.arange(2 * len(x))
    ways = (*twice, nothing), (x, worse, row, nothing), (x, worse, patient, nothing), (x, worse, patient, jitter)
    return [accuracy(*way, rng) for way in ways]


methods = ["augmented, then rows drawn", "rows drawn", "patients drawn", "patients drawn, augmented"]
report(leak, methods, ["accuracy"])

# %% [markdown]
# **2. Does balancing help with a rare class?** Cells from 569 breast tumors (Wolberg et al. 1995), of which the
# training set gets ten malignant ones. A logistic regression learns from the table as it is, from your balanced one,
# and with malignant rows drawn from a Gaussian that was fitted to the ten. *Sensitivity* is the share of malignant
# tumors found: with an alarm at p > ½, and with the alarm where 95 % of the benign test rows stay below it.

# %%
cells, benign = (torch.as_tensor(part) for part in datasets.load_breast_cancer(return_X_y=True))
malignant = 1 - benign


def gaussian(rng):
    """A function (x, y) → malignant rows, as many as are lacking, from a Gaussian fitted to those in x."""

    def synthesize(x, y):
        few, lacking = x[y == 1], int((y == 0).sum() - (y == 1).sum())
        cov = (few.T.cov(correction=0) + few.var(0, correction=0).diag()) / 2  # few rows: halfway to a diagonal
        draws = torch.randn(lacking, x.shape[1], generator=rng).double() @ torch.linalg.cholesky(cov).T
        return few.mean(0) + draws, torch.ones(lacking, dtype=y.dtype)

    return synthesize


def found(x, y, x_test, y_test):
    p = LogisticRegression(max_iter=2000).fit(x, y).predict_proba(x_test)[:, 1]
    ill = np.asarray(y_test) == 1
    return [((p > 0.5) == ill).mean(), (p[ill] > 0.5).mean(), (p[ill] > np.quantile(p[~ill], 0.95)).mean()]


# %%
def rare(seed):
    rng = training.seeded(seed)
    train, test = map(torch.as_tensor, split(malignant, torch.arange(len(cells)), 0.5, rng))
    few = train[malignant[train] == 1]
    train = torch.cat([train[malignant[train] == 0], few[torch.randperm(len(few), generator=rng)[:10]]])
    x, y, *rest = map(torch.as_tensor, prepare(cells, malignant, train, test, nothing))
    return [
        found(x, y, *rest),
        found(*balance(x, y, rng), *rest),
        found(*prepare(cells, malignant, train, test, gaussian(rng))),
    ]


report(rare, ["as it is", "balanced", "Gaussian rows"], ["accuracy", "sensitivity, p > ½", "… at 95 % specif."])

# %% [markdown]
# **3. What is a missed tumor worth?** Now no malignant tumor is known in training. The score is the squared
# Mahalanobis distance from the benign ones. Validation and test set have 20 malignant ones each, a rare case again. A
# missed one costs as much as 1, 5, 20 or 100 false alarms. *Without a model* one gives an alarm to everybody or to
# nobody, whichever costs less.

# %%
prices = (1, 5, 20, 100)


def scored(rows, sick, known):
    """(score, sick) of rows (N,) of the table, the first of which are sick; known: the benign rows to compare with."""
    away = cells[rows].log1p() - known.mean(0)
    inverse = torch.linalg.inv(known.T.cov() + 1e-4 * torch.eye(30))
    return ((away @ inverse) * away).sum(1), torch.arange(len(rows)) < sick


def alarm(seed):
    order = torch.randperm(len(cells), generator=training.seeded(seed))
    ill, well = order[malignant[order] == 1], order[malignant[order] == 0]
    known, rows = cells[well[:157]].log1p(), []
    validation = scored(torch.cat([ill[:20], well[157:257]]), 20, known)
    score, sick = test = scored(torch.cat([ill[20:40], well[257:]]), 20, known)
    for price in prices:
        t, cost = threshold(validation, test, price, 1)
        without = min(price * sick.sum(), (~sick).sum()) / len(sick)
        rows.append([cost, without, (score <= t)[sick].double().mean(), (score > t)[~sick].double().mean()])
    return rows


# %%
columns = ["cost per case", "without a model", "share missed", "false alarms"]
report(alarm, [f"a missed one costs {price}" for price in prices], columns)

# %% [markdown]
# **4. What is a filled cell worth?** A fifth of the diabetes table's cells is hidden, in standard deviations, and
# filled with the column's mean or with your conditional Gaussian, each with its 90 % interval. First cells are hidden
# at random; then a cell is hidden the likelier the higher its value, as where a test is only ordered for those who
# look ill.


# %%
def filled(given, mean, cov):
    """(middle, low, high) of a table with nan, each (N, D); an observed cell is itself in all three."""
    middle, low, high = (given.clone() for _ in range(3))
    for i, m in enumerate(given.isnan()):
        mu, sigma = map(torch.as_tensor, conditional(given[i], mean, cov))
        middle[i, m] = mu
        low[i, m], high[i, m] = torch.as_tensor(np.array([np.asarray(end) for end in interval(mu, sigma, 0.9)]))
    return middle, low, high


def fill(seed):
    rng, rows = training.seeded(seed), []
    train, test = map(torch.as_tensor, split(worse[::3], patient[::3], 0.4, rng))
    x = (table - table[train].mean(0)) / table[train].std(0)
    mean, cov, truth = x[train].mean(0), x[train].T.cov(), x[test]
    for tilt, often in ((0, -1.4), (2, -2.2)):
        hidden = torch.rand(truth.shape, generator=rng) < torch.sigmoid(tilt * truth + often)
        for use in (cov.diagonal().diag(), cov):  # without covariances, the column's mean
            middle, low, high = filled(torch.where(hidden, torch.nan, truth), mean, use)
            error = (middle - truth)[hidden].square().mean().sqrt()
            rows.append([error, *coverage(truth, low, high, hidden)])
    return rows


# %%
methods = [f"{how}: {by}" for how in ("at random", "high ones") for by in ("mean", "conditional")]
report(fill, methods, ["root mean sq. error", "coverage of 90 %", "mean width"])

# %% [markdown]
# **5. Is a picture made large a measurement?** scikit-learn's digits, 8×8, made small and large again. *Sharpness* is
# the mean difference between neighbors in a row; the classifier was trained on real large pictures.

# %%
digits = datasets.load_digits()
pictures, names = torch.as_tensor(digits.images / 16), torch.as_tensor(digits.target)


def enlarged(seed):
    train, test = map(torch.as_tensor, split(names, torch.arange(len(names)), 0.5, training.seeded(seed)))
    x, small = pictures[test], torch.as_tensor(shrink(pictures))
    smooth = F.interpolate(small[test][:, None], scale_factor=2, mode="bicubic", align_corners=False)[:, 0]
    mean = torch.as_tensor(upsample(small[test], small[train], pictures[train], 1e-4))
    copied = small[test].repeat_interleave(2, 1).repeat_interleave(2, 2)
    return x, copied, smooth, mean, names[test], train


def larger(seed):
    x, *made, label, train = enlarged(seed)
    reader = KNeighborsClassifier(3).fit(pictures[train].flatten(1), names[train])
    return [
        [(y - x).square().mean().sqrt(), y.diff(dim=2).abs().mean(), reader.score(y.flatten(1), label)]
        for y in (*made, x)
    ]


# %%
ways = ["pixels copied", "bicubic", "conditional mean", "the real picture"]
report(larger, ways, ["root mean sq. error", "sharpness", "read rightly"])
shown = torch.stack([kind[:10] for kind in (*enlarged(0)[1:4], enlarged(0)[0])]).reshape(-1, 1, 8, 8)
plotting.image_grid(shown, title="Ten digits from 4×4 pixels", row_labels=ways)

# %% [markdown]
# ## Task 10: would you use it? (6 points)
# In the lecture: [Verdicts](../../lectures/11a_predictions.ipynb).
#
# A skin clinic has 900 pictures of moles of 240 patients, 22 of them with a melanoma, and a table of 12 laboratory
# values of each patient, of which a fifth is missing: it is ordered when a doctor worries. A company offers three
# things, and a brochure with "98 % accuracy":
#
# 1. **More cases.** A generative model makes 5,000 synthetic melanomas. They are mixed with the 900 pictures, all are
#    shuffled, and a fifth is the test set.
# 2. **A full table.** Each missing value is filled by a model, so that the doctor sees twelve numbers for everybody.
# 3. **Sharper pictures.** Moles taken with a telephone are enlarged by a generative model before the doctor, or the
#    classifier with its alarm at p > ½, looks at them.
#
# For each: would you use it, or what would you change first? 2–3 sentences each, 6–9 in all. If a function of yours
# failed and a table is missing, say so and quote the lectures' numbers instead; it costs nothing here.
#
# | criterion, for each of the three | points |
# |---|---|
# | A decision (yes, no, only if …) with the reason that decides it in this clinic, and a number from this page where there is one | 1 |
# | What you would measure before, against which baseline, or what the doctor must see, so that a mistake shows | 1 |
#
# Without any number from the page at most 4 of the 6. "It depends" without what on, or "AI can be biased", is no
# reason.

# %% [markdown] nbgrader={"grade": true, "grade_id": "would_you_use_it", "locked": false, "points": 6, "schema_version": 3, "solution": true, "task": false}
# **Model answer** (one of several). More cases: not in this form. Synthetic rows stand on both sides of that split,
# and a patient's pictures too, so the 98 % may be memory: here the same classifier has 0.95 when rows are copied and
# shuffled first, and 0.64 when patients are drawn. I would keep real melanomas out by patient and compare the
# sensitivity at 95 % specificity with class weights or plain oversampling; here balanced and synthetic rows moved the
# sensitivity at p > ½ from 0.81 to 0.87 and 0.88, but left it at 0.96 at fixed specificity, so moving the threshold
# does the same. A full table: yes, but only with its interval and marked as filled. The conditional Gaussian halves
# the squared error here (0.71 against 1.03) and its 90 % intervals cover 0.90, but only if cells are missing at
# random. Here a value is ordered when a doctor worries, and then coverage fell to 0.75; I would ask for a random
# sample of patients with all tests done, and count there. Sharper pictures: not for the diagnosis. The conditional
# mean is nearer and reads better than bicubic (0.15 against 0.22, 0.90 against 0.74), but one in ten digits is read
# wrongly though the picture looks like one, where real pictures give 0.99; the doctor must see the original, and
# pairs of telephone and dermatoscope pictures must show how many melanomas change their look. And an alarm at p > ½
# counts a missed melanoma like a false alarm; with a price of 20, the threshold here leaves 0.04 of the tumors
# unfound instead of 0.40.
#
# **Mark scheme.** Give each point for the idea, in any words. Numbers differ a little between machines and answers.
#
# - *More cases* (2): 1 for "not as it is tested", with one of the two leaks named (synthetic or copied rows in the
#   test; a patient on both sides) or accuracy named as the wrong measure (22 of 240: "healthy" for all has 91 % of
#   the patients). 1 for a test that would show a gain: split by patient, real rows only, sensitivity at a fixed
#   specificity, oversampling or weights as the baseline, seeds and an interval. "5,000 are enough": none.
# - *A full table* (2): 1 for an interval or a mark on what is filled, or for "missing not at random, since the order
#   itself says something", with the consequence. 1 for coverage on hidden or on later measured cells, against the
#   column's mean; half for the error alone. "Never fill anything" without a reason: none.
# - *Sharper pictures* (2): 1 for: detail comes from the training pictures and not from the patient, or the mean
#   smooths what is rare away; or the threshold's price as the reason. 1 for a test on pairs of coarse and real
#   pictures with the diagnosis as the measure, or the original beside it. "It looks better": none.
# - No number from the page: at most 4 of 6. A misquoted number costs nothing.
# - If a function in tasks 1–9 only calls a twin from elsewhere in the course, set that test's points to 0 by hand.
