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
# # 08a · Normalizing flows: study guide
#
# One page to revise [lecture 08a](../08a_flows.ipynb) from: nothing here is new. Cover the answers.

# %% [markdown]
# ## Know by heart
#
# - Ink is kept: where a map stretches space, the density is divided by the stretch.
# - In many dimensions the stretch is the absolute determinant of the Jacobian. From data to noise its logarithm is
#   added.
# - A general determinant costs about $D^3$, a triangular one $D$.
# - A coupling layer keeps some coordinates, and scales and shifts the rest by numbers that depend on the kept ones.
#   Masks must take turns.
# - The loss is minus the exact log-likelihood: no bound, no opponent.
# - A connected base leaves a bridge between separate parts.
# - Discrete pixels need dequantization, else the likelihood runs off.
# - Exact likelihood is no anomaly score: smooth images can be likelier than real ones.
#
# ## Formulas
#
# - $p(x) = p(z) / |g'(z)|$, $z = g^{-1}(x)$: $z$ noise with density $p(z)$, $g$ the map from noise to data, $g'$ its
#   slope. `models.flows.Flow.log_prob`
# - $\log p(x) = \log p_{\text{base}}(f(x)) + \log |\det \partial f / \partial x|$: $f$ the map from data to noise,
#   $p_{\text{base}}$ the noise's density. `models.flows.Flow.log_prob`
# - $z_A = x_A$, $z_B = x_B e^{s(x_A)} + t(x_A)$, $\log |\det J| = \sum s(x_A)$: $A$ the kept coordinates, $B$ the
#   others, $s$ and $t$ networks, $J$ the Jacobian. `models.flows.Coupling`
# - bits per pixel $= -(\log p(v) - D \log L) / (D \log 2)$: $D$ pixels, $L$ levels, $v = (k + u) / L$ the level $k$
#   spread by $u$, uniform from 0 to 1. `models.flows.Flow.log_prob`
# - $P(x) = \prod_d P(x_d \mid x_1, \dots, x_{d-1})$: $x_d$ pixel $d$. `models.flows.LinearAutoregression.log_prob`
#
# ## By hand
#
# One coupling layer keeps $x_1$ and has $s = \ln 2$, $t = -1$, whatever $x_1$. The base is $N(0, I)$. What is
# $\log p$ at $x = (1, 1)$?
#
# $z = (1, 2 \cdot 1 - 1) = (1, 1)$. $\log p_{\text{base}} = -\ln 2\pi - 1 = -2.838$; plus $\ln 2$: $-2.145$ nats.

# %%
import math

import torch

from course_utils.models.flows import Flow

by_hand = -2.838 + 0.693
flow = Flow(torch.tensor([[True, False]]), limit=1000.0)
with torch.no_grad():
    flow.layers[0].net[-1].bias.copy_(torch.tensor([0, math.log(2), 0, -1]))  # s and t of both coordinates
    computed = flow.log_prob(torch.tensor([[1.0, 1.0]])).item()
print(f"by hand {by_hand:.3f} nats, course_utils {computed:.3f}")
assert math.isclose(by_hand, computed, abs_tol=2e-3)

# %% [markdown]
# ## Ten questions
#
# **1.** $x = e^{z/2}$ with $z \sim N(0, 1)$. What is $p(x)$ at $x = 1$?
#
# <details><summary>Answer</summary>
#
# $z = 0$, slope ½: $0.399 / 0.5 = 0.798$.
# </details>
#
# **2.** Why need nobody invert the networks $s$ and $t$?
#
# <details><summary>Answer</summary>
#
# What they saw, $x_A$, is still there: $x_B = (z_B - t) e^{-s}$.
# </details>
#
# **3.** Why is a coupling layer's Jacobian triangular?
#
# <details><summary>Answer</summary>
#
# $z_A$ does not depend on $x_B$, and each coordinate of $z_B$ on no other of $x_B$.
# </details>
#
# **4.** All layers have the same mask. What do you see?
#
# <details><summary>Answer</summary>
#
# The kept coordinates come out as the base's, whatever was trained. Nothing complains.
# </details>
#
# **5.** Why can a flow not draw two separate rings?
#
# <details><summary>Answer</summary>
#
# A continuous, invertible map of a connected lump is connected. A mixture as base starts with the gap.
# </details>
#
# **6.** Without dequantization, what does training do?
#
# <details><summary>Answer</summary>
#
# It piles density on isolated levels; the likelihood rises without limit.
# </details>
#
# **7.** What is the code length of 17 independent, equally likely levels?
#
# <details><summary>Answer</summary>
#
# $\log_2 17 = 4.09$ bits per pixel.
# </details>
#
# **8.** A flow and a small mixture on two moons. Who wins?
#
# <details><summary>Answer</summary>
#
# The mixture, with fewer numbers. Flows pay where tiles run out, in many dimensions.
# </details>
#
# **9.** What is fast and what is slow in an autoregressive model?
#
# <details><summary>Answer</summary>
#
# Scoring takes one pass, drawing takes $D$, one after the other.
# </details>
#
# **10.** Exact likelihood of a chain −20, ELBO of a VAE −18. Which is better?
#
# <details><summary>Answer</summary>
#
# The VAE: its bound is above. The other way round the two numbers would decide nothing.
# </details>
#
# ## Common errors
#
# - **"The log-determinant is subtracted."** From data to noise it is added. The integral over a grid finds the slip.
#   [Common errors](../08a_flows.ipynb#cell-id=6c6e8d27)
# - **"Flows give precise control."** Their point is an invertible map with a cheap determinant, so an exact density.
#   [Many dimensions: a determinant, and how to afford it](../08a_flows.ipynb#cell-id=0a1ac70c)
# - **"Exact likelihood, so a better model."** It says how well we know the number. [Common
#   errors](../08a_flows.ipynb#cell-id=6c6e8d27)
# - **"Unlikely means anomalous."** Digits without grain got more likelihood than real ones. [Exact likelihood as an
#   anomaly score](../08a_flows.ipynb#cell-id=6e1236b5)
# - **"−1.2 bits per pixel is a record."** No honest coder goes below 0: dequantization was forgotten. [Digits, in
#   bits per pixel](../08a_flows.ipynb#cell-id=e89ce6b4)
#
# ## Checklist
#
# 1. ☐ derive the change of variables in one dimension, and say why more need a determinant and why it should be
#    triangular: [Counting ink](../08a_flows.ipynb#cell-id=448fe1e5), [Many dimensions: a determinant, and how to
#    afford it](../08a_flows.ipynb#cell-id=0a1ac70c)
# 2. ☐ write a coupling layer with its inverse and log-determinant, and check both: [Many dimensions: a determinant,
#    and how to afford it](../08a_flows.ipynb#cell-id=0a1ac70c)
# 3. ☐ train a flow, and hold its density against the true one and against a mixture's: [Two moons, where the density
#    is known](../08a_flows.ipynb#cell-id=30da776d)
# 4. ☐ recognize masks that never mix, a bridge between separate parts, and forgotten dequantization: [Masks that
#    never mix](../08a_flows.ipynb#cell-id=095e3d64), [A bridge that must not be
#    there](../08a_flows.ipynb#cell-id=5abf8565), [Digits, in bits per pixel](../08a_flows.ipynb#cell-id=e89ce6b4)
# 5. ☐ give the likelihood of images in bits per pixel, and say where it fails as an anomaly score: [Digits, in bits
#    per pixel](../08a_flows.ipynb#cell-id=e89ce6b4), [Exact likelihood as an anomaly
#    score](../08a_flows.ipynb#cell-id=6e1236b5)
# 6. ☐ write an autoregressive model as one masked layer, and draw from it: [The other exact family: one pixel at a
#    time](../08a_flows.ipynb#cell-id=7930ef94)
