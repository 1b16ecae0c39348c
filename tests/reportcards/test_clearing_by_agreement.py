"""Figures under agreements: who sees them, for which use, room and purpose; after a hold or end nothing comes out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import store
from catalogue.knowing import Brief
from governance import Invalid, NotPermitted, audit, looks, operator
from governance.access import Detail, PartyRole, Use
from governance.agreements import accepting
from governance.agreements.document import Document, PartyLine, ScheduleLine, Terms, canonical, content_hash, terms_hash
from governance.agreements.records import rows, seal
from governance.notices import own as notices
from governance.tables import AgreementRow, GrantRow, HoldRow, ItemRow, PartyRow, PersonRow, VersionRow
from reportcards import cards, composing, drawing, exporting, indicators
from reportcards.cards import CardDraft, ItemDraft
from reportcards.clearing import NOT_NOTED, Room, clearance
from reportcards.indicators import Indicator
from reportcards.report import Part, ReportCard
from store import bulk_insert
from tests.catalogue.made import GRANT, NOW
from tests.governance import paper_worlds as paper
from tests.governance import stored_worlds as stored
from tests.governance.stored_worlds import its
from tests.reportcards import ground
from tests.reportcards.ground import Ground, counts
from tests.reportcards.test_access_and_attribution import numbers, texts

SECRET = [(1117, 5003), (1229, 5009), (1361, 5021), (1487, 5023)]
TOLD = {float(each) for pair in SECRET for each in pair} | {round(100 * n / of, 6) for n, of in SECRET}
WRITTEN = re.compile("|".join(rf"\b(?:{count}|{count:,})\b" for count, _ in SECRET))
"""The counts as words have them; an id may hold the same digits between others."""
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
EVERY_USE = tuple(Use)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """A figure of Harbour Council, on a card about health, and an agreement that shares it with Tidewater Homes."""

    table: Ground
    dataset: str
    indicator: Indicator
    card: str

    def agree(self, *, parties: tuple[str, ...] = ("Harbour Council", "Tidewater Homes"), **row: Any) -> str:
        """An agreement in force; its id."""
        ids = [self.table.people.organisations[each] for each in parties]
        usual: dict[str, Any] = {
            "dataset": self.dataset,
            "title": "Cases",
            "owner": ids[0],
            "detail": Detail.AGGREGATE,
            "min_cell": 10,
            "uses": EVERY_USE,
            "purposes": ("health",),
            "receivers": tuple(ids[1:]),
        }
        made = Document(
            title="Cases for housing",
            lead=ids[0],
            starts_on=FIRST,
            ends_on=LAST,
            parties=tuple(
                PartyLine(organisation=each, role=PartyRole.GIVES if each == ids[0] else PartyRole.RECEIVES)
                for each in ids
            ),
            terms=Terms(purposes=("health",)),
            schedule=(ScheduleLine(**{**usual, **row}),),
        )
        return _in_force(made)

    def pause(self, scope: str, object_id: str) -> None:
        """Place a hold as its owner would."""
        values = {
            "id": f"{scope}-{object_id}"[:32],
            "scope": scope,
            "object_id": object_id,
            "organisation_id": self.table.people.organisations["Harbour Council"],
            "by": "priya",
            "reason": "a test",
            "placed_at": NOW,
        }
        with operator("test", now=NOW) as visit, visit.change(GRANT) as session:
            session.add(HoldRow(**values))

    def seen(self, username: str, *, now: datetime = NOW, **how: Any) -> ReportCard:
        """The whole card as somebody gets it."""
        with self.table.people.as_(username, now=now) as visit:
            return composing.whole_card(visit, self.card, **how)


def _in_force(made: Document) -> str:
    written = canonical(made)
    identifier = content_hash(written)[:16]
    version = {
        "id": f"{identifier}-1",
        "agreement_id": identifier,
        "major": 1,
        "minor": 0,
        "state": "active",
        "document": written,
        "content_hash": content_hash(written),
        "terms_hash": terms_hash(made),
        "by": "test",
        "created_at": NOW,
        "frozen_at": NOW - timedelta(days=300),
        "activated_at": NOW - timedelta(days=300),
    }
    with operator("test", now=NOW) as visit, visit.change(GRANT) as session:
        number = session.query(AgreementRow).count() + 1
        session.add(
            AgreementRow(
                id=identifier, number=number, title=made.title, kind="standard", lead_id=made.lead, by="test",
                created_at=NOW,
            )
        )  # fmt: skip
        session.flush()
        bulk_insert(session, VersionRow, [version])
        for position, line in enumerate(made.parties):
            party = PartyRow(
                version_id=version["id"],
                organisation_id=line.organisation,
                position=position,
                role=line.role.value,
                signs=True,
                signatory="Sam Signer",
                signatory_title="",
                method="typed",
                reference="",
                signed_at=NOW - timedelta(days=300),
                signed_by="sam",
                signed_hash=content_hash(written),
            )
            party.seal = seal(party)
            session.add(party)
        items, grants = rows(str(version["id"]), made)
        bulk_insert(session, ItemRow, items)
        bulk_insert(session, GrantRow, grants)
    return identifier


def _share(table: Ground, band: str) -> Shared:
    dataset = table.dataset("Cases", band, owner="Harbour Council")
    lines = counts("Cases", SECRET) + counts("Cases", [(n // 2, of // 2) for n, of in SECRET], group="Sex: Girls")
    made = table.indicator(dataset, "Cases", lines, value_type="proportion")
    with table.people.as_("priya") as visit:
        item = ItemDraft(indicator_id=made.id)
        card = cards.save(visit, CardDraft(title="Health", area_code="V", purpose="health", items=(item,))).name
    return Shared(table=table, dataset=dataset, indicator=made, card=card)


@pytest.fixture
def shared_figure(home: Path) -> Shared:
    return _share(ground.ground(), "group")


def held(card: ReportCard) -> str:
    (item,) = card.items
    return item.held.reason if item.held is not None else ""


def assert_nothing(card: ReportCard) -> None:
    assert held(card) and not TOLD & set(numbers(card)), held(card)
    assert not any(WRITTEN.search(text) for text in texts(card))


def test_an_agreement_shows_the_figure_and_says_in_its_absence_what_is_missing(shared_figure: Shared) -> None:
    assert held(shared_figure.seen("hanna")) == "Not shared with your organisation."
    shared_figure.agree(uses=(Use.VIEW, Use.DOWNLOAD))
    card = shared_figure.seen("hanna")
    assert held(card) == "" and {float(n) for pair in SECRET for n in pair} <= set(numbers(card))
    refused = shared_figure.seen("hanna", use=Use.PRESENT)
    assert held(refused) == "Shared with your organisation, but not for this use."
    assert_nothing(refused)


@pytest.mark.parametrize(
    ("purpose", "reason"),
    [
        ("housing", "Shared with your organisation, but not for this purpose."),
        ("", "Shared for some purposes, and this card does not say what it is for."),
    ],
)
def test_the_purpose_of_the_card_counts(shared_figure: Shared, purpose: str, reason: str) -> None:
    shared_figure.agree()
    with shared_figure.table.people.as_("priya") as visit:
        cards.save(visit, replace(cards.draft(visit, shared_figure.card), purpose=purpose))
    card = shared_figure.seen("hanna")
    assert held(card) == reason
    assert_nothing(card)


def test_only_the_description_is_no_figure(shared_figure: Shared) -> None:
    shared_figure.agree(detail=Detail.METADATA)
    card = shared_figure.seen("hanna")
    assert held(card) == "Only the description is shared, no numbers."
    assert_nothing(card)


def test_numbers_that_were_protected_for_less_than_the_agreement_asks_are_held(shared_figure: Shared) -> None:
    shared_figure.agree(min_cell=20)
    card = shared_figure.seen("hanna")
    assert held(card) == "Its agreement needs counts of 20 or more; these numbers were protected for 10."
    assert_nothing(card)
    table = shared_figure.table
    with table.people.as_("priya") as visit:
        known = indicators.indicator(visit, shared_figure.indicator.id)
        indicators.save(visit, replace(known, threshold=20))
    for _again, still in (("first", True), ("second", False)):
        lines = counts("Cases", [(n + 1, of) for n, of in SECRET])
        assert table.take(shared_figure.dataset, lines).status == "committed"
        assert bool(held(shared_figure.seen("hanna"))) is still, "the values of the revision before stand beside"
    (item,) = shared_figure.seen("priya").items
    oldest = item.revisions[-1].id
    assert_nothing(shared_figure.seen("hanna", pinned={item.item: oldest}))


WORDS = "I read these counts as a whole, and never about one street."


def test_words_are_accepted_by_each_person_before_the_first_figure(shared_figure: Shared) -> None:
    agreement = shared_figure.agree(acknowledgement=WORDS)
    card = shared_figure.seen("hanna")
    assert held(card) == "You have not accepted the words it is shared under."
    assert_nothing(card)
    assert held(shared_figure.seen("priya")) == "", "its own people are asked nothing"
    with shared_figure.table.people.as_("hanna") as visit:
        (asked,) = accepting.asked(visit)
        assert (asked.words, asked.titles, asked.accepted_at) == (WORDS, ("Cases",), None)
        assert [each.query["id"] for each in notices.words_to_accept(visit)] == [agreement]
        with pytest.raises(Invalid, match="not asked of you any more"):
            accepting.accept(visit, agreement, "Other words.")
        accepting.accept(visit, agreement, WORDS)
        assert list(notices.words_to_accept(visit)) == []
    assert held(shared_figure.seen("hanna")) == ""
    with operator("test", now=NOW) as visit:
        (told,) = [each for each in audit.events(visit) if each.action == "agreement.words_accepted"]
        assert told.actor == "hanna"


def test_other_words_are_accepted_anew_and_nobody_accepts_for_a_colleague(shared_figure: Shared) -> None:
    first = shared_figure.agree(acknowledgement=WORDS)
    with shared_figure.table.people.as_("hanna") as visit:
        accepting.accept(visit, first, WORDS)
    shared_figure.pause("agreement", first)
    shared_figure.agree(acknowledgement=WORDS + " Nor about one school.")
    assert_nothing(shared_figure.seen("hanna"))
    with shared_figure.table.people.as_("jonas") as visit:
        assert [each.accepted_at for each in accepting.asked(visit)] == [None, None]


def test_a_figure_names_the_agreement_and_its_source_as_the_owner_asked(shared_figure: Shared) -> None:
    shared_figure.agree(source_line="a partner agency")
    (theirs,) = shared_figure.seen("hanna").items
    assert (
        theirs.source_line.startswith("a partner agency, Cases") and "under A-1 Cases for housing" in theirs.source_line
    )
    assert [each.publisher for each in theirs.origins] == ["a partner agency"]
    (own,) = shared_figure.seen("priya").items
    assert own.source_line.startswith("Harbour Council, Cases") and "under A-1" not in own.source_line


ZONES = (
    ("Pacific/Auckland", datetime(2026, 12, 31, 11, tzinfo=UTC)),
    ("UTC", datetime(2027, 1, 1, tzinfo=UTC)),
    ("Pacific/Honolulu", datetime(2027, 1, 1, 10, tzinfo=UTC)),
)


@pytest.mark.parametrize(("zone", "over"), ZONES)
def test_the_last_day_counts_whole_and_a_second_later_nothing_comes_out(
    shared_figure: Shared, zone: str, over: datetime
) -> None:
    shared_figure.agree()
    store.use_settings(replace(store.settings(), timezone=zone))
    assert held(shared_figure.seen("hanna", now=over - timedelta(seconds=1))) == ""
    card = shared_figure.seen("hanna", now=over)
    assert held(card) == "The agreement that shared it has ended."
    assert_nothing(card)


def _hold(scope: str, name: Callable[[Shared, str], str]) -> Callable[[Shared, str], None]:
    return lambda figure, agreement: figure.pause(scope, name(figure, agreement))


def _switch_off(_figure: Shared, _agreement: str) -> None:
    with operator("test", now=NOW) as visit, visit.change(GRANT) as session:
        session.query(PersonRow).filter(PersonRow.username == "hanna").one().active = False


STOPS: dict[str, tuple[Callable[[Shared, str], None], str]] = {
    "dataset": (_hold("dataset", lambda figure, _: figure.dataset), "Paused by its owner."),
    "agreement": (_hold("agreement", lambda _, agreement: agreement), "Paused by its owner."),
    "owner": (
        _hold("organisation", lambda figure, _: figure.table.people.organisations["Harbour Council"]),
        "Paused by its owner.",
    ),
    "receiver": (
        _hold("organisation", lambda figure, _: figure.table.people.organisations["Tidewater Homes"]),
        "The access of your organisation is paused.",
    ),
    "person": (_hold("person", lambda *_: "hanna"), "Your access is paused."),
    "account": (_switch_off, "Your account is switched off."),
}


@pytest.mark.parametrize("stop", STOPS)
def test_after_a_hold_or_a_closed_account_no_door_gives_the_figure(shared_figure: Shared, stop: str) -> None:
    agreement = shared_figure.agree()
    table, name = shared_figure.table, shared_figure.card
    table.take(shared_figure.dataset, counts("Cases", [(n + 1, of) for n, of in SECRET]))
    before = shared_figure.seen("hanna")
    (item,) = before.items
    assert item.held is None and len(item.revisions) == 2
    with table.people.as_("hanna") as visit:
        assert composing.differences(visit, name, item.item, revision=item.revisions[0].id)
        assert indicators.contents(visit, [item.indicator], purpose="health")
        assert exporting.export(visit, name, "xlsx").data
    place, reason = STOPS[stop]
    place(shared_figure, agreement)
    assert held(shared_figure.seen("hanna")) == reason
    for use in Use:
        assert_nothing(shared_figure.seen("hanna", use=use))
    for each in item.revisions:
        assert_nothing(shared_figure.seen("hanna", pinned={item.item: each.id}))
    kept = list(drawing.folder().glob("*.xlsx"))
    assert kept, "the file that was made before lies there still"
    with table.people.as_("hanna") as visit:
        for part in Part:
            for revision in ("", item.revisions[1].id):
                one = composing.measurement(visit, name, item.item, part=part, revision=revision)
                assert one.held is not None and not TOLD & set(numbers(one))
        assert composing.differences(visit, name, item.item, revision=item.revisions[0].id) == ()
        assert indicators.contents(visit, [item.indicator], purpose="health") == {}
        with pytest.raises(NotPermitted):
            exporting.export(visit, name, "xlsx")
    assert held(shared_figure.seen("miriam")) == "", "its owner sees it all the same"


def test_what_changes_while_a_file_is_drawn_keeps_the_file_back(
    shared_figure: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared_figure.agree()

    def slow(*_given: object, **_named: object) -> bytes:
        shared_figure.pause("dataset", shared_figure.dataset)
        return b"drawn"

    monkeypatch.setattr(exporting.drawing, "drawn", slow)
    with shared_figure.table.people.as_("hanna") as visit, pytest.raises(NotPermitted):
        exporting.export(visit, shared_figure.card, "xlsx")


def room_of(figure: Shared, *names: str, public: bool = False) -> Room:
    return Room(organisations=tuple(figure.table.people.organisations[each] for each in names), public=public)


def test_a_room_is_shown_what_everybody_in_it_may_see(shared_figure: Shared) -> None:
    table = shared_figure.table
    table.people.organisation("Lantern Trust")
    table.people.person("lou", "Lantern Trust")
    shared_figure.agree(uses=(Use.VIEW, Use.PRESENT))

    def shown(*names: str, public: bool = False, by: str = "priya") -> str:
        card = shared_figure.seen(by, room=room_of(shared_figure, *names, public=public))
        if held(card):
            assert_nothing(card)
        return held(card)

    assert shown("Harbour Council", "Tidewater Homes") == ""
    assert shown("Harbour Council", "Tidewater Homes", "Lantern Trust") == "Not covered for 1 organisation here."
    assert shown("Harbour Council", public=True) == ""
    assert shown("Tidewater Homes", public=True) == "Not covered for the public that is here."
    assert shown() == "Nobody is noted as present."
    assert shown("Harbour Council", by="lou") == "Not shared with your organisation.", "who says who is there"
    assert shown("Harbour Council", "Tidewater Homes", by="hanna") == ""
    shared_figure.pause("dataset", shared_figure.dataset)
    assert shown("Harbour Council", "Tidewater Homes") == "Not covered for 1 organisation here."


def test_who_looks_under_an_agreement_is_noted_with_the_card_and_its_owner_is_told(shared_figure: Shared) -> None:
    shared_figure.agree(uses=(Use.VIEW,))
    for username in ("hanna", "hanna", "miriam"):
        shared_figure.seen(username)
    shared_figure.seen("hanna", use=Use.DOWNLOAD)
    with shared_figure.table.people.as_("miriam") as visit:
        told = looks.who_looked(visit, shared_figure.dataset)
    assert {(each.username, each.use, each.ok, each.why, each.place) for each in told} == {
        ("hanna", "view", True, "covered", "card health"),
        ("hanna", "download", False, "use", "card health"),
    }
    assert len(told) == 2
    with operator("test") as visit:
        assert [each.seq for each in told] == [each.seq for each in audit.events(visit, action="data.")]


@pytest.mark.parametrize(("band", "shown"), [("group", True), ("named", False)])
def test_data_for_named_people_are_not_shown_when_it_cannot_be_noted(
    home: Path, band: str, shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    figure = _share(ground.ground(), band)
    figure.agree(people=("hanna",))
    assert held(figure.seen("jonas")) == ("" if band == "group" else "Not shared with your organisation.")
    monkeypatch.setattr("reportcards.laying.note", lambda _visit, told: tuple(told))
    card = figure.seen("hanna")
    assert held(card) == ("" if shown else NOT_NOTED.reason)
    if not shown:
        assert_nothing(card)


ASKED = {"sqlite": (16, 30), "postgresql": (6, 20)}


def briefs(seed: int, world: paper.World) -> Iterator[Brief]:
    for each in stored.subjects(seed, world):
        yield Brief(
            id=each.id, title="", publisher="", organisation_id=each.owner, band=each.band.value, licence=None,
            licence_words="", landing_page="", accrual_periodicity="", approver="", access_how="", acknowledgement="",
        )  # fmt: skip


def test_clearing_answers_as_the_rule_written_a_second_time(home: Path) -> None:
    number, questions = ASKED[store.dialect_name()]
    made = {seed: paper.made(seed, questions=questions) for seed in range(number)}
    stored.put(made)
    for seed, world in stored.by_zone(made):
        subjects = list(briefs(seed, world))
        for asked in world["questions"]:
            with stored.eyes(seed, world, asked["username"], at=asked["at"]) as visit:
                found = clearance(visit, subjects, use=Use(asked["use"]), purpose=asked["purpose"])
            for dataset in world["datasets"]:
                expected = paper.second_opinion(world, {**asked, "dataset": dataset["id"]})
                answer = found[its(seed, dataset["id"])]
                assert (answer.ok, answer.why, answer.detail, answer.min_cell) == tuple(
                    expected[name] for name in ("ok", "why", "detail", "min_cell")
                ), (seed, asked)


def test_who_joins_a_room_never_opens_it(home: Path) -> None:
    number = ASKED[store.dialect_name()][0] // 2
    made = {seed: paper.made(seed, rooms=4) for seed in range(number)}
    stored.put(made)
    shut = 0
    for seed, world in stored.by_zone(made):
        subjects = list(briefs(seed, world))
        for asked in world["rooms"]:
            with operator("test", now=datetime.fromisoformat(asked["at"])) as visit:
                there = tuple(its(seed, each) for each in asked["organisations"])
                smaller = Room(organisations=there, public=asked["public"])
                found = clearance(visit, subjects, purpose=asked["purpose"], room=smaller)
                expected = paper.second_opinion_of_a_room(world, asked)
                assert found[its(seed, asked["dataset"])].ok == expected
                joins = its(seed, world["organisations"][seed % 4])
                larger = Room(organisations=(*there, joins), public=asked["public"])
                after = clearance(visit, subjects, purpose=asked["purpose"], room=larger)
            for each in subjects if there else ():
                assert found[each.id].ok or not after[each.id].ok
                shut += found[each.id].ok and not after[each.id].ok
    assert shut
