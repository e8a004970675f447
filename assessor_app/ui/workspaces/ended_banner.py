"""What stands above work that is not this person's any more: what happened, and what becomes of hers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from assessor_app.domain.assessments import OutboxItem
from assessor_app.domain.endings import Ending, EndingReason
from assessor_app.domain.states import OutboxState
from assessor_app.ui.inbox_words import day_words
from assessor_app.ui.sending.acts import EXPORT_WORK, REMOVE_WORK
from assessor_app.ui.workspaces.banner import Banner, BannerAct

translate = QCoreApplication.translate


def ended_banner(ending: Ending, item: OutboxItem | None, now: datetime) -> Banner:
    """The banner of work that ended.

    Args:
        ending: why, and since when.
        item: what was put among the things to send last; None for nothing.
        now: the present.
    """
    title = ended_title(ending.reason).format(day=day_words(ending.at, now))
    if ending.reason is EndingReason.ERASED:
        gone = translate(
            "Ended",
            "Nothing that is about this person may stay. The evidence, your ratings, marks and texts, and "
            "what you sent or had ready to send, were erased here and in every copy.",
        )
        act = BannerAct(REMOVE_WORK, translate("Ended", "Take it off the list"), "x")
        return Banner("true", "eraser", title, (gone,), acts=(act,))
    lines = [*_what_it_means(ending.reason), *_what_was_sent([item] if item is not None else [])]
    if ending.keep_until is not None:
        text = translate(
            "Ended",
            "What you wrote can be read and exported until {day}; then it is erased from this computer.",
        )
        lines.append(text.format(day=day_words(ending.keep_until, now)))
    acts = (
        BannerAct(EXPORT_WORK, translate("Ended", "Export my work…"), "download"),
        BannerAct(REMOVE_WORK, translate("Ended", "Remove from this computer…"), "trash-2"),
    )
    icon = "rotate-ccw" if ending.reason is EndingReason.WITHDRAWN else "users"
    if ending.reason in (EndingReason.CLAIM_ENDED, EndingReason.RELEASED):
        icon = "clock" if ending.reason is EndingReason.CLAIM_ENDED else "undo-2"
    return Banner("warning", icon, title, tuple(lines), acts=acts)


def ended_title(reason: EndingReason) -> str:
    """What happened in one sentence, with a place for the day."""
    return {
        EndingReason.WITHDRAWN: translate("Ended", "The learner withdrew this; you were told {day}"),
        EndingReason.REASSIGNED: translate("Ended", "Somebody else has this now; you were told {day}"),
        EndingReason.CLAIM_ENDED: translate("Ended", "Your time ended; you were told {day}"),
        EndingReason.ERASED: translate("Ended", "The learner's data were erased; you were told {day}"),
        EndingReason.RELEASED: translate("Ended", "You gave this back; it was confirmed {day}"),
        EndingReason.OTHER: translate("Ended", "This is not with you any more; you were told {day}"),
    }[reason]


def _what_it_means(reason: EndingReason) -> Sequence[str]:
    if reason is EndingReason.WITHDRAWN:
        return (translate("Ended", "Nobody judges it any more. Its evidence was erased from this computer."),)
    if reason is EndingReason.CLAIM_ENDED:
        text = translate("Ended", "It is back in the queue. If you take it again, you go on where you were.")
        return (text,)
    if reason is EndingReason.REASSIGNED:
        text = translate("Ended", "The team lead gave it away, or somebody took it when your time was over.")
        return (text,)
    return ()


def _what_was_sent(items: Sequence[OutboxItem]) -> Sequence[str]:
    for item in items:
        if item.state is OutboxState.ACKED:
            return (translate("Ended", "What you sent had arrived before."),)
        return (translate("Ended", "What you had ready to send came too late and was not taken."),)
    return ()
