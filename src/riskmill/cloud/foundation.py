"""The first stack: what must outlive the workload, and what images need before it exists."""

from troposphere import And, Equals, Export, Output, Parameter, Ref, Sub, Tags, Template, budgets
from troposphere import Not as Unless

from riskmill.cloud.buckets import add_buckets
from riskmill.cloud.encryption import add_key, key_arn
from riskmill.cloud.images import add_repositories
from riskmill.cloud.logs import add_log_groups
from riskmill.cloud.network import add_endpoints
from riskmill.cloud.parameters import (
    KEY,
    KEY_FITS,
    RETENTION_DAYS,
    add_buckets_named,
    add_cost_centre,
    add_environment,
    choice,
    given,
    number,
    text,
)
from riskmill.cloud.references import ENVIRONMENT, Value, export_name
from riskmill.cloud.roles import add_roles

_W1030 = "VpcId is empty only where no endpoint is made: the rule EndpointsHaveAPlace sees to it."


def foundation() -> Template:
    """Return the stack of key, log groups, repositories, buckets, endpoints and budget."""
    template = Template(
        Description="Riskmill foundation: encryption, logs, image repositories, buckets. Retained."
    )
    template.set_version()
    template.set_metadata({"cfn-lint": {"config": {"ignore_checks": ["W1030"]}, "reason": _W1030}})
    _add_parameters(template)
    _add_conditions(template)
    _add_rules(template)
    add_key(template)
    add_log_groups(template)
    add_repositories(template)
    add_buckets(template)
    add_roles(template)
    add_endpoints(template)
    _add_budget(template)
    _add_exports(template)
    _tag(template)
    return template


def _add_parameters(template: Template) -> None:
    add_environment(template)
    add_buckets_named(template)
    add_cost_centre(template)
    for parameter in (
        text(
            "ExistingKeyArn",
            "Key to use in place of a new one; its policy must let in what docs/security.md lists",
            default="",
            pattern=KEY,
            fits=KEY_FITS,
        ),
        Parameter(
            "LogRetentionDays",
            Type="Number",
            Description="Days that logs are kept",
            Default=30,
            AllowedValues=RETENTION_DAYS,
            ConstraintDescription="A number of days that CloudWatch Logs offers.",
        ),
        choice("BucketsAre", "Whether the two buckets are made here", ["created", "existing"]),
        text(
            "BucketKeyArn",
            "KMS key of existing buckets, where it is not that of this stack",
            default="",
            pattern=KEY,
            fits=KEY_FITS,
        ),
        choice("EndpointsAre", "Whether VPC endpoints are made here", ["absent", "created"]),
        text(
            "VpcId",
            "VPC of the endpoints",
            default="",
            pattern=r"^$|^vpc-[0-9a-f]{8,17}$",
            fits="Empty, or a VPC id such as vpc-12345678.",
        ),
        text(
            "PrivateSubnetIds",
            "Private subnets of the endpoints, with commas between",
            default="",
            pattern=r"^$|^subnet-[0-9a-f]{8,17}(,subnet-[0-9a-f]{8,17}){0,5}$",
            fits="Empty, or subnet ids with commas and no blanks between.",
        ),
        text(
            "RouteTableIds",
            "Route tables of these subnets, for the S3 endpoint, with commas between",
            default="",
            pattern=r"^$|^rtb-[0-9a-f]{8,17}(,rtb-[0-9a-f]{8,17}){0,5}$",
            fits="Empty, or route table ids with commas and no blanks between.",
        ),
        text(
            "PermissionsBoundaryArn",
            "Permissions boundary of every role",
            default="",
            pattern=r"^$|^arn:[a-z-]+:iam::(\d{12}|aws):policy/[A-Za-z0-9+=,.@_/-]+$",
            fits="Empty, or the ARN of a managed policy.",
        ),
        number(
            "MonthlyBudget",
            "US dollars a month from which on a mail is sent; 0 for no budget",
            default=0,
            least=0,
            most=10_000_000,
        ),
        text(
            "BudgetEmail",
            "Address for the budget's mail",
            default="",
            pattern=r"^$|^[^@\s]+@[^@\s]+\.[^@\s]+$",
            fits="Empty, or an e-mail address.",
        ),
    ):
        template.add_parameter(parameter)


def _add_conditions(template: Template) -> None:
    template.add_condition("CreateKey", Equals(Ref("ExistingKeyArn"), ""))
    template.add_condition("CreateBuckets", Equals(Ref("BucketsAre"), "created"))
    template.add_condition("HasBucketKey", given("BucketKeyArn"))
    template.add_condition("HasPermissionsBoundary", given("PermissionsBoundaryArn"))
    template.add_condition("CreateEndpoints", Equals(Ref("EndpointsAre"), "created"))
    template.add_condition(
        "HasBudget", And(given("BudgetEmail"), Unless(Equals(Ref("MonthlyBudget"), 0)))
    )


def _add_rules(template: Template) -> None:
    """Refuse combinations before anything is created."""
    apart = Unless(Equals(Ref("DataBucketName"), Ref("OutputBucketName")))
    says = "DataBucketName and OutputBucketName must differ: results would arrive as deliveries."
    template.add_rule(
        "TwoBuckets", {"Assertions": [{"Assert": apart, "AssertDescription": says}]}
    )
    _rule(
        template,
        "EndpointsHaveAPlace",
        "Endpoints need VpcId, PrivateSubnetIds and RouteTableIds.",
        ("VpcId", "PrivateSubnetIds", "RouteTableIds"),
        when=Equals(Ref("EndpointsAre"), "created"),
    )
    _rule(
        template,
        "BudgetHasAnAddress",
        "A budget needs BudgetEmail.",
        ("BudgetEmail",),
        when=Unless(Equals(Ref("MonthlyBudget"), 0)),
    )


def _rule(
    template: Template, name: str, says: str, needed: tuple[str, ...], *, when: Value
) -> None:
    assertions = [
        {"Assert": given(parameter), "AssertDescription": says} for parameter in needed
    ]
    template.add_rule(name, {"RuleCondition": when, "Assertions": assertions})


def _add_budget(template: Template) -> None:
    subscriber = budgets.Subscriber(SubscriptionType="EMAIL", Address=Ref("BudgetEmail"))
    notification = budgets.Notification(
        NotificationType="FORECASTED", ComparisonOperator="GREATER_THAN", Threshold=100
    )
    template.add_resource(
        budgets.Budget(
            "MonthlyCost",
            Condition="HasBudget",
            Budget=budgets.BudgetData(
                BudgetName=Sub("riskmill-${EnvironmentSuffix}-${AWS::Region}"),
                BudgetType="COST",
                TimeUnit="MONTHLY",
                BudgetLimit=budgets.Spend(Amount=Ref("MonthlyBudget"), Unit="USD"),
                CostFilters={"TagKeyValue": [Sub("user:CostCentre$${CostCentre}")]},
            ),
            NotificationsWithSubscribers=[
                budgets.NotificationWithSubscribers(
                    Notification=notification, Subscribers=[subscriber]
                )
            ],
        )
    )


def _add_exports(template: Template) -> None:
    about = "Key that encrypts logs, images, buckets and the alarm topic"
    template.add_output(
        Output("KeyArn", Description=about, Value=key_arn(), Export=Export(export_name("KeyArn")))
    )


def _tag(template: Template) -> None:
    tags = Tags(
        Application="riskmill", Environment=ENVIRONMENT, CostCentre=Ref("CostCentre")
    )
    for resource in template.resources.values():
        if "Tags" in resource.props:
            resource.Tags = tags
