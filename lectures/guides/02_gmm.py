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
# # 02 · Gaussian mixtures: study guide
#
# One page to revise [lecture 02](../02_gmm.ipynb) from: nothing here is new. Cover the answers.

# %% [markdown]
# ## Know by heart
#
# - A mixture draws twice: a component by its weight, then a point from that component's Gaussian.
# - Its density is a sum over components; compute it by log-sum-exp.
# - E-step: responsibilities, by Bayes' rule. M-step: weights, means, covariances, each point counted by its
#   responsibility.
# - The E-step makes a lower bound touch the likelihood, the M-step raises the bound. So the likelihood never falls,
#   and may stop at a poor maximum.
# - The training likelihood cannot choose K; BIC and held-out data can.
# - A component on one point has unbounded likelihood: `reg_covar` forbids it.
# - Components are pieces of a density. They need not be classes.
#
# ## Formulas
#
# - $p(x) = \sum_k \pi_k N(x \mid \mu_k, \Sigma_k)$: $\pi_k \ge 0$ the weight of component $k$, $\sum_k \pi_k = 1$;
#   $\mu_k$, $\Sigma_k$ its mean and covariance. `models.mixtures.log_prob`
# - $r_{nk} = \pi_k N(x_n \mid \mu_k, \Sigma_k) / p(x_n)$: responsibility of component $k$ for point $x_n$.
#   `models.mixtures.responsibilities`
# - $\pi_k = N_k / N$, $\mu_k = \frac{1}{N_k} \sum_n r_{nk} x_n$,
#   $\Sigma_k = \frac{1}{N_k} \sum_n r_{nk} (x_n - \mu_k)(x_n - \mu_k)^\top$: $N$ points, $N_k = \sum_n r_{nk}$ of
#   them counted for $k$. `models.mixtures.m_step`
# - $\mathrm{BIC} = p \log n - 2 \sum_n \log p(x_n)$, lower is better: $p$ free parameters, $n$ points.
#   `models.mixtures.bic`, `models.mixtures.free_parameters`
# - $\mu_{h \mid s} = \mu_h + \Sigma_{hs} \Sigma_{ss}^{-1} (x_s - \mu_s)$: $s$ the seen coordinates, $h$ the hidden
#   ones, $\Sigma_{hs}$ the block of the covariance between them. `models.mixtures.condition`
#
# ## By hand
#
# Points 0, 1, 4 on a line. Component 1 has the responsibilities 1, ½, 0. What does the M-step give it?
#
# $N_1 = 1.5$, weight ½, mean $0.5 / 1.5 = \frac13$, variance
# $(1 \cdot \frac19 + \frac12 \cdot \frac49) / 1.5 = \frac29$.

# %%
import math

import torch

from course_utils.models import mixtures

by_hand = 2 / 9
x, r = torch.tensor([[0.0], [1], [4]]), torch.tensor([[1.0, 0], [0.5, 0.5], [0, 1]])
theta = mixtures.m_step(x, r)
computed = theta.covariances[0, 0, 0].item()
print(f"variance by hand {by_hand:.4f}, course_utils {computed:.4f}; mean {theta.means[0, 0]:.4f}")
assert math.isclose(by_hand, computed, abs_tol=1e-4)

# %% [markdown]
# ## Ten questions
#
# **1.** Why log-sum-exp?
#
# <details><summary>Answer</summary>
#
# Far from all components each density underflows to 0, and the logarithm of their sum is −∞. Taking out the largest
# exponent first keeps it finite.
# </details>
#
# **2.** What would be easy if the components of all points were known?
#
# <details><summary>Answer</summary>
#
# Fitting: each Gaussian to its own points, by counting.
# </details>
#
# **3.** What does EM maximize in the M-step?
#
# <details><summary>Answer</summary>
#
# A lower bound of the log-likelihood, at the responsibilities of the E-step, where the bound touches.
# </details>
#
# **4.** EM stopped. Is it the maximum likelihood?
#
# <details><summary>Answer</summary>
#
# It is a local maximum or a saddle; the global supremum is infinite. Restart several times.
# </details>
#
# **5.** Free parameters of 3 full components in 2 dimensions?
#
# <details><summary>Answer</summary>
#
# 2 weights, 6 means, 9 covariance numbers: 17.
# </details>
#
# **6.** Why does BIC choose fewer components than AIC?
#
# <details><summary>Answer</summary>
#
# It charges $\log n$ for each parameter in place of 2, more from 8 points on.
# </details>
#
# **7.** How does random assignment of responsibilities fail as a start?
#
# <details><summary>Answer</summary>
#
# All means begin near the center, all components stay nearly the same. It is a saddle that looks converged.
# </details>
#
# **8.** Two fits have the same likelihood and different parameters. Why?
#
# <details><summary>Answer</summary>
#
# The order of components means nothing: $K!$ orders give one density. Never average parameters index by index.
# </details>
#
# **9.** 64 pixels, 1,437 images. What can replace a full covariance?
#
# <details><summary>Answer</summary>
#
# A diagonal or tied one, or PCA to fewer dimensions first.
# </details>
#
# **10.** Fill in the lower half of a digit: what is computed?
#
# <details><summary>Answer</summary>
#
# Each component's conditional Gaussian given the upper half, with the weights $p(k \mid x_s)$.
# </details>
#
# ## Common errors
#
# - **"Components are clusters, or classes."** Two moons took six or eight, ten digits twenty. [K is not "the number
#   of clusters"](../02_gmm.ipynb#cell-id=37ede224)
# - **"The likelihood rose, so the fit is better."** On training points it rises with any component, and without
#   limit. [Collapse on a single point](../02_gmm.ipynb#cell-id=0f33f2b9)
# - **"`converged_` says True."** At the saddle of a bad start, too. [A bad start](../02_gmm.ipynb#cell-id=b2b40f97)
# - **"A log-likelihood above 0 is a bug."** A density has a unit, 1/pixelᴰ. [Common
#   errors](../02_gmm.ipynb#cell-id=59f7fb6d)
# - **"The weights may be anything."** They are at least 0 and sum to 1; else it is no density. [A density made of
#   bumps](../02_gmm.ipynb#cell-id=3a00712e)
#
# ## Checklist
#
# 1. ☐ write a mixture's density so that it does not underflow, and draw from it: [A density made of
#    bumps](../02_gmm.ipynb#cell-id=3a00712e), [The density, in logarithms](../02_gmm.ipynb#cell-id=6d256a32)
# 2. ☐ derive and write the EM algorithm, and say why its likelihood never falls: [Learning it:
#    expectation–maximization](../02_gmm.ipynb#cell-id=de61c837), [Why it never
#    falls](../02_gmm.ipynb#cell-id=260dff87)
# 3. ☐ choose the number of components and the shape of their covariances, by BIC and on held-out data: [How many
#    components, and of which shape?](../02_gmm.ipynb#cell-id=acb712bf), [The shape of a
#    component](../02_gmm.ipynb#cell-id=75f4f18e)
# 4. ☐ recognize four failures (collapse, bad start, label switching, too many dimensions) and mend them: [Failures,
#    each made and mended](../02_gmm.ipynb#cell-id=0f33f2b9), [Label switching](../02_gmm.ipynb#cell-id=cf70219f),
#    [Too many dimensions](../02_gmm.ipynb#cell-id=329755af)
# 5. ☐ use a mixture of digits: draw a class, score what is unusual, fill in a missing half, each against a baseline:
#    [Digits](../02_gmm.ipynb#cell-id=2ae04e0a), [Score what is unusual](../02_gmm.ipynb#cell-id=2e6dc0f2), [Fill in
#    the lower half](../02_gmm.ipynb#cell-id=2663809e)
