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
# # 12 · Outlook
#
# What can each family do, what comes next, and what do you believe now? One page to look back with, and to leave
# with.
#
# **You will be able to**
# 1. choose a family for a task by what was measured of it, and find where;
# 2. test a claim about a new direction in one cell, with the control that decides;
# 3. argue a question on generative models from evidence, and judge such a debate;
# 4. say how sure you are of what you learned, and check it;
# 5. find what to read next, and plan a project.
#
# **Time:** 75 minutes, and 24 of depth, marked ▸, which folds away and which nothing else needs. Estimated: words /
# 130, half a minute a figure or printed table, a minute for 6 lines of code, 2 for a prediction or quiz question, 4
# for an explorer; exercises come on top. The page runs in half a minute on a laptop.
#
# **Before:** as much of the course as you took. **After:** the [project](../assignments/12_project/12_project.ipynb).

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 3 min (45: 2)</summary>
#
# **Prepare.** Run the page whole, and let everybody answer the five questions of section 3 *before* you begin: the
# panel stands there. Bring cards for lots: card and side of the debate.
#
# **Open.** "You have seen eight families. Which one would you take home?" Let them vote, and write the votes down for
# section 4.
#
# **Misconception.** "An outlook is a list of what is new." A list is old next year. What stays is how to test a claim
# in one cell.
#
# **On.** First let us see what we know.
#
# </details>

# %% slideshow={"slide_type": "skip"}

import torch
from torch import nn
from torch.nn import functional as F

from course_utils import data, metrics, models, plotting, training
from course_utils.data import text
from course_utils.labs import comparison as bench
from course_utils.labs.comparison import table
from course_utils.labs.diffusion import painter, reading, shapes
from course_utils.labs.outlook import atlas, calibrate, debate, forms, picks, record, shelf, streams
from course_utils.models import mixtures, transformer
from course_utils.plotting import diagrams
from course_utils.plotting.diagrams import Arrow, Block
from course_utils.training import one_thread, seeded
from course_utils.training.gan import GAN, GANConfig
from course_utils.widgets import quiz

DATASET = "digits"  # or "mnist", "fashion_mnist", slower; numbers in the text are for the digits
one_thread()  # small networks are slower with two threads that wait for each other

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · The course on one page (7 min)
#
# Families down, abilities across. A cell says what was measured, and a click leads to the section that showed it. No
# number is typed here: they come from the recorded tables of lectures 05 and 08b and from the claims that tests hold
# against each page.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 8 min (45: 6, tour: 2)</summary>
#
# **Open.** "The whole course, families down, abilities across. No number on it was typed."
#
# **Picture.** A toolbox with labels: nobody asks which tool is the best.
#
# **Ask.** "A hospital wants to fill in missing values and know how sure that is. Which row?" The hall says VAE; the
# mixture has it in closed form.
#
# **Click.** One cell: it leads to the section that showed it. Come back, and read the column of the Fréchet distance
# downward: the mixture leads, on these digits.
#
# **Misconception.** "The newest row wins." A dash, too, says only that the course did not show it.
#
# **On.** What is not on the map yet?
#
# </details>

# %%
runs = bench.read() + bench.read(table.NEWCOMERS_FILE)
cells = atlas.load(runs)
atlas.Atlas(cells)

# %% [markdown]
# A dash means that the course did not show it, not that nobody can. How to read a row: the GAN draws fastest and says
# nothing about how likely an image is; the diffusion model takes about a hundred times as long. How to read a column:
# under equal conditions on these digits the mixture has the smallest Fréchet distance. Bigger data may turn that
# around; the method that would tell stays the same.

# %%
NAMES = ("mixture", "VAE", "GAN + R1", "flow", "diffusion")
frechet, milliseconds = ({n: table.column(runs, n, key, 3.0) for n in NAMES} for key in ("frechet", "sample_ms"))
print("           Fréchet distance   ms for 1,000")
for name in NAMES:
    print(f"{name:10s} {table.mean_sd(frechet[name]):>16s} {table.mean_sd(milliseconds[name], 1):>14s}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · Directions, one cell each (35 min)
#
# Nine directions: four here, one of them in words, and five folded below. Each comes with what was known on its date,
# one small experiment, and the control that decides.
#
# ### Architectures: a state that forgets
#
# *Known.* Attention compares all pairs of tokens. A **state-space layer** keeps a state of fixed size instead,
# $h_t = a \odot h_{t-1} + W x_t$, and takes the same time for each token (Gu et al. 2022). With fixed $a$ such layers
# cannot choose what to keep; letting $a$ depend on the token (Mamba, Gu & Dao, December 2023) mended much of it.
# Another way to grow, the **mixture of experts**, sends each token to few of many MLPs (Shazeer et al. 2017); it
# waits in the exercises.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 30 min (45: 17)</summary>
#
# **Open.** "Every direction comes with a date, one small experiment, and the control that decides."
#
# **Picture.** Attention keeps every page of a book on the table; a state keeps one sheet of notes.
#
# **Ask.** Before the cell: "Which layer is better at brackets, which at a key read long ago?" Most say attention for
# both. Each wins once.
#
# **Click.** In the stream move `time` slowly: the frozen crosses stay behind, online EM goes along. In the hunt let
# one person pick and the others predict the next six; `Back` takes a pick back.
#
# **Misconception.** "Real-time data give real-time insight." It is a choice of how fast to forget.
#
# **On.** So far machines. Now us.
#
# </details>


# %%
class StateSpace(nn.Module):
    def __init__(self, width, states=42):
        super().__init__()
        self.into = nn.Linear(width, 2 * states, bias=False)  # what is written, and a gate
        self.out = nn.Linear(states, width, bias=False)
        self.a = nn.Parameter(torch.linspace(-4, 4, states))  # sigmoid(a): the share kept at each step

    def forward(self, x):  # (B, T, C)
        written, gate = self.into(x).chunk(2, -1)
        lag = (torch.arange(x.shape[1])[:, None] - torch.arange(x.shape[1]))[..., None]
        kept = torch.where(lag >= 0, (lag.clamp(min=0) * F.logsigmoid(self.a)).exp(), 0.0)  # a^(t − s): (T, T, states)
        state = torch.einsum("tsn,bsn->btn", kept, written)  # all steps of the recurrence at once
        return self.out(state * F.silu(gate))


# %%
with models.first_weights(0):
    layer, x = StateSpace(8, states=3), torch.randn(2, 5, 8)
state, steps = torch.zeros(2, 3), []
for t in range(5):  # the recurrence, one step after another
    written, gate = layer.into(x[:, t]).chunk(2, -1)
    state = torch.sigmoid(layer.a) * state + written
    steps.append(layer.out(state * F.silu(gate)))
print("largest gap to the recurrence:", f"{(torch.stack(steps, 1) - layer(x)).abs().max():.0e}")

# %% [markdown]
# Now put it in place of attention in lecture 10a's transformer: as many weights within 1 %, the same data, updates
# and rate. Two of its tasks: close brackets; recall one key after noise.
#
# **Predict first.** Which layer wins which task?

# %%
LENGTH = 32
tasks = {
    "brackets": (lambda n, seed: text.brackets(n, LENGTH, seeded(seed)), 250, 6e-3),
    "recall": (lambda n, seed: text.recall(n, LENGTH, rng=seeded(seed)), 150, 5e-3),
}


def task_loss(model, x, asked, rng):
    return {"loss": -(model.log_prob_tokens(x) * asked).sum() / asked.sum()}  # only where an answer is asked


def right(model, task):
    with torch.no_grad():
        x_logits = model(model.started(task.x)[:, :-1])[..., task.answers.start : task.answers.stop]
    return x_logits.argmax(-1) + task.answers.start == task.x


# %%
networks, share, weights = {}, {}, {}
for name, (make, steps, lr) in tasks.items():
    task, fresh = make(32 * steps, 1), make(500, 2)
    far = fresh.asked & (fresh.distance > 4)
    for layer in ("attention", "state space"):
        with models.first_weights(0):
            model = transformer.Transformer(task.kinds, LENGTH, width=32, heads=1, blocks=2)
            for block in model.blocks if layer == "state space" else ():
                block.attention = StateSpace(32)
        training.fit(
            model, task_loss, task.x, task.asked, steps=steps, batch_size=32, lr=lr, description=f"{name}, {layer}"
        )
        networks[name, layer], weights[layer] = model, sum(p.numel() for p in model.parameters())
        share[name, layer] = right(model, fresh)[far].float().mean().item()

# %%
for name, (make, *_) in tasks.items():
    said = ", ".join(f"{layer} {share[name, layer]:.2f}" for layer in weights)
    print(f"{name:9s} right beyond 4 tokens: {said}, chance {make(1, 0).chance:.2f}")
print("weights:", weights)

# %% [markdown]
# Each wins once. The state carries how deep the brackets are and closes more of them; it often loses the one key
# among the noise, since it writes down everything, alike, before it knows what will be asked. Attention looks back
# when it is asked. So current models mix both kinds of layer (Jamba, Lieber et al. 2024).
#
# ### Real-time data: a stream that drifts
#
# *Known.* EM can learn from one point at a time: keep running means of what the M-step needs, and let old points fade
# at a rate $\eta$ (Cappé & Moulines 2009). Three groups turn on a circle while their points come. Each model is
# scored on the *next* point, then may learn from it.


# %%
def parameters(weights, first, second):
    means = first / weights[:, None]
    return mixtures.GMMParameters(weights, means, second / weights[:, None, None] - means[:, :, None] * means[:, None])


def learn(kept, point, rate):
    r = mixtures.responsibilities(point[None], *parameters(*kept))[0]
    new = r, r[:, None] * point, r[:, None, None] * torch.outer(point, point)
    return [old + rate * (one - old) for old, one in zip(kept, new, strict=True)]


# %%
def online_em(theta, x, rate):
    weights, means, covariances = theta
    squares = covariances + means[:, :, None] * means[:, None]
    kept, scores, path = [weights, weights[:, None] * means, weights[:, None, None] * squares], [], []
    for point in x:
        theta = parameters(*kept)
        scores.append(theta.log_prob(point[None])[0])  # before it learns from the point
        path.append(theta.means)
        kept = learn(kept, point, rate)
    return torch.stack(scores), torch.stack(path)


# %% [markdown]
# Controls: the mixture of the first 200 points, frozen; and a **sliding refit**, EM on the last $w$ points after each
# 25, the best of three $w$ (chosen in its favor, on the same stream).


# %%
def sliding(theta, x, window, every=25):
    scores, path = [], []
    for i in range(0, len(x), every):
        scores.append(theta.log_prob(x[i : i + every]))
        path.append(theta.means.expand(len(scores[-1]), -1, -1))
        theta, _ = mixtures.em(x[max(0, i + every - window) : i + every], theta, 2, reg_covar=1e-2)
    return torch.cat(scores), torch.cat(path)


# %%
def follow(turns, rate=0.02, seed=0):
    x = streams.stream(1800, turns, seeded(seed))
    theta, _ = mixtures.em(x[:200], mixtures.start(x[:200], 3, seeded(seed)), 60, reg_covar=1e-3)
    refits = [sliding(theta, x[200:], window) for window in (50, 100, 200)]
    found = {"frozen": (theta.log_prob(x[200:]), theta.means.expand(1600, -1, -1))}
    found |= {"online EM": online_em(theta, x[200:], rate), "refit": max(refits, key=lambda fit: fit[0].mean())}
    return x[200:], found, streams.true_log_prob(x, turns)[200:].mean()


# %%
stream_scores = {}
for turns in (0.0, 0.5):
    for seed in range(3):
        points, found, best = follow(turns, seed=seed)
        stream_scores[turns, seed] = {name: scores.mean().item() for name, (scores, _) in found.items()} | {
            "best": best.item()
        }
    print(f"turns {turns}, nats a point:", {name: round(v, 2) for name, v in stream_scores[turns, 2].items()})

# %%
paths, scores = ({name: parts[i] for name, parts in found.items()} for i in (1, 0))
streams.film(points, paths, scores)

# %% [markdown]
# On paper: at point 0 all three stand on the groups. Near 500 the frozen crosses lie halfway between two groups; near
# 1,100 each group has come to the next one's cross, and the frozen mixture is right again, for a moment and by luck.
# The other two go along. With drift the frozen mixture loses several nats a point; online EM mostly stays within a
# third of a nat of the best possible (a bad start is carried along), on each stream a little ahead of the refit.
# Without drift forgetting costs a little: the frozen mixture is ahead. "Real-time" is a choice of how fast to forget.
#
# ### Human–AI work: a person picks, the generator follows
#
# *Known.* People bred pictures by picking (Picbreeder, Secretan et al. 2011); picks also tune language models
# ([lecture 10b](10b_assistants.ipynb)). Here the next six digits lie around the one you picked, closer each round.

# %%
x, y = data.images(DATASET, "train", limit=2_000)
x_test, y_test = data.images(DATASET, "test", limit=1_000)
with models.first_weights(0):
    pair = models.Generator(x.shape[1:], hidden=128), models.Discriminator(x.shape[1:], hidden=128)
gan = GAN(
    *pair, lambda n, rng: (x[torch.randint(len(x), (n,), generator=rng)],), GANConfig(lr=2e-3, average=0.99, r1=3.0)
)
gan.train(800, decay=True, description="digits")
LATENT = 16
picks.pick_explorer(gan.averaged, LATENT)

# %% [markdown]
# Does following help, or only seeing many? A simulated person wants one test digit and picks the nearest of six,
# twelve times; sure of each pick, or noisy. Control: as many pictures from the prior, the favorite kept.

# %%
hunts = {}
for noise in (0.0, 0.5):
    for follows in (True, False):
        found = [
            picks.hunt(gan.averaged, LATENT, x_test[10 * i], seeded(i), follow=follows, noise=noise) for i in range(30)
        ]
        last, variety = (
            torch.tensor(v).mean().item() for v in ([h.distances[-1] for h in found], [h.variety for h in found])
        )
        hunts[noise, follows] = last, variety
        name = "follows" if follows else "prior  "
        print(f"noise {noise}: {name} ends {last:.2f} from what was wanted; variety of the last six {variety:.2f}")

# %% [markdown]
# A sure person gets nearer with a generator that follows. With noisy picks all end farther off, and following still
# helps. What is shown narrows to a fifth or less of its variety: the person sees ever less of what else there is.
#
# ### World models and reinforcement, in words
#
# *Known.* A generator of "what comes next, if I act so" is a **world model**: an agent can practice in it (Ha &
# Schmidhuber 2018). DreamerV3 (Hafner et al., January 2023) learned over 150 tasks with one setting, all of its
# planning inside such a model. The risk is that of every reward: the agent finds what the model gets wrong. You
# measured it in [lecture 10b](10b_assistants.ipynb): what is rewarded rises, what is wanted falls. Since 2024
# language models are also rewarded for answers that a program can check (DeepSeek-R1, January 2025). *A test for any
# such claim:* is the score computed in the model, or in the world?

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · The caption of an image, by Bayes (6 min)
#
# *Known.* A model of $p(\text{image} \mid \text{caption})$ is a reader too: $p(\text{caption} \mid \text{image})
# \propto p(\text{image} \mid \text{caption})\, p(\text{caption})$. With diffusion models the caption under which the
# noise is guessed best wins (Li et al., March 2023). We run lecture 08b's painter backward over all 864 captions.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 4 min</summary>
#
# **Picture.** A judge of handwriting who knows how each writer writes, against one who only saw which names go with
# which pages. **Ask.** "Green and triangles were both seen, never together. Who reads a green triangle?" **Click.**
# The cell; then look at the price: 864 passes. **On.** Fewer labels, or less data?
# </details>

# %% tags=["depth"]
blocks = {
    "image x": Block(0, 0, "(3, 16, 16)"), "caption c": Block(0, 1, "864 of them"),
    "painter": Block(1.2, 0.5, "guesses x", kind="network"),
    "squared miss": Block(2.4, 0.5, "one for each c", kind="loss"),
    "least wins": Block(3.6, 0.5, "one caption"),
}  # fmt: skip
arrows = [("image x", "painter"), ("caption c", "painter"), ("painter", "squared miss"), ("squared miss", "least wins")]
diagrams.diagram(
    blocks, [Arrow(*ends) for ends in arrows], title="A painter that reads: noised x, each caption in turn"
)

# %% tags=["depth"]
net, all_captions = painter.load(), shapes.captions()
words = shapes.tokens(all_captions)
by_bayes, examples = {}, {}
for kind, held_out in (("shown", False), ("never", True)):
    asked, scenes = reading.examples(held_out, 24, seeded(3))
    rng = seeded(4)
    found = [all_captions[int(reading.misses(net, image, words, rng).argmin())] for image in scenes]
    by_bayes[kind] = sum(map(reading.same, found, asked))
    examples[kind] = (found[0], asked[0])
plain = {kind: [row[kind] for row in reading.recorded()] for kind in by_bayes}
for kind, count in by_bayes.items():
    low, high = metrics.intervals.wilson_interval(count, 24)
    said = ", ".join(f"{value:.0%}" for value in plain[kind])
    print(f"captions {kind:6s} Bayes {count} of 24 ({low:.0%} to {high:.0%}); plain classifiers {said}")

# %% [markdown] tags=["depth"]
# The plain classifier had as many pictures and updates as the painter (recorded, three seeds). On captions that
# training showed both read nearly all. On the combination never shown Bayes keeps most, and the classifiers lose four
# to seven in ten: they learned which words go together. The price is a pass for each of 864 captions, in place of one
# in all. And who reads by the painter inherits what it cannot draw ([lecture 08b](08b_diffusion.ipynb), section 6).

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · Few labels (4 min)
#
# *Known.* "GPT-3 learns from a few examples" (Brown et al., May 2020) after 300 billion tokens. Few labels *at the
# time of use* is not few data. Here: features of a classifier of the digits 0 to 5, then digits 6 to 9, new to it,
# from $k$ examples each, by the nearest mean. Control: raw pixels.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 3 min</summary>
#
# **Ask.** "How many labels did this take?" Count those of pretraining aloud. **Misconception.** "Few-shot models need
# little data." They moved the data to where one does not look. **On.** Back to the core, or to the next fold.
# </details>

# %% tags=["depth"]
old, pixels = y < 6, lambda x: x.flatten(1)
extractor = metrics.features.train_classifier(x[old], y[old], epochs=40)


def few_shot(features, k, seed):
    order = torch.randperm(len(y), generator=seeded(seed))
    chosen = [next_ for c in range(6, 10) for next_ in order[y[order] == c][:k].tolist()]
    means = features(x[chosen]).view(4, k, -1).mean(1)
    new = y_test >= 6
    return (torch.cdist(features(x_test[new]), means).argmin(1) + 6 == y_test[new]).float().mean().item()


with torch.no_grad():
    shots = {
        name: [sum(few_shot(f, k, seed) for seed in range(10)) / 10 for k in (1, 3, 10)]
        for name, f in {"pretrained": lambda x: extractor(x)[0], "pixels": pixels}.items()
    }
print(f"labels in pretraining: {int(old.sum())}; new classes with 1, 3, 10 examples each:", shots)

# %% [markdown] tags=["depth"]
# Raw pixels win, by 20 points or more, with 1, 3 and 10 examples. What 866 labels of other digits taught is to tell
# *those* apart, and the features have thrown the rest away. Pretraining helps where it was wide enough to hold what
# is asked later; whether it was, is measured against doing without.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · What the discriminator looks at (4 min)
#
# *Known.* Cover a part of the image and see what the score loses: **occlusion** (Zeiler & Fergus 2014). Some maps
# look alike whatever the network learned; so compare with an untrained one (Adebayo et al. 2018).


# %% tags=["depth"]
def occlusion(network, images, size=2):
    with torch.no_grad():
        whole, maps = network(images), []
        for v in range(0, images.shape[-2], size):
            for h in range(0, images.shape[-1], size):
                covered = images.clone()
                covered[..., v : v + size, h : h + size] = images.mean()
                maps.append(whole - network(covered))
    side = images.shape[-1] // size
    return torch.stack(maps, 1).view(-1, 1, side, side)


# %% tags=["depth"]
with models.first_weights(1):
    untrained = models.Discriminator(x.shape[1:], hidden=128)
maps = {name: occlusion(net_, x_test[:200]) for name, net_ in {"trained": gan.D, "untrained": untrained}.items()}
ink = F.avg_pool2d(x_test[:200], 2)
alike = {name: torch.corrcoef(torch.stack([m.flatten(), ink.flatten()]))[0, 1].item() for name, m in maps.items()}
shared = {name: (m.mean(0).std() / m.std()).item() for name, m in maps.items()}  # 1: one map for all digits
for name in maps:
    print(f"{name:9s} correlation with the ink covered {alike[name]:+.2f}; the same for every digit {shared[name]:.2f}")
rows = [ink[:10], *(m[:10] / m.abs().amax() * 0.5 + 0.5 for m in maps.values())]
names, title = ["ink", "trained", "untrained"], "Ink, and what D's score loses where it is covered"
plotting.image_grid(torch.cat([F.interpolate(row, scale_factor=2) for row in rows]), title=title, row_labels=names)

# %% [markdown] tags=["depth"]
# Neither is a map of the ink. The untrained network's is to a good part the same for every digit; the trained one's
# depends on the digit. One map of one network, without the second row, would have told a story in either case.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · A probe, and its control (4 min)
#
# *Known.* A linear **probe** reads a property off a layer. It may learn the property itself, so ask it for a
# **control task** as well: a random answer, fixed for each token and place. What counts is the difference, the
# *selectivity* (Hewitt & Liang, September 2019). Property: how many brackets are open.

# %% tags=["depth"]
lines = text.brackets(400, LENGTH, seeded(5)).x
depth = (2 * (lines < 3).int() - 1).cumsum(1).clamp(max=4)  # open brackets after each token: 0 to 4
control = torch.randint(5, (6, LENGTH), generator=seeded(6))[lines, torch.arange(LENGTH)]


def probe(model, labels):
    with torch.no_grad():
        h = model.hidden(model.started(lines)[:, 1:]).flatten(0, 1)
    fit, test = h[:6400], h[6400:]
    targets = F.one_hot(labels.flatten().long(), 5).float()
    w = torch.linalg.lstsq(F.pad(fit, (0, 1), value=1.0), targets[:6400]).solution
    return ((F.pad(test, (0, 1), value=1.0) @ w).argmax(1) == labels.flatten()[6400:]).float().mean().item()


# %% tags=["depth"]
with models.first_weights(2):
    asked = {"untrained": transformer.Transformer(6, LENGTH, width=32, heads=1, blocks=2)}
asked |= {layer: networks["brackets", layer] for layer in weights}
probed = {name: (probe(model, depth), probe(model, control)) for name, model in asked.items()}
for name, (real, random) in probed.items():
    print(f"{name:12s} depth {real:.2f}, control task {random:.2f}, selectivity {real - random:+.2f}")

# %% [markdown] tags=["depth"]
# The probe is right on about half, far above the control task. But the untrained network's probe is nearly as good:
# much of the depth can be read off the tokens that any mixing of the past lets through. A probe shows that something
# *can* be read off; not that training put it there, nor that the network uses it.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · Robustness (4 min)
#
# *Known.* A small step along the gradient's signs turns a classifier's answer (Goodfellow et al., December 2014). On
# MNIST, Bayes' rule over a model for each class withstood more (Schott et al., May 2018). Ours: one Gaussian a class.
# Control: random signs of the same size.

# %% tags=["depth"]
classifier = metrics.features.train_classifier(x, y, epochs=40)
by_class = [x[y == c].flatten(1).double() for c in range(10)]
means = torch.stack([rows.mean(0) for rows in by_class])
covariances = torch.stack([torch.cov(rows.T) for rows in by_class]) + 2e-2 * torch.eye(
    means.shape[1], dtype=torch.float64
)
readers = {
    "classifier": lambda x: classifier(x)[1],
    "Gaussians": lambda x: mixtures.log_components(x.flatten(1).double(), means, covariances),
}


# %% tags=["depth"]
def attacked(read, x, y, size):
    x = x.clone().requires_grad_()
    F.cross_entropy(read(x), y).backward()
    return (x + size * x.grad.sign()).detach()


robust = {}
for name, read in readers.items():
    noise = 0.15 * (2 * torch.randint(2, x_test.shape, generator=seeded(7)) - 1)
    cases = {"clean": x_test, "random signs": x_test + noise, "attack": attacked(read, x_test, y_test, 0.15)}
    robust[name] = {case: (read(images).argmax(1) == y_test).float().mean().item() for case, images in cases.items()}
    print(f"{name:10s}", {case: round(value, 2) for case, value in robust[name].items()})

# %% [markdown] tags=["depth"]
# Random signs hardly matter, and the attack of the same size leaves the classifier nearly nothing right. Bayes over
# one Gaussian a class keeps several times as much, at a better clean accuracy. That is one attack of one step: a
# stronger one, or one made for the Gaussians, would leave less. Say against which attack, always.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · Debate (10 min)
#
# Five questions on which reasonable people differ. First answer them in the panel, *before*. Then open a card, take
# the side you like less, and argue from its evidence. Then answer again.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 12 min (45: 8)</summary>
#
# **Open.** "Take the side that you like less. You have two minutes, and this page's evidence."
#
# **Ask.** Draw lots for card and side; two minutes each, one to answer. The rest judge by the rubric, before anybody
# says who was right.
#
# **Click.** In the panel choose the `card`, set `when` to after, move `agree`, press `Keep`; look at who moved: open
# circles before, filled ones after.
#
# **Misconception.** "It is all opinion." Each card has numbers; ask which of them would have to be otherwise to
# change your mind.
#
# **On.** How sure were you?
#
# </details>

# %%
cards = debate.load()
cards

# %%
debate.explorer(cards)

# %% [markdown]
# *Keep* holds an answer, *Save* writes the file `my_outlook.json` beside this page, yours alone. What stands there is
# never replaced unless you tick the box. The picture: open circles before, filled ones after.
#
# **Judge a debate**, 0 to 2 points each, before you say who was right:
#
# | criterion | 0 | 1 | 2 |
# |---|---|---|---|
# | claim | unclear | clear | clear, and says what would refute it |
# | evidence | none | a source | a source, its date, what it measured and on whom |
# | the other side | not heard | named | its best argument answered |
# | reach | "always", "never" | some limits | says for whom and until when |
# | change | none | – | says what moved, and why, or why nothing did |

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · What you believe now (9 min)
#
# Rate objectives of the lectures: how sure are you that you can do it? Then answer questions of the same lecture. Who
# is 80 % sure should be right in 80 %. Below the line you were too sure.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 10 min (45: 6)</summary>
#
# **Open.** "A forecaster says 70 % rain on ten days. On how many should it rain?"
#
# **Ask.** "Who is below the line?" Most are, somewhere; say where you are yourself. It makes it easier for them.
#
# **Click.** One lecture live: choose `lecture` and `objective`, set `sure, %`, then answer its questions. The point
# moves to what was right; the line is where the two agree.
#
# **Misconception.** "Sure means wrong." Only the distance to the line counts; and four answers say little, their
# interval goes from 15 to 85 %.
#
# **On.** And where do you go from here?
#
# </details>

# %%
exam = calibrate.at(record.FILE.parent)
calibrate.explorer(exam)

# %%
example = record.Record(
    confidence={"03_vae": {"1": 0.9, "2": 0.8}, "04_gan": {"1": 0.5}},
    quiz={"03_vae": {"1": True, "2": False, "3": True, "4": False}, "04_gan": {"1": True, "2": True, "3": False}},
)
print(f"made up: mean confidence minus share right {record.excess(example):+.2f}")
calibrate.still(example)

# %% [markdown]
# A made-up learner, on paper: of lecture 03 too sure, of 04 too modest. Few answers say little: with four, the share
# has an interval from 15 to 85 % ([lecture 07](07_evaluation.ipynb), section 10).
#
# Guiding questions, for a page of your own: What surprised you, and which number did it? What was hard, and what
# would have helped? Where in your field would you use a generator, and against which baseline? What is still unclear?
# Write your thoughts and run the last line; it asks before it replaces anything.

# %%
exam.record.thoughts["What surprised me, and which number did it?"] = ""
print(record.markdown(example, {card.id: card.key for card in cards[:1]}))
# record.save(exam.record); record.export(exam.record, {c.id: c.key for c in cards}, record.FILE.with_suffix(".md"))

# %% [markdown]
# A form for the course, without name, date, or server: it writes a file that you hand in as your course asks. With
# fewer than five forms the summary refuses to speak.

# %%
forms.form()

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · Resources (3 min)
#
# Dated, with the order of reading, our estimate of the time, and what each is for. Of a course we say what its
# syllabus says. `resources.of("tutorial", level="first")` filters.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 4 min (45: 2)</summary>
#
# **Open.** "Which one will you open this week? One is enough."
#
# **Ask.** Let three people say theirs aloud, with the day on which they will.
#
# **Misconception.** "A famous course teaches it." The Deep Learning Specialization has no generative models, and
# PyTorch's sixty-minute blitz trains a classifier. The list says what each syllabus says.
#
# **Click.** Point at the order of reading and the minutes: both are the course's estimate, to be doubted.
#
# **On.** Reading is one way; the other is a question of your own.
#
# </details>

# %%
resources = shelf.load()
resources.of("book", "course")

# %%
resources.of("tutorial", "library", "community", "data")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · A project of your own (1 min)
#
# [The project](../assignments/12_project/12_project.ipynb) asks one question on data of your own, with a plan that
# stands before its result: five briefs, a proposal, milestones over four weeks, an evaluation by lecture 07, an
# ethics sheet by lecture 06, a review of somebody else's. A measured "no" earns as much as a "yes". A model project,
# complete, is the yardstick: ask your instructor for it after your own plan is fixed.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 4 min (45: 2)</summary>
#
# **Open.** "The best question is one that a number can answer, and whose answer you do not know."
#
# **Ask.** Each one says a question in one sentence; the hall answers with a baseline. If no baseline comes to mind,
# the question is not ready yet.
#
# **Picture.** A sealed envelope: the plan stands before its result, so that the result can surprise you.
#
# **Misconception.** "A measured *no* earns less." It earns as much; what earns little is a yes without a control.
#
# **On.** A few errors to leave behind, then the quiz.
#
# </details>

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · Forecasts, set right (2 min)
#
# What popular texts of 2020 to 2023 said was to come, or was so:
#
# - *"The future is transformers, as DALL·E shows."* The first DALL·E (2021) was one; the second (2022) and third
#   (2023) draw by diffusion ([lecture 08b](08b_diffusion.ipynb)).
# - *"Multimodal and real-time generation lie ahead."* Both are here; open is at what cost, and how they are tested.
# - *"Probabilistic models, or deep ones."* A VAE is both. A GAN is deep and has no density: see its row.
# - *"Models synthesize new drugs."* They propose strings; chemists synthesize and test.
# - *"Synthetic images replace labeled ones."* A conditional generator was trained on labels; an unconditional one
#   gives images without.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Common errors (1 min)
#
# > **"The newest architecture is the best."** Each layer of section 2 wins one task and loses the other.
#
# > **"Few-shot learning needs little data."** It needs little at the time of use, because pretraining took much.
#
# > **"Synthetic data give insight in real time."** None beyond the model and what it was trained on; a model that
# > does not follow the stream is confidently late.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 2 min</summary>
#
# **Open.** "'Few-shot learning needs little data.' Where did the data go?"
#
# **Ask.** Into pretraining, where one does not look. Let somebody say how many labels a direction of section 2 really
# took, those of others included.
#
# **Misconception.** "The newest architecture is the best." Each layer of section 2 wins one task and loses the other,
# on the same machine, in the same minute.
#
# **On.** Four questions.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Check yourself (8 min)
#
# Open the choice that you think is right: it says whether it is, and why.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 5 min</summary>
#
# **Open.** "Say aloud how sure you are before you vote: 60, 80, 95 %."
#
# **Click.** Fingers, then open the winner. Keep two counts on the board: how sure, how often right. It is section 4
# with the whole hall as one learner.
#
# **Ask.** At the end: are we calibrated? Usually too sure by some points; ask what follows for the next claim that
# they will hear about a model.
#
# **Misconception.** "A wrong answer is a failure." A wrong answer at 55 % is well said.
#
# **On.** Then goodbye.
#
# </details>

# %%
quiz.ask("12_outlook", 1, 2, 3, 4)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary (1 min)
#
# 1. No family has every ability. Take the one whose cell you need, and look where the number comes from.
# 2. A direction is a claim: one cell, one control, several seeds.
# 3. Argue from evidence with its date; say what would refute you.
# 4. Confidence is worth what its calibration is.
# 5. Go on with one resource, and one question that a number can answer.
#
# ## Discuss
#
# - Which cell of the map would you have filled otherwise before the course?
# - Who should decide how fast a deployed model forgets?
# - A generator follows your picks all day. What do you no longer see?

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 3 min (45: 2, tour: 2)</summary>
#
# **Open.** "The votes from the beginning: which family would you take home now, and for what?"
#
# **Ask.** Take three answers, and accept none without a task, a baseline and a number. If somebody says "it depends",
# ask on what; then it is the best answer of the term.
#
# **Misconception.** "Generative models change everything", "it is all hype." Both are claims without a control. You
# know now how to give them one.
#
# **On.** Thank them. The project starts with a question; the course was the method.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# **1.** Find the rate $\eta$ at which online EM follows half a turn best.
#
# <details><summary>Solution</summary>
#
# ```python
# by_rate = {rate: follow(0.5, rate)[1]["online EM"][0].mean().item() for rate in (0.005, 0.02, 0.08)}
# print(by_rate)
# ```
# The middle one. At 0.005 it remembers 200 points and lags; at 0.08 a dozen, and its estimates shake.
# </details>
#
# **2.** Replace each MLP of the transformer by a mixture of four experts of a quarter of the width, each token sent
# to the likeliest, at equal weights. What changes on the brackets?
#
# <details><summary>Solution</summary>
#
# ```python
# class Experts(nn.Module):
#     def __init__(self, width, experts=4, hidden=32):
#         super().__init__()
#         self.gate = nn.Linear(width, experts, bias=False)
#         self.up = nn.Parameter(torch.randn(experts, width, hidden) / width**0.5)
#         self.down = nn.Parameter(torch.randn(experts, hidden, width) / (4 * hidden) ** 0.5)
#
#     def forward(self, x):
#         p = self.gate(x).softmax(-1)
#         sent = F.one_hot(p.argmax(-1), p.shape[-1]) * p  # one expert a token; p lets the gate learn
#         h = F.gelu(torch.einsum("btc,ech->bteh", x, self.up))
#         return torch.einsum("bteh,ehc,bte->btc", h, self.down, sent)
#
# make, steps, lr = tasks["brackets"]
# task, fresh = make(32 * steps, 1), make(500, 2)
# with models.first_weights(0):
#     experts = transformer.Transformer(task.kinds, LENGTH, width=32, heads=1, blocks=2)
#     for block in experts.blocks:
#         block.mlp = Experts(32)
# training.fit(experts, task_loss, task.x, task.asked, steps=steps, batch_size=32, lr=lr, progress=False)
# of_experts = right(experts, fresh)[fresh.asked & (fresh.distance > 4)].float().mean().item()
# print(of_experts, share["brackets", "attention"])
# ```
# Next to nothing, here. What experts are for is size: three of the four stand idle at each token, so weights grow
# while the work for a token does not. At equal weights, as here, that is no gain in accuracy.
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 1 min</summary>
#
# **Open.** "Exercise 1 asks how fast to forget; exercise 2 builds a mixture of experts in twenty lines."
#
# **Ask.** "Which of three rates follows the stream best?" Let them argue: slow lags, fast hears the noise. They write
# down a guess before they run it.
#
# **Misconception.** "More experts, more ability." At equal weights the question is open until the cell has run.
#
# **On.** Whoever sends a pull request with a tenth direction has done the course's last exercise.
#
# </details>

# %% [markdown]
# ## Further reading
#
# - A. Gu, K. Goel, C. Ré. *Efficiently Modeling Long Sequences with Structured State Spaces.* ICLR 2022.
#   [arXiv:2111.00396](https://arxiv.org/abs/2111.00396)
# - A. Gu, T. Dao. *Mamba: Linear-Time Sequence Modeling with Selective State Spaces.* 2023.
#   [arXiv:2312.00752](https://arxiv.org/abs/2312.00752)
# - O. Lieber et al. *Jamba: A Hybrid Transformer-Mamba Language Model.* 2024.
#   [arXiv:2403.19887](https://arxiv.org/abs/2403.19887)
# - N. Shazeer et al. *Outrageously Large Neural Networks: The Sparsely-Gated Mixture-of-Experts Layer.* ICLR 2017.
#   [arXiv:1701.06538](https://arxiv.org/abs/1701.06538)
# - O. Cappé, E. Moulines. *On-line Expectation–Maximization Algorithm for Latent Data Models.* JRSS B 71, 2009.
#   [arXiv:0712.4273](https://arxiv.org/abs/0712.4273)
# - A. C. Li et al. *Your Diffusion Model is Secretly a Zero-Shot Classifier.* ICCV 2023.
#   [arXiv:2303.16203](https://arxiv.org/abs/2303.16203)
# - J. Secretan et al. *Picbreeder: A Case Study in Collaborative Evolutionary Exploration of Design Space.* 2011.
#   [doi:10.1162/EVCO_a_00030](https://doi.org/10.1162/EVCO_a_00030)
# - D. Ha, J. Schmidhuber. *World Models.* 2018. [arXiv:1803.10122](https://arxiv.org/abs/1803.10122)
# - D. Hafner et al. *Mastering Diverse Domains through World Models.* 2023.
#   [arXiv:2301.04104](https://arxiv.org/abs/2301.04104)
# - DeepSeek-AI. *DeepSeek-R1: Incentivizing Reasoning Capability in LLMs via Reinforcement Learning.* 2025.
#   [arXiv:2501.12948](https://arxiv.org/abs/2501.12948)
# - T. Brown et al. *Language Models are Few-Shot Learners.* NeurIPS 2020.
#   [arXiv:2005.14165](https://arxiv.org/abs/2005.14165)
# - M. Zeiler, R. Fergus. *Visualizing and Understanding Convolutional Networks.* ECCV 2014.
#   [arXiv:1311.2901](https://arxiv.org/abs/1311.2901)
# - J. Adebayo et al. *Sanity Checks for Saliency Maps.* NeurIPS 2018.
#   [arXiv:1810.03292](https://arxiv.org/abs/1810.03292)
# - J. Hewitt, P. Liang. *Designing and Interpreting Probes with Control Tasks.* EMNLP 2019.
#   [arXiv:1909.03368](https://arxiv.org/abs/1909.03368)
# - I. Goodfellow, J. Shlens, C. Szegedy. *Explaining and Harnessing Adversarial Examples.* ICLR 2015.
#   [arXiv:1412.6572](https://arxiv.org/abs/1412.6572)
# - L. Schott et al. *Towards the First Adversarially Robust Neural Network Model on MNIST.* ICLR 2019.
#   [arXiv:1805.09190](https://arxiv.org/abs/1805.09190)
