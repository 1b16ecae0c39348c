"""Post one body to the webhook, signed, through the one HTTP client."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

import requests

from connectors._web import Limits, Web
from entrypoints._mailing import NotTaken
from governance.errors import SourceError, SourceRefused
from store.settings import settings

LIMITS = Limits(connect=10.0, silence=20.0, request=30.0, reading=120.0, received=1 << 20)
_AGAIN = frozenset({408, 425, 429})


def signature(secret: str, moment: str, body: bytes) -> str:
    """HMAC-SHA256 over the moment, a full stop and the body: a copy of an old post cannot be passed off as new."""
    return "sha256=" + hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()


def post(body: bytes, delivery_id: str, *, now: datetime) -> None:
    """Post it; any answer from 200 to 299 means that it was taken. Raises: NotTaken."""
    given, moment = settings(), str(int(now.timestamp()))
    headers = {
        "Content-Type": "application/json",
        "X-CommonTable-Delivery": delivery_id,
        "X-CommonTable-Timestamp": moment,
        "X-CommonTable-Signature": signature(given.webhook_secret, moment, body),
    }
    web = Web(allow=[each for each in given.webhook_allow.split(",") if each.strip()], limits=LIMITS)
    try:
        answer = web.exchange(requests.Request("POST", given.webhook_url, data=body, headers=headers), limit=1 << 20)
    except SourceRefused:
        # Without the address: that of a chat room is its password.
        said = "The webhook's address is not posted to: it has moved, or is in a private network that is not allowed."
        raise NotTaken(said, for_good=True) from None
    except SourceError:
        raise NotTaken("The webhook cannot be reached, or did not answer in time.") from None
    finally:
        web.close()
    if not 200 <= answer.status < 300:
        again = answer.status >= 500 or answer.status in _AGAIN
        raise NotTaken(f"The webhook answered {answer.status}.", for_good=not again)
