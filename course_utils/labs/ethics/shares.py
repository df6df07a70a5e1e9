"""The share of a rare group among generated images, behind the readings of a classifier that errs."""


def corrected_share(share: float, tpr: float, fpr: float) -> float:
    """The true share of a group behind the share that a classifier reads: (share − fpr) / (tpr − fpr).

    Args: `tpr` is P(read as the group | is), `fpr` P(read as the group | is not), both from labeled data
    that the classifier has not seen. The result may leave [0, 1]: then the classifier errs otherwise on these images.
    Raises ValueError unless 0 ≤ fpr < tpr ≤ 1. Source: Rogan & Gladen 1978.
    """
    if not 0 <= fpr < tpr <= 1:
        raise ValueError(f"The classifier must find more than it invents: tpr {tpr}, fpr {fpr}.")
    return (share - fpr) / (tpr - fpr)
