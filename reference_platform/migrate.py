"""Bringing the tables up to date. Alembic is loaded only when there is something to do."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

HEAD = "0004"
"""The newest revision; a test holds it beside the folder of migrations."""
VERSION_TABLE = "alembic_version"


class SchemaNewer(RuntimeError):
    """The database was written by a newer platform than this one."""


def current(connection: Connection) -> str | None:
    """The revision of the tables; None in an empty database."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    revision: str | None = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))
    return revision


def forget(connection: Connection) -> None:
    """Drop the record of the revision, after the tables were dropped."""
    connection.execute(text(f"DROP TABLE IF EXISTS {VERSION_TABLE}"))


def to_head(engine: Engine) -> None:
    """Run the migrations that are missing.

    Raises:
        SchemaNewer: the database holds a revision that this platform does not know.
    """
    with engine.connect() as connection:
        if current(connection) == HEAD:
            return
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.execution_options(writing=True).begin() as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise SchemaNewer("the database is from a newer version of the platform") from error
