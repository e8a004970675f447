"""What kind of file this is: by its first bytes, then by its name and media type.

Pure and cheap; a file's own bytes count for more than what it is called.
"""

from __future__ import annotations

from enum import StrEnum

HEAD_BYTES = 4096
"""How many first bytes of a file `sniff` wants to see."""
_PDF_HEADER_WITHIN_BYTES = 1024


class Kind(StrEnum):
    """How a piece of evidence is shown."""

    PDF = "pdf"
    IMAGE = "image"
    OFFICE = "office"
    SHEET = "sheet"
    """Cells in a grid; told by the child alone, to whom the file's parts are known."""
    TEXT = "text"
    VIDEO = "video"
    AUDIO = "audio"
    ARCHIVE = "archive"
    LINK = "link"
    UNKNOWN = "unknown"


RECORDINGS = frozenset({Kind.VIDEO, Kind.AUDIO})
"""What is played, not shown by pages."""

_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"\xff\xd8\xff", Kind.IMAGE),
    (b"\x89PNG\r\n\x1a\n", Kind.IMAGE),
    (b"GIF87a", Kind.IMAGE),
    (b"GIF89a", Kind.IMAGE),
    (b"II*\x00", Kind.IMAGE),
    (b"MM\x00*", Kind.IMAGE),
    (b"II+\x00", Kind.IMAGE),
    (b"MM\x00+", Kind.IMAGE),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind.OFFICE),
    (b"{\\rtf", Kind.OFFICE),
    (b"\x1aE\xdf\xa3", Kind.VIDEO),
    (b"\x00\x00\x01\xba", Kind.VIDEO),
    (b"\x00\x00\x01\xb3", Kind.VIDEO),
    (b"FLV\x01", Kind.VIDEO),
    (b"0&\xb2u\x8ef\xcf\x11", Kind.VIDEO),
    (b"ID3", Kind.AUDIO),
    (b"fLaC", Kind.AUDIO),
    (b"OggS", Kind.AUDIO),
    (b"MThd", Kind.AUDIO),
    (b"#!AMR", Kind.AUDIO),
    (b"FORM\x00", Kind.AUDIO),
    (b"caff\x00\x01", Kind.AUDIO),
    (b"PK\x05\x06", Kind.ARCHIVE),
    (b"Rar!\x1a\x07", Kind.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", Kind.ARCHIVE),
    (b"\x1f\x8b", Kind.ARCHIVE),
    (b"BZh", Kind.ARCHIVE),
    (b"\xfd7zXZ\x00", Kind.ARCHIVE),
    (b"\x28\xb5\x2f\xfd", Kind.ARCHIVE),
)

_ISO_BRANDS: dict[bytes, Kind] = {
    **dict.fromkeys((b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"), Kind.IMAGE),
    **dict.fromkeys((b"avif", b"avis"), Kind.IMAGE),
    **dict.fromkeys((b"M4A ", b"M4B ", b"M4P "), Kind.AUDIO),
}

_EXTENSIONS_BY_KIND: dict[Kind, str] = {
    Kind.PDF: "pdf",
    Kind.IMAGE: "jpg jpeg jpe jfif png gif tif tiff webp heic heif avif bmp svg",
    Kind.OFFICE: "docx docm dotx doc pptx pptm ppsx ppt pps xlsx xlsm xls odt odp ods rtf",
    Kind.TEXT: "txt text md markdown csv tsv log json xml yaml yml toml ini py js ts java c h cpp cs r sql "
    "sh css tex ipynb html htm xhtml srt vtt",
    Kind.VIDEO: "mp4 m4v mov webm mkv avi mpg mpeg wmv flv 3gp",
    Kind.AUDIO: "mp3 m4a aac wav flac ogg oga opus wma aif aiff mid",
    Kind.ARCHIVE: "zip rar 7z gz tgz bz2 xz tar zst",
}
_EXTENSIONS = {
    extension: kind for kind, extensions in _EXTENSIONS_BY_KIND.items() for extension in extensions.split()
}

_MEDIA_TYPES: dict[str, Kind] = {
    "application/pdf": Kind.PDF,
    "application/json": Kind.TEXT,
    "application/xml": Kind.TEXT,
    "application/rtf": Kind.OFFICE,
    "text/rtf": Kind.OFFICE,
    "application/msword": Kind.OFFICE,
    "application/zip": Kind.ARCHIVE,
    "application/gzip": Kind.ARCHIVE,
    "application/x-tar": Kind.ARCHIVE,
    "application/x-7z-compressed": Kind.ARCHIVE,
    "application/vnd.rar": Kind.ARCHIVE,
}
_MEDIA_PREFIXES: tuple[tuple[str, Kind], ...] = (
    ("application/vnd.openxmlformats-officedocument", Kind.OFFICE),
    ("application/vnd.oasis.opendocument", Kind.OFFICE),
    ("application/vnd.ms-", Kind.OFFICE),
    ("image/", Kind.IMAGE),
    ("video/", Kind.VIDEO),
    ("audio/", Kind.AUDIO),
    ("text/", Kind.TEXT),
)

# Layers II and III of MPEG 1, 2 and 2.5, and AAC in ADTS; Layer I would be the mark of UTF-16 text.
_MPEG_AUDIO_SECOND_BYTES = frozenset(
    bytes([byte]) for byte in b"\xfa\xfb\xf2\xf3\xe2\xe3\xfc\xfd\xf4\xf5\xf0\xf1\xf8\xf9"
)
_MARKUP_STARTS = (b"<!doctype", b"<html", b"<head", b"<body", b"<svg", b"<?xml", b"<!--")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_OFFICE_TYPES = (
    ("presentationml", "pptx"),
    ("spreadsheetml", "xlsx"),
    ("wordprocessingml", "docx"),
    ("opendocument.text", "odt"),
    ("opendocument.presentation", "odp"),
    ("opendocument.spreadsheet", "ods"),
    ("ms-powerpoint", "ppt"),
    ("ms-excel", "xls"),
    ("msword", "doc"),
    ("rtf", "rtf"),
)
"""Part of a media type, and the extension that goes with it."""
_OFFICE_PARTS = ("word/", "ppt/", "xl/")
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""First bytes of the old Office formats, and of a new one with a password."""
ZIP_MAGIC = b"PK\x03\x04"
"""First bytes of a zip file, hence of the new Office formats."""


def sniff(head: bytes, name: str, media_type: str) -> Kind:
    """The kind of a file from its first bytes; its name and media type decide only where these are silent.

    Args:
        head: the first `HEAD_BYTES` bytes, or all of a shorter file.
        name: what the file is called; display text, never a path.
        media_type: the platform's media type; may be empty.
    """
    by_magic = _kind_by_magic(head)
    if by_magic is not None:
        return by_magic
    claimed = claimed_kind(name, media_type)
    if head.startswith(ZIP_MAGIC):
        return Kind.OFFICE if _looks_like_office_zip(head) or claimed is Kind.OFFICE else Kind.ARCHIVE
    if looks_like_text(head):
        return Kind.TEXT
    if claimed in (None, Kind.TEXT):
        return Kind.UNKNOWN
    return claimed


def is_proven(head: bytes) -> bool:
    """Whether the first bytes alone prove a kind, whatever the file is called."""
    return _kind_by_magic(head) is not None


def claimed_kind(name: str, media_type: str) -> Kind | None:
    """What the name, else the media type, says the file is; None when neither says anything known."""
    _, dot, extension = name.strip().lower().rpartition(".")
    if dot and extension in _EXTENSIONS:
        return _EXTENSIONS[extension]
    plain_type = media_type.partition(";")[0].strip().lower()
    if plain_type in _MEDIA_TYPES:
        return _MEDIA_TYPES[plain_type]
    for prefix, kind in _MEDIA_PREFIXES:
        if plain_type.startswith(prefix):
            return kind
    return None


def office_extension(name: str, media_type: str) -> str:
    """The file name extension of an office file by what it is called, else by its media type.

    Returns:
        One of the known ones, never anything that a stranger chose; "docx" where nothing is known.
    """
    extension = name.strip().lower().rpartition(".")[2]
    if _EXTENSIONS.get(extension) is Kind.OFFICE:
        return extension
    plain_type = media_type.partition(";")[0].strip().lower()
    return next((known for part, known in _OFFICE_TYPES if part in plain_type), "docx")


def is_office_listing(entry_names: list[str]) -> bool:
    """Whether a zip's entries are those of a Word, PowerPoint, Excel or OpenDocument file."""
    names = set(entry_names)
    if "[Content_Types].xml" in names:
        return any(name.startswith(_OFFICE_PARTS) for name in names)
    return {"mimetype", "content.xml"} <= names


def is_heic(head: bytes) -> bool:
    """Whether these first bytes are those of a HEIC or HEIF picture."""
    return head[4:8] == b"ftyp" and any(
        brand in head[8:64] for brand in (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1")
    )


def is_svg(head: bytes) -> bool:
    """Whether the first element of a file's first bytes is an SVG drawing; one inside of a page is not."""
    rest = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    while rest.startswith((b"<?", b"<!")):
        end = b"?>" if rest.startswith(b"<?") else b"-->" if rest.startswith(b"<!--") else b">"
        declared, found, rest = rest.partition(end)
        if end == b">" and b"[" in declared:
            # Declarations of its own stand between brackets; what they are is told by whoever parses it.
            _, found, rest = (declared + found + rest).partition(b"]>")
        if not found:
            return False
        rest = rest.lstrip()
    name = rest[1:40].split(maxsplit=1)[:1]
    tag = name[0].split(b">")[0].split(b"/")[0].lower() if name and rest.startswith(b"<") else b""
    return tag == b"svg" or tag.endswith(b":svg")


def looks_like_text(head: bytes) -> bool:
    """Whether these first bytes read as text: no NUL (but UTF-16 with its mark), hardly a control code."""
    if not head:
        return False
    if head.startswith(_UTF16_MARKS):
        return True
    if b"\x00" in head:
        return False
    control_codes = sum(1 for byte in head if byte < 32 and byte not in (9, 10, 12, 13, 27))
    return control_codes * 100 <= len(head)


def _kind_by_magic(head: bytes) -> Kind | None:
    """The kind that the first bytes prove, or None."""
    stripped = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"%PDF-"):
        return Kind.PDF
    if stripped[:16].lower().startswith(_MARKUP_STARTS):
        return Kind.IMAGE if is_svg(head) else Kind.TEXT
    if b"%PDF-" in head[:_PDF_HEADER_WITHIN_BYTES]:
        return Kind.PDF
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head.startswith(b"BM") and head[6:10] == b"\x00\x00\x00\x00":
        return Kind.IMAGE
    if head.startswith(b"RIFF"):
        return {b"WEBP": Kind.IMAGE, b"AVI ": Kind.VIDEO, b"WAVE": Kind.AUDIO}.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _ISO_BRANDS.get(head[8:12], Kind.VIDEO)
    if head[4:8] in (b"moov", b"mdat", b"wide", b"free", b"skip"):
        return Kind.VIDEO
    if head[:1] == b"\xff" and head[1:2] in _MPEG_AUDIO_SECOND_BYTES:
        return Kind.AUDIO
    if head[257:262] == b"ustar":
        return Kind.ARCHIVE
    return None


def _looks_like_office_zip(head: bytes) -> bool:
    """Whether the first entry of a zip is one that office programs write first."""
    first_name = head[30 : 30 + int.from_bytes(head[26:28], "little")]
    return first_name in (b"[Content_Types].xml", b"_rels/.rels") or (
        first_name == b"mimetype" and b"application/vnd.oasis.opendocument" in head[:120]
    )
