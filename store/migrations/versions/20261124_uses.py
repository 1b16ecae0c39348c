"""Proposed uses and their register."""

import sqlalchemy as sa
from alembic import op

revision = "20261124"
down_revision = "20261123"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "use_case",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("purpose", sa.String(length=120), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("uses", sa.JSON(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("organisation_id", sa.String(length=32), nullable=False),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("live_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("unexpected", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('idea', 'submitted', 'live', 'finished', 'withdrawn')", name=op.f("ck_use_case_state")
        ),
        sa.CheckConstraint("state <> 'finished' OR outcome <> ''", name=op.f("ck_use_case_finished_with_its_outcome")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_use_case")),
    )
    op.create_index(op.f("ix_use_case_organisation_id"), "use_case", ["organisation_id"], unique=False)
    op.create_table(
        "use_case_dataset",
        sa.Column("use_id", sa.String(length=32), nullable=False),
        sa.Column("dataset_id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("decision", sa.String(length=8), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("would_change", sa.Text(), nullable=False),
        sa.Column("decided_for", sa.String(length=32), nullable=False),
        sa.Column("decided_by", sa.String(length=80), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("agreement_id", sa.String(length=32), nullable=False),
        sa.Column("version_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint("decision IN ('', 'go', 'go-if', 'not-now')", name=op.f("ck_use_case_dataset_decision")),
        sa.CheckConstraint(
            "decision <> 'not-now' OR (reason <> '' AND would_change <> '')",
            name=op.f("ck_use_case_dataset_a_no_says_why"),
        ),
        sa.CheckConstraint("decision <> 'go-if' OR conditions <> ''", name=op.f("ck_use_case_dataset_yes_if_says_if")),
        sa.CheckConstraint("decision = '' OR decided_for <> ''", name=op.f("ck_use_case_dataset_somebody_decided")),
        sa.ForeignKeyConstraint(
            ["use_id"], ["use_case.id"], name=op.f("fk_use_case_dataset_use_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("use_id", "dataset_id", name=op.f("pk_use_case_dataset")),
    )
    op.create_index(op.f("ix_use_case_dataset_dataset_id"), "use_case_dataset", ["dataset_id"], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_table("use_case_dataset")
    op.drop_table("use_case")
