"""
aws:SecureTransport is true on the loopback device.

The bucket policies of the foundation deny every request without TLS, as they must; MiniStack
evaluates that, and refuses every client on 127.0.0.1, where nobody else listens. The hop stands
for TLS.
"""

from ministack import app
from ministack.core import iam_evaluator


def apply() -> None:
    """Say of every request that it came by TLS, and from where it came."""

    def pinned(source_ip: str, _secure_transport: bool) -> None:
        iam_evaluator._request_origin.set((source_ip, True))

    app.pin_request_origin = pinned
