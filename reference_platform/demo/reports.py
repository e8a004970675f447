"""What learners ask and what people report in the demo, one of each kind that does not come by itself.

One question names its writer, as people do: the platform takes the name and the address out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from assessor_app.domain.cases import CaseKind, FindingKind, RecusalReason
from reference_platform.demo.frame import ASSESSOR
from reference_platform.seeding import SeedCase, SeedSubmission

_ASKED_LAST_WEEK, _TWO_DAYS, _DAY = timedelta(days=6), timedelta(days=2), timedelta(days=1)
PLANTED = ("Noemi Alcazar-Brandt", "noemi.ab@mail.example", "312-555-0147")
"""A name, an address and a number in a learner's question: none of them leaves the platform."""


def reports(submissions: Sequence[SeedSubmission]) -> tuple[SeedCase, ...]:
    """The questions and reports on the demo's submissions."""
    by_code = {seed.wire.code: seed.wire for seed in submissions}

    def about(code: str, source: int | None = None) -> tuple[str, str | None]:
        wire = by_code[code]
        files = [artifact.id for part in wire.parts for artifact in part.artifacts]
        return wire.id, files[source] if source is not None else None

    name, address, number = PLANTED
    denied, plan = about("S-5HYC", 0)
    awarded, _ = about("S-D5XG")
    earlier, _ = about("S-3QX9")
    asked = (
        SeedCase(
            CaseKind.FEEDBACK_QUESTION,
            denied,
            "The feedback says that my second adaptation is missing. It is on the last page, in the table "
            "under the picture. Was it not seen, or does it not count as an adaptation?",
            source_id=plan,
            age=_TWO_DAYS,
        ),
        SeedCase(
            CaseKind.FEEDBACK_QUESTION,
            earlier,
            "What would a better record of participation look like? I have a seating chart with marks, and I "
            f"do not know whether that is enough.\nMy name is {name}, write to me at {address} or call "
            f"{number}.\nThanks,\n{name.split()[0]}",
            criterion_id="analyze-participation",
            age=_ASKED_LAST_WEEK,
        ),
        SeedCase(
            CaseKind.FEEDBACK_QUESTION,
            awarded,
            "Thank you for the badge. May I use your comment on the conferences in my portfolio?",
        ),
    )
    return (*asked, *_reported(about))


def _reported(about: Callable[[str, int | None], tuple[str, str | None]]) -> tuple[SeedCase, ...]:
    asked_about, sheet = about("S-4TNB", 0)
    found_in, file = about("S-K8FA", 0)
    given_back, _ = about("S-B6PT", None)
    return (
        SeedCase(
            CaseKind.QUESTION,
            asked_about,
            "The tally counts turns by table, not by student. Does that show who takes part, or is it too "
            "coarse for this criterion?",
            by="assessor",
            opened_by=ASSESSOR,
            criterion_id="analyze-participation",
            source_id=sheet,
            age=_DAY,
        ),
        SeedCase(
            CaseKind.IDENTITY_FINDING,
            found_in,
            by="platform",
            source_id=file,
            detail={"finding": FindingKind.OFFICE_PROPERTIES.value},
        ),
        SeedCase(
            CaseKind.RECUSAL,
            given_back,
            "I helped to plan this lesson.",
            by="assessor",
            detail={"reason": RecusalReason.CONFLICT.value},
            age=_DAY,
        ),
    )
