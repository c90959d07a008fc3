"""Clients of the embedded AWS: as root, and as a task of a role."""

import json
import urllib.request
from collections.abc import Callable
from typing import Any

import boto3
from botocore.config import Config

from riskmill.cloud.laptop import EmbeddedAws

ONCE = Config(retries={"total_max_attempts": 1}, read_timeout=60)


def client(aws: EmbeddedAws, service: str) -> Any:
    """Return a client of *service* for the root user."""
    return made(aws, service, aws.access_key, aws.secret_key, None)


def client_of(aws: EmbeddedAws, role: str, service: str) -> Any:
    """Return a client of *service* with the credentials that a task of *role* would find."""
    found = aws.environment_of(role)
    request = urllib.request.Request(
        found["AWS_CONTAINER_CREDENTIALS_FULL_URI"],
        headers={"Authorization": found["AWS_CONTAINER_AUTHORIZATION_TOKEN"]},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        told = json.load(answer)
    return made(aws, service, told["AccessKeyId"], told["SecretAccessKey"], told["Token"])


def made(aws: EmbeddedAws, service: str, key: str, secret: str, token: str | None) -> Any:
    """Return a client with these credentials, which tries once."""
    return boto3.client(
        service,
        endpoint_url=aws.endpoint,
        region_name=aws.region,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
        config=ONCE,
    )


def refusal(call: Callable[[], object]) -> str:
    """Return the code that AWS refused *call* with; empty where it did not."""
    from botocore.exceptions import ClientError

    try:
        call()
    except ClientError as refused:
        return str(refused.response["Error"]["Code"])
    return ""


def role(aws: EmbeddedAws, name: str, service: str, *statements: dict[str, object]) -> str:
    """Make a role that *service* may assume and that may do what the statements say."""
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    iam = client(aws, "iam")
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(trust))["Role"]["Arn"]
    if statements:
        iam.put_role_policy(RoleName=name, PolicyName="only", PolicyDocument=document(*statements))
    return str(arn)


def document(*statements: dict[str, object]) -> str:
    """Return a policy of these statements."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: str, resource: str = "*", **conditions: object) -> dict[str, object]:
    """Return a statement that allows one action."""
    found: dict[str, object] = {"Effect": "Allow", "Action": action, "Resource": resource}
    return found | ({"Condition": conditions} if conditions else {})
