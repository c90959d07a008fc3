"""
Compile every kernel for one processor level: `bake_kernels.py DIRECTORY LEVEL`.

Nothing compiled is run, so that a level may be baked on a machine that lacks it.
"""

import sys
from pathlib import Path

from riskmill.risk import configure_kernels, kernel_fingerprint
from riskmill.risk.pricing.instruments import PRICERS
from riskmill.risk.pricing.kernels import exp_kernel, linear_kernel
from riskmill.risk.pricing.pricers import OptionPricer


def main(directory: Path, level: str) -> None:
    """Compile, and keep the result where a worker looks for it."""
    kept = directory / kernel_fingerprint()
    kept.mkdir(parents=True, exist_ok=True)
    configure_kernels(str(kept), level)
    linear_kernel()
    exp_kernel()
    for pricer in PRICERS.values():
        if isinstance(pricer, OptionPricer):
            pricer.scenario_kernel(pricer.formula)
            if pricer.precise_kernel:
                pricer.precise_kernel(pricer.formula)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
