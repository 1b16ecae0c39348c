"""What keeps an agreement from being opened for signature, and the two speeds of changing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from governance.access import Band, Detail, PartyRole, Use
from governance.agreements.channels import LEVELS, channels, fitting, sensitivity
from governance.agreements.checks import Background, problems, touched
from governance.agreements.document import Document, ScheduleLine, terms_hash
from tests.governance.tables_of_four import NAMES, Table, changed

TABLE = Table(ids={name: name.lower() for name in NAMES})
GOOD = changed(
    TABLE.document(),
    parties=tuple(msgspec.structs.replace(each, stakes="Trust.") for each in TABLE.document().parties),
)
AGAINST = Background(
    subjects=TABLE.subjects(),
    names={name.lower(): name for name in NAMES},
    today=date(2026, 11, 22),
    adviser_comment="Fine.",
)


def terms(**other: Any) -> Document:
    return changed(GOOD, terms=msgspec.structs.replace(GOOD.terms, **other))


def party(number: int, **other: Any) -> Document:
    parties = list(GOOD.parties)
    parties[number] = msgspec.structs.replace(parties[number], **other)
    return changed(GOOD, parties=tuple(parties))


def row(**other: Any) -> Document:
    return changed(GOOD, schedule=(msgspec.structs.replace(GOOD.schedule[0], **other), GOOD.schedule[1]))


def only(role: PartyRole) -> Document:
    return changed(GOOD, parties=tuple(msgspec.structs.replace(each, role=role) for each in GOOD.parties))


def test_a_whole_agreement_has_no_problem() -> None:
    assert problems(GOOD, AGAINST) == ()


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (changed(GOOD, kind="endless"), "what kind"),
        (changed(GOOD, ends_on=date(2026, 10, 1), review_on=date(2026, 10, 1)), "lies before the first"),
        (changed(GOOD, ends_on=date(2026, 11, 21), review_on=date(2026, 11, 20)), "has passed already"),
        (changed(GOOD, review_on=None), "day of review"),
        (changed(GOOD, review_on=date(2028, 1, 1)), "day of review"),
        (changed(GOOD, kind="emergency"), "30 days at most"),
        (changed(GOOD, parties=GOOD.parties[::-1]), "Put Council first"),
        (only(PartyRole.RECEIVES), "No party gives"),
        (only(PartyRole.GIVES), "No party receives"),
        (party(3, organisation="stranger"), "no organisation here"),
        (party(2, stakes=" "), "Housing has not said yet what is at stake"),
        (terms(purposes=()), "at least one purpose"),
        (terms(who=""), "Part 1"),
        (terms(purpose=" "), "Part 2"),
        (terms(how=""), "Part 3"),
        (terms(access=""), "Part 4"),
        (terms(privacy=""), "Part 5"),
        (terms(breach_contact=""), "whom to call when data leak"),
        (terms(person_level="a bit"), "how closely the data tell of persons"),
        (changed(GOOD, schedule=()), "schedule is empty"),
        (changed(GOOD, schedule=(GOOD.schedule[0],) * 2), "twice"),
        (row(dataset="gone"), "no dataset that you may know of"),
        (row(owner="housing"), "does not belong to Housing"),
        (party(1, role=PartyRole.RECEIVES), "which gives no data here"),
        (row(receivers=()), "Nobody receives"),
        (row(receivers=("schools",)), "it receives no data here"),
        (row(receivers=("stranger",)), "it receives no data here"),
        (row(uses=()), "may be used for"),
        (row(purposes=()), "for which purposes"),
        (row(purposes=("marketing",)), "is not one of part 2"),
        (row(first=date(2026, 12, 2), last=date(2026, 12, 1)), "ends before it begins"),
        (row(first=date(2026, 10, 31)), "beyond the days of the agreement"),
        (row(last=date(2027, 11, 1)), "beyond the days of the agreement"),
        (row(min_cell=-1), "smallest count"),
        (row(channel=""), "“Shown here, behind sign-in” would do"),
        (row(channel="email"), "does not travel by “E-mail”: “Shown here, behind sign-in” would do"),
        (row(channel="public-link"), "does not travel by “Public link”"),
        (terms(person_level="none"), "more of persons (aggregate) than part 5 says"),
    ],
)
def test_each_gap_is_told_in_a_sentence(document: Document, says: str) -> None:
    found = problems(document, AGAINST)
    assert any(says in sentence for sentence in found), found
    assert all(sentence.endswith(".") and "\n" not in sentence for sentence in found)


@pytest.mark.parametrize(
    ("against", "says"),
    [
        (replace(AGAINST, adviser_comment=""), "ask the privacy adviser"),
        (replace(AGAINST, subjects={**AGAINST.subjects, "attendance": TABLE.subject("attendance", "Trust")}), "belong"),
        (
            replace(
                AGAINST,
                subjects={**AGAINST.subjects, "attendance": TABLE.subject("attendance", "Schools", band=Band.NAMED)},
            ),
            "name them",
        ),
        (
            replace(
                AGAINST,
                subjects={
                    **AGAINST.subjects,
                    "attendance": TABLE.subject("attendance", "Schools", person_level="identifiable"),
                },
            ),
            "too sensitive (identifiable) for “Shown here, behind sign-in”: “Encrypted transfer",
        ),
        (replace(AGAINST, in_force=GOOD, schedule_only=True), "Nothing differs"),
        (replace(AGAINST, in_force=terms(how="By hand."), schedule_only=True), "its terms differ"),
        (replace(AGAINST, schedule_only=True), "No version is in force"),
    ],
)
def test_so_is_what_does_not_fit_its_background(against: Background, says: str) -> None:
    assert any(says in sentence for sentence in problems(GOOD, against)), problems(GOOD, against)


def test_an_emergency_agreement_lasts_thirty_days_and_is_renewed_with_a_note() -> None:
    month = changed(GOOD, kind="emergency", ends_on=date(2026, 12, 1), review_on=date(2026, 11, 25), schedule=())
    month = changed(month, schedule=tuple(msgspec.structs.replace(each, last=None) for each in GOOD.schedule))
    assert problems(month, AGAINST) == ()
    assert "30 days" in problems(changed(month, ends_on=date(2026, 12, 2)), AGAINST)[0]
    renewed = replace(AGAINST, renews=True)
    assert "renewed with a note" in problems(month, renewed)[0]
    assert problems(month, replace(renewed, change_note="The families still are in hotels.")) == ()


def test_new_terms_that_start_later_would_leave_a_gap() -> None:
    later = changed(GOOD, starts_on=date(2027, 1, 1))
    assert "so that there is no gap" in problems(later, replace(AGAINST, in_force=GOOD))[0]
    ended = changed(GOOD, ends_on=date(2026, 11, 21))
    assert problems(later, replace(AGAINST, in_force=ended)) == ()


def test_open_data_may_travel_in_the_open() -> None:
    open_data = TABLE.subject("attendance", "Schools", band=Band.OPEN, person_level="none")
    against = replace(AGAINST, subjects={**AGAINST.subjects, "attendance": open_data})
    assert problems(row(channel="public-link"), against) == ()
    counts = replace(open_data, person_level="aggregate")
    told = problems(row(channel="public-link"), replace(against, subjects={**against.subjects, "attendance": counts}))
    assert "too sensitive" in told[0]


@pytest.mark.parametrize("level", [*LEVELS, "something unheard of"])
@pytest.mark.parametrize("is_open", [True, False])
def test_for_every_sort_of_data_some_channel_would_do(level: str, is_open: bool) -> None:
    assert fitting(level, is_open=is_open).takes(level, is_open=is_open)


@pytest.mark.parametrize("name", list(channels()))
def test_a_channel_that_carries_a_level_carries_every_lesser_one(name: str) -> None:
    channel = channels()[name]
    taken = [channel.takes(level, is_open=True) for level in LEVELS]
    assert taken == sorted(taken, reverse=True) and taken[0]
    assert not (channel.only_open and channel.takes("none", is_open=False))
    assert sensitivity("unheard of") == sensitivity("identifiable")


OWNERS = ("council", "schools", "housing")
LINES = some.builds(
    ScheduleLine,
    dataset=some.sampled_from(["attendance", "tenancies", "jobs"]),
    title=some.just("A dataset"),
    owner=some.sampled_from(OWNERS),
    channel=some.just("here"),
    detail=some.sampled_from(list(Detail)),
    min_cell=some.integers(0, 20),
    uses=some.lists(some.sampled_from(list(Use)), max_size=3, unique=True).map(tuple),
    purposes=some.lists(some.sampled_from(["keep in touch", "report to the board"]), unique=True).map(tuple),
    receivers=some.lists(some.sampled_from(["council", "housing", "trust"]), unique=True).map(tuple),
    people=some.just(()),
    first=some.none(),
    last=some.none(),
)
SCHEDULES = some.lists(LINES, max_size=5).map(tuple)


def widest(schedule: tuple[ScheduleLine, ...], owner: str) -> set[tuple[object, ...]]:
    """Everything that somebody may do with this owner's data: one word a use, purpose, receiver and threshold."""
    return {
        (line.dataset, use, purpose, receiver, line.detail, line.min_cell)
        for line in schedule
        if line.owner == owner
        for use in line.uses
        for purpose in line.purposes
        for receiver in line.receivers
    }


@settings(max_examples=300, deadline=None)
@given(before=SCHEDULES, after=SCHEDULES, owner=some.sampled_from(OWNERS))
def test_whose_data_may_be_used_otherwise_than_before_has_to_sign(
    before: tuple[ScheduleLine, ...], after: tuple[ScheduleLine, ...], owner: str
) -> None:
    signers = {line.owner for line in touched(changed(GOOD, schedule=before), changed(GOOD, schedule=after))}
    assert widest(before, owner) == widest(after, owner) or owner in signers


@settings(max_examples=100, deadline=None)
@given(schedule=SCHEDULES, order=some.randoms(use_true_random=False))
def test_rows_in_another_order_touch_nobody(schedule: tuple[ScheduleLine, ...], order: Any) -> None:
    shuffled = list(schedule)
    order.shuffle(shuffled)
    assert touched(changed(GOOD, schedule=schedule), changed(GOOD, schedule=tuple(shuffled))) == ()


WAYS: dict[str, Callable[[Document], Document]] = {
    "purpose": lambda each: changed(each, terms=msgspec.structs.replace(each.terms, purpose="Other.")),
    "privacy": lambda each: changed(each, terms=msgspec.structs.replace(each.terms, privacy="Other.")),
    "last day": lambda each: changed(each, ends_on=date(2028, 1, 1)),
    "first day": lambda each: changed(each, starts_on=date(2026, 11, 2)),
    "party": lambda each: changed(each, parties=each.parties[:-1]),
    "role": lambda each: changed(
        each, parties=(*each.parties[:-1], msgspec.structs.replace(each.parties[-1], role=PartyRole.BOTH))
    ),
    "stakes": lambda each: changed(
        each, parties=(*each.parties[:-1], msgspec.structs.replace(each.parties[-1], stakes="Other."))
    ),
}


@settings(max_examples=60, deadline=None)
@given(schedule=SCHEDULES, way=some.sampled_from(sorted(WAYS)))
def test_the_terms_hash_is_of_everything_but_the_schedule(schedule: tuple[ScheduleLine, ...], way: str) -> None:
    assert terms_hash(changed(GOOD, schedule=schedule)) == terms_hash(GOOD)
    assert terms_hash(WAYS[way](changed(GOOD, schedule=schedule))) != terms_hash(GOOD)
