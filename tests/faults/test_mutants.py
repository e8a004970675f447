"""Damaged copies of five kinds of files through the render child: shown or a card, and the child answers on.

The same through the real window is tests/ui/test_sturdiness.py; recordings are tried out there as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from assessor_app.documents.cards import REASONS, RefusedWithCard
from assessor_app.documents.limits import MEBIBYTE, Limits
from assessor_app.documents.renderer import Renderer
from assessor_app.documents.sniff import RECORDINGS
from reference_platform.demo import word_files, writing
from tests.evidence_files import seal, text_pdf
from tests.mutants import MEDIA, Breeder, Original, picture_of

LIMITS = Limits(open_s=4.0, render_s=2.0, text_s=2.0, max_resident_bytes=400 * MEBIBYTE)
FEW, MANY = 20, 2_000
HEAVY = [pytest.mark.heavy, pytest.mark.timeout(900)]


def original(kind: str) -> Original:
    """A whole file of a kind."""
    if kind == "pdf":
        return Original("plan.pdf", partial(text_pdf, *[f"Page {n} of a plan. " * 40 for n in range(3)]))
    if kind == "docx":
        return Original("plan.docx", partial(word_files.document, writing.document("S-4TNB", "plan.md")))
    if kind == "mp4":
        path = next(iter(sorted(MEDIA.glob("*.mp4"))))
        return Original(path.name, path.read_bytes)
    return Original(f"made.{kind}", partial(picture_of, kind))


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    made = Renderer(limits=LIMITS)
    made.warm_up()
    yield made
    made.close()


def show(renderer: Renderer, breeder: Breeder, numbers: range, folder: Path) -> Counter[str]:
    """What became of each mutant, by the reason of its card; "shown" for none."""
    outcomes: Counter[str] = Counter()
    for number in numbers:
        mutant = breeder.mutant(number)
        source = seal(folder, mutant.data, mutant.name, mutant.media_type)
        try:
            info = renderer.open(source)
            if info.kind not in RECORDINGS and info.page_count:
                size = info.pages[0]
                scale = min(1.0, 400 / max(size.width_pt, size.height_pt))
                drawn = renderer.render(source, 0, scale)
                assert len(drawn.data) == drawn.width_px * drawn.height_px * 4
                renderer.text(source, 0)
            outcomes["shown"] += 1
        except RefusedWithCard as refused:
            outcomes[refused.card.reason] += 1
        source.path.unlink(missing_ok=True)
    return outcomes


@pytest.mark.parametrize("kind", ["pdf", "docx", "jpg", "heic", "mp4"])
@pytest.mark.parametrize(
    "count", [FEW, pytest.param(MANY, marks=[pytest.mark.heavy, pytest.mark.timeout(900)])]
)
def test_a_damaged_copy_is_shown_or_a_card(renderer: Renderer, tmp_path: Path, kind: str, count: int) -> None:
    breeder = Breeder([original(kind)], seed=count)
    outcomes = show(renderer, breeder, range(count), tmp_path)
    assert outcomes.total() == count
    assert set(outcomes) <= {"shown", *REASONS}, outcomes
    assert not outcomes["bad_answer"], outcomes
    # Behind them all a whole file comes up.
    whole = seal(tmp_path, text_pdf("Nothing is wrong here."), "whole.pdf")
    assert renderer.open(whole).page_count == 1
