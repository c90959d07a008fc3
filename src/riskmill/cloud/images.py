"""Image repositories: tags never move, and what is deployed is never expired."""

import json

from troposphere import GetAtt, Output, Template, ecr

from riskmill.cloud.encryption import key_arn
from riskmill.cloud.references import named
from riskmill.cloud.stages import DEPLOYED, STAGES

KEPT, KEPT_DEPLOYED = 10, 200


def add_repositories(template: Template) -> None:
    """Add a repository for each stage, and its address as output."""
    for stage in STAGES:
        repository = f"{stage.prefix}Repository"
        template.add_resource(
            ecr.Repository(
                repository,
                DeletionPolicy="Retain",
                UpdateReplacePolicy="Retain",
                RepositoryName=named(stage.name),
                ImageScanningConfiguration=ecr.ImageScanningConfiguration(ScanOnPush=True),
                ImageTagMutability="IMMUTABLE",
                EncryptionConfiguration=ecr.EncryptionConfiguration(
                    EncryptionType="KMS", KmsKey=key_arn()
                ),
                LifecyclePolicy=ecr.LifecyclePolicy(LifecyclePolicyText=lifecycle()),
            )
        )
        template.add_output(
            Output(
                repository,
                Description=f"ECR Repository for {stage.name.replace('-', ' ')}",
                Value=GetAtt(repository, "RepositoryUri"),
            )
        )


def lifecycle() -> str:
    """
    Keep the last 10 images, and those that were ever deployed.

    An image that matches the tags of one rule cannot be expired by a rule after it, so the
    first rule keeps the second from images with the tag `deployed-...`.
    """
    deployed = {
        "rulePriority": 1,
        "description": f"Keep the last {KEPT_DEPLOYED} deployed images",
        "selection": {
            "tagStatus": "tagged",
            "tagPrefixList": [DEPLOYED],
            "countType": "imageCountMoreThan",
            "countNumber": KEPT_DEPLOYED,
        },
        "action": {"type": "expire"},
    }
    others = {
        "rulePriority": 2,
        "description": f"Keep last {KEPT} images",
        "selection": {
            "tagStatus": "any",
            "countType": "imageCountMoreThan",
            "countNumber": KEPT,
        },
        "action": {"type": "expire"},
    }
    return json.dumps({"rules": [deployed, others]}, separators=(",", ":"))
