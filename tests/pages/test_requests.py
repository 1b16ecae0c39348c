"""The pages of requests and uses over real rooms: asked in seven answers, decided, drafted, begun, finished, read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from governance import Visit
from governance.agreements import reading
from sharing import diagnosis, uses
from sharing.diagnosis import Changing, Kind, Place, Subject
from sharing.uses import Decision, Proposal, State
from tests.catalogue.made import NOW
from tests.sharing.table_of_uses import HARBOUR, IF_TOTALS, NOT_NOW, PURPOSE, WARM, Table, seated

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def table() -> Table:
    return seated()


def _script(path, opened):  # type: ignore[no-untyped-def]  # Streamlit runs its text, without this file's names
    import importlib

    from governance import CommonTableError

    with opened() as visit:
        try:
            importlib.import_module(f"pages.{path}").render(visit)
        except CommonTableError as error:
            import streamlit

            streamlit.text(error.sentence)


def opened(table: Table, path: str, username: str, *, later: int = 0, **query: Any) -> AppTest:
    """The page as this person sees it, run once."""

    @contextmanager
    def visit() -> Iterator[Visit]:
        with table.people.as_(username, now=NOW + timedelta(days=later)) as one:
            yield one

    test = AppTest.from_function(_script, default_timeout=60, args=(path if "." in path else f"share.{path}", visit))
    test.query_params.update(query)
    test.run()
    assert not test.exception, test.exception
    return test


def words(test: AppTest) -> str:
    """Everything the page draws itself, as text with markup, and what it refuses with."""
    drawn = [str(getattr(each, "value", "")) for each in test.get("html")]
    return "\n".join([*drawn, *(each.value for each in test.text)])


def press(test: AppTest, label: str) -> AppTest:
    """The button with these words."""
    next(each for each in test.button if each.label == label).click()
    return test.run()


def buttons(test: AppTest) -> set[str]:
    return {each.label for each in test.button}


def field(test: AppTest, label: str) -> Any:
    """The text field with this label."""
    return next(each for each in (*test.text_input, *test.text_area) if each.label == label)


def filled(test: AppTest) -> AppTest:
    field(test, "A title").set_value(WARM.title)
    field(test, "Why, and how? In plain words").set_value(WARM.summary)
    field(test, "What is it worth, and to whom?").set_value(WARM.value)
    for place, group in enumerate(WARM.groups, start=1):
        field(test, f"Who ({place})").set_value(group.name)
        field(test, f"What they gain ({place})").set_value(group.benefit)
        field(test, f"What they risk ({place})").set_value(group.risk)
    return test


def only(table: Table, by: str = "nils") -> uses.UseCase:
    with table.people.as_(by) as visit:
        [found] = uses.use_cases(visit)
    return found


def test_a_request_begins_at_its_dataset_and_nothing_typed_is_lost(
    table: Table, went: list[tuple[str, dict[str, str]]]
) -> None:
    shown = words(opened(table, "browse.dataset", "nils", id=table.waiting))
    assert f"/ask?dataset={table.waiting}" in shown
    table.agree(HARBOUR, table.weather)
    test = filled(opened(table, "ask", "nils", dataset=table.waiting))
    press(test, "Ask")
    assert "Name the purpose" in words(test) and "Nothing you typed is lost" in words(test)
    assert field(test, "Why, and how? In plain words").value == WARM.summary
    next(each for each in test.selectbox if each.label == "Purpose").set_value(PURPOSE)
    press(test, "Ask")
    use = only(table)
    assert went == [("request", {"id": use.id})]
    assert (use.purpose, [each.title for each in use.datasets]) == (PURPOSE, ["Waiting list"])
    assert [each.name for each in use.groups] == [each.name for each in WARM.groups]


def test_owners_and_those_without_an_organisation_here_are_offered_no_request(table: Table) -> None:
    assert "/ask?" not in words(opened(table, "browse.dataset", "miriam", id=table.waiting))
    assert "/ask?" not in words(opened(table, "browse.dataset", "nils", id=table.weather))


def test_hidden_data_cannot_be_asked_for_by_their_address(table: Table) -> None:
    for identifier in (table.reviews, "nothing"):
        test = opened(table, "ask", "nils", dataset=identifier)
        assert test.multiselect[0].value == [] and "Serious" not in str(test.multiselect[0].options)


def test_without_a_dataset_it_is_kept_as_a_wish(table: Table, went: list[tuple[str, dict[str, str]]]) -> None:
    test = filled(opened(table, "ask", "nils"))
    press(test, "Keep it as a wish")
    assert only(table, by="hanna").state is State.IDEA and went


def test_what_waits_for_me_stands_first_with_its_days_and_its_button(table: Table) -> None:
    asked = table.ask(table.wants(table.waiting, table.tenancies), days_ago=4)
    shown = words(opened(table, "requests", "priya"))
    assert "Waiting for your decision" in shown and "for 4 days" in shown and f"/request?id={asked}" in shown
    others = words(opened(table, "requests", "miriam"))
    assert "Waiting for your decision" not in others
    assert "Waiting for Harbour Council and Tidewater Homes, 4 days" in others


def test_the_form_decides_yes_if_unless_something_else_is_chosen(table: Table) -> None:
    asked = table.ask(table.wants(table.waiting))
    test = opened(table, "request", "priya", id=asked)
    assert test.radio(key="decide-decision").value is Decision.GO_IF
    press(test, "Decide")
    assert "without conditions" in words(test)
    test.text_area(key="decide-conditions").set_value(IF_TOTALS.conditions)
    press(test, "Decide")
    assert table.seen(asked).state is State.GO_IF
    assert IF_TOTALS.conditions in words(opened(table, "request", "nils", id=asked))


def test_a_no_is_not_taken_without_its_reason_and_what_would_change_it(table: Table) -> None:
    asked = table.ask(table.wants(table.waiting))
    test = opened(table, "request", "priya", id=asked)
    test.radio(key="decide-decision").set_value(Decision.NOT_NOW)
    test.text_area(key="decide-reason").set_value(NOT_NOW.reason)
    press(test, "Decide")
    assert "what would change it" in words(test) and test.text_area(key="decide-reason").value == NOT_NOW.reason
    test.text_area(key="decide-change").set_value(NOT_NOW.would_change)
    press(test, "Decide")
    assert table.seen(asked).state is State.NOT_NOW
    assert NOT_NOW.would_change in words(opened(table, "request", "nils", id=asked))


@pytest.mark.parametrize("by", ["nils", "hanna", "jonas", "miriam"])
def test_others_read_a_request_and_find_no_way_to_decide(table: Table, by: str) -> None:
    asked = table.ask(table.wants(table.waiting))
    test = opened(table, "request", by, id=asked)
    assert "Decide" not in buttons(test) and WARM.summary in words(test)


def test_one_click_leads_from_a_yes_to_the_draft_of_its_row(
    table: Table, went: list[tuple[str, dict[str, str]]]
) -> None:
    agreement = table.agree(HARBOUR, table.weather)
    asked = table.ask(table.wants(table.waiting))
    table.decide(asked, by="priya")
    asking = opened(table, "request", "nora", id=asked)
    assert "Draft it" not in buttons(asking) and f"A steward of {HARBOUR} drafts it" in words(asking)
    press(opened(table, "request", "priya", id=asked), "Draft it")
    [(path, query)] = went
    assert (path, query["id"]) == ("agreement-draft", agreement)
    with table.people.as_("priya") as visit:
        lines = reading.agreement(visit, agreement, version=query["version"]).document.schedule
    assert lines[-1].dataset == table.waiting
    assert "Its row is drafted" in words(opened(table, "request", "nora", id=asked))


def test_it_begins_when_nothing_is_in_the_way_and_ends_in_the_register(table: Table) -> None:
    asked = table.ask(table.wants(table.waiting))
    table.decide(asked, by="priya")
    test = opened(table, "request", "nils", id=asked)
    assert "Begin" not in buttons(test) and "No agreement covers all of it yet" in words(test)
    table.agree(HARBOUR, table.waiting)
    press(opened(table, "request", "nils", id=asked), "Begin")
    shown = words(opened(table, "uses", "hanna"))
    assert WARM.title in shown and "A signed agreement between its parties" in shown and "31 Oct 2027" in shown
    assert "A-1" not in shown and "A-1" in words(opened(table, "uses", "nils"))
    assert "Stopped. What it rested on has ended." in words(opened(table, "uses", "hanna", later=400))
    with table.people.as_("nils") as visit:
        uses.finish(visit, asked, outcome="Forty homes are dry.")
    shown = words(opened(table, "uses", "hanna"))
    assert "Forty homes are dry." in shown and "Nothing" in shown


def test_a_request_can_be_changed_by_those_who_asked_only(table: Table, went: list[tuple[str, dict[str, str]]]) -> None:
    asked = table.ask(table.wants(table.waiting, legal_basis=""))
    assert "cannot be changed by you" in words(opened(table, "ask", "priya", id=asked))
    test = opened(table, "ask", "nils", id=asked)
    next(each for each in test.selectbox if each.label == "Legal basis").set_value("A legal obligation")
    press(test, "Keep the changes")
    assert table.seen(asked).legal_basis == "A legal obligation" and went == [("request", {"id": asked})]


def test_hidden_and_missing_requests_look_the_same(table: Table) -> None:
    hidden = table.ask(table.wants(table.reviews, title="About the reviews"), by="hanna")
    assert words(opened(table, "request", "nils", id=hidden)) == words(opened(table, "request", "nils", id="nothing"))
    for path in ("requests", "uses"):
        assert "About the reviews" not in words(opened(table, path, "nils"))


def test_lists_that_are_empty_say_what_to_do(table: Table) -> None:
    assert "Nobody has asked for data yet" in words(opened(table, "requests", "nils"))
    assert "No use has begun yet" in words(opened(table, "uses", "nils"))


def test_what_people_write_never_becomes_markup(table: Table) -> None:
    hostile = '<img src=x onerror="alert(1)">'
    asked = table.ask(Proposal(title=hostile, summary=hostile))
    for path, query in (("request", {"id": asked}), ("requests", {})):
        assert "<img" not in words(opened(table, path, "hanna", **query))


def test_after_a_not_now_the_parties_are_asked_where_they_see_the_conflict_and_read_it_side_by_side(
    table: Table,
) -> None:
    asked = table.ask(table.wants(table.waiting))
    assert "Say how we see it" not in buttons(opened(table, "request", "nils", id=asked))
    table.decide(asked, NOT_NOW, by="priya")
    for name, concerned in (("nils", True), ("priya", True), ("hanna", False)):
        assert ("Say how we see it" in buttons(opened(table, "request", name, id=asked))) is concerned
    with table.people.as_("nils") as visit:
        diagnosis.say(
            visit, Subject(kind=Kind.USE, id=asked), changing=Changing.OUTSIDE, place=Place.ROLES, note="Who?"
        )
    table.decide(asked, by="priya")
    assert "“Who?”" in words(opened(table, "request", "priya", id=asked))
    assert "Who?" not in words(opened(table, "request", "hanna", id=asked))
