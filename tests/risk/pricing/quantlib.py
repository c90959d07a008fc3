"""QuantLib as the oracle of exotic options: flat markets, whole days, act/365."""

from datetime import date

import QuantLib as ql

TODAY = ql.Date(31, 12, 2018)
DAYS = ql.Actual365Fixed()


def on(day: date) -> ql.Date:
    return ql.Date(day.day, day.month, day.year)


def process(
    spot: float, volatility: float, rate: float, yield_: float
) -> ql.BlackScholesMertonProcess:
    ql.Settings.instance().evaluationDate = TODAY
    return ql.BlackScholesMertonProcess(
        ql.QuoteHandle(ql.SimpleQuote(spot)),
        ql.YieldTermStructureHandle(ql.FlatForward(TODAY, yield_, DAYS)),
        ql.YieldTermStructureHandle(ql.FlatForward(TODAY, rate, DAYS)),
        ql.BlackVolTermStructureHandle(
            ql.BlackConstantVol(TODAY, ql.NullCalendar(), volatility, DAYS)
        ),
    )


def side(sign: float) -> int:
    return ql.Option.Call if sign > 0 else ql.Option.Put


def npv(option: ql.Instrument, engine: ql.PricingEngine) -> float:
    option.setPricingEngine(engine)
    return float(option.NPV())


def european(payoff: ql.Payoff, days: int, market: ql.BlackScholesMertonProcess) -> float:
    option = ql.VanillaOption(payoff, ql.EuropeanExercise(TODAY + days))
    return npv(option, ql.AnalyticEuropeanEngine(market))


def barrier(
    market: ql.BlackScholesMertonProcess,
    days: int,
    *,
    strike: float,
    sign: float,
    level: float,
    rebate: float,
    direction: float,
    knock: float,
) -> float:
    kinds = {
        (1.0, 1.0): ql.Barrier.DownIn,
        (1.0, -1.0): ql.Barrier.DownOut,
        (-1.0, 1.0): ql.Barrier.UpIn,
        (-1.0, -1.0): ql.Barrier.UpOut,
    }
    option = ql.BarrierOption(
        kinds[direction, knock],
        level,
        rebate,
        ql.PlainVanillaPayoff(side(sign), strike),
        ql.EuropeanExercise(TODAY + days),
    )
    return npv(option, ql.AnalyticBarrierEngine(market))


def one_touch(
    market: ql.BlackScholesMertonProcess, days: int, *, level: float, direction: float, late: bool
) -> float:
    payoff = ql.CashOrNothingPayoff(ql.Option.Put if direction > 0 else ql.Option.Call, level, 1.0)
    exercise = ql.AmericanExercise(TODAY, TODAY + days, late)
    return npv(ql.VanillaOption(payoff, exercise), ql.AnalyticDigitalAmericanEngine(market))


def discrete_asian(
    market: ql.BlackScholesMertonProcess,
    days: list[int],
    *,
    strike: float,
    sign: float,
    geometric: bool,
    past: int = 0,
    total: float = 0.0,
) -> float:
    kind = ql.Average.Geometric if geometric else ql.Average.Arithmetic
    option = ql.DiscreteAveragingAsianOption(
        kind,
        total,
        past,
        [TODAY + day for day in days],
        ql.PlainVanillaPayoff(side(sign), strike),
        ql.EuropeanExercise(TODAY + days[-1]),
    )
    engine = (
        ql.AnalyticDiscreteGeometricAveragePriceAsianEngine(market)
        if geometric
        else ql.TurnbullWakemanAsianEngine(market)
    )
    return npv(option, engine)
