"""A zero curve whose discount factors rise where they must not (W312)."""

from collections.abc import Iterator
from itertools import pairwise

from riskmill.domain import Failure, FailureReason, RiskClass, tenor_days
from riskmill.ingestion.quality.check import warning
from riskmill.ingestion.quality.examined import Examined

_DAYS_A_YEAR = 365.0


def rising_discount_factors(market: Examined, below_zero: float) -> Iterator[Failure]:
    """
    Neighbouring nodes of a curve between which the forward rate is negative.

    Discount factors rise exactly where it is. Between two positive zero rates that is
    always said; elsewhere the forward rate may go down to *below_zero* under nought, a
    decimal, as it does where the market itself pays for keeping money.
    """
    curves: dict[str, list[tuple[float, float, str]]] = {}
    for factor, rate in market.quoted(RiskClass.RATES):
        node = (tenor_days(factor.tenor) / _DAYS_A_YEAR, rate, factor.id)
        curves.setdefault(factor.name, [(0.0, 0.0, "")]).append(node)
    for nodes in curves.values():
        for (start, first, before), (end, second, factor_id) in pairwise(sorted(nodes)):
            if end == start:
                continue
            forward = (second * end - first * start) / (end - start)
            floor = 0.0 if first > 0.0 and second > 0.0 else -below_zero
            if forward < floor:
                yield _rising(market, before, factor_id, forward, floor)


def _rising(market: Examined, before: str, factor_id: str, forward: float, floor: float) -> Failure:
    file, record, line = market.where(factor_id)
    value = market.snapshot.quotes[factor_id]
    where = f"between '{before}' and '{factor_id}'" if before else f"up to '{factor_id}'"
    return warning(
        "W312",
        FailureReason.MISMATCH,
        f"Discount factors rise {where}: the forward rate there is {100.0 * forward:.3f} %, "
        f"below {100.0 * floor + 0.0:.3g} %.",
        file=file,
        record=record,
        line=line,
        subject=factor_id,
        column="value",
        value=repr(value),
    )
