"""
Standard output and standard error: data to the one, talk to the other.

When the reader of a stream has left (`riskmill explain | head -1`), the rest of
the text goes nowhere and the command ends as it would have ended anyway.
"""

import os
import shutil
import sys
import textwrap
from collections.abc import Sequence
from typing import TextIO

import click

GAP = 2
"""Blanks between two columns of a table."""
WIDTH = 80
"""Columns of text that goes to no terminal, and the most that is used of a wide one."""
NARROWEST = 16
"""Columns that the last column of a table keeps in any case."""


_UNSEEN = "".join(
    chr(number)
    for number in (*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
    if chr(number) not in "\n\t"
)
_ESCAPED = {ord(mark): mark.encode("unicode_escape").decode() for mark in _UNSEEN}
"""Characters of a sender's cells that would command the terminal, and how they are shown."""


def prepare_streams() -> None:
    """Let a character that the terminal's encoding lacks print as an escape, never as an error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def write_data(text: str) -> None:
    """Write one paragraph of results to standard output."""
    _write(text, sys.stdout)


def write_talk(text: str) -> None:
    """Write one paragraph that is not a result to standard error."""
    _write(text, sys.stderr)


def write_json(value: object) -> None:
    """Write *value* (dataclasses, tuples, plain values) to standard output as indented JSON."""
    import msgspec

    encoded = msgspec.json.encode(value, enc_hook=str)
    _write(msgspec.json.format(encoded, indent=2), sys.stdout)


def write_json_line(value: object, stream: TextIO | None = None) -> None:
    """Write *value* as one line of JSON; to standard output unless *stream* is given."""
    import msgspec

    _write(msgspec.json.encode(value, enc_hook=str), stream or sys.stdout)


def write_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Write a table to standard output; where a terminal is too narrow, one block per row."""
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]
    total = sum(widths) + GAP * (len(widths) - 1)
    if sys.stdout.isatty() and total > shutil.get_terminal_size().columns:
        write_data("\n\n".join(_stacked(header, row) for row in rows))
    else:
        write_data("\n".join(_aligned(row, widths) for row in [header, *rows]))


def write_columns(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Write a table to standard output whose last column is broken into lines that fit."""
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header) - 1)]
    indent = sum(widths) + GAP * len(widths)
    room = max(_width() - indent, NARROWEST)
    lines = []
    for row in [header, *rows]:
        first, *others = textwrap.wrap(row[-1], room) or [""]
        lines.append(_aligned([*row[:-1], first], [*widths, len(first)]))
        lines += [" " * indent + other for other in others]
    write_data("\n".join(lines))


def paragraph(text: str) -> str:
    """Break a sentence into lines that fit, two blanks in front and four from the second on."""
    return textwrap.fill(text, _width(), initial_indent="  ", subsequent_indent="    ")


def _width() -> int:
    if not sys.stdout.isatty():
        return WIDTH
    return min(max(shutil.get_terminal_size().columns, 2 * NARROWEST), WIDTH)


def talks_to_a_terminal() -> bool:
    """Whether a person watches standard error."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
    return (" " * GAP).join(cells).rstrip()


def _stacked(header: Sequence[str], row: Sequence[str]) -> str:
    return "\n".join(f"{name}: {cell}" for name, cell in zip(header, row, strict=True))


def _write(text: str | bytes, stream: TextIO) -> None:
    if isinstance(text, str):
        text = text.translate(_ESCAPED)
    try:
        click.echo(text, file=stream)
        stream.flush()
    except BrokenPipeError:
        _send_nowhere(stream)


def _send_nowhere(stream: TextIO) -> None:
    """Point the stream's descriptor at the null device, so that no later flush fails."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
