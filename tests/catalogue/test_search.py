"""Searching finds what is meant, says why, and tells nothing of what the viewer may not know of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue import arrays, search, search_index
from catalogue.search import Query, Sort
from governance import Invalid, NotPermitted, Role, Visit, machinery
from governance.policy import Housekeeping
from store import Unguarded
from tests.catalogue.shelf import NOW, dataset, member, put, take_away

SHELF = [
    dataset(10, "Childcare places by ward", description="How many places nurseries offer.", publisher="Council"),
    dataset(20, "Child care costs", publisher="Police", themes=["Money"], updated_on=date(2026, 5, 1)),
    dataset(30, "Young people not in education, employment or training", keywords=["youth"]),
    dataset(40, "Población de la ciudad", description="Population estimates by age."),
    dataset(50, "Road traffic collisions", description="Every collision reported, with its place."),
    dataset(60, "Schools", description="Schools and their catchment, with road distances."),
    dataset(70, "Waiting times", description="Waits in A&E, by hour.", band="closed"),
    dataset(80, "Old road list", state="withdrawn"),
]


@pytest.fixture
def shelf(home: Path) -> None:
    put(SHELF)


def _ids(visit: Visit, text: str, **values: object) -> list[int]:
    return [int(hit.id[1:]) for hit in search.find(visit, Query(text=text, **values)).hits]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("childcare", {10, 20}),
        ("child care", {10, 20}),
        ("child-care", {10, 20}),
        ('"child care"', {20}),
        ("NEET", {30}),
        ("poblacion", {40}),
        ("Población", {40}),
        ("popul", {40}),
        ("educ*", {30}),
        ("school", {60}),
        ("accident and emergency", {70}),
        ("a&e", {70}),
        ("road", {50, 60}),
        ("road -distances", {50}),
        ("-road", {10, 20, 30, 40, 70}),
        ("money", {20}),
        ("police", {20}),
        ("traffic collision", {50}),
        ("nothing like it", set()),
        ("d000010", set()),
    ],
)
def test_a_search_finds_what_is_meant(shelf: None, text: str, expected: set[int]) -> None:
    with member() as visit:
        found = search.find(visit, Query(text=text))

    assert {int(hit.id[1:]) for hit in found.hits} == expected
    assert found.total == len(expected)


@pytest.mark.parametrize(
    ("typed", "meant", "expected"),
    [
        ("raod", "road", [50, 60]),
        ("childcrae", "childcare", [10, 20]),
        ("collisons", "collisions", [50]),
        ("shools", "schools", [60]),
        ("schhools", "schools", [60]),
        ("popalation", "population", [40]),
        ("traffic raod", "traffic road", [50]),
    ],
)
def test_a_slip_of_one_letter_is_corrected_and_said(shelf: None, typed: str, meant: str, expected: list[int]) -> None:
    with member() as visit:
        found = search.find(visit, Query(text=typed))

    assert found.corrected == meant
    assert sorted(int(hit.id[1:]) for hit in found.hits) == expected


def test_a_word_that_finds_something_is_not_corrected(shelf: None) -> None:
    with member() as visit:
        assert search.find(visit, Query(text="costs")).corrected == ""
        assert search.find(visit, Query(text="costs", filters={"band": ("closed",)})).corrected == ""


def test_a_rare_word_beside_a_frequent_one_is_asked_about(home: Path) -> None:
    put([dataset(1, "Hosing"), *(dataset(number, "Housing") for number in range(2, 14))])
    with member() as visit:
        found = search.find(visit, Query(text="hosing"))

    assert (found.total, found.corrected, found.did_you_mean) == (1, "", "housing")


def test_words_in_the_title_come_before_words_in_the_description(shelf: None) -> None:
    with member() as visit:
        assert _ids(visit, "road") == [50, 60]


def test_a_short_title_with_the_word_comes_before_a_long_one(home: Path) -> None:
    put([dataset(1, "Water and everything else that flows through the district"), dataset(2, "Water")])
    with member() as visit:
        assert _ids(visit, "water") == [2, 1]


def test_words_side_by_side_come_first(home: Path) -> None:
    put([dataset(1, "Green land and open space"), dataset(2, "Land of open green space")])
    with member() as visit:
        assert _ids(visit, "open green space ") == [2, 1]


@pytest.mark.parametrize(
    ("text", "id", "why"),
    [
        ("schools", 60, "Found in title and description"),
        ("NEET", 30, "“not in education, employment or training” is a synonym"),
        ("money", 20, "Found in theme: Money"),
        ("youth", 30, "Found in keyword: youth"),
        ("police", 20, "Found in publisher"),
        ("childcare", 20, "Found in title"),
        ("", 20, ""),
    ],
)
def test_every_result_says_why_it_was_found(shelf: None, text: str, id: int, why: str) -> None:
    with member() as visit:
        said = {int(hit.id[1:]): hit.why for hit in search.find(visit, Query(text=text)).hits}

    assert said[id] == why


def test_a_row_of_results_tells_what_the_page_shows(home: Path) -> None:
    put(
        [
            dataset(
                1,
                "Bus stops",
                description="<p>Where buses\nstop.</p>",
                publisher="Council",
                formats=["CSV", "JSON"],
                updated_on=date(2026, 11, 1),
                accrual_periodicity="weekly",
                source_name="Portal",
            )
        ]
    )
    with member() as visit:
        (hit,) = search.find(visit, Query()).hits

    assert (hit.id, hit.title, hit.description) == ("d000001", "Bus stops", "Where buses stop.")
    assert (hit.publisher, hit.band.value, hit.short) == ("Council", "open", "Open Government Licence")
    assert (hit.updated, hit.often, hit.formats) == (date(2026, 11, 1), "weekly", ("CSV", "JSON"))
    assert (hit.freshness.state.value, hit.source_name, hit.state) == ("late", "Portal", "live")


# Order and pages ---------------------------------------------------------------------------------------------


@pytest.fixture
def long_shelf(home: Path) -> None:
    bands = ("unknown", "open", "closed")
    put(
        [
            dataset(
                number,
                f"Road traffic count {97 - number:03}",
                updated_on=date(2020, 1, 1 + number % 7) if number % 5 else None,
                band=bands[number % 3],
            )
            for number in range(1, 98)
        ]
    )


@pytest.mark.parametrize("text", ["", "road"])
@pytest.mark.parametrize("sort", list(Sort))
def test_pages_hold_every_result_once_in_one_order(long_shelf: None, sort: Sort, text: str) -> None:
    with member() as visit:
        first = search.find(visit, Query(text=text, sort=sort, size=10))
        pages = [search.find(visit, Query(text=text, sort=sort, size=10, page=page)) for page in range(1, 11)]
        whole = _ids(visit, text, sort=sort, size=500)

    assert (first.total, first.pages) == (97, 10)
    assert [int(hit.id[1:]) for page in pages for hit in page.hits] == whole
    assert sorted(whole) == list(range(1, 98))


def test_titles_that_begin_alike_are_sorted_by_the_whole_of_them(long_shelf: None) -> None:
    with member() as visit:
        assert _ids(visit, "", sort=Sort.TITLE, size=500) == list(range(97, 0, -1))
        assert _ids(visit, "", sort=Sort.TITLE, size=10, page=2) == list(range(87, 77, -1))


def test_newest_first_puts_undated_datasets_last(long_shelf: None) -> None:
    with member() as visit:
        order = _ids(visit, "", sort=Sort.NEWEST, size=500)

    dated = [date(2020, 1, 1 + number % 7) for number in order if number % 5]
    assert dated == sorted(dated, reverse=True)
    assert all(number % 5 == 0 for number in order[-19:])


def test_bands_are_sorted_from_closed_to_open(long_shelf: None) -> None:
    with member() as visit:
        bands = [hit.band.value for hit in search.find(visit, Query(sort=Sort.BAND, size=500)).hits]

    assert list(dict.fromkeys(bands)) == ["closed", "open", "unknown"]


def test_a_page_past_the_last_is_the_last_and_more_of_it_is_nothing(long_shelf: None) -> None:
    with member() as visit:
        assert search.find(visit, Query(page=99)).page == 4
        assert search.find(visit, Query(page=-3)).page == 1
        assert len(search.more(visit, Query(page=3))) == 22
        assert search.more(visit, Query(page=4)) == ()


# Hostile queries ---------------------------------------------------------------------------------------------

HOSTILE = [
    *('"', '""', "'", "*", "-", "--", "^", ":", "(", ")", "NEAR(", "NEAR(a b, 3)", "title:road", "{title}:road"),
    *(
        "road AND",
        "OR",
        "NOT road",
        "road NOT",
        "a AND OR NOT b",
        "road*^",
        "+road",
        "col : *",
        "'; DROP TABLE dataset",
    ),
    *(
        "\x00",
        "road\x00",
        "\x00road*",
        "\ufeffroad",
        "🚒",
        "🚒 road",
        "שלום road",
        "\u202eroad",
        "ﬁre",
        "İstanbul",
        "ß",
    ),
    *("x" * 10_000, "road " * 2_000, '"' * 999, "-" * 999, "%", "_", "\\", "a:* & b", "!!", "<->", "<2>", "\ud800"),
    *("क्षेत्र", "日本", "e\u0301cole", "1 2 3", "0x00", "\n\t\r", "-road -school -child", "* * *", "'road':A"),
]


def test_no_query_is_ever_syntax(shelf: None) -> None:
    with member() as visit:
        for text in HOSTILE:
            assert 0 <= search.find(visit, Query(text=text)).total <= 7, text[:40]
            search.suggest(visit, text)
            search.already_held(visit, text, text)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(text=st.text(max_size=60) | st.text(alphabet="road *\"-'():^{}ANDORT\x00é&|!<>", max_size=30))
def test_no_text_at_all_is_an_error(shelf: None, text: str) -> None:
    with member() as visit:
        search.find(visit, Query(text=text))
        search.suggest(visit, text)


# What may not be known ---------------------------------------------------------------------------------------

WORDS = ["road", "traffic", "care", "child", "water", "zebra", "quokka", "population", "nurseries", "counts"]
ASKED = [
    *("", "road", "raod", "road traffic", "wather", "zebra", "zbera", "quokk", "quokka", "chil", "childcare", "care"),
    *("-road", '"road traffic"', "police", "population", "popualtion", "secretly", "counts water"),
]


def _answers(organisation: str) -> str:
    with member(organisation) as visit:
        answers: list[object] = []
        for text in ASKED:
            for sort in Sort:
                answers.append(search.find(visit, Query(text=text, sort=sort)))
            answers.append(search.find(visit, Query(text=text, filters={"band": ("open",), "state": ("withdrawn",)})))
            answers.append(search.find(visit, Query(text=text, filters={"organisation": ("Secretly",)})))
            answers.append(search.suggest(visit, text))
            answers.append(search.already_held(visit, text, "about zebra and quokka"))
        answers += [search.similar(visit, "d000010"), search.similar(visit, "d000015")]
        return repr(answers)


def _hidden(number: int, said: Sequence[str]) -> dict[str, object]:
    return dataset(
        number,
        " ".join(said),
        description=" ".join(reversed(said)) * 3,
        publisher="Secretly",
        keywords=list(said),
        themes=["Zoo"],
        formats=["SECRET"],
        listing="owner",
        organisation_id="police",
        band="closed",
    )


@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    hidden=st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6), min_size=1, max_size=8),
    loaded_with_them=st.booleans(),
)
def test_hidden_datasets_change_no_byte_of_any_answer(
    shelf: None, hidden: list[list[str]], loaded_with_them: bool
) -> None:
    take_away(*range(11, 20), 5)
    arrays.forget()
    without = _answers("council")

    put([_hidden(number, said) for number, said in zip((5, *range(11, 20)), hidden, strict=False)])
    if loaded_with_them:
        arrays.forget()

    assert _answers("council") == without
    assert _answers("police") != without


def test_hidden_datasets_do_not_make_a_word_weigh_less(home: Path) -> None:
    put([dataset(1, "Road list", description="water"), dataset(2, "Water list", description="road")])
    with member("council") as visit:
        before = _ids(visit, "road water ")
    for word in ("road", "water"):
        put([_hidden(number, [word]) for number in range(3, 60)])
        with member("council") as visit:
            assert _ids(visit, "road water ") == before


def test_a_word_that_only_hidden_datasets_have_is_neither_offered_nor_corrected_to(shelf: None) -> None:
    put([_hidden(15, ["zebra", "crossing"])])
    with member("council") as visit:
        assert search.find(visit, Query(text="zbera")).corrected == ""
        assert search.suggest(visit, "zeb") == ()
        assert search.find(visit, Query(text="zebra")).total == 0
    with member("police") as visit:
        assert search.find(visit, Query(text="zbera")).corrected == "zebra"
        assert search.suggest(visit, "zeb")[0] == "zebra"


# Suggestions -------------------------------------------------------------------------------------------------


def test_the_word_being_typed_is_ended_by_the_most_frequent_words(home: Path) -> None:
    put(
        [
            dataset(1, "Schools"),
            dataset(2, "School meals", description="Schools and their kitchens"),
            dataset(3, "Scholarship"),
            dataset(4, "Schoolyard", listing="owner", organisation_id="police"),
        ]
    )
    with member() as visit:
        assert search.suggest(visit, "primary sch") == ("primary schools", "primary scholarship", "primary school")
        assert search.suggest(visit, "sc") == ()
        assert search.suggest(visit, "schools ") == ()
        assert search.suggest(visit, "sch", limit=1) == ("schools",)


def test_a_dataset_about_to_be_registered_twice_is_noticed(shelf: None) -> None:
    with member() as visit:
        assert search.already_held(visit, "Places for childcare by ward")[0].id == "d000010"
        assert search.already_held(visit, "Tide tables of the harbour") == ()
        assert search.already_held(visit, "", "") == ()


def test_similar_datasets_leave_out_the_one_itself_and_those_unknown(home: Path) -> None:
    put(
        [
            dataset(1, "Bus stops 2025"),
            dataset(2, "Bus stops 2026"),
            dataset(3, "Rainfall"),
            _hidden(4, ["Bus", "stops"]),
        ]
    )
    with member() as visit:
        assert [hit.id for hit in search.similar(visit, "d000001")] == ["d000002"]
        assert search.similar(visit, "d000004") == search.similar(visit, "no-such-id") == ()


# Synonyms ----------------------------------------------------------------------------------------------------


def test_synonyms_a_steward_saves_are_searched_with_at_once(shelf: None) -> None:
    with member("council", Role.STEWARD) as steward:
        search.save_synonyms(steward, [["crash", "collisions"]])

        assert search.synonyms(steward) == (("crash", "collisions"),)
        assert _ids(steward, "crash") == [50]
        assert _ids(steward, "NEET") == []


def test_the_starter_synonyms_do_not_come_back_once_all_were_taken_away(shelf: None) -> None:
    with member("council", Role.STEWARD) as steward:
        assert search.synonyms(steward)
        search.save_synonyms(steward, [])

        assert search.synonyms(steward) == ()


@pytest.mark.parametrize("group", [[], ["one"], ["one", " "], ["one", "ONE!"], ["one", "x" * 81]])
def test_a_group_of_synonyms_needs_two_words(shelf: None, group: list[str]) -> None:
    with member("council", Role.STEWARD) as steward, pytest.raises(Invalid):
        search.save_synonyms(steward, [["a", "b"], group])


def test_members_may_not_change_synonyms(shelf: None) -> None:
    with member() as visit, pytest.raises(NotPermitted):
        search.save_synonyms(visit, [["a", "b"]])


# The index ---------------------------------------------------------------------------------------------------


def test_the_index_follows_changes_and_deletions(shelf: None) -> None:
    put([dataset(10, "Nursery places")])
    take_away(20)
    with member() as visit:
        assert _ids(visit, "childcare") == []
        assert _ids(visit, "nursery") == [10]


def test_a_rebuilt_index_finds_the_same(shelf: None) -> None:
    with member() as visit:
        before = [_ids(visit, text) for text in ASKED]
    with machinery("a rebuild") as job, job.change(Housekeeping(reason="a rebuild")) as session:
        search_index.rebuild(session)
    arrays.forget()
    with member() as visit:
        assert [_ids(visit, text) for text in ASKED] == before


def test_the_index_is_not_changed_without_a_grant(shelf: None) -> None:
    with machinery("reads only", now=NOW) as visit, pytest.raises(Unguarded):
        search_index.refresh(visit.read(), [1])


def test_a_name_of_a_shape_is_not_searched_for_its_letters(home: Path) -> None:
    put([dataset(1, "Bounds", spatial='{"type": "Polygon"}'), dataset(2, "Centre", spatial="Leeds")])
    with member() as visit:
        assert _ids(visit, "polygon") == []
        assert _ids(visit, "leeds") == [2]
