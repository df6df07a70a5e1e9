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

# %% [markdown] slideshow={"slide_type": "slide"}
# # 04 · Generative adversarial networks
#
# A generative adversarial network (GAN) learns to draw data by playing against an opponent that tries to tell drawn
# from real.
#
# **You will be able to**
# 1. write down the game, its best discriminator and its value, and check both where everything is known;
# 2. write both players' losses from logits, and say why the minimax loss of the generator saturates;
# 3. write one training step of each player, and say what `detach` and the two optimizers are for;
# 4. recognize mode collapse, a vanishing gradient, oscillation, a forgotten `detach` and a learning rate that is too
#    high, and mend each;
# 5. train a GAN and a conditional GAN on digits, and measure which classes it covers.
#
# **Time:** 90 minutes with the exercises; the page runs in under a minute on a laptop. **Before:** lecture 03 helps.
# You need to have trained a classifier once.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the speaker.* Run the whole page before the class. Sections 4 to 6 are the show: let the class command the live
# trainer of section 5, and ask for a show of hands at each "Predict first". Sections 1 and 2 want a blackboard beside
# the screen.

# %% slideshow={"slide_type": "skip"}
import math

import torch
from threadpoolctl import threadpool_limits
from torch.distributions import Normal
from torch.nn import functional as F

from course_utils import data, losses, metrics, models, plotting, training, widgets
from course_utils.labs.gan import experiment, plots
from course_utils.training.gan import GAN, Recipe
from course_utils.widgets import quiz

threadpool_limits(1)  # one thread for NumPy and scikit-learn, and for PyTorch:
torch.set_num_threads(1)  # small networks are 5–20 times slower with two threads that wait for each other

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · The game, where everything is known
#
# The **generator** $G$ turns noise $z \sim N(0, I)$ into a point $G(z)$; the points it makes have some density $q$.
# The **discriminator** $D$ gives each point the probability that it is real, that is, from $p$. One raises and the
# other lowers the same value (Goodfellow et al. 2014):
#
# $$\min_G \max_D\; V(D, G) = \mathbb{E}_{x \sim p}[\log D(x)] + \mathbb{E}_{z}[\log(1 - D(G(z)))] .$$
#
# For a fixed $G$, look at one place $x$. There $D$ maximizes $p(x) \log D + q(x) \log(1 - D)$. The derivative is zero
# at
#
# $$D^*(x) = \frac{p(x)}{p(x) + q(x)}, \qquad\text{and then}\qquad V(D^*, G) = 2\,\mathrm{JS}(p, q) - 2\log 2 ,$$
#
# where JS is the Jensen–Shannon divergence, $\tfrac12\mathrm{KL}(p\|m) + \tfrac12\mathrm{KL}(q\|m)$ with
# $m = \tfrac12(p + q)$. So the best possible generator has $q = p$, $D^* = \tfrac12$ everywhere, and value
# $-2 \log 2 = -\log 4$.
#
# Check it on two Gaussians, by summing over a fine grid.

# %%
grid = torch.linspace(-12, 12, 4801, dtype=torch.float64)
p, q = (Normal(mean, 1.0).log_prob(grid).exp() for mean in (0.0, 1.5))


def value(D):
    return torch.trapezoid(p * D.log() + q * (1 - D).log(), grid).item()


best = p / (p + q)
m = (p + q) / 2
js = torch.trapezoid(p * (p / m).log() + q * (q / m).log(), grid).item() / 2
print(f"V(D*, G) = {value(best):.6f} · 2 JS − 2 log 2 = {2 * js - 2 * math.log(2):.6f}")
for shift in (-0.5, 0.5):
    print(f"with the logit of D* shifted by {shift:+.1f}: V = {value((best.logit() + shift).sigmoid()):.6f}")
assert abs(value(best) - (2 * js - 2 * math.log(2))) < 1e-9

# %% [markdown]
# Any other discriminator has a lower value. Nobody knows $p$ in practice, so $D$ is a network and sees only samples.
# Does training find $D^*$? Note what it learns: its logit is $\log p(x) - \log q(x)$, here the straight line
# $1.125 - 1.5\,x$.

# %%
torch.manual_seed(0)
D = models.mlp(1, 32, 32, 1)
random = torch.Generator().manual_seed(0)


def classify(step):
    x, x_fake = torch.randn(256, 1, generator=random), 1.5 + torch.randn(256, 1, generator=random)
    loss = losses.discriminator_loss(D(x), D(x_fake)).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"value": -loss}


optimizer = torch.optim.Adam(D.parameters(), lr=3e-3, fused=True)
history = training.loop(classify, 500, description="D alone")
learned = D(grid.float()[:, None]).sigmoid().squeeze(1).detach()
print(f"value reached {sum(history['value'][-100:]) / 100:.3f}, best possible {value(best):.3f}")

# %%
means = torch.linspace(0, 10, 41, dtype=torch.float64)
both = [[Normal(side * mu / 2, 1.0).log_prob(grid).exp() for side in (-1, 1)] for mu in means]
mixed = [(a, b, (a + b) / 2) for a, b in both]
js_curve = [torch.trapezoid(torch.xlogy(a, a / m) + torch.xlogy(b, b / m), grid) / 2 for a, b, m in mixed]

# %%
figure, (left, right) = plotting.picture(
    1, 2, title="The discriminator on two Gaussians, and what its value measures",
    alt="Left: learned and optimal D nearly coincide. Right: Jensen-Shannon flattens at log 2; earth mover's grows.",
)  # fmt: skip
for density, color, label in ((p, plots.REAL, "p, real"), (q, plots.FAKE, "q, generated")):
    left.fill_between(grid, density, color=color, alpha=0.3, label=label)
left.plot(grid, best, color="black", label="D* = p / (p + q)")
left.plot(grid, learned, "--", color=plotting.COLORS[2], label="D, trained")
left.set(xlim=(-4, 5), xlabel="x", ylabel="density, or D(x)")
right.plot(means, js_curve, label="Jensen–Shannon (nats)")
right.plot(means, means / 10, "--", label="earth mover's distance / 10")
right.axhline(math.log(2), color="black", linewidth=1, linestyle=":", label="log 2")
right.set(xlabel="distance between the means", ylabel="divergence")
for ax in (left, right):
    ax.legend(fontsize=8)
figure

# %% [markdown]
# On the right lies the first warning. Once the two densities hardly overlap, the Jensen–Shannon divergence is flat at
# $\log 2$: the best discriminator tells the generator *that* it is wrong, hardly *where to go*. The earth mover's
# distance, how far mass must be carried, keeps its slope. Section 7 uses it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · The losses, from logits
#
# $D$ emits a logit $\ell$, with $D = \operatorname{sigmoid}(\ell)$. Write
# $\operatorname{softplus}(a) = \log(1 + e^a)$; then $-\log D = \operatorname{softplus}(-\ell)$ and
# $-\log(1 - D) = \operatorname{softplus}(\ell)$. The discriminator minimizes $-V$. For the generator there are two
# choices:
#
# | loss of the generator | formula | gradient by the logit |
# |---|---|---|
# | minimax | $\log(1 - D(G(z)))$ | $-D$ |
# | non-saturating | $-\log D(G(z))$ | $-(1 - D)$ |
#
# Both want $D(G(z))$ to rise. They differ in where they push hard.


# %%
def discriminator_loss(real_logits, fake_logits):
    return F.softplus(-real_logits) + F.softplus(fake_logits)


def generator_loss_minimax(fake_logits):
    return -F.softplus(fake_logits)


def generator_loss(fake_logits):
    return F.softplus(-fake_logits)


a, b = torch.randn(2, 1000, generator=torch.Generator().manual_seed(0))
by_name = F.binary_cross_entropy_with_logits
expected = by_name(a, torch.ones(1000), reduction="none") + by_name(b, torch.zeros(1000), reduction="none")
assert torch.allclose(discriminator_loss(a, b), expected)
assert torch.equal(discriminator_loss(a, b), losses.discriminator_loss(a, b))
assert torch.equal(generator_loss(b), losses.generator_loss(b))
assert torch.equal(generator_loss_minimax(b), losses.generator_loss_minimax(b))

# %% [markdown]
# **Predict first.** At the start, any discriminator tells a random generator's points from real ones:
# $D(G(z)) \approx 0$. Which of the two losses gives the generator a gradient then? Let us measure it: eight Gaussians
# on a ring, a fresh generator, and a discriminator that trains alone.

# %%
ring = data.toy("ring", std=0.1)


def draw(n, random):
    return (ring.sample(n, random),)


torch.manual_seed(0)
gan = GAN(models.Generator((2,), 16, 64, output=None), models.Discriminator((2,), 64), draw)
told = {"minimax": [], "non-saturating": []}
for _ in range(300):
    gan.d_step()
    x_fake = gan.x_fake.requires_grad_()
    for name, loss in (("minimax", losses.generator_loss_minimax), ("non-saturating", losses.generator_loss)):
        (slope,) = torch.autograd.grad(loss(gan.D(x_fake)).sum(), x_fake)
        told[name].append(slope.norm(dim=1).mean().item())

# %%
figure, (left, right) = plotting.picture(
    1, 2, title="Where each loss pushes the generator",
    alt="Left: minimax has no gradient at D = 0. Right: as D trains, minimax's falls, non-saturating's rises.",
)  # fmt: skip
d = torch.linspace(0, 1, 101)
left.plot(d, d, label="minimax: D")
left.plot(d, 1 - d, "--", label="non-saturating: 1 − D")
left.set(xlabel="D(G(z))", ylabel="size of the gradient by the logit")
left.legend(fontsize=8)
for (name, slopes), style in zip(told.items(), ("-", "--"), strict=True):
    right.semilogy(slopes, style, label=name)
right.set(xlabel="steps of D alone", ylabel="gradient at generated points")
right.legend(fontsize=8)
print(f"after 300 steps: minimax {told['minimax'][-1]:.1e}, non-saturating {told['non-saturating'][-1]:.1e}")
figure

# %% [markdown]
# The better the discriminator, the less the minimax loss tells a bad generator; the non-saturating loss tells it
# more. Both have the same fixed point. The price: with the non-saturating loss the two players no longer share one
# value, so it is not the Jensen–Shannon divergence that goes down (Arjovsky & Bottou 2017).
#
# > **Common error: a sigmoid too many.** A network that ends in a sigmoid *and* a loss "with logits" apply it twice.
# > The loss still runs, and still goes down a little: "probabilities" in [0, 1] taken as logits mean that $D$ can
# > never say more than sigmoid(1) = 0.73.
#
# > **Common error: probabilities first, logarithm later.** At a logit of 20, in single precision:

# %%
logit = torch.tensor(20.0)
print(
    "log(1 − sigmoid(20)) =", torch.log(1 - torch.sigmoid(logit)).item(), "· −softplus(20) =", -F.softplus(logit).item()
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · One step of each player
#
# Two networks, two optimizers: each player moves only its own weights. In the discriminator's step the generated
# points are `detach`ed. They are data there, and no gradient has any business in $G$. In the generator's step nothing
# is detached: the gradient passes *through* $D$, and stops at $G$'s weights. The generator never sees a real point.

# %%
torch.manual_seed(0)
G, D = models.mlp(16, 64, 64, 2), models.Discriminator((2,), 64)
optimizer_g, optimizer_d = (torch.optim.Adam(n.parameters(), 4e-3, betas=(0.5, 0.99), fused=True) for n in (G, D))
random = torch.Generator().manual_seed(0)


def d_step(x):
    x_fake = G(torch.randn(len(x), 16, generator=random)).detach()
    loss = (F.softplus(-D(x)) + F.softplus(D(x_fake))).mean()
    optimizer_d.zero_grad()
    loss.backward()
    optimizer_d.step()
    return loss


def g_step(n):
    loss = F.softplus(-D(G(torch.randn(n, 16, generator=random)))).mean()
    optimizer_g.zero_grad()
    loss.backward()
    optimizer_g.step()
    return loss


# %% [markdown]
# Three things to check: which weights moved, which have a gradient, and whether the package's tested twin, which
# every later experiment uses, does the same.

# %%
recipe = Recipe(batch_size=128, lr=4e-3)
twin = GAN(models.Generator((2,), 16, 64, output=None), models.Discriminator((2,), 64), draw, recipe)
twin.G.net.load_state_dict(G.state_dict())
twin.D.load_state_dict(D.state_dict())
before = [w.clone() for w in G.parameters()]
d_step(ring.sample(128, random))
assert all(torch.equal(a, b) for a, b in zip(before, G.parameters(), strict=True))
print("gradients in G after a step of D:", [w.grad for w in G.parameters()][:2], "…")
g_step(128)
twin.step()
for mine, theirs in zip((*G.parameters(), *D.parameters()), (*twin.G.parameters(), *twin.D.parameters()), strict=True):
    assert torch.allclose(mine, theirs, atol=1e-6)
print("one step of each player: the page and the package agree")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · Trained, and watched
#
# One step of each in turn, 600 times. The dashed line is the value of the equilibrium: $D = \tfrac12$ everywhere
# costs the discriminator $2 \log 2 = 1.386$ and the generator $\log 2$.

# %%
live = widgets.live_curves("d_loss", "g_loss", title="A GAN on the ring", unit="nats")
live

# %%
pictures = {}


def step(number):
    if number in (0, 60, 200, 599):
        with torch.no_grad():
            pictures[number] = G(torch.randn(500, 16)), plots.surface(D, 3.0).sigmoid()
    return {"d_loss": d_step(ring.sample(128, random)), "g_loss": g_step(128)}


history = training.loop(step, 600, on_step=live, description="GAN")
live.figure()

# %%
figure, axes = plotting.picture(
    1, 4, title="Generated points chase the discriminator's surface", height=2.3,
    alt="Steps 0, 60, 200, 599: points leave the center as one clump, spread, settle on the ring's eight modes.",
)  # fmt: skip
for ax, (number, (x_fake, shade)) in zip(axes, pictures.items(), strict=True):
    plots.show_points(ax, ring.sample(300, random), x_fake, 3.0)
    ax.imshow(shade, extent=(-3, 3, -3, 3), origin="lower", cmap="PuOr", vmin=0, vmax=1, alpha=0.6)
    ax.set_title(f"step {number}")
axes[0].set_ylabel("orange: D says generated\nviolet: D says real", fontsize=8)
figure

# %%
z = torch.randn(2500, 16, generator=torch.Generator().manual_seed(0))
covered = metrics.mode_coverage(G(z).detach(), ring.modes, std=0.1)
print(
    f"modes {covered.modes} of 8 · with a fair share {covered.modes_with_share}",
    f"· good samples {covered.high_quality:.0%}",
)
print(
    f"losses at the end: D {history.smoothed('d_loss')[-1]:.2f} (equilibrium 1.39),",
    f"G {history.smoothed('g_loss')[-1]:.2f} (0.69)",
)

# %% [markdown]
# The protocol of the literature (Srivastava et al. 2017; Lin et al. 2018): draw 2,500 points; one is *good* if it
# lies within three standard deviations of a mode; a mode is captured if one good point is nearest to it. A single
# stray counts, so we add a stricter count: at least 20 % of the mode's fair share.
#
# > **Common error: "the loss goes down, so the samples get better."** Look at the curves: both losses go up and down
# > around the equilibrium for hundreds of steps while the samples improve. Each loss is measured against an opponent
# > that changes. Nor does "equilibrium" mean that both are zero.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · Train it yourself
#
# Press play. Blue squares are real, orange disks are generated; the short line at each disk is the way in which the
# discriminator's slope pushes it. Violet means that $D$ says "real". *Step D* and *Step G* move one player alone;
# *look back* goes over what was recorded; any change of the setup begins anew.
#
# The browser asks for one picture after another, and the kernel trains a few steps for each. So other cells run while
# it plays, and nothing runs once you stop it or close the page.
#
# **Try.** (a) 50 times *Step D*, then play. (b) Rate of G 0.1. (c) D sees *packing 2*. (d) Loss *wasserstein* with
# penalty 0, then 0.1. (e) Points of your own.

# %%
from course_utils.labs.gan import trainer

trainer.gan_trainer()

# %% [markdown]
# For those who read on paper: the same picture after 0, 100, 300 and 1,000 steps.

# %%
trainer.static_reading(trainer.Setup(), (0, 100, 300, 1000))

# %% [markdown]
# The points first move in one clump that chases after the places which $D$ has not learned yet to reject. Only when
# the surface is nearly flat do they spread over the ring.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · The failure lab
#
# Five ways in which GANs fail. Each is produced on five seeds, measured, explained and mended, and the mend is
# measured on the same seeds. The settings were searched for, so that each failure shows within seconds; many others
# train well. Five networks train side by side, as one batch of matrix products, which is faster than one by one.
#
# ### Mode collapse
#
# The discriminator below is wider, and takes three steps for each one of the generator. A better discriminator should
# give a better generator.
#
# **Predict first.** Does it?

# %%
strong = experiment.Protocol(hidden=96, steps=450, recipe=Recipe(d_steps=3, lr=2.5e-3, average=0.98))
runs = {name: experiment.run(ring, strong, name) for name in ("plain", "packing 2", "R1 penalty")}
for name, gan in runs.items():
    print(name.ljust(12), experiment.said(experiment.coverage(gan, ring, 0.1)))

# %%
plots.seeds_picture(
    {name: experiment.drawn(gan) for name, gan in runs.items()},
    ring.sample(300, random),
    title="Mode collapse, and two mends",
    alt="Five runs each. Plain: parts of the ring are left out. Packing and R1 penalty: all eight modes.",
)

# %% [markdown]
# Counted by fair share, the plain GAN misses modes on every seed, and different ones. Nothing in the generator's loss
# asks for variety: each point is judged alone, and a generator that serves a few places well is punished only after
# the discriminator has moved there. Then it moves on. Two mends:
#
# - **Packing** (Lin et al. 2018): the discriminator judges two points at once. A pair from the same mode, again and
#   again, gives a collapsed generator away.
# - **R1 penalty** (Mescheder et al. 2018): $\tfrac{\gamma}{2}\|\nabla D\|^2$ at real points. $D$ cannot be steep
#   where the data are, so that its surface guides the generator from farther away.
#
# They cost something: look at the share of good samples. What other remedies do, and what the papers report, stands
# in this table. It is the papers' own task, with narrower modes, trained longer than a page allows.

# %%
print(experiment.table_text())

# %% [markdown]
# Mean ± standard deviation over five seeds, 2,500 draws each; the ring has 8 modes and the grid 25.
# `python -m course_utils.labs.gan.experiment` makes this table again; its learning rate is the better of two on these
# same seeds. On the ring, the plain GAN misses modes on some seeds; the R1 penalty and the minibatch deviation cover
# all eight with the cleanest samples. Packing four and instance noise pay in quality. The spectral norm fails: with
# every layer's slope at most 1, its discriminator may be too weak for modes this narrow (we did not test that). The
# grid is solved by none of them: modes are hit by strays, and few samples are good. The two papers disagree about the
# plain GAN by far: take the protocol, and show your own numbers.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A discriminator that is too good
#
# Section 2 predicts that the minimax loss gives no gradient against a strong discriminator. So let it train alone for
# 300 steps, then play on.
#
# **Predict first.** Four generators: minimax or non-saturating loss, trained with plain gradient steps (SGD) or with
# Adam. Which of them get away from where they started?


# %%
def away(loss, noise, optimizer):
    protocol = experiment.Protocol(64, 200, Recipe(loss=loss, noise=noise, batch_size=128, lr=4e-3), decay=False)
    gan = experiment.many(ring, protocol)
    for _ in range(300):
        gan.d_step()
    if optimizer == "SGD":
        gan.opt_g = torch.optim.SGD(gan.G.parameters(), lr=0.02)
    start = experiment.drawn(gan)
    gan.train(200, progress=False)
    return (experiment.drawn(gan) - start).norm(dim=-1).mean(1)


# %%
print("distance that generated points moved in 200 steps (mean of five seeds, smallest to largest)")
for loss, noise, optimizer in zip(
    ("minimax", "minimax", "non-saturating", "minimax"), (0, 0, 0, 0.5), ("SGD", "Adam", "SGD", "SGD"), strict=True
):
    moved = away(loss, noise, optimizer)
    print(
        f"{loss:15s} {optimizer:5s} instance noise {noise:3.1f}: {moved.mean():.4f}",
        f"({moved.min():.4f} to {moved.max():.4f})",
    )

# %% [markdown]
# With SGD the minimax generator stands still: this is the saturation that the books describe. The non-saturating loss
# mends it. So does **instance noise**: blur real and generated points alike, and the two densities overlap again
# (Sønderby et al. 2017). And Adam hides it: it divides a gradient by its own size, so a tiny gradient that is
# consistent makes a full step. What you read about vanishing gradients may not be what your program does; measure it.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Oscillation: the Dirac-GAN
#
# The smallest GAN there is (Mescheder et al. 2018): the real data are the single point 0, the generator is a single
# point $\theta$, and the discriminator is a line, with logit $\psi x$. The equilibrium is $\theta = \psi = 0$. Follow
# the gradients of both players at once.
#
# **Predict first.** Start at $\theta = 1$, $\psi = 0$. Does $\theta$ reach 0?

# %%
SLOPES = {
    "minimax": lambda theta, psi: (-psi * torch.sigmoid(psi * theta), theta * torch.sigmoid(psi * theta)),
    "non-saturating": lambda theta, psi: (-psi * torch.sigmoid(-psi * theta), theta * torch.sigmoid(psi * theta)),
    "Wasserstein": lambda theta, psi: (-psi, theta),
}


def dirac(loss, r1=0.0, theta=1.0, psi=0.0, lr=0.02, steps=2000):
    theta, psi, path = torch.tensor(theta), torch.tensor(psi), []
    for _ in range(steps):
        slope_theta, slope_psi = SLOPES[loss](theta, psi)
        theta, psi = theta - lr * slope_theta, psi - lr * (slope_psi + r1 * psi)
        path.append((theta.item(), psi.item()))
    return torch.tensor(path)


# %%
starts = [(1.0, 0.0), (0.5, 0.5), (-1.0, 0.3), (0.2, -0.8), (-0.4, -0.4)]
for loss in SLOPES:
    ends = [[dirac(loss, r1, *start)[-1].norm().item() for start in starts] for r1 in (0.0, 0.3)]
    print(
        f"{loss:15s} distance from the equilibrium after 2,000 steps:",
        *(f"{min(e):.2g} to {max(e):.2g}" for e in ends),
        sep="  ",
    )

# %%
figure, (left, right) = plotting.picture(
    1, 2, title="The Dirac-GAN circles its equilibrium until D is penalized",
    alt="No penalty: Wasserstein spirals out, minimax circles, non-saturating creeps in. R1: all reach the origin.",
)  # fmt: skip
for ax, r1, name in ((left, 0.0, "no penalty"), (right, 0.3, "R1 penalty, γ = 0.3")):
    for loss, style in zip(SLOPES, ("-", "--", ":"), strict=True):
        ax.plot(*dirac(loss, r1).T, style, label=loss)
    ax.plot(0, 0, "k+", markersize=10)
    ax.set(xlabel="θ, the generator", ylabel="ψ, the discriminator", title=name)
right.legend(fontsize=8, loc="upper right")
figure

# %% [markdown]
# With the minimax and the Wasserstein loss it circles for ever, and finite steps even widen the circle: each player
# reacts to where the other *was*. The non-saturating loss creeps inward, ever more slowly. No learning rate mends
# this; a penalty on the discriminator's slope does: it acts like friction. That is why the R1 penalty is in so many
# working GANs.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A forgotten `detach`
#
# The step below clears the generator's gradients once, at the top, and forgets `detach`. It runs without an error.
#
# **Predict first.** The discriminator's loss now has a gradient in $G$. In which direction does it push the
# generator?


# %%
def forgetful(gan, clear):
    gan.opt_g.zero_grad()
    x_fake = gan.G(gan.noise())  # no detach
    loss = losses.discriminator_loss(gan.D(gan.real()[0]), gan.D(x_fake)).mean(-1).sum()
    gan.opt_d.zero_grad()
    loss.backward()
    gan.opt_d.step()
    if clear:
        gan.opt_g.zero_grad()
    fake_logits = gan.D(gan.G(gan.noise()))
    losses.generator_loss(fake_logits).mean(-1).sum().backward()
    gan.opt_g.step()
    return {"D of generated points": fake_logits.sigmoid().mean()}


# %%
usual = experiment.Protocol(hidden=64, steps=600, recipe=Recipe(batch_size=128, lr=4e-3), decay=False)
forgot, cleared = experiment.many(ring, usual), experiment.many(ring, usual)
for name, gan, clear in (("forgotten", forgot, False), ("forgotten, but cleared", cleared, True)):
    h = training.loop(lambda step, gan=gan, clear=clear: forgetful(gan, clear), usual.steps, description=name)
    seen = h.smoothed("D of generated points")[-1]
    print(f"{name:23s} D(G(z)) {seen:.2f} · {experiment.said(experiment.coverage(gan, ring, 0.1))}")
healthy = experiment.run(ring, usual, progress=False)
print(f"{'with detach':36s} · {experiment.said(experiment.coverage(healthy, ring, 0.1))}")

# %% [markdown]
# The forgotten gradient makes the generator *help* the discriminator, against its own loss. It ends with a few modes
# and $D(G(z))$ far below $\tfrac12$. Clearing the gradients right before the generator's own backward pass hides the
# mistake: then it only wastes time. Do both: `detach` in the step of $D$, `zero_grad` right before each `backward`.
# The opposite mistake, a `detach` in the *generator's* step, freezes the generator.

# %%
plots.seeds_picture(
    {"forgotten detach": experiment.drawn(forgot), "with detach": experiment.drawn(healthy)},
    ring.sample(300, random),
    title="One forgotten detach",
    alt="Two rows of five runs on the ring. Forgotten detach: a few modes in each run. With detach: all eight.",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A learning rate that is too high

# %%
for lr in (1e-1, 4e-3, 1e-3):
    protocol = experiment.Protocol(64, 400, Recipe(batch_size=128, lr=lr), decay=False)
    gan = experiment.many(ring, protocol)
    h = gan.train(protocol.steps, progress=False)
    print(
        f"lr {lr:5g}: losses D {h.smoothed('d_loss')[-1]:5.2f}, G {h.smoothed('g_loss')[-1]:5.2f} ·",
        experiment.said(experiment.coverage(gan, ring, 0.1)),
    )

# %% [markdown]
# At 0.1 every run is lost: the losses are far from 1.39 and 0.69, and the points leave the ring or fall on one place.
# At 0.001 nothing is wrong but the time. GANs are sensitive to such numbers: the ratio of both rates, the momentum
# and the width matter too. The live trainer has controls for the rates, the steps of D and the remedies.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · The earth mover's distance, and a critic
#
# Section 1 showed a divergence whose slope does not vanish: the earth mover's distance $W_1$, the least average way
# to carry $q$'s mass to $p$. By duality (Arjovsky et al. 2017) it is $\max_f \mathbb{E}_p[f(x)] - \mathbb{E}_q[f(x)]$
# over functions $f$ whose slope is at most 1. So the discriminator becomes a **critic** $f$ with any real score, no
# sigmoid, no logarithm. Its slope is held near 1 by a penalty $(\|\nabla f\| - 1)^2$ between real and generated
# points (Gulrajani et al. 2017). Two Gaussians a distance 3 apart have $W_1 = 3$.

# %%
torch.manual_seed(0)
critic = models.mlp(1, 32, 32, 1)
optimizer = torch.optim.Adam(critic.parameters(), 3e-3, fused=True)
random = torch.Generator().manual_seed(0)


def critic_step(step):
    x, x_fake = torch.randn(256, 1, generator=random), 3 + torch.randn(256, 1, generator=random)
    estimate = (critic(x) - critic(x_fake)).mean()
    penalty = losses.gradient_penalty(lambda v: critic(v).squeeze(1), x, x_fake, random).mean()
    optimizer.zero_grad()
    (-estimate + 10 * penalty).backward()
    optimizer.step()
    return {"estimate": estimate, "penalty": penalty}


history = training.loop(critic_step, 500, description="critic")
print(f"earth mover's distance 3, the critic says {sum(history['estimate'][-100:]) / 100:.2f}")

# %% [markdown]
# The penalty is soft: a critic of slope $s$ scores $3s - 10(s - 1)^2$, which is largest at $s = 1.15$. So the
# estimate is near 3.45, close to $W_1$ but no bound. As a loss for the generator it is smooth: `loss="wasserstein"`
# in the live trainer, with penalty.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 8 · Digits
#
# The same two steps on images: $G$ ends in a sigmoid, since pixels lie in [0, 1], and $D$ reads 64 pixels. First
# plain, then with the R1 penalty.
#
# **Predict first.** The plain GAN collapsed on eight Gaussians when $D$ was strong. What will it draw here?

# %%
x, y = data.images("digits", "train")
x_test, y_test = data.images("digits", "test")


def draw_digits(n, random):
    return (x[torch.randint(len(x), (n,), generator=random)],)


def digits_gan(steps, seed=0, **recipe):
    torch.manual_seed(seed)
    networks = models.Generator(hidden=128), models.Discriminator(hidden=128)
    gan = GAN(*networks, draw_digits, Recipe(lr=2e-3, average=0.99, **recipe), seed=seed)
    gan.train(steps, decay=True, description="digits")
    return gan


plain, gan = digits_gan(1000), digits_gan(1500, r1=3.0)
random = torch.Generator().manual_seed(0)
shown = torch.cat([plain.averaged.sample(20, generator=random), gan.averaged.sample(60, generator=random)])
names = ["plain", "", "R1 penalty", *[""] * 5]
plotting.image_grid(shown, title="Digits from a plain GAN, and from one with the R1 penalty", row_labels=names)

# %% [markdown]
# How many classes does it draw? A classifier that never saw a generated digit reads 1,000 of them. Beside it, how far
# a drawn digit is from the nearest training digit, compared with real test digits: a much smaller distance would mean
# that it copies.

# %%
from sklearn.svm import SVC

judge = SVC(gamma=0.08, C=10).fit(x.flatten(1), y)


def read(images):
    return torch.as_tensor(judge.predict(images.flatten(1)))


def to_nearest(images):
    return torch.cdist(images.flatten(1), x.flatten(1)).min(1).values.mean().item()


# %%
print(f"the judge reads {judge.score(x_test.flatten(1), y_test):.1%} of the real test digits correctly")
images = {"real test digits": x_test}
images |= {name: g.averaged.sample(1000, generator=random) for name, g in (("plain", plain), ("R1 penalty", gan))}
for name, drawn in images.items():
    shares = torch.bincount(read(drawn), minlength=10) / len(drawn)
    classes = (shares >= 0.02).sum()
    print(
        f"{name:16s} {classes:2d} classes with ≥ 2 % · rarest {shares.min():.1%}",
        f"· nearest training digit at {to_nearest(drawn):.2f}",
    )

# %% [markdown]
# Over five seeds, the plain GAN kept 3 to 10 of the ten classes, and the one with the penalty all ten on each seed,
# the rarest with 6–9 % of the draws. Its digits are further from the nearest training digit than real ones are: it
# does not copy, and some of its digits are not good.
#
# > **Common error: "GANs have no latent space."** $z$ is one. There is no encoder, so a given image has no code at
# > hand; but every code has an image, and nearby codes have similar ones.

# %%
widgets.latent_explorer(gan.averaged, 16, to_pixels=None)

# %%
ends = torch.randn(8, 16, generator=torch.Generator().manual_seed(4))
lines = torch.cat([widgets.interpolate(ends[2 * i], ends[2 * i + 1], steps=10) for i in range(4)])
walk = widgets.decoded(gan.averaged, lines, to_pixels=None)
plotting.image_grid(walk, title="Four straight lines between two codes")

# %% [markdown]
# Large image models shrink $z$ by a factor $\psi < 1$ before they draw: this trades variety for quality (the
# *truncation trick*, Brock et al. 2019, Karras et al. 2019).
#
# **Predict first.** Does it pay here?

# %%
z = torch.randn(1000, 16, generator=torch.Generator().manual_seed(0))
for psi in (1.0, 0.7, 0.4):
    with torch.no_grad():
        drawn = gan.averaged(psi * z)
    shares = torch.bincount(read(drawn), minlength=10) / 1000
    print(
        f"ψ = {psi}: nearest training digit at {to_nearest(drawn):.2f}",
        f"· rarest class {shares.min():.1%}, commonest {shares.max():.1%}",
    )

# %% [markdown]
# It costs variety: the rarest class gets rarer, and nothing is gained, the digits do not come nearer to real ones. A
# trick belongs to the model it was found on; measure before you use it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 9 · Choose the digit: a conditional GAN
#
# Give the class to both players (Mirza & Osindero 2014): $G(z, y)$ and $D(x, y)$. Real pairs come from the data;
# generated pairs have the class that was asked for. A nice 3 that was asked to be a 7 is a fake.


# %%
def draw_labeled(n, random):
    chosen = torch.randint(len(x), (n,), generator=random)
    return x[chosen], y[chosen]


torch.manual_seed(0)
networks = models.Generator(hidden=128, classes=10), models.Discriminator(hidden=128, classes=10)
conditional = GAN(*networks, draw_labeled, Recipe(lr=2e-3, average=0.99, r1=3.0))
conditional.train(1500, decay=True, description="conditional GAN")
asked = torch.arange(10).repeat(100)
drawn = conditional.averaged.sample(1000, asked, generator=torch.Generator().manual_seed(0))
print(f"read as the class asked for: {(read(drawn) == asked).float().mean():.1%}")  # 91–93 % over five seeds

# %%
plotting.image_grid(drawn[:50], title="Five draws of each digit, on demand")

# %%
widgets.latent_explorer(conditional.averaged, 16, classes=[str(d) for d in range(10)], to_pixels=None)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 10 · From here to photographs
#
# The networks grow; the game stays.
#
# - **DCGAN** (Radford et al. 2016): convolutions, batch normalization, and a list of choices that made images work.
# - **Progressive growing** (Karras et al. 2018): begin with 4×4 pixels, add layers while training; also the minibatch
#   deviation of section 6.
# - **StyleGAN** (Karras et al. 2019): a mapping network turns $z$ into styles that scale each layer; noise per layer
#   for hair and pores; the truncation trick above.
# - **Style transfer without pairs** (CycleGAN, Zhu et al. 2017): two GANs translate photographs to paintings and
#   back; the round trip must return the original.
# - **Super-resolution** (SRGAN, Ledig et al. 2017): the generator gets a small image instead of noise; the
#   discriminator asks for plausible detail. It invents detail: do not use it as evidence.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Common errors
#
# > **"The generator sees the data."** It never does; section 3's `g_step` has no `x` in it. All it gets is the
# > discriminator's gradient at its own points.
#
# > **"At equilibrium both losses are zero."** There $D = \tfrac12$ everywhere, the discriminator's loss is $2\log 2$
# > and the generator's is $\log 2$. A discriminator's loss near 0 is a bad sign.
#
# > **"My GAN collapsed, so the learning rate is wrong."** Perhaps. Section 6 has five causes with different symptoms:
# > look at samples, at both losses, at $D(G(z))$, and at the gradient that reaches the generator, before you change
# > anything.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Check yourself
#
# Open a choice: it says at once whether it is right, and why.

# %%
quiz.ask("04_gan")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary
#
# 1. $D^* = p/(p + q)$ and $V(D^*, G) = 2\,\mathrm{JS}(p, q) - 2\log 2$: measured on two Gaussians, also for a trained
#    $D$.
# 2. Both losses come from logits by softplus. Minimax has the gradient $-D$, nothing where $D(G(z)) \approx 0$;
#    non-saturating has $-(1 - D)$.
# 3. `detach` keeps the discriminator's loss out of the generator; two optimizers move one player each.
# 4. Collapse: packing or R1. Vanishing gradient: non-saturating loss or instance noise. Oscillation: a penalty on
#    $D$'s slope. Forgotten `detach`: put it back. Points that leave the picture: a lower learning rate.
# 5. An R1 penalty turns a collapsed digits GAN into one that draws all ten classes; giving the class to both players
#    lets you choose.
#
# ## Discuss
#
# - A GAN covers all modes by the "one good sample" rule, and two of eight by the fair-share rule. Which number would
#   you report, and to whom?
# - Both losses of your run are constant at 1.39 and 0.69 from the first step. Is it the equilibrium? What would you
#   look at?
# - The critic's loss of a Wasserstein GAN goes down steadily. May you now say that the samples get better?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# **1.** Give the strong discriminator of section 6 a two-dimensional $z$ (`latent=2` in the `Protocol`) instead
# of 16. Does it still collapse?
#
# <details><summary>Solution</summary>
#
# ```python
# from dataclasses import replace
# gan = experiment.run(ring, replace(strong, latent=2))
# print(experiment.said(experiment.coverage(gan, ring, 0.1)))
# ```
# Compare the counts with those of section 6 over the same seeds, and look at `plots.seeds_picture`: a map from two
# dimensions has to stretch over the ring, and thin bridges between modes show.
# </details>
#
# **2.** Show by hand that the Dirac-GAN's minimax flow keeps $\theta^2 + \psi^2$ constant, and that one step of size
# $h$ multiplies it by $1 + h^2 \operatorname{sigmoid}(\psi\theta)^2$.
#
# <details><summary>Solution</summary>
#
# With $s = \operatorname{sigmoid}(\psi\theta)$ the flow is $\dot\theta = \psi s$, $\dot\psi = -\theta s$, so
# $\tfrac{d}{dt}(\theta^2 + \psi^2) = 2\theta\psi s - 2\psi\theta s = 0$. One step gives
# $(\theta + h s \psi)^2 + (\psi - h s \theta)^2 = (1 + h^2 s^2)(\theta^2 + \psi^2)$: the circle widens.
# </details>

# %% [markdown]
# ## Further reading
#
# - I. Goodfellow et al. *Generative Adversarial Nets.* NeurIPS 2014. arXiv:1406.2661
# - M. Arjovsky, L. Bottou. *Towards Principled Methods for Training Generative Adversarial Networks.* ICLR 2017.
#   arXiv:1701.04862
# - M. Arjovsky, S. Chintala, L. Bottou. *Wasserstein GAN.* ICML 2017. arXiv:1701.07875
# - I. Gulrajani et al. *Improved Training of Wasserstein GANs.* NeurIPS 2017. arXiv:1704.00028
# - L. Mescheder, A. Geiger, S. Nowozin. *Which Training Methods for GANs do actually Converge?* ICML 2018.
#   arXiv:1801.04406
# - Z. Lin et al. *PacGAN: The power of two samples in generative adversarial networks.* NeurIPS 2018.
#   arXiv:1712.04086
# - A. Srivastava et al. *VEEGAN: Reducing Mode Collapse in GANs using Implicit Variational Learning.* NeurIPS 2017.
#   arXiv:1705.07761
# - C. K. Sønderby et al. *Amortised MAP Inference for Image Super-resolution.* ICLR 2017. arXiv:1610.04490 (instance
#   noise)
# - T. Miyato et al. *Spectral Normalization for Generative Adversarial Networks.* ICLR 2018. arXiv:1802.05957
# - M. Mirza, S. Osindero. *Conditional Generative Adversarial Nets.* 2014. arXiv:1411.1784
# - A. Radford, L. Metz, S. Chintala. *Unsupervised Representation Learning with Deep Convolutional GANs.* ICLR 2016.
#   arXiv:1511.06434
# - T. Karras et al. *Progressive Growing of GANs.* ICLR 2018. arXiv:1710.10196
# - T. Karras, S. Laine, T. Aila. *A Style-Based Generator Architecture for GANs.* CVPR 2019. arXiv:1812.04948
# - A. Brock, J. Donahue, K. Simonyan. *Large Scale GAN Training for High Fidelity Natural Image Synthesis.*
#   ICLR 2019. arXiv:1809.11096
# - J.-Y. Zhu et al. *Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks.* ICCV 2017.
#   arXiv:1703.10593
# - C. Ledig et al. *Photo-Realistic Single Image Super-Resolution Using a Generative Adversarial Network.* CVPR 2017.
#   arXiv:1609.04802
