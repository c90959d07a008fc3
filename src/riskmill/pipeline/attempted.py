"""What the records of attempts say: they decide nothing, and tell how a run was carried out."""

from collections import Counter

import msgspec

from riskmill.pipeline.artefacts import load_record
from riskmill.pipeline.layout import attempts_prefix
from riskmill.pipeline.ports import ObjectStore
from riskmill.reporting import FailedTry, TriedWave

FAILED = "failed"


class Attempt(msgspec.Struct):
    """One try at one task, as far as pages tell of it."""

    instant: str
    """UTC instant at which it ended."""
    task_id: str
    outcome: str
    stage: str = ""
    wave: str = ""
    attempt: int = 1
    message: str = ""


def attempts_of(store: ObjectStore, run_id: str) -> list[Attempt]:
    """Every recorded try of a run, by task and number; what `load_record` raises."""
    return [load_record(store, key, Attempt) for key in store.keys(attempts_prefix(run_id))]


def tried_waves(attempts: list[Attempt]) -> tuple[TriedWave, ...]:
    """Tasks and tries of each wave, in the order in which waves ended first."""
    first: dict[tuple[str, str], str] = {}
    for one in sorted(attempts, key=lambda one: (one.instant, one.task_id)):
        first.setdefault((one.stage, one.wave), one.instant)
    tries = Counter((one.stage, one.wave) for one in attempts)
    failed = Counter((one.stage, one.wave) for one in attempts if one.outcome == FAILED)
    tasks = Counter((stage, wave) for stage, wave, _ in {_task(one) for one in attempts})
    return tuple(
        TriedWave(
            stage=stage,
            wave=wave,
            tasks=tasks[stage, wave],
            attempts=tries[stage, wave],
            failed=failed[stage, wave],
        )
        for stage, wave in first
    )


def failed_tries(attempts: list[Attempt]) -> tuple[FailedTry, ...]:
    """Tries that failed, by task and number."""
    return tuple(
        FailedTry(task_id=one.task_id, attempt=one.attempt, message=one.message)
        for one in attempts
        if one.outcome == FAILED
    )


def _task(one: Attempt) -> tuple[str, str, str]:
    return one.stage, one.wave, one.task_id
