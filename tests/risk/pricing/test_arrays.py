"""The path without a compiler gives what the kernels give."""

import numpy as np
import pytest

from riskmill.domain import UsageError
from riskmill.risk import revalue
from tests.risk.pricing.samples import CONTRACTS, MARKET, positions, shaken


@pytest.mark.parametrize("name", CONTRACTS)
def test_both_paths_agree_to_a_trillionth_of_gross(name: str) -> None:
    held = positions([CONTRACTS[name]] * 3, 2.0)
    compiled, arrays = (
        revalue(held, MARKET, shaken(130), currency="EUR", path=path)
        for path in ("compiled", "numpy")
    )
    gross = max(1.0, float(np.abs(compiled.present_values).max()))
    assert np.abs(arrays.present_values - compiled.present_values).max() <= 1e-12 * gross
    assert np.abs(arrays.pnl - compiled.pnl).max() <= 1e-12 * gross
    assert arrays.failures == compiled.failures


def test_a_path_that_there_is_not_is_refused() -> None:
    held = positions([CONTRACTS["equity"]])
    with pytest.raises(UsageError) as refused:
        revalue(held, MARKET, shaken(3), currency="USD", path="gpu")
    assert refused.value.code == "E418"
