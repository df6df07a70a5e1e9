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
# # Assignment 09: an energy and a network of your own
#
# You write a restricted Boltzmann machine and see its exact likelihood while it learns. Then you write a Bayesian
# network of any shape, ask it questions exactly and by weighted draws, and read from its arrows what becomes
# dependent and what an intervention does.
#
# **Time:** 100–150 minutes. **First:** lectures [09a](../../lectures/09a_energy.ipynb) and
# [09b](../../lectures/09b_graphs.ipynb). It runs on a laptop without a network and without a GPU.
#
# ## What to do
# 1. Run the cells from top to bottom. In each *task*, put your code in place of `raise NotImplementedError()`. The
#    docstring says what goes in and what comes out. `torch` and `F` (`torch.nn.functional`) are imported; import more
#    where you need it. In tasks 1–7, float64 goes out where float64 comes in.
# 2. Run the test cell below it. It says what is wrong in words. Change your code and run both again. If you stall,
#    open the hint at the end of the task.
# 3. Answer the question of task 12 in words.
#
# ## How it is graded
# | task | you write | points |
# |---|---|---|
# | 1 | `energy` | 2 |
# | 2 | `free_energy` | 3 |
# | 3 | `p_h_given_x` | 1 |
# | 4 | `p_x_given_h` | 1 |
# | 5 | `gibbs_step` | 2 |
# | 6 | `cd_loss` | 3 |
# | 7 | `log_likelihood` | 3 |
# | 8 | `joint` | 2 |
# | 9 | `conditional` | 2 |
# | 10 | `likelihood_weighting` | 3 |
# | 11 | `estimate` | 2 |
# | 12 | reading a graph: dependence, and `do`, in 6–10 sentences | 6 |
# | | sum | 30 |
#
# Tasks 1–11 are graded by their test cells. Each test uses only the function of its own task, so one mistake costs
# only its own points; so call none of your other functions inside one. When it is graded, each test cell also holds
# hidden tests: the same properties with other numbers and shapes. Task 12 is read by a person; its criteria stand
# above the answer.
#
# ## Before you hand in
# Restart the kernel and run all cells (*Kernel → Restart Kernel and Run All Cells*). Press *Validate* in the
# notebook's toolbar: it runs the notebook anew and lists the tests that fail. Keep the file's name, and do not split,
# copy or delete the cells that were given.
#
# ## Your own work
# If the lectures or `course_utils` hold a twin of a function asked for here: write your own first, and compare
# afterwards if you like. A function that only calls its twin passes the tests, but is not an answer: whoever reads
# your notebook gives it no points. Ideas you took from other people or from a chat assistant are welcome if a comment
# names them.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import torch
from torch.nn import functional as F

from course_utils import plotting
from course_utils.checks import energy_graphs as check

torch.set_num_threads(1)  # small computations run faster on one thread

# %% [markdown]
# ## Task 1: the energy (2 points)
# In the lecture: [The restricted Boltzmann machine](../../lectures/09a_energy.ipynb).
#
# A restricted Boltzmann machine has V visible units x and H hidden units h, each 0 or 1. A weight connects each
# visible to each hidden unit, and no unit to one of its own layer. A low energy means a likely pair:
#
# $$E(x, h) = -\,b \cdot x \;-\; c \cdot h \;-\; \sum_{i,j} x_i W_{ij} h_j, \qquad
# p(x, h) = \frac{e^{-E(x, h)}}{Z} .$$
#
# By hand: for V = 2, H = 1, W = (2, −1)ᵀ, b = (1, 0), c = (3), the pair x = (1, 1), h = (1) has E = −1 − 3 − (2
# − 1) = −5.
#
# <details><summary>Stuck? A hint</summary>
#
# `x @ W` is (B, H). Row i of it belongs to row i of h: multiply entry by entry and sum. `x @ W @ h.T` would hold
# every x against every h.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "energy", "locked": false, "schema_version": 3, "solution": true, "task": false}
def energy(x, h, W, b, c):
    """E(x, h) of each pair of rows, (B,).

    x: (B, V) and h: (B, H), numbers 0.0 and 1.0. W: (V, H). b: (V,), the visible biases. c: (H,), the hidden biases.
    """
    ### BEGIN SOLUTION
    return -x @ b - h @ c - ((x @ W) * h).sum(1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_energy", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Checks E of pairs of rows for two shapes of W, one pair alone, the gradients to W, b and c, and float64.
check.energy(energy)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    hand = energy(
        torch.tensor([[1.0, 1.0], [0.0, 1.0], [0.0, 0.0]]),
        torch.tensor([[1.0], [1.0], [0.0]]),
        torch.tensor([[2.0], [-1.0]]),
        torch.tensor([1.0, 0.0]),
        torch.tensor([3.0]),
    )
    wide = energy(torch.ones(2, 3), torch.eye(8)[:2], torch.arange(24.0).reshape(3, 8), torch.ones(3), torch.zeros(8))
assert hand.shape == (3,) and (hand - torch.tensor([-5.0, -2.0, 0.0])).abs().max() < 1e-5, "hidden test: by hand"
assert (wide - torch.tensor([-27.0, -30.0])).abs().max() < 1e-5, "hidden test: V = 3 and H = 8"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 2: the free energy (3 points)
# In the lecture: [The restricted Boltzmann machine](../../lectures/09a_energy.ipynb).
#
# Sum the hidden units out, all $2^H$ states of them. As no two hidden units are connected, the sum is a product of H
# small ones, $1 + e^{a_j}$, and its logarithm is cheap:
#
# $$F(x) = -\log \sum_h e^{-E(x, h)} = -\,b \cdot x - \sum_{j=1}^{H} \operatorname{softplus}(a_j), \qquad
# a = c + x W, \qquad \operatorname{softplus}(a) = \log(1 + e^{a}) .$$
#
# In the example of task 1, x = (1, 1) has a = 3 + 2 − 1 = 4, so F = −1 − log(1 + e⁴) = −5.018.
#
# Your F must be right for a = 2000 as well: `exp(2000)` is infinite for a computer, and softplus(2000) is 2000.
#
# <details><summary>Stuck? A hint</summary>
#
# `F.softplus` does not overflow. Over which dimension is the sum, and which one stays?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "free_energy", "locked": false, "schema_version": 3, "solution": true, "task": false}
def free_energy(x, W, b, c):
    """F(x) = −log Σ_h exp(−E(x, h)) of each row, (B,), for inputs of any size.

    x: (B, V), numbers 0.0 and 1.0. W: (V, H). b: (V,). c: (H,).
    """
    ### BEGIN SOLUTION
    return -x @ b - F.softplus(x @ W + c).sum(1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_free_energy", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Checks F against the sum over all h, weights in the thousands, the gradients to W, b and c, and float64.
check.free_energy(free_energy)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    hand = free_energy(
        torch.tensor([[1.0, 1.0], [0.0, 0.0]]),
        torch.tensor([[2.0], [-1.0]]),
        torch.tensor([1.0, 0.0]),
        torch.tensor([3.0]),
    )
    free = free_energy(torch.ones(2, 4), torch.zeros(4, 6), torch.zeros(4), torch.zeros(6))
    steep = free_energy(
        torch.ones(1, 2), torch.tensor([[900.0, -900.0], [800.0, -700.0]]), torch.zeros(2), torch.zeros(2)
    )
assert hand.shape == (2,) and (hand + torch.tensor([5.0181499, 3.0485873])).abs().max() < 1e-4, "hidden test: by hand"
assert (free + 6 * 0.6931472).abs().max() < 1e-4, "hidden test: with no weights at all, 2^6 hidden states count"
assert abs(float(steep) + 1700) < 1e-2, "hidden test: inputs of 1700 and −1600"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 3: hidden units, given the visible ones (1 point)
# In the lecture: [The restricted Boltzmann machine](../../lectures/09a_energy.ipynb).
#
# Given x, the hidden units are independent of each other, each 1 with the probability
#
# $$p(h_j = 1 \mid x) = \sigma\Big(c_j + \sum_i x_i W_{ij}\Big), \qquad \sigma(a) = \frac{1}{1 + e^{-a}} .$$
#
# It must be right for inputs in the thousands: e^a / (1 + e^a) is inf / inf there.


# %% nbgrader={"grade": false, "grade_id": "p_h_given_x", "locked": false, "schema_version": 3, "solution": true, "task": false}
def p_h_given_x(x, W, c):
    """p(h_j = 1 | x), (B, H). x: (B, V). W: (V, H). c: (H,)."""
    ### BEGIN SOLUTION
    return torch.sigmoid(x @ W + c)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_p_h_given_x", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Checks the probabilities for V = H, where W could be turned round, and V > H; weights in the thousands; float64.
check.p_h_given_x(p_h_given_x)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    weight = torch.tensor([[3.0, 1.0, 2.0], [9.0, 4.0, 1.0]]).log()
    odds = p_h_given_x(torch.tensor([[1.0, 0.0], [1.0, 1.0]]), weight, torch.zeros(3))
assert odds.shape == (2, 3) and abs(float(odds[0, 0]) - 0.75) < 1e-5, "hidden test: odds of 3 to 1"
assert abs(float(odds[1, 0]) - 27 / 28) < 1e-5 and abs(float(odds[1, 1]) - 0.8) < 1e-5, "hidden test: odds multiply"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 4: and back (1 point)
# In the lecture: [The restricted Boltzmann machine](../../lectures/09a_energy.ipynb).
#
# The energy treats both layers alike, so
#
# $$p(x_i = 1 \mid h) = \sigma\Big(b_i + \sum_j W_{ij} h_j\Big) .$$


# %% nbgrader={"grade": false, "grade_id": "p_x_given_h", "locked": false, "schema_version": 3, "solution": true, "task": false}
def p_x_given_h(h, W, b):
    """p(x_i = 1 | h), (B, V). h: (B, H). W: (V, H). b: (V,)."""
    ### BEGIN SOLUTION
    return torch.sigmoid(h @ W.T + b)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_p_x_given_h", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Checks the probabilities for V = H, where W could be turned round, and V > H; weights in the thousands; float64.
check.p_x_given_h(p_x_given_h)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    weight = torch.tensor([[3.0, 9.0], [1.0, 4.0], [1.0, 0.25]]).log()
    odds = p_x_given_h(torch.tensor([[1.0, 0.0], [1.0, 1.0]]), weight, torch.tensor([1.0, 3.0, 1.0]).log())
assert odds.shape == (2, 3) and abs(float(odds[0, 0]) - 0.75) < 1e-5, "hidden test: odds of 3 to 1"
assert (odds[1] - torch.tensor([27 / 28, 12 / 13, 0.2])).abs().max() < 1e-5, "hidden test: odds multiply, with a bias"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 5: one step of the chain (2 points)
# In the lecture: [The restricted Boltzmann machine](../../lectures/09a_energy.ipynb).
#
# To draw from the model, go back and forth: draw all hidden units given x, then all visible units given h. Means or
# samples? A Gibbs chain goes from **sample to sample**: a unit that stands at 0.6 tells the other layer more than a
# unit can.
#
# The random numbers are given, uniform between 0 and 1, so that your step can be checked exactly: a unit is 1 where
# its u is **smaller** than its probability, else 0. Write the two conditionals out again.
#
# <details><summary>Stuck? A hint</summary>
#
# `(u < p)` is a tensor of True and False; `.to(x.dtype)` makes numbers of it.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "gibbs_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gibbs_step(x, u_h, u_x, W, b, c):
    """The next x of the chain, (B, V), zeros and ones of the dtype of x: h ~ p(h | x), then x ~ p(x | h).

    x: (B, V), numbers 0.0 and 1.0. u_h: (B, H) and u_x: (B, V), uniform in [0, 1). W: (V, H). b: (V,). c: (H,).
    """
    ### BEGIN SOLUTION
    h = (u_h < torch.sigmoid(x @ W + c)).to(x.dtype)
    return (u_x < torch.sigmoid(h @ W.T + b)).to(x.dtype)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_gibbs_step", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Checks the new x for given uniforms, for V = H and V > H, one row alone, and float64.
check.gibbs_step(gibbs_step)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    rng = torch.Generator().manual_seed(21)
    weight, rows = torch.tensor([[2.0, -1.0], [-3.0, 1.0]]), torch.tensor([[1.0, 0.0]]).expand(40_000, 2)
    moved = gibbs_step(
        rows,
        torch.rand(40_000, 2, generator=rng),
        torch.rand(40_000, 2, generator=rng),
        weight,
        torch.zeros(2),
        torch.zeros(2),
    )
pairs = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
chance = torch.sigmoid(rows[0] @ weight)
weights = (pairs * chance + (1 - pairs) * (1 - chance)).prod(1)
expected = (weights[:, None] * torch.sigmoid(pairs @ weight.T)).sum(0)
assert set(moved.unique().tolist()) == {0.0, 1.0}, "hidden test: zeros and ones"
assert (moved.mean(0) - expected).abs().max() < 0.015, "hidden test: the mean of the new x, by enumeration of h"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 6: contrastive divergence (3 points)
# In the lecture: [Contrastive divergence against the exact gradient](../../lectures/09a_energy.ipynb).
#
# Maximum likelihood lowers F at the data and raises it where the *model* draws. A draw of the model would need a long
# chain; CD-k starts the chain at the data and takes its k-th x. The loss of a row is
#
# $$F(x) - F(x_k), \qquad x_k \text{ held fixed.}$$
#
# - **What is detached:** x_k is a draw, a constant. W, b and c get a gradient from both terms, x_k gets none and
#   hands none on, even if it comes with a graph.
# - **Means or samples:** the chain was drawn with samples. What the loss takes from the hidden units are their
#   *probabilities*: the gradient of F(x) by W is −x p(h = 1 | x)ᵀ. Nothing is drawn in this task.
#
# So the mean loss has the gradient $-\langle x_i\, p(h_j \mid x)\rangle_{\text{data}} + \langle x_i\, p(h_j \mid
# x)\rangle_{x_k}$ by W. Write F out again, for numbers of any size.
#
# <details><summary>Stuck? A hint</summary>
#
# `x_k.detach()` has the values of x_k and no graph. A `torch.no_grad()` around F(x_k) would end the gradients of W, b
# and c, too.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "cd_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def cd_loss(x, x_k, W, b, c):
    """F(x) − F(x_k) of each row, (B,), with x_k as a constant: the mean over the batch is the caller's.

    x: (B, V), data. x_k: (B, V), the end of the chain that began at x. W: (V, H). b: (V,). c: (H,).
    """
    ### BEGIN SOLUTION
    x_k = x_k.detach()
    data = -x @ b - F.softplus(x @ W + c).sum(1)
    return data + x_k @ b + F.softplus(x_k @ W + c).sum(1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_cd_loss", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Checks the loss, its gradients to W, b and c, that none reaches x_k, weights in the thousands, and float64.
check.cd_loss(cd_loss)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    start, end = torch.tensor([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]]), torch.tensor([[1.0, 1.0, 0.0], [0.0, 1.0, 1.0]])
    weight, first = torch.zeros(3, 2, requires_grad=True), torch.zeros(3, requires_grad=True)
    second = torch.tensor([1.0986123, 0.0], requires_grad=True)
    losses = cd_loss(start, (end + 0 * first).requires_grad_(), weight, first, second)
    losses.sum().backward()
assert losses.shape == (2,) and losses.abs().max() < 1e-5, "hidden test: without weights all x have one F"
assert (weight.grad - torch.tensor([[0.0, 0.0], [0.75, 0.5], [-0.75, -0.5]])).abs().max() < 1e-5, "hidden test: by W"
assert (first.grad - torch.tensor([0.0, 1.0, -1.0])).abs().max() < 1e-5, "hidden test: by b"
assert second.grad.abs().max() < 1e-5, "hidden test: by c"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 7: the exact log-likelihood (3 points)
# In the lecture: [The restricted Boltzmann machine](../../lectures/09a_energy.ipynb).
#
# $$\log p(x) = -F(x) - \log Z, \qquad Z = \sum_{x'} e^{-F(x')},$$
#
# a sum over all $2^V$ states of the visible units. For V = 9 that is 512 terms; for V = 64 nobody can. The terms may
# be as large as e^{3000}: sum in logarithms. Write F out again.
#
# <details><summary>Stuck? A hint</summary>
#
# `itertools.product((0.0, 1.0), repeat=V)` counts through all states. `torch.logsumexp` takes the largest term out
# before it uses `exp`. log Z is one number, the same for each row.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "log_likelihood", "locked": false, "schema_version": 3, "solution": true, "task": false}
def log_likelihood(x, W, b, c):
    """log p(x) in nats of each row, (B,), exactly, for weights of any size.

    x: (B, V), numbers 0.0 and 1.0, V from 2 to 16. W: (V, H). b: (V,). c: (H,).
    """
    ### BEGIN SOLUTION
    every = torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=x.dtype)] * x.shape[1])
    both = torch.cat([x, every])
    minus_F = both @ b + F.softplus(both @ W + c).sum(1)
    return minus_F[: len(x)] - minus_F[len(x) :].logsumexp(0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_log_likelihood", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Checks log p(x) of some rows and of all states, for V > H and V < H, with weights in the thousands, and float64.
check.log_likelihood(log_likelihood)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    biases = torch.tensor([3.0, 1.0, 0.25]).log()
    apart = log_likelihood(torch.tensor([[1.0, 1.0, 1.0], [0.0, 0.0, 0.0]]), torch.zeros(3, 4), biases, torch.randn(4))
    sharp = log_likelihood(torch.eye(2), torch.zeros(2, 1), torch.tensor([2000.0, 1999.0]), torch.zeros(1))
    every = torch.cartesian_prod(*[torch.tensor([0.0, 1.0])] * 8)
    total = log_likelihood(every, torch.randn(8, 3), torch.randn(8), torch.randn(3)).exp().sum()
assert (apart.exp() - torch.tensor([0.75 * 0.5 * 0.2, 0.25 * 0.5 * 0.8])).abs().max() < 1e-5, "hidden test: no weights"
assert (sharp - torch.tensor([-1999.0, -2000.0])).abs().max() < 1e-2, "hidden test: biases of 2000"
assert abs(float(total) - 1) < 1e-4, "hidden test: the probabilities of all 256 states sum to 1"
### END HIDDEN TESTS

# %% [markdown]
# ## See it learn
# The data: all pictures of 3×3 pixels that are made of full rows or of full columns, 14 of 512. The best model of
# them gives each 1/14, so log p = −2.64 nats; a model that knows nothing has 9 log ½ = −6.24. Your chain and your
# loss train one machine by CD-1. A second one starts at the same weights and follows the exact gradient, that of your
# log-likelihood, which nobody has for larger pictures.

# %%
lines = torch.cartesian_prod(*[torch.tensor([0.0, 1.0])] * 3)
pictures = torch.cat([lines[:, :, None].expand(-1, 3, 3), lines[:, None].expand(-1, 3, 3)]).flatten(1).unique(dim=0)
x = pictures.repeat(8, 1)


def cd_1(rbm, rng):
    u_h, u_x = torch.rand(len(x), 12, generator=rng), torch.rand(len(x), 9, generator=rng)
    return cd_loss(x, gibbs_step(x, u_h, u_x, *rbm), *rbm).mean()


def train(loss_fn, steps=600, seed=0):
    """The mean exact log p of the 14 pictures on the way, every 20 steps."""
    rng = torch.Generator().manual_seed(seed)
    rbm = [0.1 * torch.randn(9, 12, generator=rng), torch.zeros(9), torch.zeros(12)]
    optimizer, seen = torch.optim.Adam([part.requires_grad_() for part in rbm], lr=0.02), []
    for step in range(steps + 1):
        if step % 20 == 0:
            seen.append((step, log_likelihood(pictures, *rbm).mean().item()))
        optimizer.zero_grad()
        loss_fn(rbm, rng).backward()
        optimizer.step()
    return seen


# %%
runs = {"CD-1": train(cd_1), "exact gradient": train(lambda rbm, _: -log_likelihood(pictures, *rbm).mean())}
alt = "Mean exact log p of the 14 pictures against steps, by CD-1 and by the exact gradient; dashed: the best, −2.64."
figure, axes = plotting.picture(1, 1, width=6, height=3.2, title="One start, two gradients", alt=alt)
for name, seen in runs.items():
    axes.plot(*zip(*seen, strict=True), label=name)
    print(f"{name:15} last: {seen[-1][1]:.2f} nats")
axes.axhline(-torch.tensor(14.0).log(), color="black", linestyle="--", label="best possible")
axes.set(xlabel="steps", ylabel="mean log p (nats)")
axes.legend()
figure

# %% [markdown]
# Both start alike, and the rate and the steps are the same. The exact gradient should come within 0.05 of the line;
# CD-1 climbs, too, without ever seeing the likelihood, and should end 0.2 to 0.7 nats below it: a chain of one step
# is not yet a draw of the model.

# %% [markdown]
# ## Task 8: the joint of a network (2 points)
# In the lecture: [A joint from small tables](../../lectures/09b_graphs.ipynb).
#
# Now a network of any shape. Its variables are numbered 0, …, D − 1, each parent before its children. `parents[i]`
# lists the parents of variable i, in the order of the axes of `tables[i]`; the last axis is variable i itself. So
# with `parents[3] = (2, 1)`, the entry `tables[3][u, v, k]` is $p(x_3 = k \mid x_2 = u, x_1 = v)$. The joint is
#
# $$p(x_0, \dots, x_{D-1}) = \prod_{i=0}^{D-1} p\big(x_i \mid x_{\text{parents}(i)}\big) .$$
#
# <details><summary>Stuck? A hint</summary>
#
# `torch.einsum` takes numbers for axes, too: `torch.einsum(A, [0], B, [0, 1], [0, 1])` is A_i B_ij. Which numbers do
# the axes of `tables[i]` have? Or loop over all states and multiply D numbers for each.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "joint", "locked": false, "schema_version": 3, "solution": true, "task": false}
def joint(parents, tables):
    """The joint distribution, (K_0, …, K_{D−1}): axis i is variable i, which has K_i values.

    parents: a list of D tuples of numbers smaller than i, in any order. tables: a list of D tensors; tables[i] has the
    axes of parents[i], in that order, then that of i, along which it sums to 1. D is at most 10.
    """
    ### BEGIN SOLUTION
    parts = []
    for i, table in enumerate(tables):
        parts += [table, [*parents[i], i]]
    return torch.einsum(*parts, list(range(len(tables))))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_joint", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Checks networks of one, two, three, five and seven variables, with parents in any order.
check.joint(joint)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    xor = joint(
        [(), (), (1, 0)],
        [
            torch.tensor([0.5, 0.5]),
            torch.tensor([0.25, 0.75]),
            torch.tensor([[[1.0, 0], [0, 1]], [[0, 1], [0.5, 0.5]]]),
        ],
    )
    copies = joint([(), (0,), (0,), (0,)], [torch.tensor([0.2, 0.3, 0.5])] + [torch.eye(3)] * 3)
xor, copies = torch.as_tensor(xor), torch.as_tensor(copies)
assert xor.shape == (2, 2, 2) and copies.shape == (3, 3, 3, 3), "hidden test: one axis for each variable"
expected = torch.tensor([[[0.125, 0.0], [0.0, 0.375]], [[0.0, 0.125], [0.1875, 0.1875]]])
assert (xor - expected).abs().max() < 1e-6, "hidden test: three variables, the parents (1, 0)"
assert (copies.sum() - 1).abs() < 1e-5 and abs(float(copies[1, 1, 1, 1]) - 0.3) < 1e-6, "hidden test: three copies"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 9: ask it (2 points)
# In the lecture: [Exact inference by elimination](../../lectures/09b_graphs.ipynb).
#
# What is known is the *evidence*, such as `{3: 1, 0: 0}`: x₃ = 1 and x₀ = 0. Keep the entries of the joint that agree
# with it, sum over the variables that nobody asked for, and divide by what is left in all:
#
# $$p(x_t = k \mid e) = \frac{\sum_{\text{rest}} p(x_t = k, \text{rest}, e)}{\sum_{k'} \sum_{\text{rest}} p(x_t = k',
# \text{rest}, e)} .$$
#
# <details><summary>Stuck? A hint</summary>
#
# `joint[:, 1]` removes an axis, and those behind it get other numbers. `joint.narrow(i, value, 1)` or `joint[:, 1:2]`
# keeps the axis, with the size 1.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "conditional", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conditional(joint, target, evidence):
    """p(x_target = k | evidence) for k = 0, …, K_target − 1, (K_target,).

    joint: (K_0, …, K_{D−1}), D ≥ 2. target: the number of a variable that is not observed. evidence: a dictionary
    {number: value} of at least none and at most D − 1 variables, with a probability above 0.
    """
    ### BEGIN SOLUTION
    for i, value in evidence.items():
        joint = joint.narrow(i, value, 1)
    kept = joint.sum([i for i in range(joint.dim()) if i != target])
    return kept / kept.sum()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_conditional", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Checks questions with no, one, two and four pieces of evidence, in any order, and rare evidence.
check.conditional(conditional)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    table = torch.arange(1.0, 25.0).reshape(2, 3, 4) / 300
    one = torch.as_tensor(conditional(table, 2, {0: 1, 1: 2}))
    two = torch.as_tensor(conditional(table, 0, {2: 3}))
    free = torch.as_tensor(conditional(table, 1, {}))
assert one.shape == (4,) and (one - torch.tensor([21.0, 22, 23, 24]) / 90).abs().max() < 1e-5, "hidden test: two known"
assert (two - torch.tensor([24.0, 60]) / 84).abs().max() < 1e-5, "hidden test: one known, one summed out"
assert (free - torch.tensor([68.0, 100, 132]) / 300).abs().max() < 1e-5, "hidden test: nothing known"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 10: likelihood weighting (3 points)
# In the lecture: [Likelihood weighting and Gibbs](../../lectures/09b_graphs.ipynb).
#
# A joint of 50 variables fits into no computer, but drawing from it is easy: go through the variables in order, and
# draw each from its table, in the row of its parents' values in the same draw. To ask with evidence e, **set** the
# observed variables instead of drawing them, and give each draw a weight that makes up for it:
#
# $$\log w = \sum_{i \in e} \log p\big(x_i = e_i \mid x_{\text{parents}(i)}\big) .$$
#
# The logarithm, as the product of 400 small numbers is 0 for a computer. If a draw makes the evidence impossible, log
# w = −∞, which `torch.log` gives for 0: leave it so.
#
# <details><summary>Stuck? A hint</summary>
#
# `table[tuple(x[:, j] for j in parents[i])]` has a row of probabilities for each draw, (n, K_i); without parents it
# is the table itself, (K_i,), and `.expand(n, -1)` repeats it. `torch.multinomial(rows, 1, generator=rng)` draws one
# value in each row, (n, 1).
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "likelihood_weighting", "locked": false, "schema_version": 3, "solution": true, "task": false}
def likelihood_weighting(parents, tables, evidence, n, rng=None):
    """(x, log_w): n draws (n, D), int64, in which the evidence holds, and the logarithms of their weights, (n,).

    parents, tables: as in task 8, of any number of variables. evidence: a dictionary {number: value}, maybe empty (then
    every log_w is 0). rng: the torch.Generator to draw from; None is torch's global one.
    """
    ### BEGIN SOLUTION
    x, log_w = torch.zeros(n, len(tables), dtype=torch.long), torch.zeros(n)
    for i, table in enumerate(tables):
        rows = table[tuple(x[:, j] for j in parents[i])].expand(n, -1)
        if i in evidence:
            x[:, i] = evidence[i]
            log_w = log_w + rows[:, evidence[i]].log()
        else:
            x[:, i] = torch.multinomial(rows, 1, generator=rng)[:, 0]
    return x, log_w
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_likelihood_weighting", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Checks the draws given their parents, the evidence, log w, rng, 400 observations, and impossible evidence.
check.likelihood_weighting(likelihood_weighting)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    up, cpt = (
        [(), (0,), (1, 0)],
        [
            torch.tensor([0.3, 0.7]),
            torch.tensor([[0.9, 0.1], [0.4, 0.6]]),
            torch.tensor([[[0.5, 0.5], [0.2, 0.8]], [[0.1, 0.9], [0.6, 0.4]]]),
        ],
    )
    drawn, logs = likelihood_weighting(up, cpt, {2: 0}, 30_000, torch.Generator().manual_seed(31))
drawn, mass = torch.as_tensor(drawn), torch.as_tensor(logs).exp()
assert drawn.shape == (30_000, 3) and mass.shape == (30_000,), "hidden test: the shapes"
assert abs(float(drawn[:, 1].double().mean()) - 0.45) < 0.02, "hidden test: x_1 is drawn as if nothing were known"
assert abs(float(mass.mean()) - 0.446) < 0.01, "hidden test: the mean weight is p(evidence)"
assert abs(float((mass * drawn[:, 0]).sum() / mass.sum()) - 0.308 / 0.446) < 0.02, "hidden test: p(x_0 = 1 | x_2 = 0)"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 11: what the draws say (2 points)
# In the lecture: [Likelihood weighting and Gibbs](../../lectures/09b_graphs.ipynb).
#
# With $w = e^{\log w}$, the probability of a value is the share of the weight that falls on it:
#
# $$p(x_t = k \mid e) \approx \frac{\sum_{\text{draws with } x_t = k} w}{\sum_{\text{all draws}} w} .$$
#
# Each log w may be −2000, where every w is 0 for a computer and the quotient 0/0; or 2000, where it is inf. A factor
# that all weights share cancels.
#
# <details><summary>Stuck? A hint</summary>
#
# `log_w.softmax(0)` holds the normalized weights: it takes the largest out before it uses `exp`. `torch.bincount`
# adds up weights by value, and has a `minlength`.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "estimate", "locked": false, "schema_version": 3, "solution": true, "task": false}
def estimate(values, log_w, count):
    """The estimate of p(x_t = k | e) for k = 0, …, count − 1, (count,); 0 for a value that never came.

    values: (n,), int64, the x_t of each draw. log_w: (n,), of any size, −inf for a weight of 0, but not all of them.
    """
    ### BEGIN SOLUTION
    return torch.bincount(values, log_w.softmax(0), count)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_estimate", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Checks the shares of the weight, a value that never came, and log-weights of −2000, 2000 and −inf.
check.estimate(estimate)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    odd = torch.as_tensor(estimate(torch.tensor([3, 1, 3]), torch.tensor([3.0, 4.0, 5.0]).log() - 900, 5))
    even = torch.as_tensor(estimate(torch.tensor([0, 1, 1, 1]), torch.zeros(4), 2))
assert odd.shape == (5,), "hidden test: an entry for each value"
assert (odd - torch.tensor([0, 1 / 3, 0, 2 / 3, 0])).abs().max() < 1e-4, "hidden test: weights of 3, 4 and 5"
assert (even - torch.tensor([0.25, 0.75])).abs().max() < 1e-5, "hidden test: equal weights"
### END HIDDEN TESTS

# %% [markdown]
# ## Exact and drawn
# A clinic. Severity s (0 mild, 1 severe) decides who gets the drug d, and how many recover, r. The drug may give a
# rash e, and so may an allergy a:
#
# s → d, s → r, d → r, d → e, a → e
#
# Your exact answer, beside the one from your weighted draws: who recovers, given a rash and a severe case?

# %%
parents = [(), (), (0,), (0, 2), (2, 1)]  # of 0 s, 1 a, 2 d, 3 r, 4 e
tables = [
    torch.tensor([0.5, 0.5]),
    torch.tensor([0.9, 0.1]),
    torch.tensor([[0.8, 0.2], [0.2, 0.8]]),
    torch.tensor([[[0.20, 0.80], [0.10, 0.90]], [[0.70, 0.30], [0.55, 0.45]]]),
    torch.tensor([[[0.99, 0.01], [0.60, 0.40]], [[0.90, 0.10], [0.30, 0.70]]]),
]
evidence = {0: 1, 4: 1}
exact = torch.as_tensor(conditional(joint(parents, tables), 3, evidence))[1]
print(f"exact: p(r = 1 | s = 1, e = 1) = {exact:.4f}")
for n in (100, 1000, 10_000, 100_000):
    x, log_w = likelihood_weighting(parents, tables, evidence, n, torch.Generator().manual_seed(0))
    print(f"{n:7} draws: {torch.as_tensor(estimate(x[:, 3], log_w, 2))[1]:.4f}")

# %% [markdown]
# To intervene, `do(d = 1)`, is to cut the arrows into d and set it: its table no longer asks who its parents are.


# %%
def do(variable, value):
    """The network in which a variable is set from outside."""
    cut, fixed = list(parents), list(tables)
    cut[variable], fixed[variable] = (), torch.eye(tables[variable].shape[-1])[value]
    return cut, fixed


print("        recover if d was seen   if d was set")
for value in (1, 0):
    seen = torch.as_tensor(conditional(joint(parents, tables), 3, {2: value}))[1]
    was_set = torch.as_tensor(conditional(joint(*do(2, value)), 3, {2: value}))[1]
    print(f"d = {value}   {seen:21.3f}   {was_set:12.3f}")

# %% [markdown]
# ## Task 12: read the graph (6 points)
# In the lecture: [What becomes dependent](../../lectures/09b_graphs.ipynb).
#
# Answer in 6–10 sentences, from the arrows s → d, s → r, d → r, d → e ← a and the last table. (For the second part
# see also *See or do* in lecture 09b.) If a function of yours failed: the table is 0.540 and 0.700 where d was seen,
# 0.675 and 0.550 where it was set.
#
# 1. **Dependence.** Are the allergy a and the severity s independent, (i) if nothing is known, (ii) if the rash e is
#    known, (iii) if e and d are known? Name the path between them that decides, and for each case the variable on it
#    that blocks the path or opens it.
# 2. **Seeing and doing.** Does the drug help? Say which numbers of the table answer that, why the others point the
#    other way, and how one could get the right ones from records alone, without an experiment.
#
# | criterion | points |
# |---|---|
# | (i), (ii), (iii): each answer with the variable on the path that decides it | 1 each |
# | The drug's effect, with the right two numbers | 1 |
# | Why seeing differs from doing: the path, and what happens along it | 1 |
# | What to hold fixed or average over in the records, and one thing that this takes on trust | 1 |
#
# An answer (i)–(iii) without its reason gets no point: a coin would be right half of the time.

# %% [markdown] nbgrader={"grade": true, "grade_id": "reading_graph", "locked": false, "points": 6, "schema_version": 3, "solution": true, "task": false}
# **Model answer.** There is one path that does not go through r, s → d → e ← a; those through r end in the collider d
# → r ← s, or come back to d, and nothing below r is known. (i) Independent: at e two arrows meet, a collider, and as
# long as neither e nor anything after it is known, it blocks the path. (ii) Dependent: knowing e opens the collider.
# A rash that an allergy explains makes the drug less likely, and with the drug a severe case. (iii) Independent
# again: e is open, but d in the chain s → d → e is known, and that blocks the path. The drug helps: set from outside,
# 0.675 recover with it and 0.550 without, 0.125 more. Among those seen with the drug fewer recover, 0.540 against
# 0.700, as severe cases get the drug more often (0.8 against 0.2) and recover less often anyway: the back door d ← s
# → r is open, and `do` cuts its arrow into d. From records: compare within mild and within severe cases, and average
# with the shares of all patients, Σ_s p(s) p(r | d, s). That trusts the graph: that s is recorded, and that nothing
# else that is not recorded drives both d and r.
#
# **Mark scheme.** Give each point for the idea, in any words; "blocked", "closed", "no information flows" are the
# same.
#
# - *(i)* (1): independent, since e is an unobserved collider (a common effect). "There is no arrow between them": no
#   point, for there is none in (ii) either.
# - *(ii)* (1): dependent, since observing e opens the collider (explaining away).
# - *(iii)* (1): independent, since d, on the chain, is observed. Half for "dependent, less than before" with d named.
# - *Effect* (1): it helps, 0.675 against 0.550. Half if only a difference is named. 0.540 against 0.700 as the
#   effect: no point here, nor for the next criterion.
# - *Why* (1): severity drives treatment and recovery (confounder, back door d ← s → r); cutting s → d removes it.
#   Half for "Simpson's paradox" or "correlation is not causation" without the path.
# - *From records* (1): adjust for s (within strata, weighted by p(s), not by p(s | d)), and an assumption: no other
#   common cause, s measured well, both treatments given in each stratum. Half for one of the two. Adjusting for the
#   rash e: no point, it lies behind d and opens nothing useful.
# - If a function in tasks 1–11 only calls a twin from elsewhere in the course, set that test's points to 0 by hand.
