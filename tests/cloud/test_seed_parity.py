"""Nothing of the first template is lost without a reason."""

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import pytest

from tests.architecture.sources import REPOSITORY
from tests.cloud.templates import RESOURCES, STACKS

SEED = json.loads((REPOSITORY / "tests/cloud/seed/ecs-batch-stack.json").read_text("utf-8"))
README = (REPOSITORY / "tests/cloud/seed/README.md").read_text("utf-8")
SPLIT = {"TaskRole", "TaskExecutionRole"}
"""Resources of which there is one for each stage now."""


def _parity() -> ModuleType:
    path = Path(REPOSITORY / "docs" / "seed_parity.py")
    spec = importlib.util.spec_from_file_location("seed_parity", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PARITY = _parity()


def test_every_resource_of_the_seed_has_its_logical_id_and_type() -> None:
    assert len(SEED["Resources"]) == 27
    for logical_id, resource in SEED["Resources"].items():
        if logical_id not in SPLIT:
            assert RESOURCES[logical_id]["Type"] == resource["Type"]


def test_a_role_that_was_split_is_there_for_each_stage() -> None:
    for logical_id in SPLIT:
        suffix = logical_id.removeprefix("Task") if logical_id != "TaskRole" else logical_id
        assert len([one for one in RESOURCES if one.endswith(suffix)]) >= 3


@pytest.mark.parametrize("section", ["Parameters", "Outputs"])
def test_every_parameter_and_output_of_the_seed_is_there(section: str) -> None:
    ours = {name for stack in STACKS.values() for name in stack[section]}
    assert set(SEED[section]) <= ours


def test_every_difference_has_a_reason_and_every_reason_a_difference() -> None:
    used = {PARITY.explanation(*difference) for difference in PARITY.differences()}
    assert used == set(PARITY.EXPLAINED)


def test_a_property_that_is_lost_without_a_reason_is_noticed() -> None:
    with pytest.raises(LookupError, match="no reason"):
        PARITY.explanation("ECSCluster", "ClusterSettings[0].Value")


def test_something_is_said_of_every_point_of_the_readme_and_of_nothing_else() -> None:
    points = list(PARITY.points(README))
    assert len(points) > 60
    for beginning in PARITY.PROMISES:
        assert any(point.startswith(beginning) for point in points), beginning


def test_every_row_of_the_defects_that_is_named_is_listed() -> None:
    said = " ".join(row[2] for row in PARITY.EXPLAINED) + " ".join(PARITY.PROMISES.values())
    assert set(re.findall(r"\b[FHM]\d+\b", said)) <= set(PARITY.DEFECTS)
    assert len(PARITY.DEFECTS) == 5 + 15 + 17
