"""Sessions that cannot forget whose they are: two listeners narrow every read and refuse every unasked write.

`do_orm_execute` adds each table's visibility rule to every ORM statement and refuses Core, text and sessions
that nobody owns. `before_flush` (and every bulk write) refuses a change without a grant, and lets the grant
write its audit row in the same transaction.
"""

from __future__ import annotations

import functools
import weakref
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, cast

from sqlalchemy import Engine, Executable, FromClause, Result, Table, delete, event, insert, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.sql import visitors
from sqlalchemy.sql.selectable import AliasedReturnsRows

from store.base import Base
from store.engine import engine


class Unguarded(RuntimeError):
    """Code tried to reach the database past the visibility rules or without a grant: a defect of ours."""


class NotText(ValueError):
    """What is to be kept as text holds a NUL: PostgreSQL takes none, SQLite cuts the text off there at times."""


class Viewer(Protocol):
    """What the listeners ask of a viewer; the tables' own rules know more. Viewers that are equal see the same."""

    def __hash__(self) -> int:
        """Over everything that a rule may ask."""

    @property
    def sees_all(self) -> bool:
        """True for the machinery and for operators."""


class Grant(Protocol):
    """Leave to change something, given by governance.require."""

    def witness(self, session: GuardedSession) -> None:
        """Write the audit row of this change into the session's transaction."""


class GuardedSession(Session):
    """A session with an owner (`info["viewer"]`) and, when it may write, a grant (`info["grant"]`)."""


def open_session(viewer: Viewer, *, grant: Grant | None = None) -> GuardedSession:
    """A session for one viewer: read-only without a grant; with one it begins as a writer at once."""
    return GuardedSession(
        bind=_bound(engine(), writes=grant is not None),
        expire_on_commit=False,
        info={"viewer": viewer, "grant": grant, "witnessed": False},
    )


@functools.lru_cache(maxsize=2)
def _bound(made: Engine, *, writes: bool) -> Engine:
    """The engine for sessions that only read, or that write: made once, there is one for every look."""
    if made.dialect.name == "postgresql" and not writes:
        return made.execution_options(postgresql_readonly=True)
    return made.execution_options(writes=writes)


def _witness(session: Session) -> None:
    grant: Grant | None = session.info.get("grant")
    if grant is None:
        raise Unguarded("a change without a grant: ask governance.require for one first")
    if not session.info["witnessed"]:
        session.info["witnessed"] = True
        grant.witness(session)  # type: ignore[arg-type]


@event.listens_for(GuardedSession, "before_flush")
def _refuse_unasked_changes(session: Session, _context: object, _instances: object) -> None:
    if session.new or session.dirty or session.deleted:
        _witness(session)
    for row in (*session.new, *session.dirty):
        if any(isinstance(value, str) and "\0" in value for value in vars(row).values()):
            raise NotText(row.__tablename__)


def _narrowing(state: ORMExecuteState, viewer: Viewer) -> list[Any]:
    """The rules of the tables in this statement, at whatever depth, for this viewer."""
    known = len(Base.metadata.tables)
    return [rule for name in sorted(_tables(state.statement)) for rule in _rules(name, viewer, known)]


@functools.lru_cache(maxsize=4_000)
def _rules(name: str, viewer: Viewer, known: int) -> tuple[Any, ...]:
    """The rules of one table for one viewer, as who they are now: another role or organisation is another viewer.

    Kept, for making one costs more than most queries; made anew when there are more tables than before.
    """
    ruled = [(each, each.visibility.rule) for each in _classes(known).get(name, ())]
    return tuple(
        with_loader_criteria(table, rule(table, viewer), include_aliases=True) for table, rule in ruled if rule
    )


def _tables(statement: Any) -> frozenset[str]:
    """Names of all tables that a statement reads or writes, also where only a column of theirs is named.

    Kept for as long as the statement lives: one that a module makes once is gone through once, and none ever changes.
    """
    known = _read_by.get(statement)
    if known is None:
        known = _read_by[statement] = _walked(statement)
    return known


_read_by: weakref.WeakKeyDictionary[Any, frozenset[str]] = weakref.WeakKeyDictionary()


def _walked(statement: Any) -> frozenset[str]:
    found: set[str] = set()
    for each in visitors.iterate(statement):
        table = each if isinstance(each, FromClause) else getattr(each, "table", None)
        while isinstance(table, AliasedReturnsRows):
            table = table.element
        if isinstance(table, Table):
            found.add(str(table.name))
    return frozenset(found)


@functools.lru_cache(maxsize=1)
def _classes(_count: int) -> Mapping[str, list[type[Base]]]:
    """The classes of each table, by its name; made anew when there are more tables than before."""
    found: dict[str, list[type[Base]]] = {}
    for each in Base.registry.mappers:
        found.setdefault(each.class_.__tablename__, []).append(each.class_)
    return found


@event.listens_for(Session, "do_orm_execute")
def _narrow_every_statement(state: ORMExecuteState) -> None:
    viewer: Viewer | None = state.session.info.get("viewer")
    if viewer is None:
        raise Unguarded("a session that nobody owns: open it with store.open_session")
    if not state.is_orm_statement and not state.execution_options.get("guarded_by"):
        raise Unguarded("only ORM statements are narrowed: use one, or store.guarded with the reason")
    if state.is_insert or state.is_update or state.is_delete:
        _witness(state.session)
    if state.is_orm_statement and not viewer.sees_all:
        state.statement = state.statement.options(*_narrowing(state, viewer))


def guarded(session: Session, statement: Executable, reason: str, **parameters: Any) -> Result[Any]:
    """Run a Core or text statement; the reason says why it cannot show anybody a row they may not see."""
    if not reason:
        raise Unguarded("a guarded statement needs its reason")
    return session.execute(statement, parameters, execution_options={"guarded_by": reason})


def take_turns(session: Session, key: int) -> None:
    """Wait until whoever takes the same turn has written and is done; SQLite has one writer at a time by itself.

    `key` is the number of the turn, in PostgreSQL one of its advisory locks: 7,204,101 and on are ours.
    """
    if session.get_bind().dialect.name == "postgresql":
        guarded(session, text("SELECT pg_advisory_xact_lock(:key)"), "takes turns", key=key)


def bulk_upsert(session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]], *, key: Sequence[str]) -> None:
    """Insert rows, or update those with the same `key` columns: one prepared statement, many rows."""
    if not rows:
        return
    _witness(session)
    dialect = sqlite if engine().dialect.name == "sqlite" else postgresql
    prepared = dialect.insert(table.__table__)
    values = {name: prepared.excluded[name] for name in rows[0] if name not in key}
    statement = (
        prepared.on_conflict_do_update(index_elements=list(key), set_=values)
        if values
        else prepared.on_conflict_do_nothing(index_elements=list(key))
    )
    session.connection().execute(statement, list(rows))


def bulk_insert(session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert many rows with one prepared statement."""
    if rows:
        _witness(session)
        session.connection().execute(insert(cast(Table, table.__table__)), list(rows))


def bulk_delete(session: Session, table: type[Base], **where: Any) -> None:
    """Delete the rows whose columns equal these values."""
    if not where:
        raise Unguarded("a bulk delete names what it deletes")
    _witness(session)
    conditions = [table.__table__.c[name] == value for name, value in where.items()]
    session.connection().execute(delete(cast(Table, table.__table__)).where(*conditions))
