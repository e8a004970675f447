"""Tables of the local store that keep work safe: conflicts, copies, endings, incidents, files."""

from __future__ import annotations

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from assessor_app.cache.models import Model


class DraftBackupRecord(Model):
    """The draft of one round as the platform last held it, and both sides agreed: the base of a merge."""

    __tablename__ = "draft_backup"

    submission_id: Mapped[str] = mapped_column(primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    etag: Mapped[str]
    """The platform's version of it; empty once it has none any more."""
    sha256: Mapped[str]
    """Of `document`; a draft of another digest has changed since."""
    saved_us: Mapped[int]
    """When the platform took it."""
    document: Mapped[bytes]


class DraftChangeRecord(Model):
    """That a draft has changed since its last copy on the platform. Triggers fill it."""

    __tablename__ = "draft_change"

    submission_id: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int]
    """Grows with each change: the newest has the largest, and a copy clears only what it has seen."""


class DraftStandingRecord(Model):
    """Where a submission's draft stands between this computer, the platform and her other computers."""

    __tablename__ = "draft_standing"

    submission_id: Mapped[str] = mapped_column(primary_key=True)
    offered_etag: Mapped[str | None]
    """The version that the platform says it holds; NULL: none."""
    offered_us: Mapped[int | None]
    sending: Mapped[bytes | None]
    """What was sent last while nobody knows whether it arrived."""
    refused: Mapped[str] = mapped_column(server_default="")
    """Why the platform does not take it, as a code; empty where it does."""
    continued_us: Mapped[int | None]
    """When her other computer had saved what this one goes on with, until she was told."""


class ConflictRecord(Model):
    """Something that was changed here and on the platform; neither side is ever dropped."""

    __tablename__ = "conflict"
    __table_args__ = (
        Index(None, "submission_id", "found_us"),
        Index("ix_conflict_open", "submission_id", sqlite_where=text("settled_us IS NULL")),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    submission_id: Mapped[str]
    round: Mapped[int]
    kind: Mapped[str]
    found_us: Mapped[int]
    settled_us: Mapped[int | None]
    """When the person had chosen; NULL while it needs her."""
    mine: Mapped[bytes]
    theirs: Mapped[bytes]
    base: Mapped[bytes | None]
    """What both began from; NULL where it is not known."""


class EndingRecord(Model):
    """That a submission is no longer this person's work, and why; what was made of it here is kept."""

    __tablename__ = "ending"

    submission_id: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str]
    """In which role she had it."""
    reason: Mapped[str]
    at_us: Mapped[int]
    keep_until_us: Mapped[int | None]
    """Until when the draft is kept; NULL: until the person removes it."""
    is_seen: Mapped[bool]
    """Whether the person has been told."""


class EvidenceChangeRecord(Model):
    """That a piece of evidence was replaced after a criterion was rated; gone once it is rated again."""

    __tablename__ = "evidence_change"

    submission_id: Mapped[str] = mapped_column(primary_key=True)
    criterion_id: Mapped[str] = mapped_column(primary_key=True)
    piece_id: Mapped[str] = mapped_column(primary_key=True)


class CounterRecord(Model):
    """How often something happened on this machine, such as a field that was dropped unread."""

    __tablename__ = "counter"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]


class IncidentRecord(Model):
    """A trouble that was met, for whoever looks for its cause: a kind and a sentence, never content."""

    __tablename__ = "incident"
    __table_args__ = ({"sqlite_autoincrement": True},)

    seq: Mapped[int] = mapped_column(primary_key=True)
    at_us: Mapped[int]
    kind: Mapped[str]
    sentence: Mapped[str]
    status: Mapped[int | None]
    """HTTP status, where one said so."""
    times: Mapped[int] = mapped_column(server_default="1")
    """How many times it came without another between."""


class ErasureRecord(Model):
    """That something of a submission was erased here for good; copies of before it must not keep it."""

    __tablename__ = "erasure"

    submission_id: Mapped[str] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(primary_key=True)
    """A value of `store_copies.Erased`."""
    generation: Mapped[int]
    """The store's generation that no longer has it."""


class RefusedFieldRecord(Model):
    """A field of something that was sent and that the platform named when it refused it."""

    __tablename__ = "refused_field"

    outbox_id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    pointer: Mapped[str]
    """JSON pointer (RFC 6901) into the bytes that were sent."""


class SealingRecord(Model):
    """The keys with which unsent work leaves as a file; at most one row."""

    __tablename__ = "sealing"

    secret: Mapped[bytes] = mapped_column(primary_key=True)
    """Both private keys of this profile."""
    asked_us: Mapped[int | None]
    """When the platform was last told of them."""
    actor_id: Mapped[str | None]
    """Whose they are, by pseudonym; NULL until the platform knows them."""
    platform_opening: Mapped[str | None]
    platform_signing: Mapped[str | None]


class ExportedRecord(Model):
    """That a row that waits to be sent lies in a file as well, and since when."""

    __tablename__ = "exported"

    outbox_id: Mapped[str] = mapped_column(primary_key=True)
    at_us: Mapped[int]
