"""IAM policy documents: statements, and what a role may do as far as the template shows."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from riskmill.cloud.check.values import (
    Map,
    Path,
    Seq,
    Value,
    at,
    items,
    known,
    maps,
    sole_hole,
    texts,
    without_holes,
)
from riskmill.cloud.check.world import Resource, World

MANAGED: Mapping[str, tuple[str, ...]] = {
    "service-role/AmazonECSTaskExecutionRolePolicy": (
        "ecr:GetAuthorizationToken", "ecr:BatchCheckLayerAvailability",
        "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage", "logs:CreateLogStream",
        "logs:PutLogEvents",
    ),
    "service-role/AWSLambdaBasicExecutionRole": (
        "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents",
    ),
    "CloudWatchLambdaInsightsExecutionRolePolicy": ("logs:CreateLogGroup", "logs:PutLogEvents"),
    "AWSXRayDaemonWriteAccess": ("xray:PutTraceSegments", "xray:PutTelemetryRecords"),
    "AWSXrayWriteOnlyAccess": ("xray:PutTraceSegments", "xray:PutTelemetryRecords"),
}  # fmt: skip
"""Managed policies whose actions are known (AWS Managed Policy Reference Guide)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """One statement of a policy document."""

    owner: Resource
    """Resource of the template that the document is written in."""
    path: Path
    """Of the statement, below the owner's properties."""
    content: Map
    allows: bool
    actions: tuple[str, ...]
    """As written, lower case; empty with NotAction or where the actions are not known."""
    resources: tuple[str, ...]
    """As written; empty with NotResource, without Resource or where they are not known."""
    services: tuple[str, ...]
    """Service principals."""
    accounts: tuple[str, ...]
    """Principals of the kind AWS; `*` where everybody is meant."""

    def acts(self, action: str) -> bool:
        """Whether the statement covers *action*, wildcards included."""
        return any(fnmatchcase(action.lower(), pattern) for pattern in self.actions)

    def conditions(self) -> Iterator[tuple[str, str, Value]]:
        """Operator, key in lower case and value of each condition."""
        block = self.content.get("Condition")
        for operator, tests in block.items() if isinstance(block, Map) else ():
            for key, value in tests.items() if isinstance(tests, Map) else ():
                yield operator, key.lower(), value


def statements(owner: Resource, document: Value, path: Path) -> Iterator[Statement]:
    """Every statement of a policy document that lies at *path* of its owner's properties."""
    listed = at(document, "Statement")
    for position, content in maps(listed):
        inner: Path = ("Statement", position) if isinstance(listed, Seq) else ("Statement",)
        services, accounts = _principals(content.get("Principal"))
        yield Statement(
            owner=owner,
            path=(*path, *inner),
            content=content,
            allows=content.get("Effect") == "Allow",
            actions=tuple(action.lower() for action in texts(content.get("Action"))),
            resources=tuple(texts(content.get("Resource"))),
            services=services,
            accounts=accounts,
        )


def _principals(value: Value) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if isinstance(value, Map):
        return tuple(texts(value.get("Service"))), tuple(texts(value.get("AWS")))
    return (), tuple(texts(value))


IDENTITY: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "AWS::IAM::Policy": (("PolicyDocument",),),
    "AWS::IAM::ManagedPolicy": (("PolicyDocument",),),
    "AWS::IAM::RolePolicy": (("PolicyDocument",),),
    "AWS::IAM::UserPolicy": (("PolicyDocument",),),
    "AWS::IAM::GroupPolicy": (("PolicyDocument",),),
    "AWS::IAM::Role": (("Policies", "PolicyDocument"),),
    "AWS::IAM::User": (("Policies", "PolicyDocument"),),
    "AWS::IAM::Group": (("Policies", "PolicyDocument"),),
}
"""Types that say what an identity may do, and where their documents lie."""
RESOURCE_BASED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "AWS::S3::BucketPolicy": (("PolicyDocument",),),
    "AWS::SQS::QueuePolicy": (("PolicyDocument",),),
    "AWS::SNS::TopicPolicy": (("PolicyDocument",),),
    "AWS::KMS::Key": (("KeyPolicy",),),
    "AWS::SecretsManager::ResourcePolicy": (("ResourcePolicy",),),
    "AWS::ECR::Repository": (("RepositoryPolicyText",),),
}
"""Types that say who may do something to a resource."""
TRUST: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "AWS::IAM::Role": (("AssumeRolePolicyDocument",),)
}
"""Types that say who may become a role."""


def documents(
    world: World, kinds: Mapping[str, tuple[tuple[str, ...], ...]]
) -> Iterator[tuple[Resource, Path, Map]]:
    """Every policy document of the given kinds, with its owner and place."""
    for kind, places in kinds.items():
        for resource in world.of_type(kind):
            for place in places:
                yield from _documents(resource, place)


def _documents(resource: Resource, place: tuple[str, ...]) -> Iterator[tuple[Resource, Path, Map]]:
    if len(place) == 1:
        document = resource.properties.get(place[0])
        if isinstance(document, Map):
            yield resource, place, document
        return
    for position, policy in maps(resource.properties.get(place[0])):
        document = policy.get(place[1])
        if isinstance(document, Map):
            yield resource, (place[0], position, place[1]), document


def all_statements(
    world: World, kinds: Mapping[str, tuple[tuple[str, ...], ...]]
) -> Iterator[Statement]:
    """Every statement of every document of the given kinds."""
    for owner, path, document in documents(world, kinds):
        yield from statements(owner, document, path)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rights:
    """What a role may do, as far as the template shows."""

    role: Resource
    statements: tuple[Statement, ...]
    managed: tuple[str, ...]
    """Actions of managed policies whose content is known, in lower case."""
    whole: bool
    """Whether that is everything: no policy from elsewhere."""

    def may(self, action: str) -> bool:
        """Whether some Allow covers *action*, whatever the resource."""
        return action in self.managed or any(s.allows and s.acts(action) for s in self.statements)

    def certainly_may_not(self, *actions: str) -> bool:
        """Whether none of *actions* is allowed, and nothing unseen could allow it."""
        return self.whole and not any(self.may(action) for action in actions)


def rights(world: World, role: Resource) -> Rights:
    """Gather the rights of a role from its own policies and those attached to it."""
    own = list(statements_of_role(role))
    whole = not world.adds_policies and not role.properties.open
    attached = Seq()
    for policy in world.of_type(
        "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"
    ):
        named = policy.properties.get("Roles", policy.properties.get("RoleName"))
        if any(world.meant(name, "AWS::IAM::Role") is role for name in items(named)):
            own += statements(policy, policy.properties.get("PolicyDocument"), ("PolicyDocument",))
        elif any(
            sole_hole(name) and not world.meant(name, "AWS::IAM::Role") for name in items(named)
        ):
            whole = False
    managed: list[str] = []
    attached = items(role.properties.get("ManagedPolicyArns"))
    for arn in attached:
        name = without_holes(str(arn), "aws").partition(":policy/")[2]
        written = world.meant(arn, "AWS::IAM::ManagedPolicy")
        if written is not None:
            own += statements(
                written, written.properties.get("PolicyDocument"), ("PolicyDocument",)
            )
        elif known(name) and name in MANAGED:
            managed += [action.lower() for action in MANAGED[name]]
        else:
            whole = False
    whole = whole and all(s.actions for s in own if s.allows)
    return Rights(role=role, statements=tuple(own), managed=tuple(managed), whole=whole)


def statements_of_role(role: Resource) -> Iterator[Statement]:
    """Every statement of a role's inline policies."""
    for _, path, document in _documents(role, ("Policies", "PolicyDocument")):
        yield from statements(role, document, path)


def trusted_services(role: Resource) -> tuple[str, ...] | None:
    """Return the service principals that may become *role*; None where that is not known."""
    document = role.properties.get("AssumeRolePolicyDocument")
    if not isinstance(document, Map):
        return None
    allowed = [s for s in statements(role, document, ()) if s.allows]
    names = [name for statement in allowed for name in statement.services]
    unclear = any("*" in statement.accounts for statement in allowed)
    return None if unclear or any(sole_hole(name) for name in names) else tuple(names)


def admits(
    policies: Sequence[Statement], service: str, covers: Callable[[Statement], bool]
) -> bool:
    """Whether some Allow lets *service* (or everybody) in and *covers* what it wants to do."""
    return any(
        s.allows
        and covers(s)
        and ("*" in s.accounts or {service, "*"} & {service_name(name) for name in s.services})
        for s in policies
    )


def service_name(principal: str) -> str:
    """Return a service principal without region and suffix: `logs`, `ecs-tasks`."""
    return _PRINCIPAL_TAIL.sub("", without_holes(principal, "?")[:LONGEST_NAME])


LONGEST_NAME = 200
"""Characters of a service principal that are looked at."""
_PRINCIPAL_TAIL = re.compile(r"(\.\?|\.[a-z]{2}(-[a-z]+)+-\d|\.amazonaws\.com(\.cn)?)+$")
