"""Where a source is: a web address or an uploaded file."""

from __future__ import annotations

from functools import partial

import streamlit as st

from catalogue import uploads
from catalogue.sources import Source
from connectors import Connector, inventory
from governance import CommonTableError, Visit
from pages.shell import frame
from pages.shell import widgets as w
from pages.shell.handing import hand_over

_EXAMPLES = {
    "ckan": "https://data.example.org",
    "data_json": "https://data.example.org/data.json",
    "inventory": "https://www.example.org/datasets.csv",
}
_WEB, _FILE = "At a web address", "In a file"


def ask(visit: Visit, kind: Connector, old: Source | None) -> str:
    """The question; answers an address, an upload's location, or "" while there is none."""
    number = "" if old else "2. "
    where = _WEB
    if kind.upload:
        is_file = old.is_file if old else kind.name == "inventory"
        where = st.segmented_control(
            f"{number}Where is it?",
            [_WEB, _FILE],
            default=_FILE if is_file else _WEB,
            required=True,
            key=f"source-where-{kind.name}",
        )
    return _file(visit, kind, old) if where == _FILE else _address(kind, old)


def _address(kind: Connector, old: Source | None) -> str:
    return st.text_input(
        "Its address",
        old.location if old and not old.is_file else "",
        placeholder=_EXAMPLES.get(kind.name, "https://"),
        key=f"source-address-{kind.name}",
        autocomplete="off",
    ).strip()


def _file(visit: Visit, kind: Connector, old: Source | None) -> str:
    megabytes = inventory.MOST_BYTES >> 20 if kind.name == "inventory" else uploads.MOST_MEGABYTES
    endings = ", ".join(kind.upload)
    if old and old.is_file:
        w.show(w.with_icon("description", w.Markup("Now read from {}").format(w.strong(old.shown))))
    chosen = st.file_uploader(
        "Another file" if old else "The file",
        type=[each.removeprefix(".") for each in kind.upload],
        max_upload_size=megabytes,
        key=f"source-file-{kind.name}",
        help=f"{endings}, at most {megabytes} MB. It replaces the whole list each time, so keep it complete.",
    )
    if kind.name == "inventory" and not old:
        st.download_button(
            "Download our template",
            partial(hand_over, frame.session_id(), lambda _: inventory.template_csv().encode()),
            file_name="dataset-register.csv",
            mime="text/csv",
            icon=":material/download:",
            type="tertiary",
            key="template",
            on_click="ignore",
        )
    if chosen is None:
        return old.location if old and old.is_file else ""
    return _kept(visit, chosen.file_id, name=chosen.name, data=chosen.getvalue())


def _kept(visit: Visit, file_id: str, *, name: str, data: bytes) -> str:
    """Where the upload is kept; asked for on every run of the page, written once."""
    known: dict[str, str] = st.session_state.setdefault("source-uploads", {})
    if file_id not in known:
        try:
            known[file_id] = uploads.keep_upload(visit, name, data)
        except CommonTableError as error:
            w.notice("This file cannot be taken.", error.sentence, tone="failed")
            return ""
    return known[file_id]
