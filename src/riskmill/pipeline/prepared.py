"""What the risk tasks of a run share in one process: its batch, and a market ready to value."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

from riskmill.domain import FloatArray
from riskmill.pipeline.accepted import MARKET_DATA, REST, StoredBatch, decode_batch
from riskmill.pipeline.artefacts import load, load_manifest
from riskmill.pipeline.ports import ObjectStore
from riskmill.pipeline.reuse import terms_of
from riskmill.pipeline.run_spec import RunSpec
from riskmill.risk import Scenarios, TailRevaluation, Valuation, build_scenarios, combined

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Prepared:
    """A run's batch, its scenarios, and the valuation under all of them on one axis."""

    batch: StoredBatch
    scenarios: Scenarios
    valuation: Valuation
    terms: str
    """Digest of all that decides what a position is worth here, but the position."""


class _Latest(Generic[T]):
    """What was made last, for as long as the same is asked for."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._key: object = None
        self._made: T | None = None

    def get(self, key: object, make: Callable[[], T]) -> T:
        """Return what was made for an equal *key*, or make it; who asks meanwhile waits."""
        with self._lock:
            if self._made is None or self._key != key:
                self._key, self._made = key, make()
            return self._made


_RUN = _Latest[Prepared]()
_TAIL = _Latest[TailRevaluation]()


def prepared(spec: RunSpec, task_id: str, store: ObjectStore) -> Prepared:
    """
    Read the batch that the task *task_id* reconciled, and build the scenarios of its run.

    That is done once for all tasks of a process; the positions are left in *store*.
    """
    manifest = load_manifest(store, spec.run_id, task_id)
    market = tuple(manifest.artefact(name).sha256 for name in MARKET_DATA)
    key = (store, spec.sha256, manifest.artefact(REST).sha256, market)

    def make() -> Prepared:
        batch = decode_batch(lambda name: load(store, manifest.artefact(name)))
        return _prepare(spec, batch, terms_of(spec, market))

    return _RUN.get(key, make)


def tail_revaluation(
    spec: RunSpec, ready: Prepared, es_weights: FloatArray, tail: tuple[int, ...]
) -> TailRevaluation:
    """
    Prepare to revalue under the scenarios of the firm's ES, once for all tasks of a process.

    *tail* are the numbers of the scenarios whose losers are asked for.
    """
    return _TAIL.get(
        (ready.terms, es_weights.tobytes(), tail),
        lambda: TailRevaluation(
            ready.batch.market,
            ready.scenarios,
            es_weights,
            currency=spec.batch.reporting_currency,
            tail=tail,
            spec=spec.risk,
            valuation=ready.valuation,
        ),
    )


def _prepare(spec: RunSpec, batch: StoredBatch, terms: str) -> Prepared:
    scenarios = build_scenarios(batch.market, spec.risk)
    valuation = Valuation(
        batch.market,
        combined(scenarios),
        currency=spec.batch.reporting_currency,
        without_history=scenarios.without_history,
        headline=len(scenarios.historical),
        spec=spec.risk,
    )
    return Prepared(batch=batch, scenarios=scenarios, valuation=valuation, terms=terms)
