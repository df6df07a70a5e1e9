"""The zip around QTI items: an IMS content package (imscp v1.1.4) with a test a lecture.

`canvas=True` writes the same items under a manifest with two words of Canvas's own, which the schema does not have: it
knows a number and an order by them alone (instructure/canvas-lms, `gems/plugins/qti_exporter`).
"""

import io
import zipfile
from collections.abc import Sequence
from itertools import groupby
from xml.etree.ElementTree import Element

from course_utils.questions import Question
from course_utils.teaching.exports import common, qti
from course_utils.teaching.exports.qti import element

NAMESPACE = "http://www.imsglobal.org/xsd/imscp_v1p1"
SCHEMA = f"{NAMESPACE} http://www.imsglobal.org/xsd/qti/qtiv2p1/qtiv2p1_imscpv1p2_v1p0.xsd"
METADATA = "http://www.imsglobal.org/xsd/imsqti_metadata_v2p1"
CANVAS = {  # what Canvas reads each kind as, and its name for the question where that does not say enough
    "numeric": ("extendedTextInteraction", "numerical_question"),
    "order": ("orderInteraction", ""),
    "short": ("extendedTextInteraction", "essay_question"),
}
DATE = (2020, 1, 1, 0, 0, 0)  # the same questions give the same bytes


def write(questions: Sequence[Question], canvas: bool = False) -> bytes:
    """A package for *Import → QTI*. ValueError if two questions have one id."""
    ids = [question.id for question in questions]
    if len(set(ids)) < len(ids):
        raise ValueError(f"Two questions have the same id: {sorted({name for name in ids if ids.count(name) > 1})}.")
    files = {f"items/{qti.identifier(question)}.xml": qti.item(question) for question in questions}
    tests = {name: list(group) for name, group in groupby(questions, key=lambda question: question.lecture)}
    files |= {f"tests/{name}.xml": _test(name, group) for name, group in tests.items()}
    return _zip({"imsmanifest.xml": _manifest(tests, canvas), **files})


def _zip(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, DATE), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _test(lecture: str, questions: list[Question]) -> bytes:
    sections = []
    for number, (title, group) in enumerate(groupby(questions, key=lambda question: question.section), start=1):
        refs = [_reference(question) for question in group]
        section = {"identifier": f"section_{number}", "title": title, "visible": "false"}
        sections.append(element("assessmentSection", section, *refs))
    part = {"identifier": "part_1", "navigationMode": "nonlinear", "submissionMode": "individual"}
    attributes = {"identifier": f"test-{lecture}", "title": f"{common.COURSE} · {lecture}"}
    return qti.rooted("assessmentTest", qti.NAMESPACE, qti.SCHEMA, attributes, element("testPart", part, *sections))


def _reference(question: Question) -> Element:
    name = qti.identifier(question)
    return element("assessmentItemRef", {"identifier": name, "href": f"../items/{name}.xml"})


def _manifest(tests: dict[str, list[Question]], canvas: bool) -> bytes:
    resources = []
    for lecture, questions in tests.items():
        resources.append(_test_resource(lecture, questions))
        resources += [_item_resource(question, canvas) for question in questions]
    about = element("metadata", {}, element("schema", {}, "QTIv2.1 Package"), element("schemaversion", {}, "1.0.0"))
    children = (about, element("organizations"), element("resources", {}, *resources))
    return qti.rooted("manifest", NAMESPACE, SCHEMA, {"identifier": "generative-models-questions"}, *children)


def _test_resource(lecture: str, questions: list[Question]) -> Element:
    href = f"tests/{lecture}.xml"
    attributes = {"identifier": f"r-test-{lecture}", "type": "imsqti_test_xmlv2p1", "href": href}
    items = [element("dependency", {"identifierref": f"r-{qti.identifier(question)}"}) for question in questions]
    return element("resource", attributes, element("file", {"href": href}), *items)


def _item_resource(question: Question, canvas: bool) -> Element:
    href = f"items/{qti.identifier(question)}.xml"
    attributes = {"identifier": f"r-{qti.identifier(question)}", "type": "imsqti_item_xmlv2p1", "href": href}
    about = element("metadata", {}, *(_for_canvas(question) if canvas else [_about(question)]))
    return element("resource", attributes, about, element("file", {"href": href}))


def _about(question: Question) -> Element:
    facts = {
        "timeDependent": "false",
        "interactionType": qti.INTERACTIONS[question.kind],
        "feedbackType": "nonadaptive",
        "solutionAvailable": str(question.kind != "short").lower(),
    }
    return element("qtiMetadata", {"xmlns": METADATA}, *(element(name, {}, value) for name, value in facts.items()))


def _for_canvas(question: Question) -> list[Element]:
    interaction, kind = CANVAS.get(question.kind, (qti.INTERACTIONS[question.kind], ""))
    field = element("instructureField", {"name": "question_type", "value": kind})
    metadata = element("qtiMetadata", {}, element("interactionType", {}, interaction))
    return [metadata, *([element("instructureMetadata", {}, field)] if kind else [])]
