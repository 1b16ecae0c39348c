"""Kill a harvest with -9 at random moments: `python -m tests.kills 200` prints what was found."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import store
from catalogue import runs, sources
from catalogue.runs import Run
from catalogue.tables import AliasRow, DatasetRow, DocumentRow, HistoryRow, StagedPageRow, StagedRecordRow
from connectors import registry
from governance import audit, machinery, operator
from store import guarded
from store.settings import Settings
from tests.connectors.portal import Portal, package, running

ROOT = Path(__file__).resolve().parents[1]


@dataclass(slots=True)
class Figures:
    """What the kills did."""

    kills: int = 0
    rounds: int = 0
    at: Counter[str] = field(default_factory=Counter)
    """In which state of the run they fell."""
    longest_recovery: float = 0.0
    """Seconds from a start to the end of a run that others had left."""


@dataclass(slots=True)
class Killer:
    """A portal, a process that forks harvests, and the checks after each round."""

    portal: Portal
    chance: random.Random
    process: subprocess.Popen[str]
    count: int
    figures: Figures = field(default_factory=Figures)
    serial: int = 0
    away: list[Any] = field(default_factory=list)

    def say(self, command: str) -> int:
        """Let a child begin; returns its process id once it is ready."""
        assert self.process.stdin is not None
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        return self.hear("ready")

    def hear(self, word: str) -> int:
        """Wait for a word of the child."""
        assert self.process.stdout is not None
        while line := self.process.stdout.readline():
            said, _, pid = line.partition(" ")
            if said == word:
                return int(pid)
        raise AssertionError("the forking process has ended")

    def hear_any(self) -> str:
        """The child's next word."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().partition(" ")[0]

    def calm_round(self) -> float:
        """A harvest nobody kills; returns its seconds."""
        began = time.monotonic()
        self.say("start")
        self.hear("done")
        self.hear("ended")
        self.check()
        return time.monotonic() - began

    def round(self, kills: int, seconds: float) -> None:
        """One harvest that is killed up to so many times, then left to finish by itself."""
        self.portal.put(self._changed())
        command = "start"
        for _ in range(kills):
            pid = self.say(command)
            command = "wait" if _under_way() else "start"
            alarm = threading.Timer(self.chance.uniform(0, seconds), os.kill, (pid, signal.SIGKILL))
            alarm.start()
            word = self.hear_any()
            while word not in ("ended", "done"):
                word = self.hear_any()
            alarm.cancel()
            alarm.join()
            if word == "done":
                self.hear("ended")
                break
            self.figures.kills += 1
            found = _under_way()
            self.figures.at[found.state.value if found else "between"] += 1
            command = "wait" if found else "start"
        began = time.monotonic()
        self.say(command)
        self.hear("done")
        self.hear("ended")
        self.figures.longest_recovery = max(self.figures.longest_recovery, time.monotonic() - began)
        self.figures.rounds += 1
        self.check()

    def fell(self, during: Collection[str], *, most: int) -> bool:
        """Whether a kill fell in each of these states; yes also when there were so many that none will."""
        return self.figures.kills >= most or all(self.figures.at[each] for each in during)

    def _changed(self) -> list[Any]:
        """Some are away until the next round, a third says something new, a few are new."""
        self.serial += 1
        held, self.away = self.portal.packages + self.away, []
        kept: list[Any] = []
        for each in held:
            if len(self.away) < 4 and self.chance.random() < 0.01:
                self.away.append(each)
            elif self.chance.random() < 0.3:
                kept.append({**each, "title": f"Round {self.serial} of {each['name']}"})
            else:
                kept.append(each)
        return kept + [package(self.count * self.serial + number) for number in range(self.count // 20)]

    def check(self) -> None:
        """Nothing lost, nothing doubled, nothing torn, and the catalogue says what the portal says."""
        with machinery("checks after a kill") as visit:
            session = visit.read()
            last = runs.runs(visit, limit=1)[0]
            assert last.result.status == "applied", last
            rows = session.query(DatasetRow).all()
            titles = {row.remote_id: row.title for row in rows if row.state == "live"}
            assert titles == {str(each["id"]): each["title"] for each in self.portal.packages}
            assert len({row.identity for row in rows}) == len({row.id for row in rows}) == len(rows)
            assert all(row.state in ("live", "missing") for row in rows)
            numbers = {row.number for row in rows}
            documents = {number for (number,) in session.query(DocumentRow.number)}
            assert documents == numbers
            assert {number for (number,) in session.query(AliasRow.number)} == numbers
            added = [number for (number,) in session.query(HistoryRow.number).filter_by(kind="added")]
            assert sorted(added) == sorted(numbers)
            for table in (StagedPageRow, StagedRecordRow):
                assert session.query(table).count() == 0, f"{table.__tablename__} was left behind"
            assert not [each for each in runs.runs(visit, limit=500) if not each.state.is_over]
            indexed = guarded(session, _count_indexed(), "checks the index").scalar_one()
            assert indexed == len(rows)
            assert audit.verify(visit).ok


def _count_indexed() -> Any:
    from sqlalchemy import text

    return text("SELECT count(*) FROM dataset_text")


def _under_way() -> Run | None:
    with machinery("looks how far the run was") as visit:
        return next((each for each in runs.runs(visit, limit=3) if not each.state.is_over), None)


def kill(
    wanted: int,
    *,
    during: Collection[str] = (),
    count: int = 400,
    seed: int = 1,
    tell: Callable[[str], None] = lambda _line: None,
) -> Figures:
    """Kill harvests of a portal of `count` datasets until `wanted` kills fell; the database is that of the settings.

    Chance decides when: it goes on, to five times as many, until one fell in each of the states `during`.
    """
    portal = Portal(most_rows=40, delay=0.01)
    portal.put([package(number) for number in range(count)])
    with running(portal):
        with operator("kill test") as visit:
            new = sources.NewSource(
                name="Portal", kind="ckan", location=f"http://{portal.address}/", allow=(portal.address,)
            )
            sources.add(visit, new, kinds=registry())
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.harvest_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=_environment(),
        )
        try:
            killer = Killer(portal, random.Random(seed), process, count)
            killer.hear("born")
            seconds = killer.calm_round()
            tell(f"a harvest nobody kills takes {seconds:.1f} s")
            while killer.figures.kills < wanted or not killer.fell(during, most=5 * wanted):
                before = killer.figures.kills
                killer.round(min(3, max(1, wanted - before)), seconds)
                if killer.figures.kills // 20 > before // 20:
                    tell(f"{killer.figures.kills} kills, {dict(killer.figures.at)}")
            return killer.figures
        finally:
            process.kill()
            process.wait(10)


def _environment() -> dict[str, str]:
    found = store.settings()
    return {**os.environ, "COMMONTABLE_HOME": str(found.home), "COMMONTABLE_DATABASE_URL": found.database_url}


def main() -> None:
    """Kill as often as the first argument says, and print the figures."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as folder:
        store.use_settings(Settings(home=Path(folder)))
        store.upgrade()
        began = time.monotonic()
        figures = kill(wanted, seed=int(time.time()), tell=lambda line: print(line, flush=True))
        told = {
            "kills": figures.kills,
            "harvests": figures.rounds,
            "fell while": dict(figures.at),
            "longest recovery, s": round(figures.longest_recovery, 1),
            "seconds": round(time.monotonic() - began),
            "lost, doubled or torn": 0,
        }
        print(json.dumps(told))


if __name__ == "__main__":
    main()
