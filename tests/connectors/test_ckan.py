"""CKAN portals: every record of an honest one, no wrong end of a broken one, and saved answers of real ones."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.records import Completeness, Ending, Page, ProbeAnswer, Record, Rejection, Seen, SourceAddress
from connectors import registry
from connectors._ckan_map import package
from connectors._ckan_portal import doors
from connectors._pace import Pace
from connectors._web import Limits, Web
from governance.errors import SourceError, SourceRefused, SourceUnreachable, SourceUnreadable
from tests.connectors.scripted import Asked, Script, Source, answer, scripted


def _package(number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": str(uuid.UUID(int=number * 2**96)),
        "name": f"dataset-{number}",
        "title": f"Dataset {number}",
        "state": "active",
        "private": False,
        "organization": {"name": "housing", "title": "Housing Agency"},
        "resources": [{"url": f"https://files.example/{number}.csv", "format": "CSV", "name": "table"}],
        **more,
    }


def _search(found: Sequence[dict[str, Any]], asked: Asked, cap: int = 1000, count: int | None = None) -> bytes:
    start, rows = int(asked.query.get("start", 0)), min(cap, int(asked.query.get("rows", 10)))
    page = list(found)[start : start + rows]
    return answer({"success": True, "result": {"count": len(found) if count is None else count, "results": page}})


def _says_no(status: int = 404, kind: str = "Not Found Error") -> bytes:
    return answer({"success": False, "error": {"__type": kind, "message": "no"}}, status=status)


def _portal(
    found: Sequence[dict[str, Any]], *, cap: int = 1000, keyset: bool = False, root: str = ""
) -> Callable[[Asked], bytes]:
    """An honest portal; with `keyset` it understands the question for what lies behind an id."""

    def script(asked: Asked) -> bytes:
        if not asked.path.startswith(f"{root}/api/3/action/"):
            return answer(b"<!doctype html>", status=404, kind="text/html")
        action = asked.path.rpartition("/")[2]
        if action == "status_show":
            return answer({"success": True, "result": {"ckan_version": "2.11"}})
        if action == "package_search":
            behind = asked.query.get("fq", "")
            if keyset and behind:
                last = behind.partition('"')[2].partition('"')[0]
                return _search([one for one in found if one["id"] > last], asked, cap)
            return _search(found, asked, cap)
        if action == "package_show":
            named = [one for one in found if asked.query["id"] in (one["id"], one["name"])]
            return answer({"success": True, "result": named[0]}) if named else _says_no()
        return _says_no()

    return script


def _address(source: Source, path: str = "", **more: Any) -> SourceAddress:
    return SourceAddress(name="portal", kind="ckan", location=source.url + path, allow=source.allow, **more)


def _web(source: Source) -> Web:
    return Web(allow=source.allow, pace=Pace(sleep=lambda _: None), limits=Limits(silence=2, request=3))


def _pages(
    address: SourceAddress, web: Web, after: str = "", known: Callable[[str, str], bool] | None = None
) -> list[Page]:
    return list(registry()["ckan"].read(address, web, after, known or (lambda identity, fingerprint: False)))


def _read(script: Script, **more: Any) -> tuple[list[Any], Ending, Source]:
    with scripted(script) as source:
        pages = _pages(_address(source, **more), _web(source))
    return _items(pages), _ending(pages), source


def _items(pages: Sequence[Page]) -> list[Any]:
    return [item for page in pages for item in page.items]


def _ending(pages: Sequence[Page]) -> Ending:
    assert [page.ending is None for page in pages] == [True] * (len(pages) - 1) + [False]
    ending = pages[-1].ending
    assert ending is not None
    return ending


def _one(**more: Any) -> Record:
    made = package(json.dumps(_package(1, **more)).encode(), site="https://portal.example")
    assert isinstance(made, Record)
    return made


class TestReading:
    @pytest.mark.parametrize("size", [0, 1, 7, 250, 1000, 1001, 2500])
    def test_every_dataset_of_an_honest_portal_arrives_once(self, size: int) -> None:
        items, ending, _ = _read(_portal([_package(n) for n in range(size)]))
        assert [item.identity for item in items] == [_package(n)["id"] for n in range(size)]
        assert ending.completeness is Completeness.COMPLETE

    @pytest.mark.parametrize("cap", [1, 7, 100, 999])
    def test_a_portal_that_caps_its_pages_is_read_whole(self, cap: int) -> None:
        items, ending, _ = _read(_portal([_package(n) for n in range(cap * 3 + 1)], cap=cap))
        assert len(items) == cap * 3 + 1
        assert ending.completeness is Completeness.COMPLETE

    @settings(deadline=None, max_examples=25)
    @given(holes=st.sets(st.integers(0, 59)), cap=st.integers(1, 25))
    def test_short_pages_lose_no_dataset_that_the_portal_gives(self, holes: set[int], cap: int) -> None:
        found = [_package(n) for n in range(60)]

        def script(asked: Asked) -> bytes:
            if not asked.path.endswith("package_search"):
                return _portal(found)(asked)
            start, rows = int(asked.query.get("start", 0)), min(cap, int(asked.query.get("rows", 10)))
            page = [found[n] for n in range(start, min(60, start + rows)) if n not in holes]
            return answer({"success": True, "result": {"count": 60, "results": page}})

        if len(set(range(cap)) - holes) == 0:
            return
        items, ending, _ = _read(script)
        identities = [item.identity for item in items]
        assert len(identities) == len(set(identities))
        assert len(identities) == 60 or ending.completeness is Completeness.PARTIAL

    def test_unchanged_datasets_are_not_mapped_again(self) -> None:
        with scripted(_portal([_package(n) for n in range(5)])) as source:
            first = {item.identity: item.fingerprint for item in _items(_pages(_address(source), _web(source)))}
            known = lambda identity, fingerprint: first.get(identity) == fingerprint  # noqa: E731
            again = _items(_pages(_address(source), _web(source), known=known))
        assert again == [Seen(identity=one, fingerprint=first[one]) for one in first]

    def test_a_deep_portal_is_read_from_id_to_id_once_it_proves_that_it_can(self) -> None:
        found = [_package(n) for n in range(130)]
        items, ending, source = _read(_portal(found, cap=5, keyset=True))
        assert [item.remote_id for item in items] == [one["id"] for one in found]
        assert ending.completeness is Completeness.COMPLETE
        assert ending.memory["paging"] == "id"
        assert sum("fq" in asked.query for asked in source.asked) > 20

    def test_a_deep_portal_that_ignores_the_question_is_read_by_offsets(self) -> None:
        items, ending, _ = _read(_portal([_package(n) for n in range(130)], cap=5))
        assert len(items) == 130
        assert (ending.completeness, ending.memory["paging"]) == (Completeness.COMPLETE, "offset")

    @pytest.mark.parametrize("keyset", [False, True])
    def test_a_reading_is_taken_up_again_behind_any_page(self, keyset: bool) -> None:
        found = [_package(n) for n in range(130)]
        with scripted(_portal(found, cap=5, keyset=keyset)) as source:
            pages = _pages(_address(source), _web(source))
            for cut in (1, 2, 13, len(pages) - 1):
                rest = _pages(_address(source), _web(source), after=pages[cut - 1].cursor)
                identities = [item.identity for item in _items(pages[:cut]) + _items(rest)]
                assert sorted(identities) == sorted(one["id"] for one in found)
                assert _ending(rest).completeness is Completeness.COMPLETE

    def test_a_dataset_too_large_for_any_page_is_named_and_the_others_are_read(self) -> None:
        found = [_package(n) for n in range(40)]
        found[17]["notes"] = "N" * 40_000_000
        with scripted(_portal(found)) as source:
            web = Web(allow=source.allow, pace=Pace(sleep=lambda _: None), limits=Limits(received=2 * 10**9))
            pages = _pages(_address(source), web)
        items = _items(pages)
        assert sum(isinstance(item, Record) for item in items) == 39
        assert [item.reason for item in items if isinstance(item, Rejection)] == ["Too large to read"]
        assert _ending(pages).completeness is Completeness.PARTIAL

    def test_two_datasets_with_one_id_end_the_same_in_either_order(self) -> None:
        older = _package(3, title="Older", name="older", metadata_modified="2020-01-01T00:00:00")
        newer = _package(3, title="Newer", name="newer", metadata_modified="2024-01-01T00:00:00")
        results = []
        for pair in ((older, newer), (newer, older)):
            items, ending, _ = _read(_portal([_package(1), *pair]))
            results.append(sorted(getattr(item, "title", "") or item.value for item in items))
            assert ending.completeness is Completeness.PARTIAL
        assert results[0] == results[1] == ["Dataset 1", "Newer", "older"]

    def test_rows_that_move_while_pages_are_turned_are_not_doubled(self) -> None:
        found = [_package(n) for n in range(30)]

        def script(asked: Asked) -> bytes:
            start = int(asked.query.get("start", 0))
            if start and asked.path.endswith("package_search"):
                moved = {**asked.query, "start": str(max(0, start - 2))}
                return _search(found, Asked(method="GET", path=asked.path, query=moved, headers={}), 10)
            return _portal(found, cap=10)(asked)

        items, ending, _ = _read(script)
        assert len({item.identity for item in items}) == len(items) == 30
        assert ending.completeness is Completeness.COMPLETE


class TestDoors:
    @pytest.mark.parametrize("root", ["", "/data", "/opendata", "/catalogue"])
    def test_the_api_is_found_where_portals_hide_it(self, root: str) -> None:
        items, ending, source = _read(_portal([_package(1)], root=root))
        assert len(items) == 1
        assert ending.memory["base"] == source.url + root

    @pytest.mark.parametrize(
        "path", ["/dataset", "/dataset/x", "/api/3/action/package_search?q=a", "/", "/organization/x"]
    )
    def test_the_address_of_any_page_of_the_portal_will_do(self, path: str) -> None:
        with scripted(_portal([_package(1)])) as source:
            assert len(_items(_pages(_address(source, path), _web(source)))) == 1

    def test_what_was_learned_spares_the_search_next_time(self) -> None:
        with scripted(_portal([_package(1)], root="/data")) as source:
            memory = _ending(_pages(_address(source), _web(source))).memory
            before = len(source.asked)
            _pages(_address(source, memory=memory), _web(source))
            assert all(asked.path.startswith("/data/") for asked in source.asked[before:])

    def test_a_portal_that_only_takes_posts_is_posted_to(self) -> None:
        def script(asked: Asked) -> bytes:
            blocked = answer(b"<html>Blocked</html>", status=403, kind="text/html")
            return _portal([_package(1)])(asked) if asked.method == "POST" else blocked

        items, ending, _ = _read(script)
        assert len(items) == 1
        assert ending.memory["method"] == "POST"

    def test_a_portal_that_hides_its_status_is_still_read(self) -> None:
        def script(asked: Asked) -> bytes:
            return _says_no(403, "Authorization Error") if "status" in asked.path else _portal([_package(1)])(asked)

        assert len(_read(script)[0]) == 1

    def test_a_portal_that_refuses_the_order_is_asked_without_one(self) -> None:
        def script(asked: Asked) -> bytes:
            return _says_no(400, "Search Query Error") if "sort" in asked.query else _portal([_package(1)])(asked)

        assert len(_read(script)[0]) == 1

    def test_a_page_for_people_is_no_portal(self) -> None:
        with pytest.raises(SourceUnreadable, match="web page, not data"):
            _read(lambda asked: answer(b"<!doctype html>", kind="text/html"))

    def test_a_place_is_looked_at_once_only(self) -> None:
        found = doors("https://portal.example/some/path/")
        assert len(found) == len(set(found))
        assert found[0].base == "https://portal.example/some/path"
        assert "https://portal.example" in {door.base for door in found}


class TestFailures:
    @pytest.mark.parametrize(
        "broken",
        [
            _says_no(409, "Search Error"),
            _says_no(500, "Internal Error"),
            answer(b"<h1>Error</h1>", status=500, kind="text/html"),
            answer({"success": True}),
            answer({"success": True, "result": {}}),
            answer({"success": True, "result": []}),
            answer({"success": False}),
            answer({"message": "Service temporarily unavailable"}),
            answer([]),
            answer(b'{"success": true, "result": {"count": 9, "results": [{"id": "a"'),
            answer(b""),
            answer({"success": True, "result": {"count": 25, "results": None}}),
            answer({"success": True, "result": {"count": 25, "results": "none"}}),
        ],
    )
    @pytest.mark.parametrize("at", [0, 10, 20])
    def test_an_error_on_any_page_is_never_taken_for_the_end(self, broken: bytes, at: int) -> None:
        honest = _portal([_package(n) for n in range(25)], cap=10)

        def script(asked: Asked) -> bytes:
            start = int(asked.query.get("start", -1))
            return broken if asked.path.endswith("package_search") and start == at else honest(asked)

        if at == 0:
            with pytest.raises(SourceError) as told:
                _read(script)
            assert told.value.sentence.endswith(".")
        else:
            items, ending, _ = _read(script)
            assert len(items) == at
            assert ending.completeness is Completeness.PARTIAL
            assert f"page {at // 10 + 1}" in ending.reason

    def test_an_empty_portal_is_complete_only_when_it_says_that_it_is_empty(self) -> None:
        assert _read(_portal([]))[1].completeness is Completeness.COMPLETE
        with pytest.raises(SourceUnreadable, match="contradicts itself"):
            _read(lambda asked: _search([], asked, count=250))
        with pytest.raises(SourceUnreadable, match="contradicts itself"):
            _read(lambda asked: answer({"success": True, "result": {"results": []}}))

    def test_a_portal_that_shows_less_than_it_counts_is_not_complete(self) -> None:
        items, ending, _ = _read(lambda asked: _search([_package(n) for n in range(20)], asked, count=25))
        assert len(items) == 20
        assert ending.completeness is Completeness.PARTIAL
        assert "20 of 25" in ending.reason

    def test_a_portal_that_shows_more_than_it_counts_is_read_whole_and_said_to_contradict_itself(self) -> None:
        items, ending, _ = _read(lambda asked: _search([_package(n) for n in range(20)], asked, count=5))
        assert len(items) == 20
        assert ending.reason.startswith("20 datasets read, more than the 5 that the portal says it has, ")

    def test_a_portal_that_writes_latin_1_and_says_so_is_read_without_a_broken_letter(self) -> None:
        body = {"success": True, "result": {"count": 1, "results": [_package(1, title="Größe der Wohnungen, Orléans")]}}
        written = json.dumps(body, ensure_ascii=False).encode("latin-1")
        items, _, _ = _read(lambda asked: answer(written, kind="application/json; charset=ISO-8859-1"))
        assert items[0].title == "Größe der Wohnungen, Orléans"

    def test_a_broken_search_is_walked_round_by_the_list_of_names(self) -> None:
        found = [_package(n) for n in range(60)]

        def script(asked: Asked) -> bytes:
            if asked.path.endswith("package_search"):
                return _says_no(409, "Search Error")
            if asked.path.endswith("package_list"):
                return answer({"success": True, "result": [one["name"] for one in found]})
            return _portal(found)(asked)

        items, ending, _ = _read(script)
        assert len(items) == 60
        assert ending.completeness is Completeness.COMPLETE
        assert "one by one" in ending.reason

    def test_a_key_is_shown_to_its_own_portal_and_never_printed(self) -> None:
        with scripted(lambda asked: _says_no(403, "Authorization Error")) as source:
            with pytest.raises(SourceError) as told:
                _pages(_address(source, token="geheim"), _web(source))
            assert source.asked[0].headers["x-ckan-api-key"] == "geheim"
            assert "geheim" not in told.value.sentence

    def test_private_datasets_are_asked_for_with_a_key_and_drafts_never(self) -> None:
        _, _, source = _read(_portal([_package(1)]), token="geheim")
        asked = [one.query for one in source.asked if one.path.endswith("package_search")]
        assert all(one.get("include_private") == "true" for one in asked)
        assert all("include_drafts" not in one for one in asked)
        _, _, source = _read(_portal([_package(1)]))
        assert all("include_private" not in one.query for one in source.asked)


class TestProbing:
    @pytest.mark.parametrize(
        ("shown", "found", "words"),
        [
            (answer({"success": True, "result": _package(1)}), ProbeAnswer.PRESENT, "answers 200"),
            (_says_no(403, "Authorization Error"), ProbeAnswer.PRIVATE, "answers 403"),
            (_says_no(404), ProbeAnswer.GONE, "answers 404"),
            (answer({"success": True, "result": _package(1, state="deleted")}), ProbeAnswer.GONE, "deleted"),
            (answer({"success": True, "result": _package(1, state="draft")}), ProbeAnswer.PRIVATE, "draft"),
            (answer({"success": True, "result": {}}), ProbeAnswer.UNKNOWN, "not with a dataset"),
            (answer({"success": True}), ProbeAnswer.UNKNOWN, "no clear answer"),
            (answer(b"<!doctype html>", kind="text/html"), ProbeAnswer.UNKNOWN, "no clear answer"),
            (answer(b"", status=500), ProbeAnswer.UNKNOWN, "no clear answer"),
            (answer(b"", status=503), ProbeAnswer.UNKNOWN, "no clear answer"),
            (answer(b"<html>", status=404, kind="text/html"), ProbeAnswer.UNKNOWN, "no clear answer"),
        ],
    )
    def test_what_the_portal_says_of_one_dataset_is_told(self, shown: bytes, found: ProbeAnswer, words: str) -> None:
        def script(asked: Asked) -> bytes:
            return shown if asked.path.endswith("package_show") else _portal([_package(2)])(asked)

        probe = registry()["ckan"].probe
        assert probe is not None
        with scripted(script) as source:
            told = probe(_address(source), _web(source), _package(1)["id"])
        assert told.answer is found
        assert words in told.sentence


class TestMapping:
    def test_the_fields_of_a_dataset_are_found_in_their_usual_spellings(self) -> None:
        found = _one(
            notes="Line one\r\nline two",
            tags=[{"display_name": "Child care"}, {"name": "schools"}],
            groups=[{"title": "Early years", "name": "early-years"}],
            license_id="cc-by",
            license_url="https://creativecommons.org/licenses/by/4.0/",
            license_title="CC BY 4.0",
            isopen=True,
            maintainer="Data team",
            maintainer_email="mailto:data@agency.example",
            extras=[
                {"key": "access_rights", "value": "restricted"},
                {"key": "Update Frequency", "value": "annual"},
                {"key": "theme", "value": '["https://themes.example/SOCI"]'},
                {"key": "temporal-coverage_from", "value": '["2010-01-01"]'},
                {"key": "temporal_end", "value": "2019-12-31"},
                {"key": "language", "value": '["en", "fr"]'},
                {"key": "issued", "value": "31/12/2014"},
                {"key": "guid", "value": "https://doi.org/10.1234/ABC"},
                {"key": "Region", "value": "North"},
            ],
        )
        assert found.publisher == "Housing Agency"
        assert found.keywords == ("Child care", "schools")
        assert found.themes == ("Early years", "https://themes.example/SOCI")
        assert found.licence == ("cc-by", "https://creativecommons.org/licenses/by/4.0/", "CC BY 4.0")
        assert (found.access_right, found.accrual_periodicity) == ("restricted", "annual")
        assert (found.temporal_start, found.temporal_end, found.issued) == ("2010-01-01", "2019-12-31", "2014-12-31")
        assert found.language == ("en", "fr")
        assert (found.contact_name, found.contact_email) == ("Data team", "data@agency.example")
        assert found.aliases == ("dataset-1", "doi:10.1234/abc")
        assert found.extras == {"Region": "North", "isopen": "true"}
        assert found.landing_page == "https://portal.example/dataset/dataset-1"
        assert found.description == "Line one\nline two"
        assert found.distributions[0].format == "CSV"
        assert found.warnings == ()

    @pytest.mark.parametrize(
        "field", ["metadata_modified", "tracking_summary", "num_resources", "revision_id", "total_downloads"]
    )
    def test_what_moves_by_itself_does_not_make_a_dataset_look_changed(self, field: str) -> None:
        values = ("2024-01-01T00:00:00", "2025-01-01T00:00:00")
        one, two = (_one(**{field: value}) for value in values)
        told = [
            {name: getattr(r, name) for name in r.__slots__ if name not in ("raw", "fingerprint")} for r in (one, two)
        ]
        assert told[0] == told[1]
        assert one.fingerprint != two.fingerprint

    @pytest.mark.parametrize(
        ("state", "reason"),
        [("deleted", "Deleted at the source"), ("Draft", "Draft at the source"), (["x"], "Not active at the source")],
    )
    def test_what_is_not_active_is_refused_and_not_counted_as_seen(self, state: Any, reason: str) -> None:
        made = package(json.dumps(_package(1, state=state)).encode())
        assert isinstance(made, Rejection)
        assert (made.reason, made.identity) == (reason, "")

    @pytest.mark.parametrize("value", ["yes", "true", 1, "perhaps", ["x"]])
    def test_whatever_may_mean_private_is_private(self, value: Any) -> None:
        assert _one(private=value).is_private

    def test_of_two_statements_about_privacy_the_stricter_one_counts(self) -> None:
        raw = b'{"id": "a", "title": "t", "private": true, "private": false}'
        made = package(raw)
        assert isinstance(made, Record)
        assert made.is_private

    @pytest.mark.parametrize("value", [None, "", 0, ["a"], {"a": 1}, "  ", False])
    def test_a_dataset_without_an_id_says_what_to_change(self, value: Any) -> None:
        made = package(json.dumps(_package(1, id=value)).encode())
        assert isinstance(made, Rejection)
        assert (made.field, made.reason, made.remote_id) == ("id", "No id", "dataset-1")
        assert made.what_to_change

    def test_links_that_would_run_are_left_out_with_a_warning(self) -> None:
        found = _one(url="javascript:alert(1)", resources=[{"url": "JAVA\tSCRIPT:alert(1)", "name": "n"}])
        assert found.landing_page == "https://portal.example/dataset/dataset-1"
        assert found.distributions[0].access_url == ""
        assert {warning.field for warning in found.warnings} == {"url", "resources.url"}

    def test_what_is_cut_is_said(self) -> None:
        file = {"url": "https://files.example/a.csv"}
        found = _one(notes="N" * 20_000, resources=[file] * 1_500)
        assert len(found.description) == 10_000
        assert len(found.distributions) == 1_000
        assert len(found.raw) <= 65_536
        assert {warning.field for warning in found.warnings} == {"notes", "resources"}

    @settings(deadline=None)
    @given(
        st.dictionaries(
            st.sampled_from([*_package(1), "notes", "tags", "groups", "extras", "license_id", "url", "type", "issued"]),
            st.recursive(
                st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
                lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
                max_leaves=12,
            ),
        )
    )
    def test_no_shape_of_a_dataset_can_break_the_mapping(self, more: dict[str, Any]) -> None:
        made = package(json.dumps(_package(1) | more).encode())
        assert isinstance(made, (Record, Rejection))
        text = repr(made).encode()
        assert b"\\x00" not in text or made.raw

    @settings(deadline=None)
    @given(st.binary(max_size=200))
    def test_no_bytes_can_break_the_mapping(self, raw: bytes) -> None:
        assert isinstance(package(raw), (Record, Rejection))


REAL = {
    "birmingham_package_search.json": 10,
    "dadosgovbr_package_search.json.gz": 800,
    "datagovau_package.json": 1,
    "datagovuk_organization_show_ni_spatial.json": 588,
    "datagovuk_package_show_inspire.json": 1,
    "datagovuk_package_show_toilets.json": 1,
    "datagovuk_rest_dataset.json": 1,
}


class TestSavedAnswers:
    @pytest.mark.parametrize(("name", "count"), REAL.items())
    def test_each_saved_answer_gives_the_datasets_it_holds(self, shared: Path, name: str, count: int) -> None:
        pages = _pages(_file(shared / "data" / "harvest" / "ckan" / name), Web())
        items = _items(pages)
        assert len(items) == len({item.identity for item in items}) == count
        assert all(isinstance(item, Record) and item.title for item in items)
        assert _ending(pages).reason.endswith(".")

    def test_a_part_of_a_catalogue_is_not_taken_for_the_whole(self, shared: Path) -> None:
        pages = _pages(_file(shared / "data" / "harvest" / "ckan" / "birmingham_package_search.json"), Web())
        assert _ending(pages).completeness is Completeness.PARTIAL
        assert "10 of 38" in _ending(pages).reason

    @pytest.mark.parametrize(
        ("name", "words"),
        [
            ("alberta_package_list.json.gz", "list of names"),
            ("alberta_package_list_2025-03-25.json.gz", "list of names"),
            ("canada_organization_list.json", "list of organisations"),
        ],
    )
    def test_an_answer_without_datasets_says_what_it_is(self, shared: Path, name: str, words: str) -> None:
        with pytest.raises(SourceUnreadable, match=words):
            _pages(_file(shared / "data" / "harvest" / "ckan" / name), Web())

    def test_every_file_of_the_folder_is_accounted_for(self, shared: Path) -> None:
        names = {path.name for path in (shared / "data" / "harvest" / "ckan").iterdir()}
        assert len(names - REAL.keys()) == 3

    @pytest.mark.parametrize("body", [b"", b"{}", b"[", b'{"success": false}', b"<html>", b'{"a": 1}', b"[1]"])
    def test_a_file_of_another_kind_is_refused(self, tmp_path: Path, body: bytes) -> None:
        file = tmp_path / "answer.json"
        file.write_bytes(body)
        try:
            items = _items(_pages(_file(file), Web()))
        except SourceUnreadable as error:
            assert "answer.json" in error.sentence
        else:
            assert [type(item) for item in items] == [Rejection]


def _file(path: Path) -> SourceAddress:
    return SourceAddress(name="file", kind="ckan", location=str(path))


def test_the_library_that_ckan_needs_is_not_loaded_before_it_is_used() -> None:
    import subprocess
    import sys

    code = "import sys; from connectors import registry; registry(); print('ckanapi' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


def test_an_address_that_is_not_allowed_is_refused() -> None:
    with pytest.raises(SourceRefused):
        _pages(SourceAddress(name="x", kind="ckan", location="http://127.0.0.1:9/"), Web())
    with pytest.raises((SourceUnreachable, SourceRefused)):
        _pages(SourceAddress(name="x", kind="ckan", location="ckan"), Web())
