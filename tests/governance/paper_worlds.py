"""Worlds on paper, dense around their boundaries, and the access rule written a second time, without our code.

The second rule works on the written world itself: it filters one list of rows condition by condition, compares times
as text (all are UTC, to the second) and finds the day by naming it in the zone.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

World = dict[str, Any]
Answer = dict[str, Any]

USES = ["view", "present", "retain", "download", "link", "publish"]
PURPOSES = ["housing", "health", "schools"]
FINEST_FIRST = ["rows", "aggregate", "metadata"]
PLACES = [
    ("Europe/London", date(2026, 3, 29)),
    ("Europe/London", date(2026, 10, 25)),
    ("Pacific/Auckland", date(2026, 4, 5)),
    ("Pacific/Auckland", date(2026, 9, 27)),
    ("Pacific/Honolulu", date(2026, 6, 30)),
    ("America/St_Johns", date(2026, 11, 1)),
    ("Asia/Beirut", date(2026, 3, 29)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("UTC", date(2024, 2, 29)),
]
"""A zone and a day on which something odd happens there: clocks change, also at midnight; a day that never was."""


def written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Maker:
    """Makes one world after another from one seed; days and times are drawn from few, so that they often meet."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        zone, day = self.rng.choice(PLACES)
        self.zone = zone
        self.days = [day + timedelta(days=shift) for shift in (-2, -1, 0, 1, 2)]
        midnights = [datetime(each.year, each.month, each.day, tzinfo=ZoneInfo(zone)) for each in self.days]
        self.times = sorted(
            {written(each.astimezone(UTC) + timedelta(seconds=shift)) for each in midnights for shift in (-1, 0, 1)}
            | {written(each.astimezone(UTC) + timedelta(hours=12)) for each in midnights}
        )
        self.organisations = [f"Agency {letter}" for letter in "ABCD"]
        self.people: list[World] = [
            {
                "username": f"p{number}",
                "organisation": self.organisations[number % 4] if number < 4 else self.rng.choice(self.organisations),
                "active": self.rng.random() < 0.9,
            }
            for number in range(7)
        ]
        bands = ["closed", "named", "named", "group", "group", "public-limited", "public-unclear", "open", "unknown"]
        self.datasets: list[World] = [
            {"id": f"d{number}", "owner": self.rng.choice(self.organisations[:2]), "band": self.rng.choice(bands)}
            for number in range(3)
        ]

    def some(self, things: list[Any], likely: float) -> list[Any]:
        return [each for each in things if self.rng.random() < likely]

    def span(self, things: list[Any], wide: float) -> tuple[Any, Any]:
        """A beginning and an end, often the widest there is."""
        if self.rng.random() < wide:
            return things[0], things[-1]
        first, last = sorted((self.rng.choice(things), self.rng.choice(things)))
        return first, last

    def row(self) -> World:
        first, last = self.span(self.days, 0.75)
        until = self.rng.choice([last.isoformat(), last.isoformat(), None])
        row = {
            "dataset": self.rng.choice(self.datasets)["id"],
            "receivers": self.some(self.organisations, 0.8),
            "people": self.some([each["username"] for each in self.people], 0.5),
            "uses": self.some(USES, 0.7),
            "purposes": self.some(PURPOSES, 0.7),
            "detail": self.rng.choice(FINEST_FIRST),
            "min_cell": self.rng.choice([0, 3, 5, 10]),
            "from": first.isoformat(),
            "until": until,
        }
        if until is None and self.rng.random() < 0.5:
            del row["until"]
        return row

    def version(self, minor: int) -> World:
        starts, ends = self.span(self.days, 0.6)
        activated, closed = self.span(self.times, 0.7)
        roles = ["gives", "both", "receives", "hosts"]
        parties = [
            {
                "organisation": name,
                "role": self.rng.choice(roles[:2] if number < 2 else roles[1:]),
                "signed": self.rng.random() < 0.94,
            }
            for number, name in enumerate(self.organisations)
            if self.rng.random() < 0.92
        ]
        return {
            "major": 1,
            "minor": minor,
            "starts_on": starts.isoformat(),
            "ends_on": ends.isoformat(),
            "activated_at": activated if self.rng.random() < 0.9 else None,
            "closed_at": closed if self.rng.random() < 0.3 else None,
            "parties": parties,
            "schedule": [self.row() for _ in range(self.rng.randint(0, 4))],
        }

    def hold(self) -> World:
        objects: dict[str, list[str]] = {
            "dataset": [each["id"] for each in self.datasets],
            "agreement": ["g0", "g1", "g2"],
            "organisation": self.organisations,
            "person": [each["username"] for each in self.people],
        }
        scope = self.rng.choice(list(objects))
        placed, lifted = sorted((self.rng.choice(self.times), self.rng.choice(self.times)))
        lifted_at = lifted if self.rng.random() < 0.8 else None
        return {"scope": scope, "object": self.rng.choice(objects[scope]), "placed_at": placed, "lifted_at": lifted_at}

    def question(self) -> World:
        return {
            "username": self.rng.choice(self.people)["username"],
            "use": self.rng.choice(USES),
            "dataset": self.rng.choice(self.datasets)["id"],
            "purpose": self.rng.choice(PURPOSES),
            "at": self.rng.choice(self.times),
        }

    def room(self) -> World:
        asked = self.question()
        present = self.rng.sample(self.organisations, self.rng.randint(0, 3))
        return {
            "organisations": present,
            "public": self.rng.random() < 0.3,
            **{key: asked[key] for key in ("dataset", "purpose", "at")},
        }

    def world(self, *, questions: int, rooms: int) -> World:
        return {
            "timezone": self.zone,
            "organisations": self.organisations,
            "people": self.people,
            "datasets": self.datasets,
            "agreements": [
                {
                    "id": f"g{number}",
                    "lead": self.rng.choice(self.organisations),
                    "versions": [self.version(minor) for minor in range(self.rng.randint(0, 3))],
                }
                for number in range(3)
            ],
            "holds": [self.hold() for _ in range(self.rng.choice([0, 0, 1, 2, 3]))],
            "questions": [self.question() for _ in range(questions)],
            "rooms": [self.room() for _ in range(rooms)],
        }


def made(seed: int, *, questions: int = 0, rooms: int = 0) -> World:
    """One world; the same seed gives the same."""
    return Maker(seed).world(questions=questions, rooms=rooms)


def held(world: World, at: str, objects: Iterable[tuple[str, str]]) -> bool:
    wanted = set(objects)
    for hold in world["holds"]:
        until = hold.get("lifted_at") or "9999"
        if (hold["scope"], hold["object"]) in wanted and hold["placed_at"] <= at < until:
            return True
    return False


def day(world: World, at: str) -> str:
    seconds = datetime.strptime(at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()
    return datetime.fromtimestamp(seconds, ZoneInfo(world["timezone"])).strftime("%Y-%m-%d")


def only(things: list[Any], key: str, value: str) -> Any:
    (found,) = [each for each in things if each[key] == value]
    return found


def answer(why: str, row: World | None = None, agreement: str | None = None) -> Answer:
    if why in ("own", "open"):
        return {"ok": True, "why": why, "agreement": None, "detail": "rows", "min_cell": 0}
    if row is None:
        return {"ok": False, "why": why, "agreement": None, "detail": None, "min_cell": None}
    return {"ok": True, "why": why, "agreement": agreement, "detail": row["detail"], "min_cell": row["min_cell"]}


def organisations(version: World, *roles: str) -> list[str]:
    return [party["organisation"] for party in version["parties"] if party["role"] in roles]


def conditions(world: World, asked: World) -> list[tuple[str, Callable[[World, World, World], bool]]]:
    """In the order in which they are asked: the reason when nothing is left, and what is left."""
    person = only(world["people"], "username", asked["username"])
    dataset = only(world["datasets"], "id", asked["dataset"])
    at, today = asked["at"], day(world, asked["at"])

    def for_them(_agreement: World, version: World, row: World) -> bool:
        return (
            row["dataset"] == dataset["id"]
            and person["organisation"] in row["receivers"]
            and person["organisation"] in organisations(version, "receives", "both")
            and dataset["owner"] in organisations(version, "gives", "both")
            and (dataset["band"] != "named" or person["username"] in row["people"])
        )

    return [
        ("no-agreement", for_them),
        (
            "not-signed",
            lambda _a, version, _r: (
                (version["activated_at"] or "9999") <= at
                and not [party for party in version["parties"] if not party["signed"]]
            ),
        ),
        ("not-started", lambda _a, version, row: version["starts_on"] <= today and row["from"] <= today),
        (
            "ended",
            lambda _a, version, row: (
                today <= version["ends_on"]
                and today <= (row.get("until") or "9999")
                and at < (version.get("closed_at") or "9999")
            ),
        ),
        ("paused", lambda agreement, _v, _r: not held(world, at, [("agreement", agreement["id"])])),
        ("use", lambda _a, _v, row: asked["use"] in row["uses"]),
        ("purpose", lambda _a, _v, row: asked["purpose"] in row["purposes"]),
    ]


def second_opinion(world: World, asked: World) -> Answer:
    """The access rule once more, read from its description."""
    person = only(world["people"], "username", asked["username"])
    dataset = only(world["datasets"], "id", asked["dataset"])
    about = [("dataset", dataset["id"]), ("organisation", dataset["owner"]), ("organisation", person["organisation"])]
    if not person["active"]:
        return answer("account")
    if held(world, asked["at"], [("person", person["username"])]):
        return answer("paused")
    if person["organisation"] == dataset["owner"]:
        return answer("own")
    if held(world, asked["at"], about):
        return answer("paused")
    if dataset["band"] == "open":
        return answer("open")
    left = [
        (agreement, version, row)
        for agreement in world["agreements"]
        for version in agreement["versions"]
        for row in version["schedule"]
    ]
    for why, keeps in conditions(world, asked):
        left = [each for each in left if keeps(*each)]
        if not left:
            return answer(why)
    by_preference = sorted(
        left, key=lambda each: (FINEST_FIRST.index(each[2]["detail"]), -each[2]["min_cell"], each[0]["id"])
    )
    agreement, _version, row = by_preference[0]
    return answer("covered", row, agreement["id"])


def second_opinion_of_a_room(world: World, asked: World) -> bool:
    """The rule for a room once more, read from its description."""
    dataset = only(world["datasets"], "id", asked["dataset"])
    uses = ["present", "publish"] if asked["public"] else ["present"]

    def open_to(organisation: str) -> bool:
        about = [("dataset", dataset["id"]), ("organisation", dataset["owner"]), ("organisation", organisation)]
        return dataset["band"] == "open" and not held(world, asked["at"], about)

    def somebody_of(organisation: str) -> bool:
        for person in world["people"]:
            looks = [{**asked, "username": person["username"], "use": use} for use in uses]
            if person["organisation"] == organisation and all(second_opinion(world, each)["ok"] for each in looks):
                return True
        return False

    if not asked["organisations"]:
        return open_to(dataset["owner"])
    return all(open_to(each) or somebody_of(each) for each in asked["organisations"])
