"""What every request works with: database, evidence, clock and settings of one running platform."""

from __future__ import annotations

from dataclasses import dataclass, field

from fastapi import Request

from assessor_app.sync.protocol import MAX_UPLOAD_BYTES
from reference_platform.clock import Clock
from reference_platform.code_guesses import CodeGuesses
from reference_platform.database import Database
from reference_platform.store.blobs import BlobStore


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator decides."""

    demo: bool = False
    """A sign-in that names a known account needs no password."""
    access_token_s: int = 900
    """Seconds that an access token is good for."""
    refresh_token_s: int = 90 * 24 * 3600
    """Seconds that a refresh token is good for; longer than any time offline."""
    key_days: int = 90
    """Days for which the answers to writes are kept."""
    tombstone_days: int = 90
    """Days for which removals stay in the change feed; an older cursor has expired."""
    minimum_contract: int = 0
    """The earliest version of the contract that is spoken; 0: two before the present one."""
    workstation_version: str = ""
    """The version of the workstation that a client left behind is told to install."""
    max_upload_bytes: int = MAX_UPLOAD_BYTES
    """The largest document that is taken."""


@dataclass(frozen=True, slots=True)
class Platform:
    """One running platform."""

    database: Database
    blobs: BlobStore
    clock: Clock = field(default_factory=Clock)
    settings: Settings = field(default_factory=Settings)
    code_guesses: CodeGuesses = field(default_factory=CodeGuesses)
    """Wrong codes of sign-ins on other devices."""


def platform_of(request: Request) -> Platform:
    """The platform that serves a request."""
    platform: Platform = request.app.state.platform
    return platform
