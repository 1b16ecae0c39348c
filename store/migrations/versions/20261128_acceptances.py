"""Words of agreements that people have accepted."""

import sqlalchemy as sa
from alembic import op

revision = "20261128"
down_revision = "20261127"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "acceptance",
        sa.Column("username", sa.String(length=80), nullable=False),
        sa.Column("agreement_id", sa.String(length=32), nullable=False),
        sa.Column("words_hash", sa.String(length=64), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("username", "agreement_id", "words_hash", name=op.f("pk_acceptance")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("acceptance")
