"""Words are taken out of a file once: kept encrypted, read back, and searched without reading every page."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from PySide6.QtCore import QElapsedTimer

from assessor_app.cache import text_pages
from assessor_app.cache.models import EvidenceRecord
from assessor_app.cache.stored import upsert
from assessor_app.clock import Clock
from assessor_app.services import page_texts
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.viewers import text_index
from assessor_app.ui.viewers.pages_viewer import PagesViewer
from tests.stores import open_store
from tests.ui.viewers.evidence_files import lesson_pdf, sealed, tall_pdf


class CountingTexts:
    """The renderer, counting the pages whose words were taken out of the file."""

    def __init__(self, renderer):
        self._renderer = renderer
        self.pages: list[int] = []

    def __getattr__(self, name):
        return getattr(self._renderer, name)

    def text(self, source, page):
        self.pages.append(page)
        return self._renderer.text(source, page)


@dataclass(frozen=True)
class Profile:
    """A context with a store."""

    renderer: object
    store: object


@pytest.fixture
def store(tmp_path):
    made = open_store(tmp_path / "profile", Clock())
    yield made
    made.close()


@pytest.fixture
def profile(store, renderer):
    return Profile(CountingTexts(renderer), store)


@pytest.fixture
def store_lanes(qtbot, profile):
    made = Lanes(profile)
    bugs: list[str] = []
    made.bug.connect(bugs.append)
    yield made
    assert made.close()
    assert bugs == []


def hold(store, source):
    """Let the file have come from the platform."""
    with store.write() as txn:
        upsert(
            txn,
            EvidenceRecord,
            {
                "blob_id": source.blob_id,
                "submission_id": "s",
                "artifact_id": "art-1",
                "is_rendition": False,
                "media_type": "application/pdf",
                "size_bytes": source.size_bytes,
                "sha256": source.sha256,
                "state": "ready",
                "failures": 0,
                "due_us": 0,
            },
        )


@pytest.fixture
def make_viewer(qtbot, store_lanes, renderer):
    def make(source):
        made = PagesViewer(store_lanes, KeyTable())
        qtbot.addWidget(made)
        made.resize(820, 800)
        made.show()
        with qtbot.waitSignal(made.pages.painted_sharp):
            made.open(source, renderer.open(source), "art-1")
        return made

    return make


def find(qtbot, viewer, words):
    viewer.search_bar.open(words)
    qtbot.waitUntil(lambda: viewer.search.query == words and not viewer.search.is_running, timeout=30_000)


def test_words_are_taken_out_once_and_found_in_the_store_the_next_time(
    qtbot, make_viewer, store, profile, tmp_path
):
    source = sealed(tmp_path, lesson_pdf(30), "Artifact 1.pdf")
    hold(store, source)
    viewer = make_viewer(source)
    find(qtbot, viewer, "Figure 17")
    assert viewer.search.count == 1
    assert set(profile.renderer.pages) == set(range(30))
    viewer.close_file()

    def kept():
        with store.read() as txn:
            return text_pages.have(txn, source.blob_id)

    qtbot.waitUntil(lambda: kept() == frozenset(range(30)))
    profile.renderer.pages.clear()
    again = make_viewer(source)
    qtbot.waitUntil(lambda: again.index.known_pages == 30)
    find(qtbot, again, "figure 23")
    assert again.search.current.page == 22
    assert again.search.count == 1
    assert profile.renderer.pages == []
    before = profile.renderer.text(source, 22)
    assert page_texts.page_text(profile, source, 22) == (before, True)


def test_what_nobody_has_read_is_read_in_the_background(
    qtbot, make_viewer, store, profile, tmp_path, monkeypatch
):
    monkeypatch.setattr(text_index, "_START_MS", 10)
    source = sealed(tmp_path, tall_pdf(60), "Artifact 2.pdf")
    hold(store, source)
    viewer = make_viewer(source)
    qtbot.waitUntil(lambda: viewer.index.known_pages == 60)
    profile.renderer.pages.clear()
    find(qtbot, viewer, "Page 41")
    assert viewer.search.current.page == 40
    # The other pages are known to have nothing: only the one with the hit was looked at.
    assert set(profile.renderer.pages) <= {40}


def test_words_of_a_file_that_was_erased_meanwhile_do_not_come_back(store, profile, tmp_path):
    source = sealed(tmp_path, lesson_pdf(1), "Artifact 3.pdf")
    page_texts.keep(profile, source.blob_id, [profile.renderer.text(source, 0)])
    with store.read() as txn:
        assert text_pages.have(txn, source.blob_id) == frozenset()


def test_words_of_another_making_are_taken_out_anew(store, profile, tmp_path):
    source = sealed(tmp_path, lesson_pdf(1), "Artifact 4.pdf")
    hold(store, source)
    with store.write() as txn:
        text_pages.put(txn, source.blob_id, 0, "old words", '{"layer":"other","words":[["old",1,2,3,4,0,0]]}')
    assert page_texts.known_texts(profile, source.blob_id) == {}
    text, is_kept = page_texts.page_text(profile, source, 0)
    assert not is_kept
    assert "perimeter" in text.text


def test_the_first_hit_among_500_known_pages_is_shown_at_once(qtbot, make_viewer, store, profile, tmp_path):
    source = sealed(tmp_path, tall_pdf(500), "Artifact 5.pdf")
    hold(store, source)
    texts = [profile.renderer.text(source, page) for page in range(500)]
    page_texts.keep(profile, source.blob_id, texts)
    viewer = make_viewer(source)
    qtbot.waitUntil(lambda: viewer.index.known_pages == 500)
    clock = QElapsedTimer()
    with qtbot.waitSignal(viewer.search.current_changed):
        clock.start()
        viewer.search.start("Page 487", 0)
    assert viewer.search.current.page == 486
    # Loose, because machines are busy; the benchmark has the figure.
    assert clock.elapsed() < 250
