"""American options on equities."""

from riskmill.risk.pricing.formulas.american import american_option
from riskmill.risk.pricing.greeks import bump_greeks
from riskmill.risk.pricing.instruments.european_option import inputs, terms
from riskmill.risk.pricing.instruments.vanilla_columns import vanilla_columns
from riskmill.risk.pricing.kernels import american_kernel, american_scenario_kernel
from riskmill.risk.pricing.pricers import OptionPricer

PRICER = OptionPricer(
    formula=american_option,
    scenario_kernel=american_scenario_kernel,
    precise_kernel=american_kernel,
    greeks=bump_greeks,
    inputs=inputs,
    terms=terms,
    columns=vanilla_columns,
    units=lambda option: float(option.multiplier),
    ends=lambda option: option.expiry,
    underlying=lambda option: str(option.underlying),
    surface=lambda option: str(option.underlying),
)
