"""Options taken by their columns are those taken one by one, to the bit."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmill.domain import (
    DATE_COLUMNS,
    NUMBER_COLUMNS,
    TEXT_COLUMNS,
    Labels,
    MarketSnapshot,
    PositionTable,
    RiskSpec,
)
from riskmill.risk.pricing.batches import OptionBatch, prepare, prepare_columns
from riskmill.risk.pricing.frames import MarketRows, bump_axis
from riskmill.risk.pricing.groups import Group
from riskmill.risk.pricing.instruments import PRICERS
from riskmill.risk.pricing.quotes import Quotes

TODAY = date(2024, 1, 2)
QUOTES = {
    "EQ:A": 100.0, "EQ:B": 50.0, "YIELD:A": 0.02, "YIELD:B": 0.0, "IR:USD:1M": 0.05,
    "IR:USD:2Y": 0.04, "IR:EUR:1Y": 0.03, "FX:EURUSD": 1.1, "VOL:A:2024-01-02:ATM": 0.2,
    "VOL:A:2025-03-15:ATM": 0.25, "VOL:B:2024-01-02:40": 0.35, "VOL:B:2024-01-02:60": 0.3,
    "VOL:B:2025-03-15:40": 0.32, "VOL:B:2025-03-15:60": 0.28,
}  # fmt: skip
GOOD = st.fixed_dictionaries(
    {
        "underlying": st.sampled_from(["A", "B"]),
        "currency": st.sampled_from(["USD", "EUR"]),
        "option_type": st.sampled_from(["call", "put"]),
        "underlying_class": st.sampled_from(["", "EQ"]),
        "strike": st.sampled_from([40.0, 55.5, 60.0]),
        "multiplier": st.sampled_from([np.nan, 1.0, 100.0]),
        "quantity": st.sampled_from([-3.0, 7.0]),
        "days": st.sampled_from([0, 50, 165, 400]),
    }
)
SPOILED = {
    "underlying": "", "currency": "", "option_type": "straddle", "underlying_class": "FX",
    "strike": -1.0, "quantity": np.inf, "days": -1,
}  # fmt: skip


def table(cells: list[dict[str, object]], instrument: str) -> PositionTable:
    """Positions with these cells, every other one empty."""
    count = len(cells)
    texts = {name: Labels.of([str(one.get(name, "")) for one in cells]) for name in TEXT_COLUMNS}
    expiry = [TODAY + timedelta(days=int(str(one["days"]))) for one in cells]
    return PositionTable(
        position_id=np.array([f"P{n}" for n in range(count)], dtype=object),
        texts=texts | {"instrument": Labels.of([instrument] * count)},
        numbers={
            name: np.array([float(str(one.get(name, np.nan))) for one in cells])
            for name in NUMBER_COLUMNS
        },
        dates=dict.fromkeys(DATE_COLUMNS, np.array(expiry, dtype="datetime64[D]")),
    )


def both_ways(
    positions: PositionTable, spec: RiskSpec
) -> tuple[OptionBatch | None, OptionBatch, int]:
    """By columns; one by one; and how many were refused then."""
    quotes = Quotes.of(MarketSnapshot(valuation_date=TODAY, quotes=QUOTES), spec)
    rows = MarketRows(quotes=quotes, axes=(bump_axis(quotes),), without_history=frozenset())
    group = Group(
        instrument=positions.texts["instrument"].text(0),
        rows=np.arange(len(positions)),
        position_ids=positions.position_id.tolist(),
        table=positions,
    )
    pricer = PRICERS[group.instrument]
    fast = prepare_columns(positions, 0, len(positions), pricer, rows, "USD")
    slow, refused = prepare(group.holdings(), pricer, rows, "USD")
    assert isinstance(slow, OptionBatch)
    assert fast is None or isinstance(fast, OptionBatch)
    return fast, slow, len(refused)


@settings(max_examples=30)
@given(
    st.lists(GOOD, min_size=1, max_size=12),
    st.sampled_from(["european_option", "american_option"]),
    st.sampled_from(["sticky-strike", "sticky-moneyness"]),
)
def test_columns_make_the_same_batch(
    cells: list[dict[str, object]], instrument: str, dynamics: str
) -> None:
    fast, slow, refused = both_ways(
        table(cells, instrument), RiskSpec(volatility_dynamics=dynamics)
    )
    assert fast is not None
    assert refused == 0
    matrix = fast.rows.matrix(0)
    assert (matrix[fast.index] == matrix[slow.index]).all()
    assert fast.terms.tolist() == slow.terms.tolist()
    assert fast.amounts.tolist() == slow.amounts.tolist()
    assert fast.underlyings == slow.underlyings
    assert fast.surfaces == slow.surfaces
    assert fast.places.tolist() == slow.places.tolist()


@pytest.mark.parametrize("name", SPOILED)
def test_a_row_that_is_no_contract_sends_its_block_to_be_taken_one_by_one(name: str) -> None:
    good = {
        "underlying": "A", "currency": "USD", "option_type": "call", "strike": 100.0,
        "quantity": 1.0, "days": 50,
    }  # fmt: skip
    fast, slow, refused = both_ways(
        table([good, good | {name: SPOILED[name]}], "european_option"), RiskSpec()
    )
    assert fast is None
    assert refused == 1
    assert slow.places.tolist() == [0]
