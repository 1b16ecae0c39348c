"""What the administrator can set: environment variables that begin with COMMONTABLE_, read once."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field, fields
from pathlib import Path
from zoneinfo import ZoneInfo

MAIL_ADDRESS = re.compile(
    r"(?=.{3,254}$)(?=[^@]{1,64}@)[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+"
    r"@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"
)
"""A mail address without a name and without anything that could end a header. Source: HTML, "valid e-mail address"."""


class SettingWrong(RuntimeError):
    """A setting has a value that cannot be used; the message names the variable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One value per setting; `docs/settings.md` explains each."""

    home: Path = Path("var")
    """Data folder: database, uploads, fonts, backups."""
    database_url: str = ""
    """PostgreSQL by URL; "" means the embedded SQLite in the data folder."""
    timezone: str = "Europe/London"
    """The collaboration's time zone: it decides which day it is."""
    title: str = "Common Table"
    """Name in the header and on the sign-in page."""
    vision: str = ""
    """The collaboration's vision in one line, on the home page."""
    contact: str = ""
    """Whom to ask for an account or a forgotten password, on the sign-in page; "" names the administrator."""
    public_url: str = ""
    """Where people reach the app, for links in feeds and invitations; https makes the cookie Secure."""
    allowed_hosts: str = ""
    """Host names the app answers to, separated by commas; "" means any."""
    session_idle_minutes: int = 30
    session_hours: int = 12
    harvest_pace: float = 2.0
    """Requests a second to one host, at most."""
    oidc_issuer: str = ""
    """Optional second way to sign in; "" means none."""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    mail_host: str = ""
    """The mail server that takes our mails; "" sends none."""
    mail_port: int = 0
    """0 takes the usual one: 587 for starttls, 465 for tls, 25 for none."""
    mail_security: str = "starttls"
    """starttls, tls or none"""
    mail_username: str = ""
    mail_password: str = field(default="", repr=False)
    mail_from: str = ""
    """The address that mails come from and that refused ones go back to."""
    webhook_url: str = ""
    """Where counts of what waits are posted; "" posts nothing."""
    webhook_secret: str = field(default="", repr=False)
    """Signs what is posted there."""
    webhook_allow: str = ""
    """The webhook's own HOST:PORT when it is in a private network, as for sources."""

    def __post_init__(self) -> None:
        """Raises: SettingWrong for settings that do not go together."""
        if self.mail_security not in ("starttls", "tls", "none"):
            raise SettingWrong(f"COMMONTABLE_MAIL_SECURITY is {self.mail_security!r}: say starttls, tls or none.")
        if self.mail_host and not MAIL_ADDRESS.fullmatch(self.mail_from):
            raise SettingWrong("COMMONTABLE_MAIL_FROM is no mail address: mails need one to come from.")
        if self.mail_password and self.mail_security == "none":
            raise SettingWrong("COMMONTABLE_MAIL_PASSWORD would travel in the clear: set COMMONTABLE_MAIL_SECURITY.")
        if self.webhook_url and not self.webhook_secret:
            raise SettingWrong("COMMONTABLE_WEBHOOK_SECRET is not set: the webhook cannot tell that a post is ours.")

    @property
    def zone(self) -> ZoneInfo:
        """The time zone as an object."""
        return ZoneInfo(self.timezone)

    @property
    def url(self) -> str:
        """The SQLAlchemy URL of the database."""
        if not self.database_url:
            return f"sqlite:///{self.home.resolve() / 'commontable.sqlite'}"
        return self.database_url.replace("postgres://", "postgresql://", 1).replace(
            "postgresql://", "postgresql+psycopg://", 1
        )


_current: Settings | None = None


def _from_environment() -> Settings:
    given: dict[str, object] = {}
    kinds: dict[str, type] = {
        "home": Path,
        "session_idle_minutes": int,
        "session_hours": int,
        "harvest_pace": float,
        "mail_port": int,
    }
    for name in (each.name for each in fields(Settings)):
        variable = f"COMMONTABLE_{name.upper()}"
        value = os.environ.get(variable)
        if value is None:
            continue
        try:
            given[name] = kinds.get(name, str)(value)
        except ValueError:
            raise SettingWrong(f"{variable} is {value!r}, which is not a number.") from None
    return Settings(**given)  # type: ignore[arg-type]


def settings() -> Settings:
    """The settings of this process."""
    global _current
    if _current is None:
        _current = _from_environment()
    return _current


def use_settings(given: Settings | None) -> None:
    """Take these settings from now on; None reads the environment anew. Closes the engine in use."""
    global _current
    from store.engine import dispose

    dispose()
    _current = given
