"""What the page says while the profile is locked."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def locked_words(waiting: int) -> str:
    """That nothing is lost, and what waits.

    Args:
        waiting: how many things wait to be sent.
    """
    kept = QCoreApplication.translate("LockedWords", "Everything you wrote is kept.")
    if not waiting:
        return kept
    if waiting == 1:
        more = QCoreApplication.translate("LockedWords", "1 thing waits to be sent, once you have unlocked.")
    else:
        more = QCoreApplication.translate(
            "LockedWords", "{number} things wait to be sent, once you have unlocked."
        ).format(number=waiting)
    return f"{kept} {more}"
