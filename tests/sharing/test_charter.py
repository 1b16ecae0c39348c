"""The charter: written in versions, adopted for good, and every use held against it before it begins."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from entrypoints import background
from governance import Invalid, NotFound, NotPermitted, Role, audit, operator
from governance.notices import Kind
from governance.notices import waiting as notices
from governance.visit import of_person
from sharing import charter, uses
from sharing.charter import Charter, Clause, Wording, changes
from sharing.charter.adopting import fingerprint
from sharing.tables import CharterRow
from sharing.uses import Answer, Finding, Outcome, Reply, Standing, State
from tests.catalogue.made import NOW, TODAY
from tests.governance.test_agreements_kept import run, without_triggers
from tests.sharing.table_of_uses import HARBOUR, Table, seated

background.load()
pytestmark = pytest.mark.usefixtures("home")

TWO = Wording(
    clauses=(
        Clause(code="plain", title="In plain words", text="We say what we do.", question="Is it said plainly?"),
        Clause(code="gain", title="Good for people", text="People gain from it.", question="Do people gain from it?"),
    ),
    agreed_by="The residents' panel, on 3 March",
)
MEETS = Reply(answer=Answer.MEETS)
FINE = Finding(replies={"plain": MEETS, "gain": MEETS}, outcome=Outcome.GO, heard="Nine people at the market: yes.")


@pytest.fixture
def table() -> Table:
    made = seated()
    made.people.person("fiona", HARBOUR, "facilitator")
    return made


def adopted(table: Table, wording: Wording = TWO) -> int:
    with table.people.as_("fiona") as visit:
        kept = charter.write(visit, wording)
        return charter.adopt(visit, seen=kept.edition)


def agreed(table: Table) -> str:
    """A request that its owner agreed to, and that an agreement covers."""
    asked = table.ask(table.wants(table.waiting))
    table.decide(asked, by="priya")
    table.agree(HARBOUR, table.waiting)
    return asked


def held(table: Table, use_id: str, said: Finding = FINE, *, by: str = "fiona") -> None:
    with table.people.as_(by) as visit:
        uses.check(visit, use_id, said, seen=uses.use_case(visit, use_id).version)


def stands(table: Table, use_id: str) -> Standing:
    use = table.seen(use_id)
    with table.people.as_("nils") as visit:
        return uses.standing(uses.checks(visit, {use_id: use.version}).get(use_id), charter.in_force(visit))


def test_the_wording_to_begin_with_can_be_adopted_and_is_then_read_by_everybody(table: Table) -> None:
    with table.people.as_("hanna") as visit:
        assert charter.in_force(visit) is None
    adopted(table, replace(charter.starter(), agreed_by="A meeting"))
    with table.people.as_("hanna") as visit:
        found = charter.in_force(visit)
    assert found is not None
    assert found.intact
    assert len(found.clauses) == 8
    assert all(each.question.endswith("?") for each in found.clauses)


def test_a_draft_is_read_by_nobody_but_those_who_write_it(table: Table) -> None:
    with table.people.as_("fiona") as visit:
        charter.write(visit, TWO)
    for name in ("priya", "hanna", "miriam"):
        with table.people.as_(name) as visit:
            assert charter.draft(visit) is None
            assert charter.charters(visit) == ()
            with pytest.raises(NotPermitted):
                charter.write(visit, TWO)
            with pytest.raises(NotFound):
                charter.adopt(visit, seen=1)


@pytest.mark.parametrize(
    ("clause", "sentence"),
    [
        ({"title": ""}, "a title"),
        ({"text": " "}, "promises"),
        ({"question": ""}, "question"),
        ({"title": "good for people"}, "same title"),
        ({"title": "x" * 301}, "300"),
    ],
)
def test_a_clause_that_lacks_something_is_refused_in_one_sentence(
    table: Table, clause: Mapping[str, str], sentence: str
) -> None:
    bad = replace(TWO, clauses=(replace(TWO.clauses[0], **clause), TWO.clauses[1]))
    with table.people.as_("fiona") as visit:
        with pytest.raises(Invalid, match=sentence):
            charter.write(visit, bad)
        assert charter.draft(visit) is None


def test_two_who_write_at_once_do_not_write_over_each_other(table: Table) -> None:
    with table.people.as_("fiona") as visit:
        first = charter.write(visit, TWO)
        charter.write(visit, replace(TWO, note="More"), seen=first.edition)
        for step in (charter.adopt, charter.discard):
            with pytest.raises(Invalid, match="meanwhile"):
                step(visit, seen=first.edition)
        with pytest.raises(Invalid, match="meanwhile"):
            charter.write(visit, TWO, seen=0)


def test_of_those_who_begin_it_at_the_same_moment_one_does_and_the_others_are_told(table: Table) -> None:
    together = threading.Barrier(4)

    def begin(number: int) -> str:
        together.wait()
        try:
            with table.people.as_("fiona") as visit:
                return charter.write(visit, replace(TWO, note=f"By {number}")).wording.note
        except Invalid as error:
            return error.sentence

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(begin, range(4)))
    assert sorted("meanwhile" in each for each in said) == [False, True, True, True]
    with table.people.as_("fiona") as visit:
        kept = charter.draft(visit)
    assert kept is not None and kept.wording.note in said


def test_the_next_version_says_what_changed_and_the_earlier_one_stays(table: Table) -> None:
    adopted(table)
    reworded = replace(TWO.clauses[0], text="We say it on paper, too.")
    new = Clause(code="", title="Heard", text="Worries are answered.", question="Who answers?")
    second = replace(TWO, clauses=(new, reworded))
    with table.people.as_("fiona") as visit:
        kept = charter.write(visit, second)
        with pytest.raises(Invalid, match="what changed"):
            charter.adopt(visit, seen=kept.edition)
        kept = charter.write(visit, replace(second, note="The panel asked for it."), seen=kept.edition)
        assert charter.adopt(visit, seen=kept.edition) == 2
        newest, first = charter.charters(visit)
    assert [(each.what, each.clause.title) for each in changes(first, newest)] == [
        ("added", "Heard"),
        ("reworded", "In plain words"),
        ("removed", "Good for people"),
    ]
    assert first.wording == TWO


def test_nothing_can_be_adopted_that_nobody_agreed_to_or_that_was_thrown_away(table: Table) -> None:
    with table.people.as_("fiona") as visit:
        kept = charter.write(visit, replace(TWO, agreed_by=""))
        with pytest.raises(Invalid, match="who agreed"):
            charter.adopt(visit, seen=kept.edition)
        kept = charter.write(visit, replace(TWO, review_on=TODAY), seen=kept.edition)
        with pytest.raises(Invalid, match="later day"):
            charter.adopt(visit, seen=kept.edition)
        charter.discard(visit, seen=kept.edition)
        with pytest.raises(NotFound):
            charter.adopt(visit, seen=kept.edition)


STATEMENTS = (
    "UPDATE charter_version SET clauses = '[]'",
    "UPDATE charter_version SET adopted_on = NULL",
    "UPDATE charter_version SET agreed_by = 'x'",
    "DELETE FROM charter_version",
)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_an_adopted_version_cannot_be_changed_by_a_statement(table: Table, statement: str) -> None:
    adopted(table)
    with pytest.raises(DBAPIError, match="what was adopted never changes"):
        run(statement)
    with operator("test") as visit:
        assert charter.verify(visit) == ()


def test_a_version_that_was_changed_past_the_database_is_found_and_lets_nothing_begin(table: Table) -> None:
    asked = agreed(table)
    adopted(table)
    held(table, asked)
    without_triggers("charter_version")
    run("UPDATE charter_version SET agreed_by = 'Nobody'")
    assert stands(table, asked) is Standing.BROKEN
    with pytest.raises(Invalid, match="administrator"):
        table.begin(asked)
    with pytest.raises(Invalid, match="administrator"):
        held(table, asked)
    with operator("test") as visit:
        assert charter.verify(visit) == ("Version 1 of the charter is not what was adopted.",)
    clauses = [asdict(each) for each in TWO.clauses]
    other = CharterRow(version=1, clauses=clauses, note="", agreed_by="Nobody")
    forged = fingerprint(other, by="fiona", on=TODAY)
    run(f"UPDATE charter_version SET hash = '{forged}'")
    with operator("test") as visit:
        assert charter.verify(visit) == ("charter:1: the audit tells of other words.",)
    run("DELETE FROM charter_version")
    with operator("test") as visit:
        assert charter.verify(visit) == ("The audit tells of charter:1, which is not there any more.",)


def test_without_a_charter_a_use_begins_as_before_and_with_one_it_is_held_against_it_first(table: Table) -> None:
    first, second = agreed(table), agreed(table)
    table.begin(first)
    adopted(table)
    with pytest.raises(Invalid, match="not held against the charter yet"):
        table.begin(second)
    held(table, second)
    table.begin(second)
    assert table.seen(second).state is State.LIVE
    held(table, first)
    assert stands(table, first) is Standing.STANDS


def test_a_use_that_does_not_go_ahead_cannot_begin_until_it_is_answered_anew(table: Table) -> None:
    asked = agreed(table)
    adopted(table)
    no = Finding(
        replies={"plain": MEETS, "gain": Reply(answer=Answer.DOES_NOT, why="Nobody in it gains.")},
        outcome=Outcome.DO_NOT_GO,
    )
    held(table, asked, no)
    with pytest.raises(Invalid, match="does not go ahead"):
        table.begin(asked)
    held(table, asked, replace(no, outcome=Outcome.GO_IF, conditions="The street gets a meeting."))
    table.begin(asked)


def test_other_words_or_another_charter_ask_for_the_answers_anew(table: Table) -> None:
    asked = agreed(table)
    adopted(table)
    held(table, asked)
    with table.people.as_("nils") as visit:
        uses.change(visit, asked, table.wants(table.waiting, legal_basis="Another"), seen=table.seen(asked).version)
    table.decide(asked, by="priya")
    assert stands(table, asked) is Standing.OLD_WORDS
    held(table, asked)
    assert stands(table, asked) is Standing.STANDS
    with table.people.as_("fiona") as visit:
        kept = charter.write(visit, replace(TWO, note="Clearer", clauses=TWO.clauses[:1]))
        charter.adopt(visit, seen=kept.edition)
    assert stands(table, asked) is Standing.OLD_CHARTER
    with pytest.raises(Invalid, match="charter has changed"):
        table.begin(asked)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"replies": {"plain": MEETS}}, "Good for people"),
        ({"replies": {"plain": MEETS, "gain": Reply(answer=Answer.PARTLY)}}, "Say why"),
        ({"replies": {"plain": MEETS, "gain": Reply(answer=Answer.NOT_APPLICABLE, why=" ")}}, "Say why"),
        ({"replies": {"plain": MEETS, "gain": Reply(answer=Answer.DOES_NOT, why="No.")}}, "under which conditions"),
        ({"outcome": Outcome.GO_IF}, "without conditions"),
        ({"outcome": Outcome.DO_NOT_GO}, "which clause"),
    ],
)
def test_answers_that_do_not_fit_together_are_refused_in_one_sentence(
    table: Table, said: Mapping[str, object], sentence: str
) -> None:
    asked = agreed(table)
    adopted(table)
    with pytest.raises(Invalid, match=sentence) as refused:
        held(table, asked, replace(FINE, **said))  # type: ignore[arg-type]
    assert refused.value.field
    assert stands(table, asked) is Standing.OPEN


def test_who_asked_and_members_do_not_hold_it_against_the_charter_and_every_answer_stays_in_the_audit(
    table: Table,
) -> None:
    table.people.person("nadia", "Northbank Trust", "chair")
    asked = table.ask(table.wants(table.waiting), by="nora")
    adopted(table)
    with pytest.raises(NotPermitted, match="somebody else"):
        held(table, asked, by="nora")
    with pytest.raises(NotPermitted, match="facilitator"):
        held(table, asked, by="miriam")
    held(table, asked, by="nadia")
    held(table, asked, replace(FINE, outcome=Outcome.GO_IF, conditions="Totals."), by="priya")
    with operator("test") as visit:
        told = [each.detail for each in audit.events(visit) if each.action == "use.held_against_charter"]
    assert sorted(each["outcome"] for each in told) == ["go", "go-if"]


def test_answers_about_a_use_are_read_by_nobody_who_may_not_know_of_it(table: Table) -> None:
    asked = table.ask(table.wants(table.reviews), by="jonas")
    adopted(table)
    held(table, asked, by="priya")
    with table.people.as_("nora") as visit:
        assert uses.checks(visit, {asked: 1}) == {}
        with pytest.raises(NotFound):
            uses.check(visit, asked, FINE, seen=1)
    with table.people.as_("hanna") as visit:
        assert uses.checks(visit, {asked: 1})


def test_what_was_read_meanwhile_changed_is_refused(table: Table) -> None:
    asked = agreed(table)
    adopted(table)
    with table.people.as_("fiona") as visit, pytest.raises(Invalid, match="meanwhile"):
        uses.check(visit, asked, FINE, seen=table.seen(asked).version + 1)


def told(table: Table, username: str) -> list[str]:
    with table.people.as_(username) as visit:
        return [each.subject for each in notices(visit) if each.kind is Kind.CHARTER]


def test_facilitators_chairs_and_the_owners_stewards_are_told_once_the_owners_agreed(table: Table) -> None:
    asked = table.ask(table.wants(table.waiting))
    adopted(table)
    assert told(table, "fiona") == []
    table.decide(asked, by="priya")
    title = table.seen(asked).title
    assert told(table, "fiona") == told(table, "priya") == [title]
    assert told(table, "jonas") == told(table, "miriam") == told(table, "nils") == []
    held(table, asked)
    assert told(table, "fiona") == []


@given(
    answers=st.fixed_dictionaries({"plain": st.sampled_from(Answer), "gain": st.sampled_from(Answer)}),
    outcome=st.sampled_from(Outcome),
)
def test_nothing_that_misses_a_clause_goes_ahead_without_a_condition(
    answers: dict[str, Answer], outcome: Outcome
) -> None:
    from sharing.uses.checking import _checked

    now = Charter(
        version=1, edition=1, wording=TWO, adopted_by="F", adopted_on=TODAY - timedelta(days=1), hash="", intact=True
    )
    said = Finding(
        replies={code: Reply(answer=each, why="So") for code, each in answers.items()},
        outcome=outcome,
        conditions="If.",
    )
    try:
        kept = _checked(said, now)
    except Invalid:
        assert (outcome is Outcome.GO) == (Answer.DOES_NOT in answers.values())
        return
    assert kept.outcome is not Outcome.GO or Answer.DOES_NOT not in answers.values()
    assert bool(kept.conditions) == (outcome is Outcome.GO_IF)


def test_what_a_viewer_may_see_follows_their_roles_of_this_moment(table: Table) -> None:
    with table.people.as_("fiona") as visit:
        charter.write(visit, TWO)
        writer = visit.viewer
    for viewer, sees in ((writer, True), (replace(writer, roles=frozenset({Role.MEMBER})), False), (writer, True)):
        with of_person(viewer, now=NOW) as visit:
            assert (charter.draft(visit) is not None) is sees
