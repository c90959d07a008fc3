"""The report model as JSON."""

import msgspec

from riskmill.reporting.report import Report


def render_json(report: Report) -> bytes:
    """
    Write the model in its declared order, one line a value, a newline at the end.

    Floats are written in the shortest form that reads back as the same number,
    so equal reports give equal bytes.
    """
    return msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n"
