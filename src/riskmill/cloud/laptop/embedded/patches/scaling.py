"""
Application Auto Scaling: targets and policies, by its own API, by templates and by workflows.

MiniStack has no such service. Here it keeps what it is told, holds the desired count of a service
between the bounds of its target, and answers what was asked of it. Policies are kept, not
evaluated: `riskmill up` does that.
"""

import json
import sys
import time
import types
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from ministack import app
from ministack.core import iam_actions, router
from ministack.core.responses import (
    error_response_json,
    get_account_id,
    get_region,
    json_response,
)
from ministack.services import ecs
from ministack.services import stepfunctions as workflows
from ministack.services.cloudformation import provisioners

NAME = "application-autoscaling"
PREFIX = "AnyScaleFrontendService"
BOUNDS = ("MinCapacity", "MaxCapacity")

Request = Mapping[str, Any]
Answer = dict[str, Any]
TARGETS: dict[tuple[str, str], dict[str, Any]] = {}
POLICIES: dict[tuple[str, str, str], dict[str, Any]] = {}
SCHEDULED: dict[tuple[str, str, str], dict[str, Any]] = {}
ACTIVITIES: list[dict[str, Any]] = []


def apply() -> None:
    """Add the service, its two types of CloudFormation, and its SDK integration of workflows."""
    module = types.ModuleType("ministack.services.application_autoscaling")
    module.__dict__.update(handle_request=_handled, reset=_forget)
    sys.modules[module.__name__] = module
    app._loaded_modules["application_autoscaling"] = module
    app.SERVICE_REGISTRY[NAME] = {"module": "application_autoscaling"}
    app.SERVICE_HANDLERS[NAME] = _handled
    router.SERVICE_PATTERNS[NAME] = {
        "target_prefixes": [PREFIX],
        "host_patterns": [r"application-autoscaling\."],
        "credential_scope": NAME,
    }
    workflows._AWS_SDK_SERVICE_MAP["applicationautoscaling"] = {
        "target_prefix": PREFIX,
        "protocol": "json",
        "service_key": NAME,
    }
    workflows._AWS_SDK_ERROR_PREFIX["applicationautoscaling"] = "ApplicationAutoScaling"
    getattr(iam_actions, "_SERVICE_PREFIXES", {})[NAME] = NAME
    provisioners._RESOURCE_HANDLERS["AWS::ApplicationAutoScaling::ScalableTarget"] = {
        "create": _target_created,
        "update": lambda _id, _old, new, stack: _target_created("", new, stack),
        "delete": lambda identity, _properties: _target_deleted(identity),
    }
    provisioners._RESOURCE_HANDLERS["AWS::ApplicationAutoScaling::ScalingPolicy"] = {
        "create": _policy_created,
        "update": lambda _id, _old, new, stack: _policy_created("", new, stack),
        "delete": lambda arn, _properties: _policy_deleted(arn),
    }


def _forget() -> None:
    for kept in (TARGETS, POLICIES, SCHEDULED):
        kept.clear()
    ACTIVITIES.clear()


async def _handled(_method: str, _path: str, headers: Any, body: Any, _query: Any) -> Any:
    action = headers.get("x-amz-target", "").rsplit(".", 1)[-1]
    act = ACTIONS.get(action)
    if act is None:
        return error_response_json("ValidationException", f"{action} is not known here", 400)
    try:
        return json_response(act(json.loads(body or "{}")))
    except LookupError as absent:
        return error_response_json("ObjectNotFoundException", str(absent.args[0]), 400)
    except ValueError as wrong:
        return error_response_json("ValidationException", str(wrong), 400)


def _key(request: Request) -> tuple[str, str]:
    return str(request["ResourceId"]), str(request["ScalableDimension"])


def _register(request: Request) -> Answer:
    """Create the target or change what is given of it, then hold the service within its bounds."""
    before = TARGETS.get(_key(request))
    if before is None and not all(bound in request for bound in BOUNDS):
        raise ValueError("MinCapacity and MaxCapacity are required for a new scalable target")
    target = {**(before or {}), **request}
    least, most = (int(target[bound]) for bound in BOUNDS)
    if not 0 <= least <= most:
        raise ValueError(f"MinCapacity {least} must lie between 0 and MaxCapacity {most}")
    target.update(MinCapacity=least, MaxCapacity=most)
    target.setdefault("CreationTime", time.time())
    target["ScalableTargetARN"] = _arn(
        f"scalable-target/{uuid.uuid5(uuid.NAMESPACE_URL, target['ResourceId']).hex}"
    )
    TARGETS[_key(request)] = target
    hold_within(target, "minimum and maximum capacity were set")
    return {"ScalableTargetARN": target["ScalableTargetARN"]}


def hold_within(target: Request, cause: str) -> None:
    """Set the desired count of the target's service to the nearest that its bounds allow."""
    _, cluster, name = str(target["ResourceId"]).split("/")
    service = ecs._services.get(f"{cluster}/{name}")
    if service is None:
        return
    least, most = int(target["MinCapacity"]), int(target["MaxCapacity"])
    wanted = min(max(int(service["desiredCount"]), least), most)
    if wanted != service["desiredCount"]:
        set_desired(target, wanted, cause)


def set_desired(target: Request, count: int, cause: str) -> None:
    """Set the desired count of the target's service, and remember why."""
    _, cluster, name = str(target["ResourceId"]).split("/")
    ecs._update_service({"cluster": cluster, "service": name, "desiredCount": count})
    now = time.time()
    ACTIVITIES.append(
        {
            "ActivityId": str(uuid.uuid4()),
            "ServiceNamespace": "ecs",
            "ResourceId": target["ResourceId"],
            "ScalableDimension": target["ScalableDimension"],
            "Description": f"Setting desired count to {count}.",
            "Cause": cause,
            "StartTime": now,
            "EndTime": now,
            "StatusCode": "Successful",
        }
    )


def _deregister(request: Request) -> Answer:
    if TARGETS.pop(_key(request), None) is None:
        raise LookupError(f"No scalable target found for {_key(request)}")
    for key in [key for key in POLICIES if key[:2] == _key(request)]:
        del POLICIES[key]
    return {}


def _put_policy(request: Request) -> Answer:
    if _key(request) not in TARGETS:
        raise LookupError(f"No scalable target registered for {_key(request)}")
    name = str(request["PolicyName"])
    identity = uuid.uuid5(uuid.NAMESPACE_URL, f"{request['ResourceId']} {name}")
    arn = _arn(
        f"{identity}:resource/ecs/{request['ResourceId']}:policyName/{name}", "scalingPolicy"
    )
    kept = {**request, "PolicyARN": arn, "CreationTime": time.time(), "Alarms": []}
    POLICIES[(*_key(request), name)] = kept
    return {"PolicyARN": arn, "Alarms": []}


def _delete_policy(request: Request) -> Answer:
    if POLICIES.pop((*_key(request), str(request["PolicyName"])), None) is None:
        raise LookupError(f"No scaling policy found for {request['PolicyName']}")
    return {}


def _arn(resource: str, kind: str = "") -> str:
    service = (
        f"autoscaling:{get_region()}:{get_account_id()}:{kind}"
        if kind
        else (f"{NAME}:{get_region()}:{get_account_id()}")
    )
    return f"arn:aws:{service}:{resource}"


def _listed(name: str, kept: Callable[[], list[dict[str, Any]]]) -> Callable[[Request], Any]:
    def described(request: Request) -> Answer:
        ids = request.get("ResourceIds") or (
            [request["ResourceId"]] if "ResourceId" in request else []
        )
        return {name: [one for one in kept() if not ids or one["ResourceId"] in ids]}

    return described


def _role() -> str:
    return (
        f"arn:aws:iam::{get_account_id()}:role/aws-service-role/ecs.application-autoscaling"
        ".amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService"
    )


ACTIONS: Mapping[str, Callable[[Request], Answer]] = {
    "RegisterScalableTarget": _register,
    "DeregisterScalableTarget": _deregister,
    "PutScalingPolicy": _put_policy,
    "DeleteScalingPolicy": _delete_policy,
    "DescribeScalableTargets": _listed(
        "ScalableTargets", lambda: [{**one, "RoleARN": _role()} for one in TARGETS.values()]
    ),
    "DescribeScalingPolicies": _listed("ScalingPolicies", lambda: list(POLICIES.values())),
    "DescribeScheduledActions": _listed("ScheduledActions", lambda: list(SCHEDULED.values())),
    "DescribeScalingActivities": _listed("ScalingActivities", lambda: ACTIVITIES[::-1]),
}


def _target_created(_logical_id: str, properties: Any, _stack: str) -> tuple[str, dict[str, str]]:
    plain = {name: value for name, value in properties.items() if name != "ScheduledActions"}
    made = _register(plain)
    for key in [key for key in SCHEDULED if key[:2] == _key(plain)]:
        del SCHEDULED[key]
    for action in properties.get("ScheduledActions") or []:
        kept = {
            **action,
            **{
                part: plain[part]
                for part in ("ResourceId", "ScalableDimension", "ServiceNamespace")
            },
        }
        SCHEDULED[(*_key(plain), action["ScheduledActionName"])] = kept
    identity = "|".join((*_key(plain), plain["ServiceNamespace"]))
    return identity, {"Id": identity, "ScalableTargetARN": made["ScalableTargetARN"]}


def _target_deleted(identity: str) -> None:
    resource, dimension, _ = identity.split("|")
    TARGETS.pop((resource, dimension), None)
    for key in [key for key in SCHEDULED if key[:2] == (resource, dimension)]:
        del SCHEDULED[key]


def _policy_created(_logical_id: str, properties: Any, _stack: str) -> tuple[str, dict[str, str]]:
    given = dict(properties)
    if "ScalingTargetId" in given:
        parts = given.pop("ScalingTargetId").split("|")
        given |= dict(
            zip(("ResourceId", "ScalableDimension", "ServiceNamespace"), parts, strict=True)
        )
    arn = _put_policy(given)["PolicyARN"]
    return arn, {"Arn": arn, "PolicyName": given["PolicyName"]}


def _policy_deleted(arn: str) -> None:
    for key in [key for key, policy in POLICIES.items() if policy["PolicyARN"] == arn]:
        del POLICIES[key]
