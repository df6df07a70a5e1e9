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
# # 05 · VAE or GAN? A fair comparison
#
# Textbooks say: a GAN is sharp, unstable, drops modes; a VAE is blurry, stable, diverse. This page builds a bench
# with equal conditions, and takes their table line by line.
#
# **You will be able to**
# 1. make equal what must be equal before two models are compared, the way they are sampled included;
# 2. measure quality, diversity, sharpness and likelihood, each beside the value of real data;
# 3. decide a claim from runs over several seeds, by a rule fixed beforehand;
# 4. say which lines of the textbook's table hold here, and on what they depend;
# 5. choose a model for a task, and put your own on the bench.
#
# **Time:** 74 minutes, and 24 of depth, marked ▸, which folds away and which nothing else needs. Estimated: words /
# 130, half a minute a figure or printed table, a minute for 6 lines of code, 2 for a prediction or quiz question, 4
# for an explorer; exercises come on top. The page runs in under a minute on a laptop.
#
# **Before:** lectures [02](02_gmm.ipynb), [03](03_vae.ipynb) and [04](04_gan.ipynb) for the models. **After:**
# [assignment 05](../assignments/05_comparison/05_comparison.ipynb), then [lecture 06](06_ethics.ipynb).

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 3 min (45: 2)</summary>
#
# **Prepare.** Run the page; plug in the laptop and close the browser's other tabs, since the race counts processor
# time. Bring paper slips: everybody writes down guesses before section 4 and signs them. Sections 4 to 6 are the
# heart.
#
# **Open.** "A textbook table has five lines on VAEs and GANs. You will referee it, and you must decide the rules
# before you see a result."
#
# **Misconception.** "There is one right table." The same page finds other verdicts at another budget, and says so.
#
# **On.** First the rules: what must be equal?
#
# </details>

# %% slideshow={"slide_type": "skip"}
import copy
import math
import time

import numpy as np
import torch
from scipy import stats
from torch.distributions import Binomial, Normal
from torch.nn import functional as F

from course_utils import data, losses, metrics, models, plotting
from course_utils.labs import comparison as bench
from course_utils.labs.comparison import boxes, contenders, explorer, plots, protocol, scoring, table, verdicts
from course_utils.models import mixtures
from course_utils.training import one_thread, seeded
from course_utils.widgets import quiz

DATASET = "digits"  # or "mnist", "fashion_mnist", made 8×8; what sections 5 to 7 show was recorded on the digits
one_thread()  # small networks are slower with two threads that wait for each other

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · Equal conditions (7 min)
#
# | equal | here | otherwise |
# |---|---|---|
# | data and split | 1,077 digits to learn from, 360 to choose by, 360 to judge by | test digits that chose a setting |
# | parameters | 21,449 ± 5 % | the larger network wins |
# | time | 3 seconds of one processor core | equal epochs are unequal work |
# | tuning | each rate with each β or penalty, by the 360 | one's own model gets more |
# | what is drawn | 17 gray levels, the model's own noise included | a mean against a draw |
# | features | one classifier, 360 samples at a time | distances depend on both |
# | seeds | 2 here, 10 in the full table | luck |
#
# Four contenders: a Gaussian **mixture**, the baseline; a **VAE**; the plain **GAN**; the GAN with lecture 04's
# **R1** penalty. All $z$ are eight-dimensional.
#
# **The same number of parameters.** Ten full covariances set the budget. For the networks we look for the nearest
# hidden width, counting all that training chooses: encoder and decoder, generator **and** discriminator.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 8 min (45: 4)</summary>
#
# **Open.** "Two runners, one on a track, one on sand. Who is faster?"
#
# **Ask.** Cover the table and collect: what must be equal? They give data, epochs, perhaps size. Nobody says tuning
# or the way of sampling; uncover these two last.
#
# **Click.** The print of section 1: VAE and GAN within 5 % of 21,449 numbers. Then the milliseconds a step: 100
# epochs of the GAN take longer than of the VAE, so equal epochs would be unequal work.
#
# **Misconception.** "The encoder draws nothing, so do not count it." Argue both ways in *Discuss*; the rule just has
# to be fixed beforehand.
#
# **On.** And what, exactly, is a sample?
#
# </details>

# %%
splits = bench.splits(DATASET)
event, latent = splits.fit.shape[1:], 8
budget = mixtures.free_parameters(10, event.numel())


def numbers(*networks):
    return sum(p.numel() for network in networks for p in network.parameters())


def vae_numbers(h):
    return numbers(models.VAE(event, latent, h))


def gan_numbers(h):
    return numbers(models.Generator(event, latent, h), models.Discriminator(event, h))


# %%
print(f"mixture: {budget:,}")
widths = {}
for name, count in (("VAE", vae_numbers), ("GAN", gan_numbers)):
    width = widths[name] = min(range(40, 120), key=lambda h: abs(count(h) - budget))
    off = f"{count(width) / budget - 1:+.1%}"
    twin = protocol.width_for(count, budget)
    print(f"{name}: {count(width):,} at width {width}, {off} · course_utils: {twin}")

# %% [markdown]
# **The same time.** Measure the seconds of a step, then give each contender as many steps as fit into the budget.
# Seconds are **processor time** of one thread: what a clock would show on a core that does nothing else. A number of
# steps can be repeated on another machine; "3 seconds" cannot.


# %%
def seconds_per_step(contender, measure=0.3):
    model, count, start = contender.build(splits, 0), 0, time.process_time()
    while time.process_time() - start < measure:
        model.step(0.0)
        count += 1
    return (time.process_time() - start) / count


for contender in bench.CONTENDERS:
    seconds = seconds_per_step(contender)
    counted = f"{3 / seconds:5.0f} steps in 3 s, 100 epochs would be {seconds * 100 * 17:5.1f} s"
    print(f"{contender.name:9s} {1000 * seconds:7.2f} ms a step: {counted}")

# %% [markdown]
# Equal epochs (17 batches of 64) would be unequal work: a GAN's step moves two networks, and R1 differentiates a
# gradient. A step of the mixture is a whole start of EM; the start with the best validation likelihood is kept.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · A contender, whole (5 min)
#
# A contender builds a model with `step`, and with `draw` (from a code) or `sample`. Here is the VAE, and the loop
# that trains each contender.


# %% tags=["depth"]
class PageVAE(bench.Model):
    latent = latent

    def __init__(self, splits, seed, lr=0.016, beta=0.25):
        torch.manual_seed(seed)
        self.vae = models.VAE(event, latent, widths["VAE"])
        self.x, self.lr, self.beta = splits.fit, lr, beta
        self.rng = seeded(seed)
        self.optimizer = torch.optim.Adam(self.vae.parameters(), lr, fused=True)

    def step(self, progress):
        self.optimizer.param_groups[0]["lr"] = self.lr * contenders.one_cycle(progress)
        x = self.x[torch.randint(len(self.x), (64,), generator=self.rng)]
        x_logits, mu, logvar = self.vae(x, self.rng)
        log_px_z, kl = losses.log_bernoulli(x, x_logits), losses.kl_standard_normal(mu, logvar)
        loss = -losses.elbo(log_px_z, kl, self.beta).mean() / self.beta  # keeps the likelihood's gradient
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()

    @torch.no_grad()
    def draw(self, z, rng=None):
        p = self.vae.decode(z).sigmoid()
        return torch.binomial(torch.full_like(p, 16), p, generator=rng) / 16


# %% tags=["depth"]
def train(contender, seed, steps):
    model = contender.build(splits, seed)
    for step in range(steps):
        model.step(step / steps)  # the learning rate follows this share, whatever the number of steps
    return model


mine = train(bench.Contender("VAE", PageVAE), seed=0, steps=50)
twin = protocol.train(bench.CONTENDERS[1], splits, seed=0, steps=50).model
drawn = [model.sample(5, rng=seeded(0)) for model in (mine, twin)]
assert torch.equal(*drawn)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · What a model draws, and how likely that is (4 min)
#
# The data are vectors of 64 gray levels, $k \in \{0, \dots, 16\}^{64}$. So each contender draws levels, and its noise
# belongs to it:
#
# - the **mixture** draws a vector and rounds it; what lies below black becomes black, above white white;
# - the **VAE** draws a code, then each level from its pixel's distribution: 16 coin flips, a binomial;
# - the **GANs** round what the generator gives: their only noise is $z$.
#
# Papers often show the *mean* of a VAE's $p(x \mid z)$ in place of a draw. That is another model: section 4 scores
# both.
#
# The likelihood is then a probability, and it must be the probability of *these* draws:
#
# $$P(k) = \sum_c \pi_c \Pr\big(\text{a draw of component } c \text{ rounds to } k\big), \qquad
# P(k) = \mathbb{E}_{q(z \mid x)}\Big[\tfrac{p(z)\,P(k \mid z)}{q(z \mid x)}\Big]$$
#
# for mixture and VAE. The GAN's cannot be computed. One pixel of the mixture, N(0.1, 0.2²): a density times the width
# of a level forgets the tails that rounding adds to black and white.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 6 min (45: 3)</summary>
#
# **Open.** "A paper shows you a VAE's pictures. Are they draws, or means?"
#
# **Picture.** Weather: the mean of all January days is a gray drizzle that never happened.
#
# **Ask.** "Which of the three contenders has noise in its pixels?" Mixture and VAE; the GANs' only noise is $z$. So a
# grainy VAE draw is not a defect of the plot.
#
# **Click.** The three printed lines on one pixel: 0.36 with the tail, 0.11 without. Density times width forgets what
# rounding piles on black.
#
# **Misconception.** "Only VAEs are probabilistic, GANs are adversarial." Unlike things: all three draw from a latent
# prior; what differs is the training signal.
#
# **On.** Draws need judges.
#
# </details>

# %%
pixel = stats.norm(0.1, 0.2)
rounded = np.round(16 * np.clip(pixel.rvs(100_000, random_state=0), 0, 1))
edges = (np.arange(17) + 0.5) / 16
inner = pixel.cdf(edges) - pixel.cdf(edges - 1 / 16)
whole = np.diff(pixel.cdf([-np.inf, *edges[:-1], np.inf]))
print(f"level 0: drawn {np.mean(rounded == 0):.3f}, with the tail {whole[0]:.3f}, without {inner[0]:.3f}")
print(f"all 17 levels together: with tails {whole.sum():.3f}, without {inner.sum():.3f}")
print(f"64 pixels, every level equally likely: {-64 * math.log(17):.1f} nats")

# %% [markdown]
# For 64 pixels that depend on each other, both formulas are estimated by the mean of 50 random weights. The logarithm
# of that mean is, on average, a **lower bound** on $\log P(k)$ (Burda et al. 2016); a depth section shows the
# weights.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · Measures, each beside its target (8 min)
#
# A classifier of the training digits turns an image into **features**, its last hidden layer. [Lecture
# 07](07_evaluation.ipynb) builds the measures; in short:
#
# - **Fréchet distance**: fit a Gaussian to the features of drawn and of test digits; how far apart are the two, in
#   mean and covariance? 0 if equal.
# - **Precision**: the share of drawn images inside a ball of the real ones. **Recall**: the share of real images
#   inside a ball of the drawn ones. A ball reaches from an image to its fifth neighbor in its own set.
# - **Near copies**: the share nearer to a training digit than 99 % of new real digits are.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 9 min (45: 5)</summary>
#
# **Open.** "A thermometer is tested in ice first. What do *real* digits score?"
#
# **Ask.** The moon picture: which number suffers from the three strays, which from the missing moon? About half swap
# them. Strays cost precision, the missing moon recall.
#
# **Click.** Point to the floor: real against real, precision and recall 0.97, not 1; Fréchet distance about 3, not 0.
# Then sharpness: blurred 0.06, real 1, noisy 1.23.
#
# **Misconception.** "More sharpness is better." Noise is sharper than a digit. The target is 1.
#
# **On.** Rules, draws, judges: bets, please.
#
# </details>

# %%
moons = data.toy("moons")
real_2d = moons.sample(60, rng=seeded(1))
strays = torch.tensor([[0.2, 1.8], [-1.2, 1.5], [-1.9, 0.6]])
drawn_2d, moon = moons.sample_labelled(80, rng=seeded(2))
drawn_2d = torch.cat([drawn_2d[moon == 0], strays])
near_2d = metrics.prdc(real_2d, drawn_2d)
print(f"precision {near_2d.precision:.2f}, recall {near_2d.recall:.2f}")
plots.balls(real_2d, drawn_2d)

# %% [markdown]
# Three strays cost precision, the moon that is not drawn costs recall.
#
# Each model draws four sets of 360, as many as there are test digits. What do 360 *real* digits score?

# %%
classifier = bench.classifier_of(splits)
floor = [bench.real_floor(classifier, seed) for seed in range(10)]
for name in ("frechet", "precision", "recall", "near_copies"):
    scored = table.mean_sd(score[name] for score in floor)
    print(f"{scoring.COLUMNS[name]:14s} real against real {scored}")

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Sharpness.** At an edge a pixel differs from its neighbors. The **Laplacian**, four times a pixel minus its four
# neighbors, measures by how much; we take its mean square, and divide by that of the test digits.


# %%
def laplacian(x):
    neighbors = x[..., :-2, 1:-1] + x[..., 2:, 1:-1] + x[..., 1:-1, :-2] + x[..., 1:-1, 2:]
    return (4 * x[..., 1:-1, 1:-1] - neighbors).square().mean().item()


real = splits.test
noise = torch.randn(real.shape, generator=seeded(0))
noisy = (real + 0.2 * noise).clamp(0, 1)
blurred = F.avg_pool2d(real, 3, stride=1, padding=1)
sharp = {}
for name, x in {"real": real, "blurred": blurred, "noisy": noisy}.items():
    sharp[name] = laplacian(x) / laplacian(real)
    twin = scoring.sharpness(x) / scoring.sharpness(real)
    print(f"{name:8s} {sharp[name]:.2f}   course_utils {twin:.2f}")

# %% [markdown]
# Blur lowers it, and noise raises it: **more is not better**. The target is 1.
#
# **Between two codes.** Draw two codes from $N(0, I)$ and walk between them in ten equal steps. **Between** is the
# precision of images drawn half way; the **largest jump** is that of the ten changes of the decoder's image over
# their mean, 1 if even; **class from z** is how often a linear classifier tells from $z$ what the classifier reads. A
# mixture has no line to walk: its latent variable is a component's number.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · The race (7 min)
#
# **Predict first.** Who is ahead in sharpness, precision, recall, Fréchet distance: VAE or GAN with R1? In likelihood
# and Fréchet distance: mixture or VAE? And what changes if the VAE shows its means?

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 10 min (45: 7)</summary>
#
# **Open.** "Write down three guesses and sign. Then I press run and we talk for half a minute."
#
# **Ask.** VAE or R1 GAN, in sharpness, precision, recall, Fréchet? And the mixture? Nearly nobody bets on ten
# Gaussians.
#
# **Click.** While it runs, nothing else. Then the table: mixture and R1 come near the Fréchet distance of real
# digits, about 3; the plain GAN is far off. In the grid compare row *VAE* with row *VAE, means*: grain against
# softness, one and the same model.
#
# **Misconception.** "Two seeds show it." They are for the live effect; section 6 shows what two seeds can decide:
# next to nothing.
#
# **On.** So take ten seeds, recorded.
#
# </details>

# %%
shown = ("frechet", "precision", "recall", "sharpness", "log_px")
runs, trained = bench.race(bench.CONTENDERS, classifier, seeds=range(2), budget=3.0)
print(bench.text(runs, floor, shown))

# %%
means = copy.copy(trained["VAE"])
means.means = True
rng = seeded(1)
rows = {"real": splits.test[:10]}
rows |= {name: model.sample(10, rng=rng) for name, model in trained.items()}
rows["VAE, means"] = means.sample(10, rng=rng)
plotting.image_grid(torch.cat(list(rows.values())), title="Ten draws of each", row_labels=list(rows))

# %% [markdown]
# The VAE's draws are grainy and its means soft; the GANs' digits are crisp, and some are no digits; the mixture
# speckles the background.
#
# The same VAE, read in two ways:

# %%
readings = {"draws": trained["VAE"], "means": means}
readings = {name: bench.scores(model, classifier, 0) for name, model in readings.items()}
for name in shown[:4]:
    cells = [f"{reading} {score[name]:5.2f}" for reading, score in readings.items()]
    target = np.mean([score[name] for score in floor])
    print(f"{scoring.COLUMNS[name]:14s}", *cells, f"real {target:5.2f}", sep="   ")

# %% [markdown]
# Means are softer than draws and reach fewer of the real digits: the binomial noise is part of the model, and moves
# the features. Section 6 shows a verdict that turns with the reading.
#
# On a slow or busy machine fewer steps fit into three seconds, and the plain GAN may lose classes here (section 7
# says why). And two seeds are few. The full table takes ten, and other budgets, rates and β: one command, about
# fifteen minutes on a free core. It writes the file that the next sections read, with date, versions and the steps of
# each run.
#
# ```
# python -m course_utils.labs.comparison
# ```

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · The likelihoods' weights (6 min)
#
# First the VAE: draw codes from the encoder, weigh each by $p(z) P(k \mid z) / q(z \mid x)$, and average.

# %% tags=["depth"]
vae, x, rng = trained["VAE"].vae, splits.test, seeded(0)
log_w = []
with torch.no_grad():
    mu, logvar = vae.encode(x)
    for _ in range(50):
        z = models.reparameterize(mu, logvar, rng)
        log_pk = Binomial(16, logits=vae.decode(z)).log_prob(16 * x).flatten(1).sum(1)
        log_ratio = Normal(0, 1).log_prob(z) - Normal(mu, (logvar / 2).exp()).log_prob(z)
        log_w.append(log_pk + log_ratio.sum(1))
bounds = {k: losses.iw_elbo(torch.stack(log_w[:k])).mean().item() for k in (1, 5, 50)}
for k, bound in bounds.items():
    print(f"{k:2d} draws: log P ≥ {bound:.1f} nats")
print(f"course_utils, 50 draws: {scoring.log_px(trained['VAE'], x, rng):.1f}")

# %% [markdown] tags=["depth"]
# One draw is the ELBO, below the others, since the encoder was trained with another β (section 7, *Two dials*).
#
# The mixture: the draws that round to $k$ fill a box, with no wall where a level is black or white. Draw one pixel
# after the other, each within its walls, given those before it; the weight is the product of the walls' probabilities
# (Genz 1992). In three dimensions SciPy can integrate the same box:


# %% tags=["depth"]
def box_weight(lower, upper, mean, factor, rng):
    z, log_p = np.zeros(len(mean)), 0.0
    for d in range(len(mean)):
        center = mean[d] + factor[d, :d] @ z[:d]
        low, high = stats.norm.cdf((np.array([lower[d], upper[d]]) - center) / factor[d, d])
        z[d], log_p = stats.norm.ppf(low + rng.random() * (high - low)), log_p + np.log(high - low)
    return log_p


cov = np.array([[1, 0.6, 0.2], [0.6, 1, -0.3], [0.2, -0.3, 1]])
box = np.array([[-np.inf, -0.3, 0], [0.5, 0.4, np.inf]])  # lower and upper walls
rng, center, factor = np.random.default_rng(0), np.zeros(3), np.linalg.cholesky(cov)
estimate = np.exp([box_weight(*box, center, factor, rng) for _ in range(2_000)]).mean()
walls = np.repeat(box[:, None], 2_000, 1)
twin = np.exp(boxes.log_box(*walls, center, factor, rng.random((2_000, 3)))).mean()
exact = stats.multivariate_normal(center, cov).cdf(box[1], lower_limit=box[0])
print(f"page {estimate:.4f}, course_utils {twin:.4f}, SciPy {exact:.4f}")

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · Lines between two codes (5 min)
#
# The walk, and beside it what fading two real digits into each other would score.

# %% tags=["depth"]
rng = seeded(1)
ends, t = torch.randn(2, 1, latent, generator=rng), torch.linspace(0, 1, 10)[:, None]
line = (1 - t) * ends[0] + t * ends[1]
rows = {name: trained[name].decode(line) for name in contenders.NETWORKS}
fade = t[..., None, None]
rows["real: fade"] = (1 - fade) * splits.test[0] + fade * splits.test[1]
plotting.image_grid(torch.cat(list(rows.values())), title="Lines between two codes", row_labels=list(rows))


# %% tags=["depth"]
def line_scores(walk, drawn):
    moved = (walk[1:] - walk[:-1]).flatten(2).norm(dim=2)
    halfway = metrics.prdc(classifier.test, classifier.features(drawn)).precision
    return halfway, (moved.amax(0) / moved.mean(0)).mean().item()


a, b = torch.randn(2, len(splits.test), latent, generator=rng)
lines = {}
for name in contenders.NETWORKS:
    walk = torch.stack([trained[name].decode(torch.lerp(a, b, t / 10)) for t in range(11)])
    lines[name] = line_scores(walk, trained[name].draw((a + b) / 2, rng))
first, second = splits.test, splits.validation
faded = torch.stack([torch.lerp(first, second, t / 10) for t in range(11)])
lines["real fade"] = line_scores(faded, protocol.to_levels(faded[5]))
for name, (halfway, jump) in lines.items():
    print(f"{name:9s} between {halfway:.2f} · largest jump {jump:.2f}")

# %% [markdown] tags=["depth"]
# The networks turn one digit into another, the fade shows two at once. Yet the fade is perfectly even, and its
# *between* is that of the GANs: on 64 pixels these columns ask little.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · The full table (4 min)
#
# Recorded on the digits, whatever you chose above.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 5 min (45: 3)</summary>
#
# **Open.** "Ten dots for each model, none left out. Read them as clouds, not as averages."
#
# **Ask.** "Whose precision is best, and do you like its pictures?" The VAE's means, at 0.95, soft as they are. So
# what does precision not see? The hall says: blur.
#
# **Click.** Move your finger across the panels in one row of thought: sharpness puts the GANs at 1 and the means
# last; precision and recall turn that around.
#
# **Misconception.** "GANs drop classes." No plain GAN did, in ten runs, at this rate and time. Keep the sentence;
# section 7 brings it back.
#
# **On.** Now the textbook, line by line, under one rule.
#
# </details>

# %%
full = bench.read()
names = [contender.name for contender in bench.CONTENDERS]
ten = [run for run in full if run.budget == 3 and run.contender in (*names, "VAE, means")]
real = {key: np.mean(table.column(full, table.REAL, key)) for key in scoring.COLUMNS}
print(table.TABLE_FILE.read_text().splitlines()[0])
four = [run for run in ten if run.contender in names]
print(bench.text(four, columns=("classes", "log_px", "sample_ms")))

# %%
panels = ("frechet", "precision", "recall", "sharpness", "between", "log_px")
plots.every_run(ten, [*names, "VAE, means"], panels, real, alt=(
    "Six panels, a dot for each run of four models and of the VAE's means. Mixture and VAE have the precision and "
    "recall nearest to real images; the GANs have their sharpness. The VAE's means are the least sharp."
))  # fmt: skip

# %% [markdown]
# - **The mixture is ahead** of the VAE and the plain GAN in Fréchet distance, and ten nats more likely than the VAE.
#   The GAN with R1 comes near.
# - **Precision does not see blur.** The VAE's means, soft as they are, lie amid the real digits: 0.95. The GANs'
#   crisp ones are outside more often: 0.86. Only sharpness tells.
# - **The VAE's means are another model.** They are less sharp, cover less and lie farther off than its draws.
# - **No run failed.** Every plain GAN kept all ten classes. Section 7 says why.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · Claim by claim (12 min)
#
# A rule first, the same for all. The runs of two models are independent: seed 3 draws other numbers in a VAE than in
# a GAN, so it makes no pair of them. (Their scores over the ten seeds have correlations of either sign; the cell
# prints them.) So take the **difference of the means** and Welch's interval for it, with $v = s^2 / n$ for each
# model,
#
# $$\bar a - \bar b \pm t\,\sqrt{v_a + v_b}, \qquad
# t \text{ with } \nu = \frac{(v_a + v_b)^2}{v_a^2 / (n_a - 1) + v_b^2 / (n_b - 1)} \text{ degrees of freedom.}$$

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 14 min (45: 8, tour: 3)</summary>
#
# **Open.** "Supported, contradicted, undecided: three words, and the rule stands before the data."
#
# **Ask.** "Two seeds, a true difference of one standard deviation: how often does the rule see it?" Guesses are near
# 50 %. It is a few percent; with ten seeds about half.
#
# **Click.** The forest: intervals right of zero support the claim. Let the owners of the slips read out their bets
# beside the table. Then the last rows: with means in place of draws "a GAN is nearer to the data" becomes supported.
#
# **Misconception.** "Probabilistic, hence better uncertainty, hence fit for medicine." Only $z$ is Bayesian here;
# nothing is calibrated.
#
# **On.** Would another budget tell another story?
#
# </details>


# %%
def verdict(a, b, level=0.95):
    v_a, v_b = (np.var(x, ddof=1) / len(x) for x in (a, b))
    nu = (v_a + v_b) ** 2 / (v_a**2 / (len(a) - 1) + v_b**2 / (len(b) - 1))
    half, d = stats.t.ppf((1 + level) / 2, nu) * np.sqrt(v_a + v_b), np.mean(a) - np.mean(b)
    return "supported" if d > half else "contradicted" if d < -half else "undecided"


print(verdicts.RULE)
same_seed = {}
for key in ("frechet", "precision", "recall", "sharpness"):
    pair = [table.column(ten, name, key) for name in ("VAE", "GAN + R1")]
    same_seed[key] = np.corrcoef(*pair)[0, 1]
    print(f"same seed, VAE and GAN + R1: correlation of {key} {same_seed[key]:+.2f}")

# %% [markdown]
# What can such a rule see? Simulate two models whose true means differ by 0, or by one standard deviation, and count.

# %%
rng, seen = np.random.default_rng(0), {}
for n in (2, 5, 10):
    for truth in (0.0, 1.0):
        pairs = zip(rng.normal(truth, 1, (500, n)), rng.normal(0, 1, (500, n)), strict=True)
        words = [verdict(a, b) for a, b in pairs]
        said = f"{n:2d} seeds, true difference {truth}:"
        for word in ("supported", "contradicted", "undecided"):
            seen[n, truth, word] = words.count(word) / 500
            said += f"   {word} {seen[n, truth, word]:4.0%}"
        print(said)
assert verdict([1.0, 2.0, 4.0], [0.0, 1.0]) == verdicts.verdict([1.0, 2.0, 4.0], [0.0, 1.0]).word

# %% [markdown]
# Where there is nothing, one verdict in twenty or fewer is wrong, and two seeds decide next to nothing, even where
# the difference is there. This page asks for 27 verdicts. Each gets the level $1 - 0.05/27$ (Bonferroni): then the
# chance that *any* is wrong is at most 5 %.
#
# For stability we compare how far each run lies from the median of its model's runs (Brown & Forsythe 1974).

# %%
level = 1 - 0.05 / 27
textbook = [  # claim, whom it favors, column, sign, of the spread
    ("a GAN's images are sharper", "GAN", "sharpness", 1, False),
    ("a GAN's images look more real: precision", "GAN", "precision", 1, False),
    ("a GAN is nearer to the data: Fréchet", "GAN", "frechet", -1, False),
    ("a VAE is more diverse: recall", "VAE", "recall", 1, False),
    ("a VAE trains more stably: spread of Fréchet", "VAE", "frechet", -1, True),
    ("a VAE's lines stay on the data: between", "VAE", "between", 1, False),
    ("a VAE's lines are smoother: largest jump", "VAE", "jump", -1, False),
    ("a VAE's codes are ordered by class", "VAE", "class_from_z", 1, False),
]


# %%
def claims_on(vae, gan):
    pairs = {"GAN": (gan, vae), "VAE": (vae, gan)}
    return {text: bench.Claim(text, *pairs[favored], *rest) for text, favored, *rest in textbook}


def judge(claims):
    return {text: bench.judged(claim, ten, level) for text, claim in claims.items()}


asked = {f"VAE against {gan}": judge(claims_on("VAE", gan)) for gan in ("GAN", "GAN + R1")}
shown_means = judge(claims_on("VAE, means", "GAN + R1"))
asked["VAE's means against GAN + R1"] = {line[0]: shown_means[line[0]] for line in textbook[:4]}
nearer = {}
for name in contenders.NETWORKS:
    claim = bench.Claim("", name, "mixture", "frechet", -1)
    nearer[f"{name} nearer than the mixture: Fréchet"] = claim
nearer["VAE likelier than the mixture: log P"] = bench.Claim("", "VAE", "mixture", "log_px")
asked["Against the mixture"] = judge(nearer)
plots.forest(asked, level)

# %% [markdown]
# Intervals in units of the runs' spread, the difference itself at the right. Compare with your guesses. Against the
# GAN with R1:
#
# | the textbook says | measured here |
# |---|---|
# | a GAN's images are sharper | **supported**, at the sharpness of real digits |
# | … and look better | **contradicted** by precision; **undecided** by Fréchet distance |
# | a VAE covers more | **supported**: recall 0.93 against 0.85 |
# | a VAE trains more stably | **undecided** at the best learning rates; section 7 has others |
# | a VAE's latent space is smoother, ordered | **supported** in all three columns |
# | both draw in one pass; only the VAE has a density | a binomial takes longer; a bound for the VAE only |
#
# **The reading decides.** Had the VAE shown its means, "a GAN is nearer to the data" would be supported, and the lead
# in recall would shrink to 0.03. A paper that compares a VAE's means with a GAN's draws has answered another
# question.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · On what it depends (7 min)
#
# The same four at a quarter and at four times the time (five runs each), and the three networks at seven learning
# rates (three runs each).

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 8 min (45: 5)</summary>
#
# **Open.** "'GANs are unstable.' You saw ten stable runs. Who lied?"
#
# **Ask.** Collect explanations for a minute: luck, small data, good rates. Show the right panel: the VAE is nearly
# flat over a factor of 64 in the learning rate, both GANs have a valley with walls.
#
# **Click.** The left panel, at a quarter of the time: the VAE keeps all classes in every run, the plain GAN in none.
# At four times, R1 draws level.
#
# **Misconception.** "Quality, stability, diversity are properties of a family." They belong to a family, a budget and
# a tuning; unstable means a narrow range of good settings.
#
# **On.** One more textbook line: the latent spaces.
#
# </details>

# %%
times = (0.75, 3, 12)
plots.conditions(full, names, times, contenders.RATES, alt=(
    "Left, by time: the mixture is flat; the VAE starts best of the networks, the GAN with R1 ends best. "
    "Right, by learning rate: the VAE varies little, both GANs have a valley with walls."
))  # fmt: skip

# %%
whole_runs, diverse = {}, {}
for name in names:
    for seconds in times:
        kept = [not run.failed for run in full if (run.contender, run.budget) == (name, seconds)]
        whole_runs[name, seconds] = f"{sum(kept)} of {len(kept)}"
        recall = table.mean_sd(table.column(full, name, "recall", seconds))
        print(f"{name:9s} {seconds:5g} s: recall {recall}, all classes in {whole_runs[name, seconds]}")
for seconds in times:
    claim = bench.Claim("", "VAE", "GAN + R1", "recall")
    diverse[seconds] = bench.judged(claim, full, level, seconds)
    print(f"VAE more diverse than GAN + R1, {seconds:5g} s: {diverse[seconds]}")

# %%
failed = {}
for name in contenders.NETWORKS:
    for rate in contenders.RATES:
        tried = [run.failed for run in full if run.contender == f"{name}, rate {rate:g}"]
        failed[name, rate] = sum(tried)
    counts = "  ".join(f"{rate:g}: {failed[name, rate]}" for rate in contenders.RATES)
    print(f"{name:9s} of 3 lost a class at rate  {counts}")

# %% [markdown]
# **Time.** In a quarter of it the textbook is right to the letter: the VAE covers all classes in every run, the plain
# GAN in none. In four times as much, the GAN with R1 reaches the floor of real digits; five runs do not decide
# whether it passes the mixture or the VAE, nor which of the two networks covers more. The mixture has nothing to
# gain: its first six starts of EM are as good as a hundred.
#
# **Learning rate.** What the tuning hid: the VAE keeps all classes at every rate over a factor of 64. The plain GAN
# loses classes at the low rates and at the highest, the one with R1 at the high ones. So "GANs are unstable" is a
# claim about **how narrow the range of good settings is**. Whoever tunes long enough does not see it.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · Two dials: β and the penalty (2 min)
#
# Our β is ¼. What do 1, the ELBO of gray levels as coin flips, and 1/16, the ELBO of the binomial that is sampled,
# do? And a penalty three times as heavy, which tied with ours in the tuning?

# %% tags=["depth"]
dial = ("VAE β=1", "VAE", "VAE β=1/16", "GAN + R1", "GAN + R1 × 3")
dialed = [run for name in dial for run in full if (run.contender, run.budget) == (name, 3)]
print(bench.text(dialed, columns=shown))

# %% [markdown] tags=["depth"]
# "Blurry but diverse" is a dial. At β = 1 the VAE is blurrier than ours and covers *less* than either GAN; at 1/16 it
# covers more than any, has the best likelihood of the three, and pays in precision and Fréchet distance: likelihood
# and samples do not imply each other (Theis et al. 2016). The heavier penalty changes nothing that five runs could
# show.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · Put your own model on the bench (6 min)
#
# A model needs `sample`, or `decode` for one with codes; it may have `step` and `log_weights`. Here is a **kernel
# density**: a Gaussian around every training digit, rounded to levels. Its width is chosen by the validation digits.


# %% tags=["depth"]
class Kernels(bench.Model):
    """Draw a training digit, add noise, round."""

    def __init__(self, splits, seed):
        self.x = splits.fit
        widths = torch.linspace(0.05, 0.4, 36)
        fits = [self.log_prob(splits.validation, width).mean() for width in widths]
        self.width = widths[torch.stack(fits).argmax()]
        self.parameters = self.drawing = self.x.numel() + 1

    def sample(self, n, *, y=None, rng=None):
        x = self.x[torch.randint(len(self.x), (n,), generator=rng)]
        return protocol.to_levels(x + self.width * torch.randn(x.shape, generator=rng))

    def log_prob(self, x, width):
        levels = torch.arange(17).double() / 16
        edges = F.pad(levels[:-1] + 1 / 32, (1, 0), value=-math.inf)
        edges = F.pad(edges, (0, 1), value=math.inf)
        inside = Normal(levels[:, None], width).cdf(edges).diff()  # from level to level, (17, 17)
        reached = inside.clamp_min(1e-300).log()
        k, own = ((16 * images.flatten(1)).round().long() for images in (x, self.x))
        log_p = F.one_hot(k, 17).double().flatten(1) @ reached[own].flatten(1).T
        return log_p.logsumexp(1) - math.log(len(self.x))

    def log_weights(self, x, draws, rng):
        return self.log_prob(x, self.width)[None]  # exact


contender = bench.Contender("kernels", Kernels, steps=1)
added, kernels = bench.race([contender], classifier, range(2), budget=3.0)
compared = [*added, *(run for run in runs if run.contender == "mixture")]
print(bench.text(compared, floor, (*shown, "near_copies")))

# %% [markdown] tags=["depth"]
# By recall it is the best of all. But it keeps *all* training digits, three times the parameter budget, and adds
# noise. The check for near copies does not notice: the noise moves the features far enough. Sharpness does, and the
# likelihood, five nats or more below the mixture's. No one column is enough.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 8 · The same place in two latent spaces (10 min)
#
# Eight sliders, one $z$, two models: the VAE's decoder and the generator of the GAN with R1 get the same numbers. The
# strips walk one dimension from −3 to 3.
#
# **Predict first.** At the same $z$, will both show the same digit?

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 10 min (45: 3)</summary>
#
# **Open.** "Same coordinates, two planets."
#
# **Ask.** "At the same $z$, the same digit?" Some hope so. Seldom, about one in five here: first weights decide which
# direction means what.
#
# **Click.** Press `Random z` three times; then `walk along` through two dimensions and compare the strips: one
# changes evenly, the other in jumps. Set all sliders to 0: the GAN shows a gray blob, since draws hardly ever come
# near 0.
#
# **Misconception.** "GANs have no latent space", "the VAE's is continuous, the GAN's fixed." Both draw $z$ from a
# fixed continuous prior; a plain GAN lacks the encoder.
#
# **On.** So which one do you take?
#
# </details>

# %%
both = {name: trained[name] for name in ("VAE", "GAN + R1")}
explorer.same_place(both, classifier)

# %%
z = torch.randn(10, latent, generator=seeded(0))
z[0] = 0
pictures = torch.cat([model.decode(z) for model in both.values()])
plotting.image_grid(pictures, title="Ten positions, the first z = 0", row_labels=list(both))

# %%
z = torch.randn(1_000, latent, generator=seeded(1))
vae_reads, gan_reads = (classifier.classes(model.decode(z)) for model in both.values())
same, length = (vae_reads == gan_reads).float().mean().item(), z.norm(dim=1)
print(f"the same class at the same z: {same:.0%}")
print(f"length of z: {length.mean():.1f} on average, below 1 in {(length < 1).float().mean():.1%}")

# %% [markdown]
# They seldom agree: which direction means what is decided by the first random weights. To edit a *given* digit you
# need its code: the VAE's encoder has it, a GAN has to search. And at $z = 0$, the most likely point, the GAN shows a
# gray blob: draws hardly ever come near 0, so nobody told it what to show there.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 9 · Which one, then? (2 min)
#
# | you need | take |
# |---|---|
# | a likelihood: to choose between models | mixture or VAE |
# | an anomaly score | test candidates on known anomalies; see below |
# | a code for a given input: impute, edit, search | VAE |
# | samples of small, plain data | mixture first, and a network only if it is ahead |
# | sharp images, and time to tune | GAN with a penalty |
# | no time to tune, or no class to lose | mixture or VAE |
# | certainty that no training example comes out | none of them as it is ([lecture 06](06_ethics.ipynb)) |
#
# A likelihood is no anomaly score by itself: deep models give *higher* likelihoods to images of another data set than
# to their own test images (Nalisnick et al. 2019), and 8×8 digits do not show how large images behave.
#
# **Other data.** Mixtures of Gaussians covered more of the distribution of faces than GANs did, less sharply
# (Richardson & Weiss 2018). With discrete codes and a strong prior over them, VAEs came near the quality of the GANs
# of their day on photographs (Razavi et al. 2019). With enough search, most GANs of a large study reached similar
# scores (Lucic et al. 2018).
#
# **Hybrids.** The *VAE-GAN* (Larsen et al. 2016) adds a discriminator to a VAE and measures the reconstruction error
# in its features instead of pixels. The *adversarial autoencoder* (Makhzani et al. 2015) replaces the KL: a
# discriminator on codes makes them look like draws from the prior. *BiGAN* and *ALI* (Donahue et al. 2017; Dumoulin
# et al. 2017) give a GAN an encoder.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 4 min (45: 1, tour: 2)</summary>
#
# **Open.** "Do not ask which is better. Say what you need, and read off the row."
#
# **Ask.** "You must not lose any class and have an afternoon." They answer from the table: mixture or VAE. "You want
# to edit a given photograph": VAE, it has the code. "No training image may ever come out": none of them, as they are.
#
# **Misconception.** "A density finds anomalies." Deep models may give foreign data more likelihood (Nalisnick et al.
# 2019); test on known anomalies.
#
# **On.** Three sentences not to write in a paper.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Common errors (1 min)
#
# > **"GANs are better than VAEs", or the reverse.** Better at what, on which data, with what budget, tuned by whom?
#
# > **"The best of ten seeds."** It rewards spread. Report mean, spread, and failed runs.
#
# > **"Undecided, so equal."** These runs cannot tell. To call two models equal, name a difference that would matter
# > and show that the whole interval is smaller.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 2 min</summary>
#
# **Open.** "'Undecided, so equal.' Who has written that?"
#
# **Ask.** Let the hall mend it: name a difference that would matter, and show that the whole interval is smaller than
# it. Otherwise write "these runs cannot tell".
#
# **Misconception.** "The best of ten seeds": it rewards spread, so the least stable model profits most. Ask for mean,
# spread and the failed runs, and ask how many were thrown away.
#
# **On.** A few questions, then home.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Check yourself (10 min)

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 5 min</summary>
#
# **Open.** "The first question is about a paper you could have written."
#
# **Click.** Fingers first, then open the winning choice. For the first one, equal epochs, go back to the printed
# milliseconds of section 1 as proof.
#
# **Ask.** For each wrong vote ask which row of section 1's table it violates: data, time, tuning, or the reading of a
# sample. They find it, and remember the row better than the answer.
#
# **On.** Whoever holds a slip with three right guesses reads them aloud now.
#
# </details>

# %%
quiz.ask("05_comparison")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary (1 min)
#
# 1. Equal: data, split, parameters ± 5 %, processor time, tuning, classifier, seeds, and the way of sampling. What is
#    drawn and what the likelihood counts are one model.
# 2. Each measure stands beside what real digits score. Precision does not see blur, sharpness does not see nonsense.
# 3. Independent runs: Welch's interval, one rule, a level that counts the claims. Two seeds tell little.
# 4. Supported: sharper GANs; VAEs that cover more, with smoother and better ordered codes. Undecided: Fréchet
#    distance and stability at the best rates. All of it depends on rate, time and β, and ten Gaussians beat most.
# 5. Choose by what you need: a likelihood, a code, samples. Any class with `sample` can join the bench.
#
# ## Discuss
#
# - Is it fair to count the encoder, which draws no sample? The discriminator? Argue both ways.
# - A colleague tunes a GAN for a week, runs the VAE at its defaults, and the GAN wins. What would you ask for?
# - Is a VAE's mean image a fair sample? For which use?
#
# Next: [lecture 06](06_ethics.ipynb) audits such models. A flow and a diffusion model join this bench in [lecture
# 08b](08b_diffusion.ipynb). [Assignment 05](../assignments/05_comparison/05_comparison.ipynb) has you write a bench
# yourself.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 3 min (45: 2)</summary>
#
# **Open.** "What would have to change so that your favorite wins? That is the summary."
#
# **Ask.** "A colleague tunes a GAN for a week and leaves the VAE at its defaults." What do you ask for? Equal tuning,
# say most; a few add seeds. Good: then the list of failed runs.
#
# **Misconception.** "So the mixture is the best generative model." On 8×8 digits with 1,077 images. It has no way to
# grow, as section 7 shows.
#
# **On.** We compared what models draw. Next: what they give away.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# **1.** Put *independent pixels* on the bench, each drawn from that pixel's training values. Where does it not lose?
#
# <details><summary>Solution</summary>
#
# ```python
# class Pixels(bench.Model):
#     def __init__(self, splits, seed):
#         self.x = splits.fit.flatten(1)
#
#     def sample(self, n, *, y=None, rng=None):
#         rows = torch.randint(len(self.x), (n, self.x.shape[1]), generator=rng)
#         return self.x.gather(0, rows).view(-1, *event)
#
#
# pixels, _ = bench.race([bench.Contender("pixels", Pixels, steps=1)], classifier, range(2), budget=3.0)
# print(bench.text(pixels, floor))
# ```
# It loses in Fréchet distance (about ten times the floor), in precision (0.7 to 0.85), recall (0.55 to 0.75) and
# sharpness (2). Not in classes: all ten are "drawn", since the classifier has no word for nonsense. Nor in near
# copies.
# </details>
#
# **2.** Does the classifier decide? Score the models of section 4 with another,
# `bench.classifier_of(splits, seed=1)`.
#
# <details><summary>Solution</summary>
#
# ```python
# judged = {}
# for seed in (0, 1, 2):
#     other = bench.classifier_of(splits, seed)
#     for name, model in trained.items():
#         judged[seed, name] = s = bench.scores(model, other, seed=0)
#         print(seed, name, *(f"{column} {s[column]:.2f}" for column in ("frechet", "precision", "recall")))
# ```
# Distances change, by a tenth to a third. Where two models differ by less, the classifier decides which one is ahead:
# report it, and never compare distances of two classifiers.
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 1 min (45: 1)</summary>
#
# **Open.** "Exercise 1 enters the most stupid contender. It does not lose everywhere; find out where."
#
# **Ask.** "Which column does a model of independent pixels win?" Nobody guesses classes: it 'draws' all ten, since
# the classifier has no word for nonsense.
#
# **Misconception.** "All classes are there" as proof of diversity. Exercise 2 asks next whether another classifier
# changes the order, and it does where models are close.
#
# **On.** The assignment has them write a small bench, with the verdict's rule.
#
# </details>

# %% [markdown]
# ## Further reading
#
# - M. Lucic, K. Kurach, M. Michalski, S. Gelly, O. Bousquet. *Are GANs Created Equal? A Large-Scale Study.*
#   NeurIPS 2018. [arXiv:1711.10337](https://arxiv.org/abs/1711.10337)
# - E. Richardson, Y. Weiss. *On GANs and GMMs.* NeurIPS 2018. [arXiv:1805.12462](https://arxiv.org/abs/1805.12462)
# - L. Theis, A. van den Oord, M. Bethge. *A Note on the Evaluation of Generative Models.* ICLR 2016.
#   [arXiv:1511.01844](https://arxiv.org/abs/1511.01844)
# - E. Nalisnick, A. Matsukawa, Y. W. Teh, D. Gorur, B. Lakshminarayanan. *Do Deep Generative Models Know What They
#   Don't Know?* ICLR 2019. [arXiv:1810.09136](https://arxiv.org/abs/1810.09136)
# - Y. Burda, R. Grosse, R. Salakhutdinov. *Importance Weighted Autoencoders.* ICLR 2016.
#   [arXiv:1509.00519](https://arxiv.org/abs/1509.00519)
# - A. Genz. *Numerical Computation of Multivariate Normal Probabilities.* J. Comput. Graph. Stat. 1, 1992.
#   [doi:10.1080/10618600.1992.10477010](https://doi.org/10.1080/10618600.1992.10477010)
# - B. L. Welch. *The Generalization of "Student's" Problem when Several Different Population Variances are Involved.*
#   Biometrika 34, 1947. [doi:10.1093/biomet/34.1-2.28](https://doi.org/10.1093/biomet/34.1-2.28)
# - M. B. Brown, A. B. Forsythe. *Robust Tests for the Equality of Variances.* J. Am. Stat. Assoc. 69, 1974.
#   [doi:10.1080/01621459.1974.10482955](https://doi.org/10.1080/01621459.1974.10482955)
# - T. Kynkäänniemi, T. Karras, S. Laine, J. Lehtinen, T. Aila. *Improved Precision and Recall Metric for Assessing
#   Generative Models.* NeurIPS 2019. [arXiv:1904.06991](https://arxiv.org/abs/1904.06991)
# - L. Mescheder, A. Geiger, S. Nowozin. *Which Training Methods for GANs do actually Converge?* ICML 2018.
#   [arXiv:1801.04406](https://arxiv.org/abs/1801.04406) (R1)
# - A. B. L. Larsen, S. K. Sønderby, H. Larochelle, O. Winther. *Autoencoding beyond pixels using a learned similarity
#   metric.* ICML 2016. [arXiv:1512.09300](https://arxiv.org/abs/1512.09300) (VAE-GAN)
# - A. Makhzani, J. Shlens, N. Jaitly, I. Goodfellow, B. Frey. *Adversarial Autoencoders.* 2015.
#   [arXiv:1511.05644](https://arxiv.org/abs/1511.05644)
# - J. Donahue, P. Krähenbühl, T. Darrell. *Adversarial Feature Learning.* ICLR 2017.
#   [arXiv:1605.09782](https://arxiv.org/abs/1605.09782) (BiGAN)
# - V. Dumoulin et al. *Adversarially Learned Inference.* ICLR 2017.
#   [arXiv:1606.00704](https://arxiv.org/abs/1606.00704) (ALI)
# - A. Razavi, A. van den Oord, O. Vinyals. *Generating Diverse High-Fidelity Images with VQ-VAE-2.* NeurIPS 2019.
#   [arXiv:1906.00446](https://arxiv.org/abs/1906.00446)
