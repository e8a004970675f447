"""What stands above claimed work whose time ends soon, or is over: what happens then, before it happens."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from assessor_app.domain.claims import RENEW_AHEAD
from assessor_app.services.views import OpenedSubmission
from assessor_app.ui.inbox_words import day_words, time_words
from assessor_app.ui.workspaces.banner import Banner

translate = QCoreApplication.translate


def lease_banner(opened: OpenedSubmission, now: datetime) -> Banner | None:
    """The banner of work that is open and whose time ends within a day; None for all other.

    Args:
        opened: what is open.
        now: the present; how far the platform's clock is ahead of it is known.
    """
    until, there = opened.assignment.lease_until, now + opened.taking_back.lead
    if until is None or until - there > RENEW_AHEAD or not opened.is_editable:
        return None
    when = f"{day_words(until, there)} {time_words(until)}"
    is_begun = opened.assessment.updated_at is not None or bool(opened.annotations)
    if until > there:
        title = translate("Claim", "Your time ends {when}").format(when=when)
        line = translate("Claim", "You have begun, so it is renewed by itself with the next sync.")
        if not is_begun:
            line = translate(
                "Claim", "Begin, and it is renewed by itself. Otherwise somebody else may take it after that."
            )
        return Banner("accent", "clock", title, (line,), counts_down=True)
    title = translate("Claim", "Your time ended {when}").format(when=when)
    line = translate(
        "Claim", "You still have it unless somebody else has taken it since; the next sync will tell."
    )
    kept = translate("Claim", "What you wrote is kept either way.")
    return Banner("warning", "clock", title, (line, kept), counts_down=True)
