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
        example="a quote that its source has carried forward for a week",
        cause="A factor did not move over the last business days of the history (5, unless the "
        "policy's stale_factor says otherwise), so its risk is understated.",
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
    "W307": Code(
        title="jump",
        example="FX:EURUSD 1.1450 yesterday, 11.450 today",
        cause="A factor's latest move, in the history or from it to the snapshot, is more than 10 "
        "of its robust deviations (or the limit of the policy's jump). Moves are taken in the "
        "shock kind of the factor's class; the deviation is 1.4826 times the median distance from "
        "the median of the factor's own moves that are not zero, which outliers do not widen.",
        remedy="Compare the value with a second source; a wrong unit, a split or a typing error "
        "is often behind it. A true jump needs no mending.",
    ),
    "W308": Code(
        title="spike",
        example="EQ:AAPL 157.1, 1571.0, 157.3 on three dates",
        cause="A value of the history is reached by a large move and left by a large opposite one "
        "on the next date, each beyond 10 robust deviations (or the limit of the policy's spike). "
        "Both moves are scenarios and may decide the VaR.",
        remedy="Correct the value in the history and deliver it again.",
    ),
    "W309": Code(
        title="break in a history",
        example="a share before and after a split of 4 for 1",
        cause="A past move that stays is more than 40 robust deviations (or the limit of the "
        "policy's history_jump). It is more often a split, a change of unit or of source than a "
        "market, and it is one of the scenarios.",
        remedy="Deliver an adjusted history, or confirm the move.",
    ),
    "W310": Code(
        title="missing days",
        example="no date between 2018-06-01 and 2018-06-15",
        cause="Between two dates of the history more than 2 weekdays in a row are missing (or the "
        "limit of the policy's missing_days). riskmill knows no calendar; holidays rarely take "
        "more. The move across the gap is one scenario of several days.",
        remedy="Deliver the missing dates, or raise the limit where the gap is a holiday.",
    ),
    "W311": Code(
        title="prices or volatilities not above zero",
        example="CO:WTI -37.63",
        cause="Values that are not above zero were left out of the market file (E109) or the "
        "history (E142); this warning says once a file which factors lost theirs. They are never "
        "used; the policy's not_positive says whether they refuse the batch.",
        remedy="Deliver the true values, or name a proxy.",
    ),
    "W312": Code(
        title="discount factors rise",
        example="IR:USD:5Y 0.030 and IR:USD:7Y 0.020",
        cause="Between two nodes of a zero curve the forward rate is negative although both zero "
        "rates are above zero, or lies under -2 % (or the limit of the policy's "
        "rising_discount_factors) anyway. Money promised later would be worth more.",
        remedy="Check the two nodes; percent for decimals or an old node is often behind it.",
    ),
    "W313": Code(
        title="calendar arbitrage",
        example="VOL:SPX 0.40 at one month and 0.15 at three months, same strike",
        cause="Total variance (volatility squared times time) falls by more than 1 % from one "
        "expiry to the next at the same strike (or the limit of the policy's "
        "calendar_arbitrage), so the later option is the cheaper one.",
        remedy="Check the two expiries of the surface; one of them is often of another day.",
    ),
    "W314": Code(
        title="butterfly arbitrage",
        example="volatilities 0.20, 0.35 and 0.20 at neighbouring strikes",
        cause="Calls priced off a smile, the spot standing for the forward, are no convex, falling "
        "function of strike by more than 0.0001 of the spot (or the limit of the policy's "
        "butterfly_arbitrage), so a spread or butterfly would earn money at once.",
        remedy="Check the named strike; a single wrong volatility is often behind it.",
    ),
    "W315": Code(
        title="stale quotes",
        example="as_of 2018-12-28T17:00:00Z in a batch of 2018-12-31",
        cause="Quotes of a source were observed before the business date, by more weekdays than "
        "the policy's stale_quote allows (none, unless it says otherwise). They are told once a "
        "source and instant.",
        remedy="Ask the source for the values of the business date, or raise the limit where it "
        "publishes late.",
    ),
    "W316": Code(
        title="flat stretch in a history",
        example="a rate that was rounded to two digits near zero",
        cause="A factor did not move over 20 or more dates in the midst of its history (or the "
        "limit of the policy's flat_stretch) and moved again later. Its values may be filled in, "
        "and its risk is understated.",
        remedy="Check the factor's source for those dates.",
    ),
    "W317": Code(
        title="percent where decimals belong",
        example="IR:USD:10Y 2.69 for 2.69 %",
        cause="A rate or yield is beyond 0.5 or a volatility beyond 5 (or the limit of the "
        "policy's percent_for_decimal, and ten times as much), which as decimals are 50 % and "
        "500 %.",
        remedy="Deliver decimals: 0.0269 for 2.69 %.",
    ),
}
