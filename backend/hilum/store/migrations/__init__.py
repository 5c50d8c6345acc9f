"""The revisions of the database, for Alembic: a file each in `versions`, its number first."""
