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
# # 09b · Graphs, and what causes what
#
# A Bayesian network writes one large distribution as a product of small tables, along the arrows of a graph. It
# answers any question about its variables. What would happen if we *changed* one of them is another question, and
# needs more than the distribution.
#
# **You will be able to**
# 1. write a joint distribution as small tables, and count what that saves;
# 2. answer questions exactly, by summing out one variable after another, and say what the order costs;
# 3. answer them by draws, and recognize when likelihood weighting or Gibbs sampling fails;
# 4. read from the graph which variables become dependent when others are observed;
# 5. turn prevalence, sensitivity and specificity into what a test result means;
# 6. learn the tables from data;
# 7. tell seeing from doing, and adjust for a common cause where the graph allows it.
#
# **Time:** 75 minutes, and 16 of depth, marked ▸, which folds away and which nothing else needs. Estimated: words /
# 130, half a minute a figure or printed table, a minute for 6 lines of code, 2 for a prediction or quiz question, 4
# for an explorer; exercises come on top. The page runs in about fifteen seconds on a laptop.
#
# **Before:** [lecture 01](01_definitions.ipynb), its folded section "A generative model made of tables", and Bayes'
# rule. **After:** [assignment 09](../assignments/09_energy_graphs/09_energy_graphs.ipynb), then [lecture
# 10a](10a_language_models.ipynb), language models.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 3 min (45: 1)</summary>
#
# **Prepare.** Run the page; it takes about fifteen seconds. Sections 1 and 2 want a blackboard. Print the
# kidney-stone table on one sheet for the front rows. Section 7 is the one to have time for: if you are late, cut
# section 3.
#
# **Open.** "Hospital A cures more of your small stones and more of your large ones. Hospital B cures more patients.
# Where do you go?"
#
# **Misconception.** "Bayesian networks are causal, they have arrows." Keep the sentence on the board; in section 7
# six graphs will fit one table equally well.
#
# **On.** First, what arrows do say.
#
# </details>

# %% slideshow={"slide_type": "skip"}
from itertools import combinations, pairwise, permutations

import torch

from course_utils import plotting
from course_utils.labs.graphs import dags, diagnosis, drawing, inference, learning, separation
from course_utils.models import graphs
from course_utils.models.graphs import Factor, Network
from course_utils.training import one_thread, seeded
from course_utils.widgets import quiz

one_thread()  # small tables are slower with two threads that wait for each other

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · A joint from small tables (4 min)
#
# A patient is short of breath. Lauritzen & Spiegelhalter (1988) made up this small clinic: a visit to Asia makes
# tuberculosis likelier; smoking makes lung cancer and bronchitis likelier. An X-ray shows that there is tuberculosis
# *or* cancer, not which. Either of them, and bronchitis, make short of breath (*dysp*nea). Eight yes-or-no variables
# have $2^8$ combinations. The graph says that each needs to know its parents alone:
#
# $$p(x_1, \dots, x_D) = \prod_d p(x_d \mid \text{parents of } x_d) .$$

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 6 min (45: 4)</summary>
#
# **Open.** "Eight yes-or-no questions about a patient: how many numbers describe all patients?"
#
# **Ask.** Someone computes 255. "And with this graph?" Let them count the tables on the diagram: 18.
#
# **Picture.** A recipe card for each dish in place of one book with every possible menu.
#
# **Click.** The print: 256 combinations, sum 1, and 18 numbers against 255. Cover one arrow of the diagram with your
# hand: which claim have you just made?
#
# **Misconception.** "It is compression." Each *missing* arrow is a claim about the world; take it back, and the
# saving goes with it.
#
# **On.** Ask the network something.
#
# </details>


# %%
def yes(*p):
    p = torch.tensor(p, dtype=torch.float64)  # p(yes | parents)
    return torch.stack([1 - p, p], -1)  # the last axis: no, yes


tables = {"asia": yes(0.01)[0], "smoke": yes(0.5)[0], "tub": yes(0.01, 0.05), "lung": yes(0.01, 0.1)}
tables |= {"bronc": yes(0.3, 0.6), "either": yes([0, 1], [1, 1]), "xray": yes(0.05, 0.98)}
tables |= {"dysp": yes([0.1, 0.7], [0.8, 0.9])}  # [bronc, either]
parents = {"tub": ["asia"], "lung": ["smoke"], "bronc": ["smoke"], "either": ["tub", "lung"]}
parents |= {"xray": ["either"], "dysp": ["bronc", "either"]}
joint = torch.einsum("a,s,at,sl,sb,tle,ex,bed->astlbexd", *tables.values())
clinic = Network(tables, parents)  # the package's twin
assert torch.allclose(clinic.joint(), joint)
print(f"{joint.numel()} combinations, sum {joint.sum():.6f}")
print(f"numbers: {clinic.numbers()} in eight tables, {joint.numel() - 1} in one")

# %%
drawing.tables_diagram(clinic, drawing.ASIA_BLOCKS)

# %% [markdown]
# Eighteen numbers in place of 255. That is no compression for free: each arrow that is *missing* is a claim, that a
# variable needs nothing else once its parents are known.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · Exact inference by elimination (9 min)
#
# "Positive X-ray: is it cancer?" In principle, sum the joint over all that was not asked. In practice the joint does
# not fit: 50 variables have $2^{50}$ combinations. But a sum may pass by every factor that does not hold its
# variable, as in $ab + ac = a(b + c)$:
#
# $$\sum_a \sum_t p(a)\,p(t \mid a)\,p(e \mid t, l) = \sum_t \Big[\sum_a p(a)\,p(t \mid a)\Big] p(e \mid t, l) .$$
#
# **Variable elimination**: for one variable after another, multiply only the factors that hold it, sum it out, put
# the new, smaller factor back.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 10 min (45: 5)</summary>
#
# **Open.** "Positive X-ray: is it cancer? Fifty variables, $2^{50}$ combinations, and you have a pencil."
#
# **Ask.** "$ab + ac$: how many multiplications?" Two; $a(b + c)$: one. That is the whole algorithm. Then: disease
# first, or symptoms first? Most see no difference.
#
# **Click.** The log plot: one order doubles with each symptom, to 131,072 entries at 16; the other stays at 4. The
# answer is the same, 0.489 for the X-ray.
#
# **Misconception.** "A better algorithm finds the cheap order for every graph." Some have none: exact inference is
# NP-hard (Cooper 1990).
#
# **On.** Where sums are too dear, draw.
#
# </details>


# %%
def eliminate(factors, order):
    largest = 1
    for name in order:
        touched = [factor for factor in factors if name in factor.names]
        around = list(dict.fromkeys(other for factor in touched for other in factor.names))
        product = graphs.multiply(touched, around)  # an einsum over names
        largest = max(largest, product.table.numel())
        rest = Factor(tuple(n for n in around if n != name), product.table.sum(around.index(name)))
        factors = [factor for factor in factors if name not in factor.names] + [rest]
    return graphs.multiply(factors, list(dict.fromkeys(n for f in factors for n in f.names))), largest


# %%
hidden = [name for name in clinic.names if name not in ("lung", "xray")]
table, largest = eliminate(clinic.factors({"xray": 1}), hidden)
p_lung = (table.table / table.table.sum())[1].item()
given_xray = joint[..., 1, :]  # the whole joint, cut at X-ray = yes
whole = (given_xray[:, :, :, 1].sum() / given_xray.sum()).item()
twin = graphs.posterior(clinic, "lung", {"xray": 1})[1].item()
print(f"p(cancer | X-ray) = {p_lung:.6f}; from the whole joint {whole:.6f}; the package {twin:.6f}")
assert abs(p_lung - whole) < 1e-12 and abs(twin - whole) < 1e-12

# %% [markdown]
# The order does not change the answer. It changes the cost, which is the largest table on the way. A disease with $D$
# independent symptoms makes it plain: sum out the disease first, and all symptoms land in one table.

# %%
cost = {"disease first": [], "symptoms first": []}
COUNTS = range(2, 17)
for count in COUNTS:
    symptoms = [f"s{i}" for i in range(count)]
    star = Network({"ill": yes(0.1)[0]} | dict.fromkeys(symptoms, yes(0.1, 0.8)), {s: ["ill"] for s in symptoms})
    cost["disease first"].append(graphs.eliminate(star.factors(), ["ill", *symptoms[1:]])[1])
    cost["symptoms first"].append(graphs.eliminate(star.factors(), [*symptoms[1:], "ill"])[1])
greedy = graphs.eliminate(star.factors(), graphs.greedy_order(star.factors(), ["s0"]))[1]
bad, good = (values[-1] for values in cost.values())
print(f"{count} symptoms: {bad:,} entries, or {good}; the greedy order {greedy}")

# %%
figure = plotting.curves(
    cost, x=COUNTS, title="The same answer, two orders", xlabel="symptoms", ylabel="entries of the largest table"
)
figure.axes[0].set_yscale("log")
figure

# %% [markdown]
# One order doubles its cost with each symptom; the other stays at 4. The best order is hard to find in general, and
# some graphs, such as grids, have no cheap one: exact inference is NP-hard (Cooper 1990). A greedy rule, "next the
# variable whose table is the smallest", finds the good order here.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · Likelihood weighting and Gibbs (10 min)
#
# Where exact sums are too dear, draw. Lecture 01 threw away every draw that contradicts the evidence. Two better
# ways:
#
# - **Likelihood weighting**: draw along the arrows, but put the evidence in. Weight each draw by the probability of
#   the evidence given its parents.
# - **Gibbs sampling**: start anywhere that is possible; redraw one variable at a time given all others. In
#   $p(x_d \mid \text{all others})$ every table without $x_d$ cancels.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 10 min (45: 3)</summary>
#
# **Open.** "Two samplers, both proven correct. Each of them will lie to you today, without a warning."
#
# **Ask.** "Three thousand weighted draws: how many carry the weight, in the town?" Guesses in the hundreds. It is
# about three.
#
# **Click.** The panels: in the clinic weighting falls and Gibbs stays where it began; in the town the reverse. On the
# right, the less noise in *either*, the slower.
#
# **Picture.** Gibbs is a climber who may move one limb at a time; from healthy to ill two must move at once.
#
# **Misconception.** "More draws." Look at the weights, start several chains, and sum out what is deterministic.
#
# **On.** Which variables talk to which?
#
# </details>


# %%
def weighted(network, n, evidence, rng):
    x, weight = torch.zeros(n, len(network.names), dtype=torch.int64), torch.ones(n, dtype=torch.float64)
    for column, name in enumerate(network.names):
        p = network.tables[name][tuple(x[:, network.names.index(parent)] for parent in network.parents[name])]
        if name in evidence:
            x[:, column] = evidence[name]
            weight *= p[..., evidence[name]]
        else:
            x[:, column] = torch.rand(n, generator=rng, dtype=torch.float64) > p[..., 0]
    return x, weight


# %%
def sweep(network, x, free, u):
    for name, chance in zip(free, u, strict=True):
        column, both = network.names.index(name), []
        for value in (0, 1):
            x[:, column] = value
            both.append(network.log_prob(x))  # simple; the package multiplies only what does not cancel
        x[:, column] = chance > torch.stack(both, 1).softmax(1)[:, 0]
    return x


# %%
evidence = {"xray": 1, "dysp": 1}
free = [name for name in clinic.names if name not in evidence]
x, weight = weighted(clinic, 4_000, evidence, rng := seeded(0))
again, log_weight = graphs.weighted_sample(clinic, 4_000, evidence, seeded(0))
assert torch.equal(x, again) and torch.allclose(weight.log(), log_weight)
x = sweep(clinic, x[weight > 0][:40].clone(), free, torch.rand(len(free), 40, generator=rng, dtype=torch.float64))
assert torch.equal(x, graphs.gibbs(clinic, 1, 40, evidence, seeded(0))[0])

# %% [markdown]
# Both agree with the package's twins. Now three problems, 40 runs each, against the exact answer: the clinic, with a
# positive X-ray and short breath; the same with `either` put into the tables of its children (**collapsed**), which
# changes no answer; and a town where tuberculosis and cancer are a hundred times rarer and *three* films are
# positive.

# %%
collapsed, films = inference.collapse(clinic, "either"), ["film 1", "film 2", "film 3"]
rare = {"tub": yes(0.0001, 0.0005), "lung": yes(0.0001, 0.001)}
fewer = {name: table for name, table in collapsed.tables.items() if name != "xray"}  # three films in its place
above = {name: collapsed.parents[name] for name in fewer} | {name: ["tub", "lung"] for name in films}
town = Network(fewer | rare | dict.fromkeys(films, collapsed.tables["xray"]), above)
problems = {"clinic": (clinic, evidence), "collapsed": (collapsed, evidence), "town": (town, dict.fromkeys(films, 1))}
for noise in (0.1, 0.01, 0.001):  # either is wrong that often
    problems[noise] = Network(tables | {"either": tables["either"] * (1 - 2 * noise) + noise}, parents), evidence
found = {name: inference.errors(net, "lung", seen, seeded(1)) for name, (net, seen) in problems.items()}
worth = {name: found[name].effective for name in ("clinic", "town")}
print("p(cancer | town's films)", round(graphs.posterior(town, "lung", problems["town"][1])[1].item(), 3))
print("draws that carry the weight, of 3,000:", {name: round(n, 1) for name, n in worth.items()})

# %%
panels = {name: {"weighting": found[name].weighting, "Gibbs": found[name].gibbs} for name in ("clinic", "town")}
panels["clinic"]["Gibbs, collapsed"] = found["collapsed"].gibbs
panels["Gibbs, if “either” is"] = {f"wrong by {noise}": found[noise].gibbs for noise in (0.1, 0.01, 0.001)}
panels["Gibbs, if “either” is"]["never wrong"] = found["clinic"].gibbs
inference.error_figure(
    panels, title="Error of p(cancer | evidence), root mean square of 40 runs",
    alt="Log axes. Clinic: weighting falls, Gibbs stays. Town: the reverse. The less noise, the slower Gibbs.",
)  # fmt: skip

# %% [markdown]
# Each method has its own failure.
#
# - **Rare evidence** breaks likelihood weighting (town). Of 3,000 draws only a handful carry the weight: nearly all
#   draws are healthy people, whose three positive films are hardly possible. With the evidence in a *root* nothing
#   would be lost; the trouble is evidence below rare causes.
# - **A deterministic table** breaks Gibbs (clinic). `either` is exactly "tub or lung". To move from healthy to ill,
#   two variables must flip at once, and one at a time each step is impossible. The chain stays where it began, and
#   nothing looks wrong. A table that is *nearly* deterministic is merely slow (right).
#
# More draws would not do. Here each method mends the other's failure, and Gibbs its own once `either` is summed out
# (left, dotted). In general: look at the weights, start several chains from different places, and sum out what is
# deterministic.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · What becomes dependent (8 min)
#
# Three ways for two arrows to meet in the middle:
#
# | | middle unknown | middle observed |
# |---|---|---|
# | chain: smoke → lung → either | dependent | independent |
# | fork: lung ← smoke → bronc | dependent | independent |
# | collider: tub → either ← lung | **independent** | **dependent** |
#
# The collider is the odd one. Two causes compete for their effect, and one **explains away** the other:

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 11 min (45: 7)</summary>
#
# **Open.** "Rain and sprinkler know nothing of each other. Then you see a wet lawn."
#
# **Click.** In the explorer leave `ask for` at tub, and let the hall call which circles turn orange before you tick
# `dysp is observed`: smoke, lung and bronc wake up. Untick; tick `either is observed`: the three stay awake, and only
# xray falls asleep.
#
# **Ask.** The X-ray raises cancer to 49 %. "Tuberculosis is found: up or down?" Nearly all say up. Back to 5.5 %:
# explained away.
#
# **Misconception.** "Observe more, and things become independent." Chains and forks yes; a collider wakes up.
# Hospital patients show it (Berkson 1946).
#
# **On.** The smallest network of all: a test.
#
# </details>

# %%
steps = [{}, {"xray": 1}, {"xray": 1, "tub": 1}]
lung = [graphs.posterior(clinic, "lung", seen)[1].item() for seen in steps]
for seen, p in zip(steps, lung, strict=True):
    print(f"p(cancer | {', '.join(seen) or 'nothing'}) = {p:.3f}")

# %% [markdown]
# The X-ray raises cancer from 5.5 % to 49 %. Then tuberculosis is found, and cancer is back at 5.5 %: the X-ray is
# explained. The same thing without a cause in sight is selection: among patients in hospital, two diseases that have
# nothing to do with each other look related, because either of them brought the patient there (Berkson 1946).
#
# For whole graphs: $a$ and $b$ are **d-separated** by what is observed if every path between them is blocked, by an
# observed middle of a chain or fork, or by a collider that is unobserved together with all below it (Pearl 1988).
# Then they are independent, whatever the tables hold. If not, they *may* depend. Try it: ask for *tub*, observe
# *dysp*, and see what wakes up. Orange is what the graph says; the number is measured, the mutual information given
# what is observed, from the joint.

# %%
separation.still(clinic, drawing.ASIA, "tub", ["xray"], "tub asked for, X-ray observed")

# %%
separation.separation_explorer(clinic, drawing.ASIA, "tub")

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · Ask the graph everything (5 min)
#
# A quick test of d-separation (Lauritzen et al. 1990): keep $a$, $b$, the observed, and all above these. Join the
# parents of each child, forget directions, and delete the observed. No path left: separated.


# %% tags=["depth"]
def separated(parents, a, b, observed):
    keep, todo = set(), [a, b, *observed]
    while todo:
        name = todo.pop()
        keep.add(name)
        todo += parents[name]
    families = [{name, *parents[name]} - set(observed) for name in keep]  # each a clique
    reached = {a}
    for _ in keep:
        reached |= {name for family in families if family & reached for name in family}
    return b not in reached


# %% [markdown] tags=["depth"]
# Is that right? Ask for all pairs and all sets of observed variables in the clinic, and *measure* the dependence: the
# mutual information given what was observed, in bits, from the joint.

# %% tags=["depth"]
bits, leaky = {True: [], False: []}, []  # separated or not; with an `either` that is wrong in 1 %
for a, b in combinations(clinic.names, 2):
    others = [name for name in clinic.names if name not in (a, b)]
    for seen in (seen for number in range(len(others) + 1) for seen in combinations(others, number)):
        apart = separated(clinic.parents, a, b, seen)
        assert apart != (b in dags.connected(clinic.parents, a, seen))  # the package walks along the arrows instead
        bits[apart].append(learning.information(clinic, a, b, seen))
        if not apart and bits[False][-1] < 1e-12:
            leaky.append(learning.information(problems[0.01][0], a, b, seen))
print(f"{len(bits[True])} questions separated: at most {max(bits[True]):.0e} bits")
print(f"{len(bits[False])} connected: at most {max(bits[False]):.2f} bits, {len(leaky)} of them 0")

# %% [markdown] tags=["depth"]
# Separated in the graph means independent, always, whatever the tables hold. Connected means that they *may* depend:
# in a few per cent of these questions the tables happen to say no, here because `either` is no more than its parents.
# Let it be wrong in 1 %, and all of them wake up.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · Diagnosis, without a causal claim (11 min)
#
# The smallest network: *ill → test*. A well-known example (Eddy 1982; Gigerenzer & Hoffrage 1995): 1 % of the women
# who are screened have breast cancer (**prevalence**). The test is positive for 80 % of them (**sensitivity**) and
# negative for 90.4 % of the others (**specificity**).
#
# **Predict first.** The test is positive. How likely is cancer?

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 11 min (45: 6)</summary>
#
# **Open.** "1 % ill, the test finds 80 %, false alarms 9.6 %. You are positive. How worried are you?"
#
# **Ask.** Everyone writes a number, then hands for above 50 %. Usually most. It is 7.8 %; Eddy reports 75 % from most
# physicians asked.
#
# **Picture.** Ten thousand women: 80 true alarms in a crowd of 1,030.
#
# **Click.** In the explorer move `prevalence` up to 10 % or so and watch the predictive value jump; put it back, then
# pull `specificity` to 1. Ask which of the two a hospital can buy.
#
# **Misconception.** "Diagnosis is causal reasoning." The network with the arrow turned around gives the same 7.8 %.
#
# **On.** Where do the tables come from?
#
# </details>

# %%
screening = Network({"ill": yes(0.01)[0], "test": yes(0.096, 0.8)}, {"test": ["ill"]})
ppv = graphs.posterior(screening, "ill", {"test": 1})[1].item()
people = diagnosis.frequencies(0.01, 0.8, 0.904)
p_test = screening.joint().sum(0)
turned = Network({"test": p_test, "ill": (screening.joint() / p_test).T}, {"ill": ["test"]})  # test → ill
print("of 10,000:", {kind: round(n) for kind, n in people._asdict().items()})
print(diagnosis.said(people))
print(f"by the network {ppv:.4f}, by the network turned around {turned.tables['ill'][1, 1]:.4f}")
diagnosis.still(0.01, 0.8, 0.904)

# %%
diagnosis.diagnosis_explorer()

# %% [markdown]
# 7.8 %: of 1,030 positive women only 80 are ill, because the few errors among very many healthy women outnumber the
# ill. Eddy reports that most physicians he asked said about 75 %. In people counted, **natural frequencies**, the
# same numbers are easier to read.
#
# The second network, *test → ill*, has the arrow turned around, and gives the same answer. Nobody thinks that the
# test makes ill. Diagnosis is Bayes' rule: **it needs no causal claim**, and proves none. The same goes for a checker
# with many symptoms: the clinic, as its findings come in.

# %%
seen = {}
for finding in ({}, {"dysp": 1}, {"xray": 1}, {"smoke": 0}, {"asia": 1}):
    seen |= finding
    p = {name: graphs.posterior(clinic, name, seen)[1].item() for name in ("tub", "lung", "bronc")}
    print(f"{', '.join(f'{n}={v}' for n, v in seen.items()) or 'nothing':36s}", {n: round(v, 3) for n, v in p.items()})

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · Tables from data (6 min)
#
# With complete records a table is learned by counting: in how many records with these parents was it yes? Counts of 0
# need care, so a **prior** adds some imagined records to each cell.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 6 min (45: 2)</summary>
#
# **Open.** "A hundred patients on file. How many new ones are a combination that you never saw?"
#
# **Ask.** Guesses are high, with 256 combinations. The print says about 6 %, since most patients are ordinary. Then
# why is the large table worse? For the rare ones, where it matters.
#
# **Click.** On the log-log plot read at 100 records, then at 10,000: the eight small tables lose less at every size.
#
# **Misconception.** "More data make the structure unnecessary." The gap stays a factor at every size shown; and it
# holds only while the graph is right.
#
# **On.** Now the hospital question.
#
# </details>


# %%
def learn(x, network, prior):
    learned = {}
    for name, old in network.tables.items():
        columns = x[:, [network.names.index(other) for other in (*network.parents[name], name)]]
        counts = torch.full_like(old, prior)
        counts.index_put_(tuple(columns.T), torch.ones(len(x), dtype=torch.float64), accumulate=True)
        learned[name] = counts / counts.sum(-1, keepdim=True)
    return Network(learned, network.parents)


x, fresh = clinic.sample(100, rng=seeded(0)), clinic.sample(10_000, rng=seeded(99))
counts = learning.count(x, joint.shape)
again = learning.tables_from(counts, clinic.names, parents, prior=0.5)  # the package, from counts of combinations
assert torch.allclose(learn(x, clinic, 0.5).joint(), again.joint())
seen_before = counts[tuple(fresh.T)] > 0  # what one large table, without a prior, gives more than probability 0

# %%
SIZES = (30, 100, 300, 1_000, 3_000, 10_000)
data = [clinic.sample(max(SIZES), rng=seeded(seed)) for seed in range(5)]
small = torch.tensor([[learning.divergence(clinic, learn(x[:n], clinic, 0.5)) for n in SIZES] for x in data])
large = torch.tensor([[learning.single_table_loss(x[:n], clinic) for n in SIZES] for x in data])
print(f"with 100 records, {1 - seen_before.double().mean():.1%} of new patients are a combination never seen")
figure = plotting.curves(
    {"eight tables": small, "one table": large}, x=SIZES, title="What is lost by learning",
    xlabel="records", ylabel="KL(truth ‖ learned) in nats",
)  # fmt: skip
figure.axes[0].set(xscale="log", yscale="log")
figure

# %% [markdown]
# On each of five sets of records, at every size, the eight small tables lose less than the one large table, on
# average less than half as much, although the large one got, in hindsight, the best of six priors. That holds as long
# as the graph is right. Where cells are missing, and where the graph is unknown, see the last two sections of depth.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · See or do (14 min)
#
# Kidney stones, open surgery or a keyhole method (percutaneous), success or not: 700 patients, two of the treatments
# that Charig et al. (1986) report.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 17 min (45: 13, tour: 5)</summary>
#
# **Open.** "Same 700 patients. Choose, before you know your stone."
#
# **Ask.** Show the three printed lines: 93 against 87, 73 against 69, then 78 against 83. Hands for open surgery, for
# keyhole. Ask one of each side to defend the choice; somebody will say: who got the large stones?
#
# **Click.** The two formulas differ in one weight, $p(s)$ for $p(s \mid m)$; point with both hands. The bars under
# *do* turn around: 83 against 78. Then the six orders: one likelihood to the last digit, effects of +5.4, 0 and −4.6
# points.
#
# **Misconception.** "So always adjust." With a third column that the treatment changes, adjusting takes the effect
# away. No data of this kind choose; the claim comes from outside.
#
# **On.** Three sentences, then questions.
#
# </details>

# %%
treated = torch.tensor([[87, 270], [263, 80]])  # [small, large stones; open surgery, keyhole]
cured = torch.tensor([[81, 234], [192, 55]])
counts = torch.stack([treated - cured, cured], -1).double()  # [size, method, cure]
NAMES, METHODS = ["size", "method", "cure"], ["open surgery", "keyhole"]
causal = {"size": (), "method": ("size",), "cure": ("size", "method")}
stones = learning.tables_from(counts, NAMES, causal, prior=0)
seeing = [graphs.posterior(stones, "cure", {"method": m})[1].item() for m in (0, 1)]
print("small stones:", [f"{p:.1%}" for p in stones.tables["cure"][0, :, 1].tolist()], METHODS)
print("large stones:", [f"{p:.1%}" for p in stones.tables["cure"][1, :, 1].tolist()])
print("all patients:", [f"{p:.1%}" for p in seeing])

# %% [markdown]
# Open surgery is better for small stones, better for large stones, and worse for all patients. This is **Simpson's
# paradox**. **Predict first.** Which method do you choose, if you do not know the size of your stone?
#
# Suppose that the size of the stone decided about the method *and* about success: size → method, size → cure, method
# → cure. Open surgery got most of the large stones. **Seeing** a method tells something about the stone. **Doing**
# does not: if we assign the method, the arrow *size → method* is cut, its factor leaves the product, and all others
# stay (Pearl 2009):
#
# $$p(s, m, c) = p(s)\,p(m \mid s)\,p(c \mid s, m) \quad\longrightarrow\quad
# p(s, c \mid \text{do}(m)) = p(s)\,p(c \mid s, m) .$$
#
# Sum over $s$, and hold it against what one sees:
#
# $$p(c \mid \text{do}(m)) = \sum_s p(s)\,p(c \mid s, m), \qquad p(c \mid m) = \sum_s p(s \mid m)\,p(c \mid s, m) .$$
#
# The left side is the **back-door adjustment**. Only the weights differ: all stones, or those that this method got.

# %%
cut = causal | {"method": ()}
places = {"size": (1, 1.2), "method": (0, 0), "cure": (2, 0)}
after = {"method": (), "size": ("method",), "cure": ("size", "method")}
three = {"seen": causal, "do(method)": cut, "a rival": after}
drawing.graphs(
    three, places, title="The graph as seen, cut by do, and a rival", set_by_hand="method",
    names={"a rival": {"size": "third"}},
)  # fmt: skip

# %%
p_size, p_cure = stones.tables["size"], stones.tables["cure"][..., 1]  # (2,), (size, method)
adjusted = (p_size @ p_cure).tolist()
by_network = [graphs.posterior(stones.do(method=m), "cure")[1].item() for m in (0, 1)]
drawn = [stones.do(method=m).sample(100_000, rng=seeded(m))[:, 2].double().mean().item() for m in (0, 1)]
for m, name in enumerate(METHODS):
    exact = f"mutilated graph {by_network[m]:.1%}, 100,000 draws {drawn[m]:.1%}"
    print(f"{name:12s} seen {seeing[m]:.1%}, done {adjusted[m]:.1%}; {exact}")

# %%
groups = dict(zip(("small stones", "large stones"), p_cure.tolist(), strict=True))
inference.bars(
    groups | {"all, seen": seeing, "all, do(method)": adjusted}, METHODS, title="Doing turns the answer around",
    alt="Bars of success: open surgery leads for small and for large stones, and under do; keyhole leads as seen.",
)  # fmt: skip

# %% [markdown]
# `do` turns the comparison around: open surgery is ahead by about five points. So always adjust? No. Take the *same
# 700 rows*, and let the third column be something that the treatment changes, such as blood pressure afterwards
# (Pearl 2014): method → third → cure, the rival above. Then to adjust would take away part of the effect. Three
# variables can be put in six orders, each a graph with all arrows. Fit all six to the same counts:

# %%
effects, fits = {}, {}
for order in permutations(range(3)):
    names = [NAMES[i] for i in order]
    full = {name: tuple(names[:i]) for i, name in enumerate(names)}  # each has all before it as parents
    net = learning.tables_from(counts.permute(order), names, full, prior=0)
    fits[" → ".join(names)] = (counts.permute(order) * net.joint().log()).sum().item()
    open_, keyhole = (graphs.posterior(net.do(method=m), "cure")[1].item() for m in (0, 1))
    effects[" → ".join(names)] = open_ - keyhole
for name, effect in effects.items():
    print(f"{name:24s} log-likelihood {fits[name]:.6f}, open minus keyhole under do {100 * effect:+.1f} points")

# %% [markdown]
# Six graphs, one distribution, to the last digit of the likelihood, and three answers: surgery is better, keyhole is
# better, no effect. No data of this kind, however many, can choose between them. **A Bayesian network is not a causal
# model.** It becomes one when somebody *claims* that its arrows are mechanisms that stay as they are when others are
# changed. The claim comes from outside: time, an experiment, knowledge of stones. Charig's order is *size* first,
# since stones were measured before treatment. If surgeons saw anything else that matters, even that adjustment is
# wrong. A randomized trial cuts the arrow for real.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · Cells that are missing (7 min)
#
# Now some answers are blank. **EM** (lecture 02) guesses softly: the E-step spreads each incomplete record over all
# completions, by their probability under the present tables; the M-step counts these shares as if they were records
# (Lauritzen 1995). The rival drops every incomplete record. Three reasons for blanks, four variables, 1,000 records,
# five seeds.


# %% tags=["depth"]
def blanks(x, reason, rng):
    u, seen = torch.rand(x.shape, generator=rng), x.clone()
    smoke, dysp = x[:, 0] == 1, x[:, 3] == 1
    if reason == "by chance":
        seen[u < 0.3] = learning.MISSING
    if reason == "where dysp":  # who is short of breath is asked fewer questions: decided by what is seen
        seen[:, 0][dysp & (u[:, 0] < 0.6)] = learning.MISSING
        seen[:, 2][dysp & (u[:, 2] < 0.6)] = learning.MISSING
    if reason == "smokers":  # decided by the very answer that is missing
        seen[:, 0][smoke & (u[:, 0] < 0.6)] = learning.MISSING
    return seen


# %% tags=["depth"]
four = ("smoke", "lung", "bronc", "dysp")
lungs = {"lung": ["smoke"], "bronc": ["smoke"], "dysp": ["lung", "bronc"]}
dysp_given = yes([0.1, 0.8], [0.7, 0.9])  # [lung, bronc]
ward = Network({name: tables[name] for name in four[:3]} | {"dysp": dysp_given}, lungs)

# %% tags=["depth"]
start = Network({name: torch.full_like(table, 0.5) for name, table in ward.tables.items()}, lungs)
losses, smokers, rises, shares = {}, {}, [], {}
for reason in ("by chance", "where dysp", "smokers"):
    for seed in range(5):
        x = ward.sample(1_000, rng=seeded(seed))
        seen = blanks(x, reason, seeded(100 + seed))
        _, history = learning.em(seen, start, steps=30)
        rises += [after - before for before, after in pairwise(history)]
        filled, _ = learning.em(seen, start, steps=60, prior=1.0)
        kept = learning.count(seen[(seen != learning.MISSING).all(1)], (2,) * 4)
        shares.setdefault(reason, []).append(kept.sum().item() / len(x))
        dropped = learning.tables_from(kept, four, lungs)
        losses.setdefault(reason, []).append([learning.divergence(ward, net) for net in (dropped, filled)])
        smokers.setdefault(reason, []).append(filled.tables["smoke"][1].item())

# %% tags=["depth"]
print(f"smallest change of the log-likelihood in a step of EM: {min(rises):.0e} nats")
for reason, pairs in losses.items():
    drop, em = torch.tensor(pairs).T
    print(f"{reason:10s} KL: dropped {drop.min():.3f}–{drop.max():.3f}, EM {em.min():.3f}–{em.max():.3f}", end="; ")
    print(f"EM's p(smoke) {min(smokers[reason]):.2f} to {max(smokers[reason]):.2f}")

# %% [markdown] tags=["depth"]
# The log-likelihood never falls, but for rounding. Blanks by chance: dropping wastes three quarters of the records,
# and EM is closer on average. Blanks decided by what *is* seen (missing at random): dropping is badly biased, EM is
# not. Blanks decided by the missing answer itself: both are wrong, and nothing in the data says so. EM puts the
# smokers near 30 % where the truth is 50 %. Only a model of *why* cells are missing, or a follow-up, can help.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · A structure from data (4 min)
#
# Can the arrows be learned? Score each graph by BIC (lecture 02): the log-likelihood of its best tables, minus
# $\tfrac12 \log N$ for each number. Four variables have 543 graphs without cycles: score them all. More variables
# take a search, such as hill climbing.

# %% tags=["depth"]
every = list(dags.every_graph(four))
kinds = [dags.equivalence(graph) for graph in every]  # the pairs joined, and the colliders among them
truth = dags.equivalence(ward.parents)
right, spread = {}, 0.0
for n in (100, 300, 1_000, 3_000, 10_000):
    for seed in range(10):
        scored, x = {}, ward.sample(n, rng=seeded(seed))
        score = [learning.bic(x, graph, (2,) * 4, scored) for graph in every]
        best = {kind for kind, value in zip(kinds, score, strict=True) if value > max(score) - 1e-6}
        right.setdefault(n, []).append(best == {truth})
        own = [value for kind, value in zip(kinds, score, strict=True) if kind == truth]
        spread = max(spread, max(own) - min(own))

# %% tags=["depth"]
print(f"{len(every)} graphs in {len(set(kinds))} classes; {kinds.count(truth)} graphs in the true one")
print(f"scores within the true class differ by {spread:.0e} nats at most")
print("found, of ten:", {n: sum(found) for n, found in right.items()})

# %% [markdown] tags=["depth"]
# From 1,000 records on, the true class wins nearly always; 100 are too few. But it is a class, not a graph: three
# graphs tie to rounding, since they say the same independences. Two graphs do so exactly if they join the same pairs
# and have the same colliders between unjoined parents (Verma & Pearl 1990). *smoke → lung* can be turned around;
# *lung → dysp ← bronc* cannot. So data without intervention orient some arrows and leave others open, and even this
# assumes that no common cause was left out.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Common errors (1 min)
#
# > **"Bayesian networks show causes."** Their arrows state independences. Section 7: six graphs, one distribution.
#
# > **"Diagnosis is causal reasoning."** It is Bayes' rule; the arrow may point either way.
#
# > **"Control for everything."** To observe a collider *makes* dependence; to adjust for a consequence removes
# > effect.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 3 min (45: 1)</summary>
#
# **Open.** "'We controlled for everything.' Applause, or alarm?"
#
# **Ask.** Let the hall find one bad control each: a collider, which makes dependence, and a consequence, which
# removes effect. Use the clinic: what happens if one controls for being short of breath?
#
# **Misconception.** "Arrows show causes." Go back to the board's first sentence and let somebody cross it out, and
# write what is true: missing arrows state independences.
#
# **On.** Alone now.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Check yourself (10 min)
#
# Open the choice that you think is right: it says whether it is, and why.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 5 min</summary>
#
# **Open.** "Ten variables in a chain. Count the numbers, do not guess."
#
# **Click.** After the vote open the winner. If 1,023 wins, go back to section 1 and count the first two tables of the
# chain together: one number, then two.
#
# **Ask.** For the order of elimination: "What changes, the answer or the bill?" They laugh, and do not forget it.
#
# **Misconception.** Listen for "the arrows tell the order". Any order gives the same answer; the largest table on the
# way differs.
#
# **On.** Whoever finished reads the discussion prompts.
#
# </details>

# %%
quiz.ask("09b_graphs")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary (1 min)
#
# 1. The joint is a product of small tables; each missing arrow is a claim.
# 2. Elimination sums out one variable at a time; its cost is the largest table, which the order decides.
# 3. Likelihood weighting fails below rare causes, Gibbs at deterministic tables. Neither says so.
# 4. Chains and forks are blocked by observing the middle, colliders opened. Separated: independent, always.
# 5. A positive test of a rare disease is mostly false. That is Bayes' rule, and no cause.
# 6. Tables are counts plus a prior; small ones need fewer records.
# 7. `do` cuts arrows. Graphs that fit the same data alike can disagree about it.
#
# ## Discuss
#
# - A symptom checker was learned from patients in hospital. What does it get wrong for people at home?
# - Which of your favorite "studies show" would a third column turn around? Which graph would you need to know?
# - Would you publish a network's arrows? What would readers take them for?
#
# Next: [lecture 10a](10a_language_models.ipynb): the chain rule of section 1 again, with words for variables.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 3 min (45: 1)</summary>
#
# **Open.** "A symptom checker learned from patients in hospital. What does it get wrong for people at home?"
#
# **Ask.** First answer: the prevalence. Press on: what else did the hospital select? Two diseases that look related
# because either brings you in. Both are on this page.
#
# **Misconception.** "A causal graph could be learned if only the data were big." Section 7's six graphs agree to the
# last digit at any size.
#
# **On.** The chain rule of section 1 comes back next, with words for variables.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# **1.** The doctor *sets* `either` (say, by a simulation for students) instead of observing it. What happens to
# p(cancer), and to p(X-ray)?
#
# <details><summary>Solution</summary>
#
# ```python
# for net, seen in ((clinic, {"either": 1}), (clinic.do(either=1), {})):
#     print([round(graphs.posterior(net, name, seen)[1].item(), 3) for name in ("lung", "xray")])
# ```
# The X-ray follows either way, since it lies below. Cancer is raised by seeing alone: doing tells nothing about
# causes.
# </details>
#
# **2.** Two tests of the same kind are positive, with prevalence 1 %, sensitivity 80 %, specificity 90.4 %. How
# likely is the illness if their errors are independent? And if half of the healthy false alarms come from a harmless
# cyst that 4.8 % of the healthy have and that both tests always mistake?
#
# <details><summary>Solution</summary>
#
# ```python
# apart = Network({"ill": yes(0.01)[0], "a": yes(0.096, 0.8), "b": yes(0.096, 0.8)}, {"a": ["ill"], "b": ["ill"]})
# alarm = (0.096 - 0.048) / (1 - 0.048)  # without a cyst, so that 9.6 % of the healthy are positive as before
# test = yes([alarm, 1.0], [0.8, 0.8])  # [ill, cyst]
# cyst = {"ill": yes(0.01)[0], "cyst": yes(0.048)[0], "a": test, "b": test}
# linked = Network(cyst, {"a": ["ill", "cyst"], "b": ["ill", "cyst"]})
# for net in (apart, linked):
#     print(round(graphs.posterior(net, "ill", {"a": 1, "b": 1})[1].item(), 3))
# ```
# A second opinion that shares the first one's mistakes is worth far less.
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 1 min (45: 1)</summary>
#
# **Open.** "Exercise 2: a second opinion. Two positive tests: how much surer are you, if both are fooled by the same
# cyst?"
#
# **Ask.** Hands for twice, ten times, hardly. With shared mistakes the second test is worth far less than an
# independent one.
#
# **Misconception.** "Setting and observing differ only in notation." Exercise 1 sets `either`: the X-ray follows
# either way, cancer only when seen.
#
# **On.** Assignment 09 covers energies and graphs; its written task is to read a graph for dependence and for `do`.
#
# </details>

# %% [markdown]
# ## Further reading
#
# - D. Koller, N. Friedman. *Probabilistic Graphical Models.* MIT Press 2009 (begin with chapters 3 and 9)
# - J. Pearl. *Causality.* 2nd edition, Cambridge University Press 2009; *Probabilistic Reasoning in Intelligent
#   Systems.* Morgan Kaufmann 1988 (d-separation)
# - S. L. Lauritzen, D. J. Spiegelhalter. *Local Computations with Probabilities on Graphical Structures and Their
#   Application to Expert Systems.* JRSS B 50, 1988.
#   [doi:10.1111/j.2517-6161.1988.tb01721.x](https://doi.org/10.1111/j.2517-6161.1988.tb01721.x)
# - G. F. Cooper. *The Computational Complexity of Probabilistic Inference Using Bayesian Belief Networks.* Artificial
#   Intelligence 42, 1990
# - R. Fung, K.-C. Chang. *Weighing and Integrating Evidence for Stochastic Simulation in Bayesian Networks.* UAI 1989
# - S. Geman, D. Geman. *Stochastic Relaxation, Gibbs Distributions, and the Bayesian Restoration of Images.* IEEE
#   PAMI 6, 1984
# - S. L. Lauritzen et al. *Independence Properties of Directed Markov Fields.* Networks 20, 1990
# - T. Verma, J. Pearl. *Equivalence and Synthesis of Causal Models.* UAI 1990
# - S. L. Lauritzen. *The EM Algorithm for Graphical Association Models with Missing Data.* Computational Statistics &
#   Data Analysis 19, 1995
# - C. R. Charig et al. *Comparison of Treatment of Renal Calculi by Open Surgery, Percutaneous Nephrolithotomy, and
#   Extracorporeal Shockwave Lithotripsy.* BMJ 292, 1986.
#   [doi:10.1136/bmj.292.6524.879](https://doi.org/10.1136/bmj.292.6524.879)
# - J. Pearl. *Understanding Simpson's Paradox.* The American Statistician 68, 2014
# - J. Berkson. *Limitations of the Application of Fourfold Table Analysis to Hospital Data.* Biometrics Bulletin 2,
#   1946
# - D. M. Eddy. *Probabilistic Reasoning in Clinical Medicine.* In Kahneman, Slovic, Tversky (eds.), 1982
# - G. Gigerenzer, U. Hoffrage. *How to Improve Bayesian Reasoning Without Instruction.* Psychological Review 102,
#   1995
