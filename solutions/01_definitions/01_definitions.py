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
# # Assignment 01: a generative classifier, and a network of tables
#
# You fit a Gaussian to each class of handwritten digits, turn it into a classifier with Bayes' rule, and draw digits
# from it. Then you build a small Bayesian network and ask it a question.
#
# **Time:** 55–80 minutes. **First:** lecture 01. It runs on a laptop without a network and without a GPU.
#
# ## What to do
# 1. Run the cells from top to bottom. In each *task*, put your code in place of `raise NotImplementedError()`. The
#    docstring says what goes in and what comes out. `torch` is imported; import more where you need it.
# 2. Run the test cell below it. It says what is wrong in words. Change your code and run both again.
# 3. Answer the question of task 7 in words.
#
# ## How it is graded
# | task | you write | points |
# |---|---|---|
# | 1 | `fit` | 5 |
# | 2 | `log_joint` | 5 |
# | 3 | `log_posterior` | 3 |
# | 4 | `sample` | 4 |
# | 5 | `joint_table` | 3 |
# | 6 | `burglary_given_call` | 3 |
# | 7 | generative or discriminative, for three tasks | 7 |
# | | sum | 30 |
#
# Tasks 1–6 are graded by their test cells. Each test uses only the function of its own task, so one mistake costs
# only its own points. When it is graded, each test cell also holds hidden tests: the same properties with other
# numbers and shapes. Task 7 is read by a person; its criteria stand above the answer.
#
# ## Before you hand in
# Restart the kernel and run all cells (*Kernel → Restart Kernel and Run All Cells*). Press *Validate* in the
# notebook's toolbar: it runs the notebook anew and lists the tests that fail. Keep the file's name, and do not split,
# copy or delete the cells that were given.
#
# ## Your own work
# Lecture 01 and `course_utils.models.discriminant` hold tested twins of the functions of tasks 1–4. Write your own
# first, and compare afterwards if you like. A function that only calls its twin passes the tests, but is not an
# answer: whoever reads your notebook gives it no points. Ideas you took from other people or from a chat assistant
# are welcome if a comment names them.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import torch

from course_utils import data, plotting
from course_utils.checks import definitions as check

torch.set_num_threads(1)  # small computations run faster on one thread

# %% [markdown]
# ## Task 1: count (5 points)
# In the lecture: [The simplest recipe](../../lectures/01_definitions.ipynb).
#
# The recipe: first draw a class, $y \sim p(y)$; then draw a point from the Gaussian of that class,
# $x \mid y \sim \mathcal N(\mu_y, \Sigma_y)$. Maximum likelihood only counts. With $n_k$ of the $N$ points in class
# $k$:
#
# $$p(k) = \frac{n_k}{N}, \qquad \mu_k = \frac1{n_k}\sum_{i:\,y_i = k} x_i, \qquad
# \Sigma_k = \frac1{n_k}\sum_{i:\,y_i = k} (x_i - \mu_k)(x_i - \mu_k)^\top .$$
#
# <details><summary>A hint, if you are stuck</summary>
#
# `x[y == k]` holds the points of class *k*. `torch.cov` wants the features first and divides by n − 1 unless you give
# `correction=0`. `torch.stack` makes one tensor of a list of them.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "fit", "locked": false, "schema_version": 3, "solution": true, "task": false}
def fit(x, y, classes):
    """The maximum-likelihood Gaussian of each class: (log_prior, mean, covariance).

    x: (N, D). y: (N,), whole numbers from 0 to classes - 1, in any order, each at least once.
    Returns log_prior (K,), the logarithms of the shares; mean (K, D); covariance (K, D, D), divided by the number of
    points in the class. K = classes.
    """
    ### BEGIN SOLUTION
    groups = [x[y == k] for k in range(classes)]
    log_prior = torch.tensor([len(group) / len(x) for group in groups]).log()
    mean = torch.stack([group.mean(0) for group in groups])
    covariance = torch.stack([torch.cov(group.T, correction=0) for group in groups])
    return log_prior, mean, covariance
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_fit", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# Checks the shares, means and covariances of three classes of unequal size in four dimensions.
check.fit(fit)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

corners = torch.tensor([[1.0, 0.0], [-1.0, 0.0], [5.0, 7.0], [5.0, 3.0], [0.0, 0.0], [5.0, 5.0]])
with quiet():
    log_prior, mean, covariance = fit(corners, torch.tensor([1, 1, 0, 0, 1, 0]), 2)
    skewed, moved, same = fit(corners + torch.tensor([100.0, -50.0]), torch.tensor([0, 0, 0, 0, 0, 1]), 2)
assert log_prior.shape == (2,) and (log_prior + 0.6931472).abs().max() < 1e-5, "hidden test: two classes of equal size"
assert (mean - torch.tensor([[5.0, 5.0], [0.0, 0.0]])).abs().max() < 1e-5, "hidden test: the means of the classes"
expected = torch.tensor([[[0.0, 0.0], [0.0, 2.6666667]], [[0.6666667, 0.0], [0.0, 0.0]]])
assert (covariance - expected).abs().max() < 1e-4, "hidden test: the covariances of the classes"
assert (skewed - torch.tensor([-0.1823216, -1.7917595])).abs().max() < 1e-5, "hidden test: shares of 5/6 and 1/6"
assert (same[0] - torch.tensor([[6.4, 6.0], [6.0, 7.6]])).abs().max() < 1e-2, (
    "hidden test: a covariance does not change when all points move"
)
assert same[1].abs().max() < 1e-3, "hidden test: one point has no spread"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 2: how likely is a point, together with a class? (5 points)
# In the lecture: [Broken on purpose: densities instead of logarithms](../../lectures/01_definitions.ipynb).
#
# Densities in 64 dimensions are as small as $e^{-1000}$, which is 0 for a computer. So the logarithm is computed from
# the start, never a density:
#
# $$\log p(x, y) = \log p(y) - \tfrac12 (x - \mu_y)^\top \Sigma_y^{-1} (x - \mu_y) - \tfrac12 \log\det\Sigma_y
# - \tfrac D2 \log 2\pi .$$
#
# A library's Gaussian is welcome, so are `torch.linalg.inv`, `solve` and `torch.logdet`.
#
# <details><summary>A hint, if you are stuck</summary>
#
# Every point meets every class: `x[:, None]` is (B, 1, D), so `x[:, None] - mean` is (B, K, D). Write one class as a
# loop first, then compare.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "log_joint", "locked": false, "schema_version": 3, "solution": true, "task": false}
def log_joint(x, log_prior, mean, covariance):
    """log p(x, y) = log p(y) + log N(x | mean_y, covariance_y) in nats, of each point with each class.

    x: (B, D). log_prior: (K,). mean: (K, D). covariance: (K, D, D). Returns (B, K).
    """
    ### BEGIN SOLUTION
    gaussians = torch.distributions.MultivariateNormal(mean, covariance)
    return log_prior + gaussians.log_prob(x[:, None])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_log_joint", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# Checks the values for five points and three classes in two dimensions, a single point, and points far away.
check.log_joint(log_joint)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

two, wide = torch.tensor([[0.0], [3.0]]), torch.tensor([[[1.0]], [[4.0]]])
with quiet():
    line = log_joint(torch.tensor([[0.0], [3.0], [-1.0]]), torch.tensor([0.25, 0.75]).log(), two, wide)
    plane = log_joint(
        torch.tensor([[1.0, 2.0]]), torch.zeros(1), torch.zeros(1, 2), torch.tensor([[[2.0, 1.0], [1.0, 2.0]]])
    )
    distant = log_joint(torch.tensor([[1000.0]]), torch.tensor([0.25, 0.75]).log(), two, wide)
expected = torch.tensor([[-2.3052329, -3.0247678], [-6.8052329, -1.8997678], [-2.8052329, -3.8997678]])
assert line.shape == (3, 2) and (line - expected).abs().max() < 1e-4, "hidden test: two classes on a line"
assert (plane + 3.3871833).abs().max() < 1e-4, "hidden test: one class in the plane, with a correlation"
assert (distant / torch.tensor([[-500002.3, -124253.0]]) - 1).abs().max() < 1e-3, (
    "hidden test: log p(x, y) of a point far away"
)
### END HIDDEN TESTS

# %% [markdown]
# ## Task 3: Bayes' rule (3 points)
# In the lecture: [Two ways to model the same data](../../lectures/01_definitions.ipynb).
#
# $$p(y \mid x) = \frac{p(x, y)}{p(x)}, \qquad p(x) = \sum_k p(x, k).$$
#
# In logarithms a quotient is a difference, and the sum needs care: `logsumexp` takes the largest term out before it
# uses `exp`.
#
# <details><summary>A hint, if you are stuck</summary>
#
# log p(x) is one number for each row of `log_joint`. Keep its axis (`keepdim=True`), so that it is subtracted row by
# row.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "log_posterior", "locked": false, "schema_version": 3, "solution": true, "task": false}
def log_posterior(log_joint):
    """log p(y | x) in nats, by Bayes' rule.

    log_joint: (B, K), the log p(x, y) of each point with each class. Returns (B, K).
    """
    ### BEGIN SOLUTION
    return log_joint - log_joint.logsumexp(1, keepdim=True)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_log_posterior", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Checks three points with four classes, and values near −1,000 and 1,000.
check.log_posterior(log_posterior)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    even = log_posterior(torch.zeros(3, 5))
    odds = log_posterior(torch.tensor([[-7.0, -7.0 + 1.0986123]]))
    deep = log_posterior(torch.tensor([[-5000.0, -5000.6931472], [-5000.0, -9000.0]]))
assert even.shape == (3, 5) and (even + 1.6094379).abs().max() < 1e-5, "hidden test: five classes, equally likely"
assert (odds.exp() - torch.tensor([[0.25, 0.75]])).abs().max() < 1e-5, "hidden test: odds of 1 to 3"
assert (deep[0].exp() - torch.tensor([2 / 3, 1 / 3])).abs().max() < 1e-3, "hidden test: log p(x, y) near −5,000"
assert (deep[1] - torch.tensor([0.0, -4000.0])).abs().max() < 1e-2, "hidden test: a class that is out of the question"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 4: draw points of chosen classes (4 points)
# In the lecture: [Draw, and draw a chosen class](../../lectures/01_definitions.ipynb).
#
# If $\varepsilon \sim \mathcal N(0, I)$ and $L L^\top = \Sigma$, then
# $\mu + L\varepsilon \sim \mathcal N(\mu, \Sigma)$. Such an $L$ comes from `torch.linalg.cholesky`.
#
# <details><summary>A hint, if you are stuck</summary>
#
# Indexing with `y` picks a row for each point: `mean[y]` is (n, D) and `L[y]` is (n, D, D). A matrix times a column
# of noise wants the noise as (n, D, 1).
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "sample", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sample(y, mean, covariance, generator=None):
    """One point of each class in y: x[i] ~ N(mean[y[i]], covariance[y[i]]).

    y: (n,). mean: (K, D). covariance: (K, D, D). Returns x: (n, D).
    generator: the torch.Generator to draw the noise from; None is torch's global one.
    """
    ### BEGIN SOLUTION
    L = torch.linalg.cholesky(covariance)
    epsilon = torch.randn(len(y), mean.shape[1], 1, generator=generator, dtype=mean.dtype)
    return mean[y] + (L[y] @ epsilon)[:, :, 0]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_sample", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Checks that noise comes from the generator (None: torch's global one), and many draws of each class.
check.sample(sample)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

center = torch.tensor([[-3.0, 8.0], [0.0, 0.0], [1.0, 1.0]])
spread = torch.tensor([[[1.0, 0.0], [0.0, 1.0]], [[9.0, -4.0], [-4.0, 4.0]], [[0.01, 0.0], [0.0, 4.0]]])
with quiet():
    one = sample(torch.full((30_000,), 1), center, spread, torch.Generator().manual_seed(7))
    turns = sample(torch.tensor([0, 2]).repeat(15_000), center, spread, torch.Generator().manual_seed(8))
    single = sample(torch.tensor([2]), center, spread, torch.Generator().manual_seed(9))
assert one.shape == (30_000, 2) and single.shape == (1, 2), "hidden test: the shape of x"
assert (torch.cov(one.T) - spread[1]).abs().max() < 0.3, "hidden test: the covariance of class 1"
assert one.mean(0).abs().max() < 0.12, "hidden test: the mean of class 1"
assert (turns[::2].mean(0) - center[0]).abs().max() < 0.06, "hidden test: the first of two classes in turn"
assert (turns[1::2].std(0) - torch.tensor([0.1, 2.0])).abs().max() < 0.08, "hidden test: the second of two in turn"
### END HIDDEN TESTS

# %% [markdown]
# ## See it work
# Your four functions on the digits of the lecture. Some pixels never change within a class, so their variance is 0
# and the covariance has no inverse; 0.01 is added to all variances.
#
# If a function of yours does not pass yet, you can go on all the same: nothing below is graded but tasks 5 to 7, and
# they need none of these.

# %%
images, digit = data.images("digits", "train")
test_images, test_digit = data.images("digits", "test")
log_prior, mean, covariance = fit(images.flatten(1), digit, 10)
covariance = covariance + 0.01 * torch.eye(64)
guess = log_posterior(log_joint(test_images.flatten(1), log_prior, mean, covariance)).argmax(1)
print(f"test digits right: {(guess == test_digit).float().mean():.1%} (about 99 % is right)")

# %%
drawn = sample(torch.arange(10).repeat(3), mean, covariance, torch.Generator().manual_seed(0))
plotting.image_grid(drawn.view(-1, 1, 8, 8), title="Three draws of each digit from your model")

# %% [markdown]
# ## Task 5: a joint distribution from tables (3 points)
# In the lecture: [A generative model made of tables](../../lectures/01_definitions.ipynb).
#
# An alarm (Pearl 1988): a burglary *b* or a small earthquake *e* may set off the alarm *a*; if it rings, your
# neighbor John may call, *j*. Each is 0 (no) or 1 (yes). The network says who depends on whom:
#
# $$p(b, e, a, j) = p(b)\,p(e)\,p(a \mid b, e)\,p(j \mid a).$$
#
# Multiply the tables into one, with an axis for each variable.
#
# <details><summary>A hint, if you are stuck</summary>
#
# Give each table an axis of size 1 where a variable is missing, such as `p_b[:, None, None, None]`, or name the axes
# in `torch.einsum`.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "joint_table", "locked": false, "schema_version": 3, "solution": true, "task": false}
def joint_table(p_b, p_e, p_a, p_j):
    """The joint distribution p(b, e, a, j), with axes in this order.

    p_b: (2,), p(b). p_e: (2,), p(e). p_a: (2, 2, 2), p(a | b, e) with axes b, e, a.
    p_j: (2, 2), p(j | a) with axes a, j. Returns (2, 2, 2, 2).
    """
    ### BEGIN SOLUTION
    return torch.einsum("b,e,bea,aj->beaj", p_b, p_e, p_a, p_j)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_joint_table", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Checks the sixteen probabilities for two sets of tables.
check.joint_table(joint_table)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

never = torch.tensor([1.0, 0.0])
coins = torch.full((2, 2, 2), 0.5)
copy = torch.eye(2)
with quiet():
    still = joint_table(never, torch.tensor([0.25, 0.75]), coins, copy)
    xor = joint_table(
        torch.tensor([0.5, 0.5]), torch.tensor([0.5, 0.5]), torch.tensor([[[1.0, 0], [0, 1]], [[0, 1], [1, 0]]]), copy
    )
assert still.shape == (2, 2, 2, 2), "hidden test: one axis for each variable"
assert still[1].abs().max() == 0 and (still[0, 1, 1, 1] - 0.375).abs() < 1e-6, "hidden test: no burglary at all"
assert (still[0, :, 0, 1]).abs().max() == 0, "hidden test: John calls exactly when it rings"
assert (xor[0, 1, 1, 1] - 0.25).abs() < 1e-6 and xor[1, 1, 1, 1] == 0, "hidden test: an alarm for one cause, not both"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 6: ask it (3 points)
# In the lecture: [A generative model made of tables](../../lectures/01_definitions.ipynb).
#
# John calls. Was there a burglary? Sum the table over what was not observed, keep the entries with *j* = 1, and
# divide by what is left in all:
#
# $$p(b \mid j = 1) = \frac{\sum_{e, a} p(b, e, a, j = 1)}{\sum_{b, e, a} p(b, e, a, j = 1)} .$$
#
# <details><summary>A hint, if you are stuck</summary>
#
# `joint[..., 1]` keeps *j* = 1 and leaves the axes b, e, a. Which of them are summed out?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "burglary_given_call", "locked": false, "schema_version": 3, "solution": true, "task": false}
def burglary_given_call(joint):
    """p(b | j = 1), both entries: no burglary, burglary.

    joint: (2, 2, 2, 2), p(b, e, a, j) with axes in this order. Returns (2,), which sums to 1.
    """
    ### BEGIN SOLUTION
    both = joint[..., 1].sum((1, 2))
    return both / both.sum()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_burglary_given_call", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Checks p(b | j = 1) for two joint tables.
check.burglary_given_call(burglary_given_call)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

sure = torch.zeros(2, 2, 2, 2)
sure[1, 0, 1, 1], sure[0, 1, 0, 0], sure[0, 0, 1, 1] = 0.3, 0.6, 0.1
with quiet():
    answer = burglary_given_call(sure)
    flat = burglary_given_call(torch.full((2, 2, 2, 2), 1 / 16))
assert answer.shape == (2,) and (answer - torch.tensor([0.25, 0.75])).abs().max() < 1e-5, "hidden test: three entries"
assert (flat - 0.5).abs().max() < 1e-6, "hidden test: a table without dependence"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 7: generative or discriminative? (7 points)
# In the lecture: [Who wins, with how many labels?](../../lectures/01_definitions.ipynb).
#
# Three tasks. For each, say with which kind of model you would begin, generative or discriminative, what *exactly* it
# would model (write it as $p(\cdot)$ or $p(\cdot \mid \cdot)$), and what in the task decides it.
#
# - **A.** A post office sorts letters by a handwritten digit. It has two million labeled images, all from the machine
#   that will be used. Only the digit counts, and errors are expensive.
# - **B.** A factory records a vibration spectrum of each machine every minute: 20,000 spectra of healthy machines,
#   and not one of a machine about to fail. It wants an alarm for failures of any kind.
# - **C.** A survey with 40 questions; most people left some out, not always the same ones. For any person, the
#   missing answers are to be guessed from the given ones, with a probability.
#
# | criterion | points |
# |---|---|
# | For each of A, B, C: the kind, with what it models written as a probability, and a reason that is in the task | 2 each |
# | For one of them: what would make you change your mind, or how you would check that your choice works | 1 |
#
# A kind without a reason gets half a point for its task, a reason that is not in the task no point of its own. A
# method's name, such as "anomaly detection", does not say what is modeled. "It depends on the data" is no check.
# Another choice than the usual one gets full points if it says what it models and what that costs.

# %% [markdown] nbgrader={"grade": true, "grade_id": "three_tasks", "locked": false, "points": 7, "schema_version": 3, "solution": true, "task": false}
# **Model answer.** *A*: discriminative, p(digit | image). There are labels in plenty, the new images come from the
# same source, and only the label is asked for, so nothing is gained by modeling what images look like; a wrong
# assumption about p(x) would cost accuracy, as naive Bayes did with 1,000 labels in the lecture. *B*: generative,
# p(spectrum) of healthy machines, and an alarm if log p is low. Without one failure there is no second class, so
# p(failure | spectrum) cannot be learned; and failures of any kind cannot be listed beforehand. *C*: generative,
# p(all 40 answers), for example a Bayesian network or naive Bayes with a hidden class; then p(missing | given)
# follows for every pattern of gaps. A discriminative model would be needed for each question and each set of given
# ones. *Change of mind*: in A, if letters can come that hold no digit, I would add a model of p(image) to reject
# them. In B I would hold back healthy spectra of other machines and count the false alarms; with some hundred
# failures of the kinds that matter, a classifier would probably do better.
#
# **Mark scheme.** Give points for the idea, in any words.
#
# - *A* (2): 1 for discriminative with p(y | x) in some form; 1 for a reason in the task: many labels, same source,
#   only the label counts. "Generative, because pixels could be missing" has no ground in the task: no point for the
#   reason.
# - *B* (2): 1 for a generative model of healthy spectra, p(x); 1 for the reason: no failures to learn from, or
#   unknown kinds. "One-class classifier" or "anomaly detection" with no word on what is modeled: half of the first
#   point. p(x, y): half, since there is no y.
# - *C* (2): 1 for a joint distribution over all answers; 1 for "any subset from any other", or the number of
#   discriminative models that it would take. Naming one imputation method without a distribution: half in all.
# - *Check* (1): any concrete test or change in the task that would turn the choice. "It depends on the data": none.
# - A kind named without a reason: half a point for that task. A well-argued other choice for A (for example
#   generative, to reject what is not a digit) can have full points if it says what it models and what it costs.
# - If a function in tasks 1–4 only calls its twin in `course_utils`, set that test's points to 0 by hand.
