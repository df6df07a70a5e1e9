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
# # 06 · Ethics, measured
#
# Deepfakes, privacy, bias, copies: each has a part that can be measured. This page measures it on models that train
# here, says what the number does not settle, and fills a model card.
#
# **You will be able to**
# 1. test a detector on a generator it has not seen, and say what signing and watermarks add;
# 2. mark images with a key, calibrate the false-alarm rate, and forge the mark;
# 3. run a membership-inference attack, and say what synthetic data protect;
# 4. measure what a model makes of a skewed training set, and what the mitigation costs;
# 5. set limits before a measurement, justify a threshold for near copies, and write a model card.
#
# **Time:** 98 minutes in two sessions (61 and 37; the break is marked), and 36 of depth, marked ▸, which folds away
# and which nothing else needs. Estimated: words / 130, half a minute a figure or printed table, a minute for 6 lines
# of code, 2 for a prediction or quiz question, 4 for an explorer; exercises and the debate of section 7 (25) come on
# top. The page runs in about a minute on a laptop.
#
# **Before:** lectures [02](02_gmm.ipynb), [03](03_vae.ipynb) and [04](04_gan.ipynb). **After:** [assignment
# 06](../assignments/06_ethics/06_ethics.ipynb), then [lecture 07](07_evaluation.ipynb).

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 4 min (45: 2)</summary>
#
# **Prepare.** Run the whole page before the class. Two sessions are better: the break is marked, and the debate of
# section 7 then takes the last 25 minutes. In one go, as timed here, law and energy (depth) stay at home. The legal
# part says what texts say; it is no legal advice.
#
# **Open.** "Which of these worries can be measured: deepfakes, privacy, bias, stolen art? Raise your hand four
# times."
#
# **Misconception.** "Ethics is opinion." Each topic has a part with a number and an interval, and a part that no
# number settles; say at each slide which is which.
#
# **On.** So fix the limits before any number is known.
#
# </details>

# %% slideshow={"slide_type": "skip"}
import time
from datetime import date

import numpy as np
import torch
from scipy import stats
from sklearn.mixture import GaussianMixture
from torch.nn import functional as F

from course_utils import data, losses, metrics, models, plotting, training
from course_utils.labs.ethics import model_card, plots, watermark
from course_utils.labs.ethics.shares import corrected_share
from course_utils.metrics import intervals, neighbors, roc
from course_utils.models import ensemble
from course_utils.training import one_thread, seeded
from course_utils.training.gan import GAN, GANConfig
from course_utils.widgets import quiz
from course_utils.widgets.sweep import Level, corruption_explorer

DATASET = "digits"  # or "mnist", "fashion_mnist": two minutes and 1.2 GB; numbers in the text are for the digits
SEEDS, LEVELS = range(3), 17  # gray levels
one_thread()  # small networks are 5–20 times slower with two threads that wait for each other

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · The models, and the limits (14 min)
#
# Training sets of 770 digits. **fair**: 77 of each digit. **skewed**: 140 each of 0 to 4, the *common* digits, and 14
# each of 5 to 9, the *rare* ones. **reweighted**: the skewed images, but a rare one is drawn ten times as often: the
# usual mitigation. **no rare**: the 700 common ones alone, a control for section 4. On each, three kinds of model
# learn from three seeds: 36 models.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 9 min (45: 4)</summary>
#
# **Open.** "Before the exam, write down the grade at which you fail. Here are ours."
#
# **Ask.** "A watermark with 1 % false alarms, a limit of 2 %: how often does it pass on 360 images?" They say always.
# The print says 12 %: a limit has a power.
#
# **Click.** Show the cell of the limits and write the five numbers on the board; they must not be touched until
# section 6. Then the grid: real, mixture, VAE, GAN.
#
# **Misconception.** "Bias comes from the data alone." We train on fair, skewed and reweighted sets, and on one
# without the rare group, so as to tell data and model apart.
#
# **On.** First worry: fakes.
#
# </details>


# %%
def load(split, limit):
    images, labels = data.images(DATASET, split, limit=limit)
    images = F.avg_pool2d(images, 2) if images.shape[-1] > 16 else images  # 28×28 to 14×14: a full Σ stays small
    return watermark.rounded(images, LEVELS), labels


(x, y), (x_test, y_test) = load("train", 1_440), load("test", 360)
EVENT, PIXELS = x.shape[1:], x[0].numel()
FAIR, SKEWED, KINDS = [77] * 10, [140] * 5 + [14] * 5, ("fair", "skewed", "reweighted", "no rare")


def subset(counts, seed):
    shuffled = [torch.where(y == digit)[0] for digit in range(10)]
    shuffled = [rows[torch.randperm(len(rows), generator=seeded(seed))] for rows in shuffled]
    return torch.cat([rows[:count] for rows, count in zip(shuffled, counts, strict=True)])


# %%
skewed = [subset(SKEWED, seed) for seed in SEEDS]
chosen = torch.stack([subset(FAIR, seed) for seed in SEEDS] + 3 * skewed)  # (12, 770): three runs of each kind
train, rare_train = x[chosen], y[chosen] >= 5  # (12, 770, 1, 8, 8)
weights = torch.ones(chosen.shape)
weights[6:9][rare_train[6:9]] = SKEWED[0] / SKEWED[-1]
weights[9:][rare_train[9:]] = 0
fresh = [torch.ones(len(x), dtype=torch.bool).index_fill(0, rows, False) for rows in chosen]  # not seen in training
SHARE = rare_train[3].double().mean().item()  # of the rare in the skewed sets

# %% [markdown]
# **Limits come before the measurement**, or the result chooses them. Our candidate for release is the reweighted VAE
# of the first seed. A harmless model should mostly keep a limit: that is its *power*.

# %%
LIMITS = {"precision": 0.8, "rare share": (0.4, 0.6), "near copies": 0.03, "membership AUC": 0.65, "false alarms": 0.04}


def power(limit, rate=0.01, n=360):
    """P(the 95 % interval's upper bound keeps the limit), if the true rate of false alarms is 1 %."""
    kept = [count for count in range(n // 10) if intervals.wilson_interval(count, n)[1] <= limit]
    return stats.binom.pmf(kept, n, rate).sum()


rng, few = np.random.default_rng(0), int((y_test >= 5).sum())
blind = [roc.auc(rng.normal(size=rare_train[6].sum()), rng.normal(size=few)).high for _ in range(500)]
auc_power = {limit: np.mean(np.array(blind) <= limit) for limit in (0.6, 0.65)}
print("watermark, false alarms at most:", ", ".join(f"{limit:.0%}: {power(limit):.2f}" for limit in (0.02, 0.03, 0.04)))
print("membership AUC at most:", ", ".join(f"{limit}: {value:.2f}" for limit, value in auc_power.items()))

# %% [markdown]
# With 360 test images, a watermark that keeps its promised 1 % would pass "at most 2 %" in one case of eight. So the
# limit is 4 %; for the AUC it is 0.65. Stricter limits need more data.
#
# Now train: lecture 03's VAE with β = ¼, since gray levels are no coin flips, lecture 04's GAN with the R1 penalty,
# and mixtures of ten components.


# %%
def stacked(make, runs):
    networks = []
    for seed in range(runs):
        torch.manual_seed(seed)
        networks.append(make())
    return ensemble.stack(networks)  # side by side: each its own weights and its own images


def objective(vae, x, rng):
    x_logits, mu, logvar = vae(x, rng)
    log_px_z, kl = losses.log_bernoulli(x, x_logits, batch_dims=2), losses.kl_standard_normal(mu, logvar, batch_dims=2)
    return losses.elbo(log_px_z, kl, beta=0.25)


def train_vaes(x, steps, **options):
    vaes = stacked(lambda: models.VAE(EVENT, latent=8, hidden=128), len(x))
    training.fit(vaes, lambda vae, x, rng: {"loss": -objective(vae, x, rng).mean(-1)}, x, steps=steps, **options)
    return vaes


# %%
started = time.process_time()
vaes = train_vaes(train, 1000, weights=weights, description="twelve VAEs")
vae_seconds = (time.process_time() - started) / len(train)


def draw(n, rng):
    rows = torch.multinomial(weights, n // len(train), replacement=True, generator=rng)
    return (train[torch.arange(len(train))[:, None], rows].flatten(0, 1),)


G = stacked(lambda: models.Generator(EVENT, hidden=128), len(train))
D = stacked(lambda: models.Discriminator(EVENT, hidden=128), len(train))
gan = GAN(G, D, draw, GANConfig(lr=2e-3, average=0.99, r1=3.0))
gan.train(1500, decay=True, description="twelve GANs")


# %%
def fit_mixture(images, k=10, seed=0, reg_covar=1e-3):
    return GaussianMixture(k, reg_covar=reg_covar, random_state=seed).fit(images.flatten(1).numpy())


def from_mixture(mixture, n):
    drawn = torch.from_numpy(mixture.sample(n)[0]).float()[torch.randperm(n, generator=seeded(0))]  # else sorted
    return drawn.unflatten(1, EVENT).clamp(0, 1)


drawn_rows = [
    torch.multinomial(w, len(w), replacement=run >= 6, generator=seeded(run)) for run, w in enumerate(weights)
]
mixtures = [fit_mixture(train[run, rows], seed=run) for run, rows in enumerate(drawn_rows)]

# %% [markdown]
# Real pixels have 17 gray levels. We round what is generated: otherwise a detector could read the file format.

# %%
N = 2_000
drawn = {"GMM": torch.stack([from_mixture(m, N) for m in mixtures]), "VAE": vaes.sample(N, rng=seeded(0))}
drawn["GAN"] = gan.averaged.sample(N, rng=seeded(0))
samples = {name: watermark.rounded(images, LEVELS) for name, images in drawn.items()}
shown = torch.cat([x_test[:10], *[images[0, :10] for images in samples.values()]])
plotting.image_grid(shown, title="Real test digits, and what the fair models draw", row_labels=["real", *samples])

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · Misuse: deepfakes and fake news (29 min)
#
# A **deepfake** is an image, sound or film that shows real people or events as they never were. Three harms.
# **Intimate images made without consent**, 96 % of the deepfake videos in a count of 2019, and of women (Ajder et al.
# 2019), and abuse images of children: the EU bans AI systems that make either from 2 December 2026 (AI Act, Article
# 5, as amended by Regulation (EU) 2026/1744). **Deception**: over 56 papers people spot fakes with an accuracy of
# 55.5 %, 95 % interval 48.9 to 62.1 % (Diel et al. 2024). And the **liar's dividend** (Chesney & Citron 2019): a true
# report can be denied as a fake. That helped politicians against text reports, hardly against video (Schiff et al.
# 2025).
#
# Three technical answers: **detect** the fake, **mark** what a model makes, **sign** what a camera makes (C2PA,
# *Content Credentials*): a signature says who vouches, and is easily dropped. None undoes the first harm: there a
# perfect label changes little.
#
# ### Lab 1a · A detector meets a new generator
#
# **Predict first.** A detector learns real digits against those of *one* generator, and has an AUC above 0.9. What is
# it on the other two? And if it trains on two of them, does it find the third?

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 20 min (45: 11)</summary>
#
# **Open.** "You train a detector on one forger. What is it worth against the next?"
#
# **Ask.** Hands for 0.9, 0.7, 0.5. The table: 0.9 and more at home, from mixture to VAE too, on an unseen GAN 0.5 to
# 0.7. Before the watermark: which attack breaks it first?
#
# **Click.** The sweep's panels: a crop of two pixels and regeneration remove the mark, and after the second most
# digits are still read. Then the forgery: ten marked images suffice.
#
# **Misconception.** "99 % right." With one fake in 1,000 and 1 % false alarms, ten of eleven alarms are false. And
# deepfake videos are no GAN monopoly: the classic face swap is one encoder with two decoders.
#
# **On.** Fakes hurt the shown. Who hurts the donors of the data?
#
# </details>


# %%
def detector(fakes, seed):
    real = x[fresh[seed]]  # no generator has seen these
    label = (torch.arange(len(real) + len(fakes)) >= len(real)).long()
    return metrics.train_classifier(torch.cat([real, fakes]), label, epochs=40, seed=seed)


def fakeness(player, images):
    return metrics.embed(player, images).probabilities[:, 1]


# %%
trained_on = {"GMM": ["GMM"], "VAE": ["VAE"], "GAN": ["GAN"], "GMM + VAE": ["GMM", "VAE"]}
areas, with_bounds = {}, {}
for known, names in trained_on.items():
    for seed in SEEDS:
        n = len(x[fresh[seed]]) // len(names)
        player = detector(torch.cat([samples[name][seed, :n] for name in names]), seed)
        for asked in samples:
            with_bounds[known, asked] = roc.auc(
                fakeness(player, samples[asked][seed, 1000:1360]), fakeness(player, x_test)
            )
            areas.setdefault((known, asked), []).append(with_bounds[known, asked].value)
print("one of them with its 95 % interval: trained on the GMM, asked about the GAN,", with_bounds["GMM", "GAN"])

# %%
plots.auc_table(areas, title="A detector's AUC: mean and range of three seeds", alt=(
    "Table of AUC by training and asked generator. On its own generator it is 0.9 or more, and so it is from GMM to "
    "VAE; on a GAN that it has not seen it lies between 0.5 and 0.7, also when trained on the two others."
))  # fmt: skip

# %% [markdown]
# On its own generator the AUC is at least 0.9. Elsewhere it depends on the pair: from mixture to VAE hardly anything
# is lost, on an unseen GAN 0.5 to 0.7 is left, and two known generators do not mend that. Wang et al. (2020) found
# detectors that carry over "for now", among generators with shared flaws.
#
# > **Common error: "our detector is right in 99 % of cases."** On which generators? And how rare are fakes? With 1 %
# > false alarms, and one fake among 1,000 images, found for certain, ten of eleven alarms are false.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Lab 1b · A watermark, and how little breaks it
#
# **Spread spectrum** (Cox et al. 1997). The key decides a pattern $p$, half of the pixels +1 and half −1; the mark is
# $x + \varepsilon p$ with $\varepsilon = 0.05$. To find it, correlate with $p$. But digits vary by far more than
# $\varepsilon$, in some directions much more than in others: that is their covariance $\Sigma$. Its inverse
# $\Sigma^{-1}$ weighs each direction down by how much digits vary in it anyway:
#
# $$s(x) = p^\top \Sigma^{-1} x, \qquad z = \frac{s - \mathrm{mean}(s)}{\mathrm{sd}(s)}, \qquad
#   \text{false alarms} = 1 - \Phi(t) \;\text{ for the rule } z > t.$$
#
# Mean and sd are those of unmarked images *that did not estimate* $\Sigma$.

# %%
key, unseen = watermark.key_pattern(4, EVENT), x[fresh[0]]
made = watermark.rounded(drawn["VAE"][0])  # by the fair VAE, 256 gray levels
marked = watermark.embed(made, key)
finder = watermark.Detector(key, train[0], unseen, fpr=0.01)
Sigma = torch.cov(train[0].flatten(1).double().T) + 0.05**2 * torch.eye(PIXELS).double()
direction = torch.linalg.solve(Sigma, key.flatten().double())
s_marked, s_unseen = (images.flatten(1).double() @ direction for images in (marked, unseen))
torch.testing.assert_close((s_marked - s_unseen.mean()) / s_unseen.std(), finder.score(marked))  # the tested twin

# %%
plain, reference = ((images * key).flatten(1).sum(1) for images in (marked, unseen))  # correlation without Σ
naive = ((plain - reference.mean()) / reference.std() > finder.threshold).float().mean().item()
keys = [watermark.key_pattern(number, EVENT) for number in range(50)]
false_alarms = {}
for name, images in {"other real images": lambda seed: x[fresh[seed]], "those behind Σ": lambda seed: train[seed],
                     "generated images": lambda seed: drawn["VAE"][seed]}.items():  # fmt: skip
    finders = [watermark.Detector(k, train[seed], images(seed)) for seed in SEEDS for k in keys]
    false_alarms[name] = np.mean([each.found(x_test).double().mean() for each in finders])
found = finder.found(marked).float().mean().item()
print(f"found with Σ: {found:.1%} of the marked, without Σ: {naive:.1%}")
for name, rate in false_alarms.items():
    print(f"promised 1 %, calibrated on {name:18s} {rate:.1%} false alarms on test digits, mean of 150")

# %% [markdown]
# Without $\Sigma$ the digit drowns the pattern. With it nearly all marks are found, and the promised 1 % holds about,
# *if* other real images calibrated it. The images behind $\Sigma$ give more, generated ones many times as much.

# %%
rows = {"made": made, "marked": marked, "difference × 5": 0.5 + 5 * (marked - made)}
shown = torch.cat([images[:10] for images in rows.values()])
plotting.image_grid(shown, title="The mark of strength 0.05, and the difference", row_labels=list(rows))

# %% [markdown]
# **Predict first.** Which breaks the mark first: noise, fewer gray levels, blur, a shift by one pixel, a cropped
# frame, or a passage through somebody else's autoencoder (*regeneration*, Zhao et al. 2024)? After which does a
# *classifier* still read the digit?


# %%
def regenerated(images, share):
    z = vaes.encode(images.expand(len(train), *images.shape))[0]
    return watermark.rounded((1 - share) * images + share * vaes.decode(z)[1].sigmoid().detach())  # of another seed


ATTACKS = {
    "noise": lambda images, s: (watermark.noisy(images, 0.3 * s), f"sd {0.3 * s:.2f}"),
    "gray levels": lambda images, s: (watermark.rounded(images, (n := round(256 ** (1 - s) * 2**s))), f"{n} levels"),
    "blur": lambda images, s: (watermark.blurred(images, s), f"{s:.2f} pixels"),
    "shift": lambda images, s: (watermark.shifted(images, s), f"{s:.2f} pixels"),
    "crop": lambda images, s: (watermark.cropped(images, 2 * s), f"{2 * s:.2f} pixels"),
    "regeneration": lambda images, s: (regenerated(images, s), f"{s:.0%}"),
}

# %%
classifier = metrics.train_classifier(x, y)
digit = metrics.embed(classifier, made).probabilities.argmax(1)


def measure(attack, strength):
    attacked, label = attack(marked, strength)
    read = metrics.embed(classifier, attacked).probabilities.argmax(1)
    return Level(label, attacked[:20], {
        "mark found": finder.found(attacked).float().mean().item(),
        "digit still read": (read == digit).float().mean().item(),
        "false alarms": finder.found(attack(x_test, strength)[0]).float().mean().item(),
    })  # fmt: skip


sweep = {kind: [measure(attack, s) for s in np.linspace(0, 1, 10)] for kind, attack in ATTACKS.items()}
plots.sweep_picture(sweep, title="What breaks a watermark", alt=(
    "Six attacks. The pattern survives noise, rounding and blur in part, and is lost under a crop of two pixels and "
    "under full regeneration, where most digits are still read. Strong noise and a shift raise the false alarms."
))  # fmt: skip

# %% [markdown]
# How much the pattern bears depends on the key. Under each, rounding costs little, and a frame of two pixels or full
# regeneration leaves no more than chance. After the first hardly a digit is read; after the second most still are:
# the autoencoder redraws the digit and not the pattern. Strong noise or a shift raises false alarms: what is found
# without a mark is no finding.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Removal and forgery.** Someone collects $n$ marked images and some real ones. The difference of the means is the
# pattern; it can be subtracted, or added to a *real* photograph.

# %%
stolen = {}
print("    n  pixels of the key right   found after removal   real digits taken for marked")
for n in (10, 100, 1000):
    guess = watermark.estimated_pattern(marked[:n], unseen)
    guess = torch.where(guess > guess.median(), 1.0, -1.0)
    removed = finder.found(watermark.embed(marked[1000:], -guess)).float().mean().item()
    forged = finder.found(watermark.embed(x_test, guess)).float().mean().item()
    stolen[n] = (guess == key).float().mean().item(), removed, forged
    print(f"{n:5d} {stolen[n][0]:17.0%} {removed:25.0%} {forged:25.0%}")

# %% [markdown]
# Ten images are enough: seven of ten pixels are right or more, nothing is found after removal, and most forgeries
# pass. A removed mark hides a fake, a forged one discredits a true picture.
#
# > **Common error: "a watermark proves who made it."** It is evidence, at a stated false-alarm rate, that someone who
# > knows the pattern handled the image.

# %%
quiz.ask("06_ethics", 1, 2)

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · The sweep in your hand, a signature, and low bits (10 min)
#
# All is looked up in the sweep. Gray: found in real, unmarked images.

# %% tags=["depth"]
floor = {"mark found": intervals.wilson_interval(int(finder.found(x_test).sum()), len(x_test))}
corruption_explorer(sweep, floor, title="What is found (gray: in real images)")

# %% [markdown] tags=["depth"]
# **A signature.** The C2PA standard signs who made or edited a file, with what, and a hash of the content. It says
# who vouches, not whether the scene is true, and software that does not know it drops it; so C2PA adds a watermark,
# to find it again. A toy, with a shared key in place of certificates:

# %% tags=["depth"]
import hashlib
import hmac

SECRET = b"held by the camera"


def sign(image):
    return hmac.new(SECRET, image.numpy().tobytes(), hashlib.sha256).hexdigest()


def check(image, credential):
    if credential is None:
        return "no credential: nothing is known"
    return "intact" if hmac.compare_digest(sign(image), credential) else "changed since it was signed"


photo = watermark.rounded(x_test[0])
credential, touched = sign(photo), photo.clone()
touched[0, 4, 4] += 1 / 255
for name, case in {"as signed": (photo, credential), "one gray level": (touched, credential)}.items():
    print(f"{name:20s} {check(*case)}")
print(f"{'credential removed':20s} {check(photo, None)}")

# %% [markdown] tags=["depth"]
# **Low bits**: of each pixel's eight bits, set the last one as the key says, and count matches. For coin flips the
# false-alarm rate is an exact binomial tail; the last bits of real digits are no coin flips.

# %% tags=["depth"]
with_bits, needed = watermark.embed_bits(made, key), watermark.bits_needed(PIXELS, 0.01)


def has_bits(images):
    return (watermark.matching_bits(images, key) >= needed).float().mean().item()


bits_left = {kind: has_bits(attack(with_bits, 1 / 9)[0]) for kind, attack in ATTACKS.items()}
print(f"found {has_bits(with_bits):.0%}, in real test digits {has_bits(x_test):.1%}; after a ninth of each attack:")
print(" · ".join(f"{kind} {share:.0%}" for kind, share in bits_left.items()))

# %% [markdown] tags=["depth"]
# Nobody sees the low bits, and a little noise or rounding takes most of them away.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · Privacy: who was in the training set? (16 min)
#
# ### Lab 2 · Memorization audit and membership inference
#
# That a person's scan was among those of a disease can be a secret. A **membership-inference attack** gives each
# image a score and says "member" above a threshold.
#
# - **score**: the model's log-likelihood, or a VAE's objective, averaged over ten draws of $z$. Needs the model.
# - **calibrated**: minus the score by a *reference model* that learned other images, since some digits are easy for
#   all (Watson et al. 2022).
# - **samples only**: minus the distance to the nearest of 2,000 generated images (after Chen et al. 2020). Needs only
#   what was published.
#
# The AUC is P(member scores higher than non-member), with DeLong's interval (1988). An average hides the few who are
# found for certain, so we add the share found at 1 % false alarms (Carlini et al. 2022), and **near copies**: samples
# nearer to a member than all but 1 % of the non-members are. Members, non-members and reference images are 450 each,
# at random.
#
# **Predict first.** A mixture with 100 components is overfitted; one with 10 drew the decent digits above. What AUC
# does it have?

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 15 min (45: 9, tour: 3)</summary>
#
# **Open.** "The model draws no copy of you. Does that mean nobody can tell that you were in the data?"
#
# **Ask.** A mixture of ten, decent digits, hardly a near copy: what AUC has the attack? The hall says 0.5 to 0.6. It
# is above 0.9.
#
# **Picture.** A teacher who recites no pupil's essay, but nods faster at those she has read.
#
# **Click.** The ROC curves, from the corner to the diagonal: mixture of 100, of ten, and the VAE on 450 images. Then
# the table's last row.
#
# **Misconception.** "Synthetic data are private by nature." For the mixture of ten publishing samples only helps,
# down to 0.6–0.67; for the VAE on 100 images not at all. A guarantee is differential privacy, and costs quality.
#
# **On.** Who pays most? The few.
#
# </details>

# %%
everyone = torch.cat([x, x_test])
orders = [torch.randperm(len(everyone), generator=seeded(seed)) for seed in SEEDS]
members, others, reference = (torch.stack([everyone[o[i : i + 450]] for o in orders]) for i in (0, 450, 900))
ATTACK_NAMES = ("score", "calibrated", "samples only")


def attacks(target, calibration, drawn, member, other):
    """Scores (of members, of others) for each attack, from those by the model and by a reference model."""
    calibrated = [by_model - by_other for by_model, by_other in zip(target, calibration, strict=True)]
    flat = [images.flatten(1) for images in (drawn, member, other)]
    near = [-metrics.nearest_neighbors(images, flat[0])[0] for images in flat[1:]]
    return dict(zip(ATTACK_NAMES, (target, calibrated, near), strict=True)), metrics.memorization(*flat).near_copies


# %%
results = {}
for k, reg_covar in ((100, 1e-3), (10, 1e-3), (1, 1e-2)):
    for seed in SEEDS:
        pools = members[seed], others[seed]
        fits = [fit_mixture(images[seed], k, seed, reg_covar) for images in (members, reference)]
        scores = [[torch.from_numpy(fit.score_samples(pool.flatten(1))) for pool in pools] for fit in fits]
        audit = attacks(*scores, from_mixture(fits[0], N), *pools)
        results.setdefault(f"GMM, {k} component{'s'[: k > 1]}", []).append(audit)


# %% [markdown]
# One VAE learns 100 images for 1,000 steps, another 450 for 300.


# %%
@torch.no_grad()
def score(vaes, x):
    rng = seeded(0)
    return sum(objective(vaes, x, rng) for _ in range(10)) / 10


for n, steps in ((100, 1000), (450, 300)):
    both = train_vaes(torch.cat([members[:, :n], reference[:, :n]]), steps, description=f"VAEs on {n} images")
    inside, outside = score(both, members[:, :n].repeat(2, 1, 1, 1, 1)), score(both, others.repeat(2, 1, 1, 1, 1))
    published = both.sample(N, rng=seeded(0))
    for seed in SEEDS:
        scores = [(inside[run], outside[run]) for run in (seed, seed + 3)]
        audit = attacks(*scores, published[seed], members[seed, :n], others[seed])
        results.setdefault(f"VAE, {n} images", []).append(audit)


# %%
def spread(measure):
    return {(name, attack): [measure(*scores[attack]) for scores, _ in runs]
            for name, runs in results.items() for attack in ATTACK_NAMES}  # fmt: skip


auc_of, tpr_of = spread(lambda *scores: roc.auc(*scores).value), spread(roc.tpr_at_fpr)
copies = {name: [near for _, near in runs] for name, runs in results.items()}
for title, table, form in (("AUC of three seeds", auc_of, "{:.2f} to {:.2f}"),
                           ("found at 1 % alarms", tpr_of, "{:.0%} to {:.0%}")):  # fmt: skip
    print(f"{title:20s}", *[f"{name:>14s}" for name in ATTACK_NAMES])
    for name in results:
        cells = [form.format(min(table[name, a]), max(table[name, a])) for a in ATTACK_NAMES]
        print(f"{name:20s}", *[f"{cell:>14s}" for cell in cells])
print("near copies:", " · ".join(f"{name} {min(c):.1%} to {max(c):.1%}" for name, c in copies.items()))
print("VAE, 450 images, first seed, score:", roc.auc(*results["VAE, 450 images"][0][0]["score"]))

# %%
curves = {name: roc.roc_curve(*runs[0][0]["score"]) for name, runs in results.items()}
plots.roc_picture(curves, title="Who was in the training set? The score, first seed", alt=(
    "ROC curves. The mixture of 100 finds all members without a false alarm, that of ten most of them; the VAE on 450 "
    "images lies on the diagonal."
))  # fmt: skip

# %% [markdown]
# - **Overfitted.** With 100 components the score finds every member; a fifth or more of its samples are near copies.
# - **It looks fine and is not.** The mixture of ten draws hardly a near copy, and has an AUC above 0.9.
# - **Well fitted.** For the VAE on 450 images score and calibrated attack lie between 0.48 and 0.6. On the mixture of
#   one the *calibrated* attack finds clearly more than the score.
#
# **Synthetic data.** Publishing samples of the mixture of ten, and not the model, takes the AUC from above 0.9 to
# between 0.6 and 0.67. For the VAE on 100 images it does *not* help: samples say as much or more.
#
# > **Common error: "AUC 0.5 means private."** It means that *this* attack failed on average. Another may succeed, on
# > all or on a few. And the best of three attacks on the same images is part luck: name yours first, or confirm it on
# > new images.
#
# > **Common error: "synthetic data are anonymous."** What is no copy can still tell who was there (Stadler et al.
# > 2022). The European Data Protection Board (Opinion 28/2024) wants anonymity shown case by case.
#
# A guarantee needs **differential privacy** (Abadi et al. 2016): each image's gradient is *clipped* to a fixed norm,
# and noise in proportion to that norm is added. Then *every* attack obeys found ≤ $e^\epsilon$ · false alarms + δ, at
# a cost in quality.

# %%
quiz.ask("06_ethics", 3)

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · DeLong's interval, and how many images help (4 min)
#
# The interval's variance is that of each image's share of wins:

# %% tags=["depth"]
V, W = torch.randn(60, generator=seeded(0)) + 1, torch.randn(80, generator=seeded(1))
wins = (V[:, None] > W).double()
half = 1.96 * (wins.mean(1).var() / 60 + wins.mean(0).var() / 80).sqrt()
print(f"page: {wins.mean():.2f} ({wins.mean() - half:.2f} to {wins.mean() + half:.2f})")
print("course_utils:", roc.auc(V, W))

# %% tags=["depth"]
sizes, by_size = [100, 200, 400, 800, 1300], []
for seed, order in enumerate(orders):
    held_out = everyone[order[sizes[-1] :]].flatten(1)
    fits = [fit_mixture(everyone[order[:n]], seed=seed) for n in sizes]
    pools = [(everyone[order[:n]].flatten(1), held_out) for n in sizes]
    by_size.append([roc.auc(*map(f.score_samples, pool)).value for f, pool in zip(fits, pools, strict=True)])
figure, ax = plotting.picture(height=3.0, title="A mixture of ten: who was there, by training images", alt=(
    "The AUC of the score falls from 1 at 100 images to about 0.7 at 1,300."
))  # fmt: skip
ax.plot(sizes, np.transpose(by_size), "o-", color=plotting.COLORS[1])
ax.set(xlabel="training images", ylabel="AUC of the score, three seeds", ylim=(0.45, 1.02))
figure

# %% [markdown] tags=["depth"]
# More training images help, slowly: 1,300 still leave about 0.7.

# %% [markdown] slideshow={"slide_type": "slide"}
# **Session 1 ends here.** Session 2 asks what becomes of the few, who owns what, and whether to release.
#
# ## 4 · Bias: what becomes of the rare digits? (16 min)
#
# ### Lab 3 · Class shares under a skewed training set
#
# In the skewed sets 9.1 % of the images are rare digits. A model may *keep* that share, make it smaller (*amplify*
# the skew) or *lose* the group. Text-to-image models amplify stereotypes (Bianchi et al. 2023).
#
# The classifier reads the samples, and errs. If it finds a share $f$ of rare digits and takes a share $a$ of common
# ones for rare, then a share $q$ read as rare means (Rogan & Gladen 1978)
#
# $$q = f\,s + a\,(1 - s) \quad\Rightarrow\quad s = \frac{q - a}{f - a}.$$
#
# But $f$ and $a$ of *which* images? Generated ones often lie *between* digits, and the classifier must call them
# something. The models that never saw a rare digit are the control: whatever is read as rare there is an error, so
# their reading *is* $a$, for images of their kind.
#
# **Predict first.** What share of rare digits is read in images of a VAE that has never seen one?

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 14 min (45: 8, tour: 3)</summary>
#
# **Open.** "A model saw no 7 in its life. How many of its images are read as rare digits?"
#
# **Ask.** Guesses: zero. The print says several percent for VAE and GAN. That is the judge's error on *generated*
# images, and without this control the verdict turns around.
#
# **Click.** The two panels: on the left the skewed VAE seems to mend the skew, on the right it lies near 9 %, the GAN
# below. Then the costs of reweighting: recall up, near copies up, membership AUC of the rare above 0.7.
#
# **Misconception.** "Generating more of the rare cures imbalance." A weight shows 14 images more often; it makes no
# fifteenth.
#
# **On.** Near copies: when is it a copy?
#
# </details>


# %%
def read_rare(images):
    return metrics.embed(classifier, images).probabilities.argmax(1) >= 5


read = {(name, kind): [read_rare(samples[name][3 * i + seed]).double().mean().item() for seed in SEEDS]
        for name in samples for i, kind in enumerate(KINDS)}  # fmt: skip
found_rare, invented_rare = (read_rare(x_test[(y_test >= 5) == rare]).double().mean().item() for rare in (True, False))
invented = {name: np.mean(read[name, "no rare"]) for name in samples}
AIMS = {"fair": 0.5, "skewed": SHARE, "reweighted": 0.5}
by_test = {(n, k): [corrected_share(q, found_rare, invented_rare) for q in read[n, k]] for n in samples for k in AIMS}
by_control = {(n, k): [corrected_share(q, found_rare, invented[n]) for q in read[n, k]] for n in samples for k in AIMS}

# %%
print(f"rare digits in the skewed training set: {SHARE:.1%}")
print(f"taken for rare: {invented_rare:.1%} of common test digits;", end=" ")
print("without any rare in training:", ", ".join(f"{name} {share:.1%}" for name, share in invented.items()))
for name in samples:
    cells = [f"{min(s[name, 'skewed']):5.1%} to {max(s[name, 'skewed']):5.1%}" for s in (by_test, by_control)]
    print(f"skewed {name}: corrected by test digits {cells[0]}, by the control {cells[1]}")

# %%
panels = {"error a of real test digits": by_test, "error a of models without rare digits": by_control}
plots.share_picture(panels, AIMS, title="Share of rare digits, three seeds each", alt=(
    "Dots of shares. By test digits the skewed VAE lies far above the share in the data, GMM and GAN near it. By the "
    "control the GMM lies at it, the VAE near it and the GAN below. Fair and reweighted models are near one half."
))  # fmt: skip

# %% [markdown]
# **The verdict turns with the control.** By test digits the skewed VAE seems to *mitigate* the skew. But a VAE and a
# GAN without any rare digit are read as several percent rare. With that taken off, the mixture keeps the share, the
# VAE draws about as much or up to six tenths more, and the GAN draws *less* than 9.1 % on every seed: it amplifies,
# if it errs like its control. Nothing is lost at ten to one.
#
# **Mitigation.** Reweighting brings all three near one half. What does it cost? *Precision* is the share of drawn
# rare digits that lie among real ones, *recall* the share of real ones among the drawn, in the classifier's features;
# recall grows with the number drawn, so it is equal.


# %%
as_rare = {(name, run): samples[name][run][read_rare(samples[name][run])] for name in samples for run in range(3, 9)}
n_rare, real_rare = min(map(len, as_rare.values())), x_test[y_test >= 5]


def rare_quality(name, run):
    """Precision and recall of n_rare samples read as rare, and near copies of the run's rare images among all."""
    drawn, seen = as_rare[name, run], train[run][rare_train[run]]
    near = metrics.prdc(*[metrics.embed(classifier, s).features for s in (real_rare, drawn[:n_rare])])
    copied = metrics.memorization(*[s.flatten(1) for s in (drawn, seen, real_rare)]).near_copies
    return near.precision, near.recall, copied


inside, outside = score(vaes, train), score(vaes, x_test.expand(len(train), *x_test.shape))


def vae_membership(run, rare):
    return roc.auc(inside[run][rare_train[run] == rare], outside[run][(y_test >= 5) == rare])


# %%
costs, leaks = {}, {}
print(f"{n_rare} samples read as rare of each model:")
for kind, group in (("skewed", range(3, 6)), ("reweighted", range(6, 9))):
    for name in samples:
        costs[kind, name] = np.array([rare_quality(name, run) for run in group])
        ranges = zip(("precision", "recall", "near copies"), costs[kind, name].T, strict=True)
        words = [f"{word} {values.min():.2f} to {values.max():.2f}" for word, values in ranges]
        print(f"{kind:10s} {name}:", " · ".join(words))
    for who, rare in (("rare", True), ("common", False)):
        leaks[kind, who] = values = [vae_membership(run, rare).value for run in group]
        print(f"{kind:10s} VAE, membership AUC of {who} digits {min(values):.2f} to {max(values):.2f}")

# %% [markdown]
# The VAE's and the GAN's recall of rare digits rises. The price is paid by those whom it was meant to serve: 1 to
# 16 % of the mixture's rare digits, and up to 5 % of the VAE's, are near copies of the few there are, and the VAE now
# gives away who was among the rare images (AUC above 0.7), not among the common ones. A weight shows 14 images more
# often; it does not make more of them. Other mitigations (Choi et al. 2020) face the same 14; collecting data does
# not.

# %%
quiz.ask("06_ethics", 4)

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · "Count only what the classifier is sure of" (8 min)
#
# A tempting way out: drop what is unclear. Here is a generator whose share we know. Nine components learn the common
# digits, one the rare ones, as a mixture of ten with so few rare images may do, and we draw *exactly* 9.1 % rare.
#
# **Predict first.** What share is read, among all images and among those with a probability of 0.9 or more?


# %% tags=["depth"]
def sure_share(images, least):
    p, p_test = (metrics.embed(classifier, s).probabilities for s in (images, x_test))
    rates = [(s.argmax(1) >= 5)[s.max(1).values >= least].double().mean().item()
             for s in (p, p_test[y_test >= 5], p_test[y_test < 5])]  # fmt: skip
    return corrected_share(*rates)


exactly = round(N * SHARE)
readings = {least: [] for least in (0.0, 0.9)}
for seed in SEEDS:
    groups = [train[3 + seed][rare_train[3 + seed] == rare] for rare in (False, True)]
    parts = [fit_mixture(images, k, seed) for images, k in zip(groups, (9, 1), strict=True)]
    both = torch.cat([from_mixture(part, n) for part, n in zip(parts, (N - exactly, exactly), strict=True)])
    for least, shares in readings.items():
        shares.append(sure_share(watermark.rounded(both, LEVELS), least))
for least, shares in readings.items():
    print(f"probability at least {least}: {min(shares):.1%} to {max(shares):.1%} read, {exactly / N:.1%} true")

# %% tags=["depth"]
sure = {name: [sure_share(samples[name][run], 0.9) for run in range(3, 6)] for name in samples}
print("skewed models, sure readings:", ", ".join(f"{n} {min(s):.1%} to {max(s):.1%}" for n, s in sure.items()))
unsure = {}
for name in samples:
    p = metrics.embed(classifier, samples[name][3]).probabilities
    unsure[name] = samples[name][3][(p.argmax(1) >= 5) & (p.max(1).values < 0.7)][:10]
title = "Skewed models: read as rare, and not sure"
plotting.image_grid(torch.cat(list(unsure.values())), title=title, row_labels=list(unsure))

# %% [markdown] tags=["depth"]
# All images give about the true share, the sure ones about two thirds of it: blurry rare digits are dropped more
# often than clear common ones. So a sure reading below 9.1 %, which mixture and GAN have, shows *fewer or worse* rare
# images, and cannot tell which. That the few get worse images is a finding, too; it is not a share.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · Intellectual property: when is it a copy? (7 min)
#
# ### Lab 4 · A near-copy detector with a justified threshold
#
# When is an image too near to a training image? Ask how near *new real* digits come. Sort the $n$ distances of
# held-out real digits to the training set, and take the $k$-th smallest as threshold,
# $k = \lfloor 0.01\,(n + 1) \rfloor$. The chance that another real digit falls below is then
# $\mathrm{Beta}(k,\, n + 1 - k)$ distributed, with mean $k / (n + 1)$, whatever the distances' law. So the threshold
# comes with an interval of its false-alarm rate.
#
# And "near" needs a distance: **pixels**; **shifts**, the best of nine moves by one pixel; **shifts + brightness**,
# all images scaled to the same norm first.
#
# **Predict first.** A copy that is moved by one pixel, or printed paler: which distance notices?

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 6 min</summary>
#
# **Open.** "Is a mirrored, paler print of her drawing still her drawing? Vote. Now write the distance that agrees
# with you."
#
# **Ask.** Which of the three distances notices a shift by one pixel, which a paler print? They guess pixels for both.
# The pixel distance finds neither.
#
# **Click.** Read down the printed block: exact 100 % everywhere; shift only from the second on; paler only in the
# third. The threshold comes with false alarms of 0.3 to 1.7 %.
#
# **Misconception.** "The filter found nothing, so nothing was copied." No copy *of these kinds*, at this threshold.
#
# **On.** Five limits, one candidate.
#
# </details>


# %%
def moved(images):
    padded = F.pad(images, (1, 1, 1, 1))
    return [padded[:, :, i : i + EVENT[1], j : j + EVENT[2]] for i in range(3) for j in range(3)]


def to_training(images, scale=False):
    rows = [s / s.norm(dim=1, keepdim=True) if scale else s for s in (images.flatten(1), train[0].flatten(1))]
    return metrics.nearest_neighbors(*rows)[0]


DISTANCES = {
    "pixels": to_training,
    "shifts": lambda images: np.min([to_training(m) for m in moved(images)], axis=0),
    "shifts + brightness": lambda images: np.min([to_training(m, scale=True) for m in moved(images)], axis=0),
}

# %%
owned = train[0]
planted = {"exact": owned, "noise 0.1": watermark.noisy(owned, 0.1), "shift 1": watermark.shifted(owned, 1.0)}
planted |= {"paler": 0.7 * owned, "marked": watermark.embed(owned, key)}
thresholds, caught = {}, {}
for name, distance in DISTANCES.items():
    thresholds[name] = neighbors.copy_threshold(distance(x[fresh[0]]), fpr=0.01)
    value, low, high = thresholds[name]
    print(f"{name}: threshold {value:.3f}, false alarms {low:.1%} to {high:.1%}", end="; ")
    print(f"on test digits {(distance(x_test) < value).mean():.1%}")
    caught[name] = {case: (distance(images) < value).mean() for case, images in planted.items()}
    print("   copies found:", " · ".join(f"{case} {share:.0%}" for case, share in caught[name].items()))

# %% [markdown]
# Each freedom of the distance finds one more kind of copy: moved, then paler. What counts as *the same image* is a
# decision. A clean report means: no copy *of these kinds*.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · An overfitted mixture before the detector (4 min)

# %% tags=["depth"]
suspects = {"held-out real": x_test, **{name: images[0, :1000] for name, images in samples.items()}}
suspects["GMM, 100 components"], below = from_mixture(fit_mixture(owned, 100), 1000), {}
figure, ax = plotting.picture(height=3.0, title="How near do images come to the training set?", alt=(
    "Distributions of distances to the nearest training digit. A tenth or more of the overfitted mixture lies left of "
    "the threshold; of the fair GMM, VAE and GAN hardly any."
))  # fmt: skip
for (name, images), color in zip(suspects.items(), plotting.COLORS, strict=False):
    distances = np.sort(to_training(images))
    below[name] = (distances < thresholds["pixels"].value).mean()
    ax.plot(distances, np.linspace(0, 1, len(distances)), color=color, label=f"{name}: {below[name]:.1%} below")
ax.axvline(thresholds["pixels"].value, color="black", linestyle="--", label="threshold")
ax.set(xlabel="Euclidean distance to the nearest training digit", ylabel="share at or below")
ax.legend(fontsize=8, loc="lower right")
figure

# %% tags=["depth"]
distances, nearest = metrics.nearest_neighbors(suspects["GMM, 100 components"].flatten(1), owned.flatten(1))
closest = np.argsort(distances)[:10]
both = torch.cat([suspects["GMM, 100 components"][closest], owned[nearest[closest]]])
title = "The overfitted mixture's nearest ten, and their training digits"
plotting.image_grid(both, title=title, row_labels=["drawn", "training"])

# %% [markdown] tags=["depth"]
# Of the overfitted mixture a tenth or more lies below the threshold, of the others hardly any. The mixture of ten is
# clean here; lab 2 told the members of such a mixture all the same.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · Whose work is it? Disputes, to read at home (2 min)
#
# What disputes are about (a description, not legal advice; as of November 2026):
#
# - **May one train on protected works?** EU: text and data mining is allowed unless rights holders opt out (Directive
#   (EU) 2019/790, Art. 4); whether that covers training is contested, and before the Court of Justice (C-250/25,
#   *Like Company v Google*; reported as heard in March 2026, no judgment known to us). USA: fair use, case by case.
#   *Bartz v. Anthropic* (N.D. Cal., 23 June 2025): training was fair use, building a library from *pirated* books was
#   not. A class settlement of 1.5 billion dollars followed: approved preliminarily in September 2025; in May 2026, it
#   was reported, the judge asked for more before the final approval. What came of it we could not confirm.
# - **Is the model a copy?** England: *Getty Images v Stability AI* [2025] EWHC 2863 (Ch) turned on a pure question of
#   law: a model that never stored the works is no "infringing copy" under the Act, leave to appeal given. That it
#   stores none was not in dispute. Munich: yes, for memorized song lyrics, and the mining exception does not cover
#   that (*GEMA v OpenAI*, LG München I, 42 O 14139/24, 11 November 2025; under appeal when reported).
# - **Is an output a copy?** It is compared with the work; near-copy detection finds candidates.
# - **Who is the author?** USA: a human, not a machine (*Thaler v. Perlmutter*, 130 F.4th 1039, D.C. Cir. 2025; review
#   denied on 2 March 2026). How much human choice makes an author is open.
#
# Memorization, on which Munich turned, is what labs 2 and 4 measure. Diffusion models have been made to emit training
# photographs (Carlini et al. 2023).

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · Testing before deployment, and the model card (9 min)
#
# The limits of section 1 meet the candidate. For the AUC and the false alarms the interval's upper bound counts.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 8 min (45: 5)</summary>
#
# **Open.** "The limits on the board, please. Nobody may touch them now."
#
# **Ask.** Go through the five before showing the result: pass or fail? Most fear for quality. It fails on privacy
# alone, membership of the rare, by far.
#
# **Click.** The line that says FAIL; then the last cell, where the card refuses to be written with a number missing.
#
# **Misconception.** "Tested, hence safe." Testing finds some harm. The card says what was tested, on whom, and what
# is left. Nor is the guideline of 2019 the law: in the EU the AI Act is (depth section).
#
# **On.** A failed gate and a deadline: now argue.
#
# </details>

# %%
run, features = 6, lambda images: metrics.embed(classifier, images).features
quality = metrics.prdc(features(x_test), features(samples["VAE"][run]))
share, near = by_control["VAE", "reweighted"][0], costs["reweighted", "VAE"][0][2]
membership = vae_membership(run, rare=True)
false_marks = intervals.wilson_interval(int(finder.found(x_test).sum()), len(x_test))
values = {"precision": quality.precision, "rare share": share, "near copies": near}
values |= {"membership AUC": membership.high, "false alarms": false_marks[1]}  # upper bounds
least, most = LIMITS["rare share"]
gate = {name: value <= LIMITS[name] for name, value in list(values.items())[2:]}
gate |= {"precision": quality.precision >= LIMITS["precision"], "rare share": least <= share <= most}
for name, value in values.items():
    print(f"{'pass' if gate[name] else 'FAIL'}  {name:15s} {value:.3f}, limit {LIMITS[name]}")

# %% [markdown]
# It fails on privacy, by far, and nobody may now move that limit. Quality, share and watermark pass.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The model card
#
# It says in one place what a model is for, how it was measured, and where it fails (Mitchell et al. 2019). Ours
# refuses to be written with a number missing.

# %%
told = roc.tpr_at_fpr(inside[run][rare_train[run]], outside[run][y_test >= 5])
own, foreign = ([min(areas[known, "VAE"]), max(areas[known, "VAE"])] for known in ("VAE", "GAN"))
card = model_card.WRITTEN_BEFORE | {
    "model": f"VAE of {DATASET}, {EVENT[1]}×{EVENT[2]} pixels, reweighted for rare digits",
    "date": date.today().isoformat(),
    "version": "1, seed 0; 8 latent dimensions, 2 × 128 units each way, 1,000 steps",
    "evaluation data": f"{len(x_test)} held-out images",
    "training data": f"{len(train[run])} images of {DATASET}, a rare one drawn ten times as often",
    "share of the rare group in training": f"{SHARE:.1%} of the images, 50 % of the draws",
    "precision": quality.precision,
    "recall": quality.recall,
    "share of the rare group in samples": f"{share:.0%}, corrected by models that saw none",
    "near copies": f"{near:.1%} of the rare digits drawn (held-out real digits: 1 %)",
    "membership AUC": f"rare digits {membership}",
}

# %%
import tempfile
from pathlib import Path

from IPython.display import Markdown

card |= {
    "membership found at 1 % false alarms": f"{told:.0%} of the rare training digits",
    "detector AUC, trained on its images": "{:.2f} to {:.2f} (fair VAE)".format(*own),
    "detector AUC, trained on another's": "{:.2f} to {:.2f} (fair VAE)".format(*foreign),
    "watermark found": f"{found:.1%}, regenerated {sweep['regeneration'][-1].values['mark found']:.1%} (fair VAE)",
    "watermark false alarms": "{:.1%} to {:.1%} on real digits".format(*false_marks),
    "training energy": f"{5 * vae_seconds:.2g} to {20 * vae_seconds:.2g} J (5 to 20 W a core, assumed)",
    "ethical considerations": "membership of rare training digits can be inferred: do not train on personal data",
    "caveats": f"the gate failed on: {', '.join(limit for limit, kept in gate.items() if not kept) or 'nothing'}",
}
path = Path(tempfile.mkdtemp()) / "model_card.md"  # put your own folder here to keep it
Markdown(model_card.save(card, path).replace("\n# ", "\n### ").replace("\n## ", "\n#### "))

# %%
try:
    model_card.write({**card, "near copies": float("nan"), "recall": None})
except ValueError as error:
    print(error)

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · Energy and cost (3 min)
#
# Processor seconds times power is energy. We measure the seconds, the short one many times. The power of one busy
# core is an assumption: 5 to 20 W, with its share of memory and supply.

# %% tags=["depth"]
spent, drawing = time.process_time() - started, []
for _ in range(20):
    before = time.process_time()
    vaes.sample(N)
    drawing.append((time.process_time() - before) / len(train) / N * 1000)
low, middle, high = np.quantile(drawing, [0.1, 0.5, 0.9])
measured = {"this page so far": spent, "training one VAE": vae_seconds, "1,000 digits from it": middle}
for name, seconds in measured.items():
    low_j, high_j = (f"{joules:,.0f}" if joules >= 10 else f"{joules:.2g}" for joules in (5 * seconds, 20 * seconds))
    print(f"{name:22s} {seconds:9.2g} processor seconds: {low_j} to {high_j} J")
print(f"1,000 digits, middle 80 % of 20 measurements: {low:.1g} to {high:.1g} seconds")
print(f"1,000 large images, the mean below: {2.9 * 3.6e6:,.0f} J, {0.30 * 2.9:.2f} € at 0.30 € a kWh")

# %% [markdown] tags=["depth"]
# Luccioni et al. (2024) measured 2.9 kWh for 1,000 images as the mean over models, and 11.5 for the hungriest: a mean
# without its spread says little. Report what was measured and what was assumed, and add the search for settings,
# often many times the final run.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · Duties: the guidelines and the AI Act (4 min)
#
# **Ethics Guidelines for Trustworthy AI** (High-Level Expert Group set up by the European Commission, 2019; not
# binding). Seven requirements, and where this page has a number:
#
# | requirement | here |
# |---|---|
# | human agency and oversight | who may stop the release: the gate below |
# | technical robustness and safety | labs 1a, 1b: unseen generator, attacks |
# | privacy and data governance | lab 2 |
# | transparency | signing, marking, the model card |
# | diversity, non-discrimination, fairness | lab 3 |
# | societal and environmental well-being | the depth on energy; deepfakes |
# | accountability | the card has a date and a version; lab 4 |
#
# **AI Act**, Regulation (EU) 2024/1689, amended by Regulation (EU) 2026/1744 (the "Digital Omnibus on AI", Official
# Journal 24 July 2026). Dates as known in November 2026: look up the consolidated text.
#
# - **Article 5**, as amended, bans AI systems that make intimate images of people without their consent, or child
#   sexual abuse material, **from 2 December 2026**.
# - **50(1)**, provider: people learn that they interact with an AI system, unless it is obvious.
# - **50(2)**, provider: synthetic audio, image, video and text are *marked in a machine-readable format* and
#   detectable, by means that are effective, interoperable, robust and reliable *as far as technically feasible*. Lab
#   1b shows why that is there.
# - **50(3)**, deployer: people learn of emotion recognition or biometric categorization.
# - **50(4)**, deployer: deepfakes are disclosed, in evidently artistic or satirical works in a way that does not
#   spoil them; so are texts published to inform on matters of public interest, unless a human reviewed them and
#   someone holds editorial responsibility.
#
# Article 50 applies **from 2 August 2026**; for 50(2), systems on the market before that day have **until 2 December
# 2026** (Article 111(4)).

# %% tags=["depth"]
quiz.ask("06_ethics", 6)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · Cases for discussion (1 min)
#
# Half of the class argues each position, then they change sides. Use this page's numbers.
#
# 1. **The clinic** wants to share synthetic scans of 450 patients with a rare disease. *A:* share, the audit found no
#    near copies. *B:* do not; membership is the secret, and other attacks exist.
# 2. **The newsroom.** A photograph of a riot carries a watermark of an image generator; the photographer says it is
#    real. *A:* retract, the false-alarm rate is 1 %. *B:* publish, marks can be forged.
# 3. **The portrait service** draws doctors of one group in 5 % of cases; they are 9 % of its data and 20 % of the
#    profession. *A:* reweight to 20 %. *B:* draw what the data say.
# 4. **The illustrator.** A model's image is her drawing, mirrored and recolored. *A:* the filter passed it, so it is
#    new. *B:* the filter's distance was chosen by the provider.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 6 min (45: 3)</summary>
#
# **Open.** "Case 1, the clinic. Left half: share. Right half: do not. You have the numbers of this page and no
# others."
#
# **Ask.** In a session with a debate: ten minutes to argue, two to change sides, ten to argue again. In the short
# one, take only the strongest sentence of each side, then swap.
#
# **Click.** Write every number that is used on the board with its interval; strike out those that were measured on
# something else. In case 2, somebody will use the 1 %: ask who could have forged the mark.
#
# **Misconception.** "The audit was clean, so we may share." Clean of near copies; membership is another question.
#
# **On.** One question alone, then the summary.
#
# </details>

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · A rubric for an essay (1 min)
#
# **Rubric** for an essay of 300–500 words on one case:
#
# | criterion | 0 | 1 | 2 |
# |---|---|---|---|
# | position | none | stated | stated, with what would change it |
# | evidence | none | a number | a number with interval or spread, and what it was measured on |
# | other side | missing | mentioned | its strongest argument, answered |
# | limits | missing | general | names what this measurement cannot show |
# | duty | missing | a rule is named | says who must do what, by which text, from when |

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Check yourself (2 min)

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 2 min</summary>
#
# **Open.** "Sixty held-out images, one percent false alarms. Thirty seconds."
#
# **Ask.** Fingers. A good part takes the smallest of the sixty distances. Ask how often a new real image falls below
# the smallest of sixty: once in 61, which is more than 1 %.
#
# **Click.** Open the choice that says it cannot be done with 60: $k = \lfloor 0.01\,(n+1) \rfloor$ must be at least
# 1, so one needs 99 images.
#
# **Misconception.** "Then take the smallest and call it one percent." That promises what the data cannot show.
#
# **On.** Keep the reflex: how many images does this promise need?
#
# </details>

# %%
quiz.ask("06_ethics", 5)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary (2 min)
#
# 1. A detector's AUC belongs to a pair: at least 0.9 on its own generator, 0.5 to 0.7 on an unseen GAN. A signature
#    says who vouches and is easily dropped; a watermark survives some editing.
# 2. A keyed pattern keeps its false-alarm rate if other real images calibrated it; another's autoencoder removes it,
#    and ten marked images suffice to forge it.
# 3. Membership: AUC 1 on the overfitted mixture, above 0.9 on one whose samples look clean, 0.48 to 0.6 on a VAE
#    stopped early.
# 4. A share needs the classifier's error on *generated* images: a control gives it. Reweighting mends the share and
#    exposes the few.
# 5. A limit is set before, and has a power. The $k$-th smallest held-out distance is a threshold with an interval,
#    for one notion of "same".
#
# ## Discuss
#
# - Who should hold the key of a watermark: the provider, a public body, everybody?
# - Your model fails the gate on privacy for a group of 70 people. Which of labs 2 to 4 would you run again, and how,
#   after a change?
# - Which number on this page would you least like to see in a headline, and why?
#
# Next: [lecture 07](07_evaluation.ipynb) asks what the scores of samples are worth. [Assignment
# 06](../assignments/06_ethics/06_ethics.ipynb) has you write three audits yourself.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 3 min (45: 2)</summary>
#
# **Open.** "Which number of this page would you least like to see in a headline?"
#
# **Ask.** Collect three, and let the hall add what the headline leaves out: the pair of generators, the interval, the
# group. Usually the 0.5 to 0.7 of the detector comes first.
#
# **Misconception.** "Synthetic data solve scarcity, privacy and fairness at once." Each lab today showed a price:
# copies, membership, exposure of the few. Some prices are worth paying; name them.
#
# **On.** Several times a classifier was our judge. Next lecture: who judges the judge?
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# **1.** Train the detector on VAE images with random noise and blur as augmentation. Does it find the GAN better?
#
# <details><summary>Solution</summary>
#
# ```python
# augmented = []
# for seed in SEEDS:
#     fakes, real = samples["VAE"][seed, : len(x[fresh[seed]])], x[fresh[seed]]
#     sets = [torch.cat([s, watermark.noisy(s, 0.1), watermark.blurred(s, 0.5)]) for s in (real, fakes)]
#     label = torch.arange(2).repeat_interleave(len(sets[0]))
#     player = metrics.train_classifier(torch.cat(sets), label, epochs=40, seed=seed)
#     scores = [fakeness(player, images) for images in (samples["GAN"][seed, 1000:1360], x_test)]
#     augmented.append(roc.auc(*scores).value)
# print("asked about the GAN:", augmented, "without augmentation:", areas["VAE", "GAN"])
# ```
# A little, by one to five hundredths on average: about the spread over seeds. The GAN stays far from the 0.9 and more
# of images that the detector knows.
# </details>
#
# **2.** Make the skew 28 to one: 140 common, 5 rare images of each digit. Is the rare group lost?
#
# <details><summary>Solution</summary>
#
# ```python
# kept = []
# for seed in SEEDS:
#     few = x[subset([140] * 5 + [5] * 5, seed)]
#     q = read_rare(watermark.rounded(from_mixture(fit_mixture(few, seed=seed), N), LEVELS)).double().mean().item()
#     kept.append(corrected_share(q, found_rare, invented["GMM"]))
#     print(seed, f"{kept[-1]:.1%} of 25 / 725 = {25 / 725:.1%}")
# ```
# Not lost, but thinned out on most seeds: less than its share is read, down to a quarter of it. The control of the
# page still serves, since it saw 700 common digits, as this mixture does.
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 1 min (45: 1)</summary>
#
# **Open.** "Exercise 2: five images of each rare digit instead of fourteen. Lost, kept, or thinned out?"
#
# **Ask.** Hands: most say lost. The solution finds them thinned out, on each seed below their share, down to a
# quarter of it.
#
# **Misconception.** "Augment the detector, and it finds every generator." Exercise 1: it gains one to five hundredths
# of AUC, about the spread over seeds.
#
# **On.** The assignment has three audits and two texts; remind the class of the second date, if you give one for the
# texts.
#
# </details>

# %% [markdown]
# ## Further reading
#
# - High-Level Expert Group on AI. *Ethics Guidelines for Trustworthy AI.* European Commission, 8 April 2019
# - [*Regulation (EU) 2024/1689 (Artificial Intelligence Act)*](https://eur-lex.europa.eu/eli/reg/2024/1689/oj), OJ L,
#   12 July 2024; *Regulation (EU) 2026/1744*, OJ L, 24 July 2026
# - European Data Protection Board. *Opinion 28/2024 on AI models.* 17 December 2024
# - Coalition for Content Provenance and Authenticity. *C2PA Technical Specification*, version 2.2, 2025
# - M. Mitchell et al. *Model Cards for Model Reporting.* FAT* 2019.
#   [arXiv:1810.03993](https://arxiv.org/abs/1810.03993)
# - H. Ajder, G. Patrini, F. Cavalli, L. Cullen. *The State of Deepfakes: Landscape, Threats, and Impact.* Deeptrace,
#   2019
# - B. Chesney, D. Citron. *Deep Fakes: A Looming Challenge for Privacy, Democracy, and National Security.* California
#   Law Review 107, 2019
# - A. Diel et al. *Human performance in detecting deepfakes: A systematic review and meta-analysis of 56 papers.*
#   Computers in Human Behavior Reports 16, 2024
# - K. J. Schiff, D. S. Schiff, N. S. Bueno. *The Liar's Dividend.* American Political Science Review 119, 2025
# - S.-Y. Wang et al. *CNN-Generated Images Are Surprisingly Easy to Spot… for Now.* CVPR 2020.
#   [arXiv:1912.11035](https://arxiv.org/abs/1912.11035)
# - I. J. Cox et al. *Secure Spread Spectrum Watermarking for Multimedia.* IEEE Trans. Image Processing 6, 1997.
#   [doi:10.1109/83.650120](https://doi.org/10.1109/83.650120)
# - X. Zhao et al. *Invisible Image Watermarks Are Provably Removable Using Generative AI.* NeurIPS 2024.
#   [arXiv:2306.01953](https://arxiv.org/abs/2306.01953)
# - N. Carlini et al. *Membership Inference Attacks From First Principles.* IEEE S&P 2022.
#   [arXiv:2112.03570](https://arxiv.org/abs/2112.03570)
# - L. Watson et al. *On the Importance of Difficulty Calibration in Membership Inference Attacks.* ICLR 2022.
#   [arXiv:2111.08440](https://arxiv.org/abs/2111.08440)
# - D. Chen et al. *GAN-Leaks: A Taxonomy of Membership Inference Attacks against Generative Models.* CCS 2020.
#   [arXiv:1909.03935](https://arxiv.org/abs/1909.03935)
# - E. R. DeLong, D. M. DeLong, D. L. Clarke-Pearson. *Comparing the Areas under Two or More Correlated ROC Curves.*
#   Biometrics 44, 1988. [doi:10.2307/2531595](https://doi.org/10.2307/2531595)
# - T. Stadler, B. Oprisanu, C. Troncoso. *Synthetic Data – Anonymisation Groundhog Day.* USENIX Security 2022.
#   [arXiv:2011.07018](https://arxiv.org/abs/2011.07018)
# - M. Abadi et al. *Deep Learning with Differential Privacy.* CCS 2016.
#   [arXiv:1607.00133](https://arxiv.org/abs/1607.00133)
# - N. Carlini et al. *Extracting Training Data from Diffusion Models.* USENIX Security 2023.
#   [arXiv:2301.13188](https://arxiv.org/abs/2301.13188)
# - F. Bianchi et al. *Easily Accessible Text-to-Image Generation Amplifies Demographic Stereotypes at Large Scale.*
#   FAccT 2023. [arXiv:2211.03759](https://arxiv.org/abs/2211.03759)
# - K. Choi et al. *Fair Generative Modeling via Weak Supervision.* ICML 2020.
#   [arXiv:1910.12008](https://arxiv.org/abs/1910.12008)
# - W. J. Rogan, B. Gladen. *Estimating Prevalence from the Results of a Screening Test.* Am. J. Epidemiology
#   107, 1978. [doi:10.1093/oxfordjournals.aje.a112510](https://doi.org/10.1093/oxfordjournals.aje.a112510)
# - A. S. Luccioni, Y. Jernite, E. Strubell. *Power Hungry Processing: Watts Driving the Cost of AI Deployment?*
#   FAccT 2024. [arXiv:2311.16863](https://arxiv.org/abs/2311.16863)
