"""
The border of the public interface: what breaks inside for a wrong argument is told by its name.

A public function checks what its arguments mean. An argument of a type that it never thought of
breaks it somewhere inside; here that becomes a `UsageError` (E432) which names the argument and
what it must be, with the cause chained.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, wraps
from inspect import signature
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from riskmill.domain.errors import RiskmillError, UsageError

FunctionT = TypeVar("FunctionT", bound=Callable[..., Any])

BROKEN = (
    TypeError,
    AttributeError,
    ValueError,
    LookupError,
    ArithmeticError,
)
"""What code raises that meets a value of a type, shape or size that it does not expect."""

WORDS: dict[type, str] = {NoneType: "None", Sequence: "a list", Mapping: "a mapping"}
"""How a class is told, where its name does not say it best."""


def at_border(function: FunctionT, module: str) -> FunctionT:
    """The function as it is offered by *module*: wrong arguments are refused by name."""

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            for name in _texts(function) & kwargs.keys():
                if not isinstance(kwargs[name], str):
                    raise _wrong(name, kwargs[name], (str,))
            return function(*args, **kwargs)
        except RiskmillError:
            raise
        except BROKEN as cause:
            try:
                given = signature(function).bind(*args, **kwargs).arguments
            except TypeError:
                raise cause from None
            raise _refusal(function, given, cause) from cause

    call.__module__ = module
    return call  # type: ignore[return-value]


def _refusal(function: Callable[..., Any], given: dict[str, Any], cause: Exception) -> UsageError:
    hints = get_type_hints(function)
    for name, value in given.items():
        kinds = tuple(_kinds(hints.get(name)))
        if kinds and not isinstance(value, kinds):
            return _wrong(name, value, kinds)
    name = function.__name__
    return _refused(name, f"{name} cannot make sense of its arguments: {str(cause)[:200]}")


def _wrong(name: str, value: object, kinds: tuple[type, ...]) -> UsageError:
    wanted = " or ".join(dict.fromkeys(WORDS.get(kind, kind.__name__) for kind in kinds))
    return _refused(name, f"{name} is of type {type(value).__name__}, but must be {wanted}")


@cache
def _texts(function: Callable[..., Any]) -> frozenset[str]:
    """Arguments that are texts: others are taken for names that nothing has, and no more."""
    return frozenset(name for name, hint in get_type_hints(function).items() if hint is str)


def _refused(place: str, message: str) -> UsageError:
    remedy = "See the function's docstring for what each argument is."
    return UsageError("E432", message, place=place, remedy=remedy)


def _kinds(hint: Any) -> Iterator[type]:
    """Classes that an annotation allows; none where it allows anything."""
    if get_origin(hint) in (Union, UnionType):
        parts = [tuple(_kinds(part)) for part in get_args(hint)]
        yield from (kind for part in parts for kind in part) if all(parts) else ()
    elif isinstance(kind := get_origin(hint) or hint, type) and not kind.__name__.startswith("_"):
        yield kind
        if kind is float:
            yield int
    elif hint is None:
        yield NoneType
