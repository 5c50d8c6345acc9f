"""Revisions of the database for Alembic: one file each in `versions`, numbered."""
