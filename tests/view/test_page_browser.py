"""The page in headless Chromium, opened from disk."""

import re
from pathlib import Path

import networkx as nx
import pytest
from kg.analyse.measures import communities
from view_sample import add_claim, add_entity, large_graph, sample_graph

pytestmark = pytest.mark.browser

HANDLERS = ["onerror", "onload", "onmouseover", "onfocus", "onclick", "ontoggle", "onanimationstart", "onbegin"]
TAGS = [
    "img src=x",
    "svg",
    "body",
    "iframe srcdoc='<script>hit()</script>'",
    "details open",
    "video src=x",
    "audio src=x",
    "input autofocus",
    "marquee",
    "object data=x",
    "style",
    "math",
]
PAYLOADS = [
    *(f"<{tag} {handler}=hit()>" for tag in TAGS for handler in HANDLERS[:4]),
    "<script>hit()</script>",
    "</script><script>hit()</script>",
    "<!--<script>hit()",
    "--><script>hit()</script>",
    "</title><script>hit()</script>",
    "</style><script>hit()</script>",
    "'\"><script>hit()</script>",
    '"-hit()-"',
    "';hit();//",
    "`${hit()}`",
    "{{constructor.constructor('hit()')()}}",
    "{% raw %}<b>",
    "javascript:hit()",
    "<a href=javascript:hit()>x</a>",
    "<a href='data:text/html,<script>hit()</script>'>x</a>",
    "&lt;script&gt;hit()&lt;/script&gt;",
    "&#60;script&#62;hit()",
    "\\u003cscript\\u003ehit()",
    "\u2028hit()//",
    "\u2029hit()//",
    "]]><script>hit()</script>",
    "<svg><script>hit()</script></svg>",
    "<math><mtext><script>hit()</script>",
    "<meta http-equiv=refresh content='0;url=javascript:hit()'>",
    "<base href=//evil.example/>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "\u202egnp.exe",
    "__proto__",
    "constructor",
    "toString",
    '=HYPERLINK("x")',
    "<form action=//evil.example><button>x</button></form>",
]


def search(page, text):
    page.keyboard.press("/")
    page.keyboard.type(text)
    page.wait_for_selector("#matches [role=option]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#detail h2[tabindex]")


def count(page, what="facts"):
    return int(re.search(rf"([\d,]+)\s*{what}", page.inner_text("#status"))[1].replace(",", ""))


def until(page, code, arg=None):
    """Waits for an expression to be true; Playwright's own way needs `eval`, which the page forbids."""
    for _ in range(150):
        if page.evaluate(code, arg):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never came true: {code}")


def drag(page, name, value):
    page.eval_on_selector(
        f"#{name}", "(at, value) => { at.value = value; at.dispatchEvent(new Event('input')); }", str(value)
    )
    page.wait_for_timeout(120)


def test_opens_from_disk_and_asks_nothing(opened):
    page, seen = opened(sample_graph())
    assert page.inner_text("h1") == "Knowledge graph"
    assert count(page, "entities") == len(sample_graph())
    assert len(seen.addresses) == 1
    assert page.evaluate(
        "document.querySelector('#network canvas').getContext('2d')"
        ".getImageData(0, 0, 900, 700).data.some((x) => x > 0)"
    )


@pytest.mark.parametrize(
    ("locale", "typed", "label"),
    [
        ("en-US", "英伟达", "NVIDIA"),
        ("en-US", "tsm", "TSMC"),
        ("zh-CN", "kunlun", "昆仑万维"),
        ("zh-CN", "300418", "昆仑万维"),
        ("zh-CN", "台湾积体", "台积电"),
    ],
)
def test_search_knows_names_of_both_languages(opened, locale, typed, label):
    page, _ = opened(sample_graph(), locale=locale)
    search(page, typed)
    assert page.inner_text("#detail h2[tabindex]") == label


def test_search_says_when_nothing_matches(opened):
    page, _ = opened(sample_graph())
    page.fill("#query", "no such thing")
    assert "Nothing" in page.inner_text("#matches")


def test_filters_change_the_counts(opened):
    page, _ = opened(sample_graph())
    whole = count(page)
    page.uncheck("#predicates [data-term=develops]", force=True)
    without = count(page)
    assert without < whole
    page.uncheck("#types [data-term=Chip]", force=True)
    assert count(page) < without
    assert page.inner_text("#types [data-count=Chip]") == "0"
    page.click("#reset")
    assert count(page) == whole
    drag(page, "confidence", 80)
    sure = count(page)
    assert 0 < sure < whole
    drag(page, "confidence", 0)
    drag(page, "from", 2)
    later = count(page)
    assert 0 < later < whole
    page.uncheck("#undated")
    assert count(page) < later
    page.click("#types-none")
    assert page.is_visible("#empty")


def test_node_panel_groups_facts_and_lists_figures(opened):
    page, _ = opened(sample_graph())
    search(page, "NVIDIA")
    text = page.inner_text("#detail")
    for expected in ("英伟达", "NVDA", "$60.9B", "develops", "H100", "supplies", "CUDA"):
        assert expected in text
    page.click("#detail .figure >> nth=0")
    assert "60.9 billion" in page.inner_text("#detail .more:not([hidden]) mark.object")


@pytest.mark.parametrize(("locale", "subject", "object_"), [("en-US", "Kunlun", "Skywork"), ("zh-CN", "昆仑", "天工")])
def test_edge_evidence_marks_both_names(opened, locale, subject, object_):
    page, _ = opened(sample_graph(), locale=locale)
    search(page, subject)
    page.locator("#detail [data-edge]", has_text=object_).first.click()
    page.wait_for_selector(".evidence")
    assert page.inner_text(".evidence mark.subject >> nth=0") in ("Kunlun Tech", "昆仑万维")
    assert page.inner_text(".evidence mark.object >> nth=0") in ("Skywork-13B", "天工13B", "天工")
    assert "examples/" in page.inner_text(".evidence cite")
    assert "%" in page.inner_text(".evidence dl")


def test_clicks_on_the_canvas_reach_nodes_and_edges(opened):
    graph = nx.MultiDiGraph()
    for iri, name in (("urn:a", "Alpha"), ("urn:b", "Beta")):
        add_entity(graph, iri, "Company", name, None, [name])
    add_claim(graph, "urn:a", "uses", "urn:b", quote="Alpha uses Beta.")
    add_claim(graph, "urn:a", "uses", "urn:b", quote="Again, Alpha uses Beta.")
    page, _ = opened(graph)
    centre = page.eval_on_selector(
        "#network", "(at) => { const b = at.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; }"
    )
    page.mouse.click(*centre)
    page.wait_for_selector(".evidence")
    assert page.locator(".evidence").count() == 2
    page.keyboard.press("Escape")
    page.wait_for_selector("#detail .figures")


def test_path_between_two_entities(opened):
    page, _ = opened(sample_graph())
    search(page, "ASML")
    page.click("[data-path-from]")
    page.keyboard.type("GPT-4o")
    page.keyboard.press("Enter")
    page.wait_for_selector(".way")
    assert page.locator(".way .step").count() >= 2
    assert "ASML" in page.inner_text(".way li >> nth=0")


def test_language_and_theme_switch(opened):
    page, _ = opened(sample_graph(), locale="zh-CN", dark=True)
    assert page.inner_text("h1") == "知识图谱"
    assert page.get_attribute("html", "data-theme") == "dark"
    background = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(background)
    page.click("#language")
    assert page.inner_text("h1") == "Knowledge graph"
    assert page.get_attribute("html", "lang") == "en"
    page.click("#theme")
    assert page.evaluate(background) != dark


def test_the_address_holds_the_state_and_back_undoes(opened):
    page, _ = opened(sample_graph(), fragment="#node=https://example.org/kg/tsmc&confidence=50")
    assert page.inner_text("#detail h2[tabindex]") == "TSMC"
    assert page.inner_text("#confidence-now") == "50%"
    search(page, "Google")
    assert "google" in page.url
    page.go_back()
    until(page, "document.querySelector('#detail h2[tabindex]')?.textContent === 'TSMC'")


def test_keyboard_reaches_everything(opened):
    page, _ = opened(sample_graph())
    reached = set()
    for _ in range(80):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                "(({ id, dataset: d }) => id || d.term || (d.node != null ? 'row' : ''))(document.activeElement)"
            )
        )
    assert {
        "query",
        "language",
        "theme",
        "save",
        "confidence",
        "from",
        "to",
        "network",
        "zoom-in",
        "Company",
        "develops",
        "row",
    } <= reached
    unnamed = page.evaluate(
        "[...document.querySelectorAll('button, input, select')]"
        ".filter((at) => !at.textContent.trim() && !at.ariaLabel && !at.labels?.length).map((at) => at.outerHTML)"
    )
    assert unnamed == []


def test_saves_facts_and_pictures(opened, tmp_path):
    graph = sample_graph()
    add_entity(graph, "urn:x", "Company", "=1+1", None, ["=1+1"])
    add_claim(graph, "urn:x", "uses", "https://example.org/kg/h100", quote="=1+1 uses H100.")
    page, _ = opened(graph)
    for button, start in (("save-csv", b"\xef\xbb\xbf"), ("save-svg", b"<svg"), ("save-png", b"\x89PNG")):
        page.click("#save")
        with page.expect_download() as download:
            page.click(f"#{button}")
        content = Path(download.value.path()).read_bytes()
        assert content.startswith(start)
        if button == "save-csv":
            assert len(content.splitlines()) == graph.number_of_edges() + 1
            assert b'"\'=1+1"' in content


def test_empty_graph_is_friendly(opened):
    page, _ = opened(nx.MultiDiGraph(), locale="zh-CN")
    assert "还没有内容" in page.inner_text("#empty")


def test_phone_shows_sheets(opened):
    page, _ = opened(sample_graph(), width=390, height=844)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.click("#show-filters")
    page.wait_for_selector("#confidence", state="visible")
    page.keyboard.press("Escape")
    page.fill("#query", "TSMC")
    page.keyboard.press("Enter")
    page.wait_for_selector("#detail h2[tabindex]", state="visible")


def test_hostile_words_are_text_and_run_nothing(opened):
    assert len(set(PAYLOADS)) >= 60
    graph = nx.MultiDiGraph()
    add_entity(graph, "urn:hub", "Company", "Hub", "枢纽", ["Hub"])
    for at, payload in enumerate(PAYLOADS):
        add_entity(graph, f"urn:{at}", "Product", payload, payload, [payload, f"name {at} {payload}"])
        add_claim(
            graph,
            "urn:hub",
            "uses",
            f"urn:{at}",
            quote=f"Hub uses {payload}.",
            prefix=payload,
            suffix=payload,
            title=payload,
            path=payload,
            role=payload,
            found_by=payload,
            document=payload,
        )
        graph.nodes[f"urn:{at}"]["observations"].append(
            {
                "metric": payload,
                "value": 1.0,
                "unit": payload,
                "period": payload,
                "words": payload,
                "quote": payload,
                "prefix": "",
                "suffix": "",
                "document": payload,
                "title": payload,
                "date": None,
            }
        )
    page, seen = opened(graph, title=PAYLOADS[0])
    assert page.inner_text("h1") == PAYLOADS[0]
    elements = (
        "document.querySelectorAll('main :is(script, img, iframe, a, object, style, form, video, audio, math, marquee, "
        "base, link, meta), #detail input').length"
    )
    clean = "(text) => text.replace(/[\\u202a-\\u202e\\u2066-\\u2069\\u200e\\u200f\\u0000-\\u001f]/g, '')"
    for at, payload in enumerate(PAYLOADS):
        page.evaluate("(hash) => { location.hash = hash; }", f"#node=urn:{at}")
        until(
            page,
            f"([text]) => document.querySelector('#detail h2[tabindex]')?.textContent === ({clean})(text)",
            arg=[payload],
        )
        assert page.evaluate("document.querySelector('#detail .figure').textContent") == payload.replace("_", " ")
        page.evaluate("document.querySelectorAll('#detail .figure').forEach((at) => at.click())")
        assert page.evaluate(elements) == 0, payload
        page.evaluate("document.querySelector('#detail [data-edge]').click()")
        assert page.evaluate(
            "(text) => document.querySelector('.evidence blockquote').textContent.includes(text.replace(/\\s+/g, ' '))",
            payload,
        ), payload
        assert page.evaluate(elements) == 0, payload
    page.fill("#query", "<")
    assert page.locator("#matches [role=option]").count() > 0
    page.select_option("#colour", "community")
    assert page.evaluate(elements) == 0
    page.hover("#network")
    assert page.evaluate("window.hits") == 0
    assert seen.dialogs == []


@pytest.mark.slow
def test_two_thousand_nodes(opened):
    page, _ = opened(large_graph(2000, 3600))
    assert count(page, "entities") == 2000
    assert (
        page.evaluate(
            "(() => { const at = performance.now(), box = document.querySelector('#query'); box.value = 'company 1';"
            " box.dispatchEvent(new Event('input')); return performance.now() - at; })()"
        )
        < 200
    )


def test_undo_takes_back_filters_and_choices(opened):
    page, _ = opened(sample_graph())
    whole = count(page)
    assert page.is_disabled("#undo")
    page.uncheck("#predicates [data-term=develops]", force=True)
    page.wait_for_timeout(700)
    page.uncheck("#types [data-term=Chip]", force=True)
    without = count(page)
    page.click("#undo")
    until(page, "without => !document.querySelector('#status').textContent.includes(` ${without} facts`)", arg=without)
    assert without < count(page) < whole
    page.keyboard.press("Control+z")
    until(page, "whole => document.querySelector('#status').textContent.includes(` ${whole} facts`)", arg=whole)
    assert page.is_disabled("#undo")


def test_communities_fold_into_one_node_each(opened):
    page, _ = opened(sample_graph())
    page.check("#fold")
    page.wait_for_timeout(200)
    assert "fold=all" in page.url
    folded = drawn_pixels(page)
    page.uncheck("#fold")
    page.wait_for_timeout(200)
    assert "fold=" not in page.url
    assert drawn_pixels(page) != folded


def test_a_drawing_holds_what_is_shown(opened):
    page, _ = opened(sample_graph())
    sizes = []
    for fold in (False, True):
        page.set_checked("#fold", fold)
        page.click("#save")
        with page.expect_download() as download:
            page.click("#save-svg")
        svg = Path(download.value.path()).read_text("utf-8")
        assert "<text" in svg
        sizes.append(svg.count("<path"))
    assert sizes[0] == len(sample_graph())
    assert sizes[1] < sizes[0] / 2


def drawn_pixels(page):
    return page.evaluate(
        "document.querySelector('#network canvas').getContext('2d').getImageData(0, 0, 900, 700).data"
        ".reduce((sum, x, at) => (sum * 31 + x) % 1000003, 7)"
    )


def offices():
    """Four claims about one firm: with a time, with a document's date only, without any, and one that is over and denied elsewhere."""
    graph = nx.MultiDiGraph()
    add_entity(graph, "urn:firm", "Company", "Firm", "公司", ["Firm"])
    said = [
        {"since": "2018", "until": "2020-06", "date": "2024-03-01"},
        {"date": "2022-05-04"},
        {},
        {"date": "2021-01-01"},
        {"date": "2021-01-01", "status": "denied"},
    ]
    for at, times in enumerate(said):
        add_entity(graph, f"urn:{at}", "Person", f"Person {at}", f"人物{at}", [f"Person {at}"])
        add_claim(graph, f"urn:{at}", "holdsPositionAt", "urn:firm", quote=f"Person {at} leads Firm.", **times)
    add_claim(graph, "urn:3", "holdsPositionAt", "urn:firm", quote="Person 3 left.", date="2023-01-01", status="ended")
    return graph


def people(page):
    return {int(label.split()[1]) for label in page.locator("#detail [data-edge] bdi:first-child").all_inner_texts()}


@pytest.mark.parametrize(
    ("moment", "holding"),
    [
        ("2017-12-31", {2, 3}),  # when the office of 3 began is not known, only that it is over
        ("2018", {0, 2, 3}),
        ("2020-06", {0, 2, 3}),
        ("2020-07-01", {2, 3}),
        ("2022-05-03", {2, 3}),
        ("2022-05-04", {1, 2, 3}),
        ("2023-01-01", {1, 2}),
    ],
)
def test_the_graph_as_of_a_date_holds_what_held_then(opened, moment, holding):
    page, _ = opened(offices(), fragment=f"#node=urn:firm&as-of={moment}")
    assert people(page) == holding
    page.uncheck("#undated")
    assert people(page) == holding - {2}
    page.click("#reset")
    assert people(page) == {0, 1, 2, 3, 4}


def test_the_time_slider_steps_through_what_changed_and_says_the_date(opened):
    page, _ = opened(offices(), fragment="#node=urn:firm")
    assert page.inner_text("#as-of-now") == "any time"
    days = []
    page.focus("#as-of")
    while len(days) < 20:
        page.keyboard.press("ArrowLeft")
        page.wait_for_timeout(80)
        day = page.get_attribute("#as-of", "aria-valuetext")
        if days and day == days[-1]:
            break
        days.append(day)
        assert page.inner_text("#as-of-now") == day
        assert f"as-of={day}" in page.url
    assert days == ["2023-01-01", "2022-05-04", "2021-01-01", "2020-07-01", "2018-01-01"]
    assert people(page) == {0, 2, 3}
    for _ in days:  # steps in quick succession are one to take back; on a slow machine they are more
        page.keyboard.press("Control+z")
        page.wait_for_timeout(300)
        if page.inner_text("#as-of-now") == "any time":
            break
    until(page, "document.querySelector('#as-of-now').textContent === 'any time'")
    assert people(page) == {0, 1, 2, 3, 4}


@pytest.mark.parametrize("moment", ["", "soon", "2024-13", "<b>", "20240101"])
def test_a_date_that_is_none_is_any_time(opened, moment):
    page, _ = opened(offices(), fragment=f"#as-of={moment}")
    assert page.inner_text("#as-of-now") == "any time"
    assert count(page) == 6


def test_figures_too_are_as_sure_as_is_asked(opened):
    page, _ = opened(sample_graph(), fragment="#node=https://example.org/kg/kunlun-tech&confidence=61")
    assert "Figures" not in page.inner_text("#detail")
    drag(page, "confidence", 60)
    assert "Figures" in page.inner_text("#detail")


def test_figures_too_are_those_of_the_time(opened):
    page, _ = opened(sample_graph(), fragment="#node=https://example.org/kg/kunlun-tech&as-of=2022")
    assert "Figures" not in page.inner_text("#detail")
    drag(page, "as-of", 999)
    assert "Figures" in page.inner_text("#detail")


@pytest.mark.parametrize(
    ("locale", "title", "label", "smaller", "alone"),
    [
        ("en-US", "Communities", "label_en", "Smaller ones", "Entities without facts"),
        ("zh-CN", "社群", "label_zh", "其余社群", "没有事实的实体"),
    ],
)
def test_communities_are_named_and_can_be_left_out(opened, locale, title, label, smaller, alone):
    graph = sample_graph()
    for iri in ("urn:lone", "urn:alone"):
        add_entity(graph, iri, "Person", iri, iri, [iri])
    for at in range(12):  # more communities than there are colours
        add_entity(graph, f"urn:{at}:a", "Company", f"Pair {at}", f"一对{at}", [])
        add_entity(graph, f"urn:{at}:b", "Company", f"Other {at}", f"另{at}", [])
        add_claim(graph, f"urn:{at}:a", "uses", f"urn:{at}:b")
    found = communities(graph)
    first = set(found[0].members)
    page, _ = opened(graph, locale=locale)
    assert page.is_hidden("#groups")
    page.select_option("#colour", "community")
    assert page.inner_text("#colouring-title") == title
    named = [" · ".join(graph.nodes[m][label] for m in each.members[:2]) for each in found[:9]]
    assert page.locator("#groups bdi").all_inner_texts() == [*named, smaller, alone]
    sizes = [len(each.members) for each in found]
    counted = [*sizes[:9], sum(sizes[9:]), len(graph) - sum(sizes)]
    assert [int(text) for text in page.locator("#groups .count").all_inner_texts()] == counted
    colours = page.eval_on_selector_all("#groups .swatch", "(all) => all.map((at) => at.style.background)")
    assert len(set(colours[:9])) == 9
    assert colours[9] == colours[10] not in colours[:9]
    page.uncheck("#groups [data-term='0']", force=True)
    shown = [count(page, "(?:entities|个实体)"), count(page, "(?:facts|条事实)")]
    rest = graph.subgraph(set(graph) - first)
    assert shown == [len(rest), rest.number_of_edges()]
    assert [int(text) for text in page.locator("#groups .count").all_inner_texts()] == [0, *counted[1:]]
    link = page.evaluate("location.hash")
    page.select_option("#colour", "type")
    assert "groups=" not in page.url
    assert count(page, "(?:entities|个实体)") == len(graph)
    page.evaluate("(hash) => { location.hash = hash; }", link)
    page.wait_for_selector("#groups [data-term='0']", state="attached")
    assert not page.is_checked("#groups [data-term='0']")
    assert count(page, "(?:entities|个实体)") == len(rest)


def test_a_legend_tells_the_steps_of_centrality(opened):
    page, _ = opened(sample_graph(), fragment="#colour=rank")
    assert page.input_value("#colour") == "rank"
    assert page.locator("#groups bdi").all_inner_texts()[:2] == ["Top 1 %", "Top 5 %"]
    page.click("#groups-none")
    assert page.is_visible("#empty")
    page.check("#groups [data-term='0']", force=True)
    assert page.inner_text("#status").startswith("1 entities")
    page.select_option("#colour", "type")
    assert page.is_hidden("#groups")
    assert "colour=" not in page.url
    assert count(page, "entities") == len(sample_graph())


def test_the_graph_moves_only_when_asked_to(opened):
    page, _ = opened(sample_graph())
    page.wait_for_timeout(400)
    still = drawn_pixels(page)
    page.wait_for_timeout(400)
    assert drawn_pixels(page) == still
    page.click("#stir")
    page.wait_for_timeout(500)
    assert drawn_pixels(page) != still
    page.click("#stir")
    page.wait_for_timeout(300)
    rest = drawn_pixels(page)
    page.wait_for_timeout(300)
    assert drawn_pixels(page) == rest


def test_a_packed_page_works_as_a_plain_one(opened):
    page, seen = opened(large_graph(4000, 7000))
    assert len(seen.addresses) == 1
    assert page.evaluate("document.getElementById('data') === null")
    search(page, "实体17")
    page.locator("#detail [data-edge]").first.click()
    page.wait_for_selector(".evidence mark.subject")


@pytest.mark.parametrize("size", [(6000, 10500)])
def test_large_graphs_open_soon_and_answer_at_once(opened, size):
    page, _ = opened(large_graph(*size))
    assert page.evaluate("performance.getEntriesByType('navigation')[0].domComplete") < 5000
    took = page.evaluate(
        "() => { const q = document.getElementById('query'), start = performance.now(); q.value = '实体7';"
        " q.dispatchEvent(new Event('input')); return performance.now() - start; }"
    )
    assert took < 200
    assert page.locator("#matches [role=option]").count() > 0
