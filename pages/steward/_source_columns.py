"""Which column of an agency's list holds what: guessed where the headings say it, chosen by a person elsewhere."""

from __future__ import annotations

import json
from collections.abc import Mapping

import streamlit as st

from catalogue.sources import NewSource, Source
from connectors import inventory
from connectors._register_columns import Column
from connectors.inventory import TEMPLATE, Preview
from governance import Visit
from pages.shell import widgets as w
from pages.steward import _source_first_look

_FIRST = ("title", "reference", "description", "publisher", "band", "licence", "modified", "contact_email")
_NONE = ""


def ask(visit: Visit, draft: NewSource, old: Source | None) -> Mapping[str, str]:
    """The questions, with the first rows in sight; answers the options the source remembers."""
    options = dict(draft.options)
    if not _source_first_look.may_look(draft, old):
        return options
    found = _source_first_look.preview(visit, draft, old)
    if isinstance(found, str):
        w.notice("This list cannot be read.", found, tone="failed")
        return _source_first_look.encoding(options)
    w.heading("Which column holds what?" if old else "5. Which column holds what?", note=w.count(found.count, "row"))
    if len(found.sheets) > 1:
        at = found.sheets.index(found.sheet) if found.sheet in found.sheets else 0
        options["sheet"] = st.selectbox("Sheet", found.sheets, index=at, key="source-sheet") or ""
    _source_first_look.rows(found)
    mapping = _mapping(found)
    if "title" not in mapping:
        w.notice("One more choice.", "Say which column holds the titles: the others can stay empty.", tone="owed")
    guessed = inventory.guess_mapping(found.headers)
    options.pop("mapping", None)
    if mapping != guessed:
        options["mapping"] = json.dumps(mapping)
    return options


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
