"""Writes the pages that are made from the stacks: permissions.md and cost.md."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal

from riskmill.cloud import (
    ALARM_MONTH,
    AS_OF,
    DASHBOARD_MONTH,
    ENDPOINT_HOUR,
    GB_HOUR,
    HOURS_A_MONTH,
    KEY_MONTH,
    METRIC_MONTH,
    OTHER_PRICES,
    SOURCE,
    SPOT_DISCOUNT,
    STAGES,
    TEMPLATES,
    TRANSITION,
    VCPU_HOUR,
    Price,
    hourly,
    idle_monthly,
    render,
)

Json = object
_PERMISSIONS = """# Who may do what

Every role, and every policy of a resource, as the templates in `infrastructure/` have them. This page is
made from them by `make docs`: do not edit it. `<env>` is the parameter `EnvironmentSuffix`; all is in
one account and region unless it says otherwise.

`*` stands only where the service knows no resource for the action: the registry's login, task tokens,
log delivery, traces, and metrics, which are bound to a namespace.
"""
_COST = """# What it costs

Made from the table of stages and one table of prices by `make docs`: do not edit it.

**Every amount here is an example.** The prices in this table were written down by hand, for us-east-1,
and no program fetched them; prices move, and differ by region and contract. Check each on the page
named beside it before you rely on what follows from it, and put yours into `src/riskmill/cloud/prices.py`.
All else is calculated from them.
"""


def permissions_page() -> str:
    """A row for each statement of each role and each policy of a resource."""
    parts = [_PERMISSIONS]
    for name in TEMPLATES:
        resources = json.loads(render(name))["Resources"]
        parts += [f"## Of the {name}\n", *_roles(resources), *_policies(resources)]
    return "\n".join(parts).rstrip() + "\n"


def _roles(resources: Mapping[str, Mapping[str, Json]]) -> Iterator[str]:
    for logical_id, resource in resources.items():
        if resource["Type"] == "AWS::IAM::Role":
            made = _properties(resource)
            (trust,) = made["AssumeRolePolicyDocument"]["Statement"]
            yield f"### {logical_id}\n"
            yield f"Assumed by {_said(trust['Principal'])} for {_condition(trust)}.\n"
            for policy in made["Policies"]:
                yield from _table(policy["PolicyDocument"]["Statement"])


def _policies(resources: Mapping[str, Mapping[str, Json]]) -> Iterator[str]:
    for logical_id, resource in resources.items():
        made = _properties(resource)
        document = made.get("PolicyDocument") or made.get("KeyPolicy")
        if isinstance(document, Mapping) and "Fn::Sub" in document:
            document = json.loads(str(document["Fn::Sub"]))
        if isinstance(document, Mapping):
            yield f"### {logical_id}\n"
            yield from _table(document["Statement"])


def _properties(resource: Mapping[str, Json]) -> Mapping[str, Json]:
    made = resource["Properties"]
    assert isinstance(made, Mapping)
    return made


def _table(statements: list[Mapping[str, Json]]) -> Iterator[str]:
    yield "| who | may | on | if |"
    yield "|---|---|---|---|"
    for one in statements:
        who = _said(one["Principal"]) if "Principal" in one else "the role"
        may = ("**not** " if one["Effect"] == "Deny" else "") + _said(one["Action"])
        yield f"| {who} | {may} | {_said(one['Resource'])} | {_condition(one)} |"
    yield ""


def _condition(statement: Mapping[str, Json]) -> str:
    conditions = statement.get("Condition", {})
    assert isinstance(conditions, Mapping)
    return "; ".join(
        f"`{key}` is {_said(value)}"
        for operands in conditions.values()
        for key, value in operands.items()
    )


def _said(value: Json) -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, (_said(one) for one in value)))
    if isinstance(value, Mapping):
        return _function(value)
    return f"`{_short(str(value))}`"


def _function(value: Mapping[str, Json]) -> str:
    ((name, inner),) = value.items()
    if name in ("Fn::Sub", "AWS", "Service"):
        return _said(inner)
    if name == "Fn::If":
        assert isinstance(inner, list)
        chosen = [_said(one) for one in inner[1:] if one != {"Ref": "AWS::NoValue"}]
        return " or ".join(chosen) + (" (if given)" if len(chosen) == 1 else "")
    if name == "Fn::GetAtt":
        assert isinstance(inner, list)
        return f"`{inner[0]}`"
    return f"`{_short(str(inner))}`"


def _short(text: str) -> str:
    text = text.replace("${EnvironmentSuffix}", "<env>")
    text = text.replace("arn:${AWS::Partition}:", "").replace(
        ":${AWS::Region}:${AWS::AccountId}:", ":"
    )
    text = text.replace("${AWS::Region}", "<region>").replace("${AWS::URLSuffix}", "<suffix>")
    return text.replace("${AWS::AccountId}", "<account>").replace("AWS::AccountId", "this account")


def cost_page() -> str:
    """Idle, a run, a million valuations, and how to come to nothing."""
    parts = [
        _COST,
        f"| item | US dollars | source |\n|---|---|---|\n"
        f"| vCPU, an hour | {VCPU_HOUR} | {SOURCE}, {AS_OF} |\n"
        f"| GB of memory, an hour | {GB_HOUR} | the same |\n"
        f"| Spot | up to {SPOT_DISCOUNT:.0%} less | the same; it moves |\n"
        + "".join(
            f"| {one.what}, {_per(one)} | {one.dollars} | {one.page} |\n" for one in OTHER_PRICES
        ),
        "## Idle\n",
        *_idle(),
        "## A run\n",
        *_runs(),
        _ZERO,
    ]
    return "\n".join(parts)


def _idle() -> Iterator[str]:
    yield "| stage | vCPU | GB | an hour | least tasks | a month |"
    yield "|---|---|---|---|---|---|"
    for stage in STAGES:
        month = stage.floor * hourly(stage) * HOURS_A_MONTH
        yield (
            f"| {stage.name} | {Decimal(stage.cpu) / 1024} | {Decimal(stage.memory) / 1024} "
            f"| {hourly(stage):.5f} | {stage.floor} | {month:.2f} |"
        )
    floor = sum(Decimal(stage.floor * stage.cpu) / 1024 for stage in STAGES)
    ceiling = sum(Decimal(stage.ceiling * stage.cpu) / 1024 for stage in STAGES)
    yield f"| all | | | | | **{idle_monthly():.2f}** |"
    beside = (
        KEY_MONTH.dollars
        + 20 * (METRIC_MONTH.dollars + ALARM_MONTH.dollars)
        + DASHBOARD_MONTH.dollars
    )
    endpoint = ENDPOINT_HOUR.dollars * HOURS_A_MONTH
    yield (
        f"\nThat is {floor} vCPU at the least and {ceiling} at the most: ask for a quota of "
        "Fargate On-Demand vCPU above it. Beside the tasks come the key, some 20 metrics, 9 alarms that "
        f"look at some 20, and a dashboard (about {beside:.0f} a month together), and, without NAT, 9 endpoints "
        f"in three zones ({endpoint:.2f} a month for each endpoint and zone).\n"
    )


def _per(price: Price) -> str:
    return f"a {price.per}" if price.per != "hour" else "an hour"


def _runs() -> Iterator[str]:
    risk = next(stage for stage in STAGES if stage.room == "risk")
    second = hourly(risk) / 3600
    yield (
        "A run costs what its tasks cost beyond those that run anyway: tasks times seconds times the "
        f"hourly price. A task of risk-calculation costs {second * 1_000_000:.2f} dollars a million "
        "seconds. With *r* valuations a second of one task (`benchmarks/` measures it on your "
        "instruments) a million valuations cost:\n"
    )
    yield "| valuations a second of one task | a million valuations, on demand | all on Spot, at best |"
    yield "|---|---|---|"
    for rate in (100_000, 1_000_000, 10_000_000):
        cost = second * 1_000_000 / rate
        yield f"| {rate:,} | {cost:.7f} | {cost * (1 - SPOT_DISCOUNT):.7f} |"
    task = hourly(risk) * risk.ceiling
    yield (
        f"\nAll {risk.ceiling} tasks of risk-calculation for an hour: {task:.2f}. A state machine's "
        f"transitions come to {TRANSITION.dollars} for a thousand, and a task of the plan takes about four.\n"
    )


_ZERO = """## Nothing between runs

Set `DataIngestionMinCapacity`, `RiskCalculationMinCapacity` and `ReportGenerationMinCapacity` to 0. A
batch manifest then wakes the first worker of data-ingestion (`WakeRule`), a run raises what it needs,
and the backlog policies take all of it away again. The first message waits for a task to start, one
or two minutes.

To keep the least tasks in working hours only, leave these and set `BusySchedule`, `IdleSchedule`,
`IdleCapacity` and `TimeZone`: `cron(0 6 ? * MON-FRI *)` and `cron(0 22 ? * MON-FRI *)`, for
instance. Work that goes on is never cut off by a schedule.

`RiskCalculationSpotShare` puts 25, 50, 75 or 100 percent of the tasks beyond the least on Spot. A task
that Spot takes back has two minutes; its message goes to another. Fargate does not replace lost Spot
capacity by on-demand capacity.
"""
