"""What was seen is pinned, and given back only where it may be kept looking at; the words always stay."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import update

from governance import Housekeeping, holds, operator
from governance.access import Scope, Use
from meetings import holding, recording
from meetings.first_use import first_uses
from meetings.reading import Seen, meeting
from meetings.tables import AgendaRow
from reportcards.report import Measurement
from tests.meetings.ground import EVERY, HELD, LATER, WAITING, Table
from tests.reportcards.ground import counts, months

KEPT = (*EVERY, Use.RETAIN)


def pinned(table: Table, title: str = "Waiting") -> tuple[str, Seen]:
    """A meeting that was shown this figure and decided on it; its name and what was pinned."""
    name = table.begun()
    item = table.item(name, title)
    with table.ground.people.as_("carl", now=HELD) as visit:
        seen = holding.show(visit, item.id)
        recording.decide(visit, name, "Calls go on.", agenda_id=item.id)
    return name, seen


def seen_by(table: Table, name: str, username: str, *, title: str = "Waiting", later: bool = False) -> Seen:
    found = table.item(name, title, by=username, at=LATER if later else HELD).seen
    assert found is not None
    return found


def told(figure: Measurement | None) -> list[float | None]:
    assert figure is not None and figure.series is not None
    return [point.value for point in figure.series.points]


def test_a_figure_stays_as_it_was_seen_whatever_revision_follows(table: Table) -> None:
    name, seen = pinned(table, "Absence")
    table.ground.take(table.free, months("Absence", [9.1, 9.3, 9.2, 9.6, 9.4, 9.9, 9.9]), at=HELD)
    found = seen_by(table, name, "sam", title="Absence", later=True)
    assert told(found.figure) == told(seen.figure) and 9.9 not in told(found.figure)
    assert (found.revision, found.hash, found.revision_id) == (1, seen.hash, seen.revision_id)
    assert found.figure is not None and "revision 1" in found.figure.source_line


def test_shared_figures_need_the_use_retain_to_be_looked_at_again(table: Table) -> None:
    table.agree()
    name, seen = pinned(table)
    assert seen.figure is not None
    again = seen_by(table, name, "hanna")
    assert (again.figure, again.hash, again.revision_id) == (None, seen.hash, "")
    assert again.withheld.startswith("A figure was shown here")
    assert seen_by(table, name, "miriam").figure is not None, "its own organisation keeps it"
    with table.ground.people.as_("hanna", now=LATER) as visit:
        assert [each.words for each in meeting(visit, name).records] == ["Calls go on."]


def test_what_may_be_retained_is_kept_beyond_the_last_day_by_the_receivers_alone(table: Table) -> None:
    table.agree(uses=KEPT)
    name, seen = pinned(table)
    assert told(seen_by(table, name, "hanna", later=True).figure) == told(seen.figure)
    assert seen_by(table, name, "sam", later=True).figure is None
    assert table.shown(name, at=LATER)["Waiting"] != "", "the tile itself ended with the agreement"


@pytest.mark.parametrize("scope", [Scope.DATASET, Scope.AGREEMENT])
def test_a_hold_stops_what_was_retained_too_and_lifting_restores(table: Table, scope: Scope) -> None:
    agreement = table.agree(uses=KEPT)
    name, _seen = pinned(table)
    harbour = table.organisation("Harbour Council")
    what = table.shared if scope is Scope.DATASET else agreement
    with table.ground.people.as_("priya", now=LATER) as visit:
        placed = holds.place(visit, scope, what, organisation_id=harbour, reason="A wrong column.")
    assert seen_by(table, name, "hanna", later=True).figure is None
    with table.ground.people.as_("priya", now=LATER) as visit:
        holds.lift(visit, placed)
    assert seen_by(table, name, "hanna", later=True).figure is not None


def test_a_figure_that_was_changed_underneath_is_not_given(table: Table) -> None:
    name, _seen = pinned(table, "Absence")
    with operator("a test") as visit, visit.change(Housekeeping(reason="somebody tampers")) as session:
        session.execute(update(AgendaRow).where(AgendaRow.seen_hash != "").values(seen=b"{}"))
    found = seen_by(table, name, "carl", title="Absence")
    assert found.figure is None and "hash does not fit" in found.withheld


def test_no_number_of_a_withheld_figure_is_in_the_meeting(table: Table) -> None:
    table.agree()
    name, _seen = pinned(table)
    with table.ground.people.as_("sam", now=LATER) as visit:
        found = repr(meeting(visit, name))
    values = [row.split(",")[6][:5] for row in counts("Waiting", WAITING)]
    assert not [value for value in values if value in found] and "Harbour Council, Waiting list" not in found


def test_days_to_the_first_use_are_counted_from_activation(table: Table) -> None:
    table.agree()
    with table.ground.people.as_("carl", now=HELD) as visit:
        (before,) = first_uses(visit)
    assert (before.meeting, before.used_on, before.days, before.agreement) == ("", None, 5, "A-1")
    name, _seen = pinned(table)
    with table.ground.people.as_("carl", now=LATER) as visit:
        (after,) = first_uses(visit)
    assert (after.meeting, after.used_on, after.days) == (name, date(2026, 11, 26), 5)
    with table.ground.people.as_("sam", now=LATER) as visit:
        assert first_uses(visit) == (), "agreements are for their parties"
