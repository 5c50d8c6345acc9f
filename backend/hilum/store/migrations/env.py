"""Environment of Alembic's commands.

`hilum.store.migrate` hands over its connection. On the command line, Alembic connects itself:
``alembic -x url=sqlite:///copy.sqlite revision --autogenerate -m "what changes" --rev-id 0003``.
"""

from alembic import context
from sqlalchemy import Connection, create_engine

from hilum.store.schema import Base


def _run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    engine = create_engine(context.get_x_argument(as_dictionary=True)["url"])
    with engine.begin() as connection:
        _run(connection)
    engine.dispose()
