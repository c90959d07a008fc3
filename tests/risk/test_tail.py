import numpy as np

from riskmill.domain import (
    Figure,
    Hierarchy,
    PnlVectors,
    Portfolio,
    RiskSpec,
    ScenarioSet,
    TailScenario,
)
from riskmill.risk.scenarios import kinds_of
from riskmill.risk.tail import FactorMoves, sensitivities_of, worst_scenarios

HIERARCHY = Hierarchy(
    (
        Portfolio(name="bank", level="firm", parent=""),
        Portfolio(name="left", level="book", parent="bank"),
        Portfolio(name="right", level="book", parent="bank"),
    )
)
QUOTES = {
    "CO:WTI": 50.0,
    "EQ:SPX": 2500.0,
    "FX:EURUSD": 1.25,
    "IR:USD:10Y": 0.0,
    "VOL:SPX:2019-03-15:2400": 0.3,
    "VOL:SPX:2019-03-15:2500": 0.2,
    "YIELD:SPX": 0.02,
}


def worst(
    levels: dict[str, float], sensitivities: dict[tuple[str, str], float]
) -> tuple[TailScenario, ...]:
    shocked = QUOTES | levels
    return worst_scenarios(
        PnlVectors(
            portfolios=("bank", "left", "right"),
            scenarios=("2018-12-31",),
            values=np.array([[-10.0], [2.0], [-12.0]]),
        ),
        HIERARCHY,
        FactorMoves(
            scenarios=ScenarioSet(
                name="historical",
                labels=("2018-12-31",),
                factors=tuple(shocked),
                levels=np.array(list(shocked.values()))[:, np.newaxis],
            ),
            quotes=QUOTES,
            kinds=kinds_of(RiskSpec()),
            sensitivities=sensitivities,
        ),
    )


def moves(
    levels: dict[str, float], sensitivities: dict[tuple[str, str], float]
) -> list[tuple[str, float]]:
    (scenario,) = worst(levels, sensitivities)
    return [(factor, round(shock, 9)) for factor, shock in scenario.moves]


def test_the_driver_is_the_book_that_lost_most():
    (scenario,) = worst({}, {})
    assert (scenario.rank, scenario.pnl) == (1, -10.0)
    assert (scenario.driver, scenario.driver_pnl) == ("right", -12.0)


def test_without_sensitivities_no_move_is_blamed():
    assert moves({"EQ:SPX": 2000.0}, {}) == []


def test_moves_are_ranked_by_what_they_cost_and_told_in_their_kind():
    levels = {"EQ:SPX": 2400.0, "FX:EURUSD": 1.375, "IR:USD:10Y": 0.002, "CO:WTI": 45.0}
    sensitivities = {
        ("delta", "SPX"): 10.0,  # -4 %: -40
        ("fx_delta", "EURUSD"): -5.0,  # +10 %: -50
        ("dv01", "USD:10Y"): -3.0,  # +20 bp: -60
        ("delta", "WTI"): 1.0,  # -10 %: -10
    }
    assert moves(levels, sensitivities) == [
        ("IR:USD:10Y", 0.002),
        ("FX:EURUSD", round(np.log(1.1), 9)),
        ("EQ:SPX", round(np.log(0.96), 9)),
    ]


def test_a_move_that_gained_is_not_blamed():
    assert moves({"EQ:SPX": 2600.0}, {("delta", "SPX"): 10.0}) == []


def test_short_gamma_is_hurt_by_a_move_without_a_delta():
    found = moves({"EQ:SPX": 2600.0}, {("delta", "SPX"): 0.0, ("gamma", "SPX"): -2.0})
    assert [factor for factor, _ in found] == ["EQ:SPX"]


def test_a_surface_speaks_through_its_node_that_moved_most():
    levels = {"VOL:SPX:2019-03-15:2400": 0.33, "VOL:SPX:2019-03-15:2500": 0.21}
    assert moves(levels, {("vega", "SPX"): -7.0}) == [("VOL:SPX:2019-03-15:2400", 0.1)]
    assert moves(levels, {("vega", "SPX"): 7.0}) == []


def test_sensitivities_of_one_portfolio_are_taken_out_of_all_figures():
    figures = [
        Figure(portfolio=name, measure="delta", key="SPX", value=value, unit="USD")
        for name, value in [("bank", 1.0), ("left", 2.0)]
    ]
    assert sensitivities_of("bank", figures) == {("delta", "SPX"): 1.0}
