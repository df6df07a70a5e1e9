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
# # 09a · Energy
#
# An energy says which images are more likely than which, without saying how likely any of them is. That is easy to
# write down and easy to walk on. Its price is one number, Z.
#
# **You will be able to**
# 1. turn an energy into a density, and say what its normalizer Z costs as the dimension grows;
# 2. draw by Langevin dynamics, and measure what a large step does;
# 3. derive the free energy and both conditionals of a restricted Boltzmann machine (RBM), and check them;
# 4. train it by contrastive divergence, and hold that gradient against the exact one;
# 5. see when a chain does not mix, and mend it;
# 6. estimate a log-likelihood by annealed importance sampling, and hold it against other models';
# 7. judge recommenders, an RBM among them, by what they find and by whom they favor.
#
# **Time:** 75 minutes, and 17 of depth, marked ▸, which folds away and which nothing else needs. Estimated: words /
# 130, half a minute a figure or printed table, a minute for 6 lines of code, 2 for a prediction or quiz question, 4
# for an explorer; exercises come on top. The page runs in half a minute on a laptop.
#
# **Before:** [lecture 01](01_definitions.ipynb) (nats, likelihood) and [02](02_gmm.ipynb) (mixtures);
# [08b](08b_diffusion.ipynb) (scores) helps. **After:** [lecture 09b](09b_graphs.ipynb), graphs; then [assignment
# 09](../assignments/09_energy_graphs/09_energy_graphs.ipynb).

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 3 min (45: 1)</summary>
#
# **Prepare.** Run the whole page before the class. Section 3 wants a blackboard, the film of section 5 a dark room.
# Sections 2, 4, 5 and 7 are the show.
#
# **Open.** "I shall tell you which of two images is likelier, for any two. I shall never tell you how likely one is.
# What can you still do?"
#
# **Misconception.** "Energy is physics talk for a loss." It is minus the log of an unnormalized density; what is
# missing is one number, Z, and the lecture is about living without it.
#
# **On.** What does that number cost?
#
# </details>

# %% slideshow={"slide_type": "skip"}
import math
import time

import torch
from sklearn.linear_model import LogisticRegression
from torch.nn.functional import cosine_similarity, softplus

from course_utils import data, losses, models, plotting, training
from course_utils.data.ratings import hold_out, ratings
from course_utils.labs.energy import film, langevin, pictures, recipes, recommend
from course_utils.metrics.intervals import mean_interval
from course_utils.models import energy, flows, mixtures
from course_utils.training import one_thread, seeded
from course_utils.widgets import quiz

DATASET = "digits"  # or "mnist", "fashion_mnist": 1¼ minutes, 1.3 GB; numbers in the text are for the digits
one_thread()  # small networks are slower with two threads that wait for each other

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · An energy is a shape without its area (8 min)
#
# Any function $E(x)$ that grows fast enough makes a density: low energy, much probability.
#
# $$p(x) = \frac{e^{-E(x)}}{Z}, \qquad Z = \int e^{-E(x)}\,dx .$$
#
# Two wells, the left one a little deeper. In one dimension $Z$ is an area, and a sum over a fine grid gives it.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 9 min (45: 6)</summary>
#
# **Open.** "Here is a landscape. Lift all of it by two meters. Which valley is deeper now?"
#
# **Ask.** "Does the density change?" Many expect all points to become less likely. The print: Z falls, the area of
# $p$ stays 1. Ratios and slopes never needed Z.
#
# **Picture.** A map without sea level: you can still walk downhill and compare two huts.
#
# **Click.** Read the grid's costs downward: 21 points, 441, 9,261 … four million in five dimensions. Then ask for an
# 8×8 image: $21^{64}$.
#
# **Misconception.** "Just normalize." That sum is what nobody can pay.
#
# **On.** So do not sum: walk.
#
# </details>


# %%
def E_line(x):
    return 3 * (x**2 - 1) ** 2 + 0.5 * x


line = torch.linspace(-2.5, 2.5, 501, dtype=torch.float64)
density = {}
for name, lift in (("E", 0.0), ("E + 2", 2.0)):
    weight = (-E_line(line) - lift).exp()
    Z = torch.trapezoid(weight, line)
    density[name] = weight / Z
    print(f"{name:6s} Z = {Z:.4f}, area of p = {torch.trapezoid(weight / Z, line):.4f}")

# %%
pictures.energy_and_density(line, E_line(line), density)

# %% [markdown]
# Lifting the whole energy changes $Z$ and leaves $p$ as it was. Two things never need $Z$: the ratio
# $p(a) / p(b) = e^{E(b) - E(a)}$, and the score $\nabla \log p(x) = -\nabla E(x)$. All that follows lives on these
# two.
#
# In two dimensions the sum runs over a square. We bend the wells,
# $E(x) = E_{\text{line}}(x_1) + 2 (x_2 - x_1^2/2)^2$. Over $x_2$ alone that is a Gaussian, so $Z$ must be
# $Z_{\text{line}} \sqrt{\pi / 2}$.


# %%
def E_plane(x):
    return E_line(x[..., 0]) + 2 * (x[..., 1] - x[..., 0] ** 2 / 2) ** 2


side = torch.linspace(-4, 6, 501, dtype=torch.float64)
square = torch.cartesian_prod(side, side)
Z_line = torch.trapezoid((-E_line(line)).exp(), line).item()
Z_plane = (-E_plane(square)).exp().sum().item() * (side[1] - side[0]).item() ** 2
print(f"sum over {len(square):,} points {Z_plane:.6f}, closed form {Z_line * (math.pi / 2) ** 0.5:.6f}")

# %% [markdown]
# And in $D$ dimensions? Take $E(x) = \sum_d E_{\text{line}}(x_d)$, whose $Z$ is $Z_{\text{line}}^D$. A grid of 21
# points to the axis is good to a percent.


# %%
def grid_Z(dims, points=21):
    axis = torch.linspace(-2.5, 2.5, points)
    total = E_line(axis)
    for _ in range(dims - 1):
        total = (total[:, None] + E_line(axis)).flatten()
    return (-total).exp().sum().item() * (5 / (points - 1)) ** dims


for dims in (1, 2, 3, 4, 5):
    start = time.perf_counter()
    error = grid_Z(dims) / Z_line**dims - 1
    print(f"{dims}-D grid: {21**dims:9,} points, error {error:+.1%}, {1000 * (time.perf_counter() - start):6.1f} ms")

# %% [markdown]
# A grid costs 21 times as much for each dimension. For an 8×8 image, $21^{64}$ is more than the atoms of the
# universe. So do not sum: walk to where $p$ lives.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · Random points in place of a grid (2 min)
#
# Throw 100,000 points into the box instead, whatever the dimension, and average.


# %% tags=["depth"]
def random_Z(dims, rng, points=100_000):
    return (-E_line(5 * torch.rand(points, dims, generator=rng) - 2.5).sum(1)).exp().mean().item() * 5**dims


random_errors = {}
for dims in (1, 5, 10, 20):
    thrown = torch.tensor([random_Z(dims, seeded(seed)) for seed in range(5)], dtype=torch.float64)
    random_errors[dims] = (thrown / Z_line**dims - 1).abs().max().item()
    print(f"{dims:2d}-D: largest relative error of five tries {random_errors[dims]:.1%}")

# %% [markdown] tags=["depth"]
# The number of points stays, and the error grows: in 20 dimensions hardly a point falls where $p$ lives.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · Langevin dynamics (12 min)
#
# Roll downhill a little, get shaken a little, again and again:
#
# $$x \leftarrow x - \varepsilon\,\nabla E(x) + \sqrt{2 \varepsilon}\;\eta, \qquad \eta \sim N(0, I) .$$
#
# For small $\varepsilon$ the walkers settle to $p$, wherever they began. No $Z$ is needed.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 13 min (45: 8, tour: 4)</summary>
#
# **Open.** "Roll downhill a little, get shaken a little. Four hundred walkers, all in the left well. How long until
# the right one has its share?"
#
# **Click.** Set `step ε` to 0.01 and pull `steps` up: the orange outline approaches the blue curve, slowly. At 0.001
# hardly anybody has crossed; at 0.1 they fly off the page.
#
# **Ask.** "For $E = x^2/2$ and ε = 0.5: variance below 1, 1, above?" Most say 1, it is the right recipe after all.
# The print says about 1.33, as predicted.
#
# **Misconception.** "Run it longer and the bias goes." Only small steps, or a Metropolis test, remove it.
#
# **On.** Images of zeros and ones have no slope.
#
# </details>


# %%
def walk(E, x, step, steps, rng):
    path = [x]
    for _ in range(steps):
        x = x.detach().requires_grad_()
        (slope,) = torch.autograd.grad(E(x).sum(), x)
        x = x.detach() - step * slope + (2 * step) ** 0.5 * torch.randn(x.shape, generator=rng, dtype=x.dtype)
        path.append(x)
    return torch.stack(path)


window, start = (-2.2, 2.2, -1.5, 3.2), torch.tensor([[-1.0, 0.5]]).expand(400, -1)
short = walk(E_plane, start, 0.01, 50, seeded(0))
assert torch.equal(short, langevin.walk(E_plane, start, 0.01, 50, seeded(0)))

# %% [markdown]
# 400 walkers begin in the left well. Press Run. Then try other steps: a hundredth is right, a thousandth slow, a
# tenth too much.

# %%
langevin.langevin_explorer(E_plane, window, start)

# %% [markdown]
# For those who read on paper: where the walkers stand after 200 steps, for three step sizes.
#
# **Predict first.** How much does a step cost in truth? Take $E = x^2/2$, so $p = N(0, 1)$. What variance will
# walkers with $\varepsilon = 0.5$ settle to: less than 1, 1, or more?

# %%
land = langevin.Landscape(E_plane, window, start, 200)
langevin.still(land)

# %%
variance = {}
for step in (0.01, 0.1, 0.5, 1.0, 1.9, 2.1):
    z = torch.randn(10_000, generator=seeded(0))
    variance[step] = walk(lambda z: z**2 / 2, z, step, 300, seeded(1))[-1].var().item()
    exact = f"{1 / (1 - step / 2):6.2f}" if step < 2 else "  none"
    print(f"ε = {step:4.2f}: variance {variance[step]:8.4g}, predicted {exact}, wanted 1")
far = [land.lost(step, 200).float().mean().item() for step in (0.05, 0.1)]
print(f"on the bent wells: ε = 0.05 loses {far[0]:.0%} of the walkers, ε = 0.1 loses {far[1]:.0%}")

# %% [markdown]
# A step turns the variance $v$ into $(1 - \varepsilon)^2 v + 2\varepsilon$. That rests at
# $v = 1 / (1 - \varepsilon / 2)$: always too wide, and never at rest from $\varepsilon = 2$ on, where each step
# overshoots by more than it came. Long runs do not remove this bias, only small steps do, or a Metropolis test of
# each step (exercise 1).
#
# Small steps have their own price: between wells the walkers must climb. With $\varepsilon = 0.001$ hardly anybody
# has crossed after 200 steps. We meet that again in section 5.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · The restricted Boltzmann machine (6 min)
#
# Images of zeros and ones have no slope. An RBM (Smolensky 1986) gives each image $x$ a layer of hidden switches $h$:
#
# $$E(x, h) = -b \cdot x - c \cdot h - x^\top W h, \qquad p(x) = \frac{1}{Z} \sum_h e^{-E(x, h)} .$$

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 9 min (45: 6)</summary>
#
# **Open.** "Two rows of switches, lines between the rows, none within. That one restriction pays for everything."
#
# **Picture.** Two panels of jurors: each juror of one side hears all of the other side, and none of her own.
#
# **Ask.** "Given $x$, are two hidden units independent?" Yes, from the missing lines. "And without knowing $x$?" Many
# still say yes; no, they share their causes.
#
# **Click.** On the blackboard sum the product unit by unit: $2^H$ terms become $H$ factors. The print confirms it
# against all 64 × 16 pairs.
#
# **Misconception.** "Z is then easy." It is a sum over the *smaller* layer: a moment for 20 units, hopeless for 64.
#
# **On.** Train it without Z?
#
# </details>

# %%
pictures.two_layers()

# %% [markdown]
# **Both conditionals.** Given $x$, each $h_j$ meets only its own number $a_j = c_j + (x^\top W)_j$. So
# $e^{-E} = e^{b \cdot x} \prod_j e^{a_j h_j}$ is a product: the hidden units are independent, each with the odds
# $e^{a_j} : 1$. In the same way backwards:
#
# $$p(h_j = 1 \mid x) = \sigma(c_j + (x^\top W)_j), \qquad p(x_i = 1 \mid h) = \sigma(b_i + (W h)_i) .$$
#
# **Free energy.** Sum the product over $h_j = 0$ and $1$, unit by unit. Instead of $2^H$ terms, $H$ factors:
#
# $$e^{-F(x)} = \sum_h e^{-E(x, h)} = e^{b \cdot x} \prod_j \left(1 + e^{a_j}\right), \qquad
# F(x) = -b \cdot x - \sum_j \log\left(1 + e^{a_j}\right) .$$


# %%
def free_energy(x, W, b, c):
    return -(x @ b) - softplus(x @ W + c).sum(-1)


def hidden_probability(x, W, c):
    return (x @ W + c).sigmoid()


def visible_probability(h, W, b):
    return (h @ W.T + b).sigmoid()


# %% [markdown]
# Check on a machine so small that all $2^6 \cdot 2^4$ pairs can be listed, then against the package.

# %%
small = energy.RBM(6, 4, std=1.0, rng=seeded(0)).requires_grad_(False)
small.visible_bias.normal_(generator=seeded(1))
W, b, c = small.parameters()
all_x, all_h = energy.states(6), energy.states(4)
joint = (all_x @ b)[:, None] + all_h @ c + all_x @ W @ all_h.T  # minus the energy: 64 × 16
by_sum, by_pairs = -joint.logsumexp(1), joint.softmax(1) @ all_h
gaps = [(free_energy(all_x, W, b, c) - by_sum).abs().max(), (hidden_probability(all_x, W, c) - by_pairs).abs().max()]
gaps.append((visible_probability(all_h, W, b) - joint.softmax(0).T @ all_x).abs().max())
print("largest gaps: free energy {:.0e}, p(h | x) {:.0e}, p(x | h) {:.0e}".format(*gaps))
assert max(gaps) < 1e-4 and torch.allclose(small.free_energy(all_x), free_energy(all_x, W, b, c))

# %% [markdown]
# Drawing is now a game of two halves, **Gibbs sampling**: all hidden units given $x$, then all pixels given $h$. And
# $Z$ is a sum over the *smaller* layer, since either layer can be summed out. Up to 20 units that is a moment's work.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · Contrastive divergence against the exact gradient (9 min)
#
# The slope of the log-likelihood has two parts:
#
# $$\frac{\partial}{\partial \theta} \log p(x) = -\frac{\partial F(x)}{\partial \theta} +
# \mathbb{E}_{x' \sim p}\!\left[\frac{\partial F(x')}{\partial \theta}\right] .$$
#
# Push the energy of data down, that of the model's own draws up. The second part hides $Z$. **Contrastive
# divergence**, CD-$k$ (Hinton 2002), replaces it by chains that begin at the data and run $k$ Gibbs steps.
# *Persistent* CD (Tieleman 2008) never begins anew: its chains go on from the last update.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 11 min (45: 6)</summary>
#
# **Open.** "Push the energy of data down, that of your own dreams up. How long must a dream last?"
#
# **Ask.** "One step of the chain for each update: does the likelihood rise to the end?" Most say slower, but yes. The
# figure: CD-1 rises, then falls, in every machine.
#
# **Click.** Compare the ends of the curves with the reference at −3.40: exact near it, CD-10 and PCD with 600 chains
# close below, PCD with 30 chains far off.
#
# **Misconception.** "The CD loss went down, so the model is better." It is a difference of two moving free energies.
# Judge by likelihood, exact or by AIS.
#
# **On.** The trained machine has a new illness: its chains stick.
#
# </details>

# %%
pictures.cd_diagram()

# %% [markdown]
# Test it where everything is known: **bars and stripes**, the 30 images of 4×4 pixels made of full rows or full
# columns. The best log-likelihood is $-\log 30 = -3.40$. With 8 hidden units $Z$ is a sum of 256 terms.

# %%
bars = pictures.bars_and_stripes(4)
plotting.image_grid(bars.view(-1, 1, 4, 4), title="Bars and stripes: all 30", columns=15)


# %%
def gradients(rbm, loss):
    return torch.autograd.grad(loss.sum(), list(rbm.parameters()))


# %%
def train(method, copies=1, steps=2_000, lr=0.5):
    rng = seeded(0)
    rbm, curve = energy.RBM(16, 8, lead=(5,), std=0.1, rng=rng), []  # five machines side by side
    x, chain = bars.expand(5, -1, -1), bars.repeat(copies, 1).expand(5, -1, -1)
    for step in range(steps + 1):
        if step % 50 == 0:
            curve.append(rbm.log_prob(x).mean(-1).detach())
        if method == "exact":
            loss = -rbm.log_prob(x).mean(-1)
        else:
            chain = rbm.gibbs(chain if method == "PCD" else x, 10 if method == "CD-10" else 1, rng)  # without a graph
            loss = losses.contrastive_divergence(rbm.free_energy(x), rbm.free_energy(chain))
        for parameter, slope in zip(rbm.parameters(), gradients(rbm, loss), strict=True):
            parameter.data -= lr * slope
    return rbm, torch.stack(curve, 1)


# %% [markdown]
# The same steps, the same step size, five first weights each. Watch the exact log-likelihood under CD-1.

# %%
plans = {"exact": ("exact", 1), "CD-1": ("CD-1", 1), "CD-10": ("CD-10", 1)}
plans |= {"PCD, 30 chains": ("PCD", 1), "PCD, 600 chains": ("PCD", 20)}
machines, curves = {}, {}
for name, plan in plans.items():
    machines[name], curves[name] = train(*plan)
    best, last = curves[name].max(1).values, curves[name][:, -1]
    print(f"{name:15s} best {best.min():6.2f} to {best.max():6.2f}, at the end {last.min():6.2f} to {last.max():6.2f}")

# %%
plotting.curves(
    curves, x=range(0, 2_001, 50), title="Bars and stripes: exact log-likelihood while training",
    xlabel="update", ylabel="log p (nats)", reference={"best possible": -math.log(30)},
)  # fmt: skip

# %% [markdown]
# Only the exact gradient keeps climbing. CD-1 rises, then *falls*, in every machine: it follows something that is not
# a likelihood (Fischer & Igel 2010). Ten steps of the chain, or 600 persistent chains, mend most of it; 30 persistent
# chains do not keep up with a machine that moves this fast.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · Which way the gradients point (4 min)
#
# Where does the direction go wrong? Stop the exactly trained machines at four moments. At each, compare the CD
# gradient, averaged over 9,000 chains, with the exact one. As a control: 9,000 *exact* draws from the model, which
# have the same noise and no bias.


# %% tags=["depth"]
def compare(rbm, rng, copies=300):
    x, many = bars.expand(5, -1, -1), bars.repeat(copies, 1).expand(5, -1, -1)
    flat = lambda loss: torch.cat([g.flatten(1) for g in gradients(rbm, loss)], 1)  # noqa: E731
    exact, everything = flat(-rbm.log_prob(x).mean(-1)), energy.states(16)
    picked = torch.multinomial(rbm.log_prob(everything).detach().exp(), many.shape[1], True, generator=rng)
    ends = {f"CD-{k}": rbm.gibbs(many, k, rng) for k in (1, 10)} | {"exact draws": everything[picked]}
    slopes = {n: flat(losses.contrastive_divergence(rbm.free_energy(x), rbm.free_energy(e))) for n, e in ends.items()}
    return {n: (cosine_similarity(g, exact), g.norm(dim=1) / exact.norm(dim=1)) for n, g in slopes.items()}


verdicts = {}
for steps in (0, 100, 300, 500):
    verdicts[steps] = compare(train("exact", steps=steps)[0], seeded(1))
    said = [
        f"{n}: cos {c.min():5.2f} to {c.max():4.2f}, norm × {r.mean():.2f}" for n, (c, r) in verdicts[steps].items()
    ]
    print(f"after {steps:5,} updates   " + "   ".join(said))

# %% [markdown] tags=["depth"]
# At the start, where all is nearly independent, CD-1 points the right way. Later its cosine falls to two thirds or
# less, while that of exact draws, as noisy, stays above: so the fall is bias, not noise alone. Ten steps of the chain
# help, and less and less, because the chain itself gets slow. Why?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · Chains that do not mix (12 min)
#
# Take one of the exactly trained machines, put 60 chains on its patterns, and count how many of the 30 each visits.
# The cure to be tried is **parallel tempering** (Swendsen & Wang 1986): eight machines with $\beta W$, from
# $\beta = 0$ (coins) to 1. Hot chains roam; neighbors swap states with the Metropolis probability, so that every
# machine keeps its distribution. Eight machines cost eight times as much. So plain chains get eight times as many
# steps.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 13 min (45: 7)</summary>
#
# **Open.** "This chain looks perfect. It has been looking perfect, at the same picture, for five hundred steps."
#
# **Ask.** "Of 30 patterns, how many does it visit in 500 steps? In 4,000?" Guesses: most of them. Under 3, then under
# 10; tempered, at the same cost, 26.
#
# **Click.** In the film set `sampler` to plain and pull `step`: zeros turn slowly into something else. Then tempered:
# kinds change all the time. The caption counts the kinds a chain has seen.
#
# **Picture.** A hot relative who travels, and swaps places with the one who stays home.
#
# **Misconception.** "Looks good, so it has converged."
#
# **On.** And how likely is a test digit?
#
# </details>

# %%
one, start = recipes.one_of(machines["exact"]), bars.repeat(2, 1)
paths = {"500": film.plain(one, start, 500, seeded(0)), "4,000": film.plain(one, start, 4_000, seeded(0))}
paths["tempered"] = film.tempered(one, start, 500, torch.zeros(16), rng=seeded(0))
stuck, longer, freed = (film.visited(path, bars) for path in paths.values())
print(f"of 30 patterns: {stuck:.1f} in 500 steps, {longer:.1f} in 4,000, {freed:.1f} in 500 tempered ones")

# %% [markdown]
# A plain chain is a prisoner of its pattern: to leave, several pixels must flip against a steep energy. It is the
# climb of section 2 again. Tempered chains, at the same cost, see nearly all patterns.
#
# Now real digits, rounded to 0 and 1, and an RBM of 64 hidden units, trained by CD-1 with the package's `fit`.

# %%
gray, y = data.images(DATASET, "train", limit=8_000)
gray_test, y_test = data.images(DATASET, "test", limit=1_000)
EVENT, D = gray.shape[1:], gray[0].numel()
digits, digits_test = (gray >= 0.5).float().flatten(1), (gray_test >= 0.5).float().flatten(1)
base = ((digits.sum(0) + 0.5) / (len(digits) + 1)).logit()  # independent pixels


def cd_1(rbm, x, rng):
    return {"loss": losses.contrastive_divergence(rbm.free_energy(x), rbm.free_energy(rbm.gibbs(x, 1, rng)))}


# %%
rbm = recipes.new_rbm(D, 64, base)
training.fit(rbm, cd_1, digits, steps=2_000, batch_size=100, lr=0.02, description="CD-1")
rbm.requires_grad_(False)
filters = rbm.weight.T.unflatten(1, EVENT)
strongest = filters[filters.flatten(1).norm(dim=1).argsort(descending=True)[:30]]
plotting.image_grid(0.5 + 0.2 * strongest, title="What 30 hidden units look for (dark: ink wanted)", columns=15)

# %% [markdown]
# The filters are local: ink wanted here, none wanted beside it. No unit looks like a digit; an image is what several
# units agree on. Now the film: 12 chains that all begin as zeros.

# %%
zeros = digits[y == 0][:12]
judge = LogisticRegression(max_iter=300, C=0.1).fit(digits.numpy(), y.numpy())
paths = {
    "plain": film.plain(rbm, zeros, 200, seeded(0)),
    "8 steps a frame": film.plain(rbm, zeros, 200, seeded(0), every=8),
    "tempered": film.tempered(rbm, zeros, 200, base, rng=seeded(0)),
}
kinds = {name: torch.from_numpy(judge.predict(path.flatten(0, 1).numpy())).view(-1, 12) for name, path in paths.items()}
film.gibbs_film({name: path.unflatten(2, EVENT) for name, path in paths.items()}, kinds)

# %%
when = (0, 5, 20, 200)
shown = torch.cat([paths["plain"][step] for step in when]).unflatten(1, EVENT)
plotting.image_grid(shown, title="Twelve plain chains", columns=12, row_labels=[f"step {step}" for step in when])

# %% [markdown]
# They do move, but several steps of a chain look alike: they count for fewer draws than their number.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · How long a chain remembers (3 min)
#
# The **autocorrelation** of the pixels says how far a chain has forgotten where it was: 1 is "the same image", 0 "a
# fresh draw". We train the same machine for shorter and longer.

# %% tags=["depth"]
trained = {2_000: rbm}
for steps in (200, 5_000):
    trained[steps] = recipes.new_rbm(D, 64, base)
    training.fit(trained[steps], cd_1, digits, steps=steps, batch_size=100, lr=0.02, description=f"{steps} updates")

# %% tags=["depth"]
lags, memory = torch.tensor([0, 1, 2, 5, 10, 20, 50, 100, 200]), {}
for steps in (200, 2_000, 5_000):
    path = film.plain(trained[steps], digits[:60], 1_000, seeded(0))[200:]
    memory[f"{steps:,} updates"] = film.autocorrelation(path, lags)
path = film.tempered(rbm, digits[:60], 1_000, base, rng=seeded(0))[200:]
memory["2,000, tempered"] = film.autocorrelation(path, lags)
plotting.curves(memory, x=lags, title="What a chain remembers", xlabel="steps apart", ylabel="autocorrelation")

# %% [markdown] tags=["depth"]
# The more a machine has learned, the steeper its valleys and the longer its memory. That is the trap of this family:
# the chain that training leans on gets worse as training succeeds.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · How likely: annealed importance sampling (7 min)
#
# With 64 hidden units, $Z$ has $2^{64}$ terms. **Annealed importance sampling** (Neal 2001; Salakhutdinov &
# Murray 2008) walks from independent pixels, whose $Z$ is known, to the RBM, $\beta = 0 \dots 1$. Each chain carries
# a weight: at every rung it is multiplied by the ratio of the new to the old unnormalized probability where it
# stands. The mean weight has the mean $Z$, exactly, however badly the chains mix; bad mixing shows as spread.
#
# First on a machine of 12 hidden units, whose $Z$ we can sum.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 8 min (45: 3)</summary>
#
# **Open.** "Z has $2^{64}$ terms. We shall know its logarithm to a tenth of a nat, and also in which direction we
# err."
#
# **Ask.** "One rung, that is plain importance sampling: does it come out too high or too low?" Half and half. Mostly
# too low: of 100 runs 82 here. And is that good or bad for the model? It flatters.
#
# **Click.** The errors by rungs: from over a nat to a few hundredths. Then the league table, with its last column:
# exact, at least, AIS.
#
# **Misconception.** "The RBM beat the VAE." An estimate that leans to its favor beat a bound; say both.
#
# **On.** An old industrial use, with a date.
#
# </details>

# %%
tiny = recipes.new_rbm(D, 12, base)
training.fit(tiny, cd_1, digits, steps=1_000, batch_size=100, lr=0.02, description="12 hidden units")
tiny.requires_grad_(False)


def log_Z(machine, rungs, seed, chains=100):
    return energy.log_mean_exp(energy.ais(machine, base, torch.linspace(0, 1, rungs + 1), chains, seeded(seed))).item()


truth, ais_errors = tiny.log_partition().item(), {}
for rungs in (1, 10, 100, 1_000):
    ais_errors[rungs] = [log_Z(tiny, rungs, seed) - truth for seed in range(5)]
    print(f"{rungs:5,} rungs: error of log Z", ", ".join(f"{error:+.3f}" for error in ais_errors[rungs]), "nats")
low = sum(log_Z(tiny, 1, seed) < truth for seed in range(100))
print(f"of 100 runs with one rung, {low} are below the truth")

# %% [markdown]
# With 1,000 rungs the error is a few hundredths of a nat. With one, which is plain importance sampling, most runs
# come out too *low*, often by a nat: the rare heavy weights that would set the mean right are missed. A $Z$ too small
# makes the likelihood look too good, so beware of the direction.
#
# Now one protocol for all: the mean $\log P$ of the same rounded test digits.

# %%
mixture = mixtures.em_bernoulli(digits, 80, rng=seeded(0))
with models.first_weights(0):
    vae, chain = models.VAE((D,), latent=8), flows.LinearAutoregression((D,))
training.fit(vae, recipes.vae_loss, digits, steps=1_500, description="VAE")
training.fit(chain, lambda m, x, rng: {"loss": -m.log_prob(x).mean()}, digits, steps=800, lr=1e-2, description="chain")
bound = recipes.vae_bound(vae, digits_test, 100, seeded(0)).mean().item()

# %%
log_Zs = torch.tensor([log_Z(rbm, 1_000, seed) for seed in range(5)])
found = {
    "independent pixels": (D, losses.log_bernoulli(digits_test, base.expand_as(digits_test)).mean().item(), "exact"),
    "chain of pixels (08a)": (D * (D + 1) // 2, chain.log_prob(digits_test).mean().item(), "exact"),
    "mixture of 80": (80 * D + 79, mixture.log_prob(digits_test).mean().item(), "exact"),
    "VAE": (sum(p.numel() for p in vae.parameters()), bound, "at least"),
    "RBM, 64 hidden units": (D * 64 + D + 64, (-rbm.free_energy(digits_test).mean() - log_Zs.mean()).item(), "AIS"),
}
for name, (numbers, value, how) in found.items():
    print(f"{name:22s} {numbers:6,} numbers  {value:7.2f} nats, {-value / D / math.log(2):.3f} bits/pixel  ({how})")
print(f"five runs of AIS: log Z {log_Zs.min():.2f} to {log_Zs.max():.2f}")

# %% [markdown]
# On these digits the RBM is ahead of the mixture and of the VAE's bound, with far fewer numbers than the VAE. Mind
# the small print: of each model a few settings were tried, no more; the VAE's value is a bound (100 draws), the RBM's
# an estimate whose error leans to its favor. The lead is larger than the spread of five runs; for no more than that
# the table vouches.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · Recommendations (10 min)
#
# Streaming services are often said to recommend films by RBMs. They did it in the days of the **Netflix Prize**
# (2006–2009): of the models that won its prize of 2007, Netflix took two into service, a matrix factorization and an
# RBM of ratings (Salakhutdinov, Mnih & Hinton 2007), and in 2012 still used both (Amatriain & Basilico 2012). Later
# accounts from there describe other things: rankers of many signals, and deep networks (Gomez-Uribe & Hunt 2015;
# Steck et al. 2021). So: learn the idea, date the claim.
#
# We make a table, so that the truth is known: 600 users, 120 films, 6 genres. A user rates 30 films: the famous ones,
# and those of genres he or she likes. A fifth is held out. The RBM sees a 1 for 4 stars or more and a 0 for all else;
# after one look at the hidden units it ranks what the user has not rated by $p(x_i = 1 \mid h)$. It takes no new
# code. Its rivals:
#
# - *popularity*, the same list for all; the *bias model*, mean + user's + film's bias, on stars;
# - *MF of stars* (Koren et al. 2009) and *MF of likes*, where a blank is a weak no (Hu et al. 2008). Their ranks and
#   ridges, and the RBM's 16 hidden units, were chosen on other tables.
#
# **Recall at 10**: of the films that a user liked among the held-out ones, how many are in the list of ten?
#
# **Predict first.** A sixth list, the *oracle*, ranks by the stars that each user would truly give. Will it win?

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 11 min (45: 6)</summary>
#
# **Open.** "An oracle knows how every user would rate every film. Will it win the offline test?"
#
# **Ask.** Of course, says the hall. It finds fewer held-out likes than plain popularity. Let them find out why:
# held-out ratings exist only for what people happened to watch.
#
# **Click.** Two columns of the table: recall, and the share of places given to the top tenth, nearly half for
# popularity. The two models of likes lead, level with each other.
#
# **Misconception.** "Streaming services recommend by RBMs." They did in the days of the Netflix Prize; date the
# claim. And ranking is mostly no generative work.
#
# **On.** Four sentences to unlearn.
#
# </details>

# %%
SEEDS, WARM = 5, 500  # the last 100 users are newcomers: nobody trains on them
films = [ratings(rng=seeded(seed)) for seed in range(SEEDS)]
splits = [hold_out(one.stars, 0.2, seeded(100 + seed)) for seed, one in enumerate(films)]
likes = torch.stack([(seen >= 4).float() for seen, _ in splits])
share = (likes[:, :WARM].sum(1) + 0.5) / (WARM + 1)
taste = recipes.new_rbm(120, 16, share.logit(), lead=(SEEDS,))
training.fit(taste, cd_1, likes[:, :WARM], steps=1_000, batch_size=100, lr=0.01, description="five RBMs")
taste.requires_grad_(False)
by_rbm = taste.visible_logits(taste.hidden_logits(likes).sigmoid())
by_likes = [recommend.factorize(x[:WARM], 1 + 10 * x[:WARM], 8, 40.0, rng=seeded(0)) for x in likes]

# %%
table = {}
for seed, ((seen, held), world) in enumerate(zip(splits, films, strict=True)):
    scores = recommend.of_stars(seen[:WARM], rng=seeded(0)) | {
        "MF of likes": by_likes[seed].users @ by_likes[seed].items.T,
        "RBM of likes": by_rbm[seed, :WARM],
        "oracle": world.expected[:WARM],
    }
    for name, score in scores.items():
        table.setdefault(name, []).append(recommend.judge(score, seen[:WARM], held[:WARM], world.expected[:WARM]))

# %%
columns = {name: torch.tensor(rows).T for name, rows in table.items()}  # recall, stars, head, items: by five tables
for name, (recall, stars, head, items) in columns.items():
    said = f"true stars {stars.mean():.2f}, {head.mean():3.0%} to the top tenth, {items.mean():3.0f} films shown"
    print(f"{name:13s} recall {mean_interval(recall)!s:22s} {said}")
lead = mean_interval(columns["MF of likes"][0] - columns["RBM of likes"][0])
in_head = torch.stack(
    [(h >= 4)[:, (s > 0).sum(0).argsort(descending=True)[:12]].sum() / (h >= 4).sum() for s, h in splits]
)
print(f"MF of likes minus RBM, table by table: {lead}; of the held-out likes {in_head.mean():.0%} are in the top tenth")

# %% [markdown]
# The two models of likes lead. In recall factorization is level with the RBM or a little ahead: no reason here to
# choose the RBM, whose lists are liked a little more. And the surprise: the oracle, which knows every taste, finds
# *fewer* held-out likes than plain popularity. Held-out ratings exist only for what people happened to watch. So
# offline recall rewards guessing what is watched, and the models of stars, which guess what would be liked, lose by
# it, although, the oracle's aside, MF of stars makes the lists that people would like best. Ratings are *not missing
# at random* (Marlin & Zemel 2009; Cremonesi et al. 2010).
#
# **Popularity bias.** The top tenth of the films gets a quarter or so of the held-out likes. The popularity list
# gives it nearly half of all places and shows a quarter of the films at all. A log that is filled from that list
# would hold still more of the famous. [Lecture 06](06_ethics.ipynb) measures the like for rare classes.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · The cold start (3 min)
#
# A newcomer has rated little. Give the models $n$ of each newcomer's likes, and look for the rest.


# %% tags=["depth"]
def cold(n, seed):
    seen, held = (part[WARM:] for part in splits[seed])
    order = torch.rand(seen.shape, generator=seeded(7)).masked_fill(seen < 4, 2.0).argsort(1).argsort(1)
    x = (likes[seed, WARM:] * (order < n)).float()
    h = (x @ taste.weight[seed] + taste.hidden_bias[seed]).sigmoid()
    items = by_likes[seed].items
    scores = {"RBM of likes": h @ taste.weight[seed].T + taste.visible_bias[seed]}
    scores["MF of likes"] = recommend.solve(x, 1 + 10 * x, items, 40.0) @ items.T
    scores["popularity"] = (splits[seed][0][:WARM] > 0).sum(0).expand(len(x), -1).float()
    return {name: recommend.judge(s, seen, held, films[seed].expected[WARM:]).recall for name, s in scores.items()}


given = (0, 1, 2, 4, 8, 16)
rows = [[cold(n, seed) for n in given] for seed in range(SEEDS)]
newcomers = {name: torch.tensor([[one[name] for one in row] for row in rows]) for name in rows[0][0]}
plotting.curves(newcomers, x=given, title="Newcomers", xlabel="likes given", ylabel="recall at 10")

# %% [markdown] tags=["depth"]
# With one like or none the popular list finds more than either model; from four on both pass it. With none,
# factorization has no list at all: its factors are zero, and the ten films come in no order. The RBM does badly, too:
# to it a blank newcomer is somebody who likes nothing. So services begin with what is popular, or ask.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · Score matching learns an energy without Z (5 min)
#
# The score $s(x) = -\nabla E(x)$ has no $Z$ in it. So fit scores. In one dimension the squared distance to the true
# score, integrated by parts, is $\mathbb{E}\left[\tfrac12 s^2 + s'\right]$ plus a constant (Hyvärinen 2005): data are
# enough. For $E = \theta \cdot \varphi(x)$ with $\varphi = (x, x^2, x^3, x^4)$ the minimum has a closed form,
# $\theta = \mathbb{E}[\varphi' \varphi'^\top]^{-1}\,\mathbb{E}[\varphi'']$.
#
# *Denoising* score matching (Vincent 2011) is [lecture 08b](08b_diffusion.ipynb)'s loss: add noise
# $\sigma \varepsilon$ and predict the way back, $-\varepsilon / \sigma$. It learns the energy of the *blurred* data.


# %% tags=["depth"]
def slopes(x):
    one = torch.ones_like(x)
    return torch.stack([one, 2 * x, 3 * x**2, 4 * x**3], 1), torch.stack([0 * one, 2 * one, 6 * x, 12 * x**2], 1)


fits = {"implicit": [], "denoising": []}
for seed in range(5):
    rng = seeded(seed)
    draws = line[torch.multinomial(density["E"], 20_000, True, generator=rng)]
    draws = draws + 0.01 * (torch.rand(len(draws), generator=rng, dtype=line.dtype) - 0.5)
    first, second = slopes(draws)
    fits["implicit"].append(torch.linalg.solve(first.T @ first, second.sum(0)))
    noise = torch.randn(len(draws), generator=rng, dtype=line.dtype)
    noisy = slopes(draws + 0.1 * noise)[0]
    fits["denoising"].append(torch.linalg.lstsq(noisy, noise[:, None] / 0.1).solution[:, 0])

# %% tags=["depth"]
print("true       θ = 0.50, -6.00, 0.00, 3.00")
for name, thetas in fits.items():
    mean, sd = torch.stack(thetas).mean(0), torch.stack(thetas).std(0)
    print(f"{name:10s} θ = " + ", ".join(f"{m:.2f} ± {s:.2f}" for m, s in zip(mean, sd, strict=True)))

# %% [markdown] tags=["depth"]
# The first finds the coefficients of section 1 from draws alone. The second finds shallower wells: those of the data
# with noise of 0.1 on them. Diffusion models learn such scores for every amount of noise; annealed Langevin steps
# down through them (Song & Ermon 2019) are the tempering of section 5 in another coat.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Common errors (1 min)
#
# > **"CD follows the gradient of the likelihood."** Section 4: it does at first; later the likelihood may fall.
#
# > **"The CD loss went down, so the model is better."** Its value is a difference of two free energies, both of which
# > move. Judge by log-likelihood, exact or by AIS.
#
# > **"A chain that looks good has converged."** Section 5: one that never leaves its pattern looks perfect.
#
# > **"An RBM recommends what streaming services show you."** It was so around 2009.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 2 min</summary>
#
# **Open.** "A chain that looks good has converged. Who would sign?"
#
# **Ask.** Nobody, after the film. Then turn it: "What would you look at instead?" Several chains from different
# starts, and how many patterns each has seen.
#
# **Misconception.** "CD follows the gradient of the likelihood." At first it does, which makes it dangerous: the
# curve looks right for a while. Ask who plotted an exact likelihood before believing a loss.
#
# **On.** Then the questions, alone.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Check yourself (8 min)
#
# Open the choice that you think is right: it says whether it is, and why.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 4 min</summary>
#
# **Open.** "A colleague adds 100 to every energy. Ten seconds."
#
# **Click.** Fingers, then open the winner. If the hall is split, go back to the two printed lines of section 1, E and
# E + 2: Z differs, the area does not.
#
# **Ask.** For the second question let somebody draw the two rows on the board and cover one of them with a hand: what
# is covered is unknown, and the others talk through it.
#
# **On.** The rest of the questions are homework.
#
# </details>

# %%
quiz.ask("09a_energy")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary (1 min)
#
# 1. $p = e^{-E} / Z$. Ratios and scores do not need $Z$; a grid for it grows as a power of the dimension.
# 2. Langevin: downhill plus noise. The variance of a Gaussian comes out as $1/(1 - \varepsilon/2)$.
# 3. In an RBM each layer is independent given the other, and the free energy is a sum of softpluses.
# 4. CD-1 points well early and badly late; longer or more numerous chains mend much of it.
# 5. Well trained machines have slow chains; tempering lets them travel.
# 6. AIS estimates $\log Z$; too few rungs flatter the model. Here the RBM beats mixture and VAE.
# 7. Factorization does as well as the RBM on likes. Offline recall measures what was watched.
#
# ## Discuss
#
# - Which is worse for training: a biased gradient that is cheap, or an unbiased one that is noisy?
# - A shop measures recall on its click log after its recommender ran for a year. What does it measure?
#
# Next: [lecture 09b](09b_graphs.ipynb), where arrows replace lines, and asks what causes what.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 3 min (45: 1)</summary>
#
# **Open.** "A shop measures recall on its click log after its own recommender ran for a year. What does it measure?"
#
# **Ask.** They say: itself. Right; ask what they would do instead, and wait for a small random share of the
# recommendations.
#
# **Misconception.** "Energy models are history." Their slope is alive: the score of lecture 08b is $-\nabla E$,
# learned without Z.
#
# **On.** Next, lines become arrows, every number is a probability, and the question changes from what to why.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# **1.** Add the Metropolis test to Langevin on $E = x^2/2$ with $\varepsilon = 1$: accept a proposal $y$ with
# probability $\min(1, e^{E(x) - E(y)}\, q(x \mid y) / q(y \mid x))$. What is the variance now?
#
# <details><summary>Solution</summary>
#
# ```python
# rng, z, step = seeded(0), torch.zeros(10_000), 1.0
# log_q = lambda to, at: -((to - at + step * at) ** 2) / (4 * step)
# for _ in range(200):
#     new = z - step * z + (2 * step) ** 0.5 * torch.randn(len(z), generator=rng)
#     accept = (z**2 - new**2) / 2 + log_q(z, new) - log_q(new, z)
#     z = torch.where(torch.rand(len(z), generator=rng).log() < accept, new, z)
# print(z.var())
# ```
# Within a few hundredths of 1: the test removes the bias, which was a factor of 2.
# </details>
#
# **2.** Does the RBM of section 5 know that its own draws are likelier than noise? Compare mean free energies of test
# digits, of draws, and of coin flips.
#
# <details><summary>Solution</summary>
#
# ```python
# coin = torch.rand(360, D, generator=seeded(0)).round()
# for x in (digits_test, rbm.gibbs(digits_test, 200, seeded(0)), coin):
#     print(rbm.free_energy(x).mean())
# ```
# Test digits and draws lie close together, coins far above: no $Z$ was needed to say so.
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 1 min (45: 1)</summary>
#
# **Open.** "Exercise 1 repairs Langevin with one line. Bet on the variance at ε = 1, where it was 2."
#
# **Ask.** Hands for 1, for something between. With the Metropolis test it is within a few hundredths of 1.
#
# **Misconception.** "To compare energies one needs Z after all." Exercise 2 compares test digits, draws and coins by
# free energy alone: the first two lie close together, coins far above.
#
# **On.** The assignment comes after 09b and covers both halves.
#
# </details>

# %% [markdown]
# ## Further reading
#
# - Y. LeCun et al. *A Tutorial on Energy-Based Learning.* In *Predicting Structured Data*, MIT Press 2006.
# - P. Smolensky. *Information Processing in Dynamical Systems: Foundations of Harmony Theory.* MIT Press 1986.
# - G. Hinton. *Training Products of Experts by Minimizing Contrastive Divergence.* Neural Computation 14, 2002.
#   [doi:10.1162/089976602760128018](https://doi.org/10.1162/089976602760128018)
# - G. Hinton. *A Practical Guide to Training Restricted Boltzmann Machines.* 2012 (begin here).
#   [doi:10.1007/978-3-642-35289-8_32](https://doi.org/10.1007/978-3-642-35289-8_32)
# - T. Tieleman. *Training RBMs using Approximations to the Likelihood Gradient.* ICML 2008.
#   [doi:10.1145/1390156.1390290](https://doi.org/10.1145/1390156.1390290)
# - A. Fischer, C. Igel. *Empirical Analysis of the Divergence of Gibbs Sampling Based Learning Algorithms for RBMs.*
#   ICANN 2010. [doi:10.1007/978-3-642-15825-4_26](https://doi.org/10.1007/978-3-642-15825-4_26)
# - R. Salakhutdinov, I. Murray. *On the Quantitative Analysis of Deep Belief Networks.* ICML 2008.
#   [doi:10.1145/1390156.1390266](https://doi.org/10.1145/1390156.1390266)
# - R. Neal. *Annealed Importance Sampling.* Statistics and Computing 11, 2001.
#   [arXiv:physics/9803008](https://arxiv.org/abs/physics/9803008)
# - R. Swendsen, J.-S. Wang. *Replica Monte Carlo Simulation of Spin-Glasses.* Phys. Rev. Lett. 57, 1986.
#   [doi:10.1103/PhysRevLett.57.2607](https://doi.org/10.1103/PhysRevLett.57.2607)
# - A. Hyvärinen. *Estimation of Non-Normalized Statistical Models by Score Matching.* JMLR 6, 2005.
# - P. Vincent. *A Connection Between Score Matching and Denoising Autoencoders.* Neural Computation 23, 2011.
#   [doi:10.1162/NECO_a_00142](https://doi.org/10.1162/NECO_a_00142)
# - Y. Song, S. Ermon. *Generative Modeling by Estimating Gradients of the Data Distribution.* NeurIPS 2019.
#   [arXiv:1907.05600](https://arxiv.org/abs/1907.05600)
# - R. Salakhutdinov, A. Mnih, G. Hinton. *Restricted Boltzmann Machines for Collaborative Filtering.* ICML 2007.
#   [doi:10.1145/1273496.1273596](https://doi.org/10.1145/1273496.1273596)
# - Y. Koren, R. Bell, C. Volinsky. *Matrix Factorization Techniques for Recommender Systems.* Computer 42, 2009.
#   [doi:10.1109/MC.2009.263](https://doi.org/10.1109/MC.2009.263)
# - Y. Hu, Y. Koren, C. Volinsky. *Collaborative Filtering for Implicit Feedback Datasets.* ICDM 2008.
#   [doi:10.1109/ICDM.2008.22](https://doi.org/10.1109/ICDM.2008.22)
# - P. Cremonesi, Y. Koren, R. Turrin. *Performance of Recommender Algorithms on Top-N Recommendation Tasks.*
#   RecSys 2010. [doi:10.1145/1864708.1864721](https://doi.org/10.1145/1864708.1864721)
# - B. Marlin, R. Zemel. *Collaborative Prediction and Ranking with Non-Random Missing Data.* RecSys 2009.
#   [doi:10.1145/1639714.1639717](https://doi.org/10.1145/1639714.1639717)
# - X. Amatriain, J. Basilico. *Netflix Recommendations: Beyond the 5 Stars (Part 1).* Netflix Technology Blog, 6
#   April 2012.
#   [netflixtechblog.com](https://netflixtechblog.com/netflix-recommendations-beyond-the-5-stars-part-1-55838468f429)
# - C. Gomez-Uribe, N. Hunt. *The Netflix Recommender System.* ACM TMIS 6, 2015.
#   [doi:10.1145/2843948](https://doi.org/10.1145/2843948)
# - H. Steck et al. *Deep Learning for Recommender Systems: A Netflix Case Study.* AI Magazine 42, 2021.
#   [doi:10.1609/aimag.v42i3.18140](https://doi.org/10.1609/aimag.v42i3.18140)
