"""What an environment is doing: stacks, services, queues, executions, alarms and logs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from riskmill.cloud.deployment.account import Account, Answer
from riskmill.cloud.deployment.looking import stack
from riskmill.cloud.deployment.parameters import Asked
from riskmill.cloud.stages import STAGES
from riskmill.domain import CloudRefused


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceState:
    """A stage: its tasks and its queue."""

    stage: str
    desired: int
    running: int
    pending: int
    deployment: str
    """State of the newest deployment of its service."""
    waiting: int
    in_work: int
    dead_letters: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ExecutionState:
    """A run of the state machine."""

    name: str
    status: str
    started: str
    stopped: str
    """Empty while it runs."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Status:
    """An environment at a glance."""

    environment: str
    region: str
    foundation: str
    """State of its stack."""
    workload: str
    images: tuple[str, ...]
    """What each service runs, by digest."""
    services: tuple[ServiceState, ...]
    executions: tuple[ExecutionState, ...]
    """The latest ten."""
    alarms: tuple[str, ...]
    """Names of the alarms that are raised."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LogLine:
    """A line that a task wrote."""

    instant: str
    task: str
    message: str


def status(account: Account, asked: Asked) -> Status:
    """Return what an environment is doing; raises `CloudRefused` (E829) where there is none."""
    foundation, workload = (stack(account, asked.stack(k)) for k in ("foundation", "workload"))
    if not foundation.status:
        raise nothing_there(account, asked)
    images = (workload.parameters.get(f"{stage.prefix}Image", "") for stage in STAGES)
    return Status(
        environment=asked.environment,
        region=account.region,
        foundation=foundation.status,
        workload=workload.status or "not deployed",
        images=tuple(image for image in images if image),
        services=services(account, asked) if workload.exists else (),
        executions=executions(account, asked) if workload.exists else (),
        alarms=_raised(account, asked),
    )


def nothing_there(account: Account, asked: Asked) -> CloudRefused:
    """Return the refusal for an environment that is not there."""
    return CloudRefused(
        "E829",
        f"nothing is deployed in the environment '{asked.environment}'",
        place=account.region,
        remedy="Look at --environment and --region, or deploy it: riskmill cloud deploy",
    )


def services(account: Account, asked: Asked) -> tuple[ServiceState, ...]:
    """Return each stage with its tasks and its queue."""
    names = {f"{stage.name}-service-{asked.environment}": stage for stage in STAGES}
    told = account.ask(
        "ecs",
        "describe_services",
        absent=("ClusterNotFoundException",),
        cluster=f"batch-processing-{asked.environment}",
        services=list(names),
    )
    found = {one["serviceName"]: one for one in (told or {}).get("services", [])}
    return tuple(
        _service(account, asked, stage.name, found[name])
        for name, stage in names.items()
        if name in found
    )


def _service(account: Account, asked: Asked, stage: str, told: Answer) -> ServiceState:
    queue = _depth(account, f"{stage}-{asked.environment}")
    letters = _depth(account, f"{stage}-dead-letters-{asked.environment}")
    deployments = told.get("deployments") or [{}]
    return ServiceState(
        stage=stage,
        desired=told["desiredCount"],
        running=told["runningCount"],
        pending=told["pendingCount"],
        deployment=deployments[0].get("rolloutState", ""),
        waiting=queue[0],
        in_work=queue[1],
        dead_letters=letters[0],
    )


def _depth(account: Account, queue: str) -> tuple[int, int]:
    """Return how many messages wait in a queue, and how many are in work."""
    gone = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")
    url = account.ask("sqs", "get_queue_url", absent=gone, QueueName=queue)
    if url is None:
        return 0, 0
    counts = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    told = account.ask(
        "sqs", "get_queue_attributes", QueueUrl=url["QueueUrl"], AttributeNames=list(counts)
    )["Attributes"]
    return int(told[counts[0]]), int(told[counts[1]])


def executions(account: Account, asked: Asked) -> tuple[ExecutionState, ...]:
    """Return the latest ten executions of the state machine of runs."""
    told = account.ask(
        "stepfunctions",
        "list_executions",
        absent=("StateMachineDoesNotExist",),
        stateMachineArn=machine(account, asked),
        maxResults=10,
    )
    return tuple(
        ExecutionState(
            name=one["name"],
            status=one["status"],
            started=_instant(one["startDate"]),
            stopped=_instant(one["stopDate"]) if one.get("stopDate") else "",
        )
        for one in (told or {}).get("executions", [])
    )


def machine(account: Account, asked: Asked) -> str:
    """ARN of the state machine of runs."""
    return (
        f"arn:{account.partition}:states:{account.region}:{account.number}:stateMachine:"
        f"batch-run-{asked.environment}"
    )


def _raised(account: Account, asked: Asked) -> tuple[str, ...]:
    told = account.every(
        "cloudwatch", "describe_alarms", "MetricAlarms", AlarmNamePrefix="ecs-", StateValue="ALARM"
    )
    names = (one["AlarmName"] for one in told)
    return tuple(sorted(name for name in names if name.endswith(f"-{asked.environment}")))


def log_lines(
    account: Account, asked: Asked, stage: str, *, since: datetime, containing: str = ""
) -> Iterator[LogLine]:
    """
    Return the lines that tasks of a stage wrote since an instant, oldest first.

    *containing* keeps those with that text, a run id for instance. Raises `CloudRefused` (E829)
    where there is no such log group.
    """
    group = f"/ecs/{stage}-{asked.environment}"
    request: dict[str, object] = {
        "logGroupName": group,
        "startTime": int(since.timestamp() * 1000),
    }
    if containing:
        escaped = containing.replace("\\", "\\\\").replace('"', '\\"')
        request["filterPattern"] = f'"{escaped}"'
    while True:
        told = account.ask(
            "logs", "filter_log_events", absent=("ResourceNotFoundException",), **request
        )
        if told is None:
            raise nothing_there(account, asked)
        for event in told["events"]:
            yield LogLine(
                instant=_instant(datetime.fromtimestamp(event["timestamp"] / 1000, UTC)),
                task=event["logStreamName"].rsplit("/", 1)[-1],
                message=event["message"].rstrip("\n"),
            )
        if not told.get("nextToken"):
            return
        request["nextToken"] = told["nextToken"]


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
