"""The docs say which test shows a promise: each of those tests exists, and so does each file that is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
WRITTEN = {
    name
    for path in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_test_that_the_docs_name_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+)`", text))
    assert named - WRITTEN == set()
    # In an example a file may be one that the reader is about to write.
    paths = re.findall(r"`((?:tests|pages|store|catalogue|entrypoints)/[\w/.]+)`", text)
    assert [path for path in paths if "somewhere" not in path and not (ROOT / path).exists()] == []
