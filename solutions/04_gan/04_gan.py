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
# # Assignment 04: a generative adversarial network of your own
#
# You write both players of a GAN, their losses, one training step of each, and the measure of what the generator
# covers. Then you train it, and diagnose three training logs.
#
# **Time:** 90–135 minutes. **First:** lecture 04. It runs on a laptop without a network and without a GPU.
#
# ## What to do
# 1. Run the cells from top to bottom. In each *task*, put your code in place of `raise NotImplementedError()`. The
#    docstring says what goes in and what comes out. `torch`, `nn` and `F` are imported; import more where you need
#    it.
# 2. Run the test cell below it. It says what is wrong in words. Change your code and run both again.
# 3. Answer the question of task 9 in words.
#
# ## How it is graded
# | task | you write | points |
# |---|---|---|
# | 1 | `generator_loss_minimax` | 1 |
# | 2 | `generator_loss` | 1 |
# | 3 | `discriminator_loss` | 2 |
# | 4 | `Generator` | 3 |
# | 5 | `Discriminator` | 3 |
# | 6 | `d_step` | 5 |
# | 7 | `g_step` | 5 |
# | 8 | `mode_coverage` | 4 |
# | 9 | three diagnoses, in 6–9 sentences | 6 |
# | | sum | 30 |
#
# Tasks 1–8 are graded by their test cells. Each test uses only the function of its own task, so one mistake costs
# only its own points. When it is graded, each test cell also holds hidden tests: the same properties with other
# numbers and shapes. Task 9 is read by a person; its criteria stand above the answer.
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
import torch
from torch import nn
from torch.nn import functional as F

from course_utils import data, plotting, training
from course_utils.checks import gan as check
from course_utils.labs.gan import plots

torch.set_num_threads(1)  # small networks run faster on one thread

# %% [markdown]
# ## Task 1: the generator's part of the game (1 point)
# In the lecture: [The losses, from logits](../../lectures/04_gan.ipynb).
#
# The discriminator returns a logit, and $D = \mathrm{sigmoid}(\texttt{fake\_logits})$ is the probability that a
# generated point is real. In the minimax game the generator minimizes the following. Stay exact when a logit is ±50:
#
# $$\log\big(1 - D(G(z))\big).$$
#
# <details><summary>A hint, if you are stuck</summary>
#
# 1 − sigmoid(a) = sigmoid(−a), and log sigmoid(a) = −softplus(−a). `F.softplus` stays exact for large logits.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "generator_loss_minimax", "locked": false, "schema_version": 3, "solution": true, "task": false}
def generator_loss_minimax(fake_logits):
    """log(1 − D(G(z))) ≤ 0 for each generated point, with D = sigmoid(fake_logits).

    fake_logits: (B,). Returns (B,): the mean over the batch is the caller's.
    """
    ### BEGIN SOLUTION
    return -F.softplus(fake_logits)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_generator_loss_minimax", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Checks the value for five logits, logits of ±50, and the gradient.
check.generator_loss_minimax(generator_loss_minimax)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    even = generator_loss_minimax(torch.zeros(3))
    sure = generator_loss_minimax(torch.tensor([-80.0, 1.0986123, 80.0]))
assert even.shape == (3,) and (even + 0.6931472).abs().max() < 1e-5, "hidden test: −log 2 where D = 1/2"
assert (sure - torch.tensor([0.0, -1.3862944, -80.0])).abs().max() < 1e-3, "hidden test: D near 0, D = 3/4, D near 1"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 2: the loss that does not saturate (1 point)
# In the lecture: [The losses, from logits](../../lectures/04_gan.ipynb).
#
# At the start $D(G(z)) \approx 0$, and there the minimax loss is flat. This one is steep there:
#
# $$-\log D(G(z)).$$


# %% nbgrader={"grade": false, "grade_id": "generator_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def generator_loss(fake_logits):
    """The non-saturating loss −log D(G(z)) ≥ 0 for each generated point, with D = sigmoid(fake_logits).

    fake_logits: (B,). Returns (B,).
    """
    ### BEGIN SOLUTION
    return F.softplus(-fake_logits)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_generator_loss", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Checks the value for five logits, logits of ±50, and the gradient.
check.generator_loss(generator_loss)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    even = generator_loss(torch.zeros(3))
    sure = generator_loss(torch.tensor([-80.0, 1.0986123, 80.0]))
assert even.shape == (3,) and (even - 0.6931472).abs().max() < 1e-5, "hidden test: log 2 where D = 1/2"
assert (sure - torch.tensor([80.0, 0.2876821, 0.0])).abs().max() < 1e-3, "hidden test: D near 0, D = 3/4, D near 1"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 3: the discriminator's loss (2 points)
# In the lecture: [The losses, from logits](../../lectures/04_gan.ipynb).
#
# It wants $D$ near 1 for real points and near 0 for generated ones. Row $i$ of both inputs together give row $i$ of
# the loss:
#
# $$-\log D(x) - \log\big(1 - D(G(z))\big).$$
#
# <details><summary>A hint, if you are stuck</summary>
#
# It is a cross-entropy with the label 1 for real points and 0 for generated ones: two softplus, with which signs?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "discriminator_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def discriminator_loss(real_logits, fake_logits):
    """−log D(x) − log(1 − D(G(z))) ≥ 0, with D the sigmoid of the logits.

    real_logits, fake_logits: (B,). Returns (B,).
    """
    ### BEGIN SOLUTION
    return F.softplus(-real_logits) + F.softplus(fake_logits)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_discriminator_loss", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Checks the value for five pairs, logits of ±50, and both gradients.
check.discriminator_loss(discriminator_loss)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    even = discriminator_loss(torch.zeros(4), torch.zeros(4))
    sure = discriminator_loss(torch.tensor([1.0986123, -80.0]), torch.tensor([-80.0, 1.0986123]))
assert even.shape == (4,) and (even - 1.3862944).abs().max() < 1e-5, "hidden test: 2 log 2 where D = 1/2 everywhere"
assert (sure - torch.tensor([0.2876821, 81.3862944])).abs().max() < 1e-3, "hidden test: D = 3/4 and D near 0"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 4: the generator (3 points)
# In the lecture: [Digits](../../lectures/04_gan.ipynb).
#
# A network from noise to an image. It has at least one hidden layer of `hidden` units, with an activation such as
# ReLU after it: linear layers alone are one linear map. Two hidden layers are enough. Pixels lie in [0, 1], so it
# ends in a sigmoid. Gradients reach every parameter and z.
#
# <details><summary>A hint, if you are stuck</summary>
#
# An event of any shape has `torch.Size(event).numel()` pixels. `nn.Unflatten(1, event)` gives them back their shape.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "Generator", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Generator(nn.Module):
    """z (B, latent) to images (B, *event) with values in [0, 1]. The event has any shape."""

    def __init__(self, event=(1, 8, 8), latent=16, hidden=128):
        ### BEGIN SOLUTION
        super().__init__()
        pixels = torch.Size(event).numel()
        self.body = nn.Sequential(nn.Linear(latent, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU())
        self.head = nn.Sequential(nn.Linear(hidden, pixels), nn.Sigmoid(), nn.Unflatten(1, event))
        ### END SOLUTION

    def forward(self, z):
        ### BEGIN SOLUTION
        return self.head(self.body(z))
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_Generator", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Checks the shapes for three events, the range of the pixels, an activation inside, gradients to parameters and z.
check.Generator(Generator)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    images = Generator()(torch.randn(6, 16))
    wide = Generator(event=(5, 7), latent=3, hidden=10)(torch.randn(2, 3))
assert images.shape == (6, 1, 8, 8), "hidden test: Generator() maps (6, 16) to (6, 1, 8, 8)"
assert wide.shape == (2, 5, 7) and wide.requires_grad, "hidden test: an event (5, 7) and latent = 3"
assert images.min() >= 0 and images.max() <= 1, "hidden test: values in [0, 1]"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 5: the discriminator (3 points)
# In the lecture: [Digits](../../lectures/04_gan.ipynb).
#
# A network from an image to one logit, high where the image looks real. It ends in a linear layer: the sigmoid is
# already in the losses. It has at least one hidden layer of `hidden` units. Use `nn.LeakyReLU(0.2)` after each of
# them, so that no unit ever stops passing a gradient. Gradients reach every parameter and the image: the generator
# learns from those.
#
# <details><summary>A hint, if you are stuck</summary>
#
# `x.flatten(1)` is (B, pixels). A last layer with one output gives (B, 1): `.squeeze(1)` drops that axis and no
# other.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "Discriminator", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Discriminator(nn.Module):
    """Images (B, *event) to logits (B,). The event has any shape."""

    def __init__(self, event=(1, 8, 8), hidden=128):
        ### BEGIN SOLUTION
        super().__init__()
        pixels = torch.Size(event).numel()
        self.first, self.second = nn.Linear(pixels, hidden), nn.Linear(hidden, hidden)
        self.last = nn.Linear(hidden, 1)
        ### END SOLUTION

    def forward(self, x):
        ### BEGIN SOLUTION
        features = F.leaky_relu(self.first(x.flatten(1)), 0.2)
        return self.last(F.leaky_relu(self.second(features), 0.2)).squeeze(1)
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_Discriminator", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Checks the shapes for three events, an activation inside and none at the end, gradients to parameters and image.
check.Discriminator(Discriminator)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    logits = Discriminator()(torch.rand(6, 1, 8, 8))
    single = Discriminator(event=(5, 7), hidden=10)(torch.rand(1, 5, 7))
assert logits.shape == (6,) and logits.requires_grad, "hidden test: Discriminator() maps (6, 1, 8, 8) to (6,)"
assert single.shape == (1,), "hidden test: a batch of one image of an event (5, 7)"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 6: one step of the discriminator (5 points)
# In the lecture: [One step of each player](../../lectures/04_gan.ipynb).
#
# Draw the generated points from `z`, take the mean of the loss over the batch, and let the optimizer make one step.
# The generator is only a source of data here, and stays as it was: its weights, its `requires_grad`, its mode; no
# gradient reaches it. Take `z` and `loss_fn` as they are given, whatever they are.
#
# <details><summary>A hint, if you are stuck</summary>
#
# Four lines: the loss, `zero_grad`, `backward`, `step`. Which tensor has to be detached so that backward stops before
# G?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "d_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def d_step(G, D, optimizer_d, x, z, loss_fn):
    """One step of D: lowers the mean of loss_fn(real_logits, fake_logits). G stays as it was, with no gradient.

    Of G stay the weights, requires_grad, train or eval mode. G: z (B, Z) to points; D: points to logits (B,); x: real
    points. optimizer_d holds D's parameters, whose gradients may be left over from before. Returns the mean loss before
    the step.
    """
    ### BEGIN SOLUTION
    x_fake = G(z).detach()
    loss = loss_fn(D(x), D(x_fake)).mean()
    optimizer_d.zero_grad()
    loss.backward()
    optimizer_d.step()
    return loss.detach()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_d_step", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# Checks what moved and which gradients are left, against one step computed by hand.
check.d_step(d_step)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    torch.manual_seed(4)
    G, D = nn.Linear(3, 2), nn.Sequential(nn.Linear(2, 1), nn.Flatten(0))
    x, z, before = torch.randn(5, 2), torch.randn(5, 3), [w.clone() for w in G.parameters()]
    gap = (x - G(z).detach()).mean(0)
    start = D[0].weight.detach().clone()
    optimizer = torch.optim.SGD(D.parameters(), lr=0.5)
    value = float(d_step(G, D, optimizer, x, z, lambda real_logits, fake_logits: fake_logits - real_logits))
assert (D[0].weight - (start + 0.5 * gap)).abs().max() < 1e-5, "hidden test: one step on a linear critic"
assert all(torch.equal(a, b) for a, b in zip(before, G.parameters(), strict=True)), "hidden test: the weights of G stay"
assert all(w.grad is None or not w.grad.any() for w in G.parameters()), "hidden test: no gradient reaches G"
assert abs(value + float((start @ gap).sum())) < 1e-4, "hidden test: the mean loss before the step"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 7: one step of the generator (5 points)
# In the lecture: [One step of each player](../../lectures/04_gan.ipynb).
#
# Now the gradient passes through the discriminator to the generator. D must be as it was afterwards: its weights, its
# `requires_grad`, its mode. Backward leaves gradients in D, too; they may stay, since a step of D clears them before
# it begins.
#
# <details><summary>A hint, if you are stuck</summary>
#
# The same four lines, with nothing detached: the gradient has to pass through D. Only G's optimizer makes a step.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "g_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def g_step(G, D, optimizer_g, z, loss_fn):
    """One step of G: lowers the mean of loss_fn(fake_logits). D stays as it was, but for its gradients.

    G: z (B, Z) to points; D: points to logits (B,). optimizer_g holds G's parameters, whose gradients may be left over
    from before. Returns the mean loss before the step.
    """
    ### BEGIN SOLUTION
    loss = loss_fn(D(G(z))).mean()
    optimizer_g.zero_grad()
    loss.backward()
    optimizer_g.step()
    return loss.detach()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_g_step", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# Checks what moved and which gradients are left, against one step computed by hand.
check.g_step(g_step)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    torch.manual_seed(5)
    G, D = nn.Linear(3, 2), nn.Sequential(nn.Linear(2, 1), nn.Flatten(0))
    z, start = torch.randn(5, 3), G.bias.detach().clone()
    before = [w.detach().clone() for w in D.parameters()]
    value = float(g_step(G, D, torch.optim.SGD(G.parameters(), lr=0.5), z, lambda fake_logits: -fake_logits))
assert (G.bias - (start + 0.5 * before[0][0])).abs().max() < 1e-5, "hidden test: one step against a linear critic"
assert all(torch.equal(a, b) for a, b in zip(before, D.parameters(), strict=True)), "hidden test: the weights of D stay"
assert all(w.requires_grad for w in D.parameters()), "hidden test: D is not frozen"
assert torch.tensor(value).isfinite(), "hidden test: the mean loss is returned"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 8: what does the generator cover? (4 points)
# In the lecture: [Mode collapse: made, controlled, mended](../../lectures/04_gan.ipynb).
#
# The data are Gaussians with known centers, the *modes*, and one standard deviation `std`. A generated point is
# *good* if its Euclidean distance from the nearest mode is at most 3 `std`. A point belongs to its nearest mode and
# to no other. A mode is *captured* if at least one good point belongs to it.
#
# <details><summary>A hint, if you are stuck</summary>
#
# `torch.cdist(x, modes)` is (N, K). `.min(dim=1)` gives each point's distance and its mode. Which modes are left,
# each once, when only good points count?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "mode_coverage", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mode_coverage(x, modes, std):
    """How many modes are captured, and which share of the points is good.

    Good: at most 3 std (Euclidean) from the nearest mode. Captured: nearest to at least one good point; one is enough.
    x: generated points (N, 2); modes: (K, 2); std: a number. Returns (captured, high_quality): a number from 0 to K, and
    a share from 0 to 1.
    """
    ### BEGIN SOLUTION
    distance, nearest = torch.cdist(x, modes).min(dim=1)
    good = distance <= 3 * std
    return nearest[good].unique().numel(), good.float().mean().item()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_mode_coverage", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Checks seventeen points and ten modes, another std, no good point, and a crowd on one mode.
check.mode_coverage(mode_coverage)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    circle = torch.tensor([[3.0, 0.0], [0.0, 3.0], [-3.0, 0.0]])
    points = torch.cat([circle + 0.5, circle[:2] + torch.tensor([0.0, 0.1]), torch.zeros(5, 2)])
    captured, high_quality = mode_coverage(points, circle, 0.25)
    none, share = mode_coverage(torch.zeros(4, 2), circle, 0.25)
assert int(captured) == 3 and abs(float(high_quality) - 0.5) < 1e-6, "hidden test: five good points of ten, three modes"
assert int(none) == 0 and float(share) == 0, "hidden test: no good point"
### END HIDDEN TESTS

# %% [markdown]
# ## Train it
# Your two steps, your losses and your measure, on eight Gaussians in a ring. If a function of yours does not pass
# yet, you can take its twin for this part and task 9:
# `from course_utils.losses import generator_loss, discriminator_loss`. This changes nothing about the points of your
# own function.
#
# The two networks come from `course_utils.models`, since yours draw images in [0, 1].

# %%
from course_utils import models

ring = data.toy("ring", std=0.1)
torch.manual_seed(0)
G, D = models.Generator((2,), 16, 64, output=None), models.Discriminator((2,), 64)
optimizer_g, optimizer_d = (torch.optim.Adam(n.parameters(), 4e-3, betas=(0.5, 0.99)) for n in (G, D))


def step(number):
    x, z = ring.sample(128), torch.randn(2, 128, 16)
    d_loss = d_step(G, D, optimizer_d, x, z[0], discriminator_loss)
    return {"loss of D": d_loss, "loss of G": g_step(G, D, optimizer_g, z[1], generator_loss)}


history = training.loop(step, 800, description="your GAN")
smooth = {name: history.smoothed(name) for name in history}
plotting.curves(smooth, title="Your GAN on the ring, mean of 50 steps", xlabel="step", ylabel="nats")

# %% [markdown]
# After the first few hundred steps both losses stay near the equilibrium, 1.39 and 0.69. The points say more than the
# losses do. (For your own digits: replace `ring` by `data.images("digits")[0]`, the networks by yours, and add the R1
# penalty of the lecture.)

# %%
x_fake = G(torch.randn(2500, 16)).detach()
captured, high_quality = mode_coverage(x_fake, ring.modes, 0.1)
figure, axes = plotting.picture(
    title=f"Your GAN: {captured} of 8 modes, {high_quality:.0%} good points",
    alt="Real and generated points over the discriminator's surface.",
)
plots.show_points(axes, ring.sample(500), x_fake[:500], 3.0, D)
axes.legend(loc="upper right")
figure

# %% [markdown]
# ## Task 9: three training logs (6 points)
# In the lecture: [Mode collapse: made, controlled, mended](../../lectures/04_gan.ipynb).
#
# Three GANs were trained on this ring. Each line is the mean of the last 20 steps; *slope* is the size of the
# gradient of the generator's loss at the generated points; *good* is the share of good points. *modes* asks for more
# than task 8: it counts the modes with at least a fifth of their fair share, 2,500 / 8 points, that are good.
#
# Log A (minimax loss, plain gradient steps for G)
#
# | step | loss of D | loss of G | D(x) | D(G(z)) | slope | modes | good |
# |---|---|---|---|---|---|---|---|
# | 20 | 0.000 | −0.000 | 1.00 | 0.00 | 0.0003 | 0 | 0.00 |
# | 300 | 0.000 | −0.000 | 1.00 | 0.00 | < 0.0001 | 0 | 0.00 |
# | 1000 | 0.000 | −0.000 | 1.00 | 0.00 | < 0.0001 | 0 | 0.00 |
#
# Log B (non-saturating loss, 3 steps of D for each of G)
#
# | step | loss of D | loss of G | D(x) | D(G(z)) | slope | modes | good |
# |---|---|---|---|---|---|---|---|
# | 20 | 0.784 | 1.811 | 0.76 | 0.22 | 0.99 | 1 | 0.05 |
# | 300 | 0.701 | 2.010 | 0.76 | 0.23 | 5.10 | 3 | 0.39 |
# | 1000 | 0.718 | 1.871 | 0.78 | 0.23 | 3.22 | 3 | 0.83 |
#
# Log C (non-saturating loss, 1 step of D for each of G)
#
# | step | loss of D | loss of G | D(x) | D(G(z)) | slope | modes | good |
# |---|---|---|---|---|---|---|---|
# | 20 | 1.051 | 1.107 | 0.66 | 0.36 | 0.39 | 2 | 0.13 |
# | 300 | 1.231 | 0.835 | 0.55 | 0.45 | 0.46 | 2 | 0.16 |
# | 1000 | 1.328 | 0.820 | 0.54 | 0.47 | 0.79 | 7 | 0.80 |
#
# **Your answer, 6–9 sentences.** For each log: what happens, which numbers show it, and what you would change, if
# anything.
#
# | criterion | points |
# |---|---|
# | A: the name of the failure, the numbers that show it, why more steps do not help, a mend | 2 |
# | B: the name of the failure, the numbers that show it (and one that would mislead), a mend | 2 |
# | C: what the losses say, what the last two columns say, what you would do | 2 |
#
# Without any number at most 3 of the 6. A mend counts if it acts on the cause that you name. A diagnosis that takes
# the loss of D for a grade ("0, so it is done"; "it does not fall, so it does not learn") gets no point for its log.

# %% [markdown] nbgrader={"grade": true, "grade_id": "diagnosis", "locked": false, "points": 6, "schema_version": 3, "solution": true, "task": false}
# **Model answer.** A: the gradient has vanished. D is sure of everything (D(x) = 1, D(G(z)) = 0), its loss is 0, and
# the minimax loss is flat there, so the slope at the generated points is below 0.001 and G stands still; more steps
# change nothing. I would take the non-saturating loss, or instance noise, or train D less. B: mode collapse. Only 3
# of 8 modes have a share at step 1000, though the share of good points rises to 0.83, which alone would look like
# success; D keeps winning (D(G(z)) = 0.23). I would pack two points, add an R1 penalty, or give D fewer steps. C:
# nothing is wrong. The losses are near the equilibrium, 1.39 and 0.69, D is near 1/2 for both, and while the losses
# hardly change, the modes rise to 7 and the good points to 0.80. I would train on, and lower the learning rate
# towards the end.
#
# **Mark scheme.** Give each point for the idea, in any words.
#
# - *A* (2): 1 for vanishing gradient or saturation with D(G(z)) = 0 or the slope as evidence; 1 for a mend that acts
#   on the cause (non-saturating loss, instance noise, weaker D, Wasserstein loss; Adam for G counts). "The loss of D
#   is 0, so D is perfect and training is done": no point for A.
# - *B* (2): 1 for mode collapse with the column *modes*; half for seeing that *good* alone, or flat losses, would
#   mislead; half for a mend (packing, minibatch statistics, R1 or Wasserstein penalty, fewer steps of D).
# - *C* (2): 1 for "this is near the equilibrium, 2 log 2 and log 2, D near 1/2"; half for samples improving while the
#   losses stand still; half for going on, with or without a lower rate. "Not learning, since the losses do not fall":
#   no point for C.
# - No number at all: at most 3 of 6. If a function in tasks 1–8 only calls its twin in `course_utils`, set that
#   test's points to 0 by hand.
