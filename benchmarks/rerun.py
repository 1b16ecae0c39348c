"""What one rerun of a page costs the server: a blank page, and the catalogue with 100,000 datasets, warm.

A signed-in websocket asks for the same page again and again, as a click does; the server's CPU time is read before
and after, and what it uses in the meantime for its own (heartbeats of the jobs) is measured first and taken off.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import parse_qsl

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from benchmarks._figures import Figure, say
from benchmarks._processes import CACHE, ROOT, background, cpu_of, environment, free_port

PAGES = {
    "blank page": ("blank", "", "<= 10"),
    "catalogue": ("catalogue", "", "<= 60"),
    "catalogue, another common word each time": ("catalogue", "q={word}", "<= 60"),
    "home page": ("", "", ""),
}
_PREPARE = """
import json, sys
from pathlib import Path
import store
from benchmarks import _made_up, catalogue_page
home, size = Path(sys.argv[1]), int(sys.argv[2])
catalogue_page._build(size, home)
store.upgrade()
from governance import operator, people, sign_in
from governance.people import Newcomer
with operator("benchmark") as visit:
    if "bench" not in {each.username for each in people.people(visit)}:
        council = people.save_organisation(visit, "Bench Council")
        people.invite(visit, Newcomer(username="bench", display="Bench", organisation_id=council.id, roles=("member",)),
                      password="lantern harbour table seven")
print(json.dumps({"words": _made_up.words_by_frequency()["common"]}))
"""
TICKET = "from governance import sign_in; print(sign_in.ticket('bench', '127.0.0.1'))"


def main(arguments: Sequence[str] | None = None) -> None:
    """Start the server on the made-up catalogue, sign in, rerun."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--datasets", type=int, default=100_000)
    parser.add_argument("--reruns", type=int, default=60)
    given = parser.parse_args(arguments)
    home = CACHE / f"home-{given.datasets}"
    env = environment(home)
    words = json.loads(python(_PREPARE, str(home), str(given.datasets), env=env))["words"]
    port = free_port()
    command = [sys.executable, "-m", "benchmarks._server", "--server.address=127.0.0.1", f"--server.port={port}"]
    with background(command, env=env, log=CACHE / "server.log") as process:
        base = f"http://127.0.0.1:{port}"
        until_healthy(base, process)
        cookie = sign_in(base, python(TICKET, env=env))
        for what, (page, query, aim) in PAGES.items():
            tab = Tab(base, cookie=cookie, page=page, queries=[query.format(word=word) for word in words])
            milliseconds, wire = measured(tab, process.pid, given.reruns)
            if page == "catalogue" and b" datasets from " not in tab.last:
                raise SystemExit("the catalogue page shows no datasets")
            quick, told = given.datasets < 100_000, f"{what}, {given.datasets:,} datasets"
            say(Figure(benchmark="rerun", what=told, value=milliseconds, unit="ms CPU", aim=aim, quick=quick))
            print(json.dumps({"page": what, "bytes a rerun": wire}), flush=True)


def measured(tab: Tab, pid: int, reruns: int) -> tuple[float, int]:
    """CPU milliseconds and bytes of one rerun."""
    for _ in range(5):
        tab.rerun()
    resting, began = cpu_of(pid), time.perf_counter()
    time.sleep(3)
    idle = (cpu_of(pid) - resting) / (time.perf_counter() - began)
    used, began = cpu_of(pid), time.perf_counter()
    wire = sum(tab.rerun() for _ in range(reruns))
    used, seconds = cpu_of(pid) - used, time.perf_counter() - began
    tab.close()
    return round((used - idle * seconds) * 1000 / reruns, 1), wire // reruns


class Tab:
    """One browser tab, as far as the server can tell."""

    def __init__(self, base: str, *, cookie: str, page: str, queries: list[str]) -> None:
        self._socket: ClientConnection = connect(
            base.replace("http://", "ws://") + "/_stcore/stream",
            additional_headers={"Cookie": f"commontable={cookie}"},
            origin=Origin(base),
            subprotocols=[Subprotocol("streamlit")],
            max_size=None,
            legacy=True,
        )
        asked = BackMsg()
        asked.rerun_script.page_name = page
        asked.rerun_script.context_info.url = f"{base}/{page}"
        asked.rerun_script.context_info.timezone = "Europe/London"
        self._asked, self._queries, self._runs = asked, queries, 0
        self.last = b""
        """The frames of the last run."""
        self.rerun()

    def rerun(self) -> int:
        """Run the page once more; how many bytes came."""
        query = self._queries[self._runs % len(self._queries)]
        self._asked.rerun_script.query_string = query
        self._runs += 1
        self._socket.send(self._asked.SerializeToString())
        frames = []
        while True:
            frame = self._socket.recv(timeout=120)
            assert isinstance(frame, bytes)
            frames.append(frame)
            message = ForwardMsg()
            message.ParseFromString(frame)
            if message.WhichOneof("type") == "navigation":
                self._asked.rerun_script.page_script_hash = message.navigation.page_script_hash
            if message.WhichOneof("type") == "script_finished":
                self.last = b"".join(frames)
                if any(value.encode() not in self.last for _, value in parse_qsl(query)[:1]):
                    raise SystemExit(f"the page does not answer {query}")
                return sum(map(len, frames))

    def close(self) -> None:
        """Close the tab."""
        self._socket.close()


def python(program: str, *given: str, env: dict[str, str]) -> str:
    """What a program prints, run in a process of its own."""
    command = [sys.executable, "-c", program, *given]
    return subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def sign_in(base: str, ticket: str) -> str:
    """The session's cookie."""
    with httpx.Client(base_url=base, headers={"sec-fetch-site": "same-origin"}) as client:
        client.post("/session/start", json={"ticket": ticket}).raise_for_status()
        return str(client.cookies["commontable"])


def until_healthy(base: str, process: subprocess.Popen[bytes]) -> None:
    """Wait for the server; its log is the error when it ends instead."""
    for _ in range(1_200):
        if process.poll() is not None:
            raise SystemExit(Path(CACHE / "server.log").read_text("utf-8", "replace"))
        try:
            if httpx.get(f"{base}/healthz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise SystemExit("the server did not become healthy in two minutes")


if __name__ == "__main__":
    main()
