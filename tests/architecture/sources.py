"""The source tree as the architecture tests read it."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = REPOSITORY / "src" / "riskmill"
LAYERS = (
    "domain", "ingestion", "risk", "reporting", "pipeline", "runtime", "cloud", "testing", "cli",
)  # fmt: skip

Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules() -> list[Path]:
    """Every module of the package."""
    return sorted(PACKAGE.rglob("*.py"))


@cache
def parsed(module: Path) -> ast.Module:
    """Return a module's syntax tree."""
    return ast.parse(module.read_text(encoding="utf-8"))


def nodes(kind: type[ast.AST] | tuple[type[ast.AST], ...]) -> Iterator[tuple[Path, ast.AST]]:
    """Every node of one kind, with the module it stands in."""
    for module in modules():
        for node in ast.walk(parsed(module)):
            if isinstance(node, kind):
                yield module, node


def place(module: Path, node: ast.AST | None = None) -> str:
    """Return where something stands, as an editor opens it."""
    line = f":{getattr(node, 'lineno', 0)}" if node else ""
    return f"{module.relative_to(REPOSITORY)}{line}"


@cache
def tracked_files() -> tuple[Path, ...]:
    """Every file of the repository that is, or is about to be, under version control."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    files = (REPOSITORY / name for name in listed.split("\0") if name)
    return tuple(sorted(file for file in files if file.is_file()))


def tracked_text() -> Iterator[tuple[Path, str]]:
    """Every tracked file that is text."""
    for file in tracked_files():
        try:
            yield file, file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
