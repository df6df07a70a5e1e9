"""A Gaussian for each class: the generative classifier of lecture 01 (Gaussian discriminant analysis)."""

import torch
from torch import Tensor
from torch.distributions import MultivariateNormal

COVARIANCES = ("own", "shared", "naive")


class GaussianClasses:
    """p(x, y) = p(y) N(x | mean_y, covariance_y), by maximum likelihood from points x (N, D) with shares r (N, K).

    r is one-hot where labels are known, and p(y | x) where they are guessed. `covariance` is "own" (one for each
    class), "shared" (one for all), or "naive" (the shared one without correlations: naive Bayes). `ridge` is added to
    all variances, one count to each class, so that few points do. Densities are in nats.

    Attributes: log_prior (K,), mean (K, D), covariance (K, D, D). Raises ValueError if a class has no points.
    """

    def __init__(self, x: Tensor, r: Tensor, covariance: str = "own", ridge: float = 0.01) -> None:
        count, dim = r.sum(0), x.shape[1]
        if covariance not in COVARIANCES or not bool((count > 0).all()):
            raise ValueError(
                f"GaussianClasses needs points of each class, and one of {COVARIANCES}, not {covariance!r}."
            )
        self.log_prior = ((count + 1) / (count.sum() + len(count))).log()
        self.mean = r.T @ x / count[:, None]
        centered = x[:, None] - self.mean
        self.covariance = torch.einsum("nk,nki,nkj->kij", r, centered, centered) / count[:, None, None]
        if covariance != "own":
            self.covariance = torch.einsum("k,kij->ij", count / count.sum(), self.covariance).expand(len(count), -1, -1)
        if covariance == "naive":
            self.covariance = self.covariance * torch.eye(dim, dtype=x.dtype)
        self.covariance = self.covariance + ridge * torch.eye(dim, dtype=x.dtype)
        self.gaussians = MultivariateNormal(self.mean, self.covariance)

    def log_joint(self, x: Tensor) -> Tensor:
        """log p(x, y) of each class, (B, K)."""
        return self.log_prior + self.gaussians.log_prob(x[:, None])

    def log_posterior(self, x: Tensor) -> Tensor:
        """log p(y | x), (B, K)."""
        return self.log_joint(x).log_softmax(1)

    def log_prob(self, x: Tensor) -> Tensor:
        """log p(x), (B,)."""
        return self.log_joint(x).logsumexp(1)

    def sample(self, y: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """One point of each class in y (B,): (B, D)."""
        noise = torch.randn(len(y), self.mean.shape[1], 1, generator=generator, dtype=self.mean.dtype)
        return self.mean[y] + (self.gaussians.scale_tril[y] @ noise)[:, :, 0]
