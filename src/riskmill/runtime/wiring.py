"""Put a run together: code version, processor level, kernels, run spec."""

import hashlib
import shutil
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from platform import python_version

from riskmill import __version__
from riskmill.domain import BatchManifest, RiskSpec
from riskmill.ingestion import parse_batch_manifest
from riskmill.pipeline import RunSpec
from riskmill.risk import (
    check_spec,
    configure_kernels,
    kernel_fingerprint,
    processor_level,
)
from riskmill.runtime.settings import Settings

LIBRARIES = ("jinja2", "llvmlite", "numba", "numpy", "polars", "pyarrow", "typst", "xlsxwriter")
"""Packages whose version can change a number or a byte."""
UNREAD = frozenset({"__pycache__", "demo_bank", "demo_bank_past"})
"""Directories of the package that are no part of its code."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """A batch manifest as read, and the digest of its bytes."""

    manifest: BatchManifest
    sha256: str


def read_delivery(raw: bytes) -> Delivery:
    """Parse a batch manifest; `InputRejected` where it is not one."""
    return Delivery(manifest=parse_batch_manifest(raw), sha256=hashlib.sha256(raw).hexdigest())


def run_spec(delivery: Delivery, risk: RiskSpec, settings: Settings) -> RunSpec:
    """
    Everything that can change a number of this run, on this machine, with this code.

    Raises `UsageError` (E451, E452, E481) for a *risk* spec that cannot be carried out.
    """
    check_spec(risk)
    return RunSpec(
        manifest_sha256=delivery.sha256,
        batch=delivery.manifest,
        code_version=code_version(),
        compute=compute_path(settings),
        risk=risk,
    )


def compute_path(settings: Settings) -> str:
    """
    Compute path, processor level, interpreter, libraries, and the image where one is told.

    Equal paths give equal bytes; another image is taken for another machine.
    """
    image = f"/image-{settings.image}" if settings.image else ""
    return f"{compute_path_at(level_of(settings))}{image}"


def compute_path_at(level: str) -> str:
    """Compute path of this interpreter and these libraries at a processor level."""
    libraries = "/".join(f"{name}-{version(name)}" for name in LIBRARIES)
    return f"compiled/{level}/python-{python_version()}/{libraries}"


def level_of(settings: Settings) -> str:
    """Processor level of runs that begin here: the machine's, or a lower one that was asked for."""
    own = processor_level(settings.processor_flags, settings.machine)
    asked = settings.highest_level
    return asked if asked and runs_level(settings, asked) else own


def runs_level(settings: Settings, level: str) -> bool:
    """Whether this machine can run code that was made for a processor level."""
    own = processor_level(settings.processor_flags, settings.machine)
    return level == own or (min(level, own).startswith("x86-64-v") and level < own)


def prepare_kernels(settings: Settings, level: str = "") -> None:
    """
    Point the compiler at a processor level and at its cache; before the first kernel.

    Without a *level* it is the one of runs that begin here.
    """
    level = level or level_of(settings)
    directory = ""
    if settings.cache_dir:
        kept = settings.cache_dir / "kernels" / kernel_fingerprint()
        _take_over(settings.baked_kernels, kept)
        directory = str(kept)
    configure_kernels(directory, level)


def _take_over(baked: Path | None, kept: Path) -> None:
    """Copy the kernels of an image to where they are kept: a cache must be a writable place."""
    own = baked / kept.name if baked else None
    if own and own.is_dir() and not kept.exists():
        try:
            shutil.copytree(own, kept)
        except OSError:
            shutil.rmtree(kept, ignore_errors=True)  # they are compiled, then


@cache
def code_version() -> str:
    """Version and a digest of the package's files, such as `0.1.0+4f2a9c1e`."""
    return f"{__version__}+{digest_of(Path(__file__).resolve().parents[1])[:8]}"


def digest_of(package: Path) -> str:
    """SHA-256 over the names and bytes of every file that is part of a package's code."""
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*")):
        name = path.relative_to(package)
        if path.is_file() and UNREAD.isdisjoint(name.parts):
            digest.update(f"{name.as_posix()}\n{path.stat().st_size}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
