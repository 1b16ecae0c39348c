"""Hand one mail to the mail server: with time-outs, over a connection whose certificate is checked."""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from collections.abc import Callable

from store.settings import settings

TIMEOUT = 20.0
"""Seconds that the server may be silent."""
_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_NO_SUCH_ADDRESS = frozenset({550, 551, 553})
"""Source: RFC 5321, 4.2.3, as answers to RCPT."""


class NotTaken(Exception):
    """It was not taken; `problem` says why, without the address or anything the server wrote."""

    def __init__(self, problem: str, *, for_good: bool = False, no_such_address: bool = False) -> None:
        super().__init__(problem)
        self.problem = problem
        self.for_good = for_good
        """Whether trying again is of no use."""
        self.no_such_address = no_such_address


class PerhapsTaken(Exception):
    """The connection ended after the text was given and before the server answered."""


def send(message: bytes, to: str, *, last_word: Callable[[], bool]) -> bool:
    """Hand over a mail; `last_word` is asked just before its text is given, and may still say no: False then.

    Raises: NotTaken, PerhapsTaken.
    """
    try:
        server = _connected()
        try:
            return _handed_over(server, message, to, last_word=last_word)
        finally:
            _leave(server)
    except smtplib.SMTPNotSupportedError:
        raise NotTaken("The mail server does not offer what the settings ask for: look at them.") from None
    except smtplib.SMTPAuthenticationError:
        raise NotTaken("The mail server refuses the username and password of the settings.") from None
    except smtplib.SMTPResponseException as error:
        raise NotTaken(_answer(error.smtp_code, "the connection")) from None
    except ssl.SSLError:
        raise NotTaken("The mail server has no valid certificate, so nothing was given to it.") from None
    except (OSError, smtplib.SMTPException):
        raise NotTaken("The mail server cannot be reached, or broke the connection off.") from None


def _handed_over(server: smtplib.SMTP, message: bytes, to: str, *, last_word: Callable[[], bool]) -> bool:
    _said(server.mail(settings().mail_from), "the sender")
    code, _words = server.rcpt(to)
    if code not in (250, 251):
        raise NotTaken(_answer(code, "the address"), for_good=code >= 500, no_such_address=code in _NO_SUCH_ADDRESS)
    if not last_word():
        return False
    try:
        answer = server.data(message)
    except smtplib.SMTPDataError as error:
        # The server did not even ask for the text.
        answer = (error.smtp_code, b"")
    except OSError as error:
        raise PerhapsTaken from error
    _said(answer, "the mail")
    return True


def _leave(server: smtplib.SMTP) -> None:
    """Say good-bye; however that goes, the mail's fate was settled before."""
    with contextlib.suppress(OSError):
        server.quit()
    server.close()


def _connected() -> smtplib.SMTP:
    given = settings()
    port = given.mail_port or _PORTS[given.mail_security]
    context = ssl.create_default_context()
    if given.mail_security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(given.mail_host, port, timeout=TIMEOUT, context=context)
    else:
        server = smtplib.SMTP(given.mail_host, port, timeout=TIMEOUT)
    try:
        if given.mail_security == "starttls":
            server.starttls(context=context)
        server.ehlo_or_helo_if_needed()
        if given.mail_username:
            server.login(given.mail_username, given.mail_password)
    except BaseException:
        server.close()
        raise
    return server


def _said(answer: tuple[int, bytes], what: str) -> None:
    if (code := answer[0]) != 250:
        raise NotTaken(_answer(code, what), for_good=code >= 500)


def _answer(code: int, what: str) -> str:
    return f"The mail server answered {code} to {what}."
