"""Saving and arranging views of the inbox, by keyboard."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QPushButton

from assessor_app.domain.inbox_filter import InboxFilter, SavedView
from assessor_app.ui.inbox import Inbox
from assessor_app.ui.inbox_views import ArrangeViewsDialog, SaveViewDialog
from tests.inbox_rows import NOW, LaterStore, inbox_row
from tests.ui.desks import press

RISKY, MEDIA = InboxFilter(at_risk=True), InboxFilter(has_recordings=True)
VIEWS = [SavedView("1", "Risky", RISKY), SavedView("2", "Media", MEDIA)]


def save_button(dialog: SaveViewDialog) -> QPushButton:
    return next(b for b in dialog.findChildren(QPushButton) if b.text() == "Save")


def test_a_filter_is_saved_under_a_name(qtbot):
    inbox = Inbox(LaterStore([inbox_row(1)]).fetch, lambda: NOW)
    qtbot.addWidget(inbox)
    inbox.show()
    kept: list[tuple[SavedView, ...]] = []
    inbox.views_changed.connect(kept.append)
    inbox.bar.set_filter(RISKY)
    inbox.bar.save_requested.emit()
    dialog = inbox.findChild(SaveViewDialog)
    assert isinstance(dialog, SaveViewDialog)
    assert not save_button(dialog).isEnabled()
    qtbot.keyClicks(dialog._title, "  Mine ")
    qtbot.keyClick(dialog._title, Qt.Key.Key_Return)
    assert kept == [(SavedView("", "Mine", RISKY),)]
    assert inbox.bar.views == kept[0]


def test_a_name_that_is_taken_replaces_the_earlier_view(qtbot):
    dialog = SaveViewDialog(MEDIA, VIEWS, {})
    qtbot.addWidget(dialog)
    qtbot.keyClicks(dialog._title, "risky")
    assert dialog.arranged() == (SavedView("1", "risky", MEDIA), VIEWS[1])


def test_views_are_moved_renamed_and_deleted(qtbot):
    dialog = ArrangeViewsDialog(VIEWS, {})
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.arranged() == tuple(VIEWS)
    press(qtbot, dialog, "Down")
    assert dialog.arranged() == (VIEWS[1], VIEWS[0])
    press(qtbot, dialog, "Down")
    listed = dialog.findChild(QListWidget)
    assert isinstance(listed, QListWidget)
    listed.item(0).setText("  ")
    listed.item(1).setText("First things")
    assert dialog.arranged() == (VIEWS[1], SavedView("1", "First things", RISKY))
    press(qtbot, dialog, "Delete")
    assert dialog.arranged() == (VIEWS[1],)
    press(qtbot, dialog, "Up")
    press(qtbot, dialog, "Delete")
    press(qtbot, dialog, "Delete")
    assert dialog.arranged() == ()
