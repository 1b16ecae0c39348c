"""Saved searches and followed datasets are one's own, and never tell of what one may not know."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from catalogue import saved
from catalogue.search import Query, Sort
from governance import Invalid, NotFound, NotPermitted, Visit, machinery
from tests.catalogue.shelf import NOW, dataset, happens, member, put

LATER = NOW + timedelta(hours=1)
CHILD = Query(text="child", filters={"band": ("open",)}, sort=Sort.NEWEST)


@pytest.fixture
def visit(home: Path) -> Iterator[Visit]:
    put([dataset(1, "Child care"), dataset(2, "Water", listing="owner", organisation_id="council")])
    with member() as made:
        yield made


def test_a_saved_search_comes_back_as_it_was(visit: Visit) -> None:
    id = saved.save_search(visit, "  Children,  open ", CHILD)

    (kept,) = saved.saved_searches(visit)
    assert (kept.id, kept.name, kept.new) == (id, "Children, open", 0)
    assert (kept.query.text, dict(kept.query.filters), kept.query.sort) == ("child", {"band": ("open",)}, Sort.NEWEST)


def test_a_saved_search_counts_what_came_since_it_was_looked_at_and_its_owner_may_know_of(visit: Visit) -> None:
    id = saved.save_search(visit, "Children", CHILD)
    put(
        [
            dataset(3, "Child benefit", added_at=LATER),
            dataset(4, "Child protection", added_at=LATER, listing="owner", organisation_id="police"),
            dataset(5, "Child poverty", added_at=LATER, band="closed"),
            dataset(6, "Roads", added_at=LATER),
        ]
    )
    visit.refresh()
    assert [each.new for each in saved.saved_searches(visit)] == [1]

    later = LATER + timedelta(hours=1)
    assert saved.look_at(visit.__class__(viewer=visit.viewer, now=later), id).text == "child"

    visit.refresh()
    assert [each.new for each in saved.saved_searches(visit)] == [0]


def test_a_saved_search_is_seen_used_and_taken_away_by_its_owner_alone(visit: Visit) -> None:
    id = saved.save_search(visit, "Children", CHILD)
    with member("council", name="somebody-else") as other:
        assert saved.saved_searches(other) == ()
        for act in (saved.look_at, saved.forget):
            with pytest.raises(NotFound):
                act(other, id)
    saved.forget(visit, id)

    assert saved.saved_searches(visit) == ()


def test_a_saved_search_needs_a_name_of_its_own(visit: Visit) -> None:
    saved.save_search(visit, "Children", CHILD)
    for name in ("", "  ", "Children", "x" * 121):
        with pytest.raises(Invalid):
            saved.save_search(visit, name, CHILD)


def test_nobody_in_particular_saves_and_follows_nothing(home: Path) -> None:
    put([dataset(1)])
    with machinery("a job") as job:
        assert (saved.saved_searches(job), saved.following(job), saved.news(job)) == ((), (), ())
        with pytest.raises(NotPermitted):
            saved.save_search(job, "Mine", CHILD)
        with pytest.raises(NotPermitted):
            saved.follow(job, "d000001")


def test_a_followed_dataset_tells_what_happens_to_it_from_then_on(visit: Visit) -> None:
    put([dataset(3, "Child benefit")])
    saved.follow(visit, "d000001")
    saved.follow(visit, "d000001")
    happens(1, LATER)
    happens(3, LATER)
    visit.refresh()

    assert saved.follows(visit, "d000001")
    assert not saved.follows(visit, "d000003")
    assert [hit.title for hit in saved.following(visit)] == ["Child care"]
    assert [(each.dataset_id, each.kind, each.title) for each in saved.news(visit)] == [
        ("d000001", "changed", "Child care")
    ]
    assert saved.news(visit, since=LATER) == ()


def test_a_dataset_no_longer_followed_tells_nothing(visit: Visit) -> None:
    saved.follow(visit, "d000001")
    saved.unfollow(visit, "d000001")
    happens(1, LATER)
    visit.refresh()

    assert saved.news(visit) == ()
    assert saved.following(visit) == ()


def test_a_hidden_dataset_cannot_be_followed_and_one_that_is_hidden_later_falls_silent(visit: Visit) -> None:
    with member("police") as other:
        with pytest.raises(NotFound) as hidden:
            saved.follow(other, "d000002")
        with pytest.raises(NotFound) as missing:
            saved.follow(other, "no-such-dataset")
        assert str(hidden.value) == str(missing.value)
        saved.follow(other, "d000001")
        happens(1, LATER)
        put([dataset(1, "Child care", listing="owner", organisation_id="council")])
        other.refresh()

        assert saved.following(other) == ()
        assert saved.news(other) == ()
        assert not saved.follows(other, "d000001")
