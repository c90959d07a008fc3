"""The agent of ECS: whether scaling and deployments may stop this task."""

import json
import urllib.error
import urllib.request

PROTECTED_MINUTES = 15
"""Protection that nobody renews ends by itself, so that a hung task can be replaced."""
ANSWER_SECONDS = 5
_NO_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Agent:
    """The agent at an address; without one, as outside of ECS, nothing is asked."""

    def __init__(self, address: str) -> None:
        self._address = address

    def protect(self) -> str:
        """Ask that this task is not stopped for some minutes; give what stood in the way."""
        return self._put({"ProtectionEnabled": True, "ExpiresInMinutes": PROTECTED_MINUTES})

    def release(self) -> str:
        """Let this task be stopped; give what stood in the way."""
        return self._put({"ProtectionEnabled": False})

    def _put(self, state: dict[str, object]) -> str:
        if not self._address:
            return ""
        request = urllib.request.Request(
            f"{self._address}/task-protection/v1/state",
            data=json.dumps(state).encode(),
            headers={"Content-Type": "application/json"},
            method="PUT",
        )
        try:
            with _NO_PROXY.open(request, timeout=ANSWER_SECONDS) as answer:
                told = json.load(answer)
        except (OSError, ValueError) as cause:
            return f"{type(cause).__name__}: {cause}"
        refused = told.get("failure") or told.get("error") or {}
        return str(refused.get("Reason") or refused.get("Message") or "")
