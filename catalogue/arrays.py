"""The catalogue as dictionary-coded arrays in memory: what facets are counted and viewers are told apart with.

One snapshot a process, never changed once made: a change of the catalogue makes a new one from it, with the rows
that changed read again. Row n of every array is the dataset with number n. Where a dataset has several values
(themes, formats), the code stands for their combination, of which there are few: counting stays one bincount.
"""

from __future__ import annotations

import contextlib
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
from sqlalchemy import Engine, Text, cast, func, select
from sqlalchemy.orm import Session

from catalogue.search_index import Numbers, newest_change
from catalogue.tables import ChangeRow, DatasetRow, ListedForRow
from catalogue.words import fold
from governance import Viewer
from store import engine, guarded

Mask = npt.NDArray[np.bool_]
Values = tuple[str, ...]
NOT_STATED = "not-stated"
"""The facet value of datasets that do not say: not stated is a fact, and can be looked for."""
AS_COORDINATES = "coordinates"
"""The facet value of an area given as a shape and not by its name."""
NO_DAY = -(2**31)
_WHY = "arrays of all datasets in this process; every answer from them is masked for its viewer"
_CHUNK = 20_000
_LONGEST_AREA = 80


def _one(raw: str) -> Values:
    value = " ".join(raw.split())
    return (value,) if value else (NOT_STATED,)


def _many(raw: str) -> Values:
    found = orjson.loads(raw) if raw else []
    values = (" ".join(each.split()) for each in found or () if isinstance(each, str))
    return tuple(dict.fromkeys(filter(None, values))) or (NOT_STATED,)


def _area(raw: str) -> Values:
    value = " ".join(raw.split())
    if not value:
        return (NOT_STATED,)
    shape = len(value) > _LONGEST_AREA or not any(letter.isalpha() for letter in value) or value[0] in "{[<"
    return (AS_COORDINATES,) if shape or value.upper().startswith(("POLYGON", "MULTIPOLYGON", "POINT")) else (value,)


def _as_it_is(raw: str) -> Values:
    return (raw,)


def _organisations(raw: str) -> Values:
    return tuple(raw.split("\n")) if raw else ()


_columns = DatasetRow.__table__.c
_READ: Mapping[str, tuple[Any, Callable[[str], Values]]] = MappingProxyType(
    {
        "organisation": (_columns.publisher, _one),
        "band": (_columns.band, _one),
        "theme": (cast(_columns.themes, Text), _many),
        "format": (cast(_columns.formats, Text), _many),
        "licence": (_columns.licence, _one),
        "area": (func.substr(_columns.spatial, 1, 2 * _LONGEST_AREA), _area),
        "life-event": (cast(_columns.life_events, Text), _many),
        "source": (_columns.source_name, _one),
        "state": (_columns.state, _one),
        "listing": (_columns.listing, _as_it_is),
        "owner": (_columns.organisation_id, _as_it_is),
        "accrual": (_columns.accrual_periodicity, _as_it_is),
        "modified": (func.substr(_columns.modified, 1, 10), _as_it_is),
    }
)
_LISTED = "listed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One field of every dataset, as a code into the combinations of values that occur."""

    codes: npt.NDArray[Any]
    known: dict[Hashable, int]
    """Raw text -> code; only ever added to, by the thread that holds the lock."""
    values: list[str]
    """Only ever added to, likewise."""
    places: dict[str, int]
    """Value -> its place in `values`."""
    owners: Numbers
    """Pairs of combination and value: the combination."""
    members: Numbers
    """Pairs of combination and value: the place of the value."""
    reads: Callable[[str], Values]

    @classmethod
    def empty(cls, reads: Callable[[str], Values]) -> Column:
        """A column before anything was read."""
        none = np.empty(0, dtype=np.int64)
        codes = np.zeros(0, dtype=np.uint16)
        return cls(codes=codes, known={}, values=[], places={}, owners=none, members=none, reads=reads)

    def with_rows(self, numbers: Numbers, raw: Sequence[str], size: int) -> Column:
        """The column with these rows set, and room for `size` rows."""
        known = self.known
        before = len(known)
        coded = [known.setdefault(each, len(known)) for each in raw]
        wide = np.uint16 if len(known) < 2**16 else np.uint32
        codes = np.zeros(size, dtype=max(wide, self.codes.dtype, key=lambda each: np.dtype(each).itemsize))
        codes[: len(self.codes)] = self.codes
        codes[numbers] = coded
        if len(known) == before:
            return replace(self, codes=codes)
        owners, members = [], []
        for code, each in enumerate(list(known)[before:], start=before):
            for value in self.reads(str(each)):
                place = self.places.setdefault(value, len(self.places))
                if place == len(self.values):
                    self.values.append(value)
                owners.append(code)
                members.append(place)
        return replace(
            self,
            codes=codes,
            owners=np.concatenate([self.owners, np.array(owners, dtype=np.int64)]),
            members=np.concatenate([self.members, np.array(members, dtype=np.int64)]),
        )

    def chooses(self, wanted: Iterable[str]) -> Mask:
        """For each combination, whether it holds one of these values."""
        places = [self.places[value] for value in wanted if value in self.places]
        chosen = self.owners[np.isin(self.members, places)]
        found = np.zeros(max(len(self.known), 1), dtype=np.bool_)
        found[chosen] = True
        return found

    def by_code(self) -> dict[int, str]:
        """The value of each combination; of several the last."""
        pairs = zip(self.owners.tolist(), self.members.tolist(), strict=True)
        return {code: self.values[place] for code, place in pairs}

    def count(self, codes: npt.NDArray[Any]) -> Numbers:
        """How many of these datasets have each value; a dataset with two values counts for both."""
        combinations = np.bincount(codes, minlength=len(self.known))
        counted = np.bincount(self.members, weights=combinations[self.owners], minlength=len(self.values))
        return counted.astype(np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The catalogue after one of its changes."""

    seq: int
    """The latest change that is in it."""
    columns: Mapping[str, Column]
    exists: Mask
    day: npt.NDArray[np.int32]
    """Last updated, in days since 1970; NO_DAY when not stated."""
    title_key: npt.NDArray[np.uint64]
    """The first sixteen letters of the title as two numbers that sort like it."""
    title_length: npt.NDArray[np.uint8]
    """In words."""
    kept: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)
    """Answers that hold as long as this snapshot: masks, counts of everything."""
    recent: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict, repr=False, compare=False)
    """What the last few queries matched: a page is drawn again at every click in it."""

    @property
    def size(self) -> int:
        """One more than the largest number."""
        return len(self.exists)

    def keep(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """The kept answer, made at the first question; at most a few hundred are kept."""
        found = self.kept.get(key)
        if found is None:
            found = make()
            if len(self.kept) < 300:
                self.kept[key] = found
        return found

    def remember(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """The answer to one of the last few questions, or a new one."""
        found = self.recent.get(key)
        if found is None:
            found = self.recent[key] = make()
            if len(self.recent) > 16:
                with contextlib.suppress(KeyError):
                    self.recent.popitem(last=False)
        return found

    def visible(self, viewer: Viewer) -> Mask:
        """Which datasets the viewer may know of: the rule `catalogue.tables.listed`, on arrays."""
        if viewer.sees_all:
            return self.exists
        mask: Mask = self.keep(("visible", viewer.organisation_id), lambda: self._visible(viewer.organisation_id))
        return mask

    def _visible(self, organisation_id: str) -> Mask:
        listing, owner, listed = (self.columns[name] for name in ("listing", "owner", _LISTED))
        seen = listing.chooses(["everyone"])[listing.codes]
        if organisation_id:
            seen = seen | owner.chooses([organisation_id])[owner.codes]
        named = listing.chooses(["organisations"])[listing.codes] & listed.chooses([organisation_id])[listed.codes]
        visible: Mask = (seen | named) & self.exists
        return visible


def _no_snapshot() -> Snapshot:
    columns = {name: Column.empty(reads) for name, (_, reads) in _READ.items()}
    columns[_LISTED] = Column.empty(_organisations)
    return Snapshot(
        seq=-1,
        columns=columns,
        exists=np.zeros(0, dtype=np.bool_),
        day=np.zeros(0, dtype=np.int32),
        title_key=np.zeros((0, 2), dtype=np.uint64),
        title_length=np.zeros(0, dtype=np.uint8),
    )


def _grown(array: npt.NDArray[Any], size: int, default: int = 0) -> npt.NDArray[Any]:
    grown = np.full((size, *array.shape[1:]), default, dtype=array.dtype)
    grown[: len(array)] = array
    return grown


def _with_rows(snapshot: Snapshot, rows: Sequence[Any], listed: Mapping[int, str]) -> Snapshot:
    """The snapshot with these rows of `_wanted()` in place of what it held for their numbers."""
    if not rows:
        return snapshot
    by_column = list(zip(*rows, strict=True))
    numbers = np.array(by_column[0], dtype=np.int64)
    size = max(snapshot.size, int(numbers.max()) + 1)
    columns = {
        name: snapshot.columns[name].with_rows(numbers, [each or "" for each in raw], size)
        for name, raw in zip(_READ, by_column[3:], strict=True)
    }
    organisations = [listed.get(number, "") for number in by_column[0]]
    columns[_LISTED] = snapshot.columns[_LISTED].with_rows(numbers, organisations, size)
    exists, day = _grown(snapshot.exists, size), _grown(snapshot.day, size, NO_DAY)
    title_key, title_length = _grown(snapshot.title_key, size), _grown(snapshot.title_length, size)
    exists[numbers] = True
    day[numbers] = _days(by_column[1])
    title_key[numbers] = _title_keys(by_column[2])
    title_length[numbers] = [min(each.count(" ") + 1, 255) for each in by_column[2]]
    return replace(
        snapshot,
        columns=columns,
        exists=exists,
        day=day,
        title_key=title_key,
        title_length=title_length,
        kept={},
        recent=OrderedDict(),
    )


def _days(stated: Sequence[str | None]) -> list[int]:
    known: dict[str | None, int] = {None: NO_DAY}
    for each in set(stated) - {None}:
        known[each] = (date.fromisoformat(str(each)[:10]) - date(1970, 1, 1)).days
    return [known[each] for each in stated]


def title_key(title: str) -> bytes:
    """The beginning of a title as it sorts: small letters without accents, quotation marks or brackets in front."""
    return fold(title.lstrip(" \"'“”‘’«([{"))[:16].encode()[:16]


def _title_keys(titles: Sequence[str]) -> npt.NDArray[np.uint64]:
    keys = np.array([title_key(each) for each in titles], dtype="S16")
    return np.frombuffer(keys.tobytes(), dtype=">u8").astype(np.uint64).reshape(-1, 2)


# Reading -----------------------------------------------------------------------------------------------------


def _wanted() -> Any:
    read = [column for column, _ in _READ.values()]
    return select(_columns.number, cast(_columns.updated_on, Text), _columns.title, *read)


def _load(session: Session) -> Snapshot:
    """Everything, in pieces, so that the rows of the database never stand in memory at once."""
    seq, listed = newest_change(session), _listed_for(session, None)
    last = guarded(session, select(func.max(_columns.number)), _WHY).scalar_one() or 0
    pieces: list[Any] = []
    snapshot = _with_room(_no_snapshot(), int(last) + 1)
    after = -1
    while True:
        wanted = _wanted().where(_columns.number > after).order_by(_columns.number).limit(_CHUNK)
        pieces = [tuple(row) for row in guarded(session, wanted, _WHY)]
        if not pieces:
            return replace(snapshot, seq=seq)
        snapshot = _with_rows(snapshot, pieces, listed)
        after = pieces[-1][0]


def _with_room(snapshot: Snapshot, size: int) -> Snapshot:
    return replace(
        snapshot,
        exists=_grown(snapshot.exists, size),
        day=_grown(snapshot.day, size, NO_DAY),
        title_key=_grown(snapshot.title_key, size),
        title_length=_grown(snapshot.title_length, size),
    )


def _listed_for(session: Session, numbers: Sequence[int] | None) -> dict[int, str]:
    named = ListedForRow.__table__.c
    wanted = select(named.number, named.organisation_id).order_by(named.number, named.organisation_id)
    if numbers is not None:
        wanted = wanted.where(named.number.in_(numbers))
    found: dict[int, str] = {}
    rows: Any = guarded(session, wanted, _WHY)
    for number, organisation in rows:
        found[number] = f"{found[number]}\n{organisation}" if number in found else organisation
    return found


def _caught_up(snapshot: Snapshot, session: Session, seq: int) -> Snapshot:
    """The snapshot with all changes up to `seq`, or made anew where that is less work."""
    changes = ChangeRow.__table__.c
    first = guarded(session, select(func.min(changes.seq)), _WHY).scalar_one() or 0
    since = select(changes.number).distinct().where(changes.seq > snapshot.seq)
    numbers = list(guarded(session, since, _WHY).scalars())
    if first > snapshot.seq + 1 or len(numbers) > max(5_000, snapshot.size // 5):
        return _load(session)
    gone = set(numbers)
    for start in range(0, len(numbers), 5_000):
        some = numbers[start : start + 5_000]
        rows = [tuple(row) for row in guarded(session, _wanted().where(_columns.number.in_(some)), _WHY)]
        snapshot = _with_rows(snapshot, rows, _listed_for(session, some))
        gone -= {row[0] for row in rows}
    exists = snapshot.exists.copy()
    exists[[number for number in gone if number < snapshot.size]] = False
    return replace(snapshot, seq=seq, exists=exists, kept={}, recent=OrderedDict())


@dataclass(slots=True, eq=False)
class _Held:
    lock: threading.Lock = field(default_factory=threading.Lock)
    snapshot: Snapshot | None = None


_held: weakref.WeakKeyDictionary[Engine, _Held] = weakref.WeakKeyDictionary()
_making = threading.Lock()


def current(session: Session) -> Snapshot:
    """The arrays with at least every change that this session sees.

    Whoever comes first after a change brings them along, others wait: an answer from arrays that are behind could
    count a dataset that has just been hidden.
    """
    with _making:
        held = _held.setdefault(engine(), _Held())
    seq = newest_change(session)
    found = held.snapshot
    if found is not None and found.seq >= seq:
        return found
    with held.lock:
        found = held.snapshot
        if found is not None and found.seq >= seq:
            return found
        # Forgotten until it is whole again: a failure half way leaves codes without their meaning.
        held.snapshot = None
        made = _load(session) if found is None else _caught_up(found, session, seq)
        held.snapshot = made
        return made


def forget() -> None:
    """Drop the arrays of this process: after the database was replaced under it."""
    with _making:
        _held.pop(engine(), None)
