"""A page as tests read it: strictly parsed, and refused where tags do not balance."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"meta", "link", "br", "img", "hr", "input"})
ENDED_BY_START = {
    "p": {"p"},"td": {"td", "th"}, "th": {"td", "th"}, "tr": {"td", "th", "tr"}, "li": {"li"},
                  "tbody": {"td", "th", "tr"}}  # fmt: skip
"""A start tag and the open elements that it ends, as HTML has it."""
ENDED_BY_END = {
    "details": {"p"},"table": {"td", "th", "tr"}, "tbody": {"td", "th", "tr"},
                "thead": {"td", "th", "tr"}, "ul": {"li"}, "ol": {"li"}}  # fmt: skip
"""An end tag and the open elements that it ends as well."""


@dataclass
class Node:
    tag: str
    attributes: dict[str, str]
    parent: "Node | None"
    children: list["Node | str"] = field(default_factory=list)

    def walk(self) -> Iterator["Node"]:
        for child in self.children:
            if isinstance(child, Node):
                yield child
                yield from child.walk()

    def all(self, tag: str, css: str = "") -> list["Node"]:
        found = (node for node in self.walk() if node.tag == tag)
        return [n for n in found if not css or css in n.attributes.get("class", "").split()]

    def one(self, id_: str) -> "Node":
        (found,) = (node for node in self.walk() if node.attributes.get("id") == id_)
        return found

    @property
    def text(self) -> str:
        return "".join(c if isinstance(c, str) else c.text for c in self.children)

    def ancestors(self) -> Iterator["Node"]:
        if self.parent:
            yield self.parent
            yield from self.parent.ancestors()


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("", {}, None)
        self.open = self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"attribute twice in <{tag}>"
        self._end(ENDED_BY_START.get(tag, set()))
        node = Node(tag, {name: value or "" for name, value in attrs}, self.open)
        self.open.children.append(node)
        if tag not in VOID:
            self.open = node

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def _end(self, tags: set[str]) -> None:
        while self.open.tag in tags:
            assert self.open.parent is not None
            self.open = self.open.parent

    def handle_endtag(self, tag: str) -> None:
        self._end(ENDED_BY_END.get(tag, set()))
        assert self.open.tag == tag, f"</{tag}> closes <{self.open.tag}>"
        assert self.open.parent is not None
        self.open = self.open.parent

    def handle_data(self, data: str) -> None:
        self.open.children.append(data)


def parse(raw: bytes) -> Node:
    """Parse a page; every tag must be closed, in order, but for those that HTML closes itself."""
    builder = _Builder()
    builder.feed(raw.decode("utf-8"))
    builder.close()
    assert builder.open is builder.root, f"<{builder.open.tag}> is never closed"
    return builder.root
