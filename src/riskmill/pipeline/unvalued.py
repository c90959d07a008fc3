"""Positions that were accepted and could not be valued: how many, where, and too many."""

from collections import Counter
from collections.abc import Iterable, Sequence

from riskmill.domain import (
    BatchManifest,
    Failure,
    Hierarchy,
    InputRejected,
    PositionTable,
    QuarantineOverPolicy,
)
from riskmill.pipeline.accepted import StoredBatch


def too_little_valued(
    manifest: BatchManifest, batch: StoredBatch, failures: Sequence[Failure]
) -> InputRejected | None:
    """
    Say why a valuation with these *failures* is not to be reported, if so.

    E530 where not one position could be valued: every figure would be zero and look
    right. E531 where rejected rows and unvalued positions together are more than the
    batch's own policy lets through.
    """
    unvalued = len({failure.subject for failure in failures})
    if not unvalued:
        return None
    first = failures[0]
    place = f"{first.subject}: {first.code}"
    if unvalued == batch.rows:
        return InputRejected(
            "E530",
            f"none of the {unvalued:,} accepted positions could be valued; the first: "
            f"{first.message}",
            place=place,
            remedy="Deliver the market data that the positions need, as a new version.",
        )
    rejected = sum(file.rejected for file in batch.inputs)
    if rejected + unvalued <= manifest.policy.max_bad_rows:
        return None
    return QuarantineOverPolicy(
        "E531",
        f"{unvalued:,} positions could not be valued and {rejected:,} rows were rejected, the "
        f"batch's policy allows {manifest.policy.max_bad_rows:,} together; the first: "
        f"{first.message}",
        place=place,
        remedy="Deliver what is missing as a new version, or raise max_bad_rows in its policy.",
    )


def unvalued_by_portfolio(
    tables: Iterable[PositionTable], hierarchy: Hierarchy, failures: Sequence[Failure]
) -> tuple[tuple[str, int], ...]:
    """
    Portfolios in order with the number of their unvalued positions, where there are any.

    *tables* hold all positions of the batch between them.
    """
    lost = {failure.subject for failure in failures}
    by_book = Counter[str]()
    for positions in tables if lost else ():
        owners = zip(positions.position_id.tolist(), positions.texts["book"].texts(), strict=True)
        by_book.update(book for id_, book in owners if id_ in lost)
    counts = (
        (portfolio.name, sum(by_book[book] for book in hierarchy.books_of(portfolio.name)))
        for portfolio in hierarchy.portfolios
    )
    return tuple((name, count) for name, count in counts if count)
