"""A proxy before the embedded AWS that answers some requests with an error, as AWS does."""

import http.client
import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


class Faults:
    """Which requests fail, and how many have."""

    def __init__(self, every: int) -> None:
        self._numbers = itertools.count(1)
        self._every = every
        self.failed = 0

    def next_fails(self) -> bool:
        fails = next(self._numbers) % self._every == 0
        self.failed += fails
        return fails


@contextmanager
def proxy(endpoint: str, faults: Faults) -> Iterator[str]:
    """
    Pass requests on to *endpoint*, and give the address to send them to.

    Of those that fail, every other one reaches its aim all the same: only the answer is lost.
    """
    aim = urlsplit(endpoint).netloc

    class Proxy(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            fails = faults.next_fails()
            if fails and faults.failed % 2:
                self.answer(503, {}, b"<Error><Code>SlowDown</Code></Error>")
                return
            connection = http.client.HTTPConnection(aim, timeout=30)
            connection.request(self.command, self.path, body, dict(self.headers))
            found = connection.getresponse()
            data = found.read()
            headers = {name.lower(): value for name, value in found.getheaders()}
            length = headers.get("content-length", str(len(data)))
            connection.close()
            if fails:
                self.answer(500, {}, b"<Error><Code>InternalError</Code></Error>")
            else:
                self.answer(found.status, {**headers, "content-length": length}, data)

        do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = handle_one  # noqa: N815

        def answer(self, status: int, headers: dict[str, str], data: bytes) -> None:
            self.send_response_only(status)
            told = {"content-length": str(len(data)), **headers}
            for name, value in told.items():
                if name.lower() not in ("connection", "transfer-encoding"):
                    self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
