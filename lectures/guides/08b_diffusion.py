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
# # 08b · Diffusion: study guide
#
# What to revise [lecture 08b](../08b_diffusion.ipynb) from: nothing here is new. Cover the answers.

# %% [markdown]
# ## Know by heart
#
# - $x_t = \sqrt{\bar\alpha}\, x_0 + \sqrt{1 - \bar\alpha}\, \varepsilon$, in steps or in one go. All data end in the
#   same noise.
# - The score points to where noisy data are likelier; with it the best guess of $x_0$ follows. Denoiser and score are
#   one piece of knowledge.
# - For a mixture both are exact; nothing is learned.
# - The loss is a squared error at a random time; its best answer is a conditional mean.
# - $x_0$, $\varepsilon$ and $v$ follow from each other; what differs is how errors count over time.
# - Ancestral sampling adds new noise at each step, DDIM none. From some point on more steps only cost.
# - Guidance above 1 buys fidelity with variety.
# - Text-to-image systems add an encoder of words, attention, a latent space, and scale.
#
# ## Formulas
#
# - $q(x_t \mid x_0) = N(\sqrt{\bar\alpha_t}\, x_0, (1 - \bar\alpha_t) I)$: $x_0$ data, $x_t$ its noisy form,
#   $\bar\alpha_t = \alpha_1 \cdots \alpha_t$ the product of the steps' $\alpha$; here
#   $\bar\alpha = \cos^2(\pi t / 2)$, $t$ from 0 to 1. `models.diffusion.q_sample`, `models.diffusion.alpha_bar`
# - $\mathbb{E}[x_0 \mid x_t] = (x_t + (1 - \bar\alpha) \nabla \log p_t(x_t)) / \sqrt{\bar\alpha}$: $p_t$ the density
#   of $x_t$, ∇ log of it the score. `models.score.mixture_denoiser`, `models.score.mixture_score`
# - $v = \cos\theta \cdot \varepsilon - \sin\theta \cdot x_0$: $\varepsilon$ the noise, $\theta = \pi t / 2$.
#   `models.diffusion.target`
# - $\mathbb{E}\, \|\text{target} - \text{network}(x_t, t)\|^2$ over data, times, noises.
#   `models.diffusion.denoising_loss`
# - One step from $t$ to $s < t$ with a guess of $x_0$: `models.diffusion.ddpm_step` (new noise),
#   `models.diffusion.ddim_step` (the same noise)
# - $\hat x_0 = \hat x_0^{\text{none}} + w (\hat x_0^{\,y} - \hat x_0^{\text{none}})$: guesses without and with the
#   class $y$, weight $w$; $w = 1$ is $p(x \mid y)$. `models.diffusion.guided`
#
# ## By hand
#
# Data from $N(0, 1)$, time with $\theta = 60°$, so $\bar\alpha = \frac14$. Take $x_0 = 2$, $\varepsilon = -1$. What
# is $x_t$, and what is the best guess of $x_0$?
#
# $x_t = 0.5 \cdot 2 - 0.866 = 0.134$. Here $p_t = N(0, 1)$ with score $-x_t$, so the guess is
# $(x_t - 0.75\, x_t) / 0.5 = 0.067$.

# %%
import math

import torch

from course_utils.models import diffusion, mixtures, score

by_hand = 0.134 / 2
t = torch.tensor([2 / 3])
x_t = diffusion.q_sample(torch.tensor([[2.0]]), t, torch.tensor([[-1.0]]))
normal = mixtures.GMMParameters(torch.ones(1), torch.zeros(1, 1), torch.ones(1, 1, 1))
computed = score.mixture_denoiser(normal)(x_t, t[0]).item()
print(f"x_t {x_t.item():.3f}; guess by hand {by_hand:.3f}, course_utils {computed:.3f}")
assert math.isclose(by_hand, computed, abs_tol=1e-3)

# %% [markdown]
# ## Ten questions
#
# **1.** Why is no loop needed to add noise?
#
# <details><summary>Answer</summary>
#
# A sum of independent Gaussians is Gaussian: the factors of $x_0$ multiply, the variances add up.
# </details>
#
# **2.** What is the signal-to-noise ratio?
#
# <details><summary>Answer</summary>
#
# $\bar\alpha / (1 - \bar\alpha)$. It falls from infinity to 0.
# </details>
#
# **3.** What does one step from pure noise show?
#
# <details><summary>Answer</summary>
#
# The average image of each class: precise, without variety.
# </details>
#
# **4.** Forward, all data become the same noise. Where is the information?
#
# <details><summary>Answer</summary>
#
# In the denoiser. From one noise, two denoisers go back to two data sets.
# </details>
#
# **5.** Which prediction is hard at little noise in the plane?
#
# <details><summary>Answer</summary>
#
# $x_0$ for the score: $\varepsilon = (x_t - \cos\theta\, x_0) / \sin\theta$ divides its error by a small number.
# </details>
#
# **6.** How does DDIM differ from ancestral sampling?
#
# <details><summary>Answer</summary>
#
# It keeps the noise that is there and adds none: with many steps, an ordinary differential equation.
# </details>
#
# **7.** What else does that equation give?
#
# <details><summary>Answer</summary>
#
# A likelihood: run it from data to noise and add up how it stretches space.
# </details>
#
# **8.** $w = 4$ in place of 1: what happens to precision, recall, distance?
#
# <details><summary>Answer</summary>
#
# Precision has little left to gain: the class was obeyed before. Recall falls, so the Fréchet distance rises.
# </details>
#
# **9.** How can one network know $p(x \mid y)$ and $p(x)$?
#
# <details><summary>Answer</summary>
#
# In training the class is hidden from it at times.
# </details>
#
# **10.** What does CLIP draw?
#
# <details><summary>Answer</summary>
#
# Nothing: two encoders that give a picture and its text similar vectors.
# </details>
#
# ## Common errors
#
# - **"Diffusion describes how rumors spread."** The same spreading goes with any data; all that is known lies in the
#   denoiser. [Where everything is known](../08b_diffusion.ipynb#cell-id=bf291a64)
# - **"α for ᾱ, variance for standard deviation."** $\varepsilon$ is multiplied by $\sqrt{1 - \bar\alpha}$. [Adding
#   noise, in steps and in one go](../08b_diffusion.ipynb#cell-id=4f4c6648)
# - **"The network removes one step's noise."** It guesses all of it, at every time. [Common
#   errors](../08b_diffusion.ipynb#cell-id=49742141)
# - **"w = 0 means no guidance."** Here 0 ignores the class and 1 is plain; the paper's $w$ is ours minus 1. [Choose
#   the digit, and how strongly](../08b_diffusion.ipynb#cell-id=4ea28e20)
# - **"GANs lead images today."** On photographs from about 2014; since 2021 the lead has changed hands. It has a date
#   and a data set. [Common errors](../08b_diffusion.ipynb#cell-id=49742141)
# - **"DALL·E is one kind of model."** The first was autoregressive, the second uses diffusion. [DALL·E, Midjourney,
#   CLIP: what is the same, what is not](../08b_diffusion.ipynb#cell-id=9dbe54cf)
#
# ## Checklist
#
# 1. ☐ add noise step by step and in one go, and say why both give the same distribution: [Adding noise, in steps and
#    in one go](../08b_diffusion.ipynb#cell-id=4f4c6648)
# 2. ☐ draw from a Gaussian mixture by its exact score, and compute its likelihood with an ordinary differential
#    equation: [Where everything is known](../08b_diffusion.ipynb#cell-id=bf291a64), [The likelihood, by the
#    ODE](../08b_diffusion.ipynb#cell-id=884c6074)
# 3. ☐ write the denoising loss, and say what predicting the data, the noise or v changes: [Learn to
#    denoise](../08b_diffusion.ipynb#cell-id=0925c87d)
# 4. ☐ write ancestral and DDIM sampling, and trade steps for quality: [Where everything is
#    known](../08b_diffusion.ipynb#cell-id=bf291a64), [Digits: how many
#    steps?](../08b_diffusion.ipynb#cell-id=5599ed0b)
# 5. ☐ choose what is drawn by guidance, and measure what that costs: [Choose the digit, and how
#    strongly](../08b_diffusion.ipynb#cell-id=4ea28e20)
# 6. ☐ say what DALL·E and Midjourney add to what runs here: [DALL·E, Midjourney, CLIP: what is the same, what is
#    not](../08b_diffusion.ipynb#cell-id=9dbe54cf), [In a latent space: Stable Diffusion in
#    miniature](../08b_diffusion.ipynb#cell-id=daa1203a)
