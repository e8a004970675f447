"""The demo platform's submissions as a pull and the downloads leave them in a store, without a platform."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from assessor_app.cache import evidence, submissions
from assessor_app.domain.canonical import sha256_hex
from assessor_app.domain.roles import Role
from assessor_app.domain.submissions import Artifact, Assignment, EvidenceState, Part, Submission
from assessor_app.rubric.schema import RubricVersion
from assessor_app.services.context import Context
from assessor_app.sync import frame, wire_domain
from assessor_app.vault.sealed_file import SealedWriter
from reference_platform.demo.content import demo_content
from reference_platform.seeding import DemoContent, SeedSubmission

NOW = datetime(2026, 3, 4, 15, 30, tzinfo=UTC)
"""A Wednesday."""
RESUBMISSION, FIRST_ATTEMPT, SINGLE = "S-7K2M", "S-3QX9", "S-T9KE"
FRESH, WITH_LINK, UNCHECKED = "S-9DWT", "S-2LPM", "S-B2FJ"
AT_APPROVER = "S-8VRE"


@cache
def content() -> DemoContent:
    """Everything that the demo platform starts with."""
    return demo_content(None, now=NOW)


@cache
def seed_of(code: str) -> SeedSubmission:
    """A submission of the demo by its code."""
    return next(seed for seed in content().submissions if seed.wire.code == code)


@cache
def _bytes_of(artifact_id: str) -> bytes:
    return next(s.files[artifact_id] for s in content().submissions if artifact_id in s.files)()


@cache
def submission(code: str) -> Submission:
    """The submission with the digests of its files and the evidence of the attempt before, as it comes."""
    seed = seed_of(code)
    made = wire_domain.submission(seed.wire, 1)
    prior = tuple(replace(p, parts=submission(p.code).parts, levels=_levels(p.code)) for p in made.prior)
    return replace(made, parts=tuple(_with_files(part) for part in made.parts), prior=prior)


def rubric_of(made: Submission) -> RubricVersion:
    """The rubric version that a submission is judged by."""
    return next(version for version in content().rubrics if version.id == made.rubric.id)


def put_frame(context: Context) -> None:
    """The issuer's policy, calendar and rubrics, the team's comments, and passages of practice."""
    made = content()
    with context.store.write() as txn:
        for version in made.rubrics:
            submissions.put_rubric(txn, version)
        for wire in (made.policy, made.calendar, *made.team_comments, *made.anchors):
            frame.put(txn, wire, 1)


def put_submission(context: Context, code: str, **changes: Any) -> Submission:
    """One submission of the demo with everything that was sent of it, its files ready to read.

    Args:
        context: an open profile with the frame in it.
        code: of the submission.
        changes: of its fields; `sampled` is of the assignment.
    """
    is_sampled = changes.pop("sampled", False)
    made = replace(submission(code), **changes)
    seed = seed_of(code)
    with context.store.write() as txn:
        submissions.put_submission(txn, made)
        submissions.put_assignment(txn, Assignment(made.id, context.role, sampled=is_sampled))
        for sent in seed.recommendations if context.role is Role.APPROVER else ():
            submissions.put_recommendation(txn, wire_domain.recommendation(sent.wire), 1)
        evidence.want(txn, made, context.clock)
        key = evidence.submission_key(txn, made.id)
        files = evidence.files(txn, made.id)
    for file in files:
        path = evidence.path_of(context.store, file.blob_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        with SealedWriter(path, submission_key=key, blob_id=file.blob_id, clock=context.clock) as writer:
            writer.write(_bytes_of(file.artifact_id))
            writer.finish(expected_size=file.size_bytes, expected_sha256=file.sha256)
    with context.store.write() as txn:
        for file in files:
            evidence.set_state(txn, file.blob_id, EvidenceState.READY)
    return made


def _levels(code: str) -> tuple[tuple[Any, str], ...]:
    scores = seed_of(code).recommendations[-1].wire.scores
    return tuple((score.criterion_id, score.level) for score in scores if score.level)


def _with_files(part: Part) -> Part:
    links = (
        replace(link, snapshot=_measured(link.snapshot)) if link.snapshot else link for link in part.links
    )
    return replace(part, artifacts=tuple(map(_measured, part.artifacts)), links=tuple(links))


def _measured(artifact: Artifact) -> Artifact:
    data = _bytes_of(artifact.id)
    return replace(artifact, sha256=sha256_hex(data), size_bytes=len(data))


def codes_of(role: Role) -> list[str]:
    """Every submission that is somebody's work in a role."""
    return [s.wire.code for s in content().submissions if any(a.role is role for a in s.assignments)]
