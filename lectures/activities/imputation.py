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
# # Fill in, against something simpler
#
# The code of [sheet 5](../activities.md). Cells of the wine table (178 wines, 13 measurements) go missing; four
# methods fill them in, two of which also say how sure they are. Change what stands in the first code cell, and
# predict first.

# %%
import numpy as np
from scipy.stats import norm
from sklearn.datasets import load_wine
from sklearn.impute import KNNImputer
from sklearn.preprocessing import StandardScaler

SHARE = 0.1  # of cells that go missing
LARGE = False  # True: large values go missing nine times as often as small ones
SEEDS = range(10)

# %% [markdown]
# Each seed has its own half of wines to learn from, all of them complete, and its own missing cells in the other
# half.


# %%
def data(seed):
    rng = np.random.default_rng(seed)
    table = rng.permutation(load_wine().data)
    scaler = StandardScaler().fit(table[:89])
    train, test = scaler.transform(table[:89]), scaler.transform(table[89:])
    odds = np.where(test > 0, 9.0, 1.0) if LARGE else np.ones_like(test)
    return train, test, rng.random(test.shape) < SHARE * odds / odds.mean()


# %% [markdown]
# The generative method is one Gaussian. What is missing in a row ($m$), given what is there ($o$), is Gaussian again,
# with
#
# $$\mu_{m \mid o} = \mu_m + \Sigma_{mo} \Sigma_{oo}^{-1} (x_o - \mu_o), \qquad
# \Sigma_{m \mid o} = \Sigma_{mm} - \Sigma_{mo} \Sigma_{oo}^{-1} \Sigma_{om}.$$


# %%
def conditional(train, test, missing):
    mean, cov = train.mean(0), np.cov(train.T)
    filled, sd = test.copy(), np.zeros_like(test)
    for row, gone in enumerate(missing):
        weights = np.linalg.solve(cov[~gone][:, ~gone], cov[~gone][:, gone]).T
        filled[row, gone] = mean[gone] + weights @ (test[row, ~gone] - mean[~gone])
        sd[row, gone] = np.sqrt(np.diag(cov[gone][:, gone] - weights @ cov[~gone][:, gone]))
    return filled[missing], sd[missing]


def run(seed):
    train, test, missing = data(seed)
    columns = np.where(missing)[1]
    hidden = np.where(missing, np.nan, test)
    neighbors = KNNImputer(n_neighbors=5).fit(train).transform(hidden)[missing]
    gaussian, sd = conditional(train, test, missing)
    filled = {"mean": (train.mean(0)[columns], train.std(0)[columns]), "5 neighbors": (neighbors, None)}
    filled |= {"Gaussian": (gaussian, sd)}
    return {name: score(test[missing], *answer) for name, answer in filled.items()}


def score(true, guess, sd):
    error = np.sqrt(np.mean((guess - true) ** 2))
    return error, np.nan if sd is None else np.mean(np.abs(guess - true) <= norm.ppf(0.95) * sd)


# %%
runs = [run(seed) for seed in SEEDS]
table = {name: np.array([each[name] for each in runs]) for name in runs[0]}
print("method         error (in standard deviations)    its 90 % intervals cover")
for name, scores in table.items():
    (error, cover), spread = scores.mean(0), scores[:, 0].std(ddof=1)
    said = "none given" if np.isnan(cover) else f"{cover:.0%}"
    print(f"{name:14s} {error:.2f} ± {spread:.2f}                       {said}")

# %% [markdown]
# ± is the standard deviation over ten seeds. Compare seed by seed, since all methods see the same cells:

# %%
for name in ("mean", "5 neighbors"):
    better = table[name][:, 0] - table["Gaussian"][:, 0]
    print(f"{name}: the Gaussian's error is smaller by {better.mean():.2f}, and on {(better > 0).sum()} of 10 seeds")

# %% [markdown]
# **To discuss.** An interval that promises 90 % should cover 90 %. What does the formula take as known that was only
# estimated, from 89 wines? Set `LARGE = True` and run again: error and cover change. Does anything in the table of
# what *is* there tell you so?
