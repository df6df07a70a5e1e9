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
# # 10b · From predictor to assistant: study guide
#
# One page to revise [lecture 10b](../10b_assistants.ipynb) from: nothing here is new. Cover the answers.

# %% [markdown]
# ## Know by heart
#
# - A predictor goes on with a text. Demonstrations, with the loss on the answer alone, make it answer.
# - What it knows comes from pre-training; *that* it answers, from tuning.
# - Preferences: raters choose between two draws; a reward, or DPO directly, follows from Bradley and Terry.
# - The best policy at a KL price is $\pi_{\text{ref}}\, e^{r/\beta} / Z$; in the difference of two rewards $Z$
#   cancels.
# - Tuning narrows answers. A flawed reward rises while quality falls, and β says how far.
# - Where nothing is known the same completion invents.
# - A refusal hides and does not erase. Quoted commands may be obeyed.
# - A detector's AUC hides what is found at few false alarms.
#
# ## Formulas
#
# - $\mathcal L = -\sum_t m_t \log p(x_t \mid x_{<t}) / \sum_t m_t$: $x_t$ token $t$, $x_{<t}$ those before it,
#   $m_t = 1$ where the assistant speaks, else 0. `labs.assistants.chat.masked_loss`
# - $P(y_1 \succ y_2) = \sigma(r(y_1) - r(y_2))$: $y_1$, $y_2$ two answers, $r$ the raters' reward, σ the sigmoid.
#   `losses.bradley_terry_loss`
# - $\max_\pi \mathbb{E}_\pi[r] - \beta\, \mathrm{KL}(\pi \,\|\, \pi_{\text{ref}})$ has
#   $\pi^* = \pi_{\text{ref}}\, e^{r/\beta} / Z$: $\pi$ the policy, $\pi_{\text{ref}}$ the reference, β the price of a
#   nat, $Z$ the normalizer. `losses.tilted`
# - $-\log \sigma(\beta \log \frac{\pi(y_w)}{\pi_{\text{ref}}(y_w)} - \beta \log
#   \frac{\pi(y_l)}{\pi_{\text{ref}}(y_l)})$: $y_w$ the preferred answer, $y_l$ the other. `losses.dpo_loss`
# - ECE = mean of |share right − confidence| over bins, weighted by answers. `metrics.calibration.reliability`
# - Found at 5 % false alarms, and AUC. `metrics.roc.tpr_at_fpr`, `metrics.roc.auc`
#
# ## By hand
#
# β = ½. The policy gives the preferred answer one nat more than the reference, and the other one nat less. What is
# the DPO loss?
#
# Margin $\frac12 \cdot 1 - \frac12 \cdot (-1) = 1$; $-\ln \sigma(1) = \ln(1 + e^{-1}) = \ln 1.368 = 0.313$.

# %%
import math

import torch

from course_utils import losses

by_hand = math.log(1.368)
chosen, rejected, reference = torch.tensor([-2.0]), torch.tensor([-4.0]), torch.tensor([-3.0])
computed = losses.dpo_loss(chosen, rejected, reference, reference, beta=0.5).item()
print(f"by hand {by_hand:.3f}, course_utils {computed:.3f}")
assert math.isclose(by_hand, computed, abs_tol=1e-3)

# %% [markdown]
# ## Ten questions
#
# **1.** The base model completes nearly every fact. Why does it not answer questions?
#
# <details><summary>Answer</summary>
#
# It was trained to go on with pages, so it goes on, often with further questions.
# </details>
#
# **2.** Why are only the answer's tokens in the loss?
#
# <details><summary>Answer</summary>
#
# The model shall learn to answer, not to write the user's part.
# </details>
#
# **3.** Facts that no demonstration asked for are answered after tuning. What does that show?
#
# <details><summary>Answer</summary>
#
# They were known before; tuning gave the manner.
# </details>
#
# **4.** Why is the reward alone not maximized?
#
# <details><summary>Answer</summary>
#
# It would be chased to absurdity; each nat from the reference costs β.
# </details>
#
# **5.** Why does DPO need no $Z$?
#
# <details><summary>Answer</summary>
#
# $r = \beta \log(\pi^* / \pi_{\text{ref}}) + \beta \log Z$, and $Z$ is the same for both answers to a prompt.
# </details>
#
# **6.** What is the DPO loss at the start of tuning?
#
# <details><summary>Answer</summary>
#
# $\log 2$: policy and reference are equal.
# </details>
#
# **7.** Raters preferred longer answers. What becomes of the right ones?
#
# <details><summary>Answer</summary>
#
# Words rise, quality falls: the model does what the reward says.
# </details>
#
# **8.** What is a hallucination?
#
# <details><summary>Answer</summary>
#
# The same completion as ever, where nothing is known.
# </details>
#
# **9.** Why can a letter in the prompt give commands?
#
# <details><summary>Answer</summary>
#
# To the model all words are one stream; the marks of roles are tokens like others.
# </details>
#
# **10.** Whose texts raise false alarms?
#
# <details><summary>Answer</summary>
#
# Those who write what is often written; in a study, people with English as a second language.
# </details>
#
# ## Common errors
#
# - **"ChatGPT has a sentiment module."** None is documented. Predicting what writers do next needs their mood.
#   [Sentiment](../10b_assistants.ipynb#cell-id=f5a1ef4d)
# - **"Chatbots are GANs, or VAEs."** A sampled word passes no gradient; a strong decoder drops the code. [GANs and
#   VAEs for text](../10b_assistants.ipynb#cell-id=ab91d8f0)
# - **"It looks things up, or checks them."** At no stage, unless a tool does. [The
#   case](../10b_assistants.ipynb#cell-id=2726131b)
# - **"Next-word prediction makes the assistant."** It makes what knows; tuning makes what answers.
#   [Instructions](../10b_assistants.ipynb#cell-id=d629696d)
# - **"A refusal is safety."** An unfinished sentence got nearly all addresses.
#   [Instructions](../10b_assistants.ipynb#cell-id=d629696d)
# - **"AUC 0.94, so the detector works."** Look at few false alarms. [Who wrote
#   this?](../10b_assistants.ipynb#cell-id=d836f9ac)
#
# ## Checklist
#
# 1. ☐ tune a predictor on demonstrations in a chat format, and measure what that adds and what was there before:
#    [Instructions](../10b_assistants.ipynb#cell-id=d629696d)
# 2. ☐ derive DPO from the KL-regularized objective, and check it where the optimum is known:
#    [Preferences](../10b_assistants.ipynb#cell-id=3c654087)
# 3. ☐ measure what tuning costs: KL, diversity, and a reward that is chased while quality falls: [What tuning
#    costs](../10b_assistants.ipynb#cell-id=f1d17872), [A flawed reward,
#    chased](../10b_assistants.ipynb#cell-id=66409697)
# 4. ☐ measure invented answers, calibration, sensitivity to wording, and a prompt injection: [Confident and
#    wrong](../10b_assistants.ipynb#cell-id=04304fc0), [Wording, and an
#    injection](../10b_assistants.ipynb#cell-id=3ea5c790)
# 5. ☐ say what is inside ChatGPT, and what is not: no sentiment module, no hand-made features, no GAN, no VAE:
#    [Sentiment](../10b_assistants.ipynb#cell-id=f5a1ef4d), [The case](../10b_assistants.ipynb#cell-id=2726131b)
# 6. ☐ say why a detector of generated text raises false alarms: [Who wrote
#    this?](../10b_assistants.ipynb#cell-id=d836f9ac)
