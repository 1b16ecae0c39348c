"""The charter, and how proposed uses were held against it."""

import sqlalchemy as sa
from alembic import op

revision = "20261129"
down_revision = "20261128"
branch_labels = None
depends_on = None

_SAID = "what was adopted never changes"
_WHEN = "OLD.adopted_on IS NOT NULL"


def _guards(dialect: str) -> list[str]:
    """What keeps an adopted version as it is."""
    function = (
        "CREATE FUNCTION adopted_is_kept() RETURNS trigger AS "
        f"$$ BEGIN RAISE EXCEPTION '{_SAID}'; END $$ LANGUAGE plpgsql"
    )
    does = {
        "sqlite": f"WHEN {_WHEN} BEGIN SELECT RAISE(ABORT, '{_SAID}'); END",
        "postgresql": f"FOR EACH ROW WHEN ({_WHEN}) EXECUTE FUNCTION adopted_is_kept()",
    }[dialect]
    return [
        *([function] if dialect == "postgresql" else []),
        *(
            f"CREATE TRIGGER charter_version_keeps_{event.lower()} BEFORE {event} ON charter_version {does}"
            for event in ("UPDATE", "DELETE")
        ),
    ]


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "charter_version",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("clauses", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("agreed_by", sa.Text(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("adopted_by", sa.String(length=80), nullable=False),
        sa.Column("adopted_on", sa.Date(), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("adopted_on IS NULL OR hash <> ''", name=op.f("ck_charter_version_adopted_with_its_hash")),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_charter_version")),
    )
    op.create_table(
        "use_case_check",
        sa.Column("use_id", sa.String(length=32), nullable=False),
        sa.Column("use_version", sa.Integer(), nullable=False),
        sa.Column("charter_version", sa.Integer(), nullable=False),
        sa.Column("replies", sa.JSON(), nullable=False),
        sa.Column("heard", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("checked_by", sa.String(length=80), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.CheckConstraint("outcome IN ('go-if', 'go', 'do-not-go')", name=op.f("ck_use_case_check_outcome")),
        sa.CheckConstraint("outcome <> 'go-if' OR conditions <> ''", name=op.f("ck_use_case_check_if_says_if")),
        sa.ForeignKeyConstraint(
            ["use_id"], ["use_case.id"], name=op.f("fk_use_case_check_use_id_use_case"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("use_id", name=op.f("pk_use_case_check")),
    )
    for each in _guards(op.get_bind().dialect.name):
        op.execute(each)


def downgrade() -> None:
    """Take back."""
    op.drop_table("use_case_check")
    op.drop_table("charter_version")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION adopted_is_kept()")
