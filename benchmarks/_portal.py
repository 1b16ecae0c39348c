"""A made-up CKAN portal in a process of its own: `python -m benchmarks._portal --datasets 100000 --latency 0.15`.

Its datasets are those of `_made_up` in the words CKAN uses for them, about 4.2 kB each (real ones: 4.6). Bodies
are cut from text made beforehand, so that the portal is never what is waited for; `--latency` is slept before each
answer, as a distant portal would seem to.
"""

from __future__ import annotations

import argparse
import asyncio
import bisect
import contextlib
import json
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson

from benchmarks._processes import CACHE, background, environment, free_port, listens

MOST = 1_000
"""Rows CKAN gives at most."""
_LICENCES = {"ogl-uk-3.0": "uk-ogl", "cc-by-4.0": "cc-by", "cc0-1.0": "cc-zero", "odbl-1.0": "odc-odbl"}
_HEAD = b'{"help": "/api/3/action/help_show?name=package_search", "success": true, "result": '


@contextlib.contextmanager
def portal(size: int, *, latency: float = 0.0) -> Iterator[int]:
    """The portal, for the length of the block; the port it listens at."""
    port = free_port()
    given = ["--datasets", str(size), "--latency", str(latency), "--port", str(port)]
    command = [sys.executable, "-m", "benchmarks._portal", *given]
    log = CACHE / f"portal-{size}.log"
    with background(command, env=environment(), log=log) as process:
        while not listens(port):
            if process.poll() is not None:
                raise SystemExit(log.read_text("utf-8", "replace"))
            time.sleep(0.1)
        yield port


class Portal:
    """The packages in order of their ids, and the answers cut from them."""

    def __init__(self, packages: list[bytes]) -> None:
        self._packages = packages
        self._ids = [orjson.loads(each)["id"] for each in packages]

    def answer(self, action: str, asked: Mapping[str, str]) -> bytes | None:
        """The body for an action; None for one it does not have."""
        if action == "status_show":
            return _HEAD + b'{"ckan_version": "2.12.0"}}'
        if action != "package_search":
            return None
        first, after = 0, asked.get("fq", "")
        if after.startswith('id:{"'):
            first = bisect.bisect_right(self._ids, after.split('"')[1])
        start = first + int(asked.get("start", 0))
        shown = self._packages[start : start + min(int(asked.get("rows", 10)), MOST)]
        count = str(len(self._packages) - first).encode()
        return _HEAD + b'{"count": ' + count + b', "results": [' + b", ".join(shown) + b"]}}"


def _package(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the made-up catalogue as package_search shows it, every field that CKAN 2.12 shows included."""
    number = row["number"]
    own = str(uuid.uuid5(uuid.NAMESPACE_OID, str(number)))
    organisation = str(uuid.uuid5(uuid.NAMESPACE_DNS, row["publisher"]))
    stamp = f"{row['modified']}T09:26:53.589793"
    return {
        "author": row["publisher"],
        "author_email": "data@agency.example",
        "creator_user_id": organisation,
        "id": own,
        "isopen": True,
        "license_id": _LICENCES.get(row["licence"], row["licence"]),
        "license_title": row["licence"],
        "license_url": "https://licences.example/" + row["licence"],
        "maintainer": None,
        "maintainer_email": None,
        "metadata_created": stamp,
        "metadata_modified": stamp,
        "name": f"dataset-{number:07d}",
        "notes": row["description"],
        "num_resources": len(row["formats"]),
        "num_tags": len(row["keywords"]),
        "organization": {
            "id": organisation,
            "name": row["publisher"].lower().replace(" ", "-"),
            "title": row["publisher"],
            "type": "organization",
            "description": "",
            "image_url": "",
            "created": "2019-02-03T10:11:12.131415",
            "is_organization": True,
            "approval_status": "approved",
            "state": "active",
        },
        "owner_org": organisation,
        "private": False,
        "state": "active",
        "title": row["title"],
        "type": "dataset",
        "url": f"https://agency.example/data/{number}",
        "version": None,
        "extras": [
            {"key": "frequency", "value": row["accrual_periodicity"]},
            {"key": "modified", "value": row["modified"]},
            {"key": "spatial_text", "value": row["spatial"]},
        ],
        "groups": [{"id": theme, "name": theme.lower(), "title": theme, "description": ""} for theme in row["themes"]],
        "resources": [_resource(own, number, place, format) for place, format in enumerate(row["formats"])],
        "tags": [
            {
                "display_name": word,
                "id": own[:-4] + f"{place:04x}",
                "name": word,
                "state": "active",
                "vocabulary_id": None,
            }
            for place, word in enumerate(row["keywords"])
        ],
        "relationships_as_subject": [],
        "relationships_as_object": [],
    }


def _resource(own: str, number: int, place: int, format: str) -> dict[str, Any]:
    return {
        "cache_last_updated": None,
        "cache_url": None,
        "created": "2021-04-05T06:07:08.091011",
        "datastore_active": False,
        "description": "Figures of the year before last, by area, as published; see the notes for what was left out.",
        "format": format,
        "hash": "",
        "id": f"{own[:-4]}{place:04x}",
        "last_modified": "2024-02-29T23:59:59.999999",
        "metadata_modified": "2024-02-29T23:59:59.999999",
        "mimetype": "text/csv" if format == "CSV" else None,
        "mimetype_inner": None,
        "name": f"File {place + 1}",
        "package_id": own,
        "position": place,
        "resource_type": None,
        "size": 12_345,
        "state": "active",
        "url": f"https://files.example/{number}/{place}.{format.lower()}",
        "url_type": None,
    }


def packages(size: int) -> list[bytes]:
    """The packages in order of their ids; made once and kept in `.cache/bench`."""
    kept = CACHE / f"packages-{size}.jsonl"
    if not kept.exists():
        from benchmarks import _made_up

        made = [orjson.dumps(_package(row)) for chunk in _made_up.datasets(size) for row in chunk]
        made.sort(key=lambda raw: str(orjson.loads(raw)["id"]))
        CACHE.mkdir(parents=True, exist_ok=True)
        unfinished = kept.with_suffix(".part")
        unfinished.write_bytes(b"\n".join(made))
        unfinished.rename(kept)
    return Path(kept).read_bytes().split(b"\n")


async def _serve(held: Portal, port: int, latency: float) -> None:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while line := await reader.readline():
                path, asked = urlsplit(line.split()[1].decode()), await _body(reader)
                action = path.path.rpartition("/")[2]
                await asyncio.sleep(latency)
                body = held.answer(action, dict(parse_qsl(path.query)) | asked)
                status = b"404 NOT FOUND" if body is None else b"200 OK"
                body = body or b'{"success": false, "error": {"__type": "Not Found Error"}}'
                head = b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                writer.write(head % (status, len(body)) + body)
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", port)
    await server.serve_forever()


async def _body(reader: asyncio.StreamReader) -> dict[str, str]:
    length = 0
    while line := (await reader.readline()).strip():
        name, _, value = line.partition(b":")
        length = int(value) if name.lower() == b"content-length" else length
    said = json.loads(await reader.readexactly(length)) if length else {}
    return {name: str(value) for name, value in said.items()}


def main() -> None:
    """Serve until ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--datasets", type=int, required=True)
    parser.add_argument("--latency", type=float, default=0.0)
    parser.add_argument("--port", type=int, required=True)
    given = parser.parse_args()
    asyncio.run(_serve(Portal(packages(given.datasets)), given.port, given.latency))


if __name__ == "__main__":
    main()
