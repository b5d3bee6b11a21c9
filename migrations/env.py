"""Runs the revisions in one transaction, all or nothing; loaded by Alembic for every `flask db` command."""

from alembic import context

from eventapp.core import migrating
from eventapp.core.db import Base, db

if context.is_offline_mode():
    raise SystemExit("Revisions run on a database only, not into a file: they are one transaction with checks.")

with migrating.connection(db.engine) as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        transactional_ddl=True,
        render_as_batch=True,
        compare_type=True,
        render_item=migrating.render_item,
        process_revision_directives=migrating.number_revision,
    )
    with context.begin_transaction():
        migrating.lock(connection)
        context.run_migrations()
        migrating.check_foreign_keys(connection)
