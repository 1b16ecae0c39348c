"""The charter, requests for data and a use that runs, of the made-up collaboration, through the room's own doors."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from catalogue.datasets import datasets
from entrypoints.demo.cards import seen_as
from governance import Visit
from sharing import charter, uses
from sharing.uses import Answer, Decision, Finding, Group, Outcome, Proposal, Reply, Ruling

HERE = Path(__file__).parent
_TEXTS = ("title", "summary", "purpose", "value", "legal_basis")


def make(visit: Visit) -> None:
    """Adopt, ask, decide and begin, in a demo whose people, catalogue and agreements are there already."""
    told = tomllib.loads((HERE / "uses.toml").read_text(encoding="utf-8"))
    _charter(visit, told["charter"])
    ids = {each.title: each.id for each in datasets(visit)}
    for each in told["uses"]:
        _use(visit, each, ids=ids)


def _use(visit: Visit, told: Mapping[str, Any], *, ids: Mapping[str, str]) -> None:
    said = Proposal(
        datasets=tuple(ids[title] for title in told.get("datasets", ())),
        groups=tuple(Group(**each) for each in told.get("groups", ())),
        **{name: told[name] for name in _TEXTS if name in told},
    )
    with seen_as(visit, told["by"], days_ago=-told["asked"]) as asking:
        made = uses.propose(asking, said)
    for each in told.get("decisions", ()):
        ruling = Ruling(decision=Decision(each["decision"]), conditions=each.get("conditions", ""))
        with seen_as(visit, each["by"], days_ago=-each["days"]) as steward:
            uses.decide(steward, made, ruling, seen=uses.use_case(steward, made).version)
    if "check" in told:
        _check(visit, made, told["check"])
    if "live" in told:
        with seen_as(visit, told["by"], days_ago=-told["live"]) as asking:
            uses.go_live(asking, made)


def _charter(visit: Visit, told: Mapping[str, Any]) -> None:
    with seen_as(visit, told["by"], days_ago=-told["days"]) as facilitator:
        review = visit.today + timedelta(days=told["review"])
        wording = replace(charter.starter(), agreed_by=told["agreed_by"], review_on=review)
        charter.adopt(facilitator, seen=charter.write(facilitator, wording).edition)


def _check(visit: Visit, use_id: str, told: Mapping[str, Any]) -> None:
    replies = {
        code: Reply(answer=Answer(each["answer"]), why=each.get("why", "")) for code, each in told["replies"].items()
    }
    said = Finding(
        replies=replies, heard=told["heard"], outcome=Outcome(told["outcome"]), conditions=told["conditions"]
    )
    with seen_as(visit, told["by"], days_ago=-told["days"]) as facilitator:
        uses.check(facilitator, use_id, said, seen=uses.use_case(facilitator, use_id).version)
