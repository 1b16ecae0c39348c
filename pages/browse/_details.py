"""The tabs of a dataset: files, fields and their sources, history, what is similar, how to cite it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from catalogue import history, search
from catalogue.datasets import Dataset
from catalogue.fields import FieldOrigin, From, fields_and_sources
from catalogue.history import Happening
from governance import Visit
from pages.browse import _files, _results
from pages.shell import widgets as w

_SAYS: Mapping[From, str] = {
    From.SOURCE: "Source",
    From.CURATOR: "Corrected here",
    From.OWNER: "Owner",
    From.DERIVED: "Worked out from the others",
}
_CITED: Mapping[str, str] = {
    "dct:title": "Title",
    "dct:publisher": "Publisher",
    "dct:issued": "First published",
    "dct:modified": "Last updated",
    "dct:identifier": "Identifier",
    "dcat:landingPage": "Web page",
    "dct:license": "Licence",
}
_SYMBOLS: Mapping[str, str] = {
    "added": "add_circle",
    "approved": "add_circle",
    "changed": "history",
    "corrected": "edit",
    "placed": "gavel",
    "listed": "visibility",
    "missing": "visibility_off",
    "withdrawn": "block",
    "restored": "undo",
}


def details(visit: Visit, found: Dataset) -> None:
    """The tabs; what is in one is read when it is opened."""
    drawn: dict[str, Callable[[Visit, Dataset], None]] = {
        "Files": _files.files,
        "Fields and sources": _fields,
        "History": _history,
        "Similar elsewhere": _similar,
        "Cite it": _cite,
    }
    with w.surface("details"):
        tabs = st.tabs(list(drawn), key=f"tabs-{found.id}", on_change="rerun")
        for tab, draw in zip(tabs, drawn.values(), strict=True):
            if tab.open:
                with tab:
                    draw(visit, found)


def _fields(visit: Visit, found: Dataset) -> None:
    stated = [each for each in fields_and_sources(visit, found.id) if each.value or each.source_now_says is not None]
    columns = [w.Column(title="Field", strong=True), w.Column(title="What it says"), w.Column(title="Who says so")]
    rows = [(each.word[:1].upper() + each.word[1:], _value(each), _origin(each)) for each in stated]
    w.show(w.table(columns, rows, caption="Fields and sources"))
    if found.source_name:
        w.show(w.source_line(found.source_name, f"read {w.moment(found.read_at)}", f"id there: {found.remote_id}"))


def _value(each: FieldOrigin) -> w.Markup:
    said = w.esc(w.plain(each.value, 400))
    if each.source_now_says is None:
        return said
    now = f"“{w.plain(each.source_now_says, 400)}”" if each.source_now_says else "nothing"
    return w.two_lines(said, w.Markup("Source now says: {}").format(now))


def _origin(each: FieldOrigin) -> str | w.Markup:
    if not each.corrected_by:
        return _SAYS[each.origin]
    return w.two_lines(_SAYS[each.origin], f"by {each.corrected_by}, {w.day(each.corrected_at)}: {each.reason}")


def _history(visit: Visit, found: Dataset) -> None:
    happened = history.history(visit, found.id)
    w.show(w.changes([_happening(each) for each in happened], label="History"))


def _happening(each: Happening) -> w.Markup:
    sentence = w.Markup("{} {}").format(each.sentence, w.muted(f"by {each.by}") if each.by else "")
    symbol = _SYMBOLS.get(each.kind, "history")
    return w.change(each.kind.capitalize(), sentence, symbol=symbol, when=w.day(each.at))


def _similar(visit: Visit, found: Dataset) -> None:
    alike = search.similar(visit, found.id)
    if alike:
        _results.rows(visit, alike, label="Similar datasets")
    else:
        w.show(w.muted("Nothing here has a title like this one's."))


def _cite(_visit: Visit, found: Dataset) -> None:
    made = found.citation
    with st.container(key="citation"):
        st.code(made.sentence, language=None, wrap_lines=True)
        if made.acknowledgement:
            w.show(w.Markup("<p>{}</p>").format("Its licence asks for these words:"))
            st.code(made.acknowledgement, language=None, wrap_lines=True)
    w.show(w.key_values([(_CITED.get(name, name), value) for name, value in made.fields]))
