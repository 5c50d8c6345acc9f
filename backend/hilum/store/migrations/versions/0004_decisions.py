"""A row for each decision of a reading, which may be of several models on several findings."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table, with the one decision of each earlier reading; its finding was not kept."""
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("reading_id", sa.String(36), sa.ForeignKey("reading.id"), nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("model_name", sa.String(64), nullable=False),
        sa.Column("model_version", sa.String(64), nullable=False),
        sa.Column("model_sha256", sa.String(64), nullable=False),
        sa.Column("finding", sa.String(64)),
        sa.Column("decision", sa.String(16), nullable=False),
        sa.Column("verdict", sa.String(24)),
        sa.Column("probability", sa.Double, nullable=False),
        sa.Column("threshold", sa.Double),
        sa.UniqueConstraint("reading_id", "place"),
    )
    columns = "model_name, model_version, model_sha256, decision, verdict, probability"
    op.execute(
        f"INSERT INTO decision (reading_id, place, {columns}) "  # noqa: S608 - no value of a user
        f"SELECT id, 0, {columns} FROM reading"
    )
    moved = set(columns.split(", "))
    # An operator's, which PostgreSQL drops with the column.
    for index in sa.inspect(op.get_bind()).get_indexes("reading"):
        if index["name"] and moved.intersection(index["column_names"]):
            op.drop_index(index["name"], "reading")
    with op.batch_alter_table("reading") as table:
        for name in sorted(moved):
            table.drop_column(name)
