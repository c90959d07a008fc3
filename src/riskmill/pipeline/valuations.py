"""How much a run and its tasks had to value: counts for metrics and records, never a figure."""

from riskmill.domain import RiskResult
from riskmill.pipeline.artefacts import TaskManifest, load, load_manifest
from riskmill.pipeline.codecs import decode_value
from riskmill.pipeline.earlier import RESULT, RESULT_SCHEMA
from riskmill.pipeline.plan import Plan, Task
from riskmill.pipeline.ports import ObjectStore
from riskmill.pipeline.reuse import valued_segments


def valuations_of(task: Task, manifest: TaskManifest, store: ObjectStore) -> int:
    """Positions times scenarios that a finished task has values of; 0 unless it is a valuation."""
    if (task.stage, task.wave) != ("risk", "value"):
        return 0
    segments = valued_segments(manifest.artefacts, store)
    return sum(len(segment.position_ids) * segment.pnl.shape[1] for segment in segments)


def positions_of(laid_out: Plan, store: ObjectStore) -> int:
    """Positions of the firm that a measured run knows the value of."""
    (task,) = laid_out.of_wave("risk", "measure")
    manifest = load_manifest(store, laid_out.run_id, task.task_id)
    raw = load(store, manifest.artefact(RESULT))
    result = decode_value(raw, RiskResult, RESULT_SCHEMA)
    firm = result.hierarchy.firm
    return int(
        next(
            figure.value
            for figure in result.figures
            if (figure.portfolio, figure.measure) == (firm, "positions")
        )
    )
