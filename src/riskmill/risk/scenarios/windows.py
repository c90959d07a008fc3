"""Windows of history: the pairs of dates between which shocks are observed."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from riskmill.domain import FactorHistory, FloatArray, InputRejected, RiskSpec, UsageError

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Windows:
    """Windows of equal length, oldest first."""

    labels: tuple[str, ...]
    """ISO date of each window's end."""
    starts: Rows
    """Row of the history at which each window begins."""
    before: FloatArray
    """Shape (factors, windows): levels at each window's start."""
    after: FloatArray
    """Shape (factors, windows): levels at each window's end."""

    def __len__(self) -> int:
        return len(self.labels)

    def between(self, start: int, stop: int) -> "Windows":
        """The windows from number *start* up to, not including, *stop*."""
        return Windows(
            labels=self.labels[start:stop],
            starts=self.starts[start:stop],
            before=self.before[:, start:stop],
            after=self.after[:, start:stop],
        )


def chosen_windows(history: FactorHistory, spec: RiskSpec, valuation_date: date) -> Windows:
    """
    The windows that *spec* chooses: by their number, or from its first day on.

    They end at or before its last day and *valuation_date*; later rows are not read. Where
    the history is shorter there are fewer.
    Raises `UsageError` (E451) for a spec that asks for no window, `InputRejected`: E454 where
    the history holds not even one, E460 for a history that is none.
    """
    last = min(valuation_date, spec.last_day or valuation_date)
    every = every_window(history, spec, last)
    if spec.first_day is None:
        return every.between(max(0, len(every) - spec.scenarios), len(every))
    first = bisect_left(every.labels, spec.first_day.isoformat())
    chosen = every.between(first, len(every))
    if not len(chosen):
        days = f"from {spec.first_day.isoformat()} to {last.isoformat()}"
        raise _no_window(f"holds no window that ends {days}", spec)
    return chosen


def every_window(history: FactorHistory, spec: RiskSpec, last: date) -> Windows:
    """
    All windows that end at or before *last*, the newest at the newest row there is.

    Overlapping ones begin a row apart, others where the one before ended. Raises as
    `chosen_windows` does.
    """
    _check_history(history)
    if spec.scenarios < 1 or spec.holding_days < 1:
        raise _bad_lengths(spec)
    days = observed_days(spec)
    known = bisect_right(history.dates, last)
    if known <= days:
        raise _no_window(f"has {known} dates up to {last.isoformat()}", spec)
    step = 1 if spec.overlapping else days
    ends = np.arange(known - 1, days - 1, -step, dtype=np.int64)[::-1]
    return Windows(
        labels=tuple(history.dates[row].isoformat() for row in ends.tolist()),
        starts=ends - days,
        before=history.values[ends - days].T,
        after=history.values[ends].T,
    )


def observed_days(spec: RiskSpec) -> int:
    """Business days over which a shock is observed: one where it is scaled up afterwards."""
    return 1 if spec.time_scaling == "square_root" else spec.holding_days


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


def _no_window(state: str, spec: RiskSpec) -> InputRejected:
    days = observed_days(spec)
    return InputRejected(
        "E454",
        f"the history {state}, a single scenario over {days} business day(s) needs {days + 1}",
        place="history",
        remedy="Deliver a longer history, choose other days, or shorten the holding period.",
    )
