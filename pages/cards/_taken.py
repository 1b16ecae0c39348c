"""Publishing a revision: the button that leaves it to the server, and what came of it, whenever one looks."""

from __future__ import annotations

import streamlit as st

from governance import CommonTableError, Visit
from pages.cards import _checked, _kept, _under_way
from pages.shell import widgets as w
from pages.shell.again import show_only
from reportcards import imports, indicators
from reportcards.imports import Import, ImportState
from reportcards.recording import Imported, Order

_MOST = 12
_ASKED = "import"
"""In the address: the import that is looked at."""
_STATES = {
    ImportState.RUNNING: ("Under way", "sync"),
    ImportState.PUBLISHED: ("Published", "check_circle"),
    ImportState.REFUSED: ("Refused", "rule"),
    ImportState.FAILED: ("Failed", "error"),
    ImportState.CANCELLED: ("Cancelled", "cancel"),
}


def asked(visit: Visit) -> Import | None:
    """The import that the address names, None when it names none. Raises NotFound."""
    named = str(st.query_params.get(_ASKED, ""))
    return imports.one(visit, named) if named else None


def offer(visit: Visit, order: Order) -> None:
    """The one primary button: from then on the server works, whoever looks."""
    if not order.dataset_id:
        w.notice("Nobody will see these figures yet.", "Choose their dataset above, now or later.", tone="owed")
    if not st.button("Publish the revision", type="primary", key="publishnumbers"):
        return
    try:
        begun = imports.begin(visit, order)
    except CommonTableError as error:
        w.notice("Nothing was kept.", error.sentence, tone="failed")
        return
    _kept.forget()
    show_only(**{_ASKED: begun.id})
    st.rerun()


def told(visit: Visit, found: Import) -> None:
    """How far it is, or what came of it."""
    if found.state is ImportState.RUNNING:
        _under_way.watch(found.id)
        return
    if found.state is ImportState.PUBLISHED and found.answer is not None:
        _published(visit, found.answer)
    elif found.state is ImportState.REFUSED and found.answer is not None:
        with w.surface("checked"):
            _checked.refused(found.answer)
    elif found.state is ImportState.CANCELLED:
        w.notice("The import was cancelled.", f"Nothing of {w.plain(found.file_name, 80)} is kept.")
    else:
        w.notice("Nothing was kept.", found.reason, tone="failed")
    _onward(is_published=found.state is ImportState.PUBLISHED)


def lately(visit: Visit) -> None:
    """The last files this person gave, and how each ended: there for a week."""
    found = imports.latest(visit)
    if found:
        w.show(w.aside_block("Your last imports", *(_line(each) for each in found)))


def _line(each: Import) -> w.Markup:
    words, symbol = _STATES[each.state]
    name = w.link(w.plain(each.file_name, 48), w.href("import-numbers", **{_ASKED: each.id}))
    return w.with_icon(symbol, w.Markup("{} {}, {}").format(words, name, w.moment(each.began_at)))


def _published(visit: Visit, made: Imported) -> None:
    """The revision in figures, and what one may do with it."""
    changes = _checked.changes(made)
    w.notice("The revision is published.", f"{changes[:1].upper()}{changes[1:]}.", tone="done")
    with w.surface("taken"):
        _checked.told(made)
    known = indicators.several(visit, made.indicator_ids[:_MOST])
    if known:
        with w.surface("takenindicators"):
            w.heading("Its indicators", number=len(made.indicator_ids))
            lines = w.Markup("").join(
                w.Markup("<li>{}</li>").format(w.link(each.name, w.href("define-indicator", id=each.id)))
                for each in known.values()
            )
            w.show(w.Markup('<ul class="ct-plainlist" role="list">{}</ul>').format(lines))


def _onward(*, is_published: bool) -> None:
    with st.container(key="takenbuttons", horizontal=True, gap="small"):
        if is_published:
            w.show(w.to_page("Put a card together", w.href("compose"), symbol="dashboard_customize", first=True))
        if st.button("Import another file", key="another"):
            _kept.forget()
            show_only()
            st.rerun()
