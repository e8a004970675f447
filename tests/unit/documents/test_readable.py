"""Texts as they read: what is shown, where each word stands in the source, and that no input breaks it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor_app.documents import worker_html, worker_markdown, worker_table
from assessor_app.documents.answers import AnswerRefused
from assessor_app.documents.limits import Limits
from assessor_app.documents.readable import Form, Look, OffsetMap, checked_readable, form_of, without_markup
from assessor_app.documents.readable_builder import Builder

BUILDERS = {
    Form.MARKDOWN: worker_markdown.build,
    Form.HTML: worker_html.build,
    Form.TABLE: worker_table.build,
}
HTML_BITS = st.lists(
    st.sampled_from(
        [
            "<table>",
            "</table>",
            "<tr>",
            "<td>",
            "<th>",
            "</td>",
            "<b>",
            "</b>",
            "a",
            " b\n",
            "&amp;",
            "<li>",
            "<p>",
        ]
    )
).map("".join)
SIGNS = st.text(alphabet=" \n\tab*_`#>-|[]()!<>/\"',;&1.~=:\\é🎈pbrhitd", max_size=120)


def made(form, source):
    builder = Builder(source)
    BUILDERS[form](builder)
    return checked_readable(builder.answer(), Limits(), form)


def looks(text):
    return {(styled.look, text.shown[styled.start : styled.end]) for styled in text.looks}


@pytest.mark.parametrize("form", list(BUILDERS))
@given(source=SIGNS)
def test_any_text_is_shown_and_every_piece_is_in_its_place(form, source):
    text = made(form, source)
    offsets = OffsetMap(text)
    for piece in text.pieces:
        middle = piece.source + piece.length // 2
        shown = offsets.to_shown(middle, is_end=False)
        if piece.length > 1:
            assert text.shown[shown] == source[middle]
            assert offsets.to_source(shown, is_end=False) == middle
    for at in range(0, len(source) + 1, 7):
        first = offsets.to_shown(at, is_end=False)
        assert 0 <= first <= len(text.shown)
    for at in range(0, len(text.shown) + 1, 7):
        start, end = offsets.to_source(at, is_end=False), offsets.to_source(at, is_end=True)
        assert 0 <= start <= len(source)
        assert 0 <= end <= len(source)


@given(source=st.text(alphabet='abc ,;\n"', max_size=80))
def test_no_letter_of_a_table_is_lost(source):
    text = made(Form.TABLE, source)
    assert [c for c in text.shown if c in "abc"] == [c for c in source if c in "abc"]


def test_markdown_reads_without_its_signs():
    text = made(
        Form.MARKDOWN,
        "# Plan\n\nAsk **why**, not *which*: `x < y`.\nThe same paragraph.\n\n- one\n- [x] two\n"
        "  1. three\n\n> quoted\n\n---\n\n```py\na = 1\n```\n",
    )
    assert text.shown == (
        "Plan\n\nAsk why, not which: x < y. The same paragraph.\n\n• one\n• ☑ two\n  1. three\n\n▎ quoted\n\n"
        + "─" * 24
        + "\n\na = 1\n\n"
    )
    assert {(Look.TITLE, "Plan"), (Look.BOLD, "why"), (Look.ITALIC, "which"), (Look.CODE, "x < y")} <= looks(
        text
    )


def test_links_and_pictures_become_words():
    text = made(
        Form.MARKDOWN, "See [the site](https://example.org/a) and ![a cat](https://evil.example/x.png)."
    )
    assert text.shown.strip() == "See the site (https://example.org/a) and [Picture: a cat]."
    assert (Look.LINK, "the site") in looks(text)
    page = made(
        Form.HTML, '<p>See <a href="https://example.org">it</a><img src="https://evil.example/x" alt="cat">'
    )
    assert page.shown.strip() == "See it (https://example.org)[Picture: cat]"


def test_a_table_in_markdown_stands_in_columns():
    text = made(Form.MARKDOWN, "| Name | Points |\n|---|---|\n| Ann | 3 |\n| Bartholomew | 12 |\n")
    assert text.shown.split("\n")[:3] == ["Name        │ Points", "Ann         │ 3", "Bartholomew │ 12"]


def test_a_web_page_gives_its_words_and_runs_nothing():
    text = made(
        Form.HTML,
        "<html><head><title>T</title><style>p{}</style><script>alert('x')</script></head><body>"
        "<h1>Lesson  plan</h1><p>One<br>two &amp; three&nbsp;<b>four</b></p><ul><li>a<li>b</ul>"
        "<ol><li>c</li></ol><table><tr><th>A<th>B</tr><tr><td>1</td><td>2</td></tr></table></body></html>",
    )
    assert "alert" not in text.shown
    assert "p{}" not in text.shown
    lines = [line for line in text.shown.split("\n") if line]
    assert lines == ["T", "Lesson plan", "One", "two & three four", "• a", "• b", "1. c", "A │ B", "1 │ 2"]


def test_a_table_of_a_web_page_stands_in_columns():
    text = made(
        Form.HTML,
        "<p>x<table><tr><th>Group<th>Score<th>Why</tr><tr><td>Blue</td><td><b>7</b></td><td>said why</td>"
        "</tr></table><p>after <b>it</b>",
    )
    lines = [line for line in text.shown.split("\n") if line]
    assert lines == ["x", "Group │ Score │ Why", "Blue  │ 7     │ said why", "after it"]
    assert {(Look.BOLD, "7"), (Look.BOLD, "Score"), (Look.BOLD, "it")} <= looks(text)


def test_a_wide_table_is_left_to_be_wrapped():
    row = f"<tr><td>{'many words ' * 6}</td><td>b</td></tr><tr><td>a</td><td>b</td></tr>"
    assert "\na │ b\n" in made(Form.HTML, f"<table>{row}</table>").shown
    table = f"| {'many words ' * 6} | b |\n|--|--|\n| a | b |\n"
    assert "\na │ b\n" in made(Form.MARKDOWN, table).shown


def test_characters_that_reorder_text_are_dropped_from_references_too():
    text = made(Form.HTML, '<p>a&#x202e;b&#8238;c<a href="x&#x202e;y">d</a>')
    assert "\u202e" not in text.shown


def test_columns_of_a_table_stand_below_one_another():
    text = made(Form.TABLE, 'Name,Points,Remark\nAnn,3,"said ""no"", twice"\nBartholomew,12,"two\nlines"\n')
    assert text.shown.split("\n") == [
        "Name        │ Points │ Remark",
        "────────────┼────────┼" + "─" * 17,
        'Ann         │      3 │ said "no", twice',
        "Bartholomew │     12 │ two ↵ lines",
        "",
    ]


@pytest.mark.parametrize(("sign", "line"), [(";", "a;1,5;b"), ("\t", "a, b\t2\tc"), (",", "a,2,c")])
def test_the_sign_between_cells_is_found(sign, line):
    text = made(Form.TABLE, "\n".join([line] * 4))
    assert text.shown.split("\n")[0].count("│") == line.count(sign)


def test_a_selection_over_markup_comes_back_as_the_same_words():
    source = "Ask **why** and *how*."
    text = made(Form.MARKDOWN, source)
    offsets = OffsetMap(text)
    start = text.shown.index("why")
    span = offsets.to_source(start, is_end=False), offsets.to_source(start + 3, is_end=True)
    assert source[slice(*span)] == "why"
    whole = offsets.to_source(0, is_end=False), offsets.to_source(start + 7, is_end=True)
    assert source[slice(*whole)] == "Ask **why** and"


@pytest.mark.parametrize(
    ("name", "media_type", "form"),
    [
        ("Artifact 1.md", "text/plain", Form.MARKDOWN),
        ("Artifact 1.HTM", "", Form.HTML),
        ("Artifact 1.tsv", "", Form.TABLE),
        ("Artifact 1.py", "", Form.CODE),
        ("Artifact 1.txt", "text/markdown", Form.PLAIN),
        ("Artifact 1", "text/csv; charset=utf-8", Form.TABLE),
        ("Artifact 1", "", Form.PLAIN),
    ],
)
def test_the_form_follows_the_name_then_the_media_type(name, media_type, form):
    assert form_of(name, media_type) is form


@pytest.mark.parametrize(
    ("quote", "form", "words"),
    [
        ("No names. **21:00 T:** so *why* not `x`", Form.MARKDOWN, "No names. 21:00 T: so why not x"),
        ("# Plan", Form.MARKDOWN, "Plan"),
        ("2 * 3 is 6", Form.MARKDOWN, "2 * 3 is 6"),
        ("<b>why</b> not <i", Form.HTML, "why not"),
        ("a < b", Form.PLAIN, "a < b"),
    ],
)
def test_a_quote_is_shown_without_the_signs_around_it(quote, form, words):
    assert " ".join(without_markup(quote, form).split()) == words


GOOD: dict[str, object] = {
    "text": "a **b**",
    "shown": "a b",
    "pieces": [[0, 0, 2], [2, 4, 1]],
    "looks": [[2, 3, "bold"]],
}


@pytest.mark.parametrize(
    "change",
    [
        {"text": 3},
        {"shown": "x" * 9_000_000},
        {"pieces": [[0, 0, 2], [2, 5, 1]]},
        {"pieces": [[0, 0, 2], [1, 4, 1]]},
        {"pieces": [[0, 0, 0]]},
        {"pieces": [[-1, 0, 1]]},
        {"pieces": [[2, 4, 1], [0, 0, 2]]},
        {"pieces": [[0, 0, True]]},
        {"pieces": [[0, 0, 99]]},
        {"looks": [[0, 99, "bold"]]},
        {"looks": [[0, 1, "blink"]]},
        {"looks": [[0, 1]]},
        {"looks": [[0, 1, "bold"]] * 4_001},
    ],
)
def test_an_answer_that_does_not_add_up_is_refused(change):
    assert checked_readable(GOOD, Limits(), Form.MARKDOWN).pieces
    with pytest.raises(AnswerRefused):
        checked_readable({**GOOD, **change}, Limits(), Form.MARKDOWN)


@pytest.mark.parametrize(
    ("form", "source"),
    [
        (Form.MARKDOWN, "*a " * 30_000),
        (Form.MARKDOWN, "[" * 60_000),
        (Form.MARKDOWN, "**" * 40_000),
        (Form.MARKDOWN, "`" * 60_000),
        (Form.MARKDOWN, "> " * 40_000),
        (Form.MARKDOWN, "|" * 60_000 + "\n|-|\n"),
        (Form.MARKDOWN, "![](" * 20_000),
        (Form.HTML, "<b>" * 30_000),
        (Form.HTML, "<" * 60_000),
        (Form.HTML, "</b>" * 30_000),
        (Form.TABLE, '"' * 60_000),
        (Form.TABLE, '"a\n' * 20_000),
        (Form.TABLE, ",\n" * 40_000),
    ],
)
def test_unkind_texts_take_no_time(form, source):
    started = time.perf_counter()
    made(form, source)
    assert time.perf_counter() - started < 4.0
