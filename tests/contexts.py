"""What the verbs work on, for tests: a real store with a submission in it, nobody behind the address."""

from __future__ import annotations

from pathlib import Path

from assessor_app.cache import submissions
from assessor_app.cache.engine import Store
from assessor_app.clock import Clock
from assessor_app.documents.renderer import Renderer
from assessor_app.domain.assessments import CriterionFeedback, Rating
from assessor_app.domain.roles import Role
from assessor_app.domain.submissions import Submission
from assessor_app.services import assessing
from assessor_app.services.context import Context
from assessor_app.sync.auth import transport_for
from tests import builders
from tests.builders import CRITERIA
from tests.stores import open_store

NOWHERE = "http://127.0.0.1:1"


def context_in(folder: Path, role: Role, clock: Clock, *, origin: str = NOWHERE) -> Context:
    """An open profile in a folder; the caller closes its store."""
    store = open_store(folder, clock)
    return Context(
        store=store,
        transport=transport_for(store, origin),
        renderer=Renderer(clock=clock),
        clock=clock,
        role=role,
        origin=origin,
        folder=folder,
    )


def give(store: Store, submission: Submission, role: Role = Role.ASSESSOR, *, sampled: bool = False) -> None:
    """Let a submission with its rubric have come from the platform."""
    with store.write() as txn:
        submissions.put_rubric(txn, builders.rubric_version())
        submissions.put_submission(txn, submission)
        submissions.put_assignment(txn, builders.assignment(role=role, sampled=sampled))


def assess(context: Context, submission: Submission, level: str = "demonstrated") -> None:
    """Rate and comment on everything, so that it can be sent."""
    for criterion in CRITERIA:
        assessing.save_rating(context, submission.id, Rating(criterion, level))
        assessing.save_feedback(
            context,
            submission.id,
            CriterionFeedback(
                criterion,
                "Your questions leave room for thought in each phase.",
                seen="Two open questions.",
                missing="A question that asks students to compare.",
                next_step="Add one that starts with how.",
            ),
        )
    assessing.save_overall(context, submission.id, "A lesson in which students do the thinking.")
