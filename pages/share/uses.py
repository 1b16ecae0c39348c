"""The register: which data are used for what, by whom, under which agreement, until when, and what came of it."""

from __future__ import annotations

from governance import Visit
from pages import EVERYONE, Page
from pages.share import _agreement_words, _charter_words, _use_words
from pages.shell import widgets as w
from sharing import uses
from sharing.uses import Check, Entry, State, UseCase

PAGE = Page(title="What data are used for", role=EVERYONE, icon="menu_book", order=35)
_LEDE = "Every use that was agreed, in plain words: why, by whom, with which data, until when, and what came of it."
_ON_A_PAGE = 10


def render(visit: Visit) -> None:
    """One entry under the other: what runs first, then what is stopped, then what has ended."""
    entries = uses.register(visit)
    with w.page_header("What data are used for", _LEDE):
        w.show(w.to_page("Charter", w.href("charter"), symbol="verified_user"))
        w.show(w.to_page("Requests", w.href("requests"), symbol="front_hand"))
    if not entries:
        what = "A use stands here from the day it begins: agreed by the owners and covered by a signed agreement."
        with w.empty_state("menu_book", "No use has begun yet", what, key="nothing"):
            w.show(w.go("See what is asked for", w.href("requests")))
        return
    checks = uses.checks(visit, {each.use.id: each.use.version for each in entries})
    pages = -(-len(entries) // _ON_A_PAGE)
    page = min(w.page_asked(), pages)
    for each in entries[(page - 1) * _ON_A_PAGE : page * _ON_A_PAGE]:
        with w.surface(f"use-{each.use.id}"):
            _entry(each, checks.get(each.use.id))
    w.pager(page, pages, lambda number: w.href("uses", page=number if number > 1 else ""))


def _entry(entry: Entry, made: Check | None) -> None:
    use = entry.use
    w.heading(w.link(use.title, w.href("request", id=use.id)))
    w.show(_standing(entry))
    w.show(w.Markup("<p>{}</p>").format(_agreement_words.lines(use.summary)))
    w.show(
        w.key_values(
            [
                ("Who", use.organisation),
                ("What for", use.purpose),
                ("Which data", _use_words.data(use.datasets)),
                ("What is done", _agreement_words.used_for(use.uses)),
                ("Under", _under(entry)),
                ("Until", _until(entry)),
                ("Worth", use.value),
                ("Legal basis", use.legal_basis),
                ("Charter", _charter_words.outcome(made) if made else ""),
            ]
        )
    )
    if use.groups:
        w.show(_use_words.groups(use.groups))
    _came_of_it(use)


def _standing(entry: Entry) -> w.Markup:
    use = entry.use
    if entry.runs:
        return w.with_icon("play_circle", f"Since {w.day(use.live_on)}")
    if entry.is_stopped:
        return w.with_icon("pause_circle", w.strong(f"Stopped. {entry.stopped_by}"))
    words, symbol = _use_words.STATES[use.state]
    return w.with_icon(symbol, f"{words} on {w.day(use.ended_on)}; begun on {w.day(use.live_on)}")


def _under(entry: Entry) -> w.Markup | str:
    """The agreements by name for those who may read them; that there is one, for everybody."""
    if entry.agreements:
        links = (w.link(words, w.href("agreement", id=each)) for each, words in entry.agreements)
        return w.Markup("<br>").join(links)
    if entry.coverage.agreements:
        return "A signed agreement between its parties"
    if entry.coverage.ok:
        return "No agreement is needed: the data are open, or its own"
    return ""


def _until(entry: Entry) -> str:
    if not entry.runs:
        return ""
    return w.day(entry.coverage.last_day, "Without an end")


def _came_of_it(use: UseCase) -> None:
    if use.state is not State.FINISHED:
        return
    w.show(
        w.key_values(
            [
                ("What came of it", _agreement_words.lines(use.outcome)),
                ("Not expected", _agreement_words.lines(use.unexpected, "Nothing")),
            ]
        )
    )
