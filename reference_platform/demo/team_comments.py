"""Comments that the demo's team hands out to everybody who judges."""

from __future__ import annotations

from assessor_app.sync.protocol import TeamCommentWire
from reference_platform.demo.frame import ACCESSIBLE_LABS, MATH_TALK, WRITERS_FEEDBACK


def team_comments() -> tuple[TeamCommentWire, ...]:
    """General ones, and some for a micro-credential, a criterion or a level."""
    return (
        TeamCommentWire(
            id="team-strength",
            title="Name a strength first",
            text="In {{artifact}} I can see {{what you did}}. That is what “{{criterion}}” asks for.",
        ),
        TeamCommentWire(
            id="team-one-place",
            title="Point to one place",
            text="Please say where in {{artifact}} this can be seen: the page, the minute or the paragraph.",
        ),
        TeamCommentWire(
            id="team-claim",
            title="Claim without evidence",
            text="The reflection says that {{the claim}}. Please add evidence that shows it: student work, a "
            "recording or your notes from the lesson.",
        ),
        TeamCommentWire(
            id="team-talk-quiet-students",
            title="Who stays silent",
            text="The evidence shows who spoke. It does not yet show {{who did not}} and how you know. A "
            "tally of turns for one lesson would be enough.",
            microcredential_id=f"mc-{MATH_TALK}",
            criterion_id="analyze-participation",
        ),
        TeamCommentWire(
            id="team-talk-own-words",
            title="Students' own words",
            text="Next step: write down two answers in your students' own words and say what each of them "
            "shows about how the student was thinking.",
            microcredential_id=f"mc-{MATH_TALK}",
            criterion_id="analyze-thinking",
            level="progressing",
        ),
        TeamCommentWire(
            id="team-talk-moves",
            title="Talk moves in the transcript",
            text="On page {{page}} of {{artifact}} the talk move is named. Please show the answer that it "
            "led to, so that the students' reasoning can be seen.",
            microcredential_id=f"mc-{MATH_TALK}",
        ),
        TeamCommentWire(
            id="team-writers-decisions",
            title="The writer decides",
            text="Your note on the draft says what to change. Try asking what the writer wants the reader to "
            "notice, and let the writer choose.",
            microcredential_id=f"mc-{WRITERS_FEEDBACK}",
            criterion_id="p2-ownership",
        ),
        TeamCommentWire(
            id="team-labs-checked",
            title="Ask the students",
            text="Please add what students said when you asked whether {{the barrier}} was gone.",
            microcredential_id=f"mc-{ACCESSIBLE_LABS}",
            criterion_id="review-checked",
        ),
    )
