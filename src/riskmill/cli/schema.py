"""`riskmill schema`: the columns of a dataset, for people and as JSON Schema."""

from typing import TYPE_CHECKING

import click

from riskmill.cli import options

if TYPE_CHECKING:
    from riskmill.ingestion import DatasetSchema


@click.command("schema", short_help="Say which columns a dataset has.")
@click.argument("dataset", metavar="[DATASET]", required=False)
@options.as_json
def command(dataset: str | None, as_json: bool) -> None:
    """
    Print the columns, types and units of DATASET and a row that is right.

    With --json, the JSON Schema (2020-12) of one row. Without DATASET, list the datasets,
    or print the schemas of all of them.
    """
    from riskmill.cli.output import write_columns, write_json
    from riskmill.ingestion import dataset_schemas, json_schema

    described = dataset_schemas()
    if dataset is not None:
        one = _find(described, dataset)
        if as_json:
            write_json(json_schema(one.dataset))
        else:
            _write_text(one)
    elif as_json:
        write_json({one.dataset: json_schema(one.dataset) for one in described})
    else:
        write_columns(("dataset", "one row is"), [(one.dataset, one.one_row) for one in described])


def _find(described: "tuple[DatasetSchema, ...]", dataset: str) -> "DatasetSchema":
    from riskmill.domain import UsageError

    for one in described:
        if one.dataset == dataset.lower():
            return one
    raise UsageError(
        "E706",
        f"'{dataset}' is not a dataset of riskmill",
        place="riskmill schema",
        remedy=f"It is one of {', '.join(one.dataset for one in described)}.",
    )


def _write_text(one: "DatasetSchema") -> None:
    from riskmill.cli.output import paragraph, write_columns, write_data
    from riskmill.ingestion import instrument_columns, readers_of

    write_data(f"{one.dataset}: one row is {one.one_row}.\n")
    rows = [
        (column.name, column.kind, column.unit or "-", readers_of(column)) for column in one.columns
    ]
    if one.factor_columns:
        rows.append(("(each factor's id)", "number", "as the factor", "every row"))
    write_columns(("column", "type", "unit", "filled by"), rows)
    words = [
        paragraph(f"{column.name}: one of {', '.join(column.options)}")
        for column in one.columns
        if column.options
    ]
    if words:
        write_data("\n".join(["", *words]))
    if read := instrument_columns(one):
        write_data("")
        write_columns(
            ("instrument", "reads besides; what is in brackets may be empty"),
            [(word, ", ".join(columns)) for word, columns in read.items()],
        )
    if one.unique:
        write_data(f"\nUnique in a file: {', '.join(one.unique)}")
    write_data("\nExample:")
    write_data("\n".join(_example(one)))


def _example(one: "DatasetSchema") -> list[str]:
    """The filled cells of the example, as the header and the row of a file."""
    import csv
    import io

    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([one.example.keys(), one.example.values()])
    return text.getvalue().splitlines()
