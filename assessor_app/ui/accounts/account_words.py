"""What is said of an account on this computer."""

from __future__ import annotations

from datetime import datetime, tzinfo

from PySide6.QtCore import QCoreApplication

from assessor_app.domain.roles import Role
from assessor_app.services.profiles import Listed, Profile, Standing
from assessor_app.ui.inbox_words import day_words, time_words
from assessor_app.ui.plain_text import one_line


def tr(text: str) -> str:
    """The translation of a text of this file."""
    return QCoreApplication.translate("AccountWords", text)


def role_words(role: Role) -> str:
    """The name of a role."""
    return {
        Role.PREASSESSOR: tr("Pre-assessor"),
        Role.ASSESSOR: tr("Assessor"),
        Role.APPROVER: tr("Approver"),
        Role.LEAD: tr("Team lead"),
    }[role]


def title_of(profile: Profile, standing: Standing) -> str:
    """What an account is called: the person's own name for it, else its platform."""
    return one_line(standing.name or profile.host)


def whose(profile: Profile, standing: Standing) -> str:
    """Account, platform and roles in one line."""
    parts = [profile.account] if profile.account else []
    if standing.name:
        parts.append(profile.host)
    parts += [role_words(role) for role in standing.roles]
    return one_line(" · ".join(parts))


def unsent_words(standing: Standing, *, is_open: bool) -> str:
    """How much of an account is on this computer alone, as far as anybody knows."""
    if standing.unsent is None:
        return "" if is_open else tr("Not known yet how much is unsent")
    if standing.unsent == 0:
        return tr("Nothing unsent")
    if standing.unsent == 1:
        return tr("1 thing is on this computer alone")
    return tr("{number} things are on this computer alone").format(number=standing.unsent)


def opened_words(line: Listed, now: datetime, *, is_open: bool, zone: tzinfo | None = None) -> str:
    """When an account was open."""
    if is_open:
        return tr("Open now")
    at = line.standing.last_opened_at
    if at is None:
        return tr("Never opened yet")
    when = f"{day_words(at, now, zone)} {time_words(at, zone)}"
    said = tr("Last opened {when}").format(when=when)
    return said + " · " + tr("Signed out") if line.standing.is_signed_out else said
