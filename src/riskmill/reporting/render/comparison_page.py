"""A comparison of two runs as a page and as JSON."""

import msgspec

from riskmill.domain import FactorMove
from riskmill.reporting.comparison import RunComparison
from riskmill.reporting.render.pages import set_page
from riskmill.reporting.views import words
from riskmill.reporting.views.numbers import MISSING, fixed, money, signed


def render_comparison_html(comparison: RunComparison) -> bytes:
    """Set the page of a comparison; equal comparisons give equal bytes."""
    return set_page(
        "comparison.html.j2", it=comparison, moved=_moved, amount=_amount, factor=words.factor_name
    )


def render_comparison_json(comparison: RunComparison) -> bytes:
    """JSON of a comparison, a line a value, ending in a newline."""
    return msgspec.json.format(msgspec.json.encode(comparison), indent=1) + b"\n"


def _moved(move: FactorMove) -> tuple[str, str, str, str]:
    """A factor's levels, its move and how unusual that is, as text."""
    decimals = {"%": 4, "bp": 6, "vol pt": 4}[move.unit]
    multiple = move.multiple
    return (
        fixed(move.before, decimals),
        fixed(move.after, decimals),
        f"{signed(move.move, 2)} {move.unit}",
        MISSING if multiple is None else f"{fixed(multiple, 1)} daily sd",
    )


def _amount(value: float | None, currency: str) -> str:
    return money(value, currency).text
