"""What the administrator can set: environment variables that begin with COMMONTABLE_, read once."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from pathlib import Path
from zoneinfo import ZoneInfo


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
