"""Whatever a source does and however it breaks: what it still has is never withdrawn, and nothing is doubled."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from catalogue import brakes, reading, runs
from catalogue.tables import CorrectionRow, DatasetRow, RunRow
from governance import Housekeeping, machinery
from tests.catalogue.fake_source import FakeSource, Fault, Killed, record
from tests.catalogue.harvests import MONDAY, add_source, harvest, visiting

_names = itertools.count()
HONEST = [fault for fault in Fault if fault is not Fault.HALF]
EVENTS = ("add", "remove", "change", "hide", "show", "unlist", "list", "rename", "return")


@dataclass(slots=True, kw_only=True)
class Model:
    """A source, its history, and what must be true of the catalogue after every run."""

    name: str
    fake: FakeSource
    chance: random.Random
    now: datetime = MONDAY
    gone: list[str] = field(default_factory=list)
    withdrawn: set[str] = field(default_factory=set)
    """Ids of the datasets that were withdrawn after the last run."""
    serial: int = 0

    def rows(self) -> dict[str, DatasetRow]:
        """Identity -> row of this source's datasets."""
        with visiting() as visit:
            found = visit.read().query(DatasetRow).filter_by(source_name=self.name).all()
        assert len({row.identity for row in found}) == len(found)
        return {row.identity: row for row in found}

    def happen(self, event: str) -> None:
        """Something changes at the source."""
        fake, names = self.fake, sorted(self.fake.holds)
        one = self.chance.choice(names) if names else ""
        if event == "add" or not one:
            self.serial += 1
            fake.put(record(f"n{self.serial:03d}"))
        elif event == "remove":
            del fake.holds[one]
            self.gone.append(one)
        elif event == "return" and self.gone:
            fake.put(record(self.gone.pop()))
        elif event == "change":
            self.serial += 1
            fake.put(replace(record(one, title=f"Version {self.serial}"), aliases=fake.holds[one].aliases))
        elif event == "rename":
            self.serial += 1
            old = fake.holds.pop(one)
            fake.put(record(f"r{self.serial:03d}", title=old.title, aliases=old.aliases))
        elif event in ("hide", "unlist"):
            (fake.private if event == "hide" else fake.unlisted).add(one)
        elif event in ("show", "list"):
            (fake.private if event == "show" else fake.unlisted).clear()

    def read(self, fault: Fault, *, kill: bool) -> runs.RunResult:
        """One run, killed on the way when asked, and carried to its end; then everything is checked."""
        self.fake.fault, self.fake.seed = fault, self.chance.randrange(1000)
        if kill:
            self.fake.kill_at = self.chance.randrange(3)
            try:
                result = harvest(self.fake, self.now, self.name)
            except Killed:
                result = self._carry_on()
            self.fake.kill_at = None
        else:
            result = harvest(self.fake, self.now, self.name)
        self._check(result)
        return result

    def _carry_on(self) -> runs.RunResult:
        self.fake.kill_at = None
        with visiting() as visit:
            (row,) = visit.read().query(RunRow).filter(RunRow.running.is_not(None)).all()
        reading.harvest(row.id)
        with visiting() as visit:
            return runs.run(visit, row.id).result

    def _check(self, result: runs.RunResult) -> None:
        rows = self.rows()
        held = {alias for each in self.fake.holds.values() for alias in each.aliases}
        newly = {row.id: row for row in rows.values() if row.state == "withdrawn" and row.id not in self.withdrawn}
        for row in newly.values():
            still = row.identity in self.fake.holds and row.identity not in self.fake.private
            assert not still, f"{row.identity} was withdrawn while its source has it: {row.state_reason}"
            assert row.missing_since is not None and self.now - row.missing_since >= timedelta(days=7)
        assert len(held) == len(self.fake.holds)
        self.withdrawn = {row.id for row in rows.values() if row.state == "withdrawn"}
        assert result.live == sum(row.state == "live" for row in rows.values())

    def settle(self) -> None:
        """Once the source is sound again, the catalogue holds exactly what it shows."""
        self.fake.is_deaf = False
        self.fake.private.clear()
        self.fake.unlisted.clear()
        self.now += timedelta(hours=1)
        result = self.read(Fault.NONE, kill=False)
        if result.status == "held":
            with visiting(self.now) as visit:
                result = runs.release(visit, result.run, "looked at").result
        rows = self.rows()
        live = {name: row.title for name, row in rows.items() if row.state == "live"}
        shown = {name: each.title for name, each in self.fake.holds.items()}
        assert {name for name in live if name not in shown} == set()
        assert {name: live.get(name) for name in shown} == shown
        before = {name: (row.changed_at, row.fingerprint, row.state) for name, row in rows.items()}
        again = self.read(Fault.NONE, kill=False)
        if shown or not live:
            assert (again.added, again.changed, again.restored) == (0, 0, 0)
        after = {name: (row.changed_at, row.fingerprint, row.state) for name, row in self.rows().items()}
        assert after == before


@pytest.fixture(scope="module", autouse=True)
def _readers() -> Iterator[None]:
    """Give the readers back that were installed before."""
    before = reading._trade.opener
    yield
    reading._trade.opener = before


step = st.tuples(
    st.lists(st.sampled_from(EVENTS), max_size=4),
    st.sampled_from(list(Fault)),
    st.integers(min_value=0, max_value=9),
    st.booleans(),
    st.booleans(),
)


@settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    size=st.sampled_from([3, 12, 60]),
    asked=st.booleans(),
    seed=st.integers(0, 10_000),
    steps=st.lists(step, min_size=2, max_size=9),
)
@example(size=12, asked=True, seed=1, steps=[([], Fault.HALF, 8, False, False)] * 4)
@example(size=12, asked=False, seed=1, steps=[([], Fault.EMPTY, 8, False, True)] * 4)
@example(size=3, asked=True, seed=2, steps=[(["unlist", "rename"], Fault.NONE, 8, True, False)] * 4)
@example(size=12, asked=True, seed=3, steps=[(["remove", "return"], Fault.HALF, 9, True, True)] * 4)
def test_no_schedule_of_faults_withdraws_what_the_source_still_has(
    home: Path, size: int, asked: bool, seed: int, steps: list[tuple[list[str], Fault, int, bool, bool]]
) -> None:
    name = f"Source {next(_names)}"
    add_source(name)
    model = Model(name=name, fake=FakeSource(page=5, can_be_asked=asked), chance=random.Random(seed))
    model.fake.fill(size)
    assert model.read(Fault.NONE, kill=False).added == size
    for events, fault, days, kill, deaf in steps:
        for event in events:
            if asked or event != "unlist":
                model.happen(event)
        model.now += timedelta(days=days, minutes=1)
        model.fake.is_deaf = deaf
        # A source that leaves records out of a list it calls whole, and cannot be asked for them, is believed in time.
        lies = fault is Fault.HALF and not asked
        model.read(Fault.NONE if lies else fault, kill=kill)
    model.settle()


def test_a_correction_survives_any_history(home: Path) -> None:
    add_source("Kept")
    model = Model(name="Kept", fake=FakeSource(page=5), chance=random.Random(7))
    model.fake.fill(12)
    model.read(Fault.NONE, kill=False)
    target = model.rows()["d0004"]
    with machinery("test") as visit, visit.change(Housekeeping(reason="test")) as session:
        session.add(CorrectionRow(number=target.number, field="title", value="As corrected", by="miriam", at=MONDAY))
    for day in range(12):
        model.now += timedelta(days=1)
        for event in model.chance.choices(["change", "rename", "add"], k=3):
            model.happen(event)
        model.read(model.chance.choice(HONEST), kill=bool(day % 2))
        (row,) = [row for row in model.rows().values() if row.id == target.id]
        assert row.title in ("As corrected", target.title)
    model.fake.put(*(replace(each, description="new") for each in list(model.fake.holds.values())))
    model.fake.put(*(replace(each, fingerprint="f" + each.fingerprint) for each in model.fake.holds.values()))
    model.now += timedelta(days=1)
    model.read(Fault.NONE, kill=False)
    (row,) = [row for row in model.rows().values() if row.id == target.id]
    assert row.title == "As corrected"


@pytest.mark.parametrize(
    ("held", "seen", "missing", "holds"),
    [
        (0, 0, 0, False),
        (1, 0, 1, True),
        (6, 1, 5, False),
        (6, 0, 6, True),
        (50, 45, 5, False),
        (50, 44, 6, True),
        (442, 398, 44, False),
        (442, 397, 45, True),
    ],
)
def test_the_brake_holds_above_five_and_a_tenth(held: int, seen: int, missing: int, holds: bool) -> None:
    assert bool(brakes.hold(held=held, seen=seen, missing=missing)) is holds
