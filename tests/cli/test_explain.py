"""`riskmill explain`."""

import json

from tests.cli.conftest import Say


def test_a_code_is_explained_with_its_remedy_and_an_example(say: Say) -> None:
    said = say("explain", "E610")
    assert said.code == 0
    assert said.out.startswith("E610: ")
    assert "To mend it: " in said.out
    assert "Example: " in said.out


def test_case_does_not_matter(say: Say) -> None:
    assert say("explain", "e610").out == say("explain", "E610").out


def test_without_a_code_all_are_listed(say: Say) -> None:
    said = say("explain")
    assert said.code == 0
    for beginning in ("E0", "E1", "E2", "W3", "E4", "E5", "E6", "E7"):
        assert f"\n{beginning}" in said.out


def test_json_has_the_same_codes(say: Say) -> None:
    codes = [entry["code"] for entry in json.loads(say("explain", "--json").out)]
    assert codes == [line.split()[0] for line in say("explain").out.splitlines()[1:]]
    assert json.loads(say("explain", "E610", "--json").out)["code"] == "E610"


def test_an_unknown_code_is_wrong_usage(say: Say) -> None:
    said = say("explain", "E000")
    assert said.code == 2
    assert said.err.startswith("Error E704: 'E000' is not a code")
