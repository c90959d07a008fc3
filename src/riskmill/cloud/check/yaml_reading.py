"""YAML as CloudFormation reads it: dates, octal numbers and account ids stay text."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from riskmill.cloud.check.reading import Step
from riskmill.cloud.check.values import Value, plain
from riskmill.domain import UsageError

if TYPE_CHECKING:
    import yaml

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_REAL = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})?\.[0-9]{1,17}(?:[eE][-+]?[0-9]{1,3})?")
_WORDS: dict[str, Value] = {
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
    "null": None, "Null": None, "NULL": None, "~": None, "": None,
}  # fmt: skip
_STANDARD = "tag:yaml.org,2002:"


def yaml_steps(text: str, name: str) -> Iterator[Step]:
    """Walk the events of one YAML document; E754 where the text is none."""
    try:
        import yaml
    except ImportError as error:
        raise UsageError(
            "E756",
            "reading YAML needs a package that is not installed",
            place=name,
            remedy="Install riskmill[cloud], or give the template as JSON.",
        ) from error
    documents = 0
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            documents += isinstance(event, yaml.DocumentStartEvent)
            if documents > 1:
                raise _refused(name, event.start_mark.line + 1, "it holds more than one document")
            step = _step(event)
            if step is not None:
                yield step
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        said = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
        raise _refused(name, mark.line + 1 if mark else 1, said) from error


def _refused(name: str, line: int, what: str) -> UsageError:
    return UsageError(
        "E754",
        f"the template cannot be parsed: {what}",
        place=f"{name}:{line}",
        remedy="Mend the named line; nothing of the file was judged.",
    )


def _step(event: "yaml.Event") -> Step | None:
    import yaml

    line = event.start_mark.line + 1
    if isinstance(event, yaml.AliasEvent):
        return Step(kind="alias", line=line, anchor=event.anchor)
    if isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
        return Step(kind="end", line=line)
    if not isinstance(event, yaml.NodeEvent):
        return None
    anchor = event.anchor or ""
    if isinstance(event, yaml.ScalarEvent):
        tag = _intrinsic(event.tag)
        value = _scalar(event) if not tag else plain(event.value)
        return Step(kind="scalar", line=line, value=value, tag=tag, anchor=anchor)
    kind = "map" if isinstance(event, yaml.MappingStartEvent) else "list"
    tag = _intrinsic(getattr(event, "tag", None))
    return Step(kind=kind, line=line, tag=tag, anchor=anchor)


def _intrinsic(tag: str | None) -> str:
    if not tag or tag == "!" or tag.startswith(_STANDARD):
        return ""
    return tag


def _scalar(event: "yaml.ScalarEvent") -> Value:
    if event.style or (event.tag or "") in (f"{_STANDARD}str", "!"):
        return plain(event.value)
    text: str = event.value
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _REAL.fullmatch(text) else plain(text)
