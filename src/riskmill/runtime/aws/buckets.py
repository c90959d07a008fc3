"""S3 as an object store: a bucket, and the prefix that its keys lie below."""

from datetime import timedelta
from typing import Any

from obstore.store import S3Store

from riskmill.domain import StoreError
from riskmill.runtime.stores import ObstoreStore

RETRIES, RETRY_SECONDS = 5, 60
"""A request that failed in passing is sent again, for no longer than this."""
REQUEST_SECONDS = 120


def open_bucket(
    session: Any,
    bucket: str,
    prefix: str = "",
    *,
    endpoint: str = "",
    seconds: int = RETRY_SECONDS,
) -> ObstoreStore:
    """
    Open a bucket with the credentials of a boto3 *session*, which renews them.

    Keys of the store are those of the bucket below *prefix*. Nothing is called yet. Plain HTTP is
    spoken only to an *endpoint* that says so. What fails in passing is tried again for *seconds*.

    Raises `StoreError` (E604) without credentials.
    """
    from obstore.auth.boto3 import Boto3CredentialProvider

    try:
        provider = Boto3CredentialProvider(session, ttl=timedelta(minutes=5))
    except Exception as cause:
        raise StoreError(
            "E604",
            f"the store may not be used: {cause}",
            place=f"s3://{bucket}",
            remedy="Give the task a role, or the environment credentials.",
        ) from cause
    backend = S3Store(
        bucket,
        prefix=prefix or None,
        region=session.region_name,
        endpoint=endpoint or public_endpoint(session),
        credential_provider=provider,
        client_options={
            "allow_http": endpoint.startswith("http://"),
            "timeout": timedelta(seconds=REQUEST_SECONDS),
        },
        retry_config={
            "max_retries": RETRIES,
            "retry_timeout": timedelta(seconds=seconds),
        },
    )
    return ObstoreStore(backend, f"s3://{bucket}/{prefix}".rstrip("/"))


def public_endpoint(session: Any) -> str:
    """Return the address of S3 in the region of a boto3 *session*, whatever its partition."""
    from botocore.loaders import Loader
    from botocore.regions import EndpointResolver

    region = session.region_name
    resolver = EndpointResolver(Loader().load_data("endpoints"))
    partition = session.get_partition_for_region(region)
    return f"https://s3.{region}.{resolver.get_partition_dns_suffix(partition)}"
