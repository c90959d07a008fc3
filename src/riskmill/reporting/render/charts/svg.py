"""SVG elements: escaped, short, and without a style attribute."""

import functools
from collections.abc import Iterable

from markupsafe import Markup, escape


def element(name: str, *children: str, **attributes: str | float) -> Markup:
    """
    One element; `class_` names its class and an underscore stands for a hyphen.

    Children and attribute values are escaped unless they are markup already; *name* and the
    names of attributes are the caller's own.
    """
    shown = "".join([f' {_attribute(key)}="{_value(value)}"' for key, value in attributes.items()])
    if not children:
        return Markup(f"<{name}{shown}/>")
    return Markup(f"<{name}{shown}>{''.join(map(escape, children))}</{name}>")


def picture(
    body: Markup, *, name: str, width: float, height: float, title: str, description: str
) -> Markup:
    """
    A chart that says what it shows: an image with a title and a description.

    *name* must be unique on the page; it names the two texts.
    """
    return element(
        "svg",
        element("title", title, id=f"{name}-title"),
        element("desc", description, id=f"{name}-desc"),
        body,
        viewBox=f"0 0 {number(width)} {number(height)}",
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
        class_="chart",
    )


def label(x: float, y: float, words: str, css: str = "", anchor: str = "start") -> Markup:
    """A text whose baseline starts, centres or ends at (x, y)."""
    attributes: dict[str, str | float] = {"x": x, "y": y}
    if anchor != "start":
        attributes["text_anchor"] = anchor
    if css:
        attributes["class_"] = css
    return element("text", words, **attributes)


def labels(places: Iterable[tuple[float, float, str]], css: str, anchor: str = "start") -> Markup:
    """Texts that look alike, each at its (x, y): how they look is said once."""
    texts = [element("text", words, x=x, y=y) for x, y, words in places]
    if not texts:
        return Markup("")
    look: dict[str, str | float] = {}
    if anchor != "start":
        look["text_anchor"] = anchor
    if css:
        look["class_"] = css
    return element("g", *texts, **look)


def box(left: float, top: float, wide: float, tall: float) -> str:
    """Path data of a rectangle."""
    across = number(wide)
    return f"M{number(left)} {number(top)}h{across}v{number(tall)}h-{across}z"


def filled(shapes: Iterable[tuple[str, str]]) -> Markup:
    """Shapes as pairs of class and path data, those of a class as one path."""
    paths: dict[str, str] = {}
    for css, path in shapes:
        paths[css] = paths.get(css, "") + path
    return Markup("").join(
        [element("path", d=path, class_=css) for css, path in paths.items() if path]
    )


def number(value: float) -> str:
    """A coordinate: a tenth of a pixel, no needless digits."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def short(value: float) -> str:
    """A coordinate in path data: a tenth of a pixel, without the nought before the point."""
    return _tenths(round(value * 10))


def trail(points: Iterable[tuple[float, float]]) -> str:
    """
    Path data of a line through *points*, each but the first told by its distance from the last.

    Places are rounded before distances are taken, so no error adds up.
    """
    path, before = "", (0, 0)
    for x, y in points:
        place = round(x * 10), round(y * 10)
        if path:
            step = _pair(place[0] - before[0], place[1] - before[1])
            path += step if step[0] == "-" or path[-1] == "l" else f" {step}"
        else:
            path = f"M{_pair(*place)}l"
        before = place
    return path.removesuffix("l")


def _pair(x: int, y: int) -> str:
    """Two tenths of a pixel, as short as a path lets them be."""
    first, second = _tenths(x), _tenths(y)
    apart = "" if second[0] == "-" or (second[0] == "." and "." in first) else " "
    return f"{first}{apart}{second}"


def _tenths(value: int) -> str:
    whole, part = divmod(abs(value), 10)
    digits = f"{whole or ''}.{part}" if part else str(whole)
    return f"-{digits}" if value < 0 else digits


@functools.cache
def _attribute(key: str) -> str:
    return key if key in ("viewBox", "preserveAspectRatio") else key.rstrip("_").replace("_", "-")


def _value(value: str | float) -> str:
    return escape(value) if isinstance(value, str) else number(value)
