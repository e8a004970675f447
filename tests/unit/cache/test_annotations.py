from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from assessor_app.cache import annotations as annotation_rows
from assessor_app.cache.engine import Store
from assessor_app.domain.annotations import AnnotationKind, Audience
from tests import builders
from tests.builders import NOON

SID = builders.submission_id(1)


def test_marks_come_back_in_the_order_in_which_they_were_made(store: Store) -> None:
    first = builders.annotation(2)
    ink = replace(
        builders.annotation(1, created_at=NOON + timedelta(seconds=1)),
        kind=AnnotationKind.INK,
        anchor=replace(first.anchor, text=None, rects=(), path=((72.0, 140.0), (96.0, 132.5))),
    )
    elsewhere = builders.annotation(3, of=builders.submission(2))
    with store.write() as txn:
        for annotation in (ink, elsewhere, first):
            annotation_rows.put(txn, annotation)
    with store.read() as txn:
        assert annotation_rows.of_submission(txn, SID) == (first, ink)
        assert annotation_rows.get(txn, ink.id) == ink


def test_a_changed_mark_takes_the_place(store: Store) -> None:
    made = builders.annotation(1)
    changed = replace(made, comment="Daily, for two weeks.", audience=Audience.LEARNER, revision=2)
    with store.write() as txn:
        annotation_rows.put(txn, made)
        annotation_rows.put(txn, changed)
        assert annotation_rows.of_submission(txn, SID) == (changed,)


def test_a_mark_is_taken_away(store: Store) -> None:
    made = builders.annotation(1)
    with store.write() as txn:
        annotation_rows.put(txn, made)
        annotation_rows.delete(txn, made.id)
        annotation_rows.delete(txn, made.id)
        assert annotation_rows.get(txn, made.id) is None
        assert annotation_rows.of_submission(txn, SID) == ()
