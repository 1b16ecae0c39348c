"""The app with one more page, "/blank", that draws nothing: `python -m benchmarks._server --server.port=N`."""

from __future__ import annotations

import functools
import sys

import pages
from pages import EVERYONE, Page

_own = pages.all_pages
BLANK = Page(title="Blank", role=EVERYONE, hidden=True, path="blank", section="home", render=lambda _visit: None)


@functools.cache
def _with_blank() -> tuple[Page, ...]:
    return (*_own(), BLANK)


def main() -> None:
    """Serve it as `streamlit run app.py` does, for that imports the launcher into this process."""
    from streamlit.web.cli import main as streamlit

    pages.all_pages = _with_blank
    sys.argv = ["streamlit", "run", "app.py", *sys.argv[1:]]
    streamlit()


if __name__ == "__main__":
    main()
