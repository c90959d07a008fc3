"""The schema of a row says what its rules say, as far as one row alone can tell."""

import csv
import io
import json

import pytest
from jsonschema import Draft202012Validator

from riskmill.domain import DATASETS
from riskmill.ingestion import (
    dataset_schema,
    dataset_schemas,
    instrument_columns,
    json_schema,
    readers_of,
)
from riskmill.ingestion.schema.description import LAYOUTS
from riskmill.ingestion.schema.vocabulary import EXAMPLES, ONE_ROW, UNITS
from tests.ingestion.deliveries import GOOD_ROWS, TEXTS, Row, staged, table

MORE_THAN_A_CELL = {"E113", "E114", "E115", "E119", "E123", "E125", "E126"}
"""Codes of rules that compare a cell with the business date, another cell or another row."""
SAMPLES = (
    "", "x", "1", "-1", "0", "1e400", "1,5", "2019-06-28", "2019-02-30", "USD", "call", "EQ:AAPL",
    "EURUSD", " x", "x" * 65, "x" * 501, "equity", "act/360", "3", "2018-12-31T21:00:00Z",
    "none", "observed",
)  # fmt: skip
"""Cells of every kind, right in some columns and wrong in all others."""


def validator(dataset: str) -> Draft202012Validator:
    Draft202012Validator.check_schema(json_schema(dataset))
    return Draft202012Validator(
        json.loads(json.dumps(json_schema(dataset))),
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )


def read(dataset: str, row: Row) -> dict[str, object]:
    """The row as JSON has it: numbers as numbers, empty cells left out."""
    kinds = {column.name: column.kind for column in dataset_schema(dataset).columns}
    return {
        name: _number(cell) if kinds.get(name, "number") == "number" else cell
        for name, cell in row.items()
        if cell
    }


def _number(cell: str) -> object:
    """A finite number, or the text where it is none."""
    try:
        value = float(cell)
    except ValueError:
        return cell
    return value if abs(value) < float("inf") else cell


def good_rows(dataset: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(TEXTS[dataset])))


@pytest.mark.parametrize("dataset", DATASETS)
def test_the_example_passes_its_rules_and_its_schema(dataset: str) -> None:
    example = dict(EXAMPLES[dataset])
    columns = LAYOUTS[dataset].columns if dataset in LAYOUTS else tuple(example)
    if dataset != "hierarchy":  # a book alone has no firm above it
        assert staged(dataset, table([example], columns)).failures == ()
    assert list(validator(dataset).iter_errors(read(dataset, example))) == []
    (shown,) = json_schema(dataset)["examples"]
    assert shown == read(dataset, example)


@pytest.mark.parametrize("dataset", DATASETS)
def test_good_rows_of_every_dataset_are_accepted(dataset: str) -> None:
    valid = validator(dataset)
    for row in good_rows(dataset):
        assert list(valid.iter_errors(read(dataset, row))) == []


@pytest.mark.parametrize("instrument", ["equity_future", "fx_option", "interest_rate_swap"])
def test_any_cell_of_a_position_is_judged_as_its_rules_judge_it(instrument: str) -> None:
    good = {**dict.fromkeys(LAYOUTS["positions"].columns, ""), **GOOD_ROWS[instrument]}
    agree("positions", good)


@pytest.mark.parametrize("dataset", ["market", "proxies", "limits"])
def test_any_cell_is_judged_as_its_rules_judge_it(dataset: str) -> None:
    for good in good_rows(dataset):
        agree(dataset, good)


def agree(dataset: str, good: dict[str, str]) -> None:
    """Put every sample into every cell; schema and rules say the same of the row."""
    valid = validator(dataset)
    rows = [{**good, column: cell} for column in good for cell in SAMPLES]
    broken: dict[int, set[str]] = {}
    for failure in staged(dataset, table(rows, tuple(good))).failures:
        broken.setdefault(failure.record or 0, set()).add(failure.code)
    for record, row in enumerate(rows, start=1):
        by_rules = broken.get(record, set()) - MORE_THAN_A_CELL
        assert valid.is_valid(read(dataset, row)) == (not by_rules), (row, by_rules)


@pytest.mark.parametrize("dataset", DATASETS)
def test_an_unknown_column_is_refused(dataset: str) -> None:
    row = {**read(dataset, EXAMPLES[dataset]), "colour": "red"}
    assert not validator(dataset).is_valid(row)


def test_a_conditional_cell_is_asked_for() -> None:
    limit = {**EXAMPLES["limits"], "confidence": ""}
    assert not validator("limits").is_valid(read("limits", limit))
    assert validator("limits").is_valid(read("limits", {**limit, "measure": "dv01"}))
    book = {**EXAMPLES["hierarchy"], "parent": ""}
    assert not validator("hierarchy").is_valid(read("hierarchy", book))
    assert validator("hierarchy").is_valid(read("hierarchy", {**book, "level": "firm"}))


def test_every_dataset_and_every_unit_has_its_words() -> None:
    assert tuple(described.dataset for described in dataset_schemas()) == DATASETS
    assert set(ONE_ROW) == set(EXAMPLES) == set(DATASETS)
    for dataset, units in UNITS.items():
        assert set(units) <= {column.name for column in dataset_schema(dataset).columns}


def test_what_each_instrument_reads_is_told() -> None:
    positions = dataset_schema("positions")
    assert instrument_columns(positions)["equity_future"] == (
        "underlying", "expiry", "price", "[multiplier]",
    )  # fmt: skip
    assert instrument_columns(dataset_schema("market")) == {}
    words = {column.name: readers_of(column) for column in positions.columns}
    assert (words["book"], words["strike"]) == ("every row", "by instrument")
