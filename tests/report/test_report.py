"""Reports: what they say, and that they are inert, in a browser too."""

import itertools
import re

import networkx as nx
import pytest
from kg.errors import KgError
from kg.report.figures import figure
from kg.report.picture import picture
from kg.report.report import render
from test_page_browser import PAYLOADS
from view_sample import add_claim, add_entity, sample_graph


@pytest.mark.parametrize(
    ("name", "lang", "said"),
    [
        ("NVIDIA", "en", ["英伟达", "develops", "H100", "holds position at", "Jensen Huang", "$60.9 billion", "Capital", "Sources"]),
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


def opened(browser, tmp_path, text, **options):
    context = browser.new_context(**options)
    page = context.new_page()
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    (tmp_path / "r.html").write_text(text, "utf-8")
    page.goto((tmp_path / "r.html").as_uri())
    assert (said, len(asked)) == ([], 1)
    return page


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", ["NVIDIA", None])
def test_labels_of_the_picture_do_not_cover_each_other_as_drawn(browser, tmp_path, name, lang):
    page = opened(browser, tmp_path, render(sample_graph(), name, lang=lang, min_confidence=0.0))
    boxes = page.evaluate(
        "[...document.querySelectorAll('figure > svg > text')].map((at) => { const { x, y, width, height } = at.getBBox(); return [x, y, width, height, at.textContent]; })"
    )
    assert len(boxes) > 12
    for (x, y, w, h, text), (x2, y2, w2, h2, text2) in itertools.combinations(boxes, 2):
        assert x + w <= x2 or x2 + w2 <= x or y + h <= y2 + 3 or y2 + h2 <= y + 3, (text, text2)
    page.context.close()


@pytest.mark.browser
def test_a_dark_page_has_colours_of_its_own(browser, tmp_path):
    fills = []
    for scheme in ("light", "dark"):
        page = opened(browser, tmp_path, render(sample_graph(), "NVIDIA"), color_scheme=scheme)
        fills.append(
            page.eval_on_selector_all(
                "figure > svg > path, figcaption path", "(all) => all.map((at) => getComputedStyle(at).fill)"
            )
        )
        page.context.close()
    assert len(fills[0]) > 8
    assert all(light != dark for light, dark in zip(*fills, strict=True))


@pytest.mark.browser
def test_it_prints_on_pages_and_every_link_leads_within_it(browser, tmp_path):
    page = opened(browser, tmp_path, render(sample_graph(), "OpenAI", lang="zh", min_confidence=0.0))
    assert page.pdf(format="A4").startswith(b"%PDF")
    assert page.evaluate(
        "[...document.links].every((at) => document.getElementById(at.hash.slice(1))?.querySelector('q').textContent)"
    )
    page.context.close()


@pytest.mark.browser
def test_a_phone_shows_the_middle_of_the_picture_first(browser, tmp_path):
    page = opened(browser, tmp_path, render(sample_graph(), "NVIDIA"), viewport={"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate("document.querySelector('figure').scrollLeft") > 50
    assert page.evaluate("scrollY") == 0
    page.context.close()


def test_the_whole_graph_has_a_timeline_of_what_has_a_date_of_its_own():
    graph = sample_graph()
    for at, (_, _, data) in enumerate(graph.edges(data=True)):
        data["holds_on"] = f"20{at % 60 + 10}" if at % 3 else None
    page = render(graph, min_confidence=0.0)
    dates = re.findall(r"<li><time>(\d+)</time>", page)
    assert dates == sorted(dates)
    assert len(dates) == 20
    assert "<h2>Timeline</h2>" in page


def test_statuses_and_entities_of_tables_are_in_the_language_of_the_report():
    graph = sample_graph()
    for _, _, data in graph.edges(data=True):
        data.update(status="ended", since="2019", until="2021")
    english, chinese = (render(graph, "NVIDIA", lang=lang, min_confidence=0.0) for lang in ("en", "zh"))
    assert "since 2019, until 2021, ended" in english
    assert "自 2019 起、至 2021、已终止" in chinese
    assert "–使用→" in render(sample_graph(), "H100", lang="zh", min_confidence=0.0)
    whole = render(sample_graph(), lang="zh", min_confidence=0.0)
    members = whole.split("<h2>社群</h2>")[1].split("</table>")[0]
    assert "英伟达" in members
    assert "NVIDIA" not in members


def test_sources_are_numbered_as_they_are_read():
    page = render(sample_graph(), "NVIDIA", min_confidence=0.0)
    cited = [int(n) for n in re.findall(r'href="#s(\d+)"', page)]
    assert list(dict.fromkeys(cited)) == sorted(set(cited))


@pytest.mark.parametrize(
    ("value", "unit", "english", "chinese"),
    [
        (6e8, "USD", "$600 million", "6亿美元"),
        (709_000_000, "CNY", "CN¥709 million", "7.09亿元"),
        (2.5e12, "KRW", "₩2.5 trillion", "2.5万亿韩元"),
        (65.56, "percent", "65.56%", "65.56%"),
        (671e9, "parameters", "671 billion parameters", "6,710亿参数"),
        (2048, "chips", "2,048 chips", "2,048颗"),
        (256, "TOPS", "256 TOPS", "256 TOPS"),
        (-4.5e8, "CHF", "-450 million CHF", "-4.5亿 CHF"),
        (48e9, "bytes", "48 GB", "48 GB"),
        (130e6, "watts", "130 MW", "130 MW"),
        (65, "watts", "65 W", "65 W"),
        (0, None, "0", "0"),
    ],
)
def test_figures_are_written_as_their_readers_write_them(value, unit, english, chinese):
    assert (figure(value, unit, "en"), figure(value, unit, "zh")) == (english, chinese)


def test_a_report_has_no_marks_of_bold_type_and_names_grown_metrics():
    graph = sample_graph()
    for _, _, data in graph.edges(data=True):
        data["quote"] = f"**{data['quote']}**"
    node = next(node for _, node in graph.nodes(data=True) if node["label_en"] == "NVIDIA")
    node["observations"][0].update(metric="users_growth", unit="percent", value=12)
    english, chinese = (render(graph, "NVIDIA", lang=lang, min_confidence=0.0) for lang in ("en", "zh"))
    assert "**" not in english
    assert "growth of users" in english
    assert "用户数增长率" in chinese


def test_a_figure_below_the_least_confidence_is_left_out():
    graph = sample_graph()
    node = next(node for _, node in graph.nodes(data=True) if node["label_en"] == "NVIDIA")
    node["observations"][0].update(value=1234.0, unit="robots", confidence=0.4)
    assert ["1,234" in render(graph, "NVIDIA", min_confidence=least) for least in (0.4, 0.5)] == [True, False]


@pytest.mark.browser
def test_on_a_phone_each_row_of_a_table_is_a_card_that_names_its_columns(browser, tmp_path):
    text = render(sample_graph(), "H100", min_confidence=0.0)
    page = opened(browser, tmp_path, text, viewport={"width": 390, "height": 844})
    said = page.evaluate("getComputedStyle(document.querySelector('td'), '::before').content")
    assert said.strip('"') in text
    assert not page.is_visible("thead")
    right = page.evaluate(
        "Math.max(...[...document.querySelectorAll('td')].map((cell) => cell.getBoundingClientRect().right))"
    )
    assert right <= 390
    page.context.close()
