"""The demo's content: it keeps the contract, it is what it says it is, and nobody is in it."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pymupdf
import pytest
from PIL import Image
from sqlalchemy import func, select

from assessor_app.domain.ids import CriterionId
from assessor_app.domain.kinds import SubmissionType
from assessor_app.domain.roles import Role
from assessor_app.domain.states import SubmissionStatus
from assessor_app.domain.submissions import AccommodationEffect, LinkState, Stage
from assessor_app.rubric.award_rule import evaluate
from assessor_app.rubric.native import rubric_from_json, rubric_to_json
from assessor_app.rubric.schema import RubricVersion
from assessor_app.sync.protocol import ArtifactWire, SubmissionWire, as_json
from reference_platform.clock import Clock
from reference_platform.database import Database
from reference_platform.demo import building, frame, writing
from reference_platform.demo.content import (
    TOUR_DENY_CODE,
    TOUR_SEARCH_WORD,
    TOUR_SENTENCE,
    TOUR_SUBMISSION_CODE,
    demo_content,
)
from reference_platform.judging import (
    accommodations_of,
    check_decision,
    check_recommendation,
    ratings_of,
)
from reference_platform.loading import load
from reference_platform.models import Assignment, EvidenceFile, Submission
from reference_platform.seeding import DemoContent, SeedSubmission
from reference_platform.store.blobs import FolderStore

NOW = datetime(2026, 3, 4, 15, 30, tzinfo=UTC)
"""A Wednesday, half past nine in the morning at the issuer's."""


@pytest.fixture(scope="module")
def content() -> DemoContent:
    return demo_content(None, now=NOW)


@pytest.fixture(scope="module")
def files(content: DemoContent) -> dict[str, tuple[ArtifactWire, bytes]]:
    """Every file of the demo, by artifact id."""
    return {
        artifact.id: (artifact, seed.files[artifact.id]())
        for seed in content.submissions
        for artifact in artifacts(seed)
    }


def artifacts(seed: SeedSubmission) -> Iterator[ArtifactWire]:
    """Files of a submission, snapshots of its links among them."""
    for part in seed.wire.parts:
        yield from part.artifacts
        yield from (link.snapshot for link in part.links if link.snapshot is not None)


def rubric(content: DemoContent, seed: SeedSubmission) -> RubricVersion:
    return next(version for version in content.rubrics if version.id == seed.wire.rubric.id)


def by_code(content: DemoContent, code: str) -> SeedSubmission:
    return next(seed for seed in content.submissions if seed.wire.code == code)


def of_kind(files: dict[str, tuple[ArtifactWire, bytes]], extension: str) -> list[bytes]:
    return [data for artifact, data in files.values() if artifact.filename.endswith(f".{extension}")]


def test_rubrics_are_whole_and_show_three_kinds_of_rule(content: DemoContent) -> None:
    for version in content.rubrics:
        assert rubric_from_json(rubric_to_json(version)) == version  # checked, with its hash
        for criterion in version.criteria:
            codes = [level.code for level in version.scale_of(criterion).levels]
            assert [code for code, text in criterion.descriptors if len(text) > 20] == codes
        assert {code.effect.value for code in version.not_scorable} == {"fail", "block", "exclude"}
        assert version.skill_statement
        assert any(p.word_limit for requirement in version.requirements for p in requirement.prompts)
        assert all(r.completion and r.evidence_required for r in version.requirements)
    rules = {type(version.award_rule).__name__ for version in content.rubrics}
    assert rules == {"Every", "AllOf"}
    assert len(content.rubrics) == 3


def test_submissions_follow_the_contract_and_their_rubric(content: DemoContent) -> None:
    ids: Counter[str] = Counter()
    for seed in content.submissions:
        assert SubmissionWire.model_validate(as_json(seed.wire)) == seed.wire
        version = rubric(content, seed)
        known = {str(requirement.id): requirement for requirement in version.requirements}
        criteria = {criterion.id for criterion in version.criteria}
        ids[seed.wire.id] += 1
        for part in seed.wire.parts:
            prompts = {prompt.id: prompt.word_limit for prompt in known[part.requirement_id].prompts}
            assert {r.prompt_id: r.word_limit for r in part.responses}.items() <= prompts.items()
            assert all(response.text.strip() for response in part.responses)
            ids.update(response.id for response in part.responses)
            ids.update(artifact.id for artifact in part.artifacts)
            ids.update(link.id for link in part.links)
        named = [a.criterion_id for a in seed.wire.accommodations if a.criterion_id]
        named += [c for prior in seed.wire.prior for c in (*prior.criteria_not_met, *prior.feedback)]
        named += seed.wire.return_note.criteria if seed.wire.return_note else []
        assert set(named) <= criteria
        assert set(seed.files) == {artifact.id for artifact in artifacts(seed)}
        uploaded = [a.filename.split(".")[0] for part in seed.wire.parts for a in part.artifacts]
        assert uploaded == [f"Artifact {number}" for number in range(1, len(uploaded) + 1)]
        assert all(attestation.at <= seed.wire.received_at for attestation in seed.wire.attestations)
    assert ids.most_common(1)[0][1] == 1


def test_every_text_is_used(content: DemoContent) -> None:
    """A text that nothing shows would be forgotten when the rest is changed."""
    codes = {seed.wire.code for seed in content.submissions}
    assert {folder.name for folder in writing.FOLDER.iterdir()} == codes
    for seed in content.submissions:
        prompts = {p.id for r in rubric(content, seed).requirements for p in r.prompts}
        shown = {response.prompt_id for part in seed.wire.parts for response in part.responses}
        assert set(writing.answers(seed.wire.code)) <= prompts
        assert set(writing.answers(seed.wire.code)) == shown


def test_the_assessor_has_work_of_every_sort(content: DemoContent) -> None:
    statuses = Counter(seed.wire.status for seed in content.submissions)
    assert len(content.submissions) >= 14
    assert statuses[SubmissionStatus.WAITING_ON_ASSESSOR] >= 9
    assert statuses[SubmissionStatus.WAITING_ON_APPROVER] == 2
    for status in (SubmissionStatus.RETURNED, SubmissionStatus.AWARDED, SubmissionStatus.DENIED):
        assert statuses[status] >= 1
    wires = [seed.wire for seed in content.submissions]
    assert any(wire.submission_type is SubmissionType.SINGLE_ARTIFACT for wire in wires)
    assert any(wire.collaboration.declared and wire.collaboration.shared_artifacts for wire in wires)
    assert any(wire.needed_by for wire in wires)
    effects = {accommodation.effect for wire in wires for accommodation in wire.accommodations}
    assert effects >= {AccommodationEffect.EXCLUDE, AccommodationEffect.SUBSTITUTE}
    states = {link.state for wire in wires for part in wire.parts for link in part.links}
    assert states == set(LinkState)
    sampled = [a.sampled for seed in content.submissions for a in seed.assignments if a.role is Role.APPROVER]
    assert sampled.count(True) == 1


def test_every_micro_credential_has_work_to_be_taken(content: DemoContent) -> None:
    """From the queue: small, and nobody's yet."""
    free = [seed for seed in content.submissions if not seed.assignments]
    free = [seed for seed in free if seed.wire.status is SubmissionStatus.WAITING_ON_ASSESSOR]
    assert len(free) == 4
    assert {seed.wire.rubric.id for seed in free} == {version.id for version in content.rubrics}
    assert all(len(list(artifacts(seed))) == 1 for seed in free)


def test_nobody_judges_twice_and_approvers_have_what_is_theirs(content: DemoContent) -> None:
    for seed in content.submissions:
        people = [assignment.actor_id for assignment in seed.assignments]
        assert len(set(people)) == len(people)
        assert {made.actor_id for made in seed.decisions} <= {frame.APPROVER}
        assert {sent.actor_id for sent in seed.recommendations} <= {frame.ASSESSOR, frame.OTHER_ASSESSOR}
        if seed.wire.status is SubmissionStatus.WAITING_ON_APPROVER:
            assert frame.APPROVER in people
            assert seed.recommendations
    assert not any(a.actor_id == frame.LEAD for seed in content.submissions for a in seed.assignments)


def test_what_was_judged_holds_before_the_platform_s_own_checks(content: DemoContent) -> None:
    for seed in content.submissions:
        version, accommodations = rubric(content, seed), accommodations_of(seed.wire.accommodations)
        for sent in seed.recommendations:
            check_recommendation(sent.wire, version, accommodations)
            assert len(sent.wire.scores) == len(version.criteria)
            for feedback in sent.wire.feedback.criteria:
                level = next(s.level for s in sent.wire.scores if s.criterion_id == feedback.criterion_id)
                found = version.level_of(CriterionId(feedback.criterion_id), level or "")
                assert found is not None
                assert bool(feedback.seen and feedback.missing and feedback.next_step) is not found.meets
        for made in seed.decisions:
            judged = next(s for s in seed.recommendations if s.wire.id == made.wire.recommendation_id)
            check_decision(made.wire, judged.wire.scores, version, accommodations)
            if seed.wire.status in (SubmissionStatus.AWARDED, SubmissionStatus.DENIED):
                outcome = {"award": "yes", "deny": "no"}[made.wire.outcome]
                assert evaluate(version, ratings_of(judged.wire.scores), accommodations).result == outcome


def test_a_returned_assessment_says_why_and_what(content: DemoContent) -> None:
    seed = next(s for s in content.submissions if s.wire.status is SubmissionStatus.RETURNED)
    assert seed.wire.round == 2
    assert [sent.wire.round for sent in seed.recommendations] == [1]
    assert [made.wire.outcome for made in seed.decisions] == ["return"]
    note = seed.wire.return_note
    assert note is not None
    assert (note.reason, note.criteria) == (seed.decisions[0].wire.reason, seed.decisions[0].wire.criteria)
    assert seed.recommendations[0].actor_id == frame.ASSESSOR


@pytest.mark.parametrize("hours", [0, 5, 10, 24, 60, 72, 84, 100, 150])
def test_dates_fit_whenever_it_is_loaded(hours: int) -> None:
    now = NOW + timedelta(hours=hours)
    due = []
    for seed in demo_content(None, now=now).submissions:
        wire = seed.wire
        assert wire.received_at < now
        dates = {date.stage: date.at for date in wire.due}
        assert wire.received_at < dates[Stage.ASSESSMENT] < dates[Stage.DECISION]
        moments = [wire.received_at, *[sent.wire.sent_at for sent in seed.recommendations]]
        moments += [made.wire.decided_at for made in seed.decisions]
        assert moments == sorted(moments)
        assert moments[-1] < now
        if wire.status is SubmissionStatus.WAITING_ON_ASSESSOR:
            due.append(dates[Stage.ASSESSMENT])
    soon = now + timedelta(hours=24)
    assert sum(at < now for at in due) == 1
    assert sum(now <= at < soon for at in due) >= 1
    assert sum(at >= soon for at in due) >= 5


def test_the_tour_finds_what_it_needs(content: DemoContent) -> None:
    toured, denied = by_code(content, TOUR_SUBMISSION_CODE), by_code(content, TOUR_DENY_CODE)
    assert toured.wire.attempt == 2
    assert toured.wire.prior[0].outcome == "denied"
    assert set(toured.wire.prior[0].feedback) == set(toured.wire.prior[0].criteria_not_met)
    for seed in (toured, denied):
        assert seed.wire.status is SubmissionStatus.WAITING_ON_ASSESSOR
        roles = {a.role: (a.actor_id, a.sampled) for a in seed.assignments}
        assert roles == {Role.ASSESSOR: (frame.ASSESSOR, False), Role.APPROVER: (frame.APPROVER, False)}
    kinds = {artifact.filename.split(".")[1] for artifact in artifacts(toured)}
    assert kinds >= {"pdf", "jpg", "docx"}
    assert any(part.links for part in toured.wire.parts)
    pdf = next(a for a in artifacts(toured) if a.filename.endswith(".pdf"))
    with pymupdf.open("pdf", toured.files[pdf.id]()) as document:
        texts = [" ".join(page.get_text().split()) for page in document]
        assert len(texts) >= 6
        assert sum(TOUR_SEARCH_WORD in text for text in texts) >= 4
        assert sum(text.count(TOUR_SENTENCE) for text in texts) == 1
        assert any(page.get_drawings() for page in document)
    earlier = by_code(content, toured.wire.prior[0].code)
    assert (earlier.wire.status, earlier.learner) == (SubmissionStatus.DENIED, toured.learner)
    assert frame.ASSESSOR not in {assignment.actor_id for assignment in earlier.assignments}


def test_files_are_what_their_names_say(files: dict[str, tuple[ArtifactWire, bytes]]) -> None:
    magic = {
        "pdf": (0, b"%PDF-"),
        "jpg": (0, b"\xff\xd8\xff"),
        "png": (0, b"\x89PNG\r\n\x1a\n"),
        "docx": (0, b"PK\x03\x04"),
        "pptx": (0, b"PK\x03\x04"),
        "xlsx": (0, b"PK\x03\x04"),
        "mp4": (4, b"ftyp"),
        "m4a": (4, b"ftypM4A"),
    }
    found = set()
    for artifact, data in files.values():
        extension = artifact.filename.rpartition(".")[2]
        found.add(extension)
        assert artifact.media_type == building.MEDIA_TYPES[extension]
        if extension in magic:
            offset, start = magic[extension]
            assert data[offset:].startswith(start)
        else:
            assert data.decode("utf-8").strip()
    assert found == {*magic, "md", "txt", "csv"}
    assert sum(len(data) for _, data in files.values()) < 15_000_000


def test_pdfs_have_the_pages_that_were_counted(files: dict[str, tuple[ArtifactWire, bytes]]) -> None:
    without_text = 0
    for artifact, data in files.values():
        if artifact.filename.endswith(".pdf"):
            with pymupdf.open("pdf", data) as document:
                assert document.page_count == artifact.page_count
                assert not any(document.metadata[key] for key in ("author", "creator", "producer", "title"))
                without_text += not any(page.get_text().strip() for page in document)
    assert without_text == 1  # the scan


def test_photographs_are_turned_have_a_thumbnail_and_say_nothing_else(
    files: dict[str, tuple[ArtifactWire, bytes]],
) -> None:
    orientations = []
    for data in of_kind(files, "jpg"):
        with Image.open(io.BytesIO(data)) as picture:
            exif = picture.getexif()
            assert set(exif) == {0x0112}
            orientations.append(exif[0x0112])
        assert data.count(b"\xff\xd8\xff") == 2  # the picture, and the thumbnail in it
        assert b"GPS" not in data
    assert {1, 6} == set(orientations)


def test_office_files_are_sound_packages(files: dict[str, tuple[ArtifactWire, bytes]]) -> None:
    comments = 0
    for extension, main in (
        ("docx", "word/document.xml"),
        ("pptx", "ppt/presentation.xml"),
        ("xlsx", "xl/workbook.xml"),
    ):
        packages = of_kind(files, extension)
        assert packages
        for data in packages:
            with zipfile.ZipFile(io.BytesIO(data)) as package:
                assert package.testzip() is None
                names = set(package.namelist())
                assert main in names
                for name in names:
                    ET.fromstring(package.read(name))
                types = package.read("[Content_Types].xml").decode()
                assert set(re.findall(r'PartName="/([^"]+)"', types)) <= names
                comments += "word/comments.xml" in names
                assert not any(name.startswith("docProps") for name in names)
    assert comments >= 1


def all_texts(content: DemoContent, files: dict[str, tuple[ArtifactWire, bytes]]) -> Iterator[str]:
    for seed in content.submissions:
        yield seed.wire.model_dump_json(exclude={"id", "parts"})
        for part in seed.wire.parts:
            yield from (response.text for response in part.responses)
        for sent in seed.recommendations:
            yield sent.wire.feedback.model_dump_json() + sent.wire.note_to_approver
        for made in seed.decisions:
            yield made.wire.reason + made.wire.final_feedback
    for folder in writing.FOLDER.iterdir():
        yield from (path.read_text("utf-8") for path in folder.iterdir())
    for artifact, data in files.values():
        if artifact.filename.endswith(".pdf"):
            with pymupdf.open("pdf", data) as document:
                yield from (page.get_text() for page in document)
        elif artifact.media_type.startswith("text/"):
            yield data.decode()


def test_no_person_and_no_school_is_in_it(
    content: DemoContent, files: dict[str, tuple[ArtifactWire, bytes]]
) -> None:
    found = []
    patterns = (
        r"[\w.+-]+@[\w-]+\.\w+",
        r"\(?\b\d{3}\)?[ .-]\d{3}[ .-]\d{4}\b",
        r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof)\.? [A-Z][a-z]+",
        r"\b[A-Z][a-z]+ (?:Elementary|Middle School|High School|Academy|District)\b",
        r"(?i)lorem ipsum",
    )
    for text in all_texts(content, files):
        found += [hit.group() for pattern in patterns for hit in re.finditer(pattern, text)]
    assert not found
    assert not any(actor.private_name or actor.private_email for actor in content.actors)
    links = [link.url for s in content.submissions for part in s.wire.parts for link in part.links]
    assert all(url.startswith("https://example.org/") for url in links)


def test_the_same_moment_gives_the_same_content(
    content: DemoContent, files: dict[str, tuple[ArtifactWire, bytes]]
) -> None:
    again = demo_content(None, now=NOW)
    assert [seed.wire for seed in again.submissions] == [seed.wire for seed in content.submissions]
    kept = [
        getattr(seed.files[a.id], "cache_clear", None) for seed in again.submissions for a in artifacts(seed)
    ]
    for forget in kept:
        if forget is not None:
            forget()
    for seed in again.submissions:
        for artifact in artifacts(seed):
            assert seed.files[artifact.id]() == files[artifact.id][1], artifact.filename


class StoppedClock(Clock):
    """Stands still."""

    def now(self) -> datetime:
        return NOW


def test_it_loads_into_a_database_in_time(content: DemoContent, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'platform.db'}"
    database = Database(url)
    started = time.monotonic()
    load(
        content,
        database,
        FolderStore(tmp_path / "evidence"),
        clock=StoppedClock(),
        make_renditions=lambda _: {},
    )
    assert time.monotonic() - started < 10
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Submission)) == len(content.submissions)
        mine = select(func.count()).select_from(Assignment).where(Assignment.actor_id == frame.ASSESSOR)
        assert (session.scalar(mine) or 0) >= 11
        empty = select(EvidenceFile).where(EvidenceFile.size_bytes == 0)
        assert session.scalar(empty) is None
    database.close()


def test_a_folder_becomes_one_more_submission(tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / ".hidden").mkdir()
    for name, data in (
        ("Plan of Ms Someone.PDF", b"%PDF-1.7 plan"),
        ("deep/er/notes", b"words"),
        ("deep/photo.jpeg", b"\xff\xd8\xff"),
        ("deep/talk.mp3", b"ID3"),
        (".secret.txt", b"no"),
        (".hidden/kept.txt", b"no"),
    ):
        (tmp_path / name).write_bytes(data)
    (tmp_path / "loop").symlink_to(tmp_path / "deep")
    (tmp_path / "outside.txt").symlink_to("/etc/hostname")

    made = demo_content(tmp_path, now=NOW).submissions[-1]

    assert made.wire.title == "Your own files"
    assert made.wire.status is SubmissionStatus.WAITING_ON_ASSESSOR
    assert SubmissionWire.model_validate(as_json(made.wire)) == made.wire
    shown = {(a.filename, a.media_type, made.files[a.id]()) for a in artifacts(made)}
    assert shown == {
        ("Artifact 1.pdf", "application/pdf", b"%PDF-1.7 plan"),
        ("Artifact 2.bin", "application/octet-stream", b"words"),
        ("Artifact 3.jpeg", "image/jpeg", b"\xff\xd8\xff"),
        ("Artifact 4.mp3", "audio/mpeg", b"ID3"),
    }
    assert len({part.requirement_id for part in made.wire.parts if part.artifacts}) == 2
    assert "Someone" not in made.wire.model_dump_json()

    (tmp_path / "deep" / "photo.jpeg").rename(tmp_path / "deep" / "picture.jpeg")
    assert demo_content(tmp_path, now=NOW).submissions[-1].wire.id == made.wire.id
    (tmp_path / "deep" / "talk.mp3").write_bytes(b"ID3 changed")
    assert demo_content(tmp_path, now=NOW).submissions[-1].wire.id != made.wire.id


def test_a_large_folder_is_cut_at_forty_files(tmp_path: Path) -> None:
    for number in range(45):
        (tmp_path / f"{number:02}.txt").write_text(f"{number}")
    made = demo_content(tmp_path, now=NOW).submissions[-1]
    assert len(made.files) == 40
    assert [len(part.artifacts) for part in made.wire.parts] == [14, 14, 12]


@pytest.mark.parametrize("name", ["missing", "empty"])
def test_a_folder_without_files_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ValueError, match=name):
        demo_content(tmp_path / name, now=NOW)


def test_media_are_small_and_say_nothing_about_their_making() -> None:
    for path in building.MEDIA_FOLDER.glob("*.m*"):
        data = path.read_bytes()
        assert len(data) < 150_000
        assert b"Lavf" not in data
        assert b"ffmpeg" not in data.lower()
