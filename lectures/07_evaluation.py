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
# # 07 · Evaluating generative models: FID, IS and their limits
#
# A generative model has no right answer to be held against. This page builds the usual numbers from their formulas,
# finds out what each of them sees, and cheats every one of them.
#
# **You will be able to**
# 1. say why likelihood, quality and diversity are three different things;
# 2. compute Inception Score, Fréchet distance (FID), KID, precision and recall, and check them on closed forms;
# 3. calibrate a metric before you trust it: floor, corruption sweep, number of samples;
# 4. game a metric, and name the metric that notices;
# 5. run a human test and report it with an interval.
#
# **Time:** 90 minutes with the exercises; the page runs in under a minute on a laptop. **Before:** lecture 03 for the
# VAE. You need Gaussians, covariance matrices, and to have trained a classifier once.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the speaker.* Run the whole page before the class. Show sections 6 and 8 live, and let the class play the game
# of section 9 by a show of hands: one person clicks. Sections 3 and 4 want a blackboard beside the screen.

# %% slideshow={"slide_type": "skip"}
import math

import numpy as np
import torch
from matplotlib.patches import Circle
from sklearn.mixture import GaussianMixture
from threadpoolctl import threadpool_limits
from torch.nn import functional as F

from course_utils import data, losses, metrics, models, plotting, training
from course_utils.labs.evaluation.game import real_or_generated
from course_utils.widgets import quiz
from course_utils.widgets.sweep import Level, corruption_explorer

threadpool_limits(1)  # one thread for NumPy and scikit-learn, and for PyTorch:
torch.set_num_threads(1)  # small networks are 5–20 times slower with two threads that wait for each other

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · Why one number is not enough
#
# Good samples are sharp (**quality**) and as varied as the data (**diversity**). Likelihood sounds like both at once.
# It is neither. Take two moons, where the true density is known, and two bad models:
#
# - **1 % truth**: with probability 0.01 a true sample, otherwise uniform junk. Its density is at least 0.01 p(x), so
#   its log-likelihood is at most log 100 = 4.6 nats below the truth, *in any number of dimensions*.
# - **memorizer**: repeats 200 training points with a tiny blur. Its samples look perfect.
#
# **Predict first.** Which of the two has the better likelihood on new data?

# %%
moons, rng = data.toy("moons", std=0.05), torch.Generator().manual_seed(0)
train_2d, test_2d = moons.sample(200, rng=rng), moons.sample(2_000, rng=rng)
low, high = torch.tensor([-2.5, -2.5]), torch.tensor([3.5, 3.0])
junk = low + (high - low) * torch.rand(2_000, 2, generator=rng)
share = (torch.rand(2_000, 1, generator=rng) < 0.01).float()
samples = {
    "truth": moons.sample(2_000, rng=rng),
    "1 % truth": share * moons.sample(2_000, rng=rng) + (1 - share) * junk,
    "memorizer": train_2d.repeat(10, 1) + 0.01 * torch.randn(2_000, 2, generator=rng),
}

# %%
log_junk = -(high - low).log().sum()
log_p = moons.log_prob(test_2d)
closeness = -(torch.cdist(test_2d, train_2d) ** 2) / (2 * 0.01**2) - math.log(2 * math.pi * 0.01**2)
log_likelihood = {
    "truth": log_p,
    "1 % truth": torch.logaddexp(math.log(0.01) + log_p, math.log(0.99) + log_junk),
    "memorizer": closeness.logsumexp(1) - math.log(200),
}
usual = moons.log_prob(test_2d).quantile(0.01)  # 99 % of real points are at least this likely
for name, values in log_likelihood.items():
    good = (moons.log_prob(samples[name]) > usual).float().mean()
    print(f"{name:10s} log-likelihood {values.mean():8.2f} nats on new data · good samples {good:4.0%}")

# %%
figure, axes = plotting.picture(1, 3, title="Samples", height=2.4, sharey=True, alt=(
    "Three scatter plots. The truth: two moons. 1 % truth: uniform junk. Memorizer: two moons, in clumps."
))  # fmt: skip
for ax, (name, points) in zip(axes, samples.items(), strict=True):
    ax.scatter(*points.T, s=2, color=plotting.COLORS[0])
    ax.set(title=f"{name}\n{log_likelihood[name].mean():.1f} nats", xlabel="x₁", xlim=(-2.5, 3.5), ylim=(-2.5, 3))
axes[0].set_ylabel("x₂")
figure

# %% [markdown]
# The first makes junk, and has by far the better likelihood. The memorizer's samples are perfect, its likelihood is
# not. Theis, van den Oord & Bethge (2016) use the first model to show that neither implies the other. On images,
# models differ by tens of nats and more, so 4.6 are little. A GAN has no likelihood at all. So samples are compared
# with samples.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · A feature extractor, and what it looks at
#
# Distances between pixels say little: a digit moved by one pixel is far away. So images go through a classifier, and
# its last hidden layer, the **features**, is compared. FID takes the Inception network, trained on ImageNet photos,
# with 2,048 features. Ours is trained on the digits themselves, in seconds, and has 32. All below is the same code
# for both (`metrics.embed`); the last exercise swaps in Inception.

# %%
x, y = data.images("digits", "train")
x_test, y_test = data.images("digits", "test")
classifier = metrics.train_classifier(x, y)
held_out = metrics.embed(classifier, x_test)
accuracy = (held_out.probabilities.argmax(1) == y_test).float().mean()
print(f"the classifier reads {accuracy:.1%} of {len(x_test)} test digits; features {tuple(held_out.features.shape)}")

# %% [markdown]
# Now split the training digits. One half is the **training set** of our generators, and also what samples are
# compared with, as in published FIDs. The other half is **fresh**: real, but never shown. It is the best that a
# generator can do, so we always measure it, too.

# %%
order = torch.randperm(len(x), generator=torch.Generator().manual_seed(0))
train, fresh = x[order[:718]], x[order[718:1436]]
y_train, y_fresh = y[order[:718]], y[order[718:1436]]
real = metrics.embed(classifier, train).features
real.shape

# %% [markdown]
# Three generators learn from the 718 images: a Gaussian mixture, a VAE, and a "memorizer" which has learned nothing
# but them.

# %%
mixture = GaussianMixture(10, reg_covar=1e-3, random_state=0).fit(train.flatten(1).numpy())
drawn = torch.from_numpy(mixture.sample(718)[0]).float().clamp(0, 1).view(-1, 1, 8, 8)
from_mixture = drawn[torch.randperm(718, generator=torch.Generator().manual_seed(0))]  # they come sorted


def vae_loss(model, x, rng):
    x_logits, mu, logvar = model(x, rng)
    elbo = losses.elbo(4 * losses.log_bernoulli(x, x_logits), losses.kl_standard_normal(mu, logvar))
    return {"loss": -elbo.mean()}  # 4 × the likelihood, since gray levels are not coin flips: sharper samples


torch.manual_seed(0)
vae = models.VAE((1, 8, 8), latent=8)
training.fit(vae, vae_loss, train, epochs=120, description="VAE")  # fmt: skip

# %%
from_vae = vae.sample(718, rng=torch.Generator().manual_seed(0))
generated = {"fresh real": fresh, "mixture": from_mixture, "VAE": from_vae, "memorizer": train}
shown = torch.cat([images[:10] for images in generated.values()])
plotting.image_grid(shown, title="Ten images of each kind", row_labels=list(generated))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · The Inception Score
#
# Salimans et al. (2016) ask two things of the classifier's class probabilities $p(y \mid x)$. A single image should
# be **clear**: low entropy. All images together should be **varied**: $p(y) = \mathbb{E}_x\, p(y \mid x)$ has high
# entropy.
#
# $$\mathrm{IS} = \exp\Big(\mathbb{E}_x\, \mathrm{KL}\big(p(y \mid x)\,\|\,p(y)\big)\Big)
#               = \exp\big(H(y) - \mathbb{E}_x H(y \mid x)\big), \qquad
# 1 \le \mathrm{IS} \le \text{number of classes}.$$
#
# The exponent is the mutual information between image and class. Where a probability is 0, $0 \log 0 = 0$:
# `torch.xlogy` knows that, `p * p.log()` gives NaN.


# %%
def inception_score(p):
    marginal = p.mean(0)
    kl = (torch.xlogy(p, p) - torch.xlogy(p, marginal)).sum(1)
    return kl.mean().exp().item()


sure = torch.eye(10, dtype=torch.float64).repeat(10, 1)
hazy = 0.9 * sure + 0.1 * (1 - sure) / 9
cases = {"always the same class": sure[:1].repeat(100, 1), "no idea": torch.full_like(sure, 0.1), "sure": sure}
for name, p in {**cases, "90 % sure": hazy, "test digits": held_out.probabilities}.items():
    twin = metrics.inception_score(p).value
    print(f"{name:22s} {inception_score(p):6.3f}   course_utils {twin:6.3f}")

# %% [markdown]
# The bounds are 1 and 10, as promised. "90 % sure" has a closed form, $10 \exp(-H)$ with $H$ the entropy of one row.
#
# **Predict first.** Libraries cut the samples into 10 splits, and report mean ± standard deviation. We have 718 fresh
# images. Does the mean over 10 splits lie below, at, or above the score of all 718? And over 50 splits?

# %%
p_fresh = metrics.embed(classifier, fresh).probabilities
for splits in (1, 10, 50):
    score = metrics.inception_score(p_fresh, splits, seed=0)
    print(f"{splits:3d} splits of {718 // splits:3d}: {score.value:.2f} ± {score.spread:.2f}")
entropies = -torch.xlogy(hazy, hazy).sum(1)
print(f"closed form of '90 % sure': {10 * math.exp(-entropies[0]):.3f}")

# %% [markdown]
# Below, and the more the smaller the splits: a few samples never hold all classes evenly, so $H(y)$ is too small. Use
# one split when there are few samples, and quote their number.
#
# > **Common error: "the Inception Score compares with real data."** It never sees any. Show one image per class, or
# > noise that pleases the classifier: as long as it is sure and the classes are balanced, the score is perfect
# > (section 8).

# %%
quiz.ask("07_evaluation", 1, 2)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · The Fréchet distance
#
# Put a Gaussian over the features of the real images and another over those of the generated ones. Between Gaussians
# the Fréchet (2-Wasserstein) distance is known (Dowson & Landau 1982; as FID: Heusel et al. 2017):
#
# $$d^2 = \|\mu_1 - \mu_2\|^2 + \operatorname{tr}\big(\Sigma_1 + \Sigma_2 - 2\,(\Sigma_1\Sigma_2)^{1/2}\big).$$
#
# In one dimension it is $(\mu_1 - \mu_2)^2 + (\sigma_1 - \sigma_2)^2$. The root is a **matrix** root: with $S^{1/2}$
# we mean $S^{1/2} S^{1/2} = S$, not the root of each element. We need its trace only. $\Sigma_1\Sigma_2$ is not
# symmetric, but $\Sigma_1^{1/2}\,\Sigma_2\,\Sigma_1^{1/2}$ is, and has the same eigenvalues $\lambda_i \ge 0$; so the
# trace is $\sum_i \sqrt{\lambda_i}$.


# %%
def frechet_distance(mu_1, sigma_1, mu_2, sigma_2):
    eigenvalues, vectors = np.linalg.eigh(sigma_1)
    root = vectors * np.sqrt(eigenvalues.clip(min=0)) @ vectors.T
    product = np.linalg.eigvalsh(root @ sigma_2 @ root)
    trace_of_root = np.sqrt(product.clip(min=0)).sum()  # rounding makes a zero slightly negative
    return ((mu_1 - mu_2) ** 2).sum() + np.trace(sigma_1) + np.trace(sigma_2) - 2 * trace_of_root


def moments(features):
    features = np.asarray(features, dtype=np.float64)  # float32 loses digits in the covariance
    return features.mean(0), np.cov(features, rowvar=False)


# %% [markdown]
# First the closed forms: one dimension, then two covariances that commute (same eigenvectors), where the distance is
# that of the standard deviations. Then real features, against our tested twin and two popular mistakes.

# %%
one = frechet_distance(np.array([1.0]), np.array([[4.0]]), np.array([-2.0]), np.array([[9.0]]))
print(f"N(1, 2²) and N(−2, 3²): {one:.6f}, closed form {3**2 + (2 - 3) ** 2}")
rng = np.random.default_rng(0)
basis, std_1, std_2 = np.linalg.qr(rng.normal(size=(32, 32)))[0], rng.uniform(0, 3, 32), rng.uniform(0, 3, 32)
sigma_1, sigma_2 = (basis * std_1**2) @ basis.T, (basis * std_2**2) @ basis.T
both = frechet_distance(np.zeros(32), sigma_1, np.zeros(32), sigma_2)
print(f"32 dimensions, commuting: {both:.6f}, closed form {((std_1 - std_2) ** 2).sum():.6f}")

# %%
features = {name: metrics.embed(classifier, images).features for name, images in generated.items()}
for name, fake in features.items():
    (mu_1, sigma_1), (mu_2, sigma_2) = moments(real), moments(fake)
    page = frechet_distance(mu_1, sigma_1, mu_2, sigma_2)
    shift, traces = ((mu_1 - mu_2) ** 2).sum(), np.trace(sigma_1 + sigma_2)
    elementwise = shift + traces - 2 * np.trace(np.sqrt(np.abs(sigma_1 * sigma_2)))
    no_two = shift + traces - (shift + traces - page) / 2
    print(f"{name:11s} page {page:6.2f} · course_utils {metrics.frechet_distance(real, fake):6.2f}", end="")
    print(f" · elementwise root {elementwise:6.2f} · without the 2 {no_two:6.1f}")

# %% [markdown]
# The mixture is near the fresh digits, the VAE is behind, and the memorizer is **perfect: zero, better than real
# data**. Remember that. The elementwise root ignores all correlations. Its numbers look plausible, and nothing but a
# closed form or a tested twin shows that they are too small. A forgotten factor 2 is easier to see: then nothing is
# ever near 0.
#
# > **Common error: "FID is a distance between images" or "between distributions".** It sees a mean and a covariance
# > of features. Draw *features* from the Gaussian itself: the distance falls to the floor, and nobody would take
# > those points for digits. Metrics that look further notice.

# %%
mu, sigma = moments(real)
gaussian = np.random.default_rng(0).multivariate_normal(mu, sigma, 718)
scale = real.std()
for name, fake in {"fresh real": features["fresh real"], "Gaussian features": gaussian}.items():
    k, near = metrics.kid(real / scale, fake / scale), metrics.prdc(real, fake)
    print(f"{name:18s} Fréchet {metrics.frechet_distance(real, fake):5.2f} · KID {k.value:6.3f} · ", end="")
    print(f"precision {near.precision:.2f} · coverage {near.coverage:.2f}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · Looking further: KID, precision and recall
#
# **KID** (Bińkowski et al. 2018) compares all moments up to the third, through a kernel:
#
# $$\mathrm{KID} = \mathbb{E}\,k(x, x') + \mathbb{E}\,k(y, y') - 2\,\mathbb{E}\,k(x, y), \qquad
# k(x, y) = \big(x^\top y / F + 1\big)^3 .$$
#
# Leave out each sample's pair with itself, and the estimate has **no bias**: its mean over draws is the true value
# for any number of samples. So it can be negative. The kernel is cubic in the features' scale; we divide by their
# standard deviation.


# %%
def kid(x, y):
    n = len(x)

    def kernel(a, b):
        return (a @ b.T / a.shape[1] + 1) ** 3

    within = sum((k.sum() - k.trace()) / (n * (n - 1)) for k in (kernel(x, x), kernel(y, y)))
    return (within - 2 * kernel(x, y).mean()).item()


base, others = real.double() / scale, {name: features[name].double() / scale for name in ("fresh real", "VAE")}
for name, other in others.items():
    twin = metrics.kid(base, other, subsets=1, subset_size=718).value
    print(f"{name:11s} KID {kid(base, other):7.4f}   course_utils {twin:7.4f}")

# %% [markdown] slideshow={"slide_type": "subslide"}
# One number cannot tell **bad samples** from **missing ones**. Precision and recall can (Kynkäänniemi et al. 2019).
# Around each real point put a ball that reaches to its $k$-th nearest real neighbor: the union is the real manifold.
#
# - **precision**: share of generated points inside the real manifold (quality);
# - **recall**: share of real points inside the *generated* manifold (diversity).
#
# One outlier among the reals has a huge ball, which lets anything in. **Density** counts balls instead, and
# **coverage** asks which real balls are met (Naeem et al. 2020). See it in two dimensions, where a generator has lost
# one moon:

# %%
real_2d = moons.sample(80, rng=torch.Generator().manual_seed(1))
fake_2d, moon = moons.sample_labelled(120, rng=torch.Generator().manual_seed(2))
fake_2d = fake_2d[moon == 0]
radius = torch.cdist(real_2d, real_2d).kthvalue(4).values  # k = 3; the first is the point itself
figure, ax = plotting.picture(title="The real manifold: balls to the third neighbor", height=3.4, alt=(
    "Two moons of real points, a disc around each. Generated points cover the upper moon only."
))  # fmt: skip
ax.scatter(*real_2d.T, s=12, color=plotting.COLORS[0], label="real")
for center, r in zip(real_2d, radius, strict=True):
    ax.add_patch(Circle(center, r, alpha=0.12))
ax.scatter(*fake_2d.T, s=12, color=plotting.COLORS[1], marker="x", label="generated")
ax.set(xlabel="x₁", ylabel="x₂", aspect="equal")
ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
figure

# %%
near = metrics.prdc(real_2d, fake_2d, k=3)
print(" · ".join(f"{name} {value:.2f}" for name, value in near._asdict().items()))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · Calibrate before you trust
#
# ### The floor
#
# What does a metric say of real data against real data? That is its floor, with its spread. A difference smaller than
# the spread means nothing. Last comes a nearest-neighbor check: the share of images that are nearer to a training
# image than 99 % of held-out real images are (**near copies**). On fresh data it is about 1 %.


# %%
def evaluate(images, reference=real, k=5):
    features, p = metrics.embed(classifier, images)
    near, unit = metrics.prdc(reference, features, k), reference.std()
    return {
        "Fréchet distance": metrics.frechet_distance(reference, features),
        "KID × 100": 100 * metrics.kid(reference / unit, features / unit, subsets=20).value,
        "Inception Score": metrics.inception_score(p).value,
        "near copies": metrics.memorization(features, reference, held_out.features).near_copies,
        **near._asdict(),
    }


# %%
halves = []
for seed in range(8):
    mixed = x[torch.randperm(len(x), generator=torch.Generator().manual_seed(seed))]
    halves.append(evaluate(mixed[:718], metrics.embed(classifier, mixed[718:1436]).features))
floor = {}
for name in halves[0]:
    values = np.array([half[name] for half in halves])
    floor[name] = (values.mean() - 2 * values.std(ddof=1), values.mean() + 2 * values.std(ddof=1))
    print(f"{name:17s} real against real {values.mean():7.3f} ± {values.std(ddof=1):.3f}")

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The sweep
#
# Now damage fresh real images in four ways, more and more, and see which metric answers. **Copies** replaces them
# with images from the training set.
#
# **Predict first.** Which metrics notice dropped classes? Which notice copies, and in which direction do they move?


# %%
def blurred(images, width):
    kernel = torch.exp(-(torch.arange(-3, 4.0) ** 2) / (2 * width**2 + 1e-6))
    kernel = (kernel[:, None] * kernel / kernel.sum() ** 2)[None, None]
    return F.conv2d(F.pad(images, (3, 3, 3, 3), mode="replicate"), kernel)


# %%
def corrupt(kind, strength):
    """Fresh images damaged by `strength` from 0 to 1, and the strength in words."""
    if kind == "noise":
        noise = torch.randn(fresh.shape, generator=torch.Generator().manual_seed(0))
        return (fresh + 0.4 * strength * noise).clamp(0, 1), f"noise of sd {0.4 * strength:.2f}"
    if kind == "blur":
        return blurred(fresh, 1.2 * strength), f"blur of {1.2 * strength:.2f} pixels"
    if kind == "dropped classes":
        kept = 10 - round(9 * strength)
        return fresh[y_fresh < kept], f"only 0 to {kept - 1}"
    copied = round(strength * len(fresh))
    return torch.cat([train[:copied], fresh[copied:]]), f"{strength:.0%} copied"


# %%
sweep = {}
for kind in ("noise", "blur", "dropped classes", "copies"):
    levels = []
    for strength in np.linspace(0, 1, 10):
        images, label = corrupt(kind, strength)
        mixed = images[torch.randperm(len(images), generator=torch.Generator().manual_seed(0))[:20]]
        levels.append(Level(label, mixed, evaluate(images)))
    sweep[kind] = levels

# %%
figure, axes = plotting.picture(8, 4, width=7.2, height=9.5, sharex=True, sharey="row", alt=(
    "Every metric in a row, every corruption in a column. Noise lowers precision and coverage, not recall. Blur lowers "
    "recall first. Dropped classes lower recall, coverage and Inception Score, not precision. Copies raise near copies."
))  # fmt: skip
for row, name in zip(axes, floor, strict=True):
    row[0].set_ylabel(name.replace(" ", "\n", 1), fontsize=9)
    for ax, levels in zip(row, sweep.values(), strict=True):
        ax.axhspan(*floor[name], color="#BBBBBB", alpha=0.6, linewidth=0)
        ax.plot(np.linspace(0, 1, 10), [level.values[name] for level in levels], color=plotting.COLORS[0])
for top, bottom, kind in zip(axes[0], axes[-1], sweep, strict=True):
    top.set_title(kind, fontsize=10)
    bottom.set_xlabel("strength")
for ax in axes[:2].flat:
    ax.set_yscale("symlog", linthresh=10)  # linear up to 10, logarithmic beyond
figure

# %% [markdown]
# Read it by columns. **Noise** and **blur** raise the distances and lower the Inception Score. Noise costs precision
# and leaves recall alone; blur costs recall first, since blurred digits are all alike. **Dropped classes** leave
# precision perfect: every image is real. Recall, coverage and the distances see them. **Copies** please every metric,
# and bring the Fréchet distance *below* its floor. Only the nearest-neighbor check objects.
#
# Now choose for yourself. The explorer looks everything up in the sweep above.

# %%
corruption_explorer(sweep, floor)

# %%
shown = torch.cat([corrupt(kind, s)[0][:5] for kind in ("noise", "blur") for s in (0.25, 0.5, 1.0)])
labels = [f"{kind}\n{s}" for kind in ("noise", "blur") for s in (0.25, 0.5, 1.0)]
plotting.image_grid(shown, columns=5, title="Two corruptions at three strengths", row_labels=labels)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The number of samples
#
# A covariance estimated from few samples is too far from itself. For two sets of $N$ samples from the *same*
# $N(0, I_d)$ the expected distance is not 0 but about $\frac{2d}{N} + \frac{d(d+1)}{2N}$. For the Inception network's
# $d = 2048$ and $N = 5{,}000$ this is above 400.

# %%
sizes, d = [200, 400, 1_000, 2_000, 5_000], 64
rng = np.random.default_rng(0)
for n in sizes:
    draws = [metrics.frechet_distance(*rng.normal(size=(2, n, d))) for _ in range(5)]
    print(f"N = {n:5d}: measured {np.mean(draws):6.3f}, formula {2 * d / n + d * (d + 1) / (2 * n):6.3f}")

# %% [markdown]
# The bias falls as $1/N$, so draw the distance against $1/N$, fit a line, and read it at $1/N = 0$: infinitely many
# samples (Chong & Forsyth 2020).

# %%
lines = {name: metrics.frechet_extrapolated(real, fake) for name, fake in features.items() if name != "memorizer"}
figure, ax = plotting.picture(title="The distance depends on the number of samples", alt=(
    "Fréchet distance against 1/N for fresh real images, mixture and VAE: three straight lines, rising with 1/N."
))  # fmt: skip
for (name, line), color in zip(lines.items(), plotting.COLORS, strict=False):
    ax.plot(1 / line.sizes, line.distances, "o", color=color)
    reach = np.array([0, 1 / line.sizes[0]])
    ax.plot(reach, line.value + line.slope * reach, color=color, label=f"{name}: {line.value:.2f} at N = ∞")
ax.set(xlabel="1/N", ylabel="Fréchet distance")
ax.legend()
figure

# %% [markdown]
# Fresh real images come out near 0, as they must. But look at the right end: judged from about 150 images, *real
# data* is about as far away as the VAE judged from all. So **compare only at equal N**, and say N. KID has no such
# bias: its mean stays put, within the spread over $\sqrt{50}$; only the spread grows.

# %%
for n in (50, 100, 200, 359):
    scores = [metrics.kid(base, others["VAE"], subsets=1, subset_size=n, seed=seed).value for seed in range(50)]
    print(f"KID of the VAE from {n:3d} samples: {np.mean(scores):.3f} ± {np.std(scores):.3f} over 50 draws")

# %%
quiz.ask("07_evaluation", 3, 4)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · Three models judged
#
# Each model draws three times; mean ± standard deviation. (A full study also trains over several seeds: lecture 05.)


# %%
def draw(name, seed):
    rng = torch.Generator().manual_seed(seed)
    if name == "VAE":
        return vae.sample(718, rng=rng)
    if name == "mixture":
        mixture.set_params(random_state=seed)
        return torch.from_numpy(mixture.sample(718)[0]).float().clamp(0, 1).view(-1, 1, 8, 8)
    return train[torch.randint(718, (718,), generator=rng)]


table = {name: [evaluate(draw(name, seed)) for seed in range(3)] for name in ("mixture", "VAE", "memorizer")}
print(f"{'':17s}", *[f"{name:>14s}" for name in table], "  real floor")
for metric, (low, high) in floor.items():
    cells = [np.array([run[metric] for run in runs]) for runs in table.values()]
    print(f"{metric:17s}", *[f"{c.mean():6.2f} ± {c.std(ddof=1):5.2f}" for c in cells], f" {low:6.2f} … {high:.2f}")

# %% [markdown]
# The memorizer wins nearly every row. Between the other two, look at each row's spread before you call one better.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 8 · Gaming
#
# When a measure becomes a target, it ceases to be a good measure. Three cheats:
#
# 1. **memorizer**: the training set itself;
# 2. **one per class**: ten images, repeated;
# 3. **noise to please**: start from random pixels and follow the classifier's gradient until it is sure of some
#    class, each class in turn. No image is ever looked at.

# %%
pixels = torch.randn(700, 1, 8, 8, generator=torch.Generator().manual_seed(0)).requires_grad_()
wanted, optimizer = torch.arange(700) % 10, torch.optim.Adam([pixels], lr=0.1)
for _ in range(100):
    loss = F.cross_entropy(classifier(pixels.sigmoid())[1], wanted)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
pleasing = pixels.sigmoid().detach()
per_class = torch.cat([train[y_train == c][:1] for c in range(10)])
cheats = {"memorizer": train, "one per class": per_class.repeat(70, 1, 1, 1), "noise to please": pleasing}

# %%
plotting.image_grid(
    torch.cat([images[:10] for images in cheats.values()]), title="Three cheats", row_labels=list(cheats)
)

# %%
results = {name: evaluate(images) for name, images in {"fresh real": fresh, **cheats}.items()}
print(f"{'':17s}", *[f"{name:>16s}" for name in results])
for metric in floor:
    print(f"{metric:17s}", *[f"{values[metric]:16.2f}" for values in results.values()])

# %% [markdown]
# | cheat | fooled | who notices |
# |---|---|---|
# | memorizer | all of quality and diversity, Fréchet distance 0 | near copies |
# | one per class | Inception Score, precision | recall, coverage, Fréchet distance |
# | noise to please | Inception Score, near its maximum | every metric that looks at real data |
#
# So report a distance, precision and recall, and a check for copies. And never train against what grades you.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 9 · Human judges
#
# The oldest test: show an image, ask "real or generated?" At chance (50 %) the model fools the judge. Play: half of
# the images are real digits, half come from the mixture.

# %%
real_or_generated(x_test, from_mixture, trials=30)

# %% [markdown]
# A score needs its interval. Wilson's (1927) inverts the test "could this be a coin with probability $p$?" and stays
# inside [0, 1], where the textbook's $\hat p \pm 1.96\sqrt{\hat p(1 - \hat p)/n}$ does not.


# %%
def wilson_interval(right, trials, z=1.96):
    share, shrink = right / trials, 1 + z**2 / trials
    center = (share + z**2 / (2 * trials)) / shrink
    half = z * math.sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2)) / shrink
    return center - half, center + half


for right, trials in ((18, 30), (60, 100), (600, 1_000), (30, 30)):
    low, high = wilson_interval(right, trials)
    twin = metrics.wilson_interval(right, trials)
    print(f"{right:4d} of {trials:5d} right: {low:.0%} to {high:.0%}   course_utils {twin[0]:.0%} to {twin[1]:.0%}")

# %% [markdown]
# 18 of 30 is compatible with guessing. About 100 answers are needed to tell 60 % from a coin. Does the interval keep
# its promise? Simulate players who are right with probability 0.6 and count.

# %%
rng = np.random.default_rng(0)
for trials in (10, 30, 100):
    rights = rng.binomial(trials, 0.6, size=5_000)
    inside = np.mean([low <= 0.6 <= high for low, high in (wilson_interval(int(r), trials) for r in rights)])
    print(f"{trials:3d} answers: {inside:.1%} of the intervals hold the true 60 %")

# %% [markdown] slideshow={"slide_type": "subslide"}
# A machine can play, too: train a classifier to tell real from generated, test it on images it has not seen, and
# report its accuracy in the same way (a *classifier two-sample test*, Lopez-Paz & Oquab 2017). Its classifier has the
# architecture of our classifier.

# %%
for name in ("fresh real", "mixture", "VAE"):
    both = torch.cat([train, generated[name]])
    is_real = (torch.arange(len(both)) < len(train)).long()
    mixed = torch.randperm(len(both), generator=torch.Generator().manual_seed(0))
    fit, test = mixed[:1_000], mixed[1_000:]
    player = metrics.train_classifier(both[fit], is_real[fit], epochs=30)
    says = metrics.embed(player, both[test]).probabilities.argmax(1)
    right = int((says == is_real[test]).sum())
    low, high = wilson_interval(right, len(test))
    print(f"{name:11s} told from the training set in {right / len(test):.0%} of cases, {low:.0%} to {high:.0%}")

# %% [markdown]
# It cannot tell fresh real digits from the training set, and finds both models out in most cases.
#
# For a human study decide beforehand who judges, how long each image is shown, and whether one of two is to be chosen
# (two-alternative forced choice: no leaning towards "real"); see Zhou et al. (2019). People, like precision, notice
# bad samples, not missing ones.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Common errors
#
# > **"Our FID is 12, theirs is 15, so we are better."** Only with the same N, the same reference set, the same
# > network and the same resizing. Parmar et al. (2022) move the FID of one and the same model by changing the image
# > resizer.
#
# > **"FID measures realism."** It measures two moments of the features of one classifier. Features trained on photos
# > of 1,000 kinds of objects may not care for what you care for.
#
# > **"A negative KID is a bug."** It is what "no bias" means when the truth is near 0.

# %%
quiz.ask("07_evaluation", 5, 6)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary
#
# 1. A model of 99 % junk can have a good likelihood, and a memorizer perfect samples: likelihood, quality and
#    diversity are three things.
# 2. IS = exp(H(y) − E H(y|x)), from 1 to the number of classes, blind to real data. The Fréchet distance compares
#    means and covariances; its root is a matrix root. KID has no bias. Precision is quality, recall is diversity.
# 3. Measure real against real, damage real data on purpose, and give N: the Fréchet distance falls with N, the
#    Inception Score rises.
# 4. Memorizer, one image per class, noise that pleases the classifier: each has one perfect score and is caught by
#    another metric.
# 5. A human score is a proportion. It comes with an interval and a number of answers.
#
# ## Discuss
#
# - You may report three numbers in a paper on generated X-ray images. Which, from what network, against which set?
# - A model's FID is below the real-against-real floor. What do you suspect, and how do you test it?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# **1.** Does the classifier matter? Train three classifiers with other seeds. By how much do the Fréchet distances of
# mixture and VAE change, and does their order?
#
# <details><summary>Solution</summary>
#
# ```python
# for seed in (1, 2, 3):
#     other = metrics.train_classifier(x, y, seed=seed)
#     base_features = metrics.embed(other, train).features
#     for name, images in generated.items():
#         print(seed, name, metrics.frechet_distance(base_features, metrics.embed(other, images).features))
# ```
# The numbers change by up to a quarter, since the scale of the features is arbitrary; the order stays. Distances of
# different extractors must not be compared.
# </details>
#
# **2.** Repeat section 6 with the real FID network. With `COURSE_DATA` set to a folder that holds its weights, or
# with a network connection, `extractor = metrics.inception()`; otherwise the message says what is missing. How does
# the sweep change?
#
# <details><summary>Solution</summary>
#
# ```python
# extractor = metrics.inception()
# real = metrics.embed(extractor, train[:200]).features
# print(metrics.frechet_distance(real, metrics.embed(extractor, fresh[:200]).features))
# ```
# 200 samples of 2,048 features: the covariance is singular, the function warns, and the floor is large.
# </details>

# %% [markdown]
# ## Further reading
#
# - L. Theis, A. van den Oord, M. Bethge. *A Note on the Evaluation of Generative Models.* ICLR 2016. arXiv:1511.01844
# - T. Salimans et al. *Improved Techniques for Training GANs.* NeurIPS 2016. arXiv:1606.03498 (Inception Score)
# - S. Barratt, R. Sharma. *A Note on the Inception Score.* 2018. arXiv:1801.01973
# - M. Heusel et al. *GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash Equilibrium.*
#   NeurIPS 2017. arXiv:1706.08500 (FID)
# - D. C. Dowson, B. V. Landau. *The Fréchet Distance between Multivariate Normal Distributions.* J. Multivariate
#   Anal. 12, 1982
# - M. Bińkowski, D. J. Sutherland, M. Arbel, A. Gretton. *Demystifying MMD GANs.* ICLR 2018. arXiv:1801.01401 (KID)
# - T. Kynkäänniemi et al. *Improved Precision and Recall Metric for Assessing Generative Models.* NeurIPS 2019.
#   arXiv:1904.06991
# - M. F. Naeem et al. *Reliable Fidelity and Diversity Metrics for Generative Models.* ICML 2020. arXiv:2002.09797
# - M. J. Chong, D. Forsyth. *Effectively Unbiased FID and Inception Score and Where to Find Them.* CVPR 2020.
#   arXiv:1911.07023
# - C. Meehan, K. Chaudhuri, S. Dasgupta. *A Non-Parametric Test to Detect Data-Copying in Generative Models.*
#   AISTATS 2020. arXiv:2004.05675
# - G. Parmar, R. Zhang, J.-Y. Zhu. *On Aliased Resizing and Surprising Subtleties in GAN Evaluation.* CVPR 2022.
#   arXiv:2104.11222
# - D. Lopez-Paz, M. Oquab. *Revisiting Classifier Two-Sample Tests.* ICLR 2017. arXiv:1610.06545
# - S. Zhou et al. *HYPE: A Benchmark for Human eYe Perceptual Evaluation of Generative Models.* NeurIPS 2019.
#   arXiv:1904.01121
# - E. B. Wilson. *Probable Inference, the Law of Succession, and Statistical Inference.* J. Am. Stat. Assoc. 22, 1927
