"""Tables of the versions without revisions: an arrival has at most one reading."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    _make_arrival()
    _make_reading()
    _make_object()
    _make_delivery()


def _make_arrival() -> None:
    op.create_table(
        "arrival",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sop_instance_uid", sa.String(64), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("sop_class_uid", sa.String(64), nullable=False),
        sa.Column("study_instance_uid", sa.String(64), nullable=False),
        sa.Column("received", sa.DateTime, nullable=False),
        sa.Column("origin", sa.String(16), nullable=False),
        sa.Column("spool_name", sa.String(64)),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(256)),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("owner", sa.String(128)),
        sa.Column("leased_until", sa.DateTime),
        sa.UniqueConstraint("sop_instance_uid"),
    )
    op.create_index("ix_arrival_state", "arrival", ["state"])
    op.create_index("ix_arrival_study_instance_uid", "arrival", ["study_instance_uid"])


def _make_reading() -> None:
    op.create_table(
        "reading",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("arrival_id", sa.Integer, sa.ForeignKey("arrival.id"), nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.Column("model_name", sa.String(64), nullable=False),
        sa.Column("model_version", sa.String(64), nullable=False),
        sa.Column("model_sha256", sa.String(64), nullable=False),
        sa.Column("decision", sa.String(16), nullable=False),
        sa.Column("probability", sa.Double, nullable=False),
        sa.UniqueConstraint("arrival_id"),
    )
    op.create_index("ix_reading_created", "reading", ["created"])


def _make_object() -> None:
    op.create_table(
        "object",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("reading_id", sa.String(36), sa.ForeignKey("reading.id"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("media_type", sa.String(64), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("size_bytes", sa.Integer, nullable=False),
        sa.Column("study_instance_uid", sa.String(64), nullable=False),
        sa.Column("series_instance_uid", sa.String(64), nullable=False),
        sa.Column("sop_instance_uid", sa.String(64), nullable=False),
        sa.Column("header", sa.JSON, nullable=False),
        sa.UniqueConstraint("reading_id", "kind"),
    )
    op.create_index("ix_object_sop_instance_uid", "object", ["sop_instance_uid"])
    op.create_index("ix_object_study_instance_uid", "object", ["study_instance_uid"])


def _make_delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("reading_id", sa.String(36), sa.ForeignKey("reading.id"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("peer", sa.String(256), nullable=False),
        sa.Column("spool_name", sa.String(64)),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.Column("next_try", sa.DateTime, nullable=False),
        sa.Column("reason", sa.String(256)),
        sa.UniqueConstraint("reading_id", "kind", "peer"),
    )
    op.create_index("ix_delivery_next_try", "delivery", ["next_try"])
    op.create_index("ix_delivery_state", "delivery", ["state"])
