"""Trades of the Open Source Risk Engine (ORE) with the terms of riskmill's instruments."""

from riskmill.domain import EuropeanOption, FxForward, FxOption, Instrument, InterestRateSwap


def trade(name: str, instrument: Instrument, quantity: float) -> str:
    """A trade of *quantity* units."""
    match instrument:
        case EuropeanOption():
            kind, data = "EquityOption", _option(instrument, quantity)
        case InterestRateSwap():
            kind, data = "Swap", _swap(instrument, quantity)
        case FxForward():
            kind, data = "FxForward", _forward(instrument, quantity)
        case FxOption():
            kind, data = "FxOption", _fx_option(instrument, quantity)
        case _:
            raise TypeError(instrument)
    return f"""<Trade id="{name}"><TradeType>{kind}</TradeType>
<Envelope><CounterParty>C</CounterParty><AdditionalFields/></Envelope>
{data}</Trade>"""


def _exercise(option: EuropeanOption | FxOption) -> str:
    return f"""<OptionData><LongShort>Long</LongShort>
<OptionType>{option.option_type.title()}</OptionType><Style>European</Style>
<Settlement>Cash</Settlement><PayOffAtExpiry>false</PayOffAtExpiry>
<ExerciseDates><ExerciseDate>{option.expiry}</ExerciseDate></ExerciseDates></OptionData>"""


def _option(option: EuropeanOption, quantity: float) -> str:
    return f"""<EquityOptionData>{_exercise(option)}
<Name>{option.underlying}</Name><Currency>{option.currency}</Currency>
<Strike>{option.strike!r}</Strike><Quantity>{quantity!r}</Quantity></EquityOptionData>"""


def _fx_option(option: FxOption, quantity: float) -> str:
    return f"""<FxOptionData>{_exercise(option)}{_exchange(option, quantity)}</FxOptionData>"""


def _forward(forward: FxForward, quantity: float) -> str:
    return f"""<FxForwardData><ValueDate>{forward.expiry}</ValueDate>
{_exchange(forward, quantity)}<Settlement>Cash</Settlement></FxForwardData>"""


def _exchange(contract: FxForward | FxOption, quantity: float) -> str:
    bought, sold = contract.underlying[:3], contract.underlying[3:]
    return f"""<BoughtCurrency>{bought}</BoughtCurrency><BoughtAmount>{quantity!r}</BoughtAmount>
<SoldCurrency>{sold}</SoldCurrency><SoldAmount>{quantity * contract.strike!r}</SoldAmount>"""


def _swap(swap: InterestRateSwap, quantity: float) -> str:
    """Receives fixed; both legs by quarters, counted as `ore_inputs.swaps` has them."""
    fixed = f"<FixedLegData><Rates><Rate>{swap.rate!r}</Rate></Rates></FixedLegData>"
    floating = f"""<FloatingLegData><Index>{swap.index}</Index><FixingDays>2</FixingDays>
<Spreads><Spread>{swap.spread!r}</Spread></Spreads></FloatingLegData>"""
    return f"""<SwapData>{_leg(swap, quantity, "Fixed", "false", "A365", fixed)}
{_leg(swap, quantity, "Floating", "true", "A360", floating)}</SwapData>"""


def _leg(
    swap: InterestRateSwap, quantity: float, kind: str, payer: str, count: str, data: str
) -> str:
    return f"""<LegData><LegType>{kind}</LegType><Payer>{payer}</Payer>
<Currency>{swap.currency}</Currency>
<Notionals><Notional>{quantity!r}</Notional></Notionals><DayCounter>{count}</DayCounter>
<PaymentConvention>MF</PaymentConvention>{data}<ScheduleData><Rules>
<StartDate>{swap.start}</StartDate><EndDate>{swap.maturity}</EndDate><Tenor>3M</Tenor>
<Calendar>UK</Calendar><Convention>MF</Convention><TermConvention>MF</TermConvention>
<Rule>Backward</Rule></Rules></ScheduleData></LegData>"""
