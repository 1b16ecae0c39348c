"""Page through a portal's datasets: by what comes back, never by what was asked, and never for ever."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from connectors._ckan_keys import ids_of
from connectors._ckan_portal import Fetched, Portal
from connectors._web import AnswerTooLarge, AnswerTooSlow
from governance.errors import SourceError, SourceUnreadable

ROWS = 1_000
AHEAD = 3
"""Pages asked for at the same time, once the size of the portal's pages is known."""
DEEP = 20
"""Pages beyond which a portal is read from id to id, where it can: deep offsets are slow and drift."""
OVERSIZE = 30
"""Pages too large or too slow that one reading copes with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a reading stands; the cursor of a page."""

    by: str = "offset"
    at: str = "0"
    """The next offset, or the last id."""
    read: int = 0
    """Rows taken in before this place."""

    def cursor(self) -> str:
        """As text that `place` reads back."""
        return json.dumps({"by": self.by, "at": self.at, "read": self.read})


def place(cursor: str) -> Place:
    """The place a cursor stands for; the start when it is empty or not one of ours."""
    try:
        said = json.loads(cursor)
        return Place(by=str(said["by"]), at=str(said["at"]), read=int(said["read"]))
    except (ValueError, KeyError, TypeError):
        return Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One page as it came, and the place behind it."""

    fetched: Fetched
    behind: Place
    too_large: bool = False
    """The one dataset at this place is larger than any page may be."""


class Pages:
    """The pages of one portal, one after the other, fetched ahead where that is safe."""

    def __init__(self, portal: Portal, *, private: bool, rows: int = ROWS, keyset: bool = False) -> None:
        self._portal, self._private = portal, private
        self._rows, self._keyset = rows, keyset
        self._sorted = True
        self._failed = 0
        self._until, self._few = 0, rows
        self.by = "offset"
        self.size = 0
        """Rows the portal gives at most, as seen on its first page."""

    def read(self, start: Place) -> Iterator[Batch]:
        """Every page from a place on, without end: the reader decides when it has seen enough."""
        self.by = start.by
        if start.by == "id":
            yield from self._by_id(start)
            return
        here = start
        first = self._careful(here)
        here = first.behind
        yield first
        got, count = len(first.fetched.packages), first.fetched.count
        self.size = got
        ids = _ascending(first.fetched)
        wanted = self._keyset or (count is not None and got > 0 and count > DEEP * got)
        if start.at == "0" and wanted and ids and count is not None and count > got:
            second = self._proof(ids[-1], count - got)
            if second is not None:
                self.by = "id"
                behind = Place(by="id", at=_ascending(second)[-1], read=here.read + len(second.packages))
                yield Batch(fetched=second, behind=behind)
                yield from self._by_id(behind)
                return
        yield from self._by_offset(here, got, count)

    def _by_offset(self, here: Place, size: int, count: int | None) -> Iterator[Batch]:
        """Look ahead only over offsets that follow from full pages; a short page starts the plan anew."""
        pool = ThreadPoolExecutor(AHEAD, thread_name_prefix="ckan-page")
        plan: dict[int, Future[Fetched]] = {}
        try:
            while True:
                at = int(here.at)
                if at < self._until:
                    batch = self._careful(here)
                else:
                    for to in _offsets(at, size, count):
                        if to not in plan:
                            plan[to] = pool.submit(self._fetch, to, self._rows)
                    batch = self._planned(plan.pop(at), here)
                here = batch.behind
                size, count = size or len(batch.fetched.packages), batch.fetched.count or count
                if int(here.at) not in plan:
                    _drop(plan)
                yield batch
        finally:
            _drop(plan)
            pool.shutdown(wait=False, cancel_futures=True)

    def _planned(self, future: Future[Fetched], here: Place) -> Batch:
        try:
            fetched = future.result()
        except (AnswerTooLarge, AnswerTooSlow) as error:
            self._narrow(error, int(here.at), self._rows)
            return self._careful(here)
        return Batch(fetched=fetched, behind=_after(here, len(fetched.packages)))

    def _careful(self, here: Place) -> Batch:
        """One page, with fewer rows each time it is too large or too slow, down to the dataset at fault."""
        at = int(here.at)
        while True:
            rows = self._few if at < self._until else self._rows
            try:
                fetched = self._fetch(at, rows)
            except (AnswerTooLarge, AnswerTooSlow) as error:
                if rows == 1 and isinstance(error, AnswerTooLarge):
                    self._until = 0
                    return Batch(
                        fetched=Fetched(packages=(), keys=(), count=None), behind=_after(here, 1), too_large=True
                    )
                self._narrow(error, at, rows)
                continue
            return Batch(fetched=fetched, behind=_after(here, len(fetched.packages)))

    def _narrow(self, error: AnswerTooLarge | AnswerTooSlow, at: int, rows: int) -> None:
        """Ask for a tenth up to the end of the page that failed; raise when that cannot help."""
        self._failed += 1
        if isinstance(error, AnswerTooSlow) and (not error.begun or rows <= ROWS // 10):
            raise error
        if self._failed > OVERSIZE:
            raise error
        self._until, self._few = at + rows, max(1, rows // 10)

    def _by_id(self, here: Place) -> Iterator[Batch]:
        while True:
            fetched = self._portal.page(self._params(0, self._rows) | {"fq": _behind(here.at)})
            ids = _ascending(fetched)
            total = None if fetched.count is None else here.read + fetched.count
            if fetched.packages and (not ids or ids[0] <= here.at):
                raise SourceUnreadable("The portal stopped listing its datasets in the order of their ids.")
            here = Place(by="id", at=ids[-1] if ids else here.at, read=here.read + len(fetched.packages))
            yield Batch(fetched=replace(fetched, count=total), behind=here)

    def _proof(self, last: str, left: int) -> Fetched | None:
        """The page behind an id, if the portal proves that it gives exactly what lies behind it."""
        try:
            fetched = self._portal.page(self._params(0, self._rows) | {"fq": _behind(last)})
        except SourceError:
            return None
        ids = _ascending(fetched)
        if not ids or ids[0] <= last or fetched.count != left:
            return None
        return replace(fetched, count=left + self.size)

    def _fetch(self, at: int, rows: int) -> Fetched:
        return self._portal.page(self._params(at, rows))

    def _params(self, at: int, rows: int) -> dict[str, Any]:
        asked: dict[str, Any] = {"q": "*:*", "rows": rows, "start": at, "facet": "false"}
        if self._sorted:
            asked["sort"] = "id asc"
        if self._private:
            asked["include_private"] = "true"
        return asked

    def unsorted(self) -> None:
        """Ask without an order: some portals refuse the one we want."""
        self._sorted = False


def _offsets(at: int, size: int, count: int | None) -> list[int]:
    """Where the next pages begin; one page behind the last is asked too, its emptiness proves the end."""
    ahead = [at + step * size for step in range(AHEAD)] if size else [at]
    return [to for to in ahead if to == at or count is None or to < count + size]


def _ascending(fetched: Fetched) -> list[str]:
    """The ids of a page when every one is readable and they rise strictly; else nothing."""
    ids = ids_of(fetched.packages, fetched.keys)
    return ids if all(a < b for a, b in pairwise(ids)) else []


def _after(here: Place, rows: int) -> Place:
    return Place(by="offset", at=str(int(here.at) + rows), read=here.read + rows)


def _behind(last: str) -> str:
    quoted = last.replace("\\", "\\\\").replace('"', '\\"')
    return f'id:{{"{quoted}" TO *]'


def _drop(plan: dict[int, Future[Fetched]]) -> None:
    for future in plan.values():
        future.cancel()
    plan.clear()
