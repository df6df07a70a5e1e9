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
# # Assignment 07: FID, IS, and three unknown generators
#
# You write the metrics that papers on generative models report, each in one cell. Then you use them to find out, from
# the numbers alone, what is wrong with three generators.
#
# **Time:** 75–110 minutes. **First:** lecture 07. It runs on a laptop without a network and without a GPU.
#
# ## What to do
# 1. Run the cells from top to bottom. In each *task*, put your code in place of `raise NotImplementedError()`. The
#    docstring says what goes in and what comes out. `torch` and `np` are imported; import more where you need it. All
#    numbers come in as float64, but for the features of task 3. A result may be a Python number, a NumPy one or a
#    tensor, in float64 or float32: four digits are compared.
# 2. Run the test cell below it. It says what is wrong in words. Change your code and run both again. If you stall,
#    open the hint at the end of the task.
# 3. Answer the question of task 7 in words, and then see how the three generators were made.
#
# ## How it is graded
# | task | you write | points |
# |---|---|---|
# | 1 | `inception_score` | 4 |
# | 2 | `over_splits` | 3 |
# | 3 | `moments` | 3 |
# | 4 | `frechet_distance` | 5 |
# | 4 | `frechet_distance` refuses bad input | 2 |
# | 5 | `precision_recall` | 4 |
# | 6 | `extrapolate` | 3 |
# | 7 | which metric for which question, in 6–9 sentences | 6 |
# | | sum | 30 |
#
# Tasks 1–6 are graded by their test cells. Each test uses only the function of its own task, so one mistake costs
# only its own points. When it is graded, each test cell also holds hidden tests: the same properties with other
# numbers and shapes. Task 7 is read by a person; its criteria stand above the answer.
#
# ## Before you hand in
# Restart the kernel and run all cells (*Kernel → Restart Kernel and Run All Cells*). Press *Validate* in the
# notebook's toolbar: it runs the notebook anew and lists the tests that fail. Keep the file's name, and do not split,
# copy or delete the cells that were given.
#
# ## Your own work
# `course_utils` holds a tested twin of most functions asked for here. Write your own first, and compare afterwards if
# you like. A function that only calls its twin passes the tests, but is not an answer: whoever reads your notebook
# gives it no points. Ideas you took from other people or from a chat assistant are welcome if a comment names them.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np
import torch

from course_utils import data, metrics, plotting
from course_utils.checks import evaluation as check
from course_utils.labs.evaluation.unknown import reveal, riddle

torch.set_num_threads(1)  # small networks run faster on one thread, most of all on a shared machine

# %% [markdown]
# ## Task 1: the Inception Score (4 points)
# In the lecture: [The Inception Score](../../lectures/07_evaluation.ipynb).
#
# A classifier gives p(y | x) for each image. With p(y) the mean over images,
#
# $$\mathrm{IS} = \exp\Big(\mathbb{E}_x\, \mathrm{KL}\big(p(y \mid x)\,\|\,p(y)\big)\Big), \qquad
# \mathrm{KL}(p\,\|\,q) = \sum_y p_y \log \frac{p_y}{q_y},\qquad 0 \log 0 = 0 .$$
#
# <details><summary>Stuck? A hint</summary>
#
# Write the logarithm of the quotient as a difference of two terms, each of the form p log q. `torch.xlogy` knows that
# 0 log 0 is 0. Sum over classes, average over images, and only then the exponential.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "inception_score", "locked": false, "schema_version": 3, "solution": true, "task": false}
def inception_score(p):
    """exp(E_x KL(p(y|x) ‖ p(y))), a number from 1 to the number of classes.

    p: (N, classes), float64, each row sums to 1; some probabilities may be 0.
    """
    ### BEGIN SOLUTION
    kl = torch.xlogy(p, p) - torch.xlogy(p, p.mean(0))
    return kl.sum(1).mean().exp()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_inception_score", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Checks the score of five images of three classes, both bounds, and probabilities that are 0.
check.inception_score(inception_score)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    channel = torch.tensor([[0.9, 0.1], [0.1, 0.9], [0.9, 0.1], [0.1, 0.9]], dtype=torch.float64)
    known = float(inception_score(channel))
    lost = float(inception_score(torch.eye(5, dtype=torch.float64)[[0, 1, 2, 0, 1, 2]]))
assert abs(known - 1.4449349) < 1e-5, "hidden test: two balanced classes, 90 % sure: 2 exp(−H(0.1))"
assert abs(lost - 3) < 1e-6, "hidden test: three of five classes, all sure, give the score 3"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 2: scores over splits (3 points)
# In the lecture: [The Inception Score](../../lectures/07_evaluation.ipynb).
#
# Papers cut the images into (often 10) splits and report mean ± standard deviation of the splits' scores. Cut p into
# consecutive parts, as equal as can be, the longer ones first: 11 rows in 3 splits are 4, 4 and 3, and 9 rows in 4
# are 3, 2, 2 and 2.
#
# <details><summary>Stuck? A hint</summary>
#
# Among the functions that cut a tensor, only one makes parts as equal as can be; `chunk` and `split` do not. Try two
# of them on 9 rows and 4 parts.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "over_splits", "locked": false, "schema_version": 3, "solution": true, "task": false}
def over_splits(score, p, splits):
    """(mean, spread) of score(part) over `splits` consecutive parts of the rows of p.

    score: a function from rows (n, classes) to a number. p: (N, classes). The spread is the standard deviation of the
    splits' scores, divided by the number of splits under the root (not by one less).
    """
    ### BEGIN SOLUTION
    scores = [float(score(part)) for part in torch.tensor_split(p, splits)]
    return np.mean(scores), np.std(scores)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_over_splits", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Checks which rows reach the score, and the two numbers.
check.over_splits(over_splits)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    rows = torch.arange(14, dtype=torch.float64).view(7, 2)
    mean, spread = over_splits(lambda part: float(part[0, 0]), rows, 4)
    one, none = over_splits(lambda part: float(part.sum()), rows, 1)
assert abs(float(mean) - 6) < 1e-5, "hidden test: 7 rows in 4 splits begin at rows 0, 2, 4, 6"
assert abs(float(spread) - 20**0.5) < 1e-5, "hidden test: the spread of 0, 4, 8, 12 is the root of 20"
assert float(one) == 91 and float(none) == 0, "hidden test: one split has no spread"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 3: mean and covariance of features (3 points)
# In the lecture: [The Fréchet distance](../../lectures/07_evaluation.ipynb).
#
# The Fréchet distance needs $\mu = \frac1N \sum_i x_i$ and
# $\Sigma = \frac{1}{N-1} \sum_i (x_i - \mu)(x_i - \mu)^\top$. The features come as float32; convert them to float64
# first, or the subtraction of the mean eats the digits.
#
# <details><summary>Stuck? A hint</summary>
#
# `torch.cov` and `np.cov` both exist. Do they take samples as rows or as columns?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "moments", "locked": false, "schema_version": 3, "solution": true, "task": false}
def moments(features):
    """(mu, sigma) of features (N, F), F ≥ 2: mu (F,) and the unbiased covariance sigma (F, F), both in float64."""
    ### BEGIN SOLUTION
    features = features.double()
    return features.mean(0), torch.cov(features.T)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_moments", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Checks mean and covariance of six samples of three features, and of float32 features far from zero.
check.moments(moments)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    center, spread = moments(torch.tensor([[1.0, 10.0], [3.0, 10.0], [5.0, 40.0], [7.0, 40.0]]))
center, spread = torch.as_tensor(center), torch.as_tensor(spread)
assert center.tolist() == [4.0, 25.0], "hidden test: the mean of four samples"
expected = torch.tensor([[20 / 3, 40.0], [40.0, 300.0]], dtype=torch.float64)
assert (spread - expected).abs().max() < 1e-6, "hidden test: the covariance of four samples of two features"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 4: the Fréchet distance (5 points, and 2 for refusing)
# In the lecture: [The Fréchet distance](../../lectures/07_evaluation.ipynb).
#
# $$d^2 = \|\mu_1 - \mu_2\|^2 + \operatorname{tr}\big(\Sigma_1 + \Sigma_2 - 2\,(\Sigma_1\Sigma_2)^{1/2}\big)$$
#
# It is the *squared* distance, as FID is. The root is a matrix root; its trace is the sum of $\sqrt{\lambda_i}$ over
# the eigenvalues of $\Sigma_1\Sigma_2$. These are also the eigenvalues of the symmetric matrix $A\,\Sigma_2\,A$ with
# $A = \Sigma_1^{1/2}$.
#
# Be **stable**: covariances may be singular, and rounding makes an eigenvalue 0 slightly negative. Be **loud**: raise
# `ValueError` if anything is NaN or infinite, or a covariance is not symmetric. The two are graded apart.
#
# <details><summary>Stuck? A hint</summary>
#
# `torch.linalg.eigh` gives the eigenvalues and the vectors of a symmetric matrix: from them, A. The eigenvalues of A
# Σ₂ A then need only be clamped at 0, rooted and summed. Test the four arguments before you compute.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "frechet_distance", "locked": false, "schema_version": 3, "solution": true, "task": false}
def frechet_distance(mu_1, sigma_1, mu_2, sigma_2):
    """The squared Fréchet distance of two Gaussians, a number ≥ 0 up to rounding.

    mu_1, mu_2: (F,), sigma_1, sigma_2: (F, F), float64 tensors; the covariances may be singular.
    Raises ValueError for NaN, inf, or a covariance that is not symmetric.
    """
    ### BEGIN SOLUTION
    for given in (mu_1, sigma_1, mu_2, sigma_2):
        if not torch.isfinite(given).all():
            raise ValueError("means and covariances must be finite")
    for sigma in (sigma_1, sigma_2):
        if not torch.allclose(sigma, sigma.T):
            raise ValueError("a covariance must be symmetric")
    eigenvalues, vectors = torch.linalg.eigh(sigma_1)
    root = vectors * eigenvalues.clamp(min=0).sqrt() @ vectors.T
    trace_of_root = torch.linalg.eigvalsh(root @ sigma_2 @ root).clamp(min=0).sqrt().sum()
    return ((mu_1 - mu_2) ** 2).sum() + sigma_1.trace() + sigma_2.trace() - 2 * trace_of_root
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_frechet_distance", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# Checks covariances that do not commute, singular ones, and a Gaussian and itself.
check.frechet_distance(frechet_distance)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    eye, zero = torch.eye(3, dtype=torch.float64), torch.zeros(3, dtype=torch.float64)
    diagonal = float(frechet_distance(zero, 4 * eye, zero + 1, 9 * eye))
    line = float(frechet_distance(zero[:1], eye[:1, :1], zero[:1], 0 * eye[:1, :1]))
    turned = torch.tensor([[2.0, 1.0], [1.0, 2.0]], dtype=torch.float64)
    flipped = turned * torch.tensor([[1.0, -1.0], [-1.0, 1.0]], dtype=torch.float64)
    crossed = float(frechet_distance(zero[:2], turned, zero[:2], flipped))
assert abs(diagonal - 6) < 1e-6, "hidden test: 3 (1 + (2 − 3)²) for N(0, 4 I) and N(1, 9 I) in three dimensions"
assert abs(line - 1) < 1e-6, "hidden test: the distance from N(0, 1) to a point"
assert abs(crossed - (8 - 4 * 3**0.5)) < 1e-6, "hidden test: two ellipses at right angles"
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "test_frechet_distance_refuses", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Checks that NaN, infinity and a covariance that is not symmetric are refused, in each of the four places.
check.frechet_distance_refuses(frechet_distance)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    eye, zero, refused = torch.eye(3, dtype=torch.float64), torch.zeros(3, dtype=torch.float64), 0
    for bad in (eye * float("nan"), eye + torch.tensor([[0.0, 0.5, 0.0]] * 3, dtype=torch.float64)):
        try:
            frechet_distance(zero, bad, zero, eye)
        except ValueError:
            refused += 1
    taken = float(frechet_distance(zero, eye, zero, eye))
assert refused == 2 and abs(taken) < 1e-6, (
    "hidden test: a covariance with NaN or not symmetric is refused, a good one not"
)
### END HIDDEN TESTS

# %% [markdown]
# ## Task 5: precision and recall (4 points)
# In the lecture: [Precision and recall](../../lectures/07_evaluation.ipynb).
#
# Around each real sample lies a ball, whose radius is the distance to its k-th nearest *other* real sample. Precision
# is the share of fakes in at least one of these balls. Recall is the same with the roles exchanged: the share of
# reals in at least one ball around a fake, whose radius is the distance to its k-th nearest other fake. A point on
# the boundary is outside. Two samples in the same place are two samples: each is the other's neighbor, at distance 0.
#
# <details><summary>Stuck? A hint</summary>
#
# One helper, called twice with the roles exchanged. In the sorted distances of a set to itself, what stands in column
# 0?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "precision_recall", "locked": false, "schema_version": 3, "solution": true, "task": false}
def precision_recall(real, fake, k):
    """(precision, recall), two shares in [0, 1], of features real (N, F) and fake (M, F), float64 tensors."""

    ### BEGIN SOLUTION
    def share_inside(points, centers):
        radius = torch.cdist(centers, centers).sort(1).values[:, k]  # column 0 is the point itself
        return (torch.cdist(points, centers) < radius).any(1).double().mean()

    return share_inside(fake, real), share_inside(real, fake)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_precision_recall", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Checks both shares on two clouds of different sizes, and on two that are far apart.
check.precision_recall(precision_recall)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    reals = torch.tensor([[0.0], [1.0], [2.5], [10.0]], dtype=torch.float64)
    fakes = torch.tensor([[0.5], [3.0], [-1.5], [40.0], [41.5]], dtype=torch.float64)
    by_hand = [float(share) for share in precision_recall(reals, fakes, 1)]
    wide = [float(share) for share in precision_recall(reals, fakes, 2)]
assert abs(by_hand[0] - 2 / 5) < 1e-5 and abs(by_hand[1] - 3 / 4) < 1e-5, "hidden test: four points on a line, k = 1"
assert abs(wide[0] - 3 / 5) < 1e-5 and abs(wide[1] - 1) < 1e-5, "hidden test: four points on a line, k = 2"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 6: what would infinitely many samples give? (3 points)
# In the lecture: [The number of samples](../../lectures/07_evaluation.ipynb).
#
# From N samples the Fréchet distance is too large by about a constant over N. Fit a straight line to the distances
# against 1/N by least squares and return its value at 1/N = 0.
#
# <details><summary>Stuck? A hint</summary>
#
# The horizontal axis is 1/N. `np.polyfit` of degree 1 returns slope and intercept: which one is wanted?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "extrapolate", "locked": false, "schema_version": 3, "solution": true, "task": false}
def extrapolate(sizes, distances):
    """The value at 1/N = 0 of the least-squares line through (1/N, distance), a number.

    sizes: (S,) numbers of samples N, distances: (S,), both float64 tensors.
    """
    ### BEGIN SOLUTION
    return np.polyfit(1 / sizes.numpy(), distances.numpy(), 1)[1]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_extrapolate", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Checks the value for four sizes with a little noise.
check.extrapolate(extrapolate)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    few = torch.tensor([10.0, 20.0, 40.0], dtype=torch.float64)
    exact = float(extrapolate(few, -1 + 50 / few))
    bent = float(extrapolate(few, torch.tensor([5.0, 3.0, 3.0], dtype=torch.float64)))
assert abs(exact + 1) < 1e-6, "hidden test: points on a line"
assert abs(bent - 2) < 1e-6, "hidden test: points beside a line"
### END HIDDEN TESTS

# %% [markdown]
# ## Use them
# Three "generators", A, B and C, give 500 images each. How they were made you learn at the end of this page. Each has
# one fault; find it from your numbers only, without a look at the images. If a function of yours does not pass yet,
# you can still do task 7 with `metrics.inception_score(p).value`, `metrics.frechet_distance(real, fake)` and
# `metrics.prdc(real, fake)[:2]`.

# %%
x, y = data.images("digits", "train")
classifier = metrics.train_classifier(x, y)
train, fresh, generated = riddle(x, y)
unknown = {"fresh real digits": fresh, **generated}

# %% [markdown]
# The last column is the share of images nearer to a training image than 99 % of new real digits are.

# %%
real = metrics.embed(classifier, train).features
held_out = metrics.embed(classifier, data.images("digits", "test")[0]).features
print(f"{'':18s}   score   Fréchet   precision   recall   near copies")
for name, images in unknown.items():
    features, p = metrics.embed(classifier, images)
    score = float(inception_score(p))
    distance = float(frechet_distance(*moments(real), *moments(features)))
    precision, recall = (float(share) for share in precision_recall(real.double(), features.double(), 5))
    copies = metrics.memorization(features, real, held_out).near_copies
    print(f"{name:18s}{score:8.2f}{distance:10.2f}{precision:12.2f}{recall:9.2f}{copies:14.2f}")

# %% [markdown]
# How much of the distance of fresh digits is due to the number of samples? The true value is near 0; the line can end
# a little below it.

# %%
fake, rng = metrics.embed(classifier, fresh).features, np.random.default_rng(0)
sizes = torch.tensor([200.0, 250.0, 330.0, 500.0], dtype=torch.float64)


def distance_from(n):
    draws = [(rng.permutation(600)[:n], rng.permutation(500)[:n]) for _ in range(10)]
    return np.mean([float(frechet_distance(*moments(real[i]), *moments(fake[j]))) for i, j in draws])


distances = torch.tensor([distance_from(int(n)) for n in sizes], dtype=torch.float64)
limit = float(extrapolate(sizes, distances))
figure, axes = plotting.picture(title="Fresh digits against training digits", alt="Fréchet distance falling with 1/N.")
axes.plot(1 / sizes, distances, "o", color=plotting.COLORS[0], label="your distance, mean of 10 draws")
axes.plot(0, limit, "s", color=plotting.COLORS[1], label=f"extrapolated: {limit:.2f}")
axes.set(xlabel="1/N", ylabel="Fréchet distance")
axes.legend()
figure

# %% [markdown]
# ## Task 7: which metric for which question? (6 points)
# In the lecture: [Three models judged](../../lectures/07_evaluation.ipynb).
#
# Answer in 6–9 sentences:
#
# 1. For each of A, B and C: what is wrong with it? Name the numbers of the table that show it, and one number that
#    does *not* show it.
# 2. A hospital wants to publish generated X-ray images instead of real ones, to protect its patients. Which of the
#    table's numbers must it look at, and what can that number not promise?
# 3. Two papers report FIDs of 8.1 (from 5,000 images) and 7.6 (from 50,000 images). Which model is better?
#
# | criterion | points |
# |---|---|
# | What is wrong with A, B and C, each with a number of the table that shows it | 2 |
# | For each of them a number that does not show it | 1 |
# | The hospital's number | 1 |
# | What that number cannot promise | 1 |
# | The two papers | 1 |

# %% [markdown] nbgrader={"grade": true, "grade_id": "which_metric", "locked": false, "points": 6, "schema_version": 3, "solution": true, "task": false}
# **Model answer** (one of several)
#
# A makes bad images of everything: its precision and its score fall below those of fresh digits and its distance
# rises, while recall stays as high as that of fresh digits. B repeats its training images: the share of near copies
# is 1. Its distance near zero, better than fresh digits reach, is the second sign; score, precision and recall look
# perfect and do not show it. C has lost classes: recall and score fall by about half and the distance rises most, but
# precision, that of real digits, does not show it. The hospital must look at near copies. It only compares distances
# in the features of one network: an image that keeps a patient's unusual feature and changes the rest is not found,
# so a low share is no proof of privacy. Nothing can be said of the two papers: with fewer images FID is biased
# upwards, so at equal N the first could be better; and network and resizing must be the same, too.
#
# **Mark scheme**
#
# - 2 points: A (noise, quality), B (copies), C (dropped classes) with a number from the table for each; 1 point for
#   two of the three.
# - 1 point: for each of them a metric that misses it (A recall; B score, precision or recall; C precision).
# - 1 point: near copies, a nearest-neighbor check.
# - 1 point: its limit: distances in one feature space, partial copies, a threshold, no guarantee.
# - 1 point: not comparable since N differs (the bias falls with N).

# %% [markdown]
# ## How they were made
# When your answer stands, put a few words on each generator in place of the question marks, and run the cell.

# %%
print(reveal(A="?", B="?", C="?"))
