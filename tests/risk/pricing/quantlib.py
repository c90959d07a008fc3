"""QuantLib as the oracle of exotic options: flat markets, whole days, act/365."""

from datetime import date

import QuantLib

TODAY = QuantLib.Date(31, 12, 2018)
DAYS = QuantLib.Actual365Fixed()


def on(day: date) -> QuantLib.Date:
    return QuantLib.Date(day.day, day.month, day.year)


def process(
    spot: float, volatility: float, rate: float, yield_: float
) -> QuantLib.BlackScholesMertonProcess:
    QuantLib.Settings.instance().evaluationDate = TODAY
    return QuantLib.BlackScholesMertonProcess(
        QuantLib.QuoteHandle(QuantLib.SimpleQuote(spot)),
        QuantLib.YieldTermStructureHandle(QuantLib.FlatForward(TODAY, yield_, DAYS)),
        QuantLib.YieldTermStructureHandle(QuantLib.FlatForward(TODAY, rate, DAYS)),
        QuantLib.BlackVolTermStructureHandle(
            QuantLib.BlackConstantVol(TODAY, QuantLib.NullCalendar(), volatility, DAYS)
        ),
    )


def side(sign: float) -> int:
    return QuantLib.Option.Call if sign > 0 else QuantLib.Option.Put


def npv(option: QuantLib.Instrument, engine: QuantLib.PricingEngine) -> float:
    option.setPricingEngine(engine)
    return float(option.NPV())


def european(
    payoff: QuantLib.Payoff, days: int, market: QuantLib.BlackScholesMertonProcess
) -> float:
    option = QuantLib.VanillaOption(payoff, QuantLib.EuropeanExercise(TODAY + days))
    return npv(option, QuantLib.AnalyticEuropeanEngine(market))


def barrier(
    market: QuantLib.BlackScholesMertonProcess,
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
        (1.0, 1.0): QuantLib.Barrier.DownIn,
        (1.0, -1.0): QuantLib.Barrier.DownOut,
        (-1.0, 1.0): QuantLib.Barrier.UpIn,
        (-1.0, -1.0): QuantLib.Barrier.UpOut,
    }
    option = QuantLib.BarrierOption(
        kinds[direction, knock],
        level,
        rebate,
        QuantLib.PlainVanillaPayoff(side(sign), strike),
        QuantLib.EuropeanExercise(TODAY + days),
    )
    return npv(option, QuantLib.AnalyticBarrierEngine(market))


def one_touch(
    market: QuantLib.BlackScholesMertonProcess,
    days: int,
    *,
    level: float,
    direction: float,
    late: bool,
) -> float:
    payoff = QuantLib.CashOrNothingPayoff(
        QuantLib.Option.Put if direction > 0 else QuantLib.Option.Call, level, 1.0
    )
    exercise = QuantLib.AmericanExercise(TODAY, TODAY + days, late)
    return npv(
        QuantLib.VanillaOption(payoff, exercise), QuantLib.AnalyticDigitalAmericanEngine(market)
    )


def discrete_asian(
    market: QuantLib.BlackScholesMertonProcess,
    days: list[int],
    *,
    strike: float,
    sign: float,
    geometric: bool,
    past: int = 0,
    total: float = 0.0,
) -> float:
    kind = QuantLib.Average.Geometric if geometric else QuantLib.Average.Arithmetic
    option = QuantLib.DiscreteAveragingAsianOption(
        kind,
        total,
        past,
        [TODAY + day for day in days],
        QuantLib.PlainVanillaPayoff(side(sign), strike),
        QuantLib.EuropeanExercise(TODAY + days[-1]),
    )
    engine = (
        QuantLib.AnalyticDiscreteGeometricAveragePriceAsianEngine(market)
        if geometric
        else QuantLib.TurnbullWakemanAsianEngine(market)
    )
    return npv(option, engine)
