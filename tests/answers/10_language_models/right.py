# ruff: noqa: B905, E402, F811, RUF007
"""Right answers to assignment 10, several for each question: `# %% question: how it is done`."""

import math
import re
from collections import Counter
from itertools import pairwise

import torch
from torch.nn import functional as F


# %% byte_pair_merge: as in the hint
def byte_pair_merge(tokens):
    counts = Counter(zip(tokens, tokens[1:]))
    best = max(counts, key=counts.get)
    out, i = [], 0
    while i < len(tokens):
        if i + 1 < len(tokens) and (tokens[i], tokens[i + 1]) == best:
            out.append(best[0] + best[1])
            i += 2
        else:
            out.append(tokens[i])
            i += 1
    return best, out


# %% byte_pair_merge: most_common, whose order among equals is that of insertion; the pair as a list
def byte_pair_merge(tokens):
    [(pair, _)] = Counter(pairwise(tokens)).most_common(1)
    merged, rest = [], list(tokens)
    while rest:
        if rest[:2] == list(pair):
            merged.append("".join(rest[:2]))
            del rest[:2]
        else:
            merged.append(rest.pop(0))
    return list(pair), merged


# %% byte_pair_merge: an explicit search for the first of the most frequent
def byte_pair_merge(tokens):
    counts, first = {}, {}
    for i in range(len(tokens) - 1):
        pair = tokens[i], tokens[i + 1]
        counts[pair] = counts.get(pair, 0) + 1
        first.setdefault(pair, i)
    pair = sorted(counts, key=lambda each: (-counts[each], first[each]))[0]
    merged, skip = [], False
    for left, right in zip(tokens, [*tokens[1:], None]):
        if skip:
            skip = False
        elif (left, right) == pair:
            merged.append(left + right)
            skip = True
        else:
            merged.append(left)
    return pair, merged


# %% byte_pair_merge: a stack that remembers what was made just now
from collections import defaultdict


def byte_pair_merge(tokens):
    counts = defaultdict(int)
    for pair in pairwise(tokens):
        counts[pair] += 1
    highest = max(counts.values())
    left, right = next(pair for pair in counts if counts[pair] == highest)
    merged, fresh = [], False
    for token in tokens:
        if merged and not fresh and merged[-1] == left and token == right:
            merged[-1], fresh = left + right, True
        else:
            merged.append(token)
            fresh = False
    return (left, right), merged


# %% ngram_probs: as in the formula, character by character
def ngram_probs(text, context, alphabet, alpha=1.0):
    p = [1 / len(alphabet)] * len(alphabet)
    for k in range(len(context) + 1):
        h = context[len(context) - k :]
        counts = [sum(text.startswith(h + c, i) for i in range(len(text))) for c in alphabet]
        p = [(count + alpha * before) / (sum(counts) + alpha) for count, before in zip(counts, p)]
    return torch.tensor(p)


# %% ngram_probs: recursive, with a regular expression that looks ahead
import numpy as np


def ngram_probs(text, context, alphabet, alpha=1.0):
    shorter = ngram_probs(text, context[1:], alphabet, alpha) if context else np.ones(len(alphabet)) / len(alphabet)
    found = re.findall(f"(?={re.escape(context)}(.))", text, re.DOTALL)
    counts = np.array([found.count(c) for c in alphabet])
    return (counts + alpha * shorter) / (counts.sum() + alpha)


# %% ngram_probs: the weights of a mean
def ngram_probs(text, context, alphabet, alpha=1.0):
    p = torch.ones(len(alphabet), dtype=torch.float64) / len(alphabet)
    for start in range(len(context), -1, -1):
        h = context[start:]
        counts = torch.zeros(len(alphabet), dtype=torch.float64)
        for i in range(len(h), len(text)):
            if text[i - len(h) : i] == h:
                counts[alphabet.index(text[i])] += 1
        n = counts.sum()
        if n > 0:
            p = n / (n + alpha) * (counts / n) + alpha / (n + alpha) * p
    return p


# %% ngram_probs: a dictionary of counts, a plain list
from collections import defaultdict


def ngram_probs(text, context, alphabet, alpha=1.0):
    p = {c: 1 / len(alphabet) for c in alphabet}
    for k in range(len(context) + 1):
        h = context[-k:] if k else ""
        count = defaultdict(int)
        for i in range(len(text) - k):
            if text[i : i + k] == h:
                count[text[i + k]] += 1
        total = sum(count.values())
        p = {c: (count[c] + alpha * p[c]) / (total + alpha) for c in alphabet}
    return list(p.values())


# %% causal_attention: as in the hint
def causal_attention(q, k, v):
    T = q.shape[-2]
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    later = torch.ones(T, T, dtype=torch.bool).triu(1)
    return F.softmax(scores.masked_fill(later, float("-inf")), dim=-1) @ v


# %% causal_attention: einsum, a mask that is added
def causal_attention(q, k, v):
    scores = torch.einsum("...td,...sd->...ts", q, k) * q.size(-1) ** -0.5
    T = scores.size(-1)
    scores = scores + torch.full((T, T), -torch.inf, dtype=q.dtype).triu(1)
    return torch.einsum("...ts,...se->...te", torch.softmax(scores, -1), v)


# %% causal_attention: position by position, the future cut off
def causal_attention(q, k, v):
    rows = []
    for t in range(q.shape[-2]):
        scores = (q[..., t : t + 1, :] * k[..., : t + 1, :]).sum(-1) / q.shape[-1] ** 0.5
        weights = scores.softmax(-1)
        rows.append((weights[..., None] * v[..., : t + 1, :]).sum(-2))
    return torch.stack(rows, dim=-2)


# %% causal_attention: the query scaled, a very negative number for −inf, tril
def causal_attention(q, k, v):
    T = q.shape[-2]
    allowed = torch.tril(torch.ones(T, T))
    scores = (q / q.shape[-1] ** 0.5) @ k.swapaxes(-1, -2)
    weights = torch.where(allowed == 0, torch.finfo(q.dtype).min, scores).softmax(-1)
    return torch.matmul(weights, v)


# %% causal_attention: exp, the largest score subtracted by hand
def causal_attention(q, k, v):
    place = torch.arange(q.shape[-2])
    scores = (q @ k.mT).div(math.sqrt(q.shape[-1])).masked_fill(place[:, None] < place, -math.inf)
    weights = (scores - scores.amax(-1, keepdim=True)).exp()
    return weights @ v / weights.sum(-1, keepdim=True)


# %% bits_per_character: as in the hint
def bits_per_character(logits, targets, pieces):
    nats = F.cross_entropy(logits, targets, reduction="sum")
    return nats / (math.log(2) * sum(len(pieces[i]) for i in targets))


# %% bits_per_character: log2 of log_softmax, a Python number
def bits_per_character(logits, targets, pieces):
    log_p = logits.log_softmax(1)
    bits = sum(-log_p[t, token].item() * math.log2(math.e) for t, token in enumerate(targets.tolist()))
    return bits / len("".join(pieces[i] for i in targets.tolist()))


# %% bits_per_character: the mean for each token, and the mean length of a token
import numpy as np


def bits_per_character(logits, targets, pieces):
    lengths = torch.tensor([len(piece) for piece in pieces]).double()
    return F.cross_entropy(logits, targets) / lengths[targets].mean() / np.log(2)


# %% bits_per_character: torch.distributions, numpy at the end
import numpy as np


def bits_per_character(logits, targets, pieces):
    log_p = torch.distributions.Categorical(logits=logits).log_prob(targets).numpy()
    return -np.sum(log_p) / np.log(2) / sum(map(len, map(pieces.__getitem__, targets)))


# %% next_token_probs: as in the hint
def next_token_probs(logits, temperature=1.0, top_p=1.0):
    if temperature == 0:
        p = torch.zeros_like(logits)
        p[torch.arange(len(logits)), logits.argmax(1)] = 1
        return p
    p = F.softmax(logits / temperature, dim=-1)
    ordered, index = torch.sort(p, dim=-1, descending=True)
    ordered = torch.where(ordered.cumsum(-1) - ordered < top_p, ordered, 0)
    kept = torch.zeros_like(p).scatter_(-1, index, ordered)
    return kept / kept.sum(-1, keepdim=True)


# %% next_token_probs: logits masked by −inf, a second softmax of those
def next_token_probs(logits, temperature=1.0, top_p=1.0):
    if temperature == 0:
        return (logits == logits.max(dim=-1, keepdim=True).values).to(logits.dtype)
    logits = logits / temperature
    ordered, index = logits.sort(-1, descending=True)
    p = ordered.softmax(-1)
    drop = p.cumsum(-1) - p >= top_p
    ordered = ordered.masked_fill(drop, float("-inf"))
    return ordered.gather(-1, index.argsort(-1)).softmax(-1)


# %% next_token_probs: row by row, token by token
def next_token_probs(logits, temperature=1.0, top_p=1.0):
    rows = []
    for row in logits:
        out = torch.zeros_like(row)
        if temperature == 0:
            out[row.argmax()] = 1
        else:
            p, total = (row / temperature).softmax(0), 0.0
            for i in p.argsort(descending=True).tolist():
                if total >= top_p:
                    break
                out[i] = p[i]
                total += float(p[i])
        rows.append(out / out.sum())
    return torch.stack(rows)


# %% next_token_probs: probabilities to the power 1 / T, the cut shifted by one
def next_token_probs(logits, temperature=1.0, top_p=1.0):
    if not temperature:
        return F.one_hot(logits.argmax(-1), logits.shape[-1]).type_as(logits)
    p = (logits.log_softmax(-1) / temperature).softmax(-1)
    ordered, index = p.sort(-1, descending=True)
    over = ordered.cumsum(-1) >= top_p
    remove = torch.cat([torch.zeros_like(over[:, :1]), over[:, :-1]], 1)
    p = p.masked_fill(torch.zeros_like(remove).scatter(1, index, remove), 0)
    return p / p.sum(1, keepdim=True)


# %% next_token_probs: a threshold for each row, searchsorted
def next_token_probs(logits, temperature=1.0, top_p=1.0):
    if temperature < 1e-8:
        return torch.eye(logits.shape[1], dtype=logits.dtype)[logits.argmax(1)]
    p = torch.softmax(logits / temperature, 1)
    ordered = p.sort(1, descending=True).values
    last = torch.searchsorted(ordered.cumsum(1), torch.full((len(p), 1), top_p, dtype=p.dtype))
    threshold = ordered.gather(1, last.clamp(max=p.shape[1] - 1))
    p = p * (p >= threshold)
    return F.normalize(p, p=1, dim=1)


# %% answer_log_prob: as in the hint
def answer_log_prob(logits, tokens, answer):
    log_p = logits[:, :-1].log_softmax(-1)
    picked = log_p.gather(2, tokens[:, 1:].unsqueeze(2)).squeeze(2)
    return (picked * answer[:, 1:]).sum(dim=1)


# %% answer_log_prob: cross_entropy, masked by 0
def answer_log_prob(logits, tokens, answer):
    nats = F.cross_entropy(logits[:, :-1].transpose(1, 2), tokens[:, 1:], reduction="none")
    return -nats.masked_fill(~answer[:, 1:], 0).sum(1)


# %% answer_log_prob: ignore_index for all that is no answer
def answer_log_prob(logits, tokens, answer):
    labels = torch.where(answer, tokens, -100)[:, 1:]
    sums = [F.cross_entropy(z, y, reduction="sum", ignore_index=-100) for z, y in zip(logits[:, :-1], labels)]
    return -torch.stack(sums)


# %% answer_log_prob: row by row, token by token
def answer_log_prob(logits, tokens, answer):
    total = [row.sum() * 0 for row in logits]
    for b in range(tokens.shape[0]):
        for t in range(1, tokens.shape[1]):
            if answer[b, t]:
                total[b] = total[b] + logits[b, t - 1].log_softmax(0)[tokens[b, t]]
    return torch.stack(total)


# %% dpo_loss: as in the formula
def dpo_loss(chosen, rejected, chosen_ref, rejected_ref, beta=0.1):
    return -F.logsigmoid(beta * ((chosen - chosen_ref) - (rejected - rejected_ref)))


# %% dpo_loss: softplus of the negative margin, other order
def dpo_loss(chosen, rejected, chosen_ref, rejected_ref, beta=0.1):
    rewards = beta * (chosen - chosen_ref), beta * (rejected - rejected_ref)
    return F.softplus(rewards[1] - rewards[0])


# %% dpo_loss: binary cross-entropy with the label 1
def dpo_loss(chosen, rejected, chosen_ref, rejected_ref, beta=0.1):
    logits = beta * ((chosen - rejected) - (chosen_ref - rejected_ref))
    return F.binary_cross_entropy_with_logits(logits, torch.ones_like(logits), reduction="none")


# %% dpo_loss: logaddexp of two rewards
def dpo_loss(chosen, rejected, chosen_ref, rejected_ref, beta=0.1):
    won, lost = beta * (chosen - chosen_ref), beta * (rejected - rejected_ref)
    return torch.logaddexp(won, lost) - won


# %% dpo_loss: cross_entropy of two answers
def dpo_loss(chosen, rejected, chosen_ref, rejected_ref, beta=0.1):
    rewards = beta * torch.stack([chosen - chosen_ref, rejected - rejected_ref], 1)
    return F.cross_entropy(rewards, torch.zeros(len(rewards), dtype=torch.long), reduction="none")
