"""The honest cards: what is said in place of a page, and the notes beside one.

Codes come from the child; the words are made here, so that nothing that a file or a child says
ever reaches the screen.
"""

from __future__ import annotations

from assessor_app.documents.pages import Card
from assessor_app.errors import EvidenceRefused

_SAFE = "Your ratings and notes are safe."
_NOT_SCORABLE = (
    "If you cannot judge without it, you may mark the criterion as not scorable, with that reason."
)

_CARDS: dict[str, tuple[str, str, bool]] = {
    "damaged": (
        "This file is damaged",
        f"It cannot be read as what it says it is. {_SAFE} {_NOT_SCORABLE}",
        True,
    ),
    "empty": (
        "This file is empty",
        f"It holds nothing at all, so there is nothing to show. {_SAFE} {_NOT_SCORABLE}",
        False,
    ),
    "encrypted": (
        "This file is protected with a password",
        f"It cannot be opened without the password, which nobody here has. {_SAFE} {_NOT_SCORABLE}",
        False,
    ),
    "too_large": (
        "This file is too large to show here",
        f"Opening it would need more memory than is allowed for one file. {_SAFE} {_NOT_SCORABLE}",
        False,
    ),
    "picture_too_large": (
        "This picture is too large to show here",
        "It has more pixels than can be held in memory at once, and its format has no smaller version "
        f"inside. {_SAFE} {_NOT_SCORABLE}",
        False,
    ),
    "too_many_pixels": (
        "This page cannot be shown so large",
        f"At this size it would need too much memory. {_SAFE} Zoom out to see it.",
        False,
    ),
    "page_too_large": (
        "This page is larger than any sheet of paper",
        f"Its stated size is many metres, so it is not drawn. {_SAFE} The other pages can be read.",
        False,
    ),
    "page_damaged": (
        "This page is damaged",
        f"It cannot be drawn. {_SAFE} The other pages can be read; you may try this one again.",
        True,
    ),
    "unsafe_drawing": (
        "This drawing is not shown",
        "It is built in a way that can use up a computer's memory, or that refers to other files. "
        f"{_SAFE} {_NOT_SCORABLE}",
        False,
    ),
    "page_missing": (
        "This page does not exist",
        f"The document has fewer pages. {_SAFE} Go back to an earlier page.",
        False,
    ),
    "timeout": (
        "This took too long",
        f"It was given up so that everything else stays usable. {_SAFE} You may try again, or go on with "
        "the rest.",
        True,
    ),
    "crashed": (
        "The page viewer stopped here",
        f"It was started again, and everything else stays usable. {_SAFE} You may try again, or go on with "
        "the rest.",
        True,
    ),
    "too_much_memory": (
        "This needs too much memory",
        f"It was given up so that everything else stays usable. {_SAFE} You may try again at a smaller size, "
        "or go on with the rest.",
        True,
    ),
    "bad_answer": (
        "This could not be checked",
        f"What came back for it did not add up, so it is not shown. {_SAFE} You may try again, or go on "
        "with the rest.",
        True,
    ),
    "no_rendition": (
        "This is an office document of an older form",
        "It is shown here once the platform's PDF copy of it has arrived, or LibreOffice is installed on "
        f"this computer. Nothing is lost. {_SAFE} {_NOT_SCORABLE}",
        True,
    ),
    "recording_unknown": (
        "This recording is of a kind that is not known here",
        "Its content does not begin like any video or sound that can be played here. "
        f"{_SAFE} {_NOT_SCORABLE}",
        False,
    ),
    "recording_damaged": (
        "This recording is damaged",
        f"It cannot be played: what is in it does not add up. {_SAFE} {_NOT_SCORABLE}",
        True,
    ),
    "no_picture": (
        "The pictures of this video cannot be shown here",
        "They are stored in a way that this computer cannot decode, as is often so with AV1. Nothing is "
        f"wrong with the file itself. {_SAFE} {_NOT_SCORABLE}",
        True,
    ),
    "no_sound": (
        "The sound of this recording cannot be played here",
        "It is stored in a way that this computer cannot decode. Nothing is wrong with the file itself. "
        f"{_SAFE} {_NOT_SCORABLE}",
        True,
    ),
    "recording_slow": (
        "This recording did not start in time",
        f"It was given up after a few seconds, so that everything else stays usable. {_SAFE} You may try "
        "again, or go on with the rest.",
        True,
    ),
    "recording_crashed": (
        "This recording stopped the player",
        "It was tried out apart from this window, so nothing else was touched. It is probably damaged. "
        f"{_SAFE} {_NOT_SCORABLE}",
        True,
    ),
    "recording_was_open": (
        "This recording was open when the workstation stopped",
        f"It may have been the cause, so it is not played again by itself. {_SAFE} You may try it all the "
        "same, or go on with the rest.",
        True,
    ),
    "archive": (
        "This is an archive with files inside",
        f"Archives are not unpacked here, for safety. {_SAFE} {_NOT_SCORABLE}",
        False,
    ),
    "unsafe_archive": (
        "This file is packed in an unsafe way",
        f"It would unpack to far more than it seems to hold, so it is left closed. {_SAFE} {_NOT_SCORABLE}",
        False,
    ),
    "not_what_it_says": (
        "This file is not what its name says",
        f"Its content is of another kind than its name, so it is left closed. {_SAFE} {_NOT_SCORABLE}",
        False,
    ),
    "unknown_kind": (
        "This kind of file is not known here",
        f"There is no safe way to show it. {_SAFE} {_NOT_SCORABLE}",
        False,
    ),
    "no_pages": (
        "This file has no pages",
        f"It was opened, but there is nothing in it to show. {_SAFE} {_NOT_SCORABLE}",
        True,
    ),
    "not_here": (
        "This file is not on this computer",
        f"It may still be on its way. {_SAFE} Choose Sync now, then try again.",
        True,
    ),
    "seal_damaged": (
        "The copy of this file on this computer is damaged",
        f"It was changed since it arrived, so it is not shown. {_SAFE} It is fetched again at the next sync; "
        "then try again.",
        True,
    ),
    "closed": (
        "The page viewer is closed",
        f"The profile is being closed. {_SAFE} Open it again to see this page.",
        True,
    ),
}

_NOTES: dict[str, str] = {
    "animation": "This picture moves. Its first frames are shown as pages.",
    "drawing_simplified": "This is a drawing. Gradual changes of colour are shown here as one colour.",
    "reduced": "This picture is very large. It is shown with fewer pixels than it has.",
    "pages_cut": "This document is very long. Only its first pages are shown.",
    "pages_missing": "This document says that it has more pages than can be found in it.",
    "pages_damaged": "Some pages are damaged or of an impossible size. They are marked where they stand.",
    "repaired": "This file was damaged and has been mended for display. Something may be missing.",
    "called_otherwise": "The name of this file says another kind. It is shown as what it really is.",
    "office_cut": "This document is very long. Not all of its text and pictures are shown.",
    "text_cut": "This text is very long. Only its beginning is shown.",
}

REASONS = frozenset(_CARDS)
"""Every reason that a card can have."""
NOTE_CODES = frozenset(_NOTES)
"""Every note that a child may send."""


class RefusedWithCard(EvidenceRefused):
    """A piece of evidence, or one page of it, is not shown; a card stands in its place."""

    def __init__(self, card: Card) -> None:
        """Take title and message from the card."""
        super().__init__(card.title, card.message)
        self.card = card


def card_for(reason: str) -> Card:
    """The card for a reason of `REASONS`; for any other, the card of a damaged file."""
    known = reason if reason in _CARDS else "damaged"
    title, message, can_retry = _CARDS[known]
    return Card(reason=known, title=title, message=message, can_retry=can_retry)


def note_for(code: str) -> str:
    """The sentence for a code of `NOTE_CODES`.

    Raises:
        KeyError: the code is not known.
    """
    return _NOTES[code]
