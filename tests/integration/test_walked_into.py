"""What the attack `model` walked into, each as the few steps that it comes down to."""

from __future__ import annotations

from assessor_app.services import annotating, assessing, taking_back
from assessor_app.services.context import Context
from assessor_app.sync.draft_backup import PACE_S
from tests import builders
from tests.builders import FakeClock
from tests.integration.at_work import FIRST_ID, assess, opened, synced


def later(context: Context) -> None:
    """The next sync in which a draft may be copied again."""
    assert isinstance(context.clock, FakeClock)
    context.clock.advance(PACE_S)
    synced(context)


def test_what_is_taken_back_is_whole_beside_a_mark_for_herself(anna: Context) -> None:
    assess(anna)
    annotating.put(anna, builders.annotation(1, submission_id=FIRST_ID, criteria=()), "Highlight")
    later(anna)
    before = opened(anna)
    assessing.send(anna, FIRST_ID)
    later(anna)
    taking_back.take_back(anna, FIRST_ID)
    later(anna)
    later(anna)
    after = opened(anna)
    assert after.is_editable
    assert (after.assessment.feedback, after.assessment.ratings) == (
        before.assessment.feedback,
        before.assessment.ratings,
    )
    assert (after.assessment.overall, after.annotations) == (before.assessment.overall, before.annotations)
