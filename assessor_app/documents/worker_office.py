"""Word, slide and sheet files in the child, as they are: text and pictures, cells, and what was left in them.

The pages made here stand in for a copy that nobody has made; a converter's copy is a PDF and comes as one.
"""

from __future__ import annotations

from assessor_app.documents import (
    worker_open_document,
    worker_plain_pages,
    worker_properties,
    worker_remarks,
    worker_sheets,
    worker_slides,
    worker_word,
)
from assessor_app.documents.limits import Limits
from assessor_app.documents.sniff import Kind
from assessor_app.documents.worker_package import Package
from assessor_app.documents.worker_pdf import PdfDocument
from assessor_app.documents.worker_refusal import Refusal
from assessor_app.domain.cases import FindingKind


class OfficeDocument:
    """An open office file; its pages are laid out when the first one is asked for."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        """Find out what it is.

        Raises:
            Refusal: the package cannot be read, or is of a kind that has no text here.
        """
        self._limits = limits
        self._package = Package(data, limits)
        self._form = _form_of(self._package)
        self._pages: PdfDocument | None = None
        self._notes: list[str] = []
        self._data_bytes = len(data)

    @property
    def cost_bytes(self) -> int:
        """Memory it holds, as far as known."""
        return self._data_bytes + (self._pages.cost_bytes if self._pages is not None else 0)

    def describe(self) -> dict[str, object]:
        """Kind, page sizes, notes; a file of cells has no pages."""
        if self._form in ("spreadsheet", "ods"):
            return {"kind": Kind.SHEET.value, "sizes": [], "has_text": True, "notes": []}
        pages = self._laid_out()
        described = pages.describe()
        return {**described, "kind": Kind.OFFICE.value, "has_text": True, "notes": self._notes}

    def draw(
        self, page: int, scale: float, clip: tuple[int, int, int, int], *, is_bare: bool = False
    ) -> bytearray:
        """Draw a part of a page."""
        return self._laid_out().draw(page, scale, clip, is_bare=is_bare)

    def words(self, page: int) -> list[list[object]]:
        """The words of a page."""
        return self._laid_out().words(page)

    def page_size(self, page: int) -> tuple[float, float]:
        """Width and height of a page in points."""
        return self._laid_out().page_size(page)

    def is_picture(self, page: int) -> bool:
        """Pages that are laid out here never are."""
        del page
        return False

    def properties(self) -> list[FindingKind]:
        """Where in the file's own properties something may name a person."""
        return worker_properties.of_package(self._package)

    def tell(self, verb: str, request: dict[str, object]) -> dict[str, object]:
        """Answer a verb of this kind of file; the others go to its pages.

        Raises:
            Refusal: the verb is not known here, or the file has no such thing.
        """
        if verb == "remarks":
            return {"remarks": worker_remarks.remarks_in(self._package, self._form, self._limits)}
        if verb == "sheets":
            return worker_sheets.list_sheets(self._package, self._form)
        if verb == "sheet":
            return worker_sheets.read_sheet(
                self._package, self._form, int(str(request["sheet"])), self._limits
            )
        return self._laid_out().tell(verb, request)

    def close(self) -> None:
        """Free the memory."""
        if self._pages is not None:
            self._pages.close()

    def _laid_out(self) -> PdfDocument:
        """The pages, laid out now if need be."""
        if self._pages is None:
            content = worker_plain_pages.PlainContent(self._limits)
            if self._form == "document":
                worker_word.read_document(self._package, content)
                data = worker_plain_pages.flowing(content)
            elif self._form == "presentation":
                slides = worker_slides.read_slides(self._package, content)
                data = worker_plain_pages.one_page_each(content, slides)
            elif self._form in ("odt", "odp"):
                _, body = worker_open_document.body_of(self._package)
                if self._form == "odp":
                    slides = worker_open_document.read_slides(self._package, body, content)
                    data = worker_plain_pages.one_page_each(content, slides)
                else:
                    worker_open_document.read_text(self._package, body, content)
                    data = worker_plain_pages.flowing(content)
            else:
                raise Refusal("page_missing")
            self._pages = PdfDocument(data, self._limits)
            self._notes = ["office_cut"] if content.is_cut else []
        return self._pages


_FORMS_BY_FOLDER = (("word/", "document"), ("ppt/", "presentation"), ("xl/", "spreadsheet"))
_FORMS_BY_BODY = {"text": "odt", "presentation": "odp", "spreadsheet": "ods"}


def _form_of(package: Package) -> str:
    """What an office file is: document, presentation, spreadsheet, odt, odp or ods.

    Raises:
        Refusal: none of these.
    """
    names = package.names
    if "[Content_Types].xml" in names:
        part = package.main_part() or ""
        for folder, form in _FORMS_BY_FOLDER:
            if part.startswith(folder):
                return form
        for folder, form in _FORMS_BY_FOLDER:
            if any(name.startswith(folder) for name in names):
                return form
    if "content.xml" in names:
        body, _ = worker_open_document.body_of(package)
        if body in _FORMS_BY_BODY:
            return _FORMS_BY_BODY[body]
    raise Refusal("no_rendition")
