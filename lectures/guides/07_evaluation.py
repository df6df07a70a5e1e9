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

# %% [markdown]
# # 07 · Evaluating generative models: FID, IS and their limits: study guide
#
# One page to revise [lecture 07](../07_evaluation.ipynb) from: nothing here is new. Cover the answers.

# %% [markdown]
# ## Know by heart
#
# - Likelihood, quality and diversity are three things: 99 % junk can have a good likelihood, a memorizer perfect
#   samples.
# - Metrics compare features of a classifier, not pixels.
# - Inception Score: clear single images, varied together; from 1 to the number of classes; blind to real data.
# - Fréchet distance: two means and two covariances of features, nothing else. Its root is a matrix root.
# - Precision is quality, recall is diversity.
# - First the floor (real against real), then the sweep (damage on purpose), then equal N, extrapolated.
# - A check for near copies goes with every score: the memorizer has Fréchet distance 0.
# - A human score has an interval, and a number of answers planned beforehand.
#
# ## Formulas
#
# - $\mathrm{IS} = \exp(H(y) - \mathbb{E}_x H(y \mid x))$: $p(y \mid x)$ class probabilities of image $x$, $p(y)$
#   their mean, $H$ the entropy in nats. `metrics.inception_score`
# - $d^2 = \|\mu_1 - \mu_2\|^2 + \operatorname{tr}(\Sigma_1 + \Sigma_2 - 2 (\Sigma_1 \Sigma_2)^{1/2})$: $\mu_i$,
#   $\Sigma_i$ mean and covariance of the real and the generated features, tr the trace. `metrics.frechet_gaussians`,
#   `metrics.frechet_distance`
# - distance ≈ $d_\infty + b / N$: $N$ samples, $b$ the slope of the bias, $d_\infty$ the value at infinitely many.
#   `metrics.frechet_extrapolated`
# - $\mathrm{KID} = \mathbb{E}\,k(x, x') + \mathbb{E}\,k(y, y') - 2\,\mathbb{E}\,k(x, y)$,
#   $k(x, y) = (x^\top y / F + 1)^3$: $x$ real and $y$ generated features, $F$ their number. `metrics.kid`
# - Precision, recall, density, coverage, by balls that reach to the $k$-th neighbor. `metrics.prdc`
# - Wilson's interval: all probabilities $p$ that a test with the observed answers would not reject.
#   `metrics.intervals.wilson_interval`
#
# ## By hand
#
# Two classes, two images. The classifier says (0.9, 0.1) of one and (0.1, 0.9) of the other. What is the Inception
# Score?
#
# $p(y) = (\frac12, \frac12)$, $H(y) = \ln 2 = 0.693$; $H(y \mid x) = -0.9 \ln 0.9 - 0.1 \ln 0.1 = 0.325$ for both.
# $\mathrm{IS} = e^{0.368} = 1.445$, of 2 at most.

# %%
import math

import torch

from course_utils import metrics

by_hand = math.exp(0.693 - 0.325)
computed = metrics.inception_score(torch.tensor([[0.9, 0.1], [0.1, 0.9]])).value
print(f"by hand {by_hand:.3f}, course_utils {computed:.3f}")
print(f"N(0, 1) and N(3, 2²): 9 + 1 = 10, course_utils {metrics.frechet_gaussians([0], [[1]], [3], [[4]]):.1f}")
assert math.isclose(by_hand, computed, abs_tol=2e-3)

# %% [markdown]
# ## Ten questions
#
# **1.** A model makes 99 % junk. How much likelihood does that cost?
#
# <details><summary>Answer</summary>
#
# At most log 100 = 4.6 nats, in any number of dimensions.
# </details>
#
# **2.** Why features and not pixels?
#
# <details><summary>Answer</summary>
#
# A digit moved by one pixel is far away in pixels.
# </details>
#
# **3.** One perfect image per class, repeated. Inception Score?
#
# <details><summary>Answer</summary>
#
# Perfect. Recall, coverage and the distances notice.
# </details>
#
# **4.** Why does the score fall with many splits?
#
# <details><summary>Answer</summary>
#
# A few samples never hold all classes evenly, so $H(y)$ is too small.
# </details>
#
# **5.** Why is the elementwise root wrong in the Fréchet distance?
#
# <details><summary>Answer</summary>
#
# It ignores all correlations, and its numbers look plausible. A closed form finds it.
# </details>
#
# **6.** What does KID have that the Fréchet distance has not?
#
# <details><summary>Answer</summary>
#
# No bias at any number of samples; so it may be negative.
# </details>
#
# **7.** What does a dropped class leave at its floor?
#
# <details><summary>Answer</summary>
#
# Precision: every image is real. Recall and the distances notice.
# </details>
#
# **8.** Why is equal N not enough?
#
# <details><summary>Answer</summary>
#
# The bias depends on the model: slopes in $1/N$ differ.
# </details>
#
# **9.** Your Fréchet distance lies below real against real. What then?
#
# <details><summary>Answer</summary>
#
# Suspect copies of the training set; look at nearest neighbors.
# </details>
#
# **10.** 18 of 30 answers are right. Does the judge see a difference?
#
# <details><summary>Answer</summary>
#
# Not shown: Wilson's interval holds 50 %. About 195 answers tell 60 % from a coin with a power of 80 %.
# </details>
#
# ## Common errors
#
# - **"The Inception Score compares with real data."** It never sees any. [The Inception
#   Score](../07_evaluation.ipynb#cell-id=d69b771f)
# - **"FID measures realism, of any data."** Two moments of one classifier's features, for images. [Common
#   errors](../07_evaluation.ipynb#cell-id=6f2aead2)
# - **"Our FID is 12, theirs 15."** Only with the same reference, network, resizing and N. [The number of
#   samples](../07_evaluation.ipynb#cell-id=769168d1)
# - **"Synthetic data are good if they look like the training set."** The memorizer does best of all.
#   [Gaming](../07_evaluation.ipynb#cell-id=bcc94ea1)
# - **"Precision sees everything that is wrong."** It does not see what is missing. [Precision and
#   recall](../07_evaluation.ipynb#cell-id=6f855778)
#
# ## Checklist
#
# 1. ☐ say why likelihood, quality and diversity are three different things: [Why one number is not
#    enough](../07_evaluation.ipynb#cell-id=efe1392f)
# 2. ☐ compute Inception Score, Fréchet distance (FID), KID, precision and recall, and check them on closed forms:
#    [The Inception Score](../07_evaluation.ipynb#cell-id=d69b771f), [The Fréchet
#    distance](../07_evaluation.ipynb#cell-id=c31ed1d7), [KID, and what it does not
#    notice](../07_evaluation.ipynb#cell-id=375e2473), [Precision and recall](../07_evaluation.ipynb#cell-id=6f855778)
# 3. ☐ calibrate a metric before you trust it: floor, corruption sweep, number of samples: [The
#    floor](../07_evaluation.ipynb#cell-id=dc3138ab), [The sweep](../07_evaluation.ipynb#cell-id=ec754acb), [The
#    number of samples](../07_evaluation.ipynb#cell-id=769168d1)
# 4. ☐ game a metric, and name the metric that notices: [Gaming](../07_evaluation.ipynb#cell-id=bcc94ea1)
# 5. ☐ run a human test and report it with an interval: [Human judges](../07_evaluation.ipynb#cell-id=1e083fb6)
