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
# 4. recognize mode collapse and mend it; name the signs of a vanishing gradient, oscillation, a forgotten `detach`
#    and a learning rate that is too high;
# 5. train a GAN and a conditional GAN on digits, and measure which classes it covers.
#
# **Time:** 74 minutes, and 50 of depth, marked ▸, which folds away and which nothing else needs. Estimated: words /
# 130, half a minute a figure or printed table, a minute for 6 lines of code, 2 for a prediction or quiz question, 4
# for an explorer; exercises come on top. The page runs in about a minute on a laptop.
#
# **Before:** [lecture 03](03_vae.ipynb) helps. You need to have trained a classifier once. **After:** [assignment
# 04](../assignments/04_gan/04_gan.ipynb), then [lecture 05](05_comparison.ipynb).

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 3 min (45: 2)</summary>
#
# **Prepare.** Run the whole page an hour before; sections 4 to 6 are the show. Open the live trainer and press play
# for ten seconds, so that the browser has it warm. Sections 1 and 2 want a blackboard. Choose two people in the front
# row: one plays G, one plays D.
#
# **Open.** "In 2014 somebody asked: what if the loss function were a network, too?"
#
# **Misconception.** "GANs are the state of the art for images." They were, about 2014 to 2020; what stays is the idea
# of a learned loss, and it turns up all over the field.
#
# **On.** First a case in which the best opponent is known.
#
# </details>

# %% slideshow={"slide_type": "skip"}
import math
from dataclasses import replace

import torch
from torch.distributions import Normal
from torch.nn import functional as F

from course_utils import data, losses, metrics, models, plotting, training, widgets
from course_utils.labs.gan import experiment, plots
from course_utils.training import one_thread, seeded
from course_utils.training.gan import GAN, GANConfig
from course_utils.widgets import quiz

DATASET = "digits"  # or "mnist", "fashion_mnist": 2½ minutes, 700 MB; numbers in the text are for the digits
one_thread()  # small networks are slower with two threads that wait for each other

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · The game, where everything is known (9 min)
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

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 9 min (45: 6, tour: 2)</summary>
#
# **Open.** "The best detective in the world: what does she say about one point?"
#
# **Picture.** At one place stand $p$ honest people and $q$ forgers. Her best bet is the share of the honest ones.
# That is $D^*$; nothing cleverer exists.
#
# **Ask.** "And if the forger is perfect?" Everybody: one half. "Then what is the game worth?" Silence; $-\log 4$,
# about −1.39. Write it large, the number comes back in section 4.
#
# **Click.** The figure: the dashed D follows the black $D^*$ where points lie; outside nobody taught it.
#
# **Misconception.** "D judges by accuracy." It gives a probability, and is paid in log-likelihood.
#
# **On.** In practice D is a network that emits logits.
#
# </details>

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
rng = seeded(0)


def classify(step):
    x, x_fake = torch.randn(256, 1, generator=rng), 1.5 + torch.randn(256, 1, generator=rng)
    loss = losses.discriminator_loss(D(x), D(x_fake)).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"value": -loss}


optimizer = torch.optim.Adam(D.parameters(), lr=3e-3, fused=True)
history = training.loop(classify, 500, description="D alone")
learned = D(grid.float()[:, None]).sigmoid().squeeze(1).detach()
reached = sum(history["value"][-100:]) / 100
print(f"value reached {reached:.3f}, best possible {value(best):.3f}")

# %%
figure, axes = plotting.picture(
    title="The discriminator on two Gaussians",
    alt="Two overlapping bell curves, real and generated; the trained D falls along D* where there are points.",
)
for density, color, label in ((p, plots.REAL, "p, real"), (q, plots.FAKE, "q, generated")):
    axes.fill_between(grid, density, color=color, alpha=0.3, label=label)
axes.plot(grid, best, color="black", label="D* = p / (p + q)")
axes.plot(grid, learned, "--", color=plotting.COLORS[2], label="D, trained")
axes.set(xlim=(-4, 5), xlabel="x", ylabel="density, or D(x)")
axes.legend(fontsize=8)
figure

# %% [markdown]
# The trained $D$ follows $D^*$ where there are points to learn from, and its value comes within 0.05 nats of the
# best.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · The losses, from logits (11 min)
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

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 10 min (45: 5)</summary>
#
# **Open.** "Two teachers: one stops talking when you are hopeless, the other when you are good."
#
# **Ask.** "At the start D sees through everything. Which loss still has a gradient?" Half the hall reads the formula
# and says minimax, since it is in the game. Show the right panel: on a logarithmic axis minimax falls, non-saturating
# rises.
#
# **Click.** Point at the left ends of the two lines in the left panel: 0 and 1. That is the whole argument.
#
# **Misconception.** "It is the same game with a better gradient." Same fixed point, but no longer one value that both
# share, so the Jensen–Shannon story ends here.
#
# **On.** Two losses, two players: write one step of each.
#
# </details>


# %%
def discriminator_loss(real_logits, fake_logits):
    return F.softplus(-real_logits) + F.softplus(fake_logits)


def generator_loss_minimax(fake_logits):
    return -F.softplus(fake_logits)


def generator_loss(fake_logits):
    return F.softplus(-fake_logits)


a, b = torch.randn(2, 1000, generator=seeded(0))
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


def draw(n, rng):
    return (ring.sample(n, rng=rng),)


torch.manual_seed(0)
gan = GAN(models.Generator((2,), 16, 64, output=None), models.Discriminator((2,), 64), draw)
told = {"minimax": [], "non-saturating": []}
for _ in range(300):
    gan.d_step()
    x_fake = gan.x_fake.requires_grad_()
    for name, loss in (("minimax", losses.generator_loss_minimax), ("non-saturating", losses.generator_loss)):
        (gradient,) = torch.autograd.grad(loss(gan.D(x_fake)).sum(), x_fake)
        told[name].append(gradient.norm(dim=1).mean().item())

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
for (name, sizes), style in zip(told.items(), ("-", "--"), strict=True):
    right.semilogy(sizes, style, label=name)
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
# > **Common error: probabilities first, logarithm later.** In single precision, at a logit of 20, sigmoid gives 1 and
# > $\log(1 - D)$ is minus infinity. The right answer, $-\operatorname{softplus}(20)$, is −20.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · One step of each player (7 min)
#
# Two networks, two optimizers: each player moves only its own weights. In the discriminator's step the generated
# points are `detach`ed. They are data there, and no gradient has any business in $G$. In the generator's step nothing
# is detached: the gradient passes *through* $D$, and stops at $G$'s weights. The generator never sees a real point.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 8 min (45: 4)</summary>
#
# **Open.** "Search the generator's step for a real image. Take your time."
#
# **Ask.** They find none: `g_step` has no `x`. So how does G learn of the data? "From D's gradient", the hall says,
# and that is exactly all it gets.
#
# **Picture.** A forger who never sees a banknote, and has only the clerk's shrug.
#
# **Click.** Run the check: after a step of D all gradients in G are None; after a step of G those in D are cleared;
# the last line says that page and package agree.
#
# **Misconception.** "`detach` saves time." It does, and more: without it D's loss trains G to be caught. A depth
# section shows what that looks like.
#
# **On.** Six hundred turns now.
#
# </details>

# %%
plotting.gan_diagram(16, 2)

# %%
torch.manual_seed(0)
G, D = models.mlp(16, 64, 64, 2), models.Discriminator((2,), 64)
optimizer_g, optimizer_d = (torch.optim.Adam(n.parameters(), 4e-3, betas=(0.5, 0.99), fused=True) for n in (G, D))
rng = seeded(0)


def d_step(x):
    x_fake = G(torch.randn(len(x), 16, generator=rng)).detach()
    loss = (F.softplus(-D(x)) + F.softplus(D(x_fake))).mean()
    optimizer_d.zero_grad()
    loss.backward()
    optimizer_d.step()
    return loss.detach()


# %%
def g_step(n):
    loss = F.softplus(-D(G(torch.randn(n, 16, generator=rng)))).mean()
    optimizer_g.zero_grad()
    loss.backward()
    optimizer_g.step()
    optimizer_d.zero_grad()  # backward went through D and left gradients there, too
    return loss.detach()


# %% [markdown]
# Three things to check: which weights moved, which have a gradient, and whether the package's tested twin, which
# every later experiment uses, does the same.

# %%
config = GANConfig(batch_size=128, lr=4e-3)
twin = GAN(models.Generator((2,), 16, 64, output=None), models.Discriminator((2,), 64), draw, config)
twin.G.net.load_state_dict(G.state_dict())
twin.D.load_state_dict(D.state_dict())
before = [w.clone() for w in G.parameters()]
d_step(ring.sample(128, rng=rng))
assert all(torch.equal(a, b) for a, b in zip(before, G.parameters(), strict=True))
print("gradients in G after a step of D:", [w.grad for w in G.parameters()][:2], "…")
g_step(128)
print("gradients in D after a step of G:", [w.grad for w in D.parameters()][:2], "…")
twin.step()
for mine, theirs in zip((*G.parameters(), *D.parameters()), (*twin.G.parameters(), *twin.D.parameters()), strict=True):
    assert torch.allclose(mine, theirs, atol=1e-6)
print("one step of each player: the page and the package agree")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · Trained, and watched (6 min)
#
# One step of each in turn, 600 times. The dashed line is the value of the equilibrium: $D = \tfrac12$ everywhere
# costs the discriminator $2 \log 2 = 1.386$ and the generator $\log 2$.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 8 min (45: 5)</summary>
#
# **Open.** "Predict both loss curves before I run the cell. Draw them."
#
# **Ask.** Nearly everyone draws two falling curves. Run it: both swing around 1.39 and 0.69 while the samples
# improve.
#
# **Click.** The four pictures: one clump, a smear, the ring. Orange is where D says generated; the clump flees from
# it. Then the printed count of modes.
#
# **Misconception.** "Swinging losses mean failure, calm ones success." Each loss is measured against an opponent that
# changes. Losses near zero for D are the bad sign.
#
# **On.** You have seen my run. Now it is yours.
#
# </details>

# %%
live = widgets.live_curves("d_loss", "g_loss", title="A GAN on the ring", unit="nats")
live

# %%
pictures = {}


def step(number):
    if number in (0, 60, 200, 599):
        with torch.no_grad():
            pictures[number] = G(torch.randn(500, 16)), plots.surface(D, 3.0).sigmoid()
    return {"d_loss": d_step(ring.sample(128, rng=rng)), "g_loss": g_step(128)}


history = training.loop(step, 600, on_step=live, description="GAN")
live.figure()

# %%
figure, axes = plotting.picture(
    1, 4, title="Generated points chase the discriminator's surface", height=2.3,
    alt="Steps 0, 60, 200, 599: points leave the center as one clump, spread, settle on the ring's eight modes.",
)  # fmt: skip
for ax, (number, (x_fake, shade)) in zip(axes, pictures.items(), strict=True):
    plots.show_points(ax, ring.sample(300, rng=rng), x_fake, 3.0)
    ax.imshow(shade, extent=(-3, 3, -3, 3), origin="lower", cmap="PuOr", vmin=0, vmax=1, alpha=0.6)
    ax.set_title(f"step {number}")
axes[0].set_ylabel("orange: D says generated\nviolet: D says real", fontsize=8)
figure

# %%
z = torch.randn(2500, 16, generator=seeded(0))
ring_covered = metrics.mode_coverage(G(z).detach(), ring.modes, std=0.1)
d_end, g_end = (history.smoothed(name)[-1] for name in ("d_loss", "g_loss"))
print(f"modes {ring_covered.modes} of 8 · with a fair share {ring_covered.modes_with_share}")
print(f"good samples {ring_covered.high_quality:.0%} · losses at the end: D {d_end:.2f} (1.39), G {g_end:.2f} (0.69)")

# %% [markdown]
# The protocol of the literature (Srivastava et al. 2017; Lin et al. 2018): draw 2,500 points; one is *good* if it
# lies within three standard deviations of a mode; a mode is captured if one good point is nearest to it. A single
# stray counts, so we add a stricter count: at least 20 % of the mode's fair share.
#
# > **Common error: "the loss goes down, so the samples get better."** Look at the curves: both losses go up and down
# > around the equilibrium for hundreds of steps while the samples improve. Each loss is measured against an opponent
# > that changes. Nor does "equilibrium" mean that both are zero.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · Train it yourself (6 min)
#
# Press play. Blue squares are real, orange disks are generated; the short line at each disk is the way in which the
# discriminator's gradient pushes it. Violet means that $D$ says "real". *Step D* and *Step G* move one player alone;
# *look back* goes over what was recorded; any change of the setup begins anew.
#
# The browser asks for one picture after another, and the kernel trains a few steps for each. So other cells run while
# it plays, and nothing runs once you stop it or close the page.
#
# **Try.** (a) The five buttons, each for 800 steps of G: *healthy*, *collapse*, *oscillation*, *strong D*, *critic*.
# (b) *50 × D*, then play. (c) Rate of G 0.1. (d) D sees *packing 2*. (e) Points of your own. *Record* keeps settings
# and scores as a row of a table: a diary, which the link below it saves as CSV.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 12 min (45: 8, tour: 5)</summary>
#
# **Open.** "Hands off my keyboard: you command, I press."
#
# **Click.** `speed` 30; 800 steps each. `healthy`, play: eight modes, and they stay. `collapse`: three are left.
# `oscillation`: the points are thrown from side to side. `strong D`: D wins, and G is told nothing. `critic`: modes
# come back. After each, `look back` shows the moment it happened; `Record` writes a row of the diary.
#
# **Ask.** Before `strong D`: "A better judge, a better forger?" Yes, says the hall. Right after that button, before
# play, `50 × D`: the surface hardens, and the short lines at the disks shrink to nothing.
#
# **Misconception.** "It converged" after five seconds. Let it play on.
#
# **On.** What we did by hand, now on five seeds.
#
# </details>

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
# ## 6 · Mode collapse: made, controlled, mended (9 min)
#
# Each failure on this page is produced on five seeds, measured, and mended on the same seeds. The settings were
# searched for, so that it shows within seconds; many others train well. Five networks train side by side, as one
# batch of matrix products. Two settings steady the end of training, here and in section 7. `decay`: over the second
# half the learning rates fall linearly to 0. `average`: points are drawn from a running average of the generator's
# weights, $\bar w \leftarrow a \bar w + (1 - a) w$ after each step (Yazıcı et al. 2019), which smooths the last turns
# of the game.
#
# Below, the discriminator takes three steps for each one of the generator. A better discriminator should give a
# better generator. The control takes one step for one, with the same networks and as many updates of $D$.
#
# **Predict first.** Which covers more of the ring?

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 12 min (45: 7)</summary>
#
# **Open.** "Trained on dogs, cats and birds, it draws cats. Perfect cats."
#
# **Ask.** Three steps of D for one of G, against one for one: which covers more? The hall splits. In the figure the
# row with three leaves parts out, the control has all eight in nearly every run.
#
# **Click.** Go through the rows: control, three, packing, R1. Then count by the stricter rule, a fair share.
#
# **Misconception.** "Mini-batch training cures collapse." Every GAN trains on minibatches. Meant is minibatch
# *discrimination* (Salimans et al. 2016), kin of packing: D sees several samples at once. Nor does instance noise
# cure it by itself.
#
# **On.** Gaussians are patient. Digits?
#
# </details>

# %%
config = GANConfig(d_steps=3, lr=2.5e-3, average=0.98)
strong = experiment.Protocol(hidden=96, steps=450, config=config)
control = replace(strong, steps=1350, config=replace(config, d_steps=1))
settings = {
    "one step of D": (control, "plain"),
    "three": (strong, "plain"),
    "three, packing 2": (strong, "packing 2"),
    "three, R1": (strong, "R1 penalty"),
}
runs = {name: experiment.run(ring, *setting, description=name) for name, setting in settings.items()}
covered = {name: experiment.coverage(gan, ring, 0.1) for name, gan in runs.items()}
for name, each in covered.items():
    print(name.ljust(16), experiment.coverage_text(each))

# %%
plots.seeds_picture(
    {name: experiment.draw(gan) for name, gan in runs.items()},
    ring.sample(300, rng=rng),
    title="Mode collapse, its control, and two mends",
    alt="Five runs each. One step of D: all eight. Three: parts left out. Packing, R1: seven or eight, nearly always.",
)

# %% [markdown]
# Counted by fair share, the plain GAN with three steps of $D$ misses modes in nearly every run, and the control
# covers all eight in nearly every run. So the stronger discriminator hurts, at an equal budget of its own updates.
# Theory offers a reason, which we have not tested here: against the *best* $D$, the non-saturating loss follows the
# gradient of $\mathrm{KL}(q \,\|\, p) - 2\,\mathrm{JS}(p, q)$, which charges much for a point off the data and little
# for a mode left out (Arjovsky & Bottou 2017, theorem 2.5). Two mends:
#
# - **Packing** (Lin et al. 2018): the discriminator judges two points at once. A pair from the same mode, again and
#   again, gives a collapsed generator away.
# - **R1 penalty** (Mescheder et al. 2018): $\tfrac{\gamma}{2}\|\nabla D\|^2$ at real points. $D$ cannot be steep
#   where the data are.
#
# They may cost quality: look at the share of good samples. Other failures look different; each has its experiment
# below:
#
# | sign | cause | mend |
# |---|---|---|
# | points stand still, $D(G(z)) \approx 0$ | minimax loss against a strong $D$ | non-saturating loss, instance noise |
# | both players circle | the game's own dynamics | a penalty on $D$'s slope |
# | $D(G(z))$ far below ½, few modes | a forgotten `detach` | `detach`, `zero_grad` before each `backward` |
# | points leave the picture | a learning rate too high | a lower one |

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · What the remedies do, beside the papers (3 min)
#
# On the papers' data, with narrower modes, and by their protocol, in a table recorded beforehand. What each row
# changes:
#
# - *packing 2, 4*: $D$ judges so many points at once; *minibatch deviation*: $D$'s last layer also sees how much its
#   features vary over the batch (Karras et al. 2018);
# - *instance noise*: all that $D$ sees is blurred by noise of sd 0.3 (Sønderby et al. 2017);
# - *R1 penalty*, γ = 0.1; *WGAN-GP*: the critic of the last depth section, penalty 0.1; *spectral norm*: each weight
#   matrix of $D$ is divided by its largest singular value, so that no layer's slope exceeds 1 (Miyato et al. 2018).

# %% tags=["depth"]
print(experiment.table_text())

# %% [markdown] tags=["depth"]
# Mean ± standard deviation over five seeds, 2,500 draws each; the ring has 8 modes and the grid 25.
# `python -m course_utils.labs.gan.experiment` makes this table again; its learning rate is the better of two on these
# same seeds. The training is ours, and short: 3,000 steps, where Lin et al. take 400 epochs of 1,000 batches and
# wider networks.
#
# On the ring, the plain GAN misses modes on some seeds. The R1 penalty covers all eight with the cleanest samples;
# the minibatch deviation comes close (7.6 by fair share). Packing four and instance noise pay in quality. The
# spectral norm fails here; that its discriminator is too weak for modes this narrow is a guess. The grid is solved by
# none: modes are hit by strays, and few samples are good. The two papers disagree about the plain GAN by far: take
# the protocol, and show your own numbers.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · A discriminator that is too good (6 min)
#
# Section 2 predicts that the minimax loss gives no gradient against a strong discriminator. So let it train alone for
# 300 steps, then play on.
#
# **Predict first.** Four generators: minimax or non-saturating loss, trained with plain gradient steps (SGD) or with
# Adam. Which of them get away from where they started?


# %% tags=["depth"]
def away(loss, noise, optimizer):
    protocol = experiment.Protocol(
        64, 200, GANConfig(loss=loss, instance_noise=noise, batch_size=128, lr=4e-3), decay=False
    )
    gan = experiment.stacked_gan(ring, protocol)
    for _ in range(300):
        gan.d_step()
    if optimizer == "SGD":
        gan.opt_g = torch.optim.SGD(gan.G.parameters(), lr=0.02)
    start = experiment.draw(gan)
    gan.train(200, progress=False)
    return (experiment.draw(gan) - start).norm(dim=-1).mean(1)


# %% tags=["depth"]
kinds = [("minimax", 0, "SGD"), ("minimax", 0, "Adam"), ("non-saturating", 0, "SGD"), ("minimax", 0.5, "SGD")]
moved = {kind: away(*kind) for kind in kinds}
print("distance that generated points moved in 200 steps (mean of five seeds, smallest to largest)")
for (loss, noise, optimizer), far in moved.items():
    print(f"{loss:15s} {optimizer:5s} noise {noise:3.1f}: {far.mean():.4f} ({far.min():.4f} to {far.max():.4f})")

# %% [markdown] tags=["depth"]
# With SGD the minimax generator stands still: this is the saturation that the books describe. The non-saturating loss
# mends it. So does **instance noise**: blur real and generated points alike, and the two densities overlap again
# (Sønderby et al. 2017). And Adam hides it: it divides a gradient by its own size, so a tiny gradient that is
# consistent makes a full step. What you read about vanishing gradients may not be what your program does; measure it.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · Oscillation: the Dirac-GAN (9 min)
#
# The smallest GAN there is (Mescheder et al. 2018): the real data are the single point 0, the generator is a single
# point $\theta$, and the discriminator is a line, with logit $\psi x$. The equilibrium is $\theta = \psi = 0$. Follow
# the gradients: of both players at once, or in turn, as this page's trainings do.
#
# **Predict first.** Start at $\theta = 1$, $\psi = 0$. Does $\theta$ reach 0?

# %% tags=["depth"]
SLOPES = {
    "minimax": lambda theta, psi: (-psi * torch.sigmoid(psi * theta), theta * torch.sigmoid(psi * theta)),
    "non-saturating": lambda theta, psi: (-psi * torch.sigmoid(-psi * theta), theta * torch.sigmoid(psi * theta)),
    "Wasserstein": lambda theta, psi: (-psi, theta),
}


def dirac(loss, r1=0.0, in_turn=False, theta=1.0, psi=0.0, lr=0.02, steps=2000):
    theta, psi, path = torch.tensor(theta), torch.tensor(psi), []
    for _ in range(steps):
        next_psi = psi - lr * (SLOPES[loss](theta, psi)[1] + r1 * psi)
        theta = theta - lr * SLOPES[loss](theta, next_psi if in_turn else psi)[0]
        psi = next_psi
        path.append((theta.item(), psi.item()))
    return torch.tensor(path)


# %% tags=["depth"]
ways = {"at once": (0.0, False), "in turn": (0.0, True), "in turn, R1 0.3": (0.3, True)}
paths = {(loss, way): dirac(loss, *options) for loss in SLOPES for way, options in ways.items()}
distance = {key: path[-1].norm().item() for key, path in paths.items()}
print("distance from the equilibrium after 2,000 steps; 1 at the start")
for loss in SLOPES:
    print(f"{loss:15s}", " · ".join(f"{way} {distance[loss, way]:.3f}" for way in ways))

# %% tags=["depth"]
figure, axes = plotting.picture(
    1, 3, title="The Dirac-GAN circles its equilibrium until D is penalized", height=3.2,
    alt="At once: Wasserstein spirals out. In turn: it circles; non-saturating creeps in. R1: all reach the origin.",
)  # fmt: skip
for ax, way in zip(axes, ways, strict=True):
    for loss, style in zip(SLOPES, ("-", "--", ":"), strict=True):
        ax.plot(*paths[loss, way].T, style, label=loss)
    ax.plot(0, 0, "k+", markersize=10)
    ax.set(title=way, xlabel="θ, the generator", ylabel="ψ, the discriminator")
    ax.set(aspect="equal", xlim=(-1.7, 1.7), ylim=(-1.7, 1.7))
figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3, frameon=False)
figure

# %% [markdown] tags=["depth"]
# With the minimax and the Wasserstein loss it circles for ever. Steps at once widen the circle, since each player
# reacts to where the other *was*; steps in turn keep it. The non-saturating loss creeps inward, ever more slowly. A
# penalty on the discriminator's slope acts like friction, and all three reach the equilibrium. That is why the R1
# penalty is in so many working GANs.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · A forgotten `detach` (9 min)
#
# The step below clears the generator's gradients once, at the top, and forgets `detach`. It runs without an error.
#
# **Predict first.** The discriminator's loss now has a gradient in $G$. In which direction does it push the
# generator?


# %% tags=["depth"]
def forgetful(gan, clear):
    gan.opt_g.zero_grad()
    x_fake = gan.G(gan.draw_z())  # no detach
    loss = losses.discriminator_loss(gan.D(gan.real()[0]), gan.D(x_fake)).mean(-1).sum()
    gan.opt_d.zero_grad()
    loss.backward()
    gan.opt_d.step()
    if clear:
        gan.opt_g.zero_grad()
    fake_logits = gan.D(gan.G(gan.draw_z()))
    losses.generator_loss(fake_logits).mean(-1).sum().backward()
    gan.opt_g.step()
    return {"D of generated points": fake_logits.sigmoid().mean()}


# %% tags=["depth"]
usual = experiment.Protocol(hidden=64, steps=600, config=GANConfig(batch_size=128, lr=4e-3), decay=False)
gans = {name: experiment.stacked_gan(ring, usual) for name in ("forgotten", "forgotten, but cleared")}
seen = {}
for name, gan in gans.items():
    clear = name != "forgotten"
    h = training.loop(lambda step, gan=gan, clear=clear: forgetful(gan, clear), usual.steps, description=name)
    seen[name] = h.smoothed("D of generated points")[-1]
gans["with detach"] = experiment.run(ring, usual, progress=False)
by_detach = {name: experiment.coverage(gan, ring, 0.1) for name, gan in gans.items()}
for name, each in by_detach.items():
    at_end = f"D(G(z)) {seen[name]:.2f}" if name in seen else ""
    print(f"{name:23s} {at_end:12s} {experiment.coverage_text(each)}")

# %% [markdown] tags=["depth"]
# The forgotten gradient makes the generator *help* the discriminator, against its own loss. It ends with a few modes
# and $D(G(z))$ far below $\tfrac12$. Clearing the gradients right before the generator's own backward pass hides the
# mistake: then it only wastes time. Do both: `detach` in the step of $D$, `zero_grad` right before each `backward`.
# The opposite mistake, a `detach` in the *generator's* step, freezes the generator.

# %% tags=["depth"]
plots.seeds_picture(
    {"forgotten detach": experiment.draw(gans["forgotten"]), "with detach": experiment.draw(gans["with detach"])},
    ring.sample(300, rng=rng),
    title="One forgotten detach",
    alt="Two rows of five runs on the ring. Forgotten detach: a few modes in each run. With detach: all eight.",
)

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · A learning rate that is too high (3 min)

# %% tags=["depth"]
by_rate = {}
for lr in (1e-1, 4e-3, 1e-3):
    protocol = experiment.Protocol(64, 400, GANConfig(batch_size=128, lr=lr), decay=False)
    gan = experiment.stacked_gan(ring, protocol)
    h = gan.train(protocol.steps, progress=False)
    by_rate[lr] = experiment.coverage(gan, ring, 0.1)
    print(
        f"lr {lr:5g}: losses D {h.smoothed('d_loss')[-1]:5.2f}, G {h.smoothed('g_loss')[-1]:5.2f} ·",
        experiment.coverage_text(by_rate[lr]),
    )

# %% [markdown] tags=["depth"]
# At 0.1 every run is lost: it covers one mode at most. At 0.001 the runs have not got far in 400 steps. GANs are
# sensitive to such numbers: the ratio of both rates, the momentum and the width matter too. The live trainer has
# controls for the rates, the steps of D and the remedies.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · The earth mover's distance, and a critic (9 min)
#
# What does the value of section 1 say when real and generated points are far apart? Carry two Gaussians away from
# each other. Beside the Jensen–Shannon divergence stands the **earth mover's distance** $W_1$, the least average way
# to carry $q$'s mass to $p$.

# %% tags=["depth"]
means = torch.linspace(0, 10, 41, dtype=torch.float64)
both = [[Normal(side * mu / 2, 1.0).log_prob(grid).exp() for side in (-1, 1)] for mu in means]
mixed = [(a, b, (a + b) / 2) for a, b in both]
js_curve = [torch.trapezoid(torch.xlogy(a, a / m) + torch.xlogy(b, b / m), grid) / 2 for a, b, m in mixed]

# %% tags=["depth"]
figure, axes = plotting.picture(
    title="What two divergences say of a distance",
    alt="Jensen-Shannon rises and flattens at log 2; the earth mover's distance grows in a straight line.",
)
axes.plot(means, js_curve, label="Jensen–Shannon (nats)")
axes.plot(means, means / 10, "--", label="earth mover's distance / 10")
axes.axhline(math.log(2), color="black", linewidth=1, linestyle=":", label="log 2")
axes.set(xlabel="distance between the means", ylabel="divergence")
axes.legend()
figure

# %% tags=["depth"]
print("at the middle of the generated points, size of the gradient that reaches them")
for mu in (1.5, 3.0, 6.0):
    D_fake = 1 / (1 + math.exp(mu**2 / 2))  # the best D there; its logit is log p − log q, of slope −μ
    print(f"distance {mu}: logit {mu:.1f} · minimax {mu * D_fake:.1e} · non-saturating {mu * (1 - D_fake):.2f} · W₁ 1")

# %% [markdown] tags=["depth"]
# Once the densities hardly overlap, the *value* is flat at $\log 2$: whoever minimizes it learns nothing. The best
# discriminator still knows the way: the slope of its logit *is* the distance. What is left of it depends on the loss
# (section 2). $W_1$ keeps the slope 1 at any distance. By duality (Arjovsky et al. 2017) it is
# $\max_f \mathbb{E}_p[f(x)] - \mathbb{E}_q[f(x)]$ over functions $f$ whose slope is at most 1. So the discriminator
# becomes a **critic** $f$ with any real score, no sigmoid, no logarithm. Its slope is held near 1 by a penalty
# $(\|\nabla f\| - 1)^2$ between real and generated points (Gulrajani et al. 2017). Two Gaussians a distance 3 apart
# have $W_1 = 3$.

# %% tags=["depth"]
torch.manual_seed(0)
critic = models.mlp(1, 32, 32, 1)
optimizer = torch.optim.Adam(critic.parameters(), 3e-3, fused=True)
rng = seeded(0)


def critic_step(step):
    x, x_fake = torch.randn(256, 1, generator=rng), 3 + torch.randn(256, 1, generator=rng)
    estimate = (critic(x) - critic(x_fake)).mean()
    penalty = losses.gradient_penalty(lambda v: critic(v).squeeze(1), x, x_fake, rng).mean()
    optimizer.zero_grad()
    (-estimate + 10 * penalty).backward()
    optimizer.step()
    return {"estimate": estimate, "penalty": penalty}


history = training.loop(critic_step, 500, description="critic")
says = sum(history["estimate"][-100:]) / 100
print(f"earth mover's distance 3, the critic says {says:.2f}")

# %% [markdown] tags=["depth"]
# The penalty is soft: a critic of slope $s$ scores $3s - 10(s - 1)^2$, which is largest at $s = 1.15$. So the
# estimate is near 3.45, close to $W_1$ but no bound. As a loss for the generator it is smooth: `loss="wasserstein"`
# in the live trainer, with penalty.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · Digits (10 min)
#
# The same two steps on images: $G$ ends in a sigmoid, since pixels lie in [0, 1], and $D$ reads the pixels. First
# plain, then with the R1 penalty, as many steps each.
#
# **Predict first.** The plain GAN collapsed on eight Gaussians when $D$ was strong. What will it draw here?

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 10 min (45: 5)</summary>
#
# **Open.** "Same two steps, pixels instead of points. Collapse or not?"
#
# **Ask.** After section 6 most expect collapse. The plain GAN can draw all ten; how evenly depends on the seed.
#
# **Click.** The grid: three rows plain, three with R1. Then the audit: with the penalty ten classes, the rarest at
# 4 % or more. *Nearer* against 5 % asks for copies, *farther* for nonsense.
#
# **Misconception.** "Nice pictures, so it covers the data." Nobody sees a missing class in thirty pictures; count it.
#
# **On.** And if I want a 7?
#
# </details>

# %%
x, y = data.images(DATASET, "train", limit=2_000)
x_test, y_test = data.images(DATASET, "test", limit=1_000)
EVENT = x.shape[1:]


def draw_digits(n, rng):
    return (x[torch.randint(len(x), (n,), generator=rng)],)


def digits_gan(seed=0, steps=1500, **options):
    torch.manual_seed(seed)
    networks = models.Generator(EVENT, hidden=128), models.Discriminator(EVENT, hidden=128)
    gan = GAN(*networks, draw_digits, GANConfig(lr=2e-3, average=0.99, **options), seed=seed)
    gan.train(steps, decay=True, description="digits")
    return gan


# %%
plain, gan = digits_gan(), digits_gan(r1=3.0)
rng = seeded(0)
shown = torch.cat([plain.averaged.sample(30, rng=rng), gan.averaged.sample(30, rng=rng)])
names = ["plain", "", "", "R1 penalty", "", ""]
plotting.image_grid(shown, title="Digits from a plain GAN, and from one with the R1 penalty", row_labels=names)

# %% [markdown]
# Which classes does it draw? A classifier that never saw a generated digit reads 1,000 of them. Beside it, two shares
# by the distance to the nearest training digit, each 5 % for real test digits: draws that are *nearer* than the
# nearest 5 % of test digits (a model that copies has many), and draws *farther* than the farthest 5 % (no good
# digits).

# %%
from sklearn.svm import SVC

classifier = SVC(gamma=0.08, C=10).fit(x.flatten(1), y)


def read(images):
    return torch.as_tensor(classifier.predict(images.flatten(1)))


def to_nearest(images):
    return torch.cdist(images.flatten(1), x.flatten(1)).min(1).values


near, far = to_nearest(x_test).quantile(torch.tensor([0.05, 0.95]))


# %%
def audit(images):
    shares, distance = torch.bincount(read(images), minlength=10) / len(images), to_nearest(images)
    return shares.sort().values, (distance < near).float().mean().item(), (distance > far).float().mean().item()


images = {"real test digits": x_test}
images |= {name: g.averaged.sample(1000, rng=rng) for name, g in (("plain", plain), ("R1 penalty", gan))}
audits = {name: audit(drawn) for name, drawn in images.items()}
for name, (shares, nearer, farther) in audits.items():
    print(
        f"{name:16s} {(shares >= 0.02).sum():2d} classes with ≥ 2 % · rarest {shares[0]:.1%}",
        f"· nearer {nearer:.1%} · farther {farther:.1%}",
    )

# %% [markdown]
# With the penalty all ten classes come, the rarest with at least 4 % of the draws. The plain GAN can draw all ten as
# well, at as many steps; how evenly depends on the seed (try `digits_gan(seed=1)`). More of the R1 digits lie far out
# than real ones do: some are no good. There is no excess of near-copies; lecture 06 audits that properly.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 8 · Choose the digit: a conditional GAN (3 min)
#
# Give the class to both players (Mirza & Osindero 2014): $G(z, y)$ and $D(x, y)$. Real pairs come from the data;
# generated pairs have the class that was asked for. A nice 3 that was asked to be a 7 is a fake.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 4 min</summary>
#
# **Open.** "A beautiful 3, delivered to somebody who ordered a 7, is a fake."
#
# **Ask.** "Who has to know the class: G, D, or both?" Many say G. Then D would accept any digit, and G would soon
# ignore the order.
#
# **Click.** Read the share that was read as asked, about nine in ten, and the grid below it, five of each.
#
# **Misconception.** "So a GAN can age my photograph." A plain one has no encoder: it draws new faces. Editing a given
# one takes an image-to-image model or an encoder.
#
# **On.** Four sentences to unlearn, then questions.
#
# </details>


# %%
def draw_labeled(n, rng):
    chosen = torch.randint(len(x), (n,), generator=rng)
    return x[chosen], y[chosen]


torch.manual_seed(0)
networks = models.Generator(EVENT, hidden=128, classes=10), models.Discriminator(EVENT, hidden=128, classes=10)
conditional = GAN(*networks, draw_labeled, GANConfig(lr=2e-3, average=0.99, r1=3.0))
conditional.train(1500, decay=True, description="conditional GAN")
asked = torch.arange(10).repeat(100)
drawn = conditional.averaged.sample(1000, y=asked, rng=seeded(0))
obeys = (read(drawn) == asked).float().mean().item()
print(f"read as the class asked for: {obeys:.1%}")

# %% [markdown]
# About nine in ten are read as what was asked for.

# %%
plotting.image_grid(drawn[:50], title="Five draws of each digit, on demand")

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · The latent space, and truncation (10 min)
#
# $z$ is a latent space like a VAE's, without an encoder: every code has an image, and nearby codes have similar ones.
# Hold the code and change the class, or the other way round:

# %% tags=["depth"]
widgets.latent_explorer(conditional.averaged, 16, classes=[str(d) for d in range(10)], to_pixels=None)

# %% tags=["depth"]
ends = torch.randn(8, 16, generator=seeded(4))
lines = torch.cat([widgets.latent.interpolate(ends[2 * i], ends[2 * i + 1], steps=10) for i in range(4)])
walk = widgets.latent.decoded(gan.averaged, lines, to_pixels=None)
plotting.image_grid(walk, title="Four straight lines between two codes")

# %% [markdown] tags=["depth"]
# Large image models trade variety for quality (the *truncation trick*): BigGAN draws each coordinate of $z$ anew
# until it lies within ± a threshold (Brock et al. 2019); StyleGAN pulls its style $w$ towards the mean (Karras et al.
# 2019). Try the first.
#
# **Predict first.** Does it pay here?

# %% tags=["depth"]
truncated = {}
for threshold in (math.inf, 1.0, 0.5):
    torch.manual_seed(0)
    z = torch.nn.init.trunc_normal_(torch.empty(1000, 16), a=-min(threshold, 9), b=min(threshold, 9))
    with torch.no_grad():
        shares, nearer, farther = truncated[threshold] = audit(gan.averaged(z))
    print(
        f"threshold {threshold if threshold < 9 else 'none'}: rarest class {shares[0]:.1%}, commonest {shares[-1]:.1%}",
        f"· nearer {nearer:.1%} · farther {farther:.1%}",
    )

# %% [markdown] tags=["depth"]
# At 1.0 hardly fewer digits lie far out, and the rarest class gets rarer: at best a little of the trade of variety
# for quality that the papers report for large models. The tightest threshold loses on both counts: more digits lie
# far out, and the rarest class gets rarer still.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · From here to photographs (1 min)
#
# The networks grow; the game stays.
#
# - **DCGAN** (Radford et al. 2016): convolutions, batch normalization, and a list of choices that made images work.
# - **Progressive growing** (Karras et al. 2018): begin with 4×4 pixels, add layers while training; also the minibatch
#   deviation above.
# - **StyleGAN** (Karras et al. 2019): a mapping network turns $z$ into styles that scale each layer; noise per layer
#   for hair and pores; the truncation trick above.
# - **Style transfer without pairs** (CycleGAN, Zhu et al. 2017): two GANs translate photographs to paintings and
#   back; the round trip must return the original.
# - **Super-resolution** (SRGAN, Ledig et al. 2017): the generator gets a small image instead of noise; the
#   discriminator asks for plausible detail. It invents detail: do not use it as evidence.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Common errors (1 min)
#
# > **"The generator sees the data."** It never does; section 3's `g_step` has no `x` in it. All it gets is the
# > discriminator's gradient at its own points.
#
# > **"GANs have no latent space."** $z$ is one. There is no encoder, so a given image has no code at hand; but every
# > code has an image.
#
# > **"At equilibrium both losses are zero."** There $D = \tfrac12$ everywhere, the discriminator's loss is $2\log 2$
# > and the non-saturating generator's is $\log 2$. A discriminator's loss near 0 is a bad sign.
#
# > **"My GAN collapsed, so the learning rate is wrong."** Perhaps. Section 6 lists five failures with different
# > signs: look at samples, at both losses, at $D(G(z))$, and at the gradient that reaches the generator, before you
# > change anything.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 3 min</summary>
#
# **Open.** "Four sentences. Which one did the live trainer disprove before your eyes?"
#
# **Ask.** Have the hall correct "At equilibrium both losses are zero" from memory: $2\log 2$ for D, $\log 2$ for G.
#
# **Misconception.** Two further claims you will hear. "GANs for chatbots": discrete tokens cut the gradient, and text
# GANs fell short (Caccia et al. 2020); chatbots are autoregressive, lecture 10. "DeepArt is a GAN": that is neural
# style transfer, which optimizes one image against the features of a fixed classifier (Gatys et al. 2015).
#
# **On.** Now you, with the quiz.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Check yourself (8 min)
#
# Open a choice: it says at once whether it is right, and why.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 5 min</summary>
#
# **Open.** "Ninety seconds alone for the first one, then we vote."
#
# **Click.** Open the choice that got the most fingers; the page says at once whether it is right, and why. If the
# hall was unanimous and right, skip to the next.
#
# **Ask.** Whoever was wrong and knows why now: tell it in your own words. That is worth more than my explanation.
#
# **Misconception.** Listen for "D at one half, so it has converged". A D that learned nothing says one half as well.
#
# **On.** Keep two minutes for the summary.
#
# </details>

# %%
quiz.ask("04_gan")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary (2 min)
#
# 1. $D^* = p/(p + q)$ and $V(D^*, G) = 2\,\mathrm{JS}(p, q) - 2\log 2$: measured on two Gaussians, also for a trained
#    $D$.
# 2. Both losses come from logits by softplus. Minimax has the gradient $-D$, nothing where $D(G(z)) \approx 0$;
#    non-saturating has $-(1 - D)$.
# 3. `detach` keeps the discriminator's loss out of the generator; two optimizers move one player each.
# 4. Collapse: fewer steps of $D$, packing or R1. Section 6's table names the signs and mends of four more failures.
# 5. At equal steps, an R1 penalty draws all ten digits more evenly; giving the class to both players lets you choose.
#
# ## Discuss
#
# - A GAN covers all modes by the "one good sample" rule, and two of eight by the fair-share rule. Which number would
#   you report, and to whom?
# - Both losses of your run are constant at 1.39 and 0.69 from the first step. Is it the equilibrium? What would you
#   look at?
# - The critic's loss of a Wasserstein GAN goes down steadily. May you now say that the samples get better?
#
# Next: [lecture 05](05_comparison.ipynb) holds this GAN against lecture 03's VAE. [Assignment
# 04](../assignments/04_gan/04_gan.ipynb) has you write this page's pieces yourself.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 3 min (45: 2)</summary>
#
# **Open.** "A learned loss: what did it buy, and what did it cost?"
#
# **Ask.** "Both losses are constant at 1.39 and 0.69 from the first step. Equilibrium?" Some nod. Ask what they would
# look at: samples, and D on real points. A dead D gives the same two numbers.
#
# **Misconception.** "Rivalry ensures that both improve." It may circle, starve G, or forget modes; you saw all three
# in the live trainer.
#
# **On.** Next time the two families race, with equal time, equal size, and no excuses.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# **1.** Give the strong discriminator of section 6 a two-dimensional $z$ (`latent=2` in the `Protocol`) instead
# of 16. Does it still collapse?
#
# <details><summary>Solution</summary>
#
# ```python
# narrow = experiment.run(ring, replace(strong, latent=2))
# in_two = experiment.coverage(narrow, ring, 0.1)
# print(experiment.coverage_text(in_two))
# ```
# It does not: seven or eight modes on every seed, with more good samples than with 16 dimensions. So "a strong $D$
# makes $G$ collapse" is a statement about these two networks together, not about $D$ alone.
# </details>
#
# **2.** (After *the Dirac-GAN*.) Show by hand that the Dirac-GAN's minimax flow keeps $\theta^2 + \psi^2$ constant,
# and that one step of size $h$ of both players at once multiplies it by
# $1 + h^2 \operatorname{sigmoid}(\psi\theta)^2$.
#
# <details><summary>Solution</summary>
#
# With $s = \operatorname{sigmoid}(\psi\theta)$ the flow is $\dot\theta = \psi s$, $\dot\psi = -\theta s$, so
# $\tfrac{d}{dt}(\theta^2 + \psi^2) = 2\theta\psi s - 2\psi\theta s = 0$. One step gives
# $(\theta + h s \psi)^2 + (\psi - h s \theta)^2 = (1 + h^2 s^2)(\theta^2 + \psi^2)$: the circle widens.
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 1 min (45: 1)</summary>
#
# **Open.** "Exercise 1 is a trap for people who generalize fast, me included."
#
# **Ask.** Give the strong discriminator's generator a two-dimensional noise: does it still collapse? Nearly all say
# yes. It does not, on any seed.
#
# **Misconception.** "A strong D makes G collapse" is a statement about these two networks together, and about nothing
# else.
#
# **On.** The assignment contains three training logs to be diagnosed in words, six points: the table of section 6 is
# the key to them.
#
# </details>

# %% [markdown]
# ## Further reading
#
# - I. Goodfellow et al. *Generative Adversarial Nets.* NeurIPS 2014.
#   [arXiv:1406.2661](https://arxiv.org/abs/1406.2661)
# - M. Arjovsky, L. Bottou. *Towards Principled Methods for Training Generative Adversarial Networks.* ICLR 2017.
#   [arXiv:1701.04862](https://arxiv.org/abs/1701.04862)
# - M. Arjovsky, S. Chintala, L. Bottou. *Wasserstein GAN.* ICML 2017.
#   [arXiv:1701.07875](https://arxiv.org/abs/1701.07875)
# - I. Gulrajani et al. *Improved Training of Wasserstein GANs.* NeurIPS 2017.
#   [arXiv:1704.00028](https://arxiv.org/abs/1704.00028)
# - L. Mescheder, A. Geiger, S. Nowozin. *Which Training Methods for GANs do actually Converge?* ICML 2018.
#   [arXiv:1801.04406](https://arxiv.org/abs/1801.04406)
# - Z. Lin et al. *PacGAN: The power of two samples in generative adversarial networks.* NeurIPS 2018.
#   [arXiv:1712.04086](https://arxiv.org/abs/1712.04086)
# - A. Srivastava et al. *VEEGAN: Reducing Mode Collapse in GANs using Implicit Variational Learning.* NeurIPS 2017.
#   [arXiv:1705.07761](https://arxiv.org/abs/1705.07761)
# - C. K. Sønderby et al. *Amortised MAP Inference for Image Super-resolution.* ICLR 2017.
#   [arXiv:1610.04490](https://arxiv.org/abs/1610.04490) (instance noise)
# - Y. Yazıcı et al. *The Unusual Effectiveness of Averaging in GAN Training.* ICLR 2019.
#   [arXiv:1806.04498](https://arxiv.org/abs/1806.04498)
# - T. Miyato et al. *Spectral Normalization for Generative Adversarial Networks.* ICLR 2018.
#   [arXiv:1802.05957](https://arxiv.org/abs/1802.05957)
# - M. Mirza, S. Osindero. *Conditional Generative Adversarial Nets.* 2014.
#   [arXiv:1411.1784](https://arxiv.org/abs/1411.1784)
# - A. Radford, L. Metz, S. Chintala. *Unsupervised Representation Learning with Deep Convolutional GANs.* ICLR 2016.
#   [arXiv:1511.06434](https://arxiv.org/abs/1511.06434)
# - T. Karras et al. *Progressive Growing of GANs.* ICLR 2018. [arXiv:1710.10196](https://arxiv.org/abs/1710.10196)
# - T. Karras, S. Laine, T. Aila. *A Style-Based Generator Architecture for GANs.* CVPR 2019.
#   [arXiv:1812.04948](https://arxiv.org/abs/1812.04948)
# - A. Brock, J. Donahue, K. Simonyan. *Large Scale GAN Training for High Fidelity Natural Image Synthesis.*
#   ICLR 2019. [arXiv:1809.11096](https://arxiv.org/abs/1809.11096)
# - J.-Y. Zhu et al. *Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks.* ICCV 2017.
#   [arXiv:1703.10593](https://arxiv.org/abs/1703.10593)
# - C. Ledig et al. *Photo-Realistic Single Image Super-Resolution Using a Generative Adversarial Network.* CVPR 2017.
#   [arXiv:1609.04802](https://arxiv.org/abs/1609.04802)
