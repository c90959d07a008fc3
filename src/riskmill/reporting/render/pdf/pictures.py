"""The page's charts as pictures of their own: the same drawing, in the colours of paper."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from riskmill.reporting.render.charts.distribution import distribution
from riskmill.reporting.render.charts.history import history
from riskmill.reporting.render.charts.ladder import ladders
from riskmill.reporting.render.charts.past_days import exceptions_so_far, past_days
from riskmill.reporting.render.charts.snapshot import (
    curve_chart,
    surface_charts,
)
from riskmill.reporting.render.charts.waterfall import waterfall
from riskmill.reporting.report import Report

_ROOT = re.compile(r":root\s*\{(.*?)\}", re.DOTALL)
_VARIABLE = re.compile(r"--([a-z0-9-]+):\s*([^;]+);")
_RULE = re.compile(r"(?m)(?:^|(?<=\} ))((?:\.[a-z0-9-]+(?:,\s*)?)+)\s*\{([^{}]*)\}")
_CLASS = re.compile(r'class="([a-z0-9 -]+)"')
_DRAWN = re.compile(r"(fill|stroke[a-z-]*|font-size|font-weight|paint-order):\s*([^;]+)")
"""Declarations of a style that a drawing knows."""
_LADDERS_IN_A_ROW = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """A chart and what it says in words."""

    svg: bytes
    title: str
    alternative: str
    """The chart in words."""
    width: int
    """In percent of the page."""


def pictures_of(report: Report, section: str, css: str) -> tuple[Picture, ...]:
    """Draw the charts of a section; *css* is the page's style sheet, whose light colours hold."""
    draw = CHARTS.get(section)
    if not draw:
        return ()
    return tuple(
        Picture(svg=_standalone(str(svg), css), title=title, alternative=words, width=width)
        for svg, title, words, width in draw(report)
        if svg
    )


def paper_style(css: str, classes: frozenset[str]) -> str:
    """The rules of a drawing's classes, every variable replaced by its light value."""
    root = _ROOT.search(css)
    values = dict(_VARIABLE.findall(root[1])) if root else {}
    rules = [
        f"{selectors}{{{_resolved(body, values)}}}"
        for selectors, body in _RULE.findall(css)
        if _DRAWN.search(body) and classes & set(re.findall(r"[a-z0-9-]+", selectors))
    ]
    return 'svg,text{font-family:"Libertinus Serif"}' + "".join(rules)


def _resolved(body: str, values: Mapping[str, str]) -> str:
    light = re.sub(r"var\(--([a-z0-9-]+)\)", lambda found: values.get(found[1], "#000"), body)
    return ";".join(f"{name}:{value.strip()}" for name, value in _DRAWN.findall(light))


def _standalone(svg: str, css: str) -> bytes:
    style = paper_style(css, frozenset(" ".join(_CLASS.findall(svg)).split()))
    opening, rest = svg.split(">", 1)
    opening = opening.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    return f"{opening}><style>{style}</style>{rest}".encode("utf-8", "replace")


Drawing = tuple[Markup, str, str, int]
"""A chart, its title, the chart in words, and its width in percent."""


def _vector(report: Report) -> Sequence[Drawing]:
    view = report.pnl
    return (
        (distribution(view, width=500.0, name="d"), "How it is spread", view.distribution, 42),
        (
            history(view, width=700.0, name="h"),
            "How it ran, scenario by scenario",
            view.history,
            58,
        ),
    )


def _ladders(report: Report) -> Sequence[Drawing]:
    view = report.sensitivities
    drawn = ladders(view.ladders, view.tenors)
    width = 100 // _LADDERS_IN_A_ROW
    return [
        (svg, f"DV01 along {ladder.curve}", ladder.description, width)
        for svg, ladder in zip(drawn, view.ladders, strict=True)
    ]


def _moved(report: Report) -> Sequence[Drawing]:
    view = report.day_on_day
    return [
        (waterfall(one, width=500.0, name=f"w{number}"), one.title, one.description, 33)
        for number, one in enumerate((view.value_at_risk, view.expected_shortfall, view.pnl))
    ]


def _past(report: Report) -> Sequence[Drawing]:
    view = report.history
    drawn = past_days(view, width=1000.0, name="p")
    return ((drawn, "VaR and P&L through past days", view.description, 100),)


def _tracks(report: Report) -> Sequence[Drawing]:
    return [
        (exceptions_so_far(one, width=500.0, name=f"t{n}"), one.title, one.description, 33)
        for n, one in enumerate(report.backtests.tracks)
    ]


def _snapshot(report: Report) -> Sequence[Drawing]:
    view = report.market
    surfaces = zip(surface_charts(view), view.surfaces, strict=True)
    return [
        (curve_chart(view), "Zero rates", view.curves_text, 33),
        *((svg, f"Volatility of {one.name}", one.description, 33) for svg, one in surfaces),
    ]


CHARTS: Mapping[str, Callable[[Report], Sequence[Drawing]]] = {
    "day_on_day": _moved,
    "pnl": _vector,
    "sensitivities": _ladders,
    "market": _snapshot,
    "history": _past,
    "backtests": _tracks,
}
"""The charts of each section in print."""
