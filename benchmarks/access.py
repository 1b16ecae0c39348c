"""What it costs to say of a whole list who may look at what: 8,000 schedule rows, 200 agreements, 30 organisations.

Forms of one rule over one made-up collaboration, each asked by a member of another organisation at every look: the
statement that lists use, the column of the catalogue that is made with it, and the rule itself put to every row. They
have to name the same datasets, or the run fails. CPU time of the asking process, warm, the median of the looks.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date, timedelta

import numpy as np
from sqlalchemy import select, update

import store
from benchmarks import _made_up, _sharing
from benchmarks._figures import Figure, say
from benchmarks._made_up import NOW
from benchmarks._processes import CACHE, ROOT, environment
from benchmarks._sharing import organisation, person
from catalogue import allowed, arrays, search
from catalogue.allowed import Access
from catalogue.search import Query
from catalogue.tables import DatasetRow
from governance import Housekeeping, Kind, Viewer, Visit, machinery
from governance.access import Band, Dataset, PartyRole, Use, Why, decide
from governance.agreements.document import Document, PartyLine, ScheduleLine, Terms
from governance.covering import covered
from governance.standing import facts
from governance.tables import AgreementRow
from governance.visit import of_person
from store import guarded

ORGANISATIONS, AGREEMENTS, ROWS, PARTIES = 30, 200, 8_000, 6
PURPOSES = ("attendance", "housing", "health")
_EACH_HAS = ROWS // ORGANISATIONS
_dataset = DatasetRow.__table__.c
_LISTED = select(_dataset.number, _dataset.id, _dataset.organisation_id.label("owner"), _dataset.band).subquery()


def main(arguments: Sequence[str] | None = None) -> None:
    """Fill a home of its own, then look at it again and again, in a child that has that home."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--datasets", type=int, default=100_000)
    parser.add_argument("--looks", type=int, default=60)
    parser.add_argument("--child", action="store_true", help="what the child is told to do")
    given = parser.parse_args(arguments)
    if given.child:
        fill(given.datasets)
        measure(given.datasets, given.looks)
        return
    options = ["--child", f"--datasets={given.datasets}", f"--looks={given.looks}"]
    env = environment(CACHE / f"access-{given.datasets}")
    subprocess.run([sys.executable, "-m", "benchmarks.access", *options], cwd=ROOT, env=env, check=True)


def measure(datasets: int, looks: int) -> None:
    """The figures, after all forms have named the same datasets for everybody."""
    for number in range(ORGANISATIONS):
        with _eyes(number) as visit:
            if not by_statement(visit) == by_column(visit) == by_rule(visit) != set():
                raise SystemExit(f"the forms of the rule do not agree for {person(number)}")
    rows = f"{ROWS:,} rows, {ORGANISATIONS} organisations"
    forms: dict[str, tuple[Callable[[Visit], object], str]] = {
        f"{rows}: the statement for lists": (by_statement, "<= 60"),
        f"{rows}: column of {datasets:,} datasets": (by_column, "<= 60"),
        f"{rows}: {datasets:,} datasets found, with all facets": (_found, ""),
        f"{rows}: the rule put to each row": (by_rule, ""),
    }
    cpu: dict[str, list[float]] = {what: [] for what in forms}
    for look in range(looks):
        for what, (ask, _aim) in forms.items():
            cpu[what].append(_cost(ask, look % ORGANISATIONS))
    for what, (_ask, aim) in forms.items():
        value, quick = round(statistics.median(cpu[what]), 1), datasets < 100_000
        say(Figure(benchmark="access", what=what, value=value, unit="ms CPU", aim=aim, quick=quick))
        print(json.dumps({"form": what, "least": round(min(cpu[what]), 1)}), flush=True)


def _cost(ask: Callable[[Visit], object], number: int) -> float:
    """CPU milliseconds of one look, its connection to the database included."""
    began = time.process_time()
    with _eyes(number) as visit:
        ask(visit)
    return (time.process_time() - began) * 1000


def _eyes(number: int) -> AbstractContextManager[Visit]:
    name = person(number)
    viewer = Viewer(username=name, display=name, kind=Kind.PERSON, person_id=name, organisation_id=organisation(number))
    return of_person(viewer, now=NOW)


def by_statement(visit: Visit) -> set[int]:
    """Numbers of the datasets that an agreement lets the viewer look at, asked as lists ask."""
    wanted = covered(visit, _LISTED, use=Use.VIEW).with_only_columns(_LISTED.c.number)
    return set(guarded(visit.read(), wanted, "a benchmark asks as the catalogue does").scalars())


def by_column(visit: Visit) -> set[int]:
    """The same from the column that is made for the whole catalogue."""
    column = allowed.column(visit, arrays.current(visit.read()))
    assert column is not None
    return set(np.flatnonzero(column.codes == list(Access).index(Access.COVERED)).tolist())


def by_rule(visit: Visit) -> set[int]:
    """The same, each dataset decided on its own, for one purpose after another until one is covered."""
    known, who = facts(visit, _subjects()), visit.viewer.username
    return {
        number
        for number, each in enumerate(_subjects(), start=1)
        if any(
            decide(known, who, use=Use.VIEW, dataset=each.id, purpose=purpose, now=visit.now).why is Why.COVERED
            for purpose in PURPOSES
        )
    }


def _found(visit: Visit) -> search.Found:
    return search.find(visit, Query(with_access=True))


# The collaboration -------------------------------------------------------------------------------------------


def fill(datasets: int) -> None:
    """A made-up catalogue whose first datasets belong to members, turn by turn, and the agreements that share them."""
    store.upgrade()
    with machinery("a made-up collaboration", now=NOW) as visit:
        if visit.read().execute(select(AgreementRow.id).limit(1)).first():
            return
        _made_up.fill(datasets)
        _sharing.members(visit, ORGANISATIONS)
        with visit.change(Housekeeping(reason="a made-up collaboration")) as session:
            for owner in range(ORGANISATIONS):
                theirs = DatasetRow.number.in_([number for number, each in _owners() if each == owner])
                said = {"organisation_id": organisation(owner), "listing": "everyone", "band": "group"}
                session.execute(update(DatasetRow).where(theirs).values(**said))
        _sharing.agree(visit, map(_document, range(AGREEMENTS)))


def _owners() -> Iterator[tuple[int, int]]:
    """Number of each dataset that a member owns, and which."""
    return ((number, (number - 1) % ORGANISATIONS) for number in range(1, ROWS + 1))


def _subjects() -> list[Dataset]:
    return [Dataset(id=f"{number:032x}", owner=organisation(owner), band=Band.GROUP) for number, owner in _owners()]


def _document(number: int) -> Document:
    """Six parties, of which two give a row turn by turn to some of the others."""
    drawn, first = random.Random(number), number % ORGANISATIONS
    parties = [first, *drawn.sample([each for each in range(ORGANISATIONS) if each != first], PARTIES - 1)]
    lines = [_line(drawn, parties, place=place, number=number) for place in range(ROWS // AGREEMENTS)]
    return Document(
        title=f"Agreement {number}",
        lead=organisation(first),
        starts_on=NOW.date() - timedelta(days=90),
        ends_on=date(2030, 12, 31),
        parties=tuple(
            PartyLine(
                organisation=organisation(each),
                role=PartyRole.BOTH if place < 2 else PartyRole.RECEIVES,
                stakes="What we know of the families who trust us.",
            )
            for place, each in enumerate(parties)
        ),
        terms=Terms(purpose="To see earlier where help is needed.", purposes=PURPOSES, privacy="Counts only. " * 40),
        schedule=tuple(lines),
    )


def _line(drawn: random.Random, parties: Sequence[int], *, place: int, number: int) -> ScheduleLine:
    owner = parties[place % 2]
    dataset = drawn.randrange(_EACH_HAS) * ORGANISATIONS + owner + 1
    receivers = [each for each in parties if each != owner and drawn.random() < 0.8]
    return ScheduleLine(
        dataset=f"{dataset:032x}",
        title=f"Dataset {dataset} of agreement {number}",
        owner=organisation(owner),
        channel="a secure transfer",
        format="CSV",
        frequency="monthly",
        uses=(Use.VIEW, Use.PRESENT),
        purposes=tuple(drawn.sample(PURPOSES, 2)),
        receivers=tuple(map(organisation, receivers)),
        privacy_note="Counts below ten are not shown.",
    )


if __name__ == "__main__":
    main()
