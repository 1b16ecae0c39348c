"""A small mail server on loopback that speaks ESMTP and keeps what it was given; it can refuse, hang and break off."""

from __future__ import annotations

import contextlib
import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import cast


@dataclass
class Taken:
    """A mail as it came."""

    sender: str
    to: str
    octets: bytes

    @property
    def message(self) -> EmailMessage:
        """Read as a mail program would."""
        return cast(EmailMessage, message_from_bytes(self.octets, policy=default))

    @property
    def words(self) -> str:
        """Its text."""
        return self.message.get_content()


@dataclass
class MailServer:
    """What came, and what the next commands are answered; a command without an order is answered as usual."""

    taken: list[Taken] = field(default_factory=list)
    orders: dict[str, list[int]] = field(default_factory=dict)
    """Command -> the codes of its next answers. 0 breaks the connection off; TEXT is the answer to the mail's text."""
    tls: ssl.SSLContext | None = None
    port: int = 0
    text_came: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)
    hangs: bool = False
    """Whether it keeps the text and then does not answer until `go_on`."""
    logins: list[str] = field(default_factory=list)

    def order(self, command: str, usual: int) -> int:
        """The code of the next answer."""
        waiting = self.orders.get(command, [])
        return waiting.pop(0) if waiting else usual


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.office: MailServer = self.server.office  # type: ignore[attr-defined]
        self.sender = self.to = ""
        with contextlib.suppress(OSError, ssl.SSLError):
            self.say(220)
            while (line := self.rfile.readline()) and self.answered(line.decode("ascii").strip()):
                pass

    def say(self, code: int, words: str = "ok") -> bool:
        if code:
            self.wfile.write(f"{code} {words}\r\n".encode())
        return bool(code)

    def answered(self, line: str) -> bool:
        """Whether the talk goes on."""
        command = line.split(" ")[0].upper()
        if command == "EHLO":
            offers = ["hello", "AUTH PLAIN", *(["STARTTLS"] if self.office.tls else []), "SIZE 1000000"]
            self.wfile.write("".join(f"250{'-' if each != offers[-1] else ' '}{each}\r\n" for each in offers).encode())
            return True
        if command == "STARTTLS" and self.office.tls:
            self.say(220)
            self.request = self.office.tls.wrap_socket(self.request, server_side=True)
            self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", buffering=0)
            return True
        if command == "AUTH":
            self.office.logins.append(line)
            return self.say(self.office.order("AUTH", 235))
        if command == "DATA":
            return self.say(self.office.order("DATA", 354)) and self.text()
        if found := re.fullmatch(r"(?:MAIL FROM|RCPT TO):<(.*)>.*", line, re.IGNORECASE):
            self.sender, self.to = (found[1], "") if command == "MAIL" else (self.sender, found[1])
        self.say(self.office.order(command, 221 if command == "QUIT" else 250))
        return command != "QUIT"

    def text(self) -> bool:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return False
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        code = self.office.order("TEXT", 250)
        if code in (0, 250):
            self.office.taken.append(Taken(sender=self.sender, to=self.to, octets=b"".join(lines)))
        self.office.text_came.set()
        if self.office.hangs:
            self.office.go_on.wait(30)
        return self.say(code)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextlib.contextmanager
def mail_server(*, tls: ssl.SSLContext | None = None) -> Iterator[MailServer]:
    """A mail server that listens until the block ends; with `tls` it offers STARTTLS."""
    office = MailServer(tls=tls)
    with _Server(("127.0.0.1", 0), _Talk) as server:
        server.office = office  # type: ignore[attr-defined]
        office.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield office
        finally:
            office.go_on.set()
            server.shutdown()
            thread.join()
