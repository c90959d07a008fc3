"""Where things lie in a store: every key that riskmill writes is spelled here."""

from riskmill.pipeline.run_spec import RunSpec


def run_prefix(run_id: str) -> str:
    """Everything that belongs to one run, reports and quarantine excepted."""
    return f"runs/{run_id}"


def spec_key(run_id: str) -> str:
    """The run spec: written first."""
    return f"{run_prefix(run_id)}/spec.json"


def plan_key(run_id: str) -> str:
    """The plan; the first one written holds for every resumption."""
    return f"{run_prefix(run_id)}/plan.json"


def items_key(run_id: str, stage: str, wave: str) -> str:
    """The tasks of a wave as a state machine reads them: `[{"task_id": ...}, ...]`."""
    return f"{run_prefix(run_id)}/items/{stage}-{wave}.json"


def execution_key(run_id: str, execution: str) -> str:
    """How an execution in the cloud failed, as its state machine saw it."""
    return f"{run_prefix(run_id)}/executions/{execution}.json"


def start_key(manifest_sha256: str, terms: str) -> str:
    """
    The spec of the run that a batch manifest was first started as, under these *terms*.

    Whoever starts it again, at the same time or later, takes that.
    """
    return f"staged/runs/{manifest_sha256}-{terms}.json"


def source_key(run_id: str) -> str:
    """Where the batch was read from; decides no number."""
    return f"{run_prefix(run_id)}/source.json"


def record_key(run_id: str) -> str:
    """The run's outcome: written last."""
    return f"{run_prefix(run_id)}/run.json"


def manifest_key(run_id: str, task_id: str) -> str:
    """A task's manifest: no manifest, not done."""
    return f"{run_prefix(run_id)}/tasks/{task_id}.json"


def artefact_key(run_id: str, task_id: str, name: str, sha256: str) -> str:
    """An artefact, named by its content."""
    stem, dot, suffix = name.rpartition(".")
    return f"{run_prefix(run_id)}/artefacts/{task_id}/{stem}.{sha256[:16]}{dot}{suffix}"


def valued_prefix(digest: str) -> str:
    """What positions are worth that, with all that decides it, have this digest; of any run."""
    return f"valued/{digest}"


def attempts_prefix(run_id: str) -> str:
    """The records of every try at every task of a run; they decide nothing."""
    return f"{run_prefix(run_id)}/attempts"


def attempt_key(run_id: str, task_id: str, attempt: int) -> str:
    """The record of one try."""
    return f"{run_prefix(run_id)}/attempts/{task_id}/{attempt:04d}.json"


def report_key(spec: RunSpec, name: str) -> str:
    """A published file of the report."""
    return f"reports/{spec.batch.business_date.isoformat()}/{spec.run_id}/{name}"


def answers_prefix(batch_id: str) -> str:
    """Everything that was answered to the sender of a batch."""
    return f"quarantine/{batch_id}"


def unread_prefix(manifest_sha256: str) -> str:
    """Answer to a manifest that cannot be read, so that nobody knows its batch."""
    return f"quarantine/unreadable/manifest-{manifest_sha256[:12]}"


def quarantine_prefix(spec: RunSpec) -> str:
    """What a run answers to the sender of its batch: rejected rows, reasons, ack or reject."""
    return f"quarantine/{spec.batch.batch_id}/{spec.run_id}"


def quarantine_key(spec: RunSpec, name: str) -> str:
    """A file of rejected rows, or of the reasons for them."""
    return f"{quarantine_prefix(spec)}/{name}"


def signatures_prefix(run_id: str) -> str:
    """The signatures of a run: whatever lies here makes the run a signed one."""
    return f"{run_prefix(run_id)}/signatures"


def signature_key(run_id: str, number: int) -> str:
    """One signature; the first is number 1."""
    return f"{signatures_prefix(run_id)}/{number:04d}.json"


def report_prefix(run_id: str) -> str:
    """Where the published files of a run's report lie; a run id begins with its date."""
    return f"reports/{run_id[:10]}/{run_id}"


CATALOGUE_PAGE, CATALOGUE_MODEL = "reports/index.html", "reports/index.json"
"""The run catalogue, and the model that it is rendered from."""

COMPARISONS = "reports/compare"
"""Where pages lie that compare two runs."""


def comparison_key(before: str, after: str, ending: str = "html") -> str:
    """The page, or the model, that compares run *before* with run *after*."""
    return f"{COMPARISONS}/{before}--{after}.{ending}"


SIGNATURE_PAGE, SIGNATURE_MODEL = "signature.html", "signature.json"
"""Pages beside a report that say whether it is signed, and by whom."""
