"""Two runs compared: what is alike is subtracted, what is not is told in words."""

from dataclasses import replace

import pytest

from riskmill.domain import (
    FactorMove,
    FactorMoves,
    PositionChange,
    PositionChanges,
    RiskResult,
    RiskSpec,
    SettingChange,
)
from riskmill.reporting import (
    ComparedRun,
    RunComparison,
    build_comparison,
    render_comparison_html,
    render_comparison_json,
)
from riskmill.reporting.views.compared_figures import ComparedFigure
from tests.reporting.bank import (
    FIRM,
    all_breached_result,
    demo_result,
    empty_result,
    hostile_result,
    one_scenario_result,
)
from tests.reporting.page import parse

NO_POSITIONS = PositionChanges(added=0, removed=0, changed=0, unchanged=0, largest=())
NO_MOVES = FactorMoves(moved=0, still=0, added=(), removed=(), largest=())


def compared(
    before: RiskResult,
    after: RiskResult,
    spec_before: RiskSpec | None = None,
    spec_after: RiskSpec | None = None,
    positions: PositionChanges = NO_POSITIONS,
    market: FactorMoves = NO_MOVES,
    settings: tuple[SettingChange, ...] = (),
) -> RunComparison:
    return build_comparison(
        ComparedRun(result=before, risk=spec_before or RiskSpec()),
        ComparedRun(result=after, risk=spec_after or RiskSpec()),
        positions=positions,
        market=market,
        settings=settings,
    )


def firm(found: RunComparison, measure: str, key: str = "") -> ComparedFigure:
    row = next(row for row in found.portfolios if row.portfolio == FIRM)
    return next(one for one in row.figures if (one.measure, one.key) == (measure, key))


def scaled(result: RiskResult, by: float) -> RiskResult:
    figures = tuple(replace(figure, value=figure.value * by) for figure in result.figures)
    return replace(result, figures=figures)


def in_currency(result: RiskResult, currency: str) -> RiskResult:
    return replace(result, record=replace(result.record, reporting_currency=currency))


def test_differences_are_after_less_before_and_in_percent_of_the_size_before() -> None:
    before = demo_result()
    found = compared(before, scaled(before, 1.25))
    figure = firm(found, "value_at_risk", "0.99")
    assert figure.before.value is not None
    assert figure.change.value == pytest.approx(0.25 * figure.before.value)
    assert figure.percent.text == "+25.0\u00a0%"
    assert "rose by" in found.headline[0].sentence


def test_a_run_held_against_an_equal_one_differs_in_nothing() -> None:
    found = compared(demo_result(), demo_result())
    changes = {figure.change.value for row in found.portfolios for figure in row.figures}
    assert changes == {0.0}
    assert (found.limits.rows, found.inputs, found.settings) == ((), (), ())
    assert "did not move" in found.headline[0].sentence


def test_amounts_of_two_currencies_are_never_subtracted() -> None:
    found = compared(demo_result(), in_currency(demo_result(), "EUR"))
    figures = [figure for row in found.portfolios for figure in row.figures]
    assert {figure.change.value for figure in figures} == {None}
    assert {(figure.before.unit, figure.after.unit) for figure in figures} == {("USD", "EUR")}
    assert found.likeness.unlike[0] == (
        "Amounts are in USD before and in EUR after, so none is subtracted from another."
    )
    assert found.likeness.unlike[0] in parse(render_comparison_html(found)).text


def test_losses_over_two_periods_are_not_subtracted_and_values_are() -> None:
    found = compared(demo_result(), demo_result(), RiskSpec(), RiskSpec(holding_days=10))
    assert firm(found, "value_at_risk", "0.99").change.value is None
    assert firm(found, "present_value").change.value == 0.0
    assert "over 10\u00a0business days after" in found.likeness.unlike[0]


def test_a_confidence_is_compared_with_itself_only() -> None:
    after = replace(demo_result(), confidences=("0.95", "0.99"), headline_es="0.95")
    found = compared(demo_result(), after)
    assert found.likeness.confidences == ("0.95", "0.99")
    assert (found.likeness.var, found.likeness.es) == ("0.99", "0.95")
    told = " ".join(found.likeness.unlike)
    assert "only 95\u00a0% and 99\u00a0% of both are compared" in told
    assert "headline ES is at 97.5\u00a0% before and at 95\u00a0% after" in told


def test_without_a_common_confidence_there_is_no_var_to_compare() -> None:
    after = replace(demo_result(), confidences=("0.9",), headline_var="0.9", headline_es="0.9")
    found = compared(demo_result(), after)
    measures = {figure.measure for row in found.portfolios for figure in row.figures}
    assert measures == {"present_value"}
    assert "no VaR or ES is compared" in " ".join(found.likeness.unlike)
    assert "Not in common" in parse(render_comparison_html(found)).text


def test_another_scenario_set_is_told() -> None:
    found = compared(demo_result(), demo_result(), RiskSpec(), RiskSpec(scenario_set="monte_carlo"))
    assert "Scenarios are historical before and monte carlo after" in found.likeness.unlike[0]


def test_limits_that_changed_their_state_are_told_worst_first() -> None:
    before = demo_result()
    first, second, *others = before.limits
    after = replace(
        before,
        limits=(
            replace(first, status="ok" if first.status == "breach" else "breach"),
            replace(second, amount=second.amount * 2),
            *others[:-1],
            replace(others[-1], limit_id="NEW"),
        ),
    )
    found = compared(before, after).limits
    assert found.same == len(others) - 1
    whats = {row.limit_id: row.what for row in found.rows}
    assert whats["NEW"] == "new"
    assert whats[others[-1].limit_id] == "no longer there"
    assert whats[second.limit_id] == "same state, other terms"
    assert whats[first.limit_id].split(":")[0] in ("better", "worse")


def test_every_limit_breached_is_named() -> None:
    found = compared(demo_result(), all_breached_result())
    assert found.limits.verdict.tone == "breach"
    assert "newly breached" in found.limits.verdict.sentence


def test_files_are_compared_by_their_hash() -> None:
    before = demo_result()
    first, second, *others = before.record.inputs
    changed = (replace(first, sha256="f" * 64), replace(second, name="renamed.csv"), *others)
    found = compared(before, replace(before, record=replace(before.record, inputs=changed)))
    told = {change.name: change.what for change in found.inputs}
    assert told == {first.name: "changed", second.name: "removed", "renamed.csv": "added"}
    assert found.inputs_same == len(others)


def test_portfolios_of_one_run_only_are_told_as_such() -> None:
    before, after = demo_result(), demo_result(wide=2)
    only = {row.portfolio: row.only for row in compared(before, after).portfolios if row.only}
    assert set(only.values()) == {"after"}
    back = {row.portfolio: row.only for row in compared(after, before).portfolios if row.only}
    assert set(back.values()) == {"before"}
    assert only.keys() == back.keys()


@pytest.mark.parametrize("other", [empty_result, one_scenario_result])
def test_a_run_with_next_to_nothing_can_be_compared(other: object) -> None:
    assert callable(other)
    for pair in ((demo_result(), other()), (other(), demo_result()), (other(), other())):
        assert parse(render_comparison_html(compared(*pair))).text


@pytest.mark.parametrize("name", ["<script>x</script>", "\u202eABC", "🎉" * 400, "A" * 10_000])
def test_hostile_names_are_shown_as_text(name: str) -> None:
    result = hostile_result(name)
    position = PositionChange(
        position_id=name, book=name, instrument=name, kind="changed", columns=("book",),
        before=1.0, after=2.0,
    )  # fmt: skip
    move = FactorMove(factor=name, before=1.0, after=2.0, move=100.0, unit="%", typical=None)
    found = compared(
        result,
        scaled(result, 2.0),
        positions=replace(NO_POSITIONS, changed=1, largest=(position,)),
        market=replace(NO_MOVES, moved=1, largest=(move,)),
        settings=(SettingChange(name="snapshot", before=name, after=name[::-1]),),
    )
    raw = render_comparison_html(found).decode()
    assert "<script" not in raw
    assert "\u202e" not in raw
    assert len(raw) < 300_000


def test_equal_comparisons_give_equal_bytes() -> None:
    pages = {render_comparison_html(compared(demo_result(), empty_result())) for _ in range(3)}
    models = {render_comparison_json(compared(demo_result(), empty_result())) for _ in range(3)}
    assert (len(pages), len(models)) == (1, 1)
