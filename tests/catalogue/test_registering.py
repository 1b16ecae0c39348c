"""Registering a dataset: six answers, where it would stand, the steward's decision, the dataset it makes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue import curation, datasets, history, registering
from catalogue.answers import Answers, answers_from, kept, tidied
from catalogue.datasets import Way
from catalogue.spectrum import Band
from governance import Invalid, NotFound, NotPermitted, audit, operator
from tests.catalogue.made import NOW, Collaboration, collaboration

pytestmark = pytest.mark.usefixtures("home")

TENANCIES = Answers(
    title="Tenancies with someone under 18",
    description="One row per tenancy where a person under 18 lives.",
    people="rows",
    answers_for="hanna",
    frequency="monthly",
    listing="everyone",
)
COUNTS = replace(TENANCIES, title="Tenancies by ward", people="counts")
OPEN = replace(
    COUNTS,
    title="Tenancies by ward, published",
    link="https://data.tidewater.example/wards.csv",
    licence="CC-BY-4.0",
    formats=("CSV",),
)


def submitted(made: Collaboration, answers: Answers, username: str = "hanna") -> str:
    with made.as_(username) as visit:
        draft = registering.save_draft(visit, answers)
        return registering.submit(visit, draft.id).id


def approved(made: Collaboration, answers: Answers) -> str:
    with made.as_("jonas") as visit:
        draft = registering.save_draft(visit, answers)
        return registering.submit(visit, draft.id, approve_now=True).dataset_id


@pytest.mark.parametrize(
    ("answers", "band"),
    [
        (Answers(), "closed"),
        (TENANCIES, "closed"),
        (COUNTS, "closed"),
        (OPEN, "open"),
        (replace(OPEN, licence=""), "public-unclear"),
        (replace(OPEN, licence="CC-BY-NC-4.0"), "public-limited"),
        (replace(OPEN, formats=("PDF",)), "public-limited"),
        (replace(OPEN, link=""), "closed"),
        (replace(OPEN, band="closed"), "closed"),
        (replace(OPEN, band="group"), "group"),
        (replace(COUNTS, band="named"), "named"),
        (replace(TENANCIES, band="group"), "group"),
        (replace(COUNTS, band="open"), "closed"),
        (replace(OPEN, licence="", band="open"), "public-unclear"),
        (replace(OPEN, band="public-limited"), "public-limited"),
        (replace(OPEN, people="rows"), "closed"),
    ],
)
def test_the_preview_places_the_answers(answers: Answers, band: str) -> None:
    made = collaboration()
    with made.as_("hanna") as visit:
        assert registering.preview(visit, answers).band == band


def test_the_preview_says_why_it_is_closed() -> None:
    made = collaboration()
    with made.as_("hanna") as visit:
        sentence = registering.preview(visit, TENANCIES).sentence
    assert sentence.startswith("Closed: it holds one row for each person and no agreement covers it yet.")
    assert "Tidewater Homes" in sentence


_WORDS = st.sampled_from(["", "CSV", "PDF", "shape"])


@settings(max_examples=60, deadline=None)
@given(
    people=st.sampled_from(["", "no", "counts", "rows"]),
    link=st.sampled_from(["", "https://a.example/x", "not a link"]),
    licence=st.sampled_from(["", "CC-BY-4.0", "CC-BY-NC-4.0", "Ask us", "OGL-UK-3.0"]),
    formats=st.lists(_WORDS, max_size=2),
    band=st.sampled_from(["", *Band, "nonsense"]),
)
def test_nothing_stands_at_open_without_licence_link_and_format(
    people: str, link: str, licence: str, formats: list[str], band: str
) -> None:
    answers = replace(COUNTS, people=people, link=link, licence=licence, formats=tuple(formats), band=band)
    with operator("test", now=NOW) as visit:
        found = registering.preview(visit, answers)
    assert found.band is not Band.UNKNOWN
    if found.band is Band.OPEN:
        assert people != "rows"
        assert link.startswith("https://")
        assert licence in ("CC-BY-4.0", "OGL-UK-3.0")
        assert "CSV" in formats


def test_a_member_drafts_submits_and_the_steward_approves() -> None:
    made = collaboration()
    registration_id = submitted(made, TENANCIES)
    with made.as_("jonas") as visit:
        [waiting] = registering.waiting(visit)
        assert (waiting.id, waiting.by, waiting.state, waiting.answers) == (
            registration_id,
            "hanna",
            "submitted",
            TENANCIES,
        )
        done = registering.approve(visit, registration_id)
        assert (done.state, done.decided_by) == ("approved", "jonas")
        assert registering.waiting(visit) == []
    with made.as_("miriam") as visit:
        found = datasets.dataset(visit, done.dataset_id)
        assert (found.band, found.publisher, found.organisation) == ("closed", "Tidewater Homes", "Tidewater Homes")
        assert (found.contact_name, found.contact_email) == ("Hanna", "hanna@tidewater.example")
        assert (found.getting.way, found.getting.decides) == (Way.ASK, "Hanna")
        assert (found.is_registered, found.source_name, found.person_level) == (True, "", "identifiable")
        assert [each.kind for each in history.history(visit, done.dataset_id)] == ["approved"]


def test_a_steward_approves_their_own_at_once_and_a_member_cannot() -> None:
    made = collaboration()
    dataset_id = approved(made, replace(COUNTS, approver="The board"))
    with made.as_("hanna") as visit:
        assert datasets.dataset(visit, dataset_id).getting.decides == "The board"
        draft = registering.save_draft(visit, COUNTS)
        with pytest.raises(NotPermitted):
            registering.submit(visit, draft.id, approve_now=True)
        assert registering.registration(visit, draft.id).state == "draft"


def test_a_draft_is_kept_unfinished_and_taken_up_again() -> None:
    made = collaboration()
    with made.as_("hanna") as visit:
        draft = registering.save_draft(visit, Answers(title="  Half   done "))
        registering.save_draft(visit, replace(draft.answers, people="no"), registration_id=draft.id)
        [found] = registering.registrations(visit)
        assert (found.answers.title, found.answers.people, found.is_mine) == ("Half done", "no", True)
        registering.withdraw_draft(visit, draft.id)
        assert registering.registrations(visit) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"description": " "}, "description"),
        ({"people": "some"}, "people"),
        ({"answers_for": "priya"}, "answers_for"),
        ({"answers_for": ""}, "answers_for"),
        ({"frequency": "now and then"}, "frequency"),
        ({"listing": ""}, "listing"),
        ({"listing": "organisations"}, "organisations"),
        ({"link": "ftp://a.example/x"}, "link"),
        ({"link": "https://user:secret@a.example/x"}, "link"),
        ({"period_from": "2026-13"}, "period_from"),
        ({"period_from": "2026", "period_to": "2025"}, "period_to"),
        ({"usual_days": -1}, "usual_days"),
        ({"sensitivity": 4}, "sensitivity"),
        ({"band": "open"}, "band"),
        ({"band": "unknown"}, "band"),
    ],
)
def test_a_registration_says_which_answer_has_to_change(change: dict[str, Any], field: str) -> None:
    made = collaboration()
    with made.as_("hanna") as visit:
        draft = registering.save_draft(visit, replace(COUNTS, **change))
        with pytest.raises(Invalid) as fault:
            registering.submit(visit, draft.id)
        assert fault.value.field == field
        assert registering.registration(visit, draft.id).state == "draft"


def test_a_steward_asks_for_changes_and_the_member_hands_it_in_again() -> None:
    made = collaboration()
    registration_id = submitted(made, COUNTS)
    with made.as_("jonas") as visit:
        with pytest.raises(Invalid):
            registering.ask_changes(visit, registration_id, note=" ")
        registering.ask_changes(visit, registration_id, note="Which wards?")
    with made.as_("hanna") as visit:
        [back] = registering.waiting(visit)
        assert (back.state, back.note) == ("changes-asked", "Which wards?")
        registering.save_draft(visit, replace(COUNTS, description="All nine wards."), registration_id=back.id)
        registering.submit(visit, back.id)
        assert registering.waiting(visit) == []
    with made.as_("jonas") as visit:
        assert registering.approve(visit, registration_id).state == "approved"


def test_a_declined_registration_says_why_and_what_would_change_it() -> None:
    made = collaboration()
    registration_id = submitted(made, COUNTS)
    with made.as_("jonas") as visit:
        registering.decline(visit, registration_id, reason="We hold it for the council.", what_would_change="A letter.")
        for again in (registering.approve, lambda v, i: registering.decline(v, i, reason="x")):
            with pytest.raises(Invalid):
                again(visit, registration_id)
    with made.as_("hanna") as visit:
        [found] = registering.registrations(visit, state="declined")
        assert found.note == "We hold it for the council.\nWhat would change it: A letter."
        assert list(datasets.datasets(visit)) == []
        with pytest.raises(Invalid):
            registering.save_draft(visit, COUNTS, registration_id=registration_id)


def test_what_is_handed_in_cannot_be_changed_behind_the_steward() -> None:
    made = collaboration()
    registration_id = submitted(made, COUNTS)
    with made.as_("hanna") as visit, pytest.raises(Invalid):
        registering.save_draft(visit, TENANCIES, registration_id=registration_id)


def test_other_organisations_and_other_members_have_no_part_in_it() -> None:
    made = collaboration()
    made.person("olaf", "Tidewater Homes")
    with made.as_("hanna") as visit:
        draft = registering.save_draft(visit, COUNTS)
        with pytest.raises(NotPermitted):
            registering.save_draft(visit, COUNTS, organisation_id=made.organisations["Harbour Council"])
    with made.as_("olaf") as visit:
        with pytest.raises(NotPermitted):
            registering.save_draft(visit, TENANCIES, registration_id=draft.id)
        with pytest.raises(NotPermitted):
            registering.withdraw_draft(visit, draft.id)
    for username in ("priya", "ada", "miriam"):
        with made.as_(username) as visit:
            assert registering.registrations(visit) == []
            sentences = set()
            for target in (draft.id, "0" * 16):
                for ask in (registering.registration, registering.submit, registering.approve):
                    with pytest.raises(NotFound) as fault:
                        ask(visit, target)
                    sentences.add(fault.value.sentence)
            assert len(sentences) == 1
    registration_id = submitted(made, COUNTS)
    with made.as_("hanna") as visit, pytest.raises(NotPermitted):
        registering.approve(visit, registration_id)


def test_only_us_is_known_to_nobody_else() -> None:
    made = collaboration()
    dataset_id = approved(made, replace(TENANCIES, listing="owner"))
    named = approved(
        made,
        replace(TENANCIES, listing="organisations", organisations=(made.organisations["Harbour Council"],)),
    )
    with made.as_("miriam") as visit:
        assert [each.id for each in datasets.datasets(visit)] == [named]
    with made.as_("hanna") as visit:
        assert {each.id for each in datasets.datasets(visit)} == {dataset_id, named}


def test_the_steward_changes_a_registered_dataset() -> None:
    made = collaboration()
    dataset_id = approved(made, TENANCIES)
    with made.as_("jonas") as visit:
        answers = registering.answers_of(visit, dataset_id)
        assert answers == TENANCIES
        registering.change_registered(visit, dataset_id, replace(OPEN, answers_for="jonas"))
        found = datasets.dataset(visit, dataset_id)
        assert (found.band, found.title, found.contact_name) == ("open", OPEN.title, "Jonas")
        newest = history.history(visit, dataset_id)[0]
        assert newest.kind == "changed"
        assert "title" in newest.sentence
        with pytest.raises(Invalid):
            registering.change_registered(visit, dataset_id, replace(OPEN, title=""))
    for username in ("hanna", "priya"):
        with made.as_(username) as visit, pytest.raises(NotPermitted):
            registering.change_registered(visit, dataset_id, COUNTS)


def test_a_change_of_answers_keeps_a_band_that_the_steward_stated_since() -> None:
    made = collaboration()
    dataset_id = approved(made, TENANCIES)
    with made.as_("jonas") as visit:
        curation.place_dataset(visit, dataset_id, "group", reason="Agreement A-07")
        registering.change_registered(visit, dataset_id, replace(TENANCIES, description="New words."))
        found = datasets.dataset(visit, dataset_id)
        assert (found.band, found.description) == ("group", "New words.")


def test_a_curator_corrects_a_registered_dataset_without_losing_the_answers() -> None:
    made = collaboration()
    dataset_id = approved(made, COUNTS)
    with made.as_("jonas") as visit:
        curation.correct(visit, dataset_id, "title", value="Homes by ward", reason="Plainer")
        assert datasets.dataset(visit, dataset_id).title == "Homes by ward"
        assert registering.answers_of(visit, dataset_id).title == COUNTS.title


def test_each_step_leaves_one_audit_row_without_the_title() -> None:
    made = collaboration()
    registration_id = submitted(made, replace(TENANCIES, listing="owner"))
    with made.as_("jonas") as visit:
        registering.approve(visit, registration_id)
    with operator("test", now=NOW) as visit:
        told = audit.events(visit, target=f"registration:{registration_id}")
        assert [each.action for each in told] == ["dataset.decided", "dataset.submitted", "dataset.registered"]
        assert "Tenancies" not in repr(told)


@settings(max_examples=50, deadline=None)
@given(
    st.builds(
        Answers,
        title=st.text(max_size=20),
        description=st.text(max_size=20),
        usual_days=st.none() | st.integers(),
        keywords=st.lists(st.text(max_size=5), max_size=3).map(tuple),
    )
)
def test_tidied_answers_come_back_from_the_store_as_they_went_in(answers: Answers) -> None:
    clean = tidied(answers)
    assert answers_from(kept(clean)) == clean == tidied(clean)
