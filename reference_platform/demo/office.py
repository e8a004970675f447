"""What Word, slide and sheet files have in common: zipped XML with a list of kinds and relations."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
KINDS = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The time of every entry, so that the same content gives the same bytes."""


def package(parts: Mapping[str, str], kinds: Mapping[str, str]) -> bytes:
    """A zipped package.

    Args:
        parts: XML by path, without the list of kinds.
        kinds: content type by path, for parts that are not relations.
    """
    overrides = "".join(
        f'<Override PartName="/{path}" ContentType="{kind}"/>' for path, kind in kinds.items()
    )
    types = (
        f'<Types xmlns="{KINDS}"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in {"[Content_Types].xml": types, **parts}.items():
            info = zipfile.ZipInfo(path, LONG_AGO)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            archive.writestr(info, XML + text)
    return buffer.getvalue()


def relations(targets: Sequence[tuple[str, str]]) -> str:
    """A part of relations, numbered rId1, rId2, ... in the order of (kind, target)."""
    rows = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{RELATIONS}">{rows}</Relationships>'


def text(value: str) -> str:
    """Text as it stands in XML."""
    return escape(value)
