"""
Replay the demo bank's past days: a run a day, each handing its past on to the next.

Days are carried out side by side in processes of their own. A day needs the figures of the
day before it only when it comes to compare with them, and waits for them then.
"""

import gc
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from datetime import date
from multiprocessing import get_context
from multiprocessing.synchronize import Event as Flag
from pathlib import Path

from riskmill.domain import ArtefactMissing, RiskSpec
from riskmill.pipeline import MANIFEST, ObjectStore, PreviousRun, RunSpec, put_same
from riskmill.runtime.delivery import open_inbox, open_source, read_batch
from riskmill.runtime.events import Observer, StageFinished, StageStarted, TaskFinished
from riskmill.runtime.pages import rebuild_catalogue
from riskmill.runtime.past_deliveries import SNAPSHOT, PastDeliveries, latest_days
from riskmill.runtime.runs import Places, RunOptions, finish_run
from riskmill.runtime.settings import Settings, read_settings
from riskmill.runtime.stores import ObstoreStore
from riskmill.runtime.wiring import run_spec

INBOX = "replayed"
"""Folder below the output directory that the past days' deliveries are written to."""
STAGE, WAVE = "replay", "days"
PATIENCE = 300.0
"""Seconds that a day waits for the one before it."""
BREATH = 0.004
"""Seconds between two looks."""
_OPTIONS = RunOptions(partitions=1, workers=1, forms=())
"""Page and model only: riskmill report makes any other form of a past day."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Replayed:
    """A past day's run."""

    date: date
    run_id: str


def replay_demo(out: Path, days: int, observe: Observer = lambda event: None) -> None:
    """
    Run the last *days* business days of the demo bank before its own, below *out*.

    What was finished before is not done again. Raises `UsageError` (E616, E622) where the
    days are not there, and what a run raises.
    """
    deliveries = PastDeliveries.read()
    dates = latest_days(deliveries, days)
    settings = read_settings()
    started = time.perf_counter()
    observe(StageStarted(stage=STAGE, wave=WAVE, tasks=len(dates)))
    context = get_context("spawn")
    stop = context.Event()
    with ProcessPoolExecutor(
        max_workers=settings.processors,
        mp_context=context,
        initializer=_begin,
        initargs=(out, stop),
    ) as processes:
        for _ in processes.map(_deliver, dates, chunksize=8):
            pass
        futures = [processes.submit(_run, spec) for spec in _chain(out, dates, settings)]
        _await(futures, stop, observe)
    rebuild_catalogue(out)
    seconds = time.perf_counter() - started
    observe(StageFinished(stage=STAGE, wave=WAVE, tasks=len(dates), seconds=seconds))


def _await(futures: Sequence["Future[Replayed]"], stop: Flag, observe: Observer) -> None:
    try:
        for done, future in enumerate(as_completed(futures), start=1):
            observe(
                TaskFinished(
                    task_id=future.result().run_id,
                    stage=STAGE,
                    wave=WAVE,
                    done=done,
                    tasks=len(futures),
                )
            )
    finally:
        stop.set()
        for future in futures:
            future.cancel()


def _chain(out: Path, dates: Sequence[date], settings: Settings) -> Iterator[RunSpec]:
    """Specs of all days, each with the one before it as its previous run."""
    previous: PreviousRun | None = None
    for day in dates:
        source = _place(out, day)
        spec = run_spec(read_batch(open_source(source), source), RiskSpec(), settings)
        spec = replace(spec, previous=previous)
        yield spec
        previous = PreviousRun(run_id=spec.run_id, spec_sha256=spec.sha256)


def _place(out: Path, day: date) -> Path:
    return out / INBOX / day.isoformat() / SNAPSHOT / "v001"


class _Process:
    """What a process of the replay keeps from one day to the next."""

    deliveries: PastDeliveries
    out: Path
    stop: Flag
    settings: Settings
    settled: bool = False
    """Whether what the first day loaded is kept out of the collector's sight."""


def _begin(out: Path, stop: Flag) -> None:
    _Process.deliveries = PastDeliveries.read()
    _Process.out, _Process.stop = out, stop
    _Process.settings = read_settings()
    gc.disable()


def _deliver(day: date) -> None:
    """Write a day's delivery, its manifest last, unless it lies there already."""
    place = _place(_Process.out, day)
    if (place / MANIFEST).is_file():
        return
    store = ObstoreStore.in_directory(place)
    for name, raw in _Process.deliveries.of(day).items():
        put_same(store, name, raw)


def _run(spec: RunSpec) -> Replayed:
    source = _place(_Process.out, spec.batch.business_date)
    store = ObstoreStore.in_directory(_Process.out)
    places = Places(
        source=source,
        delivered=open_source(source),
        store=store,
        out=_Process.out,
        inbox=open_inbox(source, spec.batch),
        earlier=PatientStore(store, _Process.stop),
    )
    finish_run(spec, places, _OPTIONS, _Process.settings, lambda event: None)
    _collect(spec.batch.business_date)
    return Replayed(date=spec.batch.business_date, run_id=spec.run_id)


def _collect(day: date) -> None:
    """Free what days left, now and then; code and kernels, loaded on the first day, stay."""
    if not _Process.settled:
        gc.collect()
        gc.freeze()
        _Process.settled = True
    elif day.day % 5 == 0:
        gc.collect()


class PatientStore:
    """A store whose objects another process is about to write: `get` waits for them."""

    def __init__(self, store: ObjectStore, stop: Flag) -> None:
        self._store, self._stop = store, stop
        self.stream, self.put_new = store.stream, store.put_new
        self.keys, self.folders = store.keys, store.folders

    def get(self, key: str) -> bytes:
        """Return the object's bytes, once it is there; `ArtefactMissing` when waiting is over."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return self._store.get(key)
            except ArtefactMissing:
                if self._stop.is_set() or time.monotonic() > until:
                    raise
            time.sleep(BREATH)
