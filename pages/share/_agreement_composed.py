"""The document that a form says: each field by its widget, else as it was, else with its default."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from governance.access import Detail, PartyRole, Use
from governance.agreements.document import Document, PartyLine, ScheduleLine, Terms
from governance.agreements.purposes import purpose
from pages.share import _agreement_words as words
from pages.share._agreement_datasets import Choice
from pages.share._agreement_form import ROW_TEXTS, TEXTS, Form, said

_HOW = "As the schedule says, dataset by dataset."
_REVIEW_BEFORE = timedelta(days=60)


def organisations(form: Form) -> tuple[str, ...]:
    """Ids of the parties as they are chosen now, the host first."""
    chosen = [] if form.schedule_only else said("parties")
    if form.schedule_only:
        chosen = [each.organisation for each in form.kept.parties if each.organisation != form.kept.lead]
    return (form.kept.lead, *(chosen or ()))


def role(form: Form, organisation_id: str) -> PartyRole:
    """What a party does: as chosen, else as it was, else it gives and receives."""
    before = {each.organisation: each.role for each in form.kept.parties}
    chosen = None if form.schedule_only else said("role", organisation_id)
    return PartyRole(chosen or before.get(organisation_id, PartyRole.BOTH))


def composed(form: Form, choices: Mapping[str, Choice]) -> Document:
    """The document as the widgets say it now; `choices` are the datasets that may be given, by id."""
    schedule = tuple(_line(form, row, choices) for row in form.order)
    if form.schedule_only:
        return replace(form.kept, schedule=schedule)
    first, last = said("starts_on") or form.kept.starts_on, said("ends_on") or form.kept.ends_on
    return replace(
        form.kept,
        title=str(said("title") or "").strip(),
        kind=str(said("kind") or form.kept.kind),
        starts_on=first,
        ends_on=last,
        review_on=said("review_on") or last - min(_REVIEW_BEFORE, max(last - first, timedelta()) // 2),
        parties=tuple(_party(form, each) for each in organisations(form)),
        terms=_terms(form, schedule),
        schedule=schedule,
    )


def _party(form: Form, organisation_id: str) -> PartyLine:
    before = {each.organisation: each for each in form.kept.parties}
    line = before.get(organisation_id, PartyLine(organisation=organisation_id, role=PartyRole.BOTH))
    return replace(line, role=role(form, organisation_id))


def _terms(form: Form, schedule: tuple[ScheduleLine, ...]) -> Terms:
    texts = {name: str(said(name) or "").strip() for name in TEXTS}
    texts["how"] = texts["how"] or _HOW
    texts["access"] = texts["access"] or _access(schedule)
    level = str(said("person_level") or form.kept.terms.person_level)
    return replace(form.kept.terms, purposes=_tags(form), person_level=level, **texts)


def _tags(form: Form) -> tuple[str, ...]:
    if form.schedule_only:
        return form.kept.terms.purposes
    return tuple(dict.fromkeys(tag for each in said("purposes") or () if (tag := purpose(str(each)))))


def _access(schedule: tuple[ScheduleLine, ...]) -> str:
    """Part four in plain words, from what was ticked."""
    ticked = set(said("uses") or ()) | {use for line in schedule for use in line.uses}
    uses = words.listed((words.USES[use].lower() for use in Use if use in ticked), last="or")
    return f"Only those whom the schedule names for a dataset get it, to {uses}: each row says which." if uses else ""


def _line(form: Form, row: str, choices: Mapping[str, Choice]) -> ScheduleLine:
    kept = form.rows[row]
    chosen = choices.get(str(said("dataset", row) or ""))
    texts = {name: _or(said(name, row), getattr(kept, name)).strip() for name in ROW_TEXTS}
    every = {name: tuple(_or(said(name, row), getattr(kept, name))) for name in ("uses", "receivers", "people")}
    owner = chosen.owner if chosen else kept.owner
    every["receivers"] = tuple(each for each in every["receivers"] if each != owner)
    every["purposes"] = tuple(map(purpose, said("purposes", row) or ())) or _tags(form)
    return replace(
        kept,
        dataset=chosen.id if chosen else "",
        title=chosen.title if chosen else "",
        owner=owner if chosen else "",
        channel=str(_or(said("channel", row), kept.channel)),
        detail=Detail(_or(said("detail", row), kept.detail)),
        min_cell=int(_or(said("min_cell", row), kept.min_cell)),
        first=said("first", row),
        last=said("last", row),
        **texts,
        **every,
    )


def with_stakes(document: Document, now: Document) -> Document:
    """The document with what the parties say now is at stake for them: only they change those words."""
    spoken = {each.organisation: each for each in now.parties}
    return replace(document, parties=tuple(_spoken(each, spoken.get(each.organisation)) for each in document.parties))


def _spoken(party: PartyLine, now: PartyLine | None) -> PartyLine:
    if now is None:
        return party
    return replace(party, stakes=now.stakes, protects=now.protects, puts_in=now.puts_in)


def _or(value: Any, kept: Any) -> Any:
    return kept if value is None else value
