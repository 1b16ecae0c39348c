"""What the shape of a written world cannot say: names given once and known, times in UTC, ends after beginnings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Never, TypeVar
from zoneinfo import ZoneInfo

from governance.access.written import WorldWritten
from governance.errors import Invalid

Used = Iterator[tuple[str, str, str]]
"""Place, kind and name."""
_T = TypeVar("_T", date, datetime)


def refuse(place: str, what: str) -> Never:
    """Raises Invalid: one sentence with the place, which is also its `field`; "" is the whole file."""
    raise Invalid(f"The world cannot be used: {place or 'the file'}: {what}.", field=place)


def quoted(name: str) -> str:
    """A name from the file as it may stand in a sentence: short and harmless to a terminal."""
    return json.dumps(name if len(name) <= 60 else f"{name[:57]}...", ensure_ascii=True)


def check(written: WorldWritten, zone: ZoneInfo) -> None:
    """Raises Invalid at the first thing that is wrong."""
    _check_doubles(written)
    _check_names(written)
    for place, moment in _moments(written):
        _check_moment(place, moment, zone)
    _check_days(written)
    _check_spans(written)


def _check_doubles(written: WorldWritten) -> None:
    _once("organisations", "organisation", written.organisations)
    _once("people", "person", [each.username for each in written.people])
    _once("datasets", "dataset", [each.id for each in written.datasets])
    _once("agreements", "agreement", [each.id for each in written.agreements])
    for number, agreement in enumerate(written.agreements):
        versions = [f"{each.major}.{each.minor}" for each in agreement.versions]
        _once(f"agreements[{number}].versions", "version", versions)
    for place, version in written.versions():
        _once(f"{place}.parties", "party", [each.organisation for each in version.parties])


def _once(place: str, kind: str, names: Sequence[str]) -> None:
    seen: set[str] = set()
    for number, name in enumerate(names):
        if name in seen:
            refuse(f"{place}[{number}]", f"the {kind} {quoted(name)} stands there twice")
        seen.add(name)


def _check_names(written: WorldWritten) -> None:
    known = {
        "organisation": set(written.organisations),
        "person": {each.username for each in written.people},
        "dataset": {each.id for each in written.datasets},
        "agreement": {each.id for each in written.agreements},
    }
    for used in (_used_at_the_top(written), _used_in_agreements(written), _used_in_questions(written)):
        for place, kind, name in used:
            if name not in known[kind]:
                refuse(place, f"there is no {kind} {quoted(name)}")


def _listed(place: str, kind: str, names: Iterable[str]) -> Used:
    yield from ((f"{place}[{number}]", kind, name) for number, name in enumerate(names))


def _used_at_the_top(written: WorldWritten) -> Used:
    for number, person in enumerate(written.people):
        yield f"people[{number}].organisation", "organisation", person.organisation
    for number, dataset in enumerate(written.datasets):
        yield f"datasets[{number}].owner", "organisation", dataset.owner
    for number, hold in enumerate(written.holds):
        yield f"holds[{number}].object", hold.scope.value, hold.object


def _used_in_agreements(written: WorldWritten) -> Used:
    for number, agreement in enumerate(written.agreements):
        yield f"agreements[{number}].lead", "organisation", agreement.lead
    for place, version in written.versions():
        for number, party in enumerate(version.parties):
            yield f"{place}.parties[{number}].organisation", "organisation", party.organisation
        for number, row in enumerate(version.schedule):
            here = f"{place}.schedule[{number}]"
            yield f"{here}.dataset", "dataset", row.dataset
            yield from _listed(f"{here}.receivers", "organisation", row.receivers)
            yield from _listed(f"{here}.people", "person", row.people)


def _used_in_questions(written: WorldWritten) -> Used:
    for number, question in enumerate(written.questions):
        yield f"questions[{number}].username", "person", question.username
        yield f"questions[{number}].dataset", "dataset", question.dataset
    for number, room in enumerate(written.rooms):
        yield f"rooms[{number}].dataset", "dataset", room.dataset
        yield from _listed(f"rooms[{number}].organisations", "organisation", room.organisations)


def _moments(written: WorldWritten) -> Iterator[tuple[str, datetime | None]]:
    for place, version in written.versions():
        yield f"{place}.activated_at", version.activated_at
        yield f"{place}.closed_at", version.closed_at
    for number, hold in enumerate(written.holds):
        yield f"holds[{number}].placed_at", hold.placed_at
        yield f"holds[{number}].lifted_at", hold.lifted_at
    yield from ((f"questions[{number}].at", each.at) for number, each in enumerate(written.questions))
    yield from ((f"rooms[{number}].at", each.at) for number, each in enumerate(written.rooms))


def _check_moment(place: str, moment: datetime | None, zone: ZoneInfo) -> None:
    if moment is None:
        return
    if moment.utcoffset() != timedelta(0):
        refuse(place, "this time is not in UTC, as with a Z at its end")
    try:
        moment.astimezone(zone)
    except OverflowError:
        refuse(place, "this time is too far away to tell its day")


def _check_days(written: WorldWritten) -> None:
    for place, version in written.versions():
        _check_span(f"{place}.ends_on", "starts_on", (version.starts_on, version.ends_on))
        for number, row in enumerate(version.schedule):
            _check_span(f"{place}.schedule[{number}].until", "from", (row.first, row.last))


def _check_spans(written: WorldWritten) -> None:
    for place, version in written.versions():
        _check_span(f"{place}.closed_at", "activated_at", (version.activated_at, version.closed_at))
    for number, hold in enumerate(written.holds):
        _check_span(f"holds[{number}].lifted_at", "placed_at", (hold.placed_at, hold.lifted_at))


def _check_span(place: str, beginning: str, span: tuple[_T | None, _T | None]) -> None:
    first, last = span
    if first is not None and last is not None and last < first:
        refuse(place, f"it lies before {beginning}")
