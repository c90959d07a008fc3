"""
The dashboard.

Did last night finish, with which code and data, and what did it cost?
"""

import json
from collections.abc import Iterator, Mapping, Sequence

from troposphere import Sub, Template, cloudwatch

from riskmill.cloud.prices import AS_OF, hourly
from riskmill.cloud.references import arn, named
from riskmill.cloud.stages import STAGES
from riskmill.domain import NAMESPACE

Json = object
Widget = Mapping[str, Json]
_ENV = "${EnvironmentSuffix}"
_CLUSTER = f"batch-processing-{_ENV}"
RUN_FIELDS = (
    "run_id", "status", "batch_id", "code_version", "manifest_sha256", "positions", "failures",
    "breaches", "seconds",
)  # fmt: skip
"""What the line of a closed run says: which run, how it ended, with which code and data."""
RUN_EVENT = "run-closed"
SHOWN_ALARMS = (
    "run-failed", "run-late", "batch-missing", "task-failures", "crashed-tasks",
    "deployment-failed", "dead-letters", "queue-age",
)  # fmt: skip
"""Alarms of both stacks, by the middle of their names."""


def add_dashboard(template: Template) -> None:
    """Add the dashboard; what it says of alarms, queues and machines are the stack's own."""
    widgets = [
        *_row(0, [_runs()]),
        *_row(6, [_cost(), _items(), _alarms()]),
    ]
    body = json.dumps({"start": "-P3D", "widgets": widgets}, separators=(",", ":"))
    template.add_resource(
        cloudwatch.Dashboard(
            "Dashboard",
            DashboardName=named("batch-processing"),
            DashboardBody=Sub(body, Alarm=arn("cloudwatch", "alarm:ecs")),
        )
    )


def _row(top: int, widgets: Sequence[Widget]) -> Iterator[Widget]:
    width = 24 // len(widgets)
    for place, widget in enumerate(widgets):
        yield {"x": place * width, "y": top, "width": width, "height": 6, **widget}


def _runs() -> Widget:
    """A row for each run that was closed."""
    query = (
        f"SOURCE '/ecs/report-generation-{_ENV}' | filter event='{RUN_EVENT}' | fields @timestamp,"
        f"{','.join(RUN_FIELDS)} | sort @timestamp desc | limit 20"
    )
    return {
        "type": "log",
        "properties": {
            "title": "Runs: did they finish, with which code and data?",
            "region": "${AWS::Region}",
            "view": "table",
            "query": query,
        },
    }


def _cost() -> Widget:
    """Running tasks times their list price: an hour has an hour's dollars."""
    price = "+".join(f"FILL(t{n},0)*{hourly(stage):.5f}" for n, stage in enumerate(STAGES))
    hidden: list[Json] = []
    for number, stage in enumerate(STAGES):
        # "..." stands for what the line before has in the same places.
        said = ["...", _running(stage.name)[-1]] if hidden else _running(stage.name)
        hidden.append([*said, {"id": f"t{number}", "visible": False}])
    cost = {"expression": price, "id": "cost", "label": "Fargate, USD an hour"}
    total = {"expression": "TIME_SERIES(SUM(cost))", "id": "total", "label": "Sum, USD"}
    title = f"What did it cost? On demand, {AS_OF}: Spot costs less"
    return _chart(title, [*hidden, [cost], [total]], stat="Average", period=3600)


def _alarms() -> Widget:
    arns = [f"${{Alarm}}-{name}-{_ENV}" for name in SHOWN_ALARMS]
    return {"type": "alarm", "properties": {"title": "Alarms", "alarms": arns}}


def _items() -> Widget:
    environment = ["Environment", _ENV]
    metrics = [
        [NAMESPACE, name, *environment] for name in ("ItemsFinished", "ItemsFailed", "Valuations")
    ]
    return _chart("Tasks done, tasks failed, valuations", metrics, stat="Sum", period=300)


def _running(name: str) -> list[Json]:
    service = f"{name}-service-{_ENV}"
    where = ["ClusterName", _CLUSTER, "ServiceName", service]
    return ["ECS/ContainerInsights", "RunningTaskCount", *where]


def _chart(title: str, metrics: Sequence[Json], *, stat: str, period: int) -> Widget:
    return {
        "type": "metric",
        "properties": {
            "title": title,
            "region": "${AWS::Region}",
            "stat": stat,
            "period": period,
            "metrics": metrics,
        },
    }
