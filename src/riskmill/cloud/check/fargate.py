"""What several rules ask of ECS services and task definitions."""

from collections.abc import Iterator

from riskmill.cloud.check.values import Map, Path, at, holes, items, known, maps, number, text_of
from riskmill.cloud.check.world import Resource, World

SERVICE = "AWS::ECS::Service"
TASK = "AWS::ECS::TaskDefinition"
ROLE = "AWS::IAM::Role"
RULE = "AWS::Events::Rule"
TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
POLICY = "AWS::ApplicationAutoScaling::ScalingPolicy"
MACHINES = ("AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine")
PROVIDERS = ("FARGATE", "FARGATE_SPOT")


def services(world: World) -> list[Resource]:
    """Every ECS service."""
    return world.of_type(SERVICE)


def tasks(world: World) -> list[Resource]:
    """Every task definition."""
    return world.of_type(TASK)


def task_of(world: World, service: Resource) -> Resource | None:
    """Return the task definition that a service runs, where it is in the template."""
    return world.meant(service.properties.get("TaskDefinition"), TASK)


def services_of(world: World, task: Resource) -> list[Resource]:
    """Return the services that run a task definition."""
    return [service for service in services(world) if task_of(world, service) is task]


def containers(task: Resource | None) -> Iterator[tuple[Path, Map]]:
    """Place and content of each container of a task definition."""
    if task is not None:
        for position, container in maps(task.properties.get("ContainerDefinitions")):
            yield ("ContainerDefinitions", position), container


def runs_on_fargate(world: World, service: Resource) -> bool:
    """Whether a service certainly runs on Fargate."""
    launch = service.properties.get("LaunchType")
    if launch is not None:
        return launch == "FARGATE"
    strategy = [
        entry.get("CapacityProvider")
        for _, entry in maps(service.properties.get("CapacityProviderStrategy"))
    ]
    if strategy:
        return all(name in PROVIDERS for name in strategy)
    return False


def is_for_fargate_only(task: Resource) -> bool:
    """Whether a task definition is declared for Fargate and for nothing else."""
    return list(items(task.properties.get("RequiresCompatibilities"))) == ["FARGATE"]


def is_for_fargate(task: Resource) -> bool:
    """Whether a task definition is declared for Fargate."""
    return "FARGATE" in items(task.properties.get("RequiresCompatibilities"))


def answers_requests(world: World, service: Resource) -> bool:
    """Whether somebody may call a service: a balancer, a name in the network, or a port."""
    task = task_of(world, service)
    reachable = (
        "LoadBalancers",
        "ServiceRegistries",
        "ServiceConnectConfiguration",
        "VpcLatticeConfigurations",
    )
    if service.properties.open or any(service.properties.get(name) for name in reachable):
        return True
    return any(container.get("PortMappings") or container.open for _, container in containers(task))


def scales(world: World, service: Resource) -> Resource | None:
    """Return the scalable target of a service, where the template has one."""
    for target in world.of_type(TARGET):
        name = target.properties.get("ResourceId")
        if isinstance(name, str) and _is_about(world, name, service):
            return target
    return None


def _is_about(world: World, resource_id: str, service: Resource) -> bool:
    """Whether `service/<cluster>/<name>` means *service*."""
    if world.meant(resource_id, SERVICE) is service:
        return True
    own = service.properties.get("ServiceName")
    return bool(own) and resource_id.rpartition("/")[2] == own


def is_stopped(service: Resource) -> bool:
    """Whether a service is created with no task at all."""
    return number(service.properties.get("DesiredCount")) == 0


def role_of(world: World, task: Resource) -> Resource | None:
    """Return the role of a task's code, where it is in the template."""
    return world.meant(task.properties.get("TaskRoleArn"), ROLE)


def environment(container: Map) -> Iterator[tuple[str, object]]:
    """Name and value of each environment variable."""
    for _, variable in maps(container.get("Environment")):
        name = known(variable.get("Name"))
        if name:
            yield name, variable.get("Value")


def launched_elsewhere(world: World, task: Resource) -> Resource | None:
    """Return a rule, schedule or state machine that runs *task* on its own, where there is one."""
    for starter in world.of_type(RULE, "AWS::Scheduler::Schedule"):
        targets = [at(starter.properties, "Target")]
        targets += items(starter.properties.get("Targets"))
        named = [at(target, "EcsParameters", "TaskDefinitionArn") for target in targets]
        if any(world.meant(name, TASK) is task for name in named):
            return starter
    for machine in world.of_type(*MACHINES):
        if task.id in {name for _, name, _ in holes(text_of(machine.properties))}:
            return machine
    return None
