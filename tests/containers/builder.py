"""Build the images with buildah and run them with podman, without a daemon or a registry."""

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
BUILDAH = ("buildah", "--storage-driver", "overlay")
PODMAN = ("podman", "--storage-driver", "overlay", "--cgroup-manager", "cgroupfs",
          "--runtime", "runc")  # fmt: skip
BASE = "localhost/riskmill-test-base:bookworm"
LIMITS = ("--ulimit", "nofile=1024:4096", "--ulimit", "nproc=1024:1024")
"""This much a container needs to be told where nobody may raise its limits."""


@dataclass(frozen=True, kw_only=True)
class Images:
    """The three images, by stage."""

    names: dict[str, str]

    def run(
        self, stage: str, *command: str, more: Sequence[str] = ()
    ) -> "subprocess.CompletedProcess[str]":
        """Run a command in a stage's image as Fargate runs it: read-only, with scratch."""
        return subprocess.run(
            [*PODMAN, "run", "--rm", "--network", "host", "--read-only", "--tmpfs", "/tmp",
             "--no-healthcheck", *LIMITS, *more, self.names[stage], *command],
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip

    def python(self, stage: str, code: str) -> str:
        """Run Python code in a stage's image, and return what it prints."""
        done = self.run(stage, "-c", code, more=["--entrypoint", "/opt/riskmill/bin/python"])
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


def make_base(directory: Path) -> None:
    """Make a base of Debian's own packages, where the test has none from before."""
    if not succeeded(*BUILDAH, "inspect", "--type", "image", BASE):
        if not shutil.which("mmdebstrap"):
            pytest.skip(f"no base to build on: neither {BASE} nor mmdebstrap found")
        root = directory / "root"
        packages = "python3,python3-venv,python3-pip,ca-certificates"
        called("mmdebstrap", "--variant=minbase", f"--include={packages}", "bookworm", str(root))
        container = called(*BUILDAH, "from", "scratch").strip()
        called(*BUILDAH, "add", container, str(root), "/")
        called(*BUILDAH, "commit", container, BASE)
        called(*BUILDAH, "rm", container)


def build(stage: str) -> str:
    """Build a target of the Dockerfile as it is, with pip configured as it is here."""
    name = f"localhost/riskmill-test-{stage}"
    secrets = ["--secret", "id=pip,src=/etc/pip.conf"] if Path("/etc/pip.conf").exists() else []
    called(
        *BUILDAH, "bud", "--isolation", "chroot", "--network", "host", "--pull-never", "--layers",
        "--format", "docker", "--volume", "/etc/ssl/certs:/etc/ssl/certs:ro", *secrets,
        "--build-arg", f"BASE={BASE}", "--build-arg", "VERSION=0.1.0", "--target", stage,
        "--tag", name, "--file", "container/Dockerfile", ".",
    )  # fmt: skip
    return name


def succeeded(*command: str) -> bool:
    return subprocess.run(command, capture_output=True, cwd=REPOSITORY).returncode == 0


def called(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, cwd=REPOSITORY)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
    return done.stdout
