"""Which piece of a resubmission belongs to which piece of the earlier attempt, and whether it changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assessor_app.domain.ids import RequirementId
from assessor_app.domain.states import SubmissionStatus
from assessor_app.domain.submissions import Artifact, Link, PriorAttempt, Response, Submission

_TEXT_WEIGHT = 6.0
"""Texts that have half of their words in common outweigh length and position together."""
_UNKNOWN_LIKENESS = 0.1
"""Texts known to have nothing in common belong together less than texts that are not known."""
_MOST_ALIKE = 24
"""Files of one kind and requirement whose texts are compared."""

Item = Response | Artifact | Link
"""One piece of evidence."""


class Standing(StrEnum):
    """How a piece of evidence stands to the earlier attempt."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Pairing:
    """A piece of evidence and the one of the earlier attempt that it belongs to."""

    standing: Standing
    earlier: Item | None = None
    """None when it is new."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece of evidence with the requirement that it answers."""

    requirement_id: RequirementId
    item: Item


def earlier_attempts(submission: Submission) -> tuple[PriorAttempt, ...]:
    """Earlier attempts whose evidence is known, the latest first; none once one is awarded (rule 18)."""
    if submission.status is SubmissionStatus.AWARDED or submission.attempt is None:
        return ()
    known = [prior for prior in submission.prior if prior.parts]
    return tuple(sorted(known, key=lambda prior: prior.attempt, reverse=True))


def last_attempt(submission: Submission) -> PriorAttempt | None:
    """The attempt before this one; None at the first, and once one is awarded (rule 18)."""
    if submission.status is SubmissionStatus.AWARDED or submission.attempt is None:
        return None
    return max(submission.prior, key=lambda attempt: attempt.decided_at, default=None)


def placed_items(source: Submission | PriorAttempt) -> tuple[Placed, ...]:
    """Every piece of evidence, in the order in which it is listed."""
    placed: list[Placed] = []
    for part in source.parts:
        items: tuple[Item, ...] = (*part.responses, *part.artifacts, *part.links)
        placed += [Placed(part.requirement_id, item) for item in items]
    return tuple(placed)


def pairings(
    submission: Submission,
    attempt: PriorAttempt | None = None,
    likenesses: Mapping[tuple[str, str], float] | None = None,
) -> Mapping[str, Pairing]:
    """How each piece stands to an earlier attempt, by its id; empty when there is none to compare with.

    What has the same content is unchanged, wherever it stood. Answers belong together by their prompt, links
    by their address; files within a requirement by kind, then by what their texts have in common as far as
    that is known, then by length and position: their names are numbers that the platform gave, and tell
    nothing.

    Args:
        submission: the present attempt.
        attempt: the earlier one; the latest if None.
        likenesses: what two files have in common, from 0 to 1, by the ids of the present and the earlier one.
    """
    if attempt is None:
        attempt = next(iter(earlier_attempts(submission)), None)
    if attempt is None:
        return {}
    present, before = placed_items(submission), list(placed_items(attempt))
    found: dict[str, Pairing] = {}
    for standing, belongs in (
        (Standing.UNCHANGED, _is_same_here),
        (Standing.UNCHANGED, _is_same),
        (Standing.CHANGED, _answers_the_same),
    ):
        _take(found, present, before, standing, belongs)
    _take_alike(found, present, before, likenesses or {})
    for placed in present:
        found.setdefault(placed.item.id, Pairing(Standing.NEW))
    return found


def likeness_wanted(submission: Submission) -> tuple[tuple[Artifact, Artifact], ...]:
    """Pairs of files, present and earlier, of which it takes their texts to tell what belongs together."""
    attempt = next(iter(earlier_attempts(submission)), None)
    if attempt is None:
        return ()
    same = {key: p for key, p in pairings(submission).items() if p.standing is Standing.UNCHANGED}
    settled = {*same, *(pair.earlier.id for pair in same.values() if pair.earlier is not None)}
    groups: dict[tuple[RequirementId, str], tuple[list[Artifact], list[Artifact]]] = {}
    for side, items in enumerate((placed_items(submission), placed_items(attempt))):
        for placed in items:
            if isinstance(placed.item, Artifact) and placed.item.id not in settled:
                group = groups.setdefault((placed.requirement_id, kind_of(placed.item)), ([], []))
                group[side].append(placed.item)
    return tuple(
        (new, old)
        for present, before in groups.values()
        if max(len(present), len(before)) > 1
        for new in present[:_MOST_ALIKE]
        for old in before[:_MOST_ALIKE]
    )


def left_out(submission: Submission, attempt: PriorAttempt | None = None) -> tuple[Placed, ...]:
    """What the earlier attempt had and nothing of the present one belongs to."""
    if attempt is None:
        attempt = next(iter(earlier_attempts(submission)), None)
    if attempt is None:
        return ()
    taken = {pair.earlier.id for pair in pairings(submission, attempt).values() if pair.earlier is not None}
    return tuple(placed for placed in placed_items(attempt) if placed.item.id not in taken)


def kind_of(artifact: Artifact) -> str:
    """What kind of file it claims to be: files of one kind can be compared page by page or word by word."""
    family, _, name = artifact.media_type.partition("/")
    office = ("word", "presentation", "powerpoint", "spreadsheet", "excel")
    whole = family if family in ("image", "audio", "video") else name
    return next((word for word in office if word in name), whole)


def _take(
    found: dict[str, Pairing],
    present: Sequence[Placed],
    before: list[Placed],
    standing: Standing,
    belongs: Callable[[Placed, Placed], bool],
) -> None:
    """Pair what is not paired yet; each earlier piece is taken once."""
    for placed in present:
        if placed.item.id in found:
            continue
        match = next((old for old in before if belongs(placed, old)), None)
        if match is not None:
            before.remove(match)
            found[placed.item.id] = Pairing(standing, match.item)


def _is_same_here(new: Placed, old: Placed) -> bool:
    return new.requirement_id == old.requirement_id and _is_same(new, old)


def _is_same(new: Placed, old: Placed) -> bool:
    one, other = new.item, old.item
    if isinstance(one, Response) and isinstance(other, Response):
        return one.prompt_id == other.prompt_id and one.text == other.text
    if isinstance(one, Artifact) and isinstance(other, Artifact):
        return one.sha256 == other.sha256
    return isinstance(one, Link) and isinstance(other, Link) and one.url == other.url


def _answers_the_same(new: Placed, old: Placed) -> bool:
    one, other = new.item, old.item
    return isinstance(one, Response) and isinstance(other, Response) and one.prompt_id == other.prompt_id


def _take_alike(
    found: dict[str, Pairing],
    present: Sequence[Placed],
    before: list[Placed],
    likenesses: Mapping[tuple[str, str], float],
) -> None:
    """Pair files of one kind that answer the same requirement, the most alike first."""
    scored = [
        (-_score(new, old, new_rank - old_rank, likenesses.get((new.item.id, old.item.id))), n, o)
        for n, new_rank, new in _ranked(present)
        if new.item.id not in found
        for o, old_rank, old in _ranked(before)
        if new.requirement_id == old.requirement_id
    ]
    taken: set[int] = set()
    gone: set[int] = set()
    for score, n, o in sorted(scored):
        if score < 0 and n not in taken and o not in gone:
            taken.add(n)
            gone.add(o)
            found[present[n].item.id] = Pairing(Standing.CHANGED, before[o].item)


def _ranked(placed: Sequence[Placed]) -> Iterator[tuple[int, int, Placed]]:
    """Files with their index, and which of its kind each is within its requirement, from 0."""
    seen: Counter[tuple[RequirementId, str]] = Counter()
    for index, one in enumerate(placed):
        if isinstance(one.item, Artifact):
            group = (one.requirement_id, kind_of(one.item))
            yield index, seen[group], one
            seen[group] += 1


def _score(new: Placed, old: Placed, steps_apart: int, in_common: float | None) -> float:
    """How much two files look like versions of one; 0 for those of different kinds."""
    one, other = new.item, old.item
    assert isinstance(one, Artifact)
    assert isinstance(other, Artifact)
    if kind_of(one) != kind_of(other):
        return 0.0
    sizes = sorted((one.size_bytes, other.size_bytes))
    pages = sorted((one.page_count or 1, other.page_count or 1))
    text = _TEXT_WEIGHT * (_UNKNOWN_LIKENESS if in_common is None else in_common)
    return 1 + text + sizes[0] / max(1, sizes[1]) + pages[0] / pages[1] + 1 / (1 + abs(steps_apart))
