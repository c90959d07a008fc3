"""Codes: each one that riskmill can give is explained, and each explained one can be given."""

import ast
import re
from pathlib import Path

import pytest

from riskmill.cli.explain import all_codes
from tests.architecture.sources import PACKAGE, modules, parsed, place

CODE = re.compile(r"[EW]\d{3}")
RANGES = {
    "ingestion": "E0 E1 E2 W3",
    "risk": "E4 W3",
    "pipeline": "E5",
    "runtime": "E6 E8 W8",
    "cli": "E7",
    "cloud": "E7 E8",
}
"""Beginnings of the codes that each package's catalogue may hold."""


def test_every_code_that_is_given_is_explained_and_the_other_way_round() -> None:
    given = {code for module in modules() if not _explains(module) for code in _codes_in(module)}
    explained = set(all_codes())
    assert given - explained == set()
    assert explained - given == set()


@pytest.mark.parametrize("package", RANGES)
def test_a_catalogue_keeps_to_its_range(package: str) -> None:
    catalogue = {code for module in _catalogue(package) for code in _codes_in(module)}
    assert catalogue
    assert [code for code in catalogue if code[:2] not in RANGES[package].split()] == []


def test_no_code_has_two_explanations() -> None:
    found = [
        code for package in RANGES for module in _catalogue(package) for code in _keys_of(module)
    ]
    assert sorted(found) == sorted(set(found))


def test_every_explanation_has_all_its_parts() -> None:
    thin = [
        name
        for name, code in all_codes().items()
        if not all((code.title, code.cause, code.remedy, code.example))
    ]
    assert thin == []


def test_no_catalogue_lies_outside_the_packages_with_a_range() -> None:
    elsewhere = [
        place(module)
        for module in modules()
        if _explains(module) and module.relative_to(PACKAGE).parts[0] not in {*RANGES, "domain"}
    ]
    assert elsewhere == []


def _explains(module: Path) -> bool:
    return "codes" in (module.stem, module.parent.name)


def _catalogue(package: str) -> list[Path]:
    """Modules of a package's catalogue: `codes.py`, or those of the package `codes`."""
    inside = [module for module in modules() if module.relative_to(PACKAGE).parts[0] == package]
    return [module for module in inside if _explains(module)]


def _codes_in(module: Path) -> set[str]:
    return {
        node.value
        for node in ast.walk(parsed(module))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and CODE.fullmatch(node.value)
    }


def _keys_of(catalogue: Path) -> list[str]:
    return [
        key.value
        for node in ast.walk(parsed(catalogue))
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    ]
