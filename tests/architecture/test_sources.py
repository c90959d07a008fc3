"""The rules of the house that no linter knows."""

import ast
import re
from importlib import import_module

import pytest

from tests.architecture.sources import (
    LAYERS,
    PACKAGE,
    Function,
    modules,
    nodes,
    parsed,
    place,
    tracked_text,
)

LONGEST_MODULE = 500
LONGEST_FUNCTION = 60
NAMES_THAT_SAY_NOTHING = {"utils", "util", "common", "helpers", "core", "base", "misc"}
CLASSES_THAT_SAY_NOTHING = ("Manager", "Processor", "Service", "Helper")
SENTENCE_END = re.compile(r"[.!?](?=\s|$)")


@pytest.mark.parametrize("layer", LAYERS)
def test_a_package_says_in_three_sentences_what_it_is(layer: str) -> None:
    said = ast.get_docstring(parsed(PACKAGE / layer / "__init__.py")) or ""
    assert len(SENTENCE_END.findall(said)) == 3, said


def test_every_module_says_what_it_is_for() -> None:
    assert [place(m) for m in modules() if not ast.get_docstring(parsed(m))] == []


def test_no_module_is_longer_than_500_lines() -> None:
    long = [place(m) for m in modules() if m.read_text("utf-8").count("\n") > LONGEST_MODULE]
    assert long == []


def test_no_function_is_longer_than_60_lines() -> None:
    long = [
        f"{place(module, node)} {node.name}"
        for module, node in nodes((ast.FunctionDef, ast.AsyncFunctionDef))
        if isinstance(node, Function) and _lines(node) > LONGEST_FUNCTION
    ]
    assert long == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [place(m) for m in modules() if m.stem in NAMES_THAT_SAY_NOTHING] == []


def test_no_class_has_a_name_that_says_nothing() -> None:
    vague = [
        f"{place(module, node)} {node.name}"
        for module, node in nodes(ast.ClassDef)
        if isinstance(node, ast.ClassDef) and node.name.endswith(CLASSES_THAT_SAY_NOTHING)
    ]
    assert vague == []


def test_every_dataclass_is_slotted() -> None:
    assert [name for name, made in _dataclasses().items() if "slots=True" not in made] == []


@pytest.mark.parametrize("layer", LAYERS)
def test_every_dataclass_that_a_package_exports_is_frozen(layer: str) -> None:
    exported = set(getattr(import_module(f"riskmill.{layer}"), "__all__", ()))
    made = {name: how for name, how in _dataclasses().items() if name in exported}
    assert [name for name, how in made.items() if "frozen=True" not in how] == []


def test_no_public_function_passes_an_untyped_mapping() -> None:
    loose = [
        f"{place(module, node)} {node.name}"
        for module, node in nodes((ast.FunctionDef, ast.AsyncFunctionDef))
        if isinstance(node, Function)
        and not node.name.startswith("_")
        and "dict[str, Any]" in _signature(node)
    ]
    assert loose == []


def test_nothing_is_left_unfinished() -> None:
    unfinished = re.compile(r"#\s*(TODO|FIXME|XXX|HACK)\b|\bNotImplementedError\b")
    bare = re.compile(r"#\s*(type:\s*ignore|noqa)\s*$")
    found = [
        f"{place(module)}:{number} {line.strip()}"
        for module in modules()
        for number, line in enumerate(module.read_text("utf-8").splitlines(), 1)
        if unfinished.search(line) or bare.search(line)
    ]
    assert found == []


def test_no_tracked_file_names_a_path_of_a_machine_or_a_registry() -> None:
    machine = re.compile(rf"(?<![\w.])/(?:{'|'.join(('work', 'root', 'farm', 'home'))})/\w")
    registry = re.compile("|".join(("python" + "hosted", "pypi" + r"\.org", "--index" + "-url")))
    found = [
        f"{place(file)}:{number} {line.strip()[:80]}"
        for file, text in tracked_text()
        for number, line in enumerate(text.splitlines(), 1)
        if machine.search(line) or registry.search(line)
    ]
    assert found == []


def test_every_locked_package_has_a_hash() -> None:
    for file, text in tracked_text():
        if file.parent.name == "requirements" and file.suffix == ".txt":
            requirements = text.replace("\\\n", " ").splitlines()
            assert requirements
            assert [line for line in requirements if "--hash=sha256:" not in line] == []


def _lines(node: Function) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _dataclasses() -> dict[str, str]:
    """Each dataclass by name, with the decorator that makes it one."""
    return {
        node.name: ast.unparse(decorator)
        for _, node in nodes(ast.ClassDef)
        if isinstance(node, ast.ClassDef)
        for decorator in node.decorator_list
        if "dataclass" in ast.unparse(decorator)
    }


def _signature(node: Function) -> str:
    return ast.unparse(node.args) + (ast.unparse(node.returns) if node.returns else "")
