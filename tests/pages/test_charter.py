"""The pages of the charter over real rooms: written, adopted, read, and a use held against it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from sharing import charter, uses
from sharing.uses import Answer, Outcome, Standing, State
from tests.catalogue.made import NOW
from tests.pages.test_requests import buttons, field, opened, press, words
from tests.sharing.table_of_uses import HARBOUR, Table
from tests.sharing.test_charter import FINE, TWO, adopted, agreed, held, seated, stands

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def table() -> Table:
    made = seated()
    made.people.person("fiona", HARBOUR, "facilitator")
    return made


def chosen(test: AppTest, label: str, answer: object) -> None:
    """Choose an answer of the radio whose label begins so."""
    next(each for each in test.radio if each.label.startswith(label)).set_value(answer)


def test_without_a_charter_the_page_says_what_holds_and_only_who_writes_it_is_led_on(table: Table) -> None:
    for name, led in (("miriam", False), ("fiona", True)):
        drawn = words(opened(table, "charter", name))
        assert "No charter is adopted yet" in drawn
        assert "once their owners agreed" in drawn
        assert ("charter-draft" in drawn) is led


def test_the_wording_to_begin_with_is_kept_as_a_draft_and_a_clause_that_was_emptied_is_gone(
    table: Table, went: list[tuple[str, dict[str, str]]]
) -> None:
    test = opened(table, "charter_draft", "fiona")
    assert "A wording to begin with" in words(test)
    for label in ("Clause 8", "What clause 8 promises", "What every use is asked because of clause 8"):
        field(test, label).set_value("")
    field(test, "Clause 1").set_value("Plainly said")
    press(test, "Keep the draft")
    with table.people.as_("fiona") as visit:
        kept = charter.draft(visit)
    assert kept is not None
    assert (len(kept.clauses), kept.clauses[0].title, kept.clauses[0].code) == (7, "Plainly said", "plain")
    assert not went
    assert "Go on with the draft" in words(opened(table, "charter", "fiona"))


def test_a_draft_that_lacks_something_says_so_and_keeps_what_was_typed(table: Table) -> None:
    test = opened(table, "charter_draft", "fiona")
    field(test, "What clause 2 promises").set_value("")
    field(test, "Clause 1").set_value("Plainly said")
    press(test, "Keep the draft")
    assert "Say what “Somebody answers for it” promises." in words(test)
    assert field(test, "Clause 1").value == "Plainly said"


def test_the_charter_shows_its_clauses_questions_who_agreed_and_what_changed(table: Table) -> None:
    adopted(table)
    with table.people.as_("fiona") as visit:
        kept = charter.write(visit, charter.Wording(clauses=TWO.clauses[:1], note="Shorter.", agreed_by="The panel"))
        charter.adopt(visit, seen=kept.edition)
    drawn = words(opened(table, "charter", "miriam"))
    for said in ("Version 2", "Is it said plainly?", "The panel", "Taken out: Good for people", "Shorter."):
        assert said in drawn
    earlier = words(opened(table, "charter", "miriam", version="1"))
    assert "An earlier version." in earlier
    assert "Do people gain from it?" in earlier


def test_a_use_is_held_against_it_on_a_page_of_its_own_and_may_begin_then(
    table: Table, went: list[tuple[str, dict[str, str]]]
) -> None:
    asked = agreed(table)
    adopted(table)
    assert "not held against the charter yet" in words(opened(table, "request", "nils", id=asked))
    assert "Begin" not in buttons(opened(table, "request", "nils", id=asked))
    test = opened(table, "charter_check", "fiona", use=asked)
    press(test, "Keep the answers")
    assert "Say whether it goes ahead." in words(test)
    chosen(test, "In plain words.", Answer.MEETS)
    chosen(test, "Good for people.", Answer.PARTLY)
    chosen(test, "Does it go ahead?", Outcome.GO_IF)
    field(test, "If: what has to be so").set_value("The street gets a meeting.")
    press(test, "Keep the answers")
    assert "Say why, at “Good for people”." in words(test)
    assert stands(table, asked) is Standing.OPEN
    field(test, "Why (good for people)").set_value("Half of them do.")
    press(test, "Keep the answers")
    assert went == [("request", {"id": asked})]
    request = opened(table, "request", "nils", id=asked)
    for said in ("Goes ahead, if", "The street gets a meeting.", "Half of them do.", "Fiona"):
        assert said in words(request)
    press(request, "Begin")
    assert table.seen(asked).state is State.LIVE
    assert "The street gets a meeting." in words(opened(table, "uses", "hanna"))


def test_the_form_stands_for_the_wording_to_begin_with_and_for_clauses_of_any_name(table: Table) -> None:
    asked = agreed(table)
    odd = [replace(TWO.clauses[0], code=code, title=code) for code in ("heard", "outcome", "if", "why-plain", "clause")]
    for clauses in (charter.starter().clauses, tuple(odd)):
        adopted(table, replace(TWO, clauses=clauses, note="Another."))
        test = opened(table, "charter_check", "fiona", use=asked)
        assert len(test.radio) == len(clauses) + 1


def test_marks_in_a_clause_draw_no_picture_and_no_link_in_a_label(table: Table) -> None:
    asked = agreed(table)
    hostile = "![x](http://elsewhere.example/x.png) [a](http://elsewhere.example)"
    adopted(table, replace(TWO, clauses=(replace(TWO.clauses[0], title=hostile, text=hostile, question=hostile),)))
    check = opened(table, "charter_check", "fiona", use=asked)
    drawn = [(each.label, each.help) for each in (*check.radio, *check.text_input)]
    drawn += [(each.label, "") for each in opened(table, "charter_draft", "fiona").expander]
    told = " ".join(part for each in drawn for part in each if part)
    assert "elsewhere.example" in told
    assert not re.search(r"(?<!\\)\[", told)


def test_a_draft_is_adopted_in_a_dialog_and_thrown_away_in_another(
    table: Table, went: list[tuple[str, dict[str, str]]]
) -> None:
    test = opened(table, "charter_draft", "fiona")
    field(test, "Who agreed, where and when").set_value("The panel")
    press(test, "Keep and adopt it …")
    assert "never be changed afterwards" in words(test)
    assert "Adopt it" in buttons(test)
    with table.people.as_("fiona") as visit:
        assert charter.draft(visit) is not None
    test = opened(table, "charter_draft", "fiona")
    press(test, "Throw the draft away")
    assert "Throw it away" in buttons(test)
    assert not went


def test_a_use_that_runs_and_should_not_says_so(table: Table) -> None:
    asked = agreed(table)
    table.begin(asked)
    adopted(table)
    no = replace(FINE.replies["gain"], answer=Answer.DOES_NOT, why="Nobody in it gains.")
    held(table, asked, replace(FINE, replies={**FINE.replies, "gain": no}, outcome=Outcome.DO_NOT_GO))
    assert "It runs, and should not." in words(opened(table, "request", "nils", id=asked))
    assert "Does not go ahead" in words(opened(table, "uses", "hanna"))


def test_who_asked_is_led_nowhere_and_told_why(table: Table) -> None:
    asked = table.ask(table.wants(table.waiting), by="nora")
    adopted(table)
    assert "charter-check" not in words(opened(table, "request", "nora", id=asked))
    assert "charter-check" in words(opened(table, "request", "priya", id=asked))
    assert "You cannot hold this one against the charter" in words(opened(table, "charter_check", "nora", use=asked))


def test_other_words_are_answered_anew_beginning_with_the_answers_before(table: Table) -> None:
    asked = agreed(table)
    adopted(table)
    held(table, asked)
    with table.people.as_("nils") as visit:
        uses.change(visit, asked, table.wants(table.waiting, value="More."), seen=table.seen(asked).version)
    test = opened(table, "charter_check", "fiona", use=asked)
    assert [each.value for each in test.radio] == [*(each.answer for each in FINE.replies.values()), FINE.outcome]
    assert "have changed since" in words(opened(table, "request", "nils", id=asked))


def test_a_charter_that_was_tampered_with_says_so_and_leads_nobody_on(table: Table) -> None:
    from tests.governance.test_agreements_kept import run, without_triggers

    asked = agreed(table)
    adopted(table)
    without_triggers("charter_version")
    run("UPDATE charter_version SET agreed_by = 'x'")
    assert "This is not what was adopted." in words(opened(table, "charter", "miriam"))
    assert "charter-check" not in words(opened(table, "request", "fiona", id=asked))


def test_the_day_of_the_next_look_is_told(table: Table) -> None:
    with table.people.as_("fiona") as visit:
        later = visit.today + timedelta(days=40)
        kept = charter.write(visit, charter.Wording(clauses=TWO.clauses, agreed_by="The panel", review_on=later))
        charter.adopt(visit, seen=kept.edition)
    day = (NOW + timedelta(days=40)).date()
    assert f"{day.day} {day:%b %Y}" in words(opened(table, "charter", "miriam"))
