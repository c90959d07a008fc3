"""What can be known to fail is refused before anything is created, with a code and a remedy."""

import io
import json
import tarfile
from pathlib import Path

import boto3
import pytest

from riskmill.cloud.laptop import EmbeddedAws
from tests.cloud.archives import archive, archives
from tests.cloud.clients import allow, client, document
from tests.cloud.deployment.conftest import Command, Outcome, given, private_vpc


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("images")
    archives(directory)
    return directory


def nothing_was_created(own: EmbeddedAws) -> bool:
    stacks = client(own, "cloudformation").describe_stacks()["Stacks"]
    return [s["StackName"] for s in stacks if s["StackName"].startswith("riskmill-")] == []


def refused(done: Outcome, code: str, exit_code: int = 6) -> bool:
    assert done.code == exit_code, done.err
    assert f"Error {code}: " in done.err
    assert "To mend it: " in done.err
    return True


@pytest.mark.parametrize(
    "suffix", ["Prod", "a_b", "-dev", "dev-", "x" * 13, "", "dev;rm -rf", "d\u00e9v", "dev\n"]
)
def test_a_bad_environment_is_refused_without_asking_aws(
    monkeypatch: pytest.MonkeyPatch, cloud: Command, suffix: str
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    assert refused(cloud("deploy", "--environment", suffix), "E820", 2)


@pytest.mark.parametrize(
    ("assignment", "code"),
    [
        ("RiskCalculationMaxCapacity=many", "E820"),
        ("RiskCalculationMaxCapacity=501", "E820"),
        ("LogRetentionDays=31", "E820"),
        ("RiskCalculationImage=repository:latest", "E820"),
        ("DataBucketName=No_Bucket", "E820"),
        ("EnvironmentSuffix=prod", "E820"),
        ("Buckets=mine", "E821"),
        ("DataBucketName", "E821"),
    ],
)
def test_a_bad_parameter_is_refused_by_its_name(
    cloud: Command, own: EmbeddedAws, assignment: str, code: str
) -> None:
    done = cloud("deploy", "--parameter", assignment)
    assert refused(done, code, 2)
    assert nothing_was_created(own)


def test_an_image_that_was_never_pushed_is_named(
    cloud: Command, own: EmbeddedAws, place: dict[str, str]
) -> None:
    done = cloud("deploy", *given(place))
    assert refused(done, "E827")
    assert "risk-calculation" in done.err
    assert nothing_was_created(own)


def test_two_subnets_in_one_zone_are_refused(
    cloud: Command, own: EmbeddedAws, place: dict[str, str], images: Path
) -> None:
    another = client(own, "ec2").create_subnet(
        VpcId=place["VpcId"], CidrBlock="10.1.9.0/24", AvailabilityZone=f"{own.region}a"
    )["Subnet"]["SubnetId"]
    done = cloud("deploy", "--images", images, *given({**place, "PrivateSubnet3": another}))
    assert refused(done, "E826")
    assert f"PrivateSubnet1 and PrivateSubnet3 lie in one zone, {own.region}a" in done.err
    assert nothing_was_created(own)


def test_a_subnet_of_another_vpc_is_refused(
    cloud: Command, own: EmbeddedAws, place: dict[str, str], images: Path
) -> None:
    foreign = private_vpc(own, "10.7")["PrivateSubnet2"]
    done = cloud("deploy", "--images", images, *given({**place, "PrivateSubnet2": foreign}))
    assert refused(done, "E826")
    assert nothing_was_created(own)


def test_a_bucket_in_another_region_is_refused(
    cloud: Command, own: EmbeddedAws, place: dict[str, str], images: Path
) -> None:
    elsewhere = boto3.client(
        "s3", region_name="eu-west-1", endpoint_url=own.endpoint,
        aws_access_key_id=own.access_key, aws_secret_access_key=own.secret_key,
    )  # fmt: skip
    elsewhere.create_bucket(
        Bucket="far-away", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    options = given({**place, "DataBucketName": "far-away", "BucketsAre": "existing"})
    done = cloud("deploy", "--images", images, *options)
    assert refused(done, "E825")
    assert f"far-away lies in eu-west-1, not in {own.region}" in done.err
    assert nothing_was_created(own)


def test_a_bucket_that_should_exist_and_does_not_is_refused(
    cloud: Command, own: EmbeddedAws, place: dict[str, str], images: Path
) -> None:
    options = given({**place, "OutputBucketName": "not-there", "BucketsAre": "existing"})
    assert refused(cloud("deploy", "--images", images, *options), "E825")
    assert nothing_was_created(own)


def test_the_workload_needs_its_foundation(
    cloud: Command, own: EmbeddedAws, place: dict[str, str], images: Path
) -> None:
    done = cloud("deploy", "--only", "workload", "--images", images, *given(place))
    assert refused(done, "E829")
    assert nothing_was_created(own)


def test_a_missing_permission_is_named_before_anything_is_created(
    cloud: Command, own: EmbeddedAws, place: dict[str, str], images: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    iam = client(own, "iam")
    iam.create_user(UserName="reader")
    reading = [allow("cloudformation:Describe*"), allow("sts:*"), allow("ec2:Describe*")]
    iam.put_user_policy(UserName="reader", PolicyName="p", PolicyDocument=document(*reading))
    key = iam.create_access_key(UserName="reader")["AccessKey"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
    done = cloud("deploy", "--images", images, *given(place))
    assert done.code == 6
    assert "Error E8" in done.err
    assert nothing_was_created(own)
    examined = {one["name"]: one for one in json.loads(cloud("doctor", "--json").out or "[]")}
    assert examined == {} or examined["permissions"]["state"] != "ok"


def test_a_stack_whose_creation_failed_is_told_and_can_be_removed(
    cloud: Command, own: EmbeddedAws, place: dict[str, str], images: Path
) -> None:
    rule = {"GroupId": "sg-of-nobody", "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    broken = {"Resources": {"R": {"Type": "AWS::EC2::SecurityGroupIngress", "Properties": rule}}}
    cloudformation = client(own, "cloudformation")
    cloudformation.create_stack(
        StackName="riskmill-foundation-stuck", TemplateBody=json.dumps(broken)
    )
    status = cloudformation.describe_stacks(StackName="riskmill-foundation-stuck")["Stacks"][0]
    assert status["StackStatus"] == "ROLLBACK_COMPLETE"
    options = ["--environment", "stuck", "--images", images, *given(place)]
    done = cloud("deploy", *options)
    assert refused(done, "E823")
    assert "ROLLBACK_COMPLETE" in done.err
    assert "riskmill cloud destroy --foundation" in done.err
    assert cloud("destroy", "--environment", "stuck", "--foundation", "--yes").code == 0
    assert refused(cloud("status", "--environment", "stuck"), "E829")


def test_credentials_that_aws_does_not_take_are_told(
    cloud: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    assert refused(cloud("status"), "E811")


def test_without_credentials_or_region_it_says_what_to_do(
    cloud: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    assert refused(cloud("status"), "E811")
    assert refused(cloud("status", "--profile", "nobody"), "E811")
    monkeypatch.delenv("AWS_REGION")
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    assert refused(cloud("status"), "E812", 2)


def test_an_endpoint_that_nobody_listens_at_is_told(
    cloud: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    assert refused(cloud("status"), "E814")


def test_images_that_are_none_are_refused(cloud: Command, tmp_path: Path) -> None:
    assert refused(cloud("push-images", tmp_path), "E828", 2)
    (tmp_path / "data-ingestion.tar").write_bytes(b"no archive")
    assert refused(cloud("push-images", tmp_path), "E828", 2)
    with tarfile.open(tmp_path / "data-ingestion.tar", "w") as written:
        member = tarfile.TarInfo("index.json")
        member.size = 2
        written.addfile(member, io.BytesIO(b"[]"))
    assert refused(cloud("push-images", tmp_path), "E828", 2)
    archive(tmp_path / "data-ingestion.tar", b"x", architecture="arm64")
    assert "linux/amd64" in cloud("push-images", tmp_path).err
    archive(tmp_path / "data-ingestion.tar", b"x", damaged=True)
    assert "are others" in cloud("push-images", tmp_path).err


def test_images_need_their_repositories(cloud: Command, images: Path) -> None:
    assert refused(cloud("push-images", images, "--environment", "nowhere"), "E829")


def test_removing_asks_for_the_name_first(
    cloud: Command, own: EmbeddedAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    client(own, "cloudformation").create_stack(
        StackName="riskmill-workload-asked",
        TemplateBody='{"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}',
    )
    monkeypatch.setattr("sys.stdin", io.StringIO("dev\n"))
    assert cloud("destroy", "--environment", "asked").code == 130
    status = client(own, "cloudformation").describe_stacks(StackName="riskmill-workload-asked")
    assert status["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE"
    monkeypatch.setattr("sys.stdin", io.StringIO("asked\n"))
    assert cloud("destroy", "--environment", "asked").code == 0
