"""What the server does before the first visitor comes, so that nobody waits for it."""

from __future__ import annotations

from pages import all_pages
from reportcards import charts


def warm() -> None:
    """Import every page and build every chart once."""
    all_pages()
    charts.prepare()
