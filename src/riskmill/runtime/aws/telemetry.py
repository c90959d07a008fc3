"""One line of JSON for whatever a worker did; metrics are part of it, in embedded metric format."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import IO

from riskmill.domain import DIMENSION_SETS, METRICS, NAMESPACE

Field = str | int | float
Clock = Callable[[], datetime]


class Teller:
    """Writes lines to a stream, each with instant, environment and stage."""

    def __init__(self, stream: IO[str], clock: Clock, *, environment: str, stage: str) -> None:
        self._stream = stream
        self._clock = clock
        self._place = {"Environment": environment, "Stage": stage}

    def tell(
        self, event: str, metrics: Mapping[str, float] | None = None, /, **said: Field
    ) -> None:
        """Write one line about *event*; empty texts are left out, and metrics are counted."""
        now = self._clock()
        line: dict[str, object] = {
            "timestamp": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "event": event,
            **{name: value for name, value in said.items() if value != ""},
            **self._place,
        }
        if metrics:
            line |= metrics
            line["_aws"] = _described(metrics, now)
        self._stream.write(json.dumps(line, separators=(",", ":")) + "\n")
        self._stream.flush()


def _described(metrics: Mapping[str, float], now: datetime) -> Mapping[str, object]:
    """Describe which members of the line CloudWatch is to count, and under which dimensions."""
    return {
        "Timestamp": int(now.timestamp() * 1000),
        "CloudWatchMetrics": [
            {
                "Namespace": NAMESPACE,
                "Dimensions": [list(names) for names in DIMENSION_SETS],
                "Metrics": [{"Name": name, "Unit": METRICS[name].unit} for name in metrics],
            }
        ],
    }


def item_metrics(*, finished: bool, seconds: float, valuations: int) -> Mapping[str, float]:
    """Return the metrics of one attempt at a task."""
    return {
        "ItemsFinished": int(finished),
        "ItemsFailed": int(not finished),
        "ItemSeconds": seconds,
        "Valuations": valuations,
    }
