"""The sign-in door: credentials, delays, one-use tickets, sessions, invitations.

Nothing here takes a Visit, for nobody is signed in yet; `visiting` makes one of a valid session.
Delays are kept in the database, by (user, address), by address and by user, and an attempt is counted before its
password is looked at, so that neither many browsers nor many processes get more guesses.
"""

from __future__ import annotations

import contextlib
import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import bcrypt
from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from governance.errors import Invalid, NotPermitted
from governance.passwords import hashed, matches
from governance.policy import Grant, Housekeeping
from governance.tables import (
    AttemptRow,
    CredentialRow,
    InvitationRow,
    OrganisationRow,
    PersonRow,
    SessionRow,
    TicketRow,
)
from governance.visit import Kind, Role, Viewer, Visit, clock, machinery, of_person
from store.settings import settings

TICKET_LIFE = timedelta(seconds=30)
FORGET_AFTER = timedelta(hours=1)
FREE_TRIES = {"pair": 3, "address": 30, "user": 30}
"""Tries without a delay; after them 0.2 s doubling (a pair), or one every 60 s (an address, a user)."""
LONGEST_WAIT = 60.0
_BCRYPT = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_DUMMY = bcrypt.gensalt(12).decode() + "".join(secrets.choice(_BCRYPT) for _ in range(31))
"""A hash that no password has: checking one against it takes as long as any other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """What the sign-in form checks a password against; unknown names get a dummy that nothing matches."""

    username: str
    display: str
    password_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A valid one-time link: who it lets choose a password."""

    username: str
    display: str
    organisation: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """One of a person's signed-in browsers."""

    started_at: datetime
    last_used_at: datetime
    address: str
    is_this: bool


def token_hash(token: str) -> str:
    """What is kept of a token, so that a copy of the database opens nothing."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def normal_username(given: str) -> str:
    """The form in which usernames are kept and compared; a NUL, which no database compares, is in nobody's name."""
    return given.replace("\0", "\ufffd").strip().casefold()[:80]


def _person(session: Session, username: str) -> PersonRow | None:
    found = session.execute(select(PersonRow).where(PersonRow.username == normal_username(username)))
    return found.scalar_one_or_none()


def credential(username: str) -> Credential:
    """The credential of a name, known or not, active or not: the same shape, the same cost to check."""
    with machinery("checks a sign-in") as visit:
        person = _person(visit.read(), username)
        kept = visit.read().get(CredentialRow, person.id) if person and person.active else None
    if person is None or kept is None:
        return Credential(username=normal_username(username), display="", password_hash=_DUMMY)
    return Credential(username=person.username, display=person.display, password_hash=kept.password_hash)


def _keys(username: str, address: str) -> dict[str, str]:
    name = normal_username(username)
    return {
        "pair": token_hash(f"pair {name} {address}"),
        "address": token_hash(f"address {address}"),
        "user": token_hash(f"user {name}"),
    }


def _pause(kind: str, tries: int) -> float:
    over = tries - FREE_TRIES[kind]
    if over < 0:
        return 0.0
    return min(LONGEST_WAIT, 0.2 * 2**over) if kind == "pair" else LONGEST_WAIT


def wait_before(username: str, address: str, *, now: datetime | None = None) -> float:
    """Seconds to wait before this name may be tried from this address; 0 admits, and counts, one try."""
    moment = now or clock()
    keys = _keys(username, address)
    with (
        machinery("admits a sign-in", now=moment) as visit,
        visit.change(Housekeeping(reason="delays")) as session,
    ):
        session.execute(delete(AttemptRow).where(AttemptRow.last_at < moment - FORGET_AFTER))
        rows = {kind: session.get(AttemptRow, key) for kind, key in keys.items()}
        waits = [_pause(kind, row.tries) - (moment - row.last_at).total_seconds() for kind, row in rows.items() if row]
        if max(waits, default=0.0) > 0:
            return max(waits)
        for kind, key in keys.items():
            row = rows[kind]
            if row is None:
                session.add(AttemptRow(key=key, tries=1, last_at=moment))
            else:
                row.tries, row.last_at = row.tries + 1, moment
    return 0.0


def failed(username: str, address: str, *, by: str = "password", now: datetime | None = None) -> None:
    """Tell the audit of a refused sign-in; a name nobody has is told only as such, it may be a mistyped password.

    `by` is the way that was tried: a password, or an organisation's account.
    """
    with machinery("", now=now) as visit:
        known = _person(visit.read(), username)
        told = Grant(
            visit=visit,
            action="login.failed",
            target=f"person:{known.username}" if known else "unknown name",
            detail={"address": address, "by": by},
        )
        with visit.change(told) as session:
            told.witness(session)


def _ticket(session: Session, person: PersonRow, moment: datetime) -> str:
    token = secrets.token_urlsafe(32)
    session.execute(delete(TicketRow).where(TicketRow.expires_at < moment))
    session.add(TicketRow(token_hash=token_hash(token), person_id=person.id, expires_at=moment + TICKET_LIFE))
    return token


def ticket(username: str, address: str, *, by: str = "password", now: datetime | None = None) -> str:
    """After a proof of who it is: a one-use ticket, good for half a minute. Raises NotPermitted for unknown names."""
    moment = now or clock()
    with machinery("", now=moment) as visit:
        person = _person(visit.read(), username)
        if person is None or not person.active:
            raise NotPermitted("That name and password do not go together.")
        told = Grant(
            visit=visit,
            action="login.succeeded",
            target=f"person:{person.username}",
            detail={"address": address, "by": by},
        )
        keys = _keys(username, address)
        with visit.change(told) as session:
            session.execute(delete(AttemptRow).where(AttemptRow.key.in_([keys["pair"], keys["user"]])))
            return _ticket(session, person, moment)


def redeem(token: str, address: str = "", *, now: datetime | None = None) -> str | None:
    """Exchange a ticket for a new session id; None when it is unknown, used or too old."""
    moment = now or clock()
    housekeeping = Housekeeping(reason="session")
    with machinery("starts a session", now=moment) as visit, visit.change(housekeeping) as session:
        kept = session.get(TicketRow, token_hash(token))
        if kept is None:
            return None
        session.delete(kept)
        session.flush()
        person = session.get(PersonRow, kept.person_id)
        if kept.expires_at < moment or person is None or not person.active:
            return None
        person.seen_before_at = person.last_seen_at
        person.last_seen_at = moment
        sid = secrets.token_urlsafe(32)
        session.add(
            SessionRow(
                sid_hash=token_hash(sid),
                person_id=person.id,
                started_at=moment,
                last_used_at=moment,
                address=address[:60],
            )
        )
    return sid


def end_sessions(session: Session, person_id: str, *, keep: str = "") -> None:
    """End every session of a person, but the one whose id is `keep`."""
    session.execute(
        delete(SessionRow).where(SessionRow.person_id == person_id, SessionRow.sid_hash != token_hash(keep or "-"))
    )
    session.execute(delete(TicketRow).where(TicketRow.person_id == person_id))


def sign_out(sid: str) -> None:
    """End this session; an unknown one is ended already."""
    with machinery("ends a session") as visit, visit.change(Housekeeping(reason="session")) as session:
        session.execute(delete(SessionRow).where(SessionRow.sid_hash == token_hash(sid)))


def _expired(row: SessionRow, now: datetime) -> bool:
    idle = timedelta(minutes=settings().session_idle_minutes)
    return now - row.last_used_at > idle or now - row.started_at > timedelta(hours=settings().session_hours)


_SESSION = (
    select(SessionRow, PersonRow, OrganisationRow.name)
    .join(PersonRow, PersonRow.id == SessionRow.person_id)
    .outerjoin(OrganisationRow, OrganisationRow.id == PersonRow.organisation_id)
    .where(SessionRow.sid_hash == bindparam("sid_hash"))
)


def _viewer_of(session: Session, sid: str, now: datetime) -> tuple[Viewer, SessionRow, PersonRow] | None:
    found = session.execute(_SESSION, {"sid_hash": token_hash(sid)}).one_or_none()
    if found is None:
        return None
    row, person, organisation = found
    if _expired(row, now) or not person.active:
        return None
    viewer = Viewer(
        username=person.username,
        display=person.display,
        kind=Kind.PERSON,
        person_id=person.id,
        organisation_id=person.organisation_id,
        organisation=organisation or "",
        roles=frozenset(Role(role) for role in person.roles),
    )
    return viewer, row, person


@contextlib.contextmanager
def visiting(sid: str, *, now: datetime | None = None, touch: bool = True) -> Iterator[Visit | None]:
    """The visit of a session id, checked against the database at this moment; None when it is not valid.

    `touch=False` is for looks that nobody asked for (a tab left open checks by itself): they keep no session alive.
    """
    moment = now or clock()
    if not sid:
        yield None
        return
    with machinery("checks a session", now=moment) as checking:
        found = _viewer_of(checking.read(), sid, moment)
        if found and touch and moment - found[1].last_used_at > timedelta(minutes=1):
            with checking.change(Housekeeping(reason="session")) as session:
                session.execute(
                    update(SessionRow).where(SessionRow.sid_hash == token_hash(sid)).values(last_used_at=moment)
                )
    if found is None:
        yield None
        return
    viewer, row, person = found
    with of_person(viewer, now=moment, address=row.address, last_here=person.seen_before_at) as visit:
        yield visit


def sessions(visit: Visit, *, sid: str = "") -> list[OpenSession]:
    """The viewer's signed-in browsers, latest used first; `sid` is the one that asks."""
    wanted = (
        select(SessionRow)
        .where(SessionRow.person_id == visit.viewer.person_id)
        .order_by(SessionRow.last_used_at.desc())
    )
    return [
        OpenSession(
            started_at=row.started_at,
            last_used_at=row.last_used_at,
            address=row.address,
            is_this=row.sid_hash == token_hash(sid),
        )
        for row in visit.read().execute(wanted).scalars()
        if not _expired(row, visit.now)
    ]


def invitation(token: str, *, now: datetime | None = None) -> Invitation | None:
    """What a one-time link invites to; None when it is unknown, used or too old."""
    moment = now or clock()
    with machinery("reads an invitation", now=moment) as visit:
        row = visit.read().get(InvitationRow, token_hash(token))
        if row is None or row.used_at is not None or row.expires_at < moment:
            return None
        person = visit.read().get(PersonRow, row.person_id)
        if person is None or not person.active:
            return None
        organisation = visit.read().get(OrganisationRow, person.organisation_id)
        return Invitation(
            username=person.username,
            display=person.display,
            organisation=organisation.name if organisation else "",
            expires_at=row.expires_at,
        )


def accept(token: str, password: str, address: str = "", *, now: datetime | None = None) -> str:
    """Set the invited person's password and sign them in: returns a ticket.

    Raises: Invalid when the link is not good any more or the password is too weak.
    """
    moment = now or clock()
    made = hashed(password)
    with machinery("", now=moment) as visit:
        told = Grant(visit=visit, action="person.password_set", target="", detail={"by": "invitation"})
        with visit.change(told) as session:
            row = session.get(InvitationRow, token_hash(token))
            if row is None or row.used_at is not None or row.expires_at < moment:
                raise Invalid("This link was used already or is too old: ask for a new one.")
            person = session.get(PersonRow, row.person_id)
            if person is None or not person.active:
                raise Invalid("This link is for an account that is closed: ask an administrator.")
            row.used_at = moment
            set_password(session, person.id, made, moment=moment)
            return _ticket(session, person, moment)


def set_password(session: Session, person_id: str, password_hash: str, *, moment: datetime) -> None:
    """Keep a new hash and end every session of the person."""
    kept = session.get(CredentialRow, person_id)
    if kept is None:
        session.add(CredentialRow(person_id=person_id, password_hash=password_hash, changed_at=moment))
    else:
        kept.password_hash, kept.changed_at = password_hash, moment
    end_sessions(session, person_id)


def change_password(visit: Visit, old: str, new: str) -> None:
    """Change the viewer's own password; every session of theirs ends, this one too.

    Raises: Invalid when the old one is wrong or the new one too weak; NotPermitted after too many tries.
    """
    wait = wait_before(visit.viewer.username, visit.address, now=visit.now)
    if wait > 0:
        raise NotPermitted(f"Too many tries: wait {wait:.0f} seconds.")
    if not matches(old, credential(visit.viewer.username).password_hash):
        failed(visit.viewer.username, visit.address, now=visit.now)
        raise Invalid("The present password is not right.", field="old")
    made = hashed(new)
    grant = Grant(visit=visit, action="person.password_set", target=f"person:{visit.viewer.username}", detail={})
    visit.refresh()
    with machinery("", now=visit.now) as door, door.change(grant) as session:
        set_password(session, visit.viewer.person_id, made, moment=visit.now)
