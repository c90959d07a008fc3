"""P&L vectors as Parquet."""

import numpy as np
import pyarrow as pa

from riskmill.domain import Hierarchy, PnlVectors
from riskmill.reporting.render.parquet import to_parquet

SCHEMA = "riskmill.vectors/1"
"""Name and version of the table's layout, in the file's metadata."""


def render_vectors(vectors: PnlVectors, hierarchy: Hierarchy, *, currency: str) -> bytes:
    """
    Write one row a portfolio and scenario, in the order of the vectors.

    Columns `portfolio`, `level` (empty where the hierarchy does not know the
    portfolio), `scenario` and `pnl` (in *currency*, gains positive). Schema,
    currency and sign stand in the file's metadata. Equal vectors give equal bytes.
    """
    return to_parquet(_table(vectors, hierarchy, currency))


def _table(vectors: PnlVectors, hierarchy: Hierarchy, currency: str) -> pa.Table:
    levels = {portfolio.name: portfolio.level for portfolio in hierarchy.portfolios}
    portfolios, scenarios = len(vectors.portfolios), len(vectors.scenarios)
    schema = pa.schema(
        [("portfolio", pa.string()), ("level", pa.string()), ("scenario", pa.string()),
         ("pnl", pa.float64())],
        metadata={"schema": SCHEMA, "currency": currency, "sign": "gains positive"},
    )  # fmt: skip
    values = np.ascontiguousarray(vectors.values, dtype=np.float64)
    return pa.table(
        [
            pa.array([name for name in vectors.portfolios for _ in range(scenarios)], pa.string()),
            pa.array(
                [levels.get(name, "") for name in vectors.portfolios for _ in range(scenarios)],
                pa.string(),
            ),
            pa.array(list(vectors.scenarios) * portfolios, pa.string()),
            pa.array(values.reshape(-1), pa.float64()),
        ],
        schema=schema,
    )
