"""Curves between nodes, curves from par rates, volatilities between quotes."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
import QuantLib
from hypothesis import given
from hypothesis import strategies as st

import riskmill
from riskmill.domain import (
    AmericanOption,
    EuropeanOption,
    FxOption,
    MarketSnapshot,
    Position,
    RiskSpec,
    UsageError,
    ZeroCouponBond,
    parse_factor,
)
from riskmill.risk import price, required_factors, revalue
from riskmill.risk.pricing.curves import INTERPOLATIONS, Curve, monotone_convex
from riskmill.risk.pricing.faults import ValuationError
from riskmill.risk.pricing.quotes import Quotes
from riskmill.risk.pricing.schedules import Rules
from tests.risk.pricing.samples import CONTRACTS, EXPIRY, MARKET, QUOTES, TODAY, scenarios

TIMES = np.array([30.0, 91.0, 182.0, 365.0, 730.0, 1825.0, 3650.0])
curves = st.lists(st.floats(-0.02, 0.1), min_size=len(TIMES), max_size=len(TIMES))


def column(rates: list[float]) -> np.ndarray:
    return np.array(rates)[:, np.newaxis]


def forwards(rates: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Instantaneous forwards by differences of r(t) t."""
    step = 1e-3
    grown = [
        [(t + d) * monotone_convex(TIMES, rates, t + d)[0] for d in (-step, step)] for t in times
    ]
    return np.array([(up - down) / (2 * step) for down, up in grown])


@given(curves)
def test_monotone_convex_curves_go_through_their_nodes(rates: list[float]) -> None:
    found = [monotone_convex(TIMES, column(rates), time)[0] for time in TIMES]
    assert found == pytest.approx(rates, rel=1e-12, abs=1e-15)
    assert monotone_convex(TIMES, column(rates), 9000.0)[0] == rates[-1]


@given(curves, st.floats(1.0, 3600.0))
def test_monotone_convex_forwards_have_no_jumps_and_scenarios_do_not_mix(
    rates: list[float], time: float
) -> None:
    gap = forwards(column(rates), np.array([time, time + 0.02]))
    slope = 40 * (max(rates) - min(rates) + 1e-3)
    assert abs(gap[1] - gap[0]) < slope
    both = np.concatenate([column(rates), column(rates[::-1])], axis=1)
    wide = monotone_convex(TIMES, both, time)
    assert wide[0] == monotone_convex(TIMES, column(rates), time)[0]
    assert wide[1] == monotone_convex(TIMES, column(rates[::-1]), time)[0]


def test_monotone_convex_forwards_rise_where_those_of_the_nodes_do() -> None:
    rates = column([0.01, 0.012, 0.015, 0.02, 0.026, 0.031, 0.034])
    found = forwards(rates, np.linspace(1.0, 3600.0, 500))
    between = np.diff(np.concatenate([[0.0], rates[:, 0] * TIMES])) / np.diff(
        np.concatenate([[0.0], TIMES])
    )
    rising = found[: int(500 * 730 / 3600)]
    assert (np.diff(rising) > -1e-9).all()
    assert found.min() > 0
    assert found.max() < 2 * between.max()


def test_a_flat_curve_is_flat_however_it_is_interpolated() -> None:
    for word in INTERPOLATIONS:
        curve = Curve(name="X", days=tuple(TIMES), factors=tuple("abcdefg"), interpolation=word)
        for time in (0.0, 5.0, 400.0, 5000.0):
            found = curve.rate(lambda _: np.array([0.03]), time)
            assert found[0] == pytest.approx(0.03, rel=1e-13)


@given(curves, st.floats(31.0, 3649.0))
def test_linear_zero_rates_are_quantlibs(rates: list[float], time: float) -> None:
    names = tuple(str(number) for number in range(len(rates)))
    curve = Curve(name="X", days=tuple(TIMES), factors=names, interpolation="linear-zero")
    found = curve.rate(lambda name: np.array([rates[int(name)]]), time)[0]
    oracle = QuantLib.LinearInterpolation(TIMES.tolist(), rates)
    assert found == pytest.approx(oracle(time), rel=1e-10, abs=1e-14)


def test_the_spec_chooses_the_interpolation_for_every_position() -> None:
    bond = ZeroCouponBond(currency="EUR", maturity=date(2020, 7, 1))
    words = {
        word: price(bond, MARKET, spec=RiskSpec(curve_interpolation=word))
        for word in INTERPOLATIONS
    }
    assert words["log-linear"] == price(bond, MARKET)
    assert len(set(words.values())) == 3
    assert max(words.values()) - min(words.values()) < 1e-3
    held = [Position(position_id="A", book="B", quantity=1.0, instrument=bond)]
    for word, expected in words.items():
        spec = RiskSpec(curve_interpolation=word)
        found = revalue(held, MARKET, scenarios({}), currency="EUR", spec=spec)
        assert found.present_values[0] == pytest.approx(expected, rel=1e-14)


def test_a_curve_that_ends_too_early_is_extended_or_refused() -> None:
    bond = ZeroCouponBond(currency="EUR", maturity=date(2040, 1, 1))
    time = (bond.maturity - TODAY).days / 365
    extended = price(bond, MARKET, spec=RiskSpec(beyond_curve="extend"))
    assert extended == pytest.approx(np.exp(-QUOTES["IR:EUR:10Y"] * time), rel=1e-14)
    with pytest.raises(ValuationError, match="2040-01-01") as refused:
        price(bond, MARKET)
    assert refused.value.code == "E410"


def test_the_last_tenor_reaches_its_own_dates() -> None:
    ten_years = date(TODAY.year + 10, TODAY.month, TODAY.day)
    for lag in (0, 5):
        assert price(ZeroCouponBond(currency="EUR", maturity=ten_years + timedelta(lag)), MARKET)
    with pytest.raises(ValuationError, match="IR:EUR:10Y"):
        price(ZeroCouponBond(currency="EUR", maturity=ten_years + timedelta(60)), MARKET)


def test_a_curve_of_one_node_is_flat_and_has_no_end() -> None:
    flat = replace(MARKET, quotes={"IR:EUR:1Y": 0.02})
    bond = ZeroCouponBond(currency="EUR", maturity=date(2060, 1, 1))
    time = (bond.maturity - TODAY).days / 365
    assert price(bond, flat) == pytest.approx(np.exp(-0.02 * time), rel=1e-14)


@pytest.mark.parametrize("name", ["volatility_dynamics", "curve_interpolation", "beyond_curve"])
def test_an_unknown_word_of_the_spec_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match=name) as refused:
        Quotes.of(MARKET, RiskSpec(**{name: "perhaps"}))
    assert refused.value.code == "E451"


TARGET = QuantLib.TARGET()
FIXED = Rules(calendar="TARGET", adjustment="modified-following")


def ql(day: date) -> QuantLib.Date:
    return QuantLib.Date(day.day, day.month, day.year)


def py(day: QuantLib.Date) -> date:
    return date(day.year(), day.month(), day.dayOfMonth())


@given(
    st.floats(-0.005, 0.06),
    st.lists(st.floats(-0.003, 0.003), min_size=9, max_size=9),
    st.dates(date(2010, 1, 1), date(2030, 12, 31)),
)
def test_a_curve_from_par_rates_is_quantlibs(middle: float, apart: list[float], day: date) -> None:
    rates = [middle + one for one in apart]
    today = TARGET.adjust(ql(day))
    QuantLib.Settings.instance().evaluationDate = today
    settled = TARGET.advance(today, 2, QuantLib.Days)
    quotes, helpers = [], []
    for months, rate in zip((1, 3, 6, 12), rates, strict=False):
        end = TARGET.advance(settled, months, QuantLib.Months, QuantLib.ModifiedFollowing)
        quotes.append(
            riskmill.ParQuote(start=py(settled), maturity=py(end), rate=rate, day_count="act/360")
        )
        helpers.append(
            QuantLib.DepositRateHelper(
                rate,
                QuantLib.Period(months, QuantLib.Months),
                2,
                TARGET,
                QuantLib.ModifiedFollowing,
                False,
                QuantLib.Actual360(),
            )
        )
    for years, rate in zip((2, 5, 10, 20, 30), rates[4:], strict=True):
        start = py(settled)
        plain = QuantLib.Schedule(
            settled, settled + QuantLib.Period(years, QuantLib.Years),
            QuantLib.Period(1, QuantLib.Years), TARGET, QuantLib.ModifiedFollowing,
            QuantLib.ModifiedFollowing, QuantLib.DateGeneration.Backward, False,
        )  # fmt: skip
        quotes.append(
            riskmill.ParQuote(
                start=start,
                maturity=py(settled + QuantLib.Period(years, QuantLib.Years)),
                rate=rate,
                day_count="30/360",
                frequency_months=12,
                rules=FIXED._replace(month_end=False),
            )
        )
        bond = QuantLib.FixedRateBondHelper(
            QuantLib.QuoteHandle(QuantLib.SimpleQuote(100.0)), 2, 100.0, plain, [rate],
            QuantLib.Thirty360(QuantLib.Thirty360.BondBasis), QuantLib.ModifiedFollowing, 100.0,
        )  # fmt: skip
        helpers.append(bond)
    oracle = QuantLib.PiecewiseLogLinearDiscount(today, helpers, QuantLib.Actual365Fixed())
    for node, rate in riskmill.bootstrap_zero_curve(py(today), quotes):
        time = (node - py(today)).days / 365
        assert np.exp(-rate * time) == pytest.approx(oracle.discount(ql(node)), rel=1e-9)


@pytest.mark.parametrize(
    "change",
    [
        {"maturity": date(2019, 1, 2)},
        {"rate": float("nan")},
        {"day_count": "act/1"},
        {"rate": -40.0},
        {"start": date(2018, 1, 1)},
    ],
)
def test_a_quote_that_fits_no_curve_is_named(change: dict) -> None:
    good = riskmill.ParQuote(
        start=date(2019, 1, 2), maturity=date(2019, 7, 2), rate=0.02, day_count="act/360"
    )
    with pytest.raises(UsageError) as refused:
        riskmill.bootstrap_zero_curve(TODAY, [replace(good, **change)])
    assert refused.value.code == "E417"
    with pytest.raises(UsageError, match="another"):
        riskmill.bootstrap_zero_curve(TODAY, [good, good])


NEAR, FAR = date(2019, 3, 15), date(2019, 9, 20)
SURFACE = {
    f"VOL:SPX:{expiry}:{strike}": level
    for expiry, levels in ((NEAR, (0.30, 0.25, 0.21)), (FAR, (0.26, 0.23, 0.20)))
    for strike, level in zip((2200, 2500, 2800), levels, strict=True)
}
PLAIN = {name: level for name, level in QUOTES.items() if not name.startswith("VOL:SPX")}
SMILES = MarketSnapshot(valuation_date=TODAY, quotes=PLAIN | SURFACE)
STICKY = RiskSpec(volatility_dynamics="sticky-moneyness")


def option(strike: float, expiry: date) -> EuropeanOption:
    return EuropeanOption(
        currency="USD", underlying="SPX", option_type="put", strike=strike, expiry=expiry
    )


def priced(contract: EuropeanOption, volatility: float) -> float:
    """The same contract where its own volatility is quoted."""
    own = {f"VOL:SPX:{contract.expiry}:ATM": volatility}
    return price(contract, MarketSnapshot(valuation_date=TODAY, quotes=PLAIN | own))


def test_a_strike_between_quotes_has_the_variance_between_theirs() -> None:
    contract = option(2350.0, NEAR)
    between = np.sqrt((0.30**2 + 0.25**2) / 2)
    assert price(contract, SMILES) == pytest.approx(priced(contract, between), rel=1e-13)
    assert required_factors(contract, SMILES)[1:3] == (
        f"VOL:SPX:{NEAR}:2200",
        f"VOL:SPX:{NEAR}:2500",
    )


def test_an_expiry_between_quotes_has_the_total_variance_between_theirs() -> None:
    expiry = date(2019, 6, 21)
    contract = option(2500.0, expiry)
    days = [(day - TODAY).days for day in (NEAR, expiry, FAR)]
    total = np.interp(days[1], [days[0], days[2]], [0.25**2 * days[0], 0.23**2 * days[2]])
    expected = priced(contract, np.sqrt(total / days[1]))
    assert price(contract, SMILES) == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize(
    ("strike", "expiry"),
    [(2100.0, NEAR), (2900.0, NEAR), (2500.0, date(2019, 1, 18)), (2500.0, date(2020, 1, 17))],
)
def test_nothing_is_extended_beyond_the_quotes(strike: float, expiry: date) -> None:
    with pytest.raises(ValuationError) as refused:
        price(option(strike, expiry), SMILES)
    assert refused.value.code == "E401"
    assert refused.value.datum == f"VOL:SPX:{expiry}:{strike:.0f}"


def test_a_quote_of_its_own_is_read_before_any_other() -> None:
    contract = option(2500.0, NEAR)
    with_flat = MarketSnapshot(
        valuation_date=TODAY, quotes=SMILES.quotes | {f"VOL:SPX:{NEAR}:ATM": 0.5}
    )
    assert price(contract, with_flat) == price(contract, SMILES) == priced(contract, 0.25)
    assert price(option(2499.0, NEAR), with_flat) == priced(option(2499.0, NEAR), 0.5)


def moved(contract: EuropeanOption | AmericanOption, level: float, spec: RiskSpec) -> float:
    held = [Position(position_id="A", book="B", quantity=1.0, instrument=contract)]
    found = revalue(held, SMILES, scenarios({"EQ:SPX": [level]}), currency="USD", spec=spec)
    assert found.failures == ()
    return float(found.present_values[0] + found.pnl[0, 0])


def test_a_sticky_smile_stays_at_its_strikes_or_goes_with_the_spot() -> None:
    contract, spot = option(2500.0, NEAR), QUOTES["EQ:SPX"]
    fallen = 0.95 * spot
    market = replace(MARKET, quotes=PLAIN | {"EQ:SPX": fallen, f"VOL:SPX:{NEAR}:ATM": 0.25})
    assert moved(contract, fallen, RiskSpec()) == pytest.approx(price(contract, market), rel=1e-12)
    strike = 2500.0 / 0.95
    share = (strike - 2500.0) / 300.0
    volatility = np.sqrt((1 - share) * 0.25**2 + share * 0.21**2)
    market = replace(market, quotes=market.quotes | {f"VOL:SPX:{NEAR}:ATM": volatility})
    assert moved(contract, fallen, STICKY) == pytest.approx(price(contract, market), rel=1e-12)
    assert moved(contract, spot, STICKY) == pytest.approx(moved(contract, spot, RiskSpec()))


@pytest.mark.parametrize("strike", [2500.0, 2350.0])
@pytest.mark.parametrize("expiry", [NEAR, date(2019, 6, 21)])
def test_a_sticky_smile_leaves_the_base_alone(strike: float, expiry: date) -> None:
    contract = option(strike, expiry)
    assert price(contract, SMILES, spec=STICKY) == pytest.approx(price(contract, SMILES), rel=1e-13)
    assert "EQ:SPX" in required_factors(contract, SMILES)


DELTAS = {
    f"VOL:EURUSD:{EXPIRY}:25DP": 0.081,
    f"VOL:EURUSD:{EXPIRY}:ATM": 0.075,
    f"VOL:EURUSD:{EXPIRY}:25DC": 0.078,
}
FX_QUOTES = {name: level for name, level in QUOTES.items() if not name.startswith("VOL:EUR")}
BY_DELTA = MarketSnapshot(valuation_date=TODAY, quotes=FX_QUOTES | DELTAS)


@pytest.mark.parametrize(("place", "sign", "delta"), [("25DP", -1, -0.25), ("25DC", 1, 0.25)])
def test_a_quote_at_a_delta_stands_at_quantlibs_strike(place: str, sign: int, delta: float) -> None:
    (smile,) = Quotes.of(BY_DELTA).smiles["EURUSD"]
    node = f"VOL:EURUSD:{EXPIRY}:{place}"
    strike = smile.strikes[smile.factors.index(node)]
    years = (EXPIRY - TODAY).days / 365
    bonds = {
        name: price(ZeroCouponBond(currency=name, maturity=EXPIRY), BY_DELTA)
        for name in ("EUR", "USD")
    }
    oracle = QuantLib.BlackDeltaCalculator(
        QuantLib.Option.Call if sign > 0 else QuantLib.Option.Put, QuantLib.DeltaVolQuote.Fwd,
        QUOTES["FX:EURUSD"], bonds["USD"], bonds["EUR"], DELTAS[node] * np.sqrt(years),
    )  # fmt: skip
    assert strike == pytest.approx(oracle.strikeFromDelta(delta), rel=1e-10)
    exact = FxOption(
        currency="USD", underlying="EURUSD", option_type="call", strike=strike, expiry=EXPIRY
    )
    flat = replace(BY_DELTA, quotes=FX_QUOTES | {f"VOL:EURUSD:{EXPIRY}:ATM": DELTAS[node]})
    assert price(exact, BY_DELTA) == pytest.approx(price(exact, flat), rel=1e-10)


def test_the_middle_of_a_delta_smile_is_its_straddle_and_between_is_interpolated() -> None:
    (smile,) = Quotes.of(BY_DELTA).smiles["EURUSD"]
    assert [factor.rpartition(":")[2] for factor in smile.factors] == ["25DP", "ATM", "25DC"]
    contract = CONTRACTS["fx_option"]
    found = price(contract, BY_DELTA)
    low, high = (
        price(contract, replace(BY_DELTA, quotes=FX_QUOTES | {f"VOL:EURUSD:{EXPIRY}:ATM": vol}))
        for vol in (0.074, 0.079)
    )
    assert low < found < high


@pytest.mark.parametrize("place", ["0DC", "100DP", "25D", "25DX"])
def test_a_delta_that_is_none_is_refused(place: str) -> None:
    with pytest.raises(riskmill.RiskmillError, match="E150"):
        parse_factor(f"VOL:EURUSD:{EXPIRY}:{place}")


def test_a_yield_may_have_a_curve() -> None:
    contract = option(2400.0, EXPIRY)
    nodes = {"YIELD:SPX:3M": 0.01, "YIELD:SPX:1Y": 0.03}
    quotes = {name: level for name, level in QUOTES.items() if name != "YIELD:SPX"}
    market = MarketSnapshot(valuation_date=TODAY, quotes=quotes | nodes)
    days = (EXPIRY - TODAY).days
    level = np.interp(days, [91.25, 365.0], [0.01 * 91.25, 0.03 * 365.0]) / days
    flat = MarketSnapshot(valuation_date=TODAY, quotes=QUOTES | {"YIELD:SPX": level})
    assert price(contract, market) == pytest.approx(price(contract, flat), rel=1e-13)
    assert set(nodes) <= set(required_factors(contract, market))
    assert price(contract, replace(market, quotes=market.quotes | QUOTES)) == price(
        contract, MARKET
    )


def test_theta_of_an_interpolated_option_is_finite() -> None:
    assert TODAY + timedelta(days=1) < NEAR
    later = replace(SMILES, valuation_date=TODAY + timedelta(days=1))
    assert price(option(2350.0, date(2019, 6, 21)), later) > 0
