"""Damaged and hostile files of each kind through the real window: a card each, and the window lives.

The large run is `python3 dev.py bench sturdiness`; this is its short form, without any file from outside.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from functools import cache, partial

import pytest
from PySide6.QtCore import QTimer

from assessor_app.documents.cards import REASONS
from assessor_app.documents.limits import MEBIBYTE, Limits
from reference_platform.demo import sheet_files, slide_files, word_files, writing
from tests.evidence_desk import EvidenceDesk, Piece, put_pieces, submission_of
from tests.evidence_files import slow_pdf, text_pdf
from tests.hostile_files import endless_line
from tests.mutants import MEDIA_TYPES, WAYS, Breeder, Original, made_originals
from tests.ui.viewers.evidence_files import heavy_pdf, lesson_pdf
from tests.walk import FREEZE_GAP_MS, NEVER, SHOWN, Outcome, Pulse, Walk, failures

SEED, MUTANTS = 7, 40
LIMITS = Limits(open_s=2.0, render_s=0.5, text_s=0.5, max_resident_bytes=164 * MEBIBYTE)
OPEN_MS, PAGE_MS = 8_000, 6_000


def without_id(data: bytes) -> bytes:
    """A PDF without the chance that MuPDF writes into its end."""
    return re.sub(rb"/ID\[<[0-9A-F]+><[0-9A-F]+>\]", lambda found: b" " * len(found[0]), data)


@cache
def originals() -> list[Original]:
    document = writing.document("S-4TNB", "plan.md")
    slides = writing.document("S-H7WU", "slides.md")
    values = writing.document("S-M4RN", "values.md")
    return [
        Original("lesson.pdf", lambda: without_id(lesson_pdf(4))),
        Original("curves.pdf", lambda: without_id(heavy_pdf(1, 200))),
        Original("plan.docx", partial(word_files.document, document)),
        Original("slides.pptx", partial(slide_files.deck, slides)),
        Original("values.xlsx", partial(sheet_files.workbook, values)),
        *made_originals(),
    ]


@cache
def pieces() -> list[Piece]:
    breeder = Breeder(originals(), SEED)
    made = []
    for number in range(MUTANTS):
        mutant = breeder.mutant(number)
        made.append(Piece(f"m-{number}", mutant.name, mutant.media_type, mutant.data))
    pdf = MEDIA_TYPES["pdf"]
    made.insert(20, Piece("hang", "Hang.pdf", pdf, slow_pdf()))
    made.insert(30, Piece("glutton", "Glutton.pdf", pdf, endless_line(30_000_000)))
    made.append(Piece("whole", "Whole.pdf", pdf, text_pdf("Nothing is wrong with this page.")))
    return made


@pytest.fixture(scope="module")
def outcomes(qapp, tmp_path_factory):
    """What became of each, by its key."""
    desk = EvidenceDesk(tmp_path_factory.mktemp("desk"), limits=LIMITS)
    submission = submission_of(pieces())
    put_pieces(desk.context, submission, pieces())
    workspace = desk.open(submission)
    workspace.resize(1200, 800)
    workspace.show()
    walk = Walk(workspace, open_ms=OPEN_MS, page_ms=PAGE_MS)
    found = {piece.key: walk.visit(piece) for piece in pieces()}
    walk.close()
    workspace.close()
    workspace.deleteLater()
    desk.close()
    assert desk.bugs == []
    return found


@pytest.mark.heavy
def test_every_file_comes_up_and_the_window_never_stands_still(outcomes: dict[str, Outcome]) -> None:
    assert failures(list(outcomes.values())) == []
    results = Counter(outcome.result for outcome in outcomes.values())
    assert set(results) <= {SHOWN, *REASONS}, results
    assert results[SHOWN] >= 10, results


def test_a_page_that_hangs_gets_the_card_and_another_worker(outcomes: dict[str, Outcome]) -> None:
    hang = outcomes["hang"]
    assert (hang.result, hang.page_cards, set(hang.lost)) == (SHOWN, ["timeout"], {"timeout"})


def test_a_page_that_eats_memory_gets_the_card_and_another_worker(outcomes: dict[str, Outcome]) -> None:
    glutton = outcomes["glutton"]
    assert (glutton.result, glutton.page_cards) == (SHOWN, ["too_much_memory"])
    assert set(glutton.lost) == {"too_much_memory"}


def test_the_file_after_all_of_them_is_whole(outcomes: dict[str, Outcome]) -> None:
    whole = outcomes["whole"]
    assert (whole.result, whole.page_cards, whole.lost) == (SHOWN, [], [])


def test_the_same_number_is_the_same_damage_and_all_ways_are_met() -> None:
    one, other, another = (Breeder(originals(), seed) for seed in (SEED, SEED, SEED + 1))
    numbers = range(60)
    assert [one.mutant(n).how for n in numbers] == [other.mutant(n).how for n in numbers]
    assert [one.mutant(n).data for n in range(12)] == [other.mutant(n).data for n in range(12)]
    assert [one.mutant(n).how for n in numbers] != [another.mutant(n).how for n in numbers]
    told = " ".join(one.mutant(n).how for n in numbers)
    assert all(name in told for name, _ in WAYS)
    kinds = {one.mutant(n).name.rpartition(".")[2] for n in range(200)}
    assert {"pdf", "docx", "pptx", "xlsx", "jpg", "png", "tiff", "gif", "webp", "heic", "mp4", "m4a"} <= kinds


def test_a_window_that_stands_still_is_noticed(qtbot) -> None:
    pulse = Pulse()
    pulse.begin()
    qtbot.wait(30)
    assert pulse.longest_own_ms < FREEZE_GAP_MS
    QTimer.singleShot(0, partial(time.sleep, FREEZE_GAP_MS / 1000 + 0.05))
    qtbot.wait(30)
    pulse.close()
    assert pulse.longest_own_ms > FREEZE_GAP_MS
    still = Outcome("a.pdf", SHOWN, own_gap_ms=pulse.longest_own_ms)
    assert failures([Outcome("b.pdf", SHOWN), still, Outcome("c.pdf", NEVER)])[0] is still
