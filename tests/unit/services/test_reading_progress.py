"""How far evidence was read stays on this machine: kept, added to, forgotten with the work, never sent."""

from __future__ import annotations

from assessor_app.cache import evidence, outbox
from assessor_app.cache import reading_state as rows
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.reading import ReadingState
from assessor_app.services import assessing, reading_progress
from assessor_app.sync import web_annotation
from tests import builders

SUBMISSION = builders.submission_id(1)
SEEN = ReadingState(
    "art-11", pages=((3, 5),), page_count=14, played_ms=((777_001, 888_002),), length_ms=999_003
)


def test_what_was_read_is_kept_and_grows(assessor):
    assert reading_progress.load(assessor, SUBMISSION) == ()
    assert reading_progress.keep(assessor, SUBMISSION, [SEEN]) == ChangeSet()
    reading_progress.keep(assessor, SUBMISSION, [ReadingState("art-11", pages=((0, 2),))])
    (state,) = reading_progress.load(assessor, SUBMISSION)
    assert state.pages == ((0, 5),)
    assert state.page_count == 14


def test_it_is_forgotten_with_the_evidence(assessor):
    reading_progress.keep(assessor, SUBMISSION, [SEEN])
    with assessor.store.write() as txn:
        evidence.shred(txn, SUBMISSION)
    with assessor.store.read() as txn:
        assert rows.of_submission(txn, SUBMISSION) == ()


def test_nothing_that_is_sent_or_exported_holds_it(assessor):
    reading_progress.keep(assessor, SUBMISSION, [SEEN])
    for rating in builders.ratings():
        assessing.save_rating(assessor, SUBMISSION, rating)
    for criterion in builders.CRITERIA:
        assessing.save_feedback(assessor, SUBMISSION, builders.feedback(criterion))
    assessing.save_overall(assessor, SUBMISSION, "Well argued.")
    assessing.send(assessor, SUBMISSION)
    with assessor.store.read() as txn:
        (item,) = outbox.of_submission(txn, SUBMISSION)
    mark = builders.annotation()
    sent = item.body.decode()
    exported = web_annotation.to_wire(mark, builders.submission().rubric).model_dump_json()
    for text in (sent, exported):
        for trace in ("reading", "pages_seen", "played", "scrolled", "777001", "888002", "999003"):
            assert trace not in text
