"""E4xx: why a position cannot be valued, and why a calculation cannot be carried out."""

from riskmill.domain import Code

CODES: dict[str, Code] = {
    "E401": Code(
        title="market data is missing",
        cause="The position reads a risk factor that the market snapshot does not quote. "
        "Nothing is filled in or interpolated from elsewhere, so it has no value.",
        remedy="Deliver the factor with the market data, or correct the position's "
        "underlying, currency, expiry or strike.",
        example="A position in EQ:ZZZ with no EQ:ZZZ in market.csv.",
    ),
    "E402": Code(
        title="a factor has neither a history nor a proxy",
        cause="The position reads a factor whose past moves are unknown, or whose moves, as the "
        "run draws or rescales them, lead to a level that cannot be. Held constant, it would "
        "look riskless, so the position is left out of the figures and shown instead.",
        remedy="Deliver the factor's history, name a proxy for it, or say `none` in the "
        "proxies to hold it constant knowingly.",
        example="IR:GBP:30Y in the snapshot, but in neither history nor proxies.",
    ),
    "E403": Code(
        title="a value is not a finite number",
        cause="A factor level, or the position's value under some scenario, is infinite or "
        "not a number.",
        remedy="Look for an extreme quote, shock or term; correct it and deliver again.",
        example="A log shock of 800 on EQ:SPX.",
    ),
    "E404": Code(
        title="a running coupon has no fixing",
        cause="The swap started before the valuation date and the floating rate of its "
        "running period, which is known in the market, was not delivered.",
        remedy="Fill current_fixing, or correct the swap's start.",
        example="A swap that starts 2018-03-15, valued 2018-12-31, current_fixing empty.",
    ),
    "E405": Code(
        title="the contract has ended",
        cause="Its expiry lies before the valuation date, or it is repaid on or before it.",
        remedy="Take expired and repaid positions out of the delivery.",
        example="An option that expires 2018-12-21, valued 2018-12-31.",
    ),
    "E406": Code(
        title="no pricer for the instrument",
        cause="The word in the column `instrument` is none that riskmill can value.",
        remedy="Use one of the instruments of docs/datasets.md.",
        example="instrument = swaption",
    ),
    "E407": Code(
        title="a term of the contract is unusable",
        cause="A term that the pricer needs is empty or outside what it can mean.",
        remedy="Correct the term and deliver the position again.",
        example="A strike of 0, or a currency other than the pair's second.",
    ),
    "E410": Code(
        title="a curve ends before a cash flow",
        cause="A cash flow or expiry lies more than a hundredth of its length and ten days after "
        "the last node of a curve, and the run's spec does not extend curves.",
        remedy="Deliver a longer tenor, or choose `extend`, which keeps the last zero rate.",
        example="A bond to 2050 on a curve that ends at 30Y from 2018.",
    ),
    "E417": Code(
        title="a quote that no curve fits",
        cause="A par quote has dates the wrong way round, the maturity of another, or a rate "
        "that no discount factor gives.",
        remedy="Correct the quote; give each maturity once, later ones after earlier ones.",
        example="Two swap quotes that mature on one day.",
    ),
    "E418": Code(
        title="no way to compute",
        cause="Formulas are run over scenarios by compiled kernels or on numpy arrays.",
        remedy="Choose compiled or numpy.",
        example="revalue(..., path='gpu')",
    ),
    "E411": Code(
        title="unknown processor level",
        cause="Kernels are compiled for x86-64-v4, -v3 or -v2, or for the host as it is.",
        remedy="Choose one of these levels.",
        example="configure_kernels('', 'x86-64-v9')",
    ),
    "E412": Code(
        title="not a price's input",
        cause="A number given to a pricing function is not finite, or is outside what its "
        "name can mean: no price follows from it.",
        remedy="See the function's docstring for the meaning and unit of each argument.",
        example="european_option with a volatility of -0.2, or of NaN",
    ),
    "E413": Code(
        title="no position",
        cause="Something among the positions to revalue is of another type.",
        remedy="Pass riskmill.Position objects, or a position table.",
        example="revalue([None], market, scenarios, currency='USD')",
    ),
    "E414": Code(
        title="two names of one factor",
        cause="Two factor ids name the same curve node or the same volatility, so which of "
        "their values holds would be a matter of chance.",
        remedy="Deliver one of the two.",
        example="IR:USD:1Y and IR:USD:12M, or VOL:A:2019-03-15:105 and ...:105.0",
    ),
    "E415": Code(
        title="an unusable scenario set",
        cause="Labels, factors and levels of a scenario set do not fit one another, or it "
        "moves a factor that the snapshot does not have and nothing would move.",
        remedy="Give one row of levels a factor of the snapshot, and one column a label.",
        example="A set that moves EQ:AAP where the snapshot has EQ:AAPL.",
    ),
    "E416": Code(
        title="an average so far is not given",
        cause="Fixings of an Asian option have gone by, and their average, which its value "
        "depends on, was not delivered.",
        remedy="Fill past_average with the mean of the fixings before the business date.",
        example="An average since 2018-10-01, valued 2018-12-31, past_average empty.",
    ),
    "E430": Code(
        title="no derivative by that",
        cause="A derivative was asked of something that is no pricing function, or by a name that "
        "is none of its arguments, or that is a choice or a count.",
        remedy="Give a pricing function of docs/api.md and its arguments by name; the message "
        "lists those that there is a derivative by.",
        example="derivative(european_option, 'sign', ...)",
    ),
    "E431": Code(
        title="no derivative there",
        cause="A price has a kink or a pole at these arguments, where no derivative is defined.",
        remedy="Move the arguments off it.",
        example="theta of an option whose price jumps today",
    ),
    "E432": Code(
        title="an argument of the wrong kind",
        cause="A function of the Python interface was given something of a type, shape or size "
        "that it cannot work with, and that none of its own checks foresees.",
        remedy="See the function's docstring for what each argument is.",
        example="revalue(None, market, scenarios, currency='USD')",
    ),
    "E433": Code(
        title="no finite price",
        cause="At these arguments a formula leaves the range of numbers: the price would be "
        "above 1e300, or nothing at all.",
        remedy="Look for an extreme argument, such as a rate of -1,000.",
        example="forward_price with a rate of 1,000 over 10 years",
    ),
    "E434": Code(
        title="a market snapshot of the wrong type",
        cause="A market snapshot made in Python has a valuation date that is no date, or a quote "
        "that is no number.",
        remedy="Give quotes as numbers by factor id, and dates as datetime.date.",
        example="MarketSnapshot(valuation_date='2018-12-31', quotes={'EQ:SPX': '2506'})",
    ),
    "E435": Code(
        title="an unusable dividend",
        cause="A cash dividend is in another currency than the contract on its underlying, or its "
        "amount is not above zero.",
        remedy="Deliver the dividend in the contract's currency, above zero.",
        example="A dividend of SPX in EUR and an option on SPX in USD.",
    ),
    "E436": Code(
        title="no pricer with cash dividends",
        cause="Barrier, touch and Asian options watch the spot on the way, which jumps on "
        "ex-dates; their formulas know a dividend yield only.",
        remedy="State the dividends of such an underlying as a yield.",
        example="A barrier option on AAPL, which goes ex before the option expires.",
    ),
    "E450": Code(
        title="no such partition",
        cause="Partitions are counted from 0 up to, not including, their number.",
        remedy="Ask for a partition that exists.",
        example="partition(positions, 4, 4)",
    ),
    "E451": Code(
        title="unusable risk spec",
        cause="The number of scenarios, the holding period or a shock kind is impossible.",
        remedy="Ask for at least one scenario and one holding day, and say absolute, "
        "relative or log for each risk class.",
        example="RiskSpec(holding_days=0)",
    ),
    "E452": Code(
        title="a confidence is none",
        cause="A confidence is a decimal above 0 and below 1. A float is taken for the decimal it "
        "is written as, and refused where it needs more than nine decimals.",
        remedy="Write it as text, such as 0.99.",
        example="value_at_risk(pnl, '99')",
    ),
    "E453": Code(
        title="an unusable P&L vector",
        cause="A P&L vector is empty, has the wrong shape, or holds a number that is not finite.",
        remedy="Give one finite P&L per scenario.",
        example="value_at_risk([], '0.99')",
    ),
    "E454": Code(
        title="no historical scenario can be made",
        cause="The history has too few dates for even one holding period.",
        remedy="Deliver a longer history, or shorten the holding period.",
        example="A history of one date.",
    ),
    "E455": Code(
        title="an unusable stress scenario",
        cause="A stress scenario shocks one pattern twice, or names an unknown kind of shock.",
        remedy="Correct the scenario's rows and deliver again.",
        example="Two rows of scenario `crash` for EQ:*.",
    ),
    "E456": Code(
        title="an impossible stressed level",
        cause="A stress brings a factor to a level that cannot be, such as a price below zero.",
        remedy="Reduce the shock, or state it as a log shock.",
        example="A relative shock of -1.5 on EQ:SPX.",
    ),
    "E457": Code(
        title="results do not belong together",
        cause="Scenario sets, blocks or hierarchy that are to be combined differ in their "
        "factors, scenarios or books.",
        remedy="Take all of them from one run.",
        example="Blocks valued under 500 scenarios measured against a set of 250.",
    ),
    "E458": Code(
        title="a limit cannot be measured",
        cause="A limit names an unknown measure or portfolio, is in another currency than the "
        "report's, or is on VaR or ES and states no confidence.",
        remedy="Correct the limit and deliver again.",
        example="A limit of 1,000,000 EUR in a run that reports in USD.",
    ),
    "E460": Code(
        title="an unusable history",
        cause="Dates, factors and values of a factor history do not fit one another, or its "
        "dates are not ascending.",
        remedy="Give an array with a row a date and a column a factor, dates ascending.",
        example="A history of three dates with two rows of values.",
    ),
    "E459": Code(
        title="a factor would pass for riskless",
        cause="A scenario set was asked for of a market in which a factor has neither a usable "
        "history nor a proxy; it would keep its base level in every scenario.",
        remedy="Add a history or a proxy; the proxy `none` holds a factor constant.",
        example="historical_scenarios of a market whose history lacks EQ:SPX.",
    ),
    "E470": Code(
        title="too few scenarios for the confidence",
        cause="The tail at this confidence holds too few scenarios for an interval or a standard "
        "error: not even the worst one bounds the figure.",
        remedy="Ask for more scenarios, a lower confidence, or a lower level of the interval.",
        example="value_at_risk_interval of 100 scenarios at 0.99",
    ),
    "E471": Code(
        title="an unknown convention",
        cause="A measure was asked for under a convention that is not defined. Each convention "
        "has a name and gives another number.",
        remedy="Choose one that the message lists; docs/methodology defines them.",
        example="value_at_risk(pnl, '0.99', convention='middle')",
    ),
    "E472": Code(
        title="an unusable covariance",
        cause="Sensitivities, gammas or a covariance are not finite or of unequal size, or the "
        "covariance is not symmetric or gives some mix of factors a negative variance. A singular "
        "one is usable.",
        remedy="Give matrices with one row and column a factor, and repair or shrink a covariance "
        "with negative eigenvalues.",
        example="parametric_var([1, 1], [[1, 2], [2, 1]], '0.99')",
    ),
    "E473": Code(
        title="an unusable backtest",
        cause="P&L and VaR are of different lengths, there are too few days, or counts of days "
        "cannot be.",
        remedy="Give one P&L and one VaR a day, and at least two days.",
        example="kupiec_test(5, 3, '0.99')",
    ),
    "E474": Code(
        title="a sensitivity to nothing",
        cause="Something that a sensitivity is to is not quoted in the market it is applied to, or "
        "not on both days.",
        remedy="Take sensitivities and market data of the same run.",
        example="pnl_explain with a delta of SPX and no EQ:SPX today",
    ),
    "W370": Code(
        title="too few scenarios for a confidence",
        cause="The tail at this confidence holds less than one scenario, so VaR and ES are the "
        "worst scenario whatever the confidence: they are likely to be too low.",
        remedy="Deliver a longer history and ask for more scenarios, or lower the confidence.",
        example="A confidence of 0.999 with 500 scenarios.",
    ),
    "W371": Code(
        title="delivered P&L is not backtested",
        cause="P&L of past days was delivered for a portfolio, but VaR for fewer than two of "
        "those days. P&L of past positions is not held against VaR of today's.",
        remedy="Deliver rows of kind `value_at_risk` for the same days and portfolio.",
        example="250 rows of kind `actual` for the firm and none of kind `value_at_risk`.",
    ),
    "E480": Code(
        title="too few scenarios for a confidence",
        cause="Beyond a confidence c there must be a whole scenario: n (1 - c) of at least 1. "
        "With fewer, VaR and ES are the worst scenario itself and estimate nothing.",
        remedy="Use more scenarios, deliver a longer history, draw a Monte Carlo set, or lower "
        "the confidences in the risk file.",
        example="A history of 60 days and a confidence of 0.99, which needs 100 scenarios.",
    ),
    "E481": Code(
        title="an unusable scenario option",
        cause="An option of the risk spec is not one of the words, or not in the range, that it "
        "may have.",
        remedy="See the option's place in docs/howto/choose-scenarios.md and change it.",
        example="degrees_of_freedom = 2, with which Student's t has no variance.",
    ),
    "E482": Code(
        title="no covariance",
        cause="There are fewer than two observations, one of them is not finite, or a matrix is "
        "not symmetric or has a negative eigenvalue.",
        remedy="Deliver a longer history without holes, or a matrix that is a covariance. A "
        "singular one will do.",
        example="A Monte Carlo set from a history of two dates.",
    ),
    "E483": Code(
        title="a stressed period cannot be made",
        cause="The history does not reach over the days asked for, is shorter than the period "
        "looked for, or leaves a factor without a shock in it.",
        remedy="Deliver a longer history or proxies, choose other days, or a shorter period.",
        example="A stressed period in 2008 with a history that begins in 2014.",
    ),
    "E484": Code(
        title="unusable shifts",
        cause="Shifts given for a scenario set do not fit one another or the market snapshot, "
        "or take a factor to a level that cannot be.",
        remedy="Give each factor of the snapshot one finite shift a scenario, and its kind.",
        example="given_scenarios(market, {'EQ:SPX': [-1.2]}, kinds={'EQ': 'relative'})",
    ),
    "E485": Code(
        title="a reverse stress without an end",
        cause="There is no scenario to begin with, or no multiple of the worst one, up to "
        "sixteen, loses the amount aimed at.",
        remedy="Give at least one scenario and a smaller loss above zero.",
        example="A target of 1,000,000 for an option bought for 10,000.",
    ),
    "E489": Code(
        title="an unusable risk file",
        cause="The risk file is not TOML, or names an option that there is not, or gives one a "
        "value of another type.",
        remedy="See docs/howto/choose-scenarios.md for the options.",
        example='holding_days = "ten"',
    ),
}
"""Every code that the risk room raises or reports, for `riskmill explain`."""
