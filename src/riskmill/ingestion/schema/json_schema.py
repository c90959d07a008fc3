"""
A dataset's row as JSON Schema (2020-12).

The row is a JSON object: numbers as numbers, dates and instants as text, empty cells
left out. A schema sees one row and no other, so it knows nothing of duplicates, of the
business date or of the hierarchy; all else that the rules ask of a row is in it.
"""

from collections.abc import Mapping, Sequence

from riskmill.domain import INSTRUMENTS, RiskClass
from riskmill.ingestion.cells import LONGEST_NAME, LONGEST_TEXT
from riskmill.ingestion.currencies import CURRENCIES
from riskmill.ingestion.datasets.positions import CENTRES, PAIRS
from riskmill.ingestion.factors import ABOVE_ZERO
from riskmill.ingestion.schema.description import ColumnSchema, DatasetSchema, dataset_schema
from riskmill.ingestion.schema.vocabulary import BOUNDS

DIALECT = "https://json-schema.org/draft/2020-12/schema"
JsonValue = str | float | bool | Sequence["JsonValue"] | Mapping[str, "JsonValue"]
"""What a JSON document is made of."""
JsonObject = Mapping[str, JsonValue]

_NO_CONTROLS = r"^[^\u0000-\u001f\u007f]*$"
_NAME = r"^[^\s\u0000-\u001f\u007f]([^\u0000-\u001f\u007f]*[^\s\u0000-\u001f\u007f])?$"
_FACTOR = rf"^({'|'.join(RiskClass)}):[A-Za-z0-9._:\-]*\*?$"
_DAY = r"(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_INSTANT = rf"^{_DAY}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{{1,9}})?Z$"
_PAIR: JsonObject = {"type": "string", "pattern": "^[A-Z]{6}$"}
_KINDS: Mapping[str, JsonObject] = {
    "number": {"type": "number"},
    "date": {"type": "string", "format": "date", "pattern": f"^{_DAY}$"},
    "instant": {"type": "string", "format": "date-time", "pattern": _INSTANT},
    "currency": {"enum": sorted(CURRENCIES)},
    "factor": {"type": "string", "pattern": _FACTOR},
    "underlying": {"type": "string", "pattern": r"^[A-Za-z0-9._\-]{1,64}$"},
    "name": {"type": "string", "maxLength": LONGEST_NAME, "pattern": _NAME},
    "text": {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT},
    "word": {"type": "string"},
}


def json_schema(dataset: str) -> JsonObject:
    """Return the schema of one row of *dataset*, one of `DATASETS`."""
    described = dataset_schema(dataset)
    fixed = {column.name: _cell(described, column) for column in described.columns}
    whole: dict[str, JsonValue] = {
        "$schema": DIALECT,
        "title": f"riskmill {dataset}",
        "description": f"One row: {described.one_row}. Empty cells are left out.",
        "type": "object",
        "properties": {
            column.name: {} if _is_ignored_elsewhere(column) else fixed[column.name]
            for column in described.columns
        },
        "required": [column.name for column in described.columns if column.in_row],
        "additionalProperties": False,
        "examples": [_read(described)],
    }
    if described.factor_columns:
        whole["patternProperties"] = _factor_columns()
    if rules := [*_of_instruments(described, fixed), *_conditions(described, fixed)]:
        whole["allOf"] = rules
    return whole


def _cell(described: DatasetSchema, column: ColumnSchema) -> JsonObject:
    bounds: dict[str, JsonValue] = dict(BOUNDS.get((described.dataset, column.name), {}))
    if column.options and column.kind == "factor":
        return {"anyOf": [_KINDS["factor"], {"enum": list(column.options)}]}
    if column.options:
        numbers = column.kind == "number"
        return {"enum": [float(word) if numbers else word for word in column.options]}
    if (described.dataset, column.name) == ("positions", "calendar"):
        return {"type": "string", "pattern": CENTRES}
    if column.above_zero:
        bounds["exclusiveMinimum"] = 0.0
    if column.not_below_zero:
        bounds["minimum"] = 0.0
    if column.not_zero:
        bounds["not"] = {"const": 0.0}
    if column.unit:
        bounds["description"] = f"Unit: {column.unit}."
    return {**_KINDS[column.kind], **bounds}


def _of_instruments(
    described: DatasetSchema, fixed: Mapping[str, JsonObject]
) -> Sequence[JsonObject]:
    """For each instrument, the columns that it reads; the same cells of others are ignored."""
    if described.dataset != "positions":
        return []
    return [
        {
            "if": {"properties": {"instrument": {"const": word}}, "required": ["instrument"]},
            "then": {
                "properties": {
                    column.name: _PAIR if _is_pair(word, column) else fixed[column.name]
                    for column in described.columns
                    if word in column.instruments
                },
                "required": [c.name for c in described.columns if word in c.needed_by],
            },
        }
        for word in INSTRUMENTS
    ]


def _is_pair(instrument: str, column: ColumnSchema) -> bool:
    return column.kind == "underlying" and instrument in PAIRS


def _is_ignored_elsewhere(column: ColumnSchema) -> bool:
    """Whether rows that do not need the cell may hold anything in it."""
    return bool(column.instruments) or (column.condition is not None and not column.in_file)


def _conditions(described: DatasetSchema, fixed: Mapping[str, JsonObject]) -> Sequence[JsonObject]:
    needs: list[JsonObject] = [
        {
            "if": {"properties": {on.column: {"enum": list(on.words)}}, "required": [on.column]},
            "then": {"properties": {column.name: fixed[column.name]}, "required": [column.name]},
        }
        for column in described.columns
        if (on := column.condition)
    ]
    if described.dataset == "market":
        needs.append(
            {
                "if": {"properties": {"factor": {"pattern": _above_zero()}}},
                "then": {"properties": {"value": {"exclusiveMinimum": 0.0}}},
            }
        )
    return needs


def _factor_columns() -> JsonObject:
    return {_FACTOR: {"type": "number"}, _above_zero(): {"exclusiveMinimum": 0.0}}


def _above_zero() -> str:
    return f"^({'|'.join(sorted(ABOVE_ZERO))}):"


def _read(described: DatasetSchema) -> JsonObject:
    """The example with its numbers as numbers."""
    kinds = {column.name: column.kind for column in described.columns}
    return {
        name: float(cell) if kinds.get(name, "number") == "number" else cell
        for name, cell in described.example.items()
    }
