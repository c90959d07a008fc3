"""The report model as one self-contained page: no script, no request, a strict policy."""

import base64
import functools
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from riskmill.reporting.render.charts.bars import diverging_bars, heat, usage_bar
from riskmill.reporting.render.charts.distribution import distribution
from riskmill.reporting.render.charts.history import WIDE, history
from riskmill.reporting.render.charts.ladder import ladders
from riskmill.reporting.render.charts.panels import stress_panels
from riskmill.reporting.render.charts.past_days import exceptions_so_far, past_days
from riskmill.reporting.render.charts.snapshot import (
    concentration_chart,
    curve_chart,
    surface_charts,
)
from riskmill.reporting.render.charts.waterfall import waterfall
from riskmill.reporting.render.holdings import holding_folds
from riskmill.reporting.render.texts import named, shown, told
from riskmill.reporting.render.theme import FRAME, PLAIN, STYLE, Theme
from riskmill.reporting.render.themed_page import (
    check_page,
    logo_image,
    template_text,
    without_dead_entries,
)
from riskmill.reporting.report import Report
from riskmill.reporting.tables.catalogue import SECTIONS, excerpt
from riskmill.reporting.views.quality import REASONS_ON_PAGE

_WIDE_LEFT, _WIDE_RIGHT, _NARROW, _WHOLE = 500.0, 700.0, 340.0, 1240.0
_IMPLIED = re.compile("</(?:td|th|tr|li)>|</p>(?=<p|</details)")
"""End tags that HTML lets be left out; delivered text holds none, it is escaped."""


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
    panels: tuple[Markup, ...]
    """Stress by desk, one a scenario, the worst first."""
    curves: Markup
    surfaces: tuple[Markup, ...]
    """One a surface."""
    concentration: Markup
    underlyings: tuple[Markup, ...]
    """Component ES, one an underlying of the contributions."""
    falls: tuple[Markup, ...]
    """Why VaR and ES moved, and where P&L came from: each wide, then narrow."""
    past_days: Markup
    past_days_narrow: Markup
    tracks: tuple[Markup, ...]
    """How exceptions added up, one a backtest of the firm."""


def render_html(report: Report, sections: Sequence[str] = SECTIONS, theme: Theme = PLAIN) -> bytes:
    """
    Set the page: UTF-8, under its own Content-Security-Policy, equal bytes for equal models.

    Everything delivered is escaped, isolated from the direction of the text around
    it, and shortened where it is very long. Raises `UsageError` (E723) where a template of the
    theme's own cannot be rendered.
    """
    style = theme.text(STYLE)
    with theme.blamed():
        page = _environment(tuple(sections), theme).get_template(FRAME)
        text = page.render(
            report=report,
            charts=_charts(report),
            folds=holding_folds(report.contributions),
            greeks={row.name: place for place, row in enumerate(report.sensitivities.books)},
            places={row.portfolio: place for place, row in enumerate(report.portfolios.rows)},
            style=Markup(style),
            style_hash=_digest(style),
            logo=logo_image(theme, report.strip.firm),
            excerpt=excerpt(sections),
        )
    if theme.files:
        check_page(text, render_html(report, sections).decode())
    return _IMPLIED.sub("", without_dead_entries(text)).encode("utf-8", "replace")


def _charts(report: Report) -> Charts:
    view, stress, sensitivities = report.pnl, report.stress, report.sensitivities
    largest = max((abs(f.value or 0.0) for row in stress.rows for f in row.desks), default=0.0)
    return Charts(
        distribution=distribution(view, width=_WIDE_LEFT, name="spread-wide"),
        distribution_narrow=distribution(view, width=_NARROW, name="spread-narrow"),
        history=history(view, width=WIDE, name="history-wide"),
        history_narrow=history(view, width=_NARROW, name="history-narrow", drawn="history-wide"),
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
        panels=stress_panels(stress),
        curves=curve_chart(report.market),
        surfaces=surface_charts(report.market),
        concentration=concentration_chart(report.contributions.concentration),
        underlyings=diverging_bars(
            [row.component_es for row in report.contributions.concentration.underlyings],
            losses="positive",
        ),
        falls=_falls(report),
        past_days=past_days(report.history, width=_WHOLE, name="past-wide"),
        past_days_narrow=past_days(
            report.history, width=_NARROW, name="past-narrow", drawn="past-wide"
        ),
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


def _digest(style: str) -> str:
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


def _environment(sections: tuple[str, ...], theme: Theme) -> jinja2.Environment:
    return _own_environment(sections, theme) if theme.files else _plain_environment(sections)


@functools.cache
def _plain_environment(sections: tuple[str, ...]) -> jinja2.Environment:
    """The templates that come with riskmill: code like any other."""
    return _filled(jinja2.Environment, sections, PLAIN)


def _own_environment(sections: tuple[str, ...], theme: Theme) -> jinja2.Environment:
    """Templates in a sandbox: they see the model, and can change and reach nothing."""
    return _filled(ImmutableSandboxedEnvironment, sections, theme)


def _filled(
    kind: type[jinja2.Environment], sections: tuple[str, ...], theme: Theme
) -> jinja2.Environment:
    environment = kind(
        loader=jinja2.FunctionLoader(partial(template_text, sections, theme)),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["shown"] = shown
    environment.globals.update(name=named, long=told, REASONS_ON_PAGE=REASONS_ON_PAGE)
    return environment
