"""The data and output buckets: made here, or named where they exist."""

from troposphere import GetAtt, Ref, Sub, Template, s3

from riskmill.cloud.encryption import key_arn
from riskmill.cloud.references import (
    ACCOUNT,
    Value,
    allow,
    document,
    only_tls,
)

_PRIVATE = {
    "BlockPublicAcls": True,
    "BlockPublicPolicy": True,
    "IgnorePublicAcls": True,
    "RestrictPublicBuckets": True,
}


def add_buckets(template: Template) -> None:
    """Add both buckets, the bucket for their access logs, and what each allows."""
    for kind in ("Data", "Output"):
        template.add_resource(_bucket(kind))
        template.add_resource(_policy(kind))
    template.add_resource(_access_logs())
    template.add_resource(_access_log_policy())


def _bucket(kind: str) -> s3.Bucket:
    bucket = s3.Bucket(
        f"{kind}Bucket",
        **_kept(),
        DependsOn="AccessLogBucketPolicy",
        BucketName=Ref(f"{kind}BucketName"),
        BucketEncryption=_encryption("aws:kms", KMSMasterKeyID=key_arn()),
        LoggingConfiguration=s3.LoggingConfiguration(
            DestinationBucketName=Ref("AccessLogBucket"), LogFilePrefix=f"{kind.lower()}/"
        ),
        LifecycleConfiguration=_lifecycle(NoncurrentVersionExpirationInDays=365),
        **_closed(),
    )
    if kind == "Data":
        bucket.NotificationConfiguration = s3.NotificationConfiguration(
            EventBridgeConfiguration=s3.EventBridgeConfiguration(EventBridgeEnabled=True)
        )
    return bucket


def _access_logs() -> s3.Bucket:
    bucket = s3.Bucket(
        "AccessLogBucket",
        **_kept(),
        # Log delivery writes with the key of S3 itself.
        BucketEncryption=_encryption("AES256"),
        LifecycleConfiguration=_lifecycle(
            ExpirationInDays=365, NoncurrentVersionExpirationInDays=30
        ),
        **_closed(),
    )
    reason = "Receives the access logs of the other two; logging itself would never end."
    bucket.Metadata = {"checkov": {"skip": [{"id": "CKV_AWS_18", "comment": reason}]}}
    return bucket


def _kept() -> dict[str, Value]:
    return {
        "Condition": "CreateBuckets",
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
    }


def _closed() -> dict[str, Value]:
    return {
        "VersioningConfiguration": s3.VersioningConfiguration(Status="Enabled"),
        "PublicAccessBlockConfiguration": s3.PublicAccessBlockConfiguration(**_PRIVATE),
        "OwnershipControls": s3.OwnershipControls(
            Rules=[s3.OwnershipControlsRule(ObjectOwnership="BucketOwnerEnforced")]
        ),
    }


def _encryption(algorithm: str, **key: Value) -> s3.BucketEncryption:
    rule = s3.ServerSideEncryptionRule(
        BucketKeyEnabled=bool(key),
        ServerSideEncryptionByDefault=s3.ServerSideEncryptionByDefault(
            SSEAlgorithm=algorithm, **key
        ),
    )
    return s3.BucketEncryption(ServerSideEncryptionConfiguration=[rule])


def _lifecycle(**days: int) -> s3.LifecycleConfiguration:
    rule = s3.LifecycleRule(
        Id="tidy",
        Status="Enabled",
        AbortIncompleteMultipartUpload=s3.AbortIncompleteMultipartUpload(DaysAfterInitiation=7),
        **days,
    )
    return s3.LifecycleConfiguration(Rules=[rule])


def _policy(kind: str) -> s3.BucketPolicy:
    return s3.BucketPolicy(
        f"{kind}BucketPolicy",
        Condition="CreateBuckets",
        DeletionPolicy="Retain",
        UpdateReplacePolicy="Retain",
        Bucket=Ref(f"{kind}Bucket"),
        PolicyDocument=document(only_tls(_whole(f"{kind}Bucket"), "s3:*")),
    )


def _access_log_policy() -> s3.BucketPolicy:
    deliver = allow(
        "s3:PutObject",
        Sub("${AccessLogBucket.Arn}/*"),
        sid="AccessLogs",
        principal={"Service": "logging.s3.amazonaws.com"},
        conditions={
            "StringEquals": {"aws:SourceAccount": ACCOUNT},
            "ArnLike": {"aws:SourceArn": [_arn("DataBucketName"), _arn("OutputBucketName")]},
        },
    )
    return s3.BucketPolicy(
        "AccessLogBucketPolicy",
        Condition="CreateBuckets",
        DeletionPolicy="Retain",
        UpdateReplacePolicy="Retain",
        Bucket=Ref("AccessLogBucket"),
        PolicyDocument=document(deliver, only_tls(_whole("AccessLogBucket"), "s3:*")),
    )


def _arn(parameter: str) -> Value:
    """ARN of a bucket by its name, since it comes after the policy that lets it log."""
    return Sub(f"arn:${{AWS::Partition}}:s3:::${{{parameter}}}")


def _whole(bucket: str) -> list[Value]:
    return [GetAtt(bucket, "Arn"), Sub(f"${{{bucket}.Arn}}/*")]
