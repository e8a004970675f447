"""Somebody at work against a real platform over HTTP, without windows: assess, send, sync."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assessor_app.cache import sync_state
from assessor_app.domain.assessments import CriterionFeedback, Rating
from assessor_app.domain.ids import CriterionId, SubmissionId
from assessor_app.domain.roles import Role
from assessor_app.services import assessing, reading, syncing
from assessor_app.services.context import Context
from assessor_app.services.views import OpenedSubmission, SyncState, SyncStatus
from assessor_app.sync import auth
from assessor_app.sync.transport import Answer, Transport, UnknownEffect
from tests.builders import FakeClock
from tests.contexts import context_in
from tests.contract.running import Running, lasting_token
from tests.contract.small_content import CRITERIA, FIRST

FIRST_ID = SubmissionId(FIRST)


@contextmanager
def at_work(
    folder: Path, platform: Running, login: str = "anna", role: Role = Role.ASSESSOR, *, clock: FakeClock
) -> Iterator[Context]:
    """A profile of somebody who is signed in and has everything."""
    context = context_in(folder / login, role, clock, origin=platform.origin)
    with context.store.write() as txn:
        sync_state.set_secret(txn, auth.ACCESS, lasting_token(login))
    sync(context)
    try:
        yield context
    finally:
        context.store.close()


def sync(context: Context) -> SyncStatus:
    """One sync, however it ends."""
    return syncing.sync(context, report=lambda _: None, changed=lambda _: None)


def synced(context: Context) -> None:
    """One sync that ends well."""
    status = sync(context)
    assert status.state in (SyncState.UP_TO_DATE, SyncState.NEEDS_YOU), status


def assess(context: Context, submission_id: SubmissionId = FIRST_ID, words: str = "Well seen.") -> None:
    """Rate and comment, so that it can be sent."""
    for name in CRITERIA:
        assessing.save_rating(context, submission_id, Rating(CriterionId(name), "demonstrated"))
        text = f"{words} Your plan leaves room for what students say next."
        assessing.save_feedback(context, submission_id, CriterionFeedback(CriterionId(name), text))
    assessing.save_overall(context, submission_id, f"{words} All in all a lesson to learn from.")


def assess_and_send(context: Context, submission_id: SubmissionId = FIRST_ID) -> None:
    """A recommendation that the platform has confirmed."""
    assess(context, submission_id)
    assessing.send(context, submission_id)
    synced(context)


def opened(context: Context, submission_id: SubmissionId = FIRST_ID) -> OpenedSubmission:
    """The submission as its assessor sees it."""
    return reading.open_submission(context, submission_id)


@contextmanager
def answers_lost(is_lost: Callable[[str, str], bool]) -> Iterator[None]:
    """The platform does what it is asked, but its answer to some calls never arrives."""
    original = Transport.call

    def call(self: Transport, method: str, path: str, **named: Any) -> Answer:
        answer = original(self, method, path, **named)
        if is_lost(method, path):
            raise UnknownEffect("The connection broke off", "Nothing is lost.")
        return answer

    Transport.call = call  # type: ignore[method-assign]
    try:
        yield
    finally:
        Transport.call = original  # type: ignore[method-assign]
