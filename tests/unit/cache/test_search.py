"""The search over everything on this machine: what is indexed, what is found, what is gone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assessor_app.cache import annotations as annotation_rows
from assessor_app.cache import (
    assessments,
    evidence,
    identity_findings,
    search,
    search_index,
    submissions,
    text_pages,
)
from assessor_app.cache.engine import Store, Transaction
from assessor_app.domain.identity import IdentityRecord
from assessor_app.domain.roles import Role
from assessor_app.domain.searching import Found, PlaceKind
from assessor_app.domain.submissions import Response
from tests import builders
from tests.builders import CRITERIA, NOON, FakeClock
from tests.stores import open_store

SID = builders.submission_id(1)
K = PlaceKind


def ticks() -> float:
    return 0.0


def index(store: Store) -> None:
    is_left = True
    while is_left:
        with store.write() as txn:
            is_left = search_index.index_some(txn, ticks)


def give(txn: Transaction, number: int = 1, role: Role = Role.ASSESSOR) -> None:
    submissions.put_rubric(txn, builders.rubric_version())
    submissions.put_submission(txn, builders.submission(number))
    submissions.put_assignment(txn, builders.assignment(number, role))


def places(store: Store, text: str, role: Role = Role.ASSESSOR) -> list[Found]:
    with store.read() as txn:
        return [place for found in search.find(txn, role, text).submissions for place in found.places]


def kinds(store: Store, text: str) -> list[PlaceKind]:
    return [place.kind for place in places(store, text)]


@pytest.fixture
def filled(store: Store) -> Store:
    with store.write() as txn:
        give(txn)
    index(store)
    return store


def test_answers_codes_and_titles_are_found(filled: Store) -> None:
    (place,) = places(filled, "perimeter")
    assert (place.kind, place.source_id, place.page) == (K.RESPONSE, "resp-context", 0)
    ((start, end),) = place.hits
    assert place.snippet[start:end] == "perimeter"
    assert "area with perimeter" in place.snippet
    assert (place.word, place.label) == ("perimeter", "Analyze")
    assert kinds(filled, "S-0001") == [K.TITLE]
    assert kinds(filled, "thinking visible") == [K.TITLE]


def test_the_last_word_may_be_its_beginning_and_the_others_are_whole(filled: Store) -> None:
    assert kinds(filled, "confused area wi") == [K.RESPONSE]
    assert kinds(filled, "confu area with") == []
    assert kinds(filled, "perime ") == []
    assert kinds(filled, "perimeter ") == [K.RESPONSE]


@pytest.mark.parametrize(
    "typed",
    ["RÉSUMÉ", "resume", "Résumé", "resum", "ñandu", "NANDÚ", "grosse", "'", '"', "*", "NEAR(", "a:b"],
)
def test_accents_case_and_signs_make_no_difference(store: Store, typed: str) -> None:
    made = builders.submission(1)
    said = Response(
        made.parts[0].responses[0].id, made.parts[0].responses[0].prompt_id, "Résumé: der Ñandú, GROSSE"
    )
    with store.write() as txn:
        submissions.put_submission(txn, replace(made, parts=(replace(made.parts[0], responses=(said,)),)))
        submissions.put_assignment(txn, builders.assignment(1))
    index(store)
    is_word = any(c.isalpha() for c in typed) and typed not in ("NEAR(", "a:b")
    assert kinds(store, typed) == ([K.RESPONSE] if is_word else [])


def test_own_words_are_found_where_they_are_written(filled: Store) -> None:
    with filled.write() as txn:
        assessments.set_overall(txn, SID, 1, "zebra one", NOON)
        assessments.set_note(txn, SID, 1, "zebra two", NOON)
        said = replace(builders.feedback(), text="zebra three", missing="a yak")
        assessments.set_feedback(txn, SID, 1, said, NOON)
        annotation_rows.put(txn, replace(builders.annotation(1), comment="zebra four"))
    index(filled)
    assert kinds(filled, "zebra") == [K.FEEDBACK, K.MARK, K.NOTE, K.OVERALL]
    assert [p.source_id for p in places(filled, "yak")] == [CRITERIA[0]]
    with filled.write() as txn:
        assessments.set_overall(txn, SID, 1, "", NOON)
        annotation_rows.delete(txn, builders.annotation(1).id)
    index(filled)
    assert kinds(filled, "zebra") == [K.FEEDBACK, K.NOTE]


def test_pages_of_evidence_are_found_as_they_come_in_and_go_at_once(filled: Store, clock: FakeClock) -> None:
    with filled.write() as txn:
        evidence.want(txn, builders.submission(1), clock)
        file = evidence.files(txn, SID)[0]
        for page in range(27):
            text_pages.put(txn, file.blob_id, page, f"gnu number{page}", "[]")
    index(filled)
    found = places(filled, "gnu")
    assert [p.page for p in found] == list(range(27))
    assert {(p.kind, p.source_id, p.label) for p in found} == {(K.PAGE, file.artifact_id, "Artifact 11.pdf")}
    with filled.write() as txn:
        text_pages.put(txn, file.blob_id, 3, "okapi", "[]")
    index(filled)
    assert [p.page for p in places(filled, "okapi")] == [3]
    assert places(filled, "number3 ") == []
    with filled.write() as txn:
        evidence.shred(txn, SID)
        assert (
            txn.connection.exec_driver_sql("SELECT count(*) FROM search_text WHERE kind = 'page'").scalar()
            == 0
        )
    assert places(filled, "gnu") == []


def test_what_leaves_is_not_found_and_leaves_no_words(filled: Store) -> None:
    with filled.write() as txn:
        submissions.remove_assignment(txn, SID, Role.ASSESSOR)
    # At once, before anything is indexed anew: it is nobody's work here.
    assert places(filled, "perimeter") == []
    index(filled)
    with filled.read() as txn:
        assert txn.connection.exec_driver_sql("SELECT count(*) FROM search_text").scalar() == 0
        vocabulary = txn.connection.exec_driver_sql("SELECT count(*) FROM search_index_idx").scalar()
    assert vocabulary is not None
    with filled.write() as txn:
        give(txn)
    index(filled)
    assert kinds(filled, "perimeter") == [K.RESPONSE]


def test_what_was_erased_is_not_left_in_the_index(store: Store) -> None:
    """Without the index's own secure deletion the words of deleted rows stay in its pages."""
    with store.write() as txn:
        give(txn)
        assessments.set_note(txn, SID, 1, "quokkaquokka", NOON)
    index(store)
    with store.write() as txn:
        assessments.set_note(txn, SID, 1, "", NOON)
    index(store)
    with store.read() as txn:
        blocks = txn.connection.exec_driver_sql("SELECT block FROM search_index_data").fetchall()
    assert not [block for (block,) in blocks if b"quokka" in block]


def test_each_role_searches_its_own_inbox(filled: Store) -> None:
    with filled.write() as txn:
        give(txn, 2, Role.LEAD)
    index(filled)
    assert {p.submission_id for p in places(filled, "perimeter")} == {SID}
    assert places(filled, "perimeter", Role.APPROVER) == []


def test_words_that_may_name_a_person_are_found_and_not_shown(filled: Store, clock: FakeClock) -> None:
    with filled.write() as txn:
        evidence.want(txn, builders.submission(1), clock)
        file = evidence.files(txn, SID)[0]
        text_pages.put(txn, file.blob_id, 0, "The perimeter, by ANN  O'Hara.", "[]")
        text_pages.put(txn, file.blob_id, 1, "The perimeter of Annapolis", "[]")
        record = IdentityRecord(file.blob_id, file.sha256, words=("ann o'hara",))
        identity_findings.put(txn, SID, record)
    index(filled)
    shown = [(p.kind, p.page, bool(p.snippet), bool(p.hits)) for p in places(filled, "perimeter")]
    assert shown == [(K.PAGE, 0, False, False), (K.PAGE, 1, True, True), (K.RESPONSE, 0, True, True)]


def test_submissions_stand_in_the_inboxs_order_and_too_many_places_are_cut(store: Store) -> None:
    with store.write() as txn:
        for number in (3, 1, 2):
            give(txn, number)
    index(store)
    with store.read() as txn:
        answer = search.find(txn, Role.ASSESSOR, "perimeter")
        order = submissions.inbox_ids(txn, Role.ASSESSOR)
        cut = search.find(txn, Role.ASSESSOR, "perimeter", most=2)
    assert tuple(found.submission_id for found in answer.submissions) == order
    assert (answer.place_count, answer.is_cut) == (3, False)
    assert (cut.place_count, cut.is_cut) == (2, True)


def test_nothing_typed_finds_nothing(filled: Store) -> None:
    assert places(filled, "  ") == []


def test_indexing_stops_when_its_time_is_over_and_goes_on_later(store: Store) -> None:
    with store.write() as txn:
        for number in range(1, 6):
            give(txn, number)
    moments = iter(range(1000))
    with store.write() as txn:
        assert search_index.index_some(txn, lambda: next(moments), budget_s=2.5)
        before = search_index.left(txn)
        assert 0 < before < 15
    index(store)
    with store.read() as txn:
        assert search_index.left(txn) == 0
    assert len(places(store, "perimeter")) == 5


def test_an_older_store_is_indexed_after_its_upgrade(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    with store.write() as txn:
        give(txn)
        txn.connection.exec_driver_sql("UPDATE submission_fact SET microcredential_id = '', pages = 0")
    index(store)
    with store.read() as txn:
        row = txn.connection.exec_driver_sql("SELECT microcredential_id, pages FROM submission_fact").one()
    assert tuple(row) == ("mc-questions", 4)
    store.close()
