"""E2xx: what can be said of files against one another, and a batch against its policy."""

from collections.abc import Mapping

from riskmill.domain import Code

BATCHES: Mapping[str, Code] = {
    "E201": Code(
        title="unknown book",
        example="book RATES-X",
        cause="The position's book is no accepted book of the hierarchy, so it belongs to nobody.",
        remedy="Correct the book, or add it to the hierarchy.",
    ),
    "E202": Code(
        title="limit on an unknown portfolio",
        example="a limit on a desk that was closed",
        cause="The limit's portfolio is not an accepted one of the hierarchy.",
        remedy="Correct the portfolio, or add it to the hierarchy.",
    ),
    "E203": Code(
        title="limit in another currency",
        example="a limit in EUR in a report in USD",
        cause="Limits are compared with figures in the reporting currency and never converted.",
        remedy="Set the limit in the reporting currency.",
    ),
    "E204": Code(
        title="the proxy has no history",
        example="proxy VOL:VIX without a column VOL:VIX",
        cause="A proxy lends its own past moves, so it must be in the accepted history.",
        remedy="Name a factor of the history, or none to hold the factor constant.",
    ),
    "E205": Code(
        title="another number of rows than announced",
        example="529 rows announced, 528 delivered",
        cause="Rows were lost or added between the sender's count and the file.",
        remedy="Deliver the file again whole, with a manifest that was made from it.",
    ),
    "E206": Code(
        title="a control total disagrees",
        example="USD 5820229054.80 announced, 5820229054.08 delivered",
        cause="The sum of notional in a currency is not what the sender's books say, although "
        "every row could be read.",
        remedy="Find the rows that were lost, doubled or changed.",
    ),
    "E207": Code(
        title="no position is left",
        example="a positions file of another day, all of it expired",
        cause="Every position was rejected, so there is nothing to value, and a report would show "
        "noughts that look right. A page beside reject.json shows what was wrong.",
        remedy="Mend the rows in the quarantine file and deliver them as a new version.",
    ),
    "E208": Code(
        title="files and manifest differ",
        example="a manifest that names limits.csv, which never came",
        cause="The files that were checked are not exactly those that the manifest names.",
        remedy="Deliver every file that the manifest names, and name every file in it.",
    ),
    "E210": Code(
        title="the policy lets no failure through",
        example='"on_bad": "fail" and one expired option',
        cause="The batch has a failure and its policy says on_bad: fail.",
        remedy="Mend the rows in the quarantine file, or agree on another policy with the sender.",
    ),
    "E211": Code(
        title="more bad rows than the policy allows",
        example='"max_bad_rows": 5 and 6 rejected rows',
        cause="The rejected rows of all files together are more than max_bad_rows.",
        remedy="Mend the rows in the quarantine file, or agree on another policy with the sender.",
    ),
    "E212": Code(
        title="more bad notional than the policy allows",
        example='"max_bad_notional_pct": 1.0 and a rejected swap of 5 % of all notional',
        cause="In one currency, the rejected share of the delivered notional is above "
        "max_bad_notional_pct.",
        remedy="Mend the rows in the quarantine file, or agree on another policy with the sender.",
    ),
    "E220": Code(
        title="the hierarchy has no firm",
        example="a hierarchy of books and desks only",
        cause="No accepted row of the hierarchy is of level firm, so figures have no top.",
        remedy="Deliver one row of level firm whose parent is empty.",
    ),
    "E221": Code(
        title="the hierarchy has several firms",
        example="two rows of level firm",
        cause="A report has one firm; the figures of two would never be added up.",
        remedy="Keep one row of level firm and place the others below it.",
    ),
    "E222": Code(
        title="a quality check fails the batch",
        example='"quality": {"jump": {"action": "fail"}} and a quote off by a factor of ten',
        cause="A check of the market data found something, and the batch's policy says that what "
        "this check finds refuses the batch. The message names the first find; rejects.json "
        "lists them all.",
        remedy="Mend the market data, or let the check warn and read what it says.",
    ),
    "E223": Code(
        title="a code that the policy does not let through",
        example='"fail_on": ["E201"] and a position in an unknown book',
        cause="The batch's policy names a code in fail_on, and a failure or warning of that code "
        "occurs. One is enough, whatever the thresholds of the policy.",
        remedy="Mend what the message names, or take the code out of fail_on.",
    ),
    "E224": Code(
        title="P&L of an unknown portfolio",
        example="P&L of a desk that was closed",
        cause="The portfolio of a past P&L is not an accepted one of the hierarchy.",
        remedy="Correct the portfolio, or add it to the hierarchy.",
    ),
}
