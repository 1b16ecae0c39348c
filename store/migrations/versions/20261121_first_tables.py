"""First tables."""

from alembic import op

from store.base import Base
from store.migrations_sql import audit_triggers

revision = "20261121"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    bind = op.get_bind()
    Base.metadata.create_all(bind)
    for statement in audit_triggers(bind.dialect.name):
        op.execute(statement)
    try:
        from catalogue.search_index import create
    except ImportError:
        return
    create(bind)


def downgrade() -> None:
    """Take back."""
    Base.metadata.drop_all(op.get_bind())
