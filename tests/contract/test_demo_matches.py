"""What the demo's learners share: one file that both declared, one reflection that nobody did."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path

from sqlalchemy import select

from assessor_app.domain.roles import Role
from reference_platform.database import Database
from reference_platform.demo import frame
from reference_platform.demo.content import demo_content
from reference_platform.loading import load
from reference_platform.models import SharedPart, Submission
from reference_platform.platform import Platform
from reference_platform.similarity import comparing
from reference_platform.similarity.fingerprints import LEAST_SHARED, fingerprints
from reference_platform.similarity.matches import similarity_data
from reference_platform.store.blobs import FolderStore
from tests.contract.running import no_renditions

TEXTS = Path(frame.__file__).parent / "texts"
NOW = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)


def test_the_demo_has_one_match_for_information_and_one_to_look_at(tmp_path: Path) -> None:
    content = demo_content(None, now=NOW)
    platform = Platform(Database(f"sqlite:///{tmp_path / 'demo.db'}"), FolderStore(tmp_path / "evidence"))
    load(content, platform.database, platform.blobs, make_renditions=no_renditions)
    assert comparing.catch_up(platform) == len(content.submissions)
    with platform.database.read() as session:
        codes = {row.id: row.body["code"] for row in session.scalars(select(Submission))}
        found = {
            (frozenset((codes[row.one_id], codes[row.other_id])), row.part.value, row.weight.value)
            for row in session.scalars(select(SharedPart))
        }
        assert found == {
            (frozenset(("S-8VRE", "S-9DWT")), "reflection", "look"),
            (frozenset(("S-M4RN", "S-T9KE")), "artifact", "information"),
        }
        approver = similarity_data(session, frame.APPROVER, list(codes))
        assert {codes[submission_id] for submission_id in approver} == {"S-8VRE", "S-M4RN"}
        for actor in content.actors:
            if Role.ASSESSOR in actor.roles:
                assert similarity_data(session, actor.actor_id, list(codes)) == {}
    platform.database.close()


def test_the_reflections_share_enough_whatever_the_key() -> None:
    one, other = (_answers(code) for code in ("S-8VRE", "S-9DWT"))
    for number in range(300):
        key = blake2b(number.to_bytes(2)).digest()
        assert len(fingerprints(one, key) & fingerprints(other, key)) >= LEAST_SHARED


def _answers(code: str) -> str:
    """What the learner wrote on her reflection."""
    return (TEXTS / code / "answers.md").read_text("utf-8").partition("## reflect-learning")[2]
