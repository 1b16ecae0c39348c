"""Facets are exact for any catalogue, any filters and any viewer, and follow every change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from catalogue import arrays, search
from catalogue.arrays import AS_COORDINATES, NOT_STATED
from catalogue.facets import Facet, narrow
from catalogue.freshness import freshness
from catalogue.search import Query
from catalogue.tables import DatasetRow
from governance import Visit, machinery
from tests.catalogue.shelf import NOW, ORGANISATIONS, accounts, dataset, member, put, take_away

BANDS = ("closed", "named", "group", "public-limited", "public-unclear", "open", "unknown")
SIZE = 14
_lists = st.lists(st.sampled_from(["x", "y", "z"]), max_size=3)
_some = st.fixed_dictionaries(
    {
        "title": st.sampled_from(["Bus stops", "Bus routes", "Child care", "Water"]),
        "publisher": st.sampled_from(["", "Council", "Police"]),
        "band": st.sampled_from(BANDS),
        "themes": _lists,
        "formats": _lists,
        "life_events": _lists,
        "licence": st.sampled_from(["", "cc-by-4.0", "odbl-1.0"]),
        "spatial": st.sampled_from(["", "Leeds", '{"type": "Polygon"}']),
        "source_name": st.sampled_from(["", "Portal"]),
        "state": st.sampled_from(["live", "missing", "withdrawn"]),
        "listing": st.sampled_from(["everyone", "organisations", "owner"]),
        "organisation_id": st.sampled_from(["", *ORGANISATIONS]),
        "listed_for": st.lists(st.sampled_from(ORGANISATIONS), unique=True),
        "updated_on": st.none() | st.sampled_from([date(2026, 11, 20), date(2026, 10, 1), date(2020, 1, 1)]),
        "accrual_periodicity": st.sampled_from(["", "weekly", "annual"]),
    }
)
_filters = st.dictionaries(
    st.sampled_from([facet.value for facet in Facet]),
    st.lists(
        st.sampled_from(
            ["x", "y", "Council", "open", "closed", "own", "ask", "withdrawn", "live", "late", "Leeds", NOT_STATED]
        ),
        min_size=1,
        max_size=3,
    ).map(tuple),
    max_size=4,
)


def _values(row: Mapping[str, Any], organisation: str) -> dict[str, set[str]]:
    def said(value: str) -> set[str]:
        return {value or NOT_STATED}

    fresh = freshness(row["modified"], row["accrual_periodicity"], today=NOW.date()).state.value
    return {
        "organisation": said(row["publisher"]),
        "band": said(row["band"]),
        "theme": set(row["themes"]) or {NOT_STATED},
        "format": set(row["formats"]) or {NOT_STATED},
        "licence": said(row["licence"]),
        "freshness": {fresh},
        "area": said(AS_COORDINATES if row["spatial"].startswith("{") else row["spatial"]),
        "life-event": set(row["life_events"]) or {NOT_STATED},
        "source": said(row["source_name"]),
        "state": said(row["state"]),
        "access": {_access(row, organisation)} if organisation else set(),
    }


def _access(row: Mapping[str, Any], organisation: str) -> str:
    """Nobody shares or pauses anything here."""
    own = "own" if row["organisation_id"] == organisation else ""
    return own or ("open" if row["band"] == "open" else "public" if row["band"].startswith("public-") else "ask")


def _may_know(row: Mapping[str, Any], organisation: str) -> bool:
    named = row["listing"] == "organisations" and organisation in row["listed_for"]
    return row["listing"] == "everyone" or row["organisation_id"] == organisation or named


def _by_hand(
    rows: list[dict[str, Any]], organisation: str, filters: Mapping[str, tuple[str, ...]]
) -> tuple[int, dict[str, Counter[str]]]:
    asked = {"state": ("live", "missing"), **filters}
    if not organisation:
        asked.pop("access", None)
    seen = [_values(row, organisation) for row in rows if not organisation or _may_know(row, organisation)]

    def passes(values: dict[str, set[str]], but: str = "") -> bool:
        return all(values[name] & set(wanted) for name, wanted in asked.items() if name != but)

    counts = {
        facet.value: Counter(one for values in seen if passes(values, facet.value) for one in values[facet.value])
        for facet in Facet
    }
    return sum(map(passes, seen)), counts


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_facets_equal_a_count_by_hand_for_any_catalogue_viewer_and_filters(home: Path, data: st.DataObject) -> None:
    made: list[dict[str, Any]] = data.draw(st.lists(_some, max_size=SIZE))
    rows = [dataset(number, **values) for number, values in enumerate(made, start=1)]
    word = data.draw(st.sampled_from(["", "bus", "child"]))
    chosen = data.draw(_filters)
    put(rows)
    accounts("council", "police", "nobody")
    take_away(*range(len(rows) + 1, SIZE + 1))
    found_by_word = [row for row in rows if word in row["title"].lower()]

    for organisation in ("", "council", "police", "nobody"):
        with machinery("counts all", now=NOW) if not organisation else member(organisation) as visit:
            found = search.find(visit, Query(text=word, filters=chosen, most_values=0, with_access=True))

        total, counts = _by_hand(found_by_word, organisation, chosen)
        assert found.total == total == len(found.hits)
        for name, expected in counts.items():
            told = {each.value: each.count for each in found.facets[name]}
            assert {value: number for value, number in told.items() if number} == dict(expected), name
            assert set(told) - set(expected) <= set(chosen.get(name, ()))


def _organisations(visit: Visit, **filters: tuple[str, ...]) -> dict[str, int]:
    counts = search.find(visit, Query(filters=filters)).facets["organisation"]
    return {each.value: each.count for each in counts}


def test_the_arrays_tell_viewers_apart_exactly_as_the_rule_of_the_tables_does(home: Path) -> None:
    listings = ("everyone", "organisations", "owner")
    rows = [
        dataset(number, listing=listing, organisation_id=owner, listed_for=named)
        for number, (listing, owner, named) in enumerate(
            (
                (listing, owner, named)
                for listing in listings
                for owner in ("", *ORGANISATIONS)
                for named in ((), ("council",), ("council", "police"))
            ),
            start=1,
        )
    ]
    put(rows)
    for organisation in (*ORGANISATIONS, "elsewhere", ""):
        with member(organisation) as visit:
            by_rule = set(visit.read().execute(select(DatasetRow.number)).scalars())
            by_arrays = set(np.flatnonzero(arrays.current(visit.read()).visible(visit.viewer)).tolist())

            assert by_arrays == by_rule


def test_a_change_is_counted_at_once_and_only_what_changed_is_read_again(home: Path) -> None:
    put([dataset(1, publisher="Council"), dataset(2, publisher="Council")])
    with member() as visit:
        before = arrays.current(visit.read())
        assert _organisations(visit) == {"Council": 2}

    put([dataset(2, publisher="Police"), dataset(3, publisher="Harbour")])
    with member() as visit:
        assert _organisations(visit) == {"Council": 1, "Police": 1, "Harbour": 1}
        assert arrays.current(visit.read()).columns["organisation"].known is before.columns["organisation"].known

    take_away(1)
    with member() as visit:
        assert _organisations(visit) == {"Police": 1, "Harbour": 1}


def test_a_dataset_that_was_hidden_is_gone_from_the_next_count(home: Path) -> None:
    put([dataset(1, publisher="Council"), dataset(2, publisher="Police")])
    with member("hospital") as visit:
        assert _organisations(visit) == {"Council": 1, "Police": 1}

    put([dataset(2, publisher="Police", listing="owner", organisation_id="police")])

    with member("hospital") as visit:
        assert _organisations(visit) == {"Council": 1}
    with member("police") as visit:
        assert _organisations(visit) == {"Council": 1, "Police": 1}


def test_choosing_a_value_keeps_the_other_values_of_its_facet_countable(home: Path) -> None:
    put([dataset(1, publisher="Council", band="open"), dataset(2, publisher="Police", band="closed")])
    with member() as visit:
        found = search.find(visit, Query(filters={"organisation": ("Council",)}))

    assert [(each.value, each.count) for each in found.facets["organisation"]] == [("Council", 1), ("Police", 1)]
    assert [(each.label, each.count) for each in found.facets["band"]] == [("Open", 1)]


def test_bands_are_told_from_closed_to_open_and_not_stated_last(home: Path) -> None:
    put([dataset(number, band=band) for number, band in enumerate(reversed(BANDS), start=1)])
    with member() as visit:
        told = [each.value for each in search.find(visit, Query()).facets["band"]]

    assert told == list(BANDS)


def test_freshness_is_told_for_the_day_of_the_visit(home: Path) -> None:
    updated = NOW.date() - timedelta(days=5)
    put([dataset(1, updated_on=updated, accrual_periodicity="weekly")])
    with machinery("today", now=NOW) as visit:
        assert [each.value for each in search.find(visit, Query()).facets["freshness"]] == ["fresh"]
    with machinery("two months later", now=NOW + timedelta(days=60)) as visit:
        assert [each.value for each in search.find(visit, Query()).facets["freshness"]] == ["late"]


def test_of_many_values_the_most_frequent_are_told_and_every_chosen_one(home: Path) -> None:
    rows = [dataset(number, themes=[f"t{number}", "common"]) for number in range(1, 21)]
    put(rows)
    with member() as visit:
        found = search.find(visit, Query(filters={"theme": ("t20", "common")}, most_values=3))

    told = [each.value for each in found.facets["theme"]]
    assert len(told) == 4
    assert {"common", "t20", "t1", "t10"} == set(told)


def test_a_name_that_is_no_facet_filters_nothing(home: Path) -> None:
    put([dataset(1)])
    with member() as visit:
        assert search.find(visit, Query(filters={"colour": ("red",), "band": ()})).total == 1


def test_the_counts_of_the_whole_catalogue_are_made_once_for_each_clearance(home: Path) -> None:
    put([dataset(1), dataset(2, listing="owner", organisation_id="police")])
    with member("council") as one, member("police") as other:
        snapshot = arrays.current(one.read())
        first, again, others = (
            narrow(snapshot, None, filters={}, viewer=visit.viewer, today=NOW.date()) for visit in (one, one, other)
        )

    assert first is again
    assert others is not first
    assert len(others.rows) == 2
