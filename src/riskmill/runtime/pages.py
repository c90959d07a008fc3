"""Pages that are made anew after each run and each signature."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from riskmill.domain import ArtefactConflict, ArtefactMissing, RiskmillError, UsageError
from riskmill.pipeline import (
    CATALOGUE_PAGE,
    SIGNATURE_PAGE,
    PageStore,
    catalogue_of,
    neighbours,
    report_prefix,
    write_catalogue,
    write_comparison,
    write_signature_pages,
)
from riskmill.reporting import Catalogue
from riskmill.runtime.stores import ObstoreStore


def refresh_pages(out: Path, run_id: str) -> Path:
    """Write the pages of a finished run and the catalogue; give the page of its signatures."""
    renew_pages(ObstoreStore.in_directory(out), run_id)
    return out / report_prefix(run_id) / SIGNATURE_PAGE


def renew_pages(store: PageStore, run_id: str) -> None:
    """Make the pages of a finished run and those of all runs anew."""
    write_signature_pages(store, run_id)
    _compare_neighbours(store, run_id)
    write_catalogue(store)


def _compare_neighbours(store: PageStore, run_id: str) -> None:
    """Compare the run with the day before, the day after and what it corrects."""
    for before, after in neighbours(store, catalogue_of(store), run_id):
        try:
            write_comparison(store, before, after)
        except (ArtefactConflict, ArtefactMissing):
            continue  # no link, then; riskmill compare and riskmill verify say what is damaged


@contextmanager
def failures_catalogued(out: Path) -> Iterator[None]:
    """Let the catalogue tell of a run that ends with an error, which goes on its way."""
    try:
        yield
    except RiskmillError as error:
        try:
            write_catalogue(ObstoreStore.in_directory(out))
        except RiskmillError as second:
            error.add_note(f"The catalogue could not be written either: {second}")
        raise


def rebuild_catalogue(out: Path) -> tuple[Path, Catalogue]:
    """
    Make all pages below *out* anew from the records of the runs, and say where and what.

    Raises `UsageError` (E612) where there is no such directory.
    """
    if not out.is_dir():
        raise UsageError(
            "E612",
            "there is no directory of runs",
            place=str(out),
            remedy="Name the directory that was given to riskmill run as --out.",
        )
    store = ObstoreStore.in_directory(out)
    for run_id in store.folders("runs"):
        try:
            write_signature_pages(store, run_id)
        except (ArtefactConflict, ArtefactMissing):
            continue  # the catalogue calls it damaged or unfinished
    return out / CATALOGUE_PAGE, write_catalogue(store)
