"""Comments that are used again: keep, change, take away, count uses; and to and from files.

Entries stay on this machine until the person uses one in what she sends, or writes a file of them. None may
name a person: what looks like an address or a telephone number is refused.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assessor_app.cache import comment_bank, identity_findings, own_words, submissions
from assessor_app.cache.engine import Transaction
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.comment_bank import BankEntry, KnownPlace, Scope
from assessor_app.domain.comment_files import (
    MAX_FILE_BYTES,
    MAX_TEXT_CHARS,
    MAX_TITLE_CHARS,
    CommentFileInvalid,
    FileComment,
    as_csv,
    as_json,
    of_entry,
    read_comments,
    title_of,
    without_known,
)
from assessor_app.domain.ids import BankEntryId, CriterionId, MicrocredentialId, SubmissionId
from assessor_app.domain.repeated_words import repeated_sentence
from assessor_app.domain.wording import WordingKind
from assessor_app.errors import NotAllowed, NotWritten
from assessor_app.privacy.name_words import NameFinder, OwnName
from assessor_app.privacy.text_scan import FindingKind, find_identity
from assessor_app.services.context import Context
from assessor_app.services.own_name import account_name

_NAMING: dict[FindingKind | WordingKind, str] = {
    FindingKind.EMAIL: "an e-mail address",
    FindingKind.PHONE: "a telephone number",
    WordingKind.OWN_NAME: "a name of yours",
    WordingKind.EVIDENCE_NAME: "a name that stands in this evidence",
}
"""What would name somebody to whoever reads the comment in another submission. A link is fine."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import took over."""

    added: int
    doubles: int
    """Comments that were there already, or stood twice in the file."""
    refused: tuple[int, ...] = ()
    """Numbers of the comments, from 1, that may name somebody and were left out."""


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What an export wrote."""

    target: Path
    written: int
    left_out: tuple[str, ...] = ()
    """Titles of comments that may name somebody."""


def entries(context: Context) -> tuple[BankEntry, ...]:
    """All comments, the person's own and the team's."""
    with context.store.read() as txn:
        return comment_bank.entries(txn)


def known_places(context: Context) -> tuple[KnownPlace, ...]:
    """The micro-credentials on this machine, by title, each with its newest rubric version here."""
    found: dict[MicrocredentialId, KnownPlace] = {}
    with context.store.read() as txn:
        for submission in comment_bank.one_of_each_rubric(txn):
            rubric = submissions.get_rubric(txn, submission.rubric)
            if rubric is not None:
                levels = {level.code: level.label for scale in rubric.scales for level in scale.levels}
                found[submission.microcredential_id] = KnownPlace(
                    submission.microcredential_id,
                    submission.title,
                    tuple((criterion.id, criterion.text) for criterion in rubric.criteria),
                    tuple(levels.items()),
                )
    return tuple(sorted(found.values(), key=lambda place: place.title.casefold()))


def fresh_id(context: Context) -> BankEntryId:
    """An id for a comment that is about to be written."""
    return BankEntryId(context.clock.new_id())


def keep(context: Context, entry: BankEntry, of: SubmissionId | None = None) -> ChangeSet:
    """Keep a comment, new or changed; an entry without an id is new, one without a title gets one.

    Args:
        context: the open profile.
        entry: what to keep.
        of: the submission in which its words were written, whose evidence may hold names; None for none.

    Raises:
        NotAllowed: it is empty, too long, may name somebody, or belongs to the team.
    """
    entry = _trimmed(entry)
    with context.store.write() as txn:
        _refuse_naming(entry, _names(txn, of))
        before = comment_bank.get(txn, entry.id) if entry.id else None
        _refuse_team(entry, *([before] if before is not None else []))
        if not entry.id:
            entry = replace(entry, id=BankEntryId(context.clock.new_id()))
        comment_bank.put_words(txn, entry)
    return ChangeSet(comments=True)


def remove(context: Context, entry_ids: Sequence[BankEntryId]) -> ChangeSet:
    """Take comments away.

    Raises:
        NotAllowed: one of them belongs to the team; nothing was taken away.
    """
    with context.store.write() as txn:
        found = [comment_bank.get(txn, entry_id) for entry_id in entry_ids]
        _refuse_team(*[entry for entry in found if entry is not None])
        comment_bank.remove(txn, entry_ids)
    return ChangeSet(comments=True)


def put_back(context: Context, taken: Sequence[BankEntry]) -> ChangeSet:
    """Bring back comments that were taken away, as they were."""
    with context.store.write() as txn:
        for entry in taken:
            comment_bank.put(txn, entry)
    return ChangeSet(comments=True)


def record_use(context: Context, entry_id: BankEntryId) -> ChangeSet:
    """Count that a comment was used, so that it is offered earlier; one that is gone is no trouble."""
    with context.store.write() as txn:
        is_there = comment_bank.count_use(txn, entry_id, context.clock.now())
    return ChangeSet(comments=is_there)


# ---- what is written again and again ----


def repeated(
    context: Context, submission_id: SubmissionId, criterion_id: CriterionId, text: str
) -> str | None:
    """A sentence of what was just written that was written often enough elsewhere to be kept; None for none.

    Nothing that is kept, was declined or may name somebody.
    """
    with context.store.read() as txn:
        others = comment_bank.written_elsewhere(txn, submission_id, criterion_id)
        kept = [entry.text for entry in comment_bank.entries(txn)] + list(comment_bank.declined(txn))
        names = _names(txn, submission_id)
    sentence = repeated_sentence(text, others, kept)
    return None if sentence is None or _naming(sentence, names) else sentence


def decline(context: Context, sentence: str) -> ChangeSet:
    """Never offer to keep a sentence again, nor one like it."""
    with context.store.write() as txn:
        comment_bank.decline(txn, sentence)
    return ChangeSet()


# ---- files ----


def read_file(context: Context, source: Path) -> tuple[ChangeSet, ImportReport]:
    """Take over the comments of a file as the person's own; what is there already is merged.

    Raises:
        CommentFileInvalid: the file is bad; nothing was taken over.
    """
    comments = read_comments(_bytes_of(source))
    with context.store.write() as txn:
        names = _names(txn)
        refused = tuple(n for n, c in enumerate(comments, 1) if _naming(f"{c.title}\n{c.text}", names))
        allowed = [comment for n, comment in enumerate(comments, 1) if n not in set(refused)]
        known = [of_entry(entry) for entry in comment_bank.entries(txn)]
        new, doubles = without_known(allowed, known)
        for comment in new:
            comment_bank.put(txn, _own(comment, BankEntryId(context.clock.new_id())))
    return ChangeSet(comments=bool(new)), ImportReport(len(new), doubles, refused)


def write_file(context: Context, target: Path, entry_ids: Sequence[BankEntryId]) -> ExportReport:
    """Write comments to a file, as CSV where its name ends in .csv, else as JSON.

    Args:
        context: the open profile.
        target: the file; an older one of this name is replaced.
        entry_ids: what to write.

    Raises:
        NotWritten: the file cannot be written there.
    """
    wanted = set(entry_ids)
    with context.store.read() as txn:
        chosen = [entry for entry in comment_bank.entries(txn) if entry.id in wanted]
        names = _names(txn)
    safe = [entry for entry in chosen if not _naming(f"{entry.title}\n{entry.text}", names)]
    write = as_csv if target.suffix.lower() == ".csv" else as_json
    _write(target, write([of_entry(entry) for entry in safe]), context)
    left_out = tuple(entry.title for entry in chosen if entry not in safe)
    return ExportReport(target, len(safe), left_out)


def _bytes_of(source: Path) -> bytes:
    try:
        with source.open("rb") as file:
            return file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise CommentFileInvalid(f"The system says: {os.strerror(error.errno or 0)}.") from None


def _write(target: Path, data: bytes, context: Context) -> None:
    """Write beside the target and rename, so that a full disk leaves an older file whole."""
    beside = target.with_name(f".{target.name}.{context.clock.new_id()[-6:]}")
    try:
        beside.write_bytes(data)
        beside.replace(target)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise NotWritten(
            "The comments could not be written there",
            f"The system says: {os.strerror(error.errno or 0)}. Your comments are safe.",
            "Choose another place.",
        ) from None


def _own(comment: FileComment, entry_id: BankEntryId) -> BankEntry:
    return BankEntry(
        id=entry_id,
        scope=Scope.PERSONAL,
        title=comment.title,
        text=comment.text,
        microcredential_id=comment.microcredential_id,
        criterion_id=comment.criterion_id,
        level=comment.level,
    )


def _names(txn: Transaction, of: SubmissionId | None = None) -> NameFinder:
    """Finds the person's own names, and those in the evidence of a submission."""
    found = identity_findings.words_of(txn, of) if of is not None else ()
    return NameFinder(OwnName(account_name(), own_words.get(txn)), found)


def _naming(text: str, names: NameFinder) -> tuple[str, ...]:
    """What in a text may name somebody, in words; empty for nothing."""
    kinds: list[FindingKind | WordingKind] = [finding.kind for finding in find_identity(text)]
    kinds += [wording.kind for wording in names.find(text)]
    return tuple(_NAMING[kind] for kind in dict.fromkeys(kinds) if kind in _NAMING)


def _trimmed(entry: BankEntry) -> BankEntry:
    """An entry fit to be stored.

    Raises:
        NotAllowed: it says nothing, or too much.
    """
    text = entry.text.strip()
    title = " ".join(entry.title.split()) or title_of(text)
    if not text:
        raise NotAllowed("This comment is empty", "There is nothing to keep.", "Write what it says.")
    if len(text) > MAX_TEXT_CHARS or len(title) > MAX_TITLE_CHARS:
        raise NotAllowed(
            "This comment is too long",
            f"A title has at most {MAX_TITLE_CHARS} characters and a text {MAX_TEXT_CHARS}. Nothing is lost.",
            "Shorten it.",
        )
    return replace(entry, title=title, text=text)


def _refuse_naming(entry: BankEntry, names: NameFinder) -> None:
    found = _naming(f"{entry.title}\n{entry.text}", names)
    if found:
        raise NotAllowed(
            "This comment may name somebody",
            f"It holds {' and '.join(found)}, and would come up in other people's work. It was not kept.",
            "Take that out, or write a placeholder such as {{contact}} for it.",
        )


def _refuse_team(*found: BankEntry) -> None:
    if any(entry.scope is Scope.TEAM for entry in found):
        raise NotAllowed(
            "This comment belongs to the team",
            "Only your team lead can change it. Nothing was changed.",
            "Keep a copy of your own and change that.",
        )
