"""What lecture 08a builds again and again: flows with first weights by seed, and mixtures as their rivals."""

from typing import Any

from sklearn.mixture import GaussianMixture
from torch import Tensor, nn

from course_utils.models import ensemble, first_weights, mixtures
from course_utils.models.flows import Flow


def new(masks: Tensor, hidden: int, seed: int = 0, **options: Any) -> Flow:
    """A flow with its first weights from the seed; `options` as for `Flow`."""
    with first_weights(seed):
        return Flow(masks, hidden=hidden, **options)


def side_by_side(masks: Tensor, hidden: int, seeds: int = 3, **options: Any) -> tuple[nn.Module, Flow]:
    """Flows of seed 0, 1, … stacked as one, x `(seeds, B, D)`; and a single one, of the first seed."""
    made = [new(masks, hidden, seed, **options) for seed in range(seeds)]
    return ensemble.stack(made), made[0]


def mixture(x: Tensor, k: int, reg_covar: float = 1e-5) -> mixtures.GMMParameters:
    """A mixture of k Gaussians with full covariances, float32, fitted to x `(N, D)` by scikit-learn's EM."""
    fitted = GaussianMixture(k, reg_covar=reg_covar, max_iter=50, random_state=0).fit(x)
    return mixtures.GMMParameters(*(part.float() for part in mixtures.from_sklearn(fitted)))


def numbers(model: nn.Module) -> int:
    """How many numbers were learned."""
    return sum(parameter.numel() for parameter in model.parameters())
