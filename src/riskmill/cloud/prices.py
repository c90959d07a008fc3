"""List prices, in one place, with their date and source: for the dashboard and docs/cost.md."""

from decimal import Decimal

from riskmill.cloud.stages import STAGES, Stage

SOURCE = "AWS Fargate pricing page, Linux on x86, us-east-1, US dollars, on demand"
AS_OF = "2026-06"
VCPU_HOUR = Decimal("0.04048")
GB_HOUR = Decimal("0.004445")
HOURS_A_MONTH = 730
SPOT_DISCOUNT = Decimal("0.7")
"""Largest discount of Fargate Spot; the real one moves."""


def hourly(stage: Stage) -> Decimal:
    """Dollars for one running task of this stage for an hour, on demand."""
    return Decimal(stage.cpu) / 1024 * VCPU_HOUR + Decimal(stage.memory) / 1024 * GB_HOUR


def idle_monthly() -> Decimal:
    """Dollars a month for the tasks that always run by default."""
    return sum((stage.floor * hourly(stage) for stage in STAGES), Decimal(0)) * HOURS_A_MONTH
