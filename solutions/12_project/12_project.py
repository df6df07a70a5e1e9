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
# # Project: a generative question of your own
#
# You ask one question about a generative model, on data of your own, and answer it with an experiment whose plan
# stood before its result. A "no" that was measured well earns as much as a "yes".
#
# **Time:** 12–18 hours in four weeks, alone or in pairs. **First:** lectures 05 to 07, and the one of your model.
#
# | by the end of | you have | section |
# |---|---|---|
# | week 1 | a proposal that two others have read | 1 |
# | week 2 | data, split, a baseline that runs; the plan, fixed | 2–4 |
# | week 3 | the experiment on five seeds; results, ethics sheet, model card | 5–7 |
# | week 4 | a review of another project, five minutes before the class | 8, 9 |
#
# ## How it is graded
# | section | you write | points |
# |---|---|---|
# | 1 | `proposal` | 4 |
# | 3 | `plan` | 5 |
# | 5 | `results` | 9 |
# | 6 | `ethics_sheet` | 4 |
# | 7 | `project_card` | 4 |
# | 8 | `peer_review` | 4 |
# | | sum | 30 |
#
# A person reads all of it, code included; the criteria stand above each answer. The code cells of sections 2, 4 and 5
# have no points of their own: `results` is only worth what they show. The talk is graded by the class, apart.
#
# ## Before you hand in
# *Kernel → Restart Kernel and Run All Cells*: the notebook must run from top to bottom in ten minutes, and a cell in
# one. Hand in the notebook together with your folder of data (beside it, at most 5 MB: a thousand pictures of 64×64).
# Longer training is welcome: do it elsewhere, save what it gave beside the notebook, and load it here.
#
# ## Your own work
# Code and ideas of others, and of chat assistants, are welcome where a comment or a sentence names them. Pictures of
# people only with their consent, in writing.

# %% [markdown]
# ## Five briefs
# Take one, or bring your own question.
#
# <details><summary>A. A generator for my own pictures</summary>
#
# Collect or draw 200 or more small pictures of one kind: your handwriting, leaves, stamps, icons, textures. Which of
# two models draws them better, and what does it need? *Deliver:* the folder, the split by writer or object, two
# models, one measure of quality and one of variety.
#
# </details>
# <details><summary>B. The audit of a public model's card</summary>
#
# Take the card of a model that anybody can download. Which of its claims could you check, and which numbers are
# missing? Repeat one check on a model small enough for your machine. *Deliver:* each claim as measured, cited, or
# unsupported; one measured by you; a letter of one page to its authors.
#
# </details>
# <details><summary>C. One figure, reproduced</summary>
#
# Take one figure of a paper that this course cites, and make it again at a tenth of the size. What agrees, what does
# not, what did the paper not say? *Deliver:* both figures side by side, a list of the choices you had to guess, and a
# run that shows how much one of them matters.
#
# </details>
# <details><summary>D. A lesson for a school</summary>
#
# One idea of this course in 20 minutes for sixteen-year-olds, with one explorer or one page of paper. *Deliver:* the
# lesson, a question asked before and after it, the answers of at least five people, and an interval for the change.
#
# </details>
# <details><summary>E. An application against its plain baseline</summary>
#
# A task that somebody has: rare classes, missing values, defects, denoising. Does a generative model beat what one
# would use without it? *Deliver:* the plain baseline, tuned as hard as the model; cost or error with an interval; the
# amount of data at which the answer turns, if it does.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import torch

from course_utils import losses, metrics, models, plotting, training
from course_utils.data.own import own_images

training.one_thread()  # small networks run faster on one thread, most of all on a shared machine

# %% [markdown]
# ## 1 · Proposal (4 points)
# Half a page, in this order: **Question** · **Why it matters, and to whom** · **Data** (source, number, license or
# consent) · **Model and baseline** · **What I expect, and what would show that I am wrong** · **Risk, and plan B**.
#
# | criterion | points |
# |---|---|
# | One question that a number can answer | 1 |
# | Data that you have or can make, with the right to use them | 1 |
# | A baseline that somebody would really use | 1 |
# | An expectation that could turn out false, and a plan B | 1 |

# %% [markdown] nbgrader={"grade": true, "grade_id": "proposal", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# **Model answer** (brief A)
#
# - **Question.** Trained on letters of 17 typefaces, does a small VAE draw more of the variety of a typeface it has
#   never seen than a Gaussian mixture does?
# - **Why, to whom.** A foundry would draw ten letters by hand and have the rest proposed. It needs variety, and no
#   copies of letters that others own.
# - **Data.** The capitals A to J, drawn here from the typefaces that come with Matplotlib, under free licenses
#   (DejaVu, STIX, Computer Modern): six prints of each letter and face, moved, turned and scaled a little.
# - **Model and baseline.** A VAE with 8 latent dimensions; a mixture of 20 Gaussians on 24 principal components,
#   which fits in a few seconds and needs no tuning.
# - **Expectation.** The VAE's recall is higher, since a network can bend strokes and a mixture only averages them. I
#   am wrong if the interval of the difference lies below zero.
# - **Risk.** Letters of 16×16 may be too coarse to tell faces apart. Plan B: 28×28, three letters.
#
# **Mark scheme.** One point for each criterion, half where it is there but vague. "Which model is better?" without
# saying by what: 0 for the first. "No baseline exists": 0 for the third.

# %% [markdown]
# ## 2 · Data
# Pictures in a folder, one sub-folder for each class, become images by one call: grey, cut to the square in the
# middle, 8, 16 or 28 pixels, 1 for ink.
#
# ```python
# pictures = own_images("my_pictures", side=16)  # .x (N, 1, 16, 16) in [0, 1], .y, .names
# ```
#
# It reads what Pillow reads, and names the files it cannot read. A table is read with `pandas.read_csv` and becomes
# `(N, D)`. Split by what must be new in the test: the writer, the object, the day; a random split puts two prints of
# the same thing on both sides. Define `x_train`, `y_train`, `x_test`, `y_test`.

# %% nbgrader={"grade": false, "grade_id": "data", "locked": false, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
import tempfile

from PIL import Image, ImageDraw, ImageFont

FONTS = Path(plt.matplotlib.get_data_path()) / "fonts" / "ttf"
KNOWN = [path for path in sorted(FONTS.glob("DejaVu*.ttf")) if "Display" not in path.stem]
KNOWN += [FONTS / f"{name}.ttf" for name in ("cmb10", "cmr10", "cmss10", "cmti10", "cmtt10")]
UNSEEN = sorted(FONTS.glob("STIXGeneral*.ttf"))  # a family of its own: regular, bold, italic, bold italic


def letter(text, face, rng):
    """One print of a letter, 64 by 64, black on white: moved, scaled and turned a little."""
    paper = Image.new("L", (64, 64), 255)
    font = ImageFont.truetype(str(face), int(rng.integers(38, 50)))
    ImageDraw.Draw(paper).text(tuple(32 + rng.normal(0, 2, 2)), text, fill=0, font=font, anchor="mm")
    return paper.rotate(rng.normal(0, 4), fillcolor=255)


folder, rng = Path(tempfile.mkdtemp()), np.random.default_rng(0)
for part, faces in (("known", KNOWN), ("unseen", UNSEEN)):
    for text in "ABCDEFGHIJ":
        (folder / part / text).mkdir(parents=True)
        for face in faces:
            for i in range(6):
                letter(text, face, rng).save(folder / part / text / f"{face.stem}-{i}.png")

x_train, y_train, *_ = own_images(folder / "known", side=16)
x_test, y_test, *_ = own_images(folder / "unseen", side=16)
### END SOLUTION

# %% [markdown]
# Look at them, and at the split: how far is each test item from the nearest one in training, and how many are the
# same? Anything but 0 means that the test is not one.


# %% nbgrader={"grade": false, "grade_id": "look", "locked": true, "schema_version": 3, "solution": false, "task": false}
def rows(x):
    return torch.as_tensor(x).flatten(1).double()


def nearest(x, others):
    """The distance of each item to the nearest of the others, (N,)."""
    return torch.cdist(rows(x), rows(others)).min(1).values


gap = nearest(x_test, x_train)
print(f"{len(x_train)} to train, {len(x_test)} to test, {int((gap < 1e-6).sum())} of them the same as one in training")
print(f"distance to the nearest in training: median {gap.median():.2f}, smallest {gap.min():.2f}")

# %%
shown = torch.cat([x[torch.linspace(0, len(x) - 1, 20).long()] for x in (x_train, x_test)])
plotting.image_grid(shown, title="Training (two rows) and test (two rows)")

# %% [markdown]
# ## 3 · Plan (5 points)
# Write it before section 5 has run, and do not change it then: what turned out otherwise goes into the results. Name
# **the comparison** (what is equal: data, seconds or parameters, tuning), **the measures** and why they carry the
# question (lecture 07), **the controls** (what must score well, what must score badly), **seeds and interval**, and
# **the rule** by which you will say yes, no, or undecided.
#
# | criterion | points |
# |---|---|
# | A measure of quality and one of variety, with what each cannot see | 1 |
# | Equal conditions, said in numbers; who gets the benefit where they are not equal | 1 |
# | A control that must score well and one that must score badly | 1 |
# | At least five seeds, and an interval of the right kind | 1 |
# | A rule that leaves "undecided" open | 1 |

# %% [markdown] nbgrader={"grade": true, "grade_id": "plan", "locked": false, "points": 5, "schema_version": 3, "solution": true, "task": false}
# **Model answer**
#
# - **Comparison.** Both models see the same 1,020 prints and draw 240 images; of both the mean of the pixels is
#   shown, no pixel noise. Where they are not equal the VAE has the benefit: about eight times the mixture's
#   parameters.
# - **Measures.** Precision and recall with five neighbors (Kynkäänniemi et al. 2019) against the 240 prints of the
#   unseen family, in pixels. Recall is the share of them that have a draw nearby: the variety that the question asks
#   for. It does not see whether a draw is pretty; precision does, in part: blurred means can score high there.
#   Copies: the share of draws nearer to a training print than 99 % of the unseen prints are.
# - **Controls.** Good: prints of the known faces themselves, as many; no model trained on them needs to do better.
#   Their share of copies must be 100 %. Bad: the mean print of each letter over and over; its recall must be near 0.
# - **Seeds, interval.** Five seeds for fit and draws; a 95 % Welch interval for the difference of the means.
# - **Rule.** Yes if the interval of recall, VAE less mixture, lies above 0; no if below; otherwise undecided.
#
# **Mark scheme.** One point for each criterion. A plan that was visibly written after the results: at most 2 of 5.
# "FID" without features that fit the data, or below 1,000 draws without a word about bias: half of the first point.

# %% [markdown]
# ## 4 · Baseline and model
# Two functions are enough: `fit_NAME(x, seed)`, which trains, and draws from what it gives. Begin with the baseline.

# %% nbgrader={"grade": false, "grade_id": "models", "locked": false, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
from sklearn.decomposition import PCA
from sklearn.mixture import GaussianMixture


def draw_mixture(x, seed, n):
    """n draws of a mixture of 20 Gaussians on 24 principal components."""
    pca = PCA(24, random_state=seed).fit(rows(x).numpy())
    mixture = GaussianMixture(20, reg_covar=1e-3, random_state=seed).fit(pca.transform(rows(x).numpy()))
    drawn = pca.inverse_transform(mixture.sample(n)[0])
    return torch.tensor(drawn).clamp(0, 1).float().reshape(n, *x.shape[1:])


def negative_elbo(vae, x, rng):
    x_logits, mu, logvar = vae(x, rng)
    elbo = losses.elbo(losses.log_bernoulli(x, x_logits), losses.kl_standard_normal(mu, logvar))
    return {"loss": -elbo.mean()}


def draw_vae(x, seed, n, epochs=40):
    """n draws of a VAE with 8 latent dimensions: the decoder's means."""
    torch.manual_seed(seed)
    vae = models.VAE(tuple(x.shape[1:]), latent=8)
    training.fit(vae, negative_elbo, x, epochs=epochs, seed=seed, progress=False)
    return vae.sample(n, rng=training.seeded(seed))


def draw_known(x, seed, n):
    """Control: prints of the training set."""
    return x[torch.randperm(len(x), generator=training.seeded(seed))[:n]]


def draw_means(x, seed, n):
    """Control: the mean print of each letter, again and again."""
    means = torch.stack([x[y_train == k].mean(0) for k in y_train.unique()])
    return means.repeat(-(-n // len(means)), 1, 1, 1)[:n]


### END SOLUTION

# %% [markdown]
# ## 5 · Experiment and results (9 points)
# Run what the plan says, all of it. Then write: **the table**, **the answer by your rule**, **what surprised you and
# the check you made of it**, **what the numbers cannot show**, **what you would do next**.
#
# | criterion | points |
# |---|---|
# | The plan was run as it stands; each departure is said, with its reason | 2 |
# | A table or figure with intervals, that can be read without the text | 2 |
# | The answer follows from the rule, and says no more than the numbers | 2 |
# | A surprise, or the weakest point, was checked by a further run | 2 |
# | A limit that matters, and the next experiment | 1 |

# %% nbgrader={"grade": false, "grade_id": "experiment", "locked": false, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
from course_utils.metrics.intervals import mean_interval, welch_interval

MAKERS = {
    "mixture": draw_mixture,
    "VAE": draw_vae,
    "control: known prints": draw_known,
    "control: class means": draw_means,
}
limit = gap.quantile(0.01)  # 99 % of the unseen prints are farther from the training set


def scores(images):
    """Precision, recall and the share of copies."""
    near = metrics.prdc(rows(x_test).numpy(), rows(images).numpy(), k=5)
    return near.precision, near.recall, float((nearest(images, x_train) < limit).double().mean())


drawn = {name: [make(x_train, seed, len(x_test)) for seed in range(5)] for name, make in MAKERS.items()}
found = {name: np.array([scores(images) for images in sets]) for name, sets in drawn.items()}
print(f"{'mean, 95 % interval of five seeds':34s}{'precision':>20s}{'recall':>20s}{'copies':>20s}")
for name, table in found.items():
    cells = [mean_interval(column) for column in table.T]
    print(f"{name:34s}" + "".join(f"{m:8.2f} ({low:.2f} to {high:.2f})".rjust(20) for m, low, high in cells))
m, low, high = welch_interval(found["VAE"][:, 1], found["mixture"][:, 1])
print(f"recall, VAE less mixture: {m:+.2f} ({low:+.2f} to {high:+.2f})")
### END SOLUTION

# %% [markdown]
# The check of what surprised you, and a look at what was drawn:

# %% nbgrader={"grade": false, "grade_id": "check", "locked": false, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
drawn["VAE, 6 times as long"] = [draw_vae(x_train, seed, len(x_test), epochs=240) for seed in range(3)]
longer = np.array([scores(images) for images in drawn["VAE, 6 times as long"]])
m, low, high = welch_interval(longer[:, 1], found["mixture"][:, 1])
print("precision, recall, copies of three seeds:", longer.round(2).tolist())
print(f"recall, VAE trained 6 times as long less mixture: {m:+.2f} ({low:+.2f} to {high:+.2f})")
sets = [x_test, *(images[0] for images in drawn.values())]
plotting.image_grid(
    torch.cat([images[torch.linspace(0, len(images) - 1, 12).long()] for images in sets]),
    columns=12,
    row_labels=["unseen face", *drawn],
    title="What each of them draws",
)
### END SOLUTION

# %% [markdown] nbgrader={"grade": true, "grade_id": "results", "locked": false, "points": 9, "schema_version": 3, "solution": true, "task": false}
# **Model answer**
#
# The plan was run as it stands. One run was added after it, and is marked as such.
#
# - **Answer.** No. Of the variety of the unseen family the mixture meets .58, the VAE .00; the interval of the
#   difference, −.61 to −.55, lies below zero. What I expected was wrong.
# - **Surprise, and its check.** A recall near 0 looked like a mistake, or like too short a training. The control
#   rules the first out: known prints get .98, and all of them count as copies. Trained six times as long, the VAE
#   gets .20–.25: training was too short, and yet the interval stays below zero; where more would end was not tried.
#   The picture shows why recall fell: after 40 epochs its letters are soft, and lie near the means, where no print of
#   the family has its neighbors.
# - **Precision misleads here.** The means of each letter, which nobody would call good letters, get 1.00, and real
#   prints of other faces .63. In pixels, precision rewards what is average. I do not use it for an answer.
# - **What the numbers cannot show.** Distances of pixels count a shift as a difference; four faces of one family are
#   few, and an interval over seeds does not say how other families would turn out. Neither model copied, by a
#   threshold that was set with an unseen family, which makes it wide.
# - **Next.** Features of a classifier in place of pixels, each of the five families held out in turn, and a VAE that
#   is told the letter.
#
# **Mark scheme.** By the criteria above. A table without intervals: at most 1 of the second. "The VAE would win with
# more training" without the run: 0 for the check. A contradicted expectation costs nothing; hiding it costs the first
# two points.

# %% [markdown]
# ## 6 · Ethics sheet (4 points)
# Lecture 06 in four lines, each with a number or a reason why none is needed: **privacy** (could your model hand out
# what it was trained on? measured how?) · **bias** (who or what is rare in your data, and in your draws?) ·
# **rights** (whose work is in it, under which license or consent?) · **misuse and cost** (the worst plausible use,
# what you did about it; seconds or kilowatt-hours).
#
# | criterion | points |
# |---|---|
# | Each of the four is answered for this project and not for generative models at large | 2 |
# | At least two with a number of your own | 1 |
# | One consequence: something you changed, left out, or would ask of a user | 1 |

# %% [markdown] nbgrader={"grade": true, "grade_id": "ethics_sheet", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# **Model answer**
#
# - **Privacy.** No person is in the data. Copies were measured all the same, since a typeface is somebody's work: 0 %
#   for both models, 100 % for the control.
# - **Bias.** 12 of the 17 known faces are DejaVu, so draws lean to its shapes; italics are 7 of 17. A user who wants
#   scripts or other alphabets is not served: ten Latin capitals only.
# - **Rights.** DejaVu (Bitstream Vera license), Computer Modern and STIX (SIL Open Font License or freer) allow use
#   and change; a typeface sold under a license would need the foundry's consent before it is trained on.
# - **Misuse, cost.** Imitating a brand's letters. At 16×16 it cannot; the folder of drawn letters is not published.
#   All runs together take about a minute of one processor.
#
# **Mark scheme.** By the criteria; "there are no ethical problems": 0 unless each of the four is argued.

# %% [markdown]
# ## 7 · Model card (4 points)
# For somebody who finds your model in a year: **what it is** · **intended use, and what it is not for** · **data** ·
# **numbers, with the setting of each** · **caveats, and what to do about them** (Mitchell et al. 2019,
# arXiv:1810.03993). Half a page.
#
# | criterion | points |
# |---|---|
# | A use that is out of scope | 1 |
# | Data and split, so that somebody could repeat it | 1 |
# | Numbers as in the results, with their intervals | 1 |
# | A caveat that follows from a number, and what a user should do | 1 |

# %% [markdown] nbgrader={"grade": true, "grade_id": "project_card", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# **Model answer**
#
# - **What it is.** A mixture of 20 Gaussians on 24 principal components of 16×16 letters; it was kept, the VAE was
#   not.
# - **Use.** Teaching. Not for making a typeface: its letters are rough, and nobody has judged them by eye.
# - **Data.** Capitals A to J of 17 free typefaces, six prints each; tested on the four faces of STIX General, a
#   family that it has not seen.
# - **Numbers.** Recall .58 (.55–.61), precision .88 (.84–.92), copies 0 %, five seeds; 240 draws, five neighbors,
#   pixels.
# - **Caveats.** Precision in pixels rewards blur: look at the draws before you trust it. One family was held out:
#   repeat the test with yours.
#
# **Mark scheme.** By the criteria. Numbers that contradict the results: at most 2 of 4.

# %% [markdown]
# ## 8 · Review of another project (4 points)
# Read another project at its proposal, and again when it is done. Write to its authors, by name and kindly:
#
# 1. Their question and answer in one sentence, as you understood it.
# 2. What convinced you most, and where it stands.
# 3. The sentence that says more than its cells show, and the run that would decide.
# 4. One thing to mend before the talk, small enough to be mended.
#
# | criterion | points |
# |---|---|
# | It was read: sentences 1 and 2 point to places | 1 |
# | Sentence 3 names a run that could turn the answer | 2 |
# | A stranger would thank you for it | 1 |

# %% [markdown] nbgrader={"grade": true, "grade_id": "peer_review", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# **Model answer** (of a project that fills in missing values)
#
# 1. You ask whether a mixture fills in the blood values of a public table better than the nearest neighbors do, and
#    say yes: an error of .41 against .47, five seeds.
# 2. Most convincing: the coverage of your 90 % intervals, 88 %, in the second table. The neighbors have none to
#    offer.
# 3. "The mixture understands how the values hang together": you chose its number of components on the test rows, and
#    the neighbors' k was left at 5. Choose both on the training rows: with k = 15 the gap may close.
# 4. The axis of your figure says "loss"; it is the squared error of standardized values.
#
# **Mark scheme.** By the criteria. Praise or blame without a place: 0 for the first. "Use more data" as the run: 0 of
# the second.

# %% [markdown]
# ## 9 · Five minutes before the class
# Five slides: the question · the data, with six items to see · the plan's rule · the one figure · the answer, and
# what it does not say. Three minutes to talk, two to be asked. The class fills in one line for each talk:
#
# | | 0 | 1 | 2 |
# |---|---|---|---|
# | Could I repeat the question in one sentence? | no | nearly | yes |
# | Did the figure carry the answer? | no | with the talk | alone |
# | Was a limit said before somebody asked? | no | one | the one that matters |
# | A question was answered with | words | a reason | a number, or "we do not know" |
