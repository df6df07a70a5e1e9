"""QTI 2.1 items (IMS Question and Test Interoperability, Assessment Test, Section and Item Information Model, 2012).

Formulas are MathML. What an item gives: `SCORE`, from 0 to 1; several right choices count by share, wrong ones against
them. Each choice has its feedback; the other kinds one that everybody sees who has answered.
"""

from decimal import Decimal
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from course_utils.questions import Question
from course_utils.questions.markup import html
from course_utils.teaching.exports import common

NAMESPACE = "http://www.imsglobal.org/xsd/imsqti_v2p1"
SCHEMA = f"{NAMESPACE} http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
MATHML = "http://www.w3.org/1998/Math/MathML"
INTERACTIONS = {
    "single": "choiceInteraction",
    "several": "choiceInteraction",
    "numeric": "textEntryInteraction",
    "order": "orderInteraction",
    "short": "extendedTextInteraction",
}
GENERAL = "general_fb"  # by this name Canvas knows the feedback that everybody sees


def element(tag: str, attributes: dict[str, str] | None = None, *children: Element | str) -> Element:
    """An element with its children; texts among them are text."""
    made, last = Element(tag, attributes or {}), None
    for child in children:
        if isinstance(child, Element):
            made.append(child)
            last = child
        elif last is None:
            made.text = (made.text or "") + child
        else:
            last.tail = (last.tail or "") + child
    return made


def rooted(tag: str, namespace: str, schema: str, attributes: dict[str, str], *children: Element) -> bytes:
    """A file whose root names its namespace and schema. Only roots and formulas name one: who reads a formula as HTML
    wants no prefix."""
    root = element(tag, {"xmlns": namespace, "xmlns:xsi": XSI, "xsi:schemaLocation": schema, **attributes}, *children)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def identifier(question: Question) -> str:
    """The question's id as QTI wants identifiers: it begins with a letter."""
    return f"q-{question.id}"


def item(question: Question) -> bytes:
    """The file of one question."""
    attributes = {"identifier": identifier(question), "title": question.id, "adaptive": "false"}
    parts = {"numeric": _numeric, "order": _order, "short": _short}.get(question.kind, _choices)(question)
    declared, body, processing, feedback = parts
    prompt = _xml(common.prompt(question))
    return rooted(
        "assessmentItem",
        NAMESPACE,
        SCHEMA,
        attributes | {"timeDependent": "false", "xml:lang": "en"},
        declared,
        _outcome("SCORE", "single", "float", element("defaultValue", {}, element("value", {}, "0"))),
        _outcome("FEEDBACK", "multiple", "identifier"),
        element("itemBody", {}, prompt, *body),
        element("responseProcessing", {}, *processing),
        *(_feedback(name, text) for name, text in feedback.items() if text),
    )


Parts = tuple[Element, list[Element], list[Element], dict[str, str]]


def _choices(question: Question) -> Parts:
    single, names = question.kind == "single", [f"choice_{index}" for index in range(1, len(question.choices) + 1)]
    right = [name for name, choice in zip(names, question.choices, strict=True) if choice.right]
    declared = _response("single" if single else "multiple", "identifier", right)
    options = zip(names, question.choices, strict=True)
    simple = [_simple(name, choice.text) for name, choice in options]
    most = {"responseIdentifier": "RESPONSE", "shuffle": "true", "maxChoices": "1" if single else "0"}
    rules = [_if(_chosen(name, single), *_gives(name, single and name in right)) for name in names]
    if not single:
        declared.append(_shares(names, common.fractions(question)))
        rules.append(element("setOutcomeValue", {"identifier": "SCORE"}, element("mapResponse", _RESPONSE)))
    feedback = {f"fb_{name}": common.reason(choice) for name, choice in zip(names, question.choices, strict=True)}
    return declared, [element("choiceInteraction", most, *simple)], rules, feedback


def _numeric(question: Question) -> Parts:
    value, tolerance = Decimal(repr(float(question.value))), Decimal(repr(float(question.tolerance)))
    bounds = {"gte": value - tolerance, "lte": value + tolerance}
    within = [element(name, {}, _variable(), _base(format(bound, "f"), "float")) for name, bound in bounds.items()]
    # The class keeps the line out of the question's text in Canvas, which has a field of its own.
    field = element("textEntryInteraction", {**_IDENTIFIED, "expectedLength": "12"})
    body = element("div", {"class": "RESPONSE_BLOCK"}, "Answer: ", field, f" {question.unit}" if question.unit else "")
    declared = _response("single", "float", [common.number(question.value)])
    rules = [_if(element("and", {}, *within), _score()), _says(GENERAL)]
    return declared, [body], rules, {GENERAL: common.model_answer(question)}


def _order(question: Question) -> Parts:
    names = [f"step_{index}" for index in range(1, len(question.steps) + 1)]
    options = zip(names, question.steps, strict=True)
    simple = [_simple(name, step) for name, step in options]
    simple = simple[1::2] + simple[0::2]  # not as they should be, where a platform does not shuffle
    body = element("orderInteraction", {**_IDENTIFIED, "shuffle": "true"}, *simple)
    right = element("match", {}, _variable(), element("correct", _RESPONSE))
    rules = [_if(right, _score()), _says(GENERAL)]
    return _response("ordered", "identifier", names), [body], rules, {GENERAL: common.model_answer(question)}


def _short(question: Question) -> Parts:
    field = element("extendedTextInteraction", {**_IDENTIFIED, "expectedLines": "8"})
    text = common.model_answer(question)
    scorer = element("rubricBlock", {"view": "scorer tutor"}, _xml(f"<div>{text}</div>"))
    return _response("single", "string", []), [field, scorer], [_says(GENERAL)], {GENERAL: text}


_IDENTIFIED, _RESPONSE = {"responseIdentifier": "RESPONSE"}, {"identifier": "RESPONSE"}


def _response(cardinality: str, base: str, right: list[str]) -> Element:
    attributes = {"identifier": "RESPONSE", "cardinality": cardinality, "baseType": base}
    values = [element("value", {}, value) for value in right]
    return element("responseDeclaration", attributes, *([element("correctResponse", {}, *values)] if values else []))


def _outcome(name: str, cardinality: str, base: str, *default: Element) -> Element:
    attributes = {"identifier": name, "cardinality": cardinality, "baseType": base}
    return element("outcomeDeclaration", attributes, *default)


def _shares(names: list[str], percents: list[float]) -> Element:
    pairs = zip(names, percents, strict=True)
    entries = [element("mapEntry", {"mapKey": name, "mappedValue": repr(percent / 100)}) for name, percent in pairs]
    return element("mapping", {"lowerBound": "0", "upperBound": "1", "defaultValue": "0"}, *entries)


def _chosen(name: str, single: bool) -> Element:
    chosen = _base(name, "identifier")
    return element("match", {}, _variable(), chosen) if single else element("member", {}, chosen, _variable())


def _gives(name: str, right: bool) -> list[Element]:
    return [*([_score()] if right else []), _says(f"fb_{name}")]


def _if(condition: Element, *then: Element) -> Element:
    return element("responseCondition", {}, element("responseIf", {}, condition, *then))


def _score() -> Element:
    return element("setOutcomeValue", {"identifier": "SCORE"}, _base("1", "float"))


def _says(name: str) -> Element:
    more = element("multiple", {}, element("variable", {"identifier": "FEEDBACK"}), _base(name, "identifier"))
    return element("setOutcomeValue", {"identifier": "FEEDBACK"}, more)


def _variable() -> Element:
    return element("variable", _RESPONSE)


def _simple(name: str, text: str) -> Element:
    return element("simpleChoice", {"identifier": name}, _xml(f"<div>{html(text)}</div>"))


def _base(value: str, base: str) -> Element:
    return element("baseValue", {"baseType": base}, value)


def _feedback(name: str, text: str) -> Element:
    attributes = {"outcomeIdentifier": "FEEDBACK", "identifier": name, "showHide": "show"}
    return element("modalFeedback", attributes, _xml(f"<div>{text}</div>"))


def _xml(text: str) -> Element:
    """HTML of the bank as elements; MathML keeps its namespace as its own default."""
    root = ElementTree.fromstring(text)
    for node in root.iter():
        if node.tag.startswith(f"{{{MATHML}}}"):
            node.tag = node.tag.removeprefix(f"{{{MATHML}}}")
            if node.tag == "math":
                node.set("xmlns", MATHML)
    return root
