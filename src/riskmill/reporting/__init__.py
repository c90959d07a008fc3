"""
Room 3: turns what a run found into what people read and programs load.

A `RiskResult` enters; a typed `Report` leaves, and from it HTML and JSON, and from
the figures and P&L vectors Parquet. Nothing is ever priced, measured or judged here, and no
file, clock, script or network is touched.
"""

from riskmill.reporting.render.figures import render_figures
from riskmill.reporting.render.html import render_html
from riskmill.reporting.render.json import render_json
from riskmill.reporting.render.pages import render_signature_html, render_signature_json
from riskmill.reporting.render.vectors import render_vectors
from riskmill.reporting.report import SCHEMA, Report, build_report
from riskmill.reporting.signing import (
    FileHash,
    SignatureLine,
    SignatureStatement,
    sign_statement,
)

__all__ = [
    "SCHEMA",
    "FileHash",
    "Report",
    "SignatureLine",
    "SignatureStatement",
    "build_report",
    "render_figures",
    "render_html",
    "render_json",
    "render_signature_html",
    "render_signature_json",
    "render_vectors",
    "sign_statement",
]
