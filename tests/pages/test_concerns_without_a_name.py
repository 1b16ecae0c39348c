"""A concern raised without a name in a real browser: what the server keeps and writes down leads to nobody."""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from store.engine import sqlite_module
from tests.pages.conftest import Server, settled

WORDS = "Whoever says this aloud is out of a job."
CODE = re.compile(r"([0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}")
OF_SIGNING_IN = {"session", "person", "ticket", "attempt"}
"""They say who was signed in and when; none of their rows may know of the concern."""


def tables(home: Path) -> dict[tuple[str, str], set[str]]:
    """Every row of every database in the data folder, as text, by file and table."""
    found: dict[tuple[str, str], set[str]] = {}
    for path in sorted(home.glob("*.sqlite*")):
        if path.suffix not in {".sqlite", ".sqlite3"}:
            continue
        with sqlite_module().connect(f"file:{path}?mode=ro", uri=True) as opened:
            names = [name for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            for name in names:
                found[path.name, name] = {repr(row) for row in opened.execute(f'SELECT * FROM "{name}"')}
    return found


@pytest.fixture
def shown(server: Server, page: Page, signed_in: Callable[[Page, str], None]) -> Page:
    """The form, in front of a member of Harbour Council."""
    page.goto(f"{server.url}/concerns")
    signed_in(page, "member")
    page.get_by_role("link", name="Raise a concern").click()
    page.get_by_role("textbox", name="What worries you").fill(WORDS)
    page.get_by_text("Very strongly").click()
    page.get_by_text("Nobody: no name is kept").click()
    return page


def raised(page: Page) -> str:
    """Send the form; the code that comes."""
    page.get_by_role("button", name="Raise it").click()
    code = page.get_by_test_id("stCode").filter(has_text=CODE).inner_text().strip()
    settled(page)
    return code


def test_nothing_on_the_server_leads_to_who_raised_it(server: Server, shown: Page) -> None:
    log = server.home / "server.log"
    before, logged = tables(server.home), len(log.read_text("utf-8", "replace"))
    code = raised(shown)
    shown.get_by_role("button", name="I have written it down").click()
    shown.get_by_text("Somebody, without a name").first.wait_for()
    settled(shown)
    after, told = tables(server.home), log.read_text("utf-8", "replace")[logged:]
    new = {key: rows - before.get(key, set()) for key, rows in after.items() if rows - before.get(key, set())}
    [(concern_of, rows)] = [(key, rows) for key, rows in new.items() if key[1] == "concern"]
    [row] = rows
    assert WORDS in row and not re.search(r"\d\d:\d\d", row)
    others = {key for key in new if key[0] == concern_of[0] and key != concern_of and key[1] not in OF_SIGNING_IN}
    assert not others, "no other table of this database has changed"
    identifier = re.search(r"[0-9a-f]{32}", row)
    assert identifier is not None
    [person] = [literal_eval(kept) for kept in after[concern_of[0], "person"] if "'member'" in kept]
    sessions = "".join(rows for key, kept in after.items() if key[1] == "session" for rows in kept)
    marks = [each for each in person if isinstance(each, str) and len(each) > 4]
    assert len(marks) > 4, "username, name, ids and times of the person"
    for mark in (*marks, "Harbour Council", *re.findall(r"[0-9a-f]{64}", sessions)):
        assert mark.lower() not in row.lower(), mark
    for trace in (identifier[0], WORDS, code, "member", "raise", "concern"):
        assert trace.lower() not in told.lower(), f"the log says {trace}"
    for trace in (identifier[0], WORDS, code):
        kept = [key for key, rows in after.items() if key != concern_of and trace in "".join(rows)]
        assert not kept, f"{kept} know of {trace}"


def test_the_code_and_the_words_never_stand_in_an_address(server: Server, shown: Page) -> None:
    asked: list[str] = []
    shown.on("request", lambda request: asked.append(request.url))
    code = raised(shown)
    shown.get_by_role("button", name="I have written it down").click()
    shown.get_by_text("You raised it? Your receipt code says so").click()
    shown.get_by_role("textbox", name="Receipt code").fill(code)
    shown.get_by_role("button", name="Do it").click()
    shown.get_by_text("It is closed.").wait_for()
    settled(shown)
    visited = " ".join([shown.url, *asked])
    assert code not in visited and "aloud" not in visited
    shown.reload()
    settled(shown)
    assert code not in shown.content(), "the code is shown once"
