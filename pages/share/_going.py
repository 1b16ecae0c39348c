"""Going on to another page after something was done."""

from __future__ import annotations

from typing import NoReturn

import streamlit as st


def go_to(path: str, **query: str) -> NoReturn:
    """Open the page with this path; say what was done with `frame.say` before."""
    st.switch_page(st.Page(_drawn_by_the_frame, url_path=path), query_params=query)


def _drawn_by_the_frame() -> None:
    """Streamlit finds a page by its path: what draws it was registered by the frame."""
