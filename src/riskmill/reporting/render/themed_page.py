"""The page with chosen sections, a logo, and templates of a firm's own."""

import base64
import re
from collections import Counter
from collections.abc import Sequence
from html.parser import HTMLParser

from markupsafe import Markup

from riskmill.domain import UsageError
from riskmill.reporting.render.charts.svg import element
from riskmill.reporting.render.theme import Theme

_SECTION = re.compile(r"sections/([a-z_]+)\.html\.j2")
_PASSING = re.compile(r"#|data:image/|https://|mailto:")
"""Addresses that load nothing: of the page itself, of a picture in it, of a link to click."""
_ACTING = frozenset(
    {
        "script", "style", "link", "meta", "base", "iframe", "frame", "object", "embed", "applet",
        "form", "input", "button",
    }
)  # fmt: skip
_ENTRY = re.compile(r'<li><a href="#([a-z_-]+)">[^<]*</a></li>\n?')


def template_text(sections: Sequence[str], theme: Theme, name: str) -> str:
    """The template called *name*; nothing for a section that was not chosen."""
    section = _SECTION.fullmatch(name)
    return "" if section and section[1] not in sections else theme.text(name)


def logo_image(theme: Theme, firm: str) -> Markup:
    """The logo as part of the page, so that no request is made for it; nothing without one."""
    if not theme.logo:
        return Markup("")
    data = base64.b64encode(theme.logo.data).decode()
    source = f"data:{theme.logo.media_type};base64,{data}"
    return element("img", src=source, alt=f"Logo of {firm[:64]}", class_="logo")


def check_page(page: str, plain: str) -> None:
    """
    Refuse a page of a firm's own templates that holds more than text and pictures.

    What *plain*, the same report in riskmill's own looks, holds too is let pass. The page's
    policy would keep a browser from running or loading it; the reader is told before.
    Raises `UsageError` (E724).
    """
    if more := _risks(page) - _risks(plain):
        raise UsageError(
            "E724",
            f"the page made of your templates would hold {next(iter(sorted(more)))}",
            place="the page",
            remedy="Leave it out of the template; show delivered text without the filter safe.",
        )


def _risks(page: str) -> Counter[str]:
    found = _Risks()
    found.feed(page)
    found.close()
    return found.seen


class _Risks(HTMLParser):
    """Counts what a browser might run, load or follow by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag that is not for showing, and attributes that act."""
        if tag in _ACTING:
            self.seen[f"<{tag}>"] += 1
        for name, value in attrs:
            address = name in ("href", "src", "srcset", "action", "formaction", "poster", "data")
            if name.startswith("on") or name == "style":
                self.seen[f"the attribute {name}"] += 1
            elif address and not _PASSING.match(value or ""):
                self.seen[f"the address {(value or '')[:40]}"] += 1


def without_dead_entries(page: str) -> str:
    """The page without entries of its menu that lead nowhere."""
    return _ENTRY.sub(lambda entry: entry[0] if f'id="{entry[1]}"' in page else "", page)
