import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from riskmill.cloud.laptop import EmbeddedAws, prepared_interpreter, running, start, stop
from riskmill.cloud.laptop.environment import LOCK
from riskmill.domain import CloudRefused
from tests.cloud.clients import client, made, refusal


def test_it_listens_on_this_machine_only(aws: EmbeddedAws) -> None:
    port = int(aws.endpoint.rsplit(":", 1)[1])
    listening = [
        line.split()
        for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]
        if line.split()[3] == "0A" and int(line.split()[1].split(":")[1], 16) == port
    ]
    assert [fields[1].split(":")[0] for fields in listening] == ["0100007F"]


def test_its_process_listens_on_one_port(aws: EmbeddedAws) -> None:
    handles = Path(f"/proc/{aws.process.pid}/fd").iterdir()
    sockets = {os.readlink(h)[8:-1] for h in handles if os.readlink(h).startswith("socket:[")}
    tables = ("/proc/net/tcp", "/proc/net/tcp6")
    lines = [one.split() for table in tables for one in Path(table).read_text("ascii").splitlines()]
    assert len([fields for fields in lines if fields[3] == "0A" and fields[9] in sockets]) == 1


def test_root_is_known_by_its_secret_only(aws: EmbeddedAws) -> None:
    assert client(aws, "sts").get_caller_identity()["Arn"] == f"arn:aws:iam::{aws.account}:root"
    wrong = made(aws, "sqs", aws.access_key, "x" * 40, None)
    assert refusal(lambda: wrong.list_queues()) == "SignatureDoesNotMatch"
    assert refusal(lambda: wrong.get_queue_url(QueueName="any")) == "SignatureDoesNotMatch"


@pytest.mark.parametrize("key", ["test", "111122223333", "AKIAIOSFODNN7EXAMPLE"])
@pytest.mark.parametrize(("service", "call"), [("sqs", "list_queues"), ("s3", "list_buckets")])
def test_no_other_key_is_root(aws: EmbeddedAws, key: str, service: str, call: str) -> None:
    other = made(aws, service, key, "test", None)
    assert refusal(getattr(other, call)) != ""


def test_nobody_does_anything_unsigned(aws: EmbeddedAws) -> None:
    with pytest.raises(urllib.error.HTTPError) as told:
        urllib.request.urlopen(aws.endpoint + "/?list-type=2", timeout=10)
    assert told.value.code in (400, 403)
    told.value.close()


def test_credentials_of_the_users_environment_do_not_reach_it(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAREALREALREALREAL")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of the real account")
    with running(tmp_path, cache) as aws:
        seen = Path(f"/proc/{aws.process.pid}/environ").read_bytes()
        assert b"REALREAL" not in seen
        assert b"of the real account" not in seen


def test_stopping_leaves_no_process_no_port_and_no_temporary_file(
    tmp_path: Path, cache: Path
) -> None:
    aws = start(tmp_path, cache)
    client(aws, "s3").create_bucket(
        Bucket="kept", CreateBucketConfiguration={"LocationConstraint": aws.region}
    )
    stop(aws)
    stop(aws)
    assert aws.process.poll() is not None
    assert not Path(f"/proc/{aws.process.pid}").exists()
    with socket.create_server(("127.0.0.1", int(aws.endpoint.rsplit(":", 1)[1]))):
        pass
    assert sorted(one.name for one in tmp_path.iterdir()) == ["aws.log", "s3"]


def test_it_ends_with_a_parent_that_is_killed(tmp_path: Path, cache: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from riskmill.cloud.laptop import start\n"
        "aws = start(Path(sys.argv[1]), Path(sys.argv[2])); print(aws.process.pid, flush=True)\n"
        "time.sleep(60)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path), str(cache)], stdout=subprocess.PIPE
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 20
    while _runs(child) and time.monotonic() < deadline:
        os.sched_yield()
    assert not _runs(child)


def test_a_process_that_ends_at_once_says_so_with_its_log(tmp_path: Path, cache: Path) -> None:
    home = tmp_path / "cache" / "environments" / prepared_interpreter(cache).parent.parent.name
    (home / "bin").mkdir(parents=True)
    (home / "finished").touch()
    damaged = home / "bin" / "python"
    damaged.write_text("#!/bin/sh\necho something is damaged\nexit 3\n", "utf-8")
    damaged.chmod(0o755)
    with pytest.raises(CloudRefused, match=r"\(exit 3\): something is damaged") as told:
        start(tmp_path / "data", tmp_path / "cache")
    assert told.value.code == "E801"
    assert told.value.place == str(tmp_path / "data" / "aws.log")


def test_a_place_that_is_no_directory_is_told(tmp_path: Path, cache: Path) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    with pytest.raises(CloudRefused, match=r"Not a directory|File exists") as told:
        start(tmp_path / "file", cache)
    assert told.value.code == "E801"


def test_an_environment_that_cannot_be_made_says_what_pip_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    with pytest.raises(CloudRefused, match="No matching distribution") as told:
        prepared_interpreter(tmp_path / "cache")
    assert told.value.code == "E800"
    again = list((tmp_path / "cache" / "environments").glob("*/finished"))
    assert again == []


def test_its_environment_holds_what_the_lock_says(cache: Path) -> None:
    python = prepared_interpreter(cache)
    listed = subprocess.run(
        [str(python), "-m", "pip", "freeze"], capture_output=True, text=True, check=True
    ).stdout
    lock = LOCK.read_text("utf-8").splitlines()
    locked = {line.split(" ")[0].lower() for line in lock if "==" in line}
    assert {line.lower().replace("_", "-") for line in listed.splitlines()} >= locked
    assert all("--hash=sha256:" in line or "==" in line for line in lock)


def _runs(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text("ascii").rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"
