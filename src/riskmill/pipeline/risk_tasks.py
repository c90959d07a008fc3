"""Tasks of risk: value, compare with the run before, measure, attribute, examine."""

from collections.abc import Sequence

import numpy as np

from riskmill.domain import (
    FloatArray,
    PositionDetail,
    PositionTable,
)
from riskmill.pipeline.artefacts import (
    ArtefactRef,
    load_manifest,
)
from riskmill.pipeline.codecs import (
    decode_positions,
    decode_value,
    encode_positions,
    encode_value,
)
from riskmill.pipeline.earlier import (
    HISTORY,
    HISTORY_SCHEMA,
    RESULT,
    RESULT_SCHEMA,
    SETTLED,
    SETTLED_SCHEMA,
    Finished,
    compared_segments,
    earlier_of,
    finished_run,
    known_segments,
)
from riskmill.pipeline.plan import Task
from riskmill.pipeline.prepared import Prepared, prepared, tail_revaluation, two_days
from riskmill.pipeline.result import assemble_result
from riskmill.pipeline.reuse import content_of, valued_segment, valued_segments
from riskmill.pipeline.unvalued import too_little_valued
from riskmill.pipeline.workspace import Outputs, Workspace
from riskmill.risk import (
    Attribution,
    Earlier,
    Settled,
    ValuedBlocks,
    measure,
    merged,
    position_details,
)

WEIGHTS, WEIGHTS_SCHEMA = "weights.msgpack", "riskmill.es-weights/2"


ATTRIBUTION, ATTRIBUTION_SCHEMA = "attribution.msgpack", "riskmill.attribution/1"


LARGEST = "largest.parquet"
"""Positions of the contributions that a partition found."""


DETAILS, DETAILS_SCHEMA = "details.msgpack", "riskmill.position-details/1"


def value_partition(task: Task, workspace: Workspace) -> Outputs:
    """Revalue one partition of the positions under every scenario."""
    ready, store = _prepared(workspace), workspace.store

    def value(segment: PositionTable, content: str) -> ValuedBlocks:
        return ready.valuation.value(segment, keep_as=content)

    return Outputs(
        kept=(
            valued_segment(number, segment, ready.terms, store, value)
            for number, segment in enumerate(ready.batch.segments(task.index, task.of))
        )
    )


def compare_partition(task: Task, workspace: Workspace) -> Outputs:
    """Value one partition of yesterday's positions for today's run."""
    before = _before(workspace)
    if before is None:
        return Outputs()
    ready, store = _prepared(workspace), workspace.store
    days = two_days(workspace.spec, ready, before.spec, before.prepared())
    values = workspace.plan.of_wave("risk", "value")
    known = known_segments(_kept(values, workspace))
    found = tuple(compared_segments(days, ready.terms, known, store, index=task.index, of=task.of))
    settled = tuple(settlement for _, settlement in found)
    return Outputs(
        artefacts={SETTLED: encode_value(settled, SETTLED_SCHEMA)},
        kept=[ref for refs, _ in found for ref in refs],
    )


def measure_run(task: Task, workspace: Workspace) -> Outputs:
    """Add the partitions up and measure every portfolio."""
    spec, ready = workspace.spec, _prepared(workspace)
    batch, scenarios = ready.batch, ready.scenarios
    segments = [
        segment
        for part in workspace.plan.of_wave("risk", "value")
        for segment in _valued(part, workspace)
    ]
    failures = [failure for segment in segments for failure in segment.failures]
    if refusal := too_little_valued(spec.batch, batch, failures):
        return Outputs(refusal=refusal)
    measured = measure(
        segments,
        scenarios,
        batch.market,
        batch.hierarchy,
        batch.limits,
        spec.risk,
        currency=spec.batch.reporting_currency,
        past_pnl=batch.past_pnl,
        earlier=_earlier(workspace, ready),
    )
    failures += measured.failures
    result = assemble_result(spec, batch, scenarios, measured, failures=failures)
    return Outputs(
        artefacts={
            RESULT: encode_value(result, RESULT_SCHEMA),
            WEIGHTS: encode_value((measured.es_weights, measured.tail_scenarios), WEIGHTS_SCHEMA),
            HISTORY: encode_value(measured.past, HISTORY_SCHEMA),
        }
    )


def attribute_partition(task: Task, workspace: Workspace) -> Outputs:
    """Find what the positions of one partition add to the firm's expected shortfall."""
    spec, ready = workspace.spec, _prepared(workspace)
    raw = workspace.read_only("risk", "measure")(WEIGHTS)
    weights, tail = decode_value(raw, tuple[FloatArray, tuple[int, ...]], WEIGHTS_SCHEMA)
    part = workspace.plan.of_wave("risk", "value")[task.index]
    refs = load_manifest(workspace.store, spec.run_id, part.task_id).artefacts
    segments = list(ready.batch.segments(task.index, task.of))
    found = tail_revaluation(spec, ready, weights, tail).attribution_of_segments(
        zip(map(content_of, refs), segments, valued_segments(refs, workspace.store), strict=True)
    )
    artefacts = {ATTRIBUTION: encode_value(found, ATTRIBUTION_SCHEMA)}
    if found.contributions:
        artefacts[LARGEST] = encode_positions(_named(segments, found))
    return Outputs(artefacts=artefacts)


def examine_largest(task: Task, workspace: Workspace) -> Outputs:
    """Put together what the partitions found, and look at the firm's largest contributors."""
    spec, ready = workspace.spec, _prepared(workspace)
    parts = workspace.plan.of_wave("risk", "attribute")
    reads = {part: workspace.read(part) for part in parts}
    every = {
        part: decode_value(read(ATTRIBUTION), Attribution, ATTRIBUTION_SCHEMA)
        for part, read in reads.items()
    }
    found = merged(every.values())
    largest = [
        _named([decode_positions(reads[part](LARGEST))], found)
        for part, own in every.items()
        if own.contributions
    ]
    details: tuple[PositionDetail, ...] = ()
    if found.contributions:
        details = position_details(
            PositionTable.joined(largest),
            found.contributions,
            ready.batch.market,
            ready.scenarios,
            currency=spec.batch.reporting_currency,
            spec=spec.risk,
        )
    return Outputs(
        artefacts={
            ATTRIBUTION: encode_value(found, ATTRIBUTION_SCHEMA),
            DETAILS: encode_value(details, DETAILS_SCHEMA),
        }
    )


def _named(segments: Sequence[PositionTable], found: Attribution) -> PositionTable:
    """The positions among the contributions that were *found*, in order."""
    wanted = {one.position_id for one in found.contributions}
    return PositionTable.joined(
        [
            segment.take(np.flatnonzero([id_ in wanted for id_ in segment.position_id.tolist()]))
            for segment in segments
        ]
    )


def _prepared(workspace: Workspace) -> Prepared:
    (task,) = workspace.plan.of_wave("ingestion", "reconcile")
    return prepared(workspace.spec, task.task_id, workspace.store)


def _before(workspace: Workspace) -> Finished | None:
    previous = workspace.spec.previous
    return finished_run(previous, workspace.earlier or workspace.store) if previous else None


def _earlier(workspace: Workspace, ready: Prepared) -> Earlier | None:
    """The run before with what the comparing tasks found; none where there is no such run."""
    before = _before(workspace)
    if before is None:
        return None
    tasks = workspace.plan.of_wave("risk", "compare")
    return earlier_of(
        before,
        workspace.spec,
        two_days(workspace.spec, ready, before.spec, before.prepared()),
        [ref for ref in _kept(tasks, workspace) if ref.name != SETTLED],
        [
            one
            for task in tasks
            for one in decode_value(
                workspace.read(task)(SETTLED), tuple[Settled, ...], SETTLED_SCHEMA
            )
        ],
        workspace.store,
        headline=len(ready.scenarios.historical),
    )


def _kept(tasks: Sequence[Task], workspace: Workspace) -> list[ArtefactRef]:
    """Artefacts of *tasks*, in order."""
    run_id = workspace.spec.run_id
    return [
        ref
        for task in tasks
        for ref in load_manifest(workspace.store, run_id, task.task_id).artefacts
    ]


def _valued(task: Task, workspace: Workspace) -> tuple[ValuedBlocks, ...]:
    manifest = load_manifest(workspace.store, workspace.spec.run_id, task.task_id)
    return tuple(valued_segments(manifest.artefacts, workspace.store))
