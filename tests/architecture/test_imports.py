"""Outsiders import what a package exports and nothing else of it."""

import ast
import subprocess
import sys
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


def test_no_package_takes_a_name_of_one_of_its_modules_from_another() -> None:
    """Importing that module later would put it in the name's place."""
    found = [
        f"{place(init)} {name}"
        for init in modules()
        if init.name == "__init__.py"
        for home, name in _taken(ast.parse(init.read_text("utf-8")), _dotted(init.parent))
        if (init.parent / name).is_dir() or (init.parent / f"{name}.py").exists()
        if home not in (_dotted(init.parent), f"{_dotted(init.parent)}.{name}")
    ]
    assert found == []


def test_a_public_function_leaves_the_packages_as_they_were() -> None:
    """A run after it still guards what its quarantine files say."""
    program = (
        "import riskmill; riskmill.value_at_risk([1.0, -1.0], confidence=0.5); "
        "from riskmill.domain import guarded; assert guarded('=1+1') == \"'=1+1\""
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def _taken(tree: ast.Module, package: str) -> Iterator[tuple[str, str]]:
    """Modules that a package's `__init__` imports from, with the names it binds."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            own = package if node.level else ""
            home = ".".join(part for part in (own, node.module) if part)
            yield from ((home, alias.asname or alias.name) for alias in node.names)


def _dotted(package: Path) -> str:
    return ".".join(("riskmill", *package.relative_to(PACKAGE).parts))
