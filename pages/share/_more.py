"""What may be said besides the six answers, in four short groups."""

from __future__ import annotations

import streamlit as st

from catalogue import licences, registering, search
from catalogue.facets import Facet
from catalogue.search import Query
from governance import Visit
from pages.share import _fields, _problems, _words
from pages.share._draft import Form
from pages.shell import widgets as w

_FORMATS = ("CSV", "XLSX", "JSON", "GeoJSON", "GeoPackage", "XML", "Parquet", "API", "PDF")
_BANDS = ("closed", "named", "group", "public-limited", "public-unclear", "open")


def more(visit: Visit, form: Form) -> None:
    """An expander, open as soon as something in it has to change."""
    inside = set(form.problems) - {"title", "description", "people", "answers_for", "frequency", "listing"}
    with (
        st.expander("Say more (optional)", expanded=bool(inside - {"organisations"})),
        st.container(key="saymore", gap="medium"),
    ):
        for words, draw in (
            ("How to get it", _getting),
            ("What is in it", _inside),
            ("About the people in it", _people),
            ("Where you say it stands", _standing),
        ):
            with st.container(gap="small"):
                w.heading(words)
                draw(visit, form)


def _getting(visit: Visit, form: Form) -> None:
    people = {each.display: each.display for each in registering.who_can_answer(visit)}
    left, right = st.columns(2)
    with left:
        _fields.one(form, "approver", label="Who decides on requests", known=people)
    with right:
        _fields.number(form, "usual_days", label="Usual working days until decided", most=365)
    _fields.text(form, "how_to_ask", label="How to ask", hint="Write to …, and say what for.")
    _fields.line(form, "link", label="Web address, if anyone can get it", hint="https://")
    left, right = st.columns(2)
    with left:
        _fields.one(
            form,
            "licence",
            label="Licence or terms",
            known={each.id: each.title for each in licences.licences().values()},
        )
    with right:
        _fields.several(form, "formats", label="Formats", known=_FORMATS)


def _inside(visit: Visit, form: Form) -> None:
    key = form.key("columns", "\n".join(form.answers.columns))
    st.text_area("Columns, one a line", key=key, height=92, placeholder="ward\nstart date\nnumber of children")
    left, right = st.columns(2)
    with left:
        _fields.number(form, "row_count", label="How many rows, about", most=10**15)
        _fields.line(form, "period_from", label="Covers from", hint="2019, 2019-04 or 2019-04-01")
    with right:
        _fields.line(form, "area", label="Area", hint="The place or region it is about")
        _fields.line(form, "period_to", label="Covers to")
    whole = search.find(visit, Query(size=1, most_values=40)).facets
    known = {facet: [each.value for each in whole[facet.value]] for facet in (Facet.THEME, Facet.LIFE_EVENT)}
    _fields.several(form, "keywords", label="Keywords", known=())
    _fields.several(form, "themes", label="Themes", known=known[Facet.THEME])
    _fields.several(form, "life_events", label="Life events it belongs to", known=known[Facet.LIFE_EVENT])


def _people(_visit: Visit, form: Form) -> None:
    _fields.text(form, "told_people", label="What the people in it were told")
    _fields.text(form, "self_access", label="How people see what is held about themselves")
    _fields.text(form, "legal_basis", label="Legal basis")
    st.selectbox(
        "How sensitive, as you judge it",
        list(_words.SENSITIVITY),
        index=None,
        key=form.key("sensitivity", form.answers.sensitivity),
        format_func=_words.SENSITIVITY.__getitem__,
        placeholder="Not judged yet",
    )


def _standing(_visit: Visit, form: Form) -> None:
    st.selectbox(
        "Band",
        _BANDS,
        index=None,
        key=form.key("band", form.answers.band or None),
        format_func=lambda each: f"{w.BANDS[each].label}: {w.BANDS[each].meaning}",
        placeholder="Let the answers decide",
    )
    _problems.beside("band", form.problems)
    w.show(w.muted("More open than the answers show cannot be stated: a link, a licence and a format show it."))
