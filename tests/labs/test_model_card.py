"""A model card holds every field under its heading, and is not written without one."""

import pytest

from course_utils.labs.ethics import model_card

FIELDS = [field for fields in model_card.FIELDS.values() for field in fields]


@pytest.fixture
def values():
    return {field: f"about {field}" for field in FIELDS} | {"precision": 0.93456, "recall": 1}


def test_a_card_has_the_nine_headings_of_the_paper_and_every_value_once(values):
    text = model_card.write(values)
    headings = [line.removeprefix("## ") for line in text.splitlines() if line.startswith("## ")]
    assert headings == list(model_card.FIELDS) and len(headings) == 9
    assert text.startswith("# Model card: about model\n")
    for field in FIELDS:
        assert text.count(f"- **{field}:** ") == 1
    assert "- **precision:** 0.935\n" in text and "- **recall:** 1\n" in text


@pytest.mark.parametrize("hole", [None, "", "  ", float("nan")])
@pytest.mark.parametrize("field", ["membership AUC", "caveats"])
def test_a_hole_is_named(values, field, hole):
    with pytest.raises(ValueError, match=f"lacks: {field}."):
        model_card.write({**values, field: hole})


def test_a_missing_and_an_unknown_field_are_named(values):
    del values["near copies"]
    with pytest.raises(ValueError, match=r"lacks: near copies.*no field for: near copy"):
        model_card.write({**values, "near copy": 0.1})


def test_a_card_is_saved_as_it_is_shown_and_not_at_all_with_a_hole(values, tmp_path):
    path = tmp_path / "card.md"
    with pytest.raises(ValueError, match="recall"):
        model_card.save({**values, "recall": None}, path)
    assert not path.exists()
    assert model_card.save(values, path) == path.read_text(encoding="utf-8")
