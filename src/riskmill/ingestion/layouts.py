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
from riskmill.ingestion.blocks import REASON_COLUMNS, Source, TextBlock
from riskmill.ingestion.cells import readable
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

_LAST = 1_000_000
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
    Try every rule of *layout* on every row.

    Raises `InputRejected` where the header does not fit the dataset (E027 to
    E029), no row was delivered (E030), or more is wrong than can be told (E031).
    """
    check_header(entry, source.columns, layout.required, layout.optional)
    wanted = tuple(name for name in layout.columns if name in source.columns)
    rules = layout.rules(manifest)
    parts, keys, found = [], [], list[Finding]()
    totals: dict[str, Decimal] = {}
    for block in _some(source, wanted, entry):
        frame = _prepared(layout, block)
        tried = _readable_rules(layout, wanted) + rules if block.suspicious else rules
        broken = broken_rows(frame, tried)
        found += [_unread(failure) for failure in block.unreadable]
        found += findings(frame.filter(broken), tried, file=entry.name, subject=layout.subject)
        _refuse_too_many(entry, found)
        parts.append(frame.filter(~broken).select(*layout.keep, RECORD, LINE))
        keys.append(_keys(layout, frame))
        totals = added(totals, layout.totals(frame))
    checked = Checked(frame=pl.concat(parts), found=tuple(found), rows=source.rows, totals=totals)
    return _unique(layout, entry, checked, keys)


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
    """The blocks, or an empty one: only a required dataset must have rows."""
    if source.rows:
        return source.blocks(wanted)
    if entry.dataset in REQUIRED_DATASETS:
        raise no_rows(entry)
    nothing = np.empty(0, dtype=np.int64)
    frame = pl.DataFrame(schema=dict.fromkeys(wanted, pl.String))
    return iter([TextBlock(frame=frame, records=nothing, lines=nothing)])


def _prepared(layout: Layout, block: TextBlock) -> pl.DataFrame:
    absent = [name for name in layout.columns if name not in block.frame.columns]
    frame = block.frame.with_columns(
        *(pl.lit("").alias(name) for name in absent),
        pl.Series(RECORD, block.records),
        pl.Series(LINE, block.lines),
    )
    return layout.derive(frame.with_columns(layout.values))


def _readable_rules(layout: Layout, columns: Iterable[str]) -> tuple[Rule, ...]:
    return tuple(rule for column in columns for rule in readable(column, layout.prose))


def _keys(layout: Layout, frame: pl.DataFrame) -> pl.DataFrame:
    names = list(dict.fromkeys((*layout.unique, layout.subject, RECORD, LINE)))
    return frame.select(names) if layout.unique else frame.select(RECORD).clear()


def _unique(
    layout: Layout, entry: BatchFile, checked: Checked, keys: Iterable[pl.DataFrame]
) -> Checked:
    """Reject every row whose key an earlier row has, be that row good or bad."""
    if not layout.unique:
        return checked
    rows = pl.concat(keys)
    key = pl.col(layout.unique[0]) if len(layout.unique) == 1 else pl.struct(layout.unique)
    again = rows.filter(~key.is_first_distinct() & pl.all_horizontal(pl.col(layout.unique) != ""))
    if again.is_empty():
        return checked
    rule = Rule(
        code="E119",
        reason=FailureReason.DUPLICATE,
        column=layout.unique[-1],
        broken=pl.lit(value=True),
        says=f"An earlier row has the same {' and '.join(layout.unique)}: '{{value}}'.",
    )
    found = checked.found + _last(findings(again, (rule,), file=entry.name, subject=layout.subject))
    _refuse_too_many(entry, found)
    return replace(
        checked,
        frame=checked.frame.join(
            again.select(RECORD), on=RECORD, how="anti", maintain_order="left"
        ),
        found=found,
    )


def _unread(failure: Failure) -> Finding:
    return Finding(record=failure.record or 0, order=0, failure=failure)


def _last(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings of whole-file rules stand behind those of the row's own rules."""
    return tuple(replace(finding, order=_LAST) for finding in found)


def _refuse_too_many(entry: BatchFile, found: Sequence[Finding]) -> None:
    if len(found) > MOST_FAILURES:
        first = min(found, key=lambda finding: (finding.record, finding.order))
        raise too_many(entry.name, first.failure)


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
