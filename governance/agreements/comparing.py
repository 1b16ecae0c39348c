"""What differs between two documents, part by part and row by row, in the words of the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from governance.agreements.channels import channels
from governance.agreements.document import Document, PartyLine, ScheduleLine
from governance.agreements.views import Change

_WHOLE = {
    "title": "Title",
    "kind": "Kind",
    "lead": "Lead",
    "starts_on": "First day",
    "ends_on": "Last day",
    "review_on": "Review",
}
_TERMS = {
    "who": "Who",
    "purpose": "Purpose",
    "purposes": "Purposes",
    "how": "How and in what format",
    "access": "Access and use",
    "privacy": "Privacy",
    "person_level": "How closely the data tell of persons",
    "retention": "How long files are kept",
    "breach_contact": "Whom to call when data leak",
    "told_people": "What people were told",
    "legal_advice": "Legal advice",
}
_PARTY = {
    "role": "role",
    "stakes": "what is at stake",
    "protects": "what staying as it is protects",
    "puts_in": "puts in",
}
_LINE = {
    "title": "title",
    "owner": "owner",
    "channel": "channel",
    "format": "format",
    "frequency": "how often",
    "detail": "detail",
    "min_cell": "smallest count",
    "uses": "uses",
    "purposes": "purposes",
    "receivers": "receivers",
    "people": "named people",
    "first": "first day",
    "last": "last day",
    "acknowledgement": "words to accept",
    "source_line": "source line",
    "privacy_note": "privacy note",
}
_ORGANISATIONS = ("lead", "owner", "receivers")


def changes(before: Document, after: Document, *, names: Mapping[str, str]) -> tuple[Change, ...]:
    """Every difference, in the order of the page; `names` are those of organisations by id."""
    found = [*_fields(before, after, _WHOLE, names=names), *_fields(before.terms, after.terms, _TERMS, names=names)]
    old, new = ({each.organisation: each for each in side.parties} for side in (before, after))
    for party in dict.fromkeys((*old, *new)):
        found += _pair(old.get(party), new.get(party), words=_PARTY, names=names)
    rows, kept = _rows(before.schedule), _rows(after.schedule)
    for key in dict.fromkeys((*rows, *kept)):
        found += _pair(rows.get(key), kept.get(key), words=_LINE, names=names)
    return tuple(found)


def _rows(schedule: Iterable[ScheduleLine]) -> dict[tuple[str, int], ScheduleLine]:
    """Rows by dataset, and by their order among those of one dataset."""
    found: dict[tuple[str, int], ScheduleLine] = {}
    for line in schedule:
        found[line.dataset, sum(dataset == line.dataset for dataset, _number in found)] = line
    return found


def _pair(
    before: PartyLine | ScheduleLine | None,
    after: PartyLine | ScheduleLine | None,
    *,
    words: Mapping[str, str],
    names: Mapping[str, str],
) -> Iterator[Change]:
    """What differs of one party or row; of one that was added or taken out, all that it says."""
    line = after or before
    name = line.title if isinstance(line, ScheduleLine) else names.get(line.organisation, "") if line else ""
    if before is not None and after is not None:
        yield from _fields(before, after, {field: f"{name}: {word}" for field, word in words.items()}, names=names)
        return
    told = "; ".join(f"{word}: {said}" for field, word in words.items() if (said := _said(line, field, names=names)))
    yield Change(where=name, before=told if before else "", after=told if after else "")


def _fields(before: object, after: object, words: Mapping[str, str], *, names: Mapping[str, str]) -> Iterator[Change]:
    for field, word in words.items():
        if getattr(before, field) != getattr(after, field):
            yield Change(where=word, before=_said(before, field, names=names), after=_said(after, field, names=names))


def _said(line: object, field: str, *, names: Mapping[str, str]) -> str:
    value = getattr(line, field)
    if isinstance(value, date):
        return value.isoformat()
    if field in _ORGANISATIONS:
        return ", ".join(names.get(each, each) for each in ((value,) if isinstance(value, str) else value))
    if field == "channel" and value in channels():
        return channels()[value].name
    if isinstance(value, tuple):
        return ", ".join(str(each) for each in value)
    return "" if value is None else str(value)
