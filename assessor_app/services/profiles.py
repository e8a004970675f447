"""Profiles: one folder for each (platform, account). Two people never share one.

`profile.json` says whose a folder is and is never changed. Beside it `standing.json` keeps what the list of
accounts shows without opening anything: a name of the person's own, when it was last open, how much was
unsent then. It holds no content, and losing it costs that line of the list alone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from assessor_app.clock import Clock
from assessor_app.domain.roles import Role
from assessor_app.errors import NotAllowed
from assessor_app.json_from_outside import plain_data_of
from assessor_app.sync.addresses import clean_origin
from assessor_app.vault.durable import write_atomically

PROFILE_NAME = "profile.json"
STANDING_NAME = "standing.json"
REMOVAL_NAME = "removing"
"""Marks a folder whose owner has said that it goes; see `services.wiping`."""
LONGEST_NAME = 60
"""Of a name of the person's own, in characters."""
_LARGEST_FILE_BYTES = 16_384
_OF_THE_FRAME = frozenset({"lock", PROFILE_NAME + ".part", STANDING_NAME, REMOVAL_NAME})
"""Files that a folder may hold without holding a profile."""


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
    copies_drafts: bool = field(default=True, compare=False)
    """Whether the manager of this computer lets drafts be copied to the platform; told anew at each start."""

    @property
    def host(self) -> str:
        """The platform as it is shown, such as "assess.example.org"."""
        return self.origin.partition("://")[2]


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a profile without opening it."""

    name: str = ""
    """The person's own name for it; empty: none."""
    last_opened_at: datetime | None = None
    """Aware, UTC; None: never."""
    unsent: int | None = None
    """How many things were not on the platform when last looked; None: nobody has looked."""
    looked_at: datetime | None = None
    """When that was, aware."""
    roles: tuple[Role, ...] = ()
    """The roles in which it was opened, the latest first."""
    is_signed_out: bool = False
    """Whether the person has signed out and not in again."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list of accounts."""

    id: str
    folder: Path
    profile: Profile | None
    """None: its description is damaged; the work in it is as it was."""
    standing: Standing


def profiles(profiles_dir: Path) -> tuple[Profile, ...]:
    """All readable profiles below a folder, by id; damaged descriptions are left out."""
    return tuple(line.profile for line in listing(profiles_dir) if line.profile is not None)


def listing(profiles_dir: Path) -> tuple[Listed, ...]:
    """Everything below a folder that is or was a profile, the one opened last first.

    What its owner has removed is not in it, nor an empty folder of a start that was cut off.
    """
    if not profiles_dir.is_dir():
        return ()
    found = []
    for folder in sorted(profiles_dir.iterdir()):
        if not folder.is_dir() or (folder / REMOVAL_NAME).exists():
            continue
        profile = _read_profile(folder)
        if profile is not None or any(path.name not in _OF_THE_FRAME for path in folder.iterdir()):
            found.append(Listed(folder.name, folder, profile, read_standing(folder)))
    found.sort(key=_opened_us, reverse=True)
    return tuple(found)


def last_used(lines: Iterable[Listed]) -> Profile | None:
    """The profile that opens by itself: the one opened last, unless the person has signed out of it."""
    opened = [line for line in lines if line.standing.last_opened_at is not None]
    last = max(opened, key=_opened_us, default=None)
    return None if last is None or last.standing.is_signed_out else last.profile


def named_profile(lines: Iterable[Listed], name: str) -> Profile:
    """The profile that a person names: by id, by her own name for it, or as account@platform.

    Raises:
        NotAllowed: there is none, or more than one.
    """
    known = [(line.profile, line.standing.name) for line in lines if line.profile is not None]
    wanted = name.casefold()
    found = [
        profile
        for profile, own in known
        if wanted in {profile.id, own.casefold(), f"{profile.account}@{profile.host}".casefold()}
    ]
    if len(found) != 1:
        there = ", ".join(f"{profile.account}@{profile.host}" for profile, _ in known)
        raise NotAllowed(
            "There is no such account on this computer"
            if not found
            else "More than one account is called so",
            f"It was asked for as {name}. Nothing was opened or changed.",
            f"On this computer: {there}." if there else "There is none yet: start without --profile.",
        )
    return found[0]


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


def describe_again(line: Listed, origin: str, account: str) -> Profile:
    """Write the description of a profile whose own is damaged.

    A wrong platform does no harm: the store knows its own and does not open for another.

    Raises:
        PlatformError: not an address of a platform.
        OSError: the folder cannot be written.
    """
    origin = clean_origin(origin)
    write_atomically(line.folder / PROFILE_NAME, json.dumps({"origin": origin, "account": account}).encode())
    return Profile(line.id, line.folder, origin, account)


# ---- what the list shows ----


def read_standing(folder: Path) -> Standing:
    """What is known of a profile without opening it; a missing or damaged file says nothing."""
    try:
        with (folder / STANDING_NAME).open("rb") as file:
            untrusted = plain_data_of(file.read(_LARGEST_FILE_BYTES))
    except (OSError, ValueError):
        return Standing()
    if not isinstance(untrusted, dict):
        return Standing()
    unsent, names = untrusted.get("unsent"), untrusted.get("roles")
    return Standing(
        name=clean_name(untrusted.get("name")),
        last_opened_at=_moment(untrusted.get("last_opened_at")),
        unsent=unsent if type(unsent) is int and unsent >= 0 else None,
        looked_at=_moment(untrusted.get("looked_at")),
        roles=_roles(names),
        is_signed_out=untrusted.get("is_signed_out") is True,
    )


def note_opened(folder: Path, role: Role, now: datetime) -> None:
    """Note that a profile has been opened.

    Raises:
        OSError: the folder cannot be written.
    """
    before = read_standing(folder)
    roles = (role, *(other for other in before.roles if other is not role))
    _write_standing(folder, replace(before, last_opened_at=now, roles=roles))


def note_unsent(folder: Path, unsent: int, now: datetime) -> None:
    """Note how many things are not on the platform.

    Raises:
        OSError: the folder cannot be written.
    """
    _write_standing(folder, replace(read_standing(folder), unsent=unsent, looked_at=now))


def note_signed_out(folder: Path, is_signed_out: bool) -> None:
    """Note whether the person has signed out.

    Raises:
        OSError: the folder cannot be written.
    """
    before = read_standing(folder)
    if before.is_signed_out != is_signed_out:
        _write_standing(folder, replace(before, is_signed_out=is_signed_out))


def rename(folder: Path, name: str) -> None:
    """Give a profile a name of the person's own; it changes nothing but what is shown.

    Raises:
        OSError: the folder cannot be written.
    """
    _write_standing(folder, replace(read_standing(folder), name=clean_name(name)))


def clean_name(untrusted_name: object) -> str:
    """A name as one line of printable text, at most `LONGEST_NAME` long; empty for anything else."""
    if not isinstance(untrusted_name, str):
        return ""
    plain = "".join(char if char.isprintable() else " " for char in untrusted_name)
    return " ".join(plain.split())[:LONGEST_NAME].rstrip()


def _write_standing(folder: Path, standing: Standing) -> None:
    values = {
        "name": standing.name,
        "last_opened_at": standing.last_opened_at.isoformat() if standing.last_opened_at else None,
        "unsent": standing.unsent,
        "looked_at": standing.looked_at.isoformat() if standing.looked_at else None,
        "roles": [role.value for role in standing.roles],
        "is_signed_out": standing.is_signed_out,
    }
    write_atomically(folder / STANDING_NAME, json.dumps(values).encode())


def _read_profile(folder: Path) -> Profile | None:
    try:
        with (folder / PROFILE_NAME).open("rb") as file:
            untrusted = plain_data_of(file.read(_LARGEST_FILE_BYTES))
        return Profile(folder.name, folder, str(untrusted["origin"]), str(untrusted["account"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _roles(untrusted_names: object) -> tuple[Role, ...]:
    if not isinstance(untrusted_names, list):
        return ()
    known = {role.value: role for role in Role}
    names = dict.fromkeys(name for name in untrusted_names if isinstance(name, str))
    return tuple(known[name] for name in names if name in known)


def _moment(untrusted_text: object) -> datetime | None:
    if not isinstance(untrusted_text, str):
        return None
    try:
        moment = datetime.fromisoformat(untrusted_text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _opened_us(line: Listed) -> float:
    opened_at = line.standing.last_opened_at
    return 0.0 if opened_at is None else opened_at.timestamp()
