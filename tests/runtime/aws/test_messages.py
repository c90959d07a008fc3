"""Messages as they come: tasks, events of S3, and what nobody can act on."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmill.cloud.stages import INBOX as DECLARED_INBOX
from riskmill.domain import WorkMessage
from riskmill.runtime.aws.messages import INBOX, Arrival, Poison, Work, read_message

TASK = {
    "schema": "riskmill.work/1",
    "run_id": "2018-12-31-abcdef012345",
    "task_id": "risk-measure",
    "execution": "2018-12-31-abcdef012345-0001",
    "token": "AAAA",
}
EVENT = {
    "version": "0",
    "id": "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
    "detail-type": "Object Created",
    "source": "aws.s3",
    "account": "111122223333",
    "time": "2018-12-31T22:00:00Z",
    "region": "eu-central-1",
    "resources": ["arn:aws:s3:::deliveries"],
    "detail": {
        "version": "0",
        "bucket": {"name": "deliveries"},
        "object": {
            "key": "in/2018-12-31/EOD/v001/positions.csv",
            "size": 131072,
            "etag": "b1946ac92492d2347c6235b4d2611184",
            "version-id": "IYV3p45BT0ac8hjHg1houSdS1a.Mro8e",
            "sequencer": "00617F08299329D189",
        },
        "request-id": "N4N7GDK58NMKJ12R",
        "requester": "123456789012",
        "source-ip-address": "1.2.3.4",
        "reason": "PutObject",
    },
}


def read(said: Any, takes_arrivals: bool = True) -> Work | Poison:
    body = said if isinstance(said, str) else json.dumps(said)
    return read_message(body, data_bucket="deliveries", takes_arrivals=takes_arrivals)


def test_a_task_is_read_as_the_state_machine_writes_it() -> None:
    work = read(TASK, takes_arrivals=False)
    assert isinstance(work, WorkMessage)
    assert (work.task_id, work.token, work.outcome) == ("risk-measure", "AAAA", "")
    closing = read({**TASK, "task_id": "run-close", "outcome": "failed"})
    assert isinstance(closing, WorkMessage)
    assert closing.outcome == "failed"


def test_an_event_of_s3_names_an_object_of_the_inbox() -> None:
    assert read(EVENT) == Arrival(key="2018-12-31/EOD/v001/positions.csv")
    assert INBOX == DECLARED_INBOX


@pytest.mark.parametrize(
    "change",
    [
        {"bucket": {"name": "another"}, "object": {"key": "in/2018-12-31/EOD/v001/a"}},
        {"bucket": {"name": "deliveries"}, "object": {"key": "out/a"}},
        {"bucket": "deliveries", "object": {"key": "in/a"}},
        {},
    ],
)
def test_an_event_of_something_else_is_poison(change: Any) -> None:
    found = read({**EVENT, "detail": change})
    assert isinstance(found, Poison)
    assert found.token == ""


def test_a_stage_without_an_inbox_takes_no_event() -> None:
    assert isinstance(read(EVENT, takes_arrivals=False), Poison)


@pytest.mark.parametrize(
    "body", ["hello", "", "[]", "null", "3", '"text"', "{", "[" * 100_000, "\x00", "{}"]
)
def test_what_is_no_message_is_poison_without_a_token(body: str) -> None:
    found = read(body)
    assert isinstance(found, Poison)
    assert (found.error.code, found.token) == ("E855", "")
    assert len(str(found.error)) < 500


@pytest.mark.parametrize(
    "change", [{"schema": "riskmill.work/9"}, {"run_id": 3}, {"task_id": None}, {"execution": []}]
)
def test_a_task_that_is_not_whole_keeps_its_token_to_be_failed(change: Any) -> None:
    found = read({**TASK, **change})
    assert isinstance(found, Poison)
    assert (found.error.code, found.token) == ("E855", "AAAA")


@given(st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
))  # fmt: skip
def test_no_json_breaks_the_reader(said: Any) -> None:
    assert isinstance(read(said), Poison | WorkMessage | Arrival)
