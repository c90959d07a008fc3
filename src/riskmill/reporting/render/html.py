"""The report model as one self-contained page: no script, no request, a strict policy."""

import base64
import functools
import hashlib
import re
from dataclasses import dataclass
from importlib import resources

import jinja2
from markupsafe import Markup

from riskmill.reporting.render.charts.bars import diverging_bars, heat, usage_bar
from riskmill.reporting.render.charts.distribution import distribution
from riskmill.reporting.render.charts.history import history
from riskmill.reporting.render.charts.ladder import ladders
from riskmill.reporting.render.charts.past_days import exceptions_so_far, past_days
from riskmill.reporting.render.charts.waterfall import waterfall
from riskmill.reporting.report import Report

NAME_LENGTH = 64
"""Characters of a delivered name that the page shows; report.json has it whole."""
WRAP_LENGTH = 32
"""Characters of a name from which it may take several lines."""
TEXT_LENGTH = 300
"""Characters of a longer delivered text that the page shows."""

_WIDE_LEFT, _WIDE_RIGHT, _NARROW, _WHOLE = 500.0, 700.0, 340.0, 1240.0
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
"""What no name needs: controls, and marks that force the direction of the text after them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Charts:
    """Everything drawn; charts of the vector in two widths, of which CSS shows one."""

    distribution: Markup
    distribution_narrow: Markup
    history: Markup
    history_narrow: Markup
    limits: tuple[Markup, ...]
    """One a limit."""
    portfolios: tuple[Markup, ...]
    """Component ES, one a portfolio."""
    books: tuple[Markup, ...]
    """Component ES, one a book of the contributions."""
    stress: tuple[Markup, ...]
    """The firm's P&L, one a scenario."""
    heat: tuple[tuple[str, ...], ...]
    """Shade of each desk's P&L, by scenario."""
    ladders: tuple[Markup, ...]
    """One a curve."""
    pairs: tuple[Markup, ...]
    """FX delta, one a pair."""
    falls: tuple[Markup, ...]
    """Why VaR and ES moved, and where P&L came from: each wide, then narrow."""
    past_days: Markup
    past_days_narrow: Markup
    tracks: tuple[Markup, ...]
    """How exceptions added up, one a backtest of the firm."""


def render_html(report: Report) -> bytes:
    """
    Set the page: UTF-8, under its own Content-Security-Policy, equal bytes for equal models.

    Everything delivered is escaped, isolated from the direction of the text around
    it, and shortened where it is very long.
    """
    style = _resource("report.css") + _resource("days.css")
    page = _environment().get_template("report.html.j2")
    text = page.render(
        report=report, charts=_charts(report), style=Markup(style), style_hash=_digest(style)
    )
    return text.encode("utf-8", "replace")


def _charts(report: Report) -> Charts:
    view, stress, sensitivities = report.pnl, report.stress, report.sensitivities
    largest = max((abs(f.value or 0.0) for row in stress.rows for f in row.desks), default=0.0)
    return Charts(
        distribution=distribution(view, width=_WIDE_LEFT, name="spread-wide"),
        distribution_narrow=distribution(view, width=_NARROW, name="spread-narrow"),
        history=history(view, width=_WIDE_RIGHT, name="history-wide"),
        history_narrow=history(view, width=_NARROW, name="history-narrow"),
        limits=tuple(usage_bar(row) for row in report.limits.rows),
        portfolios=diverging_bars(
            [row.component_es for row in report.portfolios.rows], losses="positive"
        ),
        books=diverging_bars(
            [row.component_es for row in report.contributions.books], losses="positive"
        ),
        stress=diverging_bars([row.firm for row in stress.rows], losses="negative"),
        heat=tuple(heat(row.desks, largest) for row in stress.rows),
        ladders=ladders(sensitivities.ladders, sensitivities.tenors),
        pairs=diverging_bars([row.figure for row in sensitivities.pairs], losses="negative"),
        falls=_falls(report),
        past_days=past_days(report.history, width=_WHOLE, name="past-wide"),
        past_days_narrow=past_days(report.history, width=_NARROW, name="past-narrow"),
        tracks=tuple(
            exceptions_so_far(track, width=_WIDE_LEFT, name=f"track-{number}")
            for number, track in enumerate(report.backtests.tracks)
        ),
    )


def _falls(report: Report) -> tuple[Markup, ...]:
    moved = report.day_on_day
    return tuple(
        waterfall(one, width=width, name=f"fall-{number}-{width:.0f}")
        for number, one in enumerate((moved.value_at_risk, moved.expected_shortfall, moved.pnl))
        for width in (_WIDE_RIGHT, _NARROW)
    )


def shown(text: str, length: int = NAME_LENGTH) -> str:
    """A delivered text for the page: shortened, controls and direction overrides replaced."""
    plain = _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)
    return plain if len(plain) <= length else f"{plain[: length - 1]}…"


def _digest(style: str) -> str:
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_resource),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["shown"] = shown
    environment.globals.update(TEXT_LENGTH=TEXT_LENGTH, WRAP_LENGTH=WRAP_LENGTH)
    return environment


@functools.cache
def _resource(name: str) -> str:
    """A file that comes with the package: part of the code, read once."""
    place = resources.files("riskmill.reporting.render") / "templates" / name
    return place.read_text(encoding="utf-8")
