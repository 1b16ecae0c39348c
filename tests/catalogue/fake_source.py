"""A made-up source that a test can change and break: what it holds is known, so what is lost can be counted."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from catalogue.records import (
    Completeness,
    Distribution,
    Ending,
    Known,
    Page,
    Probe,
    ProbeAnswer,
    Record,
    Rejection,
    Seen,
    SourceAddress,
)
from governance import SourceUnreachable


class Fault(StrEnum):
    """What can go wrong in one reading."""

    NONE = "none"
    DEAD = "dead"
    BREAKS_OFF = "breaks off"
    EMPTY = "empty"
    HALF = "half of it, with a straight face"
    REJECTS = "some records are broken"
    DEFECT = "the connector has a defect"
    NO_ENDING = "stops without an ending"
    UNKNOWN = "says that it cannot tell whether it is whole"


class Killed(BaseException):
    """The process ends here."""


def record(identity: str, title: str = "", **values: object) -> Record:
    """A record with all that a test needs."""
    made = {
        "remote_id": identity.upper(),
        "identity": identity,
        "aliases": (f"name:{identity}",),
        "title": title or f"Dataset {identity}",
        "publisher": "Harbour Council",
        "distributions": (Distribution(access_url=f"http://harbour.example/{identity}", format="CSV"),),
        **values,
    }
    body = repr(sorted(made.items())).encode()
    return Record(**made, raw=body, fingerprint=hashlib.blake2b(body, digest_size=16).hexdigest())  # type: ignore[arg-type]


@dataclass(slots=True, kw_only=True)
class FakeSource:
    """A source, and the faults of its next reading."""

    holds: dict[str, Record] = field(default_factory=dict)
    private: set[str] = field(default_factory=set)
    unlisted: set[str] = field(default_factory=set)
    """Held, and shown when asked for, but left out of the list."""
    fault: Fault = Fault.NONE
    seed: int = 0
    page: int = 7
    kill_at: int | None = None
    """Before which page of a reading the process ends."""
    can_be_asked: bool = True
    is_deaf: bool = False
    asked: list[str] = field(default_factory=list)
    read_pages: int = 0
    mapped: int = 0

    def __call__(self, _source: SourceAddress) -> FakeReading:
        """Open a reading, as the connectors do."""
        return FakeReading(self)

    def put(self, *records: Record) -> None:
        """Add or replace."""
        self.holds.update({each.identity: each for each in records})

    def fill(self, count: int, prefix: str = "d") -> None:
        """So many plain records."""
        self.put(*(record(f"{prefix}{number:04d}") for number in range(count)))


@dataclass(slots=True)
class FakeReading:
    """One reading of the fake."""

    source: FakeSource
    before: int = field(init=False)
    """Pages and questions before this reading."""

    def __post_init__(self) -> None:
        """Note what came before."""
        self.before = self.source.read_pages + len(self.source.asked)

    @property
    def can_ask(self) -> bool:
        """As the source says."""
        return self.source.can_be_asked

    @property
    def requests(self) -> int:
        """Pages and questions of this reading."""
        return self.source.read_pages + len(self.source.asked) - self.before

    def pages(self, after: str, known: Known) -> Iterator[Page]:
        """Pages in the order of identities, with the fault of the day."""
        source, chance = self.source, random.Random(self.source.seed)
        if source.fault is Fault.DEAD:
            raise SourceUnreachable("The source does not answer: try again later.", retry_after=60)
        listed = [each for each in source.holds.values() if each.identity not in source.unlisted | source.private]
        shown = self._shown(sorted(listed, key=lambda each: each.identity), chance)
        first = int(after or 0)
        starts = range(first * source.page, max(len(shown), 1), source.page)
        stop = chance.randrange(len(starts)) if source.fault in (Fault.BREAKS_OFF, Fault.DEFECT) and starts else None
        for place, start in enumerate(starts):
            if source.kill_at is not None and place == source.kill_at:
                raise Killed
            if place == stop:
                self._stop()
            last = start + source.page >= len(shown)
            items = tuple(self._item(each, known, chance) for each in shown[start : start + source.page])
            source.read_pages += 1
            ending = self._ending(len(shown)) if last and source.fault is not Fault.NO_ENDING else None
            yield Page(items=items, cursor=str(first + place + 1), total=len(shown), ending=ending)

    def probe(self, remote_id: str) -> Probe:
        """Ask for one."""
        self.source.asked.append(remote_id)
        if self.source.is_deaf:
            return Probe(answer=ProbeAnswer.UNKNOWN, sentence="The portal does not answer.")
        if remote_id.lower() in self.source.private:
            return Probe(answer=ProbeAnswer.PRIVATE, sentence="The portal answers 403: made private or deleted.")
        if remote_id.lower() in self.source.holds:
            return Probe(answer=ProbeAnswer.PRESENT, sentence="The portal answers 200: it is there.")
        return Probe(answer=ProbeAnswer.GONE, sentence="The portal answers 404: the dataset does not exist.")

    def close(self) -> None:
        """Nothing is held."""

    def _shown(self, listed: Sequence[Record], chance: random.Random) -> Sequence[Record]:
        if self.source.fault is Fault.EMPTY:
            return []
        if self.source.fault is Fault.HALF:
            return chance.sample(listed, len(listed) // 2)
        return listed

    def _stop(self) -> None:
        if self.source.fault is Fault.DEFECT:
            raise KeyError("a defect")
        raise SourceUnreachable("The source stopped answering.")

    def _item(self, each: Record, known: Known, chance: random.Random) -> Record | Rejection | Seen:
        if self.source.fault is Fault.REJECTS and chance.random() < 0.3:
            named = chance.random() < 0.8
            return Rejection(
                remote_id=each.remote_id,
                identity=each.identity if named else "",
                field="title",
                reason="No title",
                what_to_change="Give the dataset a title",
                raw=each.raw,
            )
        if known(each.identity, each.fingerprint):
            return Seen(identity=each.identity, fingerprint=each.fingerprint)
        self.source.mapped += 1
        return each

    def _ending(self, count: int) -> Ending:
        unsure = self.source.fault is Fault.UNKNOWN
        return Ending(
            completeness=Completeness.UNKNOWN if unsure else Completeness.COMPLETE,
            reason=f"{count} of {count} records read.",
            memory={"paging": "offset"},
        )
