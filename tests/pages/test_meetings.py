"""The pages of meetings: planned, held before a room, closed; what each visitor is offered and never shown."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import store
from governance.sign_in import redeem, ticket
from meetings import closing, holding, planning, reading, recording
from meetings.planning import AgendaDraft, MeetingDraft
from meetings.reading import ItemKind, Meeting
from pages.meet import _ordering, _words
from pages.shell import frame
from reportcards import cards
from store.settings import Settings
from tests.catalogue.made import NOW
from tests.pages.drawn import draw, markup, text
from tests.reportcards import ground as laid
from tests.reportcards.ground import Ground, counts

MEETINGS, MEETING, PLAN, PRESENT = (
    f"pages.meet.{each}" for each in ("meetings", "meeting", "plan_meeting", "present_meeting")
)
COUNCIL, HOMES = "Harbour Council", "Tidewater Homes"
LATER = NOW + timedelta(minutes=10)


TITLE = "Children and young people"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Ground, str]]:
    """A home with a card of two figures, one open, one of the council alone, and no meeting; and the card's name."""
    folder = tmp_path_factory.mktemp("meetings") / "home"
    store.use_settings(Settings(home=folder))
    store.upgrade()
    made = laid.ground()
    made.people.person("chair", COUNCIL, "chair")
    free = made.indicator(made.dataset("Absence"), "Absence", counts("Absence", [(95, 1_000)] * 12))
    own = made.dataset("Caseload", "closed", owner=COUNCIL)
    secret = made.indicator(own, "Caseload", counts("Caseload", [(777, 1_000)] * 12))
    name = made.card("Children", free, secret)
    store.use_settings(None)
    yield folder, made, name


@pytest.fixture
def ground(first: tuple[Path, Ground, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ground]:
    """A copy of it, and the chair signed in where a dialog asks whose session it is."""
    folder = shutil.copytree(first[0], tmp_path / "home")
    store.use_settings(Settings(home=folder))
    sid = redeem(ticket("chair", "local"), "local")
    monkeypatch.setattr(frame, "session_id", lambda: sid)
    yield first[1]
    store.use_settings(None)


def planned(ground: Ground) -> str:
    """A meeting with the card on the table; its name."""
    with ground.people.as_("chair") as visit:
        card = cards.cards(visit)[0].name
        return planning.plan(visit, MeetingDraft(title=TITLE, starts_at=NOW, card_name=card, place="Quay Room"))


def held(ground: Ground, *, here: tuple[str, ...] = (COUNCIL, HOMES), public: bool = False) -> str:
    name = planned(ground)
    with ground.people.as_("chair") as visit:
        holding.open_meeting(visit, name)
        rooms = {ground.people.organisations[each]: 2 for each in here}
        holding.say_who_is_here(visit, name, rooms, public=public)
    return name


def found(ground: Ground, name: str) -> Meeting:
    with ground.people.as_("chair") as visit:
        return reading.meeting(visit, name)


def item(ground: Ground, name: str, title: str) -> str:
    return next(each.id for each in found(ground, name).agenda if each.title == title)


def look(ground: Ground, module: str, who: str, **query: Any) -> AppTest:
    test = draw(module, ground.people.viewers[who], now=LATER, **query)
    assert not test.exception, test.exception
    return test


def labels(test: AppTest) -> list[str]:
    return [each.label for each in test.button]


def test_without_a_meeting_a_host_gets_one_button_and_others_one_sentence(ground: Ground) -> None:
    assert "Plan a meeting" in text(look(ground, MEETINGS, "chair"))
    said = text(look(ground, MEETINGS, "miriam"))
    assert "A chair, a facilitator or a steward plans the first one." in said and "Plan a meeting" not in said


def test_the_next_meeting_stands_first_and_the_past_ones_last(ground: Ground) -> None:
    with ground.people.as_("chair") as visit:
        for title, days in (("In spring", 90), ("Next week", 7), ("Was held", -7), ("Never held", -3)):
            name = planning.plan(visit, MeetingDraft(title=title, starts_at=NOW + timedelta(days=days)))
            if title == "Was held":
                holding.open_meeting(visit, name)
                holding.say_who_is_here(visit, name, {ground.people.organisations[COUNCIL]: 1}, public=False)
                closing.close(visit, name, minutes="We met.")
    said = text(look(ground, MEETINGS, "miriam"))
    places = [said.index(each) for each in ("Next week", "In spring", "Never held", "Was held")]
    assert places == sorted(places) and "In 7 days" in said and "Not held" in said


def test_a_planned_meeting_says_when_where_and_for_whom(ground: Ground) -> None:
    name = planned(ground)
    test = look(ground, MEETING, "miriam", name=name)
    said = text(test)
    assert "Saturday 21 November 2026, 09:30 to 11:00, Quay Room. Chair: Chair." in said
    assert "What is on your mind about our data?" in said and HOMES in said
    assert "Begin the meeting" not in labels(test)
    assert "Begin the meeting" in labels(look(ground, MEETING, "chair", name=name))


def test_a_host_begins_the_meeting(ground: Ground) -> None:
    name = planned(ground)
    look(ground, MEETING, "chair", name=name).button(key="begin").click().run()
    assert found(ground, name).state is reading.State.HELD


def test_the_room_sees_the_figure_that_everybody_may_see_and_it_is_pinned(ground: Ground) -> None:
    name = held(ground)
    which = item(ground, name, "Absence")
    said = text(look(ground, MEETING, "chair", name=name, item=which))
    assert (
        "1 of 2 tiles are covered for everybody here." in said and "9.5" in said and "pinned for this meeting" in said
    )
    seen = next(each.seen for each in found(ground, name).agenda if each.id == which)
    assert seen is not None and seen.revision == 1


def test_looking_twice_pins_once_and_a_member_pins_nothing(ground: Ground) -> None:
    name = held(ground)
    which = item(ground, name, "Absence")
    look(ground, MEETING, "miriam", name=name, item=which)
    assert all(each.seen is None for each in found(ground, name).agenda)
    test = look(ground, MEETING, "chair", name=name, item=which)
    before = found(ground, name)
    test.run()
    assert found(ground, name) == before


@pytest.mark.parametrize("module", [MEETING, PRESENT])
@pytest.mark.parametrize("who", ["chair", "hanna"])
def test_nothing_of_a_figure_that_somebody_in_the_room_may_not_see_is_sent(
    ground: Ground, module: str, who: str
) -> None:
    name = held(ground)
    which = item(ground, name, "Caseload")
    place = [each.id for each in found(ground, name).agenda].index(which) + 1
    test = look(ground, module, who, name=name, item=which, i=str(place))
    assert "77.7" not in markup(test) and not test.get("vega_lite_chart")
    why = "Not covered for 1 organisation here" if who == "chair" else "Not shared with your organisation"
    assert why in text(test)


def test_alone_in_the_room_an_owner_sees_its_own_figure(ground: Ground) -> None:
    name = held(ground, here=(COUNCIL,))
    said = text(look(ground, MEETING, "chair", name=name, item=item(ground, name, "Caseload")))
    assert "77.7" in said and "2 of 2 tiles" in said


def test_others_read_and_may_raise_a_concern_but_change_nothing(ground: Ground) -> None:
    name = held(ground)
    offered = labels(look(ground, MEETING, "miriam", name=name))
    assert offered == ["Concern"]
    asked = look(ground, MEETING, "chair", name=name)
    assert {"Decision", "Action", "Concern", "Note", "Change who is here", "Close the meeting"} <= set(labels(asked))


def fields(test: AppTest) -> dict[str, object]:
    return {each.label: each for each in (*test.text_area, *test.text_input, *test.number_input, *test.radio)}


def test_a_decision_takes_two_clicks_and_keeps_its_words(ground: Ground) -> None:
    name = held(ground)
    test = look(ground, MEETING, "chair", name=name)
    test.button(key="record-decision").click().run()
    fields(test)["What is decided"].set_value("Calls go on until Easter.")  # type: ignore[attr-defined]
    next(each for each in test.button if each.label == "Record it").click().run()
    assert [each.words for each in found(ground, name).records] == ["Calls go on until Easter."]


def test_what_was_typed_is_there_again_after_it_was_put_aside_or_refused(ground: Ground) -> None:
    name = held(ground)
    test = look(ground, MEETING, "chair", name=name)
    test.button(key="record-decision").click().run()
    fields(test)["Why"].set_value("The calls reach them.")  # type: ignore[attr-defined]
    next(each for each in test.button if each.label == "Record it").click().run()
    assert "Write down what was decided." in text(test)
    next(each for each in test.button if each.label == "Not now").click().run()
    assert "What is decided" not in fields(test)
    test.button(key="record-decision").click().run()
    assert fields(test)["Why"].value == "The calls reach them."  # type: ignore[attr-defined]


def test_a_meeting_closes_only_with_minutes_and_attendance(ground: Ground) -> None:
    name = planned(ground)
    with ground.people.as_("chair") as visit:
        holding.open_meeting(visit, name)
    test = look(ground, MEETING, "chair", name=name)
    test.button(key="close").click().run()
    send = "Close it for good"
    next(each for each in test.button if each.label == send).click().run()
    assert "Write the minutes first" in text(test)
    fields(test)["Minutes"].set_value("We talked about absence.")  # type: ignore[attr-defined]
    next(each for each in test.button if each.label == send).click().run()
    assert "Say first who was in the room." in text(test)
    assert found(ground, name).state is reading.State.HELD


def closed(ground: Ground) -> str:
    name = held(ground)
    with ground.people.as_("chair") as visit:
        which = item(ground, name, "Absence")
        holding.show(visit, which)
        recording.decide(visit, name, "Calls go on until Easter.", agenda_id=which, expected="Fewer days lost.")
        closing.close(visit, name, minutes="We talked about absence.")
    return name


def test_afterwards_the_page_keeps_minutes_decisions_and_what_was_seen(ground: Ground) -> None:
    name = closed(ground)
    test = look(ground, MEETING, "hanna", name=name)
    said = text(test)
    for words in ("We talked about absence.", "D-1", "Calls go on until Easter.", "Hoped for: Fewer days lost."):
        assert words in said
    assert "revision 1" in said and "9.5" in said and found(ground, name).audit_head in said
    assert "What happened?" not in labels(test) and "Change who is here" not in labels(test)


def test_later_somebody_says_what_came_of_a_decision(ground: Ground) -> None:
    name = closed(ground)
    record = found(ground, name).records[0]
    test = look(ground, MEETING, "chair", name=name)
    test.button(key=f"happened-{record.id}").click().run()
    fields(test)["What came of it"].set_value("Absence fell by a day.")  # type: ignore[attr-defined]
    next(each for each in test.button if each.label == "Write it down").click().run()
    assert "What happened: Absence fell by a day." in text(look(ground, MEETING, "miriam", name=name))


def test_an_agenda_is_put_in_order_and_takes_an_item_of_ones_own(ground: Ground) -> None:
    name = planned(ground)
    before = [each.title for each in found(ground, name).agenda]
    test = look(ground, PLAN, "chair", name=name)
    second = found(ground, name).agenda[1]
    test.button(key=f"up-{second.id}").click().run()
    assert [each.title for each in found(ground, name).agenda][:2] == [before[1], before[0]]
    test.button(key=f"off-{second.id}").click().run()
    assert before[1] not in [each.title for each in found(ground, name).agenda]
    assert "It could also hold" in text(test)
    test.text_input[0].set_value("The new bus")
    next(each for each in test.button if each.label == "Add it").click().run()
    assert found(ground, name).agenda[-1].title == "The new bus"


@pytest.mark.parametrize(("place", "to", "order"), [(0, 1, "bac"), (2, 0, "cab"), (1, 1, "abc")])
def test_moving_an_item_keeps_all_of_them(place: int, to: int, order: str) -> None:
    items = [AgendaDraft(title=each) for each in "abc"]
    assert "".join(each.title for each in _ordering.moved(items, place, to)) == order


def test_a_new_meeting_needs_a_title_and_keeps_the_rest(ground: Ground) -> None:
    test = look(ground, PLAN, "chair")
    assert [each.label for each in test.text_input] == ["Title", "Where"]
    next(each for each in test.button if each.label == "Plan it").click().run()
    assert "Give the meeting a title" in text(test)


def test_every_kind_of_item_has_words(ground: Ground) -> None:
    assert set(_words.KINDS) == set(ItemKind)


def test_minutes_left_count_down_from_the_opening(ground: Ground) -> None:
    name = held(ground)
    shown = found(ground, name)
    first = shown.agenda[0]
    assert _words.minutes_left(shown, first, NOW) == first.length
    over = NOW + timedelta(minutes=first.length + 3)
    assert _words.time_left(_words.minutes_left(shown, first, over)) == "3 minutes over"
    assert _words.time_left(1) == "1 minute left"
