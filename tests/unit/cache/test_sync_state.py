from __future__ import annotations

from datetime import timedelta

from assessor_app.cache import submissions, sync_state, text_pages
from assessor_app.cache.engine import Store
from tests import builders
from tests.builders import NOON


def test_how_far_was_read(store: Store) -> None:
    with store.write() as txn:
        assert sync_state.cursor(txn) is None
        assert sync_state.server_time(txn) is None
        sync_state.set_cursor(txn, "c1", NOON)
        sync_state.set_cursor(txn, "c2", NOON + timedelta(seconds=1))
    with store.read() as txn:
        assert sync_state.cursor(txn) == "c2"
        assert sync_state.server_time(txn) == NOON + timedelta(seconds=1)
    with store.write() as txn:
        sync_state.set_cursor(txn, None, None)
        assert sync_state.cursor(txn) is None
        assert sync_state.server_time(txn) == NOON + timedelta(seconds=1)


def test_how_far_the_platforms_clock_is_ahead(store: Store) -> None:
    with store.write() as txn:
        assert sync_state.clock_lead(txn) == timedelta(0)
        for lead in (timedelta(days=1, milliseconds=5), timedelta(hours=-3)):
            sync_state.set_clock_lead(txn, lead)
            assert sync_state.clock_lead(txn) == lead


def test_which_versions_are_held(store: Store) -> None:
    with store.write() as txn:
        sync_state.put_rev(txn, "assignment", "a", 3)
        sync_state.put_rev(txn, "assignment", "a", 5)
        sync_state.put_rev(txn, "policy", "a", 1)
        assert sync_state.known_revs(txn) == {("assignment", "a"): 5, ("policy", "a"): 1}
        sync_state.remove_rev(txn, "assignment", "a")
        assert sync_state.known_revs(txn) == {("policy", "a"): 1}


def test_a_record_set_aside_is_forgotten_when_it_can_be_read(store: Store) -> None:
    sid = builders.submission_id(1)
    with store.write() as txn:
        sync_state.put_quarantine(txn, "submission", sid, 4, "ValidationError")
        sync_state.put_quarantine(txn, "submission", sid, 5, "KeyError")
        sync_state.put_quarantine(txn, "decision", "d", 1, "ValueError")
        sync_state.remove_rev(txn, "submission", "d")
        sync_state.remove_rev(txn, "decision", sid)
        assert sync_state.quarantined(txn) == (
            sync_state.SetAside("decision", "d", 1, "ValueError"),
            sync_state.SetAside("submission", sid, 5, "KeyError"),
        )
        submissions.put_submission(txn, builders.submission(1))
        sync_state.remove_rev(txn, "decision", "d")
        assert sync_state.quarantined(txn) == ()


def test_tokens_are_kept_and_forgotten(store: Store) -> None:
    with store.write() as txn:
        assert sync_state.get_secret(txn, "refresh") is None
        sync_state.set_secret(txn, "refresh", "one")
        sync_state.set_secret(txn, "refresh", "two")
        assert sync_state.get_secret(txn, "refresh") == "two"
        sync_state.set_secret(txn, "refresh", None)
        sync_state.set_secret(txn, "refresh", None)
        assert sync_state.get_secret(txn, "refresh") is None


def test_text_is_kept_by_page(store: Store) -> None:
    with store.write() as txn:
        text_pages.put(txn, "b", 0, "first", "[]")
        text_pages.put(txn, "b", 2, "third", '[["third",1,2,3,4]]')
        text_pages.put(txn, "b", 0, "first, again", "[]")
        text_pages.put(txn, "c", 1, "other", "[]")
    with store.read() as txn:
        assert text_pages.have(txn, "b") == frozenset({0, 2})
        assert text_pages.get(txn, "b", 0) == ("first, again", "[]")
        assert text_pages.get(txn, "b", 2) == ("third", '[["third",1,2,3,4]]')
        assert text_pages.get(txn, "b", 1) is None
