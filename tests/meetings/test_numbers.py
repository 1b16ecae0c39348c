"""Records are numbered over all meetings; two people at once get different numbers, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from governance import operator
from governance.concerns import About, Worry
from meetings import holding, planning, recording
from meetings.planning import MeetingDraft
from meetings.reading import meeting
from tests.catalogue import made
from tests.meetings.ground import HELD


def test_two_people_who_record_at_once_get_different_numbers(home: Path) -> None:
    people = made.collaboration()
    people.person("carl", "Tidewater Homes", "chair")
    people.person("fay", "Harbour Council", "facilitator")
    names = []
    for username in ("carl", "fay"):
        with people.as_(username, now=HELD) as visit:
            names.append(planning.plan(visit, MeetingDraft(title=f"With {username}", starts_at=HELD)))
            holding.open_meeting(visit, names[-1])

    def record(username: str, name: str) -> list[str]:
        labels = []
        for turn in range(8):
            with people.as_(username, now=HELD) as visit:
                labels.append(recording.decide(visit, name, f"{username} {turn}"))
                worry = Worry(about=About(kind="collaboration"), words=f"{username} {turn}", felt=1)
                recording.raise_concern(visit, name, worry)
        return labels

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(record, ("carl", "fay"), names))
    assert sorted([*done[0], *done[1]], key=lambda label: int(label[2:])) == [f"D-{n}" for n in range(1, 17)]
    with operator("a test", now=HELD) as visit:
        labels = [each.label for name in names for each in meeting(visit, name).records]
    assert len(set(labels)) == 32 and {f"C-{n}" for n in range(1, 17)} <= set(labels)
