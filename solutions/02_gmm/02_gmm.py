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
# # Assignment 02: a Gaussian mixture of your own
#
# You write the six parts of a Gaussian mixture, each in one cell. Then you run EM with them, and read a curve of the
# Bayesian information criterion.
#
# **Time:** 65–100 minutes. **First:** lecture 02. It runs on a laptop without a network and without a GPU.
#
# ## What to do
# 1. Run the cells from top to bottom. In each *task*, put your code in place of `raise NotImplementedError()`. The
#    docstring says what goes in and what comes out. `math` and `torch` are imported; import more where you need it.
# 2. Run the test cell below it. It says what is wrong in words. Change your code and run both again.
# 3. Answer the question of task 7 in words.
#
# All functions take and return PyTorch tensors. A loop, broadcasting, or SciPy are equally welcome: SciPy wants
# `x.numpy()`, and `torch.as_tensor(result)` leads back.
#
# ## How it is graded
# | task | you write | points |
# |---|---|---|
# | 1 | `log_components` | 4 |
# | 2 | `log_prob` | 4 |
# | 3 | `responsibilities` | 4 |
# | 4 | `m_step` | 5 |
# | 5 | `sample` | 4 |
# | 6 | `bic` | 3 |
# | 7 | reading a BIC curve, in 5–8 sentences | 6 |
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
# `course_utils` holds a tested twin of each function asked for here. Write your own first, and compare afterwards if
# you like. A function that only calls its twin passes the tests, but is not an answer: whoever reads your notebook
# gives it no points. Ideas you took from other people or from a chat assistant are welcome if a comment names them.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import math

import torch

from course_utils.checks import gmm as check

torch.set_num_threads(1)  # small matrices run faster on one thread

# %% [markdown]
# ## Task 1: the density of each component (4 points)
# In the lecture: [The density, in logarithms](../../lectures/02_gmm.ipynb).
#
# The logarithm of a Gaussian in $D$ dimensions, for every point and every component. Never compute the density
# itself: far from a mean it rounds to 0.
#
# $$\log \mathcal N(x \mid \mu_k, \Sigma_k) = -\tfrac12 \Big( D \log 2\pi + \log\det\Sigma_k
# + (x - \mu_k)^\top \Sigma_k^{-1} (x - \mu_k) \Big).$$
#
# <details><summary>A hint, if you are stuck</summary>
#
# `x[:, None] - means` is (B, K, D): every point minus every mean. `torch.linalg.inv(covariances)` and
# `torch.logdet(covariances)` take all K matrices at once. Begin with a loop over *k* if you like.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "log_components", "locked": false, "schema_version": 3, "solution": true, "task": false}
def log_components(x, means, covariances):
    """log N(x | μ_k, Σ_k) in nats, of every point under every component.

    x: (B, D). means: (K, D). covariances: (K, D, D), symmetric and positive definite. Returns log_px_k: (B, K).
    """
    ### BEGIN SOLUTION
    factor = torch.linalg.cholesky(covariances)
    white = torch.linalg.solve_triangular(factor, x.T - means[:, :, None], upper=False)  # (K, D, B)
    log_det = 2 * factor.diagonal(dim1=1, dim2=2).log().sum(1)
    return -0.5 * (x.shape[1] * math.log(2 * math.pi) + log_det + white.square().sum(1).T)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_log_components", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Checks the values in one, two and three dimensions, the shape (B, K), a single point, and points 100 away.
check.log_components(log_components)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    standard = log_components(torch.tensor([[0.0, 0.0], [3.0, 4.0], [0.0, 1.0]]), torch.zeros(1, 2), torch.eye(2)[None])
    narrow = torch.stack([0.01 * torch.eye(1), 4 * torch.eye(1)])
    line = log_components(torch.tensor([[1.0], [-30.0]]), torch.tensor([[1.0], [1.0]]), narrow)
    tilted = log_components(torch.tensor([[1.0, 1.0]]), torch.zeros(1, 2), torch.tensor([[[2.0, 1.0], [1.0, 2.0]]]))
    wide = log_components(torch.zeros(2, 30), torch.zeros(3, 30), 2 * torch.eye(30).expand(3, 30, 30))
assert standard.shape == (3, 1) and line.shape == (2, 2), "hidden test: the shape is (B, K)"
expected = torch.tensor([[-1.8378771], [-14.3378771], [-2.3378771]])
assert (standard - expected).abs().max() < 1e-4, "hidden test: the standard normal in two dimensions"
expected = torch.tensor([[1.3836466, -1.6120857], [-48048.6163534, -121.7370857]])
assert ((line / expected) - 1).abs().max() < 1e-4, "hidden test: one dimension, variances 0.01 and 4, far away"
assert (tilted + 1.8378771 + 0.5493061 + 1 / 3).abs().max() < 1e-4, "hidden test: variance 2, covariance 1"
assert wide.shape == (2, 3) and (wide + 37.9653641).abs().max() < 1e-3, "hidden test: 30 dimensions"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 2: the density of the mixture (4 points)
# In the lecture: [The density, in logarithms](../../lectures/02_gmm.ipynb).
#
# Components are added up with their weights, inside the logarithm. Your input are logarithms, such as −2000 or 1500,
# whose exponential is 0 or infinite in floating point. The result must be right nevertheless.
#
# $$\log p(x) = \log \sum_{k=1}^{K} \pi_k\, p(x \mid k), \qquad \texttt{log\_px\_k} = \log p(x \mid k).$$
#
# <details><summary>A hint, if you are stuck</summary>
#
# log(π p) = log π + log p. `torch.logsumexp` adds up inside the logarithm; which axis is k?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "log_prob", "locked": false, "schema_version": 3, "solution": true, "task": false}
def log_prob(log_px_k, weights):
    """log p(x) = log Σ_k π_k p(x | k) in nats.

    log_px_k: (B, K), log p(x | k). weights: (K,), positive, sum 1. Returns (B,).
    """
    ### BEGIN SOLUTION
    return torch.logsumexp(weights.log() + log_px_k, dim=1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_log_prob", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Checks the value, one for each point, and log-densities of −2000 and 1500.
check.log_prob(log_prob)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    equal = log_prob(torch.full((4, 5), -7.0), torch.tensor([0.1, 0.2, 0.3, 0.15, 0.25]))
    two = log_prob(torch.tensor([[0.0, math.log(3.0)], [-1e4, -1e4 - 1]]), torch.tensor([0.5, 0.5]))
    single = log_prob(torch.tensor([[-3.0], [5.0]]), torch.ones(1))
assert equal.shape == (4,) and (equal + 7).abs().max() < 1e-4, "hidden test: five components that agree"
assert abs(two[0] - math.log(2)) < 1e-4, "hidden test: the mean of densities 1 and 3 is 2"
assert abs(two[1] + 10000.37988) < 0.01, "hidden test: log-densities of −10,000"
assert (single - torch.tensor([-3.0, 5.0])).abs().max() < 1e-4, "hidden test: a mixture of one"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 3: the E-step (4 points)
# In the lecture: [Learning it: expectation–maximization](../../lectures/02_gmm.ipynb).
#
# Which component did a point come from? Bayes' rule gives a probability for each. A point's responsibilities sum
# to 1.
#
# $$r_{nk} = p(k \mid x_n) = \frac{\pi_k\, p(x_n \mid k)}{\sum_{j} \pi_j\, p(x_n \mid j)} .$$
#
# <details><summary>A hint, if you are stuck</summary>
#
# The fraction is a softmax. Of which logarithms, and along which axis?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "responsibilities", "locked": false, "schema_version": 3, "solution": true, "task": false}
def responsibilities(log_px_k, weights):
    """p(k | x) of every point.

    log_px_k: (B, K), log p(x | k). weights: (K,), positive, sum 1. Returns r: (B, K), rows that sum to 1.
    """
    ### BEGIN SOLUTION
    return torch.softmax(weights.log() + log_px_k, dim=1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_responsibilities", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Checks the value, that rows sum to 1, the prior, and log-densities of −2000 and 1500.
check.responsibilities(responsibilities)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    prior = responsibilities(torch.full((3, 4), -2.0), torch.tensor([0.4, 0.3, 0.2, 0.1]))
    far = responsibilities(torch.tensor([[-5e4, -5e4 - math.log(3.0)], [800.0, 0.0]]), torch.tensor([0.5, 0.5]))
assert prior.shape == (3, 4) and (prior.sum(1) - 1).abs().max() < 1e-5, "hidden test: rows sum to 1"
expected = torch.tensor([0.4, 0.3, 0.2, 0.1])
assert (prior - expected).abs().max() < 1e-5, "hidden test: data that say nothing leave the prior"
assert (far - torch.tensor([[0.75, 0.25], [1.0, 0.0]])).abs().max() < 0.01, "hidden test: log-densities of −50,000"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 4: the M-step (5 points)
# In the lecture: [Learning it: expectation–maximization](../../lectures/02_gmm.ipynb).
#
# Fit each component to all points, weighted with its responsibilities. With $N_k = \sum_n r_{nk}$:
#
# $$\pi_k = \frac{N_k}{N}, \qquad \mu_k = \frac{1}{N_k} \sum_n r_{nk}\, x_n, \qquad
# \Sigma_k = \frac{1}{N_k} \sum_n r_{nk}\, (x_n - \mu_k)(x_n - \mu_k)^\top .$$
#
# <details><summary>A hint, if you are stuck</summary>
#
# `r.T @ x` is (K, D): for each component the sum of the points, weighted. For the covariances subtract each
# component's own mean first: `x - means[:, None]` is (K, N, D).
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "m_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def m_step(x, r):
    """The parameters that fit best for these responsibilities.

    x: (N, D). r: (N, K), rows that sum to 1. Returns weights (K,), means (K, D), covariances (K, D, D).
    """
    ### BEGIN SOLUTION
    counts = r.sum(0)
    means = r.T @ x / counts[:, None]
    centered = x - means[:, None]  # (K, N, D)
    covariances = (r.T[:, :, None] * centered).mT @ centered / counts[:, None, None]
    return counts / len(x), means, covariances
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_m_step", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# Checks the weights, the means and the covariances, for K = 3 and D = 2 and for K = 2 and D = 3.
check.m_step(m_step)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    corners = torch.tensor([[0.0, 0.0], [2.0, 0.0], [0.0, 4.0], [2.0, 4.0]])
    weights, means, covariances = m_step(corners, torch.ones(4, 1))
    halves = m_step(corners, torch.tensor([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]]))
    doubled = m_step(torch.cat([corners, corners]), torch.full((8, 2), 0.5))
assert abs(weights[0] - 1) < 1e-4 and (means - torch.tensor([[1.0, 2.0]])).abs().max() < 1e-4, (
    "hidden test: one component has weight 1 and the mean of all"
)
all_of_them = torch.tensor([[[1.0, 0.0], [0.0, 4.0]]])
assert (covariances - all_of_them).abs().max() < 1e-3, "hidden test: one component has the covariance of all"
assert (halves[0] - 0.5).abs().max() < 1e-4, "hidden test: certain responsibilities give the shares of the groups"
assert (halves[1] - torch.tensor([[1.0, 0.0], [1.0, 4.0]])).abs().max() < 1e-4, "hidden test: the means of two groups"
assert (halves[2] - torch.tensor([[1.0, 0.0], [0.0, 0.0]])).abs().max() < 1e-3, "hidden test: a group on a line"
assert (doubled[2] - all_of_them).abs().max() < 1e-3, "hidden test: points given twice"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 5: new points (4 points)
# In the lecture: [A density made of bumps](../../lectures/02_gmm.ipynb).
#
# Ancestral sampling: for each point a die chooses the component, with probabilities $\pi_k$; then the point is drawn
# from that component's Gaussian. Draw both from the generator that is given, and say which component it was.
#
# <details><summary>A hint, if you are stuck</summary>
#
# `torch.multinomial` rolls the die, with `replacement=True`. Indexing with the components picks a mean and a Cholesky
# factor for each point.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "sample", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sample(n, weights, means, covariances, generator=None):
    """n independent draws from the mixture.

    weights: (K,). means: (K, D). covariances: (K, D, D). Returns x: (n, D), and component: (n,), numbers 0 … K − 1.
    generator: the torch.Generator to draw from; None is torch's global one.
    """
    ### BEGIN SOLUTION
    component = torch.multinomial(weights, n, replacement=True, generator=generator)
    noise = torch.randn(n, means.shape[1], 1, generator=generator)
    return means[component] + (torch.linalg.cholesky(covariances)[component] @ noise).squeeze(2), component
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_sample", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Checks the shares of the components, mean and covariance of the points of each, with a generator and without.
check.sample(sample)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    spread = torch.tensor([[[4.0, 1.5, 0.0], [1.5, 1.0, 0.0], [0.0, 0.0, 0.25]]]).expand(2, 3, 3)
    centers = torch.tensor([[50.0, 0.0, 0.0], [-50.0, 0.0, 10.0]])
    x, component = sample(30_000, torch.tensor([0.2, 0.8]), centers, spread, torch.Generator().manual_seed(7))
    one, _ = sample(3, torch.ones(1), torch.zeros(1, 1), torch.ones(1, 1, 1), torch.Generator().manual_seed(7))
assert x.shape == (30_000, 3) and component.shape == (30_000,), "hidden test: the shapes for D = 3 and K = 2"
assert abs((component == 1).double().mean() - 0.8) < 0.02, "hidden test: four in five from the second component"
assert ((x[:, 0] < 0) == (component == 1)).all(), "hidden test: each point is near the mean of its component"
noise = x.float() - centers[component.long()]
assert (torch.cov(noise.T) - spread[0]).abs().max() < 0.15, "hidden test: the covariance in three dimensions"
assert one.shape == (3, 1), "hidden test: one component in one dimension"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 6: the price of parameters (3 points)
# In the lecture: [How many components, and of which shape?](../../lectures/02_gmm.ipynb).
#
# Lower is better. $p$ is the number of *free* parameters: of the weights, of the means, and of the covariances, which
# depend on their type. "full": each component its own matrix; "tied": one matrix for all; "diag": each component its
# own $D$ variances; "spherical": each component one variance.
#
# $$\mathrm{BIC} = p \log n - 2 \sum_{i=1}^{n} \log p(x_i).$$
#
# <details><summary>A hint, if you are stuck</summary>
#
# Count for K = 1, D = 1 first: one mean, one variance, no free weight. How many entries of a symmetric D × D matrix
# can be chosen freely?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "bic", "locked": false, "schema_version": 3, "solution": true, "task": false}
def bic(log_px, k, d, covariance_type="full"):
    """The Bayesian information criterion of a mixture, lower is better.

    log_px: (n,), log p(x) of each data point in nats. k: number of components. d: number of dimensions.
    covariance_type: "full", "tied", "diag" or "spherical". Returns a number (or a tensor with one).
    """
    ### BEGIN SOLUTION
    one = d * (d + 1) // 2
    covariances = {"full": k * one, "tied": one, "diag": k * d, "spherical": k}
    p = k - 1 + k * d + covariances[covariance_type]
    return p * math.log(len(log_px)) - 2 * log_px.sum().item()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_bic", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Checks the formula, and the number of free parameters for each covariance type.
check.bic(bic)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    values = {kind: float(bic(torch.full((20,), -2.0), 2, 3, kind)) for kind in ("full", "tied", "diag", "spherical")}
    single = float(bic(torch.tensor([0.5, -0.5, 1.0]), 1, 1))
for kind, p in {"full": 19, "tied": 13, "diag": 13, "spherical": 9}.items():
    assert abs(values[kind] - p * 2.9957323 - 80) < 1e-2, f"hidden test: {kind} has {p} parameters for K = 2, D = 3"
assert abs(single - 2 * 1.0986123 + 2) < 1e-3, "hidden test: one Gaussian in one dimension has 2 parameters"
### END HIDDEN TESTS

# %% [markdown]
# ## Run it
# Your functions make EM. Here it is on 300 points from three groups, from three data points as a start.
#
# If a function of yours does not pass yet, you can still do task 7: begin the next cell with
# `from course_utils.models import mixtures` and use
# `mixtures.bic(log_px, mixtures.free_parameters(k, 2, covariance_type))` in place of your `bic`; skip the pictures
# before it. This changes nothing about the points of your own function.

# %%
from course_utils import data, plotting
from course_utils.labs.gmm.em_explorer import draw_mixture

points = data.toy("blobs").sample(300, rng=torch.Generator().manual_seed(3))
theta = torch.full((3,), 1 / 3), points[:3], torch.cov(points.T).expand(3, 2, 2)
path = [theta]
for _ in range(60):
    log_px_k = log_components(points, theta[1], theta[2])
    theta = m_step(points, responsibilities(log_px_k, theta[0]))
    path.append(theta)
log_px = [log_prob(log_components(points, *parameters[1:]), parameters[0]).mean() for parameters in path]
plotting.curves({"log p(x)": log_px}, title="EM with your functions", xlabel="step", ylabel="nats a point")

# %% [markdown]
# Does the likelihood rise at every step? Below: the start, the end, and 300 draws from the end.

# %%
alt = "Three panels: three equal ellipses at the start, one on each group at the end, and points drawn from them."
figure, panels = plotting.picture(1, 3, height=2.8, sharex=True, sharey=True, alt=alt)
draw_mixture(panels[0], points, path[0], "start")
draw_mixture(panels[1], points, path[-1], "after 60 steps")
drawn, component = sample(300, *path[-1], torch.Generator().manual_seed(0))
panels[2].scatter(*drawn.T, s=4, c=[plotting.COLORS[k] for k in component.tolist()])
panels[2].set(xlabel="x₁", aspect="equal")
panels[2].set_title("300 draws", fontsize=10)
figure

# %% [markdown]
# ## Task 7: reading a BIC curve (6 points)
# In the lecture: [How many components, and of which shape?](../../lectures/02_gmm.ipynb).
#
# The data come from the same three groups, which are elongated and tilted. Mixtures with *full* and with *spherical*
# covariances are fitted by scikit-learn to 100 points and to 1,000 points. Your `bic` judges them. Before you run the
# next cells, predict: which K will each of the four curves choose?
#
# All values are in nats a point: BIC / 2n, so that it can be compared with −log p(x), and −log p(x) on the training
# points and on 4,000 new points.

# %%
from sklearn.mixture import GaussianMixture

new = data.toy("blobs").sample(4000, rng=torch.Generator().manual_seed(99)).double()
judged = {}
for n in (100, 1000):
    x = data.toy("blobs").sample(n, rng=torch.Generator().manual_seed(0)).double()
    for kind in ("full", "spherical"):
        for k in range(1, 11):
            fitted = GaussianMixture(k, covariance_type=kind, reg_covar=1e-3, n_init=5, random_state=0).fit(x)
            log_px = torch.from_numpy(fitted.score_samples(x))
            judged[n, kind, k] = float(bic(log_px, k, 2, kind)) / (2 * n), -log_px.mean(), -fitted.score(new)

# %%
alt = "BIC/2n, training and new-data curves against K, for full and spherical covariances, 100 and 1,000 points."
figure, panels = plotting.picture(1, 2, height=3.6, sharey=True, alt=alt)
for panel, n in zip(panels, (100, 1000), strict=True):
    for kind, color in zip(("full", "spherical"), plotting.COLORS, strict=False):
        for column, (name, style) in enumerate({"BIC/2n": "o-", "training": ":", "new points": "--"}.items()):
            values = [judged[n, kind, k][column] for k in range(1, 11)]
            panel.plot(range(1, 11), values, style, color=color, markersize=4, label=f"{kind}, {name}")
    panel.set(title=f"{n} points", xlabel="components K")
panels[0].set(ylabel="nats a point, lower is better", ylim=(2.4, 3.9))
panels[1].legend(fontsize=8)
figure

# %%
print("    n   covariances   K   BIC / 2n   training   new points")
for n in (100, 1000):
    for kind in ("full", "spherical"):
        best = min(range(1, 11), key=lambda k: judged[n, kind, k][0])
        for k in sorted({3, best}):
            values = "".join(f"{value:11.3f}" for value in judged[n, kind, k])
            print(f"{n:5}   {kind:11}{k:4}{values}{'   lowest BIC' if k == best else ''}")

# %% [markdown]
# **Your answer, 5–8 sentences.** Read the curves: say what they choose and why. Quote numbers from your table and
# figure.
#
# | criterion | points |
# |---|---|
# | Which K and which type BIC chooses for 100 and for 1,000 points, with numbers | 2 |
# | Why a BIC curve falls and rises again although the training curve only falls, and what 1,000 points change | 2 |
# | Why spherical mixtures choose another K with more data, and what that says about "K is the number of groups" | 1 |
# | Whether the new points agree with BIC, and what you would do if they did not | 1 |
#
# Without any number, or with a text that contradicts your table, at most 3 of the 6. A choice read from the training
# curve is none of BIC's. A misquoted number costs nothing.

# %% [markdown] nbgrader={"grade": true, "grade_id": "reading", "locked": false, "points": 6, "schema_version": 3, "solution": true, "task": false}
# **Model answer.** BIC prefers full covariances and K = 3, the truth, with both numbers of points: 3.11 nats a point
# against 3.23 for the best spherical mixture at n = 100, and 2.70 against 2.80 at n = 1,000. A curve falls as long as
# another component improves the fit by more than the price of its parameters, p log n / 2n a point; after K = 3 the
# training curve of the full mixture falls only a little with each component, and six more parameters cost more than
# that. With 1,000 points the price of a parameter is log n / 2n = 0.0035 nats a point instead of 0.023, so the curve
# rises much less steeply, and training, BIC and new points lie close together. A spherical component cannot be tilted
# or long, so several circles must stand in for one ellipse: BIC pays for 4 of them with 100 points and for 9 with
# 1,000, because more data can pay for a better approximation. So K is the number of pieces that this kind of mixture
# needs for this many points, not the number of groups. The new points agree: full, K = 3 is lowest (2.89 and 2.74),
# and the spherical mixture with K = 9 (2.82) is still worse. If they disagreed, I would believe the new points, as
# long as there are many, because BIC is an approximation for large n, and new points are what the model is for.
#
# **Mark scheme.** Give each point for the idea, in any words. Numbers may differ by a few hundredths, and K of the
# spherical mixture by one or two, between machines and answers.
#
# - *What it chooses* (2): 1 for full with K = 3 at both n; 1 for the two spherical choices or the two differences in
#   BIC, with numbers from table or figure. A choice read from the training curve: no point here.
# - *Falls and rises* (2): 1 for fit against price, with the price growing with the number of parameters; 1 for what n
#   changes: the price a point, log n / 2n for each parameter, is smaller, or the curve flatter, or the overfitting
#   (new points minus training) less. "More data make BIC better" alone: no point.
# - *Spherical* (1): half for "circles approximate an ellipse, and more data pay for more of them"; half for "K is a
#   number of pieces, not of groups".
# - *New points* (1): half for agreement, with a number or the figure; half for a reasoned choice, either way, if they
#   did not agree: for example new points, since they are unbiased; or BIC, if there are too few new points.
# - No number at all, or text that contradicts the table: at most 3 of 6. One number misquoted: no deduction.
# - If a function in tasks 1–6 only calls its twin in `course_utils`, set that test's points to 0 by hand.
