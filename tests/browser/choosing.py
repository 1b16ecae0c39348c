"""Choose from a list one types into, as a person does: click it, type, click what one meant, look whether it took."""

from __future__ import annotations

from re import Pattern

from playwright.sync_api import Locator, Page, TimeoutError

from tests.pages.conftest import settled

ATTEMPTS = 4
PATIENCE = 8_000
"""Milliseconds until the list is opened once more: a list closes when the page is drawn anew under it."""


def choose(within: Page | Locator, name: str, option: str | Pattern[str], *, typing: str = "") -> None:
    """Choose in the list called `name`, among what `typing` leaves of it.

    Playwright's `fill` would set the words without a pointer or a key, and such a list closes again by itself.
    """
    box = within.get_by_role("combobox", name=name)
    page = box.page
    wanted = page.get_by_role("option", name=option)
    for _ in range(ATTEMPTS):
        box.click()
        if typing:
            box.press("ControlOrMeta+a")
            page.keyboard.type(typing)
        try:
            wanted.first.click(timeout=PATIENCE)
            wanted.first.wait_for(state="detached", timeout=PATIENCE)
        except TimeoutError:
            continue
        settled(page)
        return
    raise AssertionError(f"{option} could not be chosen in {name}")
