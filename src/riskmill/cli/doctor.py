"""`riskmill doctor`: whether this machine has what riskmill needs."""

from pathlib import Path

import click

from riskmill.cli import options


@click.command("doctor", short_help="Check that this machine has what riskmill needs.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Also check that runs can be written to DIR.",
)
@options.as_json
def command(out: Path | None, as_json: bool) -> int:
    """Check interpreter, packages, processor, memory and disk; exit code 1 if one is not right."""
    from riskmill.cli.complaints import OK, RUN_FAILED
    from riskmill.cli.output import write_json, write_table
    from riskmill.runtime import examine_machine

    checks = examine_machine(out)
    if as_json:
        write_json(checks)
    else:
        rows = [
            (
                "ok" if check.ok else "wrong",
                check.name,
                check.found,
                "" if check.ok else check.remedy,
            )
            for check in checks
        ]
        write_table(("", "check", "found", "to mend it"), rows)
    return OK if all(check.ok for check in checks) else RUN_FAILED
