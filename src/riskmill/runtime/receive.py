"""An inbox of deliveries: look what has landed, decide, act, and say how each delivery stands."""

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from riskmill.domain import (
    BatchManifest,
    InputRejected,
    RiskmillError,
    RunFailed,
    StoreError,
    UsageError,
)
from riskmill.pipeline import (
    MANIFEST,
    Decision,
    EarlyAnswer,
    Ignore,
    Refuse,
    Run,
    StageEarly,
    Wait,
    decide,
    report_key,
)
from riskmill.runtime.answering import answers, outcome_of
from riskmill.runtime.delivery import open_source
from riskmill.runtime.events import Observer
from riskmill.runtime.inbox import Inbox, View
from riskmill.runtime.runs import REPORT, RunOptions, read_spec, start_run
from riskmill.runtime.stores import ObstoreStore

POLL_SECONDS = 2.0


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryState:
    """How one delivery of an inbox stands."""

    batch_id: str
    state: str
    """`early` (no manifest yet), `open`, `refused`, `failed`, `complete`, `complete with failures`
    or `superseded` (complete, and so is a version that corrects it)."""
    detail: str
    """What is missing, why it is refused, or what was found early, in words."""
    code: str = ""
    """Code of the refusal or failure; empty without one."""
    run_id: str = ""
    place: str = ""
    """Report, answer or directory to look at, below the output directory."""
    acted: bool = False
    """Whether this look at the inbox ran or refused it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class IgnoredObject:
    """Something in the inbox that is no part of a delivery."""

    key: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class InboxState:
    """Every delivery of an inbox, by date, snapshot and version, and what else lies there."""

    deliveries: tuple[DeliveryState, ...]
    ignored: tuple[IgnoredObject, ...]


def receive(
    inbox: Path,
    out: Path,
    options: RunOptions,
    observe: Observer = lambda event: None,
    now: datetime | None = None,
) -> InboxState:
    """
    Look at *inbox* once: check early files, run closed batches, refuse what cannot be used.

    A batch that fails leaves the others alone. Safe to repeat and to interrupt: what is
    settled is told by the answers and run records below *out*, never remembered here.
    """
    return Receiver(inbox, out, options, observe).look(now or datetime.now(UTC))


def watch(
    inbox: Path, out: Path, options: RunOptions, observe: Observer = lambda event: None
) -> Iterator[InboxState]:
    """Look at *inbox* every few seconds for ever, and give its state whenever that is new."""
    receiver, last = Receiver(inbox, out, options, observe), None
    while True:
        state = receiver.look(datetime.now(UTC))
        if state != last:
            yield state
        last = replace(
            state, deliveries=tuple(replace(one, acted=False) for one in state.deliveries)
        )
        time.sleep(POLL_SECONDS)


class Receiver:
    """Acts on the decisions about one inbox; remembers hashes and failures of this process only."""

    def __init__(self, inbox: Path, out: Path, options: RunOptions, observe: Observer) -> None:
        open_source(inbox)
        self._inbox, self._out = inbox, out
        self._options, self._observe = options, observe
        self._delivered = ObstoreStore.in_directory(inbox)
        self._store = ObstoreStore.in_directory(out)
        self._seen = Inbox(self._delivered, self._store)
        self._failed: dict[str, DeliveryState] = {}

    def look(self, now: datetime) -> InboxState:
        """Look once, decide and act."""
        landed = self._delivered.landed()
        view = self._seen.view(landed, landed)
        decisions = decide(view.landed, view.manifests, view.settled, now)
        found: dict[str, DeliveryState] = {}
        waiting: dict[str, list[tuple[EarlyAnswer | None, float]]] = {}
        ignored = []
        for decision in decisions:
            match decision:
                case StageEarly(batch_id=batch_id):
                    waiting.setdefault(batch_id, []).append(
                        (self._seen.stage(decision, view), decision.age_seconds)
                    )
                case Ignore() if decision.batch_id and decision.batch_id not in view.manifests:
                    waiting.setdefault(decision.batch_id, []).append(
                        (view.early.get(decision.key), decision.age_seconds)
                    )
                case Ignore() if not decision.key.endswith(f"/{MANIFEST}"):
                    ignored.append(IgnoredObject(key=decision.key, reason=decision.reason))
                case Ignore():
                    found[decision.batch_id] = self._settled(decision.batch_id, view)
                case _:
                    found[decision.batch_id] = self._act(decision, view)
        states = {batch: _early(batch, files) for batch, files in waiting.items()} | found
        ordered = [states[batch] for batch in sorted(states)]
        return InboxState(
            deliveries=tuple(_superseded(state, view, states) for state in ordered),
            ignored=tuple(ignored),
        )

    def _act(self, decision: Decision, view: View) -> DeliveryState:
        match decision:
            case Run():
                return self._run(decision)
            case Refuse():
                return self._refuse(decision, view)
            case Wait():
                until = f" until {decision.cut_off}" if decision.cut_off else ""
                return DeliveryState(
                    batch_id=decision.batch_id,
                    state="open",
                    detail=f"missing {', '.join(decision.missing)}{until}",
                )
        raise TypeError(f"a {type(decision).__name__} is about no batch")

    def _run(self, decision: Run) -> DeliveryState:
        if decision.manifest_sha256 in self._failed:
            return self._failed[decision.manifest_sha256]
        source = self._inbox / decision.batch_id
        try:
            outcome = start_run(source, self._out, self._options, self._observe)
        except InputRejected as refusal:
            given = answers(self._store, decision.batch_id, decision.manifest_sha256)
            keys = [one.key for one in given if one.refusal and one.refusal.code == refusal.code]
            return _refused(decision.batch_id, refusal, keys[-1] if keys else "", acted=True)
        except (RunFailed, StoreError, UsageError) as error:
            state = _failure(decision.batch_id, error)
            self._failed[decision.manifest_sha256] = replace(state, acted=False)
            return state
        return DeliveryState(
            batch_id=decision.batch_id,
            state=outcome.summary.status,
            detail=_counted(outcome.summary.rejected),
            run_id=outcome.run_id,
            place=outcome.report.relative_to(self._out).as_posix(),
            acted=True,
        )

    def _refuse(self, decision: Refuse, view: View) -> DeliveryState:
        key = self._seen.refuse(decision, view)
        return _refused(decision.batch_id, decision.refusal, key, acted=True)

    def _settled(self, batch_id: str, view: View) -> DeliveryState:
        """How a delivery stands that was dealt with before."""
        digest = view.manifests[batch_id].sha256
        given = [one for one in view.answered[batch_id] if one.answer.manifest_sha256 == digest]
        for one in given:
            summary = outcome_of(self._store, one.answer.run_id) if one.answer.run_id else None
            if summary:
                spec = read_spec(self._store, summary.run_id)
                return DeliveryState(
                    batch_id=batch_id,
                    state=summary.status,
                    detail=_counted(summary.rejected),
                    run_id=summary.run_id,
                    place=report_key(spec, REPORT),
                )
        key, refusal = next((one.key, one.refusal) for one in given if one.final and one.refusal)
        return DeliveryState(
            batch_id=batch_id,
            state="refused",
            detail=refusal.message,
            code=refusal.code,
            run_id=refusal.run_id,
            place=key,
        )


def _early(batch_id: str, files: Iterable[tuple[EarlyAnswer | None, float]]) -> DeliveryState:
    listed = list(files)
    checked = [answer for answer, _ in listed if answer]
    faults = [f"{answer.name}: {answer.code} {answer.message}" for answer in checked if answer.code]
    faults += [
        f"{answer.name}: {_counted(answer.rejected)} ({' '.join(_codes(answer))})"
        for answer in checked
        if answer.rejected
    ]
    oldest = max(age for _, age in listed)
    waits = f"{len(listed)} files without a manifest, the oldest for {_duration(oldest)}"
    return DeliveryState(batch_id=batch_id, state="early", detail="; ".join([waits, *faults]))


def _codes(answer: EarlyAnswer) -> list[str]:
    return [count.code for count in answer.codes if count.severity == "error"]


def _duration(seconds: float) -> str:
    """Whole minutes, so that a watched inbox is not news every second."""
    minutes = int(seconds // 60)
    if minutes < 1:
        return "less than a minute"
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"


def _counted(rejected: int) -> str:
    return f"{rejected:,} {'row' if rejected == 1 else 'rows'} rejected" if rejected else ""


def _refused(batch_id: str, refusal: InputRejected, key: str, *, acted: bool) -> DeliveryState:
    return DeliveryState(
        batch_id=batch_id,
        state="refused",
        detail=refusal.message,
        code=refusal.code,
        place=key,
        acted=acted,
    )


def _failure(batch_id: str, error: RiskmillError) -> DeliveryState:
    return DeliveryState(
        batch_id=batch_id, state="failed", detail=error.message, code=error.code, acted=True
    )


def _superseded(
    state: DeliveryState, view: View, states: Mapping[str, DeliveryState]
) -> DeliveryState:
    """Mark a complete delivery that a complete one corrects."""
    for batch_id, found in view.manifests.items():
        manifest = found.content
        corrects = isinstance(manifest, BatchManifest) and manifest.superseded_id == state.batch_id
        if corrects and _is_complete(state) and _is_complete(states[batch_id]):
            return replace(state, state="superseded", detail=f"by {batch_id}")
    return state


def _is_complete(state: DeliveryState) -> bool:
    return state.state.startswith("complete")
