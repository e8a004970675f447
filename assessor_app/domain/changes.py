"""What a verb changed, so that a view reloads only what it shows."""

from __future__ import annotations

from dataclasses import dataclass, field

from assessor_app.domain.ids import SubmissionId


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """The parts of the local store that a committed transaction touched."""

    submissions: frozenset[SubmissionId] = field(default_factory=frozenset)
    """Platform state changed: the submission, its decision, its recommendation."""
    assessments: frozenset[SubmissionId] = field(default_factory=frozenset)
    """Ratings, feedback or the assessment's state changed."""
    annotations: frozenset[SubmissionId] = field(default_factory=frozenset)
    """Annotations or evidence links changed."""
    evidence: frozenset[SubmissionId] = field(default_factory=frozenset)
    """Files of evidence arrived or left."""
    inbox: bool = False
    """Rows of the inbox came, went or changed."""
    outbox: bool = False
    """What waits to be sent changed."""
    cases: bool = False
    """Questions and reports came or changed."""
    frame: bool = False
    """What the issuer or the team gives changed: policy, calendar, practice anchors."""
    comments: bool = False
    """Entries of the comment bank came, went or changed, the person's own or the team's."""
    initiator: object | None = field(default=None, compare=False)
    """The view that asked for it; an editor with focus ignores its own changes."""

    @classmethod
    def of_writing(cls, submission_id: SubmissionId) -> ChangeSet:
        """What somebody makes of a submission was changed, and her row of the inbox with it."""
        return cls(assessments=frozenset({submission_id}), inbox=True)

    @classmethod
    def of_sending(cls, submission_id: SubmissionId) -> ChangeSet:
        """What is sent for a submission was put in the queue, left it, or was answered."""
        only = frozenset({submission_id})
        return cls(submissions=only, assessments=only, inbox=True, outbox=True)

    @classmethod
    def of_ending(cls, submission_id: SubmissionId) -> ChangeSet:
        """The work on a submission left this person, or what was kept of it went."""
        only = frozenset({submission_id})
        return cls(only, only, only, only, inbox=True, outbox=True)

    def __or__(self, other: ChangeSet) -> ChangeSet:
        """Both changes as one; the initiator is kept only if it is the same."""
        return ChangeSet(
            self.submissions | other.submissions,
            self.assessments | other.assessments,
            self.annotations | other.annotations,
            self.evidence | other.evidence,
            self.inbox or other.inbox,
            self.outbox or other.outbox,
            self.cases or other.cases,
            self.frame or other.frame,
            self.comments or other.comments,
            self.initiator if self.initiator is other.initiator else None,
        )

    def __bool__(self) -> bool:
        """Whether anything changed."""
        return bool(
            self.submissions
            or self.assessments
            or self.annotations
            or self.evidence
            or self.inbox
            or self.outbox
            or self.cases
            or self.frame
            or self.comments
        )
