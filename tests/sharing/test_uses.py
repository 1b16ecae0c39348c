"""Proposed uses: asked for in a few words, decided by each owner for its own, begun under an agreement, and ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from entrypoints import background
from governance import Invalid, NotFound, NotPermitted, Role, audit, holds, operator
from governance.access import Scope, Use, Why
from governance.agreements import reading, signing
from governance.notices import Kind
from governance.notices import waiting as notices
from sharing import uses
from sharing.uses import Decision, Group, Proposal, Ruling, State
from tests.catalogue.made import NOW, TODAY
from tests.sharing.table_of_uses import (
    HARBOUR,
    IF_TOTALS,
    NORTHBANK,
    NOT_NOW,
    PURPOSE,
    TIDEWATER,
    WARM,
    Table,
    seated,
)

background.load()
pytestmark = pytest.mark.usefixtures("home")

GO = Ruling(decision=Decision.GO)


@pytest.fixture
def table() -> Table:
    return seated()


def test_a_wish_needs_a_title_and_words_and_is_read_by_everybody(table: Table) -> None:
    wish = table.ask(Proposal(title="Buses at night", summary="The last one often does not come."))
    assert table.seen(wish, by="hanna").state is State.IDEA
    with pytest.raises(Invalid, match="title"):
        table.ask(Proposal(title=" ", summary="Words."))
    with pytest.raises(Invalid, match="plain words"):
        table.ask(Proposal(title="Words", summary=""))


@pytest.mark.parametrize(
    "lacking",
    [
        {"purpose": " "},
        {"value": ""},
        {"uses": ()},
        {"until": TODAY - timedelta(days=1)},
        {"groups": (Group(name="", risk="Something"),)},
        {"groups": (Group(name="A"), Group(name="a"))},
        {"title": "x" * 201},
    ],
)
def test_a_request_that_lacks_something_is_refused_in_one_sentence(table: Table, lacking: dict[str, object]) -> None:
    with pytest.raises(Invalid) as refused:
        table.ask(table.wants(table.waiting, **lacking))
    assert refused.value.sentence.count(".") <= 1
    assert refused.value.field


def test_a_new_request_waits_for_every_owner_and_says_how_long_and_who_decides(table: Table) -> None:
    asked = table.ask(table.wants(table.waiting, table.tenancies, table.weather), days_ago=4)
    use = table.seen(asked)
    assert (use.state, use.days) == (State.WAITING, 4)
    assert {each.name: each.stewards for each in use.waiting} == {HARBOUR: ("Ada", "Priya"), TIDEWATER: ("Jonas",)}
    assert not next(each for each in use.datasets if each.title == "Weather").needs_a_word


def test_each_owner_decides_for_its_own_and_one_no_outweighs_every_yes(table: Table) -> None:
    asked = table.ask(table.wants(table.waiting, table.tenancies))
    table.decide(asked, by="priya")
    assert [each.name for each in table.seen(asked).waiting] == [TIDEWATER]
    table.decide(asked, NOT_NOW, by="jonas")
    assert table.seen(asked).state is State.NOT_NOW
    table.decide(asked, GO, by="jonas")
    assert table.seen(asked).state is State.GO_IF
    table.decide(asked, GO, by="priya")
    assert table.seen(asked).state is State.GO


@pytest.mark.parametrize(
    ("ruling", "sentence"),
    [
        (Ruling(), "without conditions"),
        (Ruling(decision=Decision.NOT_NOW, would_change="Time."), "why not"),
        (Ruling(decision=Decision.NOT_NOW, reason="No time.", would_change=" "), "would change"),
    ],
)
def test_a_yes_if_says_if_and_a_no_says_why_and_what_would_change_it(
    table: Table, ruling: Ruling, sentence: str
) -> None:
    asked = table.ask(table.wants(table.waiting))
    with pytest.raises(Invalid, match=sentence):
        table.decide(asked, ruling, by="priya")
    assert table.seen(asked).state is State.WAITING


@pytest.mark.parametrize("by", ["nils", "nora", "jonas", "hanna", "miriam"])
def test_nobody_but_a_steward_of_the_owner_decides(table: Table, by: str) -> None:
    asked = table.ask(table.wants(table.waiting))
    with pytest.raises(NotPermitted):
        table.decide(asked, GO, by=by)
    with table.people.as_(by) as visit, pytest.raises(NotPermitted):
        uses.decide(visit, asked, GO, seen=1, organisation_id=table.id(HARBOUR))
    assert not table.seen(asked, by=by).may_decide


def test_a_decision_on_other_words_than_those_that_were_read_is_refused(table: Table) -> None:
    asked = table.ask(table.wants(table.waiting))
    with table.people.as_("nils") as visit:
        uses.change(visit, asked, table.wants(table.waiting, summary="Something else."), seen=1)
    with table.people.as_("priya") as visit, pytest.raises(Invalid, match="changed meanwhile"):
        uses.decide(visit, asked, GO, seen=1)


def test_filling_a_gap_keeps_the_answers_and_changing_what_was_read_asks_anew(table: Table) -> None:
    bare = table.wants(table.waiting, legal_basis="", groups=(Group(name="Landlords", risk="They are blamed"),))
    asked = table.ask(bare, days_ago=3)
    table.decide(asked, by="priya")
    filled = replace(bare, legal_basis="A public task", groups=(replace(bare.groups[0], answer="No address"),))
    with table.people.as_("nils") as visit:
        uses.change(visit, asked, filled, seen=table.seen(asked).version)
    assert table.seen(asked).state is State.GO_IF
    with table.people.as_("nils") as visit:
        uses.change(visit, asked, replace(filled, summary="By house."), seen=table.seen(asked).version)
    use = table.seen(asked)
    assert (use.state, use.days) == (State.WAITING, 0)


def test_a_new_purpose_is_a_new_request_and_a_changed_one_is_never_overwritten(table: Table) -> None:
    asked = table.ask(table.wants(table.waiting))
    with table.people.as_("nils") as visit:
        with pytest.raises(Invalid, match="new request"):
            uses.change(visit, asked, table.wants(table.waiting, purpose="rank landlords"), seen=1)
        uses.change(visit, asked, table.wants(table.waiting, title="Warmer homes"), seen=1)
        with pytest.raises(Invalid, match="meanwhile"):
            uses.change(visit, asked, WARM, seen=1)
    with table.people.as_("jonas") as visit, pytest.raises(NotPermitted):
        uses.change(visit, asked, WARM, seen=2)


def test_data_that_nobody_here_owns_are_not_asked_for_here(table: Table) -> None:
    with operator("test", now=NOW) as visit, pytest.raises(Invalid, match="no organisation"):
        uses.propose(visit, table.wants(table.waiting))
    with pytest.raises(NotFound):
        table.ask(table.wants("nothing"))


def test_a_use_begins_only_when_everything_is_said_agreed_and_covered(table: Table) -> None:
    asked = table.ask(table.wants(table.waiting, legal_basis=""))
    for step in ("decided", "Name the legal basis", "No agreement"):
        with pytest.raises(Invalid, match=step):
            table.begin(asked)
        if step == "decided":
            table.decide(asked, GO, by="priya")
        elif step == "Name the legal basis":
            with table.people.as_("nils") as visit:
                uses.change(visit, asked, table.wants(table.waiting), seen=table.seen(asked).version)
    table.agree(HARBOUR, table.waiting, purpose="another purpose")
    with pytest.raises(Invalid, match="purpose"):
        table.begin(asked)
    table.agree(HARBOUR, table.waiting)
    with pytest.raises(NotPermitted):
        table.begin(asked, by="priya")
    table.begin(asked)
    assert table.seen(asked, by="hanna").state is State.LIVE


@pytest.mark.parametrize(
    ("groups", "sentence"),
    [
        ((), "who benefits"),
        ((Group(name="Families", benefit="Warm"),), "who carries a risk"),
        ((Group(name="Families", benefit="Warm"), Group(name="Landlords", risk="Blame")), "Landlords would carry"),
    ],
)
def test_who_benefits_and_who_carries_the_risk_are_answered_before_it_begins(
    table: Table, groups: tuple[Group, ...], sentence: str
) -> None:
    asked = table.ask(table.wants(table.waiting, groups=groups))
    table.decide(asked, GO, by="priya")
    table.agree(HARBOUR, table.waiting)
    with pytest.raises(Invalid, match=sentence):
        table.begin(asked)


def begun(table: Table) -> tuple[str, str]:
    """A use that runs, and the agreement it rests on."""
    asked = table.ask(table.wants(table.waiting))
    table.decide(asked, by="priya")
    agreement = table.agree(HARBOUR, table.waiting)
    table.begin(asked)
    return asked, agreement


def entry(table: Table, *, by: str = "hanna", days: int = 0) -> uses.Entry:
    with table.people.as_(by, now=NOW + timedelta(days=days)) as visit:
        [found] = uses.register(visit)
    return found


def test_the_register_says_at_once_when_what_a_use_rests_on_ends_or_is_held(table: Table) -> None:
    _, agreement = begun(table)
    assert entry(table).runs
    assert entry(table).coverage.last_day and not entry(table, days=400).runs
    assert entry(table, days=400).coverage.why is Why.ENDED
    with table.people.as_("priya") as visit:
        placed = holds.place(
            visit, Scope.AGREEMENT, agreement, organisation_id=table.id(HARBOUR), reason="A number was wrong."
        )
    assert entry(table).is_stopped and "paused" in entry(table).stopped_by
    with table.people.as_("priya") as visit:
        holds.lift(visit, placed)
        assert entry(table).runs
        signing.close(visit, agreement, why="The project is over.", looked_back="It went well.")
    assert entry(table).is_stopped


def test_the_agreement_is_named_to_its_parties_and_to_nobody_else(table: Table) -> None:
    _, agreement = begun(table)
    assert [each for each, _ in entry(table, by="nils").agreements] == [agreement]
    assert entry(table, by="hanna").agreements == () and entry(table, by="hanna").coverage.agreements


def test_a_use_is_finished_with_its_outcome_and_keeps_its_place_in_the_register(table: Table) -> None:
    asked, _ = begun(table)
    with table.people.as_("nora") as visit:
        with pytest.raises(Invalid, match="came of it"):
            uses.finish(visit, asked, outcome=" ")
        uses.finish(visit, asked, outcome="Forty homes are dry.", unexpected="Landlords asked to join.")
        with pytest.raises(Invalid, match="does not run"):
            uses.finish(visit, asked, outcome="Again.")
    found = entry(table).use
    assert (found.state, found.outcome, found.unexpected) == (
        State.FINISHED,
        "Forty homes are dry.",
        "Landlords asked to join.",
    )


def test_who_asked_withdraws_it_and_a_steward_for_them_and_nobody_else(table: Table) -> None:
    table.people.person("noel", NORTHBANK)
    first, second = table.ask(table.wants(table.waiting)), table.ask(WARM)
    for by in ("noel", "priya", "hanna"):
        with table.people.as_(by) as visit, pytest.raises(NotPermitted):
            uses.withdraw(visit, first)
    for by, asked in (("nils", first), ("nora", second)):
        with table.people.as_(by) as visit:
            uses.withdraw(visit, asked)
        assert table.seen(asked).state is State.WITHDRAWN
    with pytest.raises(Invalid, match="withdrawn"):
        table.decide(first, GO, by="priya")


def test_a_yes_becomes_a_row_of_the_agreement_between_them(table: Table) -> None:
    agreement = table.agree(HARBOUR, table.weather)
    asked = table.ask(table.wants(table.waiting))
    table.decide(asked, by="priya")
    with table.people.as_("nora") as visit:
        [step] = uses.next_steps(visit, uses.use_case(visit, asked))
        assert (step.agreement_id, step.may, step.who) == (agreement, False, HARBOUR)
        with pytest.raises(NotPermitted):
            uses.schedule(visit, asked, owner_id=table.id(HARBOUR))
    with table.people.as_("priya") as visit:
        drafted = uses.schedule(visit, asked, owner_id=table.id(HARBOUR))
        assert uses.schedule(visit, asked, owner_id=table.id(HARBOUR)) == drafted
        made = reading.agreement(visit, agreement, version=drafted.version_id)
    line = made.document.schedule[-1]
    assert made.version.label == "1.1"
    assert (line.dataset, line.receivers, line.purposes) == (table.waiting, (table.id(NORTHBANK),), (PURPOSE,))
    assert (line.uses, line.privacy_note) == ((Use.VIEW, Use.PRESENT), IF_TOTALS.conditions)
    with table.people.as_("nora") as visit:
        assert uses.use_case(visit, asked).datasets[0].version_id == drafted.version_id


def test_without_an_agreement_for_the_purpose_a_new_one_is_drafted(table: Table) -> None:
    table.agree(HARBOUR, table.weather, purpose="another purpose")
    asked = table.ask(table.wants(table.waiting, until=TODAY + timedelta(days=90)))
    table.decide(asked, by="priya")
    with table.people.as_("nora") as visit:
        drafted = uses.schedule(visit, asked, owner_id=table.id(HARBOUR))
        document = reading.agreement(visit, drafted.agreement_id).document
    assert [each.organisation for each in document.parties] == [table.id(NORTHBANK), table.id(HARBOUR)]
    assert (document.lead, document.ends_on) == (table.id(NORTHBANK), TODAY + timedelta(days=90))
    assert (document.terms.purposes, document.terms.privacy) == ((PURPOSE,), IF_TOTALS.conditions)


def test_what_was_drafted_from_a_request_lets_it_begin_once_it_is_signed(table: Table) -> None:
    agreement = table.agree(HARBOUR, table.weather)
    asked = table.ask(table.wants(table.waiting))
    table.decide(asked, by="priya")
    with table.people.as_("priya") as visit:
        drafted = uses.schedule(visit, asked, owner_id=table.id(HARBOUR))
        with pytest.raises(Invalid, match="No agreement"):
            table.begin(asked)
        table.sign(visit, agreement, drafted.version_id, pair=(HARBOUR, NORTHBANK))
    table.begin(asked)
    assert entry(table).runs


def test_the_owners_stewards_are_told_and_nobody_else(table: Table) -> None:
    table.ask(table.wants(table.waiting), days_ago=2)
    for by, number in (("priya", 1), ("miriam", 0), ("jonas", 0), ("nora", 0)):
        with table.people.as_(by) as visit:
            found = [each for each in notices(visit) if each.kind is Kind.REQUEST]
        assert len(found) == number, by
        assert not number or "waiting for 2 days" in found[0].detail


def test_every_command_is_in_the_audit(table: Table) -> None:
    asked, _ = begun(table)
    with table.people.as_("nils") as visit:
        uses.finish(visit, asked, outcome="Done.")
    with operator("test", now=NOW) as visit:
        told = [each.action for each in audit.events(visit, target=f"use:{asked}")]
    assert sorted(told) == ["use.decided", "use.finished", "use.proposed", "use.went_live"]


def test_roles_do_not_add_up_across_organisations(table: Table) -> None:
    """An administrator decides for their own organisation, and for no other."""
    asked = table.ask(table.wants(table.tenancies))
    assert Role.ADMIN in table.people.viewers["ada"].roles
    with pytest.raises(NotPermitted):
        table.decide(asked, GO, by="ada")
