"""Settings and machine policy, read once at start.

Settings belong to the person and live in `settings.json`; machine policy belongs to whoever manages
the computer: the registry on Windows, managed preferences on macOS, a file in /etc on Linux. A
damaged settings file costs the settings, never the start; a damaged policy is a clear refusal,
because working without the rules of the house would be wrong.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from assessor_app.errors import KnownError
from assessor_app.json_from_outside import plain_data_of

_log = logging.getLogger(__name__)
T = TypeVar("T")

APP_FOLDER = "assessor-workstation"
"""Name of the program's folders on every system."""

DATA_DIR_VARIABLE = "ASSESSOR_DATA_DIR"
"""Environment variable that moves all data, settings and logs to another folder."""

PASSPHRASE_VARIABLE = "ASSESSOR_PASSPHRASE"
"""Environment variable with a passphrase, for machines where nobody types one."""

SETTINGS_NAME = "settings.json"
"""Name of the settings file inside the data folder."""

SMALLEST_FONT_SCALE_PERCENT = 90
LARGEST_FONT_SCALE_PERCENT = 200
LONGEST_IDLE_LOCK_MINUTES = 480
"""What a policy may allow at most."""
LONGEST_CHOSEN_LOCK_MINUTES = 120
"""What a person may choose at most."""
USUAL_LOCK_MINUTES = 15
LARGEST_AMOUNT = 1_000_000
"""Of kilobytes, megabytes or gigabytes in the limits on downloads."""
NEVER_LOCKS = 0
"""The choice of a person whose work shall stay open until she locks it."""

_LARGEST_FILE_BYTES = 1_000_000
_LINUX_POLICY = Path("/etc") / APP_FOLDER / "policy.json"
_MAC_POLICY = Path("/Library/Managed Preferences/org.assessor-workstation.plist")
_WINDOWS_POLICY = r"Software\Policies\AssessorWorkstation"


class ColourScheme(StrEnum):
    """Which colours the windows wear."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    HIGH_CONTRAST = "high_contrast"


@dataclass(frozen=True, slots=True)
class MachinePolicy:
    """What the manager of this computer has decided; None and True mean: the person decides.

    Attributes:
        platform_origin: the only platform to use, such as `https://assess.example.org`, no final slash.
        idle_lock_minutes: lock the window after at most this many idle minutes, 1 to 480; the person may
            choose less, and not switch it off.
        open_outside_allowed: whether evidence may be opened in another program, as a plain file.
        notifications_allowed: whether the system may announce new work.
        draft_copies_allowed: whether drafts are copied to the platform for the person's other computers.
        download_kb_per_s: evidence comes at most so fast; the person may choose less.
        evidence_gb: evidence takes at most so much room; the person may choose less.
    """

    platform_origin: str | None = None
    idle_lock_minutes: int | None = None
    open_outside_allowed: bool = True
    notifications_allowed: bool = True
    draft_copies_allowed: bool = True
    download_kb_per_s: int | None = None
    evidence_gb: int | None = None


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that is decided before the first window.

    Attributes:
        data_dir: absolute folder of profiles and settings; local, never roaming.
        log_dir: absolute folder of the logs.
        policy: what the manager of this computer has decided.
        font_scale_percent: size of all text, 90 to 200.
        colour_scheme: which colours the windows wear.
        chosen_lock_minutes: the person's choice of `lock_minutes`, 1 to 120, or `NEVER_LOCKS`.
        locks_with_screen: whether the window locks when the screen does, or the computer sleeps.
        asks_which_account: whether a start with several accounts asks, and does not open the one used last.
        download_kb_per_s: the person's choice of how fast evidence comes, in thousands of bytes; 0: no limit.
        large_file_mb: larger files come only when she asks for them; 0: all come.
        evidence_gb: her choice of how much room evidence takes; 0: what leaves 2 GB of the disk free.
        waits_on_metered: whether evidence waits to be opened on a network that counts bytes.
    """

    data_dir: Path
    log_dir: Path
    policy: MachinePolicy = MachinePolicy()
    font_scale_percent: int = 100
    colour_scheme: ColourScheme = ColourScheme.SYSTEM
    chosen_lock_minutes: int = USUAL_LOCK_MINUTES
    locks_with_screen: bool = True
    asks_which_account: bool = False
    download_kb_per_s: int = 0
    large_file_mb: int = 0
    evidence_gb: int = 0
    waits_on_metered: bool = True

    @property
    def lock_minutes(self) -> int:
        """After how many idle minutes the window locks; `NEVER_LOCKS` for not at all."""
        longest = self.policy.idle_lock_minutes
        if longest is None or NEVER_LOCKS < self.chosen_lock_minutes <= longest:
            return self.chosen_lock_minutes
        return longest

    @property
    def speed_kb_per_s(self) -> int:
        """How fast evidence comes, by the person's choice within the rules of the machine; 0: no limit."""
        return _within(self.download_kb_per_s, self.policy.download_kb_per_s)

    @property
    def room_gb(self) -> int:
        """How much room evidence takes, by her choice within the rules of the machine; 0: no limit."""
        return _within(self.evidence_gb, self.policy.evidence_gb)

    @property
    def profiles_dir(self) -> Path:
        """The folder that holds one folder for each profile."""
        return self.data_dir / "profiles"


def load_config(
    *,
    data_dir: Path | None = None,
    environ: Mapping[str, str] | None = None,
    policy: MachinePolicy | None = None,
) -> Config:
    """Read settings and machine policy; creates nothing on the disk.

    Args:
        data_dir: overrides the data folder; then the logs lie inside it.
        environ: the environment; None for the process's own.
        policy: overrides the machine's policy.

    Raises:
        KnownError: the machine's policy is damaged.
    """
    environ = os.environ if environ is None else environ
    chosen = data_dir or (Path(environ[DATA_DIR_VARIABLE]) if environ.get(DATA_DIR_VARIABLE) else None)
    if chosen is not None:
        data = Path(os.path.abspath(chosen.expanduser()))
        logs = data / "logs"
    else:
        data = local_data_dir()
        import platformdirs

        logs = Path(platformdirs.user_log_dir(APP_FOLDER, appauthor=False))
    untrusted = _read_settings(data / SETTINGS_NAME)
    return Config(
        data_dir=data,
        log_dir=logs,
        policy=read_machine_policy() if policy is None else policy,
        font_scale_percent=_font_scale(untrusted.get("font_scale_percent")),
        colour_scheme=_colour_scheme(untrusted.get("colour_scheme")),
        chosen_lock_minutes=_lock_minutes(untrusted.get("idle_lock_minutes")),
        locks_with_screen=untrusted.get("locks_with_screen") is not False,
        asks_which_account=untrusted.get("asks_which_account") is True,
        download_kb_per_s=_amount(untrusted.get("download_kb_per_s")),
        large_file_mb=_amount(untrusted.get("large_file_mb")),
        evidence_gb=_amount(untrusted.get("evidence_gb")),
        waits_on_metered=untrusted.get("waits_on_metered") is not False,
    )


def save_settings(
    config: Config,
    *,
    font_scale_percent: int | None = None,
    colour_scheme: ColourScheme | None = None,
    chosen_lock_minutes: int | None = None,
    locks_with_screen: bool | None = None,
    asks_which_account: bool | None = None,
    download_kb_per_s: int | None = None,
    large_file_mb: int | None = None,
    evidence_gb: int | None = None,
    waits_on_metered: bool | None = None,
) -> Config:
    """Change the person's settings and keep them in `settings.json`, in one step.

    Settings of a newer version that are in the file stay there.

    Args:
        config: the present configuration.
        font_scale_percent: new size of all text, brought into 90 to 200; here and below None leaves it.
        colour_scheme: new colours.
        chosen_lock_minutes: new idle minutes, brought into 1 to 120, or `NEVER_LOCKS`.
        locks_with_screen: whether to lock with the screen.
        asks_which_account: whether to ask at the start.
        download_kb_per_s: how fast evidence comes.
        large_file_mb: from which size on files wait to be asked for.
        evidence_gb: how much room evidence takes.
        waits_on_metered: whether evidence waits on a network that counts bytes.

    Returns:
        The changed configuration.

    Raises:
        OSError: the folder cannot be written; the file is as before.
    """
    changed = replace(
        config,
        font_scale_percent=_font_scale(_or_before(font_scale_percent, config.font_scale_percent)),
        colour_scheme=_or_before(colour_scheme, config.colour_scheme),
        chosen_lock_minutes=_lock_minutes(_or_before(chosen_lock_minutes, config.chosen_lock_minutes)),
        locks_with_screen=_or_before(locks_with_screen, config.locks_with_screen),
        asks_which_account=_or_before(asks_which_account, config.asks_which_account),
        download_kb_per_s=_amount(_or_before(download_kb_per_s, config.download_kb_per_s)),
        large_file_mb=_amount(_or_before(large_file_mb, config.large_file_mb)),
        evidence_gb=_amount(_or_before(evidence_gb, config.evidence_gb)),
        waits_on_metered=_or_before(waits_on_metered, config.waits_on_metered),
    )
    values = {
        "font_scale_percent": changed.font_scale_percent,
        "colour_scheme": changed.colour_scheme.value,
        "idle_lock_minutes": changed.chosen_lock_minutes,
        "locks_with_screen": changed.locks_with_screen,
        "asks_which_account": changed.asks_which_account,
        "download_kb_per_s": changed.download_kb_per_s,
        "large_file_mb": changed.large_file_mb,
        "evidence_gb": changed.evidence_gb,
        "waits_on_metered": changed.waits_on_metered,
    }
    return _write_settings(changed, values)


def local_data_dir() -> Path:
    """The usual data folder on this system: this user's, on this computer, never roaming."""
    import platformdirs

    return Path(platformdirs.user_data_dir(APP_FOLDER, appauthor=False, roaming=False))


def _read_settings(path: Path) -> Mapping[str, object]:
    """The settings file's object; empty if there is none or it is damaged."""
    try:
        with path.open("rb") as file:
            untrusted = plain_data_of(file.read(_LARGEST_FILE_BYTES))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        _log.info("the settings file could not be read; the presets are used")
        return {}
    return untrusted if isinstance(untrusted, dict) else {}


def _write_settings(config: Config, changed: Mapping[str, object]) -> Config:
    path = config.data_dir / SETTINGS_NAME
    values = dict(_read_settings(path)) | dict(changed)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".tmp")
    try:
        with temporary.open("w", encoding="utf-8") as file:
            json.dump(values, file, indent=2, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    return config


def _font_scale(untrusted_percent: object) -> int:
    if type(untrusted_percent) is not int:
        return 100
    return max(SMALLEST_FONT_SCALE_PERCENT, min(LARGEST_FONT_SCALE_PERCENT, untrusted_percent))


def _lock_minutes(untrusted_minutes: object) -> int:
    if type(untrusted_minutes) is not int:
        return USUAL_LOCK_MINUTES
    return max(NEVER_LOCKS, min(LONGEST_CHOSEN_LOCK_MINUTES, untrusted_minutes))


def _amount(untrusted_amount: object) -> int:
    if type(untrusted_amount) is not int:
        return 0
    return max(0, min(LARGEST_AMOUNT, untrusted_amount))


def _within(chosen: int, most: int | None) -> int:
    """The smaller of two limits, of which 0 and None are none."""
    return min(chosen or most or 0, most or chosen)


def _or_before(new: T | None, before: T) -> T:
    return before if new is None else new


def _colour_scheme(untrusted_name: object) -> ColourScheme:
    known = [scheme for scheme in ColourScheme if scheme.value == untrusted_name]
    return known[0] if known else ColourScheme.SYSTEM


# ---- machine policy ----


def read_machine_policy(path: Path | None = None) -> MachinePolicy:
    """Read what the manager of this computer has decided.

    Args:
        path: a policy file to read in place of the system's own; JSON, or a property list if its
            name ends in `.plist`.

    Raises:
        KnownError: the policy is there but cannot be read or understood.
    """
    if path is None and sys.platform == "win32":
        return parse_policy(_windows_policy_values())
    file = path or (_MAC_POLICY if sys.platform == "darwin" else _LINUX_POLICY)
    try:
        with file.open("rb") as stream:
            raw = stream.read(_LARGEST_FILE_BYTES)
    except FileNotFoundError:
        return MachinePolicy()
    except OSError as error:
        raise _policy_damaged("it cannot be read") from error
    return parse_policy(decode_policy(raw, is_plist=file.suffix == ".plist"))


def decode_policy(raw: bytes, *, is_plist: bool) -> Mapping[str, object]:
    """Turn the bytes of a policy file into named values.

    Raises:
        KnownError: the bytes are no JSON object or property list.
    """
    values: object
    if is_plist:
        import plistlib
        from xml.parsers.expat import ExpatError

        try:
            values = plistlib.loads(raw)
        except (plistlib.InvalidFileException, ExpatError, ValueError, OverflowError) as error:
            raise _policy_damaged("it is not a property list") from error
    else:
        try:
            values = plain_data_of(raw)
        except ValueError as error:
            raise _policy_damaged("it is not JSON") from error
    if not isinstance(values, dict):
        raise _policy_damaged("it does not hold named values")
    return values


def parse_policy(values: Mapping[str, object]) -> MachinePolicy:
    """Check the values of a policy; unknown names are ignored, since newer templates have more.

    Args:
        values: by name: `platform_origin` text, `idle_lock_minutes` whole number,
            `download_kb_per_s` and `evidence_gb` whole numbers from 1,
            `open_outside_allowed`, `notifications_allowed` and `draft_copies_allowed` true or false
            (or 1 and 0, as the registry has them).

    Raises:
        KnownError: a value has the wrong type or lies out of range.
    """
    origin = values.get("platform_origin")
    minutes = values.get("idle_lock_minutes")
    if minutes is not None and (type(minutes) is not int or not 1 <= minutes <= LONGEST_IDLE_LOCK_MINUTES):
        raise _policy_damaged(f"idle_lock_minutes must be a whole number, 1 to {LONGEST_IDLE_LOCK_MINUTES}")
    return MachinePolicy(
        platform_origin=None if origin is None else _checked_origin(origin),
        idle_lock_minutes=minutes,
        open_outside_allowed=_switch(values, "open_outside_allowed"),
        notifications_allowed=_switch(values, "notifications_allowed"),
        draft_copies_allowed=_switch(values, "draft_copies_allowed"),
        download_kb_per_s=_limit(values, "download_kb_per_s"),
        evidence_gb=_limit(values, "evidence_gb"),
    )


def _checked_origin(untrusted_origin: object) -> str:
    """The origin in its usual form; secure, except on this computer itself."""
    complaint = _policy_damaged("platform_origin must look like https://assess.example.org")
    if not isinstance(untrusted_origin, str):
        raise complaint
    try:
        parts = urlsplit(untrusted_origin.strip())
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise complaint from error
    is_local = parts.scheme == "http" and host in {"127.0.0.1", "localhost", "::1"}
    has_more = parts.path not in {"", "/"} or parts.query or parts.fragment or "@" in parts.netloc
    if not host or has_more or not (parts.scheme == "https" or is_local):
        raise complaint
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}" + (f":{port}" if port is not None else "")


def _switch(values: Mapping[str, object], name: str) -> bool:
    value = values.get(name, True)
    if not isinstance(value, int) or value not in (0, 1):
        raise _policy_damaged(f"{name} must be true or false")
    return bool(value)


def _limit(values: Mapping[str, object], name: str) -> int | None:
    value = values.get(name)
    if value is not None and (type(value) is not int or not 1 <= value <= LARGEST_AMOUNT):
        raise _policy_damaged(f"{name} must be a whole number, 1 to {LARGEST_AMOUNT}")
    return value


def _windows_policy_values() -> Mapping[str, object]:
    """The values under our policy key of the machine, empty elsewhere than on Windows."""
    values: dict[str, object] = {}
    if sys.platform == "win32":
        import winreg

        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _WINDOWS_POLICY) as key:
                for index in range(winreg.QueryInfoKey(key)[1]):
                    name, value, _ = winreg.EnumValue(key, index)
                    values[name] = value
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise _policy_damaged("it cannot be read") from error
    return values


def _policy_damaged(reason: str) -> KnownError:
    return KnownError(
        "This computer's rules for the workstation are damaged",
        f"The rules that your organisation has set cannot be followed: {reason}. "
        "Nothing was opened or changed, and your work is safe.",
        "Ask your IT department to correct them, then start again.",
    )
