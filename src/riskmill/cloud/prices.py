"""
List prices, in one place, each with the page it stands on: for the dashboard and docs/cost.md.

They were written down by hand and are fetched by no program. They are examples: before a number
that follows from them is relied on, each is to be checked on its page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from riskmill.cloud.stages import STAGES, Stage

SOURCE = "AWS Fargate pricing page, Linux on x86, us-east-1, US dollars, on demand"
AS_OF = "2026-06"
VCPU_HOUR = Decimal("0.04048")
GB_HOUR = Decimal("0.004445")
HOURS_A_MONTH = 730
SPOT_DISCOUNT = Decimal("0.7")
"""Largest discount of Fargate Spot; the real one moves."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Price:
    """What one thing beside the tasks costs."""

    what: str
    dollars: Decimal
    per: str
    page: str
    """Pricing page of AWS that it is to be checked on."""


KEY_MONTH = Price(what="a key", dollars=Decimal(1), per="month", page="AWS KMS pricing")
METRIC_MONTH = Price(
    what="a metric", dollars=Decimal("0.30"), per="month", page="Amazon CloudWatch pricing"
)
ALARM_MONTH = Price(
    what="a metric that an alarm looks at",
    dollars=Decimal("0.10"),
    per="month",
    page="Amazon CloudWatch pricing",
)
DASHBOARD_MONTH = Price(
    what="a dashboard", dollars=Decimal(3), per="month", page="Amazon CloudWatch pricing"
)
ENDPOINT_HOUR = Price(
    what="an endpoint in a zone",
    dollars=Decimal("0.01"),
    per="hour",
    page="AWS PrivateLink pricing",
)
TRANSITION = Price(
    what="a thousand transitions of a state machine",
    dollars=Decimal("0.025"),
    per="thousand",
    page="AWS Step Functions pricing",
)
OTHER_PRICES: Sequence[Price] = (
    KEY_MONTH, METRIC_MONTH, ALARM_MONTH, DASHBOARD_MONTH, ENDPOINT_HOUR, TRANSITION,
)  # fmt: skip


def hourly(stage: Stage) -> Decimal:
    """Dollars for one running task of this stage for an hour, on demand."""
    return Decimal(stage.cpu) / 1024 * VCPU_HOUR + Decimal(stage.memory) / 1024 * GB_HOUR


def idle_monthly() -> Decimal:
    """Dollars a month for the tasks that always run by default."""
    return sum((stage.floor * hourly(stage) for stage in STAGES), Decimal(0)) * HOURS_A_MONTH
