"""The second way in: an account of the person's own organisation, told to us by an OpenID Connect provider.

The provider says who somebody is; whether that is a person of ours, and a session, stay ours. What it said counts once
and for five minutes, so that a copy of the browser's identity cookie opens nothing.
Source: OpenID Connect Core 1.0, sections 3.1.3.7 (what must be checked) and 5.7 (which claims are stable).
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select

from governance import sign_in
from governance.errors import Busy, Invalid, NotPermitted
from governance.policy import Housekeeping
from governance.tables import AttemptRow, PersonRow
from governance.visit import clock, machinery
from store.settings import settings

COUNTS_FOR = timedelta(minutes=5)
"""How far from now the provider may have issued what it says; used ones are remembered for longer than that."""
UNKNOWN = "Your organisation's account is not known here: ask the administrator to invite you."
SECRET_FILE = "oidc-cookie-secret"  # noqa: S105
_WAY = "organisation's account"
_HERE = frozenset(("localhost", "127.0.0.1", "::1"))


class Refusal(StrEnum):
    """Why somebody came back from the provider without an identity."""

    UNCONFIRMED = "unconfirmed"
    """The provider refused, was left, or answered something that did not hold."""
    UNREACHABLE = "unreachable"
    """The provider did not answer."""


def offered() -> bool:
    """Whether people may sign in this way: the provider, both credentials and our own address are set."""
    found = settings()
    return all((found.oidc_issuer, found.oidc_client_id, found.oidc_client_secret, found.public_url))


def _issuer() -> str:
    """The provider's address. Raises Invalid when passwords and tokens would travel in the clear."""
    given = settings().oidc_issuer.rstrip("/")
    parts = urlsplit(given)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _HERE):
        raise Invalid("COMMONTABLE_OIDC_ISSUER must begin with https://: set the address the provider names as issuer.")
    return given


def cookie_secret(home: Path) -> str:
    """The key that signs the identity on its way back, made once for a data folder and readable by its owner only."""
    path = home / SECRET_FILE
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        made, name = tempfile.mkstemp(dir=home, prefix=f".{SECRET_FILE}-")
        with os.fdopen(made, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            # A link appears whole or not at all, and never replaces one that another process made meanwhile.
            path.hardlink_to(name)
        except FileExistsError:
            pass
        finally:
            Path(name).unlink()
    path.chmod(0o600)
    return path.read_text("ascii")


def configuration() -> dict[str, dict[str, Any]] | None:
    """What Streamlit wants to know of the provider, as its secrets; None when this way is not offered."""
    if not offered():
        return None
    found = settings()
    return {
        "auth": {
            "redirect_uri": f"{found.public_url.rstrip('/')}/oauth2callback",
            "cookie_secret": cookie_secret(found.home),
            "client_id": found.oidc_client_id,
            "client_secret": found.oidc_client_secret,
            "server_metadata_url": f"{_issuer()}/.well-known/openid-configuration",
        }
    }


def _compared(given: object) -> str:
    """A name as it is compared. Only ASCII is folded: of two domains one may fold to the other, as ß does to ss."""
    text = given.strip() if isinstance(given, str) else ""
    return text.lower() if text.isascii() else text


def person_for(claims: Mapping[str, object]) -> str | None:
    """The username of the one active person the provider speaks of; None for nobody, and for more than one.

    A verified e-mail is a contact or a username here; `preferred_username` is a username, unless it is only the
    unverified e-mail again.
    """
    email = _compared(claims.get("email"))
    verified = claims.get("email_verified")
    name = _compared(claims.get("preferred_username"))
    if verified is False and name == email:
        name = ""
    if verified is not True:
        email = ""
    with machinery("looks for an organisation's account") as visit:
        people = visit.read().execute(select(PersonRow).where(PersonRow.active.is_(True))).scalars()
        found = {
            each.username
            for each in people
            if (email and email in (_compared(each.contact), each.username)) or (name and name == each.username)
        }
    return found.pop() if len(found) == 1 else None


def _is_meant_for_us(claims: Mapping[str, object]) -> bool:
    audience = claims.get("aud")
    names = audience if isinstance(audience, list) else [audience]
    return str(claims.get("iss", "")).rstrip("/") == _issuer() and settings().oidc_client_id in names


def _is_new(claims: Mapping[str, object], now: datetime) -> bool:
    """Whether this was said just now and is heard for the first time; from now on it is not."""
    issued, nonce = claims.get("iat"), claims.get("nonce")
    if not isinstance(issued, (int, float)) or not isinstance(nonce, str) or not nonce:
        return False
    if abs(now.timestamp() - issued) > COUNTS_FOR.total_seconds():
        return False
    key = sign_in.token_hash(f"identity {claims.get('iss')} {nonce}")
    try:
        with (
            machinery("hears a provider", now=now) as visit,
            visit.change(Housekeeping(reason="heard")) as session,
        ):
            if session.get(AttemptRow, key) is not None:
                return False
            session.add(AttemptRow(key=key, tries=1, last_at=now))
    except Busy:
        return False
    return True


def ticket(claims: Mapping[str, object], address: str, *, now: datetime | None = None) -> str:
    """A one-use ticket for the person the provider speaks of; "" when what it said was used already or is old.

    Raises: NotPermitted with the sentence when that is nobody here; the audit is told.
    """
    moment = now or clock()
    if not _is_new(claims, moment):
        return ""
    username = person_for(claims) if _is_meant_for_us(claims) else None
    if username is None:
        _tell(f"{claims.get('iss')} {claims.get('sub')}", address, moment)
        raise NotPermitted(UNKNOWN)
    return sign_in.ticket(username, address, by=_WAY, now=moment)


def unconfirmed(address: str, *, now: datetime | None = None) -> None:
    """Tell the audit that somebody came back from the provider without an identity."""
    _tell("", address, now or clock())


def _tell(who: str, address: str, now: datetime) -> None:
    """Tell the audit, as often as a password might be tried: nobody fills it by asking again and again."""
    if sign_in.wait_before(f"{_WAY} {sign_in.token_hash(who)[:32]}", address, now=now) == 0:
        sign_in.failed("", address, by=_WAY, now=now)
