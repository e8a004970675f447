"""What the database's error codes mean for the person at the screen."""

from __future__ import annotations

from assessor_app.errors import DiskFull, StoreDamaged, StoreError, StoreNewer, StoreOutdated, StoreUnwritable

_BUSY, _LOCKED, _READ_ONLY, _IO_ERROR, _CORRUPT, _FULL, _CANNOT_OPEN, _NOT_A_DATABASE = (
    5,
    6,
    8,
    10,
    11,
    13,
    14,
    26,
)
"""Primary result codes of SQLite (sqlite.org/rescode.html)."""


def damaged() -> StoreDamaged:
    """The store does not verify: changed, truncated, or not of this key."""
    return StoreDamaged(
        "Part of the local store is damaged",
        "Nothing was overwritten: its file is left as it is, and what was sent is safe on the platform.",
        "Let it be repaired: what you wrote is taken out of it, and from the copies that were made of it.",
    )


def outdated() -> StoreOutdated:
    """The store's file has lost what was safely in it."""
    return StoreOutdated(
        "The local store is older than it should be",
        "An older file stands in its place, or a part of it is missing. Nothing was overwritten.",
        "Let it be repaired: what you wrote is taken from the newest copies that were made of it.",
    )


def newer() -> StoreNewer:
    """The store's schema is not one that this version knows."""
    return StoreNewer(
        "This profile was last used by a newer version of the workstation",
        "Your work is safe and was not touched. This version cannot open it without risk.",
        "Update the workstation, then start it again.",
    )


def disk_full() -> DiskFull:
    """No room is left for the last change."""
    return DiskFull(
        "The disk is full",
        "The last change could not be saved; everything saved before it is safe.",
        "Free some space, then go on.",
    )


def _busy() -> StoreError:
    return StoreError(
        "The local store is in use by another program",
        "The last change was not saved; everything saved before it is safe.",
        "Close other copies of the workstation, then try again.",
    )


def _unwritable() -> StoreUnwritable:
    return StoreUnwritable(
        "The local store cannot be written",
        "The last change was not saved; everything saved before it is safe.",
        "Check that the disk is connected and that you may write to the profile's folder.",
    )


_MEANING = {
    _BUSY: _busy,
    _LOCKED: _busy,
    _READ_ONLY: _unwritable,
    _IO_ERROR: _unwritable,
    _CORRUPT: damaged,
    _FULL: disk_full,
    _CANNOT_OPEN: _unwritable,
    _NOT_A_DATABASE: damaged,
}


def translated(error: BaseException) -> StoreError | None:
    """The trouble that a database error stands for.

    Args:
        error: an error of the database driver; it carries SQLite's extended result code.

    Returns:
        The error to show, or None: then it is a bug of the program, such as a broken constraint.
    """
    code = getattr(error, "sqlite_errorcode", None)
    if not isinstance(code, int):
        return None
    make = _MEANING.get(code & 0xFF)
    return make() if make is not None else None
