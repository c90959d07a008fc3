"""A firm's own looks: templates, style and logo in place of the ones that come with riskmill."""

import functools
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import resources

from riskmill.domain import RiskmillError, RunFailed, UsageError

LARGEST_FILE, LARGEST_LOGO = 1_000_000, 200_000
"""Bytes of a template and of a logo."""
FRAME = "report.html.j2"
"""The page's frame: it holds the security policy, so it is not for replacing."""
NOTICE = "notice.html.j2"
"""A firm's own words at the foot of the page; empty unless a theme has them."""
STYLE, PRINT = "report.css", "report.typ"
REPLACEABLE = re.compile(r"report\.css|report\.typ|(macros|notice|sections/[a-z_]+)\.html\.j2")

_LOGOS: Mapping[str, tuple[str, bytes]] = {
    "logo.png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    "logo.jpg": ("image/jpeg", b"\xff\xd8\xff"),
    "logo.svg": ("image/svg+xml", b"<"),
}
"""Names a logo can have, its kind, and how such a file begins."""
_UNSAFE: Mapping[str, re.Pattern[str]] = {
    ".css": re.compile(r"</|@import|url\((?!['\"]?data:)|\bimage-set\(|\bsrc\(", re.IGNORECASE),
    ".typ": re.compile(r"\b(import|include|eval|plugin|std)\b"),
    ".j2": re.compile(r"\bautoescape\b|\bsafe\b|<\s*(script|meta|base|iframe|object|embed|form)\b"),
    ".svg": re.compile(
        r"<!|<\?xml-stylesheet|<script|<foreignObject|\bon[a-z]+\s*=|@import|url\((?!['\"]?#)|"
        r"href\s*=\s*['\"](?!#|data:image/)",
        re.IGNORECASE,
    ),
}
"""What a file may not hold, by its ending: what loads, runs, or lets delivered text be markup."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Logo:
    """A firm's mark."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Theme:
    """Files in place of riskmill's own, and a logo; nothing for the looks that come with it."""

    files: Mapping[str, str] = field(default_factory=dict)
    """Text by the name of the template that it replaces."""
    logo: Logo | None = None

    def text(self, name: str) -> str:
        """The template called *name*, the theme's own where it has one."""
        return self.files[name] if name in self.files else packaged(name)

    @contextmanager
    def blamed(self, *names: str) -> Iterator[None]:
        """
        Say whose template it is that cannot be rendered.

        `UsageError` (E723) where the theme replaces one of *names*, else `RunFailed`
        (E728): then it is riskmill's own and cannot be mended by its user.
        """
        try:
            yield
        except RiskmillError:
            raise
        except Exception as cause:
            own = [name for name in self.files if name in names or not names]
            if own:
                raise UsageError(
                    "E723",
                    f"a template of your own cannot be rendered: {_first_line(cause)}",
                    place=", ".join(own),
                    remedy="Mend it, or remove it to have riskmill's own in its place.",
                ) from cause
            raise RunFailed(
                "E728",
                f"the report cannot be rendered: {type(cause).__name__}: {_first_line(cause)}",
                place=", ".join(names),
                remedy="Report it to us; report.json has every figure. riskmill rerun tries again.",
            ) from cause


PLAIN = Theme()
"""The looks that come with riskmill."""


def theme_of(files: Mapping[str, bytes]) -> Theme:
    """
    Make a theme of the files of a directory, by their names below it.

    Raises `UsageError` for a file that replaces nothing or cannot be read (E722), one that
    would load, run or unescape something (E724), and a logo that is none (E725).
    """
    logos = [name for name in files if name in _LOGOS]
    if len(logos) > 1:
        raise _bad_logo(logos[1], f"there is {logos[0]} already")
    return Theme(
        files={
            name: _template(name, data) for name, data in sorted(files.items()) if name not in logos
        },
        logo=_logo(logos[0], files[logos[0]]) if logos else None,
    )


def _template(name: str, data: bytes) -> str:
    if not REPLACEABLE.fullmatch(name) or name not in names():
        raise UsageError(
            "E722",
            "the frame of the page holds its security policy and cannot be replaced"
            if name == FRAME
            else "this file replaces no template",
            place=name,
            remedy=f"Use some of: {', '.join(n for n in names() if n != FRAME)}, "
            f"{', '.join(_LOGOS)}.",
        )
    text = _decoded(name, data)
    if found := _UNSAFE[name[name.rindex(".") :]].search(text):
        raise UsageError(
            "E724",
            f"the template holds '{found[0]}', which could load, run or unescape something",
            place=f"{name}, line {text.count(chr(10), 0, found.start()) + 1}",
            remedy="Leave it out: the report loads nothing, runs nothing and shows delivered text "
            "as text.",
        )
    return text


def _decoded(name: str, data: bytes) -> str:
    problem = f"it has more than {LARGEST_FILE:,} bytes" if len(data) > LARGEST_FILE else ""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text, problem = "", problem or "it is not UTF-8 text"
    if problem:
        raise UsageError(
            "E722",
            f"the template cannot be used: {problem}",
            place=name,
            remedy="Save it as UTF-8 text of a reasonable size.",
        )
    return text


def _logo(name: str, data: bytes) -> Logo:
    media_type, beginning = _LOGOS[name]
    if len(data) > LARGEST_LOGO:
        raise _bad_logo(name, f"it has {len(data):,} bytes, more than {LARGEST_LOGO:,}")
    if not data.lstrip().startswith(beginning):
        raise _bad_logo(name, f"its content is no {media_type}")
    if name.endswith(".svg") and (found := _UNSAFE[".svg"].search(data.decode("utf-8", "replace"))):
        raise _bad_logo(name, f"it holds '{found[0]}', which could load or run something")
    return Logo(name=name, media_type=media_type, data=data)


def _bad_logo(name: str, problem: str) -> UsageError:
    return UsageError(
        "E725",
        f"the logo cannot be used: {problem}",
        place=name,
        remedy=f"Give one of {', '.join(_LOGOS)}, below {LARGEST_LOGO:,} bytes; an SVG without "
        "scripts, declarations and links.",
    )


@functools.cache
def names() -> tuple[str, ...]:
    """Names of the templates that come with the package."""
    top = resources.files("riskmill.reporting.render") / "templates"
    sections = (f"sections/{entry.name}" for entry in (top / "sections").iterdir())
    files = (entry.name for entry in top.iterdir() if entry.is_file())
    return tuple(sorted([*files, *sections]))


@functools.cache
def packaged(name: str) -> str:
    """
    A file that comes with the package: part of the code, read once.

    Raises `LookupError` for any other name: a template's include leads to no other file.
    """
    if name not in names():
        raise LookupError(f"there is no template called '{name[:60]}'")
    place = resources.files("riskmill.reporting.render") / "templates" / name
    return place.read_text(encoding="utf-8")


def _first_line(cause: Exception) -> str:
    return str(cause).partition("\n")[0] or type(cause).__name__
