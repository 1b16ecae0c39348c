"""Streamlit reads labels, captions and options as Markdown: what people call things stays words in them.

The demo, with every name in it made to draw a picture, a link, emphasis and an icon, drawn whole as three people.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from google.protobuf.message import Message
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

import store
from entrypoints import background
from governance import Viewer, operator, people
from pages import all_pages
from pages.shell.text import as_label
from store.settings import Settings
from tests.pages.drawn import draw
from tests.screens import Stop, stops

ODD = " ![pix](http://evil.example/x.png) *mark* :material/lock:"
MEANT = re.compile(r"(?<!\\)\[pix|(?<!\\)\*mark|:material/lock")
NAMES = {
    "area": ("name",),
    "card": ("title",),
    "card_action": ("what", "who"),
    "commitment": ("what",),
    "agreement": ("title",),
    "dataset": ("title", "publisher"),
    "indicator": ("name", "unit"),
    "meeting": ("title",),
    "meeting_item": ("title",),
    "organisation": ("name",),
    "peer_group": ("name",),
    "person": ("display",),
    "saved_search": ("name",),
    "source": ("name",),
    "use_case": ("title",),
    "watch": ("owner",),
}
"""Table -> the columns in which people name things."""
PLAIN = {"Selectbox": {"options"}, "MultiSelect": {"options"}}
"""What Streamlit draws as text, whatever stands in it."""
READ = {"label", "help", "options", "captions", "caption", "body", "content", "tooltip"}


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory, demo_home: Path) -> Iterator[Path]:
    background.load()
    home = shutil.copytree(demo_home, tmp_path_factory.mktemp("odd") / "home")
    patch = pytest.MonkeyPatch()
    patch.setenv("COMMONTABLE_HOME", str(home))
    patch.delenv("COMMONTABLE_DATABASE_URL", raising=False)
    store.use_settings(Settings(home=home))
    with store.engine().begin() as connection:
        for table, columns in NAMES.items():
            put = ", ".join(f"{each} = {each} || :odd" for each in columns)
            connection.execute(text(f"UPDATE {table} SET {put}"), {"odd": ODD})
    yield home
    store.use_settings(None)
    patch.undo()


def _viewer(username: str) -> Viewer:
    with operator("a test") as visit, people.seen_as(visit, username) as seen:
        return seen.viewer


def _read(message: Message) -> Iterator[str]:
    """Every text of an element, or of a container, that Streamlit reads as Markdown."""
    kind = message.DESCRIPTOR.name
    for field, value in message.ListFields():
        several = value if field.is_repeated else [value]
        if field.message_type:
            yield from (said for each in several if isinstance(each, Message) for said in _read(each))
        elif field.name in READ - PLAIN.get(kind, set()) and kind not in {"Html", "Text"}:
            yield from (each for each in several if isinstance(each, str))


def _labels(app: AppTest) -> list[str]:
    def below(block: object) -> Iterator[str]:
        proto = getattr(block, "proto", None)
        if isinstance(proto, Message) and proto.DESCRIPTOR.name != "Html":
            yield from _read(proto)
        for child in getattr(block, "children", {}).values():
            yield from below(child)

    return list(below(app._tree))


def _draw(place: Stop, viewer: Viewer) -> AppTest:
    page = next(each for each in all_pages() if each.path == place.path)
    query = dict(parse_qsl(urlsplit(place.address).query))
    return draw(page.render.__module__, viewer, now=datetime.now(UTC), **query)


@pytest.mark.parametrize("username", ["grace", "sam", "rosa"])
def test_what_people_call_things_is_never_read_as_markdown(odd: Path, username: str) -> None:
    viewer, seen = _viewer(username), 0
    for place in stops(odd, username):
        if not place.path:
            continue
        app = _draw(place, viewer)
        assert not app.exception, (place.address, app.exception)
        labels = _labels(app)
        assert [each for each in labels if MEANT.search(each)] == [], place.address
        seen += sum("pix" in each for each in labels)
    assert seen, "some names stand in labels"


@pytest.mark.parametrize(
    "words",
    ["St. Mary-le-Port (x) & Co.", "16-24 year olds", "look_after_me", "50% of £3.5 million!", "A: B, C/D", "10:30"],
)
def test_ordinary_words_are_not_touched(words: str) -> None:
    assert as_label(words) == words


@given(
    st.text(alphabet="ab 1.#-+)(*_`~[]<>!&;:/$|=\\w@", max_size=40)
    | st.sampled_from(["www.a.example b", "https://a.example"])
)
def test_words_come_out_of_markdown_as_they_went_in(words: str) -> None:
    plain = " ".join(words.split())
    drawn = MarkdownIt("gfm-like", {"html": True}).render(as_label(plain)).removeprefix("<p>").removesuffix("</p>\n")
    assert "<" not in drawn, "no tag"
    read = drawn.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    assert read.replace("\u2060", "") == plain
