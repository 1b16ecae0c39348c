"""Whatever the shape of a statement: every table in it is narrowed, at every depth."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select, exists, func, literal, select, union_all
from sqlalchemy.orm import aliased

from governance import Kind, Role, Viewer, operator
from governance import people as people_room
from governance.tables import AuditRow, OrganisationRow
from governance.visit import of_person
from tests.catalogue.made import NOW

OTHER, NEIGHBOUR = aliased(AuditRow), aliased(OrganisationRow)
INNER = select(AuditRow.seq, AuditRow.action).subquery()
COMMON = select(AuditRow.seq).cte()
SHAPES: dict[str, Callable[[], Select[Any] | Any]] = {
    "an entity": lambda: select(AuditRow),
    "a column": lambda: select(AuditRow.seq),
    "a count": lambda: select(func.count(AuditRow.seq)).having(func.count(AuditRow.seq) > 0),
    "a count from": lambda: select(literal(1)).select_from(AuditRow),
    "only in the condition": lambda: select(literal(1)).where(AuditRow.seq > 0),
    "an alias": lambda: select(OTHER.seq),
    "a join": lambda: select(OrganisationRow.id).join(AuditRow, AuditRow.seq > 0),
    "a join to an alias": lambda: select(OrganisationRow.id).join(OTHER, OTHER.seq > 0),
    "a join from": lambda: select(AuditRow.seq).join_from(OrganisationRow, AuditRow, AuditRow.seq > 0),
    "exists": lambda: select(OrganisationRow.id).where(exists().where(AuditRow.seq > 0)),
    "exists of a select": lambda: select(OrganisationRow.id).where(select(AuditRow.seq).exists()),
    "in": lambda: select(literal(1)).where(literal(1).in_(select(AuditRow.seq))),
    "a scalar in the columns": lambda: select(func.coalesce(select(func.max(AuditRow.seq)).scalar_subquery(), 0)).where(
        select(func.max(AuditRow.seq)).scalar_subquery() > 0
    ),
    "a subquery": lambda: select(INNER.c.seq),
    "an entity of a subquery": lambda: select(aliased(AuditRow, select(AuditRow).subquery())),
    "a common table": lambda: select(COMMON.c.seq),
    "a union": lambda: select(union_all(select(AuditRow.seq), select(OTHER.seq)).subquery().c.seq),
    "a subquery in a subquery": lambda: select(select(select(AuditRow.seq).subquery().c.seq).subquery().c.seq),
    "a condition in a condition": lambda: select(OrganisationRow.id).where(
        exists().where(NEIGHBOUR.id != "", select(AuditRow.seq).exists())
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_of_a_statement_hides_what_the_viewer_may_not_see(home: Path, shape: str) -> None:
    with operator("fills the audit", now=NOW) as visit:
        ours = people_room.save_organisation(visit, "Ours").id
        visit.refresh()
        assert visit.read().execute(SHAPES[shape]()).all(), "who sees all does see it"
    member = Viewer(
        username="p",
        display="P",
        kind=Kind.PERSON,
        person_id="p",
        organisation_id=ours,
        roles=frozenset({Role.MEMBER}),
    )
    with of_person(member, now=NOW) as visit:
        assert visit.read().execute(SHAPES[shape]()).all() == []
        assert visit.read().query(AuditRow).count() == 0
        assert visit.read().get(AuditRow, 1) is None
