"""
Room 3: turns what a run found into what people read and programs load.

A `RiskResult` enters; a typed `Report` leaves, and from it HTML, PDF, XLSX, CSV and JSON, and
from the figures and P&L vectors Parquet. Nothing is ever priced, measured or judged here, and no
file, clock, script or network is touched.
"""

from riskmill.reporting.catalogue import Catalogue, build_catalogue
from riskmill.reporting.comparison import ComparedRun, RunComparison, build_comparison
from riskmill.reporting.forms import FORMS, chosen_forms, chosen_sections, render_form
from riskmill.reporting.past_runs import GivenSignature, PastRisk, PastRun, PublishedFile
from riskmill.reporting.refusal import CheckedFile, RefusedBatch, refusal_notice
from riskmill.reporting.render.catalogue_page import (
    read_catalogue,
    render_catalogue_html,
    render_catalogue_json,
)
from riskmill.reporting.render.comparison_page import (
    render_comparison_html,
    render_comparison_json,
)
from riskmill.reporting.render.csv import render_csv
from riskmill.reporting.render.figures import render_figures
from riskmill.reporting.render.html import render_html
from riskmill.reporting.render.json import render_json
from riskmill.reporting.render.pages import (
    render_refusal_html,
    render_signature_html,
    render_signature_json,
)
from riskmill.reporting.render.theme import LARGEST_FILE, PLAIN, Theme, theme_of
from riskmill.reporting.render.vectors import render_vectors
from riskmill.reporting.report import SCHEMA, Report, build_report
from riskmill.reporting.signing import (
    FailedTry,
    FileHash,
    SignatureLine,
    SignatureStatement,
    TriedWave,
    sign_statement,
)
from riskmill.reporting.stored import read_report
from riskmill.reporting.tables.catalogue import SECTIONS, tables_of

__all__ = [
    "FORMS",
    "LARGEST_FILE",
    "PLAIN",
    "SCHEMA",
    "SECTIONS",
    "Catalogue",
    "CheckedFile",
    "ComparedRun",
    "FailedTry",
    "FileHash",
    "GivenSignature",
    "PastRisk",
    "PastRun",
    "PublishedFile",
    "RefusedBatch",
    "Report",
    "RunComparison",
    "SignatureLine",
    "SignatureStatement",
    "Theme",
    "TriedWave",
    "build_catalogue",
    "build_comparison",
    "build_report",
    "chosen_forms",
    "chosen_sections",
    "read_catalogue",
    "read_report",
    "refusal_notice",
    "render_catalogue_html",
    "render_catalogue_json",
    "render_comparison_html",
    "render_comparison_json",
    "render_csv",
    "render_figures",
    "render_form",
    "render_html",
    "render_json",
    "render_refusal_html",
    "render_signature_html",
    "render_signature_json",
    "render_vectors",
    "sign_statement",
    "tables_of",
    "theme_of",
]
