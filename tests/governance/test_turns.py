"""Of two who write the same at the same moment the second reads one sentence, and nothing of theirs is kept."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.exc import IntegrityError

from governance import Busy, Housekeeping, Invalid, operator, people
from governance.tables import OrganisationRow, PersonRow
from tests.catalogue.made import NOW

pytestmark = pytest.mark.usefixtures("home")
KEEPS = Housekeeping(reason="a test")


def test_a_row_that_was_there_first_is_told_in_one_sentence_and_the_change_is_taken_back() -> None:
    with operator("a test") as visit:
        people.save_organisation(visit, "Harbour Council")
        with pytest.raises(Busy, match="try again"), visit.change(KEEPS) as session:
            session.add(OrganisationRow(id="1", name="Saltmarsh Trust", created_at=NOW))
            session.flush()
            session.add(OrganisationRow(id="2", name="Harbour Council", created_at=NOW))
        assert [each.name for each in people.organisations(visit)] == ["Harbour Council"]


def test_what_is_wrong_with_a_row_by_itself_is_not_told_as_that() -> None:
    nowhere = PersonRow(id="1", username="a", display="A", organisation_id="no such one", created_at=NOW)
    with pytest.raises(IntegrityError), operator("a test") as visit, visit.change(KEEPS) as session:
        session.add(nowhere)


def test_of_four_who_found_the_same_organisation_at_once_one_does_and_three_read_why_not() -> None:
    together = threading.Barrier(4)

    def found(_: int) -> str:
        with operator("a test") as visit:
            together.wait()
            try:
                people.save_organisation(visit, "Harbour Council")
            except (Busy, Invalid) as error:
                return error.sentence
        return ""

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(found, range(4)))
    assert sorted(map(bool, said)) == [False, True, True, True]
    with operator("a test") as visit:
        assert len(people.organisations(visit)) == 1
