"""Proxies, scenarios, hierarchy and limits."""

from decimal import Decimal

import pytest

from riskmill.domain import Hierarchy, InputRejected, Limit, Proxy, StressScenario, StressShock
from tests.ingestion.deliveries import HIERARCHY, LIMITS, PROXIES, SCENARIOS, staged


def _codes(dataset: str, text: str) -> list[tuple[str, int | None]]:
    return [(f.code, f.record) for f in staged(dataset, text).failures]


def test_proxies_keep_their_order_and_reasons() -> None:
    text = PROXIES + 'CO:GAS,none,1,"no data,\nyet"\n'
    assert staged("proxies", text).content == (
        Proxy(factor="VOL:*", proxy="EQ:AAPL", beta=-1.5, reason="no history, so the share's"),
        Proxy(factor="CO:GAS", proxy="none", beta=1.0, reason="no data,\nyet"),
    )


@pytest.mark.parametrize("factor", ["*", "SPX*", "EQ", "EQ:A*B", "IR:USD", "FX:EUR"])
def test_a_pattern_is_the_beginning_of_a_factor_id(factor: str) -> None:
    assert _codes("proxies", PROXIES.replace("VOL:*", factor)) == [("E150", 1)]


def test_a_proxy_is_one_factor() -> None:
    assert _codes("proxies", PROXIES.replace("EQ:AAPL", "EQ:*")) == [("E150", 1)]


def test_a_scenario_gathers_its_shocks_in_order() -> None:
    text = SCENARIOS + "calm,EQ:AAPL,log,0\n"
    assert staged("scenarios", text).content == (
        StressScenario(
            name="crash",
            shocks=(
                StressShock(factor="EQ:*", kind="relative", size=-0.3),
                StressShock(factor="IR:USD:*", kind="absolute", size=-0.01),
            ),
        ),
        StressScenario(name="calm", shocks=(StressShock(factor="EQ:AAPL", kind="log", size=0.0),)),
    )


def test_a_scenario_that_lost_a_row_is_left_out_whole() -> None:
    text = SCENARIOS.replace("-0.3", "-1") + "calm,EQ:AAPL,log,0\n"
    found = staged("scenarios", text)
    assert _codes("scenarios", text) == [("E128", 1), ("E131", 2)]
    assert isinstance(found.content, tuple)
    assert [getattr(scenario, "name", "") for scenario in found.content] == ["calm"]
    assert found.records.tolist() == [3]


def test_a_row_that_belongs_to_nobody_knows_which_scenario_refuses_the_file() -> None:
    with pytest.raises(InputRejected) as refusal:
        staged("scenarios", SCENARIOS + "calm,EQ:AAPL\n")
    assert refusal.value.code == "E034"
    assert "record 3" in refusal.value.place


def test_an_optional_file_may_have_no_rows() -> None:
    assert staged("scenarios", SCENARIOS.split("\n")[0] + "\n").content == ()


def test_parents_stand_before_children_and_siblings_in_delivered_order() -> None:
    hierarchy = staged("hierarchy", HIERARCHY).content
    assert isinstance(hierarchy, Hierarchy)
    names = [portfolio.name for portfolio in hierarchy.portfolios]
    assert names == ["FIRM", "LINE", "DESK", "CASH", "OTHER"]
    assert hierarchy.books_of("DESK") == ("CASH", "OTHER")


def test_what_stands_below_a_rejected_portfolio_is_rejected_with_it() -> None:
    text = HIERARCHY.replace("DESK,desk,LINE", "DESK,desk,GONE")
    assert _codes("hierarchy", text) == [("E132", 1), ("E132", 2), ("E132", 5)]


def test_a_portfolio_cannot_stand_below_itself() -> None:
    assert _codes("hierarchy", HIERARCHY + "LOOP,desk,LOOP\n") == [("E132", 6)]


def test_a_portfolio_that_is_named_twice_is_kept_once() -> None:
    assert _codes("hierarchy", HIERARCHY + "CASH,book,DESK\n") == [("E119", 6)]


def test_limits_hold_exact_confidences() -> None:
    limits = staged("limits", LIMITS).content
    assert limits == (
        Limit(
            limit_id="L-1",
            portfolio="FIRM",
            measure="value_at_risk",
            confidence=Decimal("0.99"),
            amount=1e6,
            currency="USD",
            warning=0.9,
        ),
        Limit(
            limit_id="L-2",
            portfolio="DESK",
            measure="dv01",
            confidence=None,
            amount=5000.0,
            currency="USD",
            warning=0.8,
        ),
    )
    first = limits[0]
    assert isinstance(first, Limit)
    assert str(first.confidence) == "0.99"


@pytest.mark.parametrize("confidence", ["99", "1", "0", "0.0", "1.0", "99%", "9e-1", "-0.99"])
def test_a_confidence_is_a_decimal_between_0_and_1(confidence: str) -> None:
    assert _codes("limits", LIMITS.replace("0.990", confidence)) == [("E128", 1)]


def test_a_limit_on_var_needs_a_confidence() -> None:
    assert _codes("limits", LIMITS.replace("0.990", "")) == [("E106", 1)]


@pytest.mark.parametrize(("old", "new", "code"), [
    ("0.8", "1.01", "E128"), ("5000", "0", "E109"), ("dv01", "DV01", "E116"),
    ("USD", "XXQ", "E118"),
])  # fmt: skip
def test_a_limit_with_an_impossible_cell_is_rejected(old: str, new: str, code: str) -> None:
    row = LIMITS.splitlines()[2].replace(old, new)
    assert _codes("limits", "\n".join([LIMITS.splitlines()[0], row])) == [(code, 1)]
