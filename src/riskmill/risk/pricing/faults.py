"""Why one instrument cannot be valued: raised inside this package, a failure outside it."""

from riskmill.domain import FailureReason, UsageError

REASONS: dict[str, FailureReason] = {
    "E401": FailureReason.MISSING_MARKET_DATA,
    "E402": FailureReason.MISSING_MARKET_DATA,
    "E403": FailureReason.NOT_PRICEABLE,
    "E404": FailureReason.MISSING_VALUE,
    "E405": FailureReason.EXPIRED,
    "E406": FailureReason.NOT_PRICEABLE,
    "E407": FailureReason.INVALID_VALUE,
    "E410": FailureReason.MISSING_MARKET_DATA,
    "E416": FailureReason.MISSING_VALUE,
    "E435": FailureReason.MISMATCH,
    "E436": FailureReason.NOT_PRICEABLE,
}
"""Reason of each code of `riskmill.risk.codes` that is about one position."""


class ValuationError(UsageError):
    """
    The instrument, or the market data it needs, does not allow a value.

    `value` and `revalue` turn it into a failure of the position; the functions that
    value a single instrument let it through. `datum` is the offending value.
    """

    def __init__(self, code: str, message: str, *, datum: str = "", remedy: str = "") -> None:
        super().__init__(code, message, place=datum, remedy=remedy)
        self.datum = datum

    @property
    def reason(self) -> FailureReason:
        """The code's place in the closed list of reasons."""
        return REASONS[self.code]

    def __reduce__(self) -> tuple[object, ...]:
        """Survive the way back from a worker process with every detail."""
        return (_rebuild, (self.code, self.message, self.datum, self.remedy))


def _rebuild(code: str, message: str, datum: str, remedy: str) -> ValuationError:
    return ValuationError(code, message, datum=datum, remedy=remedy)


def not_finite(what: str) -> ValuationError:
    """Say that a number is none."""
    return ValuationError(
        "E403",
        f"{what} is not a finite number",
        remedy="Look for an extreme level among its factors, or an extreme term.",
    )
