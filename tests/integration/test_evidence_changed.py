"""Evidence is replaced on the platform while the work on it is under way: nothing is lost."""

from __future__ import annotations

import pytest

from assessor_app.cache import evidence
from assessor_app.domain.assessments import Rating
from assessor_app.domain.ids import CriterionId
from assessor_app.domain.states import OutboxState, SubmissionStatus
from assessor_app.domain.submissions import EvidenceState
from assessor_app.services import assessing
from assessor_app.services.context import Context
from assessor_app.ui.workspaces.standing import assessor_banner
from reference_platform import endings
from tests.contract.running import Running
from tests.contract.small_content import CRITERIA, NOW
from tests.integration.at_work import FIRST_ID, assess, assess_and_send, opened, sync, synced
from tests.integration.test_walked_into import returned_by_otto


def replace_first(platform: Running, context: Context) -> str:
    """Other bytes for the first artifact; gives its id."""
    artifact = next(a for part in opened(context).submission.parts for a in part.artifacts)
    with platform.platform.database.write() as session:
        blobs = platform.platform.blobs
        endings.replace_evidence(session, NOW, blobs, artifact.id, b"%PDF-1.7 the second version")
    return artifact.id


def test_ratings_stay_and_say_that_their_evidence_changed_until_they_are_given_again(
    platform: Running, anna: Context
) -> None:
    assess(anna)
    before = opened(anna)
    artifact_id = replace_first(platform, anna)
    synced(anna)
    now = opened(anna)
    assert now.assessment.ratings == before.assessment.ratings
    assert now.verdict == before.verdict
    touched = list(now.evidence_changes)
    assert touched
    banner = assessor_banner(now, NOW)
    assert banner is not None
    assert banner.title == "The evidence changed after you rated"
    assert list(banner.criteria) == touched
    with anna.store.read() as txn:
        (file,) = [f for f in evidence.files(txn, FIRST_ID) if f.artifact_id == artifact_id]
    assert file.state is EvidenceState.READY
    assert file.sha256 not in {f.sha256 for f in before.evidence}
    for name in touched:
        assessing.save_rating(anna, FIRST_ID, Rating(CriterionId(name), "demonstrated"))
    assert not opened(anna).evidence_changes
    assert assessor_banner(opened(anna), NOW) is None


@pytest.mark.parametrize("is_seen_first", [True, False])
def test_a_round_that_goes_on_from_earlier_ratings_says_what_was_replaced_since(
    platform: Running, anna: Context, is_seen_first: bool
) -> None:
    """It was returned, and she has not begun the next round: it is shown with the ratings of the last."""
    assess_and_send(anna)
    returned_by_otto(platform)
    if is_seen_first:
        synced(anna)
    replace_first(platform, anna)
    synced(anna)
    now = opened(anna)
    assert (now.submission.round, now.is_editable) == (2, True)
    assert now.assessment.ratings
    touched = list(now.evidence_changes)
    assert touched
    for name in touched:
        assessing.save_rating(anna, FIRST_ID, Rating(CriterionId(name), "demonstrated"))
    assert not opened(anna).evidence_changes


def test_what_is_not_rated_says_nothing(platform: Running, anna: Context) -> None:
    assessing.save_overall(anna, FIRST_ID, "Begun.")
    replace_first(platform, anna)
    synced(anna)
    assert not opened(anna).evidence_changes


def test_what_was_sent_from_the_earlier_evidence_is_refused_and_comes_back_with_what_changed(
    platform: Running, anna: Context
) -> None:
    assess(anna)
    words = opened(anna).assessment.overall
    assessing.send(anna, FIRST_ID)
    replace_first(platform, anna)
    sync(anna)
    synced(anna)
    refused = opened(anna)
    assert refused.outbox[-1].state is OutboxState.CONFLICT
    assert "evidence was replaced" in refused.outbox[-1].last_error
    assert refused.is_editable
    assert not refused.conflict
    assert refused.assessment.overall == words
    banner = assessor_banner(refused, NOW)
    assert banner is not None
    assert "the platform did not take it" in banner.lines[0]
    for name in CRITERIA:
        assessing.save_rating(anna, FIRST_ID, Rating(CriterionId(name), "demonstrated"))
    banner = assessor_banner(opened(anna), NOW)
    assert banner is not None
    assert banner.title == "Ready to be sent again"
    assessing.send(anna, FIRST_ID)
    synced(anna)
    assert opened(anna).submission.status is SubmissionStatus.WAITING_ON_APPROVER
