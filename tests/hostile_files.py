"""Small PDFs written by hand that want more than they should get."""

from __future__ import annotations

import zlib

CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"


def raw_pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    out, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    return bytes(out)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """A stream object's content."""
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(content), content)


def nested_forms(depth: int) -> bytes:
    """Each form draws the next one ten times: 10 to the power of `depth` rectangles in the end."""
    objects = [
        CATALOGUE,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>",
        stream(b"/F Do"),
    ]
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 300 200]"
    for level in range(depth):
        resources = b"/Resources<</XObject<</F %d 0 R>>>>" % (6 + level)
        objects.append(stream(b"/F Do " * 10, form + resources))
    objects.append(stream(b"0 0 9 9 re f", form))
    return raw_pdf(*objects)


def endless_line(letters: int) -> bytes:
    """A page with one line of so many letters; each takes memory as it is read, and the file is small."""
    content = zlib.compress(b"BT /F 1 Tf (" + b"a" * letters + b") Tj ET")
    return raw_pdf(
        CATALOGUE,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        stream(content, b"/Filter/FlateDecode"),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
