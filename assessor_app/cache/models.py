"""The tables of the local store. They are made by the migrations alone; a test holds both equal.

Server state and local work lie in different tables. Whole records are kept as JSON documents beside the
columns that lists and orders need. Times are microseconds since 1970 in UTC (`moments`).
"""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint, Index, MetaData, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Model(DeclarativeBase):
    """Base of all tables; names of constraints are fixed so that later migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


# ---- What the platform says ----


class SubmissionRecord(Model):
    """A submission as the platform last sent it."""

    __tablename__ = "submission"
    __table_args__ = (
        Index(None, "rubric_id", "rubric_version"),
        # Looking for what is settled reads none of the documents.
        Index(
            "ix_submission_settled",
            "id",
            sqlite_where=text("status IN ('incomplete', 'awarded', 'denied', 'withdrawn')"),
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    rev: Mapped[int]
    status: Mapped[str]
    round: Mapped[int]
    code: Mapped[str]
    title: Mapped[str]
    submission_type: Mapped[str]
    received_us: Mapped[int]
    pre_assessment_due_us: Mapped[int | None]
    pre_assessment_due_kind: Mapped[str | None]
    assessment_due_us: Mapped[int | None]
    assessment_due_kind: Mapped[str | None]
    decision_due_us: Mapped[int | None]
    decision_due_kind: Mapped[str | None]
    final_us: Mapped[int | None]
    is_resubmission: Mapped[bool]
    is_returned: Mapped[bool]
    rubric_id: Mapped[str]
    rubric_version: Mapped[int]
    removed_reason: Mapped[str | None]
    """Set when the platform took the record away; what was made of it here stays."""
    document: Mapped[bytes]
    """Last, so that reading the columns before it touches none of its pages."""


class AssignmentRecord(Model):
    """That a submission is this actor's work in a role."""

    __tablename__ = "assignment"

    submission_id: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    lease_until_us: Mapped[int | None]
    sampled: Mapped[bool]


class RubricRecord(Model):
    """An immutable rubric version."""

    __tablename__ = "rubric_version"

    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str]
    criteria_count: Mapped[int]
    document: Mapped[bytes]


class RecommendationRecord(Model):
    """A recommendation that the platform has."""

    __tablename__ = "recommendation"
    __table_args__ = (Index(None, "submission_id", "round"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    submission_id: Mapped[str]
    round: Mapped[int]
    document: Mapped[bytes]


class DecisionRecord(Model):
    """A decision that the platform has."""

    __tablename__ = "decision"
    __table_args__ = (Index(None, "submission_id", "round"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    submission_id: Mapped[str]
    round: Mapped[int]
    document: Mapped[bytes]


class RecordRev(Model):
    """Which version of each of the platform's records is held here."""

    __tablename__ = "record_rev"

    type: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    rev: Mapped[int]


class Quarantine(Model):
    """A record of the platform that could not be read; the rest went on without it."""

    __tablename__ = "quarantine"

    type: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    rev: Mapped[int]
    reason: Mapped[str]


class Setting(Model):
    """Single values: the sync cursor, the platform's time, the issuer's words."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class Secret(Model):
    """Tokens of the signed-in session."""

    __tablename__ = "secret"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


# ---- What the person made here ----


class AssessmentRecord(Model):
    """One assessor's work on one round."""

    __tablename__ = "assessment"

    submission_id: Mapped[str] = mapped_column(primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str]
    overall: Mapped[str]
    note_to_approver: Mapped[str]
    updated_us: Mapped[int | None]
    rubric_hash: Mapped[str]
    """The version that the work was begun against; empty in work begun before this column."""


class RatingRecord(Model):
    """One criterion's rating in a round."""

    __tablename__ = "rating"
    __table_args__ = (
        ForeignKeyConstraint(["submission_id", "round"], ["assessment.submission_id", "assessment.round"]),
    )

    submission_id: Mapped[str] = mapped_column(primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    criterion_id: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[str | None]
    not_scorable: Mapped[str | None]
    note: Mapped[str]
    rubric_hash: Mapped[str] = mapped_column(server_default="")
    """The version that it was given under."""


class FeedbackRecord(Model):
    """One criterion's feedback in a round."""

    __tablename__ = "criterion_feedback"
    __table_args__ = (
        ForeignKeyConstraint(["submission_id", "round"], ["assessment.submission_id", "assessment.round"]),
    )

    submission_id: Mapped[str] = mapped_column(primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    criterion_id: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
    seen: Mapped[str]
    missing: Mapped[str]
    next_step: Mapped[str]
    looked_in: Mapped[str]
    """JSON list of ids of evidence; empty for none."""
    prefilled: Mapped[str]
    """JSON list of (part, text) as the program filled it in; empty for none."""


class DecisionDraftRecord(Model):
    """What an approver has prepared for one round."""

    __tablename__ = "decision_draft"

    submission_id: Mapped[str] = mapped_column(primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    mark_count: Mapped[int]
    document: Mapped[bytes]


class AnnotationRecord(Model):
    """A mark on a piece of evidence."""

    __tablename__ = "annotation"
    __table_args__ = (Index(None, "submission_id", "created_us"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    submission_id: Mapped[str]
    created_us: Mapped[int]
    document: Mapped[bytes]


class EditStepRecord(Model):
    """One step of undo, with its inverse; `seq` counts from 1 within a submission."""

    __tablename__ = "edit_step"

    submission_id: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str]
    at_us: Mapped[int]
    document: Mapped[bytes]


class EditPosition(Model):
    """How many steps of a submission are done; those behind it can be done again."""

    __tablename__ = "edit_position"

    submission_id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]


class OutboxRecord(Model):
    """One thing that waits to be sent, or was. Triggers keep its bytes and refuse to lose it."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(None, "submission_id", "seq"),
        Index("ix_outbox_open", "state", sqlite_where=text("state <> 'acked'")),
        Index("uq_outbox_id", "id", unique=True),
        {"sqlite_autoincrement": True},
    )

    seq: Mapped[int] = mapped_column(primary_key=True)
    """The order of sending; never used twice."""
    id: Mapped[str]
    submission_id: Mapped[str]
    kind: Mapped[str]
    round: Mapped[int | None]
    """The round that the body names."""
    path: Mapped[str]
    body: Mapped[bytes]
    sha256: Mapped[str]
    base_rev: Mapped[int]
    state: Mapped[str]
    attempts: Mapped[int]
    created_us: Mapped[int]
    next_try_us: Mapped[int | None]
    last_status: Mapped[int | None]
    last_error: Mapped[str]
    superseded_by: Mapped[str | None]
    """The id of the newer row that took the place of this refused one; its own when it is simply over."""
    receipt: Mapped[bytes | None]
    request_id: Mapped[str] = mapped_column(server_default="")
    """What the platform called its last answer, for support; empty where it said nothing."""


class EvidenceRecord(Model):
    """One file of evidence, on this machine or wanted."""

    __tablename__ = "evidence_file"
    __table_args__ = (
        Index(None, "submission_id"),
        Index(
            "ix_evidence_file_wanted",
            "due_us",
            sqlite_where=text("state IN ('wanted', 'partial')"),
        ),
        Index("ix_evidence_file_missing", "submission_id", sqlite_where=text("state <> 'ready'")),
    )

    blob_id: Mapped[str] = mapped_column(primary_key=True)
    submission_id: Mapped[str]
    artifact_id: Mapped[str]
    is_rendition: Mapped[bool]
    media_type: Mapped[str]
    size_bytes: Mapped[int]
    sha256: Mapped[str]
    state: Mapped[str]
    failures: Mapped[int]
    due_us: Mapped[int]
    """When the submission is due; the order of fetching."""


class SubmissionKey(Model):
    """The random key of a submission's sealed files; deleting it shreds them."""

    __tablename__ = "submission_key"

    submission_id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[bytes]


class TextPage(Model):
    """The text layer of one page, taken out once."""

    __tablename__ = "text_page"

    blob_id: Mapped[str] = mapped_column(primary_key=True)
    page: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    words_json: Mapped[str]


class ReadingStateRecord(Model):
    """How far one piece of evidence was read here; never sent."""

    __tablename__ = "reading_state"

    submission_id: Mapped[str] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(primary_key=True)
    document: Mapped[bytes]


class LocalCopyRecord(Model):
    """A copy of an artifact in another format, made and sealed on this machine."""

    __tablename__ = "local_copy"
    __table_args__ = (Index(None, "submission_id", "source_sha256"),)

    blob_id: Mapped[str] = mapped_column(primary_key=True)
    submission_id: Mapped[str]
    source_sha256: Mapped[str]
    """Digest of the file that it was made from."""
    media_type: Mapped[str]
    size_bytes: Mapped[int]
    sha256: Mapped[str]
    renderer: Mapped[str]
    """What made it, such as "LibreOffice 7.4"."""


class MediaProbeRecord(Model):
    """What a trial of a recording found, and whether it was open when the program ended."""

    __tablename__ = "media_probe"
    __table_args__ = (Index(None, "submission_id"),)

    sha256: Mapped[str] = mapped_column(primary_key=True)
    submission_id: Mapped[str]
    state: Mapped[str]
    document: Mapped[bytes]
    duration_ms: Mapped[int | None]


# ---- Derived, so that the inbox costs one indexed read ----


class InboxEntry(Model):
    """Where a submission stands in one role's inbox; always derived from the tables above (`inbox_sql`)."""

    __tablename__ = "inbox_entry"
    __table_args__ = (
        Index("ix_inbox_entry_order", "role", "band", "due_order", "received_us", "submission_id"),
    )

    submission_id: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    band: Mapped[int]
    """0 needs the person, 1 open work, 2 done here and waiting for others, 3 settled."""
    due_order: Mapped[int]
    """`due_us`, or the largest number when nothing is due."""
    received_us: Mapped[int]
    due_us: Mapped[int | None]
    due_kind: Mapped[str | None]
    lease_until_us: Mapped[int | None]
    local_state: Mapped[str]
    outbox_state: Mapped[str | None]
