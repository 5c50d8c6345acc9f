"""The database of the versions that had no revisions: its tables as they made them, and rows."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, create_engine, inspect, make_url

TABLES = ("arrival", "reading", "object", "delivery")

_DDL = """
CREATE TABLE arrival (
    id {serial} NOT NULL,
    sop_instance_uid VARCHAR(64) NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    sop_class_uid VARCHAR(64) NOT NULL,
    study_instance_uid VARCHAR(64) NOT NULL,
    received {moment} NOT NULL,
    origin VARCHAR(16) NOT NULL,
    spool_name VARCHAR(64),
    state VARCHAR(16) NOT NULL,
    reason VARCHAR(256),
    attempts INTEGER NOT NULL,
    owner VARCHAR(128),
    leased_until {moment},
    PRIMARY KEY (id),
    UNIQUE (sop_instance_uid)
);
CREATE INDEX ix_arrival_study_instance_uid ON arrival (study_instance_uid);
CREATE INDEX ix_arrival_state ON arrival (state);
CREATE TABLE reading (
    id VARCHAR(36) NOT NULL,
    arrival_id INTEGER NOT NULL,
    created {moment} NOT NULL,
    model_name VARCHAR(64) NOT NULL,
    model_version VARCHAR(64) NOT NULL,
    model_sha256 VARCHAR(64) NOT NULL,
    decision VARCHAR(16) NOT NULL,
    probability {double} NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (arrival_id),
    FOREIGN KEY(arrival_id) REFERENCES arrival (id)
);
CREATE INDEX ix_reading_created ON reading (created);
CREATE TABLE object (
    id {serial} NOT NULL,
    reading_id VARCHAR(36) NOT NULL,
    kind VARCHAR(16) NOT NULL,
    media_type VARCHAR(64) NOT NULL,
    name VARCHAR(64) NOT NULL,
    size_bytes INTEGER NOT NULL,
    study_instance_uid VARCHAR(64) NOT NULL,
    series_instance_uid VARCHAR(64) NOT NULL,
    sop_instance_uid VARCHAR(64) NOT NULL,
    header JSON NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (reading_id, kind),
    FOREIGN KEY(reading_id) REFERENCES reading (id)
);
CREATE INDEX ix_object_study_instance_uid ON object (study_instance_uid);
CREATE INDEX ix_object_sop_instance_uid ON object (sop_instance_uid);
CREATE TABLE delivery (
    id {serial} NOT NULL,
    reading_id VARCHAR(36) NOT NULL,
    kind VARCHAR(16) NOT NULL,
    peer VARCHAR(256) NOT NULL,
    spool_name VARCHAR(64),
    state VARCHAR(16) NOT NULL,
    attempts INTEGER NOT NULL,
    created {moment} NOT NULL,
    next_try {moment} NOT NULL,
    reason VARCHAR(256),
    PRIMARY KEY (id),
    UNIQUE (reading_id, kind, peer),
    FOREIGN KEY(reading_id) REFERENCES reading (id)
);
CREATE INDEX ix_delivery_next_try ON delivery (next_try);
CREATE INDEX ix_delivery_state ON delivery (state)
"""
_TYPES = {
    "sqlite": {"serial": "INTEGER", "moment": "DATETIME", "double": "DOUBLE"},
    "postgresql": {"serial": "SERIAL", "moment": "TIMESTAMP", "double": "DOUBLE PRECISION"},
}

_HEADER = json.dumps({"00100010": {"vr": "PN", "Value": [{"Alphabetic": "Ä^Ö"}]}})
_ROWS = f"""
INSERT INTO arrival VALUES
(1, '1.2.3.1', 'aa', '1.2.840.1', '1.2.3', '2026-11-20 10:15:00.000001', 'c-store', NULL, 'read',
 NULL, 1, NULL, NULL),
(2, '1.2.3.2', 'bb', '1.2.840.1', '1.2.3', '2026-11-20 10:16:00.5', 'stow', NULL, 'read',
 NULL, 3, NULL, NULL),
(3, '1.2.3.3', 'cc', '1.2.840.1', '1.2.3', '2026-11-20 10:17:00', 'stow', NULL, 'refused',
 'of one colour', 1, NULL, NULL),
(7, '1.2.3.7', 'dd', '1.2.840.1', '1.2.4', '2026-11-20 10:18:00', 'c-store', 'in-spool', 'arrived',
 NULL, 1, 'host:12', '2026-11-20 10:20:00');
INSERT INTO reading VALUES
('r-1', 1, '2026-11-20 10:15:00.000001', 'pneumonia', '0.1', 'ff', 'positive', 0.1234567890123),
('r-2', 2, '2026-11-20 10:16:00.5', 'pneumonia', '0.1', 'ff', 'uncertain', 1e-12);
INSERT INTO object VALUES
(1, 'r-1', 'film', 'application/dicom', 'file-1', 100, '1.2.3', '1.2.3.10', '1.2.3.1',
 '{_HEADER}'),
(2, 'r-1', 'json', 'application/json', 'file-2', 20, '', '', '', '{{}}'),
(5, 'r-2', 'film', 'application/dicom', 'file-5', 101, '1.2.3', '1.2.3.10', '1.2.3.2', '{{}}');
INSERT INTO delivery VALUES
(1, 'r-1', 'sr', 'PACS@10.0.0.1:104', NULL, 'sent', 1, '2026-11-20 10:15:01',
 '2026-11-20 10:15:01', NULL),
(2, 'r-1', 'seg', 'PACS@10.0.0.1:104', 'waits', 'waiting', 4, '2026-11-20 10:15:01',
 '2026-11-20 10:16:01', 'cannot be reached')
"""


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """A transaction of the driver's own, without what Hilum sets."""
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def run(url: str, statements: str) -> None:
    """Run statements that semicolons part."""
    with connected(url) as connection:
        for statement in statements.split(";"):
            connection.exec_driver_sql(statement)


def make(url: str, *, has_rows: bool = True) -> None:
    """Make the tables in an empty database, with rows of each kind."""
    run(url, _DDL.format(**_TYPES[make_url(url).get_backend_name()]))
    if has_rows:
        run(url, _ROWS)


def rows(url: str) -> dict[str, list[Any]]:
    """All rows of the tables that are there, as the driver gives them."""
    with connected(url) as connection:
        there = inspect(connection).get_table_names()
        return {
            table: [
                tuple(row)
                for row in connection.exec_driver_sql(f'SELECT * FROM "{table}" ORDER BY id')
            ]
            for table in (*TABLES, "decision")
            if table in there
        }
