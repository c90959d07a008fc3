"""
The stressed set: past windows among which the worst stretch is looked for, or lies.

docs/methodology/stressed_period.md; docs/decisions/0006-stressed-period-on-the-axis.md.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping

import numpy as np

from riskmill.domain import (
    FloatArray,
    InputRejected,
    MarketData,
    RiskSpec,
    StressedSpec,
    parse_factor,
)
from riskmill.risk.scenarios.historical import (
    ShockedLevels,
    observed_shocks,
    shocked_levels,
)
from riskmill.risk.scenarios.options import check_length
from riskmill.risk.scenarios.shocks import apply_shock, usable_entries
from riskmill.risk.scenarios.windows import Windows, every_window

Levels = Mapping[str, FloatArray]


def stressed_levels(
    market: MarketData, spec: RiskSpec, chosen: StressedSpec, headline: ShockedLevels
) -> tuple[tuple[str, ...], Levels]:
    """
    Labels and levels of the windows that *chosen* names, or of the whole usable history.

    Every factor moves that moves in *headline*. Without days these are the windows from the
    first on at which each of them has a shock, its proxy being that of *headline*; with days a
    factor takes its own shocks there, or else its proxy's.
    Raises `InputRejected`: E483 where the history does not reach over the days, is shorter
    than the stretch looked for, or a factor has no shock; E480 for a stretch too short for the
    confidences of *spec*, `UsageError` (E480) where *chosen* asks for no more.
    """
    every = every_window(market.history, spec, market.snapshot.valuation_date)
    if chosen.first_day is None or chosen.last_day is None:
        return _whole(market, spec, chosen, headline, every)
    return _between(market, spec, chosen, headline, every)


def _whole(
    market: MarketData,
    spec: RiskSpec,
    chosen: StressedSpec,
    headline: ShockedLevels,
    every: Windows,
) -> tuple[tuple[str, ...], Levels]:
    check_length(chosen.scenarios, spec, asked=chosen.scenarios, place="stressed.scenarios")
    shocks = observed_shocks(market, every, spec)
    quotes = market.snapshot.quotes
    with np.errstate(invalid="ignore", over="ignore"):
        levels = {
            factor: apply_shock(quotes[factor], beta * shocks(driver), driver[1])
            for factor, (driver, beta) in headline.drivers.items()
        }
    first, last_hole = 0, ""
    for factor, row in levels.items():
        holes = np.flatnonzero(~usable_entries(row, parse_factor(factor).risk_class))
        if len(holes) and holes[-1] >= first:
            first, last_hole = int(holes[-1]) + 1, factor
    if len(every) - first < chosen.scenarios:
        why = f"; {last_hole} has no usable shock before that" if last_hole else ""
        raise _refused(
            f"the worst {chosen.scenarios:,} scenarios are looked for among "
            f"{len(every) - first:,} usable ones{why}",
            "Deliver a longer history, or look for a shorter period.",
        )
    return every.labels[first:], {factor: row[first:] for factor, row in levels.items()}


def _between(
    market: MarketData,
    spec: RiskSpec,
    chosen: StressedSpec,
    headline: ShockedLevels,
    every: Windows,
) -> tuple[tuple[str, ...], Levels]:
    windows = _of_days(every, chosen)
    check_length(len(windows), spec, asked=len(windows), place="stressed.first_day")
    found = shocked_levels(market, spec, windows.labels, observed_shocks(market, windows, spec))
    lost = sorted(set(headline.drivers) - set(found.drivers))
    if lost:
        raise _refused(
            f"{len(lost)} factor(s) have no usable shocks from {windows.labels[0]} to "
            f"{windows.labels[-1]}, nor has a proxy: {', '.join(lost[:5])}",
            "Deliver their history, name proxies for them, or choose other days.",
        )
    return windows.labels, {factor: found.levels[factor] for factor in headline.drivers}


def _of_days(every: Windows, chosen: StressedSpec) -> Windows:
    """The windows that end on one of the days; refused where the history begins later."""
    first, last = str(chosen.first_day), str(chosen.last_day)
    if not every.labels[0] <= first or not last <= every.labels[-1]:
        raise _refused(
            f"the period from {first} to {last} is not within the history, whose windows end "
            f"from {every.labels[0]} to {every.labels[-1]}",
            "Deliver a longer history, or choose days inside it.",
        )
    start, stop = bisect_left(every.labels, first), bisect_right(every.labels, last)
    if start == stop:
        raise _refused(f"no window ends from {first} to {last}", "Choose other days.")
    return every.between(start, stop)


def _refused(message: str, remedy: str) -> InputRejected:
    return InputRejected("E483", message, place="stressed", remedy=remedy)
