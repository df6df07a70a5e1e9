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
# # 09b · Graphs, and what causes what: study guide
#
# One page to revise [lecture 09b](../09b_graphs.ipynb) from: nothing here is new. Cover the answers.

# %% [markdown]
# ## Know by heart
#
# - A joint is a product of small tables, one for each variable given its parents. Each missing arrow is a claim.
# - Elimination: multiply the factors that hold a variable, sum it out, put the result back. The order decides the
#   cost.
# - Likelihood weighting fails below rare causes; Gibbs fails at deterministic tables. Neither says so.
# - Chains and forks are blocked by observing the middle; a collider is opened.
# - Separated in the graph: independent, whatever the tables. Connected: may depend.
# - Diagnosis is Bayes' rule and needs no causal claim.
# - `do` cuts the arrows into what is set. Graphs that fit the same data alike can disagree about it.
#
# ## Formulas
#
# - $p(x_1, \dots, x_D) = \prod_d p(x_d \mid \text{parents of } x_d)$: $D$ variables $x_d$.
#   `models.graphs.Network.joint`
# - $\sum_a \sum_t p(a)\, p(t \mid a)\, p(e \mid t) = \sum_t [\sum_a p(a)\, p(t \mid a)]\, p(e \mid t)$: a sum over
#   $a$ passes by every factor without $a$. `models.graphs.eliminate`
# - weight = ∏ $p(\text{evidence} \mid \text{its parents})$, for draws along the arrows with the evidence put in.
#   `models.graphs.weighted_sample`
# - $p(\text{ill} \mid +) = s\,v / (s\,v + (1 - c)(1 - v))$: $v$ prevalence, $s$ sensitivity, $c$ specificity, + a
#   positive test. `models.graphs.posterior`
# - $p(c \mid \text{do}(m)) = \sum_s p(s)\, p(c \mid s, m)$: $m$ the method chosen, $c$ cure, $s$ the common cause
#   (size). Seeing weighs by $p(s \mid m)$ instead. `models.graphs.Network.do`
# - table entry = (count + prior) / (sum of both over the row): prior, imagined records for each cell.
#   `labs.graphs.learning.tables_from`
#
# ## By hand
#
# Of 100 people 10 are ill. The test finds 90 % of the ill, and 80 % of the healthy are negative. The test is
# positive: how likely is illness?
#
# 9 ill and 18 healthy people are positive: $9 / 27 = \frac13$.

# %%
import math

from course_utils.models.graphs import Network, posterior

by_hand = 9 / 27
network = Network({"ill": [0.9, 0.1], "test": [[0.8, 0.2], [0.1, 0.9]]}, {"test": ["ill"]})
computed = posterior(network, "ill", {"test": 1})[1].item()
print(f"by hand {by_hand:.3f}, course_utils {computed:.3f}")
assert math.isclose(by_hand, computed, abs_tol=1e-6)

# %% [markdown]
# ## Ten questions
#
# **1.** Eight yes-or-no variables: numbers in one table, and in the clinic's eight?
#
# <details><summary>Answer</summary>
#
# 255, and 18.
# </details>
#
# **2.** A disease with 20 symptoms. What must not be summed out first?
#
# <details><summary>Answer</summary>
#
# The disease: all symptoms would land in one table, $2^{21}$ entries with the disease.
# </details>
#
# **3.** Why is exact inference not always cheap?
#
# <details><summary>Answer</summary>
#
# Some graphs, such as grids, have no cheap order: it is NP-hard.
# </details>
#
# **4.** Of 3,000 weighted draws a handful carry all weight. Which failure?
#
# <details><summary>Answer</summary>
#
# Rare evidence below rare causes: nearly all draws are of healthy people.
# </details>
#
# **5.** A Gibbs chain stays where it began. Which failure?
#
# <details><summary>Answer</summary>
#
# A deterministic table: two variables would have to flip at once. Sum it out.
# </details>
#
# **6.** Two causes of one effect. Dependent?
#
# <details><summary>Answer</summary>
#
# Not until the effect, or something below it, is observed. Then one explains the other away.
# </details>
#
# **7.** Why do two unrelated diseases look related in hospital?
#
# <details><summary>Answer</summary>
#
# Either brought the patient there: the collider is observed (Berkson).
# </details>
#
# **8.** Open surgery is better for small stones, for large stones, and worse for all. How?
#
# <details><summary>Answer</summary>
#
# It got most of the large stones. Weighing all stones alike turns the comparison around.
# </details>
#
# **9.** Always adjust for a third column?
#
# <details><summary>Answer</summary>
#
# No: adjusting for a consequence of the treatment takes away part of its effect; for a collider it makes dependence.
# </details>
#
# **10.** Blanks decided by the missing answer itself. What helps?
#
# <details><summary>Answer</summary>
#
# Only a model of why cells are missing, or a follow-up. EM and dropping are both wrong.
# </details>
#
# ## Common errors
#
# - **"Bayesian networks are causal by nature."** Arrows state independences: six graphs, one distribution, three
#   answers to `do`. [See or do](../09b_graphs.ipynb#cell-id=919d6f1f)
# - **"Diagnosis is causal reasoning."** The arrow may point either way. [Diagnosis, without a causal
#   claim](../09b_graphs.ipynb#cell-id=4f7a6a69)
# - **"Positive, so ill."** Few errors among very many healthy people outnumber the ill. [Diagnosis, without a causal
#   claim](../09b_graphs.ipynb#cell-id=4f7a6a69)
# - **"Control for everything."** Mind colliders and consequences. [Common
#   errors](../09b_graphs.ipynb#cell-id=d19a9df9)
# - **"More data will orient the arrows."** Some never: graphs of one class tie to rounding. [A structure from
#   data](../09b_graphs.ipynb#cell-id=3b849f4f)
#
# ## Checklist
#
# 1. ☐ write a joint distribution as small tables, and count what that saves: [A joint from small
#    tables](../09b_graphs.ipynb#cell-id=0837dbf1)
# 2. ☐ answer questions exactly, by summing out one variable after another, and say what the order costs: [Exact
#    inference by elimination](../09b_graphs.ipynb#cell-id=5bf34e0a)
# 3. ☐ answer them by draws, and recognize when likelihood weighting or Gibbs sampling fails: [Likelihood weighting
#    and Gibbs](../09b_graphs.ipynb#cell-id=9a2108e7)
# 4. ☐ read from the graph which variables become dependent when others are observed: [What becomes
#    dependent](../09b_graphs.ipynb#cell-id=385b044c)
# 5. ☐ turn prevalence, sensitivity and specificity into what a test result means: [Diagnosis, without a causal
#    claim](../09b_graphs.ipynb#cell-id=4f7a6a69)
# 6. ☐ learn the tables from data: [Tables from data](../09b_graphs.ipynb#cell-id=f389f065)
# 7. ☐ tell seeing from doing, and adjust for a common cause where the graph allows it: [See or
#    do](../09b_graphs.ipynb#cell-id=919d6f1f)
