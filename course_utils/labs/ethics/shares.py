"""The share of a rare group among generated images, behind the readings of a classifier that errs."""

from collections.abc import Sequence


def corrected_share(share: float, tpr: float, fpr: float) -> float:
    """The true share of a group behind the share that a classifier reads: (share − fpr) / (tpr − fpr).

    Args: `tpr` is P(read as the group | is), `fpr` P(read as the group | is not), both from labeled data
    that the classifier has not seen. The result may leave [0, 1]: then the classifier errs otherwise on these images.
    Raises ValueError unless 0 ≤ fpr < tpr ≤ 1. Source: Rogan & Gladen 1978.
    """
    if not 0 <= fpr < tpr <= 1:
        raise ValueError(f"The classifier must find more than it invents: tpr {tpr}, fpr {fpr}.")
    return (share - fpr) / (tpr - fpr)


def skew(trained: float, shares: Sequence[float], lost: float = 0.2) -> str:
    """What became of a rare group's share, from the shares of several seeds.

    "lost" if all lie below `lost` times the share in the training data; else "skew amplified" if all lie below it,
    "skew reduced" if all lie above, "kept" if they lie on both sides. Raises ValueError without shares.
    """
    if not len(shares):
        raise ValueError("The skew needs the share of at least one seed.")
    if max(shares) < lost * trained:
        return "lost"
    if max(shares) < trained:
        return "skew amplified"
    return "skew reduced" if min(shares) > trained else "kept"
