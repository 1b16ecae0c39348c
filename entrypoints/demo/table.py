"""Agreements, a concern and the next meeting of the made-up collaboration, through the rooms' own doors."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from catalogue.datasets import datasets
from catalogue.knowing import Brief, briefs
from entrypoints.demo.cards import seen_as
from governance import Visit, concerns
from governance import people as people_room
from governance.access import Band, PartyRole, Use
from governance.agreements import drafting, reading, signing
from governance.agreements.checks import Subject
from governance.agreements.document import Document, PartyLine, ScheduleLine, Terms
from governance.concerns import About, Loss, Nature, Worry
from meetings import planning
from meetings.planning import MeetingDraft
from reportcards import cards, indicators
from store import settings

HERE = Path(__file__).parent
_PARTS = ("who", "purpose", "how", "access", "privacy", "person_level", "retention", "breach_contact")
_MORE = ("told_people", "legal_advice")
_FRIDAY = 4


def make(visit: Visit) -> None:
    """Fill what is signed, feared and planned, in a demo whose people, catalogue and cards are there already."""
    told = tomllib.loads((HERE / "table.toml").read_text(encoding="utf-8"))
    known = {each.title: each for each in briefs(visit, [each.id for each in datasets(visit)]).values()}
    ids = {each.name: each.id for each in people_room.organisations(visit)}
    for each in told["agreements"]:
        _agreement(visit, each, known=known, ids=ids)
    for each in told["concerns"]:
        _concern(visit, each)
    _meeting(visit, told["meeting"], made_up=told["made_up"])


def _document(visit: Visit, told: Mapping[str, Any], *, known: Mapping[str, Brief], ids: Mapping[str, str]) -> Document:
    """The draft before anybody has said what is at stake: each says that themselves."""
    purposes = tuple(told["purposes"])
    return Document(
        title=told["title"],
        lead=ids[told["parties"][0]["name"]],
        starts_on=visit.today + timedelta(days=told["starts"]),
        ends_on=visit.today + timedelta(days=told["ends"]),
        review_on=visit.today + timedelta(days=told["review"]),
        parties=tuple(
            PartyLine(organisation=ids[each["name"]], role=PartyRole(each["role"])) for each in told["parties"]
        ),
        terms=Terms(purposes=purposes, **{part: told[part] for part in (*_PARTS, *_MORE)}),
        schedule=tuple(
            ScheduleLine(
                dataset=known[each["dataset"]].id,
                title=each["dataset"],
                owner=known[each["dataset"]].organisation_id,
                channel=each["channel"],
                format=each["format"],
                frequency=each["frequency"],
                uses=tuple(Use(use) for use in each["uses"]),
                purposes=purposes,
                receivers=tuple(ids[name] for name in each["receivers"]),
            )
            for each in told["schedule"]
        ),
    )


def _agreement(visit: Visit, told: Mapping[str, Any], *, known: Mapping[str, Brief], ids: Mapping[str, str]) -> None:
    document = _document(visit, told, known=known, ids=ids)
    drafted, signed = -told["drafted"], -told["signed"]
    with seen_as(visit, told["by"], days_ago=drafted) as lead:
        agreement_id = drafting.draft(lead, document)
        version_id = reading.agreement(lead, agreement_id).version.id
    for each in told["parties"]:
        with seen_as(visit, each["by"], days_ago=drafted - 3) as party:
            said = {word: each.get(word, "") for word in ("stakes", "protects", "puts_in")}
            drafting.say_stakes(party, version_id, **said)
    with seen_as(visit, told["adviser_by"], days_ago=drafted - 5) as adviser:
        drafting.advise(adviser, version_id, adviser=told["adviser"], comment=told["adviser_comment"])
    subjects = {each.id: _subject(each) for each in known.values()}
    with seen_as(visit, told["by"], days_ago=signed + 1) as lead:
        drafting.for_review(lead, version_id)
        signing.open_for_signature(lead, version_id, subjects=subjects)
    for each in told["parties"]:
        if each["by"] not in told.get("waits_for", ()):
            _sign(visit, each["by"], agreement_id, days_ago=signed)


def _subject(told: Brief) -> Subject:
    return Subject(id=told.id, title=told.title, owner=told.organisation_id, band=Band(told.band))


def _sign(visit: Visit, username: str, agreement_id: str, *, days_ago: int) -> None:
    with seen_as(visit, username, days_ago=days_ago) as party:
        version = reading.agreement(party, agreement_id).version
        given = signing.Signature(signatory=party.viewer.display, title="Steward")
        signing.sign(party, version.id, given, content_hash=version.content_hash)


def _concern(visit: Visit, told: Mapping[str, Any]) -> None:
    about = next(each for each in indicators.indicators(visit) if each.code == told["about"])
    worry = Worry(
        about=About(kind="indicator", id=about.id, title=about.name),
        words=told["words"],
        felt=told["felt"],
        loss=Loss(told["loss"]),
        nature=Nature(told["nature"]),
    )
    with seen_as(visit, told["by"], days_ago=-told["days"]) as raiser:
        raised = concerns.raise_concern(raiser, worry)
    with seen_as(visit, told["restated_by"], days_ago=-told["days"] - 3) as other:
        concerns.restate(other, raised.id, told["restated"])


def _meeting(visit: Visit, told: Mapping[str, Any], *, made_up: str) -> None:
    card = next(each for each in cards.cards(visit) if each.title == told["card"])
    day = visit.today + timedelta(days=told["in_days"])
    day += timedelta(days=7 - day.weekday() if day.weekday() > _FRIDAY else 0)
    given = MeetingDraft(
        title=told["title"],
        starts_at=datetime.combine(day, time(told["hour"]), settings().zone),
        card_name=card.name,
        length=told["length"],
        place=told["place"],
        made_up=made_up,
    )
    with seen_as(visit, told["by"]) as chair:
        planning.plan(chair, given)
