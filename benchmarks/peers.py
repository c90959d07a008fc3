"""
The same work by riskmill and by others: python -m benchmarks.peers

European options, American options and swaps over scenarios, through riskmill's public
`revalue` and through QuantLib's pricing engines with quotes that move, which is how a
risk run is written with them. Values agree within the tolerances below, or the program
stops. Greeks are in neither.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import numpy as np
import QuantLib

from benchmarks.rounds import medians, print_machine, print_rates
from riskmill.domain import (
    AmericanOption,
    EuropeanOption,
    FloatArray,
    Instrument,
    InterestRateSwap,
    MarketSnapshot,
    Position,
    ScenarioSet,
)
from riskmill.risk import revalue

TODAY = date(2018, 12, 31)
NODES = ("1Y", "2Y", "5Y", "10Y", "30Y")
QUOTES = {
    "EQ:SPX": 2500.0,
    "YIELD:SPX": 0.02,
    **{f"IR:USD:{tenor}": 0.025 for tenor in NODES},
}
TOLERANCES = {"European options": 1e-9, "American options": 1e-5, "swaps": 1e-9}
"""
Of spot, or of notional. American prices in scenarios are the quick scheme's, which differs by up to
9e-4 on a strike of 100 (benchmarks.americans) over markets like these.
"""


def expiries() -> list[date]:
    return [TODAY + timedelta(days=90 * (1 + k)) for k in range(8)]


def market() -> MarketSnapshot:
    vols = {f"VOL:SPX:{day}:ATM": 0.2 + 0.01 * k for k, day in enumerate(expiries())}
    return MarketSnapshot(valuation_date=TODAY, quotes=QUOTES | vols)


def shaken(snapshot: MarketSnapshot, count: int) -> ScenarioSet:
    """Spot, yield and volatilities relative; the curve in parallel: QuantLib's is flat."""
    random = np.random.default_rng(3)
    levels = np.array(list(snapshot.quotes.values()))[:, np.newaxis]
    levels = levels * (1.0 + random.normal(0.0, 0.03, (len(levels), count)))
    rates = [number for number, name in enumerate(snapshot.quotes) if name.startswith("IR:")]
    levels[rates] = 0.025 + random.normal(0.0, 0.002, count)
    return ScenarioSet(
        name="shaken",
        labels=tuple(str(number) for number in range(count)),
        factors=tuple(snapshot.quotes),
        levels=levels,
    )


def options(kind: type[EuropeanOption] | type[AmericanOption], count: int) -> list[Instrument]:
    strikes, days = np.linspace(2000.0, 3000.0, count).tolist(), expiries()
    return [
        kind(
            currency="USD",
            underlying="SPX",
            option_type="put" if number % 2 else "call",
            strike=strike,
            expiry=days[number % len(days)],
            multiplier=1.0,
        )
        for number, strike in enumerate(strikes)
    ]


def swaps(count: int) -> list[Instrument]:
    """Ten years, quarterly against quarterly, from today; single curve."""
    return [
        InterestRateSwap(
            currency="USD",
            rate=rate,
            start=TODAY,
            maturity=date(2028, 12, 31),
            fixed_frequency_months=3,
            fixed_day_count="act/365",
            float_frequency_months=3,
            float_day_count="act/360",
            current_fixing=float("nan"),
        )
        for rate in np.linspace(0.01, 0.04, count).tolist()
    ]


def riskmill(held: list[Instrument], scenarios: ScenarioSet) -> FloatArray:
    positions = [
        Position(position_id=str(number), book="book", quantity=1.0, instrument=one)
        for number, one in enumerate(held)
    ]
    found = revalue(positions, market(), scenarios, currency="USD")
    assert not found.failures, found.failures[:1]
    return found.present_values[:, np.newaxis] + found.pnl


@contextmanager
def today() -> Iterator[QuantLib.Date]:
    QuantLib.Settings.instance().evaluationDate = QuantLib.Date.from_date(TODAY)
    yield QuantLib.Date.from_date(TODAY)


def quantlib_options(held: list[Instrument], scenarios: ScenarioSet) -> FloatArray:
    """One option object a position, one process an expiry, quotes that move."""
    row = dict(zip(scenarios.factors, scenarios.levels, strict=True))
    out = np.empty((len(held), len(scenarios)))
    count = QuantLib.Actual365Fixed()
    with today() as now:
        quotes = [QuantLib.SimpleQuote(0.1) for _ in range(4)]  # spot, rate, yield, volatility
        handles = [QuantLib.QuoteHandle(quote) for quote in quotes]
        process = QuantLib.BlackScholesMertonProcess(
            handles[0],
            QuantLib.YieldTermStructureHandle(QuantLib.FlatForward(now, handles[2], count)),
            QuantLib.YieldTermStructureHandle(QuantLib.FlatForward(now, handles[1], count)),
            QuantLib.BlackVolTermStructureHandle(
                QuantLib.BlackConstantVol(now, QuantLib.NullCalendar(), handles[3], count)
            ),
        )
        for i, one in enumerate(held):
            expiry = QuantLib.Date.from_date(one.expiry)
            side = QuantLib.Option.Call if one.option_type == "call" else QuantLib.Option.Put
            payoff = QuantLib.PlainVanillaPayoff(side, one.strike)
            if isinstance(one, AmericanOption):
                option = QuantLib.VanillaOption(payoff, QuantLib.AmericanExercise(now, expiry))
                option.setPricingEngine(QuantLib.QdFpAmericanEngine(process))
            else:
                option = QuantLib.VanillaOption(payoff, QuantLib.EuropeanExercise(expiry))
                option.setPricingEngine(QuantLib.AnalyticEuropeanEngine(process))
            names = ("EQ:SPX", "IR:USD:1Y", "YIELD:SPX", f"VOL:SPX:{one.expiry}:ATM")
            for s in range(len(scenarios)):
                for quote, name in zip(quotes, names, strict=True):
                    quote.setValue(float(row[name][s]))
                out[i, s] = option.NPV()
    return out


def quantlib_swaps(held: list[Instrument], scenarios: ScenarioSet) -> FloatArray:
    """VanillaSwap on one flat curve for forwards and discounting."""
    levels = scenarios.levels[scenarios.factors.index("IR:USD:1Y")].tolist()
    out = np.empty((len(held), len(scenarios)))
    with today() as now:
        rate = QuantLib.SimpleQuote(0.02)
        curve = QuantLib.YieldTermStructureHandle(
            QuantLib.FlatForward(now, QuantLib.QuoteHandle(rate), QuantLib.Actual365Fixed())
        )
        calendar, quarter = QuantLib.NullCalendar(), QuantLib.Period(3, QuantLib.Months)
        index = QuantLib.IborIndex(
            "flat", quarter, 0, QuantLib.USDCurrency(), calendar, QuantLib.Unadjusted, False,
            QuantLib.Actual360(), curve,
        )  # fmt: skip
        engine = QuantLib.DiscountingSwapEngine(curve)
        for i, one in enumerate(held):
            first, last = (QuantLib.Date.from_date(day) for day in (one.start, one.maturity))
            rule, own = QuantLib.DateGeneration.Backward, QuantLib.Unadjusted
            schedule = QuantLib.Schedule(first, last, quarter, calendar, own, own, rule, False)
            swap = QuantLib.VanillaSwap(
                QuantLib.Swap.Receiver, 1.0, schedule, one.rate, QuantLib.Actual365Fixed(),
                schedule, index, 0.0, QuantLib.Actual360(),
            )  # fmt: skip
            swap.setPricingEngine(engine)
            for s, level in enumerate(levels):
                rate.setValue(level)
                out[i, s] = swap.NPV()
    return out


Peer = Callable[[list[Instrument], ScenarioSet], FloatArray]


def compare(positions: int, scenarios: int, rounds: int) -> dict[str, float]:
    """How many times as fast as QuantLib riskmill is, by kind; values have to agree."""
    moves, few = shaken(market(), scenarios), max(positions // 100, 3)
    kinds: dict[str, tuple[Callable[[int], list[Instrument]], Peer, float]] = {
        "European options": (lambda n: options(EuropeanOption, n), quantlib_options, 2500.0),
        "American options": (lambda n: options(AmericanOption, n), quantlib_options, 2500.0),
        "swaps": (swaps, quantlib_swaps, 1.0),
    }
    times = {}
    for kind, (make, peer, size) in kinds.items():
        held, its = make(positions), make(few)
        error = np.abs(riskmill(its, moves) - peer(its, moves)).max() / size
        assert error < TOLERANCES[kind], (kind, error)
        contestants = {
            "riskmill revalue": lambda held=held: riskmill(held, moves),
            "QuantLib engine": lambda its=its, peer=peer: peer(its, moves),
        }
        seconds = medians(contestants, rounds)
        counts = {"riskmill revalue": positions * scenarios, "QuantLib engine": few * scenarios}
        print_rates(f"{kind}, agreeing to {error:.0e}", counts, seconds)
        ours, theirs = (counts[name] / seconds[name] for name in contestants)
        times[kind] = ours / theirs
    return times


def main() -> None:
    print_machine("QuantLib")
    compare(int((*sys.argv[1:], "2000")[0]), 500, 3)


if __name__ == "__main__":
    main()
