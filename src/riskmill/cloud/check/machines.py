"""State machine definitions: JSON or mapping, with holes, as one tree of states."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from riskmill.cloud.check.reading import read_json
from riskmill.cloud.check.values import CLOSE, OPEN, Map, Path, Value, as_text, hole, known, maps
from riskmill.cloud.check.world import Resource, World

TYPES = ("AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine")
_SUBSTITUTION = re.compile(r"\$\{([A-Za-z0-9_]+)\}")
_STRING_OR_HOLE = re.compile(r'"(?:[^"\\]|\\.)*"|' + f"{OPEN}[^{CLOSE}]*{CLOSE}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Machine:
    """A state machine whose definition is in the template."""

    resource: Resource
    path: Path
    """Property that holds the definition."""
    definition: Map


@dataclass(frozen=True, kw_only=True, slots=True)
class Level:
    """The states of one level: the machine's own, a branch's, or a map's."""

    holder: Map
    path: Path
    """Below the definition; empty for the machine itself."""

    def states(self) -> Iterator[tuple[str, Map]]:
        """Name and content of each state."""
        states = self.holder.get("States")
        for name, state in states.items() if isinstance(states, Map) else ():
            if isinstance(state, Map):
                yield name, state


def machines(world: World) -> Iterator[tuple[Resource, Path, Machine | str]]:
    """Every state machine with a definition; a text instead of it says why it cannot be read."""
    for resource in world.of_type(*TYPES):
        for name in ("DefinitionString", "Definition"):
            value = resource.properties.get(name)
            if value is None:
                continue
            read = _definition(value, resource)
            if isinstance(read, Map):
                yield resource, (name,), Machine(resource=resource, path=(name,), definition=read)
            elif read is not None:
                yield resource, (name,), read


def read_machines(world: World) -> Iterator[Machine]:
    """Every state machine whose definition can be read."""
    return (found for _, _, found in machines(world) if isinstance(found, Machine))


def _definition(value: Value, resource: Resource) -> Map | str | None:
    if isinstance(value, Map):
        return value
    if not isinstance(value, str) or (value.startswith("\ue000") and value.endswith("\ue001")):
        return None
    given = resource.properties.get("DefinitionSubstitutions")

    def substituted(match: re.Match[str]) -> str:
        item = given.get(match[1]) if isinstance(given, Map) else None
        text = as_text(item)
        return text if text is not None else hole("u", match[1])

    text = _SUBSTITUTION.sub(substituted, value)
    try:
        definition = read_json(_STRING_OR_HOLE.sub(_quoted, text))
    except (ValueError, RecursionError) as error:
        return None if OPEN in text else f"the definition is not JSON: {error}"
    return definition if isinstance(definition, Map) else "the definition is no mapping"


def _quoted(found: re.Match[str]) -> str:
    """Put an unknown that stands where a number would into quotes."""
    return f'"{found[0]}"' if found[0].startswith(OPEN) else found[0]


def levels(machine: Machine) -> Iterator[Level]:
    """Every level of states, outermost first."""
    waiting = [Level(holder=machine.definition, path=())]
    while waiting:
        level = waiting.pop(0)
        yield level
        for name, state in level.states():
            inner = (*level.path, "States", name)
            for key in ("Iterator", "ItemProcessor"):
                nested = state.get(key)
                if isinstance(nested, Map):
                    waiting.append(Level(holder=nested, path=(*inner, key)))
            for position, branch in maps(state.get("Branches")):
                waiting.append(Level(holder=branch, path=(*inner, "Branches", position)))


def transitions(state: Map) -> Iterator[str]:
    """Every state that *state* names as the next one."""
    for key in ("Next", "Default"):
        name = known(state.get(key))
        if name is not None:
            yield name
    for key in ("Choices", "Catch"):
        for _, branch in maps(state.get(key)):
            name = known(branch.get("Next"))
            if name is not None:
                yield name


def tasks(machine: Machine) -> Iterator[tuple[Path, str, Map, str]]:
    """Place, name, content and resource of each task state."""
    for level in levels(machine):
        for name, state in level.states():
            resource = state.get("Resource")
            if state.get("Type") == "Task" and isinstance(resource, str):
                yield (*machine.path, *level.path, "States", name), name, state, resource


def mentions(value: Value, text: str) -> bool:
    """Whether *text* occurs in a key or text anywhere below *value*."""
    return text in json.dumps(value, ensure_ascii=False)
