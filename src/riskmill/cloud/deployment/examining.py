"""Look at an account the way a deployment will: what is missing, and how to mend it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from riskmill.cloud.deployment.account import Account, Answer
from riskmill.cloud.deployment.looking import found
from riskmill.cloud.deployment.parameters import Asked
from riskmill.cloud.deployment.planning import Found, problems
from riskmill.cloud.stages import STAGES
from riskmill.domain import CloudRefused, RiskmillError

FARGATE_QUOTA = ("fargate", "L-3032A538")
"""Fargate On-Demand vCPU resource count."""
LINKED_ROLES = {
    "ecs.amazonaws.com": "AWSServiceRoleForECS",
    "ecs.application-autoscaling.amazonaws.com": (
        "AWSServiceRoleForApplicationAutoScaling_ECSService"
    ),
}
ENDPOINTS = frozenset({"ecr.api", "ecr.dkr", "logs", "sqs", "states", "kms", "s3"})
"""Services that tasks call, and need endpoints for in a VPC without a way out."""
NEEDED = (
    "cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet", "ecr:PutImage",
    "ecs:CreateCluster", "ecs:CreateService", "events:PutRule", "iam:CreateRole", "iam:PassRole",
    "kms:CreateKey", "logs:CreateLogGroup", "s3:CreateBucket", "sns:CreateTopic",
    "sqs:CreateQueue", "states:CreateStateMachine",
)  # fmt: skip
"""A sample of what a deployment calls, one of each service."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Examined:
    """One thing that a deployment needs."""

    name: str
    state: str
    """`ok`, `wrong`, or `not known` where it may not be looked at."""
    found: str
    remedy: str
    """What to do where it is not ok; empty where it is."""


Finding = tuple[bool, str, str]


def examine(account: Account, asked: Asked, ready: Mapping[str, str]) -> tuple[Examined, ...]:
    """Check everything that `deploy` with the same arguments would need, and change nothing."""
    there = found(account, asked, ready)
    return (
        _examined("credentials", lambda: (True, account.caller, "")),
        _examined("region", lambda: (True, account.region, "")),
        _examined("endpoint", lambda: (True, account.endpoint or "AWS itself", "")),
        _examined("stacks", lambda: (True, _stacks(there), "")),
        *(_examined("deployment", partial(_problem, told)) for told in problems(asked, there)),
        _examined("permissions", lambda: _permissions(account)),
        *(
            _examined("service-linked role", partial(_linked, account, service, role))
            for service, role in LINKED_ROLES.items()
        ),
        _examined("quota", lambda: _quota(account, asked, there)),
        _examined("bucket events", lambda: _events(account, asked, there)),
        _examined("way out", lambda: _way_out(account, asked, there)),
    )


def _examined(name: str, look: Callable[[], Finding]) -> Examined:
    try:
        ok, seen, remedy = look()
    except CloudRefused as refused:
        return Examined(name=name, state="not known", found=refused.message, remedy=refused.remedy)
    return Examined(
        name=name, state="ok" if ok else "wrong", found=seen, remedy="" if ok else remedy
    )


def _stacks(there: Found) -> str:
    return ", ".join(
        f"{one.name}: {one.status or 'not there'}" for one in (there.foundation, there.workload)
    )


def _problem(told: RiskmillError) -> Finding:
    return False, f"{told.code}: {told.message}", told.remedy


def _permissions(account: Account) -> Finding:
    who = account.caller
    if who.endswith(":root"):
        return True, "the root user may do everything", ""
    if ":assumed-role/" in who:
        prefix, _, rest = who.partition(":assumed-role/")
        who = f"{prefix.replace(':sts:', ':iam:')}:role/{rest.split('/')[0]}"
    told = account.ask(
        "iam", "simulate_principal_policy", PolicySourceArn=who, ActionNames=list(NEEDED)
    )
    denied = sorted(
        one["EvalActionName"]
        for one in told["EvaluationResults"]
        if one["EvalDecision"] != "allowed"
    )
    return (
        not denied,
        f"may not: {', '.join(denied)}" if denied else "what a deployment calls is allowed",
        "Ask for them; who deploys the workload alone needs no right to make roles or keys.",
    )


def _linked(account: Account, service: str, role: str) -> Finding:
    there = account.ask("iam", "get_role", absent=("NoSuchEntity",), RoleName=role)
    return (
        there is not None,
        f"{role} {'is there' if there else 'is not there'}",
        f"aws iam create-service-linked-role --aws-service-name {service}",
    )


def _quota(account: Account, asked: Asked, there: Found) -> Finding:
    """Compare the processors of all tasks at the most with what the account may run."""
    wanted = sum(
        stage.cpu / 1024 * _ceiling(stage.prefix, stage.ceiling, asked, there) for stage in STAGES
    )
    service, code = FARGATE_QUOTA
    told = account.ask("service-quotas", "get_service_quota", ServiceCode=service, QuotaCode=code)
    value = float(told["Quota"]["Value"])
    return (
        value >= wanted,
        f"{value:g} vCPU of Fargate, of {wanted:g} that all tasks take at the most",
        "Ask for a higher quota (Service Quotas, AWS Fargate), or set smaller ...MaxCapacity.",
    )


def _ceiling(prefix: str, standard: int, asked: Asked, there: Found) -> int:
    name = f"{prefix}MaxCapacity"
    return int(asked.given.get(name) or there.workload.parameters.get(name) or standard)


def _events(account: Account, asked: Asked, there: Found) -> Finding:
    """Look whether a data bucket that exists tells EventBridge; one to be created will."""
    name = asked.given.get("DataBucketName") or there.foundation.parameters.get(
        "DataBucketName", ""
    )
    bucket = there.buckets.get(name)
    if bucket is None or bucket.state == "absent":
        return True, "the data bucket is to be created with its events on", ""
    told = account.ask("s3", "get_bucket_notification_configuration", Bucket=name)
    on = "EventBridgeConfiguration" in told
    return (
        on,
        f"{name} {'sends' if on else 'does not send'} its events to EventBridge",
        "Add EventBridgeConfiguration to its notifications; docs/howto/deploy.md says how to "
        "keep the others.",
    )


def _way_out(account: Account, asked: Asked, there: Found) -> Finding:
    """Look whether tasks in the VPC reach AWS: by a NAT gateway, or by endpoints."""
    vpc = asked.given.get("VpcId") or there.workload.parameters.get("VpcId", "")
    if not vpc:
        return True, "no VPC is named yet", ""
    of_vpc = [{"Name": "vpc-id", "Values": [vpc]}]
    tables = account.every("ec2", "describe_route_tables", "RouteTables", Filters=of_vpc)
    if any(_leads_out(route) for table in tables for route in table.get("Routes", [])):
        return True, f"{vpc} has a route out", ""
    held = account.every("ec2", "describe_vpc_endpoints", "VpcEndpoints", Filters=of_vpc)
    names = {one["ServiceName"].split(f"{account.region}.", 1)[-1] for one in held}
    missing = sorted(ENDPOINTS - names)
    return (
        not missing,
        f"{vpc} has no route out"
        + (f", and no endpoint of {', '.join(missing)}" if missing else ""),
        "Add a NAT gateway, or deploy infrastructure/endpoints.json.",
    )


def _leads_out(route: Answer) -> bool:
    target = (
        route.get("NatGatewayId") or route.get("TransitGatewayId") or route.get("GatewayId", "")
    )
    return route.get("DestinationCidrBlock") == "0.0.0.0/0" and not target.startswith("vpce-")
