"""Reports: what they say, and that they are inert, in a browser too."""

import re

import networkx as nx
import pytest
from kg.errors import KgError
from kg.report.picture import picture
from kg.report.report import render
from test_page_browser import PAYLOADS
from view_sample import add_claim, add_entity, sample_graph


@pytest.mark.parametrize(
    ("name", "lang", "said"),
    [
        ("NVIDIA", "en", ["英伟达", "develops", "H100", "holds position at", "Jensen Huang", "US$60.9 billion", "Capital", "Sources"]),
        ("英伟达", "zh", ["NVIDIA", "开发", "市场份额", "黄仁勋", "资本流向", "来源"]),
        ("H100", "en", ["Who depends on it", "DGX H100", "Exposure to restrictions"]),
        ("OpenAI", "en", ["Leaderboard", "GPT-4o", "88.7", "MMLU", "Timeline"]),
        ("Jensen Huang", "zh", ["人物", "创立", "校友", "斯坦福大学"]),
        (None, "en", ["The graph at a glance", "Leaderboard", "Capital", "Single points of failure", "Alumni", "Communities"]),
        (None, "zh", ["图谱概览", "评测榜单", "阿里巴巴"]),
    ],
)  # fmt: skip
def test_says_what_is_known(name, lang, said):
    page = render(sample_graph(), name, lang=lang, min_confidence=0.0)
    assert [s for s in said if s not in page] == []


def test_every_citation_leads_to_a_source_with_its_words():
    page = render(sample_graph(), "NVIDIA", min_confidence=0.0)
    cited = set(re.findall(r'href="#s(\d+)"', page))
    listed = dict(re.findall(r'<li id="s(\d+)"><q>(.+?)</q>', page))
    assert cited == set(listed)
    assert len(listed) > 10


def test_same_graph_same_bytes_and_nothing_from_outside():
    page = render(sample_graph(), "NVIDIA")
    assert page == render(sample_graph(), "NVIDIA")
    assert not re.search(r"<script|<link|<img|\ssrc=|@import|url\(|https?://(?!www\.w3\.org/2000/svg)", page)
    assert "default-src 'none'" in page


def test_confidence_narrows_and_an_unsure_entity_still_has_a_page():
    sure, all_ = (len(render(sample_graph(), "NVIDIA", min_confidence=c)) for c in (0.9, 0.0))
    assert sure < all_
    assert "No fact of this confidence" in render(sample_graph(), "NVIDIA", min_confidence=1.0)


@pytest.mark.parametrize(("name", "lang", "says"), [("nobody", "en", "no entity"), ("NVIDIA", "fr", "zh and en")])
def test_refusals(name, lang, says):
    with pytest.raises(KgError, match=says):
        render(sample_graph(), name, lang=lang)


def test_an_empty_graph_has_a_report():
    assert "<h1>" in render(nx.MultiDiGraph())


def test_labels_do_not_cover_each_other():
    svg = picture(sample_graph(), "label_en")
    rows = [
        (float(x), float(y), text)
        for x, y, text in re.findall(r'<text x="([\d.]+)" y="([\d.]+)"[^>]*>(.*?)</text>', svg)
    ]
    assert len(rows) > 20
    for at, (x, y, text) in enumerate(rows):
        for x2, y2, text2 in rows[at + 1 :]:
            apart = abs(y - y2) >= 15 or x + 6.5 * len(text) <= x2 or x2 + 6.5 * len(text2) <= x
            assert apart, (text, text2)


def hostile():
    graph = nx.MultiDiGraph()
    for at, payload in enumerate(PAYLOADS):
        add_entity(graph, f"urn:{at}", "Company", payload, payload, [payload])
    add_entity(graph, "urn:x", "Company", "Centre", None, ["Centre"])
    for at, payload in enumerate(PAYLOADS):
        add_claim(graph, "urn:x", "investedIn", f"urn:{at}", quote=payload, title=payload, document=payload, path=payload, amount=payload, role=payload, date=payload, confidence=1.0)  # fmt: skip
    return graph


@pytest.mark.browser
@pytest.mark.parametrize("name", ["Centre", None])
def test_hostile_words_are_text(browser, tmp_path, name):
    page = browser.new_page()
    said, asked = [], []
    page.add_init_script("window.hit = () => { window.hits = (window.hits || 0) + 1; };")
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: asked.append(request.url))
    (tmp_path / "r.html").write_text(render(hostile(), name), "utf-8")
    page.goto((tmp_path / "r.html").as_uri())
    text = " ".join(page.inner_text("body").split())
    assert (said, len(asked), page.evaluate("window.hits || 0")) == ([], 1, 0)
    if name:
        assert [p for p in PAYLOADS if " ".join(p.split()) not in text] == []
    assert (
        page.evaluate("document.querySelectorAll('script, img, iframe, form, input, object, video, base').length") == 0
    )
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize(("width", "dark"), [(1000, False), (390, True)])
def test_fits_wide_and_narrow_screens(browser, tmp_path, width, dark):
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme="dark" if dark else "light")
    page = context.new_page()
    (tmp_path / "r.html").write_text(render(sample_graph(), None, lang="zh"), "utf-8")
    page.goto((tmp_path / "r.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("section").count() >= 6
    page.locator("td a[href^='#s']").first.click()
    assert page.evaluate("document.querySelector('.sources li:target') !== null")
    context.close()
