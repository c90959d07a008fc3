"""Threads that carry a run's tasks out, all of which have ended when their block is left."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

BREATH = 0.001
"""Seconds between two looks at a thread that is starting."""


@contextmanager
def task_threads(workers: int, name: str) -> Iterator[ThreadPoolExecutor]:
    """
    Give *workers* threads whose names begin with *name*, which no others' do.

    Kernels release the interpreter, so tasks run side by side. However the block is left, tasks
    that have not begun are dropped and the others waited for. An interrupt may come while a
    thread starts: the executor does not know of that one, and it is waited for all the same.
    """
    executor = ThreadPoolExecutor(max_workers=workers, thread_name_prefix=name)
    try:
        yield executor
    finally:
        executor.shutdown(wait=True, cancel_futures=True)
        while left := [one for one in threading.enumerate() if one.name.startswith(f"{name}_")]:
            _wait_for(left[0])


def _wait_for(thread: threading.Thread) -> None:
    """Join a thread, or give one that is still starting a moment; it cannot be joined yet."""
    if thread.is_alive():
        thread.join()
    else:
        time.sleep(BREATH)


def is_ending() -> bool:
    """Whether this process is on its way out, so that what fails now fails because of that."""
    return not threading.main_thread().is_alive()
