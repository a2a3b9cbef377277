"""Alembic's environment: on the connection it is given, or on a URL of its own."""

from alembic import context
from sqlalchemy import Connection

from servicedesk.store.all import metadata
from servicedesk.store.engine import make_engine


def run(connection: Connection) -> None:
    # SQLite cannot alter most things in place: batch mode copies the table.
    batch = connection.dialect.name == "sqlite"
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=batch,
        compare_type=True,
        # What one has locked is free again before the next begins, and one may build an index beside the work.
        transaction_per_migration=not batch,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = make_engine(context.config.get_main_option("sqlalchemy.url") or "")
    with engine.connect().execution_options(writing=True) as own:
        run(own)
    engine.dispose()
