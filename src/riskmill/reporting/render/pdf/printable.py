"""Texts that the fonts inside the typesetter can print, and that break where they are long."""

import re
import unicodedata

from riskmill.reporting.render.plain_texts import REPLACEMENT

NAME_LENGTH, TEXT_LENGTH = 64, 300
"""Characters that a name, and a longer text, take in print; report.json has them whole."""
_RANGES = (
    (0x20, 0x7E), (0xA0, 0xAC), (0xAE, 0x2FF), (0x38E, 0x3A1), (0x3A3, 0x482), (0x48A, 0x4FF),
    (0x5D0, 0x5EA), (0x621, 0x63A), (0x640, 0x64A), (0x660, 0x66D), (0x6F0, 0x6F9),
    (0x1E00, 0x1EFF), (0x2000, 0x200A), (0x2010, 0x2027), (0x202F, 0x2040), (0x2074, 0x208E),
    (0x20A0, 0x20C0), (0x2100, 0x211E), (0x2190, 0x23FF), (0x2460, 0x2606), (0xFFFD, 0xFFFD),
)  # fmt: skip
"""First and last code points of what every font set of the typesetter prints, marks left out."""
_MISSING = re.compile(
    "[^" + "".join(f"{chr(first)}-{chr(last)}".replace("]", r"\]") for first, last in _RANGES) + "]"
)
_ISOLATES = str.maketrans("", "", "\u2066\u2067\u2068\u2069")
_LONG_WORD = re.compile(r"[^\s\u200b]{17,}")
_BREAK, _EVERY = "\u200b", 12


def printable(text: str, length: int = TEXT_LENGTH) -> str:
    """
    *text* as it is printed: composed, shortened, what the fonts lack replaced by a sign for it.

    A font without a character fails the whole document under PDF/UA, so this decides before.
    """
    composed = unicodedata.normalize("NFC", text[: 4 * length]).translate(_ISOLATES)
    known = _MISSING.sub(REPLACEMENT, composed)
    short = known if len(known) <= length else f"{known[: length - 1]}…"
    return _LONG_WORD.sub(_broken, short)


def _broken(word: re.Match[str]) -> str:
    """A long word with places where a line may end, so that it cannot run out of its column."""
    text = word[0]
    return _BREAK.join(text[at : at + _EVERY] for at in range(0, len(text), _EVERY))
