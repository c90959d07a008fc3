"""The delivered rows that positions were made from, every cell as it was sent."""

from collections.abc import Callable, Mapping, Sequence, Set

import polars as pl

from riskmill.domain import BatchFile, InputRow
from riskmill.ingestion.amendments import DeliveredPositions
from riskmill.ingestion.blocks import REASON_COLUMNS, TextBlock
from riskmill.ingestion.sources import open_source
from riskmill.ingestion.streams import Delivered

_ID = "position_id"


def input_rows(
    files: Sequence[DeliveredPositions],
    ids: Sequence[str],
    rejected: Callable[[BatchFile], Set[int]],
) -> tuple[InputRow, ...]:
    """
    Find the accepted row of each of *ids*, in their order; an id without one is left out.

    *files* are the positions of a batch in the order of its manifest: what is named later
    counts. *rejected* gives the records of a file that were not accepted. Raises
    `InputRejected` where a file is not there, cannot be read or is not the announced one.
    """
    found: dict[str, InputRow] = {}
    for file in files if ids else ():
        found |= _rows_of(file, ids, rejected(file.entry))
    return tuple(found[id_] for id_ in ids if id_ in found)


def _rows_of(
    file: DeliveredPositions, ids: Sequence[str], rejected: Set[int]
) -> Mapping[str, InputRow]:
    delivered = Delivered(file.entry, file.chunks())
    source = open_source(file.entry, delivered)
    columns = tuple(name for name in source.columns if name not in REASON_COLUMNS)
    found = {
        row.position_id: row
        for block in source.blocks(columns)
        for row in _wanted(block, file.entry.name, ids)
        if row.record not in rejected
    }
    delivered.close()
    return found


def _wanted(block: TextBlock, file: str, ids: Sequence[str]) -> list[InputRow]:
    if _ID not in block.frame.columns:
        return []
    columns = block.frame.columns
    numbered = block.frame.with_columns(
        pl.Series("record_", block.records), pl.Series("line_", block.lines)
    )
    return [
        InputRow(
            position_id=cells[columns.index(_ID)],
            file=file,
            record=record,
            line=line,
            fields=tuple((name, cell) for name, cell in zip(columns, cells, strict=True) if cell),
        )
        for *cells, record, line in numbered.filter(pl.col(_ID).is_in(ids)).iter_rows()
    ]
