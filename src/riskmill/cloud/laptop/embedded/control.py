"""What the parent may ask of the process beside AWS's own API, with the root user's secret."""

import hmac
import json
import os
from typing import Any

from ministack.app import app

from .patches.task_credentials import grant

PATH = "/_riskmill/credentials"


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Answer our one question; all else is MiniStack's."""
    if scope["type"] != "http" or scope["path"] != PATH:
        await app(scope, receive, send)
        return
    status, answer = _answer(dict(scope["headers"]), await _body(receive))
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.encode()})


def _answer(headers: dict[bytes, bytes], body: bytes) -> tuple[int, str]:
    given = headers.get(b"authorization", b"")
    if not hmac.compare_digest(given, os.environ["AWS_SECRET_ACCESS_KEY"].encode()):
        return 403, "not the root user"
    role = str(json.loads(body).get("role"))
    granted = grant(role)
    if granted is None:
        return 404, f"there is no role {role}"
    path, token = granted
    return 200, json.dumps({"path": path, "token": token})


async def _body(receive: Any) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)
