"""
Worlds: the sets of parameter values under which a template is judged.

A condition is a function of parameters, so conditions are never set one by one: parameters are,
and the conditions follow. The first world has every default; each further one changes a single
parameter to a value that some condition asks about. Worlds in which all conditions come out
alike are one world. A condition that cannot be worked out is taken both ways.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from riskmill.cloud.check.values import OPEN, PSEUDO, Map, Seq, Value, as_text, hole, items

MOST_WORLDS = 40
"""Worlds of one template; what varies beyond is not judged."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """Parameter values and forced conditions that differ from the defaults."""

    parameters: Mapping[str, str] = field(default_factory=dict)
    forced: Mapping[str, bool] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """What differs, as a person reads it; empty for the defaults."""
        parts = [
            f"{name} is {value!r}" if OPEN not in value else f"{name} has another value"
            for name, value in self.parameters.items()
        ]
        parts += [
            f"condition {name} is {str(value).lower()}" for name, value in self.forced.items()
        ]
        return ", ".join(parts)


@dataclass(frozen=True, kw_only=True, slots=True)
class Conditions:
    """The conditions of a template, evaluated under one choice."""

    sections: Map
    choice: Choice

    def holds(self, name: str, seen: frozenset[str] = frozenset()) -> bool | None:
        """Whether the condition called *name* holds; None where that cannot be known."""
        if name in self.choice.forced:
            return self.choice.forced[name]
        conditions = self.sections.get("Conditions")
        if not isinstance(conditions, Map) or name not in conditions or name in seen:
            return None
        return self._evaluated(conditions[name], seen | {name})

    def _evaluated(self, value: Value, seen: frozenset[str]) -> bool | None:
        if not isinstance(value, Map) or len(value) != 1:
            return value if isinstance(value, bool) else None
        (function, operand), *_ = value.items()
        if function == "Condition":
            return self.holds(str(operand), seen)
        if function == "Fn::Equals":
            return self._equal(items(operand))
        parts = [self._evaluated(part, seen) for part in items(operand)]
        if function == "Fn::Not" and len(parts) == 1:
            return None if parts[0] is None else not parts[0]
        if function == "Fn::And":
            return False if False in parts else None if None in parts else True
        if function == "Fn::Or":
            return True if True in parts else None if None in parts else False
        return None

    def _equal(self, pair: Seq) -> bool | None:
        if len(pair) != 2:
            return None
        left, right = (self._operand(side) for side in pair)
        if left is None or right is None:
            return None
        if OPEN in left and OPEN in right:
            return True if left == right else None
        return left == right

    def _operand(self, value: Value) -> str | None:
        """Text of one side of a comparison: a literal, or a parameter's value."""
        if isinstance(value, Map):
            name = value.get("Ref")
            return self.parameter(name) if isinstance(name, str) and len(value) == 1 else None
        return as_text(value)

    def parameter(self, name: str) -> str | None:
        """Value of a parameter under this choice; a hole where it has no default."""
        if name in self.choice.parameters:
            return self.choice.parameters[name]
        declared = self.sections.get("Parameters")
        entry = declared.get(name) if isinstance(declared, Map) else None
        if isinstance(entry, Map):
            default = as_text(entry.get("Default"))
            return hole("p", name) if default is None or _looked_up(entry) else default
        return hole(PSEUDO, name) if name.startswith("AWS::") else None


def _looked_up(entry: Map) -> bool:
    """Whether a parameter's value is the name of a stored parameter, not a value."""
    return str(entry.get("Type", "")).startswith("AWS::SSM::Parameter::Value")


def choices(sections: Map) -> tuple[Choice, ...]:
    """Return the choices that make the conditions come out differently, defaults first."""
    conditions = sections.get("Conditions")
    if not isinstance(conditions, Map):
        return (Choice(),)
    found: dict[tuple[bool | None, ...], Choice] = {}
    for choice in chain((Choice(),), _single_changes(sections, conditions)):
        worked = Conditions(sections=sections, choice=choice)
        for settled in _settled(worked, conditions):
            outcome = tuple(
                Conditions(sections=sections, choice=settled).holds(name) for name in conditions
            )
            found.setdefault(outcome, settled)
        if len(found) >= MOST_WORLDS:
            break
    return tuple(found.values())[:MOST_WORLDS]


def _settled(worked: Conditions, conditions: Map) -> Iterator[Choice]:
    """Force what cannot be known: all of it true, then all of it false, then each alone."""
    open_ones = [name for name in conditions if worked.holds(name) is None]
    if not open_ones:
        yield worked.choice
        return
    parameters = worked.choice.parameters
    yield Choice(parameters=parameters, forced=dict.fromkeys(open_ones, True))
    yield Choice(parameters=parameters, forced=dict.fromkeys(open_ones, False))
    if not parameters:
        for name in open_ones[:10]:
            yield Choice(forced={**dict.fromkeys(open_ones, False), name: True})


def _single_changes(sections: Map, conditions: Map) -> Iterator[Choice]:
    declared = sections.get("Parameters")
    asked: dict[str, dict[str, None]] = {}
    for condition in conditions.values():
        for name, literal in _comparisons(condition):
            asked.setdefault(name, {})[literal] = None
    for name, literals in asked.items():
        entry = declared.get(name) if isinstance(declared, Map) else None
        allowed = (
            [as_text(v) for v in items(entry.get("AllowedValues"))]
            if isinstance(entry, Map)
            else []
        )
        wanted = [v for v in literals if not allowed or v in allowed]
        others = [v for v in allowed if v is not None and v not in literals]
        rest = others[:1] if allowed else [hole("s" if name.startswith("AWS::") else "p", name)]
        for value in [*wanted, *rest]:
            yield Choice(parameters={name: value})


def _comparisons(value: Value) -> Iterator[tuple[str, str]]:
    """Every comparison of a parameter with a literal, anywhere in a condition."""
    waiting: list[Value] = [value]
    while waiting:
        current = waiting.pop()
        if isinstance(current, Map):
            yield from _compared(items(current.get("Fn::Equals")))
            waiting.extend(current.values())
        elif isinstance(current, Seq):
            waiting.extend(current)


def _compared(pair: Seq) -> Iterator[tuple[str, str]]:
    if len(pair) == 2:
        for one, other in ((pair[0], pair[1]), (pair[1], pair[0])):
            name = one.get("Ref") if isinstance(one, Map) else None
            literal = as_text(other)
            if isinstance(name, str) and literal is not None:
                yield name, literal
