"""What a run would do, and about how long it would take, before it is started."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from riskmill.pipeline import default_partitions, plan
from riskmill.risk import build_scenarios, combined
from riskmill.runtime.delivery import accept, open_inbox, open_source, read_batch
from riskmill.runtime.previous import with_previous
from riskmill.runtime.runs import RunOptions
from riskmill.runtime.settings import read_settings
from riskmill.runtime.stores import ObstoreStore
from riskmill.runtime.wiring import run_spec

PRICINGS_PER_SECOND = {"american_option": 350_000.0}
"""Pricings a second and processor where an instrument is slow, Greeks included."""
OTHER_PRICINGS_PER_SECOND = 30_000_000.0
FIXED_SECONDS = 4.0
"""Start, kernels from the cache, ingestion and report."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedWave:
    """A wave and the number of its tasks."""

    stage: str
    wave: str
    tasks: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanPreview:
    """A run that has not been started."""

    run_id: str
    batch_id: str
    waves: tuple[PlannedWave, ...]
    positions: int
    """Accepted positions."""
    scenarios: int
    """Historical, stress and sensitivity scenarios together."""
    partitions: int
    estimated_seconds: float
    """Rough: from pricings a second of a current processor, kernels compiled already."""


def preview(source: Path, options: RunOptions, out: Path | None = None) -> PlanPreview:
    """
    Read the delivery in *source* and say what a run of it would do; nothing is written.

    Where runs lie below *out* already, the one before is looked for there.
    """
    settings = read_settings()
    delivered = open_source(source)
    spec = run_spec(read_batch(delivered, source), options.spec, settings)
    inbox = open_inbox(source, spec.batch)
    if out and out.is_dir():
        store = ObstoreStore.in_directory(out)
        spec = with_previous(spec, store, delivered, inbox, options.previous)
    batch = accept(delivered, spec.batch, inbox)
    if batch.refusal:
        raise batch.refusal
    built = build_scenarios(batch.market, spec.risk)
    scenarios = len(combined(built))
    partitions = options.partitions or default_partitions(spec)
    laid_out = plan(spec, partitions)
    workers = min(options.workers or settings.processors, partitions)
    return PlanPreview(
        run_id=spec.run_id,
        batch_id=spec.batch.batch_id,
        waves=tuple(
            PlannedWave(stage=wave.stage, wave=wave.name, tasks=len(wave.tasks))
            for wave in laid_out.waves
        ),
        positions=len(batch.positions),
        scenarios=scenarios,
        partitions=partitions,
        estimated_seconds=_estimate(
            Counter(batch.positions.texts["instrument"].texts()),
            scenarios + (len(built.historical) if spec.previous else 0),
            workers,
        ),
    )


def _estimate(instruments: Counter[str], scenarios: int, workers: int) -> float:
    seconds = sum(
        count * scenarios / PRICINGS_PER_SECOND.get(instrument, OTHER_PRICINGS_PER_SECOND)
        for instrument, count in instruments.items()
    )
    return round(FIXED_SECONDS + seconds / workers, 1)
