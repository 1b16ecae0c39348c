"""The declarative base, and what every table must say about who may see its rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, ColumnElement, DateTime, Dialect, MetaData
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

Rule = Callable[[Any, Any], ColumnElement[bool]]
"""`rule(table_class, viewer)`: the rows that this viewer may see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visibility:
    """Who may see a table's rows: a rule, or the reason why none is needed."""

    rule: Rule | None
    reason: str


def open_to_all(reason: str) -> Visibility:
    """Every signed-in person may read every row; the reason says why that harms nobody."""
    return Visibility(rule=None, reason=reason)


def internal(reason: str) -> Visibility:
    """Only the machinery and operators read these rows: nobody's screen shows them as they are."""
    from sqlalchemy import false

    return Visibility(rule=lambda _table, _viewer: false(), reason=reason)


class Moment(TypeDecorator[datetime]):
    """A point in time, stored in UTC and always given back with its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a time without a zone: nobody knows what it means."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        moved = value.astimezone(UTC)
        return moved.replace(tzinfo=None) if dialect.name == "sqlite" else moved

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC, whatever the database gave."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Every table of every room. `visibility` has no default: a table that forgets it cannot be made."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Moment,
        dict[str, Any]: JSON,
        list[Any]: JSON,
        list[str]: JSON,
    }
    visibility: ClassVar[Visibility]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Refuse a table without a visibility."""
        if "__tablename__" in cls.__dict__ and not isinstance(getattr(cls, "visibility", None), Visibility):
            raise TypeError(f"{cls.__name__} does not say who may see its rows: give it a visibility")
        super().__init_subclass__(**kwargs)
