"""Light Markdown: what it means, and that nothing else means anything."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor_app.domain.light_markdown import Block, BlockKind, Run, parse, plain_words

P, B, N = BlockKind.PARAGRAPH, BlockKind.BULLET, BlockKind.NUMBER


def looks(text: str) -> list[tuple[str, str]]:
    """Each run of a one-line text with the letters of its looks."""
    ((line,),) = [block.lines for block in parse(text)]
    return [(run.text, "b" * run.bold + "i" * run.italic) for run in line]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a **b** c", [("a ", ""), ("b", "b"), (" c", "")]),
        ("*a*", [("a", "i")]),
        ("***a***", [("a", "bi")]),
        ("**a *b***", [("a ", "b"), ("b", "bi")]),
        ("**a *b** c*", [("a ", "b"), ("b", "bi"), (" c", "i")]),
        ("(**a**).", [("(", ""), ("a", "b"), (").", "")]),
        (r"\*a\*", [("*a*", "")]),
    ],
)
def test_stars_in_pairs_change_the_look_of_words(text, wanted):
    assert looks(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "2*3*4", "a ** b ** c", "**b**c", "*a", "a*", "*a**", "****", "** a**", "**a **", "a_b_c", "__a__",
        "# a", "> a", "`a`", "<b>a</b>", "&amp;", "[a](https://a.example)", "https://a.example/*b", "-a",
        "1.a", "1234. a", "---", "*", "-", "a\\b",
    ],
)  # fmt: skip
def test_everything_else_is_plain_words(text):
    assert looks(text) == [(text, "")]


def test_a_line_break_stays_and_an_empty_line_ends_a_paragraph():
    assert parse("a\nb\r\n\n \t\n\u2028c") == (
        Block(P, ((Run("a"),), (Run("b"),))),
        Block(P, ((Run("c"),),)),
    )


def test_lists_keep_their_numbers_and_indented_lines_go_on():
    text = "Do this:\n- a\n* b\n  more\n+ c\n3. d\n4) e\nEnd\n  of it\n\n  f"
    assert [(b.kind, b.number, len(b.lines)) for b in parse(text)] == [
        (P, 0, 1), (B, 0, 1), (B, 0, 2), (B, 0, 1), (N, 3, 1), (N, 4, 1), (P, 0, 2), (P, 0, 1),
    ]  # fmt: skip


def test_marks_do_not_reach_over_lines():
    assert plain_words("**a\nb**") == "**a\nb**"


def test_the_words_alone():
    assert plain_words("**Good:**\n\n1. *a*\n2. b") == "Good:\na\nb"


PIECES = st.sampled_from(
    ["*", "**", "\\", " ", "\n", "- ", "1. ", "a", "é", "😀", "<i>", "\r", "\u2028", "\x1c"]
)
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=40).map("".join))


@given(TEXTS)
def test_any_text_keeps_its_words_in_their_order(text):
    blocks = parse(text)
    said = "".join(run.text for block in blocks for line in block.lines for run in line)
    left = iter(text)
    assert all(char in left for char in said), "words in another order, or made up"
    kept = [char for char in text if not char.isspace() and char not in "*\\-+•.)0123456789"]
    assert [char for char in said if not char.isspace() and char not in "*\\-+•.)0123456789"] == kept


@given(TEXTS)
def test_no_block_line_or_run_is_empty(text):
    for block in parse(text):
        assert block.lines
        for line in block.lines:
            assert line
            assert all(run.text for run in line)
            assert all((a.bold, a.italic) != (b.bold, b.italic) for a, b in pairwise(line))


@pytest.mark.parametrize("unit", ["*a ", " **b", "* ", "a*b** ", "\\*", "- a\n"])
def test_a_text_without_an_end_takes_no_more_than_its_length(unit):
    """Counted in pieces made, not in seconds: a slow machine proves nothing."""
    made = parse(unit * 20_000)
    runs = sum(len(line) for block in made for line in block.lines)
    assert runs <= 20_000 * 3
