"""Profiles: one folder for each (platform, account). Two people never share one."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from assessor_app.clock import Clock
from assessor_app.sync.addresses import clean_origin

PROFILE_NAME = "profile.json"


@dataclass(frozen=True, slots=True)
class Profile:
    """One profile on this machine."""

    id: str
    """UUID text; the folder's name."""
    folder: Path
    origin: str
    """The platform."""
    account: str
    """The account's name at sign-in, so that the right profile is found again; may be empty."""


def profiles(profiles_dir: Path) -> tuple[Profile, ...]:
    """All readable profiles below a folder, oldest first; damaged descriptions are left out."""
    if not profiles_dir.is_dir():
        return ()
    found = []
    for folder in sorted(profiles_dir.iterdir()):
        try:
            untrusted = json.loads((folder / PROFILE_NAME).read_text("utf-8"))
            found.append(Profile(folder.name, folder, str(untrusted["origin"]), str(untrusted["account"])))
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return tuple(found)


def find_or_create(profiles_dir: Path, origin: str, account: str, *, clock: Clock) -> Profile:
    """The profile of an account on a platform, made if it is new.

    Raises:
        PlatformError: not an address of a platform.
        OSError: the folder cannot be written.
    """
    origin = clean_origin(origin)
    for profile in profiles(profiles_dir):
        if (profile.origin, profile.account) == (origin, account):
            return profile
    profile_id = clock.new_id()
    folder = profiles_dir / profile_id
    folder.mkdir(parents=True, mode=0o700)
    part = folder / (PROFILE_NAME + ".part")
    part.write_text(json.dumps({"origin": origin, "account": account}), "utf-8")
    os.replace(part, folder / PROFILE_NAME)
    return Profile(profile_id, folder, origin, account)
