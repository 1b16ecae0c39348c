"""The pages of agreements over real rooms: nine fields, five steps, who may do what; what is read is what is signed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from markupsafe import Markup
from msgspec.structs import replace
from streamlit.testing.v1 import AppTest

from catalogue.spectrum import Band, Stated
from governance import Visit, holds, visiting
from governance.access import Detail, PartyRole, Scope, Use
from governance.agreements import drafting, reading, signing
from governance.agreements.document import Document, PartyLine, ScheduleLine, Terms
from governance.agreements.reading import AgreementView, State
from governance.agreements.signing import Signature
from pages.share import _agreement_datasets as datasets
from tests.catalogue.made import Collaboration, collaboration, harvested, record, source

pytestmark = pytest.mark.usefixtures("home")
LAST = date(2027, 11, 20)
"""A year from the day of the tests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Harbour Council, Tidewater Homes and Saltmarsh Trust; two datasets, one of them only its owner's."""

    made: Collaboration
    tenancies: str
    secret: str

    def organisation(self, name: str) -> str:
        return self.made.organisations[name]

    def found(self, agreement_id: str, username: str = "priya", *, version: str = "") -> AgreementView:
        with self.made.as_(username) as visit:
            return reading.agreement(visit, agreement_id, version=version)


@pytest.fixture
def ground() -> Ground:
    made = collaboration()
    made.organisation("Saltmarsh Trust")
    made.person("sam", "Saltmarsh Trust", "steward")
    owner, harbour = made.organisations["Tidewater Homes"], source("Tidewater data")
    tenancies = harvested(record("Tenancies"), source_id=harbour, organisation_id=owner)
    secret = harvested(record("Evictions"), source_id=harbour, organisation_id=owner, listing="owner")
    return Ground(made=made, tenancies=tenancies, secret=secret)


def _script(drawn, opened, given):  # type: ignore[no-untyped-def]  # Streamlit runs its text, without our names
    import importlib

    import streamlit as st

    from governance import CommonTableError

    module, _, name = drawn.rpartition(".")
    setattr(importlib.import_module("pages.shell.again"), "visiting", lambda *_session, **_touch: opened())  # noqa: B010
    draw = getattr(importlib.import_module(f"pages.share.{module}"), name)
    with opened() as visit:
        try:
            draw(*(given or (visit,)))
        except CommonTableError as error:
            st.text(f"{type(error).__name__}: {error.sentence}")


@pytest.fixture(autouse=True)
def _visiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Dialogs check the session anew; here the page's own person is in it, and afterwards it is as it was."""
    monkeypatch.setattr("pages.shell.again.visiting", visiting)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A page as one person sees it."""

    test: AppTest

    @property
    def words(self) -> str:
        """What it says, on one line."""
        told = Markup("\n").join(Markup(each.proto.body) for each in self.test.get("html"))
        return " ".join(told.striptags().split())

    @property
    def markup(self) -> str:
        return "\n".join(each.proto.body for each in self.test.get("html"))

    @property
    def refused(self) -> str:
        return self.test.text[0].value if self.test.text else ""

    @property
    def buttons(self) -> list[str]:
        return [each.label for each in self.test.button]

    def press(self, label: str) -> Shown:
        next(each for each in self.test.button if each.label == label).click().run()
        assert not self.test.exception, self.test.exception
        return self


def shown(ground: Ground, path: str, username: str, **query: str) -> Shown:
    """The page as this person sees it, run once."""
    return _drawn(ground, f"{path}.render", username, query=query)


def dialog(ground: Ground, name: str, username: str, *given: str) -> Shown:
    """A dialog that stays open: its function is what a button of the page calls."""
    return _drawn(ground, f"_agreement_{name}", username, given=given)


def _drawn(
    ground: Ground, drawn: str, username: str, *, query: dict[str, str] | None = None, given: tuple[str, ...] = ()
) -> Shown:
    @contextmanager
    def visit() -> Iterator[Visit]:
        with ground.made.as_(username) as one:
            yield one

    test = AppTest.from_function(_script, default_timeout=60, args=(drawn, visit, given))
    test.query_params.update(query or {})
    test.run()
    assert not test.exception, test.exception
    return Shown(test=test)


def document(ground: Ground, **more: Any) -> Document:
    """Everything an agreement needs to be signed."""
    council, homes = ground.organisation("Harbour Council"), ground.organisation("Tidewater Homes")
    said: dict[str, Any] = {
        "title": "Young people’s pathways",
        "lead": council,
        "starts_on": date(2026, 11, 21),
        "ends_on": LAST,
        "review_on": LAST - timedelta(days=60),
        "parties": (
            PartyLine(organisation=council, role=PartyRole.BOTH, stakes="If this leaks, nobody trusts us again."),
            PartyLine(organisation=homes, role=PartyRole.BOTH, stakes="We fear a league table.", puts_in="An analyst"),
        ),
        "terms": Terms(
            who="The heads sign.",
            purpose="To see early who needs a home. Not for decisions about one person.",
            purposes=("homes",),
            how="Monthly, as a file.",
            access="The council’s analysts.",
            privacy="Small counts are hidden.",
            breach_contact="The data desk.",
        ),
        "schedule": (
            ScheduleLine(
                dataset=ground.tenancies,
                title="Tenancies",
                owner=homes,
                channel="here",
                uses=(Use.VIEW, Use.PRESENT),
                purposes=("homes",),
                receivers=(council,),
            ),
        ),
    }
    return Document(**{**said, **more})


def drafted(ground: Ground, said: Document | None = None) -> str:
    with ground.made.as_("priya") as visit:
        return drafting.draft(visit, said or document(ground))


def opened(ground: Ground, said: Document | None = None) -> str:
    """An agreement that waits for its signatures."""
    agreement_id = drafted(ground, said)
    with ground.made.as_("priya") as visit:
        found = reading.agreement(visit, agreement_id)
        drafting.for_review(visit, found.version.id)
        subjects = datasets.subjects(visit, found.document)
        signing.open_for_signature(visit, found.version.id, subjects=subjects)
    return agreement_id


def sign(ground: Ground, agreement_id: str, username: str) -> None:
    found = ground.found(agreement_id, username)
    with ground.made.as_(username) as visit:
        given = Signature(signatory=f"Head of {username}", title="Head")
        signing.sign(visit, found.version.id, given, content_hash=found.version.content_hash)


def in_force(ground: Ground) -> str:
    agreement_id = opened(ground)
    for username in ("priya", "jonas"):
        sign(ground, agreement_id, username)
    return agreement_id


def steps(page: Shown) -> list[tuple[str, str]]:
    """The steps of the strip with what is said under them."""
    found = re.findall(r'<li class="ct-(\w+)"[^>]*><b>(.*?)</b><span>(.*?)</span></li>', page.markup)
    return [(state, Markup(words).striptags().partition(" (")[0]) for state, words, _detail in found]


def fill(page: Shown, ground: Ground) -> Shown:
    """The nine fields and one row, as somebody types them."""
    test = page.test
    test.text_input(key="agreement-title").set_value("Homes for young people")
    test.multiselect(key="agreement-parties").set_value([ground.organisation("Tidewater Homes")]).run()
    test.text_area(key="agreement-purpose").set_value("To see early who needs a home.")
    test.multiselect(key="agreement-purposes").set_value(["Homes "])
    test.button_group(key="agreement-person_level").set_value("none")
    test.text_area(key="agreement-privacy").set_value("Small counts are hidden.")
    test.text_input(key="agreement-breach_contact").set_value("The data desk")
    test.text_area(key="agreement-who").set_value("The heads sign.")
    test.run()
    page.press("Add a dataset")
    box = next(each for each in test.selectbox if each.label == "Dataset")
    box.set_value(ground.tenancies).run()
    assert not test.exception, test.exception
    return page


def test_nine_fields_and_one_row_make_a_draft_that_lacks_only_what_is_at_stake(
    ground: Ground, went: list[tuple[str, dict[str, str]]]
) -> None:
    page = fill(shown(ground, "agreement_draft", "priya"), ground).press("Keep the draft")
    [(path, query)] = went
    assert path == "agreement"
    found = ground.found(query["id"])
    assert found.document.title == "Homes for young people"
    assert found.document.terms.purposes == ("homes",)
    assert found.document.ends_on == LAST
    [row] = found.document.schedule
    assert (row.dataset, row.owner) == (ground.tenancies, ground.organisation("Tidewater Homes"))
    assert row.receivers == (ground.organisation("Harbour Council"),)
    assert (row.detail, row.uses, row.purposes) == (Detail.AGGREGATE, (Use.VIEW, Use.PRESENT), ("homes",))
    with ground.made.as_("priya") as visit:
        subjects = datasets.subjects(visit, found.document)
        lacking = reading.problems(visit, found.version.id, subjects=subjects)
    assert all("at stake" in each for each in lacking), lacking
    assert len(lacking) == 2
    assert page.refused == ""


def test_what_is_lacking_is_said_beside_its_field_and_nothing_typed_is_lost(ground: Ground) -> None:
    page = shown(ground, "agreement_draft", "priya")
    page.test.text_area(key="agreement-purpose").set_value("To see early.").run()
    page.press("Add a dataset").press("Keep the draft")
    assert "Give it a name" in page.words
    assert "Choose at least one other organisation." in page.words
    assert "Say whether it is about people" in page.words
    assert "Choose the dataset, or take the row out." in page.words
    assert page.test.text_area(key="agreement-purpose").value == "To see early."


def test_the_last_day_before_the_first_is_one_clear_sentence(ground: Ground) -> None:
    page = shown(ground, "agreement_draft", "priya")
    page.test.date_input(key="agreement-ends_on").set_value(date(2026, 1, 1)).run()
    page.press("Keep the draft")
    assert "The last day is before the first: change one of them." in page.words


def test_only_datasets_of_the_parties_that_the_writer_may_know_of_are_offered(ground: Ground) -> None:
    page = fill(shown(ground, "agreement_draft", "priya"), ground)
    box = next(each for each in page.test.selectbox if each.label == "Dataset")
    assert [each.split(" · ")[0] for each in box.options] == ["Tenancies"]
    page.test.multiselect(key="agreement-parties").set_value([ground.organisation("Saltmarsh Trust")]).run()
    assert "own no dataset here that you may know of" in page.words


def test_what_a_party_says_meanwhile_is_not_lost_when_the_draft_is_saved(
    ground: Ground, went: list[tuple[str, dict[str, str]]]
) -> None:
    agreement_id = drafted(ground)
    page = shown(ground, "agreement_draft", "priya", id=agreement_id, version="1.0")
    version = ground.found(agreement_id).version.id
    with ground.made.as_("hanna") as visit:
        drafting.say_stakes(visit, version, stakes="No family should find out here.")
    page.test.text_input(key="agreement-title").set_value("Pathways").run()
    page.press("Keep the draft")
    assert went[0][0] == "agreement"
    found = ground.found(agreement_id)
    assert found.document.title == "Pathways"
    assert [each.stakes for each in found.parties][1] == "No family should find out here."


def test_a_change_by_another_steward_is_not_written_over(
    ground: Ground, went: list[tuple[str, dict[str, str]]]
) -> None:
    agreement_id = drafted(ground)
    page = shown(ground, "agreement_draft", "priya", id=agreement_id, version="1.0")
    before = ground.found(agreement_id)
    with ground.made.as_("priya") as visit:
        other = replace(before.document, title="Ways home")
        drafting.save(visit, before.version.id, other, seen=before.version.content_hash)
    page.test.text_area(key="agreement-privacy").set_value("Nothing under ten.").run()
    page.press("Keep the draft")
    assert "Somebody saved this agreement meanwhile" in page.words
    assert "Nothing you typed is lost" in page.words
    assert not went
    assert page.test.text_area(key="agreement-privacy").value == "Nothing under ten."
    assert ground.found(agreement_id).document.title == "Ways home"


def test_an_organisation_with_more_datasets_than_a_list_holds_is_searched(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    homes = ground.organisation("Tidewater Homes")
    register = source("Tidewater register")
    repairs = harvested(
        record("Repairs", publisher="Tidewater Homes"), source_id=register, organisation_id=homes, identifier="repairs1"
    )
    monkeypatch.setattr(datasets, "_MOST", 0)
    with ground.made.as_("priya") as visit:
        assert datasets.offered(visit, [homes]).choices == {}
        offer = datasets.offered(visit, [homes], typed="repair")
    assert (list(offer.choices), offer.has_more) == ([repairs], True)


def test_an_amendment_of_the_schedule_shows_no_terms_to_change(ground: Ground) -> None:
    agreement_id = in_force(ground)
    with ground.made.as_("priya") as visit:
        version = drafting.amend(visit, agreement_id, terms=False)
    page = shown(ground, "agreement_draft", "priya", id=agreement_id, version=version)
    assert [each.label for each in page.test.text_area if each.key == "agreement-purpose"] == []
    number = next(each for each in page.test.number_input if each.label == "Smallest count shown")
    number.set_value(25).run()
    assert not page.test.exception


def test_the_five_parts_the_stakes_and_the_schedule_stand_on_the_page(ground: Ground) -> None:
    page = shown(ground, "agreement", "miriam", id=in_force(ground))
    for said in ("Agreement A-1, version 1.0", "To see early who needs a home", "Monthly, as a file.",
                 "“We fear a league table.”", "Puts in: An analyst", "Harbour Council, host", "Tenancies",
                 "Licence unclear", "Harbour Council", "Look at it, show it in a meeting", "In force",
                 "Head of jonas", "Typed here"):  # fmt: skip
        assert said in page.words, said
    found = ground.found(shown_id(page))
    assert found.version.content_hash[:12] in page.words
    assert page.words.index("If this leaks") < page.words.index("We fear")


def shown_id(page: Shown) -> str:
    asked = page.test.query_params["id"]
    return asked if isinstance(asked, str) else asked[0]


def test_the_steps_follow_the_state(ground: Ground) -> None:
    agreement_id = drafted(ground)
    assert steps(shown(ground, "agreement", "priya", id=agreement_id))[0] == ("current", "Being drafted")
    with ground.made.as_("priya") as visit:
        version = reading.agreement(visit, agreement_id).version.id
        drafting.for_review(visit, version)
    assert ("current", "Being talked through") in steps_of(ground, agreement_id)
    with ground.made.as_("priya") as visit:
        subjects = datasets.subjects(visit, document(ground))
        signing.open_for_signature(visit, version, subjects=subjects)
    assert ("current", "Signing version 1.0") in steps_of(ground, agreement_id)
    sign(ground, agreement_id, "priya")
    assert "1 of 2, yours is missing" in shown(ground, "agreement", "jonas", id=agreement_id).words
    sign(ground, agreement_id, "jonas")
    found = steps_of(ground, agreement_id)
    assert [each for each, _ in found] == ["done", "done", "done", "current", "later"]


def steps_of(ground: Ground, agreement_id: str) -> list[tuple[str, str]]:
    return steps(shown(ground, "agreement", "priya", id=agreement_id))


def test_who_is_no_party_is_told_what_somebody_is_told_who_made_the_address_up(ground: Ground) -> None:
    agreement_id = in_force(ground)
    theirs = shown(ground, "agreement", "sam", id=agreement_id)
    made_up = shown(ground, "agreement", "sam", id="0123456789abcdef")
    assert theirs.refused.startswith("NotFound")
    assert theirs.refused == made_up.refused
    assert theirs.words == made_up.words == ""
    assert "Young people" not in shown(ground, "agreements", "sam").words


def test_only_stewards_of_the_parties_get_the_buttons_that_change(ground: Ground) -> None:
    agreement_id = opened(ground)
    assert shown(ground, "agreement", "priya", id=agreement_id).buttons[0] == "Read and sign"
    assert {"Decline"} <= set(shown(ground, "agreement", "jonas", id=agreement_id).buttons)
    assert "Take it back" not in shown(ground, "agreement", "jonas", id=agreement_id).buttons
    assert shown(ground, "agreement", "hanna", id=agreement_id).buttons == ["Say how we see it"]


def test_a_draft_that_cannot_be_opened_says_why_in_sentences(ground: Ground) -> None:
    said = document(ground)
    empty = replace(said, parties=(said.parties[0], replace(said.parties[1], stakes="")))
    agreement_id = drafted(ground, empty)
    with ground.made.as_("priya") as visit:
        drafting.for_review(visit, reading.agreement(visit, agreement_id).version.id)
    assert shown(ground, "agreement", "priya", id=agreement_id).buttons[0] == "Open for signature"
    page = dialog(ground, "signing.open_it", "priya", agreement_id, ground.found(agreement_id).version.id)
    assert "Tidewater Homes has not said yet what is at stake" in page.words
    assert "Open it for signature" not in page.buttons
    assert "Nobody has said yet." in shown(ground, "agreement", "hanna", id=agreement_id).words


def test_signing_needs_the_tick_and_then_signs_the_text_that_was_shown(ground: Ground) -> None:
    agreement_id = opened(ground)
    version = ground.found(agreement_id).version
    page = dialog(ground, "signing.sign", "jonas", agreement_id, version.id, version.content_hash)
    assert "Fingerprint of this text" in page.words
    name = next(each for each in page.test.text_input if each.label == "Name of who signs")
    name.set_value("Ida Holm")
    page.press("Sign")
    assert "Tick that you may sign for Tidewater Homes" in page.words
    assert name.value == "Ida Holm"
    page.test.checkbox(key="maysign").check()
    page.press("Sign")
    party = next(each for each in ground.found(agreement_id).parties if each.name == "Tidewater Homes")
    assert (party.signatory, party.method) == ("Ida Holm", "typed")


def test_a_version_that_changed_while_it_was_read_is_not_signed(ground: Ground) -> None:
    agreement_id = opened(ground)
    version = ground.found(agreement_id).version
    page = dialog(ground, "signing.sign", "jonas", agreement_id, version.id, version.content_hash)
    with ground.made.as_("priya") as visit:
        signing.withdraw(visit, version.id, "A word was wrong.")
    page.test.checkbox(key="maysign").check()
    page.press("Sign")
    assert "It has changed meanwhile." in page.words
    assert all(not each.signed_at for each in ground.found(agreement_id).parties)


def test_a_party_declines_with_a_reason_that_everybody_reads(ground: Ground) -> None:
    agreement_id = opened(ground)
    assert "Decline" in shown(ground, "agreement", "jonas", id=agreement_id).buttons
    page = dialog(ground, "signing.decline", "jonas", ground.found(agreement_id).version.id)
    page.press("Decline it")
    assert "Say why" in page.words
    next(each for each in page.test.text_area).set_value("Counts under ten first.")
    page.press("Decline it")
    read = shown(ground, "agreement", "miriam", id=agreement_id)
    assert "Tidewater Homes declined on 21 Nov 2026." in read.words
    assert "“Counts under ten first.”" in read.words


def test_a_giver_pauses_the_agreement_and_lifts_it_again(ground: Ground) -> None:
    agreement_id = in_force(ground)
    assert "Pause it" in shown(ground, "agreement", "jonas", id=agreement_id).buttons
    page = dialog(ground, "ending.pause", "jonas", agreement_id)
    next(each for each in page.test.text_area).set_value("Codes are checked.")
    page.press("Pause it now")
    paused = shown(ground, "agreement", "miriam", id=agreement_id)
    assert "Paused by Tidewater Homes since 21 Nov 2026." in paused.words
    assert "Paused by its owner since 21 Nov 2026" in paused.words
    assert "Lift the pause" not in paused.buttons
    shown(ground, "agreement", "jonas", id=agreement_id).press("Lift the pause")
    with ground.made.as_("jonas") as visit:
        assert holds.on(visit, Scope.AGREEMENT, agreement_id) is None


def test_ending_asks_why_and_what_it_was_used_for(ground: Ground) -> None:
    agreement_id = in_force(ground)
    assert "End it" in shown(ground, "agreement", "priya", id=agreement_id).buttons
    page = dialog(ground, "ending.end", "priya", agreement_id)
    why, back = page.test.text_area
    why.set_value("The pilot is over.")
    back.set_value("Two families got a home.")
    page.press("End it now")
    version = ground.found(agreement_id).version
    assert (version.state, version.looked_back) == (State.CLOSED, "Two families got a home.")
    assert "Two families got a home." in shown(ground, "agreement", "hanna", id=agreement_id).words


def test_two_versions_are_compared_in_words_side_by_side(ground: Ground) -> None:
    agreement_id = in_force(ground)
    with ground.made.as_("priya") as visit:
        version = drafting.amend(visit, agreement_id, terms=False)
        found = reading.agreement(visit, agreement_id, version=version)
        row = replace(found.document.schedule[0], min_cell=25)
        drafting.save(
            visit, version, replace(found.document, schedule=(row,)), seen=found.version.content_hash, change_note="25"
        )
    page = shown(ground, "agreement", "priya", id=agreement_id, version="1.1", against="1.0")
    assert "What differs between 1.0 and 1.1" in page.words
    assert "Tenancies" in page.words
    assert "25" in page.words
    same = shown(ground, "agreement", "priya", id=agreement_id, version="1.0", against="1.0")
    assert "word for word" in same.words


def test_the_whole_text_says_every_word_that_is_signed(ground: Ground) -> None:
    said = document(ground)
    line = replace(said.schedule[0], acknowledgement="No names leave the room.", privacy_note="Ten and more.",
                   format="CSV", frequency="Monthly", source_line="A partner agency")  # fmt: skip
    agreement_id = opened(ground, replace(said, schedule=(line,)))
    page = shown(ground, "agreement", "hanna", id=agreement_id, text="whole")
    for each in (said.title, *[getattr(said.terms, name) for name in ("who", "purpose", "how", "access", "privacy")],
                 "The data desk.", "No names leave the room.", "Ten and more.", "CSV", "A partner agency",
                 "We fear a league table.", "An analyst", ground.tenancies):  # fmt: skip
        assert each in page.words, each
    assert ground.found(agreement_id).version.content_hash in page.words.replace(" ", "")
    assert page.buttons == []


def test_the_list_shows_what_waits_first_then_what_is_in_force(ground: Ground) -> None:
    in_force(ground)
    waits = opened(ground, document(ground, title="Warm homes"))
    page = shown(ground, "agreements", "jonas")
    assert page.words.index("Waits for your organisation") < page.words.index("In force")
    assert waits in page.markup
    assert "Signed by 0 of 2" in page.words
    assert "In force, ends in 364 days" in page.words
    assert "Write an agreement" in page.words
    assert "Write an agreement" not in shown(ground, "agreements", "hanna").words


def test_a_version_in_preparation_is_told_beside_the_one_in_force_and_opened_by_its_draft(ground: Ground) -> None:
    agreement_id = in_force(ground)
    with ground.made.as_("priya") as visit:
        drafting.amend(visit, agreement_id, terms=True)
    page = shown(ground, "agreement", "hanna", id=agreement_id)
    assert "Version 2.0 is being prepared." in page.words
    assert f"/agreement?id={agreement_id}&amp;version=2.0" in page.markup
    draft = shown(ground, "agreement_draft", "priya", id=agreement_id)
    assert "Version 2.0." in draft.words
    assert str(draft.test.text_area(key="agreement-purpose").value).startswith("To see early")


def test_what_was_signed_cannot_be_changed_by_an_old_link(ground: Ground) -> None:
    page = shown(ground, "agreement_draft", "priya", id=in_force(ground), version="1.0")
    assert "This version cannot be changed any more" in page.words
    assert page.buttons == []


def test_a_steward_of_another_party_does_not_write_in_the_leads_draft(ground: Ground) -> None:
    page = shown(ground, "agreement_draft", "jonas", id=drafted(ground), version="1.0")
    assert "You may not write this agreement" in page.words
    assert not page.test.text_input
    assert page.buttons == []


def test_a_dataset_for_named_people_asks_which_and_keeps_them(
    ground: Ground, went: list[tuple[str, dict[str, str]]]
) -> None:
    owner, band = (
        ground.organisation("Tidewater Homes"),
        Stated(band=Band.NAMED, by="Jonas", on=LAST, reason="One row each"),
    )
    files = source("Case files")
    case_list = harvested(record("Case list"), source_id=files, organisation_id=owner, stated=band)
    page = fill(shown(ground, "agreement_draft", "priya"), ground)
    next(each for each in page.test.selectbox if each.label == "Dataset").set_value(case_list).run()
    people = next(each for each in page.test.multiselect if "named people only" in each.label)
    assert all("Harbour Council" in each for each in people.options)
    people.set_value(["miriam"]).run()
    page.press("Keep the draft")
    [line] = ground.found(went[0][1]["id"]).document.schedule
    assert (line.dataset, line.people) == (case_list, ("miriam",))


def test_a_dataset_that_the_reader_may_not_know_of_has_no_link_and_no_band(ground: Ground) -> None:
    line = ScheduleLine(
        dataset=ground.secret,
        title="Evictions",
        owner=ground.organisation("Tidewater Homes"),
        uses=(Use.VIEW,),
        purposes=("homes",),
        receivers=(ground.organisation("Harbour Council"),),
    )
    agreement_id = drafted(ground, document(ground, schedule=(line,)))
    page = shown(ground, "agreement", "miriam", id=agreement_id)
    assert "Evictions" in page.words
    assert "Not yours to see" in page.words
    assert f"/dataset?id={ground.secret}" not in page.markup
    assert f"/dataset?id={ground.secret}" in shown(ground, "agreement", "hanna", id=agreement_id).markup
