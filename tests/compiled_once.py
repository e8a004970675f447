"""Statements are compiled once in a test process, not anew for each of the thousands of stores that it opens.

SQLAlchemy keeps compiled statements with the engine that compiled them. What it compiles depends on the kind
of database and on the library that reaches it, and these are the same for every engine here.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.util import LRUCache

STATEMENTS = 2_000
"""More than all statements of the workstation and of the platform together."""

_compiled: dict[object, LRUCache[Any, Any]] = {}


def _kind(dialect: Any) -> object:
    """What a statement is compiled for."""
    return type(dialect), getattr(dialect, "dbapi", None)


def _of(engine: sa.Engine) -> LRUCache[Any, Any]:
    return _compiled.setdefault(_kind(engine.dialect), LRUCache(STATEMENTS))


def begin() -> None:
    """Let all engines of this process share what they compiled; for good."""
    kept: Any = property(_of, lambda _engine, _own: None)
    sa.Engine._compiled_cache = kept
    # The dialect is part of the key under which a statement is kept: equal ones find it.
    dialect: Any = SQLiteDialect
    dialect.__eq__ = lambda self, other: _kind(self) == _kind(other)
    dialect.__hash__ = lambda self: hash(type(self))
