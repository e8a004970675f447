"""PDFs for the benchmarks, made by code in a process of their own: what makes them is not measured.

`python -m benchmarks._pdfs KIND PAGES FILE`; `made` does that from a benchmark.
"""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

WORDS = ("asks", "pupils", "for", "reasons", "listens", "again", "writes", "down", "what", "they", "noticed")
RARE = "zeppelin"
"""Stands on one page alone of a PDF of text: at three fifths of it."""
A4 = (595.0, 842.0)


def made(kind: str, pages: int, folder: Path) -> bytes:
    """The bytes of a PDF: text, scan, mixed or blank."""
    path = folder / f"{kind}-{pages}.pdf"
    if not path.exists():
        subprocess.run([sys.executable, "-m", "benchmarks._pdfs", kind, str(pages), str(path)], check=True)
    return path.read_bytes()


def _make(kind: str, pages: int, path: Path) -> None:
    import pymupdf

    document, chance = pymupdf.open(), random.Random(7)
    scans: list[int] = []
    for number in range(pages):
        page = document.new_page(width=A4[0], height=A4[1])
        if kind == "blank":
            continue
        if kind == "scan" or (kind == "mixed" and number % 3 == 2):
            # A long mixed one repeats a dozen, which is more than a child keeps decoded.
            if kind == "scan" or len(scans) < 12:
                scans.append(page.insert_image(page.rect, stream=_scan(chance)))
            else:
                page.insert_image(page.rect, xref=scans[number // 3 % 12])
            continue
        words = [chance.choice(WORDS) for _ in range(420)]
        if number == pages * 3 // 5:
            words[200] = RARE
        page.insert_textbox((64, 40, 531, 60), f"Page {number + 1}", fontsize=12)
        page.insert_textbox((64, 64, 531, 780), " ".join(words), fontsize=11, fontname="tiro")
        if kind == "mixed" and number % 3 == 1:
            shape = page.new_shape()
            for _ in range(150):
                x, y = chance.uniform(40, 540), chance.uniform(500, 780)
                shape.draw_bezier((x, y), (x + 40, y + 3), (x - 20, y + 50), (x + 30, y + 35))
            shape.finish(color=(0.1, 0.2, 0.5), width=0.4)
            shape.commit()
    document.save(path, deflate=True)


def _scan(chance: random.Random) -> bytes:
    import pymupdf

    with pymupdf.open() as written:
        page = written.new_page(width=A4[0], height=A4[1])
        page.draw_rect(page.rect, fill=(0.96, 0.94, 0.88), color=None)
        words = " ".join(chance.choice(WORDS) for _ in range(420))
        page.insert_textbox((64, 64, 531, 780), words, fontsize=11, fontname="tiro", color=(0.1, 0.1, 0.4))
        data: bytes = page.get_pixmap(dpi=200).tobytes("jpg", jpg_quality=80)
    return data


if __name__ == "__main__":
    _make(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
