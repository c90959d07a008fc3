"""A plan is decided from what is asked for and what is there; nothing is called."""

import sys
from collections.abc import Callable, Mapping
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmill.cloud import TEMPLATES
from riskmill.cloud.deployment.account import connect
from riskmill.cloud.deployment.parameters import Asked, asked, template
from riskmill.cloud.deployment.planning import Bucket, Found, StackFound, Subnet, plan, problems
from riskmill.cloud.stages import STAGES
from riskmill.domain import CloudRefused, RiskmillError, UsageError

TEMPLATE = {name: template(name) for name in TEMPLATES}
REGION = "eu-central-1"
DIGEST = f"sha256:{'0' * 64}"
NOTHING = StackFound(name="riskmill-foundation-dev", parameters={}, outputs={})
PLACE = tuple(
    Subnet(subnet=f"subnet-{zone}", vpc="vpc-1", zone=f"{REGION}{zone}", public=False)
    for zone in "abc"
)


def found(**other: object) -> Found:
    values: dict[str, object] = {
        "account": "111122223333",
        "region": REGION,
        "partition": "aws",
        "foundation": NOTHING,
        "workload": StackFound(name="riskmill-workload-dev", parameters={}, outputs={}),
        "subnets": PLACE,
        "buckets": {},
        "images": {},
        "ready": {stage.name: DIGEST for stage in STAGES},
    }
    return Found(**{**values, **other})  # type: ignore[arg-type]


def there(kind: str, status: str, **parameters: str) -> StackFound:
    return StackFound(name=f"riskmill-{kind}-dev", status=status, parameters=parameters, outputs={})


def wanted(**given_: str) -> Asked:
    return Asked(environment="dev", given=given_)


def test_the_first_deployment_is_foundation_images_workload() -> None:
    steps = plan(wanted(), found(), TEMPLATE)
    assert [(step.act, step.what) for step in steps] == [
        ("create", "riskmill-foundation-dev"),
        *(("push", stage.name) for stage in STAGES),
        ("create", "riskmill-workload-dev"),
    ]


def test_what_has_no_default_is_chosen_where_there_is_one_choice() -> None:
    foundation, *_, workload = plan(wanted(), found(), TEMPLATE)
    assert foundation.parameters["DataBucketName"] == f"riskmill-data-dev-111122223333-{REGION}"
    assert workload.parameters["VpcId"] == "vpc-1"
    image = workload.parameters["RiskCalculationImage"]
    assert image == (f"111122223333.dkr.ecr.{REGION}.amazonaws.com/risk-calculation-dev@{DIGEST}")
    for name in TEMPLATE["workload"].required:
        assert workload.parameters[name]


def test_with_two_vpcs_one_must_be_named() -> None:
    other = tuple(
        Subnet(subnet=f"subnet-2{zone}", vpc="vpc-2", zone=f"{REGION}{zone}", public=False)
        for zone in "abc"
    )
    with pytest.raises(UsageError, match="VpcId") as told:
        plan(wanted(), found(subnets=PLACE + other), TEMPLATE)
    assert told.value.code == "E822"
    *_, workload = plan(wanted(VpcId="vpc-2"), found(subnets=PLACE + other), TEMPLATE)
    assert workload.parameters["PrivateSubnet3"] == "subnet-2c"


def test_public_subnets_are_never_chosen() -> None:
    public = tuple(
        Subnet(subnet=one.subnet, vpc=one.vpc, zone=one.zone, public=True) for one in PLACE
    )
    with pytest.raises(UsageError):
        plan(wanted(), found(subnets=public), TEMPLATE)


def test_an_update_names_only_what_changes() -> None:
    parameters = {
        "VpcId": "vpc-1",
        **{f"PrivateSubnet{n}": f"subnet-{z}" for n, z in zip("123", "abc", strict=True)},
    }
    steps = plan(
        wanted(LogRetentionDays="90"),
        found(
            foundation=there("foundation", "UPDATE_COMPLETE", DataBucketName="d"),
            workload=there("workload", "UPDATE_ROLLBACK_COMPLETE", **parameters),
            images={stage.name: f"r/{stage.name}@{DIGEST}" for stage in STAGES},
            ready={},
        ),
        TEMPLATE,
    )
    assert [step.act for step in steps] == ["update", "update"]
    assert steps[0].parameters == {"EnvironmentSuffix": "dev", "LogRetentionDays": "90"}
    assert "VpcId" not in steps[1].parameters


@pytest.mark.parametrize("status", ["ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED",
                                    "UPDATE_ROLLBACK_FAILED", "CREATE_FAILED"])  # fmt: skip
@pytest.mark.parametrize("kind", ["foundation", "workload"])
def test_a_stack_that_takes_no_change_is_told_with_its_remedy(kind: str, status: str) -> None:
    with pytest.raises(CloudRefused, match=status) as told:
        plan(wanted(), found(**{kind: there(kind, status)}), TEMPLATE)
    assert (told.value.code, told.value.place) == ("E823", f"riskmill-{kind}-dev")
    assert ("--foundation" in told.value.remedy) is (
        kind == "foundation" and status in ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED")
    )


states: Mapping[str, st.SearchStrategy[object]] = {
    "foundation": st.sampled_from(
        ["", "CREATE_COMPLETE", "ROLLBACK_COMPLETE", "REVIEW_IN_PROGRESS"]
    ),
    "workload": st.sampled_from(["", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_FAILED"]),
    "zones": st.lists(st.sampled_from("abcd"), max_size=5),
    "bucket": st.sampled_from(["absent", "ours", "forbidden"]),
    "region": st.sampled_from([REGION, "us-east-1"]),
    "ready": st.sets(st.sampled_from([stage.name for stage in STAGES])),
    "only": st.sampled_from(["", "foundation", "workload"]),
}  # fmt: skip


Made = TypeVar("Made")


def outcome(act: Callable[[], Made]) -> tuple[Made | None, RiskmillError | None]:
    """Return what was made, or why it was not."""
    try:
        return act(), None
    except RiskmillError as refused:
        return None, refused


@given(drawn=st.fixed_dictionaries(dict(states)))
def test_a_plan_is_complete_or_refused_with_code_and_remedy(drawn: Mapping[str, object]) -> None:
    zones, ready = drawn["zones"], drawn["ready"]
    assert isinstance(zones, list)
    assert isinstance(ready, set)
    world = found(
        foundation=there("foundation", str(drawn["foundation"])),
        workload=there("workload", str(drawn["workload"])),
        subnets=tuple(
            Subnet(subnet=f"s{n}", vpc="v", zone=zone, public=False) for n, zone in enumerate(zones)
        ),
        buckets={"b": Bucket(name="b", state=drawn["bucket"], region=str(drawn["region"]))},  # type: ignore[arg-type]
        ready=dict.fromkeys(ready, DIGEST),
    )
    only = str(drawn["only"])
    steps, refusal = outcome(lambda: plan(wanted(), world, TEMPLATE, only=only))
    if refusal is not None:
        assert refusal.code[:2] == "E8"
        assert refusal.remedy
        return
    assert steps is not None
    assert list(problems(wanted(), world, only)) == []
    for step in steps:
        if step.act == "create":
            kind = "foundation" if "foundation" in step.what else "workload"
            assert all(step.parameters.get(name) for name in TEMPLATE[kind].required)


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_assignment_is_taken_or_refused_with_a_remedy(name: str, value: str) -> None:
    taken, refusal = outcome(lambda: asked("dev", [f"{name}={value}"]))
    if taken is None:
        assert refusal is not None
        assert refusal.code in ("E820", "E821")
        assert refusal.remedy
    else:
        assert set(taken.given) <= {known for one in TEMPLATE.values() for known in one.parameters}


def test_without_boto3_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(UsageError, match="boto3") as told:
        connect(region=REGION)
    assert told.value.code == "E810"
    assert "pip install 'riskmill[cloud]'" in told.value.remedy


@pytest.mark.parametrize(
    ("given_", "says"),
    [
        ({"RiskCalculationMinCapacity": "30"}, "RiskCalculationMinCapacity 30 is above"),
        ({"IdleSchedule": "cron(0 20 * * ? *)"}, "IdleSchedule and BusySchedule go together"),
        ({"EndpointSecurityGroupId": "sg-0123456789abcdef0"}, "go together"),
        ({"MonthlyBudget": "100"}, "A budget needs AlarmEmail"),
        ({"DataBucketName": "one", "OutputBucketName": "one"}, "must differ"),
        ({"TimeZone": "Europe/Zurichh"}, "is no time zone"),
        (
            {"ExistingKeyArn": f"arn:aws:kms:us-west-2:111122223333:key/{'0' * 8}"},
            "ExistingKeyArn is of us-west-2",
        ),
        (
            {
                "IdleSchedule": "cron(0 20 * * ? *)", "BusySchedule": "cron(0 6 * * ? *)",
                "IdleCapacity": "50",
            },
            "IdleCapacity 50 is above",
        ),
    ],
)  # fmt: skip
def test_parameters_that_do_not_go_together_are_refused_before_the_first_stack(
    given_: dict[str, str], says: str
) -> None:
    place = {"VpcId": "vpc-1"} | {f"PrivateSubnet{n}": one.subnet for n, one in enumerate(PLACE, 1)}
    place |= {"DataBucketName": "deliveries", "OutputBucketName": "results"}
    for state in ("", "CREATE_COMPLETE"):
        stacks = {kind: there(kind, state, **place) for kind in ("foundation", "workload")}
        with pytest.raises(UsageError, match=says) as refused:
            plan(wanted(**given_), found(**stacks), TEMPLATE)
        assert refused.value.code == "E820"


def test_what_a_stack_has_already_counts_beside_what_is_new() -> None:
    buckets = {"DataBucketName": "deliveries", "OutputBucketName": "results"}
    ready = there("foundation", "UPDATE_COMPLETE", AlarmEmail="desk@bank.example", **buckets)
    assert plan(wanted(MonthlyBudget="5"), found(foundation=ready), TEMPLATE)
