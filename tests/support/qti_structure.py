"""What QTI 2.1 and IMS Content Packaging 1.1.4 allow of what the exports use: elements, their order, their attributes.

Written by hand from the information models (imsglobal.org: QTI v2.1 Final, 2012; CP v1.1.4, 2004), whose XML schemas
cannot be had here. `?`, `*`, `+` as in a DTD.
"""

import re
from xml.etree.ElementTree import Element

CP = "{http://www.imsglobal.org/xsd/imscp_v1p1}"
QTI = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"
METADATA = "{http://www.imsglobal.org/xsd/imsqti_metadata_v2p1}"
MATHML = "{http://www.w3.org/1998/Math/MathML}"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
XML = "{http://www.w3.org/XML/1998/namespace}"
IDENTIFIER = r"[A-Za-z_][\w.\-]*"

INLINE = "span|em|code|br|math|textEntryInteraction"
FLOW = f"(TEXT|{INLINE}|pre|div|ul|p)*"
EXPRESSION = "match|member|and|gte|lte|variable|correct|baseValue|mapResponse|multiple"
RULES = "(responseCondition|setOutcomeValue)*"
# element: (content model, required attributes, optional attributes)
ELEMENTS = {
    "assessmentItem": (
        "responseDeclaration* outcomeDeclaration* itemBody? responseProcessing? modalFeedback*",
        {"identifier", "title", "adaptive", "timeDependent"},
        {f"{XML}lang", f"{XSI}schemaLocation", "label", "toolName"},
    ),
    "responseDeclaration": (
        "correctResponse? mapping?",
        {"identifier", "cardinality", "baseType"},
        set(),
    ),
    "correctResponse": ("value+", set(), set()),
    "value": ("TEXT", set(), {"baseType", "fieldIdentifier"}),
    "mapping": ("mapEntry+", {"defaultValue"}, {"lowerBound", "upperBound"}),
    "mapEntry": ("", {"mapKey", "mappedValue"}, {"caseSensitive"}),
    "outcomeDeclaration": ("defaultValue?", {"identifier", "cardinality", "baseType"}, set()),
    "defaultValue": ("value+", set(), set()),
    "itemBody": ("(div|choiceInteraction|orderInteraction|extendedTextInteraction|rubricBlock)*", set(), set()),
    "rubricBlock": ("(div|p)*", {"view"}, {"use"}),
    "choiceInteraction": ("prompt? simpleChoice+", {"responseIdentifier", "shuffle", "maxChoices"}, {"minChoices"}),
    "orderInteraction": ("prompt? simpleChoice+", {"responseIdentifier", "shuffle"}, {"minChoices", "maxChoices"}),
    "simpleChoice": (FLOW, {"identifier"}, {"fixed", "showHide", "templateIdentifier"}),
    "textEntryInteraction": ("", {"responseIdentifier"}, {"expectedLength", "patternMask", "placeholderText", "base"}),
    "extendedTextInteraction": ("prompt?", {"responseIdentifier"}, {"expectedLines", "expectedLength", "format"}),
    "responseProcessing": (RULES, set(), {"template"}),
    "responseCondition": ("responseIf responseElseIf* responseElse?", set(), set()),
    "responseIf": (f"({EXPRESSION}) {RULES}", set(), set()),
    "setOutcomeValue": (f"({EXPRESSION})", {"identifier"}, set()),
    "match": (f"({EXPRESSION}) ({EXPRESSION})", set(), set()),
    "member": (f"({EXPRESSION}) ({EXPRESSION})", set(), set()),
    "gte": (f"({EXPRESSION}) ({EXPRESSION})", set(), set()),
    "lte": (f"({EXPRESSION}) ({EXPRESSION})", set(), set()),
    "and": (f"({EXPRESSION})+", set(), set()),
    "multiple": (f"({EXPRESSION})*", set(), set()),
    "variable": ("", {"identifier"}, {"weightIdentifier"}),
    "correct": ("", {"identifier"}, set()),
    "mapResponse": ("", {"identifier"}, set()),
    "baseValue": ("TEXT", {"baseType"}, set()),
    "modalFeedback": (FLOW, {"outcomeIdentifier", "identifier", "showHide"}, {"title"}),
    "div": (FLOW, set(), {"class", "id", "label"}),
    "p": (f"(TEXT|{INLINE})*", set(), {"class"}),
    "span": (f"(TEXT|{INLINE})*", set(), {"class"}),
    "em": (f"(TEXT|{INLINE})*", set(), set()),
    "code": (f"(TEXT|{INLINE})*", set(), set()),
    "pre": ("(TEXT|span|em|code|br|math)*", set(), set()),
    "br": ("", set(), set()),
    "ul": ("li*", set(), set()),
    "li": (FLOW, set(), set()),
    "assessmentTest": ("outcomeDeclaration* testPart+", {"identifier", "title"}, {f"{XSI}schemaLocation"}),
    "testPart": ("assessmentSection+", {"identifier", "navigationMode", "submissionMode"}, set()),
    "assessmentSection": ("(assessmentSection|assessmentItemRef)*", {"identifier", "title", "visible"}, {"fixed"}),
    "assessmentItemRef": ("", {"identifier", "href"}, {"required", "fixed"}),
}
VALUES = {
    "cardinality": "single|multiple|ordered|record",
    "baseType": "identifier|boolean|integer|float|string|point|pair|directedPair|duration|file|uri",
    "showHide": "show|hide",
    "navigationMode": "linear|nonlinear",
    "submissionMode": "individual|simultaneous",
    "shuffle": "true|false",
    "adaptive": "true|false",
    "timeDependent": "true|false",
    "visible": "true|false",
    "view": "((author|candidate|proctor|scorer|testConstructor|tutor) ?)+",
    "maxChoices": r"\d+",
    "mappedValue": r"-?\d+(\.\d+)?(e-?\d+)?",
    "responseIdentifier": IDENTIFIER,
    "outcomeIdentifier": IDENTIFIER,
}
FREE_IDENTIFIERS = {"assessmentItem", "assessmentTest"}  # theirs may be any string


def check(root: Element) -> None:
    """Assert that an item or a test is what the tables allow, and that it names only what it declares."""
    _check(root)
    declared = {node.get("identifier") for node in root if node.tag.endswith("Declaration")}
    used = [node.get(name) for node in root.iter() for name in ("responseIdentifier", "outcomeIdentifier")]
    used += [
        node.get("identifier") for node in root.iter() if _name(node) in ("variable", "correct", "setOutcomeValue")
    ]
    assert {name for name in used if name} <= declared
    for kind in ("simpleChoice", "modalFeedback", "assessmentItemRef", "assessmentSection"):
        names = [node.get("identifier") for node in root.iter(f"{QTI}{kind}")]
        assert len(set(names)) == len(names), f"two of {kind} have one identifier"
    if root.tag == f"{QTI}assessmentItem":
        choices = {node.get("identifier") for node in root.iter(f"{QTI}simpleChoice")}
        keys = {value.text for value in root.iterfind(f"{QTI}responseDeclaration/{QTI}correctResponse/{QTI}value")}
        assert not choices or keys <= choices, "a right answer that cannot be chosen"


def check_manifest(root: Element, canvas: bool) -> None:
    """Assert that a manifest is what CP allows; Canvas's own words are allowed to its own manifest."""
    assert root.tag == f"{CP}manifest" and re.fullmatch(IDENTIFIER, root.get("identifier"))
    assert [node.tag for node in root] == [f"{CP}{name}" for name in ("metadata", "organizations", "resources")]
    about = [(node.tag, node.text) for node in root[0]]
    assert about == [(f"{CP}schema", "QTIv2.1 Package"), (f"{CP}schemaversion", "1.0.0")]
    for resource in root[2]:
        assert set(resource.attrib) == {"identifier", "type", "href"}
        assert re.fullmatch(IDENTIFIER, resource.get("identifier"))
        assert re.fullmatch("imsqti_(item|test)_xmlv2p1", resource.get("type"))
        names = [node.tag.removeprefix(CP) for node in resource]
        assert re.fullmatch("(metadata )?(file )+(dependency )*", " ".join(names) + " ")
        for node in resource.iterfind(f"{CP}metadata/*"):
            assert node.tag == (f"{CP}instructureMetadata" if canvas else f"{METADATA}qtiMetadata") or canvas
            children = [child.tag.removeprefix(METADATA) for child in node]
            assert canvas or children == ["timeDependent", "interactionType", "feedbackType", "solutionAvailable"]


def _check(node: Element) -> None:
    name = _name(node)
    assert name in ELEMENTS, f"QTI 2.1 has no {node.tag} here"
    model, required, optional = ELEMENTS[name]
    present = set(node.attrib)
    assert required <= present <= required | optional, f"{name} has the attributes {sorted(present)}"
    for attribute, value in node.attrib.items():
        assert re.fullmatch(VALUES.get(attribute, ".*"), value, re.DOTALL), f"{name} {attribute}={value!r}"
    if "identifier" in present and name not in FREE_IDENTIFIERS:
        assert re.fullmatch(IDENTIFIER, node.get("identifier")), f"{name} is named {node.get('identifier')!r}"
    content = ["TEXT"] if (node.text or "").strip() else []
    for child in node:
        content += [_name(child)] + (["TEXT"] if (child.tail or "").strip() else [])
    assert re.fullmatch(_pattern(model), "".join(f"{word} " for word in content)), f"{name} holds {content}"
    for child in node:
        if child.tag != f"{MATHML}math":
            _check(child)


def _pattern(model: str) -> str:
    """A content model as a regular expression over names that each end with a space."""
    return (
        re.sub(r"\w+", lambda match: f"(?:{match[0]} )", model)
        .replace(") ", ")")
        .replace("* ", "*")
        .replace("? ", "?")
        .replace("+ ", "+")
        if model
        else ""
    )


def _name(node: Element) -> str:
    return "math" if node.tag == f"{MATHML}math" else node.tag.removeprefix(QTI)
