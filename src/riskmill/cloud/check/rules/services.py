"""ECS services: what the scheduler accepts, and what it then does."""

from collections.abc import Iterator
from difflib import get_close_matches

from riskmill.cloud.check.fargate import (
    PROVIDERS,
    SERVICE,
    answers_requests,
    containers,
    is_stopped,
    runs_on_fargate,
    scales,
    services,
    task_of,
)
from riskmill.cloud.check.rule import Found, Rule, Severity, found
from riskmill.cloud.check.values import (
    Map,
    Seq,
    at,
    holes,
    items,
    known,
    maps,
    number,
    shown,
    truth,
)
from riskmill.cloud.check.world import World, is_hole


def _placement(world: World) -> Iterator[Found]:
    for service in services(world):
        for name in ("PlacementStrategies", "PlacementConstraints"):
            value = service.properties.get(name)
            if items(value) and runs_on_fargate(world, service):
                yield found(service, (name,), f"{name} on a service that runs on Fargate", value)


def _images_of_this_stack(world: World) -> Iterator[Found]:
    for service in services(world):
        for _, container in containers(task_of(world, service)):
            image = container.get("Image")
            repository = world.meant(image, "AWS::ECR::Repository")
            named = [name for kind, name, _ in holes(image) if kind in "ra"]
            if repository and repository.id in named and not is_stopped(service):
                yield found(
                    service,
                    ("TaskDefinition",),
                    f"starts tasks from repository {repository.id}, which this stack creates empty",
                    image,
                )


def _launch_type_beside_providers(world: World) -> Iterator[Found]:
    for service in services(world):
        launch = service.properties.get("LaunchType")
        cluster = world.meant(service.properties.get("Cluster"), "AWS::ECS::Cluster")
        if not launch or cluster is None or service.properties.get("CapacityProviderStrategy"):
            continue
        offered = items(cluster.properties.get("CapacityProviders"))
        if len(offered) > 1 or cluster.properties.get("DefaultCapacityProviderStrategy"):
            yield found(
                service,
                ("LaunchType",),
                f"LaunchType {shown(launch)} overrides the capacity providers of {cluster.id}",
                cluster.properties.get("CapacityProviders"),
            )


def _fixed_count(world: World) -> Iterator[Found]:
    for service in services(world):
        count = service.properties.get("DesiredCount")
        target = scales(world, service)
        if count is not None and target is not None:
            yield found(
                service,
                ("DesiredCount",),
                f"DesiredCount is fixed although {target.id} scales the service",
                count,
            )


def _both_launch_and_strategy(world: World) -> Iterator[Found]:
    for service in services(world):
        if service.properties.get("LaunchType") and service.properties.get(
            "CapacityProviderStrategy"
        ):
            yield found(
                service, ("LaunchType",), "LaunchType and CapacityProviderStrategy are both set",
                service.properties.get("LaunchType"),
            )  # fmt: skip


def _misspelt_provider(world: World) -> Iterator[Found]:
    places = {
        SERVICE: ("CapacityProviderStrategy",),
        "AWS::ECS::Cluster": ("CapacityProviders", "DefaultCapacityProviderStrategy"),
        "AWS::ECS::ClusterCapacityProviderAssociations": (
            "CapacityProviders", "DefaultCapacityProviderStrategy",
        ),
    }  # fmt: skip
    for kind, properties in places.items():
        for resource in world.of_type(kind):
            for place in properties:
                for position, entry in enumerate(items(resource.properties.get(place))):
                    name = known(entry.get("CapacityProvider") if isinstance(entry, Map) else entry)
                    if name and _is_misspelt(world, name):
                        yield found(
                            resource,
                            (place, position),
                            f"there is no capacity provider {name}",
                            name,
                        )


def _foreign_provider(world: World) -> Iterator[Found]:
    attached = world.of_type("AWS::ECS::ClusterCapacityProviderAssociations")
    for service in services(world):
        cluster = world.meant(service.properties.get("Cluster"), "AWS::ECS::Cluster")
        offered = items(cluster.properties.get("CapacityProviders")) if cluster else Seq()
        if cluster is None or attached or any(known(name) is None for name in offered):
            continue
        strategy = maps(service.properties.get("CapacityProviderStrategy"))
        for position, entry in strategy:
            name = known(entry.get("CapacityProvider"))
            if name and name not in offered and not cluster.properties.open:
                yield found(
                    service,
                    ("CapacityProviderStrategy", position),
                    f"{cluster.id} has no capacity provider {name}",
                    cluster.properties.get("CapacityProviders"),
                )


def _is_misspelt(world: World, name: str) -> bool:
    if name in PROVIDERS or world.meant(name, "AWS::ECS::CapacityProvider"):
        return False
    return bool(get_close_matches(name.upper().replace("-", "_"), PROVIDERS, cutoff=0.8))


def _balanced_container(world: World) -> Iterator[Found]:
    for service in services(world):
        task = task_of(world, service)
        listed = {str(c.get("Name")): c for _, c in containers(task)}
        if task is None or task.properties.open or any(is_hole(name) for name in listed):
            continue
        for position, balancer in maps(service.properties.get("LoadBalancers")):
            name, port = known(balancer.get("ContainerName")), number(balancer.get("ContainerPort"))
            path = ("LoadBalancers", position)
            if name and name not in listed:
                yield found(service, path, f"{task.id} has no container {name}", name)
            elif name and port and not _opens(listed[name], port):
                yield found(service, path, f"container {name} opens no port {port:g}", port)


def _opens(container: Map, port: float) -> bool:
    mappings = [mapping.get("ContainerPort") for _, mapping in maps(container.get("PortMappings"))]
    unknown = any(number(value) is None for value in mappings)
    return unknown or container.open or port in [number(value) for value in mappings]


def _no_circuit_breaker(world: World) -> Iterator[Found]:
    for service in services(world):
        deployment = service.properties.get("DeploymentConfiguration")
        controller = at(service.properties, "DeploymentController", "Type")
        if controller not in (None, "ECS") or service.properties.open or is_hole(deployment):
            continue
        enabled = truth(at(deployment, "DeploymentCircuitBreaker", "Enable"))
        alarmed = at(deployment, "Alarms") or at(deployment, "Strategy")
        if not alarmed and not enabled and not is_hole(at(deployment, "DeploymentCircuitBreaker")):
            yield found(service, ("DeploymentConfiguration",), "no deployment circuit breaker")


def _daemon_on_fargate(world: World) -> Iterator[Found]:
    for service in services(world):
        strategy = service.properties.get("SchedulingStrategy")
        if strategy == "DAEMON" and runs_on_fargate(world, service):
            yield found(service, ("SchedulingStrategy",), "DAEMON scheduling on Fargate", strategy)


def _stuck_deployment(world: World) -> Iterator[Found]:
    for service in services(world):
        settings = service.properties.get("DeploymentConfiguration")
        least = number(at(settings, "MinimumHealthyPercent"))
        most = number(at(settings, "MaximumPercent"))
        if least is not None and most is not None and least >= 100 and most <= 100:
            yield found(
                service,
                ("DeploymentConfiguration",),
                f"no task may stop (at least {least:g} %) and none may start (at most {most:g} %)",
                settings,
            )


def _grace_without_balancer(world: World) -> Iterator[Found]:
    for service in services(world):
        grace = service.properties.get("HealthCheckGracePeriodSeconds")
        checked = any(
            container.get("HealthCheck") for _, container in containers(task_of(world, service))
        )
        if (
            grace
            and task_of(world, service)
            and not answers_requests(world, service)
            and not checked
        ):
            yield found(
                service,
                ("HealthCheckGracePeriodSeconds",),
                "a grace period where neither a load balancer nor a container checks health",
                grace,
            )


RULES = (
    Rule(
        code="F1",
        title="placement rules on Fargate",
        reason="ECS refuses the service: placement strategies and constraints are not supported "
        "with the Fargate launch type. The stack rolls back. Fargate spreads tasks over the zones "
        "of the subnets by itself.",
        source="Amazon ECS Developer Guide: Task placement",
        remedy="Remove PlacementStrategies and PlacementConstraints; give subnets in several "
        "zones.",
        example="LaunchType: FARGATE beside PlacementStrategies: [{Type: spread}]",
        find=_placement,
        severity=Severity.ERROR,
    ),
    Rule(
        code="F2",
        title="images from a repository of the same stack",
        reason="The repository is empty when the service starts, so its tasks cannot pull an "
        "image. "
        "CloudFormation waits for a steady state that never comes, or the circuit breaker trips "
        "with nothing to roll back to. Creation fails.",
        source="AWS CloudFormation User Guide: AWS::ECS::Service",
        remedy="Create repositories in a stack of their own, push the images, then create "
        "services.",
        example="An AWS::ECR::Repository and a service whose image is !Sub '...${Repository}:1'",
        find=_images_of_this_stack,
        severity=Severity.ERROR,
    ),
    Rule(
        code="H10",
        title="a fixed count beside scaling",
        reason="Each update of the service sets the count of the template again and undoes what "
        "scaling had reached. Without DesiredCount a new service starts with 1 and an update "
        "leaves the count alone.",
        source="AWS CloudFormation User Guide: AWS::ECS::Service, DesiredCount",
        remedy="Leave DesiredCount out; the scalable target's minimum decides.",
        example="DesiredCount: 2 and an AWS::ApplicationAutoScaling::ScalableTarget for the "
        "service",
        find=_fixed_count,
    ),
    Rule(
        code="H11",
        title="a launch type hides the cluster's capacity providers",
        reason="A service with a launch type does not use capacity providers, so neither the "
        "cluster's default strategy nor Spot is ever used.",
        source="Amazon ECS Developer Guide: Amazon ECS launch types and capacity providers",
        remedy="Replace LaunchType by CapacityProviderStrategy, or drop it and use the default.",
        example="LaunchType: FARGATE in a cluster with CapacityProviders [FARGATE, FARGATE_SPOT]",
        find=_launch_type_beside_providers,
    ),
    Rule(
        code="C120",
        title="launch type and capacity strategy together",
        reason="ECS refuses a service that names both.",
        source="Amazon ECS API Reference: CreateService, capacityProviderStrategy",
        remedy="Keep CapacityProviderStrategy and remove LaunchType.",
        example="LaunchType: FARGATE and CapacityProviderStrategy: [{CapacityProvider: FARGATE}]",
        find=_both_launch_and_strategy,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C121",
        title="a capacity provider that does not exist",
        reason="The names of Fargate's providers are FARGATE and FARGATE_SPOT, in capitals with an "
        "underscore. ECS refuses a cluster or service that names one it does not know.",
        source="Amazon ECS API Reference: PutClusterCapacityProviders",
        remedy="Correct the spelling.",
        example="CapacityProvider: FARGATE-SPOT",
        find=_misspelt_provider,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C132",
        title="a capacity provider that the cluster does not have",
        reason="A service can use only providers that are associated with its cluster, also "
        "FARGATE "
        "and FARGATE_SPOT; ECS refuses it.",
        source="Amazon ECS API Reference: CreateService, capacityProviderStrategy",
        remedy="Add the provider to CapacityProviders of the cluster.",
        example="CapacityProvider: FARGATE_SPOT in a cluster without CapacityProviders",
        find=_foreign_provider,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C130",
        title="a load balancer points at a container or port that is not there",
        reason="ECS refuses the service: container name and port of each load balancer have to be "
        "in the task definition.",
        source="Amazon ECS API Reference: LoadBalancer",
        remedy="Use the name and a ContainerPort of the task definition.",
        example="ContainerName: web where the task definition has only a container named app",
        find=_balanced_container,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C131",
        title="no deployment circuit breaker",
        reason="Tasks that fail to start are tried again without end; CloudFormation waits up to "
        "three hours before it rolls back.",
        source="Amazon ECS Developer Guide: How the deployment circuit breaker detects failures",
        remedy="DeploymentCircuitBreaker: {Enable: true, Rollback: true}",
        example="A service without DeploymentConfiguration",
        find=_no_circuit_breaker,
        severity=Severity.NOTE,
    ),
    Rule(
        code="C133",
        title="daemon scheduling on Fargate",
        reason="Fargate has no container instances to place one task on each of; ECS refuses it.",
        source="Amazon ECS API Reference: CreateService, schedulingStrategy",
        remedy="Use REPLICA, or the EC2 launch type.",
        example="SchedulingStrategy: DAEMON with LaunchType: FARGATE",
        find=_daemon_on_fargate,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C134",
        title="a deployment that can never move",
        reason="With at least 100 % of the tasks running and at most 100 % allowed, ECS can "
        "neither "
        "stop an old task nor start a new one.",
        source="Amazon ECS API Reference: DeploymentConfiguration",
        remedy="Allow more (MaximumPercent 200) or fewer (MinimumHealthyPercent 50) tasks.",
        example="MinimumHealthyPercent: 100, MaximumPercent: 100",
        find=_stuck_deployment,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C135",
        title="a health check grace period without a health check",
        reason="The grace period delays the verdict of a load balancer or of a container health "
        "check. Where there is neither, it is accepted and does nothing, and a hung task stays.",
        source="Amazon ECS API Reference: CreateService, healthCheckGracePeriodSeconds",
        remedy="Give the essential container a HealthCheck with a StartPeriod.",
        example="HealthCheckGracePeriodSeconds: 120 on a service without LoadBalancers",
        find=_grace_without_balancer,
        severity=Severity.NOTE,
    ),
)  # fmt: skip
