"""Hostile files: each meets its oracle in one living process, within memory and time, touching nothing else."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from governance.errors import Invalid
from governance.guard import Limits, parse

ROOT = Path(__file__).resolve().parents[2]
KINDS = {"xlsx": "inventory", "csv": "inventory", "json": "data_json", "xml": "data_json"}
ELSEWHERE = {"markdown", "url", "login"}
"""Kinds of the manifest that are no files for a connector: the pages, the address guard and the sign-in test them."""
READ = {
    # What is read, as (titles, reasons of rejections); every other file must be refused.
    "ok.xlsx": (["Dataset 1"], []),
    "dim_lie.xlsx": (["Dataset 1"], []),
    "traversal.xlsx": (["Dataset 1"], []),
    "ragged.csv": (
        ["A"],
        ["Quotation mark never closed"] + ["Row of another length than the heading"] * 2,
    ),
    "formula.csv": (["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3"], []),
    "nul_bom_mixed.csv": (["C", "D"], ["A character that is no text (NUL)"]),
    "utf16.csv": (["\u0100otearoa"], []),
    "surrogate.json": ([], ["No identifier"]),
}
SCRIPT = """
import json, resource, sys, time
sys.path.insert(0, sys.argv[1])
touched = []
def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo"):
        touched.append(str(arguments))
    if event == "open" and str(arguments[0]) in ("/etc/hostname", "/etc/passwd"):
        touched.append(str(arguments[0]))
from catalogue.records import Record, Rejection, SourceAddress
from connectors import registry
from connectors._web import Web
from governance.errors import CommonTableError
kinds = registry()
base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
sys.addaudithook(watch)
for name, kind, path in json.loads(sys.argv[2]):
    began = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    told = {"name": name, "refused": "", "titles": [], "rejections": [], "ending": ""}
    try:
        source = SourceAddress(name="x", kind=kind, location=path)
        for page in kinds[kind].read(source, Web(), "", lambda *_: False):
            told["titles"] += [item.title for item in page.items if isinstance(item, Record)]
            told["rejections"] += [[i.field, i.reason, i.value] for i in page.items if isinstance(i, Rejection)]
            told["ending"] = page.ending.completeness.value if page.ending else ""
    except CommonTableError as error:
        told["refused"] = error.sentence
    ended = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    told["cpu"] = sum(b.ru_utime + b.ru_stime - a.ru_utime - a.ru_stime for a, b in zip(began, ended))
    told["own_mb"] = (ended[0].ru_maxrss - base) / 1024
    told["child_mb"] = ended[1].ru_maxrss / 1024
    told["touched"] = list(touched)
    print(json.dumps(told), flush=True)
"""


def entries(shared: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((shared / "attacks/dev/manifest.json").read_text())["files"]
    return found


@pytest.fixture(scope="module")
def outcomes(shared: Path) -> dict[str, dict[str, Any]]:
    """What one process made of every file, one after another: it must live through them all."""
    asked = [
        [Path(one["path"]).name, KINDS[one["kind"]], str(shared / "attacks" / one["path"])]
        for one in entries(shared)
        if one["kind"] in KINDS
    ]
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(ROOT), json.dumps(asked)],
        capture_output=True,
        text=True,
        timeout=240,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(told) == len(asked)
    return {one["name"]: one for one in told}


def test_every_hostile_file_is_of_a_kind_that_is_tested_here_or_named_elsewhere(shared: Path) -> None:
    assert {one["kind"] for one in entries(shared)} == set(KINDS) | ELSEWHERE
    assert len([one for one in entries(shared) if one["kind"] in KINDS]) >= 24


def test_hostile_files_are_refused_with_one_sentence_or_read_as_stated(outcomes: dict[str, dict[str, Any]]) -> None:
    for name, told in outcomes.items():
        if name in READ and name != "formula.csv":
            assert (told["titles"], [reason for _, reason, _ in told["rejections"]]) == READ[name], name
            assert not told["refused"], name
        elif name not in READ:
            assert told["refused"].endswith("."), name
            assert told["titles"] == [], name
            assert len(told["refused"]) < 400, name


def test_hostile_files_cost_less_than_their_bounds(outcomes: dict[str, dict[str, Any]]) -> None:
    for name, told in outcomes.items():
        assert told["cpu"] < 10, name
        assert told["own_mb"] < 300, name
        assert told["child_mb"] < 300, name


def test_hostile_files_reach_no_address_and_no_other_file(outcomes: dict[str, dict[str, Any]]) -> None:
    assert {name: told["touched"] for name, told in outcomes.items() if told["touched"]} == {}


def test_a_workbook_with_traversing_names_writes_nothing(outcomes: dict[str, dict[str, Any]]) -> None:
    assert outcomes["traversal.xlsx"]["titles"] == ["Dataset 1"]
    assert not Path("/tmp/evil.txt").exists()
    assert not Path("/etc/evil").exists()


def test_formulas_are_kept_as_text(outcomes: dict[str, dict[str, Any]], shared: Path) -> None:
    from catalogue.records import SourceAddress
    from connectors._web import Web
    from connectors.inventory import preview

    kept = outcomes["formula.csv"]["titles"]
    assert kept[:4] == READ["formula.csv"][0]
    path = shared / "attacks/dev/files/formula_cells.xlsx"
    found = preview(SourceAddress(name="x", kind="inventory", location=str(path)), Web())
    assert found.headers == ("click", "=cmd|' /C calc'!A0")


def test_bad_rows_are_listed_by_line(outcomes: dict[str, dict[str, Any]]) -> None:
    assert [field for field, _, _ in outcomes["ragged.csv"]["rejections"]] == ["row 5", "row 3", "row 4"]
    assert outcomes["ragged.csv"]["ending"] == "partial"
    assert [field for field, _, _ in outcomes["nul_bom_mixed.csv"]["rejections"]] == ["row 2"]


def test_text_that_is_not_unicode_is_asked_about(outcomes: dict[str, dict[str, Any]]) -> None:
    assert "CSV UTF-8" in outcomes["latin1.csv"]["refused"]


def test_half_a_letter_is_replaced_and_listed(outcomes: dict[str, dict[str, Any]]) -> None:
    assert outcomes["surrogate.json"]["rejections"] == [["identifier", "No identifier", "a\ufffdb"]]


def test_json_content_inside_a_catalogue_meets_the_same_oracle(shared: Path, tmp_path: Path) -> None:
    from catalogue.records import Record, SourceAddress
    from connectors import data_json
    from connectors._web import Web

    files = shared / "attacks/dev/files"
    bodies = [(files / name).read_bytes() for name in ("surrogate.json", "nan.json", "deep_100k.json")]
    named = [b'{"identifier": "1", ' + bodies[0][1:], b'{"identifier": "2", "title": "N", ' + bodies[1][1:], bodies[2]]
    path = tmp_path / "data.json"
    path.write_bytes(b'{"dataset": [' + b",".join(named) + b"]}")
    source = SourceAddress(name="x", kind="data_json", location=str(path))
    (page,) = data_json.read(source, Web(), "", lambda *_: False)
    records = [item for item in page.items if isinstance(item, Record)]
    assert [record.title for record in records] == ["a\ufffdb", "N"]
    assert "\x00" not in records[0].description
    assert all(record.warnings for record in records)
    assert [item.reason for item in page.items if not isinstance(item, Record)] == ["Not readable"]  # type: ignore[union-attr]


@pytest.fixture
def parsers(tmp_path: Path) -> ModuleType:
    """Parsers that do what hostile files make parsers do."""
    path = tmp_path / "hostile_parsers.py"
    path.write_text(
        "import os, socket, subprocess, time\n"
        "def sound(data, options): print('noise'); return {'size': len(data), **options}\n"
        "def aborts(data, options): os.abort()\n"
        "def hogs(data, options): return len(bytearray(1 << 33))\n"
        "def grows(data, options):\n    kept = []\n    while True: kept.append(bytes(1 << 20))\n"
        "def loops(data, options):\n    while True: pass\n"
        "def sleeps(data, options): time.sleep(60)\n"
        "def raises(data, options): raise KeyError('x')\n"
        "def dives(data, options): return dives(data, options)\n"
        "def talks(data, options): return socket.create_connection(('127.0.0.1', 9))\n"
        "def looks_up(data, options): return socket.getaddrinfo('localhost', 80)\n"
        "def starts(data, options): return subprocess.run(['true'])\n"
        "def forks(data, options): return os.fork()\n"
        "def opens(data, options): return open('/etc/passwd').read()\n"
        "def writes(data, options): open('/tmp/commontable-hostile', 'w').write('x')\n"
        "def floods(data, options): return 'x' * (3 << 20)\n"
        "def secrets(data, options): return sorted(os.environ)\n"
        "def refuses(data, options): return {'refused': 'Not this one'}\n"
    )
    spec = importlib.util.spec_from_file_location("hostile_parsers", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["hostile_parsers"] = module
    spec.loader.exec_module(module)
    return module


def test_a_parser_gives_its_answer_and_its_cost(parsers: ModuleType) -> None:
    found = parse(parsers.sound, b"12345", {"a": "b"})
    assert found.value == {"size": 5, "a": "b"}
    assert 0 < found.peak_mb < 100
    assert found.cpu_seconds < 5


@pytest.mark.parametrize(
    "name",
    [
        "aborts",
        "hogs",
        "grows",
        "loops",
        "sleeps",
        "raises",
        "dives",
        "talks",
        "looks_up",
        "starts",
        "forks",
        "opens",
        "writes",
        "floods",
        "refuses",
    ],
)
def test_whatever_a_parser_does_the_server_lives_and_says_one_sentence(parsers: ModuleType, name: str) -> None:
    me = os.getpid()
    limits = Limits(memory_mb=256, cpu_seconds=1, wall_seconds=3, result_mb=1)
    with pytest.raises(Invalid) as refused:
        parse(getattr(parsers, name), b"x", {}, limits=limits)
    assert os.getpid() == me
    assert refused.value.sentence.endswith(".")
    assert not Path("/tmp/commontable-hostile").exists()


def test_a_parser_sees_none_of_our_settings(parsers: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMONTABLE_DATABASE_URL", "postgresql://user:secret@host/db")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example")
    seen = parse(parsers.secrets, b"", {}).value
    assert not [name for name in seen if "COMMONTABLE" in name or "PROXY" in name.upper()]


def _workbook(path: Path, *, sheet: bytes, more: dict[str, bytes] | None = None) -> Path:
    """The least workbook that opens, around any bytes of a sheet."""
    import xlsxwriter  # type: ignore[import-untyped]

    plain = path.with_suffix(".plain.xlsx")
    with xlsxwriter.Workbook(plain) as book:
        book.add_worksheet("R").write_row(0, 0, ["Reference", "Title"])
    with zipfile.ZipFile(plain) as given, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for member in given.namelist():
            made.writestr(member, sheet if member.endswith("sheet1.xml") else given.read(member))
        for name, content in (more or {}).items():
            made.writestr(name, content)
    return path


HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = b"</sheetData></worksheet>"


@pytest.mark.parametrize(
    ("sheet", "more", "said"),
    [
        (HEAD + TAIL, {f"xl/x{n}.bin": b"" for n in range(1_001)}, "unpacks to far more"),
        (HEAD + b" " * (2 << 20) + TAIL, {}, "unpacks to far more"),
        ('<?xml version="1.0" encoding="utf-16"?>'.encode("utf-16") + HEAD, {}, "no spreadsheet program writes"),
        (b"<!DOCTYPE x>" + HEAD + TAIL, {}, "no spreadsheet program writes"),
        (HEAD + TAIL, {"docProps/custom.xml": b"<!ENTITY x>"}, "no spreadsheet program writes"),
        (HEAD + b"<row", {}, "damaged"),
        (HEAD + TAIL, {}, "empty"),
        (
            HEAD + b'<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>'
            b'<row r="2"><c r="XFD2" t="inlineStr"><is><t>x</t></is></c></row>' + TAIL,
            {},
            "column 16,384",
        ),
        (HEAD + b'<row r="99999999999999"><c r="A1"><v>1</v></c></row>' + TAIL, {}, "no spreadsheet has"),
        (HEAD + b'<row r="1"><c r="A1" t="d"><v>2024-13-45</v></c></row>' + TAIL, {}, "its name says: save it again."),
    ],
    ids=["members", "ratio", "utf-16", "doctype", "entity", "cut", "empty", "far column", "far row", "no date"],
)
def test_built_workbooks_are_refused(tmp_path: Path, sheet: bytes, more: dict[str, bytes], said: str) -> None:
    from connectors import _sheets

    path = _workbook(tmp_path / "hostile.xlsx", sheet=sheet, more=more)
    with pytest.raises(Invalid) as refused:
        parse(_sheets.read, path.read_bytes(), {}, limits=Limits(memory_mb=512, cpu_seconds=2))
    assert said in refused.value.sentence


def test_a_formatted_but_empty_far_row_is_no_reason_to_refuse(tmp_path: Path) -> None:
    from connectors import _sheets

    sheet = (
        HEAD
        + b'<row r="1"><c r="A1" t="inlineStr"><is><t>Title</t></is></c></row>'
        + b'<row r="1048576"><c r="XFD1048576"/></row>'
        + TAIL
    )
    path = _workbook(tmp_path / "formatted.xlsx", sheet=sheet)
    assert parse(_sheets.read, path.read_bytes(), {}).value["rows"] == [[1, ["Title"]]]
