"""Services: as many workers of each stage as its queue asks for, in private subnets."""

from troposphere import FindInMap, Ref, Template, ecs

from riskmill.cloud.parameters import SUBNETS
from riskmill.cloud.references import Value, named
from riskmill.cloud.stages import STAGES, Stage
from riskmill.cloud.tasks import cost_tags

SPOT_SHARES = {"0": (1, 0), "25": (3, 1), "50": (1, 1), "75": (1, 3), "100": (0, 1)}
"""Percent on Spot to the weights of Fargate and Fargate Spot."""


def service_name(stage: Stage) -> Value:
    """Name of the stage's service."""
    return named(f"{stage.name}-service")


def add_services(template: Template) -> None:
    """Add a service for each stage; how many tasks it has is left to scaling."""
    template.add_mapping(
        "SpotShares",
        {share: {"Fargate": on, "Spot": spot} for share, (on, spot) in SPOT_SHARES.items()},
    )
    for stage in STAGES:
        template.add_resource(_service(stage))


def _service(stage: Stage) -> ecs.Service:
    return ecs.Service(
        f"{stage.prefix}Service",
        ServiceName=service_name(stage),
        Cluster=Ref("ECSCluster"),
        TaskDefinition=Ref(f"{stage.prefix}TaskDefinition"),
        CapacityProviderStrategy=_capacity(stage),
        PlatformVersion="1.4.0",
        NetworkConfiguration=ecs.NetworkConfiguration(
            AwsvpcConfiguration=ecs.AwsvpcConfiguration(
                Subnets=[Ref(subnet) for subnet in SUBNETS],
                SecurityGroups=[Ref("ECSSecurityGroup")],
                AssignPublicIp="DISABLED",
            )
        ),
        DeploymentConfiguration=ecs.DeploymentConfiguration(
            MaximumPercent=200,
            MinimumHealthyPercent=100,
            DeploymentCircuitBreaker=ecs.DeploymentCircuitBreaker(Enable=True, Rollback=True),
        ),
        HealthCheckGracePeriodSeconds=120,
        EnableECSManagedTags=True,
        PropagateTags="SERVICE",
        Tags=cost_tags(Stage=stage.name),
    )


def _capacity(stage: Stage) -> list[ecs.CapacityProviderStrategyItem]:
    """On demand up to the floor, which Spot could not replace; beyond it the chosen share."""
    if not stage.spot:
        return [ecs.CapacityProviderStrategyItem(CapacityProvider="FARGATE", Weight=1)]
    share = Ref(f"{stage.prefix}SpotShare")
    return [
        ecs.CapacityProviderStrategyItem(
            CapacityProvider="FARGATE",
            Base=Ref(f"{stage.prefix}MinCapacity"),
            Weight=FindInMap("SpotShares", share, "Fargate"),
        ),
        ecs.CapacityProviderStrategyItem(
            CapacityProvider="FARGATE_SPOT", Weight=FindInMap("SpotShares", share, "Spot")
        ),
    ]
