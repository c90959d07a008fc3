"""The second stack: what does the work, and may be removed and made again at any time."""

from collections.abc import Sequence

from troposphere import And, Equals, Or, Parameter, Ref, Template
from troposphere import Not as Unless

from riskmill.cloud.alarms import add_alarms
from riskmill.cloud.dashboard import add_dashboard
from riskmill.cloud.events import add_events
from riskmill.cloud.network import add_security_group
from riskmill.cloud.parameters import (
    add_buckets_named,
    add_capacity,
    add_cost_centre,
    add_environment,
    add_images,
    choice,
    given,
    number,
    schedule,
    text,
)
from riskmill.cloud.queues import add_queues
from riskmill.cloud.references import Value
from riskmill.cloud.scaling import add_scaling
from riskmill.cloud.services import SPOT_SHARES, SUBNETS, add_services
from riskmill.cloud.stages import STAGES
from riskmill.cloud.tasks import add_cluster, add_task_definitions
from riskmill.cloud.watches import add_watch_workflow
from riskmill.cloud.workflow import add_run_workflow

_UNCHECKED = {
    "E3601": "Its schema knows ARNs of the partition aws only, and no MaxConcurrency in JSONata.",
    "I3011": "Whatever this stack holds may be deleted; what must stay is in the foundation.",
}
"""Checks of cfn-lint that are put aside, and why."""
_ORDINALS = ("First", "Second", "Third")


def workload() -> Template:
    """Return the stack of cluster, queues, workers, state machines, alarms and dashboard."""
    template = Template(Description="ECS Fargate Batch Processing System: riskmill's workload")
    template.set_version()
    template.set_metadata({"cfn-lint": {"config": {"ignore_checks": list(_UNCHECKED)}, "reasons": _UNCHECKED}})
    _add_parameters(template)
    _add_conditions(template)
    _add_rules(template)
    for add in (
        add_cluster,
        add_security_group,
        add_queues,
        add_task_definitions,
        add_services,
        add_scaling,
        add_run_workflow,
        add_watch_workflow,
        add_events,
        add_alarms,
        add_dashboard,
    ):
        add(template)
    return template


def _add_parameters(template: Template) -> None:
    add_environment(template)
    add_buckets_named(template)
    add_cost_centre(template)
    template.add_parameter(
        Parameter("VpcId", Type="AWS::EC2::VPC::Id", Description="VPC ID for ECS tasks")
    )
    for ordinal, subnet in zip(_ORDINALS, SUBNETS, strict=True):
        about = f"{ordinal} private subnet for ECS tasks"
        template.add_parameter(
            Parameter(subnet, Type="AWS::EC2::Subnet::Id", Description=about)
        )
    add_images(template)
    add_capacity(template)
    for parameter in (*_capacity_options(), *_network_options(), *_watching_options()):
        template.add_parameter(parameter)


def _capacity_options() -> Sequence[Parameter]:
    shares = [
        choice(
            f"{stage.prefix}SpotShare",
            f"Percent of {stage.name}'s tasks beyond the least that run on Spot",
            list(SPOT_SHARES),
        )
        for stage in STAGES
        if stage.spot
    ]
    return [
        *shares,
        schedule("IdleSchedule", "When IdleCapacity replaces the least tasks; empty: never", ""),
        schedule("BusySchedule", "When the least tasks hold again; empty: never", ""),
        number(
            "IdleCapacity",
            "Tasks of each stage that run in idle hours without work",
            default=0,
            least=0,
            most=100,
        ),
        text(
            "TimeZone",
            "Time zone of the schedules",
            default="UTC",
            pattern=r"^[A-Za-z_]+(/[A-Za-z0-9_+-]+){0,2}$",
            fits="A name of the tz database, such as Europe/Zurich.",
        ),
    ]


def _network_options() -> Sequence[Parameter]:
    return [
        text(
            "EndpointSecurityGroupId",
            "Security group of VPC endpoints, for VPCs without NAT; empty: NAT",
            default="",
            pattern=r"^$|^sg-[0-9a-f]{8,17}$",
            fits="Empty, or a security group id.",
        ),
        text(
            "S3PrefixListId",
            "Prefix list of S3 in this region, along with EndpointSecurityGroupId",
            default="",
            pattern=r"^$|^pl-[0-9a-f]{8,17}$",
            fits="Empty, or a prefix list id.",
        ),
    ]


def _watching_options() -> Sequence[Parameter]:
    return [
        number(
            "FailureRatePercent", "Failed tasks raise an alarm above it", default=5, least=1, most=99
        ),
        number(
            "FailureMinimumItems",
            "Fewer tasks in 10 minutes than this raise no alarm",
            default=20,
            least=1,
            most=10_000,
        ),
        number("DeadlineMinutes", "A run longer than this is late", default=180, least=1, most=1440),
        schedule(
            "CutOffTime",
            "When the day's batch must have come; empty: never",
            "cron(0 22 ? * MON-FRI *)",
        ),
        number(
            "CutOffHoursLater",
            "Hours to go back from the cut-off, in UTC, to be within the business date",
            default=0,
            least=0,
            most=72,
        ),
        text(
            "AlarmEmail",
            "Address for alarms and the ends of runs",
            default="",
            pattern=r"^$|^[^@\s]+@[^@\s]+\.[^@\s]+$",
            fits="Empty, or an e-mail address.",
        ),
    ]


def _add_conditions(template: Template) -> None:
    template.add_condition("HasIdleHours", And(given("IdleSchedule"), given("BusySchedule")))
    template.add_condition(
        "MayBeAtZero",
        Or(
            Equals(Ref("DataIngestionMinCapacity"), 0),
            And(given("IdleSchedule"), Equals(Ref("IdleCapacity"), 0)),
        ),
    )
    template.add_condition("UsesEndpoints", given("EndpointSecurityGroupId"))
    template.add_condition("HasCutOff", given("CutOffTime"))
    template.add_condition("HasAlarmEmail", given("AlarmEmail"))


def _add_rules(template: Template) -> None:
    """Refuse combinations before anything is created."""
    pairs = [(0, 1), (0, 2), (1, 2)]
    apart = [
        _assert(
            Unless({"Fn::Contains": [[_zone(SUBNETS[one])], _zone(SUBNETS[two])]}),
            f"{SUBNETS[one]} and {SUBNETS[two]} must lie in different availability zones.",
        )
        for one, two in pairs
    ]
    inside = {
        "Fn::EachMemberIn": [
            {"Fn::ValueOfAll": ["AWS::EC2::Subnet::Id", "VpcId"]},
            {"Fn::RefAll": "AWS::EC2::VPC::Id"},
        ]
    }
    template.add_rule("SubnetsInThreeZones", {"Assertions": apart})
    template.add_rule(
        "SubnetsInTheVpc", {"Assertions": [_assert(inside, "Every subnet must lie in VpcId.")]}
    )
    for one, other in (
        ("IdleSchedule", "BusySchedule"),
        ("EndpointSecurityGroupId", "S3PrefixListId"),
    ):
        _add_together(template, one, other)


def _add_together(template: Template, one: str, other: str) -> None:
    for given_one, needed in ((one, other), (other, one)):
        template.add_rule(
            f"{given_one}Needs{needed}",
            {
                "RuleCondition": given(given_one),
                "Assertions": [_assert(given(needed), f"{given_one} needs {needed}, too.")],
            },
        )


def _assert(holds: Value, says: str) -> dict[str, Value]:
    return {"Assert": holds, "AssertDescription": says}


def _zone(subnet: str) -> Value:
    return {"Fn::ValueOf": [subnet, "AvailabilityZone"]}
