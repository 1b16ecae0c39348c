"""What a meeting that is being held costs the server: its page and its slides, rerun through a signed-in websocket.

Eight organisations are in the room; a card of 20 tiles made of eight datasets that one agreement lets them present; an
agenda of 12 items, another one on the table at every rerun; 30 records. Who asks is the chair, who may do everything.
CPU time of the server less what it uses at rest; the median of several turns, for the machine may be busy.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import uuid
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

import store
from benchmarks import _made_up, _sharing
from benchmarks._figures import Figure, say
from benchmarks._made_up import NOW
from benchmarks._processes import CACHE, ROOT, background, environment, free_port
from benchmarks._sharing import organisation
from benchmarks.cards import write_facts
from benchmarks.rerun import Tab, measured, python, sign_in, until_healthy
from catalogue.tables import DatasetRow
from governance import Housekeeping, Kind, Role, Viewer, Visit, machinery, operator, people
from governance.access import PartyRole, Use
from governance.agreements.document import Document, PartyLine, ScheduleLine, Terms
from governance.people import Newcomer
from governance.visit import clock, of_person
from meetings import holding, planning, recording
from meetings.planning import AgendaDraft, MeetingDraft
from meetings.reading import ItemKind, meeting, meetings
from meetings.recording import ActionDraft
from reportcards.observations import file_of, folder
from reportcards.tables import CardRow, IndicatorRow, ItemRow, RevisedRow, RevisionRow

ORGANISATIONS, DATASETS, TILES, AGENDA, RECORDS = 8, 8, 20, 12, 30
CARD, PURPOSE, CHAIR = "bench-card", "attendance", "bench"
PAGES = {
    "blank page": ("blank", "", ""),
    "page of a meeting": ("meeting", "name={name}&item={item}", "<= 100"),
    "slides of a meeting": ("present-meeting", "name={name}&i={place}", "<= 100"),
}
_TICKET = f"from governance import sign_in; print(sign_in.ticket('{CHAIR}', '127.0.0.1'))"
_ASKED = """
import json
from benchmarks import meeting_page
print(json.dumps(meeting_page.asked()))
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Hold a meeting in a home of its own and look at it again and again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--reruns", type=int, default=24, help="in each turn")
    parser.add_argument("--fill", action="store_true", help="what a child is told to do")
    given = parser.parse_args(arguments)
    if given.fill:
        fill()
        return
    env = environment(CACHE / "meeting")
    subprocess.run([sys.executable, "-m", "benchmarks.meeting_page", "--fill"], cwd=ROOT, env=env, check=True)
    looks = json.loads(python(_ASKED, env=env))
    port = free_port()
    command = [sys.executable, "-m", "benchmarks._server", "--server.address=127.0.0.1", f"--server.port={port}"]
    with background(command, env=env, log=CACHE / "meeting-server.log") as process:
        base = f"http://127.0.0.1:{port}"
        until_healthy(base, process)
        turns = _turns(base, process.pid, looks, given=given)
    for what, (page, _query, aim) in PAGES.items():
        told = what if page == "blank" else f"{what}: {TILES} tiles, {AGENDA} items, {RECORDS} records"
        value, quick = round(statistics.median(turns[what]), 1), given.turns < 5
        say(Figure(benchmark="meeting_page", what=told, value=value, unit="ms CPU", aim=aim, quick=quick))
        print(json.dumps({"page": page, "turns": turns[what]}), flush=True)


def _turns(
    base: str, pid: int, looks: Sequence[Mapping[str, str]], *, given: argparse.Namespace
) -> Mapping[str, list[float]]:
    """CPU milliseconds of one rerun of each page, a figure a turn; the pages take turns."""
    cookie = sign_in(base, python(_TICKET, env=environment(CACHE / "meeting")))
    turns: dict[str, list[float]] = {what: [] for what in PAGES}
    for _ in range(given.turns):
        for what, (page, query, _aim) in PAGES.items():
            tab = Tab(base, cookie=cookie, page=page, queries=[query.format(**each) for each in looks])
            turns[what].append(measured(tab, pid, given.reruns)[0])
            if query and b"Measure" not in tab.last:
                raise SystemExit(f"the {what} shows no figure")
    return turns


def asked() -> list[dict[str, str]]:
    """What the addresses ask for: each item of the agenda that has a figure, in a meeting whose room sees all tiles."""
    with _chair() as visit:
        name = meetings(visit)[0].name
        found, room = meeting(visit, name), holding.on_the_table(visit, name)
        if room.shown != TILES or len(found.records) != RECORDS or len(found.agenda) != AGENDA:
            raise SystemExit("the meeting is not the one that was to be measured")
        return [
            {"name": name, "item": each.id, "place": str(place)}
            for place, each in enumerate(found.agenda, start=1)
            if each.item_id
        ]


# The meeting -------------------------------------------------------------------------------------------------


def fill() -> None:
    """Datasets with numbers, the agreement that shares them, a card, and a meeting that is being held."""
    store.upgrade()
    with machinery("a made-up meeting", now=NOW) as visit:
        if visit.read().execute(select(CardRow.id).limit(1)).first():
            return
        _made_up.fill(1_000)
        _sharing.members(visit, ORGANISATIONS)
        with visit.change(_GRANT) as session:
            for each in range(DATASETS):
                said = {"organisation_id": organisation(each), "listing": "everyone", "band": "group", "state": "live"}
                session.execute(update(DatasetRow).where(DatasetRow.number == each + 1).values(**said))
        _sharing.agree(visit, [_agreement()])
        _lay_down(visit)
    with operator("benchmark") as visit:
        chair = Newcomer(username=CHAIR, display="Bench", organisation_id=organisation(0), roles=("chair",))
        people.invite(visit, chair, password="lantern harbour table seven")
    with _chair() as visit:
        _hold(visit)


_GRANT = Housekeeping(reason="a made-up meeting")


def _chair() -> AbstractContextManager[Visit]:
    viewer = Viewer(
        username=CHAIR,
        display="Bench",
        kind=Kind.PERSON,
        person_id=CHAIR,
        organisation_id=organisation(0),
        roles=frozenset({Role.CHAIR}),
    )
    return of_person(viewer, now=clock())


def _agreement() -> Document:
    everybody = [organisation(each) for each in range(ORGANISATIONS)]
    lines = [
        ScheduleLine(
            dataset=f"{each + 1:032x}",
            title=f"Dataset {each}",
            owner=organisation(each),
            min_cell=0,
            uses=(Use.VIEW, Use.PRESENT, Use.RETAIN),
            purposes=(PURPOSE,),
            receivers=tuple(name for name in everybody if name != organisation(each)),
        )
        for each in range(DATASETS)
    ]
    return Document(
        title="Who loses touch",
        lead=everybody[0],
        starts_on=NOW.date() - timedelta(days=90),
        ends_on=date(2035, 12, 31),
        parties=tuple(PartyLine(organisation=name, role=PartyRole.BOTH) for name in everybody),
        terms=Terms(purposes=(PURPOSE,)),
        schedule=tuple(lines),
    )


def _lay_down(visit: Visit) -> None:
    """A revision of each dataset with its share of the indicators, and a card of all of them."""
    folder().mkdir(parents=True, exist_ok=True)
    ids = sorted(uuid.UUID(int=number + 1).hex for number in range(TILES))
    with visit.change(_GRANT) as session:
        session.add(CardRow(id=CARD, name=CARD, title="Bench", area_code="A000000", purpose=PURPOSE, changed_at=NOW))
        for place in range(DATASETS):
            _revise(session, place, ids[place::DATASETS])
        session.flush()
        session.add_all(
            ItemRow(
                id=uuid.UUID(int=2_000_000 + place).hex,
                card_id=CARD,
                position=place,
                indicator_id=each,
                story={},
                partners=[],
                what_works=[],
            )
            for place, each in enumerate(ids)
        )


def _revise(session: Session, place: int, ids: Sequence[str]) -> None:
    """One dataset's revision, with these indicators in it."""
    dataset, revision = f"{place + 1:032x}", uuid.UUID(int=1_000_000 + place).hex
    write_facts(file_of(revision), ids, areas=5)
    about = {"dataset_id": dataset, "denominators": [], "disclosure": {}, "stated": {}, "changed_at": NOW}
    received = {"file_name": "made-up.csv", "format": "tidy", "received_at": NOW, "by": "bench"}
    session.add(RevisionRow(id=revision, dataset_id=dataset, checksum="", content="", counts={}, **received))
    session.add_all(
        IndicatorRow(id=each, code=each, name=f"Measure {each[-2:]}", unit="%", polarity="low", **about) for each in ids
    )
    session.flush()
    session.add_all(RevisedRow(indicator_id=each, number=1, revision_id=revision) for each in ids)


def _hold(visit: Visit) -> None:
    """Plan it, begin it, say who is here, and write down what was said."""
    name = planning.plan(visit, MeetingDraft(title="Bench meeting", starts_at=visit.now, card_name=CARD, length=240))
    agenda = [AgendaDraft(kind=ItemKind.OPENING, title="What is on your mind about our data?")]
    agenda += [
        AgendaDraft(kind=ItemKind.INDICATOR, title=f"Measure {place + 1}", item_id=uuid.UUID(int=2_000_000 + place).hex)
        for place in range(AGENDA - 1)
    ]
    planning.put_agenda(visit, name, agenda)
    holding.open_meeting(visit, name)
    holding.say_who_is_here(visit, name, {organisation(each): 2 for each in range(ORGANISATIONS)}, public=False)
    for number in range(RECORDS // 3):
        recording.decide(visit, name, f"Decision {number}: look again in spring.", rationale="It rose twice.")
        recording.act(visit, name, ActionDraft(what=f"Action {number}: ask the schools.", who="Sam"))
        recording.note(visit, name, f"Note {number}: the count is late.")


if __name__ == "__main__":
    main()
