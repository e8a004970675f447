"""Why work leaves somebody, until when hers is kept, and what counts as other evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from assessor_app.domain.changed_pieces import changed_pieces
from assessor_app.domain.endings import EndingReason, is_evidence_kept, keep_until, reason_of
from tests import builders
from tests.builders import NOON


@pytest.mark.parametrize("reason", EndingReason)
def test_the_platforms_words_are_the_reasons(reason: EndingReason) -> None:
    assert reason_of(reason.value) is reason


def test_words_of_other_platforms_are_no_error() -> None:
    assert reason_of("moved to another department") is EndingReason.OTHER


def test_work_is_kept_but_for_an_erased_learner_and_evidence_but_for_who_took_it_back() -> None:
    kept = {reason for reason in EndingReason if keep_until(reason, NOON) == NOON + timedelta(days=30)}
    assert set(EndingReason) - kept == {EndingReason.ERASED}
    without = {reason for reason in EndingReason if not is_evidence_kept(reason)}
    assert without == {EndingReason.ERASED, EndingReason.WITHDRAWN}


def test_pieces_that_were_replaced_added_or_taken_away_are_found_under_their_requirement() -> None:
    before = builders.submission(1)
    assert changed_pieces(before, before) == {}
    part = next(part for part in before.parts if part.artifacts)
    first, *others = part.artifacts
    replaced = replace(part, artifacts=(replace(first, sha256="0" * 64), *others))
    bare = replace(part, artifacts=tuple(others))

    def with_part(new: object) -> object:
        return replace(before, parts=tuple(new if one is part else one for one in before.parts))  # type: ignore[misc]

    assert changed_pieces(before, with_part(replaced)) == {part.requirement_id: {first.id}}  # type: ignore[arg-type]
    assert changed_pieces(before, with_part(bare)) == {part.requirement_id: {first.id}}  # type: ignore[arg-type]
    assert changed_pieces(with_part(bare), before) == {part.requirement_id: {first.id}}  # type: ignore[arg-type]
