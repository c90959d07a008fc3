"""What a message of a queue says: a task, an object that landed, or nothing that can be done."""

import json
from dataclasses import dataclass

import msgspec

from riskmill.domain import INBOX, WORK_SCHEMA, RunFailed, WorkMessage


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """An object landed in the inbox; a reason to look, and no more is believed of it."""

    key: str
    """As the inbox has it: `2018-12-31/EOD/v001/positions.csv`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Poison:
    """A message that nobody can act on, however often it comes."""

    error: RunFailed
    token: str
    """To be answered with the reason; empty where the message has none that can be read."""


Work = WorkMessage | Arrival


def read_message(body: str, *, data_bucket: str, takes_arrivals: bool) -> Work | Poison:
    """Say what *body* asks for; a stage that *takes_arrivals* is told of objects, too."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as cause:
        return _poison(f"it is no JSON: {type(cause).__name__}", "")
    if not isinstance(said, dict):
        return _poison(f"it is a {type(said).__name__}", "")
    if said.get("detail-type") == "Object Created" and takes_arrivals:
        return _arrival(said, data_bucket)
    token = said.get("token")
    token = token if isinstance(token, str) else ""
    if said.get("schema") != WORK_SCHEMA:
        return _poison(f"its schema is not '{WORK_SCHEMA}'", token)
    try:
        return msgspec.convert(said, WorkMessage)
    except msgspec.ValidationError as cause:
        return _poison(str(cause), token)


def _arrival(said: dict[str, object], data_bucket: str) -> Arrival | Poison:
    detail = said.get("detail")
    try:
        told = msgspec.convert(detail, _Detail)
    except msgspec.ValidationError as cause:
        return _poison(f"the event of an object: {cause}", "")
    if told.bucket.name != data_bucket or not told.object.key.startswith(INBOX):
        return _poison("the event is of an object outside of the inbox", "")
    return Arrival(key=told.object.key.removeprefix(INBOX))


class _Named(msgspec.Struct):
    name: str


class _Keyed(msgspec.Struct):
    key: str


class _Detail(msgspec.Struct):
    bucket: _Named
    object: _Keyed


def _poison(why: str, token: str) -> Poison:
    return Poison(
        error=RunFailed(
            "E855",
            f"a message cannot be understood: {why}",
            place="queue",
            remedy="See who sends to the queue; its dead letters keep what has no token.",
        ),
        token=token,
    )
