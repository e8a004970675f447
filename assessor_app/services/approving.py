"""The approver's verbs: evidence before opinion, then reveal, then decide or return."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from assessor_app.cache import assessments, conflicts, endings, evidence, outbox, submissions
from assessor_app.cache.engine import Transaction
from assessor_app.domain.annotations import Annotation, Audience
from assessor_app.domain.assessments import (
    CriterionFeedback,
    DecisionDraft,
    DecisionOutcome,
    IndependentMark,
    OutboxItem,
    OutboxKind,
    Override,
    Rating,
    Recommendation,
    RuleResult,
)
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import CriterionId, SubmissionId
from assessor_app.domain.roles import Role
from assessor_app.domain.states import OutboxState, SubmissionStatus
from assessor_app.domain.submissions import Assignment, Submission
from assessor_app.domain.wording import has_words
from assessor_app.errors import NotAllowed
from assessor_app.rubric.award_rule import Verdict, evaluate
from assessor_app.rubric.checks import CheckResult, blocking
from assessor_app.rubric.decision_checks import decision_checks
from assessor_app.rubric.schema import RubricVersion
from assessor_app.rubric.scope import judged_part, scope_of_submission
from assessor_app.services import asking, checking, giving_back, matching
from assessor_app.services.context import Context
from assessor_app.services.queueing import enqueue
from assessor_app.services.reading import assignment_of, pinned
from assessor_app.services.views import DecisionBrief, RatingChange
from assessor_app.sync import wire_domain

NOT_RATED = "Not rated"


def brief(context: Context, submission_id: SubmissionId) -> DecisionBrief:
    """What the approver's view shows; ratings and feedback stay covered until she reveals them.

    Raises:
        NotAllowed: the submission is not on this machine.
    """
    with context.store.read() as txn:
        submission, rubric = pinned(txn, submission_id)
        assignment = assignment_of(txn, submission_id, Role.APPROVER)
        draft = assessments.decision_draft(txn, submission_id, submission.round)
        sent = submissions.recommendations(txn, submission_id)
        latest = next((r for r in reversed(sent) if r.round == submission.round), None)
        decided = submissions.decisions(txn, submission_id)
        items = outbox.of_submission(txn, submission_id)
        files = evidence.files(txn, submission_id)
        labels = submissions.label_map(txn)
        known = matching.covered_matches(txn, submission_id)
        checks = _checks(txn, submission, rubric, latest, draft)
        giving = giving_back.standing_of(txn, submission_id)
        unread = asking.unread_count(txn, submission_id)
        conflict = conflicts.open_of(txn, submission_id)
        has_versions = conflicts.has_settled(txn, submission_id)
        ending = endings.of(txn, submission_id)
    part, outside = judged_part(rubric, scope_of_submission(rubric, submission))
    revealed = draft.revealed_at is not None and latest is not None
    earlier = tuple(r for r in sent if r.round < submission.round)
    marks = _readable(latest.annotations) if latest is not None else ()
    return DecisionBrief(
        submission=submission,
        rubric=part,
        assignment=assignment,
        draft=draft,
        evidence=files,
        annotations=marks if revealed else (),
        evidence_links=_links(rubric, marks if revealed else tuple(replace(m, comment="") for m in marks)),
        recommendation=latest if revealed else None,
        has_recommendation=latest is not None,
        earlier=earlier if revealed else (),
        changes=_changes(rubric, earlier, latest) if revealed and latest is not None else (),
        decisions=decided,
        verdict=_verdict(submission, rubric, latest, draft) if revealed and latest is not None else None,
        can_reveal=latest is not None and _all_marked(rubric, assignment, draft, submission),
        is_editable=_is_open(submission) and not _has_decided(items, submission.round) and not giving.waits,
        giving_back=giving,
        unread_answers=unread,
        outbox=items,
        labels=labels,
        outside=outside,
        matches=known.matches if revealed and known is not None else (),
        checks=checks if revealed else {},
        conflict=conflict,
        has_versions=has_versions,
        ending=ending,
    )


def mark(context: Context, submission_id: SubmissionId, own: IndependentMark) -> ChangeSet:
    """Note passing or not for one criterion before anything is revealed.

    Raises:
        NotAllowed: already revealed, or not open for a decision.
    """

    def change(draft: DecisionDraft, rubric: RubricVersion) -> DecisionDraft:
        _refuse_unknown(rubric, [own.criterion_id])
        if draft.revealed_at is not None:
            raise NotAllowed(
                "The ratings are already revealed",
                "Your own marks from before stay as they were.",
            )
        others = tuple(m for m in draft.marks if m.criterion_id != own.criterion_id)
        return replace(draft, marks=(*others, own))

    return _edit(context, submission_id, change)


def reveal(context: Context, submission_id: SubmissionId) -> ChangeSet:
    """Uncover the assessor's ratings, feedback and the rule's reasons.

    Raises:
        NotAllowed: nothing has arrived, or on a sampled submission a criterion is not marked yet.
    """
    now = context.clock.now()
    present = brief(context, submission_id)
    if not present.can_reveal:
        raise NotAllowed(
            "Look at the evidence first",
            "This submission asks for your own view of every criterion before the ratings are shown."
            if present.has_recommendation
            else "The assessor's recommendation has not arrived yet.",
            "Mark each criterion as passing or not, then reveal."
            if present.has_recommendation
            else "Connect and sync, then open it again.",
        )
    return _edit(context, submission_id, lambda d, _: d if d.revealed_at else replace(d, revealed_at=now))


def override(
    context: Context, submission_id: SubmissionId, criterion_id: CriterionId, change: Override | None
) -> ChangeSet:
    """Change one rating with a reason, or take the change back.

    Raises:
        NotAllowed: still covered, not open for a decision, or a level that the rubric version does not have.
    """

    def apply(draft: DecisionDraft, rubric: RubricVersion) -> DecisionDraft:
        _refuse_covered(draft)
        _refuse_unknown(rubric, [criterion_id])
        if change is not None and (
            change.criterion_id != criterion_id or rubric.level_of(criterion_id, change.level) is None
        ):
            raise _unknown()
        others = tuple(o for o in draft.overrides if o.criterion_id != criterion_id)
        return replace(draft, overrides=(*others, change) if change else others)

    return _edit(context, submission_id, apply)


def save_text(
    context: Context,
    submission_id: SubmissionId,
    *,
    reason: str | None = None,
    final_feedback: str | None = None,
    criteria: Sequence[CriterionId] | None = None,
) -> ChangeSet:
    """Keep the reason of a return, the criteria it names, or the final feedback; None leaves one as it is.

    Raises:
        NotAllowed: not open for a decision.
    """

    def apply(draft: DecisionDraft, rubric: RubricVersion) -> DecisionDraft:
        _refuse_unknown(rubric, criteria or ())
        return replace(
            draft,
            reason=draft.reason if reason is None else reason,
            final_feedback=draft.final_feedback if final_feedback is None else final_feedback,
            criteria=draft.criteria if criteria is None else tuple(criteria),
        )

    return _edit(context, submission_id, apply)


def decide(context: Context, submission_id: SubmissionId, outcome: DecisionOutcome) -> ChangeSet:
    """Put the decision among what waits to be sent, in one transaction with its frozen bytes.

    Raises:
        NotAllowed: covered, a return without a reason, an outcome that the ratings do not allow, words that
            must not leave, a denial that does not explain itself, or already decided.
    """
    with context.store.write() as txn:
        submission, rubric = _open_for_decision(txn, submission_id)
        draft = assessments.decision_draft(txn, submission_id, submission.round)
        sent = submissions.recommendations(txn, submission_id)
        latest = next((r for r in reversed(sent) if r.round == submission.round), None)
        if latest is None:
            raise NotAllowed("There is nothing to decide yet", "The recommendation has not arrived.")
        _refuse_covered(draft)
        _refuse_illegal(outcome, draft, _verdict(submission, rubric, latest, draft))
        in_way = blocking(_checks(txn, submission, rubric, latest, draft)[outcome])
        if in_way:
            raise NotAllowed("This cannot be sent yet", in_way[0].text, "Change it; everything is kept.")
        body = wire_domain.decision_body(draft, latest.id, outcome)
        enqueue(context, txn, submission, OutboxKind.DECISION, body)
    return ChangeSet.of_sending(submission_id)


def _refuse_illegal(outcome: DecisionOutcome, draft: DecisionDraft, verdict: Verdict) -> None:
    if any(not has_words(change.why) for change in draft.overrides):
        raise NotAllowed("A changed rating needs a reason", "Say why for each rating that you changed.")
    if outcome is DecisionOutcome.RETURN:
        if not has_words(draft.reason):
            raise NotAllowed("A return needs a reason", "The assessor has to know what to look at again.")
        return
    barred = {DecisionOutcome.AWARD: RuleResult.NO, DecisionOutcome.DENY: RuleResult.YES}[outcome]
    if verdict.result is barred:
        word = "award" if barred is RuleResult.NO else "deny"
        raise NotAllowed(
            f"The ratings do not allow to {word}",
            "The outcome follows from the ratings by the rule. Nothing was sent.",
            "Change a rating with a reason, or return it to the assessor.",
        )


def _refuse_covered(draft: DecisionDraft) -> None:
    if draft.revealed_at is None:
        raise NotAllowed("The ratings are still covered", "Look at the evidence, then reveal them.")


def _refuse_unknown(rubric: RubricVersion, criteria: Sequence[CriterionId]) -> None:
    if not {c.id for c in rubric.criteria}.issuperset(criteria):
        raise _unknown()


def _unknown() -> NotAllowed:
    return NotAllowed(
        "This level or criterion is not in the rubric",
        "The submission was made for another version of the rubric. Nothing was changed.",
    )


def _edit(
    context: Context,
    submission_id: SubmissionId,
    change: Callable[[DecisionDraft, RubricVersion], DecisionDraft],
) -> ChangeSet:
    with context.store.write() as txn:
        submission, rubric = _open_for_decision(txn, submission_id)
        draft = assessments.decision_draft(txn, submission_id, submission.round)
        assessments.put_decision_draft(txn, change(draft, rubric))
    return ChangeSet.of_writing(submission_id)


def _open_for_decision(txn: Transaction, submission_id: SubmissionId) -> tuple[Submission, RubricVersion]:
    submission, rubric = pinned(txn, submission_id)
    items = outbox.of_submission(txn, submission_id)
    if not _is_open(submission) or _has_decided(items, submission.round):
        raise NotAllowed(
            "This is decided already, or not with you now",
            "What you wrote is kept. Nothing was changed.",
        )
    return submission, rubric


def _is_open(submission: Submission) -> bool:
    return submission.status is SubmissionStatus.WAITING_ON_APPROVER


def _has_decided(items: Sequence[OutboxItem], round_number: int) -> bool:
    """Whether a decision on this round waits or was sent; one that the platform refused is open again."""
    return any(
        item.kind is OutboxKind.DECISION
        and item.state not in (OutboxState.CONFLICT, OutboxState.REJECTED)
        and json.loads(item.body)["round"] == round_number
        for item in items
    )


def _all_marked(
    rubric: RubricVersion, assignment: Assignment, draft: DecisionDraft, submission: Submission
) -> bool:
    if not assignment.sampled or submission.round > 1:
        return True
    in_scope = scope_of_submission(rubric, submission)
    asked = {c.id for c in rubric.criteria} if in_scope is None else in_scope
    return asked <= {m.criterion_id for m in draft.marks}


def _verdict(
    submission: Submission, rubric: RubricVersion, latest: Recommendation, draft: DecisionDraft
) -> Verdict:
    in_scope = scope_of_submission(rubric, submission)
    return evaluate(rubric, _ratings(latest, draft), submission.accommodations, in_scope)


def _ratings(latest: Recommendation, draft: DecisionDraft) -> tuple[Rating, ...]:
    """The assessor's, with the approver's in their place."""
    changed = {change.criterion_id: Rating(change.criterion_id, change.level) for change in draft.overrides}
    return tuple(({rating.criterion_id: rating for rating in latest.ratings} | changed).values())


def _checks(
    txn: Transaction,
    submission: Submission,
    rubric: RubricVersion,
    latest: Recommendation | None,
    draft: DecisionDraft,
) -> Mapping[DecisionOutcome, tuple[CheckResult, ...]]:
    """What the checks find in each decision that could be sent; nothing before a recommendation is here."""
    if latest is None:
        return {}
    look = checking.wordings_of(txn, submission)
    in_scope = scope_of_submission(rubric, submission)
    return {
        outcome: decision_checks(
            rubric,
            draft,
            outcome,
            _ratings(latest, draft),
            latest.feedback,
            look,
            accommodations=submission.accommodations,
            in_scope=in_scope,
        )
        for outcome in DecisionOutcome
    }


def _readable(marks: Sequence[Annotation]) -> tuple[Annotation, ...]:
    return tuple(m for m in marks if m.audience is not Audience.ONLY_ME)


def _links(rubric: RubricVersion, marks: Sequence[Annotation]) -> dict[CriterionId, tuple[Annotation, ...]]:
    return {c.id: tuple(m for m in marks if c.id in m.criteria) for c in rubric.criteria}


def _changes(
    rubric: RubricVersion, earlier: Sequence[Recommendation], latest: Recommendation
) -> tuple[RatingChange, ...]:
    if not earlier:
        return ()
    last, changes = earlier[-1], []
    for criterion in rubric.criteria:
        before, after = _words(rubric, last, criterion.id), _words(rubric, latest, criterion.id)
        feedback_changed = _feedback(last, criterion.id) != _feedback(latest, criterion.id)
        if before != after or feedback_changed:
            changes.append(RatingChange(criterion.id, before, after, before != after, feedback_changed))
    return tuple(changes)


def _words(rubric: RubricVersion, sent: Recommendation, criterion_id: CriterionId) -> str:
    for rating in sent.ratings:
        if rating.criterion_id == criterion_id and rating.level is not None:
            level = rubric.level_of(criterion_id, rating.level)
            return level.label if level else rating.level
        if rating.criterion_id == criterion_id and rating.not_scorable is not None:
            codes = {code.code: code.label for code in rubric.not_scorable}
            return codes.get(rating.not_scorable, rating.not_scorable)
    return NOT_RATED


def _feedback(sent: Recommendation, criterion_id: CriterionId) -> CriterionFeedback | None:
    return next((f for f in sent.feedback if f.criterion_id == criterion_id), None)
