"""What a draft is written with and how it is kept: never over somebody else's change, and nothing typed is lost."""

from __future__ import annotations

from datetime import date, timedelta

from governance import CommonTableError, Visit
from governance.access import PartyRole
from governance.agreements import drafting, reading
from governance.agreements.document import Document, PartyLine
from governance.agreements.purposes import purposes
from governance.people import organisations, people
from pages.share import _agreement_composed as composed
from pages.share import _agreement_datasets as datasets
from pages.share import _agreement_form as forms
from pages.share import _going
from pages.share._agreement_form import Form
from pages.share._agreement_rows import Around
from pages.shell import frame
from pages.shell import widgets as w


def blank(organisation_id: str, today: date) -> Document:
    """Nothing written yet: one year from today, led by this organisation."""
    return Document(
        title="",
        lead=organisation_id,
        starts_on=today,
        ends_on=_a_year_on(today) - timedelta(days=1),
        parties=(PartyLine(organisation=organisation_id, role=PartyRole.BOTH),),
    )


def _a_year_on(day: date) -> date:
    return day.replace(year=day.year + 1) if (day.month, day.day) != (2, 29) else date(day.year + 1, 3, 1)


def around(visit: Visit, form: Form) -> Around:
    """What the form offers to choose from."""
    givers = [each for each in composed.organisations(form) if composed.role(form, each).gives]
    typed = str(forms.said("find") or "")
    offer = datasets.offered(visit, givers, schedule=[*form.kept.schedule, *form.rows.values()], typed=typed)
    return Around(
        names={each.id: each.name for each in organisations(visit)},
        choices=offer.choices,
        has_more=offer.has_more,
        people=tuple(people(visit, active_only=True)),
        purposes=purposes(visit),
    )


def keep(visit: Visit, form: Form, offered: Around) -> None:
    """Keep it as a draft and go to the agreement; or say here why it was not kept."""
    document = composed.composed(form, offered.choices)
    try:
        if form.version_id:
            _save(visit, form, document)
        kept = form.agreement_id or drafting.draft(visit, document)
    except CommonTableError as error:
        w.notice("Not kept yet.", f"{error.sentence} Nothing you typed is lost.", tone="failed")
        return
    forms.forget()
    frame.say("The draft is kept.")
    _going.go_to("agreement", id=kept, version=form.version_id or "1.0")


def _save(visit: Visit, form: Form, document: Document) -> None:
    """Save over what was opened; what parties said meanwhile is at stake for them is no change of the lead's draft."""
    now = reading.agreement(visit, form.agreement_id, version=form.version_id)
    same = composed.with_stakes(form.kept, now.document) == now.document
    seen = now.version.content_hash if same else form.seen
    note = str(forms.said("change_note") or "")
    drafting.save(visit, form.version_id, composed.with_stakes(document, now.document), seen=seen, change_note=note)
