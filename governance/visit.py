"""Whose eyes and whose hands: a Visit goes first into every room, and only this room makes one."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum

from governance.space import enough_space
from governance.texts import only_text
from governance.turns import nobody_was_first
from store.sessions import Grant as StoreGrant
from store.sessions import GuardedSession, open_session
from store.settings import settings


class Role(StrEnum):
    """What a person does in the collaboration; a person may have several."""

    MEMBER = "member"
    STEWARD = "steward"
    CHAIR = "chair"
    FACILITATOR = "facilitator"
    ADMIN = "admin"


class Kind(StrEnum):
    """What stands behind a visit."""

    PERSON = "person"
    OPERATOR = "operator"
    MACHINERY = "machinery"
    """Our own background work (an index, a scheduled harvest): sees all, shows nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """The person, operator or machinery that looks."""

    username: str
    display: str
    kind: Kind
    person_id: str = ""
    organisation_id: str = ""
    organisation: str = ""
    roles: frozenset[Role] = frozenset()

    @property
    def sees_all(self) -> bool:
        """True for operators and machinery: the visibility rules do not narrow them."""
        return self.kind in (Kind.OPERATOR, Kind.MACHINERY)


@dataclass(slots=True)
class _Held:
    session: GuardedSession | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One look at the product by one viewer at one moment; use it inside its `with`, from one thread."""

    viewer: Viewer
    now: datetime
    reason: str = ""
    address: str = ""
    last_here: datetime | None = None
    """When this person was here the time before; None on the first visit and for operators."""
    _held: _Held = field(default_factory=_Held, repr=False, compare=False)

    @property
    def today(self) -> date:
        """The day in the collaboration's time zone."""
        return self.now.astimezone(settings().zone).date()

    def read(self) -> GuardedSession:
        """The read-only session of this visit; rooms use it, pages never."""
        if self._held.session is None:
            self._held.session = open_session(self.viewer)
        return self._held.session

    @contextlib.contextmanager
    def change(self, grant: StoreGrant) -> Iterator[GuardedSession]:
        """A writing transaction: committed at the end, taken back whole if anything fails.

        Raises: OutOfSpace, Busy; Invalid for a text that no database can keep.
        """
        self.refresh()
        with (
            enough_space(),
            nobody_was_first(),
            only_text(),
            open_session(self.viewer, grant=grant) as session,
            session.begin(),
        ):
            yield session

    def refresh(self) -> None:
        """Let the next read see what has been written since."""
        if self._held.session is not None:
            self._held.session.close()
            self._held.session = None


def clock() -> datetime:
    """Now, in UTC: the one place that asks the machine."""
    return datetime.now(UTC)


@contextlib.contextmanager
def _open(visit: Visit) -> Iterator[Visit]:
    try:
        yield visit
    finally:
        visit.refresh()


def operator(reason: str, *, now: datetime | None = None) -> contextlib.AbstractContextManager[Visit]:
    """The person at the command line of the server; what they change is audited with the reason."""
    viewer = Viewer(username="operator", display="Operator", kind=Kind.OPERATOR, roles=frozenset(Role))
    return _open(Visit(viewer=viewer, now=now or clock(), reason=reason))


def machinery(reason: str, *, now: datetime | None = None) -> contextlib.AbstractContextManager[Visit]:
    """Our own background work; never hand such a visit to a page."""
    viewer = Viewer(username="machinery", display="Common Table", kind=Kind.MACHINERY, roles=frozenset(Role))
    return _open(Visit(viewer=viewer, now=now or clock(), reason=reason))


def of_person(
    viewer: Viewer, *, now: datetime, address: str = "", last_here: datetime | None = None
) -> contextlib.AbstractContextManager[Visit]:
    """A visit of a person whose session or token was just checked."""
    return _open(Visit(viewer=viewer, now=now, address=address, last_here=last_here))
