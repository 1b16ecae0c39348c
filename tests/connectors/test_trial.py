"""A source is tried by its first page, and nothing of it is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue import runs, sources, uploads
from catalogue.search import Query, count
from catalogue.sources import NewSource
from connectors._trial import SAMPLES, try_reading
from governance import Invalid, NotPermitted, SourceError
from tests.catalogue.made import Collaboration, collaboration
from tests.connectors.scripted import answer, scripted

ROWS = "".join(f"HB-{number},Pier {number},open\n" for number in range(8))


@pytest.fixture
def table(home: Path) -> Collaboration:
    return collaboration()


def test_a_trial_shows_the_first_records_with_their_place_and_keeps_nothing(table: Collaboration) -> None:
    with table.as_("priya") as visit:
        data = f"Reference,Title,How open\n{ROWS}HB-1,Pier 1 again,closed\n".encode()
        new = NewSource(name="", kind="inventory", location=uploads.keep_upload(visit, "list.csv", data))
        found = try_reading(visit, new)
        assert [each.title for each in found.samples] == [f"Pier {number}" for number in range(SAMPLES)]
        assert (found.total, found.records, len(found.rejections)) == (9, 8, 1)
        assert sources.sources(visit) == []
        assert runs.runs(visit) == []
        assert count(visit, Query()) == 0


def test_a_trial_says_in_one_sentence_why_a_source_cannot_be_read(table: Collaboration) -> None:
    with scripted(lambda _: answer(b"<html>Sign in</html>", kind="text/html")) as portal, table.as_("ada") as visit:
        new = NewSource(name="", kind="data_json", location=f"{portal.url}/data.json")
        with pytest.raises(SourceError, match="this machine"):
            try_reading(visit, new)
        assert portal.asked == []
        allowed = NewSource(name="", kind="data_json", location=f"{portal.url}/data.json", allow=portal.allow)
        with pytest.raises(SourceError):
            try_reading(visit, allowed)
        assert portal.asked


def test_a_trial_reads_no_file_of_the_server_and_is_for_stewards(table: Collaboration, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("Title\nSecret\n", encoding="utf-8")
    new = NewSource(name="", kind="inventory", location=str(secret))
    with table.as_("ada") as visit, pytest.raises(Invalid):
        try_reading(visit, new)
    with table.as_("miriam") as visit, pytest.raises(NotPermitted):
        try_reading(visit, new)
