"""Concerns: in the raiser's words, said back, answered, closed by who raised them; without a name, untraceable."""

from __future__ import annotations

import logging
import re
import string
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

import store
from governance import Invalid, NotFound, NotPermitted, audit, concerns, machinery, operator
from governance.concerns import About, Evidence, Nature, ShowAs, State, Worry, receipts
from store.base import Base
from tests.catalogue.made import NOW, Collaboration, collaboration, harvested, record, source
from tests.conftest import ROOT

pytestmark = pytest.mark.usefixtures("home")

TABLE = About(kind="collaboration")
WORRY = Worry(about=TABLE, words="They will rank our wards by name.", felt=3)
NAMELESS = (ShowAs.PARTNER, ShowAs.NOBODY)


@pytest.fixture
def made() -> Collaboration:
    return collaboration()


def raised(made: Collaboration, worry: Worry = WORRY, *, by: str = "hanna", at: datetime = NOW) -> concerns.Raised:
    with made.as_(by, now=at) as visit:
        return concerns.raise_concern(visit, worry)


def seen(made: Collaboration, identifier: str, by: str = "miriam") -> concerns.Concern:
    with made.as_(by) as visit:
        return concerns.concern(visit, identifier)


def until_agreed(made: Collaboration, identifier: str, *, by: str = "hanna", receipt: str = "") -> None:
    with made.as_("miriam") as visit:
        concerns.restate(visit, identifier, "You fear a league table.")
    with made.as_(by) as visit:
        concerns.agree(visit, identifier, receipt=receipt)


def told(day: datetime) -> list[audit.Event]:
    """All events about concerns, after the turn of this day."""
    concerns.tell(now=day)
    with operator("test", now=day) as visit:
        return audit.events(visit, action="concern.")


def test_a_concern_goes_from_words_to_an_answer_and_ends_with_who_raised_it(made: Collaboration) -> None:
    identifier = raised(made).id
    fresh = seen(made, identifier)
    assert (fresh.words, fresh.felt, fresh.organisation) == (WORRY.words, 3, "Tidewater Homes")
    assert fresh.evidence is Evidence.NOT_KNOWN, "what is felt says nothing of what is known"
    until_agreed(made, identifier)
    with made.as_("priya") as visit:
        concerns.answer(visit, identifier, "Only the average of similar places is shown.")
    answered = seen(made, identifier)
    assert (answered.state, answered.answered_by) == (State.ANSWERED, "Priya, Harbour Council")
    assert (answered.restated_by, answered.agreed_on) == ("Miriam, Harbour Council", date(2026, 11, 21))
    with made.as_("hanna") as visit:
        concerns.settle(visit, identifier, State.CARRIED)
        concerns.settle(visit, identifier, State.EASED)
    assert seen(made, identifier).state is State.EASED
    steps = ["raised", "restated", "restatement_agreed", "answered", "settled", "settled"]
    assert [each.action.partition(".")[2] for each in reversed(told(NOW))] == steps


def test_nobody_answers_before_who_raised_it_agreed_to_how_it_was_said_back(made: Collaboration) -> None:
    identifier = raised(made).id
    with made.as_("priya") as visit:
        with pytest.raises(Invalid, match="Say it back first"):
            concerns.answer(visit, identifier, "No.")
        concerns.restate(visit, identifier, "You do not want to be compared.")
        with pytest.raises(Invalid, match="Say it back first"):
            concerns.answer(visit, identifier, "No.")
    with made.as_("hanna") as visit:
        concerns.not_quite(visit, identifier)
    assert seen(made, identifier).not_quite
    until_agreed(made, identifier)
    with made.as_("priya") as visit, pytest.raises(Invalid, match="answer it now"):
        concerns.restate(visit, identifier, "Something else.")


def test_who_raised_it_neither_says_it_back_nor_answers_it(made: Collaboration) -> None:
    for show_as in (ShowAs.ORGANISATION, ShowAs.PARTNER):
        identifier = raised(made, replace(WORRY, show_as=show_as)).id
        with made.as_("hanna") as visit, pytest.raises(NotPermitted, match="somebody else"):
            concerns.restate(visit, identifier, "As I said.")
        until_agreed(made, identifier)
        with made.as_("hanna") as visit, pytest.raises(NotPermitted, match="somebody else"):
            concerns.answer(visit, identifier, "It is fine.")


@pytest.mark.parametrize("show_as", list(ShowAs))
def test_only_who_raised_it_agrees_and_settles(made: Collaboration, show_as: ShowAs) -> None:
    done = raised(made, replace(WORRY, show_as=show_as))
    with made.as_("miriam") as visit:
        concerns.restate(visit, done.id, "You fear a league table.")
    for other in ("jonas", "ada", "priya", "miriam"):
        with made.as_(other) as visit:
            for wrong in ("", "0000-0000-0000-0000-0000-0000", receipts.new()):
                with pytest.raises(NotPermitted):
                    concerns.agree(visit, done.id, receipt=wrong)
                for state in (State.EASED, State.CARRIED, State.CLOSED):
                    with pytest.raises(NotPermitted):
                        concerns.settle(visit, done.id, state, receipt=wrong)
    with operator("test", now=NOW) as visit, pytest.raises(NotPermitted):
        concerns.settle(visit, done.id, State.CLOSED)
    assert seen(made, done.id).state is State.RESTATED
    back = "hanna" if not done.receipt else "jonas"
    with made.as_(back) as visit:
        concerns.agree(visit, done.id, receipt=done.receipt.lower().replace("-", " "))
        with pytest.raises(Invalid, match="answered"):
            concerns.settle(visit, done.id, State.EASED, receipt=done.receipt)
        concerns.settle(visit, done.id, State.CLOSED, receipt=done.receipt)
    assert seen(made, done.id).state is State.CLOSED


def test_there_is_no_rejection(made: Collaboration) -> None:
    identifier = raised(made).id
    with made.as_("hanna") as visit, pytest.raises(Invalid, match="eased, carried or closed"):
        concerns.settle(visit, identifier, State.RAISED)
    assert {"rejected", "declined", "dropped"}.isdisjoint(State)


def test_a_partner_is_not_named_to_anybody_and_comes_back_by_themself(made: Collaboration) -> None:
    identifier = raised(made, replace(WORRY, show_as=ShowAs.PARTNER)).id
    for other in ("miriam", "ada", "jonas"):
        found = seen(made, identifier, by=other)
        assert (found.organisation, found.organisation_id, found.is_mine) == ("", "", False)
    assert seen(made, identifier, by="hanna").is_mine


def test_a_concern_is_hidden_with_what_it_is_about(made: Collaboration) -> None:
    council = made.organisations["Harbour Council"]
    hidden = harvested(record("Heron census"), source_id=source(), listing="owner", organisation_id=council)
    about = About(kind="dataset", id=hidden, title="Heron census")
    identifier = raised(made, replace(WORRY, about=about), by="miriam").id
    assert seen(made, identifier, by="priya").about == about
    with made.as_("hanna") as visit:
        assert concerns.concerns(visit) == ()
        for attempt in (
            lambda: concerns.concern(visit, identifier),
            lambda: concerns.restate(visit, identifier, "x"),
            lambda: concerns.answer(visit, identifier, "x"),
            lambda: concerns.settle(visit, identifier, State.CLOSED),
            lambda: concerns.raise_concern(visit, replace(WORRY, about=about)),
            lambda: concerns.raise_concern(visit, replace(WORRY, about=replace(about, id="nothing"))),
        ):
            with pytest.raises(NotFound):
                attempt()
    with operator("test", now=NOW) as visit:
        assert len(concerns.concerns(visit)) == 1, "what was refused left nothing"


def test_the_register_shows_open_ones_first_and_what_is_felt_strongly_before_the_rest(made: Collaboration) -> None:
    felt = [raised(made, replace(WORRY, felt=strength)).id for strength in (1, 3, 2)]
    late = raised(made, replace(WORRY, felt=2), at=NOW + timedelta(days=1)).id
    closed = raised(made).id
    with made.as_("hanna") as visit:
        concerns.settle(visit, closed, State.CLOSED)
        found = [each.id for each in concerns.concerns(visit)]
        assert found == [felt[1], late, felt[2], felt[0], closed]
        assert [each.id for each in concerns.concerns(visit, open_only=True)] == found[:-1]
        assert concerns.concerns(visit, about_kind="dataset") == ()


@pytest.mark.parametrize(
    "missing", [{"words": " "}, {"felt": 0}, {"felt": 4}, {"about": About(kind="weather", id="x")}]
)
def test_about_what_words_and_strength_are_needed_and_nothing_else(
    made: Collaboration, missing: dict[str, object]
) -> None:
    with pytest.raises(Invalid):
        raised(made, replace(WORRY, **missing))  # type: ignore[arg-type]


def test_one_that_is_about_people_asks_for_a_conversation(made: Collaboration) -> None:
    asks = {nature: seen(made, raised(made, replace(WORRY, nature=nature)).id) for nature in (*Nature, None)}
    assert [nature for nature, each in asks.items() if each.asks_for_conversation] == [Nature.ADAPTIVE, Nature.BOTH]


@settings(max_examples=200)
@given(st.text(alphabet=string.ascii_letters + string.digits + " -"))
def test_a_receipt_code_is_never_fitted_by_something_else(tried: str) -> None:
    code = receipts.new()
    assert receipts.fits(code, receipts.hash_of(code))
    assert not receipts.fits(tried, receipts.hash_of(code)) and not receipts.fits(tried, "")


def test_receipt_codes_are_long_never_repeat_and_can_be_misread(made: Collaboration) -> None:
    codes = {receipts.new() for _ in range(2000)}
    assert len(codes) == 2000
    assert all(re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}", each) for each in codes)
    assert receipts.hash_of("OIL1-0000") == receipts.hash_of(" o1l1 0o0O")
    done = raised(made, replace(WORRY, show_as=ShowAs.NOBODY))
    with made.as_("jonas") as visit:
        assert concerns.of_receipt(visit, done.receipt) == done.id
        with pytest.raises(NotFound):
            concerns.of_receipt(visit, receipts.new())
        with pytest.raises(NotFound):
            concerns.of_receipt(visit, "")


def everything() -> dict[str, set[str]]:
    """Every row of every table of the database, ours and others', as text."""
    with store.engine().connect() as connection:
        if store.dialect_name() == "sqlite":
            names = "SELECT name FROM sqlite_master WHERE type = 'table'"
        else:
            names = "SELECT tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        found = [each for (each,) in connection.execute(text(names))]
        return {
            name: {repr(tuple(row)) for row in connection.execute(text(f'SELECT * FROM "{name}"'))} for name in found
        }


def added(before: dict[str, set[str]], after: dict[str, set[str]]) -> dict[str, set[str]]:
    return {name: rows - before.get(name, set()) for name, rows in after.items() if rows - before.get(name, set())}


TIME_OF_DAY = re.compile(r"\d\d:\d\d|datetime\.datetime\(|\b1[67]\d{8}\b")
"""As ISO text, as a datetime, as seconds since 1970."""


def leads_to(made: Collaboration, username: str, rows: str) -> list[str]:
    """Which marks of this person stand in these rows."""
    viewer = made.viewers[username]
    marks = (viewer.username, viewer.display, viewer.person_id, viewer.organisation_id, viewer.organisation)
    return [each for each in marks if each.lower() in rows.lower()]


def test_nothing_leads_from_one_without_a_name_to_who_raised_it(
    made: Collaboration, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    before = everything()
    assert set(Base.metadata.tables) <= set(before)
    done = raised(made, replace(WORRY, show_as=ShowAs.NOBODY))
    at_once = added(before, everything())
    assert set(at_once) == {"concern"}, "one row, and no event yet"
    until_agreed(made, done.id, receipt=done.receipt)
    with made.as_("priya") as visit:
        concerns.answer(visit, done.id, "We talk about it.")
    with made.as_("hanna") as visit:
        concerns.settle(visit, done.id, State.EASED, receipt=done.receipt)
    concerns.tell(now=NOW + timedelta(days=1))
    new = added(before, everything())
    assert set(new) == {"concern", "audit"}
    told_of_it = {row for row in new["audit"] if "miriam" not in row and "priya" not in row}
    assert len(told_of_it) == 3
    left = "\n".join([*new["concern"], *told_of_it])
    assert done.id in left, "the rows are those of this concern"
    assert leads_to(made, "hanna", left) == [] and leads_to(made, "hanna", caplog.text) == []
    assert not TIME_OF_DAY.search(left)
    assert done.receipt not in left and done.receipt.replace("-", "") not in left and done.receipt not in caplog.text


def test_the_search_for_traces_finds_them_where_there_are_some(made: Collaboration) -> None:
    before = everything()
    raised(made)
    left = "\n".join(row for rows in added(before, everything()).values() for row in rows)
    assert set(leads_to(made, "hanna", left)) == {"hanna", "Hanna", made.organisations["Tidewater Homes"]}
    assert TIME_OF_DAY.search(left)


def test_two_people_leave_the_same_rows_but_for_chance(made: Collaboration) -> None:
    """Whoever raises it, and at whatever time of the day: only the key and the hash differ, and those are random."""
    rows = []
    for username, moment in (("hanna", NOW), ("ada", NOW + timedelta(hours=7))):
        before = everything()
        raised(made, replace(WORRY, show_as=ShowAs.NOBODY), by=username, at=moment)
        [row] = added(before, everything())["concern"]
        rows.append(re.sub(r"[0-9a-f]{32,64}", "random", row))
    assert rows[0] == rows[1]


@pytest.mark.parametrize("show_as", NAMELESS)
def test_the_audit_hears_of_it_on_a_later_day_without_who_and_when(made: Collaboration, show_as: ShowAs) -> None:
    evening = datetime(2026, 11, 21, 23, 59, tzinfo=UTC)
    done = raised(made, replace(WORRY, show_as=show_as))
    assert told(evening) == [], "not while its day lasts"
    [event] = told(evening + timedelta(minutes=2))
    assert (event.action, event.object) == ("concern.raised", f"concern:{done.id}")
    assert (event.at, event.actor, dict(event.detail)) == ("2026-11-21", "", {})
    assert len(told(evening + timedelta(days=3))) == 1, "and once"
    with machinery("test", now=NOW) as visit:
        assert audit.verify(visit).ok
    for steward in ("priya", "jonas"):
        with made.as_(steward) as visit:
            assert audit.events(visit, action="concern.") == []


def test_every_process_that_takes_daily_turns_brings_this_one() -> None:
    """A worker is a command of its own, which imports neither pages nor this room by name."""
    program = "import sys, entrypoints.cli; sys.exit('governance.concerns.telling' not in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0


@pytest.mark.parametrize("show_as", NAMELESS)
def test_later_steps_of_who_raised_it_are_told_as_late(made: Collaboration, show_as: ShowAs) -> None:
    done = raised(made, replace(WORRY, show_as=show_as))
    assert len(told(NOW + timedelta(days=1))) == 1
    with made.as_("hanna", now=NOW + timedelta(days=2)) as visit:
        concerns.settle(visit, done.id, State.CLOSED, receipt=done.receipt)
    assert len(told(NOW + timedelta(days=2))) == 1
    newest, _ = told(NOW + timedelta(days=3))
    assert (newest.action, newest.at, newest.actor) == ("concern.settled", "2026-11-23", "")
    assert newest.detail == {"state": "closed"}


def test_the_order_in_the_audit_says_nothing_of_the_order_of_a_day(made: Collaboration) -> None:
    orders = set()
    for turn in range(6):
        moment = NOW + timedelta(days=turn)
        ids = [
            raised(made, replace(WORRY, show_as=ShowAs.NOBODY), at=moment + timedelta(minutes=n)).id for n in range(4)
        ]
        events = told(moment + timedelta(days=1))[:4]
        orders.add(tuple(ids.index(each.object.partition(":")[2]) for each in events))
    assert len(orders) > 1, "six times the same order of four is chance once in eight million"


STEPS = st.lists(st.sampled_from(["restate", "agree", "not_quite", "answer", "eased", "carried", "closed"]), max_size=9)
ALLOWED = {
    "restate": {"raised": "restated", "restated": "restated"},
    "agree": {"restated": "agreed"},
    "not_quite": {"restated": "raised"},
    "answer": {"agreed": "answered", "answered": "answered", "carried": "answered"},
    "eased": {"answered": "eased", "carried": "eased"},
    "carried": {"answered": "carried", "carried": "carried"},
    "closed": dict.fromkeys(("raised", "restated", "agreed", "answered", "carried"), "closed"),
}


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steps=STEPS)
def test_whatever_is_tried_in_whatever_order_only_the_next_step_is_taken(made: Collaboration, steps: list[str]) -> None:
    identifier, state = raised(made).id, "raised"
    for step in steps:
        by = "priya" if step in ("restate", "answer") else "hanna"
        with made.as_(by) as visit:
            try:
                if step in ("restate", "answer"):
                    getattr(concerns, step)(visit, identifier, "words")
                elif step in ("agree", "not_quite"):
                    getattr(concerns, step)(visit, identifier)
                else:
                    concerns.settle(visit, identifier, State(step))
                assert state in ALLOWED[step], f"{step} was possible while {state}"
            except Invalid:
                assert state not in ALLOWED[step], f"{step} was refused while {state}"
        state = ALLOWED[step].get(state, state)
        assert seen(made, identifier).state == state
