"""Writes seed-parity.md: what became of everything that the first template promised."""

import json
import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

from riskmill.cloud import TEMPLATES, render

SEED = Path(__file__).resolve().parents[1] / "tests" / "cloud" / "seed"
Json = object

EXPLAINED: tuple[tuple[str, str, str], ...] = (
    ("LogEncryptionKey/Description", "says what the key encrypts by now", ""),
    ("LogEncryptionKey/KeyPolicy*Sid", "names without blanks", ""),
    ("LogEncryptionKey/KeyPolicy*", "any partition; no grants; alarms and events may use it", "M7, M9"),
    ("*LogGroup/RetentionInDays", "parameter `LogRetentionDays`, 30 by default", ""),
    ("*LogGroup/KmsKeyId", "the key, or the one of `ExistingKeyArn`", ""),
    ("*Repository/LifecyclePolicy*", "the last 10, and never one that was deployed", "H13"),
    ("TaskExecutionRole/*", "`{stage}ExecutionRole`, one for each stage: its own repository and log", "M1, M12"),
    ("TaskRole/*", "`{stage}TaskRole`, one for each stage: its own queue and prefixes, no ACLs", "M1, M12, F5, H14, H15"),
    ("*TaskDefinition/ExecutionRoleArn", "the stage's own role of the foundation", "M1"),
    ("*TaskDefinition/TaskRoleArn", "the stage's own role of the foundation", "M1"),
    ("*TaskDefinition/*Image", "parameter `{stage}Image`, by digest", "H12, F2"),
    ("*TaskDefinition/*awslogs-group", "the same group by name: it belongs to the foundation", "F2"),
    ("ECSSecurityGroup/SecurityGroupEgress*", "port 443 only, to NAT or to the endpoints", "M2"),
    ("*Service/DesiredCount", "left to scaling; the first count is the floor", "H10"),
    ("*Service/LaunchType", "a capacity provider strategy, so that Spot can be used", "H11"),
    ("*Service/PlacementStrategies*", "gone: Fargate spreads over zones by itself", "F1"),
    ("*ScalableTarget/MaxCapacity", "parameter `{stage}MaxCapacity`, the seed's number by default", ""),
    ("*ScalableTarget/MinCapacity", "parameter `{stage}MinCapacity`, the seed's number by default", "M14"),
    ("*ScalableTarget/ResourceId", "names the service by reference, so no `DependsOn` is needed", ""),
    ("*ScalableTarget/RoleARN", "gone: the service-linked role is found without", "M10"),
    ("TaskFailureAlarm/AlarmDescription", "says the same", ""),
    ("TaskFailureAlarm/MetricName", "`ItemsFailed` and `ItemsFinished`, which workers send", "H1"),
    ("TaskFailureAlarm/Namespace", "`Riskmill`", "H1"),
    ("TaskFailureAlarm/Statistic", "sums, from which a rate is made by metric math", "H2"),
    ("TaskFailureAlarm/Period", "600 seconds, of each of the metrics", ""),
    ("TaskFailureAlarm/Threshold", "parameter `FailureRatePercent`, 5 by default, with a least number", "H2"),
    ("TaskFailureAlarm/Dimensions*", "`Environment`", "H1"),
    ("EventBridgeRole/RoleName", "with the region, so that a second region fits", "M8"),
    ("EventBridgeRole/Policies*", "starts one state machine: no task is run by a rule any more", "H7, M12"),
    ("S3EventRule/Description", "says where the event goes by now", ""),
    ("S3EventRule/Targets*", "the queue of data ingestion, with dead letters and retries", "F4, H5, H6, H7"),
)  # fmt: skip
"""Resource and property (first match holds), where it is now, rows of the list of defects."""

PROMISES: Mapping[str, str] = {
    "ECS Cluster**: Fargate": "`ECSCluster`, Fargate and Fargate Spot",
    "Three Task Definitions": "`DataIngestionTaskDefinition` and its two siblings",
    "Data Ingestion (1 vCPU": "the same",
    "Risk Calculation (2 vCPU": "the same",
    "Report Generation (0.5 vCPU": "the same",
    "ECR Repositories**": "`DataIngestionRepository` and siblings; deployed images stay for longer (H13)",
    "CloudWatch Logs**": "the three log groups, `LogEncryptionKey`, `LogRetentionDays`",
    "ECS Services**": "`DataIngestionService` and siblings; a container health check makes the period mean something",
    "Auto-Scaling**: CPU": "`DataIngestionScalingPolicy` and siblings; `...BacklogPolicy` decides scale-in (H8)",
    "EventBridge**": "`S3EventRule`, by way of the queue (F4, H6)",
    "CloudWatch Alarms**": "`TaskFailureAlarm` (H1, H2, H3)",
    "AWS Account": "docs/howto/deploy.md names them",
    "VPC with 3 private": "the same; the rule `SubnetsInThreeZones` refuses others before anything is made",
    "NAT Gateway or VPC endpoints for ECS and": "the same; `infrastructure/endpoints.json` makes the endpoints (M3)",
    "Two S3 buckets": "made by the foundation, or existing with `BucketsAre=existing`",
    "Container images built": "needed for the workload only (F2)",
    "EnvironmentSuffix": "the same, with a pattern (M8)",
    "VpcId": "the same",
    "PrivateSubnet1": "the same",
    "PrivateSubnet2": "the same",
    "PrivateSubnet3": "the same",
    "DataBucketName": "the same, of both stacks",
    "OutputBucketName": "the same, of both stacks",
    "Parameter |": "every parameter has a pattern, a range or a list of values",
    "1. Validate": "`riskmill cloud check` (M17)",
    "2. Deploy": "two stacks: foundation, images, workload (F2)",
    "3. Monitor": "the same commands, for each stack",
    "4. Build": "for `linux/amd64`, by digest, with a tag that never moves (H12, M17)",
    "5. Enable": "the foundation does it for its own bucket; docs/howto/deploy.md adds it to an existing one (H4)",
    "6. Verify": "the same names",
    "ECS Cluster: `batch": "the same",
    "Task Definition: `data": "the same",
    "Log Group: `/ecs": "the same",
    "ECR Repository: `data": "the same",
    "KMS Encryption**": "and images, buckets, queues and topic",
    "Least Privilege IAM": "docs/permissions.md, made from the templates (M1)",
    "Vulnerability Scanning": "`ScanOnPush`, tags immutable",
    "Network Isolation": "`AssignPublicIp: DISABLED`",
    "Security Groups**": "true by now: port 443 only (M2)",
    "Container Insights**": "the same",
    "Task Failure Alarm**": "`TaskFailureAlarm`, by metric math on metrics that exist (H1, H2)",
    "Auto-Scaling Metrics": "the same",
    "Log Retention**": "`LogRetentionDays`, 30 by default",
    "Service | Min": "`{stage}MinCapacity`, `{stage}MaxCapacity`; 70 %",
    "Data Ingestion | 1": "the same by default",
    "Risk Calculation | 2": "the same by default",
    "Report Generation | 1": "the same by default",
    "Check CloudWatch Logs": "docs/operations.md",
    "Verify ECR images": "images are parameters by digest; CrashRateAlarm tells",
    "Confirm VPC has NAT": "docs/howto/deploy.md",
    "Check IAM role permissions": "docs/permissions.md",
    "Verify Application Auto": "made by AWS at the first deployment (M10, M11)",
    "Check CloudWatch metrics for CPU": "docs/operations.md, QueueAgeAlarm",
    "Ensure cooldown": "300 seconds, the same",
    "Verify S3 bucket has": "docs/howto/deploy.md (H4)",
    "Check EventBridge rule": "docs/operations.md, BatchMissingAlarm",
    "Confirm IAM role has permissions to run": "no longer needed: the queue's policy lets the rule in",
    "Uses Fargate": "the same",
    "ECR lifecycle policies": "the same, save for what was deployed (H13)",
    "CloudWatch Logs retention": "`LogRetentionDays`",
    "Auto-scaling prevents": "and scales to zero where asked (M14, docs/cost.md)",
    "Exit with code 0": "a worker exits 0 at SIGTERM only: under a service an early end is a crash (F3)",
    "Read from DATA_BUCKET": "the same",
    "Write results to": "the same",
    "Log to stdout": "the same, and no line is dropped (M5)",
    "Handle SIGTERM": "the same, with 120 seconds for it (H9)",
}  # fmt: skip
"""Beginning of each point of the seed's README (marks taken off), and where it is now."""

_POINT = re.compile(r"^\s*(?:- |[0-9]\. |\| |### )(.*)$")
_OPENING = """# What became of the first template

riskmill's stacks grew out of one CloudFormation template, kept in `tests/cloud/seed/`. This page
says of every resource, property, parameter and output of it, and of every point of its README, where it
is now, and why where it differs. It is made from the templates by `make docs`: do not edit it, and a
property that is lost without a reason stops its making.

In brackets and in the last column stand the rows of the [list of its defects](#defects).
"""


def parity_page() -> str:
    """Return the page; `LookupError` where something of the seed is lost without a reason."""
    seed = json.loads((SEED / "ecs-batch-stack.json").read_text(encoding="utf-8"))
    stacks = {name: json.loads(render(name)) for name in TEMPLATES}
    parts = [
        _OPENING,
        "## Resources\n",
        *_resources(seed["Resources"], stacks),
        "## Parameters and outputs\n",
        *_named("Parameters", seed, stacks),
        *_named("Outputs", seed, stacks),
        "## The README\n",
        *_promises((SEED / "README.md").read_text(encoding="utf-8")),
        *_defects(),
    ]
    return "\n".join(parts) + "\n"


def leaves(value: Json, path: str = "") -> Iterator[tuple[str, Json]]:
    """Give every property of a resource with its value; a function counts as one value."""
    if isinstance(value, Mapping) and not _is_function(value):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
        for number, inner in enumerate(value):
            yield from leaves(inner, f"{path}[{number}]")
    else:
        yield path, value


def differences() -> Iterator[tuple[str, str]]:
    """Give resource and property of the seed that are not the same in ours."""
    seed = json.loads((SEED / "ecs-batch-stack.json").read_text(encoding="utf-8"))
    ours: dict[str, Json] = {}
    for name in TEMPLATES:
        ours |= json.loads(render(name))["Resources"]
    for logical_id, resource in seed["Resources"].items():
        found = ours.get(logical_id, {})
        assert isinstance(found, dict)
        now = dict(leaves(found.get("Properties", {})))
        for path, value in leaves(resource["Properties"]):
            # A single value and a list of this value mean the same in a policy.
            if now.get(path) not in (value, [value]):
                yield logical_id, path


def explanation(logical_id: str, path: str) -> tuple[str, str, str]:
    """Return the row of `EXPLAINED` for this difference; `LookupError` where there is none."""
    said = f"{logical_id}/{path}"
    for row in EXPLAINED:
        if fnmatchcase(said.replace("[", "("), row[0].replace("[", "(")):
            return row
    raise LookupError(f"{said} of the seed is another or gone, and no reason is given")


def points(readme: str) -> Iterator[str]:
    """Give every point, row and step of the seed's README, without marks."""
    in_code = False
    for line in readme.splitlines():
        in_code ^= line.startswith("```")
        found = None if in_code else _POINT.match(line)
        if found:
            yield found.group(1).lstrip("*")


def promise(point: str) -> str:
    """Where a point of the README is now; `LookupError` where nothing is said of it."""
    for beginning, now in PROMISES.items():
        if point.startswith(beginning):
            return now
    raise LookupError(f"nothing is said of the seed's promise: {point}")


def _is_function(value: Mapping[str, Json]) -> bool:
    return len(value) == 1 and next(iter(value)).startswith(("Fn::", "Ref"))


def _resources(seed: Mapping[str, Mapping[str, Json]], stacks: Mapping[str, Json]) -> Iterator[str]:
    changed: dict[str, dict[str, list[str]]] = {}
    for logical_id, path in differences():
        row = explanation(logical_id, path)
        top = re.split(r"[.\[]", path)[0]
        changed.setdefault(logical_id, {}).setdefault("\0".join(row[1:]), []).append(top)
    yield "| seed's resource | type | stack | same | changed | now | why |"
    yield "|---|---|---|---|---|---|---|"
    for logical_id, resource in seed.items():
        properties = resource["Properties"]
        assert isinstance(properties, dict)
        rows = changed.get(logical_id, {})
        touched = {one for found in rows.values() for one in found}
        same = ", ".join(f"`{one}`" for one in properties if one not in touched) or "none"
        kind = str(resource["Type"]).removeprefix("AWS::")
        first = f"| `{logical_id}` | {kind} | {_stack(logical_id, stacks)} | {same}"
        for said, paths in rows.items() or [("nothing changed\0", [])]:
            now, why = said.split("\0")
            names = ", ".join(f"`{one}`" for one in dict.fromkeys(paths))
            stage = logical_id.removesuffix("Role")
            yield f"{first} | {names} | {now.replace('{stage}', _stage(stage))} | {why} |"
            first = "| | | | "
    yield ""


def _stage(logical_id: str) -> str:
    for prefix in ("DataIngestion", "RiskCalculation", "ReportGeneration"):
        if logical_id.startswith(prefix):
            return prefix
    return "<stage>"


def _stack(logical_id: str, stacks: Mapping[str, Json]) -> str:
    found = [name for name, stack in stacks.items() if logical_id in stack["Resources"]]
    return found[0] if found else "split"


def _named(section: str, seed: Mapping[str, Json], stacks: Mapping[str, Json]) -> Iterator[str]:
    yield f"| seed's {section[:-1].lower()} | now of |"
    yield "|---|---|"
    for name in seed[section]:
        found = [stack for stack, made in stacks.items() if name in made[section]]
        if not found:
            raise LookupError(f"the seed's {section[:-1].lower()} {name} is gone")
        yield f"| `{name}` | {', '.join(found)} |"
    yield ""


def _promises(readme: str) -> Iterator[str]:
    yield "| it said | now |"
    yield "|---|---|"
    for point in points(readme):
        said = point.replace("**", "").strip(" |").replace(" | ", ", ")
        if said and "---" not in said and not _is_heading(point):
            yield f"| {said} | {promise(point).replace('{stage}', '...')} |"
    yield ""


def _is_heading(point: str) -> bool:
    return point in (
        "Tasks Failing to Start",
        "Auto-Scaling Not Working",
        "EventBridge Not Triggering Tasks",
    )


def _defects() -> Iterator[str]:
    yield "## Defects\n"
    yield "| row | fault of the first template | what ours does |"
    yield "|---|---|---|"
    for row, (fault, now) in DEFECTS.items():
        yield f"| {row} | {fault} | {now} |"


DEFECTS: Mapping[str, tuple[str, str]] = {
    "F1": ("`PlacementStrategies` on Fargate", "none: Fargate spreads over zones"),
    "F2": ("services in the stack of their image repositories", "two stacks"),
    "F3": ("containers that end under a service", "workers that stay and take from a queue"),
    "F4": ("a task started by an event hears nothing of it", "the event is the message"),
    "F5": ("no hand-off between stages", "a state machine made from the waves of the plan"),
    "H1": ("alarm on a metric that does not exist", "`ItemsFailed`, `ItemsFinished`: sent for each task"),
    "H2": ("a count told as a rate", "metric math with a least number of tasks"),
    "H3": ("alarms that tell nobody", "every alarm to `AlarmTopic`"),
    "H4": ("bucket without EventBridge", "switched on; for existing buckets added to what is there"),
    "H5": ("event target without dead letters", "`UndeliveredEventsQueue`, 185 retries in 24 hours"),
    "H6": ("a task for each object, no filter", "prefix and size filter, a queue, executions named by run id"),
    "H7": ("ingestion both as service and for each event", "as a service only"),
    "H8": ("CPU as the only signal", "backlog for each task decides scale-in"),
    "H9": ("busy work killed", "`StopTimeout` 120, task protection while busy"),
    "H10": ("`DesiredCount` beside a scalable target", "left out"),
    "H11": ("`LaunchType` with capacity providers", "strategy on each service"),
    "H12": ("`:latest`, mutable tags", "digests as parameters, immutable tags"),
    "H13": ("lifecycle may expire what runs", "a tag `deployed-...` protects it"),
    "H14": ("no rights on the key of buckets", "by way of S3 and SQS only; `BucketKeyArn`"),
    "H15": ("`s3:PutObjectAcl`", "gone"),
    "M1": ("one role for all", "ten roles, docs/permissions.md"),
    "M2": ("egress to everywhere", "port 443"),
    "M3": ("endpoints unnamed", "`infrastructure/endpoints.json`"),
    "M4": ("containers not hardened", "read-only root, user 10001, no capabilities, init, health check"),
    "M5": ("log lines may be dropped", "`mode: blocking`"),
    "M6": ("deletion destroys logs and key", "all of the foundation's data is retained"),
    "M7": ("`arn:aws:`", "`AWS::Partition`, `AWS::URLSuffix`"),
    "M8": ("global names, no pattern", "region in role names, patterns everywhere"),
    "M9": ("no rotation, no principals of alarms", "both"),
    "M10": ("`RoleARN` on scalable targets", "gone"),
    "M11": ("first cluster of an account", "docs/howto/deploy.md names the service-linked roles"),
    "M12": ("roles without source conditions", "`aws:SourceArn` on every trust"),
    "M13": ("quotas unmentioned", "docs/howto/deploy.md: floor 5.5, ceiling 52.5 processors"),
    "M14": ("no scale to zero, tags, budget", "`...MinCapacity=0`, `IdleSchedule`, `CostCentre`, `MonthlyBudget`"),
    "M15": ("no dashboard, topic, run id", "`Dashboard`, `AlarmTopic`, executions by run id"),
    "M16": ("deployments kill work", "protection, 120 seconds, and SQS hands it to another"),
    "M17": ("laptop's processor, no region, syntax check only", "docs/howto/deploy.md, `riskmill cloud check`"),
}  # fmt: skip
