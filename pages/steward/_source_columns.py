"""Which column of an agency's list holds what: guessed where the headings say it, chosen by a person elsewhere."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from catalogue.sources import NewSource, Source
from connectors import inventory
from connectors._register_columns import Column
from connectors._sheets import ENCODINGS
from connectors._trial import opened
from connectors.inventory import TEMPLATE, Preview
from governance import CommonTableError, Visit
from pages.shell import widgets as w

_FIRST = ("title", "reference", "description", "publisher", "band", "licence", "modified", "contact_email")
_MOST_SHOWN = 8
_NONE = ""


def ask(visit: Visit, draft: NewSource, old: Source | None) -> Mapping[str, str]:
    """The questions, with the first rows in sight; answers the options the source remembers."""
    options = dict(draft.options)
    if not _may_look(draft, old):
        return options
    found = _preview(visit, draft, old)
    if isinstance(found, str):
        w.notice("This list cannot be read.", found, tone="failed")
        return _encoding(options)
    w.heading("Which column holds what?" if old else "5. Which column holds what?", note=w.count(found.count, "row"))
    if len(found.sheets) > 1:
        at = found.sheets.index(found.sheet) if found.sheet in found.sheets else 0
        options["sheet"] = st.selectbox("Sheet", found.sheets, index=at, key="source-sheet") or ""
    _rows(found)
    mapping = _mapping(found)
    if "title" not in mapping:
        w.notice("One more choice.", "Say which column holds the titles: the others can stay empty.", tone="owed")
    guessed = inventory.guess_mapping(found.headers)
    options.pop("mapping", None)
    if mapping != guessed:
        options["mapping"] = json.dumps(mapping)
    return options


def _may_look(draft: NewSource, old: Source | None) -> bool:
    """A file is at hand; a list at a web address is fetched when somebody asks for it."""
    if "://" not in draft.location or (old and draft.location == old.location and draft.options.get("mapping")):
        return True
    asked = st.session_state.get("source-look") == draft.location
    if not asked and st.button("Look at its columns", icon=":material/view_column:", key="look"):
        st.session_state["source-look"] = draft.location
        return True
    return asked


def _preview(visit: Visit, draft: NewSource, old: Source | None) -> Preview | str:
    """The headings and first rows, or why there are none; read once for each file, sheet and encoding."""
    options = {name: value for name, value in draft.options.items() if name != "sheet"}
    options["sheet"] = str(st.session_state.get("source-sheet") or draft.options.get("sheet", ""))
    options["encoding"] = str(st.session_state.get("source-encoding") or draft.options.get("encoding", ""))
    key = json.dumps([draft.location, options])
    kept: tuple[str, Preview | str] = st.session_state.get("source-preview", ("", ""))
    if kept[0] != key:
        try:
            with opened(visit, replace(draft, options=options), of=old.id if old else "") as (address, web):
                kept = (key, inventory.preview(address, web))
        except CommonTableError as error:
            kept = (key, error.sentence)
        st.session_state["source-preview"] = kept
    return kept[1]


def _encoding(options: dict[str, str]) -> dict[str, str]:
    chosen = st.selectbox(
        "It was saved in", ["", *ENCODINGS], format_func=lambda each: each or "Find out", key="source-encoding"
    )
    return options | ({"encoding": chosen} if chosen else {})


def _rows(found: Preview) -> None:
    shown = found.headers[:_MOST_SHOWN]
    columns = [w.Column(title=w.plain(header, 40) or "-") for header in shown]
    rows = [tuple(w.plain(cell, 36) for cell in row[:_MOST_SHOWN]) for row in found.rows[:3]]
    with st.container(key="firstrows", gap="xsmall"):
        w.show(w.table(columns, rows, caption="The first rows of the list"))
        if len(found.headers) > _MOST_SHOWN:
            st.caption(f"And {w.count(len(found.headers) - _MOST_SHOWN, 'more column')}.")


def _mapping(found: Preview) -> dict[str, str]:
    """Our field -> their column, as chosen."""
    by_field = {each.field: each for each in TEMPLATE}
    rest = [each for each in TEMPLATE if each.field not in _FIRST]
    chosen: dict[str, str] = {}
    with st.container(key="columnpairs", gap="small"):
        for place in range(0, len(_FIRST), 2):
            for spot, field in zip(st.columns(2, gap="small"), _FIRST[place : place + 2], strict=True):
                with spot:
                    chosen[field] = _choice(found, by_field[field])
    known = sum(each.field in found.mapping for each in rest)
    with st.expander(f"More fields ({known} found)" if known else "More fields"):
        for each in rest:
            chosen[each.field] = _choice(found, each)
    return {field: column for field, column in chosen.items() if column}


def _choice(found: Preview, ours: Column) -> str:
    choices = [_NONE, *found.headers]
    guessed = found.mapping.get(ours.field, _NONE)
    chosen = st.selectbox(
        f"{ours.heading} (needed)" if ours.field == "title" else ours.heading,
        choices,
        index=choices.index(guessed) if guessed in choices else 0,
        format_func=lambda each: each or "No column",
        help=ours.help,
        key=f"source-column-{ours.field}",
    )
    return chosen or _NONE
