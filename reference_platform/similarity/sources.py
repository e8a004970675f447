"""What of a submission is compared: its answers, its files and what was captured behind its links."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assessor_app.domain.matches import ComparedPart
from assessor_app.rubric.schema import Requirement, RequirementKind, RubricVersion
from assessor_app.sync.protocol import ArtifactWire, SubmissionWire


@dataclass(frozen=True, slots=True)
class Source:
    """One answer or one file."""

    part: ComparedPart
    id: str
    name: str
    """The question that was answered, or the file's neutral name."""
    text: str
    """Of an answer; a file's words are read from its bytes."""
    file: ArtifactWire | None = None


def sources_of(wire: SubmissionWire, rubric: RubricVersion) -> Iterator[Source]:
    """Everything in a submission that is compared.

    Args:
        wire: the submission.
        rubric: what was asked; a requirement that it does not know is no reflection.
    """
    requirements = {str(requirement.id): requirement for requirement in rubric.requirements}
    for part in wire.parts:
        asked = requirements.get(part.requirement_id)
        is_reflection = asked is not None and asked.kind is RequirementKind.REFLECTION
        prompts = {str(prompt.id): prompt.text for prompt in asked.prompts} if asked else {}
        for response in part.responses:
            kind = ComparedPart.REFLECTION if is_reflection else ComparedPart.ANSWER
            yield Source(kind, response.id, prompts.get(response.prompt_id, ""), response.text)
        snapshots = [(link.title, link.snapshot) for link in part.links if link.snapshot is not None]
        for name, file in (*((artifact.filename, artifact) for artifact in part.artifacts), *snapshots):
            kind = ComparedPart.REFLECTION if is_reflection else ComparedPart.ARTIFACT
            yield Source(kind, file.id, name or file.filename, "", file)


def issuers_texts(rubric: RubricVersion) -> Iterator[str]:
    """The issuer's own words: who quotes them shares nothing with another learner by it."""
    yield from (rubric.title, rubric.skill_statement)
    for requirement in rubric.requirements:
        yield from _of_requirement(requirement)


def _of_requirement(requirement: Requirement) -> Iterator[str]:
    yield from (requirement.title, requirement.evidence_required)
    yield from (prompt.text for prompt in requirement.prompts)
    yield from (indicator.text for indicator in requirement.completion)
    for criterion in requirement.criteria:
        yield criterion.text
        yield from (text for _, text in criterion.descriptors)
