"""What can be in the way between this machine and the platform, by what it means for the person."""

from __future__ import annotations

from enum import StrEnum


class Trouble(StrEnum):
    """One thing that is in the way. Each has one sentence in the bar and nothing else."""

    OFFLINE = "offline"
    """No connection was made: nothing was sent."""
    PORTAL = "portal"
    """The network answers in place of the platform until somebody signs in to it."""
    NOT_FOUND = "not_found"
    """Something answers at the address, and it is not the platform."""
    CHECKING = "checking"
    """The connection broke after something left: it may have arrived."""
    BUSY = "busy"
    """The platform asked for a pause."""
    UNAVAILABLE = "unavailable"
    """The platform says that it cannot answer now."""
    SIGN_IN = "sign_in"
    ACCESS = "access"
    """The platform does not let this account in any more."""
    INTERCEPTED = "intercepted"
    """The secure connection is with somebody else."""
    CLOCK = "clock"
    """This machine's clock is wrong, so that no certificate holds."""
    CERTIFICATE = "certificate"
    """The platform's certificate is out of its dates, and the clock may be right."""
    UPDATE = "update"
    """The platform does not take this version of the workstation any more."""
    UNREADABLE = "unreadable"
    """The platform's answer does not follow the contract."""
    DISK_FULL = "disk_full"
    DAMAGED = "damaged"
    """Part of the local store does not verify."""
    STORE = "store"
    """The local store cannot be read or written for another reason."""
