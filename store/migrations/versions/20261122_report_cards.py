"""Report cards: indicators, revisions of numbers, cards and what people wrote beside them."""

import sqlalchemy as sa
from alembic import op

revision = "20261122"
down_revision = "20261121"
branch_labels = None
depends_on = None

TABLES = (
    "warning",
    "watch",
    "card_value",
    "card_action",
    "target",
    "series_event",
    "revised",
    "release",
    "card_item",
    "revision",
    "peer_group",
    "indicator",
    "import_mapping",
    "disclosure_key",
    "card",
    "area",
)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "area",
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("parent", sa.String(length=80), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_area")),
    )
    op.create_table(
        "card",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("population", sa.String(length=200), nullable=False),
        sa.Column("area_code", sa.String(length=80), nullable=False),
        sa.Column("organisation_id", sa.String(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=60), nullable=False),
        sa.Column("made_up", sa.Text(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_why", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.String(length=80), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card")),
        sa.UniqueConstraint("name", name=op.f("uq_card_name")),
    )
    op.create_table(
        "disclosure_key",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_disclosure_key")),
    )
    op.create_table(
        "import_mapping",
        sa.Column("dataset_id", sa.String(length=32), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("dataset_id", name=op.f("pk_import_mapping")),
    )
    op.create_table(
        "indicator",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("dataset_id", sa.String(length=32), nullable=False),
        sa.Column("denominators", sa.JSON(), nullable=False),
        sa.Column("organisation_id", sa.String(length=32), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("multiplier", sa.Double(), nullable=False),
        sa.Column("decimals", sa.Integer(), nullable=False),
        sa.Column("value_type", sa.String(length=20), nullable=False),
        sa.Column("polarity", sa.String(length=4), nullable=False),
        sa.Column("comparison", sa.String(length=10), nullable=False),
        sa.Column("peer_group_id", sa.String(length=32), nullable=False),
        sa.Column("parent_area", sa.String(length=80), nullable=False),
        sa.Column("disclosure", sa.JSON(), nullable=False),
        sa.Column("stated", sa.JSON(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("numerator", sa.Text(), nullable=False),
        sa.Column("denominator", sa.Text(), nullable=False),
        sa.Column("caveats", sa.Text(), nullable=False),
        sa.Column("reading_note", sa.Text(), nullable=False),
        sa.Column("also_explains", sa.Text(), nullable=False),
        sa.Column("frequency", sa.String(length=20), nullable=False),
        sa.Column("lag_days", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(length=80), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator")),
        sa.UniqueConstraint("dataset_id", "code", name=op.f("uq_indicator_dataset_id_code")),
    )
    op.create_index(op.f("ix_indicator_dataset_id"), "indicator", ["dataset_id"], unique=False)

    op.create_table(
        "peer_group",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("dated", sa.String(length=20), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("members", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_group")),
    )
    op.create_table(
        "revision",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("dataset_id", sa.String(length=32), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("format", sa.String(length=40), nullable=False),
        sa.Column("checksum", sa.String(length=64), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
    )
    op.create_index(op.f("ix_revision_dataset_id"), "revision", ["dataset_id"], unique=False)

    op.create_table(
        "card_item",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("card_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.String(length=32), nullable=False),
        sa.Column("area_code", sa.String(length=80), nullable=False),
        sa.Column("breakdown", sa.Text(), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("polarity", sa.String(length=4), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("headline_by", sa.String(length=120), nullable=False),
        sa.Column("story", sa.JSON(), nullable=False),
        sa.Column("partners", sa.JSON(), nullable=False),
        sa.Column("what_works", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_card_item_card_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicator.id"], name=op.f("fk_card_item_indicator_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_item")),
    )
    op.create_index(op.f("ix_card_item_card_id"), "card_item", ["card_id"], unique=False)
    op.create_index(op.f("ix_card_item_indicator_id"), "card_item", ["indicator_id"], unique=False)

    op.create_table(
        "release",
        sa.Column("revision_id", sa.String(length=32), nullable=False),
        sa.Column("audience", sa.String(length=80), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_release_revision_id")),
        sa.PrimaryKeyConstraint("revision_id", "audience", name=op.f("pk_release")),
    )
    op.create_table(
        "revised",
        sa.Column("indicator_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.String(length=32), nullable=False),
        sa.Column("observations", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.Column("provisional", sa.Integer(), nullable=False),
        sa.Column("first", sa.String(length=20), nullable=False),
        sa.Column("last", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicator.id"], name=op.f("fk_revised_indicator_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_revised_revision_id")),
        sa.PrimaryKeyConstraint("indicator_id", "number", name=op.f("pk_revised")),
    )
    op.create_index(op.f("ix_revised_revision_id"), "revised", ["revision_id"], unique=False)

    op.create_table(
        "series_event",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("indicator_id", sa.String(length=32), nullable=False),
        sa.Column("area_code", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicator.id"], name=op.f("fk_series_event_indicator_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series_event")),
    )
    op.create_index(op.f("ix_series_event_indicator_id"), "series_event", ["indicator_id"], unique=False)

    op.create_table(
        "target",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("indicator_id", sa.String(length=32), nullable=False),
        sa.Column("area_code", sa.String(length=80), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("upper", sa.Double(), nullable=True),
        sa.Column("by", sa.Date(), nullable=True),
        sa.Column("set_by", sa.String(length=200), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicator.id"], name=op.f("fk_target_indicator_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
    )
    op.create_index(op.f("ix_target_indicator_id"), "target", ["indicator_id"], unique=False)

    op.create_table(
        "card_action",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("item_id", sa.String(length=32), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["card_item.id"], name=op.f("fk_card_action_item_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_action")),
    )
    op.create_index(op.f("ix_card_action_item_id"), "card_action", ["item_id"], unique=False)

    op.create_table(
        "card_value",
        sa.Column("item_id", sa.String(length=32), nullable=False),
        sa.Column("revision_id", sa.String(length=32), nullable=False),
        sa.Column("part", sa.String(length=10), nullable=False),
        sa.Column("basis", sa.String(length=64), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["card_item.id"], name=op.f("fk_card_value_item_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_card_value_revision_id")),
        sa.PrimaryKeyConstraint("item_id", "revision_id", "part", name=op.f("pk_card_value")),
    )
    op.create_table(
        "watch",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("item_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["card_item.id"], name=op.f("fk_watch_item_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch")),
    )
    op.create_index(op.f("ix_watch_item_id"), "watch", ["item_id"], unique=False)

    op.create_table(
        "warning",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("watch_id", sa.String(length=32), nullable=False),
        sa.Column("item_id", sa.String(length=32), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("fired_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("response", sa.Text(), nullable=False),
        sa.Column("responded_by", sa.String(length=120), nullable=False),
        sa.Column("responded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["card_item.id"], name=op.f("fk_warning_item_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["watch_id"], ["watch.id"], name=op.f("fk_warning_watch_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warning")),
    )
    op.create_index(op.f("ix_warning_item_id"), "warning", ["item_id"], unique=False)
    op.create_index(op.f("ix_warning_watch_id"), "warning", ["watch_id"], unique=False)


def downgrade() -> None:
    """Take back."""
    for name in TABLES:
        op.drop_table(name)
