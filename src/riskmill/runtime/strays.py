"""What a writer that was killed leaves beside whole objects, and its removal."""

import re
from pathlib import Path

from riskmill.pipeline import RunSpec, quarantine_prefix, report_key, run_prefix

STRAY = re.compile(r".+#\d+")
"""Name under which an object lies while it is being written; no key can look like it."""


def sweep_strays(out: Path, spec: RunSpec) -> None:
    """
    Remove unfinished objects of this run below *out*.

    Only for the holder of the run's lock: nobody else is writing then.
    """
    places = (run_prefix(spec.run_id), quarantine_prefix(spec), report_key(spec, "").rstrip("/"))
    for place in places:
        for path in (out / place).rglob("*#*"):
            if STRAY.fullmatch(path.name) and path.is_file():
                path.unlink(missing_ok=True)
