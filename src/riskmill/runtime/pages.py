"""Pages that are made anew after each run and each signature."""

from pathlib import Path

from riskmill.pipeline import SIGNATURE_PAGE, report_prefix, write_signature_pages
from riskmill.runtime.stores import ObstoreStore


def refresh_pages(out: Path, run_id: str) -> Path:
    """Write the pages of run *run_id* below *out*, and give that of its signatures."""
    store = ObstoreStore.in_directory(out)
    write_signature_pages(store, run_id)
    return out / report_prefix(run_id) / SIGNATURE_PAGE
