"""Who may do what; what the two session listeners refuse; what every exported function takes first."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

import store
from governance import Action, Kind, NotPermitted, Role, Viewer, Visit, machinery, may, operator, require
from governance import people as people_room
from governance.policy import PERMISSIONS
from governance.tables import CredentialRow, OrganisationRow, PersonRow
from governance.visit import of_person
from store import Base, Unguarded, guarded

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
DOORS = {"governance.sign_in", "governance.visit", "governance.passwords", "governance.errors", "governance.policy"}


def person(*roles: Role, organisation: str = "o1") -> Viewer:
    return Viewer(
        username="p",
        display="P",
        kind=Kind.PERSON,
        person_id="p1",
        organisation_id=organisation,
        roles=frozenset(roles),
    )


def test_every_action_has_a_permission() -> None:
    assert set(PERMISSIONS) == set(Action)


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("role", list(Role))
def test_may_and_require_agree_and_own_means_own(action: Action, role: Role) -> None:
    with of_person(person(role), now=NOW) as visit:
        for owner in ("o1", "o2", ""):
            allowed = may(visit, action, organisation_id=owner)
            permission = PERMISSIONS[action]
            expected = role in permission.roles and (
                not permission.own or owner == "o1" or (owner == "" and role is Role.ADMIN)
            )
            assert allowed == expected
            if allowed:
                assert require(visit, action, "x", organisation_id=owner).action == action.value
            else:
                with pytest.raises(NotPermitted, match=r"You may not .+\."):
                    require(visit, action, "x", organisation_id=owner)


def test_a_session_that_nobody_owns_is_refused(home: Path) -> None:
    with Session(store.engine()) as session, pytest.raises(Unguarded):
        session.execute(select(OrganisationRow))


def test_core_and_text_are_refused_unless_the_reason_is_given(home: Path) -> None:
    with of_person(person(Role.ADMIN), now=NOW) as visit:
        for statement in (text("SELECT 1"), select(OrganisationRow.__table__)):
            with pytest.raises(Unguarded):
                visit.read().execute(statement)
        assert guarded(visit.read(), text("SELECT 1"), "a test").scalar() == 1
        with pytest.raises(Unguarded):
            guarded(visit.read(), text("SELECT 1"), "")


def test_a_change_without_a_grant_is_refused(home: Path) -> None:
    with machinery("test", now=NOW) as visit:
        visit.read().add(OrganisationRow(id="x", name="X", created_at=NOW))
        with pytest.raises(Unguarded):
            visit.read().flush()
        visit.read().rollback()
        with pytest.raises(Unguarded):
            visit.read().execute(update(OrganisationRow).values(name="Y"))
        with pytest.raises(Unguarded):
            store.bulk_insert(visit.read(), OrganisationRow, [{"id": "x", "name": "X", "created_at": NOW}])


def test_a_read_session_cannot_write_even_past_the_listeners(home: Path) -> None:
    with machinery("test", now=NOW) as visit, pytest.raises(Exception, match=r"(?i)read-?\s?only|readonly"):
        visit.read().connection().exec_driver_sql("DELETE FROM organisation")


def test_internal_tables_show_nobody_a_row(home: Path) -> None:
    with operator("test", now=NOW) as visit:
        agency = people_room.save_organisation(visit, "Agency")
        people_room.invite(
            visit, people_room.Newcomer(username="ada", organisation_id=agency.id), password="quiet river lantern"
        )
    for role in Role:
        with of_person(person(role, organisation=agency.id), now=NOW) as visit:
            assert visit.read().execute(select(CredentialRow)).all() == []
            assert visit.read().execute(select(CredentialRow.password_hash)).all() == []
            assert visit.read().get(CredentialRow, "anything") is None
            joined = select(PersonRow.username, CredentialRow.password_hash).join(
                CredentialRow, CredentialRow.person_id == PersonRow.id
            )
            assert visit.read().execute(joined).all() == []


def test_every_table_says_who_may_see_its_rows() -> None:
    import catalogue.tables
    import reportcards.tables

    assert catalogue.tables and reportcards.tables
    for mapper in Base.registry.mappers:
        assert mapper.class_.visibility.reason
    with pytest.raises(TypeError, match="visibility"):
        type("Forgetful", (Base,), {"__tablename__": "forgetful"})


def test_every_exported_room_function_takes_the_visit_first() -> None:
    for room in ("governance", "catalogue", "reportcards", "sharing", "meetings"):
        package = importlib.import_module(room)
        for module in pkgutil.walk_packages(package.__path__, f"{room}."):
            name = module.name
            if name in DOORS or ".tables" in name:
                continue
            loaded = importlib.import_module(name)
            for function_name, function in inspect.getmembers(loaded, inspect.isfunction):
                touches_database = "visit" in inspect.signature(function).parameters
                if function.__module__ == name and not function_name.startswith("_") and touches_database:
                    first = next(iter(inspect.signature(function).parameters))
                    assert first in {"visit", "session"}, f"{name}.{function_name}"


def test_a_visit_is_made_by_governance_only() -> None:
    root = Path(__file__).resolve().parents[2]
    for room in ("pages", "catalogue", "reportcards", "connectors", "entrypoints"):
        for path in (root / room).rglob("*.py"):
            assert "Visit(" not in path.read_text(encoding="utf-8"), path
    assert Visit.__module__ == "governance.visit"
