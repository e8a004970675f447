"""What came of claiming, keeping and giving back, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from PySide6.QtCore import QCoreApplication

from assessor_app.domain.claims import ClaimAnswer, ClaimOutcome
from assessor_app.ui.inbox_words import lease_day_words, time_words

translate = QCoreApplication.translate


def answer_words(answer: ClaimAnswer) -> str:
    """Why one was refused, and where that helps what can be done; empty for what was done."""
    return {
        ClaimAnswer.DONE: "",
        ClaimAnswer.NOTHING_LEFT: translate("Claims", "Nothing is left in this queue."),
        ClaimAnswer.ALREADY_CLAIMED: translate("Claims", "Somebody else took it first."),
        ClaimAnswer.NOT_QUALIFIED: translate(
            "Claims", "You are not qualified for this rubric yet; ask the team lead."
        ),
        ClaimAnswer.CONFLICT: translate(
            "Claims", "Conflict of interest: somebody else has to judge what is left."
        ),
        ClaimAnswer.GIVEN_BY_TEAM: translate(
            "Claims", "It was given to you and not taken from a queue; ask the team lead."
        ),
        ClaimAnswer.NOT_YOURS: translate("Claims", "It is not yours any more."),
        ClaimAnswer.MOVED_ON: translate("Claims", "It is past assessing."),
        ClaimAnswer.WITHDRAWN: translate("Claims", "The learner has withdrawn it."),
        ClaimAnswer.WAITS_TO_BE_SENT: translate(
            "Claims", "Your assessment of it waits to be sent: sync first, or take it back."
        ),
        ClaimAnswer.REFUSED: translate("Claims", "The platform refused it; nothing was changed."),
        ClaimAnswer.STOPPED: translate("Claims", "The connection went; the rest was not asked."),
    }[answer]


def until_words(moment: datetime | None, now: datetime, zone: tzinfo | None = None) -> str:
    """Until when something is this person's."""
    if moment is None:
        return ""
    day, time = lease_day_words(moment, now, zone), time_words(moment, zone)
    return translate("Claims", "yours until {day} {time}").format(day=day, time=time)


def taken_words(outcomes: Sequence[ClaimOutcome], wanted: int) -> str:
    """How many of those wanted were taken."""
    done = sum(outcome.answer is ClaimAnswer.DONE for outcome in outcomes)
    if done == wanted == 1:
        return translate("Claims", "1 submission is yours. It arrives with the sync that has just begun.")
    if done == wanted:
        text = translate(
            "Claims", "{done} submissions are yours. They arrive with the sync that has just begun."
        )
    else:
        text = translate("Claims", "{done} of {wanted} were taken.")
    return text.format(done=done, wanted=wanted)


def count_done_words(outcomes: Sequence[ClaimOutcome], wanted: int, *, gives_back: bool) -> str:
    """How many were given back, or kept."""
    done = sum(outcome.answer is ClaimAnswer.DONE for outcome in outcomes)
    if gives_back:
        text = translate("Claims", "{done} of {wanted} given back.")
    else:
        text = translate("Claims", "{done} of {wanted} kept for longer.")
    return text.format(done=done, wanted=wanted)
