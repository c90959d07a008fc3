"""Work that is done one step ahead of its use."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def ahead(items: Iterable[T]) -> Iterator[T]:
    """Give *items* in order, the next one being made on a thread while one is used."""
    coming = iter(items)
    with ThreadPoolExecutor(1) as thread:
        step = thread.submit(_next, coming)
        while found := step.result():
            step = thread.submit(_next, coming)
            yield found[0]


def _next(items: Iterator[T]) -> tuple[T] | tuple[()]:
    for item in items:
        return (item,)
    return ()
