"""Where a worker reads and writes: the inbox of the data bucket, and the output bucket."""

from collections.abc import Callable
from dataclasses import dataclass

from riskmill.domain import INBOX
from riskmill.pipeline import ObjectStore, Plan, RunSpec, Workspace
from riskmill.runtime.aws.buckets import open_bucket
from riskmill.runtime.aws.clients import Clients
from riskmill.runtime.settings import WorkerSettings
from riskmill.runtime.stores import ObstoreStore


@dataclass(frozen=True, kw_only=True, slots=True)
class Places:
    """The stores of a worker; those that its role may not read are never asked."""

    output: ObstoreStore
    """Everything that riskmill writes."""
    inbox: ObstoreStore
    """Every delivered batch, by batch id and file name."""
    batch: Callable[[str], ObjectStore]
    """Opens one delivered batch, by its id; keys are file names."""
    named: str
    """Address of the inbox."""

    def workspace(self, spec: RunSpec, laid_out: Plan) -> Workspace:
        """Return what a task of this run works with."""
        return Workspace(
            spec=spec,
            plan=laid_out,
            source=self.batch(spec.batch.batch_id),
            store=self.output,
            inbox=self.inbox,
        )


def open_places(settings: WorkerSettings, clients: Clients) -> Places:
    """Open both buckets; nothing is called yet."""

    def opened(bucket: str, prefix: str = "") -> ObstoreStore:
        return open_bucket(clients.session, bucket, prefix, endpoint=settings.endpoint)

    return Places(
        output=opened(settings.output_bucket),
        inbox=opened(settings.data_bucket, INBOX.rstrip("/")),
        batch=lambda batch_id: opened(settings.data_bucket, f"{INBOX}{batch_id}"),
        named=f"s3://{settings.data_bucket}/{INBOX.rstrip('/')}",
    )
