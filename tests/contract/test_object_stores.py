"""Every object store keeps the promises of its port, seen through it and around it."""

import os
import uuid
from pathlib import Path

import boto3
import pytest

from riskmill.cloud.laptop import EmbeddedAws
from riskmill.domain import ArtefactMissing, StoreError
from riskmill.pipeline import PageStore
from riskmill.runtime import ObstoreStore
from riskmill.runtime.aws import open_bucket, public_endpoint
from riskmill.testing import ObjectStoreContract, PageStoreContract
from tests.cloud.clients import allow, client, client_of, role


class TestMemoryStore(ObjectStoreContract, PageStoreContract):
    @pytest.fixture
    def store(self) -> PageStore:
        return ObstoreStore.in_memory()


class TestDirectoryStore(ObjectStoreContract, PageStoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> PageStore:
        return ObstoreStore.in_directory(tmp_path / "made" / "if" / "need" / "be")

    def test_an_object_is_a_file_of_the_same_bytes(self, tmp_path: Path) -> None:
        ObstoreStore.in_directory(tmp_path).put_new("runs/a/spec.json", b"seen from outside")
        assert (tmp_path / "runs/a/spec.json").read_bytes() == b"seen from outside"

    def test_what_a_dying_writer_left_is_not_listed(self, tmp_path: Path) -> None:
        store = ObstoreStore.in_directory(tmp_path)
        store.put_new("runs/a/spec.json", b"whole")
        (tmp_path / "runs/a/spec.json#1").write_bytes(b"ha")
        assert store.keys("runs") == ("runs/a/spec.json",)

    def test_a_file_in_place_of_the_directory_is_one_clear_error(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_bytes(b"")
        with pytest.raises(StoreError) as refused:
            ObstoreStore.in_directory(tmp_path / "file")
        assert refused.value.code == "E604"
        assert refused.value.remedy

    def test_a_directory_below_a_file_cannot_be_made(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_bytes(b"")
        with pytest.raises(StoreError) as refused:
            ObstoreStore.in_directory(tmp_path / "file" / "below")
        assert refused.value.code == "E604"


def new_bucket(aws: EmbeddedAws) -> str:
    name = f"store-{uuid.uuid4().hex}"
    place = {"LocationConstraint": aws.region}
    client(aws, "s3").create_bucket(Bucket=name, CreateBucketConfiguration=place)
    return name


def opened(aws: EmbeddedAws, bucket: str, prefix: str = "", **more: str) -> ObstoreStore:
    given = {
        "aws_access_key_id": aws.access_key,
        "aws_secret_access_key": aws.secret_key,
        "region_name": aws.region,
        **more,
    }
    return open_bucket(boto3.Session(**given), bucket, prefix, endpoint=aws.endpoint)


class TestBucketStore(ObjectStoreContract, PageStoreContract):
    @pytest.fixture
    def store(self, aws: EmbeddedAws) -> PageStore:
        return opened(aws, new_bucket(aws))


class TestBucketStoreBelowAPrefix(ObjectStoreContract, PageStoreContract):
    @pytest.fixture
    def store(self, aws: EmbeddedAws) -> PageStore:
        return opened(aws, new_bucket(aws), "in/2018-12-31")

    def test_keys_lie_below_the_prefix_in_the_bucket(self, aws: EmbeddedAws) -> None:
        bucket = new_bucket(aws)
        s3 = client(aws, "s3")
        s3.put_object(Bucket=bucket, Key="in/a/positions.csv", Body=b"from outside")
        s3.put_object(Bucket=bucket, Key="inner/b", Body=b"a stranger")
        store = opened(aws, bucket, "in")
        assert store.keys("") == ("a/positions.csv",)
        assert store.get("a/positions.csv") == b"from outside"
        store.put_new("a/manifest.json", b"{}")
        found = s3.get_object(Bucket=bucket, Key="in/a/manifest.json")["Body"].read()
        assert found == b"{}"
        (first, second) = store.landed("a")
        assert (first.key, second.size) == ("a/manifest.json", 12)


def test_a_bucket_that_is_not_there_is_one_clear_error(aws: EmbeddedAws) -> None:
    store = opened(aws, "no-such-bucket")
    for call in (lambda: store.keys("runs"), lambda: store.put_new("a", b"")):
        with pytest.raises(StoreError) as refused:
            call()
        assert (refused.value.code, refused.value.retryable) == ("E857", False)


def test_what_a_role_may_not_do_is_told_as_such_and_not_tried_again(aws: EmbeddedAws) -> None:
    bucket = new_bucket(aws)
    own = f"arn:aws:s3:::{bucket}"
    reader = role(
        aws, "reads-only", "ecs-tasks.amazonaws.com", allow("s3:GetObject", f"{own}/runs/*")
    )
    found = client_of(aws, reader, "s3")._request_signer._credentials
    store = opened(
        aws,
        bucket,
        aws_access_key_id=found.access_key,
        aws_secret_access_key=found.secret_key,
        aws_session_token=found.token,
    )
    client(aws, "s3").put_object(Bucket=bucket, Key="runs/a", Body=b"read me")
    assert store.get("runs/a") == b"read me"
    calls = (
        lambda: store.put_new("runs/b", b""),
        lambda: store.keys("runs"),
        lambda: store.folders("runs"),
        lambda: store.get("valued/a"),
        lambda: store.rewrite("runs/a", bytes),
    )
    for call in calls:
        with pytest.raises(StoreError) as refused:
            call()
        assert (refused.value.code, refused.value.retryable) == ("E604", False)
        assert bucket in refused.value.place


@pytest.mark.parametrize(
    ("region", "address"),
    [
        ("eu-central-1", "https://s3.eu-central-1.amazonaws.com"),
        ("cn-north-1", "https://s3.cn-north-1.amazonaws.com.cn"),
        ("us-gov-west-1", "https://s3.us-gov-west-1.amazonaws.com"),
    ],
)
def test_the_public_address_is_that_of_the_region_and_its_partition(
    region: str, address: str
) -> None:
    assert public_endpoint(boto3.Session("key", "secret", region_name=region)) == address


def test_an_address_where_nobody_answers_may_be_tried_again() -> None:
    session = boto3.Session("key", "secret", region_name="eu-central-1")
    store = open_bucket(session, "bucket", endpoint="http://127.0.0.1:9", seconds=1)
    with pytest.raises(StoreError) as failed:
        store.get("runs/a")
    assert (failed.value.code, failed.value.retryable) == ("E601", True)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_among_the_files_is_no_object(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "positions.csv")
    store = ObstoreStore.in_directory(tmp_path)
    with pytest.raises(ArtefactMissing):
        store.get("positions.csv")
    with pytest.raises(ArtefactMissing):
        list(store.stream("positions.csv"))
