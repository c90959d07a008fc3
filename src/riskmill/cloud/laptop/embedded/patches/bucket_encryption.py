"""
A bucket made by a template is encrypted as the template says.

CloudFormation sets BucketEncryption; MiniStack leaves it out, and answers AES256 for every bucket.
"""

from typing import Any
from xml.sax.saxutils import escape

from ministack.services import s3
from ministack.services.cloudformation import provisioners


def apply() -> None:
    """Set the encryption when a bucket is created and when it is updated."""
    handlers = provisioners._RESOURCE_HANDLERS["AWS::S3::Bucket"]
    created, updated = handlers["create"], handlers["update"]

    def create(logical_id: str, properties: Any, stack: str) -> Any:
        made = created(logical_id, properties, stack)
        _encrypt(made[0], properties)
        return made

    def update(identity: str, old: Any, new: Any, *rest: Any, **more: Any) -> Any:
        made = updated(identity, old, new, *rest, **more)
        _encrypt(made[0], new)
        return made

    handlers.update(create=create, update=update)


def _encrypt(bucket: str, properties: Any) -> None:
    rules = (properties.get("BucketEncryption") or {}).get("ServerSideEncryptionConfiguration")
    if not rules:
        return
    standard = rules[0]["ServerSideEncryptionByDefault"]
    key = standard.get("KMSMasterKeyID")
    named = f"<KMSMasterKeyID>{escape(key)}</KMSMasterKeyID>" if key else ""
    enabled = str(bool(rules[0].get("BucketKeyEnabled"))).lower()
    s3._bucket_encryption[bucket] = (
        "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>"
        f"<SSEAlgorithm>{escape(standard['SSEAlgorithm'])}</SSEAlgorithm>{named}"
        "</ApplyServerSideEncryptionByDefault>"
        f"<BucketKeyEnabled>{enabled}</BucketKeyEnabled>"
        "</Rule></ServerSideEncryptionConfiguration>"
    )
