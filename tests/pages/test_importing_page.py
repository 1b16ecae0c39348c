"""An import on its page: found again, followed, cancelled, with every error, whoever looks and whenever."""

from __future__ import annotations

from pathlib import Path

import pytest

from governance import operator, people
from reportcards import imports
from reportcards.imports import Reached
from tests.catalogue.made import NOW
from tests.pages.drawn import draw, markup, refused, text
from tests.reportcards import ground
from tests.reportcards.ground import Ground, order, years
from tests.reportcards.test_imports import left_behind

PAGE = "pages.cards.import_numbers"


@pytest.fixture
def table(home: Path) -> Ground:
    return ground.ground()


def begun(table: Ground, rows: list[str]) -> str:
    with table.people.as_("priya") as visit:
        return imports.begin(visit, order(table.dataset("Absence"), rows, file_name="absence.csv")).id


def test_a_published_revision_is_found_again_from_the_page(table: Ground) -> None:
    found = begun(table, years("Absence", [5, 6, 7]))
    priya = table.people.viewers["priya"]
    assert f"import={found}" in markup(draw(PAGE, priya, now=NOW)), "the page lists what was imported lately"
    page = draw(PAGE, priya, now=NOW, **{"import": found})
    assert "The revision is published." in text(page) and "3 figures of 1 indicator" in text(page)
    assert "/define-indicator" in markup(page) and not page.get("file_uploader")


def test_every_error_of_a_refused_file_is_found_again(table: Ground) -> None:
    found = begun(table, [*years("Absence", [5]), "Absence,V,Vale,never,,,7,,,", "Absence,V,Vale,2012,,,seven,,,"])
    page = draw(PAGE, table.people.viewers["priya"], now=NOW, **{"import": found})
    said = text(page)
    assert "Nothing of this file is kept." in said and "2 places have to change" in said
    assert "never" in said and "seven" in said


def test_one_under_way_says_how_far_it_is_and_can_be_ended(table: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    found = left_behind(table, table.dataset("Absence"))
    monkeypatch.setattr("pages.shell.frame.session_id", lambda: _session(table))
    far = [
        (Reached(doing=""), "Waiting for its turn"),
        (Reached(doing="reading", done=12_000, of=48_000), "12,000 of 48,000 rows read"),
        (Reached(doing="reading", done=12_000), "12,000 rows read"),
        (Reached(doing="protecting", of=48_000), "Protecting 48,000 figures"),
        (Reached(doing="writing", of=48_000), "Writing 48,000 figures"),
        (Reached(doing="recording"), "Recording the revision"),
    ]
    for reached, words in far:
        monkeypatch.setattr(imports, "reached", lambda _found, reached=reached: reached)
        page = draw(PAGE, table.people.viewers["priya"], now=NOW, **{"import": found})
        assert words in text(page) and "You can leave this page and come back." in text(page)
    next(each for each in page.button if each.key == "cancelimport").click().run()
    with table.people.as_("priya") as visit:
        assert imports.one(visit, found).state is imports.ImportState.CANCELLED
    page = draw(PAGE, table.people.viewers["priya"], now=NOW, **{"import": found})
    assert "The import was cancelled." in text(page)


def _session(table: Ground) -> str:
    from governance import clock, sign_in

    with operator("test", now=clock()) as visit:
        people.give_password(visit, "priya", "lantern harbour table seven")
    return str(sign_in.redeem(sign_in.ticket("priya", "test"), "test"))


def test_one_that_failed_says_why_in_one_sentence(table: Ground, home: Path) -> None:
    found = left_behind(table, table.dataset("Absence"))
    (home / "incoming" / f"numbers-{found}").unlink()
    imports.carry_out(found)
    page = draw(PAGE, table.people.viewers["priya"], now=NOW, **{"import": found})
    assert "Nothing was kept. The uploaded file is not here any more" in text(page)


def test_that_of_somebody_else_does_not_exist(table: Ground) -> None:
    found = begun(table, years("Absence", [5, 6, 7]))
    jonas = table.people.viewers["jonas"]
    assert refused(draw(PAGE, jonas, now=NOW, **{"import": found})).startswith("NotFound")
    assert "Your last imports" not in text(draw(PAGE, jonas, now=NOW))
