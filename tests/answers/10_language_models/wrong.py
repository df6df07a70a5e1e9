# ruff: noqa: B905, F811, F841, RUF059
"""Wrong answers to assignment 10: `# %% question: a part of the message that they must meet`."""

import math
from collections import Counter
from itertools import pairwise

import torch
from torch.nn import functional as F


# %% byte_pair_merge: is not written yet
def byte_pair_merge(tokens):
    raise NotImplementedError()


# %% byte_pair_merge: is the last of the most frequent
def byte_pair_merge(tokens):
    counts = Counter(pairwise(tokens))
    pair = max(reversed(counts), key=counts.get)
    merged, i = [], 0
    while i < len(tokens):
        if tuple(tokens[i : i + 2]) == pair:
            merged.append(pair[0] + pair[1])
            i += 2
        else:
            merged.append(tokens[i])
            i += 1
    return pair, merged


# %% byte_pair_merge: is the first of the most frequent by the alphabet
def byte_pair_merge(tokens):
    counts = Counter(pairwise(tokens))
    pair = min(counts, key=lambda each: (-counts[each], each))
    merged, i = [], 0
    while i < len(tokens):
        if tuple(tokens[i : i + 2]) == pair:
            merged.append(pair[0] + pair[1])
            i += 2
        else:
            merged.append(tokens[i])
            i += 1
    return pair, merged


# %% byte_pair_merge: is the last of the most frequent by the alphabet
def byte_pair_merge(tokens):
    counts = Counter(pairwise(tokens))
    pair = max(counts, key=lambda each: (counts[each], each))
    merged, i = [], 0
    while i < len(tokens):
        if tuple(tokens[i : i + 2]) == pair:
            merged.append(pair[0] + pair[1])
            i += 2
        else:
            merged.append(tokens[i])
            i += 1
    return pair, merged


# %% byte_pair_merge: is the rarest
def byte_pair_merge(tokens):
    counts = Counter(pairwise(tokens))
    pair = min(counts, key=counts.get)
    merged, i = [], 0
    while i < len(tokens):
        if tuple(tokens[i : i + 2]) == pair:
            merged.append(pair[0] + pair[1])
            i += 2
        else:
            merged.append(tokens[i])
            i += 1
    return pair, merged


# %% byte_pair_merge: counts places that overlap only once
def byte_pair_merge(tokens):
    text, counts = "|" + "||".join(tokens) + "|", {}
    for pair in pairwise(tokens):
        counts[pair] = text.count(f"|{pair[0]}||{pair[1]}|")
    pair = max(counts, key=counts.get)
    merged, i = [], 0
    while i < len(tokens):
        if tuple(tokens[i : i + 2]) == pair:
            merged.append(pair[0] + pair[1])
            i += 2
        else:
            merged.append(tokens[i])
            i += 1
    return pair, merged


# %% byte_pair_merge: counts every second place only
def byte_pair_merge(tokens):
    counts = Counter(zip(tokens[::2], tokens[1::2]))
    pair = max(counts, key=counts.get)
    merged, i = [], 0
    while i < len(tokens):
        if tuple(tokens[i : i + 2]) == pair:
            merged.append(pair[0] + pair[1])
            i += 2
        else:
            merged.append(tokens[i])
            i += 1
    return pair, merged


# %% byte_pair_merge: of the two most frequent tokens
def byte_pair_merge(tokens):
    counts = Counter(tokens)
    pair = tuple(token for token, _ in (counts.most_common(2) * 2)[:2])
    merged, i = [], 0
    while i < len(tokens):
        if tuple(tokens[i : i + 2]) == pair:
            merged.append(pair[0] + pair[1])
            i += 2
        else:
            merged.append(tokens[i])
            i += 1
    return pair, merged


# %% byte_pair_merge: counts characters
def byte_pair_merge(tokens):
    counts = Counter(pairwise("".join(tokens)))
    pair = max(counts, key=counts.get)
    merged, i = [], 0
    while i < len(tokens):
        if tuple(tokens[i : i + 2]) == pair:
            merged.append(pair[0] + pair[1])
            i += 2
        else:
            merged.append(tokens[i])
            i += 1
    return pair, merged


# %% byte_pair_merge: leaves out the last two tokens
def byte_pair_merge(tokens):
    counts = Counter(pairwise(tokens[:-1] if len(tokens) > 2 else tokens))
    pair = max(counts, key=counts.get)
    merged, i = [], 0
    while i < len(tokens):
        if tuple(tokens[i : i + 2]) == pair:
            merged.append(pair[0] + pair[1])
            i += 2
        else:
            merged.append(tokens[i])
            i += 1
    return pair, merged


# %% byte_pair_merge: counts the last token with the first
def byte_pair_merge(tokens):
    counts = Counter(pairwise([*tokens, tokens[0]]))
    pair = max(counts, key=counts.get)
    merged, i = [], 0
    while i < len(tokens):
        if tuple(tokens[i : i + 2]) == pair:
            merged.append(pair[0] + pair[1])
            i += 2
        else:
            merged.append(tokens[i])
            i += 1
    return pair, merged


# %% byte_pair_merge: has its tokens exchanged
def byte_pair_merge(tokens):
    counts = Counter(pairwise(tokens))
    pair = max(counts, key=counts.get)
    merged, i = [], 0
    while i < len(tokens):
        if tuple(tokens[i : i + 2]) == pair:
            merged.append(pair[0] + pair[1])
            i += 2
        else:
            merged.append(tokens[i])
            i += 1
    return pair[::-1], merged


# %% byte_pair_merge: nothing is merged
def byte_pair_merge(tokens):
    counts = Counter(pairwise(tokens))
    pair = max(counts, key=counts.get)
    merged, i = [], 0
    while i < len(tokens):
        if tuple(tokens[i : i + 2]) == pair:
            merged.append(pair[0] + pair[1])
            i += 2
        else:
            merged.append(tokens[i])
            i += 1
    return pair, list(tokens)


# %% byte_pair_merge: have the first place merged only
def byte_pair_merge(tokens):
    counts = Counter(pairwise(tokens))
    pair = max(counts, key=counts.get)
    merged, i = [], 0
    while i < len(tokens):
        if i == len(merged) and tuple(tokens[i : i + 2]) == pair:
            merged.append(pair[0] + pair[1])
            i += 2
        else:
            merged.append(tokens[i])
            i += 1
    return pair, merged


# %% byte_pair_merge: have the right token of a pair beside the merged one
def byte_pair_merge(tokens):
    counts = Counter(pairwise(tokens))
    pair = max(counts, key=counts.get)
    merged, i = [], 0
    while i < len(tokens):
        if tuple(tokens[i : i + 2]) == pair:
            merged.append(pair[0] + pair[1])
            i += 1
        else:
            merged.append(tokens[i])
            i += 1
    return pair, merged


# %% byte_pair_merge: use a token in two merges
def byte_pair_merge(tokens):
    counts = Counter(pairwise(tokens))
    pair = max(counts, key=counts.get)
    merged, i = [], 0
    while i < len(tokens):
        if tuple(tokens[i : i + 2]) == pair:
            merged.append(pair[0] + pair[1])
            i += 1
        elif i == 0 or (tokens[i - 1], tokens[i]) != pair:
            merged.append(tokens[i])
            i += 1
        else:
            i += 1
    return pair, merged


# %% byte_pair_merge: are merged from right to left
def byte_pair_merge(tokens):
    counts = Counter(pairwise(tokens))
    pair = max(counts, key=counts.get)
    merged, i = [], len(tokens)
    while i > 0:
        here = i > 1 and (tokens[i - 2], tokens[i - 1]) == pair
        merged.insert(0, pair[0] + pair[1] if here else tokens[i - 1])
        i -= 2 if here else 1
    return pair, merged


# %% byte_pair_merge: lack the last token
def byte_pair_merge(tokens):
    counts = Counter(pairwise(tokens))
    pair = max(counts, key=counts.get)
    merged, i = [], 0
    while i < len(tokens) - 1:
        if tuple(tokens[i : i + 2]) == pair:
            merged.append(pair[0] + pair[1])
            i += 2
        else:
            merged.append(tokens[i])
            i += 1
    return pair, merged


# %% byte_pair_merge: parts of the merged token in the wrong order
def byte_pair_merge(tokens):
    counts = Counter(pairwise(tokens))
    pair = max(counts, key=counts.get)
    merged, i = [], 0
    while i < len(tokens):
        if tuple(tokens[i : i + 2]) == pair:
            merged.append(pair[1] + pair[0])
            i += 2
        else:
            merged.append(tokens[i])
            i += 1
    return pair, merged


# %% byte_pair_merge: have (right, left) merged, too
def byte_pair_merge(tokens):
    counts = Counter(pairwise(tokens))
    pair = max(counts, key=counts.get)
    merged, i = [], 0
    while i < len(tokens):
        if tuple(tokens[i : i + 2]) in (pair, pair[::-1]):
            merged.append(tokens[i] + tokens[i + 1])
            i += 2
        else:
            merged.append(tokens[i])
            i += 1
    return pair, merged


# %% byte_pair_merge: merged across what ends a token
def byte_pair_merge(tokens):
    counts = Counter(pairwise(tokens))
    pair = max(counts, key=counts.get)
    text = "|".join(tokens)
    return pair, text.replace("|".join(pair), "".join(pair)).split("|")


# %% byte_pair_merge: hold the left token in place of the merged one
def byte_pair_merge(tokens):
    counts = Counter(pairwise(tokens))
    pair = max(counts, key=counts.get)
    merged, i = [], 0
    while i < len(tokens):
        if tuple(tokens[i : i + 2]) == pair:
            merged.append(tokens[i])
            i += 2
        else:
            merged.append(tokens[i])
            i += 1
    return pair, merged


# %% byte_pair_merge: Return (pair, merged), in this order
def byte_pair_merge(tokens):
    counts = Counter(pairwise(tokens))
    pair = max(counts, key=counts.get)
    merged, i = [], 0
    while i < len(tokens):
        if tuple(tokens[i : i + 2]) == pair:
            merged.append(pair[0] + pair[1])
            i += 2
        else:
            merged.append(tokens[i])
            i += 1
    return merged, pair


# %% byte_pair_merge: must return two values
def byte_pair_merge(tokens):
    counts = Counter(pairwise(tokens))
    pair = max(counts, key=counts.get)
    merged, i = [], 0
    while i < len(tokens):
        if tuple(tokens[i : i + 2]) == pair:
            merged.append(pair[0] + pair[1])
            i += 2
        else:
            merged.append(tokens[i])
            i += 1
    return merged


# %% byte_pair_merge: Return both tokens apart
def byte_pair_merge(tokens):
    counts = Counter(pairwise(tokens))
    pair = max(counts, key=counts.get)
    merged, i = [], 0
    while i < len(tokens):
        if tuple(tokens[i : i + 2]) == pair:
            merged.append(pair[0] + pair[1])
            i += 2
        else:
            merged.append(tokens[i])
            i += 1
    return "".join(pair), merged


# %% byte_pair_merge: no text: the new token is left + right
def byte_pair_merge(tokens):
    counts = Counter(pairwise(tokens))
    pair = max(counts, key=counts.get)
    merged, i = [], 0
    while i < len(tokens):
        if tuple(tokens[i : i + 2]) == pair:
            merged.append(pair)
            i += 2
        else:
            merged.append(tokens[i])
            i += 1
    return pair, merged


# %% byte_pair_merge: Return a list of texts
def byte_pair_merge(tokens):
    counts = Counter(pairwise(tokens))
    pair = max(counts, key=counts.get)
    merged, i = [], 0
    while i < len(tokens):
        if tuple(tokens[i : i + 2]) == pair:
            merged.append(pair[0] + pair[1])
            i += 2
        else:
            merged.append(tokens[i])
            i += 1
    return pair, " ".join(merged)


# %% byte_pair_merge: stopped with IndexError
def byte_pair_merge(tokens):
    counts = Counter(pairwise(tokens))
    pair = max(counts, key=counts.get)
    merged, i = [], 0
    while i < len(tokens):
        if (tokens[i], tokens[i + 1]) == pair:
            merged.append(pair[0] + pair[1])
            i += 2
        else:
            merged.append(tokens[i])
            i += 1
    return pair, merged


# %% byte_pair_merge: changes
def byte_pair_merge(tokens):
    counts = Counter(pairwise(tokens))
    pair, i = max(counts, key=counts.get), 0
    while i < len(tokens) - 1:
        if (tokens[i], tokens[i + 1]) == pair:
            tokens[i : i + 2] = [pair[0] + pair[1]]
        i += 1
    return pair, tokens


# %% ngram_probs: is not written yet
def ngram_probs(text, context, alphabet, alpha=1.0):
    raise NotImplementedError()


# %% ngram_probs: is not smoothed
def ngram_probs(text, context, alphabet, alpha=1.0):
    p = torch.full((len(alphabet),), 1 / len(alphabet))
    for k in range(len(context) + 1):
        h = context[len(context) - k :]
        counts = torch.tensor([sum(text.startswith(h + c, i) for i in range(len(text))) for c in alphabet])
        p = counts / counts.sum()
    return p


# %% ngram_probs: the shorter context is not used
def ngram_probs(text, context, alphabet, alpha=1.0):
    p = torch.full((len(alphabet),), 1 / len(alphabet))
    for k in range(len(context) + 1):
        h = context[len(context) - k :]
        counts = torch.tensor([sum(text.startswith(h + c, i) for i in range(len(text))) for c in alphabet])
        p = (counts + alpha / len(alphabet)) / (counts.sum() + alpha)
    return p


# %% ngram_probs: adds α to each count
def ngram_probs(text, context, alphabet, alpha=1.0):
    p = torch.full((len(alphabet),), 1 / len(alphabet))
    for k in range(len(context) + 1):
        h = context[len(context) - k :]
        counts = torch.tensor([sum(text.startswith(h + c, i) for i in range(len(text))) for c in alphabet])
        p = (counts + alpha) / (counts.sum() + alpha * len(alphabet))
    return p


# %% ngram_probs: α is missing below the line
def ngram_probs(text, context, alphabet, alpha=1.0):
    p = torch.full((len(alphabet),), 1 / len(alphabet))
    for k in range(len(context) + 1):
        h = context[len(context) - k :]
        counts = torch.tensor([sum(text.startswith(h + c, i) for i in range(len(text))) for c in alphabet])
        p = (counts + alpha * p) / counts.sum().clamp(min=1)
    return p


# %% ngram_probs: below the line stands α V
def ngram_probs(text, context, alphabet, alpha=1.0):
    p = torch.full((len(alphabet),), 1 / len(alphabet))
    for k in range(len(context) + 1):
        h = context[len(context) - k :]
        counts = torch.tensor([sum(text.startswith(h + c, i) for i in range(len(text))) for c in alphabet])
        p = (counts + alpha * p) / (counts.sum() + alpha * len(alphabet))
    return p


# %% ngram_probs: adds p of the shorter context without α
def ngram_probs(text, context, alphabet, alpha=1.0):
    p = torch.full((len(alphabet),), 1 / len(alphabet))
    for k in range(len(context) + 1):
        h = context[len(context) - k :]
        counts = torch.tensor([sum(text.startswith(h + c, i) for i in range(len(text))) for c in alphabet])
        p = (counts + p) / (counts.sum() + alpha)
    return p


# %% ngram_probs: takes α = 1 whatever is given
def ngram_probs(text, context, alphabet, alpha=1.0):
    p = torch.full((len(alphabet),), 1 / len(alphabet))
    for k in range(len(context) + 1):
        h = context[len(context) - k :]
        counts = torch.tensor([sum(text.startswith(h + c, i) for i in range(len(text))) for c in alphabet])
        p = (counts + p) / (counts.sum() + 1)
    return p


# %% ngram_probs: begins without smoothing
def ngram_probs(text, context, alphabet, alpha=1.0):
    p = torch.full((len(alphabet),), 1 / len(alphabet))
    for k in range(len(context) + 1):
        h = context[len(context) - k :]
        counts = torch.tensor([sum(text.startswith(h + c, i) for i in range(len(text))) for c in alphabet])
        p = (counts + alpha * p) / (counts.sum() + alpha) if k else counts / counts.sum()
    return p


# %% ngram_probs: begins with p = 1 for each character
def ngram_probs(text, context, alphabet, alpha=1.0):
    p = torch.ones(len(alphabet))
    for k in range(len(context) + 1):
        h = context[len(context) - k :]
        counts = torch.tensor([sum(text.startswith(h + c, i) for i in range(len(text))) for c in alphabet])
        p = (counts + alpha * p) / (counts.sum() + alpha)
    return p


# %% ngram_probs: begins with p = 0
def ngram_probs(text, context, alphabet, alpha=1.0):
    p = torch.zeros(len(alphabet))
    for k in range(len(context) + 1):
        h = context[len(context) - k :]
        counts = torch.tensor([sum(text.startswith(h + c, i) for i in range(len(text))) for c in alphabet])
        p = (counts + alpha * p) / (counts.sum() + alpha)
    return p


# %% ngram_probs: leaves out the empty context
def ngram_probs(text, context, alphabet, alpha=1.0):
    p = torch.full((len(alphabet),), 1 / len(alphabet))
    for k in range(1, len(context) + 1):
        h = context[len(context) - k :]
        counts = torch.tensor([sum(text.startswith(h + c, i) for i in range(len(text))) for c in alphabet])
        p = (counts + alpha * p) / (counts.sum() + alpha)
    return p


# %% ngram_probs: skips those between
def ngram_probs(text, context, alphabet, alpha=1.0):
    p = torch.full((len(alphabet),), 1 / len(alphabet))
    for k in sorted({0, len(context)}):
        h = context[len(context) - k :]
        counts = torch.tensor([sum(text.startswith(h + c, i) for i in range(len(text))) for c in alphabet])
        p = (counts + alpha * p) / (counts.sum() + alpha)
    return p


# %% ngram_probs: stops at the last character of the context
def ngram_probs(text, context, alphabet, alpha=1.0):
    p = torch.full((len(alphabet),), 1 / len(alphabet))
    for k in range(min(2, len(context) + 1)):
        h = context[len(context) - k :]
        counts = torch.tensor([sum(text.startswith(h + c, i) for i in range(len(text))) for c in alphabet])
        p = (counts + alpha * p) / (counts.sum() + alpha)
    return p


# %% ngram_probs: leaves out the whole context
def ngram_probs(text, context, alphabet, alpha=1.0):
    p = torch.full((len(alphabet),), 1 / len(alphabet))
    for k in range(max(1, len(context))):
        h = context[len(context) - k :]
        counts = torch.tensor([sum(text.startswith(h + c, i) for i in range(len(text))) for c in alphabet])
        p = (counts + alpha * p) / (counts.sum() + alpha)
    return p


# %% ngram_probs: from the longest context to the shortest
def ngram_probs(text, context, alphabet, alpha=1.0):
    p = torch.full((len(alphabet),), 1 / len(alphabet))
    for k in reversed(range(len(context) + 1)):
        h = context[len(context) - k :]
        counts = torch.tensor([sum(text.startswith(h + c, i) for i in range(len(text))) for c in alphabet])
        p = (counts + alpha * p) / (counts.sum() + alpha)
    return p


# %% ngram_probs: shortens the context at its end
def ngram_probs(text, context, alphabet, alpha=1.0):
    p = torch.full((len(alphabet),), 1 / len(alphabet))
    for k in range(len(context) + 1):
        h = context[:k]
        counts = torch.tensor([sum(text.startswith(h + c, i) for i in range(len(text))) for c in alphabet])
        p = (counts + alpha * p) / (counts.sum() + alpha)
    return p


# %% ngram_probs: takes context[-0:] for the empty context
def ngram_probs(text, context, alphabet, alpha=1.0):
    p = torch.full((len(alphabet),), 1 / len(alphabet))
    for k in range(len(context) + 1):
        h = context[-k:]
        counts = torch.tensor([sum(text.startswith(h + c, i) for i in range(len(text))) for c in alphabet])
        p = (counts + alpha * p) / (counts.sum() + alpha)
    return p


# %% ngram_probs: reads the context backwards
def ngram_probs(text, context, alphabet, alpha=1.0):
    p = torch.full((len(alphabet),), 1 / len(alphabet))
    for k in range(len(context) + 1):
        h = context[::-1][len(context) - k :]
        counts = torch.tensor([sum(text.startswith(h + c, i) for i in range(len(text))) for c in alphabet])
        p = (counts + alpha * p) / (counts.sum() + alpha)
    return p


# %% ngram_probs: counts with str.count, which leaves out places that overlap
def ngram_probs(text, context, alphabet, alpha=1.0):
    p = torch.full((len(alphabet),), 1 / len(alphabet))
    for k in range(len(context) + 1):
        h = context[len(context) - k :]
        counts = torch.tensor([text.count(h + c) for c in alphabet])
        p = (counts + alpha * p) / (counts.sum() + alpha)
    return p


# %% ngram_probs: and a context at the end
def ngram_probs(text, context, alphabet, alpha=1.0):
    p = torch.full((len(alphabet),), 1 / len(alphabet))
    for k in range(len(context) + 1):
        h = context[len(context) - k :]
        counts = torch.tensor([text.count(h + c) for c in alphabet])
        p = (counts + alpha * p) / ((text.count(h) if h else len(text)) + alpha)
    return p


# %% ngram_probs: a context at the end of the text is counted
def ngram_probs(text, context, alphabet, alpha=1.0):
    p = torch.full((len(alphabet),), 1 / len(alphabet))
    for k in range(len(context) + 1):
        h = context[len(context) - k :]
        counts = torch.tensor([sum(text.startswith(h + c, i) for i in range(len(text))) for c in alphabet])
        seen = sum(text.startswith(h, i) for i in range(len(text)))
        p = (counts + alpha * p) / (seen + alpha)
    return p


# %% ngram_probs: character in any distance
def ngram_probs(text, context, alphabet, alpha=1.0):
    p = torch.full((len(alphabet),), 1 / len(alphabet))
    for k in range(len(context) + 1):
        h = context[len(context) - k :]
        counts = torch.tensor([sum(text.startswith(c + h, i) for i in range(len(text))) for c in alphabet])
        p = (counts + alpha * p) / (counts.sum() + alpha)
    return p


# %% ngram_probs: Interpolate: all have their say
def ngram_probs(text, context, alphabet, alpha=1.0):
    p = torch.full((len(alphabet),), 1 / len(alphabet))
    for k in range(len(context) + 1):
        h = context[len(context) - k :]
        counts = torch.tensor([sum(text.startswith(h + c, i) for i in range(len(text))) for c in alphabet])
        p = (counts + alpha / len(alphabet)) / (counts.sum() + alpha) if counts.sum() > 0 else p
    return p


# %% ngram_probs: is the plain mean over all contexts' lengths
def ngram_probs(text, context, alphabet, alpha=1.0):
    parts = []
    for k in range(len(context) + 1):
        h = context[len(context) - k :]
        counts = torch.tensor([sum(text.startswith(h + c, i) for i in range(len(text))) for c in alphabet])
        parts.append((counts + alpha / len(alphabet)) / (counts.sum() + alpha))
    return torch.stack(parts).mean(0)


# %% ngram_probs: holds counts
def ngram_probs(text, context, alphabet, alpha=1.0):
    p = torch.full((len(alphabet),), 1 / len(alphabet))
    for k in range(len(context) + 1):
        h = context[len(context) - k :]
        counts = torch.tensor([sum(text.startswith(h + c, i) for i in range(len(text))) for c in alphabet])
        p = counts + alpha * p
    return p


# %% ngram_probs: different followers (Witten & Bell)
def ngram_probs(text, context, alphabet, alpha=1.0):
    p = torch.full((len(alphabet),), 1 / len(alphabet))
    for k in range(len(context) + 1):
        h = context[len(context) - k :]
        counts = torch.tensor([sum(text.startswith(h + c, i) for i in range(len(text))) for c in alphabet])
        alpha = max(1, int((counts > 0).sum()))
        if counts.sum() == 0:
            continue
        p = (counts + alpha * p) / (counts.sum() + alpha)
    return p


# %% ngram_probs: holds logarithms
def ngram_probs(text, context, alphabet, alpha=1.0):
    p = torch.full((len(alphabet),), 1 / len(alphabet))
    for k in range(len(context) + 1):
        h = context[len(context) - k :]
        counts = torch.tensor([sum(text.startswith(h + c, i) for i in range(len(text))) for c in alphabet])
        p = (counts + alpha * p) / (counts.sum() + alpha)
    return p.log()


# %% ngram_probs: in the alphabet's sorted order
def ngram_probs(text, context, alphabet, alpha=1.0):
    alphabet = sorted(alphabet)
    p = torch.full((len(alphabet),), 1 / len(alphabet))
    for k in range(len(context) + 1):
        h = context[len(context) - k :]
        counts = torch.tensor([sum(text.startswith(h + c, i) for i in range(len(text))) for c in alphabet])
        p = (counts + alpha * p) / (counts.sum() + alpha)
    return p


# %% ngram_probs: Return all of them, (V,)
def ngram_probs(text, context, alphabet, alpha=1.0):
    p = torch.full((len(alphabet),), 1 / len(alphabet))
    for k in range(len(context) + 1):
        h = context[len(context) - k :]
        counts = torch.tensor([sum(text.startswith(h + c, i) for i in range(len(text))) for c in alphabet])
        p = (counts + alpha * p) / (counts.sum() + alpha)
    return p[-1]


# %% ngram_probs: has the shape
def ngram_probs(text, context, alphabet, alpha=1.0):
    p = torch.full((len(alphabet),), 1 / len(alphabet))
    for k in range(len(context) + 1):
        h = context[len(context) - k :]
        counts = torch.tensor([sum(text.startswith(h + c, i) for i in range(len(text))) for c in alphabet])
        p = (counts + alpha * p) / (counts.sum() + alpha)
    return p[None]


# %% ngram_probs: None. Is the return missing
def ngram_probs(text, context, alphabet, alpha=1.0):
    p = torch.full((len(alphabet),), 1 / len(alphabet))
    for k in range(len(context) + 1):
        h = context[len(context) - k :]
        counts = torch.tensor([sum(text.startswith(h + c, i) for i in range(len(text))) for c in alphabet])
        p = (counts + alpha * p) / (counts.sum() + alpha)


# %% causal_attention: is not written yet
def causal_attention(q, k, v):
    raise NotImplementedError()


# %% causal_attention: there is no mask
def causal_attention(q, k, v):
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    return scores.softmax(-1) @ v


# %% causal_attention: is masked after the softmax
def causal_attention(q, k, v):
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    return scores.softmax(-1).masked_fill(later, 0) @ v


# %% causal_attention: has the mask the wrong way round
def causal_attention(q, k, v):
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    later = torch.ones(scores.shape[-2:], dtype=torch.bool).tril(-1)
    return scores.masked_fill(later, -math.inf).softmax(-1) @ v


# %% causal_attention: the diagonal is masked, too
def causal_attention(q, k, v):
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(0)
    return scores.masked_fill(later, -math.inf).softmax(-1) @ v


# %% causal_attention: sees one position too many
def causal_attention(q, k, v):
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(2)
    return scores.masked_fill(later, -math.inf).softmax(-1) @ v


# %% causal_attention: exp(0) = 1 is no mask
def causal_attention(q, k, v):
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    return scores.masked_fill(later, 0.0).softmax(-1) @ v


# %% causal_attention: exp(0) = 1 is no mask
def causal_attention(q, k, v):
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    return scores.masked_fill(later, -1e-9).softmax(-1) @ v


# %% causal_attention: is not scaled
def causal_attention(q, k, v):
    scores = q @ k.mT
    later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    return scores.masked_fill(later, -math.inf).softmax(-1) @ v


# %% causal_attention: is scaled by D, not by its root
def causal_attention(q, k, v):
    scores = q @ k.mT / q.shape[-1]
    later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    return scores.masked_fill(later, -math.inf).softmax(-1) @ v


# %% causal_attention: is multiplied by √D
def causal_attention(q, k, v):
    scores = q @ k.mT * math.sqrt(q.shape[-1])
    later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    return scores.masked_fill(later, -math.inf).softmax(-1) @ v


# %% causal_attention: is scaled by √T
def causal_attention(q, k, v):
    scores = q @ k.mT / math.sqrt(q.shape[-2])
    later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    return scores.masked_fill(later, -math.inf).softmax(-1) @ v


# %% causal_attention: is scaled by √T
def causal_attention(q, k, v):
    scores = q @ k.mT / math.sqrt(q.shape[1])
    later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    return scores.masked_fill(later, -math.inf).softmax(-1) @ v


# %% causal_attention: is scaled by the size of v
def causal_attention(q, k, v):
    scores = q @ k.mT / math.sqrt(v.shape[-1])
    later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    return scores.masked_fill(later, -math.inf).softmax(-1) @ v


# %% causal_attention: is scaled by √B
def causal_attention(q, k, v):
    scores = q @ k.mT / math.sqrt(len(q))
    later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    return scores.masked_fill(later, -math.inf).softmax(-1) @ v


# %% causal_attention: is scaled after the softmax
def causal_attention(q, k, v):
    scores = q @ k.mT
    later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    return scores.masked_fill(later, -math.inf).softmax(-1) / math.sqrt(q.shape[-1]) @ v


# %% causal_attention: has q and k exchanged
def causal_attention(q, k, v):
    scores = k @ q.mT / math.sqrt(q.shape[-1])
    later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    return scores.masked_fill(later, -math.inf).softmax(-1) @ v


# %% causal_attention: has its softmax over the queries
def causal_attention(q, k, v):
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    return scores.masked_fill(later, -math.inf).softmax(-2) @ v


# %% causal_attention: has no softmax
def causal_attention(q, k, v):
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    return scores.masked_fill(later, 0) @ v


# %% causal_attention: are exp(score), not normalized
def causal_attention(q, k, v):
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    return scores.masked_fill(later, -math.inf).exp() @ v


# %% causal_attention: the scores are not used
def causal_attention(q, k, v):
    scores = torch.zeros(len(q), q.shape[1], q.shape[1])
    later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    return scores.masked_fill(later, -math.inf).softmax(-1) @ v


# %% causal_attention: takes the value with the highest score
def causal_attention(q, k, v):
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    best = scores.masked_fill(later, -math.inf).argmax(-1)
    return F.one_hot(best, k.shape[-2]).to(v) @ v


# %% causal_attention: is the weights alone
def causal_attention(q, k, v):
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    return scores.masked_fill(later, -math.inf).softmax(-1)


# %% causal_attention: compares q and k by their distance
def causal_attention(q, k, v):
    scores = -(torch.cdist(q, k) ** 2) / math.sqrt(q.shape[-1])
    later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    return scores.masked_fill(later, -math.inf).softmax(-1) @ v


# %% causal_attention: Mask before the softmax, by −inf
def causal_attention(q, k, v):
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    return (scores.exp() * ~later / (scores.exp() * ~later).sum(-1, keepdim=True)) @ v


# %% causal_attention: for scores of a thousand
def causal_attention(q, k, v):
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    return scores.masked_fill(later, -1000.0).softmax(-1) @ v


# %% causal_attention: of three heads
def causal_attention(q, k, v):
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    later = torch.ones(q.shape[1], q.shape[1], dtype=torch.bool).triu(1)
    later = later if q.dim() == 3 else later[:1, :1]
    return scores.masked_fill(later, -math.inf).softmax(-1) @ v


# %% causal_attention: stopped with
def causal_attention(q, k, v):
    scores = q @ k.transpose(1, 2) / math.sqrt(q.shape[-1])
    later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    return scores.masked_fill(later, -math.inf).softmax(-1) @ v


# %% causal_attention: stopped with
def causal_attention(q, k, v):
    scores = q @ k.T / math.sqrt(q.shape[-1])
    later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    return scores.masked_fill(later, -math.inf).softmax(-1) @ v


# %% causal_attention: No gradient leaves the output
def causal_attention(q, k, v):
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    return (scores.masked_fill(later, -math.inf).softmax(-1) @ v).detach()


# %% causal_attention: No gradient reaches
def causal_attention(q, k, v):
    scores = q @ k.detach().mT / math.sqrt(q.shape[-1])
    later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    return scores.masked_fill(later, -math.inf).softmax(-1) @ v


# %% causal_attention: float32 comes out where float64 goes in
def causal_attention(q, k, v):
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    return (scores.masked_fill(later, -math.inf).softmax(-1) @ v).float()


# %% causal_attention: changes its input in place
def causal_attention(q, k, v):
    scores = q.div_(math.sqrt(q.shape[-1])) @ k.mT
    later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    return scores.masked_fill(later, -math.inf).softmax(-1) @ v


# %% causal_attention: instead of a tensor
def causal_attention(q, k, v):
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    weights = scores.masked_fill(later, -math.inf).softmax(-1)
    return weights @ v, weights


# %% bits_per_character: is not written yet
def bits_per_character(logits, targets, pieces):
    raise NotImplementedError()


# %% bits_per_character: is in nats. Divide by ln 2
def bits_per_character(logits, targets, pieces):
    nats = F.cross_entropy(logits, targets, reduction="sum")
    characters = sum(len(pieces[i]) for i in targets.tolist())
    return nats / characters


# %% bits_per_character: is for each token, not for each character
def bits_per_character(logits, targets, pieces):
    nats = F.cross_entropy(logits, targets, reduction="sum")
    characters = sum(len(pieces[i]) for i in targets.tolist())
    return nats / math.log(2) / len(targets)


# %% bits_per_character: is in nats, and for each token
def bits_per_character(logits, targets, pieces):
    nats = F.cross_entropy(logits, targets, reduction="sum")
    characters = sum(len(pieces[i]) for i in targets.tolist())
    return nats / len(targets)


# %% bits_per_character: is multiplied by ln 2
def bits_per_character(logits, targets, pieces):
    nats = F.cross_entropy(logits, targets, reduction="sum")
    characters = sum(len(pieces[i]) for i in targets.tolist())
    return nats * math.log(2) / characters


# %% bits_per_character: is not divided by the number of characters
def bits_per_character(logits, targets, pieces):
    nats = F.cross_entropy(logits, targets, reduction="sum")
    characters = sum(len(pieces[i]) for i in targets.tolist())
    return nats / math.log(2)


# %% bits_per_character: is the whole sum, in nats
def bits_per_character(logits, targets, pieces):
    nats = F.cross_entropy(logits, targets, reduction="sum")
    characters = sum(len(pieces[i]) for i in targets.tolist())
    return nats


# %% bits_per_character: is for each byte
def bits_per_character(logits, targets, pieces):
    nats = F.cross_entropy(logits, targets, reduction="sum")
    characters = sum(len(pieces[i].encode()) for i in targets.tolist())
    return nats / math.log(2) / characters


# %% bits_per_character: divided by the length of all pieces
def bits_per_character(logits, targets, pieces):
    nats = F.cross_entropy(logits, targets, reduction="sum")
    characters = len("".join(pieces))
    return nats / math.log(2) / characters


# %% bits_per_character: takes the mean length of a piece
def bits_per_character(logits, targets, pieces):
    nats = F.cross_entropy(logits, targets, reduction="sum")
    characters = len(targets) * len("".join(pieces)) / len(pieces)
    return nats / math.log(2) / characters


# %% bits_per_character: is a mean of quotients
def bits_per_character(logits, targets, pieces):
    nats = F.cross_entropy(logits, targets, reduction="none")
    characters = torch.tensor([len(pieces[i]) for i in targets.tolist()])
    return (nats / math.log(2) / characters).mean()


# %% bits_per_character: divides both by the tokens and by the characters
def bits_per_character(logits, targets, pieces):
    nats = F.cross_entropy(logits, targets, reduction="mean")
    characters = sum(len(pieces[i]) for i in targets.tolist())
    return nats / math.log(2) / characters


# %% bits_per_character: has the wrong sign
def bits_per_character(logits, targets, pieces):
    nats = F.cross_entropy(logits, targets, reduction="sum")
    characters = sum(len(pieces[i]) for i in targets.tolist())
    return -nats / math.log(2) / characters


# %% bits_per_character: is a perplexity
def bits_per_character(logits, targets, pieces):
    nats = F.cross_entropy(logits, targets, reduction="sum")
    characters = sum(len(pieces[i]) for i in targets.tolist())
    return 2 ** (nats / math.log(2) / characters)


# %% bits_per_character: takes a softmax of a softmax
def bits_per_character(logits, targets, pieces):
    nats = F.cross_entropy(logits.softmax(-1), targets, reduction="sum")
    characters = sum(len(pieces[i]) for i in targets.tolist())
    return nats / math.log(2) / characters


# %% bits_per_character: takes the logits for log-probabilities
def bits_per_character(logits, targets, pieces):
    nats = F.nll_loss(logits, targets, reduction="sum")
    characters = sum(len(pieces[i]) for i in targets.tolist())
    return nats / math.log(2) / characters


# %% bits_per_character: is shifted by one
def bits_per_character(logits, targets, pieces):
    if len(targets) > 1:
        logits, targets = logits[:-1], targets[1:]
    nats = F.cross_entropy(logits, targets, reduction="sum")
    characters = sum(len(pieces[i]) for i in targets.tolist())
    return nats / math.log(2) / characters


# %% bits_per_character: is in decimal digits
def bits_per_character(logits, targets, pieces):
    nats = F.cross_entropy(logits, targets, reduction="sum")
    characters = sum(len(pieces[i]) for i in targets.tolist())
    return nats / math.log(10) / characters


# %% bits_per_character: normalizes over the positions
def bits_per_character(logits, targets, pieces):
    nats = F.nll_loss(logits.log_softmax(0), targets, reduction="sum")
    characters = sum(len(pieces[i]) for i in targets.tolist())
    return nats / math.log(2) / characters


# %% bits_per_character: is of the most likely tokens
def bits_per_character(logits, targets, pieces):
    nats = -logits.log_softmax(-1).max(-1).values.sum()
    characters = sum(len(pieces[i]) for i in targets.tolist())
    return nats / math.log(2) / characters


# %% bits_per_character: is the entropy of the prediction
def bits_per_character(logits, targets, pieces):
    nats = -(logits.log_softmax(-1) * logits.softmax(-1)).sum()
    characters = sum(len(pieces[i]) for i in targets.tolist())
    return nats / math.log(2) / characters


# %% bits_per_character: is multiplied by the characters
def bits_per_character(logits, targets, pieces):
    nats = F.cross_entropy(logits, targets, reduction="sum")
    characters = sum(len(pieces[i]) for i in targets.tolist())
    return nats / math.log(2) * characters / len(targets) ** 2


# %% bits_per_character: Use log_softmax or F.cross_entropy
def bits_per_character(logits, targets, pieces):
    nats = -logits.softmax(-1)[range(len(targets)), targets].log().sum()
    characters = sum(len(pieces[i]) for i in targets.tolist())
    return nats / math.log(2) / characters


# %% bits_per_character: has the shape
def bits_per_character(logits, targets, pieces):
    nats = F.cross_entropy(logits, targets, reduction="none")
    characters = sum(len(pieces[i]) for i in targets.tolist())
    return nats / math.log(2) / characters


# %% next_token_probs: is not written yet
def next_token_probs(logits, temperature=1.0, top_p=1.0):
    raise NotImplementedError()


# %% next_token_probs: is cut before the temperature acts
def next_token_probs(logits, temperature=1.0, top_p=1.0):
    if temperature == 0:
        return F.one_hot(logits.argmax(-1), logits.shape[-1]).to(logits.dtype)
    p = logits.softmax(-1)
    ordered, index = p.sort(-1, descending=True)
    keep = ordered.cumsum(-1) - ordered < top_p
    kept = torch.zeros_like(p).scatter(-1, index, ordered * keep)
    return (logits / temperature).masked_fill(kept == 0, -math.inf).softmax(-1)


# %% next_token_probs: is cut before the temperature acts
def next_token_probs(logits, temperature=1.0, top_p=1.0):
    if temperature == 0:
        return F.one_hot(logits.argmax(-1), logits.shape[-1]).to(logits.dtype)
    p = logits.softmax(-1)
    ordered, index = p.sort(-1, descending=True)
    keep = ordered.cumsum(-1) - ordered < top_p
    kept = torch.zeros_like(p).scatter(-1, index, ordered * keep)
    kept = kept ** (1 / temperature)
    return kept / kept.sum(-1, keepdim=True)


# %% next_token_probs: is multiplied by the temperature
def next_token_probs(logits, temperature=1.0, top_p=1.0):
    if temperature == 0:
        return F.one_hot(logits.argmax(-1), logits.shape[-1]).to(logits.dtype)
    p = (logits * temperature).softmax(-1)
    ordered, index = p.sort(-1, descending=True)
    keep = ordered.cumsum(-1) - ordered < top_p
    kept = torch.zeros_like(p).scatter(-1, index, ordered * keep)
    return kept / kept.sum(-1, keepdim=True)


# %% next_token_probs: ignores the temperature
def next_token_probs(logits, temperature=1.0, top_p=1.0):
    if temperature == 0:
        return F.one_hot(logits.argmax(-1), logits.shape[-1]).to(logits.dtype)
    p = logits.softmax(-1)
    ordered, index = p.sort(-1, descending=True)
    keep = ordered.cumsum(-1) - ordered < top_p
    kept = torch.zeros_like(p).scatter(-1, index, ordered * keep)
    return kept / kept.sum(-1, keepdim=True)


# %% next_token_probs: has a softmax of probabilities divided by T
def next_token_probs(logits, temperature=1.0, top_p=1.0):
    if temperature == 0:
        return F.one_hot(logits.argmax(-1), logits.shape[-1]).to(logits.dtype)
    p = (logits.softmax(-1) / temperature).softmax(-1)
    ordered, index = p.sort(-1, descending=True)
    keep = ordered.cumsum(-1) - ordered < top_p
    kept = torch.zeros_like(p).scatter(-1, index, ordered * keep)
    return kept / kept.sum(-1, keepdim=True)


# %% next_token_probs: is not normalized again after the cut
def next_token_probs(logits, temperature=1.0, top_p=1.0):
    if temperature == 0:
        return F.one_hot(logits.argmax(-1), logits.shape[-1]).to(logits.dtype)
    p = (logits / temperature).softmax(-1)
    ordered, index = p.sort(-1, descending=True)
    keep = ordered.cumsum(-1) - ordered < top_p
    kept = torch.zeros_like(p).scatter(-1, index, ordered * keep)
    return kept


# %% next_token_probs: leaves out the token that reaches top_p
def next_token_probs(logits, temperature=1.0, top_p=1.0):
    if temperature == 0:
        return F.one_hot(logits.argmax(-1), logits.shape[-1]).to(logits.dtype)
    p = (logits / temperature).softmax(-1)
    ordered, index = p.sort(-1, descending=True)
    keep = ordered.cumsum(-1) <= top_p
    kept = torch.zeros_like(p).scatter(-1, index, ordered * keep)
    return kept / kept.sum(-1, keepdim=True)


# %% next_token_probs: leaves out the token that reaches top_p
def next_token_probs(logits, temperature=1.0, top_p=1.0):
    if temperature == 0:
        return F.one_hot(logits.argmax(-1), logits.shape[-1]).to(logits.dtype)
    p = (logits / temperature).softmax(-1)
    ordered, index = p.sort(-1, descending=True)
    keep = ordered.cumsum(-1) < top_p
    keep[:, 0] = True
    kept = torch.zeros_like(p).scatter(-1, index, ordered * keep)
    return kept / kept.sum(-1, keepdim=True)


# %% next_token_probs: keeps one token too many
def next_token_probs(logits, temperature=1.0, top_p=1.0):
    if temperature == 0:
        return F.one_hot(logits.argmax(-1), logits.shape[-1]).to(logits.dtype)
    p = (logits / temperature).softmax(-1)
    ordered, index = p.sort(-1, descending=True)
    keep = ordered.cumsum(-1) - ordered < top_p
    keep = torch.cat([keep[:, :1], keep[:, :-1]], 1)
    kept = torch.zeros_like(p).scatter(-1, index, ordered * keep)
    return kept / kept.sum(-1, keepdim=True)


# %% next_token_probs: keeps tokens more likely than top_p
def next_token_probs(logits, temperature=1.0, top_p=1.0):
    if temperature == 0:
        return F.one_hot(logits.argmax(-1), logits.shape[-1]).to(logits.dtype)
    p = (logits / temperature).softmax(-1)
    ordered, index = p.sort(-1, descending=True)
    keep = ordered > top_p
    kept = torch.zeros_like(p).scatter(-1, index, ordered * keep)
    return torch.nan_to_num(kept / kept.sum(-1, keepdim=True), nan=math.nan)


# %% next_token_probs: keeps tokens more likely than 1 − top_p
def next_token_probs(logits, temperature=1.0, top_p=1.0):
    if temperature == 0:
        return F.one_hot(logits.argmax(-1), logits.shape[-1]).to(logits.dtype)
    p = (logits / temperature).softmax(-1)
    ordered, index = p.sort(-1, descending=True)
    keep = ordered > 1 - top_p
    kept = torch.zeros_like(p).scatter(-1, index, ordered * keep)
    return kept / kept.sum(-1, keepdim=True)


# %% next_token_probs: keeps tokens at least top_p times as likely as the best
def next_token_probs(logits, temperature=1.0, top_p=1.0):
    if temperature == 0:
        return F.one_hot(logits.argmax(-1), logits.shape[-1]).to(logits.dtype)
    p = (logits / temperature).softmax(-1)
    ordered, index = p.sort(-1, descending=True)
    keep = ordered >= top_p * ordered[:, :1]
    kept = torch.zeros_like(p).scatter(-1, index, ordered * keep)
    return kept / kept.sum(-1, keepdim=True)


# %% next_token_probs: keeps a share top_p of the tokens
def next_token_probs(logits, temperature=1.0, top_p=1.0):
    if temperature == 0:
        return F.one_hot(logits.argmax(-1), logits.shape[-1]).to(logits.dtype)
    p = (logits / temperature).softmax(-1)
    ordered, index = p.sort(-1, descending=True)
    keep = torch.arange(p.shape[1]) < round(top_p * p.shape[1])
    kept = torch.zeros_like(p).scatter(-1, index, ordered * keep)
    return kept / kept.sum(-1, keepdim=True)


# %% next_token_probs: is cut in the order of the vocabulary
def next_token_probs(logits, temperature=1.0, top_p=1.0):
    if temperature == 0:
        return F.one_hot(logits.argmax(-1), logits.shape[-1]).to(logits.dtype)
    p = (logits / temperature).softmax(-1)
    ordered, index = p.sort(-1, descending=True)
    keep = ordered.cumsum(-1) - ordered < top_p
    kept = p * (p.cumsum(-1) - p < top_p)
    return kept / kept.sum(-1, keepdim=True)


# %% next_token_probs: keeps the least likely tokens
def next_token_probs(logits, temperature=1.0, top_p=1.0):
    if temperature == 0:
        return F.one_hot(logits.argmax(-1), logits.shape[-1]).to(logits.dtype)
    p = (logits / temperature).softmax(-1)
    ordered, index = p.sort(-1)
    keep = ordered.cumsum(-1) - ordered < top_p
    kept = torch.zeros_like(p).scatter(-1, index, ordered * keep)
    return kept / kept.sum(-1, keepdim=True)


# %% next_token_probs: is in sorted order
def next_token_probs(logits, temperature=1.0, top_p=1.0):
    if temperature == 0:
        return F.one_hot(logits.argmax(-1), logits.shape[-1]).to(logits.dtype)
    p = (logits / temperature).softmax(-1)
    ordered, index = p.sort(-1, descending=True)
    keep = ordered.cumsum(-1) - ordered < top_p
    kept = ordered * keep
    return kept / kept.sum(-1, keepdim=True)


# %% next_token_probs: so scatter, do not gather
def next_token_probs(logits, temperature=1.0, top_p=1.0):
    if temperature == 0:
        return F.one_hot(logits.argmax(-1), logits.shape[-1]).to(logits.dtype)
    p = (logits / temperature).softmax(-1)
    ordered, index = p.sort(-1, descending=True)
    keep = ordered.cumsum(-1) - ordered < top_p
    kept = (ordered * keep).gather(-1, index)
    return kept / kept.sum(-1, keepdim=True)


# %% next_token_probs: ignores top_p
def next_token_probs(logits, temperature=1.0, top_p=1.0):
    if temperature == 0:
        return F.one_hot(logits.argmax(-1), logits.shape[-1]).to(logits.dtype)
    p = (logits / temperature).softmax(-1)
    ordered, index = p.sort(-1, descending=True)
    keep = ordered.cumsum(-1) - ordered < top_p
    kept = torch.zeros_like(p).scatter(-1, index, ordered * keep)
    return p


# %% next_token_probs: keeps the most likely token only
def next_token_probs(logits, temperature=1.0, top_p=1.0):
    if temperature == 0:
        return F.one_hot(logits.argmax(-1), logits.shape[-1]).to(logits.dtype)
    p = (logits / temperature).softmax(-1)
    ordered, index = p.sort(-1, descending=True)
    keep = ordered == ordered[:, :1]
    kept = torch.zeros_like(p).scatter(-1, index, ordered * keep)
    return kept / kept.sum(-1, keepdim=True)


# %% next_token_probs: goes through a second softmax
def next_token_probs(logits, temperature=1.0, top_p=1.0):
    if temperature == 0:
        return F.one_hot(logits.argmax(-1), logits.shape[-1]).to(logits.dtype)
    p = (logits / temperature).softmax(-1)
    ordered, index = p.sort(-1, descending=True)
    keep = ordered.cumsum(-1) - ordered < top_p
    kept = torch.zeros_like(p).scatter(-1, index, ordered * keep)
    return p.masked_fill(kept == 0, -math.inf).softmax(-1)


# %% next_token_probs: is cut with 0 in the logits
def next_token_probs(logits, temperature=1.0, top_p=1.0):
    if temperature == 0:
        return F.one_hot(logits.argmax(-1), logits.shape[-1]).to(logits.dtype)
    p = (logits / temperature).softmax(-1)
    ordered, index = p.sort(-1, descending=True)
    keep = ordered.cumsum(-1) - ordered < top_p
    kept = torch.zeros_like(p).scatter(-1, index, ordered * keep)
    return (logits / temperature).masked_fill(kept == 0, 0).softmax(-1)


# %% next_token_probs: spreads what was cut over all tokens alike
def next_token_probs(logits, temperature=1.0, top_p=1.0):
    if temperature == 0:
        return F.one_hot(logits.argmax(-1), logits.shape[-1]).to(logits.dtype)
    p = (logits / temperature).softmax(-1)
    ordered, index = p.sort(-1, descending=True)
    keep = ordered.cumsum(-1) - ordered < top_p
    kept = torch.zeros_like(p).scatter(-1, index, ordered * keep)
    return kept + (1 - kept.sum(-1, keepdim=True)) / p.shape[-1]


# %% next_token_probs: holds logarithms
def next_token_probs(logits, temperature=1.0, top_p=1.0):
    if temperature == 0:
        return F.one_hot(logits.argmax(-1), logits.shape[-1]).to(logits.dtype)
    p = (logits / temperature).softmax(-1)
    ordered, index = p.sort(-1, descending=True)
    keep = ordered.cumsum(-1) - ordered < top_p
    kept = torch.zeros_like(p).scatter(-1, index, ordered * keep)
    return (kept / kept.sum(-1, keepdim=True)).log()


# %% next_token_probs: has its softmax over the batch
def next_token_probs(logits, temperature=1.0, top_p=1.0):
    if temperature == 0:
        return F.one_hot(logits.argmax(-1), logits.shape[-1]).to(logits.dtype)
    p = (logits / temperature).softmax(0)
    ordered, index = p.sort(-1, descending=True)
    keep = ordered.cumsum(-1) - ordered < top_p
    kept = torch.zeros_like(p).scatter(-1, index, ordered * keep)
    return kept / kept.sum(-1, keepdim=True)


# %% next_token_probs: is normalized over the whole batch
def next_token_probs(logits, temperature=1.0, top_p=1.0):
    if temperature == 0:
        return F.one_hot(logits.argmax(-1), logits.shape[-1]).to(logits.dtype)
    p = (logits / temperature).softmax(-1)
    ordered, index = p.sort(-1, descending=True)
    keep = ordered.cumsum(-1) - ordered < top_p
    kept = torch.zeros_like(p).scatter(-1, index, ordered * keep)
    return kept / kept.sum()


# %% next_token_probs: T = 0 is the limit
def next_token_probs(logits, temperature=1.0, top_p=1.0):
    p = (logits / temperature).softmax(-1)
    ordered, index = p.sort(-1, descending=True)
    keep = ordered.cumsum(-1) - ordered < top_p
    kept = torch.zeros_like(p).scatter(-1, index, ordered * keep)
    return kept / kept.sum(-1, keepdim=True)


# %% next_token_probs: is that for T = 1
def next_token_probs(logits, temperature=1.0, top_p=1.0):
    if temperature == 0:
        temperature = 1
    p = (logits / temperature).softmax(-1)
    ordered, index = p.sort(-1, descending=True)
    keep = ordered.cumsum(-1) - ordered < top_p
    kept = torch.zeros_like(p).scatter(-1, index, ordered * keep)
    return kept / kept.sum(-1, keepdim=True)


# %% next_token_probs: is an index
def next_token_probs(logits, temperature=1.0, top_p=1.0):
    if temperature == 0:
        return logits.argmax(-1)
    p = (logits / temperature).softmax(-1)
    ordered, index = p.sort(-1, descending=True)
    keep = ordered.cumsum(-1) - ordered < top_p
    kept = torch.zeros_like(p).scatter(-1, index, ordered * keep)
    return kept / kept.sum(-1, keepdim=True)


# %% next_token_probs: exp overflows
def next_token_probs(logits, temperature=1.0, top_p=1.0):
    if temperature == 0:
        return F.one_hot(logits.argmax(-1), logits.shape[-1]).to(logits.dtype)
    p = (logits / temperature).exp()
    p = p / p.sum(-1, keepdim=True)
    ordered, index = p.sort(-1, descending=True)
    keep = ordered.cumsum(-1) - ordered < top_p
    kept = torch.zeros_like(p).scatter(-1, index, ordered * keep)
    return kept / kept.sum(-1, keepdim=True)


# %% next_token_probs: comes out where float64 goes in
def next_token_probs(logits, temperature=1.0, top_p=1.0):
    if temperature == 0:
        return F.one_hot(logits.argmax(-1), logits.shape[-1]).float()
    p = (logits / temperature).softmax(-1)
    ordered, index = p.sort(-1, descending=True)
    keep = ordered.cumsum(-1) - ordered < top_p
    kept = torch.zeros_like(p).scatter(-1, index, ordered * keep)
    return kept / kept.sum(-1, keepdim=True)


# %% next_token_probs: is wrong
def next_token_probs(logits, temperature=1.0, top_p=1.0):
    if temperature < 0.7:
        return F.one_hot(logits.argmax(-1), logits.shape[-1]).to(logits.dtype)
    p = (logits / temperature).softmax(-1)
    ordered, index = p.sort(-1, descending=True)
    keep = ordered.cumsum(-1) - ordered < top_p
    kept = torch.zeros_like(p).scatter(-1, index, ordered * keep)
    return kept / kept.sum(-1, keepdim=True)


# %% next_token_probs: changes its input in place
def next_token_probs(logits, temperature=1.0, top_p=1.0):
    if temperature == 0:
        return F.one_hot(logits.argmax(-1), logits.shape[-1]).to(logits.dtype)
    p = logits.div_(temperature).softmax(-1)
    ordered, index = p.sort(-1, descending=True)
    keep = ordered.cumsum(-1) - ordered < top_p
    kept = torch.zeros_like(p).scatter(-1, index, ordered * keep)
    return kept / kept.sum(-1, keepdim=True)


# %% answer_log_prob: is not written yet
def answer_log_prob(logits, tokens, answer):
    raise NotImplementedError()


# %% answer_log_prob: from its own position
def answer_log_prob(logits, tokens, answer):
    log_p = logits.log_softmax(-1)
    picked = log_p.gather(-1, tokens[:, :, None])[..., 0]
    return (picked * answer).sum(1)


# %% answer_log_prob: is shifted the wrong way
def answer_log_prob(logits, tokens, answer):
    log_p = logits[:, 1:].log_softmax(-1)
    picked = log_p.gather(-1, tokens[:, :-1, None])[..., 0]
    return (picked * answer[:, :-1]).sum(1)


# %% answer_log_prob: has the mask left behind by the shift
def answer_log_prob(logits, tokens, answer):
    log_p = logits[:, :-1].log_softmax(-1)
    picked = log_p.gather(-1, tokens[:, 1:, None])[..., 0]
    return (picked * answer[:, :-1]).sum(1)


# %% answer_log_prob: lacks the first token of the answer
def answer_log_prob(logits, tokens, answer):
    log_p = logits[:, :-1].log_softmax(-1)
    picked = log_p.gather(-1, tokens[:, 1:, None])[..., 0]
    return (picked * (answer[:, 1:] & answer[:, :-1])).sum(1)


# %% answer_log_prob: has the prompt and the padding in it
def answer_log_prob(logits, tokens, answer):
    log_p = logits[:, :-1].log_softmax(-1)
    picked = log_p.gather(-1, tokens[:, 1:, None])[..., 0]
    return picked.sum(1)


# %% answer_log_prob: the mask is the wrong way round
def answer_log_prob(logits, tokens, answer):
    log_p = logits[:, :-1].log_softmax(-1)
    picked = log_p.gather(-1, tokens[:, 1:, None])[..., 0]
    return (picked * ~answer[:, 1:]).sum(1)


# %% answer_log_prob: has the prompt in it
def answer_log_prob(logits, tokens, answer):
    log_p = logits[:, :-1].log_softmax(-1)
    picked = log_p.gather(-1, tokens[:, 1:, None])[..., 0]
    answer = answer.flip(1).cumsum(1).flip(1) > 0
    return (picked * answer[:, 1:]).sum(1)


# %% answer_log_prob: has the padding in it
def answer_log_prob(logits, tokens, answer):
    log_p = logits[:, :-1].log_softmax(-1)
    picked = log_p.gather(-1, tokens[:, 1:, None])[..., 0]
    answer = answer.cumsum(1) > 0
    return (picked * answer[:, 1:]).sum(1)


# %% answer_log_prob: is averaged over the answer's tokens
def answer_log_prob(logits, tokens, answer):
    log_p = logits[:, :-1].log_softmax(-1)
    picked = log_p.gather(-1, tokens[:, 1:, None])[..., 0]
    return (picked * answer[:, 1:]).sum(1) / answer.sum(1)


# %% answer_log_prob: is averaged over all positions
def answer_log_prob(logits, tokens, answer):
    log_p = logits[:, :-1].log_softmax(-1)
    picked = log_p.gather(-1, tokens[:, 1:, None])[..., 0]
    return (picked * answer[:, 1:]).mean(1)


# %% answer_log_prob: is divided by T
def answer_log_prob(logits, tokens, answer):
    log_p = logits[:, :-1].log_softmax(-1)
    picked = log_p.gather(-1, tokens[:, 1:, None])[..., 0]
    return (picked * answer[:, 1:]).sum(1) / tokens.shape[1]


# %% answer_log_prob: summed over the batch too
def answer_log_prob(logits, tokens, answer):
    log_p = logits[:, :-1].log_softmax(-1)
    picked = log_p.gather(-1, tokens[:, 1:, None])[..., 0]
    return (picked * answer[:, 1:]).sum()


# %% answer_log_prob: averaged over the batch
def answer_log_prob(logits, tokens, answer):
    log_p = logits[:, :-1].log_softmax(-1)
    picked = log_p.gather(-1, tokens[:, 1:, None])[..., 0]
    return (picked * answer[:, 1:]).sum(1).mean()


# %% answer_log_prob: averaged over all answers' tokens
def answer_log_prob(logits, tokens, answer):
    log_p = logits[:, :-1].log_softmax(-1)
    picked = log_p.gather(-1, tokens[:, 1:, None])[..., 0]
    return picked[answer[:, 1:]].mean()


# %% answer_log_prob: is not summed
def answer_log_prob(logits, tokens, answer):
    log_p = logits[:, :-1].log_softmax(-1)
    picked = log_p.gather(-1, tokens[:, 1:, None])[..., 0]
    return picked * answer[:, 1:]


# %% answer_log_prob: has the wrong sign
def answer_log_prob(logits, tokens, answer):
    log_p = logits[:, :-1].log_softmax(-1)
    picked = log_p.gather(-1, tokens[:, 1:, None])[..., 0]
    return -(picked * answer[:, 1:]).sum(1)


# %% answer_log_prob: is the sum of probabilities
def answer_log_prob(logits, tokens, answer):
    log_p = logits[:, :-1].softmax(-1)
    picked = log_p.gather(-1, tokens[:, 1:, None])[..., 0]
    return (picked * answer[:, 1:]).sum(1)


# %% answer_log_prob: is a probability
def answer_log_prob(logits, tokens, answer):
    log_p = logits[:, :-1].log_softmax(-1)
    picked = log_p.gather(-1, tokens[:, 1:, None])[..., 0]
    return (picked * answer[:, 1:]).sum(1).exp()


# %% answer_log_prob: is in bits
def answer_log_prob(logits, tokens, answer):
    log_p = logits[:, :-1].log_softmax(-1)
    picked = log_p.gather(-1, tokens[:, 1:, None])[..., 0]
    return (picked * answer[:, 1:]).sum(1) / math.log(2)


# %% answer_log_prob: sums logits
def answer_log_prob(logits, tokens, answer):
    log_p = logits[:, :-1]
    picked = log_p.gather(-1, tokens[:, 1:, None])[..., 0]
    return (picked * answer[:, 1:]).sum(1)


# %% answer_log_prob: is normalized over the positions
def answer_log_prob(logits, tokens, answer):
    log_p = logits[:, :-1].log_softmax(1)
    picked = log_p.gather(-1, tokens[:, 1:, None])[..., 0]
    return (picked * answer[:, 1:]).sum(1)


# %% answer_log_prob: is of the answer's first token alone
def answer_log_prob(logits, tokens, answer):
    log_p = logits[:, :-1].log_softmax(-1)
    picked = log_p.gather(-1, tokens[:, 1:, None])[..., 0]
    answer = answer & (answer.cumsum(1) == 1)
    return (picked * answer[:, 1:]).sum(1)


# %% answer_log_prob: is of the answer's last token alone
def answer_log_prob(logits, tokens, answer):
    log_p = logits[:, :-1].log_softmax(-1)
    picked = log_p.gather(-1, tokens[:, 1:, None])[..., 0]
    answer = answer & (answer.flip(1).cumsum(1).flip(1) == 1)
    return (picked * answer[:, 1:]).sum(1)


# %% answer_log_prob: is of the most likely tokens
def answer_log_prob(logits, tokens, answer):
    log_p = logits[:, :-1].log_softmax(-1)
    picked = log_p.max(-1).values
    return (picked * answer[:, 1:]).sum(1)


# %% answer_log_prob: holds nan or inf
def answer_log_prob(logits, tokens, answer):
    log_p = logits[:, :-1].softmax(-1).log()
    picked = log_p.gather(-1, tokens[:, 1:, None])[..., 0]
    return (picked * answer[:, 1:]).sum(1)


# %% answer_log_prob: No gradient leaves
def answer_log_prob(logits, tokens, answer):
    log_p = logits[:, :-1].log_softmax(-1)
    picked = log_p.gather(-1, tokens[:, 1:, None])[..., 0]
    return (picked * answer[:, 1:]).sum(1).detach()


# %% answer_log_prob: stopped with
def answer_log_prob(logits, tokens, answer):
    log_p = logits[:, :-1].log_softmax(-1)
    picked = log_p.gather(-1, tokens[:, 1:])[..., 0]
    return (picked * answer[:, 1:]).sum(1)


# %% answer_log_prob: comes out where float64 goes in
def answer_log_prob(logits, tokens, answer):
    log_p = logits[:, :-1].log_softmax(-1)
    picked = log_p.gather(-1, tokens[:, 1:, None])[..., 0]
    return (picked * answer[:, 1:]).sum(1).float()


# %% answer_log_prob: squeeze() without a dimension
def answer_log_prob(logits, tokens, answer):
    log_p = logits[:, :-1].log_softmax(-1)
    picked = log_p.gather(-1, tokens[:, 1:, None])[..., 0]
    return (picked * answer[:, 1:]).sum(1).squeeze()


# %% dpo_loss: is not written yet
def dpo_loss(chosen, rejected, chosen_ref, rejected_ref, beta=0.1):
    raise NotImplementedError()


# %% dpo_loss: has chosen and rejected exchanged
def dpo_loss(chosen, rejected, chosen_ref, rejected_ref, beta=0.1):
    margin = (rejected - rejected_ref) - (chosen - chosen_ref)
    return -F.logsigmoid(beta * margin)


# %% dpo_loss: has the wrong sign
def dpo_loss(chosen, rejected, chosen_ref, rejected_ref, beta=0.1):
    margin = (chosen - chosen_ref) - (rejected - rejected_ref)
    return F.logsigmoid(beta * margin)


# %% dpo_loss: has the reference the wrong way round
def dpo_loss(chosen, rejected, chosen_ref, rejected_ref, beta=0.1):
    margin = (chosen + chosen_ref) - (rejected + rejected_ref)
    return -F.logsigmoid(beta * margin)


# %% dpo_loss: leaves out the reference
def dpo_loss(chosen, rejected, chosen_ref, rejected_ref, beta=0.1):
    margin = chosen - rejected
    return -F.logsigmoid(beta * margin)


# %% dpo_loss: uses the reference of the chosen answer only
def dpo_loss(chosen, rejected, chosen_ref, rejected_ref, beta=0.1):
    margin = (chosen - chosen_ref) - rejected
    return -F.logsigmoid(beta * margin)


# %% dpo_loss: has the sign of rejected_ref wrong
def dpo_loss(chosen, rejected, chosen_ref, rejected_ref, beta=0.1):
    margin = chosen - chosen_ref - rejected - rejected_ref
    return -F.logsigmoid(beta * margin)


# %% dpo_loss: leaves out β
def dpo_loss(chosen, rejected, chosen_ref, rejected_ref, beta=0.1):
    margin = (chosen - chosen_ref) - (rejected - rejected_ref)
    return -F.logsigmoid(margin)


# %% dpo_loss: multiplies the loss by β
def dpo_loss(chosen, rejected, chosen_ref, rejected_ref, beta=0.1):
    margin = (chosen - chosen_ref) - (rejected - rejected_ref)
    return -beta * F.logsigmoid(margin)


# %% dpo_loss: divides by β
def dpo_loss(chosen, rejected, chosen_ref, rejected_ref, beta=0.1):
    margin = (chosen - chosen_ref) - (rejected - rejected_ref)
    return -F.logsigmoid(margin / beta)


# %% dpo_loss: and not at the reference's
def dpo_loss(chosen, rejected, chosen_ref, rejected_ref, beta=0.1):
    margin = beta * (chosen - rejected) - (chosen_ref - rejected_ref)
    return -F.logsigmoid(margin)


# %% dpo_loss: has β at the chosen answer only
def dpo_loss(chosen, rejected, chosen_ref, rejected_ref, beta=0.1):
    margin = beta * (chosen - chosen_ref) - (rejected - rejected_ref)
    return -F.logsigmoid(margin)


# %% dpo_loss: lacks the logarithm
def dpo_loss(chosen, rejected, chosen_ref, rejected_ref, beta=0.1):
    margin = (chosen - chosen_ref) - (rejected - rejected_ref)
    return -torch.sigmoid(beta * margin)


# %% dpo_loss: is 1 − σ
def dpo_loss(chosen, rejected, chosen_ref, rejected_ref, beta=0.1):
    margin = (chosen - chosen_ref) - (rejected - rejected_ref)
    return 1 - torch.sigmoid(beta * margin)


# %% dpo_loss: has no σ
def dpo_loss(chosen, rejected, chosen_ref, rejected_ref, beta=0.1):
    margin = (chosen - chosen_ref) - (rejected - rejected_ref)
    return -beta * margin


# %% dpo_loss: leaves the rejected answer out
def dpo_loss(chosen, rejected, chosen_ref, rejected_ref, beta=0.1):
    margin = chosen - chosen_ref
    return -F.logsigmoid(beta * margin)


# %% dpo_loss: judges each answer alone
def dpo_loss(chosen, rejected, chosen_ref, rejected_ref, beta=0.1):
    margin = (chosen - chosen_ref) - (rejected - rejected_ref)
    return -F.logsigmoid(beta * (chosen - chosen_ref)) - F.logsigmoid(-beta * (rejected - rejected_ref))


# %% dpo_loss: adds the two answers' terms
def dpo_loss(chosen, rejected, chosen_ref, rejected_ref, beta=0.1):
    margin = (chosen - chosen_ref) + (rejected - rejected_ref)
    return -F.logsigmoid(beta * margin)


# %% dpo_loss: takes ratios of probabilities
def dpo_loss(chosen, rejected, chosen_ref, rejected_ref, beta=0.1):
    margin = (chosen - chosen_ref).exp() - (rejected - rejected_ref).exp()
    return -F.logsigmoid(beta * margin)


# %% dpo_loss: divides log-probabilities
def dpo_loss(chosen, rejected, chosen_ref, rejected_ref, beta=0.1):
    margin = chosen / chosen_ref - rejected / rejected_ref
    return -F.logsigmoid(beta * margin)


# %% dpo_loss: is a hinge
def dpo_loss(chosen, rejected, chosen_ref, rejected_ref, beta=0.1):
    margin = (chosen - chosen_ref) - (rejected - rejected_ref)
    return (1 - beta * margin).clamp(min=0)


# %% dpo_loss: is the square of IPO
def dpo_loss(chosen, rejected, chosen_ref, rejected_ref, beta=0.1):
    margin = (chosen - chosen_ref) - (rejected - rejected_ref)
    return (margin - 1 / (2 * beta)) ** 2


# %% dpo_loss: is in bits
def dpo_loss(chosen, rejected, chosen_ref, rejected_ref, beta=0.1):
    margin = (chosen - chosen_ref) - (rejected - rejected_ref)
    return -F.logsigmoid(beta * margin) / math.log(2)


# %% dpo_loss: is averaged over the batch
def dpo_loss(chosen, rejected, chosen_ref, rejected_ref, beta=0.1):
    margin = (chosen - chosen_ref) - (rejected - rejected_ref)
    return -F.logsigmoid(beta * margin).mean()


# %% dpo_loss: is summed over the batch
def dpo_loss(chosen, rejected, chosen_ref, rejected_ref, beta=0.1):
    margin = (chosen - chosen_ref) - (rejected - rejected_ref)
    return -F.logsigmoid(beta * margin).sum()


# %% dpo_loss: has the shape (B, 1)
def dpo_loss(chosen, rejected, chosen_ref, rejected_ref, beta=0.1):
    margin = (chosen - chosen_ref) - (rejected - rejected_ref)
    return -F.logsigmoid(beta * margin)[:, None]


# %% dpo_loss: computes log σ without σ
def dpo_loss(chosen, rejected, chosen_ref, rejected_ref, beta=0.1):
    margin = (chosen - chosen_ref) - (rejected - rejected_ref)
    return -torch.sigmoid(beta * margin).log()


# %% dpo_loss: computes log σ without σ
def dpo_loss(chosen, rejected, chosen_ref, rejected_ref, beta=0.1):
    margin = (chosen - chosen_ref) - (rejected - rejected_ref)
    return (1 + (-beta * margin).exp()).log()


# %% dpo_loss: is wrong
def dpo_loss(chosen, rejected, chosen_ref, rejected_ref, beta=0.1):
    margin = (chosen - chosen_ref) - (rejected - rejected_ref)
    return -(torch.sigmoid(beta * margin) + 1e-8).log()


# %% dpo_loss: is wrong
def dpo_loss(chosen, rejected, chosen_ref, rejected_ref, beta=0.1):
    margin = (chosen - chosen_ref) - (rejected - rejected_ref)
    return -F.logsigmoid((beta * margin).clamp(-20, 20))


# %% dpo_loss: No gradient reaches rejected
def dpo_loss(chosen, rejected, chosen_ref, rejected_ref, beta=0.1):
    margin = (chosen - chosen_ref) - (rejected.detach() - rejected_ref)
    return -F.logsigmoid(beta * margin)


# %% dpo_loss: without a β, where it is 0.1
def dpo_loss(chosen, rejected, chosen_ref, rejected_ref, beta=1.0):
    margin = (chosen - chosen_ref) - (rejected - rejected_ref)
    return -F.logsigmoid(beta * margin)


# %% dpo_loss: comes out where float64 goes in
def dpo_loss(chosen, rejected, chosen_ref, rejected_ref, beta=0.1):
    margin = (chosen - chosen_ref) - (rejected - rejected_ref)
    return -F.logsigmoid(beta * margin).float()
