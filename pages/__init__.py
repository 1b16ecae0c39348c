"""What people see: a folder is a section of the menu, a file in it is one page.

A page file has two things at its top level, `PAGE` and `render(visit)`, and is found by the scan: nothing else is
edited to add one.

    PAGE = Page(title="Sources", role=Role.STEWARD, order=10)

    def render(visit: Visit) -> None: ...

Its address is its file name ("/sources"). The page with the lowest `order` that the person may open is the section's
entrance in the menu; the others stand in the row under the header, unless `hidden`: a hidden page (one dataset, one
run) is reached by its address, with the same role.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlencode

from governance import Role, Visit

EVERYONE: frozenset[Role] = frozenset(Role)
"""Anyone who is signed in."""

SECTIONS: Mapping[str, str] = MappingProxyType(
    {
        "home": "Home",
        "browse": "Catalogue",
        "cards": "Report cards",
        "meet": "Meetings",
        "share": "Share",
        "steward": "Steward",
        "account": "",
    }
)
"""Folder -> word in the menu, in the menu's order; the account's word is the person's name."""


def _not_yet(_visit: Visit) -> None:
    raise LookupError("a page is drawn by the render function of its own file")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page, as its file declares it; the scan fills in `render`, `path` and `section`."""

    title: str
    """Words of the menu and of the browser's tab."""
    role: Role | frozenset[Role]
    """Who may open it: one role, or any of several; `EVERYONE` says so in so many words."""
    icon: str = ""
    """Name of a Material symbol, for lists of pages; the menu shows words only."""
    order: int = 100
    """Place within its section, the lowest first."""
    hidden: bool = False
    """Reached by its address only: a page that needs a `?id=`."""
    path: str = ""
    """Its address without the slash; the file's name when empty."""
    section: str = ""
    """The folder it lives in."""
    render: Callable[[Visit], None] = _not_yet

    @property
    def roles(self) -> frozenset[Role]:
        """Who may open it, always as a set."""
        return frozenset({self.role}) if isinstance(self.role, Role) else self.role

    def open_to(self, visit: Visit) -> bool:
        """Whether this person may open it."""
        return not self.roles.isdisjoint(visit.viewer.roles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """What one person may open."""

    pages: tuple[Page, ...]
    """Every page the person may open, entrances first within their section."""

    @property
    def entrances(self) -> tuple[Page, ...]:
        """One page a section, in the menu's order."""
        first: dict[str, Page] = {}
        for page in self.pages:
            if not page.hidden:
                first.setdefault(page.section, page)
        return tuple(first.values())

    def beside(self, page: Page) -> tuple[Page, ...]:
        """The pages of the same section that stand in the row under the header, this one included."""
        return tuple(each for each in self.pages if each.section == page.section and not each.hidden)

    def is_home(self, page: Page) -> bool:
        """Whether this is the page at the address "/": the first of the menu."""
        return page is self.entrances[0]

    def address(self, page: Page) -> str:
        """The address of one of the pages, for a link."""
        return "/" if self.is_home(page) else f"/{page.path}"

    def entrance_of(self, page: Page) -> Page | None:
        """The page the menu marks as current while this one is open."""
        return next((each for each in self.entrances if each.section == page.section), None)


def word(page: Page, visit: Visit) -> str:
    """What the menu calls the section this page is the entrance of."""
    return SECTIONS[page.section] or visit.viewer.display


def href(path: str, **query: object) -> str:
    """The address of a page: `href("dataset", id=9)` is "/dataset?id=9"; the home page's path is "".

    A value that is a list or a tuple is given once for each of its items; None and "" are left out.
    """
    given = {name: value for name, value in query.items() if value is not None and value != ""}
    return f"/{path}" + (f"?{urlencode(given, doseq=True)}" if given else "")


def pages_in(folder: str) -> Iterable[Page]:
    """The pages of one section, read from its files."""
    home = Path(__file__).parent / folder
    for found in pkgutil.iter_modules([str(home)]):
        if found.name.startswith("_"):
            continue
        module = importlib.import_module(f"{__name__}.{folder}.{found.name}")
        declared = getattr(module, "PAGE", None)
        if not isinstance(declared, Page):
            raise TypeError(f"pages/{folder}/{found.name}.py has no PAGE")
        yield replace(declared, path=declared.path or found.name, section=folder, render=module.render)


@functools.cache
def all_pages() -> tuple[Page, ...]:
    """Every page of the product, by section and order.

    Raises:
        TypeError: two files claim the same address, or a page file declares no page.
    """
    found: list[Page] = []
    for folder in SECTIONS:
        found += sorted(pages_in(folder), key=lambda page: (page.order, page.title))
    taken: dict[str, Page] = {}
    for page in found:
        if page.path in taken:
            raise TypeError(
                f"two pages have the address /{page.path}: in {taken[page.path].section} and {page.section}"
            )
        taken[page.path] = page
    return tuple(found)


def menu(visit: Visit) -> Menu:
    """What this person may open, in the menu's order."""
    return Menu(pages=tuple(page for page in all_pages() if page.open_to(visit)))
