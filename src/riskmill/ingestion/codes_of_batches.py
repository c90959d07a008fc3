"""E2xx: what can be wrong between the files of a batch. W3xx: what is odd, yet used."""

from collections.abc import Mapping

from riskmill.domain import Code

_POLICY = "Mend the rows in the quarantine file, or agree on another policy with the sender."

BATCH_CODES: Mapping[str, Code] = {
    "E201": Code(
        title="unknown book",
        cause="The position's book is no accepted book of the hierarchy, so it belongs to nobody.",
        remedy="Correct the book, or add it to the hierarchy.",
        example="book RATES-X",
    ),
    "E202": Code(
        title="limit on an unknown portfolio",
        cause="The limit's portfolio is not an accepted one of the hierarchy.",
        remedy="Correct the portfolio, or add it to the hierarchy.",
        example="a limit on a desk that was closed",
    ),
    "E203": Code(
        title="limit in another currency",
        cause="Limits are compared with figures in the reporting currency and never converted.",
        remedy="Set the limit in the reporting currency.",
        example="a limit in EUR in a report in USD",
    ),
    "E204": Code(
        title="the proxy has no history",
        cause="A proxy lends its own past moves, so it must be in the accepted history.",
        remedy="Name a factor of the history, or none to hold the factor constant.",
        example="proxy VOL:VIX without a column VOL:VIX",
    ),
    "E205": Code(
        title="another number of rows than announced",
        cause="Rows were lost or added between the sender's count and the file.",
        remedy="Deliver the file again whole, with a manifest that was made from it.",
        example="529 rows announced, 528 delivered",
    ),
    "E206": Code(
        title="a control total disagrees",
        cause="The sum of notional in a currency is not what the sender's books say, although "
        "every row could be read.",
        remedy="Find the rows that were lost, doubled or changed.",
        example="USD 5820229054.80 announced, 5820229054.08 delivered",
    ),
    "E207": Code(
        title="no position is left",
        cause="Every position was rejected, so there is nothing to value.",
        remedy=_POLICY,
        example="a positions file of another day, all of it expired",
    ),
    "E208": Code(
        title="files and manifest differ",
        cause="The files that were checked are not exactly those that the manifest names.",
        remedy="Deliver every file that the manifest names, and name every file in it.",
        example="a manifest that names limits.csv, which never came",
    ),
    "E210": Code(
        title="the policy lets no failure through",
        cause="The batch has a failure and its policy says on_bad: fail.",
        remedy=_POLICY,
        example='"on_bad": "fail" and one expired option',
    ),
    "E211": Code(
        title="more bad rows than the policy allows",
        cause="The rejected rows of all files together are more than max_bad_rows.",
        remedy=_POLICY,
        example='"max_bad_rows": 5 and 6 rejected rows',
    ),
    "E212": Code(
        title="more bad notional than the policy allows",
        cause="In one currency, the rejected share of the delivered notional is above "
        "max_bad_notional_pct.",
        remedy=_POLICY,
        example='"max_bad_notional_pct": 1.0 and a rejected swap of 5 % of all notional',
    ),
    "E220": Code(
        title="the hierarchy has no firm",
        cause="No accepted row of the hierarchy is of level firm, so figures have no top.",
        remedy="Deliver one row of level firm whose parent is empty.",
        example="a hierarchy of books and desks only",
    ),
    "E221": Code(
        title="the hierarchy has several firms",
        cause="A report has one firm; the figures of two would never be added up.",
        remedy="Keep one row of level firm and place the others below it.",
        example="two rows of level firm",
    ),
    "W301": Code(
        title="snapshot and history disagree",
        cause="On the valuation date, a factor has other values in the snapshot and in the "
        "history. Positions are valued at the first and shocked from the second.",
        remedy="Check both sources; a split or another quotation time is often behind it.",
        example="EQ:AAPL 157.74 in market.csv, 39.44 in the history",
    ),
    "W302": Code(
        title="stale factor",
        cause="A factor has the same value on the last 10 dates of the history, so its risk "
        "may be understated.",
        remedy="Check the factor's source, or name a proxy.",
        example="a quote that was carried forward by its source",
    ),
    "W303": Code(
        title="a control total could not be proven",
        cause="The sum of notional disagrees with what was announced, and some rows' currency or "
        "notional could not be read, so they may be the difference.",
        remedy="Mend those rows; the total is checked again with the next delivery.",
        example="a row whose notional is 1,000",
    ),
    "W304": Code(
        title="a value from after the freeze",
        cause="A market value was observed after the batch's own as-of time.",
        remedy="Correct the as-of time of the value or of the manifest.",
        example="as_of 23:10Z in a batch frozen at 22:00Z",
    ),
    "W305": Code(
        title="the history ends early",
        cause="The last date of the history is before the business date, so the latest moves "
        "are in no scenario.",
        remedy="Deliver the history up to the business date.",
        example="a history to 2018-12-28 in a batch of 2018-12-31",
    ),
    "W306": Code(
        title="a shock that moves nothing",
        cause="A named scenario shocks a pattern that matches no factor of the snapshot or the "
        "history; it is often misspelt.",
        remedy="Correct the pattern, or leave the row out.",
        example="EQX:* or IR:USD:10y*",
    ),
}
