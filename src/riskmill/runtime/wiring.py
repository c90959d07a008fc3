"""Put a run together: code version, processor level, kernels, run spec."""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from riskmill import __version__
from riskmill.domain import BatchManifest, RiskSpec
from riskmill.ingestion import parse_batch_manifest
from riskmill.pipeline import RunSpec
from riskmill.risk import configure_kernels, kernel_fingerprint, processor_level
from riskmill.runtime.settings import Settings

SOURCE_SUFFIXES = frozenset({".py", ".html", ".css", ".svg"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """A batch manifest as read, and the digest of its bytes."""

    manifest: BatchManifest
    sha256: str


def read_delivery(raw: bytes) -> Delivery:
    """Parse a batch manifest; `InputRejected` where it is not one."""
    return Delivery(manifest=parse_batch_manifest(raw), sha256=hashlib.sha256(raw).hexdigest())


def run_spec(delivery: Delivery, risk: RiskSpec, settings: Settings) -> RunSpec:
    """Everything that can change a number of this run, on this machine, with this code."""
    return RunSpec(
        manifest_sha256=delivery.sha256,
        batch=delivery.manifest,
        code_version=code_version(),
        compute=compute_path(settings),
        risk=risk,
    )


def compute_path(settings: Settings) -> str:
    """Compute path, processor level and compiler: equal paths give equal bytes."""
    level = processor_level(settings.processor_flags, settings.machine)
    return f"compiled/{level}/numba-{version('numba')}/numpy-{version('numpy')}"


def prepare_kernels(settings: Settings) -> None:
    """Point the compiler at the machine's level and at its cache; before the first kernel."""
    level = processor_level(settings.processor_flags, settings.machine)
    directory = ""
    if settings.cache_dir:
        directory = str(settings.cache_dir / "kernels" / kernel_fingerprint())
    configure_kernels(directory, level)


@cache
def code_version() -> str:
    """Version and a digest of the package's sources, such as `0.1.0+4f2a9c1e`."""
    root = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        if path.suffix in SOURCE_SUFFIXES and path.is_file():
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    return f"{__version__}+{digest.hexdigest()[:8]}"
