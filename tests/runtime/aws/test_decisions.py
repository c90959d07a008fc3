"""What a worker decides, second by second: every instruction follows from what was said."""

import pytest

from riskmill.cloud import STAGES
from riskmill.cloud.queues import VISIBILITY_SECONDS as QUEUE_VISIBILITY
from riskmill.cloud.stages import STOP_SECONDS
from riskmill.domain import InputRejected, RunFailed, StoreUnavailable, WorkMessage
from riskmill.pipeline import QueuedMessage
from riskmill.runtime.aws.decisions import (
    AFTERWARDS_SECONDS,
    AGAIN_SECONDS,
    BEAT_SECONDS,
    FINISH_SECONDS,
    VISIBILITY_SECONDS,
    Beat,
    Delete,
    Fail,
    Held,
    Hide,
    Leave,
    Protect,
    Succeed,
    Tell,
    after_work,
    hold,
    missed,
    put_away,
    spoken,
    unwanted,
    while_busy,
)
from riskmill.runtime.aws.messages import Arrival, Poison

MESSAGE = QueuedMessage(body="{}", receipt="r", received=1)
TASK = WorkMessage(run_id="run", task_id="risk-measure", execution="run-0001", token="token")
ARRIVAL = Arrival(key="2018-12-31/EOD/v001/positions.csv")
BEGAN = 1_000.0


def held(work: WorkMessage | Arrival = TASK) -> Held:
    return hold(MESSAGE, work, BEGAN)[0]


def test_a_token_is_heard_before_any_work_is_done() -> None:
    _, first = hold(MESSAGE, TASK, BEGAN)
    assert first == (Beat(), Protect())
    assert hold(MESSAGE, ARRIVAL, BEGAN)[1] == (Protect(),)


def test_a_dead_token_ends_its_message_and_nothing_is_answered() -> None:
    assert unwanted() == (Delete(), Tell(outcome="stale"))


def test_nothing_is_due_between_beats() -> None:
    for second in (0, 1, BEAT_SECONDS - 1):
        assert while_busy(held(), BEGAN + second, None) == (held(), ())


def test_a_beat_extends_the_message_the_token_and_the_protection() -> None:
    after, due = while_busy(held(), BEGAN + BEAT_SECONDS, None)
    assert due == (Hide(seconds=VISIBILITY_SECONDS), Beat(), Protect())
    assert while_busy(after, BEGAN + BEAT_SECONDS + 1, None)[1] == ()
    assert while_busy(after, BEGAN + 2 * BEAT_SECONDS, None)[1] == due


def test_an_event_has_no_token_that_a_beat_could_tell() -> None:
    due = while_busy(held(ARRIVAL), BEGAN + BEAT_SECONDS, None)[1]
    assert due == (Hide(seconds=VISIBILITY_SECONDS), Protect())


def test_work_that_ends_in_time_after_sigterm_is_answered() -> None:
    asked = BEGAN + 10
    assert while_busy(held(), asked + FINISH_SECONDS - 1, asked)[1][-1] == Protect()
    assert after_work(held(), None) == (Succeed(), Delete(), Tell(outcome="done"))


def test_work_that_outlasts_its_notice_is_handed_back_before_it_is_killed() -> None:
    asked = BEGAN + 10
    due = while_busy(held(), asked + FINISH_SECONDS, asked)[1]
    assert due == (Hide(seconds=0), Tell(outcome="handed back"), Leave(code=0))
    assert FINISH_SECONDS + 20 <= STOP_SECONDS


def test_work_that_nobody_waits_for_is_not_answered() -> None:
    gone = missed(held(), BEGAN + 60)
    assert missed(gone, BEGAN + 120) == gone
    assert after_work(gone, None) == (Delete(), Tell(outcome="stale"))
    assert Beat() not in while_busy(gone, BEGAN + 3 * BEAT_SECONDS, None)[1]


def test_work_that_hangs_after_its_token_died_ends_the_process_as_a_crash() -> None:
    gone = missed(held(), BEGAN + 60)
    due = while_busy(gone, BEGAN + 60 + AFTERWARDS_SECONDS, None)[1]
    assert due == (Delete(), Tell(outcome="given up"), Leave(code=1))


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (StoreUnavailable("E601", "no answer", place="s3://b/k"), "StoreUnavailable"),
        (InputRejected("E011", "no such file", place="positions.csv"), "InputRejected"),
        (RunFailed("E606", "met ValueError: P-4711 has 1.5e9"), "RunFailed"),
    ],
)
def test_a_failed_task_is_answered_by_the_name_of_its_error(error: RunFailed, name: str) -> None:
    fail, delete, told = after_work(held(), error)
    assert isinstance(fail, Fail)
    assert (fail.token, fail.error) == ("token", name)
    assert fail.cause.startswith(error.code)
    assert (delete, told) == (Delete(), Tell(outcome="failed", error=error))


def test_an_unforeseen_error_is_told_by_its_kind_alone() -> None:
    error = RunFailed("E606", "met ValueError: P-4711 has 1.5e9", place="risk-value")
    error.__cause__ = ValueError("P-4711 has 1.5e9")
    assert spoken(error) == "E606: the task stopped with ValueError (risk-value)"


def test_an_event_that_could_not_be_acted_on_comes_again() -> None:
    error = StoreUnavailable("E601", "no answer")
    told = Tell(outcome="failed", error=error)
    assert after_work(held(ARRIVAL), error) == (Hide(seconds=AGAIN_SECONDS), told)
    assert after_work(held(ARRIVAL), None) == (Delete(), Tell(outcome="done"))


def test_poison_is_failed_with_its_reason_or_left_to_become_a_dead_letter() -> None:
    error = RunFailed("E855", "it is no JSON")
    told = Tell(outcome="poison", error=error)
    fail, delete, said = put_away(Poison(error=error, token="token"))
    assert isinstance(fail, Fail)
    assert (fail.error, delete, said) == ("RunFailed", Delete(), told)
    assert put_away(Poison(error=error, token="")) == (Hide(seconds=0), told)


def test_beats_keep_message_and_token_alive() -> None:
    assert VISIBILITY_SECONDS == QUEUE_VISIBILITY
    assert 3 * BEAT_SECONDS < VISIBILITY_SECONDS
    assert all(stage.heartbeat_seconds > 3 * BEAT_SECONDS for stage in STAGES)
