"""No name in a corner of a file survives any export, and the search finds what is there."""

from __future__ import annotations

import base64
import io
import zipfile
import zlib
from pathlib import Path

import pytest

from attacks import markers
from attacks._search import Needles
from tests.unit.documents.export_samples import told_pdf

TOKEN = "Zorgwaldik"
TEXT = f"{TOKEN} Quintero"


def test_no_marker_survives_an_export(tmp_path: Path) -> None:
    figure = markers.run(markers.SMALL, 1, tmp_path)
    assert figure.broken == ()
    assert figure.lines[0].startswith("65 names in 8 kinds of file, 16 exported files")


def zipped(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/b.xml", data)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.upper().encode(),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.encode().hex().encode(),
        base64.b64encode(b"x" + TEXT.encode() + b"yz"),
        zipped(b"<a>" + TEXT.encode() + b"</a>"),
        b"noise" + zlib.compress(TEXT.encode("utf-16-le") * 3) + b"more",
        zipped(zipped(TEXT.encode())),
        zipped(TEXT.encode())[:-40],
    ],
    # Named here: archives hold the time, and each process that runs the tests must find the same ones.
    ids=(
        "plain",
        "capitals",
        "utf-16-le",
        "utf-16-be",
        "hex",
        "base64",
        "zip",
        "deflated",
        "zip-in-zip",
        "cut-zip",
    ),
)
def test_what_is_hidden_in_a_common_way_is_found(data: bytes) -> None:
    assert Needles([TEXT, f"{TOKEN} Okafor"], TOKEN).in_bytes(b"\x00" * 7 + data + b"\xff") == {TEXT}


def test_older_revisions_and_strings_of_a_pdf_are_looked_through() -> None:
    learner = "Zorgwald Kvintus"
    assert Needles([learner], "Zorgwald ").in_bytes(told_pdf()) == {learner}
