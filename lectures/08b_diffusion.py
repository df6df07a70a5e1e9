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
# # 08b · Diffusion
#
# A diffusion model learns to take noise away. Asked again and again, it makes data out of pure noise.
#
# **You will be able to**
# 1. add noise step by step and in one go, and say why both give the same distribution;
# 2. draw from a Gaussian mixture by its exact score, and compute its likelihood with an ordinary differential
#    equation;
# 3. write the denoising loss, and say what predicting the data, the noise or v changes;
# 4. write ancestral and DDIM sampling, and trade steps for quality;
# 5. choose what is drawn by guidance, and measure what that costs;
# 6. say what DALL·E and Midjourney add to what runs here.
#
# **Time:** 75 minutes, and 24 of depth, marked ▸, which folds away and which nothing else needs. Estimated: words /
# 130, half a minute a figure or printed table, a minute for 6 lines of code, 2 for a prediction or quiz question, 4
# for an explorer; exercises come on top. The page runs in about a minute on a laptop.
#
# **Before:** [lecture 08a](08a_flows.ipynb) (exact densities), [03](03_vae.ipynb) (for the latent space) and
# [07](07_evaluation.ipynb) (Fréchet distance, precision, recall) help. You need Gaussian densities and to have
# trained a network once.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 3 min (45: 1)</summary>
#
# **Prepare.** Run the whole page before the class. The explorers of sections 1, 5 and 6 are shown live; 2 and 3 want
# a blackboard. Have one caption ready that the class will love, in the page's grammar.
#
# **Open.** "I can ruin any picture: add noise until nothing is left. Everybody can. The trick is to walk back."
#
# **Misconception.** "Diffusion describes rumors and epidemics." Another field, the same word; section 2 holds the
# proof that the spreading is not the model.
#
# **On.** First ruin it, in steps and at once.
#
# </details>

# %% slideshow={"slide_type": "skip"}
import itertools
import math
from functools import partial

import torch

from course_utils import data, losses, metrics, models, plotting, training
from course_utils.labs import comparison as bench
from course_utils.labs.comparison import plots, table
from course_utils.labs.diffusion import composing, explorer, painter, shapes
from course_utils.models import diffusion, mixtures, score
from course_utils.plotting import diagrams
from course_utils.training import one_thread, seeded
from course_utils.widgets import quiz

DATASET = "digits"  # or "mnist", "fashion_mnist": 1¼ minutes; numbers in the text are for the digits
one_thread()  # small networks are slower with two threads that wait for each other

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · Adding noise, in steps and in one go (11 min)
#
# Take a data point $x_0$ and repeat: shrink it a little, add a little Gaussian noise,
# $x_t = \sqrt{\alpha_t}\, x_{t-1} + \sqrt{1 - \alpha_t}\, \varepsilon_t$. A sum of independent Gaussians is Gaussian
# again, so no loop is needed. With $\bar\alpha_t = \alpha_1 \alpha_2 \cdots \alpha_t$, the product of all steps so
# far,
#
# $$q(x_t \mid x_0) = N\!\left(\sqrt{\bar\alpha_t}\, x_0,\; (1 - \bar\alpha_t) I\right), \qquad
# x_t = \sqrt{\bar\alpha_t}\, x_0 + \sqrt{1 - \bar\alpha_t}\; \varepsilon .$$
#
# We let time run from 0 to 1 and choose $\bar\alpha(t) = \cos^2 \theta$ with $\theta = \pi t / 2$ (Nichol & Dhariwal
# 2021). Then $x_t = \cos\theta \cdot x_0 + \sin\theta \cdot \varepsilon$: data turn into noise as on a circle.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 12 min (45: 8, tour: 3)</summary>
#
# **Open.** "Forty small steps of noise, or one big one: who can tell afterwards?"
#
# **Ask.** Hands: different? Then the three printed lines: mean 0.46, variance 0.91, up to the scatter of the draws. A
# sum of Gaussians is Gaussian, so no loop is needed.
#
# **Click.** Pull `time t` from 0 to 0.99: the blobs become one round cloud, the digits drown. Stop at the time at
# which the hall can no longer read them, and note it; the caption gives the signal-to-noise ratio.
#
# **Misconception.** "α and ᾱ are the same." α is one step, ᾱ the product so far; and it is the *variance* that adds
# up to 1.
#
# **On.** To walk back one must know where data are likely.
#
# </details>


# %%
def alpha_bar(t):
    return (math.pi / 2 * t).cos() ** 2


def q_sample(x_0, t, epsilon):
    return alpha_bar(t).sqrt() * x_0 + (1 - alpha_bar(t)).sqrt() * epsilon


rng, grid = seeded(0), torch.linspace(0, 0.8, 41)
x_0 = torch.full((20_000,), 1.5)
x = x_0.clone()
for s, t in itertools.pairwise(grid):
    alpha = alpha_bar(t) / alpha_bar(s)  # of this one step
    x = alpha.sqrt() * x + (1 - alpha).sqrt() * torch.randn(len(x), generator=rng)

# %%
at_once = q_sample(x_0, grid[-1], torch.randn(len(x_0), generator=rng))
keep = alpha_bar(grid[-1]).item()
print(f"40 steps        mean {x.mean():.3f}, variance {x.var():.3f}")
print(f"one draw        mean {at_once.mean():.3f}, variance {at_once.var():.3f}")
print(f"closed form     mean {1.5 * keep**0.5:.3f}, variance {1 - keep:.3f}")
t, two, noise = torch.rand(2), torch.randn(2, generator=rng), torch.randn(2, generator=rng)
assert torch.allclose(q_sample(two, t, noise), diffusion.q_sample(two, t, noise), atol=1e-6)

# %% [markdown]
# Three ways, one distribution, up to the scatter of 20,000 draws.
#
# > **Common error: α for ᾱ, variance for standard deviation.** $\alpha$ belongs to one step, $\bar\alpha$ to all
# > steps so far. And $\varepsilon$ is multiplied by $\sqrt{1 - \bar\alpha}$: it is the variance that adds up to 1.
#
# The ratio $\bar\alpha / (1 - \bar\alpha)$ is the **signal-to-noise ratio**. It falls from infinity to 0. Move the
# time.

# %%
blobs = data.toy("blobs")
gray, y = data.images(DATASET, "train", limit=8_000)
gray_test, y_test = data.images(DATASET, "test", limit=360)
EVENT, CLASSES = gray.shape[1:], int(y.max()) + 1
explorer.noise_explorer(blobs.sample(600, rng=seeded(0)), gray[:8])

# %% [markdown]
# For those who read on paper: eight digits at five times.

# %%
when = (0.0, 0.2, 0.4, 0.6, 0.9)
fixed = torch.randn(gray[:8].shape, generator=seeded(1))
noisy = torch.cat([diffusion.q_sample(2 * gray[:8] - 1, torch.tensor(t), fixed) for t in when])
plotting.image_grid(
    0.5 * noisy + 0.5, title="Digits turn into noise", columns=8, row_labels=[f"t = {t:g}" for t in when]
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · Where everything is known (11 min)
#
# To go back, one has to know where data are likely. The **score** $\nabla \log p_t(x)$ points there: it is the
# direction in which the noisy density rises fastest. It also gives the best guess of the data behind $x_t$,
#
# $$\mathbb{E}[x_0 \mid x_t] = \frac{x_t + (1 - \bar\alpha)\, \nabla \log p_t(x_t)}{\sqrt{\bar\alpha}}$$
#
# (Tweedie's formula; Efron 2011). So *denoiser* and *score* are two names for one piece of knowledge.
#
# If the data are a Gaussian mixture, $x_t$ is one too: the means shrink to $\sqrt{\bar\alpha}\,\mu_k$, the
# covariances become $\bar\alpha\,\Sigma_k + (1 - \bar\alpha) I$. So the score has a closed form, and nothing needs to
# be learned.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 13 min (45: 6)</summary>
#
# **Open.** "If I could see the noisy density, I would walk uphill. That slope is the score."
#
# **Picture.** A foggy hillside: you feel the slope under your feet, never see the summit.
#
# **Ask.** "How much has this sampler learned?" Many say: the training set. Nothing; the score of a mixture is a
# formula.
#
# **Click.** The three clouds: the mixture, ancestral, DDIM. Nobody can tell them apart, and the printed shares agree.
# Then the proof: blobs and ring both end at mean 0, variance 1; back from one noise each returns to its own.
#
# **Misconception.** "The noise remembers the data." All that is known of the data lies in the denoiser.
#
# **On.** Usually nobody gives us a formula. Learn it.
#
# </details>


# %%
def ddpm_step(x, guess, t, s, noise):  # Ho et al. 2020, eq. 6 and 7: a draw of q(x_s | x_t, x_0)
    alpha = alpha_bar(t) / alpha_bar(s)
    mean = alpha_bar(s).sqrt() * (1 - alpha) * guess + alpha.sqrt() * (1 - alpha_bar(s)) * x
    variance = (1 - alpha) * (1 - alpha_bar(s)) / (1 - alpha_bar(t))
    return mean / (1 - alpha_bar(t)) + variance.sqrt() * noise


def ddim_step(x, guess, t, s):  # Song et al. 2021, eq. 12: the same x_0 and the same noise, mixed for time s
    epsilon = (x - alpha_bar(t).sqrt() * guess) / (1 - alpha_bar(t)).sqrt()
    return q_sample(guess, s, epsilon)


# %% [markdown]
# Both guess $x_0$, then go back only a little, to a time $s < t$, and ask again. **Ancestral sampling** (DDPM) draws
# new noise at each step; with many steps it follows a stochastic differential equation. **DDIM** keeps the noise that
# is there; with many steps it follows an ordinary one, the probability-flow ODE (Song et al. 2021b). At the last
# step, $s = 0$, neither adds noise. The package's samplers are loops around these steps:

# %%
theta = mixtures.GMMParameters(blobs.weights.double(), blobs.means.double(), blobs.covariances.double())
exact = score.mixture_denoiser(theta)
steps = diffusion.times(200, dtype=torch.float64)
start = torch.randn(4000, 2, generator=seeded(0), dtype=torch.float64)
t, s = steps[80], steps[81]
fresh = torch.randn(4000, 2, generator=seeded(1), dtype=torch.float64)
both = ddpm_step(start, exact(start, t), t, s, fresh), ddim_step(start, exact(start, t), t, s)
assert torch.allclose(both[0], diffusion.ddpm_step(start, exact(start, t), t, s, fresh))
assert torch.allclose(both[1], diffusion.ddim_step(start, exact(start, t), t, s))
drawn = {
    "the mixture itself": theta.sample(4000, rng=seeded(1)),
    "ancestral (DDPM)": diffusion.ddpm(exact, start, steps, seeded(2)),
    "DDIM": diffusion.ddim(exact, start, steps),
}

# %%
figure, axes = plotting.picture(
    1, 3, title="Sampled with the exact score: the mixture comes back", height=2.9, sharey=True,
    alt="Three scatter plots of three slanted clouds, which look alike: the mixture, ancestral sampling, DDIM.",
)  # fmt: skip
known = {}
for ax, (name, points) in zip(axes, drawn.items(), strict=True):
    ax.plot(*points[:1500].T, ".", markersize=2)
    ax.set_title(name, fontsize=10)
    ax.set(xlabel="x₁", xlim=(-5, 4), ylim=(-4, 4))
    known[name] = theta.log_prob(points).mean().item(), mixtures.responsibilities(points, *theta).mean(0)
    print(f"{name:20s} mean log p {known[name][0]:.3f} nats, shares {[round(v, 2) for v in known[name][1].tolist()]}")
axes[0].set_ylabel("x₂")
figure

# %% [markdown]
# The shares of the three components and the mean log p agree within what 4,000 draws allow.

# %% [markdown] slideshow={"slide_type": "subslide"}
# > **"Diffusion models describe how rumors or epidemics spread."** They do so in another field. Here is the proof
# > that the spreading is not the model: take *two* data sets and the *same* spreading. Both end in the same noise.
# > From that one noise, each denoiser goes back to its own data. All that is known of the data lies in the denoiser.

# %%
ring = data.toy("ring", std=0.2)
other = mixtures.GMMParameters(ring.weights.double(), ring.means.double(), ring.covariances.double())
back, ends = {}, {}
for name, truth in {"blobs": theta, "ring": other}.items():
    end = ends[name] = diffusion.q_sample(truth.sample(4000, rng=seeded(4)), torch.tensor(0.99), start)
    back[name] = diffusion.ddim(score.mixture_denoiser(truth), start, diffusion.times(50, dtype=torch.float64))
    print(f"{name:5s} at t = 0.99: mean {end.mean():.2f}, variance {end.var():.2f}. Back from one noise:", end=" ")
    print(f"log p of blobs {theta.log_prob(back[name]).mean():.1f}, of ring {other.log_prob(back[name]).mean():.1f}")

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · The likelihood, by the ODE (2 min)
#
# DDIM's path has no randomness. So it can be run from data *to* noise, adding up how it stretches space on the way.
# That gives the likelihood of a point (Song et al. 2021b), checked here against the formula.

# %% tags=["depth"]
few = theta.sample(200, rng=seeded(3))
ode_error = {n: (score.ode_log_prob(exact, few, n, last=0.9999) - theta.log_prob(few)).abs() for n in (10, 30, 100)}
for n, error in ode_error.items():
    print(f"{n:4d} steps of the ODE: log p is off by {error.mean():.4f} nats on average, {error.max():.4f} at most")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · Learn to denoise (8 min)
#
# Usually only data are given. Then learn the guess: take $x_0$, draw a time and a noise, make $x_t$, and let a
# network say what was there. The squared error is least for the mean $\mathbb{E}[\,\cdot \mid x_t]$, which is what we
# need. The network may predict
#
# - $x_0$, the data: easy with little noise, at most the average image with much;
# - $\varepsilon$, the noise (DDPM's choice): the other way round;
# - $v = \cos\theta \cdot \varepsilon - \sin\theta \cdot x_0$, the speed on the circle (Salimans & Ho 2022).
#
# Each follows from each other, since $x_t$ is known. What differs is how an error of the network counts.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 10 min (45: 6)</summary>
#
# **Open.** "A regression. That is the whole training: a noisy picture in, a guess out, squared error."
#
# **Ask.** "Best guess of the picture behind pure noise?" They offer: a random digit, gray. It is the mean of
# everything, and it looks like gray fog.
#
# **Click.** In the error plot, read from the left: predicting $x_0$ is far worse where there is little noise, since
# its error is divided by a small number; noise and $v$ lie below. All three know the same thing.
#
# **Misconception.** "The network removes one step's noise." It guesses the data, or all of the noise, at every time;
# the sampler decides how far to go.
#
# **On.** Now digits: how many steps?
#
# </details>

# %%
diagrams.denoiser_diagram(64)


# %%
def denoising_loss(model, x_0, rng):  # Ho et al. 2020, eq. 14 and Algorithm 1
    t = 0.99 * torch.rand(len(x_0), generator=rng)  # one time for each data point
    epsilon = torch.randn(x_0.shape, generator=rng)
    x_t = diffusion.q_sample(x_0, t, epsilon)
    wanted = diffusion.target(x_0, t, epsilon, model.predicts)
    return {"loss": (model(x_t, t) - wanted).square().flatten(1).sum(1).mean()}


plane, learned = blobs.sample(20_000, rng=seeded(5)), {}
for predicts in ("x_0", "noise", "v"):
    with models.first_weights(0):
        learned[predicts] = diffusion.Denoiser((2,), hidden=64, predicts=predicts, pixels=False)
    training.fit(learned[predicts], denoising_loss, plane, steps=900, batch_size=256, lr=5e-3, description=predicts)
print(f"the package's loss: {diffusion.denoising_loss(learned['v'], plane[:2000], rng=seeded(0)).mean():.3f}", end=", ")
print(f"the page's: {denoising_loss(learned['v'], plane[:2000], seeded(0))['loss']:.3f}")

# %% [markdown]
# We know the exact answer. At which times is the learned noise farthest from it?

# %%
on_grid, share = (0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.95), {name: [] for name in learned}
for t in torch.tensor(on_grid):
    x_t = diffusion.q_sample(blobs.sample(4000, rng=seeded(6)), t, torch.randn(4000, 2, generator=seeded(7)))
    truth = diffusion.to_noise(exact(x_t.double(), t.double()), x_t.double(), t.double())
    for name, model in learned.items():
        with torch.no_grad():
            guess = diffusion.to_noise(model.denoise(x_t, t), x_t, t)
        share[name].append(((guess - truth).square().sum() / truth.square().sum()).item())

# %%
figure, ax = plotting.picture(
    title="Learned against exact", alt="Relative error of the learned noise against time, log scale: it falls with t; "
    "predicting x₀ is far worse than noise and v where there is little noise.",
)  # fmt: skip
for (name, values), style in zip(share.items(), ("o-", "s--", "^:"), strict=True):
    ax.semilogy(on_grid, values, style, label=f"predicts {name.replace('x_0', 'x₀')}")
ax.set(xlabel="time t", ylabel="squared error, as a share of the exact one")
ax.legend()
figure

# %% [markdown]
# With little noise. There the score is steep, and $\varepsilon = (x_t - \cos\theta\, x_0) / \sin\theta$ divides the
# error of a guessed $x_0$ by a small number. That speaks against $x_0$ in the plane. Whether it does for images is an
# empirical question; section 4 predicts $x_0$, since a small network cannot pass on 64 numbers of pure noise.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · What the loss bounds (3 min)
#
# A diffusion model is a VAE with many layers of codes, $x_1, \dots, x_T$, and an encoder with nothing to learn. Its
# ELBO is a sum over steps of KL terms between two Gaussians of the same variance: the step that knows $x_0$, and the
# one that guesses $\hat x_0$ (Ho et al. 2020, eq. 5). Each is in closed form
#
# $$\mathrm{KL} = \tfrac12 \left(\mathrm{SNR}(s) - \mathrm{SNR}(t)\right) \|x_0 - \hat x_0\|^2$$
#
# (Kingma et al. 2021). So the bound is the denoising loss with a weight for each time; DDPM drops the weight.

# %% tags=["depth"]
from torch.distributions import Normal, kl_divergence

t, s, truth, guess, x_t = (torch.tensor(v, dtype=torch.float64) for v in (0.5, 0.45, 0.8, 0.3, 0.1))
ratio = alpha_bar(t) / alpha_bar(s)
sd = ((1 - ratio) * (1 - alpha_bar(s)) / (1 - alpha_bar(t))).sqrt()
knows, guesses = (Normal(ddpm_step(x_t, x_0, t, s, torch.zeros(())), sd) for x_0 in (truth, guess))
snr = [alpha_bar(v) / (1 - alpha_bar(v)) for v in (s, t)]
step_kl = kl_divergence(knows, guesses).item(), (0.5 * (snr[0] - snr[1]) * (truth - guess) ** 2).item()
print(f"KL of the two steps {step_kl[0]:.6f} nats, by the signal-to-noise ratios {step_kl[1]:.6f}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · Digits: how many steps? (10 min)
#
# Now images, and a network that also sees the class. In 15 % of cases the class is hidden from it, so that one
# network learns both p(x | y) and p(x); section 5 needs both. Three seeds, since one run proves little.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 11 min (45: 6, tour: 2)</summary>
#
# **Open.** "One question to the network: guess the digit behind pure noise, at once. What will you see?"
#
# **Ask.** Noise, say many; a digit, say some. Show the first row of the grid: the average image of each class, clean
# and lifeless.
#
# **Click.** The table: one step has precision 1.00 and recall 0.02; five steps are most of the way; from 20 to 100
# nothing is gained. Cover the row labels and let them sort the rows of the grid.
#
# **Misconception.** "More steps are always better." From some point on they only cost, and each costs a pass; a GAN
# draws in one.
#
# **On.** And if I want a 3, and a very clear one?
#
# </details>


# %%
def digit_loss(model, x, y, rng):
    return {"loss": diffusion.denoising_loss(model, x, y, rng).mean()}


nets = []
for seed in range(3):
    with models.first_weights(seed):
        nets.append(diffusion.Denoiser(EVENT, CLASSES, hidden=160))
    budget = {"steps": 1100, "batch_size": 128, "lr": 2e-3}
    training.fit(nets[-1], digit_loss, gray, y, **budget, seed=seed, description=f"seed {seed}")

# %% [markdown]
# The judge is a classifier of the same digits, as in lecture 07: the Fréchet distance of its features to those of
# test digits (0 is best), precision (do draws look real?) and recall (are all real ones met?).
#
# **Predict first.** One step means: guess the digit behind pure noise, at once. What will that look like?

# %%
classifier = metrics.train_classifier(gray, y)
real = metrics.embed(classifier, gray_test).features


def to_pixels(x):
    return (0.5 * x + 0.5).clamp(0, 1)


def judged(x):
    features = metrics.embed(classifier, x).features
    near = metrics.prdc(real, features)
    return metrics.frechet_distance(real, features), near.precision, near.recall


def draw(net, n_steps, labels, guidance=1.0, seed=0, sampler=diffusion.ddim):
    noise = torch.randn(len(labels), *EVENT, generator=seeded(seed))
    extra = (seeded(seed + 50),) if sampler is diffusion.ddpm else ()
    return to_pixels(sampler(lambda x, t: net.denoise(x, t, labels, guidance), noise, diffusion.times(n_steps), *extra))


# %%
COUNTS, quality, strips = (1, 5, 20, 100), {}, []
print(" " * 16 + "Fréchet distance    precision     recall")
for name, sampler in {"ancestral": diffusion.ddpm, "DDIM": diffusion.ddim}.items():
    for n_steps in COUNTS:
        runs = [draw(net, n_steps, y_test, seed=i, sampler=sampler) for i, net in enumerate(nets)]
        strips += [runs[0][:10]] if name == "DDIM" else []
        quality[name, n_steps] = torch.tensor([judged(x) for x in runs])
        columns = quality[name, n_steps].T
        said = [f"{each.mean():5.2f} ± {each.std():.2f}" for each in columns]
        print(f"{name:10s}{n_steps:4d}  " + "   ".join(said))
others = [gray[torch.randperm(len(gray), generator=seeded(i))[: len(y_test)]] for i in range(5)]
floor = torch.tensor([judged(x) for x in others]).mean(0).tolist()
print("training digits    " + "          ".join(f"{v:.2f}" for v in floor) + "  (mean of 5 draws)")

# %%
plotting.image_grid(
    torch.cat(strips), title="DDIM: the same noise, more steps", row_labels=[f"{n} step{'s'[: n > 1]}" for n in COUNTS],
)  # fmt: skip

# %% [markdown]
# One step gives the average image of each class: precise, and without variety. Five steps are most of the way, and
# from 20 to 100 nothing is gained here. The Fréchet distance is then less than twice that of real digits. Recall
# stays below theirs: draws are somewhat too typical. Each step costs a pass through the network; a GAN or a VAE needs
# one pass in all.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · Choose the digit, and how strongly (11 min)
#
# The network has two guesses, one that knows the class and one that does not. **Classifier-free guidance** (Ho &
# Salimans 2022) goes from the second through the first, and beyond:
# $\hat x_0 = \hat x_0^{\text{none}} + w\,(\hat x_0^{\,y} - \hat x_0^{\text{none}})$. With $w = 1$ this is p(x | y).
#
# **Predict first.** Lecture 04 bought nicer images with less variety by truncating $z$. What will $w = 4$ do to
# precision, to recall, and to the share of digits that the classifier reads as asked?

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 12 min (45: 7)</summary>
#
# **Open.** "Ask the network twice, with the class and without, and exaggerate the difference."
#
# **Picture.** A caricaturist: from the average face through yours, and beyond.
#
# **Click.** In the explorer set `guidance` to 0: any class comes. At 1 it obeys. At 8, move `seed`: hardly a
# difference is left. Then `steps` to 1 and 2 at the same seed.
#
# **Ask.** "$w = 4$: what becomes of recall?" They expect a small loss. It falls from 0.8 to under 0.1, while nearly
# all was read as asked at $w = 1$ already.
#
# **Misconception.** "$w = 0$ means no guidance." Here 1 is the plain conditional model; libraries differ by 1.
#
# **On.** From ten classes to sentences.
#
# </details>

# %%
WEIGHTS, guided, sheets = (0.0, 1.0, 2.0, 4.0, 8.0), {}, []
for weight in WEIGHTS:
    runs = [draw(net, 20, y_test, weight, seed=i) for i, net in enumerate(nets)]
    read = [(metrics.embed(classifier, x).probabilities.argmax(1) == y_test).float().mean().item() for x in runs]
    guided[weight] = torch.tensor([(*judged(x), right) for x, right in zip(runs, read, strict=True)]).mean(0).tolist()
    sheets.append(draw(nets[0], 20, torch.full((10,), 3 % CLASSES), weight))
    row = "w = {:g}: Fréchet {:5.2f}, precision {:.2f}, recall {:.2f}, read as asked {:.1%}"
    print(row.format(weight, *guided[weight]))

# %%
plotting.image_grid(
    torch.cat(sheets), title="Ten draws of class 3, the same noise", row_labels=[f"w = {w:g}" for w in WEIGHTS]
)

# %% [markdown]
# The class is obeyed at $w = 1$ already. Beyond it recall falls, and so the Fréchet distance rises: each class
# shrinks towards its most typical image. Guidance buys fidelity with variety; here there was little fidelity left to
# buy.
#
# > **Common error: "w = 0 means no guidance".** In the convention above $w = 1$ is the plain conditional model, and 0
# > ignores the class. The paper's own $w$ is ours minus 1, and libraries differ: look before you compare.

# %%
explorer.digits_explorer(nets[0])

# %% [markdown]
# **Try.** (a) One step, then two, with one seed. (b) Guidance 0: which class do you get? (c) Guidance 8: change the
# seed, and look for differences. On paper, the two grids above show (a) and (c).

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · In a latent space: Stable Diffusion in miniature (6 min)
#
# Large images are too many numbers. *Latent diffusion* (Rombach et al. 2022; Stable Diffusion is one) first
# compresses them with an autoencoder, then runs diffusion on the codes. We compare two ways to draw a code for one
# decoder: from the prior N(0, I), as a VAE does, or from a diffusion model of the training codes. Two VAEs as in
# lecture 03: with β = 1, and with β = 1/16, whose codes hardly pay for leaving the prior.


# %% tags=["depth"]
def vae_loss(model, x, rng, beta):
    x_logits, mu, logvar = model(x, rng)
    log_px_z, kl = losses.log_bernoulli(x, x_logits), losses.kl_standard_normal(mu, logvar)
    return {"loss": -losses.elbo(log_px_z, kl, beta).mean()}


vaes = {}
for beta in (1.0, 1 / 16):
    with models.first_weights(0):
        vaes[beta] = models.VAE(EVENT, latent=8)
    training.fit(vaes[beta], partial(vae_loss, beta=beta), gray, steps=1500, batch_size=64, description=f"β = {beta:g}")


# %% tags=["depth"]
def code_diffusion(codes, seed):
    with models.first_weights(seed):
        net = diffusion.Denoiser((codes.shape[1],), hidden=96, predicts="v", pixels=False)
    training.fit(net, denoising_loss, codes, steps=700, batch_size=128, seed=seed, progress=False)
    return net.sample(len(y_test), rng=seeded(seed))


latent = {}
for beta, vae in vaes.items():
    with torch.no_grad():
        codes = models.reparameterize(*vae.encode(gray), seeded(0))
    unit = codes.std(0)
    ways = {"prior": [torch.randn(len(y_test), 8, generator=seeded(seed)) for seed in range(3)]}
    ways["diffusion"] = [unit * code_diffusion(codes / unit, seed) for seed in range(3)]
    for way, drawn_codes in ways.items():
        scores = [judged(vae.decode(z).detach().sigmoid()) for z in drawn_codes]
        latent[beta, way] = torch.tensor(scores).mean(0).tolist()

# %% tags=["depth"]
for (beta, way), row in latent.items():
    said = "Fréchet {:5.2f}, precision {:.2f}, recall {:.2f}".format(*row)
    print(f"β = {beta:<6g} codes from the {way:10s} {said}")

# %% [markdown] tags=["depth"]
# With β = 1 the KL has made the codes nearly normal, and diffusion has little to mend. With β = 1/16 the prior draws
# codes from places where no digit is; the diffusion model knows where the codes are. That is the division of labor in
# Stable Diffusion: its autoencoder has a tiny KL weight and cares for detail, the diffusion model for the
# distribution.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · Words to pictures (14 min)
#
# Instead of a class, tell the network a caption: *a large red circle left of a small blue square*. It is seven words,
# each a one-hot vector beside the time. The 30,000 training pictures are drawn by a program, 16×16 pixels in color.
# One combination is never shown: **green triangle**. Green circles and red triangles are, often.
#
# The judge is a program, too: it reads the two colors, the size and shape that overlap most, and which lies where.
# Training takes ten minutes, so the network comes with the course; `python -m course_utils.labs.diffusion` makes it
# anew, with the table below.
#
# **Predict first.** Will it draw a green triangle when asked for one?

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 15 min (45: 8, tour: 3)</summary>
#
# **Open.** "It saw green circles and red triangles, thousands of them. Never a green triangle. Will it draw one?"
#
# **Ask.** Hands before the print. Most say yes. Shown captions are obeyed in about nine of ten cases, the unseen
# combination in about half: it composes only in part.
#
# **Click.** Type into `caption` what the class dictates; Enter. The caption above the pictures counts how many obey.
# Then *a large green triangle right of a small red circle*, and raise `guidance`.
#
# **Misconception.** "DALL·E shows that transformers are the future." The first was autoregressive, the second
# diffusion. And CLIP draws nothing: it is two encoders.
#
# **On.** Three sentences to leave behind.
#
# </details>

# %%
painter_net = painter.load()
seen = [c for c in shapes.captions() if not shapes.is_held_out(c)][::7]
held_out = [c for c in shapes.captions() if shapes.is_held_out(c)][::2]
obedience = {}
for name, asked in {"program (control)": seen, "shown in training": seen, "never shown": held_out}.items():
    verdicts = []
    for seed in range(3):
        painted = painter_net.sample(len(asked), y=shapes.tokens(asked), rng=seeded(seed))
        if name.startswith("program"):
            painted = torch.stack([shapes.draw(caption, seeded(seed)) for caption in asked])
        verdicts += [shapes.obeyed(caption, x) for caption, x in zip(asked, painted, strict=True)]
    obedience[name] = {part: sum(v[part] for v in verdicts) / len(verdicts) for part in verdicts[0]}
    print(f"{name:18s}", ", ".join(f"{part} {rate:.0%}" for part, rate in obedience[name].items()))

# %%
texts = [
    "a large red circle left of a small blue square",
    "a small blue triangle above a large green square",
    "a large green triangle right of a small red circle",
]
asked = [shapes.parse(text) for text in texts for _ in range(6)]
painted = painter_net.sample(18, y=shapes.tokens(asked), rng=seeded(0))
explorer.color_grid(
    painted, texts, title="Words to pictures (last row: never shown)",
    alt="Three rows of six pictures of two colored shapes: the first two as asked; in "
    "the last the green triangles have smears of other colors.",
)  # fmt: skip

# %% [markdown]
# Colors and places are nearly always as asked, shapes least often. For the combination never shown all of it gets
# worse, though both words are well known: this network composes only in part. Someone who tests on captions like
# those of training would not notice. (One network, three sets of draws; a depth section has another.)

# %%
explorer.caption_explorer(painter_net, texts[0])

# %% [markdown]
# Type another caption of that form and press Enter. The rows above are the reading on paper.
#
# ### DALL·E, Midjourney, CLIP: what is the same, what is not
#
# **The same:** a denoiser trained by a squared error, guidance by dropping the caption at times, a sampler of a few
# dozen steps; for Stable Diffusion, codes in place of pixels.
#
# **Not the same:** the words. CLIP (Radford et al. 2021) draws nothing: it is two encoders trained on 400 million
# pairs so that a picture and its text get similar vectors. DALL·E 2 goes from text to such a picture vector, and from
# there to pixels, by diffusion (Ramesh et al. 2022); the first DALL·E was autoregressive (Ramesh et al. 2021). Stable
# Diffusion reads CLIP's text vectors through attention. Midjourney has not published how it works. And the scale:
# billions of pictures with captions collected from the web (Schuhmann et al. 2022), with the questions that [lecture
# 06](06_ethics.ipynb) measures.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · Another painter (2 min)
#
# Is the gap of section 6 one network's bad luck? A second, from other first weights and other pictures, was trained
# and judged in the same way; network 0 is the one above.

# %% tags=["depth"]
painters = composing.read()
for row in painters:
    said = ", ".join(f"{part} {row[part]:.0%}" for part in composing.PARTS)
    print(f"network {row['network']}, {row['captions']:18s} {said}")

# %% [markdown] tags=["depth"]
# Of captions shown in training both obey nearly nine in ten, of those never shown 25 to 35 points fewer. So the gap
# is not this network's alone.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · The bench again: quality, diversity, speed (11 min)
#
# [Lecture 05](05_comparison.ipynb) raced a mixture, a VAE and two GANs under equal conditions. A flow (four coupling
# layers) and a diffusion model (no classes) now join: the same 1,077 digits, 21,449 parameters within 1.3 %, the same
# search for the learning rate, ten seeds (5 for the draws in 5 steps), 17 levels. A second is what the recorded steps
# of 05's networks take, timed in turns with the newcomers, so that a busy machine does not shorten their training.
#
# ```
# python -m course_utils.labs.comparison newcomers
# ```
#
# Sampler and likelihood are one model here, too. The flow is trained on levels with noise, and rounds; black and
# white own the tails. The diffusion model draws in 20 ancestral steps, the last with noise of its own, which is
# rounded. So its probability is the *bound of this sampler*, a product over its steps (Ho et al. 2020, section 3.3),
# and not the ODE's: the ODE belongs to another sampler.
#
# **Predict first.** Xiao, Kreis and Vahdat (2022) call it a trilemma: GANs lack diversity, diffusion lacks speed,
# flows and VAEs lack quality. Which of the three will hold on 64 pixels?

# %% tags=["depth"]
from statistics import fmean

full = bench.read() + bench.read(table.NEWCOMERS_FILE)
joined = ("mixture", "VAE", "GAN + R1", "flow", "diffusion", "diffusion, 5 steps")
raced = [run for name in joined for run in full if (run.contender, run.budget) == (name, 3)]
real_digits = {key: fmean(table.column(full, table.REAL, key)) for key in ("frechet", "recall")}
print(table.NEWCOMERS_FILE.read_text().splitlines()[0])
columns = ("frechet", "precision", "recall", "sharpness", "log_px", "sample_ms")
print(bench.text(raced, columns=columns, width=19))

# %% tags=["depth"]
plots.triangle(raced, joined, real_digits, alt=(
    "Left, Fréchet distance against images a second: the GAN draws fastest, diffusion slowest; in 5 steps it is faster "
    "and far off. Right, against recall: the GAN covers least, the flow as much as real digits, the rest lie between."
))  # fmt: skip

# %% tags=["depth"]
of_diffusion = {  # than whom, by which column, sign
    "nearer than the VAE: Fréchet": ("VAE", "frechet", -1),
    "nearer than GAN + R1: Fréchet": ("GAN + R1", "frechet", -1),
    "nearer than the flow: Fréchet": ("flow", "frechet", -1),
    "nearer than the mixture: Fréchet": ("mixture", "frechet", -1),
    "nearer in 20 steps than in 5": ("diffusion, 5 steps", "frechet", -1),
    "covers more than GAN + R1: recall": ("GAN + R1", "recall", 1),
    "covers more than the VAE: recall": ("VAE", "recall", 1),
    "takes longer to draw than GAN + R1": ("GAN + R1", "sample_ms", 1),
    "likelier than the VAE: log P": ("VAE", "log_px", 1),
}

# %% tags=["depth"]
of_flow = {
    "nearer than the VAE: Fréchet": ("VAE", "frechet", -1),
    "nearer than GAN + R1: Fréchet": ("GAN + R1", "frechet", -1),
    "covers more than GAN + R1: recall": ("GAN + R1", "recall", 1),
    "covers more than the VAE: recall": ("VAE", "recall", 1),
    "likelier than the mixture: log P": ("mixture", "log_px", 1),
    "likelier than the VAE: log P": ("VAE", "log_px", 1),
}

# %% tags=["depth"]
level = 1 - 0.05 / (len(of_diffusion) + len(of_flow))  # Bonferroni, as in lecture 05
ruled = {}
for who, claims in {"diffusion": of_diffusion, "flow": of_flow}.items():
    asked_now = {text: bench.Claim(text, who, *claim) for text, claim in claims.items()}
    ruled[who] = {text: bench.judged(claim, raced, level) for text, claim in asked_now.items()}
plots.forest(ruled, level)

# %% [markdown] tags=["depth"]
# - **Speed: so it is.** The GAN draws about a hundred times as fast. With 5 steps in place of 20 the diffusion model
#   is three times as fast, and twice as far from the data.
# - **Diversity: so it is.** Diffusion and flow cover more than the GAN with R1, and the flow as much as real digits
#   do.
# - **Quality: not here.** The diffusion model is *not* nearer to the data than the GAN with R1 or the mixture, and
#   for the flow, the VAE and the GAN these runs do not decide. On 64 pixels, in three seconds, with a network of 52
#   hidden units, nothing of what made diffusion's name can show.
# - **Likelihood is not quality.** The flow's bound is above all others, the mixture's included, and one draw in eight
#   lies outside of the real digits. The diffusion model's bound is lower than the VAE's; but bounds of two models do
#   not order the models.
#
# So "GANs lead images", or "diffusion leads", says too little: on which data, with how much time, by which measure,
# and when? The processor times of the two tables come from different hours; read factors of ten, not of two.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Common errors (1 min)
#
# > **"GANs lead image synthesis."** On photographs they did from about 2014. In 2021 diffusion had the better Fréchet
# > distance on ImageNet (Dhariwal & Nichol 2021), in 2022 a GAN again (Sauer et al. 2022), then a diffusion
# > transformer (Peebles & Xie 2023). The lead has a date and a data set; what lasts is that a GAN draws in one pass.
#
# > **"The network removes one step's noise."** It guesses $x_0$, or all of the noise, at every time. The sampler
# > decides how far to go.
#
# > **"More steps are always better."** See section 4: from some point on they only cost.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 3 min (45: 1)</summary>
#
# **Open.** "'GANs lead image synthesis.' In which year?"
#
# **Ask.** Let them date it: from about 2014; in 2021 diffusion on ImageNet, in 2022 a GAN again, then a diffusion
# transformer. A lead has a date and a data set. Ask what is left of the GAN's advantage: one pass.
#
# **Misconception.** "Few- and zero-shot models need little data." Little when used, because pretraining took very
# much; the same goes for a caption model that you adapt.
#
# **On.** Questions, alone first.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Check yourself (8 min)
#
# Open the choice that you think is right: it says whether it is, and why. Nothing is recorded.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 5 min</summary>
#
# **Open.** "The second question has been answered twice today. Who noticed?"
#
# **Click.** After the vote open the winning choice. For ᾱ, go back to section 1 and point at the product; for the
# single step, at the first row of the grid of section 4.
#
# **Ask.** Ask one who was right to explain it to one who was wrong, without formulas. "The least wrong answer to an
# open question is the average" is the sentence you hope for.
#
# **Misconception.** Listen for "a sharp digit is less wrong than a fog". Not in squared error.
#
# **On.** The last three minutes are for the summary.
#
# </details>

# %%
quiz.ask("08b_diffusion")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary (1 min)
#
# 1. $x_t = \sqrt{\bar\alpha}\, x_0 + \sqrt{1 - \bar\alpha}\, \varepsilon$, whether in steps or in one go; the data
#    set is forgotten.
# 2. The score, and with it the best guess of $x_0$, is exact for a mixture: samplers bring the mixture back.
# 3. The denoising loss learns that guess. Predicting $x_0$, noise or v is one thing, weighted differently over time.
# 4. Ancestral sampling adds noise, DDIM does not; a few steps give most of the quality.
# 5. Guidance above 1 pays for fidelity with variety.
# 6. Real text-to-image systems add an encoder of words, attention, a latent space, and scale.
#
# ## Discuss
#
# - A colleague reports a better Fréchet distance at guidance 3, another at 1. Can both be right?
# - Forward, all data sets become the same noise. Where is the information that comes back?
# - How would you test whether a commercial system composes, if its training data are unknown?
#
# Next: [assignment 08](../assignments/08_flows_diffusion/08_flows_diffusion.ipynb): a flow and a diffusion model of
# your own. There time counts steps, $t = 1, \dots, T$, as in Ho et al.; here it runs from 0 to 1.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 3 min (45: 1)</summary>
#
# **Open.** "Forward, all data sets become the same noise. Where is the information that comes back?"
#
# **Ask.** Wait for "in the weights". Then the second prompt: one colleague is best at guidance 3, another at 1; can
# both be right? Yes: other network, other judge, other data.
#
# **Misconception.** "Diffusion is slow by nature." It is a dial: five steps are most of the way here, and the dial
# has a price list, which you have seen.
#
# **On.** A model that is all slope and no area comes next: energy.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# **1.** Start DDIM for the blobs from noise with twice the standard deviation. What comes out, and what does that say
# of the time at which a sampler starts?
#
# <details><summary>Solution</summary>
#
# ```python
# wrong = diffusion.ddim(exact, 2 * start, steps)
# print(theta.log_prob(wrong).mean(), known["DDIM"][0])
# ```
# Points land outside of the clouds: the denoiser is told a time at which such noise does not occur.
# </details>
#
# **2.** Guide with w = 4 during a part of the way only: while t < 0.5, while t > 0.5, or for t between 0.2 and 0.5.
# Which part costs least recall?
#
# <details><summary>Solution</summary>
#
# ```python
# for low, high in ((0, 1), (0, 0.5), (0.5, 1), (0.2, 0.5)):
#     def partly(x, t):
#         return nets[0].denoise(x, t, y_test, 4.0 if low <= t < high else 1.0)
#
#     noise = torch.randn(len(y_test), *EVENT, generator=seeded(0))
#     print(low, high, judged(to_pixels(diffusion.ddim(partly, noise, diffusion.times(20)))))
# ```
# The interval in the middle: on the three networks recall is then .31 to .34, where guidance all the way leaves .06
# or .07, guidance below 0.5 about .1 and above it .2. None of them reaches the .8 without guidance. Kynkäänniemi et
# al. (2024) recommend such an interval for large networks.
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 1 min (45: 1)</summary>
#
# **Open.** "Exercise 2: guidance, but only a part of the way. Which part costs least?"
#
# **Ask.** Early, middle, late? Hands. The solution finds the middle: recall of .31 to .34, where guidance all the way
# leaves .06 or .07; none reaches the .8 without it.
#
# **Misconception.** "Start from louder noise, get more variety." Exercise 1: the points land outside of the clouds,
# since such noise never occurs at that time.
#
# **On.** The assignment counts time in steps from 1 to T, as the paper does; say so, it confuses.
#
# </details>

# %% [markdown]
# ## Further reading
#
# - J. Sohl-Dickstein et al. *Deep Unsupervised Learning using Nonequilibrium Thermodynamics.* ICML 2015.
#   [arXiv:1503.03585](https://arxiv.org/abs/1503.03585)
# - J. Ho, A. Jain, P. Abbeel. *Denoising Diffusion Probabilistic Models.* NeurIPS 2020.
#   [arXiv:2006.11239](https://arxiv.org/abs/2006.11239)
# - J. Song, C. Meng, S. Ermon. *Denoising Diffusion Implicit Models.* ICLR 2021.
#   [arXiv:2010.02502](https://arxiv.org/abs/2010.02502)
# - Y. Song et al. *Score-Based Generative Modeling through Stochastic Differential Equations.* ICLR 2021 (2021b).
#   [arXiv:2011.13456](https://arxiv.org/abs/2011.13456)
# - A. Nichol, P. Dhariwal. *Improved Denoising Diffusion Probabilistic Models.* ICML 2021.
#   [arXiv:2102.09672](https://arxiv.org/abs/2102.09672)
# - P. Dhariwal, A. Nichol. *Diffusion Models Beat GANs on Image Synthesis.* NeurIPS 2021.
#   [arXiv:2105.05233](https://arxiv.org/abs/2105.05233)
# - A. Sauer, K. Schwarz, A. Geiger. *StyleGAN-XL: Scaling StyleGAN to Large Diverse Datasets.* SIGGRAPH 2022.
#   [arXiv:2202.00273](https://arxiv.org/abs/2202.00273)
# - W. Peebles, S. Xie. *Scalable Diffusion Models with Transformers.* ICCV 2023.
#   [arXiv:2212.09748](https://arxiv.org/abs/2212.09748)
# - Z. Xiao, K. Kreis, A. Vahdat. *Tackling the Generative Learning Trilemma with Denoising Diffusion GANs.*
#   ICLR 2022. [arXiv:2112.07804](https://arxiv.org/abs/2112.07804)
# - D. P. Kingma, T. Salimans, B. Poole, J. Ho. *Variational Diffusion Models.* NeurIPS 2021.
#   [arXiv:2107.00630](https://arxiv.org/abs/2107.00630)
# - J. Ho, T. Salimans. *Classifier-Free Diffusion Guidance.* 2022.
#   [arXiv:2207.12598](https://arxiv.org/abs/2207.12598)
# - T. Salimans, J. Ho. *Progressive Distillation for Fast Sampling of Diffusion Models.* ICLR 2022.
#   [arXiv:2202.00512](https://arxiv.org/abs/2202.00512)
# - R. Rombach et al. *High-Resolution Image Synthesis with Latent Diffusion Models.* CVPR 2022.
#   [arXiv:2112.10752](https://arxiv.org/abs/2112.10752)
# - A. Radford et al. *Learning Transferable Visual Models From Natural Language Supervision.* ICML 2021 (CLIP).
#   [arXiv:2103.00020](https://arxiv.org/abs/2103.00020)
# - A. Ramesh et al. *Zero-Shot Text-to-Image Generation.* ICML 2021 (DALL·E).
#   [arXiv:2102.12092](https://arxiv.org/abs/2102.12092)
# - A. Ramesh et al. *Hierarchical Text-Conditional Image Generation with CLIP Latents.* 2022 (DALL·E 2).
#   [arXiv:2204.06125](https://arxiv.org/abs/2204.06125)
# - C. Schuhmann et al. *LAION-5B: An Open Large-Scale Dataset for Training Next Generation Image-Text Models.*
#   NeurIPS 2022. [arXiv:2210.08402](https://arxiv.org/abs/2210.08402)
# - T. Kynkäänniemi et al. *Applying Guidance in a Limited Interval Improves Sample and Distribution Quality in
#   Diffusion Models.* NeurIPS 2024. [arXiv:2404.07724](https://arxiv.org/abs/2404.07724)
# - B. Efron. *Tweedie's Formula and Selection Bias.* J. Am. Stat. Assoc. 106, 2011.
#   [doi:10.1198/jasa.2011.tm11181](https://doi.org/10.1198/jasa.2011.tm11181)
