"""The one place where the environment is read."""

import os
import platform
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from riskmill.domain import UsageError
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
    baked_kernels: Path | None = None
    """Where an image keeps kernels that were compiled with it; none where there are none."""
    highest_level: str = ""
    """Processor level that is not exceeded; empty for the highest that the machine has."""
    image: str = ""
    """Digest of the container image that the code runs in, `sha256:...`; empty where none told."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkerSettings:
    """What the container of a worker is told, as its task definition has it."""

    environment: str
    """Name of the environment, a dimension of the metrics."""
    data_bucket: str
    output_bucket: str
    queue_url: str
    state_machine: str
    """ARN of the state machine of a run; empty for stages that start none."""
    region: str
    endpoint: str
    """Address of an S3 that is not the public one; empty for that."""
    agent: str
    """Address of the ECS agent; empty outside of ECS."""
    scratch: Path
    """The one directory that may be written."""


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
        baked_kernels=_named(variables, "RISKMILL_BAKED_KERNELS"),
        highest_level=variables.get("RISKMILL_PROCESSOR_LEVEL", ""),
        image=image_digest(variables.get("RISKMILL_IMAGE_DIGEST", "")),
    )


def read_worker_settings(
    *, starts_runs: bool, environment: Mapping[str, str] | None = None
) -> WorkerSettings:
    """Read what a worker is told; `UsageError` (E851) names every variable that is missing."""
    variables = os.environ if environment is None else environment
    needed = ["DATA_BUCKET", "OUTPUT_BUCKET", "QUEUE_URL", "RISKMILL_ENVIRONMENT"]
    needed += ["STATE_MACHINE_ARN"] if starts_runs else []
    region = variables.get("AWS_REGION") or variables.get("AWS_DEFAULT_REGION") or ""
    missing = [name for name in needed if not variables.get(name)]
    missing += [] if region else ["AWS_REGION"]
    if missing:
        raise UsageError(
            "E851",
            f"the worker is not told {', '.join(missing)}",
            place="environment",
            remedy="Set them as the task definition of infrastructure/workload.json does.",
        )
    return WorkerSettings(
        environment=variables["RISKMILL_ENVIRONMENT"],
        data_bucket=variables["DATA_BUCKET"],
        output_bucket=variables["OUTPUT_BUCKET"],
        queue_url=variables["QUEUE_URL"],
        state_machine=variables.get("STATE_MACHINE_ARN", ""),
        region=region,
        endpoint=variables.get("AWS_ENDPOINT_URL_S3") or variables.get("AWS_ENDPOINT_URL", ""),
        agent=variables.get("ECS_AGENT_URI", ""),
        scratch=Path(tempfile.gettempdir()),
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


def _named(variables: Mapping[str, str], name: str) -> Path | None:
    return Path(variables[name]) if variables.get(name) else None


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
