"""How each piece of evidence stands: what was read of it here, and which criteria it serves. No widgets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication

from assessor_app.domain.annotations import Annotation
from assessor_app.domain.ids import CriterionId
from assessor_app.domain.reading import ReadingState
from assessor_app.domain.submissions import Artifact, Link, Response
from assessor_app.rubric.schema import RubricVersion
from assessor_app.ui.place_names import has_sheets, has_slides, is_picture
from assessor_app.ui.time_words import clock_words

translate = QCoreApplication.translate
Item = Response | Artifact | Link
_ALL_PERMILLE = 1000
_NEARLY_ALL_PERMILLE = 990


def places_of(item: Item) -> tuple[str, ...]:
    """The ids under which marks on a piece and its reading are kept: its own, and a link's snapshot's."""
    if isinstance(item, Link) and item.snapshot is not None:
        return item.id, item.snapshot.id
    return (item.id,)


@dataclass(frozen=True, slots=True)
class EvidenceStanding:
    """What is known beside the evidence itself."""

    states: Mapping[str, ReadingState] = field(default_factory=dict)
    """What was read, by the id of the piece."""
    served: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Numbers of the criteria that marks tie a piece to, by its id."""
    written_on: frozenset[str] = frozenset()
    """Ids of the pieces that have feedback of their own."""

    def state_of(self, item: Item) -> ReadingState | None:
        """What was read of a piece; None when it was not opened yet."""
        found = [self.states[place] for place in places_of(item) if place in self.states]
        if not found:
            return None
        whole = found[0]
        for more in found[1:]:
            whole = whole.with_more(more)
        return whole

    def criteria_of(self, item: Item) -> tuple[int, ...]:
        """Numbers of the criteria that a piece serves, ascending."""
        numbers = {number for place in places_of(item) for number in self.served.get(place, ())}
        return tuple(sorted(numbers))


def criteria_served(rubric: RubricVersion, marks: Sequence[Annotation]) -> dict[str, tuple[int, ...]]:
    """Numbers of the criteria that each piece serves, by its id."""
    numbers = numbers_of(rubric)
    found: dict[str, set[int]] = {}
    for mark in marks:
        known = {numbers[criterion_id] for criterion_id in mark.criteria if criterion_id in numbers}
        if known:
            found.setdefault(mark.anchor.source_id, set()).update(known)
    return {source_id: tuple(sorted(served)) for source_id, served in found.items()}


def numbers_of(rubric: RubricVersion) -> dict[CriterionId, int]:
    """The number of each criterion, 1 for the first."""
    return {criterion.id: number for number, criterion in enumerate(rubric.criteria, 1)}


def read_words(item: Item, state: ReadingState | None) -> str:
    """How far a piece was read, such as "3 of 14 pages" or "not opened yet"."""
    pages = (state.page_count if state is not None else 0) or _claimed_pages(item)
    if state is None:
        unopened = translate("Evidence", "not opened yet")
        if isinstance(item, Link):
            return translate("Evidence", "not looked at yet")
        says_pages = pages and not (pages == 1 and _is_picture(item))
        return f"{unopened} · {_pages(item, pages)}" if says_pages else unopened
    if state.length_ms:
        return _played(state)
    if pages:
        seen = state.pages_seen
        if seen < pages:
            return _of_pages(item).format(seen=seen, count=pages)
        if pages == 1 and _is_picture(item):
            return translate("Evidence", "seen")
        if pages == 1:
            return translate("Evidence", "{one}, seen").format(one=_pages(item, 1))
        return translate("Evidence", "all {count}").format(count=_pages(item, pages))
    if state.scrolled_permille is not None:
        if state.scrolled_permille >= _NEARLY_ALL_PERMILLE:
            return translate("Evidence", "read to the end")
        percent = state.scrolled_permille * 100 // _ALL_PERMILLE
        return translate("Evidence", "read to {percent} %").format(percent=percent)
    return translate("Evidence", "looked at") if isinstance(item, Link) else translate("Evidence", "opened")


def _claimed_pages(item: Item) -> int:
    return (item.page_count or 0) if isinstance(item, Artifact) else 0


def _pages(item: Item, count: int) -> str:
    one, many = translate("Evidence", "1 page"), translate("Evidence", "{count} pages")
    if _are_slides(item):
        one, many = translate("Evidence", "1 slide"), translate("Evidence", "{count} slides")
    elif _are_sheets(item):
        one, many = translate("Evidence", "1 sheet"), translate("Evidence", "{count} sheets")
    return one if count == 1 else many.format(count=count)


def _of_pages(item: Item) -> str:
    if _are_slides(item):
        return translate("Evidence", "{seen} of {count} slides")
    if _are_sheets(item):
        return translate("Evidence", "{seen} of {count} sheets")
    return translate("Evidence", "{seen} of {count} pages")


def _are_slides(item: Item) -> bool:
    return isinstance(item, Artifact) and has_slides(item.filename, item.media_type)


def _is_picture(item: Item) -> bool:
    return isinstance(item, Artifact) and is_picture(item.filename, item.media_type)


def _are_sheets(item: Item) -> bool:
    return isinstance(item, Artifact) and has_sheets(item.filename, item.media_type)


def _played(state: ReadingState) -> str:
    """Minutes played, such as "1:10 of 4:32 played"."""
    played = min(state.played_total_ms, state.length_ms)
    text = translate("Evidence", "{played} of {length} played")
    return text.format(played=clock_words(played), length=clock_words(state.length_ms))
