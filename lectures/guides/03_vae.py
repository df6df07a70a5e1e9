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
# # 03 · Variational autoencoders: study guide
#
# What to revise [lecture 03](../03_vae.ipynb) from: nothing here is new. Cover the answers.

# %% [markdown]
# ## Know by heart
#
# - A plain autoencoder has no distribution over codes. A VAE fixes $p(z) = N(0, I)$ and makes its encoder pay for
#   leaving it.
# - $\log p(x) = \text{ELBO} + \mathrm{KL}(q(z \mid x) \,\|\, p(z \mid x))$: the gap says how wrong the encoder is.
# - ELBO = what the code explains minus what it costs. Both are in nats for one image: sum over pixels, sum over
#   latent dimensions, then the mean over the batch.
# - $z = \mu + \sigma \varepsilon$: the noise is an input, so gradients reach $\mu$ and $\sigma$.
# - The encoder gives $\mu$ and $\log \sigma^2$; the decoder gives logits.
# - Rebuild with $z \sim q(z \mid x)$; make something new with $z \sim p(z)$.
# - β is the price of a nat of code. Averaging both terms over their dimensions is a hidden β.
# - A collapsed dimension ignores $x$. KL warm-up keeps it in use.
#
# ## Formulas
#
# - $\text{ELBO} = \mathbb{E}_q[\log p(x \mid z)] - \beta\, \mathrm{KL}$: $x$ an image, $z$ its code, $q(z \mid x)$
#   the encoder's Gaussian, $p(x \mid z)$ the decoder's distribution, β = 1 for the bound. `losses.elbo`
# - $\mathrm{KL}(q \,\|\, p(z)) = -\frac12 \sum_j (1 + \log \sigma_j^2 - \mu_j^2 - \sigma_j^2)$: $\mu_j$, $\sigma_j^2$
#   mean and variance of latent dimension $j$ under $q$, $p(z) = N(0, I)$ the prior. `losses.kl_standard_normal`
# - $\log p(x \mid z) = \sum_i x_i \log p_i + (1 - x_i) \log(1 - p_i)$, $p_i = \operatorname{sigmoid}(\ell_i)$: $x_i$
#   pixel $i$, 0 or 1, and $\ell_i$ its logit. `losses.log_bernoulli`
# - $z = \mu + \sigma \varepsilon$: $\varepsilon \sim N(0, I)$ noise, $\sigma = \exp(\frac12 \log \sigma^2)$.
#   `models.reparameterize`
#
# ## By hand
#
# An image of two pixels, $x = (1, 0)$. The encoder says $\mu = 1$, $\sigma^2 = \frac14$ (one dimension). With the
# code drawn, the decoder gives the pixels probabilities 0.8 and 0.2 of being 1. What is the ELBO of this draw?
#
# $\log p(x \mid z) = 2 \ln 0.8 = -0.446$; $\mathrm{KL} = \frac12 (1 + \frac14 - 1 + \ln 4) = 0.818$; together
# $-1.264$ nats.

# %%
import math

import torch

from course_utils import losses

by_hand = -0.446 - 0.818
x, x_logits = torch.tensor([[1.0, 0.0]]), torch.tensor([[0.8, 0.2]]).logit()
kl = losses.kl_standard_normal(torch.tensor([[1.0]]), torch.tensor([[0.25]]).log())
computed = losses.elbo(losses.log_bernoulli(x, x_logits), kl).item()
print(f"by hand {by_hand:.3f} nats, course_utils {computed:.3f}")
assert math.isclose(by_hand, computed, abs_tol=2e-3)

# %% [markdown]
# ## Ten questions
#
# **1.** Why does a random code of a plain autoencoder decode to a blob?
#
# <details><summary>Answer</summary>
#
# Its decoder has only seen codes that its encoder made, and nobody fixed how those are distributed.
# </details>
#
# **2.** What closes the gap between ELBO and $\log p(x)$?
#
# <details><summary>Answer</summary>
#
# An encoder that gives the true posterior $p(z \mid x)$. The KL to the prior is another thing: it stands inside the
# ELBO.
# </details>
#
# **3.** Why does a plain draw from $N(\mu, \sigma^2)$ stop the gradient?
#
# <details><summary>Answer</summary>
#
# The generator's output is not a differentiable function of $\mu$ and $\sigma$. Written as $\mu + \sigma \varepsilon$
# it is.
# </details>
#
# **4.** Why does the encoder give $\log \sigma^2$?
#
# <details><summary>Answer</summary>
#
# It may be any real number, and its exponential is positive. The KL formula needs it anyway.
# </details>
#
# **5.** 64 pixels, 8 latent dimensions, both terms averaged. What is the hidden β?
#
# <details><summary>Answer</summary>
#
# 64 / 8 = 8: the KL weighs eight times too much.
# </details>
#
# **6.** Why is the likelihood computed from logits?
#
# <details><summary>Answer</summary>
#
# A sigmoid rounds to 1, and the logarithm of 1 − 1 is minus infinity. The formula from logits stays finite.
# </details>
#
# **7.** From which distribution is the code of a *new* image drawn?
#
# <details><summary>Answer</summary>
#
# From the prior $p(z) = N(0, I)$. A draw from $q(z \mid x)$ rebuilds that $x$.
# </details>
#
# **8.** What happens at β = 4, and at β = ¼, to the rate (the KL)?
#
# <details><summary>Answer</summary>
#
# At 4 it is near 0 and all images look like one average. At ¼ the code spends more nats than it brings in.
# </details>
#
# **9.** How do you see that a dimension has collapsed, and is that always bad?
#
# <details><summary>Answer</summary>
#
# Its mean $\mu_j(x)$ hardly varies over the data. It is harmless where the objective has no use for it, and a failure
# where a strong decoder made it give up a useful code.
# </details>
#
# **10.** What does the class, given to both networks, take off the code?
#
# <details><summary>Answer</summary>
#
# Which digit it is. The code then says how it is written.
# </details>
#
# ## Common errors
#
# - **"The encoder outputs σ."** $\log \sigma^2$: a linear layer gives negative numbers, too. [Common
#   errors](../03_vae.ipynb#cell-id=8454a8da)
# - **"The prior is the data's distribution."** The prior $p(z)$ is over codes; the data's is
#   $p(x) = \int p(x \mid z)\, p(z)\, dz$. [A latent-variable model and its bound](../03_vae.ipynb#cell-id=466bd387)
# - **"The KL makes all the blur."** So does a narrow code: blur is the average of what the code leaves open. [β, and
#   the price of information](../03_vae.ipynb#cell-id=39c9e071)
# - **"A VAE recognizes faces."** Recognition is a classifier's work. A VAE rebuilds, draws, denoises; its codes may
#   be a poor input for a classifier. [Learn from few labels](../03_vae.ipynb#cell-id=2ebcc3f3)
# - **"No adversary, so less data."** The encoder overfits first. [A tighter bound, and what
#   overfits](../03_vae.ipynb#cell-id=91705189)
#
# ## Checklist
#
# 1. ☐ say why decoding a random code of a plain autoencoder fails, and what a VAE adds: [An autoencoder
#    first](../03_vae.ipynb#cell-id=df5c2965)
# 2. ☐ derive the evidence lower bound (ELBO) and name its gap: [A latent-variable model and its
#    bound](../03_vae.ipynb#cell-id=466bd387)
# 3. ☐ write encoder, reparameterization, KL and likelihood, and check each against a closed form:
#    [Reparameterization](../03_vae.ipynb#cell-id=e5cc7864), [The KL to the prior](../03_vae.ipynb#cell-id=52bec512),
#    [The likelihood, from logits](../03_vae.ipynb#cell-id=b3f987f6)
# 4. ☐ train a VAE, read its two curves, and use its latent space: sample, reconstruct, choose a class: [The model,
#    trained](../03_vae.ipynb#cell-id=1c077748), [What it learned](../03_vae.ipynb#cell-id=317e76f2), [Choose the
#    digit: the conditional VAE](../03_vae.ipynb#cell-id=85141853)
# 5. ☐ recognize posterior collapse and a hidden β, and mend both: [Posterior collapse: made, diagnosed,
#    mended](../03_vae.ipynb#cell-id=361cf740), [The likelihood, from logits](../03_vae.ipynb#cell-id=b3f987f6)
