"""The quick look at a page's text never misses what the search itself finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assessor_app.documents.text_layer import RawWord, build_page_text, find, folded_forms, folded_query

LETTERS = st.text(alphabet="abÉéß-\u2010 İıﬁ\u0301Ωω", min_size=1, max_size=6)


@given(st.lists(st.tuples(LETTERS, st.integers(0, 2)), min_size=1, max_size=8), LETTERS)
def test_whatever_is_found_was_expected(words, query):
    raw = [RawWord(0, line * 12, 10, line * 12 + 10, text, 0, line) for text, line in words]
    page = build_page_text(0, raw)
    if find(page, query):
        assert any(folded_query(query) in form for form in folded_forms(page.text))
