"""What no database can keep as text is said in one sentence, on either of them, and nothing of it is kept."""

from __future__ import annotations

import pytest

from governance import Housekeeping, Invalid, operator, people
from governance.tables import OrganisationRow
from tests.catalogue.made import NOW

pytestmark = pytest.mark.usefixtures("home")
KEEPS = Housekeeping(reason="a test")


@pytest.mark.parametrize("at_once", [True, False], ids=["written at once", "written at the end"])
def test_a_nul_in_a_text_is_told_and_the_whole_change_is_taken_back(at_once: bool) -> None:
    with operator("a test") as visit:
        with pytest.raises(Invalid, match=r"no text can hold \(NUL\)"), visit.change(KEEPS) as session:
            session.add(OrganisationRow(id="1", name="Saltmarsh Trust", created_at=NOW))
            session.flush()
            session.add(OrganisationRow(id="2", name="Harbour\0Council", created_at=NOW))
            if at_once:
                session.flush()
        assert list(people.organisations(visit)) == []


def test_a_text_that_is_changed_into_one_is_told_too() -> None:
    with operator("a test") as visit:
        made = people.save_organisation(visit, "Harbour Council")
        with pytest.raises(Invalid), visit.change(KEEPS) as session:
            session.get_one(OrganisationRow, made.id).name += "\0"
        assert [each.name for each in people.organisations(visit)] == ["Harbour Council"]
