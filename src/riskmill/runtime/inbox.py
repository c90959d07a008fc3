"""What lies in an inbox and what was done about it: read from two stores, in any runtime."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from riskmill.domain import BatchFile, BatchManifest, BatchPolicy, InputRejected
from riskmill.ingestion import dataset_of
from riskmill.pipeline import (
    MANIFEST,
    EarlyAnswer,
    FoundManifest,
    Landed,
    Refuse,
    Settled,
    StageEarly,
    early_answer,
    early_prefix,
    in_inbox,
    stage_early,
    unread_prefix,
)
from riskmill.runtime.answering import Answered, answers, outcome_of, refuse, refused_prefix
from riskmill.runtime.stores import ObstoreStore
from riskmill.runtime.wiring import code_version, read_delivery

LAST_INSTANT = "9999-12-31T23:59:59Z"
"""As-of time of a batch whose manifest has not come: no value is observed after it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """What one look at an inbox saw."""

    landed: tuple[Landed, ...]
    manifests: Mapping[str, FoundManifest]
    answered: Mapping[str, tuple[Answered, ...]]
    """By batch id."""
    early: Mapping[str, EarlyAnswer]
    """Files without a manifest that were checked before, by key."""
    settled: Settled


class Inbox:
    """
    An inbox and the store of what was made of it.

    It remembers hashes of this process only: what is settled is told by answers and run records.
    """

    def __init__(self, delivered: ObstoreStore, store: ObstoreStore) -> None:
        self._delivered = delivered
        self._store = store
        self._entries: dict[Landed, BatchFile] = {}

    def view(self, landed: tuple[Landed, ...], early_of: Iterable[Landed]) -> View:
        """See what *landed*, and which files of *early_of*, without a manifest, were checked."""
        closed = {
            entry.key.rpartition("/")[0]
            for entry in landed
            if in_inbox(entry.key) and entry.key.endswith(f"/{MANIFEST}")
        }
        manifests = {batch: self._manifest(batch) for batch in sorted(closed)}
        answered = {
            batch: tuple(answers(self._store, batch, found.sha256))
            for batch, found in manifests.items()
        }
        early = self._early(early_of, closed)
        return View(
            landed=landed,
            manifests=manifests,
            answered=answered,
            early=early,
            settled=self._settlements(manifests, answered, early),
        )

    def stage(self, decision: StageEarly, view: View) -> EarlyAnswer | None:
        """Check a file early; none where its name says nothing, or it is still being written."""
        landed = next(entry for entry in view.landed if entry.key == decision.key)
        entry = self._entry(landed)
        if entry is None:
            return None
        digest = hashlib.sha256()
        for chunk in self._delivered.stream(decision.key):
            digest.update(chunk)
        if digest.hexdigest() != entry.sha256:
            return None  # it is still being written; the next look sees it whole
        chunks = self._delivered.stream(decision.key)
        return stage_early(entry, chunks, _expected(decision.batch_id), code_version(), self._store)

    def refuse(self, decision: Refuse, view: View) -> str:
        """Answer a batch that is refused without a run, and say under which key."""
        found = view.manifests[decision.batch_id]
        readable = isinstance(found.content, BatchManifest)
        prefix = (
            refused_prefix(decision.batch_id, found.sha256)
            if readable
            else unread_prefix(found.sha256)
        )
        return refuse(self._store, prefix, decision.batch_id, found.sha256, decision.refusal)

    def _manifest(self, batch_id: str) -> FoundManifest:
        raw = self._delivered.get(f"{batch_id}/{MANIFEST}")
        digest = hashlib.sha256(raw).hexdigest()
        try:
            return FoundManifest(sha256=digest, content=read_delivery(raw).manifest)
        except InputRejected as refusal:
            return FoundManifest(sha256=digest, content=refusal)

    def _settlements(
        self,
        manifests: Mapping[str, FoundManifest],
        answered: Mapping[str, tuple[Answered, ...]],
        early: Mapping[str, EarlyAnswer],
    ) -> Settled:
        given = [one for ones in answered.values() for one in ones]
        finished = {
            one.answer.manifest_sha256
            for one in given
            if one.answer.run_id and outcome_of(self._store, one.answer.run_id)
        }
        return Settled(
            finished=finished,
            refused={one.answer.manifest_sha256 for one in given if one.final} - finished,
            answered={
                batch: {
                    one.answer.manifest_sha256
                    for one in ones
                    if not one.key.startswith(unread_prefix(manifests[batch].sha256))
                }
                for batch, ones in answered.items()
            },
            staged=frozenset(early),
        )

    def _early(self, landed: Iterable[Landed], closed: set[str]) -> dict[str, EarlyAnswer]:
        known = {}
        for entry in landed:
            batch_id = entry.key.rpartition("/")[0]
            if in_inbox(entry.key) and batch_id not in closed and (file := self._entry(entry)):
                prefix = early_prefix(file, _expected(batch_id), code_version())
                if answer := early_answer(prefix, self._store):
                    known[entry.key] = answer
        return known

    def _entry(self, landed: Landed) -> BatchFile | None:
        """Announce a file as it lies there; none where its name says no dataset."""
        name = landed.key.rpartition("/")[2]
        if landed not in self._entries:
            try:
                dataset = dataset_of(name)
            except InputRejected:
                return None
            raw = self._delivered.get(landed.key)
            self._entries[landed] = BatchFile(
                name=name,
                dataset=dataset,
                sha256=hashlib.sha256(raw).hexdigest(),
                size=len(raw),
                rows=0,
            )
        return self._entries[landed]


def _expected(batch_id: str) -> BatchManifest:
    """What a file's place says of the batch that it will belong to."""
    day, snapshot, version = batch_id.split("/")
    return BatchManifest(
        business_date=date.fromisoformat(day),
        snapshot=snapshot,
        version=version,
        supersedes="",
        as_of=LAST_INSTANT,
        reporting_currency="",
        policy=BatchPolicy(),
        files=(),
    )
