"""A template under one choice of parameters: the resources that exist there, and who means whom."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from riskmill.cloud.check.conditions import Choice, Conditions, choices
from riskmill.cloud.check.resolving import Resolver
from riskmill.cloud.check.values import (
    ATTRIBUTE,
    OPEN,
    RESOURCE,
    Map,
    Value,
    holes,
    items,
    sole_hole,
    texts,
)

NAMES: Mapping[str, str] = {
    "AWS::DynamoDB::Table": "TableName",
    "AWS::ECR::Repository": "RepositoryName",
    "AWS::ECS::CapacityProvider": "Name",
    "AWS::ECS::Cluster": "ClusterName",
    "AWS::ECS::Service": "ServiceName",
    "AWS::ECS::TaskDefinition": "Family",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Role": "RoleName",
    "AWS::KMS::Alias": "AliasName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::Serverless::Function": "FunctionName",
    "AWS::StepFunctions::StateMachine": "StateMachineName",
}
"""Types of resources that are often meant by name, and the property that holds it."""
ARN_NAMES: Mapping[str, str] = {"stepfunctions": "states", "serverless": "lambda"}
"""Services, as in the types of resources, that have another name in ARNs."""
WHOLE_MACROS = frozenset({"AWS::LanguageExtensions", "AWS::SecretsManager-2020-07-23"})
"""Macros that add no resource of their own."""
SAM = "AWS::Serverless-2016-10-31"
"""The macro of SAM: adds resources, and no policy to one that is written out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Resource:
    """A resource as one world has it."""

    id: str
    type: str
    properties: Map
    """Resolved; empty where the template has none."""
    entry: Map
    """As written, with its attributes."""
    line: int

    def depends_on(self) -> tuple[str, ...]:
        """Return the resources that it names in DependsOn."""
        return tuple(texts(self.entry.get("DependsOn")))


class World:
    """The resources of a template under one choice of parameters."""

    def __init__(self, sections: Map, choice: Choice) -> None:
        self.sections = sections
        self.choice = choice
        self.conditions = Conditions(sections=sections, choice=choice)
        self.resolver = Resolver(sections, self.conditions)
        self.resources = dict(self._existing())
        self.open = _adds_resources(sections, WHOLE_MACROS)
        self.adds_policies = _adds_resources(sections, WHOLE_MACROS | {SAM}) or _connects(sections)
        self._meant: dict[tuple[str, tuple[str, ...]], Resource | None] = {}
        self._by_type: dict[str, list[Resource]] = {}
        for resource in self.resources.values():
            self._by_type.setdefault(resource.type, []).append(resource)
        self._by_name = {
            (resource.type, str(name)): resource
            for resource in self.resources.values()
            if (name := resource.properties.get(NAMES.get(resource.type, ""))) is not None
        }

    def _existing(self) -> Iterator[tuple[str, Resource]]:
        for name, entry in _entries(self.sections):
            if not isinstance(entry, Map) or name.startswith("Fn::"):
                continue
            condition = entry.get("Condition")
            if isinstance(condition, str) and self.conditions.holds(condition) is False:
                continue
            properties = self.resolver.resolve(entry.get("Properties"))
            yield (
                name,
                Resource(
                    id=name,
                    type=str(entry.get("Type", "")),
                    properties=properties if isinstance(properties, Map) else _no_properties(entry),
                    entry=entry,
                    line=entry.line,
                ),
            )

    def of_type(self, *types: str) -> list[Resource]:
        """Return the resources of these types, in the order of the template for each."""
        return [resource for name in types for resource in self._by_type.get(name, ())]

    def meant(self, value: Value, *types: str) -> Resource | None:
        """Return the resource of one of *types* that a Ref, attribute, name or ARN means."""
        if not isinstance(value, str):
            return None
        key = (value, types)
        if key not in self._meant:
            self._meant[key] = self._looked_up(value, types)
        return self._meant[key]

    def _looked_up(self, value: str, types: tuple[str, ...]) -> Resource | None:
        sole = sole_hole(value)
        named = [sole] if sole else list(holes(value))
        found = [
            self.resources[name]
            for kind, name, _ in named
            if kind in (RESOURCE, ATTRIBUTE)
            and name in self.resources
            and self.resources[name].type in types
        ]
        if len(found) == 1:
            return found[0]
        tail = value.rpartition(":")[2]
        kinds = [kind for kind in types if _may_be_arn_of(value, kind)]
        for name in (value, tail, tail.rpartition("/")[2]):
            for kind in kinds:
                if (kind, name) in self._by_name:
                    return self._by_name[kind, name]
        return None

    def is_outside(self, value: Value) -> bool:
        """Whether a value certainly means nothing of this template."""
        return isinstance(value, str) and not any(
            kind in (RESOURCE, ATTRIBUTE, "u") for kind, _, _ in holes(value)
        )

    def parameter_text(self, name: str) -> str:
        """Return the description of a parameter; empty where it has none."""
        declared = self.sections.get("Parameters")
        entry = declared.get(name) if isinstance(declared, Map) else None
        return str(entry.get("Description", "")) if isinstance(entry, Map) else ""


def worlds(sections: Map) -> tuple[World, ...]:
    """Return the template under each choice that makes a difference, defaults first."""
    return tuple(World(sections, choice) for choice in choices(sections))


def _may_be_arn_of(value: str, kind: str) -> bool:
    """Whether a text is no ARN, or the ARN of something of the service of a type."""
    parts = value.split(":")
    if parts[0] != "arn" or len(parts) < 3:
        return True
    service = kind.split("::")[1].lower()
    return parts[2] == ARN_NAMES.get(service, service)


def is_hole(value: Value) -> bool:
    """Whether a value is not, or not wholly, known."""
    return isinstance(value, str) and OPEN in value


def _no_properties(entry: Map) -> Map:
    properties = Map(entry.line)
    properties.open = "Properties" in entry and not isinstance(entry["Properties"], Map)
    properties.open = properties.open or _is_intrinsic(entry.get("Properties"))
    return properties


def is_macro(entry: Map) -> bool:
    """Whether a resource has no type of its own: something outside makes it."""
    return not isinstance(entry.get("Type"), str)


def _is_intrinsic(value: Value) -> bool:
    return isinstance(value, Map) and any(key.startswith("Fn::") for key in value)


def _adds_resources(sections: Map, harmless: frozenset[str]) -> bool:
    """Whether a macro, other than the *harmless* ones, may add resources that nobody sees."""
    macros = [
        macro
        for macro in items(sections.get("Transform"))
        if not isinstance(macro, str) or macro not in harmless
    ]
    modules = any(
        isinstance(entry, Map) and (is_macro(entry) or _is_unfolded(str(entry["Type"]), harmless))
        for _, entry in _entries(sections)
    )
    return bool(macros) or modules or any(key.startswith("Fn::") for key, _ in _entries(sections))


def _is_unfolded(kind: str, harmless: frozenset[str]) -> bool:
    """Whether a resource of this type becomes several: a module, or one of SAM."""
    sam = kind.startswith("AWS::Serverless::") and SAM not in harmless
    return kind.endswith("::MODULE") or sam


def _entries(sections: Map) -> Iterator[tuple[str, Value]]:
    resources = sections.get("Resources")
    yield from resources.items() if isinstance(resources, Map) else ()


def _connects(sections: Map) -> bool:
    """Whether connectors of SAM write policies for the resources."""
    return any(
        isinstance(entry, Map)
        and (entry.get("Type") == "AWS::Serverless::Connector" or "Connectors" in entry)
        for _, entry in _entries(sections)
    )
