"""The house stands as it was drawn: imports, sizes, what may not be written anywhere."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("pages", "entrypoints", "meetings", "reportcards", "sharing", "connectors", "catalogue", "governance", "store")
LONGEST_MODULE = 400
LONGEST_PAGE = 120
LONGEST_FUNCTION = 70
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


def modules() -> Iterator[Path]:
    yield ROOT / "app.py"
    for room in ROOMS:
        yield from (path for path in sorted((ROOT / room).rglob("*.py")) if "migrations" not in path.parts)


def pages() -> list[Path]:
    """Page files; a leading underscore marks a part of one."""
    found = [path for path in sorted((ROOT / "pages").glob("*/*.py")) if path.parent.name != "shell"]
    return [path for path in found if path.name == "__init__.py" or not path.name.startswith("_")]


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(LINT_IMPORTS), "--no-cache"], cwd=folder, capture_output=True, text=True, env={"PYTHONPATH": str(folder)}
    )


def test_imports_keep_the_contracts() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("store/settings.py", "import governance"),
        ("governance/people.py", "import catalogue.records"),
        ("catalogue/records.py", "import connectors"),
        ("catalogue/records.py", "import streamlit"),
        ("catalogue/records.py", "import governance.tables"),
        ("connectors/ckan.py", "import sqlalchemy"),
        ("connectors/ckan.py", "import store"),
        ("pages/__init__.py", "import store"),
        ("pages/__init__.py", "import catalogue.tables"),
        ("entrypoints/cli.py", "import pages"),
    ],
)
def test_a_planted_violation_is_found(tmp_path: Path, where: str, line: str) -> None:
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("app.py", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    planted = tmp_path / where
    planted.write_text(planted.read_text(encoding="utf-8") + f"\n{line}  # noqa\n", encoding="utf-8")
    done = lint_imports(tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "BROKEN" in done.stdout


@pytest.mark.parametrize("path", list(modules()), ids=name_of)
def test_modules_and_functions_stay_small_and_say_what_they_are_for(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= (LONGEST_PAGE if path in pages() else LONGEST_MODULE), f"{len(lines)} lines"
    parsed = tree(path)
    assert ast.get_docstring(parsed), "no first line that says what the file is for"
    for node in ast.walk(parsed):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < LONGEST_FUNCTION, node.name


@pytest.mark.parametrize("path", list(modules()), ids=name_of)
def test_public_names_are_explained(path: Path) -> None:
    for node in tree(path).body:
        public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
        if public and not (node.name == "render" and path in pages()):
            assert ast.get_docstring(node), f"{node.name} has no docstring"


@pytest.mark.parametrize("path", pages(), ids=name_of)
def test_a_page_file_does_nothing_when_it_is_imported(path: Path) -> None:
    if path.name == "__init__.py":
        assert all(isinstance(node, ast.Expr) for node in tree(path).body)
        return
    names = set()
    for node in tree(path).body:
        if isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.FunctionDef):
            names.add(node.name)
        else:
            assert isinstance(node, ast.Import | ast.ImportFrom | ast.Expr | ast.AnnAssign | ast.ClassDef), name_of(
                path
            )
    assert {"PAGE", "render"} <= names
    public = {name for name in names if not name.startswith("_") and not name.isupper()}
    assert public == {"render"}, f"a page exports PAGE and render, not {public}"


def test_no_page_lies_directly_in_the_pages_folder() -> None:
    assert [path.name for path in (ROOT / "pages").glob("*.py")] == ["__init__.py"]


def test_the_launcher_is_short_and_its_script_is_away_from_the_pages_folder() -> None:
    text = (ROOT / "app.py").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 60
    assert "pages/shell/main.py" in text or '"shell" / "main.py"' in text


FORBIDDEN = {
    r"unsafe_allow_html": "harvested text could run as a page",
    r"verify\s*=\s*False": "a certificate that is not checked proves nothing",
    r"\bpickle\.loads?\(": "a pickle is a program",
    r"#\s*(TODO|FIXME|XXX)": "an issue, not a comment",
    r"datetime\.(now\(\)|utcnow)": "a time without a zone",
}


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_some_things_are_written_nowhere(pattern: str) -> None:
    found = [name_of(path) for path in modules() if re.search(pattern, path.read_text(encoding="utf-8"))]
    assert not found, FORBIDDEN[pattern]


ONLY_IN = {
    r"st\.cache_(data|resource)": ("pages/shell/cache.py",),
    r"unsafe_allow_javascript": ("pages/shell/scripts.py", "pages/shell/sign_in.py", "pages/shell/door.py"),
    r"\.connection\(\)": ("store/sessions.py", "governance/audit.py", "catalogue/search_index.py"),
    r"import dbos|from dbos": ("store/jobs.py", "store/_jobruntime.py", "store/_jobvalues.py", "store/_executors.py"),
    r"datetime\.now\(UTC\)": ("governance/visit.py", "store/jobs.py", "connectors/_pace.py"),
}


@pytest.mark.parametrize("pattern", ONLY_IN)
def test_some_things_are_written_in_one_place_only(pattern: str) -> None:
    found = {name_of(path) for path in modules() if re.search(pattern, path.read_text(encoding="utf-8"))}
    assert found <= set(ONLY_IN[pattern]), found - set(ONLY_IN[pattern])


def test_no_committed_file_names_a_registry_or_a_path_of_a_machine() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    parts = ("py" + r"pi\.org", "python" + "hosted", "npm" + r"js\.", "/" + "work/", "/" + "home/[a-z]+/")
    for name in listed.splitlines():
        path = ROOT / name
        if path.suffix not in {".png", ".woff2"} and path.is_file():
            assert not re.search("|".join(parts), path.read_text(encoding="utf-8", errors="replace")), name


def test_nothing_imports_the_launcher() -> None:
    for path in modules():
        assert not re.search(r"^\s*(import app|from app import)", path.read_text(encoding="utf-8"), re.MULTILINE), path


def test_no_connector_knows_another() -> None:
    kinds = {path.stem for path in (ROOT / "connectors").glob("[a-z]*.py")}
    for path in (ROOT / "connectors").glob("[a-z]*.py"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ImportFrom) and node.module:
                names = {node.module.removeprefix("connectors.").split(".")[0]} | {each.name for each in node.names}
                others = kinds - {path.stem} if node.module.startswith("connectors") else set()
                assert not names & others, path.name
