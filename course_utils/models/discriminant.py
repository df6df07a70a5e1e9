"""A Gaussian for each class: the generative classifier of lecture 01 (Gaussian discriminant analysis)."""

import torch
from torch import Tensor
from torch.distributions import MultivariateNormal

from course_utils.models.layers import check_labels

COVARIANCE_TYPES = ("full", "tied", "diag", "tied_diag")


class GaussianDiscriminant:
    """p(x, y) = p(y) N(x | mean_y, covariance_y), by maximum likelihood from points x (N, D) with shares r (N, K).

    r is one-hot where labels are known, and p(y | x) where they are guessed. `covariance_type`, in scikit-learn's
    words for mixtures: "full" (one for each class: quadratic discriminant analysis), "tied" (one for all: linear
    discriminant analysis), "diag" (one for each class, without correlations: naive Bayes), or "tied_diag" (one for
    all, without correlations: the naive Bayes whose boundary is a line). `reg_covar` is added to all variances, and
    one count to each class, so that few points do. Densities are in nats.

    Attributes: log_prior (K,), mean (K, D), covariance (K, D, D). Raises ValueError if a class has no points.
    """

    def __init__(self, x: Tensor, r: Tensor, covariance_type: str = "full", reg_covar: float = 0.01) -> None:
        count, dim = r.sum(0), x.shape[1]
        if covariance_type not in COVARIANCE_TYPES or not bool((count > 0).all()):
            raise ValueError(
                "GaussianDiscriminant needs points of each class, and one of "
                f"{', '.join(COVARIANCE_TYPES)}, not {covariance_type!r}."
            )
        self.log_prior = ((count + 1) / (count.sum() + len(count))).log()
        self.mean = r.T @ x / count[:, None]
        centered = x[:, None] - self.mean
        self.covariance = torch.einsum("nk,nki,nkj->kij", r, centered, centered) / count[:, None, None]
        if "tied" in covariance_type:
            self.covariance = torch.einsum("k,kij->ij", count / count.sum(), self.covariance).expand(len(count), -1, -1)
        if "diag" in covariance_type:
            self.covariance = self.covariance * torch.eye(dim, dtype=x.dtype)
        self.covariance = self.covariance + reg_covar * torch.eye(dim, dtype=x.dtype)
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

    def sample(self, n: int, *, y: Tensor | None = None, rng: torch.Generator | None = None) -> Tensor:
        """n points (n, D), one of each class in y (n,), or by default of classes drawn from p(y)."""
        if y is None:
            y = torch.multinomial(self.log_prior.exp(), n, replacement=True, generator=rng)
        check_labels(n, y, len(self.mean))
        noise = torch.randn(n, self.mean.shape[1], 1, generator=rng, dtype=self.mean.dtype)
        return self.mean[y] + (self.gaussians.scale_tril[y] @ noise)[:, :, 0]
