import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from riskmill.domain import PnlVectors
from riskmill.reporting import render_figures, render_vectors
from tests.reporting.bank import demo_result

RESULT = demo_result(scenarios=40)
RAW = render_vectors(RESULT.vectors, RESULT.hierarchy, currency="USD")


def test_there_is_a_row_for_each_portfolio_and_scenario():
    table = pq.read_table(pa.BufferReader(RAW))
    assert table.column_names == ["portfolio", "level", "scenario", "pnl"]
    values = table["pnl"].to_numpy().reshape(RESULT.vectors.values.shape)
    assert np.array_equal(values, RESULT.vectors.values)
    assert table["portfolio"].to_pylist()[:40] == ["Demo Bank"] * 40
    assert table["scenario"].to_pylist()[:40] == list(RESULT.vectors.scenarios)
    assert set(table["level"].to_pylist()) == {"firm", "business_line", "desk", "book"}


def test_the_file_says_what_it_holds():
    metadata = pq.read_schema(pa.BufferReader(RAW)).metadata
    assert metadata[b"schema"] == b"riskmill.vectors/1"
    assert metadata[b"currency"] == b"USD"
    assert metadata[b"sign"] == b"gains positive"


def test_the_same_vectors_give_the_same_bytes():
    assert render_vectors(RESULT.vectors, RESULT.hierarchy, currency="USD") == RAW


@pytest.mark.parametrize("portfolios", [(), ("Nowhere",)])
def test_no_scenarios_give_an_empty_table(portfolios):
    none = PnlVectors(portfolios=portfolios, scenarios=(), values=np.zeros((len(portfolios), 0)))
    raw = render_vectors(none, RESULT.hierarchy, currency="USD")
    assert pq.read_table(pa.BufferReader(raw)).num_rows == 0


def test_figures_come_back_as_they_were():
    table = pq.read_table(
        pa.BufferReader(render_figures(RESULT.figures, RESULT.hierarchy)), use_threads=False
    )
    assert table.num_rows == len(RESULT.figures)
    rows = zip(*(table[name].to_pylist() for name in table.column_names), strict=True)
    levels = {portfolio.name: portfolio.level for portfolio in RESULT.hierarchy.portfolios}
    assert list(rows) == [
        (f.portfolio, levels[f.portfolio], f.measure, f.key, f.value, f.unit)
        for f in RESULT.figures
    ]
    assert table.schema.metadata[b"schema"] == b"riskmill.figures/1"
