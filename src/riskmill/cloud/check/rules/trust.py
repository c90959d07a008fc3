"""Roles: who may become them, and who is meant to."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from riskmill.cloud.check.facts.principals import PRINCIPALS
from riskmill.cloud.check.fargate import ROLE
from riskmill.cloud.check.policies import (
    IDENTITY,
    RESOURCE_BASED,
    TRUST,
    all_statements,
    service_name,
    statements,
    trusted_services,
)
from riskmill.cloud.check.rule import Found, Rule, Severity, found
from riskmill.cloud.check.values import Map, Path, at, maps, texts
from riskmill.cloud.check.world import Resource, World, is_hole

USERS: Mapping[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]] = {
    "AWS::ECS::TaskDefinition": (
        (("TaskRoleArn",), ("ecs-tasks",)),
        (("ExecutionRoleArn",), ("ecs-tasks",)),
    ),
    "AWS::Lambda::Function": ((("Role",), ("lambda", "edgelambda")),),
    "AWS::Serverless::Function": ((("Role",), ("lambda", "edgelambda")),),
    "AWS::StepFunctions::StateMachine": ((("RoleArn",), ("states",)),),
    "AWS::Scheduler::Schedule": ((("Target", "RoleArn"), ("scheduler",)),),
    "AWS::Pipes::Pipe": ((("RoleArn",), ("pipes",)),),
    "AWS::CodeBuild::Project": ((("ServiceRole",), ("codebuild",)),),
    "AWS::CodePipeline::Pipeline": ((("RoleArn",), ("codepipeline",)),),
    "AWS::KinesisFirehose::DeliveryStream": (
        (("ExtendedS3DestinationConfiguration", "RoleARN"), ("firehose",)),
    ),
    "AWS::Events::Rule": ((("RoleArn",), ("events",)),),
    "AWS::Batch::JobDefinition": (
        (("ContainerProperties", "JobRoleArn"), ("ecs-tasks",)),
        (("ContainerProperties", "ExecutionRoleArn"), ("ecs-tasks",)),
    ),
}
"""Properties that hand a role to a service, and the principals by which it may use it."""


def _handed_over(world: World) -> Iterator[tuple[Resource, Path, object, tuple[str, ...]]]:
    for kind, places in USERS.items():
        for resource in world.of_type(kind):
            for place, services in places:
                yield resource, place, at(resource.properties, *place), services
    for rule in world.of_type("AWS::Events::Rule"):
        for position, target in maps(rule.properties.get("Targets")):
            yield rule, ("Targets", position, "RoleArn"), target.get("RoleArn"), ("events",)


def _not_trusted(world: World) -> Iterator[Found]:
    for resource, path, value, services in _handed_over(world):
        role = world.meant(value, ROLE) if isinstance(value, str) else None
        trusted = trusted_services(role) if role else None
        if role is None or trusted is None or role.properties.open:
            continue
        if not {service_name(name) for name in trusted} & {*services, "*"}:
            yield found(
                resource,
                path,
                f"{role.id} does not trust {services[0]}.amazonaws.com",
                ", ".join(trusted) or "no service",
            )


def _passed_to_a_stranger(world: World) -> Iterator[Found]:
    for statement in all_statements(world, IDENTITY):
        if not statement.allows or not statement.acts("iam:passrole"):
            continue
        services = {
            service_name(name)
            for operator, key, value in statement.conditions()
            if key == "iam:passedtoservice" and "not" not in operator.lower()
            for name in texts(value)
            if not is_hole(name) or name.rpartition(".")[0]
        }
        for position, resource in enumerate(statement.resources):
            role = world.meant(resource, ROLE)
            trusted = trusted_services(role) if role else None
            if role is None or trusted is None or not services or "*" in "".join(services):
                continue
            if not services & {service_name(name) for name in trusted}:
                yield found(
                    statement.owner,
                    (*statement.path, "Resource", position),
                    f"passes {role.id} to {', '.join(sorted(services))}, which it does not trust",
                    ", ".join(trusted) or "no service",
                )


def _passed_to_nobody(world: World) -> Iterator[Found]:
    for statement in all_statements(world, IDENTITY):
        for operator, key, value in statement.conditions():
            for name in texts(value) if key == "iam:passedtoservice" else ():
                fault = "" if "*" in name else _fault_of_principal(name)
                if fault:
                    path = (*statement.path, "Condition", operator)
                    yield found(statement.owner, path, f"passes roles to nobody: {fault}", name)


def _passed(world: World) -> Iterator[Found]:
    yield from _passed_to_a_stranger(world)
    yield from _passed_to_nobody(world)


def _misspelt_principal(world: World) -> Iterator[Found]:
    for kinds in (TRUST, RESOURCE_BASED):
        for statement in all_statements(world, kinds):
            for name in statement.services:
                fault = _fault_of_principal(name)
                if fault:
                    yield found(statement.owner, (*statement.path, "Principal"), fault, name)


def _fault_of_principal(name: str) -> str:
    plain = service_name(name)
    if "?" in plain or plain == "*" or plain in PRINCIPALS:
        return ""
    if not is_hole(name) and ".amazonaws.com" not in name and ".aws.internal" not in name:
        return f"{name} is no service principal; they end in .amazonaws.com"
    alike = [one for one in PRINCIPALS if one.count(".") == plain.count(".")]
    near = get_close_matches(plain, sorted(alike), n=1, cutoff=0.85)
    return f"there is no service {plain}; there is {near[0]}" if near else ""


def _nobody(world: World) -> Iterator[Found]:
    for role in world.of_type(ROLE):
        document = role.properties.get("AssumeRolePolicyDocument")
        admitted = [s for s in statements(role, document, ()) if s.allows]
        empty = isinstance(document, Map) and not admitted and not document.open
        if role.properties.lacks("AssumeRolePolicyDocument") or empty:
            yield found(role, ("AssumeRolePolicyDocument",), "nobody may become this role")


RULES = (
    Rule(
        code="C203",
        title="a role is passed to a service that cannot use it",
        reason="PassRole is allowed for a service that the role does not trust, so the right is of "
        "no use, and the call that is meant, with another service, is refused.",
        source="IAM User Guide: Grant a user permissions to pass a role to an AWS service",
        remedy="Name the service that the role trusts: task and execution roles are passed to "
        "ecs-tasks.amazonaws.com.",
        example="iam:PassedToService: ecs.amazonaws.com for a task role",
        find=_passed,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C204",
        title="a role that does not trust the service that uses it",
        reason="The service assumes the role. Where the trust policy does not name it, the "
        "resource "
        "is refused, or its first call fails.",
        source="IAM User Guide: Create a role to delegate permissions to an AWS service",
        remedy="Add the principal to AssumeRolePolicyDocument.",
        example="TaskRoleArn of a role that trusts ecs.amazonaws.com",
        find=_not_trusted,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C211",
        title="a service principal that does not exist",
        reason="IAM refuses a principal that it does not know.",
        source="IAM User Guide: AWS JSON policy elements, Principal",
        remedy="Correct the spelling.",
        example="Service: ecs-task.amazonaws.com",
        find=_misspelt_principal,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C219",
        title="a role that nobody may become",
        reason="A role needs a trust policy.",
        source="AWS CloudFormation User Guide: AWS::IAM::Role",
        remedy="Add AssumeRolePolicyDocument.",
        example="A role with Policies only",
        find=_nobody,
        severity=Severity.ERROR,
    ),
)  # fmt: skip
