"""A finished report rendered again: other sections, other forms, a firm's own looks."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from riskmill.domain import ArtefactMissing, UsageError
from riskmill.pipeline import Plan, load_record, plan_key, published_report
from riskmill.reporting import (
    LARGEST_FILE,
    PLAIN,
    Report,
    chosen_forms,
    chosen_sections,
    render_form,
    theme_of,
)
from riskmill.runtime.new_files import write_new
from riskmill.runtime.runs import open_runs, read_spec

KEPT = ("reports", "runs", "quarantine", "valued", "staged")
"""Directories below that of the runs which runs alone write to."""
MOST_FILES = 100
"""Files that a directory of templates may hold."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RenderOptions:
    """What is rendered, and how it looks."""

    sections: tuple[str, ...] = ()
    """Names of sections; empty for all of them."""
    forms: tuple[str, ...] = ()
    """Names of forms: `html`, `pdf`, `xlsx`, `csv`; empty for all of them."""
    template: Path | None = None
    """Directory of a firm's own templates, style and logo; none for riskmill's."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rendered:
    """Where a report lies that was rendered again."""

    run_id: str
    sections: tuple[str, ...]
    files: tuple[Path, ...]
    """The forms in their own order, the tables last."""


def render_again(out: Path, run_id: str, to: Path, options: RenderOptions) -> Rendered:
    """
    Render the stored report of run *run_id* below *out* into the directory *to*.

    The figures are those of the published report.json, whose hash is checked first; nothing
    is computed, and nothing that is there already is written over. Raises `UsageError` for
    a run that is not there (E612) or has no report yet (E727), names that are none (E721),
    templates that cannot be used (E722 to E725), a place among the runs (E726), and a file that
    is there already (E615); `ArtefactConflict` for a report that was changed (E503) or cannot
    be read (E720).
    """
    sections, forms = chosen_sections(options.sections), chosen_forms(options.forms)
    _refuse_kept(to, out)
    theme = theme_of(_files(options.template)) if options.template else PLAIN
    report = _stored(out, run_id)
    files = {
        to / name: data
        for form in forms
        for name, data in render_form(form, report, sections, theme).items()
    }
    return Rendered(run_id=run_id, sections=sections, files=write_new(files))


def _stored(out: Path, run_id: str) -> Report:
    store = open_runs(out, run_id)
    read_spec(store, run_id)
    try:
        return published_report(store, load_record(store, plan_key(run_id), Plan))
    except ArtefactMissing as cause:
        raise UsageError(
            "E727",
            f"run {run_id} has no report yet",
            place=cause.place,
            remedy=f"Finish it with: riskmill rerun {run_id} --out {out}",
        ) from cause


def _refuse_kept(to: Path, out: Path) -> None:
    place = to.resolve()
    for name in KEPT:
        if place.is_relative_to((out / name).resolve()):
            raise UsageError(
                "E726",
                "what a run published is never added to or written over",
                place=str(to),
                remedy="Name another directory with --to.",
            )


def _files(directory: Path) -> dict[str, bytes]:
    """Every file of a directory of templates by its name below it; hidden ones left aside."""
    if not directory.is_dir():
        raise _unusable("there is no such directory of templates", directory)
    found = {}
    for path in _visible(directory):
        try:
            with path.open("rb") as file:
                found[path.relative_to(directory).as_posix()] = file.read(LARGEST_FILE + 1)
        except OSError as cause:
            raise _unusable(f"a template cannot be read: {cause.strerror}", path) from cause
        if len(found) > MOST_FILES:
            raise _unusable(f"the directory holds more than {MOST_FILES} files", directory)
    return found


def _visible(directory: Path) -> Iterator[Path]:
    for path in sorted(directory.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(directory).parts)
        if not hidden and not path.is_dir():
            yield path


def _unusable(problem: str, place: Path) -> UsageError:
    return UsageError(
        "E722",
        problem,
        place=str(place),
        remedy="Name a directory with templates of your own: docs/howto/brand-the-report.md",
    )
