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
# # 03 · Variational autoencoders
#
# A variational autoencoder (VAE) learns to draw new data, to compress it, and to bound how likely it is, with one
# objective.
#
# **You will be able to**
# 1. say why decoding a random code of a plain autoencoder fails, and what a VAE adds;
# 2. derive the evidence lower bound (ELBO) and name its gap;
# 3. write encoder, reparameterization, KL and likelihood, and check each against a closed form;
# 4. train a VAE, read its two curves, and use its latent space: sample, reconstruct, choose a class;
# 5. recognize posterior collapse and a hidden β, and mend both.
#
# **Time:** 103 minutes in two sessions (42 and 61; the break is marked), and 58 of depth, marked ▸, which folds away
# and which nothing else needs. Estimated: words / 130, half a minute a figure or printed table, a minute for 6 lines
# of code, 2 for a prediction or quiz question, 4 for an explorer; exercises come on top. The page runs in about a
# minute on a laptop.
#
# **Before:** [lecture 01](01_definitions.ipynb) (nats, KL) and [02](02_gmm.ipynb) help. You need Gaussian densities,
# expectations, and to have trained a classifier once. **After:** [assignment 03](../assignments/03_vae/03_vae.ipynb),
# then [lecture 04](04_gan.ipynb).

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 3 min (45: 1)</summary>
#
# **Prepare.** Run the whole page before the class. Sections 1, 4, 6 and 7 are shown live, 2 and 3 want a blackboard
# beside the screen. Two sessions are better than one: stop at the marked break; these minutes are for a hall that
# wants all of it in one go, so keep the derivation short and drop the break.
#
# **Open.** "Zip a photograph, change one byte, unzip it: you get an error, not another photograph. Today we build a
# compressor in which every code is a picture."
#
# **Misconception.** "A VAE recognizes faces." Recognition maps a picture to a name; this maps a code to a picture.
#
# **On.** First the compressor that fails at it.
#
# </details>

# %% slideshow={"slide_type": "skip"}
import itertools
import math
from functools import partial

import torch
from torch import nn
from torch.distributions import Normal, kl_divergence

from course_utils import data, losses, models, plotting, training, widgets
from course_utils.training import one_thread, seeded
from course_utils.widgets import quiz

DATASET = "digits"  # or "mnist", "fashion_mnist": 4 minutes, 1.4 GB; numbers in the text are for the digits
LATENT = 8  # dimensions of the code
one_thread()  # small networks are slower with two threads that wait for each other

# %% [markdown]
# The data are real handwritten digits, 8×8 pixels, which come with scikit-learn (Alpaydin & Kaynak 1998). We round
# each pixel to 0 or 1. Then a pixel is a coin flip, and the Bernoulli likelihood below is a true probability. With
# gray levels the same formula is only a loss, and its "ELBO" bounds nothing.

# %%
gray, y = data.images(DATASET, "train", limit=8_000)
gray_test, y_test = data.images(DATASET, "test", limit=1_000)
x, x_test = (gray >= 0.5).float(), (gray_test >= 0.5).float()
EVENT, PIXELS = x.shape[1:], x[0].numel()
EPOCHS = math.ceil(220_000 / len(x))  # about 3,400 updates, whatever the data set
print(f"{len(x)} training and {len(x_test)} test images of {PIXELS} pixels")

# %%
plotting.image_grid(torch.cat([gray[:10], x[:10]]), title="Ten digits", row_labels=["gray levels", "rounded"])

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · An autoencoder first (7 min)
#
# An autoencoder squeezes an image through a few numbers, the *code* $z$, and rebuilds it. Nothing is random. The
# decoder returns logits; a sigmoid turns them into the probability that a pixel is 1.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 7 min (45: 5, tour: 3)</summary>
#
# **Open.** "This network rebuilds digits it never saw. I hand it eight random numbers. Digit or no digit?"
#
# **Ask.** Hands. About half the hall says digit, because the second row of the grid is so good. Show the third row:
# blobs.
#
# **Picture.** A post office that only knows its own customers' addresses: an invented one leads into a field.
#
# **Click.** Below the grid, read the printed spreads: about 4 to 6 in each dimension, while our random codes have 1.
# The addresses were elsewhere.
#
# **Misconception.** "Then train longer." The decoder did what it was asked; nobody ever asked it about those codes.
#
# **On.** So choose the distribution of the codes beforehand.
#
# </details>

# %%
torch.manual_seed(0)
encoder, decoder = models.mlp(PIXELS, 128, 128, LATENT), models.mlp(LATENT, 128, 128, PIXELS)
autoencoder = nn.Sequential(nn.Flatten(), encoder, decoder, nn.Unflatten(1, EVENT))


def reconstruction_loss(model, x, rng):
    return {"loss": -losses.log_bernoulli(x, model(x)).mean()}


training.fit(autoencoder, reconstruction_loss, x, epochs=EPOCHS // 3, description="autoencoder")

# %% [markdown]
# It rebuilds digits it has never seen.
#
# **Predict first.** Now draw eight random numbers from N(0, 1), call them a code, and decode. Will you see digits?

# %%
codes = encoder(x.flatten(1)).detach()
random_codes = torch.randn(10, LATENT, generator=seeded(0))
rebuilt = autoencoder(x_test[:10]).sigmoid()
decoded = decoder(random_codes).sigmoid().unflatten(1, EVENT)
plotting.image_grid(
    torch.cat([x_test[:10], rebuilt, decoded]).detach(),
    title="An autoencoder rebuilds digits; it cannot draw them",
    row_labels=["test digit", "rebuilt", "random code"],
)

# %%
correlations = torch.corrcoef(codes.T).abs()
print("standard deviation of each code dimension:", [round(s, 1) for s in codes.std(0).tolist()])
print(f"largest correlation of two dimensions:      {correlations.fill_diagonal_(0).max():.2f}")

# %% [markdown]
# The random codes decode to blobs. The decoder was only ever asked about codes that the encoder made. Those spread
# over several units, are correlated, and nobody told us their distribution. To draw new data we need to know where
# codes live. That is what a VAE adds: **a distribution over codes that we choose beforehand, and an encoder that is
# paid to respect it.**

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · A latent-variable model and its bound (2 min)
#
# Tell a story of how an image came about. First draw a code, $z \sim p(z) = N(0, I)$. Then draw the image,
# $x \sim p_\theta(x \mid z)$, from what the decoder says. The probability of an image is then an average over all
# codes, the **marginal likelihood**
#
# $$p_\theta(x) = \int p_\theta(x \mid z)\, p(z)\, dz .$$
#
# We would like to maximize its logarithm. The integral has no closed form for a neural decoder, and plain sampling
# from $p(z)$ rarely hits the few codes that explain a given $x$. So let a second network guess those codes: the
# encoder, or *approximate posterior*, $q_\phi(z \mid x)$.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 5 min (45: 5)</summary>
#
# **Open.** "An image is what a code explains; its probability is an average over all codes."
#
# **Picture.** Searching a needle by throwing darts at the whole barn: that is sampling the prior. The encoder says in
# which corner to look.
#
# **Ask.** "Why not average over a million codes?" Someone says: too slow. Ask for more: almost all of them explain
# nothing.
#
# **Click.** On the blackboard, write $\log p(x) = \text{ELBO} + \text{gap}$ first, then fill in both braces.
#
# **Misconception.** "The KL in the ELBO is the gap." There are two KLs: one to the prior, which we pay, one to the
# true posterior, which we cannot see.
#
# **On.** Three pieces to compute, each checked.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The derivation.** Since $\log p(x)$ does not depend on $z$, average it over $q(z \mid x)$, use
# $p(x) = p(x, z) / p(z \mid x)$, and multiply and divide by $q$:
#
# $$
# \log p(x) = \mathbb{E}_{q}\!\left[\log \frac{p(x, z)}{p(z \mid x)}\right]
#           = \underbrace{\mathbb{E}_{q}\!\left[\log \frac{p(x, z)}{q(z \mid x)}\right]}_{\text{ELBO}}
#           + \underbrace{\mathbb{E}_{q}\!\left[\log \frac{q(z \mid x)}{p(z \mid x)}\right]
#             }_{\mathrm{KL}(q(z|x)\,\|\,p(z|x))\; \ge\; 0}.
# $$
#
# So the ELBO is a **lower bound** on $\log p(x)$, and the gap is exactly how wrong the encoder is. Splitting
# $p(x, z) = p(x \mid z)\,p(z)$ gives the form that we compute:
#
# $$
# \text{ELBO}(x) = \underbrace{\mathbb{E}_{q}\left[\log p(x \mid z)\right]}_{\text{how well } z \text{ explains } x}
#                - \underbrace{\mathrm{KL}\left(q(z \mid x)\,\|\,p(z)\right)}_{\text{what } z \text{ costs, in nats}} .
# $$
#
# A step that raises the ELBO raises $\log p(x)$, or narrows the gap, or both; the ELBO alone does not tell which
# (Kingma & Welling 2014; Rezende, Mohamed & Wierstra 2014).

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · The three pieces, each against a closed form (9 min)
#
# ### Reparameterization
#
# The ELBO is an average over $z \sim N(\mu, \sigma^2)$, and we need its gradient with respect to $\mu$ and $\sigma$.
# A plain draw has none: the random number generator is not differentiable. Write the draw as
# $z = \mu + \sigma\,\varepsilon$ with $\varepsilon \sim N(0, 1)$, and the noise becomes an input like any other.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 8 min (45: 5)</summary>
#
# **Open.** "Three lines of code, and each has a classic way to be wrong."
#
# **Ask.** "Why does the encoder give $\log\sigma^2$?" Somebody says: because σ must be positive. Good; then why not a
# softplus? Either works; the formula uses the logarithm anyway.
#
# **Click.** Four rows agree on 0.59 nats, the Monte Carlo one up to its error. Then logit 20: the naive column is
# minus infinity, ours is −20.
#
# **Misconception.** "Averaging is only a scale." Averaging *both* terms over *different* numbers is β = 8 here; the
# last print shows the two losses equal to six digits.
#
# **On.** Put the three together and press run.
#
# </details>

# %%
mu = torch.tensor(1.5, requires_grad=True)
print("plain draw keeps a gradient:          ", Normal(mu, 1.0).sample().requires_grad)
print("reparameterized draw keeps a gradient:", Normal(mu, 1.0).rsample().requires_grad)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The KL to the prior
#
# Between a diagonal Gaussian and N(0, I) the KL is a formula. It is a **sum** over latent dimensions, one number for
# each image:
#
# $$
# \mathrm{KL}\left(N(\mu, \sigma^2)\,\|\,N(0, I)\right)
#     = -\tfrac12 \sum_j \left(1 + \log\sigma_j^2 - \mu_j^2 - \sigma_j^2\right).
# $$
#
# The network outputs $\log\sigma^2$, because it can be any real number and $\exp$ makes the variance positive.


# %%
def kl_standard_normal(mu, logvar):
    return -0.5 * (1 + logvar - mu**2 - logvar.exp()).sum(1)


mu, logvar = torch.tensor([[0.8, -0.3]]), torch.tensor([[-1.0, 0.4]])
q, p = Normal(mu, (0.5 * logvar).exp()), Normal(torch.zeros(1, 2), torch.ones(1, 2))
torch.manual_seed(0)
z = q.sample((100_000,))
log_ratio = (q.log_prob(z) - p.log_prob(z)).sum(-1)
print(f"formula              {kl_standard_normal(mu, logvar).item():.4f} nats")
print(f"torch.distributions  {kl_divergence(q, p).sum().item():.4f}")
print(f"Monte Carlo          {log_ratio.mean():.4f} ± {log_ratio.std() / len(z) ** 0.5:.4f} (standard error)")
print(f"course_utils         {losses.kl_standard_normal(mu, logvar).item():.4f}")

# %% [markdown]
# Four ways, one number. From here on we use the tested twin in `course_utils.losses`.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The likelihood, from logits
#
# For a pixel that is 0 or 1, $\log p(x \mid z) = x \log p + (1 - x)\log(1 - p)$, **summed** over pixels. Compute it
# from the logit $\ell$ with $p = \operatorname{sigmoid}(\ell)$. A sigmoid first and a logarithm later loses
# everything when $p$ rounds to 1.


# %%
def log_bernoulli(x, x_logits):
    return -nn.functional.binary_cross_entropy_with_logits(x_logits, x, reduction="none").flatten(1).sum(1)


ones, zeros = torch.ones(1, 1), torch.zeros(1, 1)
for logit in (2.0, 20.0, 200.0):
    naive = torch.log(1 - torch.sigmoid(logit * ones)).item()
    print(f"logit {logit:5.0f}: log p(x=0) is {log_bernoulli(zeros, logit * ones).item():8.3f}, naively {naive:8.3f}")

# %% [markdown] slideshow={"slide_type": "subslide"}
# > **Common error: a hidden β.** Take the *mean* over pixels and the *mean* over latent dimensions. The two terms are
# > then divided by different numbers, and their balance changes. With 64 pixels and 8 latent dimensions the KL weighs
# > 64 / 8 = 8 times too much. (Dividing *both* by the same number is harmless: it only rescales the loss.)

# %%
x_logits, mu, logvar = torch.randn(100, PIXELS), torch.randn(100, LATENT), torch.randn(100, LATENT)
averaged = nn.functional.binary_cross_entropy_with_logits(x_logits, x[:100].flatten(1))
averaged = averaged - 0.5 * (1 + logvar - mu**2 - logvar.exp()).mean()
log_px_z, kl = log_bernoulli(x[:100].flatten(1), x_logits), kl_standard_normal(mu, logvar)
with_beta = -losses.elbo(log_px_z, kl, beta=PIXELS / LATENT).mean() / PIXELS
print(f"everything averaged: {averaged:.6f} · ELBO with β = {PIXELS / LATENT:g}, over {PIXELS}: {with_beta:.6f}")
assert torch.isclose(averaged, with_beta)

# %% [markdown]
# The two losses are the same number. Whoever averages both terms trains a β-VAE without knowing it; section 7 shows
# what that does. Our rule: sum over the dimensions of one data point, then take the mean over the batch.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · Why not the score function? (5 min)
#
# There is a second way to a gradient, the score-function estimator $f(z)\,\partial_\mu \log q(z)$, which needs no
# gradient of $f$. Both are unbiased. Try $f(z) = z^2$, where the answer is known:
# $\partial_\mu \mathbb{E}[z^2] = 2\mu = 3$.
#
# **Predict first.** Which estimator scatters more from draw to draw, and by how much?

# %% tags=["depth"]
z = 1.5 + torch.randn(20_000, generator=seeded(0))
estimates = {"reparameterized: 2z": 2 * z, "score function: z²(z − μ)": z**2 * (z - 1.5)}
figure, axes = plotting.picture(
    title="Two unbiased estimates of a gradient",
    alt="Histograms of single-draw gradient estimates: the reparameterized lie close around 3, the others are wide.",
)
for (name, values), color in zip(estimates.items(), plotting.COLORS, strict=False):
    label = f"{name} (mean {values.mean():.2f}, sd {values.std():.1f})"
    axes.hist(values, bins=120, range=(-15, 30), alpha=0.6, color=color, label=label)
axes.axvline(3, color="black", linewidth=1)
axes.set(xlabel="gradient estimate from one draw", ylabel="draws")
axes.legend()
figure

# %% [markdown] tags=["depth"]
# Both means are 3. Here the score function scatters about four times as much. It has the reparameterized one's slope
# nowhere, only values of $f$ (Mohamed et al. 2020 compare both at length).

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · Where everything is known: the linear VAE (12 min)
#
# Take a linear decoder with one noise variance, $p(x \mid z) = N(Wz + b, \sigma^2 I)$. This is probabilistic PCA
# (Tipping & Bishop 1999), and nothing is left to guess: $p(x) = N(b,\, WW^\top + \sigma^2 I)$, and the best $W$, $b$,
# $\sigma^2$ come from the eigenvectors and eigenvalues of the data's covariance. A VAE trained by gradient steps has
# to find the same number.

# %% tags=["depth"]
flat = gray.flatten(1)
mean, covariance = flat.double().mean(0), torch.cov(flat.T.double(), correction=0)
eigenvalues, eigenvectors = torch.linalg.eigh(covariance)
noise = eigenvalues[:-2].mean()  # the variance that two components leave over, per dimension
best_W = eigenvectors[:, -2:] * (eigenvalues[-2:] - noise).sqrt()


def log_marginal(W, b, variance):
    """The mean of log p(x) over the training images, exactly; it needs only their mean and covariance."""
    C = W @ W.T + variance * torch.eye(PIXELS, dtype=torch.float64)
    S = covariance + torch.outer(mean - b, mean - b)
    return -0.5 * (PIXELS * math.log(2 * math.pi) + C.logdet() + torch.linalg.solve(C, S).trace()).item()


log_px_best = log_marginal(best_W, mean, noise)
print(f"the best that any linear model with 2 latent dimensions can do: {log_px_best:.3f} nats per image")

# %% [markdown] tags=["depth"]
# Now the same model as a VAE: a linear encoder for the mean, one log-variance for each latent dimension.


# %% tags=["depth"]
class LinearVAE(nn.Module):
    def __init__(self, pixels, latent):
        super().__init__()
        self.encoder, self.decoder = nn.Linear(pixels, latent), nn.Linear(latent, pixels)
        self.logvar, self.x_logvar = nn.Parameter(torch.zeros(latent)), nn.Parameter(torch.zeros(()))

    def forward(self, x, rng):
        mu = self.encoder(x)
        logvar = self.logvar.expand_as(mu)
        z = mu + (0.5 * logvar).exp() * torch.randn(mu.shape, generator=rng)
        return self.decoder(z), mu, logvar


def linear_loss(model, x, rng):
    x_mean, mu, logvar = model(x, rng)
    log_px_z = losses.log_gaussian(x, x_mean, model.x_logvar)
    kl = losses.kl_standard_normal(mu, logvar)
    return {"loss": -(log_px_z - kl).mean(), "elbo": (log_px_z - kl).mean()}


# %% [markdown] tags=["depth"]
# While it trains we record two numbers: the ELBO, a noisy estimate, and the exact $\log p(x)$ of the model of that
# moment.

# %% tags=["depth"]
exact = []


def record_exact(state):
    if state.step % 25 == 0 or state.step == state.total - 1:
        m = state.model
        W, b = m.decoder.weight.detach().double(), m.decoder.bias.detach().double()
        exact.append((state.step, log_marginal(W, b, m.x_logvar.detach().exp().double())))


torch.manual_seed(0)
linear = LinearVAE(PIXELS, 2)
history = training.fit(
    linear, linear_loss, flat, epochs=EPOCHS // 2, lr=2e-2, on_step=record_exact, description="linear VAE"
)

# %% tags=["depth"]
figure, axes = plotting.picture(
    title="The ELBO climbs to the exact log-likelihood",
    alt="ELBO and exact log-likelihood of a linear VAE over training; both end at the closed-form optimum of PPCA.",
)
axes.plot(history.smoothed("elbo", 25), color=plotting.COLORS[0], label="ELBO (mean of 25 steps)")
axes.plot(*zip(*exact, strict=True), color=plotting.COLORS[1], label="exact log p(x) of this model")
axes.axhline(log_px_best, color="black", linestyle="--", linewidth=1, label="best possible (PPCA)")
axes.set(xlabel="training step", ylabel="nats per image", ylim=(log_px_best - 12, log_px_best + 1.5))
axes.legend(loc="lower right")
figure

# %% tags=["depth"]
with torch.no_grad():
    rng = seeded(0)
    trained_elbo = sum(linear_loss(linear, flat, rng)["elbo"].item() for _ in range(100)) / 100
print(f"trained ELBO {trained_elbo:.3f} · its exact log p(x) {exact[-1][1]:.3f} · PPCA {log_px_best:.3f} nats")
assert log_px_best >= exact[-1][1] - 1e-6

# %% [markdown] tags=["depth"]
# Three curves, one order: ELBO ≤ exact log-likelihood of the model ≤ optimum. The space between the first two is
# KL(q‖posterior). It closes, because the posterior of this model is Gaussian and our encoder can represent it once
# the columns of $W$ are orthogonal. With a neural decoder the posterior is not Gaussian, and a gap stays.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · The model, trained (10 min)
#
# Encoder, one draw, decoder. The encoder's last layer gives `mu` and `logvar` side by side. Reconstruction moves both
# networks, through $z$; the KL moves the encoder alone.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 10 min (45: 6)</summary>
#
# **Open.** "Watch the KL. For a while it will do nothing; do not touch anything."
#
# **Picture.** A traveler with a baggage fee: he packs only what is worth more than the fee. Fee and worth are both in
# nats.
#
# **Ask.** Before the run: "What is the ELBO of a model that ignores the code?" Guide them to the average digit, then
# to the −25 of independent pixels.
#
# **Click.** Run the training; the stop button ends it early and keeps what was learned. The curves: flat, then KL
# rises to between 6 and 7 nats, and log p(x|z) rises faster. Test ELBO about −17.7.
#
# **Misconception.** "The KL should go to zero, it is a penalty." At zero the code says nothing.
#
# **On.** A number is nice. Can it draw?
#
# </details>

# %%
plotting.vae_diagram(PIXELS, LATENT)


# %%
class VAE(nn.Module):
    def __init__(self, event, latent, hidden=128):
        super().__init__()
        pixels = math.prod(event)
        self.event = event
        self.encoder = models.mlp(pixels, hidden, hidden, 2 * latent)
        self.decoder = models.mlp(latent, hidden, hidden, pixels)

    def encode(self, x):
        return self.encoder(x.flatten(1)).chunk(2, dim=1)

    def decode(self, z):
        return self.decoder(z).unflatten(1, self.event)

    def forward(self, x, rng=None):
        mu, logvar = self.encode(x)
        z = mu + (0.5 * logvar).exp() * torch.randn(mu.shape, generator=rng)
        return self.decode(z), mu, logvar


def vae_loss(model, x, rng, beta=1.0):
    x_logits, mu, logvar = model(x, rng)
    log_px_z = losses.log_bernoulli(x, x_logits)
    kl = losses.kl_standard_normal(mu, logvar)
    loss = -losses.elbo(log_px_z, kl, beta).mean()
    return {"loss": loss, "elbo": (log_px_z - kl).mean(), "log_px_z": log_px_z.mean(), "kl": kl.mean()}


# %% [markdown]
# Training draws the ELBO and both of its terms while it runs. The stop button ends it early and keeps what was
# learned.

# %%
live = widgets.live_curves(("elbo", "log_px_z"), "kl", title="VAE with 8 latent dimensions", unit="nats per image")
live

# %%
torch.manual_seed(0)
vae = VAE(EVENT, latent=LATENT)
history = training.fit(vae, vae_loss, x, epochs=EPOCHS, on_step=live, description="VAE")

# %%
live.figure()

# %% [markdown]
# Read the curves together. For the first hundred steps the model knows only the average digit: a KL near 0. Then the
# code begins to carry information about the image: the KL takes off, and log p(x|z) rises faster than the KL. The
# model *buys* reconstruction with KL, as long as one nat of code brings more than one nat.


# %%
@torch.no_grad()
def mean_elbo(model, x, draws=20):
    rng = seeded(0)
    terms = [vae_loss(model, x, rng) for _ in range(draws)]
    return {name: torch.stack([t[name] for t in terms]).mean().item() for name in ("elbo", "log_px_z", "kl")}


fit = {name: mean_elbo(vae, images) for name, images in (("train", x), ("test", x_test))}
for name, terms in fit.items():
    print(name.ljust(5), " · ".join(f"{term} {value:.2f}" for term, value in terms.items()), "nats")
share = x.mean(0).clamp(1e-3, 1 - 1e-3).expand_as(x_test)
independent = losses.log_bernoulli(x_test, share.logit()).mean().item()
print(f"test  with independent pixels, no latent variable: {independent:.2f} nats")

# %% [markdown]
# A good value on the rounded digits is a test ELBO between −18.1 and −17.3 nats. Independent pixels reach −25. The
# test ELBO lies below the training ELBO: 1,437 images are few, and the networks have begun to memorize them.
#
# The same model is in the package as `models.VAE`. With the same weights and the same noise it gives the same
# numbers:

# %%
twin = models.VAE(EVENT, latent=LATENT)
twin.load_state_dict(vae.state_dict())
same = [seeded(1) for _ in range(2)]
assert torch.equal(vae(x_test, same[0])[0], twin(x_test, same[1])[0])

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · What it learned (10 min)
#
# Reconstructions go through the code. Samples start from the prior, as the story of section 2 says: draw $z$, decode,
# flip a coin for each pixel. Only then is it a draw from the model; the decoder's gray levels are probabilities.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 8 min (45: 5)</summary>
#
# **Open.** "New data come from the prior. Codes from the encoder give you back what you put in."
#
# **Ask.** Who comes nearer to real digits: the VAE, or the plain autoencoder with a mixture on its codes? Most say
# the VAE. The table says: both are close.
#
# **Click.** Read two rows aloud: the average digit wins the first column with 3.0 and loses the second with 13.4. One
# number would have crowned it.
#
# **Misconception.** "New digits are drawn from $q(z \mid x)$." That gives reconstructions. Point at the row labels:
# *rebuilt*, *drawn*.
#
# **On.** Next, what the code holds.
#
# </details>

# %%
with torch.no_grad():
    reconstructed = vae.decode(vae.encode(x_test[:10])[0]).sigmoid()
sampled = twin.sample(20, rng=seeded(3))
flipped = torch.bernoulli(sampled[:10], generator=seeded(0))
plotting.image_grid(
    torch.cat([x_test[:10], reconstructed, sampled, flipped]),
    title="The VAE rebuilds digits and draws new ones",
    row_labels=["test digit", "rebuilt", "drawn: p(x|z)", "drawn: p(x|z)", "coins flipped"],
)

# %% [markdown]
# Did decoding a random code get better than in section 1? A distance to the nearest real digit cannot tell alone:
# copies of one average digit would do well. So measure both ways, in pixels that differ: from each draw to the
# nearest test digit, and from each test digit to the nearest draw. Give the autoencoder its chance, too: fit lecture
# 02's mixture of ten Gaussians to its codes, and draw codes from that.
#
# **Predict first.** Which of the two rows with fitted codes and the VAE comes nearer to real digits?

# %%
from sklearn.mixture import GaussianMixture

n, rng = len(x_test), seeded(0)
noise = torch.randn(n, LATENT, generator=rng)
mixture = GaussianMixture(10, reg_covar=1e-2, random_state=0).fit(codes.double())
fitted = torch.as_tensor(mixture.sample(n)[0], dtype=torch.float32)
with torch.no_grad():
    probabilities = {
        "training digits": x[torch.randperm(len(x), generator=rng)[:n]],
        "the average digit": x.mean(0).round().expand(n, *EVENT),
        "autoencoder, z from N(0, I)": decoder(noise).sigmoid().unflatten(1, EVENT),
        "autoencoder, z from a mixture": decoder(fitted).sigmoid().unflatten(1, EVENT),
        "VAE, z from N(0, I)": vae.decode(noise).sigmoid(),
    }


# %%
def both_ways(images):
    differ = torch.cdist(images.flatten(1), x_test.flatten(1), p=1)
    return differ.min(1).values.mean().item(), differ.min(0).values.mean().item()


ways = {name: both_ways(torch.bernoulli(p, generator=rng)) for name, p in probabilities.items()}
print("pixels that differ, on average       drawn → nearest real    real → nearest drawn")
for name, (there, back) in ways.items():
    print(f"{name:32s} {there:20.1f} {back:23.1f}")

# %% [markdown]
# The average digit wins the first column and loses the second. With codes from N(0, I) the autoencoder is far off
# both ways; the VAE, with codes from the same N(0, I), is close both ways. But so is the autoencoder once a mixture
# has learned where its codes live. Random codes fail for want of their distribution, not for want of a VAE (Ghosh et
# al. 2020 build on this). What only the VAE has is one objective for both parts, and a bound on $\log p(x)$.

# %% [markdown] slideshow={"slide_type": "slide"}
# **A break, if you take two sessions.** So far: the bound, its three pieces, a model that draws. Next: what the code
# holds, what a nat of it costs, how it fails, and how to choose the digit.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 1 min</summary>
#
# **Open.** "In one sentence to your neighbor: what does the encoder do that the decoder cannot?"
#
# **Ask.** Collect two answers. The hall mostly says "it compresses". Turn it: it proposes codes for this one image,
# so that the integral becomes affordable; the compression is a by-product.
#
# **Misconception.** "Half of it is over, so the VAE is understood." So far only that it works. The second half is
# about how it fails: a β that nobody set, and a code that nobody reads.
#
# **On.** In a single session read the two lines on the slide and go on; in two, stop here and give exercise 1 as
# homework.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · The latent space, mapped and explored (10 min)
#
# With two latent dimensions the whole latent space fits in a picture. First: where the encoder puts the training
# digits. Then: what the decoder draws at each place, on a grid of quantiles of the prior, so that each picture stands
# for the same share of samples.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 9 min (45: 6, tour: 4)</summary>
#
# **Open.** "Here is all that the model can draw with two numbers, on one sheet."
#
# **Picture.** An atlas: neighboring pages show neighboring handwritings, and no page is empty.
#
# **Click.** In the explorer press `Random z` five times: digits each time. Then `Reset`, and drag single sliders:
# some change the picture, two or so do nothing. Move `start from` to another digit, and the sliders jump to its code.
#
# **Ask.** "Which slider is the slant?" They will argue. Nobody named the directions, and another seed mixes them
# anew.
#
# **Misconception.** "Latent dimensions have meanings." Without supervision they are not identified (Locatello et al.
# 2019).
#
# **On.** What does a nat of that code cost?
#
# </details>

# %%
torch.manual_seed(0)
vae2 = models.VAE(EVENT, latent=2)
training.fit(vae2, vae_loss, x, epochs=EPOCHS // 2, description="VAE, 2-D")
with torch.no_grad():
    mu, _ = vae2.encode(x)
plotting.latent_map(mu, y, title="Encoder means of the training digits, by class")

# %%
quantiles = Normal(0.0, 1.0).icdf(torch.linspace(0.03, 0.97, 15))
with torch.no_grad():
    grid = vae2.decode(torch.cartesian_prod(quantiles.flip(0), quantiles).flip(1)).sigmoid()
plotting.image_grid(grid, columns=15, title="Decoded on a grid of z: horizontal z₁, vertical z₂, both from −1.9 to 1.9")

# %% [markdown]
# No label was used, yet classes form regions, and the picture changes smoothly between them. The cloud as a whole has
# about the spread of N(0, I): that is the KL at work, and why a random code lands on something.
#
# Now the model with eight dimensions. Move a slider: each is one latent dimension. *Start* encodes a test digit;
# *Reset* returns to z = 0. Some sliders change the picture, others may do nothing. Which? Section 8 explains why.

# %%
widgets.latent_explorer(twin.decode, LATENT, images=x_test[:50], encode=twin.encode, labels=y_test[:50])

# %% [markdown]
# For those who read on paper: each row below moves one dimension from −2.5 to 2.5 and leaves the others at 0.

# %%
values = torch.linspace(-2.5, 2.5, 9)
plotting.image_grid(
    widgets.latent_sweep(twin.decode, LATENT, values),
    columns=9,
    title="One latent dimension at a time",
    row_labels=[f"z{j + 1}" for j in range(LATENT)],
    column_labels=[f"{value:.1f}" for value in values],
)

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · Interpolation and arithmetic (12 min)
#
# Walk in a straight line from the code of one digit to the code of another, and see what lies on the way.

# %% tags=["depth"]
widgets.interpolation(twin.encode, twin.decode, x_test[:50], y_test[:50])

# %% tags=["depth"]
first = [int((y_test == digit).nonzero()[0]) for digit in range(10)]
pairs = [(0, 6), (3, 8), (4, 9), (7, 1)]
with torch.no_grad():
    mu, _ = twin.encode(x_test)
    steps = [mu[first[a]].lerp(mu[first[b]], t) for a, b in pairs for t in torch.linspace(0, 1, 9).tolist()]
    walks = twin.decode(torch.stack(steps)).sigmoid()
plotting.image_grid(
    walks, columns=9, title="Straight lines between codes", row_labels=[f"{a} to {b}" for a, b in pairs]
)

# %% [markdown] tags=["depth"]
# Directions have meaning too. The mean code of the 4s minus the mean code of the 7s points from 7 to 4. Add it to the
# codes of some 7s.

# %% tags=["depth"]
with torch.no_grad():
    mean_code = torch.stack([twin.encode(x[y == digit])[0].mean(0) for digit in range(10)])
    sevens = mu[y_test == 7][:9]
    shown = [twin.decode(sevens + s * (mean_code[4] - mean_code[7])).sigmoid() for s in (0.0, 0.5, 1.0)]
plotting.image_grid(
    torch.cat(shown),
    columns=9,
    title="Latent arithmetic: 7 + s (mean 4 − mean 7)",
    row_labels=["s = 0", "s = 0.5", "s = 1"],
)

# %% [markdown] tags=["depth"]
# How often does this work? Let a linear classifier read the result, trained on the real training digits.

# %% tags=["depth"]
from sklearn.linear_model import LogisticRegression

reader = LogisticRegression(max_iter=1000).fit(x.flatten(1), y)
obeyed = torch.zeros(10, 10)
for a in range(10):
    for b in range(10):
        moved = twin.decode(mu[y_test == a] + mean_code[b] - mean_code[a]).flatten(1)
        obeyed[a, b] = reader.score((moved > 0).float(), torch.full((len(moved),), b))
others = obeyed[~torch.eye(10, dtype=torch.bool)]
print(f"the classifier reads real test digits right: {reader.score(x_test.flatten(1), y_test):.0%}")
print(
    f"moved from a to b and read as b: mean {others.mean():.0%}, best pair {others.max():.0%}, worst {others.min():.0%}"
)

# %% [markdown] tags=["depth"]
# On average in about three of four cases, for some pairs in fewer than half. Nothing in the objective asks for
# straight directions; be suspicious of a single pretty example.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · β, and the price of information (13 min)
#
# Put a weight on the KL: $\mathbb{E}[\log p(x \mid z)] - \beta\,\mathrm{KL}$ (Higgins et al. 2017). The KL is the
# *rate*, the nats that the code spends on an image. The *distortion* is $-\mathbb{E}[\log p(x \mid z)]$. β is the
# exchange rate between them (Alemi et al. 2018).
#
# **Predict first.** As β grows from ¼ to 4, what happens to reconstructions, to samples, and to the rate?

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 11 min (45: 5)</summary>
#
# **Open.** "β is an exchange rate: how many nats of picture for a nat of code."
#
# **Ask.** Before the figure: "At β = 4, are the drawings blurry, or all the same?" Most say blurry. The last rows
# show nearly one average digit, drawn over and over.
#
# **Click.** On the scatter follow the points from right to left; the dashed line is a constant ELBO. The points of
# β = ¼ lie above it: better pictures, worse bound.
#
# **Misconception.** "The KL causes the blur, and nothing else." Read the four numbers: an autoencoder *without* KL
# and with a code of one number is the blurriest, at about 0.37.
#
# **On.** At rate 0 the code was dead. That happens without any β, too.
#
# </details>


# %%
def train_with(beta, seed):
    torch.manual_seed(seed)
    model = models.VAE(EVENT, latent=LATENT)
    loss_fn = partial(vae_loss, beta=beta)
    training.fit(model, loss_fn, x, epochs=EPOCHS // 4, lr=6e-3, seed=seed, progress=False)
    return model


betas = (0.25, 0.5, 1.0, 2.0, 4.0)
beta_models = {(beta, seed): train_with(beta, seed) for beta in betas for seed in (0, 1)}
points = {key: mean_elbo(model, x_test) for key, model in beta_models.items()}

# %%
figure, axes = plotting.picture(
    title="Rate and distortion of ten VAEs on test digits",
    alt="Scatter of distortion against rate. High beta sits at rate 0 and high distortion, low beta at high rate.",
)
for (beta, seed), terms in points.items():
    label = f"β = {beta:g}" if seed == 0 else None
    axes.scatter(terms["kl"], -terms["log_px_z"], s=50, color=plotting.COLORS[betas.index(beta)], label=label)
best = max(terms["elbo"] for terms in points.values())
rates = torch.tensor([0.0, max(terms["kl"] for terms in points.values())])
axes.plot(rates, -best - rates, "--", color="gray", linewidth=1, label=f"ELBO = {best:.1f} nats")
axes.set(xlabel="rate: KL in nats", ylabel="distortion: −E log p(x|z) in nats")
axes.legend()
figure

# %%
with torch.no_grad():
    rows = []
    for beta in (0.25, 1.0, 4.0):
        model = beta_models[beta, 0]
        rows += [model.decode(model.encode(x_test[:10])[0]).sigmoid()]
        rows += [model.sample(10, rng=seeded(2))]
names = [f"{what}, β = {beta:g}" for beta in (0.25, 1.0, 4.0) for what in ("rebuilt", "drawn")]
plotting.image_grid(torch.cat(rows), title="Small β rebuilds well, large β forgets", row_labels=names)

# %% [markdown]
# Along the curve from right to left each nat of rate that is saved costs more distortion. The ELBO is constant along
# lines of slope −1; the dashed line goes through the best of the ten. At β = ¼ reconstructions are a little better,
# but the code spends more nats than it brings in, and the point lies above the line. At β = 4 the rate is near 0: the
# code costs more than it brings, the encoder ignores the image, and every rebuilt or drawn image is nearly the same
# average.
#
# > **Common error: "blur is caused by the KL", and nothing else.** Blur means that the decoder is unsure and paints
# > the average of what the code does not say. How much the code says is limited by the KL, and also by its width.
# > Below, the same networks at equal budgets:


# %%
def unsure(images):
    return (4 * images * (1 - images)).mean().item()  # 0: every pixel black or white; 1: every pixel at one half


blur = {}
for width in (1, LATENT):
    torch.manual_seed(0)
    layers = models.mlp(PIXELS, 128, 128, width), models.mlp(width, 128, 128, PIXELS)
    plain = nn.Sequential(nn.Flatten(), *layers, nn.Unflatten(1, EVENT))
    training.fit(plain, reconstruction_loss, x, epochs=EPOCHS // 4, lr=6e-3, progress=False)
    blur[f"autoencoder, no KL, {width}-D code"] = unsure(plain(x_test).sigmoid().detach())
for beta in (0.25, 1.0):
    blur[f"VAE, β = {beta:g}, {LATENT}-D code"] = unsure(beta_models[beta, 0](x_test)[0].sigmoid().detach())
for name, value in blur.items():
    print(f"{name:32s} {value:.2f}")

# %% [markdown]
# At the same width the KL does blur, the more the larger β, since it limits the rate. A code of one number blurs
# without any KL.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 8 · Posterior collapse: made, diagnosed, mended (13 min)
#
# A latent dimension has *collapsed* when $q(z_j \mid x)$ is the prior for every $x$. Diagnosis: a unit is **active**
# if its mean moves with the data, $\operatorname{Var}_x(\mu_j(x)) > 0.01$ (Burda et al. 2016).

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 10 min (45: 5)</summary>
#
# **Open.** "A decoder that can peek at its neighbors stops listening to its encoder."
#
# **Picture.** A translator who knows the play by heart: he no longer needs the actors.
#
# **Ask.** "It sees more, so: a higher ELBO? A busier code?" The hall says yes to both. The print says yes to the
# first, no to the second: 1 to 2 nats of KL instead of about 4.
#
# **Click.** Compare the nine lines in threes: warm-up brings the KL back above 3 and has the best ELBO on each seed.
#
# **Misconception.** "Mode collapse." That is the GAN's illness: few kinds of pictures. This one is a code that says
# nothing.
#
# **On.** Last wish: choose the digit.
#
# </details>

# %%
with torch.no_grad():
    mu, logvar = vae.encode(x_test)
print("variance of mu over test digits:", [round(v, 2) for v in sorted(mu.var(0).tolist(), reverse=True)])
print("active units:", int((mu.var(0) > 0.01).sum()), "of", LATENT)

# %% [markdown]
# Sliders that do nothing belong to collapsed units. Here that is harmless: the objective found no use for them. It
# becomes a failure when the decoder can do without the code. Let us build one: besides $z$, it sees all pixels
# *before* the one it predicts.


# %%
class AutoregressiveVAE(models.VAE):
    def __init__(self, event, latent):
        super().__init__(event, latent)
        self.previous = nn.Linear(math.prod(event), math.prod(event), bias=False)
        nn.init.zeros_(self.previous.weight)

    def forward(self, x, rng=None):
        mu, logvar = self.encode(x)
        z = models.reparameterize(mu, logvar, rng)
        from_pixels = x.flatten(1) @ self.previous.weight.tril(-1).T  # pixel i sees pixels 0 … i − 1 only
        return self.decode(z) + from_pixels.unflatten(1, self.event), mu, logvar


# %% [markdown]
# **Predict first.** This decoder can do all that the plain one can, and more. Will its ELBO be higher? Will it use
# its latent code?
#
# Three runs with the same budget and the same final objective. In the third, β rises from 0 to 1 over the first half
# of training (KL warm-up, Bowman et al. 2016), so that the code becomes useful before it has to pay.


# %%
def collapse_run(Model, warm_up, seed):
    torch.manual_seed(seed)
    model, epochs, batch_size = Model(EVENT, latent=LATENT), EPOCHS // 4, 64
    step, half = itertools.count(), epochs * math.ceil(len(x) / batch_size) / 2

    def loss_fn(m, x, rng):
        return vae_loss(m, x, rng, beta=min(1.0, next(step) / half) if warm_up else 1.0)

    training.fit(model, loss_fn, x, epochs=epochs, batch_size=batch_size, lr=1e-2, seed=seed, progress=False)
    with torch.no_grad():
        return mean_elbo(model, x_test), model.encode(x_test)[0].var(0).sort(descending=True).values


# %%
kinds = {
    "sees z only": (models.VAE, False),
    "sees pixels too": (AutoregressiveVAE, False),
    "sees pixels too, warm-up": (AutoregressiveVAE, True),
}
runs = {name: [collapse_run(*kind, seed) for seed in range(3)] for name, kind in kinds.items()}

# %%
alive = {name: [int((v > 0.01).sum()) for _, v in results] for name, results in runs.items()}
for name, results in runs.items():
    for (terms, _), active in zip(results, alive[name], strict=True):
        print(f"{name:25s} ELBO {terms['elbo']:.2f} · KL {terms['kl']:.2f} nats · active units {active} of {LATENT}")

# %%
figure, axes = plotting.picture(
    title="Units alive, by decoder (3 seeds each)",
    alt="Variance of each latent unit's mean: fewer units are alive where the decoder sees pixels, unless warmed up.",
)
for (name, results), style, color in zip(runs.items(), ("^:", "s--", "o-"), plotting.COLORS, strict=False):
    for seed, (_, variances) in enumerate(results):
        axes.plot(range(1, LATENT + 1), variances, style, color=color, label=name if seed == 0 else None)
axes.axhline(0.01, color="black", linewidth=1)
axes.text(LATENT, 0.0115, "active above this line", ha="right", va="bottom")
axes.set(xlabel="latent unit, sorted", ylabel="variance of mu over test digits", yscale="log")
axes.legend()
figure

# %% [markdown]
# The decoder that sees pixels has the higher ELBO even where its code collapses: the pixels explain much of the image
# before the code does. Units that carry nothing cost KL and are switched off. With warm-up the code carries two nats
# more or so, by more units on average, and the ELBO, the same objective for both, is higher on each seed. Collapse
# here is a trap on the way, not the best solution.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 9 · Choose the digit: the conditional VAE (12 min)
#
# Give the class to both networks, and the model becomes $p(x \mid y)$ (Sohn et al. 2015). The code no longer has to
# say *which* digit it is, only *how* it is written. The whole change is one line in each network: append the class as
# a one-hot vector.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 8 min</summary>
#
# **Open.** "We tell both networks the class; then the code need not say it."
#
# **Ask.** "If I keep the code and change the class, what stays?" They say: nothing, or the thickness. Let them see.
#
# **Click.** In the second explorer set `start from` to any digit, then drag `class` from 0 to 9: slant and thickness
# stay, the digit changes. The grid below shows four styles in rows.
#
# **Misconception.** "A conditional VAE needs a new loss." The two loss functions differ by one argument; the networks
# get ten more inputs.
#
# **On.** Over nine in ten draws are read as asked. Lecture 04 plays the same trick in a game.
#
# </details>


# %%
class ConditionalVAE(VAE):
    def __init__(self, event, latent, classes=10, hidden=128):
        super().__init__(event, latent, hidden)
        self.encoder = models.mlp(math.prod(event) + classes, hidden, hidden, 2 * latent)
        self.decoder = models.mlp(latent + classes, hidden, hidden, math.prod(event))

    def forward(self, x, y, rng=None):
        one_hot = nn.functional.one_hot(y, 10).float()
        mu, logvar = self.encoder(torch.cat([x.flatten(1), one_hot], dim=1)).chunk(2, dim=1)
        z = mu + (0.5 * logvar).exp() * torch.randn(mu.shape, generator=rng)
        return self.decoder(torch.cat([z, one_hot], dim=1)).unflatten(1, self.event), mu, logvar


def conditional_loss(model, x, y, rng):
    x_logits, mu, logvar = model(x, y, rng)
    log_px_z, kl = losses.log_bernoulli(x, x_logits), losses.kl_standard_normal(mu, logvar)
    return {"loss": -losses.elbo(log_px_z, kl).mean(), "log_px_z": log_px_z.mean(), "kl": kl.mean()}


# %%
torch.manual_seed(0)
page_cvae = ConditionalVAE(EVENT, latent=LATENT)
training.fit(page_cvae, conditional_loss, x, y, epochs=EPOCHS // 2, description="conditional VAE")
cvae = models.ConditionalVAE(10, EVENT, latent=LATENT)
_ = cvae.load_state_dict(page_cvae.state_dict())

# %%
asked = torch.arange(10).repeat_interleave(10)
chosen = cvae.sample(len(asked), y=asked, rng=seeded(0))
plotting.image_grid(chosen, title="Ten draws of each digit, on demand", row_labels=[str(d) for d in range(10)])

# %% [markdown]
# Does it obey? A linear classifier, trained on the real digits, reads 1,000 draws.

# %%
from sklearn.linear_model import LogisticRegression

classifier = LogisticRegression(max_iter=1000).fit(x.flatten(1), y)
asked = torch.arange(10).repeat(100)
drawn = cvae.sample(len(asked), y=asked, rng=seeded(1)).flatten(1)
obeys = classifier.score((drawn >= 0.5).float(), asked)
print(f"read as the class asked for: {obeys:.1%} of draws")

# %% [markdown]
# Now hold the code fixed and change only the class: the style stays, the digit changes.

# %%
classes = [str(digit) for digit in range(10)]
widgets.latent_explorer(
    cvae.decode, LATENT, images=x_test[:50], encode=cvae.encode, labels=y_test[:50], classes=classes
)

# %%
style = torch.randn(4, LATENT, generator=seeded(6)).repeat_interleave(10, dim=0)
with torch.no_grad():
    styles = cvae.decode(style, torch.arange(10).repeat(4)).sigmoid()
plotting.image_grid(styles, title="Each row: one code z, ten classes", row_labels=[f"style {i + 1}" for i in range(4)])

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · Four uses (18 min)
#
# ### Fill in what is missing
#
# Hide the lower half. Bayes' rule says what to do: draw many codes from the prior, weight each by how well it
# explains the *visible* half, and let them vote on the hidden half, $p(x_\text{hidden} \mid x_\text{visible}) \approx
# \sum_s w_s\, p(x_\text{hidden} \mid z_s)$ with $w_s \propto p(x_\text{visible} \mid z_s)$.

# %% tags=["depth"]
visible = torch.arange(PIXELS) < PIXELS // 2
pixels = x_test.flatten(1)
with torch.no_grad():
    z = torch.randn(20_000, LATENT, generator=seeded(0))
    logits = vae.decode(z).flatten(1)
    # log p(x|z) of every image under every code: x · logits − Σ log(1 + exp(logits)), one matrix product
    log_p = pixels[:, visible] @ logits[:, visible].T - nn.functional.softplus(logits[:, visible]).sum(1)
    filled = torch.where(visible, pixels, log_p.softmax(1) @ logits.sigmoid())

# %% tags=["depth"]
plotting.image_grid(
    torch.cat([torch.where(visible, pixels, 0.5)[:10], filled[:10], pixels[:10]]).unflatten(1, EVENT),
    title="The lower half filled in from the upper half",
    row_labels=["given", "filled in", "truth"],
)

# %% [markdown] tags=["depth"]
# Where the upper half fits two digits, the answer is a mixture of both lower halves: that is the right answer to
# "what do you expect", not a defect. Baselines:

# %% tags=["depth"]
neighbors = torch.cdist(pixels[:, visible], x.flatten(1)[:, visible], p=1).topk(10, largest=False).indices
guesses = {
    "VAE": filled,
    "mean of the 10 nearest neighbors by the upper half": x.flatten(1)[neighbors].mean(1),
    "nearest neighbor": x.flatten(1)[neighbors[:, 0]],
    "mean of the training digits": x.mean(0).flatten().expand_as(pixels),
}
errors = {name: (guess - pixels)[:, ~visible].square().mean().item() for name, guess in guesses.items()}
for name, error in errors.items():
    print(f"{name:52s} mean squared error {error:.3f} per hidden pixel")

# %% [markdown] tags=["depth"]
# ### Remove noise
#
# Flip each pixel with probability 0.1. The same vote works. Weight each code by how well it explains the noisy image
# *through the noise*, then add two pieces of evidence for each pixel: the decoder's logit, and
# $\pm\log\frac{0.9}{0.1}$ for what we see there. Evidence adds up in logits.

# %% tags=["depth"]
flip, rng = 0.1, seeded(0)
noisy = torch.where(torch.rand(pixels.shape, generator=rng) < flip, 1 - pixels, pixels)
evidence = math.log((1 - flip) / flip)
with torch.no_grad():
    p_noisy = flip + (1 - 2 * flip) * logits.sigmoid()  # probability that a noisy pixel is 1
    weights = (noisy @ p_noisy.logit().T + (1 - p_noisy).log().sum(1)).softmax(1)
    if_one, if_zero = weights @ (logits + evidence).sigmoid(), weights @ (logits - evidence).sigmoid()
    denoised = torch.where(noisy == 1, if_one, if_zero)

# %% tags=["depth"]
neighbors = torch.cdist(noisy, x.flatten(1), p=1).topk(10, largest=False).indices
cleaned = {"noisy": noisy, "10 nearest training digits": x.flatten(1)[neighbors].mean(1), "VAE": denoised}
wrong = {name: ((image >= 0.5) != (pixels == 1)).float().mean().item() for name, image in cleaned.items()}
for name, rate in wrong.items():
    print(f"{name:28s} {rate:.1%} of pixels wrong")
shown = torch.cat([noisy[:10], denoised[:10], pixels[:10]]).unflatten(1, EVENT)
plotting.image_grid(shown, title="Noise removed", row_labels=["noisy", "VAE", "truth"])

# %% [markdown] tags=["depth"]
# ### Score what is unusual
#
# The ELBO bounds how likely an image is. Compare real test digits with the same digits mirrored left to right: same
# ink, never seen. AUC is the probability that a mirrored digit gets the lower score; 0.5 is chance.


# %% tags=["depth"]
@torch.no_grad()
def scores(model, x, draws=20):
    rng = seeded(0)
    each = []
    for _ in range(draws):
        x_logits, mu, logvar = model(x, rng)
        each.append(losses.elbo(losses.log_bernoulli(x, x_logits), losses.kl_standard_normal(mu, logvar)))
    return torch.stack(each).mean(0)


# %% tags=["depth"]
from sklearn.metrics import roc_auc_score

mirrored = x_test.flip(-1)
unusual = torch.cat([torch.zeros(len(x_test)), torch.ones(len(mirrored))])
elbos = torch.cat([scores(vae, x_test), scores(vae, mirrored)])
both = torch.cat([x_test, mirrored]).flatten(1)
distances = torch.cdist(both, x.flatten(1), p=1).min(1).values
auc = {"−ELBO": roc_auc_score(unusual, -elbos), "distance to the nearest": roc_auc_score(unusual, distances)}
print(" · ".join(f"AUC of the {name} {value:.3f}" for name, value in auc.items()))

# %% [markdown] tags=["depth"]
# Always hold a model against a plain baseline: the distance to the nearest training digit comes within 0.05 of the
# ELBO's AUC. Mirrored 0s, 1s and 8s are nearly digits, so no score can be perfect.

# %% [markdown] tags=["depth"]
# ### Learn from few labels
#
# The VAE saw all training images and no labels. Now give a linear classifier only 20 or 100 labeled images. It may
# look at pixels, at the codes `mu`, or at the encoder's last hidden layer.
#
# **Predict first.** Which of the three serves it best?

# %% tags=["depth"]
with torch.no_grad():
    layer = vae.encoder[:-1]
    views = {
        "pixels": (x.flatten(1), x_test.flatten(1)),
        "codes mu": (vae.encode(x)[0], vae.encode(x_test)[0]),
        "encoder's hidden layer": (layer(x.flatten(1)), layer(x_test.flatten(1))),
    }
choices = [torch.randperm(len(x), generator=seeded(seed)) for seed in range(10)]
few = {}
for labels in (20, 100):
    for name, (train, test) in views.items():
        fits = [LogisticRegression(max_iter=1000).fit(train[c[:labels]], y[c[:labels]]) for c in choices]
        accuracy = torch.tensor([f.score(test, y_test) for f in fits])
        few[labels, name] = accuracy.mean().item()
        print(f"{labels:4d} labels, {name:23s} {accuracy.mean():.1%} ± {accuracy.std():.1%}")

# %% [markdown] tags=["depth"]
# The mean ± standard deviation is over ten choices of labeled images. The code is no better an input than pixels, and
# a worse one with 100 labels: it was made to rebuild pixels with as few nats as possible, not to lay classes out for
# a straight line. The hidden layer, learned without a label, beats pixels by 2 to 8 points with 20 labels; with 100
# it is level or up to 3 ahead. Kingma et al. (2014b) go further: labels enter the model itself.

# %% [markdown] jp-MarkdownHeadingCollapsed=true slideshow={"slide_type": "slide"} tags=["depth"]
# ## ▸ Depth · A tighter bound, and what overfits (11 min)
#
# Draw $K$ codes from the encoder and give each its *importance weight* $w_k = p(x, z_k) / q(z_k \mid x)$: what it
# explains, over how readily $q$ proposes it. Their mean is an unbiased estimate of $p(x)$. Put it *inside* the
# logarithm (Burda, Grosse & Salakhutdinov 2016):
#
# $$\mathcal{L}_K = \mathbb{E}\left[\log \frac1K \sum_{k=1}^K w_k\right], \qquad
# \text{ELBO} = \mathcal{L}_1 \le \mathcal{L}_5 \le \mathcal{L}_{50} \le \log p(x).$$
#
# The model stays the same; we only look at it through a better bound.


# %% tags=["depth"]
@torch.no_grad()
def log_weights(model, x, k, seed):
    rng = seeded(seed)
    mu, logvar = model.encode(x)
    rows, zero = [], torch.zeros(())
    for _ in range(k):
        z = models.reparameterize(mu, logvar, rng)
        log_pz, log_qz = losses.log_gaussian(z, zero, zero), losses.log_gaussian(z, mu, logvar)
        rows.append(losses.log_bernoulli(x, model.decode(z)) + log_pz - log_qz)
    return torch.stack(rows)


log_w = log_weights(vae, x_test, k=500, seed=0)
bounds = {k: torch.stack([losses.iw_elbo(part).mean() for part in log_w.split(k)]) for k in (1, 5, 50, 500)}
for k, values in bounds.items():
    print(f"K = {k:3d}: {values.mean():.2f} nats")

# %% tags=["depth"]
names = [str(k) for k in bounds]
figure, axes = plotting.picture(
    title="The bound tightens with more draws from q",
    alt="Importance-weighted bound on test digits for K = 1, 5, 50, 500: it rises with K and flattens.",
)
axes.plot(names, [v.mean() for v in bounds.values()], "o-", color=plotting.COLORS[0])
axes.set(xlabel="draws K for each image", ylabel="bound on log p(x), nats per image")
figure

# %% [markdown] tags=["depth"]
# The log-likelihood of *this* model is higher than its ELBO said, by at least 0.7 nats. So comparing one model's ELBO
# with another's exact likelihood is unfair to the first. The gap is what section 2 called KL(q‖posterior).
#
# That matters when a VAE overfits. The VAEs below see few images, at an equal number of updates. The last column does
# without the encoder: its codes come from the prior (20,000 of them, weights $p(x \mid z)$), again a lower bound.
#
# **Predict first.** With 100 images the ELBO on test digits falls below independent pixels. Is the model that bad?


# %% tags=["depth"]
@torch.no_grad()
def prior_bound(model, x, draws=20_000):
    z = torch.randn(draws, LATENT, generator=seeded(0))
    logits = model.decode(z).flatten(1)
    log_px_z = x.flatten(1) @ logits.T - nn.functional.softplus(logits).sum(1)
    return losses.iw_elbo(log_px_z.T).mean().item()


overfit = {}
for n in (100, 400, len(x)):
    torch.manual_seed(0)
    model = models.VAE(EVENT, latent=LATENT)
    training.fit(model, vae_loss, x[:n], epochs=EPOCHS * len(x) // (4 * n), progress=False)
    on_train, on_test = mean_elbo(model, x[:n])["elbo"], mean_elbo(model, x_test)["elbo"]
    overfit[n] = on_train, on_test, prior_bound(model, x_test)
    print(f"{n:5d} images: ELBO on them {on_train:6.2f}, on test digits {on_test:6.2f}; log p ≥ {overfit[n][2]:6.2f}")

# %% [markdown] tags=["depth"]
# The *encoder* overfits: shown a digit it has not seen, it names a wrong code and is sure of it. The decoder, given
# codes from the prior, finds test digits more likely than independent pixels do (−25.2). An ELBO on new data judges
# both networks at once (Wu et al. 2017; Cremer et al. 2018).

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Common errors (1 min)
#
# > **"VAEs have no adversary, so they need less data."** A VAE overfits like other networks: section 4's test ELBO
# > lies below the training ELBO, and the encoder goes first (*A tighter bound*, above).
#
# > **"The encoder outputs σ."** It outputs $\log \sigma^2$. If you use it as σ, the noise can have a negative width
# > and the KL formula is wrong.
#
# > **"The loss is the reconstruction error, the KL is a regularizer with a weight to tune."** Both are parts of one
# > bound, in the same unit. A weight other than 1 is a choice to state: for β < 1 the result no longer bounds log
# > p(x) from below.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 2 min</summary>
#
# **Open.** "Three sentences; the second will cost some of you an evening."
#
# **Ask.** "Your KL comes out negative. Which of the three?" It is the second: $\sigma$ used where $\log\sigma^2$
# belongs. A KL of the right formula cannot be negative.
#
# **Misconception.** Two more, from other courses: "coherent paragraphs from VAEs", which suffer posterior collapse on
# text (Bowman et al. 2016), and "the prior data distribution": the prior is over codes, and we chose it.
#
# **On.** Questions now, yours or the page's.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Check yourself (10 min)
#
# Open the choice that you think is right: it says whether it is, and why. Nothing is recorded.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 4 min</summary>
#
# **Open.** "Two of these in the hall, the others tonight. Take the first two."
#
# **Click.** Let them vote by fingers, then open the choice that got most votes, right or wrong: its reason appears.
# *All answers* at the end is for revision; leave it closed.
#
# **Ask.** After question 2, about the gap: "Could the ELBO be above $\log p(x)$?" A few nod. Point to the KL under
# the second brace of section 2: it is never negative.
#
# **On.** Ask who would bet on a sharper picture from a network without any likelihood. That is the next lecture.
#
# </details>

# %%
quiz.ask("03_vae")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Summary (2 min)
#
# 1. A plain autoencoder has no distribution over codes, so a code from N(0, I) decodes to a blob. A VAE fixes
#    $p(z) = N(0, I)$ and pays for leaving it.
# 2. $\log p(x) = \text{ELBO} + \mathrm{KL}(q \,\|\, p(z \mid x))$: the gap is how wrong the encoder is.
# 3. $z = \mu + \sigma\varepsilon$ lets gradients through; the KL is a sum over latent dimensions, the likelihood a
#    sum over pixels, from logits.
# 4. Draw, rebuild, walk through codes; append the class to choose the digit.
# 5. Averaging over dimensions is a hidden β. A collapsed unit has a mean that does not move; KL warm-up keeps the
#    code in use.
#
# ## Discuss
#
# - The ELBO of an image is low. Is the image unusual, or the encoder bad? How would you find out?
# - Would you publish samples as *p(x|z)* or with the coins flipped? Which of the two is a draw from the model?
# - A colleague reports a lower loss after dividing the KL by the number of pixels. What did she really change?
#
# Next: [lecture 04](04_gan.ipynb) draws without any likelihood. [Assignment 03](../assignments/03_vae/03_vae.ipynb)
# has you write this page's pieces yourself.

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 2 min (45: 1)</summary>
#
# **Open.** "Five sentences; the second one is the lecture."
#
# **Ask.** The colleague who divides the KL by the number of pixels and reports a lower loss. The hall laughs, then
# asks what she changed. Answer: β, to 1/64, and with it the model; her number is no bound on $\log p(x)$.
#
# **Misconception.** "A low ELBO means an unusual image." Or a bad encoder: the gap is in it. Many codes with
# importance weights tell the two apart.
#
# **On.** No likelihood at all next time, and no encoder.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercises
#
# **1.** (After *the linear VAE*.) Estimate $\log p(x)$ of the linear VAE for the first 100 images with 1,000 codes
# drawn from the *prior*, and with 1,000 codes drawn from the *encoder* (importance weights). Compare both with the
# exact value.
#
# <details><summary>Solution</summary>
#
# ```python
# @torch.no_grad()
# def errors(linear, latent, few=flat[:100]):
#     g, zero, prior, proposal = seeded(0), torch.zeros(()), [], []
#     mu, logvar = linear.encoder(few), linear.logvar.expand(100, latent)
#     for _ in range(1000):
#         z = torch.randn(100, latent, generator=g)
#         prior.append(losses.log_gaussian(few, linear.decoder(z), linear.x_logvar))
#         z = models.reparameterize(mu, logvar, g)
#         log_px_z = losses.log_gaussian(few, linear.decoder(z), linear.x_logvar)
#         proposal.append(log_px_z + losses.log_gaussian(z, zero, zero) - losses.log_gaussian(z, mu, logvar))
#     W = linear.decoder.weight
#     C = W @ W.T + linear.x_logvar.exp() * torch.eye(PIXELS)
#     exact_px = torch.distributions.MultivariateNormal(linear.decoder.bias, C)
#     return {
#         name: (losses.iw_elbo(torch.stack(log_w)) - exact_px.log_prob(few)).abs().mean().item()
#         for name, log_w in {"prior": prior, "encoder": proposal}.items()
#     }
#
#
# torch.manual_seed(0)
# wide = LinearVAE(PIXELS, 8)
# training.fit(wide, linear_loss, flat, epochs=EPOCHS // 2, lr=2e-2, progress=False)
# off = {2: errors(linear, 2), 8: errors(wide, 8)}
# print(off)
# ```
# Two latent dimensions are few enough for the prior to work, with an error of about a tenth of a nat, where the
# encoder's is a hundredth or less. With eight the prior is off by nats.
# </details>
#
# **2.** In section 8, replace KL warm-up by *free bits*: each latent dimension pays only for what it uses above λ =
# 0.25 nats (Kingma et al. 2016). How many units are alive, and what does the ELBO say?
#
# <details><summary>Solution</summary>
#
# ```python
# def free_bits(model, x, rng):
#     x_logits, mu, logvar = model(x, rng)
#     kl = (-0.5 * (1 + logvar - mu**2 - logvar.exp())).mean(0)  # over the batch first: a price for each dimension
#     return {"loss": kl.clamp(min=0.25).sum() - losses.log_bernoulli(x, x_logits).mean()}
#
#
# freed = []
# for seed in range(3):
#     torch.manual_seed(seed)
#     model = AutoregressiveVAE(EVENT, latent=LATENT)
#     training.fit(model, free_bits, x, epochs=EPOCHS // 4, lr=1e-2, seed=seed, progress=False)
#     units = int((model.encode(x_test)[0].var(0) > 0.01).sum())
#     freed.append((units, mean_elbo(model, x_test)["elbo"]))  # the true ELBO, with the full KL
#     print(*freed[-1])
# ```
# All eight, on each seed. Yet the ELBO stays about a nat below warm-up's: a unit that gets its quarter nat for
# nothing spends it, whether that helps or not. The number of units alive is a diagnosis, not the aim.
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# <details><summary>For the speaker · 1 min</summary>
#
# **Open.** "Exercise 2 in one line: give each dimension a quarter of a nat for free. How many will take it?"
#
# **Ask.** Hands for: some, all. All eight take it, on each seed, and the ELBO is about a nat below that of warm-up.
#
# **Misconception.** "More active units, better model." A free allowance is spent whether it helps or not; the count
# is a diagnosis and no aim.
#
# **On.** The assignment asks for the page's pieces. Its checks name a mean in place of a sum; warn them that they
# will meet it.
#
# </details>

# %% [markdown]
# ## Further reading
#
# - D. P. Kingma, M. Welling. *Auto-Encoding Variational Bayes.* ICLR 2014.
#   [arXiv:1312.6114](https://arxiv.org/abs/1312.6114)
# - D. J. Rezende, S. Mohamed, D. Wierstra. *Stochastic Backpropagation and Approximate Inference in Deep Generative
#   Models.* ICML 2014. [arXiv:1401.4082](https://arxiv.org/abs/1401.4082)
# - M. E. Tipping, C. M. Bishop. *Probabilistic Principal Component Analysis.* J. R. Stat. Soc. B 61, 1999.
#   [doi:10.1111/1467-9868.00196](https://doi.org/10.1111/1467-9868.00196)
# - Y. Burda, R. Grosse, R. Salakhutdinov. *Importance Weighted Autoencoders.* ICLR 2016.
#   [arXiv:1509.00519](https://arxiv.org/abs/1509.00519)
# - K. Sohn, H. Lee, X. Yan. *Learning Structured Output Representation using Deep Conditional Generative Models.*
#   NeurIPS 2015
# - S. R. Bowman et al. *Generating Sentences from a Continuous Space.* CoNLL 2016.
#   [arXiv:1511.06349](https://arxiv.org/abs/1511.06349)
# - I. Higgins et al. *beta-VAE: Learning Basic Visual Concepts with a Constrained Variational Framework.* ICLR 2017.
#   [OpenReview](https://openreview.net/forum?id=Sy2fzU9gl)
# - A. A. Alemi et al. *Fixing a Broken ELBO.* ICML 2018. [arXiv:1711.00464](https://arxiv.org/abs/1711.00464)
# - P. Ghosh et al. *From Variational to Deterministic Autoencoders.* ICLR 2020.
#   [arXiv:1903.12436](https://arxiv.org/abs/1903.12436)
# - S. Mohamed, M. Rosca, M. Figurnov, A. Mnih. *Monte Carlo Gradient Estimation in Machine Learning.* JMLR 21, 2020.
#   [arXiv:1906.10652](https://arxiv.org/abs/1906.10652)
# - Y. Wu et al. *On the Quantitative Analysis of Decoder-Based Generative Models.* ICLR 2017.
#   [arXiv:1611.04273](https://arxiv.org/abs/1611.04273)
# - C. Cremer, X. Li, D. Duvenaud. *Inference Suboptimality in Variational Autoencoders.* ICML 2018.
#   [arXiv:1801.03558](https://arxiv.org/abs/1801.03558)
# - D. P. Kingma et al. *Semi-supervised Learning with Deep Generative Models.* NeurIPS 2014 (2014b).
#   [arXiv:1406.5298](https://arxiv.org/abs/1406.5298)
# - D. P. Kingma et al. *Improving Variational Inference with Inverse Autoregressive Flow.* NeurIPS 2016 (free bits).
#   [arXiv:1606.04934](https://arxiv.org/abs/1606.04934)
# - E. Alpaydin, C. Kaynak. *Cascading Classifiers.* Kybernetika 34, 1998 (the digits)
