"""Between wire objects and domain objects. Field names agree by design, so most of it is the codec."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

from pydantic import BaseModel

from assessor_app.domain import codec
from assessor_app.domain.annotations import Annotation, Audience
from assessor_app.domain.assessments import (
    ArtifactFeedback,
    Assessment,
    CriterionFeedback,
    Decision,
    DecisionDraft,
    DecisionOutcome,
    Outcome,
    Rating,
    Receipt,
    Recommendation,
    RuleResult,
)
from assessor_app.domain.cases import Case
from assessor_app.domain.comment_bank import BankEntry, Scope
from assessor_app.domain.comment_files import MAX_TEXT_CHARS, MAX_TITLE_CHARS, title_of
from assessor_app.domain.deadlines import Calendar
from assessor_app.domain.ids import (
    BankEntryId,
    CriterionId,
    MicrocredentialId,
    RecommendationId,
    SubmissionId,
)
from assessor_app.domain.matches import Excerpt, Match, SubmissionMatches
from assessor_app.domain.policy import Policy
from assessor_app.domain.pre_assessments import PreAssessment, PreAssessmentOutcome
from assessor_app.domain.submissions import Assignment, RubricRef, Submission
from assessor_app.privacy.strings import display_text, shown_name, shown_source
from assessor_app.sync import protocol, web_annotation
from assessor_app.sync.strict_json import broken


def _plain(wire: BaseModel) -> dict[str, Any]:
    return wire.model_dump(mode="json")


def submission(wire: protocol.SubmissionWire, rev: int) -> Submission:
    """The submission of a wire object, its names made fit to be shown.

    Raises:
        ProtocolBroken: the data does not fit.
    """
    data = _plain(wire)
    data["rev"] = rev
    _name(data)
    for prior in data["prior"]:
        _name(prior)
        for pairs in ("feedback", "levels"):
            prior[pairs] = [list(item) for item in prior[pairs].items()]
    try:
        return codec.from_json(Submission, data)
    except codec.CodecError as error:
        raise broken(str(error)) from None


def _name(untrusted_data: dict[str, Any]) -> None:
    """Make the names in an attempt's plain data fit to be shown, before anything is made of them.

    Codes and titles become one line; files get neutral names, whatever they are called.
    """
    for name in ("code", "title"):
        if name in untrusted_data:
            untrusted_data[name] = display_text(untrusted_data[name])
    numbers = itertools.count(1)
    for part in untrusted_data["parts"]:
        for file in part["artifacts"]:
            file["filename"] = shown_name(file["filename"], next(numbers), media_type=file["media_type"])
        for link in part["links"]:
            link["title"] = display_text(link["title"])
            shot = link["snapshot"]
            if shot is not None:
                kind = shot["media_type"]
                shot["filename"] = shown_name(shot["filename"], 0, word="Snapshot", media_type=kind)


def similarity(wire: protocol.SimilarityWire) -> SubmissionMatches:
    """What a submission shares with others, with neutral names of files."""
    untrusted = codec.from_json(SubmissionMatches, _plain(wire))
    return replace(untrusted, matches=tuple(_named_match(match) for match in untrusted.matches))


def _named_match(untrusted: Match) -> Match:
    def source(excerpt: Excerpt) -> Excerpt:
        return replace(excerpt, source=shown_source(excerpt.source))

    return replace(
        untrusted,
        passages=tuple(
            replace(one, here=source(one.here), there=source(one.there)) for one in untrusted.passages
        ),
        copies=tuple(
            replace(one, here=shown_name(one.here, 0), there=shown_name(one.there, 0))
            for one in untrusted.copies
        ),
        here=replace(untrusted.here, approved=tuple(map(shown_source, untrusted.here.approved))),
        there=replace(untrusted.there, approved=tuple(map(shown_source, untrusted.there.approved))),
    )


def assignment(wire: protocol.AssignmentWire) -> Assignment:
    """The assignment of a wire object."""
    return Assignment(SubmissionId(wire.submission_id), wire.role, wire.lease_until, wire.sampled)


def recommendation(wire: protocol.RecommendationWire) -> Recommendation:
    """The recommendation of a wire object.

    Raises:
        ProtocolBroken: an annotation does not fit.
    """
    return Recommendation(
        id=RecommendationId(wire.id),
        submission_id=SubmissionId(wire.submission_id),
        round=wire.round,
        ratings=tuple(codec.from_json(Rating, _plain(score)) for score in wire.scores),
        feedback=tuple(codec.from_json(CriterionFeedback, _plain(part)) for part in wire.feedback.criteria),
        overall=wire.feedback.overall,
        note_to_approver=wire.note_to_approver,
        annotations=tuple(web_annotation.from_wire(part) for part in wire.annotations),
        outcome=wire.outcome,
        rule_result=wire.rule_result,
        rubric_hash=wire.rubric_hash,
        evidence_digest=wire.evidence_digest,
        sent_at=wire.sent_at,
        artifact_feedback=tuple(ArtifactFeedback(a.source_id, a.text) for a in wire.feedback.artifacts),
    )


def decision(wire: protocol.DecisionWire) -> Decision:
    """The decision of a wire object."""
    return codec.from_json(Decision, _plain(wire))


def receipt(wire: protocol.ReceiptWire) -> Receipt:
    """The receipt of a wire object."""
    return codec.from_json(Receipt, _plain(wire))


def policy(wire: protocol.PolicyWire) -> Policy:
    """The issuer's settings of a wire object; its words for states are kept apart."""
    return codec.from_json(Policy, _plain(wire))


def calendar(wire: protocol.CalendarWire) -> Calendar:
    """The issuer's business days.

    Raises:
        ValueError: a calendar without a business day, or of a zone that is not known.
    """
    try:
        return Calendar(
            id=wire.id,
            tz=wire.tz,
            weekend=frozenset(wire.weekend),
            holidays=frozenset(wire.holidays),
            version=wire.version,
            end_of_business=wire.end_of_business,
        )
    except ZoneInfoNotFoundError:
        raise ValueError("a calendar in a zone that is not known") from None


def case(wire: protocol.CaseWire, rev: int) -> Case:
    """The question or report of a wire object."""
    data = _plain(wire) | {"rev": rev, "detail": [list(item) for item in wire.detail.items()]}
    return codec.from_json(Case, data)


def recommendation_body(
    assessment: Assessment,
    annotations: tuple[Annotation, ...],
    rubric: RubricRef,
    *,
    evidence_digest: str,
    outcome: Outcome,
    rule_result: RuleResult,
) -> protocol.RecommendationIn:
    """What is sent for an assessment. An annotation that only its author reads stays here."""
    return protocol.RecommendationIn(
        round=assessment.round,
        rubric_hash=rubric.hash,
        evidence_digest=evidence_digest,
        scores=[
            protocol.ScoreWire(
                criterion_id=rating.criterion_id,
                level=rating.level,
                not_scorable=rating.not_scorable,
                note=rating.note,
            )
            for rating in assessment.ratings
            if rating.is_set
        ],
        feedback=protocol.FeedbackWire(
            criteria=[
                protocol.CriterionFeedbackWire(
                    criterion_id=part.criterion_id,
                    text=part.text,
                    seen=part.seen,
                    missing=part.missing,
                    next_step=part.next_step,
                    looked_in=list(part.looked_in),
                )
                for part in assessment.feedback
            ],
            artifacts=[
                protocol.ArtifactFeedbackWire(source_id=part.source_id, text=part.text)
                for part in assessment.artifact_feedback
            ],
            overall=assessment.overall,
        ),
        annotations=[
            web_annotation.to_wire(annotation, rubric)
            for annotation in annotations
            if annotation.audience is not Audience.ONLY_ME
        ],
        outcome=outcome,
        rule_result=rule_result,
        note_to_approver=assessment.note_to_approver,
    )


def pre_assessment_body(
    work: PreAssessment, rubric: RubricRef, outcome: PreAssessmentOutcome, asked: Collection[str]
) -> protocol.PreAssessmentIn:
    """What is sent for a pre-assessment: the indicators that the rubric asks for, nothing on competency."""
    return protocol.PreAssessmentIn(
        rubric_hash=rubric.hash,
        indicators=[
            protocol.IndicatorWire(id=check.id, met=check.met, note=check.note)
            for check in work.checks
            if check.met is not None and check.id in asked
        ],
        outcome=outcome.value,
        feedback=work.feedback,
    )


def decision_body(
    draft: DecisionDraft, recommendation_id: RecommendationId, outcome: DecisionOutcome
) -> protocol.DecisionIn:
    """What is sent for a decision: of a return that was begun and given up nothing leaves."""
    is_return = outcome is DecisionOutcome.RETURN
    return protocol.DecisionIn(
        round=draft.round,
        recommendation_id=recommendation_id,
        outcome=outcome,
        reason=draft.reason if is_return else "",
        criteria=list(draft.criteria) if is_return else [],
        overrides=[
            protocol.OverrideWire(criterion_id=change.criterion_id, level=change.level, why=change.why)
            for change in draft.overrides
        ],
        final_feedback="" if is_return else draft.final_feedback,
        independent_marks=[
            protocol.IndependentMarkWire(criterion_id=mark.criterion_id, passing=mark.passing)
            for mark in draft.marks
        ],
        revealed_at=draft.revealed_at,
    )


def team_comment(wire: protocol.TeamCommentWire) -> BankEntry:
    """An entry of the team's comment bank, its title made fit to be shown.

    Raises:
        ValueError: it says nothing, or more than an entry may.
    """
    text = wire.text.strip()
    if not text or len(text) > MAX_TEXT_CHARS:
        raise ValueError("a team comment without text, or with too much of it")
    return BankEntry(
        id=BankEntryId(wire.id),
        scope=Scope.TEAM,
        title=display_text(wire.title, max_chars=MAX_TITLE_CHARS).strip() or title_of(text),
        text=text,
        microcredential_id=MicrocredentialId(wire.microcredential_id) if wire.microcredential_id else None,
        criterion_id=CriterionId(wire.criterion_id) if wire.criterion_id else None,
        level=wire.level or None,
    )
