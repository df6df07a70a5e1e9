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
# # Assignment 05: a fair bench for three models
#
# You write the protocol of a fair comparison: the split, equal budgets, several seeds, a table with its spread, and a
# verdict that may say "undecided". Then a mixture, a VAE and a GAN compete on your bench.
#
# **Time:** 100–150 minutes. **First:** lecture 05. It runs on a laptop without a network and without a GPU.
#
# ## What to do
# 1. Run the cells from top to bottom. In each *task*, put your code in place of `raise NotImplementedError()`. The
#    docstring says what goes in and what comes out. `torch`, `np` and `stats` (from SciPy) are imported; import more
#    where you need it. Real numbers come in as float64, indices and labels as int64. Results may be lists, NumPy
#    arrays or tensors, in float64 or float32: four digits are compared.
# 2. Run the test cell below it. It says what is wrong in words. Change your code and run both again. If you stall,
#    open the hint at the end of the task.
# 3. Answer the questions of task 8 in words.
#
# ## How it is graded
# | task | you write | points |
# |---|---|---|
# | 1 | `split` | 4 |
# | 2 | `parameter_count` | 2 |
# | 3 | `width_for_budget` | 3 |
# | 4 | `train_for` | 4 |
# | 5 | `evaluate` | 4 |
# | 6 | `summary` | 3 |
# | 7 | `verdict` | 4 |
# | 8 | which model for which task, in 6–9 sentences | 6 |
# | | sum | 30 |
#
# Tasks 1–7 are graded by their test cells. Each test uses only the function of its own task, so one mistake costs
# only its own points. When it is graded, each test cell also holds hidden tests: the same properties with other
# numbers and shapes. Task 8 is read by a person; its criteria stand above the answer.
#
# ## Before you hand in
# Restart the kernel and run all cells (*Kernel → Restart Kernel and Run All Cells*). Press *Validate* in the
# notebook's toolbar: it runs the notebook anew and lists the tests that fail. Keep the file's name, and do not split,
# copy or delete the cells that were given.
#
# ## Your own work
# Write each function yourself. Ideas you took from other people or from a chat assistant are welcome if a comment
# names them.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import time

import numpy as np
import torch
from scipy import stats

from course_utils import data, losses, metrics, models, plotting
from course_utils.checks import comparison as check
from course_utils.models import mixtures
from course_utils.training.gan import GAN, GANConfig

torch.set_num_threads(1)  # small networks run faster on one thread, most of all on a shared machine

# %% [markdown]
# ## Task 1: three sets (4 points)
# A model is fitted to *training* rows, choices such as a width are made on *validation* rows, and the *test* rows are
# used once, at the end. So no row may be in two sets. Each class is divided in the same way (*stratified*), or a rare
# class could be missing from a set. Data files are often sorted: which rows go where is drawn.
#
# Shares of a class are seldom whole: 0.2 of 7 rows are 1.4. Python's `round` decides, also for ties, where it takes
# the even number: `round(1.5)` is 2, and so is `round(2.5)`. A class of two rows then stays in training, `round(0.4)`
# is 0.
#
# <details><summary>Stuck? A hint</summary>
#
# Take one class at a time. Put its row numbers in random order (`torch.randperm` takes the generator), then cut that
# list at two places. Beware of slices that count from the end: with m = 0, `rows[-m:]` is everything.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "split", "locked": false, "schema_version": 3, "solution": true, "task": false}
def split(y, share, generator):
    """Row indices (train, validation, test) of data with the labels y (N,), drawn from a torch.Generator.

    Of each class of n rows, round(share * n) go to validation, as many to test, and the rest to train. The order within
    a set does not matter. The same seed gives the same sets.
    """
    ### BEGIN SOLUTION
    sets = [], [], []
    for label in y.unique():
        rows = (y == label).nonzero().squeeze(1)
        rows = rows[torch.randperm(len(rows), generator=generator)]
        held = round(share * len(rows))
        for own, part in zip(sets, (rows[2 * held :], rows[:held], rows[held : 2 * held]), strict=True):
            own.append(part)
    return tuple(torch.cat(own) for own in sets)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_split", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Checks that no row is in two sets or in none, the classes' shares, and the draw.
check.split(split)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    labels = torch.arange(4).repeat_interleave(torch.tensor([8, 16, 4, 32]))
    sets = [torch.as_tensor(np.asarray(s)).long() for s in split(labels, 0.25, torch.Generator().manual_seed(5))]
assert sorted(torch.cat(sets).tolist()) == list(range(60)), "hidden test: each of 60 sorted rows is in one set"
for share_of_set, rows_of_set in zip((2, 1, 1), sets, strict=True):
    by_class = labels[rows_of_set].bincount(minlength=4).tolist()
    assert by_class == [2 * share_of_set, 4 * share_of_set, share_of_set, 8 * share_of_set], (
        "hidden test: a quarter of each class for validation and for test"
    )
### END HIDDEN TESTS

# %% [markdown]
# ## Task 2: how large is a network? (2 points)
# The budget counts the numbers that training changes: the elements of all parameters, each once, also where two
# layers share a tensor. What is frozen (`requires_grad` is False) and what lies in buffers (the running mean of a
# BatchNorm) is not trained.
#
# <details><summary>Stuck? A hint</summary>
#
# `model.parameters()` gives each tensor once. A tensor knows how many elements it has.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "parameter_count", "locked": false, "schema_version": 3, "solution": true, "task": false}
def parameter_count(model):
    """How many numbers training changes in an nn.Module."""
    ### BEGIN SOLUTION
    return sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_parameter_count", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Checks a network with a shared weight, a frozen layer, a BatchNorm and a scalar parameter, and a perceptron.
check.parameter_count(parameter_count)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    twins = torch.nn.Linear(6, 6)
    network = torch.nn.Sequential(twins, torch.nn.BatchNorm1d(6), twins, torch.nn.Linear(6, 2, bias=False))
    counted = int(parameter_count(network))
    network[3].requires_grad_(False)
    thawed = int(parameter_count(network))
assert counted == 66, "hidden test: 6·6 + 6 once, 2·6 of the BatchNorm, 6·2 without a bias"
assert thawed == 54, "hidden test: the last layer is frozen"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 3: the width that fills a budget (3 points)
# Two architectures are comparable if each is as wide as the same budget of parameters allows. `count(width)` builds
# the network and counts; it grows with the width. Since it builds, do not ask it for widths far beyond the budget.
# The test's `count` refuses: it stops with an `AssertionError` for a width below 1, one that is no whole number, and
# a network of more than five times the budget. So a fixed range of widths does not do; go up from 1.
#
# <details><summary>Stuck? A hint</summary>
#
# Go up while the count is below the budget. The nearest width is then the last one or the one before it. How far is
# that one's count from the budget, in shares of the budget?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "width_for_budget", "locked": false, "schema_version": 3, "solution": true, "task": false}
def width_for_budget(count, budget):
    """The width (1, 2, 3, …) whose number of parameters count(width) is nearest to the budget, above or below it.

    Raises ValueError if even that is more than 5 % away from the budget.
    """
    ### BEGIN SOLUTION
    width = 1
    while count(width) < budget:
        width += 1
    nearest = min((w for w in (width - 1, width) if w >= 1), key=lambda w: abs(count(w) - budget))
    if abs(count(nearest) - budget) > 0.05 * budget:
        raise ValueError(f"no width has {budget} parameters ± 5 %; the nearest is {nearest}, with {count(nearest)}")
    return nearest
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_width_for_budget", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Checks budgets between two widths, a wide and a narrow network, another growth, and budgets that cannot be met.
check.width_for_budget(width_for_budget)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet


def cube(width):
    return 5 + 4 * width**3


with quiet():
    found = [int(width_for_budget(cube, budget)) for budget in (4005, 4100, 9, 11_000)]
    try:
        refused = width_for_budget(cube, 22)
    except ValueError:
        refused = None
assert found == [10, 10, 1, 14], "hidden test: widths of a network that grows with the third power"
assert refused is None, "hidden test: 9 and 37 parameters are both too far from 22"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 4: as many steps as the time allows (4 points)
# Equal numbers of steps would be unfair: a step of a GAN takes longer than one of a VAE. So each model gets the same
# number of seconds. `clock()` returns the time in seconds, as `time.perf_counter` does; what it shows at the start
# has no meaning. Steps differ in length, the first is often slow.
#
# <details><summary>Stuck? A hint</summary>
#
# Note what the clock shows before anything else. Before each step, ask it again: how much has passed since?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "train_for", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_for(step, seconds, clock):
    """Call step() again and again: a step begins if less than `seconds` have passed on the clock since the start.

    The step under way is finished. Returns (steps, used): how many steps were made, and the seconds that had really
    passed after the last one.
    """
    ### BEGIN SOLUTION
    start, steps = clock(), 0
    while clock() - start < seconds:
        step()
        steps += 1
    return steps, clock() - start
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_train_for", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Checks with a clock that only the steps move: a budget that is used up exactly, one that is exceeded, and none.
check.train_for(train_for)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

shown = [-64.0]


def work():
    shown[0] += 2.5


def look():
    return shown[0]


with quiet():
    made, took = train_for(work, 11.0, look)
    again, took_again = train_for(work, 10.0, look)
assert int(made) == 5 and float(took) == 12.5, "hidden test: five steps of 2.5 s begin in 11 s"
assert int(again) == 4 and float(took_again) == 10, "hidden test: four steps of 2.5 s fill 10 s"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 5: the protocol (4 points)
# One run says little: with another seed the same model may be better or worse. So each seed gets a model of its own,
# fitted to the training data and scored on the test data, and every score is kept, the bad ones, too.
#
# <details><summary>Stuck? A hint</summary>
#
# One line of a loop over the seeds: what does `fit` need, and what does `score` need? Collect what `score` returns.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "evaluate", "locked": false, "schema_version": 3, "solution": true, "task": false}
def evaluate(fit, score, x_train, x_test, seeds):
    """The scores of one kind of model, (seeds, metrics): row i belongs to seeds[i].

    fit(x, seed) returns a model fitted to x, which is as good as its seed is lucky. score(model, x) compares a model
    with the data x: a float64 tensor (metrics,). seeds: a list of whole numbers.
    """
    ### BEGIN SOLUTION
    return torch.stack([score(fit(x_train, seed), x_test) for seed in seeds])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_evaluate", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Checks what reaches fit and score, and what comes back.
check.evaluate(evaluate)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

seen = []


def fit_spy(x, seed):
    seen.append((tuple(x.shape), int(seed)))
    return float(x.sum()) + int(seed)


def score_spy(model, x):
    return torch.tensor([model, float(x.sum()), model * float(x.sum())])


with quiet():
    table = evaluate(fit_spy, score_spy, torch.ones(3, 2), 2 * torch.ones(5, 2), [40, 2])
table = np.array([[float(v) for v in row] for row in table])
assert sorted(seen) == [((3, 2), 2), ((3, 2), 40)], "hidden test: one model for each of two seeds, on x_train"
assert table.shape == (2, 3), "hidden test: three metrics of two seeds"
assert np.allclose(table, [[46, 20, 920], [8, 20, 160]]), "hidden test: the scores of two seeds"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 6: the table (3 points)
# From scores (models, seeds, metrics), the mean and the standard deviation over the seeds. The seeds are a sample of
# all possible runs, so divide by seeds − 1 under the root. The *standard error* is something else: it says how well
# the mean is known, and shrinks with more seeds.
#
# <details><summary>Stuck? A hint</summary>
#
# Which of the three axes holds the seeds? `Tensor.std` divides by n − 1 by itself; NumPy's divides by n, unless you
# say `ddof=1`.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "summary", "locked": false, "schema_version": 3, "solution": true, "task": false}
def summary(scores):
    """(mean, spread) over the seeds of scores (models, seeds, metrics), float64: each (models, metrics).

    spread: the sample standard deviation of single runs.
    """
    ### BEGIN SOLUTION
    return scores.mean(1), scores.std(1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_summary", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Checks both for three models, five seeds and two metrics.
check.summary(summary)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    runs = torch.tensor([[[1.0], [2.0], [6.0]], [[5.0], [5.0], [5.0]]], dtype=torch.float64)
    middle, around = (np.asarray(v) for v in summary(runs))
assert np.allclose(middle, [[3], [5]]), "hidden test: the means of three seeds, one metric"
assert np.allclose(around, [[7**0.5], [0]]), "hidden test: the spreads of 1, 2, 6 and of 5, 5, 5"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 7: the verdict (4 points)
# Is model a better than model b, or was it luck? The runs are independent: a seed that is lucky for a VAE says
# nothing about a GAN, whose weights and draws are others, even if both seeds are called 3. So there are no pairs;
# each model's mean has an uncertainty of its own. With means $\bar a$ and $\bar b$, sample variances $s_a^2$ and
# $s_b^2$ over $n_a$ and $n_b$ runs, Welch's 95 % interval for the true difference of means is
#
# $$\bar a - \bar b \;\pm\; t\,\sqrt{v_a + v_b}, \qquad v_a = \frac{s_a^2}{n_a}, \quad v_b = \frac{s_b^2}{n_b},$$
#
# where $t$ is the 0.975 quantile of Student's $t$ with
#
# $$\nu = \frac{(v_a + v_b)^2}{v_a^2 / (n_a - 1) + v_b^2 / (n_b - 1)}$$
#
# degrees of freedom (Welch 1947, Satterthwaite 1946); $\nu$ need not be whole. `stats.t.ppf(0.975, nu)` gives $t$:
# 4.30 for 2 degrees, 2.78 for 4. If the interval contains 0, nobody has won.
#
# Pairs exist where something is really shared: if run i of both models had its own split of the data, the same for
# both, the differences $a_i - b_i$ would cancel the luck of the split. Here all runs share one split.
#
# <details><summary>Stuck? A hint</summary>
#
# Compute $v_a$ and $v_b$ first, then $\nu$, then the half width. With numbers: 1, 2, 3 against 2, 4, 6 gives
# $v_a = 1/3$, $v_b = 4/3$, $\nu = 2.94$. If no model scatters, $\nu$ is 0/0: look at that case before you divide.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "verdict", "locked": false, "schema_version": 3, "solution": true, "task": false}
def verdict(a, b):
    """ "a" if a is better, "b" if b is, "undecided" if Welch's 95 % interval of the difference of means contains 0.

    a: (n_a,), b: (n_b,), float64 scores of independent runs, at least two of each; a smaller score is better. If neither
    scatters (s = 0 for both), the interval is a point, the difference itself.
    """
    ### BEGIN SOLUTION
    gap, v_a, v_b = a.mean() - b.mean(), a.var() / len(a), b.var() / len(b)
    half = 0.0
    if v_a + v_b > 0:
        degrees = (v_a + v_b) ** 2 / (v_a**2 / (len(a) - 1) + v_b**2 / (len(b) - 1))
        half = stats.t.ppf(0.975, degrees) * (v_a + v_b).sqrt()
    if abs(gap) <= half:
        return "undecided"
    return "a" if gap < 0 else "b"
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_verdict", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Checks 132 duels, half of them with different numbers of runs: the rule is told by its decisions.
check.verdict(verdict)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    low = torch.tensor([1.0, 1.2, 0.9, 1.1, 1.0, 0.8], dtype=torch.float64)
    wide = torch.tensor([2.0, 1.4, 2.6], dtype=torch.float64)
    apart = verdict(low, wide + 0.7), verdict(wide + 0.7, low)
    near = verdict(low, wide), verdict(wide, low)
    two = verdict(low[:2], low[:2] + 1), verdict(low[:2], low[:2] + 0.5)
    shared = verdict(10 * low, 10 * low + 0.1)
assert apart == ("a", "b"), "hidden test: six runs against three, ν = 2.1: the mean 1 is smaller than 2.7"
assert near == ("undecided", "undecided"), "hidden test: six runs against three, and the interval 1 ± 1.44 contains 0"
assert two == ("a", "undecided"), "hidden test: two runs each, t = 4.30"
assert shared == "undecided", "hidden test: no pairs, though the runs look alike"
### END HIDDEN TESTS

# %% [markdown]
# ## Use them
# The contest: a Gaussian mixture, a VAE and a GAN, about 22,000 parameters each, 1.5 seconds each, four seeds,
# digits. The time is that of the processor (`time.process_time`), so that other programs do not matter. The
# classifier, a classifier whose features are compared, is trained on the training rows, too: no part of the bench
# sees the test rows early.

# %%
x, y = (torch.cat(parts) for parts in zip(data.images("digits", "train"), data.images("digits", "test"), strict=True))
sets = [torch.as_tensor(np.asarray(rows)) for rows in split(y, 0.2, torch.Generator().manual_seed(0))]
x_train, x_validation, x_test = (x[rows] for rows in sets)
classifier = metrics.train_classifier(x_train, y[sets[0]])
real = metrics.embed(classifier, x_test).features
print(", ".join(f"{name} {len(rows)}" for name, rows in zip(("train", "validation", "test"), sets, strict=True)))

# %% [markdown]
# The widths follow from the budget. Of the mixture it is the number of components, each with a full covariance.

# %%
PARAMETERS, SECONDS, SEEDS = 22_000, 1.5, [0, 1, 2, 3]


def vae_of(width):
    return models.VAE(latent=8, hidden=width)


def gan_of(width):
    return torch.nn.ModuleList([models.Generator(hidden=width), models.Discriminator(hidden=width)])


counts = {
    "GMM": lambda k: mixtures.free_parameters(k, 64),
    "VAE": lambda width: parameter_count(vae_of(width)),
    "GAN": lambda width: parameter_count(gan_of(width)),
}

# %%
widths = {name: int(width_for_budget(count, PARAMETERS)) for name, count in counts.items()}
for name, width in widths.items():
    print(f"{name}: width {width:2d}, {counts[name](width)} parameters")

# %% [markdown]
# Each `fit` trains one model by your `train_for` and returns its sampler: a function from a number and a generator to
# images. First the mixture, a step of EM at a time.


# %%
def fit_gmm(x, seed):
    flat = x.flatten(1).double()
    theta = mixtures.start(flat, widths["GMM"], torch.Generator().manual_seed(seed))
    theta = theta._replace(covariances=theta.covariances + 1e-3 * torch.eye(64))  # some pixels never change

    def step():
        nonlocal theta
        theta = mixtures.m_step(flat, mixtures.responsibilities(flat, *theta), reg_covar=1e-3)

    train_for(step, SECONDS, time.process_time)
    return lambda n, generator: theta.sample(n, rng=generator).clamp(0, 1).float().view(-1, 1, 8, 8)


# %% [markdown]
# The VAE weighs the pixels three times. Its samples gain; minus its loss is no bound of log p(x) any more, though the
# ELBO, with both weights 1, still is.


# %%
def fit_vae(x, seed):
    generator = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    vae = vae_of(widths["VAE"])
    optimizer = torch.optim.Adam(vae.parameters(), lr=3e-3)

    def step():
        batch = x[torch.randint(len(x), (64,), generator=generator)]
        x_logits, mu, logvar = vae(batch, generator)
        loss = losses.kl_standard_normal(mu, logvar) - 3 * losses.log_bernoulli(batch, x_logits)
        optimizer.zero_grad()
        loss.mean().backward()
        optimizer.step()

    train_for(step, SECONDS, time.process_time)
    return vae.sample


# %% [markdown]
# The GAN has the R1 penalty, and its samples come from the running average of G's weights.


# %%
def fit_gan(x, seed):
    def draw(n, generator):
        return (x[torch.randint(len(x), (n,), generator=generator)],)

    torch.manual_seed(seed)
    gan = GAN(*gan_of(widths["GAN"]), draw, GANConfig(lr=2e-3, r1=3.0, average=0.99), seed=seed)
    train_for(gan.step, SECONDS, time.process_time)
    return lambda n, generator: gan.averaged.sample(n, rng=generator)


# %% [markdown]
# Three metrics, smaller is better for each: the Fréchet distance of the classifier's features, and what precision and
# recall lack to 1. Each of the three cells after it takes about seven seconds.


# %%
def score(model, x):
    features = metrics.embed(classifier, x).features
    fake = metrics.embed(classifier, model(len(x), torch.Generator().manual_seed(1))).features
    shares = metrics.prdc(features, fake)
    distance = metrics.frechet_distance(features, fake)
    return torch.tensor([distance, 1 - shares.precision, 1 - shares.recall], dtype=torch.float64)


# %%
results = {"GMM": evaluate(fit_gmm, score, x_train, x_test, SEEDS)}

# %%
results["VAE"] = evaluate(fit_vae, score, x_train, x_test, SEEDS)

# %%
results["GAN"] = evaluate(fit_gan, score, x_train, x_test, SEEDS)

# %%
names = list(results)
scores = torch.stack([torch.stack([torch.as_tensor(np.asarray(row)) for row in rows]) for rows in results.values()])
mean, spread = (np.asarray(values) for values in summary(scores))
floor = score(lambda n, generator: x_validation[:n], x_test)
print(f"{'':15s}{'Fréchet distance':>18s}{'1 − precision':>18s}{'1 − recall':>18s}")
for name, means, spreads in zip(names, mean, spread, strict=True):
    print(f"{name:15s}" + "".join(f"{m:11.2f} ± {s:.2f}" for m, s in zip(means, spreads, strict=True)))
print(f"{'fresh digits':15s}" + "".join(f"{value:11.2f}       " for value in floor.tolist()))

# %% [markdown]
# The last row are the validation digits. Your split gave them each class as often as the test digits, which a
# generator does not know: a strict floor. (Cut both sets together in random halves, and the distance is about 2.6.)
# Who has won?

# %%
for metric, name in enumerate(("Fréchet distance", "1 − precision", "1 − recall")):
    print(f"{name}:")
    for first, second in ((0, 1), (0, 2), (1, 2)):
        a, b = names[first], names[second]
        winner = {"a": f"{a} is better", "b": f"{b} is better"}
        print(f"  {a} or {b}: {winner.get(decision := verdict(*scores[[first, second], :, metric]), decision)}")

# %%
figure, axes = plotting.picture(
    title="Four seeds of each model", alt="Fréchet distance of each run, a column of dots for each of three models."
)
for place, runs in enumerate(scores[:, :, 0]):
    axes.plot([place] * len(runs), runs, "o", color=plotting.COLORS[place])
    axes.errorbar(place + 0.15, mean[place, 0], spread[place, 0], fmt="s", color="black", capsize=4)
axes.axhline(floor[0], color="gray", linestyle=":", label="fresh digits")
axes.set_xticks(range(3), names)
axes.set(ylabel="Fréchet distance", ylim=(0, None), xlim=(-0.5, 2.5), xlabel="dots: runs; squares: mean ± spread")
axes.legend()
figure

# %% [markdown]
# ## Task 8: which model for which task? (6 points)
# The same bench with 10 seconds for each model and five seeds gave this table (mean ± standard deviation):
#
# | model | Fréchet distance | precision | recall | scores a given image | 1,000 samples |
# |---|---|---|---|---|---|
# | Gaussian mixture, 10 components | 6.80 ± 1.12 | 0.88 ± 0.02 | 0.93 ± 0.02 | yes, log p(x) | 11 ms |
# | VAE, 8 latent dimensions | 6.56 ± 1.60 | 0.95 ± 0.01 | 0.89 ± 0.02 | yes, a lower bound | 0.3 ms |
# | GAN with R1 | 2.01 ± 0.23 | 0.86 ± 0.02 | 0.97 ± 0.01 | no | 0.4 ms |
# | fresh real digits, same class shares | 0.72 | 0.96 | 0.99 | | |
#
# Answer in 6–9 sentences, with numbers of the table:
#
# 1. A game for children shows digits to read aloud. A digit that nobody can read spoils the game; seeing the same
#    style twice does not. Which model, and why is the ranking by Fréchet distance no help?
# 2. A bank wants to be warned of scanned digits that are unlike all it has seen. Which model, and what is missing
#    from the table before you would use it?
# 3. A colleague reports: "My GAN reaches a distance of 1.5, my VAE 5.1. The GAN trained for an hour and is the best
#    of five seeds on the test set, the VAE trained for ten seconds with one seed." What is wrong with this
#    comparison, and how should it be done?
#
# | criterion | points |
# |---|---|
# | The game: a model, chosen by the fitting number, and why the Fréchet distance ranks otherwise | 2 |
# | The bank: a model that can do it, why another cannot, and what remains to be measured | 2 |
# | The colleague: the unequal budgets, the choice on the test set, one seed against five; a fair protocol | 2 |
#
# An answer without any number of the table gets at most 3 of the 6 points.

# %% [markdown] nbgrader={"grade": true, "grade_id": "which_model", "locked": false, "points": 6, "schema_version": 3, "solution": true, "task": false}
# **Model answer** (one of several)
#
# For the game I take the VAE: its precision, 0.95 ± 0.01, says that 5 of 100 digits fall outside the real ones,
# against 14 of 100 for the GAN (0.86 ± 0.02), and the gap is four times the spread. The Fréchet distance puts the GAN
# first (2.01 against 6.56) since it also rewards variety, in which the GAN leads (recall 0.97 against 0.89), and the
# game does not need variety. The bank needs a number for each single scan: the mixture gives log p(x) itself and the
# VAE a lower bound, while the GAN gives samples only, so its first place does not count here. No column measures how
# well a warning works: I would collect unusual scans, or hold out a class, and measure the ROC area on validation
# scans before the test set is touched. The colleague gave the GAN 360 times the budget, compared the best of five
# runs with a single one, and picked that best run on the test set, so 1.5 is too good even for the GAN. Both models
# should get the same seconds, parameters and tuning, the same five seeds, choices on the validation set, and then one
# look at the test set with mean, spread and the interval of the difference.
#
# **Mark scheme.** Give each point for the idea, in any words.
#
# - *The game* (2): 1 for the VAE with its precision (with its spread or the gap to the others); 1 for seeing that the
#   distance mixes quality with variety, or that the GAN wins by recall. The GAN "because its FID is best": no point.
# - *The bank* (2): 1 for mixture or VAE because they score a given image and the GAN does not (a mixture or VAE
#   without this reason: half); 1 for what is missing: detection measured on known unusual images (ROC, error rates),
#   or a threshold set on validation data. A GAN's discriminator as an anomaly score: half, if its weakness is named.
# - *The colleague* (2): half each for unequal time, best of five against one seed, choice on the test set, and a
#   protocol that mends them.
# - No number at all: at most 3 of 6. If a function in tasks 1–7 was copied from elsewhere without a word, set that
#   test's points to 0 by hand.
