"""IAM policies: statements that grant other than what they seem to."""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from riskmill.cloud.check.facts.actions import actions_of
from riskmill.cloud.check.globs import can_meet
from riskmill.cloud.check.policies import (
    IDENTITY,
    RESOURCE_BASED,
    TRUST,
    Statement,
    all_statements,
    documents,
)
from riskmill.cloud.check.rule import Found, Rule, Severity, found
from riskmill.cloud.check.values import Map, holes, items, known, shown, sole_hole, text_of
from riskmill.cloud.check.world import World, is_hole

ARN_SHAPES: Mapping[str, str] = {
    "AWS::DynamoDB::Table": "arn:~:dynamodb:~:~:table/*",
    "AWS::ECR::Repository": "arn:~:ecr:~:~:repository/*",
    "AWS::ECS::Cluster": "arn:~:ecs:~:~:cluster/*",
    "AWS::ECS::Service": "arn:~:ecs:~:~:service/*",
    "AWS::ECS::TaskDefinition": "arn:~:ecs:~:~:task-definition/*",
    "AWS::Events::EventBus": "arn:~:events:~:~:event-bus/*",
    "AWS::Events::Rule": "arn:~:events:~:~:rule/*",
    "AWS::IAM::Role": "arn:~:iam::~:role/*",
    "AWS::KMS::Key": "arn:~:kms:~:~:key/*",
    "AWS::Kinesis::Stream": "arn:~:kinesis:~:~:stream/*",
    "AWS::Lambda::Function": "arn:~:lambda:~:~:function:~",
    "AWS::Logs::LogGroup": "arn:~:logs:~:~:log-group:~:*",
    "AWS::S3::Bucket": "arn:~:s3:::#",
    "AWS::SNS::Topic": "arn:~:sns:~:~:~",
    "AWS::SQS::Queue": "arn:~:sqs:~:~:~",
    "AWS::SecretsManager::Secret": "arn:~:secretsmanager:~:~:secret:~",
    "AWS::StepFunctions::StateMachine": "arn:~:states:~:~:stateMachine:~",
}
"""Shape of the ARN that each type of resource has."""
REF_IS_AN_ARN = frozenset(
    {
        "AWS::ECS::Service", "AWS::ECS::TaskDefinition", "AWS::SNS::Topic",
        "AWS::SecretsManager::Secret", "AWS::StepFunctions::StateMachine",
    }
)  # fmt: skip
NAMES_WITHOUT_SLASH = ("AWS::S3::Bucket", "AWS::SQS::Queue", "AWS::SNS::Topic")
OPERATORS = re.compile(
    r"((ForAllValues|ForAnyValue):)?("
    r"String(Not)?(Equals|Like)|String(Not)?EqualsIgnoreCase|"
    r"Numeric(Not)?Equals|Numeric(LessThan|GreaterThan)(Equals)?|"
    r"Date(Not)?Equals|Date(LessThan|GreaterThan)(Equals)?|"
    r"Bool|BinaryEquals|(Not)?IpAddress|Arn(Not)?(Equals|Like)|Null)(IfExists)?",
    re.IGNORECASE,
)
"""Condition operators (IAM User Guide: IAM JSON policy elements, Condition operators)."""


def _identity(world: World) -> Iterator[Statement]:
    return all_statements(world, IDENTITY)


def _unsupported_resource(world: World) -> Iterator[Found]:
    for statement in _identity(world):
        if not statement.allows or not statement.resources:
            continue
        shapes = [_shape(world, resource) for resource in statement.resources]
        for position, action in enumerate(statement.actions):
            wanted = _wanted(action)
            if wanted is None or any(_fits(shape, wanted) for shape in shapes):
                continue
            readable = " or ".join(
                pattern.replace("~", "*").replace("#", "*") for pattern in wanted
            )
            takes = f"only {readable or '*'}"
            yield found(
                statement.owner,
                (*statement.path, "Action", position),
                f"{_written(statement, position)} cannot be limited to what is named here; "
                f"it accepts {takes}",
                ", ".join(shown(resource) for resource in statement.resources),
            )


def _written(statement: Statement, position: int) -> str:
    listed = items(statement.content.get("Action"))
    return str(listed[position]) if position < len(listed) else statement.actions[position]


def _wanted(action: str) -> tuple[str, ...] | None:
    """Shapes of ARN that an action accepts; None where that is not known."""
    service, _, name = action.partition(":")
    table = actions_of(service)
    if table is None or is_hole(action) or "*" in name or "?" in name:
        return None
    return table.arns.get(name)


def _fits(shape: str, wanted: tuple[str, ...]) -> bool:
    if shape == "*" or (set(shape) <= {"*"}):
        return True
    return any(can_meet(shape, pattern) for pattern in wanted)


def _shape(world: World, resource: str) -> str:
    """Return a resource of a statement as a pattern; `*` where it may be anything."""
    sole = sole_hole(resource)
    if sole:
        meant = world.resources.get(sole[1])
        arn = sole[0] == "a" and sole[2] in ("Arn", "TopicArn")
        if meant and (arn or (sole[0] == "r" and meant.type in REF_IS_AN_ARN)):
            return ARN_SHAPES.get(meant.type, "*")
        return "*"
    shape = resource
    for kind, name, attribute in holes(resource):
        meant = world.resources.get(name)
        text = "*"
        if (meant and kind == "a" and attribute in ("Arn", "TopicArn")) or (
            meant and kind == "r" and meant.type in REF_IS_AN_ARN
        ):
            text = ARN_SHAPES.get(meant.type, "*")
        elif meant and kind == "r" and meant.type in NAMES_WITHOUT_SLASH:
            text = "#"
        start, end = shape.index("\ue000"), shape.index("\ue001")
        bucket = kind == "p" and shape[:start].endswith(":s3:::")
        if bucket or name in ("AWS::Partition", "AWS::Region", "AWS::AccountId"):
            text = "#"  # a name of one part: a parameter in a bucket's place means its name
        shape = shape[:start] + text + shape[end + 1 :]
    return shape


def _unknown_action(world: World) -> Iterator[Found]:
    for kinds in (IDENTITY, RESOURCE_BASED):
        for statement in all_statements(world, kinds):
            for position, action in enumerate(statement.actions):
                service, _, name = action.partition(":")
                table = actions_of(service)
                if table is None or is_hole(action) or "*" in name or "?" in name:
                    continue
                near = get_close_matches(name, table.arns, n=1, cutoff=0.8)
                of_old = name.endswith("batch") and name.removesuffix("batch") in table.arns
                if name not in table.arns and near and not of_old:
                    yield found(
                        statement.owner,
                        (*statement.path, "Action", position),
                        f"{service} has no action {_written(statement, position)}",
                        f"close to it: {service}:{near[0]}",
                    )


def _object_acl(world: World) -> Iterator[Found]:
    uses_acls = any(
        "BucketOwnerEnforced" not in shown(bucket.properties.get("OwnershipControls"))
        and bucket.properties.get("OwnershipControls")
        for bucket in world.of_type("AWS::S3::Bucket")
    )
    for kinds in (IDENTITY, RESOURCE_BASED):
        for statement in all_statements(world, kinds):
            named = [
                a for a in statement.actions if a in ("s3:putobjectacl", "s3:putobjectversionacl")
            ]
            if statement.allows and named and not uses_acls:
                yield found(
                    statement.owner,
                    (*statement.path, "Action"),
                    "allows setting the access list of objects",
                    statement.content.get("Action"),
                )


def _passes_to_anybody(world: World) -> Iterator[Found]:
    for statement in _identity(world):
        passes = [a for a in statement.actions if a in ("iam:passrole", "iam:*", "iam:pass*")]
        keys = {key for _, key, _ in statement.conditions()}
        if (
            statement.allows
            and passes
            and not keys & {"iam:passedtoservice", "iam:associatedresourcearn"}
        ):
            yield found(
                statement.owner,
                statement.path,
                "passes roles to any service: no condition iam:PassedToService",
                ", ".join(shown(resource) for resource in statement.resources),
            )


def _administrator(world: World) -> Iterator[Found]:
    for statement in _identity(world):
        everything = "*" in statement.actions and "*" in statement.resources
        if statement.allows and everything and not list(statement.conditions()):
            yield found(statement.owner, statement.path, "allows every action on everything")


def _everybody(world: World) -> Iterator[Found]:
    for kinds in (RESOURCE_BASED, TRUST):
        for statement in all_statements(world, kinds):
            everybody = statement.allows and "*" in statement.accounts
            if everybody and not list(statement.conditions()):
                yield found(
                    statement.owner,
                    (*statement.path, "Principal"),
                    "lets everybody in: Principal * without a condition",
                    statement.content.get("Principal"),
                )


def _old_version(world: World) -> Iterator[Found]:
    for kinds in (IDENTITY, RESOURCE_BASED):
        for owner, path, document in documents(world, kinds):
            version = document.get("Version")
            modern = known(version) == "2012-10-17" or is_hole(version)
            if not modern and "${" in text_of(document):
                yield found(
                    owner,
                    (*path, "Version"),
                    "uses a policy variable without Version 2012-10-17, so it is plain text",
                    version,
                )


def _operators(world: World) -> Iterator[Found]:
    for kinds in (IDENTITY, RESOURCE_BASED, TRUST):
        for statement in all_statements(world, kinds):
            block = statement.content.get("Condition")
            for operator in block if isinstance(block, Map) else ():
                if not OPERATORS.fullmatch(operator):
                    yield found(
                        statement.owner,
                        (*statement.path, "Condition", operator),
                        f"there is no condition operator {operator}",
                        operator,
                    )


def _misplaced(world: World) -> Iterator[Found]:
    for kinds in (IDENTITY, TRUST, RESOURCE_BASED):
        for statement in all_statements(world, kinds):
            fault = _fault_of(statement, kinds)
            if fault and not statement.content.open:
                yield found(statement.owner, statement.path, fault)


def _fault_of(statement: Statement, kinds: object) -> str:
    content = statement.content
    has_principal = any(name in content for name in ("Principal", "NotPrincipal"))
    has_resource = any(name in content for name in ("Resource", "NotResource"))
    if content.get("Effect") not in ("Allow", "Deny") and not is_hole(content.get("Effect")):
        return f"Effect is {shown(content.get('Effect')) or 'missing'}, neither Allow nor Deny"
    if not any(name in content for name in ("Action", "NotAction")):
        return "the statement names no action"
    if kinds is IDENTITY and has_principal:
        return "a policy of an identity names no principal; this one does"
    if kinds is IDENTITY and not has_resource:
        return "the statement names no resource"
    if kinds is not IDENTITY and not has_principal:
        return "the statement names no principal"
    return (
        "a trust policy names no resource; this one does" if kinds is TRUST and has_resource else ""
    )


def _not_an_arn(world: World) -> Iterator[Found]:
    for statement in _identity(world):
        for position, resource in enumerate(statement.resources):
            sole = sole_hole(resource)
            meant = world.resources.get(sole[1]) if sole and sole[0] == "r" else None
            literal = known(resource)
            name = meant and meant.type in ARN_SHAPES and meant.type not in REF_IS_AN_ARN
            if name or (literal and literal != "*" and not literal.startswith(("arn:", "*"))):
                yield found(
                    statement.owner,
                    (*statement.path, "Resource", position),
                    f"{shown(resource)} is a name, not an ARN",
                    resource,
                )


RULES = (
    Rule(
        code="H15",
        title="a right to set the access list of objects",
        reason="Access lists are off on buckets made since April 2023, and PutObjectAcl then "
        "fails. "
        "Where they are on, it lets the holder publish objects.",
        source="Amazon S3 User Guide: Controlling ownership of objects and disabling ACLs",
        remedy="Remove s3:PutObjectAcl; grant access with policies.",
        example="Action: [s3:PutObject, s3:PutObjectAcl]",
        find=_object_acl,
    ),
    Rule(
        code="C200",
        title="an action on a resource that it does not support",
        reason="An action is checked against its own kinds of resource. Named beside an ARN of "
        "another kind the statement grants nothing, and the call ends in AccessDenied.",
        source="Service Authorization Reference: Actions, resources, and condition keys",
        remedy="Give the action a statement of its own with a resource it supports, or *.",
        example="s3:GetObject on arn:aws:s3:::bucket without /*",
        find=_unsupported_resource,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C201",
        title="an action that does not exist",
        reason="IAM accepts any name. A misspelt action grants nothing.",
        source="Service Authorization Reference: Actions, resources, and condition keys",
        remedy="Correct the spelling.",
        example="sqs:RecieveMessage",
        find=_unknown_action,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C202",
        title="a role that may be passed to any service",
        reason="iam:PassRole without iam:PassedToService lets the holder hand the role to every "
        "service that the role trusts, now or later.",
        source="IAM User Guide: Grant a user permissions to pass a role to an AWS service",
        remedy="Condition: {StringEquals: {iam:PassedToService: ecs-tasks.amazonaws.com}}",
        example="Action: iam:PassRole without Condition",
        find=_passes_to_anybody,
    ),
    Rule(
        code="C206",
        title="a right to everything",
        reason="Every action on every resource is the right of an administrator.",
        source="IAM User Guide: Security best practices in IAM, least privilege",
        remedy="Name the actions and resources.",
        example='Action: "*", Resource: "*"',
        find=_administrator,
    ),
    Rule(
        code="C205",
        title="everybody is let in",
        reason="Principal * is every AWS account, and for some services everybody at all.",
        source="IAM User Guide: AWS JSON policy elements, Principal",
        remedy="Name the principals, or add a condition such as aws:SourceArn.",
        example='Principal: "*" in a queue policy',
        find=_everybody,
    ),
    Rule(
        code="C208",
        title="a policy variable that is plain text",
        reason="Without Version 2012-10-17 variables such as ${aws:username} are not replaced, and "
        "the statement matches nothing.",
        source="IAM User Guide: IAM JSON policy elements, Version",
        remedy='Version: "2012-10-17"',
        example="${aws:PrincipalTag/team} in a document without Version",
        find=_old_version,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C209",
        title="a condition operator that does not exist",
        reason="IAM refuses the document.",
        source="IAM User Guide: IAM JSON policy elements, Condition operators",
        remedy="Correct the spelling, such as StringEquals.",
        example="StringEqual: {aws:SourceAccount: ...}",
        find=_operators,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C210",
        title="a statement with an element too few or too many",
        reason="Policies of identities name resources and no principal; policies of resources and "
        "trust policies name principals. IAM refuses anything else as malformed.",
        source="IAM User Guide: IAM JSON policy element reference",
        remedy="Add or remove the element.",
        example="A role's policy without Resource",
        find=_misplaced,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C218",
        title="a name where an ARN is needed",
        reason="Resource takes ARNs. Ref of most resources is a name or a URL; IAM refuses it, "
        "or it "
        "matches nothing.",
        source="IAM User Guide: IAM JSON policy elements, Resource",
        remedy="Use !GetAtt Thing.Arn.",
        example="Resource: !Ref Queue",
        find=_not_an_arn,
        severity=Severity.ERROR,
    ),
)  # fmt: skip
