"""The images as they run: user, root, health, kernels, contents, and a whole run in containers."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from riskmill.cloud import STAGES
from riskmill.cloud.laptop import running
from riskmill.runtime import demo_input
from riskmill.runtime.settings import read_settings
from tests.containers.builder import LIMITS, PODMAN, Images
from tests.system.cloud import ENVIRONMENT, Cloud, deployed, until

NAMES = [stage.name for stage in STAGES]
KEPT = {
    "data-ingestion": {"polars", "pyarrow", "boto3"},
    "risk-calculation": {"numba", "llvmlite", "numpy"},
    "report-generation": {"typst", "xlsxwriter", "jinja2"},
}


@pytest.mark.parametrize("stage", NAMES)
def test_it_is_nobody_who_may_write_nowhere_but_in_scratch(images: Images, stage: str) -> None:
    code = (
        "import os, pathlib\n"
        "found = [os.getuid(), os.getgid()]\n"
        "for place in ('/tmp', '/opt/riskmill', '/'):\n"
        "    try:\n"
        "        (pathlib.Path(place) / 'x').write_text('x'); found.append(True)\n"
        "    except OSError:\n"
        "        found.append(False)\n"
        "print(*found)\n"
    )
    assert images.python(stage, code) == "10001 10001 True False False"


@pytest.mark.parametrize("stage", NAMES)
def test_it_says_what_it_is_not_told_and_ends_as_a_usage_error(images: Images, stage: str) -> None:
    done = images.run(stage)
    assert done.returncode == 2
    assert "E851" in done.stderr
    assert "DATA_BUCKET" in done.stderr


@pytest.mark.parametrize("stage", NAMES)
def test_it_is_not_healthy_before_it_works(images: Images, stage: str) -> None:
    assert images.run(stage, "worker", stage, "--health").returncode == 1


@pytest.mark.parametrize("stage", NAMES)
def test_it_holds_what_its_stage_needs_and_the_versions_of_all(images: Images, stage: str) -> None:
    others = set().union(*KEPT.values()) - KEPT[stage]
    code = (
        "import importlib.util as u, json\n"
        "from riskmill.runtime.wiring import code_version, compute_path_at\n"
        f"names = {sorted(KEPT[stage] | others)!r}\n"
        "print(json.dumps({'there': [n for n in names if u.find_spec(n)],\n"
        "  'compute': compute_path_at('x86-64-v3'), 'code': code_version()}))\n"
    )
    told = json.loads(images.python(stage, code))
    assert KEPT[stage] <= set(told["there"])
    compiled = {"numba", "llvmlite"} & set(told["there"])
    assert bool(compiled) == (stage == "risk-calculation")
    assert "numba-" in told["compute"]
    assert "typst-" in told["compute"]
    first = json.loads(images.python(NAMES[0], code))
    assert (told["code"], told["compute"]) == (first["code"], first["compute"])


def test_kernels_of_every_level_are_there_and_taken_over(images: Images) -> None:
    code = (
        "import pathlib, json\n"
        "from riskmill.runtime.settings import read_settings\n"
        "from riskmill.runtime.wiring import level_of, prepare_kernels\n"
        "from riskmill.risk.pricing.kernels import linear_kernel\n"
        "settings = read_settings()\n"
        "prepare_kernels(settings)\n"
        "before = sorted(p.name for p in settings.cache_dir.rglob('*.nbc'))\n"
        "kernel = linear_kernel()\n"
        "after = sorted(p.name for p in settings.cache_dir.rglob('*.nbc'))\n"
        "hits = sum(kernel.stats.cache_hits.values())\n"
        "print(json.dumps([level_of(settings), len(before), before == after, hits]))\n"
    )
    level, kernels, unchanged, hits = json.loads(images.python("risk-calculation", code))
    assert level in ("x86-64-v2", "x86-64-v3")
    assert kernels >= 3 * 5
    assert (unchanged, hits) == (True, 1)


@pytest.mark.parametrize("stage", NAMES)
def test_its_bill_of_materials_and_labels_are_there(images: Images, stage: str) -> None:
    code = "print(open('/opt/riskmill/sbom.cdx.json', encoding='utf-8').read())"
    bill = json.loads(images.python(stage, code))
    names = {part["name"] for part in bill["components"]}
    assert {"numpy", "libc6"} <= names
    assert ("numba" in names) == (stage == "risk-calculation")
    told = subprocess.run(
        [*PODMAN, "image", "inspect", images.names[stage]], capture_output=True, text=True
    )
    (image,) = json.loads(told.stdout)
    labels = image["Labels"]
    assert labels["org.opencontainers.image.title"] == stage
    assert labels["org.opencontainers.image.version"] == "0.1.0"
    assert image["Architecture"] == "amd64"
    assert image["User"] == "10001:10001"


@pytest.fixture
def cloud(images: Images, tmp_path: Path) -> Iterator[Cloud]:
    cache = read_settings().cache_dir
    assert cache is not None
    (tmp_path / "aws").mkdir()
    with running(tmp_path / "aws", cache) as aws, deployed(aws, tmp_path, cache) as found:
        yield found


def test_three_containers_run_the_demo_bank_and_stop_when_they_are_asked_to(
    cloud: Cloud, images: Images
) -> None:
    batch_id = "2018-12-31/EOD/v001"
    with ExitStack() as started:
        ids = [started.enter_context(container(cloud, images, stage)) for stage in NAMES]
        cloud.deliver(demo_input(), batch_id)
        until(lambda: cloud.runs_of(batch_id), 60, "a run", lambda: logs(ids))
        run_id = cloud.ended(batch_id, 240)
        assert f"reports/2018-12-31/{run_id}/report.pdf" in cloud.objects("reports/")
        for one, stage in zip(ids, NAMES, strict=True):
            health = subprocess.run([*PODMAN, "exec", one, "riskmill", "worker", stage, "--health"])
            assert health.returncode == 0
        for one in ids:
            subprocess.run([*PODMAN, "stop", "--time", "60", one], capture_output=True)
            told = subprocess.run(
                [*PODMAN, "inspect", "--format", "{{.State.ExitCode}}", one],
                capture_output=True, text=True,
            )  # fmt: skip
            assert told.stdout.strip() == "0", logs([one])


@contextmanager
def container(cloud: Cloud, images: Images, stage: str) -> Iterator[str]:
    """Run a stage's image as its task definition says: variables, role, memory, read-only root."""
    definition = cloud.client("ecs").describe_task_definition(
        taskDefinition=f"{stage}-{ENVIRONMENT}"
    )["taskDefinition"]
    (told,) = definition["containerDefinitions"]
    variables = {
        **{one["name"]: one["value"] for one in told["environment"]},
        **cloud.aws.environment_of(definition["taskRoleArn"]),
    }
    said = [part for name, value in variables.items() for part in ("--env", f"{name}={value}")]
    done = subprocess.run(
        [*PODMAN, "run", "--detach", "--network", "host", "--read-only", "--tmpfs", "/tmp",
         "--no-healthcheck", "--cap-drop", "ALL", "--memory", f"{told['memory']}m", *LIMITS, *said,
         images.names[stage], *told["command"]],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = done.stdout.strip()
    try:
        yield found
    finally:
        subprocess.run([*PODMAN, "rm", "--force", "--time", "5", found], capture_output=True)


def logs(ids: list[str]) -> str:
    return "\n".join(
        subprocess.run([*PODMAN, "logs", one], capture_output=True, text=True).stdout[-3000:]
        for one in ids
    )
