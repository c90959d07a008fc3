"""
A task finds credentials of its own task role at the address in its environment.

ECS serves each task a session of the role that its definition names, at a path of its own, to
whoever shows its token. MiniStack serves anyone keys that belong to nobody, so that with IAM on
every call of a task is refused.
"""

import json
import secrets
import time
from dataclasses import dataclass
from typing import Any

from ministack.core.responses import get_account_id
from ministack.services import ecs, iam, sts

PREFIX = "/v2/credentials/"
LIFETIME = 3600
"""Seconds; clients fetch new ones before these end."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """What a task may fetch."""

    role: str
    session: str
    token: str


_GRANTS: dict[str, Grant] = {}


def apply() -> None:
    """Register a grant for each task that starts; `control` serves what is granted."""
    registered_before = ecs._register_metadata

    def registered(task_arn: str, cluster: str, definition: Any, container: Any, *rest: Any) -> Any:
        metadata = registered_before(task_arn, cluster, definition, container, *rest)
        variables = rest[1]
        if definition.get("taskRoleArn"):
            identity = variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"].rsplit("/", 1)[1]
            _GRANTS[identity] = Grant(
                role=definition["taskRoleArn"],
                session=task_arn.rsplit("/", 1)[1],
                token=variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"],
            )
        return metadata

    ecs._register_metadata = registered


def grant(role: str) -> tuple[str, str] | None:
    """Return path and token from which credentials of *role* can be fetched; None without it."""
    if role.rsplit("/", 1)[-1] not in iam._roles:
        return None
    identity, token = secrets.token_hex(16), secrets.token_urlsafe(32)
    _GRANTS[identity] = Grant(role=role, session=identity, token=token)
    return PREFIX + identity, token


def session(path: str, token: str) -> str | None:
    """Return new credentials for who shows the token of *path*; None for anybody else."""
    granted = _GRANTS.get(path.removeprefix(PREFIX))
    if granted is None or not secrets.compare_digest(granted.token.encode(), token.encode()):
        return None
    return _issued(granted)


def _issued(granted: Grant) -> str:
    """Make a session as AssumeRole would, and return it as the agent of ECS words it."""
    account, name = granted.role.split(":")[4] or get_account_id(), granted.role.rsplit("/", 1)[1]
    key, secret = "ASIA" + secrets.token_hex(8).upper(), secrets.token_hex(20)
    session_token = secrets.token_urlsafe(96)
    ends = time.time() + LIFETIME
    sts._sessions[key] = {
        "Arn": f"arn:aws:sts::{account}:assumed-role/{name}/{granted.session}",
        "UserId": f"AROA{name}:{granted.session}",
        "AccountId": account,
        "SecretAccessKey": secret,
        "SessionToken": session_token,
        "Expiration": ends,
        "PrincipalType": "AssumedRole",
    }
    return json.dumps(
        {
            "AccessKeyId": key,
            "SecretAccessKey": secret,
            "Token": session_token,
            "Expiration": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(ends)),
            "RoleArn": granted.role,
        }
    )
