"""Draw one page in this process, as one person, and read what it says."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from markupsafe import Markup
from streamlit.testing.v1 import AppTest

from entrypoints import background
from governance import Viewer

background.load()


def _script(module: str, viewer: object, now: object, last_here: object) -> None:
    import importlib

    import streamlit as st

    from governance import CommonTableError
    from governance.visit import of_person

    with of_person(viewer, now=now, last_here=last_here) as visit:  # type: ignore[arg-type]
        try:
            importlib.import_module(module).render(visit)
        except CommonTableError as error:
            st.text(f"{type(error).__name__}: {error.sentence}")


def draw(module: str, viewer: Viewer, *, now: datetime, last_here: datetime | None = None, **query: Any) -> AppTest:
    """Run the page of this module once, with this query in the address."""
    made = AppTest.from_function(
        _script,
        default_timeout=60,
        kwargs={"module": module, "viewer": viewer, "now": now, "last_here": last_here},
    )
    for name, value in query.items():
        made.query_params[name] = value
    return made.run()


def markup(app: AppTest) -> str:
    """All markup of the page, in the order it is drawn."""
    return "\n".join(each.proto.body for each in app.get("html"))


def text(app: AppTest) -> str:
    """What the markup says, on one line."""
    return " ".join(Markup(markup(app)).striptags().split())


def refused(app: AppTest) -> str:
    """The error the page ended with, "" when it was drawn."""
    return app.text[0].value if app.text else ""
