"""Definitions of database tables as text, for comparison with the expected ones."""

from collections.abc import Container, Iterable, Mapping

from sqlalchemy import (
    Connection,
    ForeignKeyConstraint,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)

Definitions = Mapping[str, frozenset[str]]
"""Of each table by its name: its columns, keys, constraints and indexes.

Without the columns' types, which databases name in different ways, and without the names of
constraints, which SQLite does not have.
"""

_NAMED_MOST = 5
# A table that Alembic makes in SQLite, to be renamed at the end of a migration.
_TEMPORARY = "_alembic_tmp_"


def definitions(metadata: MetaData) -> Definitions:
    """Describe the tables of metadata.

    Parameters
    ----------
    metadata : MetaData
        Declared, or reflected.
    """
    return {table.name: frozenset(_described(table)) for table in metadata.tables.values()}


def definitions_in(connection: Connection, names: Container[str]) -> Definitions:
    """Describe the tables that a database has.

    Parameters
    ----------
    names : container of str
        The tables that matter, where they are there. What an interrupted migration left always
        does.
    """
    found = MetaData()
    found.reflect(
        connection,
        only=lambda name, _: name in names or name.startswith(_TEMPORARY),
        resolve_fks=False,
    )
    return definitions(found)


def differences(found: Definitions, expected: Definitions) -> list[str]:
    """Say how tables differ from those that are expected; indexes more than expected do not.

    Returns
    -------
    list of str
        A clause each, the first few of them; empty where nothing differs.
    """
    words = [f"there is no table {name}" for name in sorted(expected.keys() - found.keys())]
    words += [f"there is a table {name}" for name in sorted(found.keys() - expected.keys())]
    for name in sorted(found.keys() & expected.keys()):
        words += [f"table {name} lacks {each}" for each in sorted(expected[name] - found[name])]
        more = (each for each in found[name] - expected[name] if not each.startswith("index"))
        words += [f"table {name} has {each}" for each in sorted(more)]
    left = len(words) - _NAMED_MOST
    return [*words[:_NAMED_MOST], f"and {left} more"] if left > 0 else words


def _described(table: Table) -> list[str]:
    words = [
        f"column {column.name}" + ("" if column.nullable else " (not null)")
        for column in table.columns
    ]
    for constraint in table.constraints:
        if isinstance(constraint, PrimaryKeyConstraint):
            words.append(f"primary key {_listed(constraint.columns.keys())}")
        elif isinstance(constraint, UniqueConstraint):
            words.append(f"unique {_listed(constraint.columns.keys())}")
        elif isinstance(constraint, ForeignKeyConstraint):
            targets = [element.target_fullname for element in constraint.elements]
            words.append(f"foreign key {_listed(constraint.column_keys)} to {_listed(targets)}")
    words += [
        f"{'unique' if index.unique else 'index'} {_listed(index.columns.keys())}"
        for index in table.indexes
    ]
    return words


def _listed(names: Iterable[str]) -> str:
    return f"({', '.join(names)})"
