"""PDFs in the child: sizes, pixels and words through MuPDF's display lists. No script, no link, no form acts.

MuPDF's lower layer is used where PyMuPDF's own would copy pixels once more, or would turn a rotated page
back while it extracts words.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Sequence

import pymupdf
from pymupdf import mupdf

from assessor_app.documents import worker_navigation, worker_pdf_remarks, worker_properties
from assessor_app.documents.limits import Limits
from assessor_app.documents.sniff import Kind
from assessor_app.documents.worker_refusal import Refusal
from assessor_app.domain.cases import FindingKind

_PLACEHOLDER_PT = (612.0, 792.0)
_FONT_PAGES = 8
_LOST_PAGES = 20
_PICTURE_SHARE = 0.6
_FORM_DEPTH = 2
_FORMS_LOOKED_AT = 20


def be_quiet() -> None:
    """Keep MuPDF's messages, which quote the file, out of the log."""
    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)


def empty_caches() -> None:
    """Drop decoded images, fonts and glyphs that MuPDF keeps to be faster next time."""
    mupdf.fz_empty_store()
    mupdf.fz_purge_glyph_cache()


def warm_up() -> None:
    """Draw and read a page of our own, so that fonts and tables are loaded before a person waits."""
    with pymupdf.open() as sample:
        sample.new_page(width=40, height=20).insert_text((2, 12), "Aa")
        page = sample.load_page(0)
        page.get_pixmap()
        page.get_text("words")


class PdfDocument:
    """An open PDF with its latest pages interpreted."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        """Open from memory.

        Raises:
            Refusal: encrypted, damaged, without pages.
        """
        self._limits = limits
        self._document = pymupdf.open(stream=data, filetype="pdf")
        if self._document.needs_pass:
            raise Refusal("encrypted")
        self._pdf = mupdf.pdf_document_from_fz_document(self._document.this)
        self._notes: list[str] = []
        # The key is (page, without the file's own annotations).
        self._lists: OrderedDict[tuple[int, bool], mupdf.FzDisplayList] = OrderedDict()
        self.cost_bytes = len(data)
        self._sizes = self._page_sizes()

    def describe(self) -> dict[str, object]:
        """Kind, page sizes, notes and whether there is text."""
        sizes = [size if size and self._is_drawable(size) else _PLACEHOLDER_PT for size in self._sizes]
        return {
            "kind": Kind.PDF.value,
            "sizes": [list(size) for size in sizes],
            "has_text": self._may_have_text(),
            "notes": self._notes,
        }

    def draw(
        self, page: int, scale: float, clip: tuple[int, int, int, int], *, is_bare: bool = False
    ) -> bytearray:
        """Draw a part of a page as blue, green, red, 255; bare without the file's own annotations.

        Raises:
            Refusal: there is no such page, or it is of an impossible size.
        """
        display_list = self._display_list(page, is_bare=is_bare)
        left, top, right, bottom = clip
        pixels = bytearray((right - left) * (bottom - top) * 4)
        # MuPDF writes straight into our memory; it knows four-byte pixels only as colour with alpha.
        pixmap = mupdf.fz_new_pixmap_with_bbox_and_data(
            mupdf.FzColorspace(mupdf.FzColorspace.Fixed_BGR),
            mupdf.FzIrect(left, top, right, bottom),
            mupdf.FzSeparations(),
            1,
            mupdf.python_mutable_buffer_data(pixels),
        )
        mupdf.fz_clear_pixmap_with_value(pixmap, 255)
        device = mupdf.fz_new_draw_device(mupdf.FzMatrix(), pixmap)
        mupdf.fz_run_display_list(
            display_list,
            device,
            mupdf.FzMatrix(scale, 0, 0, scale, 0, 0),
            mupdf.FzRect(left, top, right, bottom),
            mupdf.FzCookie(),
        )
        mupdf.fz_close_device(device)
        # Blending on white leaves an alpha of 254 here and there, which Qt would take for transparency.
        if pixels[3::4].count(255) * 4 < len(pixels):
            pixels[3::4] = b"\xff" * (len(pixels) // 4)
        return pixels

    def words(self, page: int) -> list[list[object]]:
        """Words as [x0, y0, x1, y1, text, block, line], ligatures taken apart."""
        # A whole document is read in passing: that must not push out the pages that somebody looks at.
        text_page = pymupdf.DisplayList(self._display_list(page, is_kept=False)).get_textpage(
            pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_MEDIABOX_CLIP
        )
        found = pymupdf.TextPage(text_page).extractWORDS()
        return [
            [*(round(edge, 3) for edge in word[:4]), word[4][: self._limits.max_word_chars], word[5], word[6]]
            for word in found[: self._limits.max_words]
            if all(math.isfinite(edge) for edge in word[:4])
        ]

    @property
    def page_sizes(self) -> Sequence[tuple[float, float] | None]:
        """Width and height of each page in points; None for one that cannot be read."""
        return self._sizes

    def page_size(self, page: int) -> tuple[float, float]:
        """Width and height of a page in points."""
        return self._sizes[page] or _PLACEHOLDER_PT

    def is_picture(self, page: int) -> bool:
        """Whether a page is one large picture, such as a scan with its words below it."""
        loaded = self._document.load_page(page)
        width, height = self.page_size(page)
        if not loaded.get_images():
            return False
        for image in loaded.get_image_info():
            x0, y0, x1, y1 = image["bbox"]
            if (x1 - x0) * (y1 - y0) >= _PICTURE_SHARE * width * height:
                return True
        return False

    def properties(self) -> list[FindingKind]:
        """Where in the file's own properties something may name a person."""
        return worker_properties.of_pdf(self._document, self._pdf)

    def tell(self, verb: str, request: dict[str, object]) -> dict[str, object]:
        """Outline, links of a page, or the file's own annotations.

        Raises:
            Refusal: nothing of this name.
        """
        if verb == "outline":
            return worker_navigation.outline(self._document)
        if verb == "links":
            return worker_navigation.links(self._document, int(str(request["page"])))
        if verb == "remarks":
            return worker_pdf_remarks.remarks(self._pdf, len(self._sizes))
        raise Refusal("page_missing")

    def close(self) -> None:
        """Free the document and its pages."""
        self._lists.clear()
        self._document.close()

    def _display_list(self, page: int, *, is_bare: bool = False, is_kept: bool = True) -> mupdf.FzDisplayList:
        """The interpreted page, from the latest ones or made now; then kept as one of them, or not."""
        key = (page, is_bare)
        if key not in self._lists:
            if not 0 <= page < len(self._sizes):
                raise Refusal("page_missing")
            size = self._sizes[page]
            if size is None:
                raise Refusal("page_damaged")
            if not self._is_drawable(size):
                raise Refusal("page_too_large")
            loaded = self._document.load_page(page).this
            made = _bare_list(loaded) if is_bare else mupdf.fz_new_display_list_from_page(loaded)
            if not is_kept:
                return made
            self._lists[key] = made
            while len(self._lists) > self._limits.display_lists:
                self._lists.popitem(last=False)
        self._lists.move_to_end(key)
        return self._lists[key]

    def _page_sizes(self) -> list[tuple[float, float] | None]:
        """The size of each page after CropBox and rotation; None for a page that cannot be read.

        Raises:
            Refusal: there are no pages, or none can be read.
        """
        count = self._document.page_count
        if count < 1:
            raise Refusal("no_pages")
        sizes: list[tuple[float, float] | None] = []
        unreadable_in_a_row = 0
        for number in range(min(count, self._limits.max_pages)):
            sizes.append(self._page_size(number))
            unreadable_in_a_row = 0 if sizes[-1] else unreadable_in_a_row + 1
            # A count of pages that nothing stands behind would cost a search for every one of them.
            if unreadable_in_a_row > _LOST_PAGES:
                del sizes[-unreadable_in_a_row:]
                self._notes.append("pages_missing")
                break
        else:
            if len(sizes) < count:
                self._notes.append("pages_cut")
        if not any(sizes):
            raise Refusal("damaged")
        if not all(size and self._is_drawable(size) for size in sizes):
            self._notes.append("pages_damaged")
        if self._document.is_repaired:
            self._notes.append("repaired")
        return sizes

    def _is_drawable(self, size: tuple[float, float]) -> bool:
        """Whether a page is of a size that paper can have."""
        return max(size) <= self._limits.max_page_pt

    def _page_size(self, number: int) -> tuple[float, float] | None:
        """One page's size in points, without interpreting its content."""
        try:
            page = mupdf.pdf_lookup_page_obj(self._pdf, number)
            box, matrix = mupdf.FzRect(), mupdf.FzMatrix()
            mupdf.pdf_page_obj_transform(page, box, matrix)
            box = mupdf.fz_transform_rect(box, matrix)
        except (RuntimeError, ValueError, mupdf.FzErrorBase):
            return None
        width, height = box.x1 - box.x0, box.y1 - box.y0
        if not (math.isfinite(width) and math.isfinite(height) and width > 0 and height > 0):
            return None
        return width, height

    def _may_have_text(self) -> bool:
        """Whether one of the first pages names a font; without one there is surely no text."""
        for number in range(min(len(self._sizes), _FONT_PAGES)):
            try:
                page = mupdf.pdf_lookup_page_obj(self._pdf, number)
                resources = mupdf.pdf_dict_get_inheritable(page, mupdf.pdf_new_name("Resources"))
                if _names_font(resources, _FORM_DEPTH):
                    return True
            except (RuntimeError, ValueError, mupdf.FzErrorBase):
                continue
        return False


def _bare_list(page: mupdf.FzPage) -> mupdf.FzDisplayList:
    """A page without its annotations, but with what was typed into its form: that is the work itself."""
    display_list = mupdf.fz_new_display_list(mupdf.fz_bound_page(page))
    device = mupdf.fz_new_list_device(display_list)
    mupdf.fz_run_page_contents(page, device, mupdf.FzMatrix(), mupdf.FzCookie())
    mupdf.fz_run_page_widgets(page, device, mupdf.FzMatrix(), mupdf.FzCookie())
    mupdf.fz_close_device(device)
    return display_list


def _names_font(resources: mupdf.PdfObj, depth: int) -> bool:
    """Whether resources, or those of the forms that they name, hold a font."""
    if mupdf.pdf_dict_len(mupdf.pdf_dict_gets(resources, "Font")) > 0:
        return True
    forms = mupdf.pdf_dict_gets(resources, "XObject")
    return depth > 0 and any(
        _names_font(mupdf.pdf_dict_gets(mupdf.pdf_dict_get_val(forms, index), "Resources"), depth - 1)
        for index in range(min(mupdf.pdf_dict_len(forms), _FORMS_LOOKED_AT))
    )
