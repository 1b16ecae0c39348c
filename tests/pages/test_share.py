"""The Share pages over real rooms: what is kept, what is said beside which field, who decides, who sees what."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from catalogue import registering
from catalogue.answers import Answers
from governance import Visit, audit, operator
from pages.share import _preview, _problems, _words
from tests.catalogue.made import Collaboration, collaboration, harvested, record, source

pytestmark = pytest.mark.usefixtures("home")

TENANCIES = Answers(
    title="Tenancies with someone under 18",
    description="One row per tenancy where a person under 18 lives.",
    people="rows",
    answers_for="hanna",
    frequency="monthly",
    listing="everyone",
)


@pytest.fixture
def made() -> Collaboration:
    """Harbour Council and Tidewater Homes; the page under test is opened as `made.now`."""
    return collaboration()


def _script(path, opened):  # type: ignore[no-untyped-def]  # Streamlit runs its text, without this file's names
    import importlib

    with opened() as visit:
        importlib.import_module(f"pages.share.{path}").render(visit)


def opened(made: Collaboration, path: str, username: str, **query: str) -> AppTest:
    """The page as this person sees it, run once."""

    @contextmanager
    def visit() -> Iterator[Visit]:
        with made.as_(username) as one:
            yield one

    test = AppTest.from_function(_script, default_timeout=60, args=(path, visit))
    test.query_params.update(query)
    test.run()
    assert not test.exception, test.exception
    return test


def words(test: AppTest) -> str:
    """Everything the page draws itself, as text with markup."""
    return "\n".join(str(getattr(each, "value", "")) for each in test.get("html"))


def fill(test: AppTest, answers: Answers) -> AppTest:
    test.text_input(key="answer-title").set_value(answers.title)
    test.text_area(key="answer-description").set_value(answers.description)
    test.button_group(key="answer-people").set_value(answers.people)
    test.selectbox(key="answer-answers_for").set_value(answers.answers_for)
    test.button_group(key="answer-frequency").set_value(answers.frequency)
    test.radio(key="answer-listing").set_value(answers.listing)
    return test.run()


def drafted(made: Collaboration, answers: Answers = TENANCIES, username: str = "hanna") -> str:
    with made.as_(username) as visit:
        return registering.save_draft(visit, answers).id


def submitted(made: Collaboration, answers: Answers = TENANCIES) -> str:
    identifier = drafted(made, answers)
    with made.as_("hanna") as visit:
        registering.submit(visit, identifier)
    return identifier


def state(made: Collaboration, identifier: str) -> registering.Registration:
    with made.as_("jonas") as visit:
        return registering.registration(visit, identifier)


def test_every_answer_is_kept_as_a_draft_that_the_address_names(made: Collaboration) -> None:
    test = opened(made, "register", "hanna")
    test.text_input(key="answer-title").set_value("Tenancies").run()
    [identifier] = [test.query_params["id"]] if isinstance(test.query_params["id"], str) else test.query_params["id"]
    assert state(made, identifier).answers.title == "Tenancies"
    fill(test, TENANCIES)
    assert state(made, identifier).answers == TENANCIES
    assert "Kept as a draft" in words(test)


def test_a_run_that_changes_nothing_writes_nothing(made: Collaboration) -> None:
    test = fill(opened(made, "register", "hanna"), TENANCIES)
    with operator("test") as visit:
        before = audit.count(visit)
    test.run()
    with operator("test") as visit:
        assert audit.count(visit) == before


def test_looking_at_an_empty_form_makes_no_draft(made: Collaboration) -> None:
    opened(made, "register", "hanna")
    with made.as_("jonas") as visit:
        assert registering.registrations(visit) == []


def test_a_draft_comes_back_whole_the_optional_part_too(made: Collaboration) -> None:
    full = replace(
        TENANCIES,
        listing="organisations",
        organisations=(made.organisations["Harbour Council"],),
        approver="Jonas",
        usual_days=5,
        how_to_ask="Write to the board.",
        told_people="When they sign.",
        self_access="By asking.",
        legal_basis="Tenancy law",
        sensitivity=0,
        columns=("ward", "start"),
        row_count=0,
        link="https://tidewater.example/x",
        licence="CC-BY-4.0",
        formats=("CSV", "odd format"),
        keywords=("homes",),
        themes=("Housing",),
        life_events=("Moving home",),
        period_from="2019",
        period_to="2026-04",
        area="Tidewater",
        band="named",
    )
    identifier = drafted(made, full)
    test = opened(made, "register", "hanna", id=identifier)
    test.text_input(key="answer-title").set_value("Another name").run()
    assert state(made, identifier).answers == replace(full, title="Another name")


def test_organisations_once_chosen_survive_a_change_of_mind(made: Collaboration) -> None:
    council = made.organisations["Harbour Council"]
    identifier = drafted(made, replace(TENANCIES, listing="organisations", organisations=(council,)))
    test = opened(made, "register", "hanna", id=identifier)
    test.radio(key="answer-listing").set_value("owner").run()
    test.run()
    test.radio(key="answer-listing").set_value("organisations").run()
    assert test.multiselect(key="answer-organisations").value == [council]


def test_each_missing_answer_is_said_beside_its_field_and_goes_when_it_is_given(made: Collaboration) -> None:
    test = opened(made, "register", "hanna")
    assert "ct-problem" not in words(test)
    test.button(key="register").click().run()
    assert words(test).count("ct-problem") == 6
    assert "6 answers have to change" in words(test)
    test.text_input(key="answer-title").set_value("Tenancies").run()
    assert words(test).count("ct-problem") == 5
    assert "Give it a name" not in words(test)


def test_a_wrong_optional_answer_opens_the_optional_part(made: Collaboration) -> None:
    test = opened(made, "register", "hanna", id=drafted(made, replace(TENANCIES, link="tidewater.example")))
    assert not test.expander[0].proto.expanded
    test.button(key="register").click().run()
    assert test.expander[0].proto.expanded
    assert "beginning with https://" in words(test)


def test_all_problems_are_found_at_once(made: Collaboration) -> None:
    wrong = Answers(listing="organisations", link="x", period_from="soon", band="open", row_count=-1, people="maybe")
    with made.as_("hanna") as visit:
        found = _problems.problems(visit, wrong)
        assert _problems.problems(visit, TENANCIES) == {}
        assert _problems.problems(visit, replace(TENANCIES, answers_for="miriam")).keys() == {"answers_for"}
    expected = {"title", "description", "people", "answers_for", "frequency", "link", "period_from", "row_count"}
    assert found.keys() == expected | {"band", "organisations"}


def test_a_member_hands_it_in_and_a_steward_registers_at_once(
    made: Collaboration, went: list[tuple[str, dict[str, str]]]
) -> None:
    test = fill(opened(made, "register", "hanna"), TENANCIES)
    test.button(key="register").click().run()
    [(path, query)] = went
    assert path == "registration"
    assert state(made, query["id"]).state == registering.SUBMITTED
    went.clear()
    test = fill(opened(made, "register", "jonas"), replace(TENANCIES, title="Homes for older people"))
    test.button(key="register").click().run()
    [(path, query)] = went
    assert path == "dataset"
    with made.as_("miriam") as visit:
        from catalogue.datasets import dataset

        assert dataset(visit, query["id"]).title == "Homes for older people"


def test_save_for_later_goes_to_the_list_where_it_waits(
    made: Collaboration, went: list[tuple[str, dict[str, str]]]
) -> None:
    test = opened(made, "register", "hanna")
    test.button(key="later").click().run()
    assert went == [] and "nothing to keep yet" in words(test)
    test.text_input(key="answer-title").set_value("Tenancies").run()
    test.button(key="later").click().run()
    assert went == [("our-data", {})]
    assert "Tenancies</a>. Draft" in words(opened(made, "organisation_data", "hanna"))


def test_what_others_already_list_is_said_under_the_title(made: Collaboration) -> None:
    harvested(record("Tenancies with someone under eighteen"), source_id=source())
    test = opened(made, "register", "hanna")
    test.text_input(key="answer-title").set_value("Tenancies with someone under 18").run()
    assert "already lists “Tenancies with someone under eighteen”" in words(test)


def test_a_hidden_dataset_is_not_given_away_by_the_already_held_line(made: Collaboration) -> None:
    council = made.organisations["Harbour Council"]
    harvested(record("Heron census"), source_id=source(), listing="owner", organisation_id=council)
    test = opened(made, "register", "hanna")
    test.text_input(key="answer-title").set_value("Heron census").run()
    assert "already lists" not in words(test)


def test_the_side_says_where_it_would_stand_and_who_looks_at_it(made: Collaboration) -> None:
    test = fill(opened(made, "register", "hanna"), TENANCIES)
    assert "Closed, because it holds one row for each person and no agreement covers it yet." in words(test)
    assert "Jonas, your steward, looks at it." in words(test)
    with made.as_("jonas") as visit:
        steps = _preview._next(visit, TENANCIES, public=False)
    assert steps[:2] == [
        "It appears in the catalogue with Tidewater Homes’s name.",
        "Others can ask. Hanna decides each time.",
    ]


def test_a_form_that_is_handed_in_or_somebody_elses_cannot_be_changed(made: Collaboration) -> None:
    for username, identifier in (("hanna", submitted(made)), ("hanna", drafted(made, username="jonas"))):
        test = opened(made, "register", username, id=identifier)
        assert not test.text_input
        assert "is not yours to change now" in words(test)


def test_a_steward_may_finish_a_colleagues_draft(made: Collaboration) -> None:
    test = opened(made, "register", "jonas", id=drafted(made))
    assert test.text_input(key="answer-title").value == TENANCIES.title


def test_another_organisation_finds_no_registration_of_ours(made: Collaboration) -> None:
    from governance import NotFound

    identifier = submitted(made)
    for path in ("register", "registration"):
        with made.as_("priya") as visit, pytest.raises(NotFound):
            registering.registration(visit, identifier)
        test = AppTest.from_function(_script, default_timeout=60, args=(path, lambda: made.as_("priya")))
        test.query_params["id"] = identifier
        test.run()
        assert len(test.exception) == 1 and not test.get("html") and not test.text_input


def test_the_steward_approves(made: Collaboration) -> None:
    identifier = submitted(made)
    test = opened(made, "registration", "jonas", id=identifier)
    test.button(key="approve").click().run()
    assert state(made, identifier).state == registering.APPROVED
    assert "It is in the catalogue." in words(test)
    assert not [each for each in test.button if each.key == "approve"]


def test_a_note_is_needed_to_send_it_back_and_its_author_reads_it(made: Collaboration) -> None:
    identifier = submitted(made)
    test = opened(made, "registration", "jonas", id=identifier)
    send = next(each for each in test.button if each.label == "Send it back")
    send.click().run()
    assert "Say what has to change." in words(test)
    test.text_area(key="changes-note").set_value("Say which wards.")
    next(each for each in test.button if each.label == "Send it back").click().run()
    assert state(made, identifier).state == registering.CHANGES_ASKED
    seen = words(opened(made, "registration", "hanna", id=identifier))
    assert "“Say which wards.”" in seen and f"/register?id={identifier}" in seen
    assert "Waiting for you" in words(opened(made, "organisation_data", "hanna"))


def test_a_reason_and_what_would_change_it_are_told_and_the_answers_can_be_used_again(
    made: Collaboration, went: list[tuple[str, dict[str, str]]]
) -> None:
    identifier = submitted(made)
    test = opened(made, "registration", "jonas", id=identifier)
    test.text_area(key="decline-reason").set_value("We have it already.")
    test.text_area(key="decline-change").set_value("Rows the other lacks.")
    next(each for each in test.button if each.label == "Decline it").click().run()
    test = opened(made, "registration", "hanna", id=identifier)
    assert "“We have it already.”" in words(test)
    assert "What would change it: Rows the other lacks." in words(test)
    next(each for each in test.button if each.label == "Use the answers again").click().run()
    [(path, query)] = went
    assert path == "register" and query["id"] != identifier
    assert state(made, query["id"]).answers == TENANCIES


def test_a_member_sees_no_buttons_to_decide(made: Collaboration) -> None:
    test = opened(made, "registration", "hanna", id=submitted(made))
    assert not {"Approve", "Send it back", "Decline it"} & {each.label for each in test.button}
    assert "Handed in." in words(test)


def test_a_draft_is_thrown_away_for_good(made: Collaboration, went: list[tuple[str, dict[str, str]]]) -> None:
    identifier = drafted(made)
    test = opened(made, "registration", "hanna", id=identifier)
    test.button(key="throw").click().run()
    assert went == [("our-data", {})]
    with made.as_("hanna") as visit:
        assert registering.registrations(visit) == []


def test_our_data_says_who_may_know_and_who_answers_and_filters_by_band(made: Collaboration) -> None:
    council = made.organisations["Harbour Council"]
    with made.as_("jonas") as visit:
        named = replace(TENANCIES, listing="organisations", organisations=(council,))
        for answers in (named, replace(TENANCIES, title="Arrears", listing="owner", band="named")):
            registering.submit(visit, registering.save_draft(visit, answers).id, approve_now=True)
    seen = words(opened(made, "organisation_data", "hanna"))
    assert "2 datasets in the catalogue" in seen
    assert "Us and Harbour Council" in seen and "Only us" in seen
    assert seen.count("Hanna</td>") == 2
    narrowed = words(opened(made, "organisation_data", "hanna", band="named"))
    assert "Arrears</a></th>" in narrowed and f"{TENANCIES.title}</a></th>" not in narrowed
    assert "Arrears" not in words(opened(made, "organisation_data", "miriam"))


def test_our_data_begins_with_what_waits_for_a_steward(made: Collaboration) -> None:
    submitted(made)
    steward, member = (words(opened(made, "organisation_data", each)) for each in ("jonas", "hanna"))
    assert "Waiting for your decision" in steward and "Decide" in steward
    assert "Waiting for your decision" not in member and "Waits for a decision" in member


def test_an_organisation_without_anything_is_told_what_to_do(made: Collaboration) -> None:
    seen = words(opened(made, "organisation_data", "hanna"))
    assert "Tidewater Homes has nothing in the catalogue yet" in seen and 'href="/register"' in seen


def test_every_state_has_a_word_and_a_shape() -> None:
    states = {registering.DRAFT, registering.SUBMITTED, registering.CHANGES_ASKED}
    assert set(_words.STATES) == states | {registering.APPROVED, registering.DECLINED}
    assert len({each.symbol for each in _words.STATES.values()}) == len(_words.STATES)


def test_what_was_typed_is_shown_as_words_never_as_markup(made: Collaboration) -> None:
    hostile = replace(TENANCIES, title="<b onclick=alert(1)>x</b>", description="<img src=x onerror=alert(1)>")
    identifier = submitted(made, hostile)
    for path in ("registration", "organisation_data"):
        seen = words(opened(made, path, "jonas", id=identifier))
        assert "<b onclick" not in seen and "<img" not in seen
