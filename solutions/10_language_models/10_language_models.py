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
# # Assignment 10: a language model and a small assistant of your own
#
# You write the parts of a chat assistant, each in one cell: tokens, counting, attention, the unit that compares them,
# sampling, and the loss that tunes a model to people's preferences. Then you train a tiny assistant in seconds, tune
# it, and say what its answers rest on.
#
# **Time:** 115–170 minutes. **First:** lectures [10a](../../lectures/10a_language_models.ipynb) and
# [10b](../../lectures/10b_assistants.ipynb). It runs on a laptop without a network and without a GPU.
#
# ## What to do
# 1. Run the cells from top to bottom. In each *task*, put your code in place of `raise NotImplementedError()`. The
#    docstring says what goes in and what comes out. `math`, `torch`, `F`, `Counter` and `pairwise` are imported;
#    import more where you need it. Tensors come as float32 or float64: where float64 comes in, float64 goes out.
# 2. Run the test cell below it. It says what is wrong in words. Change your code and run both again. If you stall,
#    open the hint at the end of the task.
# 3. Answer the question of task 8 in words.
#
# ## How it is graded
# | task | you write | points |
# |---|---|---|
# | 1 | `byte_pair_merge` | 4 |
# | 2 | `ngram_probs` | 4 |
# | 3 | `causal_attention` | 4 |
# | 4 | `bits_per_character` | 3 |
# | 5 | `next_token_probs` | 4 |
# | 6 | `answer_log_prob` | 3 |
# | 7 | `dpo_loss` | 2 |
# | 8 | what an answer rests on, in 6–9 sentences | 6 |
# | | sum | 30 |
#
# Tasks 1–7 are graded by their test cells. Each test uses only the function of its own task, so one mistake costs
# only its own points; so call none of your other functions inside one. When it is graded, each test cell also holds
# hidden tests: the same properties with other numbers and shapes. Task 8 is read by a person; its criteria stand
# above the answer.
#
# ## Before you hand in
# Restart the kernel and run all cells (*Kernel → Restart Kernel and Run All Cells*). Press *Validate* in the
# notebook's toolbar: it runs the notebook anew and lists the tests that fail. Keep the file's name, and do not split,
# copy or delete the cells that were given.
#
# ## Your own work
# If the lectures or `course_utils` hold a twin of a function asked for here, or torch has one
# (`F.scaled_dot_product_attention`): write your own first, and compare afterwards if you like. A function that only
# calls its twin passes the tests, but is not an answer: whoever reads your notebook gives it no points. Ideas you
# took from other people or from a chat assistant are welcome if a comment names them.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import math
import random
import re
from collections import Counter
from copy import deepcopy
from itertools import pairwise

import torch
from torch import nn
from torch.nn import functional as F

from course_utils import plotting, training
from course_utils.checks import language_models as check

torch.set_num_threads(1)  # small networks run faster on one thread

# %% [markdown]
# ## Task 1: one merge (4 points)
# In the lecture: [Tokens by merging pairs](../../lectures/10a_language_models.ipynb).
#
# Byte-pair encoding (Gage 1994; Sennrich et al. 2016) begins with single characters and merges, again and again, the
# most frequent pair of neighbors into one token. You write one such step.
#
# - *Count* all n − 1 places where two tokens stand side by side: in `a a a` the pair (a, a) stands twice. Of equally
#   frequent pairs, the one whose first place comes first in the text wins. (The lecture takes the first in the order
#   of bytes. Any fixed rule will do; the tests hold you to this one.)
# - *Merge* that pair from left to right, wherever it stands. No token is used twice: after a merge go on behind it,
#   so that `a a a` becomes `aa a`.
#
# By hand: in `a b a b b` the pairs are ab, ba, ab, bb. ab wins, and the tokens become `ab ab b`. In the next step
# (ab, ab) and (ab, b) stand once each; (ab, ab) comes first.
#
# <details><summary>Stuck? A hint</summary>
#
# `Counter` remembers the order in which its keys came, and `max(counts, key=counts.get)` returns the first of equals.
# To merge, walk with an index i that grows by 2 after a merge and by 1 otherwise.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "byte_pair_merge", "locked": false, "schema_version": 3, "solution": true, "task": false}
def byte_pair_merge(tokens):
    """(pair, merged): the most frequent pair (left, right), and the list of tokens in which it is one, left + right.

    tokens: a list of at least two texts, such as ["th", "e", " "]; it is left as it is. Of equally frequent pairs, the
    one that comes first.
    """
    ### BEGIN SOLUTION
    counts = Counter(pairwise(tokens))
    pair = max(counts, key=counts.get)
    merged, i = [], 0
    while i < len(tokens):
        here = tuple(tokens[i : i + 2]) == pair
        merged.append(tokens[i] + tokens[i + 1] if here else tokens[i])
        i += 2 if here else 1
    return pair, merged
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_byte_pair_merge", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Checks the pair and the merged tokens of ties, of runs such as a a a, of long tokens, and of random texts.
check.byte_pair_merge(byte_pair_merge)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    spoken = list("she sells sea shells by the sea shore")
    lines, steps = spoken, []
    for _ in range(4):
        best, lines = byte_pair_merge(list(lines))
        steps.append("".join(best))
    run = byte_pair_merge(["ab", "ab", "ab", "ab", "ab", "a", "b"])
    last = byte_pair_merge(["x", "y", "z", "y", "z"])
assert steps == [" s", "he", " se", "he se"], "hidden test: four merges in a row"
assert "".join(lines) == "".join(spoken), "hidden test: the text stays"
assert tuple(run[0]) == ("ab", "ab") and list(run[1]) == ["abab", "abab", "ab", "a", "b"], "hidden test: five in a row"
assert tuple(last[0]) == ("y", "z") and list(last[1]) == ["x", "yz", "yz"], "hidden test: a merge at the end"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 2: count, and lean on shorter contexts (4 points)
# In the lecture: [Counting](../../lectures/10a_language_models.ipynb).
#
# How likely is the next character c after a context h, the n − 1 characters before? Counting alone gives 0 to
# whatever never came. So each count leans on the next shorter context. Write $h_k$ for the last k characters of h,
# and $V$ for the size of the alphabet:
#
# $$p_k(c) = \frac{\mathrm{count}(h_k c) + \alpha\, p_{k-1}(c)}{\mathrm{count}(h_k) + \alpha}, \quad
# k = 0, 1, \ldots, |h|, \qquad p_{-1}(c) = \frac1V .$$
#
# It is a mean of the plain share and of $p_{k-1}$ with the weights count(h_k) and α, so it is called interpolated
# (MacKay & Peto 1995; the lecture's Witten–Bell smoothing takes for α the number of different characters that came
# after $h_k$). $\mathrm{count}(h_k c)$ is the number of places where $h_k$ is followed by c, places that overlap
# included. $\mathrm{count}(h_k)$ is their sum over c: a context at the very end of the text is followed by nothing
# and does not count. Only so the probabilities sum to 1.
#
# By hand: text `abab`, alphabet `ab`, α = 1. For h = "" the counts are 2 and 2, so p is (2.5, 2.5) / 5 = (0.5, 0.5).
# For h = "b" they are 1 and 0: p = (1 + 0.5, 0 + 0.5) / (1 + 1) = (0.75, 0.25).
#
# <details><summary>Stuck? A hint</summary>
#
# `context[len(context) - k:]` is $h_k$, also for k = 0. `text.startswith(h + c, i)` says whether h c stands at place
# i; `text.count` would leave out places that overlap.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "ngram_probs", "locked": false, "schema_version": 3, "solution": true, "task": false}
def ngram_probs(text, context, alphabet, alpha=1.0):
    """p(c | context) of each character c of the alphabet, in its order: a tensor (V,) that sums to 1.

    text: what is counted, of characters of the alphabet. context: the characters before c, "" or more; it need not
    stand in the text. alphabet: V different characters. alpha: the weight of the shorter context, a number > 0.
    """
    ### BEGIN SOLUTION
    p = torch.full((len(alphabet),), 1 / len(alphabet))
    for k in range(len(context) + 1):
        h = context[len(context) - k :]
        after = Counter(text[i + k] for i in range(len(text) - k) if text.startswith(h, i))
        counts = torch.tensor([after[c] for c in alphabet])
        p = (counts + alpha * p) / (counts.sum() + alpha)
    return p
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_ngram_probs", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Checks contexts of 0 to 4 characters, seen, never seen, and at the end of the text; and that each p sums to 1.
check.ngram_probs(ngram_probs)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    by_hand = ngram_probs("abab", "b", "ab", 1.0)
    unseen = ngram_probs("mississippi", "ssz", "imps", 2.0)
    twice = ngram_probs("mississippi", "ss", "imps", 0.5)
    sure = ngram_probs("0101010101010", "010", "01", 1e-6)
assert abs(float(by_hand[0]) - 0.75) < 1e-5, "hidden test: the example of the page"
assert abs(float(unseen[3]) - 4.5 / 13) < 1e-5, "hidden test: after a context never seen, only single characters count"
assert abs(float(twice[0]) - (2 + 0.5 * (2 + 0.5 * 4.125 / 11.5) / 4.5) / 2.5) < 1e-5, (
    "hidden test: p(i | ss) in mississippi"
)
assert abs(float(sure[1]) - 1) < 1e-4, "hidden test: a small α trusts the longest context"
assert abs(float(sum(twice)) - 1) < 1e-5, "hidden test: the probabilities sum to 1"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 3: causal attention (4 points)
# In the lecture: [Attention by hand](../../lectures/10a_language_models.ipynb).
#
# Counting forgets what stands more than n − 1 characters back. Attention looks back as far as the text goes: position
# t compares its query with the keys of all positions s ≤ t, and takes the mean of their values, weighted by a softmax
# (Vaswani et al. 2017):
#
# $$\mathrm{out}_t = \sum_{s \le t} w_{ts}\, v_s, \qquad
# w_{t\cdot} = \mathrm{softmax}_s\big( q_t \cdot k_s / \sqrt{D} + \mathrm{mask}_{ts} \big), \qquad
# \mathrm{mask}_{ts} = \begin{cases} 0 & s \le t \\ -\infty & s > t . \end{cases}$$
#
# The mask comes before the softmax: then the weights of what may be seen sum to 1. D is the size of q and k, that of
# one head. Heads stand in an axis of their own: (B, H, T, D) works like (B, T, D).
#
# By hand: with all q = 0 every allowed position weighs the same, and out_t is the mean of v_0, …, v_t.
#
# <details><summary>Stuck? A hint</summary>
#
# `k.transpose(-2, -1)`, or `k.mT`, exchanges the last two axes, however many stand before them.
# `torch.ones(T, T, dtype=torch.bool).triu(1)` is True where s > t, and `scores.masked_fill(that, -math.inf)` closes
# these.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "causal_attention", "locked": false, "schema_version": 3, "solution": true, "task": false}
def causal_attention(q, k, v):
    """The output (…, T, E) of attention in which position t sees 0, …, t.

    q, k: (…, T, D), where … is (B,), or (B, H) with H heads. v: (…, T, E); E may differ from D.
    """
    ### BEGIN SOLUTION
    scores = q @ k.mT / math.sqrt(q.shape[-1])  # (…, T, T): query, key
    later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    return scores.masked_fill(later, -math.inf).softmax(-1) @ v
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_causal_attention", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Checks one head and three, a single position, scores of a thousand, the gradients to q, k and v, and float64.
check.causal_attention(causal_attention)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

rng = torch.Generator().manual_seed(10)
q, k, v = (torch.randn(2, 3, 6, size, generator=rng).double() for size in (5, 5, 4))
with quiet():
    output = causal_attention(q, k, v)
    changed = torch.cat([v[..., :4, :], v[..., 4:, :] + 9], -2)
    before = causal_attention(q, k, changed)[..., :4, :]
    mean = causal_attention(torch.zeros(1, 5, 2), torch.randn(1, 5, 2, generator=rng), torch.eye(5)[None])
exact = F.scaled_dot_product_attention(q, k, v, is_causal=True)
assert output.shape == (2, 3, 6, 4) and (output - exact).abs().max() < 1e-9, "hidden test: torch's own, three heads"
assert (before - exact[..., :4, :]).abs().max() < 1e-9, "hidden test: a later value changes nothing before it"
assert (mean - torch.ones(5, 5).tril() / torch.arange(1, 6)[:, None]).abs().max() < 1e-5, "hidden test: q = 0"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 4: bits per character (3 points)
# In the lecture: [Tokens by merging pairs](../../lectures/10a_language_models.ipynb).
#
# A model over characters makes many easy guesses, a model over words few hard ones, so their losses per token cannot
# be compared. Bits per character can: what the whole text costs to encode, divided by its length in characters,
#
# $$\frac{1}{\#\text{characters}} \sum_{t=1}^{T} -\log_2 p_t(\mathrm{target}_t), \qquad
# \log_2 p = \frac{\ln p}{\ln 2} .$$
#
# By hand: 8 tokens of two characters each, all equally likely, cost log₂ 8 = 3 bits a token, 1.5 bits a character.
#
# <details><summary>Stuck? A hint</summary>
#
# `F.cross_entropy(logits, targets, reduction="sum")` is the sum in nats. `len(piece)` counts characters, and only the
# pieces of the targets count, each as often as it comes.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "bits_per_character", "locked": false, "schema_version": 3, "solution": true, "task": false}
def bits_per_character(logits, targets, pieces):
    """The cross-entropy of the targets in bits per character, one number.

    logits: (T, V); row t is the prediction of targets[t]. targets: (T,), the tokens that came, as integers.
    pieces: a list of V texts; the token i stands for pieces[i], of one or more characters.
    """
    ### BEGIN SOLUTION
    nats = F.cross_entropy(logits, targets, reduction="sum")
    characters = sum(len(pieces[i]) for i in targets.tolist())
    return nats / math.log(2) / characters
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_bits_per_character", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Checks tokens of 1 to 5 characters, é and — among them, one token alone, and logits of ±1,000.
check.bits_per_character(bits_per_character)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

shares = torch.tensor([[0.5, 0.25, 0.25], [0.125, 0.75, 0.125], [0.25, 0.5, 0.25]])
with quiet():
    bits = bits_per_character(shares.log() + 5, torch.tensor([0, 2, 1]), ["naïve", "-", "to "])
    single = bits_per_character(torch.zeros(4, 16), torch.tensor([3, 3, 3, 3]), ["abcd"] * 16)
assert abs(float(bits) - 5 / 9) < 1e-5, "hidden test: 1 + 3 + 1 bits for 9 characters"
assert abs(float(single) - 1) < 1e-5, "hidden test: 4 bits for 4 characters"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 5: temperature and top-p (4 points)
# In the lecture: [Sampling](../../lectures/10a_language_models.ipynb).
#
# The model gives logits; which distribution is the next token drawn from? In this order:
#
# 1. *Temperature*: $p = \mathrm{softmax}(\mathrm{logits} / T)$. T < 1 sharpens, T > 1 flattens. T = 0 stands for the
#    limit T → 0: all probability on the most likely token, and nothing else to do. (No test has two of them.)
# 2. *Top-p*, or nucleus (Holtzman et al. 2020): go through the tokens from the most likely on, and keep them until
#    their sum reaches `top_p`. The token that reaches it is kept, too, so that at least one always stays.
# 3. *Normalize*: the others get 0, and those that stay are divided by their sum.
#
# By hand: for p = (0.5, 0.3, 0.15, 0.05) and top_p = 0.7 the first two stay, with 0.625 and 0.375.
#
# <details><summary>Stuck? A hint</summary>
#
# `ordered, index = p.sort(-1, descending=True)`. A token stays if the sum *before* it,
# `ordered.cumsum(-1) - ordered`, is below top_p. `torch.zeros_like(p).scatter(-1, index, ordered)` puts sorted
# entries back where they came from.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "next_token_probs", "locked": false, "schema_version": 3, "solution": true, "task": false}
def next_token_probs(logits, temperature=1.0, top_p=1.0):
    """The probabilities (B, V) that the next token of each row is drawn from; each row sums to 1.

    logits: (B, V). temperature: a number ≥ 0; 0 puts all on the most likely token. top_p: a number, 0 < top_p ≤ 1; the
    most likely tokens stay, up to the one with which their sum reaches top_p.
    """
    ### BEGIN SOLUTION
    if temperature == 0:
        return F.one_hot(logits.argmax(-1), logits.shape[-1]).to(logits.dtype)
    p = (logits / temperature).softmax(-1)
    ordered, index = p.sort(-1, descending=True)
    before = ordered.cumsum(-1) - ordered
    kept = torch.zeros_like(p).scatter(-1, index, ordered * (before < top_p))
    return kept / kept.sum(-1, keepdim=True)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_next_token_probs", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Checks five settings of T and top_p, that one token at least stays, T = 0, T near 0, and float64.
check.next_token_probs(next_token_probs)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

p = torch.tensor([[0.05, 0.5, 0.15, 0.3], [0.9, 0.02, 0.05, 0.03]])
with quiet():
    cut = next_token_probs(p.log() - 3, 1.0, 0.7)
    hot = next_token_probs((p**2).log(), 2.0, 0.85)
    cold = next_token_probs(p.log(), 0, 0.5)
    all_of_them = next_token_probs(p.log(), 1.0, 1.0)
assert (cut - torch.tensor([[0, 0.625, 0, 0.375], [1, 0, 0, 0]])).abs().max() < 1e-5, "hidden test: the page's example"
expected = torch.tensor([[0, 0.5 / 0.95, 0.15 / 0.95, 0.3 / 0.95], [1, 0, 0, 0]])
assert (hot - expected).abs().max() < 1e-5, "hidden test: T = 2 takes the square root of p², and then comes the cut"
assert torch.equal(cold.argmax(1), torch.tensor([1, 0])) and (cold.sum(1) - 1).abs().max() < 1e-6, "hidden test: T = 0"
assert (all_of_them - p).abs().max() < 1e-5, "hidden test: T = 1 and top_p = 1 change nothing"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 6: how likely is an answer? (3 points)
# In the lecture: [Instructions](../../lectures/10b_assistants.ipynb).
#
# A conversation is one row of tokens: the prompt, the answer, and padding up to the length of the longest. To teach a
# model answers, or to compare two, one needs the log-probability of the answer given its prompt,
#
# $$\log p(\mathrm{answer} \mid \mathrm{prompt}) = \sum_{t \in \mathrm{answer}} \log p(\mathrm{token}_t \mid
# \mathrm{token}_0, \ldots, \mathrm{token}_{t-1}),$$
#
# summed over the answer's tokens only. A causal model predicts the *next* token: `logits[:, t]`, which has seen the
# tokens 0 to t, is the prediction of `tokens[:, t + 1]`.
#
# By hand: tokens `7 8 9` with the answer `9`: the only term is the log-softmax of `logits[1]`, entry 9.
#
# <details><summary>Stuck? A hint</summary>
#
# `logits[:, :-1].log_softmax(-1)` belongs to `tokens[:, 1:]`. `log_p.gather(-1, index[..., None])[..., 0]` looks up
# one entry for each position. The mask has to move with the tokens.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "answer_log_prob", "locked": false, "schema_version": 3, "solution": true, "task": false}
def answer_log_prob(logits, tokens, answer):
    """log p(answer | prompt) in nats, (B,).

    logits: (B, T, V); logits[:, t] is the prediction of tokens[:, t + 1]. tokens: (B, T), integers. answer: (B, T), True
    where the token belongs to the answer, which never holds the first one.
    """
    ### BEGIN SOLUTION
    log_p = logits[:, :-1].log_softmax(-1)
    picked = log_p.gather(-1, tokens[:, 1:, None])[..., 0]
    return (picked * answer[:, 1:]).sum(1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_answer_log_prob", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Checks answers of 0 to 5 tokens with a prompt before and padding behind, the gradient to the logits, and float64.
check.answer_log_prob(answer_log_prob)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

chain = torch.tensor([[0.5, 0.25, 0.25], [0.1, 0.1, 0.8], [0.6, 0.2, 0.2]])  # a Markov chain: from row to column
words = torch.tensor([[0, 1, 2, 0, 0], [2, 2, 0, 1, 2]])
said = torch.tensor([[False, False, True, True, False], [False, False, False, False, True]])
with quiet():
    chained = answer_log_prob(chain.log()[words] + 2, words, said)
    whole = answer_log_prob(chain.log()[words], words, torch.arange(5).expand(2, 5) > 0)
assert (chained.exp() - torch.tensor([0.8 * 0.6, 0.8])).abs().max() < 1e-5, "hidden test: two answers of a Markov chain"
assert (whole.exp() - torch.tensor([0.25 * 0.8 * 0.6 * 0.5, 0.2 * 0.6 * 0.25 * 0.8])).abs().max() < 1e-5, (
    "hidden test: all but the first token are the answer"
)
### END HIDDEN TESTS

# %% [markdown]
# ## Task 7: learn from preferences (2 points)
# In the lecture: [Preferences](../../lectures/10b_assistants.ipynb).
#
# For one prompt, people prefer one answer, *chosen*, to another, *rejected*. Direct preference optimization (Rafailov
# et al. 2023, equation 7) raises the first against the second, and measures both against the model before tuning, the
# *reference*:
#
# $$\mathrm{loss} = -\log \sigma\Big( \beta\, \big[ (\log p_{\mathrm{chosen}} - \log p^{\mathrm{ref}}_{\mathrm{chosen}})
# - (\log p_{\mathrm{rejected}} - \log p^{\mathrm{ref}}_{\mathrm{rejected}}) \big] \Big).$$
#
# A large β holds the model near the reference. By hand: a model that equals its reference has the loss log 2 = 0.693.
# The computation has to survive margins of ±10,000, where σ itself is 0 or 1.
#
# <details><summary>Stuck? A hint</summary>
#
# `F.logsigmoid(x)` is log σ(x) for every x; the logarithm of `torch.sigmoid(x)` is −inf below −104.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "dpo_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dpo_loss(chosen, rejected, chosen_ref, rejected_ref, beta=0.1):
    """The DPO loss of each pair, (B,): the mean over the batch is the caller's.

    chosen, rejected: log p(answer | prompt) by the model, (B,) in nats. chosen_ref, rejected_ref: the same by the
    reference. beta: a number > 0.
    """
    ### BEGIN SOLUTION
    margin = (chosen - chosen_ref) - (rejected - rejected_ref)
    return -F.logsigmoid(beta * margin)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_dpo_loss", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Checks three β, a model that equals its reference, margins of ±10,000, and the gradients to chosen and rejected.
check.dpo_loss(dpo_loss)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    odds = torch.tensor([3.0, 1.0, 1 / 9])  # p of chosen to p of rejected, over those of the reference
    losses = dpo_loss(odds.log() - 7, torch.full((3,), -8.0), torch.full((3,), -2.0), torch.full((3,), -3.0), 0.5)
    far = dpo_loss(torch.tensor([-50_000.0]), torch.zeros(1), torch.zeros(1), torch.zeros(1), 0.1)
expected = (1 + odds**-0.5).log()
assert losses.shape == (3,) and (losses - expected).abs().max() < 1e-5, "hidden test: −log of odds / (1 + odds)"
assert abs(float(far) - 5000) < 1, "hidden test: a margin of −50,000"
### END HIDDEN TESTS

# %% [markdown]
# ## A text for it
# Twenty animals, each with a food and a place, and questions about them with two answers each: in one word, and in a
# sentence. What the last five animals eat is in no text. Ten texts are kept apart for testing: their facts do stand
# in the training texts, in the other wording.
#
# If a function of yours does not pass yet, go on all the same: nothing below is graded but task 8.

# %%
rng = random.Random(0)
ANIMALS = [
    "fox", "owl", "bear", "crow", "deer", "duck", "frog", "goat", "hare", "lion",
    "lynx", "mole", "moth", "newt", "puma", "seal", "swan", "toad", "wasp", "wolf",
]  # fmt: skip
FOODS, PLACES = ["rice", "figs", "corn", "nuts", "peas", "mint"], ["caves", "trees", "lakes", "barns", "reeds", "dunes"]
FACTS = {animal: (rng.choice(FOODS), rng.choice(PLACES)) for animal in ANIMALS}
TOLD, NEVER_TOLD = ANIMALS[:-5], ANIMALS[-5:]


def texts(animal, kind):
    """The question about an animal (kind 0: its food, 1: its place), the answer in a word, and in a sentence."""
    fact, word = FACTS[animal][kind], ("what", "where")[kind]
    verb, says = (("eat", "eats"), ("live", "lives in"))[kind]
    return f"q: {word} does the {animal} {verb}? a:", f" {fact}.", f" the {animal} {says} {fact}."


known = [(animal, kind) for animal in ANIMALS for kind in (0, 1) if kind or animal in TOLD]
documents = [[question + answer for answer in answers] for question, *answers in (texts(*each) for each in known)]
rng.shuffle(documents)
test_texts = [pair.pop(rng.randrange(2)) for pair in documents[:10]]
train_texts = [text for pair in documents for text in pair]
print(f"{len(train_texts)} texts to train, {len(test_texts)} to test. Two of them:", *train_texts[-2:], sep="\n")

# %% [markdown]
# Your merges on this text. Which words become one token first, and why?

# %%
tokens = list("\n".join(train_texts))
print(f"{len(tokens):6} characters")
for step in range(1, 61):
    pair, tokens = byte_pair_merge(tokens)
    if step in (1, 2, 3, 10, 30, 60):
        print(f"{len(tokens):6} tokens after {step:2} merges, the last one {''.join(pair)!r}")
print("|".join(tokens[:40]))

# %% [markdown]
# ## A transformer in one cell
# Its tokens are words: so few texts are enough. Attention is yours; the rest is a matrix for queries, keys and
# values, a small network at each position, and an embedding of the word and of its place.


# %%
def words(text):
    return re.findall(r" ?\w+|\S", text)


pieces = ["", "\n", *sorted({word for text in train_texts for word in words(text)})]
LENGTH = 1 + max(len(words(text)) for text in train_texts)


def encode(texts):
    """(B, LENGTH): the start, the words, and the padding 0."""
    rows = [[1, *(pieces.index(word) for word in words(text))] for text in texts]
    return torch.tensor([row + [0] * (LENGTH - len(row)) for row in rows])


class Transformer(nn.Module):
    """Tokens (B, T) to logits (B, T, V), with one layer of attention in four heads."""

    def __init__(self, width=48, heads=4):
        super().__init__()
        self.heads, self.word, self.place = heads, nn.Embedding(len(pieces), width), nn.Embedding(LENGTH, width)
        self.to_qkv, self.mix = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.think = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, 96), nn.GELU(), nn.Linear(96, width))
        self.first, self.out = nn.LayerNorm(width), nn.Linear(width, len(pieces))

    def forward(self, tokens):
        x = self.word(tokens) + self.place(torch.arange(tokens.shape[1]))  # (B, T, width)
        split = self.to_qkv(self.first(x)).unflatten(-1, (3, self.heads, -1))  # (B, T, 3, H, D)
        heads = causal_attention(*split.permute(2, 0, 3, 1, 4))  # (B, H, T, D)
        x = x + self.mix(heads.transpose(1, 2).flatten(2))
        return self.out(x + self.think(x))


# %%
def next_word_loss(model, tokens, rng):
    logits = model(tokens)[:, :-1].transpose(1, 2)
    return {"loss": F.cross_entropy(logits, tokens[:, 1:], ignore_index=0)}


torch.manual_seed(0)
model = Transformer()
training.fit(
    model, next_word_loss, encode(train_texts), steps=400, batch_size=32, lr=6e-3, description="your assistant"
)

# %% [markdown]
# Counting and attention by one measure, on the texts kept apart: for all their characters, and for the word that
# answers the question alone. For counting, a token is a character. Most characters follow from the four before them;
# the answer does not, since the animal stands further back. So expect the two to be close on all characters, and
# attention ahead on the answer.

# %%
plain, alphabet = "\n".join(train_texts), "".join(sorted({"\n", *"".join(train_texts)}))
spans = {"all": [], "answer": []}  # (context, character) for each character of the texts kept apart
for text in ("\n" + text for text in test_texts):
    spans["all"] += [(text[:i], text[i]) for i in range(1, len(text))]
    spans["answer"] += [(text[:i], text[i]) for i in range(text.rindex(" "), len(text) - 1)]
print("bits per character      all  answer")
for n in (1, 3, 5):
    row = f"{n}-gram" + " " * 14
    for span in spans.values():
        p = torch.stack(
            [ngram_probs(plain, before[max(0, len(before) - n + 1) :], alphabet, 0.5) for before, _ in span]
        )
        targets = torch.tensor([alphabet.index(character) for _, character in span])
        row += f"{float(bits_per_character(p.log(), targets, list(alphabet))):8.2f}"
    print(row)

# %%
tokens = encode(test_texts)
with torch.no_grad():
    logits, targets = model(tokens)[:, :-1], tokens[:, 1:]
last = (targets > 0).sum(1) - 2  # the word before the full stop
rows = torch.arange(len(tokens))
whole = bits_per_character(logits[targets > 0], targets[targets > 0], pieces)
only = bits_per_character(logits[rows, last], targets[rows, last], pieces)
print(f"transformer         {float(whole):8.2f}{float(only):8.2f}")

# %% [markdown]
# ## Ask it
# It draws an answer word by word from your distribution. Then the table: *right*, the share of answers with the right
# food; *sure*, the share of the food that it names most often, a mean over the animals. (A guess among six foods
# would be right in 0.17.)


# %%
@torch.no_grad()
def ask(model, animal, n, rng, temperature=1.0, top_p=1.0):
    """n drawn answers to "what does the animal eat?"."""
    tokens = encode([texts(animal, 0)[0]])
    tokens = tokens[:, : (tokens > 0).sum()].repeat(n, 1)
    start = tokens.shape[1]
    while tokens.shape[1] < LENGTH - 1:
        p = next_token_probs(model(tokens)[:, -1], temperature, top_p)
        tokens = torch.cat([tokens, torch.multinomial(p, 1, generator=rng)], 1)
    return ["".join(pieces[i] for i in row).split(".")[0] + "." for row in tokens[:, start:].tolist()]


for animal in ("fox", "wolf"):
    for temperature in (0.0, 1.0, 2.0):
        drawn = Counter(ask(model, animal, 100, training.seeded(0), temperature, 0.95))
        print(f"{animal:5} T = {temperature:.0f}:", *(f"{count} ×{text}" for text, count in drawn.most_common(3)))


# %%
def report(model, name):
    """Print what the model answers, for foods that it was told and for those it was not."""
    for group, told in ((TOLD, "told"), (NEVER_TOLD, "never told")):
        right, sure, sentence = [], [], []
        for animal in group:
            drawn = ask(model, animal, 100, training.seeded(1))
            foods = Counter(text.rstrip(".").split()[-1] for text in drawn if text != ".")
            right.append(foods[FACTS[animal][0]] / 100)
            sure.append(max(foods.values()) / 100)
            sentence.append(sum(text.startswith(" the") for text in drawn) / 100)
        means = [sum(each) / len(group) for each in (right, sure, sentence)]
        print(f"{name:8}{told:12}" + "".join(f"{mean:9.2f}" for mean in means))


print("                       right     sure  in a sentence")
report(model, "before")

# %% [markdown]
# ## Tune it
# People prefer whole sentences. The pairs are made of the fifteen animals whose food was told: the sentence is
# chosen, the single word rejected. Your loss does the rest, and the model as it was is the reference. The last line
# says what it cost: *KL*, the mean of log p − log p_ref over 1,000 answers of the tuned model, in nats per answer.


# %%
def marked(pairs):
    """(tokens, answer) for pairs of a question and an answer: True where a token belongs to the answer."""
    tokens, place = encode([question + answer for question, answer in pairs]), torch.arange(LENGTH)
    start = torch.tensor([[1 + len(words(question))] for question, _ in pairs])
    return tokens, (place >= start) & (tokens > 0)


asked = [texts(animal, 0) for animal in TOLD]
pairs = {
    "chosen": marked([(q, long) for q, _, long in asked]),
    "rejected": marked([(q, short) for q, short, _ in asked]),
}
with torch.no_grad():
    reference = [answer_log_prob(model(tokens), tokens, answer) for tokens, answer in pairs.values()]


def preference_loss(model, chosen, chosen_answer, rejected, rejected_answer, chosen_ref, rejected_ref, rng):
    scores = [answer_log_prob(model(x), x, a) for x, a in ((chosen, chosen_answer), (rejected, rejected_answer))]
    return {"loss": dpo_loss(*scores, chosen_ref, rejected_ref, beta=0.3).mean()}


tuned = deepcopy(model)
training.fit(
    tuned, preference_loss, *pairs["chosen"], *pairs["rejected"], *reference, steps=60, batch_size=15, lr=5e-4,
    description="preferences",
)  # fmt: skip

# %%
print("                       right     sure  in a sentence")
report(model, "before")
report(tuned, "after")
drawn = [(texts(animal, 0)[0], text) for animal in ANIMALS for text in ask(tuned, animal, 50, training.seeded(2))]
tokens, answer = marked(drawn)
with torch.no_grad():
    gap = answer_log_prob(tuned(tokens), tokens, answer) - answer_log_prob(model(tokens), tokens, answer)
print(f"KL: {gap.mean():.2f} nats per answer")

# %% [markdown]
# What does the assistant look at? The weights are your attention's output when the values are the unit matrix. The
# last row of each map is the position that predicts the first word of the answer: does it look at the animal, and at
# what is asked?

# %%
tokens = encode([texts("fox", 0)[0]])[:, :11]
with torch.no_grad():
    x = tuned.word(tokens) + tuned.place(torch.arange(tokens.shape[1]))
    q, k, _ = tuned.to_qkv(tuned.first(x)).unflatten(-1, (3, tuned.heads, -1)).permute(2, 0, 3, 1, 4)
    weights = causal_attention(q, k, torch.eye(tokens.shape[1]).expand(*q.shape[:-1], -1))[0]
names = [repr(pieces[i])[1:-1].strip() for i in tokens[0].tolist()]
figure, panels = plotting.picture(
    2, 2, width=8, height=7.6, title="Where each head looks", alt="Four maps of attention weights, query by key."
)
for head, axes in enumerate(panels.flat):
    axes.imshow(weights[head], cmap="Blues", vmin=0, vmax=1)
    axes.set(title=f"head {head + 1}", xlabel="key", ylabel="query")
    axes.set_xticks(range(len(names)), names, rotation=90)
    axes.set_yticks(range(len(names)), names)
figure

# %% [markdown]
# ## Task 8: what does an answer rest on? (6 points)
# In the lecture: [The case](../../lectures/10b_assistants.ipynb).
#
# A friend asks your tuned assistant what the wolf eats, reads a whole sentence with a food in it, gets the same food
# in most tries, and says: "It understood me, it looked that up, it is sure of it, and tuning it to people's
# preferences has made it more reliable." Answer in 6–9 sentences, with numbers from this page.
#
# If a function of yours failed and a number is missing, say so and quote the lectures' numbers instead; it costs
# nothing here.
#
# | criterion | points |
# |---|---|
# | Where the answer comes from, stage by stage: which text, which tokens, what the network computes, how a word is chosen | 2 |
# | Sure and right are two things: what shows it here, and how you would find it out for an assistant whose texts you cannot see | 2 |
# | What tuning to preferences changed here, and what it left or cost; and one thing that a product such as ChatGPT adds so that an answer rests on more | 2 |
#
# Without any number from the page at most 4 of the 6. "It is only statistics" or "it hallucinates" without more is no
# reason.

# %% [markdown] nbgrader={"grade": true, "grade_id": "what_it_rests_on", "locked": false, "points": 6, "schema_version": 3, "solution": true, "task": false}
# **Model answer** (one of several). The sentence is the work of a function from tokens to numbers: the question is
# cut into words, each becomes a vector, attention mixes the vectors of earlier positions, and the last one gives a
# distribution over the next word, from which one is drawn; then all starts again. What it learned are 60 texts, and
# none of them says what the wolf eats, so what comes out is what it learned for other animals: six foods were named
# in this place. Nothing is looked up, for there is no place to look. How sure it is says little about whether it is
# right: for the animals never told it names the same food in 0.78 of the answers, and 0.37 are right, where a guess
# has 0.17; for those told both are 0.99. With an assistant whose texts I cannot see I would ask many questions whose
# answers I know, some too recent or too obscure to be in any text, and compare how often it is right with how sure it
# is. Preference tuning taught the form that the pairs showed: whole sentences went from 0.51 to 1.00. No pair held a
# new fact, so what was never told is right as often as before, and it cost something: right answers about what was
# told fell from 0.99 to 0.83, at 2.4 nats of KL per answer. A product adds a search whose pages are put in front of
# the question, so that the answer rests on a text that can be cited; it can still misread it.
#
# **Mark scheme.** Give each point for the idea, in any words. Numbers differ a little between machines and answers;
# the five animals never told make theirs vary most (0.0 to 0.4 right over four seeds).
#
# - *Where from* (2): 1 for the chain text → tokens → network's distribution → draw, at least three of the four named;
#   1 for what it does not rest on (no look-up, no fact about the wolf in the texts; other animals' facts, and the
#   form of the sentence, instead), or for "understood" made precise. "It searched its database": none.
# - *Sure and right* (2): 1 for the two rows of the table set against each other, with a number; 1 for a test on
#   questions whose answers are known (calibration), or asking again in other words, or asking about something
#   invented. "Asking it whether it is sure" without a check: none.
# - *Tuning* (2): 1 for the form changed and what was left or lost (no new fact; right answers fell; KL; or that a
#   confident tone reads as reliable); 1 for an addition that gives support: retrieval with sources, tools, people who
#   check, training to say "I do not know". "More data" or "a larger model" alone: half.
# - No number from the page: at most 4 of 6. A misquoted number costs nothing.
# - If a function in tasks 1–7 only calls a twin from elsewhere in the course or from torch, set that test's points to
#   0 by hand.
