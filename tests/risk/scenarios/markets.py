"""Small markets with a made-up history, for the tests of scenario sets."""

from datetime import date, timedelta

import numpy as np

from riskmill.domain import FactorHistory, FloatArray, MarketData, MarketSnapshot, Proxy

TODAY = date(2018, 12, 31)


def market(quotes: dict[str, float], *proxies: Proxy, **columns: FloatArray) -> MarketData:
    """A market of today; columns are histories by factor, `_` for `:`, a value a day."""
    named = {name.replace("_", ":"): np.asarray(values) for name, values in columns.items()}
    (days,) = {len(values) for values in named.values()}
    return MarketData(
        snapshot=MarketSnapshot(valuation_date=TODAY, quotes=quotes),
        history=FactorHistory(
            dates=tuple(TODAY - timedelta(days=days - 1 - n) for n in range(days)),
            factors=tuple(named),
            values=np.array(list(named.values()), dtype=np.float64).T.reshape(days, -1),
        ),
        proxies=proxies,
    )


def wandering(days: int = 400, seed: int = 5) -> MarketData:
    """Two shares and two rates that move together, the second half at twice the volatility."""
    rng = np.random.default_rng(seed)
    mix = np.array([[1.0, 0.8, 0.1, 0.0], [0.0, 0.6, 0.0, 0.1], [0.0, 0.0, 1.0, 0.9],
                    [0.0, 0.0, 0.0, 0.3]])  # fmt: skip
    moves = rng.standard_t(5, size=(days - 1, 4)) @ mix
    moves[len(moves) // 2 :] *= 2.0
    steps = np.vstack([np.zeros(4), moves.cumsum(axis=0)])
    return market(
        {"EQ:A": 50.0, "EQ:B": 20.0, "IR:USD:1Y": 0.02, "IR:USD:10Y": 0.03},
        EQ_A=100.0 * np.exp(0.01 * steps[:, 0]),
        EQ_B=80.0 * np.exp(0.012 * steps[:, 1]),
        IR_USD_1Y=0.02 + 4e-4 * steps[:, 2],
        IR_USD_10Y=0.03 + 3e-4 * steps[:, 3],
    )
