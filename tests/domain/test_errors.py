"""Errors say what, where and how to mend it, also on their way between processes."""

import pickle

import pytest

from riskmill.domain import (
    ArtefactConflict,
    ArtefactMissing,
    InputRejected,
    QuarantineOverPolicy,
    RiskmillError,
    RunFailed,
    StoreError,
    StoreUnavailable,
    UsageError,
)

ERRORS = [
    ArtefactConflict,
    ArtefactMissing,
    InputRejected,
    QuarantineOverPolicy,
    RunFailed,
    StoreError,
    StoreUnavailable,
    UsageError,
]


@pytest.mark.parametrize("kind", ERRORS)
def test_an_error_survives_the_way_between_processes(kind: type[RiskmillError]) -> None:
    error = kind("E601", "it broke", place="here", remedy="mend it")
    back = pickle.loads(pickle.dumps(error))
    assert type(back) is kind
    assert (back.code, back.message, back.place, back.remedy) == (
        "E601",
        "it broke",
        "here",
        "mend it",
    )


def test_only_an_unavailable_store_is_worth_another_try() -> None:
    assert [kind for kind in ERRORS if kind.retryable] == [StoreUnavailable]


def test_an_error_reads_as_code_message_and_place() -> None:
    assert str(UsageError("E701", "no path", place="run")) == "E701: no path (run)"
    assert str(UsageError("E701", "no path")) == "E701: no path"
