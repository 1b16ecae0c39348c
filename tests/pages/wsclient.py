"""A raw websocket client that speaks Streamlit's protocol: what a page sends before any browser hides it."""

from __future__ import annotations

from dataclasses import dataclass

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Every frame of one run, as bytes and as text."""

    frames: tuple[bytes, ...]

    @property
    def text(self) -> str:
        """All frames as one text; what is not UTF-8 is replaced."""
        return b"\n".join(self.frames).decode("utf-8", "replace")

    @property
    def addresses(self) -> set[str]:
        """Every page address the browser was told of."""
        told: set[str] = set()
        for frame in self.frames:
            message = ForwardMsg()
            message.ParseFromString(frame)
            told |= {page.url_pathname for page in message.navigation.app_pages}
            told |= {page.url_pathname for page in message.new_session.app_pages}
        return told


def ask(base: str, page: str = "", *, cookie: str = "", origin: str = "", query: str = "") -> Seen:
    """Open a page the way a browser does and keep every frame until its script has finished.

    Raises:
        websockets.exceptions.InvalidStatus: the connection was refused.
    """
    address = base.replace("http://", "ws://") + "/_stcore/stream"
    headers = {"Cookie": f"commontable={cookie}"} if cookie else {}
    frames: list[bytes] = []
    with connect(
        address,
        additional_headers=headers,
        origin=Origin(origin or base),
        subprotocols=[Subprotocol("streamlit")],
        max_size=None,
    ) as socket:
        socket.send(_rerun(base, page, query).SerializeToString())
        while True:
            frame = socket.recv(timeout=60)
            assert isinstance(frame, bytes)
            frames.append(frame)
            message = ForwardMsg()
            message.ParseFromString(frame)
            if message.WhichOneof("type") == "script_finished":
                return Seen(frames=tuple(frames))


def _rerun(base: str, page: str, query: str) -> BackMsg:
    message = BackMsg()
    message.rerun_script.page_name = page
    message.rerun_script.query_string = query
    message.rerun_script.context_info.url = f"{base}/{page}"
    message.rerun_script.context_info.timezone = "Europe/London"
    return message
