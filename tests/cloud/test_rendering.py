"""Templates: the same bytes each time, small enough, and clean to whoever checks them."""

import json
import subprocess
import sys

import pytest

from riskmill.cloud import OPTIONAL_TEMPLATES, TEMPLATES, render
from riskmill.domain import UsageError
from tests.architecture.sources import REPOSITORY
from tests.cloud.templates import ALL, RESOURCES, STACKS, texts

NAMES = (*TEMPLATES, *OPTIONAL_TEMPLATES)
LARGEST = 51_200
LINT = "import cfnlint.runner, sys; sys.exit(cfnlint.runner.main())"


@pytest.mark.parametrize("name", NAMES)
def test_a_checked_in_template_is_what_would_be_rendered(name: str) -> None:
    written = (REPOSITORY / "infrastructure" / f"{name}.json").read_bytes()
    assert written == render(name).encode(), "run: make docs"


@pytest.mark.parametrize("name", NAMES)
def test_a_template_can_be_deployed_from_a_file_as_it_is(name: str) -> None:
    assert len(render(name).encode()) <= LARGEST


def test_rendering_in_another_process_gives_the_same_bytes() -> None:
    said = "import sys; from riskmill.cloud import render; sys.stdout.write(render('workload'))"
    outcome = subprocess.run(
        [sys.executable, "-c", said], capture_output=True, check=True, text=True
    )
    assert outcome.stdout == render("workload")


def test_the_package_is_imported_without_troposphere() -> None:
    said = "import sys, riskmill.cloud; sys.exit('troposphere' in sys.modules)"
    subprocess.run([sys.executable, "-c", said], check=True)


def test_an_unknown_stack_is_refused() -> None:
    with pytest.raises(UsageError, match="E760"):
        render("network")


def test_without_the_extra_rendering_is_refused_with_its_name() -> None:
    said = (
        "import sys; sys.modules['troposphere'] = None\n"
        "from riskmill.cloud import render\n"
        "try: render('workload')\n"
        "except Exception as error: print(error.code, error.remedy)"
    )
    outcome = subprocess.run(
        [sys.executable, "-c", said], capture_output=True, check=True, text=True
    )
    assert outcome.stdout.startswith("E762")
    assert "riskmill[cloud]" in outcome.stdout


def test_a_stack_that_has_grown_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("riskmill.cloud.rendering.LARGEST", 1000)
    with pytest.raises(UsageError, match="E761"):
        render("workload")


def test_cfn_lint_finds_nothing_at_information_level() -> None:
    paths = [str(REPOSITORY / "infrastructure" / f"{name}.json") for name in NAMES]
    outcome = subprocess.run(
        [sys.executable, "-c", LINT, "--include-checks", "I", "--template", *paths],
        capture_output=True,
        text=True,
    )
    assert (outcome.returncode, outcome.stdout) == (0, "")


def test_each_check_that_is_put_aside_has_a_reason() -> None:
    for stack in STACKS.values():
        said = stack["Metadata"]["cfn-lint"]
        assert list(said["reasons"]) == said["config"]["ignore_checks"]
        assert all(len(reason) > 40 for reason in said["reasons"].values())


def test_at_most_two_checks_of_checkov_are_put_aside_each_with_a_reason() -> None:
    skipped = [
        skip
        for resource in RESOURCES.values()
        for skip in resource.get("Metadata", {}).get("checkov", {}).get("skip", [])
    ]
    assert len(skipped) <= 2
    assert all(len(skip["comment"]) > 40 for skip in skipped)


@pytest.mark.parametrize("name", NAMES)
def test_no_template_names_a_partition_an_account_or_a_region(name: str) -> None:
    for text in texts(ALL[name]):
        assert "arn:aws:" not in text
        assert "us-east-1" not in text


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_says_what_it_is_for_and_what_fits(name: str) -> None:
    for parameter in ALL[name]["Parameters"].values():
        assert parameter["Description"]
        bounded = {"AllowedPattern", "AllowedValues", "MinValue"} & set(parameter)
        assert bounded or parameter["Type"].startswith("AWS::")
        assert "AllowedPattern" not in parameter or parameter["ConstraintDescription"]


def test_what_holds_data_outlives_its_stack() -> None:
    kinds = {"AWS::KMS::Key", "AWS::Logs::LogGroup", "AWS::ECR::Repository", "AWS::S3::Bucket"}
    found = [one for one in RESOURCES.values() if one["Type"] in kinds]
    assert len(found) == 12
    for resource in found:
        assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"


def test_no_text_in_a_template_has_a_letter_that_is_not_ascii() -> None:
    for name in NAMES:
        assert render(name).isascii()
        assert json.loads(render(name))
