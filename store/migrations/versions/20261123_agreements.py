"""Agreements, holds, concerns, commitments and meetings."""

import sqlalchemy as sa
from alembic import op

revision = "20261123"
down_revision = "20261122"
branch_labels = None
depends_on = None

TABLES = (
    "agreement_party",
    "agreement_item",
    "agreement_grant",
    "agreement_version",
    "meeting_record",
    "meeting_presence",
    "meeting_item",
    "agreement",
    "meeting",
    "look",
    "hold",
    "concern",
    "commitment",
)
_FROZEN = (
    "id",
    "agreement_id",
    "major",
    "minor",
    "document",
    "content_hash",
    "terms_hash",
    "change_note",
    "adviser",
    "adviser_comment",
    "by",
    "created_at",
    "frozen_at",
)
_ONCE = ("activated_at", "closed_at")
_SIGNATURE = (
    "version_id",
    "organisation_id",
    "position",
    "role",
    "signs",
    "signatory",
    "signatory_title",
    "method",
    "reference",
    "signed_at",
    "signed_by",
    "signed_hash",
    "seal",
)
_CHANGED = {"sqlite": "NEW.{0} IS NOT OLD.{0}", "postgresql": "NEW.{0} IS DISTINCT FROM OLD.{0}"}


def _guards(dialect: str) -> list[str]:
    """What keeps a signed version and a signature as they are, and an item as the document says it."""
    changed = _CHANGED[dialect]
    document = " OR ".join(changed.format(each) for each in _FROZEN)
    once = " OR ".join(f"(OLD.{each} IS NOT NULL AND {changed.format(each)})" for each in _ONCE)
    signature = " OR ".join(changed.format(each) for each in _SIGNATURE)
    rules = [
        ("agreement_version", "UPDATE", f"OLD.frozen_at IS NOT NULL AND ({document} OR {once})"),
        ("agreement_version", "DELETE", "OLD.frozen_at IS NOT NULL"),
        ("agreement_party", "UPDATE", f"OLD.signed_at IS NOT NULL AND ({signature})"),
        ("agreement_party", "DELETE", "OLD.signed_at IS NOT NULL"),
        *((table, event, "true") for table in ("agreement_item", "agreement_grant") for event in ("UPDATE", "DELETE")),
    ]
    return [_trigger(dialect, rule) for rule in rules]


def _trigger(dialect: str, rule: tuple[str, str, str]) -> str:
    table, event, when = rule
    name, said = f"{table}_keeps_{event.lower()}", "what was signed never changes"
    if dialect == "sqlite":
        return f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{said}'); END"
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION signed_is_kept()"
    )


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "commitment",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("about_kind", sa.String(length=16), nullable=False),
        sa.Column("about_id", sa.String(length=80), nullable=False),
        sa.Column("about_title", sa.Text(), nullable=False),
        sa.Column("concern_id", sa.String(length=32), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.String(length=32), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("state_why", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
    )
    op.create_index("ix_commitment_about", "commitment", ["about_kind", "about_id"], unique=False)
    op.create_index(op.f("ix_commitment_concern_id"), "commitment", ["concern_id"], unique=False)
    op.create_index(op.f("ix_commitment_organisation_id"), "commitment", ["organisation_id"], unique=False)
    op.create_table(
        "concern",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("about_kind", sa.String(length=16), nullable=False),
        sa.Column("about_id", sa.String(length=80), nullable=False),
        sa.Column("about_title", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("loss", sa.String(length=16), nullable=False),
        sa.Column("felt", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.String(length=16), nullable=False),
        sa.Column("evidence_basis", sa.Text(), nullable=False),
        sa.Column("nature", sa.String(length=10), nullable=False),
        sa.Column("show_as", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", sa.String(length=32), nullable=False),
        sa.Column("raised_by", sa.String(length=80), nullable=False),
        sa.Column("receipt_hash", sa.String(length=64), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("restated", sa.Text(), nullable=False),
        sa.Column("restated_by", sa.String(length=80), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.String(length=80), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_concern_about", "concern", ["about_kind", "about_id"], unique=False)
    op.create_index(op.f("ix_concern_organisation_id"), "concern", ["organisation_id"], unique=False)
    op.create_table(
        "hold",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=12), nullable=False),
        sa.Column("object_id", sa.String(length=80), nullable=False),
        sa.Column("organisation_id", sa.String(length=32), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
    )
    op.create_index(op.f("ix_hold_organisation_id"), "hold", ["organisation_id"], unique=False)
    op.create_index("ix_hold_scope_object", "hold", ["scope", "object_id"], unique=False)
    op.create_table(
        "look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=80), nullable=False),
        sa.Column("dataset_id", sa.String(length=32), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look")),
        sa.UniqueConstraint(
            "username", "dataset_id", "what", "place", "hour", name=op.f("uq_look_username_dataset_id_what_place_hour")
        ),
    )
    op.create_table(
        "meeting",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("chair", sa.String(length=80), nullable=False),
        sa.Column("card_name", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("audit_head", sa.String(length=64), nullable=False),
        sa.Column("made_up", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("name", name=op.f("uq_meeting_name")),
    )
    op.create_table(
        "agreement",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("lead_id", sa.String(length=32), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["organisation.id"], name=op.f("fk_agreement_lead_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("number", name=op.f("uq_agreement_number")),
    )
    op.create_index(op.f("ix_agreement_lead_id"), "agreement", ["lead_id"], unique=False)
    op.create_table(
        "meeting_item",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("meeting_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("about_id", sa.String(length=80), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("item_id", sa.String(length=32), nullable=False),
        sa.Column("revision_id", sa.String(length=32), nullable=False),
        sa.Column("datasets", sa.JSON(), nullable=False),
        sa.Column("seen", sa.LargeBinary(), nullable=False),
        sa.Column("seen_hash", sa.String(length=64), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_item_meeting_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_item")),
    )
    op.create_index(op.f("ix_meeting_item_meeting_id"), "meeting_item", ["meeting_id"], unique=False)
    op.create_table(
        "meeting_presence",
        sa.Column("meeting_id", sa.String(length=32), nullable=False),
        sa.Column("organisation_id", sa.String(length=32), nullable=False),
        sa.Column("here", sa.Integer(), nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_presence_meeting_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("meeting_id", "organisation_id", name=op.f("pk_meeting_presence")),
    )
    op.create_table(
        "meeting_record",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("meeting_id", sa.String(length=32), nullable=False),
        sa.Column("agenda_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=32), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("expected", sa.Text(), nullable=False),
        sa.Column("happened", sa.Text(), nullable=False),
        sa.Column("happened_by", sa.String(length=80), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_record_meeting_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_record")),
    )
    op.create_index(op.f("ix_meeting_record_meeting_id"), "meeting_record", ["meeting_id"], unique=False)
    op.create_table(
        "agreement_version",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("agreement_id", sa.String(length=32), nullable=False),
        sa.Column("major", sa.Integer(), nullable=False),
        sa.Column("minor", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("terms_hash", sa.String(length=64), nullable=False),
        sa.Column("change_note", sa.Text(), nullable=False),
        sa.Column("adviser", sa.String(length=200), nullable=False),
        sa.Column("adviser_comment", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("close_reason", sa.Text(), nullable=False),
        sa.Column("looked_back", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_version_agreement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_version")),
    )
    op.create_index(
        "ix_agreement_version_agreement_number", "agreement_version", ["agreement_id", "major", "minor"], unique=False
    )
    op.create_table(
        "agreement_grant",
        sa.Column("version_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("value", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["agreement_version.id"], name=op.f("fk_agreement_grant_version_id")),
        sa.PrimaryKeyConstraint("version_id", "position", "kind", "value", name=op.f("pk_agreement_grant")),
    )
    op.create_table(
        "agreement_item",
        sa.Column("version_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("dataset_id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=False),
        sa.Column("detail", sa.String(length=12), nullable=False),
        sa.Column("min_cell", sa.Integer(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["agreement_version.id"], name=op.f("fk_agreement_item_version_id")),
        sa.PrimaryKeyConstraint("version_id", "position", name=op.f("pk_agreement_item")),
    )
    op.create_index(op.f("ix_agreement_item_dataset_id"), "agreement_item", ["dataset_id"], unique=False)
    op.create_table(
        "agreement_party",
        sa.Column("version_id", sa.String(length=32), nullable=False),
        sa.Column("organisation_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("signs", sa.Boolean(), nullable=False),
        sa.Column("signatory", sa.String(length=200), nullable=False),
        sa.Column("signatory_title", sa.String(length=200), nullable=False),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.String(length=80), nullable=False),
        sa.Column("signed_hash", sa.String(length=64), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_agreement_party_organisation_id")
        ),
        sa.ForeignKeyConstraint(["version_id"], ["agreement_version.id"], name=op.f("fk_agreement_party_version_id")),
        sa.PrimaryKeyConstraint("version_id", "organisation_id", name=op.f("pk_agreement_party")),
    )
    op.create_index(op.f("ix_agreement_party_organisation_id"), "agreement_party", ["organisation_id"], unique=False)
    dialect = op.get_bind().dialect.name
    if dialect == "postgresql":
        said = "RAISE EXCEPTION 'what was signed never changes'"
        op.execute(
            sa.text(f"CREATE FUNCTION signed_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {said}; END $$")
        )
    for statement in _guards(dialect):
        op.execute(sa.text(statement))


def downgrade() -> None:
    """Take back."""
    for name in TABLES:
        op.drop_table(name)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.text("DROP FUNCTION signed_is_kept()"))
