"""The stylesheet on its way to the page, and the Streamlit hooks it leans on."""

from __future__ import annotations

import functools
import hashlib
import re
from pathlib import Path

import streamlit as st

from pages.shell.charts import theme

SHEET = Path(__file__).with_name("style.css")
_HOOK = re.compile(r"\bst[A-Z][A-Za-z]+\b")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@functools.cache
def sheet() -> str:
    """The stylesheet without comments and line breaks."""
    return re.sub(r"\s+", " ", _COMMENT.sub("", SHEET.read_text("utf-8")))


def hooks() -> frozenset[str]:
    """Every data-testid the stylesheet leans on: they are no promise of Streamlit's, a test looks for each."""
    return frozenset(_HOOK.findall(sheet()))


@functools.cache
def address() -> str:
    """Where the launcher serves the sheet: the address changes with its content, so browsers may keep it for good."""
    return f"/look/{hashlib.sha256(sheet().encode()).hexdigest()[:16]}.css"


def draw() -> None:
    """Put the stylesheet on the page; it takes no space, and no rerun sends it again."""
    on_paper = ":root{--ct-on-paper:invert(1) hue-rotate(180deg)}" if theme() == "dark" else ""
    st.html(f'<style>@import url("{address()}");{on_paper}</style>')


def mark_current(address: str) -> None:
    """Mark a section's entrance in the menu while one of its other pages is open; `address` as in the menu's link."""
    here = f'[data-testid="stTopNavLink"][href$="{address}"]'
    st.html(f"<style>{here}{{border-bottom-color:var(--ct-teal)}}{here} p{{font-weight:700}}</style>")
