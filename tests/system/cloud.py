"""Both rendered stacks in the embedded AWS, and real worker processes under their task roles."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from riskmill.cloud import STAGES, render
from riskmill.cloud.laptop import EmbeddedAws
from tests.cloud.clients import client

DATA, OUTPUT, ENVIRONMENT = "deliveries-of-the-bank", "results-of-the-bank", "test"
DIGEST = "@sha256:" + "0" * 64
Found = TypeVar("Found")


@dataclass
class Cloud:
    """The two stacks, deployed."""

    aws: EmbeddedAws
    root: Path
    """Where worker processes keep their scratch and their lines."""
    cache: Path
    """Where compiled kernels are kept; in an image they come with it."""
    started: list["WorkerProcess"] = field(default_factory=list)

    def client(self, service: str) -> Any:
        return client(self.aws, service)

    @cached_property
    def s3(self) -> Any:
        return self.client("s3")

    def deploy(self) -> None:
        """Create both stacks from what is checked in, with no task of their own."""
        self._create("foundation", {"DataBucketName": DATA, "OutputBucketName": OUTPUT})
        ec2 = self.client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnets = [
            ec2.create_subnet(
                VpcId=vpc,
                CidrBlock=f"10.0.{number}.0/24",
                AvailabilityZone=f"{self.aws.region}{letter}",
            )["Subnet"]["SubnetId"]
            for number, letter in enumerate("abc")
        ]
        told = {
            "DataBucketName": DATA,
            "OutputBucketName": OUTPUT,
            "VpcId": vpc,
            **{f"PrivateSubnet{n + 1}": subnet for n, subnet in enumerate(subnets)},
            **{f"{stage.prefix}Image": self._image(stage.name) for stage in STAGES},
            **{f"{stage.prefix}MinCapacity": "0" for stage in STAGES},
        }
        self._create("workload", told)

    def _image(self, name: str) -> str:
        registry = f"{self.aws.account}.dkr.ecr.{self.aws.region}.amazonaws.com"
        return f"{registry}/{name}-{ENVIRONMENT}{DIGEST}"

    def _create(self, name: str, parameters: Mapping[str, str]) -> None:
        formation = self.client("cloudformation")
        formation.create_stack(
            StackName=name,
            TemplateBody=render(name),
            Capabilities=["CAPABILITY_NAMED_IAM"],
            Parameters=[
                {"ParameterKey": key, "ParameterValue": value}
                for key, value in {"EnvironmentSuffix": ENVIRONMENT, **parameters}.items()
            ],
        )

        def ended() -> Any:
            (stack,) = formation.describe_stacks(StackName=name)["Stacks"]
            return stack if not stack["StackStatus"].endswith("IN_PROGRESS") else None

        stack = until(ended, 60, f"stack {name}")
        assert stack["StackStatus"] == "CREATE_COMPLETE", stack

    def resource(self, logical_id: str, stack: str = "workload") -> str:
        """Return the physical id of a resource."""
        found = self.client("cloudformation").describe_stack_resource(
            StackName=stack, LogicalResourceId=logical_id
        )
        return str(found["StackResourceDetail"]["PhysicalResourceId"])

    def queue(self, stage: str) -> str:
        """Return the URL of a stage's queue."""
        prefix = next(one.prefix for one in STAGES if one.name == stage)
        return self.resource(f"{prefix}Queue")

    def worker(self, stage: str, **more: str) -> "WorkerProcess":
        """Start a worker as the task definition of its stage says: its command, variables, role."""
        definition = self.client("ecs").describe_task_definition(
            taskDefinition=f"{stage}-{ENVIRONMENT}"
        )["taskDefinition"]
        (container,) = definition["containerDefinitions"]
        scratch = self.root / f"task-{len(self.started)}"
        scratch.mkdir()
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(sys.path),
            "RISKMILL_CACHE_DIR": str(self.cache),
            "TMPDIR": str(scratch),
            **{one["name"]: one["value"] for one in container["environment"]},
            **self.aws.environment_of(definition["taskRoleArn"]),
            **more,
        }
        worker = WorkerProcess(
            stage=stage, scratch=scratch, command=container["command"], environment=environment
        )
        self.started.append(worker)
        return worker

    def deliver(self, batch: Path, batch_id: str, names: Sequence[str] = ()) -> None:
        """Put the files of a batch into the data bucket: in this order, or the manifest last."""
        files = sorted(
            (path for path in batch.iterdir() if path.is_file()),
            key=lambda path: (path.name == "manifest.json", path.name),
        )
        for name in names or [path.name for path in files]:
            key = f"in/{batch_id}/{name}"
            self.s3.put_object(Bucket=DATA, Key=key, Body=(batch / name).read_bytes())

    def objects(self, prefix: str = "") -> dict[str, bytes]:
        """Return the objects of the output bucket below a prefix."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=OUTPUT, Prefix=prefix)
        keys = [one["Key"] for page in pages for one in page.get("Contents", [])]
        return {
            key: self.s3.get_object(Bucket=OUTPUT, Key=key)["Body"].read() for key in sorted(keys)
        }

    def executions(self) -> dict[str, str]:
        """Return name and status of every execution of the run's state machine, items excepted."""
        found = self.client("stepfunctions").list_executions(
            stateMachineArn=self.resource("RunWorkflow"), maxResults=1000
        )["executions"]
        return {one["name"]: one["status"] for one in found if one["name"][-5] == "-"}

    def runs_of(self, batch_id: str) -> dict[str, str]:
        """Return name and status of every execution of a batch."""
        specs = {
            key.split("/")[1]: json.loads(raw)["batch"]
            for key, raw in self.objects("runs/").items()
            if key.endswith("/spec.json")
        }
        own = {
            run
            for run, batch in specs.items()
            if f"{batch['business_date']}/{batch['snapshot']}/{batch['version']}" == batch_id
        }
        return {name: status for name, status in self.executions().items() if name[:-5] in own}

    def ended(self, batch_id: str, seconds: float = 120) -> str:
        """Wait until the one execution of a batch has ended, and return its run id and status."""

        def over() -> tuple[str, str] | None:
            found = self.runs_of(batch_id)
            assert len(found) <= 1, found
            return next(((n[:-5], s) for n, s in found.items() if s != "RUNNING"), None)

        run_id, status = until(over, seconds, f"the end of the run of {batch_id}", self.explain)
        assert status == "SUCCEEDED", f"{status}\n{self.explain()}"
        return run_id

    def depth(self, stage: str) -> int:
        """Return the messages of a stage's queue, visible and in flight."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        told = self.client("sqs").get_queue_attributes(
            QueueUrl=self.queue(stage), AttributeNames=names
        )["Attributes"]
        return sum(int(told[name]) for name in names)

    def explain(self) -> str:
        """Return what the workers said last, for a test that fails."""
        return "\n".join(
            f"--- {one.stage}\n" + "\n".join(one.output().splitlines()[-15:]) + one.complaints()
            for one in self.started
        )

    def stop(self) -> None:
        """End every worker that a test left."""
        stop_all(self.started)


@dataclass
class WorkerProcess:
    """A task of a stage as a process."""

    stage: str
    scratch: Path
    command: Sequence[str]
    environment: Mapping[str, str]

    def __post_init__(self) -> None:
        with (self.scratch / "out").open("wb") as out, (self.scratch / "err").open("wb") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "riskmill", *self.command],
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
                cwd=self.scratch,
            )

    def output(self) -> str:
        return (self.scratch / "out").read_text(encoding="utf-8")

    def complaints(self) -> str:
        return (self.scratch / "err").read_text(encoding="utf-8")

    def lines(self, event: str = "") -> list[dict[str, Any]]:
        """Return its lines; each of them must be JSON."""
        found = [json.loads(line) for line in self.output().splitlines(keepends=True)
                 if line.endswith("\n")]  # fmt: skip
        return [line for line in found if not event or line["event"] == event]

    def of_run(self, run_id: str, event: str) -> list[dict[str, Any]]:
        """Return its lines about one run."""
        return [line for line in self.lines(event) if line.get("run_id") == run_id]

    def ready(self) -> "WorkerProcess":
        """Wait for its first line."""
        until(lambda: self.lines("worker") or self.process.poll() is not None, 60, self.stage)
        assert self.process.poll() is None, self.complaints()
        return self

    def terminate(self, seconds: float = 60) -> int:
        """Send SIGTERM as ECS does, and return the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


def until(
    look: Callable[[], Found | None],
    seconds: float,
    what: str,
    explain: Callable[[], str] = lambda: "",
) -> Found:
    """Return the first thing that *look* finds; fail with an explanation where it finds none."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > deadline:
            raise AssertionError(f"no {what} within {seconds} s\n{explain()}")
        time.sleep(0.2)
    return found


@dataclass(frozen=True)
class Crew:
    """A worker of each stage."""

    ingestion: WorkerProcess
    risk: WorkerProcess
    reporting: WorkerProcess

    @classmethod
    def of(cls, cloud: Cloud, **told: str) -> "Crew":
        """Start them side by side, and wait until each receives."""
        found = cls(*(cloud.worker(stage.name, **told) for stage in STAGES))
        for one in found.all():
            one.ready()
        return found

    def all(self) -> tuple[WorkerProcess, ...]:
        return (self.ingestion, self.risk, self.reporting)

    def stop(self) -> None:
        stop_all(self.all())


def stop_all(workers: Iterable[WorkerProcess]) -> None:
    """
    Ask workers to stop, all at once, and wait for them.

    One that is killed leaves a poll behind, which may still be given a message.
    """
    left = [one for one in workers if one.process.poll() is None]
    for one in left:
        one.process.send_signal(signal.SIGTERM)
    for one in left:
        try:
            one.process.wait(30)
        except subprocess.TimeoutExpired:
            one.kill()


@contextmanager
def deployed(aws: EmbeddedAws, root: Path, cache: Path) -> Iterator[Cloud]:
    """Deploy both stacks, and stop whatever worker is left in the end."""
    cloud = Cloud(aws=aws, root=root, cache=cache)
    cloud.deploy()
    try:
        yield cloud
    finally:
        cloud.stop()
