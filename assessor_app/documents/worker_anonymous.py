"""Takes out of a PDF what may tell who made it: authors, names of files and programs, dates, EXIF.

Works on a file that was put together anew from copied pages, so that older revisions, the document's
information, XMP, scripts, embedded files and the outline are gone already. What pages show stays: it is
evidence. Runs only in the child.
"""

from __future__ import annotations

import base64
import contextlib
import zlib
from collections.abc import Iterator

import pikepdf

from assessor_app.documents.worker_strip_pictures import strip_boxes, strip_jpeg

Pdf = pikepdf.Pdf
Dict = pikepdf.Object

PAGE_KEYS = frozenset(
    (
        *(
            "/Type",
            "/Parent",
            "/Resources",
            "/Contents",
            "/Group",
            "/Annots",
            "/Rotate",
            "/UserUnit",
            "/Tabs",
        ),
        *("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox"),
    )
)
"""What a page may hold; all else, such as thumbnails and programs' own notes, goes."""
ANNOTATION_KEYS = frozenset(
    (
        *(
            "/Type",
            "/Subtype",
            "/Rect",
            "/Contents",
            "/F",
            "/AP",
            "/AS",
            "/Border",
            "/BS",
            "/BE",
            "/C",
            "/IC",
        ),
        *(
            "/CA",
            "/ca",
            "/BM",
            "/QuadPoints",
            "/L",
            "/LE",
            "/LL",
            "/LLE",
            "/LLO",
            "/Cap",
            "/CP",
            "/CO",
            "/IT",
        ),
        *("/Vertices", "/InkList", "/Name", "/Q", "/DA", "/RD", "/CL", "/Open", "/Popup", "/IRT", "/RT"),
        *("/State", "/StateModel", "/A", "/H", "/MK", "/FT", "/Ff", "/V", "/Opt", "/MaxLen", "/Rotate"),
        *("/OC", "/Sy"),
    )
)
"""What a mark in a file may hold; /T is its author, or a field's name."""
_DROPPED = frozenset(
    (
        *(
            "/Metadata",
            "/PieceInfo",
            "/LastModified",
            "/AA",
            "/OpenAction",
            "/JS",
            "/EF",
            "/AF",
            "/Thumb",
            "/FS",
        ),
        *("/StructParent", "/StructParents", "/OPI", "/PtData", "/Measure", "/ID", "/Author", "/Creator"),
        *("/Producer", "/CreationDate", "/ModDate", "/Company", "/Keywords", "/Private", "/RichMediaContent"),
    )
)
_DEEPEST = 40
_HIDDEN, _READ_ONLY, _LOCKED = 2, 64, 128
_USAGES = frozenset({"/View", "/Print", "/Export", "/Zoom"})


def copied(out: Pdf, source: Pdf) -> range:
    """Put all pages of a file behind those of another, cleaned; nothing else of it comes along.

    Marks of ours, which have a date and a neutral name, are put in when all pages are there.

    Returns:
        The indices of the new pages.
    """
    first = len(out.pages)
    _freeze_form(source)
    out.pages.extend(source.pages)
    _copy_layers(out, source)
    _clean(out)
    return range(first, len(out.pages))


def _freeze_form(source: Pdf) -> None:
    """Turn form fields into stamps that look the same: what was filled in stays, names of fields go.

    Without the form that is said at the document's root viewers would not draw the fields at all.
    """
    if "/AcroForm" not in source.Root:
        return
    with contextlib.suppress(pikepdf.PdfError, ValueError):
        source.generate_appearance_streams()
    for page in source.pages:
        for annotation in _items(page.obj.get("/Annots")):
            if isinstance(annotation, pikepdf.Dictionary) and annotation.get("/Subtype") == "/Widget":
                _freeze(annotation)
    del source.Root.AcroForm


def _freeze(field: Dict) -> None:
    looks = field.get("/AP", pikepdf.Dictionary()).get("/N")
    if isinstance(looks, pikepdf.Dictionary) and not isinstance(looks, pikepdf.Stream):
        looks = looks.get(str(field.get("/AS", "/Off")))
    flags = field.get("/F", 0)
    for key in list(field.keys()):
        if key not in ("/Type", "/Rect", "/OC"):
            del field[key]
    field.Subtype = pikepdf.Name.Stamp
    field.F = (int(flags) if isinstance(flags, int) else 0) | _READ_ONLY | _LOCKED
    if isinstance(looks, pikepdf.Stream):
        field.AP = pikepdf.Dictionary(N=looks)
    else:
        field.F = int(field.F) | _HIDDEN


def _copy_layers(out: Pdf, source: Pdf) -> None:
    """Layers that the learner's program hides stay hidden; what they are called does not come along."""
    layers = source.Root.get("/OCProperties")
    if not isinstance(layers, pikepdf.Dictionary) or "/D" not in layers:
        return
    for key in ("/Name", "/Order", "/Creator", "/Configs", "/ListMode", "/Locked"):
        if key in layers.D:
            del layers.D[key]
    if "/Configs" in layers:
        del layers.Configs
    copied_layers = out.copy_foreign(layers if layers.is_indirect else source.make_indirect(layers))
    known = out.Root.get("/OCProperties")
    if known is None:
        out.Root.OCProperties = copied_layers
        return
    known.OCGs.extend(_items(copied_layers.get("/OCGs")))
    hidden = list(_items(copied_layers.D.get("/OFF")))
    if hidden and "/OFF" not in known.D:
        known.D.OFF = pikepdf.Array([])
    if hidden:
        known.D.OFF.extend(hidden)


def sign(out: Pdf) -> None:
    """Say which program made the file, and nothing else: the same for everybody."""
    out.trailer.Info = out.make_indirect(pikepdf.Dictionary(Producer="Assessor Workstation"))


def _clean(out: Pdf) -> None:
    """Clean all that can be reached; the learner's own marks keep their words and lose their authors."""
    for page in out.pages:
        _clean_page(page.obj)
    for obj in out.objects:
        _walk(obj, 0)


def _clean_page(page: Dict) -> None:
    for key in list(page.keys()):
        if key not in PAGE_KEYS:
            del page[key]
    annotations = page.get("/Annots")
    if annotations is None:
        return
    kept = [
        annotation
        for annotation in _items(annotations)
        if isinstance(annotation, pikepdf.Dictionary) and "/Subtype" in annotation
    ]
    for annotation in kept:
        _clean_annotation(annotation)
    page.Annots = pikepdf.Array(kept)


def _clean_annotation(annotation: Dict) -> None:
    for key in list(annotation.keys()):
        is_parent_of_popup = key == "/Parent" and annotation.get("/Subtype") == "/Popup"
        if key not in ANNOTATION_KEYS and not is_parent_of_popup:
            del annotation[key]
    if annotation.get("/Subtype") in ("/FileAttachment", "/Link") and "/Contents" in annotation:
        del annotation["/Contents"]  # programs write names of files there
    action = annotation.get("/A")
    if action is not None and not _is_harmless(action):
        del annotation["/A"]


def _is_harmless(action: Dict) -> bool:
    """An address of the web; a path on somebody's disk is none, and a jump would drag other pages along."""
    if not isinstance(action, pikepdf.Dictionary) or action.get("/S") != "/URI":
        return False
    return str(action.get("/URI", "")).lower().startswith(("http://", "https://"))


def _items(array: Dict | None) -> Iterator[Dict]:
    if isinstance(array, pikepdf.Array):
        yield from array


def _walk(obj: object, depth: int) -> None:
    """Drop keys from every dictionary and stream; strip pictures of what cameras write into them."""
    if depth > _DEEPEST:
        return
    if isinstance(obj, pikepdf.Stream):
        _drop(obj)
        if obj.get("/Subtype") == "/Image":
            _strip_picture(obj)
        _walk_values(obj, depth)
    elif isinstance(obj, pikepdf.Dictionary):
        if obj.get("/Type") == "/Page":
            _clean_page(obj)
        _drop(obj)
        _walk_values(obj, depth)
    elif isinstance(obj, pikepdf.Array):
        for item in obj:
            if _is_inside(item):
                _walk(item, depth + 1)


def _walk_values(obj: Dict, depth: int) -> None:
    for _, value in list(obj.items()):
        if _is_inside(value):
            _walk(value, depth + 1)


def _is_inside(value: object) -> bool:
    """Whether a value lies within its container; what is pointed to is met by itself."""
    return isinstance(value, pikepdf.Object) and not value.is_indirect


def _drop(obj: Dict) -> None:
    for key in list(obj.keys()):
        if key in _DROPPED:
            del obj[key]
    kind = obj.get("/Type")
    if kind == "/OCG" and "/Name" in obj:
        obj.Name = pikepdf.String("Layer")
        for key in list(obj.get("/Usage", pikepdf.Dictionary()).keys()):
            if key not in _USAGES:
                del obj.Usage[key]
    if kind == "/Filespec" or "/UF" in obj:
        for key in ("/F", "/UF", "/Desc", "/EF", "/RF"):
            if key in obj and not isinstance(obj[key], int):
                del obj[key]


def _strip_picture(picture: pikepdf.Stream) -> None:
    """Take EXIF, XMP and comments out of a JPEG or JPEG 2000 that lies in a PDF."""
    filters = picture.get("/Filter")
    names = [str(name) for name in _items(filters)] if isinstance(filters, pikepdf.Array) else [str(filters)]
    if not names or names[-1] not in ("/DCTDecode", "/JPXDecode"):
        return
    data = picture.read_raw_bytes()
    parameters = picture.get("/DecodeParms")
    for name in names[:-1]:
        unpacked = _unpacked(data, name)
        if unpacked is None:
            _store_pixels(picture)
            return
        data = unpacked
    at = len(names) - 1
    if isinstance(parameters, pikepdf.Array):
        parameters = parameters[at] if at < len(parameters) else None
    stripped = strip_jpeg(data) if names[-1] == "/DCTDecode" else strip_boxes(data)
    if stripped == data and at == 0:
        return
    kept = parameters if isinstance(parameters, pikepdf.Dictionary) else None
    with contextlib.suppress(ValueError, pikepdf.PdfError):
        picture.write(stripped, filter=pikepdf.Name(names[-1]), decode_parms=kept)


def _store_pixels(picture: pikepdf.Stream) -> None:
    """A picture in wrappings that nobody uses: its pixels alone, or nothing if it cannot be read."""
    try:
        picture.write(picture.read_bytes())
    except pikepdf.PdfError:
        picture.write(b"")


def _unpacked(data: bytes, name: str) -> bytes | None:
    """One filter undone; None for one that nobody puts around a picture."""
    try:
        if name == "/FlateDecode":
            return zlib.decompress(data)
        if name == "/ASCII85Decode":
            return base64.a85decode(data.strip().removesuffix(b"~>"))
        if name == "/ASCIIHexDecode":
            return bytes.fromhex(data.decode("ascii").strip().removesuffix(">"))
    except (ValueError, zlib.error):
        return None
    return None
