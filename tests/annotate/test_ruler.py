"""The ruler with a memory gives every word what spaCy's own gives it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kg.annotate.pipelines import english
from kg.annotate.ruler import Remembered

pytestmark = pytest.mark.models
TEXT = "That there is what Skylark got , did n't it ? They 'd 've gone better off than us , having it made ."
WORDS = [*TEXT.split(), "", "\n", "I"]


@pytest.fixture(scope="module")
def rulers():
    plain, quick = english(), english()
    ruler = quick.get_pipe("attribute_ruler")
    ruler.match = Remembered(ruler)
    return plain, quick


@settings(max_examples=40, deadline=None)
@given(words=st.lists(st.sampled_from(WORDS), max_size=25))
def test_each_word_gets_the_same(rulers, words: list[str]) -> None:
    plain, quick = ([(t.pos_, t.tag_, t.dep_, t.lemma_, str(t.morph)) for t in nlp(" ".join(words))] for nlp in rulers)
    assert plain == quick
