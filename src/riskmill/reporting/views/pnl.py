"""The firm's P&L vector: how it is spread, and how it ran through time."""

import math
from dataclasses import dataclass
from decimal import Decimal
from statistics import fmean, pstdev

from riskmill.reporting.views import words
from riskmill.reporting.views.findings import Findings
from riskmill.reporting.views.numbers import Number, confidence, count

_BINS = 60
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_MARKED = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Bin:
    """Scenarios whose P&L lies in [low, high)."""

    low: float
    high: float
    scenarios: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Marker:
    """A measure drawn into the charts of the vector."""

    label: str
    loss: Number
    """Loss positive, in full."""
    short: str
    """The same, rounded for a chart."""
    pnl: float
    """Where it lies on an axis of P&L: minus the loss."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Statistic:
    """A figure about the vector as a whole."""

    label: str
    figure: Number


@dataclass(frozen=True, kw_only=True, slots=True)
class PnlView:
    """The P&L vector of the firm, gains positive."""

    currency: str
    scenarios: tuple[str, ...]
    """Labels in the order of the vector, oldest first."""
    values: tuple[float, ...]
    """P&L by scenario, full precision."""
    bins: tuple[Bin, ...]
    markers: tuple[Marker, ...]
    """VaR first, then ES."""
    worst: tuple[int, ...]
    """Places of the worst scenarios in the vector, the worst first."""
    statistics: tuple[Statistic, ...]
    distribution: str
    """The histogram in words."""
    history: str
    """The vector through time in words."""
    remarks: tuple[str, ...]
    empty: str


def pnl_view(found: Findings) -> PnlView:
    """Spread the firm's vector over bins of a round width and mark VaR and ES in it."""
    values = () if found.book_is_empty else found.vector(found.firm)
    markers = _markers(found) if values else ()
    order = sorted(range(len(values)), key=lambda place: (values[place], place))
    return PnlView(
        currency=found.currency,
        scenarios=found.result.vectors.scenarios if values else (),
        values=values,
        bins=bins(values),
        markers=markers,
        worst=tuple(order[:_MARKED]),
        statistics=_statistics(found, values, markers),
        distribution=_distribution(found, values, markers),
        history=_history(found, values, order),
        remarks=_remarks(found, len(values)),
        empty="" if values else f"There is no P&L vector: {_why(found)}.",
    )


def _why(found: Findings) -> str:
    return "the book is empty" if found.book_is_empty else "no position was valued in this run"


def bins(values: tuple[float, ...]) -> tuple[Bin, ...]:
    """Bins of one round width that cover *values*; every value is in exactly one."""
    if not values:
        return ()
    low, high = min(values), max(values)
    width = _round_width((high - low) or abs(low) or 1.0)
    first = math.floor(low / width)
    many = math.floor(high / width) - first + 1
    counts = [0] * many
    for value in values:
        counts[min(max(math.floor(value / width) - first, 0), many - 1)] += 1
    return tuple(
        Bin(low=(first + i) * width, high=(first + i + 1) * width, scenarios=n)
        for i, n in enumerate(counts)
    )


def _round_width(span: float) -> float:
    rough = span / _BINS
    size: float = 10.0 ** math.floor(math.log10(rough))
    return next(step * size for step in _STEPS if step * size >= rough * 0.999)


def _markers(found: Findings) -> tuple[Marker, ...]:
    result = found.result
    wanted = (
        (f"VaR {confidence(result.headline_var)}", "value_at_risk", result.headline_var),
        (f"ES {confidence(result.headline_es)}", "expected_shortfall", result.headline_es),
    )
    losses = ((label, found.value(found.firm, name, key)) for label, name, key in wanted)
    return tuple(
        Marker(label=label, loss=found.money(loss), short=found.compact(loss).text, pnl=-loss)
        for label, loss in losses
        if loss is not None
    )


def _statistics(
    found: Findings, values: tuple[float, ...], markers: tuple[Marker, ...]
) -> tuple[Statistic, ...]:
    if not values:
        return ()
    figures = [
        Statistic(label="Scenarios", figure=count(len(values))),
        Statistic(label="Worst P&L", figure=found.money(min(values))),
        Statistic(label="Mean P&L", figure=found.money(fmean(values))),
        Statistic(label="Best P&L", figure=found.money(max(values))),
        Statistic(label="Standard deviation", figure=found.money(pstdev(values))),
    ]
    if markers:
        beyond = sum(value < markers[0].pnl for value in values)
        figures.append(Statistic(label=f"Losses beyond {markers[0].label}", figure=count(beyond)))
    return tuple(figures)


def _distribution(found: Findings, values: tuple[float, ...], markers: tuple[Marker, ...]) -> str:
    if not values:
        return ""
    marks = " and ".join(f"{m.label} of {m.loss.text}" for m in markers) or "no marks"
    return (
        f"Histogram of {words.quantity(len(values), 'scenario P&L', 'scenario P&Ls')} in "
        f"{found.currency}, from {found.money(min(values)).text} to "
        f"{found.money(max(values)).text}, with {marks} marked on the loss side."
    )


def _history(found: Findings, values: tuple[float, ...], order: list[int]) -> str:
    if not values:
        return ""
    worst = order[0]
    dated = found.result.record.first_scenario[:4].isdigit()
    return (
        f"Bar for each of {words.quantity(len(values), 'scenario')} in order of "
        f"{'date' if dated else 'number'}. The worst "
        f"is {words.quoted(found.result.vectors.scenarios[worst])} with "
        f"{found.money(values[worst]).text} {found.currency}."
    )


def _remarks(found: Findings, scenarios: int) -> tuple[str, ...]:
    if not scenarios:
        return ()
    thin = [
        confidence(level)
        for level in found.result.confidences
        if scenarios * (1 - Decimal(level)) <= 1
    ]
    if not thin:
        return ()
    many = words.quantity(scenarios, "scenario")
    return (f"With {many}, VaR and ES at {words.listed(thin)} are the worst scenario itself.",)
