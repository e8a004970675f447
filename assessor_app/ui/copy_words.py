"""How copies of drafts on the platform are told of: one sentence each."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from assessor_app.ui.inbox_words import day_words, time_words

if TYPE_CHECKING:  # what is made for the first paint loads no more than that needs
    from assessor_app.services.views import DraftCopies

translate = QCoreApplication.translate


def copies_words(copies: DraftCopies | None, zone: tzinfo | None = None) -> str:
    """Whether what was begun here would be lost with this computer; empty where nothing was begun.

    Args:
        copies: how drafts stand; None where that is not known yet.
        zone: the person's time zone; the system's if None.
    """
    if copies is None:
        return ""
    if copies.off is not None:
        return off_words(copies) if copies.waiting else ""
    if copies.waiting == 1:
        return translate("Copies", "1 draft not yet copied to the platform")
    if copies.waiting:
        text = translate("Copies", "{number} drafts not yet copied to the platform")
        return text.format(number=copies.waiting)
    if copies.at is None or copies.looked_at is None:
        return ""
    text = translate("Copies", "Copy on the platform: {moment}")
    return text.format(moment=_moment(copies.at, copies.looked_at, zone))


def off_words(copies: DraftCopies) -> str:
    """That no draft is copied, and who wants it so; empty where they are."""
    if copies.off is None:
        return ""
    return {
        "machine": translate("Copies", "Drafts are on this computer only: copies are switched off on it."),
        "platform": translate("Copies", "Drafts are on this computer only: the platform wants no copies."),
    }.get(copies.off, translate("Copies", "Drafts are on this computer only: the platform takes none."))


def continued_words(saved_at: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """That work of another computer goes on here."""
    text = translate("Copies", "Continued from your other computer, saved there {moment}")
    return text.format(moment=_moment(saved_at, now, zone))


def _moment(moment: datetime, now: datetime, zone: tzinfo | None) -> str:
    """The time alone today, the day before it otherwise."""
    time = time_words(moment, zone)
    if moment.astimezone(zone).date() == now.astimezone(zone).date():
        return time
    return f"{day_words(moment, now, zone)} {time}"
