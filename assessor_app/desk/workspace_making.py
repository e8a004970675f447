"""The workspace of a submission for a role, at the place where the person was."""

from __future__ import annotations

from assessor_app.clock import Clock
from assessor_app.desk.left_place import LeftPlace, WayBack
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.roles import Role
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.workspaces.approver import ApproverWorkspace
from assessor_app.ui.workspaces.assessor import AssessorWorkspace
from assessor_app.ui.workspaces.pre_assessor import PreAssessorWorkspace

AnyWorkspace = ApproverWorkspace | PreAssessorWorkspace | AssessorWorkspace
KINDS: dict[Role, type[ApproverWorkspace | PreAssessorWorkspace]] = {
    Role.APPROVER: ApproverWorkspace,
    Role.PREASSESSOR: PreAssessorWorkspace,
}
"""Everybody else assesses."""


def make_workspace(
    role: Role, lanes: Lanes, submission_id: str, clock: Clock, keys: KeyTable, left: LeftPlace | None
) -> AnyWorkspace:
    """Build the workspace of a role.

    Args:
        role: the role in which this person works here.
        lanes: those of this stretch.
        submission_id: what to open.
        clock: for times.
        keys: words and keys.
        left: where the person was when the profile locked; None for the beginning.
    """
    kind = KINDS.get(role, AssessorWorkspace)
    workspace = kind(lanes, SubmissionId(submission_id), clock.now, keys=keys)
    if left is not None:
        WayBack(workspace, left)
    return workspace
