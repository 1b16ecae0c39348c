"""Who may know of a request: whoever may know of its data; nothing of a hidden dataset leaks through one."""

from __future__ import annotations

import pytest

from catalogue import curation
from catalogue.spectrum import Band, Stated
from governance import NotFound, Visit
from sharing import uses
from sharing.uses import State, UseCase
from tests.catalogue.made import TODAY, harvested, record, source
from tests.sharing.table_of_uses import HARBOUR, NORTHBANK, NOT_NOW, TIDEWATER, WARM, Table, seated

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def table() -> Table:
    return seated()


def listed(visit: Visit) -> list[UseCase]:
    """Everything that a screen could show of requests, as one person reads them."""
    return [*uses.use_cases(visit), *uses.waiting(visit), *(each.use for each in uses.register(visit))]


def test_a_request_for_hidden_data_changes_nothing_for_those_who_may_not_know_of_them(table: Table) -> None:
    table.ask(WARM)
    with table.people.as_("nora") as visit:
        before = listed(visit)
    asked = table.ask(table.wants(table.reviews, table.waiting, title="About the reviews"), by="hanna")
    table.decide(asked, by="priya")
    for by in ("nora", "nils"):
        with table.people.as_(by) as visit:
            assert listed(visit) == before
            assert uses.use_cases(visit, dataset_id=table.reviews) == ()
            assert uses.use_cases(visit, dataset_id=table.waiting) == ()
            with pytest.raises(NotFound, match="no request"):
                uses.use_case(visit, asked)
    for by in ("hanna", "jonas", "priya", "miriam"):
        assert len(table.seen(asked, by=by).datasets) == 2


def test_an_owner_reads_what_concerns_it_and_not_that_other_data_are_asked_for(table: Table) -> None:
    """Northbank may know of its own data and not of the reviews; what their owner says is not told to it."""
    stated = Stated(band=Band.GROUP, by="The owner", on=TODAY, reason="For partners")
    homes = harvested(record("Homes"), source_id=source("Other"), organisation_id=table.id(NORTHBANK), stated=stated)
    asked = table.ask(table.wants(table.reviews, homes), by="hanna")
    table.decide(asked, NOT_NOW, by="priya")
    use = table.seen(asked, by="nora")
    assert [each.title for each in use.datasets] == ["Homes"]
    assert (use.state, [each.name for each in use.owners]) == (State.WAITING, [NORTHBANK])
    assert table.seen(asked, by="hanna").state is State.WAITING


def test_those_who_asked_keep_their_request_when_the_data_are_hidden_from_them_later(table: Table) -> None:
    asked = table.ask(table.wants(table.waiting, table.tenancies))
    with table.people.as_("priya") as visit:
        curation.set_listing(visit, table.waiting, "owner")
    use = table.seen(asked)
    assert [each.title for each in use.datasets] == ["Tenancies"]
    with table.people.as_("nils") as visit:
        uses.change(visit, asked, table.wants(table.tenancies, title="Warmer"), seen=use.version)
    assert len(table.seen(asked, by="priya").datasets) == 2
    with table.people.as_("miriam") as visit:
        assert {each.title for each in uses.use_case(visit, asked).datasets} == {"Tenancies", "Waiting list"}


def test_the_register_is_for_everybody_and_names_no_hidden_dataset(table: Table) -> None:
    asked = table.ask(table.wants(table.reviews), by="hanna")
    table.decide(asked, by="priya")
    table.agree(HARBOUR, table.reviews, receiver=TIDEWATER)
    table.begin(asked, by="hanna")
    with table.people.as_("nils") as visit:
        [entry] = uses.register(visit)
    assert entry.runs and entry.use.title == WARM.title
    assert entry.use.datasets == () and entry.use.owners == () and entry.agreements == ()
