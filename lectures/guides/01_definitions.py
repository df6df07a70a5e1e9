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
# # 01 · What a generative model is: study guide
#
# One page to revise [lecture 01](../01_definitions.ipynb) from: nothing here is new. Cover the answers.

# %% [markdown]
# ## Know by heart
#
# - A discriminative model learns $p(y \mid x)$; a generative one learns $p(x)$, or $p(x, y)$, and can draw from it.
# - Mean log-likelihood is minus entropy minus KL: maximum likelihood is least KL.
# - Bayes' rule turns class densities into a classifier. The other way does not exist.
# - With one covariance for all classes that classifier is a line, as in logistic regression.
# - An assumption that is right needs fewer labels; one that is wrong stops early.
# - Keep densities as logarithms; sum them by log-sum-exp.
# - A Bayesian network is a product of tables: draw along the arrows, answer by summing.
#
# ## Formulas
#
# - $\frac1N \sum_n \log q(x_n) = -H(\hat p) - \mathrm{KL}(\hat p \,\|\, q)$: $N$ data points $x_n$, $\hat p$ their
#   shares, $q$ the model, $H(\hat p) = -\sum_k \hat p_k \log \hat p_k$ the entropy, all in nats.
#   `torch.distributions.kl_divergence`
# - $\mathrm{KL}(\hat p \,\|\, q) = \sum_k \hat p_k \log (\hat p_k / q_k) \ge 0$: $k$ an outcome. For Gaussians:
#   `losses.kl_gaussians`
# - $p(y \mid x) = p(y)\, p(x \mid y) / \sum_k p(k)\, p(x \mid k)$: $x$ an input, $y$ its class, $p(y)$ the class's
#   share, $p(x \mid y) = N(\mu_y, \Sigma_y)$ with mean and covariance of the class.
#   `models.discriminant.GaussianDiscriminant.log_posterior`
# - $\log p(x) = \log \sum_k p(k)\, p(x \mid k)$, the same symbols.
#   `models.discriminant.GaussianDiscriminant.log_prob`
# - $p(x_1, \dots, x_D) = \prod_d p(x_d \mid \text{parents of } x_d)$: $D$ discrete variables $x_d$.
#   `models.graphs.Network.joint`
#
# ## By hand
#
# Class 0 has the points −2 and 0, class 1 the points 0 and 2. Fit a Gaussian to each and classify $x = 1$.
#
# Counting: shares ½, means −1 and 1, variances 1. The log-densities at 1 differ by $\frac12 (1 - (-1))^2 = 2$, so
# $p(1 \mid x) = 1 / (1 + e^{-2}) = 0.881$.

# %%
import math

import torch

from course_utils.models.discriminant import GaussianDiscriminant

by_hand = 1 / (1 + math.exp(-2))
x, r = torch.tensor([[-2.0], [0], [0], [2]]), torch.tensor([[1.0, 0], [1, 0], [0, 1], [0, 1]])
model = GaussianDiscriminant(x, r, reg_covar=0.0)
computed = model.log_posterior(torch.tensor([[1.0]])).exp()[0, 1].item()
print(f"by hand {by_hand:.3f}, course_utils {computed:.3f}")
assert math.isclose(by_hand, computed, abs_tol=1e-4)

# %% [markdown]
# ## Ten questions
#
# **1.** What is a nat?
#
# <details><summary>Answer</summary>
#
# The unit of a natural logarithm of a probability; one nat is a factor of $e$.
# </details>
#
# **2.** Why is the KL never negative?
#
# <details><summary>Answer</summary>
#
# Since $\log u \le u - 1$: $-\mathrm{KL} \le \sum_k \hat p_k (q_k / \hat p_k - 1) = 0$.
# </details>
#
# **3.** Why can no one draw $x$ from $p(y \mid x)$?
#
# <details><summary>Answer</summary>
#
# It says nothing about which $x$ occur. Any $p(x)$ goes with it.
# </details>
#
# **4.** What does "naive" mean in naive Bayes?
#
# <details><summary>Answer</summary>
#
# Within a class, the features are taken as independent.
# </details>
#
# **5.** When does naive Bayes beat logistic regression?
#
# <details><summary>Answer</summary>
#
# Where its assumption holds: on 30 independent features it needed 100 labels for what took logistic regression 200
# to 500. Where the assumption is wrong it stops at a worse limit.
# </details>
#
# **6.** Why does the doubt of a classifier not find outliers?
#
# <details><summary>Answer</summary>
#
# The class probabilities sum to 1 for any input: on digits turned by 90° it was surer than on upright ones. $p(x)$
# can tell; a classifier has none.
# </details>
#
# **7.** How are hidden pixels filled in by Gaussians?
#
# <details><summary>Answer</summary>
#
# Bayes' rule on the visible pixels gives the class, the class's Gaussian conditioned on them gives the rest; average
# over classes.
# </details>
#
# **8.** Can unlabeled data hurt?
#
# <details><summary>Answer</summary>
#
# Yes: they pull a wrong model to its own optimum, away from where labels held it.
# </details>
#
# **9.** Rain and oversleeping are independent. Are they, once you are late?
#
# <details><summary>Answer</summary>
#
# No. Hearing that the bus was late explains the delay and lowers the suspicion of oversleeping.
# </details>
#
# **10.** Which families give an exact likelihood, and which none?
#
# <details><summary>Answer</summary>
#
# Tables, mixtures, flows and autoregressive models an exact one; a VAE a bound; a GAN none.
# </details>
#
# ## Common errors
#
# - **"A generative model is a joint p(x, y)."** Most learn $p(x)$ without labels. [Common
#   errors](../01_definitions.ipynb#cell-id=e803d723)
# - **"Logistic regression learns a line only."** It is a distribution, $p(y \mid x)$; the line is where it crosses ½.
#   [Common errors](../01_definitions.ipynb#cell-id=e803d723)
# - **"Naive Bayes is discriminative, since it classifies."** It models $p(x \mid y)$ and uses Bayes' rule. [The
#   simplest recipe](../01_definitions.ipynb#cell-id=91768442)
# - **"A log-density above 0 is impossible."** Densities may exceed 1. [Say how likely an input
#   is](../01_definitions.ipynb#cell-id=a6077a88)
# - **"My posterior works in all tests."** Without logarithms it is 0/0 on unusual inputs, which tests seldom hold.
#   [Broken on purpose: densities instead of logarithms](../01_definitions.ipynb#cell-id=10caed8a)
# - **"Generated minority cases cure a lack of data."** They hold nothing beyond the few real ones; measure on real
#   held-out cases, beside a plain method. [What they are used for, what they cost, what goes
#   wrong](../01_definitions.ipynb#cell-id=fd94967a)
#
# ## Checklist
#
# 1. ☐ say what a log-likelihood, a nat and a KL are, what $p(x)$, $p(x, y)$ and $p(y \mid x)$ are, and which of them
#    a model learns: [Likelihood is counting](../01_definitions.ipynb#cell-id=9fefaab3), [Two ways to model the same
#    data](../01_definitions.ipynb#cell-id=7623fc51)
# 2. ☐ fit a Gaussian to each class, turn it into a classifier with Bayes' rule, and say when it beats logistic
#    regression, and why: [The simplest recipe](../01_definitions.ipynb#cell-id=91768442), [Who wins, with how many
#    labels?](../01_definitions.ipynb#cell-id=28b291b5)
# 3. ☐ use one generative model to draw, to draw a chosen class, to fill in, to score an outlier, and to learn with
#    few labels or none: [What only the generative one can do](../01_definitions.ipynb#cell-id=a2d79102), [Fill in
#    what is missing](../01_definitions.ipynb#cell-id=e24f3fc0), [Learn without labels, or with
#    few](../01_definitions.ipynb#cell-id=a1d71c60)
# 4. ☐ build a small Bayesian network, draw from it, and answer questions with it: [A generative model made of
#    tables](../01_definitions.ipynb#cell-id=5ac95b61)
# 5. ☐ place each family of generative models on a map of what it can compute, and say what it costs: [The family
#    map](../01_definitions.ipynb#cell-id=81a5ff8b), [What they are used for, what they cost, what goes
#    wrong](../01_definitions.ipynb#cell-id=fd94967a)
