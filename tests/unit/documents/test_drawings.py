"""SVG drawings: shown as pictures, whatever is in them; nothing is fetched, nothing explodes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from assessor_app.documents.cards import RefusedWithCard, note_for
from assessor_app.documents.pages import EvidenceSource
from assessor_app.documents.renderer import Renderer
from assessor_app.documents.sniff import Kind, is_svg, sniff
from assessor_app.documents.worker_drawings import clean

Sealed = Callable[..., EvidenceSource]
NAMES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
HEAD = f'<svg {NAMES} width="200" height="100">'


def svg(inside: str) -> bytes:
    return f"{HEAD}{inside}</svg>".encode()


def colour_at(renderer: Renderer, source: EvidenceSource, x: int, y: int) -> tuple[int, ...]:
    drawn = renderer.render(source, 0, 1.0)
    start = y * drawn.stride + 4 * x
    blue, green, red = drawn.data[start : start + 3]
    return red, green, blue


def test_a_drawing_is_a_picture_with_words(renderer: Renderer, sealed: Sealed) -> None:
    data = svg(
        '<circle cx="150" cy="50" r="30" fill="#008000"/><!-- a note --><text x="10" y="80">Floor plan</text>'
    )
    source = sealed(data, "Plan.svg", "image/svg+xml")
    info = renderer.open(source)
    assert (info.kind, info.page_count, info.notes) == (Kind.IMAGE, 1, ())
    assert (info.pages[0].width_pt, info.pages[0].height_pt) == (200, 100)
    assert colour_at(renderer, source, 150, 50) == (0, 128, 0)
    assert renderer.text(source, 0).text == "Floor plan"


def test_a_gradient_is_one_colour_and_says_so(renderer: Renderer, sealed: Sealed) -> None:
    gradient = (
        '<linearGradient id="g"><stop stop-color="red"/><stop style="stop-color:#0000ff"/></linearGradient>'
    )
    data = svg(f'<defs>{gradient}</defs><rect width="100" height="50" style="fill:url(#g)"/>')
    source = sealed(data, "Plan.svg")
    assert renderer.open(source).notes == (note_for("drawing_simplified"),)
    assert colour_at(renderer, source, 50, 25) == (0, 0, 255)


def test_no_file_of_this_computer_is_drawn(renderer: Renderer, sealed: Sealed, tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    Image.new("RGB", (60, 60), (255, 0, 0)).save(secret)
    hrefs = (secret, secret.as_uri(), f"//{secret}", f"data:text/html,{secret}", "http://127.0.0.1:1/x.png")
    images = "".join(
        f'<image {name}="{href}" width="200" height="100"/>'
        for href in hrefs
        for name in ("href", "xlink:href")
    )
    sheet = f"<style>@import '{secret}'; rect {{ fill: url({secret.as_uri()}) }}</style>"
    foreign = f'<foreignObject><img xmlns="http://www.w3.org/1999/xhtml" src="{secret}"/></foreignObject>'
    data = svg(sheet + images + foreign + f'<script href="{secret}">alert(1)</script>')
    cleaned, _ = clean(data)
    for left in (b"secret", b"script", b"foreign", b"http://127", b"import"):
        assert left not in cleaned
    source = sealed(data, "Plan.svg")
    renderer.open(source)
    assert colour_at(renderer, source, 30, 30) == (255, 255, 255)


def test_words_behind_what_is_taken_out_stay(renderer: Renderer, sealed: Sealed) -> None:
    cleaned, _ = clean(svg('<text x="1" y="20">before <script>x</script>after</text>'))
    assert b"before after" in cleaned


ENTITIES = b'<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg">&b;</svg>'
USES = (
    "".join(f'<g id="g{n}">' + f'<use xlink:href="#g{n + 1}"/>' * 10 + "</g>" for n in range(9))
    + '<g id="g9"><path d="M0 0L9 9"/></g>'
)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (ENTITIES, "unsafe_drawing"),
        (ENTITIES.decode().encode("utf-16"), "unsafe_drawing"),
        (svg(USES), "unsafe_drawing"),
        (svg('<g id="a"><use href="#a"/></g>'), "unsafe_drawing"),
        (svg("<g>" * 5_000 + "</g>" * 5_000), "damaged"),
        (svg("<rect"), "damaged"),
    ],
    ids=["entities", "entities in UTF-16", "a billion uses", "uses itself", "too deep", "cut off"],
)
def test_a_bomb_is_a_card(renderer: Renderer, sealed: Sealed, data: bytes, reason: str) -> None:
    with pytest.raises(RefusedWithCard) as caught:
        renderer.open(sealed(data, "Plan.svg", "image/svg+xml"))
    # In UTF-16 it is not even taken for a drawing.
    assert caught.value.card.reason in (reason, "not_what_it_says")


@pytest.mark.parametrize(
    ("head", "is_drawing"),
    [
        (b"<svg>", True),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- made by > hand -->\n<svg width="1">', True),
        (b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://x/y.dtd"><svg>', True),
        (b'<!DOCTYPE svg [ <!ENTITY x "y"> ]><svg:svg xmlns:svg="s">', True),
        (b"<!doctype html><html><svg>", False),
        (b"<html><svg/></html>", False),
        (b"<?xml version='1.0'?><note>svg</note>", False),
        (b"<svgx>", False),
        (b"<!-- never ends <svg>", False),
    ],
)
def test_only_a_file_that_is_a_drawing_is_one(head: bytes, is_drawing: bool) -> None:
    assert is_svg(head) is is_drawing
    assert (sniff(head, "a", "") is Kind.IMAGE) is is_drawing
