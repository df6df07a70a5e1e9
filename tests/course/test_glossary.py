"""The glossary: sorted, unique, short, its links right, and each term that a lecture sets in bold is in it."""

import re
from pathlib import Path

import pytest
import sections

ROOT = Path(__file__).parents[2]
GLOSSARY = ROOT / "lectures" / "glossary.md"
LECTURES = sorted(ROOT.glob("lectures/*.ipynb"))
ENTRY = re.compile(r"^- \*\*(?P<term>[^*]+)\*\*(?: \((?P<others>[^)]*)\))?: (?P<definition>.*) (?P<link>\[[^\[]*\))$")
LONGEST = 45  # words: one or two sentences

# Bold without being a term. A lecture that sets another word in bold says here why, or adds it to the glossary.
NO_TERM = {
    "stress on what is said": {
        "learns a distribution", "generates", "flexible", "costly", "Components are not classes", "sum", "summed",
        "and", "more is not better", "The mixture is ahead", "matrix", "clear", "varied", "bad samples", "missing ones",
        "independent", "dependent", "Seeing", "Doing", "Rare evidence", "A deterministic table",
        "difference of the means",
    },
    "a data set, model, setting or column of one experiment": {
        "2 features, correlation 0.7", "30 independent features", "Digits", "Between", "largest jump", "class from z",
        "fair", "skewed", "reweighted", "no rare", "calibrated", "samples only", "pixels", "shifts",
        "shifts + brightness", "1 % truth", "training set", "fresh", "Copies", "Noise", "blur", "Dropped classes",
        "one per class", "noise to please", "green triangle", "Brackets",
    },
    "a heading of a case, a harm, an answer or an error": {
        "Deception", "detect", "mark", "sign", "The clinic", "The portrait service", "Netflix Prize",
        "Hand-made features", "GANs for text", "VAEs for text",
    },
}  # fmt: skip


def entries():
    """The lines of the glossary's list, each with what follows it up to the next."""
    items = re.split(r"^(?=- )", GLOSSARY.read_text(), flags=re.M)[1:]
    return [" ".join(re.sub(r"^## .*", "", item, flags=re.M).split()) for item in items]


FOUND = [ENTRY.match(entry) for entry in entries()]


def names(match):
    """A term and what else it is called, as they are compared."""
    return {plain(name) for name in [match["term"], *(match["others"] or "").split(";")] if name.strip()}


def plain(term):
    """Small letters, singular, spaces for hyphens."""
    return re.sub(r"ies$", "y", re.sub(r"(?<!ie)s$", "", term.lower().replace("-", " ").strip()))


def is_known(words):
    """Whether a term or another name of one is so called, or begins so: "generative" stands under generative model."""
    return any(f"{name} ".startswith(f"{plain(words)} ") for match in FOUND for name in names(match))


def bold(page):
    """What a lecture's core text sets in bold: neither a whole sentence nor a lead-in, which end in punctuation."""
    for cell in sections.cells(page):
        notes = cell.metadata.get("slideshow", {}).get("slide_type") == "notes"
        if cell.cell_type != "markdown" or notes or "depth" in cell.metadata.get("tags", []):
            continue
        text = re.sub(r"```.*?```|<details>.*?</details>", "", cell.source, flags=re.S)
        for found in re.findall(r"(?<!\*)\*\*([^*]+)\*\*(?!\*)", text):
            words = " ".join(found.split())
            if words != "You will be able to" and words[-1] not in '.?!:"' and words[0] != '"' and words.count(" ") < 4:
                yield words


def test_each_line_has_a_term_a_definition_and_a_link():
    assert [entry for entry, match in zip(entries(), FOUND, strict=True) if not match] == []
    assert len(FOUND) >= 150


def test_the_terms_are_sorted_and_stand_under_their_letters():
    keys = [sections.key(match["term"]) for match in FOUND]
    assert keys == sorted(set(keys))
    lines = re.findall(r"^## (\w)$|^- \*\*([^*]+)\*\*", GLOSSARY.read_text(), re.M)
    letter = None
    for heading, term in lines:
        letter = heading or letter
        assert heading or sections.key(term)[0].upper() == letter, term


def test_no_name_means_two_things():
    every = [name for match in FOUND for name in names(match)]
    assert sorted(every) == sorted(set(every))


def test_a_definition_is_short_and_ends():
    long = [m["term"] for m in FOUND if len(m["definition"].split()) > LONGEST or not m["definition"].endswith(".")]
    assert long == []


def test_each_link_leads_to_the_section_it_names():
    every = sections.links(GLOSSARY)
    assert len(every) == len(FOUND)
    assert [wrong for link in every if (wrong := sections.complaint(link))] == []


@pytest.mark.parametrize("page", LECTURES, ids=lambda path: path.stem)
def test_each_term_that_a_lecture_sets_in_bold_is_there(page):
    excused = set().union(*NO_TERM.values())
    missing = {words for words in bold(page) if words not in excused and not is_known(words)}
    assert not missing, f"add to lectures/glossary.md, or say in NO_TERM why not: {sorted(missing)}"


def test_every_excuse_is_needed():
    used = {words for page in LECTURES for words in bold(page)}
    excused = set().union(*NO_TERM.values())
    assert excused <= used, "no lecture sets these in bold"
    assert not {words for words in excused if is_known(words)}, "these are in the glossary"
