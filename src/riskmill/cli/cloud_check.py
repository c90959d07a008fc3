"""`riskmill cloud check`: what AWS would refuse, lose or do otherwise than a template says."""

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from riskmill.cli import options
from riskmill.cli.complaints import OK, RUN_FAILED

if TYPE_CHECKING:
    from riskmill.cloud import Finding

WIDTH = 96
"""Columns that sentences are broken to."""
SEVERITIES = ("error", "warning", "note")


@click.command("check", short_help="Judge CloudFormation templates by what AWS really does.")
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@options.as_json
@click.option(
    "--sarif",
    "sarif_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="PATH",
    help="Also write the findings to PATH as SARIF 2.1.0.",
)
def command(files: tuple[Path, ...], as_json: bool, sarif_file: Path | None) -> int:
    """
    Judge each FILE, a CloudFormation template in JSON or YAML, by what AWS really does.

    Each finding has a code, its place, the evidence, the reason and the remedy; `riskmill explain
    CODE` says more. Nothing is sent anywhere. Exit code 0: no finding but notes. 1: an error or a
    warning. 2: a file that is no template.
    """
    from riskmill.cli.output import write_data, write_json, write_talk

    findings = [finding for file in files for finding in _judged(file)]
    if sarif_file is not None:
        _write_sarif(findings, sarif_file)
        write_talk(f"Wrote {sarif_file}")
    if as_json:
        write_json(findings)
    elif findings:
        write_data("\n\n".join(_by_code(findings)))
        write_talk(_summary(findings, len(files)))
    else:
        write_talk(f"No finding in {_counted(len(files), 'template')}.")
    return RUN_FAILED if any(one.severity != "note" for one in findings) else OK


def _judged(file: Path) -> "tuple[Finding, ...]":
    from riskmill.cloud import check_template
    from riskmill.domain import UsageError

    try:
        raw = file.read_bytes()
    except (OSError, ValueError) as error:
        raise UsageError(
            "E750",
            f"the template cannot be read: {getattr(error, 'strerror', None) or error}",
            place=str(file),
            remedy="Name a file that exists and that you may read.",
        ) from error
    return check_template(raw, str(file))


def _write_sarif(findings: "Sequence[Finding]", path: Path) -> None:
    import msgspec

    from riskmill import __version__
    from riskmill.cloud import sarif
    from riskmill.domain import UsageError

    text = msgspec.json.format(msgspec.json.encode(sarif(findings, __version__)), indent=2)
    try:
        path.write_bytes(text + b"\n")
    except OSError as error:
        raise UsageError(
            "E757",
            f"the SARIF file cannot be written: {error.strerror or error}",
            place=str(path),
            remedy="Name a file in a directory that exists and that you may write to.",
        ) from error


def _by_code(findings: "Sequence[Finding]") -> list[str]:
    """Return a paragraph for each code, the gravest first: its places, the reason, the remedy."""
    ordered = sorted(findings, key=lambda f: (SEVERITIES.index(f.severity), _order(f.code)))
    codes = dict.fromkeys(finding.code for finding in ordered)
    return [_paragraph([f for f in findings if f.code == code]) for code in codes]


def _order(code: str) -> tuple[str, int]:
    return code[0], int(code[1:])


def _paragraph(same: "Sequence[Finding]") -> str:
    first = same[0]
    places = [f"{finding.file}:{finding.line}" for finding in same]
    place_width = max(len(place) for place in places)
    name_width = max(len(finding.resource) for finding in same)
    lines = [f"{first.code}  {first.severity}  {first.title}"]
    for place, finding in zip(places, same, strict=True):
        lines.append(f"  {place:<{place_width}}  {finding.resource:<{name_width}}")
        lines += _filled(_sentence(finding), "      ")
        lines += _filled(f"found: {finding.evidence}", "      ") if finding.evidence else []
    lines += _filled(f"Why: {first.reason}", "  ")
    lines += _filled(f"To mend it: {first.remedy}", "  ")
    return "\n".join(line.rstrip() for line in lines)


def _sentence(finding: "Finding") -> str:
    return finding.message + (f", where {finding.when}" if finding.when else "")


def _filled(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _summary(findings: "Sequence[Finding]", files: int) -> str:
    counts = [(s, sum(f.severity == s for f in findings)) for s in SEVERITIES]
    parts = ", ".join(_counted(number, severity) for severity, number in counts if number)
    total = _counted(len(findings), "finding")
    return (
        f"\n{total} in {_counted(files, 'template')}: {parts}. "
        f"More about one: riskmill explain {findings[0].code}"
    )


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
