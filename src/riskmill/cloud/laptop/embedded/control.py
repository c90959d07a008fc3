"""What the parent may ask of the process beside AWS's own API, with the root user's secret."""

import hmac
import json
import os
from typing import Any

from ministack.app import app

from .patches.task_credentials import PREFIX, grant, session

PATH = "/_riskmill/credentials"


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Answer for credentials of tasks; all else is MiniStack's."""
    path = scope.get("path", "")
    if scope["type"] != "http" or not (path == PATH or path.startswith(PREFIX)):
        await app(scope, receive, send)
        return
    shown = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1")
    if path == PATH:
        status, answer = _granted(shown, await _body(receive))
    else:
        issued = session(path, shown)
        status, answer = (403, "no task of that token") if issued is None else (200, issued)
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.encode()})


def _granted(shown: str, body: bytes) -> tuple[int, str]:
    if not hmac.compare_digest(shown.encode(), os.environ["AWS_SECRET_ACCESS_KEY"].encode()):
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
