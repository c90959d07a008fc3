"""An account of its own for each module, with a VPC of private subnets, and the command line."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from riskmill.cli.main import run_command
from riskmill.cloud.laptop import EmbeddedAws, running
from tests.cloud.clients import client


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What a command ended with and said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> object:
        return json.loads(self.out)


Command = Callable[..., Outcome]


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Iterator[EmbeddedAws]:
    with running(tmp_path_factory.mktemp("account"), cache) as started:
        yield started


@pytest.fixture
def cloud(
    own: EmbeddedAws, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """Run `riskmill cloud ...` against the module's account."""
    for name, value in own.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("riskmill.cloud.deployment.stacks.PAUSE_SECONDS", 0.05)

    def run(*arguments: object) -> Outcome:
        code = run_command(["cloud", *(str(one) for one in arguments)])
        said = capsys.readouterr()
        return Outcome(code=code, out=said.out, err=said.err)

    return run


@pytest.fixture(scope="module")
def place(own: EmbeddedAws) -> dict[str, str]:
    """Return a VPC with three private subnets in three zones, as parameters."""
    return private_vpc(own, "10.1")


def private_vpc(aws: EmbeddedAws, start: str) -> dict[str, str]:
    ec2 = client(aws, "ec2")
    vpc = ec2.create_vpc(CidrBlock=f"{start}.0.0/16")["Vpc"]["VpcId"]
    subnets = {
        f"PrivateSubnet{number}": ec2.create_subnet(
            VpcId=vpc, CidrBlock=f"{start}.{number}.0/24", AvailabilityZone=f"{aws.region}{zone}"
        )["Subnet"]["SubnetId"]
        for number, zone in ((1, "a"), (2, "b"), (3, "c"))
    }
    return {"VpcId": vpc, **subnets}


def given(parameters: dict[str, str]) -> list[str]:
    """Return parameters as options of the command line."""
    return [
        part for name, value in parameters.items() for part in ("--parameter", f"{name}={value}")
    ]
