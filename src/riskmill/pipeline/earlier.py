"""
The run before: where it lies, and its positions valued again for this run.

It is read from the store, never repeated: its artefacts are checked against their hashes.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from riskmill.domain import ArtefactMissing, PastDays, PositionTable, RiskResult
from riskmill.pipeline.artefacts import (
    ArtefactRef,
    TaskManifest,
    encode_manifest,
    load,
    load_manifest,
    load_record,
)
from riskmill.pipeline.codecs import decode_value
from riskmill.pipeline.layout import plan_key, spec_key
from riskmill.pipeline.plan import Plan
from riskmill.pipeline.ports import ObjectStore
from riskmill.pipeline.prepared import Before, TwoDays, other_code, prepared_before
from riskmill.pipeline.reuse import digest_of, valued_segment, valued_segments
from riskmill.pipeline.run_spec import PreviousRun, RunSpec
from riskmill.risk import Earlier, Repricing, Settled, ValuedBlocks

HISTORY, HISTORY_SCHEMA = "history.msgpack", "riskmill.past-days/1"
"""VaR and P&L of past days, which a run hands on to the next."""
RESULT, RESULT_SCHEMA = "result.msgpack", "riskmill.risk-result/1"
SETTLED, SETTLED_SCHEMA = "settled.msgpack", "riskmill.settled/2"
AGAIN, AGED, FRESH = "again", "aged", "fresh"
"""Beginnings of the names under which a comparing task keeps values of yesterday's positions:
on yesterday's market, on the same seen from today, and on today's."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finished:
    """A finished run in its store."""

    spec: RunSpec
    plan: Plan
    store: ObjectStore

    def prepared(self) -> Before:
        """Its batch and headline scenarios."""
        (reconciling,) = self.plan.of_wave("ingestion", "reconcile")
        return prepared_before(self.spec, reconciling.task_id, self.store)

    def measured(self, name: str) -> bytes:
        """An artefact of its measuring task."""
        return load(self.store, self._measuring().artefact(name))

    @property
    def measured_sha256(self) -> str:
        """Digest of the task manifest under which its figures lie."""
        return hashlib.sha256(encode_manifest(self._measuring())).hexdigest()

    def _measuring(self) -> TaskManifest:
        (measuring,) = self.plan.of_wave("risk", "measure")
        return load_manifest(self.store, self.spec.run_id, measuring.task_id)


def finished_run(previous: PreviousRun, store: ObjectStore) -> Finished:
    """
    Open the run before; `ArtefactMissing` (E544) where it is there no longer.

    Another spec under its id is no run that this one could have been begun with.
    """
    try:
        spec = load_record(store, spec_key(previous.run_id), RunSpec)
        laid_out = load_record(store, plan_key(previous.run_id), Plan)
    except ArtefactMissing as cause:
        raise _gone(previous, "is not there") from cause
    if spec.sha256 != previous.spec_sha256:
        raise _gone(previous, "has another spec than it had")
    return Finished(spec=spec, plan=laid_out, store=store)


def _gone(previous: PreviousRun, what: str) -> ArtefactMissing:
    return ArtefactMissing(
        "E544",
        f"the run before, {previous.run_id}, {what}",
        place=spec_key(previous.run_id),
        remedy="Bring its directory back, or run the batch without it: riskmill run PATH "
        "--no-previous",
    )


def compared_segments(
    days: TwoDays,
    terms: str,
    known: Mapping[str, ArtefactRef],
    store: ObjectStore,
    *,
    index: int,
    of: int,
) -> Iterator[tuple[tuple[ArtefactRef, ...], Settled]]:
    """
    Value each segment of a partition of yesterday's positions for today's run.

    *known* holds what this run has valued already, by the digest of a segment under *terms*,
    its own: a segment that has not changed since yesterday is taken from there.
    """
    for number, segment in enumerate(days.batch.segments(index, of)):
        refs = [
            valued_segment(number, segment, one.terms, store, _by(one.repricing), stem)
            for stem, one in ((AGAIN, days.again), (AGED, days.aged))
            if one
        ]
        same = known.get(digest_of(segment, terms))
        fresh = (
            replace(same, name=f"{FRESH}-{number + 1:05d}")
            if same
            else valued_segment(
                number, segment, days.fresh.terms, store, _by(days.fresh.repricing), FRESH
            )
        )
        (today,) = valued_segments((fresh,), store)
        yield (*refs, fresh), days.settlement.of(segment, today)


def _by(repricing: Repricing) -> Callable[[PositionTable, str], ValuedBlocks]:
    return lambda segment, _: repricing.value(segment)


def known_segments(refs: Sequence[ArtefactRef]) -> dict[str, ArtefactRef]:
    """What value tasks have kept, by the digest of segment and terms that names it."""
    return {ref.key.split("/")[1]: ref for ref in refs}


def earlier_of(
    run: Finished,
    spec: RunSpec,
    days: TwoDays,
    kept: Sequence[ArtefactRef],
    settled: Sequence[Settled],
    store: ObjectStore,
    *,
    headline: int,
) -> Earlier:
    """
    Put the run before and its positions' values for this run together.

    *kept* are the artefacts of the comparing tasks in *store*, in order; *headline* is the
    number of this run's headline scenarios.
    """
    result = decode_value(run.measured(RESULT), RiskResult, RESULT_SCHEMA)

    def values(stem: str) -> Iterator[ValuedBlocks]:
        return valued_segments([ref for ref in kept if ref.name.startswith(stem)], store)

    return Earlier(
        run_id=run.spec.run_id,
        business_date=run.spec.batch.business_date,
        measured_sha256=run.measured_sha256,
        risk=run.spec.risk,
        other_code=other_code(run.spec, spec),
        hierarchy=result.hierarchy,
        snapshot=days.batch.market.snapshot,
        figures=result.figures,
        vectors=result.vectors,
        past=decode_value(run.measured(HISTORY), PastDays, HISTORY_SCHEMA),
        again=tuple(values(AGAIN)),
        aged=tuple(values(AGED)),
        fresh=tuple(_headline(one, headline) for one in values(FRESH)),
        settled=settled,
        classes=days.classes,
    )


def _headline(blocks: ValuedBlocks, headline: int) -> ValuedBlocks:
    return replace(blocks, pnl=blocks.pnl[:, :headline])
