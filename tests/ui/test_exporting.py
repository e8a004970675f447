"""The dialog that exports an annotated copy, on a real store, a real child and real files."""

from __future__ import annotations

import io
from dataclasses import replace

import pikepdf
import pytest
from PySide6.QtWidgets import QApplication

from assessor_app.documents.renderer import Renderer
from assessor_app.domain.annotations import Audience
from assessor_app.domain.roles import Role
from assessor_app.services import annotating
from assessor_app.services.exporting import ExportFormat
from assessor_app.ui.exporting import _DONE, _FORM, _WORK, Exportable, ExportDialog
from assessor_app.ui.screen_room import screen_room
from assessor_app.ui.tall_scroll import TallScroll
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.theme import Scheme
from assessor_app.ui.workspaces.assessor import AssessorWorkspace
from tests import builders
from tests.ui import accessibility_walk
from tests.ui.worlds import World, box_mark, lesson_submission, make_context, on_screen, put_work

SUBMISSION = lesson_submission(builders.rubric_version())
LEARNERS = box_mark(SUBMISSION, 1, audience=Audience.LEARNER, comment="Clear figure.")
MINE = box_mark(SUBMISSION, 2, audience=Audience.ONLY_ME, comment="Do I believe this?")


@pytest.fixture
def world(qtbot, tmp_path):
    clock = builders.FakeClock()
    (tmp_path / "profile").mkdir()
    renderer = Renderer()
    context = make_context(tmp_path / "profile", renderer, clock, Role.ASSESSOR)
    put_work(context, SUBMISSION, builders.rubric_version())
    lanes = Lanes(context, clock=clock)
    bugs: list[str] = []
    lanes.bug.connect(bugs.append)
    yield World(context.store, context, lanes, clock)
    assert lanes.close()
    renderer.close()
    context.store.close()
    assert bugs == []


@pytest.fixture
def dialog(qtbot, world, tmp_path):
    """Makes the dialog; the copy goes to `copy.<kind>` in the test's folder."""

    def make(marks=(LEARNERS, MINE), ask_path=None, **changes):
        what = Exportable(
            SUBMISSION.id,
            "S-4F2K",
            tuple(marks),
            LEARNERS.anchor.source_id,
            "Artifact 1.pdf",
            open_has_pages=True,
        )
        made = ExportDialog(
            world.lanes,
            replace(what, **changes),
            ask_path=ask_path or (lambda _parent, _name, kind: str(tmp_path / f"copy.{kind}")),
        )
        qtbot.addWidget(made)
        made.show()
        return made

    return make


def written(qtbot, dialog) -> str:
    qtbot.waitUntil(lambda: bool(dialog.report.text()), timeout=30_000)
    return dialog.report.text()


def test_at_first_only_what_the_learner_reads_goes_into_a_pdf(qtbot, dialog, tmp_path):
    made = dialog()
    assert [box.isChecked() for box in made.readers.values()] == [True, False, False]
    assert made.readers[Audience.ONLY_ME].text().endswith(": 1")
    assert made.own_hint.isHidden()
    made.go.click()
    assert written(qtbot, made).startswith("copy.pdf holds one mark.")
    with pikepdf.open(tmp_path / "copy.pdf") as pdf:
        assert [str(each.Contents) for each in pdf.pages[1].Annots] == ["Clear figure."]


def test_marks_for_oneself_only_when_ticked_and_then_with_a_word(qtbot, dialog, tmp_path):
    made = dialog()
    made.readers[Audience.ONLY_ME].setChecked(True)
    assert made.own_hint.isVisible()
    made.go.click()
    assert "2 marks" in written(qtbot, made)
    with pikepdf.open(io.BytesIO((tmp_path / "copy.pdf").read_bytes())) as pdf:
        assert len(pdf.pages[1].Annots) == 2


def test_nothing_to_export_is_said_and_cannot_be_started(dialog):
    made = dialog(marks=(MINE,))
    assert not made.go.isEnabled()
    assert made.trouble.isVisible()
    made.readers[Audience.ONLY_ME].setChecked(True)
    assert made.go.isEnabled()


def test_xfdf_is_for_the_one_pdf_that_is_open(qtbot, dialog, tmp_path):
    made = dialog()
    made.formats[ExportFormat.XFDF].setChecked(True)
    made.go.click()
    written(qtbot, made)
    assert (tmp_path / "copy.xfdf").read_bytes().startswith(b"<?xml")
    made.everything.setChecked(True)
    assert not made.formats[ExportFormat.XFDF].isEnabled()
    assert made.formats[ExportFormat.PDF].isChecked()
    other = dialog(open_has_pages=False)
    assert not other.formats[ExportFormat.XFDF].isEnabled()


def test_a_place_that_cannot_be_written_is_told_in_the_form(qtbot, dialog, tmp_path):
    made = dialog(ask_path=lambda _parent, _name, _kind: str(tmp_path / "nowhere" / "copy.pdf"))
    made.go.click()
    qtbot.waitUntil(lambda: "Choose another folder" in made.trouble.text(), timeout=30_000)
    assert made.go.isVisible()


def test_who_thinks_better_of_it_is_back_in_the_form(dialog):
    made = dialog(ask_path=lambda _parent, _name, _kind: "")
    made.go.click()
    assert made.go.isVisible()


def test_stopping_leaves_nothing_behind(qtbot, world, dialog, tmp_path):
    made = dialog()
    made.go.click()
    made.reject()
    qtbot.wait(300)
    assert world.lanes.close()
    assert sorted(each.name for each in tmp_path.iterdir() if each.name != "profile") == []


def test_the_workspace_offers_it_for_what_is_open(qtbot, world):
    annotating.put(world.context, LEARNERS, "Box")
    workspace = on_screen(qtbot, AssessorWorkspace(world.lanes, SUBMISSION.id, world.clock.now))
    entry = next(e for e in workspace.evidence.entries() if e.title == "Artifact 1.pdf")
    workspace.evidence.select(entry.key)
    qtbot.waitUntil(workspace.document.shows_pages)
    workspace.actions_made.action("evidence.export").trigger()
    made = next(w for w in QApplication.topLevelWidgets() if isinstance(w, ExportDialog))
    assert made.only_open.text() == "Only Artifact 1.pdf, which is open"
    assert made.formats[ExportFormat.XFDF].isEnabled()
    assert made.readers[Audience.LEARNER].text().endswith(": 1")
    made.reject()


def test_everything_has_a_name(dialog):
    made = dialog()
    assert accessibility_walk.unnamed(made) == []
    assert accessibility_walk.clipped_buttons(made) == []
    assert accessibility_walk.without_keyboard(made) == []


def test_at_twice_the_text_it_stays_on_the_screen_with_its_buttons(dialog, theme, qtbot):
    theme.apply(Scheme.LIGHT, 200)
    made = dialog()
    made.readers[Audience.ONLY_ME].setChecked(True)
    qtbot.waitUntil(lambda: made.findChild(TallScroll) is not None)
    for page, button in ((_FORM, made.go), (_WORK, made.leave), (_DONE, made.close_button)):
        made._show_page(page)
        qtbot.waitUntil(lambda button=button: made.rect().contains(button.geometry()))
        assert made.height() <= screen_room(made).height()
        assert button.isVisible()
        assert made.focusWidget() is None or made.focusWidget().isVisible()


@pytest.mark.parametrize(("scheme", "percent"), [(Scheme.LIGHT, 100), (Scheme.DARK, 150)])
def test_it_fits_a_small_window(dialog, theme, scheme, percent):
    theme.apply(scheme, percent)
    made = dialog()
    made.readers[Audience.ONLY_ME].setChecked(True)
    made.adjustSize()
    assert made.height() < 720
    assert accessibility_walk.clipped_buttons(made) == []
