"""The words of the bar about the connection: one sentence for each state and each trouble."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from assessor_app.domain.troubles import Trouble
from assessor_app.ui.inbox_words import time_words
from assessor_app.ui.size_words import size_words

if TYPE_CHECKING:
    from assessor_app.services.views import SyncStatus

translate = QCoreApplication.translate


class Act(Enum):
    """What the button beside the sentence does."""

    RETRY = auto()
    SIGN_IN = auto()
    BROWSER = auto()
    PAUSE = auto()
    """Let no evidence come for now."""
    RESUME = auto()


@dataclass(frozen=True, slots=True)
class Shown:
    """How one state of the connection looks."""

    text: str
    icon: str
    tone: str
    """A field of `Colours`."""
    hint: str
    """What it means, and what to do if anything."""
    retry: str
    """Words of the button; empty when there is nothing to try."""
    act: Act = Act.RETRY
    details: str = ""
    """More than fits in a sentence, shown below it on request; empty for nothing."""


def words_of(
    status: SyncStatus | None, zone: tzinfo | None = None, saved_at: datetime | None = None
) -> Shown:
    """The words for a state.

    Args:
        status: how it stands; None before anything is known.
        zone: the person's time zone; the system's if None.
        saved_at: when the last edit was committed on this machine.
    """
    if status is None or status.state == "idle":
        return Shown(_tr("Not synced yet"), "cloud", "quiet", "", _tr("Sync now"))
    if status.state == "syncing":
        return _syncing(status)
    if status.trouble is not None and (made := _trouble(status, status.trouble, zone, saved_at)) is not None:
        return made
    if status.state == "offline":
        return _offline(status)
    if status.state == "sign_in":
        return _sign_in(status)
    if status.state == "needs_you":
        return _needs_you(status)
    return _up_to_date(status, zone)


def full_disk_words(zone: tzinfo | None, saved_at: datetime | None) -> Shown:
    """The words while the disk is full, whatever else there is to say about the connection."""
    text = _disk_full_text(None if saved_at is None else time_words(saved_at, zone))
    hint = translate("SyncBar", "Some room is kept for what you write. Nothing is fetched meanwhile.")
    return Shown(text, "circle-alert", "danger", hint, translate("SyncBar", "Try again"))


_WORTH_SAYING = 5_000_000
"""Of a smaller file nobody wants to know how much of it has come."""


def _tr(text: str) -> str:
    return translate("SyncBar", text)


def _syncing(status: SyncStatus) -> Shown:
    if status.waiting:
        text = translate("SyncBar", "Sending, {waiting} to go").format(waiting=status.waiting)
        return Shown(text, "cloud-upload", "accent", status.message, "")
    if status.total:
        text = translate("SyncBar", "Syncing, {done} of {total} files")
        text = text.format(done=status.done, total=status.total)
        if status.size_bytes >= _WORTH_SAYING:
            come = translate("SyncBar", "{received} of {size} of this one")
            size = size_words(status.size_bytes)
            text += ", " + come.format(received=size_words(status.received_bytes), size=size)
        pause = translate("SyncBar", "Pause downloads")
        return Shown(text, "refresh-cw", "accent", status.message, pause, Act.PAUSE)
    return Shown(translate("SyncBar", "Syncing…"), "refresh-cw", "accent", status.message, "")


def _offline(status: SyncStatus) -> Shown:
    hint = status.message or translate(
        "SyncBar",
        "The platform cannot be reached just now. Everything works; what you send leaves when it is back.",
    )
    text = translate("SyncBar", "Offline")
    if status.waiting == 1:
        text = translate("SyncBar", "Offline - 1 change waiting to send")
    elif status.waiting:
        text = translate("SyncBar", "Offline - {waiting} changes waiting to send")
    return Shown(
        text.format(waiting=status.waiting), "cloud-off", "quiet", hint, translate("SyncBar", "Try again")
    )


def _sign_in(status: SyncStatus) -> Shown:
    text = translate("SyncBar", "Sign in again to receive what is new. You can go on working.")
    if status.waiting == 1:
        text = translate("SyncBar", "Sign in again to send 1 item. You can go on working.")
    elif status.waiting:
        text = translate("SyncBar", "Sign in again to send {waiting} items. You can go on working.")
    hint = translate(
        "SyncBar", "The platform asks you to sign in again. Your work stays open, and nothing is lost."
    )
    words = translate("SyncBar", "Sign in")
    return Shown(text.format(waiting=status.waiting), "log-in", "warning", hint, words, Act.SIGN_IN)


def _needs_you(status: SyncStatus) -> Shown:
    text = translate("SyncBar", "Needs you: 1 thing to look at")
    if status.needs_you > 1:
        text = translate("SyncBar", "Needs you: {number} things to look at").format(number=status.needs_you)
    if status.conflicts and status.conflicts == status.needs_you:
        text = translate("SyncBar", "Needs you: 1 thing changed on both sides")
        if status.conflicts > 1:
            text = translate("SyncBar", "Needs you: {number} things changed on both sides")
            text = text.format(number=status.conflicts)
    hint = translate("SyncBar", "Something could not be sent as it is. Your work is kept.")
    return Shown(status.message or text, "circle-alert", "danger", hint, "")


def _up_to_date(status: SyncStatus, zone: tzinfo | None) -> Shown:
    if status.is_paused and status.total:
        text = translate("SyncBar", "Downloads paused, {total} files to come").format(total=status.total)
        if status.total == 1:
            text = translate("SyncBar", "Downloads paused, 1 file to come")
        hint = translate(
            "SyncBar", "What you send and what is new still goes. Closing the program ends the pause."
        )
        return Shown(text, "pause", "quiet", hint, translate("SyncBar", "Go on with downloads"), Act.RESUME)
    text = translate("SyncBar", "Up to date")
    if status.at is not None:
        text = translate("SyncBar", "Up to date {time}").format(time=time_words(status.at, zone))
    if status.waiting:
        text += " - " + translate("SyncBar", "{waiting} waiting to send").format(waiting=status.waiting)
    return Shown(text, "cloud", "quiet", status.message, translate("SyncBar", "Sync now"))


def _trouble(
    status: SyncStatus, trouble: Trouble, zone: tzinfo | None, saved_at: datetime | None
) -> Shown | None:
    """The sentence of a trouble; None where the state says it already."""
    again = translate("SyncBar", "Try again")
    at = "" if status.moment is None else time_words(status.moment, zone)
    if trouble in _QUIET:
        text = _QUIET[trouble]().format(time=at)
        return Shown(text, "cloud-off", "quiet", status.message, again)
    if trouble is Trouble.PORTAL:
        text = translate("SyncBar", "This network wants you to sign in first.")
        words = translate("SyncBar", "Open browser")
        hint = translate(
            "SyncBar",
            "Something other than the platform answered. Sign in to the network in your browser; the "
            "workstation goes on by itself then.",
        )
        return Shown(text, "circle-alert", "warning", hint, words, Act.BROWSER)
    if trouble not in _LOUD:
        return None
    text, details = _LOUD[trouble](status, None if saved_at is None else time_words(saved_at, zone))
    return Shown(text, "circle-alert", "danger", details or status.message, again, details=details)


_QUIET = {
    Trouble.NOT_FOUND: lambda: translate("SyncBar", "Platform not reachable"),
    Trouble.CHECKING: lambda: translate("SyncBar", "Checking whether it arrived"),
    Trouble.BUSY: lambda: translate("SyncBar", "The platform is busy, next try {time}"),
    Trouble.UNAVAILABLE: lambda: translate("SyncBar", "Platform not available since {time}"),
}
"""What passes by itself."""


def _access(_status: SyncStatus, _saved: str | None) -> tuple[str, str]:
    details = translate(
        "SyncBar",
        "The platform does not let this account in. Everything you did stays on this computer, and nothing "
        "is removed from it.",
    )
    return translate("SyncBar", "Your access has changed. Contact the team lead."), details


def _intercepted(_status: SyncStatus, _saved: str | None) -> tuple[str, str]:
    text = translate("SyncBar", "This network intercepts secure connections. Try another, or ask IT.")
    details = translate(
        "SyncBar",
        "Whoever answers here cannot prove to be the platform: nobody whom this computer trusts vouches "
        "for it. Schools and offices read along in this way. Nothing was sent; what you do waits on this "
        "computer.",
    )
    return text, details


def _clock(status: SyncStatus, _saved: str | None) -> tuple[str, str]:
    details = translate(
        "SyncBar",
        "Secure connections hold between two dates, and this computer's date lies outside of them. Nothing "
        "was sent. Set date and time in the settings of your system.",
    )
    if status.named:
        text = translate("SyncBar", "Your computer's clock says {year}. Correct it to send.")
        return text.format(year=status.named), details
    return translate("SyncBar", "Your computer's date is wrong. Correct it to send."), details


def _certificate(_status: SyncStatus, _saved: str | None) -> tuple[str, str]:
    text = translate("SyncBar", "The platform's certificate has run out. Check your clock, or ask IT.")
    details = translate(
        "SyncBar",
        "Secure connections hold between two dates, and by this computer's clock today is later. If the "
        "clock is right, whoever runs the platform has to renew it. Nothing was sent.",
    )
    return text, details


def _update(status: SyncStatus, _saved: str | None) -> tuple[str, str]:
    details = translate(
        "SyncBar",
        "The platform does not take this version of the workstation any more. You can go on working; "
        "everything is kept and sent by the new version.",
    )
    if status.named:
        text = translate("SyncBar", "Ask IT for version {version} to send. Work is kept.")
        return text.format(version=status.named), details
    return translate("SyncBar", "Ask IT for a newer version to send. Work is kept."), details


def _unreadable(_status: SyncStatus, _saved: str | None) -> tuple[str, str]:
    text = translate("SyncBar", "The platform's answer could not be read. Your work is kept.")
    return text, ""


def _disk_full(_status: SyncStatus, saved: str | None) -> tuple[str, str]:
    return _disk_full_text(saved), ""


def _disk_full_text(saved: str | None) -> str:
    if saved:
        text = translate("SyncBar", "Disk full. Your last save worked at {time}. Free space to go on.")
        return text.format(time=saved)
    return translate("SyncBar", "Disk full. Free space to go on.")


def _damaged(_status: SyncStatus, _saved: str | None) -> tuple[str, str]:
    return translate("SyncBar", "Part of the local store is damaged. What can be read is kept."), ""


def _store(status: SyncStatus, _saved: str | None) -> tuple[str, str]:
    return status.message, ""


_LOUD = {
    Trouble.ACCESS: _access,
    Trouble.INTERCEPTED: _intercepted,
    Trouble.CLOCK: _clock,
    Trouble.CERTIFICATE: _certificate,
    Trouble.UPDATE: _update,
    Trouble.UNREADABLE: _unreadable,
    Trouble.DISK_FULL: _disk_full,
    Trouble.DAMAGED: _damaged,
    Trouble.STORE: _store,
}
"""What somebody has to do something about."""
