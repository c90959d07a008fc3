"""SVG elements: escaped, short, and without a style attribute."""

import functools

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


def number(value: float) -> str:
    """A coordinate: a tenth of a pixel, no needless digits."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


@functools.cache
def _attribute(key: str) -> str:
    return key if key in ("viewBox", "preserveAspectRatio") else key.rstrip("_").replace("_", "-")


def _value(value: str | float) -> str:
    return escape(value) if isinstance(value, str) else number(value)
