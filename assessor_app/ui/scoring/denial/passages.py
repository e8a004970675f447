"""Evidence links as they can be told to the learner: where they stand, her own words, what she may read."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from assessor_app.domain.annotations import Annotation, Audience
from assessor_app.domain.submissions import Submission
from assessor_app.rubric.denial import Passage
from assessor_app.ui.plain_text import one_line
from assessor_app.ui.scoring.evidence_links import place_words

translate = QCoreApplication.translate


def passages_of(marks: Sequence[Annotation], submission: Submission) -> tuple[Passage, ...]:
    """The passages of some marks; a comment that the learner does not read stays out."""
    return tuple(
        Passage(
            where=place_words(mark, submission),
            quote=mark.anchor.text.exact if mark.anchor.text is not None else "",
            comment=mark.comment if mark.audience is Audience.LEARNER else "",
        )
        for mark in marks
    )


def source_names(submission: Submission) -> dict[str, str]:
    """What each piece of evidence is called, by id."""
    names: dict[str, str] = {}
    answer = 0
    for part in submission.parts:
        for response in part.responses:
            answer += 1
            names[response.id] = translate("Denial", "Answer {number}").format(number=answer)
        names |= {artifact.id: one_line(artifact.filename) for artifact in part.artifacts}
        names |= {link.id: one_line(link.title) or translate("Denial", "Link") for link in part.links}
    return names
