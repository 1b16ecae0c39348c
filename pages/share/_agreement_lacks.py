"""What a draft lacks to be kept at all; what it lacks to be signed is said by the agreement itself."""

from __future__ import annotations

from datetime import date

from pages.share import _agreement_composed as composed
from pages.share import _agreement_form as forms
from pages.share._agreement_form import Form


def lacks(form: Form) -> dict[str, str]:
    """Field -> what to do, in the order of the page."""
    found = {} if form.schedule_only else _head(form)
    for row in form.order:
        if not forms.said("dataset", row):
            found[f"row-{row}"] = "Choose the dataset, or take the row out."
        elif not forms.said("uses", row):
            found[f"row-{row}"] = "Choose at least one thing that may be done with it."
        elif not forms.said("receivers", row):
            found[f"row-{row}"] = "Choose at least one organisation that gets it."
    return found


def _head(form: Form) -> dict[str, str]:
    found = {}
    if not str(forms.said("title") or "").strip():
        found["title"] = "Give it a name, as you would call it in a meeting."
    if len(composed.organisations(form)) < 2:
        found["parties"] = "Choose at least one other organisation."
    dates = _dates(forms.said("starts_on"), forms.said("ends_on"))
    if dates:
        found["dates"] = dates
    if not forms.said("person_level"):
        found["person_level"] = "Say whether it is about people: nothing is taken for granted here."
    return found


def _dates(first: date | None, last: date | None) -> str:
    if first is None or last is None:
        return "Choose the first and the last day."
    return "The last day is before the first: change one of them." if last < first else ""
