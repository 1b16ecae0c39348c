"""The access rule: equal to a second one written apart from it, and what must hold whatever the world is."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from catalogue.placement import Band as CatalogueBand
from governance.access import (
    Agreement,
    Band,
    Dataset,
    Decision,
    Detail,
    Hold,
    Member,
    Party,
    PartyRole,
    RoomDecision,
    ScheduleRow,
    Scope,
    Use,
    Version,
    Why,
    World,
    decide,
    room,
    strictest,
    world,
)
from governance.access.rule import STAGES
from governance.access.world_file import Question, RoomQuestion, Trial, read
from tests.governance import paper_worlds as paper

ROOT = Path(__file__).resolve().parents[2]
WORLDS = 400
NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def trial(written: dict[str, Any]) -> Trial:
    return read(json.dumps(written).encode())


def ask(facts: World, asked: Question) -> Decision:
    return decide(facts, asked.username, use=asked.use, dataset=asked.dataset, purpose=asked.purpose, now=asked.at)


def ask_room(facts: World, asked: RoomQuestion) -> RoomDecision:
    return room(
        facts,
        asked.organisations,
        public=asked.public,
        dataset=asked.dataset,
        purpose=asked.purpose,
        now=asked.at,
    )


def told(decision: Decision) -> dict[str, Any]:
    return {name: getattr(decision, name) for name in ("ok", "why", "agreement", "detail", "min_cell")}


def row(**changes: Any) -> ScheduleRow:
    usual = ScheduleRow(
        dataset="visits",
        receivers=frozenset({"Trust"}),
        uses=frozenset(Use),
        purposes=frozenset({"health"}),
        detail=Detail.AGGREGATE,
        min_cell=5,
        first=YEAR[0],
    )
    return replace(usual, **changes)


def version(*rows: ScheduleRow, **changes: Any) -> Version:
    usual = Version(
        major=1,
        minor=0,
        starts_on=YEAR[0],
        ends_on=YEAR[1],
        activated_at=datetime(2025, 12, 1, tzinfo=UTC),
        parties=(
            Party(organisation="Council", role=PartyRole.GIVES, signed=True),
            Party(organisation="Trust", role=PartyRole.RECEIVES, signed=True),
        ),
        schedule=rows or (row(),),
    )
    return replace(usual, **changes)


def small(*versions: Version, zone: str = "Europe/London", band: Band = Band.GROUP, **facts: Any) -> World:
    """The council's visits, and what is agreed with the trust about them; each version is an agreement of its own."""
    agreements = [Agreement(id=f"a{n}", lead="Council", versions=(each,)) for n, each in enumerate(versions)]
    return world(
        zone=ZoneInfo(zone),
        people=[Member(username="ann", organisation="Council"), Member(username="tom", organisation="Trust")],
        datasets=[Dataset(id="visits", owner="Council", band=band)],
        agreements=agreements,
        **facts,
    )


def look(facts: World, username: str = "tom", **changes: Any) -> Decision:
    asked = {"use": Use.VIEW, "dataset": "visits", "purpose": "health", "now": NOON, **changes}
    return decide(facts, username, **asked)


def test_the_rule_agrees_with_a_second_one_on_24000_random_looks_and_meets_every_reason() -> None:
    reasons: Counter[str] = Counter()
    for seed in range(WORLDS):
        written = paper.made(seed, questions=60)
        ready = trial(written)
        for asked, as_written in zip(ready.questions, written["questions"], strict=True):
            expected = paper.second_opinion(written, as_written)
            assert told(ask(ready.world, asked)) == expected, (seed, as_written)
            reasons[expected["why"]] += 1
    assert reasons.total() >= 24_000
    assert set(reasons) == set(Why) - {Why.TERMS} and min(reasons.values()) >= 200, reasons


def test_the_rule_for_a_room_agrees_with_a_second_one_on_6000_random_rooms() -> None:
    answers: Counter[tuple[bool, bool]] = Counter()
    for seed in range(WORLDS):
        written = paper.made(seed, rooms=15)
        ready = trial(written)
        for asked, as_written in zip(ready.rooms, written["rooms"], strict=True):
            expected = paper.second_opinion_of_a_room(written, as_written)
            assert ask_room(ready.world, asked).ok == expected, (seed, as_written)
            answers[expected, asked.public] += 1
    assert min(answers.values()) >= 200 and len(answers) == 4, answers


def test_who_joins_a_room_never_opens_it_nor_sharpens_what_it_shows() -> None:
    shut = 0
    for seed in range(WORLDS):
        written = paper.made(seed, rooms=8)
        ready = trial(written)
        for asked in ready.rooms:
            present = asked.organisations or (written["organisations"][0],)
            before = ask_room(ready.world, _room_with(asked, present, public=False))
            for name in written["organisations"]:
                after = ask_room(ready.world, _room_with(asked, (*present, name), public=False))
                _assert_no_wider(before, after)
                shut += before.ok and not after.ok
            _assert_no_wider(before, ask_room(ready.world, _room_with(asked, present, public=True)))
    assert shut >= 500


def _room_with(asked: RoomQuestion, organisations: tuple[str, ...], *, public: bool) -> RoomQuestion:
    return RoomQuestion(
        organisations=organisations, public=public, dataset=asked.dataset, purpose=asked.purpose, at=asked.at
    )


def _assert_no_wider(before: RoomDecision, after: RoomDecision) -> None:
    assert before.ok or not after.ok
    if after.detail is not None and before.detail is not None:
        assert after.detail.fineness <= before.detail.fineness
        assert (after.min_cell or 0) >= (before.min_cell or 0)


def test_the_order_in_which_a_world_is_written_changes_no_answer() -> None:
    for seed in range(WORLDS // 4):
        written = paper.made(seed, questions=40, rooms=5)
        shuffled = json.loads(json.dumps(written))
        rng = random.Random(seed)
        for name in ("organisations", "people", "datasets", "agreements", "holds"):
            rng.shuffle(shuffled[name])
        for agreement in shuffled["agreements"]:
            rng.shuffle(agreement["versions"])
            for each in agreement["versions"]:
                rng.shuffle(each["parties"])
                rng.shuffle(each["schedule"])
        first, second = trial(written), trial(shuffled)
        assert [told(ask(first.world, each)) for each in first.questions] == [
            told(ask(second.world, each)) for each in second.questions
        ]
        assert [ask_room(first.world, each) for each in first.rooms] == [
            ask_room(second.world, each) for each in second.rooms
        ]


def test_a_hold_beats_everything_but_ownership_and_lifting_restores_exactly() -> None:
    for seed in range(WORLDS // 4):
        written = paper.made(seed, questions=30)
        ready = trial(written)
        for asked in ready.questions:
            before = ask(ready.world, asked)
            for scope, name in _touched(ready.world, asked, before):
                hold = Hold(scope=scope, object=name, placed_at=asked.at)
                during = ask(_with_hold(ready.world, hold), asked)
                own = before.why is Why.OWN and scope is not Scope.PERSON
                assert told(during) == told(before) if own else not during.ok, (seed, asked, scope)
                assert own or not before.ok or during.why is Why.PAUSED or scope is Scope.AGREEMENT
                lifted = replace(hold, placed_at=asked.at - timedelta(hours=1), lifted_at=asked.at)
                assert ask(_with_hold(ready.world, lifted), asked) == before
                to_come = replace(hold, placed_at=asked.at + timedelta(microseconds=1))
                assert ask(_with_hold(ready.world, to_come), asked) == before


def _touched(facts: World, asked: Question, before: Decision) -> list[tuple[Scope, str]]:
    dataset, person = facts.datasets[asked.dataset], facts.people[asked.username]
    found = [
        (Scope.DATASET, dataset.id),
        (Scope.ORGANISATION, dataset.owner),
        (Scope.ORGANISATION, person.organisation),
        (Scope.PERSON, person.username),
    ]
    covering = {item.agreement for item in facts.items.get(dataset.id, ())}
    return [*found, (Scope.AGREEMENT, covering.pop())] if len(covering) == 1 and before.why is Why.COVERED else found


def _with_hold(facts: World, hold: Hold) -> World:
    key = (hold.scope, hold.object)
    return replace(facts, holds={**facts.holds, key: (*facts.holds.get(key, ()), hold)})


def test_rows_never_combine_each_yes_stands_on_one_row_alone() -> None:
    covered = 0
    for seed in range(WORLDS // 2):
        ready = trial(paper.made(seed, questions=30))
        for asked in ready.questions:
            whole = ask(ready.world, asked)
            items = ready.world.items.get(asked.dataset, ())
            alone = [ask(replace(ready.world, items={asked.dataset: (each,)}), asked) for each in items]
            if whole.why in STAGES and items:
                assert whole.ok == any(each.ok for each in alone)
                assert STAGES.index(whole.why) == max(STAGES.index(each.why) for each in alone)
            if whole.why is Why.COVERED:
                covered += 1
                assert told(whole) in [told(each) for each in alone]
    assert covered >= 500


def test_two_rows_that_would_do_together_do_not() -> None:
    viewing = row(uses=frozenset({Use.VIEW}), purposes=frozenset({"housing"}))
    for_health = row(uses=frozenset({Use.PRESENT}))
    assert look(small(version(viewing, for_health))).why is Why.PURPOSE
    assert look(small(version(viewing), version(for_health))).why is Why.PURPOSE


def test_of_several_rows_the_finest_detail_counts_then_the_larger_minimum_cell() -> None:
    coarse = row(detail=Detail.METADATA, min_cell=50)
    fine, finer_cell = row(detail=Detail.ROWS, min_cell=3), row(detail=Detail.ROWS, min_cell=10)
    for rows in ((coarse, fine, finer_cell), (finer_cell, fine, coarse)):
        found = look(small(version(*rows)))
        assert (found.detail, found.min_cell) == (Detail.ROWS, 10)


@pytest.mark.parametrize(
    ("zone", "last", "last_moment"),
    [
        ("Pacific/Auckland", date(2026, 6, 30), "2026-06-30T11:59:59"),
        ("Pacific/Honolulu", date(2026, 6, 30), "2026-07-01T09:59:59"),
        ("UTC", date(2026, 6, 30), "2026-06-30T23:59:59"),
        ("Europe/London", date(2026, 3, 28), "2026-03-28T23:59:59"),
        ("Europe/London", date(2026, 3, 29), "2026-03-29T22:59:59"),
        ("Europe/London", date(2026, 10, 24), "2026-10-24T22:59:59"),
        ("Europe/London", date(2026, 10, 25), "2026-10-25T23:59:59"),
        ("Pacific/Auckland", date(2026, 4, 4), "2026-04-04T10:59:59"),
        ("Pacific/Auckland", date(2026, 4, 5), "2026-04-05T11:59:59"),
        ("Pacific/Auckland", date(2026, 9, 26), "2026-09-26T11:59:59"),
        ("Pacific/Auckland", date(2026, 9, 27), "2026-09-27T10:59:59"),
    ],
)
def test_the_last_day_counts_whole_in_the_collaborations_zone_and_not_a_second_more(
    zone: str, last: date, last_moment: str
) -> None:
    moment = datetime.fromisoformat(last_moment).replace(tzinfo=UTC)
    for each in (version(ends_on=last), version(row(last=last))):
        facts = small(each, zone=zone)
        assert look(facts, now=moment).ok
        assert look(facts, now=moment + timedelta(seconds=1)).why is Why.ENDED
    following = last + timedelta(days=1)
    for each in (version(starts_on=following), version(row(first=following))):
        facts = small(each, zone=zone)
        assert look(facts, now=moment).why is Why.NOT_STARTED
        assert look(facts, now=moment + timedelta(seconds=1)).ok


def test_activation_counts_from_its_moment_and_closing_ends_at_its_moment() -> None:
    just_before = NOON - timedelta(microseconds=1)
    activated = small(version(activated_at=NOON))
    assert look(activated).ok and look(activated, now=just_before).why is Why.NOT_SIGNED
    assert look(small(version(activated_at=None))).why is Why.NOT_SIGNED
    closed = small(version(closed_at=NOON))
    assert look(closed, now=just_before).ok and look(closed).why is Why.ENDED


def test_one_missing_signature_of_anybody_covers_nobody() -> None:
    host = Party(organisation="Host", role=PartyRole.HOSTS, signed=False)
    parties = version().parties
    assert look(small(version(parties=(*parties, host)))).why is Why.NOT_SIGNED
    assert look(small(version(parties=(*parties, replace(host, signed=True))))).ok


def test_who_leaves_the_parties_or_is_switched_off_is_let_in_no_more() -> None:
    giver, receiver = version().parties
    for parties in ((giver,), (receiver,), (giver, replace(receiver, role=PartyRole.HOSTS))):
        assert look(small(version(parties=parties))).why is Why.NO_AGREEMENT
    facts = small(version())
    off = replace(facts, people={**facts.people, "tom": replace(facts.people["tom"], active=False)})
    assert look(facts).ok
    assert look(off).why is Why.ACCOUNT


@pytest.mark.parametrize("band", list(Band))
def test_only_open_data_need_no_row_and_only_named_data_ask_for_the_person(band: Band) -> None:
    assert look(small(band=band)).why is (Why.OPEN if band is Band.OPEN else Why.NO_AGREEMENT)
    if band is not Band.OPEN:
        assert look(small(version(), band=band)).ok == (band is not Band.NAMED)
        assert look(small(version(row(people=frozenset({"tom"}))), band=band)).ok
    assert look(small(version(), band=band), "ann").why is Why.OWN


def test_the_bands_are_those_of_the_catalogue() -> None:
    assert [each.value for each in Band] == [each.value for each in CatalogueBand]


def test_what_nobody_knows_of_is_answered_like_what_nobody_shares() -> None:
    for holds in ([], [Hold(scope=Scope.ORGANISATION, object="Trust", placed_at=NOON)]):
        facts = small(holds=holds)
        assert look(facts, dataset="nothing of that name") == look(facts)
    assert look(facts, "nobody of that name").why is Why.ACCOUNT


def test_a_dataset_without_an_owner_is_nobodys_own() -> None:
    facts = world(
        zone=ZoneInfo("UTC"),
        people=[Member(username="guest", organisation="")],
        datasets=[Dataset(id="visits", owner="", band=Band.CLOSED)],
    )
    assert look(facts, "guest").why is Why.NO_AGREEMENT


def test_a_refusal_names_the_row_that_came_furthest_and_a_yes_the_row_that_allows() -> None:
    facts = small(version(ends_on=date(2026, 2, 1)), version(row(uses=frozenset({Use.LINK}))))
    refused = look(facts)
    assert refused.why is Why.USE and refused.agreement is None
    assert refused.item and (refused.item.agreement, refused.item.lead) == ("a1", "Council")
    allowed = look(facts, use=Use.LINK)
    assert allowed.agreement == "a1" and allowed.item and allowed.item.row.min_cell == 5


def test_a_paused_agreement_is_told_as_paused_unless_another_row_came_further() -> None:
    hold = Hold(scope=Scope.AGREEMENT, object="a0", placed_at=NOON)
    assert look(small(version(), holds=[hold])).why is Why.PAUSED
    assert look(small(version(row(uses=frozenset())), holds=[hold])).why is Why.PAUSED
    assert look(small(version(), version(row(uses=frozenset())), holds=[hold])).why is Why.USE
    assert look(small(version(), version(), holds=[hold])).agreement == "a1"


def test_a_figure_of_several_datasets_needs_every_one_and_takes_the_strictest() -> None:
    own, opened = look(small(), "ann"), look(small(band=Band.OPEN))
    covered, other = look(small(version())), look(small(version(row(detail=Detail.ROWS, min_cell=10))))
    refused = look(small())
    assert strictest([own, opened, covered, other]) == Decision(
        ok=True, why=Why.COVERED, agreement="a0", detail=Detail.AGGREGATE, min_cell=10
    )
    assert told(strictest([own, opened])) == {**told(opened), "why": Why.OPEN}
    elsewhere = replace(other, agreement="a9")
    assert strictest([covered, elsewhere]).agreement is None
    assert strictest([own, refused, covered]) == refused
    assert not strictest([]).ok


def test_the_strictest_of_more_is_never_less_strict() -> None:
    for seed in range(WORLDS // 8):
        ready = trial(paper.made(seed, questions=40))
        answers = [ask(ready.world, each) for each in ready.questions]
        for cut in range(1, len(answers)):
            fewer, more = strictest(answers[:cut]), strictest(answers[: cut + 1])
            assert fewer.ok or not more.ok
            assert more.ok == all(each.ok for each in answers[: cut + 1])
        allowed = [each for each in answers if each.ok]
        if allowed:
            found = strictest(allowed)
            assert found.min_cell == max(each.min_cell or 0 for each in allowed)
            assert found.detail and all(
                each.detail and found.detail.fineness <= each.detail.fineness for each in allowed
            )


def test_a_room_shows_open_data_to_those_without_accounts_and_nothing_else() -> None:
    asked: dict[str, Any] = {"dataset": "visits", "purpose": "health", "now": NOON}
    for organisations in ((), ("Neighbours",), ("Council", "Neighbours")):
        for public in (False, True):
            assert room(small(band=Band.OPEN), organisations, public=public, **asked).ok
            assert not room(small(version()), organisations, public=public, **asked).ok
    paused = Hold(scope=Scope.DATASET, object="visits", placed_at=NOON)
    shut = room(small(band=Band.OPEN, holds=[paused]), ("Council", "Neighbours"), public=False, **asked)
    assert (shut.ok, shut.organisation) == (False, "Neighbours")
    assert not room(small(band=Band.OPEN, holds=[paused]), (), public=True, **asked).ok


def test_a_room_names_the_first_organisation_that_is_not_covered_and_why() -> None:
    facts = small(version(row(uses=frozenset({Use.VIEW, Use.PRESENT}))))
    asked: dict[str, Any] = {"dataset": "visits", "purpose": "health", "now": NOON}
    shown = room(facts, ("Council", "Trust"), public=False, **asked)
    assert shown == RoomDecision(ok=True, why=Why.COVERED, detail=Detail.AGGREGATE, min_cell=5)
    in_public = room(facts, ("Council", "Trust"), public=True, **asked)
    assert (in_public.ok, in_public.why, in_public.organisation) == (False, Why.USE, "Trust")
    stranger = room(facts, ("Strangers", "Trust"), public=True, **asked)
    assert (stranger.ok, stranger.why, stranger.organisation) == (False, Why.ACCOUNT, "Strangers")


def test_a_moment_without_a_zone_is_not_answered() -> None:
    naive = NOON.replace(tzinfo=None)
    with pytest.raises(ValueError, match="time zone"):
        look(small(), "ann", now=naive)
    with pytest.raises(ValueError, match="time zone"):
        room(small(), (), public=True, dataset="visits", purpose="health", now=naive)


def test_the_documents_explain_every_reason_use_and_detail() -> None:
    text = (ROOT / "docs" / "access.md").read_text(encoding="utf-8")
    rows = {found[1]: found[0] for found in re.finditer(r"^\| `([a-z-]+)` \|.*$", text, re.MULTILINE)}
    for why in Why:
        assert why.sentence in rows[why], why
        assert f"| {'yes' if why.ok else 'no'} |" in rows[why], why
    assert set(STAGES) | {Why.OWN, Why.OPEN, Why.TERMS} == set(Why)
    for word in (*Use, *Detail, *Band, *PartyRole, *Scope):
        assert f"`{word}`" in text, word
    order = [f"`{each}`" for each in STAGES if not each.ok]
    assert " < ".join(order) in text.replace("\n", " ")
