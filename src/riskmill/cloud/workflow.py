"""
The state machine of a run, made from the waves that the laptop runs, too.

Work goes by reference: an execution is told a run id and two counts, a wave's items lie in
the output bucket, and a message names one task. Nothing that passes through a state grows
with the positions.
"""

from collections.abc import Callable, Mapping

from troposphere import Output, Ref, Template, stepfunctions

from riskmill.cloud.logs import WORKFLOW
from riskmill.cloud.queues import queue_id
from riskmill.cloud.references import Value, arn, imported, named
from riskmill.cloud.roles import RUN, WATCH, machine_arn, role_arn
from riskmill.cloud.scaling import idle_floor
from riskmill.cloud.stages import BY_ROOM, PATIENCE, STAGES, Stage
from riskmill.domain import CLOSING_TASK, WAVES, WORK_SCHEMA, Per, RiskmillError, WaveShape

State = dict[str, Value]
LOST = ("States.HeartbeatTimeout", "States.Timeout")
"""A worker went silent; which of the two names is given differs between implementations."""
DELIVERY = ("SQS.SdkClientException",)
"""The queue could not be reached."""
REGISTER = "applicationautoscaling:registerScalableTarget"
CALL_SECONDS = 60
"""A call of a service's API takes less than this."""
_COUNTS = {
    Per.FILE: "$states.input.files",
    Per.PARTITION: "$states.input.partitions",
    Per.EARLIER: "$states.input.partitions",
}
"""How many tasks a wave has at once, as the input of an execution says; one where it is silent."""
_SAME = "{% $states.input %}"
_RUN_ID = "{% $states.input.run_id %}"
_EXECUTION = "{% $states.context.Execution.Name %}"
_SERVICE = "{% 'service/batch-processing-${Env}/' & $states.input.stage & '-service-${Env}' %}"
_FAILED = "$exists($states.input.failure)"


def retryable_errors() -> tuple[str, ...]:
    """Names of the errors of riskmill that say themselves that trying again can help."""
    pending, found = [RiskmillError], set()
    while pending:
        kind = pending.pop()
        pending += kind.__subclasses__()
        if kind.retryable:
            found.add(kind.__name__)
    return tuple(sorted(found))


def add_run_workflow(template: Template) -> None:
    """Add the state machine of a run, and its ARN as output."""
    add_machine(
        template,
        "RunWorkflow",
        RUN,
        definition(),
        _substitutions(),
        role=role_arn("RunWorkflowRole"),
    )
    template.add_output(
        Output(
            "RunWorkflowArn",
            Description="State machine of a run; executions are named by run id and attempt",
            Value=Ref("RunWorkflow"),
        )
    )


def add_machine(
    template: Template,
    logical_id: str,
    name: str,
    states: State,
    substitutions: Mapping[str, Value],
    *,
    role: Value,
) -> None:
    """Add a state machine that logs what it does, without the data that passes through."""
    group = arn("logs", f"log-group:{WORKFLOW}-${{EnvironmentSuffix}}:*")
    destination = stepfunctions.LogDestination(
        CloudWatchLogsLogGroup=stepfunctions.CloudWatchLogsLogGroup(LogGroupArn=group)
    )
    template.add_resource(
        stepfunctions.StateMachine(
            logical_id,
            StateMachineName=named(name),
            RoleArn=role,
            Definition=states,
            DefinitionSubstitutions={
                "Partition": Ref("AWS::Partition"),
                "Env": Ref("EnvironmentSuffix"),
                "Output": Ref("OutputBucketName"),
                **substitutions,
            },
            LoggingConfiguration=stepfunctions.LoggingConfiguration(
                Level="ALL", IncludeExecutionData=False, Destinations=[destination]
            ),
            TracingConfiguration=stepfunctions.TracingConfiguration(Enabled=True),
        )
    )


def definition() -> State:
    """
    Return the states of a run.

    Raise the floors of the services, do one wave after the other, close the run, record a
    failure, tell, and restore the floors whatever happened.
    """
    return {
        "QueryLanguage": "JSONata",
        "StartAt": "WatchDeadline",
        "States": {
            "WatchDeadline": _watch("RaiseFloors"),
            "RaiseFloors": _floors(_wanted(), "Raise", "Waves"),
            "Waves": _waves("Close"),
            "Close": _close("Outcome"),
            "Outcome": _choose("RecordFailure", "Tell"),
            "RecordFailure": _record("Tell"),
            "Tell": _tell("RestoreFloors"),
            "RestoreFloors": _floors(_idle(), "Restore", "End"),
            "End": _choose("Failed", "Finished"),
            "Failed": {
                "Type": "Fail",
                "Error": "{% $states.input.failure.Error %}",
                "Cause": "{% $string($states.input.failure.Cause) %}",
            },
            "Finished": {"Type": "Succeed"},
        },
    }


def _waves(following: str) -> State:
    """One wave after the other; within a wave as many tasks at once as its stage can hold."""
    said = ("run_id", "execution")
    return {
        "Type": "Map",
        "Items": wave_table(),
        "MaxConcurrency": 1,
        "ItemSelector": {
            "wave": "{% $states.context.Map.Item.Value %}",
            "run_id": _RUN_ID,
            "execution": _EXECUTION,
        },
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "INLINE"},
            "StartAt": "Tasks",
            "States": {"Tasks": _tasks(said)},
        },
        "Catch": [_caught(following)],
        "Output": _SAME,
        "Next": following,
    }


def wave_table() -> str:
    """
    Return the waves as rows: which queue, how many at once, how long silence is borne.

    No more are at once in a queue than its tasks at their most can hold, so that none waits
    beyond its heartbeat.
    """
    return f"{{% [{','.join(_wave_row(wave) for wave in WAVES)}] %}}"


def _wave_row(wave: WaveShape) -> str:
    stage = BY_ROOM[wave.stage]
    most = f"${{{stage.prefix}Max}}*{stage.backlog}" if wave.per in _COUNTS else "1"
    return (
        f"{{'name':'{wave.stage}-{wave.name}','queue':'${{{stage.prefix}Queue}}','most':{most},"
        f"'heartbeat':{stage.heartbeat_seconds}}}"
    )


def _tasks(said: tuple[str, ...]) -> State:
    key = "{% 'runs/' & $states.input.run_id & '/items/' & $states.input.wave.name & '.json' %}"
    selected = {name: f"{{% $states.input.{name} %}}" for name in ("wave", *said)}
    item = {name: f"{{% $states.input.{name} %}}" for name in ("run_id", "task_id", "execution")}
    wave = "$states.input.wave"
    limit = f"{{% {wave}.heartbeat*{PATIENCE} %}}"
    asked = _ask(f"{{% {wave}.queue %}}", f"{{% {wave}.heartbeat %}}", limit, item)
    return {
        "Type": "Map",
        "Label": "Tasks",
        "ItemReader": {
            "Resource": "arn:${Partition}:states:::s3:getObject",
            "ReaderConfig": {"InputType": "JSON"},
            "Arguments": {"Bucket": "${Output}", "Key": key},
        },
        "ItemSelector": {**selected, "task_id": "{% $states.context.Map.Item.Value.task_id %}"},
        "MaxConcurrency": f"{{% {wave}.most %}}",
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "Do",
            "States": {"Do": {**asked, "Output": {}, "End": True}},
        },
        "Output": {},
        "End": True,
    }


def _ask(queue: str, heartbeat: Value, limit: Value, said: Mapping[str, Value]) -> State:
    """Send a message and wait for its token to come back; only declared errors are tried again."""
    token = "{% $states.context.Task.Token %}"
    return {
        "Type": "Task",
        "Resource": "arn:${Partition}:states:::sqs:sendMessage.waitForTaskToken",
        "Arguments": {
            "QueueUrl": queue,
            "MessageBody": {"schema": WORK_SCHEMA, **said, "token": token},
        },
        "HeartbeatSeconds": heartbeat,
        "TimeoutSeconds": limit,
        "Retry": [_again(*retryable_errors(), *LOST, *DELIVERY)],
    }


def _close(following: str) -> State:
    stage = BY_ROOM["reporting"]
    said = {
        "run_id": _RUN_ID,
        "task_id": CLOSING_TASK,
        "execution": _EXECUTION,
        "outcome": f"{{% {_FAILED} ? 'failed' : 'finished' %}}",
    }
    queue = f"${{{stage.prefix}Queue}}"
    return {
        **_ask(queue, stage.heartbeat_seconds, stage.limit_seconds, said),
        "Catch": [_caught(following)],
        "Output": _SAME,
        "Next": following,
    }


def _again(*errors: str) -> State:
    return {"ErrorEquals": list(errors), "IntervalSeconds": 5, "MaxAttempts": 2}


def _caught(following: str) -> State:
    """Go on with the first failure in hand."""
    first = "{% $merge([{'failure': $states.errorOutput}, $states.input]) %}"
    return {"ErrorEquals": ["States.ALL"], "Output": first, "Next": following}


def _choose(failed: str, finished: str) -> State:
    return {
        "Type": "Choice",
        "Choices": [{"Condition": f"{{% {_FAILED} %}}", "Next": failed}],
        "Default": finished,
    }


def call(api: str, arguments: Value, following: str, errors: tuple[str, ...] = ()) -> State:
    """Return a call of a service that must not keep the run from going on."""
    passed_over = {"ErrorEquals": ["States.ALL"], "Output": _SAME, "Next": following}
    return {
        "Type": "Task",
        "Resource": f"arn:${{Partition}}:states:::{api}",
        "Arguments": arguments,
        "TimeoutSeconds": CALL_SECONDS,
        "Retry": [_again("States.Timeout", *errors)],
        "Catch": [passed_over],
        "Output": _SAME,
        "Next": following,
    }


def _watch(following: str) -> State:
    """Start the execution that tells when this one is late; once, by its name."""
    asked = {"watch": "deadline", "execution": "{% $states.context.Execution.Id %}"}
    arguments = {"StateMachineArn": "${Watch}", "Name": _EXECUTION, "Input": asked}
    return call("states:startExecution", arguments, following)


def _floors(rows: str, name: str, following: str) -> State:
    """Register each service's least number of tasks anew; scaling acts on it at once."""
    return {
        "Type": "Map",
        "Items": rows,
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "INLINE"},
            "StartAt": name,
            "States": {name: register_floor(_SERVICE, "{% $states.input.floor %}")},
        },
        "Catch": [{"ErrorEquals": ["States.ALL"], "Output": _SAME, "Next": following}],
        "Output": _SAME,
        "Next": following,
    }


def register_floor(service: str, floor: str) -> State:
    """Return the state that gives one service this floor."""
    return {
        "Type": "Task",
        "Resource": f"arn:${{Partition}}:states:::aws-sdk:{REGISTER}",
        "Arguments": {
            "ServiceNamespace": "ecs",
            "ScalableDimension": "ecs:service:DesiredCount",
            "ResourceId": service,
            "MinCapacity": floor,
        },
        "TimeoutSeconds": CALL_SECONDS,
        "Retry": [_again("States.Timeout", "ApplicationAutoScaling.ConcurrentUpdateException")],
        "Output": {},
        "End": True,
    }


def _wanted() -> str:
    """Tasks for what is to come, as the number of items is known: from the floor to the most."""
    return _rows(_wanted_of)


def _wanted_of(stage: Stage) -> str:
    items = "+".join(sorted({_COUNTS[wave.per] for wave in WAVES if _many(wave, stage)}))
    least = f"1,${{{stage.prefix}Min}}"
    if not items:
        return f"$max([{least}])"
    return f"$max([{least},$min([${{{stage.prefix}Max}},$ceil(({items})/{stage.backlog})])])"


def _many(wave: WaveShape, stage: Stage) -> bool:
    return wave.stage == stage.room and wave.per in _COUNTS


def _idle() -> str:
    return _rows(lambda stage: f"${{{stage.prefix}Idle}}")


def _rows(floor: Callable[[Stage], str]) -> str:
    rows = (f"{{'stage':'{stage.name}','floor':{floor(stage)}}}" for stage in STAGES)
    return f"{{% [{','.join(rows)}] %}}"


def service_id(stage: Stage) -> str:
    """Name of a stage's service as scaling knows it."""
    return f"service/batch-processing-${{Env}}/{stage.name}-service-${{Env}}"


def _record(following: str) -> State:
    """Write down in the run's own place what went wrong; no worker is needed for it."""
    key = (
        "{% 'runs/' & $states.input.run_id & '/executions/'"
        " & $states.context.Execution.Name & '.json' %}"
    )
    body = {
        "schema": "riskmill.execution/1",
        "run_id": _RUN_ID,
        "execution": _EXECUTION,
        "failure": "{% $states.input.failure %}",
    }
    arguments = {"Bucket": "${Output}", "Key": key, "Body": body}
    return call("aws-sdk:s3:putObject", arguments, following, ("S3.SdkClientException",))


def _tell(following: str) -> State:
    outcome = f"({_FAILED} ? 'failed' : 'finished')"
    message = (
        "'Batch ' & $states.input.batch_id & ', execution ' & $states.context.Execution.Name & "
        f"({_FAILED} ? ': ' & $states.input.failure.Error & ' ' & "
        "$substring($string($states.input.failure.Cause), 0, 1000) : '. Reports: ${Output}')"
    )
    arguments = {
        "TopicArn": "${Topic}",
        "Subject": f"{{% 'Run ' & $states.input.run_id & ' ' & {outcome} %}}",
        "Message": f"{{% {message} %}}",
    }
    return call("sns:publish", arguments, following, ("SNS.SdkClientException",))


def _substitutions() -> dict[str, Value]:
    said: dict[str, Value] = {
        "Topic": imported("Topic"),
        "Watch": machine_arn(WATCH),
    }
    for stage in STAGES:
        said[f"{stage.prefix}Queue"] = Ref(queue_id(stage))
        said[f"{stage.prefix}Min"] = Ref(f"{stage.prefix}MinCapacity")
        if any(_many(wave, stage) for wave in WAVES):
            said[f"{stage.prefix}Max"] = Ref(f"{stage.prefix}MaxCapacity")
        said[f"{stage.prefix}Idle"] = idle_floor(stage)
    return said
