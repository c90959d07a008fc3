"""
Room 2: pure maths from positions and market data to figures.

Positions, market data and a risk spec enter; scenario sets, P&L blocks, figures, limit
states and contributions leave. No file, clock, environment, network or unseeded random
number is ever touched here, and no result depends on how the work was partitioned.
"""

from riskmill.domain import PnlExplained, VarChange
from riskmill.risk.aggregate import Measured, measure
from riskmill.risk.blocks import (
    Block,
    cut_blocks,
    cut_segments,
    partition,
    partition_segments,
)
from riskmill.risk.codes import CODES
from riskmill.risk.contributions import (
    Attribution,
    TailRevaluation,
    contributions,
    merged,
    top_contributions,
)
from riskmill.risk.day_on_day import Earlier, aged_scenarios
from riskmill.risk.details import position_details
from riskmill.risk.limits import measure_limits
from riskmill.risk.market_changes import market_changes
from riskmill.risk.measures import (
    CONVENTIONS,
    DELTA_GAMMA_CONVENTIONS,
    ES_CONVENTIONS,
    MEASURES,
    Backtest,
    ChristoffersenTest,
    LikelihoodTest,
    Moments,
    TrafficLight,
    VarInterval,
    backtest,
    christoffersen_test,
    component_es,
    component_var,
    delta_gamma_moments,
    delta_gamma_var,
    expected_shortfall,
    expected_shortfall_error,
    gaussian_es,
    gaussian_var,
    incremental_es,
    incremental_var,
    independence_test,
    kupiec_test,
    marginal_es,
    marginal_var,
    modified_es,
    modified_var,
    parametric_component_var,
    parametric_es,
    parametric_marginal_var,
    parametric_var,
    pnl_moments,
    scenarios_needed,
    standalone_es,
    standalone_var,
    student_t_es,
    student_t_var,
    tail_weights,
    traffic_light,
    value_at_risk,
    value_at_risk_interval,
    without_es,
    without_var,
)
from riskmill.risk.par import par_dv01
from riskmill.risk.pnl_explain import pnl_explain
from riskmill.risk.position_changes import position_changes
from riskmill.risk.position_greeks import PositionGreek, PositionGreeks, position_greeks
from riskmill.risk.pricing import (
    CALL,
    DOWN,
    IN,
    OUT,
    PUT,
    UP,
    Greeks,
    ParQuote,
    Repricing,
    Valuation,
    accrued_interest,
    american_option,
    arithmetic_asian_option,
    average_option,
    barrier_option,
    bootstrap_zero_curve,
    clean_price,
    clean_price_at_yield,
    configure_kernels,
    continuous_arithmetic_asian_option,
    continuous_geometric_asian_option,
    derivative,
    digital_option,
    european_option,
    forward_price,
    future,
    fx_forward,
    fx_option,
    geometric_asian_option,
    greeks,
    kernel_fingerprint,
    present_value,
    price,
    processor_level,
    required_factors,
    revalue,
    touch_option,
    value,
    yield_to_maturity,
)
from riskmill.risk.reverse import FactorLoss, ReverseStress, reverse_stress
from riskmill.risk.scenarios import (
    Bump,
    Covariance,
    Scenarios,
    apply_shock,
    build_scenarios,
    bumps,
    check_spec,
    combined,
    covariance,
    describe_scenarios,
    draw_shocks,
    filtered_historical_scenarios,
    given_scenarios,
    historical_scenarios,
    monte_carlo_scenarios,
    shock_between,
)
from riskmill.risk.settlement import Settled, Settlement
from riskmill.risk.stressed import StressedWindow, stressed_window
from riskmill.risk.valued import BlockGreek, BlockGreeks, Revaluation, ValuedBlocks
from riskmill.risk.var_change import RiskDay, explain_var_change

__all__ = [
    "CALL", "CODES", "CONVENTIONS", "DELTA_GAMMA_CONVENTIONS", "DOWN", "ES_CONVENTIONS", "IN",
    "MEASURES", "OUT", "PUT", "UP", "Attribution", "Backtest", "Block", "BlockGreek", "BlockGreeks",
    "Bump", "ChristoffersenTest", "Covariance", "Earlier", "FactorLoss", "Greeks", "LikelihoodTest",
    "Measured", "Moments", "ParQuote", "PnlExplained", "PositionGreek", "PositionGreeks",
    "Repricing", "Revaluation", "ReverseStress", "RiskDay", "Scenarios", "Settled", "Settlement",
    "StressedWindow", "TailRevaluation", "TrafficLight", "Valuation", "ValuedBlocks", "VarChange",
    "VarInterval", "accrued_interest", "aged_scenarios", "american_option", "apply_shock",
    "arithmetic_asian_option", "average_option", "backtest", "barrier_option",
    "bootstrap_zero_curve", "build_scenarios", "bumps", "check_spec", "christoffersen_test",
    "clean_price", "clean_price_at_yield", "combined", "component_es", "component_var",
    "configure_kernels", "continuous_arithmetic_asian_option", "continuous_geometric_asian_option",
    "contributions", "covariance", "cut_blocks", "cut_segments", "delta_gamma_moments",
    "delta_gamma_var", "derivative", "describe_scenarios", "digital_option", "draw_shocks",
    "european_option", "expected_shortfall", "expected_shortfall_error", "explain_var_change",
    "filtered_historical_scenarios", "forward_price", "future", "fx_forward", "fx_option",
    "gaussian_es", "gaussian_var", "geometric_asian_option", "given_scenarios", "greeks",
    "historical_scenarios", "incremental_es", "incremental_var", "independence_test",
    "kernel_fingerprint", "kupiec_test", "marginal_es", "marginal_var", "market_changes", "measure",
    "measure_limits", "merged", "modified_es", "modified_var", "monte_carlo_scenarios", "par_dv01",
    "parametric_component_var", "parametric_es", "parametric_marginal_var", "parametric_var",
    "partition", "partition_segments", "pnl_explain", "pnl_moments", "position_changes",
    "position_details", "position_greeks", "present_value", "price", "processor_level",
    "required_factors", "revalue", "reverse_stress", "scenarios_needed", "shock_between",
    "standalone_es", "standalone_var", "stressed_window", "student_t_es", "student_t_var",
    "tail_weights", "top_contributions", "touch_option", "traffic_light", "value", "value_at_risk",
    "value_at_risk_interval", "without_es", "without_var", "yield_to_maturity",
]  # fmt: skip
