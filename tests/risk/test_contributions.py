from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pytest

from riskmill.domain import (
    Contribution,
    FactorHistory,
    Hierarchy,
    Labels,
    MarketData,
    MarketSnapshot,
    Portfolio,
    PositionTable,
    Proxy,
    RiskSpec,
    StressScenario,
    StressShock,
    UsageError,
)
from riskmill.risk import (
    Measured,
    Scenarios,
    TailRevaluation,
    Valuation,
    ValuedBlocks,
    build_scenarios,
    combined,
    contributions,
    measure,
    partition,
    top_contributions,
    value,
)

TODAY = date(2018, 12, 31)
SPEC = RiskSpec(scenarios=60)
CURRENCIES = {"AAPL": "USD", "SAP": "EUR", "NEWCO": "USD"}
QUOTES = {
    "EQ:AAPL": 150.0,
    "EQ:NEWCO": 10.0,
    "EQ:SAP": 90.0,
    "FX:EURUSD": 1.145,
    "IR:EUR:10Y": 0.003,
    "IR:EUR:1Y": -0.006,
    "IR:USD:10Y": 0.027,
    "IR:USD:1Y": 0.026,
    "VOL:AAPL:2019-06-21:ATM": 0.3,
    "YIELD:AAPL": 0.015,
}
HIERARCHY = Hierarchy(
    (
        Portfolio(name="bank", level="firm", parent=""),
        Portfolio(name="equities", level="book", parent="bank"),
        Portfolio(name="options", level="book", parent="bank"),
    )
)


def market_data() -> MarketData:
    days = 61
    factors = tuple(f for f in QUOTES if f not in {"EQ:NEWCO", "YIELD:AAPL"})
    rng = np.random.default_rng(23)
    base = np.array([QUOTES[factor] for factor in factors])
    walk = rng.normal(0.0, 0.01, (days, len(factors))).cumsum(axis=0)
    rates = np.array([factor.startswith("IR:") for factor in factors])
    return MarketData(
        snapshot=MarketSnapshot(valuation_date=TODAY, quotes=QUOTES),
        history=FactorHistory(
            dates=tuple(TODAY - timedelta(days=days - 1 - n) for n in range(days)),
            factors=factors,
            values=np.where(rates, base + walk / 20.0, base * np.exp(walk)),
        ),
        proxies=(Proxy(factor="YIELD:*", proxy="none", reason="dividends are held"),),
        stress=(
            StressScenario(
                name="crash", shocks=(StressShock(factor="EQ:*", kind="relative", size=-0.3),)
            ),
        ),
    )


def positions() -> PositionTable:
    """600 shares over two currencies, NEWCO without a history among them, and 120 options."""
    rng = np.random.default_rng(4)
    shares = rng.choice(["AAPL", "SAP", "NEWCO"], 600, p=[0.6, 0.35, 0.05]).tolist()
    rows = len(shares) + 120
    underlyings = [*shares, *["AAPL"] * 120]
    strikes = [float("nan")] * 600 + rng.uniform(120.0, 180.0, 120).tolist()
    no_date = np.full(rows, np.datetime64("NaT"), dtype="datetime64[D]")
    expiry = no_date.copy()
    expiry[600:] = np.datetime64("2019-06-21")
    empty = np.full(rows, np.nan)
    return PositionTable(
        position_id=np.array([f"P{n:04d}" for n in range(rows)], dtype=object),
        texts={
            "book": Labels.of(["equities"] * 600 + ["options"] * 120),
            "instrument": Labels.of(["equity"] * 600 + ["european_option"] * 120),
            "currency": Labels.of([CURRENCIES[name] for name in underlyings]),
            "underlying": Labels.of(underlyings),
            "option_type": Labels.of([""] * 600 + ["call", "put"] * 60),
            "fixed_day_count": Labels.of([""] * rows),
            "float_day_count": Labels.of([""] * rows),
        },
        numbers={
            "quantity": rng.normal(0.0, 100.0, rows),
            "multiplier": np.where(np.isnan(strikes), np.nan, 1.0),
            "strike": np.array(strikes),
            "price": empty,
            "rate": empty,
            "current_fixing": empty,
            "fixed_frequency_months": empty,
            "float_frequency_months": empty,
            "notional": np.ones(rows),
        },
        dates={"expiry": expiry, "start": no_date, "maturity": no_date},
    )


@dataclass(frozen=True, kw_only=True)
class Run:
    market: MarketData
    scenarios: Scenarios
    positions: PositionTable
    parts: tuple[ValuedBlocks, ...]
    measured: Measured

    def contributions(self, top: int = 10_000) -> list[tuple[Contribution, ...]]:
        of = len(self.parts)
        return [
            contributions(
                partition(self.positions, index, of),
                self.market,
                self.scenarios,
                self.measured.es_weights,
                currency="USD",
                priced=part.position_ids.tolist(),
                top=top,
            )
            for index, part in enumerate(self.parts)
        ]


def run(of: int) -> Run:
    market, table = market_data(), positions()
    scenarios = build_scenarios(market, SPEC)
    parts = tuple(
        value(
            partition(table, index, of),
            market.snapshot,
            combined(scenarios),
            currency="USD",
            without_history=scenarios.without_history,
        )
        for index in range(of)
    )
    measured = measure(parts, scenarios, market, HIERARCHY, (), SPEC, currency="USD")
    return Run(market=market, scenarios=scenarios, positions=table, parts=parts, measured=measured)


@pytest.fixture(scope="module")
def whole() -> Run:
    return run(1)


def firm_es(of: Run) -> float:
    (es,) = (
        f.value
        for f in of.measured.figures
        if (f.portfolio, f.measure, f.key) == ("bank", "expected_shortfall", SPEC.headline_es)
    )
    return es


def test_contributions_of_all_positions_add_up_to_the_firms_es(whole):
    (every,) = whole.contributions()
    total = sum(one.component_es for one in every)
    assert total == pytest.approx(firm_es(whole), rel=1e-9)


def test_contributions_of_a_book_add_up_to_its_component(whole):
    (every,) = whole.contributions()
    for book in HIERARCHY.books:
        (component,) = (
            f.value
            for f in whole.measured.figures
            if (f.portfolio, f.measure, f.key) == (book, "component_es", SPEC.headline_es)
        )
        total = sum(one.component_es for one in every if one.book == book)
        assert total == pytest.approx(component, rel=1e-9)


def test_positions_that_could_not_be_valued_contribute_nothing(whole):
    (every,) = whole.contributions()
    failed = {failure.subject for part in whole.parts for failure in part.failures}
    assert failed
    assert failed.isdisjoint(one.position_id for one in every)
    assert len(every) + len(failed) == len(whole.positions)


@pytest.mark.parametrize("of", [2, 7])
def test_partitions_change_neither_figures_nor_contributions(whole, of):
    split = run(of)
    assert split.measured.figures == whole.measured.figures
    assert split.measured.tail == whole.measured.tail
    assert split.measured.vectors.values.tobytes() == whole.measured.vectors.values.tobytes()
    assert top_contributions(split.contributions(top=50), top=50) == top_contributions(
        whole.contributions(), top=50
    )


def test_contributions_come_largest_loss_first_and_at_most_so_many(whole):
    (some,) = whole.contributions(top=20)
    (every,) = whole.contributions()
    assert some == every[:20]
    losses = [one.component_es for one in every]
    assert losses == sorted(losses, reverse=True)


def test_a_contribution_describes_its_position(whole):
    (every,) = whole.contributions()
    option = next(one for one in every if one.instrument == "european_option")
    assert (option.book, option.underlying) == ("options", "AAPL")
    row = whole.positions.position_id.tolist().index(option.position_id)
    ids = whole.parts[0].position_ids.tolist()
    values = whole.parts[0].position_values
    assert option.present_value == pytest.approx(values[ids.index(option.position_id)], rel=1e-12)
    assert whole.positions.texts["instrument"].text(row) == "european_option"


def test_a_partition_without_positions_contributes_nothing(whole):
    none = replace(whole, parts=(replace(whole.parts[0], position_ids=np.array([], dtype=object)),))
    assert none.contributions() == [()]
    assert top_contributions([]) == ()


def test_weights_of_other_scenarios_are_refused(whole):
    with pytest.raises(UsageError, match="the historical set has 60") as caught:
        contributions(
            whole.positions,
            whole.market,
            whole.scenarios,
            np.ones(3) / 3.0,
            currency="USD",
            priced=(),
        )
    assert caught.value.code == "E457"


@pytest.mark.parametrize("top", [1, 2, 5, 17, 40])
@pytest.mark.parametrize("of", [1, 3])
def test_bounds_leave_out_no_position_that_is_among_the_largest(whole, top, of):
    tail = TailRevaluation(whole.market, whole.scenarios, whole.measured.es_weights, currency="USD")
    historical = len(whole.scenarios.historical)
    bounded = []
    for index in range(of):
        rows = partition(whole.positions, index, of)
        part = Valuation(
            whole.market,
            combined(whole.scenarios),
            currency="USD",
            without_history=whole.scenarios.without_history,
            headline=historical,
        ).value(rows)
        worst = dict(zip(part.position_ids.tolist(), part.position_worst.tolist(), strict=True))
        bounded.append(tail.contributions(rows, worst=worst, top=top))
        every = tail.contributions(rows, worst=worst, top=10_000)
        assert all(one.component_es <= worst[one.position_id] * (1 + 1e-9) + 1e-9 for one in every)
    (expected,) = whole.contributions(top=top)
    assert top_contributions(bounded, top=top) == expected
