"""`riskmill verify`: whether everything of a run is as it was written."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from riskmill.cli import options

if TYPE_CHECKING:
    from riskmill.runtime import Verification

NAMES = {
    "input": "delivered files",
    "record": "records of the run",
    "task": "task manifests",
    "artefact": "artefacts",
    "published": "published files",
    "signature": "signatures",
    "sealed": "hashes that signatures name",
    "page": "signature pages",
}


@click.command("verify", short_help="Hash a run again, from its inputs to its signatures.")
@click.argument("run_id", metavar="RUN")
@click.option("--head", default="", metavar="HASH", help="Hash that the last signature must have.")
@click.option(
    "--source",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Directory that the batch lies in, where that is another than the run read.",
)
@click.option("--all", "every", is_flag=True, help="List every check, not only what differs.")
@options.out
@options.as_json
def command(
    run_id: str, head: str, source: Path | None, every: bool, out: Path, as_json: bool
) -> int:
    """
    Recompute every hash of RUN and compare it with the record that names it.

    Delivered files are checked where they still lie. Ends with 0 where everything is as it was
    written, and with 1 where something differs. Nothing is written.
    """
    from riskmill.cli.output import write_json
    from riskmill.runtime import verify_run

    found = verify_run(out, run_id, head=head, source=source)
    if as_json:
        write_json(found)
    else:
        tell(found, every=every)
    return 1 if found.faults else 0


def tell(found: "Verification", *, every: bool) -> None:
    """Print counts by kind of check, then what differs, each with what it should be."""
    from riskmill.cli.output import write_data, write_table

    if every:
        header = ("kind", "place", "outcome", "expected")
        rows = [(one.kind, one.place, one.outcome, one.expected) for one in found.checks]
        write_table(header, rows)
        write_data("")
    write_table(("what", "checked", "as written", "not so"), _counts(found))
    for check in found.checks:
        if check.outcome == "as written":
            continue
        write_data(f"\n{check.outcome.capitalize()}: {check.place}")
        write_data(f"  it should be: {check.expected} (so says {check.says})")
        write_data(f"  it is: {check.found or 'not there'}")
        if check.remark:
            write_data(f"  note: {check.remark}")
    write_data(f"\n{verdict(found)}")


def verdict(found: "Verification") -> str:
    """Sum the checks up in a sentence or two."""
    signed = f"{found.signatures:,} signatures" if found.signatures != 1 else "1 signature"
    state = f"It has {signed}, the last {found.head}." if found.signatures else "It is not signed."
    gone = sum(check.outcome == "gone" for check in found.checks)
    lost = _lost(found, gone)
    number = len(found.faults)
    if number:
        differs = "1 thing differs" if number == 1 else f"{number:,} things differ"
        return f"Run {found.run_id}: {differs} from what was written. {state}{lost}"
    held = "all that is there" if gone else "everything"
    return (
        f"Run {found.run_id}: all {len(found.checks) - gone:,} checks hold, {held} is as it "
        f"was written. {state}{lost}"
    )


def _lost(found: "Verification", gone: int) -> str:
    """Which delivered files were not hashed, and how to have them hashed."""
    if not gone:
        return ""
    inputs = [c for c in found.checks if c.kind == "input" and not c.place.startswith("runs/")]
    number = "Not one" if gone == len(inputs) else f"All but {gone:,}"
    return f" {number} of its delivered files could be hashed: say where they lie with --source."


def _counts(found: "Verification") -> list[tuple[str, str, str, str]]:
    total = Counter(check.kind for check in found.checks)
    good = Counter(check.kind for check in found.checks if check.outcome == "as written")
    return [
        (name, f"{total[kind]:,}", f"{good[kind]:,}", f"{total[kind] - good[kind]:,}")
        for kind, name in NAMES.items()
    ]
