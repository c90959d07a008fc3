"""What the risk tasks of a run share in one process: its batch, and a market ready to value."""

from dataclasses import dataclass
from threading import Lock

from riskmill.pipeline.accepted import MARKET_DATA, REST, StoredBatch, decode_batch
from riskmill.pipeline.artefacts import load, load_manifest
from riskmill.pipeline.ports import ObjectStore
from riskmill.pipeline.reuse import terms_of
from riskmill.pipeline.run_spec import RunSpec
from riskmill.risk import Scenarios, Valuation, build_scenarios, combined


@dataclass(frozen=True, kw_only=True, slots=True)
class Prepared:
    """A run's batch, its scenarios, and the valuation under all of them on one axis."""

    batch: StoredBatch
    scenarios: Scenarios
    valuation: Valuation
    terms: str
    """Digest of all that decides what a position is worth here, but the position."""


class _Latest:
    """What was prepared last, for as long as the same is asked for."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._key: tuple[ObjectStore, tuple[str, ...]] | None = None
        self._made: Prepared | None = None

    def get(self, spec: RunSpec, task_id: str, store: ObjectStore) -> Prepared:
        """Return what was prepared of the same bytes, or prepare it; who asks meanwhile waits."""
        manifest = load_manifest(store, spec.run_id, task_id)
        market = tuple(manifest.artefact(name).sha256 for name in MARKET_DATA)
        key = (store, (spec.sha256, manifest.artefact(REST).sha256, *market))
        with self._lock:
            if self._made is None or self._key != key:
                batch = decode_batch(lambda name: load(store, manifest.artefact(name)))
                self._key, self._made = key, _prepare(spec, batch, terms_of(spec, market))
            return self._made


_LATEST = _Latest()


def prepared(spec: RunSpec, task_id: str, store: ObjectStore) -> Prepared:
    """
    Read the batch that the task *task_id* reconciled, and build the scenarios of its run.

    That is done once for all tasks of a process; the positions are left in *store*.
    """
    return _LATEST.get(spec, task_id, store)


def _prepare(spec: RunSpec, batch: StoredBatch, terms: str) -> Prepared:
    scenarios = build_scenarios(batch.market, spec.risk)
    valuation = Valuation(
        batch.market.snapshot,
        combined(scenarios),
        currency=spec.batch.reporting_currency,
        without_history=scenarios.without_history,
    )
    return Prepared(batch=batch, scenarios=scenarios, valuation=valuation, terms=terms)
