"""A world written down in a file, to try agreements on paper: read strictly, or refused with the place that is wrong.

Nothing is guessed: a field that is not known, a name that nobody has, an end before its beginning or a time without
UTC could each hide a hold or open a door.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import asdict

from governance.access.values import Agreement, Dataset, Hold, Member, Party, ScheduleRow, Version
from governance.access.world import World, world
from governance.access.written import Question, RoomQuestion, RowWritten, VersionWritten, WorldWritten
from governance.access.written_checks import check, quoted, refuse

__all__ = ["Question", "RoomQuestion", "Trial", "read"]

_DEEPEST = 50
"""Brackets within brackets; a world needs seven."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A world with the questions that were put to it, in the order of the file."""

    world: World
    questions: tuple[Question, ...]
    rooms: tuple[RoomQuestion, ...]


def read(content: bytes) -> Trial:
    """The world and its questions. Raises Invalid with one sentence that names the place; `field` is the place."""
    written = _typed(_json(content))
    zone = _zone(written.timezone)
    check(written, zone)
    agreements = [
        Agreement(id=each.id, lead=each.lead, versions=tuple(_version(version) for version in each.versions))
        for each in written.agreements
    ]
    made = world(
        zone=zone,
        people=[Member(**asdict(each)) for each in written.people],
        datasets=[Dataset(**asdict(each)) for each in written.datasets],
        agreements=agreements,
        holds=[Hold(**asdict(each)) for each in written.holds],
    )
    return Trial(world=made, questions=written.questions, rooms=written.rooms)


def _version(written: VersionWritten) -> Version:
    fields = asdict(written)
    fields["parties"] = tuple(Party(**asdict(each)) for each in written.parties)
    fields["schedule"] = tuple(_row(each) for each in written.schedule)
    return Version(**fields)


def _row(written: RowWritten) -> ScheduleRow:
    return ScheduleRow(
        dataset=written.dataset,
        receivers=frozenset(written.receivers),
        people=frozenset(written.people),
        uses=frozenset(written.uses),
        purposes=frozenset(written.purposes),
        detail=written.detail,
        min_cell=written.min_cell,
        first=written.first,
        last=written.last,
    )


def _single(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    """Of a field written twice only the last would count, and nobody would see it."""
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            refuse("", f"the field {quoted(name)} stands twice in one object")
        found[name] = value
    return found


def _json(content: bytes) -> object:
    try:
        text = content.decode("utf-8-sig")
        _check_depth(text)
        return json.loads(text, object_pairs_hook=_single)
    except UnicodeDecodeError:
        refuse("", "it is not text in UTF-8")
    except json.JSONDecodeError as error:
        refuse(f"line {error.lineno}, column {error.colno}", "this is not JSON")
    except ValueError:
        refuse("", "a number in it is too long")


def _check_depth(text: str) -> None:
    """Before it is read: a reader that runs out of room takes whatever else is tidied up at that moment with it."""
    depth = 0
    for found in re.finditer(r'"(?:[^"\\]|\\.)*"|[][{}]', text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(found.group(), 0)
        if depth > _DEEPEST:
            refuse("", "its brackets are too deep")


_KINDS = {
    "object": "an object",
    "array": "a list",
    "str": "text",
    "int": "a whole number",
    "float": "a number with a point",
    "bool": "true or false",
    "null": "null",
    "date": "a day",
    "datetime": "a time",
}
_PLAIN = (
    (r"Object missing required field `(.*)`", "the field {} is missing"),
    (r"Object contains unknown field `(.*)`", "the field {} is not known"),
    (r"Invalid enum value .*", "this word is not one of those that may stand here"),
    (r"Expected `str` of length >= 1", "it may not be empty"),
    (r"Expected `str` matching regex .*", "it holds characters that cannot be shown"),
    (r"Expected `int` >= 0", "it may not be less than 0"),
    (r"Invalid RFC3339 encoded datetime", "this is not a time such as 2026-06-30T11:00:00Z"),
    (r"Invalid RFC3339 encoded date", "this is not a day such as 2026-06-30"),
    (r"Expected `datetime` with a timezone component", "this time is not in UTC, as with a Z at its end"),
    (r"Expected `([a-z]+)(?: \| null)?`, got `(.*)`", "{} is expected, not {}"),
)


def _plain(message: str) -> str:
    for pattern, words in _PLAIN:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            is_type = message.startswith("Expected")
            return words.format(*(_KINDS.get(each, each) if is_type else quoted(each) for each in found.groups()))
    return message.replace("`", "")


def _typed(raw: object) -> WorldWritten:
    try:
        return msgspec.convert(raw, WorldWritten)
    except UnicodeEncodeError:
        refuse("", "it holds half of a character")
    except msgspec.ValidationError as error:
        message, _, place = str(error).rpartition(" - at `$")
        if not message:
            message, place = place, ""
    refuse(place.removesuffix("`").lstrip("."), _plain(message))


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        refuse("timezone", f"{quoted(name)} is not a time zone such as Europe/London")
