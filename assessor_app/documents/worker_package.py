"""Office packages in the child: zipped XML, read part by part within limits, nothing outside is followed.

A relation that points out of the package (TargetMode="External") does not exist here.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from dataclasses import dataclass

from lxml import etree

from assessor_app.documents.limits import MEBIBYTE, Limits
from assessor_app.documents.worker_refusal import Refusal

Element = etree._Element
"""An element of a parsed part."""
_PART_MAX_BYTES = 64 * MEBIBYTE
_RELATIONS_MAX = 20_000


@dataclass(frozen=True, slots=True)
class Relation:
    """What one part of a package says of another."""

    kind: str
    """The last word of the relation's type, such as "comments" or "image"."""
    target: str
    """Path of the other part within the package."""


class Package:
    """An office file held in memory; its list of contents was looked at by `worker_archive` before."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        """Open from memory.

        Raises:
            Refusal: the zip file cannot be read.
        """
        self._limits = limits
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
            raise Refusal("damaged") from None
        # Some writers begin names with a slash, and Windows' zip with a backslash between.
        self._entries = {_plain(entry.filename): entry for entry in self._archive.infolist()}

    @property
    def names(self) -> tuple[str, ...]:
        """Paths of all parts."""
        return tuple(self._entries)

    def read(self, name: str) -> bytes | None:
        """The bytes of a part; None where there is none, or it cannot be unpacked."""
        entry = self._entries.get(name)
        if entry is None or entry.file_size > _PART_MAX_BYTES:
            return None
        try:
            with self._archive.open(entry) as part:
                return part.read(_PART_MAX_BYTES)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError):
            return None

    def xml(self, name: str) -> Element | None:
        """The root element of a part; None where there is none, or it is not XML.

        Raises:
            Refusal: it declares a document type, which no office program writes and bombs are made of.
        """
        data = self.read(name)
        return None if data is None else parsed(data)

    def needed_xml(self, name: str) -> Element:
        """The root element of a part without which there is nothing to show.

        Raises:
            Refusal: it is not there, is not XML, or declares a document type.
        """
        root = self.xml(name)
        if root is None:
            raise Refusal("damaged")
        return root

    def relations(self, name: str) -> dict[str, Relation]:
        """What a part names by relation, by id; only what lies within the package."""
        folder, _, file = name.rpartition("/")
        root = self.xml(f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels")
        found: dict[str, Relation] = {}
        for one in children(root)[:_RELATIONS_MAX]:
            if not local(one) or one.get("TargetMode", "").lower() == "external":
                continue
            target = one.get("Target", "")
            path = target if target.startswith("/") else posixpath.join(folder, target)
            inside = _plain(posixpath.normpath(path))
            kind = one.get("Type", "").rpartition("/")[2]
            if inside in self._entries:
                found[one.get("Id", "")] = Relation(kind, inside)
        return found

    def named(self, relations: dict[str, Relation], kind: str) -> str | None:
        """The first part that is named as being of a kind."""
        return next((relation.target for relation in relations.values() if relation.kind == kind), None)

    def main_part(self) -> str | None:
        """The part that the package begins with."""
        return self.named(self.relations(""), "officeDocument")


def parsed(data: bytes) -> Element | None:
    """The root element of XML; no entity is resolved and nothing is loaded. None for what is not XML.

    Raises:
        Refusal: it declares a document type.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        if b"<!DOCTYPE" in data[:4096]:
            raise Refusal("unsafe_archive") from None
        return None
    if getattr(root.getroottree().docinfo, "doctype", ""):
        raise Refusal("unsafe_archive")
    return root


def local(element: Element) -> str:
    """An element's name without its namespace; empty for an entity or the like."""
    tag: object = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Element, name: str, default: str = "") -> str:
    """An attribute by its name without namespace: the strict and the usual dialect differ in these alone."""
    plain = element.get(name)
    if plain is not None:
        return plain
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return default


def child(element: Element | None, name: str) -> Element | None:
    """The first child of a name; None where there is none."""
    if element is None:
        return None
    return next((one for one in element if local(one) == name), None)


def children(element: Element | None) -> tuple[Element, ...]:
    """The children of an element; none where there is no element."""
    return () if element is None else tuple(element)


def whole_number(text: str, default: int, low: int, high: int) -> int:
    """A number out of an attribute, kept between two bounds."""
    try:
        return max(low, min(high, int(text)))
    except ValueError:
        return default


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/")
