"""Which drafts have changed since their copy on the platform, and what was last agreed with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from assessor_app.cache.engine import Transaction
from assessor_app.cache.moments import from_us, from_us_or_none, to_us
from assessor_app.cache.safety_models import DraftBackupRecord, DraftChangeRecord, DraftStandingRecord
from assessor_app.cache.stored import upsert
from assessor_app.domain.ids import SubmissionId


@dataclass(frozen=True, slots=True)
class DraftCopy:
    """The draft of one round as this computer and the platform last agreed on it."""

    etag: str
    """The platform's version; empty once it has none any more."""
    sha256: str
    saved_at: datetime
    document: bytes


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a submission's draft stands between the computers."""

    offered_etag: str | None = None
    """The version that the platform says it holds."""
    offered_at: datetime | None = None
    sending: bytes | None = None
    """What was sent last while nobody knows whether it arrived."""
    refused: str = ""
    """Why the platform does not take it, as a code."""
    continued_at: datetime | None = None
    """When her other computer had saved what this one goes on with, until she was told."""


_CHANGED = sa.select(DraftChangeRecord.submission_id, DraftChangeRecord.seq).order_by(DraftChangeRecord.seq)
_STANDING = sa.select(
    DraftStandingRecord.offered_etag,
    DraftStandingRecord.offered_us,
    DraftStandingRecord.sending,
    DraftStandingRecord.refused,
    DraftStandingRecord.continued_us,
).where(DraftStandingRecord.submission_id == sa.bindparam("of"))
_NEWEST = (
    sa.select(
        DraftBackupRecord.etag,
        DraftBackupRecord.sha256,
        DraftBackupRecord.saved_us,
        DraftBackupRecord.document,
    )
    .where(DraftBackupRecord.submission_id == sa.bindparam("of"))
    .order_by(DraftBackupRecord.round.desc())
    .limit(1)
)
_OF_ROUND = _NEWEST.where(DraftBackupRecord.round == sa.bindparam("in_round"))
# Made once: making a statement costs more than running it.


def changed(txn: Transaction) -> tuple[tuple[SubmissionId, int], ...]:
    """Submissions whose draft changed since its last copy, with the number of that change; newest last."""
    rows = txn.connection.execute(_CHANGED)
    return tuple((SubmissionId(row.submission_id), row.seq) for row in rows)


def clear_change(txn: Transaction, submission_id: SubmissionId, seq: int) -> bool:
    """Note that a draft was copied as it was at a change; False where it has changed again since."""
    table = DraftChangeRecord
    done = txn.connection.execute(
        sa.delete(table).where(table.submission_id == submission_id, table.seq == seq)
    )
    return bool(done.rowcount)


def mark_changed(txn: Transaction, submission_id: SubmissionId) -> None:
    """Note that a draft needs a copy, though nobody has changed it."""
    table = DraftChangeRecord
    newest = txn.connection.scalar(sa.select(sa.func.max(table.seq))) or 0
    upsert(txn, table, {"submission_id": submission_id, "seq": newest + 1})


def copy_of(txn: Transaction, submission_id: SubmissionId, round: int) -> DraftCopy | None:  # noqa: A002
    """What was last agreed on a round; None where nothing ever was."""
    return _copy(txn.connection.execute(_OF_ROUND, {"of": submission_id, "in_round": round}).first())


def newest(txn: Transaction, submission_id: SubmissionId) -> DraftCopy | None:
    """What was last agreed on a submission, of its latest round; None where nothing ever was."""
    return _copy(txn.connection.execute(_NEWEST, {"of": submission_id}).first())


def _copy(row: Any) -> DraftCopy | None:
    return None if row is None else DraftCopy(row.etag, row.sha256, from_us(row.saved_us), row.document)


def put_copy(txn: Transaction, submission_id: SubmissionId, round: int, copy: DraftCopy) -> None:  # noqa: A002
    """Store what was agreed on a round."""
    values = {
        "submission_id": submission_id,
        "round": round,
        "etag": copy.etag,
        "sha256": copy.sha256,
        "saved_us": to_us(copy.saved_at),
        "document": copy.document,
    }
    upsert(txn, DraftBackupRecord, values)


def last_saved_at(txn: Transaction) -> datetime | None:
    """When the platform last took a draft that it still has."""
    table = DraftBackupRecord
    return from_us_or_none(
        txn.connection.scalar(sa.select(sa.func.max(table.saved_us)).where(table.etag != ""))
    )


def standing_of(txn: Transaction, submission_id: SubmissionId) -> Standing:
    """Where a submission's draft stands; as at first where nothing is known."""
    row = txn.connection.execute(_STANDING, {"of": submission_id}).first()
    if row is None:
        return Standing()
    return Standing(
        row.offered_etag,
        from_us_or_none(row.offered_us),
        row.sending,
        row.refused,
        from_us_or_none(row.continued_us),
    )


def offered(txn: Transaction) -> dict[SubmissionId, str]:
    """The version of each draft that the platform says it holds."""
    table = DraftStandingRecord
    rows = txn.connection.execute(
        sa.select(table.submission_id, table.offered_etag).where(table.offered_etag.is_not(None))
    )
    return {SubmissionId(row.submission_id): row.offered_etag for row in rows}


def known_etags(txn: Transaction) -> dict[SubmissionId, set[str]]:
    """The versions that this computer has seen, of whatever round."""
    table = DraftBackupRecord
    seen: dict[SubmissionId, set[str]] = {}
    for row in txn.connection.execute(sa.select(table.submission_id, table.etag).where(table.etag != "")):
        seen.setdefault(SubmissionId(row.submission_id), set()).add(row.etag)
    return seen


def note_offer(txn: Transaction, submission_id: SubmissionId, etag: str, saved_at: datetime) -> None:
    """Note which version the platform says it holds."""
    _stand(txn, submission_id, offered_etag=etag, offered_us=to_us(saved_at))


def withdraw_offer(txn: Transaction, submission_id: SubmissionId) -> None:
    """Note that the platform holds no draft any more: what is here counts as not copied again."""
    _stand(txn, submission_id, offered_etag=None, offered_us=None, sending=None)
    table = DraftBackupRecord
    known = table.submission_id == submission_id
    if txn.connection.execute(sa.update(table).where(known, table.etag != "").values(etag="")).rowcount:
        mark_changed(txn, submission_id)


def note_sending(txn: Transaction, submission_id: SubmissionId, document: bytes | None) -> None:
    """Note what is about to be sent; None once its fate is known."""
    _stand(txn, submission_id, sending=document)


def note_refused(txn: Transaction, submission_id: SubmissionId, code: str) -> None:
    """Note why the platform does not take a draft; empty when it does."""
    _stand(txn, submission_id, refused=code)


def note_continued(txn: Transaction, submission_id: SubmissionId, saved_at: datetime | None) -> None:
    """Note that work of her other computer goes on here; None once she was told."""
    _stand(txn, submission_id, continued_us=None if saved_at is None else to_us(saved_at))


def _stand(txn: Transaction, submission_id: SubmissionId, **columns: object) -> None:
    upsert(txn, DraftStandingRecord, {"submission_id": submission_id, **columns})
