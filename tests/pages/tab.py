"""A browser's tab as the protocol knows it: what stands on it, its timers, the messages that it keeps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.pages import wsclient
from tests.pages.wsclient import Seen, Talk

Path = tuple[int, ...]
_PATIENCE = 300
"""Seconds: a file is drawn while its frame is waited for."""
_DONE = {ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """One element of the page."""

    frame: bytes
    delta: Delta
    part: str
    """The fragment that drew it, "" for the page itself."""


@dataclass(slots=True, kw_only=True)
class Tab(Talk):
    """A page that stays open; what a browser would do by itself is done when it is asked for."""

    stands: dict[Path, Stood] = field(default_factory=dict)
    """What a person looks at, by its place."""
    timers: dict[str, float] = field(default_factory=dict)
    """Fragment -> seconds after which it asks again by itself."""
    parts: set[str] = field(default_factory=set)
    """Every fragment that the server ever told of."""
    kept: dict[str, bytes] = field(default_factory=dict)
    """Messages by their hash: the server sends the hash alone where the tab has the rest."""
    _told: list[bytes] | None = None
    _page_hash: str = ""

    def run(self, pressed: str = "", *, part: str = "", back: bool = False) -> Seen:
        """Draw the page, or one part of it; with a button pressed, or as after the browser's way back."""
        message = wsclient._rerun(self.base, self.page, self.query)
        asked = message.rerun_script
        asked.page_script_hash, asked.fragment_id, asked.is_history_navigation = self._page_hash, part, back
        if pressed:
            asked.widget_states.widgets.add(id=self._ids[pressed], trigger_value=True)
        return self._ask(message)

    def press(self, key: str) -> Seen:
        """Press a button as a browser does: only its own part of the page is drawn, where it stands in one."""
        found = next(each for each in self.stands.values() if _key(each.delta) == key)
        return self.run(pressed=key, part=found.part)

    def tick(self) -> Seen:
        """Every timer of the page goes off once."""
        frames: list[bytes] = []
        for part in list(self.timers):
            if part in self.timers:
                message = wsclient._rerun(self.base, self.page, self.query)
                asked = message.rerun_script
                asked.page_script_hash, asked.fragment_id, asked.is_auto_rerun = self._page_hash, part, True
                frames += self._ask(message).frames
        return Seen(frames=tuple(frames))

    @property
    def looks_by_itself(self) -> float:
        """Seconds after which the page has looked again on its own."""
        return min(self.timers.values(), default=float("inf"))

    @property
    def screen(self) -> bytes:
        """Everything that stands on it, as bytes."""
        return b"\n".join(each.frame for each in self.stands.values())

    @property
    def saves(self) -> dict[str, str]:
        """Key of each button that saves a file -> the name by which the server is asked for it."""
        found = [each.delta.new_element.download_button for each in self.stands.values() if _is_download(each.delta)]
        return {each.id.split("-", 2)[-1]: each.deferred_file_id or each.url for each in found}

    @contextmanager
    def recorded(self) -> Iterator[list[bytes]]:
        """Every frame that arrives meanwhile, of whatever kind."""
        told: list[bytes] = []
        self._told = told
        yield told
        self._told = None

    def _ask(self, message: BackMsg) -> Seen:
        message.rerun_script.cached_message_hashes.extend(self.kept)
        self._send(message)
        frames: list[bytes] = []
        drawn: set[Path] = set()
        only: set[str] = set()
        while True:
            frame, told = self._next()
            kind = told.WhichOneof("type")
            if kind == "ref_hash":
                path = tuple(told.metadata.delta_path)
                frame, told = self.kept[told.ref_hash], ForwardMsg.FromString(self.kept[told.ref_hash])
                drawn |= self._draw(path, frame, told)
            elif kind == "delta":
                drawn |= self._draw(tuple(told.metadata.delta_path), frame, told)
            elif kind == "new_session":
                drawn, only = set(), set(told.metadata.run.fragment_ids)
                self._begin(told, whole=not only)
            elif kind == "auto_rerun":
                self.timers[told.auto_rerun.fragment_id] = told.auto_rerun.interval
                self.parts.add(told.auto_rerun.fragment_id)
            elif kind == "stop_auto_rerun":
                for part in told.stop_auto_rerun.fragment_ids:
                    self.timers.pop(part, None)
            elif kind == "navigation":
                self._page_hash = told.navigation.page_script_hash
            frames.append(frame)
            if kind == "script_finished" and told.script_finished in _DONE:
                self._settle(drawn, only)
                return Seen(frames=tuple(frames))

    def _begin(self, told: ForwardMsg, *, whole: bool) -> None:
        self._session = told.new_session.initialize.session_id or self._session
        if whole:
            self.timers.clear()

    def _draw(self, path: Path, frame: bytes, told: ForwardMsg) -> set[Path]:
        """Put an element where it belongs; the buttons are known by their keys from then on."""
        delta = told.delta
        if told.metadata.cacheable and told.hash:
            self.kept[told.hash] = frame
        self.stands[path] = Stood(frame=frame, delta=delta, part=delta.fragment_id)
        self.parts |= {delta.fragment_id} - {""}
        if key := _key(delta):
            self._ids[key] = delta.new_element.button.id
        return {path}

    def _settle(self, drawn: set[Path], only: set[str]) -> None:
        """What was not drawn again is taken away: of the whole page, or of the parts that ran."""
        for path in list(self.stands):
            if path not in drawn and (not only or self.stands[path].part in only):
                del self.stands[path]

    def _next(self) -> tuple[bytes, ForwardMsg]:
        assert self._socket is not None, "it is used as a context manager"
        frame = self._socket.recv(timeout=_PATIENCE)
        assert isinstance(frame, bytes)
        if self._told is not None:
            self._told.append(frame)
        return frame, ForwardMsg.FromString(frame)


def _kind(delta: Delta) -> str:
    return str(delta.new_element.WhichOneof("type") or "") if delta.WhichOneof("type") == "new_element" else ""


def _is_download(delta: Delta) -> bool:
    return _kind(delta) == "download_button"


def _key(delta: Delta) -> str:
    """The key of a button, "" for anything else."""
    return delta.new_element.button.id.split("-", 2)[-1] if _kind(delta) == "button" else ""
