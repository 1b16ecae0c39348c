"""The kinds of fields of the optional part: each begins with the answer so far and shows what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from pages.share import _problems
from pages.share._draft import Form


def line(form: Form, name: str, *, label: str, hint: str = "") -> None:
    """One line; what is wrong with it stands under it."""
    st.text_input(label, key=form.key(name, getattr(form.answers, name)), placeholder=hint)
    _problems.beside(name, form.problems)


def text(form: Form, name: str, *, label: str, hint: str = "") -> None:
    """A few lines."""
    st.text_area(label, key=form.key(name, getattr(form.answers, name)), height=72, placeholder=hint)


def number(form: Form, name: str, *, label: str, most: int) -> None:
    """A whole number, or nothing."""
    key = form.key(name, getattr(form.answers, name))
    st.number_input(label, min_value=0, max_value=most, value=None, step=1, key=key)
    _problems.beside(name, form.problems)


def several(form: Form, name: str, *, label: str, known: Sequence[str]) -> None:
    """Any number of words: known ones to choose, others typed."""
    key = form.key(name, list(getattr(form.answers, name)))
    st.multiselect(label, known, key=key, accept_new_options=True, placeholder="Choose, or type your own")


def one(form: Form, name: str, *, label: str, known: Mapping[str, str]) -> None:
    """One of the known words, or one's own; `known` is kept word -> words on screen."""
    st.selectbox(
        label,
        list(known),
        index=None,
        key=form.key(name, getattr(form.answers, name) or None),
        format_func=lambda each: known.get(each, each),
        accept_new_options=True,
        placeholder="Choose, or type your own",
    )
