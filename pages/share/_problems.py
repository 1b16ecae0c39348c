"""Everything that has to change before a registration is handed in, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from catalogue import registering
from catalogue.answers import FREQUENCIES, Answering, Answers, People, check, record_of, tidied
from catalogue.curation import checked_listing
from catalogue.spectrum import place
from governance import Invalid, Visit
from pages.shell import widgets as w

_SOUND: Mapping[str, Any] = MappingProxyType(
    {
        "title": "A name",
        "description": "What is in it.",
        "people": People.NO.value,
        "answers_for": "somebody",
        "frequency": next(iter(FREQUENCIES)),
        "listing": "everyone",
        "link": "",
        "period_from": "",
        "period_to": "",
        "usual_days": None,
        "sensitivity": None,
        "row_count": None,
        "band": "",
    }
)
"""An answer that passes, put in the place of one that does not to see what else there is."""


def problems(visit: Visit, answers: Answers) -> dict[str, str]:
    """Field -> what to do, in the order of the questions: the check itself names only the first."""
    found: dict[str, str] = {}
    rest = tidied(answers)
    while True:
        try:
            check(rest, place(record_of(rest, identity="preview", answering=Answering())))
            break
        except Invalid as error:
            if error.field in found or error.field not in _SOUND:
                break
            found[error.field] = error.sentence
            rest = replace(rest, **{error.field: _SOUND[error.field]})
    return found | _of_the_collaboration(visit, answers, found)


def _of_the_collaboration(visit: Visit, answers: Answers, found: Mapping[str, str]) -> dict[str, str]:
    """What only the people and organisations here can tell."""
    if "answers_for" not in found:
        known = {each.username for each in registering.who_can_answer(visit)}
        if answers.answers_for not in known:
            return {"answers_for": "Choose somebody of your organisation who answers for it."}
    if "listing" in found:
        return {}
    try:
        checked_listing(visit, answers.listing, answers.organisations)
    except Invalid as error:
        return {error.field: error.sentence}
    return {}


def beside(name: str, found: Mapping[str, str]) -> None:
    """The sentence under the field it belongs to, if there is one."""
    if name in found:
        w.show(
            w.Markup('<p class="ct-problem" role="alert">{}<span>{}</span></p>').format(w.icon("error"), found[name])
        )
