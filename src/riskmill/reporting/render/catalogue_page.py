"""The run catalogue as a page and as JSON."""

import msgspec

from riskmill.reporting.catalogue import IN_FULL, Catalogue
from riskmill.reporting.render.charts.var_history import var_history_chart
from riskmill.reporting.render.pages import set_page

_WIDE, _NARROW = 1200.0, 340.0


def render_catalogue_html(catalogue: Catalogue) -> bytes:
    """Set the page of all runs; equal catalogues give equal bytes."""
    return set_page(
        "catalogue.html.j2",
        catalogue=catalogue,
        recent=catalogue.rows[:IN_FULL],
        earlier=catalogue.rows[IN_FULL:],
        wide=var_history_chart(catalogue.history, width=_WIDE, name="over-time-wide"),
        narrow=var_history_chart(catalogue.history, width=_NARROW, name="over-time-narrow"),
    )


def read_catalogue(raw: bytes) -> Catalogue:
    """Read what `render_catalogue_json` wrote; `msgspec.DecodeError` where it is something else."""
    return msgspec.json.decode(raw, type=Catalogue)


def render_catalogue_json(catalogue: Catalogue) -> bytes:
    """JSON of the catalogue, a line a value, ending in a newline."""
    return msgspec.json.format(msgspec.json.encode(catalogue), indent=1) + b"\n"
