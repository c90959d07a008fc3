"""Clients of AWS services, and what their errors mean to riskmill."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from riskmill.domain import CloudRefused, UsageError

CONNECT_SECONDS, READ_SECONDS = 5, 60
"""A service that does not answer within this is asked again; a long poll takes 20 at most."""
ATTEMPTS = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Clients:
    """What a worker calls; all in one region, with the credentials of its task."""

    session: Any
    """Of boto3; renews its own credentials."""
    queue: Any
    """Of SQS."""
    workflow: Any
    """Of Step Functions."""


def open_clients(region: str) -> Clients:
    """
    Open the clients, without calling anything.

    Raises `UsageError` (E850) where boto3 is not installed.
    """
    try:
        import boto3
        from botocore.config import Config
    except ModuleNotFoundError as missing:
        raise UsageError(
            "E850",
            f"workers on AWS need {missing.name}, which is not installed",
            place="riskmill worker",
            remedy="Install riskmill with its extra: pip install 'riskmill[aws]'.",
        ) from missing
    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
    )
    session = boto3.Session(region_name=region)
    return Clients(
        session=session,
        queue=session.client("sqs", config=config),
        workflow=session.client("stepfunctions", config=config),
    )


@contextmanager
def refusals(code: str, what: str, place: str) -> Iterator[None]:
    """Turn an error of boto3 into a `CloudRefused` that says which call, and why."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as cause:
        told = cause.response.get("Error", {})
        raise CloudRefused(
            code,
            f"{what}: {told.get('Code', '')} {told.get('Message', '')}".strip(),
            place=place,
            remedy="Compare the role of the task with docs/permissions.md; see docs/operations.md.",
        ) from cause
    except BotoCoreError as cause:
        raise CloudRefused(
            code,
            f"{what}: {cause}",
            place=place,
            remedy="Check the network's way to the service: NAT, endpoints, security group.",
        ) from cause


def error_code(refusal: CloudRefused) -> str:
    """Name that the service gave its error; empty where none was reached."""
    told = getattr(refusal.__cause__, "response", {})
    return str(told.get("Error", {}).get("Code", ""))
