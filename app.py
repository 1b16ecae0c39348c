"""The launcher: `streamlit run app.py`. It joins the pages and the other doors, which do not know each other."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from entrypoints import api, gate
from pages.shell import brand, failures, fonts, place, scripts
from store.settings import settings

STREAMLIT_PAGE = Path(st.__file__).parent / "static" / "index.html"

place.introduce(
    place.Place(
        title=settings().title,
        vision=settings().vision,
        zone=settings().zone,
        contact=getattr(settings(), "contact", ""),
    )
)
look = api.Look(font_file=fonts.font_file, prepare_fonts=fonts.prepare, mark=brand.MARK.encode())

app = st.App(
    Path(__file__).parent / "pages" / "shell" / "main.py",
    routes=api.routes(look),
    middleware=[
        Middleware(
            gate.Gate,
            scripts=(*gate.inline_scripts_of(STREAMLIT_PAGE), scripts.SHELL_SCRIPT),
            allowed_hosts=settings().allowed_hosts.split(","),
        )
    ],
    lifespan=api.lifespan(look),
    on_script_error=failures.report,
)
