"""Delivered text as the page shows it: escaped, shortened, isolated from what is around it."""

import re

from markupsafe import Markup, escape

NAME_LENGTH = 64
"""Characters of a delivered name that the page shows; report.json has it whole."""
WRAP_LENGTH = 32
"""Characters of a name from which it may take several lines."""
TEXT_LENGTH = 300
"""Characters of a longer delivered text that the page shows."""
HINT_LENGTH = 160
"""Characters of a shortened name that a pointer resting on it is shown."""

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
"""What no name needs: controls, and marks that force the direction of the text after them."""


def shown(text: str, length: int = NAME_LENGTH) -> str:
    """A delivered text for the page: shortened, controls and direction overrides replaced."""
    plain = _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)
    return plain if len(plain) <= length else f"{plain[: length - 1]}…"


def named(text: str) -> Markup:
    """A delivered name; one that is cut tells more of itself to a pointer resting on it."""
    plain = shown(text)
    if len(plain) <= WRAP_LENGTH:
        return isolated(plain)
    if len(text) <= NAME_LENGTH:
        return Markup('<bdi class="wrap">{}</bdi>').format(plain)
    return Markup('<bdi class="wrap" title="{}">{}</bdi>').format(shown(text, HINT_LENGTH), plain)


def told(text: str) -> Markup:
    """A longer delivered text."""
    return isolated(shown(text, TEXT_LENGTH))


def isolated(plain: str) -> Markup:
    """A text that cannot turn the direction of its neighbours; plain ASCII needs no help."""
    return escape(plain) if plain.isascii() else Markup(f"<bdi>{escape(plain)}</bdi>")
