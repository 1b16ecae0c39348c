"""The audit: who did what, newest first, and a check that nothing was changed."""

from __future__ import annotations

import streamlit as st

from governance import Role, Visit, audit
from pages import Page
from pages.shell import widgets as w

PAGE = Page(title="Audit", role=frozenset({Role.ADMIN, Role.STEWARD}), icon="fact_check", order=80)
_PAGE_SIZE = 50
_KINDS = {
    "dataset": ("A dataset", "dataset"),
    "registration": ("A registration", "registration"),
    "source": ("A source", "source"),
    "agreement": ("An agreement", "agreement"),
    "concern": ("A concern", "concern"),
    "person": ("a person", ""),
    "organisation": ("an organisation", ""),
}
"""What the audit's objects begin with: the words for it, and the page it has when its name is a number."""


def render(visit: Visit) -> None:
    """Who did what, newest first, and a check that nothing was changed."""
    admin = Role.ADMIN in visit.viewer.roles
    whose = "Who did what, newest first." if admin else "What your organisation's people did, newest first."
    with w.page_header("Audit", f"{whose} Nobody can change it unseen."):
        check = admin and st.button("Check the chain", icon=":material/link:", key="check")
    if check:
        verdict = audit.verify(visit)
        if verdict.ok:
            w.notice("All in order.", f"{w.count(verdict.rows, 'event')}; latest hash {verdict.head}.")
        else:
            w.notice("The audit was tampered with.", verdict.problem, tone="failed")
    wanted = st.text_input(
        "Only actions that begin with", key="action", bind="query-params", placeholder="run, person, …"
    )
    before = int(st.query_params.get("before", "0") or 0)
    events = audit.events(visit, action=wanted.strip(), limit=_PAGE_SIZE, before=before)
    if not events:
        w.empty_state("fact_check", "No events", "Nothing was done yet that begins so.", key="none")
        return
    columns = [w.Column(title=title) for title in ("When", "Who", "What", "To what", "Details")]
    rows = [
        (_when(each.at), each.actor or "not kept", _what(each.action), _to_what(each.object), _details(each))
        for each in events
    ]
    with w.surface("events"):
        w.show(w.table(columns, rows, caption="Events of the audit"))
    if len(events) == _PAGE_SIZE:
        w.show(w.go("Earlier events", w.href("audit", before=events[-1].seq, action=wanted)))


def _when(at: str) -> str:
    """The day and the time on one line each at most."""
    return f"{w.day(at)} {at[11:16]}".rstrip().replace(" ", "\N{NO-BREAK SPACE}")


def _what(action: str) -> w.Markup:
    """In words, with the code that the filter understands in small."""
    return w.two_lines(action.replace(".", " ").replace("_", " ").capitalize(), action)


def _to_what(written: str) -> w.Markup:
    """The name of what was changed; of what has a number only, its kind as a link."""
    kind, colon, name = written.partition(":")
    if not colon or kind not in _KINDS:
        return w.esc(written)
    words, path = _KINDS[kind]
    return w.two_lines(w.link(words, w.href(path, id=name)), name) if path else w.two_lines(name, words)


def _details(event: audit.Event) -> str:
    told = [f"{name.replace('_', ' ')}: {_said(value)}" for name, value in event.detail.items() if _said(value)]
    return w.plain(", ".join(told), 160)


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return " and ".join(str(each) for each in value)
    return "" if value in (None, {}) else str(value)
