"""Every figure of a run as Parquet, for programs."""

from collections.abc import Sequence

import pyarrow as pa

from riskmill.domain import Figure, Hierarchy
from riskmill.reporting.render.parquet import to_parquet

SCHEMA = "riskmill.figures/1"
"""Name and version of the table's layout, in the file's metadata."""


def render_figures(figures: Sequence[Figure], hierarchy: Hierarchy) -> bytes:
    """
    Write one row a figure, in the order given.

    Columns `portfolio`, `level` (empty where the hierarchy does not know the
    portfolio), `measure`, `key`, `value` and `unit`, with the meaning of
    `riskmill.domain.Figure`. Equal figures give equal bytes.
    """
    levels = {portfolio.name: portfolio.level for portfolio in hierarchy.portfolios}
    columns = {
        "portfolio": pa.array([f.portfolio for f in figures], pa.string()),
        "level": pa.array([levels.get(f.portfolio, "") for f in figures], pa.string()),
        "measure": pa.array([f.measure for f in figures], pa.string()),
        "key": pa.array([f.key for f in figures], pa.string()),
        "value": pa.array([f.value for f in figures], pa.float64()),
        "unit": pa.array([f.unit for f in figures], pa.string()),
    }
    return to_parquet(pa.table(columns).replace_schema_metadata({"schema": SCHEMA}))
