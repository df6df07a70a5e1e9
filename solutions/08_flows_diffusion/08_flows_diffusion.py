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
# # Assignment 08: a flow and a diffusion model of your own
#
# You write the parts of two generative models, each in one cell. A flow bends a Gaussian into the data and knows its
# density exactly. A diffusion model learns to remove noise. Then you train both in seconds, measure them, and say
# which family suits which task.
#
# **Time:** 100–150 minutes. **First:** lectures [08a](../../lectures/08a_flows.ipynb) and
# [08b](../../lectures/08b_diffusion.ipynb). It runs on a laptop without a network and without a GPU.
#
# ## What to do
# 1. Run the cells from top to bottom. In each *task*, put your code in place of `raise NotImplementedError()`. The
#    docstring says what goes in and what comes out. `math`, `torch` and `nn` are imported; import more where you need
#    it. Numbers come as float32 or float64: where float64 comes in, float64 goes out.
# 2. Run the test cell below it. It says what is wrong in words. Change your code and run both again. If you stall,
#    open the hint at the end of the task.
# 3. Answer the question of task 9 in words.
#
# ## How it is graded
# | task | you write | points |
# |---|---|---|
# | 1 | `coupling_forward` | 4 |
# | 2 | `coupling_inverse` | 2 |
# | 3 | `log_prob` | 3 |
# | 4 | `q_sample` | 3 |
# | 5 | `denoising_loss` | 5 |
# | 6 | `ddpm_step` | 3 |
# | 7 | `ddim_step` | 2 |
# | 8 | `guided` | 2 |
# | 9 | which family for three tasks, in 6–9 sentences | 6 |
# | | sum | 30 |
#
# Tasks 1–8 are graded by their test cells. Each test uses only the function of its own task, so one mistake costs
# only its own points; so call none of your other functions inside one. When it is graded, each test cell also holds
# hidden tests: the same properties with other numbers and shapes. Task 9 is read by a person; its criteria stand
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
import math
import time
from itertools import pairwise

import torch
from torch import nn

from course_utils import data, plotting, training
from course_utils.checks import flows_diffusion as check

torch.set_num_threads(1)  # small networks run faster on one thread

# %% [markdown]
# ## Task 1: a coupling layer (4 points)
# In the lecture: [a determinant, and how to afford it](../../lectures/08a_flows.ipynb).
#
# It leaves the first D // 2 columns of x, called a, as they are. From them a network makes a scale and a shift for
# the other columns, b:
#
# $$z = \big(a,\; b\,e^{\texttt{log\_scale}} + \texttt{shift}\big), \qquad
# \log\left|\det \frac{\partial z}{\partial x}\right| = \sum_j \texttt{log\_scale}_j .$$
#
# The Jacobian is triangular: its diagonal holds a 1 for each kept column and a scale for each moved one, and its
# determinant is their product.
#
# <details><summary>Stuck? A hint</summary>
#
# `x[:, :k]` and `x[:, k:]` cut the columns. `torch.cat([...], 1)` joins them. Each point has its own log-determinant,
# so over which dimension is the sum?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "coupling_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def coupling_forward(x, net):
    """(z, log_det): z (B, D), and log |det ∂z/∂x| (B,) in nats. The first D // 2 columns stay as they are.

    x: (B, D), D ≥ 2, even or odd. net: maps the first D // 2 columns (B, D // 2) to a pair (log_scale, shift), each
    (B, D − D // 2).
    """
    ### BEGIN SOLUTION
    a, b = x[:, : x.shape[1] // 2], x[:, x.shape[1] // 2 :]
    log_scale, shift = net(a)
    return torch.cat([a, b * log_scale.exp() + shift], 1), log_scale.sum(1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_coupling_forward", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Checks z and log_det for 2, 5 and 7 columns, the gradients to x and to the network, and float64.
check.coupling_forward(coupling_forward)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    point = torch.tensor([[1.0, 2.0, 3.0], [0.0, -1.0, 2.0]])
    z, log_det = coupling_forward(point, lambda a: (torch.cat([a, -2 * a], 1) * math.log(2), torch.cat([a, a + 1], 1)))
    leaf = torch.tensor([[0.3, -0.8, 1.1, 0.4]]).double()
    jacobian = torch.autograd.functional.jacobian(
        lambda x: coupling_forward(x, lambda a: (a.sin(), a**2))[0].sum(0), leaf
    )[:, 0]
    exact = coupling_forward(leaf, lambda a: (a.sin(), a**2))[1]
assert z.shape == (2, 3) and log_det.shape == (2,), "hidden test: the shapes for B = 2 and D = 3"
assert (z - torch.tensor([[1.0, 5.0, 2.75], [0.0, -1.0, 3.0]])).abs().max() < 1e-5, "hidden test: z of two points"
assert (log_det - torch.tensor([-0.6931472, 0.0])).abs().max() < 1e-5, "hidden test: log_det of two points"
assert abs(float(jacobian.slogdet()[1] - exact)) < 1e-9, "hidden test: log_det is that of the Jacobian, by autograd"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 2: the way back (2 points)
# In the lecture: [a determinant, and how to afford it](../../lectures/08a_flows.ipynb).
#
# To sample, draw z and undo the layer. Since a was left as it is, the network can be asked again, and it need not be
# invertible itself.
#
# <details><summary>Stuck? A hint</summary>
#
# Solve z_b = b · exp(log_scale) + shift for b. What was done last is undone first.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "coupling_inverse", "locked": false, "schema_version": 3, "solution": true, "task": false}
def coupling_inverse(z, net):
    """The x (B, D) with coupling_forward(x, net) = (z, …). z: (B, D); net: as in coupling_forward."""
    ### BEGIN SOLUTION
    a, b = z[:, : z.shape[1] // 2], z[:, z.shape[1] // 2 :]
    log_scale, shift = net(a)
    return torch.cat([a, (b - shift) * (-log_scale).exp()], 1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_coupling_inverse", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Checks x for 2, 5 and 7 columns, the gradients to z and to the network, and float64.
check.coupling_inverse(coupling_inverse)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    given = torch.tensor([[1.0, 5.0, 2.75], [0.0, -1.0, 3.0]])
    x = coupling_inverse(given, lambda a: (torch.cat([a, -2 * a], 1) * math.log(2), torch.cat([a, a + 1], 1)))
    wide = torch.randn(6, 9, generator=torch.Generator().manual_seed(8)).double()
    moved = torch.cat([wide[:, :4], wide[:, 4:] * wide[:, :1].exp() - 3], 1)
    back = coupling_inverse(moved, lambda a: (a[:, :1].expand(-1, 5), torch.full((len(a), 5), -3.0).double()))
assert (x - torch.tensor([[1.0, 2.0, 3.0], [0.0, -1.0, 2.0]])).abs().max() < 1e-5, "hidden test: x of two points"
assert back.shape == (6, 9) and (back - wide).abs().max() < 1e-9, "hidden test: back to x in 9 columns, in float64"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 3: the exact density (3 points)
# In the lecture: [a determinant, and how to afford it](../../lectures/08a_flows.ipynb).
#
# A flow is a chain of such layers, from the data x to a z that is standard normal. Where a layer stretches space, the
# density falls:
#
# $$\log p(x) = \log \mathcal N(z; 0, I) + \sum_{\text{layers}} \texttt{log\_det}, \qquad
# \log \mathcal N(z; 0, I) = -\tfrac12 \sum_{j=1}^{D} \big(z_j^2 + \log 2\pi\big).$$
#
# <details><summary>Stuck? A hint</summary>
#
# Each layer is called with what left the one before, and returns z and log_det. Keep a running sum. The constant log
# 2π is inside the sum over j.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "log_prob", "locked": false, "schema_version": 3, "solution": true, "task": false}
def log_prob(x, layers):
    """log p(x) in nats, (B,), for the base density N(0, I).

    x: (B, D). layers: a list of functions, the first one for x; each maps (B, D) to (z (B, D), log_det (B,)) in the
    direction from x to z. With no layer at all, p is the base itself.
    """
    ### BEGIN SOLUTION
    total = 0
    for layer in layers:
        x, log_det = layer(x)
        total = total + log_det
    return total - 0.5 * (x**2 + math.log(2 * math.pi)).sum(1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_log_prob", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Checks log p(x) through three layers, two, one and none, and the gradients to x and to the layers.
check.log_prob(log_prob)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    points = torch.tensor([[3.0, -1.0], [0.0, 5.0], [4.0, 4.0]]).double()
    steps = [
        lambda x: (x - 3, torch.zeros(len(x)).double()),
        lambda x: (x / 2, torch.full((len(x),), -2 * math.log(2)).double()),
    ]
    gaussian = log_prob(points, steps)
    middle = (torch.linspace(-12, 12, 4001).double() - 1)[:, None]
    squeezed = log_prob(middle, [lambda x: (x.sinh(), x.cosh().log().sum(1))])
expected = torch.distributions.Normal(3.0, 2.0).log_prob(points).sum(1)
assert (gaussian - expected).abs().max() < 1e-6, "hidden test: two layers that make N(3, 4 I), against its closed form"
assert abs(float(squeezed.exp().sum() * 24 / 4000) - 1) < 1e-4, "hidden test: the density integrates to 1"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 4: add noise (3 points)
# In the lecture: [Adding noise, in steps and in one go](../../lectures/08b_diffusion.ipynb).
#
# Now diffusion. A schedule says how much of the data is left after t of T steps: `alpha_bar[t]` is ᾱ_t, which falls
# from ᾱ_0 = 1 (data) to ᾱ_T near 0 (noise). It is the product of the α of single steps:
# $\bar\alpha_t = \alpha_1 \alpha_2 \cdots \alpha_t$. Noise for t steps is added at once:
#
# $$x_t = \sqrt{\bar\alpha_t}\; x + \sqrt{1 - \bar\alpha_t}\; \varepsilon, \qquad \varepsilon \sim \mathcal N(0, I).$$
#
# <details><summary>Stuck? A hint</summary>
#
# `alpha_bar[t]` is (B,), x is (B, *event): `level.reshape(-1, *[1] * (x.dim() - 1))` gives it the axes that it lacks.
# `torch.randn(x.shape, generator=rng, dtype=x.dtype)` draws ε.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "q_sample", "locked": false, "schema_version": 3, "solution": true, "task": false}
def q_sample(x, t, alpha_bar, rng=None):
    """(x_t, epsilon), both of the shape of x: the noisy data, and the noise ε ~ N(0, I) that is in them.

    x: (B, *event), an event of any shape. t: (B,), integers from 0 to T, one for each data point. alpha_bar: (T + 1,),
    with ᾱ_t at index t. rng: the torch.Generator to draw ε from; None is torch's global one.
    """
    ### BEGIN SOLUTION
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    return level.sqrt() * x + (1 - level).sqrt() * epsilon, epsilon
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_q_sample", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Checks x_t for images and points with a t of their own, the noise that is returned, t = 0 and t = T.
check.q_sample(q_sample)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    curve = torch.linspace(1, 0.04, 13) ** 2
    data_x = torch.tensor([[[5.0]], [[-3.0]]]).expand(2, 10_000, 2)
    noised, noise = q_sample(data_x, torch.tensor([3, 12]), curve, torch.Generator().manual_seed(9))
assert noised.shape == noise.shape == (2, 10_000, 2), "hidden test: the shapes for an event (10,000, 2)"
means, stds = noised.mean((1, 2)), noised.std((1, 2))
assert (means - torch.tensor([3.8, -0.12])).abs().max() < 0.05, "hidden test: the mean of x_t at t = 3 and t = 12"
assert (stds - torch.tensor([0.649923, 0.9992])).abs().max() < 0.03, "hidden test: the spread of x_t at t = 3 and 12"
assert abs(float(noise.std()) - 1) < 0.03, "hidden test: the noise that is returned is standard normal"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 5: the denoising loss (5 points)
# In the lecture: [Learn to denoise](../../lectures/08b_diffusion.ipynb).
#
# The network sees x_t and t and predicts the ε in it. For each image of the batch, draw a t of its own, uniformly
# from 1, …, T, and ε; make x_t as in task 4 (write it out again, so that a mistake there costs nothing here). The
# loss of an image is
#
# $$w_t \,\big\| \varepsilon - \varepsilon_\theta(x_t, t) \big\|^2,$$
#
# the squared error summed over the event, times the weight of its t. Without a weight, $w_t = 1$: the "simple" loss
# of Ho et al. (2020).
#
# <details><summary>Stuck? A hint</summary>
#
# `torch.randint(low, high, (B,), generator=rng)` never draws `high`. Sum over all axes but the first:
# `.flatten(1).sum(1)`.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "denoising_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def denoising_loss(model, x, alpha_bar, weight=None, rng=None):
    """weight[t] ‖ε − model(x_t, t)‖² for each image, (B,): the mean over the batch is the caller's.

    model: maps x_t (B, *event) and t (B,), integers from 1 to T, to its guess of ε (B, *event). x: (B, *event).
    alpha_bar: (T + 1,), with ᾱ_t at index t. weight: (T + 1,), with the weight of t at index t; None: all weights are 1.
    rng: the torch.Generator to draw t and ε from; None is torch's global one.
    """
    ### BEGIN SOLUTION
    t = torch.randint(1, len(alpha_bar), (len(x),), generator=rng)
    epsilon = torch.randn(x.shape, generator=rng, dtype=x.dtype)
    level = alpha_bar[t].reshape(-1, *[1] * (x.dim() - 1))
    x_t = level.sqrt() * x + (1 - level).sqrt() * epsilon
    loss = ((epsilon - model(x_t, t)) ** 2).flatten(1).sum(1)
    return loss if weight is None else weight[t] * loss
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_denoising_loss", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# Checks which t and x_t reach the network, the loss with a weight and without, and the gradient to the network.
check.denoising_loss(denoising_loss)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    curve, size = torch.tensor([1.0, 0.8, 0.5, 0.1]), 0.6
    gauss = size * torch.randn(30_000, 2, generator=torch.Generator().manual_seed(12))

    def best(x_t, t):
        """The optimal denoiser of N(0, size² I), in closed form."""
        level = curve[t][:, None]
        return (1 - level).sqrt() * x_t / (level * size**2 + 1 - level)

    losses = denoising_loss(best, gauss, curve, None, torch.Generator().manual_seed(13))
    only_2 = denoising_loss(best, gauss, curve, torch.tensor([0.0, 0, 3, 0]), torch.Generator().manual_seed(14))
floor = 2 * curve[1:] * size**2 / (curve[1:] * size**2 + 1 - curve[1:])
assert losses.shape == (30_000,), "hidden test: one loss for each point"
assert abs(float(losses.mean() - floor.mean())) < 0.03, "hidden test: the least loss for Gaussian data, in closed form"
assert abs(float(only_2.mean() - floor[1])) < 0.05, "hidden test: the weights 0, 3, 0 for T = 3 leave t = 2"
assert abs(float((only_2 > 0).float().mean()) - 1 / 3) < 0.02, "hidden test: a third of the images has t = 2"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 6: one step back, with dice (3 points)
# In the lecture: [Where everything is known](../../lectures/08b_diffusion.ipynb).
#
# To generate, start from pure noise at t = T and go back step by step. From x_t and the noise ε that the network sees
# in it, DDPM (Ho et al. 2020, algorithm 2) draws
#
# $$x_{t-1} = \frac{1}{\sqrt{\alpha_t}} \Big(x_t - \frac{1 - \alpha_t}{\sqrt{1 - \bar\alpha_t}}\, \varepsilon\Big)
# + \sqrt{1 - \alpha_t}\; z, \qquad z \sim \mathcal N(0, I), \qquad
# \alpha_t = \frac{\bar\alpha_t}{\bar\alpha_{t-1}} .$$
#
# The last step, from t = 1 to the data, has no z: its noise would stay in the picture.
#
# <details><summary>Stuck? A hint</summary>
#
# α_t belongs to one step, ᾱ_t to all steps so far, and the formula has both. The variance of the noise is 1 − α_t, so
# what is its factor?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "ddpm_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def ddpm_step(x_t, t, epsilon, alpha_bar, rng=None):
    """x_{t−1}, of the shape of x_t: one ancestral step with noise of variance 1 − α_t, and without noise at t = 1.

    x_t: (B, *event). t: one integer from 1 to T, for the whole batch. epsilon: the noise that the network predicts,
    of the shape of x_t. alpha_bar: (T + 1,), with ᾱ_t at index t. rng: the torch.Generator to draw z from; None is
    torch's global one.
    """
    ### BEGIN SOLUTION
    alpha = alpha_bar[t] / alpha_bar[t - 1]
    mean = (x_t - (1 - alpha) / (1 - alpha_bar[t]).sqrt() * epsilon) / alpha.sqrt()
    if t == 1:
        return mean
    return mean + (1 - alpha).sqrt() * torch.randn(x_t.shape, generator=rng, dtype=x_t.dtype)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_ddpm_step", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Checks the mean for t = 3, 4 and 6, the spread of the noise, and that there is none at t = 1.
check.ddpm_step(ddpm_step)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    curve, rng = torch.tensor([1.0, 0.8, 0.5, 0.1]), torch.Generator().manual_seed(15)
    walk = torch.randn(30_000, 2, generator=rng)
    spreads = []
    for t in (3, 2, 1):  # data N(0, I): the optimal denoiser is √(1 − ᾱ_t) x_t, and every x_t is N(0, I)
        walk = ddpm_step(walk, t, (1 - curve[t]).sqrt() * walk, curve, rng)
        spreads.append(float(walk.std()))
    point = ddpm_step(torch.tensor([[2.0]]), 1, torch.tensor([[1.0]]), curve)
assert walk.shape == (30_000, 2), "hidden test: the shape"
assert abs(spreads[0] - 1) < 0.02 and abs(spreads[1] - 1) < 0.02, "hidden test: data N(0, I) stay N(0, I) at each step"
assert abs(spreads[2] - 0.8**0.5) < 0.02, "hidden test: the last step adds no noise"
assert abs(float(point) - (2 - 0.2**0.5) / 0.8**0.5) < 1e-5, "hidden test: x_0 from x_1 = 2 and ε = 1"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 7: one step back, without dice (2 points)
# In the lecture: [Where everything is known](../../lectures/08b_diffusion.ipynb).
#
# DDIM (Song et al. 2021) goes from t to any earlier s in one step. It guesses the data, and puts the same noise back,
# as much as belongs to s:
#
# $$\hat x_0 = \frac{x_t - \sqrt{1 - \bar\alpha_t}\,\varepsilon}{\sqrt{\bar\alpha_t}}, \qquad
# x_s = \sqrt{\bar\alpha_s}\,\hat x_0 + \sqrt{1 - \bar\alpha_s}\,\varepsilon .$$
#
# <details><summary>Stuck? A hint</summary>
#
# Two lines, one for each formula. For s = 0 nothing special is needed: ᾱ_0 = 1.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "ddim_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def ddim_step(x_t, t, s, epsilon, alpha_bar):
    """x_s, of the shape of x_t: one deterministic step from t to s.

    x_t: (B, *event). t, s: two integers with T ≥ t > s ≥ 0. epsilon: the noise that the network predicts, of the shape
    of x_t. alpha_bar: (T + 1,), with ᾱ_t at index t.
    """
    ### BEGIN SOLUTION
    x_0 = (x_t - (1 - alpha_bar[t]).sqrt() * epsilon) / alpha_bar[t].sqrt()
    return alpha_bar[s].sqrt() * x_0 + (1 - alpha_bar[s]).sqrt() * epsilon
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_ddim_step", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Checks steps near and far, the step to s = 0, and that nothing is drawn.
check.ddim_step(ddim_step)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    curve = torch.tensor([1.0, 0.9, 0.64, 0.36, 0.0784])
    here, center = torch.tensor([[1.5, -0.5], [0.2, 3.0]]), torch.tensor([2.0, -1.0])
    one = ddim_step(here, 4, 0, (here - 0.28 * center) / 0.96, curve)
    turned = ddim_step(here, 3, 2, 0.8 * here, curve)
assert (one - center).abs().max() < 1e-4, "hidden test: data that are one point: its optimal denoiser leads there"
assert (turned - 0.96 * here).abs().max() < 1e-5, "hidden test: data N(0, I): x_s = (√ᾱ_s √ᾱ_t + …) x_t"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 8: guidance (2 points)
# In the lecture: [Choose the digit, and how strongly](../../lectures/08b_diffusion.ipynb).
#
# One network learns the noise with a class y and, where y is left out in training, without one. Classifier-free
# guidance (Ho & Salimans 2022) goes from the second towards the first, and beyond:
#
# $$\varepsilon = \varepsilon_\varnothing + w\,(\varepsilon_y - \varepsilon_\varnothing).$$
#
# w = 0 ignores the class, w = 1 is the plain conditional model, w > 1 exaggerates what the class adds. (The paper's
# own w is ours minus 1.)


# %% nbgrader={"grade": false, "grade_id": "guided", "locked": false, "schema_version": 3, "solution": true, "task": false}
def guided(model, x_t, t, y, w):
    """The guided noise ε_∅ + w (ε_y − ε_∅), of the shape of x_t.

    model: model(x_t, t, y) is the noise with the classes y, model(x_t, t, None) that without a class. x_t: (B, *event);
    t and y: (B,), integers. w: a number.
    """
    ### BEGIN SOLUTION
    without = model(x_t, t, None)
    return without + w * (model(x_t, t, y) - without)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_guided", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Checks the noise for w = 3, 7, 1, 0 and a half, and how the network is asked.
check.guided(guided)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    x_t, t, y = torch.tensor([[1.0, 2.0], [3.0, -4.0]]), torch.tensor([2, 5]), torch.tensor([1, 0])
    far = guided(lambda x, t, y: -x if y is None else (x + y[:, None]), x_t, t, y, 2.5)
    plain = guided(lambda x, t, y: -x if y is None else (x + y[:, None]), x_t, t, y, 1)
assert (far - (4 * x_t + 2.5 * y[:, None])).abs().max() < 1e-5, "hidden test: w = 2.5"
assert (plain - (x_t + y[:, None])).abs().max() < 1e-5, "hidden test: w = 1 is the conditional model"
### END HIDDEN TESTS

# %% [markdown]
# ## Train them
# Both models learn the same data: six Gaussians in a ring, with a standard deviation of 0.25. First the flow: eight
# of your coupling layers. After each of them the two columns change places, so that each is moved four times (an
# exchange has |det| = 1). The loss is −log p(x), exactly.

# %%
ring = data.toy("ring", modes=6, std=0.25)
x_train, y_train = ring.sample_labelled(8000, rng=training.seeded(0))
x_test = ring.sample(4000, rng=training.seeded(1))


def mlp(inputs, outputs, hidden=64):
    return nn.Sequential(
        nn.Linear(inputs, hidden), nn.SiLU(), nn.Linear(hidden, hidden), nn.SiLU(), nn.Linear(hidden, outputs)
    )


# %%
class Flow(nn.Module):
    """Eight coupling layers; `layers` is what log_prob wants."""

    def __init__(self):
        super().__init__()
        self.nets = nn.ModuleList(mlp(1, 2) for _ in range(8))

    def bounded(self, net):
        def scale_and_shift(a):
            log_scale, shift = net(a).chunk(2, 1)
            return 2 * (log_scale / 2).tanh(), shift

        return scale_and_shift

    def layers(self):
        def layer(x, net):
            z, log_det = coupling_forward(x, self.bounded(net))
            return z.flip(1), log_det

        return [lambda x, net=net: layer(x, net) for net in self.nets]

    def sample(self, n, rng):
        z = torch.randn(n, 2, generator=rng)
        for net in reversed(self.nets):
            z = coupling_inverse(z.flip(1), self.bounded(net))
        return z


# %%
def nll(model, x, rng):
    return {"loss": -log_prob(x, model.layers()).mean()}


torch.manual_seed(0)
flow = Flow()
training.fit(flow, nll, x_train, steps=1000, batch_size=256, description="your flow")

# %% [markdown]
# Then the diffusion model: one network for 100 noise levels and six classes (which of the Gaussians), trained by your
# loss. In half of the points the class is replaced by "none", so that it learns both. The line below each training
# cell says how long it took: the two should take about as long.

# %%
T = 100
angle = torch.linspace(0, 1, T + 1) * math.pi / 2
alpha_bar = torch.cos(0.97 * angle) ** 2


class Denoiser(nn.Module):
    """(x_t, t, y) to the noise in x_t; y = None, or 6 in a row, is no class."""

    def __init__(self):
        super().__init__()
        self.body, self.classes = mlp(2 + 8 + 16, 2, 128), nn.Embedding(7, 16)

    def forward(self, x_t, t, y=None):
        y = torch.full((len(x_t),), 6) if y is None else y
        waves = torch.arange(1, 5) * math.pi / 2 * t[:, None] / T
        return self.body(torch.cat([x_t, waves.sin(), waves.cos(), self.classes(y)], 1))


# %%
def loss_fn(model, x, y, rng):
    y = torch.where(torch.rand(len(y), generator=rng) < 0.5, 6, y)
    return {"loss": denoising_loss(lambda x_t, t: model(x_t, t, y), x, alpha_bar, rng=rng).mean()}


torch.manual_seed(0)
denoiser = Denoiser()
training.fit(denoiser, loss_fn, x_train, y_train, steps=3000, batch_size=256, description="your diffusion model")

# %% [markdown]
# Two samplers from your steps: DDPM through all 100 levels, DDIM through a few of them. With a class `y` and w, your
# guidance acts.


# %%
def predict(x, t, y, w):
    times = torch.full((len(x),), t)
    return denoiser(x, times) if y is None else guided(denoiser, x, times, y, w)


@torch.no_grad()
def ddpm(n, rng, y=None, w=1.0):
    x = torch.randn(n, 2, generator=rng)
    for t in range(T, 0, -1):
        x = ddpm_step(x, t, predict(x, t, y, w), alpha_bar, rng)
    return x


@torch.no_grad()
def ddim(n, rng, steps, y=None, w=1.0):
    x, times = torch.randn(n, 2, generator=rng), torch.linspace(T, 0, steps + 1).round().int().tolist()
    for t, s in pairwise(times):
        x = ddim_step(x, t, s, predict(x, t, y, w), alpha_bar)
    return x


# %% [markdown]
# The measures: *passes* through a network for one batch; *ms* for 1,000 points, here; *good*, the share of points at
# most 3 standard deviations from the nearest center (of the data themselves: 0.99); *shares*, from the rarest to the
# most frequent of the six Gaussians (fair: 0.167); and the exact log p of test points, where a model has one.


# %%
def measure(name, passes, draw, log_p=None):
    rng, start = training.seeded(1), time.perf_counter()
    with torch.no_grad():
        x = draw(4000, rng)
    ms = (time.perf_counter() - start) / 4 * 1000
    distance, nearest = torch.cdist(x, ring.modes).min(1)
    shares = torch.bincount(nearest, minlength=6) / len(x)
    print(
        f"{name:16}{passes:7}{ms:8.1f}{(distance <= 0.75).float().mean():8.2f}"
        f"     {shares.min():.2f}–{shares.max():.2f}   {'none' if log_p is None else f'{log_p:.2f}'}"
    )
    return x


with torch.no_grad():
    log_p = log_prob(x_test, flow.layers()).mean()
print("                 passes     ms    good      shares   log p (nats)")
drawn = {
    "data": measure("data", 0, lambda n, rng: ring.sample(n, rng=rng), ring.log_prob(x_test).mean()),
    "flow": measure("flow", 8, flow.sample, log_p),
    "DDPM": measure("DDPM", T, ddpm),
}
for steps in (20, 5, 1):
    drawn[f"DDIM, {steps}"] = measure(f"DDIM, {steps}", steps, lambda n, rng, steps=steps: ddim(n, rng, steps))

# %% [markdown]
# The flow should show bridges between the Gaussians: it bends one connected cloud, and never tears it. DDIM with one
# step should land between the Gaussians: its guess of x_0 is a mean.

# %%
alt = "Six clouds of points in the plane: the data, the flow, DDPM, and DDIM with 20, 5 and 1 steps."
figure, panels = plotting.picture(2, 3, width=7.2, height=5, title="4,000 points of each sampler", alt=alt)
for axes, (name, x) in zip(panels.flat, drawn.items(), strict=True):
    axes.scatter(*x.T, s=1, alpha=0.4, color=plotting.COLORS[0])
    axes.set(title=name, xlim=(-3.2, 3.2), ylim=(-3.2, 3.2), aspect="equal", xlabel="x₁", ylabel="x₂")
    axes.label_outer()
figure

# %% [markdown]
# What does guidance do? *obeys* is the share of points whose nearest center is that of the class asked for; *spread*
# is the standard deviation around the mean of a class, mean of both coordinates (data: 0.25).

# %%
y = torch.arange(6).repeat(500)
print("   w   obeys   spread")
for w in (0.0, 0.5, 1.0, 2.0):
    x = ddim(3000, training.seeded(1), 50, y, w)
    obeys = (torch.cdist(x, ring.modes).argmin(1) == y).float().mean()
    spread = torch.stack([x[y == k].std(0) for k in range(6)]).mean()
    print(f"{w:4.1f}{obeys:8.2f}{spread:9.2f}")

# %% [markdown]
# ## Task 9: which family for which task? (6 points)
# In the lecture: [Digits: how many steps?](../../lectures/08b_diffusion.ipynb).
#
# For each of these tasks choose one family of the course (mixture, VAE, GAN, flow, diffusion) in 2–3 sentences, 6–9
# in all:
#
# 1. **Payments.** A bank wants a number for how unusual each of 10 million payments a day is, 30 numbers each. An
#    auditor must be able to recompute it exactly.
# 2. **Illustrations.** A publisher wants pictures of a named subject, as good and as various as can be had. Ten
#    seconds for a picture are fine.
# 3. **A game.** It draws new rock textures on a telephone, 60 each second, with no time for more than one pass
#    through a small network.
#
# If a function of yours failed and a table is missing, say so and quote the lectures' numbers instead; it costs
# nothing here.
#
# | criterion, for each of the three tasks | points |
# |---|---|
# | A family that fits, with the property of it that decides, and a number from this page where there is one | 1 |
# | What this choice costs or cannot do, or how you would find out that it was wrong | 1 |
#
# Without any number from the page at most 4 of the 6. "It is the best" or "it is the newest" is no property.

# %% [markdown] nbgrader={"grade": true, "grade_id": "which_family", "locked": false, "points": 6, "schema_version": 3, "solution": true, "task": false}
# **Model answer** (one of several). Payments: a flow, since it gives log p(x) exactly, in one pass and without dice,
# so everybody recomputes the same number; here it reaches −2.2 nats where the data's own density has −1.9. A low
# density need not mean fraud, and flows are known to give strange inputs high densities, so I would measure the ROC
# curve on known frauds, with a Gaussian mixture as baseline. Illustrations: diffusion with guidance, as its samples
# are the best here and no mode is lost (0.92 good, shares from 0.16 to 0.17), and w makes them obey: 0.17 without the
# class, 1.00 with w = 1. It costs a pass for each step, 20 to 100, and a larger w costs variety: with w = 2 the
# spread is 0.16 instead of 0.25. The game: a GAN, as one pass gives a sharp sample; diffusion with one step gives
# means between the modes, 0.08 good points here. It may have lost modes, so I would count them, and it has no
# likelihood to tell.
#
# **Mark scheme.** Give each point for the idea, in any words. Numbers differ a little between machines and answers.
#
# - *Payments* (2): 1 for an exact likelihood, the same at every computation (flow; a mixture is as right, and an
#   autoregressive model too); half for a VAE whose bound is named as a bound. 1 for a limit or a test: density is not
#   typicality, strange inputs can score high (Nalisnick et al. 2019), 30 numbers in different units, a ROC curve on
#   known cases. "Diffusion or a GAN, for the quality": no point, they have no exact log p at hand.
# - *Illustrations* (2): 1 for diffusion (latent diffusion counts) with quality and coverage, or guidance, as the
#   property; half for a GAN with a named class. 1 for the cost: many passes, or the trade of guidance, obedience
#   against spread, or copies of training images.
# - *A game* (2): 1 for one pass with sharp samples (GAN; a VAE or a flow of few layers with its price named; a
#   distilled one-step diffusion model counts if it says distilled). 1 for a limit or a test: lost modes and how to
#   count them, training that fails, blur for the VAE. "DDIM with one step" without more: no point, the table shows
#   what it does.
# - No number from the page: at most 4 of 6. A misquoted number costs nothing.
# - If a function in tasks 1–8 only calls a twin from elsewhere in the course, set that test's points to 0 by hand.
