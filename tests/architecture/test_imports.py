"""Outsiders import what a package exports and nothing else of it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import PACKAGE, modules, place

ENTRY = "__main__.py"
"""Calls `riskmill.cli.main:main`, as the installed command does."""


def test_a_package_is_imported_through_its_init_only() -> None:
    found = [
        f"{place(module)}:{line} {name}"
        for module in modules()
        if module.name != ENTRY
        for line, name in inner_imports(ast.parse(module.read_text("utf-8")), _package_of(module))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("statement", "names"),
    [
        ("from riskmill.domain.errors import UsageError", ["riskmill.domain.errors"]),
        ("import riskmill.domain.errors", ["riskmill.domain.errors"]),
        ("from riskmill.domain import UsageError", []),
        ("from riskmill.risk.limits import Limit", []),
        ("from datetime import date", []),
    ],
)
def test_an_inner_import_is_seen(statement: str, names: list[str]) -> None:
    assert [name for _, name in inner_imports(ast.parse(statement), "risk")] == names


def inner_imports(tree: ast.Module, package: str) -> Iterator[tuple[int, str]]:
    """Every import that reaches into the inside of a package other than *package*."""
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "riskmill" and len(parts) > 2 and parts[1] != package:
                yield node.lineno, name


def _package_of(module: Path) -> str:
    return module.relative_to(PACKAGE).parts[0]
