"""
The 250 business days before the valuation date: each day's market, and who held what.

The market of a past day is what `market` makes of the history up to it. The book of a past
day is today's, less what had not been dealt yet, with what has ended since: README.md says
by which rules. Nothing is drawn; every choice is a hash of the position's own terms.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from builder.book import good_rows
from builder.chance import between, chance
from builder.currencies import fair_forward
from builder.equities import OPTION_MULTIPLIER, index_futures, share_hedge
from builder.history import History
from builder.market import (
    ProxyRule,
    follows_vix,
    index_surface,
    proxy_rules,
    quotes,
)
from builder.rates import SWAP_MARKETS, SwapMarket, current_fixing
from builder.row import Row, amount, lots, row

DAYS = 250
"""Past days: as many P&Ls as a backtest looks at."""
LATE = 0.45
"""Part of the options that is dealt within these days rather than before."""
SCALED = 0.15
"""Part of the options whose size was once half of today's."""
CLOSED = 0.12
"""Part of the options that had a companion which is closed by now."""
MONTHLY_STRIKES = (0.95, 1.0, 1.05)
MONTHLY_SIZE = 40.0
"""Middle size, in contracts, of the index options that expire within these days."""
MONTHLY_DEALT = 45
"""Calendar days before its expiry on which such an option is dealt."""
OPTIONS = ("european_option", "american_option", "fx_option")


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A row of the positions file, and the days on which it was delivered like this."""

    first: date
    last: date
    cells: Row


def past_days(history: History) -> tuple[date, ...]:
    """The days, oldest first."""
    return history.dates[-1 - DAYS : -1]


def until(history: History, day: date) -> History:
    """What was known of *history* on *day*."""
    count = bisect_left(history.dates, day) + 1
    return History(
        dates=history.dates[:count],
        values={factor: values[:count] for factor, values in history.values.items()},
    )


def held(history: History) -> list[Held]:
    """Every row of every past day, by position id and first day."""
    rows = good_rows(history)
    kept = [*_lasting(history, rows), *_monthly(history)]
    found = [*kept, *_hedges(history, rows, kept)]
    return sorted(found, key=lambda one: (one.cells["position_id"], one.first))


def past_quotes(history: History) -> Iterator[tuple[date, str, float]]:
    """
    Day, factor and value of every quote that is not in the history.

    Volatilities are walked back from the valuation date: each day by the move that its
    proxy rule of the day before gives it. Yields and yen rates stay.
    """
    days = (*past_days(history), history.valuation_date)
    levels = {quote.factor: quote.value for quote in quotes(history) if quote.status == "proxied"}
    rules = {rule.factor: rule for rule in proxy_rules(history)}
    found = []
    for day, after in reversed(list(pairwise(days))):
        move = history.on("VOL:VIX", after) / history.on("VOL:VIX", day) - 1.0
        for factor in levels:
            rule = rules.get(f"{factor.rpartition(':')[0]}:*")
            if factor.startswith("VOL:") and rule:
                beta = _as_of(rule, history.valuation_date, day).beta
                levels[factor] /= 1.0 + beta * move
        found.append((day, {factor: round(value, 6) for factor, value in levels.items()}))
    for day, values in reversed(found):
        for factor, value in values.items():
            yield day, factor, value
    yield from _monthly_quotes(history)


def _monthly_quotes(history: History) -> Iterator[tuple[date, str, float]]:
    """Volatilities of the options that have expired, walked on from the day they were dealt."""
    days = past_days(history)
    for expiry, strikes in _monthly_strikes(history):
        alive = [day for day in days if _dealt(expiry) <= day <= expiry]
        surface = index_surface(until(history, alive[0]))
        levels = {strike: surface.volatility(expiry, strike) for strike in strikes}
        for day, after in pairwise((*alive, alive[-1])):
            for strike in strikes:
                yield day, f"VOL:SPX:{expiry}:{strike}", round(levels[strike], 6)
            move = history.on("VOL:VIX", after) / history.on("VOL:VIX", day) - 1.0
            beta = follows_vix("SPX", expiry, max((expiry - day).days, 1), 1.0, "").beta
            levels = {strike: level * (1.0 + beta * move) for strike, level in levels.items()}


def past_rules(history: History) -> Iterator[tuple[date, ProxyRule]]:
    """Day and proxy rule; a volatility's beta is damped by its days to expiry on that day."""
    rules = proxy_rules(history)
    today = history.valuation_date
    expiries = [expiry for expiry, _ in _monthly_strikes(history)]
    for day in past_days(history):
        for rule in rules:
            yield day, _as_of(rule, today, day)
        for expiry in expiries:
            if _dealt(expiry) <= day <= expiry:
                left = max((expiry - day).days, 1)
                yield day, follows_vix("SPX", expiry, left, 1.0, "no history of its volatility")


def _as_of(rule: ProxyRule, today: date, day: date) -> ProxyRule:
    head, name, *rest = rule.factor.split(":")
    if head != "VOL":
        return rule
    expiry = date.fromisoformat(rest[0])
    own = rule.beta / follows_vix(name, expiry, (expiry - today).days, 1.0, "").beta
    why = rule.reason.split(", damped")[0]
    return follows_vix(name, expiry, (expiry - day).days, own, why)


def _lasting(history: History, rows: list[Row]) -> Iterator[Held]:
    """Positions that are there on the valuation date, from the day on which they were dealt."""
    days = past_days(history)
    for cells in rows:
        kind = cells["instrument"]
        if kind in ("equity", "equity_future"):
            continue
        first = max((_entry(days, cells), *_issued(cells)))
        if kind == "commodity_future":
            yield from _settled_daily(history, cells)
        elif kind == "interest_rate_swap":
            yield from _swap(history, cells)
        elif kind == "fx_forward":
            yield from _forward(history, cells)
        elif first <= days[-1]:
            yield from _option_or_bond(days, cells, first)


def _entry(days: tuple[date, ...], cells: Row) -> date:
    """Day from which a position is held: of options and bonds."""
    if cells["instrument"] not in OPTIONS or chance("entry", cells["position_id"]) > LATE:
        return days[0]
    return days[int(between(5, len(days), "day", cells["position_id"]))]


def _issued(cells: Row) -> tuple[date, ...]:
    """Day before which a bond did not exist."""
    bond = cells["instrument"] == "fixed_rate_bond"
    return (date.fromisoformat(cells["start"]),) if bond else ()


def _option_or_bond(days: tuple[date, ...], cells: Row, first: date) -> Iterator[Held]:
    first = days[bisect_left(days, first)]
    id_, place = cells["position_id"], days.index(first)
    option = cells["instrument"] in OPTIONS
    step = int(between(place + 2, len(days) + 20, "scaled", id_))
    if option and chance("scales", id_) < SCALED and step < len(days):
        yield Held(first=first, last=days[step - 1], cells=_sized(cells, 0.5))
        yield Held(first=days[step], last=days[-1], cells=cells)
    else:
        yield Held(first=first, last=days[-1], cells=cells)
    end = int(between(10, len(days), "closed", id_))
    if option and chance("closes", id_) < CLOSED:
        begin = int(between(0, end - 8, "opened", id_))
        companion = {**_sized(cells, -0.5), "position_id": f"{id_}-C"}
        yield Held(first=days[begin], last=days[end], cells=companion)


def _sized(cells: Row, part: float) -> Row:
    """The same position of another size."""
    return {
        **cells,
        "quantity": repr(float(cells["quantity"]) * part),
        "notional": amount(float(cells["notional"]) * part),
    }


def _settled_daily(history: History, cells: Row) -> Iterator[Held]:
    """An oil future, its price that of the settlement before."""
    for day in past_days(history):
        price = repr(history.on("CO:WTI", day - timedelta(1)))
        yield Held(first=day, last=day, cells={**cells, "price": price})


def _swap(history: History, cells: Row) -> Iterator[Held]:
    """From the day on which it was dealt, some days ahead of its start; its fixing is the day's."""
    start = date.fromisoformat(cells["start"])
    market = next(one for one in SWAP_MARKETS if one.currency == cells["currency"])
    days = past_days(history)
    lead = int(between(2, 40, "lead", cells["position_id"]))
    if start > days[-1]:
        first = days[-int(between(1, 60, "ahead", cells["position_id"]))]
    else:
        first = max(days[0], start - timedelta(lead))
    runs: list[Held] = []
    for day in days:
        if day < first:
            continue
        now = {**cells, "current_fixing": _fixing(history, market, start, day)}
        if runs and runs[-1].cells == now:
            runs[-1] = replace(runs[-1], last=day)
        else:
            runs.append(Held(first=day, last=day, cells=now))
    yield from runs


def _fixing(history: History, market: SwapMarket, start: date, day: date) -> str:
    if start >= day:
        return ""
    seen = History(
        dates=history.dates[: bisect_left(history.dates, day) + 1], values=history.values
    )
    return repr(round(current_fixing(seen, market, start), 10))


def _forward(history: History, cells: Row) -> Iterator[Held]:
    """
    A client forward from the day on which its strike was fair, a cover rolled each month.

    A cover dealt the day before the valuation date stands for one of each month before, of
    the same size and expiry, struck at the fair rate of the month's first day.
    """
    days, pair = past_days(history), cells["underlying"]
    expiry, strike = date.fromisoformat(cells["expiry"]), float(cells["strike"])
    dealt = next(
        (day for day in reversed(days) if fair_forward(history, pair, day, expiry) == strike), None
    )
    if dealt is not None and dealt < days[-1]:
        yield Held(first=dealt, last=days[-1], cells=cells)
        return
    for month in sorted({(day.year, day.month) for day in days}):
        inside = [day for day in days if (day.year, day.month) == month]
        rate = fair_forward(history, pair, inside[0], expiry)
        rolled = {
            **cells,
            "position_id": f"{cells['position_id']}-{month[0] % 100:02d}{month[1]:02d}",
            "strike": repr(rate),
            "notional": amount(float(cells["quantity"]) * rate),
        }
        yield Held(first=inside[0], last=inside[-1], cells=rolled)


def _monthly(history: History) -> Iterator[Held]:
    """Index options that expired within these days: three strikes a month, puts and calls."""
    days = past_days(history)
    for number, (expiry, strikes) in enumerate(_monthly_strikes(history)):
        alive = [day for day in days if _dealt(expiry) <= day <= expiry]
        for place, strike in enumerate(strikes):
            for option_type in ("call", "put"):
                side = -1.0 if option_type == "put" or strike == strikes[0] else 1.0
                size = between(0.4, 1.6, "monthly", expiry, strike, option_type)
                contracts = lots(side * size * MONTHLY_SIZE, 5.0)
                cells = row(
                    book="SPX-FRONT", instrument="european_option", quantity=contracts,
                    currency="USD", notional=amount(contracts * OPTION_MULTIPLIER * strike),
                    underlying="SPX", option_type=option_type, strike=strike, expiry=expiry,
                    multiplier=OPTION_MULTIPLIER,
                )  # fmt: skip
                id_ = f"IXM-{number + 1:02d}{place}{option_type[0].upper()}"
                yield Held(first=alive[0], last=alive[-1], cells={**cells, "position_id": id_})


def _monthly_strikes(history: History) -> Iterator[tuple[date, tuple[int, ...]]]:
    """Expiry, the third Friday of each month, and strikes around the spot of its first day."""
    days = past_days(history)
    for month in range(1, 13):
        first = date(days[0].year, month, 1)
        expiry = first + timedelta((4 - first.weekday()) % 7 + 14)
        expiry = max(day for day in history.dates if day <= expiry)
        if not days[0] < expiry <= days[-1]:
            continue
        dealt = max(_dealt(expiry), days[0])
        spot = history.on("EQ:SPX", dealt)
        yield expiry, tuple(round(spot * part / 25.0) * 25 for part in MONTHLY_STRIKES)


def _dealt(expiry: date) -> date:
    return expiry - timedelta(MONTHLY_DEALT)


def _hedges(history: History, rows: list[Row], kept: list[Held]) -> Iterator[Held]:
    """Futures and shares against the delta of the options, dealt anew each day."""
    futures = [one for one in rows if one["instrument"] == "equity_future"]
    shares = [one for one in rows if one["instrument"] == "equity"]
    for day in past_days(history):
        known = until(history, day)
        options = [
            one.cells
            for one in kept
            if one.first <= day <= one.last
            and one.cells["instrument"] in ("european_option", "american_option")
            and one.cells["expiry"] > day.isoformat()
        ]
        for cells, fresh in zip(futures, index_futures(known, options), strict=True):
            hedge = {**fresh, "position_id": cells["position_id"]}
            yield Held(first=day, last=day, cells=hedge)
        for cells in shares:
            own = [one for one in options if one["underlying"] == cells["underlying"]]
            fresh = share_hedge(known, cells["book"], cells["underlying"], own)
            hedge = {**fresh, "position_id": cells["position_id"]}
            yield Held(first=day, last=day, cells=hedge)
