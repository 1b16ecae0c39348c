"""The ground: settings, the engine, the declarative base with its two listeners, jobs, migrations, backup."""

from store.base import Base, Visibility, internal, open_to_all
from store.engine import dialect_name, engine
from store.migrate import ready, upgrade
from store.sessions import (
    Grant,
    NotText,
    Unguarded,
    bulk_delete,
    bulk_insert,
    bulk_upsert,
    guarded,
    open_session,
    take_turns,
)
from store.settings import Settings, settings, use_settings

__all__ = [
    "Base",
    "Grant",
    "NotText",
    "Settings",
    "Unguarded",
    "Visibility",
    "bulk_delete",
    "bulk_insert",
    "bulk_upsert",
    "dialect_name",
    "engine",
    "guarded",
    "internal",
    "open_session",
    "open_to_all",
    "ready",
    "settings",
    "take_turns",
    "upgrade",
    "use_settings",
]
