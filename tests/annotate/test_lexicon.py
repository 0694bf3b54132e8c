"""What is known of words before the first document."""

import pytest
from kg.annotate.forms import Forms
from kg.annotate.lexicon import lexical, lexicon
from kg.annotate.pipelines import Pipelines
from kg.ingest.passages import passages
from kg.model import Document


@pytest.mark.parametrize(
    ("lang", "word", "marks"),
    [
        ("en", "Torsten", "g"),
        ("en", "Laurent", "gf"),
        ("en", "Bolzano", "p"),
        ("en", "caching", "3"),
        ("en", "orbwyx", ""),
        ("zh", "柏林", "p"),
        ("zh", "粮食", "1n"),
        ("zh", "糧食", "1n"),
        ("zh", "鄞溟", ""),
    ],
)
def test_words_have_codes(lang, word, marks):
    code = lexical(word, lang)
    assert set(marks) <= set(code)
    assert bool(code) == bool(marks)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_codes_are_few(lang):
    # The recogniser hashes them into a small table.
    assert len(set(lexicon(lang).values())) < 250


def _forms(lang: str, text: str) -> dict[str, set[str]]:
    document = Document(id="d", path="", title="", lang=lang, date=None, text=text, sha256="")
    found = Forms([doc for _, doc in Pipelines().docs(passages(document))]).forms
    return {surface: {c.found_by for c in form.candidates} for surface, form in found.items()}


@pytest.mark.models
@pytest.mark.parametrize(
    ("lang", "text", "name", "found_by"),
    [
        ("en", "It was set up as the Norlind Vision/openMesh Academy of Optics in May.", "Norlind Vision/openMesh Academy of Optics", "house"),
        ("en", "The Soil Imaging Laboratory of Universitas Kendra published it.", "Soil Imaging Laboratory", "house"),
        ("en", "The Soil Imaging Laboratory of Universitas Kendra published it.", "Soil Imaging Laboratory of Universitas Kendra", "house"),
        ("en", "We compare it with quillo-embed-v2 and others.", "quillo-embed-v2", "lower"),
        ("en", "Requests are served by wqrm, a small engine.", "wqrm", "unknown-word"),
        ("zh", "项目负责人Ethan 瞿介绍了进展。", "Ethan 瞿", "given"),
        ("zh", "出资方为长沙砺湘创业投资合伙企业（有限合伙）。", "长沙砺湘创业投资合伙企业（有限合伙）", "legal-form"),
    ],
)  # fmt: skip
def test_names_are_offered_whole(lang, text, name, found_by):
    assert found_by in _forms(lang, text).get(name, set())
