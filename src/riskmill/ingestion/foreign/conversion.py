"""What a conversion hands on: riskmill's files, and everything that was not taken over."""

from collections.abc import Iterable, Mapping, Sequence
from csv import writer as csv_writer
from dataclasses import dataclass
from io import StringIO

from riskmill.domain import Failure, InputRejected, shown_as_text

REJECTS = "rejects.csv"
_REJECTS_COLUMNS = (
    "severity", "code", "file", "record", "line", "subject", "column", "value", "message",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceFile:
    """A file that was given, and what became of it."""

    name: str
    form: str
    """What it is, such as `portfolio`; empty where it is nothing that is converted."""
    records: int
    """Trades, dates or fixings in it."""
    taken: int
    """How many of them were converted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Conversion:
    """A foreign delivery as riskmill's datasets."""

    files: Mapping[str, bytes]
    """Name and content of each file of the batch to be; it has no manifest."""
    sources: tuple[SourceFile, ...]
    failures: tuple[Failure, ...]
    """By file and record of the source."""
    refusal: InputRejected | None = None
    """Why there is nothing to go on with; none where there is."""


def written(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """Write rows as comma-separated text in which no cell is a formula."""
    text = StringIO()
    writer = csv_writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([shown_as_text(row.get(column, "")) for column in columns])
    return text.getvalue().encode()


def rejects_csv(failures: Iterable[Failure]) -> bytes:
    """Write failures as comma-separated text, one a row."""
    return written(
        _REJECTS_COLUMNS,
        (
            {
                "severity": failure.severity.value,
                "code": failure.code,
                "file": failure.file,
                "record": str(failure.record or ""),
                "line": str(failure.line or ""),
                "subject": failure.subject,
                "column": failure.column,
                "value": failure.value,
                "message": failure.message,
            }
            for failure in failures
        ),
    )
