"""The second stack: what does the work, and may be removed and made again at any time."""

from collections.abc import Sequence

from troposphere import And, Equals, Or, Parameter, Ref, Template

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
    add_place,
    add_time_zone,
    asserted,
    choice,
    given,
    number,
    put_aside,
    schedule,
    text,
)
from riskmill.cloud.queues import add_queues
from riskmill.cloud.scaling import add_scaling
from riskmill.cloud.services import SPOT_SHARES, add_services
from riskmill.cloud.stages import STAGES
from riskmill.cloud.tasks import add_cluster, add_task_definitions
from riskmill.cloud.workflow import add_run_workflow


def workload() -> Template:
    """Return the stack of cluster, queues, workers, state machines, alarms and dashboard."""
    template = Template(Description="ECS Fargate Batch Processing System: riskmill's workload")
    template.set_version()
    template.set_metadata(put_aside("E3601", "I3011"))
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
    add_time_zone(template)
    add_place(template)
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
        schedule("IdleSchedule", "When IdleCapacity replaces the least; empty: never", ""),
        schedule("BusySchedule", "When the least holds again; empty: never", ""),
        number(
            "IdleCapacity",
            "Tasks of each stage that run in idle hours without work",
            default=0,
            least=0,
            most=100,
        ),
    ]


def _network_options() -> Sequence[Parameter]:
    return [
        text(
            "EndpointSecurityGroupId",
            "Security group of VPC endpoints; empty: NAT",
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
            "FailureRatePercent",
            "Failed tasks raise an alarm above it",
            default=5,
            least=1,
            most=99,
        ),
        number(
            "FailureMinimumItems",
            "Fewer tasks in 10 minutes than this raise no alarm",
            default=20,
            least=1,
            most=10_000,
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


def _add_rules(template: Template) -> None:
    """Refuse combinations before anything is created."""
    for one, other in (
        ("IdleSchedule", "BusySchedule"),
        ("EndpointSecurityGroupId", "S3PrefixListId"),
    ):
        neither = And(Equals(Ref(one), ""), Equals(Ref(other), ""))
        both = Or(And(given(one), given(other)), neither)
        template.add_rule(
            f"{one}And{other}", {"Assertions": [asserted(both, f"{one} and {other} go together.")]}
        )
