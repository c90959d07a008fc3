"""
American options over scenarios, side by side: python -m benchmarks.americans [positions]

riskmill's kernel as a run uses it (precise at base, quick in scenarios), its precise
kernel, the Leisen-Reimer tree of 101 steps compiled by numba, and QuantLib's QdFp engine
in its fast scheme. Errors are against QuantLib's high-precision scheme, on a strike of 100,
by region: puts and calls, yields above and below rates, negative rates, short and long.
"""

import math
import sys
from collections.abc import Callable

import numba
import numpy as np
import QuantLib

from benchmarks.rounds import medians, print_machine, print_rates
from riskmill.domain import FloatArray
from riskmill.risk.pricing.formulas import american_option
from riskmill.risk.pricing.kernels import LANES, Kernel, american_kernel, american_scenario_kernel
from riskmill.risk.pricing.row_sums import NOTHING

REGIONS = {
    "usual": ((0.1, 0.8), (0.0, 0.08), (0.02, 3.0)),
    "short": ((0.1, 1.0), (0.0, 0.08), (0.003, 0.05)),
    "negative rates": ((0.1, 0.6), (-0.02, 0.02), (0.05, 2.0)),
    "long": ((0.1, 0.6), (0.0, 0.1), (3.0, 15.0)),
    "volatile": ((0.8, 3.0), (0.0, 0.1), (0.1, 3.0)),
    "calm": ((0.02, 0.1), (0.0, 0.08), (0.02, 3.0)),
}
"""Volatilities, rates and years; yields are zero or up to 6 %, spots 100 e^(0.15 normal)."""
BAR = 3e-3
TREE_STEPS = 101


def cases(count: int) -> FloatArray:
    """Spot, volatility, rate, yield, strike, years, sign and region, shape (8, cases)."""
    random = np.random.default_rng(5)
    parts = []
    for region, (vols, rates, years) in enumerate(REGIONS.values()):
        parts.append(
            [
                100.0 * np.exp(random.normal(0.0, 0.15, count)),
                random.uniform(*vols, count),
                random.uniform(*rates, count),
                np.where(random.random(count) < 0.3, 0.0, random.uniform(0.0, 0.06, count)),
                np.full(count, 100.0),
                np.maximum(np.round(random.uniform(*years, count) * 365.0), 1.0) / 365.0,
                np.where(random.random(count) < 0.5, 1.0, -1.0),
                np.full(count, float(region)),
            ]
        )
    return np.concatenate([np.array(part) for part in parts], axis=1)


def scenarios(given: FloatArray, width: int) -> FloatArray:
    """Markets of each case, shape (cases, 4, width): shaken; the first scenario is the case."""
    random = np.random.default_rng(6)
    base = given[:4].T[:, :, np.newaxis]
    shaken = base * (1.0 + random.normal(0.0, 0.1, (given.shape[1], 4, width)))
    shaken[:, :, :1] = base
    return shaken


def values(kernel: Kernel, given: FloatArray, markets: FloatArray) -> FloatArray:
    """Prices along the scenarios, the last of which is the base of the kernel."""
    count, width = given.shape[1], markets.shape[2]
    rows = np.concatenate([markets.reshape(-1, width), np.ones((1, width))])
    own = 4 * np.arange(count)[:, np.newaxis] + np.arange(4)
    index = np.column_stack([own, np.full(count, 4 * count)]).astype(np.int64)
    out = np.empty((count, width))
    kernel(rows, index, np.ascontiguousarray(given[4:7].T), np.ones(count), out, NOTHING)
    return out


@numba.njit(fastmath={"contract", "nnan", "ninf", "nsz", "arcp"}, error_model="numpy")
def peizer_pratt(z, n):
    part = z / (n + 1.0 / 3.0 + 0.1 / (n + 1.0))
    return 0.5 + math.copysign(0.5, z) * math.sqrt(1.0 - math.exp(-part * part * (n + 1.0 / 6.0)))


@numba.njit(
    "void(float64[:, ::1], float64[:, :, ::1], float64[:, ::1])",
    fastmath={"contract", "nnan", "ninf", "nsz", "arcp"},
    error_model="numpy",
)
def tree(given, markets, out):
    """The tree, 64 scenarios at a time in the innermost loop."""
    lanes = 64
    value = np.empty((TREE_STEPS + 1, lanes))
    up, down, keep_up, keep_down, low = np.empty((5, lanes))
    for i in range(out.shape[0]):
        strike, years, sign = given[4, i], given[5, i], given[6, i]
        for start in range(0, out.shape[1], lanes):
            step = years / TREE_STEPS
            for s in range(lanes):
                spot, vol = markets[i, 0, start + s], markets[i, 1, start + s]
                rate, yield_ = markets[i, 2, start + s], markets[i, 3, start + s]
                deviation = vol * math.sqrt(years)
                d1 = (math.log(spot / strike) + (rate - yield_) * years) / deviation
                d1 += 0.5 * deviation
                p = peizer_pratt(d1 - deviation, TREE_STEPS)
                growth = math.exp((rate - yield_) * step)
                up[s] = growth * peizer_pratt(d1, TREE_STEPS) / p
                down[s] = (growth - p * up[s]) / (1.0 - p)
                keep_up[s] = p * math.exp(-rate * step)
                keep_down[s] = (1.0 - p) * math.exp(-rate * step)
                low[s] = spot * down[s] ** TREE_STEPS
                level = low[s]
                for j in range(TREE_STEPS + 1):
                    value[j, s] = max(sign * (level - strike), 0.0)
                    level *= up[s] / down[s]
            for n in range(TREE_STEPS - 1, -1, -1):
                for s in range(lanes):
                    low[s] /= down[s]
                level_row = low.copy()
                for j in range(n + 1):
                    for s in range(lanes):
                        held = keep_up[s] * value[j + 1, s] + keep_down[s] * value[j, s]
                        value[j, s] = max(held, sign * (level_row[s] - strike))
                        level_row[s] *= up[s] / down[s]
            for s in range(lanes):
                out[i, start + s] = value[0, s]


def trees(given: FloatArray, markets: FloatArray) -> FloatArray:
    out = np.empty((given.shape[1], markets.shape[2]))
    tree(given, markets, out)
    return out


def quantlib(given: FloatArray, markets: FloatArray, scheme: object) -> FloatArray:
    """QuantLib's prices, one option a case and quotes that move, as fast as Python drives it."""
    today, count = QuantLib.Date(2, 1, 2024), QuantLib.Actual365Fixed()
    QuantLib.Settings.instance().evaluationDate = today
    spot, vol, rate, yield_ = quotes = [QuantLib.SimpleQuote(0.1) for _ in range(4)]
    process = QuantLib.BlackScholesMertonProcess(
        QuantLib.QuoteHandle(spot),
        QuantLib.YieldTermStructureHandle(
            QuantLib.FlatForward(today, QuantLib.QuoteHandle(yield_), count)
        ),
        QuantLib.YieldTermStructureHandle(
            QuantLib.FlatForward(today, QuantLib.QuoteHandle(rate), count)
        ),
        QuantLib.BlackVolTermStructureHandle(
            QuantLib.BlackConstantVol(
                today, QuantLib.NullCalendar(), QuantLib.QuoteHandle(vol), count
            )
        ),
    )
    engine = QuantLib.QdFpAmericanEngine(process, scheme)
    out = np.empty((given.shape[1], markets.shape[2]))
    for i, (strike, years, sign) in enumerate(given[4:7].T.tolist()):
        side = QuantLib.Option.Call if sign > 0 else QuantLib.Option.Put
        option = QuantLib.VanillaOption(
            QuantLib.PlainVanillaPayoff(side, strike),
            QuantLib.AmericanExercise(today, today + round(years * 365)),
        )
        option.setPricingEngine(engine)
        for s, market in enumerate(markets[i].T.tolist()):
            for quote, level in zip(quotes, market, strict=True):
                quote.setValue(level)
            out[i, s] = option.NPV()
    return out


def errors(count: int) -> dict[str, float]:
    """Print errors by region; the root mean square over all of each contestant."""
    given = cases(count)
    markets = scenarios(given, LANES)
    exact = quantlib(given, markets[:, :, :1], QuantLib.QdFpAmericanEngine.highPrecisionScheme())
    quick = values(american_scenario_kernel(american_option), given, markets)
    precise = values(american_kernel(american_option), given, markets)
    found = {
        "riskmill, scenarios": quick[:, :1] - exact,
        "riskmill, base and greeks": precise[:, :1] - exact,
        "Leisen-Reimer tree, 101 steps": trees(given, markets[:, :, :LANES])[:, :1] - exact,
        "QuantLib QdFp, fast scheme": quantlib(
            given, markets[:, :, :1], QuantLib.QdFpAmericanEngine.fastScheme()
        )
        - exact,
        "riskmill, P&L, quick against precise": (quick - quick[:, -1:])
        - (precise - precise[:, -1:]),
    }
    print(f"\nErrors on a strike of 100, {count} cases a region: root mean square (largest)")
    print(f"{'':38}" + "".join(f"{name:>18}" for name in (*REGIONS, "all")))
    for name, error in found.items():
        groups = [error[given[7] == region] for region in range(len(REGIONS))] + [error]
        texts = [f"{np.sqrt(np.mean(e**2)):.1e} ({np.abs(e).max():.0e})" for e in groups]
        print(f"{name:38}" + "".join(f"{text:>18}" for text in texts))
    return {name: float(np.sqrt(np.mean(error**2))) for name, error in found.items()}


def compare(positions: int, width: int, rounds: int) -> dict[str, float]:
    """Prices a second of each contestant, riskmill first."""
    given = cases(positions // len(REGIONS) + 1)[:, :positions]
    markets = scenarios(given, width)
    few, its = given[:, :: max(positions // 20, 1)], markets[:: max(positions // 20, 1), :, :LANES]
    few, its = np.ascontiguousarray(few), np.ascontiguousarray(its)
    quick, precise = american_scenario_kernel(american_option), american_kernel(american_option)
    scheme = QuantLib.QdFpAmericanEngine.fastScheme()
    contestants: dict[str, Callable[[], FloatArray]] = {
        "riskmill, scenarios": lambda: values(quick, given, markets),
        "riskmill, base and greeks": lambda: values(precise, few, its),
        "Leisen-Reimer tree, 101 steps": lambda: trees(few, its),
        "QuantLib QdFp, fast scheme": lambda: quantlib(few, its[:, :, :20], scheme),
    }
    seconds = medians(contestants, rounds)
    counts = dict.fromkeys(seconds, few.shape[1] * LANES)
    counts["riskmill, scenarios"] = positions * width
    counts["QuantLib QdFp, fast scheme"] = few.shape[1] * 20
    print_rates(f"American options, {positions} positions x {width} scenarios", counts, seconds)
    return {name: counts[name] / seconds[name] for name in seconds}


def main() -> None:
    print_machine("QuantLib")
    rates = compare(int((*sys.argv[1:], "300")[0]), 512, 5)
    found = errors(300)
    ours = "riskmill, scenarios"
    print(
        f"\n{rates[ours] / 1e3:.0f} k prices a second (bar: 700), "
        f"rmse {found[ours]:.1e} (bar: {BAR})"
    )


if __name__ == "__main__":
    main()
