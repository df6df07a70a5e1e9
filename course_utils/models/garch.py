"""GARCH(1, 1): returns whose variance tomorrow depends on today's return and today's variance."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.signal import lfilter
from scipy.special import softmax

Array = NDArray[np.float64]


class Garch(NamedTuple):
    """r_t = sqrt(v_t) ε_t, ε ~ N(0, 1), v_{t+1} = ω + α r_t² + β v_t. Source: Bollerslev 1986, eq. 1 and 2.

    (doi 10.1016/0304-4076(86)90063-1.) Returns have mean 0.
    """

    omega: float
    alpha: float
    beta: float

    @classmethod
    def fit(cls, r: Array) -> "Garch":
        """By maximum likelihood from one history r `(T,)`, with Nelder and Mead's search.

        Raises ValueError for fewer than 50 returns, or one that is not finite.
        """
        r = np.asarray(r, dtype=float)
        if r.ndim != 1 or len(r) < 50 or not np.isfinite(r).all():
            raise ValueError(f"r must be at least 50 finite returns in a row, got the shape {r.shape}.")
        start = np.array([0.0, np.log(0.08 / 0.05), np.log(0.87 / 0.05)])  # α = 0.08, β = 0.87
        scale = r.var()
        best = minimize(lambda x: -_model(x, scale).log_prob(r).sum(), start, method="Nelder-Mead", tol=1e-3)
        return _model(best.x, scale)

    @property
    def long_run(self) -> float:
        """E[r²] = ω / (1 − α − β)."""
        return self.omega / (1 - self.alpha - self.beta)

    def variances(self, r: Array) -> Array:
        """v_1 … v_{T+1} of returns `(…, T)`: `(…, T + 1)`, each from what came before; v_1 is the long run's."""
        first = np.full((*r.shape[:-1], 1), self.long_run)
        driven = np.concatenate([first, self.omega + self.alpha * r**2], -1)
        return lfilter([1.0], [1.0, -self.beta], driven, axis=-1)

    def log_prob(self, r: Array) -> Array:
        """log p(r_t | r_1 … r_{t−1}) in nats, of returns `(…, T)`, the same shape."""
        v = self.variances(r)[..., :-1]
        return -0.5 * (np.log(2 * np.pi * v) + r**2 / v)

    def shocks(self, r: Array) -> Array:
        """ε = r / sqrt(v) of a history: what the model says is N(0, 1)."""
        return r / np.sqrt(self.variances(r)[..., :-1])

    def paths(self, variance: Array, shocks: Array) -> Array:
        """Returns `(n, days)` that begin with a variance `(n,)` and take these shocks `(n, days)`."""
        r = np.empty_like(shocks)
        for day in range(shocks.shape[1]):
            r[:, day] = np.sqrt(variance) * shocks[:, day]
            variance = self.omega + self.alpha * r[:, day] ** 2 + self.beta * variance
        return r


def _model(x: Array, scale: float) -> Garch:
    """Any three numbers as parameters, ω, α, β > 0 and α + β < 1; x[0] = 0 gives the long-run variance `scale`."""
    rest, alpha, beta = softmax(np.array([0.0, *x[1:]]))
    return Garch(float(np.exp(x[0]) * scale * rest), float(alpha), float(beta))
