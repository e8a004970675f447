"""Handing in somebody's file of unsent work over one's own connection."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from pathlib import Path

from assessor_app.errors import NotWritten, PlatformError, ProtocolBroken
from assessor_app.services.context import Context
from assessor_app.services.exporting import write_whole
from assessor_app.sync.carrying import bring
from assessor_app.vault.envelope import LARGEST_FILE_BYTES, MAGIC


class FileRefused(PlatformError):
    """The platform did not take the file; nothing was done."""


@dataclass(frozen=True, slots=True)
class CarriedReport:
    """How it went; never what was in it."""

    taken: int
    refused: int
    drafts: int
    receipts: Path
    """The file for its author."""


def carry(context: Context, file: Path, receipts: Path) -> CarriedReport:
    """Bring a file to the platform and keep the receipts for its author. May be done again at any time.

    Args:
        context: the open profile of whoever brings it.
        file: somebody's unsent work.
        receipts: where the platform's answer is written.

    Raises:
        FileRefused: the file is none, or the platform refused it as a whole.
        NotWritten: the receipts cannot be written there; handing in again gives them again.
        KnownError: no answer of the platform.
    """
    try:
        with file.open("rb") as opened:
            untrusted = opened.read(LARGEST_FILE_BYTES + 1)
    except OSError:
        raise NotWritten("The file cannot be read", "Nothing was handed in.", "Choose it again.") from None
    if not untrusted.startswith(MAGIC) or len(untrusted) > LARGEST_FILE_BYTES:
        raise FileRefused(
            "This is not a file of unsent work", "Nothing was handed in.", "Choose another one."
        )
    done, code = bring(context.transport, untrusted)
    if done is None:
        sentence = _SENTENCES.get(code, "It did not take it as it is.")
        raise FileRefused("The platform did not take the file", f"{sentence} Nothing was done.")
    try:
        answers = base64.b64decode(done.answers, validate=True)
    except binascii.Error:
        raise ProtocolBroken(
            "The receipts could not be read",
            "The file was taken, and the work in it is safe.",
            "Hand it in again to get them.",
        ) from None
    write_whole(receipts, [answers])
    return CarriedReport(done.taken, done.refused, done.drafts, receipts)


_SENTENCES = {
    "file-too-large": "It is larger than the platform takes.",
    "file-newer": "It was written by a newer workstation than the platform knows.",
    "file-foreign": "It was made for another platform.",
    "file-damaged": "It is damaged: copy it again from where it was made.",
    "file-forged": "Its signature does not hold.",
    "file-unknown-writer": "It was written on a computer that the platform does not know.",
    "file-revoked": "Files of that computer are not taken any more.",
    "file-account-disabled": "Its author's account is closed: a team lead can hand it in.",
    "file-too-old": "It is too old: its author can export the work again.",
}
