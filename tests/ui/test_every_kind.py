"""Every kind of evidence comes up in the real window; what cannot be shown has its card."""

from __future__ import annotations

import pytest

from assessor_app.documents.sniff import Kind, claimed_kind
from assessor_app.ui.keys import KeyTable
from tests.evidence_desk import EvidenceDesk, put_pieces, submission_of
from tests.looks.__main__ import VIEWS
from tests.looks.pieces import earlier_pieces, pieces
from tests.walk import SHOWN, Outcome, Walk, failures

CARDS = {"damaged": "damaged", "locked": "encrypted", "archive": "archive", "unknown": "unknown_kind"}
"""The pieces that are not shown, and why."""


@pytest.fixture(scope="module")
def outcomes(qapp, tmp_path_factory):
    """What became of each piece, by its key."""
    desk = EvidenceDesk(tmp_path_factory.mktemp("desk"))
    submission = submission_of(pieces(), earlier=earlier_pieces())
    put_pieces(desk.context, submission, [*pieces(), *earlier_pieces()])
    workspace = desk.open(submission)
    workspace.resize(1200, 800)
    workspace.show()
    walk = Walk(workspace, open_ms=20_000, page_ms=10_000)
    found = {piece.key: walk.visit(piece) for piece in pieces()}
    walk.close()
    workspace.close()
    workspace.deleteLater()
    desk.close()
    assert desk.bugs == []
    return found


def test_each_is_shown_or_has_its_card(outcomes: dict[str, Outcome]) -> None:
    assert {key: each.result for key, each in outcomes.items()} == {
        piece.key: CARDS.get(piece.key, SHOWN) for piece in pieces()
    }
    assert [each for each in outcomes.values() if each.page_cards or each.lost] == []


def test_the_window_never_stands_still(outcomes: dict[str, Outcome]) -> None:
    assert failures(list(outcomes.values())) == []


def test_all_kinds_and_commands_are_there_to_be_looked_at() -> None:
    kinds = {claimed_kind(piece.filename, piece.media_type) for piece in pieces()}
    assert kinds >= {Kind.PDF, Kind.IMAGE, Kind.OFFICE, Kind.TEXT, Kind.VIDEO, Kind.AUDIO, Kind.ARCHIVE}
    table, keys = KeyTable(), {piece.key for piece in pieces()}
    for piece_key, entry_id in VIEWS.values():
        assert table.entry(entry_id).title
        assert piece_key in keys
