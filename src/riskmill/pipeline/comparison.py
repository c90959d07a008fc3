"""Compare two finished runs of a store, from what their tasks stored."""

from collections.abc import Iterator, Mapping

import msgspec

from riskmill.domain import PositionTable, RiskResult, SettingChange, UsageError
from riskmill.pipeline.accepted import REST, StoredBatch, decode_batch
from riskmill.pipeline.artefacts import finished_tasks, load, load_manifest, load_record
from riskmill.pipeline.codecs import decode_value
from riskmill.pipeline.earlier import RESULT, RESULT_SCHEMA
from riskmill.pipeline.layout import comparison_key, plan_key, run_prefix, spec_key
from riskmill.pipeline.plan import Plan
from riskmill.pipeline.ports import ObjectStore, PageStore
from riskmill.pipeline.reuse import valued_segments
from riskmill.pipeline.run_spec import RunSpec
from riskmill.reporting import (
    Catalogue,
    ComparedRun,
    RunComparison,
    build_comparison,
    render_comparison_html,
    render_comparison_json,
)
from riskmill.risk import market_changes, position_changes

MOST_POSITIONS = 100_000
"""Rows of positions up to which a run is compared with its neighbours without being asked."""


def write_comparison(store: PageStore, before: str, after: str) -> RunComparison:
    """
    Compare two runs, and write the page and the model of it beside the reports.

    Raises what `compare` does.
    """
    comparison = compare(store, before, after)
    store.rewrite(comparison_key(before, after), lambda: render_comparison_html(comparison))
    store.rewrite(comparison_key(before, after, "json"), lambda: render_comparison_json(comparison))
    return comparison


def compare(store: ObjectStore, before: str, after: str) -> RunComparison:
    """
    Hold run *after* against run *before*.

    Raises `UsageError`: E550 for a run that has not been measured, E555 for a run and itself;
    `ArtefactMissing` for a run that is not there.
    """
    if before == after:
        raise UsageError(
            "E555",
            "a run differs from itself in nothing",
            place=before,
            remedy="Name two runs; riskmill catalogue lists them.",
        )
    old, new = _Stored(store, before), _Stored(store, after)
    return build_comparison(
        old.compared(),
        new.compared(),
        positions=position_changes(old.positions(), new.positions(), old.values(), new.values()),
        market=market_changes(
            old.batch.market.snapshot, new.batch.market.snapshot, new.batch.market.history
        ),
        settings=tuple(_settings(old.spec, new.spec)),
    )


def neighbours(store: ObjectStore, catalogue: Catalogue, run_id: str) -> Iterator[tuple[str, str]]:
    """
    Give the pairs of runs, *run_id* among them, that the catalogue would link and no page compares.

    These are days that follow each other, and a correction with what it corrects. Runs of very
    many positions are left to be asked for.
    """
    for row in catalogue.rows:
        linked = {link.href for link in row.comparisons}
        for before in dict.fromkeys((row.before, row.corrected)):
            pair = before, row.run_id
            href = comparison_key(*pair).removeprefix("reports/")
            if before and run_id in pair and href not in linked and _few(store, pair):
                yield pair


def _few(store: ObjectStore, pair: tuple[str, str]) -> bool:
    return all(_rows(load_record(store, spec_key(run_id), RunSpec)) <= MOST_POSITIONS
               for run_id in pair)  # fmt: skip


def _rows(spec: RunSpec) -> int:
    return sum(file.rows for file in spec.batch.files if file.dataset == "positions")


class _Stored:
    """What a run stored, read when it is asked for."""

    def __init__(self, store: ObjectStore, run_id: str) -> None:
        self._store = store
        self.run_id = run_id
        self.spec = load_record(store, spec_key(run_id), RunSpec)
        self._plan = load_record(store, plan_key(run_id), Plan)
        self.batch = self._batch()

    def compared(self) -> ComparedRun:
        """Result and conventions of the run."""
        (task,) = self._plan.of_wave("risk", "measure")
        manifest = load_manifest(self._store, self.run_id, task.task_id)
        raw = load(self._store, manifest.artefact(RESULT))
        result = decode_value(raw, RiskResult, RESULT_SCHEMA)
        return ComparedRun(result=result, risk=self.spec.risk)

    def positions(self) -> PositionTable:
        """Every accepted position."""
        return PositionTable.joined(tuple(self.batch.positions()))

    def values(self) -> Mapping[str, float]:
        """Present value of every position that was valued, by its id."""
        values: dict[str, float] = {}
        for task in self._plan.of_wave("risk", "value"):
            manifest = load_manifest(self._store, self.run_id, task.task_id)
            for part in valued_segments(manifest.artefacts, self._store):
                ids, amounts = part.position_ids.tolist(), part.position_values.tolist()
                values.update(zip(ids, amounts, strict=True))
        return values

    def _batch(self) -> StoredBatch:
        measured = {task.task_id for task in self._plan.of_wave("risk", "measure")}
        if not measured <= finished_tasks(self._store, self.run_id):
            raise UsageError(
                "E550",
                f"run {self.run_id} has no figures yet that could be compared",
                place=run_prefix(self.run_id),
                remedy=f"Finish it first: riskmill rerun {self.run_id}",
            )
        (task,) = self._plan.of_wave("ingestion", "reconcile")
        manifest = load_manifest(self._store, self.run_id, task.task_id)
        manifest.artefact(REST)
        return decode_batch(lambda name: load(self._store, manifest.artefact(name)))


def _settings(before: RunSpec, after: RunSpec) -> Iterator[SettingChange]:
    """What the specs say apart from data and dates, where it differs; names as in the spec."""
    old, new = (dict(_flat("", _said(spec))) for spec in (before, after))
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            yield SettingChange(name=name, before=old.get(name, ""), after=new.get(name, ""))


def _said(spec: RunSpec) -> Mapping[str, object]:
    return {
        "code version": spec.code_version,
        "compute": spec.compute,
        "snapshot": spec.batch.snapshot,
        "reporting currency": spec.batch.reporting_currency,
        "policy": msgspec.to_builtins(spec.batch.policy),
        "risk": msgspec.to_builtins(spec.risk),
    }


def _flat(name: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(f"{name}.{key}" if name else str(key), inner)
    elif isinstance(value, list | tuple):
        yield name, ", ".join(" ".join(map(str, v)) if isinstance(v, list | tuple) else str(v)
                              for v in value)  # fmt: skip
    else:
        yield name, "" if value is None else str(value)
