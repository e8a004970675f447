"""Outline, links and remarks of a PDF: told by the child, checked by the parent, cheap on hostile files."""

from __future__ import annotations

from collections.abc import Callable

import pymupdf
import pytest

from assessor_app.documents import file_parts, remarks
from assessor_app.documents.answers import AnswerRefused
from assessor_app.documents.file_parts import LinkKind, OutlineEntry, PageLink
from assessor_app.documents.limits import Limits
from assessor_app.documents.pages import EvidenceSource, RemarkKind
from assessor_app.documents.renderer import Renderer
from tests.evidence_files import pdf_of, text_pdf

Sealed = Callable[..., EvidenceSource]


def with_actions(*actions: str) -> bytes:
    """A page with one link for each action, as PDF source."""

    def draw(document: pymupdf.Document) -> None:
        for _ in range(2):
            document.new_page(width=300, height=400)
        links = []
        for number, action in enumerate(actions):
            xref = document.get_new_xref()
            top = 390 - 20 * number
            rect = f"/Rect [10 {top - 10} 100 {top}]"
            document.update_object(xref, f"<< /Type /Annot /Subtype /Link {rect} {action} >>")
            links.append(f"{xref} 0 R")
        document.xref_set_key(document.page_xref(0), "Annots", f"[{' '.join(links)}]")

    return pdf_of(draw)


HOSTILE = (
    "/A << /S /Launch /F (cmd.exe) >>",
    "/A << /S /GoToR /F (//host/share/a.pdf) /D [0 /Fit] >>",
    "/A << /S /URI /URI (file:///etc/passwd) >>",
    "/A << /S /URI /URI (javascript:alert(1)) >>",
    "/A << /S /URI /URI (mailto:a@example.org) >>",
    "/A << /S /JavaScript /JS (app.alert(1)) >>",
    "/A << /S /SubmitForm /F (http://example.org/x) >>",
    "/A << /S /Named /N /Print >>",
    "/A << /S /GoToE /T << /R /C /N (inside.pdf) >> /D [0 /Fit] >>",
    "/A << /S /ImportData /F (//host/share/a.fdf) >>",
    "/A << /S /URI /URI (ms-word:ofe|u|https://example.org/a.docm) >>",
    "/A << /S /URI /URI (\\\\\\\\host\\\\share\\\\a) >>",
    "/A << /S /GoToR /F (http://example.org/a.pdf) /D [0 /Fit] >>",
)


def test_only_places_and_the_web_can_be_followed(renderer: Renderer, sealed: Sealed) -> None:
    good = ("/Dest [1 /XYZ 0 300 0]", "/A << /S /URI /URI (https://example.org/a) >>")
    source = sealed(with_actions(*HOSTILE, *good), "a.pdf")
    links = file_parts.links_of(renderer, source, 0)
    followed = [link for link in links if link.kind is not LinkKind.OTHER]
    assert [(link.kind, link.page, link.untrusted_address) for link in followed] == [
        (LinkKind.PAGE, 1, ""),
        (LinkKind.WEB, None, "https://example.org/a"),
    ]
    assert followed[0].y == 100
    assert file_parts.links_of(renderer, source, 1) == ()


def test_thousands_of_links_cost_little(renderer: Renderer, sealed: Sealed) -> None:
    many = with_actions(*["/A << /S /URI /URI (https://example.org/a) >>"] * 8_000)
    source = sealed(many, "many.pdf")
    renderer.open(source)
    assert len(file_parts.links_of(renderer, source, 0)) == 300


def test_an_outline_that_goes_in_circles_comes_to_an_end(renderer: Renderer, sealed: Sealed) -> None:
    def draw(document: pymupdf.Document) -> None:
        for _ in range(3):
            document.new_page(width=300, height=400)
        document.set_toc([[1, "One", 1], [2, "Two", 2], [1, "Three\u202e", 3]])
        first = int(document.xref_get_key(document.pdf_catalog(), "Outlines")[1].split()[0])
        entry = int(document.xref_get_key(first, "First")[1].split()[0])
        document.xref_set_key(entry, "Next", f"{entry} 0 R")

    circle = sealed(pdf_of(draw), "circle.pdf")
    assert len(file_parts.outline_of(renderer, circle)) <= 3_000


def test_an_outline_is_told_in_order(renderer: Renderer, sealed: Sealed) -> None:
    def draw(document: pymupdf.Document) -> None:
        for _ in range(3):
            document.new_page(width=300, height=400)
        document.set_toc([[1, "One", 1], [2, "Two", 2], [1, "Thr\u202eee", 3]])

    found = file_parts.outline_of(renderer, sealed(pdf_of(draw), "plain.pdf"))
    assert [(entry.depth, entry.title, entry.page) for entry in found] == [
        (0, "One", 0),
        (1, "Two", 1),
        (0, "Three", 2),
    ]
    assert file_parts.outline_of(renderer, sealed(text_pdf("x"), "none.pdf")) == ()


def test_remarks_stand_on_turned_pages_and_name_nobody(renderer: Renderer, sealed: Sealed) -> None:
    def draw(document: pymupdf.Document) -> None:
        page = document.new_page(width=300, height=400)
        page.insert_text((20, 50), "hello words")
        page.add_highlight_annot(page.search_for("hello")[0]).set_info(title="Ann Lee", content="")
        page.add_text_annot((100, 100), "A note").set_info(title="Ann Lee", content="A note")
        hidden = page.add_text_annot((150, 150), "Not to be seen")
        hidden.set_flags(pymupdf.mupdf.PDF_ANNOT_IS_HIDDEN)
        page.set_rotation(90)

    source = sealed(pdf_of(draw), "remarks.pdf")
    found = remarks.quoted(
        remarks.remarks_of(renderer, source), lambda page: renderer.text(source, page), most_pages=1
    )
    assert [(one.kind, one.text, one.author, one.quote) for one in found] == [
        (RemarkKind.MARK, "", 1, "hello"),
        (RemarkKind.COMMENT, "A note", 1, ""),
    ]
    assert "Ann" not in repr(found)


GOOD_LINK: list[object] = [0, 0, 9, 9, "page", 1, 5.0, ""]


@pytest.mark.parametrize(
    "untrusted",
    [
        {},
        {"links": {}},
        {"links": [[0, 0, 9, 9, "page", 1, 5.0]]},
        {"links": [[*GOOD_LINK[:4], "run", *GOOD_LINK[5:]]]},
        {"links": [[*GOOD_LINK[:4], "web", 3, 0.0, "http://x"]]},
        {"links": [[*GOOD_LINK[:5], -1, 0.0, ""]]},
        {"links": [[*GOOD_LINK[:5], 10**9, 0.0, ""]]},
        {"links": [[float("nan"), *GOOD_LINK[1:]]]},
        {"links": [[*GOOD_LINK[:7], "x" * 5_000]]},
        {"links": [GOOD_LINK] * 301},
    ],
)
def test_links_that_do_not_add_up_are_refused(untrusted: dict[str, object]) -> None:
    assert file_parts.checked_links({"links": [GOOD_LINK]}, Limits()) == (
        PageLink((0.0, 0.0, 9.0, 9.0), LinkKind.PAGE, 1, 5.0),
    )
    with pytest.raises(AnswerRefused):
        file_parts.checked_links(untrusted, Limits())


@pytest.mark.parametrize(
    "row",
    [
        [-1, "a", 0, 0.0],
        [99, "a", 0, 0.0],
        [0, 5, 0, 0.0],
        [0, "a" * 400, 0, 0.0],
        [0, "a", "0", 0.0],
        [True, "a", 0, 0],
    ],
)
def test_an_outline_that_does_not_add_up_is_refused(row: list[object]) -> None:
    with pytest.raises(AnswerRefused):
        file_parts.checked_outline({"outline": [row]}, Limits())


def test_an_outline_deepens_one_step_at_a_time() -> None:
    rows: list[object] = [[5, "a", 0, 0.0], [9, "b", -1, 0.0]]
    assert file_parts.checked_outline({"outline": rows}, Limits()) == (
        OutlineEntry(0, "a", 0),
        OutlineEntry(1, "b", None),
    )
