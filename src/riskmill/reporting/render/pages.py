"""Pages beside the report, under the same strict policy and in the same clothes."""

import base64
import functools
import hashlib
from importlib import resources

import jinja2
import msgspec
from markupsafe import Markup

from riskmill.reporting.refusal import RefusalNotice
from riskmill.reporting.render.texts import named, shown, told
from riskmill.reporting.signing import SignatureStatement

STYLES = ("report.css", "pages.css")


def render_signature_html(statement: SignatureStatement) -> bytes:
    """Set the page that says who signed; equal statements give equal bytes."""
    return set_page("signature.html.j2", statement=statement)


def render_refusal_html(notice: RefusalNotice) -> bytes:
    """Set the page that says why a batch was refused; equal notices give equal bytes."""
    return set_page("refusal.html.j2", it=notice)


def render_signature_json(statement: SignatureStatement) -> bytes:
    """JSON of a statement, ending in a newline."""
    return msgspec.json.format(msgspec.json.encode(statement), indent=2) + b"\n"


def set_page(template: str, **values: object) -> bytes:
    """Fill a template: UTF-8, everything escaped, its style named by hash in its policy."""
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    page = _environment().get_template(template)
    text = page.render(style=Markup(style), style_hash=digest, **values)
    return text.encode("utf-8", "replace")


def spoken(text: str) -> list[str]:
    """Lines of a text that somebody wrote, each as `shown` shows a name, none shortened."""
    return [shown(line, len(line) or 1) for line in text.expandtabs(4).split("\n")]


@functools.cache
def _style() -> str:
    return "".join(_resource(name) for name in STYLES)


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_resource),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(shown=shown, spoken=spoken)
    environment.globals.update(name=named, long=told)
    return environment


@functools.cache
def _resource(name: str) -> str:
    place = resources.files("riskmill.reporting.render") / "templates" / name
    return place.read_text(encoding="utf-8")
