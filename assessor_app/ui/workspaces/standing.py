"""How a submission stands, in words: due dates, and the banner above the work. No widgets."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from assessor_app.domain.assessments import Decision, DecisionOutcome, OutboxItem, OutboxKind, Override
from assessor_app.domain.kinds import DueKind
from assessor_app.domain.states import OutboxState, SubmissionStatus
from assessor_app.domain.submissions import Stage, Submission
from assessor_app.rubric.schema import RubricVersion
from assessor_app.services.views import DecisionBrief, GivingBack, OpenedSubmission, TakingBack
from assessor_app.ui.inbox_words import day_words, time_words
from assessor_app.ui.sending.acts import COMPARE, EXPORT_WORK, KEEP_WORK, LEAVE_SENT
from assessor_app.ui.workspaces.banner import Banner, BannerAct
from assessor_app.ui.workspaces.ended_banner import ended_banner
from assessor_app.ui.workspaces.evidence_banner import evidence_banner
from assessor_app.ui.workspaces.lease_banner import lease_banner

translate = QCoreApplication.translate
_NEEDS_YOU = (OutboxState.CONFLICT, OutboxState.REJECTED, OutboxState.BLOCKED)


def due_words(submission: Submission, stage: Stage, now: datetime) -> tuple[str, str]:
    """When the work is due, as (words, tone); empty when nothing is."""
    due = next((d for d in submission.due if d.stage is stage), None)
    if due is None:
        return "", "quiet"
    day = day_words(due.at, now)
    if due.at < now:
        return translate("Standing", "Overdue since {day}").format(day=day), "danger"
    if due.at.astimezone().date() == now.astimezone().date():
        return translate("Standing", "Due today {time}").format(time=time_words(due.at)), "warning"
    if due.kind is DueKind.HARD:
        return translate("Standing", "Decision by {day}").format(day=day), "quiet"
    return translate("Standing", "Due {day}").format(day=day), "quiet"


SHOW_CHANGES = "rubric.changes"
"""Act: what changed in the rubric."""


def latest_item(items: Sequence[OutboxItem], *kinds: OutboxKind) -> OutboxItem | None:
    """What was put among the things to send last, of these kinds."""
    return next((item for item in reversed(items) if item.kind in kinds), None)


def receipt_words(item: OutboxItem, now: datetime) -> str:
    """When it was received, and the proof, such as "Sent today 14:02. Receipt 7F3A 91C2"."""
    receipt = item.receipt
    if receipt is None:
        return ""
    short = f"{receipt.short[:4]} {receipt.short[4:]}"
    text = translate("Standing", "Sent {day} {time}. Receipt {receipt}")
    return text.format(
        day=day_words(receipt.received_at, now), time=time_words(receipt.received_at), receipt=short
    )


def sending_banner(item: OutboxItem, now: datetime, *, next_step: str) -> Banner:
    """The banner of something that waits to be sent, or was.

    Args:
        item: what was put among the things to send.
        now: the present.
        next_step: whose turn it is once it has arrived; empty for nobody's.
    """
    if item.state is OutboxState.ACKED:
        return Banner("ok", "check-check", receipt_words(item, now), (next_step,) if next_step else ())
    if item.state in _NEEDS_YOU:
        return Banner(
            "danger",
            "circle-alert",
            translate("Standing", "This could not be sent"),
            (
                item.last_error or translate("Standing", "The platform did not take it."),
                translate("Standing", "Everything you wrote is kept. See Waiting to send."),
            ),
            acts=(BannerAct(EXPORT_WORK, translate("Standing", "Export my work…"), "download"),),
        )
    if item.state is OutboxState.SENDING or item.attempts:
        return Banner(
            "accent",
            "send",
            translate("Standing", "Sending"),
            (translate("Standing", "It is kept on this computer until the platform confirms it."),),
        )
    return Banner(
        "accent",
        "send",
        translate("Standing", "Waiting to send"),
        (
            translate(
                "Standing",
                "It is kept on this computer and leaves with the next sync. You can close the program.",
            ),
        ),
        can_take_back=True,
    )


def sent_banner(item: OutboxItem, standing: TakingBack, now: datetime) -> Banner:
    """The banner of a recommendation that has arrived: the receipt, and whether it can be taken back."""
    title, until = receipt_words(item, now + standing.lead), standing.until
    if standing.waits:
        return _taking_back_banner(title, standing, now)
    waiting = translate("Standing", "Waiting for the approver.")
    if until is not None and standing.is_open(now):
        minutes = math.ceil((until - now - standing.lead).total_seconds() / 60)
        text = translate("Standing", "You can take it back until {time} ({n} minutes left).")
        if minutes == 1:
            text = translate("Standing", "You can take it back until {time} (less than a minute left).")
        line = text.format(time=time_words(until), n=minutes)
        return Banner("ok", "check-check", title, (waiting, line), can_take_back=True, counts_down=True)
    if standing.refused:
        return Banner("warning", "check-check", title, (standing.refused, waiting))
    if until is not None:
        over = translate("Standing", "The time to take it back is over; the approver can return it to you.")
        return Banner("ok", "check-check", title, (waiting, over))
    return Banner("ok", "check-check", title, (waiting,))


def _taking_back_banner(title: str, standing: TakingBack, now: datetime) -> Banner:
    until = standing.until
    asked = translate("Standing", "The platform is asked to give it back with the next sync.")
    if until is not None and standing.is_open(now):
        late = translate(
            "Standing", "If that arrives after {time} it may be too late: then what you sent stands."
        ).format(time=time_words(until))
    else:
        late = translate("Standing", "It may be too late by now: then what you sent stands.")
    acts: tuple[BannerAct, ...] = ()
    if standing.can_leave_sent:
        acts = (BannerAct(LEAVE_SENT, translate("Standing", "Leave it sent"), "check"),)
    lines = (asked, late, translate("Standing", "Until then it is read-only; nothing is lost."))
    head = translate("Standing", "Being taken back. {sent}").format(sent=title)
    return Banner("accent", "undo-2", head, lines, acts=acts, counts_down=True)


def override_words(change: Override, before: str, rubric: RubricVersion) -> str:
    """One changed rating: criterion, from, to and why."""
    level = rubric.level_of(change.criterion_id, change.level)
    text = translate("Standing", "{criterion} {before} → {after}. {why}")
    return text.format(
        criterion=rubric.criterion(change.criterion_id).text,
        before=before,
        after=level.label if level is not None else change.level,
        why=change.why,
    )


def decided_banner(opened: OpenedSubmission, decision: Decision | None) -> Banner:
    """The banner of a submission on which nothing more is expected."""
    is_award = opened.submission.status is SubmissionStatus.AWARDED
    own = opened.labels.get(opened.submission.status, "")
    title = own or (translate("Standing", "Awarded") if is_award else translate("Standing", "Denied"))
    lines: list[str] = []
    if decision is not None:
        if decision.overrides:
            lines.append(translate("Standing", "The approver changed:"))
            ratings = {r.criterion_id: r for r in opened.assessment.ratings}
            for change in decision.overrides:
                rating = ratings.get(change.criterion_id)
                level = (
                    opened.rubric.level_of(change.criterion_id, rating.level)
                    if rating is not None and rating.level
                    else None
                )
                before = level.label if level is not None else translate("Standing", "not rated")
                lines.append(override_words(change, before, opened.rubric))
        else:
            lines.append(translate("Standing", "The approver changed no rating."))
        if decision.reason:
            lines.append(decision.reason)
    quoted = decision.final_feedback if decision is not None else ""
    return Banner(
        "ok" if is_award else "true", "award" if is_award else "circle-slash", title, tuple(lines), quoted
    )


def versions_words(opened: OpenedSubmission) -> str:
    """From which version of the rubric to which."""
    before = opened.rubric_before
    if before is None:
        return translate("Standing", "The rubric changed to version {new}").format(new=opened.rubric.version)
    text = translate("Standing", "The rubric changed from version {old} to {new}")
    return text.format(old=before.version, new=opened.rubric.version)


def _rubric_banner(opened: OpenedSubmission, item: OutboxItem | None) -> Banner | None:
    """The rubric changed while the work was under way; or what was sent went by the earlier version."""
    lines: list[str] = []
    if item is not None and _went_by_another_version(opened, item):
        lines.append(
            translate("Standing", "What you sent went by the earlier version; the platform did not take it.")
        )
    count = len(opened.outdated)
    if count:
        one = translate("Standing", "1 rating does not count until you look at it again.")
        many = translate("Standing", "{count} ratings do not count until you look at them again.")
        lines.append(one if count == 1 else many.format(count=count))
    if opened.is_rubric_changed:
        lines.append(translate("Standing", "Nothing that you rated or wrote was changed."))
        title = versions_words(opened)
    elif count:
        title = translate("Standing", "The rubric changed: look at these ratings again")
    elif lines:
        title = translate("Standing", "Ready to be sent again")
    else:
        return None
    see = BannerAct(SHOW_CHANGES, translate("Standing", "See what changed"), "scale")
    return Banner(
        "warning",
        "scale",
        title,
        tuple(lines),
        criteria=tuple(opened.outdated),
        criteria_title=translate("Standing", "Look at:"),
        acts=(see,) if opened.is_rubric_changed else (),
    )


def _went_by_another_version(opened: OpenedSubmission, item: OutboxItem) -> bool:
    if item.state is not OutboxState.CONFLICT:
        return False
    sent_for = json.loads(item.body).get("rubric_hash")
    return bool(sent_for != opened.rubric.hash)


def _given_back_banner(standing: GivingBack) -> Banner:
    acts: tuple[BannerAct, ...] = ()
    if standing.can_keep:
        acts = (BannerAct(KEEP_WORK, translate("Standing", "Keep this work after all"), "undo-2"),)
    return Banner(
        "accent",
        "send",
        translate("Standing", "Given back, waiting to be sent"),
        (
            translate("Standing", "Somebody else gets it, as if it had never been with you."),
            translate(
                "Standing",
                "What you made of it stays here until the platform has confirmed; then it is erased.",
            ),
        ),
        acts=acts,
    )


def _not_given_back_banner(standing: GivingBack) -> Banner | None:
    if not standing.refused:
        return None
    title = translate("Standing", "This was not given back")
    return Banner("warning", "circle-alert", title, (standing.refused,))


def _two_sides_banner() -> Banner:
    return Banner(
        "danger",
        "circle-alert",
        translate("Standing", "Changed here and on the platform"),
        (translate("Standing", "Both are kept, yours with everything in it. Nothing is sent or replaced."),),
        acts=(BannerAct(COMPARE, translate("Standing", "Compare both sides…"), "scale"),),
    )


def assessor_banner(opened: OpenedSubmission, now: datetime) -> Banner | None:
    """What stands above the assessor's work; None while there is nothing to say."""
    submission = opened.submission
    if opened.ending is not None:
        sent = latest_item(opened.outbox, OutboxKind.RECOMMENDATION)
        return ended_banner(opened.ending, sent, now)
    if opened.giving_back.waits:
        return _given_back_banner(opened.giving_back)
    if opened.conflict:
        return _two_sides_banner()
    if submission.status in (SubmissionStatus.AWARDED, SubmissionStatus.DENIED):
        final = [d for d in opened.decisions if d.outcome is not DecisionOutcome.RETURN]
        return decided_banner(opened, final[-1] if final else None)
    item = latest_item(opened.outbox, OutboxKind.RECOMMENDATION)
    changed = _rubric_banner(opened, item) if opened.is_editable else None
    changed = changed or evidence_banner(opened, item)
    if changed is not None:
        return changed
    if item is not None and item.state is OutboxState.ACKED and not opened.is_editable:
        return sent_banner(item, opened.taking_back, now)
    if item is not None and (not opened.is_editable or item.state in _NEEDS_YOU):
        return sending_banner(item, now, next_step=translate("Standing", "Waiting for the approver."))
    if submission.return_note is not None and opened.is_editable:
        return Banner(
            "warning",
            "corner-up-left",
            translate("Standing", "The approver returned this to you"),
            (),
            submission.return_note.reason,
            submission.return_note.criteria,
        )
    if not opened.is_editable:
        return Banner(
            "true",
            "lock",
            translate("Standing", "Read-only"),
            (translate("Standing", "It is not your turn now. What you wrote is kept."),),
        )
    return _not_given_back_banner(opened.giving_back) or lease_banner(opened, now)


def approver_banner(brief: DecisionBrief, now: datetime) -> Banner | None:
    """What stands above the approver's work; None while there is nothing to say."""
    if brief.ending is not None:
        return ended_banner(brief.ending, latest_item(brief.outbox, OutboxKind.DECISION), now)
    if brief.giving_back.waits:
        return _given_back_banner(brief.giving_back)
    if brief.conflict:
        return _two_sides_banner()
    item = latest_item(brief.outbox, OutboxKind.DECISION)
    if item is not None and (not brief.is_editable or item.state in _NEEDS_YOU):
        return sending_banner(item, now, next_step="")
    returns = [d for d in brief.decisions if d.outcome is DecisionOutcome.RETURN]
    if brief.is_editable and brief.submission.round > 1 and returns:
        last = returns[-1]
        title = translate("Standing", "You returned this; it has come back")
        return Banner("accent", "corner-up-left", title, (), last.reason, last.criteria)
    if brief.is_editable:
        return _not_given_back_banner(brief.giving_back)
    words = brief.labels.get(brief.submission.status, "") or translate("Standing", "Read-only")
    text = translate("Standing", "It is not with you now. What you wrote is kept.")
    return Banner("true", "lock", words, (text,))
