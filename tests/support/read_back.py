"""Readers of what the exports write, made from the formats' descriptions and from how the platforms read them: nothing
here imports the exports.

Moodle XML: docs.moodle.org/en/Moodle_XML_format. GIFT: the steps of Moodle's `question/format/gift/format.php`.
QTI 2.1: the information model of 2012, with the part of response processing that choice, number and order need.
"""

import re
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

QTI = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"
MATHML = "{http://www.w3.org/1998/Math/MathML}"


@dataclass
class Seen:
    """A question as a platform sees it. Texts are HTML; `options` and `reasons` stand in one order."""

    id: str
    kind: str
    ask: str
    options: list[str] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    value: float | None = None
    tolerance: float | None = None
    general: str = ""
    category: str = ""


def moodle(content: bytes) -> list[Seen]:
    found, category = [], ""
    for question in ElementTree.fromstring(content):
        kind = question.get("type")
        if kind == "category":
            category = question.findtext("category/text")
            continue
        answers = question.findall("answer")
        if kind == "ordering":
            answers.sort(key=lambda answer: float(answer.get("fraction")))
        seen = Seen(question.findtext("name/text"), kind, question.findtext("questiontext/text"), category=category)
        assert seen.id == question.findtext("idnumber")
        if kind == "multichoice":
            seen.kind = {"true": "single", "false": "several"}[question.findtext("single")]
        seen.options = [answer.findtext("text") for answer in answers]
        seen.shares = [float(answer.get("fraction")) for answer in answers]
        seen.reasons = [answer.findtext("feedback/text") or "" for answer in answers]
        seen.general = question.findtext("generalfeedback/text") or ""
        if kind == "numerical":
            seen.value, seen.tolerance = float(seen.options[0]), float(answers[0].findtext("tolerance"))
        found.append(seen)
    return found


def gift(content: bytes) -> list[Seen]:
    found, category = [], ""
    for paragraph in re.split(r"\n[ \t]*\n", content.decode()):
        lines = [line for line in paragraph.split("\n") if not line.strip().startswith("//")]
        text = _placeholders("\n".join(lines).strip())
        if text.startswith("$CATEGORY:"):
            category = _characters(text.removeprefix("$CATEGORY:")).strip()
            continue
        assert text.startswith("::")
        name, text = text[2:].split("::", 1)
        start, end = text.index("{"), text.index("}")
        assert end == len(text) - 1, "the answers stand at the end, and hold no brace"
        answers, _, general = text[start + 1 : end].partition("####")
        seen = Seen(_characters(name), "", _formatted(text[:start]), general=_formatted(general), category=category)
        _gift_answers(seen, answers.strip())
        found.append(seen)
    return found


def _gift_answers(seen: Seen, answers: str) -> None:
    if not answers:
        seen.kind = "essay"
    elif answers[0] == "#":
        seen.kind = "numerical"
        seen.value, seen.tolerance = map(float, answers[1:].split(":"))
    elif "~" in answers:
        seen.kind = "single" if "=" in answers else "several"
        for answer in filter(None, map(str.strip, answers.replace("=", "~=").split("~"))):
            weight = re.match(r"%(-?\d{1,3}(?:\.\d+)?)%", answer)
            seen.shares.append(100.0 if answer[0] == "=" else float(weight[1]) if weight else 0.0)
            option, _, reason = answer[weight.end() if weight else answer[0] == "=" :].partition("#")
            seen.options.append(_formatted(option))
            seen.reasons.append(_formatted(reason))
    else:
        seen.kind = "match"
        pairs = [answer.split("->") for answer in filter(None, map(str.strip, answers.split("=")))]
        seen.options = [_formatted(step) for step, _ in sorted(pairs, key=lambda pair: int(pair[1]))]


def _placeholders(text: str) -> str:
    """Moodle's `escapedchar_pre`: what is escaped is no mark."""
    text = text.replace("\\\\", "&&092;")
    for mark in ":#={}~":
        text = text.replace(f"\\{mark}", f"&&{ord(mark):03};")
    return text.replace("\\n", "&&010;").replace("&&092;", "\\")


def _characters(text: str) -> str:
    for mark in ":#={}~\n":
        text = text.replace(f"&&{ord(mark):03};", mark)
    return text


def _formatted(text: str) -> str:
    text = text.strip()
    assert not text or text.startswith("[html]")
    return _characters(text.removeprefix("[html]")).strip()


def qti(content: bytes) -> Seen:
    root = ElementTree.fromstring(content)
    body = root.find(f"{QTI}itemBody")
    interaction = next(node for node in body.iter() if node.tag.endswith("Interaction"))
    choices = interaction.findall(f"{QTI}simpleChoice")
    right = [value.text for value in root.iterfind(f"{QTI}responseDeclaration/{QTI}correctResponse/{QTI}value")]
    names = [choice.get("identifier") for choice in choices]
    kind = interaction.tag.removeprefix(QTI)
    if kind == "orderInteraction":
        choices, names = [choices[names.index(name)] for name in right], right
    seen = Seen(root.get("identifier"), kind, _inner(body[0]), [_inner(choice) for choice in choices])
    said = {node.get("identifier"): _inner(node[0]) for node in root.iterfind(f"{QTI}modalFeedback")}
    seen.general = said.get("general_fb", "")
    if kind == "choiceInteraction":
        seen.kind = "single" if interaction.get("maxChoices") == "1" else "several"
        seen.shares = [score(root, [name]) for name in names]
        seen.reasons = [said[f"fb_{name}"] for name in names]
    if kind == "textEntryInteraction":
        seen.value = float(right[0])
    return seen


def score(root: Element, response: list[str]) -> float:
    """What the item gives for a response: its response processing, step by step."""
    outcomes: dict[str, object] = {"SCORE": 0.0, "FEEDBACK": []}
    for rule in root.find(f"{QTI}responseProcessing"):
        if rule.tag == f"{QTI}responseCondition":
            condition, *rules = rule[0]
            if _value(condition, root, response, outcomes):
                for then in rules:
                    outcomes[then.get("identifier")] = _value(then[0], root, response, outcomes)
        else:
            outcomes[rule.get("identifier")] = _value(rule[0], root, response, outcomes)
    return outcomes["SCORE"]


def _value(node: Element, root: Element, response: list[str], outcomes: dict) -> object:
    tag = node.tag.removeprefix(QTI)
    if tag == "mapResponse":
        mapping = root.find(f"{QTI}responseDeclaration/{QTI}mapping")
        table = {entry.get("mapKey"): float(entry.get("mappedValue")) for entry in mapping}
        total = sum(table.get(name, float(mapping.get("defaultValue"))) for name in set(response))
        return min(max(total, float(mapping.get("lowerBound"))), float(mapping.get("upperBound")))
    if tag == "correct":
        return [value.text for value in root.iterfind(f"{QTI}responseDeclaration/{QTI}correctResponse/{QTI}value")]
    if tag == "variable":
        return response if node.get("identifier") == "RESPONSE" else outcomes[node.get("identifier")]
    if tag == "baseValue":
        return float(node.text) if node.get("baseType") == "float" else node.text
    parts = [_value(child, root, response, outcomes) for child in node]
    first, second = (part[0] if isinstance(part, list) and len(part) == 1 else part for part in (*parts, None)[:2])
    return {
        "match": lambda: first == second,
        "member": lambda: first in parts[1],
        "and": lambda: all(parts),
        "gte": lambda: float(first) >= second,
        "lte": lambda: float(first) <= second,
        "multiple": lambda: [*parts[0], parts[1]],
    }[tag]()


def _inner(node: Element) -> str:
    """The content of an element as HTML."""
    for below in node.iter():
        below.tag = below.tag.removeprefix(QTI).removeprefix(MATHML)
    return escape(node.text or "", quote=False) + "".join(ElementTree.tostring(child, "unicode") for child in node)


class Parts(HTMLParser):
    """What a reader sees of HTML: words, code and formulas in their order, as pairs (kind, text).

    A formula is MathML, or what MathJax finds: TeX between its marks within one run of text, outside code.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.inside: list[str] = []
        self.feed(html)
        self.close()
        assert not self.inside, "the tags are nested"

    def handle_starttag(self, tag: str, attributes: list) -> None:
        if tag == "br":
            return
        self.inside.append(tag)
        if tag in ("code", "math"):
            self.found.append(("code" if tag == "code" else "formula", ""))

    def handle_startendtag(self, tag: str, attributes: list) -> None:
        self.handle_data(" ")

    def handle_endtag(self, tag: str) -> None:
        assert self.inside.pop() == tag

    def handle_data(self, data: str) -> None:
        if "code" in self.inside or "math" in self.inside:
            kind, text = self.found[-1]
            self.found[-1] = (kind, text + data)
            return
        for index, part in enumerate(re.split(r"\\\((.*?)\\\)", data, flags=re.DOTALL)):
            if index % 2:
                self.found.append(("formula", part))
            elif self.found and self.found[-1][0] == "words":
                self.found[-1] = ("words", self.found[-1][1] + part)
            else:
                self.found.append(("words", part))
