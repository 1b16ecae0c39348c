"""Agreements: drafted, signed for an exact hash, in force with the last signature, never changed afterwards."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

import store
from governance import Action, Invalid, NotFound, NotPermitted, Role, audit, operator, require
from governance.agreements import drafting, reading, signing, verifying
from governance.agreements.reading import State, Wait
from governance.agreements.signing import Signature
from store.settings import Settings
from tests.governance.tables_of_four import NAMES, NOW, Table, changed, seated

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def table(home: Path) -> Table:
    return seated()


def all_fits() -> bool:
    with operator("test", now=NOW) as visit:
        return verifying.verify(visit) == ()


def test_an_agreement_is_in_force_with_the_last_signature(table: Table) -> None:
    agreement, version = table.in_review()
    table.open(version)
    signed = [table.sign(name, agreement, version) for name in NAMES]
    assert signed == [False, False, False, True]
    with table.visit("Trust") as visit:
        shown = reading.agreement(visit, agreement)
        brief = reading.agreements(visit)[0]
    assert (shown.version.state, shown.version.activated_at, shown.damage) == (State.ACTIVE, NOW, ())
    assert [party.name for party in shown.parties] == list(NAMES)
    assert [party.stakes for party in shown.parties][1] == "What Schools fears."
    assert (brief.name, brief.label, brief.signed, brief.to_sign, brief.datasets) == ("A-1", "1.0", 4, 4, 2)
    assert all_fits()


def test_every_step_is_in_the_audit_in_its_own_words(table: Table) -> None:
    agreement, _version = table.in_force()
    with operator("test", now=NOW) as visit:
        told = [each.action for each in reversed(audit.events(visit, target=f"agreement:{agreement}"))]
    assert told == [
        "agreement.drafted",
        "agreement.changed",
        "agreement.advised",
        *["agreement.stakes_said"] * 4,
        "agreement.opened_for_signature",
        *["agreement.signed"] * 4,
        "agreement.activated",
    ]


def test_only_parties_and_administrators_may_know_of_it(table: Table) -> None:
    with table.visit("Council") as visit:
        document = table.document()
        without = changed(document, parties=document.parties[:3])
        agreement = drafting.draft(visit, without)
    with table.visit("Trust") as visit:
        assert reading.agreements(visit) == ()
        with pytest.raises(NotFound):
            reading.agreement(visit, agreement)
        with pytest.raises(NotFound):
            reading.agreement(visit, "A-1")
    with table.visit("Trust", roles=(Role.ADMIN,)) as visit:
        assert reading.agreement(visit, "a-01").id == agreement


def test_a_steward_drafts_for_their_own_organisation_only(table: Table) -> None:
    with table.visit("Trust") as visit, pytest.raises(NotPermitted):
        drafting.draft(visit, table.document())
    with table.visit("Council", roles=(Role.MEMBER,)) as visit, pytest.raises(NotPermitted):
        drafting.draft(visit, table.document())


def test_saving_over_what_somebody_saved_meanwhile_is_refused(table: Table) -> None:
    with table.visit("Council") as visit:
        agreement = drafting.draft(visit, table.document())
        seen = reading.agreement(visit, agreement).version
        first = changed(table.document(), title="First")
        saved = drafting.save(visit, seen.id, first, seen=seen.content_hash)
        with pytest.raises(Invalid, match="Somebody saved this agreement meanwhile"):
            drafting.save(visit, seen.id, changed(first, title="Second"), seen=seen.content_hash)
        shown = reading.agreement(visit, agreement)
    assert (shown.document.title, shown.version.content_hash) == ("First", saved)


def test_saying_what_is_at_stake_is_not_lost_under_a_lead_who_saves(table: Table) -> None:
    agreement, version = table.in_review()
    with table.visit("Council") as visit:
        before = reading.agreement(visit, agreement)
        with table.visit("Trust") as other:
            drafting.say_stakes(other, version, stakes="Something else.")
        with pytest.raises(Invalid, match="meanwhile"):
            drafting.save(visit, version, before.document, seen=before.version.content_hash)


def test_nothing_is_changed_once_it_is_open_for_signature(table: Table) -> None:
    agreement, version = table.in_review()
    table.open(version)
    with table.visit("Council") as visit:
        shown = reading.agreement(visit, agreement)
        with pytest.raises(Invalid, match="begin a new version"):
            drafting.save(visit, version, shown.document, seen=shown.version.content_hash)
        with pytest.raises(Invalid, match="begin a new version"):
            drafting.say_stakes(visit, version, stakes="More.")
        with pytest.raises(Invalid, match="begin a new version"):
            drafting.advise(visit, version, adviser="B", comment="No.")
        with pytest.raises(Invalid):
            drafting.back_to_draft(visit, version)


def test_a_signature_is_for_the_hash_that_was_seen(table: Table) -> None:
    _agreement, version = table.in_review()
    table.open(version)
    with table.visit("Schools") as visit, pytest.raises(Invalid, match="read it again before you sign"):
        signing.sign(visit, version, Signature(signatory="Head"), content_hash="0" * 64)


@pytest.mark.parametrize(
    ("signature", "says"),
    [
        (Signature(signatory="  "), "Type the name"),
        (Signature(signatory="Head", method="paper"), "where the signed paper lies"),
        (Signature(signatory="Head", method="fax"), "typing the name"),
    ],
)
def test_a_signature_says_who_and_where_the_paper_lies(table: Table, signature: Signature, says: str) -> None:
    agreement, version = table.in_review()
    table.open(version)
    with table.visit("Schools") as visit:
        seen = reading.agreement(visit, agreement).version.content_hash
        with pytest.raises(Invalid, match=says):
            signing.sign(visit, version, signature, content_hash=seen)


def test_a_member_cannot_sign_and_nobody_signs_twice(table: Table) -> None:
    agreement, version = table.in_review()
    table.open(version)
    with table.visit("Schools", roles=(Role.MEMBER,)) as visit:
        seen = reading.agreement(visit, agreement).version.content_hash
        with pytest.raises(NotPermitted):
            signing.sign(visit, version, Signature(signatory="Head"), content_hash=seen)
    table.sign("Schools", agreement, version)
    with pytest.raises(Invalid, match="already"):
        table.sign("Schools", agreement, version)


def test_who_declines_says_why_and_the_lead_begins_a_new_copy(table: Table) -> None:
    agreement, version = table.in_review()
    table.open(version)
    with table.visit("Trust") as visit:
        signing.decline(visit, version, "We have not asked our members.")
        assert reading.waiting(visit) == ()
    with pytest.raises(Invalid, match="declined"):
        table.sign("Trust", agreement, version)
    with table.visit("Council") as visit:
        shown = reading.agreement(visit, agreement)
        assert shown.parties[3].declined_why == "We have not asked our members."
        assert "Trust declined" in shown.next_step[0]
        with pytest.raises(Invalid, match="in preparation"):
            drafting.amend(visit, agreement, terms=True)
        signing.withdraw(visit, version, "Trust asks for time.")
        second = drafting.amend(visit, agreement, terms=True)
        again = reading.agreement(visit, agreement, version=second)
    assert (again.version.label, again.version.state) == ("2.0", State.DRAFT)
    assert again.document == shown.document
    assert all_fits()


def test_new_terms_end_the_old_ones_in_the_same_moment(table: Table) -> None:
    agreement, first = table.in_force()
    with table.visit("Council", now=LATER) as visit:
        second = drafting.amend(visit, agreement, terms=True)
    table.prepare(second, now=LATER)
    table.open(second, now=LATER)
    for name in NAMES:
        assert reading_state(table, agreement, first) == (State.ACTIVE, None)
        table.sign(name, agreement, second, now=LATER)
    assert reading_state(table, agreement, first) == (State.CLOSED, LATER)
    assert reading_state(table, agreement, second)[0] is State.ACTIVE
    assert all_fits()


def reading_state(table: Table, agreement: str, version: str) -> tuple[State, object]:
    with table.visit("Council") as visit:
        shown = reading.agreement(visit, agreement, version=version).version
    return shown.state, shown.closed_at


def test_a_schedule_amendment_is_signed_by_the_owners_it_touches_and_the_lead(table: Table) -> None:
    agreement, first = table.in_force()
    version = table.amended(
        agreement, table.line("attendance", "Schools", min_cell=20), table.line("tenancies", "Housing", min_cell=5)
    )
    table.open(version)
    with table.visit("Trust") as visit:
        parties = {each.name: each.signs for each in reading.agreement(visit, agreement, version=version).parties}
        assert parties == {"Council": True, "Schools": True, "Housing": False, "Trust": False}
        assert reading.waiting(visit) == ()
    with pytest.raises(Invalid, match="your signature under the terms stands"):
        table.sign("Trust", agreement, version)
    assert not table.sign("Council", agreement, version)
    assert table.sign("Schools", agreement, version, now=LATER)
    assert reading_state(table, agreement, first) == (State.CLOSED, LATER)
    with table.visit("Housing") as visit:
        shown = reading.agreement(visit, agreement)
        changes = reading.compare(visit, agreement, before="1.0", after="1.1")
    assert (shown.version.label, shown.damage) == ("1.1", ())
    assert [(each.where, each.before, each.after) for each in changes] == [("Attendance: smallest count", "10", "20")]
    assert all_fits()


def test_a_schedule_amendment_leaves_the_terms_as_they_are(table: Table) -> None:
    agreement, _first = table.in_force()
    with table.visit("Council") as visit:
        version = drafting.amend(visit, agreement, terms=False)
        shown = reading.agreement(visit, agreement, version=version)
        for other in (
            changed(shown.document, ends_on=date(2028, 1, 1)),
            changed(shown.document, parties=shown.document.parties[:3]),
            changed(shown.document, terms=msgspec.structs.replace(shown.document.terms, purpose="Something else.")),
            changed(shown.document, terms=msgspec.structs.replace(shown.document.terms, privacy="None.")),
        ):
            with pytest.raises(Invalid, match="the schedule only"):
                drafting.save(visit, version, other, seen=shown.version.content_hash)
        with pytest.raises(Invalid, match="the schedule only"):
            drafting.say_stakes(visit, version, stakes="Something else.")


def test_an_amendment_of_ended_terms_never_comes_into_force(table: Table) -> None:
    agreement, _first = table.in_force()
    version = table.amended(agreement, table.line("attendance", "Schools", min_cell=20))
    table.open(version)
    table.sign("Council", agreement, version)
    table.sign("Schools", agreement, version)
    with table.visit("Trust") as visit:
        signing.close(visit, agreement, why="The project ended.", looked_back="Keep the counts.")
    with pytest.raises(Invalid, match="not in force"):
        table.sign("Housing", agreement, version)
    assert all_fits()


def test_states_follow_the_days_of_the_collaborations_zone(table: Table) -> None:
    agreement, _version = table.in_force(changed(table.document(), starts_on=date(2026, 12, 1)))
    was = store.settings()
    store.use_settings(Settings(home=was.home, database_url=was.database_url, timezone="Pacific/Auckland"))
    for at, state in (
        (datetime(2026, 11, 30, 10, 59, tzinfo=UTC), State.NOT_STARTED),
        (datetime(2026, 11, 30, 11, 0, tzinfo=UTC), State.ACTIVE),
        (datetime(2027, 10, 31, 10, 59, tzinfo=UTC), State.ACTIVE),
        (datetime(2027, 10, 31, 11, 0, tzinfo=UTC), State.EXPIRED),
    ):
        with table.visit("Trust", now=at) as visit:
            assert reading.agreement(visit, agreement).version.state is state


def test_ending_needs_a_reason_and_is_for_parties(table: Table) -> None:
    agreement, version = table.in_force()
    with table.visit("Trust") as visit:
        with pytest.raises(Invalid, match="Say why"):
            signing.close(visit, agreement, why=" ")
        signing.close(visit, agreement, why="Done.", looked_back="We would do it again.")
        shown = reading.agreement(visit, agreement).version
        with pytest.raises(Invalid, match="nothing to end"):
            signing.close(visit, agreement, why="Done.")
    assert (shown.id, shown.state, shown.looked_back) == (version, State.CLOSED, "We would do it again.")
    assert all_fits()


def test_what_an_organisation_owes_is_told_to_it(table: Table) -> None:
    with table.visit("Council") as visit:
        agreement = drafting.draft(visit, table.document())
        version = reading.agreement(visit, agreement).version.id
        drafting.for_review(visit, version)
    assert waits(table, "Trust") == [Wait.STAKES]
    with table.visit("Trust") as visit:
        drafting.say_stakes(visit, version, stakes="Nothing to add.")
    assert waits(table, "Trust") == []
    with table.visit("Council") as visit:
        drafting.back_to_draft(visit, version)
    table.prepare(version)
    table.open(version)
    assert waits(table, "Trust") == [Wait.SIGNATURE]
    for name in NAMES:
        table.sign(name, agreement, version)
    assert waits(table, "Trust") == []
    assert waits(table, "Trust", days=160) == [Wait.REVIEW]
    assert waits(table, "Trust", days=343 - 31) == []
    assert waits(table, "Trust", days=343 - 30) == [Wait.ENDING]
    assert waits(table, "Trust", days=343) == [Wait.ENDING]
    assert waits(table, "Trust", days=344) == []


def waits(table: Table, name: str, *, days: int = 0) -> list[Wait]:
    with table.visit(name, now=NOW + timedelta(days=days)) as visit:
        return [each.kind for each in reading.waiting(visit)]


def test_of_signatures_given_at_once_exactly_one_is_the_last(table: Table) -> None:
    agreement, version = table.in_review()
    table.open(version)
    together = threading.Barrier(len(NAMES))

    def sign(name: str) -> bool:
        together.wait()
        return table.sign(name, agreement, version)

    with ThreadPoolExecutor(len(NAMES)) as pool:
        assert sorted(pool.map(sign, NAMES)) == [False, False, False, True]
    assert reading_state(table, agreement, version) == (State.ACTIVE, None)
    assert all_fits()


def test_agreements_drafted_at_once_have_numbers_of_their_own(table: Table) -> None:
    together = threading.Barrier(4)

    def draft(number: int) -> str:
        together.wait()
        with table.visit("Council") as visit:
            return drafting.draft(visit, changed(table.document(), title=f"Agreement {number}"))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(draft, range(4)))
    with table.visit("Council") as visit:
        assert [each.name for each in reading.agreements(visit)] == ["A-4", "A-3", "A-2", "A-1"]
    assert all_fits()


def test_it_cannot_be_opened_before_everything_is_said(table: Table) -> None:
    with table.visit("Council") as visit:
        agreement = drafting.draft(visit, table.document())
        version = reading.agreement(visit, agreement).version.id
        with pytest.raises(Invalid, match="not in review"):
            signing.open_for_signature(visit, version, subjects=table.subjects())
        drafting.for_review(visit, version)
        told = reading.problems(visit, version, subjects=table.subjects())
        with pytest.raises(Invalid) as refused:
            signing.open_for_signature(visit, version, subjects=table.subjects())
    assert refused.value.sentence == told[0]
    assert any("Trust has not said yet" in sentence for sentence in told)


def test_a_dataset_of_somebody_else_is_not_given_away(table: Table) -> None:
    agreement, _first = table.in_force()
    stolen = table.line("attendance", "Schools", min_cell=0)
    taken = msgspec.structs.replace(stolen, owner=table.ids["Council"])
    with table.visit("Council") as visit:
        version = drafting.amend(visit, agreement, terms=False)
        shown = reading.agreement(visit, agreement, version=version)
        drafting.save(visit, version, changed(shown.document, schedule=(taken,)), seen=shown.version.content_hash)
        drafting.for_review(visit, version)
        drafting.advise(visit, version, adviser="A", comment="Fine.")
        with pytest.raises(Invalid, match="does not belong to Council"):
            signing.open_for_signature(visit, version, subjects=table.subjects())


def test_purposes_are_kept_as_they_are_compared(table: Table) -> None:
    document = table.document()
    said = changed(
        document, terms=msgspec.structs.replace(document.terms, purposes=(" Keep  in touch ", "keep in TOUCH"))
    )
    with table.visit("Council") as visit:
        agreement = drafting.draft(visit, said)
        assert reading.agreement(visit, agreement).document.terms.purposes == ("keep in touch",)


def test_health_tells_whether_it_is_used_and_what_is_feared(table: Table) -> None:
    agreement, _version = table.in_force()
    with table.visit("Trust", now=LATER) as visit:
        fresh = reading.health(visit, agreement)
    assert (fresh.days_signed, fresh.datasets, fresh.used, fresh.amber) == (0, 2, 0, False)
    with table.visit("Trust", now=NOW + timedelta(days=90)) as visit:
        unused = reading.health(visit, agreement)
    assert (unused.days_signed, unused.first_use_days, unused.amber) == (89, None, True)
    assert "nobody has looked" in unused.sentences[0]
    with operator("test", now=NOW + timedelta(days=10)) as visit:
        for dataset in ("attendance", "tenancies", "jobs"):
            grant = require(visit, Action.DATA_VIEWED, dataset)
            with visit.change(grant) as session:
                grant.witness(session)
    with table.visit("Trust", now=NOW + timedelta(days=90)) as visit:
        used = reading.health(visit, agreement)
    assert (used.used, used.first_use_days, used.amber) == (2, 9, False)
