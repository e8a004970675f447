"""The issuer moves a submission to another version of its rubric while the work on it is under way."""

from __future__ import annotations

from dataclasses import replace

from assessor_app.domain.assessments import Rating
from assessor_app.domain.ids import CriterionId
from assessor_app.domain.states import OutboxState, SubmissionStatus
from assessor_app.rubric.native import published, rubric_to_json
from assessor_app.rubric.schema import RubricStatus, RubricVersion
from assessor_app.services import assessing, inbox_reading
from assessor_app.services.context import Context
from assessor_app.ui.workspaces.standing import SHOW_CHANGES, assessor_banner
from reference_platform import work
from reference_platform.feed import Feed
from reference_platform.models import Rubric, Submission
from tests.contract.running import Running
from tests.contract.small_content import CRITERIA, FIRST, NOW, rubric
from tests.integration.at_work import FIRST_ID, assess, opened, sync, synced

DESIGN = CriterionId(CRITERIA[1])


def version_4() -> RubricVersion:
    """The design criterion asks for something else than in version 3."""
    analyze, design = rubric().requirements
    criterion = replace(design.criteria[0], text="Does it twice.")
    requirements = (analyze, replace(design, criteria=(criterion,)))
    return published(
        replace(
            rubric(), version=4, supersedes=3, status=RubricStatus.DRAFT, requirements=requirements, hash=""
        )
    )


def move(platform: Running) -> None:
    later = version_4()
    with platform.platform.database.write() as session:
        session.add(Rubric(id=later.id, version=4, hash=later.hash, body=rubric_to_json(later)))
        session.flush()
        work.move_to_version(session, session.get_one(Submission, FIRST), 4, Feed(session, NOW))


def test_work_under_way_is_told_and_nothing_is_swapped(platform: Running, anna: Context) -> None:
    assess(anna)
    before = opened(anna).assessment
    move(platform)
    synced(anna)
    after = opened(anna)
    assert (after.assessment.ratings, after.assessment.feedback) == (before.ratings, before.feedback)
    assert (after.rubric.version, after.rubric_before) == (4, rubric())
    assert list(after.outdated) == [DESIGN]
    (row,) = inbox_reading.rows(anna, [FIRST_ID])
    assert (row.rated, row.criteria) == (len(CRITERIA) - 1, len(CRITERIA))
    assessing.save_rating(anna, FIRST_ID, Rating(DESIGN, "demonstrated"))
    assert inbox_reading.rows(anna, [FIRST_ID])[0].rated == len(CRITERIA)
    banner = assessor_banner(after, NOW)
    assert banner is not None
    assert banner.title == "The rubric changed from version 3 to 4"
    assert [act.id for act in banner.acts] == [SHOW_CHANGES]


def test_what_was_sent_for_the_version_of_before_is_refused_and_comes_back_to_be_rated(
    platform: Running, anna: Context
) -> None:
    assess(anna)
    assessing.send(anna, FIRST_ID)
    move(platform)
    sync(anna)
    synced(anna)
    refused = opened(anna)
    assert refused.outbox[-1].state is OutboxState.CONFLICT
    assert refused.is_editable
    banner = assessor_banner(refused, NOW)
    assert banner is not None
    assert banner.title == "The rubric changed from version 3 to 4"
    assert "the platform did not take it" in banner.lines[0]
    assessing.accept_rubric(anna, FIRST_ID)
    banner = assessor_banner(opened(anna), NOW)
    assert banner is not None
    assert banner.title == "The rubric changed: look at these ratings again"
    assessing.save_rating(anna, FIRST_ID, Rating(DESIGN, "demonstrated"))
    banner = assessor_banner(opened(anna), NOW)
    assert banner is not None
    assert banner.title == "Ready to be sent again"
    assessing.send(anna, FIRST_ID)
    synced(anna)
    assert opened(anna).submission.status is SubmissionStatus.WAITING_ON_APPROVER
    assert opened(anna).outbox[-1].state is OutboxState.ACKED
