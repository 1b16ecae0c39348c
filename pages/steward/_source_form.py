"""The form of a source: kind, place, name, who answers for it, how often; tried out before anything is kept."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from catalogue import sources
from catalogue.sources import NewSource, Source
from connectors import Connector, registry
from connectors._harvest import start
from governance import Visit
from pages.shell import widgets as w
from pages.shell.again import do, show_only
from pages.steward import _source_columns, _source_details, _source_place, _source_trial

_NEXT = (
    "It is read page by page. You can watch, or leave and come back.",
    "What is new or changed goes into the catalogue, each dataset with its place on the spectrum.",
    "What cannot be taken is listed with what to change at the source.",
    "When too much is missing, the run waits for you. Nothing is removed without proof.",
)


def add(visit: Visit) -> None:
    """The form for a new source."""
    crumbs = [("Steward", w.href("sources")), ("Sources", w.href("sources"))]
    w.page_header(
        "Add a source", "About two minutes. Try it first: nothing is kept until you add it.", breadcrumbs=crumbs
    )
    _form(visit, None)


def change(visit: Visit, source: Source) -> None:
    """The form of a source there is; its kind stays."""
    here = w.href("source", id=source.id)
    crumbs = [("Steward", w.href("sources")), ("Sources", w.href("sources")), (source.name, here)]
    w.page_header(
        f"Change {source.name}", "Its datasets stay; the next reading follows what you set.", breadcrumbs=crumbs
    )
    _form(visit, source)


def _form(visit: Visit, old: Source | None) -> None:
    left, right = w.main_and_aside()
    with left, w.surface("sourceform"):
        kind = registry()[old.kind] if old else _kind()
        location = _source_place.ask(visit, kind, old)
        draft = NewSource(name="", kind=kind.name, location=location)
        draft = _source_details.ask(visit, draft, old)
        if kind.name == "inventory" and location:
            draft = replace(draft, options=_source_columns.ask(visit, draft, old))
        _buttons(visit, draft, old)
    with right, st.container(key="sourceaside", gap="xsmall"):
        if not _source_trial.show(draft):
            w.show(w.aside_block("What happens next"))
            w.show(w.numbered(_NEXT))


def _kind() -> Connector:
    kinds = list(registry().values())
    with st.container(key="sourcekind"):
        chosen = st.radio(
            "1. What kind of source is it?",
            kinds,
            format_func=lambda each: each.title,
            captions=[each.about for each in kinds],
            key="source-kind",
        )
    return chosen or kinds[0]


def _buttons(visit: Visit, draft: NewSource, old: Source | None) -> None:
    told = st.empty()
    with st.container(key="sourcebuttons", horizontal=True, gap="small"):
        saved = st.button("Save" if old else "Add and read it", type="primary", key="save")
        tried = st.button("Try it", key="try", help="Reads the first page and keeps nothing.")
        if old:
            w.show(
                w.Markup('<p class="ct-beside">{}</p>').format(
                    w.link("Leave it as it was", w.href("source", id=old.id))
                )
            )
    with told.container():
        if tried:
            _source_trial.read(visit, draft, old)
        if not saved:
            _source_trial.say(draft)
        if saved and old:
            do(lambda: _changed(visit, draft, old), f"{draft.name} was changed.", then=lambda _: show_only(id=old.id))
        elif saved:
            do(lambda: _added(visit, draft), f"{draft.name} was added.", then=lambda made: show_only(id=made.id))


def _added(visit: Visit, draft: NewSource) -> Source:
    made = sources.add(visit, draft, kinds=tuple(registry()))
    start(visit, made.id)
    return made


def _changed(visit: Visit, draft: NewSource, old: Source) -> Source:
    forget = bool(st.session_state.get("source-forget"))
    return sources.change(visit, old.id, draft, kinds=tuple(registry()), drop_token=forget)
