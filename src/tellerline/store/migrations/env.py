"""Run by Alembic: applies the steps over the connection that `store.database.upgrade` hands in, as one transaction."""

from __future__ import annotations

from alembic import context

from tellerline.store.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
