"""What the made-up collaboration could share next: screenings, comfort, barriers and diagnoses."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from catalogue.unopened import unopened
from entrypoints.demo.cards import seen_as
from governance import Visit, concerns
from governance.agreements import reading
from governance.concerns import About, Loss, Nature, Worry
from sharing import barriers, diagnosis, readiness, risks, screening
from sharing.barriers import Standing
from sharing.diagnosis import Changing, Kind, Place, Subject
from sharing.questions import questions
from sharing.ranking import Barrier, Comfort
from sharing.risks import Weight

HERE = Path(__file__).parent


def make(visit: Visit) -> None:
    """Fill it, in a demo whose catalogue and agreements are there already."""
    told = tomllib.loads((HERE / "candidates.toml").read_text(encoding="utf-8"))
    ids = {each.title: each.id for each in unopened(visit)}
    for each in told["screenings"]:
        _screening(visit, each, ids[each["dataset"]])
    for each in told["concerns"]:
        _concern(visit, each, ids[each["dataset"]])
    for each in told["diagnoses"]:
        _diagnosis(visit, each)


def _screening(visit: Visit, told: Mapping[str, Any], dataset_id: str) -> None:
    """Answered by one of the owner's people, signed and weighed by its steward."""
    answers = {code: str(told["answers"].get(code, each.fine)) for code, each in questions().items()}
    with seen_as(visit, told["by"], days_ago=-told["days"]) as member:
        screening.answer(member, dataset_id, answers, notes={"law": told["citation"], **told["notes"]})
        for code, stands in told["barriers"].items():
            more = told.get("remedies", {}).get(code, {})
            barriers.note(member, dataset_id, Standing(barrier=Barrier(code), stands=stands, **more))
    with seen_as(visit, told["steward"], days_ago=-told["days"]) as steward:
        screening.sign(steward, dataset_id)
        readiness.say(steward, dataset_id, Comfort(told["comfort"]), tell=told["told"])
        for each in told["weighed"]:
            risks.weigh(steward, dataset_id, Weight(**{**each, "risk": f"question:{each['risk']}"}))


def _concern(visit: Visit, told: Mapping[str, Any], dataset_id: str) -> None:
    worry = Worry(
        about=About(kind="dataset", id=dataset_id, title=told["dataset"]),
        words=told["words"],
        felt=told["felt"],
        loss=Loss(told["loss"]),
        nature=Nature(told["nature"]),
    )
    with seen_as(visit, told["by"], days_ago=-told["days"]) as raiser:
        concerns.raise_concern(raiser, worry)


def _diagnosis(visit: Visit, told: Mapping[str, Any]) -> None:
    with seen_as(visit, told["by"], days_ago=-told["days"]) as party:
        found = next(each for each in reading.agreements(party) if each.title == told["agreement"])
        about = Subject(kind=Kind.AGREEMENT, id=found.id)
        changing, place = Changing(told["changing"]), Place(told["place"])
        diagnosis.say(party, about, changing=changing, place=place, note=told["note"])
