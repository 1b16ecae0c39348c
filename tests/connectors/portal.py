"""A small honest CKAN on a loopback port, whose datasets a test changes as it likes."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


def package(number: int, *, title: str = "") -> dict[str, Any]:
    """A dataset as CKAN describes one."""
    name = f"dataset-{number:06d}"
    return {
        "id": f"00000000-0000-4000-8000-{number:012d}",
        "name": name,
        "title": title or f"Dataset {number}",
        "notes": f"What number {number} is about.",
        "state": "active",
        "private": False,
        "license_id": "uk-ogl",
        "metadata_modified": "2026-11-01T00:00:00",
        "organization": {"id": "o", "name": "harbour", "title": "Harbour Council"},
        "tags": [{"name": f"tag-{number % 7}"}],
        "resources": [{"id": f"r{number}", "url": f"http://files.example/{name}.csv", "format": "CSV"}],
    }


@dataclass(slots=True)
class Portal:
    """What the portal holds, and how it answers."""

    packages: list[Mapping[str, Any]] = field(default_factory=list)
    most_rows: int = 1000
    delay: float = 0.0
    """Seconds before each page."""
    port: int = 0
    pages: int = 0
    _bodies: dict[str, bytes] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """host:port, for the address guard."""
        return f"127.0.0.1:{self.port}"

    def put(self, packages: list[Mapping[str, Any]]) -> None:
        """Hold these from now on."""
        self.packages = sorted(packages, key=lambda each: str(each["id"]))
        self._bodies.clear()

    def answer(self, path: str) -> bytes | None:
        """The body for a request, None for what is not there."""
        parts = urlsplit(path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        match parts.path.rpartition("/")[2]:
            case "status_show":
                return _said({"ckan_version": "2.12.0"})
            case "package_search":
                self.pages += 1
                time.sleep(self.delay)
                if parts.query not in self._bodies:
                    self._bodies[parts.query] = self._search(asked)
                return self._bodies[parts.query]
            case "package_show":
                found = [each for each in self.packages if asked.get("id") in (each["id"], each["name"])]
                return _said(found[0]) if found else None
        return None

    def _search(self, asked: Mapping[str, str]) -> bytes:
        found = self.packages
        if (after := asked.get("fq", "")).startswith("id:{"):
            last = after.partition('"')[2].partition('"')[0]
            found = [each for each in found if str(each["id"]) > last]
        start, rows = int(asked.get("start", 0)), min(int(asked.get("rows", 10)), self.most_rows)
        return _said({"count": len(found), "results": found[start : start + rows]})


def _said(result: object) -> bytes:
    return json.dumps({"success": True, "result": result}).encode()


@contextmanager
def running(portal: Portal) -> Iterator[Portal]:
    """Serve it, until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            """Answer one request."""
            body = portal.answer(self.path)
            self.send_response(404 if body is None else 200)
            body = body or b'{"success": false, "error": {"__type": "Not Found Error"}}'
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Silent."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """A client that was killed is no news."""

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    portal.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield portal
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
