"""Whether this computer is fit for the work, and whether it may be set up anew without losing any.

Each check is one sentence and, where there is something to do, one more. Nothing is changed: stores are only
looked into, and only where their key comes without asking anybody. Nothing here names a person.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from assessor_app.clock import Clock
from assessor_app.config import Config
from assessor_app.documents.office_program import find_office
from assessor_app.documents.renderer import Renderer
from assessor_app.errors import KnownError, Offline
from assessor_app.profile_folder import check_profile_folder
from assessor_app.services.inspecting import Inspector
from assessor_app.services.profiles import Listed, listing
from assessor_app.services.versions import versions
from assessor_app.sync.contract_facts import HEALTH_PATH
from assessor_app.vault import keys

if TYPE_CHECKING:
    from assessor_app.services.doctor_profiles import Looked

SCHEMA = 1
"""Of the object that `doctor --json` prints; grows when a field changes its meaning."""
PATIENCE_S = (1.5, 1.5)
"""Seconds for a connection to the platform, and for its answer."""
CLOCK_MAY_DIFFER = timedelta(minutes=5)
LITTLE_BYTES, TOO_LITTLE_BYTES = 2 * 1000**3, 200 * 1000**2
"""Free room below which there is a warning, and below which there is a problem."""
_PAGE = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R>>endobj
4 0 obj<</Length 22>>stream
0 g 20 20 100 50 re f
endstream endobj
trailer<</Root 1 0 R>>
"""
"""The smallest page with something on it."""


class Grade(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARNING = "warning"
    """The work can go on, and somebody should know."""
    PROBLEM = "problem"
    """Work is in danger, or cannot go on."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    id: str
    """Stable: keyring, folder, disk, worker, office, display, connection, clock, account, reimage."""
    grade: Grade
    sentence: str
    advice: str = ""
    """What to do; empty where there is nothing to do."""
    profile: str = ""
    """The account's folder, where the check is about one account."""
    facts: Mapping[str, str | int | bool | None] = field(default_factory=dict)
    """What was measured, for programs."""


@dataclass(frozen=True, slots=True)
class Examination:
    """All of it."""

    at: datetime
    checks: tuple[Check, ...]
    versions: Mapping[str, str]
    safe_to_reimage: bool | None
    """None: it cannot be known."""

    @property
    def grade(self) -> Grade:
        """The worst of all checks."""
        grades = {check.grade for check in self.checks}
        return max(grades, key=list(Grade).index, default=Grade.OK)


def examine(
    config: Config | None,
    clock: Clock,
    *,
    origin: str | None = None,
    passphrase: str | None = None,
    keys_at_hand: Mapping[str, bytes] = MappingProxyType({}),
) -> Examination:
    """Look at this computer.

    Args:
        config: settings and machine policy; None where the policy cannot be read.
        clock: the time.
        origin: a platform to try beside those of the accounts.
        passphrase: opens stores that have one; None: those are not looked into.
        keys_at_hand: database keys of accounts that are open, by the name of their folder.
    """
    checks: list[Check] = []
    safe: bool | None = None
    if config is None:
        text = "This computer's rules for the workstation are damaged."
        checks.append(
            Check("settings", Grade.PROBLEM, text, "Correct them: without, the workstation does not start.")
        )
    else:
        lines = listing(config.profiles_dir)
        checks += [_folder(config.profiles_dir), _disk(config.profiles_dir)]
        origins = {line.profile.origin for line in lines if line.profile is not None}
        chosen = config.policy.platform_origin or origin
        for one in sorted(origins | ({chosen} if chosen else set())):
            checks += _connection(one)
        looked = _looked_into(lines, clock, passphrase, keys_at_hand)
        for line, found in zip(lines, looked, strict=True):
            grade = Grade(found.grade)
            checks.append(Check("account", grade, found.sentence, found.advice, line.id, found.facts))
            grade = Grade.OK if found.is_safe else Grade.WARNING
            checks.append(
                Check("reimage", grade, found.safety, found.safety_advice, line.id, found.safety_facts)
            )
        safe = None if None in (states := [found.is_safe for found in looked]) else all(states)
        safe = False if False in states else safe
    checks += [_keyring(config), _worker(clock), _office(), _display()]
    return Examination(clock.now(), tuple(checks), versions(), safe)


def _looked_into(
    lines: Sequence[Listed], clock: Clock, passphrase: str | None, keys_at_hand: Mapping[str, bytes]
) -> list[Looked]:
    if not lines:
        return []
    # What reads stores takes longer to load than all else that is looked at takes.
    from assessor_app.services.doctor_profiles import look_into

    return [
        look_into(line, number, clock, passphrase=passphrase, database_key=keys_at_hand.get(line.id))
        for number, line in enumerate(lines, 1)
    ]


def _keyring(config: Config | None) -> Check:
    usable = keys.keyring_usable()
    needed = False
    for line in listing(config.profiles_dir) if config is not None else ():
        try:
            needed = needed or keys.key_status(line.folder) is keys.KeyStatus.KEYRING
        except KnownError:
            continue
    facts = {"usable": usable, "needed": needed}
    if usable:
        return Check("keyring", Grade.OK, "The system's keychain can be used.", facts=facts)
    if needed:
        return Check(
            "keyring",
            Grade.PROBLEM,
            "An account's key lies in the system's keychain, which is not there.",
            "Start the keychain, or open the account with its recovery code.",
            facts=facts,
        )
    text = "There is no keychain of the system that can be trusted; accounts open with a passphrase."
    return Check("keyring", Grade.OK, text, facts=facts)


def _folder(folder: Path) -> Check:
    try:
        check_profile_folder(folder)
    except KnownError as error:
        said = error.message.partition(". ")[0]
        return Check("folder", Grade.PROBLEM, f"{error.title}. {said}.", error.next_step)
    there = next(place for place in (folder, *folder.parents) if place.exists())
    if not os.access(there, os.W_OK):
        text = "The folder for accounts cannot be written."
        return Check("folder", Grade.PROBLEM, text, "Give this user the right to write there.")
    return Check("folder", Grade.OK, "The folder for accounts lies on this computer's own disk.")


def _disk(folder: Path) -> Check:
    there = next(place for place in (folder, *folder.parents) if place.exists())
    free = shutil.disk_usage(there).free
    facts = {"free_bytes": free}
    said = f"{free / 1000**3:.1f} GB are free on the disk."
    if free < TOO_LITTLE_BYTES:
        return Check("disk", Grade.PROBLEM, said, "Free space: work can hardly be saved.", facts=facts)
    if free < LITTLE_BYTES:
        advice = "Free space: evidence is not fetched, and fewer copies of the work are kept."
        return Check("disk", Grade.WARNING, said, advice, facts=facts)
    return Check("disk", Grade.OK, said, facts=facts)


def _worker(clock: Clock) -> Check:
    """Draws one page for real, in a child, as evidence is drawn."""
    renderer = Renderer(clock=clock)
    since_s = clock.monotonic_s()
    failed = ""
    try:
        with tempfile.TemporaryDirectory(prefix="assessor-doctor-") as private:
            page = Path(private) / "page.pdf"
            page.write_bytes(_PAGE)
            found = Inspector(renderer, Path(private), clock).inspect(page)
        refused = found.refused or next((page.refused for page in found.pages if page.refused), None)
        failed = refused.title if refused is not None else "" if found.pages else "No page came back"
    except (KnownError, OSError) as error:
        failed = error.title if isinstance(error, KnownError) else "The temporary folder cannot be used"
    finally:
        renderer.close()
    facts = {"milliseconds": int(1000 * (clock.monotonic_s() - since_s))}
    if failed:
        advice = "Ask whether a security program stops the workstation's own processes."
        return Check("worker", Grade.PROBLEM, f"A page could not be drawn: {failed}.", advice, facts=facts)
    return Check("worker", Grade.OK, "A page was drawn in a process of its own.", facts=facts)


def _office() -> Check:
    program = find_office()
    if program is None:
        text = "LibreOffice is not installed; office files are shown by the workstation alone."
        return Check("office", Grade.OK, text, facts={"name": None})
    return Check("office", Grade.OK, f"{program.name} is installed.", facts={"name": program.name})


def _display() -> Check:
    if sys.platform not in ("win32", "darwin"):
        named = [name for name in ("WAYLAND_DISPLAY", "DISPLAY") if os.environ.get(name)]
        if not named and not os.environ.get("QT_QPA_PLATFORM"):
            text = "There is no display in this session, so that no window can be shown from here."
            return Check("display", Grade.WARNING, text, "Start the workstation from a desktop session.")
    return Check("display", Grade.OK, "There is a display.")


def _connection(origin: str) -> list[Check]:
    from assessor_app.sync.transport import Transport, expect_ok

    host = origin.partition("://")[2]
    facts: dict[str, str | int | bool | None] = {"host": host, "is_secure": origin.startswith("https:")}
    try:
        transport = Transport(origin, patience_s=PATIENCE_S)
        expect_ok(transport.call("GET", HEALTH_PATH, signed_in=False))
    except Offline as error:
        advice = "Work can go on without it; what is unsent waits on this computer."
        return [Check("connection", Grade.WARNING, f"{host}: {error.title}.", advice, facts=facts)]
    except KnownError as error:
        return [Check("connection", Grade.PROBLEM, f"{host}: {error.title}.", error.next_step, facts=facts)]
    checks = [Check("connection", Grade.OK, f"{host} answers.", facts=facts)]
    lead = transport.health.clock_lead()
    if lead is None:
        return checks
    seconds = round(lead.total_seconds())
    off = abs(lead) > CLOCK_MAY_DIFFER
    if off:
        way = "behind" if seconds > 0 else "ahead of"
        text = f"This computer's clock is {abs(seconds) // 60} minutes {way} {host}'s."
    else:
        text = f"This computer's clock agrees with {host}'s."
    grade = Grade.PROBLEM if abs(lead) > timedelta(days=1) else Grade.WARNING if off else Grade.OK
    advice = "Correct date and time in the system's settings." if off else ""
    return [*checks, Check("clock", grade, text, advice, facts={"host": host, "lead_s": seconds})]
