"""Screening, comfort, barriers and risks of real datasets, and the place that follows from them for each reader."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance import Invalid, NotFound, NotPermitted, Visit, audit, concerns, operator
from governance.concerns import About, ConcernKind, State, Worry
from sharing import barriers, readiness, risks, screening, uses
from sharing.barriers import Standing
from sharing.candidates import Demand, Entry, candidate, candidates
from sharing.questions import Answer, Counts, questions
from sharing.ranking import Band, Barrier, Comfort, People, Permission
from sharing.risks import Weight
from sharing.screening import last_day
from sharing.uses import Proposal
from tests.catalogue.made import NOW, TODAY, Collaboration, collaboration, harvested, record, source

pytestmark = pytest.mark.usefixtures("home")

FINE = {code: each.fine.value for code, each in questions().items()}
CITED = {"law": "Harbour by-laws, section 4"}


@pytest.fixture
def made() -> Collaboration:
    built = collaboration()
    built.person("carl", "Tidewater Homes", "chair")
    return built


@pytest.fixture
def air(made: Collaboration) -> str:
    return owned(made, "Air quality")


def owned(made: Collaboration, title: str, *, listing: str = "everyone", **more: object) -> str:
    """A dataset of Harbour Council that is not open, with everything that the catalogue can say in its favour."""
    said = record(title, **{"person_level": "aggregate", "approver": "Head of data", **more})
    council = made.organisations["Harbour Council"]
    return harvested(said, source_id=source(f"Source of {title}"), organisation_id=council, listing=listing)


def signed(made: Collaboration, dataset_id: str, answers: dict[str, str] | None = None, *, later: int = 0) -> None:
    now = NOW + timedelta(days=later)
    with made.as_("miriam", now=now) as visit:
        screening.answer(visit, dataset_id, {**FINE, **(answers or {})}, notes=CITED)
    with made.as_("priya", now=now) as visit:
        screening.sign(visit, dataset_id)


def comfortable(made: Collaboration, dataset_id: str, comfort: Comfort, *, tell: bool = False) -> None:
    with made.as_("priya") as visit:
        readiness.say(visit, dataset_id, comfort, tell=tell)


def unhindered(made: Collaboration, dataset_id: str) -> None:
    with made.as_("miriam") as visit:
        for each in Barrier:
            barriers.note(visit, dataset_id, Standing(barrier=each, stands=False))


def seen(made: Collaboration, username: str, dataset_id: str, *, later: int = 0, demand: Demand | None = None) -> Entry:
    with made.as_(username, now=NOW + timedelta(days=later)) as visit:
        return candidate(visit, dataset_id, demand or Demand())


def worried(made: Collaboration, dataset_id: str, *, felt: int = 1, kind: ConcernKind = ConcernKind.OTHER) -> str:
    about = About(kind="dataset", id=dataset_id, title="Air quality")
    with made.as_("hanna") as visit:
        return concerns.raise_concern(visit, Worry(about=about, words="They will rank us.", felt=felt, kind=kind)).id


def last_event(made: Collaboration) -> audit.Event:
    with operator("reads the audit") as visit:
        return audit.events(visit, limit=1)[0]


def test_there_are_twelve_questions_each_with_what_would_help() -> None:
    assert len(questions()) == 12
    assert {each.counts for each in questions().values()} == set(Counts)
    assert all(each.helps and each.words.endswith("?") for each in questions().values())


def test_a_screening_counts_from_the_signature_of_the_owners_steward(made: Collaboration, air: str) -> None:
    with made.as_("miriam") as visit:
        screening.answer(visit, air, FINE, notes=CITED)
        drafted = candidate(visit, air, Demand())
        with pytest.raises(NotPermitted):
            screening.sign(visit, air)
    assert drafted.screening.counting is None and drafted.ranked.candidate.permission is None
    with made.as_("priya") as visit:
        screening.sign(visit, air)
    counting = seen(made, "hanna", air).screening.counting
    assert counting is not None and (counting.signed_by, counting.by, counting.missing) == ("priya", "miriam", 0)
    assert (last_event(made).action, last_event(made).object) == ("screening.signed", f"dataset:{air}")


def test_nobody_else_reads_a_draft_and_nobody_else_answers(made: Collaboration, air: str) -> None:
    with made.as_("miriam") as visit:
        screening.answer(visit, air, {"law": "no"})
    assert seen(made, "hanna", air).screening.draft is None
    with made.as_("jonas") as visit, pytest.raises(NotPermitted):
        screening.answer(visit, air, FINE)


def test_a_question_without_an_answer_cannot_be_signed_and_nothing_is_lost(made: Collaboration, air: str) -> None:
    with made.as_("priya") as visit:
        screening.answer(visit, air, {**FINE, "law": "", "told": ""})
        with pytest.raises(Invalid, match="2 questions have no answer yet"):
            screening.sign(visit, air)
        draft = screening.screened(visit, air)[air].draft
        assert draft is not None and draft.missing == 2
        for wrong in ({"law": "maybe"}, {"unheard-of": "yes"}):
            with pytest.raises(Invalid):
                screening.answer(visit, air, wrong)


def test_new_answers_are_a_draft_and_what_was_signed_counts_until_they_are_signed(
    made: Collaboration, air: str
) -> None:
    signed(made, air)
    with made.as_("miriam") as visit:
        screening.answer(visit, air, {**FINE, "law": "no"}, notes=CITED)
    assert seen(made, "miriam", air).ranked.candidate.permission is Permission.CLEAR
    with made.as_("priya") as visit:
        screening.sign(visit, air)
    assert seen(made, "miriam", air).ranked.candidate.permission is Permission.REFUSED


def test_it_lapses_after_twelve_months_the_last_day_included(made: Collaboration, air: str) -> None:
    signed(made, air)
    days = (last_day(TODAY) - TODAY).days
    last, after = seen(made, "hanna", air, later=days), seen(made, "hanna", air, later=days + 1)
    assert last.screening.counting is not None and after.screening.counting is None
    assert after.screening.signed is not None and after.screening.signed.lapsed
    assert after.ranked.band is Band.CARE and after.ranked.candidate.permission is None


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_twelve_months_are_a_year_whatever_the_day(day: date) -> None:
    last = last_day(day)
    assert (last.year, last.month) == (day.year + 1, day.month) and last.day in (day.day, 28)
    assert 365 <= (last - day).days + (day.month == 2 and day.day == 29) <= 366


@pytest.mark.parametrize(
    ("answers", "notes", "permission"),
    [
        ({}, CITED, Permission.CLEAR),
        ({}, {}, Permission.UNSURE),
        ({"law": "uncertain"}, CITED, Permission.UNSURE),
        ({"rights": "uncertain"}, CITED, Permission.UNSURE),
        ({"rights": "yes"}, CITED, Permission.CONTESTED),
        ({"law": "no", "rights": "yes"}, CITED, Permission.REFUSED),
    ],
)
def test_permission_is_clear_only_with_its_citation(
    made: Collaboration, air: str, answers: dict[str, str], notes: dict[str, str], permission: Permission
) -> None:
    with made.as_("priya") as visit:
        screening.answer(visit, air, {**FINE, **answers}, notes=notes)
        screening.sign(visit, air)
        assert candidate(visit, air, Demand()).ranked.candidate.permission is permission


def test_counts_are_taken_for_small_ones_until_the_screening_says_otherwise(made: Collaboration, air: str) -> None:
    def people(dataset_id: str) -> People | None:
        return seen(made, "hanna", dataset_id).ranked.candidate.people

    unsaid, rows = (owned(made, level or "None said", person_level=level) for level in ("", "identifiable"))
    assert (people(air), people(unsaid), people(rows)) == (People.SMALL, None, People.IDENTIFIABLE)
    for each in (air, rows):
        signed(made, each)
    assert (people(air), people(rows)) == (People.AGGREGATE, People.IDENTIFIABLE)
    signed(made, air, {"small": "uncertain"})
    assert people(air) is People.SMALL


def test_a_risk_counts_as_the_worst_until_it_is_weighed(made: Collaboration, air: str) -> None:
    signed(made, air, {"misread": "yes"})
    assert seen(made, "hanna", air).ranked.candidate.worst is None
    with made.as_("miriam") as visit, pytest.raises(NotPermitted):
        risks.weigh(visit, air, Weight(risk="question:misread", likelihood=1, impact=2))
    with made.as_("priya") as visit:
        for wrong in (Weight(risk="question:misread", likelihood=0, impact=4),):
            with pytest.raises(Invalid):
                risks.weigh(visit, air, wrong)
        with pytest.raises(NotFound):
            risks.weigh(visit, air, Weight(risk="question:told", likelihood=1, impact=1))
        risks.weigh(visit, air, Weight(risk="question:misread", likelihood=2, impact=2, agreed="A note"))
    assert seen(made, "hanna", air).ranked.candidate.worst == 4
    days = (last_day(TODAY) - TODAY).days + 1
    signed(made, air, {"misread": "yes"}, later=days)
    assert seen(made, "hanna", air, later=days).ranked.candidate.worst is None, "a weighing lapses too"


def test_a_concern_is_a_risk_until_it_is_eased_and_a_strong_one_a_stop(made: Collaboration, air: str) -> None:
    signed(made, air)
    mild = worried(made, air)
    found = seen(made, "miriam", air)
    assert (found.concerns, found.ranked.candidate.worst, found.ranked.candidate.serious) == (1, None, False)
    with made.as_("priya") as visit:
        risks.weigh(visit, air, Weight(risk=f"concern:{mild}", likelihood=3, impact=3))
        assert candidate(visit, air, Demand()).ranked.candidate.worst == 9
    strong = worried(made, air, felt=3, kind=ConcernKind.LEGAL)
    found = seen(made, "miriam", air)
    assert found.ranked.candidate.serious and found.ranked.candidate.permission is Permission.CONTESTED
    with made.as_("hanna") as visit:
        for each in (mild, strong):
            concerns.settle(visit, each, State.CLOSED)
    found = seen(made, "miriam", air)
    assert (found.concerns, found.ranked.candidate.worst, found.ranked.candidate.serious) == (0, 0, False)


def test_how_strongly_it_is_felt_is_no_part_of_the_points(made: Collaboration, air: str) -> None:
    signed(made, air)
    mild = worried(made, air, felt=1)
    before = seen(made, "hanna", air).ranked
    worried(made, air, felt=2)
    with made.as_("hanna") as visit:
        concerns.settle(visit, mild, State.CLOSED)
    assert seen(made, "hanna", air).ranked.sum == before.sum


def test_the_catalogue_names_two_barriers_and_the_owners_word_goes_before(made: Collaboration) -> None:
    bare = owned(made, "Bare", approver="", distributions=())
    paper = owned(made, "Paper", distributions=(record().distributions[0].__class__(title="Scan", format="PDF"),))
    assert dict(standing(made, bare)) == {Barrier.APPROVER: True}
    assert dict(standing(made, paper)) == {Barrier.APPROVER: False, Barrier.FORMAT: True}
    with made.as_("miriam") as visit:
        said = Standing(barrier=Barrier.FORMAT, stands=False, remedy="Typed in by hand", who="  The  desk ")
        barriers.note(visit, paper, said)
    found = seen(made, "hanna", paper).barriers[Barrier.FORMAT]
    assert (found.stands, found.remedy, found.who, found.by) == (False, "Typed in by hand", "The desk", "miriam")
    with made.as_("hanna") as visit, pytest.raises(NotPermitted):
        barriers.note(visit, paper, said)
    with made.as_("hanna") as visit:
        assert barriers.counted(each.barriers for each in candidates(visit, Demand())) == {Barrier.APPROVER: 1}


def standing(made: Collaboration, dataset_id: str) -> list[tuple[Barrier, bool]]:
    return [(each, found.stands) for each, found in seen(made, "hanna", dataset_id).barriers.items()]


def test_others_read_the_same_row_whatever_the_owner_says_of_its_comfort(made: Collaboration, air: str) -> None:
    signed(made, air)
    unhindered(made, air)
    birds = owned(made, "Birds")
    signed(made, birds, {"decision": "no"})

    def told(username: str) -> str:
        with made.as_(username) as visit:
            return str([(each.dataset.id, each.ranked, each.readiness) for each in candidates(visit, Demand())])

    rows = {told("carl")}
    for each in Comfort:
        comfortable(made, air, each)
        rows.add(told("carl"))
    assert len(rows) == 1, "nothing in it moves with the comfort, not even the order"
    assert seen(made, "carl", air).ranked.band is Band.NEXT
    assert seen(made, "miriam", air).ranked.band is Band.START


def test_others_learn_that_an_owner_is_ready_when_it_tells_them(made: Collaboration, air: str) -> None:
    signed(made, air)
    with made.as_("priya") as visit, pytest.raises(Invalid):
        readiness.say(visit, air, Comfort.CONDITIONS, tell=True)
    comfortable(made, air, Comfort.HAPPY, tell=True)
    found = seen(made, "carl", air)
    assert found.ranked.band is Band.START and found.readiness is not None
    assert (found.readiness.comfort, found.readiness.by, found.readiness.changed_on) == (Comfort.READY, "", None)
    assert "happy" not in str(found) and "happy" in str(seen(made, "miriam", air)).casefold()
    comfortable(made, air, Comfort.HAPPY)
    assert seen(made, "carl", air).ranked.band is Band.NEXT, "what was told can be taken back"


def test_neither_the_audit_nor_an_administrator_of_another_organisation_reads_the_comfort(
    made: Collaboration, air: str
) -> None:
    made.person("root", "Tidewater Homes", "admin", "steward")
    comfortable(made, air, Comfort.NOT_READY)
    event = last_event(made)
    assert event.action == "readiness.said" and "not-ready" not in str(event)
    assert seen(made, "root", air).readiness is None
    with made.as_("root") as visit, pytest.raises(NotPermitted):
        readiness.say(visit, air, Comfort.READY)


def test_the_owner_who_has_said_nothing_counts_as_not_ready_for_its_own_people(made: Collaboration, air: str) -> None:
    signed(made, air)
    assert seen(made, "miriam", air).ranked.stops == ("too little is known",)
    comfortable(made, air, Comfort.NOT_READY)
    assert seen(made, "miriam", air).ranked.stops == ("the owner is not ready",)


def test_what_one_may_not_know_of_is_nowhere(made: Collaboration, air: str) -> None:
    heron = owned(made, "Heron nests", listing="owner")
    signed(made, heron)
    comfortable(made, heron, Comfort.READY, tell=True)
    with made.as_("miriam") as visit:
        assert {each.dataset.id for each in candidates(visit, Demand())} == {air, heron}
    with made.as_("hanna") as visit:
        assert {each.dataset.id for each in candidates(visit, Demand())} == {air}
        assert heron not in str((screening.screened(visit), readiness.readiness(visit), risks.weights(visit)))
        hidden = _refused(visit, heron)
        assert hidden == _refused(visit, "nothing-there")


def _refused(visit: Visit, dataset_id: str) -> set[str]:
    said = set()
    for attempt in (
        lambda: candidate(visit, dataset_id, Demand()),
        lambda: screening.answer(visit, dataset_id, FINE),
        lambda: readiness.say(visit, dataset_id, Comfort.READY),
        lambda: risks.weigh(visit, dataset_id, Weight(risk="question:told", likelihood=1, impact=1)),
    ):
        with pytest.raises(NotFound) as refused:
            attempt()
        said.add(refused.value.sentence)
    return said


def test_only_what_belongs_to_somebody_here_and_is_not_open_is_a_candidate(made: Collaboration, air: str) -> None:
    free = owned(made, "Free", person_level="none", licence=("CC-BY-4.0",))
    harvested(record("Nobody's"), source_id=source("Elsewhere"))
    with made.as_("hanna") as visit:
        assert [each.dataset.id for each in candidates(visit, Demand())] == [air]
        with pytest.raises(NotFound):
            candidate(visit, free, Demand())


def test_what_other_rooms_count_and_who_asked_make_its_value(made: Collaboration, air: str) -> None:
    with made.as_("hanna") as visit:
        said = Proposal(title="Walks", summary="Laid beside asthma.", purpose="health", value="Better air.")
        uses.propose(visit, replace(said, datasets=(air,)))
    demand = Demand(needed={air: 4}, waiting={air})
    found = seen(made, "miriam", air, demand=demand)
    assert found.asked_by == ("Tidewater Homes",)
    assert [each.points for each in found.ranked.value] == [3, 1, 2, 0]
    signed(made, air, {"decision": "no", "finding": "uncertain"})
    assert [each.points for each in seen(made, "miriam", air).ranked.value] == [0, 1, 0, 0]


def test_answers_are_those_of_the_enumeration() -> None:
    assert {each.fine for each in questions().values()} <= set(Answer)
