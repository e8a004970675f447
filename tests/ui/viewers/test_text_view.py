"""Text files in the real viewer: as they read and as they are written, with the same marks in both."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QTextCursor

from assessor_app.documents.pages import EvidenceSource
from assessor_app.documents.readable import Form
from assessor_app.domain.canonical import sha256_hex
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.viewers.evidence_view import EvidenceView
from tests.builders import artifact, submission_id
from tests.ui.viewers.evidence_files import sealed
from tests.ui.viewers.keeper import Keeper

MARKDOWN = (
    "# Plan\n\nAsk **why** the fence, then *how* 🎈 much.\n\n- one\n- two\n\n" + "More words here.\n\n" * 80
)
HTML = (
    "<html><head><script>alert(1)</script></head><body><h1>Fence</h1><p>Ask <b>why</b> &amp; how.</p>"
    '<img src="http://127.0.0.1:9/x.png" alt="a board"></body></html>'
)
CSV = 'Name,Points,Remark\nAnn,3,"said ""why"""\nBartholomew,12,ok\n'
CODE = "def area(w, h):\n    return w * h\n"


@pytest.fixture
def show_text(qtbot, lanes, tmp_path):
    sources: dict[str, EvidenceSource] = {}
    view = EvidenceView(lanes, KeyTable(), lambda _context, _submission, wanted: sources[wanted.id])
    qtbot.addWidget(view)
    view.resize(820, 800)
    view.show()
    qtbot.waitExposed(view)

    def show(name, text):
        number = len(sources) + 1
        folder = tmp_path / str(number)
        folder.mkdir()
        made = artifact(number, filename=name)
        sources[made.id] = sealed(folder, text.encode(), name, "text/plain")
        with qtbot.waitSignal(view.opened):
            view.show_artifact(submission_id(), made)
        assert view.viewer is view.text
        return view

    return show


def select(view, words, occurrence=0):
    document = view.text.view.document()
    cursor = QTextCursor(document)
    for _ in range(occurrence + 1):
        cursor = document.find(words, cursor)
    assert not cursor.isNull()
    view.text.view.setTextCursor(cursor)


def test_markdown_reads_and_is_marked_in_its_source(qtbot, show_text):
    view = show_text("Artifact 1.md", MARKDOWN)
    text = view.text
    assert text.view.toPlainText().startswith("Plan\n\nAsk why the fence, then how 🎈 much.\n\n• one\n• two")
    keeper = Keeper(view)
    select(view, "how 🎈 much")
    view.run("tool.highlight")
    assert keeper.last.anchor.text.exact == "how* 🎈 much"
    start = keeper.last.anchor.text.start
    assert MARKDOWN[start : start + 3] == "how"
    view.run("view.source_text")
    assert text.view.toPlainText() == MARKDOWN
    assert text.annotator.not_found == frozenset()
    (shade,) = text.view.extraSelections()
    assert shade.cursor.selectedText() == "how* 🎈 much"
    view.run("view.source_text")
    (shade,) = text.view.extraSelections()
    assert shade.cursor.selectedText() == "how 🎈 much"


def test_a_mark_made_in_the_source_is_seen_in_what_is_read(qtbot, show_text):
    view = show_text("Artifact 1.md", MARKDOWN)
    keeper = Keeper(view)
    view.run("view.source_text")
    select(view, "**why** the fence")
    view.run("tool.underline")
    assert keeper.last.anchor.text.exact == "**why** the fence"
    view.run("view.source_text")
    (shade,) = view.text.view.extraSelections()
    assert shade.cursor.selectedText() == "why the fence"


def test_what_stands_at_the_top_stays_when_switching(qtbot, show_text):
    view = show_text("Artifact 1.md", MARKDOWN)
    text = view.text.view
    text.verticalScrollBar().setValue(text.verticalScrollBar().maximum() // 2)
    before = text.first_in_view()
    view.run("view.source_text")
    view.run("view.source_text")
    assert abs(text.first_in_view() - before) < 700


def test_looking_for_words_goes_past_the_markup(qtbot, show_text):
    view = show_text("Artifact 1.md", MARKDOWN)
    hits = view.text.view.look_for("why the fence")
    assert [MARKDOWN[hit.start : hit.end] for hit in hits] == ["why** the fence"]
    assert view.text.view.look_for("**") == ()


def test_a_web_page_is_words_and_its_source_is_a_switch_away(qtbot, show_text):
    view = show_text("Artifact 1.html", HTML)
    shown = view.text.view.toPlainText()
    assert "alert" not in shown
    assert [line for line in shown.split("\n") if line] == ["Fence", "Ask why & how.", "[Picture: a board]"]
    view.run("view.source_text")
    assert view.text.view.toPlainText() == HTML


def test_a_table_stands_in_columns_and_its_cells_can_be_marked(qtbot, show_text):
    view = show_text("Artifact 1.csv", CSV)
    assert view.text.view.toPlainText().split("\n")[2] == 'Ann         │      3 │ said "why"'
    keeper = Keeper(view)
    select(view, "Bartholomew")
    view.run("tool.highlight")
    assert keeper.last.anchor.text.start == CSV.index("Bartholomew")


def test_code_has_line_numbers_and_no_switch(qtbot, show_text):
    view = show_text("Artifact 1.py", CODE)
    assert view.text.view.toPlainText() == CODE
    assert view.text.view.viewportMargins().left() > 0
    assert not view.text.switch.isVisible()
    view.run("view.source_text")
    assert view.text.view.toPlainText() == CODE


def test_looks_of_one_file_do_not_go_on_in_the_next(qtbot, show_text):
    view = show_text("Artifact 1.md", "*all of this is slanted*")
    show_text("Artifact 2.txt", "Plain words.")
    cursor = QTextCursor(view.text.view.document())
    cursor.setPosition(3)
    assert not cursor.charFormat().fontItalic()
    assert view.text.view.viewportMargins().left() == 0


def test_a_very_long_text_is_shown_as_it_is_written(qtbot, show_text):
    view = show_text("Artifact 1.md", "**word** " * 70_000)
    assert view.text.view.toPlainText().startswith("**word** **word**")
    assert "shown as it is written" in view.text.notes.text()
    assert not view.text.switch.isVisible()


def test_plain_text_stays_as_it_is(qtbot, show_text):
    view = show_text("Artifact 1.txt", "# not a heading\n**not bold**\n")
    assert view.text.view.toPlainText() == "# not a heading\n**not bold**\n"
    assert view.text._file.form is Form.PLAIN
    assert sha256_hex(b"# not a heading\n**not bold**\n") == view.text._source.sha256
