"""A model card in Markdown, filled from measured numbers: what was not measured cannot be left out unnoticed."""

import math
from collections.abc import Mapping
from pathlib import Path

# The headings of Mitchell et al. 2019 (arXiv:1810.03993), section 4, and what this course asks for under each.
FIELDS: dict[str, tuple[str, ...]] = {
    "Model details": ("model", "date", "version", "license"),
    "Intended use": ("intended use", "out of scope"),
    "Factors": ("groups",),
    "Metrics": ("metrics", "variation"),
    "Evaluation data": ("evaluation data",),
    "Training data": ("training data", "share of the rare group in training"),
    "Quantitative analyses": (
        "precision",
        "recall",
        "share of the rare group in samples",
        "near copies",
        "membership AUC",
        "membership found at 1 % false alarms",
        "detector AUC, trained on its images",
        "detector AUC, trained on another's",
        "watermark found",
        "watermark false alarms",
        "training energy",
    ),
    "Ethical considerations": ("ethical considerations",),
    "Caveats and recommendations": ("caveats",),
}

# What can be written down before anything is measured, for the model that lecture 06 audits.
WRITTEN_BEFORE: dict[str, str] = {
    "license": "MIT (code); see the data set for its own",
    "intended use": "teaching",
    "out of scope": "any use that takes its images for handwriting of a person; release of samples as anonymous data",
    "groups": "common digits 0 to 4, rare digits 5 to 9",
    "metrics": "precision and recall (k = 5, features of a classifier), near copies at 1 % false alarms, AUC",
    "variation": "95 % intervals over images; ranges over seeds",
}


def write(values: Mapping[str, object]) -> str:
    """The card as Markdown, one heading for each section and one line for each field, in the order of FIELDS.

    Args: a value is a text or a number (shown with three significant digits).
    Raises ValueError, which names the fields, if one is missing, empty, None or NaN, or unknown.
    """
    known = [field for fields in FIELDS.values() for field in fields]
    missing = [field for field in known if _is_empty(values.get(field))]
    unknown = [field for field in values if field not in known]
    if missing or unknown:
        lacks, extra = (", ".join(fields) or "nothing" for fields in (missing, unknown))
        raise ValueError(f"The card lacks: {lacks}. It has no field for: {extra}.")
    lines = [f"# Model card: {_text(values['model'])}"]
    for heading, fields in FIELDS.items():
        lines += ["", f"## {heading}", "", *(f"- **{field}:** {_text(values[field])}" for field in fields)]
    return "\n".join(lines) + "\n"


def save(values: Mapping[str, object], path: Path) -> str:
    """`write`, into a file. Returns the text. Nothing is written if a field is missing."""
    text = write(values)
    path.write_text(text, encoding="utf-8")
    return text


def _is_empty(value: object) -> bool:
    if isinstance(value, float) and math.isnan(value):
        return True
    return value is None or not str(value).strip()


def _text(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value).strip()
