"""The key that encrypts logs, images, buckets and the alarm topic."""

from troposphere import If, Ref, Sub, Template, kms

from riskmill.cloud.references import (
    ACCOUNT,
    Value,
    allow,
    arn,
    arn_of,
    document,
    named,
)

_USE = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]


def key_arn() -> Value:
    """ARN of the key in use: the one made here, or the one that was named."""
    return If("CreateKey", arn_of("LogEncryptionKey"), Ref("ExistingKeyArn"))


def add_key(template: Template) -> None:
    """Add the key and its alias; neither where an existing key is named."""
    template.add_resource(
        kms.Key(
            "LogEncryptionKey",
            Condition="CreateKey",
            DeletionPolicy="Retain",
            UpdateReplacePolicy="Retain",
            Description=Sub("Riskmill ${EnvironmentSuffix}: logs, images, buckets, alarm topic"),
            EnableKeyRotation=True,
            KeyPolicy=document(*_statements()),
        )
    )
    template.add_resource(
        kms.Alias(
            "LogEncryptionKeyAlias",
            Condition="CreateKey",
            DeletionPolicy="Retain",
            UpdateReplacePolicy="Retain",
            AliasName=named("alias/ecs-logs"),
            TargetKeyId=Ref("LogEncryptionKey"),
        )
    )


def _statements() -> list[dict[str, Value]]:
    account = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
    return [
        allow(
            "kms:*",
            "*",
            sid="AccountDecidesByIam",
            principal={"AWS": Sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root")},
        ),
        allow(
            _USE,
            "*",
            sid="LogGroups",
            principal={"Service": Sub("logs.${AWS::Region}.${AWS::URLSuffix}")},
            conditions={
                "ArnLike": {"kms:EncryptionContext:aws:logs:arn": arn("logs", "log-group:*")}
            },
        ),
        # An alarm or event that may not use the key is dropped without a word.
        allow(
            ["kms:Decrypt", "kms:GenerateDataKey*"],
            "*",
            sid="AlarmsAndEvents",
            principal={"Service": ["cloudwatch.amazonaws.com", "events.amazonaws.com"]},
            conditions=account,
        ),
    ]
