"""The command line as other tools rely on it: names, JSON keys, exit statuses."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from entrypoints.cli import commands
from governance import operator
from governance import people as people_room
from governance import sign_in as door
from governance.errors import CommonTableError
from store.backup import BackupRefused

ROOT = Path(__file__).resolve().parents[2]
PORTAL = ROOT / "entrypoints" / "demo" / "portal.json"
REGISTER = ROOT / "entrypoints" / "demo" / "register.csv"
RECORD_KEYS = {
    "type", "remote_id", "title", "publisher", "band", "rule", "licence", "licence_raw", "access_right", "modified",
    "landing_page", "formats", "keywords", "distributions",
}  # fmt: skip
ENDING_KEYS = {"type", "status", "completeness", "reason", "records", "rejections", "requests"}
RUN_KEYS = {
    "run", "status", "completeness", "added", "changed", "unchanged", "missing", "withdrawn", "restored", "rejected",
    "live", "reason",
}  # fmt: skip
DATASET_KEYS = {
    "id", "source", "remote_id", "title", "publisher", "band", "rule", "listing", "state", "missing_since", "reason",
}  # fmt: skip
BANDS = {"closed", "named", "group", "public-limited", "public-unclear", "open", "unknown"}


def run(*words: str, status: int = 0) -> list[dict[str, Any]]:
    """Run a command with --json in this process; its answer, line by line."""
    done = CliRunner().invoke(commands, [*words, "--json"], catch_exceptions=False)
    assert done.exit_code == status, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder with the made-up portal harvested and two people, made by the commands themselves."""
    import store
    from catalogue import runs
    from connectors import _harvest
    from store.settings import Settings

    runs.install(_harvest.open_reading)
    home = tmp_path_factory.mktemp("cli") / "home"
    store.use_settings(Settings(home=home))
    password = home.parent / "password"
    password.write_text("a long enough pass phrase\n", encoding="utf-8")
    for name, organisation, roles in (("ada", "Harbour Council", "steward"), ("ben", "Saltmarsh Trust", "member")):
        run("people", "add", name, "--organisation", organisation, "--roles", roles, "--password-file", str(password))
    run("sources", "add", "Portal", "ckan", str(PORTAL))
    assert run("harvest", "Portal")[0]["status"] == "applied"
    yield home
    store.use_settings(None)


def test_reading_without_storing_gives_records_and_last_the_ending(shelf: Path) -> None:
    lines = run("sources", "read", "ckan", str(PORTAL))
    assert {frozenset(line) for line in lines[:-1]} == {frozenset(RECORD_KEYS)}
    assert set(lines[-1]) == ENDING_KEYS
    assert (lines[-1]["status"], lines[-1]["completeness"], lines[-1]["records"]) == ("ok", "complete", 66)
    assert {line["band"] for line in lines[:-1]} <= BANDS


def test_a_reading_that_fails_says_why_and_exits_with_1(shelf: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.json"
    page.write_text("<html>maintenance</html>", encoding="utf-8")
    ending = run("sources", "read", "ckan", str(page), status=1)[-1]
    assert ending["status"] == "failed" and ending["records"] == 0
    assert ending["reason"].endswith(".")
    private = run("sources", "read", "ckan", "http://127.0.0.1:9/", status=1)[-1]
    assert private["requests"] == 0 and "127.0.0.1" in private["reason"]


def test_a_second_harvest_changes_nothing(shelf: Path) -> None:
    told = run("harvest", "Portal")[0]
    assert set(told) == RUN_KEYS
    assert (told["added"], told["changed"], told["unchanged"], told["live"]) == (0, 0, 66, 66)


def test_a_shrunken_source_is_held_with_status_3_and_can_be_settled(shelf: Path, tmp_path: Path) -> None:
    answer = json.loads(PORTAL.read_text(encoding="utf-8"))
    shrinking = tmp_path / "shrinking.json"
    shrinking.write_text(json.dumps(answer), encoding="utf-8")
    run("sources", "add", "Shrinking", "ckan", str(shrinking))
    run("harvest", "Shrinking")
    answer["result"]["results"] = answer["result"]["results"][:20]
    answer["result"]["count"] = 20
    shrinking.write_text(json.dumps(answer), encoding="utf-8")
    held = run("harvest", "Shrinking", status=3)[0]
    assert (held["status"], held["missing"], held["live"], held["withdrawn"]) == ("held", 46, 66, 0)
    assert {line["run"] for line in run("runs", "list", "--source", "Shrinking")} >= {held["run"]}
    assert len(run("runs", "show", held["run"])[0]["diff"]) == 46
    assert run("runs", "reject", held["run"], "--reason", "the portal was unwell")[0]["state"] == "rejected"
    again = run("harvest", "Shrinking", status=3)[0]
    released = run("runs", "release", again["run"], "--reason", "they are really gone")[0]
    assert (released["status"], released["missing"], released["live"]) == ("applied", 46, 20)
    missing = run("datasets", "list", "--source", "Shrinking", "--state", "missing")
    assert len(missing) == 46
    assert all(line["missing_since"] and line["reason"] for line in missing)


def test_datasets_are_listed_with_the_agreed_keys_and_words(shelf: Path) -> None:
    lines = run("datasets", "list", "--source", "Portal")
    assert len(lines) == 66
    assert {frozenset(line) for line in lines} == {frozenset(DATASET_KEYS)}
    assert {line["band"] for line in lines} <= BANDS
    assert {line["listing"] for line in lines} == {"everyone"} and {line["state"] for line in lines} == {"live"}
    shown = run("datasets", "show", lines[0]["id"])[0]
    assert shown["title"] == lines[0]["title"]


def test_search_gives_totals_results_and_facets(shelf: Path) -> None:
    told = run("search", "childcare", "--facet", "band=open", "--limit", "5")[0]
    assert set(told) == {"total", "corrected", "results", "facets"}
    assert {frozenset(each) for each in told["results"]} == {frozenset({"id", "title", "band", "why"})}
    assert told["facets"]["band"]["open"] == told["total"]
    assert run("search", "child care")[0]["total"] == run("search", "childcare")[0]["total"] > 0
    assert run("search", "chidlcare")[0]["corrected"] == "childcare"
    assert run("search", "childcare", "--as", "ben")[0]["total"] == run("search", "childcare")[0]["total"]


def test_what_is_private_at_its_source_is_found_by_its_owner_alone(shelf: Path, tmp_path: Path) -> None:
    answer = json.loads(PORTAL.read_text(encoding="utf-8"))
    answer["result"]["results"] = [answer["result"]["results"][0] | {"private": True, "title": "Quorndon ledger"}]
    answer["result"]["count"] = 1
    private = tmp_path / "private.json"
    private.write_text(json.dumps(answer), encoding="utf-8")
    run("sources", "add", "Private", "ckan", str(private), "--organisation", "Harbour Council")
    run("harvest", "Private")
    listed = run("datasets", "list", "--source", "Private")[0]
    assert (listed["listing"], listed["band"]) == ("owner", "closed")
    assert run("search", "quorndon", "--as", "ada")[0]["total"] == 1
    assert run("search", "quorndon", "--as", "ben")[0]["total"] == 0


def test_people_are_added_listed_and_disabled(shelf: Path) -> None:
    added = run("people", "add", "cleo", "--organisation", "Harbour Council", "--roles", "chair")[0]
    assert added["roles"] == ["chair", "member"] and "invitation=" in added["link"]
    assert door.invitation(added["link"].split("invitation=")[1])
    assert {"ada", "ben", "cleo"} <= {line["username"] for line in run("people", "list")}
    assert run("people", "disable", "cleo")[0]["active"] is False
    assert "invitation=" in run("people", "password", "ben")[0]["link"]


def test_audit_backup_restore_verify_and_publish(shelf: Path, tmp_path: Path) -> None:
    import store
    from store.settings import Settings

    assert run("audit", "verify")[0]["ok"] is True
    kept = tmp_path / "kept.zip"
    told = run("backup", str(kept))[0]
    assert run("verify", str(kept))[0]["ok"] is True
    files = run("publish", str(tmp_path / "published"))
    assert {Path(line["file"]).name for line in files} == {"catalogue.jsonld", "data.json", "feed.xml", "catalogue.csv"}
    before = store.settings()
    store.use_settings(Settings(home=tmp_path / "other"))
    try:
        assert run("restore", str(kept))[0]["rows"] == told["rows"]
        assert run("search", "childcare")[0]["total"] > 0
    finally:
        store.use_settings(before)


def run_apart(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "entrypoints.cli", *words],
        cwd=ROOT,
        env={"COMMONTABLE_HOME": str(home), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_init_asks_nothing_can_be_repeated_and_other_commands_run_it(tmp_path: Path) -> None:
    first = run_apart(tmp_path / "a", "init")
    assert first.returncode == 0 and "invitation=" in first.stdout
    assert "invitation=" in run_apart(tmp_path / "a", "init").stdout
    listed = run_apart(tmp_path / "b", "datasets", "list", "--json")
    assert (listed.returncode, listed.stdout) == (0, "")
    assert "invitation=" in listed.stderr


def test_a_mistake_is_one_sentence_and_no_traceback(tmp_path: Path) -> None:
    for words in (
        ["harvest", "Nothing of that name"],
        ["datasets", "show", "nothing"],
        ["people", "disable", "nobody"],
        ["sources", "add", "X", "ckan", "ftp://example.org/"],
        ["search", "x", "--as", "nobody"],
        ["publish", "/etc/passwd/x"],
        ["publish", "a" * 3_000],
    ):
        done = run_apart(tmp_path / "home", *words)
        assert done.returncode == 1, words
        assert "Traceback" not in done.stderr
        assert done.stderr.strip().splitlines()[-1].startswith("Error: ")


def test_a_word_that_is_no_text_is_named_by_its_place(tmp_path: Path) -> None:
    done = run_apart(tmp_path / "home", "datasets", "show", "\udcff")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip() == "Error: Word 3 of the command is not text in UTF-8."


JUNK = {
    "nothing": b"",
    "half UTF-16": b"\xff\xfe{",
    "deep": b"[" * 100_000,
    "digits": b"9" * 5_000,
    "every byte": bytes(range(256)) * 5,
    "archive": b"PK\x03\x04junk",
    "gzip": b"\x1f\x8bjunk",
    "NUL": b"\0" * 300,
    "half a character": b'"\\ud800"',
    "an open quotation mark": b'"',
    "list": b"[]",
    "number": b"NaN",
}


@pytest.mark.parametrize("content", JUNK.values(), ids=JUNK)
def test_a_file_of_junk_is_answered_in_sentences_whatever_reads_it(shelf: Path, tmp_path: Path, content: bytes) -> None:
    junk, numbers = tmp_path / "junk", tmp_path / "numbers.csv"
    junk.write_bytes(content)
    numbers.write_text("indicator,area,period,value\nA,B,2020,1\n", encoding="utf-8")
    for words in (
        ["indicators", "areas", str(junk)],
        ["indicators", "map", str(junk), "--kind", "ward"],
        ["indicators", "import", str(junk), "--dry-run"],
        ["indicators", "import", str(numbers), "--mapping", str(junk), "--dry-run"],
        ["indicators", "import", str(numbers), "--metadata", str(junk), "--dry-run"],
        ["methods", "check", str(junk)],
        ["agreements", "try", str(junk)],
        ["sources", "read", "ckan", str(junk)],
        ["sources", "read", "data_json", str(junk)],
        ["sources", "read", "inventory", str(junk)],
        ["sources", "read", "ckan", str(PORTAL), "--token-file", str(junk)],
        ["people", "password", "ada", "--password-file", str(junk)],
        ["verify", str(junk)],
        ["restore", str(junk)],
    ):
        done = CliRunner().invoke(commands, words)
        assert isinstance(
            done.exception, SystemExit | click.ClickException | CommonTableError | BackupRefused | None
        ), words
        assert "Traceback" not in done.output


def test_the_operator_is_named_in_the_audit(shelf: Path) -> None:
    from governance import audit

    with operator("test") as visit:
        assert people_room.people(visit)
        added = [event for event in audit.events(visit, action="source.added") if "Portal" in str(event)]
        assert added and added[0].actor == "operator"


def test_a_command_does_not_load_what_only_report_cards_need() -> None:
    program = "import sys, entrypoints.cli; print({'polars', 'scipy', 'altair', 'streamlit'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=Path.cwd())
    assert done.stdout.strip() == "set()"
