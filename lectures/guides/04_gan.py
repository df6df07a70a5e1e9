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
# # 04 · Generative adversarial networks: study guide
#
# What to revise [lecture 04](../04_gan.ipynb) from: nothing here is new. Cover the answers.

# %% [markdown]
# ## Know by heart
#
# - $G$ turns noise into points; $D$ says how probably a point is real. One raises, the other lowers the same value.
# - The best $D$ is $p / (p + q)$; then the value is $2\,\mathrm{JS}(p, q) - 2 \log 2$, least at $q = p$.
# - At equilibrium $D = \frac12$ everywhere: the losses are $2 \log 2 = 1.386$ and, non-saturating, $\log 2 = 0.693$.
# - The minimax loss of $G$ has the gradient $-D$ by the logit: nothing where $D$ wins. Non-saturating: $-(1 - D)$.
# - `detach` in the step of $D$, never in that of $G$; one optimizer for each player; `zero_grad` before each
#   `backward`.
# - $G$ never sees a real point, only $D$'s gradient at its own.
# - Losses do not measure quality: each is held against an opponent that changes. Count modes and look at samples.
# - Mends of collapse: fewer steps of $D$, packing, minibatch discrimination and its kin, the R1 penalty.
#
# ## Formulas
#
# - $V(D, G) = \mathbb{E}_{x \sim p}[\log D(x)] + \mathbb{E}_z[\log(1 - D(G(z)))]$: $p$ the data's density,
#   $z \sim N(0, I)$ noise, $G(z)$ a generated point, $D$ in (0, 1). Minus its terms: `losses.discriminator_loss`
# - $D^*(x) = p(x) / (p(x) + q(x))$: $q$ the density of generated points; its logit is $\log p - \log q$.
#   `torch.sigmoid`
# - $-\log D(G(z)) = \operatorname{softplus}(-\ell)$: $\ell$ the logit of $D$ at $G(z)$,
#   $D = \operatorname{sigmoid}(\ell)$. `losses.generator_loss`
# - $\log(1 - D(G(z))) = -\operatorname{softplus}(\ell)$, the minimax loss. `losses.generator_loss_minimax`
# - $\frac{\gamma}{2} \|\nabla D(x)\|^2$ at real $x$: $\gamma$ the weight, ∇ the slope of the logit.
#   `losses.r1_penalty`
# - $f(G(z)) - f(x)$ with $(\|\nabla f\| - 1)^2$: $f$ the critic, any real score. `losses.critic_loss`,
#   `losses.gradient_penalty`
#
# ## By hand
#
# At one place $p = 0.6$ and $q = 0.2$. What is $D^*$, its logit, and what do the players pay for a real and a
# generated point there?
#
# $D^* = 0.75$, logit $\ln 3 = 1.10$. $D$ pays $-\ln 0.75 - \ln 0.25 = 0.288 + 1.386 = 1.674$; $G$, non-saturating,
# $-\ln 0.75 = 0.288$.

# %%
import math

import torch

from course_utils import losses

by_hand = 0.288 + 1.386
logit = torch.tensor([0.6 / (0.6 + 0.2)]).logit()
computed = losses.discriminator_loss(logit, logit).item()
print(f"D pays by hand {by_hand:.3f}, course_utils {computed:.3f}; G {losses.generator_loss(logit).item():.3f}")
assert math.isclose(by_hand, computed, abs_tol=2e-3)

# %% [markdown]
# ## Ten questions
#
# **1.** What is the best $D$ where only generated points fall?
#
# <details><summary>Answer</summary>
#
# 0, since $p = 0$ there: $p / (p + q) = 0$.
# </details>
#
# **2.** Which divergence does the game with the best $D$ minimize?
#
# <details><summary>Answer</summary>
#
# The Jensen–Shannon divergence, with the minimax loss. With the non-saturating loss it is another.
# </details>
#
# **3.** Early on $D(G(z)) \approx 0$. Which loss still teaches $G$?
#
# <details><summary>Answer</summary>
#
# The non-saturating one: its gradient by the logit is $-(1 - D) \approx -1$, that of minimax $-D \approx 0$.
# </details>
#
# **4.** What happens without `detach` in the step of $D$?
#
# <details><summary>Answer</summary>
#
# $D$'s loss sends a gradient into $G$. If it is not cleared, $G$ helps $D$ against itself.
# </details>
#
# **5.** Why two optimizers?
#
# <details><summary>Answer</summary>
#
# Each player may move only its own weights.
# </details>
#
# **6.** Your $D$'s loss is near 0. Good?
#
# <details><summary>Answer</summary>
#
# A bad sign: $D$ tells all points apart, and at equilibrium the loss is 1.386.
# </details>
#
# **7.** How is a mode counted?
#
# <details><summary>Answer</summary>
#
# A point is good within three standard deviations of a mode; captured is a mode with one good point, or more strictly
# with a fifth of its fair share.
# </details>
#
# **8.** Why does packing help?
#
# <details><summary>Answer</summary>
#
# $D$ sees several points at once; the same mode again and again gives $G$ away.
# </details>
#
# **9.** What does the Dirac-GAN show?
#
# <details><summary>Answer</summary>
#
# The game itself can circle for ever. A penalty on $D$'s slope is the friction that ends it.
# </details>
#
# **10.** What does a conditional GAN change?
#
# <details><summary>Answer</summary>
#
# Both players see the class; a good 3 that was asked to be a 7 is a fake.
# </details>
#
# ## Common errors
#
# - **"Minibatch training cures collapse."** Every GAN trains on minibatches. *Minibatch discrimination* (Salimans et
#   al. 2016) is meant: $D$ compares the points of a batch; kin: minibatch deviation, packing. [What the remedies do,
#   beside the papers](../04_gan.ipynb#cell-id=5653d1d5)
# - **"A plain GAN edits a given face."** It has no encoder: a given image has no code at hand. [Common
#   errors](../04_gan.ipynb#cell-id=ad86d721)
# - **"Sigmoid in the network, and a loss with logits."** Applied twice, $D$ can never say more than 0.73. [The
#   losses, from logits](../04_gan.ipynb#cell-id=af8f133d)
# - **"GANs write chat replies."** A sampled token passes no gradient back. [GANs and VAEs for
#   text](../10b_assistants.ipynb#cell-id=ab91d8f0)
# - **"Style transfer (DeepArt) is a GAN."** The classic method optimizes one image against features of a fixed
#   classifier (Gatys et al. 2015); CycleGAN is another thing. [Texture and
#   style](../11b_creations.ipynb#cell-id=eee7ef2a)
#
# ## Checklist
#
# 1. ☐ write down the game, its best discriminator and its value, and check both where everything is known: [The game,
#    where everything is known](../04_gan.ipynb#cell-id=30bf3c01)
# 2. ☐ write both players' losses from logits, and say why the minimax loss of the generator saturates: [The losses,
#    from logits](../04_gan.ipynb#cell-id=af8f133d)
# 3. ☐ write one training step of each player, and say what `detach` and the two optimizers are for: [One step of each
#    player](../04_gan.ipynb#cell-id=e6736b42), [A forgotten `detach`](../04_gan.ipynb#cell-id=67e16c88)
# 4. ☐ recognize mode collapse and mend it; name the signs of a vanishing gradient, oscillation, a forgotten `detach`
#    and a learning rate that is too high: [Mode collapse: made, controlled,
#    mended](../04_gan.ipynb#cell-id=fb1c5746), [A discriminator that is too good](../04_gan.ipynb#cell-id=b4d7075c),
#    [Oscillation: the Dirac-GAN](../04_gan.ipynb#cell-id=66707181)
# 5. ☐ train a GAN and a conditional GAN on digits, and measure which classes it covers:
#    [Digits](../04_gan.ipynb#cell-id=ffd542dc), [Choose the digit: a conditional
#    GAN](../04_gan.ipynb#cell-id=da55aa0d)
