"""Who is in the room decides what may be shown, at each look anew; what is hidden says so and names nothing."""

from __future__ import annotations

import pytest

from catalogue import curation
from governance import Invalid, NotPermitted, holds
from governance.access import Scope, Use
from meetings import holding
from tests.meetings.ground import HELD, LATER, Table


def test_everybody_covered_sees_every_tile(table: Table) -> None:
    table.agree()
    assert table.shown(table.begun()) == {"Absence": "", "Waiting": ""}


def test_without_an_agreement_only_open_data_is_shown(table: Table) -> None:
    shown = table.shown(table.begun())
    assert shown["Absence"] == "" and shown["Waiting"] != ""


def test_another_organisation_in_the_room_hides_what_does_not_cover_it_and_its_leaving_shows_it_again(
    table: Table,
) -> None:
    table.agree()
    name = table.begun()
    with table.ground.people.as_("carl", now=HELD) as visit:
        every = table.everybody("Harbour Council", "Tidewater Homes", "Saltmarsh Trust")
        holding.say_who_is_here(visit, name, every, public=False)
    assert table.shown(name) == {"Absence": "", "Waiting": "Not covered for 1 organisation here."}
    with table.ground.people.as_("carl", now=HELD) as visit:
        holding.say_who_is_here(visit, name, table.everybody(), public=False)
    assert table.shown(name) == {"Absence": "", "Waiting": ""}


def test_the_public_in_the_room_leaves_open_data_and_the_rest_has_no_name(table: Table) -> None:
    table.agree()
    shown = table.shown(table.begun(public=True))
    assert shown.pop("Absence") == ""
    assert shown == {holding.UNNAMED: "Not covered for the public that is here."}


def test_what_somebody_in_the_room_may_not_know_of_is_not_named(table: Table) -> None:
    with table.ground.people.as_("priya") as visit:
        curation.set_listing(visit, table.shared, "owner")
    name = table.begun("Harbour Council", "Tidewater Homes")
    with table.ground.people.as_("ada", now=HELD) as visit:
        view = holding.on_the_table(visit, name)
    assert [each.name for each in view.tiles] == ["Absence", holding.UNNAMED]
    assert "Waiting" not in repr(view) and view.shown == 1


def test_nobody_noted_as_present_shows_open_data_only(table: Table) -> None:
    table.agree()
    name = table.begun()
    with table.ground.people.as_("carl", now=HELD) as visit:
        holding.say_who_is_here(visit, name, {}, public=False)
    assert [not why for why in table.shown(name).values()] == [True, False]


def test_a_planned_meeting_tells_what_those_invited_could_see(table: Table) -> None:
    table.agree()
    invited = tuple(table.everybody())
    name = table.plan(invited=invited)
    with table.ground.people.as_("carl") as visit:
        view = holding.on_the_table(visit, name)
    assert (view.is_expected, view.shown, view.organisations) == (True, 2, ("Harbour Council", "Tidewater Homes"))
    assert list(table.shown(table.plan(title="With everybody")).values()) == [
        "",
        "Not covered for 1 organisation here.",
    ]


def test_a_hold_hides_at_the_next_look_and_lifting_restores(table: Table) -> None:
    table.agree()
    name = table.begun()
    harbour = table.organisation("Harbour Council")
    with table.ground.people.as_("priya", now=HELD) as visit:
        placed = holds.place(visit, Scope.DATASET, table.shared, organisation_id=harbour, reason="A wrong column.")
    assert table.shown(name)["Waiting"] != ""
    with table.ground.people.as_("priya", now=HELD) as visit:
        holds.lift(visit, placed)
    assert table.shown(name)["Waiting"] == ""


def test_the_day_after_the_last_hides_the_tile(table: Table) -> None:
    table.agree()
    assert table.shown(table.begun(), at=LATER)["Waiting"] != ""


def test_the_row_needs_the_use_present(table: Table) -> None:
    table.agree(uses=(Use.VIEW,))
    assert table.shown(table.begun())["Waiting"] != ""


def test_what_may_not_be_shown_cannot_be_pinned(table: Table) -> None:
    name = table.begun()
    item = table.item(name, "Waiting", by="priya")
    with table.ground.people.as_("carl", now=HELD) as visit, pytest.raises(Invalid, match="may not be shown"):
        holding.show(visit, item.id)


def test_who_is_here_is_said_by_hosts_and_of_organisations_that_take_part(table: Table) -> None:
    name = table.begun()
    with table.ground.people.as_("sam", now=HELD) as visit, pytest.raises(NotPermitted):
        holding.say_who_is_here(visit, name, table.everybody(), public=False)
    with table.ground.people.as_("carl", now=HELD) as visit:
        for here in ({"nobody": 1}, {table.organisation("Harbour Council"): -1}):
            with pytest.raises(Invalid):
                holding.say_who_is_here(visit, name, here, public=False)
