"""Health and backups: is it well, when was it last backed up, make one now."""

from __future__ import annotations

from functools import partial

import streamlit as st

from governance import Role, Visit, upkeep
from pages import Page
from pages.shell import frame
from pages.shell import widgets as w
from pages.shell.handing import hand_over
from pages.steward import _sending

PAGE = Page(title="Health and backups", role=Role.ADMIN, icon="health_and_safety", order=90)


def render(visit: Visit) -> None:
    """Is it well, when was it last backed up, make one now."""
    found = upkeep.health(visit)
    with w.page_header(
        "Health and backups", "Whether the installation is well, and how to get it back when it is not."
    ):
        if st.button("Back up now", type="primary", icon=":material/save:", key="backup"):
            with st.spinner("Writing and checking the backup"):
                path, _made = upkeep.back_up(visit)
            frame.say(f"{path.name} was written and checked.")
            st.rerun()
    if found.little_space:
        w.notice("Little space is left.", "Harvests and backups need room: free some on the server.", tone="failed")
    left, right = w.main_and_side()
    with left, w.surface("backups"):
        _backups(found)
    with right:
        _how_it_is(found)
        _sending.show(visit)


def _how_it_is(found: upkeep.Health) -> None:
    with w.surface("health"):
        w.heading("How it is")
        w.show(
            w.key_values(
                [
                    ("Database", found.database),
                    ("Migrations", "Up to date" if found.up_to_date else "Waiting: restart the server"),
                    ("Space left", w.size(found.free_octets)),
                    ("Audit", w.link(w.count(found.events, "event"), w.href("audit"))),
                ]
            )
        )


def _backups(found: upkeep.Health) -> None:
    w.heading("Backups", number=len(found.backups))
    if not found.backups:
        w.empty_state("save", "There is no backup yet", "Make one now, and keep a copy on another machine.", key="none")
        return
    st.caption("Keep copies on another machine. To restore: commontable restore FILE, into an empty data folder.")
    for each in found.backups[:20]:
        with w.item(
            each.name, w.strong(each.name), symbol="save", detail=f"{w.moment(each.made_at)}, {w.size(each.octets)}"
        ):
            st.download_button(
                "Download",
                data=partial(hand_over, frame.session_id(), partial(upkeep.backup_file, name=each.name)),
                file_name=each.name,
                key=f"get-{each.name}",
                on_click="ignore",
            )
