"""Sizes of kept files, missing forms, the verdict; numbers are not reused."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the columns; in SQLite, recreate the two tables with visible numbers."""
    # SQLite gives the number of a deleted last row again, unless the table says otherwise.
    for name in ("arrival", "delivery"):
        with op.batch_alter_table(
            name,
            recreate="always" if op.get_context().dialect.name == "sqlite" else "auto",
            table_kwargs={"sqlite_autoincrement": True},
        ) as table:
            table.add_column(sa.Column("size_bytes", sa.Integer))
    op.add_column("reading", sa.Column("verdict", sa.String(24)))
    op.add_column("reading", sa.Column("missing", sa.JSON))
