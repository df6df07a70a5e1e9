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
# # Assignment 03: a variational autoencoder of your own
#
# You write the seven parts of a VAE, each in one cell. Then you train it on handwritten digits, which takes seconds,
# and find out what β does to it.
#
# **Time:** 70–105 minutes. **First:** lecture 03. It runs on a laptop without a network and without a GPU.
#
# ## What to do
# 1. Run the cells from top to bottom. In each *task*, put your code in place of `raise NotImplementedError()`. The
#    docstring says what goes in and what comes out. `torch`, `nn` and `F` are imported; import more where you need
#    it.
# 2. Run the test cell below it. It says what is wrong in words. Change your code and run both again.
# 3. Answer the question of task 8 in words.
#
# ## How it is graded
# | task | you write | points |
# |---|---|---|
# | 1 | `reparameterize` | 4 |
# | 2 | `kl_standard_normal` | 4 |
# | 3 | `log_bernoulli` | 4 |
# | 4 | `elbo` | 2 |
# | 5 | `Encoder` | 4 |
# | 6 | `Decoder` | 3 |
# | 7 | `sample` | 3 |
# | 8 | what β did, in 5–8 sentences | 6 |
# | | sum | 30 |
#
# Tasks 1–7 are graded by their test cells. Each test uses only the function of its own task, so one mistake costs
# only its own points. When it is graded, each test cell also holds hidden tests: the same properties with other
# numbers and shapes. Task 8 is read by a person; its criteria stand above the answer.
#
# ## Before you hand in
# Restart the kernel and run all cells (*Kernel → Restart Kernel and Run All Cells*). Press *Validate* in the
# notebook's toolbar: it runs the notebook anew and lists the tests that fail. Keep the file's name, and do not split,
# copy or delete the cells that were given.
#
# ## Your own work
# `course_utils` holds a tested twin of each function asked for here. Write your own first, and compare afterwards if
# you like. A function that only calls its twin passes the tests, but is not an answer: whoever reads your notebook
# gives it no points. Ideas you took from other people or from a chat assistant are welcome if a comment names them.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import torch
from torch import nn
from torch.nn import functional as F

from course_utils import data, plotting, training
from course_utils.checks import vae as check

torch.set_num_threads(1)  # small networks run faster on one thread

# %% [markdown]
# ## Task 1: draw z so that gradients pass (4 points)
# In the lecture: [Reparameterization](../../lectures/03_vae.ipynb).
#
# The encoder gives a Gaussian q(z | x) = N(mu, σ²) for each image. Drawing from it directly stops the gradient, so
# the noise is drawn first, and mu and σ act on it:
#
# $$z = \mu + \sigma\,\varepsilon, \qquad \varepsilon \sim \mathcal N(0, I), \qquad \texttt{logvar} = \log \sigma^2 .$$
#
# <details><summary>A hint, if you are stuck</summary>
#
# `torch.randn(mu.shape, generator=generator)` draws ε. σ is the root of σ²: what does a root do to a logarithm?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "reparameterize", "locked": false, "schema_version": 3, "solution": true, "task": false}
def reparameterize(mu, logvar, generator=None):
    """A draw z = mu + σ ε with ε ~ N(0, I), through which gradients reach mu and logvar.

    mu, logvar: (B, Z), with logvar = log σ². Returns z: (B, Z).
    generator: the torch.Generator to draw ε from; None is torch's global one.
    """
    ### BEGIN SOLUTION
    epsilon = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    return mu + (logvar / 2).exp() * epsilon
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_reparameterize", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Checks the noise (one draw for each number, from the generator), its mean and spread, the gradients.
check.reparameterize(reparameterize)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    center = torch.tensor([[-4.0, 0.0, 7.0, 1.0]]).expand(30_000, 4)
    z = reparameterize(center, torch.full((30_000, 4), 2.1972246), torch.Generator().manual_seed(5))
    narrow = reparameterize(center, torch.full((30_000, 4), -8.0), torch.Generator().manual_seed(5))
assert z.shape == (30_000, 4), "hidden test: the shape of z for B = 30,000 and Z = 4"
assert ((z.mean(0) - center[0]).abs() < 0.1).all(), "hidden test: the mean of z is mu"
assert ((z.std(0) - 3).abs() < 0.1).all(), "hidden test: the standard deviation of z is 3 for logvar = 2 log 3"
assert (torch.corrcoef(z.T) - torch.eye(4)).abs().max() < 0.05, (
    "hidden test: the noise of different dimensions is independent"
)
assert ((narrow - center).std(0) / 0.0183156 - 1).abs().max() < 0.1, "hidden test: the spread of z for logvar = −8"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 2: the price of a code (4 points)
# In the lecture: [The KL to the prior](../../lectures/03_vae.ipynb).
#
# The KL divergence from q(z | x) to the prior N(0, I) has a closed form. Sum it over the latent dimensions, and only
# over them:
#
# $$\mathrm{KL}\big(q \,\|\, \mathcal N(0, I)\big) =
# -\tfrac12 \sum_{j=1}^{Z} \big(1 + \log \sigma_j^2 - \mu_j^2 - \sigma_j^2\big).$$
#
# <details><summary>A hint, if you are stuck</summary>
#
# σ² is `logvar.exp()`. Write the bracket for all entries, (B, Z), then sum over dimension 1.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "kl_standard_normal", "locked": false, "schema_version": 3, "solution": true, "task": false}
def kl_standard_normal(mu, logvar):
    """KL(N(mu, σ²) ‖ N(0, I)) ≥ 0 in nats, summed over the latent dimensions.

    mu, logvar: (B, Z), with logvar = log σ². Returns kl: (B,).
    """
    ### BEGIN SOLUTION
    return -0.5 * (1 + logvar - mu**2 - logvar.exp()).sum(1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_kl_standard_normal", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Checks the KL of three codes, that it is 0 where q is the prior, and the gradients.
check.kl_standard_normal(kl_standard_normal)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    kl_of_mean = kl_standard_normal(torch.tensor([[3.0, 0.0], [1.0, -2.0]]), torch.zeros(2, 2))
    kl_of_width = kl_standard_normal(torch.zeros(1, 3), torch.full((1, 3), 1.3862944))
    kl_in_double = kl_standard_normal(torch.ones(5, 1).double(), torch.full((5, 1), -8.0).double())
assert kl_of_mean.shape == (2,), "hidden test: one KL for each data point"
assert torch.allclose(kl_of_mean.double(), torch.tensor([4.5, 2.5]).double()), (
    "hidden test: the KL is Σ mu² / 2 where σ = 1"
)
assert (kl_of_width - 2.4205585).abs().max() < 1e-4, (
    "hidden test: the KL is 3 (3/2 − log 2) for three dimensions with σ = 2"
)
assert (kl_in_double - 4.0001677).abs().max() < 1e-4, "hidden test: the KL for mu = 1 and logvar = −8"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 3: how well the decoder explains an image (4 points)
# In the lecture: [The likelihood, from logits](../../lectures/03_vae.ipynb).
#
# Each pixel is a coin with probability $p = \mathrm{sigmoid}(\texttt{x\_logits})$. Sum the log-probabilities over all
# pixels, rows and columns included, and stay finite when a logit is ±200:
#
# $$\log p(x \mid z) = \sum_i \big(x_i \log p_i + (1 - x_i) \log (1 - p_i)\big).$$
#
# <details><summary>A hint, if you are stuck</summary>
#
# `F.binary_cross_entropy_with_logits` with `reduction="none"` gives −log p for each pixel, from logits. `.flatten(1)`
# puts rows and columns into one axis.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "log_bernoulli", "locked": false, "schema_version": 3, "solution": true, "task": false}
def log_bernoulli(x, x_logits):
    """log p(x | z) ≤ 0 in nats of independent Bernoulli pixels with p = sigmoid(x_logits).

    It is summed over the event. x, in [0, 1], and x_logits: (B, *event), for example (B, 1, 8, 8).
    Returns log_px_z: (B,).
    """
    ### BEGIN SOLUTION
    return -F.binary_cross_entropy_with_logits(x_logits, x, reduction="none").flatten(1).sum(1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_log_bernoulli", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Checks the value for two images of three pixels, logits of ±200, and the gradient.
check.log_bernoulli(log_bernoulli)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    fair = log_bernoulli(torch.tensor([[[0.0, 1.0], [1.0, 1.0]]] * 3), torch.zeros(3, 2, 2))
    one_in_four = torch.full((2, 5), -1.0986123)
    flat = log_bernoulli(torch.tensor([[1.0, 0, 0, 0, 0], [1.0, 1, 1, 1, 1]]), one_in_four)
    extreme = log_bernoulli(torch.tensor([[1.0, 0.0]]), torch.tensor([[-500.0, -500.0]]))
assert fair.shape == (3,), "hidden test: one log-likelihood for each image"
assert (fair + 2.7725887).abs().max() < 1e-4, "hidden test: four fair coins have the log-probability −4 log 2"
expected = torch.tensor([-2.5370226, -6.9314718])
assert (flat - expected).abs().max() < 1e-4, "hidden test: five coins with p = 1/4"
assert (extreme + 500).abs().max() < 1e-3, "hidden test: a pixel 1 with the logit −500 has the log-probability −500"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 4: the evidence lower bound (2 points)
# In the lecture: [A latent-variable model and its bound](../../lectures/03_vae.ipynb).
#
# The ELBO trades the two against each other. A weight β on the KL makes codes cheaper (β < 1) or dearer (β > 1):
#
# $$\mathrm{ELBO}_\beta = \log p(x \mid z) - \beta \, \mathrm{KL}.$$


# %% nbgrader={"grade": false, "grade_id": "elbo", "locked": false, "schema_version": 3, "solution": true, "task": false}
def elbo(log_px_z, kl, beta=1.0):
    """The evidence lower bound in nats, with weight β on the KL. It is to be maximized.

    log_px_z, kl: (B,). beta: a number ≥ 0. Returns (B,).
    """
    ### BEGIN SOLUTION
    return log_px_z - beta * kl
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_elbo", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Checks the value for β = 3 and for no β, the shape, and both gradients.
check.elbo(elbo)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    half = elbo(torch.tensor([-10.0, -20.0]), torch.tensor([6.0, 2.0]), beta=0.5)
    autoencoder = elbo(torch.tensor([-10.0]), torch.tensor([6.0]), 0.0)
assert half.tolist() == [-13.0, -21.0], "hidden test: the ELBO for β = 0.5"
assert autoencoder.tolist() == [-10.0], "hidden test: the ELBO for β = 0 is log p(x|z)"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 5: the encoder (4 points)
# In the lecture: [The model, trained](../../lectures/03_vae.ipynb).
#
# A network from an image to the Gaussian of its code. It has at least one hidden layer of `hidden` units, with an
# activation such as ReLU after it: linear layers alone are one linear map. Two hidden layers are enough. It ends in 2
# Z linear outputs: half of them are mu, the other half logvar. A log-variance may be negative, so no activation comes
# after it. Gradients reach every parameter and the input.
#
# <details><summary>A hint, if you are stuck</summary>
#
# An event of any shape has `torch.Size(event).numel()` pixels, and `x.flatten(1)` is (B, pixels). `.chunk(2, dim=1)`
# cuts (B, 2 Z) in two.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "Encoder", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Encoder(nn.Module):
    """x (B, *event) to (mu, logvar), each (B, latent), with logvar = log σ². The event has any shape."""

    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        ### BEGIN SOLUTION
        super().__init__()
        pixels = torch.Size(event).numel()
        self.body = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU())
        self.head = nn.Linear(hidden, 2 * latent)
        ### END SOLUTION

    def forward(self, x):
        ### BEGIN SOLUTION
        mu, logvar = self.head(self.body(x.flatten(1))).chunk(2, dim=1)
        return mu, logvar
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_Encoder", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Checks the shapes for three events, an activation inside and none at the end, gradients to parameters and input.
check.Encoder(Encoder)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    network = Encoder()
    mu, logvar = network(torch.rand(6, 1, 8, 8))
    wide_mu, wide_logvar = Encoder(event=(5, 7), latent=3, hidden=10)(torch.rand(2, 5, 7))
assert mu.shape == logvar.shape == (6, 8), "hidden test: Encoder() maps (6, 1, 8, 8) to two (6, 8)"
assert wide_mu.shape == wide_logvar.shape == (2, 3), "hidden test: an event (5, 7) and latent = 3"
assert len(network.state_dict()) > 0 and mu.requires_grad and logvar.requires_grad, (
    "hidden test: parameters and gradients"
)
### END HIDDEN TESTS

# %% [markdown]
# ## Task 6: the decoder (3 points)
# In the lecture: [The model, trained](../../lectures/03_vae.ipynb).
#
# The way back, from a code to the logits of an image, again with at least one hidden layer and its activation. It
# ends in a linear layer: the sigmoid is already in `log_bernoulli`. Gradients reach every parameter and z, and
# through z the encoder.
#
# <details><summary>A hint, if you are stuck</summary>
#
# `nn.Unflatten(1, event)` or `.view(-1, *event)` gives the pixels back their shape.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "Decoder", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Decoder(nn.Module):
    """z (B, latent) to x_logits (B, *event). The event has any shape."""

    def __init__(self, event=(1, 8, 8), latent=8, hidden=128):
        ### BEGIN SOLUTION
        super().__init__()
        pixels = torch.Size(event).numel()
        self.body = nn.Sequential(nn.Linear(latent, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU())
        self.head = nn.Sequential(nn.Linear(hidden, pixels), nn.Unflatten(1, event))
        ### END SOLUTION

    def forward(self, z):
        ### BEGIN SOLUTION
        return self.head(self.body(z))
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_Decoder", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Checks the shapes for three events, an activation inside and none at the end, gradients to parameters and input.
check.Decoder(Decoder)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    x_logits = Decoder()(torch.randn(6, 8))
    wide_logits = Decoder(event=(5, 7), latent=3, hidden=10)(torch.randn(2, 3))
assert x_logits.shape == (6, 1, 8, 8), "hidden test: Decoder() maps (6, 8) to (6, 1, 8, 8)"
assert wide_logits.shape == (2, 5, 7), "hidden test: an event (5, 7) and latent = 3"
assert x_logits.requires_grad, "hidden test: gradients"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 7: new images (3 points)
# In the lecture: [The model, trained](../../lectures/03_vae.ipynb).
#
# To generate, forget the encoder: draw z from the prior N(0, I) and decode it. Return the pixels' probabilities,
# without a graph for gradients.
#
# <details><summary>A hint, if you are stuck</summary>
#
# One z for each image, (n, latent). Inside `with torch.no_grad():` no graph is kept, and it ends by itself.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "sample", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sample(decoder, n, latent, generator=None):
    """Pixel probabilities sigmoid(x_logits) of n images from the prior, with no gradients.

    decoder: maps z (n, latent) to x_logits (n, *event). Returns images: (n, *event), in [0, 1].
    generator: the torch.Generator to draw z from; None is torch's global one. The decoder stays as it was: weights,
    requires_grad, train or eval mode.
    """
    ### BEGIN SOLUTION
    z = torch.randn(n, latent, generator=generator)
    with torch.no_grad():
        return decoder(z).sigmoid()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_sample", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Checks the codes that reach the decoder (standard normal, one for each image) and what comes out.
check.sample(sample)
### BEGIN HIDDEN TESTS
from course_utils.checks import quiet

with quiet():
    generator = torch.Generator().manual_seed(11)
    images = sample(nn.Sequential(nn.Linear(2, 12), nn.Unflatten(1, (3, 4))), 7, 2, generator)
    identity = sample(nn.Identity(), 30_000, 2, generator).double()
assert images.shape == (7, 3, 4) and not images.requires_grad, (
    "hidden test: the shape for an event (3, 4), and no gradients"
)
assert images.min() > 0 and images.max() < 1, "hidden test: probabilities"
assert (identity.logit().mean(0)).abs().max() < 0.05, "hidden test: the mean of z is 0"
assert (identity.logit().std(0) - 1).abs().max() < 0.05, "hidden test: the standard deviation of z is 1"
### END HIDDEN TESTS

# %% [markdown]
# ## Train it
# The parts are put together and trained on 1,437 digits whose pixels are rounded to 0 or 1, so that log p(x | z) is a
# likelihood. The loss is `-elbo(...).mean()`: your functions sum over an image, the mean is over the batch.
#
# If a function of yours does not pass yet, you can still do task 8: begin the next cell with, for example,
# `from course_utils.losses import kl_standard_normal` (`log_bernoulli`, `elbo`) or
# `from course_utils.models import reparameterize`. The two networks are in `course_utils.models.VAE`. This changes
# nothing about the points of your own function.

# %%
x_train, x_test = ((data.images("digits", split)[0] >= 0.5).float() for split in ("train", "test"))


class VAE(nn.Module):
    """Your encoder and your decoder, held together so that one optimizer updates both."""

    def __init__(self):
        super().__init__()
        self.encoder, self.decoder = Encoder(), Decoder()


def terms(model, x, generator):
    """log_px_z and kl, each (B,), with one draw of z for each image."""
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, generator)
    return log_bernoulli(x, model.decoder(z)), kl_standard_normal(mu, logvar)


def train(beta, epochs=30):
    """A new VAE trained with weight β on the KL, and its history."""

    def loss_fn(model, x, generator):
        log_px_z, kl = terms(model, x, generator)
        loss = -elbo(log_px_z, kl, beta).mean()
        return {"loss": loss, "log p(x|z)": log_px_z.mean(), "KL": kl.mean()}

    torch.manual_seed(0)  # the initial weights
    model = VAE()
    return model, training.fit(model, loss_fn, x_train, epochs=epochs, lr=5e-3, description=f"β = {beta}")


# %% [markdown]
# Training with β = 1 takes a few seconds. The model first learns the average digit. Then it finds that codes are
# worth their price, and both terms rise.

# %%
models = {}
models[1], history = train(beta=1)
smooth = {name: history.smoothed(name) for name in ("log p(x|z)", "KL")}
plotting.curves(smooth, title="Training with β = 1, mean of 50 steps", xlabel="step", ylabel="nats per image")

# %% [markdown]
# Are the images it makes new digits? Some are, some look like two digits at once. At 8×8 pixels and after seconds of
# training do not expect more.

# %%
drawn = sample(models[1].decoder, 20, 8, torch.Generator().manual_seed(0))
plotting.image_grid(drawn, title="20 samples from your VAE, β = 1")

# %% [markdown]
# ## Task 8: what did β do? (6 points)
# In the lecture: [β, and the price of information](../../lectures/03_vae.ipynb).
#
# Before you run the next cells, predict: with β = 10, which term gets better and which gets worse? What will the
# images look like?
#
# The table has one row for each β:
#
# - *log p(x|z)*, *KL* and *ELBO*, in nats, mean over the 360 test images. The ELBO is that with β = 1, whatever β was
#   used in training. For comparison: a model with no code at all, one coin with its own probability for each pixel,
#   reaches −25.2.
# - *active*: the latent dimensions whose mu differs between images (a variance over 0.01).
# - *variance of z*, over draws for all test images, mean of the dimensions. The prior's is 1.
# - *pixels off*: in how many pixels a sample, rounded to 0 or 1, differs from the training image nearest to it, mean
#   of 1,000. For test images this number is 3.3.

# %%
for beta in (0.1, 10):
    models[beta], _ = train(beta)

print("    β   log p(x|z)      KL    ELBO   active   variance of z   pixels off")
for beta, model in sorted(models.items()):
    with torch.no_grad():
        mu, logvar = model.encoder(x_test)
        both = terms(model, x_test, torch.Generator().manual_seed(0))
        log_px_z, kl = both[0].mean(), both[1].mean()
    active = (mu.var(0) > 0.01).sum()
    variance = (mu.var(0) + logvar.exp().mean(0)).mean()
    drawn = sample(model.decoder, 1000, 8, torch.Generator().manual_seed(0)).round()
    off = torch.cdist(drawn.flatten(1), x_train.flatten(1), p=1).min(1).values.mean()
    print(f"{beta:5}{log_px_z:13.1f}{kl:8.1f}{log_px_z - kl:8.1f}{active:9}{variance:16.2f}{off:13.1f}")

# %% [markdown]
# The first row shows test images. Below, for each β: their reconstructions, decoded from mu, and then samples from
# the prior.

# %%
rows, names = [x_test[:10]], ["test images"]
for beta, model in sorted(models.items()):
    with torch.no_grad():
        reconstructed = model.decoder(model.encoder(x_test[:10])[0]).sigmoid()
    rows += [reconstructed, sample(model.decoder, 10, 8, torch.Generator().manual_seed(1))]
    names += [f"β = {beta}\nreconstructed", f"β = {beta}\nsampled"]
plotting.image_grid(torch.cat(rows), title="Reconstructions and samples for three β", row_labels=names)

# %% [markdown]
# **Your answer, 5–8 sentences.** Say what β did to your VAE and why. Quote numbers from your table, and say what you
# see in the figure. If a function of yours failed and you used the one of `course_utils`, say so; it costs nothing
# here.
#
# | criterion | points |
# |---|---|
# | The trade: how log p(x\|z) and the KL change with β, with your numbers, and the reason in terms of the loss | 2 |
# | β = 10: what happened to the code, how table *and* figure show it, and what it is called | 2 |
# | β = 0.1: what it does to reconstructions and to samples, and what the variance of z has to do with it | 1 |
# | Which β you would take for which purpose, and why the ELBO is best where it is | 1 |
#
# Without any number, or with a text that contradicts your table, at most 3 of the 6. "Blurry" alone does not describe
# the figure, and "overfitting" alone does not explain it. A misquoted number costs nothing.

# %% [markdown] nbgrader={"grade": true, "grade_id": "beta", "locked": false, "points": 6, "schema_version": 3, "solution": true, "task": false}
# **Model answer.** The loss is −log p(x|z) + β KL, so β is the price of one nat of information about the image in its
# code. With β = 0.1 codes are cheap: the KL is 17 nats and log p(x|z) −9; with β = 1 they are 4.5 and −15, and with
# β = 10, 0 and −25. At β = 10 the posterior has collapsed: q(z|x) is the prior for every image, no dimension is
# active, all reconstructions and all samples are one and the same average digit, and the ELBO is that of a model with
# no code, −25.2. At β = 0.1 the reconstructions are sharp. But the codes have a variance of 1.7, not 1, so the prior
# puts z where few or no training codes were, and the samples are further from any training digit (3.8 pixels) than
# real test digits are (3.3). With β = 1 they are nearer (2.9), but blurred: some look like two digits at once. The
# ELBO is best at β = 1 because that run maximized it; the other two maximized something else. I would take β = 1 or a
# little less to generate, and β = 0.1 to compress and reconstruct.
#
# **Mark scheme.** Give each point for the idea, in any words. Numbers may differ by a nat or two between machines and
# answers.
#
# - *The trade* (2): 1 for "as β grows the KL falls and log p(x|z) falls (gets worse)" with numbers of at least two
#   runs; 1 for the reason: β multiplies the KL in the loss, so a nat of code must gain more than β nats of likelihood
#   to be worth it.
# - *β = 10* (2): 1 for evidence of both kinds, the table (KL 0, no active dimension, or −25.2 reached) and the figure
#   (identical images); 1 for "posterior collapse", or the same said in words: the code says nothing about x, the
#   decoder ignores z. "It is blurry" as the only thing said of the figure: half a point less.
# - *β = 0.1* (1): half for sharp reconstructions and samples that are off the data (by the number, or by what is seen
#   in the figure); half for the reason: the codes of all images together are spread wider than the prior, with gaps,
#   so that a z from the prior is often one that the decoder was never trained on. Only "overfitting": half a point in
#   all.
# - *pixels off* alone does not judge samples: with β = 10 it is 3.5, since the average digit is near to many. Whoever
#   notes that has understood more than is asked; it can make up for half a point lost elsewhere.
# - *Purpose and ELBO* (1): half for a choice with its reason; half for: the ELBO column has β = 1, so the run with
#   β = 1 maximized it. "A larger β is always more regular and so better": no point.
# - No number at all, or text that contradicts the table: at most 3 of 6. One number misquoted: no deduction.
# - If a function in tasks 1–7 only calls its twin in `course_utils`, set that test's points to 0 by hand.
