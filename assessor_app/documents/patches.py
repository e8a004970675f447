"""Patches over places that may name a person: where they are, which of them are lifted. No parser.

A patch is known by where it stands alone, never by what is under it, so that its id can be kept and logged.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from assessor_app.documents.answers import AnswerRefused, checked_number, checked_text
from assessor_app.documents.limits import Limits
from assessor_app.documents.pages import Patch
from assessor_app.domain.cases import FindingKind
from assessor_app.privacy import identity_scan
from assessor_app.privacy.identity_scan import COVER, Place, PlaceKind

Rect = tuple[float, float, float, float]
"""Left, top, right, bottom in page points."""
COVER_CHARACTER = COVER
"""Stands for each code point of covered text."""
PATCHES_MAX = 400
"""Most patches of one page or text; what is beyond them is covered all the same."""
_ID_MAX_CHARS = 80
_COORDINATE_MAX_PT = 1e6


class LiftedPatches:
    """Which patches of which files are lifted now. Thread-safe: a file's set is replaced as a whole."""

    def __init__(self) -> None:
        self._by_blob: dict[str, tuple[str, ...]] = {}

    def set(self, blob_id: str, patch_ids: Iterable[str]) -> None:
        """Lift these of a file; everything else that may name a person stays covered."""
        self._by_blob[blob_id] = tuple(sorted(patch_ids))

    def of(self, blob_id: str) -> list[str]:
        """Ids of the lifted patches of a file."""
        return list(self._by_blob.get(blob_id, ()))


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """What was found on download: for the checks on feedback, never shown."""

    kind: PlaceKind
    page: int
    """Index from 0; 0 for what has no pages."""
    phrase: str
    """The words themselves. They stay in the encrypted store."""


@dataclass(frozen=True, slots=True)
class FileFindings:
    """What a file says of people, as the child found it."""

    places: tuple[FoundPlace, ...]
    properties: tuple[FindingKind, ...]
    """Where in the file's own properties something may name a person; never what."""
    pages_read: int


def patch_id(page: int, rect: Rect) -> str:
    """What a patch on a page is known by."""
    return f"{page}:" + ",".join(f"{edge:.0f}" for edge in rect)


def text_patch_id(start: int, end: int) -> str:
    """What a patch in a text is known by, in code points."""
    return f"t:{start}-{end}"


def cell_patch_id(sheet: int, row: int, column: int) -> str:
    """What a covered cell is known by, all from 0."""
    return f"s{sheet}:{row},{column}"


@dataclass(frozen=True, slots=True)
class CoveredText:
    """A text as it is shown, and where a patch is or was."""

    text: str
    """As long as what was written; what may name a person is blocks."""
    patches: tuple[tuple[int, int, bool], ...] = ()
    """First code point, one past the last, and whether it is lifted."""


def cover_text(
    text: str, lifted: Collection[str], *, has_title: bool = True
) -> tuple[str, list[list[object]]]:
    """A text with its places covered, and these places as [start, end, is lifted].

    Args:
        text: as it is written.
        lifted: ids of the places that are looked at.
        has_title: whether its first lines are those of a document; else labels and addresses alone count.
    """
    places = identity_scan.scan_text(text, has_title=has_title)
    told: list[list[object]] = []
    hidden: list[Place] = []
    for place in places:
        is_lifted = text_patch_id(place.start, place.end) in lifted
        told.append([place.start, place.end, is_lifted])
        if not is_lifted:
            hidden.append(place)
    return identity_scan.covered(text, hidden), told[:PATCHES_MAX]


def is_covered(text: str) -> bool:
    """Whether some of these words lie under a patch."""
    return COVER in text


def with_words_for_covers(text: str, words: str) -> str:
    """A text to be copied or read aloud: each covered place becomes `words`.

    Args:
        text: words of evidence as they are shown.
        words: such as "[may name a person]".
    """
    if COVER not in text:
        return text
    pieces: list[str] = []
    for word in text.split(" "):
        bare = word.strip(COVER)
        if COVER not in word:
            pieces.append(word)
        elif bare:
            pieces.append(word.replace(COVER * (len(word) - len(bare)), words))
        elif not pieces or pieces[-1] != words:
            pieces.append(words)
    return " ".join(pieces)


def checked_patches(untrusted: object, page: int) -> tuple[Patch, ...]:
    """The patches of a page as the child says.

    Raises:
        AnswerRefused: too many, or of the wrong types.
    """
    if not isinstance(untrusted, list) or len(untrusted) > PATCHES_MAX:
        raise AnswerRefused("patches")
    found = []
    for one in untrusted:
        if not isinstance(one, list) or len(one) != 5 or not isinstance(one[4], bool):
            raise AnswerRefused("patch")
        edges = [checked_number(edge, -_COORDINATE_MAX_PT, _COORDINATE_MAX_PT) for edge in one[:4]]
        rect = (edges[0], edges[1], edges[2], edges[3])
        found.append(Patch(patch_id(page, rect), rect, one[4]))
    return tuple(found)


def checked_text_patches(untrusted: object, length: int) -> tuple[tuple[int, int, bool], ...]:
    """The patches of a text as the child says: first code point, one past the last, whether lifted.

    Raises:
        AnswerRefused: too many, outside of the text, or of the wrong types.
    """
    if not isinstance(untrusted, list) or len(untrusted) > PATCHES_MAX:
        raise AnswerRefused("patches")
    for one in untrusted:
        if not isinstance(one, list) or len(one) != 3 or not isinstance(one[2], bool):
            raise AnswerRefused("patch")
        if type(one[0]) is not int or type(one[1]) is not int or not 0 <= one[0] <= one[1] <= length:
            raise AnswerRefused("patch")
    return tuple((start, end, is_lifted) for start, end, is_lifted in untrusted)


def checked_findings(untrusted: dict[str, object], limits: Limits) -> FileFindings:
    """What the child found in a file.

    Raises:
        AnswerRefused: too much, unknown kinds, or of the wrong types.
    """
    places, properties = untrusted.get("places"), untrusted.get("properties")
    pages = untrusted.get("pages")
    if not isinstance(places, list) or len(places) > PATCHES_MAX * 8:
        raise AnswerRefused("places")
    if type(pages) is not int or not 0 <= pages <= limits.max_pages:
        raise AnswerRefused("pages")
    return FileFindings(tuple(_checked_place(one, limits) for one in places), _known(properties), pages)


def _checked_place(untrusted: object, limits: Limits) -> FoundPlace:
    if not isinstance(untrusted, list) or len(untrusted) != 3:
        raise AnswerRefused("place")
    kind, page, phrase = untrusted
    if kind not in set(PlaceKind) or type(page) is not int or not 0 <= page < limits.max_pages:
        raise AnswerRefused("place")
    if not isinstance(phrase, str) or len(phrase) > limits.max_word_chars:
        raise AnswerRefused("phrase")
    return FoundPlace(PlaceKind(kind), page, phrase)


def _known(untrusted: object) -> tuple[FindingKind, ...]:
    if not isinstance(untrusted, list) or not all(kind in set(FindingKind) for kind in untrusted):
        raise AnswerRefused("properties")
    return tuple(sorted({FindingKind(kind) for kind in untrusted}))


def covered_response(text: str, lifted: Collection[str]) -> CoveredText:
    """A written answer as it is shown."""
    shown, told = cover_text(text, lifted)
    return CoveredText(shown, checked_text_patches(told, len(text)))


def checked_covered_text(untrusted: dict[str, object], limits: Limits) -> CoveredText:
    """The text of a text file with its patches, as the child says.

    Raises:
        AnswerRefused: of other types, or too long.
    """
    text = checked_text(untrusted, limits)
    return CoveredText(text, checked_text_patches(untrusted.get("patches"), len(text)))
