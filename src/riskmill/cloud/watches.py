"""
One small state machine beside the runs: the deadline, the cut-off, and the first worker.

It watches from outside, so that a run that hangs, or never began, is seen all the same.
"""

from troposphere import Ref, Template

from riskmill.cloud.references import Value, arn_of
from riskmill.cloud.roles import WATCH
from riskmill.cloud.stages import BY_ROOM
from riskmill.cloud.workflow import (
    CALL_SECONDS,
    State,
    add_machine,
    register_floor,
    service_id,
)
from riskmill.domain import NAMESPACE

LOOK_AGAIN_SECONDS = 300
START_SECONDS = 180
"""A task has started by then, and scaling has acted on the raised floor."""


def add_watch_workflow(template: Template) -> None:
    """Add the watch: what it is asked to do stands in its input."""
    said: dict[str, Value] = {
        "Minutes": Ref("DeadlineMinutes"),
        "Hours": Ref("CutOffHoursLater"),
    }
    add_machine(
        template, "WatchWorkflow", WATCH, definition(), said, role=arn_of("WatchWorkflowRole")
    )


def definition() -> State:
    """Return the states of the three watches, chosen by `watch` in the input."""
    return {
        "QueryLanguage": "JSONata",
        "StartAt": "Asked",
        "TimeoutSeconds": 604_800,
        "States": {
            "Asked": {
                "Type": "Choice",
                "Choices": [
                    _if("$states.input.watch = 'deadline'", "Deadline"),
                    _if("$states.input.watch = 'cut-off'", "Runs"),
                ],
                "Default": "Raise",
            },
            **_deadline(),
            **_cut_off(),
            **_wake(),
            "Over": {"Type": "Succeed"},
        },
    }


def _deadline() -> State:
    """Wait for the deadline; from then on say every five minutes that the run is late."""
    late = "{% $merge([$states.input,{'late':$states.result.Status='RUNNING' ? 1 : 0}]) %}"
    return {
        "Deadline": {"Type": "Wait", "Seconds": "{% ${Minutes}*60 %}", "Next": "Look"},
        "Look": {
            **_call("sfn:describeExecution", {"ExecutionArn": "{% $states.input.execution %}"}),
            "Output": late,
            "Next": "SayLate",
        },
        "SayLate": {
            **_say("RunsLate", "late"),
            "Output": "{% $states.input %}",
            "Next": "StillLate",
        },
        "StillLate": {
            "Type": "Choice",
            "Choices": [_if("$states.input.late = 1", "Again")],
            "Default": "Over",
        },
        "Again": {"Type": "Wait", "Seconds": LOOK_AGAIN_SECONDS, "Next": "Look"},
    }


def _cut_off() -> State:
    """Look whether a run of the business date has begun: run ids begin with that date."""
    day = "$fromMillis($toMillis($states.input.instant)-${Hours}*3600000,'[Y0001]-[M01]-[D01]')"
    asked = {"Bucket": "${Output}", "Prefix": f"{{% 'runs/' & {day} & '-' %}}", "MaxKeys": 1}
    return {
        "Runs": {
            **_call("s3:listObjectsV2", asked),
            "Output": {"missing": "{% $count($states.result.Contents) = 0 ? 1 : 0 %}"},
            "Next": "SayMissing",
        },
        "SayMissing": {**_say("BatchesMissing", "missing"), "Next": "Over"},
    }


def _wake() -> State:
    """Give ingestion one worker, and lower the floor again once that has started."""
    service = service_id(BY_ROOM["ingestion"])
    up = {key: value for key, value in register_floor(service, "{% 1 %}").items() if key != "End"}
    return {
        "Raise": {**up, "Output": "{% $states.input %}", "Next": "Start"},
        "Start": {"Type": "Wait", "Seconds": START_SECONDS, "Next": "Lower"},
        "Lower": register_floor(service, "{% $states.input.floor %}"),
    }


def _if(condition: str, following: str) -> State:
    return {"Condition": f"{{% {condition} %}}", "Next": following}


def _say(metric: str, value: str) -> State:
    datum = {
        "MetricName": metric,
        "Value": f"{{% $states.input.{value} %}}",
        "Unit": "Count",
        "Dimensions": [{"Name": "Environment", "Value": "${Env}"}],
    }
    return _call("cloudwatch:putMetricData", {"Namespace": NAMESPACE, "MetricData": [datum]})


def _call(api: str, arguments: Value) -> State:
    """Only reading and counting happens here: doing it again changes nothing."""
    return {
        "Type": "Task",
        "Resource": f"arn:${{Partition}}:states:::aws-sdk:{api}",
        "Arguments": arguments,
        "TimeoutSeconds": CALL_SECONDS,
        "Retry": [{"ErrorEquals": ["States.TaskFailed", "States.Timeout"], "IntervalSeconds": 10}],
    }
