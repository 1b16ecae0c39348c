"""Alembic's door: the one file that sees every room's tables."""

from alembic import context

import catalogue.tables  # noqa: F401  (registers the tables)
import governance.tables  # noqa: F401
import meetings.tables  # noqa: F401
import reportcards.tables  # noqa: F401
import sharing.tables  # noqa: F401
from store.base import Base

SEARCH_INDEX = "dataset_text"


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    """Leave the search index and DBOS's own schema to those who make them."""
    return not (kind == "table" and name is not None and name.startswith((SEARCH_INDEX, "dbos_")))


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    include_name=include_name,
)
context.run_migrations()
