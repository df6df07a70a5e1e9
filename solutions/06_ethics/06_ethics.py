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
# # Assignment 06: three audits, a position, a model card
#
# You write the audits that ethical questions about a generative model come down to: which classes does it draw, does
# it hand out its training images, does it give away who was in the training set? You audit a VAE with them, argue a
# position from the numbers, and fill in a model card.
#
# **Time:** 90–135 minutes, in two sittings: 40–60 for tasks 1–7, 50–75 for the two texts. **First:** lecture 06. It
# runs on a laptop without a network and without a GPU.
#
# ## What to do
# 1. Run the cells from top to bottom. In each *task*, put your code in place of `raise NotImplementedError()`. The
#    docstring says what goes in and what comes out. `torch` and `np` are imported; import more where you need it.
#    Real numbers come in as float64, labels as int64. Results may be lists, NumPy arrays or tensors, in float64 or
#    float32: four digits are compared.
# 2. Run the test cell below it. It says what is wrong in words. Change your code and run both again. If you stall,
#    open the hint at the end of the task.
# 3. Write your position (task 8), and four entries of the model card (task 9).
#
# There are two sittings, and there may be two dates: hand this notebook in when tasks 1–7 are done, and the same file
# again when the texts are. The last one counts; points for tasks 1–7 stay as long as their code does.
#
# ## How it is graded
# | task | you write | points |
# |---|---|---|
# | 1 | `class_shares` | 2 |
# | 2 | `drift` | 2 |
# | 3 | `importance_weights` | 3 |
# | 4 | `copy_audit` | 4 |
# | 5 | `membership_score` | 1 |
# | 6 | `auc` | 3 |
# | 7 | `tpr_at_fpr` | 5 |
# | 8 | a position, in 300–500 words | 6 |
# | 9 | a model card | 4 |
# | | sum | 30 |
#
# Tasks 1–7 are graded by their test cells. Each test uses only the function of its own task, so one mistake costs
# only its own points. When it is graded, each test cell also holds hidden tests: the same properties with other
# numbers and shapes. Tasks 8 and 9 are read by a person; their criteria stand above the answers. Which side you take
# gives no points and costs none.
#
# ## Before you hand in
# Restart the kernel and run all cells (*Kernel → Restart Kernel and Run All Cells*). Press *Validate* in the
# notebook's toolbar: it runs the notebook anew and lists the tests that fail. Keep the file's name, and do not split,
# copy or delete the cells that were given.
#
# ## Your own work
# Write each function, and both texts, yourself. Ideas you took from other people or from a chat assistant are welcome
# if a comment or a sentence names them.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np
import torch

from course_utils import data, losses, metrics, models, plotting
from course_utils.checks import ethics as check

torch.set_num_threads(1)  # small networks run faster on one thread, most of all on a shared machine

# %% [markdown]
# ## Task 1: which classes come out? (2 points)
# In the lecture: [Bias: what becomes of the rare digits?](../../lectures/06_ethics.ipynb).
#
# A classifier gives p(y | x) for each generated image. Each image counts once, for its most likely class. A class
# that the model has lost must be seen: its share is 0.
#
# <details><summary>Stuck? A hint</summary>
#
# `argmax` over the right axis gives the class of each image. `bincount` counts; how many counts does it return if
# nobody is in the last class?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "class_shares", "locked": false, "schema_version": 3, "solution": true, "task": false}
def class_shares(p):
    """The share of each class among N images, (classes,), which sum to 1.

    p: (N, classes), float64, each row sums to 1.
    """
    ### BEGIN SOLUTION
    return p.argmax(1).bincount(minlength=p.shape[1]) / len(p)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_class_shares", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Checks ten images of five classes, two of which are never the most likely.
check.class_shares(class_shares)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    unsure = torch.tensor([[0.3, 0.4, 0.3, 0.0], [0.4, 0.3, 0.3, 0.0], [0.1, 0.45, 0.45 - 1e-3, 1e-3]]).double()
    found = np.asarray(class_shares(unsure), dtype=float)
assert found.shape == (4,), "hidden test: four shares, also if two classes are lost"
assert np.allclose(found, [1 / 3, 2 / 3, 0, 0]), "hidden test: three images that are not sure"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 2: how far from what was wanted? (2 points)
# In the lecture: [Bias: what becomes of the rare digits?](../../lectures/06_ethics.ipynb).
#
# Two numbers say it. The *total variation* is the share of images that would have to change their class,
#
# $$\mathrm{TV} = \tfrac12 \sum_k |s_k - w_k| \in [0, 1],$$
#
# for shares $s$ where $w$ were wanted. The *ratio* $s_k / w_k$ says it for each class: 2 is twice too often, 0 is
# lost.
#
# <details><summary>Stuck? A hint</summary>
#
# Both follow from the two vectors by one line each. What do you sum, and what must stay one for each class?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "drift", "locked": false, "schema_version": 3, "solution": true, "task": false}
def drift(shares, wanted):
    """(distance, ratio): the total variation, a number, and shares over wanted, (classes,).

    shares, wanted: (classes,), float64, each sums to 1. A share may be 0, what is wanted is not.
    """
    ### BEGIN SOLUTION
    return (shares - wanted).abs().sum() / 2, shares / wanted
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_drift", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Checks both for five classes, one of them lost.
check.drift(drift)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    sides = torch.tensor([0.75, 0.25], dtype=torch.float64), torch.tensor([0.5, 0.5], dtype=torch.float64)
    distance, ratio = drift(*sides)
    nothing, ones = drift(sides[0], sides[0])
assert abs(float(distance) - 0.25) < 1e-6, "hidden test: a quarter has to change its class"
assert np.allclose(np.asarray(ratio, dtype=float), [1.5, 0.5]), "hidden test: the ratios of two classes"
assert abs(float(nothing)) < 1e-9 and np.allclose(np.asarray(ones, dtype=float), 1), "hidden test: equal shares"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 3: weights against a skew (3 points)
# In the lecture: [Bias: what becomes of the rare digits?](../../lectures/06_ethics.ipynb).
#
# If training draws each image with a probability proportional to a weight, the classes come in the shares that are
# wanted: an image gets the wanted share of its class over the share that the class has in the data. The mean weight
# is 1, so that the size of the data set keeps its meaning. A class that is not wanted gets the weight 0, and one that
# is not in the data needs none.
#
# <details><summary>Stuck? A hint</summary>
#
# Two steps: a number for each class, wanted share over present share, then one for each image, by indexing with y.
# Count all the classes of `wanted`. Is the mean 1 by itself?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "importance_weights", "locked": false, "schema_version": 3, "solution": true, "task": false}
def importance_weights(y, wanted):
    """One weight for each image, (N,), with mean 1: the weighted class shares are the wanted ones.

    y: (N,) int64 labels, each class with wanted > 0 occurs. wanted: (classes,), float64, sums to 1.
    """
    ### BEGIN SOLUTION
    share = y.bincount(minlength=len(wanted)) / len(y)
    return (wanted / share)[y]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_importance_weights", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Checks three classes of different sizes with different wanted shares.
check.importance_weights(importance_weights)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    few = torch.tensor([3, 0, 0, 3, 0, 0, 0, 0])
    weights = np.asarray(importance_weights(few, torch.tensor([0.25, 0, 0, 0.75], dtype=torch.float64)), dtype=float)
assert np.allclose(weights, [3, 1 / 3, 1 / 3, 3, 1 / 3, 1 / 3, 1 / 3, 1 / 3]), "hidden test: two of four classes occur"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 4: does it hand out its training images? (4 points)
# In the lecture: [A near-copy detector with a justified threshold](../../lectures/06_ethics.ipynb).
#
# A near copy is a generated image nearer to some training image than new real images mostly are. How near is that?
# The *held-out* images tell: measure the distance of each of them to its nearest **training** image. The threshold is
# the quantile `rate` of these distances (`torch.quantile`, `np.quantile`), so that `rate` is the share of false
# alarms among new real images. Then count the generated images whose distance to the nearest training image is below
# it.
#
# <details><summary>Stuck? A hint</summary>
#
# The same helper serves twice: the distance of each row of one set to its nearest row in `train`. `torch.cdist` gives
# all distances at once; over which axis is the smallest one taken?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "copy_audit", "locked": false, "schema_version": 3, "solution": true, "task": false}
def copy_audit(generated, train, held_out, rate):
    """(threshold, share): the distance below which an image is a near copy, and the share of generated ones below it.

    generated: (N, F), train: (T, F), held_out: (M, F), float64, Euclidean distances. rate: a number such as 0.01.
    """
    ### BEGIN SOLUTION
    threshold = torch.cdist(held_out, train).amin(1).quantile(rate)
    return threshold, (torch.cdist(generated, train).amin(1) < threshold).double().mean()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_copy_audit", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Checks the threshold, then the share, for three clouds of points, and that handing out the training set is found.
check.copy_audit(copy_audit)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    known = torch.tensor([[0.0], [10.0]], dtype=torch.float64)
    fresh = torch.tensor([[1.0], [12.0], [7.0], [-4.0], [5.0]], dtype=torch.float64)
    made = torch.tensor([[0.5], [1.5], [11.0], [12.5], [7.5], [7.0], [3.0], [40.0]], dtype=torch.float64)
    threshold, share = copy_audit(made, known, fresh, 0.25)
    strict, fewer = copy_audit(made, known, fresh, 0.0)
assert abs(float(threshold) - 2) < 1e-6, "hidden test: a quarter of the distances 1, 2, 3, 4, 5"
assert abs(float(share) - 3 / 8) < 1e-6, "hidden test: three of eight images are nearer than 2"
assert abs(float(strict) - 1) < 1e-6 and abs(float(fewer) - 1 / 8) < 1e-6, "hidden test: the rate 0, and no tie"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 5: a score for membership (1 point)
# In the lecture: [Memorization audit and membership inference](../../lectures/06_ethics.ipynb).
#
# Was this image in the training set? A model gives its members a high probability, but easy images, too. So compare
# with a *reference* model that was trained on other data (Watson et al. 2022, arXiv:2111.08440): the score is the
# logarithm of $p_\text{model}(x) / p_\text{reference}(x)$. The arguments are logarithms already.


# %% nbgrader={"grade": false, "grade_id": "membership_score", "locked": false, "schema_version": 3, "solution": true, "task": false}
def membership_score(log_p_model, log_p_reference):
    """One score for each image, (N,), in nats: high speaks for a member. Both arguments: (N,), float64, in nats."""
    ### BEGIN SOLUTION
    return log_p_model - log_p_reference
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_membership_score", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Checks the score of four images.
check.membership_score(membership_score)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    far = torch.tensor([-900.0, -800.0], dtype=torch.float64)
    scores = np.asarray(membership_score(far, far.flip(0)), dtype=float)
assert np.allclose(scores, [-100, 100]), "hidden test: probabilities far too small for an exponential"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 6: how well does the score tell members? (3 points)
# In the lecture: [Memorization audit and membership inference](../../lectures/06_ethics.ipynb).
#
# The area under the ROC curve needs no threshold. It is the probability that a random member has a higher score than
# a random image that was not in the training set ("other"); equal scores count one half. 0.5 is chance, 1 is
# certainty.
#
# <details><summary>Stuck? A hint</summary>
#
# Compare each member with each other: `members[:, None] - others` is a table of all differences. Which share of it is
# positive, and which is 0?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "auc", "locked": false, "schema_version": 3, "solution": true, "task": false}
def auc(members, others):
    """P(a member's score > another's) + ½ P(equal), a number in [0, 1]. members: (N,), others: (M,), float64 scores."""
    ### BEGIN SOLUTION
    difference = members[:, None] - others
    return ((difference > 0).double() + (difference == 0).double() / 2).mean()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_auc", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Checks two sets of scores with ties, and the values 0 and one half.
check.auc(auc)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    ours = torch.tensor([0.2, 0.8, 0.5, 0.5], dtype=torch.float64)
    theirs = torch.tensor([0.5, 0.1, 0.9], dtype=torch.float64)
    area, turned = float(auc(ours, theirs)), float(auc(theirs, ours))
assert abs(area - 6 / 12) < 1e-6 and abs(turned - 6 / 12) < 1e-6, "hidden test: 5 of 12 pairs won, 2 of 12 equal"
with quiet():
    best = float(auc(ours + 1, theirs)), float(auc(theirs, ours + 1))
assert best == (1, 0), "hidden test: all members higher, all members lower"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 7: and without accusing many? (5 points)
# In the lecture: [Memorization audit and membership inference](../../lectures/06_ethics.ipynb).
#
# An average says little about the single person. So one also reports how many members are found while at most a share
# `fpr` of the others is taken for members (Carlini et al. 2022, arXiv:2112.03570). Say "member" if the score is
# **above** a threshold. Of all thresholds that at most a share `fpr` of the others exceeds, take the one that finds
# most members. A threshold may be any number, also one below every score.
#
# <details><summary>Stuck? A hint</summary>
#
# Between two neighboring scores of the others, the lower end is the best threshold: it accuses nobody more, and finds
# no member less. So try the others' scores one by one, and one threshold below everything; keep those that are
# allowed.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "tpr_at_fpr", "locked": false, "schema_version": 3, "solution": true, "task": false}
def tpr_at_fpr(members, others, fpr):
    """The largest share of members with a score > t, over all t that at most a share `fpr` of the others exceeds.

    members: (N,), others: (M,), float64 scores.
    """
    ### BEGIN SOLUTION
    thresholds = [t for t in [*others, -torch.inf] if (others > t).double().mean() <= fpr]
    return max((members > t).double().mean() for t in thresholds)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_tpr_at_fpr", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# Checks twelve members and ten others for several rates, and others with equal scores.
check.tpr_at_fpr(tpr_at_fpr)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    ours = torch.tensor([1.0, 2.0, 3.0, 4.0], dtype=torch.float64)
    theirs = torch.tensor([0.0, 3.5, 2.5, 0.5], dtype=torch.float64)
    caught = [float(tpr_at_fpr(ours, theirs, rate)) for rate in (0.0, 0.25, 0.3, 0.5)]
assert np.allclose(caught, [0.25, 0.5, 0.5, 1]), "hidden test: four members, four others, several rates"
### END HIDDEN TESTS

# %% [markdown]
# ## Use them
# A VAE shall draw digits of all ten classes alike. Its training set is skewed: of the digits 7, 8 and 9 it holds 15
# each, of the others more than 140 each. Two models are audited: one trained on the data as it is, and one that draws
# its batches with your weights. If a function of yours does not pass yet, go on to task 8: there stand numbers to
# work with.

# %%
x, y = data.images("digits", "train")
x_test, y_test = data.images("digits", "test")
classifier = metrics.train_classifier(x, y)  # the auditor's own classifier has seen all classes
RARE = torch.tensor([7, 8, 9])
kept = torch.cat([(y == k).nonzero().squeeze(1)[: 15 if k in RARE else None] for k in range(10)])
x_train, y_train = x[kept], y[kept]
wanted = torch.full((10,), 0.1, dtype=torch.float64)
present = y_train.bincount(minlength=10).double() / len(y_train)
print(f"{len(x_train)} images, of 7, 8 and 9 together {present[RARE].sum():.1%}")


# %%
def train(x, weights, seed, steps=1200):
    generator = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    vae = models.VAE()
    optimizer = torch.optim.Adam(vae.parameters(), lr=3e-3)
    for _ in range(steps):
        batch = x[torch.multinomial(weights, 64, replacement=True, generator=generator)]
        x_logits, mu, logvar = vae(batch, generator)
        loss = losses.kl_standard_normal(mu, logvar) - 3 * losses.log_bernoulli(batch, x_logits)
        optimizer.zero_grad()
        loss.mean().backward()
        optimizer.step()
    return vae


# %%
weights = torch.as_tensor(np.asarray(importance_weights(y_train, wanted))).float()
fitted = {"as it is": train(x_train, torch.ones(len(x_train)), 0), "reweighted": train(x_train, weights, 0)}
samples = {name: vae.sample(2000, rng=torch.Generator().manual_seed(1)) for name, vae in fitted.items()}
read = {name: metrics.embed(classifier, images).probabilities for name, images in samples.items()}

# %% [markdown]
# **Audit 1: classes.** The distance from equal shares, and how often the rare classes come, in percent of what is
# wanted.

# %%
for name, p in read.items():
    shares = torch.as_tensor(np.asarray(class_shares(p)), dtype=torch.float64)
    distance, ratio = drift(shares, wanted)
    rare = ", ".join(f"{digit}: {100 * float(ratio[digit]):.0f} %" for digit in RARE)
    print(f"{name:12s} total variation {float(distance):.2f}; {rare}")
distance, _ = drift(present, wanted)
print(f"{'training set':12s} total variation {float(distance):.2f}; each rare class {1000 * 15 / len(x_train):.0f} %")

# %% [markdown]
# **Audit 2: copies**, at a false-alarm rate of 1 %: of all images, and of those that the classifier reads as 7, 8 or
# 9, with a threshold from held-out digits of these classes.


# %%
def rows(images):
    return images.flatten(1).double()


rare_test = torch.isin(y_test, RARE)
for name, images in samples.items():
    rare = torch.isin(read[name].argmax(1), RARE)
    _, share = copy_audit(rows(images), rows(x_train), rows(x_test), 0.01)
    _, share_rare = copy_audit(rows(images[rare]), rows(x_train), rows(x_test[rare_test]), 0.01)
    print(f"{name:12s} near copies: {float(share):.1%} of all, {float(share_rare):.1%} of the rare classes")

# %% [markdown]
# **Audit 3: membership.** log p(x) is replaced by its lower bound, the ELBO. Half of the test digits train the
# reference, the other half are the others. (Try the ELBO of the model alone, too: with a reference of only 180 images
# it does no worse.)


# %%
@torch.no_grad()
def elbo(vae, x, draws=20):
    generator, total = torch.Generator().manual_seed(9), 0.0
    for _ in range(draws):
        x_logits, mu, logvar = vae(x, generator)
        total = total + losses.elbo(losses.log_bernoulli(x, x_logits), losses.kl_standard_normal(mu, logvar)).double()
    return total / draws


half = torch.randperm(len(x_test), generator=torch.Generator().manual_seed(5))
reference = train(x_test[half[:180]], torch.ones(180), 7, steps=500)
x_other, rare_other = x_test[half[180:]], rare_test[half[180:]]
rare_train = torch.isin(y_train, RARE)

# %%
print(f"{'':12s} ROC area: all   rare classes   found at 5 % false alarms: all   rare classes")
for name, vae in fitted.items():
    pairs = [membership_score(elbo(vae, images), elbo(reference, images)) for images in (x_train, x_other)]
    members, others = (torch.as_tensor(np.asarray(scores)) for scores in pairs)
    areas = [float(auc(members, others)), float(auc(members[rare_train], others[rare_other]))]
    found = [float(tpr_at_fpr(members, others, 0.05)), float(tpr_at_fpr(members[rare_train], others[rare_other], 0.05))]
    print(f"{name:12s}{areas[0]:14.2f}{areas[1]:15.2f}{found[0]:35.2f}{found[1]:15.2f}")

# %% [markdown]
# Look at the images, too. They stand in pairs: a rare digit of the reweighted model, and on its right the nearest
# training image.

# %%
images = samples["reweighted"][torch.isin(read["reweighted"].argmax(1), RARE)]
distance, nearest = torch.cdist(rows(images), rows(x_train)).min(1)
closest = distance.argsort()[:20]
pairs = torch.stack([images[closest], x_train[nearest[closest]]], dim=1).flatten(0, 1)
plotting.image_grid(pairs, title="Pairs: a generated 7, 8 or 9, and the nearest training image")

# %% [markdown]
# ## Task 8: a position (6 points)
# In the lecture: [Cases for discussion](../../lectures/06_ethics.ipynb).
#
# Imagine that the digits were X-ray images, and the three rare classes a rare disease with 15 patients in each of
# three clinics. Choose **one** of these motions, and argue for it or against it, in **300–500 words**:
#
# - *A.* "The clinic should publish the reweighted model, since a model that forgets rare patients does harm."
# - *B.* "The clinic needs no consent of its patients to publish samples of a model, since samples are not data of
#   persons."
# - *C.* "Every image that a public generator makes must carry a mark that says so, and a platform must remove images
#   without one." (Here numbers of labs 1a and 1b of lecture 06 may stand in place of your own.)
#
# If a function of yours does not pass yet, use these numbers, ranges over four seeds:
#
# | audit | as it is | reweighted |
# |---|---|---|
# | total variation (training set: 0.26) | 0.20–0.23 | 0.08–0.10 |
# | rare classes, of what is wanted (training set: 14 %) | 10–46 % | 78–153 % |
# | near copies at 1 % false alarms: all, rare classes | 1.8–2.1 %, 0 % | 0.7–1.2 %, 4–7 % |
# | ROC area of membership: all, rare classes | 0.63–0.65, 0.52–0.57 | 0.59–0.61, 0.78–0.86 |
# | members found at 5 % false alarms: all, rare classes | 0.08–0.10, 0.09–0.13 | 0.08–0.11, 0.13–0.31 |
#
# | criterion | points |
# |---|---|
# | A clear position: what should be done, by whom, under which condition | 1 |
# | Two or more of your numbers, used correctly as evidence | 2 |
# | The strongest argument of the other side, and your answer to it | 1 |
# | What the numbers cannot show: a limit of an audit that matters for the motion | 1 |
# | What would change your mind, or the next measurement you would ask for | 1 |
#
# Fewer than 270 or more than 550 words cost 1 point. A position without any number gets at most 3 of the 6 points.

# %% [markdown] nbgrader={"grade": true, "grade_id": "position", "locked": false, "points": 6, "schema_version": 3, "solution": true, "task": false}
# **Model answer** (one of several; motion A, against; 394 words)
#
# The clinic should not publish the reweighted model now. It may publish the weights of neither model; it may hand out
# samples of the reweighted one only after each sample of a rare class was compared with the training images, and near
# copies were held back.
#
# The case for publishing is real. The model trained on the data as it is draws the three rare classes in less than a
# tenth of its images where three tenths are wanted, and whoever trains a diagnostic aid with its images would train
# it to overlook these patients. Reweighting mends this: the rare classes come about as often as is wanted, and the
# total variation falls from 0.21 to 0.08. So the other side can say that the harm of being forgotten is certain and
# hits living patients, while a leak is only possible.
#
# But the price is paid by the same patients. Of the rare images of the reweighted model, 5.6 % lie nearer to a
# training image than 99 of 100 new images do; the model as it is has none. Taken over all classes the share of near
# copies even falls, from 2.1 % to 0.7 %, so the average, which a press release would quote, says the opposite.
# Membership agrees. Over all classes the ROC area stays near 0.6, not far from chance, but for the rare classes it
# rises from 0.53 to 0.81. With 45 patients, a hit names a person who was treated in one of three clinics. And a leak
# cannot be taken back, while a gap in the model can be closed later, with more patients, who can be asked.
#
# These audits have limits that cut against me and for me. The distance is one between pixels: an image shifted by one
# pixel counts as new though a doctor would recognize the patient, so the true share may be higher. With 45 members
# the areas are uncertain by about 0.04, and one seed is one model: over four seeds the area was 0.78 to 0.86. A low
# number would be no proof of privacy, since a better attack may exist.
#
# I would change my mind if the reweighted model were trained with a guarantee, such as differential privacy, and the
# area for the rare classes came down to 0.6 with the total variation still below 0.1, over five seeds.
#
# **Mark scheme.** Half points are possible. The side taken gives no points and costs none.
#
# - *Position* (1): somebody, an action, a condition. "It is complicated": 0.
# - *Numbers* (2): 1 for each number of the notebook (for C: of lecture 06) that is right and supports the argument; a
#   number quoted without its meaning: half. The average over all classes used to deny a risk of the rare ones: at
#   most 1.
# - *Other side* (1): its strongest argument, fairly put, and an answer; only named: half.
# - *Limits* (1): one that matters: pixel distance, one seed, few members, one attack, a classifier that errs, no
#   proof of absence. "More data would be better": 0.
# - *Next* (1): a result that would change the position, or a measurement with what it should show.
# - Fewer than 270 or more than 550 words: 1 point less. No number at all: at most 3 of 6.

# %% [markdown]
# ## Task 9: a model card (4 points)
# In the lecture: [The model card](../../lectures/06_ethics.ipynb).
#
# A card tells somebody who finds the reweighted model on the internet what it is and what it is not for. Mitchell et
# al. (2019, arXiv:1810.03993) proposed nine headings. Five of them only describe; they are filled in:
#
# - **Model details.** Variational autoencoder, 8 latent dimensions, two hidden layers of 128, pixels weighted three
#   times; 1,200 steps of Adam, batch 64, seed 0; batches drawn with importance weights for equal class shares.
# - **Factors.** The ten digits; 7, 8 and 9 are rare in the training data. Groups of writers are not known to us.
# - **Metrics.** Class shares by a classifier (97 % right on test digits), total variation; near copies in pixels, at
#   1 % false alarms; ROC area of the ELBO difference to a reference model, members found at 5 % false alarms.
# - **Evaluation data.** 2,000 samples; the 360 test digits of scikit-learn, half of them to train the reference.
# - **Training data.** 1,056 of scikit-learn's 8×8 digits (Alpaydin and Kaynak 1998): 15 each of 7, 8 and 9, more than
#   140 each of the others.
#
# Write the four that need a judgment, one to three sentences or a small table each, with numbers that you measured:
#
# *Intended use* · *Quantitative analyses* · *Ethical considerations* · *Caveats and recommendations*
#
# | criterion | points |
# |---|---|
# | All four headings, each with what belongs there; uses that are out of scope are named | 1 |
# | Numbers of all three audits, with the data and the settings they were measured with | 1 |
# | Numbers for the rare classes apart from the others | 1 |
# | Caveats that follow from the numbers, and what a user should do about each | 1 |
#
# A card whose numbers contradict the notebook's output gets at most 2 of the 4 points.

# %% [markdown] nbgrader={"grade": true, "grade_id": "model_card", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# **Model answer** (one of several; numbers of one run, yours differ a little)
#
# - **Intended use.** Teaching, and tests of software with digit-like images. Out of scope: training data for anything
#   that decides about people, and any use in which the writers of the digits must stay unknown.
# - **Quantitative analyses.** Rare classes: 94, 143 and 101 % of what is wanted, total variation 0.08. Near copies:
#   0.7 % of all samples, but 5.6 % of the rare ones. Membership: area 0.61 over all, 0.81 for the rare classes; found
#   at 5 % false alarms: 8 % of all, 13 % of the rare.
# - **Ethical considerations.** Equal shares were bought with the privacy of 45 images: they are shown in training
#   seven times as often as without weights, and the model gives away that they were there.
# - **Caveats and recommendations.** Do not publish rare samples without comparing them with the training images. One
#   seed, pixel distance, one attack: repeat the audits with your own before any use beyond teaching. Do not read the
#   average over the classes alone.
#
# **Mark scheme**
#
# - 1 point: four headings with fitting content and a use that is out of scope; one missing or empty: half.
# - 1 point: a number from each audit with its setting (rate, data); two audits: half.
# - 1 point: rare classes reported apart, in copies or membership at least.
# - 1 point: a caveat that follows from a number and an action; caveats that fit any model ("may be biased"): 0.
# - Numbers that contradict the notebook's output: at most 2 of 4. If a function in tasks 1–7 was copied from
#   elsewhere without a word, set that test's points to 0 by hand.
