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
# # 01 · What a generative model is
#
# A classifier learns where one class ends and the next begins. A generative model learns what the data look like.
# Both can tell a 3 from an 8; only one can draw an 8.
#
# **You will be able to**
# 1. say what a log-likelihood, a nat and a KL are, what $p(x)$, $p(x, y)$ and $p(y \mid x)$ are, and which of them a
#    model learns;
# 2. fit a Gaussian to each class, turn it into a classifier with Bayes' rule, and say when it beats logistic
#    regression, and why;
# 3. use one generative model to draw, to draw a chosen class, to fill in, to score an outlier, and to learn with few
#    labels or none;
# 4. build a small Bayesian network, draw from it, and answer questions with it;
# 5. place each family of generative models on a map of what it can compute, and say what it costs.
#
# **Time:** 74 minutes, and 36 of depth, marked ▸, which folds away and which nothing else needs. Estimated: words /
# 130, half a minute a figure or printed table, a minute for 6 lines of code, 2 for a prediction or quiz question, 4
# for an explorer; exercises come on top. The page runs in under a minute on a laptop.
#
# **Before:** Gaussian densities, Bayes' rule, and a classifier trained once. **After:** [assignment
# 01](../assignments/01_definitions/01_definitions.ipynb), then [lecture 02](02_gmm.ipynb).

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 5 min (45: 2)</summary>
#
# **Prepare.** Run the whole page before the class; have the explorer (end of section 2), the race (section 3) and the
# draws (section 4) open in the browser. Decide now whether the quiz is done in the hall or at home.
#
# **Open.** "Who can tell a forged banknote from a real one? Keep your hand up if you could draw one." The hands that
# fall are today's lecture: judging is one thing, making another.
#
# **Misconception.** "Generative means ChatGPT and pictures." Today's model is a table of means and covariances,
# fitted in milliseconds, and it does all that the word promises.
#
# **On.** To compare models we first need a ruler: what does it mean that a model is good?
#
# </details>

# %% slideshow={"slide_type": "skip"}
import time

import torch
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.svm import SVC
from torch.distributions import MultivariateNormal, Normal
from torch.nn.functional import avg_pool2d, one_hot

from course_utils import data, plotting
from course_utils.labs.definitions import class_explorer, figures
from course_utils.models import discriminant
from course_utils.plotting import diagrams
from course_utils.training import one_thread, seeded
from course_utils.widgets import quiz

DATASET = "digits"  # or "mnist", "fashion_mnist": shrunk to 9×9 pixels; the text holds for the digits
one_thread()  # small networks are slower with two threads that wait for each other

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · Likelihood is counting (6 min)
#
# Throw two coins 100 times and count the throws with 0, 1, 2 heads; $\hat p_k$ are the shares. A model $q$ gives each
# outcome a probability. **A good model makes what was seen probable.** The throws are independent, so probabilities
# multiply, and their logarithms add. For each throw this is the mean **log-likelihood**
#
# $$\frac1N \sum_n \log q(x_n) = \sum_k \hat p_k \log q_k .$$
#
# With the natural logarithm its unit is the **nat**; one nat is a factor of $e \approx 2.7$. No model can do better
# than $q = \hat p$, which reaches $-H(\hat p) = \sum_k \hat p_k \log \hat p_k$, where $H$ is the entropy. What a
# model lacks is the **Kullback–Leibler divergence**
#
# $$\mathrm{KL}(\hat p \,\|\, q) = \sum_k \hat p_k \log\frac{\hat p_k}{q_k} \ge 0 .$$
#
# It is never negative, since $\log u \le u - 1$:
#
# $$-\mathrm{KL} = \sum_k \hat p_k \log\frac{q_k}{\hat p_k}
#   \le \sum_k \hat p_k \left(\frac{q_k}{\hat p_k} - 1\right) = 0,$$
#
# and it is 0 for $q = \hat p$ only. So mean log-likelihood $= -H(\hat p) - \mathrm{KL}(\hat p \,\|\, q)$. The first
# term does not depend on the model: **maximum likelihood is least KL**. See it for a model that takes the two coins
# as independent, each with heads at probability θ. (Ours stick together a little.)

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 7 min (45: 4)</summary>
#
# **Open.** "A good model is one that is not surprised."
#
# **Picture.** A bookmaker: whoever gave high odds to what then happened goes broke. Log-likelihood is what he keeps,
# per bet, in nats.
#
# **Ask.** "At which θ will the curve have its top?" The hall says: at the share of heads. Right; then ask why the
# curve does not reach the dashed line. Wait for "the coins are not independent".
#
# **Click.** Nothing moves here. Point at the shaded gap of the figure: its least height is the KL, and both printed
# lines name the same θ.
#
# **Misconception.** "A log-likelihood above 0 is an error." Probabilities no, densities yes; we shall meet it in
# section 4.
#
# **On.** One variable so far. Now there are two, an input and its label.
#
# </details>

# %%
rng = seeded(0)
throws = torch.multinomial(torch.tensor([0.4, 0.3, 0.3]), 100, replacement=True, generator=rng)
shares = torch.bincount(throws, minlength=3) / 100
theta = torch.linspace(0.1, 0.9, 801)
q = torch.stack([(1 - theta) ** 2, 2 * theta * (1 - theta), theta**2], 1)  # 0, 1, 2 heads
log_likelihood = (shares * q.log()).sum(1)
entropy, kl = -torch.xlogy(shares, shares).sum(), (shares * (shares / q).log()).sum(1)
assert torch.allclose(log_likelihood, -entropy - kl, atol=1e-5)
heads = throws.float().mean() / 2  # among all coins
print(f"highest likelihood at θ = {theta[log_likelihood.argmax()]:.3f}, least KL at {theta[kl.argmin()]:.3f}")
print(f"share of heads, by counting: {heads:.3f}; KL there {kl.min():.3f} nats")

# %%
figure, ax = plotting.picture(height=2.7, title="The gap is the KL; the top is the share of heads", alt=(
    "A curve of the mean log-likelihood against θ below a horizontal line; the shaded gap is least at its top."
))  # fmt: skip
ax.plot(theta, log_likelihood, color=plotting.COLORS[0], label="mean log-likelihood of q")
ax.axhline(-entropy, color="black", linestyle="--", label="−H: the best any model can do")
ax.fill_between(theta, log_likelihood, -entropy, color=plotting.COLORS[1], alpha=0.2, label="KL")
ax.axvline(heads, color="gray", linestyle=":")
ax.set(xlabel="θ, probability of heads", ylabel="nats a throw", ylim=(-2, -0.9))
ax.legend(loc="lower center", fontsize=9)
figure

# %% [markdown]
# Likelihood and KL choose the same θ, and it is what one gets by counting. A gap is left: no θ makes two independent
# coins stick together. With densities in place of probabilities all this stays; only then a logarithm may exceed 0.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · Two ways to model the same data (16 min)
#
# Each data point is an input $x$ with a label $y$. Somewhere there is a distribution that they come from, $p(x, y)$.
#
# - A **discriminative** model learns $p(y \mid x)$: given an input, how likely is each label?
# - A **generative** model learns $p(x)$, or $p(x, y)$ where there are labels: how likely is this data point at all?
#   It is a recipe for making data, so one can draw from it.
#
# A generative model of $p(x, y) = p(y)\,p(x \mid y)$ is a classifier too, by **Bayes' rule**:
#
# $$p(y \mid x) = \frac{p(y)\,p(x \mid y)}{\sum_k p(k)\,p(x \mid k)} .$$
#
# The other direction does not exist: from $p(y \mid x)$ alone nobody can tell what $x$ looks like.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 18 min (45: 10, tour: 3)</summary>
#
# **Open.** "Two students prepare for an exam: one learns to tell the answers apart, the other learns the subject."
#
# **Ask.** At *Predict first*, hands for each of (a), (b), (c). Most expect 1,000 labels to mend the naive line. They
# do not.
#
# **Click.** In the explorer set `labels` to 1000: the naive line stays tilted. Then `correlation` to 0: the lines
# meet. Back to 0.7, `Gaussians` to one covariance: the generative line lies on the other, and the draws look slanted
# like the data.
#
# **Misconception.** "Discriminative models cannot be probabilistic." Logistic regression is $p(y \mid x)$; what it
# lacks is $p(x)$.
#
# **On.** Same family of lines, found in two ways. Which way is cheaper in labels?
#
# </details>

# %%
figures.two_directions()

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The simplest recipe
#
# First draw a class, $y \sim p(y)$. Then draw a point from the Gaussian of that class,
# $x \mid y \sim N(\mu_y, \Sigma_y)$. Fitting is counting: shares, means, covariances. We write the counts with a
# *share* $r_{nk}$ of point $n$ in class $k$. With labels it is 1 or 0; section 4 will use fractions. Every density
# stays a logarithm.


# %%
class GaussianDiscriminant:
    def __init__(self, x, r, covariance_type="full", reg_covar=0.01):
        count, identity = r.sum(0), torch.eye(x.shape[1])
        self.log_prior = ((count + 1) / (count.sum() + len(count))).log()
        self.mean = r.T @ x / count[:, None]
        centered = x[:, None] - self.mean
        self.covariance = torch.einsum("nk,nki,nkj->kij", r, centered, centered) / count[:, None, None]
        if "tied" in covariance_type:  # one for all classes
            shared = torch.einsum("k,kij->ij", count / count.sum(), self.covariance)
            self.covariance = shared.expand_as(self.covariance)
        if "diag" in covariance_type:  # no correlations: naive Bayes
            self.covariance = self.covariance * identity
        self.covariance = self.covariance + reg_covar * identity  # few points leave directions without variance
        self.gaussians = MultivariateNormal(self.mean, self.covariance)

    def log_joint(self, x):
        return self.log_prior + self.gaussians.log_prob(x[:, None])  # (B, K)

    def log_posterior(self, x):
        return self.log_joint(x).log_softmax(1)  # Bayes' rule

    def log_prob(self, x):
        return self.log_joint(x).logsumexp(1)  # the sum over classes

    def sample(self, n, *, y, rng=None):  # n points, one of each class in y
        noise = torch.randn(n, self.mean.shape[1], 1, generator=rng)
        return self.mean[y] + (self.gaussians.scale_tril[y] @ noise)[:, :, 0]


# %% [markdown]
# Two classes in the plane, 1,000 points. One fit gives the posterior for every point, and the same fit draws new
# ones.

# %%
x, y = class_explorer.two_classes(1000, distance=2.0, correlation=0.7, rng=seeded(0))
model = GaussianDiscriminant(x, one_hot(y).float(), "tied")
logistic = LogisticRegression().fit(x, y)
by_rule, by_line = (model.log_posterior(x).argmax(1) == y).float().mean().item(), logistic.score(x, y)
print(f"right by Bayes' rule: {by_rule:.1%}, by logistic regression: {by_line:.1%}")
print("five new points of class 1:\n", model.sample(5, y=torch.ones(5).long(), rng=seeded(0)))

# %% [markdown]
# They agree, and not by chance: **with one covariance for all classes the two are the same family of classifiers**,
# lines. They differ in how the line is found: by fitting Gaussians to the inputs, or by fitting the labels directly.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Both at once
#
# Left, the generative model: its density in gray, the labeled points it was fitted to, and points drawn from it.
# Right, the line where each model changes its mind. This one is *naive*: it takes the two features as uncorrelated
# within a class, and they are not.

# %%
class_explorer.two_ways(distance=2.0, labels=20, correlation=0.7, covariance="tied_diag")

# %% [markdown]
# **Predict first.** What happens to the two lines, and to the two accuracies, when you (a) give 1,000 labels, (b) set
# the correlation to 0, (c) let the Gaussians have one covariance for both? Then try.

# %%
class_explorer.class_explorer()

# %%
class_explorer.two_ways(distance=2.0, labels=1000, correlation=0.7, covariance="tied")

# %% [markdown]
# On paper, (a) and (c) together. (a) More labels do not mend the naive model: its line stays tilted, since its
# mistake is not one of too few data. (b) Without correlation the assumption is right, and the lines meet. (c) With
# the right covariance the generative line lies on the other one, and the draws look like the data. Look at the draws
# first: the naive ones fill a round cloud where the data are slanted.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · Why both draw a line (2 min)
#
# With one covariance for both classes the quadratic terms cancel in Bayes' rule, and what is left is a straight line
# inside a sigmoid:
#
# $$
# p(y{=}1 \mid x) = \operatorname{sigmoid}(w^\top x + b), \quad w = \Sigma^{-1}(\mu_1 - \mu_0), \quad
# b = -\tfrac12(\mu_1 + \mu_0)^\top w + \log\frac{p(1)}{p(0)} .
# $$

# %% tags=["depth"]
w = torch.linalg.solve(model.covariance[0], model.mean[1] - model.mean[0])
b = -0.5 * (model.mean[1] + model.mean[0]) @ w + model.log_prior[1] - model.log_prior[0]
by_formula, by_bayes = torch.sigmoid(x @ w + b), model.log_posterior(x).exp()[:, 1]
print(f"largest difference between formula and Bayes' rule: {(by_formula - by_bayes).abs().max():.1e}")
assert torch.allclose(by_formula, by_bayes, atol=1e-5)
twin = discriminant.GaussianDiscriminant(x, one_hot(y).float(), "tied")  # the tested twin in the package
assert torch.equal(twin.log_joint(x), model.log_joint(x))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · Who wins, with how many labels? (15 min)
#
# Ng & Jordan (2001) compared naive Bayes with logistic regression: the first needs fewer labels to come near its
# best, the second has the better best. We repeat the race on three tasks. In the first two everything is known, so
# there is a closed form for the best possible accuracy and for the limit of the naive model: with means $\delta$
# apart and covariance $\Sigma$, any direction $w$ is right with probability
# $\Phi\!\left(\tfrac12\, w^\top \delta \,/ \sqrt{w^\top \Sigma\, w}\right)$.
#
# - **2 features, correlation 0.7**: the naive assumption is wrong.
# - **30 independent features**: it is right.
# - **Digits**, gray pixels: neighbors are correlated, so it is wrong again, by how much we do not know.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 16 min (45: 7)</summary>
#
# **Open.** "Ten labeled digits, one of each: bet on one of the two students."
#
# **Ask.** Hands for pixels or labels. The hall splits, and both lose: with one label a class all four rivals lie
# within a point or two.
#
# **Picture.** An assumption is a loan. If it is right you start earlier; if it is wrong you pay interest at the end.
#
# **Click.** Scroll to the race. Middle panel: from 50 labels on naive Bayes leads. Left panel: it stops six points
# below the dashed line. Right: at 1,000 digits logistic regression is six points ahead.
#
# **Misconception.** "Generative wins with few labels, always." Only where its assumption holds.
#
# **On.** So far a draw. Now what no classifier can enter for.
#
# </details>


# %%
def accuracy_limit(w, delta, covariance):
    return Normal(0.0, 1.0).cdf(0.5 * (w @ delta) / (w @ covariance @ w).sqrt()).item()


known = {  # name: distance of the means, covariance
    "2 features, correlated": (2.0 * class_explorer.DIRECTION, torch.tensor([[1.0, 0.7], [0.7, 1.0]])),
    "30 features, independent": (torch.full((30,), 2.5 / 30**0.5), torch.eye(30)),
}
limits = {}
for name, (delta, covariance) in known.items():
    best, naive = torch.linalg.solve(covariance, delta), delta / covariance.diagonal()
    limits[name] = {what: accuracy_limit(w, delta, covariance) for what, w in (("best", best), ("naive", naive))}
    print(f"{name:25s} best possible {limits[name]['best']:.1%}, limit of naive Bayes {limits[name]['naive']:.1%}")

# %% [markdown]
# The contestants. Both Gaussians get the same `reg_covar`. Logistic regression runs with scikit-learn's default
# penalty, and once more with almost none.


# %%
def generative(covariance_type):
    def guess(x, y, x_test):
        return GaussianDiscriminant(x, one_hot(y).float(), covariance_type, reg_covar=0.05).log_joint(x_test).argmax(1)

    return guess


def discriminative(C):
    return lambda x, y, x_test: torch.from_numpy(LogisticRegression(C=C, max_iter=500).fit(x, y).predict(x_test))


RIVALS = {
    "naive Bayes": generative("tied_diag"),
    "one covariance": generative("tied"),
    "logistic": discriminative(1.0),
    "logistic, penalty ≈ 0": discriminative(1e4),
}

# %% [markdown]
# Training sets hold the same number of each class. Each seed draws its own, and all rivals see the same ones.

# %%
LABELS, SEEDS = (10, 20, 50, 100, 200, 500, 1000), 10
gray, digit = data.images(DATASET, "train", limit=1_500)
gray_test, digit_test = data.images(DATASET, "test", limit=400)
SHRINK = gray.shape[-1] // 8  # larger images: a covariance of 784 pixels would need far more of them
gray, gray_test = avg_pool2d(gray, SHRINK), avg_pool2d(gray_test, SHRINK)
pixels, pixels_test, EVENT = gray.flatten(1), gray_test.flatten(1), gray.shape[1:]


def draw_known(name, n, rng):
    (delta, covariance), y = known[name], torch.arange(n) % 2
    noise = torch.randn(n, len(delta), generator=rng) @ torch.linalg.cholesky(covariance).T
    return noise + (y[:, None] - 0.5) * delta, y


def draw_digits(n, rng):
    shuffled = torch.randperm(len(digit), generator=rng)
    each = [shuffled[digit[shuffled] == k][: n // 10] for k in range(10)]
    return pixels[torch.cat(each)], digit[torch.cat(each)]


# %%
def race(draw, x_test, y_test):
    """Test accuracy by rival: (SEEDS, len(LABELS))."""
    right = {name: torch.zeros(SEEDS, len(LABELS)) for name in RIVALS}
    for seed in range(SEEDS):
        for column, n in enumerate(LABELS):
            x, y = draw(n, seeded(seed))
            for name, guess in RIVALS.items():
                right[name][seed, column] = (guess(x, y, x_test) == y_test).float().mean()
    return right


results = {}
for name in known:
    test = draw_known(name, 50_000, seeded(999))
    results[name] = race(lambda n, rng, name=name: draw_known(name, n, rng), *test)
results["digits"] = race(draw_digits, pixels_test, digit_test)

# %% [markdown]
# **Predict first.** Ten labeled digits, one of each. Which is ahead, the model of pixels or the model of labels?


# %%
figures.race_figure(results, LABELS, limits)

# %% [markdown]
# Mean ± standard deviation over ten training sets; the black lines are the closed forms, best possible (dashed) and
# limit of naive Bayes (dotted).

# %% [markdown]
# - **30 independent features.** The naive assumption is right, and pays, but not at once. With 10 labels all four are
#   within their spread; from 50 on naive Bayes is ahead. It reaches with 100 labels what logistic regression needs
#   200 to 500 for. The model with one covariance estimates correlations that are not there; from 20 to 100 labels
#   that costs it several points.
# - **2 correlated features.** Naive Bayes ends near its limit, six points below the best; logistic regression is
#   ahead from 10 or 20 labels on. The Gaussians with the right covariance are level with it throughout.
# - **Digits.** With one label for each class the two Gaussian models are one and the same classifier, nearest mean
#   with equal variances, and all four are within a point or two, less than their spread. With 1,000 logistic
#   regression is six points ahead of naive Bayes, and one or two ahead of the Gaussians with one covariance.
#
# A stronger assumption that is right buys a quicker rise; one that is wrong costs the finish. With $D$ features naive
# Bayes needs of the order of $\log D$ examples to come near its limit, logistic regression of the order of $D$ (Ng &
# Jordan 2001). Where the curves cross, and whether they cross at all, depends on how wrong the assumption is. A
# penalty on the weights is an assumption as well: without it, logistic regression itself starts more slowly in the
# middle panel.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · Where the curves cross (6 min)
#
# From where on is logistic regression ahead for good? One answer for each training set:


# %% tags=["depth"]
def ahead_from(right, first, second):
    """For each seed, the number of labels from which `first` is never behind `second` again."""
    behind = (right[first] < right[second]).float() * torch.arange(1, len(LABELS) + 1)
    return [(*LABELS, float("inf"))[int(last)] for last in behind.max(1).values]


crossing = {}
for rival in ("naive Bayes", "one covariance"):
    for name, right in results.items():
        counts = sorted(ahead_from(right, "logistic", rival))
        crossing[name, rival] = counts
        said = [n if n < float("inf") else "never" for n in counts]
        print(f"{name:25s} logistic stays ahead of {rival:15s} from {said} labels")

# %% tags=["depth"]
for name, right in results.items():
    for column in (0, LABELS.index(100), LABELS.index(1000)):
        row = " · ".join(f"{rival} {v[:, column].mean():.1%} ± {v[:, column].std():.1%}" for rival, v in right.items())
        print(f"{name}, {LABELS[column]} labels: {row}")

# %% [markdown] tags=["depth"]
# - **30 independent features.** With 10 labels logistic regression is ahead of naive Bayes on most training sets.
# - **Digits.** Logistic regression is ahead of naive Bayes for good from 10 to 200 labels on, depending on the
#   training set (median 10 to 50), and ahead of the Gaussians with one covariance mostly from 200 to 1,000 on (median
#   500).

# %% tags=["depth"]
quiz.ask("01_definitions", 3)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · What only the generative one can do (18 min)
#
# One model of all training digits, a Gaussian with its own covariance for each class, fitted in a blink. As a
# classifier it is better than logistic regression here. That race is not a fair one: the Gaussians' boundaries are
# quadratic, logistic regression's are lines. A classifier that may bend, a support vector machine with a Gaussian
# kernel, comes within a point or two. Now for what no classifier can do.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 20 min (45: 12)</summary>
#
# **Open.** "A classifier has ten words. Show it a potato, and it says: seven."
#
# **Ask.** "Digits turned by 90°: is the classifier less sure?" Nearly all say yes. The histogram on the right says
# no: it is surer than for upright ones.
#
# **Click.** Three stops: the grid of draws (last row: naive, an average with noise on top), the two histograms (left:
# no overlap), the table where textbook Bayes gives "not a number" for strange inputs only.
#
# **Misconception.** "Low confidence means an unknown input." Ten probabilities sum to 1, whatever the image. What
# helps is the denominator $p(x)$.
#
# **On.** One model, many uses. Every family of the course buys some of them and sells others.
#
# </details>

# %%
model = GaussianDiscriminant(pixels, one_hot(digit).float(), "full")
classifier = LogisticRegression(max_iter=500).fit(pixels, digit)
curved = SVC().fit(pixels, digit)
by_gaussians = (model.log_posterior(pixels_test).argmax(1) == digit_test).float().mean().item()
by_classifier, by_curve = classifier.score(pixels_test, digit_test), curved.score(pixels_test, digit_test)
print(
    f"test digits right: Bayes' rule {by_gaussians:.1%}, logistic {by_classifier:.1%}, support vectors {by_curve:.1%}"
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Draw, and draw a chosen class
#
# Two dice: the class, then its Gaussian. To choose the class, leave out the first. The last row comes from a *naive*
# model, which takes pixels as independent within a class.

# %%
rng = seeded(0)
any_class = torch.multinomial(model.log_prior.exp(), 10, replacement=True, generator=rng)
four = torch.full((10,), 4)
naive = GaussianDiscriminant(pixels, one_hot(digit).float(), "tied_diag")
asked = ((model, any_class), (model, four), (naive, four))
drawn = torch.cat([source.sample(10, y=y, rng=rng) for source, y in asked])
plotting.image_grid(
    torch.cat([pixels_test[:10], drawn]).unflatten(1, EVENT),
    title="Digits drawn from a Gaussian for each class",
    row_labels=["real", "any class", "a 4, please", "a 4, naive"],
)

# %%
asked = torch.arange(10).repeat(100)
obeyed = {}
for name, source in {"full": model, "tied_diag": naive}.items():
    images = source.sample(1000, y=asked, rng=seeded(1)).clamp(0, 1)
    obeyed[name] = classifier.score(images, asked)
    print(f"1,000 draws, {name:9s} read as the class asked for: {obeyed[name]:.1%}")

# %% [markdown]
# Rough, and most are readable. The classifier accepts nearly all naive draws as well, though each is only an average
# digit with noise on top. A classifier looks only at the class and is easily pleased; lecture 07 is about better
# judges.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Say how likely an input is
#
# **Predict first.** Turn a digit by 90°. Will the classifier be less sure of its answer than for upright digits?

# %%
rng = seeded(0)
strange = {
    "real test digits": pixels_test,
    "turned by 90°": gray_test.rot90(1, (2, 3)).flatten(1),
    "black and white swapped": 1 - pixels_test,
    "uniform noise": torch.rand(pixels_test.shape, generator=rng),
}

# %%
n, aucs, surest = len(pixels_test), {}, {}
print(f"{'':24s} {'log p(x)':>8s} {'AUC':>7s}   surest class: {'Bayes':>6s} {'logistic':>9s} {'AUC':>7s}")
for name, images in strange.items():
    both = torch.cat([pixels_test, images])
    log_px, sure = model.log_prob(both), torch.from_numpy(classifier.predict_proba(both).max(1))
    by_bayes = model.log_posterior(images).exp().max(1).values.mean().item()
    aucs[name] = a, b = [roc_auc_score([0] * n + [1] * n, -score) for score in (log_px, sure)]
    surest[name] = by_bayes, sure[n:].mean().item()
    print(f"{name:24s} {log_px[n:].mean():8.0f} {a:7.3f} {by_bayes:21.0%} {sure[n:].mean():9.0%} {b:7.3f}")

# %%
figure, (left, right) = plotting.picture(
    1,
    2,
    title="Digits turned by 90°, for a model of x and for a model of y given x",
    alt="Histograms. log p(x) separates upright from turned digits without overlap; the classifier's confidence does "
    "not, and is higher for the turned ones.",
)
for name, color in zip(("real test digits", "turned by 90°"), plotting.COLORS, strict=False):
    left.hist(model.log_prob(strange[name]), bins=40, alpha=0.7, color=color, label=name)
    right.hist(classifier.predict_proba(strange[name]).max(1), bins=40, range=(0, 1), alpha=0.7, color=color)
left.set(xlabel="log p(x) in nats", ylabel="images")
right.set(xlabel="probability of the surest class", ylabel="images")
left.legend()
figure

# %% [markdown]
# AUC is the probability that a strange image gets a lower score than a real one; 0.5 is chance. $\log p(x)$ tells all
# three kinds from real digits. (A density may exceed 1, and its logarithm 0; only differences count.) The classifier
# is *surer* of turned digits than of upright ones, so its doubt is worse than chance: the probabilities of ten
# classes sum to 1, whatever the image. Bayes' rule by itself is no better, nearly certain of everything. What helps
# is its denominator, $p(x)$, which a classifier does not have.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Broken on purpose: densities instead of logarithms
#
# Bayes' rule as it stands in the textbook, with `exp` and a sum, on the same images:


# %%
def posterior_without_logarithms(x):
    joint = model.log_joint(x).exp()
    return joint / joint.sum(1, keepdim=True)


broken = {name: posterior_without_logarithms(v).isnan().any(1).float().mean().item() for name, v in strange.items()}
for name, share in broken.items():
    print(f"{name:24s} not a number: {share:.0%} of images")

# %% [markdown]
# A 64-dimensional density of $e^{-250}$ is 0 in 32-bit numbers, for every class, and 0/0 is not a number. It happens
# to unusual inputs only, so that ordinary tests do not see it. The cure is $\log \sum_k e^{a_k}$ with the largest
# $a_k$ taken out first: `logsumexp`, `log_softmax`.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · Fill in what is missing (6 min)
#
# Hide all but a rim of two pixels, for the digits the middle 4×4. Bayes' rule on the *visible* pixels gives the
# class; the Gaussian of that class, conditioned on what is visible, gives the rest:
#
# $$\mathbb{E}[x_h \mid x_v] = \sum_y p(y \mid x_v)
#     \left(\mu_h + \Sigma_{hv}\Sigma_{vv}^{-1}(x_v - \mu_v)\right)_{\!y} .$$


# %% tags=["depth"]
def fill_in(model, x, v):
    """E[hidden pixels | visible ones] where v (D,) says which pixels of x (B, D) are visible."""
    h, seen = ~v, x[:, v]
    gaussians = MultivariateNormal(model.mean[:, v], model.covariance[:, v][:, :, v])
    p = (model.log_prior + gaussians.log_prob(seen[:, None])).softmax(1)  # p(y | visible)
    gain = model.covariance[:, h][:, :, v] @ torch.linalg.inv(gaussians.covariance_matrix)  # (K, hidden, visible)
    guess = model.mean[:, h] + torch.einsum("khv,nkv->nkh", gain, seen[:, None] - model.mean[:, v])
    return torch.einsum("nk,nkh->nh", p, guess)


visible = torch.ones(EVENT[1:], dtype=torch.bool)
visible[2:-2, 2:-2] = False
visible = visible.flatten()
filled = pixels_test.clone()
filled[:, ~visible] = fill_in(model, pixels_test, visible)

# %% tags=["depth"]
given = torch.where(visible, pixels_test, 0.5)
plotting.image_grid(
    torch.cat([given[:10], filled[:10], pixels_test[:10]]).unflatten(1, EVENT),
    title="The middle filled in from the rim",
    row_labels=["given", "filled in", "truth"],
)

# %% tags=["depth"]
neighbors = torch.cdist(pixels_test[:, visible], pixels[:, visible]).topk(5, largest=False).indices
guesses = {
    "generative model": filled[:, ~visible],
    "mean of the 5 nearest training digits": pixels[:, ~visible][neighbors].mean(1),
    "mean of all training digits": pixels[:, ~visible].mean(0).expand(len(pixels_test), -1),
}
squared = {name: (guess - pixels_test[:, ~visible]).square().mean().item() for name, guess in guesses.items()}
for name, error in squared.items():
    print(f"{name:38s} mean squared error {error:.3f} per hidden pixel")

# %% [markdown] tags=["depth"]
# No network was trained for this question. The same fit answers it for any set of missing pixels.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · Learn without labels, or with few (10 min)
#
# If labels are missing, let the model guess them: its own $p(y \mid x)$ becomes the share $r$, fit again, and repeat.
# This loop is the EM algorithm, which lecture 02 takes apart.
#
# **Predict first.** One label for each digit, and all training images without theirs. Will the guessing help or do
# harm?


# %% tags=["depth"]
def learn(x, r, start, covariance, rounds=10):
    """Rows of r (N, 10) that sum to 0 are unlabeled; `start` is a model to guess them with first."""
    model, labeled = start, r.sum(1, keepdim=True) > 0
    for _ in range(rounds):
        shares = torch.where(labeled, r, model.log_posterior(x).exp())
        model = GaussianDiscriminant(x, shares, covariance, reg_covar=0.05)
    return model


def few_labels(n, seed, covariance):
    """Test accuracy from n labels only, and with all other images as unlabeled ones."""
    x, y = draw_digits(n, seeded(seed))
    start = GaussianDiscriminant(x, one_hot(y, 10).float(), covariance, reg_covar=0.05)
    r = torch.cat([one_hot(y, 10).float(), torch.zeros(len(pixels), 10)])
    final = learn(torch.cat([x, pixels]), r, start, covariance)
    return [(m.log_posterior(pixels_test).argmax(1) == digit_test).float().mean().item() for m in (start, final)]


# %% tags=["depth"]
with_unlabeled = {}
for covariance in ("tied", "tied_diag"):
    for n in (10, 100):
        with_unlabeled[covariance, n] = before, after = torch.tensor(
            [few_labels(n, seed, covariance) for seed in range(6)]
        ).T
        print(
            f"{covariance:9s} covariance, {n:3d} labels: {before.mean():.1%} ± {before.std():.1%} alone, "
            f"{after.mean():.1%} ± {after.std():.1%} with unlabeled images, better on {(after > before).sum()} of 6"
        )

# %% [markdown] tags=["depth"]
# With one label for each digit, the unlabeled images bring ten to fifteen points to the model with one covariance.
# With 100 labels they bring two points at most. And to the naive model with 100 labels they do harm, on most training
# sets: 1,437 images that do not fit the assumption outvote the 100 labels that held it in place. With 10 labels they
# still help it: there is little to outvote. **Unlabeled data pull a wrong model to its own optimum, which may be
# better or worse than where few labels left it** (Cozman et al. 2003; Nigam et al. 2000 for a case where it works).

# %% tags=["depth"]
named = []
for seed in range(3):
    centers = pixels[torch.randperm(len(pixels), generator=seeded(seed))[:10]]
    nearest = one_hot(torch.cdist(pixels, centers).argmin(1), 10).float()
    first = GaussianDiscriminant(pixels, nearest, "tied", 0.05)
    groups = learn(pixels, torch.zeros(len(pixels), 10), first, "tied", 30)
    guess = groups.log_posterior(pixels).argmax(1)
    counts = one_hot(guess, 10).float().T @ one_hot(digit, 10).float()  # groups, digits
    names = counts.argmax(1)  # the commonest digit in each group
    named.append((names[groups.log_posterior(pixels_test).argmax(1)] == digit_test).float().mean().item())
    print(f"start {seed}: groups named {sorted(names.tolist())}, right for {named[-1]:.0%} of test digits")

# %% [markdown] tags=["depth"]
# Without a single label the groups found are mostly digits. Labels were used only afterwards, to give each group a
# name. Some digits get two groups and others none: nobody told the model what a digit is, only what pixels do.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · A generative model made of tables (10 min)
#
# (The assignment uses this section.) A model of $p(x)$ need not be a density over pixels. A **Bayesian network** is a
# recipe for discrete things: draw each variable given its parents (Pearl 1988). Here: rain and oversleeping are
# independent; rain delays the bus; a late bus or oversleeping makes you late. The joint distribution is the product
# of the tables,
#
# $$p(r, o, b, l) = p(r)\,p(o)\,p(b \mid r)\,p(l \mid o, b),$$
#
# eight numbers instead of the $2^4 - 1 = 15$ of one big table.

# %% tags=["depth"]
p_rain, p_overslept = torch.tensor([0.8, 0.2]), torch.tensor([0.9, 0.1])  # no, yes
p_bus = torch.tensor([[0.9, 0.1], [0.5, 0.5]])  # [rain, bus late]
p_late = torch.tensor([[[0.98, 0.02], [0.4, 0.6]], [[0.3, 0.7], [0.05, 0.95]]])  # [overslept, bus late, late]
joint = torch.einsum("r,o,rb,obl->robl", p_rain, p_overslept, p_bus, p_late)
print(f"{joint.numel()} combinations, probabilities sum to {joint.sum():.6f}")

# %% tags=["depth"]
places = {"rain": (0, 0), "overslept": (1, 1), "bus late": (1, 0), "late": (2, 0.5)}
blocks = {name: diagrams.Block(*place, "0 or 1", "network") for name, place in places.items()}
arrows = [diagrams.Arrow(*pair) for pair in (("rain", "bus late"), ("bus late", "late"), ("overslept", "late"))]
diagrams.diagram(blocks, arrows, title="Arrows lead from what is drawn first")

# %% [markdown] tags=["depth"]
# **Ancestral sampling**: follow the arrows. Then a question, such as "you were late; did you oversleep?", is answered
# by counting in the draws where you were late, or exactly, by summing the table.


# %% tags=["depth"]
def ancestral(n, rng):
    def flip(p):
        return (torch.rand(n, generator=rng) < p).long()

    rain, overslept = flip(p_rain[1]), flip(p_overslept[1])
    bus = flip(p_bus[rain, 1])
    return rain, overslept, bus, flip(p_late[overslept, bus, 1])


# %% tags=["depth"]
n = 100_000
rain, overslept, bus, late = ancestral(n, seeded(0))
exact = {
    "overslept": joint[:, 1].sum(),
    "overslept, given late": joint[:, 1, :, 1].sum() / joint[..., 1].sum(),
    "overslept, given late and bus late": joint[:, 1, 1, 1].sum() / joint[:, :, 1, 1].sum(),
    "rain, given late": joint[1, :, :, 1].sum() / joint[..., 1].sum(),
}
counted = [overslept, overslept[late == 1], overslept[(late == 1) & (bus == 1)], rain[late == 1]]
for (name, p), hits in zip(exact.items(), counted, strict=True):
    share, error = hits.float().mean(), (p * (1 - p) / len(hits)).sqrt()
    print(f"p({name}) = {p:.4f} by enumeration, {share:.4f} ± {error:.4f} by counting {len(hits):6d} draws")
    assert (share - p).abs() < 4 * error

# %% [markdown] tags=["depth"]
# Being late raises the suspicion of oversleeping from 10 % to 40 %. Then you hear that the bus was late as well, and
# the suspicion falls to 15 %: the bus **explains away** the delay. Two causes that were independent become dependent
# once their common effect is known. Counting throws most draws away when the evidence is rare; enumeration doubles
# with every variable. Lecture 09 does better than both.

# %% tags=["depth"]
quiz.ask("01_definitions", 5)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · The family map (6 min)
#
# All families learn a distribution and draw from it. They differ in what else they can compute. This is the map of
# the course; the last column names the lecture.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 7 min (45: 4, tour: 4)</summary>
#
# **Open.** "This is the map of the course; photograph it."
#
# **Ask.** "You must fill gaps in sensor data. Which column do you look at?" They say: draws a sample. Lead them to
# $\log p(x)$ and the code: a gap asks for $p(\text{missing} \mid \text{seen})$.
#
# **Click.** Read one row aloud, the GAN's: one pass, no, no. Then ask who would pay that price, and for what.
#
# **Misconception.** "GANs and VAEs are the whole field." Count the rows: eight, and those that lead images and text
# today, diffusion and transformers, are two of the others.
#
# **On.** Keep the map; each lecture fills one row.
#
# </details>

# %%
COLUMNS = ["draws a sample in", "log p(x)", "finds a code z of x", "lecture"]
FAMILIES = {
    "Bayesian network (graph)": ["one pass", "exact", "exact, if small", "01, 09"],
    "Gaussian mixture": ["one pass", "exact", "exact", "02"],
    "variational autoencoder": ["one pass", "lower bound", "approximate", "03"],
    "GAN (implicit)": ["one pass", "no", "no", "04"],
    "normalizing flow": ["one pass, or D", "exact", "exact", "08"],
    "autoregressive, transformer": ["D passes", "exact", "no code", "10"],
    "diffusion, score": ["10–1,000 passes", "bound; ODE: exact", "exact, by an ODE", "08"],
    "energy: restricted Boltzmann": ["a Markov chain", "up to a constant", "exact", "09"],
}
figures.family_map(COLUMNS, FAMILIES)

# %% [markdown]
# Green is yes and exact, yellow in part or slowly, red not at all. The rows that are green throughout pay in another
# way: tables and mixtures describe small or simple data, and each step of a flow must be invertible. Families also
# combine: a GAN with an encoder, a diffusion model on the codes of a VAE.
#
# What they share, the characteristics of a generative model, you have now seen: it **learns a distribution** (section
# 2), **generates** from it, is **flexible** in the questions it answers, is **conditional**, so that one can steer it
# by a class, a text, or half a picture (section 4), and is mostly **costly** compared with a classifier: more numbers
# to learn, and at scale far more computing. Ours was not: it is a count.


# %%
def milliseconds(fit):
    start = time.perf_counter()
    fit()
    return 1e3 * (time.perf_counter() - start)


dims = pixels.shape[1]
numbers = {"generative": 9 + 10 * (dims + dims * (dims + 1) // 2), "logistic regression": 9 * (dims + 1)}
fits = {
    "generative": lambda: GaussianDiscriminant(pixels, one_hot(digit).float(), "full"),
    "logistic regression": lambda: LogisticRegression(max_iter=500).fit(pixels, digit),
}
took = {}
for name, fit in fits.items():
    took[name] = milliseconds(fit)
    print(f"{name:20s} {numbers[name]:6,} numbers, fitted in {took[name]:.0f} ms")

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · What they are used for, what they cost, what goes wrong (2 min)
#
# | use | for example |
# |---|---|
# | image synthesis | text to image with latent diffusion (Rombach et al. 2022) |
# | text | next-token prediction as a general tool (Brown et al. 2020) |
# | augmentation, rare classes | CT images of liver lesions: sensitivity 78.6 → 85.7 % (Frid-Adar et al. 2018) |
# | anomaly detection | retina scans that a GAN cannot reproduce (Schlegl et al. 2017) |
# | simulation | showers in a particle detector, up to 10⁵ times faster (Paganini et al. 2018) |
# | drug discovery | kinase inhibitors designed and tested in weeks (Zhavoronkov et al. 2019) |
# | design | shapes and structures in engineering (Regenwetter et al. 2022) |
# | games | levels, maps and cards (Summerville et al. 2018) |
# | personalization | recommendations from a VAE (Liang et al. 2018) |
#
# **They cost.** Training GPT-3 took an estimated 1,287 MWh (Patterson et al. 2021). Making 1,000 images took 2.9 kWh
# on average, classifying 1,000 texts 0.002 kWh (Luccioni et al. 2024).
#
# **They go wrong.**
#
# - *They remember*: over a thousand training images were extracted from diffusion models (Carlini et al. 2023).
# - *They exaggerate*: images asked for by occupation amplify stereotypes (Bianchi et al. 2023).
# - *They mislead about likelihood*: a flow trained on photographs of objects gives house numbers, which it never saw,
#   a higher likelihood (Nalisnick et al. 2019). Section 4 worked because our baseline is small and our outliers are
#   far.
# - *They feed on themselves*: models trained on what models made lose the tails first (Shumailov et al. 2024);
#   exercise 2 does it.
# - *They are used to deceive*: lecture 06 measures detectors, watermarks, and how little breaks them.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Common errors (1 min)
#
# > **"Generative models need labels, or a joint p(x, y)."** They need data. Section 4 learned $p(x)$ without a label.
# > With labels one *can* model $p(x, y)$, which gives a classifier for free.
#
# > **"Discriminative models cannot be probabilistic."** Logistic regression *is* a distribution, $p(y \mid x)$. What
# > it lacks is a distribution over $x$. The line is drawn by what is modeled, not by whether probabilities come out.
#
# > **"Diffusion models describe how rumors or epidemics spread."** So they do, in another field. Here the word means
# > generative models that learn to undo the gradual addition of noise (Sohl-Dickstein et al. 2015). The name comes
# > from the physics of particles; nothing spreads through a network of people. [Lecture 08b](08b_diffusion.ipynb) has
# > the proof: two data sets, the same spreading, one noise, and yet each comes back.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 3 min (45: 2)</summary>
#
# **Open.** "Three sentences that you will read elsewhere, all three wrong."
#
# **Ask.** Read each bold line aloud and let the hall correct it before you scroll. The first falls quickly. At the
# second somebody defends it: let a neighbor answer.
#
# **Misconception.** The third is the stubborn one: diffusion as rumors in a network. The word is older than the
# models. Here noise is added to each data point on its own, and a network learns to take it off; promise the proof in
# 08b.
#
# **On.** Now each checks alone what stuck.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Check yourself (8 min)
#
# Open the choice that you think is right: it says whether it is, and why. Nothing is recorded.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 6 min</summary>
#
# **Open.** "Four questions, alone, in silence, three minutes; then compare with your neighbor."
#
# **Click.** Open a choice on the projector only after the hall has voted with fingers, one to four. A wrong choice
# explains itself: read that reason aloud rather than the right one, since it names the slip.
#
# **Ask.** Where the votes split in half, let neighbors argue for a minute and vote again. Crouch & Mazur (2001) found
# the second vote better in physics classes; see whether it is here.
#
# **On.** In the short version these questions are homework; start next time with the one that went worst.
#
# </details>

# %%
quiz.ask("01_definitions", 1, 2, 4, 6)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary (2 min)
#
# 1. Maximum likelihood is least KL. A discriminative model learns $p(y \mid x)$; a generative one learns $p(x)$ or
#    $p(x, y)$, and draws from it.
# 2. Gaussians for each class and Bayes' rule give a classifier; with one covariance it has the form of logistic
#    regression. Where its assumption holds it needs fewer labels; where the assumption is wrong, it stops early.
# 3. One fit drew digits, drew the class asked for, filled in 16 hidden pixels better than neighbors did, told turned
#    digits from upright ones, and learned from images without labels. Keep densities as logarithms.
# 4. A Bayesian network is a product of tables. Draw along the arrows; answer by summing. A cause can explain another
#    away.
# 5. Families differ in what they compute: look up in the map what you need. At scale they cost more than classifiers;
#    they remember, exaggerate, and can be wrong about what is likely.
#
# ## Discuss
#
# - A bank wants to refuse card payments that look like fraud; it has ten million payments and forty known frauds.
#   Which of the two ways would you begin with, and what would make you change?
# - "A classifier with a reject option knows what it does not know." Does section 4 support that?
# - Which cell of the family map matters most for filling gaps in sensor data? For a game that draws levels while it
#   is played? For compressing files?

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 3 min (45: 2)</summary>
#
# **Open.** "Five sentences. If one of them is new to you, say so now."
#
# **Ask.** The bank with ten million payments and forty known frauds. The hall wants a classifier at once; ask what
# forty positives teach it. Then somebody proposes $p(x)$ of ordinary payments. Ask what an unusual but honest payment
# would cost.
#
# **Misconception.** "A reject option is enough." Send them back to the turned digits of section 4.
#
# **On.** The next lecture gives each class more than one Gaussian, and takes the labels away.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# **1.** Naive Bayes counts copied evidence twice. Append a copy of every pixel to the digits, so that there are 128
# features. What happens to accuracy and to the average probability of the surest class on test digits, for naive
# Bayes and for logistic regression?
#
# <details><summary>Solution</summary>
#
# ```python
# by_copies = {}
# for copies in (1, 2, 4):
#     x, x_test = pixels.repeat(1, copies), pixels_test.repeat(1, copies)
#     twice = GaussianDiscriminant(x, one_hot(digit).float(), "tied_diag", reg_covar=0.05)
#     log_p = twice.log_posterior(x_test)
#     right = (log_p.argmax(1) == digit_test).float().mean()
#     other = LogisticRegression(max_iter=500).fit(x, digit)
#     naive = right.item(), log_p.exp().max(1).values.mean().item()
#     by_copies[copies] = naive, (other.score(x_test, digit_test), other.predict_proba(x_test).max(1).mean())
#     print(copies, *by_copies[copies])
# ```
# Naive Bayes stays right on 90 %, and grows surer: 97, 99, 99.6 %. Each copy counts as new evidence. Logistic
# regression spreads the same weight over the copies, which its penalty makes cheaper, so it grows surer too, from 90
# to 94 %; it is right on 97 %.
# </details>
#
# **2.** A model that eats its own words: fit `GaussianDiscriminant` to the digits, draw as many digits from it as
# there were, fit to these, and so on for 20 generations. Follow the accuracy on real test digits, and their mean
# $\log p(x)$.
#
# <details><summary>Solution</summary>
#
# ```python
# rng, images, generations = seeded(0), pixels, []
# for generation in range(21):
#     fitted = GaussianDiscriminant(images, one_hot(digit).float(), "full", reg_covar=1e-4)
#     right = (fitted.log_posterior(pixels_test).argmax(1) == digit_test).float().mean().item()
#     generations.append((right, fitted.log_prob(pixels_test).mean().item(), images.var(0).sum().item()))
#     if generation % 5 == 0:
#         print(generation, *generations[-1])
#     images = fitted.sample(len(digit), y=digit, rng=rng)
# ```
# The accuracy hardly moves (93–98 %), and the total variance stays within a tenth of that of the real digits. But
# $\log p(x)$ of real digits falls by 35 to 43 nats a generation, on average: a covariance estimated from 144 images
# in 64 dimensions is too small in its small directions, and each generation passes that on. What is rare dies out
# first.
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 1 min (45: 1)</summary>
#
# **Open.** "Take exercise 2 home, if you take one."
#
# **Picture.** A photocopy of a photocopy: twenty generations of a model that learns from its own draws. Accuracy
# hardly moves, while the log-likelihood of real digits falls by 35 to 43 nats a generation.
#
# **Misconception.** "As long as the pictures are readable nothing is lost." What is rare goes first, and nobody looks
# for it.
#
# **On.** The assignment practices sections 1 to 4 and the small Bayesian network of the depth part; point to both.
#
# </details>

# %% [markdown]
# ## Further reading
#
# - A. Y. Ng, M. I. Jordan. *On Discriminative vs. Generative Classifiers: A Comparison of Logistic Regression and
#   Naive Bayes.* NeurIPS 2001
# - B. Efron. *The Efficiency of Logistic Regression Compared to Normal Discriminant Analysis.* JASA 70, 1975
# - K. Nigam, A. K. McCallum, S. Thrun, T. Mitchell. *Text Classification from Labeled and Unlabeled Documents using
#   EM.* Machine Learning 39, 2000
# - F. G. Cozman, I. Cohen, M. C. Cirelo. *Semi-Supervised Learning of Mixture Models.* ICML 2003
# - J. Pearl. *Probabilistic Reasoning in Intelligent Systems.* Morgan Kaufmann, 1988
# - J. Sohl-Dickstein et al. *Deep Unsupervised Learning using Nonequilibrium Thermodynamics.* ICML 2015.
#   [arXiv:1503.03585](https://arxiv.org/abs/1503.03585)
# - K. P. Murphy. *Probabilistic Machine Learning: Advanced Topics.* MIT Press, 2023, part IV
# - Uses: Rombach et al., CVPR 2022, [arXiv:2112.10752](https://arxiv.org/abs/2112.10752) · Brown et al., NeurIPS
#   2020, [arXiv:2005.14165](https://arxiv.org/abs/2005.14165) · Frid-Adar et al., Neurocomputing 321, 2018,
#   [arXiv:1803.01229](https://arxiv.org/abs/1803.01229) · Schlegl et al., IPMI 2017,
#   [arXiv:1703.05921](https://arxiv.org/abs/1703.05921) · Paganini et al., Phys. Rev. D 97, 2018,
#   [arXiv:1712.10321](https://arxiv.org/abs/1712.10321) · Zhavoronkov et al., Nature Biotechnology 37, 2019 ·
#   Regenwetter et al., J. Mech. Des. 144, 2022, [arXiv:2110.10863](https://arxiv.org/abs/2110.10863) · Summerville et
#   al., IEEE Trans. Games 10, 2018, [arXiv:1702.00539](https://arxiv.org/abs/1702.00539) · Liang et al., WWW 2018,
#   [arXiv:1802.05814](https://arxiv.org/abs/1802.05814)
# - Costs and failures: Patterson et al. 2021, [arXiv:2104.10350](https://arxiv.org/abs/2104.10350) · Luccioni et al.,
#   FAccT 2024, [arXiv:2311.16863](https://arxiv.org/abs/2311.16863) · Carlini et al., USENIX Security 2023,
#   [arXiv:2301.13188](https://arxiv.org/abs/2301.13188) · Bianchi et al., FAccT 2023,
#   [arXiv:2211.03759](https://arxiv.org/abs/2211.03759) · Nalisnick et al., ICLR 2019,
#   [arXiv:1810.09136](https://arxiv.org/abs/1810.09136) · Shumailov et al., Nature 631, 2024
