"""A finished run that a test may damage, and small tools to damage it with."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from riskmill.pipeline import Check, Verification, is_note
from riskmill.runtime import RunOptions, start_run, verify_run


@dataclass(frozen=True, kw_only=True, slots=True)
class FinishedRun:
    """Where a finished run lies."""

    source: Path
    out: Path
    run_id: str

    @property
    def records(self) -> Path:
        return self.out / "runs" / self.run_id

    @property
    def report(self) -> Path:
        return self.out / "reports" / self.run_id[:10] / self.run_id

    @property
    def signatures(self) -> Path:
        return self.records / "signatures"

    def copied(self, place: Path) -> "FinishedRun":
        """The same run and its batch in places of their own."""
        shutil.copytree(self.out, place / "out")
        shutil.copytree(self.source, place / "batch")
        return FinishedRun(source=place / "batch", out=place / "out", run_id=self.run_id)

    def verified(self, head: str = "") -> Verification:
        """What verification finds, the batch being where this run has it."""
        source = self.source if self.source.is_dir() else None
        return verify_run(self.out, self.run_id, head=head, source=source)

    def faults(self, head: str = "") -> tuple[Check, ...]:
        return self.verified(head).faults

    def files(self) -> list[Path]:
        """Everything that verification vouches for; notes once somebody has signed."""
        signed = self.signatures.is_dir()
        kept = [
            path
            for top in (self.records, self.report, self.out / "quarantine", self.out / "valued")
            for path in top.rglob("*")
            if path.is_file() and (signed or not is_note(self.key(path), self.run_id))
        ]
        return sorted([*kept, *(path for path in self.source.iterdir() if path.is_file())])

    def key(self, path: Path) -> str:
        """What verification calls a file."""
        if path.is_relative_to(self.source):
            return path.relative_to(self.source).as_posix()
        return path.relative_to(self.out).as_posix()


def finish(source: Path, out: Path) -> FinishedRun:
    outcome = start_run(source, out, RunOptions(partitions=2))
    return FinishedRun(source=source, out=out, run_id=outcome.run_id)


def flip(path: Path, place: int) -> bytes:
    """Flip the lowest bit of one byte, and return the file as it was."""
    raw = path.read_bytes()
    path.write_bytes(raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :])
    return raw
