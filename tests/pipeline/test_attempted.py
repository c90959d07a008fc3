"""What pages tell of attempts."""

from riskmill.pipeline.attempted import Attempt, failed_tries, tried_waves


def _tried(minute: int, wave: str, task: str, attempt: int = 1, outcome: str = "done") -> Attempt:
    return Attempt(
        instant=f"2019-01-01T00:{minute:02d}:00Z",
        stage="risk",
        wave=wave,
        task_id=task,
        attempt=attempt,
        outcome=outcome,
        message="" if outcome == "done" else "E601: no answer",
    )


TRIES = [
    _tried(3, "measure", "risk-measure"),
    _tried(0, "value", "risk-value-1", 1, "failed"),
    _tried(2, "value", "risk-value-1", 2),
    _tried(1, "value", "risk-value-2"),
]


def test_waves_stand_in_the_order_of_their_first_attempt_with_tasks_and_attempts() -> None:
    told = [(w.wave, w.tasks, w.attempts, w.failed) for w in tried_waves(TRIES)]
    assert told == [("value", 2, 3, 1), ("measure", 1, 1, 0)]


def test_a_failed_attempt_is_told_with_its_error() -> None:
    (one,) = failed_tries(TRIES)
    assert (one.task_id, one.attempt, one.message) == ("risk-value-1", 1, "E601: no answer")
