"""Kernels are compiled once, before the tests: compiling reads numba's files, pricing does not."""

import pytest

from riskmill.risk.pricing.formulas import american_option
from riskmill.risk.pricing.instruments import PRICERS
from riskmill.risk.pricing.kernels import (
    american_kernel,
    configure_kernels,
    linear_kernel,
)
from riskmill.risk.pricing.pricers import OptionPricer


@pytest.fixture(scope="session", autouse=True)
def _kernels() -> None:
    configure_kernels("", "host")
    for pricer in PRICERS.values():
        if isinstance(pricer, OptionPricer):
            pricer.scenario_kernel(pricer.formula)
    american_kernel(american_option)
    linear_kernel()
