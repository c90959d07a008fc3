import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmill.reporting import build_report
from riskmill.reporting.render.charts.bars import diverging_bars, heat, usage_bar
from riskmill.reporting.render.charts.distribution import distribution
from riskmill.reporting.render.charts.history import history
from riskmill.reporting.render.charts.lines import Line, LineChart, line_chart
from riskmill.reporting.render.charts.panels import stress_panels
from riskmill.reporting.render.charts.scale import Scale, tick_texts, ticks
from riskmill.reporting.render.charts.svg import element, number
from riskmill.reporting.views.numbers import money, percent
from tests.reporting.bank import demo_result
from tests.reporting.page import Node, parse

VIEW = build_report(demo_result()).pnl
CHARACTER = 6.6
"""Width of a character of a chart's labels, on the wide side, in pixels."""


def test_attributes_and_text_are_escaped():
    assert (
        element("text", '<b>&"', class_='a"b') == '<text class="a&#34;b">&lt;b&gt;&amp;&#34;</text>'
    )


@pytest.mark.parametrize(
    ("value", "text"), [(1.0, "1"), (1.26, "1.3"), (-0.04, "0"), (-3.25, "-3.2")]
)
def test_coordinates_have_a_tenth_of_a_pixel(value, text):
    assert number(value) == text


def test_a_scale_without_extent_maps_to_its_start():
    assert Scale(low=2.0, high=2.0, start=10.0, stop=20.0)(2.0) == 10.0


@given(
    st.floats(min_value=-1e12, max_value=1e12), st.floats(min_value=1e-3, max_value=1e12),
    st.integers(2, 9),
)  # fmt: skip
def test_ticks_lie_within_the_axis_at_even_steps(low, span, most):
    high = low + span
    found = ticks(low, high, most)
    assert len(found) <= 2 * most + 2
    rounding = 1e-6 * span + 1e-15 * max(abs(low), abs(high))
    assert all(low - rounding <= t <= high + rounding for t in found)
    assert list(found) == sorted(found)


def test_ticks_share_one_unit():
    assert tick_texts((-5e6, -2.5e6, 0.0, 2.5e6)) == (
        "\u22125.0\u00a0m", "\u22122.5\u00a0m", "0", "2.5\u00a0m",
    )  # fmt: skip


@pytest.mark.parametrize("width", [340.0, 500.0, 700.0])
@pytest.mark.parametrize("chart", [distribution, history])
def test_labels_never_collide_and_stay_inside(chart, width):
    for view in _views():
        picture = parse(chart(view, width=width, name="c").encode())
        boxes = [_box(text) for text in picture.all("text")]
        for place, box in enumerate(boxes):
            assert box[0] >= -1.0, box
            assert box[2] <= width + 6.0, box
            assert not [other for other in boxes[place + 1 :] if _overlap(box, other)]


def test_every_scenario_has_a_bar():
    drawn = history(VIEW, width=700.0, name="c")
    assert len(re.findall("M[0-9.]+ [0-9.]+V", drawn)) == len(VIEW.values)


def test_losses_beyond_var_are_set_apart():
    tail = re.search('<path d="([^"]*)" class="stroke-tail"', history(VIEW, width=700.0, name="c"))
    beyond = sum(v < VIEW.markers[0].pnl for v in VIEW.values)
    assert tail is not None
    assert tail[1].count("M") == beyond


def test_a_vector_of_one_value_and_one_of_none_can_be_drawn():
    for values in ((5.0,), (0.0,), (-3.0, -3.0)):
        view = replace(VIEW, values=values, scenarios=("a",) * len(values), worst=(0,))
        assert "<path" in history(view, width=340.0, name="c")
    assert history(replace(VIEW, values=()), width=340.0, name="c") == ""
    assert distribution(replace(VIEW, bins=()), width=340.0, name="c") == ""


def test_a_usage_bar_never_leaves_its_track():
    row = build_report(demo_result()).limits.rows[0]
    far = replace(row, utilisation=replace(row.utilisation, value=5_000.0), status="breach")
    bar = parse(usage_bar(far).encode())
    assert all(float(rect.attributes["width"]) <= 100 for rect in bar.all("rect"))
    assert bar.all("rect", "use-breach")


def test_bars_take_the_colour_of_a_loss_from_the_sign_that_means_one():
    pnl = diverging_bars([money(-1.0, "USD"), money(1.0, "USD")], losses="negative")
    var = diverging_bars([money(-1.0, "USD"), money(1.0, "USD")], losses="positive")
    assert ["tail" in bar for bar in (*pnl, *var)] == [True, False, False, True]


def test_heat_grows_with_magnitude_and_nothing_has_none():
    figures = [money(v, "USD") for v in (-10.0, -1.0, 0.0, 5.0, None)]
    assert heat(figures, 10.0) == ("l5", "", "", "g2", "")
    assert heat(figures, 0.0) == ("",) * 5


def _views():
    yield VIEW
    for shift in (-3e6, 3e6):
        markers = tuple(replace(mark, pnl=mark.pnl + shift) for mark in VIEW.markers)
        yield replace(VIEW, markers=markers)
    yield build_report(demo_result(scenarios=7)).pnl


def _box(text: Node) -> tuple[float, float, float, float]:
    x, y = float(text.attributes["x"]), float(text.attributes["y"])
    width = CHARACTER * len(text.text)
    left = {"middle": x - width / 2, "end": x - width}.get(text.attributes.get("text-anchor"), x)
    return left, y - 8.0, left + width, y + 2.0


def _overlap(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def test_a_line_chart_keeps_its_labels_apart_and_inside():
    for lines in (1, 2, 9):
        chart = LineChart(
            places=("1M", "1Y", "10Y"),
            lines=[
                Line(name=f"a long name {n}", figures=[percent(0.01 + n * 1e-4)] * 3)
                for n in range(lines)
            ],
            title="t",
            description="d",
        )
        picture = parse(line_chart(chart, name="c").encode())
        boxes = [_box(text) for text in picture.all("text")]
        for place, box in enumerate(boxes):
            assert box[0] >= -4.0
            assert box[2] <= 366.0
            assert not [other for other in boxes[place + 1 :] if _overlap(box, other)]
        assert len(picture.all("path", "line")) == lines


def test_a_line_of_one_place_is_a_dot_and_one_of_none_is_nothing():
    none = percent(None)
    one = LineChart(places=("1Y",), lines=[Line(name="", figures=[percent(0.0)])],
                    title="t", description="d")  # fmt: skip
    assert "<circle" in line_chart(one, name="c")
    assert line_chart(replace(one, lines=[Line(name="x", figures=[none])]), name="c") == ""
    gap = replace(one, places=("1Y", "2Y", "3Y"),
                  lines=[Line(name="x", figures=[percent(0.1), none, percent(0.2)])])  # fmt: skip
    assert line_chart(gap, name="c").count("L") == 1


def test_stress_panels_share_one_scale_and_print_every_desk():
    report = build_report(demo_result())
    panels = [parse(panel.encode()) for panel in stress_panels(report.stress)]
    assert len(panels) == 4
    zeros = {panel.all("line")[0].attributes["x1"] for panel in panels}
    assert len(zeros) == 1
    for panel, row in zip(panels, report.stress.rows, strict=False):
        texts = [text.text for text in panel.all("text")]
        assert [figure.text for figure in row.desks] == texts[1::2]


def test_a_narrow_history_uses_the_bars_of_the_wide_one():
    wide = history(VIEW, width=700.0, name="w")
    narrow = history(VIEW, width=340.0, name="n", drawn="w")
    assert 'id="w-bars"' in wide
    assert 'href="#w-bars"' in narrow
    assert len(narrow) < len(wide) / 2
