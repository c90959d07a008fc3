"""The options of the stacks: each with a pattern and a sentence that says what fits."""

from troposphere import Equals, Not, Parameter, Ref, Template

from riskmill.cloud.references import Value
from riskmill.cloud.stages import STAGES

RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 180, 365, 400, 545, 731, 1096, 1827, 2557, 3653]
"""What CloudWatch Logs offers."""
KEY = r"^$|^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key/[A-Za-z0-9-]+$"
KEY_FITS = "Empty, or the ARN of a KMS key (not of an alias)."
SUBNETS = ("PrivateSubnet1", "PrivateSubnet2", "PrivateSubnet3")
_EVENT_TIME = r"^$|^cron\([^()]{9,100}\)$"


PUT_ASIDE = {
    "E3601": "Its schema knows ARNs of the partition aws only, and no MaxConcurrency in JSONata.",
    "I3011": "Whatever this stack holds may be deleted; what must stay is in the foundation.",
}
"""Checks of cfn-lint that a template puts aside, and why."""


def put_aside(*checks: str) -> dict[str, Value]:
    """Return the metadata that puts checks of cfn-lint aside, each with its reason."""
    reasons = {check: PUT_ASIDE[check] for check in checks}
    return {"cfn-lint": {"config": {"ignore_checks": list(checks)}, "reasons": reasons}}


def add_environment(template: Template) -> None:
    """Add the parameter that names everything."""
    template.add_parameter(
        text(
            "EnvironmentSuffix",
            "Environment suffix for resource naming (e.g., dev, staging, prod)",
            default="dev",
            pattern=r"^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?$",
            fits="1 to 12 lower-case letters, digits and hyphens, no hyphen at either end.",
        )
    )


def add_buckets_named(template: Template) -> None:
    """Add the names of the two buckets, as the seed has them."""
    for name, what in (
        ("DataBucketName", "input data; it sends its events to EventBridge"),
        ("OutputBucketName", "output data"),
    ):
        template.add_parameter(
            text(
                name,
                f"S3 bucket name for {what}",
                pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
                fits="3 to 63 lower-case letters, digits, dots and hyphens.",
            )
        )


def add_place(template: Template) -> None:
    """Add the VPC and its three private subnets, in three zones."""
    template.add_parameter(
        Parameter("VpcId", Type="AWS::EC2::VPC::Id", Description="VPC ID for ECS tasks")
    )
    for ordinal, subnet in zip(("First", "Second", "Third"), SUBNETS, strict=True):
        about = f"{ordinal} private subnet for ECS tasks"
        template.add_parameter(Parameter(subnet, Type="AWS::EC2::Subnet::Id", Description=about))
    pairs = [(SUBNETS[one], SUBNETS[two]) for one, two in ((0, 1), (0, 2), (1, 2))]
    apart = [
        asserted(
            Not({"Fn::Contains": [[_zone(one)], _zone(other)]}),
            f"{one} and {other} lie in one zone: choose two zones.",
        )
        for one, other in pairs
    ]
    inside = {
        "Fn::EachMemberIn": [
            {"Fn::ValueOfAll": ["AWS::EC2::Subnet::Id", "VpcId"]},
            {"Fn::RefAll": "AWS::EC2::VPC::Id"},
        ]
    }
    template.add_rule("SubnetsInThreeZones", {"Assertions": apart})
    template.add_rule(
        "SubnetsInTheVpc", {"Assertions": [asserted(inside, "Every subnet must lie in VpcId.")]}
    )


def _zone(subnet: str) -> Value:
    return {"Fn::ValueOf": [subnet, "AvailabilityZone"]}


def asserted(holds: Value, says: str) -> dict[str, Value]:
    """Return an assertion of a rule: what must hold, and what is said where it does not."""
    return {"Assert": holds, "AssertDescription": says}


def add_time_zone(template: Template) -> None:
    """Add the time zone that schedules are meant in."""
    template.add_parameter(
        text(
            "TimeZone",
            "Time zone of the schedules",
            default="UTC",
            pattern=r"^[A-Za-z_]+(/[A-Za-z0-9_+-]+){0,2}$",
            fits="A name of the tz database, such as Europe/Zurich.",
        )
    )


def add_cost_centre(template: Template) -> None:
    """Add the parameter whose value is a cost tag."""
    template.add_parameter(
        text(
            "CostCentre",
            "Value of the tag CostCentre on everything that costs money",
            default="riskmill",
            pattern=r"^[A-Za-z0-9 _.:/=+@-]{1,128}$",
            fits="1 to 128 letters, digits, blanks and _.:/=+@-",
        )
    )


def text(
    name: str,
    about: str,
    *,
    pattern: str,
    fits: str,
    default: str | None = None,
    kind: str = "String",
) -> Parameter:
    """Return a parameter that is a text of a pattern; without default it must be given."""
    made = Parameter(
        name, Type=kind, Description=about, AllowedPattern=pattern, ConstraintDescription=fits
    )
    if default is not None:
        made.Default = default
    return made


def choice(name: str, about: str, values: list[str]) -> Parameter:
    """Return a parameter with a closed list of values, the first being the default."""
    return Parameter(
        name, Type="String", Description=about, AllowedValues=values, Default=values[0]
    )


def number(name: str, about: str, *, default: int, least: int, most: int) -> Parameter:
    """Return a parameter that is a whole number."""
    return Parameter(
        name,
        Type="Number",
        Description=about,
        Default=default,
        MinValue=least,
        MaxValue=most,
    )


def schedule(name: str, about: str, default: str) -> Parameter:
    """Return a parameter that is a cron expression, or empty for never."""
    return text(
        name,
        about,
        default=default,
        pattern=_EVENT_TIME,
        fits="Empty, or a cron expression of six fields: cron(0 22 ? * MON-FRI *).",
    )


def given(parameter: str) -> Value:
    """Condition: the parameter is not empty."""
    return Not(Equals(Ref(parameter), ""))


def add_capacity(template: Template) -> None:
    """Add the least and most tasks of each stage, the seed's numbers by default."""
    for stage in STAGES:
        template.add_parameter(
            number(
                f"{stage.prefix}MinCapacity",
                f"Tasks of {stage.name} that always run; 0 scales to zero between runs",
                default=stage.floor,
                least=0,
                most=100,
            )
        )
        template.add_parameter(
            number(
                f"{stage.prefix}MaxCapacity",
                f"Tasks of {stage.name} that run at most",
                default=stage.ceiling,
                least=1,
                most=500,
            )
        )


def add_images(template: Template) -> None:
    """Add an image of each stage, by digest: what runs is what was reviewed."""
    for stage in STAGES:
        template.add_parameter(
            text(
                f"{stage.prefix}Image",
                f"Image of {stage.name}, by digest",
                pattern=r"^[a-z0-9.:_/-]+@sha256:[0-9a-f]{64}$",
                fits="REGISTRY/REPOSITORY@sha256:DIGEST; a tag does not do.",
            )
        )
