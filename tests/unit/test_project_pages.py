"""The project's own pages: what was written side by side and put together reads as one."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "benchmarks").glob("*.md")])
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]
_LINK = re.compile(r"\]\(([^)\s]+)\)")


def lines_of(text: str) -> list[str]:
    """A page without what stands between fences."""
    found, is_code = [], False
    for line in text.splitlines():
        is_code ^= line.startswith("```")
        found.append("" if is_code else line)
    return found


def anchor(heading: str) -> str:
    """As the places that show these pages make it."""
    words = re.sub(r"[^\w\- ]", "", heading.lstrip("#").strip().lower())
    return words.replace(" ", "-")


def anchors_of(text: str) -> set[str]:
    """What the headings of a page are reached by."""
    return {anchor(line) for line in lines_of(text) if re.match(r"#+ ", line)}


def troubles(text: str, page: Path) -> list[str]:
    """Links to nowhere, headings that stand in a paragraph or twice, lines that stand twice."""
    lines = lines_of(text)
    headings = [line for line in lines if re.match(r"#+ ", line)]
    found = [f"twice: {line}" for line, n in Counter(headings).items() if n > 1]
    for number, line in enumerate(lines):
        if line in headings and number and lines[number - 1].strip():
            found.append(f"no empty line before: {line}")
        if number and len(line) > 20 and line == lines[number - 1]:
            found.append(f"twice: {line}")
    for link in _LINK.findall("\n".join(lines)):
        place, _, inner = link.partition("#")
        if "://" in link or link.startswith("mailto:"):
            continue
        target = page.parent / place
        if place and target.exists():
            known = anchors_of(target.read_text("utf-8")) if inner else set()
        else:
            known = set() if place else anchors_of(text)
        if (place and not target.exists()) or (inner and inner not in known):
            found.append(f"leads nowhere: {link}")
    return found


def repeated_points(text: str) -> list[str]:
    """Points of a list that begin alike."""
    begun = Counter(line[:48] for line in lines_of(text) if line.startswith("- "))
    return [line for line, n in begun.items() if n > 1 and len(line) == 48]


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_a_page_reads_as_one(page: Path) -> None:
    assert troubles(page.read_text("utf-8"), page) == []


def test_the_changelog_says_nothing_twice() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert repeated_points(text) == []
    groups = [line for line in text.splitlines() if line.startswith("#### ")]
    assert len(groups) == len(set(groups))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("## A\n\nWords.\n## B\n", "no empty line before: ## B"),
        ("## A\n\n## A\n", "twice: ## A"),
        ("## A\n\n[b](#b)\n", "leads nowhere: #b"),
        ("[b](README.md#b)\n", "leads nowhere: README.md#b"),
        ("[b](nowhere.md)\n", "leads nowhere: nowhere.md"),
        ("what was written twice by two\nwhat was written twice by two\n", "twice: what was written"),
    ],
)
def test_what_is_wrong_is_found(text: str, said: str) -> None:
    found = troubles(text, ROOT / "README.md")
    assert len(found) == 1
    assert found[0].startswith(said)


def test_points_that_begin_alike_are_found() -> None:
    point = "- What is too large or refused says why, with both sizes, and is open again"
    assert repeated_points(f"{point} at once.\n{point} later.\n")
