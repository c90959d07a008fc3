"""What the risk tasks of a run share in one process: its batch, and a market ready to value."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock
from typing import Generic, TypeVar

from riskmill.domain import FloatArray, MarketData, RiskSpec, ScenarioSet
from riskmill.pipeline.accepted import MARKET_DATA, REST, StoredBatch, decode_batch
from riskmill.pipeline.artefacts import load, load_manifest
from riskmill.pipeline.ports import ObjectStore
from riskmill.pipeline.reuse import terms_between, terms_of
from riskmill.pipeline.run_spec import RunSpec
from riskmill.risk import (
    Repricing,
    Scenarios,
    Settlement,
    TailRevaluation,
    Valuation,
    aged_scenarios,
    build_scenarios,
    combined,
)

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Prepared:
    """A run's batch, its scenarios, and the valuation under all of them on one axis."""

    batch: StoredBatch
    scenarios: Scenarios
    valuation: Valuation
    terms: str
    """Digest of all that decides what a position is worth here, but the position."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Before:
    """What is read of a run before: its batch, and the headline scenarios that it had."""

    batch: StoredBatch
    headline: ScenarioSet
    without_history: frozenset[str]
    terms: str
    """As in `Prepared`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """A market and scenarios to value positions under, and a digest of both."""

    repricing: Repricing
    terms: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TwoDays:
    """The batch of the run before, and what values it again for this run."""

    batch: StoredBatch
    scenarios: ScenarioSet
    """Headline set of the run before."""
    classes: tuple[str, ...]
    """Risk classes behind the headline set on the axis of `aged`."""
    again: Terms | None
    """Its own market and headline set; none where it was made by the same code as this run."""
    aged: Terms
    """Its own market, seen from this run's date."""
    fresh: Terms
    """This run's market and headline scenarios."""
    settlement: Settlement


KEPT = 2
"""A run's own, and that of the run before it."""


class _Latest(Generic[T]):
    """The last few things that were made, for as long as they are asked for."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._made: dict[object, T] = {}

    def get(self, key: object, make: Callable[[], T]) -> T:
        """Return what was made for an equal *key*, or make it; who asks meanwhile waits."""
        with self._lock:
            found = self._made.pop(key) if key in self._made else make()
            self._made[key] = found
            for oldest in tuple(self._made)[:-KEPT]:
                del self._made[oldest]
            return found


_RUN = _Latest[Prepared]()
_BEFORE = _Latest[Before]()
_TAIL = _Latest[TailRevaluation]()
_TWO_DAYS = _Latest[TwoDays]()


def prepared(spec: RunSpec, task_id: str, store: ObjectStore) -> Prepared:
    """
    Read the batch that the task *task_id* reconciled, and build the scenarios of its run.

    That is done once for all tasks of a process; the positions are left in *store*.
    """
    return _of_batch(_RUN, _prepare, spec, task_id, store)


def prepared_before(spec: RunSpec, task_id: str, store: ObjectStore) -> Before:
    """Do the same for a run before, as far as `two_days` asks for it; nothing is valued here."""
    return _of_batch(_BEFORE, _prepare_before, spec, task_id, store)


def _of_batch(
    made: _Latest[T],
    make: Callable[[RunSpec, StoredBatch, str], T],
    spec: RunSpec,
    task_id: str,
    store: ObjectStore,
) -> T:
    manifest = load_manifest(store, spec.run_id, task_id)
    market = tuple(manifest.artefact(name).sha256 for name in MARKET_DATA)
    key = (store, spec.sha256, manifest.artefact(REST).sha256, market)

    def of_batch() -> T:
        batch = decode_batch(lambda name: load(store, manifest.artefact(name)))
        return make(spec, batch, terms_of(spec, market))

    return made.get(key, of_batch)


def two_days(spec: RunSpec, ready: Prepared, before: RunSpec, earlier: Before) -> TwoDays:
    """Prepare to value the positions of *earlier*, the run before, for this run; once a process."""
    return _TWO_DAYS.get(
        (ready.terms, earlier.terms), lambda: _two_days(spec, ready, before, earlier)
    )


def other_code(one: RunSpec, other: RunSpec) -> bool:
    """Whether two runs were made by other code, or on another processor level."""
    return (one.code_version, one.compute) != (other.code_version, other.compute)


def _two_days(spec: RunSpec, ready: Prepared, before: RunSpec, earlier: Before) -> TwoDays:
    then, now = earlier.batch.market, ready.batch.market
    headline = earlier.headline
    aged = aged_scenarios(headline, then.snapshot, now.snapshot)
    older = replace(then.snapshot, valuation_date=now.snapshot.valuation_date)
    currency = spec.batch.reporting_currency

    def terms(
        purpose: str,
        market: MarketData,
        scenarios: ScenarioSet,
        without_history: frozenset[str],
        risk: RiskSpec,
    ) -> Terms:
        return Terms(
            repricing=Repricing(
                market,
                scenarios,
                currency=currency,
                without_history=without_history,
                spec=risk,
            ),
            terms=terms_between(purpose, spec, earlier.terms, ready.terms),
        )

    return TwoDays(
        batch=earlier.batch,
        scenarios=headline,
        classes=aged.labels[len(headline) :],
        again=terms("again", then, headline, earlier.without_history, before.risk)
        if other_code(before, spec)
        else None,
        aged=terms(
            "aged", replace(then, snapshot=older), aged, earlier.without_history, before.risk
        ),
        fresh=terms(
            "fresh", now, ready.scenarios.historical, ready.scenarios.without_history, spec.risk
        ),
        settlement=Settlement(then, now, currency=currency, spec=before.risk),
    )


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


def _prepare_before(spec: RunSpec, batch: StoredBatch, terms: str) -> Before:
    headline_only = replace(spec.risk, stressed=None, by_risk_class=False)
    scenarios = build_scenarios(replace(batch.market, stress=()), headline_only)
    return Before(
        batch=batch,
        headline=scenarios.historical,
        without_history=scenarios.without_history,
        terms=terms,
    )
