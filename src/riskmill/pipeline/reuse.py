"""
Valuations under what they were made from, for every run that needs the same.

A segment of positions is valued once for one market, one set of scenarios and one version of
the code, whatever batch it is part of: a correction of ten rows values ten segments.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import msgspec

from riskmill.domain import DATE_COLUMNS, NUMBER_COLUMNS, TEXT_COLUMNS, PositionTable
from riskmill.pipeline.artefacts import ArtefactRef, load, put_same
from riskmill.pipeline.codecs import decode_value, encode_value
from riskmill.pipeline.layout import valued_prefix
from riskmill.pipeline.ports import ObjectStore
from riskmill.pipeline.run_spec import RunSpec
from riskmill.risk import ValuedBlocks

VALUED_SCHEMA = "riskmill.valued-blocks/3"
SUFFIX = ".msgpack"
SEGMENT = "segment"
"""Name of a valued segment among the artefacts of its task, but for its number."""


def terms_of(spec: RunSpec, market: Sequence[str]) -> str:
    """
    Digest of all that decides what a position is worth in a run, but the position.

    *market* holds the digests of the market data.
    """
    terms = (
        VALUED_SCHEMA,
        spec.code_version,
        spec.compute,
        spec.batch.business_date,
        spec.batch.reporting_currency,
        spec.risk,
        market,
    )
    return hashlib.sha256(msgspec.json.encode(terms, order="deterministic")).hexdigest()


def terms_between(purpose: str, spec: RunSpec, *terms: str) -> str:
    """
    Digest of all that decides what yesterday's position is worth for today's run, but itself.

    *terms* are those of the runs whose market and scenarios are read.
    """
    between = (VALUED_SCHEMA, purpose, spec.code_version, spec.compute, terms)
    return hashlib.sha256(msgspec.json.encode(between)).hexdigest()


def valued_segment(
    number: int,
    segment: PositionTable,
    terms: str,
    store: ObjectStore,
    value: Callable[[PositionTable, str], ValuedBlocks],
    stem: str = SEGMENT,
) -> ArtefactRef:
    """
    Take up what *segment* is worth under *terms*, or let *value* find it, told its digest.

    *stem* and *number* name the artefact among those of its task. Raises `ArtefactConflict` (E503)
    where what was kept has been changed.
    """
    content = digest_of(segment, terms)
    prefix = valued_prefix(content)
    name = f"{stem}-{number + 1:05d}"
    for key in store.keys(prefix):
        digest = key.rpartition("/")[2].removesuffix(SUFFIX)
        ref = ArtefactRef(name=name, key=key, sha256=digest, size=0)
        return replace(ref, size=len(load(store, ref)))
    data = encode_value(value(segment, content), VALUED_SCHEMA)
    digest = hashlib.sha256(data).hexdigest()
    ref = ArtefactRef(name=name, key=f"{prefix}/{digest}{SUFFIX}", sha256=digest, size=len(data))
    put_same(store, ref.key, data)
    return ref


def content_of(ref: ArtefactRef) -> str:
    """Digest of the positions, and all that decides their value, that a segment was made from."""
    return ref.key.rsplit("/", 2)[-2]


def valued_segments(refs: Sequence[ArtefactRef], store: ObjectStore) -> Iterator[ValuedBlocks]:
    """Read what segments are worth, in the order of *refs*."""
    return (decode_value(load(store, ref), ValuedBlocks, VALUED_SCHEMA) for ref in refs)


def digest_of(positions: PositionTable, terms: str) -> str:
    """Digest of the rows of *positions* and of *terms*; how a column is encoded does not count."""
    digest = hashlib.sha256(terms.encode())
    for column in _columns(positions):
        digest.update(f"{len(column)}:".encode())
        digest.update(column)
    return digest.hexdigest()


def _columns(positions: PositionTable) -> Iterator[bytes]:
    yield "\0".join(positions.position_id.tolist()).encode()
    for name in TEXT_COLUMNS:
        own = positions.texts[name].lean()
        yield "\0".join(own.values).encode()
        yield own.codes.tobytes()
    for name in NUMBER_COLUMNS:
        yield positions.numbers[name].tobytes()
    for name in DATE_COLUMNS:
        yield positions.dates[name].astype("datetime64[D]").tobytes()
