"""What comes from a worker, made safe to keep and to show: one model of what a cell prints, draws and raises.

A learner's code chooses every text in a record. `clean` lets through what nbformat's schema knows, cut to size, without
half characters, and with control characters shown. Pages, tables and the gradebook are built from nothing else.
"""

import re
from binascii import Error, a2b_base64
from collections.abc import Iterable

TEXT, LINE, PICTURE, PICTURES, ITEMS = 100_000, 4_000, 2_000_000, 12_000_000, 200  # characters, or things
CUT = "\n[cut here: too long]\n"
COLORS = re.compile(r"\x1b\[[0-9;]*[mK]")
# C0 and C1 but for line end and tab, delete, half characters, line separators, and what turns the direction of text.
STRANGE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]"
)
BEGINS = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}


def _shown(match: re.Match) -> str:
    number = ord(match.group())
    return chr(0x2400 + number) if number < 32 else "\ufffd" if 0xD800 <= number < 0xE000 else f"⟨U+{number:04X}⟩"


def text(value: object, most: int = TEXT) -> str:
    """A text that every page, table and data base takes: cut, whole characters only, control characters shown."""
    found = value if isinstance(value, str) else ""
    return STRANGE.sub(_shown, COLORS.sub("", found[:most])) + (CUT if len(found) > most else "")


def line(value: object, most: int = 300) -> str:
    """A text as one line for a terminal: what is not printable is escaped, so that nobody can forge a second line."""
    found = str(value)
    kept = "".join(c if c.isprintable() else repr(c)[1:-1] for c in found[:most])
    return kept + (" …" if len(found) > most else "")


def stream(value: object) -> str:
    """What a stream printed; of a line that was written over, as by a progress bar, the last state."""
    found = value[: 4 * TEXT] if isinstance(value, str) else ""
    lines = (part.rstrip("\r").rpartition("\r")[2] for part in found.split("\n"))
    return text("\n".join(lines))


def picture(kind: str, value: object) -> str | None:
    """A picture in base64 if it is one of its kind, and not too large."""
    found = re.sub(r"\s", "", value) if isinstance(value, str) and len(value) <= PICTURE else ""
    try:
        whole = a2b_base64(found, strict_mode=True)
    except (Error, ValueError):
        return None
    return found if whole.startswith(BEGINS[kind]) else None


def output(item: object) -> dict | None:
    """One output as nbformat's schema has it; None for what is none."""
    kind = item.get("output_type") if isinstance(item, dict) else None
    if kind == "stream":
        name = item.get("name") if item.get("name") in ("stdout", "stderr") else "stdout"
        return {"output_type": kind, "name": name, "text": stream(item.get("text"))}
    if kind == "error":
        found = item.get("traceback")
        lines = [text(part, LINE) for part in found[:60]] if isinstance(found, list) else []
        name, value = text(item.get("ename"), 200), text(item.get("evalue"), LINE)
        return {"output_type": kind, "ename": name, "evalue": value, "traceback": lines}
    if kind in ("execute_result", "display_data"):
        data = _data(item.get("data"))
        extra = {"execution_count": None} if kind == "execute_result" else {}
        return {"output_type": kind, "data": data, "metadata": {}, **extra} if data else None
    return None


def _data(found: object) -> dict[str, str]:
    found = found if isinstance(found, dict) else {}
    data = {kind: picture(kind, found[kind]) for kind in BEGINS if kind in found}
    plain = {"text/plain": text(found["text/plain"])} if isinstance(found.get("text/plain"), str) else {}
    return {kind: value for kind, value in data.items() if value} | plain


def outputs(items: object) -> list[dict]:
    """The outputs of one cell."""
    found = items[:ITEMS] if isinstance(items, list) else []
    kept, left = [], TEXT
    for entry in filter(None, map(output, found)):
        size = sum(len(value) for value in _texts(entry))
        if size > left:
            kept.append({"output_type": "stream", "name": "stdout", "text": CUT})
            break
        kept, left = [*kept, entry], left - size
    return kept


def _texts(entry: dict) -> Iterable[str]:
    yield from (entry.get("text", ""), *entry.get("traceback", []), entry.get("data", {}).get("text/plain", ""))


def plain(value: object, depth: int = 6) -> object:
    """Any value of JSON, bounded: what a record holds beside outputs."""
    if isinstance(value, str):
        return text(value, LINE)
    if isinstance(value, dict):
        return {text(k, 200): plain(v, depth - 1) for k, v in list(value.items())[:ITEMS]} if depth else None
    if isinstance(value, list | tuple):
        return [plain(entry, depth - 1) for entry in value[:ITEMS]] if depth else None
    return value if value is None or isinstance(value, bool | int | float) else None


def _outcome(found: dict) -> dict:
    kept = {k: plain(v) for k, v in found.items() if k not in ("outputs", "ok", "error", "died", "value")}
    error, value = found.get("error"), found.get("value")
    kept["error"] = [text(part, LINE) for part in (*error, "", "")[:2]] if isinstance(error, list) and error else None
    kept["died"] = text(found["died"], LINE) if found.get("died") else None
    kept |= {"ok": found.get("ok") is True, "outputs": outputs(found.get("outputs"))}
    return kept | ({"value": None if value is None else _number(value)} if "value" in found else {})


def _number(value: object) -> str:
    try:
        return repr(float(value))  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return "nan"


def clean(record: object) -> dict:
    """The record, safe to keep. Of a record without outcomes nothing is left but an error."""
    outcomes = record.get("outcomes") if isinstance(record, dict) else None
    if not isinstance(outcomes, dict):
        return {"outcomes": {}, "flags": [], "error": "the worker sent no record"}
    kept = {k: plain(v) for k, v in record.items() if k not in ("outcomes", "flags")}
    flags = [text(flag, LINE) for flag in record.get("flags") or []][:ITEMS]
    whole = {str(i): _outcome(found) for i, found in outcomes.items() if isinstance(found, dict) and str(i).isdigit()}
    _fit(whole)
    numbers = {name: float(kept.get(name) or 0) for name in ("seconds", "peak_mb", "restarts")}
    return {**kept, **numbers, "error": kept.get("error"), "flags": flags, "outcomes": whole}


def _fit(outcomes: dict[str, dict]) -> None:
    """Leave out the pictures beyond what a notebook may hold, and say so in their place."""
    left = PICTURES
    for entry in (entry for outcome in outcomes.values() for entry in outcome["outputs"]):
        for kind in BEGINS.keys() & entry.get("data", {}).keys():
            left -= len(entry["data"][kind])
            if left < 0:
                del entry["data"][kind]
                entry["data"]["text/plain"] = "[a picture that is left out: there are too many]"
