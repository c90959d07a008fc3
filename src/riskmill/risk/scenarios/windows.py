"""Windows of history: the pairs of dates between which shocks are observed."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np

from riskmill.domain import FactorHistory, FloatArray, InputRejected, RiskSpec, UsageError


@dataclass(frozen=True, kw_only=True, slots=True)
class Windows:
    """Overlapping windows, oldest first, each `holding_days` rows of the history long."""

    labels: tuple[str, ...]
    """ISO date of each window's end."""
    before: FloatArray
    """Shape (factors, windows): levels at each window's start."""
    after: FloatArray
    """Shape (factors, windows): levels at each window's end."""


def last_windows(history: FactorHistory, spec: RiskSpec, valuation_date: date) -> Windows:
    """
    The last `spec.scenarios` windows that end at or before *valuation_date*.

    Where the history is shorter there are fewer; rows after *valuation_date* are not read.
    Raises `UsageError` (E451) for a spec that asks for no window, `InputRejected` (E454)
    where the history holds not even one.
    """
    _check_history(history)
    if spec.scenarios < 1 or spec.holding_days < 1:
        raise _bad_lengths(spec)
    known = bisect_right(history.dates, valuation_date)
    first = max(spec.holding_days, known - spec.scenarios)
    if first >= known:
        raise _no_window(known, spec.holding_days, valuation_date)
    start = first - spec.holding_days
    return Windows(
        labels=tuple(day.isoformat() for day in history.dates[first:known]),
        before=history.values[start : known - spec.holding_days].T,
        after=history.values[first:known].T,
    )


def _check_history(history: FactorHistory) -> None:
    shape = (len(history.dates), len(history.factors))
    ordered = all(early < late for early, late in pairwise(history.dates))
    if np.shape(history.values) != shape or not ordered:
        raise InputRejected(
            "E460",
            f"the history has {shape[0]} dates, {shape[1]} factors and values of shape "
            f"{np.shape(history.values)}, its dates {'' if ordered else 'not '}ascending",
            place="history",
            remedy="Give an array with a row a date and a column a factor, dates ascending "
            "and each once.",
        )


def _bad_lengths(spec: RiskSpec) -> UsageError:
    return UsageError(
        "E451",
        f"the spec asks for {spec.scenarios} scenarios over {spec.holding_days} holding days",
        place="scenarios, holding_days",
        remedy="Ask for at least one scenario and at least one holding day.",
    )


def _no_window(known: int, holding_days: int, valuation_date: date) -> InputRejected:
    return InputRejected(
        "E454",
        f"the history has {known} dates up to {valuation_date.isoformat()}, "
        f"a single scenario over {holding_days} business day(s) needs {holding_days + 1}",
        place="history",
        remedy="Deliver a longer history, or shorten the holding period.",
    )
