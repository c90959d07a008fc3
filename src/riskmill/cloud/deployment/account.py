"""An account of AWS and a region of it, asked through boto3; refusals become riskmill's own."""

from collections.abc import Container
from dataclasses import dataclass, field
from typing import Any

from riskmill.domain import CloudRefused, UsageError

Answer = Any
"""What AWS answered: nested mappings, read where they are asked for and never passed on."""
_DENIED = ("AccessDenied", "UnauthorizedOperation", "NotAuthorized", "AuthorizationError")
_NOBODY = (
    "ExpiredToken", "InvalidClientTokenId", "UnrecognizedClient", "SignatureDoesNotMatch",
    "InvalidAccessKeyId", "AuthFailure", "InvalidToken", "InvalidSignature",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """Whom the commands act as, and where."""

    number: str
    region: str
    partition: str
    caller: str
    """ARN of the caller."""
    endpoint: str
    """Address that stands for AWS; empty for AWS itself."""
    session: Answer = field(repr=False, compare=False)
    clients: dict[str, Answer] = field(default_factory=dict, repr=False, compare=False)

    def client(self, service: str) -> Answer:
        """Return the client of a service, made once."""
        if service not in self.clients:
            self.clients[service] = _client(self.session, service)
        return self.clients[service]

    def ask(
        self, service: str, operation: str, *, absent: Container[str] = (), **arguments: Answer
    ) -> Answer:
        """
        Make one call, and return its answer; None where AWS answers with a code in *absent*.

        Raises `CloudRefused`: E811 for credentials that AWS does not take, E813 for a missing
        permission, E814 where nothing answers, E815 for any other refusal.
        """
        call = getattr(self.client(service), operation)
        return _asked(lambda: call(**arguments), f"{service}:{operation}", absent)

    def every(self, service: str, operation: str, key: str, **arguments: Answer) -> list[Answer]:
        """Return everything that a call lists below *key*, over all its pages."""
        paginator = self.client(service).get_paginator(operation)
        name = f"{service}:{operation}"
        pages = _asked(lambda: list(paginator.paginate(**arguments)), name, ())
        return [one for page in pages for one in page.get(key, ())]


def connect(*, region: str | None = None, profile: str | None = None) -> Account:
    """
    Find credentials and region where AWS's own tools find them, and ask AWS who that is.

    Raises `UsageError`: E810 where boto3 is not installed, E812 without a region; and
    `CloudRefused` E811 without credentials that AWS takes.
    """
    try:
        import boto3
        from botocore.exceptions import ProfileNotFound
    except ModuleNotFoundError as missing:
        raise UsageError(
            "E810",
            f"the cloud is reached with {missing.name}, which is not installed",
            remedy="Install riskmill with its extra: pip install 'riskmill[cloud]'.",
        ) from missing
    try:
        session = boto3.Session(region_name=region, profile_name=profile)
    except ProfileNotFound as wrong:
        raise _without_credentials(str(wrong)) from wrong
    if not session.region_name:
        raise UsageError(
            "E812",
            "no region is named",
            place="--region",
            remedy="Give --region, or set AWS_REGION.",
        )
    client = _client(session, "sts")
    told = _asked(client.get_caller_identity, "sts:get_caller_identity", ())
    return Account(
        number=told["Account"],
        region=session.region_name,
        partition=told["Arn"].split(":")[1],
        caller=told["Arn"],
        endpoint="" if "amazonaws.com" in client.meta.endpoint_url else client.meta.endpoint_url,
        session=session,
        clients={"sts": client},
    )


def _client(session: Answer, service: str) -> Answer:
    from botocore.config import Config

    settings = Config(
        connect_timeout=10, read_timeout=60, retries={"mode": "standard", "total_max_attempts": 4}
    )
    return session.client(service, config=settings)


def _asked(call: Answer, name: str, absent: Container[str]) -> Answer:
    from botocore.exceptions import (
        BotoCoreError,
        ClientError,
        CredentialRetrievalError,
        NoCredentialsError,
        PartialCredentialsError,
    )

    try:
        return call()
    except ClientError as refused:
        code = refused.response["Error"]["Code"]
        if code in absent:
            return None
        raise _refusal(code, refused.response["Error"].get("Message", ""), name) from refused
    except (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError) as without:
        raise _without_credentials(str(without)) from without
    except BotoCoreError as lost:
        raise CloudRefused(
            "E814",
            f"AWS cannot be reached: {lost}",
            place=name,
            remedy="Look at the network, the region and AWS_ENDPOINT_URL, and try again.",
        ) from lost


def _refusal(code: str, message: str, name: str) -> CloudRefused:
    if code.startswith(_DENIED) or code == "403":
        return CloudRefused(
            "E813",
            f"you may not call {name}: {message or code}",
            place=name,
            remedy="Ask for the permission; docs/permissions.md says who needs what.",
        )
    if code.startswith(_NOBODY):
        return _without_credentials(message or code)
    return CloudRefused(
        "E815",
        f"AWS refused {name}: {message or code} ({code})",
        place=name,
        remedy="Mend what AWS says, and give the command again: it goes on from there.",
    )


def _without_credentials(why: str) -> CloudRefused:
    return CloudRefused(
        "E811",
        f"AWS does not know who you are: {why}",
        remedy="Sign in as with the aws command line, or name a profile with --profile.",
    )
