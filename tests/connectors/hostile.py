"""A hostile source on a loopback port, and readings of it in processes of their own that are measured."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
AT_ONCE = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class HostileServer:
    """The address of a running hostile server."""

    port: int
    canary: int

    @property
    def allow(self) -> tuple[str, ...]:
        """What the address guard must let through, and nothing else."""
        return (f"127.0.0.1:{self.port}",)

    def url(self, case: str, path: str = "") -> str:
        """Where a connector is pointed to for a case."""
        return f"http://127.0.0.1:{self.port}/{case}{path}"

    def control(self, command: str) -> Any:
        """Ask the server's control: `stats`, `reset`, `run?case=X&n=2`."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/__ctl__/{command}", timeout=10) as answer:
            return json.load(answer)


@contextlib.contextmanager
def hostile_server(shared: Path) -> Iterator[HostileServer]:
    """Start the server with the cases that developers may see; it ends with the block."""
    attacks = shared / "attacks"
    command = [
        sys.executable,
        str(attacks / "hostile_server.py"),
        "--cases",
        str(attacks / "dev" / "cases.py"),
    ]
    process = subprocess.Popen(
        [*command, "--port", "0", "--seconds", "900"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    try:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        yield HostileServer(port=said["port"], canary=said["canary_port"])
    finally:
        process.terminate()
        process.wait(10)
        if process.stdout is not None:
            process.stdout.close()


def read_case(url: str, *, kind: str = "ckan", allow: Sequence[str] = ()) -> dict[str, Any]:
    """Read a source to its end in this process and sum it up: status, records, rejections, reason."""
    from catalogue.records import Completeness, Record, Rejection, SourceAddress
    from connectors import registry
    from connectors._web import Web
    from governance.errors import SourceError

    web = Web(allow=allow)
    source = SourceAddress(name="hostile", kind=kind, location=url, allow=tuple(allow))
    ids: list[str] = []
    rejections: list[str] = []
    open_shown = 0
    ending, failed = None, ""
    try:
        for page in registry()[kind].read(source, web, "", lambda identity, fingerprint: False):
            for item in page.items:
                if isinstance(item, Record):
                    ids.append(item.identity)
                    open_shown += not item.is_private
                elif isinstance(item, Rejection):
                    rejections.append(item.reason)
            ending = page.ending or ending
    except SourceError as error:
        failed = error.sentence
    if not failed and ending is None:
        raise AssertionError("the reading ended without saying how")
    whole = ending is not None and ending.completeness is Completeness.COMPLETE and not rejections
    return {
        "status": "failed" if failed else "ok" if whole else "partial",
        "completeness": "" if ending is None else ending.completeness.value,
        "reason": failed or (ending.reason if ending else ""),
        "records": 0 if failed else len(ids),
        "distinct": len(set(ids)),
        "read": len(ids),
        "public": open_shown,
        "rejections": {reason: rejections.count(reason) for reason in sorted(set(rejections))},
        "requests": web.requests,
    }


def read_apart(shared: Path, jobs: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Read every job (`id`, `url`, `kind`, `allow`) in a process of its own, some at a time.

    Each summary also gives `seconds`, `rss_mb`, `blocked` (connections to other machines that were tried),
    and `opened` (files outside the program that were opened).
    """
    command = [sys.executable, "-m", "tests.connectors.hostile", str(shared)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write("".join(json.dumps(dict(job)) + "\n" for job in jobs))
        process.stdin.close()
        for line in process.stdout:
            yield json.loads(line)
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


def _measured(job: Mapping[str, Any], shared: Path) -> dict[str, Any]:
    sys.path.insert(0, str(shared / "attacks"))
    sys.dont_write_bytecode = True
    from hostile_server import SocketGuard  # type: ignore[import-not-found]

    opened: list[str] = []

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and str(arguments[0]).startswith("/etc/host"):
            opened.append(str(arguments[0]))

    began = time.monotonic()
    with SocketGuard() as guard:
        sys.addaudithook(note)
        try:
            told = read_case(job["url"], kind=job["kind"], allow=job["allow"])
        except BaseException as error:
            told = {"status": "crashed", "reason": f"{type(error).__name__}: {error}"[:500], "records": -1}
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return {
        "id": job["id"],
        **told,
        "seconds": round(time.monotonic() - began, 1),
        "rss_mb": int(peak.split()[1]) // 1024,
        "blocked": [str(address) for address in guard.blocked],
        "opened": opened,
    }


def _main() -> None:
    """Fork one child for each job, so that the libraries are imported once and memory is measured apart."""
    import ckanapi  # noqa: F401

    from connectors import registry

    registry()
    shared = Path(sys.argv[1])
    jobs = [json.loads(line) for line in sys.stdin]
    running: set[int] = set()
    while jobs or running:
        while jobs and len(running) < AT_ONCE:
            job = jobs.pop(0)
            child = os.fork()
            if child == 0:
                line = json.dumps(_measured(job, shared)) + "\n"
                os.write(1, line.encode())
                os._exit(0)
            running.add(child)
        running.discard(os.wait()[0])


if __name__ == "__main__":
    _main()
