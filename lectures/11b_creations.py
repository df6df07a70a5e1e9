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
# # 11b · Applications: making and mending
#
# Four uses where the answer itself is made up: a repaired picture, a future, a molecule, a melody. Each is held
# against what one would do without a generative model, over ten seeds, and gets a verdict.
#
# **You will be able to**
# 1. repair pictures by the conditional mean of a Gaussian, and check it against the package;
# 2. say why the mean is blurred, why a draw is sharp, and what each costs;
# 3. draw scenarios of returns, give value at risk and expected shortfall, and say when a model beats a bootstrap;
# 4. judge generated strings by validity, uniqueness and novelty, and show why these three are not enough;
# 5. show how an optimized reward is hacked;
# 6. compare a Markov chain with a transformer on held-out melodies, and measure copying.
#
# **Time:** 75 minutes, and 26 of depth, marked ▸, which folds away and which nothing else needs. Estimated: words /
# 130, half a minute a figure or printed table, a minute for 6 lines of code, 2 for a prediction or quiz question, 4
# for an explorer; exercises come on top. The page runs in half a minute on a laptop.
#
# **Before:** [lecture 02](02_gmm.ipynb) (mixtures), [10a](10a_language_models.ipynb) (n-grams, transformer).
# **After:** [assignment 11](../assignments/11_applications/11_applications.ipynb).

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 3 min (45: 2)</summary>
#
# **Prepare.** Run the whole page before the class; turn the sound on for section 4, and test it from the last row.
# Keep a magnifying glass or a torn photograph at hand.
#
# **Open.** "Last time a model helped to decide. Today its output is the product. Who can check a product that never
# existed before?"
#
# **Misconception.** "DeepArt and style transfer are GANs." The classic method optimizes one image against the
# features of a fixed classifier (Gatys et al. 2015); the depth part does it.
#
# **On.** The protocol is that of 11a. First, a picture with too few pixels.
#
# </details>

# %% slideshow={"slide_type": "skip"}
import math

import numpy as np
import torch
from IPython.display import Audio
from sklearn.svm import SVC

from course_utils import metrics, plotting
from course_utils.data import melodies, molecules
from course_utils.data.returns import Process
from course_utils.labs.creations import chemistry, explorers, levels, plots, repair, risk, table, texture, tunes
from course_utils.metrics.intervals import mean_interval, paired_interval, verdict
from course_utils.models import mixtures
from course_utils.models.garch import Garch
from course_utils.training import one_thread, seeded
from course_utils.widgets import quiz

DATASET = "digits"  # or "mnist", "fashion_mnist", made 8×8; numbers in the text are for the digits
one_thread()  # small networks are slower with two threads that wait for each other
SEEDS = range(10)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · Repairing pictures (25 min)
#
# A picture $x$ of 64 pixels was damaged: noise was added, a hole was cut, or only the means of 2 × 2 pixels were
# kept, a 4 × 4 picture. All three are one equation, $y = A x + \text{noise}$, with another matrix $A$. A generative
# model of $x$ then gives $p(x \mid y)$: what may have been there.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 20 min (45: 12, tour: 2)</summary>
#
# **Open.** "In films they press *enhance*, and a number plate appears. Where does it come from?"
#
# **Picture.** A torn photograph: you draw the missing ear from all the ears you know.
#
# **Ask.** "Where would the sharp details come from?" From the pixels, says the hall. No: from other pictures.
#
# **Click.** In the explorer pull `detail` from 0 to 1, then move `draw`: the 4 × 4 picture stays, the digit changes.
# Before that, the scatter: the draw of ten Gaussians looks more real and has about twice the squared error of the
# mean.
#
# **Misconception.** "Sharper is closer to the truth." And the sharper a wrong digit, the more surely one believes it.
#
# **On.** One picture, many originals. One past, many futures.
#
# </details>

# %%
plots.repair_diagram()

# %% [markdown]
# Take the simplest model, one Gaussian with mean $\mu$ and covariance $S$ of the training pictures. For
# super-resolution, let $h$ be the high-resolution pixels and $l$ the low-resolution ones. Together they are Gaussian,
# too, so
#
# $$\mathbb{E}[x_h \mid x_l] = \mu_h + S_{hl}\, S_{ll}^{-1} (x_l - \mu_l), \qquad
# \operatorname{Cov}[x_h \mid x_l] = S_{hh} - S_{hl}\, S_{ll}^{-1} S_{lh} .$$
#
# The first is linear regression of the large picture on the small one. No guess has a smaller expected squared error.
# The second says how much is still open. It does not depend on $x_l$: one Gaussian is equally unsure about every
# picture. We need no more than counted means and covariances.

# %%
x, x_test, label, label_test = repair.digits(0, dataset=DATASET)  # rows of 64 pixels
small = repair.damage("small")  # A: (16, 64), each row the mean of 2 × 2 pixels
x_l, mu_h = small.apply(x, seeded(0)).double(), x.double().mean(0)
mu_l = x_l.mean(0)
S_hl = (x.double() - mu_h).T @ (x_l - mu_l) / (len(x) - 1)
S_ll = torch.cov(x_l.T)
y = small.apply(x_test, seeded(1)).double()
guess = mu_h + (y - mu_l) @ torch.linalg.solve(S_ll, S_hl.T)  # rows: S_ll⁻¹ is symmetric

# %% [markdown]
# Check it against two others: the package's conditional mixture, with one component, and ordinary least squares.

# %%
pairs = torch.cat([x_l, x.double()], 1)
one = (torch.ones(1).double(), pairs.mean(0)[None], torch.cov(pairs.T)[None])
twin = mixtures.impute(y, torch.arange(80) < 16, *one)
design = torch.cat([torch.ones(len(x), 1).double(), x_l], 1)
slopes = torch.linalg.lstsq(design, x.double()).solution
by_regression = torch.cat([torch.ones(len(y), 1).double(), y], 1) @ slopes
gaps = [(guess - other).abs().max().item() for other in (twin, by_regression)]
print("largest gap to the package {:.0e}, to least squares {:.0e}".format(*gaps))

# %% [markdown]
# **Predict first.** The rivals: bicubic interpolation, which knows no digits; the mean of the 5 training pictures
# whose small versions are nearest; one Gaussian; ten Gaussians, one for each class, whose classes the repair is *not*
# told. Who has the smallest squared error? And who looks most real?

# %%
gauss, ten = repair.gaussian(x), repair.by_class(x, label)
told = repair.posterior(ten, small, y)
repairs = {
    "bicubic": repair.by_rule(small, y.float(), "bicubic"),
    "5 neighbors": repair.neighbors(x, small, y.float(), rng=seeded(0)),
    "1 neighbor": repair.neighbors(x, small, y.float(), k=1, rng=seeded(0)),
    "Gaussian, mean": repair.posterior(gauss, small, y).mean(),
    "ten, mean": told.mean(),
    "ten, draw": told.sample(seeded(2)),
}
squares = torch.cat([part[:10].float().view(-1, 1, 8, 8) for part in (x_test, *repairs.values())])
plotting.image_grid(squares, title="From 4 × 4 to 8 × 8", columns=10, row_labels=["true", *repairs])

# %%
reader = SVC(C=10).fit(x, label)  # reads digits, to see whether a repair keeps them
judged = {}
for name, part in repairs.items():
    error = (part - x_test).square().mean().item()
    far = metrics.frechet_distance(x, part.clamp(0, 1))
    judged[name] = (error, far)
    print(f"{name:15s} error {error:.4f}, distance {far:.2f}, read right {reader.score(part, label_test):.0%}")
real, told_true, told_label = metrics.frechet_distance(x, x_test), x_test, label_test
print(f"{'true pictures':15s} error 0.0000, distance {real:.2f}, read right {reader.score(x_test, label_test):.0%}")

# %%
plots.tradeoff(judged, real)

# %% [markdown]
# The mean of ten Gaussians is closest to the truth; it is blurred wherever several digits are possible, since it
# averages them. Its draw looks more real and has about **twice the squared error**. That is no accident: if the model
# were right, truth and draw would be two independent draws of $p(x \mid y)$, each one variance away from the mean. No
# method wins both goals (Blau & Michaeli 2018). The single neighbor looks most real of all: it *is* a real picture,
# of another digit.

# %%
explorers.repair_explorer(ten, x_test)

# %% [markdown]
# On paper: a hole of 4 × 4 pixels, the mean, and three draws.

# %%
hole = repair.damage("hole", 4)
torn = hole.apply(x_test[:10], seeded(0))
open_ends = repair.posterior(ten, hole, torn)
rows = [x_test[:10], explorers.seen(hole, torn), open_ends.mean(), *(open_ends.sample(seeded(k)) for k in range(3))]
plotting.image_grid(
    torch.cat([row.float().view(-1, 1, 8, 8) for row in rows]), title="What may have been in the hole", columns=10,
    row_labels=["true", "seen", "mean", "draw 1", "draw 2", "draw 3"],
)  # fmt: skip

# %% [markdown]
# ### Ten seeds
#
# The protocol of [11a](11a_predictions.ipynb): ten random splits; on each, all methods see the same pictures, so we
# compare pairs. Splits share pictures; the interval is widened for it (Nadeau & Bengio 2003). The gain is the
# baseline's squared error minus the method's, in thousandths. What does it depend on? Amount of damage, and the
# number of pictures learned from.

# %%
RULES = {"noise": "median", "hole": "edges", "small": "bicubic"}
CASES = {"noise 0.1": ("noise", 0.1), "noise 0.6": ("noise", 0.6), "hole 2": ("hole", 2), "hole 6": ("hole", 6)}
CASES |= {"4→8": ("small", 1)}


def errors(way, x, label, test, seed):
    y = way.apply(test, seeded(seed))
    found = [repair.by_rule(way, y, RULES[way.name]), repair.neighbors(x, way, y, rng=seeded(seed))]
    found += [repair.posterior(theta, way, y).mean() for theta in (repair.gaussian(x), repair.by_class(x, label))]
    return [1000 * (part - test).square().mean().item() for part in found]


# %%
cases = {}
for seed in SEEDS:
    x, x_test, label, label_test = repair.digits(seed, dataset=DATASET)
    for name, damage in CASES.items():
        cases.setdefault(name, []).append(errors(repair.damage(*damage), x, label, x_test, seed))
    few = repair.damage("small"), x[:100], label[:100], x_test, seed
    cases.setdefault("4→8, of 100", []).append(errors(*few))
over = {"no learning": {}, "5 neighbors": {}}
for name, found in cases.items():
    rule, near, _, own = np.array(found).T
    over["no learning"][name] = paired_interval(rule, own, test_over_train=360 / len(x))
    over["5 neighbors"][name] = paired_interval(near, own, test_over_train=360 / len(x))

# %%
print("squared error × 1000     rule  5 neighbors  Gaussian  ten Gaussians   gain over neighbors")
for name, found in cases.items():
    means = "".join(f"{value:11.1f}" for value in np.mean(found, 0))
    print(f"{name:22s}{means}     {over['5 neighbors'][name]}")

# %%
plots.gains(over, "damage", "gain of ten Gaussians (× 1000)", "Squared error saved, over ten splits")

# %% [markdown]
# Ten Gaussians have the smaller mean error at every damage and size tried, and are least ahead of the neighbors where
# most is lost: at the widest hole some blocks of ten splits do not show it. So over the rule the verdict is *helps*,
# over the neighbors *helps* or, for that hole, *depends*: for squared error, on digits whose classes are labeled. The
# single Gaussian does not always: from 4 × 4 pixels and from the widest hole it is behind the neighbors. With only
# 100 pictures it is the better of the two models: ten covariances are too much to learn from ten pictures each.
#
# One more caution. "Enhancing" a face adds what other faces have; the result can be another person. Here the reader
# of digits sees it: some 4 × 4 digits come back as another digit, and the sharper the repair, the more surely one
# believes it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · Scenarios of returns (13 min)
#
# "Stock prediction" is often listed as what generative models are *not* for. It depends on the question. Tomorrow's
# *mean* return is all but unknowable. The *distribution* of tomorrow's return, given the past, is not: restless days
# follow restless days. A forecast that draws from $p(\text{future} \mid \text{past})$ is conditional generation.
#
# We make the returns ourselves, so that the true risk is known: losses raise tomorrow's variance more than gains do
# (Glosten et al. 1993), and 1 day in 20 is three times as wild. The model, **GARCH** (Bollerslev 1986), is simpler:
#
# $$r_t \sim N(0, v_t), \qquad v_{t+1} = \omega + \alpha\, r_t^2 + \beta\, v_t .$$

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 16 min (45: 9)</summary>
#
# **Open.** "Nobody here can tell me whether the market rises tomorrow. Can you tell me how much it may fall?"
#
# **Picture.** Weather: you do not know next Tuesday's temperature, but you know that it is April.
#
# **Ask.** Closest to the true risk of one day, and of sixty? Most bet on the network for both. For a day GARCH halves
# the bootstrap's error; at sixty little is left over plain draws from the past.
#
# **Click.** Move `days` from 1 to 60 and watch the bars grow together.
#
# **Misconception.** "Forecasting is not generative." Each path of the fan is a draw of
# $p(\text{future} \mid \text{past})$.
#
# **On.** Numbers in a row; now letters in a row.
#
# </details>

# %%
process = Process()
r, variance = risk.histories(process, SEEDS)  # ten histories of 1,000 days, and 240 days after, in percent
past = r[0, : risk.DAYS]


def log_likelihood(omega, alpha, beta, r):
    v, total = omega / (1 - alpha - beta), 0.0
    for today in r:
        total += -0.5 * (math.log(2 * math.pi * v) + today**2 / v)
        v = omega + alpha * today**2 + beta * v  # tomorrow's variance
    return total


model = Garch.fit(past)
garch_gap = abs(log_likelihood(*model, past) - model.log_prob(past).sum())
print(f"GARCH: ω {model.omega:.3f}, α {model.alpha:.3f}, β {model.beta:.3f}; gap to the package {garch_gap:.0e}")

# %%
plots.clusters(r[0, :500], variance[0], model.variances(past))

# %% [markdown]
# GARCH has three numbers, fitted by maximum likelihood, and follows the true volatility from the past alone. It is
# not the true process: it knows neither the asymmetry nor the wild days.
#
# **Value at risk** (VaR) at 1 % is the loss that is exceeded with probability 1 %; **expected shortfall** (ES) is the
# mean loss beyond it.
#
# **Predict first.** Now look ahead, from six days in the year after each history. Five ways to draw futures: days
# from the past at random (**bootstrap**), blocks of 20 days, GARCH with normal shocks, GARCH with its own past shocks
# (Barone-Adesi et al. 1999), a small network that gives each day's variance from running means of squares. Which is
# closest to the true VaR for the next day? For the next 60?

# %%
truth = risk.Truth(process)
network = risk.learn(r[:, : risk.DAYS])
first, off = None, {}
for seed in SEEDS:
    futures = risk.futures(r[seed], network(seed), np.random.default_rng(seed))
    first = futures if first is None else first
    for key, value in risk.errors(futures, variance[seed], truth).items():
        off.setdefault(key, []).append(value)
print("mean |log(VaR / true)| at 1 %  " + "".join(f"{days:4d} days" for days in risk.HORIZONS) + "   ES, 1 day")
for name in risk.SHOWN:
    var = "".join(f"{np.mean(off[name, days], 0)[0]:9.2f}" for days in risk.HORIZONS)
    print(f"{name:30s} {var} {np.mean(off[name, 1], 0)[1]:11.2f}")

# %%
saved = {
    name: {
        days: paired_interval(*(np.array(off[way, days])[:, 0] for way in ("bootstrap", name)))
        for days in risk.HORIZONS
    }
    for name in ("blocks", "GARCH, own shocks", "network, own shocks")
}
plots.gains(saved, "days ahead", "gain in |log(VaR / true)|", "Error of the 1 % VaR, saved over the bootstrap")

# %% [markdown]
# For the next day GARCH with its own shocks helps: its error is about half the bootstrap's. Normal shocks look as
# good for the VaR, and fail for what lies beyond it: the ES. With the horizon the gain shrinks; at 60 days little is
# left over the plain bootstrap, and it is rarely shown: today's volatility is mostly forgotten, and the long run must
# be learned from the same 1,000 days by all. Blocks never help here, and the network, with 57 numbers instead of
# three, is not ahead of GARCH.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · Strings that are molecules (12 min)
#
# SMILES (Weininger 1988) writes a molecule as a string: letters are atoms, `=` and `#` double and triple bonds,
# brackets branches, equal digits close a ring. Benzene is `C1=CC=CC=C1`. Our strings come from a small grammar in
# `data/molecules.py`; beside it stands a strict checker, without a chemistry package.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 15 min (45: 9, tour: 2)</summary>
#
# **Open.** "Here is an AI that designs new molecules: all valid, nearly all new. It adds one carbon."
#
# **Ask.** "What would you measure to show that it is worthless?" Let the hall try: size, rings, nearness. It wins
# those too, since it is nearly a copy.
#
# **Click.** Write the winner of the last round of the chase on the board: a chain of nitrogen. Then the curves:
# guessed activity rises without end, the true one rises, peaks, falls.
#
# **Misconception.** "Valid, unique, novel, so useful"; "models synthesize drugs." They propose strings; chemists
# synthesize and test.
#
# **On.** What is a good melody? At least there we can listen.
#
# </details>

# %%
for smiles in ("C1=CC=CC=C1", "C1=CC=CC=C", "CC(C", "F=C", "FC(F)(F)(F)F", "N#CC1CC1"):
    print(f"{smiles:14s} {molecules.fault(smiles) or 'valid'}")

# %% [markdown]
# Three shares are usually reported: **valid**; **unique** among the valid; **new**, not among the training strings.
# Four ways learn from 1,000 strings each. The recorded table (ten seeds, `python -m course_utils.labs.creations`)
# also holds a way that learns nothing: *one more carbon* takes a training string and puts a C in (Renz et al. 2019).

# %%
rows = table.read()
METRICS = {"valid": "valid", "unique": "unique", "new_string": "new string", "new_molecule": "new molecule"}
print(f"{'':20s}" + "".join(f"{name:>14s}" for name in METRICS.values()) + "   atoms off")
strings = {}
for way in ("3-gram", "5-gram", "7-gram", "transformer", "one more carbon", "the grammar itself"):
    strings[way] = {metric: table.column(rows, "strings", way, metric) for metric in (*METRICS, "size")}
    shares = "".join(f"{np.mean(strings[way][metric]):14.0%}" for metric in METRICS)
    print(f"{way:20s}{shares} {np.mean(strings[way]['size']):11.2f}")

# %%
known = molecules.strings(1000, rng=seeded(0))
for way, draws in {
    "5-gram": chemistry.drawn(chemistry.ngram(known), 4, seeded(1)),
    "one more carbon": chemistry.one_more_carbon(known, 4, seeded(1)),
}.items():
    for smiles in draws:
        print(f"{way:16s} {smiles:38s} {molecules.fault(smiles) or 'valid'}")

# %% [markdown]
# The transformer is a little more often valid than the 7-gram, and no way that learns reaches the grammar. By the
# three shares *one more carbon* beats them all, and it is nearest in the number of atoms, too: it is nearly a copy.
# So these measures cannot show that anything was learned. And a new string is not always a new molecule: a few
# hundredths write a known one in another way.

# %%
value = chemistry.predictor(known[:300])
fresh = molecules.strings(500, rng=seeded(9))
measured = [chemistry.activity(molecules.parse(smiles)) for smiles in fresh]
fits = np.corrcoef(value(fresh), measured)[0, 1]
chases = []
for seed in SEEDS:  # ten laboratories: each its own strings, predictor and search
    mine = molecules.strings(300, rng=seeded(seed))
    chases.append(chemistry.chase(mine, chemistry.predictor(mine), seeded(seed)))
print(f"correlation of predictor and truth on fresh strings: {fits:.2f}")
for number in (0, 5, 15, 30):
    step = chases[0][number]
    print(f"round {number:2d}: guessed {step.guessed:5.1f}, true {step.true:5.1f}   {step.best}")

# %%
plots.chased(chases)

# %% [markdown]
# The predictor is good on strings like those it learned from. The search leaves them. Guessed activity rises without
# end; the true one rises, peaks, and falls: the winners are chains of nitrogen which pass the checker and which no
# chemist would touch. This is Goodhart's law, and the same fault as in [10b](10b_assistants.ipynb), section 3. Mends:
# stop early, stay close to the data, measure the winners, and learn again.

# %%
top = np.array([[step.true for step in run] for run in chases])
peak, end = top.max(1), top[:, -1]
lost = paired_interval(peak, end)
print(f"true activity at its best {peak.mean():.1f}, at round {top.argmax(1).min()} to {top.argmax(1).max()};", end=" ")
print(f"lost by round 30: {lost}; known strings had {top[:, 0].mean():.1f}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · Melodies (12 min)
#
# 36 melodies in the public domain, all moved to C, written out as notes in `data/melodies.py`. A token is a pitch
# with its length. Held out are six tunes; the score is nats a note, and less is better.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 12 min (45: 6)</summary>
#
# **Open.** Play the three sounds without a word. "Person, chain, or shuffled? Vote for each."
#
# **Ask.** "Why does a longer memory make the held-out score worse?" Somebody says: too little data. Right; thirty
# tunes, and it knows them by heart.
#
# **Click.** In the explorer set `memory` to 0, 1, 3, and play each. At 3 somebody recognizes a tune; the caption
# gives the longest copied stretch.
#
# **Misconception.** "Sounds good, so it composes." Look at that stretch first, and at what real tunes share with each
# other by chance.
#
# **On.** Four uses, one table.
#
# </details>

# %%
learn, held = tunes.split(0)
known_tunes = [melodies.decode(tune) for tune in learn]
chains = {order: tunes.markov(learn, order) for order in range(5)}
original = melodies.melodies()["Frère Jacques"]
made = {"Frère Jacques": original, "drawn by a chain, 1 note back": tunes.compose(chains[1], seeded(3), shortest=16)}
made["drawn note by note, no memory"] = tunes.compose(chains[0], seeded(3), shortest=16)
tunes.roll(made, "Three melodies")

# %%
Audio(tunes.sound(made["drawn by a chain, 1 note back"]), rate=tunes.RATE)

# %% [markdown]
# **Predict first.** A **Markov chain** that looks back on $k$ notes is the $(k+1)$-gram of lecture 10a. The rival is
# a transformer of one block. Both see the same 30 tunes. Which $k$ is best on held-out tunes, and does the
# transformer beat it?

# %%
WAYS = [*(f"Markov, {k} notes" for k in table.ORDERS), *(f"transformer, {steps} steps" for steps in table.STEPS)]
nats = {way: table.column(rows, "melodies", way, "nats") for way in WAYS}
for way, values in nats.items():
    print(f"{way:24s} {mean_interval(values)} nats a note")

# %%
copied = {k: [tunes.longest_copy(tunes.compose(chains[k], seeded(s)), known_tunes) for s in SEEDS] for k in (0, 1, 3)}
for k, longest in copied.items():
    print(
        f"{k} notes back: longest copied stretch {np.mean(longest):.1f} notes, at most {max(longest)} in ten melodies"
    )
own = [tunes.longest_copy(melodies.decode(tune), known_tunes) for tune in held]
print(f"real tunes held out share {np.mean(own):.1f} notes with the others")

# %% [markdown]
# One note back is best among the chains; longer memories, good on their own tunes, are worse on new ones, and copy:
# at three notes back a melody has a stretch of 7 to 10 notes, on average, from a known tune, where real tunes share 3
# to 6. The transformer needs a stop in time: after 60 steps it is ahead, after 150 far behind, at many times the
# chain's processor time. And we know the 60 only from looking at held-out tunes, which flatters it.

# %%
explorers.melody_explorer(chains, known_tunes)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · Verdicts (4 min)
#
# One row a use, computed above. A method *helps* if the interval of its gain lies above 0 at every setting that was
# tried, *depends* if at some.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 4 min (45: 3)</summary>
#
# **Open.** "A show of hands on each row, before the cell runs."
#
# **Ask.** Which row surprised you? Mostly the strings: a way that learns nothing wins by the measures in use. Ask who
# is to blame, the model or the measures.
#
# **Misconception.** "A machine can be a partner or cannot." The table does not say; it says one task, one baseline,
# one metric a row. Art and its worth are a question for section 3 of the next lecture.
#
# **Click.** Run the cell, and read one *depends* aloud with what it depends on.
#
# **On.** Three sentences to unlearn.
#
# </details>

# %%
best_chain = min(nats, key=lambda way: (not way.startswith("Markov"), np.mean(nats[way])))
song = {way: paired_interval(nats[best_chain], nats[way], test_over_train=6 / 30) for way in WAYS[4:]}
valid = paired_interval(*(strings[way]["valid"] for way in ("transformer", "7-gram")))
close = paired_interval(*(strings[way]["size"] for way in ("one more carbon", "transformer")))
over_rule, over_near = (over[name].values() for name in ("no learning", "5 neighbors"))
table_rows = [
    ("repair", "rule", "ten Gaussians", "error × 1000, 4→8", over["no learning"]["4→8"], verdict(*over_rule)),
    ("repair", "5 neighbors", "ten Gaussians", "error × 1000, 4→8", over["5 neighbors"]["4→8"], verdict(*over_near)),
]
for name, gain in saved.items():
    metric = "|log VaR|, 1 day"
    table_rows.append(("returns", "bootstrap", name, metric, gain[1], verdict(*gain.values())))

# %%
table_rows += [
    ("strings", "7-gram", "transformer", "share valid", valid, verdict(valid)),
    ("strings", "one more carbon", "transformer", "atoms off", close, verdict(close)),
    ("melodies", best_chain, "transformer", "nats, 60 steps", song["transformer, 60 steps"], verdict(*song.values())),
]
print(plots.verdict_table(table_rows, ("task", "baseline", "method", "metric", "gain (95 %)", "verdict")))

# %% [markdown]
# Repairs with ten Gaussians help. Models of volatility help at short horizons, the transformer of melodies if it
# stops in time. A way that learns nothing wins at strings, by the measures in use. None of it says "generative models
# work" or "do not": each row is one task, one baseline, one metric.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · Tail risk: an interval that fails, and any horizon (8 min)
#
# The plain estimate of a day's VaR counts past losses. Order statistics give its interval, *if days are independent*.
# Is it kept on 1,000 histories of 1,000 days?


# %% [markdown] slideshow={"slide_type": "notes"} tags=["depth"]
# <details><summary>For the speaker · 7 min</summary>
#
# **Open.** "This interval comes from a textbook. It is wrong one time in five."
#
# **Click.** Days from 1 to 60; watch which bars stay near the dashed line.
# </details>


# %% tags=["depth"]
def covered(r, low=4, high=17):  # of 1,000 losses the 4th and 17th largest: a 95 % interval of the 1 % quantile
    loss = -np.sort(r, -1)
    return ((loss[:, high - 1] <= true_var) & (true_var <= loss[:, low - 1])).mean()


many = process.paths(1000, 1000, seeded(5))[0].numpy()
pool = process.paths(20_000, 50, seeded(6))[0].flatten().numpy()
true_var = -np.quantile(pool, 0.01)
shuffled = np.random.default_rng(0).choice(pool, many.shape)  # the same returns without clusters
alone, clustered = covered(shuffled), covered(many)
print(f"true 1 % VaR {true_var:.2f} %; 95 % intervals hold it: independent {alone:.0%}, clusters {clustered:.0%}")

# %% [markdown] tags=["depth"]
# With clusters the interval that promises 95 % holds the truth far less often: 1,000 days are worth fewer than 1,000
# independent ones.
#
# Now any horizon and any rarity, from the most restless of the six days.

# %% tags=["depth"]
origin = int(np.argmax(variance[0, risk.DAYS : risk.DAYS + risk.AFTER : risk.EVERY]))  # the most restless of six days
start = torch.full((risk.PATHS,), variance[0, risk.DAYS + risk.EVERY * origin])
futures_true = process.paths(risk.PATHS, 60, seeded(8), start)[0].numpy()
explorers.risk_explorer({name: path[origin] for name, path in first.items()}, futures_true, risk.SHOWN)

# %% [markdown] tags=["depth"]
# The bootstrap's bar is the risk of its whole past, whatever the day is like: on this history it is too high at 1
# day, on others too low. The models' bars move with the day, and that is their gain.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · Texture and style (7 min)
#
# DeepArt and its kin are often called GANs. They are not. Neural style transfer (Gatys et al. 2015) has no generator,
# no discriminator and no training set: *one* image is optimized until its **Gram matrices**, the mean products of
# filter responses, match those of a model image:
#
# $$G_{ij} = \frac1N \sum_p F_i(p)\,F_j(p) .$$
#
# Even random filters make a texture (Ustyuzhaninov et al. 2016). The baseline is older: keep the spectrum of the
# patch, draw its phases at random (Galerne et al. 2011). The judge is another set of random filters, which the
# optimization never saw.

# %% [markdown] slideshow={"slide_type": "notes"} tags=["depth"]
# <details><summary>For the speaker · 6 min</summary>
#
# **Misconception.** "Style transfer is a GAN." Ask where the discriminator is. Nobody finds it.
#
# **Picture.** Leaves stirred in a bowl: the same leaves, no tree.
# </details>

# %% tags=["depth"]
patch = texture.patch()  # 48 × 48 gray pixels of the tree in scikit-learn's china.jpg
distances = []
for seed in range(3):
    filters, others = texture.filters(2 * seed), texture.filters(2 * seed + 1)
    pictures = {"random phases": texture.random_phase(patch, seeded(seed))}
    pictures["Gram matched"] = texture.optimized(patch, filters, seeded(seed))
    pictures["noise"] = texture.noise(patch, seeded(seed))
    distances.append({name: texture.gram_gap(image, patch, others) for name, image in pictures.items()})
for name in pictures:
    print(f"{name:14s} gap of Gram matrices under new filters:", ", ".join(f"{each[name]:.3f}" for each in distances))
shown = torch.cat([patch, *pictures.values()]).view(-1, 1, 48, 48)
plotting.image_grid(shown, title="A texture, three ways", columns=4, column_labels=["patch", "phases", "Gram", "noise"])

# %% [markdown] tags=["depth"]
# Matched Gram matrices carry over to filters that were never used, far better than random phases do. Both are
# textures: where things stand is lost.
#
# **Growing progressively.** Large image models draw small first, then refine (progressive GANs, cascades). In section
# 1's terms: draw $y$ of 4 × 4, then $x$ from $p(x \mid y)$.

# %% tags=["depth"]
coarse = repair.damage("small")
pyramid = repair.joint(ten, coarse)
drafts = pyramid.sample(400, rng=seeded(0))[:, :16]  # 4 × 4 pictures
grown = repair.posterior(ten, coarse, drafts).sample(seeded(1))
at_once = ten.sample(400, rng=seeded(2))
in_steps, whole = (metrics.frechet_distance(x, draws.clamp(0, 1)) for draws in (grown, at_once))
print(f"Fréchet distance to training pictures: in two steps {in_steps:.2f}, at once {whole:.2f}")
both = torch.cat([explorers.seen(coarse, drafts[:10].float()), grown[:10].float(), at_once[:10].float()])
plotting.image_grid(
    both.view(-1, 1, 8, 8), title="Small first, then large", columns=10, row_labels=["4 × 4", "grown", "at once"]
)

# %% [markdown] tags=["depth"]
# For a Gaussian model the two are the same distribution, $p(x) = \int p(x \mid y)\,p(y)\,dy$, and so are the
# distances, nearly. Growing pays where a step is easier to *learn* than the whole.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · Levels that can be solved (7 min)
#
# Game worlds are mostly made by rules, not by learned models. A level of tiles is worth nothing if its exit cannot be
# reached. Draw walls at random, check by search, throw away what has no path: rejection sampling.

# %% [markdown] slideshow={"slide_type": "notes"} tags=["depth"]
# <details><summary>For the speaker · 6 min</summary>
#
# **Click.** Let the hall shout a letter, press it five times. What does the generator now believe they like?
# </details>

# %% tags=["depth"]
walls = (0.1, 0.2, 0.3, 0.4, 0.5)
solvable = {p: np.mean([levels.steps(levels.random_level(p, seeded(s))) > 0 for s in range(200)]) for p in walls}
print("share solvable:", ", ".join(f"{p:.0%} walls {share:.0%}" for p, share in solvable.items()))
lengths = np.array([[np.mean(rung) for rung in levels.follow(levels.longest, seeded(seed))] for seed in range(10)])
print("ten picks of the longest way of 8; mean steps offered:", ", ".join(f"{v:.1f}" for v in lengths.mean(0)))
longer = paired_interval(lengths[:, -1], lengths[:, 0])
print("steps gained over the first round:", longer)

# %% tags=["depth"]
levels.picker()

# %% [markdown] tags=["depth"]
# Near 40 % walls random levels break: few have a way left, and rejection grows dear. The picker keeps only levels
# with a way, so no pick can lose it; ten picks lengthen the way by several steps. The person has trained the
# generator.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · Elsewhere: art, video, fashion, education, climate (2 min)
#
# As of 2025; each will age.
#
# **Art.** On a platform with 4 million works, users of text-to-image tools published 25 % more over time, and had
# 50 % more favorites per view; average novelty of content fell, peak novelty rose (Zhou & Lee 2024, observational).
#
# **Video.** Since 2024 diffusion transformers make clips of a minute (OpenAI's report on Sora, February 2024).
# Objects still vanish or pass through each other; benchmarks score such parts apart (VBench, Huang et al. 2024).
#
# **Fashion.** Virtual try-on warps a garment onto a photo (VITON, Han et al. 2018; later with diffusion). It is
# inpainting with a condition. Whether fewer garments are sent back is a question that pictures do not answer.
#
# **Education.** In a field experiment with nearly a thousand pupils, GPT-4 raised grades while it was at hand; when
# it was taken away those with the plain chat did 17 % *worse* than those who never had it; guardrails removed most of
# the harm (Bastani et al. 2025).
#
# **Climate and weather.** GenCast draws 15-day weather ensembles by diffusion and beat the leading physical ensemble
# on 97 % of 1,320 targets (Price et al. 2025). That is weather. For a climate that nobody has seen, a learned model
# extrapolates, and physics still does the work.

# %% [markdown] slideshow={"slide_type": "notes"} tags=["depth"]
# <details><summary>For the speaker · 2 min</summary>
#
# **Ask.** Which of the five has a baseline? Education has: pupils without the tool.
# </details>

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · What popular texts get wrong (2 min)
#
# | Said | What holds | Seen in |
# |---|---|---|
# | VAEs recognize faces | Recognition is $p(y \mid x)$; a VAE rebuilds or draws faces | [03](03_vae.ipynb) |
# | DeepArt is a GAN | It optimizes one image; nothing is learned and nothing competes | above |
# | GANs lead image synthesis | Since about 2021 diffusion and autoregressive models do | [08b](08b_diffusion.ipynb) |
# | Forecasting is not generative | Drawing from $p(\text{future} \mid \text{past})$ is | section 2 |
# | Super-resolution recovers detail | It draws detail from other pictures | section 1 |
# | Valid and novel, so useful | One more carbon is valid and novel | section 3 |
# | Generated molecules replace experiments | They are proposals; the predictor is what gets optimized | section 3 |
# | Learned models build game worlds | Mostly rules, with a check | above |
# | Coherent text comes from VAEs | Their codes collapse (Bowman et al. 2016) | [10a](10a_language_models.ipynb) |

# %% [markdown] slideshow={"slide_type": "notes"} tags=["depth"]
# <details><summary>For the speaker · 2 min</summary>
#
# **Ask.** Cover the middle column. Who can set right the first row?
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Common errors (1 min)
#
# > **"The blurred repair is a bad one."** It is the best guess under squared error. Ask for a draw if you want to see
# > *one* possibility, for several if you want to see what is open.
#
# > **"A longer memory, a better model."** On held-out tunes two notes back are already too many.
#
# > **"The generator found a molecule with a score of 11."** It found a fault of the scorer.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 3 min</summary>
#
# **Open.** "'The generator found a molecule with a score of 11.' Congratulations?"
#
# **Ask.** They say: to the scorer's fault. Ask for the same fault elsewhere in the course: the hurried raters of 10b,
# noise that pleases the classifier in 07. One disease, three lectures.
#
# **Misconception.** "The blurred repair is a bad one." It is the best guess under squared error; ask for a draw to
# see one possibility, for several to see what is open.
#
# **On.** The questions.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Check yourself (6 min)
#
# Open the choice that you think is right: it says whether it is, and why.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 6 min</summary>
#
# **Open.** "Four questions, and the first is the court's question about an enhanced photograph in disguise."
#
# **Click.** Alone, then fingers, then open the winner. Spend the time on the one with the most even votes, and skip
# those where all agree.
#
# **Ask.** For each wrong vote: which figure of the page contradicts it? Let them find the section before you scroll
# there.
#
# **Misconception.** Listen for "a draw is a better estimate". It is a better *example*; the mean is the better
# estimate.
#
# **On.** Six sentences, then the last lecture.
#
# </details>

# %%
quiz.ask("11b_creations", 1, 2, 3)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary (1 min)
#
# 1. All repairs are $p(x \mid Ax + \text{noise})$; for a Gaussian the mean is linear regression.
# 2. The mean has least squared error and is blurred; a draw looks real at twice the error.
# 3. Volatility can be forecast, means cannot; a model of it pays for days, and less for months.
# 4. Valid, unique and novel can all be had without a model. Ask what else must hold, and measure that.
# 5. An optimized score soon measures its own faults.
# 6. On thirty tunes a chain of one note and an early-stopped transformer are close; more of either copies.
#
# ## Discuss
#
# - A court is shown an "enhanced" photograph. What would you ask the expert?
# - When is a bootstrap a generative model?
# - Who wrote the melody that shares eight notes with *Jingle Bells*?
#
# Next: [lecture 12](12_outlook.ipynb), the outlook.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 3 min (45: 2)</summary>
#
# **Open.** "A court is shown an enhanced photograph. You are the expert. What do you say first?"
#
# **Ask.** Collect: what was in the pixels, what came from elsewhere, how many other originals fit as well. If nobody
# asks on whose faces the model was trained, ask it yourself.
#
# **Misconception.** "When is a bootstrap a generative model?" It always is one: it draws from the past, and assumes
# that days are exchangeable. State the assumption, not the label.
#
# **On.** Next, where the field goes, and what you believe.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# **1.** Demand or temperature has seasons. Add $\sin(2\pi t / 250)$ to the returns of one history. What does the
# bootstrap do to the season, what do blocks of 20 days?
#
# <details><summary>Solution</summary>
#
# ```python
# t = np.arange(1000)
# season = np.sin(2 * np.pi * t / 250)
# wave = r[0, :1000] + 3 * season
# for block in (1, 20):
#     drawn = risk.bootstrap(wave, 200, 1000, np.random.default_rng(0), block)
#     echo = np.mean([np.corrcoef(path[:-5], path[5:])[0, 1] for path in drawn])
#     print(block, echo, np.abs((drawn @ season) / 500).mean())
# print(np.corrcoef(wave[:-5], wave[5:])[0, 1])
# ```
# Single days lose it: values five days apart are uncorrelated. Blocks keep most of that correlation, but not the
# season itself: its amplitude of 3 shrinks to well below 1, since blocks are laid down at any time of the year.
# Resample residuals around a fitted season instead.
# </details>
#
# **2.** Mend the chase: stop it when the guess exceeds the largest *measured* activity. What is lost?
#
# <details><summary>Solution</summary>
#
# ```python
# limit = max(chemistry.activity(molecules.parse(smiles)) for smiles in known[:300])
# stopped = [next(step.true for step in run if step.guessed > limit) for run in chases]
# print(limit, np.mean(stopped), peak.mean(), end.mean())
# ```
# The stopped searches keep most of the gain, and more than the full ones keep at the end.
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 1 min (45: 1)</summary>
#
# **Open.** "Exercise 2 stops the chase of section 3 in time. What is lost?"
#
# **Ask.** Hands: nearly all of the gain, or little? The solution keeps most of it, and more than the full search
# keeps at the end.
#
# **Misconception.** "Blocks keep everything that days in a row have." Exercise 1: they keep the nearness of days and
# lose the season, since they may lie anywhere in the year.
#
# **On.** The assignment has learners write a fair protocol, intervals, a threshold by its cost, and the repair from 4
# × 4 to 8 × 8.
#
# </details>

# %% [markdown]
# ## Further reading
#
# - Y. Blau, T. Michaeli. *The Perception-Distortion Tradeoff.* CVPR 2018.
#   [arXiv:1711.06077](https://arxiv.org/abs/1711.06077) (begin here)
# - C. Nadeau, Y. Bengio. *Inference for the Generalization Error.* Machine Learning 52, 2003.
#   [doi:10.1023/A:1024068626366](https://doi.org/10.1023/A:1024068626366)
# - T. Bollerslev. *Generalized Autoregressive Conditional Heteroskedasticity.* J. Econometrics 31, 1986.
#   [doi:10.1016/0304-4076(86)90063-1](https://doi.org/10.1016/0304-4076\(86\)90063-1)
# - L. Glosten, R. Jagannathan, D. Runkle. *On the Relation between the Expected Value and the Volatility of the
#   Nominal Excess Return on Stocks.* J. Finance 48, 1993.
# - G. Barone-Adesi, K. Giannopoulos, L. Vosper. *VaR without Correlations for Portfolios of Derivative Securities.*
#   J. Futures Markets 19, 1999.
# - D. Weininger. *SMILES, a Chemical Language and Information System.* J. Chem. Inf. Comput. Sci. 28, 1988.
#   [doi:10.1021/ci00057a005](https://doi.org/10.1021/ci00057a005)
# - P. Renz et al. *On Failure Modes in Molecule Generation and Optimization.* Drug Discovery Today: Technologies
#   32–33, 2019. [doi:10.1016/j.ddtec.2020.09.003](https://doi.org/10.1016/j.ddtec.2020.09.003)
# - L. Gatys, A. Ecker, M. Bethge. *A Neural Algorithm of Artistic Style.* 2015.
#   [arXiv:1508.06576](https://arxiv.org/abs/1508.06576)
# - I. Ustyuzhaninov et al. *Texture Synthesis Using Shallow Convolutional Networks with Random Filters.* 2016.
#   [arXiv:1606.00021](https://arxiv.org/abs/1606.00021)
# - B. Galerne, Y. Gousseau, J.-M. Morel. *Random Phase Textures: Theory and Synthesis.* IEEE TIP 20, 2011.
# - S. Bowman et al. *Generating Sentences from a Continuous Space.* CoNLL 2016.
#   [arXiv:1511.06349](https://arxiv.org/abs/1511.06349)
# - E. Zhou, D. Lee. *Generative Artificial Intelligence, Human Creativity, and Art.* PNAS Nexus 3, 2024.
#   [doi:10.1093/pnasnexus/pgae052](https://doi.org/10.1093/pnasnexus/pgae052)
# - Z. Huang et al. *VBench.* CVPR 2024. [arXiv:2311.17982](https://arxiv.org/abs/2311.17982)
# - X. Han et al. *VITON: An Image-based Virtual Try-on Network.* CVPR 2018.
#   [arXiv:1711.08447](https://arxiv.org/abs/1711.08447)
# - H. Bastani et al. *Generative AI without Guardrails Can Harm Learning.* PNAS 122, 2025.
#   [doi:10.1073/pnas.2422633122](https://doi.org/10.1073/pnas.2422633122)
# - I. Price et al. *Probabilistic Weather Forecasting with Machine Learning.* Nature 637, 2025.
#   [arXiv:2312.15796](https://arxiv.org/abs/2312.15796)
