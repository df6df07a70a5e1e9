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
# # 08a · Normalizing flows
#
# A normalizing flow bends a Gaussian, step by step, into the shape of the data. Every step can be undone, so it draws
# in one pass *and* knows the exact density of every point.
#
# **You will be able to**
# 1. derive the change of variables in one dimension, and say why more need a determinant and why it should be
#    triangular;
# 2. write a coupling layer with its inverse and log-determinant, and check both;
# 3. train a flow, and hold its density against the true one and against a mixture's;
# 4. recognize masks that never mix, a bridge between separate parts, and forgotten dequantization;
# 5. give the likelihood of images in bits per pixel, and say where it fails as an anomaly score;
# 6. write an autoregressive model as one masked layer, and draw from it.
#
# **Time:** 75 minutes, and 10 of depth, marked ▸, which folds away and which nothing else needs. Estimated: words /
# 130, half a minute a figure or printed table, a minute for 6 lines of code, 2 for a prediction or quiz question, 4
# for an explorer; exercises come on top. The page runs in about a minute on a laptop.
#
# **Before:** [lecture 02](02_gmm.ipynb) (mixtures) and [03](03_vae.ipynb) (bounds). You need densities, matrices, and
# to have trained a classifier once. **After:** [lecture 08b](08b_diffusion.ipynb), diffusion; then [assignment
# 08](../assignments/08_flows_diffusion/08_flows_diffusion.ipynb).

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 3 min (45: 2)</summary>
#
# **Prepare.** Run the whole page before the class; it trains flows for a minute or more. Bring a wide rubber band and
# a felt pen: dots, then stretch. Sections 1 and 2 want a blackboard; 3, 4 and 6 are the show.
#
# **Open.** "The VAE knows a bound, the GAN knows nothing. Today's model knows the density of every point, to the last
# digit. What does that buy?"
#
# **Misconception.** "Flows are knobs that give precise control." Their point is an invertible map with a determinant
# one can afford, hence an exact likelihood.
#
# **On.** Everything follows from a rubber band.
#
# </details>

# %% slideshow={"slide_type": "skip"}
import math

import torch
from sklearn.metrics import roc_auc_score
from torch import nn
from torch.distributions import Binomial, Normal
from torch.func import jacrev, vmap

from course_utils import data, losses, models, plotting, training, widgets
from course_utils.labs.flows import explorer, pixels, recipes
from course_utils.models import ensemble, flows, mixtures
from course_utils.plotting import diagrams
from course_utils.training import one_thread
from course_utils.widgets import quiz

DATASET = "digits"  # or "mnist", "fashion_mnist": minutes, 950 MB; numbers in the text are for the digits
one_thread()  # small networks are slower with two threads that wait for each other

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · Counting ink (4 min)
#
# Print 100,000 draws of $z \sim N(0, 1)$ on a rubber band, a drop of ink for each. Now stretch the band: the drop at
# $z$ moves to $x = g(z) = e^{z/2}$. No ink is lost. What lay on the piece $dz$ now lies on $dx = g'(z)\,dz$. Where
# the band was stretched by 3, the ink is 3 times thinner:
#
# $$p(x)\,dx = p(z)\,dz \quad\Longrightarrow\quad p(x) = \frac{p(z)}{|g'(z)|}, \qquad z = g^{-1}(x) = 2 \log x .$$
#
# Leave out the slope, and the curve $p(z)$ drawn over $x$ is something else.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 6 min (45: 5, tour: 3)</summary>
#
# **Open.** "A hundred thousand drops of ink on a band. I stretch it. How dark is it now?"
#
# **Picture.** Do it: the dots move apart where the band gives most. No ink is lost; that is the whole change of
# variables.
#
# **Ask.** "At $z = 0$ the density is 0.4 and I stretch by 3. What is it now?" Some say 0.4, since 0 does not move.
# The point stays, its neighbors leave: 0.13.
#
# **Click.** The histogram: the solid curve follows it, area 1; the dashed one, without the slope, is no density. The
# legend prints both areas.
#
# **Misconception.** "Transforming the variable transforms the curve." It must also thin the ink.
#
# **On.** In the plane, stretching has an area: a determinant.
#
# </details>

# %%
ink = torch.randn(100_000, generator=training.seeded(0)).div(2).exp()
x = torch.linspace(0.02, 6, 600)
z = 2 * x.log()
without = Normal(0.0, 1.0).log_prob(z).exp()
density = without / (z / 2).exp().div(2)  # over the slope g'(z) = exp(z/2) / 2
mass = {name: torch.trapezoid(curve, x).item() for name, curve in (("with", density), ("without", without))}

# %%
figure, axes = plotting.picture(
    title="A histogram of stretched draws, and two formulas",
    alt="Histogram of stretched draws; the density with the slope follows it, the one without does not.",
)
axes.hist(ink, bins=120, range=(0, 6), density=True, color="#CFE3F2")
axes.plot(x, density, label=f"p(z) / |slope|, area {mass['with']:.2f}")
axes.plot(x, without, "--", label=f"p(z) alone, area {mass['without']:.2f}")
axes.set(xlabel="x", ylabel="density")
axes.legend()
figure

# %% [markdown]
# The curve with the slope follows the histogram, and its area is 1. Without the slope the area is not 1: it is no
# density.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · Many dimensions: a determinant, and how to afford it (8 min)
#
# In the plane, a map $f$ from data $x$ to noise $z$ turns a tiny square into a parallelogram. How much its area grows
# is the absolute determinant of the Jacobian $J = \partial z / \partial x$. As with ink on a band,
#
# $$\log p(x) = \log p_{\text{base}}(f(x)) + \log \left|\det \frac{\partial f(x)}{\partial x}\right| .$$
#
# We count from data to noise, so the logarithm is *added*. For $f = f_L \circ \dots \circ f_1$ the log-determinants
# add up, too.
#
# A general determinant of $D$ dimensions costs about $D^3$ operations, at each point and step of training. A
# **triangular** Jacobian costs $D$: its determinant is the product of its diagonal. A **coupling layer** (Dinh et
# al. 2017) is built to have one. Keep some coordinates, $x_A$. Stretch and shift the rest, by numbers that depend on
# $x_A$ alone:
#
# $$z_A = x_A, \qquad z_B = x_B \odot e^{s(x_A)} + t(x_A), \qquad \log|\det J| = \textstyle\sum s(x_A) .$$
#
# The networks $s$ and $t$ may be anything; nobody has to invert them, since $x_A$ is still there:
# $x_B = (z_B - t(z_A))\,e^{-s(z_A)}$. The next layer keeps $B$ and moves $A$.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 10 min (45: 7)</summary>
#
# **Open.** "A determinant of 64 dimensions at every point and every step costs $64^3$. Build a layer where it costs
# 64."
#
# **Ask.** "Which matrices have a cheap determinant?" Diagonal, then triangular. "And who has to invert the networks
# $s$ and $t$?" Most say we do; nobody does, since $x_A$ is still there.
#
# **Picture.** Dressing by a mirror: the left half of you tells the right half how far to move, and then you swap.
#
# **Click.** The print: inverse and log-determinant agree with autograd to rounding; in the printed Jacobian the upper
# right entry is 0.
#
# **Misconception.** "The log-determinant is subtracted." From data to noise it is added; the grid's integral tells.
#
# **On.** Train eight of them on two moons.
#
# </details>

# %%
diagrams.coupling_diagram()


# %%
class Coupling(nn.Module):
    def __init__(self, mask, hidden=32, limit=2.0):
        super().__init__()
        self.limit = limit
        self.register_buffer("mask", mask)  # True: kept
        self.net = models.mlp(len(mask), hidden, hidden, 2 * len(mask))

    def scale_and_shift(self, x):
        s, t = self.net(x * self.mask).chunk(2, dim=-1)
        return self.limit * torch.tanh(s / self.limit) * ~self.mask, t * ~self.mask  # s stays within ±limit

    def forward(self, x):
        s, t = self.scale_and_shift(x)
        return x * s.exp() + t, s.sum(-1)

    def inverse(self, z):
        s, t = self.scale_and_shift(z)
        return (z - t) * (-s).exp()


# %% [markdown]
# Four checks: the inverse; the log-determinant against the Jacobian that automatic differentiation gives; the
# Jacobian's shape; and the package's tested twin, which we use from here on.

# %%
with models.first_weights(0):
    layer = Coupling(torch.tensor([True, False]))
twin = flows.Coupling(torch.tensor([True, False]), hidden=32)
twin.load_state_dict(layer.state_dict(), strict=False)
points = torch.randn(1000, 2, generator=training.seeded(0))
z, log_det = layer(points)
J = vmap(jacrev(lambda one: layer(one)[0]))(points)
error_inverse = (layer.inverse(z) - points).abs().max().item()
error_log_det = (J.det().abs().log() - log_det).abs().max().item()
print(f"largest error of the inverse {error_inverse:.0e}, of the log-determinant {error_log_det:.0e}")
print("one Jacobian:", [[round(value, 3) for value in row] for row in J[0].tolist()])
assert error_inverse < 1e-5 and error_log_det < 1e-5 and not J[:, 0, 1].any()
assert torch.equal(twin(points)[0], z) and torch.equal(twin(points)[1], log_det)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · Two moons, where the density is known (16 min)
#
# Eight layers, masks in turn. The loss is minus the log-likelihood: no bound, no opponent. Three flows with different
# first weights train side by side, each on its own 5,000 points; the page shows the first.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 17 min (45: 10)</summary>
#
# **Open.** "No bound, no opponent: the loss *is* the likelihood. What can go wrong?"
#
# **Click.** In the explorer pull `layers` from 0 to 8, slowly: the grid bends, never tears, never folds. Go back to
# 0: every point finds home. Then the print: the density sums to 1.
#
# **Ask.** "The flow with ten thousand numbers, or a mixture of 16 Gaussians with 95: whose KL is smaller?" Nearly all
# vote for the flow. The mixture wins on each of three data sets, 0.02 nats against 0.06 and more.
#
# **Misconception.** "Exact likelihood, so a better model." Exact says how well we know the number, not that it is
# high.
#
# **On.** It also fails in two ways of its own.
#
# </details>

# %%
moons = data.toy("moons")
train = torch.stack([moons.sample(5_000, rng=training.seeded(seed)) for seed in range(3)])
test = moons.sample(10_000, rng=training.seeded(99))


def flow_loss(model, x, rng):
    return {"loss": -model.log_prob(x).mean(-1)}


live = widgets.live_curves("loss", title="Three flows on the moons")
live

# %%
three, single = recipes.side_by_side(flows.alternating(2, 8), hidden=32)
plan = {"steps": 900, "batch_size": 256, "lr": 5e-3}
training.fit(three, flow_loss, train, on_step=live, description="flows", **plan)
flow = ensemble.one_of(three, single, 0)
live.figure()

# %%
window = (-2.7, 2.7, -2.5, 2.5)
explorer.still(flow, window, (0, 2, 5, 8))

# %% [markdown]
# Walk through the layers yourself, forward and back. The grid bends but never tears or folds: every layer can be
# undone.

# %%
explorer.flow_explorer(flow, window)

# %% [markdown]
# Is the density one? Its sum over a fine grid must be 1. How far is it from the truth? `data.toy` knows $p$, so
# $\mathrm{KL}(p\,\|\,\text{model})$ is a mean over fresh points. The rivals are Gaussian mixtures (lecture 02) on the
# same points: one of 16 components, and one with as many numbers as a *small* flow of four narrow layers.
#
# **Predict first.** Which wins, the flow or the mixture?

# %%
side = torch.linspace(-4, 4, 801)
square = torch.cartesian_prod(side, side)
with torch.no_grad():
    total = flow.log_prob(square).exp().sum().item() * 0.01**2
    inverse_gap = (flow.inverse(flow(test)[0]) - test).abs().max().item()
small, one = recipes.side_by_side(flows.alternating(2, 4), hidden=16, depth=1)
training.fit(small, flow_loss, train, description="small flows", **plan)
print(f"the density sums to {total:.4f}; largest error of inverse(forward(x)): {inverse_gap:.0e}")


# %%
def kl_to(model, truth=moons, x=test):
    several = getattr(model, "lead", ())  # (3,) for flows that were trained side by side
    with torch.no_grad():
        return (truth.log_prob(x) - model.log_prob(x.expand(*several, *x.shape))).mean(-1)


same = round((recipes.numbers(one) + 1) / 6)
kls = {
    f"flow, {recipes.numbers(single):,} numbers": kl_to(three),
    f"flow, {recipes.numbers(one)} numbers": kl_to(small),
}
for k in (16, same):
    kls[f"mixture of {k}, {6 * k - 1} numbers"] = torch.stack([kl_to(recipes.mixture(x, k)) for x in train])
for name, kl in kls.items():
    print(f"{name:28s} KL {', '.join(f'{value:.3f}' for value in kl.tolist())} nats")
big_kl, small_kl, few_kl, same_kl = kls.values()

# %% [markdown]
# The mixture wins, on each of the three data sets, at equal size and with a hundredth of the big flow's numbers. In
# the plane a few Gaussians tile any shape. Flows earn their keep where tiles run out: section 5.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · Two failures, seen and mended (9 min)
#
# ### Masks that never mix
#
# Give all eight layers the *same* mask. Nothing complains.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 11 min (45: 4)</summary>
#
# **Open.** "Eight layers, one mask. Training runs, the loss falls, no warning. What is broken?"
#
# **Ask.** Let them find it in the printed line: x₁ of the draws has a standard deviation of 1, of the data 0.87. "So
# who moved x₁?" Nobody.
#
# **Click.** The three ring plots, with the share in the gap as titles: data about none, flow one draw in five or so,
# flow from a mixture under one percent.
#
# **Picture.** A lump of clay without a hole, pulled and never torn, does not become two rings.
#
# **Misconception.** "A larger network closes the gap." It makes the bridge thinner, never nothing; the mend changes
# the base.
#
# **On.** Now images, and a unit.
#
# </details>

# %%
still, _ = recipes.side_by_side(flows.alternating(2, 1).expand(8, 2), hidden=32)
training.fit(still, flow_loss, train, description="one mask", **plan)
drawn = still.sample(2_000, rng=training.seeded(0))
still_kl, sd = kl_to(still), drawn[:, :, 0].std(1)
print("KL", [round(value, 2) for value in still_kl.tolist()], "nats")
print(f"x₁ of the draws: sd {sd.min():.2f} to {sd.max():.2f}; of the data {test[:, 0].std():.2f}")

# %% [markdown]
# The first coordinate passes through all layers untouched: it is still N(0, 1), whatever was trained, and the KL is
# more than three times that of section 3, after as many steps. Mended by masks in turn, or by a permutation between
# layers (Kingma & Dhariwal 2018).
#
# ### A bridge that must not be there
#
# Two rings, one inside the other. The base is one connected lump, without a hole. A continuous, invertible map keeps
# both properties.

# %%
rings = data.toy("circles")
ring_train = torch.stack([rings.sample(5_000, rng=training.seeded(seed)) for seed in range(3)])
ring_flows, ring_one = recipes.side_by_side(flows.alternating(2, 8), hidden=32)
training.fit(ring_flows, flow_loss, ring_train, description="rings", **plan | {"steps": 600})
ring_flow = ensemble.one_of(ring_flows, ring_one, 0)
base = recipes.mixture(ring_train[0], 16)
mended = recipes.new(flows.alternating(2, 8), hidden=32, base=base)
training.fit(mended, flow_loss, ring_train[0], description="mixture base", **plan | {"steps": 300, "lr": 2e-3})


# %%
def between(x):
    """The share of points at least three standard deviations of the noise from both rings, in the gap."""
    radius = x.norm(dim=-1)
    return ((radius > 0.65) & (radius < 0.85)).float().mean(-1)


draws = {"data": rings, "flow": ring_flow, "flow from a mixture": mended}
draws = {name: model.sample(20_000, rng=training.seeded(1)) for name, model in draws.items()}
bridge = {name: between(x).item() for name, x in draws.items()}
bridges = between(ring_flows.sample(20_000, rng=training.seeded(1)))
ring_test = rings.sample(10_000, rng=training.seeded(99))
ring_kl = [kl_to(model, rings, ring_test).item() for model in (ring_flow, base, mended)]
print("in the gap:", ", ".join(f"{name} {share:.1%}" for name, share in bridge.items()))
print("the three flows:", ", ".join(f"{share:.1%}" for share in bridges.tolist()))
print("KL: flow {:.3f}, mixture alone {:.3f}, flow from the mixture {:.3f} nats".format(*ring_kl))

# %%
figure, axes = plotting.picture(
    1, 3, title="Two rings: draws", height=3.4, sharey=True,
    alt="Data: two clean rings. Flow: rings joined by a filled band. Flow from a mixture: two rings, gap empty.",
)  # fmt: skip
for ax, (name, x) in zip(axes, draws.items(), strict=True):
    ax.plot(*x[:3_000].T, ".", markersize=1.5, color=plotting.COLORS[0])
    ax.set(title=f"{name}\n{bridge[name]:.1%} in the gap", xlabel="x₁", aspect="equal")
    ax.set(xlim=(-1.6, 1.6), ylim=(-1.6, 1.6))
axes[0].set_ylabel("x₂")
figure

# %% [markdown]
# Each of the three flows leaves more than 10 % of its draws in a gap that is all but empty in the data. A larger flow
# can make the bridge thinner, never nothing (Cornish et al. 2020). The mend changes the base: the flow from a mixture
# of 16 Gaussians starts with the gap. The mixture does the work there, the flow adds little.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · Digits, in bits per pixel (11 min)
#
# A pixel of the digits is one of 17 gray levels, $k / 16$. A flow gives a *density*, and a density can be as high as
# it likes at 17 isolated values. So spread each level over its bin, $v = (k + u)/17$ with $u$ uniform on $[0, 1)$:
# **dequantization**. Then (Jensen's inequality) the mean of $\log p(v) - D \log 17$ is a lower bound on $\log P(k)$,
# the probability of the real, discrete image (Theis et al. 2016). Over $-D \log 2$ this is **bits per pixel**. A
# coder of independent, equally likely levels needs $\log_2 17 = 4.09$; no honest one goes below 0.
#
# A logit takes $v$ from $[0, 1)$ to all numbers. It is one more layer of the flow, with its own log-determinant.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 12 min (45: 5)</summary>
#
# **Open.** "A colleague reports 0.3 bits per pixel where fair coins need four. Congratulate, or ask?"
#
# **Ask.** Collect questions: what data, what unit? The one that matters: was it dequantized? Density on 17 isolated
# values can be as high as it likes.
#
# **Click.** The curve labeled *forgotten* falls and falls; the line above it says what the same flow scores fairly:
# thousands of bits per pixel. Then the table: the large flow 2.17, the best mixture 2.19, the small flow 2.25.
#
# **Misconception.** "A better likelihood shows in the draws." Look at the second row of the grid, and recall
# lecture 07.
#
# **On.** So use it to find what is odd.
#
# </details>

# %%
gray, _ = data.images(DATASET, "train", limit=8_000)
gray_test, _ = data.images(DATASET, "test", limit=1_000)
LEVELS, COPIES, SIZES = (17, 4, (1, 5, 13)) if DATASET == "digits" else (256, 1, (1,))  # full covariances grow fast
EVENT, D, EDGE = gray.shape[1:], gray[0].numel(), 1e-3


def to_real(v):
    inside = EDGE + (1 - 2 * EDGE) * v  # away from 0 and 1, where the logit is infinite
    return inside.logit(), (math.log(1 - 2 * EDGE) - inside.log() - (1 - inside).log()).sum(-1)


def bits(model, v):
    real, log_det = to_real(v.flatten(1))
    return flows.bits_per_pixel(model.log_prob(real) + log_det, D, LEVELS)


def digit_loss(model, x, rng):
    return {"loss": bits(model, flows.dequantize(x, LEVELS, rng)).mean()}


def forgetful_loss(model, x, rng):
    return {"loss": bits(model, (x * (LEVELS - 1) + 0.5) / LEVELS).mean()}


# %% [markdown]
# Two flows with the same first weights. One sees dequantized pixels, the other "forgets" and sees
# $(k + \tfrac12)/17$.

# %%
curves, digit_flows = {}, {}
for name in ("dequantized", "forgotten"):
    model = recipes.new(flows.alternating(D, 8), hidden=128)

    loss = digit_loss if name == "dequantized" else forgetful_loss
    history = training.fit(model, loss, gray, steps=600, batch_size=128, lr=2e-3, description=name)
    curves[name], digit_flows[name] = history["loss"], model

# %%
with torch.no_grad():
    on_bins = bits(digit_flows["forgotten"], flows.dequantize(gray_test, LEVELS, training.seeded(0))).mean().item()
print(f"forgotten: claims {curves['forgotten'][-1]:.2f} bits per pixel; on dequantized test digits it is {on_bins:.1f}")
plotting.curves(
    curves, title="Dequantization forgotten: the likelihood runs off", xlabel="step", ylabel="bits per pixel",
    reference={"0: impossible below": 0.0},
)  # fmt: skip

# %% [markdown]
# Without dequantization the "likelihood" keeps rising: nothing holds the flow back from piling its density on 17
# spikes. Scored fairly, on dequantized test digits, it is worse than equally likely levels by hundreds of bits for
# each pixel.
#
# Now the fair table, one protocol for all: test digits, dequantized five times, the same logit.


# %%
def score(model, x=gray_test):
    with torch.no_grad():
        noisy = [flows.dequantize(x, LEVELS, training.seeded(seed)) for seed in range(5)]
        return torch.stack([bits(model, v) for v in noisy]).mean(0)


digit_flow = digit_flows["dequantized"]
small_flow = recipes.new(flows.alternating(D, 8), hidden=16)
training.fit(small_flow, digit_loss, gray, steps=600, batch_size=128, lr=5e-3, description="small flow")
real = torch.cat([to_real(flows.dequantize(gray.flatten(1), LEVELS, training.seeded(s)))[0] for s in range(COPIES)])

# %%
bpp = {f"flow, {recipes.numbers(digit_flow):,} numbers": score(digit_flow).mean().item()}
bpp |= {f"flow, {recipes.numbers(small_flow):,} numbers": score(small_flow).mean().item()}
for k in SIZES:
    numbers = mixtures.free_parameters(k, D)
    bpp[f"mixture of {k}, {numbers:,} numbers"] = score(recipes.mixture(real, k, reg_covar=1e-3)).mean().item()
for name, value in bpp.items():
    print(f"{name:30s} {value:.3f} bits per pixel")
big_bits, small_bits, *mixture_bits = bpp.values()
v = digit_flow.sample(12, rng=training.seeded(0)).sigmoid()
both = torch.cat([gray_test[:12], v.unflatten(1, EVENT)])
plotting.image_grid(both, title="Drawn in one pass", columns=12, row_labels=["real", "flow"])

# %% [markdown]
# The large flow has the fewest bits. The best of these mixtures beats the small flow, and more components make it
# worse: each covariance alone has 2,080 numbers to learn from 1,437 images. So a flow is not better as such; it gains
# from size where the mixture no longer does. Its draws look worse than its likelihood: the two are different
# questions (lecture 07).

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · Exact likelihood as an anomaly score (8 min)
#
# An image that is unlikely under a model of digits should be no digit. Let the digits be scanned from grainy paper,
# and train a flow on them. Then score test digits of the same kind against five kinds of strangers. AUC is the
# probability that a stranger gets the *lower* likelihood; 0.5 is chance, 0 is always wrong.
#
# **Predict first.** One kind of stranger is the same digits without any grain, cleaner than all the flow has seen.
# What will their AUC be?

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 10 min (45: 7, tour: 3)</summary>
#
# **Open.** "The model knows how likely every image is. So the unlikely ones are the strangers. Agreed?"
#
# **Ask.** Digits without any grain, cleaner than all that it saw: what AUC? The hall says about one half, some say 1.
# It is 0.00: always wrong.
#
# **Click.** Read the printed AUCs downward: noise 1, shuffled near 1, even gray below one half, blurred and no grain
# near 0. Point at the six rows of pictures beside it.
#
# **Picture.** Density is like the price of a ticket to the plainest place: a Gaussian in 64 dimensions is densest at
# 0, where it never draws.
#
# **Misconception.** "A density is an anomaly detector." It rewards what is simple (Nalisnick et al. 2019).
#
# **On.** A second exact family needs no bending.
#
# </details>


# %%
def quantize(x):
    return (x.clamp(0, 1) * (LEVELS - 1)).round() / (LEVELS - 1)


def scan(x, rng):
    return quantize(0.3 + 0.5 * x + 0.1 * torch.randn(x.shape, generator=rng))


rng = training.seeded(1)
grainy, grainy_test = scan(gray, rng), scan(gray_test, rng)
scanner = recipes.new(flows.alternating(D, 8), hidden=128)
training.fit(scanner, digit_loss, grainy, steps=300, batch_size=128, lr=2e-3, description="grainy digits")

# %%
shuffle = torch.randperm(D, generator=rng)
blurred = nn.functional.avg_pool2d(grainy_test, 3, 1, 1, count_include_pad=False)
strangers = {
    "noise": quantize(torch.rand(gray_test.shape, generator=rng)),
    "shuffled": grainy_test.flatten(1)[:, shuffle].unflatten(1, EVENT),
    "even gray": quantize(torch.full_like(gray_test, 0.3)),
    "blurred": quantize(blurred),
    "no grain": quantize(0.3 + 0.5 * gray_test),
}
label, normal = torch.cat([torch.ones(len(gray_test)), torch.zeros(len(gray_test))]), score(scanner, grainy_test)
auc = {name: roc_auc_score(label, -torch.cat([normal, score(scanner, x)])) for name, x in strangers.items()}
for name, value in auc.items():
    print(f"{name:10s} AUC {value:.2f}")
shown = torch.cat([grainy_test[:8], *(x[:8] for x in strangers.values())])
plotting.image_grid(shown, title="Digits on grainy paper, and strangers", columns=8, row_labels=["digits", *strangers])

# %% [markdown]
# Noise and shuffled pixels are caught; an empty, even gray sheet is not, or far less surely. Digits with their grain
# blurred away, or left out, get *more* likelihood than nearly all real ones. The density is exact, and as a score it
# fails: it rewards what is simple. Nalisnick et al. (2019) found it at full size: flows trained on CIFAR-10 prefer
# house numbers, and constant images most of all. A high density is not "typical": a Gaussian in 64 dimensions is
# densest at 0, where it never draws. Mend: compare with what a general compressor needs (Serrà et al. 2020).

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · The other exact family: one pixel at a time (8 min)
#
# The chain rule of probability needs no bending at all:
#
# $$P(x) = P(x_1)\,P(x_2 \mid x_1) \cdots P(x_D \mid x_1, \dots, x_{D-1}) .$$
#
# This is an **autoregressive** model. Round each pixel to 0 or 1 and let each factor be a logistic regression on the
# pixels before it. All $D$ regressions are *one* linear layer whose weights for later pixels are masked (Frey 1998;
# with hidden layers it is MADE, Germain et al. 2015). Scoring takes one pass; drawing takes $D$, one after the other.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 9 min (45: 3)</summary>
#
# **Open.** "Write the image like a sentence: pixel by pixel, each one given all before it."
#
# **Ask.** "What does it cost to score, and to draw?" One pass to score, since all pixels are there; 64 passes to
# draw. They see the trade at once if you ask in this order.
#
# **Click.** In the player drag `pixels` from 0 upward: on the right stand the probabilities that decided. Stop
# halfway and let the hall guess the digit. Change `seed` and guess again.
#
# **Misconception.** "Autoregressive means text." The chain rule knows no modality; a straight line per pixel gains
# six nats here.
#
# **On.** Lecture 10 takes this chain, with words for pixels.
#
# </details>

# %%
x, x_test = (gray >= 0.5).float(), (gray_test >= 0.5).float()
mask = torch.ones(D, D).tril(-1)  # row d: the pixels before d
pixelwise = flows.LinearAutoregression(EVENT)


def chain_loss(model, x, rng):
    x_logits = nn.functional.linear(x.flatten(1), model.weight * mask, model.bias)
    return {"loss": -losses.log_bernoulli(x.flatten(1), x_logits).mean()}


training.fit(pixelwise, chain_loss, x, steps=800, lr=1e-2, description="autoregression")
assert torch.allclose(chain_loss(pixelwise, x_test, None)["loss"], -pixelwise.log_prob(x_test).mean())
share = x.mean(0, keepdim=True).clamp(0.5 / len(x), 1 - 0.5 / len(x))

# %%
with torch.no_grad():
    independent = losses.log_bernoulli(x_test, share.logit().expand_as(x_test)).mean().item()
    chain = pixelwise.log_prob(x_test).mean().item()
print(f"log P of test digits: independent pixels {independent:.2f}, a chain of them {chain:.2f} nats")

# %%
pixels.pixel_player(pixelwise)

# %% [markdown]
# Press play. On the right stand the probabilities that decided each pixel on the left: the model makes up its mind as
# it goes. A straight line for each pixel gains several nats on independent pixels. Language models (lecture 10) are
# this chain, with words for pixels and a transformer for the line.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · Exact against a bound (7 min)
#
# The chain's number is exact. A VAE (lecture 03) gives a lower bound for the same rounded digits. What can be said?

# %% tags=["depth"]
with models.first_weights(0):
    vae = models.VAE(EVENT, latent=8)


def elbo(model, x, rng):
    x_logits, mu, logvar = model(x, rng)
    return losses.elbo(losses.log_bernoulli(x, x_logits), losses.kl_standard_normal(mu, logvar))


training.fit(vae, lambda *given: {"loss": -elbo(*given).mean()}, x, steps=1_500, description="VAE")
with torch.no_grad():
    bound = torch.stack([elbo(vae, x_test, training.seeded(seed)) for seed in range(20)]).mean().item()
print(f"chain, exact {chain:.2f} nats; VAE, at least {bound:.2f} nats")

# %% [markdown] tags=["depth"]
# The bound already lies above the chain's exact value, so the VAE is the better model of the two. The other way
# around, the two numbers would decide nothing.
#
# Now all 17 levels, in the units of section 5. Each pixel's level is 16 coin flips, a binomial, so the VAE needs no
# dequantization. One draw of a code gives the ELBO, the mean of 50 weights a tighter bound (Burda et al. 2016). Three
# VAEs, 1,500 steps each. The table's autoregressive model is the mixture of 1, as the next section shows.


# %% tags=["depth"]
def log_weight(model, x, rng):  # log p(z) P(k | z) / q(z | x), for one z
    mu, logvar = model.encode(x)
    z = models.reparameterize(mu, logvar, rng)
    k = (x * (LEVELS - 1)).round()
    log_pk = Binomial(LEVELS - 1, logits=model.decode(z), validate_args=False).log_prob(k).flatten(1).sum(1)
    nothing = torch.zeros_like(mu)
    return log_pk + losses.log_gaussian(z, nothing, nothing) - losses.log_gaussian(z, mu, logvar)


def coins_loss(*given):
    return {"loss": -log_weight(*given).mean()}


# %% tags=["depth"]
vae_bits = {1: [], 50: []}
for seed in range(3):
    with models.first_weights(seed):
        coins = models.VAE(EVENT, latent=8)
    training.fit(coins, coins_loss, gray, steps=1_500, seed=seed, progress=False)
    with torch.no_grad():
        log_w = torch.stack([log_weight(coins, gray_test, training.seeded(k)) for k in range(50)])
    for k, found in vae_bits.items():
        found.append(-losses.iw_elbo(log_w[:k]).mean().item() / (D * math.log(2)))

# %% tags=["depth"]
for name, value in bpp.items():
    print(f"{name:30s} {value:.3f} bits per pixel")
for k, found in vae_bits.items():
    print(f"VAE, {k:2d} draws of a code           at most {', '.join(f'{value:.3f}' for value in found)}")

# %% [markdown] tags=["depth"]
# By 50 draws at most 2.2 to 2.4 bits; a single draw gives about 0.1 more. That is above the large flow and the best
# mixture. But all of these are bounds, dequantization's too, and nobody knows how loose: the order of bounds is not
# yet the order of models.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · A linear chain is a Gaussian (3 min)
#
# Both exact families meet. Let each $x_d$ be Gaussian with a mean that is linear in those before it, and a variance
# of its own. Then $z = L^{-1}(x - \mu)$ with a triangular $L$: a flow of one layer, its Jacobian triangular over
# *all* coordinates. It is also a Gaussian with full covariance $L L^\top$. Regressions, pixel by pixel, must give the
# density that the covariance gives at once.

# %% tags=["depth"]
sheet = real[:, :20].double()
by_chain = torch.zeros(len(sheet), dtype=torch.float64)
for d in range(20):
    before = torch.cat([torch.ones(len(sheet), 1), sheet[:, :d]], 1)
    residual = sheet[:, d] - before @ torch.linalg.lstsq(before, sheet[:, d : d + 1]).solution.squeeze(1)
    by_chain += Normal(0.0, residual.square().mean().sqrt()).log_prob(residual)
whole = torch.distributions.MultivariateNormal(sheet.mean(0), torch.cov(sheet.T, correction=0))
chain_gap = (by_chain - whole.log_prob(sheet)).abs().max().item()
at_once = whole.log_prob(sheet).mean()
print(f"20 regressions {by_chain.mean():.6f}, one Gaussian {at_once:.6f} nats; largest gap {chain_gap:.0e}")

# %% [markdown] tags=["depth"]
# The same density. Replace the linear means by masked networks, stack several with the order turned around, and you
# have masked autoregressive flow (Papamakarios et al. 2017): fast to score, slow to draw. Coupling layers give up
# some of the triangle to be fast both ways.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Common errors (1 min)
#
# > **"The log-determinant is subtracted."** It depends on the direction. From data to noise it is added, from noise
# > to data subtracted. The integral over a grid finds the slip.
#
# > **"Exact likelihood, so a better model."** Exact says how well we *know* the number. The mixture of section 3 has
# > an exact likelihood, too, and a higher one.
#
# > **"Unlikely means anomalous, likely means normal."** Section 6: the digits without grain.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 2 min</summary>
#
# **Open.** "Which of these three would you have built a product on?"
#
# **Ask.** Usually they pick the third, unlikely means anomalous. Ask what would have caught it before release: known
# anomalies, one of them *cleaner* than the training data.
#
# **Misconception.** "The log-determinant is subtracted." Do not argue about signs: sum the density over a grid. With
# the wrong sign the moons' flow sums to 0.01 or 0.02 in place of 1.
#
# **On.** Now alone, with the questions.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Check yourself (8 min)
#
# Open the choice that you think is right: it says whether it is, and why.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 4 min</summary>
#
# **Open.** "Two questions here, the rest at home. The first is the rubber band again."
#
# **Click.** Vote, then open the choice with most votes. For the band, hold it up once more while the page explains.
#
# **Ask.** For the second, about the inverse of $s$ and $t$: "Could $s$ be a random forest?" It makes them see that
# nothing of it is ever inverted; only its gradient would be missed in training.
#
# **Misconception.** Listen for "invertible layers need invertible networks". That is the confusion to resolve today.
#
# **On.** Then the summary.
#
# </details>

# %%
quiz.ask("08a_flows")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary (1 min)
#
# 1. Ink is kept, so the density is divided by the slope; in many dimensions by the determinant, cheap if triangular.
# 2. A coupling layer keeps some coordinates and moves the rest: inverse by subtraction, log-determinant a sum.
# 3. Trained by exact likelihood, the flow's density sums to 1. On the moons a mixture comes closer.
# 4. Masks must take turns; a connected base leaves a bridge; without dequantization the likelihood runs off.
# 5. Bits per pixel count a discrete image under a stated protocol. Smooth images can be likelier than real ones.
#
# ## Discuss
#
# - A paper reports −1.2 bits per pixel. What do you ask first?
# - Would you rather have an exact likelihood of a worse model or a bound on a better one? For which task?
# - How would you use section 6's flow to find anomalies after all?
#
# Next: [lecture 08b](08b_diffusion.ipynb), diffusion, gives up the exact inverse and the triangle, and gains in
# samples.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 3 min (45: 1)</summary>
#
# **Open.** "An exact likelihood of a worse model, or a bound on a better one: which would you rather have, and for
# what?"
#
# **Ask.** Let two people argue, one for compression, one for pictures. Then: "A paper reports −1.2 bits per pixel.
# First question?" In chorus: dequantized?
#
# **Misconception.** "So flows lost." They lost the plane to Gaussians and gained with size on the digits; one task,
# one protocol at a time.
#
# **On.** Next, give up the exact inverse and the triangle, and gain in samples: diffusion.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# **1.** Flip the sign of the log-determinant in `log_prob` of the trained moons flow. What does the grid sum to?
#
# <details><summary>Solution</summary>
#
# ```python
# with torch.no_grad():
#     z, log_det = flow(square)
#     print((flow.log_base(z) - log_det).exp().sum() * 0.01**2)
# ```
# To 0.01 or 0.02 on the three flows, where the right sign gives 1.00: the formula with the wrong sign is no density.
# </details>
#
# **2.** Is a mixture a better anomaly score? Fit ten Gaussians to the grainy digits, and give the AUC of even gray.
#
# <details><summary>Solution</summary>
#
# ```python
# ten = recipes.mixture(to_real(flows.dequantize(grainy.flatten(1), LEVELS, training.seeded(0)))[0], 10, reg_covar=1e-3)
# scores = torch.cat([score(ten, grainy_test), score(ten, strangers["even gray"])])
# print(roc_auc_score(label, -scores))
# ```
# No: 0.35 to 0.46 with five sheets of grain, worse than chance. Digits without grain get 0.01, as from the flow. So
# the fault is not the flow's; it lies in taking a density for a score.
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 1 min (45: 1)</summary>
#
# **Open.** "Exercise 2 asks whether a mixture is the better anomaly score. Bet before you compute."
#
# **Ask.** Hands. Many hope so. The page's solution finds even gray at 0.35 to 0.46, worse than chance, and digits
# without grain at 0.01 as before.
#
# **Misconception.** "Then the flow is to blame." The fault lies in taking a density for a score, whichever model
# gives it.
#
# **On.** The assignment for both halves of lecture 08 comes after 08b.
#
# </details>

# %% [markdown]
# ## Further reading
#
# - L. Dinh, J. Sohl-Dickstein, S. Bengio. *Density Estimation Using Real NVP.* ICLR 2017.
#   [arXiv:1605.08803](https://arxiv.org/abs/1605.08803)
# - D. J. Rezende, S. Mohamed. *Variational Inference with Normalizing Flows.* ICML 2015.
#   [arXiv:1505.05770](https://arxiv.org/abs/1505.05770)
# - G. Papamakarios et al. *Normalizing Flows for Probabilistic Modeling and Inference.* JMLR 22, 2021.
#   [arXiv:1912.02762](https://arxiv.org/abs/1912.02762) (begin here)
# - D. P. Kingma, P. Dhariwal. *Glow: Generative Flow with Invertible 1×1 Convolutions.* NeurIPS 2018.
#   [arXiv:1807.03039](https://arxiv.org/abs/1807.03039)
# - R. Cornish et al. *Relaxing Bijectivity Constraints with Continuously Indexed Normalising Flows.* ICML 2020.
#   [arXiv:1909.13833](https://arxiv.org/abs/1909.13833)
# - L. Theis, A. van den Oord, M. Bethge. *A Note on the Evaluation of Generative Models.* ICLR 2016.
#   [arXiv:1511.01844](https://arxiv.org/abs/1511.01844)
# - Y. Burda, R. Grosse, R. Salakhutdinov. *Importance Weighted Autoencoders.* ICLR 2016.
#   [arXiv:1509.00519](https://arxiv.org/abs/1509.00519)
# - E. Nalisnick et al. *Do Deep Generative Models Know What They Don't Know?* ICLR 2019.
#   [arXiv:1810.09136](https://arxiv.org/abs/1810.09136)
# - J. Serrà et al. *Input Complexity and Out-of-Distribution Detection with Likelihood-Based Generative Models.*
#   ICLR 2020. [arXiv:1909.11480](https://arxiv.org/abs/1909.11480)
# - M. Germain et al. *MADE: Masked Autoencoder for Distribution Estimation.* ICML 2015.
#   [arXiv:1502.03509](https://arxiv.org/abs/1502.03509)
# - G. Papamakarios, T. Pavlakou, I. Murray. *Masked Autoregressive Flow for Density Estimation.* NeurIPS 2017.
#   [arXiv:1705.07057](https://arxiv.org/abs/1705.07057)
# - B. J. Frey. *Graphical Models for Machine Learning and Digital Communication.* MIT Press 1998 (the logistic chain)
