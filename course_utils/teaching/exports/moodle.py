"""Moodle XML: https://docs.moodle.org/en/Moodle_XML_format, read by `question/format/xml/format.php`.

Formulas stand between `\\(` and `\\)`, for Moodle's MathJax filter. Order becomes the question type `ordering`, which
Moodle has had of its own since 4.4.
"""

from collections.abc import Sequence
from itertools import groupby
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from course_utils.questions import Question
from course_utils.questions.markup import html, tex
from course_utils.teaching.exports import common

TYPES = {
    "single": "multichoice",
    "several": "multichoice",
    "numeric": "numerical",
    "order": "ordering",
    "short": "essay",
}


def write(questions: Sequence[Question]) -> bytes:
    """A file for *Question bank → Import → Moodle XML*: a category a lecture, in it one a section."""
    quiz = Element("quiz")
    for category, group in groupby(questions, key=common.category):
        _text(SubElement(quiz, "question", type="category"), "category", category)
        quiz.extend(map(_question, group))
    ElementTree.indent(quiz)
    return ElementTree.tostring(quiz, encoding="utf-8", xml_declaration=True)


def _question(question: Question) -> Element:
    made = Element("question", type=TYPES[question.kind])
    _text(made, "name", question.id)
    _text(made, "questiontext", common.prompt(question, tex), format="html")
    general = "" if question.kind in ("single", "several") else common.model_answer(question, tex)
    _text(made, "generalfeedback", general, format="html")
    for name, value in {"defaultgrade": "1", "penalty": "0.3333333", "hidden": "0", "idnumber": question.id}.items():
        SubElement(made, name).text = value
    {"numeric": _numeric, "order": _order, "short": _short}.get(question.kind, _choices)(made, question)
    tags = SubElement(made, "tags")
    for tag in (question.lecture, question.level, f"objective {question.objective}"):
        _text(tags, "tag", tag)
    return made


def _choices(made: Element, question: Question) -> None:
    for name, value in {
        "single": str(question.kind == "single").lower(),
        "shuffleanswers": "true",
        "answernumbering": "abc",
        "showstandardinstruction": "0",
    }.items():
        SubElement(made, name).text = value
    for choice, fraction in zip(question.choices, common.fractions(question), strict=True):
        answer = _answer(made, common.percent(fraction), html(choice.text, tex))
        _text(answer, "feedback", common.reason(choice, tex), format="html")


def _numeric(made: Element, question: Question) -> None:
    answer = _answer(made, "100", common.number(question.value), "moodle_auto_format")
    _text(answer, "feedback", "", format="html")
    SubElement(answer, "tolerance").text = common.number(question.tolerance)
    for name, value in {"unitgradingtype": "0", "unitpenalty": "0.1", "showunits": "3", "unitsleft": "0"}.items():
        SubElement(made, name).text = value


def _order(made: Element, question: Question) -> None:
    for name, value in {
        "layouttype": "VERTICAL",
        "selecttype": "ALL",
        "selectcount": str(len(question.steps)),
        "gradingtype": "RELATIVE_ALL_PREVIOUS_AND_NEXT",
        "showgrading": "SHOW",
        "numberingstyle": "none",
    }.items():
        SubElement(made, name).text = value
    for place, step in enumerate(question.steps, start=1):
        _answer(made, f"{place}", html(step, tex))


def _short(made: Element, question: Question) -> None:
    for name, value in {
        "responseformat": "editor",
        "responserequired": "1",
        "responsefieldlines": "10",
        "attachments": "0",
        "attachmentsrequired": "0",
    }.items():
        SubElement(made, name).text = value
    _text(made, "graderinfo", common.model_answer(question, tex), format="html")
    _text(made, "responsetemplate", "", format="html")


def _answer(made: Element, fraction: str, text: str, form: str = "html") -> Element:
    answer = SubElement(made, "answer", fraction=fraction, format=form)
    SubElement(answer, "text").text = text
    return answer


def _text(parent: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(SubElement(parent, name, attributes), "text").text = text
