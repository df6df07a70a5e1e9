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
# **Time:** 75 minutes, and 27 of depth, marked ▸, which folds away and which nothing else needs. Estimated: words /
# 130, half a minute a figure or printed table, a minute for 6 lines of code, 2 for a prediction or quiz question, 4
# for an explorer; exercises come on top. The page runs in under a minute on a laptop.
#
# **Before:** [lecture 03](03_vae.ipynb) for the VAE. You need Gaussians, covariance matrices, and to have trained a
# classifier once. **After:** [assignment 07](../assignments/07_evaluation/07_evaluation.ipynb): three generators, to
# be told apart by numbers alone.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 3 min (45: 1)</summary>
#
# **Prepare.** Run the page; leave the explorer of section 6 and the game of section 10 open. Choose one person to
# click in the game. Sections 3 and 4 want a blackboard beside the screen.
#
# **Open.** "Paper A reports a FID of 12, paper B one of 15. By the end you will have five questions to ask before you
# believe that A is better."
#
# **Misconception.** "Evaluation is looking up a metric." Today each metric is calibrated, then cheated; whoever
# cannot cheat a number does not know what it measures.
#
# **On.** Begin with the number that everyone trusts: the likelihood.
#
# </details>

# %% slideshow={"slide_type": "skip"}
import math

import numpy as np
import torch
from matplotlib.patches import Circle
from sklearn.mixture import GaussianMixture
from torch.nn import functional as F

from course_utils import data, losses, metrics, models, plotting, training
from course_utils.labs.evaluation.corruptions import corrupt, sweep_figure
from course_utils.labs.evaluation.game import real_or_generated
from course_utils.metrics import intervals
from course_utils.training import one_thread, seeded
from course_utils.widgets import quiz
from course_utils.widgets.sweep import Level, corruption_explorer

DATASET = "digits"  # or "mnist", "fashion_mnist": about 90 s; the text holds for the digits
one_thread()  # small networks are slower with two threads that wait for each other

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · Why one number is not enough (9 min)
#
# Good samples are sharp (**quality**) and as varied as the data (**diversity**). Likelihood sounds like both at once.
# It is neither. Take two moons, where the true density is known, and two bad models:
#
# - **1 % truth**: with probability 0.01 a true sample, otherwise uniform junk. Its density is at least 0.01 p(x), so
#   its log-likelihood is at most log 100 = 4.6 nats below the truth, *in any number of dimensions*.
# - **memorizer**: repeats 200 training points with a tiny blur. Its samples look perfect.
#
# **Predict first.** Which of the two has the better likelihood on new data?

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 9 min (45: 6, tour: 3)</summary>
#
# **Open.** "Ninety-nine percent junk, or two hundred perfect copies: which has the better likelihood on new data?"
#
# **Ask.** Hands. The copies win the vote by far. The print: −3.3 nats for the junk, −9.2 for the memorizer, the truth
# at −0.3.
#
# **Picture.** An insurer: junk never says "impossible", so it never pays much. The memorizer says "impossible" almost
# everywhere, and new points are everywhere.
#
# **Click.** The three scatter plots, with the nats in their titles: ugliest cloud, second best number.
#
# **Misconception.** "Likelihood and looks go together." Neither implies the other (Theis et al. 2016); a GAN has no
# likelihood at all.
#
# **On.** Then compare samples with samples; in which space?
#
# </details>

# %%
moons, rng = data.toy("moons", std=0.05), seeded(0)
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
good = {name: (moons.log_prob(points) > usual).float().mean().item() for name, points in samples.items()}
for name, values in log_likelihood.items():
    print(f"{name:10s} log-likelihood {values.mean():8.2f} nats on new data · good samples {good[name]:4.0%}")

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
# The first makes junk, and has by far the better likelihood: a good likelihood does not imply good samples. The
# memorizer shows the other direction: good samples do not imply a good likelihood. Both arguments are those of Theis,
# van den Oord & Bethge (2016). On images, models differ by tens of nats and more, so 4.6 are little. A GAN has no
# likelihood at all. So samples are compared with samples.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · A feature extractor, and what it looks at (7 min)
#
# Distances between pixels say little: a digit moved by one pixel is far away. So images go through a classifier, and
# its last hidden layer, the **features**, is compared. FID takes the Inception network, trained on ImageNet photos,
# with 2,048 features. Ours is trained on the digits themselves, in seconds, and has 32. The last exercise swaps in
# Inception.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 7 min (45: 3)</summary>
#
# **Open.** "Move a digit by one pixel: you see the same digit, the pixel distance sees a stranger."
#
# **Ask.** "Who chose what counts as alike?" The training of the classifier did. Then: "FID's network was trained on
# photographs of dogs and trucks; what does it know of X-rays?" Let the silence work.
#
# **Click.** The printed share of test digits read right, about 97 %, and the size of the features, 32. The grid:
# fresh real, mixture, VAE, memorizer; the last row looks best and learned nothing.
#
# **Misconception.** "Features are neutral." They care for what their labels cared for.
#
# **On.** The first score uses only the classifier's opinion.
#
# </details>

# %%
x, y = data.images(DATASET, "train", limit=2_000)
x_test, y_test = data.images(DATASET, "test", limit=1_000)
classifier = metrics.train_classifier(x, y)
held_out = metrics.embed(classifier, x_test)
accuracy = (held_out.probabilities.argmax(1) == y_test).float().mean().item()
print(f"the classifier reads {accuracy:.1%} of {len(x_test)} test images; features {tuple(held_out.features.shape)}")

# %% [markdown]
# Now split the training images. One half is the **training set** of our generators, and also what samples are
# compared with, as in published FIDs. The other half is **fresh**: real, but never shown to a generator, so it is the
# best that one can do, and we always measure it, too. (The classifier was trained on both halves; exercise 1 tries
# one that was not.)

# %%
order, HALF, EVENT = torch.randperm(len(x), generator=seeded(0)), len(x) // 2, x.shape[1:]
train, fresh = x[order[:HALF]], x[order[HALF : 2 * HALF]]
y_train, y_fresh = y[order[:HALF]], y[order[HALF : 2 * HALF]]
real = metrics.embed(classifier, train).features

# %% [markdown]
# Three generators learn from the training set: a Gaussian mixture, a VAE, and a "memorizer" which has learned nothing
# but its images.

# %%
mixture = GaussianMixture(10, reg_covar=1e-3, random_state=0).fit(train.flatten(1).numpy())


def vae_loss(model, x, rng):
    x_logits, mu, logvar = model(x, rng)
    elbo = losses.elbo(4 * losses.log_bernoulli(x, x_logits), losses.kl_standard_normal(mu, logvar))
    return {"loss": -elbo.mean()}  # 4 × the likelihood, since gray levels are not coin flips: sharper samples


torch.manual_seed(0)
vae = models.VAE(EVENT, latent=8)
training.fit(vae, vae_loss, train, epochs=math.ceil(86_000 / HALF), description="VAE")


# %%
def draw(name, seed):
    rng = seeded(seed)
    if name == "VAE":
        return vae.sample(HALF, rng=rng)
    if name == "memorizer":
        return train[torch.randint(HALF, (HALF,), generator=rng)]
    mixture.set_params(random_state=seed)
    drawn = torch.from_numpy(mixture.sample(HALF)[0]).float().clamp(0, 1).unflatten(1, EVENT)
    return drawn[torch.randperm(HALF, generator=rng)]  # they come sorted by component


generated = {"fresh real": fresh, "mixture": draw("mixture", 0), "VAE": draw("VAE", 0), "memorizer": train}
shown = torch.cat([images[:10] for images in generated.values()])
plotting.image_grid(shown, title="Ten images of each kind", row_labels=list(generated))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · The Inception Score (6 min)
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

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 8 min (45: 4)</summary>
#
# **Open.** "Each picture clear, all together varied. Where do real data enter?"
#
# **Ask.** Let them search the formula. They do not find them, since there are none.
#
# **Click.** The five printed rows: 1 for one class, 1 for no idea, 10 for sure; "90 % sure" has 5.8, as the closed
# form; real test digits about 9.4. Ask for 5.8 before you scroll; nearly everyone says 9.
#
# **Misconception.** "The Inception Score compares with real data." One image a class, repeated, gets the maximum.
# Keep it in mind for section 9.
#
# **On.** So bring the real data in.
#
# </details>


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
# The bounds are 1 and 10, as promised, and the page agrees with the tested twin. "90 % sure" has a closed form,
# $10 \exp(-H) = 5.8$, with $H$ the entropy of one row.
#
# > **Common error: "the Inception Score compares with real data."** It never sees any. Show one image per class, or
# > noise that pleases the classifier: as long as it is sure and the classes are balanced, the score is perfect
# > (section 9).

# %%
quiz.ask("07_evaluation", 1)

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · Splits (6 min)
#
# Libraries cut the samples into 10 splits, and report mean ± standard deviation.
#
# **Predict first.** We have 718 fresh images. Does the mean over 10 splits lie below, at, or above the score of all
# 718? And over 50 splits?

# %% tags=["depth"]
p_fresh = metrics.embed(classifier, fresh).probabilities
by_splits = {splits: metrics.inception_score(p_fresh, splits, seed=0) for splits in (1, 10, 50)}
for splits, score in by_splits.items():
    spread = f" ± {score.spread:.2f}" if splits > 1 else ""
    print(f"{splits:3d} splits of {HALF // splits:3d}: {score.value:.2f}{spread}")

# %% [markdown] tags=["depth"]
# Below, and the more the smaller the splits: a few samples never hold all classes evenly, so $H(y)$ is too small. Use
# one split when there are few samples, and quote their number.

# %% tags=["depth"]
quiz.ask("07_evaluation", 2)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · The Fréchet distance (7 min)
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

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 9 min (45: 4)</summary>
#
# **Open.** "Two clouds, two means, two covariances; everything else about the pictures is thrown away."
#
# **Picture.** Moving two heaps of sand of Gaussian shape onto each other: the cost is the shift, and the change of
# shape.
#
# **Ask.** "What does the memorizer score?" After a while: zero. "And fresh real digits?" More than zero. So the copy
# is better than reality; let that hurt.
#
# **Click.** Last print: the page and the package agree; the column of the elementwise root is plausible and wrong.
#
# **Misconception.** "FID measures the distance of distributions." Of two moments, of features, of one network.
#
# **On.** One number mixes bad and missing. Two keep them apart.
#
# </details>


# %%
def frechet_distance(mu_1, sigma_1, mu_2, sigma_2):
    eigenvalues, vectors = np.linalg.eigh(sigma_1)
    root = vectors * np.sqrt(eigenvalues.clip(min=0)) @ vectors.T
    product = np.linalg.eigvalsh(root @ sigma_2 @ root)
    trace_of_root = np.sqrt(product.clip(min=0)).sum()
    distance = ((mu_1 - mu_2) ** 2).sum() + np.trace(sigma_1) + np.trace(sigma_2) - 2 * trace_of_root
    return max(distance, 0.0)  # rounding makes a zero slightly negative


def moments(features):
    features = np.asarray(features, dtype=np.float64)  # float32 loses digits in the covariance
    return features.mean(0), np.cov(features, rowvar=False)


# %% [markdown]
# First the closed forms: one dimension, then two covariances that commute (same eigenvectors), where the distance is
# that of the standard deviations. Then real features, against our tested twin and one popular mistake.

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
distances = {}
for name, fake in features.items():
    (mu_1, sigma_1), (mu_2, sigma_2) = moments(real), moments(fake)
    page, twin = frechet_distance(mu_1, sigma_1, mu_2, sigma_2), metrics.frechet_distance(real, fake)
    shift, traces = ((mu_1 - mu_2) ** 2).sum(), np.trace(sigma_1 + sigma_2)
    elementwise = shift + traces - 2 * np.trace(np.sqrt(np.abs(sigma_1 * sigma_2)))
    distances[name] = page, twin, elementwise
    print(f"{name:11s} page {page:6.2f} · course_utils {twin:6.2f}", end="")
    print(f" · elementwise root {elementwise:6.2f}")

# %% [markdown]
# The mixture is near the fresh digits, the VAE is behind, and the memorizer is **perfect: zero, better than real
# data**. Remember that. The elementwise root ignores all correlations. Its numbers look plausible, and nothing but a
# closed form or a tested twin shows that they are too small.
#
# > **Common error: "FID is a distance between images" or "between distributions".** It sees a mean and a covariance
# > of features, and nothing else.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · Precision and recall (5 min)
#
# One number cannot tell **bad samples** from **missing ones**. Two can (Kynkäänniemi et al. 2019). Around each real
# point put a ball that reaches to its $k$-th nearest real neighbor: the union is the real manifold.
#
# - **precision**: share of generated points inside the real manifold (quality);
# - **recall**: share of real points inside the *generated* manifold (diversity).
#
# See it in two dimensions, where a generator has lost one moon:

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 6 min (45: 4)</summary>
#
# **Open.** "A cook who makes one dish perfectly, and a cook who makes all of them badly. One number calls them
# equal."
#
# **Ask.** On the moons: a moon is lost. Which of the two falls? A good part says precision. Left figure: everything
# drawn is good. Right: half of the real points are crosses.
#
# **Click.** Point at the titles: precision near 1, recall near one half.
#
# **Misconception.** "High precision, hence a good model." Soft means lie amid the real ones too (lecture 05). And one
# outlier's huge ball lets anything in; density and coverage repair that.
#
# **On.** Can we trust any of them? Calibrate.
#
# </details>


# %%
def inside_balls(ax, centers, points, k=3):
    radius = torch.cdist(centers, centers).kthvalue(k + 1).values  # the first is the point itself
    inside = (torch.cdist(points, centers) < radius).any(1)
    for center, r in zip(centers, radius, strict=True):
        ax.add_patch(Circle(center, r, color=plotting.COLORS[0], alpha=0.12, linewidth=0))
    ax.scatter(*points[inside].T, s=10, color=plotting.COLORS[2])
    ax.scatter(*points[~inside].T, s=20, color=plotting.COLORS[1], marker="x")
    return inside.float().mean().item()


real_2d = moons.sample(80, rng=seeded(1))
fake_2d, moon = moons.sample_labelled(120, rng=seeded(2))
fake_2d = fake_2d[moon == 0]

# %%
figure, (left, right) = plotting.picture(1, 2, height=2.7, sharex=True, sharey=True, alt=(
    "Left: discs around real points of two moons; nearly all generated points, on one moon, lie inside. "
    "Right: discs around the generated points; the real points of the other moon lie outside."
))  # fmt: skip
precision_2d, recall_2d = inside_balls(left, real_2d, fake_2d), inside_balls(right, fake_2d, real_2d)
left.set(title=f"balls: real; points: generated\nprecision {precision_2d:.2f}", xlabel="x₁", ylabel="x₂")
right.set(title=f"balls: generated; points: real\nrecall {recall_2d:.2f}", xlabel="x₁", xlim=(-1.6, 2.6))
near_2d = metrics.prdc(real_2d, fake_2d, k=3)
assert abs(near_2d.precision - precision_2d) + abs(near_2d.recall - recall_2d) < 1e-6
figure

# %% [markdown]
# Crosses lie outside. What is made is good: precision near 1. Half is missing: recall near ½.
#
# One outlier among the reals has a huge ball, which lets anything in. **Density** counts balls instead, and
# **coverage** asks which real balls are met (Naeem et al. 2020). The tested twin, `metrics.prdc`, gives all four.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · KID, and what it does not notice (10 min)
#
# **KID** (Bińkowski et al. 2018) compares all moments up to the third, through a kernel:
#
# $$\mathrm{KID} = \mathbb{E}\,k(x, x') + \mathbb{E}\,k(y, y') - 2\,\mathbb{E}\,k(x, y), \qquad
# k(x, y) = \big(x^\top y / F + 1\big)^3 .$$
#
# Leave out each sample's pair with itself, and the estimate has **no bias**: its mean over draws is the true value
# for any number of samples. So it can be negative. The kernel is cubic in the features' scale; we divide by their
# standard deviation.


# %% tags=["depth"]
def kid(x, y):
    n = len(x)

    def kernel(a, b):
        return (a @ b.T / a.shape[1] + 1) ** 3

    within = sum((k.sum() - k.trace()) / (n * (n - 1)) for k in (kernel(x, x), kernel(y, y)))
    return (within - 2 * kernel(x, y).mean()).item()


scale = real.std()
base, others = real.double() / scale, {name: features[name].double() / scale for name in ("fresh real", "VAE")}
kids = {name: (kid(base, o), metrics.kid(base, o, subsets=1, subset_size=HALF).value) for name, o in others.items()}
for name, (page, twin) in kids.items():
    print(f"{name:11s} KID {page:7.4f}   course_utils {twin:7.4f}")

# %% [markdown] tags=["depth"]
# Its mean stays put when there are fewer samples, within three standard errors, the spread over $\sqrt{50}$; only the
# spread grows.

# %% tags=["depth"]
kid_of_n = {}
for n in (HALF // 14, HALF // 7, HALF // 4, HALF // 2):
    scores = [metrics.kid(base, others["VAE"], subsets=1, subset_size=n, seed=seed).value for seed in range(50)]
    kid_of_n[n] = np.mean(scores), np.std(scores)
    print(f"KID of the VAE from {n:3d} samples: {np.mean(scores):.3f} ± {np.std(scores):.3f} over 50 draws")

# %% [markdown] tags=["depth"]
# **Predict first.** Draw *features* from the Gaussian with the real features' mean and covariance. Nobody would take
# them for images. Which metric notices: the Fréchet distance, KID, precision, coverage?

# %% tags=["depth"]
mu, sigma = moments(real)
draws = [np.random.default_rng(seed).multivariate_normal(mu, sigma, HALF) for seed in range(8)]
mixes = [torch.randperm(len(x), generator=seeded(seed)) for seed in range(8)]
halves = [[metrics.embed(classifier, x[i]).features for i in (mix[:HALF], mix[HALF : 2 * HALF])] for mix in mixes]
notices = {}
for name, pairs in (("real against real", halves), ("Gaussian features", [(real, fake) for fake in draws])):
    near = [metrics.prdc(a, b) for a, b in pairs]
    values = {
        "Fréchet": [metrics.frechet_distance(a, b) for a, b in pairs],
        "KID": [kid(*(torch.as_tensor(v).double() / scale for v in pair)) for pair in pairs],
        "precision": [n.precision for n in near],
        "coverage": [n.coverage for n in near],
    }
    notices[name] = {what: (np.mean(v), np.std(v)) for what, v in values.items()}
    print(f"{name:18s}", " · ".join(f"{what} {m:.2f} ± {sd:.2f}" for what, (m, sd) in notices[name].items()))

# %% [markdown] tags=["depth"]
# Neither distance does: the Fréchet distance is below real against real, and KID is within the spread of real against
# real. The first two moments agree, and the third is not enough for KID here. Precision and coverage notice at once.
# The features come out of a ReLU, so that many of them are exactly 0 and none is negative: a Gaussian knows nothing
# of that.
#
# > **Common error: "a negative KID is a bug."** It is what "no bias" means when the truth is near 0.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · Calibrate before you trust (13 min)
#
# ### The floor
#
# What does a metric say of real data against real data? That is its floor, with its spread. A difference smaller than
# the spread means nothing. Last comes a nearest-neighbor check: the share of images that are nearer to a training
# image than 99 % of held-out real images are (**near copies**). On fresh data it is 0.5 to 3 %. **KID** is a second
# distance between features; the depth section above has its formula.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 13 min (45: 8)</summary>
#
# **Open.** "Weigh an empty pan first. Then put on known weights."
#
# **Ask.** Before the sweep: who notices dropped classes, who notices copies, in which direction? For copies the hall
# says: distances rise. They fall below their floor.
#
# **Click.** In the explorer set `corruption` to dropped classes and pull `strength` up: precision stays at its floor,
# recall and coverage fall. Then copies: every metric is pleased; only near copies objects. Last blur: recall falls
# first.
#
# **Misconception.** "Below the floor means better than real." It means copies, until a nearest-neighbor check says
# otherwise.
#
# **On.** The floor itself depends on something: N.
#
# </details>


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
floor, runs = {}, []
for seed in range(8):
    mixed = x[torch.randperm(len(x), generator=seeded(seed))]
    runs.append(evaluate(mixed[:HALF], metrics.embed(classifier, mixed[HALF : 2 * HALF]).features))
for name in runs[0]:
    values = np.array([run[name] for run in runs])
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
sweep = {}
for kind in ("noise", "blur", "dropped classes", "copies"):
    levels = []
    for strength in np.linspace(0, 1, 10):
        images, label = corrupt(kind, strength, fresh, y_fresh, train)
        mixed = images[torch.randperm(len(images), generator=seeded(0))[:20]]
        levels.append(Level(label, mixed, evaluate(images)))
    sweep[kind] = levels

# %%
sweep_figure(sweep, floor)

# %% [markdown]
# Read it by columns. **Noise** and **blur** raise the distances and lower the Inception Score. Noise costs precision
# and leaves recall alone; blur costs recall first. **Dropped classes** leave precision within two points of its
# floor: every image is real. Recall, coverage and the distances see them. **Copies** please every metric, and bring
# the Fréchet distance *below* its floor. Only the nearest-neighbor check objects.
#
# Now choose for yourself. The explorer looks everything up in the sweep above.

# %%
corruption_explorer(sweep, floor)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · The number of samples (6 min)
#
# Two sets of $N$ samples from the *same* distribution have different means and covariances, so their distance is not
# 0: that is the floor of section 6. The bias falls as $1/N$, so draw the distance against $1/N$, fit a line, and read
# it at $1/N = 0$: infinitely many samples (Chong & Forsyth 2020).

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 7 min (45: 3)</summary>
#
# **Open.** "Two samples of the same distribution, and a distance above zero. Why?"
#
# **Ask.** They say noise. More: a bias of $1/N$, always upwards. "Then equal N cures it?" Most agree. The slopes
# differ between models, so it does not.
#
# **Click.** The figure: three lines; read where they meet the left edge, N = ∞. Fresh real images come out near 0.
#
# **Misconception.** "We all use 50,000, so it is fair." Same N is necessary; the line is what makes it fair (Chong &
# Forsyth 2020).
#
# **On.** Now judge three models with all we have.
#
# </details>

# %%
learned = {name: fake for name, fake in features.items() if name != "memorizer"}
lines = {name: metrics.frechet_extrapolated(real, fake, repeats=40) for name, fake in learned.items()}
figure, ax = plotting.picture(title="The distance depends on the number of samples", alt=(
    "Fréchet distance against 1/N for fresh real images, mixture and VAE: three lines of different slope."
))  # fmt: skip
for (name, line), color in zip(lines.items(), plotting.COLORS, strict=False):
    ax.plot(1 / line.sizes, line.distances, "o", color=color)
    reach = np.array([0, 1 / line.sizes[0]])
    label = f"{name}: {line.value:.2f} at N = ∞, bias {line.slope:.0f} / N"
    ax.plot(reach, line.value + line.slope * reach, color=color, label=label)
ax.set(xlabel="1/N", ylabel="Fréchet distance")
ax.legend()
figure

# %% [markdown]
# Fresh real images come out near 0, as they must. But **the bias depends on the model**: the slopes differ. Judged
# from 144 images each, at equal N, the mixture looks nearer to real data than it is at $N = \infty$. So equal N is
# necessary and does not cure the bias: extrapolate, and say N.

# %%
quiz.ask("07_evaluation", 3)

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · How large the bias is (5 min)
#
# Two sets of $N$ samples from the *same* Gaussian have different means and covariances, so their distance is not 0.
# If the covariance has the eigenvalues $\lambda_i$, its expectation is, to first order in $1/N$,
#
# $$\frac1N \Big(2 \sum_i \lambda_i + \sum_{i,j} \frac{\lambda_i \lambda_j (1 + \delta_{ij})}{\lambda_i + \lambda_j}
#   \Big), \qquad \text{for } N(0, I_d) \text{ this is} \quad \frac{2d}{N} + \frac{d(d+1)}{2N} .$$


# %% tags=["depth"]
def expected_distance(eigenvalues, n):
    a, b = eigenvalues[:, None], eigenvalues[None]
    return (2 * eigenvalues.sum() + (a * b * (1 + np.eye(len(eigenvalues))) / (a + b)).sum()) / n


normal_rng, by_size = np.random.default_rng(0), {}
for n in (200, 1_000, 5_000):
    measured = np.mean([metrics.frechet_distance(*normal_rng.normal(size=(2, n, 64))) for _ in range(5)])
    by_size[n] = measured, expected_distance(np.ones(64), n)
    print(f"N(0, I) in 64 dimensions, N = {n:5d}: measured {measured:6.3f}, formula {by_size[n][1]:6.3f}")
spectrum = np.linalg.eigvalsh(moments(real)[1]).clip(min=1e-12)
expected = expected_distance(spectrum, HALF), expected_distance(np.full(len(spectrum), spectrum.mean()), HALF)
print(f"our features, N = {HALF}: by their eigenvalues {expected[0]:.2f}; if all were equal {expected[1]:.2f}")

# %% [markdown] tags=["depth"]
# The first number of the last line is what section 6 measured for real against real. Were all eigenvalues equal, it
# would be three times as large. So the dimension alone does not tell the bias: for Inception's $d = 2048$ and
# $N = 5{,}000$ the formula for $N(0, I)$ gives above 400, but features that vary mostly along few directions have far
# less. Measure it.

# %% tags=["depth"]
quiz.ask("07_evaluation", 5)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 8 · Three models judged (2 min)
#
# Each model draws three times; mean ± standard deviation. (A full study also trains over several seeds: lecture 05.)

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 3 min (45: 1)</summary>
#
# **Open.** "Here is the league table. Guess the champion before I scroll."
#
# **Ask.** "Would you publish it?" The memorizer wins nearly every row; the hall laughs. Then the real question:
# "Which single row would have told you?" Near copies: 1.00, where real data have 0.01 to 0.02.
#
# **Misconception.** "Overfitting shows as lack of diversity." Copies and collapse are two faults; either occurs
# without the other. The memorizer's recall is that of real data.
#
# **On.** He cheated by accident. Let us do it on purpose.
#
# </details>

# %%
table = {name: [evaluate(draw(name, seed)) for seed in range(3)] for name in ("mixture", "VAE", "memorizer")}
print(f"{'':17s}", *[f"{name:>14s}" for name in table], "  real against real")
for metric, (low, high) in floor.items():
    cells = [np.array([run[metric] for run in runs]) for runs in table.values()]
    print(f"{metric:17s}", *[f"{c.mean():6.2f} ± {c.std(ddof=1):5.2f}" for c in cells], f" {low:6.2f} … {high:.2f}")

# %% [markdown]
# The memorizer wins nearly every row. Between the other two, look at each row's spread before you call one better.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 9 · Gaming (5 min)
#
# When a measure becomes a target, it ceases to be a good measure. Three cheats:
#
# 1. **memorizer**: the training set itself;
# 2. **one per class**: ten images, repeated;
# 3. **noise to please**: start from random pixels and follow the classifier's gradient until it is sure of some
#    class, each class in turn. No image is ever looked at.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 6 min (45: 5, tour: 3)</summary>
#
# **Open.** "You are paid by the Inception Score. What do you submit?"
#
# **Ask.** Give a minute in pairs. Typical offers: the training set, one picture a class. Nobody offers noise; show
# it.
#
# **Click.** The grid of three cheats: the third row is gray noise. Then its column in the table: Inception Score near
# 10, precision far below the floor, Fréchet about 20. Walk along each row and ask who notices.
#
# **Misconception.** "A good metric cannot be cheated." Each can; together they can hardly be. So report a distance,
# precision and recall, and a check for copies.
#
# **On.** One judge is left: you.
#
# </details>

# %%
pixels = torch.randn(700, *EVENT, generator=seeded(0)).requires_grad_()
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
# | noise to please | Inception Score, near its maximum | the distances, precision, recall, coverage |
#
# So report a distance, precision and recall, and a check for copies. And never train against what grades you.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 10 · Human judges (9 min)
#
# The oldest test: show an image, ask "real or generated?" At chance (50 %) the model fools the judge. Play: half of
# the images are real digits, half come from the mixture.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 10 min (45: 3)</summary>
#
# **Open.** "Real or generated? Shout; the majority clicks."
#
# **Click.** Play ten rounds with `Real` and `Generated`. Read the caption after each: the share, and an interval that
# hardly shrinks. `Reset` starts the same thirty again; do not use it to improve.
#
# **Ask.** "18 of 30: can you tell them apart?" Yes, says the hall, 60 %. The interval: 42 to 75 %. "How many rounds
# then?" About 195 for a power of 80 %.
#
# **Misconception.** "People are the gold standard." Like precision, they notice bad samples and miss the missing
# ones.
#
# **On.** Two sentences to strike out of papers.
#
# </details>

# %%
real_or_generated(x_test, generated["mixture"], trials=30)

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
    twin = intervals.wilson_interval(right, trials)
    print(f"{right:4d} of {trials:5d} right: {low:.0%} to {high:.0%}   course_utils {twin[0]:.0%} to {twin[1]:.0%}")

# %% [markdown]
# 18 of 30 is compatible with guessing. How many answers are needed to tell 60 % from a coin? The **power** is the
# probability that a player who is right with probability 0.6 gets an interval above 50 %.


# %%
def power(trials, p=0.6):
    above = torch.tensor([wilson_interval(right, trials)[0] > 0.5 for right in range(trials + 1)])
    probability = torch.distributions.Binomial(trials, torch.tensor(p)).log_prob(torch.arange(trials + 1.0)).exp()
    return probability[above].sum().item()


powers = {trials: power(trials) for trials in (30, 100, 195, 300)}
print(" · ".join(f"{trials} answers: {value:.0%}" for trials, value in powers.items()))

# %% [markdown]
# With 100 answers it is little better than a coin itself, 54 %; about 195 give the customary 80 %. Plan the number
# before the study.
#
# Decide beforehand, too, who judges, how long each image is shown, and whether one of two is to be chosen
# (two-alternative forced choice: no leaning towards "real"); see Zhou et al. (2019). People, like precision, notice
# bad samples, not missing ones.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · The interval's promise, and a machine that plays (6 min)
#
# Does a 95 % interval keep its promise? Simulate players who are right with probability 0.6 and count.

# %% tags=["depth"]
player_rng, kept = np.random.default_rng(0), {}
for trials in (10, 30, 100):
    rights = player_rng.binomial(trials, 0.6, size=5_000)
    kept[trials] = np.mean([low <= 0.6 <= high for low, high in (wilson_interval(int(r), trials) for r in rights)])
    print(f"{trials:3d} answers: {kept[trials]:.1%} of the intervals hold the true 60 %")

# %% [markdown] tags=["depth"]
# It does, within a few percent: with few answers the share jumps from one number of answers to the next.
#
# A machine can play, too: train a classifier to tell real from generated, test it on images it has not seen, and
# report its accuracy in the same way (a *classifier two-sample test*, Lopez-Paz & Oquab 2017). Its architecture is
# that of our classifier.

# %% tags=["depth"]
told = {}
for name in ("fresh real", "mixture", "VAE"):
    both = torch.cat([train, generated[name]])
    is_real = (torch.arange(len(both)) < len(train)).long()
    mixed = torch.randperm(len(both), generator=seeded(0))
    fit, test = mixed[: 7 * len(both) // 10], mixed[7 * len(both) // 10 :]
    player = metrics.train_classifier(both[fit], is_real[fit], epochs=30)
    says = metrics.embed(player, both[test]).probabilities.argmax(1)
    right = int((says == is_real[test]).sum())
    told[name] = low, high = wilson_interval(right, len(test))
    print(f"{name:11s} told from the training set in {right / len(test):.0%} of cases, {low:.0%} to {high:.0%}")

# %% [markdown] tags=["depth"]
# It cannot tell fresh real digits from the training set, and finds both models out in most cases.

# %% tags=["depth"]
quiz.ask("07_evaluation", 6)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Common errors (1 min)
#
# > **"Our FID is 12, theirs is 15, so we are better."** Only with the same reference set, network and resizing, at
# > the same N, and if the extrapolated distances agree. Parmar et al. (2022) move the FID of one and the same model
# > by changing the image resizer.
#
# > **"FID measures realism."** It measures two moments of the features of one classifier. Features trained on photos
# > of 1,000 kinds of objects may not care for what you care for.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 2 min (45: 1)</summary>
#
# **Open.** "Back to A with 12 and B with 15: your questions, please."
#
# **Ask.** Collect until you have five: same reference set, same network, same resizing, same N and its extrapolation,
# spread over seeds. If resizing is missing, tell the story of Parmar et al. (2022): one model, another image resizer,
# another FID.
#
# **Misconception.** "FID measures realism." It measures two moments of the features of one classifier.
#
# **On.** One question for everybody.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Check yourself (2 min)

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 2 min</summary>
#
# **Open.** "Precision 0.98, recall 0.10. Diagnosis?"
#
# **Ask.** Ten seconds, then in chorus: it makes a small part of the data, well. Ask for the opposite patient,
# precision 0.10 and recall 0.98. They hesitate; somebody says: a machine that draws everything, junk included.
#
# **Click.** Open the choices only if the chorus was not unanimous.
#
# **Misconception.** "Mode collapse shows in the pictures." In thirty of them you see no missing class; recall does.
#
# **On.** Then the five sentences.
#
# </details>

# %%
quiz.ask("07_evaluation", 4)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary (1 min)
#
# 1. A model of 99 % junk can have a good likelihood, and a memorizer perfect samples: likelihood, quality and
#    diversity are three things.
# 2. IS = exp(H(y) − E H(y|x)), from 1 to the number of classes, blind to real data. The Fréchet distance compares
#    means and covariances; its root is a matrix root. Precision is quality, recall is diversity.
# 3. Measure real against real, and damage real data on purpose. The Fréchet distance falls with N, faster for some
#    models than for others: extrapolate, and say N.
# 4. Memorizer, one image per class, noise that pleases the classifier: each has one perfect score and is caught by
#    another metric.
# 5. A human score comes with an interval and a planned number of answers: about 195 to tell 60 % from a coin with a
#    power of 80 %.
#
# ## Discuss
#
# - You may report three numbers in a paper on generated X-ray images. Which, from what network, against which set?
# - A model's FID is below the real-against-real floor. What do you suspect, and how do you test it?
#
# Next: [lecture 08a](08a_flows.ipynb), a family whose likelihood is exact.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 2 min (45: 1)</summary>
#
# **Open.** "A FID below the floor arrives on your desk as good news."
#
# **Ask.** "What do you suspect, and how do you test it?" By now all say copies, and the nearest-neighbor check. Then
# the harder one: three numbers for generated X-ray images, from what network, against which set? Take no answer
# without a reason.
#
# **Misconception.** "Likelihood is the honest metric, the rest are tricks." Section 1's junk was honest, too.
#
# **On.** A family whose likelihood is exact comes next, and fails in a new way.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# **1.** Does the classifier matter? Train three with other seeds, and one that has seen the training half only. By
# how much do the Fréchet distances of mixture and VAE change, and does their order?
#
# <details><summary>Solution</summary>
#
# ```python
# others = [metrics.train_classifier(x, y, seed=seed) for seed in (1, 2, 3)]
# others.append(metrics.train_classifier(train, y_train))
# by_other = []
# for other in others:
#     seen = metrics.embed(other, train).features
#     embedded = {name: metrics.embed(other, images).features for name, images in generated.items()}
#     by_other.append({name: metrics.frechet_distance(seen, fake) for name, fake in embedded.items()})
#     print(*(f"{name} {distance:.2f}" for name, distance in by_other[-1].items()))
# ```
# The numbers change by up to a third, since the scale of the features is arbitrary; the order stays, also for the
# classifier that has never seen the fresh half. Distances of different extractors must not be compared.
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

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 1 min (45: 1)</summary>
#
# **Open.** "Exercise 1 changes the classifier four times. Do the distances change? Does the order?"
#
# **Ask.** Hands. Distances by up to a third, since the scale of features is arbitrary; the order stays, even for a
# classifier that never saw the fresh half.
#
# **Misconception.** "Then distances of two extractors can be compared after scaling." They must not be compared at
# all.
#
# **On.** The assignment hands out three unknown generators, to be told apart by numbers alone; the bet in the break
# is on who sees it first.
#
# </details>

# %% [markdown]
# ## Further reading
#
# - L. Theis, A. van den Oord, M. Bethge. *A Note on the Evaluation of Generative Models.* ICLR 2016.
#   [arXiv:1511.01844](https://arxiv.org/abs/1511.01844)
# - T. Salimans et al. *Improved Techniques for Training GANs.* NeurIPS 2016.
#   [arXiv:1606.03498](https://arxiv.org/abs/1606.03498) (Inception Score)
# - S. Barratt, R. Sharma. *A Note on the Inception Score.* 2018. [arXiv:1801.01973](https://arxiv.org/abs/1801.01973)
# - M. Heusel et al. *GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash Equilibrium.*
#   NeurIPS 2017. [arXiv:1706.08500](https://arxiv.org/abs/1706.08500) (FID)
# - D. C. Dowson, B. V. Landau. *The Fréchet Distance between Multivariate Normal Distributions.* J. Multivariate
#   Anal. 12, 1982
# - M. Bińkowski, D. J. Sutherland, M. Arbel, A. Gretton. *Demystifying MMD GANs.* ICLR 2018.
#   [arXiv:1801.01401](https://arxiv.org/abs/1801.01401) (KID)
# - T. Kynkäänniemi et al. *Improved Precision and Recall Metric for Assessing Generative Models.* NeurIPS 2019.
#   [arXiv:1904.06991](https://arxiv.org/abs/1904.06991)
# - M. F. Naeem et al. *Reliable Fidelity and Diversity Metrics for Generative Models.* ICML 2020.
#   [arXiv:2002.09797](https://arxiv.org/abs/2002.09797)
# - M. J. Chong, D. Forsyth. *Effectively Unbiased FID and Inception Score and Where to Find Them.* CVPR 2020.
#   [arXiv:1911.07023](https://arxiv.org/abs/1911.07023)
# - C. Meehan, K. Chaudhuri, S. Dasgupta. *A Non-Parametric Test to Detect Data-Copying in Generative Models.*
#   AISTATS 2020. [arXiv:2004.05675](https://arxiv.org/abs/2004.05675)
# - G. Parmar, R. Zhang, J.-Y. Zhu. *On Aliased Resizing and Surprising Subtleties in GAN Evaluation.* CVPR 2022.
#   [arXiv:2104.11222](https://arxiv.org/abs/2104.11222)
# - D. Lopez-Paz, M. Oquab. *Revisiting Classifier Two-Sample Tests.* ICLR 2017.
#   [arXiv:1610.06545](https://arxiv.org/abs/1610.06545)
# - S. Zhou et al. *HYPE: A Benchmark for Human eYe Perceptual Evaluation of Generative Models.* NeurIPS 2019.
#   [arXiv:1904.01121](https://arxiv.org/abs/1904.01121)
# - E. B. Wilson. *Probable Inference, the Law of Succession, and Statistical Inference.* J. Am. Stat. Assoc. 22, 1927
