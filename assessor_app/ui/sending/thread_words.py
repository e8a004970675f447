"""How questions to the team lead and their answers are said in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from assessor_app.domain.cases import CaseEntry, CaseKind, CaseState
from assessor_app.services.views import Thread
from assessor_app.ui.plain_text import one_line

translate = QCoreApplication.translate


def kind_words(kind: CaseKind) -> str:
    """What was asked."""
    return {
        CaseKind.INTEGRITY: translate("Threads", "Concern about integrity"),
        CaseKind.FAULT: translate("Threads", "File or link that does not work"),
    }.get(kind, translate("Threads", "Question"))


def state_words(thread: Thread) -> str:
    """How it stands."""
    if not thread.case.entries:
        return (
            translate("Threads", "Waiting to be sent")
            if not thread.waiting[0].is_sent
            else translate("Threads", "Sent")
        )
    return {
        CaseState.OPEN: translate("Threads", "Waiting for an answer"),
        CaseState.ANSWERED: translate("Threads", "Answered"),
        CaseState.CLOSED: translate("Threads", "Closed"),
    }[thread.case.state]


def who_words(entry: CaseEntry) -> str:
    """Who said something, by role."""
    return translate("Threads", "Team lead") if entry.by == "lead" else translate("Threads", "You")


def act_words(entry: CaseEntry) -> str:
    """What the lead did without words."""
    return {
        "closed": translate("Threads", "Closed this."),
        "reopened": translate("Threads", "Opened this again."),
        "reassigned": translate("Threads", "Gave this to another lead."),
    }.get(one_line(entry.action), "")
