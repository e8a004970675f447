"""A resubmission from the platform to the comparison: real HTTP, a real store, the real render worker."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from assessor_app.cache import evidence
from assessor_app.documents.difference import PageState, difference
from assessor_app.domain.earlier import Standing, earlier_attempts, pairings
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.roles import Role
from assessor_app.domain.submissions import Artifact, EvidenceState
from assessor_app.services import reading, renditions
from reference_platform.demo import content, resubmission
from reference_platform.demo.building import submission_id
from tests.contract.running import Running, Server, fill, running
from tests.contract.small_content import NOW
from tests.integration.test_whole_job import Person, person

TOURED = SubmissionId(submission_id(resubmission.CODE))


@pytest.fixture
def platform(tmp_path: Path, server: Server) -> Iterator[Running]:
    made = content.demo_content(None, now=NOW)
    wanted = (resubmission.CODE, resubmission.EARLIER_CODE)
    made = replace(made, submissions=tuple(s for s in made.submissions if s.wire.code in wanted))
    folder = tmp_path / "platform"
    folder.mkdir()
    fill(folder, made)
    with running(server, folder) as served:
        yield served


@pytest.fixture
def assessor(platform: Running, tmp_path: Path) -> Iterator[Person]:
    with ExitStack() as stack:
        made = person(tmp_path, platform.origin, "demo-assessor", Role.ASSESSOR, stack)
        made.sign_in()
        made.sync()
        yield made


def test_the_demos_resubmission_comes_with_its_earlier_version(assessor: Person) -> None:
    opened = reading.open_submission(assessor.context, TOURED)
    (earlier,) = earlier_attempts(opened.submission)
    assert earlier.code == resubmission.EARLIER_CODE
    with assessor.context.store.read() as txn:
        files = evidence.files(txn, TOURED)
    assert {file.state for file in files} == {EvidenceState.READY}
    found = pairings(opened.submission)
    names = {
        artifact.filename: found[artifact.id]
        for part in opened.submission.parts
        for artifact in part.artifacts
    }
    standings = {name: pair.standing for name, pair in names.items()}
    assert standings == {
        "Artifact 1.docx": Standing.UNCHANGED,
        "Artifact 2.pdf": Standing.CHANGED,
        "Artifact 3.jpg": Standing.CHANGED,
        "Artifact 4.jpg": Standing.NEW,
        "Artifact 5.csv": Standing.NEW,
    }
    partner = names["Artifact 2.pdf"].earlier
    assert isinstance(partner, Artifact)
    assert partner.filename == "Artifact 2.pdf"


def test_its_pages_are_compared_by_the_real_worker(assessor: Person) -> None:
    opened = reading.open_submission(assessor.context, TOURED)
    found = pairings(opened.submission)
    present = next(a for p in opened.submission.parts for a in p.artifacts if a.filename == "Artifact 2.pdf")
    partner = found[present.id].earlier
    assert isinstance(partner, Artifact)
    pages = []
    renderer = assessor.context.renderer
    for artifact in (partner, present):
        source = renditions.pages_first(assessor.context, TOURED, artifact.id)
        info = renderer.open(source)
        pages.append([renderer.text(source, page) for page in range(info.page_count)])
    made = difference(*pages)
    assert [pair.new for pair in made.pairs if pair.state is PageState.NEW] == [3, 4, 5]
    assert made.words_added > made.words_removed > 100
