"""Requests for data of the made-up collaboration, and a use that runs, through the room's own doors."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from catalogue.datasets import datasets
from entrypoints.demo.cards import seen_as
from governance import Visit
from sharing import uses
from sharing.uses import Decision, Group, Proposal, Ruling

HERE = Path(__file__).parent
_TEXTS = ("title", "summary", "purpose", "value", "legal_basis")


def make(visit: Visit) -> None:
    """Ask, decide and begin, in a demo whose people, catalogue and agreements are there already."""
    told = tomllib.loads((HERE / "uses.toml").read_text(encoding="utf-8"))
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
    if "live" in told:
        with seen_as(visit, told["by"], days_ago=-told["live"]) as asking:
            uses.go_live(asking, made)
