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
# # 10a · Language models: study guide
#
# One page to revise [lecture 10a](../10a_language_models.ipynb) from: nothing here is new. Cover the answers.

# %% [markdown]
# ## Know by heart
#
# - A language model gives the next token a probability, given those before it. The product is the text's probability.
# - No filter does only what it is for. Patterns find e-mail addresses, not names.
# - Split by document, or copies and neighbors of test pages are learned.
# - Byte pairs: begin with bytes, merge the most frequent pair, repeat.
# - Perplexity depends on the token; bits per character compare all models.
# - A smoothed n-gram is a strong model of a small text.
# - Attention: softmax of scaled products, masked before the softmax.
# - Temperature, top-k and top-p trade repetition for nonsense.
#
# ## Formulas
#
# - $P(x) = \prod_t p(x_t \mid x_{<t})$: $x_t$ token $t$, $x_{<t}$ those before it.
#   `models.transformer.Transformer.log_prob`
# - $p_n(x \mid h) = (c(hx) + k(h)\, p_{n-1}(x \mid h')) / (c(h) + k(h))$: $h$ the last $n - 1$ tokens, $c$ counts,
#   $k(h)$ the number of different tokens after $h$, $h'$ is $h$ without its first. `models.ngrams.NGram`
# - $w_{ts} = \operatorname{softmax}_{s \le t}(q_t \cdot k_s / \sqrt D)$, output $\sum_s w_{ts} v_s$: $q_t$ query of
#   token $t$; $k_s$, $v_s$ key and value of token $s$; $D$ their size. `models.transformer.attention_weights`
# - bits per character = nats of the text / (characters · log 2); perplexity = $e^{\text{nats per token}}$.
#   `models.transformer.Transformer.log_prob_tokens`
# - $p_i \propto e^{\ell_i / \tau}$: $\ell_i$ the logit of token $i$, τ the temperature; top-k keeps the $k$
#   likeliest, top-p the fewest that hold $p$ together. `models.transformer.choose`
# - $J = |A \cap B| / |A \cup B|$: $A$, $B$ the shingles of two pages. MinHash estimates it:
#   `labs.language.measures.minhash`
#
# ## By hand
#
# Two tokens, $D = 4$. The second's query and the keys have the products 0 and $2 \ln 3$. The values are 0 and 8. What
# does the second token get?
#
# Over $\sqrt 4$: 0 and $\ln 3$; softmax $\frac14$ and $\frac34$; $\frac34 \cdot 8 = 6$.

# %%
import math

import torch

from course_utils.models.transformer import attention_weights

by_hand = 0.75 * 8
q = torch.tensor([[0.0, 0, 0, 0], [1, 0, 0, 0]])
k = torch.tensor([[0.0, 0, 0, 0], [2 * math.log(3), 0, 0, 0]])
weights = attention_weights(q, k)
computed = (weights[1] @ torch.tensor([0.0, 8.0])).item()
print(f"by hand {by_hand:.3f}, course_utils {computed:.3f}; the first token sees {weights[0].tolist()}")
assert math.isclose(by_hand, computed, abs_tol=1e-4)

# %% [markdown]
# ## Ten questions
#
# **1.** Why were pages held out at random a bad test?
#
# <details><summary>Answer</summary>
#
# Copies of a page, or pages of the same document, were learned.
# </details>
#
# **2.** What can byte pairs always write, which a list of words cannot?
#
# <details><summary>Answer</summary>
#
# Any text: rare words stay in pieces, down to bytes.
# </details>
#
# **3.** More merges: perplexity rises, bits per character fall. Better or worse?
#
# <details><summary>Answer</summary>
#
# Better. Perplexity's unit, the token, has grown.
# </details>
#
# **4.** When does Witten and Bell's n-gram trust a past?
#
# <details><summary>Answer</summary>
#
# The more often it was seen, and the fewer different tokens followed.
# </details>
#
# **5.** Why divide by $\sqrt D$?
#
# <details><summary>Answer</summary>
#
# Else products grow with $D$, and the softmax picks one token almost alone; hardly any gradient is left.
# </details>
#
# **6.** Why mask before the softmax?
#
# <details><summary>Answer</summary>
#
# After it rows no longer sum to 1, and their size tells of hidden tokens.
# </details>
#
# **7.** How do you test a transformer for a leak?
#
# <details><summary>Answer</summary>
#
# Change the last token: no earlier logit may move.
# </details>
#
# **8.** What does an induction head do?
#
# <details><summary>Answer</summary>
#
# It finds the last place where this token stood, and looks at what followed.
# </details>
#
# **9.** Which task did attention solve at any distance, and a 5-gram never?
#
# <details><summary>Answer</summary>
#
# Recall of a key far back; induction, too. Brackets were solved by neither.
# </details>
#
# **10.** When is a span copied?
#
# <details><summary>Answer</summary>
#
# When it is longer than the spans that held-out text, which nobody copied, shares with the training text.
# </details>
#
# ## Common errors
#
# - **"Lower perplexity, better model."** Only with the same tokens. [Tokens by merging
#   pairs](../10a_language_models.ipynb#cell-id=f3092a94)
# - **"A transformer beats counting."** Not in little time on little text. [A
#   transformer](../10a_language_models.ipynb#cell-id=a2f35acc)
# - **"ChatGPT uses hand-made features of sentences."** Tokens go in; all else is learned.
#   [Sentiment](../10b_assistants.ipynb#cell-id=f5a1ef4d)
# - **"Few-shot means little data."** Little at the time of use; the lookup was learned from very many sequences.
#   [Learning in context](../10a_language_models.ipynb#cell-id=e03db39c)
# - **"The filter removed the personal data."** It finds what has a pattern, and takes paper numbers for telephones.
#   [Collecting and cleaning text](../10a_language_models.ipynb#cell-id=728ec974)
# - **"Likelier text is better."** The likeliest falls into a loop.
#   [Sampling](../10a_language_models.ipynb#cell-id=1054e5aa)
#
# ## Checklist
#
# 1. ☐ clean a crawl, and say for each filter what it catches and what it wrongly removes: [Collecting and cleaning
#    text](../10a_language_models.ipynb#cell-id=728ec974)
# 2. ☐ cut text into tokens by byte pairs, and compare models in bits per character: [Tokens by merging
#    pairs](../10a_language_models.ipynb#cell-id=f3092a94)
# 3. ☐ write a smoothed n-gram and measure it on held-out text:
#    [Counting](../10a_language_models.ipynb#cell-id=e9a902cc)
# 4. ☐ compute causal attention by hand, and check its mask and its scale: [Attention by
#    hand](../10a_language_models.ipynb#cell-id=b4899232)
# 5. ☐ say where a transformer beats counting, and where here it does not: [A
#    transformer](../10a_language_models.ipynb#cell-id=a2f35acc), [What counting cannot
#    do](../10a_language_models.ipynb#cell-id=90afe752)
# 6. ☐ sample with temperature, top-k and top-p, and measure repetition and copying:
#    [Sampling](../10a_language_models.ipynb#cell-id=1054e5aa)
