"""
What a permission is judged by: the resource and the condition keys of a call.

AWS judges a write to a log stream by the stream's ARN, PutMetricData by cloudwatch:namespace, calls
of ECS by ecs:cluster, and an answer to a task by the state machine that waits for it. MiniStack
takes the log group's ARN without a stream, knows neither key, and takes any state machine.
"""

import json
from typing import Any
from urllib.parse import parse_qs

import cbor2
from ministack.core import iam_actions
from ministack.core.responses import get_account_id, get_region

from .waiting_tasks import machine_of

Context = dict[str, Any]
"""Condition keys of a call, and their values."""
STREAMED = frozenset({"PutLogEvents", "CreateLogStream", "GetLogEvents", "DeleteLogStream"})


def apply() -> None:
    """Complete the resource and the context of each call before it is judged."""
    resource_before = iam_actions.extract_resource_arn
    context_before = iam_actions.request_tag_context

    def resource(
        service: str, method: str, path: str, headers: Any, body: bytes, *rest: Any
    ) -> str:
        found: str = resource_before(service, method, path, headers, body, *rest)
        action = headers.get("x-amz-target", "").rsplit(".", 1)[-1]
        if service == "logs" and action in STREAMED:
            stream = _read(body).get("logStreamName")
            return f"{found}:log-stream:{stream}" if stream else found
        if service in ("states", "stepfunctions") and action.startswith("SendTask"):
            return machine_of(str(_read(body).get("taskToken"))) or found
        return found

    def context(service: str, action: str, body: bytes, parameters: Any) -> Context:
        found = dict(context_before(service, action, body, parameters) or {})
        if action == "cloudwatch:PutMetricData":
            found["cloudwatch:namespace"] = _namespace(body, parameters)
        if action.startswith("ecs:") and (cluster := _read(body).get("cluster")):
            found["ecs:cluster"] = _cluster_arn(str(cluster))
        return found

    iam_actions.extract_resource_arn = resource
    iam_actions.request_tag_context = context


def _read(body: bytes) -> Context:
    try:
        found = json.loads(body or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _namespace(body: bytes, parameters: Any) -> str:
    """Return the namespace from JSON, from a form or from CBOR, as clients of any age send it."""
    named = (parameters or {}).get("Namespace") or _read(body).get("Namespace")
    if named is None and body:
        try:
            named = cbor2.loads(body).get("Namespace")
        except (cbor2.CBORDecodeError, AttributeError):
            named = parse_qs(body.decode("latin-1")).get("Namespace")
    return str(named[0] if isinstance(named, list) and named else named or "")


def _cluster_arn(name: str) -> str:
    if name.startswith("arn:"):
        return name
    return f"arn:aws:ecs:{get_region()}:{get_account_id()}:cluster/{name}"
