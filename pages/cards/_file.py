"""Which file, from which dataset, and what is new about it."""

from __future__ import annotations

import streamlit as st

from governance import Visit
from pages.cards import _datasets
from pages.shell import widgets as w
from reportcards.recording import Order

_ENDINGS = ("csv", "tsv", "txt", "xlsx", "xls", "ods", "json", "zip")


def ask(visit: Visit) -> Order | None:
    """The order as far as it can be given; None until there is a file."""
    w.heading("The file")
    given = st.file_uploader("A table of figures", type=_ENDINGS, key="numbersfile")
    asked = str(st.query_params.get("dataset", ""))
    known = _datasets.names(visit, (asked,), key="numbersdataset")
    listed = [*known, ""]
    dataset = st.selectbox(
        "The dataset it comes from",
        listed,
        index=0,
        format_func=lambda each: known.get(each, "Nobody has said yet: kept, and shown nowhere"),
        help="Its place on the spectrum decides who sees the figures and which counts are hidden.",
        key="numbersfrom",
    )
    note = st.text_input("What is new about it", key="numbersnote", placeholder="October figures; June corrected")
    if given is None:
        return None
    return Order(data=given.getvalue(), file_name=given.name, dataset_id=dataset or "", note=note or "")
