"""Look at the machine the way a run will: what is missing, and how to mend it."""

import platform
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from riskmill.domain import RiskmillError
from riskmill.risk import processor_level
from riskmill.runtime.demo import demo_input
from riskmill.runtime.settings import Settings, read_settings
from riskmill.runtime.wiring import code_version

ENOUGH_BYTES = 1_000_000_000
ENOUGH_MEMORY = 1_000_000_000
EARLIEST_PLAUSIBLE_YEAR = 2025


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One thing that a run needs."""

    name: str
    ok: bool
    found: str
    remedy: str
    """What to do where it is not ok; empty where it is."""


def examine_machine(out: Path | None = None) -> tuple[Check, ...]:
    """Check interpreter, packages, processor, cache, disk, clock and demo data, in that order."""
    settings = read_settings()
    directory = out or Path.cwd()
    return (
        _check("python", _python),
        _check("riskmill", lambda: (True, code_version(), "")),
        _check("packages", _packages),
        _check("processor", lambda: _processor(settings)),
        _check("memory", _memory),
        _check("kernel cache", lambda: _cache(settings)),
        _check("output directory", lambda: _writable(directory)),
        _check("disk space", lambda: _space(directory)),
        _check("clock", _clock),
        _check("demo bank", lambda: (True, str(demo_input()), "")),
    )


Finding = tuple[bool, str, str]


def _check(name: str, look: Callable[[], Finding]) -> Check:
    try:
        ok, found, remedy = look()
    except RiskmillError as error:
        ok, found, remedy = False, error.message, error.remedy
    except OSError as error:
        ok, found, remedy = False, str(error), "Look at the place named and try again."
    return Check(name=name, ok=ok, found=found, remedy="" if ok else remedy)


def _python() -> Finding:
    found = platform.python_version()
    return sys.version_info >= (3, 11), found, "Install Python 3.11 or newer."


def _packages() -> Finding:
    names = ("numpy", "numba", "polars", "pyarrow", "obstore")
    return True, ", ".join(f"{name} {version(name)}" for name in names), ""


def _processor(settings: Settings) -> Finding:
    level = processor_level(settings.processor_flags, settings.machine)
    found = f"{settings.processors} usable, kernels compiled for {level}"
    return True, found, ""


def _memory() -> Finding:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return True, "not known on this system", ""
    sizes = {line.split(":")[0]: int(line.split()[1]) * 1024 for line in lines}
    available = sizes.get("MemAvailable", 0)
    return (
        available >= ENOUGH_MEMORY,
        f"{available / 1e9:,.1f} GB available",
        "Free at least 1 GB of memory.",
    )


def _cache(settings: Settings) -> Finding:
    return (
        settings.cache_dir is not None,
        str(settings.cache_dir or "none: kernels are compiled anew by every run"),
        "Set RISKMILL_CACHE_DIR to a directory that you may write.",
    )


def _writable(directory: Path) -> Finding:
    nearest = _nearest_existing(directory)
    with tempfile.TemporaryFile(dir=nearest):
        return True, f"{directory} can be written", ""


def _space(directory: Path) -> Finding:
    free = shutil.disk_usage(_nearest_existing(directory)).free
    return free >= ENOUGH_BYTES, f"{free / 1e9:,.1f} GB free", "Free at least 1 GB of disk."


def _nearest_existing(directory: Path) -> Path:
    resolved = directory.resolve()
    return next(path for path in (resolved, *resolved.parents) if path.is_dir())


def _clock() -> Finding:
    now = datetime.now(UTC)
    return (
        now.year >= EARLIEST_PLAUSIBLE_YEAR,
        f"{now.isoformat(timespec='seconds')} (decides no number; log records bear it)",
        "Set the machine's clock.",
    )
