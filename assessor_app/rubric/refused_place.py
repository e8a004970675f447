"""From a field that the platform refused to the place in the workspace where it is mended."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from assessor_app.domain.ids import AnnotationId, CriterionId
from assessor_app.rubric.findings.finding import Field, Place

_OF_CRITERION = {
    "text": Field.FEEDBACK,
    "seen": Field.SEEN,
    "missing": Field.MISSING,
    "next_step": Field.NEXT_STEP,
}
_URN = "urn:uuid:"


def places_of(pointers: Sequence[str], body: bytes) -> tuple[Place, ...]:
    """Where the named fields of a recommendation are written; without those that are written nowhere.

    Args:
        pointers: JSON pointers (RFC 6901) into the body.
        body: the bytes that were sent.
    """
    try:
        sent = json.loads(body)
    except ValueError:
        return ()
    found = (_place_of(_steps(pointer), sent) for pointer in pointers)
    return tuple(dict.fromkeys(place for place in found if place is not None))


def _steps(pointer: str) -> list[str]:
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def _place_of(steps: list[str], sent: Any) -> Place | None:
    match steps:
        case ["note_to_approver", *_]:
            return Place(None, Field.NOTE_TO_APPROVER)
        case ["feedback", "overall", *_]:
            return Place(None, Field.OVERALL)
        case ["feedback", "criteria", index, *rest]:
            field = _OF_CRITERION.get(rest[0] if rest else "", Field.FEEDBACK)
            return _at_criterion(_entry(sent, ("feedback", "criteria"), index), field)
        case ["feedback", "artifacts", index, *_]:
            source_id = _text(_entry(sent, ("feedback", "artifacts"), index), "source_id")
            return Place(None, Field.ON_EVIDENCE, source_id) if source_id else None
        case ["scores", index, *rest]:
            return _at_criterion(
                _entry(sent, ("scores",), index), Field.NOTE if "note" in rest else Field.RATING
            )
        case ["annotations", index, *_]:
            urn = _text(_entry(sent, ("annotations",), index), "id")
            name = AnnotationId(urn.removeprefix(_URN))
            return Place(None, Field.MARK, annotation_id=name) if urn.startswith(_URN) else None
        case _:
            return None


def _at_criterion(entry: Any, field: Field) -> Place | None:
    criterion_id = _text(entry, "criterion_id")
    return Place(CriterionId(criterion_id), field) if criterion_id else None


def _entry(sent: Any, path: tuple[str, ...], index: str) -> Any:
    for name in path:
        sent = sent.get(name) if isinstance(sent, dict) else None
    is_there = isinstance(sent, list) and index.isascii() and index.isdigit() and int(index) < len(sent)
    return sent[int(index)] if is_there else None


def _text(entry: Any, name: str) -> str:
    value = entry.get(name) if isinstance(entry, dict) else None
    return value if isinstance(value, str) else ""
