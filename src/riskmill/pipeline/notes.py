"""What a reader must know of how a batch came together, in sentences."""

from riskmill.domain import BatchManifest

EMPTY = (
    "The batch announces no position and brings none: every figure is nought because nothing is "
    "held."
)


def delivery_notes(batch: BatchManifest) -> tuple[str, ...]:
    """Say which version is superseded, which files are carried from where, and what amends."""
    superseded = f"This batch corrects and supersedes {batch.superseded_id}."
    return (
        *((EMPTY,) if batch.is_empty_book else ()),
        *((superseded,) if batch.supersedes else ()),
        *_carried(batch),
        *(
            f"{file.name} amends the positions: its {file.rows:,} rows replace those of the same "
            "id or origin and add the others."
            for file in batch.files
            if file.amends
        ),
    )


def _carried(batch: BatchManifest) -> list[str]:
    names: dict[str, list[str]] = {}
    for file in batch.files:
        if file.carried_from:
            names.setdefault(file.carried_batch, []).append(file.name)
    own = batch.batch_id.rpartition("/")[0]
    return [
        f"{', '.join(files)} unchanged since {earlier}."
        if earlier.rpartition("/")[0] == own
        else f"{', '.join(files)} carried forward from {earlier}."
        for earlier, files in names.items()
    ]
