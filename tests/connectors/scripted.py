"""A source that says exactly what a test scripts, on a loopback port."""

from __future__ import annotations

import contextlib
import json
import socketserver
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as the source saw it."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""


Script = Callable[[Asked], bytes | Iterable[bytes]]


def answer(
    body: Any = b"", *, status: int = 200, headers: Mapping[str, str] | None = None, kind: str = "application/json"
) -> bytes:
    """The bytes of an HTTP answer with its length; anything that is not bytes becomes JSON."""
    if not isinstance(body, bytes):
        body = json.dumps(body).encode()
    content: bytes = body
    lines = {"Content-Type": kind, "Content-Length": str(len(content)), **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} Said\r\n{head}\r\n".encode() + content


@dataclass
class Source:
    """A running scripted source."""

    port: int
    asked: list[Asked] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def allow(self) -> tuple[str, ...]:
        """What the address guard must let through."""
        return (f"127.0.0.1:{self.port}",)


@contextlib.contextmanager
def scripted(script: Script) -> Iterator[Source]:
    """Serve a script for the length of the block."""
    source = Source(port=0)

    class Handler(socketserver.StreamRequestHandler):
        timeout = 20

        def handle(self) -> None:
            with contextlib.suppress(OSError):
                while (asked := _request(self.rfile)) is not None:
                    source.asked.append(asked)
                    said = script(asked)
                    for piece in (said,) if isinstance(said, bytes) else said:
                        self.wfile.write(piece)
                        self.wfile.flush()
                    if not isinstance(said, bytes):
                        return

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True
        block_on_close = False

    with Server(("127.0.0.1", 0), Handler) as server:
        source.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield source
        finally:
            server.shutdown()
            thread.join()


def _request(stream: Any) -> Asked | None:
    first = stream.readline(65536).decode("latin-1").split()
    if len(first) < 2:
        return None
    headers: dict[str, str] = {}
    while line := stream.readline(65536).decode("latin-1").strip():
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    body = stream.read(int(headers.get("content-length", 0)))
    parts = urlsplit(first[1])
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if body.startswith(b"{"):
        query |= {key: str(value) for key, value in json.loads(body).items()}
    return Asked(method=first[0], path=parts.path, query=query, headers=headers, body=body)
