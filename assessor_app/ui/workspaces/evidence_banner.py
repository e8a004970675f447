"""What stands above work whose evidence was replaced on the platform while it was under way."""

from __future__ import annotations

import json

from PySide6.QtCore import QCoreApplication

from assessor_app.domain.assessments import OutboxItem
from assessor_app.domain.canonical import evidence_digest
from assessor_app.domain.states import OutboxState
from assessor_app.services.views import OpenedSubmission
from assessor_app.ui.plain_text import one_line
from assessor_app.ui.workspaces.banner import Banner

translate = QCoreApplication.translate


def evidence_banner(opened: OpenedSubmission, item: OutboxItem | None) -> Banner | None:
    """The banner of open work whose evidence is not what it was rated from; None for all other.

    Args:
        opened: what is open.
        item: what was put among the things to send last.
    """
    if not opened.is_editable:
        return None
    lines: list[str] = []
    if item is not None and _was_made_from_other_evidence(opened, item):
        text = translate(
            "Evidence", "What you sent was made from the earlier version; the platform did not take it."
        )
        lines.append(text)
    if not opened.evidence_changes:
        title = translate("Evidence", "Ready to be sent again")
        return Banner("warning", "refresh-cw", title, tuple(lines)) if lines else None
    names = dict.fromkeys(one_line(name) for pieces in opened.evidence_changes.values() for name in pieces)
    if names:
        text = translate("Evidence", "There is another version of: {names}. Your marks follow to it.")
        lines.append(text.format(names=", ".join(names)))
    lines.append(translate("Evidence", "Your ratings count as they are, and nothing you wrote was changed."))
    return Banner(
        "warning",
        "refresh-cw",
        translate("Evidence", "The evidence changed after you rated"),
        tuple(lines),
        criteria=tuple(opened.evidence_changes),
        criteria_title=translate("Evidence", "Look at:"),
    )


def _was_made_from_other_evidence(opened: OpenedSubmission, item: OutboxItem) -> bool:
    if item.state is not OutboxState.CONFLICT:
        return False
    made_from = json.loads(item.body).get("evidence_digest")
    return bool(made_from != evidence_digest(opened.submission))
