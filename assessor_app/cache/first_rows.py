"""The inbox's first rows by plain SELECT, before anything heavy is loaded.

Importing SQLAlchemy takes longer than painting the window. The statements and their meaning are the
store's own (`inbox_sql`).
"""

from __future__ import annotations

from pathlib import Path

from sqlcipher3 import dbapi2

from assessor_app.cache import generation, inbox_sql
from assessor_app.cache.connection import database_path, look_at
from assessor_app.cache.migrate import HISTORY, stored_revision
from assessor_app.cache.trouble import translated
from assessor_app.domain.inbox import InboxRow
from assessor_app.domain.roles import Role


def first_rows(folder: Path, database_key: bytes, role: Role, *, limit: int = 100) -> tuple[InboxRow, ...]:
    """Read the first rows of a role's inbox.

    Args:
        folder: the profile's folder.
        database_key: 32 raw bytes.
        role: whose inbox.
        limit: how many rows at most.

    Returns:
        The rows in the inbox's order; none when there is no store yet, or not of this version's schema.

    Raises:
        StoreDamaged: the store does not verify, or the key is not its own.
        StoreError: it cannot be read.
    """
    generation.check(folder, database_key)
    path = database_path(folder)
    if not path.exists():
        return ()
    connection = look_at(path, database_key)
    try:
        if stored_revision(connection) != HISTORY.head:
            return ()
        return inbox_sql.top_rows(connection, role, limit)
    except dbapi2.Error as error:
        raise translated(error) or error from error
    finally:
        connection.close()
