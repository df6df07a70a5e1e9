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
# # 06 · Ethics, measured: study guide
#
# One page to revise [lecture 06](../06_ethics.ipynb) from: nothing here is new. Cover the answers.

# %% [markdown]
# ## Know by heart
#
# - A detector's AUC belongs to a pair: its generators and those it is tested on.
# - A signature says who vouches, and is easily dropped. A watermark is evidence at a stated false-alarm rate, and can
#   be removed or forged.
# - Membership inference asks who was in the training set. Samples without a near copy can still tell.
# - Synthetic data are not private by nature. A guarantee takes differential privacy.
# - A share read by a classifier must be corrected by its errors on *generated* images.
# - Reweighting mends the share and exposes the few.
# - Limits come before the measurement, and have a power.
#
# ## Formulas
#
# - $s = (q - a) / (f - a)$: $s$ the true share of a group, $q$ the share read, $f$ the share of the group that is
#   found, $a$ the share of others taken for it. `labs.ethics.shares.corrected_share`
# - AUC = P(a positive scores higher than a negative), ties one half: 0.5 is chance. `metrics.roc.auc`
# - Found at 1 % false alarms: the largest share of positives above a threshold that at most 1 % of negatives pass.
#   `metrics.roc.tpr_at_fpr`
# - $k = \lfloor 0.01\,(n + 1) \rfloor$; threshold: the $k$-th smallest of the $n$ distances of held-out real images
#   to the training set. Its false-alarm rate is $\mathrm{Beta}(k, n + 1 - k)$. `metrics.neighbors.copy_threshold`
# - $z = (s(x) - \text{mean}) / \text{sd}$, $s(x) = p^\top \Sigma^{-1} x$, false alarms $1 - \Phi(t)$ for $z > t$: $p$
#   the key's pattern, $\Sigma$ the images' covariance, mean and sd of $s$ over unmarked images, $\Phi$ the normal
#   distribution function. `labs.ethics.watermark.Detector.score`
# - Found ≤ $e^\epsilon$ · false alarms + δ: what differential privacy with $\epsilon$, δ promises of every attack.
#   `metrics.roc.roc_curve`
#
# ## By hand
#
# A classifier reads 20 % of a model's images as rare. It finds 90 % of rare images, and takes 10 % of the others for
# rare. What share is rare? $(0.2 - 0.1) / (0.9 - 0.1) = 0.125$.

# %%
import math

from course_utils.labs.ethics.shares import corrected_share

by_hand = 0.1 / 0.8
computed = corrected_share(0.2, tpr=0.9, fpr=0.1)
print(f"by hand {by_hand:.3f}, course_utils {computed:.3f}")
assert math.isclose(by_hand, computed, abs_tol=1e-6)

# %% [markdown]
# ## Ten questions
#
# **1.** What is the liar's dividend?
#
# <details><summary>Answer</summary>
#
# A true report can be denied as a fake.
# </details>
#
# **2.** One image in 1,000 is a fake and surely found; false alarms are 1 %. How many alarms are true?
#
# <details><summary>Answer</summary>
#
# One in eleven: about ten of the 999 real ones are flagged as well.
# </details>
#
# **3.** On which images must a watermark's mean and sd be measured?
#
# <details><summary>Answer</summary>
#
# On unmarked real images that did not estimate Σ. Others give more false alarms than promised.
# </details>
#
# **4.** What does regeneration do to a mark?
#
# <details><summary>Answer</summary>
#
# Another's autoencoder redraws the digit and not the pattern: the mark is at chance, most digits are still read.
# </details>
#
# **5.** How is a mark forged?
#
# <details><summary>Answer</summary>
#
# Average some marked images, subtract the average of real ones: the pattern. Ten images were enough.
# </details>
#
# **6.** Why calibrate a membership score by a reference model?
#
# <details><summary>Answer</summary>
#
# Some images are easy for every model; the difference removes that.
# </details>
#
# **7.** An attack has AUC 0.5. Is the model private?
#
# <details><summary>Answer</summary>
#
# This attack failed on average. Another may succeed, on all or on a few.
# </details>
#
# **8.** Why does the control for class shares train without rare digits?
#
# <details><summary>Answer</summary>
#
# Whatever is read as rare in its images is an error, so it measures $a$ on images of that kind.
# </details>
#
# **9.** Who pays for reweighting 14 rare images?
#
# <details><summary>Answer</summary>
#
# Those 14: near copies, and a membership AUC above 0.7. A weight shows images more often; it makes no more of them.
# </details>
#
# **10.** What does a clean near-copy report mean?
#
# <details><summary>Answer</summary>
#
# No copy of the kinds that this distance notices, such as moved or paler ones.
# </details>
#
# ## Common errors
#
# - **"Synthetic data are private by nature."** What is no copy can still tell who was there. [Memorization audit and
#   membership inference](../06_ethics.ipynb#cell-id=70117412)
# - **"A watermark proves who made it."** It can be forged. [A watermark, and how little breaks
#   it](../06_ethics.ipynb#cell-id=f65a40e5)
# - **"Bias comes from the data alone."** Models amplify or keep a skew: the GAN drew fewer rare digits than it saw.
#   [Class shares under a skewed training set](../06_ethics.ipynb#cell-id=1abe4686)
# - **"Testing ensures that harm is mitigated."** It finds some harm, of the kinds that were tested. [Testing before
#   deployment, and the model card](../06_ethics.ipynb#cell-id=34020e4d)
# - **"Count only what the classifier is sure of."** Blurry rare digits are dropped more often. ["Count only what the
#   classifier is sure of"](../06_ethics.ipynb#cell-id=a6714d7d)
# - **"A generative model removes bias."** It keeps or amplifies that of its data, unless somebody measures. [Bias:
#   what becomes of the rare digits?](../06_ethics.ipynb#cell-id=1abe4686)
#
# ## Checklist
#
# 1. ☐ test a detector on a generator it has not seen, and say what signing and watermarks add: [A detector meets a
#    new generator](../06_ethics.ipynb#cell-id=9d2c1853), [The sweep in your hand, a signature, and low
#    bits](../06_ethics.ipynb#cell-id=a91b8432)
# 2. ☐ mark images with a key, calibrate the false-alarm rate, and forge the mark: [A watermark, and how little breaks
#    it](../06_ethics.ipynb#cell-id=f65a40e5)
# 3. ☐ run a membership-inference attack, and say what synthetic data protect: [Memorization audit and membership
#    inference](../06_ethics.ipynb#cell-id=70117412)
# 4. ☐ measure what a model makes of a skewed training set, and what the mitigation costs: [Class shares under a
#    skewed training set](../06_ethics.ipynb#cell-id=1abe4686)
# 5. ☐ set limits before a measurement, justify a threshold for near copies, and write a model card: [The models, and
#    the limits](../06_ethics.ipynb#cell-id=5c020056), [A near-copy detector with a justified
#    threshold](../06_ethics.ipynb#cell-id=5031934e), [The model card](../06_ethics.ipynb#cell-id=86cbbeb6)
