"""How a dataset is checked: its columns, its rules, and what is kept of a good row."""

import difflib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

import numpy as np
import numpy.typing as npt
import polars as pl

from riskmill.domain import (
    REQUIRED_DATASETS,
    BatchFile,
    BatchManifest,
    Failure,
    FailureReason,
    InputRejected,
)
from riskmill.ingestion.blocks import REASON_COLUMNS, Source, TextBlock, pointed
from riskmill.ingestion.cells import calculated, readable, value_of
from riskmill.ingestion.repeats import Seen
from riskmill.ingestion.rules import (
    LINE,
    MOST_FAILURES,
    RECORD,
    Finding,
    Rule,
    broken_rows,
    findings,
    too_many,
)
from riskmill.ingestion.totals import added

_BEHIND, _LAST = 1_000, 1_000_000
"""Order of what is said of a row: whether its cells can be read, its rules, its file's rules."""
_SHOWN = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """A dataset of rows, declared."""

    required: tuple[str, ...]
    """Columns that every file has."""
    optional: tuple[str, ...] = ()
    """Columns that are empty for all rows where a file leaves them out."""
    subject: str
    """Column whose cell names the row in a failure."""
    unique: tuple[str, ...] = ()
    """Columns whose cells together are unique in the file; later rows are duplicates."""
    exact: tuple[str, ...] = ()
    """Columns of numbers whose text is kept; a decimal comma in it becomes a point."""
    prose: tuple[str, ...] = ()
    """Columns of free text, in which a line end is no fault."""
    values: tuple[pl.Expr, ...] = ()
    """Typed columns, made from the text before the rules are tried."""
    derive: Callable[[pl.DataFrame], pl.DataFrame] = lambda frame: frame
    """Further columns that the rules need and no expression gives."""
    rules: Callable[[BatchManifest], tuple[Rule, ...]]
    keep: tuple[pl.Expr, ...]
    """What is kept of a good row; the row's place is kept besides."""
    totals: Callable[[pl.DataFrame], Mapping[str, Decimal]] = lambda frame: {}
    """Sums by currency over all readable rows of a block."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that a file may have."""
        return self.required + self.optional


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """The good rows of a file and everything that is wrong with the others."""

    frame: pl.DataFrame
    """The kept columns, and each row's record and line."""
    found: tuple[Finding, ...]
    rows: int
    """Data rows delivered."""
    totals: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def failures(self) -> tuple[Failure, ...]:
        """By record, then in the order of the rules."""
        ordered = sorted(self.found, key=lambda found: (found.record, found.order))
        return tuple(found.failure for found in ordered)

    @property
    def records(self) -> npt.NDArray[np.int64]:
        """Record of each good row."""
        return self.frame[RECORD].to_numpy().astype(np.int64)

    @property
    def lines(self) -> npt.NDArray[np.int64]:
        """Line of each good row."""
        return self.frame[LINE].to_numpy().astype(np.int64)

    def without(self, rule: Rule, *, file: str, subject: str) -> "Checked":
        """Reject the good rows that break one more *rule*."""
        return replace(
            self.noting(rule, file=file, subject=subject),
            frame=self.frame.filter(~broken_rows(self.frame, (rule,))),
        )

    def remarking(self, failures: Iterable[Failure]) -> "Checked":
        """Add *failures* that are about good rows, and keep the rows."""
        found = (Finding(record=f.record or 0, order=_LAST, failure=f) for f in failures)
        return replace(self, found=(*self.found, *found))

    def noting(self, rule: Rule, *, file: str, subject: str) -> "Checked":
        """Add the failures of one more *rule*, and keep the rows."""
        found = findings(self.frame, (rule,), file=file, subject=subject)
        return replace(self, found=self.found + _last(found))


def check_rows(
    layout: Layout, entry: BatchFile, manifest: BatchManifest, source: Source
) -> Checked:
    """
    Try every rule of *layout* on every row, and hold the good ones together.

    Raises `InputRejected` where the header does not fit the dataset (E027 to
    E029), no row was delivered (E030), or more is wrong than can be told (E031).
    """
    parts = list(check_blocks(layout, entry, manifest, source))
    totals: dict[str, Decimal] = {}
    for part in parts:
        totals = added(totals, part.totals)
    return Checked(
        frame=pl.concat(part.frame for part in parts),
        found=tuple(finding for part in parts for finding in part.found),
        rows=sum(part.rows for part in parts),
        totals=totals,
    )


def check_blocks(
    layout: Layout, entry: BatchFile, manifest: BatchManifest, source: Source
) -> Iterator[Checked]:
    """
    Try every rule of *layout* on the rows of each block, as the blocks come.

    Raises what `check_rows` raises, as soon as it is known.
    """
    check_header(entry, source.columns, layout.required, layout.optional)
    wanted = tuple(name for name in layout.columns if name in source.columns)
    table = _RuleTable(layout, entry, manifest, wanted, source.decimal)
    failures = 0
    for block in _some(source, wanted, entry):
        checked = table.check(block)
        failures += len(checked.found)
        if failures > MOST_FAILURES:
            first = min(checked.found, key=lambda finding: (finding.record, finding.order))
            raise too_many(entry.name, first.failure)
        yield checked


class _RuleTable:
    """The rules of one file, and the keys of its rows so far."""

    def __init__(
        self,
        layout: Layout,
        entry: BatchFile,
        manifest: BatchManifest,
        wanted: tuple[str, ...],
        decimal: str,
    ) -> None:
        self._layout = layout
        self._file = entry.name
        self._decimal = decimal
        self._rules = tuple(_in_words(rule, decimal) for rule in layout.rules(manifest))
        self._readable = tuple(rule for column in wanted for rule in readable(column, layout.prose))
        self._calculated = tuple(calculated(column) for column in wanted)
        self._seen = Seen()

    def check(self, block: TextBlock) -> Checked:
        """Sort the rows of a block into good and bad."""
        layout = self._layout
        frame = _prepared(layout, block, self._decimal)
        found = [_unread(failure) for failure in block.unreadable]
        broken = np.zeros(len(frame), dtype=np.bool_)
        readable_rules = self._readable + (self._calculated if block.calculated else ())
        found += self._tried(frame, readable_rules, block.suspicious, broken)
        found += self._tried(frame, self._rules, np.arange(len(frame)), broken, _BEHIND)
        if layout.unique:
            again = self._seen.repeated(_keys(layout, frame))
            found += _last(self._found(frame, (_duplicate(layout),), again))
            broken[again] = True
        return Checked(
            frame=frame.filter(~pl.Series(broken)).select(*layout.keep, RECORD, LINE),
            found=tuple(found),
            rows=block.rows,
            totals=layout.totals(_with_points(layout, frame, self._decimal)),
        )

    def _tried(
        self,
        frame: pl.DataFrame,
        rules: Sequence[Rule],
        rows: npt.NDArray[np.int64],
        broken: npt.NDArray[np.bool_],
        order: int = 0,
    ) -> list[Finding]:
        """What *rows* break; they are marked in *broken*."""
        if not len(rows):
            return []
        some = frame if len(rows) == len(frame) else frame[rows]
        bad = rows[broken_rows(some, rules).to_numpy()]
        broken[bad] = True
        found = self._found(frame, rules, bad)
        return [replace(finding, order=finding.order + order) for finding in found]

    def _found(
        self, frame: pl.DataFrame, rules: Sequence[Rule], rows: npt.NDArray[np.int64]
    ) -> list[Finding]:
        return findings(frame[rows], rules, file=self._file, subject=self._layout.subject)


def check_header(
    entry: BatchFile, found: Sequence[str], required: Iterable[str], optional: Iterable[str]
) -> None:
    """Refuse a file whose columns are not exactly those of its dataset."""
    known = (*required, *optional, *REASON_COLUMNS)
    twice = sorted(name for name, times in Counter(found).items() if times > 1)
    missing = sorted(set(required).difference(found))
    unknown = sorted(set(found).difference(known))
    place = f"{entry.name}, header"
    if twice:
        raise InputRejected(
            "E027",
            f"'{entry.name}' has the column {_listed(twice)} more than once",
            place=place,
            remedy="Keep each column once.",
        )
    if unknown:
        hints = (difflib.get_close_matches(name, known, n=1) for name in unknown[:_SHOWN])
        meant = sorted({hint[0] for hint in hints if hint})
        raise InputRejected(
            "E029",
            f"'{entry.name}' has the column {_listed(unknown)}, which dataset "
            f"'{entry.dataset}' does not know",
            place=place,
            remedy=(f"Did you mean {_listed(meant)}? " if meant else "")
            + f"The columns are {', '.join(known[: -len(REASON_COLUMNS)])}; separate them by "
            "commas.",
        )
    if missing:
        raise InputRejected(
            "E028",
            f"'{entry.name}' lacks the column {_listed(missing)}",
            place=place,
            remedy=f"Add what is missing: dataset '{entry.dataset}' needs each of them.",
        )


def _some(source: Source, wanted: tuple[str, ...], entry: BatchFile) -> Iterator[TextBlock]:
    """The blocks, or an empty one where the dataset may be empty, or is announced to be."""
    rows = 0
    for block in source.blocks(wanted):
        rows += block.rows
        yield block
    if rows:
        return
    if entry.dataset in REQUIRED_DATASETS and not _none_announced(entry):
        raise no_rows(entry)
    nothing = np.empty(0, dtype=np.int64)
    frame = pl.DataFrame(schema=dict.fromkeys(wanted, pl.String))
    yield TextBlock(frame=frame, records=nothing, lines=nothing, suspicious=nothing)


def _prepared(layout: Layout, block: TextBlock, decimal: str) -> pl.DataFrame:
    absent = [name for name in layout.columns if name not in block.frame.columns]
    frame = block.frame.with_columns(
        *(pl.lit("").alias(name) for name in absent),
        pl.Series(RECORD, block.records),
        pl.Series(LINE, block.lines),
    )
    values = _with_points(layout, frame, decimal).select(layout.values)
    frame = frame.with_columns(pointed(name, decimal) for name in layout.exact)
    return layout.derive(frame.hstack(values) if layout.values else frame)


def _with_points(layout: Layout, frame: pl.DataFrame, decimal: str) -> pl.DataFrame:
    """The text with its numbers written with a decimal point."""
    if decimal == ".":
        return frame
    values = {value.meta.output_name() for value in layout.values}
    numbers = [name for name in layout.columns if value_of(name) in values]
    return frame.with_columns(pointed(name, decimal) for name in numbers)


def _in_words(rule: Rule, decimal: str) -> Rule:
    """The rule with the example of its sentence as the file writes numbers."""
    return replace(rule, says=rule.says.replace("-1234.5", f"-1234{decimal}5"))


def _keys(layout: Layout, frame: pl.DataFrame) -> pl.Series:
    """A text of each row that two rows share only if they share the key; empty without one."""
    first, *others = layout.unique
    key = pl.col(first)
    for column in others:
        length = key.str.len_bytes().cast(pl.String)
        key = pl.concat_str(length, pl.lit(":"), key, pl.col(column))
    filled = pl.all_horizontal(pl.col(name) != "" for name in layout.unique)
    return frame.select(key=pl.when(filled).then(key).otherwise(pl.lit("")))["key"]


def _duplicate(layout: Layout) -> Rule:
    return Rule(
        code="E119",
        reason=FailureReason.DUPLICATE,
        column=layout.unique[-1],
        broken=pl.lit(value=True),
        says=f"An earlier row has the same {' and '.join(layout.unique)}: '{{value}}'.",
    )


def _unread(failure: Failure) -> Finding:
    return Finding(record=failure.record or 0, order=0, failure=failure)


def _last(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings of whole-file rules stand behind those of the row's own rules."""
    return tuple(replace(finding, order=_LAST) for finding in found)


def _none_announced(entry: BatchFile) -> bool:
    """Whether positions are announced to be none: then that is what their sender means."""
    return entry.dataset == "positions" and not entry.rows and not entry.amends


def no_rows(entry: BatchFile) -> InputRejected:
    """Refuse a file of a required dataset that has no rows."""
    return InputRejected(
        "E030",
        f"'{entry.name}' has a header and no rows",
        place=entry.name,
        remedy="Deliver the rows, or leave an optional dataset out of the manifest.",
    )


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(f"'{name[:40]}'" for name in names[:_SHOWN]) + more
