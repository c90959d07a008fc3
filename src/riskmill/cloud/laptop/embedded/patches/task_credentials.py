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
from ministack.services import ecs, iam, imds, sts

PREFIX = "/v2/credentials/"
LIFETIME = 3600
"""Seconds; clients fetch new ones before these end."""

Answer = tuple[int, dict[str, str], bytes]


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """What a task may fetch."""

    role: str
    session: str
    token: str


_GRANTS: dict[str, Grant] = {}


def apply() -> None:
    """Serve sessions of task roles, and register a grant for each task that starts."""
    served_before = imds.handle_request
    registered_before = ecs._register_metadata

    async def served(method: str, path: str, headers: Any, body: Any, query: Any) -> Answer:
        if not path.startswith(PREFIX):
            answer: Answer = await served_before(method, path, headers, body, query)
            return answer
        return _session(path.removeprefix(PREFIX), headers.get("authorization", ""))

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

    imds.handle_request = served
    ecs._register_metadata = registered


def grant(role: str) -> tuple[str, str] | None:
    """Return path and token from which credentials of *role* can be fetched; None without it."""
    if role.rsplit("/", 1)[-1] not in iam._roles:
        return None
    identity, token = secrets.token_hex(16), secrets.token_urlsafe(32)
    _GRANTS[identity] = Grant(role=role, session=identity, token=token)
    return PREFIX + identity, token


def _session(identity: str, token: str) -> Answer:
    granted = _GRANTS.get(identity)
    plain = {"Content-Type": "text/plain"}
    if granted is None or not secrets.compare_digest(granted.token, token):
        return 403, plain, b"no task of that token"
    return 200, {"Content-Type": "application/json"}, _issued(granted)


def _issued(granted: Grant) -> bytes:
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
    ).encode()
