"""Imports that go on without anybody looking: begun, followed, cancelled, found again. A durable job behind each.

The file lies in the folder `incoming` until its import has ended. The revision and the end of its import are recorded
in one transaction: killed at any moment the job begins again from the file, and no file becomes two revisions.
"""

from __future__ import annotations

import contextlib
import logging
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from governance import (
    Action,
    CommonTableError,
    Housekeeping,
    Invalid,
    Kind,
    NotFound,
    NotPermitted,
    Visit,
    clock,
    enough_space,
    machinery,
    people,
    require,
)
from reportcards import importing, showing
from reportcards.importing import Stopped
from reportcards.recording import Imported, Order
from reportcards.tables import ImportRow
from store import bulk_delete, jobs, settings

WORKFLOW = "import numbers"
KEPT_DAYS = 7
"""Days that an import which ended can be read again: what is wrong with a file quotes it."""
UNEXPECTED = "The import stopped on an unexpected error, and nothing was kept; the log of the server says which."
_LOST = "The uploaded file is not here any more, and nothing was kept: choose it again."
_GONE = "Whoever began this import may not sign in any more: nothing was kept."
_PREFIX = "numbers-"

log = logging.getLogger(__name__)


class ImportState(StrEnum):
    """How far an import is."""

    RUNNING = "running"
    PUBLISHED = "published"
    REFUSED = "refused"
    """The file has errors; nothing of it is kept."""
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens by itself."""
        return self is not ImportState.RUNNING


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One file on its way to a revision."""

    id: str
    file_name: str
    dataset_id: str
    state: ImportState
    began_at: datetime
    ended_at: datetime | None
    reason: str
    """Why it failed, in one sentence; "" otherwise."""
    answer: Imported | None
    """What came of it, None while nothing has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """How far an import is at this moment."""

    doing: str
    """reading, protecting, writing, recording; "" while it waits for its turn."""
    done: int = 0
    of: int | None = None
    """Rows; None when nobody knows how many there are."""


def begin(visit: Visit, order: Order) -> Import:
    """Keep the file and hand it to the jobs. Raises NotPermitted, OutOfSpace."""
    require(visit, Action.NUMBERS_IMPORTED)
    if visit.viewer.kind is not Kind.PERSON:
        raise NotPermitted("Only a person can leave an import to the server: wait for it at the command line.")
    import_id = uuid.uuid4().hex
    _keep(import_id, order)
    row = ImportRow(
        id=import_id,
        file_name=order.file_name,
        dataset_id=order.dataset_id,
        by=visit.viewer.username,
        began_at=visit.now,
        state=ImportState.RUNNING.value,
        answer={},
    )
    with visit.change(Housekeeping(reason="the revision it may become is audited")) as session:
        session.add(row)
    try:
        jobs.start(WORKFLOW, import_id, import_id)
    except RuntimeError:
        # No jobs in this process: whoever embeds the rooms waits for it here.
        carry_out(import_id)
    return one(visit, import_id)


def one(visit: Visit, import_id: str) -> Import:
    """An import of the viewer's own. Raises NotFound."""
    row = visit.read().get(ImportRow, import_id)
    if row is None:
        raise NotFound("There is no such import: perhaps it ended more than a week ago.")
    return _told(row)


def latest(visit: Visit, *, most: int = 5) -> tuple[Import, ...]:
    """The viewer's own imports of the last days, the newest first."""
    wanted = select(ImportRow).where(ImportRow.by == visit.viewer.username)
    found = visit.read().execute(wanted.order_by(ImportRow.began_at.desc(), ImportRow.id).limit(most))
    return tuple(_told(row) for row in found.scalars())


def reached(found: Import) -> Reached:
    """How far it is, as the process that carries it out told last."""
    with contextlib.suppress(RuntimeError):
        if told := jobs.progress(found.id):
            return Reached(doing=str(told["doing"]), done=int(told["done"]), of=told["of"])
    return Reached(doing="")


def cancel(visit: Visit, import_id: str) -> Import:
    """End an import before it is recorded; its file is thrown away. Raises NotFound; Invalid when it is over."""
    one(visit, import_id)
    with visit.change(Housekeeping(reason="nothing of this file was kept")) as session:
        row = session.get_one(ImportRow, import_id, with_for_update=True)
        if row.state != ImportState.RUNNING:
            raise Invalid(f"This import is over: it is {row.state}.")
        row.state, row.ended_at = ImportState.CANCELLED.value, visit.now
    with contextlib.suppress(RuntimeError):
        jobs.cancel(import_id)
    _file_of(import_id).unlink(missing_ok=True)
    visit.refresh()
    return one(visit, import_id)


@jobs.workflow(WORKFLOW)
def carry_out(import_id: str) -> None:
    """The durable import: also called plainly, where nothing has to survive the process."""
    try:
        jobs.step(_take, import_id, name="take")
    except CommonTableError as error:
        jobs.step(_fail, import_id, error.sentence, name="give up")
    except Exception:
        log.exception("the import %s stopped", import_id)
        jobs.step(_fail, import_id, UNEXPECTED, name="give up")
    jobs.step(_clear, import_id, name="clear")
    jobs.step(_show, import_id, name="show", retries=1)


def _take(import_id: str) -> None:
    """Begun again after a kill it finds the revision recorded, or nothing of it."""
    with _visiting(import_id) as visit:
        row = visit.read().get(ImportRow, import_id)
        if row is None or row.state != ImportState.RUNNING:
            return
        order = _kept(import_id)
        with contextlib.suppress(Stopped):
            done = importing.take(visit, order, progress=_tell, along=partial(_published, import_id, visit.now))
            if done.status == "refused":
                _end(visit, import_id, ImportState.REFUSED, answer=done)


@contextlib.contextmanager
def _visiting(import_id: str) -> Iterator[Visit]:
    """With the eyes and hands of whoever began it: what they may no longer do is not done. Raises NotPermitted."""
    with machinery("carries out an import") as own:
        row = own.read().get(ImportRow, import_id)
        now = max(own.now, row.began_at) if row is not None else own.now
    with machinery("carries out an import", now=now) as own:
        if row is None:
            yield own
            return
        if not people.person(own, row.by).active:
            raise NotPermitted(_GONE)
        with people.seen_as(own, row.by) as visit:
            yield visit


def _tell(doing: str, done: int, of: int | None) -> None:
    jobs.tell({"doing": doing, "done": done, "of": of})
    if jobs.cancelled():
        raise Stopped("The import was cancelled.")


def _published(import_id: str, now: datetime, session: Session, /, *, done: Imported) -> None:
    row = session.get_one(ImportRow, import_id, with_for_update=True)
    if row.state != ImportState.RUNNING:
        raise Stopped(f"The import is over already: it is {row.state}.")
    row.state, row.ended_at, row.answer = ImportState.PUBLISHED.value, now, msgspec.to_builtins(done)


def _fail(import_id: str, sentence: str) -> None:
    with machinery("ends an import that failed") as own:
        _end(own, import_id, ImportState.FAILED, reason=sentence)


def _end(visit: Visit, import_id: str, state: ImportState, *, reason: str = "", answer: Imported | None = None) -> None:
    with visit.change(Housekeeping(reason="nothing of this file was kept")) as session:
        row = session.get(ImportRow, import_id, with_for_update=True)
        if row is not None and row.state == ImportState.RUNNING:
            row.state, row.ended_at, row.reason = state.value, max(visit.now, row.began_at), reason
            row.answer = msgspec.to_builtins(answer) if answer is not None else {}


def _clear(import_id: str) -> None:
    _file_of(import_id).unlink(missing_ok=True)


def _show(import_id: str) -> None:
    with machinery("works out card values after an import") as own:
        row = own.read().get(ImportRow, import_id)
        if row is not None and row.state == ImportState.PUBLISHED:
            showing.refresh(own, row.answer["indicator_ids"])


def revive() -> None:
    """See to imports whose job is unknown (start it again) or over without having ended them (mark them failed)."""
    with machinery("looks after imports that nobody carries out") as own:
        running = own.read().execute(select(ImportRow.id).where(ImportRow.state == ImportState.RUNNING))
        for import_id in running.scalars().all():
            state = jobs.state(import_id)
            if state is None:
                jobs.start(WORKFLOW, import_id, import_id)
            elif state.over:
                _fail(import_id, state.error or UNEXPECTED)
                _clear(import_id)


@jobs.on_tick
def _tick() -> None:
    revive()


@jobs.on_day
def _forget() -> None:
    forget(now=clock())


def forget(*, now: datetime) -> int:
    """Remove what ended some days ago, and files that no import under way refers to; how many imports there were.

    A process that was killed before it recorded its import leaves such a file, whole or half written.
    """
    until = now - timedelta(days=KEPT_DAYS)
    with machinery("forgets imports that ended", now=now) as own:
        with own.change(Housekeeping(reason="kept only to be read again soon")) as session:
            old = session.execute(select(ImportRow.id).where(ImportRow.ended_at < until)).scalars().all()
            for import_id in old:
                bulk_delete(session, ImportRow, id=import_id)
        own.refresh()
        under_way = own.read().execute(select(ImportRow.id).where(ImportRow.state == ImportState.RUNNING))
        wanted = {_file_of(each).name for each in under_way.scalars()}
    for path in _folder().glob(f"*{_PREFIX}*"):
        if path.name not in wanted and path.stat().st_mtime < (now - timedelta(days=1)).timestamp():
            path.unlink(missing_ok=True)
    return len(old)


def _told(row: ImportRow) -> Import:
    answer: Any = row.answer or None
    return Import(
        id=row.id,
        file_name=row.file_name,
        dataset_id=row.dataset_id,
        state=ImportState(row.state),
        began_at=row.began_at,
        ended_at=row.ended_at,
        reason=row.reason,
        answer=msgspec.convert(answer, Imported) if answer else None,
    )


def _folder() -> Path:
    """Not among the uploads, which a backup takes along: nothing here is protected yet."""
    return settings().home / "incoming"


def _file_of(import_id: str) -> Path:
    return _folder() / f"{_PREFIX}{import_id}"


def _keep(import_id: str, order: Order) -> None:
    """The file appears only when it is whole."""
    target = _file_of(import_id)
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        with enough_space():
            target.parent.mkdir(parents=True, exist_ok=True)
            unfinished.write_bytes(msgspec.msgpack.encode(order))
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def _kept(import_id: str) -> Order:
    """Raises Invalid when the file is gone."""
    try:
        return msgspec.msgpack.decode(_file_of(import_id).read_bytes(), type=Order)
    except FileNotFoundError:
        raise Invalid(_LOST) from None
