"""`riskmill cloud check`."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from riskmill.cloud import ALL_RULES
from tests.cli.conftest import Say

SEED = Path(__file__).parents[1] / "cloud" / "check" / "seed.json"
SOUND = "Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n"
ODD = SOUND + "    Properties:\n      FifoQueue: true\n      QueueName: work\n"


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    file = tmp_path / "sound.yaml"
    file.write_text(SOUND)
    return file


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    file = tmp_path / "odd.yaml"
    file.write_text(ODD)
    return file


def test_a_template_without_findings_ends_with_0(say: Say, sound: Path) -> None:
    said = say("cloud", "check", sound)
    assert (said.code, said.out) == (0, "")
    assert said.err == "No finding in 1 template.\n"


def test_findings_end_with_1_and_name_place_reason_and_remedy(say: Say, odd: Path) -> None:
    said = say("cloud", "check", odd)
    assert said.code == 1
    assert f"{odd}:6  Queue" in said.out
    for part in ("C240  error", "found: work", "Why: ", "To mend it: "):
        assert part in said.out
    assert "1 finding in 1 template: 1 error" in said.err


def test_notes_alone_end_with_0_and_are_shown(say: Say, tmp_path: Path) -> None:
    file = tmp_path / "noted.yaml"
    file.write_text(SOUND + "Conditions: {Idle: !Equals [a, b]}\n")
    said = say("cloud", "check", file)
    assert (said.code, "C103  note" in said.out) == (0, True)
    assert "1 finding in 1 template: 1 note" in said.err


def test_json_is_a_list_of_objects_with_code_resource_and_message(say: Say) -> None:
    said = say("cloud", "check", SEED, "--json")
    findings = json.loads(said.out)
    assert said.code == 1
    assert {"F1", "F5", "H1", "H15"} <= {finding["code"] for finding in findings}
    for finding in findings:
        assert finding["resource"]
        assert finding["message"]
        assert finding["file"] == str(SEED)
        assert finding["line"] > 0


def test_json_without_findings_is_an_empty_list(say: Say, sound: Path) -> None:
    said = say("cloud", "check", sound, "--json")
    assert (said.code, json.loads(said.out)) == (0, [])


def test_several_files_are_judged_in_their_order(say: Say, sound: Path, odd: Path) -> None:
    said = say("cloud", "check", odd, sound, SEED, "--json")
    files = list(dict.fromkeys(finding["file"] for finding in json.loads(said.out)))
    assert files == [str(odd), str(SEED)]


def test_sarif_is_written_beside_what_is_printed(say: Say, odd: Path, tmp_path: Path) -> None:
    target = tmp_path / "findings.sarif"
    said = say("cloud", "check", odd, "--sarif", target)
    assert said.code == 1
    (run,) = json.loads(target.read_text())["runs"]
    assert [result["ruleId"] for result in run["results"]] == ["C240"]


def test_sarif_into_no_directory_is_wrong_usage(say: Say, sound: Path, tmp_path: Path) -> None:
    said = say("cloud", "check", sound, "--sarif", tmp_path / "none" / "a.sarif")
    assert said.code == 2
    assert said.err.startswith("Error E757")


@pytest.mark.parametrize(
    ("content", "code"),
    [(None, "E750"), (b"\xff", "E751"), (b'{"name": "x"}', "E753"), (b"{", "E754")],
)
def test_a_file_that_is_no_template_is_wrong_usage(
    say: Say, tmp_path: Path, content: bytes | None, code: str
) -> None:
    file = tmp_path / "file.json"
    if content is not None:
        file.write_bytes(content)
    said = say("cloud", "check", file)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"Error {code}")
    assert "To mend it: " in said.err


def test_a_directory_is_no_template(say: Say, tmp_path: Path) -> None:
    assert say("cloud", "check", tmp_path).err.startswith("Error E750")


def test_one_bad_file_keeps_the_others_from_being_told_in_part(
    say: Say, odd: Path, tmp_path: Path
) -> None:
    said = say("cloud", "check", odd, tmp_path / "none.yaml")
    assert (said.code, said.out) == (2, "")


def test_no_file_is_wrong_usage(say: Say) -> None:
    assert say("cloud", "check").code == 2


@pytest.mark.parametrize("code", ["F1", "h14", "C200"])
def test_a_rule_is_explained_with_its_source(say: Say, code: str) -> None:
    said = say("explain", code)
    assert said.code == 0
    assert said.out.startswith(f"{code.upper()}: {ALL_RULES[code.upper()].title}")
    assert "Source: " in said.out


def test_marks_that_command_a_terminal_are_shown_as_escapes(say: Say, tmp_path: Path) -> None:
    file = tmp_path / "odd.json"
    queue = {"Type": "AWS::SQS::Queue", "Properties": {"FifoQueue": True, "QueueName": "a\x1b[2J"}}
    file.write_text(json.dumps({"Resources": {"Queue": queue}}))
    said = say("cloud", "check", file)
    assert "\x1b" not in said.out
    assert "\\x1b[2J" in said.out


@pytest.mark.parametrize(
    "arguments", [["--help"], ["cloud", "--help"], ["cloud", "deploy", "--help"]]
)
def test_help_about_the_cloud_loads_no_client_of_aws(arguments: list[str]) -> None:
    program = (
        "import sys; from riskmill.cli.main import run_command; run_command(sys.argv[1:]);"
        "print(sorted({'boto3', 'botocore', 'troposphere', 'numpy'} & set(sys.modules)))"
    )
    said = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True
    )
    assert said.stdout.splitlines()[-1] == "[]"
