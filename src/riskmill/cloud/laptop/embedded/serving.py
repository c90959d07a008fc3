"""Serve MiniStack with our patches on a socket that our parent opened, until it lets go of us."""

import asyncio
import os
import signal
import sys
import threading
from contextlib import suppress

from hypercorn.asyncio import serve
from hypercorn.config import Config

from .patches import apply_all


def main() -> None:
    """Serve on the descriptor that the command line names; end when standard input does."""
    apply_all()
    # It was imported by the patches, with the settings that the parent made.
    asyncio.run(_served(int(sys.argv[2])))
    sys.stdout.flush()
    os._exit(0)  # MiniStack leaves threads behind that wait for work


async def _served(descriptor: int) -> None:
    from .control import application

    _raise_limits()
    config = Config()
    config.bind = [f"fd://{descriptor}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 1
    config.loglevel = "WARNING"
    await serve(application, config, shutdown_trigger=_stopping().wait)


def _stopping() -> asyncio.Event:
    """Return an event that is set by SIGTERM, and by the end of standard input."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stopping.set)

    def watch() -> None:
        sys.stdin.buffer.read()
        with suppress(RuntimeError):  # the loop may have ended already
            loop.call_soon_threadsafe(stopping.set)

    threading.Thread(target=watch, daemon=True).start()
    return stopping


def _raise_limits() -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
