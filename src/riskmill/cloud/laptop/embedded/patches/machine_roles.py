"""
A state machine may do what its role allows.

AWS makes every call of a state with the role of its machine. MiniStack makes them as root, so that
a machine whose role lacks a permission runs well on a laptop and fails in an account.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id, get_region
from ministack.services import stepfunctions

from .running_executions import current_machine

Asked = tuple[str, str, str]
"""Action, ARN of its resource, and the error that a state fails with where it is refused."""


def apply() -> None:
    """Judge each call that a state makes by the role of its machine."""
    for resource, made in list(stepfunctions._SERVICE_DISPATCH.items()):
        stepfunctions._SERVICE_DISPATCH[resource] = _judged(made)
    called = stepfunctions._invoke_aws_sdk_integration
    stepfunctions._invoke_aws_sdk_integration = _judged(called)
    read_before = stepfunctions._read_map_items

    def read(reader: Any, *rest: Any) -> Any:
        _judge(reader.get("Resource", ""), reader.get("Arguments") or {})
        return read_before(reader, *rest)

    stepfunctions._read_map_items = read
    nested = stepfunctions._invoke_nested_start_execution
    stepfunctions._invoke_nested_start_execution = _judged(nested)


def _judged(call: Callable[..., Any]) -> Callable[..., Any]:
    def judged(resource: str, data: Any, *rest: Any, **more: Any) -> Any:
        _judge(resource, data if isinstance(data, dict) else {})
        return call(resource, data, *rest, **more)

    return judged


def _judge(resource: str, arguments: Mapping[str, Any]) -> None:
    machine = stepfunctions._state_machines.get(current_machine())
    known = next((asked for part, asked in CALLS.items() if part in resource), None)
    if machine is None or known is None:
        return
    action, target, error = known(arguments)
    role = machine["roleArn"]
    conditions = {key: value for key, value in _conditions(action, arguments) if value}
    if not allowed(role, action, target, conditions):
        raise stepfunctions._ExecutionError(
            error, f"User: {role} is not authorized to perform: {action} on resource: {target}"
        )


def _conditions(action: str, arguments: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    if action.startswith("application-autoscaling:"):
        yield "application-autoscaling:service-namespace", arguments.get("ServiceNamespace")
        yield "application-autoscaling:scalable-dimension", arguments.get("ScalableDimension")
    if action.startswith("cloudwatch:"):
        yield "cloudwatch:namespace", arguments.get("Namespace")


def allowed(role: str, action: str, resource: str, conditions: Mapping[str, Any]) -> bool:
    """Whether the policies of *role* allow *action* on *resource* in a call of these keys."""
    account = role.split(":")[4]
    context = iam_evaluator.EvalContext(
        principal_arn=role,
        principal_type="AssumedRole",
        principal_account=account,
        action=action,
        resource_arn=resource,
        region=get_region(),
        source_ip="",
        secure_transport=True,
        service_context=dict(conditions),
    )
    policies = iam_evaluator._gather_role_policies(role.rsplit("/", 1)[1], account)
    return bool(iam_evaluator.evaluate(context, policies).decision == "Allow")


def _send(arguments: Mapping[str, Any]) -> Asked:
    account, name = str(arguments.get("QueueUrl")).split("/")[-2:]
    return (
        "sqs:SendMessage",
        f"arn:aws:sqs:{get_region()}:{account}:{name}",
        "SQS.AmazonSQSException",
    )


def _publish(arguments: Mapping[str, Any]) -> Asked:
    return "sns:Publish", str(arguments.get("TopicArn")), "SNS.AuthorizationErrorException"


def _start(arguments: Mapping[str, Any]) -> Asked:
    target = str(arguments.get("StateMachineArn"))
    return "states:StartExecution", target, "StepFunctions.AWSStepFunctionsException"


def _describe(arguments: Mapping[str, Any]) -> Asked:
    return "states:DescribeExecution", str(arguments.get("ExecutionArn")), "Sfn.SfnException"


def _get(arguments: Mapping[str, Any]) -> Asked:
    target = f"arn:aws:s3:::{arguments.get('Bucket')}/{arguments.get('Key')}"
    return "s3:GetObject", target, "States.ItemReaderFailed"


def _put(arguments: Mapping[str, Any]) -> Asked:
    target = f"arn:aws:s3:::{arguments.get('Bucket')}/{arguments.get('Key')}"
    return "s3:PutObject", target, "S3.S3Exception"


def _scale(arguments: Mapping[str, Any]) -> Asked:
    target = (
        f"arn:aws:application-autoscaling:{get_region()}:{get_account_id()}:scalable-target/any"
    )
    action = "application-autoscaling:RegisterScalableTarget"
    return action, target, "ApplicationAutoScaling.ApplicationAutoScalingException"


def _measure(_arguments: Mapping[str, Any]) -> Asked:
    return "cloudwatch:PutMetricData", "*", "CloudWatch.CloudWatchException"


CALLS: Mapping[str, Callable[[Mapping[str, Any]], Asked]] = {
    "sqs:sendMessage": _send,
    "sns:publish": _publish,
    "states:startExecution": _start,
    "aws-sdk:sfn:describeExecution": _describe,
    "states:::s3:getObject": _get,
    "aws-sdk:s3:putObject": _put,
    "aws-sdk:applicationautoscaling:registerScalableTarget": _scale,
    "aws-sdk:cloudwatch:putMetricData": _measure,
}
"""Part of a state's Resource, and what it asks for; what is not here is not judged."""
