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
# # 11a · Applications: better decisions? Study guide
#
# What to revise [lecture 11a](../11a_predictions.ipynb) from: nothing here is new. Cover the answers.

# %% [markdown]
# ## Know by heart
#
# - The protocol: a plain baseline, equal care, ten paired seeds, a verdict from the differences.
# - *Helps*: the interval lies above 0 at each setting. *Does not help*: at none. Else it *depends*.
# - Split first. What is made or fitted comes from training rows alone.
# - A rare class is judged by sensitivity at a fixed specificity, not by accuracy.
# - A move that we know to be harmless adds knowledge; a model of ten rows says again what the ten say.
# - Unlabeled images help if what the method supposes of them is true of the classes.
# - A threshold needs prices. The AUC sets none.
# - The conditional Gaussian's guesses are regressions; its intervals are the gain, under an assumption on the gaps.
#
# ## Formulas
#
# - $\bar d \pm t_{0.975,\,n-1}\, s_d / \sqrt n$: $d_s = a_s - b_s$ the difference of two scores at seed $s$, $\bar d$
#   its mean over $n$ seeds, $s_d$ its standard deviation, $t$ Student's quantile. `metrics.intervals.paired_interval`
# - sensitivity = rare found / rare, specificity = common left alone / common. `labs.predictions.rare.sensitivity`
# - $w_i = N / (K N_{y_i})$: $N$ rows, $K$ classes, $N_{y_i}$ rows of row $i$'s class, $w_i$ its weight.
#   `labs.predictions.rare.classifier`
# - $\log p(x) \ge \sum_y q(y \mid x)\, \mathcal L(x, y) + \mathcal H(q(y \mid x))$: $q$ the classifier, $\mathcal L$
#   the ELBO with class $y$, $\mathcal H$ the entropy. `losses.marginal_elbo`
# - yield $= (1 - \pi)\, g + \pi\, b$, cost of a kept part $= (1 + c\, \pi\, b) / \text{yield}$: $\pi$ the share of
#   bad parts, $g$ and $b$ the shares of good and bad ones that pass, $c$ the price of a bad one that passes.
#   `labs.predictions.defects.line`
# - $\mu_{h \mid s} = \mu_h + \Sigma_{hs} \Sigma_{ss}^{-1} (x_s - \mu_s)$,
#   $\Sigma_{h \mid s} = \Sigma_{hh} - \Sigma_{hs} \Sigma_{ss}^{-1} \Sigma_{sh}$: $h$ hidden, $s$ seen columns, $\mu$
#   mean, $\Sigma$ covariance. `models.incomplete.conditional`
#
# ## By hand
#
# Good parts score 1, 2, 3, 4, 5, bad ones 3 and 6. $\pi = 0.05$, $c = 20$; what scores above 4 is scrapped. What does
# a kept part cost?
#
# $g = 0.8$, $b = 0.5$. Yield $0.95 \cdot 0.8 + 0.05 \cdot 0.5 = 0.785$; cost
# $(1 + 20 \cdot 0.05 \cdot 0.5) / 0.785 = 1.91$. Without inspection: $1 + 20 \cdot 0.05 = 2$.

# %%
import math

import numpy as np

from course_utils.labs.predictions import defects

by_hand = 1.5 / 0.785
good, bad = np.array([1.0, 2, 3, 4, 5]), np.array([3.0, 6])
computed = float(defects.line(good, bad, 4.0, defects.Prices(bad=0.05, escape=20.0)).cost)
print(f"by hand {by_hand:.3f}, course_utils {computed:.3f}")
assert math.isclose(by_hand, computed, abs_tol=1e-3)

# %% [markdown]
# ## Ten questions
#
# **1.** Why not compare two error bars?
#
# <details><summary>Answer</summary>
#
# Both hold the luck of the split. Seeds shared by both methods cancel it in the differences.
# </details>
#
# **2.** The gain's interval lies above 0 at one setting of three. The verdict?
#
# <details><summary>Answer</summary>
#
# It depends.
# </details>
#
# **3.** SMOTE first, then the split, labels by chance. What does a nearest-neighbor classifier find?
#
# <details><summary>Answer</summary>
#
# Nearly all rare test rows: made ones lie beside their parents.
# </details>
#
# **4.** Ten eights among 410 digits. How accurate is "never an eight" on them?
#
# <details><summary>Answer</summary>
#
# $400 / 410 = 98\,\%$, at sensitivity 0.
# </details>
#
# **5.** What weighs one of the ten eights, with $K = 2$?
#
# <details><summary>Answer</summary>
#
# $410 / (2 \cdot 10) = 20.5$.
# </details>
#
# **6.** Why do shifts and rotations beat the generative methods here?
#
# <details><summary>Answer</summary>
#
# They add what we know: a shifted eight is an eight.
# </details>
#
# **7.** With 10 labels M2 gains nothing. Why?
#
# <details><summary>Answer</summary>
#
# It may give a cluster the wrong name, and then be sure of it.
# </details>
#
# **8.** When does the VAE beat the nearest neighbor at defects?
#
# <details><summary>Answer</summary>
#
# With 100 good parts, or with 800 of which 15 % are bad unnoticed: a neighbor remembers faults, too.
# </details>
#
# **9.** EM replaces a gap by its expectation. What else?
#
# <details><summary>Answer</summary>
#
# It adds the spread $\Sigma_{h \mid s}$ to the covariance.
# </details>
#
# **10.** Why is coverage alone not enough?
#
# <details><summary>Answer</summary>
#
# Wide enough intervals always cover. The interval score also charges the width.
# </details>
#
# ## Common errors
#
# - **"Synthetic rows add information."** They add the model's assumption. [Common
#   errors](../11a_predictions.ipynb#cell-id=8fa1c7b8)
# - **"Only the rare class needs moving."** What is done to one class alone becomes its mark. [A trap, and more to
#   slide](../11a_predictions.ipynb#cell-id=37d7f1e8)
# - **"A VAE's code is good for any task."** It was made to redraw a digit; here it was worse than pixels. [Few
#   labels](../11a_predictions.ipynb#cell-id=52ff4d5c)
# - **"The threshold that was cheapest on the test parts."** It would look too cheap: choose on parts of their own.
#   [Defects, and what they cost](../11a_predictions.ipynb#cell-id=5dafcb98)
# - **"A better imputer mends gaps that are not at random."** What hid is not there to learn from, and nothing in the
#   table shows it. [Missing values, with intervals](../11a_predictions.ipynb#cell-id=ad07cab3)
#
# ## Checklist
#
# 1. ☐ compare a generative method with a tuned plain baseline, seed by seed, with an interval and a verdict: [One
#    protocol](../11a_predictions.ipynb#cell-id=ef08bdb2), [Verdicts](../11a_predictions.ipynb#cell-id=9cf57ceb)
# 2. ☐ split so that nothing made from the test leaks into the training, and see what a leak looks like: [A
#    leak](../11a_predictions.ipynb#cell-id=ff5c24c0)
# 3. ☐ balance a rare class in several ways, and judge by sensitivity at a fixed specificity: [Rare
#    classes](../11a_predictions.ipynb#cell-id=0d967b2c)
# 4. ☐ use images without labels, and say what their model must have learned for that to help: [Few
#    labels](../11a_predictions.ipynb#cell-id=52ff4d5c)
# 5. ☐ set the threshold of an anomaly score by what errors cost: [Defects, and what they
#    cost](../11a_predictions.ipynb#cell-id=5dafcb98)
# 6. ☐ fill a gap by the conditional Gaussian, with an interval, and check its coverage: [Missing values, with
#    intervals](../11a_predictions.ipynb#cell-id=ad07cab3)
