"""W3xx: what can be said of what is let through and shown."""

from collections.abc import Mapping

from riskmill.domain import Code

WARNINGS: Mapping[str, Code] = {
    "W301": Code(
        title="snapshot and history disagree",
        example="EQ:AAPL 157.74 in market.csv, 39.44 in the history",
        cause="On the valuation date, a factor has other values in the snapshot and in the "
        "history. Positions are valued at the first and shocked from the second.",
        remedy="Check both sources; a split or another quotation time is often behind it.",
    ),
    "W302": Code(
        title="stale factor",
        example="a quote that was carried forward by its source",
        cause="A factor has the same value on the last 10 dates of the history, so its risk may be "
        "understated.",
        remedy="Check the factor's source, or name a proxy.",
    ),
    "W303": Code(
        title="a control total could not be proven",
        example="a row whose notional is 1,000",
        cause="The sum of notional disagrees with what was announced, and some rows' currency or "
        "notional could not be read, so they may be the difference.",
        remedy="Mend those rows; the total is checked again with the next delivery.",
    ),
    "W304": Code(
        title="a value from after the freeze",
        example="as_of 23:10Z in a batch frozen at 22:00Z",
        cause="A market value was observed after the batch's own as-of time.",
        remedy="Correct the as-of time of the value or of the manifest.",
    ),
    "W305": Code(
        title="the history ends early",
        example="a history to 2018-12-28 in a batch of 2018-12-31",
        cause="The last date of the history is before the business date, so the latest moves are "
        "in no scenario.",
        remedy="Deliver the history up to the business date.",
    ),
    "W306": Code(
        title="a shock that moves nothing",
        example="EQX:* or IR:USD:10y*",
        cause="A named scenario shocks a pattern that matches no factor of the snapshot or the "
        "history; it is often misspelt.",
        remedy="Correct the pattern, or leave the row out.",
    ),
}
