"""What an assessor sees of working together: the learner's own statement, and what is approved as shared."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from assessor_app.domain.ids import ArtifactId
from assessor_app.domain.submissions import Collaboration, Submission
from assessor_app.ui.workspaces.about_pages import blocks_of
from assessor_app.ui.workspaces.evidence_entries import EntryKind, EvidenceEntry, evidence_groups
from tests import builders

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
NOTE = "The cards were made by the four of us.\nEverything else is mine."


def stating(*, declared: bool, note: str = "", approved: int = 0) -> Submission:
    made = builders.submission(1)
    files = [artifact.id for part in made.parts for artifact in part.artifacts]
    return replace(made, collaboration=Collaboration(declared, note, tuple(files[:approved])))


def entry_of(submission: Submission) -> EvidenceEntry:
    groups = evidence_groups(submission, builders.rubric_version(), ())
    return next(e for group in groups for e in group.entries if e.kind is EntryKind.COLLABORATION)


def page_of(submission: Submission) -> list[str]:
    rubric = builders.rubric_version()
    return [block.text for block in blocks_of(entry_of(submission), submission, rubric, NOW)]


def names_of(submission: Submission) -> list[str]:
    return [artifact.filename for part in submission.parts for artifact in part.artifacts]


@pytest.mark.parametrize("declared", [True, False])
def test_the_statement_stands_there_in_the_learners_words_whatever_was_declared(declared: bool) -> None:
    said = page_of(stating(declared=declared, note=NOTE))
    assert ("The learner declared collaboration." in said) is declared
    assert ("The learner declared no collaboration." in said) is not declared
    assert said[said.index("In the learner's words:") + 1] == NOTE


@pytest.mark.parametrize("declared", [True, False])
def test_what_is_approved_as_shared_is_listed_even_where_nothing_was_declared(declared: bool) -> None:
    submission = stating(declared=declared, approved=1)
    said = page_of(submission)
    assert said[said.index("Approved as shared team artifacts:") + 1] == names_of(submission)[0]
    assert "None" not in said
    assert entry_of(submission).detail.endswith("1 approved as shared")


def test_a_submission_without_any_says_so() -> None:
    said = page_of(stating(declared=False))
    assert said[said.index("Approved as shared team artifacts:") + 1] == "None"
    assert "In the learner's words:" not in said
    assert entry_of(stating(declared=False)).detail == "None declared"


def test_an_approved_snapshot_is_listed_by_its_link_and_an_unknown_id_by_nothing() -> None:
    made = builders.submission(1)
    links = [link for part in made.parts for link in part.links]
    known = [links[0].id] if links else []
    approved = Collaboration(True, "", (*(ArtifactId(str(one)) for one in known), ArtifactId("gone")))
    said = page_of(replace(made, collaboration=approved))
    after = said[said.index("Approved as shared team artifacts:") + 1]
    assert after == ((links[0].title or links[0].url) if links else "None")


def test_the_page_says_that_others_look_at_passages_and_names_no_submission() -> None:
    said = " ".join(page_of(stating(declared=True, note=NOTE, approved=1)))
    assert "Every reflection is individual." in said
    assert "looked at by others" in said
    assert "S-" not in said
