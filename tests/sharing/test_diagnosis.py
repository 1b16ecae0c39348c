"""The diagnosis card: each organisation answers for itself, and all who may read what it is about read all of it."""

from __future__ import annotations

import pytest

from governance import Invalid, NotFound, NotPermitted, audit, operator
from sharing import diagnosis, uses
from sharing.diagnosis import Changing, Kind, Place, SideBySide, Subject
from tests.sharing.table_of_uses import HARBOUR, NORTHBANK, TIDEWATER, Table, seated

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def table() -> Table:
    return seated()


@pytest.fixture
def agreement(table: Table) -> Subject:
    """Between Harbour Council, who gives, and Northbank Trust."""
    return Subject(kind=Kind.AGREEMENT, id=table.agree(HARBOUR, table.waiting))


def said(table: Table, about: Subject, place: Place, *, by: str, changing: Changing = Changing.INSIDE) -> None:
    with table.people.as_(by) as visit:
        diagnosis.say(visit, about, changing=changing, place=place, note=f" {by} says so. ")


def read(table: Table, about: Subject, *, by: str) -> SideBySide:
    with table.people.as_(by) as visit:
        return diagnosis.diagnoses(visit, about)


def test_parties_see_side_by_side_where_they_place_it_differently(table: Table, agreement: Subject) -> None:
    said(table, agreement, Place.VALUES, by="miriam")
    assert not read(table, agreement, by="nils").differs, "one voice alone differs from nobody"
    said(table, agreement, Place.ROLES, by="nora")
    found = read(table, agreement, by="nils")
    assert found.differs and found.may_say
    assert {place: [each.organisation for each in here] for place, here in found.by_place.items() if here} == {
        Place.VALUES: [HARBOUR],
        Place.ROLES: [NORTHBANK],
    }
    assert list(found.by_place) == list(Place), "all five, from values to roles"
    assert [each.note for each in found.said] == ["miriam says so.", "nora says so."]


def test_another_change_in_the_same_place_differs_too(table: Table, agreement: Subject) -> None:
    said(table, agreement, Place.TASKS, by="miriam")
    said(table, agreement, Place.TASKS, by="nora")
    assert not read(table, agreement, by="nora").differs
    said(table, agreement, Place.TASKS, by="nora", changing=Changing.OUTSIDE)
    assert read(table, agreement, by="nora").differs


def test_an_organisation_speaks_with_one_voice_and_may_change_its_mind(table: Table, agreement: Subject) -> None:
    said(table, agreement, Place.VALUES, by="miriam")
    said(table, agreement, Place.STRATEGY, by="priya")
    [only] = read(table, agreement, by="priya").said
    assert (only.organisation, only.place, only.note) == (HARBOUR, Place.STRATEGY, "priya says so.")
    with operator("reads the audit") as visit:
        events = audit.events(visit, action="diagnosis.said")
    assert [each.object for each in events] == [f"agreement:{agreement.id}"] * 2


def test_who_may_not_read_the_agreement_reads_and_says_nothing(table: Table, agreement: Subject) -> None:
    said(table, agreement, Place.VALUES, by="miriam")
    for attempt in (read, lambda *given, by: said(*given, Place.VALUES, by=by)):
        with pytest.raises(NotFound):
            attempt(table, agreement, by="hanna")


def test_an_administrator_reads_it_but_does_not_answer_for_others(table: Table, agreement: Subject) -> None:
    table.people.person("root", TIDEWATER, "admin")
    said(table, agreement, Place.VALUES, by="miriam")
    found = read(table, agreement, by="root")
    assert len(found.said) == 1 and not found.may_say
    with pytest.raises(NotPermitted):
        said(table, agreement, Place.ROLES, by="root")


def test_of_a_proposed_use_those_it_concerns_read_it_and_nobody_else(table: Table) -> None:
    use = Subject(kind=Kind.USE, id=table.ask(table.wants(table.waiting), by="nils"))
    said(table, use, Place.OBJECTIVES, by="nils")
    said(table, use, Place.VALUES, by="priya")
    assert read(table, use, by="miriam").differs
    others = read(table, use, by="hanna")
    assert (others.said, others.may_say) == ((), False), "the use is in the register, this talk is not"
    with pytest.raises(NotPermitted):
        said(table, use, Place.VALUES, by="hanna")


def test_a_use_that_one_may_not_know_of_is_not_there(table: Table) -> None:
    with table.people.as_("hanna") as visit:
        hidden = uses.propose(visit, table.wants(table.reviews))
    for unknown in (Subject(kind=Kind.USE, id=hidden), Subject(kind=Kind.USE, id="nothing")):
        with pytest.raises(NotFound):
            read(table, unknown, by="nils")


def test_a_note_that_is_too_long_is_said_in_one_sentence(table: Table, agreement: Subject) -> None:
    with table.people.as_("miriam") as visit, pytest.raises(Invalid, match="at most 1,000 characters"):
        diagnosis.say(visit, agreement, changing=Changing.INSIDE, place=Place.VALUES, note="w" * 1001)
    assert read(table, agreement, by="miriam").said == ()
