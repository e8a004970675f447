"""A small platform where learners' submissions share passages: declared, approved, and neither."""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from dataclasses import replace

from assessor_app.domain.ids import PromptId, RequirementId
from assessor_app.domain.roles import Role
from assessor_app.domain.states import SubmissionStatus
from assessor_app.rubric.native import published
from assessor_app.rubric.schema import Prompt, Requirement, RequirementKind, RubricStatus
from assessor_app.sync.protocol import ArtifactWire, CollaborationWire, PartWire, ResponseWire
from reference_platform.seeding import (
    DemoContent,
    SeedAssignment,
    SeedLearner,
    SeedSubmission,
)
from tests.contract import small_content
from tests.contract.small_content import wire

HERE, THERE, TEAM, AGAIN, REFERENCE, APART = (str(uuid.UUID(int=0xB000 + n)) for n in range(1, 7))
PROMPT = (
    "Describe in your own words what you learned about your students while they were talking to each other, "
    "and what you will do in another way the next time you plan such a discussion."
)
REFLECTION = (
    "Two girls who had never said a word in this class told me afterwards that the quiet minute before the "
    "discussion had been the first time somebody waited for them, and I had not even noticed that I waited."
)
CARDS = (
    "Station one: build the loop and turn the battery around. Station two: put a second bulb into the loop "
    "and say what you expect before you close the clip. Station three: find a test that could show your "
    "neighbour that the first bulb does not use the electricity up."
)
MARK_HERE, MARK_THERE = "kingfisher", "woodpecker"
"""Words that stand beside the shared passage in one submission alone."""
NOTE_THERE = "Written with nobody, says the nightjar."


def filler(seed: int, count: int = 90) -> str:
    """Words that no other text has."""
    chance = random.Random(seed)
    return " ".join("".join(chance.choices("bcdfglmnprst", k=6)) for _ in range(count))


def content() -> DemoContent:
    """All of it."""
    asked = small_content.rubric()
    reflection = Requirement(
        id=RequirementId("reflect"),
        position=3,
        title="Reflect",
        kind=RequirementKind.REFLECTION,
        evidence_required="Your own reflection.",
        prompts=(Prompt(PromptId("reflect-prompt"), PROMPT),),
    )
    asked = replace(asked, requirements=(*asked.requirements, reflection), status=RubricStatus.DRAFT)
    base = small_content.content()
    anna, bert = SeedAssignment("a-anna", Role.ASSESSOR), SeedAssignment("a-bert", Role.ASSESSOR)
    otto, both = SeedAssignment("a-otto", Role.APPROVER), SeedAssignment("a-both", Role.APPROVER)
    shared = CollaborationWire(declared=True, note="The cards were made by the four of us.")
    alone = CollaborationWire(declared=False, note=NOTE_THERE)
    silent = CollaborationWire(declared=False)
    team = f"{CARDS} {filler(1)}"
    return replace(
        base,
        learners=(*base.learners, *(SeedLearner(f"l-{name}") for name in "abcde")),
        rubrics=(published(asked),),
        submissions=(
            _seed(HERE, "l-a", team, f"{MARK_HERE} {REFLECTION} {filler(2)}", shared, (anna, otto, both)),
            _seed(
                THERE,
                "l-b",
                filler(3),
                f"{MARK_THERE} {REFLECTION} {filler(4)}",
                alone,
                (bert, replace(both, role=Role.ASSESSOR)),
            ),
            _seed(TEAM, "l-c", f"{filler(5)} {CARDS}", filler(6), shared, (bert,)),
            _seed(AGAIN, "l-a", team, f"{REFLECTION} {filler(2)}", shared, (), attempt=2),
            _seed(REFERENCE, "l-d", team, f"{REFLECTION} {filler(2)}", shared, (), is_reference=True),
            _seed(
                APART,
                "l-e",
                f"{filler(7)} {REFLECTION}",
                f"{PROMPT} {filler(8)}",
                silent,
                (anna, otto),
            ),
        ),
    )


def _seed(
    submission_id: str,
    learner: str,
    plan: str,
    reflection: str,
    collaboration: CollaborationWire,
    assignments: Sequence[SeedAssignment],
    *,
    is_reference: bool = False,
    attempt: int = 1,
) -> SeedSubmission:
    """A submission with a plan as a text file and a reflection, the prompt quoted above it."""
    mark = submission_id[-4:]
    file = ArtifactWire(
        id=f"{mark}-plan",
        filename="Artifact 1.txt",
        media_type="text/plain",
        size_bytes=0,
        sha256="0" * 64,
    )
    answer = ResponseWire(id=f"{mark}-answer", prompt_id="analyze-prompt", text=filler(int(mark, 16)))
    thoughts = ResponseWire(
        id=f"{mark}-thoughts", prompt_id="reflect-prompt", text=f"{PROMPT}\n\n{reflection}"
    )
    parts = [
        PartWire(requirement_id="analyze", responses=[answer], artifacts=[file]),
        PartWire(requirement_id="reflect", responses=[thoughts]),
    ]
    made = wire(
        submission_id,
        parts=parts,
        collaboration=collaboration,
        attempt=attempt,
        status=SubmissionStatus.WAITING_ON_ASSESSOR,
    )
    return SeedSubmission(
        made, learner, tuple(assignments), {file.id: plan.encode}, is_reference=is_reference
    )


def plan_alone(submission_id: str, learner: str, plan: str) -> SeedSubmission:
    """A submission in which only the plan may be shared with others; nobody declared anything."""
    thoughts = filler(int(submission_id[-4:], 16) + 50_000)
    return _seed(submission_id, learner, plan, thoughts, CollaborationWire(declared=False), ())
