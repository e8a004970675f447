"""Why a file is not here is said with a way to get it, and what is read or asked for comes first."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assessor_app.cache import evidence, reserve, wanted_files
from assessor_app.documents.cards import RefusedWithCard
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.downloads import Hold, Limits
from assessor_app.domain.ids import ArtifactId
from assessor_app.domain.submissions import EvidenceState
from assessor_app.services import downloading, inbox_reading, reading
from assessor_app.services.context import Context
from assessor_app.sync.download_gate import Coming
from tests import builders

SUB = builders.submission()
PLAIN = ArtifactId("art-11")


@pytest.fixture
def context(assessor: Context) -> Context:
    with assessor.store.write() as txn:
        evidence.want(txn, SUB, assessor.clock)
    return assessor


def card(context: Context) -> tuple[str, str, str]:
    with pytest.raises(RefusedWithCard) as caught:
        reading.evidence_source(context, SUB.id, PLAIN)
    shown = caught.value.card
    assert "Your ratings and notes are safe." in shown.message
    return shown.reason, shown.title, shown.message


def full_disk(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reserve, "free_bytes", lambda _: 1_000_000_000)


@pytest.mark.parametrize(
    ("hinder", "why"),
    [
        (lambda c, _: c.downloads.limit(Limits(large_bytes=1)), "over your limit"),
        (lambda c, _: setattr(c.downloads, "is_metered", True), "and this connection is metered"),
        (lambda c, _: c.downloads.limit(Limits(quota_bytes=1)), "and the room for evidence is full"),
        (full_disk, "and the disk has too little room"),
        (lambda c, _: c.downloads.pause(True), "and downloads are paused"),
    ],
    ids=["large", "metered", "quota", "disk", "paused"],
)
def test_why_it_is_not_here_and_that_asking_helps(
    context: Context,
    monkeypatch: pytest.MonkeyPatch,
    hinder: Callable[[Context, pytest.MonkeyPatch], None],
    why: str,
) -> None:
    hinder(context, monkeypatch)
    reason, title, _ = card(context)
    assert reason == "held"
    assert title == f"Not downloaded: 20 bytes, {why}"
    assert downloading.get_now(context, SUB.id, PLAIN) == ChangeSet(evidence=frozenset({SUB.id}), inbox=True)
    assert context.downloads.first == (SUB.id,)
    assert card(context)[0] == "not_here"


def test_how_much_of_it_has_come(context: Context) -> None:
    with context.store.read() as txn:
        file = next(f for f in evidence.files(txn, SUB.id) if f.artifact_id == PLAIN)
    context.downloads.coming = Coming(file.blob_id, SUB.id, 120_000_000, 480_000_000)
    reason, title, message = card(context)
    assert (reason, title) == ("not_here", "This file is not on this computer yet")
    assert "120 MB of 480 MB are here" in message


def test_what_is_opened_comes_first_unless_it_is_all_here(context: Context) -> None:
    turn = context.downloads.turn
    assert downloading.put_first(context, SUB.id)
    assert (context.downloads.first, context.downloads.turn) == ((SUB.id,), turn + 1)
    assert downloading.put_first(context, SUB.id)
    assert context.downloads.turn == turn + 1
    context.downloads.limit(Limits(large_bytes=1))
    assert not downloading.put_first(context, SUB.id)
    other = builders.submission_id(9)
    assert not downloading.put_first(context, other)
    assert context.downloads.first == (SUB.id,)


def test_a_row_of_the_inbox_says_what_is_held_and_nothing_while_nothing_is(context: Context) -> None:
    (row,) = inbox_reading.rows(context, [SUB.id])
    assert row.hold is None
    context.downloads.limit(Limits(large_bytes=1))
    context.downloads.held = 3
    (row,) = inbox_reading.rows(context, [SUB.id])
    assert row.hold is Hold.LARGE
    with context.store.read() as txn:
        assert row.held_bytes == max(file.size_bytes for file in evidence.files(txn, SUB.id))
    context.downloads.limit(Limits())
    (row,) = inbox_reading.rows(context, [SUB.id])
    assert (row.hold, row.held_bytes) == (None, 0)


def test_what_was_damaged_there_is_tried_once_more(context: Context) -> None:
    with context.store.write() as txn:
        for file in evidence.files(txn, SUB.id):
            evidence.set_state(txn, file.blob_id, EvidenceState.DAMAGED, failures=3)
    assert card(context)[0] == "damaged_there"
    downloading.get_now(context, SUB.id, PLAIN)
    with context.store.read() as txn:
        wanted = evidence.next_wanted(txn)
        assert wanted is not None
        assert (wanted.artifact_id, wanted.failures) == (PLAIN, 0)
        assert wanted_files.asked_for(txn) == {wanted.blob_id}


def test_what_has_come_is_asked_for_no_more(context: Context) -> None:
    downloading.get_now(context, SUB.id, PLAIN)
    with context.store.write() as txn:
        for file in evidence.files(txn, SUB.id):
            evidence.set_state(txn, file.blob_id, EvidenceState.READY)
        wanted_files.ask_for(txn, ())
        assert wanted_files.asked_for(txn) == frozenset()


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (18, "18 bytes"),
        (2_000, "2 KB"),
        (4_600_000, "4.6 MB"),
        (480_000_000, "480 MB"),
        (1_500_000_000, "1.5 GB"),
    ],
)
def test_sizes_in_words(size: int, words: str) -> None:
    assert downloading.size_words(size) == words
