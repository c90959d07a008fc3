"""A dataset's columns as its layout and rules declare them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from riskmill.domain import DATASETS, INSTRUMENTS, BatchManifest, BatchPolicy
from riskmill.ingestion.cells import positive, required
from riskmill.ingestion.datasets import (
    dividends,
    fixings,
    hierarchy,
    limits,
    market,
    pnl,
    positions,
    proxies,
    scenarios,
)
from riskmill.ingestion.datasets.history import DATE
from riskmill.ingestion.layouts import Layout
from riskmill.ingestion.rules import Rule
from riskmill.ingestion.schema.vocabulary import (
    BOUNDS,
    CONDITIONS,
    EXAMPLES,
    ONE_ROW,
    UNITS,
    Condition,
)

LAYOUTS: Mapping[str, Layout] = {
    "positions": positions.LAYOUT,
    "market": market.LAYOUT,
    "proxies": proxies.LAYOUT,
    "scenarios": scenarios.LAYOUT,
    "hierarchy": hierarchy.LAYOUT,
    "limits": limits.LAYOUT,
    "fixings": fixings.LAYOUT,
    "dividends": dividends.LAYOUT,
    "pnl": pnl.LAYOUT,
}
"""Datasets of rows; a history has one column a factor and no layout."""

_KINDS: Mapping[str, str] = {
    "E107": "number",
    "E112": "date",
    "E127": "instant",
    "E118": "currency",
    "E150": "factor",
    "E124": "underlying",
    "E121": "name",
    "E120": "text",
}
"""Rule that a column is held to, and the kind of cell that it makes; the first one counts."""
_ANY_DAY = BatchManifest(
    business_date=date(2000, 1, 3),
    snapshot="EOD",
    version="v001",
    supersedes="",
    as_of="2000-01-03T22:00:00Z",
    reporting_currency="USD",
    policy=BatchPolicy(),
    files=(),
)
"""Rules need a business date; which columns they are about does not depend on it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnSchema:
    """One column of a dataset."""

    name: str
    kind: str
    """`number`, `date`, `instant`, `currency`, `factor`, `underlying`, `name`, `text` or `word`."""
    unit: str
    """Empty where the cell has none."""
    in_file: bool
    """Whether every file must have the column."""
    in_row: bool
    """Whether every row must fill the cell."""
    instruments: tuple[str, ...]
    """Instruments that read the cell; empty for all of them, and for other datasets."""
    needed_by: tuple[str, ...]
    """Instruments among them that cannot do without it."""
    condition: Condition | None
    """Where else it is needed."""
    options: tuple[str, ...]
    """Words that the cell may hold; empty for any."""
    above_zero: bool
    not_below_zero: bool
    not_zero: bool
    example: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DatasetSchema:
    """One dataset."""

    dataset: str
    one_row: str
    """What one row is."""
    columns: tuple[ColumnSchema, ...]
    unique: tuple[str, ...]
    """Columns whose cells together are unique in a file."""
    factor_columns: bool
    """Whether each risk factor has a column of its own, besides those listed."""
    example: Mapping[str, str]
    """A row that passes, empty cells left out."""


def dataset_schemas() -> tuple[DatasetSchema, ...]:
    """Describe every dataset, in the order in which they are documented."""
    return tuple(dataset_schema(dataset) for dataset in DATASETS if dataset in ONE_ROW)


def dataset_schema(dataset: str) -> DatasetSchema:
    """Describe one dataset of `DATASETS`, from the rules that its rows are held to."""
    if dataset not in LAYOUTS:
        return _history(dataset)
    layout = LAYOUTS[dataset]
    rules = layout.rules(_ANY_DAY)
    return DatasetSchema(
        dataset=dataset,
        one_row=ONE_ROW[dataset],
        columns=tuple(
            _column(dataset, name, layout, [rule for rule in rules if rule.column == name])
            for name in layout.columns
        ),
        unique=layout.unique,
        factor_columns=False,
        example=EXAMPLES[dataset],
    )


def _column(dataset: str, name: str, layout: Layout, rules: Sequence[Rule]) -> ColumnSchema:
    codes = {rule.code for rule in rules}
    terms = dataset == "positions" and name not in positions.OF_EVERY_ROW
    options = next((rule.options for rule in rules if rule.options and rule.code != "E150"), ())
    kinds = [kind for code, kind in _KINDS.items() if code in codes]
    if (dataset, name) in BOUNDS:
        kinds = ["number"]
    return ColumnSchema(
        name=name,
        kind="word" if options and "E107" not in codes else next(iter(kinds), "name"),
        unit=UNITS.get(dataset, {}).get(name, ""),
        in_file=name in layout.required,
        in_row=_always(required(name), rules),
        instruments=positions.instruments_with(name) if terms else (),
        needed_by=positions.instruments_needing(name) if terms else (),
        condition=CONDITIONS.get((dataset, name)),
        options=options or next((rule.options for rule in rules if rule.options), ()),
        above_zero="E109" in codes if terms else _always(positive(name), rules),
        not_below_zero="E110" in codes,
        not_zero="E111" in codes,
        example=EXAMPLES[dataset].get(name, ""),
    )


def _always(rule: Rule, rules: Sequence[Rule]) -> bool:
    """Whether *rule* is among *rules* without any condition."""
    return any(one.code == rule.code and one.broken.meta.eq(rule.broken) for one in rules)


def _history(dataset: str) -> DatasetSchema:
    column = ColumnSchema(
        name=DATE,
        kind="date",
        unit="",
        in_file=True,
        in_row=True,
        instruments=(),
        needed_by=(),
        condition=None,
        options=(),
        above_zero=False,
        not_below_zero=False,
        not_zero=False,
        example=EXAMPLES[dataset][DATE],
    )
    return DatasetSchema(
        dataset=dataset,
        one_row=ONE_ROW[dataset],
        columns=(column,),
        unique=(DATE,),
        factor_columns=True,
        example=EXAMPLES[dataset],
    )


def readers_of(column: ColumnSchema) -> str:
    """Say in a few words which rows fill the cell."""
    if column.in_row:
        return "every row"
    if column.condition:
        return f"rows of {column.condition.column} {', '.join(column.condition.words)}"
    return "by instrument" if column.instruments else "optional"


def instrument_columns(described: DatasetSchema) -> Mapping[str, tuple[str, ...]]:
    """Columns that each instrument reads beside those of every row; brackets if it need not."""
    if not any(column.instruments for column in described.columns):
        return {}
    return {
        word: tuple(
            column.name if word in column.needed_by else f"[{column.name}]"
            for column in described.columns
            if word in column.instruments
        )
        for word in INSTRUMENTS
    }
