"""Run a page with other seeds, without changing it: every seed that it sets from here on is raised by one number.

The page's data stay as they are: scikit-learn's splits keep their seed, its estimators do not.
"""

import random
from collections.abc import Callable
from typing import Any


def shift(by: int) -> None:
    """Raise by `by` each seed given to torch, numpy, `random` and scikit-learn's estimators in this process.

    To be called before the page imports anything: what holds an estimator already keeps the seed that it was given.
    """
    import numpy as np
    import sklearn.model_selection  # before the replacement below, so that the split of the digits stays
    import sklearn.utils
    import torch

    def shifted(function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda seed=None, *rest, **options: function(
            seed + by if isinstance(seed, int | np.integer) else seed, *rest, **options
        )

    class Generator(torch.Generator):
        def manual_seed(self, seed: int) -> torch.Generator:
            return super().manual_seed(seed + by)

    torch.Generator, torch.manual_seed = Generator, shifted(torch.manual_seed)
    np.random.default_rng, random.seed = shifted(np.random.default_rng), shifted(random.seed)
    sklearn.utils.check_random_state = shifted(sklearn.utils.check_random_state)
