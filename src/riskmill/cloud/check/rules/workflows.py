"""Step Functions: definitions that cannot run, and waits that do not end."""

from collections.abc import Iterator, Mapping

from riskmill.cloud.check.fargate import ROLE
from riskmill.cloud.check.machines import (
    Level,
    Machine,
    levels,
    machines,
    mentions,
    read_machines,
    tasks,
    transitions,
)
from riskmill.cloud.check.policies import rights
from riskmill.cloud.check.rule import Found, Rule, Severity, found
from riskmill.cloud.check.values import Map, Path, items, known, maps, number
from riskmill.cloud.check.world import World, is_hole

KINDS = frozenset({"Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map"})
LAST = frozenset({"Succeed", "Fail", "Choice"})
ALL = "States.ALL"
NEEDED: Mapping[str, tuple[str, ...]] = {
    "sqs:sendMessage": ("sqs:sendmessage",),
    "sns:publish": ("sns:publish",),
    "ecs:runTask": ("ecs:runtask",),
    "ecs:runTask.sync": ("ecs:runtask",),
    "ecs:runTask.waitForTaskToken": ("ecs:runtask",),
    "sqs:sendMessage.waitForTaskToken": ("sqs:sendmessage",),
    "lambda:invoke": ("lambda:invokefunction",),
    "lambda:invoke.waitForTaskToken": ("lambda:invokefunction",),
    "events:putEvents": ("events:putevents",),
    "states:startExecution": ("states:startexecution",),
    "states:startExecution.sync": ("states:startexecution",),
    "states:startExecution.sync:2": ("states:startexecution",),
    "dynamodb:getItem": ("dynamodb:getitem",),
    "dynamodb:putItem": ("dynamodb:putitem",),
    "dynamodb:updateItem": ("dynamodb:updateitem",),
    "dynamodb:deleteItem": ("dynamodb:deleteitem",),
    "batch:submitJob": ("batch:submitjob",),
    "batch:submitJob.sync": ("batch:submitjob",),
}
"""Integrations and the rights their call takes (Step Functions Developer Guide, integrations)."""


def _unreadable(world: World) -> Iterator[Found]:
    for resource, path, definition in machines(world):
        if isinstance(definition, str) and definition:
            yield found(resource, path, definition)


def _lost(world: World) -> Iterator[Found]:
    for machine in read_machines(world):
        for level in levels(machine):
            yield from _lost_in(machine, level)


def _lost_in(machine: Machine, level: Level) -> Iterator[Found]:
    place = (*machine.path, *level.path)
    states = dict(level.states())
    start = level.holder.get("StartAt")
    if not states or level.holder.open:
        return
    if start is None:
        yield found(machine.resource, place, "no StartAt")
    elif known(start) and start not in states:
        yield found(machine.resource, (*place, "StartAt"), f"there is no state {start}", start)
    for name, state in states.items():
        for following in transitions(state):
            if following not in states:
                yield found(
                    machine.resource,
                    (*place, "States", name),
                    f"state {name} goes on to {following}, which is no state of this level",
                    following,
                )


def _unreached(world: World) -> Iterator[Found]:
    for machine in read_machines(world):
        for level in levels(machine):
            states = dict(level.states())
            start = known(level.holder.get("StartAt"))
            if start not in states or any(is_hole(s.get("Next")) for s in states.values()):
                continue
            for name in states.keys() - _reached(states, str(start)):
                yield found(
                    machine.resource,
                    (*machine.path, *level.path, "States", name),
                    f"no state leads to {name}",
                    name,
                )


def _reached(states: Mapping[str, Map], start: str) -> set[str]:
    reached, waiting = {start}, [start]
    while waiting:
        for following in transitions(states[waiting.pop()]):
            if following in states and following not in reached:
                reached.add(following)
                waiting.append(following)
    return reached


def _no_end(world: World) -> Iterator[Found]:
    for machine in read_machines(world):
        for level in levels(machine):
            for name, state in level.states():
                fault = _fault_of(state)
                if fault and not state.open:
                    path = (*machine.path, *level.path, "States", name)
                    yield found(machine.resource, path, f"state {name} {fault}")


def _fault_of(state: Map) -> str:
    kind = known(state.get("Type"))
    if kind is None and not is_hole(state.get("Type")):
        return "has no Type"
    if kind is None:
        return ""
    if kind not in KINDS:
        return f"has the Type {kind}, which does not exist"
    goes_on, ends = "Next" in state, state.get("End") is True
    if kind in LAST:
        return f"is a {kind} and has Next or End" if goes_on or ends else ""
    if goes_on == ends:
        return "has Next and End" if ends else "has neither Next nor End"
    return ""


def _waits_for_ever(world: World) -> Iterator[Found]:
    for machine in read_machines(world):
        for path, name, state, resource in tasks(machine):
            limits = (
                "HeartbeatSeconds",
                "HeartbeatSecondsPath",
                "TimeoutSeconds",
                "TimeoutSecondsPath",
            )
            if resource.endswith(".waitForTaskToken") and not any(key in state for key in limits):
                yield found(
                    machine.resource,
                    path,
                    f"state {name} waits for a token with neither heartbeat nor timeout",
                    resource,
                )


def _no_token(world: World) -> Iterator[Found]:
    for machine in read_machines(world):
        for path, name, state, resource in tasks(machine):
            given = [state.get(key) for key in ("Parameters", "Arguments", "Assign")]
            sends = any(
                mentions(value, word)
                for value in given
                for word in ("Task.Token", "Task.TaskToken")
            )
            open_ended = any(is_hole(value) or getattr(value, "open", False) for value in given)
            if resource.endswith(".waitForTaskToken") and not sends and not open_ended:
                yield found(
                    machine.resource,
                    path,
                    f"state {name} waits for a token that it hands to nobody",
                    resource,
                )


def _heartbeat_beyond_timeout(world: World) -> Iterator[Found]:
    for machine in read_machines(world):
        for path, name, state, _ in tasks(machine):
            beat, limit = number(state.get("HeartbeatSeconds")), number(state.get("TimeoutSeconds"))
            if beat is not None and limit is not None and beat >= limit:
                yield found(
                    machine.resource,
                    path,
                    f"state {name} has a heartbeat of {beat:g} s and a timeout of {limit:g} s",
                    beat,
                )


def _blind_retry(world: World) -> Iterator[Found]:
    for machine in read_machines(world):
        for path, name, state, resource in tasks(machine):
            long = resource.endswith((".sync", ".sync:2", ".waitForTaskToken"))
            for position, retry in maps(state.get("Retry")):
                errors = list(items(retry.get("ErrorEquals")))
                if long and {ALL, "States.TaskFailed"} & {e for e in errors if isinstance(e, str)}:
                    yield found(
                        machine.resource,
                        (*path, "Retry", position),
                        f"state {name} starts long work again after any error, also one that "
                        "trying again cannot help",
                        retry.get("ErrorEquals"),
                    )


def _misplaced_all(world: World) -> Iterator[Found]:
    for machine in read_machines(world):
        for level in levels(machine):
            for name, state in level.states():
                for key in ("Retry", "Catch"):
                    listed = list(maps(state.get(key)))
                    path: Path = (*machine.path, *level.path, "States", name, key)
                    for place, (position, entry) in enumerate(listed):
                        errors = list(items(entry.get("ErrorEquals")))
                        if ALL in errors and (len(errors) > 1 or place + 1 < len(listed)):
                            yield found(
                                machine.resource,
                                (*path, position),
                                f"{ALL} of state {name} does not stand alone and last in {key}",
                                entry.get("ErrorEquals"),
                            )


def _no_right(world: World) -> Iterator[Found]:
    for machine in read_machines(world):
        role = world.meant(machine.resource.properties.get("RoleArn"), ROLE)
        if role is None:
            continue
        held = rights(world, role)
        for path, name, _, resource in tasks(machine):
            needed = NEEDED.get(resource.partition(":states:::")[2])
            if needed and held.certainly_may_not(*needed):
                yield found(
                    machine.resource,
                    path,
                    f"state {name} needs {needed[0]}, which {role.id} does not allow",
                    resource,
                )


def _tolerant(world: World) -> Iterator[Found]:
    for machine in read_machines(world):
        if machine.resource.type == "AWS::StepFunctions::StateMachine":
            kind = machine.resource.properties.get("StateMachineType")
            waits = [
                name
                for _, name, _, r in tasks(machine)
                if r.endswith((".waitForTaskToken", ".sync"))
            ]
            if kind == "EXPRESS" and waits:
                yield found(
                    machine.resource,
                    ("StateMachineType",),
                    f"an express workflow cannot wait, as its state {waits[0]} does",
                    kind,
                )


RULES = (
    Rule(
        code="C250",
        title="a definition that is not JSON",
        reason="Step Functions refuses it.",
        source="AWS Step Functions Developer Guide: Amazon States Language",
        remedy="Mend the text, or write Definition as a mapping.",
        example="DefinitionString: '{\"StartAt\": }'",
        find=_unreadable,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C251",
        title="a way to a state that is not there",
        reason="StartAt, Next, Default and Catch name states of the same level; Step Functions "
        "refuses anything else.",
        source="AWS Step Functions Developer Guide: Transitions in Step Functions workflows",
        remedy="Correct the name, or add the state.",
        example="Next: Measure where the state is called Measures",
        find=_lost,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C252",
        title="a state that cannot be reached",
        reason="No state leads there. Step Functions refuses the definition.",
        source="Amazon States Language: States",
        remedy="Lead to it, or remove it.",
        example="A state that no Next names",
        find=_unreached,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C253",
        title="a wait for a token without end",
        reason="A worker that dies never sends the token back. Without heartbeat or timeout the "
        "state waits for a year, and the run hangs.",
        source="AWS Step Functions Developer Guide: Wait for a callback with the task token",
        remedy="Set HeartbeatSeconds longer than the wait in the queue, and TimeoutSeconds.",
        example="sqs:sendMessage.waitForTaskToken without HeartbeatSeconds",
        find=_waits_for_ever,
    ),
    Rule(
        code="C254",
        title="a token that is handed to nobody",
        reason="The worker needs the token of the context object to answer; without it the state "
        "can only time out.",
        source="AWS Step Functions Developer Guide: Wait for a callback with the task token",
        remedy="Pass $$.Task.Token in Parameters.",
        example="waitForTaskToken without $$.Task.Token",
        find=_no_token,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C255",
        title="long work that is repeated after any error",
        reason="States.ALL and States.TaskFailed cover bad input, missing rights and wrong "
        "parameters too. Work that takes minutes or hours is done again, with the same end.",
        source="AWS Step Functions Developer Guide: Handling errors in Step Functions workflows",
        remedy="Retry the errors that can pass (timeouts, throttling, your own retryable ones) and "
        "catch the rest.",
        example="ecs:runTask.sync with Retry on States.ALL",
        find=_blind_retry,
        severity=Severity.NOTE,
    ),
    Rule(
        code="C256",
        title="States.ALL in company",
        reason="States.ALL has to be the only error of its entry and the last entry of the list.",
        source="Amazon States Language: Errors",
        remedy="Give it an entry of its own at the end.",
        example="ErrorEquals: [States.ALL, States.Timeout]",
        find=_misplaced_all,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C257",
        title="a heartbeat beyond the timeout",
        reason="HeartbeatSeconds has to be smaller than TimeoutSeconds.",
        source="Amazon States Language: Task state, timeouts",
        remedy="Shorten the heartbeat, or raise the timeout.",
        example="HeartbeatSeconds: 600, TimeoutSeconds: 300",
        find=_heartbeat_beyond_timeout,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C258",
        title="a step that the workflow may not take",
        reason="The workflow calls the service with its own role; the state fails with "
        "AccessDenied.",
        source="AWS Step Functions Developer Guide: IAM policies for integrated services",
        remedy="Allow the action on the resource in the workflow's role.",
        example="sqs:sendMessage in a workflow whose role allows sns:Publish only",
        find=_no_right,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C259",
        title="a state without a way on",
        reason="Each state but Choice, Succeed and Fail has exactly one of Next and End, and a "
        "Type "
        "that exists.",
        source="Amazon States Language: States",
        remedy="Add Next, or End: true.",
        example="A Pass state without Next and End",
        find=_no_end,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C260",
        title="an express workflow that waits",
        reason="Express workflows support neither .sync nor .waitForTaskToken; creating it fails.",
        source="AWS Step Functions Developer Guide: Choosing workflow type",
        remedy="StateMachineType: STANDARD",
        example="EXPRESS with ecs:runTask.sync",
        find=_tolerant,
        severity=Severity.ERROR,
    ),
)  # fmt: skip
