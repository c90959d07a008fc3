"""Kernels are compiled once, before the tests: compiling reads numba's files, pricing does not."""

import pytest

from riskmill.risk.pricing.formulas import american_option, european_option
from riskmill.risk.pricing.kernels import (
    american_kernel,
    configure_kernels,
    european_kernel,
    linear_kernel,
    option_kernel,
)


@pytest.fixture(scope="session", autouse=True)
def _kernels() -> None:
    configure_kernels("", "host")
    european_kernel(european_option)
    option_kernel(european_option)
    american_kernel(american_option)
    linear_kernel()
