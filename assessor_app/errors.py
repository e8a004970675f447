"""Errors that a person can act on.

A `KnownError` is an expected trouble: it has a title, a message that says what happened and
that the work is safe, and the next step. Everything else that reaches a lane is a bug.
"""

from __future__ import annotations


class KnownError(Exception):
    """An expected trouble, worded for the person at the screen.

    Attributes:
        title: what happened, in a few words, without a full stop.
        message: one or two sentences: what it means, and that the work is safe.
        next_step: what the person can do now; empty when waiting is enough.
    """

    def __init__(self, title: str, message: str, next_step: str = "") -> None:
        """Keep the three texts; `str(error)` is the title and the message."""
        super().__init__(f"{title}. {message}" + (f" {next_step}" if next_step else ""))
        self.title = title
        self.message = message
        self.next_step = next_step


class StoreError(KnownError):
    """The local store cannot be opened or written."""


class StoreUnwritable(StoreError):
    """The system refuses to read or write the local store's file."""


class StoreNewer(StoreError):
    """The local store was written by a newer version of the workstation."""


class StoreDamaged(StoreError):
    """The local store is damaged: a page or its check value does not verify."""


class StoreOutdated(StoreDamaged):
    """The local store has lost what was safely in it: an older file, or a missing write-ahead log."""


class DiskFull(StoreError):
    """No room is left on the disk for the local store."""


class ProfileInUse(StoreError):
    """Another running workstation owns this profile."""


class UnsafeFolder(StoreError):
    """The profile folder lies on a network drive or in a cloud-synced folder."""


class KeyUnavailable(KnownError):
    """The profile's key cannot be read from the system's keychain."""


class WrongPassphrase(KeyUnavailable):
    """The passphrase does not unwrap the profile's key."""


class SealDamaged(KnownError):
    """A sealed evidence file does not verify: changed, truncated, swapped or of another key."""


class EvidenceRefused(KnownError):
    """A piece of evidence cannot be shown, with the reason why."""


class NotWritten(KnownError):
    """A file that the person asked for cannot be written where she wants it."""


class PlatformError(KnownError):
    """The platform, or the network on the way to it, did not do what was asked."""


class Offline(PlatformError):
    """The platform cannot be reached; being offline is normal."""


class SignInNeeded(PlatformError):
    """The platform asks for a new sign-in; local work stays open."""


class ProtocolBroken(PlatformError):
    """The platform's answer does not follow the contract."""


class NotAllowed(KnownError):
    """The action is not open in this state, with the reason why."""
