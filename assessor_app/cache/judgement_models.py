"""More tables of the local store: what rating, writing and the team need beside the assessment itself."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from assessor_app.cache.models import Model


class ArtifactFeedbackRecord(Model):
    """Feedback on one piece of evidence in a round."""

    __tablename__ = "artifact_feedback"
    __table_args__ = (
        ForeignKeyConstraint(["submission_id", "round"], ["assessment.submission_id", "assessment.round"]),
    )

    submission_id: Mapped[str] = mapped_column(primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]


class PreAssessmentRecord(Model):
    """What a pre-assessor makes of one submission."""

    __tablename__ = "pre_assessment"

    submission_id: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    """draft or final."""
    document: Mapped[bytes]


class TimeSpentRecord(Model):
    """How long a submission was worked on here; never sent."""

    __tablename__ = "time_spent"

    submission_id: Mapped[str] = mapped_column(primary_key=True)
    milliseconds: Mapped[int]


class CaseRecord(Model):
    """A question or report as the platform last sent it."""

    __tablename__ = "team_case"
    __table_args__ = (Index(None, "submission_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    submission_id: Mapped[str]
    kind: Mapped[str]
    state: Mapped[str]
    opened_us: Mapped[int]
    unread: Mapped[int]
    """Answers of the lead that were not shown yet."""
    entries_read: Mapped[int | None]
    """How many entries a lead has had before her; NULL: none."""
    draft: Mapped[str | None]
    """What a lead has begun to answer; never sent by itself."""
    document: Mapped[bytes]


class UnsentQuestionRecord(Model):
    """Words to the team lead that were typed and not sent yet."""

    __tablename__ = "unsent_question"

    submission_id: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]


class MatchesRecord(Model):
    """What a submission shares with other learners', as the platform last sent it; never to an assessor."""

    __tablename__ = "submission_matches"

    submission_id: Mapped[str] = mapped_column(primary_key=True)
    document: Mapped[bytes]


class PracticeAnchorRecord(Model):
    """A passage of a practice anchor with its true level."""

    __tablename__ = "practice_anchor"
    __table_args__ = (Index(None, "rubric_id", "criterion_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    rubric_id: Mapped[str]
    rubric_version: Mapped[int]
    criterion_id: Mapped[str]
    level: Mapped[str]
    document: Mapped[bytes]


class CommentBankRecord(Model):
    """An entry of the comment bank: the person's own, or the team's."""

    __tablename__ = "comment_bank"

    id: Mapped[str] = mapped_column(primary_key=True)
    scope: Mapped[str]
    """personal or team."""
    uses: Mapped[int]
    used_us: Mapped[int | None]
    document: Mapped[bytes]


class PersonalWordRecord(Model):
    """A word that the spell check is to take as right."""

    __tablename__ = "personal_word"

    language: Mapped[str] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(primary_key=True)


class SavedFilterRecord(Model):
    """A named filter of the inbox."""

    __tablename__ = "saved_filter"

    id: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str]
    position: Mapped[int]
    document: Mapped[bytes]


class IdentityFindingRecord(Model):
    """What the identity guard found in one piece of evidence, and what was lifted. Never sent or logged."""

    __tablename__ = "identity_finding"

    submission_id: Mapped[str] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    """Of the file or text that was looked through; another one is looked through again."""
    scanner: Mapped[int]
    """Version of the scan that looked; another one looks again."""
    document: Mapped[bytes]


class LocalEffectRecord(Model):
    """Something that the audit trail will want to know, such as uncovered; kept until it can be told."""

    __tablename__ = "local_effect"

    id: Mapped[str] = mapped_column(primary_key=True)
    submission_id: Mapped[str]
    at_us: Mapped[int]
    what: Mapped[str]
    source_id: Mapped[str | None]
    is_told: Mapped[bool] = mapped_column(server_default="0")
    """Whether the platform has it."""


class SubmissionFact(Model):
    """What filters and the search need of a submission.

    Kept apart because its rows are small: they are read thousands at a time, and beside each submission
    lies its document.
    """

    __tablename__ = "submission_fact"
    __table_args__ = (Index(None, "microcredential_id"), {"sqlite_with_rowid": False})

    submission_id: Mapped[str] = mapped_column(primary_key=True)
    microcredential_id: Mapped[str]
    code: Mapped[str]
    title: Mapped[str]
    is_resubmission: Mapped[bool]
    is_returned: Mapped[bool]
    final_us: Mapped[int | None]
    pages: Mapped[int]
    """Pages of its documents, as far as the platform has told them."""
    recordings: Mapped[int]
    """Video and sound among its files."""


class SearchText(Model):
    """One text that can be searched: an answer, a page of evidence, a comment. Triggers index it."""

    __tablename__ = "search_text"
    __table_args__ = (
        Index(None, "submission_id", "kind", "source_id", "place"),
        Index(None, "blob_id", "place"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[str]
    kind: Mapped[str]
    """A value of `domain.searching.PlaceKind`."""
    source_id: Mapped[str]
    """What it stands in: an answer, an artifact, a criterion, a mark."""
    place: Mapped[int]
    """The 0-based page; 0 elsewhere."""
    blob_id: Mapped[str]
    """The file, for a page of evidence; empty elsewhere."""
    label: Mapped[str]
    """What the source is called: the file's neutral name, what was asked for; may be empty."""
    text: Mapped[str]


class SearchTodo(Model):
    """A submission of which a part is to be indexed anew. Triggers fill it."""

    __tablename__ = "search_todo"

    submission_id: Mapped[str] = mapped_column(primary_key=True)
    part: Mapped[str] = mapped_column(primary_key=True)
    """platform, own or pages."""


class SendReasonRecord(Model):
    """Why one round is sent although checks warn; the reasons leave with the note to the approver."""

    __tablename__ = "send_reason"

    submission_id: Mapped[str] = mapped_column(primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[bytes]
