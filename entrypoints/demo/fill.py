"""Fill an empty data folder with the made-up collaboration of Linden Vale, through the doors everybody uses."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import store
from catalogue import decisions, registering, sources
from catalogue.answers import Answers
from connectors import registry
from entrypoints._commands import working
from entrypoints.demo import candidates, cards, table, uses
from governance import Visit, demo, operator
from governance import people as people_room
from governance.demonstration import Demo, DemoPerson, mark
from governance.people import Newcomer

HERE = Path(__file__).parent
WRITTEN_ON = date(2026, 11, 21)
"""The day the made-up dates were written for: they move with the day of `init`, so that the demo is never stale."""
PORTAL = "Linden Vale Open Data"
REGISTER = "Hospital Trust register"
_DAY = re.compile(r"\b(20[12]\d-[01]\d-[0-3]\d)")


def story() -> dict[str, Any]:
    """Who and what the demo is made of."""
    return tomllib.loads((HERE / "story.toml").read_text(encoding="utf-8"))


def moved(text: str, today: date) -> str:
    """The text with every date moved by the days since it was written."""
    days = today - WRITTEN_ON

    def move(found: re.Match[str]) -> str:
        try:
            written = date.fromisoformat(found[1])
        except ValueError:
            return found[1]
        return (written + days).isoformat() if written > WRITTEN_ON - timedelta(days=800) else found[1]

    return _DAY.sub(move, text)


def fill() -> str:
    """Make the demo, once; says how to sign in. An installation in use is left alone."""
    store.upgrade()
    if demo() is not None:
        return _how_to_sign_in()
    with operator("init --demo") as visit:
        if people_room.people(visit) or sources.sources(visit):
            return "This data folder is in use: the demo is for an empty one. Nothing was changed."
        told = story()
        _people(visit, told)
        with working():
            _harvest(visit)
            _register(visit, told)
            _decide(visit)
            _hold(visit)
            visit.refresh()
            cards.make(visit)
            table.make(visit)
            uses.make(visit)
            candidates.make(visit)
    people = tuple(
        DemoPerson(username=each["username"], display=each["name"], says=each["says"], password=told["password"])
        for each in told["people"]
        if each.get("says")
    )
    mark(Demo(title=told["title"], vision=told["vision"], people=people))
    return _how_to_sign_in()


def _how_to_sign_in() -> str:
    found = demo()
    assert found is not None
    lines = [f"  {each.username:10} {each.says}" for each in found.people]
    password = found.people[0].password
    return "\n".join([f"{found.title}. Sign in as one of these, with the password “{password}”:", *lines])


def _people(visit: Visit, told: dict[str, Any]) -> None:
    ids: dict[str, str] = {}
    for each in told["organisations"]:
        made = people_room.save_organisation(
            visit, each["name"], kind=each["kind"], contact=each["contact"], how_to_ask=each["how_to_ask"]
        )
        ids[each["name"]] = made.id
    for each in told["people"]:
        newcomer = Newcomer(
            username=each["username"],
            display=each["name"],
            organisation_id=ids[each["organisation"]],
            roles=tuple(each["roles"]),
            contact=each["contact"],
        )
        people_room.invite(visit, newcomer, password=told["password"])


def _upload(name: str, text: str) -> str:
    folder = store.settings().home / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def _owner(visit: Visit, name: str) -> str:
    return next(each.id for each in people_room.organisations(visit) if each.name == name)


def _read(visit: Visit, name: str) -> None:
    from connectors._harvest import harvest

    harvest(visit, name)


def _portal(today: date, *, keep: int | None = None) -> str:
    answer = json.loads(moved((HERE / "portal.json").read_text(encoding="utf-8"), today))
    if keep is not None:
        answer["result"]["results"] = answer["result"]["results"][:keep]
        answer["result"]["count"] = keep
    return json.dumps(answer, ensure_ascii=False)


def _harvest(visit: Visit) -> None:
    portal = sources.NewSource(
        name=PORTAL,
        kind="ckan",
        location=_upload("linden-vale-open-data.json", _portal(visit.today)),
    )
    sources.add(visit, portal, kinds=tuple(registry()))
    _read(visit, PORTAL)
    register = sources.NewSource(
        name=REGISTER,
        kind="inventory",
        location=_upload(
            "hospital-trust-register.csv", moved((HERE / "register.csv").read_text(encoding="utf-8"), visit.today)
        ),
        organisation_id=_owner(visit, "Linden General Hospital Trust"),
    )
    sources.add(visit, register, kinds=tuple(registry()))
    _read(visit, REGISTER)


def _register(visit: Visit, told: dict[str, Any]) -> None:
    known = {each.name for each in fields(Answers)}
    for each in told["registrations"]:
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in each.items() if name in known
        }
        values["organisations"] = tuple(_owner(visit, name) for name in each.get("organisations", ()))
        with people_room.seen_as(visit, each["by"]) as member:
            drafted = registering.save_draft(member, Answers(**values))
            if each["state"] != "draft":
                registering.submit(member, drafted.id)
        if each["state"] == "approved":
            with people_room.seen_as(visit, each["steward"]) as steward:
                registering.approve(steward, drafted.id)


def _decide(visit: Visit) -> None:
    groups = [each for each in decisions.licence_groups(visit) if "mapping" in each.licence_value]
    for each in groups[:1]:
        decisions.decide(
            visit,
            each.source_id,
            each.licence_value,
            band="public-limited",
            reason="The map supplier lets people look, not pass the shapes on",
        )


def _hold(visit: Visit) -> None:
    """A second reading in which a fifth of the portal is missing, so that there is something to settle."""
    _upload("linden-vale-open-data.json", _portal(visit.today, keep=52))
    _read(visit, PORTAL)
    _upload("linden-vale-open-data.json", _portal(visit.today))
