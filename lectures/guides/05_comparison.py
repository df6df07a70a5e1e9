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
# # 05 · VAE or GAN? A fair comparison: study guide
#
# What to revise [lecture 05](../05_comparison.ipynb) from: nothing here is new. Cover the answers.

# %% [markdown]
# ## Know by heart
#
# - Equal before a comparison: data and split, parameters, processor time, tuning, features, seeds, and what is drawn.
# - A sampler and its likelihood are one model. A VAE's means are another model than its draws.
# - Every measure stands beside what real data score.
# - Precision does not see blur; sharpness does not see nonsense. No one column is enough.
# - Independent runs: the difference of the means with Welch's interval, at a level that counts all claims.
# - Undecided is not equal.
# - Instability is a narrow range of good settings; tuning hides it.
#
# ## Formulas
#
# - $\bar a - \bar b \pm t \sqrt{v_a + v_b}$, $v = s^2 / n$: $\bar a$, $\bar b$ the mean scores of two models over
#   runs, $s$ the standard deviation of a model's runs, $n$ their number, $t$ Student's quantile.
#   `metrics.intervals.welch_interval`
# - $\nu = (v_a + v_b)^2 / (v_a^2 / (n_a - 1) + v_b^2 / (n_b - 1))$: the degrees of freedom for $t$.
#   `metrics.intervals.welch_interval`
# - Level $1 - 0.05 / m$ for each of $m$ claims (Bonferroni): the chance that any is wrong is at most 5 %.
#   `metrics.intervals.welch_interval`
# - $\log P(k) \ge \mathbb{E} \log \frac1K \sum_j w_j$, $w_j = p(z_j) P(k \mid z_j) / q(z_j \mid x)$: $k$ the gray
#   levels of an image $x$, $z$ a code, $q$ the encoder, $K$ draws, each with a weight $w_j$. `losses.iw_elbo`
# - Precision: share of drawn points inside a ball around a real one; recall: the reverse. `metrics.prdc`
# - Sharpness: mean square of the Laplacian, four times a pixel minus its four neighbors, over that of real images.
#   `labs.comparison.scoring.sharpness`
#
# ## By hand
#
# Three runs each: model a scores 1, 2, 3, model b 4, 6, 8. Is there a difference at 95 %?
#
# $\bar a - \bar b = -4$; $v_a = 1/3$, $v_b = 4/3$, root of the sum 1.291. $\nu = 2.94$, nearly 3, where $t = 3.18$:
# half-width 4.1. The interval, −8.1 to 0.1, holds 0: undecided.

# %%
import math

from course_utils.metrics.intervals import welch_interval

by_hand = 3.18 * 1.291
interval = welch_interval([1, 2, 3], [4, 6, 8])
computed = (interval.high - interval.low) / 2
print(f"half-width by hand {by_hand:.2f}, course_utils {computed:.2f}: {interval}")
assert math.isclose(by_hand, computed, abs_tol=0.1) and interval.low < 0 < interval.high

# %% [markdown]
# ## Ten questions
#
# **1.** Why not equal epochs?
#
# <details><summary>Answer</summary>
#
# They are unequal work: a GAN's step moves two networks, and R1 differentiates a gradient.
# </details>
#
# **2.** What must be counted as parameters of a GAN?
#
# <details><summary>Answer</summary>
#
# All that training chooses, the discriminator included.
# </details>
#
# **3.** Who is allowed to see the test digits?
#
# <details><summary>Answer</summary>
#
# Nobody who chooses a setting. Settings are chosen on validation digits.
# </details>
#
# **4.** Why does rounding need tails?
#
# <details><summary>Answer</summary>
#
# All that lies below black becomes black. A density times the width of a level forgets that, and the levels do not
# sum to 1.
# </details>
#
# **5.** A model has precision 0.95 and soft images. How can that be?
#
# <details><summary>Answer</summary>
#
# Soft images lie amid real ones in feature space. Only sharpness tells.
# </details>
#
# **6.** Is more sharpness better?
#
# <details><summary>Answer</summary>
#
# No: noise raises it, too. The target is that of real images.
# </details>
#
# **7.** Why are two runs with the same seed no pair here?
#
# <details><summary>Answer</summary>
#
# A seed draws other numbers in a VAE than in a GAN, so the runs are independent.
# </details>
#
# **8.** What do two seeds decide?
#
# <details><summary>Answer</summary>
#
# Next to nothing, even where a difference of one standard deviation exists.
# </details>
#
# **9.** What would be needed to call two models equal?
#
# <details><summary>Answer</summary>
#
# A difference that matters, named beforehand, and an interval that lies wholly inside it.
# </details>
#
# **10.** You need a code for a given image. Which model?
#
# <details><summary>Answer</summary>
#
# A VAE: it has an encoder. A GAN would have to search.
# </details>
#
# ## Common errors
#
# - **"GANs have a fixed latent space, VAEs a continuous one."** Both draw $z$ from a fixed continuous prior; what a
#   plain GAN lacks is an encoder. [The same place in two latent spaces](../05_comparison.ipynb#cell-id=973d03f2)
# - **"VAEs are probabilistic, GANs adversarial."** Both define distributions; the training signal differs, and only
#   one has a density. [What a model draws, and how likely that is](../05_comparison.ipynb#cell-id=bf6e4bb4)
# - **"A GAN is better."** At what, on which data, with what budget, tuned by whom? [Common
#   errors](../05_comparison.ipynb#cell-id=5634b566)
# - **"The best of ten seeds."** It rewards spread. [Common errors](../05_comparison.ipynb#cell-id=5634b566)
# - **"GANs lead image synthesis."** A lead has a date and a data set. [The bench again: quality, diversity,
#   speed](../08b_diffusion.ipynb#cell-id=1d113dad)
# - **"High likelihood, good samples."** At β = 1/16 the VAE has more of the first and less of the second. [Two dials:
#   β and the penalty](../05_comparison.ipynb#cell-id=295413e0)
#
# ## Checklist
#
# 1. ☐ make equal what must be equal before two models are compared, the way they are sampled included: [Equal
#    conditions](../05_comparison.ipynb#cell-id=837365c1), [What a model draws, and how likely that
#    is](../05_comparison.ipynb#cell-id=bf6e4bb4)
# 2. ☐ measure quality, diversity, sharpness and likelihood, each beside the value of real data: [Measures, each
#    beside its target](../05_comparison.ipynb#cell-id=fbe156d7)
# 3. ☐ decide a claim from runs over several seeds, by a rule fixed beforehand: [Claim by
#    claim](../05_comparison.ipynb#cell-id=705e8e7c)
# 4. ☐ say which lines of the textbook's table hold here, and on what they depend: [The full
#    table](../05_comparison.ipynb#cell-id=cc3d0188), [On what it depends](../05_comparison.ipynb#cell-id=d37ed301)
# 5. ☐ choose a model for a task, and put your own on the bench: [Which one,
#    then?](../05_comparison.ipynb#cell-id=e839b357), [Put your own model on the
#    bench](../05_comparison.ipynb#cell-id=1e6614ab)
