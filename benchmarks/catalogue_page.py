"""A catalogue page (total, best 20, exact facets) against Datasette on the same rows, query by query in one run.

`python -m benchmarks.catalogue_page --sizes 10000,100000` prints one JSON object a class of queries and a table.
Ours: ranked, ten facets, a viewer who may not know of one dataset in twenty. Datasette: the datasets this viewer
may know of, six facets, no ranking. The totals of both have to be equal, or the run fails. Ratios of CPU time are
the ones to trust on a busy machine. What was built is kept in `.cache/bench`.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import http.client
import json
import os
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlencode

import store
from benchmarks import _made_up
from catalogue import arrays, search
from catalogue.search import Query
from governance import Visit
from governance.visit import Kind, Viewer, of_person
from store.settings import Settings

CACHE = Path(__file__).resolve().parents[1] / ".cache" / "bench"
DATASETTE = "datasette==0.65.5"
VIEWER = Viewer(username="bench", display="Bench", kind=Kind.PERSON, person_id="bench", organisation_id="nobody")
_FACETS = ("organisation", "band", "licence", "area")
_LISTS = ("themes", "formats")
_UNLIMITED = ("facet_time_limit_ms", "sql_time_limit_ms", "facet_suggest_time_limit_ms")
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One query, for us and for Datasette."""

    ours: Query
    theirs: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One class of queries; times in milliseconds."""

    size: int
    queries: str
    asked: int
    hits: int
    ours_wall_p50: float
    ours_cpu_p50: float
    ours_cpu_p95: float
    datasette_wall_p50: float
    datasette_cpu_mean: float
    times_wall: float
    times_cpu: float
    load: float


def main(arguments: Sequence[str] | None = None) -> None:
    """Build what is missing, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="10000,100000")
    parser.add_argument("--queries", type=int, default=8, help="queries of each class")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--classes", default="", help="only these classes of queries, separated by commas")
    given = parser.parse_args(arguments)
    # A plain end would leave Datasette running.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    results = []
    for size in (int(each) for each in given.sizes.split(",")):
        for result in measure(size, queries=given.queries, rounds=given.rounds, only=given.classes):
            print(json.dumps(asdict(result)), flush=True)
            results.append(result)
    print(_table(results))


def measure(size: int, *, queries: int, rounds: int, only: str = "") -> Iterator[Result]:
    """Every class of queries at one size."""
    home, peer = CACHE / f"home-{size}", CACHE / f"peer-{size}.sqlite"
    store.use_settings(Settings(home=home))
    _build(size, home)
    _build_peer(home, peer)
    with of_person(VIEWER, now=_made_up.NOW) as visit, datasette(peer) as (port, pid):
        their = Datasette(port, pid, peer.stem)
        started = time.process_time()
        arrays.current(visit.read())
        print(f"arrays of {size:,} loaded in {time.process_time() - started:.1f} s CPU", file=sys.stderr)
        chosen = {name: asked for name, asked in _classes(queries).items() if not only or name in only.split(",")}
        for name, asked in chosen.items():
            search.find(visit, asked[0].ours)
            gc.collect()
            gc.freeze()
            yield _one_class(visit, their, asked * rounds, name=name, size=size)
    store.use_settings(None)


def _one_class(visit: Visit, their: Datasette, asked: list[Asked], *, name: str, size: int) -> Result:
    wall, cpu, their_wall, hits = [], [], [], []
    their_cpu = 0.0
    for each in asked:
        arrays.current(visit.read()).recent.clear()
        started, began = time.process_time(), time.perf_counter()
        total = search.find(visit, each.ours).total
        cpu.append((time.process_time() - started) * 1000)
        wall.append((time.perf_counter() - began) * 1000)
        before, began = their.cpu(), time.perf_counter()
        theirs = their.total(each.theirs)
        their_wall.append((time.perf_counter() - began) * 1000)
        their_cpu += their.cpu() - before
        if total != theirs:
            raise SystemExit(f"{each.ours.text!r}: we find {total}, Datasette {theirs}")
        hits.append(total)
    ours, mean = statistics.median(cpu), their_cpu / len(asked)
    return Result(
        size=size,
        queries=name,
        asked=len(asked),
        hits=int(statistics.median(hits)),
        ours_wall_p50=round(statistics.median(wall), 1),
        ours_cpu_p50=round(ours, 1),
        ours_cpu_p95=round(sorted(cpu)[min(len(cpu) - 1, int(len(cpu) * 0.95))], 1),
        datasette_wall_p50=round(statistics.median(their_wall), 1),
        datasette_cpu_mean=round(mean, 1),
        times_wall=round(statistics.median(their_wall) / statistics.median(wall), 1),
        times_cpu=round(mean / statistics.mean(cpu), 1),
        load=round(os.getloadavg()[0], 1),
    )


def _classes(number: int) -> dict[str, list[Asked]]:
    # Words of five letters at most: a longer one we also find written as two, and the totals would differ.
    short = {name: [word for word in words if len(word) < 6] for name, words in _made_up.words_by_frequency().items()}
    common, middling, rare = short["common"][:number], short["middling"][:number], short["rare"][:number]
    pairs = list(zip(common, [*common[1:], common[0]], strict=True))
    begun = [(word, other[:4]) for word, other in zip(common, middling, strict=False)]
    return {
        "common word": [_asked(word) for word in common],
        "two words": [_asked(f"{one} {two}") for one, two in pairs],
        "rare word": [_asked(word) for word in rare],
        "word and beginning": [_asked(f"{word} {start}*") for word, start in begun],
        "beginning": [_asked(f"{start}*") for _, start in begun],
        "word and filter": [_asked(word, band="open") for word in common],
        "filter": [_asked("", band=band) for band in ("open", "closed", "group")],
        "nothing typed": [_asked("")] * 3,
    }


def _asked(text: str, *, band: str = "") -> Asked:
    theirs = {"_search": text, "_searchmode": "raw"} if text else {}
    filters = {"band": (band,)} if band else {}
    return Asked(ours=Query(text=text, size=20, filters=filters), theirs=theirs | ({"band": band} if band else {}))


# Datasette ---------------------------------------------------------------------------------------------------


class Datasette:
    """A running Datasette, asked over one connection."""

    def __init__(self, port: int, pid: int, database: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
        self._pid = pid
        facets = [("_facet", name) for name in _FACETS] + [("_facet_array", name) for name in _LISTS]
        self._address = f"/{database}/dataset.json?{urlencode([('_size', '20'), *facets])}&"

    def total(self, query: dict[str, str]) -> int:
        """Ask for a page; the number of rows it says there are."""
        self._connection.request("GET", self._address + urlencode(query))
        answer = json.loads(self._connection.getresponse().read())
        if len(answer["facet_results"]) != len(_FACETS) + len(_LISTS):
            raise SystemExit(f"Datasette left facets out: {sorted(answer['facet_results'])}")
        return int(answer["filtered_table_rows_count"])

    def cpu(self) -> float:
        """CPU time of the process so far, in milliseconds."""
        fields = Path(f"/proc/{self._pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * 1000 / _TICKS


@contextlib.contextmanager
def datasette(peer: Path) -> Iterator[tuple[int, int]]:
    """A Datasette on this file, with its time limits lifted; installed apart from our own packages."""
    python = CACHE / "venv" / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(CACHE / "venv")], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", DATASETTE], check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [part for name in _UNLIMITED for part in ("--setting", name, "600000")]
    options += ["--setting", "suggest_facets", "off", "--setting", "default_cache_ttl", "0"]
    command = [str(python), "-m", "datasette", "serve", str(peer), "--port", str(port), *options]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


def _build(size: int, home: Path) -> None:
    if not (home / "complete").exists():
        store.upgrade()
        _made_up.fill(size)
        (home / "complete").touch()


def _build_peer(home: Path, peer: Path) -> None:
    """The rows our viewer may know of in one table, with the full-text index Datasette looks for."""
    if peer.exists():
        return
    unfinished = peer.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(unfinished, uri=True)) as connection:
        connection.execute("ATTACH ? AS ours", (f"file:{home / 'commontable.sqlite'}?mode=ro",))
        connection.executescript(_PEER)
        for name in (*_FACETS, "updated_on"):
            connection.execute(f"CREATE INDEX ix_{name} ON dataset ({name})")
        connection.execute("ANALYZE main")
        connection.commit()
    unfinished.rename(peer)


_PEER = """
PRAGMA main.journal_mode = OFF;
CREATE TABLE dataset (number INTEGER PRIMARY KEY, title TEXT, keywords TEXT, body TEXT, organisation TEXT, band TEXT,
  licence TEXT, area TEXT, themes TEXT, formats TEXT, updated_on TEXT);
INSERT INTO dataset SELECT number, title,
  (SELECT group_concat(value, ' . ') FROM (SELECT value FROM json_each(d.keywords)
    UNION ALL SELECT value FROM json_each(d.themes))),
  description || ' . ' || publisher || ' . ' || source_name || ' . ' || identifier || ' . ' || spatial
    || ' . ' || coalesce((SELECT group_concat(value, ' . ') FROM json_each(d.life_events)), '')
    || ' . ' || coalesce((SELECT group_concat(value, ' . ') FROM json_each(d.formats)), ''),
  publisher, band, licence, spatial, themes, formats, updated_on
FROM ours.dataset AS d WHERE listing = 'everyone' ORDER BY number;
CREATE VIRTUAL TABLE dataset_fts USING fts5(title, keywords, body, content="dataset", content_rowid='number',
  tokenize='unicode61 remove_diacritics 2');
INSERT INTO dataset_fts(dataset_fts) VALUES('rebuild');
"""


def _table(results: Sequence[Result]) -> str:
    head = f"{'datasets':>10}  {'queries':<20}{'hits':>9}{'CPU p50':>9}{'p95':>8}"
    head += f"{'Datasette':>11}{'CPU x':>8}{'wall x':>8}"
    lines = [
        f"{each.size:>10,}  {each.queries:<20}{each.hits:>9,}{each.ours_cpu_p50:>9}{each.ours_cpu_p95:>8}"
        f"{each.datasette_cpu_mean:>11}{each.times_cpu:>8}{each.times_wall:>8}"
        for each in results
    ]
    return "\n".join(["", head, *lines])


if __name__ == "__main__":
    main()
