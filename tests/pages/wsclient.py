"""A raw websocket client that speaks Streamlit's protocol: what a page sends before any browser hides it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.DownloadButton_pb2 import DownloadButton
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
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

    @property
    def deltas(self) -> Iterator[Delta]:
        """Everything that was drawn, in its order."""
        for frame in self.frames:
            message = ForwardMsg()
            message.ParseFromString(frame)
            if message.WhichOneof("type") == "delta":
                yield message.delta

    @property
    def downloads(self) -> list[DownloadButton]:
        """Every button that saves a file."""
        return [each.new_element.download_button for each in self.deltas if _is(each, "download_button")]


def _is(delta: Delta, kind: str) -> bool:
    return delta.WhichOneof("type") == "new_element" and delta.new_element.WhichOneof("type") == kind


@dataclass(slots=True, kw_only=True)
class Talk:
    """A connection that stays open: pages are drawn, buttons pressed, files asked for."""

    base: str
    page: str = ""
    query: str = ""
    cookie: str = ""
    origin: str = ""
    _stack: ExitStack = field(default_factory=ExitStack)
    _socket: ClientConnection | None = None
    _ids: dict[str, str] = field(default_factory=dict)
    """Key of a button -> the id the server gave it."""
    _session: str = ""

    def __enter__(self) -> Self:
        """Connect. Raises websockets.exceptions.InvalidStatus when the connection was refused."""
        connection = connect(
            self.base.replace("http://", "ws://") + "/_stcore/stream",
            additional_headers={"Cookie": f"commontable={self.cookie}"} if self.cookie else {},
            origin=Origin(self.origin or self.base),
            subprotocols=[Subprotocol("streamlit")],
            max_size=None,
        )
        self._socket = self._stack.enter_context(connection)
        return self

    def __exit__(self, *_: object) -> None:
        """Hang up."""
        self._stack.close()

    def run(self, pressed: str = "") -> Seen:
        """Draw the page, with the button of this key pressed, and keep every frame until its script has finished."""
        message = _rerun(self.base, self.page, self.query)
        if pressed:
            message.rerun_script.widget_states.widgets.add(id=self._ids[pressed], trigger_value=True)
        self._send(message)
        frames = []
        while True:
            frame, told = self._next()
            frames.append(frame)
            if told.WhichOneof("type") == "new_session":
                self._session = told.new_session.initialize.session_id
            if told.WhichOneof("type") == "script_finished":
                break
        seen = Seen(frames=tuple(frames))
        buttons = [each.new_element.button for each in seen.deltas if _is(each, "button")]
        self._ids |= {each.id.split("-", 2)[-1]: each.id for each in buttons}
        return seen

    def download(self, deferred: str) -> str:
        """Click a button that saves a file; the address that is given for it, "" when there is none."""
        message = BackMsg()
        message.backend_operation_request.request_id = deferred
        message.backend_operation_request.session_id = self._session
        message.backend_operation_request.deferred_file.file_id = deferred
        self._send(message)
        while True:
            _, told = self._next()
            if told.WhichOneof("type") == "backend_operation_response":
                return told.backend_operation_response.deferred_file.url

    def _send(self, message: BackMsg) -> None:
        assert self._socket is not None, "it is used as a context manager"
        self._socket.send(message.SerializeToString())

    def _next(self) -> tuple[bytes, ForwardMsg]:
        assert self._socket is not None, "it is used as a context manager"
        frame = self._socket.recv(timeout=60)
        assert isinstance(frame, bytes)
        message = ForwardMsg()
        message.ParseFromString(frame)
        return frame, message


def ask(base: str, page: str = "", *, cookie: str = "", origin: str = "", query: str = "") -> Seen:
    """Open a page the way a browser does and keep every frame until its script has finished.

    Raises:
        websockets.exceptions.InvalidStatus: the connection was refused.
    """
    with Talk(base=base, page=page, query=query, cookie=cookie, origin=origin) as talk:
        return talk.run()


def _rerun(base: str, page: str, query: str) -> BackMsg:
    message = BackMsg()
    message.rerun_script.page_name = page
    message.rerun_script.query_string = query
    message.rerun_script.context_info.url = f"{base}/{page}"
    message.rerun_script.context_info.timezone = "Europe/London"
    return message
