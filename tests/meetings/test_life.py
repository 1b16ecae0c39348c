"""A meeting from its plan to its closed minutes, and what each step asks for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from governance import Invalid, NotFound, NotPermitted, audit, commitments, concerns, operator
from governance.commitments import CommitmentState
from governance.concerns import About, ShowAs, Worry
from meetings import closing, holding, planning, recording
from meetings.planning import AgendaDraft, MeetingDraft
from meetings.reading import ItemKind, RecordKind, State, meeting, meetings, upcoming
from meetings.recording import ActionDraft
from reportcards import watching
from tests.catalogue.made import NOW
from tests.meetings.ground import HELD, LATER, Table
from tests.reportcards.ground import months


def titles(table: Table, name: str, *, by: str = "carl") -> list[str]:
    with table.ground.people.as_(by) as visit:
        return [each.title for each in meeting(visit, name).agenda]


def worry(words: str, *, show_as: ShowAs = ShowAs.ORGANISATION) -> Worry:
    return Worry(about=About(kind="collaboration"), words=words, felt=2, show_as=show_as)


def test_a_meeting_is_planned_held_recorded_and_closed(table: Table) -> None:
    table.agree()
    name = table.begun()
    waiting = table.item(name, "Waiting")
    with table.ground.people.as_("carl", now=HELD) as visit:
        pinned = holding.show(visit, waiting.id)
        holding.done(visit, waiting.id)
        assert recording.decide(visit, name, "Calls go on.", agenda_id=waiting.id, expected="Fewer wait.") == "D-1"
        assert recording.act(visit, name, ActionDraft(what="Ask the county.", who="Tom")) == "A-1"
        assert recording.note(visit, name, "Tea was good.") == "N-1"
        recording.raise_concern(visit, name, worry("Will it be read as a list of bad streets?"))
        with pytest.raises(Invalid, match="minutes"):
            closing.close(visit, name, minutes=" ")
        head = audit.head()
        closing.close(visit, name, minutes="We looked at waiting.")
        closed = meeting(visit, name)
    assert (closed.state, closed.minutes, closed.closed_at) == (State.CLOSED, "We looked at waiting.", HELD)
    assert closed.audit_head == head
    assert [each.label for each in closed.records] == ["A-1", "C-1", "D-1", "N-1"]
    decision = next(each for each in closed.records if each.kind is RecordKind.DECISION)
    assert (decision.agenda_id, decision.by, decision.expected) == (waiting.id, "Carl", "Fewer wait.")
    item = next(each for each in closed.agenda if each.id == waiting.id)
    assert item.done and item.seen is not None and item.seen.hash == pinned.hash
    with operator("a test") as visit:
        assert audit.verify(visit, head=closed.audit_head).ok
        told = audit.events(visit, target=f"meeting:{name}")
    assert any(each.detail.get("hash") == pinned.hash and each.detail["revision"] for each in told)
    assert "meeting.closed" in {each.action for each in told}


def test_a_closed_meeting_stays_as_it_is_but_for_what_happened(table: Table) -> None:
    name = table.begun()
    with table.ground.people.as_("carl", now=HELD) as visit:
        recording.decide(visit, name, "Calls go on.")
        closing.close(visit, name, minutes="Short.")
        item = meeting(visit, name).agenda[0]
        for attempt in (
            lambda: recording.decide(visit, name, "Once more."),
            lambda: recording.act(visit, name, ActionDraft(what="Once more.")),
            lambda: recording.raise_concern(visit, name, worry("Once more.")),
            lambda: holding.open_meeting(visit, name),
            lambda: holding.say_who_is_here(visit, name, {}, public=False),
            lambda: holding.done(visit, item.id),
            lambda: planning.put_agenda(visit, name, []),
            lambda: planning.change(visit, name, planning.draft_of(visit, name)),
            lambda: closing.close(visit, name, minutes="Another."),
        ):
            with pytest.raises(Invalid, match="closed"):
                attempt()
    with table.ground.people.as_("carl", now=LATER) as visit:
        decision = meeting(visit, name).records[0]
        recording.happened(visit, decision.id, "Twelve families were called.")
        after = meeting(visit, name).records[0]
        assert (after.happened, after.happened_by) == ("Twelve families were called.", "Carl")
        with pytest.raises(NotFound):
            recording.happened(visit, "nothing", "Words.")


def test_nothing_is_recorded_before_it_begins_and_nothing_closed_without_attendance(table: Table) -> None:
    name = table.plan()
    with table.ground.people.as_("carl", now=HELD) as visit:
        with pytest.raises(Invalid, match="not begun"):
            recording.note(visit, name, "Too early.")
        holding.open_meeting(visit, name)
        with pytest.raises(Invalid, match="who was in the room"):
            closing.close(visit, name, minutes="We met.")
        other = meeting(visit, table.plan(title="Another")).agenda[0]
        with pytest.raises(NotFound):
            recording.note(visit, name, "Elsewhere.", agenda_id=other.id)


def test_only_hosts_plan_open_record_and_close(table: Table) -> None:
    name = table.begun()
    with table.ground.people.as_("sam", now=HELD) as visit:
        for attempt in (
            lambda: planning.plan(visit, MeetingDraft(title="Mine", starts_at=HELD)),
            lambda: holding.open_meeting(visit, name),
            lambda: recording.decide(visit, name, "I decide."),
            lambda: recording.act(visit, name, ActionDraft(what="I act.")),
            lambda: recording.note(visit, name, "I note."),
            lambda: closing.close(visit, name, minutes="I close."),
        ):
            with pytest.raises(NotPermitted):
                attempt()
        raised = recording.raise_concern(visit, name, worry("Is this about us?"))
        assert concerns.concern(visit, raised.id).organisation == "Saltmarsh Trust"
        assert meeting(visit, name).records[0].label == "C-1"


def test_an_action_is_a_commitment_and_others_are_bound_only_when_they_are_in_the_room(table: Table) -> None:
    name = table.begun()
    saltmarsh, harbour = table.organisation("Saltmarsh Trust"), table.organisation("Harbour Council")
    with table.ground.people.as_("carl", now=HELD) as visit:
        due = visit.today + timedelta(days=14)
        recording.act(visit, name, ActionDraft(what="Send the list.", organisation_id=harbour, due=due))
        with pytest.raises(Invalid, match="in the room"):
            recording.act(visit, name, ActionDraft(what="Bring cake.", organisation_id=saltmarsh))
        (record,) = meeting(visit, name).records
    assert (record.label, record.organisation, record.due, record.state) == ("A-1", "Harbour Council", due, "open")
    with table.ground.people.as_("miriam", now=LATER) as visit:
        commitments.change(visit, record.ref, CommitmentState.KEPT)
        assert meeting(visit, name).records[0].state == "kept"


def test_a_concern_without_a_name_has_no_number_no_time_and_no_event(table: Table) -> None:
    name = table.begun()
    with operator("a test") as visit:
        before = audit.count(visit)
    with table.ground.people.as_("carl", now=HELD) as visit:
        raised = recording.raise_concern(visit, name, worry("They will blame us.", show_as=ShowAs.NOBODY))
        (record,) = meeting(visit, name).records
    assert raised.receipt
    assert (record.label, record.at, record.by, record.organisation) == ("C", None, "", "")
    with operator("a test") as visit:
        assert audit.count(visit) == before


def test_the_agenda_suggests_itself_in_a_good_order(table: Table) -> None:
    first = table.begun()
    with table.ground.people.as_("carl", now=HELD) as visit:
        recording.act(visit, first, ActionDraft(what="Ask the county.", due=visit.today))
        recording.raise_concern(visit, first, worry("Is it fair?"))
        absence = next(each for each in meeting(visit, first).agenda if each.title == "Absence")
        closing.close(visit, first, minutes="Done.")
    rule = watching.Watch(kind="above", value=1.0, owner="Harbour Council")
    with table.ground.people.as_("priya", now=HELD) as visit:
        watching.add_watch(visit, absence.item_id, rule)
    table.ground.take(table.free, months("Absence", [5.1, 5.3, 5.2, 5.6, 5.4, 5.9, 6.2]), at=HELD)
    table.agree(at=HELD + timedelta(days=1))
    with table.ground.people.as_("carl", now=LATER) as visit:
        name = planning.plan(visit, MeetingDraft(title="Next", starts_at=LATER, card_name=table.card))
        found = meeting(visit, name).agenda
        assert planning.suggest(visit, name) == ()
    assert [each.kind for each in found] == [
        ItemKind.OPENING,
        ItemKind.COMMITMENTS,
        ItemKind.WARNING,
        ItemKind.CONCERN,
        ItemKind.DATASET,
        ItemKind.INDICATOR,
        ItemKind.OTHER,
    ]
    assert found[0].title == "What is on your mind about our data?"
    assert [each.title for each in found[2:6]] == [
        "Absence",
        "A concern about “Children and young people”",
        "Newly shared: Waiting list",
        "Waiting",
    ]


def test_a_short_meeting_begins_with_what_has_room_and_is_offered_the_rest(table: Table) -> None:
    with table.ground.people.as_("carl", now=HELD) as visit:
        name = planning.plan(visit, MeetingDraft(title="Short", starts_at=HELD, card_name=table.card, length=25))
        found = meeting(visit, name).agenda
        offered = planning.suggest(visit, name)
    assert [each.kind for each in found] == [ItemKind.OPENING, ItemKind.INDICATOR, ItemKind.OTHER]
    assert sum(each.length for each in found) <= 25
    assert [each.item.kind for each in offered] == [ItemKind.INDICATOR]


def test_the_agenda_is_put_in_another_order_and_what_was_dealt_with_stays(table: Table) -> None:
    name = table.begun()
    with table.ground.people.as_("carl", now=HELD) as visit:
        items = meeting(visit, name).agenda
        turned = [
            AgendaDraft(id=each.id, kind=each.kind, title=each.title, length=each.length + 5) for each in items[::-1]
        ]
        planning.put_agenda(visit, name, [*turned[1:], AgendaDraft(title="Welcome", length=3)])
        now = meeting(visit, name).agenda
        assert [each.title for each in now] == [*(each.title for each in turned[1:]), "Welcome"]
        assert [each.length for each in now] == [*(each.length for each in turned[1:]), 3]
        recording.note(visit, name, "Hello.", agenda_id=now[-1].id)
        with pytest.raises(Invalid, match="Welcome"):
            planning.put_agenda(visit, name, turned[1:])
        missing = planning.suggest(visit, name)
    assert [each.item.title for each in missing] == ["Any other matter, next date"]


def test_a_plan_is_checked_and_changed(table: Table) -> None:
    name = table.plan()
    assert table.plan() == f"{name}-2"
    with table.ground.people.as_("carl") as visit:
        for wrong in (
            MeetingDraft(title=" ", starts_at=HELD),
            MeetingDraft(title="No zone", starts_at=HELD.replace(tzinfo=None)),
            MeetingDraft(title="No time", starts_at=HELD, length=0),
            MeetingDraft(title="Nobody", starts_at=HELD, invited=()),
            MeetingDraft(title="No chair", starts_at=HELD, chair="ghost"),
        ):
            with pytest.raises(Invalid):
                planning.plan(visit, wrong)
        harbour = table.organisation("Harbour Council")
        planning.change(
            visit,
            name,
            MeetingDraft(title="Moved", starts_at=LATER, place="Quay Room", chair="miriam", invited=(harbour,)),
        )
        moved = meeting(visit, name)
        assert (moved.brief.title, moved.brief.starts_at, moved.brief.chair_name) == ("Moved", LATER, "Miriam")
        assert [each.organisation for each in moved.presence] == ["Harbour Council"]


def test_the_next_meeting_is_the_one_being_held_else_the_first_to_come(table: Table) -> None:
    with table.ground.people.as_("carl", now=NOW) as visit:
        assert upcoming(visit) is None and meetings(visit) == ()
    later, sooner = table.plan(at=LATER, title="Later"), table.plan(title="Sooner")
    with table.ground.people.as_("sam", now=NOW) as visit:
        assert [each.name for each in meetings(visit)] == [later, sooner]
        found = upcoming(visit)
        assert found is not None and found.name == sooner
    with table.ground.people.as_("carl", now=NOW) as visit:
        holding.open_meeting(visit, later)
        found = upcoming(visit)
        assert found is not None and found.name == later
