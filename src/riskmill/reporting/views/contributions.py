"""Who makes the firm's expected shortfall: books, then single positions."""

from dataclasses import dataclass
from itertools import accumulate
from math import fsum

from riskmill.domain import Contribution
from riskmill.reporting.views import words
from riskmill.reporting.views.findings import Findings
from riskmill.reporting.views.holdings import HoldingView, holding_views
from riskmill.reporting.views.numbers import Number, confidence, count, percent, ratio

OPEN = 20
"""Positions shown at once; the others stand behind a fold."""
MOST = 200
"""Positions on the page; the rest are in the files beside it."""
STEPS = (1, 2, 5, 10, 20, 50, 100, 200)
"""Numbers of positions whose share of ES is told."""
UNDERLYINGS = 8
"""Underlyings whose share of ES is told."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BookContribution:
    """A book's part in the firm's ES."""

    book: str
    component_es: Number
    share: Number
    """In percent of the firm's ES; negative for a book that diversifies."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PositionContribution:
    """A position's part in the firm's ES."""

    rank: Number
    position_id: str
    book: str
    instrument: str
    underlying: str
    present_value: Number
    component_es: Number
    share: Number
    detail: HoldingView | None
    """What the position is made of; none where it was not looked at by itself."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """The share of the firm's ES that so many of the largest contributors make."""

    positions: Number
    share: Number


@dataclass(frozen=True, kw_only=True, slots=True)
class UnderlyingShare:
    """One underlying among the contributors on the page, whose hedges are not among them."""

    underlying: str
    positions: Number
    component_es: Number
    share: Number
    """In percent of what the contributors on the page make together."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Concentration:
    """How few positions, and which underlyings, make the firm's ES."""

    sentence: str
    """The chart in words."""
    steps: tuple[Step, ...]
    """1, 2, 5, 10, ... positions, as far as there are any."""
    underlyings: tuple[UnderlyingShare, ...]
    """Largest first, at most eight."""
    underlyings_text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ContributionView:
    """Component ES, largest first."""

    caption: str
    books: tuple[BookContribution, ...]
    top: tuple[PositionContribution, ...]
    """Shown at once."""
    more: tuple[PositionContribution, ...]
    """Behind the fold."""
    more_text: str
    """What is behind the fold; empty where nothing is."""
    concentration: Concentration
    empty: str


def contribution_view(found: Findings) -> ContributionView:
    """Rank books and positions by what they add to the firm's ES."""
    parts = found.result.contributions[:MOST]
    details = holding_views(found)
    positions = tuple(
        _position(found, rank, part, details.get(part.position_id))
        for rank, part in enumerate(parts, start=1)
    )
    level = confidence(found.result.headline_es)
    more = positions[OPEN:]
    return ContributionView(
        caption=(
            f"Component ES {level} in {found.currency}, losses positive. Parts add up to the "
            "firm's ES; a negative part lowers it."
        ),
        books=_books(found),
        top=positions[:OPEN],
        more=more,
        more_text=f"Ranks {OPEN + 1} to {len(positions)}" if more else "",
        concentration=_concentration(found, parts),
        empty="" if positions else "No position contributes to expected shortfall in this run.",
    )


def _books(found: Findings) -> tuple[BookContribution, ...]:
    level = found.result.headline_es
    parts = [
        (value, book)
        for book in found.result.hierarchy.books
        if (value := found.value(book, "component_es", level)) is not None
    ]
    ranked = sorted(parts, key=lambda part: -part[0])
    return tuple(
        BookContribution(
            book=book,
            component_es=found.money(value),
            share=_share(found, value),
        )
        for value, book in ranked
    )


def _concentration(found: Findings, parts: tuple[Contribution, ...]) -> Concentration:
    sums = tuple(accumulate(part.component_es for part in parts))
    steps = tuple(
        Step(positions=count(many), share=_share(found, sums[many - 1]))
        for many in sorted({*STEPS, len(sums)})
        if 0 < many <= len(sums)
    )
    told = (
        f"{words.quantity(int(step.positions.value or 0), 'position')} {step.share.text}"
        for step in steps
    )
    return Concentration(
        sentence=(
            f"Share of the firm's ES {confidence(found.result.headline_es)} that its largest "
            f"contributors make together: {', '.join(told)}. It can exceed 100\u00a0%: hedges "
            "take away again."
            if steps
            else ""
        ),
        steps=steps,
        underlyings=_underlyings(found, parts),
        underlyings_text=(
            f"The {words.quantity(len(parts), 'position')} on this page alone, without what hedges "
            "take away again; shares are of their sum."
        ),
    )


def _underlyings(found: Findings, parts: tuple[Contribution, ...]) -> tuple[UnderlyingShare, ...]:
    sums: dict[str, list[float]] = {}
    for part in parts:
        sums.setdefault(part.underlying, []).append(part.component_es)
    ranked = sorted(sums.items(), key=lambda one: (-fsum(one[1]), one[0]))
    whole = fsum(part.component_es for part in parts)
    return tuple(
        UnderlyingShare(
            underlying=underlying,
            positions=count(len(values)),
            component_es=found.money(fsum(values)),
            share=percent(ratio(fsum(values), whole)),
        )
        for underlying, values in ranked[:UNDERLYINGS]
    )


def _position(
    found: Findings, rank: int, part: Contribution, detail: HoldingView | None
) -> PositionContribution:
    return PositionContribution(
        rank=count(rank),
        position_id=part.position_id,
        book=part.book,
        instrument=part.instrument.replace("_", " "),
        underlying=part.underlying,
        present_value=found.money(part.present_value),
        component_es=found.money(part.component_es),
        share=_share(found, part.component_es),
        detail=detail,
    )


def _share(found: Findings, value: float) -> Number:
    whole = found.value(found.firm, "expected_shortfall", found.result.headline_es)
    return percent(ratio(value, whole))
