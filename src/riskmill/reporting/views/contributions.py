"""Who makes the firm's expected shortfall: books, then single positions."""

from dataclasses import dataclass

from riskmill.domain import Contribution
from riskmill.reporting.views.findings import Findings
from riskmill.reporting.views.numbers import Number, confidence, count, percent, ratio

OPEN = 20
"""Positions shown at once; the others stand behind a fold."""
MOST = 200
"""Positions on the page; the rest are in the files beside it."""


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
    empty: str


def contribution_view(found: Findings) -> ContributionView:
    """Rank books and positions by what they add to the firm's ES."""
    positions = tuple(
        _position(found, rank, part)
        for rank, part in enumerate(found.result.contributions[:MOST], start=1)
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


def _position(found: Findings, rank: int, part: Contribution) -> PositionContribution:
    return PositionContribution(
        rank=count(rank),
        position_id=part.position_id,
        book=part.book,
        instrument=part.instrument.replace("_", " "),
        underlying=part.underlying,
        present_value=found.money(part.present_value),
        component_es=found.money(part.component_es),
        share=_share(found, part.component_es),
    )


def _share(found: Findings, value: float) -> Number:
    whole = found.value(found.firm, "expected_shortfall", found.result.headline_es)
    return percent(ratio(value, whole))
