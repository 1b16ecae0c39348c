"""Minutes as an accessible PDF with their evidence, and a calendar file that calendars read."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from pathlib import Path

from click.testing import CliRunner
from icalendar import Calendar
from pypdf import PdfReader

from entrypoints.cli_meetings import meetings as commands
from meetings import planning
from meetings.calendar import calendar
from meetings.planning import MeetingDraft
from tests.meetings.conftest import Closed
from tests.meetings.ground import ENDLESS, HELD, HOSTILE, LATER, Table, hostile_meeting


def read(data: bytes) -> str:
    """Its words as a reader for people who do not see gets them; a line's end is no word's end."""
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages))


def test_the_minutes_carry_everything_with_source_revision_and_hash(closed: Closed) -> None:
    said, found = read(closed.for_owner), closed.as_owner
    assert "Harbour Council: 2 people" in said and "Invited and not here: Saltmarsh Trust." in said
    assert "Decision D-1" in said and "First part." in said and found.audit_head in said
    shown = [each.seen for each in found.agenda if each.seen is not None]
    assert len(shown) == 2
    for seen in shown:
        assert seen.figure is not None
        assert re.sub(r"\s+", " ", seen.figure.source_line) in said
        assert seen.hash in said and "revision 1" in said
    assert said.index("In the room") < said.index("Agenda") < said.index("Decision D-1") < said.index("Evidence")


def test_the_pdf_is_tagged_and_says_its_language(closed: Closed) -> None:
    root = PdfReader(io.BytesIO(closed.for_owner)).trailer["/Root"]
    assert root["/Lang"] == "en-GB" and root["/MarkInfo"]["/Marked"]
    assert b"pdfuaid:part" in root["/Metadata"].get_data()


def test_hostile_words_stay_words(closed: Closed) -> None:
    said = read(closed.for_owner)
    assert said.count(HOSTILE) == 3, "title, decision, minutes"
    assert ENDLESS in said.replace(" ", "").replace("\u200b", "")
    assert "Hoped for: ?" in said and "stand as" in said


def test_a_figure_that_may_not_be_kept_is_a_sentence(closed: Closed) -> None:
    said = read(closed.for_partner)
    assert "A figure was shown here that you may not look at now." in said
    assert "Harbour Council, Waiting list" in read(closed.for_owner) and "Harbour Council, Waiting list" not in said
    assert "Calls go on" in said


def test_a_calendar_reads_the_meeting_and_its_change(table: Table) -> None:
    name = table.plan(title="Réunion; a, b\nSUMMARY:x", place="Quay Room")
    with table.ground.people.as_("carl") as visit:
        (first,) = Calendar.from_ical(calendar(visit, name)).events
    assert (first.start, first.end) == (HELD, HELD + timedelta(minutes=90))
    assert (str(first["SUMMARY"]), str(first["LOCATION"])) == ("Réunion; a, b SUMMARY:x", "Quay Room")
    with table.ground.people.as_("carl", now=HELD) as visit:
        planning.change(visit, name, MeetingDraft(title="Moved", starts_at=LATER))
        (moved,) = Calendar.from_ical(calendar(visit, name)).events
    assert moved.uid == first.uid and moved.sequence > first.sequence and moved.start == LATER


def test_the_commands_list_show_and_export(table: Table, tmp_path: Path) -> None:
    table.agree()
    name = hostile_meeting(table)

    def run(*words: str) -> str:
        done = CliRunner().invoke(commands, list(words), catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    (line,) = run("list", "--json").splitlines()
    assert {"name": name, "state": "closed", "decisions": 1}.items() <= json.loads(line).items()
    told = json.loads(run("show", name, "--json"))
    assert [each["label"] for each in told["records"]] == ["D-1"] and len(told["audit_head"]) == 64
    assert sum(each["shown"] is not None for each in told["agenda"]) == 2
    assert name in run("list") and "D-1" in run("show", name)
    for wanted, magic in (("pdf", b"%PDF"), ("ics", b"BEGIN:VCALENDAR")):
        file = tmp_path / f"meeting.{wanted}"
        run("export", name, "--format", wanted, "--out", str(file))
        assert file.read_bytes().startswith(magic)
