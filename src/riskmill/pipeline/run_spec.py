"""The run spec: everything that can change a number, and the run id made from it."""

import hashlib
import re
from dataclasses import dataclass

import msgspec

from riskmill.domain import BatchManifest, RiskSpec, UsageError

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
RUN_SPEC_SCHEMA = "riskmill.run-spec/1"


@dataclass(frozen=True, kw_only=True, slots=True)
class PreviousRun:
    """The run that another is compared with, and takes its past days from."""

    run_id: str
    spec_sha256: str
    """Digest of its spec: equal specs give equal bytes, so this names all that it found."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RunSpec:
    """Two runs with equal specs give equal bytes; that is why the id is a hash of it."""

    schema: str = RUN_SPEC_SCHEMA
    manifest_sha256: str
    """Digest of the batch manifest's bytes, and through it of every input file."""
    batch: BatchManifest
    code_version: str
    """Version of riskmill and a digest of its sources: `0.1.0+4f2a9c1e`."""
    compute: str
    """Compute path, processor level and compiler: `compiled/x86-64-v4/numba-0.68.1`."""
    risk: RiskSpec
    previous: PreviousRun | None = None
    """The finished run of an earlier business date; none where there is none, or none is wanted."""

    @property
    def sha256(self) -> str:
        """Digest of the spec's canonical form."""
        return hashlib.sha256(encode_spec(self)).hexdigest()

    @property
    def run_id(self) -> str:
        """Business date and the first twelve digits of the digest."""
        return f"{self.batch.business_date.isoformat()}-{self.sha256[:12]}"


def image_digest(told: str) -> str:
    """Return the digest of a container image as it is *told*; `UsageError` (E560) for none."""
    if told and not _DIGEST.fullmatch(told):
        raise UsageError(
            "E560",
            f"RISKMILL_IMAGE_DIGEST holds '{told[:80]}', which is no digest of an image",
            place="RISKMILL_IMAGE_DIGEST",
            remedy="Set it to sha256: and 64 hexadecimal digits, or not at all.",
        )
    return told


def encode_spec(spec: RunSpec) -> bytes:
    """Canonical JSON of *spec*: keys in code-point order, no blanks."""
    return msgspec.json.encode(spec, order="deterministic")


def decode_spec(raw: bytes) -> RunSpec:
    """Read what `encode_spec` wrote; `msgspec.DecodeError` where it is something else."""
    return msgspec.json.decode(raw, type=RunSpec)
