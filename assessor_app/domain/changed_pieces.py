"""Which pieces of a submission are not what they were: replaced, added or taken away on the platform."""

from __future__ import annotations

from assessor_app.domain.canonical import text_sha256
from assessor_app.domain.ids import RequirementId
from assessor_app.domain.submissions import Part, Submission


def changed_pieces(before: Submission, after: Submission) -> dict[RequirementId, frozenset[str]]:
    """Ids of the pieces that differ between two versions of a submission, by their requirement.

    Args:
        before: the earlier version.
        after: the later one.
    """
    old, new = _by_requirement(before), _by_requirement(after)
    found = {}
    for requirement_id in {**old, **new}:
        was, now = old.get(requirement_id, {}), new.get(requirement_id, {})
        differing = frozenset(key for key in was.keys() | now.keys() if was.get(key) != now.get(key))
        if differing:
            found[requirement_id] = differing
    return found


def _by_requirement(submission: Submission) -> dict[RequirementId, dict[str, str]]:
    found: dict[RequirementId, dict[str, str]] = {}
    for part in submission.parts:
        found.setdefault(part.requirement_id, {}).update(_digests(part))
    return found


def _digests(part: Part) -> dict[str, str]:
    answers = {str(answer.id): text_sha256(answer.text) for answer in part.responses}
    return answers | {str(file.id): file.sha256 for file in part.files}
