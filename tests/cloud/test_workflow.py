"""The state machines: the order of the plan, every failure caught, nothing that grows."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

import pytest

from riskmill.cloud import STAGES
from riskmill.domain import (
    CLOSING_TASK,
    WAVES,
    RiskmillError,
    RunRequest,
    StoreUnavailable,
    WorkMessage,
    execution_name,
)
from riskmill.pipeline import execution_key, items_key
from tests.cloud.templates import RESOURCES, of_type

MACHINES = of_type("AWS::StepFunctions::StateMachine")
RUN = MACHINES["RunWorkflow"]["Definition"]
PAYLOAD = 262_144
"""Bytes that may pass from state to state."""
MESSAGE = 1_048_576
"""Bytes of a message of a queue."""
TOKEN = 2_048
"""No task token is longer."""


def every_state(machine: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Give each state of a machine, those of its maps included."""
    for name, state in machine["States"].items():
        yield name, state
        if "ItemProcessor" in state:
            yield from every_state(state["ItemProcessor"])


ALL_STATES = [
    pytest.param(state, id=f"{machine}-{name}")
    for machine, made in MACHINES.items()
    for name, state in every_state(made["Definition"])
]


def test_the_waves_are_those_of_the_plan_in_its_order() -> None:
    rows = re.findall(
        r"'name':'([a-z-]+)','queue':'\$\{(\w+)Queue\}'", RUN["States"]["Waves"]["Items"]
    )
    prefixes = {stage.room: stage.prefix for stage in STAGES}
    assert rows == [(f"{wave.stage}-{wave.name}", prefixes[wave.stage]) for wave in WAVES]
    assert RUN["States"]["Waves"]["MaxConcurrency"] == 1


def test_the_states_follow_one_another_from_raising_to_restoring_the_floors() -> None:
    name, order = RUN["StartAt"], []
    while name:
        order.append(name)
        state = RUN["States"][name]
        name = state.get("Next") or state.get("Default")
    assert order == [
        "WatchDeadline", "RaiseFloors", "Waves", "Close", "Outcome", "Tell", "RestoreFloors",
        "End", "Finished",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name", [n for n, s in RUN["States"].items() if s["Type"] in ("Task", "Map")]
)
def test_whatever_fails_in_a_run_comes_to_the_restoring_of_the_floors(name: str) -> None:
    (caught,) = RUN["States"][name]["Catch"]
    assert caught["ErrorEquals"] == ["States.ALL"]
    following, seen = caught["Next"], set()
    while following and following not in ("RestoreFloors", "End"):
        assert following not in seen, "a circle"
        seen.add(following)
        state = RUN["States"][following]
        following = state.get("Next") or state.get("Default")
    assert following in ("RestoreFloors", "End")


def test_a_failure_of_a_wave_is_recorded_told_and_ends_the_execution_as_failed() -> None:
    states = RUN["States"]
    assert "failure" in states["Waves"]["Catch"][0]["Output"]
    assert states["Outcome"]["Choices"][0]["Next"] == "RecordFailure"
    assert states["RecordFailure"]["Next"] == "Tell"
    assert states["End"]["Choices"][0]["Next"] == "Failed"
    assert states["Failed"]["Type"] == "Fail"


def test_only_errors_that_say_so_themselves_are_tried_again() -> None:
    waiting = [s for _, s in every_state(RUN) if s.get("Resource", "").endswith("waitForTaskToken")]
    assert len(waiting) == 2
    for state in waiting:
        (retry,) = state["Retry"]
        own = {name for name in retry["ErrorEquals"] if "." not in name}
        assert own == {one.__name__ for one in _kinds(RiskmillError) if one.retryable}
        assert StoreUnavailable.__name__ in own
        assert "States.ALL" not in retry["ErrorEquals"]
        assert "States.TaskFailed" not in retry["ErrorEquals"]


@pytest.mark.parametrize("state", ALL_STATES)
def test_every_task_has_a_limit_and_every_retry_an_end(state: Mapping[str, Any]) -> None:
    if state["Type"] == "Task":
        assert state["TimeoutSeconds"]
    for retry in state.get("Retry", []):
        assert retry.get("MaxAttempts", 3) <= 3


@pytest.mark.parametrize("state", ALL_STATES)
def test_no_state_hands_on_what_a_service_answered_whole(state: Mapping[str, Any]) -> None:
    if state["Type"] in ("Task", "Map") and not state.get("End"):
        assert "Output" in state or state["Next"] == "Over"


def test_a_message_says_what_a_worker_reads() -> None:
    (task,) = [s for n, s in every_state(RUN) if n == "Do"]
    close = RUN["States"]["Close"]
    said = set(task["Arguments"]["MessageBody"]) | set(close["Arguments"]["MessageBody"])
    assert said == {field.name for field in fields(WorkMessage)}
    assert close["Arguments"]["MessageBody"]["task_id"] == CLOSING_TASK


def test_messages_and_inputs_stay_small_however_large_the_run() -> None:
    run_id = "2018-12-31-abcdef012345"
    message = {
        "schema": "riskmill.work/1",
        "run_id": run_id,
        "task_id": "risk-attribute-9999-of-10000",
        "execution": execution_name(run_id, 9999),
        "token": "x" * TOKEN,
    }
    assert len(json.dumps(message)) < MESSAGE / 100
    assert len(execution_name(run_id, 9999)) <= 80
    # A distributed map hands its 10,000 answers to the state after it.
    (task,) = [s for n, s in every_state(RUN) if n == "Do"]
    assert len(json.dumps(task["Output"])) * 10_000 < PAYLOAD
    assert {field.name for field in fields(RunRequest)} >= {"run_id", "files", "partitions"}


def test_items_are_read_and_failures_written_where_the_layout_says() -> None:
    (tasks,) = [s for n, s in every_state(RUN) if n == "Tasks"]
    assert _key(tasks["ItemReader"]["Arguments"]["Key"]) == items_key("RUN", "STAGE", "WAVE")
    recorded = RUN["States"]["RecordFailure"]["Arguments"]["Key"]
    assert _key(recorded) == execution_key("RUN", "EXECUTION")


def test_no_more_messages_wait_than_tasks_at_their_most_can_hold() -> None:
    found = re.findall(r"'most':\$\{(\w+)Max\}\*(\d+)", RUN["States"]["Waves"]["Items"])
    assert {prefix: int(number) for prefix, number in found} == {
        stage.prefix: stage.backlog for stage in STAGES if stage.room != "reporting"
    }


def test_every_name_in_a_definition_is_substituted() -> None:
    for machine in MACHINES.values():
        used = set(re.findall(r"\$\{(\w+)\}", json.dumps(machine["Definition"])))
        assert used <= set(machine["DefinitionSubstitutions"])


def test_machines_log_without_the_data_that_passes_through() -> None:
    for machine in MACHINES.values():
        assert machine["LoggingConfiguration"]["IncludeExecutionData"] is False


def test_the_cut_off_asks_for_a_run_of_the_business_date() -> None:
    asked = MACHINES["WatchWorkflow"]["Definition"]["States"]["Runs"]["Arguments"]
    assert asked["MaxKeys"] == 1
    assert asked["Prefix"].startswith("{% 'runs/' &")
    assert RESOURCES["CutOffSchedule"]["Properties"]["Target"]["Input"] == (
        '{"watch":"cut-off","instant":"<aws.scheduler.scheduled-time>"}'
    )


def _key(expression: str) -> str:
    """The key that a JSONata expression joins together, with names for what it reads."""
    read = {
        "$states.input.run_id": "RUN",
        "$states.input.wave.name": "STAGE-WAVE",
        "$states.context.Execution.Name": "EXECUTION",
    }
    parts = expression.removeprefix("{% ").removesuffix(" %}").split(" & ")
    return "".join(read.get(part, part.strip("'")) for part in parts)


def _kinds(kind: type[RiskmillError]) -> set[type[RiskmillError]]:
    return {kind} | {inner for one in kind.__subclasses__() for inner in _kinds(one)}
