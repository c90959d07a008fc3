"""Task definitions: what Fargate and the container agent accept."""

from collections.abc import Iterator

from riskmill.cloud.check.fargate import (
    containers,
    is_for_fargate,
    is_for_fargate_only,
    runs_on_fargate,
    services_of,
    tasks,
)
from riskmill.cloud.check.rule import Found, Rule, Severity, found
from riskmill.cloud.check.values import Map, at, holes, items, known, maps, number, shown, truth
from riskmill.cloud.check.world import Resource, World, is_hole

GIB = 1024
FARGATE_MEMORY = {
    256: (512, 1 * GIB, 2 * GIB),
    512: tuple(range(1 * GIB, 4 * GIB + 1, GIB)),
    1024: tuple(range(2 * GIB, 8 * GIB + 1, GIB)),
    2048: tuple(range(4 * GIB, 16 * GIB + 1, GIB)),
    4096: tuple(range(8 * GIB, 30 * GIB + 1, GIB)),
    8192: tuple(range(16 * GIB, 60 * GIB + 1, 4 * GIB)),
    16384: tuple(range(32 * GIB, 120 * GIB + 1, 8 * GIB)),
}
"""CPU units and the MiB of memory that go with them (Amazon ECS Developer Guide, task size)."""
LONGEST_STOP = 120


def _fargate(world: World, task: Resource) -> bool:
    return is_for_fargate(task) or any(runs_on_fargate(world, s) for s in services_of(world, task))


def _odd_size(world: World) -> Iterator[Found]:
    for task in tasks(world):
        cpu, memory = (_units(task.properties.get(name), name) for name in ("Cpu", "Memory"))
        if not is_for_fargate_only(task) or cpu is None or memory is None:
            continue
        sizes = FARGATE_MEMORY.get(int(cpu))
        if sizes is None:
            yield found(task, ("Cpu",), f"Fargate has no size of {cpu:g} CPU units", cpu)
        elif memory not in sizes:
            yield found(
                task,
                ("Memory",),
                f"{cpu:g} CPU units go with {sizes[0]} to {sizes[-1]} MiB in steps, not {memory:g}",
                memory,
            )


def _units(value: object, name: str) -> float | None:
    """Read `1024`, `1 vCPU`, `.5 vcpu` or `2 GB`."""
    words = str(value).lower().replace("vcpu", " vcpu").replace("gb", " gb").split()
    amount = number(words[0]) if words and not is_hole(words[0]) else None
    if amount is None or (len(words) == 2) != (words[-1] in ("vcpu", "gb")):
        return None
    return amount * GIB if len(words) == 2 else amount


def _no_size(world: World) -> Iterator[Found]:
    for task in tasks(world):
        missing = [name for name in ("Cpu", "Memory") if task.properties.lacks(name)]
        if is_for_fargate(task) and missing:
            yield found(task, (), f"no {' and no '.join(missing)} on the task itself")


def _slow_stop(world: World) -> Iterator[Found]:
    for task in tasks(world):
        for path, container in containers(task):
            seconds = number(container.get("StopTimeout"))
            if seconds is not None and seconds > LONGEST_STOP and _fargate(world, task):
                yield found(
                    task,
                    (*path, "StopTimeout"),
                    f"StopTimeout of {seconds:g} s on Fargate",
                    seconds,
                )


def _wrong_network(world: World) -> Iterator[Found]:
    for task in tasks(world):
        mode = task.properties.get("NetworkMode")
        wrong = task.properties.lacks("NetworkMode") or (known(mode) and mode != "awsvpc")
        if is_for_fargate(task) and wrong:
            yield found(
                task,
                ("NetworkMode",),
                f"NetworkMode is {shown(mode) or 'not set'} on Fargate",
                mode,
            )


def _no_execution_role(world: World) -> Iterator[Found]:
    for task in tasks(world):
        if not task.properties.lacks("ExecutionRoleArn") or not _fargate(world, task):
            continue
        for path, container in containers(task):
            need = _needs_execution_role(container)
            if need:
                yield found(task, path, f"{need} needs an execution role", container.get("Name"))
                break


def _needs_execution_role(container: Map) -> str:
    image = str(container.get("Image", ""))
    if at(container, "LogConfiguration", "LogDriver") == "awslogs":
        return "the awslogs driver"
    if ".dkr.ecr." in image:
        return "an image in ECR"
    return "a secret" if container.get("Secrets") else ""


def _health_command(world: World) -> Iterator[Found]:
    for task in tasks(world):
        for path, container in containers(task):
            command = at(container, "HealthCheck", "Command")
            first = at(command, 0) if not isinstance(command, str) else command
            if known(first) is not None and first not in ("CMD", "CMD-SHELL", "NONE"):
                yield found(
                    task,
                    (*path, "HealthCheck", "Command"),
                    f"the health check begins with {first!r}, not with CMD or CMD-SHELL",
                    command,
                )
            elif first in ("CMD", "CMD-SHELL") and len(items(command)) == 1:
                yield found(
                    task,
                    (*path, "HealthCheck", "Command"),
                    "the health check has no command",
                    command,
                )


def _unknown_log_group(world: World) -> Iterator[Found]:
    groups = world.of_type("AWS::Logs::LogGroup")
    if world.open or not groups:
        return
    written = [group.properties.get("LogGroupName") for group in groups]
    names = {name for name in written if isinstance(name, str)}
    for task in tasks(world):
        for path, container in containers(task):
            options = at(container, "LogConfiguration", "Options")
            name = at(options, "awslogs-group")
            made_by_agent = truth(at(options, "awslogs-create-group"))
            if _is_a_name_of_ours(name) and not made_by_agent and name not in names:
                yield found(
                    task,
                    (*path, "LogConfiguration", "Options", "awslogs-group"),
                    f"no log group of this template is called {shown(name)}",
                    ", ".join(sorted(shown(name) for name in names)),
                )


def _is_a_name_of_ours(name: object) -> bool:
    """Whether a log group's name is written here: a text, and not wholly a parameter or import."""
    if not isinstance(name, str) or any(kind in "riua" for kind, _, _ in holes(name)):
        return False
    return not is_hole(name) or bool(name.strip("/").partition("\ue000")[0])


def _too_much(world: World) -> Iterator[Found]:
    for task in tasks(world):
        for name in ("Memory", "Cpu"):
            whole = _units(task.properties.get(name), name)
            parts = [number(c.get(name)) for _, c in containers(task)]
            wanted = sum(part for part in parts if part is not None)
            largest = max((part for part in parts if part is not None), default=0)
            if whole is None:
                continue
            over = largest if name == "Memory" else wanted
            if over > whole:
                yield found(
                    task,
                    (name,),
                    f"containers ask for {name} {over:g}, the task has {whole:g}",
                    task.properties.get(name),
                )


def _no_essential(world: World) -> Iterator[Found]:
    for task in tasks(world):
        flags = [truth(container.get("Essential", True)) for _, container in containers(task)]
        if flags and all(flag is False for flag in flags):
            yield found(task, ("ContainerDefinitions",), "no container is essential")


def _repeated_name(world: World) -> Iterator[Found]:
    for task in tasks(world):
        seen: set[str] = set()
        for path, container in containers(task):
            name = known(container.get("Name"))
            if name in seen:
                yield found(task, path, f"two containers are called {name}", name)
            seen |= {name} if name else set()
            yield from _dangling_dependency(task, path, container)


def _dangling_dependency(
    task: Resource, path: tuple[str | int, ...], container: Map
) -> Iterator[Found]:
    names = [c.get("Name") for _, c in containers(task)]
    for position, entry in maps(container.get("DependsOn")):
        wanted = known(entry.get("ContainerName"))
        if wanted and wanted not in names and not any(is_hole(name) for name in names):
            yield found(
                task, (*path, "DependsOn", position), f"there is no container {wanted}", wanted
            )


def _unmounted(world: World) -> Iterator[Found]:
    for task in tasks(world):
        volumes = {known(volume.get("Name")) for _, volume in maps(task.properties.get("Volumes"))}
        if is_hole(task.properties.get("Volumes")) or None in volumes:
            continue
        for path, container in containers(task):
            for position, mount in maps(container.get("MountPoints")):
                name = known(mount.get("SourceVolume"))
                if name and name not in volumes:
                    yield found(
                        task, (*path, "MountPoints", position), f"there is no volume {name}", name
                    )


RULES = (
    Rule(
        code="C122",
        title="a task size that Fargate does not have",
        reason="Fargate offers certain pairs of CPU and memory only; registering another is "
        "refused.",
        source="Amazon ECS Developer Guide: Task definition parameters, task size",
        remedy="Choose a pair of the table, such as 1024 with 2048 to 8192 MiB in steps of 1024.",
        example="Cpu: 1024, Memory: 1024",
        find=_odd_size,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C123",
        title="a stop timeout above two minutes on Fargate",
        reason="Fargate gives a container at most 120 s between SIGTERM and SIGKILL; a larger "
        "StopTimeout is refused.",
        source="Amazon ECS API Reference: ContainerDefinition, stopTimeout",
        remedy="Set 120 and hand unfinished work back within it.",
        example="StopTimeout: 300",
        find=_slow_stop,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C124",
        title="Fargate without the awsvpc network mode",
        reason="Each Fargate task has a network interface of its own; another mode, or none, is "
        "refused.",
        source="Amazon ECS Developer Guide: Fargate task networking",
        remedy="NetworkMode: awsvpc",
        example="RequiresCompatibilities: [FARGATE] with NetworkMode: bridge",
        find=_wrong_network,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C125",
        title="no execution role where Fargate needs one",
        reason="On Fargate, pulling from ECR, writing logs and reading secrets are done with the "
        "execution role, before any code of yours runs. Without one the task does not start.",
        source="Amazon ECS Developer Guide: Amazon ECS task execution IAM role",
        remedy="Set ExecutionRoleArn to a role that trusts ecs-tasks.amazonaws.com.",
        example="LogDriver: awslogs without ExecutionRoleArn",
        find=_no_execution_role,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C126",
        title="a health check without CMD or CMD-SHELL",
        reason="The first word of a health check says how the rest is run. Anything else is taken "
        "as the program to run in exec form by some versions and refused by others; the container "
        "never becomes healthy.",
        source="Amazon ECS API Reference: HealthCheck, command",
        remedy='Command: ["CMD", "program", "argument"], or ["CMD-SHELL", "line for the shell"].',
        example='Command: ["curl", "-f", "http://localhost/"]',
        find=_health_command,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C127",
        title="a task writes to a log group that the template does not make",
        reason="The awslogs driver does not create the group unless told so. Where the group is "
        "missing, the task stops before its container starts (ResourceInitializationError).",
        source="Amazon ECS Developer Guide: Send Amazon ECS logs to CloudWatch",
        remedy="Refer to the group with !Ref, so that the names cannot differ.",
        example="LogGroupName: /ecs/report and awslogs-group: /ecs/reports",
        find=_unknown_log_group,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C128",
        title="no size on a Fargate task",
        reason="On Fargate the task itself needs CPU and memory; sizes of containers do not "
        "replace "
        "them. Registering is refused.",
        source="Amazon ECS Developer Guide: Task definition parameters, task size",
        remedy="Set Cpu and Memory on the task definition.",
        example="RequiresCompatibilities: [FARGATE] without Cpu",
        find=_no_size,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C129",
        title="containers ask for more than their task has",
        reason="A container's hard memory limit and the CPU of all containers together cannot "
        "exceed the task's; registering is refused.",
        source="Amazon ECS API Reference: ContainerDefinition, cpu and memory",
        remedy="Enlarge the task or make the containers smaller.",
        example="Memory: 2048 on the task and 4096 on its container",
        find=_too_much,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C136",
        title="no essential container",
        reason="A task needs at least one container that ends the task when it ends.",
        source="Amazon ECS API Reference: ContainerDefinition, essential",
        remedy="Set Essential: true on the container that does the work.",
        example="Essential: false on the only container",
        find=_no_essential,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C137",
        title="container names that clash or lead nowhere",
        reason="Names of containers are unique within a task, and DependsOn names containers of "
        "the "
        "same task; anything else is refused.",
        source="Amazon ECS API Reference: ContainerDependency",
        remedy="Correct the name.",
        example="DependsOn: [{ContainerName: proxy}] without a container proxy",
        find=_repeated_name,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C138",
        title="a mount of a volume that is not there",
        reason="SourceVolume names a volume of the task definition; another name is refused.",
        source="Amazon ECS API Reference: MountPoint",
        remedy="Add the volume to Volumes, or correct the name.",
        example="MountPoints: [{SourceVolume: tmp}] without Volumes",
        find=_unmounted,
        severity=Severity.ERROR,
    ),
)  # fmt: skip
