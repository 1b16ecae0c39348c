"""Organisations and people: who takes part, with which roles, and their invitations."""

from __future__ import annotations

import contextlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.errors import Invalid, NotFound, NotPermitted
from governance.passwords import hashed
from governance.policy import Action, Grant, require
from governance.sign_in import end_sessions, normal_username, set_password, token_hash
from governance.tables import CredentialRow, InvitationRow, OrganisationRow, PersonRow
from governance.visit import Kind, Role, Viewer, Visit, of_person

INVITATION_LIFE = timedelta(days=7)
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,78}[a-z0-9]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """An agency or community group of the collaboration."""

    id: str
    name: str
    kind: str
    contact: str
    how_to_ask: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Someone who takes part; `has_password` is False until the invitation was used."""

    id: str
    username: str
    display: str
    contact: str
    organisation_id: str
    organisation: str
    roles: frozenset[Role]
    active: bool
    last_seen_at: datetime | None


def _new_id() -> str:
    return secrets.token_hex(6)


def _organisation(row: OrganisationRow) -> Organisation:
    return Organisation(id=row.id, name=row.name, kind=row.kind, contact=row.contact, how_to_ask=row.how_to_ask)


def organisations(visit: Visit) -> list[Organisation]:
    """Every organisation, by name."""
    rows = visit.read().execute(select(OrganisationRow).order_by(func.lower(OrganisationRow.name))).scalars()
    return [_organisation(row) for row in rows]


def organisation(visit: Visit, identifier: str) -> Organisation:
    """One organisation by its id. Raises NotFound."""
    row = visit.read().get(OrganisationRow, identifier)
    if row is None:
        raise NotFound("There is no organisation of that name here.")
    return _organisation(row)


def save_organisation(
    visit: Visit,
    name: str,
    *,
    identifier: str = "",
    kind: str = "public",
    contact: str = "",
    how_to_ask: str = "",
) -> Organisation:
    """Add an organisation, or change the one with this id. Raises Invalid when the name is empty or taken."""
    clean = " ".join(name.split())[:200]
    if not clean:
        raise Invalid("Give the organisation a name.", field="name")
    grant = require(visit, Action.ORGANISATION_SAVED, f"organisation:{clean}")
    with visit.change(grant) as session:
        same = session.execute(
            select(OrganisationRow).where(func.lower(OrganisationRow.name) == clean.lower())
        ).scalar_one_or_none()
        if same is not None and same.id != identifier:
            raise Invalid(f"There is already an organisation called {clean}.", field="name")
        row = session.get(OrganisationRow, identifier) if identifier else None
        if identifier and row is None:
            raise NotFound("There is no organisation of that name here.")
        if row is None:
            row = OrganisationRow(id=_new_id(), name=clean, created_at=visit.now)
            session.add(row)
        row.name, row.kind, row.contact, row.how_to_ask = clean, kind, contact.strip(), how_to_ask.strip()
        session.flush()
        return _organisation(row)


def _person(row: PersonRow, names: dict[str, str]) -> Person:
    return Person(
        id=row.id,
        username=row.username,
        display=row.display,
        contact=row.contact,
        organisation_id=row.organisation_id,
        organisation=names.get(row.organisation_id, ""),
        roles=frozenset(Role(role) for role in row.roles),
        active=row.active,
        last_seen_at=row.last_seen_at,
    )


def people(visit: Visit, *, organisation_id: str = "", active_only: bool = False) -> list[Person]:
    """People by organisation and name."""
    names = {each.id: each.name for each in organisations(visit)}
    wanted = select(PersonRow)
    if organisation_id:
        wanted = wanted.where(PersonRow.organisation_id == organisation_id)
    if active_only:
        wanted = wanted.where(PersonRow.active.is_(True))
    found = [_person(row, names) for row in visit.read().execute(wanted).scalars()]
    return sorted(found, key=lambda each: (each.organisation.casefold(), each.display.casefold()))


def person(visit: Visit, username: str) -> Person:
    """One person by username. Raises NotFound."""
    found = [each for each in people(visit) if each.username == normal_username(username)]
    if not found:
        raise NotFound(f"There is nobody called {username!r} here.")
    return found[0]


def _checked_roles(roles: Iterable[str]) -> list[str]:
    wanted = {role.strip() for role in roles if role.strip()}
    unknown = wanted - {role.value for role in Role}
    if unknown:
        raise Invalid(f"There is no role {sorted(unknown)[0]!r}: choose from {', '.join(Role)}.", field="roles")
    return sorted(wanted | {Role.MEMBER.value})


def _link(session: Session, person_id: str, moment: datetime) -> str:
    token = secrets.token_urlsafe(32)
    session.add(InvitationRow(token_hash=token_hash(token), person_id=person_id, expires_at=moment + INVITATION_LIFE))
    return token


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """What `invite` was told of a person."""

    username: str
    organisation_id: str
    display: str = ""
    roles: tuple[str, ...] = ()
    contact: str = ""


def invite(visit: Visit, newcomer: Newcomer, *, password: str = "") -> tuple[Person, str]:
    """Add a person; returns them and the token of their one-time link ("" when a password was given).

    Raises: Invalid when the username is taken or odd, the organisation unknown, a role unknown.
    """
    username = normal_username(newcomer.username)
    if not _USERNAME.fullmatch(username):
        raise Invalid("Use 3 to 80 letters, digits, dots or hyphens for the username.", field="username")
    roles = _checked_roles(newcomer.roles)
    made = hashed(password) if password else ""
    grant = require(visit, Action.PERSON_INVITED, f"person:{username}", roles=roles)
    with visit.change(grant) as session:
        if session.execute(select(PersonRow.id).where(PersonRow.username == username)).scalar():
            raise Invalid(f"There is already somebody called {username}.", field="username")
        if session.get(OrganisationRow, newcomer.organisation_id) is None:
            raise Invalid("Choose the organisation they belong to.", field="organisation")
        row = PersonRow(
            id=_new_id(),
            username=username,
            display=" ".join(newcomer.display.split())[:120] or username,
            contact=newcomer.contact.strip()[:200],
            organisation_id=newcomer.organisation_id,
            roles=roles,
            created_at=visit.now,
        )
        session.add(row)
        session.flush()
        token = "" if made else _link(session, row.id, visit.now)
        if made:
            set_password(session, row.id, made, moment=visit.now)
    return person(visit, username), token


def _changing(session: Session, username: str) -> PersonRow:
    row = session.execute(select(PersonRow).where(PersonRow.username == normal_username(username))).scalar_one_or_none()
    if row is None:
        raise NotFound(f"There is nobody called {username!r} here.")
    return row


def _keep_an_administrator(session: Session, leaving: PersonRow) -> None:
    others = session.execute(select(PersonRow).where(PersonRow.active.is_(True), PersonRow.id != leaving.id))
    if Role.ADMIN.value in leaving.roles and not any(Role.ADMIN.value in row.roles for row in others.scalars()):
        raise Invalid("This is the only administrator: make somebody else one first.")


def change_person(
    visit: Visit, username: str, *, roles: Iterable[str], display: str = "", contact: str | None = None
) -> Person:
    """Change a person's roles, name and e-mail (None leaves it); their sessions end, so that it counts at once."""
    wanted = _checked_roles(roles)
    grant = require(visit, Action.PERSON_CHANGED, f"person:{normal_username(username)}", roles=wanted)
    with visit.change(grant) as session:
        row = _changing(session, username)
        if Role.ADMIN.value not in wanted:
            _keep_an_administrator(session, row)
        row.roles = wanted
        row.display = " ".join(display.split())[:120] or row.display
        row.contact = row.contact if contact is None else contact.strip()[:200]
        end_sessions(session, row.id)
    return person(visit, username)


def disable(visit: Visit, username: str) -> Person:
    """Close an account at once; what the person did stays in the audit."""
    grant = require(visit, Action.PERSON_DISABLED, f"person:{normal_username(username)}")
    with visit.change(grant) as session:
        row = _changing(session, username)
        _keep_an_administrator(session, row)
        row.active = False
        end_sessions(session, row.id)
    return person(visit, username)


def enable(visit: Visit, username: str) -> Person:
    """Open a closed account again; its password is the old one."""
    grant = require(visit, Action.PERSON_CHANGED, f"person:{normal_username(username)}", active=True)
    with visit.change(grant) as session:
        _changing(session, username).active = True
    return person(visit, username)


def new_link(visit: Visit, username: str) -> str:
    """A new one-time link for a person who lost the first one or the password; returns its token."""
    grant = require(visit, Action.PASSWORD_SET, f"person:{normal_username(username)}", by="link")
    with visit.change(grant) as session:
        return _link(session, _changing(session, username).id, visit.now)


def give_password(visit: Visit, username: str, password: str) -> None:
    """Set a person's password at the command line; their sessions end."""
    made = hashed(password)
    grant = require(visit, Action.PASSWORD_SET, f"person:{normal_username(username)}", by="operator")
    with visit.change(grant) as session:
        set_password(session, _changing(session, username).id, made, moment=visit.now)


def first_administrator(visit: Visit) -> str:
    """Make sure there is an administrator: a token for the first one's set-up link, "" when one is set up already."""
    grant = Grant(visit=visit, action=Action.SET_UP.value, target="person:admin", detail={})
    with visit.change(grant) as session:
        admins = [row for row in session.execute(select(PersonRow)).scalars() if Role.ADMIN.value in row.roles]
        if any(row.active and session.get(CredentialRow, row.id) for row in admins):
            return ""
        if not admins:
            host = session.execute(select(OrganisationRow).limit(1)).scalar_one_or_none()
            if host is None:
                host = OrganisationRow(id=_new_id(), name="Host organisation", created_at=visit.now)
                session.add(host)
                session.flush()
            row = PersonRow(
                id=_new_id(),
                username="admin",
                display="Administrator",
                organisation_id=host.id,
                roles=[Role.ADMIN.value, Role.MEMBER.value, Role.STEWARD.value],
                created_at=visit.now,
            )
            session.add(row)
            session.flush()
            admins = [row]
        return _link(session, admins[0].id, visit.now)


def seen_as(visit: Visit, username: str) -> contextlib.AbstractContextManager[Visit]:
    """What this person may see, for the operator at the command line. Raises NotFound, NotPermitted."""
    if visit.viewer.kind is Kind.PERSON:
        raise NotPermitted("Only the operator of the server can look with somebody else's eyes.")
    found = person(visit, username)
    viewer = Viewer(
        username=found.username,
        display=found.display,
        kind=Kind.PERSON,
        person_id=found.id,
        organisation_id=found.organisation_id,
        organisation=found.organisation,
        roles=found.roles,
    )
    return of_person(viewer, now=visit.now)
