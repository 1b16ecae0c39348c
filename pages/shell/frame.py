"""The frame around every page: menu, error boundary, re-check of the session, footer, toasts."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import streamlit as st
from markupsafe import Markup

from governance import CommonTableError, NotFound, NotPermitted, Visit, visiting
from governance.footing import footing
from pages import SECTIONS, Menu, Page, menu, word
from pages.shell import failures, scripts, states, styles
from pages.shell.place import PRODUCT, here
from pages.shell.text import as_label, link, show

COOKIE = "commontable"
"""Name of the session cookie; the gate sets and reads the same one."""
RECHECK_SECONDS = 30
_TOASTS = "_toasts"
_DRAWN = "_drawn"
_FOOTING = "_footing"
_DEFAULT_PATH = "index"
"""Streamlit shows the default page at "/" only, and reserves its own name: one that nobody types."""
AUDITED = "Changes are recorded in the audit."


def session_id() -> str:
    """The session id this browser sent when it connected; "" when it sent none. Tests replace this one function."""
    return str(st.context.cookies.get(COOKIE, ""))


def address() -> str:
    """Where the visitor comes from, for delays and the audit."""
    return st.context.ip_address or "local"


def asked_path() -> str:
    """The last part of the address in the browser, "" for the home page."""
    return urlsplit(st.context.url or "").path.rstrip("/").rpartition("/")[2]


def still_stands(visit: Visit) -> bool:
    """Whether nothing has changed, since the page was drawn, of what the viewer's access rests on."""
    return st.session_state.get(_FOOTING) in (None, footing(visit))


def say(words: str, icon: str = ":material/check_circle:") -> None:
    """Say it in a toast on the next page drawn, for after a change of page."""
    st.session_state.setdefault(_TOASTS, []).append((words, icon))


def draw(visit: Visit) -> None:
    """The whole page of somebody who is signed in."""
    _start_clean(visit)
    st.session_state[_DRAWN] = True
    st.session_state[_FOOTING] = footing(visit)
    mine = menu(visit)
    styles.draw()
    scripts.follow_links()
    st.navigation(_listed(visit, mine), position="top").run()
    _recheck()


def _start_clean(visit: Visit) -> None:
    """A browser tab that changes hands keeps nothing of the one before."""
    if st.session_state.get("_viewer") != visit.viewer.username:
        st.session_state.clear()
        st.session_state["_viewer"] = visit.viewer.username


def _listed(visit: Visit, mine: Menu) -> list[st.Page]:
    entrances = mine.entrances
    listed = [
        st.Page(
            _drawer(visit, mine, page),
            title=word(page, visit) if page in entrances else page.title,
            icon="",
            url_path=_DEFAULT_PATH if mine.is_home(page) else page.path,
            default=mine.is_home(page),
            visibility="visible" if page in entrances else "hidden",
        )
        for page in mine.pages
    ]
    wanted = asked_path()
    if wanted and wanted not in {page.url_path for page in listed}:
        listed.append(_page_at(wanted, visit, mine))
    return listed


def _page_at(wanted: str, visit: Visit, mine: Menu) -> st.Page:
    """A page for an address the menu does not have, so that Streamlit's own dialog never covers the screen."""
    home = next((page for page in mine.entrances if mine.is_home(page) and page.path == wanted), None)
    draw_it = _drawer(visit, mine, home) if home else _lost
    url_path = "not-found" if wanted == _DEFAULT_PATH else wanted
    return st.Page(draw_it, title="Not found", icon="", url_path=url_path, visibility="hidden")


def _drawer(visit: Visit, mine: Menu, page: Page) -> Callable[[], None]:
    def draw_page() -> None:
        _title(page.title)
        entrance = mine.entrance_of(page)
        if entrance is not None and entrance is not page:
            styles.mark_current(mine.address(entrance))
        _toasts()
        _section_row(mine, page)
        _guarded(visit, page)
        _footer()

    return draw_page


def _guarded(visit: Visit, page: Page) -> None:
    """The error boundary: known errors are their sentence, unknown ones a reference that finds them in the log."""
    try:
        page.render(visit)
    except NotFound:
        _nowhere()
    except NotPermitted as error:
        states.refusal("You may not do this", error.sentence, key="page")
    except CommonTableError as error:
        states.notice("Not done.", error.sentence, tone="failed")
    except Exception as error:
        with states.failure(failures.reference_for(error, f"page /{page.path}")):
            st.button("Try again", key="tryagain")


def _lost() -> None:
    _title("Not found")
    _nowhere()
    _footer()


def _nowhere() -> None:
    show(Markup('<h1 class="ct-hide">Not found</h1>'))
    with states.empty_state(
        "search",
        "Not found, or not yours to see",
        "Nothing of that name is here for you. If you were given this link, ask whoever gave it.",
        key="nowhere",
    ):
        show(link("Go to the home page", "/"))


def _section_row(mine: Menu, page: Page) -> None:
    beside = mine.beside(page)
    if page.hidden or len(beside) < 2:
        return
    words = Markup("").join(
        Markup('<li><a aria-current="page">{}</a></li>').format(each.title)
        if each is page
        else Markup("<li>{}</li>").format(link(each.title, mine.address(each)))
        for each in beside
    )
    label = SECTIONS[page.section] or "Account"
    show(Markup('<nav class="ct-section" aria-label="{}"><ul role="list">{}</ul></nav>').format(label, words))


def _title(words: str) -> None:
    st.set_page_config(page_title=f"{words} · {here().title}", layout="wide", initial_sidebar_state="collapsed")


def _toasts() -> None:
    for words, icon in st.session_state.pop(_TOASTS, []):
        st.toast(as_label(words), icon=icon)


def _footer() -> None:
    place = here()
    who = f"{place.title}, on {PRODUCT}" if place.title != PRODUCT else PRODUCT
    show(Markup('<footer class="ct-foot">{}. {}</footer>').format(who, AUDITED))


@st.fragment(run_every=RECHECK_SECONDS)
def _recheck() -> None:
    """Look again while the page is idle: a session that ended and a hold that was placed reach it by themselves."""
    if st.session_state.pop(_DRAWN, False):
        return
    with visiting(session_id(), touch=False) as visit:
        if visit is None or not still_stands(visit):
            st.rerun(scope="app")
