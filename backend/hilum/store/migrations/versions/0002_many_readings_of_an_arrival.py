"""An arrival may have any number of readings."""

from alembic import op

revision = "0002"
down_revision = "0001"

# The constraint has no name in SQLite. This is PostgreSQL's own for it.
_NAMES = {"uq": "%(table_name)s_%(column_0_name)s_key"}


def upgrade() -> None:
    """Drop the uniqueness of `reading.arrival_id`, whose index served look-ups as well."""
    with op.batch_alter_table("reading", naming_convention=_NAMES) as reading:
        reading.drop_constraint("reading_arrival_id_key", type_="unique")
        reading.create_index("ix_reading_arrival_id", ["arrival_id"])
