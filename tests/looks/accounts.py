"""Several accounts on one computer, leaving one, what is left alone, and the settings."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from assessor_app.config import Config, MachinePolicy
from assessor_app.desk.kept_settings import KeptSettings
from assessor_app.desk.settings_desk import SettingsDesk
from assessor_app.domain.assessments import OutboxKind
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.roles import Role
from assessor_app.services.profiles import Listed, Profile, Standing
from assessor_app.services.unsent import Unsent, UnsentKind
from assessor_app.ui.accounts.account_form import AccountForm, NameForm
from assessor_app.ui.accounts.chooser import AccountChooser
from assessor_app.ui.accounts.leave_dialog import Leave, LeaveDialog
from assessor_app.ui.settings.window import SettingsWindow
from assessor_app.ui.typed_words import TypedWordsDialog
from tests.looks import demo_work as demo
from tests.looks.stage import Stage

NOW = demo.NOW


def lines() -> tuple[Listed, ...]:
    """One that is open, one with unsent work, one signed out, and a damaged one."""

    def line(number: int, host: str, standing: Standing) -> Listed:
        folder = Path(f"/home/anna/profiles/{number}")
        return Listed(
            str(number), folder, Profile(str(number), folder, f"https://{host}", "anna.k"), standing
        )

    both = (Role.ASSESSOR, Role.APPROVER)
    return (
        line(1, "assess.northstate.example.org", Standing("North state", NOW, 0, NOW, both)),
        line(
            2,
            "credentials.south.example.org",
            Standing("", NOW - timedelta(days=1, hours=3), 3, NOW - timedelta(days=1), (Role.ASSESSOR,)),
        ),
        line(
            3,
            "pilot.example.org",
            Standing("Pilot", NOW - timedelta(days=40), 0, NOW, (Role.ASSESSOR,), is_signed_out=True),
        ),
        Listed("4", Path("/home/anna/profiles/4"), None, Standing()),
    )


def unsent() -> tuple[Unsent, ...]:
    """An evening's work."""
    return (
        Unsent(
            UnsentKind.WAITING,
            SubmissionId("1"),
            "S-7QK2, Facilitating think-alouds",
            OutboxKind.RECOMMENDATION,
        ),
        Unsent(
            UnsentKind.STOPPED,
            SubmissionId("2"),
            "S-4F2K, Asking higher-order questions",
            OutboxKind.RECOMMENDATION,
        ),
        Unsent(UnsentKind.ASSESSMENT, SubmissionId("3"), "S-9M3X, Checking for understanding"),
    )


def chooser(stage: Stage) -> None:
    """The list, over the window of the one that is open."""
    stage.put(demo.FRESH)
    window = stage.sit_down()
    dialog = AccountChooser(parent=window)
    dialog.show_accounts(lines(), NOW, open_id="1")
    dialog.show()


def empty(stage: Stage) -> None:
    """The list of a new computer."""
    window = stage.sit_down()
    dialog = AccountChooser(parent=window)
    dialog.show_accounts((), NOW)
    dialog.show()


def forms(stage: Stage) -> None:
    """Adding one, on a computer whose platform is fixed; and naming one."""
    window = stage.sit_down()
    AccountForm(fixed_origin="https://assess.northstate.example.org", parent=window).show()
    NameForm("North state", parent=window).show()


def badge(stage: Stage) -> None:
    """Which account is open, at the foot of the navigation."""
    stage.put(demo.FRESH)
    window = stage.sit_down()
    window.navigation.account.show_accounts("credentials.south.example.org", [("1", "North state")])


def leaving(way: Leave, stage: Stage) -> None:
    """The question, with unsent work."""
    window = stage.sit_down()
    dialog = LeaveDialog(way, "North state", can_export=True, parent=window)
    dialog.show_unsent(unsent())
    dialog.show()


def settings(section: int, stage: Stage) -> None:
    """One section, on a computer that an organisation manages."""
    window = stage.sit_down()
    policy = MachinePolicy("https://assess.northstate.example.org", 20, evidence_gb=20)
    kept = KeptSettings(Config(stage.folder, stage.folder, policy), stage.lanes, window)
    desk = SettingsDesk(kept, stage._theme, window)
    desk.show(window, has_passphrase=False)
    shown: Any = window.findChild(SettingsWindow)
    shown.names.setCurrentRow(section)


def nearly_locked(stage: Stage) -> None:
    """A minute before it locks."""
    stage.put(demo.FRESH)
    stage.sit_down().lock_notice.show()


def given_back(stage: Stage) -> None:
    """What had been typed into a window that the lock closed."""
    window = stage.sit_down()
    words = [("Ask the team lead: Your question", "May the second video stand for both lessons?")]
    TypedWordsDialog(words, window).show()


ACCOUNTS = {
    "accounts": chooser,
    "accounts_empty": empty,
    "accounts_forms": forms,
    "accounts_badge": badge,
    "leaving_sign_out": lambda stage: leaving(Leave.SIGN_OUT, stage),
    "leaving_remove": lambda stage: leaving(Leave.REMOVE, stage),
    "settings_look": lambda stage: settings(0, stage),
    "settings_lock": lambda stage: settings(1, stage),
    "settings_accounts": lambda stage: settings(2, stage),
    "lock_nearly": nearly_locked,
    "lock_given_back": given_back,
}
"""States of the accounts and of locking, by name."""
