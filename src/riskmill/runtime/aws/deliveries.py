"""The inbox as ingestion sees it: an event is a reason to look, the bucket is the truth."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from riskmill.domain import BatchManifest, RiskmillError, StoreUnavailable
from riskmill.pipeline import (
    Decision,
    Ignore,
    Landed,
    Refuse,
    Run,
    StageEarly,
    Wait,
    decide,
    in_inbox,
)
from riskmill.runtime.aws.messages import Arrival
from riskmill.runtime.aws.places import Places
from riskmill.runtime.aws.starting import Starter, startable
from riskmill.runtime.aws.telemetry import Teller
from riskmill.runtime.inbox import Inbox, View

RECENT_DAYS = 10
"""Business dates that a look covers, the latest that have landed; beside that of its event."""
WHOLE_AT_ONCE = 0.0
"""An object of a bucket is whole or absent: a short file will not grow."""


class Deliveries:
    """Acts on what lies in the inbox; safe to do at the same time elsewhere, and again."""

    def __init__(self, places: Places, starter: Starter, teller: Teller) -> None:
        self._places = places
        self._starter = starter
        self._teller = teller
        self._seen = Inbox(places.inbox, places.output)
        self._told: dict[str, str] = {}

    def look(self, arrival: Arrival | None, now: datetime) -> bool:
        """
        Do what there is to do, and say whether anything still waits.

        With an *arrival*, files without a manifest are checked only where it is about them;
        without one, all are. What fails is told and leaves the rest alone; the first error is
        raised at the end, so that the event comes again.
        """
        view = self._view(arrival)
        decisions = decide(view.landed, view.manifests, view.settled, now, WHOLE_AT_ONCE)
        errors: list[RiskmillError] = []
        runs = [decision for decision in decisions if isinstance(decision, Run)]
        progress = {run.batch_id: self._starter.progress(run, now) for run in runs}
        begin = startable(runs, progress)
        waits = False
        for decision in decisions:
            waits = waits or isinstance(decision, Wait) or decision in runs
            try:
                self._act(decision, view, arrival, begin)
            except StoreUnavailable:
                raise
            except RiskmillError as error:
                errors.append(error)
        if errors:
            raise errors[0]
        return waits

    def _view(self, arrival: Arrival | None) -> View:
        landed = tuple(self._landed(self._days(arrival)))
        early = [one for one in landed if arrival is None or one.key == arrival.key]
        view = self._seen.view(landed, early)
        if referred := set(_referred(view)) - {_batch_of(one.key) for one in landed}:
            landed += tuple(self._landed(sorted(referred)))
            view = self._seen.view(landed, early)
        return view

    def _landed(self, prefixes: Iterable[str]) -> Iterator[Landed]:
        for prefix in prefixes:
            yield from self._places.inbox.landed(prefix)

    def _days(self, arrival: Arrival | None) -> list[str]:
        days = self._places.inbox.folders("")[-RECENT_DAYS:]
        own = {arrival.key.split("/")[0]} if arrival and in_inbox(arrival.key) else set()
        return sorted(own.union(days))

    def _act(
        self, decision: Decision, view: View, arrival: Arrival | None, begin: tuple[Run, ...]
    ) -> None:
        match decision:
            case StageEarly() if arrival is None or decision.key == arrival.key:
                answer = self._seen.stage(decision, view)
                if answer:
                    said = answer.code or f"{answer.rejected} of {answer.rows} rows rejected"
                    self._tell(decision.batch_id, "checked", f"{answer.sha256} {said}")
            case Refuse():
                self._seen.refuse(decision, view)
                error = decision.refusal
                self._tell(decision.batch_id, "refused", f"{error.code} {decision.manifest_sha256}")
            case Wait():
                self._tell(decision.batch_id, "waiting", f"{len(decision.missing)} files missing")
            case Run() if decision in begin:
                started = self._starter.start(decision)
                outcome = "started" if started.new else "started before"
                self._tell(decision.batch_id, outcome, started.run_id)
            case Run():
                self._tell(decision.batch_id, "held", "an earlier date is under way")
            case Ignore():
                pass

    def _tell(self, batch_id: str, outcome: str, detail: str) -> None:
        """Write a line about a batch whenever that is news to this process."""
        if self._told.get(batch_id) == (said := f"{outcome} {detail}"):
            return
        self._told[batch_id] = said
        metrics = {"started": {"BatchesAccepted": 1.0}, "refused": {"BatchesRefused": 1.0}}
        self._teller.tell(
            "batch", metrics.get(outcome), batch_id=batch_id, outcome=outcome, detail=detail
        )


def _referred(view: View) -> Iterator[str]:
    """Batches that manifests name beside their own."""
    for found in view.manifests.values():
        if isinstance(found.content, BatchManifest):
            if found.content.supersedes:
                yield found.content.superseded_id
            yield from (f.carried_batch for f in found.content.files if f.carried_from)


def _batch_of(key: str) -> str:
    return key.rpartition("/")[0]
