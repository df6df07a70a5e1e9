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
# # 09a · Energy: study guide
#
# One page to revise [lecture 09a](../09a_energy.ipynb) from: nothing here is new. Cover the answers.

# %% [markdown]
# ## Know by heart
#
# - $p = e^{-E} / Z$: low energy, much probability. Ratios and scores never need $Z$.
# - A grid for $Z$ grows as a power of the dimension. So one walks.
# - Langevin: downhill plus noise. Any fixed step leaves a bias that long runs do not remove.
# - In an RBM each layer is independent given the other; the hidden layer sums out to softpluses.
# - Contrastive divergence starts its chains at the data: right early, biased late. Its value is no likelihood.
# - Well-trained machines have slow chains. Tempering lets them travel.
# - Annealed importance sampling estimates $Z$; too few rungs flatter the model.
# - Offline recall rewards guessing what was watched, since ratings are not missing at random.
#
# ## Formulas
#
# - $p(x) = e^{-E(x)} / Z$, $Z = \int e^{-E(x)} dx$: $E$ the energy, $Z$ the normalizer.
#   `models.energy.RBM.log_partition`
# - $x \leftarrow x - \varepsilon \nabla E(x) + \sqrt{2 \varepsilon}\, \eta$: $\varepsilon$ the step,
#   $\eta \sim N(0, I)$. `labs.energy.langevin.walk`
# - $F(x) = -b \cdot x - \sum_j \log(1 + e^{a_j})$, $a_j = c_j + (x^\top W)_j$: $b$, $c$ the visible and hidden
#   biases, $W$ the weights, $j$ a hidden unit. `losses.free_energy`
# - $p(h_j = 1 \mid x) = \sigma(a_j)$, $p(x_i = 1 \mid h) = \sigma(b_i + (W h)_i)$: $h$ hidden units, $x_i$ a pixel, σ
#   the sigmoid. `models.energy.RBM.hidden_logits`, `models.energy.RBM.visible_logits`
# - $\partial \log p(x) / \partial \theta = -\partial F(x) / \partial \theta + \mathbb{E}_{x' \sim p}[\partial F(x') /
#   \partial \theta]$: $\theta$ a weight, $x'$ the model's own draw; CD-$k$ takes it after $k$ Gibbs steps from data.
#   `losses.contrastive_divergence`
# - $Z \approx$ mean of the chains' weights, a product over rungs β from 0 to 1. `models.energy.ais`
#
# ## By hand
#
# An RBM of one pixel and one hidden unit: $b = c = 0$, $W = \ln 3$. How likely is $x = 1$?
#
# $e^{-F(1)} = 1 + e^{\ln 3} = 4$, $e^{-F(0)} = 1 + 1 = 2$, $Z = 6$: $p = \frac23$.

# %%
import math

import torch

from course_utils import losses

by_hand = 4 / 6
x, zero = torch.tensor([[0.0], [1.0]]), torch.zeros(1)
weights = (-losses.free_energy(x, torch.tensor([[3.0]]).log(), zero, zero)).exp()
computed = (weights[1] / weights.sum()).item()
print(f"by hand {by_hand:.3f}, course_utils {computed:.3f}; Z = {weights.sum():.3f}")
assert math.isclose(by_hand, computed, abs_tol=1e-4)

# %% [markdown]
# ## Ten questions
#
# **1.** You add 5 to an energy everywhere. What changes?
#
# <details><summary>Answer</summary>
#
# $Z$, by the factor $e^{-5}$. The density stays.
# </details>
#
# **2.** Which two things are known without $Z$?
#
# <details><summary>Answer</summary>
#
# Ratios $p(a) / p(b) = e^{E(b) - E(a)}$, and the score $-\nabla E$.
# </details>
#
# **3.** Langevin with $\varepsilon = 0.5$ on $N(0, 1)$: which variance?
#
# <details><summary>Answer</summary>
#
# $1 / (1 - \varepsilon / 2) = 4/3$: too wide.
# </details>
#
# **4.** Why are hidden units independent given $x$?
#
# <details><summary>Answer</summary>
#
# The energy has no term that joins two of them, so $e^{-E}$ is a product over them.
# </details>
#
# **5.** Which part of the gradient hides $Z$?
#
# <details><summary>Answer</summary>
#
# The mean over the model's own draws, which pushes their energy up.
# </details>
#
# **6.** What did CD-1 do to the exact likelihood on bars and stripes?
#
# <details><summary>Answer</summary>
#
# It rose, then fell, in every machine.
# </details>
#
# **7.** Why does training spoil its own sampler?
#
# <details><summary>Answer</summary>
#
# Steeper energies make valleys that a chain hardly leaves.
# </details>
#
# **8.** AIS with one rung: in which direction is it mostly wrong, and what follows?
#
# <details><summary>Answer</summary>
#
# $\log Z$ comes out too low, so the likelihood looks too good.
# </details>
#
# **9.** Why did the oracle, which knows every taste, find fewer held-out likes than popularity?
#
# <details><summary>Answer</summary>
#
# Held-out ratings exist only for what people happened to watch.
# </details>
#
# **10.** How does score matching avoid $Z$?
#
# <details><summary>Answer</summary>
#
# It fits $-\nabla E$, in which $Z$ does not occur.
# </details>
#
# ## Common errors
#
# - **"CD follows the likelihood's gradient."** At first; later the likelihood may fall. [Contrastive divergence
#   against the exact gradient](../09a_energy.ipynb#cell-id=60d679d6)
# - **"The CD loss went down, so the model is better."** Both of its terms move. [Common
#   errors](../09a_energy.ipynb#cell-id=327ba5b7)
# - **"A chain that looks good has converged."** One that never leaves its pattern looks perfect. [Chains that do not
#   mix](../09a_energy.ipynb#cell-id=1f315103)
# - **"Longer Langevin runs remove the step's bias."** Only small steps do, or a Metropolis test. [Langevin
#   dynamics](../09a_energy.ipynb#cell-id=c63a2242)
# - **"Streaming services recommend by RBMs, by generative models."** Around 2009; most rankers are not generative.
#   [Recommendations](../09a_energy.ipynb#cell-id=636a102e)
#
# ## Checklist
#
# 1. ☐ turn an energy into a density, and say what its normalizer Z costs as the dimension grows: [An energy is a
#    shape without its area](../09a_energy.ipynb#cell-id=88205371)
# 2. ☐ draw by Langevin dynamics, and measure what a large step does: [Langevin
#    dynamics](../09a_energy.ipynb#cell-id=c63a2242)
# 3. ☐ derive the free energy and both conditionals of a restricted Boltzmann machine (RBM), and check them: [The
#    restricted Boltzmann machine](../09a_energy.ipynb#cell-id=5c409471)
# 4. ☐ train it by contrastive divergence, and hold that gradient against the exact one: [Contrastive divergence
#    against the exact gradient](../09a_energy.ipynb#cell-id=60d679d6)
# 5. ☐ see when a chain does not mix, and mend it: [Chains that do not mix](../09a_energy.ipynb#cell-id=1f315103)
# 6. ☐ estimate a log-likelihood by annealed importance sampling, and hold it against other models': [How likely:
#    annealed importance sampling](../09a_energy.ipynb#cell-id=b16293ba)
# 7. ☐ judge recommenders, an RBM among them, by what they find and by whom they favor:
#    [Recommendations](../09a_energy.ipynb#cell-id=636a102e)
