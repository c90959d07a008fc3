"""What a task works with, and what it hands back."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from riskmill.domain import (
    BatchFile,
    InputRejected,
)
from riskmill.pipeline.artefacts import (
    ArtefactRef,
    load,
    load_manifest,
)
from riskmill.pipeline.deliveries import delivered_file
from riskmill.pipeline.plan import Plan, Task
from riskmill.pipeline.ports import ObjectStore
from riskmill.pipeline.run_spec import RunSpec
from riskmill.pipeline.staged import (
    Read,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Workspace:
    """Where a run's tasks read and write."""

    spec: RunSpec
    plan: Plan
    source: ObjectStore
    """The delivered batch; keys are file names."""
    store: ObjectStore
    """Everything that riskmill writes."""
    inbox: ObjectStore | None = None
    """All delivered batches, by batch id and file name; none where the batch lies in no inbox."""
    earlier: ObjectStore | None = None
    """Where earlier runs lie; none for `store` itself."""

    def deliver(self, entry: BatchFile) -> Iterator[bytes]:
        """Give the bytes of a file that the batch names, its own or a carried one, in chunks."""
        return delivered_file(entry, self.source, self.inbox)

    def read(self, task: Task) -> Read:
        """Give the artefacts of a finished *task*, each checked against its hash."""
        manifest = load_manifest(self.store, self.spec.run_id, task.task_id)
        return lambda name: load(self.store, manifest.artefact(name))

    def read_only(self, stage: str, wave: str) -> Read:
        """Give the artefacts of a wave that has a single task."""
        (task,) = self.plan.of_wave(stage, wave)
        return self.read(task)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outputs:
    """What a handler found."""

    artefacts: Mapping[str, bytes] = field(default_factory=dict)
    """Name to bytes, for later tasks."""
    streamed: Iterable[tuple[str, bytes]] = ()
    """Further names and bytes, made and stored one by one, so that few are held at once."""
    kept: Iterable[ArtefactRef] = ()
    """Artefacts that the handler itself stores, where other runs find them too; made one by one."""
    published: Mapping[str, bytes] = field(default_factory=dict)
    """Key to bytes, for people."""
    refusal: InputRejected | None = None
    """Raised once what is published is stored: the batch cannot be used."""
