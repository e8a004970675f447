"""Starting the workstation: application, settings, profile, lock, and the desk that holds it together."""

from __future__ import annotations

import logging
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    Qt,
    QTimer,
    QtMsgType,
    Slot,
    qInstallMessageHandler,
)
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from assessor_app import config as configuration
from assessor_app.clock import Clock
from assessor_app.desk.desk import Desk
from assessor_app.desk.look import KeptLook, kept_scheme
from assessor_app.desk.unlocking import PASSPHRASE_VARIABLE
from assessor_app.desk.way import SignInWay
from assessor_app.diagnostics import start_logging
from assessor_app.documents.no_dump import dump_nothing
from assessor_app.domain.roles import Role
from assessor_app.errors import KnownError, ProfileInUse
from assessor_app.profile_folder import check_profile_folder
from assessor_app.services.profiles import find_or_create
from assessor_app.single_instance import SingleInstance
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
    role: Role = Role.ASSESSOR
    is_demo: bool = False
    """On the demo platform: signed in without typing."""
    is_driven: bool = False
    """A driver of the tour listens on standard input."""


class Raiser(QObject):
    """Brings the window to the front when the program is started once more."""

    def __init__(self, desk: Desk) -> None:
        """Hold the desk whose window is raised."""
        super().__init__(desk)
        self._desk = desk

    @Slot()
    def show(self) -> None:
        """Raise and activate the window."""
        window = self._desk.window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()


def run(start: Start) -> int:
    """Run the workstation until its window is closed.

    Returns:
        The exit status: 0, or 1 when it could not start for a reason that was told.
    """
    dump_nothing()
    qInstallMessageHandler(_log_message)
    try:
        return _run(start)
    finally:
        qInstallMessageHandler(None)


def _run(start: Start) -> int:
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = QApplication(sys.argv[:1])
    app.setApplicationName("assessor-workstation")
    app.setApplicationDisplayName("Assessor Workstation")
    theme = Theme(app)
    theme.apply(Scheme.SYSTEM, 100)
    try:
        desk, instance = open_desk(start, theme)
    except ProfileInUse as error:
        sys.stderr.write(f"{error}\n")
        return 0
    except (KnownError, OSError) as error:
        return _refuse(app, error)
    tidier = Tidier()
    driver = _driver(desk, theme) if start.is_driven else None
    desk.window.show()
    QTimer.singleShot(0, desk, desk.start)
    timer = _end_on_signal(desk)
    status = app.exec()
    timer.stop()
    desk.close()
    tidier.stop()
    instance.release()
    del driver
    return status


def open_desk(start: Start, theme: Theme) -> tuple[Desk, SingleInstance]:
    """Read the settings, find the profile, take its lock and build its desk.

    Raises:
        ProfileInUse: another running workstation has the profile.
        KnownError: the profile cannot be used, for the reason told.
    """
    clock = Clock()
    config = configuration.load_config(data_dir=start.data_dir)
    # Before anything is written, the log included: the refusal says that nothing was.
    check_profile_folder(config.profiles_dir)
    start_logging(config.log_dir)
    theme.apply(kept_scheme(config), config.font_scale_percent)
    origin = config.policy.platform_origin or start.origin
    if origin is None:
        raise KnownError(
            "No platform is set",
            "The workstation does not know which platform to work with.",
            "Start it with --platform https://..., or try the demo: python3 dev.py demo",
        )
    config.profiles_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    profile = find_or_create(config.profiles_dir, origin, start.account, clock=clock)
    instance = SingleInstance(profile.folder, profile.id)
    desk = Desk(profile, start.role, theme, clock, _way(start))
    KeptLook(config, theme, desk)
    instance.setParent(desk)
    instance.raise_requested.connect(Raiser(desk).show)
    # What listens takes time to load: only once there is something to raise.
    desk.opened.connect(instance.listen)
    desk.window.gate_shown.connect(instance.listen)
    return desk, instance


def _way(start: Start) -> SignInWay:
    if not start.is_demo:
        return SignInWay(account=start.account)
    from assessor_app.tour.demo import DEMO_PASSPHRASE, walk_through_sign_in

    os.environ.setdefault(PASSPHRASE_VARIABLE, DEMO_PASSPHRASE)
    return SignInWay(account=start.account, browser=walk_through_sign_in, is_automatic=True)


def _driver(desk: Desk, theme: Theme) -> QObject:
    from assessor_app.tour.driver import Driver

    return Driver(desk, theme)


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


def _log_message(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    """What Qt says goes into the log, with everything else; only the words before an abort go out as well."""
    is_bad = kind in (QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg)
    _log.log(logging.WARNING if is_bad else logging.INFO, "Qt: %s", text)
    if kind is QtMsgType.QtFatalMsg:
        sys.stderr.write(f"{text}\n")


def _end_on_signal(desk: Desk) -> QTimer:
    """Ctrl+C and a polite end by the system close the window as a person would."""
    timer = QTimer(desk)
    timer.start(SIGNAL_LOOK_MS)
    timer.timeout.connect(desk.look_up)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: desk.window.close())
    return timer
