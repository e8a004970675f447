"""Every box that is written into says who reads it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel

from assessor_app.domain.annotations import Audience
from assessor_app.ui.annotate.annotation_filter import FilterBar
from assessor_app.ui.scoring.bank.entry_form import EntryForm
from assessor_app.ui.scoring.feedback import FeedbackFields
from tests.builders import CRITERIA

UI = Path(__file__).resolve().parents[2] / "assessor_app" / "ui"
SAYS_IT_ITSELF = {
    "not_scorable.py": "the reason that is chosen decides who reads the note, and a line says so",
    "not_scorable_choice.py": "the same",
    "entry_form.py": "a comment of the team is shown there too, which nobody writes",
}
"""Files whose boxes say who reads them in a line of their own."""


def boxes() -> list[tuple[str, ast.Call]]:
    found = []
    for file in sorted(UI.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "TextField":
                found.append((file.name, node))
    return found


def test_every_box_names_its_reader() -> None:
    without = []
    for name, call in boxes():
        reader = next((key.value for key in call.keywords if key.arg == "reader"), None)
        is_empty = reader is None or (isinstance(reader, ast.Constant) and not reader.value)
        if is_empty and name not in SAYS_IT_ITSELF:
            without.append(f"{name}:{call.lineno}")
    assert len(boxes()) > 15
    assert not without


def test_the_parts_of_a_denial_say_so_on_screen_and_to_screen_readers(qtbot) -> None:
    fields = FeedbackFields(CRITERIA[0], "Asks open questions")
    qtbot.addWidget(fields)
    for field in (fields.text, fields.seen, fields.missing, fields.next_step):
        assert "The learner reads this" in field.edit.accessibleName()
        assert "The learner reads this" in [label.text() for label in field.findChildren(QLabel)]


def test_a_comment_of_ones_own_says_so_and_one_of_the_team_does_not(qtbot) -> None:
    form = EntryForm()
    qtbot.addWidget(form)
    for is_read_only in (True, False):
        form.set_read_only(is_read_only)
        shown = [label.text() for label in form.findChildren(QLabel) if not label.isHidden()]
        assert ("Only you, until you use it in feedback" in shown) is not is_read_only
        assert ("Only you" in form.text.edit.accessibleDescription()) is not is_read_only


@pytest.mark.parametrize("name", ["sources", "criteria", "kinds", "readers"])
def test_a_wheel_over_a_choice_of_marks_changes_nothing(qtbot, name: str) -> None:
    bar = FilterBar()
    qtbot.addWidget(bar)
    box = bar.readers if name == "readers" else getattr(bar, name)
    if box.count() == 1:
        box.addItem("Another", "x")
    assert Audience.ONLY_ME.value in [bar.readers.itemData(row) for row in range(bar.readers.count())]
    before = box.currentIndex()
    at = QPointF(4, 4)
    turned = QWheelEvent(
        at, at, QPoint(0, 0), QPoint(0, -120), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(box, turned)
    assert box.currentIndex() == before
