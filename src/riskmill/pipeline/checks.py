"""What verification compares: an object as it is now, with what a record says that it must be."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import msgspec

from riskmill.domain import ArtefactMissing
from riskmill.pipeline.ports import ObjectStore

AS_WRITTEN = "as written"
CHANGED = "changed"
MISSING = "missing"
UNREADABLE = "unreadable"
UNEXPECTED = "unexpected"
GONE = "gone"
UNLISTED = "unlisted"
FAULTS = frozenset({CHANGED, MISSING, UNREADABLE, UNEXPECTED})
"""Outcomes that mean that something is not as it was written; the others are no fault."""

KINDS = ("input", "record", "task", "artefact", "published", "signature", "sealed", "page")
"""What a check is about, in the order of verification."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One thing that was looked at, what it should be and what it is."""

    kind: str
    """One of `KINDS`."""
    place: str
    """Key of the object, or name of the delivered file."""
    outcome: str
    """`as written`, `changed`, `missing`, `unreadable`, `unexpected`; `gone` for an input that is
    where it was no longer, and `unlisted` for a file that no record knows."""
    expected: str
    """What it should be: a SHA-256, or words."""
    found: str
    """What it is; empty where there is nothing."""
    says: str
    """The record that says so."""
    remark: str = ""

    @property
    def faulty(self) -> bool:
        """Whether something is not as it was written."""
        return self.outcome in FAULTS


@dataclass(frozen=True, kw_only=True, slots=True)
class Digest:
    """What the bytes of an object are."""

    sha256: str
    size: int


class Evidence:
    """Objects of a store as they are now; each is hashed once."""

    def __init__(self, store: ObjectStore) -> None:
        self.store = store
        self._digests: dict[str, Digest | None] = {}

    def digest(self, key: str) -> Digest | None:
        """Return the digest of an object; none where there is no such object."""
        if key not in self._digests:
            self._digests[key] = digest_of(self.store, key)
        return self._digests[key]

    def raw(self, key: str) -> bytes | None:
        """Return the bytes of an object; none where there is no such object."""
        try:
            return self.store.get(key)
        except ArtefactMissing:
            return None

    def check(self, kind: str, key: str, expected: Digest, says: str) -> Check:
        """Hold an object against the digest that *says* names."""
        return compared(kind, key, expected, self.digest(key), says)


def digest_of(store: ObjectStore, key: str) -> Digest | None:
    """Hash an object chunk by chunk; none where there is no such object."""
    try:
        return _hashed(store.stream(key))
    except ArtefactMissing:
        return None


def compared(kind: str, place: str, expected: Digest, found: Digest | None, says: str) -> Check:
    """Hold what was *found* against what was *expected*; a size that nobody stated is negative."""
    known = found is not None
    same = found is not None and (
        found.sha256 == expected.sha256 and expected.size in (found.size, -1)
    )
    return Check(
        kind=kind,
        place=place,
        outcome=AS_WRITTEN if same else CHANGED if known else MISSING,
        expected=_words(expected),
        found=_words(found) if found else "",
        says=says,
    )


def _words(digest: Digest) -> str:
    return f"{digest.sha256}, {digest.size:,} bytes" if digest.size >= 0 else digest.sha256


def stated(kind: str, place: str, expected: str, found: str, says: str, remark: str = "") -> Check:
    """Hold one statement against another."""
    return Check(
        kind=kind,
        place=place,
        outcome=AS_WRITTEN if expected == found else CHANGED,
        expected=expected,
        found=found,
        says=says,
        remark=remark,
    )


def unreadable(kind: str, key: str, says: str, why: object) -> Check:
    """Tell of a record that holds something else than a record."""
    return Check(
        kind=kind,
        place=key,
        outcome=UNREADABLE,
        expected="a record of riskmill's",
        found="other bytes",
        says=says,
        remark=str(why).partition("\n")[0],
    )


def unlisted(keys: Iterable[str], known: Iterable[str], says: str) -> Iterator[Check]:
    """Tell of objects that no record knows; they are no part of the run, and no fault of it."""
    for key in sorted(set(keys) - set(known)):
        yield Check(
            kind="published",
            place=key,
            outcome=UNLISTED,
            expected="nothing",
            found="a file that is no part of the run",
            says=says,
        )


def as_one_line(encoded: bytes) -> bytes:
    """JSON without blanks, as specs and signatures are written."""
    return encoded


def as_lines(encoded: bytes) -> bytes:
    """JSON in indented lines, as task manifests are written."""
    return msgspec.json.format(encoded, indent=2) + b"\n"


def fault_of_form(raw: bytes, value: object, layout: Callable[[bytes], bytes]) -> str:
    """
    Say whether *raw*, which was read as *value*, holds anything else, or is laid out otherwise.

    A record of an earlier version lacks what later ones added, and is as good as new.
    """
    said = msgspec.json.decode(raw)
    if layout(msgspec.json.encode(said)) != raw:
        return "it is not laid out as it was written"
    return "" if _within(said, msgspec.to_builtins(value)) else "it says what no such record says"


def _within(said: object, known: object) -> bool:
    if isinstance(said, dict) and isinstance(known, dict):
        return all(key in known and _within(value, known[key]) for key, value in said.items())
    if isinstance(said, list) and isinstance(known, list | tuple):
        return len(said) == len(known) and all(map(_within, said, known))
    return said == known


def _hashed(chunks: Iterable[bytes]) -> Digest:
    digest, size = hashlib.sha256(), 0
    for chunk in chunks:
        digest.update(chunk)
        size += len(chunk)
    return Digest(sha256=digest.hexdigest(), size=size)
