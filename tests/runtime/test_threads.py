"""Threads of a run end with it, however it ends."""

from threading import Event

import pytest

from riskmill.runtime.threads import is_ending, task_threads


def test_a_thread_that_an_interrupt_caught_in_its_start_is_waited_for() -> None:
    started, released, done = Event(), Event(), []

    def work() -> None:
        started.set()
        released.wait()
        done.append(sum(range(5_000_000)))

    def interrupted() -> None:
        with task_threads(1, "test-interrupted") as executor:
            executor.submit(work)
            started.wait()
            executor._threads.clear()  # as where the interrupt came before it was noted down
            released.set()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert len(done) == 1


def test_a_process_at_work_is_not_ending() -> None:
    assert not is_ending()
