"""The hierarchy knows its top and what lies below each portfolio."""

import pytest

from riskmill.domain import Hierarchy, InputRejected, Portfolio


def node(name: str, level: str, parent: str) -> Portfolio:
    return Portfolio(name=name, level=level, parent=parent)


BANK = Hierarchy(
    (
        node("Bank", "firm", ""),
        node("Rates", "business_line", "Bank"),
        node("Swaps", "desk", "Rates"),
        node("USD", "book", "Swaps"),
        node("EUR", "book", "Swaps"),
        node("Equities", "business_line", "Bank"),
        node("Cash", "desk", "Equities"),
        node("US", "book", "Cash"),
    )
)


def test_the_firm_is_the_portfolio_without_a_parent() -> None:
    below_first = Hierarchy((*BANK.portfolios[1:], BANK.portfolios[0]))
    assert BANK.firm == below_first.firm == "Bank"


@pytest.mark.parametrize(
    ("portfolio", "books"),
    [
        ("Bank", ("USD", "EUR", "US")),
        ("Rates", ("USD", "EUR")),
        ("Cash", ("US",)),
        ("EUR", ("EUR",)),
        ("Nowhere", ()),
    ],
)
def test_books_below_a_portfolio_stand_in_delivered_order(
    portfolio: str, books: tuple[str, ...]
) -> None:
    assert BANK.books_of(portfolio) == books


def test_a_hierarchy_without_a_top_is_refused() -> None:
    with pytest.raises(InputRejected) as refused:
        _ = Hierarchy((node("A", "desk", "B"), node("B", "desk", "A"))).firm
    assert refused.value.code == "E220"
