"""How Alembic runs the steps: on the connection that `migrate` passes, inside its open transaction."""

from __future__ import annotations

from alembic import context

from assessor_app.cache.judgement_models import CaseRecord

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=CaseRecord.metadata,
    # SQLite cannot alter most things of a table in place.
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
