"""Commitments: offered and accepted, kept or broken; only those concerned change them; late follows from the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from governance import Invalid, NotFound, NotPermitted, audit, commitments, concerns, operator
from governance.commitments import NEXT, CommitmentDraft, CommitmentKind, CommitmentState
from governance.concerns import About, ShowAs, Worry
from tests.catalogue.made import NOW, TODAY, Collaboration, collaboration, harvested, record, source

pytestmark = pytest.mark.usefixtures("home")

TABLE = About(kind="collaboration")
ACTION = CommitmentDraft(kind=CommitmentKind.ACTION, what="Check the repairs codes.", about=TABLE)
OFFER = replace(ACTION, kind=CommitmentKind.OFFER, what="We share without dates of birth.")


@pytest.fixture
def made() -> Collaboration:
    built = collaboration()
    built.person("carl", "Harbour Council", "chair")
    return built


def given(made: Collaboration, draft: CommitmentDraft = ACTION, *, by: str = "hanna") -> str:
    with made.as_(by) as visit:
        return commitments.make(visit, draft)


def only(made: Collaboration, *, by: str = "miriam", later: int = 0) -> commitments.Commitment:
    with made.as_(by, now=NOW + timedelta(days=later)) as visit:
        [found] = commitments.commitments(visit)
    return found


def becomes(made: Collaboration, identifier: str, state: CommitmentState, *, by: str, why: str = "") -> None:
    with made.as_(by) as visit:
        commitments.change(visit, identifier, state, why=why)


def test_an_organisation_gives_its_own_word_only(made: Collaboration) -> None:
    given(made, replace(ACTION, who="  Hanna  Brandt ", due=TODAY))
    found = only(made)
    assert (found.organisation, found.who, found.state) == ("Tidewater Homes", "Hanna Brandt", CommitmentState.OPEN)
    with pytest.raises(NotPermitted):
        given(made, replace(ACTION, organisation_id=made.organisations["Harbour Council"]))


@pytest.mark.parametrize(
    "wrong", [{"what": " "}, {"about": None}, {"about": About(kind="x", id="y")}, {"due": TODAY - timedelta(days=1)}]
)
def test_what_about_what_and_a_day_to_come_are_needed(made: Collaboration, wrong: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        given(made, replace(ACTION, **wrong))  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", list(CommitmentKind))
def test_only_the_next_state_can_be_reached(made: Collaboration, kind: CommitmentKind) -> None:
    identifier = given(made, replace(ACTION, kind=kind))
    state = CommitmentState.OFFERED if kind is CommitmentKind.OFFER else CommitmentState.OPEN
    while True:
        assert only(made).state is state
        for other in set(CommitmentState) - set(NEXT.get(state, ())):
            with pytest.raises(Invalid):
                becomes(made, identifier, other, by="priya", why="because")
        if state not in NEXT:
            break
        state = NEXT[state][-1]
        becomes(made, identifier, state, by="priya", why="because")
    assert not only(made).is_open


def test_what_was_not_kept_needs_its_reason(made: Collaboration) -> None:
    identifier = given(made)
    with pytest.raises(Invalid, match="Say why"):
        becomes(made, identifier, CommitmentState.DROPPED, by="hanna", why=" ")
    becomes(made, identifier, CommitmentState.DROPPED, by="hanna", why="The codes are gone.")
    assert only(made).state_why == "The codes are gone."


def test_only_who_gave_the_word_and_stewards_and_chairs_say_what_became_of_it(made: Collaboration) -> None:
    for by in ("hanna", "jonas", "priya", "carl", "ada"):
        becomes(made, given(made), CommitmentState.KEPT, by=by)
    identifier = given(made)
    with pytest.raises(NotPermitted, match="gave its word"):
        becomes(made, identifier, CommitmentState.KEPT, by="miriam")
    with made.as_("miriam") as visit:
        assert all(each.may_become == () for each in commitments.commitments(visit))


def test_an_offer_is_accepted_by_who_raised_the_concern_and_not_by_who_made_it(made: Collaboration) -> None:
    with made.as_("miriam") as visit:
        worry = Worry(about=TABLE, words="They will find out who it is.", felt=2)
        named = concerns.raise_concern(visit, worry).id
        partner = concerns.raise_concern(visit, replace(worry, show_as=ShowAs.PARTNER)).id
    first = given(made, replace(OFFER, about=None, concern_id=named))
    second = given(made, replace(OFFER, about=None, concern_id=partner))
    with pytest.raises(NotPermitted):
        becomes(made, first, CommitmentState.ACCEPTED, by="hanna")
    becomes(made, first, CommitmentState.ACCEPTED, by="miriam")
    with pytest.raises(NotPermitted):
        becomes(made, second, CommitmentState.ACCEPTED, by="miriam")
    becomes(made, second, CommitmentState.ACCEPTED, by="carl")


def test_late_follows_from_the_day_and_is_over_with_the_matter(made: Collaboration) -> None:
    identifier = given(made, replace(ACTION, due=TODAY + timedelta(days=3)))
    assert [only(made, later=days).overdue for days in (0, 3, 4)] == [False, False, True]
    becomes(made, identifier, CommitmentState.KEPT, by="hanna")
    assert not only(made, later=9).overdue


def test_what_is_late_stands_first_and_what_is_settled_last(made: Collaboration) -> None:
    kept, late, soon, some_day = (
        given(made, replace(ACTION, due=due)) for due in (None, TODAY, TODAY + timedelta(days=9), None)
    )
    becomes(made, kept, CommitmentState.KEPT, by="hanna")
    with made.as_("miriam", now=NOW + timedelta(days=2)) as visit:
        assert [each.id for each in commitments.commitments(visit)] == [late, soon, some_day, kept]
        assert kept not in {each.id for each in commitments.commitments(visit, open_only=True)}


def test_a_commitment_is_hidden_with_what_it_is_about(made: Collaboration) -> None:
    council = made.organisations["Harbour Council"]
    hidden = harvested(record("Heron census"), source_id=source(), listing="owner", organisation_id=council)
    about = About(kind="dataset", id=hidden, title="Heron census")
    with made.as_("miriam") as visit:
        concern = concerns.raise_concern(visit, Worry(about=about, words="Herons", felt=1)).id
    identifier = given(made, replace(ACTION, about=None, concern_id=concern), by="miriam")
    assert only(made).about == about
    with made.as_("jonas") as visit:
        assert commitments.commitments(visit) == ()
        with pytest.raises(NotFound):
            commitments.change(visit, identifier, CommitmentState.KEPT)
    for draft in (replace(ACTION, about=about), replace(ACTION, about=None, concern_id=concern)):
        with pytest.raises(NotFound):
            given(made, draft, by="jonas")


def test_every_change_is_in_the_audit(made: Collaboration) -> None:
    identifier = given(made, OFFER)
    becomes(made, identifier, CommitmentState.ACCEPTED, by="priya")
    becomes(made, identifier, CommitmentState.BROKEN, by="hanna", why="We had to.")
    with operator("test", now=NOW) as visit:
        told = [(each.actor, each.detail.get("state", "made")) for each in audit.events(visit, action="commitment.")]
    assert told == [("hanna", "broken"), ("priya", "accepted"), ("hanna", "made")]
