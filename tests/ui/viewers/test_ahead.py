"""The pieces beside the one that is read are ready before they are asked for, and cost nobody anything."""

from __future__ import annotations

import pytest

from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.submissions import Artifact, Response
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.viewers import ahead
from assessor_app.ui.viewers.evidence_view import EvidenceView
from assessor_app.ui.viewers.tiles import whole_key
from assessor_app.ui.workspaces.evidence_entries import EntryKind, EvidenceEntry, files_beside
from tests.builders import artifact, parts, submission_id
from tests.ui.viewers.evidence_files import heavy_pdf, lesson_pdf, photograph, sealed

SUB = submission_id()
ONE, TWO, THREE, BROKEN = (artifact(number) for number in (1, 2, 3, 4))


@pytest.fixture
def files(tmp_path):
    return {
        "art-1": sealed(tmp_path, lesson_pdf(), "Artifact 1.pdf"),
        "art-2": sealed(tmp_path, lesson_pdf(3), "Artifact 2.pdf"),
        "art-3": sealed(tmp_path, photograph(), "Artifact 3.pdf", "image/png"),
        "art-4": sealed(tmp_path, b"%PDF-1.7 broken", "Artifact 4.pdf"),
    }


@pytest.fixture
def view(qtbot, lanes, files):
    made = EvidenceView(lanes, KeyTable(), lambda _context, _submission, wanted: files[wanted.id])
    qtbot.addWidget(made)
    made.resize(820, 800)
    made.show()
    qtbot.waitExposed(made)
    return made


def read(qtbot, view, piece, *beside):
    """Open a piece, and wait until those beside it are ready, as far as they can be."""
    with qtbot.waitSignal(view.opened):
        view.show_artifact(SUB, piece)
    view.ahead.expect(SUB, beside)
    qtbot.waitUntil(lambda: view.ahead.is_idle)


def sharp_key(view):
    pages = view.pages.pages
    return whole_key(pages.sizes[0], 0, pages.scale * pages.devicePixelRatioF())


def test_the_next_piece_is_there_at_once_and_sharp(view, qtbot):
    read(qtbot, view, ONE, TWO, THREE)
    assert view.ahead.ready == (TWO.id, THREE.id)
    with qtbot.waitSignal(view.pages.pages.painted_sharp):
        view.show_artifact(SUB, TWO)
        # No lane was asked: it is open when the call returns.
        assert view.viewer is view.pages
        assert view.pages.supply.source.name == "Artifact 2.pdf"
        assert sharp_key(view) in view.pages.supply.cache
    assert view.pages.pages.page_count == 3
    qtbot.waitUntil(lambda: {0, 1} <= set(view.pages.supply.cache.pages()))


def test_two_pieces_are_kept_and_others_let_go_of(view, qtbot):
    read(qtbot, view, ONE, TWO, BROKEN, THREE)
    assert view.ahead.ready == (TWO.id,)
    read(qtbot, view, TWO, THREE, ONE)
    assert view.ahead.ready == (THREE.id, ONE.id)
    view.ahead.expect(SUB, ())
    assert view.ahead.ready == ()


def test_a_damaged_piece_has_its_card_when_it_is_opened_and_not_before(view, qtbot, lanes):
    troubles: list[object] = []
    lanes.trouble.connect(troubles.append)
    read(qtbot, view, ONE, BROKEN)
    assert (view.viewer, view.ahead.ready, troubles) == (view.pages, (), [])
    with qtbot.waitSignal(view.opened):
        view.show_artifact(SUB, BROKEN)
    assert view.viewer is view.card
    assert view.card.title.text() == "This file is damaged"


def test_a_piece_whose_key_is_gone_is_left_alone(view, qtbot, files):
    del files["art-2"]  # the service raises LookupError; the lanes count bugs
    read(qtbot, view, ONE, TWO, THREE)
    assert view.ahead.ready == (THREE.id,)


def test_a_file_that_was_replaced_is_read_anew(view, qtbot, lanes, files, tmp_path):
    read(qtbot, view, ONE, TWO)
    files["art-2"] = sealed(tmp_path, lesson_pdf(2), "Artifact 2.pdf")
    lanes.broadcast(ChangeSet(evidence=frozenset({SUB})))
    assert view.ahead.ready == ()
    with qtbot.waitSignal(view.opened):
        view.show_artifact(SUB, TWO)
    assert view.pages.pages.page_count == 2


def test_what_was_asked_for_before_a_change_is_not_kept(view, qtbot, lanes, files, tmp_path, monkeypatch):
    monkeypatch.setattr(ahead, "_LONGEST_S", 20.0)
    files["art-2"] = sealed(tmp_path, heavy_pdf(1, 4_000), "Artifact 2.pdf")
    with qtbot.waitSignal(view.opened):
        view.show_artifact(SUB, ONE)
    view.ahead.expect(SUB, (TWO,))
    qtbot.waitUntil(lambda: view.ahead._ticket is not None)
    files["art-2"] = sealed(tmp_path, lesson_pdf(2), "Artifact 2.pdf")
    lanes.broadcast(ChangeSet(evidence=frozenset({SUB})))
    qtbot.waitUntil(lambda: view.ahead.is_idle)
    view.show_artifact(SUB, TWO)
    assert view.pages.pages.page_count == 2


def test_after_the_window_has_grown_the_page_is_drawn_anew(view, qtbot):
    read(qtbot, view, ONE, TWO)
    view.resize(1010, 800)
    with qtbot.waitSignal(view.opened):
        view.show_artifact(SUB, TWO)
    assert sharp_key(view) in view.pages.supply.cache


@pytest.mark.heavy
def test_a_piece_that_takes_long_is_given_up_and_holds_up_nobody(view, qtbot, files, tmp_path, monkeypatch):
    monkeypatch.setattr(ahead, "_LONGEST_S", 0.1)
    files["art-2"] = sealed(tmp_path, heavy_pdf(2, 6_000), "Artifact 2.pdf")
    read(qtbot, view, ONE, TWO)
    assert view.ahead.ready == ()
    view.pages.pages.go_to_page(5)
    qtbot.waitUntil(lambda: 5 in view.pages.supply.cache.pages())
    assert view.pages.supply.cards == {}
    with qtbot.waitSignal(view.opened):
        view.show_artifact(SUB, TWO)
    assert view.viewer is view.pages


def test_a_click_while_a_piece_is_made_ready_is_what_is_shown(view, qtbot, files, tmp_path):
    files["art-2"] = sealed(tmp_path, heavy_pdf(1, 2_000), "Artifact 2.pdf")
    with qtbot.waitSignal(view.opened):
        view.show_artifact(SUB, ONE)
    view.ahead.expect(SUB, (TWO,))
    qtbot.waitUntil(lambda: view.ahead._ticket is not None)
    with qtbot.waitSignal(view.opened):
        view.show_artifact(SUB, THREE)
    view.ahead.expect(SUB, ())
    qtbot.wait(200)
    assert view.ahead.ready == ()
    assert view.pages.supply.source.name == "Artifact 3.pdf"


def test_the_files_beside_a_line_are_the_next_and_the_one_before():
    response = parts()[0].responses[0]
    items: tuple[Artifact | Response, ...] = (ONE, TWO, response, THREE)
    lines = [
        EvidenceEntry(str(at), EntryKind.ARTIFACT, "", "", "", item=item) for at, item in enumerate(items)
    ]
    assert [files_beside(lines, line) for line in lines] == [(TWO,), (ONE,), (THREE, TWO), ()]
    assert files_beside(lines[:1], lines[3]) == ()
