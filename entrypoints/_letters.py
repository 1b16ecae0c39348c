"""What a mail and a post say: how many things of which kind wait, and where; nothing of what they are.

A mail is read on its way, by servers and by whoever opens the mailbox: so no names of datasets, no figures, no words
that people wrote. The only name in it is that of the person it is to.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import urlencode

from governance.notices import COUNTED, Kind
from governance.notices.outbox import Letter, Way
from store.settings import settings

STOP = "/stop-mails"
"""Where the link that ends all mails leads; `token` says whose."""
_LONGEST_NAME = 60
_MARKS = ".,:'’-–&/+!"
_UNFOLDED = SMTP.clone(max_line_length=990)
"""A link in a header that is folded is encoded word by word, which no mail program takes for a link."""
_ONLY_NUMBERS = "This mail says how many things wait, never what they are: mail is not a safe place for that."


def mail(letter: Letter, *, now: datetime) -> bytes:
    """The whole mail as it is handed to the mail server: plain text, with the headers of one that no person wrote."""
    made = EmailMessage(policy=SMTP)
    given = settings()
    made["From"] = _address(given.title, given.mail_from)
    made["To"] = _address(letter.name, letter.address)
    made["Subject"] = _subject(letter)
    made["Date"] = now.astimezone(UTC)
    made["Message-ID"] = f"<{letter.id}@{given.mail_from.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made["X-Auto-Response-Suppress"] = "All"
    if letter.token and given.public_url:
        made["List-Unsubscribe"] = f"<{_link(STOP, token=letter.token)}>"
        if given.public_url.startswith("https://"):  # RFC 8058, 3.1: one click needs https
            made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made.set_content(_text(letter), cte="quoted-printable")
    return made.as_bytes(policy=_UNFOLDED)


def post(letter: Letter) -> bytes:
    """The body of a post to the webhook: JSON in UTF-8."""
    told = {
        "event": "waiting",
        "id": letter.id,
        "made_at": letter.made_at.astimezone(UTC).isoformat(timespec="seconds"),
        "title": settings().title,
        "link": settings().public_url,
        "new": {kind.value: number for kind, number in letter.new.items()},
        "waiting": {kind.value: number for kind, number in letter.waiting.items()},
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def one_line(text: str, longest: int = 150) -> str:
    """A name that can stand in a header: letters, figures and a few marks, so that nothing in it is read as more.

    No line ends in it, nothing reverses its direction, quotes, or looks like an address or an encoded word.
    """
    kept = "".join(each if unicodedata.category(each)[0] in "LMN" or each in _MARKS else " " for each in text)
    return " ".join(kept.split())[:longest].strip()


def _address(name: str, address: str) -> Address:
    return Address(display_name=one_line(name, _LONGEST_NAME), addr_spec=address)


def _subject(letter: Letter) -> str:
    if letter.way is Way.CONFIRM:
        return f"Your code for {one_line(settings().title)}"
    number = sum(letter.waiting.values())
    return f"{number:,} {'thing waits' if number == 1 else 'things wait'} for you at {one_line(settings().title)}"


def _text(letter: Letter) -> str:
    title, given = one_line(settings().title), settings()
    if letter.way is Way.CONFIRM:
        lines = [
            f"Somebody with an account at {title} wants to be told at this address when something waits for them.",
            f"If that was you, enter this code on your account page:\n\n    {letter.code}",
            *([f"This link brings it there:\n\n{_link('/account', code=letter.code)}"] if given.public_url else []),
            "It can be used for seven days. If it was not you, do nothing: no other mail comes here.",
        ]
        return "\n\n".join(lines) + "\n"
    every, new = sum(letter.waiting.values()), sum(letter.new.values())
    lines = [f"New for you at {title}:", _listed(letter.new)]
    if every > new:
        lines += ["All that waits for you:", _listed(letter.waiting)]
    if given.public_url:
        lines += [f"See it: {_link('/')}", f"Other times: {_link('/account')}"]
        lines += [f"No more mails: {_link(STOP, token=letter.token)}"]
    else:
        lines += ["Sign in to see it. On your account page you choose other times, or no mails."]
    return "\n\n".join([*lines, _ONLY_NUMBERS]) + "\n"


def _listed(numbers: Mapping[Kind, int]) -> str:
    return "\n".join(f"  {number:,} {COUNTED[kind][number != 1]}" for kind, number in numbers.items())


def _link(path: str, **query: str) -> str:
    return settings().public_url.rstrip("/") + path + (f"?{urlencode(query)}" if query else "")
