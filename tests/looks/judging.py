"""What an assessor meets while she judges: the rubric, writing a denial, comments, the page that sends."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt

from assessor_app.cache import comment_bank, submissions
from assessor_app.domain.annotations import Anchor, AnnotationKind, Audience, Rect, SourceKind
from assessor_app.domain.assessments import ArtifactFeedback, CriterionFeedback, Rating
from assessor_app.domain.comment_bank import BankEntry, Scope
from assessor_app.domain.ids import BankEntryId, CriterionId, RequirementId
from assessor_app.domain.submissions import Submission
from assessor_app.rubric.native import published
from assessor_app.rubric.schema import Requirement, RubricStatus, RubricVersion
from assessor_app.services import annotating, assessing
from assessor_app.ui.scoring.bank.manage import ManageComments
from assessor_app.ui.scoring.check_card import CheckCard
from assessor_app.ui.scoring.level_example import LevelExample
from tests import builders
from tests.evidence_desk import pause
from tests.looks import demo_work as demo
from tests.looks.stage import SETTLE_MS, Stage

SAID = (
    "You code every turn and set the record beside your seating plan; that makes the pattern visible.",
    "Three ways of thinking, each with a piece of student work.",
    "The task allows several approaches, and your goal names the idea behind them.",
    "Each question is written for one way of thinking.",
    "Twice a student takes up another student's idea before you speak.",
    "Two of the silent students carry the argument.",
    "You quote your students, and the next step follows from what they said.",
)
SEEN = "On page 2 you list five questions; each of them asks for the answer."
MISSING = "Two moves by which students respond to one another, planned before the lesson."
NEXT_STEP = "Choose two places in your plan and write down whom you will ask to restate or to question."
OVERALL = (
    "A discussion in which students convince each other. Keep the habit of coding your own place in the room."
)
TWELVE = 12
"""Version of the rubric with twelve criteria."""
DENIED = "3313123"
"""Levels of the seven criteria: three of them below passing."""


# ---- what was done before the picture ----


def rate(stage: Stage, made: Submission, levels: str, *, says: bool = True) -> None:
    """Rate the first criteria, one digit each; those that pass get their feedback."""
    rubric = twelve_criteria() if made.rubric.version == TWELVE else demo.rubric_of(made)
    for number, digit in enumerate(levels):
        criterion = rubric.criteria[number]
        level = rubric.scale_of(criterion).levels[int(digit) - 1]
        assessing.save_rating(stage.context, made.id, Rating(criterion.id, level.code))
        if level.meets and says:
            text = SAID[number % len(SAID)]
            assessing.save_feedback(stage.context, made.id, CriterionFeedback(criterion.id, text))


def finish(stage: Stage, made: Submission, levels: str = "3333333") -> None:
    """Rate and write everything, so that it can be sent."""
    rate(stage, made, levels)
    rubric = demo.rubric_of(made)
    for criterion, digit in zip(rubric.criteria, levels, strict=True):
        if digit != "3":
            said = CriterionFeedback(criterion.id, "", SEEN, MISSING, NEXT_STEP)
            assessing.save_feedback(stage.context, made.id, said)
    assessing.save_overall(stage.context, made.id, OVERALL)
    assessing.save_note(
        stage.context, made.id, "I checked the counts on page 1 against the chart; they agree."
    )


def mark(stage: Stage, made: Submission, criterion: str, comment: str) -> None:
    """A box on the first PDF that the learner reads."""
    files = [file for part in made.parts for file in part.artifacts if file.media_type == "application/pdf"]
    anchor = Anchor(
        SourceKind.ARTIFACT, files[0].id, files[0].sha256, 0, 612.0, 792.0, (Rect(72, 380, 523, 560),)
    )
    kind = AnnotationKind.BOX
    box = builders.annotation(
        1, of=made, kind=kind, anchor=anchor, comment=comment, audience=Audience.LEARNER
    )
    annotating.put(stage.context, replace(box, criteria=(CriterionId(criterion),)), "Box")


def put_comments(stage: Stage, made: Submission) -> None:
    """Comments of her own, beside those of the team."""
    own = (
        ("Point to one place", "Please say where in the transcript this can be seen."),
        ("Thin evidence", "For “{{criterion}}” I looked in {{artifact}} and saw {{what}}."),
        ("Student words", "Quote at least two students; their words are the evidence here."),
        ("Names a cause", "You name a cause that you can change; that is what makes this analysis useful."),
    )
    with stage.context.store.write() as txn:
        for number, (title, text) in enumerate(own):
            comment_bank.put(txn, BankEntry(BankEntryId(f"own-{number}"), Scope.PERSONAL, title, text))
        fitted = BankEntry(
            BankEntryId("own-fitted"), Scope.PERSONAL, "Turns counted, reasons not",
            "You count turns. Say which of them were reasons.", made.microcredential_id,
            CriterionId("analyze-participation"), "progressing",
        )  # fmt: skip
        comment_bank.put(txn, fitted)


def twelve_criteria() -> RubricVersion:
    """A long rubric: some of the demo's requirements twice, as a version of its own."""
    base = next(version for version in demo.content().rubrics if str(version.id).endswith("math-talk"))
    again = [_renamed(part) for part in base.requirements if part.id in ("analyze", "design", "reflect")]
    made = replace(base, requirements=(*base.requirements, *again), version=TWELVE, status=RubricStatus.DRAFT)
    return published(made)


def _renamed(part: Requirement) -> Requirement:
    criteria = (replace(c, id=CriterionId(f"{c.id}-again")) for c in part.criteria)
    title = f"{part.title}, second lesson"
    return replace(
        part, id=RequirementId(f"{part.id}-again"), title=title, criteria=tuple(criteria),
        position=part.position + 5, prompts=(), completion=(),
    )  # fmt: skip


# ---- the rubric ----


def panel_fresh(stage: Stage) -> None:
    """Nothing rated yet."""
    workspace = stage.open(stage.put(demo.FRESH))
    stage.read_file(workspace, "implement")


def panel_half(stage: Stage) -> None:
    """Four of seven rated, one below passing, the keyboard on the next."""
    made = stage.put(demo.FRESH)
    rate(stage, made, "3313")
    workspace = stage.open(made)
    stage.read_file(workspace, "implement")
    workspace.panel.go_to(workspace.panel.cards[3])
    stage.command("criterion.next")


def panel_rated(stage: Stage) -> None:
    """All rated and written."""
    made = stage.put(demo.FRESH)
    finish(stage, made)
    workspace = stage.open(made)
    stage.read_file(workspace, "implement", 1)
    workspace.panel.go_to(workspace.panel.cards[6])


def panel_below(stage: Stage) -> None:
    """A criterion below passing, with its three parts still empty."""
    made = stage.put(demo.FRESH)
    rate(stage, made, DENIED)
    workspace = stage.open(made)
    stage.read_file(workspace, "design")
    workspace.panel.go_to(workspace.panel.cards[2])


def panel_twelve(stage: Stage) -> None:
    """A rubric of twelve criteria, half rated."""
    version = twelve_criteria()
    with stage.context.store.write() as txn:
        submissions.put_rubric(txn, version)
    made = stage.put(demo.FRESH, rubric=builders.rubric_ref(version))
    rate(stage, made, "331323")
    workspace = stage.open(made)
    workspace.panel.go_to(workspace.panel.cards[6])
    pause(SETTLE_MS)


def panel_resubmission(stage: Stage) -> Any:
    """What was asked for last time, before rating."""
    workspace = stage.open(stage.put(demo.RESUBMISSION))
    stage.read_file(workspace, "design")
    workspace.panel.go_to(workspace.panel.cards[0])
    pause(SETTLE_MS)
    return workspace


def panel_resubmission_rated(stage: Stage) -> None:
    """The level of last time, after rating."""
    workspace = panel_resubmission(stage)
    stage.type(workspace.panel.current.levels, "3")


def panel_accommodation(stage: Stage) -> None:
    """What an accommodation changes, before rating."""
    workspace = stage.open(stage.put("S-T9KE"))
    stage.read_file(workspace, "labday")
    workspace.panel.go_to(workspace.panel.cards[3])
    pause(SETTLE_MS)


def panel_excluded(stage: Stage) -> None:
    """A criterion that an accommodation takes out."""
    workspace = stage.open(stage.put("S-K8FA"))
    workspace.panel.go_to(workspace.panel.cards[-1])
    pause(SETTLE_MS)


def panel_example(stage: Stage) -> None:
    """A practice example, open beside its level."""
    workspace = stage.open(stage.put(demo.FRESH))
    stage.read_file(workspace, "analyze")
    workspace.panel.findChildren(LevelExample)[0].button.click()
    pause(SETTLE_MS)


def panel_single(stage: Stage) -> None:
    """A single artifact, with what is no part of it unfolded."""
    workspace = stage.open(stage.put("S-W3QD"))
    stage.read_file(workspace, "part2")
    outside = workspace.panel.outside
    outside.fold_button.setFocus(Qt.FocusReason.TabFocusReason)
    outside.fold_button.click()
    pause(SETTLE_MS)


def panel_rubric_changed(stage: Stage) -> Any:
    """A banner that says that the rubric has changed."""
    made = stage.put(demo.FRESH)
    finish(stage, made, DENIED)
    old = demo.rubric_of(made)
    criterion = old.criteria[3]
    text = "Plans questions, talk moves and pauses that make students' reasoning visible."
    descriptors = (
        *criterion.descriptors[:2],
        ("demonstrated", f"{criterion.descriptors[2][1]} Pauses are planned."),
    )
    changed = replace(criterion, text=text, descriptors=descriptors)
    requirements = tuple(
        replace(part, criteria=tuple(changed if c.id == changed.id else c for c in part.criteria))
        for part in old.requirements
    )
    new = published(
        replace(
            old,
            version=old.version + 1,
            supersedes=old.version,
            status=RubricStatus.DRAFT,
            requirements=requirements,
        )
    )
    with stage.context.store.write() as txn:
        submissions.put_rubric(txn, new)
        submissions.put_submission(txn, replace(made, rubric=builders.rubric_ref(new), rev=9))
    workspace = stage.open(made)
    workspace.panel.go_to(workspace.panel.cards[3])
    pause(SETTLE_MS)
    return workspace


def rubric_difference(stage: Stage) -> None:
    """Both texts of what changed in the rubric."""
    panel_rubric_changed(stage)
    stage.command("rubric.changes")


def not_scorable(stage: Stage) -> None:
    """Choosing why a criterion cannot be scored."""
    workspace = stage.open(stage.put(demo.FRESH))
    stage.read_file(workspace, "implement", 1)
    workspace.panel.go_to(workspace.panel.cards[4])
    stage.command("criterion.not_scorable")


def link_closed(stage: Stage) -> None:
    """A link that does not open, and which criteria that leaves not scorable."""
    workspace = stage.open(stage.put("S-H7WU"))
    links = [link for part in workspace.opened.submission.parts for link in part.links]
    stage.read(workspace, next(f"link:{link.id}" for link in links if link.state.value == "closed"))
    stage.command("link.inaccessible")


# ---- a denial ----


def _denial(stage: Stage, levels: str = DENIED) -> Any:
    made = stage.put(demo.RESUBMISSION)
    rate(stage, made, levels)
    mark(stage, made, "design-task", "The goal names an activity, not an idea.")
    workspace = stage.open(made)
    stage.read_file(workspace, "design")
    stage.command("denial.compose")
    return workspace.denial.composer


def denial_empty(stage: Stage) -> None:
    """Nothing is below passing."""
    _denial(stage, "3333333")


def denial_prepared(stage: Stage) -> None:
    """As it is begun from the evidence and the passing level."""
    _denial(stage)


def denial_looked_in(stage: Stage) -> None:
    """Looked in the piece at hand; not found."""
    composer = _denial(stage)
    composer.step(1)
    stage.command("denial.looked_in")


def denial_complete(stage: Stage) -> None:
    """All three parts of each criterion in her own words."""
    made = stage.put(demo.RESUBMISSION)
    finish(stage, made, DENIED)
    mark(stage, made, "design-task", "The goal names an activity, not an idea.")
    workspace = stage.open(made)
    stage.read_file(workspace, "design")
    stage.command("denial.compose")
    pause(SETTLE_MS)
    workspace.document.setFocus()


# ---- comments used again ----


def comments_typing(stage: Stage) -> None:
    """The list that a slash opens."""
    made = stage.put(demo.FRESH)
    put_comments(stage, made)
    rate(stage, made, "2")
    workspace = stage.open(made)
    stage.read_file(workspace, "analyze")
    workspace.panel.go_to(workspace.panel.cards[0])
    workspace.panel.write_feedback()
    pause(SETTLE_MS)
    stage.type(workspace.panel.cards[0].feedback.text.edit, "Your record is careful. /")


def comments_managed(stage: Stage) -> None:
    """The window of comments, one of them chosen."""
    put_comments(stage, stage.put(demo.FRESH))
    stage.sit_down()
    dialog = ManageComments(stage.lanes, stage.window)
    dialog.show()
    stage.wait(lambda: dialog.shelf.is_read and dialog.list.list.count() > 0)
    dialog.list.list.setCurrentRow(1)
    pause(SETTLE_MS)


# ---- the page that sends ----


def review_clear(stage: Stage) -> None:
    """Nothing is missing."""
    made = stage.put(demo.FRESH)
    finish(stage, made)
    stage.open(made)
    stage.command("send.page")
    pause(2 * SETTLE_MS)


def review_some(stage: Stage) -> Any:
    """Three findings."""
    made = stage.put(demo.FRESH)
    finish(stage, made, DENIED)
    ids = [criterion.id for criterion in demo.rubric_of(made).criteria]
    assessing.save_feedback(
        stage.context, made.id,
        CriterionFeedback(ids[0], f"{SAID[0]} The second table is careless. Ask me: reader@example.org."),
    )  # fmt: skip
    assessing.save_feedback(stage.context, made.id, CriterionFeedback(ids[2], "", SEEN, "", NEXT_STEP))
    opened = stage.open(made)
    stage.command("send.page")
    pause(2 * SETTLE_MS)
    return opened


def review_reasoned(stage: Stage) -> None:
    """Sent all the same, with a reason."""
    workspace = review_some(stage)
    from_page = [card for card in workspace.review.findChildren(CheckCard) if card.reasons]
    stage.type(from_page[0].reasons[0].field.edit, "The learner used this word of the table herself.")
    pause(2 * SETTLE_MS)


def review_many(stage: Stage) -> None:
    """About twenty findings."""
    made = stage.put(demo.FRESH)
    rubric = demo.rubric_of(made)
    for number, criterion in enumerate(rubric.criteria[:5]):
        level = "demonstrated" if number % 2 else "progressing"
        assessing.save_rating(stage.context, made.id, Rating(criterion.id, level))
        text = "Careless. See https://example.org/plan or call 555 010 2233." if number < 4 else ""
        assessing.save_feedback(stage.context, made.id, CriterionFeedback(criterion.id, text))
    stage.open(made)
    stage.command("send.page")
    pause(2 * SETTLE_MS)


# ---- what the learner reads ----


def spelling(stage: Stage) -> None:
    """Words that the dictionary does not know."""
    made = stage.put(demo.FRESH)
    rate(stage, made, "3")
    workspace = stage.open(made)
    card = workspace.panel.cards[0]
    workspace.panel.go_to(card)
    workspace.panel.write_feedback()
    pause(SETTLE_MS)
    stage.type(card.feedback.text.edit, " Keep the **tally**, and ad the reasns of each tabel.")
    pause(2 * SETTLE_MS)


def feedback_on_piece(stage: Stage) -> None:
    """Feedback on one piece of evidence, below it."""
    made = stage.put(demo.FRESH)
    workspace = stage.open(made)
    stage.read_file(workspace, "implement", 1)
    stage.command("feedback.artifact")
    stage.type(workspace.document.feedback.edit, "The red box shows **where** the reason is asked for.")


def preview(stage: Stage) -> None:
    """All that the learner will read."""
    made = stage.put(demo.FRESH)
    finish(stage, made, DENIED)
    said = f"{SAID[0]}\n\n- Keep the **tally**.\n- Add *where* each student sits."
    first = demo.rubric_of(made).criteria[0].id
    assessing.save_feedback(stage.context, made.id, CriterionFeedback(first, said))
    file = made.parts[3].artifacts[1]
    on_file = ArtifactFeedback(file.id, "The red box shows where the reason is asked for.")
    assessing.save_artifact_feedback(stage.context, made.id, on_file)
    stage.open(made)
    pause(SETTLE_MS)
    stage.command("feedback.preview")


JUDGING = {
    "panel-fresh": panel_fresh,
    "panel-half": panel_half,
    "panel-rated": panel_rated,
    "panel-below": panel_below,
    "panel-twelve": panel_twelve,
    "panel-resubmission": panel_resubmission,
    "panel-resubmission-rated": panel_resubmission_rated,
    "panel-accommodation": panel_accommodation,
    "panel-excluded": panel_excluded,
    "panel-example": panel_example,
    "panel-single": panel_single,
    "panel-rubric-changed": panel_rubric_changed,
    "rubric-difference": rubric_difference,
    "not-scorable": not_scorable,
    "link-closed": link_closed,
    "denial-empty": denial_empty,
    "denial-prepared": denial_prepared,
    "denial-looked-in": denial_looked_in,
    "denial-complete": denial_complete,
    "comments-typing": comments_typing,
    "comments-managed": comments_managed,
    "spelling": spelling,
    "feedback-on-piece": feedback_on_piece,
    "preview": preview,
    "review-clear": review_clear,
    "review-some": review_some,
    "review-reasoned": review_reasoned,
    "review-many": review_many,
}
"""What an assessor meets while judging, by the name of its picture."""
