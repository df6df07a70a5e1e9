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
# # 02 · Gaussian mixtures
#
# A Gaussian mixture is the smallest generative model with a hidden variable. It draws new data, says how likely a
# point is, fills in what is missing, and all of that exactly. Later models will have to beat it.
#
# **You will be able to**
# 1. write a mixture's density so that it does not underflow, and draw from it;
# 2. derive and write the EM algorithm, and say why its likelihood never falls;
# 3. choose the number of components and the shape of their covariances, by BIC and on held-out data;
# 4. recognize four failures (collapse, bad start, label switching, too many dimensions) and mend them;
# 5. use a mixture of digits: draw a class, score what is unusual, fill in a missing half, each against a baseline.
#
# **Time:** 75 minutes, and 50 of depth, marked ▸, which folds away and which nothing else needs. Estimated: words /
# 130, half a minute a figure or printed table, a minute for 6 lines of code, 2 for a prediction or quiz question, 4
# for an explorer; exercises come on top. The page runs in under a minute on a laptop.
#
# **Before:** [lecture 01](01_definitions.ipynb) (nats, KL, Bayes' rule). You need the multivariate Gaussian density.
# **After:** [assignment 02](../assignments/02_gmm/02_gmm.ipynb), then [lecture 03](03_vae.ipynb).

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 3 min (45: 2)</summary>
#
# **Prepare.** Run the page before the class. Open the EM explorer once, so that its pictures are warm. Keep a
# blackboard for the two formulas of the M-step, and three colored pens: one for each component.
#
# **Open.** "Here are 400 gray points. I know which three dice drew them; you do not. By the end of the hour you get
# the dice back."
#
# **Misconception.** "Mixtures are what one did before deep learning." Every later lecture uses one as a yardstick,
# and some lose against it.
#
# **On.** First the story forwards, from dice to points.
#
# </details>

# %% slideshow={"slide_type": "skip"}
import math

import torch
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_curve
from sklearn.mixture import GaussianMixture
from sklearn.neighbors import NearestNeighbors

from course_utils import data, plotting
from course_utils.labs.gmm.em_explorer import draw_mixture, em_explorer, gmm_diagram
from course_utils.models import mixtures
from course_utils.training import one_thread, seeded
from course_utils.widgets import quiz

one_thread()  # the matrices here are small: a second thread costs more than it brings
DATASET = "digits"  # or "mnist", "fashion_mnist": shrunk to 9×9 pixels; the text holds for the digits

# %% slideshow={"slide_type": "skip"}
torch.set_default_dtype(torch.float64)  # covariances are factored and solved with: digits count


# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · A density made of bumps (13 min)
#
# Tell a story with two dice. The first die has $K$ faces with probabilities $\pi_k$: it chooses a *component*. The
# second draws the point from that component's Gaussian. We see the point, not the face. The density of what we see
# sums over the faces:
#
# $$p(x) = \sum_{k=1}^K \pi_k\, N(x \mid \mu_k, \Sigma_k), \qquad \pi_k \ge 0, \quad \sum_k \pi_k = 1 .$$
#
# Here is one with three components, whose parameters we know. Drawing goes from the left to the middle; Bayes' rule
# goes back.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 13 min (45: 6)</summary>
#
# **Open.** "Two dice: the first says which hill, the second says where on the hill."
#
# **Picture.** A map of hills under fog. We see where people stand, not which hill they climbed.
#
# **Ask.** "How far out does the naive formula break?" The hall says: at 1000, or never. The table shows it: at x =
# (35, 0) the naive column is minus infinity, and ours reads −971.
#
# **Click.** Last figure: left the colors, right the same points in gray. Say: only the right half is ever given to
# us.
#
# **Misconception.** "It happens in extreme cases only." With 64 pixels every negative is such a case (section 5).
#
# **On.** From gray back to color: that is learning.
#
# </details>

# %%
gmm_diagram()

# %%
blobs = data.toy("blobs")
truth = (blobs.weights, blobs.means, blobs.covariances)  # π (K,), μ (K, 2), Σ (K, 2, 2)


def sample(n, weights, means, covariances, rng):
    component = torch.multinomial(weights, n, replacement=True, generator=rng)  # the first die
    noise = torch.randn(n, means.shape[1], 1, generator=rng)
    factor = torch.linalg.cholesky(covariances)  # Σ = L Lᵀ, so L times white noise has covariance Σ
    return means[component] + (factor[component] @ noise).squeeze(2), component  # the second die


x, component = sample(400, *truth, seeded(0))
print("shares drawn:", (torch.bincount(component) / 400).tolist(), "· weights:", truth[0].tolist())

# %% [markdown]
# Drawing like this, from the causes to what they cause, is called *ancestral sampling*.
#
# ### The density, in logarithms
#
# A Gaussian's logarithm is $-\tfrac12 (D \log 2\pi + \log\det\Sigma + (x-\mu)^\top \Sigma^{-1} (x-\mu))$. With
# $\Sigma = L L^\top$ nothing is inverted: $L^{-1}(x - \mu)$ is a triangular solve, and $\log\det\Sigma$ is twice the
# sum of the logarithms of $L$'s diagonal. The sum over components is then taken by *log-sum-exp*,
# $\log\sum_k e^{a_k} = m + \log\sum_k e^{a_k - m}$ with $m = \max_k a_k$.


# %%
def log_components(x, means, covariances):
    factor = torch.linalg.cholesky(covariances)  # (K, D, D)
    white = torch.linalg.solve_triangular(factor, x.T - means[:, :, None], upper=False)  # (K, D, B)
    log_det = 2 * factor.diagonal(dim1=1, dim2=2).log().sum(1)
    return -0.5 * (x.shape[1] * math.log(2 * math.pi) + log_det + white.square().sum(1).T)  # (B, K)


def log_prob(x, weights, means, covariances):
    return torch.logsumexp(weights.log() + log_components(x, means, covariances), dim=1)  # (B,), nats


# %% [markdown]
# Three checks: a density integrates to 1; PyTorch's own mixture agrees; and far out it stays finite.
#
# **Predict first.** How far from the center does the naive $\log \sum_k \pi_k N(x \mid \mu_k, \Sigma_k)$ break?

# %%
axis = torch.linspace(-12, 12, 601)
print(
    "integral over a grid:", round((log_prob(torch.cartesian_prod(axis, axis), *truth).exp().sum() * 0.04**2).item(), 6)
)
pytorch = torch.distributions.MixtureSameFamily(
    torch.distributions.Categorical(truth[0]), torch.distributions.MultivariateNormal(truth[1], truth[2])
)
print("largest difference from PyTorch's:", (log_prob(x, *truth) - pytorch.log_prob(x)).abs().max().item())
for distance in (5.0, 15.0, 25.0, 35.0):
    point = torch.tensor([[distance, 0.0]])
    naive = (truth[0] * log_components(point, *truth[1:]).exp()).sum(1).log()
    print(f"x = ({distance:2.0f}, 0): log p = {log_prob(point, *truth).item():9.2f}, naively {naive.item():9.2f} nats")

# %% [markdown]
# The smallest number above 0 that a float64 can hold is about $e^{-745}$; for a float32, PyTorch's default, it is
# about $e^{-103}$. In two dimensions one has to go far to get there. With 64 pixels it is nothing special, as section
# 5 shows.

# %%
alt = "Left: contours of a density of three bumps. Right: 400 gray points."
figure, (left, right) = plotting.picture(1, 2, height=3.6, sharex=True, sharey=True, alt=alt)
axis = torch.linspace(-4.5, 4.5, 120)
density = log_prob(torch.cartesian_prod(axis, axis), *truth).exp().view(120, 120).T
left.contour(axis, axis, density, levels=10, cmap="viridis")
for k in range(3):
    left.scatter(*x[component == k].T, s=8, color=plotting.COLORS[k], linewidths=0)
right.scatter(*x.T, s=8, color="#555555", linewidths=0)
left.set(title="the story: density, and who drew what", xlabel="x₁", ylabel="x₂", aspect="equal")
right.set(title="what we get to see", xlabel="x₁", aspect="equal")
figure

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · Learning it: expectation–maximization (20 min)
#
# On the right we know neither the parameters nor the faces. It is a chicken and an egg:
#
# - **If we knew the parameters**, Bayes' rule would say where each point came from. These are the *responsibilities*
#   $r_{nk} = p(k \mid x_n) = \pi_k N(x_n \mid \mu_k, \Sigma_k) / p(x_n)$: the **E-step**.
# - **If we knew the faces**, we would fit each Gaussian to its own points. We only know probabilities. So each point
#   counts $r_{nk}$ times for component $k$: maximize
#   $\sum_{nk} r_{nk} \left[\log \pi_k + \log N(x_n \mid \mu_k, \Sigma_k)\right]$, the **M-step**.
#
# The weights first: $\sum_k N_k \log \pi_k$ with $N_k = \sum_n r_{nk}$ is a log-likelihood of counts, and lecture 01
# showed that counting maximizes it. The derivative to $\mu_k$ is $\Sigma_k^{-1} \sum_n r_{nk} (x_n - \mu_k)$, and
# that to $\Sigma_k^{-1}$ is $\tfrac12 \sum_n r_{nk} \left[\Sigma_k - (x_n - \mu_k)(x_n - \mu_k)^\top\right]$. Both
# are zero at
#
# $$\pi_k = \frac{N_k}{N}, \qquad \mu_k = \frac{1}{N_k}\sum_n r_{nk}\, x_n, \qquad
#   \Sigma_k = \frac{1}{N_k}\sum_n r_{nk}\, (x_n - \mu_k)(x_n - \mu_k)^\top .$$
#
# Take turns. This is EM (Dempster, Laird & Rubin 1977).

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 18 min (45: 11)</summary>
#
# **Open.** "If I knew who is who, I could fit; if I had the fit, I would know who is who. So guess, and take turns."
#
# **Picture.** Sorting socks with a friend: one names the piles, the other sorts, and both change their minds.
#
# **Ask.** "Which step of the twelve panels gains most?" Hands: the middle. It is the first; then two near twins part
# slowly.
#
# **Click.** Read the table of bounds as a staircase: within a row it rises, and the row's last number opens the next
# row.
#
# **Misconception.** "The E-step assigns each point." It gives shares; only in the limit of small σ does it become
# k-means (exercise 1).
#
# **On.** Enough chalk: drive it.
#
# </details>


# %%
def responsibilities(x, weights, means, covariances):
    return torch.softmax(weights.log() + log_components(x, means, covariances), dim=1)  # rows sum to 1


def m_step(x, r):
    counts = r.sum(0)  # (K,)
    means = r.T @ x / counts[:, None]
    centered = x - means[:, None]  # (K, B, D)
    covariances = (r.T[:, :, None] * centered).mT @ centered / counts[:, None, None]
    return counts / len(x), means, covariances


def start(x, k, seed):
    means = x[torch.randperm(len(x), generator=seeded(seed))[:k]]  # k different data points
    return torch.full((k,), 1 / k), means, torch.cov(x.T, correction=0).expand(k, -1, -1)


# %% [markdown]
# The start: three data points as means, everybody's covariance for each, equal weights. Each panel shows the points
# in the blended color of their responsibilities, and ellipses at two standard deviations.

# %%
steps = [start(x, 3, seed=6)]
for _ in range(20):
    steps.append(m_step(x, responsibilities(x, *steps[-1])))
log_px = torch.stack([log_prob(x, *theta).mean() for theta in steps])

# %%
alt = "Twelve panels of EM: three equal ellipses move apart onto three groups."
figure, panels = plotting.picture(3, 4, height=6, sharex=True, sharey=True, alt=alt)
for step, panel in enumerate(panels.flat):
    draw_mixture(panel, x, steps[step], f"step {step}: {log_px[step]:.3f}" if step else f"start: {log_px[0]:.3f}")
figure.suptitle("Every step of EM, with the mean log-likelihood in nats")
figure

# %% [markdown]
# The first step rises most. Then two components, which began as near twins, slowly part and share out the points. The
# likelihood in the titles only rises. Is that luck? Twenty other data sets and starts:

# %%
smallest = math.inf
for seed in range(20):
    fresh, _ = sample(200, *truth, seeded(100 + seed))
    theta, last = start(fresh, 3, seed), -math.inf
    for _ in range(40):
        now = log_prob(fresh, *theta).mean().item()
        smallest, last = min(smallest, now - last), now
        theta = m_step(fresh, responsibilities(fresh, *theta))
print(f"smallest change of the log-likelihood in 800 steps: {smallest:.1e} nats")
assert smallest > -1e-12  # never falls, up to rounding

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Why it never falls
#
# For any table $r$ whose rows sum to 1,
#
# $$
# \log p(x_n) = \underbrace{\sum_k r_{nk} \log\frac{\pi_k N(x_n \mid \mu_k, \Sigma_k)}{r_{nk}}}_{\text{a lower bound}}
#             + \underbrace{\sum_k r_{nk} \log\frac{r_{nk}}{p(k \mid x_n)}}_{\mathrm{KL}(r_n \| p(k|x_n))\;\ge\; 0} .
# $$
#
# The E-step sets $r$ to the posterior: the KL becomes 0, and the bound touches the likelihood. The M-step raises the
# bound, and the likelihood is above it. So the likelihood rises at least as much. See it in numbers:


# %%
def bound(x, r, weights, means, covariances):
    log_joint = weights.log() + log_components(x, means, covariances)
    return (r * log_joint - torch.xlogy(r, r)).sum(1).mean().item()


print("step   bound after E   bound after M   log-likelihood after M")
for step in range(6):
    r = responsibilities(x, *steps[step])
    before, after = bound(x, r, *steps[step]), bound(x, r, *steps[step + 1])
    print(f"{step + 1:4d} {before:15.4f} {after:15.4f} {log_px[step + 1]:17.4f}")
    assert abs(before - log_px[step]) < 1e-12 and before <= after <= log_px[step + 1]

# %% [markdown]
# Read it as a staircase: from left to right within a row it rises; the last number of a row is the first of the next.
# Lecture 03 calls this bound the ELBO, and replaces the E-step by a neural network.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Explore EM
#
# *Step* does one E-step and one M-step, ▶ plays them. Move *K*, the covariance's shape, the start. *draw* draws new
# points (black crosses) from the mixture as it is at that step. Which starts end at a worse solution with K = 3?

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 9 min (45: 6, tour: 3)</summary>
#
# **Open.** "You choose the start, and I bet that I can find one where it fails."
#
# **Click.** Press `Step` slowly, five times; let the hall predict each. Then move `start` to 1 and run to the end:
# two components share one group, the third covers the other two, −3.02 nats against −2.68. Raise `draw` to 200: black
# crosses fall where no data are.
#
# **Ask.** "How many of twenty starts go wrong?" Guesses lie near ten; it is two, 1 and 11.
#
# **Misconception.** "It converged, so it is right." It climbed *a* hill.
#
# **On.** And who said there are three components?
#
# </details>

# %%
em_explorer(x)

# %% [markdown]
# On paper: two of the twenty starts, 1 and 11, end at −3.02 nats instead of −2.68. There two components share one
# group, and the third has to cover the other two. EM climbs to *a* maximum, not to the highest. More in section 4.

# %%
quiz.ask("02_gmm", 1, 2)

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · The same from scikit-learn (4 min)
#
# `GaussianMixture` runs the same two steps. Give it our start, let it run, then do as many steps ourselves. Its
# `reg_covar` is a small number that it adds to each covariance's diagonal; here it is 0.

# %% tags=["depth"]
weights, means, covariances = start(x, 3, seed=6)
theirs_em = GaussianMixture(
    3, weights_init=weights, means_init=means, precisions_init=covariances.inverse(), reg_covar=0, tol=1e-6
).fit(x)
ours = (weights, means, covariances)
for _ in range(theirs_em.n_iter_):
    ours = m_step(x, responsibilities(x, *ours))
for name, mine, other in zip(("weights", "means", "covariances"), ours, mixtures.from_sklearn(theirs_em), strict=True):
    print(f"{name:12s} largest difference {(mine - other).abs().max():.1e}")
    torch.testing.assert_close(mine, other, rtol=0, atol=1e-10)
print(f"after {theirs_em.n_iter_} steps, log-likelihood: ours {log_prob(x, *ours).mean():.12f}")
print(f"                        scikit-learn's {theirs_em.score(x):.12f} nats a point")

# %% [markdown] tags=["depth"]
# They agree to ten decimal places or more. Our functions are also in the package, as `course_utils.models.mixtures`,
# with the same names. From here on we use `mixtures` for the formulas and scikit-learn to fit.

# %% tags=["depth"]
twin = mixtures.m_step(x, mixtures.responsibilities(x, *ours))
assert all(torch.equal(a, b) for a, b in zip(m_step(x, responsibilities(x, *ours)), twin, strict=True))
assert torch.equal(mixtures.log_prob(x, *ours), log_prob(x, *ours))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · How many components, and of which shape? (10 min)
#
# More components always fit the training data better, so the training likelihood cannot choose. Two ways out. Keep
# some data aside and look at *their* likelihood. Or charge for each free parameter (Schwarz 1978; Akaike 1974):
#
# $$\mathrm{BIC} = p \log n - 2 \sum_n \log p(x_n), \qquad \mathrm{AIC} = 2p - 2 \sum_n \log p(x_n),
#   \qquad \text{lower is better.}$$
#
# Count $p$ with care: $K - 1$ weights, since they sum to 1, $KD$ means, and the covariances, which are symmetric.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 9 min (45: 5)</summary>
#
# **Open.** "If you let the training data choose K, how many components will they ask for?"
#
# **Ask.** Hands for training, held-out, BIC. All agree on training: as many as there are. Fewer expect BIC and
# held-out to agree, and here they do: both turn near 3.
#
# **Picture.** A tailor who charges by the pocket. AIC charges 2 a parameter, BIC $\log n$, more from 8 points on.
#
# **Click.** In the figure follow the lowest curve, training: it never turns. Cover it with your hand and ask again.
#
# **Misconception.** "BIC finds the number of groups." It finds a number of Gaussians; a moon needs several.
#
# **On.** Now we break the thing on purpose.
#
# </details>


# %%
def free_parameters(k, d, covariance_type="full"):
    one = d * (d + 1) // 2
    covariances = {"full": k * one, "tied": one, "diag": k * d, "spherical": k}
    return k - 1 + k * d + covariances[covariance_type]


def bic(log_px, parameters):
    return parameters * math.log(len(log_px)) - 2 * log_px.sum().item()


for covariance_type in mixtures.TYPES:
    fitted = GaussianMixture(3, covariance_type=covariance_type, random_state=0).fit(x)
    log_px, p = log_prob(x, *mixtures.from_sklearn(fitted)), free_parameters(3, 2, covariance_type)
    print(
        f"{covariance_type:10s} {p:2d} free parameters, BIC {bic(log_px, p):8.2f}, scikit-learn's {fitted.bic(x):8.2f}"
    )

# %% [markdown]
# **Predict first.** The truth has three components. Which K will the training likelihood choose, which the held-out
# likelihood, which BIC?

# %%
KS = range(1, 9)
train, held_out = sample(200, *truth, seeded(1))[0], sample(200, *truth, seeded(2))[0]
fits = [GaussianMixture(k, random_state=0, reg_covar=1e-3, n_init=3).fit(train) for k in KS]
judged = {
    "BIC / 2n": [f.bic(train) / 400 for f in fits],
    "AIC / 2n": [f.aic(train) / 400 for f in fits],
    "held-out": [-f.score(held_out) for f in fits],
    "training": [-f.score(train) for f in fits],
}
plotting.curves(
    judged, x=KS, title="Four ways to judge K, on 200 points", xlabel="components K", ylabel="−log p(x), nats a point"
)

# %% [markdown]
# Divided by $2n$, the criteria are in the unit of the likelihood. Training keeps falling; the others turn near 3.
#
# BIC charges more than AIC, since $\log n > 2$ already for 8 points. Held-out data pay for their honesty with the
# points that are kept aside; refit with all points once K is chosen.

# %%
quiz.ask("02_gmm", 3)

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · Choosing K again, shapes, and what K is not (11 min)
#
# One data set proves little, so repeat the choice:


# %% tags=["depth"]
def lowest(values):
    return 1 + values.index(min(values))  # the K of the smallest value


choices = {}
for n in (50, 200):
    chosen = {"BIC": [], "AIC": [], "held-out": []}
    for seed in range(10):
        train = sample(n, *truth, seeded(seed))[0]
        first, rest = train.chunk(2)  # the same n points for all three: half to fit, half to choose
        models = [GaussianMixture(k, random_state=seed, reg_covar=1e-3) for k in range(1, 7)]
        chosen["held-out"].append(lowest([-f.fit(first).score(rest) for f in models]))
        chosen["BIC"].append(lowest([f.fit(train).bic(train) for f in models]))
        chosen["AIC"].append(lowest([f.aic(train) for f in models]))
    choices[n] = chosen
    for name, values in chosen.items():
        print(f"n = {n:3d}, {name:8s} chooses K =", *sorted(values))

# %% [markdown] tags=["depth"]
# With 50 points AIC asks for too many components on some data sets, BIC hardly ever. Held-out data pay for their
# honesty: with 25 points to fit and 25 to choose they mostly stop early. With 200 points BIC mostly finds the truth.
#
# ### The shape of a component
#
# Fewer numbers in a covariance mean less freedom and less to learn. scikit-learn offers four shapes:

# %% tags=["depth"]
alt = "Three fitted ellipses, drawn for each of the four covariance types."
figure, panels = plotting.picture(1, 4, height=2.6, sharex=True, sharey=True, alt=alt)
train = sample(200, *truth, seeded(1))[0]
for panel, covariance_type in zip(panels, mixtures.TYPES, strict=True):
    fitted = GaussianMixture(3, covariance_type=covariance_type, random_state=0, n_init=3).fit(train)
    title = f"{covariance_type}: p = {free_parameters(3, 2, covariance_type)}\nBIC/2n = {fitted.bic(train) / 400:.2f}"
    draw_mixture(panel, train, mixtures.from_sklearn(fitted), title)
figure

# %% [markdown] tags=["depth"]
# *full*: each its own ellipse; *tied*: one ellipse for all; *diag*: no tilt; *spherical*: circles.
#
# ### K is not "the number of clusters"
#
# Two moons are two groups, and no Gaussian has the shape of a moon. We know their density, so we can say how many
# nats each mixture lacks.

# %% tags=["depth"]
moons = data.toy("moons", std=0.1)
crescents, fresh = moons.sample(1000, rng=seeded(0)), moons.sample(4000, rng=seeded(1))
entropy = -moons.log_prob(fresh).mean().item()
by_k = {k: GaussianMixture(k, random_state=0, n_init=2).fit(crescents) for k in (1, 2, 4, 6, 8, 12, 16)}
lacks = {k: -f.score(fresh) - entropy for k, f in by_k.items()}
for k, f in by_k.items():
    print(f"K = {k:2d}: BIC/2n {f.bic(crescents) / 2000:.3f}, lacks {lacks[k]:.3f} nats a point")

# %% tags=["depth"]
best_k = min(by_k, key=lambda k: by_k[k].bic(crescents))
alt = "Two crescents covered by two big ellipses, and by many small ones."
figure, panels = plotting.picture(1, 2, height=2.5, sharex=True, sharey=True, alt=alt)
for panel, k in zip(panels, (2, best_k), strict=True):
    draw_mixture(panel, crescents, mixtures.from_sklearn(by_k[k]), f"K = {k}")
figure

# %% [markdown] tags=["depth"]
# BIC pays for six or eight small ellipses, because it is asked for a density, not for groups. As a *density* a
# mixture can come as close as we like to any smooth shape. As a *clustering* it finds Gaussian groups only.

# %% tags=["depth"]
quiz.ask("02_gmm", 4)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · Failures, each made and mended (14 min)
#
# ### Collapse on a single point
#
# Put one component on one data point and let its standard deviation σ shrink. That point's density grows like
# $1/\sigma^2$, and the other components look after everybody else.
#
# **Predict first.** How high can the training likelihood get?

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 14 min (45: 6)</summary>
#
# **Open.** "I can give you a likelihood as high as you wish. It is worth nothing."
#
# **Ask.** "How high can the training likelihood get?" Someone says: to the entropy. The curve of the training points
# climbs on and on, and that of new points stays flat.
#
# **Click.** Then the table: with 8 components for 40 points and no floor 18 of 20 runs break; look for the best last
# column, near 0.1. Last the three rings: on the right all ellipses lie on one spot, and scikit-learn called it
# converged.
#
# **Misconception.** "`reg_covar` is hygiene for the numerics." It is a choice of model; choose it on new points.
#
# **On.** Does this toy do anything on pictures?
#
# </details>

# %%
good = mixtures.from_sklearn(GaussianMixture(3, random_state=0).fit(x))
fresh = sample(4000, *truth, seeded(5))[0]
sigmas = torch.logspace(0, -60, 61)
rows = {"training points": [], "new points": []}
for sigma in sigmas:
    weights = torch.cat([good.weights * (1 - 1 / len(x)), torch.tensor([1 / len(x)])])
    spike = sigma**2 * torch.eye(2)[None]
    theta = (weights, torch.cat([good.means, x[:1]]), torch.cat([good.covariances, spike]))
    rows["training points"].append(log_prob(x, *theta).mean())
    rows["new points"].append(log_prob(fresh, *theta).mean())
title, xlabel = "A fourth component shrinks onto one of 400 points", "−log₁₀ σ of the fourth component"
plotting.curves(rows, x=-sigmas.log10(), title=title, xlabel=xlabel, ylabel="log p(x), nats a point")

# %% [markdown]
# There is no limit: the likelihood of a mixture is *unbounded*, and its "maximum" is useless. New points get nothing
# from it. In two dimensions with 400 points EM rarely falls into such a hole. With few points for each component it
# does:

# %%
print("K   reg_covar   runs that broke   training   new points, nats a point")
on_new_points, broken = {}, {}
for k, reg_covar in ((8, 0), (8, 1e-6), (8, 1e-3), (8, 0.01), (8, 0.1), (8, 0.2), (8, 0.4), (3, 0.01), (3, 0.1)):
    broke, scores = 0, []
    for seed in range(20):
        few = sample(40, *truth, seeded(seed))[0]
        try:
            theta, log_px = mixtures.em(few, start(few, k, seed), steps=60, reg_covar=reg_covar)
            scores.append([log_px[-1], mixtures.log_prob(fresh, *theta).mean().item()])
        except torch.linalg.LinAlgError:  # a covariance is no longer positive definite
            broke += 1
    broken[k, reg_covar] = broke
    train_mean, on_new_points[k, reg_covar] = torch.tensor(scores).mean(0).tolist()
    print(f"{k} {reg_covar:9.0e} {broke:12d} of 20 {train_mean:12.2f} {on_new_points[k, reg_covar]:9.2f}")

# %% [markdown]
# **The mend:** add `reg_covar` to the diagonal of each covariance, so that no component gets narrower than
# √reg_covar. scikit-learn's default, 1e-6, only avoids the crash. It has the unit of a variance, so choose it on new
# points. Here the best is near 0.1, about 5 % of the data's variance (2.7 and 1.6 along the axes). Three components,
# the true number, do as well with the same floor, and lose far less without one.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A bad start
#
# Eight groups on a ring, eight components. Compare three starts: means at random data points (ours), k-means first
# (scikit-learn's default), and random responsibilities (`init_params="random"`). Random responsibilities put every
# mean near the center of all data. What will EM make of it?

# %%
ring = data.toy("ring", std=0.25).sample(400, rng=seeded(0))
ends = {"random data points": [mixtures.em(ring, start(ring, 8, s), 80, reg_covar=1e-3)[1][-1] for s in range(20)]}
for name in ("kmeans", "random"):
    runs = [GaussianMixture(8, init_params=name, random_state=s, reg_covar=1e-3).fit(ring) for s in range(20)]
    ends[name] = [f.score(ring) for f in runs]
best, reached = max(map(max, ends.values())), {}
for name, values in ends.items():
    reached[name] = share = sum(v > best - 0.005 for v in values)
    median = torch.tensor(values).median()
    print(f"{name:18s} best reached in {share:2d} of 20 runs; median {median:.3f}, best {max(values):.3f} nats a point")
print(f"the last run from random responsibilities: converged_ = {runs[-1].converged_} after {runs[-1].n_iter_} steps")

# %%
alt = "Eight ellipses on a ring: right; one wrong; all eight on top of each other."
figure, panels = plotting.picture(1, 3, height=2.9, sharex=True, sharey=True, alt=alt)
poor = min(range(20), key=lambda s: ends["random data points"][s])
shown = {
    "k-means start": mixtures.from_sklearn(GaussianMixture(8, random_state=0, reg_covar=1e-3).fit(ring)),
    "worst of 20 starts at points": mixtures.em(ring, start(ring, 8, poor), 80, reg_covar=1e-3)[0],
    "random responsibilities": mixtures.from_sklearn(runs[0]),
}
for panel, (name, theta) in zip(panels, shown.items(), strict=True):
    draw_mixture(panel, ring, theta, name)
figure

# %% [markdown]
# On the right all components are nearly the same, so they get nearly the same responsibilities, so they stay nearly
# the same. It is a saddle point. EM leaves it so slowly that the default stopping rule, `tol=1e-3`, takes the second
# step for the end, and `converged_` says True. In the middle some components cover two groups while others share one.
#
# **The mend:** start from k-means and restart several times. `n_init=10` keeps the fit with the highest *training*
# likelihood. That is safe only with a `reg_covar` that forbids collapse; else the highest is the collapsed one, so
# choose on held-out data. Never report a single run.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · Label switching (4 min)
#
# Two runs reach the same density. Are their parameters the same?

# %% tags=["depth"]
ended = [mixtures.em(x, start(x, 3, seed), 60)[0] for seed in range(20)]
top = max(log_prob(x, *theta).mean() for theta in ended)
same = [theta for theta in ended if log_prob(x, *theta).mean() > top - 1e-3]  # they reached the same density
first, second = same[0], max(same, key=lambda theta: (theta.means - same[0].means).abs().sum())
average = [(a + b) / 2 for a, b in zip(first, second, strict=True)]
print("weights of run 1:", first[0].numpy().round(3), "· of run 2:", second[0].numpy().round(3))
fits_of = {"run 1": first, "run 2": second, "their average": average}
switched = {name: log_prob(x, *theta).mean().item() for name, theta in fits_of.items()}
for name, value in switched.items():
    print(f"log-likelihood of {name:14s} {value:.4f} nats a point")

# %% [markdown] tags=["depth"]
# The number of a component means nothing: all $K!$ orders give the same density. So parameters of two runs must not
# be averaged or compared index by index. **The mend:** compare densities, or match components first:

# %% tags=["depth"]
from scipy.optimize import linear_sum_assignment

_, order = linear_sum_assignment(torch.cdist(first[1], second[1]))  # the pairing of means with the least distance
matched = [part[order] for part in second]
average = [(a + b) / 2 for a, b in zip(first, matched, strict=True)]
switched["matched"] = log_prob(x, *average).mean().item()
print(f"matched by {order.tolist()}: log-likelihood of the average {switched['matched']:.4f} nats a point")

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · Too many dimensions (7 min)
#
# Add dimensions that hold only noise of standard deviation ½ to our three blobs, and keep n = 400. A full covariance
# has $D(D+1)/2$ numbers. Theory says what overfitting costs: for a well-specified model with $p$ parameters, training
# flatters by about $p/n$ nats a point over new data (Akaike 1974).


# %% tags=["depth"]
def with_noise(n, d, seed):
    rng = seeded(seed)
    signal = sample(n, *truth, rng)[0]
    return torch.cat([signal, 0.5 * torch.randn(n, d - 2, generator=rng)], dim=1)


def overfit(d, kind):
    """Training minus new points, and new points: nats a point, (5 draws, 2)."""
    many, scores = with_noise(4000, d, 1000), []
    for few in (with_noise(400, d, seed) for seed in range(5)):
        seen = PCA(2).fit(few).transform if kind == "2 axes" else torch.clone
        f = GaussianMixture(3, covariance_type=kind.replace("2 axes", "full"), random_state=0).fit(seen(few))
        scores.append([f.score(seen(few)) - f.score(seen(many)), f.score(seen(many))])
    return torch.tensor(scores)


# %% tags=["depth"]
print(" D   type    p/n   training − new   new points, nats a point (mean ± sd over 5 draws)")
gaps, on_new = {}, {}
for d, kind in [(d, kind) for d in (2, 4, 8, 16, 32) for kind in ("full", "diag", "2 axes")]:
    scores = overfit(d, kind)
    p = free_parameters(3, 2, "full") if kind == "2 axes" else free_parameters(3, d, kind)
    (gap, new), (sd, new_sd) = scores.mean(0), scores.std(0)
    gaps[d, kind], on_new[d, kind] = gap.item(), new.item()
    density = f"{new:8.2f} ± {new_sd:.2f}" if kind != "2 axes" else ""  # of two axes only: not comparable
    print(f"{d:2d}   {kind:6s} {p / 400:5.2f} {gap:8.2f} ± {sd:.2f} {density}")

# %% [markdown] tags=["depth"]
# The rule gives the size; at 32 dimensions the measured gap is a third to a half larger. There the full model loses
# several nats for each point, although only noise was added, and from 16 on *diag* is better on new points even
# though it is wrong. **The mend:** fewer numbers (*diag*, *tied*), or fewer dimensions, by PCA, before the mixture
# ("2 axes": no more overfitting than in two dimensions). PCA keeps what varies most. That is the signal here because
# its variance is larger than the noise's ¼; it need not be. That is how we take on digits.

# %% tags=["depth"]
quiz.ask("02_gmm", 5)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · Digits (13 min)
#
# A full covariance of 64 pixels has 2,080 numbers, so ten components would have more than twenty thousand, and there
# are 1,437 images. First PCA to 32 dimensions, then the mixture.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 13 min (45: 5, tour: 2)</summary>
#
# **Open.** "Twenty components, ten digits, no labels. What will the twenty means look like?"
#
# **Ask.** Let them guess how many of the twenty are pure. Then read the percentages under the pictures: most show one
# digit in one handwriting, some hold two that look alike.
#
# **Click.** The grid of draws by class, then the printed shares: the linear classifier agrees with about 99 % of the
# draws, and Bayes' rule beats it on test digits.
#
# **Misconception.** "Components are classes." They are pieces of a density that nobody named. "Obeyed, so good": a
# classifier is easily pleased.
#
# **On.** A serious baseline. Lecture 05 will hold deep models against it.
#
# </details>

# %%
gray, y = data.images(DATASET, "train", limit=1_500)
gray_test, y_test = data.images(DATASET, "test", limit=400)
SHRINK = gray.shape[-1] // 8  # larger images: a covariance of 784 pixels would need far more of them
gray, gray_test = (torch.nn.functional.avg_pool2d(images, SHRINK) for images in (gray, gray_test))
digits, digits_test = gray.flatten(1).double(), gray_test.flatten(1).double()
EVENT, PIXELS, TESTS = gray.shape[1:], digits.shape[1], len(digits_test)
pca = PCA(32).fit(digits)
print(
    f"{len(digits)} images of {PIXELS} pixels; 32 axes keep {pca.explained_variance_ratio_.sum():.1%} of the variance"
)
print(f"the {PIXELS - 32} left out have a variance of {pca.noise_variance_:.4f} each, on average")

# %% [markdown]
# A mixture under a linear map is a mixture. If codes $z$ come from one, then so do the images $b + zW$: means
# $b + \mu_k W$, covariances $W^\top \Sigma_k W$. To have a density in all dimensions, give the directions that are
# left out the noise they have, as probabilistic PCA does (Tipping & Bishop 1999). The same noise is a good floor for
# the rest: `reg_covar=noise`.


# %%
def fit_images(images, k, seed=0):
    pca = PCA(32).fit(images)
    noise = float(pca.noise_variance_)
    fitted = GaussianMixture(k, reg_covar=noise, random_state=seed).fit(pca.transform(images))
    basis, center = torch.from_numpy(pca.components_), torch.from_numpy(pca.mean_)
    return mixtures.lift(mixtures.from_sklearn(fitted), basis, center, noise)  # weights, means, covariances of images


theta = fit_images(digits, 20)
print("shapes:", *(tuple(part.shape) for part in theta))
print(f"test digits: mean log p(x) = {mixtures.log_prob(digits_test, *theta).mean():.1f} nats")
negatives = 1 - digits_test
naive = (theta[0] * log_components(negatives, *theta[1:]).exp()).sum(1).log()
highest = mixtures.log_prob(negatives, *theta).max()
print(f"their negatives: highest log p(x) = {highest:.0f} nats, naively {naive.max():.0f}")

# %% [markdown]
# The last line is the underflow of section 1: without logarithms all white-on-black images have density 0, and their
# responsibilities are 0/0. The line before is positive: a *density* may exceed 1. Its height depends on the unit of
# the pixels, so only differences between models of the same pixels mean something.

# %% [markdown]
# Why 20 components? The held-out likelihood has a wide valley from 10 to 30 (the depth section below). What do they
# show?

# %%
owner = mixtures.responsibilities(digits, *theta).argmax(1)
purest = torch.stack([torch.bincount(y[owner == k], minlength=10) for k in range(20)])
answered = (purest.max(1).values.sum() / len(y)).item()
plotting.image_grid(
    theta[1].unflatten(1, EVENT),
    title="The means of 20 components, and the digit that most of each one's images show",
    labels=[f"{row.argmax()}: {row.max() / row.sum():.0%}" for row in purest],
)

# %% [markdown]
# No label was used. Most components are one way of writing one digit, but not all: some hold two digits that look
# alike. If each component answers with its most frequent digit, 90–93 % of the training images (five seeds) get the
# right one. **Components are not classes**, though they may resemble them.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Draw a class
#
# Fit one mixture for each class, with two components, and draw. The class is one more die at the front.

# %%
by_class = [fit_images(digits[y == c], 2) for c in range(10)]
drawn = [by_class[c].sample(100, rng=seeded(c)) for c in range(10)]
plotting.image_grid(
    torch.cat([d[:10] for d in drawn]).unflatten(1, EVENT),
    title="Ten draws of each digit from a mixture of two Gaussians",
    row_labels=[str(c) for c in range(10)],
)

# %% [markdown]
# Do they look like what was asked for? Let a linear classifier read them, trained on real digits. The same ten
# mixtures are a classifier too, by Bayes' rule.

# %%
classifier = LogisticRegression(max_iter=500).fit(digits, y)
asked = torch.arange(10).repeat_interleave(100)
posterior = torch.stack([mixtures.log_prob(digits_test, *t) for t in by_class], 1) + (torch.bincount(y) / len(y)).log()
right = (posterior.argmax(1) == y_test).double().mean().item()
obeyed, theirs = classifier.score(torch.cat(drawn).clamp(0, 1), asked), classifier.score(digits_test, y_test)
print(f"draws that the classifier reads as the class asked for: {obeyed:.1%}")
print(f"test digits read right: by the classifier {theirs:.1%}, by the ten mixtures {right:.1%}")

# %% [markdown]
# Over five seeds the classifier agrees with 98.7–99.6 % of the draws, and Bayes' rule reads 97.8–98.6 % of the test
# digits right, more than the linear classifier, and a little less than lecture 01's single Gaussian for each class in
# all 64 dimensions (99.2 %). On small images a Gaussian mixture is a serious baseline: lecture 05 holds VAEs and GANs
# against it.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · How many components for digits? (4 min)
#
# The training images are split, four fifths to fit and one fifth to judge.

# %% tags=["depth"]
order = torch.randperm(len(digits), generator=seeded(0))
FIT = round(0.8 * len(digits))
fit_on, look_at = digits[order[:FIT]], digits[order[FIT:]]
KS = (1, 2, 5, 10, 15, 20, 30, 40)
thetas = [fit_images(fit_on, k) for k in KS]
p = [mixtures.free_parameters(k, 32) for k in KS]
log_px = [mixtures.log_prob(fit_on, *theta) for theta in thetas]

# %% tags=["depth"]
series = {
    "BIC / 2n": [mixtures.bic(values, count) / (2 * FIT) for values, count in zip(log_px, p, strict=True)],
    "AIC / 2n": [count / FIT - values.mean().item() for values, count in zip(log_px, p, strict=True)],
    "held-out": [-mixtures.log_prob(look_at, *theta).mean().item() for theta in thetas],
    "training": [-values.mean().item() for values in log_px],
}
by_criterion = {name: KS[values.index(min(values))] for name, values in series.items()}
plotting.curves(
    series, x=KS, title="Mixtures of digits", xlabel="number of components K", ylabel="−log p(x), nats an image"
)

# %% [markdown] tags=["depth"]
# **BIC and held-out data disagree.** BIC wants about five components; the held-out likelihood has a wide valley from
# 10 to 30. BIC is an approximation for much more data than parameters. Here 20 components have 11,219 parameters for
# 1,150 images, and BIC counts them all as free although `reg_covar` holds them back. If there are data to keep aside,
# believe those. We take K = 20.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · Score what is unusual (10 min)
# Train on nine classes, without labels. Test digits of the tenth are the anomalies: nobody has seen their like. The
# score is $-\log p(x)$. The AUC is the probability that an anomaly gets a higher score than a usual digit.
#
# Two baselines: the Mahalanobis distance, which is the same with one component, and the distance to the nearest
# training image.
#
# **Predict first.** Which of the three wins?


# %% tags=["depth"]
def auc(scores, unusual):
    return (scores[unusual][:, None] > scores[~unusual]).double().mean()


scores = {"mixture, K = 20": [], "Mahalanobis distance": [], "nearest neighbor": []}
for c in range(10):
    usual = digits[y != c]
    scores["mixture, K = 20"].append(-mixtures.log_prob(digits_test, *fit_images(usual, 20)))
    scores["Mahalanobis distance"].append(-mixtures.log_prob(digits_test, *fit_images(usual, 1)))
    neighbor = NearestNeighbors(n_neighbors=1).fit(usual).kneighbors(digits_test)[0]
    scores["nearest neighbor"].append(torch.from_numpy(neighbor[:, 0]))

# %% [markdown] tags=["depth"]
# One number for each score: the mean AUC over the ten classes. The interval comes from the bootstrap: draw the test
# images anew with replacement, 300 times, and take the middle 95 % of the results.

# %% tags=["depth"]
MIDDLE = torch.tensor([0.025, 0.975])
resamples = [torch.randint(TESTS, (TESTS,), generator=seeded(s)) for s in range(300)]


def mean_auc(columns, i):
    return torch.stack([auc(columns[c][i], y_test[i] == c) for c in range(10)]).mean()


boot = {name: torch.stack([mean_auc(columns, i) for i in resamples]) for name, columns in scores.items()}
point = {name: mean_auc(columns, torch.arange(TESTS)).item() for name, columns in scores.items()}
for name in scores:
    low, high = boot[name].quantile(MIDDLE)
    print(f"{name:22s} mean AUC {point[name]:.3f}, 95 % interval {low:.3f} to {high:.3f}")
ahead = (boot["nearest neighbor"] - boot["mixture, K = 20"]).quantile(MIDDLE)
print(f"nearest neighbor minus mixture, on the same resamples: {ahead[0]:.3f} to {ahead[1]:.3f}")

# %% tags=["depth"]
alt = "ROC curves of three scores for held-out class 6, easy, and 9, harder."
figure, panels = plotting.picture(1, 2, height=3.4, sharey=True, alt=alt)
for panel, c in zip(panels, (6, 9), strict=True):
    for (name, columns), color in zip(scores.items(), plotting.COLORS, strict=False):
        false_alarms, found, _ = roc_curve(y_test == c, columns[c])
        panel.plot(false_alarms, found, color=color, label=f"{name}: {auc(columns[c], y_test == c):.3f}")
    panel.plot([0, 1], [0, 1], ":", color="gray")
    panel.set(title=f"the digit {c} was never seen", xlabel="false alarms among usual digits")
    panel.legend(loc="lower right", title="AUC", fontsize=9)
panels[0].set_ylabel("anomalies found")
figure

# %% [markdown] tags=["depth"]
# The mixture is far better than one Gaussian, and the nearest neighbor is better still: its interval of the
# difference lies above 0. (Over five seeds the mixture has 0.970–0.974.) What the mixture has that the neighbor has
# not is a density: a score in nats that can be compared between models. Report the baseline that beats you.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · Fill in the lower half (10 min)
#
# Hide the lower half of the pixels. For a Gaussian the hidden part given the seen part is again a Gaussian, with
#
# $$\mu_{h \mid s} = \mu_h + \Sigma_{hs} \Sigma_{ss}^{-1} (x_s - \mu_s), \qquad
#   \Sigma_{h \mid s} = \Sigma_{hh} - \Sigma_{hs} \Sigma_{ss}^{-1} \Sigma_{sh} .$$
#
# For a mixture each component does this, and their weights become the responsibilities *given what is seen*,
# $p(k \mid x_s)$.


# %% tags=["depth"]
def condition(x_seen, seen, weights, means, covariances):
    seen_seen, seen_hidden = covariances[:, seen][:, :, seen], covariances[:, seen][:, :, ~seen]
    gain = torch.linalg.solve(seen_seen, seen_hidden)  # Σ_ss⁻¹ Σ_sh: (K, S, H)
    moved = means[:, None, ~seen] + (x_seen - means[:, None, seen]) @ gain  # (K, B, H)
    left = covariances[:, ~seen][:, :, ~seen] - seen_hidden.mT @ gain
    return responsibilities(x_seen, weights, means[:, seen], seen_seen), moved.transpose(0, 1), left


seen = torch.arange(PIXELS) < PIXELS // 2
given, moved, left = condition(digits_test[:, seen], seen, *theta)
expected = (given[:, :, None] * moved).sum(1)  # E[hidden | seen]
torch.testing.assert_close(expected, mixtures.impute(digits_test[:, seen], seen, *theta))

# %% [markdown] tags=["depth"]
# The check that it is right: by the chain rule, $\log p(x_s) + \log p(x_h \mid x_s) = \log p(x)$.

# %% tags=["depth"]
log_seen = log_prob(digits_test[:, seen], theta[0], theta[1][:, seen], theta[2][:, seen][:, :, seen])
log_hidden = torch.stack(
    [log_prob(h[None], w, m, left)[0] for h, w, m in zip(digits_test[:, ~seen], given, moved, strict=True)]
)
torch.testing.assert_close(log_seen + log_hidden, log_prob(digits_test, *theta))
rng = seeded(0)
which = torch.multinomial(given, 2, replacement=True, generator=rng)  # two draws for each image
draws = [
    moved[range(TESTS), which[:, i]]
    + (torch.linalg.cholesky(left)[which[:, i]] @ torch.randn(*moved[:, 0].shape, 1, generator=rng)).squeeze(2)
    for i in range(2)
]

# %% tags=["depth"]
nearest = NearestNeighbors(n_neighbors=10).fit(digits[:, seen]).kneighbors(digits_test[:, seen])[1]
neighbors = digits[torch.from_numpy(nearest)][:, :, ~seen]  # their lower halves, (B, 10, H)
one_neighbor = neighbors[torch.arange(TESTS), torch.randint(10, (TESTS,), generator=rng)]
halves = [torch.full_like(expected, 0.3), expected, *draws, neighbors.mean(1), one_neighbor, digits_test[:, ~seen]]
plotting.image_grid(
    torch.cat([torch.cat([digits_test[:10, seen], half[:10]], 1) for half in halves]).unflatten(1, EVENT),
    title="The lower half from the upper half",
    row_labels=["given", "expected", "drawn", "drawn again", "10 neighbors", "one of the 10", "truth"],
)

# %% tags=["depth"]
hidden, mean = digits_test[:, ~seen], digits[:, ~seen].mean(0)
guesses = {
    "mixture, K = 20": expected,
    "one Gaussian": mixtures.impute(digits_test[:, seen], seen, *fit_images(digits, 1)),
    "mean of the 10 nearest neighbors": neighbors.mean(1),
    "mean of the training digits": mean.expand_as(hidden),
    "one draw from the mixture": draws[0],
    "one of the 10 neighbors, at random": one_neighbor,
}
errors = {name: (guess - hidden).square().mean(1) for name, guess in guesses.items()}

# %% tags=["depth"]
for name, error in errors.items():
    low, high = torch.stack([error[i].mean() for i in resamples]).quantile(MIDDLE)
    print(f"{name:34s} mean squared error {error.mean():.4f} a pixel, 95 % interval {low:.4f} to {high:.4f}")
difference = errors["mixture, K = 20"] - errors["mean of the 10 nearest neighbors"]
low, high = torch.stack([difference[i].mean() for i in resamples]).quantile(MIDDLE)
print(f"mixture minus neighbors, on the same resamples: {low:.4f} to {high:.4f}")

# %% [markdown] tags=["depth"]
# The mixture halves the error of the mean and clearly beats one Gaussian, which is linear regression. Ten neighbors
# are as good or a little better (ten is the best number for these test digits, so they are flattered). Both can also
# *draw* several completions: the mixture from its density, the neighbors by taking one of the ten. A draw looks
# sharper than the average and has the larger squared error. Squared error rewards the blurred average. The mixture
# knows how likely each completion is, and needs no training image any more; the neighbors need no training.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Common errors (1 min)
#
# > **"The components are the clusters"**, or the classes. They are pieces of a density. Section 3 needed six or eight
# > for two moons, section 5 twenty for ten digits.
#
# > **"A log-likelihood above 0 is a bug."** Probabilities are at most 1, densities are not. A density has the unit
# > 1/pixelᴰ: scale all pixels by 16, and each image loses $64 \log 16 \approx 177$ nats.
#
# > **"`reg_covar` is numerical hygiene."** It is a modeling choice, and on few data the one that matters most
# > (section 4).
#
# > **"EM found the maximum likelihood."** It found a local maximum, or a saddle; and the global supremum is infinite.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 3 min (45: 1)</summary>
#
# **Open.** "Which of these four would you have signed this morning?"
#
# **Ask.** Have them vote on "EM found the maximum likelihood". Half say true. Send them to two places at once: start
# 1 of the explorer for the local maximum, the shrinking spike of section 4 for the infinite one.
#
# **Misconception.** "A positive log-likelihood is a bug." Scale the pixels by 16 and each image loses 177 nats; the
# unit decides the sign, so only differences count.
#
# **On.** One idea leads out of here to everything deep.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## From twenty components to infinitely many (2 min)
#
# A mixture explains an image by *which* of K components it came from. A variational autoencoder, lecture 03, uses a
# continuous code instead of the first die: $p(x) = \int p(x \mid z)\,p(z)\,dz$, a mixture of infinitely many
# components whose means a network computes. Then the E-step has no closed form; a second network learns to do it, and
# the bound of section 2 is what both are trained on.
#
# ## Summary
#
# 1. $\log p(x)$ is a log-sum-exp over components; a draw is one die for the component, one for the point.
# 2. E-step: responsibilities, by Bayes' rule. M-step: weighted weights, means, covariances. The E-step makes a lower
#    bound touch the likelihood, the M-step raises the bound, so the likelihood never falls.
# 3. Training likelihood cannot choose K. BIC and held-out data can; with more parameters than data, trust held-out
#    data.
# 4. Collapse: `reg_covar`. Bad start: k-means and restarts. Label switching: compare densities, or match. Many
#    dimensions: diagonal or tied covariances, or PCA first.
# 5. On digits a mixture draws classes that a classifier recognizes, scores anomalies better than one Gaussian and
#    worse than the nearest neighbor, and fills in a half about as well as ten neighbors.
#
# ## Discuss
#
# - Your mixture finds five groups of customers. What would you do before you give the groups names?
# - A hospital wants to flag unusual scans. Which of the three scores of section 5 would you deploy, and what would
#   you have to store for it?
# - A filled-in face looks convincing. Is it the person's face? What should a caption say?

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 3 min (45: 2)</summary>
#
# **Open.** "What if the first die had infinitely many faces?"
#
# **Picture.** A row of twenty radio stations against a tuning knob. The VAE's code is the knob; a network says what
# plays at each place.
#
# **Ask.** The hospital with unusual scans: which score to deploy, and what must be stored for it? Listen for "the
# training images", and ask whose images those are. It is a first taste of lecture 06.
#
# **Misconception.** "A convincing fill-in is the person's face." It is one draw given the visible half; a caption
# should say so.
#
# **On.** The bound stays, the E-step becomes a network.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# **1.** K-means is a limit of EM. Take equal weights and covariances $\sigma^2 I$. What becomes of the
# responsibilities, and of the M-step for the means, as $\sigma \to 0$? Check with `ring` and σ = 1, 0.3, 0.05.
#
# <details><summary>Solution</summary>
#
# The responsibility of the nearest mean goes to 1, so the M-step averages the points nearest to each mean: k-means.
# The share that goes to other means falls from about a half to 1 % or less on average; at σ = 0.05 more than nine
# points in ten give less than 1 % away, and only one halfway between two means keeps both.
#
# ```python
# centers, softness = start(ring, 8, seed=0)[1], {}
# for sigma in (1.0, 0.3, 0.05):
#     r = responsibilities(ring, torch.full((8,), 1 / 8), centers, sigma**2 * torch.eye(2).expand(8, 2, 2))
#     hard = (ring[:, None] - centers).square().sum(2).argmin(1)
#     soft = (r - torch.nn.functional.one_hot(hard, 8)).abs().sum(1) / 2  # share that another mean gets
#     softness[sigma] = soft.mean().item(), (soft > 0.01).double().mean().item()
#     print(sigma, *softness[sigma])
# ```
# </details>
#
# **2.** A few labels. Suppose that you know the component of the first 30 points of `x`. Change one line of EM so
# that it uses them, run it from start 1, which got stuck, and explain what happens.
#
# <details><summary>Solution</summary>
#
# After the E-step, overwrite the responsibilities of these points with what is known.
#
# ```python
# known = torch.nn.functional.one_hot(component[:30], 3).to(x)
# weights, means, covariances = start(x, 3, seed=1)
# labeled = known.T @ x[:30] / known.sum(0)[:, None]  # the means of the known points
# with_labels = {}
# for name, first in {"start 1": means, "start at the labels": labeled}.items():
#     theta = weights, first, covariances
#     for _ in range(100):
#         r = responsibilities(x, *theta)
#         r[:30] = known
#         theta = m_step(x, r)
#     with_labels[name] = log_prob(x, *theta).mean().item(), theta[1]
#     print(name, *with_labels[name], "truth:", truth[1])
# ```
# Here the labels pull start 1 out of its trap. Do not count on it: 30 points can be outvoted by the other 370, and on
# other data a bad start stays bad. Let the labels choose the start, too: then the run ends at the best likelihood of
# the twenty starts, and each component keeps its number, so that labels do not switch.
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 1 min (45: 1)</summary>
#
# **Open.** "Exercise 1 turns this lecture into k-means with one limit; exercise 2 shows what thirty labels can do,
# and what they cannot."
#
# **Ask.** Before they leave: "Would thirty labels always free a stuck start?" Most nod. The solution warns that on
# other data the other 370 points outvote them, so the labels should choose the start as well.
#
# **Misconception.** "More EM steps would have freed it too." A local maximum stays one.
#
# **On.** The assignment has learners write `log_prob`, both steps and BIC; the checks name a lost logarithm.
#
# </details>

# %% [markdown]
# ## Further reading
#
# - A. P. Dempster, N. M. Laird, D. B. Rubin. *Maximum Likelihood from Incomplete Data via the EM Algorithm.* J. R.
#   Stat. Soc. B 39, 1977,
#   [doi:10.1111/j.2517-6161.1977.tb01600.x](https://doi.org/10.1111/j.2517-6161.1977.tb01600.x)
# - C. M. Bishop. *Pattern Recognition and Machine Learning*, chapter 9. Springer 2006
# - R. M. Neal, G. E. Hinton. *A View of the EM Algorithm that Justifies Incremental, Sparse, and other Variants.* In
#   *Learning in Graphical Models*, 1998 (the bound of section 2)
# - G. Schwarz. *Estimating the Dimension of a Model.* Annals of Statistics 6, 1978,
#   [doi:10.1214/aos/1176344136](https://doi.org/10.1214/aos/1176344136) (BIC)
# - H. Akaike. *A New Look at the Statistical Model Identification.* IEEE Trans. Automatic Control 19, 1974,
#   [doi:10.1109/TAC.1974.1100705](https://doi.org/10.1109/TAC.1974.1100705) (AIC)
# - M. E. Tipping, C. M. Bishop. *Mixtures of Probabilistic Principal Component Analyzers.* Neural Computation 11,
#   1999
# - M. E. Tipping, C. M. Bishop. *Probabilistic Principal Component Analysis.* J. R. Stat. Soc. B 61, 1999,
#   [doi:10.1111/1467-9868.00196](https://doi.org/10.1111/1467-9868.00196)
# - F. Pedregosa et al. *Scikit-learn: Machine Learning in Python.* JMLR 12, 2011
# - E. Alpaydin, C. Kaynak. *Cascading Classifiers.* Kybernetika 34, 1998 (the digits)
