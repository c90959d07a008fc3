"""Compare two runs on this machine."""

from dataclasses import dataclass
from pathlib import Path

from riskmill.pipeline import comparison_key, write_catalogue, write_comparison
from riskmill.reporting import RunComparison
from riskmill.runtime.runs import open_runs, read_spec
from riskmill.runtime.stores import ObstoreStore


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """A comparison, and where its page lies."""

    comparison: RunComparison
    page: Path


def compare_runs(out: Path, before: str, after: str) -> Compared:
    """
    Compare two runs below *out*, write the page of it and link it from the catalogue.

    Raises `UsageError` for a run that is not there (E612), has no figures (E550) or is
    compared with itself (E555), and `ArtefactConflict` (E503) for one that was changed.
    """
    for run_id in (before, after):
        read_spec(open_runs(out, run_id), run_id)
    store = ObstoreStore.in_directory(out)
    comparison = write_comparison(store, before, after)
    write_catalogue(store)
    return Compared(comparison=comparison, page=out / comparison_key(before, after))
