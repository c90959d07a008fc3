"""
Values as they will be under one choice of parameters, as far as that can be known.

What cannot be known becomes a hole (`values`), never a guess. `AWS::NoValue` removes what it
stands for. A macro inside a mapping leaves it *open*: what is absent there may yet be added.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256

from riskmill.cloud.check.conditions import Conditions
from riskmill.cloud.check.values import (
    ATTRIBUTE,
    IMPORT,
    OPEN,
    PARAMETER,
    PSEUDO,
    RESOURCE,
    UNKNOWN,
    Map,
    Seq,
    Value,
    as_text,
    at,
    hole,
    holes,
    items,
    known,
)

_VARIABLE = re.compile(r"\$\{([^!{}$][^{}$]*)\}")
_LITERAL = re.compile(r"\$\{!([^{}$]*)\}")
_DYNAMIC = re.compile(r"\{\{resolve:[^{}]*\}\}")
LONGEST = 200_000
"""Characters of the longest text that is put together; a longer one is not known."""
LABEL = 300
"""Characters of an unknown's name that is kept in full."""


class NoValue:
    """Stands for `AWS::NoValue` while its surroundings are resolved."""


class Unknowable:
    """Stands for what an intrinsic gives where that cannot be known before deployment."""


NOTHING = NoValue()
UNKNOWABLE = Unknowable()
Resolved = Value | NoValue
Answer = Resolved | Unknowable


class Resolver:
    """Resolves values of one template under one choice; results are kept by identity."""

    def __init__(self, sections: Map, conditions: Conditions) -> None:
        self._sections = sections
        self._conditions = conditions
        parameters, resources = sections.get("Parameters"), sections.get("Resources")
        self._parameters: Map = parameters if isinstance(parameters, Map) else Map()
        self._resources: Map = resources if isinstance(resources, Map) else Map()
        macros = items(sections.get("Transform"))
        self._rewritten = any(not str(macro).startswith("AWS::") for macro in macros)

    def resolve(self, value: Value) -> Value:
        """Return *value* with every intrinsic worked out; None for `AWS::NoValue`."""
        result = self._resolve(value)
        return None if isinstance(result, NoValue) else result

    def _resolve(self, value: Value) -> Resolved:
        if isinstance(value, Map):
            if len(value) == 1:
                (name, operand), *_ = value.items()
                intrinsic = _INTRINSICS.get(name)
                if intrinsic is not None:
                    answer = intrinsic(self, operand)
                    return _unknown(value) if isinstance(answer, Unknowable) else answer
                if name.startswith("Fn::") and not name.startswith("Fn::ForEach"):
                    return _unknown(value)
            return self._mapping(value)
        if isinstance(value, Seq):
            return self._sequence(value)
        if isinstance(value, str) and "{{resolve:" in value:
            return _DYNAMIC.sub(lambda found: hole(UNKNOWN, found[0]), value)
        return value

    def _mapping(self, value: Map) -> Map:
        result = Map(value.line)
        result.open = value.open or self._rewritten
        for key, item in value.items():
            if key.startswith(("Fn::Transform", "Fn::ForEach")):
                result.open = True
                continue
            resolved = self._resolve(item)
            if not isinstance(resolved, NoValue):
                result[key] = resolved
                result.lines[key] = value.lines.get(key, value.line)
        return result

    def _sequence(self, value: Seq) -> Seq:
        result = Seq(value.line)
        for item, line in zip(value, value.lines, strict=True):
            resolved = self._resolve(item)
            if not isinstance(resolved, NoValue):
                result.add(resolved, line)
        return result

    def reference(self, operand: Value) -> Answer:
        """Return what `Ref` gives."""
        if operand == "AWS::NoValue":
            return NOTHING
        if not isinstance(operand, str):
            return UNKNOWABLE
        if operand in self._parameters:
            return self._parameter(operand)
        if operand in self._resources:
            return hole(RESOURCE, operand)
        return hole(PSEUDO if operand.startswith("AWS::") else UNKNOWN, operand)

    def _parameter(self, name: str) -> Value:
        value = self._conditions.parameter(name)
        entry = self._parameters[name]
        kind = str(entry.get("Type", "")) if isinstance(entry, Map) else ""
        if not value:
            return hole(PARAMETER, name)
        if "List" in kind and OPEN not in value:
            listed = Seq()
            for part in value.split(","):
                listed.add(part.strip(), 0)
            return listed
        return value

    def attribute(self, operand: Value) -> Answer:
        """Return what `Fn::GetAtt` gives: always a hole."""
        parts = operand.split(".", 1) if isinstance(operand, str) else list(items(operand))
        if len(parts) == 2 and isinstance(parts[0], str):
            second = self.resolve(parts[1])
            if known(second) is not None:
                return hole(ATTRIBUTE, parts[0], str(second))
        return UNKNOWABLE

    def substituted(self, operand: Value) -> Answer:
        """Return what `Fn::Sub` gives."""
        own: Map = Map()
        template = operand
        if isinstance(operand, Seq):
            template = at(operand, 0)
            second = at(operand, 1)
            own = second if isinstance(second, Map) else own
        if not isinstance(template, str) or len(template) > LONGEST:
            return UNKNOWABLE
        pieces = _VARIABLE.split(template)
        filled = _bounded(
            self._variable(piece.strip(), own) if place % 2 else _LITERAL.sub(r"${\1}", piece)
            for place, piece in enumerate(pieces)
        )
        return UNKNOWABLE if filled is None else filled

    def _variable(self, name: str, own: Map) -> str:
        if name in own:
            return self._as_text(own[name])
        if "." in name:
            return self._as_text_of(self.attribute(name), name)
        return self._as_text_of(self.reference(name), name)

    def _as_text(self, value: Value) -> str:
        return self._as_text_of(self._resolve(value), _named(value))

    def _as_text_of(self, resolved: Answer, name: str) -> str:
        if isinstance(resolved, NoValue):
            return ""
        if isinstance(resolved, Unknowable):
            return hole(UNKNOWN, name)
        text = as_text(resolved)
        if text is None and isinstance(resolved, Seq):
            text = ",".join(as_text(item) or "" for item in resolved)
        return hole(UNKNOWN, name) if text is None else text

    def joined(self, operand: Value) -> Answer:
        """Return what `Fn::Join` gives."""
        glue = as_text(at(operand, 0))
        parts = self.resolve(at(operand, 1))
        if glue is None or not isinstance(parts, Seq):
            return UNKNOWABLE
        texts = [as_text(part) for part in parts]
        text = _bounded(
            (glue if place else "") + part for place, part in enumerate(texts) if part is not None
        )
        return UNKNOWABLE if text is None or None in texts else text

    def split(self, operand: Value) -> Answer:
        """Return what `Fn::Split` gives; not known where a hole may hide a separator."""
        separator, text = as_text(at(operand, 0)), self.resolve(at(operand, 1))
        if not separator or not isinstance(text, str):
            return UNKNOWABLE
        if any(kind in (PARAMETER, IMPORT, UNKNOWN, ATTRIBUTE) for kind, _, _ in holes(text)):
            return UNKNOWABLE
        result = Seq()
        for part in text.split(separator):
            result.add(part, 0)
        return result

    def selected(self, operand: Value) -> Answer:
        """Return what `Fn::Select` gives."""
        place, options = as_text(self.resolve(at(operand, 0))), self.resolve(at(operand, 1))
        if place is None or not place.isdigit() or len(place) > 6 or not isinstance(options, Seq):
            return UNKNOWABLE
        return options[int(place)] if int(place) < len(options) else UNKNOWABLE

    def chosen(self, operand: Value) -> Answer:
        """Return what `Fn::If` gives: the branch of this world, or unknown."""
        parts = items(operand)
        holds = self._conditions.holds(str(parts[0])) if len(parts) == 3 else None
        if holds is None:
            return UNKNOWABLE
        return self._resolve(parts[1] if holds else parts[2])

    def mapped(self, operand: Value) -> Answer:
        """Return what `Fn::FindInMap` gives, where all three keys are known."""
        keys = [known(self.resolve(key)) for key in items(operand)[:3]]
        if None in keys or len(keys) != 3:
            return UNKNOWABLE
        found = at(self._sections.get("Mappings"), *(key or "" for key in keys))
        return UNKNOWABLE if found is None else self._resolve(found)

    def imported(self, operand: Value) -> Answer:
        """Return what `Fn::ImportValue` gives: a hole, the same for the same export."""
        name = self.resolve(operand)
        return hole(IMPORT, name if isinstance(name, str) else _named(name))

    def encoded(self, operand: Value) -> Answer:
        """Return the text that `Fn::Base64` encodes; its code is of no interest here."""
        return self._resolve(operand)

    def written(self, operand: Value) -> Answer:
        """Return what `Fn::ToJsonString` gives."""
        text = json.dumps(self.resolve(operand), separators=(",", ":"), ensure_ascii=False)
        return text if len(text) <= LONGEST else UNKNOWABLE


_INTRINSICS: Mapping[str, Callable[[Resolver, Value], Answer]] = {
    "Ref": Resolver.reference,
    "Fn::GetAtt": Resolver.attribute,
    "Fn::Sub": Resolver.substituted,
    "Fn::Join": Resolver.joined,
    "Fn::Split": Resolver.split,
    "Fn::Select": Resolver.selected,
    "Fn::If": Resolver.chosen,
    "Fn::FindInMap": Resolver.mapped,
    "Fn::ImportValue": Resolver.imported,
    "Fn::Base64": Resolver.encoded,
    "Fn::ToJsonString": Resolver.written,
}


def _unknown(value: Value) -> str:
    return hole(UNKNOWN, _named(value))


def _named(value: Value) -> str:
    """Name an unknown by what it is made of: the same expression is the same unknown."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return text if len(text) <= LABEL else f"{text[:80]}... {sha256(text.encode()).hexdigest()}"


def _bounded(pieces: Iterable[str]) -> str | None:
    """Join *pieces* as long as they stay within `LONGEST`."""
    kept: list[str] = []
    length = 0
    for piece in pieces:
        kept.append(piece)
        length += len(piece)
        if length > LONGEST:
            return None
    return "".join(kept)
