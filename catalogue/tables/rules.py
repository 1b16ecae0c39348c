"""Who may see rows of the catalogue that are not datasets."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, true

from store.base import Visibility

STEWARDING = frozenset({"steward", "admin"})


def stewards(_table: Any, viewer: Any) -> ColumnElement[bool]:
    """Every row for stewards and administrators, none for others."""
    return true() if viewer.roles & STEWARDING else false()


def own_rows(table: Any, viewer: Any) -> ColumnElement[bool]:
    """The rows of the person who looks."""
    mine: ColumnElement[bool] = table.person_id == viewer.person_id
    return mine if viewer.person_id else false()


STEWARDS_ONLY = Visibility(rule=stewards, reason="stewards and administrators look after sources and runs")
OWN_ONLY = Visibility(rule=own_rows, reason="a person's own")


def stewards_of(table: Any, viewer: Any) -> ColumnElement[bool]:
    """Stewards, and of what an organisation owns only its own."""
    if not viewer.roles & STEWARDING:
        return false()
    return or_(
        table.organisation_id == "",
        and_(table.organisation_id == viewer.organisation_id, table.organisation_id != ""),
    )
