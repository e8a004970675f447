"""Several marks in one step, on a real store: applied together, taken back together, after a restart, too."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assessor_app.domain.annotations import Annotation, AnnotationKind, Audience
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.roles import Role
from assessor_app.errors import NotAllowed
from assessor_app.services import annotating, assessing, reading
from assessor_app.services.context import Context
from tests import builders
from tests.builders import CRITERIA, FakeClock
from tests.contexts import assess, context_in

SUB = builders.submission()
THREE = tuple(builders.annotation(number, comment="") for number in (1, 2, 3))
INK = replace(
    builders.annotation(4, comment="", kind=AnnotationKind.INK),
    anchor=replace(THREE[0].anchor, text=None, path=((10.0, 20.0), (30.5, 40.25), (60.0, 20.0))),
    opacity=0.5,
    line_width_pt=4.0,
)


def stored(context: Context) -> dict[str, Annotation]:
    opened = reading.open_submission(context, SUB.id)
    return {mark.id: mark for mark in opened.annotations}


def labels(context: Context) -> tuple[str | None, str | None]:
    opened = reading.open_submission(context, SUB.id)
    return opened.undo_label, opened.redo_label


def test_one_undo_takes_back_what_was_done_to_many(assessor: Context) -> None:
    annotating.edit(assessor, SUB.id, "Paste 3 marks", puts=THREE)
    before = stored(assessor)
    moved = [replace(mark, colour="blue", audience=Audience.LEARNER) for mark in before.values()]
    annotating.edit(assessor, SUB.id, "Colour of 3 marks", puts=moved)
    annotating.edit(assessor, SUB.id, "Delete 2 marks", deletes=[mark.id for mark in THREE[:2]])
    assert list(stored(assessor)) == [THREE[2].id]
    assert labels(assessor) == ("Delete 2 marks", None)
    assessing.undo(assessor, SUB.id)
    assert {mark.colour for mark in stored(assessor).values()} == {"blue"}
    assessing.undo(assessor, SUB.id)
    assert stored(assessor) == before
    assessing.undo(assessor, SUB.id)
    assert stored(assessor) == {}
    assert labels(assessor) == (None, "Paste 3 marks")


def test_many_steps_of_many_marks_outlive_the_program(
    tmp_path: Path, assessor: Context, clock: FakeClock
) -> None:
    annotating.edit(assessor, SUB.id, "Paste 4 marks", puts=(*THREE, INK))
    pictures = [stored(assessor)]
    for step in range(16):
        marks = list(stored(assessor).values())
        colour = ("sky", "green", "orange")[step % 3]
        annotating.edit(
            assessor, SUB.id, f"Colour {step}", puts=[replace(mark, colour=colour) for mark in marks]
        )
        pictures.append(stored(assessor))
    assessor.store.close()

    again = context_in(tmp_path / "assessor", Role.ASSESSOR, clock)
    try:
        assert labels(again) == ("Colour 15", None)
        for picture in reversed(pictures[:-1]):
            assessing.undo(again, SUB.id)
            assert stored(again) == picture
        assert stored(again)[INK.id].anchor.path == INK.anchor.path
        for picture in pictures[1:]:
            assessing.redo(again, SUB.id)
            assert {m.id: m.colour for m in stored(again).values()} == {
                m.id: m.colour for m in picture.values()
            }
    finally:
        again.store.close()


def test_each_change_counts_the_revision_and_keeps_the_time_of_making(
    assessor: Context, clock: FakeClock
) -> None:
    annotating.edit(assessor, SUB.id, "Ink", puts=[INK])
    made = stored(assessor)[INK.id]
    clock.advance(60)
    annotating.edit(assessor, SUB.id, "Comment", puts=[replace(made, comment="Here.")])
    after = stored(assessor)[INK.id]
    assert (after.revision, after.created_at) == (2, made.created_at)
    assert after.modified_at > made.modified_at
    assert (after.opacity, after.line_width_pt) == (0.5, 4.0)


def test_what_is_so_already_is_no_step(assessor: Context) -> None:
    annotating.edit(assessor, SUB.id, "Paste 3 marks", puts=THREE)
    same = list(stored(assessor).values())
    assert annotating.edit(assessor, SUB.id, "Nothing", puts=same) == ChangeSet()
    assert annotating.edit(assessor, SUB.id, "Nothing", deletes=[INK.id]) == ChangeSet()
    assert labels(assessor) == ("Paste 3 marks", None)
    # Of several the ones that change are kept, and only those.
    one = replace(same[0], criteria=(CRITERIA[1],))
    annotating.edit(assessor, SUB.id, "Evidence link", puts=[one, *same[1:]])
    assert [mark.revision for mark in stored(assessor).values()] == [2, 1, 1]


def test_a_sent_assessment_refuses_all_of_a_step(assessor: Context) -> None:
    assess(assessor, SUB)
    annotating.edit(assessor, SUB.id, "Paste 3 marks", puts=THREE)
    assessing.send(assessor, SUB.id)
    before = stored(assessor)
    with pytest.raises(NotAllowed):
        annotating.edit(assessor, SUB.id, "Delete 3 marks", deletes=[mark.id for mark in before.values()])
    assert stored(assessor) == before


def typed(context: Context, comment: str) -> None:
    mark = stored(context)[INK.id]
    annotating.edit(context, SUB.id, "Comment", puts=[replace(mark, comment=comment)])


def test_a_comment_typed_with_short_rests_is_one_step(assessor: Context, clock: FakeClock) -> None:
    annotating.edit(assessor, SUB.id, "Ink", puts=[INK])
    for text in ("A", "A daily", "A daily practice."):
        clock.advance(1)
        typed(assessor, text)
    assessing.undo(assessor, SUB.id)
    assert stored(assessor)[INK.id].comment == ""
    assert labels(assessor) == ("Ink", "Comment")
    assessing.redo(assessor, SUB.id)
    assert stored(assessor)[INK.id].comment == "A daily practice."
    # Whoever rests for long has begun something new.
    clock.advance(60)
    typed(assessor, "A daily practice. Whose?")
    assessing.undo(assessor, SUB.id)
    assert stored(assessor)[INK.id].comment == "A daily practice."


def test_other_changes_stay_steps_of_their_own(assessor: Context, clock: FakeClock) -> None:
    annotating.edit(assessor, SUB.id, "Paste 2 marks", puts=[INK, THREE[0]])
    for colour in ("sky", "green"):
        clock.advance(1)
        mark = stored(assessor)[INK.id]
        annotating.edit(assessor, SUB.id, "Colour of mark", puts=[replace(mark, colour=colour)])
    assessing.undo(assessor, SUB.id)
    assert stored(assessor)[INK.id].colour == "sky"
    # Comments on two marks are two steps.
    typed(assessor, "One")
    other = stored(assessor)[THREE[0].id]
    annotating.edit(assessor, SUB.id, "Comment", puts=[replace(other, comment="Two")])
    assessing.undo(assessor, SUB.id)
    assert stored(assessor)[INK.id].comment == "One"
    assert stored(assessor)[THREE[0].id].comment == ""


def written(context: Context, comment: str, *, goes_on: bool = True, deeper: float = 0.0) -> None:
    text = replace(THREE[1], kind=AnnotationKind.FREE_TEXT, comment=comment)
    rect = text.anchor.rects[0]
    anchor = replace(text.anchor, rects=(replace(rect, y1=rect.y1 + deeper),))
    annotating.edit(context, SUB.id, "Text", puts=[replace(text, anchor=anchor)], goes_on=goes_on)


def test_a_free_text_is_one_step_from_its_first_word_to_its_last(assessor: Context, clock: FakeClock) -> None:
    written(assessor, "Which", goes_on=False)
    clock.advance(600)
    written(assessor, "Which of these", deeper=12)
    written(assessor, "Which of these bars?", deeper=24)
    assert labels(assessor) == ("Text", None)
    assessing.undo(assessor, SUB.id)
    assert THREE[1].id not in stored(assessor)
    assessing.redo(assessor, SUB.id)
    assert stored(assessor)[THREE[1].id].comment == "Which of these bars?"
    # Begun anew after a rest it is a step of its own.
    clock.advance(60)
    written(assessor, "Which of these bars? Why?", goes_on=False, deeper=24)
    assessing.undo(assessor, SUB.id)
    assert stored(assessor)[THREE[1].id].comment == "Which of these bars?"
    # The same label without other words is no typing.
    written(assessor, "Which of these bars?", deeper=40)
    assessing.undo(assessor, SUB.id)
    assert stored(assessor)[THREE[1].id].anchor.rects[0].y1 == THREE[1].anchor.rects[0].y1 + 24
