"""Options: whatever is chosen, the template holds together, or is refused before it is made."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmill.cloud import check_template
from tests.cloud.resolving import defaults, refused_by, resolved
from tests.cloud.templates import STACKS

FOUNDATION, WORKLOAD = STACKS["foundation"], STACKS["workload"]
NEEDED = {
    "DataBucketName": "bank-data", "OutputBucketName": "bank-output", "VpcId": "vpc-12345678",
    "PrivateSubnet1": "subnet-11111111", "PrivateSubnet2": "subnet-22222222",
    "PrivateSubnet3": "subnet-33333333",
    **{f"{stage}Image": f"r.example/x@sha256:{'0' * 64}" for stage in
       ("DataIngestion", "RiskCalculation", "ReportGeneration")},
}  # fmt: skip
KEY = "arn:aws:kms:eu-central-1:111122223333:key/1"
CRON = "cron(0 6 ? * MON-FRI *)"
workload_options = st.fixed_dictionaries(
    {
        "DataIngestionMinCapacity": st.sampled_from(["0", "1", "5"]),
        "RiskCalculationSpotShare": st.sampled_from(["0", "25", "50", "75", "100"]),
        "IdleSchedule": st.sampled_from(["", CRON]),
        "BusySchedule": st.sampled_from(["", CRON]),
        "IdleCapacity": st.sampled_from(["0", "1"]),
        "EndpointSecurityGroupId": st.sampled_from(["", "sg-12345678"]),
        "S3PrefixListId": st.sampled_from(["", "pl-12345678"]),
    }
)
foundation_options = st.fixed_dictionaries(
    {
        "ExistingKeyArn": st.sampled_from(["", KEY]),
        "BucketKeyArn": st.sampled_from(["", KEY]),
        "BucketsAre": st.sampled_from(["created", "existing"]),
        "OutputBucketName": st.sampled_from(["bank-output", "bank-data"]),
        "PermissionsBoundaryArn": st.sampled_from(["", "arn:aws:iam::aws:policy/Bound"]),
        "MonthlyBudget": st.sampled_from(["0", "500"]),
        "AlarmEmail": st.sampled_from(["", "desk@example.com"]),
        "CutOffTime": st.sampled_from(["", CRON]),
    }
)


def references(value: Any) -> Iterator[str]:
    """Give every parameter or resource that a value refers to."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "Ref":
                yield inner
            elif key == "Fn::GetAtt":
                yield inner[0]
            elif key == "Fn::Sub":
                text, own = (inner, {}) if isinstance(inner, str) else inner
                found = re.findall(r"\$\{([A-Za-z0-9:]+)", text)
                yield from (name for name in found if name not in own)
                yield from references(own)
            elif key != "Definition":
                yield from references(inner)
    elif isinstance(value, list):
        for one in value:
            yield from references(one)


def check(template: Any, options: dict[str, str]) -> dict[str, Any]:
    values = {**defaults(template), **NEEDED, **options}
    resources = resolved(template, values)
    known = {*resources, *template["Parameters"]}
    for logical_id, resource in resources.items():
        for name in references(resource):
            assert name in known or name.startswith("AWS::"), f"{logical_id} refers to {name}"
    return resources


@given(options=workload_options)
def test_a_workload_that_is_not_refused_holds_together(options: dict[str, str]) -> None:
    values = {**defaults(WORKLOAD), **NEEDED, **options}
    pairs = [("IdleSchedule", "BusySchedule"), ("EndpointSecurityGroupId", "S3PrefixListId")]
    apart = [one for one, other in pairs if bool(options[one]) != bool(options[other])]
    assert len(refused_by(WORKLOAD, values)) == len(apart)
    if apart:
        return
    resources = check(WORKLOAD, options)
    (egress,) = resources["ECSSecurityGroup"]["Properties"]["SecurityGroupEgress"]
    assert len({"CidrIp", "DestinationSecurityGroupId"} & set(egress)) == 1
    assert ("StorageEgress" in resources) is bool(options["S3PrefixListId"])
    may_be_at_zero = options["DataIngestionMinCapacity"] == "0" or (
        bool(options["IdleSchedule"]) and options["IdleCapacity"] == "0"
    )
    assert ("WakeRule" in resources) is may_be_at_zero
    scheduled = "ScheduledActions" in resources["RiskCalculationScalableTarget"]["Properties"]
    assert scheduled is bool(options["IdleSchedule"])


@given(options=foundation_options)
def test_a_foundation_that_is_not_refused_holds_together(options: dict[str, str]) -> None:
    values = {**defaults(FOUNDATION), **NEEDED, **options}
    wrong = [
        options["OutputBucketName"] == "bank-data",
        options["MonthlyBudget"] != "0" and not options["AlarmEmail"],
    ]
    assert len(refused_by(FOUNDATION, values)) == sum(wrong)
    if any(wrong):
        return
    resources = check(FOUNDATION, options)
    assert ("LogEncryptionKey" in resources) is not bool(options["ExistingKeyArn"])
    assert ("DataBucket" in resources) is (options["BucketsAre"] == "created")
    bounded = "PermissionsBoundary" in resources["DataIngestionTaskRole"]["Properties"]
    assert bounded is bool(options["PermissionsBoundaryArn"])
    assert ("AlarmMail" in resources) is bool(options["AlarmEmail"])
    state = resources["CutOffSchedule"]["Properties"]["State"]
    assert state == ("ENABLED" if options["CutOffTime"] else "DISABLED")


@pytest.mark.parametrize(
    ("parameter", "bad"),
    [
        ("EnvironmentSuffix", "Prod"),
        ("EnvironmentSuffix", "prod-"),
        ("EnvironmentSuffix", "much-too-long-a-name"),
        ("EnvironmentSuffix", ""),
        ("EnvironmentSuffix", "a b"),
        ("EnvironmentSuffix", "a'&$x"),
        ("DataBucketName", "Data_Bucket"),
        ("DataBucketName", "a"),
        ("DataIngestionImage", "r.example/x:latest"),
        ("DataIngestionImage", "r.example/x@sha256:abc"),
        ("IdleSchedule", "rate(1 day)"),
        ("IdleSchedule", "cron(0 6 * *)"),
        ("TimeZone", "Europe/Zurich; drop"),
        ("EndpointSecurityGroupId", "subnet-12345678"),
        ("CostCentre", "<script>"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_its_pattern(parameter: str, bad: str) -> None:
    pattern = WORKLOAD["Parameters"][parameter]["AllowedPattern"]
    assert re.fullmatch(pattern, bad) is None


@pytest.mark.parametrize(
    ("parameter", "good"),
    [
        ("EnvironmentSuffix", "dev"),
        ("EnvironmentSuffix", "p"),
        ("EnvironmentSuffix", "prod-eu-1"),
        ("IdleSchedule", ""),
        ("IdleSchedule", CRON),
        ("TimeZone", "America/Argentina/Ushuaia"),
        ("DataIngestionImage", f"1.dkr.ecr.cn-north-1.amazonaws.com.cn/a@sha256:{'a' * 64}"),
    ],
)
def test_a_value_that_fits_is_taken(parameter: str, good: str) -> None:
    assert re.fullmatch(WORKLOAD["Parameters"][parameter]["AllowedPattern"], good)


def judged(template: Any, options: dict[str, str]) -> list[str]:
    """Give what `cloud check` finds in a template whose options are decided."""
    values = {**defaults(template), **NEEDED, **options}
    parameters = {
        name: {**about, "Default": values[name]} if "Default" in about else about
        for name, about in template["Parameters"].items()
    }
    resources = {
        name: {part: value for part, value in resource.items() if part != "Condition"}
        for name, resource in resolved(template, values).items()
    }
    decided = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Parameters": parameters,
        "Resources": resources,
    }
    found = check_template(json.dumps(decided).encode(), "decided.json")
    return [f"{one.code} {one.resource}: {one.message}" for one in found if one.severity != "note"]


@settings(max_examples=100, deadline=None)
@given(options=workload_options)
def test_every_workload_that_is_not_refused_passes_the_check(options: dict[str, str]) -> None:
    if not refused_by(WORKLOAD, {**defaults(WORKLOAD), **NEEDED, **options}):
        assert judged(WORKLOAD, options) == []


@settings(max_examples=100, deadline=None)
@given(options=foundation_options)
def test_every_foundation_that_is_not_refused_passes_the_check(options: dict[str, str]) -> None:
    if not refused_by(FOUNDATION, {**defaults(FOUNDATION), **NEEDED, **options}):
        assert judged(FOUNDATION, options) == []
