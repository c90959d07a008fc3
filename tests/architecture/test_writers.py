"""
Every place in the code that writes, and why none of them can change a signed run.

A new writer makes this test fail. Before it is listed here, make sure that it refuses signed
runs (`refuse_signed`), writes under a key that no run's signature seals, or only ever stores what
is not there yet (`put_new`, `put_same`) before the record of the run is.
"""

import ast

from tests.architecture.sources import PACKAGE, modules, parsed

WRITING = frozenset({
    "put_new", "put_same", "put_answer", "rewrite", "store_outputs", "write_attempt", "put",
    "write_bytes", "write_text", "unlink", "rmtree", "rename", "replace_with", "copytree",
})  # fmt: skip
"""Names of calls that store, change or remove something."""

BEFORE_THE_RECORD = "only in _carry, which a finished run never reaches and a signed one may not"
NEVER_OVER = "stores under a free key only; nothing is written over"
ELSEWHERE = "writes no key of a run"
KNOWN = {
    ("pipeline/answers.py", "put_new"): NEVER_OVER,
    ("pipeline/artefacts.py", "put_new"): NEVER_OVER,
    ("pipeline/artefacts.py", "put_same"): BEFORE_THE_RECORD,
    ("pipeline/catalogue.py", "rewrite"): "reports/index.*, which no signature seals",
    ("pipeline/comparison.py", "rewrite"): "reports/compare/*, which no signature seals",
    ("pipeline/early.py", "put_same"): "staged/*, which runs copy",
    ("pipeline/handlers.py", "store_outputs"): BEFORE_THE_RECORD,
    ("pipeline/handlers.py", "put"): BEFORE_THE_RECORD,
    ("pipeline/refusals.py", "put_answer"): BEFORE_THE_RECORD,
    ("pipeline/reuse.py", "put_same"): NEVER_OVER,
    ("pipeline/signature_pages.py", "rewrite"): "signature.*, which no signature seals",
    ("pipeline/signatures.py", "put_new"): "the next signature; nothing is written over",
    ("runtime/answering.py", "put_answer"): "answers to batches that never became a run",
    ("runtime/attempts.py", "put_new"): NEVER_OVER,
    ("runtime/aws/starting.py", "put_new"): "staged/*, and where a run's batch was read from",
    ("runtime/aws/starting.py", "put_same"): "spec and items of a run, equal however often",
    ("runtime/delivery.py", "put_new"): "the manifest of a delivery; nothing is written over",
    ("runtime/lock.py", "unlink"): "what a killed writer left beside a page",
    ("runtime/new_files.py", "rename"): ELSEWHERE,
    ("runtime/new_files.py", "unlink"): ELSEWHERE,
    ("runtime/new_files.py", "write_bytes"): ELSEWHERE,
    ("runtime/replay.py", "put_same"): "a day's delivery, below past/",
    ("runtime/runner.py", "write_attempt"): BEFORE_THE_RECORD,
    ("runtime/runs.py", "put_new"): BEFORE_THE_RECORD,
    ("runtime/runs.py", "put_same"): BEFORE_THE_RECORD,
    ("runtime/runs.py", "rmtree"): "the scratch directory of a recalculation, made a moment ago",
    ("runtime/stores.py", "put"): "the store itself",
    ("runtime/stores.py", "put_new"): "the first writing of a page",
    ("runtime/strays.py", "unlink"): "not called for a signed run",
    ("runtime/wiring.py", "copytree"): "kernels of an image, into the cache",
    ("runtime/wiring.py", "rmtree"): "half-copied kernels in the cache",
}
"""Module and call, and what keeps a signed run from it."""


def test_every_writer_is_known_and_keeps_off_signed_runs() -> None:
    found = {
        (module.relative_to(PACKAGE).as_posix(), name)
        for module in modules()
        if module.relative_to(PACKAGE).parts[0] in ("pipeline", "runtime")
        for node in ast.walk(parsed(module))
        if isinstance(node, ast.Call) and (name := _called(node)) in WRITING
    }
    assert found - KNOWN.keys() == set(), "new writers: see the docstring of this module"
    assert KNOWN.keys() - found == set(), "writers that are gone"


def test_no_command_writes_but_the_file_that_its_user_names() -> None:
    writers = [
        module.name
        for module in modules()
        if module.relative_to(PACKAGE).parts[0] == "cli"
        for node in ast.walk(parsed(module))
        if isinstance(node, ast.Call) and _called(node) in WRITING
    ]
    assert writers == ["cloud_check.py"]


def _called(node: ast.Call) -> str:
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
