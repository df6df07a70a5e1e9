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
# Deepfakes, privacy, bias, copies: each is argued about, and each has a part that can be measured. This page measures
# it on models that train here, says what the number does not settle, and fills a model card with the results.
#
# **You will be able to**
# 1. test a detector of generated images on a generator it has not seen, and say what signing and watermarks add;
# 2. mark images with a key, state the false-alarm rate, and break the mark;
# 3. run a membership-inference attack, report its ROC with an interval, and say what synthetic data protect;
# 4. measure what a model makes of a skewed training set, and what the mitigation costs;
# 5. justify a threshold for near copies, and write a model card from measured numbers.
#
# **Time:** 90 minutes with the exercises; the page runs in under a minute on a laptop. **Before:** lectures 02 to 04.
# What is used of lecture 07's metrics is explained in a line where it is used.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the speaker.* Run the whole page before the class. Ask for a show of hands at each "Predict first"; the labs on
# privacy and bias surprise most. Sections 6 and 7 are facts to read at home; spend the last half hour on one case of
# section 8, half of the class for each position. The legal part states what texts say; it is no legal advice.

# %% slideshow={"slide_type": "skip"}
import time
from datetime import date

import numpy as np
import torch
from sklearn.mixture import GaussianMixture
from threadpoolctl import threadpool_limits
from torch.nn import functional as F

from course_utils import data, metrics, models, plotting
from course_utils.labs.ethics import model_card, watermark
from course_utils.labs.ethics.shares import corrected_share, skew
from course_utils.metrics import roc
from course_utils.models import ensemble
from course_utils.training.gan import GAN, GANConfig
from course_utils.training.vae_stack import VAEs
from course_utils.widgets import quiz
from course_utils.widgets.sweep import Level, corruption_explorer

threadpool_limits(1)  # one thread for NumPy and scikit-learn, and for PyTorch:
torch.set_num_threads(1)  # small networks are 5–20 times slower with two threads that wait for each other
SEEDS = range(3)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · The models to be audited
#
# Three training sets of 770 digits. **fair**: 77 of each digit. **skewed**: 140 each of 0 to 4, the *common* digits,
# and 14 each of 5 to 9, the *rare* ones, ten to one. **reweighted**: the skewed images, but a rare one is drawn ten
# times as often: the usual mitigation. On each, three kinds of model learn from three seeds: 27 models.

# %%
x, y = data.images("digits", "train")
x_test, y_test = data.images("digits", "test")


def seeded(seed):
    return torch.Generator().manual_seed(seed)


def subset(counts, seed):
    shuffled = [torch.where(y == digit)[0] for digit in range(10)]
    shuffled = [rows[torch.randperm(len(rows), generator=seeded(seed))] for rows in shuffled]
    return torch.cat([rows[:count] for rows, count in zip(shuffled, counts, strict=True)])


# %%
skewed = [subset([140] * 5 + [14] * 5, seed) for seed in SEEDS]
chosen = torch.stack([subset([77] * 10, seed) for seed in SEEDS] + skewed + skewed)  # (9, 770)
train, y_train = x[chosen].flatten(2), y[chosen]  # (9, 770, 64): runs 0–2 fair, 3–5 skewed, 6–8 reweighted
weights = torch.ones(9, 770)
weights[6:][y_train[6:] >= 5] = 10.0

# %%
started = time.process_time()
vaes = VAEs(9)  # nine VAEs side by side, each with its own images and weights
vaes.fit(train, 1000, weights=weights, description="nine VAEs")
vae_seconds = (time.process_time() - started) / 9


# %% [markdown]
# The GAN is lecture 04's, with the R1 penalty. The mixture has ten components; it learns from 770 images drawn by
# their weights.


# %%
def draw(n, rng):
    rows = torch.multinomial(weights, n // 9, replacement=True, generator=rng)
    return (train[torch.arange(9)[:, None], rows].flatten(0, 1),)


pairs = []
for seed in range(9):
    torch.manual_seed(seed)
    pairs.append((models.Generator((64,), hidden=128), models.Discriminator((64,), hidden=128)))
G, D = (ensemble.stack(networks) for networks in zip(*pairs, strict=True))
gan = GAN(G, D, draw, GANConfig(lr=2e-3, average=0.99, r1=3.0))
gan.train(1500, decay=True, description="nine GANs")

# %%
mixtures = []
for run in range(9):
    rows = torch.multinomial(weights[run], 770, replacement=run >= 6, generator=seeded(run))
    mixtures.append(GaussianMixture(10, reg_covar=1e-3, random_state=run).fit(train[run, rows].numpy()))


def from_mixture(mixture, n):
    drawn = torch.from_numpy(mixture.sample(n)[0]).float()
    return drawn[torch.randperm(n, generator=seeded(0))]  # they come sorted by component


# %% [markdown]
# Real pixels have 17 gray levels, a generator's have any. We round what is generated to 17 levels: otherwise a
# detector could win by reading the file format.

# %%
N = 2_000
with torch.no_grad():
    from_gan = gan.averaged(torch.randn(9, N, 16, generator=seeded(0)))
samples = {"GMM": torch.stack([from_mixture(m, N) for m in mixtures]), "VAE": vaes.sample(N), "GAN": from_gan}
samples = {name: watermark.rounded(drawn, 17).unflatten(2, (1, 8, 8)) for name, drawn in samples.items()}
fresh = [torch.ones(len(x), dtype=torch.bool).index_fill(0, rows, False) for rows in chosen]  # not seen in training
shown = torch.cat([x_test[:10], *[images[0, :10] for images in samples.values()]])
plotting.image_grid(shown, title="Real test digits, and what the fair models draw", row_labels=["real", *samples])

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · Misuse: deepfakes and fake news
#
# A **deepfake** is an image, sound or film that shows real people or events as they never were. People are poor at
# spotting it: over 56 papers with 86,155 participants their accuracy is 55.5 %, 95 % interval 48.9 to 62.1 % (Diel et
# al. 2024). The second harm is the *liar's dividend* (Chesney & Citron 2019): once fakes are known to exist, a true
# report can be denied as one. In survey experiments that denial raised support for politicians against text reports,
# hardly against video (Schiff et al. 2025).
#
# Three technical answers: **detect** the fake, **mark** what a model makes, **sign** what a camera or an editor
# makes.
#
# ### Lab 1a · A detector meets a new generator
#
# **Question.** A detector learns real digits against those of *one* generator. Does it find another's?
#
# **Predict first.** On its own generator its AUC is above 0.9. What is it on the other two? And if it trains on two
# of them, does it find the third?


# %%
def detector(fakes, seed):
    real = x[fresh[seed]]  # no generator has seen these
    label = (torch.arange(len(real) + len(fakes)) >= len(real)).long()
    return metrics.train_classifier(torch.cat([real, fakes]), label, epochs=40, seed=seed)


def fakeness(player, images):
    return metrics.embed(player, images).probabilities[:, 1]


# %%
trained_on = {"GMM": ["GMM"], "VAE": ["VAE"], "GAN": ["GAN"], "GMM + VAE": ["GMM", "VAE"]}
areas = {(known, asked): [] for known in trained_on for asked in samples}
alarms = {known: [] for known in trained_on}
for known, names in trained_on.items():
    for seed in SEEDS:
        player = detector(torch.cat([samples[name][seed, : 667 // len(names)] for name in names]), seed)
        on_real = fakeness(player, x_test)
        alarms[known].append((on_real > 0.5).float().mean().item())
        for asked in samples:
            areas[known, asked].append(roc.auc(fakeness(player, samples[asked][seed, 1000:1360]), on_real))

# %%
print(f"{'trained on':11s}", *[f"asked about {name:5s}" for name in samples], "false alarms")
for known in trained_on:
    cells = [[area.value for area in areas[known, asked]] for asked in samples]
    ranges = [f"AUC {min(cell):.2f} to {max(cell):.2f} " for cell in cells]
    print(f"{known:11s}", *ranges, f"{min(alarms[known]):.0%} to {max(alarms[known]):.0%}")
print("one of them with its 95 % interval: trained on the GMM, asked about the GAN,", areas["GMM", "GAN"][0])

# %%
figure, ax = plotting.picture(width=5.6, height=3.2, title="A detector's AUC: mean of three seeds", alt=(
    "Matrix of AUC by training and asked generator. The diagonal is above 0.9. A detector that has not seen the GAN "
    "has about 0.6 on it, also when trained on the two others."
))  # fmt: skip
table = np.array([[np.mean([a.value for a in areas[known, asked]]) for asked in samples] for known in trained_on])
ax.imshow(table, cmap="cividis", vmin=0.5, vmax=1, aspect="auto")
for (row, column), value in np.ndenumerate(table):
    ax.text(column, row, f"{value:.2f}", ha="center", va="center", color="white" if value < 0.8 else "black")
ax.set_xticks(range(3), samples)
ax.set_yticks(range(4), trained_on)
ax.set(xlabel="asked about images of", ylabel="trained on images of")
figure

# %% [markdown]
# On its own generator the AUC is 0.9 to 1, on others it falls, and on an unseen GAN it is 0.50 to 0.66 over nine
# seeds: near a coin. Two known generators instead of one do not help against the third. Wang et al. (2020) did find
# detectors that carry over, among convolutional generators with shared flaws, and put "for now" into their title.
#
# > **Common error: "our detector is right in 99 % of cases."** On which generators? And how rare are fakes? With 1 %
# > false alarms, and one fake among 1,000 images, found for certain, ten of eleven alarms are false.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Signing: C2PA
#
# The C2PA standard (*Content Credentials*) signs a manifest: who made or edited the file, with what, and a hash of
# the content (the *hard binding*). A toy, with a shared key in place of certificates:

# %%
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

# %% [markdown]
# A signature breaks at one gray level, and says who vouches, not whether the scene is true. And it is easily *lost*:
# software that does not know the standard drops it. So C2PA adds *soft bindings*: a watermark or a fingerprint in the
# content, to find the manifest again.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Lab 1b · A watermark, and how little breaks it
#
# **Spread spectrum** (Cox et al. 1997). The key decides a pattern $p$ of 32 pixels +1 and 32 pixels −1, and the mark
# is $x + \varepsilon p$ with $\varepsilon = 0.05$. To find it, correlate, but discount what images do anyway, by
# their covariance $\Sigma$:
#
# $$s(x) = p^\top \Sigma^{-1} (x - \bar x), \qquad z = s / \mathrm{sd}(s), \qquad
#   \text{false alarms} = 1 - \Phi(t) \;\text{ for the rule } z > t.$$
#
# **Low bits**. Of each pixel's eight bits, set the last one as the key says, and count matches. For coin flips the
# false-alarm rate is an exact binomial tail.

# %%
key = watermark.key_pattern(4)
made = watermark.rounded(vaes.sample(N)[0].unflatten(1, (1, 8, 8)))  # by the fair VAE, 256 gray levels
marked, unseen = watermark.embed(made, key), x[fresh[0]]
finder = watermark.Detector(key, unseen, fpr=0.01)
flat, pattern = unseen.flatten(1).double(), key.flatten().double()
page = torch.linalg.solve(torch.cov(flat.T) + 0.05**2 * torch.eye(64).double(), pattern)
page_z = ((marked.flatten(1).double() - flat.mean(0)) @ page) / (flat @ page).std()
torch.testing.assert_close(page_z, finder.score(marked))  # the formula, and its tested twin
with_bits, needed = watermark.embed_bits(made, key), watermark.bits_needed(64, 0.01)


def has_bits(images):
    return watermark.matching_bits(images, key) >= needed


# %%
found = {"spread spectrum": (finder.found, marked), "low bits": (has_bits, with_bits)}
wrong = watermark.Detector(key, made, fpr=0.01)  # calibrated on generated images only
found["calibrated wrongly"] = (wrong.found, marked)
plain = (marked * key).flatten(1).sum(1)  # correlation without Σ
reference = (unseen * key).flatten(1).sum(1)
naive = ((plain - reference.mean()) / reference.std() > finder.threshold).float().mean()
for name, (rule, images) in found.items():
    false = int(rule(x_test).sum())
    low, high = metrics.wilson_interval(false, len(x_test))
    print(f"{name:19s} found {rule(images).float().mean():6.1%} · false alarms on real test digits ", end="")
    print(f"{false / len(x_test):.1%} ({low:.1%} to {high:.1%})")
print(f"correlation without Σ finds {naive:.1%}")

# %%
rows = {"made": made, "marked": marked, "difference × 5": 0.5 + 5 * (marked - made), "low bits": with_bits}
shown = torch.cat([images[:10] for images in rows.values()])
plotting.image_grid(shown, title="The mark of strength 0.05, and the difference", row_labels=list(rows))

# %% [markdown]
# Nearly all marked images are found (98 % or more over eight keys). The stated 1 % lies within the measured interval,
# *if* the detector was calibrated on real images; calibrated on generated ones it takes 18 to 32 % of the real ones
# for marked. Without $\Sigma$ the digit drowns the pattern. For the low bits the 1 % assumes coin flips, which the
# last bits of real digits are not: over eight keys 0 to 1.7 %.
#
# **Predict first.** Which breaks the mark first: noise, fewer gray levels, blur, a shift by one pixel, a cropped
# frame, or a passage through somebody else's autoencoder (*regeneration*, Zhao et al. 2024)? And which costs the
# attacker least: does a small *classifier*, trained on real digits, still read the digit?


# %%
def regenerated(images, share):
    through = vaes.reconstruct(images.flatten(1).expand(9, -1, -1))[1].view_as(images)  # the VAE of another seed
    return watermark.rounded((1 - share) * images + share * through)


ATTACKS = {
    "noise": lambda images, s: (watermark.noisy(images, 0.3 * s), f"sd {0.3 * s:.2f}"),
    "gray levels": lambda images, s: (watermark.rounded(images, (n := round(256 ** (1 - s) * 2**s))), f"{n} levels"),
    "blur": lambda images, s: (watermark.blurred(images, s), f"{s:.2f} pixels"),
    "shift": lambda images, s: (watermark.shifted(images, s), f"{s:.2f} pixels"),
    "crop": lambda images, s: (watermark.cropped(images, 2 * s), f"{2 * s:.2f} pixels"),
    "regeneration": lambda images, s: (regenerated(images, s), f"{s:.0%}"),
}
classifier = metrics.train_classifier(x, y)
digit = metrics.embed(classifier, made).probabilities.argmax(1)

# %%
sweep = {}
for kind, attack in ATTACKS.items():
    levels = []
    for strength in np.linspace(0, 1, 10):
        attacked, label = attack(marked, strength)
        read = metrics.embed(classifier, attacked).probabilities.argmax(1)
        values = {
            "mark found": finder.found(attacked).float().mean().item(),
            "low bits found": has_bits(attack(with_bits, strength)[0]).float().mean().item(),
            "digit still read": (read == digit).float().mean().item(),
            "false alarms": finder.found(attack(x_test, strength)[0]).float().mean().item(),
        }
        levels.append(Level(label, attacked[:20], values))
    sweep[kind] = levels

# %%
figure, axes = plotting.picture(2, 3, height=4.6, sharex=True, sharey=True, title="What breaks a watermark", alt=(
    "Six attacks. Low bits are lost under a little noise, rounding or shift. The pattern survives noise and blur in "
    "part, and is lost under a crop of two pixels and under full regeneration, where most digits are still read."
))  # fmt: skip
styles = {"mark found": "-", "low bits found": ":", "digit still read": "--", "false alarms": "-."}
for ax, (kind, levels) in zip(axes.flat, sweep.items(), strict=True):
    for (name, style), color in zip(styles.items(), plotting.COLORS, strict=False):
        ax.plot(np.linspace(0, 1, 10), [level.values[name] for level in levels], style, color=color, label=name)
    ax.set_title(f"{kind}, to {levels[-1].label}", fontsize=10)
    ax.set(xlabel="strength", ylabel="share of images")
    ax.label_outer()
axes[0, 2].legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
figure

# %% [markdown]
# How much the pattern bears depends on the key. Over eleven keys, 17 gray levels and a third of a pixel of blur leave
# 98 % or more to be found, noise of 0.1 leaves 24 to 96 %. A shift by one pixel leaves 0 to 68 %, and takes 1 to 61 %
# of *unmarked* images for marked: where much is found, nearly as much is found without a mark. A frame of two pixels
# and full regeneration leave nothing under any key. After the first hardly a digit is read; after the second still
# more than eight of ten, since the autoencoder redraws the digit and not the pattern. The low bits die of any noise,
# rounding or shift; a crop may spare them.
#
# Try for yourself; all is looked up in the sweep. Gray: found in real, unmarked images.

# %%
floor = {"mark found": metrics.wilson_interval(int(finder.found(x_test).sum()), 360)}
corruption_explorer(sweep, floor, title="What is found (gray: in real images)")

# %% [markdown] slideshow={"slide_type": "subslide"}
# **Removal and forgery.** Someone collects $n$ marked images and some real ones, and subtracts the means. What is
# left is the pattern. They can subtract it, or add it to a *real* photograph.

# %%
print("    n  pixels of the key right   found after removal   real digits taken for marked")
for n in (10, 30, 100, 1000):
    guess = watermark.estimated_pattern(marked[:n], unseen)
    guess = torch.where(guess > guess.median(), 1.0, -1.0)
    removed = finder.found(watermark.embed(marked[1000:], -guess)).float().mean()
    forged = finder.found(watermark.embed(x_test, guess)).float().mean()
    print(f"{n:5d} {(guess == key).float().mean():17.0%} {removed:25.0%} {forged:25.0%}")

# %% [markdown]
# Ten images are enough: over eight keys 72 to 84 % of the pixels are right, nothing is found after removal, and 68 %
# or more of the forgeries pass. Marks in use are stronger; the two attacks are the same. Whoever removes a mark hides
# a fake, whoever forges one discredits a true picture.
#
# > **Common error: "a watermark proves who made it."** It is evidence that the image passed through someone who knows
# > the pattern, at a stated false-alarm rate, if nobody copied it. Authorship is another question (section 5).

# %%
quiz.ask("06_ethics", 1, 2)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · Privacy: who was in the training set?
#
# ### Lab 2 · Memorization audit and membership inference
#
# **Question.** Who was in the training set? That a person's scan was among those of a disease can itself be a secret.
# A **membership-inference attack** gives each image a score and says "member" above a threshold.
#
# - **score**: the model's log-likelihood, or a VAE's objective, averaged over ten draws of $z$. Needs the model.
# - **calibrated**: minus the score by a *reference model* that learned other images, since some digits are easy for
#   any model (Watson et al. 2022).
# - **samples only**: minus the distance to the nearest of 2,000 generated images (after Chen et al. 2020). Needs
#   nothing but what was published.
#
# Beside it stands the audit of **near copies**: the share of samples that are nearer to a member than all but 1 % of
# the non-members are.
#
# An attack's quality is the ROC curve; AUC is P(member scores higher than non-member). The interval is DeLong's
# (1988), from the variance of each image's share of wins:

# %%
V, W = torch.randn(60, generator=seeded(0)) + 1, torch.randn(80, generator=seeded(1))
wins = (V[:, None] > W).double()
half = 1.96 * (wins.mean(1).var() / 60 + wins.mean(0).var() / 80).sqrt()
print(f"page: {wins.mean():.2f} ({wins.mean() - half:.2f} to {wins.mean() + half:.2f})")
print("course_utils:", roc.auc(V, W))

# %% [markdown]
# An average hides the few who are found for certain. So we also report the share found at 1 % false alarms (Carlini
# et al. 2022). Members, non-members and reference images are 450 each, at random from *all* digits: if they differed
# in anything but membership, the attack would find that difference.
#
# **Predict first.** A mixture with 100 components is overfitted; one with 10 drew the decent digits above. What AUC
# does it have?

# %%
everyone = torch.cat([x, x_test]).flatten(1)
orders = [torch.randperm(len(everyone), generator=seeded(seed)) for seed in SEEDS]
members, others, reference = (torch.stack([everyone[o[i : i + 450]] for o in orders]) for i in (0, 450, 900))


def attacks(target, calibration, drawn, member, other):
    """Scores (of members, of others) for each attack, from those by the model and by a reference model."""
    calibrated = [by_model - by_other for by_model, by_other in zip(target, calibration, strict=True)]
    near = [-metrics.nearest_neighbors(images, drawn)[0] for images in (member, other)]
    copies = metrics.memorization(drawn, member, other).near_copies
    return {"score": target, "calibrated": calibrated, "samples only": near}, copies


# %%
results = {}
for k, reg_covar in ((100, 1e-3), (10, 1e-3), (1, 1e-2)):
    for seed in SEEDS:
        pools = members[seed], others[seed]
        fits = [GaussianMixture(k, reg_covar=reg_covar, random_state=seed).fit(s[seed]) for s in (members, reference)]
        scores = [[torch.from_numpy(fit.score_samples(pool)) for pool in pools] for fit in fits]
        audit = attacks(*scores, from_mixture(fits[0], N).clamp(0, 1), *pools)
        results.setdefault(f"GMM, {k} component{'s'[: k > 1]}", []).append(audit)

# %% [markdown]
# Two kinds of VAE: one learns 100 images for 1,000 steps, the other 450 for 300 steps. Beside each stands its
# reference model.

# %%
for n, steps in ((100, 1000), (450, 300)):
    both = VAEs(6)  # three targets, three reference models
    both.fit(torch.cat([members[:, :n], reference[:, :n]]), steps, description=f"VAEs on {n} images")
    inside, outside = both.score(members[:, :n].repeat(2, 1, 1)), both.score(others.repeat(2, 1, 1))
    drawn = both.sample(N)
    for seed in SEEDS:
        scores = [(inside[run], outside[run]) for run in (seed, seed + 3)]
        audit = attacks(*scores, drawn[seed], members[seed, :n], others[seed])
        results.setdefault(f"VAE, {n} images", []).append(audit)

# %%
ATTACK_NAMES = ["score", "calibrated", "samples only"]
print(f"{'AUC of three seeds':20s}", *[f"{name:>14s}" for name in ATTACK_NAMES], "  best at 1 %     near copies")
for name, runs in results.items():
    cells = [[roc.auc(*scores[attack]).value for scores, _ in runs] for attack in ATTACK_NAMES]
    best = [max(roc.tpr_at_fpr(*scores[attack]) for attack in ATTACK_NAMES) for scores, _ in runs]
    copies = [near for _, near in runs]
    columns = [f"{min(c):.2f} to {max(c):.2f}" for c in cells]
    print(f"{name:20s}", *[f"{c:>14s}" for c in columns], f" {min(best):5.0%} to {max(best):4.0%}", end="")
    print(f"  {min(copies):5.1%} to {max(copies):5.1%}")
for name in ("GMM, 1 component", "VAE, 450 images"):
    print(f"{name}, first seed:", *[f"{attack} {roc.auc(*results[name][0][0][attack])} " for attack in ATTACK_NAMES])

# %%
sizes, curves = [100, 200, 400, 800, 1300], []
for seed, order in enumerate(orders):
    fits = [GaussianMixture(10, reg_covar=1e-3, random_state=seed).fit(everyone[order[:n]]) for n in sizes]
    pools = [(everyone[order[:n]], everyone[order[1347:]]) for n in sizes]
    curves.append([roc.auc(*map(f.score_samples, pool)).value for f, pool in zip(fits, pools, strict=True)])

# %%
figure, axes = plotting.picture(1, 2, height=4.0, title="Who was in the training set?", alt=(
    "ROC curves. The mixture of 100 finds all members without a false alarm, the VAE on 450 images lies on the "
    "diagonal. Right: the AUC of a mixture of ten falls from 1 at 100 images to about 0.7 at 1,300."
))  # fmt: skip
for (name, runs), color in zip(results.items(), plotting.COLORS, strict=False):
    axes[0].plot(*roc.roc_curve(*runs[0][0]["score"]), color=color, label=name)
chance = np.geomspace(0.002, 1)
axes[0].plot(chance, chance, ":", color="gray", label="guessing")
axes[0].set(xscale="log", xlim=(0.002, 1.1), xlabel="false alarms", ylabel="members found", title="score, first seed")
figure.legend(loc="outside lower center", ncols=3, frameon=False)
axes[1].plot(sizes, np.transpose(curves), "o-", color=plotting.COLORS[1])
axes[1].set(xlabel="training images", ylabel="AUC of the score", title="GMM, 10 components, 3 seeds", ylim=(0.45, 1.02))
figure

# %% [markdown]
# - **Overfitted.** With 100 components the score finds every member; a third or more of its samples are near copies.
# - **It looks fine and is not.** The mixture of ten draws hardly a near copy, and has an AUC of 0.94 to 0.98. More
#   training images help, slowly: 1,300 still leave about 0.7.
# - **Well fitted.** For the VAE on 450 images the score has 0.51 to 0.54 over nine seeds; most intervals hold 0.5.
#   The *calibrated* attack has 0.53 to 0.57, and on the mixture of one about 0.7, where the score has 0.6 at most.
#   Where a score is nearly perfect, calibration only adds the reference model's noise.
#
# **What synthetic data do and do not protect.** Keeping the mixture of ten secret and publishing samples only takes
# the AUC from above 0.94 to about 0.65. For the VAE on 100 images it does *not* help: samples say as much or more.
#
# > **Common error: "AUC 0.5 means private."** It means that *this* attack failed on average. Another may succeed, on
# > all or on a few outliers.
#
# > **Common error: "synthetic data are anonymous."** A sample can be a copy, and what is no copy can still tell who
# > was there. Stadler et al. (2022) find outliers at risk, and the gain in privacy hard to predict. The European Data
# > Protection Board (Opinion 28/2024) wants a model's anonymity shown case by case.
#
# A guarantee needs **differential privacy**, noise in training (Abadi et al. 2016). Then *every* attack obeys found ≤
# $e^\epsilon$ · false alarms + δ, at a cost in quality.

# %%
quiz.ask("06_ethics", 3)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · Bias: what becomes of the rare digits?
#
# ### Lab 3 · Class shares under a skewed training set
#
# **Question.** In the skewed sets 70 of 770 images, 9.1 %, are rare digits. What share is drawn? A model may *keep*
# that share, make it smaller (*amplify* the skew) or *lose* the group. Text-to-image models were found to amplify
# stereotypes (Bianchi et al. 2023).
#
# The classifier reads the samples, and errs. If it finds a share $f$ of rare test digits and takes a share $a$ of
# common ones for rare, then a share $q$ read means (Rogan & Gladen 1978)
#
# $$q = f\,s + a\,(1 - s) \quad\Rightarrow\quad s = \frac{q - a}{f - a}.$$
#
# That trusts the classifier to err on generated images as on real ones. Many generated images lie *between* digits.
# So we read twice: once all images, once only those of which it is more than 90 % sure.
#
# **Predict first.** Which of GMM, VAE and GAN amplifies the skew, and does it depend on the reading?


# %%
def reading(images, least_sure):
    """For images (N, 1, 8, 8): whether the digit read is rare, among those read with certainty, and which those are."""
    p = metrics.embed(classifier, images).probabilities
    sure = p.max(1).values >= least_sure
    return (p.argmax(1) >= 5)[sure], sure


def rare_share(images, least_sure):
    seen, sure = reading(x_test, least_sure)
    is_rare = (y_test >= 5)[sure]
    found, invented = seen[is_rare].double().mean().item(), seen[~is_rare].double().mean().item()
    return corrected_share(reading(images, least_sure)[0].double().mean().item(), found, invented)


SETS, READINGS = {"fair": 0.5, "skewed": 70 / 770, "reweighted": 0.5}, {"all": 0.0, "sure": 0.9}
shares = {
    (name, kind, says): [rare_share(samples[name][3 * i + seed], least) for seed in SEEDS]
    for name in samples for i, kind in enumerate(SETS) for says, least in READINGS.items()
}  # fmt: skip

# %%
low, high = metrics.wilson_interval(70, 770)
print(f"rare digits in the skewed training set: {70 / 770:.1%}, as a sample of a population {low:.1%} to {high:.1%}")
for kind, target in SETS.items():
    for name in samples:
        cells = [shares[name, kind, says] for says in READINGS]
        ranges = [f"{says} {min(c):6.1%} to {max(c):6.1%}" for says, c in zip(READINGS, cells, strict=True)]
        ends = [skew(70 / 770, c) for c in cells] if kind == "skewed" else [f"aim {target:.0%}"]
        print(f"{kind:10s} {name}: ", " · ".join(ranges), "→", ", then ".join(ends))

# %%
figure, axes = plotting.picture(1, 2, height=3.2, sharey=True, title="Share of rare digits, three seeds each", alt=(
    "Dots of shares. Read all, the skewed VAE lies above the share in the data, the GAN a little, the GMM at it. Read "
    "only where sure, GMM and GAN lie below it, the VAE around it. Fair and reweighted models are near one half."
))  # fmt: skip
for ax, says in zip(axes, READINGS, strict=True):
    for place, (kind, target) in enumerate(SETS.items()):
        ax.plot([place - 0.4, place + 0.4], [target] * 2, color="gray")
        for name, shift, color, mark in zip(samples, (-0.2, 0, 0.2), plotting.COLORS, "os^", strict=False):
            ax.plot([place + shift] * 3, shares[name, kind, says], mark, color=color, label=name if not place else None)
    ax.set_xticks(range(3), SETS)
    ax.set(title=f"{says} images" if says == "all" else "only where the classifier is sure", xlabel="training set")
axes[0].set_ylabel("share of rare digits")
axes[0].legend()
figure

# %%
unsure = {}
for name in samples:
    p = metrics.embed(classifier, samples[name][3]).probabilities
    unsure[name] = samples[name][3][(p.argmax(1) >= 5) & (p.max(1).values < 0.7)][:10]
title = "Skewed models: read as rare, and not sure"
plotting.image_grid(torch.cat(list(unsure.values())), title=title, row_labels=list(unsure))

# %% [markdown]
# **The verdict turns with the reading.** Read all, the mixture keeps the share, the GAN raises it a little, the VAE
# to 12 to 21 %: nothing seems wrong. But look at what is counted. Where the classifier is sure, mixture and GAN
# *amplify* the skew on all of nine seeds (4 to 8 % instead of 9 %); the VAE scatters around the share of the data (5
# to 12 %). The fair models come out near one half both times, so the strict reading alone does not favor common
# digits. Nothing is *lost* at ten to one. A share without its classifier's error on *these* images is no finding.
#
# **Mitigation.** Reweighting brings all three near one half. What does it cost? The 14 rare images of each digit are
# now seen ten times as often. *Precision* is the share of drawn rare digits that lie among real ones in the
# classifier's features, *recall* the share of real ones that lie among the drawn.


# %%
def rare_quality(name, run):
    """Precision and recall of the samples read as rare, and their share of near copies of the run's rare images."""
    read = metrics.embed(classifier, samples[name][run])
    rare, real = read.probabilities.argmax(1) >= 5, x_test[y_test >= 5]
    near = metrics.prdc(metrics.embed(classifier, real).features, read.features[rare])
    sets = samples[name][run][rare], train[run][y_train[run] >= 5], real
    return near.precision, near.recall, metrics.memorization(*[s.flatten(1) for s in sets]).near_copies


inside, outside = vaes.score(train), vaes.score(x_test.flatten(1).expand(9, -1, -1))


def vae_membership(run, rare):
    return roc.auc(inside[run][(y_train[run] >= 5) == rare], outside[run][(y_test >= 5) == rare])


# %%
costs = {}
for kind, group in (("skewed", (3, 4, 5)), ("reweighted", (6, 7, 8))):
    for name in samples:
        costs[kind, name] = [rare_quality(name, run) for run in group]
        ends = np.min(costs[kind, name], 0), np.max(costs[kind, name], 0)
        words = zip(("precision", "recall", "near copies"), *ends, strict=True)
        print(f"{kind:10s} {name}, rare digits:", " · ".join(f"{w} {a:.2f} to {b:.2f}" for w, a, b in words))
    values = {group_name: [vae_membership(run, rare).value for run in group]
              for group_name, rare in (("rare", True), ("common", False))}  # fmt: skip
    words = [f"{group_name} {min(v):.2f} to {max(v):.2f}" for group_name, v in values.items()]
    print(f"{kind:10s} VAE, membership AUC:", " · ".join(words))

# %% [markdown]
# The VAE's and the GAN's recall of rare digits rises. The price is paid by those whom it was meant to serve: 3 to
# 13 % of the mixture's rare digits and up to 4 % of the VAE's are near copies of the few there are, and the VAE gives
# away membership of the rare images (AUC 0.55–0.64 before, 0.72–0.81 after), not of the common ones. A weight shows
# 14 images more often; it does not make more of them. Other mitigations, a conditional model or weights from a small
# reference set (Choi et al. 2020), face the same 14 images; collecting data does not.

# %%
quiz.ask("06_ethics", 4)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · Intellectual property and authorship
#
# What disputes are about (a description, not legal advice):
#
# - **May one train on protected works?** EU: text and data mining is allowed unless rights holders opt out (Directive
#   (EU) 2019/790, Art. 4). USA: fair use, case by case; *Bartz v. Anthropic* (N.D. Cal., June 2025) found training on
#   bought books to be fair use.
# - **Is the model a copy?** England: not Stable Diffusion (*Getty Images v Stability AI* [2025] EWHC 2863 (Ch), 4
#   November 2025; leave to appeal given). Munich: yes, for memorized song lyrics (*GEMA v OpenAI*, LG München I, 42 O
#   14139/24, 11 November 2025; under appeal when reported).
# - **Is an output a copy?** It is compared with the work; near-copy detection finds candidates.
# - **Who is the author?** USA: a human, not a machine (*Thaler v. Perlmutter*, 130 F.4th 1039, D.C. Cir. 2025; review
#   denied on 2 March 2026). How much human choice makes an author is open.
#
# The two European judgments turn on facts that labs 2 and 4 measure: what a model stores, and what comes out.
# Diffusion models have been made to emit training photographs (Carlini et al. 2023).
#
# ### Lab 4 · A near-copy detector with a justified threshold
#
# **Question.** When is an image too near to a training image? That needs a reference: how near do *new real* digits
# come? Sort the $n$ distances of held-out real digits to the training set, and take the $k$-th smallest as threshold,
# $k = \lfloor 0.01\,(n + 1) \rfloor$. The chance that another real digit falls below is then distributed as
#
# $$\mathrm{Beta}(k,\, n + 1 - k), \qquad \text{mean } k / (n + 1), \qquad \text{whatever the distances' law.}$$
#
# So the threshold comes with an interval of its false-alarm rate.
#
# And "near" needs a distance. Three: **pixels**; **shifts**, the best of nine moves by one pixel; **shifts +
# brightness**, all images scaled to the same norm first.
#
# **Predict first.** A copy that is moved by one pixel, or printed paler: which distance notices?


# %%
def moved(images):
    padded = F.pad(images, (1, 1, 1, 1))
    return [padded[:, :, i : i + 8, j : j + 8] for i in range(3) for j in range(3)]


def to_training(images, scale=False):
    rows = [s / s.norm(dim=1, keepdim=True) if scale else s for s in (images.flatten(1), train[0])]
    return metrics.nearest_neighbors(*rows)[0]


DISTANCES = {
    "pixels": to_training,
    "shifts": lambda images: np.min([to_training(m) for m in moved(images)], axis=0),
    "shifts + brightness": lambda images: np.min([to_training(m, scale=True) for m in moved(images)], axis=0),
}
owned = train[0].unflatten(1, (1, 8, 8))
planted = {"exact": owned, "noise 0.1": watermark.noisy(owned, 0.1), "blur 0.5": watermark.blurred(owned, 0.5)}
planted |= {"shift 1": watermark.shifted(owned, 1.0), "paler": 0.7 * owned, "marked": watermark.embed(owned, key)}

# %%
thresholds, caught = {}, {}
for name, distance in DISTANCES.items():
    thresholds[name] = metrics.copy_threshold(distance(x[fresh[0]]), fpr=0.01)
    value, low, high = thresholds[name]
    false = (distance(x_test) < value).mean()
    print(f"{name}: threshold {value:.3f}, false alarms {low:.1%} to {high:.1%}; on test digits {false:.1%}")
    caught[name] = {case: (distance(images) < value).mean() for case, images in planted.items()}
    print("   copies found:", " · ".join(f"{case} {share:.0%}" for case, share in caught[name].items()))

# %%
overfit = GaussianMixture(100, reg_covar=1e-3, random_state=0).fit(train[0])
suspects = {"held-out real": x_test, **{name: drawn[0, :1000] for name, drawn in samples.items()}}
suspects["GMM, 100 components"] = from_mixture(overfit, 1000).clamp(0, 1).unflatten(1, (1, 8, 8))
figure, ax = plotting.picture(height=3.0, title="How near do images come to the training set?", alt=(
    "Distributions of distances to the nearest training digit. A tenth or more of the overfitted mixture lies left of "
    "the threshold; of the fair GMM, VAE and GAN hardly any."
))  # fmt: skip
for (name, images), color in zip(suspects.items(), plotting.COLORS, strict=False):
    distances = np.sort(to_training(images))
    below = (distances < thresholds["pixels"].value).mean()
    ax.plot(distances, np.linspace(0, 1, len(distances)), color=color, label=f"{name}: {below:.1%} below")
ax.axvline(thresholds["pixels"].value, color="black", linestyle="--", label="threshold")
ax.set(xlabel="Euclidean distance to the nearest training digit", ylabel="share at or below", xlim=(0, 2.2))
ax.legend(fontsize=8, loc="lower right")
figure

# %%
distances, nearest = metrics.nearest_neighbors(suspects["GMM, 100 components"].flatten(1), train[0])
closest = np.argsort(distances)[:10]
both = torch.cat([suspects["GMM, 100 components"][closest], owned[nearest[closest]]])
title = "The overfitted mixture's nearest ten, and their training digits"
plotting.image_grid(both, title=title, row_labels=["drawn", "training"])

# %% [markdown]
# Each rule keeps its stated rate of false alarms. The pixel distance finds exact and marked copies, some of the noisy
# ones, and none that is moved or paler; each further freedom finds one more kind. What counts as *the same image* is
# a decision, and a court's comparison is no distance at all. A clean report means: no copy *of these kinds*. Here the
# mixture of ten is clean; lab 2 told the members of such a mixture all the same.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · Energy and cost
#
# Processor seconds times power is energy. We measure the seconds of this page. The power of one busy core is an
# assumption: 5 to 20 W, with its share of memory and supply.

# %%
spent = time.process_time() - started
before = time.process_time()
vaes.sample(1_000)
drawing = (time.process_time() - before) / 9
measured = {"this page so far": spent, "training one VAE": vae_seconds, "1,000 digits from it": drawing}
for name, seconds in measured.items():
    print(f"{name:22s} {seconds:8.3f} processor seconds: {5 * seconds:8.2f} to {20 * seconds:8.2f} J")
photos = 2.9 * 3.6e6  # 2.9 kWh for 1,000 images, the mean over the models of Luccioni et al. 2024
print(f"{'1,000 large images':22s} {photos:,.0f} J = 2.9 kWh, {0.30 * 2.9:.2f} € at 0.30 € a kWh")
print(f"one image there is worth {photos / 1000 / (10 * drawing / 1000):,.0f} digits here, at 10 W")

# %% [markdown]
# Luccioni et al. (2024) measured 2.9 kWh for 1,000 images, the mean over several models on one kind of GPU. Ours have
# 64 pixels, theirs up to a million: the ratio compares bills, not products. Report what was measured and what was
# assumed, and add the search for settings, often many times the final run.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · Duties, guidelines, and testing before deployment
#
# **Ethics Guidelines for Trustworthy AI** (High-Level Expert Group set up by the European Commission, 8 April 2019;
# not binding). AI should be lawful, ethical and robust. Seven requirements, and where this page has a number:
#
# | requirement | here |
# |---|---|
# | human agency and oversight | who may stop the release: the gate below |
# | technical robustness and safety | labs 1a, 1b: unseen generator, attacks |
# | privacy and data governance | lab 2 |
# | transparency | signing, marking, the model card |
# | diversity, non-discrimination, fairness | lab 3 |
# | societal and environmental well-being | section 6; deepfakes |
# | accountability | the card has a date and a version; lab 4 |
#
# **AI Act**, Regulation (EU) 2024/1689 of 13 June 2024, amended by Regulation (EU) 2026/1744 (the "Digital Omnibus on
# AI", Official Journal 24 July 2026). Its Article 50 sets duties of transparency:
#
# - **50(1)**, provider: people learn that they interact with an AI system, unless it is obvious.
# - **50(2)**, provider: synthetic audio, image, video and text are *marked in a machine-readable format* and
#   detectable, by means that are effective, interoperable, robust and reliable *as far as technically feasible*.
# - **50(3)**, deployer: people learn of emotion recognition or biometric categorization.
# - **50(4)**, deployer: deepfakes are disclosed, in evidently artistic or satirical works in a way that does not
#   spoil them; so are texts published to inform on matters of public interest, unless a human reviewed them and
#   someone holds editorial responsibility.
#
# They apply **from 2 August 2026**; for 50(2), systems on the market before that day have **until 2 December 2026**
# (Article 111(4)).
#
# A voluntary Code of Practice on marking and labeling (10 June 2026) and Commission guidelines (July 2026) say more.
# Dates as known in November 2026: look up the consolidated text. Lab 1b shows why "as far as technically feasible" is
# there.
#
# **Testing before deployment** means: limits are written down *before* the measurement, and somebody may say no. A
# gate for our candidate, the reweighted VAE of the first seed:

# %%
run, both = 6, metrics.embed(classifier, samples["VAE"][6])
quality = metrics.prdc(metrics.embed(classifier, x_test).features, both.features)
false_marks = metrics.wilson_interval(int(finder.found(x_test).sum()), 360)
share, near = shares["VAE", "reweighted", "sure"][0], costs["reweighted", "VAE"][0][2]
membership = vae_membership(run, rare=True)
gate = {
    "precision ≥ 0.8": quality.precision >= 0.8,
    "rare share within 40–60 %": 0.4 <= share <= 0.6,
    "near copies of rare digits ≤ 1 %": near <= 0.01,
    "membership AUC of rare digits ≤ 0.6 (upper bound)": membership.high <= 0.6,
    "watermark false alarms ≤ 2 % (upper bound)": false_marks[1] <= 0.02,
}
for limit, kept in gate.items():
    print(f"{'pass' if kept else 'FAIL'}  {limit}")

# %% [markdown]
# It passes on quality and on the share, and fails on privacy. A limit on an upper bound can also fail for want of
# data: even with no false alarm among 360 images the bound is 1.1 %. That too is an answer.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The model card
#
# A model card says in one place what a model is for, how it was measured, and where it fails (Mitchell et al. 2019).
# Ours takes its numbers from this page, and refuses to be written with one missing.

# %%
seen_by = {known: [area.value for area in areas[known, "VAE"]] for known in ("VAE", "GAN")}
card = {
    "model": "VAE of 8×8 digits, reweighted for rare digits",
    "date": date.today().isoformat(),
    "version": "1, seed 0; 8 latent dimensions, 2 × 128 units each way, 1,000 steps",
    "license": "MIT (code); data: UCI digits, CC BY 4.0",
    "intended use": "teaching",
    "out of scope": "any use that takes its images for handwriting of a person; release of samples as anonymous data",
    "groups": "common digits 0 to 4, rare digits 5 to 9",
    "metrics": "precision and recall (k = 5, features of a classifier), near copies at 1 % false alarms, AUC",
    "variation": "95 % intervals over images; ranges over three seeds",
    "evaluation data": f"{len(x_test)} held-out digits",
    "training data": "770 digits of scikit-learn's set, a rare one drawn ten times as often",
    "share of the rare group in training": f"{70 / 770:.1%} of the images, 50 % of the draws",
}  # fmt: skip

# %%
found_few = roc.tpr_at_fpr(inside[run][y_train[run] >= 5], outside[run][y_test >= 5])
card |= {
    "precision": quality.precision,
    "recall": quality.recall,
    "share of the rare group in samples": f"{share:.0%} where the classifier is sure",
    "near copies": f"{near:.1%} of the rare digits drawn (held-out real digits: 1 %)",
    "membership AUC": f"rare digits {membership}",
    "membership found at 1 % false alarms": f"{found_few:.0%} of the rare training digits",
    "detector AUC, trained on its images": f"{min(seen_by['VAE']):.2f} to {max(seen_by['VAE']):.2f} (fair VAE)",
    "detector AUC, trained on another's": f"{min(seen_by['GAN']):.2f} to {max(seen_by['GAN']):.2f} (fair VAE)",
    "watermark found": f"{finder.found(marked).float().mean():.1%} untouched, fair VAE; none after regeneration",
    "watermark false alarms": f"{false_marks[0]:.1%} to {false_marks[1]:.1%} on real digits",
}

# %%
import tempfile
from pathlib import Path

from IPython.display import Markdown

card |= {
    "training energy": f"{5 * vae_seconds:.0f} to {20 * vae_seconds:.0f} J (5 to 20 W a core, assumed)",
    "ethical considerations": "membership of rare training digits can be inferred: do not train on personal data",
    "caveats": "the gate failed on privacy; shares depend on the classifier",
}
path = Path(tempfile.mkdtemp()) / "model_card.md"  # put your own folder here to keep it
Markdown(model_card.save(card, path).replace("\n# ", "\n### ").replace("\n## ", "\n#### "))

# %%
try:
    model_card.write({**card, "near copies": float("nan"), "recall": None})
except ValueError as error:
    print(error)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 8 · Cases for discussion
#
# Half of the class argues each position, then they change sides. Use a number of this page for every claim that has
# one.
#
# 1. **The clinic.** It wants to share synthetic scans of 450 patients with a rare disease. *A:* share, the audit
#    found no near copies. *B:* do not; membership is the secret, and other attacks exist. What would change your
#    mind?
# 2. **The newsroom.** A photograph of a riot carries a watermark of an image generator; the photographer says it is
#    real. *A:* retract, the false-alarm rate is 1 %. *B:* publish, marks can be forged. What else would you look at?
# 3. **The portrait service.** Its model draws doctors of one group in 5 % of cases; they are 9 % of its data and 20 %
#    of the profession. *A:* reweight to 20 %. *B:* draw what the data say. Which share is right, and who decides?
# 4. **The illustrator.** A model's image is her drawing, mirrored and recolored. *A:* the filter passed it, so it is
#    new. *B:* the filter's distance was chosen by the provider. Which threshold, on which distance, would you accept?
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

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the speaker.* Ten minutes to argue, two to change sides, ten to argue again. Write the numbers that are used on
# the board, each with its interval; strike out those that were measured on something else.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Check yourself

# %%
quiz.ask("06_ethics", 5, 6)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary
#
# 1. A detector knows the generators it has seen: AUC above 0.9 on its own, near a coin on a GAN it has not. A
#    signature says who vouches and is easily dropped; a watermark survives some editing.
# 2. A keyed pattern is found in every image at about 1 % false alarms, if calibrated on real ones; another's
#    autoencoder removes it and leaves the digit, and ten marked images suffice to forge it.
# 3. Membership: AUC 1 on the overfitted mixture, 0.94 and more on one whose samples look clean, near 0.5 on a VAE
#    stopped early, where a calibrated attack finds a little more. Samples leak less than the model, or more.
# 4. On a skewed set the verdict depends on how the classifier reads: sure readings say that mixture and GAN amplify.
#    Reweighting mends the share and exposes the few.
# 5. The $k$-th smallest held-out distance is a threshold with an interval, for one notion of "same". A card with a
#    missing number is not written.
#
# ## Discuss
#
# - Who should hold the key of a watermark: the provider, a public body, everybody?
# - Your model fails the gate on privacy for a group of 70 people. Which of labs 2 to 4 would you run again, and how,
#   after a change?
# - Which number on this page would you least like to see in a headline, and why?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# **1.** Train the detector on VAE images with random noise and blur as augmentation. Does it find the GAN better?
#
# <details><summary>Solution</summary>
#
# ```python
# for seed in SEEDS:
#     fakes, real = samples["VAE"][seed, :667], x[fresh[seed]]
#     sets = [torch.cat([s, watermark.noisy(s, 0.1), watermark.blurred(s, 0.5)]) for s in (real, fakes)]
#     label = torch.arange(2).repeat_interleave(3 * 667)
#     player = metrics.train_classifier(torch.cat(sets), label, epochs=40, seed=seed)
#     for name in samples:
#         print(seed, name, roc.auc(fakeness(player, samples[name][seed, 1000:1360]), fakeness(player, x_test)))
# ```
# A little: the AUC on the GAN rises from 0.59–0.64 to 0.66–0.68, and stays at 0.99 or more on the VAE.
# </details>
#
# **2.** Make the skew 28 to one: 140 common, 5 rare images of each digit. Which models lose the rare digits in the
# sure reading?
#
# <details><summary>Solution</summary>
#
# ```python
# for seed in SEEDS:
#     few = x[subset([140] * 5 + [5] * 5, seed)].flatten(1)
#     drawn = from_mixture(GaussianMixture(10, reg_covar=1e-3, random_state=seed).fit(few), N)
#     vae = VAEs(1, seed=seed)
#     vae.fit(few[None], 1000, progress=False)
#     for name, images in {"GMM": drawn.clamp(0, 1), "VAE": vae.sample(N)[0]}.items():
#         print(seed, name, rare_share(images.unflatten(1, (1, 8, 8)), 0.9), 25 / 725)
# ```
# The share in the data is 3.4 %. The mixture draws 0.8 to 1.2 % (the skew is amplified threefold; below 0.7 % we
# would say lost), the VAE 2 to 6 %.
# </details>

# %% [markdown]
# ## Further reading
#
# - High-Level Expert Group on AI. *Ethics Guidelines for Trustworthy AI.* European Commission, 8 April 2019
# - *Regulation (EU) 2024/1689 (Artificial Intelligence Act)*, OJ L, 12 July 2024; *Regulation (EU) 2026/1744*, OJ L,
#   24 July 2026
# - European Data Protection Board. *Opinion 28/2024 on AI models.* 17 December 2024
# - Coalition for Content Provenance and Authenticity. *C2PA Technical Specification*, version 2.2, 2025
# - M. Mitchell et al. *Model Cards for Model Reporting.* FAT* 2019. arXiv:1810.03993
# - B. Chesney, D. Citron. *Deep Fakes: A Looming Challenge for Privacy, Democracy, and National Security.* California
#   Law Review 107, 2019
# - A. Diel et al. *Human performance in detecting deepfakes: A systematic review and meta-analysis of 56 papers.*
#   Computers in Human Behavior Reports 16, 2024
# - K. J. Schiff, D. S. Schiff, N. S. Bueno. *The Liar's Dividend.* American Political Science Review 119, 2025
# - S.-Y. Wang et al. *CNN-Generated Images Are Surprisingly Easy to Spot… for Now.* CVPR 2020. arXiv:1912.11035
# - I. J. Cox et al. *Secure Spread Spectrum Watermarking for Multimedia.* IEEE Trans. Image Processing 6, 1997
# - X. Zhao et al. *Invisible Image Watermarks Are Provably Removable Using Generative AI.* NeurIPS 2024.
#   arXiv:2306.01953
# - N. Carlini et al. *Membership Inference Attacks From First Principles.* IEEE S&P 2022. arXiv:2112.03570
# - L. Watson et al. *On the Importance of Difficulty Calibration in Membership Inference Attacks.* ICLR 2022.
#   arXiv:2111.08440
# - D. Chen et al. *GAN-Leaks: A Taxonomy of Membership Inference Attacks against Generative Models.* CCS 2020.
#   arXiv:1909.03935
# - E. R. DeLong, D. M. DeLong, D. L. Clarke-Pearson. *Comparing the Areas under Two or More Correlated ROC Curves.*
#   Biometrics 44, 1988
# - T. Stadler, B. Oprisanu, C. Troncoso. *Synthetic Data – Anonymisation Groundhog Day.* USENIX Security 2022.
#   arXiv:2011.07018
# - M. Abadi et al. *Deep Learning with Differential Privacy.* CCS 2016. arXiv:1607.00133
# - N. Carlini et al. *Extracting Training Data from Diffusion Models.* USENIX Security 2023. arXiv:2301.13188
# - F. Bianchi et al. *Easily Accessible Text-to-Image Generation Amplifies Demographic Stereotypes at Large Scale.*
#   FAccT 2023. arXiv:2211.03759
# - K. Choi et al. *Fair Generative Modeling via Weak Supervision.* ICML 2020. arXiv:1910.12008
# - W. J. Rogan, B. Gladen. *Estimating Prevalence from the Results of a Screening Test.* Am. J. Epidemiology 107,
#   1978
# - A. S. Luccioni, Y. Jernite, E. Strubell. *Power Hungry Processing: Watts Driving the Cost of AI Deployment?*
#   FAccT 2024. arXiv:2311.16863
