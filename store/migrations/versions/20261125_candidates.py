"""Screening of datasets, how ready their owners are, and where parties see it differently."""

import sqlalchemy as sa
from alembic import op

revision = "20261125"
down_revision = "20261124"
branch_labels = None
depends_on = None

TABLES = ("diagnosis", "weighing", "barrier", "readiness", "screening")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "screening",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("dataset_id", sa.String(length=32), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.String(length=32), nullable=False),
        sa.Column("question_set", sa.String(length=64), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("signed_by", sa.String(length=80), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening")),
        sa.UniqueConstraint("dataset_id", "round", name=op.f("uq_screening_dataset_id_round")),
    )
    op.create_index(op.f("ix_screening_dataset_id"), "screening", ["dataset_id"], unique=False)
    op.create_table(
        "readiness",
        sa.Column("dataset_id", sa.String(length=32), nullable=False),
        sa.Column("organisation_id", sa.String(length=32), nullable=False),
        sa.Column("comfort", sa.String(length=16), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("dataset_id", name=op.f("pk_readiness")),
    )
    op.create_table(
        "barrier",
        sa.Column("dataset_id", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("stands", sa.Boolean(), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("dataset_id", "code", name=op.f("pk_barrier")),
    )
    op.create_table(
        "weighing",
        sa.Column("dataset_id", sa.String(length=32), nullable=False),
        sa.Column("risk", sa.String(length=60), nullable=False),
        sa.Column("likelihood", sa.Integer(), nullable=False),
        sa.Column("impact", sa.Integer(), nullable=False),
        sa.Column("agreed", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("dataset_id", "risk", name=op.f("pk_weighing")),
    )
    op.create_table(
        "diagnosis",
        sa.Column("about_kind", sa.String(length=10), nullable=False),
        sa.Column("about_id", sa.String(length=32), nullable=False),
        sa.Column("organisation_id", sa.String(length=32), nullable=False),
        sa.Column("changing", sa.String(length=10), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("about_kind", "about_id", "organisation_id", name=op.f("pk_diagnosis")),
    )


def downgrade() -> None:
    """Take back."""
    for name in TABLES:
        op.drop_table(name)
