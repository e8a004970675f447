"""A damaged copy of a file is fetched again, and nothing else."""

from __future__ import annotations

import pytest

from assessor_app.cache import evidence
from assessor_app.domain.ids import ArtifactId
from assessor_app.domain.submissions import EvidenceState
from assessor_app.errors import EvidenceRefused
from assessor_app.services import fetching
from assessor_app.services.context import Context
from tests import builders

SUB = builders.submission()
PLAIN, WORD = ArtifactId("art-11"), ArtifactId("art-12")


def states(context: Context) -> dict[tuple[str, bool], str]:
    with context.store.read() as txn:
        return {(f.artifact_id, f.is_rendition): f.state.value for f in evidence.files(txn, SUB.id)}


def put(context: Context) -> None:
    with context.store.write() as txn:
        evidence.want(txn, SUB, context.clock)
        for file in evidence.files(txn, SUB.id):
            evidence.set_state(txn, file.blob_id, EvidenceState.READY, failures=2)


def test_what_is_shown_is_wanted_anew(assessor: Context) -> None:
    put(assessor)
    before = states(assessor)
    changes = fetching.fetch_again(assessor, SUB.id, WORD)
    assert changes.inbox
    assert not changes.submissions
    assert {key for key, state in states(assessor).items() if state != before[key]} == {(WORD, True)}
    with assessor.store.read() as txn:
        wanted = evidence.next_wanted(txn)
    assert wanted is not None
    assert (wanted.artifact_id, wanted.is_rendition, wanted.failures) == (WORD, True, 0)


def test_what_is_not_here_cannot_be_damaged(assessor: Context) -> None:
    with assessor.store.write() as txn:
        evidence.want(txn, SUB, assessor.clock)
    with pytest.raises(EvidenceRefused):
        fetching.fetch_again(assessor, SUB.id, PLAIN)
