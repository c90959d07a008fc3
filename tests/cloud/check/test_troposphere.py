"""Sound stacks made by troposphere, in hundreds of variants: no rule has anything to say."""

from hypothesis import given, settings
from hypothesis import strategies as st
from troposphere import (
    GetAtt,
    Parameter,
    Ref,
    Sub,
    Template,
    cloudwatch,
    ecs,
    events,
    iam,
    sns,
    sqs,
)

from riskmill.cloud import check_template
from riskmill.cloud.check.rules.tasks import FARGATE_MEMORY

NAMES = st.text("abcdefghij", min_size=1, max_size=8)
SIZES = st.sampled_from([(cpu, m) for cpu, amounts in FARGATE_MEMORY.items() for m in amounts])


def _trust(service: str) -> dict[str, object]:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def _allow(action: str, resource: object) -> iam.Policy:
    statement = {"Effect": "Allow", "Action": [action], "Resource": resource}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    return iam.Policy(PolicyName=action.partition(":")[2], PolicyDocument=document)


def _queues(template: Template, name: str, days: int) -> None:
    template.add_resource(sqs.Queue("Dead", MessageRetentionPeriod=14 * 86_400))
    template.add_resource(
        sqs.Queue(
            "Work",
            QueueName=Sub(f"{name}-${{Env}}"),
            MessageRetentionPeriod=days * 86_400,
            RedrivePolicy=sqs.RedrivePolicy(
                deadLetterTargetArn=GetAtt("Dead", "Arn"), maxReceiveCount=3
            ),
        )
    )
    for queue in ("Dead", "Work"):
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": GetAtt(queue, "Arn"),
        }
        document = {"Version": "2012-10-17", "Statement": [statement]}
        template.add_resource(
            sqs.QueuePolicy(f"{queue}Policy", Queues=[Ref(queue)], PolicyDocument=document)
        )


def _rule(template: Template) -> None:
    target = events.Target(
        Id="work",
        Arn=GetAtt("Work", "Arn"),
        DeadLetterConfig=events.DeadLetterConfig(Arn=GetAtt("Dead", "Arn")),
    )
    pattern = {"source": ["own.app"], "detail-type": ["Arrived"]}
    template.add_resource(events.Rule("Arrived", EventPattern=pattern, Targets=[target]))


def _worker(template: Template, size: tuple[int, int], stop: int) -> None:
    actions = [_allow("sqs:ReceiveMessage", GetAtt("Work", "Arn"))]
    trust = _trust("ecs-tasks.amazonaws.com")
    for role in ("TaskRole", "ExecutionRole"):
        template.add_resource(iam.Role(role, AssumeRolePolicyDocument=trust, Policies=actions))
    container = ecs.ContainerDefinition(
        Name="worker",
        Image="registry.example/worker@sha256:" + "0" * 64,
        StopTimeout=stop,
        Environment=[ecs.Environment(Name="QUEUE_URL", Value=Ref("Work"))],
    )
    template.add_resource(
        ecs.TaskDefinition(
            "Task",
            RequiresCompatibilities=["FARGATE"],
            NetworkMode="awsvpc",
            Cpu=str(size[0]),
            Memory=str(size[1]),
            TaskRoleArn=GetAtt("TaskRole", "Arn"),
            ExecutionRoleArn=GetAtt("ExecutionRole", "Arn"),
            ContainerDefinitions=[container],
        )
    )
    template.add_resource(
        ecs.Service(
            "Service",
            TaskDefinition=Ref("Task"),
            CapacityProviderStrategy=[
                ecs.CapacityProviderStrategyItem(CapacityProvider="FARGATE_SPOT", Weight=1)
            ],
            DeploymentConfiguration=ecs.DeploymentConfiguration(
                DeploymentCircuitBreaker=ecs.DeploymentCircuitBreaker(Enable=True, Rollback=True)
            ),
        )
    )


def _alarm(template: Template, minutes: int, periods: int) -> None:
    template.add_resource(sns.Topic("Told"))
    template.add_resource(
        cloudwatch.Alarm(
            "Late",
            Namespace="AWS/SQS",
            MetricName="ApproximateAgeOfOldestMessage",
            Dimensions=[
                cloudwatch.MetricDimension(Name="QueueName", Value=GetAtt("Work", "QueueName"))
            ],
            Statistic="Maximum",
            Period=60 * minutes,
            EvaluationPeriods=periods,
            DatapointsToAlarm=max(periods - 1, 1),
            Threshold=900,
            ComparisonOperator="GreaterThanThreshold",
            AlarmActions=[Ref("Told")],
        )
    )


@settings(max_examples=60, deadline=None)
@given(
    name=NAMES,
    env=NAMES,
    size=SIZES,
    stop=st.integers(2, 120),
    days=st.integers(1, 14),
    minutes=st.integers(1, 59),
    periods=st.integers(1, 20),
)
def test_a_sound_stack_has_no_finding(
    name: str, env: str, size: tuple[int, int], stop: int, days: int, minutes: int, periods: int
) -> None:
    template = Template()
    template.add_parameter(Parameter("Env", Type="String", Default=env))
    _queues(template, name, days)
    _rule(template)
    _worker(template, size, stop)
    _alarm(template, minutes, periods)
    as_json = check_template(template.to_json().encode(), "stack.json")
    as_yaml = check_template(template.to_yaml().encode(), "stack.yaml")
    assert [(f.code, f.resource, f.message) for f in (*as_json, *as_yaml)] == []
