"""Rules across files: what a row of one file says must hold in another."""

from collections.abc import Iterable, Iterator

import numpy as np

from riskmill.domain import Failure, FailureReason
from riskmill.ingestion.delivery import Delivery, position_table
from riskmill.ingestion.rules import MOST_FAILURES, too_many
from riskmill.ingestion.staged import StagedFile


def unknown_books(delivery: Delivery) -> Iterator[Failure]:
    """Positions whose book is not in the hierarchy (E201)."""
    for file in delivery.position_files:
        yield from _unknown_books_of(file, set(delivery.hierarchy.books))


def _unknown_books_of(file: StagedFile, known: set[str]) -> Iterator[Failure]:
    positions = position_table(file)
    books = positions.texts["book"]
    unknown = np.array([book not in known for book in books.values] + [True])
    rows = np.flatnonzero(unknown[books.codes])
    for count, row in enumerate(rows.tolist()):
        failure = _failure(
            file,
            row,
            "E201",
            subject=str(positions.position_id[row]),
            column="book",
            value=books.text(row),
            says="Book '{value}' is not an accepted book of the hierarchy.",
        )
        if count == MOST_FAILURES:
            raise too_many(file.entry.name, failure)
        yield failure


def unknown_portfolios(delivery: Delivery) -> Iterator[Failure]:
    """Limits on a portfolio that is not in the hierarchy (E202)."""
    known = {portfolio.name for portfolio in delivery.hierarchy.portfolios}
    for row, limit in enumerate(delivery.limits):
        if limit.portfolio not in known:
            yield _failure(
                delivery.file("limits"),
                row,
                "E202",
                subject=limit.limit_id,
                column="portfolio",
                value=limit.portfolio,
                says="Portfolio '{value}' is not an accepted one of the hierarchy.",
            )


def foreign_limits(delivery: Delivery, reporting_currency: str) -> Iterator[Failure]:
    """Limits in another currency than the report's (E203)."""
    for row, limit in enumerate(delivery.limits):
        if limit.currency != reporting_currency:
            yield _failure(
                delivery.file("limits"),
                row,
                "E203",
                subject=limit.limit_id,
                column="currency",
                value=limit.currency,
                says=f"The limit is in '{{value}}', but the report is in {reporting_currency}.",
            )


def unknown_proxies(delivery: Delivery) -> Iterator[Failure]:
    """Proxies that have no history themselves (E204)."""
    known = set(delivery.history.factors)
    for row, proxy in enumerate(delivery.proxies):
        if not proxy.constant and proxy.proxy not in known:
            yield _failure(
                delivery.file("proxies"),
                row,
                "E204",
                subject=proxy.factor,
                column="proxy",
                value=proxy.proxy,
                says="Factor '{value}' is not in the accepted history, so nothing can take its "
                "shocks.",
            )


def unknown_pnl(delivery: Delivery) -> Iterator[Failure]:
    """Past P&L of a portfolio that is not in the hierarchy (E224)."""
    known = {portfolio.name for portfolio in delivery.hierarchy.portfolios}
    rows = (n for n, past in enumerate(delivery.past_pnl) if past.portfolio not in known)
    for count, row in enumerate(rows):
        past = delivery.past_pnl[row]
        failure = _failure(
            delivery.file("pnl"),
            row,
            "E224",
            subject=past.portfolio,
            column="portfolio",
            value=past.portfolio,
            says="Portfolio '{value}' is not an accepted one of the hierarchy.",
        )
        if count == MOST_FAILURES:
            raise too_many(delivery.file("pnl").entry.name, failure)
        yield failure


def cross_failures(delivery: Delivery, reporting_currency: str) -> dict[str, list[Failure]]:
    """Every failure across files, by the dataset whose row it takes out."""
    return {
        "positions": list(unknown_books(delivery)),
        "limits": _by_record(
            [*unknown_portfolios(delivery), *foreign_limits(delivery, reporting_currency)]
        ),
        "proxies": list(unknown_proxies(delivery)),
        "pnl": list(unknown_pnl(delivery)),
    }


def _by_record(failures: Iterable[Failure]) -> list[Failure]:
    return sorted(failures, key=lambda failure: failure.record or 0)


def _failure(
    file: StagedFile, row: int, code: str, *, subject: str, column: str, value: str, says: str
) -> Failure:
    return Failure(
        code=code,
        reason=FailureReason.UNKNOWN_REFERENCE if code != "E203" else FailureReason.MISMATCH,
        message=says.format(value=value),
        file=file.entry.name,
        record=int(file.records[row]),
        line=int(file.lines[row]) or None,
        subject=subject,
        column=column,
        value=value,
    )
