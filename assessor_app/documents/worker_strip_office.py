"""Office files without who wrote them: every part is walked, and what stays is put into a new package.

What pages, slides and sheets show stays, deleted words and notes included: it is evidence. Names of authors
become "Author", moments become days, properties, printers, paths and programs' own notes go. Runs only in the
child.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping

from lxml import etree

from assessor_app.documents.blanks import InMemory, blanked
from assessor_app.documents.limits import Limits
from assessor_app.documents.worker_package import Element, Package, local
from assessor_app.documents.worker_refusal import Refusal
from assessor_app.documents.worker_strip_pictures import strip_gif, strip_jpeg, strip_png
from assessor_app.documents.worker_strip_recordings import blanks

_AUTHOR, _INITIAL = "Author", "A"
_WHEN = (1980, 1, 1, 0, 0, 0)
_MIMETYPE = "mimetype"
_XML = re.compile(r"\.(?:xml|rels|vml|svg)$", re.IGNORECASE)
_DROPPED = re.compile(
    r"(?:^docProps/(?:custom\.xml|thumbnail\.)|^customXml/|(?:^|/)(?:printerSettings|vbaProject|vbaData|attachedToolbars)"
    r"|^Thumbnails/|^Configurations2?/|^layout-cache$|^_xmlsignatures/|^userCustomization/|/revisions/"
    r"|^META-INF/documentsignatures|/people\d*\.xml$|/docMetadata/)",
    re.IGNORECASE,
)  # fmt: skip
"""Parts that no page needs, and what belongs to a program of somebody's own."""
_PROPERTIES: Mapping[str, str] = {
    "docProps/core.xml": (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
    ),
    "docProps/app.xml": (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
    ),
    "meta.xml": (
        '<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'office:version="1.3"/>'
    ),
    "settings.xml": (
        '<office:document-settings xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'office:version="1.3"/>'
    ),
}
_NAMING = {
    **dict.fromkeys(
        ("author", "displayName", "userName", "refreshedBy", "creator", "lastModifiedBy"), _AUTHOR
    ),
    **dict.fromkeys(("userId", "providerId", "userID", "personName"), "None"),
    **dict.fromkeys(("initials",), _INITIAL),
}
"""Attributes that name somebody, and what they say instead."""
_DROPPED_ATTRIBUTES = frozenset({"algIdExt", "documentId", "docId", "odcFile", "sourceFile", "saltData"})
_SAYING = frozenset(
    {"author", "creator", "initial-creator", "lastModifiedBy", "printed-by", "sender-firstname"}
)
"""Elements whose words name somebody."""
_DROPPED_ELEMENTS = frozenset(
    {"rsids", "attachedTemplate", "absPath", "docId", "fileSharing", "documentId", "metadata", "namedview"}
)
_NAMED_OBJECTS = frozenset({"cNvPr", "docPr"})
_SAID_OF_PICTURES = frozenset({"descr", "title", "name", "alt", "filename", "docname"})
_MOMENT = re.compile(r"^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})?$")
_PLACE = re.compile(
    r"(?:^|[\s\"'(`=])(?:file:|[A-Za-z]:[\\/]|\\\\[\w.$-]|/(?:Users|home|Volumes|private|mnt|media)/)",
    re.IGNORECASE,
)
_FILE_NAME = re.compile(
    r"^[^\n]{1,200}\.(?:jpe?g|png|gif|tiff?|heic|bmp|webp|docx?|pptx?|xlsx?|pdf|mov|mp4)$", re.IGNORECASE
)
_QUOTED = re.compile(r'"[^"]*"')
_HARMLESS_LINK = re.compile(r"^(?:https?://|#)", re.IGNORECASE)
_NOWHERE = "about:blank"
_INSIDE = re.compile(r"\.(?:docx|pptx|xlsx|odt|odp|ods)$", re.IGNORECASE)
_RECORDING = re.compile(r"\.(?:mp4|m4v|mov|m4a|mp3|wav|avi|webm|mkv|ogg|webp)$", re.IGNORECASE)
_KEPT_BINARY = re.compile(r"\.(?:odttf|fntdata|ttf|otf|obfuscated|emf|wmf|wdp|tiff?|bmp)$", re.IGNORECASE)
_MEDIA = re.compile(r"(?:^|/)(?:media|embeddings|Pictures)/[^/]+$")


def stripped(data: bytes, limits: Limits, depth: int = 0) -> bytes:
    """An office file that names nobody in its properties; its list of contents was looked at before.

    Raises:
        Refusal: it cannot be read.
    """
    package = Package(data, limits)
    kept = [name for name in package.names if not name.endswith("/") and not _DROPPED.search(name)]
    renamed = _neutral_media(kept)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        # The form's own mark comes first, and unpacked.
        for name in sorted(kept, key=lambda one: (one != _MIMETYPE, one != "[Content_Types].xml")):
            content = package.read(name)
            if content is None:
                raise Refusal("damaged")
            entry = zipfile.ZipInfo(renamed.get(name, name), _WHEN)
            entry.compress_type = zipfile.ZIP_STORED if name == _MIMETYPE else zipfile.ZIP_DEFLATED
            archive.writestr(entry, _part(package, name, content, renamed, limits, depth))
    return out.getvalue()


def _neutral_media(names: list[str]) -> dict[str, str]:
    """New names of pictures, recordings and inner files, which programs call after the files of a person."""
    renamed = {}
    for number, name in enumerate((one for one in names if _MEDIA.search(one)), 1):
        folder, _, file = name.rpartition("/")
        _, dot, ending = file.rpartition(".")
        ending = ending if dot and re.fullmatch(r"\w{1,5}", ending) else "bin"
        renamed[name] = f"{folder}/part{number}.{ending}"
    return renamed


def _part(
    package: Package, name: str, content: bytes, renamed: Mapping[str, str], limits: Limits, depth: int
) -> bytes:
    if name in _PROPERTIES:
        return b'<?xml version="1.0" encoding="UTF-8"?>\n' + _PROPERTIES[name].encode()
    if name == _MIMETYPE:
        return content if re.fullmatch(rb"[\w./+-]{1,100}\s*", content) else b""
    if _XML.search(name):
        return _xml_part(package, name, renamed)
    return _binary_part(name, content, limits, depth)


def _binary_part(name: str, content: bytes, limits: Limits, depth: int) -> bytes:
    """A picture, a recording or an inner file, stripped; of what nobody can look into, nothing."""
    if content.startswith(b"\xff\xd8"):
        return strip_jpeg(content)
    if content.startswith(b"\x89PNG"):
        return strip_png(content)
    if content.startswith(b"GIF8"):
        return strip_gif(content)
    if _RECORDING.search(name):
        return blanked(0, content, blanks(InMemory(content)))
    if _INSIDE.search(name) and depth == 0 and content.startswith(b"PK"):
        try:
            return stripped(content, limits, depth + 1)
        except Refusal:
            return b""
    return content if _KEPT_BINARY.search(name) else b""


# ---- XML ----


def _xml_part(package: Package, name: str, renamed: Mapping[str, str]) -> bytes:
    root = package.xml(name)
    if root is None:
        raise Refusal("damaged")
    if name.endswith(".rels"):
        _clean_relations(root, name, renamed)
    elif name == "[Content_Types].xml":
        _clean_types(root, renamed)
    elif name == "META-INF/manifest.xml":
        _clean_manifest(root, renamed)
    else:
        _clean(root, renamed)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _clean_relations(root: Element, name: str, renamed: Mapping[str, str]) -> None:
    """Relations to what is gone go; paths on somebody's disk and addresses of mail lead nowhere."""
    folder = posixpath.dirname(posixpath.dirname(name))
    for relation in list(root):
        target = str(relation.get("Target", ""))
        if str(relation.get("TargetMode", "")).lower() == "external":
            if str(relation.get("Type", "")).endswith("/attachedTemplate"):
                root.remove(relation)
            elif not _HARMLESS_LINK.match(target):
                relation.set("Target", _NOWHERE)
            continue
        inside = posixpath.normpath(
            target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
        )
        if _DROPPED.search(inside):
            root.remove(relation)
        elif inside in renamed:
            relation.set("Target", f"/{renamed[inside]}")


def _clean_types(root: Element, renamed: Mapping[str, str]) -> None:
    for item in list(root):
        path = str(item.get("PartName", "")).lstrip("/")
        if path and _DROPPED.search(path):
            root.remove(item)
        elif path in renamed:
            item.set("PartName", f"/{renamed[path]}")


def _clean_manifest(root: Element, renamed: Mapping[str, str]) -> None:
    for item in list(root):
        for key, value in list(item.attrib.items()):
            if str(key).endswith("}full-path"):
                if _DROPPED.search(str(value)):
                    root.remove(item)
                elif value in renamed:
                    item.set(key, renamed[str(value)])


def _clean(root: Element, renamed: Mapping[str, str]) -> None:
    number = 0
    for element in list(root.iter()):
        name = local(element)
        if name in _DROPPED_ELEMENTS and element.getparent() is not None:
            _remove(element)
            continue
        if name in _SAYING and (element.text or "").strip():
            element.text = _AUTHOR
        if name == "date" and element.text and (moment := _MOMENT.match(element.text.strip())):
            element.text = f"{moment[1]}T00:00:00"
        if name == "instrText" and (_PLACE.search(element.text or "") or "mailto:" in (element.text or "")):
            element.text = _QUOTED.sub('""', element.text or "")
        number += name in _NAMED_OBJECTS
        for key, value in list(element.attrib.items()):
            _clean_attribute(element, str(key), str(value), name, number, renamed)


def _clean_attribute(
    element: Element, key: str, value: str, name: str, number: int, renamed: Mapping[str, str]
) -> None:
    plain = key.rpartition("}")[2]
    if plain.startswith("rsid") or plain in _DROPPED_ATTRIBUTES or "inkscape" in key or "sodipodi" in key:
        del element.attrib[key]
    elif plain == "name" and (name in _NAMED_OBJECTS or name == "cmAuthor"):
        element.set(key, f"Object {number}" if name in _NAMED_OBJECTS else _AUTHOR)
    elif plain in _NAMING or (name == "author" and plain == "name"):
        element.set(key, _NAMING.get(plain, _AUTHOR))
    elif plain != "date-value" and (moment := _MOMENT.match(value)) is not None:
        element.set(key, f"{moment[1]}T00:00:00Z")
    elif plain == "href" and value in renamed:
        element.set(key, renamed[value])
    elif plain == "href" and not _HARMLESS_LINK.match(value) and (_PLACE.search(value) or "mailto:" in value):
        element.set(key, _NOWHERE)
    elif _PLACE.search(value) or (plain in _SAID_OF_PICTURES and _FILE_NAME.match(value)):
        element.set(key, "")


def _remove(element: Element) -> None:
    parent = element.getparent()
    assert parent is not None
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)
