"""
Text of a template to values with lines: JSON by its own grammar, YAML by events.

Both become one stream of steps, from which one loop builds the values; nothing here recurses, so
no depth of nesting and no knot of aliases can exhaust the stack.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from riskmill.cloud.check.values import Map, Seq, Value, plain
from riskmill.domain import UsageError

LARGEST = 1_048_576
"""Bytes of the largest template that CloudFormation takes, by URL."""
MOST_NODES = 100_000
"""Values of a template with its aliases written out; far beyond what a template can use."""
DEEPEST = 100
"""Levels of nesting; CloudFormation itself gives up well before."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One step of building: a scalar, the beginning or end of a collection, or an alias."""

    kind: str
    """`scalar`, `map`, `list`, `end` or `alias`."""
    line: int
    value: Value = None
    tag: str = ""
    """Short form of an intrinsic, such as `!Ref`; empty where there is none."""
    anchor: str = ""
    """Name that an alias refers to; empty where there is none."""


def read(raw: bytes, name: str) -> Map:
    """Return the template in *raw*; E751 to E756 where there is none. Errors say *name*."""
    text = _decoded(raw, name)
    looks_like_json = text.lstrip()[:1] == "{"
    if looks_like_json:
        try:
            return _template(_built(_json_steps(text), name), name)
        except json.JSONDecodeError as error:
            if name.lower().endswith((".json", ".template")):
                raise _unreadable(name, f"{error.msg}", error.lineno) from error
        except (RecursionError, ValueError) as error:
            raise _unreadable(name, str(error) or "nested too deep", 1) from error
    from riskmill.cloud.check.yaml_reading import yaml_steps

    return _template(_built(yaml_steps(text, name), name), name)


def _decoded(raw: bytes, name: str) -> str:
    if len(raw) > LARGEST:
        raise UsageError(
            "E752",
            f"the template has {len(raw):,} bytes; CloudFormation takes {LARGEST:,}",
            place=name,
            remedy="Split it into stacks, or move what is bulky out of it.",
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(
            "E751",
            f"the file is not UTF-8 text: byte {error.start} cannot be read",
            place=name,
            remedy="Save it as UTF-8, or name a template instead of this file.",
        ) from error


def _template(value: Value, name: str) -> Map:
    resources = value.get("Resources") if isinstance(value, Map) else None
    if isinstance(value, Map) and isinstance(resources, Map) and _has_a_type(resources):
        return value
    if not isinstance(value, Map):
        what = "it holds no mapping"
    elif not isinstance(resources, Map):
        what = "it has no section Resources"
    else:
        what = "no entry of its section Resources has a Type such as AWS::S3::Bucket"
    raise UsageError(
        "E753",
        f"this is not a CloudFormation template: {what}",
        place=name,
        remedy="Name a template in JSON or YAML, rendered where it comes from a program.",
    )


def _has_a_type(resources: Map) -> bool:
    return any(
        key.startswith("Fn::") or (isinstance(item, Map) and "::" in str(item.get("Type", "")))
        for key, item in resources.items()
    )


def _unreadable(name: str, what: str, line: int) -> UsageError:
    return UsageError(
        "E754",
        f"the template cannot be parsed: {what}",
        place=f"{name}:{line}",
        remedy="Mend the named line; nothing of the file was judged.",
    )


_TOKEN = re.compile(r'[\[\]{}:,]|"(?:[^"\\]|\\.)*"|[^\s\[\]{}:,"]+|\n')


def _json_steps(text: str, *, private: bool = False) -> Iterator[Step]:
    """Walk the tokens of a text whose grammar json has accepted; *private* lets holes pass."""
    json.loads(text, parse_constant=_refused)
    line = 1
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token == "\n":
            line += 1
        elif token in "{[":
            yield Step(kind="map" if token == "{" else "list", line=line)
        elif token in "}]":
            yield Step(kind="end", line=line)
        elif token not in ":,":
            value = json.loads(token)
            if isinstance(value, str) and not private:
                value = plain(value)
            yield Step(kind="scalar", line=line, value=value)


def read_json(text: str) -> Value:
    """Return the values of a JSON text inside a template; ValueError where it is none."""
    try:
        return _built(_json_steps(text, private=True), "definition")
    except UsageError as error:
        raise ValueError(error.message) from error


def _refused(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


@dataclass(slots=True)
class _Open:
    """A collection that is being built."""

    holder: Map | Seq
    step: Step
    weight: int = 1
    key: str | None = None
    key_line: int = 0


def _built(steps: Iterator[Step], name: str) -> Value:
    """Build the values that *steps* describe; E755 where they are too many or too deep."""
    stack: list[_Open] = []
    anchors: dict[str, tuple[Value, int]] = {}
    result: Value = None
    for step in steps:
        if step.kind in ("map", "list"):
            holder = Map(step.line) if step.kind == "map" else Seq(step.line)
            stack.append(_Open(holder=holder, step=step))
            _bounded(len(stack) <= DEEPEST, name, step.line)
            continue
        if step.kind == "end":
            done = stack.pop()
            value, weight, origin = _tagged(done.step, done.holder), done.weight, done.step
        elif step.kind == "alias":
            _bounded(step.anchor in anchors, name, step.line)
            (value, weight), origin = anchors[step.anchor], step
        else:
            value, weight, origin = _tagged(step, step.value), 1, step
        if origin.anchor and origin.kind != "alias":
            anchors[origin.anchor] = (value, weight)
        if stack:
            _placed(stack[-1], value, origin.line)
            stack[-1].weight += weight
            _bounded(stack[-1].weight <= MOST_NODES, name, origin.line)
        else:
            result = value
    return result


def _placed(inside: _Open, value: Value, line: int) -> None:
    if isinstance(inside.holder, Seq):
        inside.holder.add(value, line)
    elif inside.key is None:
        inside.key, inside.key_line = _key(value), line
    else:
        _entered(inside.holder, inside.key, value, inside.key_line)
        inside.key = None


def _entered(holder: Map, key: str, value: Value, line: int) -> None:
    """Set a key; YAML's merge key brings in what is not set."""
    if key != "<<":
        holder.put(key, value, line)
        return
    for source in value if isinstance(value, Seq) else (value,):
        if isinstance(source, Map):
            for name, item in source.items():
                if name not in holder:
                    holder[name] = item


def _key(value: Value) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _bounded(fits: bool, name: str, line: int) -> None:
    if not fits:
        raise UsageError(
            "E755",
            "the template is nested too deep, or its aliases grow without bound",
            place=f"{name}:{line}",
            remedy="Write out the aliases of this line; CloudFormation would refuse them too.",
        )


def _tagged(step: Step, value: Value) -> Value:
    """Return the long form of a short form: `!Ref X` becomes {"Ref": X}."""
    if not step.tag:
        return value
    short = step.tag.lstrip("!")
    key = short if short in ("Ref", "Condition") else f"Fn::{short}"
    if short == "GetAtt" and isinstance(value, str):
        parts = value.split(".", 1)
        value = Seq(step.line)
        for part in parts:
            value.add(part, step.line)
    long = Map(step.line)
    long.put(key, value, step.line)
    return long
