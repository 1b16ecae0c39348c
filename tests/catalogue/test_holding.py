"""An owner pauses its dataset at once and lifts the pause: nobody else can, and lifting restores what was."""

from __future__ import annotations

from datetime import timedelta

import pytest

from catalogue import datasets, holding
from governance import Invalid, NotFound, NotPermitted, access, audit, holds, standing
from governance.access import Scope, Use, Why
from tests.catalogue.made import NOW, Collaboration, collaboration, harvested, record, source

pytestmark = pytest.mark.usefixtures("home")
OPEN = {"licence": ("cc-by-4.0",)}


@pytest.fixture
def made() -> Collaboration:
    return collaboration()


def owned(made: Collaboration, *, listing: str = "everyone", title: str = "Repairs") -> str:
    """An open dataset of Tidewater Homes."""
    owner = made.organisations["Tidewater Homes"]
    return harvested(record(title, **OPEN), source_id=source(title), organisation_id=owner, listing=listing)


def answer(made: Collaboration, username: str, dataset_id: str) -> Why:
    """What the access rule says to this person a minute later."""
    later = NOW + timedelta(minutes=1)
    with made.as_(username, now=later) as visit:
        found = datasets.dataset(visit, dataset_id)
        subject = access.Dataset(id=found.id, owner=found.organisation_id, band=access.Band(found.band.value))
        world = standing.facts(visit, [subject])
    return access.decide(world, username, use=Use.VIEW, dataset=dataset_id, purpose="", now=later).why


def test_a_hold_stops_everybody_but_the_owner_and_lifting_restores_what_was(made: Collaboration) -> None:
    dataset_id = owned(made)
    people = ("miriam", "priya", "ada", "hanna", "jonas")
    before = [answer(made, each, dataset_id) for each in people]
    assert before == [Why.OPEN] * 3 + [Why.OWN] * 2
    with made.as_("jonas") as visit:
        holding.hold(visit, dataset_id, "We check the repairs codes.")
    assert [answer(made, each, dataset_id) for each in people] == [Why.PAUSED] * 3 + [Why.OWN] * 2
    with made.as_("jonas") as visit:
        holding.lift(visit, dataset_id)
    assert [answer(made, each, dataset_id) for each in people] == before


@pytest.mark.parametrize("username", ["miriam", "priya", "ada", "hanna"])
def test_only_a_steward_of_the_owner_pauses_or_lifts(made: Collaboration, username: str) -> None:
    dataset_id = owned(made)
    with made.as_(username) as visit, pytest.raises(NotPermitted):
        holding.hold(visit, dataset_id, "Because.")
    with made.as_("jonas") as visit:
        holding.hold(visit, dataset_id, "We check the repairs codes.")
    with made.as_(username) as visit, pytest.raises((NotPermitted, NotFound)):
        holding.lift(visit, dataset_id)
    assert answer(made, "miriam", dataset_id) is Why.PAUSED


def test_a_hidden_dataset_and_a_missing_one_are_told_in_the_same_words(made: Collaboration) -> None:
    hidden = owned(made, listing="owner")
    said = []
    for asked in (hidden, "there-is-none"):
        with made.as_("priya") as visit:
            for ask in (lambda: holding.hold(visit, asked, "Why."), lambda: holding.pausing(visit, asked)):  # noqa: B023
                with pytest.raises(NotFound) as fault:
                    ask()
                said.append(fault.value.sentence)
    assert len(set(said)) == 1


def test_a_hold_needs_a_reason_and_an_owner(made: Collaboration) -> None:
    dataset_id, nobodys = owned(made), harvested(record("Air", **OPEN), source_id=source("Air"))
    with made.as_("jonas") as visit:
        with pytest.raises(Invalid):
            holding.hold(visit, dataset_id, "  ")
        with pytest.raises(Invalid, match="No organisation here owns"):
            holding.hold(visit, nobodys, "Because.")
        with pytest.raises(Invalid, match="not paused"):
            holding.lift(visit, dataset_id)


def test_everybody_who_may_know_of_the_dataset_reads_who_paused_it_and_why(made: Collaboration) -> None:
    dataset_id = owned(made)
    with made.as_("jonas") as visit:
        holding.hold(visit, dataset_id, "We check the repairs codes.")
        [event] = audit.events(visit, action="hold.placed")
    assert (event.actor, event.action) == ("jonas", "hold.placed")
    with made.as_("miriam", now=NOW + timedelta(minutes=1)) as visit:
        found = holding.pausing(visit, dataset_id)
        assert found is not None
        assert (found.organisation, found.reason) == ("Tidewater Homes", "We check the repairs codes.")
        assert holding.paused(visit, [dataset_id]) == {}
    with made.as_("hanna", now=NOW + timedelta(minutes=1)) as visit:
        assert list(holding.paused(visit, [dataset_id, "another"])) == [dataset_id]


def test_a_hold_on_the_whole_organisation_pauses_each_of_its_datasets(made: Collaboration) -> None:
    dataset_id, tidewater = owned(made), made.organisations["Tidewater Homes"]
    with made.as_("jonas") as visit:
        holds.place(visit, Scope.ORGANISATION, tidewater, organisation_id=tidewater, reason="A break-in.")
    with made.as_("miriam", now=NOW + timedelta(minutes=1)) as visit:
        found = holding.pausing(visit, dataset_id)
    assert found is not None
    assert found.scope is Scope.ORGANISATION
    assert answer(made, "miriam", dataset_id) is Why.PAUSED
