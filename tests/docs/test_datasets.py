"""The tables of `docs/datasets.md` and the layouts that check the files agree."""

import re

import pytest

from riskmill.domain import DATASETS, INSTRUMENTS
from riskmill.ingestion import DatasetSchema, dataset_schema, instrument_columns
from tests.architecture.sources import REPOSITORY

TEXT = (REPOSITORY / "docs" / "datasets.md").read_text("utf-8")
CELL = re.compile(r"`?([a-z_]+)`?(\*?)")
STARRED = re.compile(r"`([a-z_]+)`(\*?)")
AS_OPTION = "as a European option"
EXOTIC = ("barrier_option", "digital_option", "touch_option", "asian_option")
WORDS = {
    "equity": ("equity",),
    "futures": ("equity_future", "commodity_future"),
    "options": (
        "european_option",
        "american_option",
        "fx_option",
        "barrier_option",
        "digital_option",
        "asian_option",
    ),
    "equity options": ("european_option", "american_option"),
    "European options": ("european_option",),
    "FX options": ("fx_option",),
    "exotic options": EXOTIC,
    "barrier options": ("barrier_option",),
    "digital options": ("digital_option",),
    "touch options": ("touch_option",),
    "Asian options": ("asian_option",),
    "FX": ("fx_forward", "fx_option"),
    "FX forwards": ("fx_forward",),
    "fixed-rate bonds": ("fixed_rate_bond",),
    "zero-coupon bonds": ("zero_coupon_bond",),
    "floating-rate notes": ("floating_rate_note",),
    "swaps": ("interest_rate_swap",),
}
"""What the column `needed by` says, and the instruments that it means."""


def section(dataset: str) -> str:
    """The text below a dataset's heading."""
    return TEXT.split(f"\n## {dataset}\n", 1)[1].split("\n## ", 1)[0]


def table(text: str, first: str) -> list[list[str]]:
    """Rows of the table whose first column has that heading."""
    lines = text.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(f"| {first} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def columns(described: DatasetSchema) -> dict[str, bool]:
    return {column.name: column.in_row for column in described.columns}


def documented(rows: list[list[str]]) -> dict[str, bool]:
    """Columns of a table, and whether each is starred; one row may have several."""
    return {
        match[1]: bool(match[2])
        for row in rows
        for match in (CELL.fullmatch(name.strip()) for name in row[0].split(","))
        if match
    }


def test_every_dataset_has_a_section() -> None:
    assert [dataset for dataset in DATASETS if f"\n## {dataset}\n" not in TEXT] == []


@pytest.mark.parametrize(("dataset", "first"), [("positions", "column"), ("market", "column")])
def test_a_table_lists_the_columns_of_its_layout(dataset: str, first: str) -> None:
    assert documented(table(section(dataset), first)) == columns(dataset_schema(dataset))


def test_the_table_of_positions_says_who_reads_a_column() -> None:
    read = {column.name: column.instruments for column in dataset_schema("positions").columns}
    for names, _, _, needed_by in table(section("positions"), "column"):
        phrases = [phrase.strip() for phrase in needed_by.split(",")]
        meant = {word for phrase in phrases for word in WORDS.get(phrase, ())}
        for name in (name.strip().rstrip("*") for name in names.split(",")):
            assert meant == set(read[name]), name
            assert (phrases == ["all"]) == (read[name] == ()), name


def test_the_table_of_instruments_says_what_each_needs() -> None:
    needed = {
        word: {name for name in names if not name.startswith("[")}
        for word, names in instrument_columns(dataset_schema("positions")).items()
    }
    rows = {
        word: said
        for names, _, said in table(section("positions"), "instrument")
        for word in re.findall(r"`([a-z_]+)`", names)
    }
    assert set(rows) == set(INSTRUMENTS)
    bond, option = rows["fixed_rate_bond"], rows["european_option"]
    for word, said in rows.items():
        listed = {
            name.removeprefix("and ")
            for name in re.split(r", ", said.replace("as a bond", bond).replace(AS_OPTION, option))
        }
        assert listed == needed[word], word


@pytest.mark.parametrize("dataset", ["proxies", "scenarios", "hierarchy", "limits"])
def test_a_sentence_names_the_columns_of_its_layout(dataset: str) -> None:
    described = dataset_schema(dataset)
    said = dict(STARRED.findall(section(dataset)))
    starred = {name for name, star in said.items() if star}
    assert starred == {column.name for column in described.columns if column.in_file}
    assert {column.name for column in described.columns} <= set(said)
