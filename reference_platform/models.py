"""The platform's tables. Columns named `private_` never leave it; a test plants names in them and looks.

Tables are made by the migrations alone; a test compares them with these models.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    DateTime,
    Dialect,
    Enum,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from assessor_app.domain.cases import CaseKind, CaseState, RecusalReason
from assessor_app.domain.matches import ComparedPart, MatchWeight
from assessor_app.domain.roles import Role
from assessor_app.domain.states import SubmissionStatus

ID_CHARS = 100
"""Longest identifier of the contract."""


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC times, also where the database itself knows no zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; without its zone where the database cannot hold one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Back to an aware UTC time."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of all tables, with one rule for the names of constraints."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {str: Text, datetime: UtcDateTime, dict[str, Any]: JSON, list[str]: JSON}


def _enum_column(kind: type[StrEnum], **kwargs: Any) -> Any:
    """A column of plain text that holds the values of an enum."""
    values = Enum(kind, native_enum=False, length=40, values_callable=lambda e: [m.value for m in e])
    return mapped_column(values, **kwargs)


def _id_column(*args: Any, **kwargs: Any) -> Any:
    return mapped_column(String(ID_CHARS), *args, **kwargs)


class Setting(Base):
    """One value that the platform keeps for itself, such as the secret that signs cursors."""

    __tablename__ = "setting"
    name: Mapped[str] = _id_column(primary_key=True)
    value: Mapped[str]


class Account(Base):
    """A person who works on the platform."""

    __tablename__ = "account"
    actor_id: Mapped[str] = _id_column(primary_key=True)
    login: Mapped[str] = _id_column(unique=True)
    password_hash: Mapped[str | None]
    roles: Mapped[list[str]]
    tz: Mapped[str]
    employer_digest: Mapped[str | None] = mapped_column(String(64))
    """Salted; None when the employer is not known."""
    disabled: Mapped[bool] = mapped_column(Boolean, default=False)
    private_name: Mapped[str]
    private_email: Mapped[str]

    def has_role(self, role: Role) -> bool:
        """Whether the person may act in a role."""
        return role.value in self.roles


class AuthorizationCode(Base):
    """A one-time code of the authorization endpoint, by its digest."""

    __tablename__ = "authorization_code"
    code_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    family_id: Mapped[str] = _id_column()
    """The family of the tokens that come from this code."""
    actor_id: Mapped[str] = _id_column(ForeignKey("account.actor_id"))
    client_id: Mapped[str]
    redirect_uri: Mapped[str]
    scope: Mapped[str]
    code_challenge: Mapped[str]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Token(Base):
    """One access token and its refresh token, both by digest only."""

    __tablename__ = "token"
    access_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    refresh_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    family_id: Mapped[str] = _id_column(index=True)
    actor_id: Mapped[str] = _id_column(ForeignKey("account.actor_id"))
    client_id: Mapped[str]
    scope: Mapped[str]
    access_expires_at: Mapped[datetime]
    refresh_expires_at: Mapped[datetime]
    refreshed_at: Mapped[datetime | None]
    """When the refresh token was used; a second use revokes the family."""
    revoked_at: Mapped[datetime | None]


class DeviceGrant(Base):
    """A sign-in that is confirmed on another device (RFC 8628); its codes by digest only."""

    __tablename__ = "device_grant"
    device_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    client_id: Mapped[str]
    scope: Mapped[str]
    asked_from: Mapped[str]
    """The network address of the workstation, shown to whoever confirms; gone an hour after the code."""
    begun_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    interval_s: Mapped[int]
    asked_at: Mapped[datetime | None]
    """When the workstation last asked."""
    actor_id: Mapped[str | None] = _id_column(ForeignKey("account.actor_id"))
    """Who confirmed it; None while nobody has."""
    is_denied: Mapped[bool] = mapped_column(Boolean, default=False)
    used_at: Mapped[datetime | None]


class Learner(Base):
    """Who submitted."""

    __tablename__ = "learner"
    id: Mapped[str] = _id_column(primary_key=True)
    employer_digest: Mapped[str | None] = mapped_column(String(64))
    private_name: Mapped[str]
    private_email: Mapped[str]


class Document(Base):
    """A policy, a calendar, a practice anchor or a team comment as it goes over the wire."""

    __tablename__ = "document"
    kind: Mapped[str] = _id_column(primary_key=True)
    id: Mapped[str] = _id_column(primary_key=True)
    body: Mapped[dict[str, Any]]


class Rubric(Base):
    """One published rubric version in its native JSON form."""

    __tablename__ = "rubric_version"
    id: Mapped[str] = _id_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    hash: Mapped[str] = mapped_column(String(64))
    body: Mapped[dict[str, Any]]


class Submission(Base):
    """One attempt: the frozen document, and beside it everything that changes."""

    __tablename__ = "submission"
    id: Mapped[str] = _id_column(primary_key=True)
    learner_id: Mapped[str] = _id_column(ForeignKey("learner.id"), index=True)
    microcredential_id: Mapped[str] = _id_column(index=True)
    rubric_id: Mapped[str] = _id_column()
    rubric_version: Mapped[int]
    status: Mapped[SubmissionStatus] = _enum_column(SubmissionStatus)
    round: Mapped[int]
    return_note: Mapped[dict[str, Any] | None]
    numbers_hidden: Mapped[bool] = mapped_column(Boolean, default=False)
    """An attempt was awarded: numbers of earlier attempts are handed out no more; they stay here."""
    evidence_digest: Mapped[str] = mapped_column(String(64))
    body: Mapped[dict[str, Any]]
    """The `SubmissionWire` as it was received."""


class Assignment(Base):
    """That a submission is an actor's work in a role; the row stays when it ends."""

    __tablename__ = "assignment"
    submission_id: Mapped[str] = _id_column(ForeignKey("submission.id"), primary_key=True)
    actor_id: Mapped[str] = _id_column(ForeignKey("account.actor_id"), primary_key=True)
    role: Mapped[Role] = _enum_column(Role, primary_key=True)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    claimed: Mapped[bool] = mapped_column(Boolean, default=False)
    """Taken from the queue by the actor, not given by the platform."""
    lease_until: Mapped[datetime | None]
    sampled: Mapped[bool] = mapped_column(Boolean, default=False)
    __table_args__ = (Index("ix_assignment_actor_id", "actor_id"),)


class EvidenceFile(Base):
    """One file of an artifact: its own bytes, or the PDF copy of them."""

    __tablename__ = "evidence_file"
    artifact_id: Mapped[str] = _id_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    submission_id: Mapped[str] = _id_column(ForeignKey("submission.id"))
    is_rendition: Mapped[bool]
    media_type: Mapped[str]
    size_bytes: Mapped[int] = mapped_column(BigInteger)


class Recommendation(Base):
    """What an assessor sent for one round. A withdrawn one leaves to the audit trail."""

    __tablename__ = "recommendation"
    id: Mapped[str] = _id_column(primary_key=True)
    submission_id: Mapped[str] = _id_column(ForeignKey("submission.id"))
    round: Mapped[int]
    actor_id: Mapped[str] = _id_column(ForeignKey("account.actor_id"))
    sent_at: Mapped[datetime]
    body: Mapped[dict[str, Any]]
    """The `RecommendationIn` as it was received."""
    __table_args__ = (UniqueConstraint("submission_id", "round"),)


class Draft(Base):
    """What somebody has begun and not sent: a copy for her own other computers, and nobody else's."""

    __tablename__ = "draft"
    submission_id: Mapped[str] = _id_column(ForeignKey("submission.id"), primary_key=True)
    actor_id: Mapped[str] = _id_column(ForeignKey("account.actor_id"), primary_key=True)
    round: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    """Of the content; the entity tag."""
    size_bytes: Mapped[int]
    begun_at: Mapped[datetime]
    """When the first of this line of versions was taken: what was copied before that is in none of them."""
    saved_at: Mapped[datetime]
    body: Mapped[dict[str, Any]]
    """The `DraftIn` as it was received; in no feed, trail or log."""


class Decision(Base):
    """What an approver decided on one round."""

    __tablename__ = "decision"
    id: Mapped[str] = _id_column(primary_key=True)
    submission_id: Mapped[str] = _id_column(ForeignKey("submission.id"))
    round: Mapped[int]
    actor_id: Mapped[str] = _id_column(ForeignKey("account.actor_id"))
    decided_at: Mapped[datetime]
    body: Mapped[dict[str, Any]]
    """The `DecisionIn` as it was received."""
    __table_args__ = (UniqueConstraint("submission_id", "round"),)


class StoredAnswer(Base):
    """The answer to one write, kept with its key; a repeat gets it again."""

    __tablename__ = "stored_answer"
    actor_id: Mapped[str] = _id_column(ForeignKey("account.actor_id"), primary_key=True)
    key: Mapped[str] = _id_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    target: Mapped[str]
    """Method and path."""
    status: Mapped[int]
    answer: Mapped[dict[str, Any]]
    receipt: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(index=True)


class AuditEntry(Base):
    """Who did what and when; never handed out by the contract's paths."""

    __tablename__ = "audit_entry"
    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[str] = _id_column()
    submission_id: Mapped[str] = _id_column(index=True)
    what: Mapped[str]
    body: Mapped[dict[str, Any]]


class TeamCase(Base):
    """A question or report for the team lead; `body` is the `CaseWire` as it is now."""

    __tablename__ = "team_case"
    id: Mapped[str] = _id_column(primary_key=True)
    submission_id: Mapped[str] = _id_column(ForeignKey("submission.id"), index=True)
    kind: Mapped[CaseKind] = _enum_column(CaseKind)
    state: Mapped[CaseState] = _enum_column(CaseState)
    opened_by: Mapped[str | None] = _id_column()
    """The actor who sees the answers; None where a learner or the platform opened it."""
    body: Mapped[dict[str, Any]]


class StatusChange(Base):
    """One state that a submission went through, by role."""

    __tablename__ = "status_change"
    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    submission_id: Mapped[str] = _id_column(ForeignKey("submission.id"), index=True)
    at: Mapped[datetime]
    status: Mapped[SubmissionStatus] = _enum_column(SubmissionStatus)
    by: Mapped[str] = _id_column()
    """A role, "learner" or "platform"."""


class Recusal(Base):
    """That an actor gave a submission back for good; she never gets it again."""

    __tablename__ = "recusal"
    submission_id: Mapped[str] = _id_column(ForeignKey("submission.id"), primary_key=True)
    actor_id: Mapped[str] = _id_column(ForeignKey("account.actor_id"), primary_key=True)
    at: Mapped[datetime]
    reason_code: Mapped[RecusalReason] = _enum_column(RecusalReason)


class PreAssessment(Base):
    """What a pre-assessor found; `body` is the `PreAssessmentIn` as it was received."""

    __tablename__ = "pre_assessment"
    id: Mapped[str] = _id_column(primary_key=True)
    submission_id: Mapped[str] = _id_column(ForeignKey("submission.id"), unique=True)
    actor_id: Mapped[str] = _id_column(ForeignKey("account.actor_id"))
    sent_at: Mapped[datetime]
    body: Mapped[dict[str, Any]]


class FeedCounter(Base):
    """The last number of the change feed. Its row lock keeps numbers in the order of commits."""

    __tablename__ = "feed_counter"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger)


class FeedRow(Base):
    """The last change of one record as one actor may know it."""

    __tablename__ = "feed"
    actor_id: Mapped[str] = _id_column(ForeignKey("account.actor_id"), primary_key=True)
    type: Mapped[str] = mapped_column(String(40), primary_key=True)
    record_id: Mapped[str] = _id_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    removed: Mapped[bool]
    reason: Mapped[str | None]
    at: Mapped[datetime]
    __table_args__ = (Index("ix_feed_actor_id_seq", "actor_id", "seq"),)


class ComparedText(Base):
    """One answer, or the words of one file, as it is compared with other learners' submissions."""

    __tablename__ = "compared_text"
    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    submission_id: Mapped[str] = _id_column(ForeignKey("submission.id"), index=True)
    part: Mapped[ComparedPart] = _enum_column(ComparedPart)
    source_id: Mapped[str] = _id_column()
    """Of the response, the artifact or the snapshot."""
    source_name: Mapped[str]
    """The question that was answered, or the file's neutral name."""
    file_sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    """Of a file; None for an answer."""
    text: Mapped[str]


class Fingerprint(Base):
    """That a fingerprint stands in a text."""

    __tablename__ = "fingerprint"
    value: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    text_id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"),
        ForeignKey("compared_text.id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
    )


class Comparison(Base):
    """That a submission was compared, or that it never is."""

    __tablename__ = "comparison"
    submission_id: Mapped[str] = _id_column(ForeignKey("submission.id"), primary_key=True)
    is_reference: Mapped[bool] = mapped_column(Boolean, default=False)
    """It is there to be judged as practice or as a measure: compared with nothing."""
    compared_at: Mapped[datetime | None]


class SharedPart(Base):
    """What one part of two submissions has in common: never a verdict, a reason to look."""

    __tablename__ = "shared_part"
    id: Mapped[str] = _id_column(primary_key=True)
    one_id: Mapped[str] = _id_column(ForeignKey("submission.id"), index=True)
    other_id: Mapped[str] = _id_column(ForeignKey("submission.id"), index=True)
    part: Mapped[ComparedPart] = _enum_column(ComparedPart)
    weight: Mapped[MatchWeight] = _enum_column(MatchWeight)
    score: Mapped[float] = mapped_column(Float)
    found_at: Mapped[datetime]
    body: Mapped[dict[str, Any]]
    """Passages and copies, as `similarity.evidence.Found` writes them."""
    __table_args__ = (UniqueConstraint("one_id", "other_id", "part"),)


class ProfileKey(Base):
    """A key with which a profile of an account signs work that it could not send."""

    __tablename__ = "profile_key"
    signing: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Public Ed25519 key in hexadecimal."""
    actor_id: Mapped[str] = _id_column(ForeignKey("account.actor_id"), index=True)
    scope: Mapped[str]
    """What the sign-in that made it known was good for."""
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class ImportedFile(Base):
    """A file of unsent work that was imported, at the first time."""

    __tablename__ = "imported_file"
    actor_id: Mapped[str] = _id_column(ForeignKey("account.actor_id"), primary_key=True)
    file_id: Mapped[str] = _id_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    carried_by: Mapped[str | None] = _id_column()
    """Who brought it; None for the operator's command."""
    at: Mapped[datetime]
