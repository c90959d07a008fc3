"""What-if on this machine: a run below a directory, and a file of trades."""

from pathlib import Path

from riskmill.domain import UsageError
from riskmill.pipeline import Plan, WhatIf, load_record, plan_key, what_if
from riskmill.runtime.runs import open_runs, read_spec
from riskmill.runtime.settings import read_settings
from riskmill.runtime.wiring import code_version, compute_path, prepare_kernels


def try_trades(out: Path, run_id: str, trades: Path) -> WhatIf:
    """
    Say what *trades*, a file of positions, would change in run *run_id* below *out*.

    Nothing is written. Raises what `riskmill.pipeline.what_if` does, and `UsageError` for a
    run that is not there (E612) or was made by other code (E618), and a file that cannot be
    read (E619).
    """
    settings = read_settings()
    store = open_runs(out, run_id)
    spec = read_spec(store, run_id)
    if (spec.code_version, spec.compute) != (code_version(), compute_path(settings)):
        raise UsageError(
            "E618",
            f"run {run_id} was made by riskmill {spec.code_version} on {spec.compute}, whose "
            "numbers can differ from this one's",
            place=f"{out}/runs/{run_id}",
            remedy="Run the batch again with this version; what has not changed is not read twice.",
        )
    try:
        raw = trades.read_bytes()
    except OSError as cause:
        raise UsageError(
            "E619",
            f"the file of trades cannot be read: {cause.strerror}",
            place=str(trades),
            remedy="Name a file of positions; riskmill schema positions shows its columns.",
        ) from cause
    prepare_kernels(settings)
    return what_if(spec, load_record(store, plan_key(run_id), Plan), trades.name, raw, store)
