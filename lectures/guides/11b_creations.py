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
# # 11b · Applications: making and mending: study guide
#
# What to revise [lecture 11b](../11b_creations.ipynb) from: nothing here is new. Cover the answers.

# %% [markdown]
# ## Know by heart
#
# - Noise, holes and lost resolution are one equation, $y = A x + \text{noise}$. A model of $x$ gives $p(x \mid y)$.
# - For a Gaussian the conditional mean is linear regression. No guess has a smaller expected squared error.
# - The mean is blurred, since it averages what is possible. A draw looks real at twice the squared error.
# - Tomorrow's mean return is all but unknowable, its distribution is not: restless days follow restless days.
# - A model of volatility pays for days, and less for months.
# - Valid, unique and new can all be had without a model.
# - An optimized score soon measures its own faults.
# - On thirty tunes a longer memory is worse on new ones, and copies.
#
# ## Formulas
#
# - $\mathbb{E}[x_h \mid x_l] = \mu_h + S_{hl} S_{ll}^{-1} (x_l - \mu_l)$: $h$ the high-resolution pixels, $l$ the
#   low-resolution ones, $\mu$ mean, $S$ covariance. `models.mixtures.impute`
# - $\operatorname{Cov}[x_h \mid x_l] = S_{hh} - S_{hl} S_{ll}^{-1} S_{lh}$: what is still open, the same for every
#   $x_l$. `models.mixtures.condition`
# - $p(x \mid y)$ for $y = A x + \text{noise}$: $x$ the picture, $y$ what is seen, $A$ the damage.
#   `labs.creations.repair.posterior`
# - $v_{t+1} = \omega + \alpha\, r_t^2 + \beta\, v_t$: $r_t$ the return of day $t$, $v_t$ its variance, ω, α, β the
#   three numbers of GARCH. `models.garch.Garch.variances`
# - VaR at 1 %: the loss exceeded with probability 1 %; ES: the mean loss beyond it. `labs.creations.risk.tail`
# - Valid of all; unique of the valid; new, not among the training strings. `labs.creations.chemistry.judged`
# - $G_{ij} = \frac1N \sum_p F_i(p)\, F_j(p)$: $F_i(p)$ the response of filter $i$ at place $p$, $N$ places.
#   `labs.creations.texture.gram`
#
# ## By hand
#
# A lost pixel has mean 5 and variance 3, a seen one mean 3 and variance 4; their covariance is 2. The seen one is 7.
# What is the best guess, and what is left open?
#
# $5 + \frac24 (7 - 3) = 7$; variance $3 - \frac{2 \cdot 2}{4} = 2$. A draw has an expected squared error of
# $2 \cdot 2 = 4$.

# %%
import math

import torch

from course_utils.models import mixtures

by_hand = 5 + 2 / 4 * (7 - 3)
theta = torch.ones(1), torch.tensor([[3.0, 5.0]]), torch.tensor([[[4.0, 2.0], [2.0, 3.0]]])
seen = torch.tensor([True, False])
computed = mixtures.impute(torch.tensor([[7.0]]), seen, *theta).item()
left = mixtures.condition(torch.tensor([[7.0]]), seen, *theta)[2].item()
print(f"by hand {by_hand:.2f}, course_utils {computed:.2f}, with variance {left:.2f}")
assert math.isclose(by_hand, computed, abs_tol=1e-4) and math.isclose(left, 2.0, abs_tol=1e-4)

# %% [markdown]
# ## Ten questions
#
# **1.** Where do the sharp details of an enhanced picture come from?
#
# <details><summary>Answer</summary>
#
# From other pictures, not from its pixels.
# </details>
#
# **2.** Why is a draw's squared error twice the mean's?
#
# <details><summary>Answer</summary>
#
# If the model is right, truth and draw are two independent draws of $p(x \mid y)$, each one variance from the mean.
# </details>
#
# **3.** The nearest training picture looks most real of all. Is it the best repair?
#
# <details><summary>Answer</summary>
#
# No: it is a real picture of another digit.
# </details>
#
# **4.** From 100 pictures, one Gaussian or ten?
#
# <details><summary>Answer</summary>
#
# One. Ten covariances are too much to learn from ten pictures each.
# </details>
#
# **5.** ω = 0.05, α = 0.1, β = 0.85. Today $v = 1$ and $r = -3$. Tomorrow's variance?
#
# <details><summary>Answer</summary>
#
# $0.05 + 0.1 \cdot 9 + 0.85 = 1.8$.
# </details>
#
# **6.** Normal shocks give a good VaR for a day. Where do they fail?
#
# <details><summary>Answer</summary>
#
# Beyond it: the ES.
# </details>
#
# **7.** Why is little left over the bootstrap at 60 days?
#
# <details><summary>Answer</summary>
#
# Today's volatility is mostly forgotten, and all learn the long run from the same 1,000 days.
# </details>
#
# **8.** Which way that learns nothing wins by the three shares?
#
# <details><summary>Answer</summary>
#
# *One more carbon*: it puts a C into a training string.
# </details>
#
# **9.** The guessed activity rises without end. What does the true one do, and what are the mends?
#
# <details><summary>Answer</summary>
#
# It rises, peaks, falls. Stop early, stay close to the data, measure the winners, learn again.
# </details>
#
# **10.** Does the transformer beat the chain on held-out melodies?
#
# <details><summary>Answer</summary>
#
# If it stops in time: after 60 steps it is ahead, after 150 far behind.
# </details>
#
# ## Common errors
#
# - **"The blurred repair is a bad one."** It is the best guess under squared error. [Common
#   errors](../11b_creations.ipynb#cell-id=41ec130e)
# - **"Sharper is closer to the truth."** The sharper a wrong repair, the more surely one believes it. [Repairing
#   pictures](../11b_creations.ipynb#cell-id=bec98b7e)
# - **"Forecasting is not generative."** Drawing from $p(\text{future} \mid \text{past})$ is. [Scenarios of
#   returns](../11b_creations.ipynb#cell-id=f3e5580e)
# - **"A score of 11: a find."** The search left the strings that the scorer knew, and found its fault. [Strings that
#   are molecules](../11b_creations.ipynb#cell-id=1aabbd02)
# - **"It sounds good, so it composes."** Look at the longest copied stretch first.
#   [Melodies](../11b_creations.ipynb#cell-id=0386313c)
# - **"Style transfer is a GAN."** One image is optimized; nothing is learned, nothing competes. [Texture and
#   style](../11b_creations.ipynb#cell-id=eee7ef2a)
#
# ## Checklist
#
# 1. ☐ repair pictures by the conditional mean of a Gaussian, and check it against the package: [Repairing
#    pictures](../11b_creations.ipynb#cell-id=bec98b7e)
# 2. ☐ say why the mean is blurred, why a draw is sharp, and what each costs: [Repairing
#    pictures](../11b_creations.ipynb#cell-id=bec98b7e), [Ten seeds](../11b_creations.ipynb#cell-id=ed36b3f5)
# 3. ☐ draw scenarios of returns, give value at risk and expected shortfall, and say when a model beats a bootstrap:
#    [Scenarios of returns](../11b_creations.ipynb#cell-id=f3e5580e)
# 4. ☐ judge generated strings by validity, uniqueness and novelty, and show why these three are not enough: [Strings
#    that are molecules](../11b_creations.ipynb#cell-id=1aabbd02)
# 5. ☐ show how an optimized reward is hacked: [Strings that are molecules](../11b_creations.ipynb#cell-id=1aabbd02)
# 6. ☐ compare a Markov chain with a transformer on held-out melodies, and measure copying:
#    [Melodies](../11b_creations.ipynb#cell-id=0386313c)
