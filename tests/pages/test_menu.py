"""The menu follows the roles, page files declare themselves, and nothing kept for one viewer reaches another."""

from __future__ import annotations

import ast
from datetime import UTC, datetime, timedelta

import pytest

from governance import Kind, Role, Viewer, Visit
from pages import EVERYONE, SECTIONS, Menu, Page, all_pages, href, menu
from pages.shell import cache, urlstate
from tests.pages.conftest import ROOT

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def visit_of(username: str, *roles: Role, organisation: str = "council", now: datetime = NOW) -> Visit:
    """Somebody's visit, without a database."""
    viewer = Viewer(
        username=username,
        display=username.title(),
        kind=Kind.PERSON,
        organisation_id=organisation,
        roles=frozenset(roles),
    )
    return Visit(viewer=viewer, now=now)


def page(path: str, role: Role | frozenset[Role] = EVERYONE, *, section: str = "steward", hidden: bool = False) -> Page:
    """A page as the scan gives it."""
    return Page(title=path.title(), role=role, path=path, section=section, hidden=hidden)


def test_a_page_must_say_who_may_open_it() -> None:
    with pytest.raises(TypeError):
        Page(title="Anything")  # type: ignore[call-arg]


@pytest.mark.parametrize("role", list(Role))
def test_the_menu_holds_exactly_what_the_role_may_open(role: Role) -> None:
    offered = {each.path for each in menu(visit_of("somebody", role)).pages}
    assert offered == {each.path for each in all_pages() if role in each.roles}


def test_a_section_is_entered_by_its_first_page_that_is_not_hidden() -> None:
    run, sources, people = page("run", hidden=True), page("sources"), page("people")
    mine = Menu(pages=(run, sources, people))
    assert mine.entrances == (sources,)
    assert mine.entrance_of(run) is sources
    assert mine.beside(people) == (sources, people)


def test_the_first_entrance_is_the_home_page_at_the_root() -> None:
    home, sources = page("home", section="home"), page("sources")
    mine = Menu(pages=(home, sources))
    assert (mine.address(home), mine.address(sources)) == ("/", "/sources")


def test_addresses_leave_out_what_is_not_chosen() -> None:
    assert href("catalogue", q="a b", band=["open", "named"], page=None, theme="") == (
        "/catalogue?q=a+b&band=open&band=named"
    )
    assert href("") == "/"


def test_page_files_declare_a_page_a_render_and_nothing_that_runs() -> None:
    for folder in SECTIONS:
        for path in sorted((ROOT / "pages" / folder).glob("[a-z]*.py")):
            tree = ast.parse(path.read_text("utf-8"))
            runs = [
                node for node in tree.body if isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant)
            ]
            assert not runs, f"{path.name} does something when it is imported"


def test_only_the_cache_module_uses_streamlits_shared_caches() -> None:
    users = {
        path.name
        for path in (ROOT / "pages").rglob("*.py")
        if any(word in path.read_text("utf-8") for word in ("@st.cache_", "st.cache_data(", "st.cache_resource("))
    }
    assert users == {"cache.py"}


def test_an_answer_is_kept_for_its_viewer_only_and_until_the_data_change() -> None:
    asked: list[str] = []

    def rows(visit: Visit, theme: str) -> str:
        asked.append(visit.viewer.username)
        return f"{visit.viewer.username} sees {theme}"

    def look(visit: Visit, version: int = 1) -> str:
        return cache.per_viewer(visit, version)(rows)(visit, "homes")

    alice, bob = visit_of("alice", Role.MEMBER), visit_of("bob", Role.MEMBER)
    assert (look(alice), look(alice), look(bob)) == ("alice sees homes", "alice sees homes", "bob sees homes")
    assert asked == ["alice", "bob"]
    look(alice, version=2)
    assert asked == ["alice", "bob", "alice"]


def test_a_change_of_role_organisation_or_day_is_another_viewer_to_the_cache() -> None:
    before = cache.clearance(visit_of("alice", Role.MEMBER))
    assert before != cache.clearance(visit_of("alice", Role.MEMBER, Role.STEWARD))
    assert before != cache.clearance(visit_of("alice", Role.MEMBER, organisation="trust"))
    assert before != cache.clearance(visit_of("alice", Role.MEMBER, now=NOW + timedelta(days=1)))


def test_only_allowed_values_are_read_from_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    class Query:
        def get_all(self, _key: str) -> list[str]:
            return ["open", "<script>", "closed"]

    monkeypatch.setattr("pages.shell.urlstate.st.query_params", Query())
    assert urlstate.chosen_values("band", ["closed", "named", "open"]) == ["closed", "open"]
