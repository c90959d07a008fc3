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
from riskmill.reporting.render.charts.svg import element, number, trail
from riskmill.reporting.render.charts.waterfall import waterfall
from riskmill.reporting.views.day_on_day import Step, Waterfall
from riskmill.reporting.views.numbers import money, percent
from tests.reporting.bank import demo_result
from tests.reporting.page import Node, parse

VIEW = build_report(demo_result()).pnl
PIXELS = st.floats(min_value=-50.0, max_value=2_000.0)
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


@given(st.lists(st.tuples(PIXELS, PIXELS), min_size=1, max_size=30))
def test_a_trail_leads_through_every_point_to_a_tenth_of_a_pixel(points):
    first, _, steps = trail(points).removeprefix("M").partition("l")
    numbers = [float(text) for text in re.findall(r"-?(?:\d+\.\d|\.\d|\d+)", first + " " + steps)]
    x = y = 0.0
    assert len(numbers) == 2 * len(points)
    for (wide, tall), dx, dy in zip(points, numbers[::2], numbers[1::2], strict=True):
        x, y = x + dx, y + dy
        assert abs(x - wide) < 0.0501
        assert abs(y - tall) < 0.0501


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
    (used,) = bar.all("path", "use-breach")
    assert used.attributes["d"] == bar.all("path", "track")[0].attributes["d"]


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
    told = (node.attributes.get("text-anchor") for node in (text, *text.ancestors()))
    anchor = next((one for one in told if one), "start")
    left = {"middle": x - width / 2, "end": x - width}.get(anchor, x)
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
    (line,) = parse(line_chart(gap, name="c").encode()).all("path", "line")
    assert re.fullmatch(r"M[\d. ]+l[\d. -]+", line.attributes["d"])


def test_stress_panels_share_one_scale_and_print_every_desk():
    report = build_report(demo_result())
    panels = [parse(panel.encode()) for panel in stress_panels(report.stress)]
    assert len(panels) == 4
    zeros = {panel.all("path", "axis")[0].attributes["d"] for panel in panels}
    assert len(zeros) == 1
    for panel, row in zip(panels, report.stress.rows, strict=False):
        texts = [text.text for text in panel.all("text")]
        assert [figure.text for figure in row.desks] == texts[len(row.desks) :]


def test_a_narrow_history_uses_the_bars_of_the_wide_one():
    wide = history(VIEW, width=700.0, name="w")
    narrow = history(VIEW, width=340.0, name="n", drawn="w")
    assert 'id="w-bars"' in wide
    assert 'href="#w-bars"' in narrow
    assert len(narrow) < len(wide) / 2


def _step(label: str, amount: float, *, level: bool) -> Step:
    return Step(label=label, short=label, note="", amount=money(amount, "USD"), level=level)


@pytest.mark.parametrize(("change", "cut"), [(20.0, True), (1_200.0, False), (-1_200.0, False)])
def test_a_waterfall_whose_axis_begins_above_nought_says_so(change: float, cut: bool):
    view = Waterfall(
        title="t",
        losses="positive",
        steps=(
            _step("before", 1_000.0, level=True),
            _step("change", change, level=False),
            _step("after", 1_000.0 + change, level=True),
        ),
        description="d",
    )
    drawn = parse(waterfall(view, width=700.0, name="w").encode())
    notes = [text.text for text in drawn.all("text") if "not from 0" in text.text]
    assert len(notes) == cut
    assert all(note.startswith("Axis from 9") for note in notes)
