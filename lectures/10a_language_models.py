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

# %% [markdown] slideshow={"slide_type": "slide"}
# # 10a · Language models
#
# A language model gives the next token a probability, given those before it. Multiply them and you have the
# probability of a text; draw from them and you have a text. This page builds one from raw pages to samples, by
# counting and by attention.
#
# **You will be able to**
# 1. clean a crawl, and say for each filter what it catches and what it wrongly removes;
# 2. cut text into tokens by byte pairs, and compare models in bits per character;
# 3. write a smoothed n-gram and measure it on held-out text;
# 4. compute causal attention by hand, and check its mask and its scale;
# 5. say where a transformer beats counting, and where here it does not;
# 6. sample with temperature, top-k and top-p, and measure repetition and copying.
#
# **Time:** 75 minutes, and 15 of depth, marked ▸, which folds away and which nothing else needs. Estimated: words /
# 130, half a minute a figure or printed table, a minute for 6 lines of code, 2 for a prediction or quiz question, 4
# for an explorer; exercises come on top. The page runs in half a minute on a laptop.
#
# **Before:** [lecture 08a](08a_flows.ipynb), section 7 (the chain rule). You need matrices and probabilities, and to
# have trained a network once. **After:** [lecture 10b](10b_assistants.ipynb), from predictor to assistant.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 3 min (45: 1)</summary>
#
# **Prepare.** Run the whole page before the class. Section 4 wants a blackboard, the explorers a keyboard within
# reach of the front row: everybody types a text of their own. Sections 1, 6 and 7 are the show.
#
# **Open.** "Finish my sentence: 'The cat sat on the …' You have just drawn from a language model. How did you do it,
# counting or looking back?"
#
# **Misconception.** "Language models start with a network." They start with pages, and what is thrown away there
# decides more than one layer more.
#
# **On.** So first: whose pages, and what is dirt?
#
# </details>

# %% slideshow={"slide_type": "skip"}
import math
import re
from collections import Counter, defaultdict
from itertools import pairwise

import numpy as np
import torch
from torch.nn import functional as F

from course_utils import models, plotting, training
from course_utils.data import text
from course_utils.data.crawl import GOOD, crawl
from course_utils.labs.language import explorers, measures, plots, runs
from course_utils.models import tokens, transformer
from course_utils.models.ngrams import NGram
from course_utils.training import one_thread, seeded
from course_utils.widgets import quiz

one_thread()  # small networks are slower with two threads that wait for each other

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · Collecting and cleaning text (14 min)
#
# The text is this course's own prose, lectures and assignments 01 to 08, frozen in a file. We cut it into pages and
# hide them in a small crawl with planted dirt: menus, spam, broken bytes, other languages, copies, people's data.
# Each page knows what it is, so every filter can be scored. Real crawls do not know.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 14 min (45: 8)</summary>
#
# **Open.** "You are a filter. I show you a page for two seconds: keep or drop?"
#
# **Ask.** Before the table: "Which filter does only what it is for?" Some vote for exact copies. All others take good
# pages along: tables, songs, glossary entries.
#
# **Click.** The stages: from 35 % dirt to 6 %, at the price of some forty good pages. Then personal data: telephones
# 25 of 25, names and streets 0 of 25. Last the three splits: 1.29, 1.46, 1.53 nats, one model.
#
# **Misconception.** "Random pages make a fair test." Copies and neighbors of each page were learned.
#
# **On.** Clean text is still no list of numbers.
#
# </details>

# %%
documents = text.corpus()
pages = crawl(documents, seeded(0))
kinds = Counter(page.kind for page in pages)
print(f"{len(pages)} pages,", ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()))
print(next(page.text for page in pages if page.kind == "personal")[-150:])

# %% [markdown]
# Four filters look at one page each. They are those of the large English data sets, in small (Raffel et al. 2020; Rae
# et al. 2021).

# %%
COMMON = set(re.findall(r"\w+", "the of and to a in is that it for on as with are be by this not or from at"))


def words(page):
    return re.findall(r"[a-z']+", page.lower())


filters = {
    "length": lambda page: len(page) >= 200,
    "letters": lambda page: sum(c.isascii() and (c.isalpha() or c.isspace()) for c in page) > 0.7 * len(page),
    "English": lambda page: sum(word in COMMON for word in words(page)) > 0.15 * len(words(page)),
    "repetition": lambda page: len(set(zip(words(page), words(page)[1:], strict=False))) > 0.5 * len(words(page)),
}

# %% [markdown]
# Two more compare pages. Exact copies are equal. Near copies share many **shingles**, runs of five words: their
# number in both pages over that in either is the Jaccard index $J$. All pairs are too many for a crawl, so
# **MinHash** (Broder 1997; depth below) estimates $J$ from 64 numbers a page.

# %%
signature = measures.minhash([page.text for page in pages], seeded(1))
estimate = (signature[:, None] == signature).float().mean(2)  # (pages, pages): the estimated J
first_copy = torch.tensor([[a.text == b.text for b in pages] for a in pages]).int().argmax(1)
near = (estimate > 0.4).int().argmax(1)  # the first page that is so similar: itself, if none before
keeps = {name: [test(page.text) for page in pages] for name, test in filters.items()}
keeps["exact copies"] = (first_copy == torch.arange(len(pages))).tolist()
keeps["near copies"] = (near == torch.arange(len(pages))).tolist()
AIMS = {"length": "menu", "letters": "broken", "English": "foreign", "repetition": "spam"}
AIMS |= {"exact copies": "copy", "near copies": "near copy"}
print("filter        removes   of it dirt   of its aim caught")
scores = {name: measures.filter_score(pages, kept, AIMS[name], GOOD) for name, kept in keeps.items()}
for name, (removed, precision, recall) in scores.items():
    print(f"{name:12s} {removed:8d} {precision:12.0%} {recall:10.0%} of {AIMS[name]}")

# %% [markdown]
# No filter does only what it is for. Length takes whole glossary entries, letters take tables and lists of papers,
# repetition takes songs with the spam. Half-foreign pages and near copies with every fourth word changed slip
# through. The pages that *near copies* took from our good prose are mostly the instructions that all our assignments
# share: true repetitions, which nobody had planted.
#
# Now all in a row, with what is left after each.

# %%
clean, stages = measures.pipeline(pages, keeps, GOOD)
for name, (count, dirty) in stages.items():
    print(f"{name:12s} {count:4d} pages left, {dirty:3d} of them dirt ({dirty / count:.0%}), {count - dirty} good")

# %% [markdown]
# **Personal data.** Name, street, e-mail and telephone are planted on 25 pages. Patterns look for the last two.

# %%
MAIL, PHONE = r"[\w.]+@[\w.]+\w", r"\+?\(?\d[\d ().-]{6,}\d"
found, planted, false_alarms = measures.redaction(pages, [MAIL, PHONE])
print(", ".join(f"{kind}: {found[kind]} of {planted[kind]} found" for kind in planted))
print("false alarms:", {kind: count for kind, count in false_alarms.items() if count})

# %% [markdown]
# Telephone numbers are all found. An address written "mara at example dot org" is not, and a name or a street has no
# pattern at all: each page is still somebody's. And numbers of papers and tables of results are taken for telephones.
#
# **Leakage.** Now hold out text for testing. Cut at random, a copy of a test page may stand among the training pages,
# and another page of the same document surely does. Count 5-grams (section 3) on three splits:

# %%
letters = text.Characters(document.text for document in documents)  # an alphabet known beforehand


def nats(train, test, order=5):
    model = NGram(order, len(letters)).fit([letters.encode(t) for t in train])
    return -torch.cat([model.log_prob_tokens(letters.encode(t)) for t in test]).mean().item()


leaks = measures.leakage(pages, clean, nats, seeded(2))
for name, value in leaks.items():
    print(f"{name:40s} {value:.2f} nats a character")

# %% [markdown]
# The same model looks far better on pages whose copies it has seen, and still better than it is on pages whose
# document it has seen. From here on we split by topic: a lecture and its assignment are either learned or tested.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · Tokens by merging pairs (12 min)
#
# A model needs a list of units. Words: too many, and new ones come. Letters, or bytes: few, but texts get long.
# **Byte-pair encoding** (Gage 1994; Sennrich et al. 2016) begins with bytes. It finds the most frequent pair of
# neighbors, makes it a token, and repeats. Pairs never reach from one word into the next.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 11 min (45: 5)</summary>
#
# **Open.** "Letters are too short, words too many. Let the text choose its own units."
#
# **Picture.** A scribe who invents a shorthand sign whenever two signs have stood side by side too often.
#
# **Click.** Pull `merges` from 0 to 800 on the held-out page: first pairs such as *he*, then endings, then whole
# words; the caption names the last merge and counts tokens.
#
# **Ask.** "Perplexity rises from 7 to 55 with the merges. Is the model getting worse?" The hall says yes. Bits per
# character fall from 2.87 to 2.04: the unit changed, not the quality.
#
# **Misconception.** "Lower perplexity, better model." Only with the same tokens. And units are tokens, not words.
#
# **On.** The oldest model: count.
#
# </details>


# %%
def learn(corpus, merges):
    vocabulary = Counter(tuple(bytes([b]) for b in word.encode()) for word in tokens.WORD.findall(corpus))
    learned = []
    for _ in range(merges):
        counts = Counter()
        for parts, times in vocabulary.items():
            for pair in pairwise(parts):
                counts[pair] += times
        best = min(counts, key=lambda pair: (-counts[pair], pair))
        learned.append(best)
        vocabulary = Counter({tuple(tokens.merge(parts, best)): times for parts, times in vocabulary.items()})
    return learned


# %%
train_docs, test_docs = text.split(documents, runs.SPLIT)
train_text, test_text = ("".join(document.text for document in docs) for docs in (train_docs, test_docs))
pairs = tokens.learn(train_text, 800)  # the package's twin keeps its counts, and is faster
assert learn(train_text, 12) == pairs.merges[:12]
assert pairs.decode(pairs.encode(test_text)) == test_text
print("first merges:", [(a + b).decode() for a, b in pairs.merges[:12]])
print("last merges: ", [(a + b).decode() for a, b in pairs.merges[-6:]])
print("in bytes:", "naïve 🙂".encode())

# %% [markdown]
# Frequent words become one token, rare ones stay in pieces, and any text can be written: an accent or a smiley is a
# few bytes. Move the slider; a · is a space.

# %%
explorers.merges_explorer(pairs, test_docs[-1].text[1000:1480])

# %% [markdown]
# For those who read on paper: the same sentence after 0, 50, 200 and 800 merges.

# %%
for merges in (0, 50, 200, 800):
    print(
        f"{merges:4d}", "|".join(part.decode() for part in pairs.first(merges).split("The discriminator learns first."))
    )

# %% [markdown]
# Which cut is better? **Perplexity**, $e^{\text{nats per token}}$, cannot say: its unit is the token, and tokens
# differ. The fair unit does not depend on the cut: **bits per character**, all nats of the text over
# $(\text{characters} \cdot \log 2)$.

# %%
table = {}
for merges in (0, 50, 200, 800):
    cut = pairs.first(merges)
    model = NGram(3, len(cut)).fit([cut.encode(document.text) for document in train_docs])
    total = -sum(model.log_prob_tokens(cut.encode(document.text)).sum().item() for document in test_docs)
    length = sum(len(cut.encode(document.text)) for document in test_docs)
    table[merges] = (len(test_text) / length, math.exp(total / length), total / len(test_text) / math.log(2))
print("merges  characters per token  perplexity per token  bits per character (3-gram)")
for merges, row in table.items():
    print(f"{merges:6d} {row[0]:21.2f} {row[1]:21.1f} {row[2]:20.2f}")

# %% [markdown]
# Perplexity gets worse and worse while the text gets *cheaper*. A 3-gram of longer tokens simply sees more letters.
# Never compare perplexities of different tokens.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · Counting (7 min)
#
# An **n-gram** looks back on $n - 1$ letters and counts what followed. A long past was seen rarely or never, so mix
# it with the shorter one. Witten and Bell (1991) trust a past $h$ the more, the more often it was seen, $c(h)$, and
# the fewer different letters followed it, $k(h)$:
#
# $$p_n(x \mid h) = \frac{c(h x) + k(h)\, p_{n-1}(x \mid h')}{c(h) + k(h)}, \qquad h' = h \text{ without its first
# letter}.$$

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 8 min (45: 5)</summary>
#
# **Open.** "How far must you look back to guess the next letter? Vote for a number."
#
# **Ask.** They say ten or more. The curve: best at five on held-out topics, on every split; on its own text it falls
# forever.
#
# **Picture.** Directions from a local: the more exact the address, the fewer people have ever been there; then ask
# for the street instead. That is the mixing with the shorter past.
#
# **Click.** Read the drawn text aloud. It has words and no thread.
#
# **Misconception.** "More context is always better." For counting, a past that was seen once predicts only itself.
#
# **On.** Look back without counting pasts: attention.
#
# </details>

# %%
counts = defaultdict(Counter)
for document in train_docs:
    for n in range(1, 6):
        for i in range(n - 1, len(document.text)):
            counts[document.text[i - n + 1 : i]][document.text[i]] += 1


def probability(letter, past):
    shorter = probability(letter, past[1:]) if past else 1 / len(letters)
    seen = counts[past] if past in counts else Counter()
    return (seen[letter] + len(seen) * shorter) / (seen.total() + len(seen)) if seen else shorter


# %%
five = NGram(5, len(letters)).fit([letters.encode(document.text) for document in train_docs])
start = test_text[:400]
by_hand = [math.log(probability(start[i], start[max(0, i - 4) : i])) for i in range(400)]
twin_gap = (five.log_prob_tokens(letters.encode(start)) - torch.tensor(by_hand, dtype=torch.float64)).abs().max().item()
mass = sum(probability(letter, "mode") for letter in letters.letters)
print(f"largest gap to the package's twin {twin_gap:.0e}; probabilities after 'mode' sum to {mass:.6f}")
train_parts, test_parts = ([document.text for document in docs] for docs in (train_docs, test_docs))
orders = range(1, 9)
held = [nats(train_parts, test_parts, n) for n in orders]
own = [nats(train_parts, train_parts, n) for n in orders]
splits = [[nats(*([d.text for d in part] for part in text.split(documents, s)), n) for n in orders] for s in (1, 2, 3)]

# %%
plotting.curves(
    {"held-out topics": held, "the counted text itself": own}, x=orders, xlabel="n",
    ylabel="nats per character", title="Longer pasts help until they are too rare",
)  # fmt: skip

# %%
print("held-out nats:", ", ".join(f"{n}: {value:.2f}" for n, value in zip(orders, held, strict=True)))
print("best n on three other splits:", [1 + int(np.argmin(values)) for values in splits])
drawn = five.sample(1, prompt=letters.encode("The model "), length=200, rng=seeded(0))
print("The model " + letters.decode(drawn[0]))

# %% [markdown]
# Five letters are best, on every split; more only fit the counted text. The draw has words, and no thread: what stood
# five letters ago is gone.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · Attention by hand (5 min)
#
# **Attention** (Vaswani et al. 2017) looks back as far as it likes. Each token asks a question, its **query** $q_t$;
# each answers with a **key** $k_s$ and offers a **value** $v_s$. How well question and key fit decides how much of
# the value comes over:
#
# $$w_{ts} = \underset{s \le t}{\text{softmax}}\; \frac{q_t \cdot k_s}{\sqrt D}, \qquad \text{output}_t = \sum_{s \le
# t} w_{ts}\, v_s .$$
#
# Six tokens, $A\ B\ C\ A\ B\ ?$, one head, all by hand. Let the query of each token be its own letter and its key the
# letter *before* it. Then the second $A$ looks at the token that came after the first $A$: what should follow.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 8 min (45: 5)</summary>
#
# **Open.** "Six tokens: A B C A B, and then? You all said C. How did you find it?"
#
# **Ask.** They describe it: look for the last A B, see what came after. Write query and key under each token on the
# blackboard; that is an induction head.
#
# **Click.** The triangle of weights: nothing above the diagonal; the second A looks at B, what came after the first.
# Then the two silent mistakes: rows that sum to 0.01, and an entropy of 0.25 in place of 3.7 nats.
#
# **Misconception.** "Without √D it only scales." The softmax picks one token almost alone, and hardly any gradient is
# left.
#
# **On.** Stack it, and hold it against counting.
#
# </details>

# %%
symbols = "ABCAB?"
one_hot = torch.eye(4)[["ABC?".index(symbol) for symbol in symbols]]  # (T, 4)
before = torch.cat([torch.zeros(1, 4), one_hot[:-1]])
q, k, v = 8 * one_hot, before, one_hot
score = q @ k.T / math.sqrt(4)  # (T, T): row t asks, column s answers
mask = torch.ones(6, 6).tril().bool()  # s ≤ t: no token sees those after it
weights = score.masked_fill(~mask, -math.inf).softmax(-1)  # masked before the softmax
output = weights @ v
assert torch.allclose(output, F.scaled_dot_product_attention(q[None], k[None], v[None], is_causal=True)[0], atol=1e-6)
assert torch.allclose(weights, transformer.attention_weights(q, k))

# %%
plots.weights_picture(weights, symbols, "Who looks at whom")

# %% [markdown]
# This is an **induction head**: it finds what followed last time (Olsson et al. 2022). A token whose letter was never
# seen before looks at all alike. Two mistakes give no error message:

# %%
late = score.softmax(-1) * mask  # masked after the softmax
wide = torch.randn(2, 1000, 256, generator=seeded(0))  # queries and keys of 256 numbers
entropies = [
    torch.special.entr((wide[0] @ wide[1, :64].T / scale).softmax(-1)).sum(-1).mean().item() for scale in (16, 1)
]
print("mask after the softmax: rows sum to", [round(total, 2) for total in late.sum(-1).tolist()])
print("entropy of 64 weights with / √D {:.2f}, without {:.2f} nats; all alike {:.2f}".format(*entropies, math.log(64)))

# %% [markdown]
# Masked too late, the rows no longer sum to 1, and their size tells of the tokens that were to be hidden. Without the
# scale a product of 256 random numbers has standard deviation 16, and the softmax picks one token almost alone:
# hardly any gradient is left for the others.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · A transformer (8 min)
#
# Several heads side by side, an MLP after them, both added to what came in; a few such blocks; and the next token's
# logits. [One file](../course_utils/models/transformer.py) of about 120 lines, shapes in comments.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 10 min (45: 6, tour: 3)</summary>
#
# **Open.** "A hundred thousand weights against a counter that took well under a second. Bets?"
#
# **Ask.** Nearly all bet on the transformer. The curve: past the 3-gram at its first look, past the 5-gram after two
# minutes, ahead by less than a tenth of a nat after three.
#
# **Click.** The check above it: change the last letter, and no earlier logit moves, 0.0. Nothing else would reveal a
# leak.
#
# **Misconception.** "A transformer beats counting." On what task, with how much text, after how long? Little text and
# little time belong to the counter.
#
# **On.** There are things that no counting mends.
#
# </details>

# %%
plots.transformer_diagram()

# %% [markdown]
# Without a mask in the loss, nothing hints at a leak. So change the last letter, and see that no earlier logit moves.
# The model is the one recorded on our prose: `python -m course_utils.labs.language` trains it anew.

# %%
prose = runs.load()
x = letters.encode("the discriminator is a network")[None]
changed = x.clone()
changed[0, -1] = letters.place["s"]
with torch.no_grad():
    leak = (prose(x) - prose(changed))[0, :-1].abs().max().item()
size = sum(parameter.numel() for parameter in prose.parameters())
print(f"{size:,} parameters; the last letter moves earlier logits by {leak}")

# %% [markdown]
# **Predict first.** The transformer has seen the text dozens of times, and can look back 128 letters. Is it ahead of
# the 5-gram?

# %%
long = runs.read("long", runs.LONG_TABLE)
record = runs.held_out_ngrams()
plotting.curves(
    {"transformer, held-out": [row["test"] for row in long], "transformer, its own text": [r["train"] for r in long]},
    x=[row["seconds"] for row in long], reference={f"{n}-gram": record[n] for n in (2, 3, 5)},
    xlabel="processor seconds of training", ylabel="nats per character",
    title="A recorded run on the course's prose",
)  # fmt: skip

# %%
crossing = next((row["seconds"] for row in long if row["test"] < record[5]), None)
best = min(row["test"] for row in long)
x, test_tokens = runs.prose()
print(f"held-out: transformer {long[-1]['test']:.3f} (best {best:.3f}), 5-gram {record[5]:.3f} nats per character")
print(f"crosses the 5-gram: {'after ' + str(crossing) + ' s' if crossing else 'not in this run'}")
print(f"the 5-gram took well under a second; the checkpoint scores {runs.held_out(prose, test_tokens[:8000]):.3f}")

# %% [markdown]
# In the end, and late. At its first look, after a dozen seconds, the transformer is past the 2-gram and the 3-gram.
# The 5-gram, counted in a fraction of a second, holds out for about two minutes of processor time; after three the
# transformer is ahead by less than a tenth of a nat. On little text and in little time, counting is a strong model.
# One run, with one seed; its curve still falls where it ends.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · What counting cannot do (8 min)
#
# Three tasks whose answer stands far back. **Recall**: noise, a key somewhere in it, and at the end the key is asked
# for. **Brackets**: three kinds, closed in the right order. **Induction**: random symbols, said again: what followed
# must follow. A 5-gram sees four tokens; here that cannot be enough.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 10 min (45: 5)</summary>
#
# **Open.** "A key hangs somewhere in forty tokens of noise. At the end I ask for it. What does a 5-gram say?"
#
# **Ask.** "Would ten times the data help it?" Some hope so. It sees four tokens; the answer stands outside.
#
# **Click.** The three panels by distance: recall and induction stay at 1.00 for the transformer, the 5-gram drops to
# chance beyond four. Brackets: about twice chance, not solved.
#
# **Misconception.** "Attention solves memory." Looking is one rule whatever the distance; counting depth is another,
# and this small network cannot.
#
# **On.** It can predict. Now let it write.
#
# </details>

# %%
LENGTH = 48
tasks = {
    "recall": lambda n, seed: text.recall(n, LENGTH, rng=seeded(seed)),
    "brackets": lambda n, seed: text.brackets(n, LENGTH, seeded(seed)),
    "induction": lambda n, seed: text.induction(n, LENGTH, rng=seeded(seed)),
}
line = tasks["brackets"](1, 0).x[0].tolist()
print("brackets:", "".join("([{)]}"[token] for token in line))


# %%
def task_loss(model, x, asked, rng):
    return {"loss": -(model.log_prob_tokens(x) * asked).sum() / asked.sum()}  # only where an answer is asked


PLAN = {"recall": (150, 5e-3), "brackets": (300, 6e-3), "induction": (350, 6e-3)}
networks, rivals = {}, {}
for name, make in tasks.items():
    steps, lr = PLAN[name]
    data = make(32 * steps, 1)
    with models.first_weights(0):
        networks[name] = transformer.Transformer(data.kinds, LENGTH, width=32, heads=1, blocks=2)
    training.fit(networks[name], task_loss, data.x, data.asked, steps=steps, batch_size=32, lr=lr, description=name)
    rivals[name] = NGram(5, data.kinds).fit(data.x)


# %%
def logits_of(model, x):
    with torch.no_grad():
        return model.logits(x) if isinstance(model, NGram) else model(model.started(x)[:, :-1])


def right(model, task):
    among = slice(task.answers.start, task.answers.stop)  # the best of the possible answers
    return logits_of(model, task.x)[..., among].argmax(-1) + task.answers.start == task.x


fresh = {name: make(2000 if name == "recall" else 500, 2) for name, make in tasks.items()}
hits, accuracy = {}, {}
for name, task in fresh.items():
    hits[name] = {"transformer": right(networks[name], task), "5-gram": right(rivals[name], task)}
    accuracy[name] = {who: measures.by_distance(share, task) for who, share in hits[name].items()}

# %%
plots.accuracy_picture(accuracy, {name: task.chance for name, task in fresh.items()})

# %%
beyond = {}
for name, task in fresh.items():
    far = task.asked & (task.distance > 4)
    ours, theirs = beyond[name] = [share[far].float().mean().item() for share in hits[name].values()]
    print(f"{name:10s} beyond 4 tokens: transformer {ours:.2f}, 5-gram {theirs:.2f}, chance {task.chance:.2f}")

# %% [markdown]
# Recall and induction are solved at every distance after seconds of training: "find the key" and "find what followed"
# are one rule each, whatever the distance. The 5-gram guesses as soon as the answer lies beyond its four tokens, and
# no amount of data would mend that. Brackets are not solved: beyond the shortest, about twice the chance. Here the
# network must count how deep it is, not only look.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · Sampling (10 min)
#
# The logits $\ell$ are given; how to draw is a choice. **Temperature** $\tau$ divides them:
# $p_i \propto e^{\ell_i / \tau}$. **Top-k** keeps the $k$ likeliest. **Top-p** keeps the fewest that hold the
# probability $p$ together (Holtzman et al. 2020).

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 13 min (45: 8, tour: 3)</summary>
#
# **Open.** "Always the likeliest letter: what do you get?"
#
# **Click.** Type the class's words into `prompt`, set `temp.` to 0 and press `Continue`: a loop. At 1: words, some of
# them none. At 1.5: soup. Then `top-p` 0.9, and watch which pale bars lose their blue.
#
# **Ask.** "Which text does the 5-gram find likeliest: a person's or the loop?" The hall says the person's. It is the
# loop, by half. So likelihood and quality part again, as in lecture 07.
#
# **Misconception.** "A copied span of twenty letters is memorization." Held-out pages, which nobody copied, reach as
# far: that is the chance level.
#
# **On.** Next lecture: make it answer.
#
# </details>


# %%
def choose(logits, temperature=1.0, top_k=None, top_p=1.0):
    p = (logits / temperature).softmax(-1)
    kept = p.sort(descending=True).values[: top_k or len(p)]
    enough = int((kept.cumsum(0) / kept.sum() < top_p - 1e-6).sum()) + 1  # the first at which the sum is reached
    p = torch.where(p >= kept[min(enough, len(kept)) - 1], p, 0)
    return p / p.sum()


logits = prose(letters.encode("The generator ")[None])[0, -1].detach()
for given in ({"temperature": 0.5}, {"top_k": 3}, {"top_p": 0.6}, {"temperature": 0.7, "top_k": 9, "top_p": 0.8}):
    torch.testing.assert_close(choose(logits, **given), transformer.choose(logits, **given))
explorers.sampling_explorer(prose, letters)

# %% [markdown]
# Pale bars are the model's, blue ones what is drawn from. Now in numbers, 12 draws of 100 letters each: how much
# repeats (the share of 6-letter runs that were there before, in the same draw), what the 5-gram thinks of the text
# (nats), and the longest span that stands word for word in the training text.

# %%
settings = {
    "greedy": {"temperature": 0}, "temperature 0.5": {"temperature": 0.5}, "top-p 0.9": {"top_p": 0.9},
    "temperature 1": {}, "temperature 1.5": {"temperature": 1.5},
}  # fmt: skip
PLACES = range(500, 42_000, 3_500)
prompts = torch.stack([letters.encode(test_text[i : i + 20]) for i in PLACES])
report = {}
for name, given in settings.items():
    drawn = prose.sample(len(prompts), prompt=prompts, length=100, rng=seeded(0), **given)
    report[name] = [letters.decode(row) for row in drawn]
report["held-out text"] = [test_text[i + 20 : i + 120] for i in PLACES]
degenerate = {name: measures.degeneration(rows, train_text, five, letters) for name, rows in report.items()}

# %%
print("drawn by          repeats   5-gram's nats   longest copied span: median, most")
for name, row in degenerate.items():
    print(f"{name:16s} {row.repeats:8.0%} {row.nats:15.2f} {row.median:22.0f} {row.most:6d}")
print(report["greedy"][0], report["temperature 1"][0], report["temperature 1.5"][0], sep="\n---\n")

# %% [markdown]
# Always the likeliest letter: it falls into a loop, and to the 5-gram this degenerate text is *likelier* than a
# person's. The highest temperature repeats nothing, and costs the 5-gram about twice a person's nats. Of these
# settings top-p 0.9 and temperature 1 come nearest to the held-out text in repetition, yet some of their words are
# none: the model is small. It has not memorized. Its longest spans from the training text are about as long as those
# of the held-out pages, which nobody copied, and the very longest is theirs: set phrases. That is the chance level to
# ask for whenever a span is called copied (Carlini et al. 2023).

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · MinHash (3 min)
#
# Give each shingle a random number, and keep the smallest of each page. Over two pages together the smallest belongs
# to any of their shingles with the same chance. If that one is in both pages, the two minima agree; so they agree
# with probability $J = |A \cap B| / |A \cup B|$. Do it 64 times and count. (Real systems use hash functions for the
# random numbers, and look only at pages that agree in a few places.)

# %% tags=["depth"]
sets = [measures.shingles(page.text) for page in pages]
jaccard = torch.tensor([[len(a & b) / len(a | b) for b in sets] for a in sets[:60]])
values = torch.rand(64, len(set().union(*sets)), generator=seeded(5))
number = {shingle: place for place, shingle in enumerate(sorted(set().union(*sets)))}
minima = torch.stack([values[:, [number[shingle] for shingle in one]].amin(1) for one in sets])
here = (minima[:60, None] == minima).float().mean(2)
minhash_gap = (here - jaccard).abs().max().item()
print(f"largest error over {jaccard.numel():,} pairs: {minhash_gap:.2f}; mean error {(here - jaccard).mean():+.4f}")

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · What heads look at (6 min)
#
# The map of the recorded model, for any text. Rows look, columns are looked at. Type one in which something repeats.

# %% tags=["depth"]
explorers.attention_explorer(prose, letters)

# %% tags=["depth"]
typed = "the model, then the mo"
maps = prose.attention(letters.encode(typed)[None])[:, 0]  # (blocks, heads, T, T)
back = (maps * (torch.arange(len(typed))[:, None] - torch.arange(len(typed)))).sum(-1).mean(-1)
print("letters looked back in the mean, blocks by heads:", [[round(x, 1) for x in row] for row in back.tolist()])
plots.weights_picture(maps[-1, 0, -8:, -8:].tril(), typed[-8:], "Last block, first head, the last eight letters")

# %% [markdown] tags=["depth"]
# Heads differ in how far they look back. What a head looks at is not yet why the model says what it says: the values
# that come over, and the MLPs, are not on the map (Jain & Wallace 2019).

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · Learning in context (3 min)
#
# Each sequence has a table of its own, from four cues to eight values: *a → 3, c → 7, a → ?*. No weight can know it;
# it stands in the sequence alone. After training, weights fixed, how good is the answer after $k$ shots? Who
# remembers all is right with probability $1 - \tfrac78 \left(\tfrac34\right)^k$.

# %% tags=["depth"]
shots = text.few_shot(32 * 500, 16, seeded(3))
with models.first_weights(0):
    learner = transformer.Transformer(shots.kinds, 32, width=32, heads=1, blocks=2)
training.fit(learner, task_loss, shots.x, shots.asked, steps=500, batch_size=32, lr=6e-3, description="few shots")
new = text.few_shot(2000, 16, seeded(4))
few = right(learner, new)[:, 1::2].float().mean(0)
few_ngram = right(NGram(5, new.kinds).fit(shots.x), new)[:, 1::2].float().mean(0)
ideal = 1 - 7 / 8 * 0.75 ** torch.arange(16)
plotting.curves(
    {"who remembers all": ideal, "transformer": few, "5-gram": few_ngram}, title="Tables it has never seen",
    xlabel="shots before", ylabel="share right",
)  # fmt: skip

# %% [markdown] tags=["depth"]
# The weights are fixed, the tables new, and the transformer answers nearly as well as who remembers all: it *learns
# in context*, by looking up. The 5-gram sees the last two pairs alone, and stays there.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · Scaling (3 min)
#
# Kaplan et al. (2020) found that the held-out loss falls as a power of the number of parameters, of the data, and of
# the compute. The recorded runs vary one at a time. A line in log–log axes is fitted to all but the largest run, and
# then asked for that one.

# %% tags=["depth"]
axis = {"parameters": "parameters", "data": "characters", "compute": "seconds"}
scaling = {part: runs.frontier(part, column) for part, column in axis.items()}
fits = {part: runs.extrapolate(*points) for part, points in scaling.items()}
plots.scaling_picture(scaling, fits)

# %% tags=["depth"]
for part, fit in fits.items():
    print(
        f"{part:10s} loss ∝ x^{-fit.power:.3f}; largest run: predicted {fit.predicted:.2f}, measured {fit.measured:.2f}"
    )

# %% [markdown] tags=["depth"]
# Straight lines fit well inside their range. Beyond it they are a bet: with more parameters and more compute the line
# is off by less than 0.1 nats. With more data it promises far too much: all took the same number of steps, and once
# the text is large enough, the steps are what is short. A power law holds only while nothing else limits the loss.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Common errors (1 min)
#
# > **"Lower perplexity, better model."** Only with the same tokens. Bits per character compare all.
#
# > **"The test set is random pages, so it is fair."** Section 1: copies and neighbors of each page were learned.
#
# > **"A transformer beats counting."** On what task, with how much text, after how much training? Sections 5 and 6
# > give both answers.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 2 min</summary>
#
# **Open.** "A vendor reports a perplexity of 8. Your first question?"
#
# **Ask.** In chorus: per what? Then the second: on which text, and how was it split? The third, if they are awake:
# what does a 5-gram reach on it?
#
# **Misconception.** "Data mining keeps such a model up to date." One collects, filters, removes duplicates, cuts into
# tokens; after that the knowledge stands still until somebody trains again or puts documents into the prompt.
#
# **On.** The questions, alone.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Check yourself (8 min)
#
# Open the choice that you think is right: it says whether it is, and why.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 4 min</summary>
#
# **Open.** "The first question is the vendor once more, in numbers."
#
# **Click.** Vote, then open the winner. For letters against words let them do the sum on paper: five letters at 12
# each against one word at 30.
#
# **Ask.** For the second: "Your test pages are random. Name two ways in which the answer leaked." A copy, and another
# page of the same document.
#
# **Misconception.** Listen for "but I removed the duplicates". Neighbors remain.
#
# **On.** Two sentences, then home.
#
# </details>

# %%
quiz.ask("10a_language_models")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary (1 min)
#
# 1. Every filter catches dirt and takes good pages with it; patterns do not find names. Split by document.
# 2. Byte pairs turn frequent runs into tokens; bits per character compare models of any tokens.
# 3. A smoothed n-gram is a strong model of a small text, best at five letters here.
# 4. Attention is a softmax of scaled products, masked before, not after.
# 5. Counting fails where the answer stands far back; attention gets there.
# 6. Temperature, top-k and top-p trade repetition for nonsense. Copying is measured against held-out text.
#
# ## Discuss
#
# - Whose pages does the filter "English" remove, on the real web?
# - A vendor reports a perplexity of 8. What do you ask?
# - How long must a copied span be before you call it memorized?
#
# Next: [lecture 10b](10b_assistants.ipynb) makes an assistant of such a predictor.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 2 min (45: 1)</summary>
#
# **Open.** "Whose pages does a filter called *English* remove, on the real web?"
#
# **Ask.** Dialects, learners, code, poems: collect four. Then ask who in the room would be thinned out by it.
#
# **Misconception.** "It understands." Say what is measured: it finds a key at any distance, it does not count
# brackets. A word that covers both tells you less than the two numbers.
#
# **On.** The predictor goes on with a text; 10b makes it answer a question.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# **1.** Raise the threshold of the near-copy filter from 0.4 to 0.8. How many near copies are caught now?
#
# <details><summary>Solution</summary>
#
# ```python
# strict = (estimate > 0.8).int().argmax(1) == torch.arange(len(pages))
# print(measures.filter_score(pages, strict.tolist(), "near copy", GOOD))
# ```
# Fewer: only those with few changed words. The threshold is a choice between copies kept and good pages lost.
# </details>
#
# **2.** How far back does a 3-gram answer the recall task?
#
# <details><summary>Solution</summary>
#
# ```python
# three = NGram(3, fresh["recall"].kinds).fit(tasks["recall"](4000, 1).x)
# print(measures.by_distance(right(three, fresh["recall"]), fresh["recall"]))
# ```
# At distance 2 it sees the key; beyond, it guesses.
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 1 min (45: 1)</summary>
#
# **Open.** "Exercise 1 moves one threshold, from 0.4 to 0.8. Who gains, who loses?"
#
# **Ask.** They expect fewer false removals, and they are right; the near copies with many changed words slip through.
# There is no setting without a price.
#
# **Misconception.** "Look back two more letters and the 3-gram finds the key." Exercise 2: at distance 2 it sees it,
# beyond it guesses, whatever it was fed.
#
# **On.** The assignment comes after 10b.
#
# </details>

# %% [markdown]
# ## Further reading
#
# - D. Jurafsky, J. H. Martin. *Speech and Language Processing*, 3rd ed. draft, chapters on n-grams and transformers.
#   [web.stanford.edu/~jurafsky/slp3](https://web.stanford.edu/~jurafsky/slp3/) (begin here)
# - A. Vaswani et al. *Attention Is All You Need.* NeurIPS 2017. [arXiv:1706.03762](https://arxiv.org/abs/1706.03762)
# - R. Sennrich, B. Haddow, A. Birch. *Neural Machine Translation of Rare Words with Subword Units.* ACL 2016.
#   [arXiv:1508.07909](https://arxiv.org/abs/1508.07909)
# - I. H. Witten, T. C. Bell. *The Zero-Frequency Problem.* IEEE Trans. Information Theory 37, 1991.
#   [doi:10.1109/18.87000](https://doi.org/10.1109/18.87000)
# - C. Raffel et al. *Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer.* JMLR 2020.
#   [arXiv:1910.10683](https://arxiv.org/abs/1910.10683) (the filters of C4)
# - J. W. Rae et al. *Scaling Language Models: Methods, Analysis & Insights from Training Gopher.* 2021.
#   [arXiv:2112.11446](https://arxiv.org/abs/2112.11446) (quality filters, MinHash)
# - A. Z. Broder. *On the Resemblance and Containment of Documents.* 1997.
#   [doi:10.1109/SEQUEN.1997.666900](https://doi.org/10.1109/SEQUEN.1997.666900)
# - K. Lee et al. *Deduplicating Training Data Makes Language Models Better.* ACL 2022.
#   [arXiv:2107.06499](https://arxiv.org/abs/2107.06499)
# - C. Olsson et al. *In-context Learning and Induction Heads.* 2022.
#   [arXiv:2209.11895](https://arxiv.org/abs/2209.11895)
# - A. Holtzman et al. *The Curious Case of Neural Text Degeneration.* ICLR 2020.
#   [arXiv:1904.09751](https://arxiv.org/abs/1904.09751)
# - N. Carlini et al. *Quantifying Memorization Across Neural Language Models.* ICLR 2023.
#   [arXiv:2202.07646](https://arxiv.org/abs/2202.07646)
# - S. Jain, B. C. Wallace. *Attention is not Explanation.* NAACL 2019.
#   [arXiv:1902.10186](https://arxiv.org/abs/1902.10186)
# - J. Kaplan et al. *Scaling Laws for Neural Language Models.* 2020.
#   [arXiv:2001.08361](https://arxiv.org/abs/2001.08361)
