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
# # 12 · Outlook: study guide
#
# What to revise [lecture 12](../12_outlook.ipynb) from: nothing here is new. Cover the answers.

# %% [markdown]
# ## Know by heart
#
# - No family has every ability. Take the one whose cell you need, and look where the number comes from.
# - A dash on the map means that the course did not show it.
# - A direction is a claim: one cell, one control, several seeds.
# - Attention looks back at all tokens; a state-space layer keeps a state of fixed size. Each wins a task.
# - "Real-time" is a choice of how fast to forget.
# - A generator that follows picks gets nearer, and shows ever less of what else there is.
# - Argue from evidence with its date; say what would refute you.
# - Who is 80 % sure should be right in 80 %.
#
# ## Formulas
#
# - $h_t = a \odot h_{t-1} + W x_t$: $x_t$ token $t$, $h_t$ the state, $a$ the share of it that is kept, $W$ what is
#   written. The layer stands on the page; around it is `models.transformer.Transformer`
# - $s \leftarrow s + \eta\, (s(x) - s)$: $s$ the running means of what the M-step needs, $s(x)$ the same of the new
#   point $x$, weighted by responsibilities, $\eta$ the rate of forgetting. `models.mixtures.responsibilities`
# - $\log p(x_t)$ of the *next* point, before learning from it: what a model of a stream is scored by.
#   `models.mixtures.GMMParameters.log_prob`
# - $p(\text{caption} \mid \text{image}) \propto p(\text{image} \mid \text{caption})\, p(\text{caption})$; with
#   diffusion the caption of least squared miss wins. `labs.diffusion.reading.misses`
# - selectivity = right on the property − right on the control task. The probe is linear: `torch.linalg.lstsq`
# - excess = mean confidence − share right, weighted by answers; above 0 is too sure. `labs.outlook.record.excess`
# - Wilson's interval of a share of few answers. `metrics.intervals.wilson_interval`
#
# ## By hand
#
# Of lecture 02 you were 90 % sure and right in 2 of 4 answers; of lecture 04, 50 % sure and right in the only one.
# Too sure?
#
# $0.9 - 0.5 = 0.4$, four times; $0.5 - 1 = -0.5$, once: $(4 \cdot 0.4 - 0.5) / 5 = 0.22$. Too sure, by 22 points.

# %%
import math

from course_utils.labs.outlook import record

by_hand = (4 * 0.4 - 0.5) / 5
learner = record.Record(
    confidence={"02_gmm": {"1": 0.9}, "04_gan": {"1": 0.5}},
    quiz={"02_gmm": {"1": True, "2": True, "3": False, "4": False}, "04_gan": {"1": True}},
)
computed = record.excess(learner)
print(f"by hand {by_hand:.2f}, course_utils {computed:.2f}")
assert math.isclose(by_hand, computed, abs_tol=1e-6)

# %% [markdown]
# ## Ten questions
#
# **1.** Which family has the smallest Fréchet distance on these digits, and what does it prove of larger data?
#
# <details><summary>Answer</summary>
#
# The mixture. Nothing: bigger data may turn it around, the method that would tell stays.
# </details>
#
# **2.** What does the GAN's row offer, and what does it lack?
#
# <details><summary>Answer</summary>
#
# It draws fastest, and says nothing about how likely an image is.
# </details>
#
# **3.** Brackets and recall: which layer wins which, and why?
#
# <details><summary>Answer</summary>
#
# The state carries the brackets' depth. Attention finds the key, since it looks back when asked.
# </details>
#
# **4.** What lets Mamba choose what to keep?
#
# <details><summary>Answer</summary>
#
# $a$ depends on the token.
# </details>
#
# **5.** $\eta = 0.005$: how many points does online EM remember, and what goes wrong on half a turn?
#
# <details><summary>Answer</summary>
#
# About $1 / 0.005 = 200$. It lags.
# </details>
#
# **6.** The stream does not drift. Which model is ahead?
#
# <details><summary>Answer</summary>
#
# The frozen mixture: forgetting costs a little.
# </details>
#
# **7.** What is the control of the generator that follows picks?
#
# <details><summary>Answer</summary>
#
# As many pictures from the prior, the favorite kept.
# </details>
#
# **8.** The untrained network's probe is nearly as good. What follows?
#
# <details><summary>Answer</summary>
#
# That the depth can be read off; not that training put it there, nor that the network uses it.
# </details>
#
# **9.** Half of four answers are right. What is the interval of the share?
#
# <details><summary>Answer</summary>
#
# From 15 to 85 %.
# </details>
#
# **10.** What earns two points for evidence in a debate?
#
# <details><summary>Answer</summary>
#
# A source, its date, what it measured and on whom.
# </details>
#
# ## Common errors
#
# - **"The newest architecture is the best."** Each layer wins one task and loses the other. [Architectures: a state
#   that forgets](../12_outlook.ipynb#cell-id=26a81e64)
# - **"Few-shot learning needs little data."** Little at the time of use, because pretraining took much. [Few
#   labels](../12_outlook.ipynb#cell-id=c2d617ff)
# - **"The map shows what the network looks at."** Without an untrained network beside it, one map tells a story in
#   either case. [What the discriminator looks at](../12_outlook.ipynb#cell-id=2725d0bc)
# - **"It is robust."** Against one attack of one step. Say against which, always.
#   [Robustness](../12_outlook.ipynb#cell-id=259a9c96)
# - **"Models synthesize new drugs."** They propose strings; chemists synthesize and test. [Forecasts, set
#   right](../12_outlook.ipynb#cell-id=6b76daf1)
# - **"A measured *no* is a failed project."** It earns as much as a *yes*. [A project of your
#   own](../12_outlook.ipynb#cell-id=0bfe0a6c)
#
# ## Checklist
#
# 1. ☐ choose a family for a task by what was measured of it, and find where: [The course on one
#    page](../12_outlook.ipynb#cell-id=70e438f7)
# 2. ☐ test a claim about a new direction in one cell, with the control that decides: [Directions, one cell
#    each](../12_outlook.ipynb#cell-id=26a81e64), [Real-time data: a stream that
#    drifts](../12_outlook.ipynb#cell-id=2d5c2022)
# 3. ☐ argue a question on generative models from evidence, and judge such a debate:
#    [Debate](../12_outlook.ipynb#cell-id=3b9a1181)
# 4. ☐ say how sure you are of what you learned, and check it: [What you believe
#    now](../12_outlook.ipynb#cell-id=ab514a03)
# 5. ☐ find what to read next, and plan a project: [Resources](../12_outlook.ipynb#cell-id=2d8c429d), [A project of
#    your own](../12_outlook.ipynb#cell-id=0bfe0a6c)
