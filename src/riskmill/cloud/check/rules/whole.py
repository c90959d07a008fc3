"""The template as a whole: names that lead nowhere, and what is written for nobody."""

import re
from collections.abc import Iterator

from riskmill.cloud.check.rule import Found, Rule, Severity
from riskmill.cloud.check.values import Map, Path, Seq, Value, at, items, texts
from riskmill.cloud.check.world import World

_VARIABLE = re.compile(r"\$\{([^!{}$.]+)(\.[^{}$]*)?\}")
_HARD_ARN = re.compile(r"\barn:aws:[a-z0-9-]*:")
_HARD_IMAGE = re.compile(r"\.dkr\.ecr\.[^/]{0,200}amazonaws\.com/")


def walk(value: Value, path: Path = ()) -> Iterator[tuple[Path, Value]]:
    """Every value below *value* with its place, parents first."""
    waiting: list[tuple[Path, Value]] = [(path, value)]
    while waiting:
        place, current = waiting.pop()
        yield place, current
        if isinstance(current, Map):
            waiting += [((*place, key), item) for key, item in reversed(current.items())]
        elif isinstance(current, Seq):
            waiting += [((*place, n), current[n]) for n in reversed(range(len(current)))]


def _names(sections: Map, section: str) -> Map:
    content = sections.get(section)
    return content if isinstance(content, Map) else Map()


def _doubled(world: World) -> Iterator[Found]:
    for path, value in walk(world.sections):
        for key, _ in value.doubled if isinstance(value, Map) else ():
            resource, inner = _place((*path, key))
            yield Found(
                resource=resource,
                path=inner,
                message=f"{key} is written twice; only the last one counts",
                evidence=key,
            )


def _place(path: Path) -> tuple[str, Path]:
    """Return the resource or section that a place in the template belongs to."""
    if len(path) > 1 and path[0] == "Resources":
        return str(path[1]), path[2:]
    return ".".join(str(step) for step in path[:2]), path


def _used(world: World) -> tuple[set[str], set[str]]:
    """Names that are referred to, and conditions that are asked, anywhere."""
    names: set[str] = set()
    conditions: set[str] = set()
    for path, value in walk(world.sections):
        if not isinstance(value, Map):
            continue
        names |= {name for name in (value.get("Ref"),) if isinstance(name, str)}
        names |= _in_text(value.get("Fn::Sub"))
        names |= set(texts(at(value.get("Fn::GetAtt"), 0)))
        asked = value.get("Condition")
        conditions |= {asked} if isinstance(asked, str) else set()
        conditions |= set(texts(at(value.get("Fn::If"), 0)))
        names |= set(texts(value.get("Fn::ValueOf"))) if path else set()
    return names, conditions


def _in_text(value: Value) -> set[str]:
    text = value if isinstance(value, str) else at(value, 0)
    return {m[1].strip() for m in _VARIABLE.finditer(text)} if isinstance(text, str) else set()


def _unused_parameters(world: World) -> Iterator[Found]:
    if _is_rewritten(world):
        return
    names, _ = _used(world)
    for name in _names(world.sections, "Parameters"):
        if name not in names:
            yield Found(
                resource=f"Parameters.{name}",
                path=("Parameters", name),
                message=f"parameter {name} is used nowhere",
            )


def _unused_conditions(world: World) -> Iterator[Found]:
    if _is_rewritten(world):
        return
    _, asked = _used(world)
    for name in _names(world.sections, "Conditions"):
        if name not in asked:
            yield Found(
                resource=f"Conditions.{name}",
                path=("Conditions", name),
                message=f"condition {name} is asked nowhere",
            )


def _is_rewritten(world: World) -> bool:
    """Whether a macro may use names in ways that the template does not show."""
    transforms = [
        m
        for m in items(world.sections.get("Transform"))
        if not str(m).startswith("AWS::Serverless")
    ]
    return (
        bool(transforms)
        or any(key.startswith("Fn::") for key in _names(world.sections, "Resources"))
        or any(isinstance(v, Map) and "Fn::Transform" in v for _, v in walk(world.sections))
    )


def _unknown_names(world: World) -> Iterator[Found]:
    if _is_rewritten(world) or world.open:
        return
    sections = world.sections
    there = {*_names(sections, "Parameters"), *_names(sections, "Resources")}
    for path, value in walk(sections):
        if path[:1] in (("Metadata",), ("Parameters",), ("Mappings",)) or not isinstance(
            value, Map
        ):
            continue
        if "Rules" in path[:1] or "Hooks" in path[:1]:
            continue
        for name in sorted(_referred(value) - there):
            if not name.startswith("AWS::"):
                yield _nothing_called(path, name)
        for name in sorted(_asked(path, value) - set(_names(sections, "Conditions"))):
            yield _nothing_called(path, name)


def _referred(value: Map) -> set[str]:
    """Names that one intrinsic refers to."""
    if len(value) != 1:
        return set()
    names = {name for name in (value.get("Ref"),) if isinstance(name, str)}
    operand = value.get("Fn::GetAtt")
    first = operand.split(".")[0] if isinstance(operand, str) else at(operand, 0)
    names |= {first} if isinstance(first, str) else set()
    text = value.get("Fn::Sub")
    own = at(text, 1) if isinstance(text, Seq) else None
    return names | (_in_text(text) - set(own if isinstance(own, Map) else ()))


def _asked(path: Path, value: Map) -> set[str]:
    """Names of conditions that a resource, output or intrinsic asks."""
    own = path[:1] in (("Resources",), ("Outputs",)) and len(path) == 2
    inner = path[:1] == ("Conditions",) and len(value) == 1
    names = (
        {value["Condition"]}
        if (own or inner) and isinstance(value.get("Condition"), str)
        else set()
    )
    branch = value.get("Fn::If") if len(value) == 1 else None
    first = at(branch, 0)
    return {str(name) for name in names} | ({first} if isinstance(first, str) else set())


def _nothing_called(path: Path, name: str) -> Found:
    resource, inner = _place(path)
    return Found(
        resource=resource,
        path=inner,
        message=f"refers to {name}, which the template does not have",
        evidence=name,
    )


def _absent_resource(world: World) -> Iterator[Found]:
    if world.open:
        return
    written = _names(world.sections, "Resources")
    absent = set(written) - set(world.resources)
    for resource in world.resources.values() if absent else ():
        for name in sorted(_meant_by(resource.properties) & absent):
            condition = at(written, name, "Condition")
            yield Found(
                resource=resource.id,
                path=("Properties",),
                message=f"refers to {name}, which exists only where {condition} holds",
                evidence=world.choice.label or "with the defaults",
            )


def _meant_by(properties: Map) -> set[str]:
    from riskmill.cloud.check.values import holes

    return {name for _, value in walk(properties) for kind, name, _ in holes(value) if kind in "ra"}


def _hard_partition(world: World) -> Iterator[Found]:
    for name, entry in _names(world.sections, "Resources").items():
        hits = [
            (path, str(value))
            for path, value in walk(at(entry, "Properties"), ("Properties",))
            if isinstance(value, str) and (_HARD_ARN.search(value) or _HARD_IMAGE.search(value))
        ]
        if hits:
            yield Found(
                resource=name,
                path=hits[0][0],
                message=f"the partition is written out, {len(hits)} times",
                evidence=hits[0][1][:100],
            )


RULES = (
    Rule(
        code="C101",
        title="a key that is written twice",
        reason="Of two equal keys the last one counts and the first is dropped without a word; "
        "for a "
        "logical id that is a whole resource.",
        source="AWS CloudFormation User Guide: Template format",
        remedy="Rename one, or join the two.",
        example="Two resources called Queue",
        find=_doubled,
        once=True,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C102",
        title="a parameter that nothing uses",
        reason="Whoever deploys sets it and expects something of it.",
        source="AWS CloudFormation User Guide: Parameters",
        remedy="Use it, or remove it.",
        example="A parameter that no Ref names",
        find=_unused_parameters,
        once=True,
        severity=Severity.NOTE,
    ),
    Rule(
        code="C103",
        title="a condition that nothing asks",
        reason="It decides nothing; mostly a resource lost its Condition.",
        source="AWS CloudFormation User Guide: Conditions",
        remedy="Use it, or remove it.",
        example="A condition that no resource, output or Fn::If names",
        find=_unused_conditions,
        once=True,
        severity=Severity.NOTE,
    ),
    Rule(
        code="C104",
        title="the partition is written out",
        reason="ARNs begin with arn:aws-cn in China and arn:aws-us-gov in GovCloud, and registries "
        "end in another suffix; the template cannot be deployed there.",
        source="AWS CloudFormation User Guide: Pseudo parameters reference",
        remedy="Write ${AWS::Partition} and ${AWS::URLSuffix}.",
        example="arn:aws:s3:::${Bucket}/*",
        find=_hard_partition,
        once=True,
        severity=Severity.NOTE,
    ),
    Rule(
        code="C105",
        title="a reference to a resource that may not exist",
        reason="Where the other's condition does not hold and one's own does, CloudFormation "
        "refuses "
        "the template: unresolved resource dependencies.",
        source="AWS CloudFormation User Guide: Condition functions",
        remedy="Give both the same condition, or wrap the reference into Fn::If.",
        example="A service without condition that names a queue with one",
        find=_absent_resource,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C106",
        title="a name that the template does not have",
        reason="CloudFormation refuses a reference to what is neither parameter, resource nor "
        "condition.",
        source="AWS CloudFormation User Guide: Ref, Fn::GetAtt, Fn::Sub, Fn::If",
        remedy="Correct the name.",
        example="!Ref Buket",
        find=_unknown_names,
        once=True,
        severity=Severity.ERROR,
    ),
)  # fmt: skip
