"""Starting the workstation: application, settings, profile, lock, and the desk that holds it together."""

from __future__ import annotations

import logging
import os
import signal
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    Qt,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from assessor_app import config as configuration
from assessor_app.clock import Clock
from assessor_app.config import Config
from assessor_app.desk.accounts import Accounts
from assessor_app.desk.crash_watch import CrashWatch
from assessor_app.desk.look import kept_scheme
from assessor_app.desk.unlocking import PASSPHRASE_VARIABLE
from assessor_app.desk.way import SignInWay
from assessor_app.diagnostics import start_logging
from assessor_app.domain.roles import Role
from assessor_app.errors import KnownError, ProfileInUse
from assessor_app.left_out import leave_out
from assessor_app.no_dump import dump_nothing
from assessor_app.profile_folder import check_profile_folder
from assessor_app.services.profiles import (
    Listed,
    Profile,
    find_or_create,
    last_used,
    listing,
    named_profile,
)
from assessor_app.ui.gate import GatePage
from assessor_app.ui.theme import Scheme, Theme
from assessor_app.ui.tidying import Tidier

_log = logging.getLogger(__name__)

SIGNAL_LOOK_MS = 200


@dataclass(frozen=True, slots=True)
class Start:
    """How the program was asked to start."""

    data_dir: Path | None = None
    origin: str | None = None
    account: str = ""
    profile: str = ""
    """An account that is here already, by its id, the person's own name for it, or account@platform."""
    role: Role | None = None
    """None: that of last time, else an assessor's."""
    is_demo: bool = False
    """On the demo platform: signed in without typing."""
    is_driven: bool = False
    """A driver of the tour listens on standard input."""


def run(start: Start) -> int:
    """Run the workstation until its window is closed.

    Returns:
        The exit status: 0, or 1 when it could not start for a reason that was told.
    """
    dump_nothing()
    watch = CrashWatch(Clock())
    qInstallMessageHandler(partial(_log_message, watch))
    try:
        status = _run(start, watch)
    finally:
        qInstallMessageHandler(None)
    # Not reached when it dies of an error: that is how the next start knows.
    watch.end()
    return status


def _run(start: Start, watch: CrashWatch) -> int:
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = QApplication(sys.argv[:1])
    app.setApplicationName("assessor-workstation")
    app.setApplicationDisplayName("Assessor Workstation")
    theme = Theme(app)
    theme.apply(Scheme.SYSTEM, 100)
    try:
        accounts = open_accounts(start, theme, watch)
    except ProfileInUse as error:
        sys.stderr.write(f"{error}\n")
        return 0
    except (KnownError, OSError) as error:
        return _refuse(app, error)
    tidier = Tidier()
    driver = _driver(accounts, theme) if start.is_driven else None
    timer = _end_on_signal(accounts)
    try:
        return app.exec()
    finally:
        # Also when it dies of an error: what was typed is kept, and no lane holds the process up.
        timer.stop()
        accounts.end()
        tidier.stop()
        del driver


def open_accounts(start: Start, theme: Theme, watch: CrashWatch | None = None) -> Accounts:
    """Read the settings and open the profile that is wanted, or the list where nobody says which.

    Args:
        start: how the program was started.
        theme: of the application.
        watch: notices how this process ends, and how earlier ones did.

    Raises:
        ProfileInUse: another running workstation has the profile.
        KnownError: the profile cannot be used, for the reason told.
    """
    clock = Clock()
    config = configuration.load_config(data_dir=start.data_dir)
    # Before anything is written, the log included: the refusal says that nothing was.
    check_profile_folder(config.profiles_dir)
    start_logging(config.log_dir)
    if watch is not None:
        watch.start(config.log_dir)
    theme.apply(kept_scheme(config), config.font_scale_percent)
    config.profiles_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    leave_out(config.profiles_dir)
    accounts = Accounts(config, theme, clock, partial(_way, start), watch=watch)
    try:
        lines = listing(config.profiles_dir)
        accounts.begin(lines)
        first = first_profile(start, config, lines, clock)
        if first is None:
            accounts.show_chooser()
        else:
            accounts.open(first, start.role)
    except BaseException:
        accounts.end()
        raise
    return accounts


def first_profile(start: Start, config: Config, lines: tuple[Listed, ...], clock: Clock) -> Profile | None:
    """The profile to begin with: the one that was named, else the one used last; None to ask.

    Args:
        start: how the program was started.
        config: settings and machine policy.
        lines: the accounts on this computer.
        clock: for the id of a new profile.

    Raises:
        KnownError: the one that was named is not there, or its address cannot be used.
    """
    if start.profile:
        return named_profile(lines, start.profile)
    origin = config.policy.platform_origin or start.origin
    if origin is not None and (start.origin is not None or start.account or not lines):
        return find_or_create(config.profiles_dir, origin, start.account, clock=clock)
    if len(lines) == 1 and not lines[0].standing.is_signed_out:
        return lines[0].profile
    return None if config.asks_which_account else last_used(lines)


def _way(start: Start, profile: Profile) -> SignInWay:
    if not start.is_demo:
        return SignInWay(account=profile.account)
    from assessor_app.tour.demo import DEMO_PASSPHRASE, walk_through_sign_in

    os.environ.setdefault(PASSPHRASE_VARIABLE, DEMO_PASSPHRASE)
    return SignInWay(account=profile.account, browser=walk_through_sign_in, is_automatic=True)


def _driver(accounts: Accounts, theme: Theme) -> QObject | None:
    from assessor_app.tour.driver import Driver

    return None if accounts.present is None else Driver(accounts.present.desk, theme)


def _refuse(app: QApplication, error: KnownError | OSError) -> int:
    """Say on a page of its own why the program cannot start."""
    sys.stderr.write(f"{error}\n")
    if isinstance(error, KnownError):
        title, text = error.title, f"{error.message} {error.next_step}".strip()
    else:
        title, text = (
            "The folder cannot be used",
            f"{error.strerror}. Nothing was changed; your work is safe.",
        )
    page = GatePage("triangle-alert", title, text)
    page.setWindowTitle("Assessor Workstation")
    page.resize(720, 480)
    page.show()
    if QGuiApplication.platformName() == "offscreen":
        return 1
    app.exec()
    return 1


def _log_message(watch: CrashWatch, kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    """What Qt says goes into the log, with everything else; only the words before an abort go out as well."""
    is_bad = kind in (QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg)
    _log.log(logging.WARNING if is_bad else logging.INFO, "Qt: %s", text)
    if kind is QtMsgType.QtFatalMsg:
        watch.say("Qt ended the program.")
        sys.stderr.write(f"{text}\n")


def _end_on_signal(accounts: Accounts) -> QTimer:
    """Ctrl+C and a polite end by the system close the window as a person would.

    The interpreter notices a signal in the middle of whatever runs: closing waits until that is done.
    """
    timer = QTimer(accounts)
    timer.start(SIGNAL_LOOK_MS)
    timer.timeout.connect(accounts.look_up)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: QTimer.singleShot(0, accounts, accounts.close_windows))
    return timer
