"""
Values of a template: plain Python, with lines, and with holes where a text is not known.

A text of which a part is known only at deployment is still a `str`: each unknown part is a
*hole*, a short run between two private-use characters. Splitting, matching and parsing work on
it as on any text; a separator is never found inside a hole, and two holes are equal exactly
when they stand for the same unknown.
"""

import re
from collections.abc import Iterator, Sequence

OPEN, CLOSE, COLON, DOT, SLASH, COMMA = (chr(0xE000 + number) for number in range(6))
_HIDDEN = {":": COLON, ".": DOT, "/": SLASH, ",": COMMA}
_HOLE = re.compile(f"{OPEN}(.)([^{CLOSE}]*){CLOSE}", re.DOTALL)
_PRIVATE = re.compile(f"[{OPEN}-{COMMA}]")

RESOURCE = "r"
"""Kind of a hole: the `Ref` of a resource of the template."""
ATTRIBUTE = "a"
"""Kind of a hole: an attribute of a resource of the template."""
PARAMETER = "p"
"""Kind of a hole: a parameter."""
PSEUDO = "s"
"""Kind of a hole: a pseudo parameter such as AWS::Region."""
IMPORT = "i"
"""Kind of a hole: an export of another stack."""
UNKNOWN = "u"
"""Kind of a hole: anything else."""


class Map(dict[str, "Value"]):
    """A mapping that knows the line it starts on and the line of each key."""

    __slots__ = ("doubled", "line", "lines", "open")

    def __init__(self, line: int = 0) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}
        self.doubled: list[tuple[str, int]] = []
        self.open = False

    def put(self, key: str, value: "Value", line: int) -> None:
        """Set *key*; a key that is there already is noted as written twice."""
        if key in self.lines:
            self.doubled.append((key, line))
        self[key] = value
        self.lines[key] = line

    def lacks(self, key: str) -> bool:
        """Whether *key* is certainly not set: absent, and no macro may add it."""
        return key not in self and not self.open


class Seq(list["Value"]):
    """A list that knows the line of each entry."""

    __slots__ = ("line", "lines", "open")

    def __init__(self, line: int = 0) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []
        self.open = False

    def add(self, value: "Value", line: int) -> None:
        """Append *value*, which stands on *line*."""
        self.append(value)
        self.lines.append(line)


Value = str | int | float | bool | None | Map | Seq
Path = tuple[str | int, ...]


def hole(kind: str, name: str, attribute: str = "") -> str:
    """Return the text that stands for an unknown."""
    label = f"{name}.{attribute}" if attribute else name
    return f"{OPEN}{kind}{''.join(_HIDDEN.get(c, c) for c in plain(label))}{CLOSE}"


def plain(text: str) -> str:
    """Return *text* without the characters that holes are made of."""
    return _PRIVATE.sub("\N{REPLACEMENT CHARACTER}", text)


def holes(value: Value) -> Iterator[tuple[str, str, str]]:
    """Kind, name and attribute of every hole of a text, in order; nothing for other values."""
    if isinstance(value, str):
        for match in _HOLE.finditer(value):
            name = _shown(match[2])
            kind = match[1]
            if kind == ATTRIBUTE:
                resource, _, attribute = name.partition(".")
                yield kind, resource, attribute
            else:
                yield kind, name, ""


def sole_hole(value: Value) -> tuple[str, str, str] | None:
    """Return the hole that a text consists of, or None where it is anything else."""
    if isinstance(value, str) and _HOLE.fullmatch(value):
        return next(holes(value))
    return None


def known(value: Value) -> str | None:
    """Return a text without holes as it is, and None for every other value."""
    return value if isinstance(value, str) and OPEN not in value else None


def without_holes(text: str, filler: str) -> str:
    """Return *text* with *filler* in place of each hole."""
    return _HOLE.sub(lambda _: filler, text)


def number(value: Value) -> float | None:
    """Return a number, also one that is written as text; None where it is none or not known."""
    if isinstance(value, bool) or value is None or isinstance(value, (Map, Seq)):
        return None
    if isinstance(value, (int, float)):
        return float(value)
    try:
        return float(value) if len(value) < 30 else None
    except ValueError:
        return None


def truth(value: Value) -> bool | None:
    """Return a truth value, also one that is written as text; None where it is not known."""
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(str(value).lower()) if known(value) else None


def as_text(value: Value) -> str | None:
    """Return a scalar as CloudFormation writes it into a text; None for lists and mappings."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    return value if isinstance(value, str) else None


def items(value: Value) -> Seq:
    """Return a list as it is, a single value as a list of one, nothing as an empty list."""
    if isinstance(value, Seq):
        return value
    listed = Seq()
    if value is not None:
        listed.add(value, value.line if isinstance(value, Map) else 0)
    return listed


def maps(value: Value) -> Iterator[tuple[int, Map]]:
    """Position and content of every mapping in a list, or of the one mapping."""
    for position, item in enumerate(items(value)):
        if isinstance(item, Map):
            yield position, item


def texts(value: Value) -> Iterator[str]:
    """Every text in a list, or the one text."""
    return (item for item in items(value) if isinstance(item, str))


def at(value: Value, *path: str | int) -> Value:
    """Return what lies at *path* below *value*, or None."""
    for step in path:
        if isinstance(value, Map) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, Seq) and isinstance(step, int) and 0 <= step < len(value):
            value = value[step]
        else:
            return None
    return value


def line_at(value: Value, path: Sequence[str | int], line: int) -> int:
    """Return the line of the deepest part of *path* that exists below *value*."""
    for step in path:
        if isinstance(value, Map) and isinstance(step, str) and step in value:
            line = value.lines.get(step, 0) or line
            value = value[step]
        elif isinstance(value, Seq) and isinstance(step, int) and 0 <= step < len(value):
            line = value.lines[step] or line
            value = value[step]
        else:
            break
    return line


def text_of(value: Value) -> str:
    """Return every text below *value*, one after the other."""
    waiting, parts = [value], []
    while waiting:
        current = waiting.pop()
        if isinstance(current, Map):
            waiting.extend(current.values())
        elif isinstance(current, Seq):
            waiting.extend(current)
        elif isinstance(current, str):
            parts.append(current)
    return " ".join(parts)


def shown(value: Value) -> str:
    """Return a value as a person reads it: holes as `${Name}`, long texts cut."""
    if isinstance(value, Map):
        text = "{" + ", ".join(f"{key}: {shown(item)}" for key, item in value.items()) + "}"
    elif isinstance(value, Seq):
        text = "[" + ", ".join(shown(item) for item in value) + "]"
    else:
        text = _HOLE.sub(lambda found: "${" + _shown(found[2]) + "}", as_text(value) or "")
    return text if len(text) <= 120 else text[:117] + "..."


def _shown(hidden: str) -> str:
    for mark, replacement in _HIDDEN.items():
        hidden = hidden.replace(replacement, mark)
    return hidden
