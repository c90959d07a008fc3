"""The one place where the environment is read."""

import os
import platform
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from riskmill.pipeline import image_digest


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """What the machine and its user decide; nothing here changes a number's meaning."""

    cache_dir: Path | None
    """Where compiled kernels are kept between runs; none where no place can be written."""
    processors: int
    """Processors that this process may use."""
    machine: str
    """Architecture, such as `x86_64`."""
    processor_flags: frozenset[str]
    """Features of the processor as the system names them; empty where it does not say."""
    image: str = ""
    """Digest of the container image that the code runs in, `sha256:...`; empty where none told."""


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """
    Read the environment and the machine, once, at the edge.

    Raises `UsageError` (E560) where the digest of an image is told that is none.
    """
    variables = os.environ if environment is None else environment
    return Settings(
        cache_dir=_writable_cache(variables),
        processors=_processors(),
        machine=platform.machine(),
        processor_flags=_processor_flags(Path("/proc/cpuinfo")),
        image=image_digest(variables.get("RISKMILL_IMAGE_DIGEST", "")),
    )


def _writable_cache(variables: Mapping[str, str]) -> Path | None:
    for candidate in _cache_candidates(variables):
        try:
            candidate.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=candidate):
                return candidate
        except OSError:
            continue
    return None


def _cache_candidates(variables: Mapping[str, str]) -> list[Path]:
    """RISKMILL_CACHE_DIR alone where it is set; else the user's cache directory."""
    if named := variables.get("RISKMILL_CACHE_DIR"):
        return [Path(named)]
    if shared := variables.get("XDG_CACHE_HOME"):
        return [Path(shared) / "riskmill"]
    if home := variables.get("HOME"):
        return [Path(home) / ".cache" / "riskmill"]
    return []


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _processor_flags(cpuinfo: Path) -> frozenset[str]:
    try:
        lines = cpuinfo.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return frozenset()
    flags = (line for line in lines if line.startswith(("flags", "Features")))
    return frozenset(next(flags, "").partition(":")[2].split())
