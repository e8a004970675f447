"""A person's work on one submission as a readable file, whatever became of the submission."""

from __future__ import annotations

import html.parser
import json
from dataclasses import replace
from pathlib import Path

import pytest

from assessor_app.cache import submissions
from assessor_app.domain.annotations import Audience
from assessor_app.domain.assessments import CriterionFeedback, Rating
from assessor_app.domain.ids import CriterionId
from assessor_app.errors import NotAllowed, NotWritten
from assessor_app.services import annotating, assessing, draft_export
from assessor_app.services.context import Context
from tests import builders

HOSTILE = '</script><img src="http://x.example/a.png" onerror=alert(1)> & "so"'


class Reader(html.parser.HTMLParser):
    """What a browser would make of it: tags with their attributes, and the texts."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.loads: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.loads += [value or "" for name, value in attrs if name in ("src", "href", "onerror", "style")]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def work_on(context: Context) -> None:
    rubric = builders.rubric_version()
    criterion = rubric.criteria[0]
    level = rubric.scale_of(criterion).levels[0]
    submission_id = builders.submission().id
    assessing.save_rating(context, submission_id, Rating(criterion.id, level.code))
    feedback = CriterionFeedback(CriterionId(criterion.id), f"Well seen. {HOSTILE}", missing="The plan.")
    assessing.save_feedback(context, submission_id, feedback)
    assessing.save_overall(context, submission_id, "All in all.")
    assessing.save_note(context, submission_id, "Look at page 2.")


def test_it_holds_everything_that_was_made_and_loads_nothing(assessor: Context, tmp_path: Path) -> None:
    work_on(assessor)
    mark = replace(builders.annotation(), comment="Only for me.", audience=Audience.ONLY_ME)
    annotating.put(assessor, mark, "Note")
    submission = builders.submission()
    target = tmp_path / draft_export.proposed_name(submission.code)
    report = draft_export.export(assessor, submission.id, target)
    assert (report.ratings, report.marks) == (1, 1)
    text = target.read_text("utf-8")
    seen = Reader()
    seen.feed(text)
    assert seen.loads == []
    assert seen.tags.count("script") == 1
    assert "img" not in seen.tags
    shown = " ".join(seen.texts)
    for words in (HOSTILE, "Well seen.", "What is missing: The plan.", "All in all.", "Look at page 2."):
        assert words in shown
    assert "Only for me." in shown
    assert "(only you read this)" in shown
    assert builders.rubric_version().criteria[0].text in shown
    data = json.loads(text.split('id="work">')[1].split("</script>")[0])
    assert data["code"] == submission.code
    assert HOSTILE in json.dumps(data["sections"][0]["parts"], ensure_ascii=False).replace('\\"', '"')


def test_a_withdrawn_submission_gives_up_the_work_as_well(assessor: Context, tmp_path: Path) -> None:
    work_on(assessor)
    submission_id = builders.submission().id
    with assessor.store.write() as txn:
        submissions.remove_submission(txn, submission_id, "withdrawn")
    target = tmp_path / "work.html"
    draft_export.export(assessor, submission_id, target)
    assert "All in all." in target.read_text("utf-8")


def test_nothing_is_written_where_nothing_was_made_or_nothing_can_be(
    assessor: Context, tmp_path: Path
) -> None:
    submission_id = builders.submission().id
    with pytest.raises(NotAllowed, match="made nothing"):
        draft_export.export(assessor, submission_id, tmp_path / "a.html")
    work_on(assessor)
    with pytest.raises(NotWritten):
        draft_export.export(assessor, submission_id, tmp_path / "no" / "a.html")
    assert list(tmp_path.glob("*.html")) == []
