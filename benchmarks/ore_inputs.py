"""
A book and its scenarios as files of the Open Source Risk Engine (ORE).

European options on an equity index, swaps against three months' Libor, forwards and options on
a currency, from terms that riskmill has too; one market of curves and volatilities whose nodes
both read; a history of which each pair of days in turn is a scenario. What is written is only
what ORE needs for its analytic `historicalSimulationVar`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

import numpy as np
import QuantLib

from benchmarks.ore_trades import trade
from riskmill.domain import (
    EuropeanOption,
    FloatArray,
    FxForward,
    FxOption,
    Instrument,
    InterestRateSwap,
    MarketSnapshot,
    ScenarioSet,
)

TODAY = date(2019, 1, 31)
TENORS = ("1M", "3M", "6M", "1Y", "2Y", "3Y", "5Y", "7Y", "10Y", "15Y")
EXPIRIES = ("3M", "6M", "9M", "12M", "15M", "18M")
"""Each is a business day, whichever calendar ORE counts by."""
SPOT, RATE, DIVIDENDS = 2500.0, 0.025, 0.02
EURUSD, EURO_RATE, FX_VOLATILITY = 1.125, 0.005, 0.08
INDEX = "USD-LIBOR-3M"


def after_today(period: str, calendar: QuantLib.Calendar) -> date:
    moved = calendar.advance(QuantLib.Date.from_date(TODAY), QuantLib.Period(period))
    found: date = moved.to_date()
    return found


def nodes() -> list[int]:
    """Days to the nodes of curves."""
    return [(after_today(tenor, QuantLib.NullCalendar()) - TODAY).days for tenor in TENORS]


def expiries() -> list[date]:
    return [after_today(period, QuantLib.TARGET()) for period in EXPIRIES]


@dataclass(frozen=True, kw_only=True, slots=True)
class Key:
    """One number of a market: what ORE and what riskmill call it, and its level today."""

    ore: str
    riskmill: str
    level: float
    """In ORE's unit: a discount factor for a rate or yield."""
    days: int = 0
    """To the node, of a rate or yield."""

    def in_riskmill(self, levels: FloatArray | float) -> FloatArray | float:
        """Levels in riskmill's unit: continuous rates for discount factors."""
        return -np.log(levels) * 365.0 / self.days if self.days else levels


def keys() -> list[Key]:
    """Everything that moves."""
    found = [
        Key(ore="EquitySpot/SPX/0", riskmill="EQ:SPX", level=SPOT),
        Key(ore="FXSpot/EURUSD/0", riskmill="FX:EURUSD", level=EURUSD),
    ]
    for i, day in enumerate(expiries()):
        level = 0.2 + 0.01 * i
        found += [
            Key(ore=f"EquityVolatility/SPX/{i}", riskmill=f"VOL:SPX:{day}:ATM", level=level),
            Key(
                ore=f"FXVolatility/EURUSD/{i}",
                riskmill=f"VOL:EURUSD:{day}:ATM",
                level=FX_VOLATILITY,
            ),
        ]
    for ore, mine, rate in (
        ("DiscountCurve/USD", "IR:USD", RATE),
        ("DiscountCurve/EUR", "IR:EUR", EURO_RATE),
        (f"IndexCurve/{INDEX}", f"IR:{INDEX}", RATE + 0.003),
        ("DividendYield/SPX", "YIELD:SPX", DIVIDENDS),
    ):
        for i, days in enumerate(nodes()):
            level = float(np.exp(-rate * days / 365.0))
            found.append(Key(ore=f"{ore}/{i}", riskmill=f"{mine}:{days}D", level=level, days=days))
    return found


def snapshot() -> MarketSnapshot:
    quotes = {key.riskmill: float(key.in_riskmill(key.level)) for key in keys()}
    return MarketSnapshot(valuation_date=TODAY, quotes=quotes)


def history(scenarios: int) -> FloatArray:
    """Levels in ORE's units on one day more than there are scenarios, shape (days, keys)."""
    random = np.random.default_rng(3)
    spread = np.array([0.2 * 0.01 * key.days / 365.0 if key.days else 0.02 for key in keys()])
    noise = random.normal(0.0, 1.0, (scenarios + 1, len(spread))) * spread
    return np.array([key.level for key in keys()]) * np.exp(noise)


def scenario_set(days: FloatArray) -> ScenarioSet:
    """What each pair of days does to today: every key is multiplied, as ORE does by default."""
    moved = np.array([key.level for key in keys()]) * (days[1:] / days[:-1])
    levels = [key.in_riskmill(moved[:, i]) for i, key in enumerate(keys())]
    return ScenarioSet(
        name="history",
        labels=tuple(str(number) for number in range(len(moved))),
        factors=tuple(key.riskmill for key in keys()),
        levels=np.array(levels),
    )


def options(count: int) -> list[Instrument]:
    days = expiries()
    return [
        EuropeanOption(
            currency="USD",
            underlying="SPX",
            option_type="put" if number % 2 else "call",
            strike=strike,
            expiry=days[number % len(days)],
        )
        for number, strike in enumerate(np.linspace(2000.0, 3000.0, count).tolist())
    ]


def swaps(count: int) -> list[Instrument]:
    """Ten years of quarters from the spring on, discounted and forecast on two curves."""
    return [
        InterestRateSwap(
            currency="USD",
            index=INDEX,
            rate=rate,
            start=date(2019, 4, 15),
            maturity=date(2029, 4, 15),
            fixed_frequency_months=3,
            fixed_day_count="act/365",
            float_frequency_months=3,
            float_day_count="act/360",
            calendar="GB",
            fixed_adjustment="modified-following",
            float_adjustment="modified-following",
        )
        for rate in np.linspace(0.01, 0.04, count).tolist()
    ]


def fx_forwards(count: int) -> list[Instrument]:
    days = expiries()
    return [
        FxForward(
            currency="USD", underlying="EURUSD", strike=strike, expiry=days[number % len(days)]
        )
        for number, strike in enumerate(np.linspace(1.0, 1.3, count).tolist())
    ]


def fx_options(count: int) -> list[Instrument]:
    days = expiries()
    return [
        FxOption(
            currency="USD",
            underlying="EURUSD",
            option_type="put" if number % 2 else "call",
            strike=strike,
            expiry=days[number % len(days)],
        )
        for number, strike in enumerate(np.linspace(1.0, 1.3, count).tolist())
    ]


def write(
    directory: Path,
    book: Sequence[Instrument],
    quantity: float,
    days: FloatArray,
    told: Literal["portfolio", "trades"],
) -> Path:
    """
    Write all files to *directory*; the path of the one that names the others.

    *quantity* is that of every trade, *days* the history, shape (days, keys), and
    *told* says whose P&L ORE is to print.
    """
    dates = _weekdays(len(days))
    trades = "\n".join(trade(str(number), one, quantity) for number, one in enumerate(book))
    files = {
        "portfolio.xml": f"<Portfolio>{trades}</Portfolio>",
        "market.txt": _quotes(),
        "fixings.txt": "",
        "conventions.xml": CONVENTIONS,
        "curveconfig.xml": _curve_config(),
        "todaysmarket.xml": TODAYS_MARKET,
        "pricingengine.xml": ENGINES,
        "simulation.xml": _simulation(),
        "scenarios.csv": _scenarios(dates, days),
        "ore.xml": _parameters(directory, dates, told),
    }
    for name, text in files.items():
        (directory / name).write_text(text, "utf-8")
    return directory / "ore.xml"


def _weekdays(count: int) -> list[date]:
    """The last *count* weekdays until today."""
    found, day = [], TODAY
    while len(found) < count:
        if day.weekday() < 5:
            found.append(day)
        day -= timedelta(days=1)
    return found[::-1]


def _scenarios(dates: Sequence[date], days: FloatArray) -> str:
    header = ["Date", "Scenario", "Numeraire", *(key.ore for key in keys())]
    rows = [
        [day.isoformat(), "1", "1", *map(repr, levels)]
        for day, levels in zip(dates, days.tolist(), strict=True)
    ]
    return "\n".join(",".join(row) for row in [header, *rows]) + "\n"


def _quotes() -> str:
    day = TODAY.isoformat()
    lines = [f"{day} EQUITY/PRICE/SPX/USD {SPOT!r}", f"{day} FX/RATE/EUR/USD {EURUSD!r}"]
    lines += [
        f"{day} FX_OPTION/RATE_LNVOL/EUR/USD/{period}/ATM {FX_VOLATILITY!r}" for period in EXPIRIES
    ]
    for key in keys():
        node = TODAY + timedelta(days=key.days)
        match key.ore.split("/"):
            case ["EquityVolatility", _, number]:
                expiry = expiries()[int(number)]
                lines.append(f"{day} EQUITY_OPTION/RATE_LNVOL/SPX/USD/{expiry}/ATMF {key.level!r}")
            case ["DividendYield", *_]:
                lines.append(f"{day} EQUITY_DIVIDEND/RATE/SPX/USD/{node} {DIVIDENDS!r}")
            case ["DiscountCurve" | "IndexCurve", curve, _]:
                currency = "EUR" if curve == "EUR" else "USD"
                lines.append(f"{day} DISCOUNT/RATE/{currency}/{curve}/{node} {key.level!r}")
    return "\n".join(lines) + "\n"


def _curve_config() -> str:
    dates = [TODAY + timedelta(days=days) for days in nodes()]
    curves = "".join(_yield_curve(name, dates) for name in ("USD", "EUR", INDEX))
    dividends = "".join(f"<Quote>EQUITY_DIVIDEND/RATE/SPX/USD/{day}</Quote>" for day in dates)
    days = ",".join(str(day) for day in expiries())
    periods = ",".join(EXPIRIES)
    return f"""<CurveConfiguration><FXVolatilities><FXVolatility><CurveId>EURUSD</CurveId>
<CurveDescription/><Dimension>ATM</Dimension><Expiries>{periods}</Expiries>
<FXSpotID>FX/EUR/USD</FXSpotID><FXForeignCurveID>Yield/EUR/EUR</FXForeignCurveID>
<FXDomesticCurveID>Yield/USD/USD</FXDomesticCurveID></FXVolatility></FXVolatilities>
<YieldCurves>{curves}</YieldCurves>
<EquityCurves><EquityCurve><CurveId>SPX</CurveId><CurveDescription/><Currency>USD</Currency>
<ForecastingCurve>USD</ForecastingCurve><Type>DividendYield</Type>
<SpotQuote>EQUITY/PRICE/SPX/USD</SpotQuote><Quotes>{dividends}</Quotes>
<DayCounter>A365</DayCounter></EquityCurve></EquityCurves>
<EquityVolatilities><EquityVolatility><CurveId>SPX</CurveId><CurveDescription/>
<Currency>USD</Currency><Dimension>ATM</Dimension><Expiries>{days}</Expiries>
</EquityVolatility></EquityVolatilities></CurveConfiguration>"""


def _yield_curve(name: str, dates: Sequence[date]) -> str:
    currency = name if name == "EUR" else "USD"
    quotes = "".join(f"<Quote>DISCOUNT/RATE/{currency}/{name}/{day}</Quote>" for day in dates)
    return f"""<YieldCurve><CurveId>{name}</CurveId><CurveDescription/>
<Currency>{currency}</Currency>
<DiscountCurve/><Segments><Direct><Type>Discount</Type><Quotes>{quotes}</Quotes>
<Conventions>USD-ZERO</Conventions></Direct></Segments>
<InterpolationVariable>Discount</InterpolationVariable>
<InterpolationMethod>LogLinear</InterpolationMethod>
<YieldCurveDayCounter>A365</YieldCurveDayCounter><Extrapolation>true</Extrapolation>
</YieldCurve>"""


CONVENTIONS = """<Conventions><Zero><Id>USD-ZERO</Id><TenorBased>false</TenorBased>
<DayCounter>A365</DayCounter><CompoundingFrequency>Annual</CompoundingFrequency>
<Compounding>Continuous</Compounding></Zero>
<FX><Id>EUR-USD-FX</Id><SpotDays>0</SpotDays><SourceCurrency>EUR</SourceCurrency>
<TargetCurrency>USD</TargetCurrency><PointsFactor>10000</PointsFactor></FX></Conventions>"""

TODAYS_MARKET = f"""<TodaysMarket>
<DiscountingCurves id="default">
<DiscountingCurve currency="USD">Yield/USD/USD</DiscountingCurve>
<DiscountingCurve currency="EUR">Yield/EUR/EUR</DiscountingCurve></DiscountingCurves>
<IndexForwardingCurves id="default"><Index name="{INDEX}">Yield/USD/{INDEX}</Index>
</IndexForwardingCurves>
<FxSpots id="default"><FxSpot pair="EURUSD">FX/EUR/USD</FxSpot></FxSpots>
<FxVolatilities id="default">
<FxVolatility pair="EURUSD">FXVolatility/EUR/USD/EURUSD</FxVolatility></FxVolatilities>
<EquityCurves id="default"><EquityCurve name="SPX">Equity/USD/SPX</EquityCurve></EquityCurves>
<EquityVolatilities id="default">
<EquityVolatility name="SPX">EquityVolatility/USD/SPX</EquityVolatility></EquityVolatilities>
</TodaysMarket>"""

ENGINES = """<PricingEngines>
<Product type="EquityOption"><Model>BlackScholesMerton</Model><ModelParameters/>
<Engine>AnalyticEuropeanEngine</Engine><EngineParameters/></Product>
<Product type="FxOption"><Model>GarmanKohlhagen</Model><ModelParameters/>
<Engine>AnalyticEuropeanEngine</Engine><EngineParameters/></Product>
<Product type="FxForward"><Model>DiscountedCashflows</Model><ModelParameters/>
<Engine>DiscountingFxForwardEngine</Engine><EngineParameters/></Product>
<Product type="Swap"><Model>DiscountedCashflows</Model><ModelParameters/>
<Engine>DiscountingSwapEngine</Engine><EngineParameters/></Product></PricingEngines>"""


def _simulation() -> str:
    tenors = ",".join(TENORS)
    return f"""<Simulation><Market><BaseCurrency>USD</BaseCurrency>
<Currencies><Currency>USD</Currency><Currency>EUR</Currency></Currencies>
<YieldCurves><Configuration curve=""><Tenors>{tenors}</Tenors>
<Interpolation>LogLinear</Interpolation><Extrapolation>FlatZero</Extrapolation></Configuration>
</YieldCurves><FxRates><CurrencyPairs><CurrencyPair>EURUSD</CurrencyPair></CurrencyPairs></FxRates>
<FxVolatilities><Simulate>true</Simulate>
<ReactionToTimeDecay>ForwardVariance</ReactionToTimeDecay>
<CurrencyPairs><CurrencyPair>EURUSD</CurrencyPair></CurrencyPairs>
<Expiries>{",".join(EXPIRIES)}</Expiries></FxVolatilities>
<Indices><Index>{INDEX}</Index></Indices>
<Equities><Names><Name>SPX</Name></Names><DividendTenors>{tenors}</DividendTenors>
<SimulateDividendYield>true</SimulateDividendYield></Equities>
<EquityVolatilities><Simulate>true</Simulate>
<ReactionToTimeDecay>ForwardVariance</ReactionToTimeDecay><Names><Name>SPX</Name></Names>
<Expiries>{",".join(EXPIRIES)}</Expiries><SimulateATMOnly>true</SimulateATMOnly>
</EquityVolatilities></Market></Simulation>"""


def _parameters(directory: Path, dates: Sequence[date], told: str) -> str:
    setup = {
        "asofDate": TODAY.isoformat(),
        "inputPath": str(directory),
        "outputPath": str(directory / "output"),
        "logFile": "log.txt",
        "logMask": "31",
        "marketDataFile": "market.txt",
        "fixingDataFile": "fixings.txt",
        "implyTodaysFixings": "N",
        "curveConfigFile": "curveconfig.xml",
        "conventionsFile": "conventions.xml",
        "marketConfigFile": "todaysmarket.xml",
        "pricingEnginesFile": "pricingengine.xml",
        "portfolioFile": "portfolio.xml",
        "observationModel": "Disable",
        "baseCurrency": "USD",
        "nThreads": "1",
    }
    analytic = {
        "active": "Y",
        "historicalScenarioFile": "scenarios.csv",
        "simulationConfigFile": "simulation.xml",
        "historicalPeriod": f"{dates[1]},{dates[-1]}",
        "mporDays": "1",
        "mporCalendar": "WeekendsOnly",
        "mporOverlappingPeriods": "true",
        "quantiles": "0.01",
        "riskClassBreakdown": "N",
        "tradePnl": "Y" if told == "trades" else "N",
        "outputFile": "var.csv",
    }
    markets = dict.fromkeys(("lgmcalibration", "fxcalibration", "pricing", "simulation"), "default")
    return f"""<ORE><Setup>{_each(setup)}</Setup><Markets>{_each(markets)}</Markets><Analytics>
<Analytic type="historicalSimulationVar">{_each(analytic)}</Analytic></Analytics></ORE>"""


def _each(parameters: dict[str, str]) -> str:
    return "\n".join(
        f'<Parameter name="{name}">{value}</Parameter>' for name, value in parameters.items()
    )
