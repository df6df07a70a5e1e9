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
# # A diary of settings
#
# A model result of [sheet 3](../activities.md): one change at a time, five runs each, and no conclusion smaller than
# the spread of equal runs. The GAN is that of [lecture 04](../04_gan.ipynb) on its ring of eight.

# %%
from dataclasses import replace

import numpy as np

from course_utils import data, training
from course_utils.labs.gan import experiment
from course_utils.training.gan import GANConfig

training.one_thread()  # small networks are slower with two threads that wait for each other
ring = data.toy("ring")
usual = experiment.Protocol(hidden=48, steps=500, config=GANConfig(batch_size=128, lr=4e-3, average=0.98))

# %% [markdown]
# Write your prediction beside each line before you run it: more or fewer good samples, more or fewer modes?

# %%
diary = {
    "as it is": usual,
    "as it is, other first weights": usual,
    "rate × 4": replace(usual, config=replace(usual.config, lr=1.6e-2)),
    "rate / 4": replace(usual, config=replace(usual.config, lr=1e-3)),
    "three steps of D for one of G": replace(usual, config=replace(usual.config, d_steps=3)),
    "code of 2 numbers, not 16": replace(usual, latent=2),
}
good = {}
for number, (setting, protocol) in enumerate(diary.items()):
    seeds = range(5, 10) if number == 1 else range(5)
    covered = experiment.coverage(experiment.run(ring, protocol, seeds=seeds, progress=False), ring, 0.1)
    good[setting] = np.array([each.high_quality for each in covered])
    modes = [each.modes_with_share for each in covered]
    print(f"{setting:30s} good {good[setting].mean():.0%} ± {good[setting].std(ddof=1):.0%}   modes {modes}")

# %% [markdown]
# **The ruler**: how far do the means of five lie apart if nothing was changed? Two standard errors of a difference,
# from the two equal settings:

# %%
equal = np.concatenate([good["as it is"], good["as it is, other first weights"]])
ruler = 2 * equal.std(ddof=1) * np.sqrt(2 / 5)
print(f"ruler {ruler:.1%}")
for setting in list(diary)[1:]:
    change = good[setting].mean() - good["as it is"].mean()
    print(f"{setting:30s} {change:+.1%}: {'larger than the ruler' if abs(change) > ruler else 'says nothing'}")

# %% [markdown]
# What the ruler leaves out: other settings may spread more than these two; five runs are few; and a change that says
# nothing at 500 steps may say something at 5,000.
