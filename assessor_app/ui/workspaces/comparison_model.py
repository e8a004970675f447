"""What can be laid beside a piece of evidence: its earlier version first, then everything else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QCoreApplication

from assessor_app.domain.earlier import (
    Placed,
    Standing,
    earlier_attempts,
    pairings,
    placed_items,
)
from assessor_app.domain.submissions import Artifact, Response, Submission
from assessor_app.rubric.schema import RubricVersion
from assessor_app.ui.plain_text import one_line
from assessor_app.ui.viewers.compare.versions import Comparison, Version
from assessor_app.ui.workspaces.evidence_entries import EvidenceEntry

translate = QCoreApplication.translate


def comparison_of(
    entry: EvidenceEntry | None,
    submission: Submission,
    rubric: RubricVersion,
    likenesses: Mapping[tuple[str, str], float] | None = None,
) -> Comparison | None:
    """The comparison that is opened for a line of the evidence list.

    Args:
        entry: the line; for one that cannot be compared, such as a link, the first piece that can.
        submission: what was handed in.
        rubric: what was asked.
        likenesses: what files have in common, as far as that is known; see `pairings`.

    Returns:
        None when there are no two pieces to compare.
    """
    present = _versions(placed_items(submission), rubric, "")
    attempts = earlier_attempts(submission)
    earlier: list[Version] = []
    for attempt in attempts:
        name = translate("Compare", "Earlier") if len(attempts) == 1 else one_line(attempt.code)
        earlier += _versions(placed_items(attempt), rubric, name)
    if not present or len(present) + len(earlier) < 2:
        return None
    found = pairings(submission, likenesses=likenesses)
    shown = next((v for v in present if entry is not None and v.item is entry.item), None)
    if shown is None:
        changed = [v for v in present if v.item.id in found and found[v.item.id].standing is Standing.CHANGED]
        shown = (changed or present)[0]
    pairing = found.get(shown.item.id)
    partner = pairing.earlier.id if pairing is not None and pairing.earlier is not None else None
    old_key = next((v.key for v in earlier if v.item.id == partner), "")
    others = [
        key for key, pair in found.items() if pair.standing is Standing.UNCHANGED and key != shown.item.id
    ]
    return Comparison(
        submission_id=submission.id,
        old=(*earlier, *present),
        new=tuple(present),
        old_key=old_key,
        new_key=shown.key,
        unchanged_files=len(others),
    )


def _versions(placed: Sequence[Placed], rubric: RubricVersion, attempt: str) -> list[Version]:
    """Pieces that can be laid side by side; a link has nothing of its own to show."""
    titles = {requirement.id: requirement.title for requirement in rubric.requirements}
    versions = []
    for one in placed:
        if not isinstance(one.item, Artifact | Response):
            continue
        title = one_line(titles.get(one.requirement_id, ""))
        if isinstance(one.item, Response):
            prompt = rubric.prompt(one.item.prompt_id)
            name = one_line(prompt.text) if prompt is not None else ""
            name = name or translate("Compare", "Written response")
        else:
            name = one_line(one.item.filename) or translate("Compare", "File without a name")
        pieces = [piece for piece in (attempt, name, title) if piece]
        kind = "earlier" if attempt else "present"
        versions.append(Version(f"{kind}:{one.item.id}", " · ".join(pieces), one.item, bool(attempt)))
    return versions
