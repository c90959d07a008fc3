"""The hierarchy of portfolios over books, and the limits set on them."""

from dataclasses import dataclass
from decimal import Decimal

from riskmill.domain.errors import InputRejected


@dataclass(frozen=True, kw_only=True, slots=True)
class Portfolio:
    """A node of the hierarchy: firm, business line, desk or book."""

    name: str
    level: str
    """`firm`, `business_line`, `desk` or `book`."""
    parent: str
    """Name of the portfolio above; empty for the firm."""


LEVELS = ("firm", "business_line", "desk", "book")


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """Every portfolio, parents before children, siblings in delivered order."""

    portfolios: tuple[Portfolio, ...]

    @property
    def books(self) -> tuple[str, ...]:
        """Names of the books, in delivered order."""
        return tuple(p.name for p in self.portfolios if p.level == "book")

    @property
    def firm(self) -> str:
        """Name of the one portfolio that has no parent."""
        for portfolio in self.portfolios:
            if not portfolio.parent:
                return portfolio.name
        raise InputRejected(
            "E220",
            "the hierarchy has no top: every portfolio names a parent",
            place="hierarchy",
            remedy="Leave the parent of the firm empty.",
        )

    def books_of(self, portfolio: str) -> tuple[str, ...]:
        """Books at or below *portfolio*, in delivered order."""
        below = {portfolio}
        for node in self.portfolios:
            if node.parent in below:
                below.add(node.name)
        return tuple(book for book in self.books if book in below)


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """Ceiling on a measure for one portfolio."""

    limit_id: str
    portfolio: str
    measure: str
    """`value_at_risk`, `expected_shortfall`, `delta`, `vega`, `dv01` or `stress_loss`."""
    confidence: Decimal | None
    """Confidence of VaR or ES; none for other measures."""
    amount: float
    """Positive, in `currency`; the measure's magnitude may not exceed it."""
    currency: str
    warning: float
    """Utilisation from which the limit warns, for example 0.9."""
