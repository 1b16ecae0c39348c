"""The launcher: `streamlit run app.py`. It joins the pages and the other doors, which do not know each other."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

import governance
from entrypoints import api, gate, provider
from governance import oidc
from pages.shell import brand, failures, fonts, handing, place, scripts, styles, warming
from store.settings import settings

STREAMLIT_PAGE = Path(st.__file__).parent / "static" / "index.html"

made_up = governance.demo()
place.introduce(
    place.Place(
        title=made_up.title if made_up and settings().title == place.PRODUCT else settings().title,
        vision=settings().vision or (made_up.vision if made_up else ""),
        zone=settings().zone,
        contact=settings().contact,
    )
)
look = api.Look(
    font_file=fonts.font_file,
    prepare_fonts=fonts.prepare,
    stylesheet=(styles.address(), styles.sheet().encode()),
    mark=brand.MARK.encode(),
    warm=warming.warm,
)
elsewhere = (
    [Middleware(provider.RoundTrip, secure=settings().public_url.startswith("https://"))] if oidc.offered() else []
)

app = st.App(
    Path(__file__).parent / "pages" / "shell" / "main.py",
    routes=api.routes(look),
    secrets=oidc.configuration(),
    middleware=[
        Middleware(
            gate.Gate,
            scripts=(*gate.inline_scripts_of(STREAMLIT_PAGE), scripts.SHELL_SCRIPT),
            preload=(styles.address(), *fonts.FIRST),
            allowed_hosts=settings().allowed_hosts.split(","),
            may_have=handing.may_have,
        ),
        *elsewhere,
    ],
    lifespan=api.lifespan(look),
    on_script_error=failures.report,
)
