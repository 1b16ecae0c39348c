"""How sending mails and posts goes, for the administrator; nothing where neither is set up."""

from __future__ import annotations

from governance import Visit
from governance.notices import overseeing
from governance.notices.outbox import Way
from governance.notices.overseeing import Trouble
from pages.shell import widgets as w

_MOST = 10
_WAYS = {Way.MAIL: "Mail", Way.CONFIRM: "Mail with a code", Way.WEBHOOK: "Webhook"}


def show(visit: Visit) -> None:
    """What was sent in the last 30 days, what is tried again, what was given up."""
    found = overseeing.sending(visit)
    if found is None:
        return
    with w.surface("sending"):
        w.heading("Mail and webhook", note="The last 30 days")
        w.show(
            w.key_values(
                [
                    ("Mail server", "Set up" if found.mail else "Not set up"),
                    ("Webhook", "Set up" if found.webhook else "Not set up"),
                    ("Sent", f"{found.sent:,}"),
                    *([("Perhaps sent", f"{found.unknown:,}, the connection broke")] if found.unknown else []),
                ]
            )
        )
        lines = [_line(each) for each in found.troubles[:_MOST]]
        if lines:
            w.show(w.changes(lines, label="What was not taken"))
        if len(found.troubles) > _MOST:
            w.show(w.muted(f"and {len(found.troubles) - _MOST:,} more"))


def _line(each: Trouble) -> w.Markup:
    word, symbol = ("Given up", "block") if each.given_up else ("Tried again", "schedule")
    words = w.Markup("{}: {}").format(_WAYS[each.way], each.problem)
    return w.change(word, words, symbol=symbol, when=w.moment(each.at), tone="worse" if each.given_up else "")
