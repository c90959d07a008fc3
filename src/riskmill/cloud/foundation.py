"""The first stack: what must outlive the workload, and what images need before it exists."""

from collections.abc import Sequence

from troposphere import And, Equals, Export, Output, Parameter, Ref, Sub, Template, budgets
from troposphere import Not as Unless

from riskmill.cloud.alarms import add_outer_alarms
from riskmill.cloud.buckets import add_buckets
from riskmill.cloud.encryption import add_key, key_arn
from riskmill.cloud.events import add_outer_events
from riskmill.cloud.images import add_repositories
from riskmill.cloud.logs import add_log_groups
from riskmill.cloud.parameters import (
    KEY,
    KEY_FITS,
    RETENTION_DAYS,
    add_buckets_named,
    add_cost_centre,
    add_environment,
    add_time_zone,
    choice,
    given,
    number,
    put_aside,
    schedule,
    text,
)
from riskmill.cloud.queues import add_undelivered
from riskmill.cloud.references import Value, export_name
from riskmill.cloud.roles import add_roles
from riskmill.cloud.watches import add_watch_workflow


def foundation() -> Template:
    """Return the stack of key, log groups, repositories, buckets, endpoints and budget."""
    template = Template(
        Description="Riskmill foundation: encryption, logs, image repositories, buckets. Retained."
    )
    template.set_version()
    template.set_metadata(put_aside("E3601"))
    _add_parameters(template)
    _add_conditions(template)
    _add_rules(template)
    add_key(template)
    add_log_groups(template)
    add_repositories(template)
    add_buckets(template)
    add_roles(template)
    add_undelivered(template)
    add_watch_workflow(template)
    add_outer_events(template)
    add_outer_alarms(template)
    _add_budget(template)
    _add_exports(template)
    return template


def _add_parameters(template: Template) -> None:
    add_environment(template)
    add_time_zone(template)
    add_buckets_named(template)
    add_cost_centre(template)
    for parameter in (*_data_options(), *_watching_options()):
        template.add_parameter(parameter)


def _data_options() -> Sequence[Parameter]:
    return [
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
        text(
            "PermissionsBoundaryArn",
            "Permissions boundary of every role",
            default="",
            pattern=r"^$|^arn:[a-z-]+:iam::(\d{12}|aws):policy/[A-Za-z0-9+=,.@_/-]+$",
            fits="Empty, or the ARN of a managed policy.",
        ),
    ]


def _watching_options() -> Sequence[Parameter]:
    return [
        number(
            "MonthlyBudget",
            "US dollars a month from which on a mail is sent; 0 for no budget",
            default=0,
            least=0,
            most=10_000_000,
        ),
        number(
            "DeadlineMinutes", "A run longer than this is late", default=180, least=1, most=1440
        ),
        schedule(
            "CutOffTime",
            "When the day's batch must have come; empty: never",
            "cron(0 22 ? * MON-FRI *)",
        ),
        number(
            "CutOffHoursLater",
            "Hours to go back from the cut-off, in UTC, to be within the business date",
            default=0,
            least=0,
            most=72,
        ),
        text(
            "AlarmEmail",
            "Address for alarms, ends of runs, and the budget",
            default="",
            pattern=r"^$|^[^@\s]+@[^@\s]+\.[^@\s]+$",
            fits="Empty, or an e-mail address.",
        ),
    ]


def _add_conditions(template: Template) -> None:
    template.add_condition("CreateKey", Equals(Ref("ExistingKeyArn"), ""))
    template.add_condition("CreateBuckets", Equals(Ref("BucketsAre"), "created"))
    template.add_condition("HasBucketKey", given("BucketKeyArn"))
    template.add_condition("HasPermissionsBoundary", given("PermissionsBoundaryArn"))
    template.add_condition("HasCutOff", given("CutOffTime"))
    template.add_condition("HasAlarmEmail", given("AlarmEmail"))
    template.add_condition(
        "HasBudget", And(given("AlarmEmail"), Unless(Equals(Ref("MonthlyBudget"), 0)))
    )


def _add_rules(template: Template) -> None:
    """Refuse combinations before anything is created."""
    apart = Unless(Equals(Ref("DataBucketName"), Ref("OutputBucketName")))
    says = "DataBucketName and OutputBucketName must differ: results would arrive as deliveries."
    template.add_rule("TwoBuckets", {"Assertions": [{"Assert": apart, "AssertDescription": says}]})
    _rule(
        template,
        "BudgetHasAnAddress",
        "A budget needs AlarmEmail.",
        ("AlarmEmail",),
        when=Unless(Equals(Ref("MonthlyBudget"), 0)),
    )


def _rule(
    template: Template, name: str, says: str, needed: tuple[str, ...], *, when: Value
) -> None:
    assertions = [{"Assert": given(parameter), "AssertDescription": says} for parameter in needed]
    template.add_rule(name, {"RuleCondition": when, "Assertions": assertions})


def _add_budget(template: Template) -> None:
    subscriber = budgets.Subscriber(SubscriptionType="EMAIL", Address=Ref("AlarmEmail"))
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
