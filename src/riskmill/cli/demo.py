"""`riskmill demo`: a whole day of a small bank, from its files to an open report."""

from pathlib import Path

import click

from riskmill.cli import options

NO_DISPLAY_NEEDED = ("darwin", "win32")
"""Platforms on which a browser opens without a display being named."""


@click.command("demo", short_help="Run the demo bank and open its report.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("demo"),
    show_default=True,
    metavar="DIR",
    help="Directory that the run and its report go to.",
)
@click.option(
    "--history",
    "days",
    type=click.IntRange(min=1),
    metavar="DAYS",
    help="Run so many business days before it as well, up to 250, so that backtest, VaR history "
    "and changes from day to day are real. Takes some 3 MB a day.",
)
@click.option("--no-open", is_flag=True, help="Do not open the report in a browser.")
@options.as_json
def command(out: Path, days: int | None, no_open: bool, as_json: bool) -> int:
    """
    Run the demo bank: real market history, about 520 positions, one report.

    It needs no account and no network. The report opens in a browser where there is one.
    """
    from riskmill.cli.outcome import outcome_code, tell_outcome
    from riskmill.cli.progress import watched
    from riskmill.runtime import demo_input, replay_demo, start_run

    with watched(out) as observe:
        if days:
            replay_demo(out, days, observe)
        outcome = start_run(demo_input(), out, options.run_options(by_risk_class=True), observe)
    tell_outcome(outcome, out, as_json=as_json)
    if not no_open:
        open_in_browser(outcome.report)
    return outcome_code(outcome, fail_on_breach=False)


def open_in_browser(report: Path) -> None:
    """Open *report* where a browser can show it; elsewhere its path was printed already."""
    import os
    import sys
    import webbrowser

    has_display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if has_display or sys.platform in NO_DISPLAY_NEEDED:
        webbrowser.open(report.resolve().as_uri())
