"""What a reading of a portal has seen so far, and what that proves when it ends."""

from __future__ import annotations

from collections.abc import Sequence

from catalogue.records import Completeness, Ending, Item, Known, Record, Rejection, Seen
from connectors._ckan_keys import Key, keys_of
from connectors._ckan_map import RAW, VERSION, package
from connectors._ckan_pages import Batch
from connectors._text import fingerprint, identity, shown

MOST = 1_000_000
"""Datasets of one portal that are read."""
PAGES = 2_000
GROWING = 25
"""Pages without getting any nearer to the end, after which the end is not believed in."""
REPEATS = 3
"""Pages in a row that hold nothing new, after which the portal is taken to repeat itself."""


class Tally:
    """Sorts packages into new, seen and refused, and knows when to stop."""

    def __init__(self, known: Known, *, site: str, before: int = 0) -> None:
        self._known, self._site, self._before = known, site, before
        self._names: dict[str, int] = {}
        self._nameless: set[str] = set()
        self._counts: list[int] = []
        self._pages = self._repeats = self._stalled = 0
        self._nearest: int | None = None
        self.collisions = 0
        self.unread = 0
        """Datasets too large to take in."""

    @property
    def distinct(self) -> int:
        """Different datasets seen, those of an earlier part of the reading included."""
        return self._before + len(self._names) + len(self._nameless) + self.unread

    def items(self, packages: Sequence[bytes], keys: Sequence[Key | None] | None = None) -> tuple[Item, ...]:
        """One page's packages without those of earlier pages, since rows move while pages are turned."""
        first: dict[str, tuple[bytes, Key]] = {}
        rivals: dict[str, list[tuple[bytes, Key]]] = {}
        loose: list[bytes] = []
        for raw, key in zip(packages, keys_of(packages) if keys is None else keys, strict=True):
            normal = identity(key.id) if key else ""
            if not key or not normal:
                loose.append(raw)
            elif normal in first:
                rivals.setdefault(normal, [first[normal]]).append((raw, key))
            else:
                first[normal] = raw, key
        made: list[Item] = []
        for normal, (raw, key) in first.items():
            if rivals and normal in rivals:
                made.extend(self._one_of(normal, rivals[normal]))
            elif (item := self._item(normal, raw, key)) is not None:
                made.append(item)
        for raw in loose:
            made.extend(self._unkeyed(raw))
        return tuple(made)

    def too_large(self, at: str) -> Rejection:
        """The rejection of a dataset that no page can hold."""
        self.unread += 1
        return Rejection(
            remote_id="",
            field="",
            value=f"number {at} in the portal's list",
            reason="Too large to read",
            what_to_change="Shorten its description at the source.",
        )

    def ending(self, batch: Batch, fresh: int) -> Ending | None:
        """How the reading ends with this page, None when it goes on."""
        packages, count = batch.fetched.packages, batch.fetched.count
        self._pages += 1
        if count is not None:
            self._counts.append(count)
        if batch.too_large:
            return None
        if not packages:
            return self._proved("the end was proved by an empty page")
        self._repeats = 0 if fresh else self._repeats + 1
        if self._repeats and count is not None and self.distinct >= max(self._counts):
            return self._proved("the portal repeats its last page")
        if self._repeats >= REPEATS:
            return self._partial(f"the portal gave {REPEATS} pages in a row with nothing new")
        if self._hopeless(count):
            return self._partial("the portal's own count grows with every page, so there is no end to reach")
        if self.distinct >= MOST or self._pages >= PAGES:
            return self._partial(f"no more than {MOST:,} datasets and {PAGES:,} pages of one portal are read")
        return None

    def cut(self, why: str) -> Ending:
        """The ending of a reading that an error broke off."""
        return self._partial(f"page {self._pages + 1} could not be read: {why.rstrip('.')}")

    def last_count(self) -> int | None:
        """How many datasets the portal said it has, at last."""
        return self._counts[-1] if self._counts else None

    @property
    def moved(self) -> bool:
        """Whether the portal's count changed while it was read."""
        return len(set(self._counts)) > 1

    def _hopeless(self, count: int | None) -> bool:
        if count is None:
            return False
        left = count - self.distinct
        if self._nearest is None or left < self._nearest:
            self._nearest, self._stalled = left, 0
        else:
            self._stalled += 1
        beyond = self.distinct > max(self._counts) + max(1_000, max(self._counts))
        return self._stalled >= GROWING or beyond

    def _proved(self, how: str) -> Ending:
        if not self._counts:
            return Ending(
                completeness=Completeness.UNKNOWN,
                reason=f"{self.distinct:,} datasets read; the portal does not say how many it has.",
            )
        count, low, high = self._counts[-1], min(self._counts), max(self._counts)
        read = self.distinct
        moved = "" if low == high else f"; its count moved between {low:,} and {high:,} meanwhile"
        said = f"{self._counted()}, {how}{moved}."
        if self.collisions:
            said = f"{said[:-1]}; {self.collisions} share an id with another."
        short = read < max(count, high if high - low > max(5, high // 100) else 0)
        whole = not short and not self.collisions and not self.unread
        return Ending(completeness=Completeness.COMPLETE if whole else Completeness.PARTIAL, reason=said)

    def _partial(self, why: str) -> Ending:
        return Ending(completeness=Completeness.PARTIAL, reason=f"{self._counted()}: {why}.")

    def _counted(self) -> str:
        count = self.last_count()
        if count is not None and self.distinct > count:
            return f"{self.distinct:,} datasets read, more than the {count:,} that the portal says it has"
        return f"{self.distinct:,}{f' of {count:,}' if count is not None else ''} datasets read"

    def _one_of(self, normal: str, rivals: list[tuple[bytes, Key]]) -> list[Item]:
        """Of different datasets with one id, the one changed last is kept, in whatever order they stand."""
        rivals = sorted({raw: (raw, key) for raw, key in rivals}.values(), key=_order)
        raw, key = rivals[-1]
        item = self._item(normal, raw, key)
        made: list[Item] = [] if item is None else [item]
        made.extend(self._collision(other, spare) for spare, other in rivals[:-1])
        return made

    def _item(self, normal: str, raw: bytes, key: Key) -> Item | None:
        """What a package is; None for one that an earlier page held already."""
        name = hash(str(key.name))
        before = self._names.get(normal)
        if before is not None:
            return None if before == name else self._collision(key, raw)
        self._names[normal] = name
        print_ = fingerprint(raw, VERSION)
        if self._known(normal, print_):
            return Seen(identity=normal, fingerprint=print_)
        return package(raw, site=self._site, print_=print_)

    def _collision(self, key: Key, raw: bytes) -> Rejection:
        self.collisions += 1
        return Rejection(
            remote_id=shown(key.id),
            field="id",
            value=shown(key.name),
            reason="Same id as another dataset",
            what_to_change="Give one of the two a new id at the source; the one changed last was kept.",
            raw=raw[:RAW],
        )

    def _unkeyed(self, raw: bytes) -> list[Item]:
        item = package(raw, site=self._site)
        if isinstance(item, Record) or item.identity:
            if item.identity in self._names:
                return []
            self._names[item.identity] = hash(item.remote_id)
            return [item]
        print_ = fingerprint(raw, VERSION)
        if print_ in self._nameless:
            return []
        self._nameless.add(print_)
        return [item]


def _order(rival: tuple[bytes, Key]) -> tuple[str, bytes]:
    raw, key = rival
    return key.metadata_modified if isinstance(key.metadata_modified, str) else "", raw
