"""Cluster and task definitions: what runs, how large, and how little it may do to its host."""

from troposphere import Export, Output, Ref, Sub, Tags, Template, ecs

from riskmill.cloud.logs import group_name
from riskmill.cloud.queues import queue_id
from riskmill.cloud.references import ENVIRONMENT, Value, named
from riskmill.cloud.roles import execution_role_id, role_arn, task_role_id
from riskmill.cloud.stages import STAGES, STOP_SECONDS, Stage

USER = "10001:10001"
"""User and group of the process; neither is root, and the image makes both."""
SCRATCH = "/tmp"  # the one place that a task may write to


def add_cluster(template: Template) -> None:
    """Add the cluster, with Fargate and Fargate Spot, and its name as output."""
    template.add_resource(
        ecs.Cluster(
            "ECSCluster",
            ClusterName=named("batch-processing"),
            CapacityProviders=["FARGATE", "FARGATE_SPOT"],
            DefaultCapacityProviderStrategy=[
                ecs.CapacityProviderStrategyItem(CapacityProvider="FARGATE", Weight=1, Base=0)
            ],
            ClusterSettings=[ecs.ClusterSetting(Name="containerInsights", Value="enabled")],
        )
    )
    template.add_output(
        Output(
            "ClusterName",
            Description="ECS Cluster Name",
            Value=Ref("ECSCluster"),
            Export=Export(Sub("${AWS::StackName}-ClusterName")),
        )
    )


def cost_tags(**more: str) -> Tags:
    """Tags that costs are told apart by, beside those that the stack itself is given."""
    return Tags(CostCentre=Ref("CostCentre"), **more)


def add_task_definitions(template: Template) -> None:
    """Add the task definition of each stage."""
    for stage in STAGES:
        template.add_resource(
            ecs.TaskDefinition(
                f"{stage.prefix}TaskDefinition",
                Family=named(stage.name),
                NetworkMode="awsvpc",
                RequiresCompatibilities=["FARGATE"],
                Cpu=str(stage.cpu),
                Memory=str(stage.memory),
                ExecutionRoleArn=role_arn(execution_role_id(stage)),
                TaskRoleArn=role_arn(task_role_id(stage)),
                RuntimePlatform=ecs.RuntimePlatform(
                    CpuArchitecture="X86_64", OperatingSystemFamily="LINUX"
                ),
                Volumes=[ecs.Volume(Name="scratch")],
                ContainerDefinitions=[_container(stage)],
            )
        )


def _container(stage: Stage) -> ecs.ContainerDefinition:
    return ecs.ContainerDefinition(
        Name=stage.name,
        Image=Ref(f"{stage.prefix}Image"),
        Cpu=stage.cpu,
        Memory=stage.memory,
        Essential=True,
        Command=["worker", stage.name],
        User=USER,
        ReadonlyRootFilesystem=True,
        MountPoints=[ecs.MountPoint(SourceVolume="scratch", ContainerPath=SCRATCH)],
        LinuxParameters=ecs.LinuxParameters(
            InitProcessEnabled=True, Capabilities=ecs.KernelCapabilities(Drop=["ALL"])
        ),
        StopTimeout=STOP_SECONDS,
        HealthCheck=ecs.HealthCheck(
            Command=["CMD", "riskmill", "worker", stage.name, "--health"],
            Timeout=10,
            StartPeriod=120,
        ),
        LogConfiguration=ecs.LogConfiguration(
            LogDriver="awslogs",
            Options={
                "awslogs-group": group_name(f"{stage.prefix}LogGroup"),
                "awslogs-region": Ref("AWS::Region"),
                "awslogs-stream-prefix": "ecs",
                # A worker that cannot log waits, and its work is handed back: no line is lost.
                "mode": "blocking",
            },
        ),
        Environment=[ecs.Environment(Name=name, Value=value) for name, value in _said(stage)],
    )


def _said(stage: Stage) -> list[tuple[str, Value]]:
    """What a worker is told; the first two as the seed's container requirements have them."""
    told: list[tuple[str, Value]] = [
        ("DATA_BUCKET", Ref("DataBucketName")),
        ("OUTPUT_BUCKET", Ref("OutputBucketName")),
        ("QUEUE_URL", Ref(queue_id(stage))),
        ("RISKMILL_ENVIRONMENT", ENVIRONMENT),
    ]
    if stage.starts_runs:
        told.append(("STATE_MACHINE_ARN", Ref("RunWorkflow")))
    return told
